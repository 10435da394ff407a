//! Finds names of signatories that came out of a document or a form as nobody writes them: pieces of
//! names, several names in one, and names in capitals.

use std::collections::HashSet;

use crate::checks::duplicates::is_first_name;
use crate::language::anonymous::is_anonymous;
use crate::language::fold;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
use crate::spec::{Kind, Signatory};
use crate::words::{Message, say};

/// Reports the names of a list, at any level, in all languages.
pub(crate) fn report(signatories: &[Signatory], problems: &Problems) {
    let mut all = Vec::new();
    flatten(signatories, &mut all);
    let acronyms = acronyms(all.iter().map(|(name, _)| name.value.as_str()));
    for (name, kind) in all {
        let written = &name.value;
        if is_anonymous(written) {
            continue;
        }
        if let Some((problem, hint)) = suspicion(written, kind) {
            let problem = Diagnostic::new(Code::SuspiciousName, name.place.clone(), problem);
            problems.push(problem.hint(hint));
        } else if let Some((problem, hint)) = in_capitals(written, kind, &acronyms) {
            let problem = Diagnostic::new(Code::AllCapsName, name.place.clone(), problem);
            problems.push(problem.hint(hint));
        }
    }
}

fn flatten<'s>(signatories: &'s [Signatory], all: &mut Vec<(&'s Text, Kind)>) {
    for signatory in signatories {
        all.extend(signatory.name.values().map(|name| (name, signatory.kind)));
        flatten(&signatory.members, all);
    }
}

/// That a name is in capitals, and how it may be spelled.
pub(crate) fn in_capitals(
    written: &str,
    kind: Kind,
    acronyms: &HashSet<&str>,
) -> Option<(Message, Message)> {
    let proposed = without_capitals(written, kind, acronyms)?;
    let hint = say!("write `{proposed}`, if that is its spelling", proposed);
    Some((say!("`{written}` is in capitals", written), hint))
}

/// Why a name is perhaps none, and what to do about it.
fn suspicion(name: &str, kind: Kind) -> Option<(Message, Message)> {
    let name = name.trim();
    let piece = || say!("if it is the end of the entry before, join the two");
    let first = name.chars().next()?;
    let first_word = name.split_whitespace().next().unwrap_or_default();
    if first.is_lowercase() && !first_word.contains(char::is_uppercase) && name != first_word {
        let hint = match without_small_letters(name, kind) {
            Some(proposed) => say!("write `{proposed}`, if that is its spelling", proposed),
            None => piece(),
        };
        return Some((say!("the name `{name}` begins with a small letter", name), hint));
    }
    if matches!(first, '(' | '[' | ')' | ']' | ',' | ';' | ':' | '/' | '|' | '–' | '—') {
        let sign = first;
        return Some((say!("the name `{name}` begins with `{sign}`", name, sign), piece()));
    }
    if has_semicolon(name) {
        return Some((
            say!("the name `{name}` contains a semicolon", name),
            say!("if these are several, make an entry of each"),
        ));
    }
    let last = name.chars().next_back()?;
    if matches!(last, ',' | ':' | '/' | '|' | '&' | '(' | '[' | '–' | '—') {
        let sign = last;
        return Some((
            say!("the name `{name}` ends with `{sign}`", name, sign),
            say!("take the sign away; or, if the entry after it is its end, join the two"),
        ));
    }
    if name.starts_with("http://") || name.starts_with("https://") || name.starts_with("www.") {
        return Some((
            say!("`{name}` is a web address, not a name", name),
            say!("write the name; the address can be its url = \"…\""),
        ));
    }
    if has_telephone(name) {
        return Some((
            say!("the name `{name}` seems to have a telephone number", name),
            say!("take it out: what is in the list is printed"),
        ));
    }
    if kind == Kind::Person && has_two_people(name) {
        return Some((
            say!("the name `{name}` seems to be that of several people", name),
            say!("make an entry of each"),
        ));
    }
    let folded = fold(name);
    if TRIALS.contains(&&*folded) {
        return Some((
            say!("`{name}` looks like a test entry", name),
            say!("take the entry out, unless it is somebody's name"),
        ));
    }
    if TOTALS.contains(&folded.trim_end_matches(|c: char| c.is_ascii_digit())) {
        return Some((
            say!("`{name}` is a total, not a name", name),
            say!("take the entry out, unless it is somebody's name"),
        ));
    }
    let count = |sign| name.matches(sign).count();
    (count('(') != count(')')).then(|| {
        (
            say!("the name `{name}` has a bracket that is not closed, or not opened", name),
            say!("if a piece of it is in another entry, join the two"),
        )
    })
}

/// Whether a name has as many digits in a row as a telephone number, which may be parted by spaces and hyphens.
fn has_telephone(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')' | '.');
    let mut parts = name.split(|c: char| !is_part(c));
    parts.any(|part| part.chars().filter(char::is_ascii_digit).count() >= 9)
}

/// Whether a name has two names of several words with "and" or a slash between them, each with a first name.
/// "Santiago Ramón y Cajal Agüeras" is one.
fn has_two_people(name: &str) -> bool {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    let is_between = |word: &String| ["y", "and", "e", "et", "und", "/", "&"].contains(&&**word);
    let is_person = |words: &[String]| words.len() > 1 && is_first_name(&fold(&words[0]));
    words.split(is_between).filter(|words| is_person(words)).count() > 1
}

/// What people write to see whether a form works.
const TRIALS: [&str; 10] =
    ["test", "prueba", "teste", "essai", "asdf", "asdfg", "qwerty", "xxx", "xxxx", "yo"];

/// What the last row of a sheet begins with that counts the others.
const TOTALS: [&str; 9] = [
    "total",
    "totals",
    "totales",
    "subtotal",
    "grandtotal",
    "totalgeneral",
    "sum",
    "suma",
    "gesamt",
];

/// Whether a name has a semicolon that is not the end of an HTML entity, which is told otherwise.
fn has_semicolon(name: &str) -> bool {
    let mut parts = name.split(';').peekable();
    while let Some(part) = parts.next() {
        let entity = part.rsplit_once('&').map(|(_, entity)| entity);
        let is_entity = entity.is_some_and(|entity| {
            !entity.is_empty() && entity.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        });
        if parts.peek().is_some() && !is_entity {
            return true;
        }
    }
    false
}

/// Words that are small inside of a name and that no name begins with when it is written over several lines, in
/// the languages that letters are most often in.
pub(crate) const SMALL: &[&str] = &[
    "a", "against", "al", "and", "at", "by", "con", "contra", "d", "da", "das", "de", "del", "der",
    "des", "di", "do", "dos", "du", "e", "el", "en", "entre", "et", "for", "from", "für", "i",
    "in", "la", "las", "le", "les", "los", "o", "of", "on", "or", "para", "pela", "pelo", "por",
    "pour", "sin", "sobre", "the", "to", "u", "und", "van", "von", "with", "y", "zu", "zur",
];

/// Acronyms that are short enough to look like words.
const ACRONYMS: &[&str] = &[
    "ABP", "AC", "ACNUDH", "ACNUR", "AI", "CDMX", "CIDH", "CNDH", "CV", "DC", "DF", "DIF", "EEUU",
    "EU", "EUA", "IAP", "II", "III", "INC", "IPN", "IV", "LGBT", "LGBTI", "LGBTIQ", "LGBTQ",
    "LGBTTTI", "LLC", "MX", "NGO", "NY", "NYC", "OEA", "OIM", "ONG", "ONU", "OSC", "SA", "SAS",
    "SC", "UACM", "UAM", "UCLA", "UE", "UK", "UN", "UNAM", "UNICEF", "US", "USA", "VI", "VII",
    "VIH", "XXI",
];

/// The words in capitals in names that are not: these are acronyms.
pub(crate) fn acronyms<'n>(names: impl Iterator<Item = &'n str>) -> HashSet<&'n str> {
    let mixed = names.filter(|name| name.contains(char::is_lowercase));
    let words = mixed.flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let is_acronym = |word: &&str| word.chars().count() > 1 && !word.contains(char::is_lowercase);
    words.filter(is_acronym).collect()
}

/// The usual spelling of a name in capitals. `None` if it is not one: an acronym, or a word or two that
/// may be.
pub(crate) fn without_capitals(name: &str, kind: Kind, acronyms: &HashSet<&str>) -> Option<String> {
    if name.contains(char::is_lowercase) || !name.contains(char::is_uppercase) {
        return None;
    }
    let is_kept = |word: &str| {
        let has_vowel = || word.chars().any(is_vowel);
        ACRONYMS.contains(&word) || acronyms.contains(word) || !has_vowel()
    };
    // A word in brackets, or one that nobody pronounces, is an acronym.
    let (mut spelled, mut words, mut long) = (String::new(), 0, 0);
    let mut in_brackets = false;
    for (index, word) in name.split_whitespace().enumerate() {
        if index > 0 {
            spelled.push(' ');
        }
        in_brackets |= word.starts_with(['(', '[']);
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        let is_small = SMALL.contains(&&*lower);
        let is_alone = in_brackets && word.ends_with([')', ']']) && word.starts_with(['(', '[']);
        let is_abbreviated =
            bare.contains('.') || bare.contains('&') || bare.contains(char::is_numeric);
        if is_small && index > 0 && !word.ends_with('.') {
            spelled.push_str(&word.to_lowercase());
            words += 1;
        } else if is_alone || is_abbreviated || (is_kept(bare) && !is_small) {
            spelled.push_str(word);
        } else {
            capitalize(word, &mut spelled);
            let letters = bare.chars().filter(|c| c.is_alphabetic()).count();
            words += usize::from(letters > 1);
            long += usize::from(letters > 3);
        }
        in_brackets &= !word.ends_with([')', ']']);
    }
    let is_name = match kind {
        Kind::Person => words > 1,
        Kind::Organization => words > 1 && long > 0,
    };
    (is_name && spelled != name).then_some(spelled)
}

/// The usual spelling of a person's name that has no capitals. `None` if it is a single word, or may be a piece of
/// another name.
pub(crate) fn without_small_letters(name: &str, kind: Kind) -> Option<String> {
    if kind != Kind::Person || name.contains(|c: char| c.is_uppercase() || c.is_numeric()) {
        return None;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() < 2 || SMALL.contains(&words[0]) {
        return None;
    }
    let mut spelled = String::new();
    for word in words {
        if !spelled.is_empty() {
            spelled.push(' ');
        }
        match SMALL.contains(&word) {
            true => spelled.push_str(word),
            false => capitalize(word, &mut spelled),
        }
    }
    (spelled != name).then_some(spelled)
}

fn is_vowel(c: char) -> bool {
    use unicode_normalization::UnicodeNormalization;
    // Other scripts have no rule that is as simple.
    !c.is_ascii() && !c.nfd().next().is_some_and(|base| base.is_ascii())
        || c.nfd().next().is_some_and(|base| matches!(base, 'A' | 'E' | 'I' | 'O' | 'U' | 'Y'))
}

/// Adds a word with a capital at the beginning, and after an apostrophe or a hyphen: "O'Brien",
/// "Jean-Luc".
pub(crate) fn capitalize(word: &str, spelled: &mut String) {
    let mut is_first = true;
    for c in word.chars() {
        if is_first {
            spelled.extend(c.to_uppercase());
        } else {
            spelled.extend(c.to_lowercase());
        }
        is_first = !c.is_alphabetic();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(name: &str, kind: Kind) -> Option<String> {
        let names = ["Red TODOS de Puebla", name];
        without_capitals(name, kind, &acronyms(names.into_iter()))
    }

    #[test]
    fn capitals_are_spelled_as_usual_and_acronyms_kept() {
        for (name, expected) in [
            ("RED DEL AGUA", Some("Red del Agua")),
            ("COMITÉ VECINAL MORELOS, A.C.", Some("Comité Vecinal Morelos, A.C.")),
            ("CENTRO DE DERECHOS (CDH)", Some("Centro de Derechos (CDH)")),
            ("RED TODOS LOS DERECHOS", Some("Red TODOS los Derechos")),
            ("CASA DE LA MUJER ONU", Some("Casa de la Mujer ONU")),
            ("CARECEN", None),
            ("CARECEN DC", None),
            ("FM4", None),
            ("ONU", None),
            ("Red del Agua", None),
            ("红十字会", None),
        ] {
            assert_eq!(spelled(name, Kind::Organization).as_deref(), expected, "{name}");
        }
        for (name, expected) in [
            ("JUAN PÉREZ", Some("Juan Pérez")),
            ("ANA O'BRIEN DE LA CRUZ", Some("Ana O'Brien de la Cruz")),
            ("JEAN-LUC ÑÁÑEZ", Some("Jean-Luc Ñáñez")),
            ("MARÍA", None),
        ] {
            assert_eq!(spelled(name, Kind::Person).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn names_of_people_in_small_letters_are_spelled_as_usual() {
        for (name, expected) in [
            ("ana prueba", Some("Ana Prueba")),
            ("jean-luc ñáñez de la cruz", Some("Jean-Luc Ñáñez de la Cruz")),
            ("y ana prueba", None),
            ("bell hooks Prueba", None),
            ("ana", None),
        ] {
            assert_eq!(without_small_letters(name, Kind::Person).as_deref(), expected, "{name}");
        }
        assert_eq!(without_small_letters("red del agua", Kind::Organization), None);
    }

    #[test]
    fn pieces_of_names_are_told() {
        for name in [
            "(Red TDT)",
            "y la Democracia",
            "en México; Save The Children México",
            "Uno; Dos",
            "Instituto para la Seguridad,",
            "Red (Uno",
            "Asdf",
            "https://example.org",
            "Red Uno 664 555 0142",
        ] {
            assert!(suspicion(name, Kind::Organization).is_some(), "{name}");
        }
        for (name, expected) in [
            ("Ana Prueba y Luis Muestra", true),
            ("Ana Prueba / Luis Muestra", true),
            ("José Ortega y Gasset", false),
            ("Ana y Luis", false),
            ("Ana Prueba", false),
        ] {
            assert_eq!(suspicion(name, Kind::Person).is_some(), expected, "{name}");
        }
        for name in [
            "iniciativa",
            "eBay Red",
            "Red (TDT)",
            "“Casa”",
            "¡Basta!",
            "#YoSoy",
            "20 de Noviembre",
        ] {
            assert!(suspicion(name, Kind::Organization).is_none(), "{name}");
        }
    }
}
