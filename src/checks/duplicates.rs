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

use std::collections::{BTreeSet, HashMap};

use crate::checks::duplicates::name::{
    Name, are_nicknames, begin_alike, is_abbreviation, is_acronym_in_any_order, is_handle,
    is_inclusive_of, is_initial, is_plural, is_typo, is_weak, sound_alike,
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
/// The evidence that is needed in a list of one; each doubling of the list needs one bit more.
const NEEDED: f64 = 3.2;
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
    /// The different names, in order, and where each is in the list.
    names: Vec<(&'n Name, Vec<usize>)>,
    /// The number of different names with each word or link.
    common: HashMap<&'n str, usize>,
}

impl<'n> List<'n> {
    /// Counts the words of the names of a list.
    pub(crate) fn of(all: &'n [Name]) -> Self {
        let mut known: HashMap<&Name, usize> = HashMap::new();
        let mut names: Vec<(&Name, Vec<usize>)> = Vec::new();
        for (index, name) in all.iter().enumerate().filter(|(_, name)| name.says_who()) {
            let at = *known.entry(name).or_insert_with(|| {
                names.push((name, Vec::new()));
                names.len() - 1
            });
            names[at].1.push(index);
        }
        let mut common: HashMap<&str, usize> = HashMap::new();
        for (name, _) in &names {
            let words = name.words.iter().chain(&name.about).chain(&name.link);
            words.for_each(|word| *common.entry(word).or_default() += 1);
        }
        Self { names, common }
    }

    /// All pairs of entries that are probably one signatory, in order. Of entries that do not differ in
    /// anything, each is paired with the next.
    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for (name, places) in &self.names {
            if places.len() > 1 && self.likeness(name, name).is_some() {
                pairs.extend(places.windows(2).map(|pair| (pair[0], pair[1], Likeness::Same)));
            }
        }
        for (a, b) in self.candidates() {
            let ((a, at_a), (b, at_b)) = (&self.names[a], &self.names[b]);
            if let Some(likeness) = self.likeness(a, b) {
                pairs.push((at_a[0], at_b[0], likeness));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// How similar two entries are, if they are probably one signatory.
    pub(crate) fn likeness(&self, a: &Name, b: &Name) -> Option<Likeness> {
        let needed = NEEDED + (self.names.len() as f64).log2();
        let same = a.person == b.person && a.words == b.words && a.about == b.about;
        let likeness = if same { Likeness::Same } else { Likeness::Near };
        // Other digits make another name.
        (self.evidence(a, b)? >= needed && a.digits().eq(b.digits())).then_some(likeness)
    }

    /// The evidence for two entries being one signatory, in bits. `None` if nothing can outweigh what
    /// differs.
    fn evidence(&self, a: &Name, b: &Name) -> Option<f64> {
        let both = if a == b { 1 } else { 2 };
        let bits = |word: &str| {
            let others = self.common.get(word).map_or(0, |count| count.saturating_sub(both));
            ((self.names.len() as f64 + NAMES_ELSEWHERE) / (others as f64 + UNSEEN)).log2()
        };
        let of_names = match of_names(a, b, &bits) {
            // Somebody may sign with a name and again as "quokka77", but with the same link.
            None if a.link.is_some() && a.link == b.link && (is_alias(a) || is_alias(b)) => 0.0,
            found => found?,
        };
        let of_kind = if a.person == b.person { 0.0 } else { OTHER_KIND };
        let of_links = match (&a.link, &b.link) {
            (Some(a), Some(b)) if a == b => (bits(a) * LINK).min(MOST_BY_LINK),
            (Some(_), Some(_)) => OTHER_LINK,
            (None, None) => 0.0,
            _ => ONLY_ONE_SAYS,
        };
        let of_about = match (a.about.is_empty(), b.about.is_empty()) {
            (true, true) => 0.0,
            (false, false) if a.person == b.person => match shared(&a.about, &b.about) {
                Some(words) => words.map(bits).sum::<f64>().min(MOST_BY_ABOUT),
                None => TOLD_APART,
            },
            _ => ONLY_ONE_SAYS,
        };
        let of_countries = match (&a.country, &b.country) {
            (Some(a), Some(b)) if a != b => TOLD_APART,
            _ => 0.0,
        };
        Some(of_names + of_kind + of_links + of_about + of_countries)
    }

    /// The pairs of different names that may be alike: those that share one of their rarest words and the
    /// first letter of another, are equal without spaces, or have the same link; and acronyms with the names
    /// that they may stand for.
    fn candidates(&self) -> Vec<(usize, usize)> {
        /// The number of a name's words that are looked at.
        const RAREST: usize = 3;
        /// The maximum number of names with a word and a letter, or for an acronym. What more have is no
        /// evidence.
        const MOST: usize = 24;
        let mut wholes: HashMap<String, Vec<usize>> = HashMap::new();
        let mut words: HashMap<(&str, char), Vec<usize>> = HashMap::new();
        // The acronyms, and the names that they may stand for.
        let mut acronyms: HashMap<String, [Vec<usize>; 2]> = HashMap::new();
        for (index, (name, _)) in self.names.iter().enumerate() {
            let mut whole: BTreeSet<String> = name.parts.iter().map(|part| part.concat()).collect();
            whole.extend([name.squashed.clone(), name.words.concat()]);
            whole.extend(name.link.clone());
            whole.into_iter().for_each(|key| wholes.entry(key).or_default().push(index));
            if let [word] = &name.words[..] {
                acronyms.entry(word.clone()).or_default()[0].push(index);
            } else if !name.initials.is_empty() {
                acronyms.entry(name.initials.clone()).or_default()[1].push(index);
            }
            let mut rarest = borrowed(&name.words);
            rarest.sort_by_key(|word| (is_weak(word), self.common[word], *word));
            rarest.truncate(RAREST);
            for (at, word) in rarest.iter().enumerate() {
                let others = rarest.iter().enumerate().filter(|(other, _)| *other != at);
                let firsts = others.filter_map(|(_, other)| other.chars().next());
                for key in firsts.collect::<BTreeSet<_>>() {
                    words.entry((word, key)).or_default().push(index);
                }
            }
        }
        let words = words.into_values().filter(|bucket| bucket.len() <= MOST);
        let mut found = Vec::new();
        for bucket in wholes.into_values().chain(words) {
            for (position, second) in bucket.iter().enumerate() {
                let firsts = bucket[..position].iter().rev().take(MOST);
                found.extend(firsts.map(|first| (*first, *second)));
            }
        }
        for [acronyms, names] in acronyms.into_values() {
            if names.len() <= MOST {
                let pairs = acronyms.iter().take(MOST);
                let pairs = pairs.flat_map(|a| names.iter().map(|b| (*a.min(b), *a.max(b))));
                found.extend(pairs);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The evidence of two names.
fn of_names(a: &Name, b: &Name, bits: &impl Fn(&str) -> f64) -> Option<f64> {
    // "Border Line", "Borderline".
    if a.squashed == b.squashed && a.words.len() != b.words.len() {
        let of = |words: &[String]| {
            let words = words.iter().filter(|word| !is_initial(word));
            words.map(|word| bits(word)).sum::<f64>()
        };
        return Some(of(&a.words).min(of(&b.words)).min(MOST_BY_WORDS));
    }
    if a.person && b.person {
        return of_people(a, b, bits);
    }
    // A part or an acronym of one may be the whole of the other.
    let is_whole = |name: &Name| name.parts.iter().all(|part| part.len() == 1);
    let part = a.parts.iter().filter(|part| **part == b.words && is_whole(b));
    let part = part.chain(b.parts.iter().filter(|part| **part == a.words && is_whole(a))).next();
    let acronym = |a: &'_ Name, b: &Name| match &a.words[..] {
        [word] if *word == b.initials => Some(bits(word)),
        _ => None,
    };
    let of_acronym = acronym(a, b).or_else(|| acronym(b, a)).unwrap_or(f64::MIN);
    let of_part = part.map_or(of_acronym, |part| part.iter().map(|word| bits(word)).sum());
    Some(of_organizations(a, b, bits).max(of_part.min(MOST_BY_WORDS)))
}

/// The words that two signatories share of what tells them from others. `None` if they say something else:
/// if no more than half of what the shorter one says is in the other.
fn shared<'w>(a: &'w [String], b: &[String]) -> Option<impl Iterator<Item = &'w str>> {
    let alike = |a: &str, b: &str| a == b || is_typo(a, b, false) || is_abbreviation(a, b);
    // "Universidad Nacional Autónoma de México", "UNAM"; "Hà Nội", "Hanoi".
    let spelled_out = |a: &[String], b: &[String]| a.iter().any(|a| is_acronym_in_any_order(a, b));
    let one_word = || a.len() != b.len() && a.concat() == b.concat();
    if spelled_out(a, b) || spelled_out(b, a) || one_word() {
        return Some(a.iter().map(String::as_str).collect::<Vec<_>>().into_iter());
    }
    let shared: Vec<&str> =
        a.iter().filter(|a| b.iter().any(|b| alike(a, b))).map(String::as_str).collect();
    (shared.len() * 2 > a.len().min(b.len())).then_some(shared.into_iter())
}

/// A word of one name and a word of the other that may be the same.
type Match<'w> = (&'w str, &'w str);

/// The pairs of words of two names for which `alike` holds, and the words that are left.
fn matched<'w>(
    a: &mut Vec<&'w str>,
    b: &mut Vec<&'w str>,
    alike: impl Fn(&str, &str) -> bool,
) -> Vec<Match<'w>> {
    let mut found = Vec::new();
    a.retain(|word| {
        let Some(at) = b.iter().position(|other| alike(word, other)) else { return true };
        found.push((*word, b.remove(at)));
        false
    });
    found
}

/// The word that is all that is left of one name, and of the other, where it is written as several: "Mac
/// Gillivray", "MacGillivray".
fn joined<'w>(a: &mut Vec<&'w str>, b: &mut Vec<&'w str>) -> Option<Match<'w>> {
    let whole = match (&a[..], &b[..]) {
        ([whole], [_, _]) | ([_, _], [whole]) => *whole,
        _ => return None,
    };
    if a.concat() != b.concat() {
        return None;
    }
    a.clear();
    b.clear();
    Some((whole, whole))
}

/// The evidence of the words of two names of which at least one is an organization's.
fn of_organizations(one: &Name, other: &Name, bits: &impl Fn(&str) -> f64) -> f64 {
    let (mut a, mut b) = (borrowed(&one.words), borrowed(&other.words));
    let mut equal = matched(&mut a, &mut b, |a, b| a == b);
    equal.extend(joined(&mut a, &mut b));
    let typos = matched(&mut a, &mut b, |a, b| {
        is_typo(a, b, false)
            || is_plural(a, b)
            || is_inclusive_of(a, b)
            || is_inclusive_of(b, a)
            || sound_alike(a, b)
    });
    let short = matched(&mut a, &mut b, is_abbreviation);
    let weak = |word: &str| if is_weak(word) { MOST_BY_WEAK_WORD } else { MOST_BY_WORDS };
    let known: f64 = equal.iter().map(|(word, _)| bits(word).min(weak(word))).sum();
    let misspelled = typos.iter().map(|(a, b)| bits(a).max(bits(b)) + MISSPELLED);
    let abbreviated = short.iter().map(|(a, b)| bits(a).min(bits(b)) + ABBREVIATED);
    // "Center" may be left out, but a center is no network, and nobody's name.
    let differ = one.person != other.person || !a.is_empty() && !b.is_empty();
    let more = a.iter().chain(&b);
    let more = more.map(|word| if is_weak(word) && !differ { MORE_WEAK_WORDS } else { MORE_WORDS });
    known.min(MOST_BY_WORDS)
        + misspelled.chain(abbreviated).sum::<f64>().min(MOST_BY_WORDS / 2.0)
        + more.sum::<f64>()
}

/// The evidence of the names of two people. `None` if each has a name that the other lacks.
fn of_people(one: &Name, other: &Name, bits: &impl Fn(&str) -> f64) -> Option<f64> {
    let (a, b) = (&one.words, &other.words);
    let (mut left, mut right) = (borrowed(a), borrowed(b));
    let mut equal = matched(&mut left, &mut right, |a, b| a == b && !is_initial(a));
    let typos = matched(&mut left, &mut right, |a, b| is_typo(a, b, true) || sound_alike(a, b));
    let nicknames = matched(&mut left, &mut right, |a, b| {
        let is = |called: &Option<String>, name| called.as_deref() == Some(name);
        are_nicknames(a, b) || is(&one.called, b) || is(&other.called, a)
    });
    equal.extend(joined(&mut left, &mut right));
    let alike = matched(&mut left, &mut right, begin_alike);
    // An initial is compatible with a name, and no evidence.
    matched(&mut left, &mut right, |a, b| {
        (is_initial(a) || is_initial(b)) && a.chars().next() == b.chars().next()
    });
    let agreed = equal.len() + nicknames.len() + typos.len() + alike.len();
    let more = left.len().max(right.len());
    let of_others = if !left.is_empty() && !right.is_empty() {
        return None;
    } else if a.len() + b.len() == 2 {
        if is_handle(&a[0]) { HANDLE } else { ONLY_NAME }
    } else if agreed < 2 {
        ONE_NAME_OF_SEVERAL
    } else {
        // People seldom leave out the first of their names.
        let leads = left.contains(&&*a[0]) || right.contains(&&*b[0]);
        (more + usize::from(leads)) as f64 * MORE_NAMES
    };
    let known = equal.iter().map(|(word, _)| bits(word));
    let nicknamed = nicknames.iter().map(|(a, b)| bits(a).min(bits(b)) + NICKNAME);
    let misspelled = typos.iter().map(|(a, b)| bits(a).max(bits(b)) + MISSPELLED);
    let of_words = known.chain(nicknamed).chain(misspelled).sum::<f64>().min(MOST_BY_WORDS);
    Some(of_words + alike.len() as f64 * BEGINS_ALIKE + of_others)
}

/// Whether somebody signs with a name that is no name of a person.
fn is_alias(name: &Name) -> bool {
    matches!(&name.words[..], [word] if name.person && is_handle(word))
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
