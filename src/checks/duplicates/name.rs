//! The name of a signatory in the form in which it is compared: words without accidental differences such
//! as case, accents, punctuation, legal forms, titles, and words such as "de".

use phf::{Map, Set};
use unicode_normalization::char::is_combining_mark;

use crate::language::anonymous::is_anonymous;
use crate::language::fold;

/// A signatory in the form in which it is compared.
#[derive(Debug, Clone, Default, Eq, PartialEq, Hash)]
pub(crate) struct Name {
    /// Whether it is a person.
    pub person: bool,
    /// The significant words, in order.
    pub words: Vec<String>,
    /// All letters and digits without spaces, including small words.
    pub squashed: String,
    /// The parts and the acronyms by which an organization may also be called.
    pub parts: Vec<Vec<String>>,
    /// The first letters of the words, as they are written, of which an acronym may be made. Empty if there
    /// are too few.
    pub initials: String,
    /// What friends call a person, if it is said beside the name.
    pub called: Option<String>,
    /// Whether a person is a Mrs. rather than a Mr., if either is said.
    pub lady: Option<bool>,
    /// Which of those in a family who have one name: the first, or "Jr.", "hijo", "III".
    pub generation: Option<u8>,
    /// The words that tell a signatory from others of the same name: organization, title, note, and for
    /// people whatever is set off from the name by brackets or a comma.
    pub about: Vec<String>,
    /// The country, by its two letters.
    pub country: Option<String>,
    /// The link, without what differs by chance.
    pub link: Option<String>,
}

/// The word lists that decide what is significant, folded. The build script makes them of `words.toml`.
struct Words {
    legal_forms: Set<&'static str>,
    long_legal_forms: &'static [&'static [&'static str]],
    small_words: Set<&'static str>,
    weak_words: Set<&'static str>,
    units: Set<&'static str>,
    titles: Set<&'static str>,
    short_forms: Table,
    translations: Table,
    nicknames: Table,
    common_names: Set<&'static str>,
    /// The names that a nickname stands for.
    meant: Table,
    /// The words of other languages that a word of several languages stands for.
    spellings: Table,
}

/// Words, each with others.
type Table = Map<&'static str, &'static [&'static str]>;

include!(concat!(env!("OUT_DIR"), "/words_of_names.rs"));

/// The translations of a word, also of one that the list has only in the plural, or only in the singular:
/// "Migrant Families", "Migrants' Families".
fn translations(word: &str) -> Option<&'static [&'static str]> {
    let known = |word: &str| WORDS.translations.get(word);
    let singular = || known(word.strip_suffix('s')?);
    known(word).or_else(|| known(&format!("{word}s"))).or_else(singular).copied()
}

impl Name {
    /// The name of an organization.
    pub(crate) fn organization(name: &str) -> Self {
        let (mut sections, mut acronyms): (Vec<Vec<String>>, Vec<String>) = Default::default();
        let mut squashed = String::new();
        // "www.tierra-viva.org"
        let name = name_of_address(name).unwrap_or(name);
        // The brackets are no parts of the name.
        let name = &*name.replace("501(c)(3)", "501c3");
        for section in sections_of(name) {
            if is_acronym(section) && section.len() < name.trim().len() {
                acronyms.push(folded(section));
            } else {
                let words = folded_words(section);
                let unsaid = |word: &&String| !WORDS.legal_forms.contains(word.as_str());
                squashed.extend(words.iter().filter(unsaid).map(String::as_str));
                sections.push(significant(words, false));
            }
        }
        sections.retain(|words| !words.is_empty());
        let mut words = sections.concat();
        if words.is_empty() {
            // A name of nothing but small words or an acronym is still a name.
            words = folded_words(name);
            squashed = words.concat();
        }
        // "INSYDE Instituto para la …" gives its acronym without punctuation.
        let (first, rest) = name.trim().split_once(char::is_whitespace).unwrap_or((name, ""));
        let first = first.trim_end_matches('.');
        let capitals = first.chars().count() >= 3 && first.chars().all(char::is_uppercase);
        if acronyms.is_empty() && words.len() > 2 && capitals && rest.contains(char::is_lowercase) {
            acronyms.push(words.remove(0));
        }
        // "Instituto para la … INSYDE", but not a city, which begins otherwise.
        let (rest, last) = name.trim().rsplit_once(char::is_whitespace).unwrap_or(("", name));
        let capitals = last.chars().count() >= 3 && last.chars().all(char::is_uppercase);
        if acronyms.is_empty() && words.len() > 3 && capitals && rest.contains(char::is_lowercase) {
            let begins = words[0].chars().next();
            acronyms.extend(words.pop_if(|last| last.chars().next() == begins));
        }
        // A part may stand for the whole if it says enough and the rest does not name a unit of it.
        let names_unit =
            |words: &Vec<String>| words.iter().any(|word| WORDS.units.contains(word.as_str()));
        let stands_alone = |(index, part): (usize, &Vec<String>)| {
            let mut others = sections.iter().enumerate().filter(|(other, _)| *other != index);
            let is_part = sections.len() > 1 && part.iter().map(String::len).sum::<usize>() >= 6;
            (is_part && !others.any(|(_, other)| names_unit(other))).then(|| part.clone())
        };
        let acronyms = acronyms.into_iter().filter(|acronym| acronym.len() >= 3).map(|a| vec![a]);
        // "Tierra Madre (Mother Earth) Farm": the name goes on after the brackets.
        let around = name.split_once('(').and_then(|(before, rest)| {
            let after = rest.split_once(')')?.1;
            let is_between = |text: &str| text.contains(char::is_alphabetic);
            (is_between(before) && is_between(after))
                .then(|| folded_words(&format!("{before} {after}")))
        });
        let around = around.map(|words| significant(words, false)).filter(|words| words.len() > 1);
        let parts =
            sections.iter().enumerate().filter_map(stands_alone).chain(acronyms).chain(around);
        let parts = parts.map(translated).collect();
        let initials = words.iter().filter_map(|word| word.chars().next());
        let initials = if words.len() < 3 { String::new() } else { initials.collect() };
        Self { words: translated(words), squashed, parts, initials, ..Self::default() }
    }

    /// The name of a person. What is set off from it says more about the person.
    pub(crate) fn person(name: &str) -> Self {
        let mut sections: Vec<Vec<String>> =
            sections_of(name).into_iter().map(single_words).collect();
        let lady = sections.first().and_then(|words| lady(words.first()?));
        let generation = generation(&mut sections);
        let mut sections = sections.into_iter().peekable();
        let mut words = significant(sections.next().unwrap_or_default(), true);
        // "Pérez, Ana", "Pérez Luna, Ana": the name goes on after the comma.
        let is_first_name = |section: &Vec<String>| {
            let known = |word: &String| WORDS.nicknames.contains_key(word.as_str());
            section.len() <= 2 && section.first().is_some_and(known)
        };
        let goes_on = words.len() < 2 || sections.peek().is_some_and(is_first_name);
        if goes_on && name.contains(',') && !name.contains('(') {
            words.extend(significant(sections.next().unwrap_or_default(), true));
        }
        let mut about: Vec<Vec<String>> = sections.collect();
        // 'Konstantin "Kiss" Prueba': the name goes on after a nickname.
        let mut called = None;
        if is_nickname_inside(name) && about.len() > 1 {
            words.extend(significant(about.remove(1), true));
            called = about.remove(0).into_iter().next();
        }
        if words.is_empty() {
            words = folded_words(name);
        }
        let about =
            about.into_iter().flatten().filter(|word| !WORDS.titles.contains(word.as_str()));
        let squashed = words.concat();
        Self { person: true, squashed, words, called, lady, generation, ..Self::default() }
            .with_about(about.collect())
    }

    /// The same with words that tell it from others of the same name.
    pub(crate) fn with(self, about: &str) -> Self {
        self.with_about(folded_words(about))
    }

    /// The same with its link.
    pub(crate) fn linked(self, link: &str) -> Self {
        let lower = link.to_lowercase();
        let bare = lower.split_once("://").map_or(&*lower, |(_, rest)| rest);
        let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/');
        Self { link: (!bare.is_empty()).then(|| bare.to_owned()), ..self }
    }

    /// The same with its country.
    pub(crate) fn of_country(self, code: &str) -> Self {
        Self { country: (!code.is_empty()).then(|| code.to_owned()), ..self }
    }

    fn with_about(mut self, about: Vec<String>) -> Self {
        self.about.extend(translated(significant(about, false)));
        self.about.sort_unstable();
        self.about.dedup();
        self
    }

    /// Whether the names are those of two people of a family, such as father and son.
    pub(crate) fn is_relative_of(&self, other: &Self) -> bool {
        let differ = |a: Option<u8>, b: Option<u8>| a.zip(b).is_some_and(|(a, b)| a != b);
        differ(self.lady.map(u8::from), other.lady.map(u8::from))
            || differ(self.generation, other.generation)
    }

    /// The digits of the name.
    pub(super) fn digits(&self) -> impl Iterator<Item = char> {
        self.words.iter().flat_map(|word| word.chars()).filter(char::is_ascii_digit)
    }

    /// What two entries of the same signatory share, word for word. `None` if the name says too little: a
    /// first name is no signatory.
    pub(crate) fn identity(&self) -> Option<impl Eq + std::hash::Hash + use<'_>> {
        let says_enough = self.says_who() && !self.is_bare();
        says_enough.then_some((self.person, &self.words, self.generation, &self.about))
    }

    /// Whether it says who it is.
    pub(super) fn says_who(&self) -> bool {
        !self.words.is_empty() && !is_anonymous(&self.words.concat())
    }

    /// Whether it is too little to recognize a person by: a first name, perhaps with initials.
    fn is_bare(&self) -> bool {
        self.person && self.words.iter().filter(|word| !is_initial(word)).count() < 2
    }
}

/// Whether a word is a single letter.
pub(super) fn is_initial(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

/// Whether a word is no first name but a name that somebody made up for themselves: "infovecinos", "pedro77".
pub(super) fn is_handle(word: &str) -> bool {
    word.len() > 8 || word.contains(|c: char| c.is_ascii_digit())
}

/// Whether a word may be added to or omitted from the name of an organization.
pub(super) fn is_weak(word: &str) -> bool {
    WORDS.weak_words.contains(word)
}

/// The words of other languages that a word stands for in the form in which words are compared.
pub(super) fn spellings_of(word: &str) -> &'static [&'static str] {
    WORDS.spellings.get(word).copied().unwrap_or_default()
}

/// The names that a nickname stands for.
pub(super) fn meant_by(nickname: &str) -> &'static [&'static str] {
    WORDS.meant.get(nickname).copied().unwrap_or_default()
}

/// Whether a word is a common first name, in full or as friends say it.
pub(in crate::checks) fn is_first_name(word: &str) -> bool {
    WORDS.nicknames.contains_key(word) || !meant_by(word).is_empty()
}

/// Whether a name is so common in some country that it says little about who has it.
pub(super) fn says_little(name: &str) -> bool {
    is_first_name(name) || WORDS.common_names.contains(name)
}

/// Whether one word is the other with a particle before it: "Alrawashdeh", "Al-Rawashdeh".
pub(super) fn joins_particle(a: &str, b: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "al", "el", "abu", "ben", "bin", "de", "del", "dela", "des", "di", "della", "da", "dos",
        "du", "la", "le", "van", "vande", "vander", "vanden", "von", "vonder", "zu", "ter", "ten",
    ];
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.len() >= 4
        && long.len() > short.len()
        && long.strip_suffix(short).is_some_and(|particle| PARTICLES.contains(&particle))
}

/// Whether one of two names is a nickname of the other, or both are of a third.
pub(super) fn are_nicknames(a: &str, b: &str) -> bool {
    let (of_a, of_b) = (meant_by(a), meant_by(b));
    // "Chukwuemeka", "Emeka".
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let ends = || short.len() >= 4 && long.len() >= short.len() + 3 && long.ends_with(short);
    ends() || of_a.contains(&b) || of_b.contains(&a) || of_a.iter().any(|name| of_b.contains(name))
}

/// Whether one word is short for the other: its beginning, as in "Fed." and "Federación", or some of its
/// letters, few of them vowels, with the first and the last, as in "Natl." and "National".
pub(super) fn is_abbreviation(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.as_bytes().first() != long.as_bytes().first() {
        return false;
    }
    let begins = || long.len() >= short.len() + 4 && long.starts_with(short);
    let mut rest = long.chars();
    let mut contracted = || {
        let ends = |word: &str| (word.chars().next(), word.chars().next_back());
        ends(short) == ends(long)
            && long.len() >= short.len() + 3
            && short.matches(['a', 'e', 'i', 'o', 'u']).count() <= 1
            && short.chars().all(|letter| rest.any(|other| other == letter))
    };
    (3..=5).contains(&short.len()) && (begins() || contracted())
}

/// Whether two words differ in the ending of an inclusive form: "todxs", "todos"; "latinx", "latino".
pub(super) fn is_inclusive_of(a: &str, b: &str) -> bool {
    fn stem(word: &str) -> Option<&str> {
        word.strip_suffix('s').unwrap_or(word).strip_suffix(['a', 'e', 'o', 'x', '@'])
    }
    a.len() >= 5
        && b.len() == a.len()
        && a.ends_with('s') == b.ends_with('s')
        && a.trim_end_matches('s').ends_with(['x', '@'])
        && stem(a).is_some()
        && stem(a) == stem(b)
}

/// Whether one word is the plural of the other.
pub(super) fn is_plural(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let voices =
        || long.strip_suffix("ces").is_some_and(|stem| short.strip_suffix('z') == Some(stem));
    short.len() >= 3 && (matches!(long.strip_prefix(short), Some("s" | "es")) || voices())
}

/// Whether a word is made of the initials of others, which may be in another order.
pub(super) fn is_acronym_in_any_order(word: &str, words: &[String]) -> bool {
    if words.len() < 3 || word.chars().count() != words.len() {
        return false;
    }
    let mut initials: Vec<char> = words.iter().filter_map(|word| word.chars().next()).collect();
    let mut letters: Vec<char> = word.chars().collect();
    initials.sort_unstable();
    letters.sort_unstable();
    letters == initials
}

/// A number that is the same for words that are spelled differently but sound the same in Spanish, English
/// or German, or are in letters of another script: González, Gonzales; Velázquez, Belásquez; Müller,
/// Mueller; Sergey, Sergei.
pub(super) fn sound_of(word: &str) -> u64 {
    let mut sound: u64 = 0xCBF2_9CE4_8422_2325; // Fowler, Noll and Vo
    let mut last = '\0';
    let mut say = |letter: char| {
        let is_mute = letter == 'e' && matches!(last, 'a' | 'o' | 'u');
        if letter != last && !is_mute {
            sound = (sound ^ u64::from(letter)).wrapping_mul(0x100_0000_01B3);
            last = letter;
        }
    };
    let mut letters = word.strip_prefix('h').unwrap_or(word).chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or_default();
        let before_last = next != '\0' && letters.clone().nth(1).is_none();
        let mut with_next = |sound| {
            letters.next();
            sound
        };
        match (letter, next) {
            ('p', 'h') => say(with_next('f')),
            ('t', 'h') => say(with_next('t')),
            ('d', 'j') => say(with_next('d')),
            ('c', 'h') => say(with_next('4')),
            ('l', 'l') => say(with_next('i')),
            ('q', 'u') => say(with_next('k')),
            // "Stephanie", "Stephany".
            ('i', 'e') if before_last => say(with_next('i')),
            ('g', 'e' | 'i') | ('j' | 'y', _) => say('i'),
            ('c', 'e' | 'i') | ('z', _) => say('s'),
            ('c', _) => say('k'),
            ('w' | 'v', _) => say('b'),
            ('x', _) => {
                say('k');
                say('s');
            }
            _ => say(letter),
        }
    }
    sound
}

/// Whether two words are the same word with a typing error: one letter in words of five or more, two in
/// words of nine or more. A different letter makes a short word a different word, the first letter is
/// seldom wrong, and digits never are. The last letter of a person's name is as seldom wrong: it
/// distinguishes Mario from María.
pub(super) fn is_typo(a: &str, b: &str, person: bool) -> bool {
    // Most words differ in these, which takes no time.
    if a.chars().next() != b.chars().next()
        || person && a.chars().next_back() != b.chars().next_back()
    {
        return false;
    }
    let lengths = (a.chars().count(), b.chars().count());
    let allowed = match lengths.0.min(lengths.1) {
        0..5 => return false,
        5..7 if lengths.0 == lengths.1 && strsim::hamming(a, b).is_ok_and(|d| d < 2) => {
            return false;
        }
        5..9 => 1,
        _ => 2,
    };
    lengths.0.abs_diff(lengths.1) <= allowed
        && !a.contains(|c: char| c.is_ascii_digit())
        && strsim::osa_distance(a, b) <= allowed
}

/// Whether two words differ in one letter.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= 4 && !is_handle(a) && strsim::osa_distance(a, b) == 1
}

/// Whether two words differ in nothing but umlauts that are written with a following e: "sued", "süd".
pub(super) fn is_without_umlauts(a: &str, b: &str) -> bool {
    let without = |word: &str| {
        [("ae", "a"), ("oe", "o"), ("ue", "u")]
            .iter()
            .fold(word.to_owned(), |word, (long, short)| word.replace(long, short))
    };
    a.len() != b.len() && without(a) == without(b)
}

/// Whether two words begin alike, as forms of a name in several languages do: Olexiy, Olexii; Jeff,
/// Jeffrey.
pub(super) fn begin_alike(a: &str, b: &str) -> bool {
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    // Luis is not Luisa, nor Carlos Carla.
    let stem = |name: &str| name.trim_end_matches('s').trim_end_matches(['a', 'e', 'o']).len();
    let other_gender = shared >= stem(a).max(stem(b)) && a.ends_with('a') != b.ends_with('a');
    let short = a.chars().count().min(b.chars().count());
    (shared >= 4 && shared * 2 > short || shared >= 3 && shared == short) && !other_gender
}

/// Whether a nickname in quotes or brackets is between two parts of a name.
fn is_nickname_inside(name: &str) -> bool {
    let after = |(_, rest): (&str, &str)| rest.trim_start().starts_with(char::is_alphabetic);
    let closing = |mark: &[char]| name.rsplit_once(mark).is_some_and(after);
    !name.contains(',') && (closing(&['"', '”', '»']) || closing(&[')', ']']))
}

/// The parts of a name that are set off by punctuation.
fn sections_of(name: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut start = 0;
    let mut push = |section: std::ops::Range<usize>| {
        let section = name[section].trim();
        if !section.is_empty() {
            sections.push(section);
        }
    };
    for (at, c) in name.char_indices() {
        let after = &name[at + c.len_utf8()..];
        let before = name[..at].chars().next_back();
        let spaced =
            before.is_none_or(char::is_whitespace) && after.starts_with(char::is_whitespace);
        let parting = match c {
            '(' | ')' | '[' | ']' | ',' | ';' | ':' | '/' | '|' | '"' | '“' | '”' | '«' | '»' => {
                true
            }
            '-' | '–' | '—' => spaced || is_acronym(after),
            // A full stop ends a part, but not after a short form.
            '.' => {
                let word =
                    name[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                word.chars().count() > 5 && after.starts_with(char::is_whitespace)
            }
            _ => false,
        };
        if parting {
            push(start..at);
            start = at + c.len_utf8();
        }
    }
    push(start..name.len());
    sections
}

/// What an address of the web is called, where an organization has it for its name.
fn name_of_address(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let (called, end) = name.strip_prefix("www.").unwrap_or(name).rsplit_once('.')?;
    let is_end = end.len() >= 2 && end.chars().all(|c| c.is_ascii_lowercase());
    (called.len() >= 4 && is_end && !called.contains('.') && name.chars().all(is_letter))
        .then_some(called)
}

/// Whether a person with this title is a lady, if it says so.
fn lady(title: &str) -> Option<bool> {
    match title {
        "mrs" | "ms" | "miss" | "sra" | "srta" | "dona" | "mme" | "mlle" | "madame" | "frau" => {
            Some(true)
        }
        "mr" | "sr" | "don" | "monsieur" | "herr" => Some(false),
        _ => None,
    }
}

/// Takes out what tells father and son, or mother and daughter, from one another: the last word of a name
/// or a part of its own.
fn generation(sections: &mut Vec<Vec<String>>) -> Option<u8> {
    let is = |word: &String| match &**word {
        "sr" | "senior" | "padre" | "madre" => Some(1),
        "jr" | "junior" | "hijo" | "hija" | "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        _ => None,
    };
    let name = sections.first_mut()?;
    if name.len() > 2
        && let found @ Some(_) = name.last().and_then(is)
    {
        name.pop();
        return found;
    }
    let at = sections.iter().skip(1).position(|part| part.len() == 1 && is(&part[0]).is_some())?;
    is(&sections.remove(at + 1)[0])
}

/// The significant words among those of a part of a name.
fn significant(words: Vec<String>, person: bool) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let long = (WORDS.long_legal_forms.iter())
            .find(|form| words[at..].iter().take(form.len()).eq(form.iter()));
        at += long.map_or(1, |form| form.len());
        let unsaid = if person { &WORDS.titles } else { &WORDS.legal_forms };
        // "E." may be an initial.
        let is_small = WORDS.small_words.contains(word.as_str())
            && !(person && is_initial(word) && word != "y");
        // "2 de Octubre", "Dos de Octubre"; in Portuguese it is an article.
        if word == "dos" && !person && words.get(at).is_some_and(|next| next == "de") {
            kept.push("2".to_owned());
            continue;
        }
        if long.is_some() || is_small || unsaid.contains(word.as_str()) {
            continue;
        }
        match WORDS.short_forms.get(word.as_str()) {
            Some(meant) => kept.extend(meant.iter().map(|word| (*word).to_owned())),
            None => kept.push(word.clone()),
        }
    }
    kept
}

/// Words in the form in which they are the same in several languages and spellings. Of "trabajadoras y
/// trabajadores", one is left, and of "cuarenta y tres", "43".
fn translated(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    let mut tens = false;
    for word in words {
        let meant = translations(&word).and_then(|meant| meant.first());
        let is_spelled = meant.is_some();
        let word = meant.map_or(word, |meant| (*meant).to_owned());
        let is_digit = is_spelled && word.len() == 1 && word != "0";
        match kept.last_mut() {
            Some(last) if is_other_gender(last, &word) => {
                if word < *last {
                    *last = word;
                }
            }
            Some(last) if tens && is_digit && word.starts_with(|c: char| c.is_ascii_digit()) => {
                last.replace_range(1.., &word);
            }
            _ => {
                tens = is_spelled && word.len() == 2 && word.ends_with('0') && word != "10";
                kept.push(word);
                continue;
            }
        }
        tens = false;
    }
    kept
}

/// Whether two words are the plurals of one word in both genders: "niñas", "niños".
fn is_other_gender(a: &str, b: &str) -> bool {
    let stem = |word: &str| Some(word.strip_suffix('s')?.strip_suffix(['a', 'e', 'o'])?.len());
    a != b
        && a.len() >= 5
        && a.len() == b.len()
        && stem(a)
            .is_some_and(|stem| stem + 2 == a.len() && a.as_bytes()[..stem] == b.as_bytes()[..stem])
        && stem(b).is_some()
}

/// A few capital letters, perhaps with digits: "AAMX", "FM4".
fn is_acronym(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    (2..=14).contains(&letters)
        && !text.contains(char::is_whitespace)
        && capitals * 2 > letters
        && !WORDS.legal_forms.contains(folded(text).as_str())
}

/// The words of a text, folded. Consecutive single letters are one word: "A. C.", "U.S.".
fn folded_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = false;
    for word in single_words(text) {
        let letter = is_initial(&word) && word.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(last) if letter && letters => last.push_str(&word),
            _ => words.push(word),
        }
        letters = letter;
    }
    words
}

/// The words of a text, folded, with each initial by itself.
fn single_words(text: &str) -> Vec<String> {
    let is_inside = |c: char| matches!(c, '\'' | '’' | 'ʼ' | 'ꞌ' | '`' | '_' | '@');
    let parts =
        text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c) && !is_inside(c));
    parts.map(folded).filter(|word| !word.is_empty()).collect()
}

/// A word without accents and in lower case, in letters that are on all keyboards.
fn folded(word: &str) -> String {
    const OTHER: &[(char, &str)] = &[
        ('ß', "ss"),
        ('æ', "ae"),
        ('œ', "oe"),
        ('ø', "o"),
        ('ł', "l"),
        ('đ', "d"),
        ('ð', "d"),
        ('þ', "th"),
        ('ħ', "h"),
        ('ı', "i"),
        ('ə', "e"),
    ];
    let word = fold(word);
    if word.is_ascii() {
        return word;
    }
    OTHER.iter().fold(word, |word, (letter, plain)| word.replace(*letter, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_written_as_they_are_compared() {
        let sets = [
            &WORDS.legal_forms,
            &WORDS.small_words,
            &WORDS.weak_words,
            &WORDS.units,
            &WORDS.titles,
        ];
        let long = WORDS.long_legal_forms.iter().copied().flatten();
        let tables = [&WORDS.short_forms, &WORDS.translations, &WORDS.nicknames];
        let tables = tables.into_iter().flatten();
        let tables = tables.flat_map(|(word, others)| others.iter().chain([word]));
        for word in sets.into_iter().flatten().chain(long).chain(tables) {
            assert_eq!(*word, fold(word));
        }
    }
}
