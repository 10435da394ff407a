//! Compares the names and acronyms of two languages.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::checks::parity::Pair;
use crate::checks::parity::acronyms::known;
use crate::checks::parity::segments::{Segment, Variant};
use crate::language::number_reader::{Figure, Value, is_roman};
use crate::language::{CountryNames, Tag, fold, runs};
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
        let others = || translation.to.iter().chain(&translation.cc);
        let words = |name: &str| -> Vec<String> {
            let long = name.split_whitespace().filter(|word| word.chars().count() > 3);
            long.map(fold).filter(|word| !is_common(word)).collect()
        };
        // The name of an office is translated.
        let names = persons().zip(others()).filter(|(a, b)| a.name.text == b.name.text);
        let people: BTreeSet<String> =
            names.flat_map(|(person, _)| words(&person.name.text)).collect();
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
        Self {
            people,
            all_people,
            organizations: persons().zip(others()).filter_map(organization).collect(),
            countries: (countries(&original.tag), countries(&translation.tag)),
        }
    }
}

/// Reports the names and acronyms that differ between the segments of two languages.
pub(crate) fn compare(
    pairs: &[Pair<'_>],
    (original, translation): (&Variant<'_>, &Variant<'_>),
    (names, offices): (&Names, &[&Segment]),
    problems: &Problems,
) {
    let read: Vec<(Vec<Word<'_>>, Vec<Word<'_>>)> = (pairs.iter())
        .map(|pair| (words(&pair.original.text), words(&pair.translation.text)))
        .collect();
    let small = |words: &[Word<'_>]| -> Vec<String> {
        let small = words.iter().filter(|word| !word.is_capitalized());
        small.map(|word| word.folded.clone()).collect()
    };
    let small: (BTreeSet<String>, BTreeSet<String>) = (
        read.iter().flat_map(|(first, _)| small(first)).collect(),
        read.iter().flat_map(|(_, second)| small(second)).collect(),
    );
    let both = || pairs.iter().zip(&read);
    let first: Vec<Acronyms> =
        both().map(|(pair, (words, _))| acronyms(pair.original, words, &small.0)).collect();
    let second: Vec<Acronyms> =
        both().map(|(pair, (_, words))| acronyms(pair.translation, words, &small.1)).collect();
    let all = |acronyms: &[Acronyms]| -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for (acronym, _) in acronyms.iter().flatten() {
            *counts.entry(acronym.clone()).or_insert(0) += 1;
        }
        counts
    };
    // Words in a salutation or an office that are no person's name, such as "President", are translated.
    let offices: BTreeSet<String> = (offices.iter())
        .flat_map(|office| words(&office.text).into_iter().map(|word| word.folded))
        .filter(|word| !names.all_people.contains(word))
        .collect();
    // In German every noun is capitalized, and French capitalizes peoples.
    let capitals = |tag: &Tag| ["de", "fr"].contains(&tag.language());
    let (in_original, in_translation) = (all(&first), all(&second));
    let kept_acronyms = in_original.keys().filter(|acronym| in_translation.contains_key(*acronym));
    let comparison = NameComparison {
        names,
        keeps_acronyms: 2 * kept_acronyms.count() >= in_original.len(),
        in_original,
        in_translation,
        small,
        offices,
        strict: capitals(original.tag) || capitals(translation.tag),
        kept: original.tag.language() == "en",
        problems,
        tag: translation.tag,
    };
    let acronyms = first.iter().zip(&second);
    for ((pair, acronyms), (first, second)) in pairs.iter().zip(acronyms).zip(&read) {
        comparison.acronyms(*pair, acronyms.0, acronyms.1);
        comparison.organizations(*pair);
        let mut reported = BTreeSet::new();
        comparison.slips(*pair, first, second, &mut reported);
        comparison.people(*pair, first, second, &mut reported);
        comparison.accents(*pair, first, second);
    }
}

/// The acronyms of a text, each with its position.
type Acronyms = Vec<(String, Range<usize>)>;

struct NameComparison<'n> {
    names: &'n Names,
    in_original: HashMap<String, usize>,
    in_translation: HashMap<String, usize>,
    /// Whether the translation has most acronyms as the original writes them.
    keeps_acronyms: bool,
    /// The words that the original and the translation write without a capital.
    small: (BTreeSet<String>, BTreeSet<String>),
    /// The words of salutations and offices.
    offices: BTreeSet<String>,
    /// Whether a word with a capital in the middle of a sentence need not be a name.
    strict: bool,
    /// Whether a word with an accent in the original is a foreign name, as it is in English.
    kept: bool,
    problems: &'n Problems,
    tag: &'n Tag,
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
            let similar =
                extra.iter().find(|(other, _)| looks_like(acronym, other) && !is_known(other));
            match similar {
                Some((other, here)) => {
                    self.push(
                        pair.translation.locate(here.clone()),
                        differs(other, acronym),
                        there,
                    );
                }
                None if is_said(acronym, &pair.translation.text) => {}
                None if self.is_meant(acronym, pair) => {}
                // Another script may have its own name for what the letters abbreviate.
                None if !self.keeps_acronyms
                    && !is_known(acronym)
                    && pair.translation.text.contains(is_caseless) => {}
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
        let known = known(original).any(|known| known.has(translation));
        // The same words in another order: IT and TI, NGO and ONG, PIN and NIP. A misspelling changes two
        // neighbours.
        let letters: Vec<char> = original.chars().collect();
        let other: Vec<char> = translation.chars().collect();
        let turned = (1..letters.len()).any(|at| {
            let mut turned = letters.clone();
            turned.rotate_left(at);
            turned == other
        });
        let reversed = letters.iter().rev().eq(&other);
        let only_there = !self.in_original.contains_key(translation)
            && !self.in_translation.contains_key(original);
        // A translated acronym: the original's is not used, and this one is explained or used more than
        // once.
        known || only_there && (turned || reversed || self.is_known(translation, pair))
    }

    /// Whether the translation says "the Commission" for the CNDH, which it names elsewhere.
    fn is_meant(&self, acronym: &str, pair: Pair<'_>) -> bool {
        self.in_translation.contains_key(acronym)
            && words(&pair.translation.text)
                .iter()
                .any(|word| word.is_capitalized() && INSTITUTIONS.contains(&word.folded.as_str()))
    }

    /// Whether a word is translated, rather than a name: an office, a country, a month, or a word that is
    /// written without a capital elsewhere.
    fn is_common(&self, word: &Word<'_>) -> bool {
        let folded = &word.folded;
        if self.names.all_people.contains(folded) {
            return false;
        }
        is_common(folded)
            || self.offices.contains(folded)
            || self.names.countries.0.contains_key(folded)
            || self.names.countries.1.contains_key(folded)
            || self.small.0.contains(folded)
            || self.small.1.contains(folded)
    }

    /// Finds names that a slip of one or two letters has changed.
    fn slips(
        &self,
        pair: Pair<'_>,
        first: &[Word<'_>],
        second: &[Word<'_>],
        reported: &mut BTreeSet<String>,
    ) {
        let known = |words: &[Word<'_>]| -> BTreeSet<String> {
            words.iter().map(|word| word.folded.clone()).collect()
        };
        let (in_first, in_second) = (known(first), known(second));
        // The names beside a name, as in "Noam Sampler".
        let beside = |words: &[Word<'_>], text: &str, at: usize, step: isize| -> Option<String> {
            let near = at.checked_add_signed(step)?;
            let (word, near) = (words.get(at)?, words.get(near)?);
            let between = text
                .get(word.range.end.min(near.range.end)..word.range.start.max(near.range.start))?;
            let joined = between.chars().all(|c| c.is_whitespace() || c == '-');
            (joined && near.is_capitalized() && near.text.len() > 1).then(|| near.folded.clone())
        };
        let in_sentence = |words: &[Word<'_>], text: &str, at: usize| {
            let before = text[..words[at].range.start].trim_end();
            !before.is_empty() && before.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        };
        for (at, word) in second.iter().enumerate() {
            let candidate = word.is_capitalized()
                && !word.is_acronym()
                && word.folded.chars().count() >= 4
                && !in_first.contains(&word.folded)
                && !self.is_common(word);
            if !candidate {
                continue;
            }
            let meant = first.iter().enumerate().find(|(there, other)| {
                let length = other.folded.chars().count();
                if !other.is_capitalized()
                    || other.is_acronym()
                    || length < 4
                    || in_second.contains(&other.folded)
                    || self.is_common(other)
                    || !looks_like(&other.folded, &word.folded)
                {
                    return false;
                }
                let distance = strsim::osa_distance(&other.folded, &word.folded);
                let near = [-1, 1].iter().any(|step| {
                    let name = beside(first, &pair.original.text, *there, *step);
                    name.is_some_and(|name| {
                        !self.is_translated_name(&name)
                            && beside(second, &pair.translation.text, at, *step) == Some(name)
                    })
                });
                let person = self.names.all_people.contains(&other.folded);
                let ends = ending_differs(&other.folded, &word.folded);
                if person || near {
                    return !ends && (distance == 1 || length > 5);
                }
                !self.strict
                    && length > 5
                    && distance == 1
                    && in_sentence(first, &pair.original.text, *there)
                    && in_sentence(second, &pair.translation.text, at)
                    && !is_cognate(&other.folded, &word.folded)
            });
            if let Some((_, other)) = meant
                && reported.insert(other.folded.clone())
            {
                self.push(
                    pair.translation.locate(word.range.clone()),
                    differs(word.text, other.text),
                    pair.original.locate(other.range.clone()),
                );
            }
        }
    }

    /// Whether a name beside another is of an office or a country, so that the other may be translated.
    fn is_translated_name(&self, folded: &str) -> bool {
        is_common(folded)
            || self.names.countries.0.contains_key(folded)
            || self.names.countries.1.contains_key(folded)
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
    fn people(
        &self,
        pair: Pair<'_>,
        first: &[Word<'_>],
        second: &[Word<'_>],
        reported: &mut BTreeSet<String>,
    ) {
        // A letter may address by office alone.
        if pair.translation.key_is_of_a_person() {
            return;
        }
        for word in first {
            let is_name = word.is_capitalized() && self.names.people.contains(&word.folded);
            if !is_name || second.iter().any(|other| other.folded == word.folded) {
                continue;
            }
            if reported.insert(word.folded.clone()) {
                let there = pair.original.locate(word.range.clone());
                self.push(pair.translation.place.clone(), lacks(word.text), there);
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
            let is_country = self.names.countries.1.contains_key(&word.folded);
            if self.is_common(word) && !is_country {
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
                    && (self.names.all_people.contains(&word.folded)
                        || in_a_row()
                        || self.kept && !other.text.is_ascii() && !word.text.is_ascii())
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
        let tag = self.tag;
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

/// The acronyms of a text. A text entirely in capitals has none, and neither numerals, words in capitals
/// for stress, nor numbers of files are acronyms. `small` are the words that the letter writes without a
/// capital.
fn acronyms(segment: &Segment, all: &[Word<'_>], small: &BTreeSet<String>) -> Acronyms {
    /// Countries and units that each language abbreviates in its own way.
    const OWN: &[&str] = &[
        "US", "USA", "UK", "EE", "UU", "EUA", "RU", "AM", "PM", "USD", "MXN", "EUR", "OK", "CC",
        "DC", "NY", "AC", "SA", "CV", "PS", "PD", "ID",
    ];
    let text = &segment.text;
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    // An office in capitals is short, and its words are longer than acronyms are.
    let is_office = || capitals == letters && all.iter().any(|w| w.text.chars().count() > 8);
    if capitals * 5 > letters * 3 && (letters > 20 || is_office()) {
        return Vec::new();
    }
    let shouted = |range: &Range<usize>| {
        let Some(at) = all.iter().position(|word| word.range.start == range.start) else {
            return false;
        };
        // Three words in a row, as in "NO MORE WELLS". Letters of a script without case are no capitals.
        let is_small = |c: char| c.is_lowercase() || is_caseless(c);
        let is_upper = |word: &Word<'_>| !word.text.chars().any(is_small);
        let before = all[..at].iter().rev().take_while(|word| is_upper(word)).count();
        let behind = all[at..].iter().take_while(|word| is_upper(word)).count();
        // The place at the beginning of a dateline.
        let dateline = before == at && behind > 0 && {
            let end = all[at + behind - 1].range.end;
            text[end..].trim_start().starts_with([',', '—', '–', '-', '.', ':'])
                && segment.figures.first().is_some_and(|f| f.range.start < end + 20)
        };
        before + behind > 2 || dateline
    };
    let numbered = |range: &Range<usize>| {
        let is_code = |f: &Figure| f.values.iter().any(|v| matches!(v, Value::Literal(_)));
        let mut codes = segment.figures.iter().filter(|figure| is_code(figure));
        codes.any(|f| f.range.start < range.end && range.start < f.range.end)
    };
    let capital = |c: char| c.is_uppercase() || c.is_numeric();
    runs(text, char::is_alphanumeric)
        .flat_map(|range| by_script(text, range))
        .map(|range| (text[range.clone()].trim_end_matches('s').to_owned(), range))
        .filter(|(acronym, _)| acronym.starts_with(char::is_uppercase))
        .filter(|(acronym, _)| acronym.chars().filter(|c| c.is_alphabetic()).count() > 1)
        .filter(|(acronym, range)| acronym.len() + 1 >= range.len() && acronym.chars().all(capital))
        .filter(|(_, range)| !numbered(range) && !shouted(range))
        .filter(|(acronym, _)| !is_roman(acronym) && !OWN.contains(&acronym.as_str()))
        .filter(|(acronym, _)| is_known(acronym) || !small.contains(&fold(acronym)))
        .collect()
}

/// Whether an acronym is one that many letters use.
fn is_known(acronym: &str) -> bool {
    known(acronym).next().is_some()
}

/// Whether a text says an acronym of another language in its own words.
fn is_said(acronym: &str, text: &str) -> bool {
    let folded: Vec<String> = words(text).into_iter().map(|word| word.folded).collect();
    let folded = format!(" {} ", folded.join(" "));
    is_spelled_out(acronym, text) || known(acronym).any(|known| known.is_in(&folded))
}

/// Whether the letters of an acronym are the initials of consecutive words, ignoring small words.
fn is_spelled_out(acronym: &str, text: &str) -> bool {
    let wanted: Vec<char> = fold(acronym).chars().collect();
    let initials: Vec<char> = words(text)
        .iter()
        .filter(|word| word.is_capitalized() && word.text.chars().any(char::is_lowercase))
        .filter_map(|word| word.folded.chars().next())
        .collect();
    // "Naciones Unidas" for the UN.
    let turned = |run: &[char]| run.len() == 2 && run.iter().rev().eq(&wanted);
    wanted.len() > 1 && initials.windows(wanted.len()).any(|run| run == wanted || turned(run))
}

/// Whether two words differ at the end as the forms of one word in two languages do: "President" and
/// "Presidente".
fn ending_differs(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let added =
        long.strip_prefix(short).is_some_and(|end| ["e", "o", "a", "s", "es"].contains(&end));
    let stem = |word: &str| word.strip_suffix(['e', 'o', 'a']).map(str::to_owned);
    let exchanged = one.ends_with('e') && stem(one).is_some() && stem(one) == stem(other);
    added || exchanged
}

/// Whether two words are most likely the same word in two languages, from the ways in which English, French
/// and the Iberian languages spell the same sounds.
fn is_cognate(one: &str, other: &str) -> bool {
    const SAME: &[(&str, &str)] = &[
        ("tion", "cion"),
        ("ph", "f"),
        ("th", "t"),
        ("ch", "c"),
        ("qu", "c"),
        ("k", "c"),
        ("y", "i"),
        ("z", "s"),
        ("ou", "u"),
        ("w", "v"),
        ("j", "i"),
        ("x", "s"),
        ("mm", "nm"),
        ("h", ""),
        ("ae", "e"),
    ];
    let sound = |word: &str| -> String {
        let mut sound = word.to_owned();
        for (from, to) in SAME {
            sound = sound.replace(from, to);
        }
        let mut letters: Vec<char> = sound.chars().collect();
        letters.dedup();
        letters.into_iter().collect()
    };
    let tail = |word: &str| word.chars().rev().take(2).collect::<String>();
    sound(one) == sound(other)
        || tail(one) != tail(other)
        || one.chars().next() != other.chars().next()
}

/// Whether a word, folded, is part of offices, titles and names of institutions, which are translated.
fn is_common(folded: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());
    WORDS.contains(folded)
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
pub(super) struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    /// Its letters without case or accents.
    pub(super) folded: String,
}

impl Word<'_> {
    fn is_capitalized(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    fn is_acronym(&self) -> bool {
        self.text.chars().count() > 1 && !self.text.chars().any(char::is_lowercase)
    }
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    runs(text, |c| c.is_alphanumeric() || is_combining_mark(c))
        .flat_map(|range| by_script(text, range))
        .map(|range| Word { text: &text[range.clone()], folded: fold(&text[range.clone()]), range })
        .collect()
}

/// Whether a letter is of a script without capitals: Hebrew, which Unicode has after all alphabets of Europe
/// but the Georgian one, or a later one.
fn is_caseless(c: char) -> bool {
    c >= '\u{590}' && c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase()
}

/// The parts of a run of letters in scripts with and without capitals: Japanese and Chinese have no spaces
/// around a Latin word, and Hebrew and Arabic put articles and prepositions before it.
fn by_script(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (at, c) in text[range.clone()].char_indices() {
        let (start, end) = (range.start + at, range.start + at + c.len_utf8());
        // Digits and marks belong to what is before them.
        let kind = c.is_alphabetic().then(|| is_caseless(c)).or(last);
        match parts.last_mut().filter(|_| last.is_none() || kind == last) {
            Some(part) => part.end = end,
            None => parts.push(start..end),
        }
        last = kind;
    }
    parts
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

/// What an institution is called for short once its name is known, folded.
const INSTITUTIONS: &[&str] = &[
    "agencia",
    "agence",
    "agencia",
    "agency",
    "asociacion",
    "association",
    "associacao",
    "banco",
    "bank",
    "banque",
    "comision",
    "comissao",
    "commission",
    "committee",
    "comite",
    "comites",
    "conseil",
    "consejo",
    "conselho",
    "convencion",
    "convention",
    "corte",
    "council",
    "cour",
    "court",
    "federacion",
    "fondo",
    "fund",
    "fundacion",
    "gericht",
    "institut",
    "institute",
    "instituto",
    "ministerio",
    "ministry",
    "office",
    "oficina",
    "ombudsman",
    "organisation",
    "organizacion",
    "organizacao",
    "organization",
    "programa",
    "protocolos",
    "red",
    "secretaria",
    "tribunal",
    "uniao",
    "union",
    "universidad",
    "kommission",
    "rat",
];

/// Words of offices, titles, institutions, places and times with a capital that are translated, folded, in the
/// languages whose words resemble one another.
const COMMON: &str = "
    academy academia administration agency agencia agriculture ambassador ambassadeur ambassadrice america
    americas american americano apostolic april abril archbishop army article articulo artigo asia assembly
    asamblea assemblee assembleia associate association asociacion associacao attorney august agosto
    authority autoridad bank banco banque bishop board bureau capital cardinal cardenal caribbean caribe
    cathedral catholic catolica catolico center centre centro central chair chairman chairwoman chamber
    chancellor christian church city ciudad civil climate clinic code codigo colegio college colonel comite
    commission commissaire commissioner committee comision comissao comisionada comisionado commander
    community comunidad confederation conference conferencia congress congreso congresso congres
    constitution constitucion consul consulate convention convencion convenio cooperative cooperativa
    coordinator coordinador coordinadora corporation council councillor country court cour corte culture
    dear december decembre diciembre dezembro decree defense defensa defence deputy delegate democratic
    democratica department departamento departement deputado deputada diocese diputada diputado director
    directora directeur directrice district distrito doctor doctora docteur dona doutor doutora east
    economic economica editor education ejecutiva ejecutivo embassy embaixador environment estado estados
    estimada estimado europa europe european europeo executive faculty february fevrier febrero fevereiro
    federal federation federacion feminist finance firm foreign forest forum foro foundation fondation
    fundacion fundacao friday front general generale generales global governor gobernador gobernadora
    gouverneur gouverneure government gobierno governo gouvernement group grupo health high hospital house
    human humanos immigration independent indigenous industry institute institut instituto interior
    international internacional internationale january janvier enero janeiro judge july juillet julio julho
    june juin junio junho justice justicia labor labour lake latin latina latino law league legal liga library
    license madam madame mademoiselle magistrate march marzo mars marco maritime mayor medical metropolitan
    military minister ministra ministre ministro ministry ministere ministerio mission misses mister mistress
    mixed monday monsieur monsenor mountain movement movimiento mouvement movimento municipal museum museo
    nation national nacional nationale nationaux nations naciones nacoes natural network north northern
    november novembre noviembre novembro nueva nuevo october octobre octubre outubro office official
    oficial ombudsman organic organization organisation organizacion organizacao orthodox pacific pacifico
    parliament parlement parlamento party partido pastoral peace people peoples permanent person police
    policia political popular prefect prefecture president presidenta presidente presidency presidencia
    presidence prime primer privat professor professora profesor profesora professeur professeure program
    programa programme project prosecutor protection protocol protocolo protocole province provincia public
    publica publico publique radio rapporteur refugee refugees region regional religious representante
    representative representant republic republica republique research reverend revolution right rights river
    royal rural saint sainte santa santo sao san school science sciences secretaire secretaria secretariat
    secretario secretary section security seguridad senate senado senator senadora senador senateur senatrice
    senor senora senorita september septembre septiembre setembro sir sister social sociedad society south
    southern special state states street subsecretaria summit superior supreme suprema supremo sur syndicate
    table territory thursday tribunal tribunaux tuesday undersecretary union uniao unidad unidas unido unidos
    unit united universal university universidad universidade universite vatican veteran vice vicepresident
    virgin water wednesday west women world workers youth zone zona";
