//! Finds signatories that are listed twice.
//!
//! Names are compared as sets of words without accidental differences: case, accents, punctuation, legal
//! forms such as "A.C.", acronyms in brackets, and words such as "de". The rest may differ by typing
//! errors and by words with little meaning, such as "Center". It may not differ by a word with meaning,
//! because that is another organization: another city, another chapter, another saint.
//!
//! Nothing is merged or dropped: people decide. The accuracy is measured on the labelled pairs of
//! `tests/duplicates/pairs.tsv`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::language::fold;
use crate::spec::Kind;

/// A name in the form in which it is compared.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub(crate) struct Name {
    /// The significant words, in order.
    words: Vec<String>,
    /// The same for each part that is set off by a dash, a comma, a colon, a slash or brackets, if there
    /// is more than one.
    parts: Vec<Vec<String>>,
    /// All letters and digits without spaces, including small words.
    squashed: String,
    /// The acronyms that the name gives for itself, such as "aamx".
    acronyms: Vec<String>,
    /// What a person belongs to. `None` for an organization and for a person who does not say.
    affiliation: Option<Box<Name>>,
    /// Whether it is a person.
    person: bool,
}

/// How similar two names are.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) enum Likeness {
    /// They do not differ in anything significant.
    Same,
    /// They differ slightly.
    Near,
}

/// The word lists that decide whether two names are the same, folded: `duplicates.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Words {
    legal_forms: HashSet<String>,
    long_legal_forms: Vec<Vec<String>>,
    small_words: HashSet<String>,
    weak_words: HashSet<String>,
    units: HashSet<String>,
    titles: HashSet<String>,
    anonymous: HashSet<String>,
    short_forms: HashMap<String, Vec<String>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("duplicates.toml")).expect("a test reads the file of words")
});

impl Name {
    /// The name of an organization.
    pub(crate) fn organization(name: &str) -> Self {
        Self::read(name, false)
    }

    /// The name of a signatory. A person is distinguished from others by their organization or, without
    /// one, by their title.
    pub(crate) fn of_signatory(kind: Kind, name: &str, organization: &str, title: &str) -> Self {
        match kind {
            Kind::Organization => Self::organization(name),
            Kind::Person if organization.is_empty() => Self::person(name, title),
            Kind::Person => Self::person(name, organization),
        }
    }

    /// The name of a person with their organization or, without one, their title.
    pub(crate) fn person(name: &str, affiliation: &str) -> Self {
        let affiliation = Self::organization(affiliation);
        let affiliation = (!affiliation.words.is_empty()).then(|| Box::new(affiliation));
        Self { affiliation, ..Self::read(name, true) }
    }

    fn read(name: &str, person: bool) -> Self {
        let mut acronyms = Vec::new();
        let mut parts: Vec<Vec<String>> = Vec::new();
        let mut squashed = String::new();
        for part in split_parts(name) {
            if is_acronym(part)
                && (parts.len() + acronyms.len() > 0 || part.len() < name.trim().len())
            {
                acronyms.push(fold(part));
                continue;
            }
            let all = folded_words(part);
            let legal = |word: &&String| WORDS.legal_forms.contains(*word);
            squashed.extend(all.iter().filter(|word| !legal(word)).map(String::as_str));
            let words = words_that_count(&all, person);
            if !words.is_empty() {
                parts.push(words);
            }
        }
        let mut words = parts.concat();
        if words.is_empty() {
            // A name that consists only of small words or of an acronym is still a name.
            words = folded_words(name);
            squashed = words.concat();
        }
        // "INSYDE Instituto para la …" gives its acronym without punctuation.
        if acronyms.is_empty() && words.len() > 2 && !person {
            let (first, rest) = name.trim().split_once(char::is_whitespace).unwrap_or((name, ""));
            let capitals = first.chars().count() >= 3 && first.chars().all(char::is_uppercase);
            if capitals && rest.contains(char::is_lowercase) {
                acronyms.push(words.remove(0));
            }
        }
        if parts.len() < 2 {
            parts.clear();
        }
        Self { words, parts, squashed, acronyms, affiliation: None, person }
    }

    /// What two names of the same signatory share: names with the same identity are [`Likeness::Same`].
    /// `None` if the name says nothing.
    pub(crate) fn identity(&self) -> Option<impl Eq + Hash + use<'_>> {
        let says_something = !self.words.is_empty() && !self.is_anonymous();
        says_something.then_some((self.person, &self.words, &self.affiliation))
    }

    /// How similar this name is to another, if at all.
    pub(crate) fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.words.is_empty() || other.words.is_empty() || self.is_anonymous() {
            return None;
        }
        if self.person && other.person {
            return self.likeness_of_persons(other);
        }
        if self.person != other.person {
            let same = self.words == other.words && self.words.len() > 1;
            return same.then_some(Likeness::Near);
        }
        if self.words == other.words {
            return Some(Likeness::Same);
        }
        if self.digits() != other.digits() {
            return None;
        }
        let near = self.squashed == other.squashed
            || self.is_acronym_of(other)
            || other.is_acronym_of(self)
            || self.has_part(other)
            || other.has_part(self)
            || words_agree(&self.words, &other.words);
        near.then_some(Likeness::Near)
    }

    /// Two people with the same name are different people if they say they belong to different bodies.
    fn likeness_of_persons(&self, other: &Self) -> Option<Likeness> {
        if let (Some(a), Some(b)) = (&self.affiliation, &other.affiliation)
            && a.likeness(b).is_none()
            && !a.words.iter().all(|word| b.words.contains(word))
            && !b.words.iter().all(|word| a.words.contains(word))
        {
            return None;
        }
        if self.words == other.words {
            let same = self.affiliation == other.affiliation;
            return Some(if same { Likeness::Same } else { Likeness::Near });
        }
        let both_say = self.affiliation.is_some() == other.affiliation.is_some();
        person_words_agree(&self.words, &other.words, both_say).then_some(Likeness::Near)
    }

    fn is_anonymous(&self) -> bool {
        self.words.iter().all(|word| WORDS.anonymous.contains(word))
    }

    fn digits(&self) -> String {
        self.squashed.chars().filter(char::is_ascii_digit).collect()
    }

    /// Whether this whole name is an acronym that the other gives for itself.
    fn is_acronym_of(&self, other: &Self) -> bool {
        self.squashed.len() >= 3 && other.acronyms.contains(&self.squashed)
    }

    /// Whether one part of this name is the whole of the other, and the rest does not name a unit of it.
    fn has_part(&self, other: &Self) -> bool {
        let letters = other.words.iter().map(String::len).sum::<usize>();
        if letters < 8 || !other.parts.is_empty() {
            return false;
        }
        let Some(found) = self.parts.iter().position(|part| *part == other.words) else {
            return false;
        };
        let rest = self.parts.iter().enumerate().filter(|(index, _)| *index != found);
        !rest.flat_map(|(_, part)| part).any(|word| WORDS.units.contains(word))
    }

    /// Keys that similar names are likely to share.
    fn keys(&self, frequency: &HashMap<&str, usize>) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        keys.insert(format!("={}", self.squashed));
        for acronym in &self.acronyms {
            keys.insert(format!("={acronym}"));
        }
        for part in self.parts.iter().chain([&self.words]) {
            keys.insert(format!("={}", part.concat()));
        }
        // A name's rarest words distinguish it from others. The beginnings and ends of these words are
        // the same in spite of an error in between.
        let mut words: Vec<&String> = self.words.iter().collect();
        words.sort_by_key(|word| (frequency.get(word.as_str()).copied().unwrap_or(0), *word));
        for word in words.into_iter().take(3) {
            let chars: Vec<char> = word.chars().collect();
            let part = chars.len().min(4);
            keys.insert(format!("^{}", chars[..part].iter().collect::<String>()));
            keys.insert(format!("${}", chars[chars.len() - part..].iter().collect::<String>()));
        }
        keys
    }
}

/// All pairs of similar names, as indices in the list, each pair once and in order.
///
/// Names are compared only if they share a key. Keys shared by many names are ignored.
pub(crate) fn find(names: &[Name]) -> Vec<(usize, usize, Likeness)> {
    /// The maximum number of names that may share a key. The time is at most this many comparisons for
    /// each key of each name.
    const MOST: usize = 60;
    let mut frequency: HashMap<&str, usize> = HashMap::new();
    for word in names.iter().flat_map(|name| &name.words) {
        *frequency.entry(word).or_default() += 1;
    }
    let mut buckets: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        for key in name.keys(&frequency) {
            buckets.entry(key).or_default().push(index);
        }
    }
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for (key, bucket) in &buckets {
        // Names that are identical word for word are found however many there are.
        if bucket.len() > MOST && !key.starts_with('=') {
            continue;
        }
        for (position, second) in bucket.iter().enumerate() {
            let firsts = bucket[..position].iter().rev().take(MOST);
            candidates.extend(firsts.map(|first| (*first, *second)));
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    let alike = |(first, second): (usize, usize)| {
        Some((first, second, names[first].likeness(&names[second])?))
    };
    candidates.into_iter().filter_map(alike).collect()
}

/// The parts of a name that are set off by punctuation.
fn split_parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut push = |part: std::ops::Range<usize>| {
        let part = name[part].trim();
        if !part.is_empty() {
            parts.push(part);
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
    parts
}

/// The significant words of a part of a name.
fn words_that_count(words: &[String], person: bool) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let long = WORDS.long_legal_forms.iter().find(|form| {
            words.get(at..at + form.len()).is_some_and(|next| next.iter().eq(form.iter()))
        });
        if let Some(form) = long {
            at += form.len();
            continue;
        }
        let word = words[at].as_str();
        at += 1;
        let dropped = WORDS.small_words.contains(word)
            || (!person && WORDS.legal_forms.contains(word))
            || (person && WORDS.titles.contains(word));
        if dropped {
            continue;
        }
        match WORDS.short_forms.get(word) {
            Some(meant) => kept.extend(meant.iter().cloned()),
            None => kept.push(word.to_owned()),
        }
    }
    kept
}

/// A few capital letters, perhaps with digits: "AAMX", "FM4".
fn is_acronym(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    (2..=14).contains(&letters)
        && !text.contains(char::is_whitespace)
        && capitals * 2 > letters
        && !WORDS.legal_forms.contains(&fold(text))
}

/// The words of a text, folded. Consecutive single letters are one word: "A. C.", "U.S.".
fn folded_words(text: &str) -> Vec<String> {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | 'ꞌ' | '`');
    let parts =
        text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c) && !is_apostrophe(c));
    let mut words: Vec<String> = Vec::new();
    let mut letters = false;
    for part in parts {
        let word = fold(part);
        if word.is_empty() {
            continue;
        }
        let letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(last) if letter && letters => last.push_str(&word),
            _ => words.push(word),
        }
        letters = letter;
    }
    words
}

/// Whether all words of one name are in the other, except for typing errors, order, abbreviations and
/// words with little meaning.
fn words_agree(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut left: Vec<&String> = long.iter().collect();
    let mut typos = 0;
    let mut unmatched: Vec<&String> = Vec::new();
    // Equal words are paired first, so that a typing error does not take one from its twin.
    for word in short {
        match left.iter().position(|other| *other == word) {
            Some(at) => drop(left.remove(at)),
            None => unmatched.push(word),
        }
    }
    for word in unmatched {
        match left.iter().position(|other| is_typo(word, other) || is_abbreviation(word, other)) {
            Some(at) => {
                left.remove(at);
                typos += 1;
            }
            None if is_weak(word) && short.len() > 2 => {}
            None => return false,
        }
    }
    let pairs = long.len() - left.len();
    let weak_rest = left.iter().all(|word| is_weak(word));
    // One differing letter makes a name of one word a different name as likely as not.
    weak_rest
        && typos <= pairs.div_ceil(3)
        && (pairs >= 2 || typos == 0)
        && pairs > 0
        && (left.is_empty() || pairs >= 3)
}

/// Whether the names of two people agree: word for word in order, except for typing errors, initials,
/// and names that one of them omits. If only one says what they belong to, none may be omitted.
fn person_words_agree(a: &[String], b: &[String], may_leave_out: bool) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 2 || (long.len() > short.len() && !may_leave_out) {
        return false;
    }
    let initial = |a: &str, b: &str| a.chars().count() == 1 && b.starts_with(a);
    let agree = |a: &str, b: &str| a == b || initial(a, b) || initial(b, a) || is_typo_inside(a, b);
    let mut rest = long.iter();
    let in_order = short.iter().all(|word| rest.any(|other| agree(word, other)));
    let mut sorted = [a.to_vec(), b.to_vec()];
    sorted.iter_mut().for_each(|words| words.sort());
    let typos = short.iter().filter(|word| !long.contains(word)).count();
    (in_order && short[0].chars().next() == long[0].chars().next() && typos <= 1)
        || sorted[0] == sorted[1]
}

fn is_weak(word: &str) -> bool {
    WORDS.weak_words.contains(word)
}

/// Whether one word is the beginning of the other, as in "Fed." and "Federación".
fn is_abbreviation(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    (3..=5).contains(&short.len()) && long.len() >= short.len() + 4 && long.starts_with(short)
}

/// Whether two words are the same word with a typing error: one letter in words of five or more, two in
/// words of nine or more. A different letter makes a short word a different word, the first letter is
/// seldom wrong, and digits never are.
fn is_typo(a: &str, b: &str) -> bool {
    let lengths = (a.chars().count(), b.chars().count());
    let allowed = match lengths.0.min(lengths.1) {
        0..5 => return false,
        5..7 if lengths.0 == lengths.1 && strsim::hamming(a, b).is_ok_and(|d| d < 2) => {
            return false;
        }
        5..9 => 1,
        _ => 2,
    };
    a.chars().next() == b.chars().next()
        && !a.contains(|c: char| c.is_ascii_digit())
        && strsim::osa_distance(a, b) <= allowed
}

/// A typing error before the last letter, because the last letter distinguishes Mario from María and
/// Ramón from Ramona.
fn is_typo_inside(a: &str, b: &str) -> bool {
    a.chars().next_back() == b.chars().next_back() && is_typo(a, b)
}

#[cfg(test)]
mod labelled_pairs;

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
            &WORDS.anonymous,
        ];
        let long = WORDS.long_legal_forms.iter().flatten();
        let short = WORDS.short_forms.iter().flat_map(|(short, meant)| meant.iter().chain([short]));
        for word in sets.into_iter().flatten().chain(long).chain(short) {
            assert_eq!(*word, fold(word));
        }
    }

    fn alike(a: &str, b: &str) -> Option<Likeness> {
        Name::organization(a).likeness(&Name::organization(b))
    }

    #[test]
    fn accidental_differences_do_not_count() {
        let same = Some(Likeness::Same);
        assert_eq!(alike("Espacio Migrante A.C.", "ESPACIO MIGRANTE, AC"), same);
        assert_eq!(alike("Asylum Access México (AAMX) A.C.", "Asylum Access Mexico"), same);
        assert_eq!(alike("Casa Monarca, A.B.P.", "Casa Monarca A. B. P."), same);
        assert_eq!(alike("Women's Refugee Commission", "Women’s Refugee Commission (WRC)"), same);
    }

    #[test]
    fn names_with_typos_spaces_or_another_order_are_near() {
        let near = Some(Likeness::Near);
        assert_eq!(alike("Border Line Crisis Center, A. C.", "Borderline Crisis Center"), near);
        assert_eq!(
            alike("American Friends Service Committee", "American Friends Services Committee"),
            near
        );
        assert_eq!(alike("CARECEN", "Central American Resource Center (CARECEN)"), near);
        assert_eq!(alike("Red Jesuita con Migrantes", "Migrantes, Red Jesuita con"), near);
    }

    #[test]
    fn a_significant_word_makes_another_name() {
        assert_eq!(alike("Amnesty International Mexico", "Amnesty International Spain"), None);
        assert_eq!(alike("Servicio Jesuita a Migrantes", "Servicio Jesuita a Refugiados"), None);
        assert_eq!(alike("Casa del Migrante en Tijuana", "Casa del Migrante en Saltillo"), None);
        assert_eq!(alike("Sección 22", "Sección 23"), None);
        assert_eq!(alike("Anónimo", "Anonymous"), None);
    }

    #[test]
    fn people_with_the_same_name_may_be_different() {
        let one = Name::person("Ana Pérez", "Directora, Casa Azul");
        let other = Name::person("Ana Perez", "Universidad de Sonora");
        assert_eq!(one.likeness(&other), None);
        assert_eq!(one.likeness(&Name::person("Ana Pérez", "Casa Azul")), Some(Likeness::Near));
        assert_eq!(one.likeness(&Name::person("Ana Pérez", "")), Some(Likeness::Near));
    }
}
