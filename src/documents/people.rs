//! Names, offices and organizations in lines such as "Jane Doe, Director, Institute of Water".

use crate::checks::names::{SMALL, capitalize};
use crate::documents::vocabulary::{Part, Vocabulary};
use crate::language::{fold, honorifics};

/// Somebody whom a letter goes to.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(super) struct Person {
    pub honorific: String,
    /// The person, or the office if nobody is named.
    pub name: String,
    pub office: String,
    pub organization: String,
    pub address: Vec<String>,
    pub email: String,
    pub note: String,
    /// What the post is to do, as "Registered".
    pub delivery: String,
    /// Whether it is clear what is what.
    pub is_sure: bool,
}

/// What stands behind the names of people.
const DEGREES: &[&str] =
    &["esq", "jr", "sr", "phd", "jd", "md", "ma", "msc", "mph", "sj", "op", "rscj"];

/// A name without the degrees behind it: "Jane Doe, Ph.D., Esq."
fn without_degrees(text: &str) -> &str {
    let mut name = text;
    while let Some((before, last)) = name.rsplit_once(',') {
        let bare = last.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
        // "MD" and "MA" are states as well, unless they have full stops.
        let is_state = matches!(&*bare, "md" | "ma") && !last.contains('.');
        if is_state || !DEGREES.contains(&&*bare) {
            break;
        }
        name = before.trim_end();
    }
    name
}

/// Whether a name has what only those of people have: an honorific, a degree, or an initial in it.
pub(super) fn is_marked(vocabulary: &Vocabulary, text: &str) -> bool {
    let (honorific, bare) = without_honorific(vocabulary, text);
    let name = without_degrees(bare);
    let is_initial = |word: &&str| word.ends_with('.') && word.chars().count() == 2;
    let words: Vec<&str> = name.split_whitespace().collect();
    // "Agua Viva A. C." ends in a form.
    let has_initial =
        words.last().is_some_and(|last| !is_initial(last)) && words.iter().any(is_initial);
    !honorific.is_empty() || name.len() < bare.len() || has_initial
}

/// The forms that no person's degree is like.
const FORMS: &[&str] = &[
    "ac", "iap", "abp", "inc", "llc", "llp", "pllc", "plc", "ltd", "sadecv", "srl", "gmbh", "asbl",
];

/// The forms of organizations that a word or a degree may be like.
const OTHER_FORMS: &[&str] = &["sc", "sa", "ev", "oac", "osc", "ong", "acsur", "pc"];

/// Whether a text in lower case, without full stops, is the form of an organization or a degree: a comma parts
/// these from a name.
pub(super) fn is_suffix(bare: &str) -> bool {
    [DEGREES, FORMS, OTHER_FORMS].iter().any(|all| all.contains(&bare))
}

/// Whether the last word of a text is the form of an organization: "Agua para Todos, A.C."
pub(super) fn has_form(text: &str) -> bool {
    let last = text.rsplit([' ', ',']).next().unwrap_or_default();
    text != last && FORMS.contains(&&*fold(last))
}

/// Small words that names of people contain, in the languages of Europe and of the Americas.
const PARTICLES: &[&str] = &[
    "de", "del", "la", "las", "los", "el", "y", "e", "i", "van", "von", "der", "den", "da", "das",
    "do", "dos", "di", "du", "le", "bin", "ibn", "al", "ten", "ter", "zu",
];

/// Small words that names of people do not contain, however they are written: "Agua Para Todas".
const NO_PARTICLES: &[&str] = &["para", "por", "con", "sin", "of", "for", "with"];

/// Words after which an enumeration ends.
const JOINERS: &[&str] = &["and", "&", "y", "e", "et", "und", "ou", "or", "o", "u"];

/// The parts of a text between commas outside brackets and quotes. "Red Sur, A.C." is one part.
pub(super) fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in split_outside(text, ',') {
        let bare: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
        let is_suffix = is_suffix(&bare.to_lowercase());
        match parts.last_mut() {
            Some(last) if is_suffix => last.push_str(&format!(", {part}")),
            _ => parts.push(part),
        }
    }
    parts
}

/// The pieces of a text between separators that are outside brackets and quotes, without empty ones.
pub(super) fn split_outside(text: &str, separator: char) -> Vec<String> {
    let (mut depth, mut start) = (0_usize, 0);
    let mut quoted = false;
    let mut pieces = Vec::new();
    // What is not closed encloses nothing.
    let is_balanced =
        |open: char, close: char| text.matches(open).count() == text.matches(close).count();
    let brackets = is_balanced('(', ')');
    let quotes = text.matches('"').count().is_multiple_of(2);
    for (at, c) in text.char_indices() {
        match c {
            '(' if brackets => depth += 1,
            ')' if brackets => depth = depth.saturating_sub(1),
            '"' if quotes => quoted = !quoted,
            _ if c == separator && depth == 0 && !quoted => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    let pieces = pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty());
    pieces.map(str::to_owned).collect()
}

/// The honorifics before a name, such as "Prof. Dr." and "Lic.", or the one behind it, such as "様", and the name. Those
/// of the document's language and of English need no full stop.
pub(super) fn without_honorific<'t>(vocabulary: &Vocabulary, text: &'t str) -> (&'t str, &'t str) {
    let own = vocabulary.begins(Part::Honorific, text).and_then(|length| {
        let rest = &text[length..];
        let rest = rest.strip_prefix('.').unwrap_or(rest).strip_prefix(' ')?.trim_start();
        rest.starts_with(char::is_uppercase).then_some(rest)
    });
    let name = honorifics::without(own.unwrap_or(text), &[]);
    match vocabulary.ends(Part::HonorificAfter, text) {
        Some(at) if name.len() == text.len() => (text[at..].trim(), text[..at].trim()),
        _ => (text[..text.len() - name.len()].trim(), name),
    }
}

/// Whether a text can be the name of a person: some capitalized words, or all in capitals, none of which is
/// one that organizations or offices have.
pub(super) fn is_name(vocabulary: &Vocabulary, text: &str) -> bool {
    let text = without_degrees(text);
    let is_capital = !text.contains(char::is_lowercase) && text.chars().count() > MAX_ACRONYMS;
    let spelled = |word: &str| {
        let mut spelled = String::new();
        match is_capital {
            true => capitalize(word, &mut spelled),
            false => spelled.push_str(word),
        }
        spelled
    };
    let words: Vec<String> = text.split_whitespace().map(spelled).collect();
    let is_word = |word: &String| {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_plain =
            word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        let is_acronym = letters.chars().count() > 2 && letters.chars().all(char::is_uppercase);
        let is_particle = PARTICLES.contains(&letters.to_lowercase().as_str());
        let is_other = NO_PARTICLES.contains(&letters.to_lowercase().as_str());
        is_plain
            && !is_other
            && (is_particle || letters.starts_with(char::is_uppercase) && !is_acronym)
    };
    (2..=6).contains(&words.len())
        && words.iter().all(is_word)
        && words[0].starts_with(char::is_uppercase)
        && !vocabulary.is_office(text)
        && !vocabulary.contains(Part::Body, text)
}

/// Whether a text is the name of a person, with an honorific or without.
pub(super) fn is_somebody(vocabulary: &Vocabulary, text: &str) -> bool {
    is_name(vocabulary, without_honorific(vocabulary, text).1)
}

/// The longest text in capitals that is taken for acronyms, such as "ONU DH".
const MAX_ACRONYMS: usize = 8;

/// The office and the organization in what stands beside a name.
fn office_and_organization(vocabulary: &Vocabulary, parts: &[String]) -> (String, String) {
    let Some(first) = parts.first() else { return Default::default() };
    let is_office = vocabulary.is_office(first);
    if !is_office && vocabulary.contains(Part::Body, first) {
        return (String::new(), parts.join(", "));
    }
    // "Undersecretary on Human Rights, Migration, and Population" is one office.
    let joins = |part: &String| part.split(' ').next().is_some_and(|word| JOINERS.contains(&word));
    let end = parts.iter().skip(1).take(4).rposition(joins).map_or(1, |at| at + 2);
    (parts[..end].join(", "), parts[end..].join(", "))
}

/// Reads one line with a name, an office and an organization, in either order.
pub(super) fn person(vocabulary: &Vocabulary, text: &str) -> Person {
    let parts = parts(text);
    let named = |part: &String| is_somebody(vocabulary, part);
    let is_office = |part: &String| vocabulary.is_office(part);
    let (name, rest, is_sure) = match &parts[..] {
        [] => return Person::default(),
        [name] => (name, &parts[..0], named(name) || is_office(name)),
        [first, .., last]
            if !named(first) && (is_office(first) || named(last)) && !is_office(last) =>
        {
            (last, &parts[..parts.len() - 1], is_office(first) && named(last))
        }
        [first, rest @ ..] => (first, rest, named(first) && is_office(&rest[0])),
    };
    let (office, organization) = office_and_organization(vocabulary, rest);
    let (honorific, name) = without_honorific(vocabulary, name);
    Person {
        honorific: honorific.into(),
        name: name.into(),
        office,
        organization,
        is_sure,
        ..Person::default()
    }
}

/// Reads the entry of somebody who gets a copy, which may be parted by full stops or dashes: "C.c.p. Jane
/// Doe.- Directora.- Para su conocimiento."
pub(super) fn copy(vocabulary: &Vocabulary, text: &str) -> Person {
    // "(by e-mail)"
    let in_brackets = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let is_way = |inner: &str| {
        [Part::CopyNote, Part::Delivery]
            .iter()
            .any(|part| vocabulary.begins(*part, inner).is_some())
    };
    let in_brackets = in_brackets.filter(|(_, inner)| is_way(inner));
    let (text, way) = in_brackets.unwrap_or((text, ""));
    let mut parts = sentences(vocabulary, text.trim_end());
    let is_note = |part: &String| vocabulary.begins(Part::CopyNote, part).is_some();
    // "Para su conocimiento.- Presente."
    let notes = parts.iter().skip(1).rev().take_while(|part| is_note(part)).count();
    let mut notes = parts.split_off(parts.len() - notes);
    notes.extend((!way.is_empty()).then(|| way.to_owned()));
    let note = notes.join(". ");
    let mut found = match &parts[..] {
        [] => Person::default(),
        [only] => person(vocabulary, only),
        [first, rest @ ..] => {
            let mut found = person(vocabulary, first);
            let others = [found.organization.clone(), rest[1..].join(", ")];
            let office = [found.office.as_str(), &rest[0]].join(", ");
            office.trim_start_matches(", ").clone_into(&mut found.office);
            let others = others.iter().filter(|text| !text.is_empty()).cloned();
            found.organization = others.collect::<Vec<_>>().join(", ");
            if !vocabulary.is_office(&found.office)
                && vocabulary.contains(Part::Body, &found.office)
                && found.organization.is_empty()
            {
                found.organization = std::mem::take(&mut found.office);
            }
            found.is_sure = true;
            found
        }
    };
    if found.note.is_empty() {
        note.trim_end_matches('.').clone_into(&mut found.note);
    }
    found
}

/// The parts of an entry between ".-" or the like, else between the full stops that end no abbreviation.
fn sentences(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    let dashed = [".-", ".–", ".—", ". -", ". –", ". —", " – ", " — "];
    let mut ends: Vec<(usize, usize)> = dashed
        .iter()
        .flat_map(|sign| text.match_indices(sign))
        .map(|(at, sign)| (at, at + sign.len()))
        .collect();
    if ends.is_empty() {
        let (honorific, _) = without_honorific(vocabulary, text);
        ends = text.match_indices(". ").map(|(at, sign)| (at, at + sign.len())).collect();
        ends.retain(|(at, _)| {
            let word = text[..*at].rsplit([' ', '.']).next().unwrap_or_default();
            *at >= honorific.len() && word.chars().count() > 3
        });
    }
    ends.sort_unstable();
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, end) in ends.into_iter().chain([(text.len(), text.len())]) {
        if at >= start {
            parts.push(&text[start..at]);
            start = end;
        }
    }
    let bare = |part: &str| part.trim_matches([' ', '-', '–', '—', ',', ';']).to_owned();
    let parts = parts.into_iter().map(bare).filter(|part| !part.is_empty());
    let mut parts: Vec<String> = parts.collect();
    if let Some(last) = parts.last_mut().filter(|last| {
        let word = last.trim_end_matches('.').rsplit([' ', '.']).next().unwrap_or_default();
        last.ends_with('.') && word.chars().count() > 3
    }) {
        last.pop();
    }
    parts
}

/// Whether a line is "Presente", with which an address in Spanish ends if it says no place, also with spaces
/// between its letters.
pub(super) fn is_presente(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(10);
    let letters = letters.collect::<String>().to_lowercase();
    matches!(letters.as_str(), "presente" | "presentes")
}

/// Lines of an address, where one that begins with a small word goes on from the one before: "SECRETARIA DE
/// SALUD" and "DEL ESTADO DE HIDALGO".
fn joined(lines: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for line in lines {
        let word = line.split(' ').next().unwrap_or_default().to_lowercase();
        match joined.last_mut() {
            Some(last)
                if SMALL.contains(&&*word) && !last.contains(|c: char| c.is_ascii_digit()) =>
            {
                last.extend([" ", line]);
            }
            _ => joined.push(line.clone()),
        }
    }
    joined
}

/// Reads the lines of an address: a name, then an office, an organization, and where it is.
pub(super) fn addressee(vocabulary: &Vocabulary, lines: &[String]) -> Person {
    let Some((first, rest)) = lines.split_first() else { return Person::default() };
    if !rest.is_empty() && vocabulary.is(Part::Honorific, first) {
        let below = addressee(vocabulary, rest);
        let honorific = [first.as_str(), &below.honorific].join(" ").trim().to_owned();
        return Person { honorific, ..below };
    }
    let mut person = person(vocabulary, first);
    for line in &joined(rest) {
        let is_office = vocabulary.is_office(line);
        let has_digits = line.contains(|c: char| c.is_ascii_digit());
        if is_presente(line) {
            person.note.clone_from(line);
        } else if line.contains('@') && !line.contains(' ') {
            person.email.clone_from(line);
        } else if person.office.is_empty() && is_office && person.organization.is_empty() {
            let parts = parts(line);
            let (office, organization) = office_and_organization(vocabulary, &parts);
            (person.office, person.organization) = (office, organization);
        } else if person.organization.is_empty()
            && person.address.is_empty()
            && !has_digits
            && vocabulary.contains(Part::Body, line)
        {
            person.organization.clone_from(line);
        } else {
            person.address.push(line.clone());
        }
    }
    // Lines that were told apart by their words alone may be something else.
    person.is_sure &= rest.is_empty();
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, tag: &str) -> [String; 4] {
        let vocabulary = Vocabulary::of(&tag.parse().expect("a tag"));
        let Person { honorific, name, office, organization, .. } = person(&vocabulary, text);
        [honorific, name, office, organization]
    }

    #[test]
    fn either_order_is_understood() {
        let cases = [
            (
                "President of Mexico, Andrés Manuel López Obrador",
                ["", "Andrés Manuel López Obrador", "President of Mexico", ""],
            ),
            (
                "Alejandro Encinas, Undersecretary on Human Rights, Migration, and Population, Secretariat of the Interior",
                [
                    "",
                    "Alejandro Encinas",
                    "Undersecretary on Human Rights, Migration, and Population",
                    "Secretariat of the Interior",
                ],
            ),
            (
                "Francisco Garduño Yáñez, Commissioner, National Institute of Migration",
                ["", "Francisco Garduño Yáñez", "Commissioner", "National Institute of Migration"],
            ),
            (
                "Roberto Velasco, Undersecretary for North America, Secretary of Foreign Affairs",
                [
                    "",
                    "Roberto Velasco",
                    "Undersecretary for North America",
                    "Secretary of Foreign Affairs",
                ],
            ),
            (
                "Andrés Ramirez Silva, Director of the Mexican Commission for Refugee Assistance",
                [
                    "",
                    "Andrés Ramirez Silva",
                    "Director of the Mexican Commission for Refugee Assistance",
                    "",
                ],
            ),
            ("Dr. Jane Doe, University of Leeds", ["Dr.", "Jane Doe", "", "University of Leeds"]),
            ("Secretary of Health", ["", "Secretary of Health", "", ""]),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, "en"), expected, "{text}");
        }
        assert_eq!(
            read("Lic. Rosa Prueba Muestra, Secretaria de Salud, Gobierno de Oaxaca", "es"),
            ["Lic.", "Rosa Prueba Muestra", "Secretaria de Salud", "Gobierno de Oaxaca"]
        );
    }

    #[test]
    fn commas_of_legal_forms_part_nothing() {
        assert_eq!(
            parts("Casa Sur, A. C., Red (a, b), \"x, y\""),
            ["Casa Sur, A. C.", "Red (a, b)", "\"x, y\""]
        );
    }
}
