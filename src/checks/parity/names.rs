//! Compares the names and acronyms of two languages.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::checks::parity::Pair;
use crate::checks::parity::segments::Segment;
use crate::language::number_reader::is_roman;
use crate::language::{CountryNames, Tag, fold};
use crate::letter::{Letter, Person};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::name_key;
use crate::words::{Message, say};

/// The known names in a letter.
pub(crate) struct Names {
    /// The words in the names of the addressees and of the recipients of copies, folded.
    people: BTreeSet<String>,
    /// The same, with the names of the people who sign.
    all_people: BTreeSet<String>,
    /// The names of organizations in the original and in the translation.
    organizations: Vec<(String, String)>,
    /// The countries whose name is one word in each of the two languages, folded → as written.
    countries: (HashMap<String, String>, HashMap<String, String>),
}

impl Names {
    /// The names of a letter in two languages.
    pub(crate) fn of(original: &Letter, translation: &Letter) -> Self {
        let persons = || original.to.iter().chain(&original.cc);
        let words = |name: &str| -> Vec<String> {
            let long = name.split_whitespace().filter(|word| word.chars().count() > 3);
            long.map(fold).collect()
        };
        let people: BTreeSet<String> =
            persons().flat_map(|person| words(&person.name.text)).collect();
        let mut all_people = people.clone();
        for signatory in original.groups.iter().flat_map(|group| &group.signatories) {
            let members = signatory.members.iter();
            for signatory in members.chain([signatory]) {
                if signatory.kind == crate::spec::Kind::Person {
                    all_people.extend(words(&signatory.name.text));
                }
            }
        }
        let organization = |(a, b): (&Person, &Person)| {
            let (a, b) = (a.organization.as_ref()?, b.organization.as_ref()?);
            Some((a.text.to_string(), b.text.to_string()))
        };
        let others = translation.to.iter().chain(&translation.cc);
        Self {
            people,
            all_people,
            organizations: persons().zip(others).filter_map(organization).collect(),
            countries: (countries(&original.tag), countries(&translation.tag)),
        }
    }
}

/// Reports the names and acronyms that differ between the segments of two languages.
pub(crate) fn compare(
    pairs: &[Pair<'_>],
    original_tag: &Tag,
    tag: &Tag,
    names: &Names,
    problems: &Problems,
) {
    let first: Vec<Acronyms> = pairs.iter().map(|pair| acronyms(&pair.original.text)).collect();
    let second: Vec<Acronyms> = pairs.iter().map(|pair| acronyms(&pair.translation.text)).collect();
    let all = |acronyms: &[Acronyms]| -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for (acronym, _) in acronyms.iter().flatten() {
            *counts.entry(acronym.clone()).or_insert(0) += 1;
        }
        counts
    };
    let comparison = NameComparison {
        names,
        in_original: all(&first),
        in_translation: all(&second),
        problems,
        tags: (original_tag, tag),
    };
    for ((pair, first), second) in pairs.iter().zip(&first).zip(&second) {
        comparison.acronyms(*pair, first, second);
        comparison.organizations(*pair);
        let (first, second) = (words(&pair.original.text), words(&pair.translation.text));
        comparison.people(*pair, &first, &second);
        comparison.accents(*pair, &first, &second);
    }
}

/// The acronyms of a text, each with its position.
type Acronyms = Vec<(String, Range<usize>)>;

struct NameComparison<'n> {
    names: &'n Names,
    in_original: HashMap<String, usize>,
    in_translation: HashMap<String, usize>,
    problems: &'n Problems,
    tags: (&'n Tag, &'n Tag),
}

impl NameComparison<'_> {
    fn push(&self, place: Place, message: Message, original: Place) {
        let diagnostic = Diagnostic::new(Code::ParityNames, place, message);
        self.problems.push(
            diagnostic
                .relate(original, say!("in the original"))
                .hint(say!("write it as the original does, or correct the original")),
        );
    }

    fn acronyms(&self, pair: Pair<'_>, first: &Acronyms, second: &Acronyms) {
        let has = |acronyms: &Acronyms, acronym: &str| acronyms.iter().any(|(a, _)| a == acronym);
        let mut reported: Vec<&str> = Vec::new();
        let extra: Vec<&(String, Range<usize>)> =
            second.iter().filter(|(acronym, _)| !has(first, acronym)).collect();
        for (acronym, range) in first {
            if has(second, acronym) || reported.contains(&acronym.as_str()) {
                continue;
            }
            reported.push(acronym);
            let translated =
                extra.iter().any(|(other, _)| self.is_translation(acronym, other, pair));
            if translated {
                continue;
            }
            let there = pair.original.locate(range.clone());
            match extra.iter().find(|(other, _)| looks_like(acronym, other)) {
                None if is_spelled_out(acronym, &pair.translation.text) => {}
                Some((other, here)) => {
                    self.push(
                        pair.translation.locate(here.clone()),
                        differs(other, acronym),
                        there,
                    );
                }
                None => self.push(pair.translation.place.clone(), lacks(acronym), there),
            }
        }
        // One of several acronyms that is misspelled.
        for (other, here) in extra {
            let meant = first.iter().find(|(acronym, _)| {
                has(second, acronym) && looks_like(acronym, other) && !self.is_known(other, pair)
            });
            if let Some((acronym, range)) = meant.filter(|_| !reported.contains(&other.as_str())) {
                reported.push(other);
                self.push(
                    pair.translation.locate(here.clone()),
                    differs(other, acronym),
                    pair.original.locate(range.clone()),
                );
            }
        }
    }

    /// Whether an acronym that is only in the translation is explained there, or is used throughout.
    fn is_known(&self, acronym: &str, pair: Pair<'_>) -> bool {
        is_spelled_out(acronym, &pair.translation.text)
            || self.in_translation.get(acronym).is_some_and(|count| *count > 1)
    }

    /// Whether one acronym translates the other.
    fn is_translation(&self, original: &str, translation: &str, pair: Pair<'_>) -> bool {
        let known = ACRONYMS.iter().any(|(en, es)| {
            (*en, *es) == (original, translation) || (*es, *en) == (original, translation)
        });
        // A translated acronym: the original's is not used, and this one is explained or used more than
        // once.
        let replaced = !self.in_original.contains_key(translation)
            && !self.in_translation.contains_key(original)
            && self.is_known(translation, pair);
        known || replaced
    }

    /// Compares the organizations that the letter names in each language.
    fn organizations(&self, pair: Pair<'_>) {
        for (name, translated) in &self.names.organizations {
            let Some(at) = pair.original.text.find(name.as_str()) else { continue };
            let text = fold(&pair.translation.text);
            // Part of a long name is enough: "la Secretaría".
            let words: Vec<String> =
                translated.split_whitespace().map(fold).filter(|w| w.chars().count() > 4).collect();
            let there = words.iter().any(|word| text.contains(word.as_str()));
            if there || words.is_empty() || pair.translation.key_is_of_a_person() {
                continue;
            }
            self.push(
                pair.translation.place.clone(),
                say!(
                    "`{name}` of the original, which is called `{translated}`, is missing here",
                    name,
                    translated
                ),
                pair.original.locate(at..at + name.len()),
            );
        }
    }

    /// Compares the addressees, by the words of their names.
    fn people(&self, pair: Pair<'_>, first: &[Word<'_>], second: &[Word<'_>]) {
        let mut reported: BTreeSet<&str> = BTreeSet::new();
        for word in first {
            let is_name = word.is_capitalized() && self.names.people.contains(&word.folded);
            if !is_name || second.iter().any(|other| other.folded == word.folded) {
                continue;
            }
            if !reported.insert(&word.folded) {
                continue;
            }
            let near = second
                .iter()
                .find(|other| other.is_capitalized() && looks_like(&word.folded, &other.folded));
            let there = pair.original.locate(word.range.clone());
            match near {
                Some(other) => self.push(
                    pair.translation.locate(other.range.clone()),
                    differs(other.text, word.text),
                    there,
                ),
                None => self.push(pair.translation.place.clone(), lacks(word.text), there),
            }
        }
    }

    /// Finds names that are spelled with an accent in one language and without it in the other.
    fn accents<'t>(&self, pair: Pair<'_>, first: &[Word<'_>], second: &[Word<'t>]) {
        let mut reported: BTreeSet<&'t str> = BTreeSet::new();
        let beside = |words: &[Word<'_>], at: usize, step: isize| -> Option<String> {
            let word = words.get(at.checked_add_signed(step)?)?;
            word.is_capitalized().then(|| word.folded.clone())
        };
        for (at, word) in second.iter().enumerate() {
            if !word.is_capitalized() || reported.contains(word.text) {
                continue;
            }
            let same = first.iter().enumerate().find(|(there, other)| {
                // Two consecutive names are the name of a person or a place.
                let in_a_row = || {
                    [-1, 1].iter().any(|step| {
                        let there = beside(first, *there, *step);
                        there.is_some() && there == beside(second, at, *step)
                    })
                };
                other.folded == word.folded
                    && other.text != word.text
                    && other.is_capitalized()
                    && name_key(other.text) != name_key(word.text)
                    && (self.names.all_people.contains(&word.folded) || in_a_row())
            });
            let exonym = |names: &HashMap<String, String>, text: &str| {
                names.get(&word.folded).is_some_and(|name| name == text)
            };
            if let Some((_, other)) = same {
                let by_language = exonym(&self.names.countries.0, other.text)
                    && exonym(&self.names.countries.1, word.text);
                // If both spellings are on both sides, both are intended.
                let both = first.iter().any(|w| w.text == word.text)
                    && second.iter().any(|w| w.text == other.text);
                if !by_language && !both {
                    reported.insert(word.text);
                    self.push(
                        pair.translation.locate(word.range.clone()),
                        differs(word.text, other.text),
                        pair.original.locate(other.range.clone()),
                    );
                    continue;
                }
            }
            let before = at.checked_sub(1).and_then(|at| second.get(at));
            if self.country(pair, word, before, first) {
                reported.insert(word.text);
            }
        }
    }

    /// Reports a country spelled without its accent, unless it is part of a name that both texts have.
    fn country(
        &self,
        pair: Pair<'_>,
        word: &Word<'_>,
        before: Option<&Word<'_>>,
        first: &[Word<'_>],
    ) -> bool {
        let Some(name) = self.names.countries.1.get(&word.folded) else { return false };
        let text = word.text;
        if name == text || name.to_lowercase() == text.to_lowercase() {
            return false;
        }
        let in_a_name = first.windows(2).any(|two| {
            two[1].text == text && before.is_some_and(|before| before.folded == two[0].folded)
        });
        if in_a_name {
            return false;
        }
        let tag = self.tags.1;
        let there = first.iter().find(|other| other.folded == word.folded);
        let there = there
            .map_or(pair.original.place.clone(), |other| pair.original.locate(other.range.clone()));
        self.push(
            pair.translation.locate(word.range.clone()),
            say!("this says `{text}`, which is spelled `{name}` in `{tag}`", text, name, tag),
            there,
        );
        true
    }
}

fn differs(here: &str, there: &str) -> Message {
    say!("this says `{here}`, but the original says `{there}`", here, there)
}

fn lacks(name: &str) -> Message {
    say!("`{name}` of the original is missing here", name)
}

impl Segment {
    /// Whether the value describes a person, rather than being text about them.
    fn key_is_of_a_person(&self) -> bool {
        self.kind == crate::checks::parity::segments::SegmentKind::Value
    }
}

/// The acronyms of a text. A text entirely in capitals has none, and numerals are not acronyms.
fn acronyms(text: &str) -> Acronyms {
    static ACRONYM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b\p{Lu}[\p{Lu}\d]+(?:s\b)?").expect("a pattern of the program is valid")
    });
    /// Countries and units that each language abbreviates in its own way.
    const OWN: &[&str] =
        &["US", "USA", "UK", "EE", "UU", "EUA", "RU", "AM", "PM", "USD", "MXN", "EUR", "OK", "CC"];
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    if capitals * 5 > letters * 3 && letters > 20 {
        return Vec::new();
    }
    let whole = |range: &Range<usize>| {
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    ACRONYM
        .find_iter(text)
        .filter(|found| whole(&found.range()))
        .map(|found| (found.as_str().trim_end_matches('s').to_owned(), found.range()))
        .filter(|(acronym, _)| acronym.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .filter(|(acronym, _)| !is_roman(acronym) && !OWN.contains(&acronym.as_str()))
        .collect()
}

/// Whether the letters of an acronym are the initials of consecutive words, ignoring small words.
fn is_spelled_out(acronym: &str, text: &str) -> bool {
    let wanted: Vec<char> = fold(acronym).chars().collect();
    let initials: Vec<char> = words(text)
        .iter()
        .filter(|word| word.is_capitalized() && word.text.chars().any(char::is_lowercase))
        .filter_map(|word| word.folded.chars().next())
        .collect();
    wanted.len() > 1 && initials.windows(wanted.len()).any(|run| run == wanted)
}

/// Whether one acronym is most likely a misspelling of the other: two transposed letters, or one or two
/// different ones, depending on the length.
fn looks_like(one: &str, other: &str) -> bool {
    if one.chars().next() != other.chars().next()
        && one.chars().next_back() != other.chars().next_back()
    {
        return false;
    }
    let most = if one.chars().count() > 5 { 2 } else { 1 };
    one != other && strsim::osa_distance(one, other) <= most
}

/// A word of a text.
struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    /// Its letters without case or accents.
    folded: String,
}

impl Word<'_> {
    fn is_capitalized(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The words of a text.
fn words(text: &str) -> Vec<Word<'_>> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\p{L}\p{M}\d]+").expect("a pattern of the program is valid")
    });
    WORD.find_iter(text)
        .map(|found| Word {
            text: found.as_str(),
            range: found.range(),
            folded: fold(found.as_str()),
        })
        .collect()
}

/// The countries whose name is one word, folded → as the language writes them.
fn countries(tag: &Tag) -> HashMap<String, String> {
    let Some(names) = CountryNames::of(tag) else { return HashMap::new() };
    let letters = || b'A'..=b'Z';
    let codes =
        letters().flat_map(|a| letters().map(move |b| format!("{}{}", a as char, b as char)));
    codes
        .filter_map(|code| names.get(&code).filter(|name| *name != code).map(str::to_owned))
        .filter(|name| name.chars().all(char::is_alphabetic))
        .map(|name| (fold(&name), name))
        .collect()
}

/// Acronyms in English and Spanish, as used by the organizations themselves and by the terminology
/// database of the United Nations (UNTERM).
const ACRONYMS: &[(&str, &str)] = &[
    ("UN", "ONU"),
    ("NGO", "ONG"),
    ("CSO", "OSC"),
    ("EU", "UE"),
    ("OAS", "OEA"),
    ("IACHR", "CIDH"),
    ("UNHCR", "ACNUR"),
    ("IOM", "OIM"),
    ("WHO", "OMS"),
    ("PAHO", "OPS"),
    ("ILO", "OIT"),
    ("IMF", "FMI"),
    ("WB", "BM"),
    ("IDB", "BID"),
    ("WTO", "OMC"),
    ("ICC", "CPI"),
    ("ICJ", "CIJ"),
    ("UNDP", "PNUD"),
    ("UNEP", "PNUMA"),
    ("FAO", "FAO"),
    ("NATO", "OTAN"),
    ("ICCPR", "PIDCP"),
    ("ICESCR", "PIDESC"),
    ("CRC", "CDN"),
    ("SDG", "ODS"),
    ("GDP", "PIB"),
    ("VAT", "IVA"),
    ("HIV", "VIH"),
    ("AIDS", "SIDA"),
    ("DNA", "ADN"),
    ("NAFTA", "TLCAN"),
    ("USMCA", "TMEC"),
    ("AI", "IA"),
    ("CEO", "DG"),
];
