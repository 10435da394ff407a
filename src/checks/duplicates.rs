//! Finds signatories that are listed twice.
//!
//! What two entries share is evidence that they are one signatory, and what differs is evidence against
//! it. It is counted in bits, as the logarithm of how much more often it is seen in entries of one
//! signatory than in entries of two (Fellegi and Sunter, "A Theory for Record Linkage", 1969). The list
//! itself says how common each word is: a rare family name is strong evidence, "María" is little, and an
//! initial is none. The longer the list, the more is needed, because more names are alike by chance.
//!
//! Nothing is merged or dropped: people decide. The accuracy is measured on the pairs and the lists of
//! `tests/duplicates`.

pub(crate) mod name;

#[cfg(test)]
mod labelled;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

pub(super) use crate::checks::duplicates::name::is_first_name;
use crate::checks::duplicates::name::{
    Name, are_nicknames, begin_alike, is_abbreviation, is_acronym_in_any_order, is_handle,
    is_inclusive_of, is_plural, is_slip, is_typo, is_weak, is_without_umlauts, joins_particle,
    meant_by, says_little, sound_of, spellings_of,
};

/// How similar two names are.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) enum Likeness {
    /// They do not differ in anything significant.
    Same,
    /// They differ slightly.
    Near,
}

/// Two entries of a list that are probably one signatory, as indices in the list, the first one first.
pub(crate) type Pair = (usize, usize, Likeness);

/// How many names there are beside those of the list. It makes a word that a short list has twice not
/// look common.
const NAMES_ELSEWHERE: f64 = 1000.0;
/// In how many of these names a word is that no other name of the list has.
const UNSEEN: f64 = 0.05;
/// The evidence that is needed in a list of one.
const NEEDED: f64 = 3.25;
/// How much more each doubling of the list needs. It would be one bit if words were independent.
const NEEDED_FOR_TWICE: f64 = 0.95;
/// The most that equal words count together, for they are not independent.
const MOST_BY_WORDS: f64 = 26.0;
/// How much more an equal link counts than an equal word: links are not inherited.
const LINK: f64 = 1.5;
/// The most that an equal link counts.
const MOST_BY_LINK: f64 = 20.0;
/// The most that an equal organization or title counts.
const MOST_BY_ABOUT: f64 = 10.0;
/// The most that an equal word with little meaning counts, such as "Center".
const MOST_BY_WEAK_WORD: f64 = 4.0;
/// What a word counts that one of two organizations has more, for it is another chapter, city or saint.
/// Only an equal link outweighs it.
const MORE_WORDS: f64 = -23.5;
/// What a word with little meaning counts that one of two organizations has more.
const MORE_WEAK_WORDS: f64 = -3.0;
/// What a further name counts that one of two people has more, if two others are equal.
const MORE_NAMES: f64 = -4.0;
/// What it counts that only one name is equal: many people have it.
const ONE_NAME_OF_SEVERAL: f64 = -10.0;
/// What one equal name counts if neither has another.
const ONLY_NAME: f64 = -4.0;
/// The same, if it is a first name that many have.
const ONLY_FIRST_NAME: f64 = -12.0;
/// What one equal name counts if it is no first name, such as that of a company or in a forum.
const HANDLE: f64 = 4.0;
/// What another organization, title, note or country counts.
const TOLD_APART: f64 = -24.0;
/// What it counts that only one of them has a link, or says what they are.
const ONLY_ONE_SAYS: f64 = -1.5;
/// What another link counts.
const OTHER_LINK: f64 = -3.0;
/// What it counts that one is a person and the other an organization.
const OTHER_KIND: f64 = -8.0;
/// What it takes from a word that it is misspelled in one of the names.
const MISSPELLED: f64 = -11.0;
/// What it takes from a first name that it is a nickname in one of them.
const NICKNAME: f64 = -4.0;
/// What it takes from a word that it is abbreviated in one of them.
const ABBREVIATED: f64 = -5.0;
/// What words count that only begin alike.
const BEGINS_ALIKE: f64 = -23.0;

/// The names of a list, and how common their words are.
pub(crate) struct List<'n> {
    /// The different names, in order.
    entries: Vec<Entry<'n>>,
    words: Vec<Word<'n>>,
}

/// A name of the list. Its words are indices in `List::words`.
struct Entry<'n> {
    name: &'n Name,
    /// Where it is in the list.
    places: Vec<usize>,
    words: Box<[usize]>,
    about: Box<[usize]>,
    link: Option<usize>,
}

/// A word or a link of the list, with what is asked of it for each pair.
struct Word<'n> {
    text: &'n str,
    /// The number of different names with it.
    count: usize,
    /// What it counts if two names share it, in bits.
    bits: f64,
    first: char,
    last: char,
    /// In letters.
    length: usize,
    /// A bit for each letter that is in it; a few letters share one.
    letters: u32,
    /// The same for all that sound alike.
    sound: u64,
    weak: bool,
    /// The words of other languages that it stands for.
    spellings: &'static [&'static str],
}

impl<'n> Word<'n> {
    fn new(text: &'n str) -> Self {
        Self {
            text,
            count: 0,
            bits: 0.0,
            first: text.chars().next().unwrap_or_default(),
            last: text.chars().next_back().unwrap_or_default(),
            length: text.chars().count(),
            letters: text.chars().fold(0, |letters, letter| letters | 1 << (letter as u32 % 32)),
            sound: sound_of(text),
            weak: is_weak(text),
            spellings: spellings_of(text),
        }
    }

    fn is_initial(&self) -> bool {
        self.length == 1
    }

    /// Whether they begin alike and may be the same but for two letters. It takes no time, and most words
    /// are not.
    fn may_be(&self, other: &Word<'_>) -> bool {
        self.first == other.first
            && self.length.abs_diff(other.length) <= 2
            && (self.letters ^ other.letters).count_ones() <= 4
    }

    fn is_typo_of(&self, other: &Word<'_>, person: bool) -> bool {
        self.may_be(other)
            && (!person || self.last == other.last)
            // In a short word it is one letter.
            && (self.length.min(other.length) >= 9
                || (self.letters ^ other.letters).count_ones() <= 2)
            && is_typo(self.text, other.text, person)
    }

    fn sounds_like(&self, other: &Word<'_>) -> bool {
        self.sound == other.sound
            && self.length.min(other.length) >= 3
            && self.length.abs_diff(other.length) <= 2
    }

    /// Whether a word of an organization that sounds like another is likely to be it: "red" is not "reed",
    /// nor "harbor" "arbor".
    fn has_same_sound_in_print(&self, other: &Word<'_>) -> bool {
        let begin = (self.first == 'h') == (other.first == 'h');
        begin && self.length.min(other.length) >= 4 || is_without_umlauts(self.text, other.text)
    }

    /// Whether it is a misspelled word of another language that the other one stands for: "leauge" is no
    /// "liga", but "league" is.
    fn misspells(&self, other: &Word<'_>) -> bool {
        self.spellings.is_empty()
            && other.spellings.iter().any(|spelling| is_typo(self.text, spelling, false))
    }
}

/// Whether a word in the name of an organization may be the other one, written in another way.
fn are_variants(a: &Word, b: &Word) -> bool {
    let alike = a.may_be(b)
        && (a.is_typo_of(b, false)
            || is_plural(a.text, b.text)
            || is_inclusive_of(a.text, b.text)
            || is_inclusive_of(b.text, a.text));
    alike || a.sounds_like(b) && a.has_same_sound_in_print(b) || a.misspells(b) || b.misspells(a)
}

/// Whether one of two words is an abbreviation of the other, or of what it is in another language.
fn is_short_for(a: &Word, b: &Word) -> bool {
    let is = |short: &Word, long: &Word| {
        (3..=5).contains(&short.length)
            && long.spellings.iter().any(|spelling| is_abbreviation(short.text, spelling))
    };
    a.first == b.first && is_abbreviation(a.text, b.text) || is(a, b) || is(b, a)
}

impl<'n> List<'n> {
    /// Counts the words of the names of a list.
    pub(crate) fn of(all: &'n [Name]) -> Self {
        let mut known: HashMap<&Name, usize> = HashMap::with_capacity(all.len());
        let mut numbers: HashMap<&str, usize> = HashMap::with_capacity(all.len());
        let mut entries: Vec<Entry<'n>> = Vec::new();
        let mut words: Vec<Word<'n>> = Vec::new();
        let mut number = |text: &'n str| {
            let number = *numbers.entry(text).or_insert_with(|| {
                words.push(Word::new(text));
                words.len() - 1
            });
            words[number].count += 1;
            number
        };
        for (index, name) in all.iter().enumerate().filter(|(_, name)| name.says_who()) {
            let at = *known.entry(name).or_insert_with(|| {
                entries.push(Entry {
                    name,
                    places: Vec::new(),
                    words: name.words.iter().map(|word| number(word)).collect(),
                    about: name.about.iter().map(|word| number(word)).collect(),
                    link: name.link.as_deref().map(&mut number),
                });
                entries.len() - 1
            });
            entries[at].places.push(index);
        }
        let mut list = Self { entries, words };
        for at in 0..list.words.len() {
            list.words[at].bits = list.bits_of(list.words[at].count.saturating_sub(2));
        }
        list
    }

    /// What a word counts that so many other names have, in bits.
    fn bits_of(&self, others: usize) -> f64 {
        ((self.entries.len() as f64 + NAMES_ELSEWHERE) / (others as f64 + UNSEEN)).log2()
    }

    /// All pairs of entries that are probably one signatory, in order. Of entries that do not differ in
    /// anything, each is paired with the next.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for entry in &self.entries {
            if entry.places.len() > 1 && self.likeness(entry, entry).is_some() {
                pairs
                    .extend(entry.places.windows(2).map(|pair| (pair[0], pair[1], Likeness::Same)));
            }
        }
        for (a, b) in self.candidates() {
            let (a, b) = (&self.entries[a], &self.entries[b]);
            if let Some(likeness) = self.likeness(a, b) {
                pairs.push((a.places[0], b.places[0], likeness));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// How similar two entries are, if they are probably one signatory.
    fn likeness(&self, a: &Entry, b: &Entry) -> Option<Likeness> {
        let needed = NEEDED + NEEDED_FOR_TWICE * (self.entries.len() as f64).log2();
        let enough = Evidence { list: self, same: std::ptr::eq(a, b) }.of(a, b)? >= needed;
        let (a, b) = (a.name, b.name);
        let same = (a.person, &a.words, a.generation, &a.about)
            == (b.person, &b.words, b.generation, &b.about);
        let likeness = if same { Likeness::Same } else { Likeness::Near };
        // Other digits make another name, but for "quokka77" with the same link.
        let alias = a.link.is_some() && a.link == b.link && (is_alias(a) || is_alias(b));
        (enough && (alias || a.digits().eq(b.digits()))).then_some(likeness)
    }

    /// The pairs of different names that may be alike: those that share a word that hardly any other has,
    /// or one of their rarest words and the first letter of another, are equal without spaces, sound the
    /// same, or have the same link; and acronyms with the names that they may stand for.
    fn candidates(&self) -> Vec<(usize, usize)> {
        /// The number of a name's words that are looked at.
        const RAREST: usize = 3;
        /// The maximum number of names with a word that are all compared.
        const FEW: usize = 8;
        /// The maximum number of names with a word and a letter, or for an acronym. What more have is no
        /// evidence.
        const MOST: usize = 24;
        // What names have in common, and the name. Others may have the same number by chance, and are
        // compared in vain.
        let mut wholes: Vec<(u64, usize)> = Vec::with_capacity(self.entries.len() * 3);
        let mut rare: Vec<(u64, usize)> = Vec::with_capacity(self.entries.len() * 6);
        let mut acronyms: HashMap<&str, [Vec<usize>; 2]> = HashMap::new();
        let mut rarest = Vec::new();
        for (index, Entry { name, words, link, .. }) in self.entries.iter().enumerate() {
            let mut whole = |text: u64| wholes.push((text, index));
            whole(hash_of([&*name.squashed]));
            whole(hash_of(name.words.iter().map(String::as_str)));
            name.parts.iter().for_each(|part| whole(hash_of(part.iter().map(String::as_str))));
            link.iter().for_each(|link| whole(*link as u64));
            if let [word] = &name.words[..] {
                acronyms.entry(word).or_default()[0].push(index);
            } else if !name.initials.is_empty() {
                acronyms.entry(&name.initials).or_default()[1].push(index);
            }
            rarest.clear();
            rarest.extend(words.iter().filter(|word| !self.words[**word].is_initial()));
            // In any order.
            let sounds = rarest.iter().map(|word: &usize| self.words[*word].sound);
            whole(sounds.fold(0, u64::wrapping_add));
            rarest.sort_unstable_by_key(|word| {
                let Word { weak, count, text, .. } = self.words[*word];
                (weak, count, text)
            });
            rarest.truncate(RAREST);
            for (at, word) in rarest.iter().enumerate() {
                let mut key = |first: char, last: char| {
                    let letters = (first as u64 & 0xFFFF) << 16 | (last as u64 & 0xFFFF);
                    rare.push(((*word as u64) << 32 | letters, index));
                };
                if self.words[*word].count <= FEW {
                    key('\0', '\0');
                    continue;
                }
                for (_, other) in rarest.iter().enumerate().filter(|(other, _)| *other != at) {
                    let other = &self.words[*other];
                    if !name.person {
                        key(other.first, '\0');
                        continue;
                    }
                    key(other.first, other.last);
                    let called = name.called.as_deref().into_iter();
                    for meant in meant_by(other.text).iter().copied().chain(called) {
                        let mut letters = meant.chars();
                        let first = letters.next().unwrap_or_default();
                        key(first, letters.next_back().unwrap_or_default());
                    }
                }
            }
        }
        let mut found = Vec::new();
        wholes.sort_unstable();
        rare.sort_unstable();
        let rare = rare.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() <= MOST);
        for bucket in wholes.chunk_by(|a, b| a.0 == b.0).chain(rare) {
            for (position, (_, second)) in bucket.iter().enumerate() {
                let firsts = bucket[..position].iter().rev().take(MOST);
                found.extend(firsts.map(|(_, first)| (*first, *second)));
            }
        }
        for [acronyms, names] in acronyms.into_values() {
            if names.len() <= MOST {
                let pairs = acronyms.iter().take(MOST);
                let pairs = pairs.flat_map(|a| names.iter().map(|b| (*a.min(b), *a.max(b))));
                found.extend(pairs);
            }
        }
        found.retain(|(first, second)| first != second);
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A number for a text, the same in each run. It does not depend on where the words begin.
fn hash_of<'w>(words: impl IntoIterator<Item = &'w str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for word in words {
        hasher.write(word.as_bytes());
    }
    hasher.finish()
}

/// The evidence for two entries of a list being one signatory.
struct Evidence<'l> {
    list: &'l List<'l>,
    /// Whether the two say the same.
    same: bool,
}

impl Evidence<'_> {
    fn word(&self, number: usize) -> &Word<'_> {
        &self.list.words[number]
    }

    /// What an equal word counts.
    fn bits(&self, number: usize) -> f64 {
        let word = self.word(number);
        if self.same { self.list.bits_of(word.count.saturating_sub(1)) } else { word.bits }
    }

    /// All evidence, in bits. `None` if nothing can outweigh what differs.
    fn of(&self, a: &Entry, b: &Entry) -> Option<f64> {
        if a.name.is_relative_of(b.name) {
            return None;
        }
        let of_names = self.of_names(a, b);
        // Somebody may sign with a name and again as "quokka77", but with the same link.
        let alias = a.link.is_some() && a.link == b.link && (is_alias(a.name) || is_alias(b.name));
        let of_names = if alias { of_names.unwrap_or_default().max(0.0) } else { of_names? };
        let of_kind = if a.name.person == b.name.person { 0.0 } else { OTHER_KIND };
        let of_links = match (a.link, b.link) {
            (Some(a), Some(b)) if a == b => (self.bits(a) * LINK).min(MOST_BY_LINK),
            (Some(_), Some(_)) => OTHER_LINK,
            (None, None) => 0.0,
            _ => ONLY_ONE_SAYS,
        };
        let of_about = match (a.about.is_empty(), b.about.is_empty()) {
            (true, true) => 0.0,
            (false, false) if a.name.person == b.name.person => match self.of_about(a, b) {
                Some(bits) => bits.min(MOST_BY_ABOUT),
                None => TOLD_APART,
            },
            _ => ONLY_ONE_SAYS,
        };
        let of_countries = match (&a.name.country, &b.name.country) {
            (Some(a), Some(b)) if a != b => TOLD_APART,
            _ => 0.0,
        };
        Some(of_names + of_kind + of_links + of_about + of_countries)
    }

    /// The evidence of two names.
    fn of_names(&self, a: &Entry, b: &Entry) -> Option<f64> {
        // "Border Line", "Borderline".
        if a.words.len() != b.words.len() && a.name.squashed == b.name.squashed {
            let of = |words: &[usize]| {
                let words = words.iter().filter(|word| !self.word(**word).is_initial());
                words.map(|word| self.bits(*word)).sum::<f64>()
            };
            return Some(of(&a.words).min(of(&b.words)).min(MOST_BY_WORDS));
        }
        if a.name.person && b.name.person {
            return self.of_people(a, b);
        }
        let of_part = self.of_part(a, b).max(self.of_part(b, a)).min(MOST_BY_WORDS);
        Some(self.of_organizations(a, b).max(of_part))
    }

    /// The evidence of a part or an acronym of one name being the whole of another.
    fn of_part(&self, whole: &Entry, other: &Entry) -> f64 {
        let bits = || other.words.iter().map(|word| self.bits(*word)).sum::<f64>();
        let is_whole = other.name.parts.iter().all(|part| part.len() == 1);
        if is_whole && whole.name.parts.contains(&other.name.words) {
            return bits();
        }
        match &other.name.words[..] {
            [word] if *word == whole.name.initials => bits(),
            _ => f64::MIN,
        }
    }

    /// The evidence of the words that tell two signatories from others. `None` if they say something else:
    /// if no more than half of what the shorter one says is in the other.
    fn of_about(&self, a: &Entry, b: &Entry) -> Option<f64> {
        let all = || a.about.iter().map(|word| self.bits(*word)).sum::<f64>();
        if a.about == b.about {
            return Some(all());
        }
        // "Universidad Nacional Autónoma de México", "UNAM"; "Hà Nội", "Hanoi".
        let spelled_out =
            |a: &[String], b: &[String]| a.iter().any(|a| is_acronym_in_any_order(a, b));
        let (of_a, of_b) = (&a.name.about[..], &b.name.about[..]);
        let one_word = || of_a.len() != of_b.len() && of_a.concat() == of_b.concat();
        if spelled_out(of_a, of_b) || spelled_out(of_b, of_a) || one_word() {
            return Some(all());
        }
        let alike = |a: usize, b: usize| {
            let (one, other) = (self.word(a), self.word(b));
            a == b || one.is_typo_of(other, false) || is_short_for(one, other)
        };
        let shared = a.about.iter().filter(|a| b.about.iter().any(|b| alike(**a, *b)));
        let (count, bits) =
            shared.fold((0, 0.0), |(count, bits), word| (count + 1, bits + self.bits(*word)));
        (count * 2 > a.about.len().min(b.about.len())).then_some(bits)
    }

    /// Takes away the pairs of words of two names for which `alike` holds, and says how many there are and
    /// what they count.
    fn matched(
        &self,
        a: &mut Vec<usize>,
        b: &mut Vec<usize>,
        alike: impl Fn(&Word, &Word) -> bool,
        bits: impl Fn(usize, usize) -> f64,
    ) -> (usize, f64) {
        let mut found = (0, 0.0);
        a.retain(|word| {
            let is = |other: &usize| alike(self.word(*word), self.word(*other));
            let Some(at) = b.iter().position(is) else { return true };
            found = (found.0 + 1, found.1 + bits(*word, b.remove(at)));
            false
        });
        found
    }

    /// The word that is all that is left of one name, and of the other, where it is written as several: "Mac
    /// Gillivray", "MacGillivray".
    fn joined(&self, a: &mut Vec<usize>, b: &mut Vec<usize>) -> Option<usize> {
        let (whole, parts) = match (&a[..], &b[..]) {
            ([whole], [first, second]) | ([first, second], [whole]) => (*whole, [*first, *second]),
            _ => return None,
        };
        let rest = self.word(whole).text.strip_prefix(self.word(parts[0]).text)?;
        if rest != self.word(parts[1]).text {
            return None;
        }
        a.clear();
        b.clear();
        Some(whole)
    }

    /// The evidence of the words of two names of which at least one is an organization's.
    fn of_organizations(&self, one: &Entry, other: &Entry) -> f64 {
        let (mut a, mut b) = (one.words.to_vec(), other.words.to_vec());
        let of_equal = |word: usize, _| {
            self.bits(word).min(if self.word(word).weak {
                MOST_BY_WEAK_WORD
            } else {
                MOST_BY_WORDS
            })
        };
        let is_equal = |a: &Word, b: &Word| std::ptr::eq(a, b);
        let (_, mut known) = self.matched(&mut a, &mut b, is_equal, of_equal);
        known += self.joined(&mut a, &mut b).map_or(0.0, |word| of_equal(word, word));
        let (_, misspelled) = self.matched(&mut a, &mut b, are_variants, |a, b| {
            self.bits(a).max(self.bits(b)) + MISSPELLED
        });
        let (_, abbreviated) = self.matched(&mut a, &mut b, is_short_for, |a, b| {
            self.bits(a).min(self.bits(b)) + ABBREVIATED
        });
        // "Center" may be left out, but a center is no network, and nobody's name; nor is somebody called
        // Frida Casas the Casa Frida.
        let (first, second) = (self.word(one.words[0]), self.word(other.words[0]));
        let mixed = one.name.person != other.name.person;
        let turned = mixed && !is_equal(first, second) && !are_variants(first, second);
        let differ = mixed || !a.is_empty() && !b.is_empty();
        let more = a.iter().chain(&b).map(|word| {
            if self.word(*word).weak && !differ { MORE_WEAK_WORDS } else { MORE_WORDS }
        });
        known.min(MOST_BY_WORDS)
            + (misspelled + abbreviated).min(MOST_BY_WORDS / 2.0)
            + more.sum::<f64>()
            + if turned { MORE_WORDS } else { 0.0 }
    }

    /// The evidence of the names of two people. `None` if each has a name that the other lacks.
    fn of_people(&self, one: &Entry, other: &Entry) -> Option<f64> {
        let (a, b) = (&one.words, &other.words);
        let (mut left, mut right) = (a.to_vec(), b.to_vec());
        let is_equal = |a: &Word, b: &Word| std::ptr::eq(a, b) && !a.is_initial();
        let (mut agreed, mut bits) =
            self.matched(&mut left, &mut right, is_equal, |a, _| self.bits(a));
        // Of two with one link, "Merckx" and "Merakx" are the same name.
        let linked = one.link.is_some() && one.link == other.link;
        // Marina is no slip for Martina.
        let both_known = |a: &Word, b: &Word| is_first_name(a.text) && is_first_name(b.text);
        let is_typo = |a: &Word, b: &Word| {
            a.is_typo_of(b, true) && !both_known(a, b)
                || a.sounds_like(b)
                || joins_particle(a.text, b.text)
                || linked && a.first == b.first && a.last == b.last && is_slip(a.text, b.text)
        };
        let misspelled = self.matched(&mut left, &mut right, is_typo, |a, b| {
            self.bits(a).max(self.bits(b)) + MISSPELLED
        });
        let called = |name: &Name, word: &Word| name.called.as_deref() == Some(word.text);
        let is_nickname = |a: &Word, b: &Word| {
            are_nicknames(a.text, b.text) || called(one.name, b) || called(other.name, a)
        };
        let nicknamed = self.matched(&mut left, &mut right, is_nickname, |a, b| {
            self.bits(a).min(self.bits(b)) + NICKNAME
        });
        if let Some(whole) = self.joined(&mut left, &mut right) {
            agreed += 1;
            bits += self.bits(whole);
        }
        let begins_alike = |a: &Word, b: &Word| begin_alike(a.text, b.text) && !both_known(a, b);
        let alike = self.matched(&mut left, &mut right, begins_alike, |_, _| BEGINS_ALIKE);
        // An initial is compatible with a name, and no evidence.
        let is_compatible =
            |a: &Word, b: &Word| (a.is_initial() || b.is_initial()) && a.first == b.first;
        self.matched(&mut left, &mut right, is_compatible, |_, _| 0.0);
        agreed += misspelled.0 + nicknamed.0 + alike.0;
        let of_others = if !left.is_empty() && !right.is_empty() {
            return None;
        } else if let ([a], [_]) = (&a[..], &b[..]) {
            match self.word(*a).text {
                word if is_handle(word) => HANDLE,
                word if is_first_name(word) => ONLY_FIRST_NAME,
                _ => ONLY_NAME,
            }
        } else if agreed < 2 {
            // "M. García", "Manuel García".
            let is_common = |word: &&usize| b.contains(word) && says_little(self.word(**word).text);
            let common = a.iter().any(|word| is_common(&word));
            ONE_NAME_OF_SEVERAL + if common { ONLY_FIRST_NAME - ONLY_NAME } else { 0.0 }
        } else {
            // People seldom leave out the first of their names.
            let leads = left.contains(&a[0]) || right.contains(&b[0]);
            (left.len().max(right.len()) + usize::from(leads)) as f64 * MORE_NAMES
        };
        Some((bits + nicknamed.1 + misspelled.1).min(MOST_BY_WORDS) + alike.1 + of_others)
    }
}

/// Whether somebody signs with a name that is no name of a person.
fn is_alias(name: &Name) -> bool {
    matches!(&name.words[..], [word] if name.person && is_handle(word))
}
