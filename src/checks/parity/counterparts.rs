//! Pairs the segments of a translation with those of the original that say the same thing.
//!
//! They are aligned in their order, and then exchanged where they match better in another one.

use std::cell::RefCell;
use std::ops::Range;

use crate::checks::parity::likeness::Likeness;
use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::{Segment, Variant};
use crate::sequences::alignment::{Step, align};

/// The maximum number of pairs of segments to compare: two bodies of two thousand paragraphs each.
const MOST_PAIRS: usize = 4_000_000;

/// The maximum number of pairs with which paragraphs that were merged or split are looked for.
const MOST_PAIRS_WITH_GROUPS: usize = 250_000;

/// What a segment without a counterpart costs: it is rarer than two that match badly.
const ALONE: f64 = 0.35;

/// What a segment in another place costs.
const MOVED: f64 = 0.4;

/// How well two must match that are left alone far from each other.
const CREDIBLE: f64 = 0.5;

/// How many moves are looked for, and how far away in a body too long for all pairs.
const MOST_MOVES: usize = 20;
const REACH: usize = 8;

/// How many paragraphs may be merged into one.
const MOST_MERGED: u8 = 4;

/// Which segments of a translation say the same as those of the original. Paragraphs that were merged
/// have the same counterpart, and one that was split has several.
#[derive(Debug)]
pub(crate) struct Counterparts {
    /// The indices in the translation for each segment of the original.
    pub of_original: Vec<Vec<usize>>,
    /// The indices in the original for each segment of the translation.
    pub of_translation: Vec<Vec<usize>>,
    /// How well each segment of the original matches its counterparts: above zero they are more alike than
    /// not, and [`Self::CLEAR`] is clear.
    pub scores: Vec<f64>,
}

impl Counterparts {
    /// The score from which on there is no doubt.
    pub(crate) const CLEAR: f64 = 0.35;

    /// The segments that belong together: indices in the original, and in the translation.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&[usize], &[usize])> {
        self.of_original.iter().enumerate().filter_map(|(i, others)| {
            let back = &self.of_translation[*others.first()?];
            (back.first() == Some(&i)).then_some((back.as_slice(), others.as_slice()))
        })
    }

    fn join(&mut self, first: &[usize], second: &[usize]) {
        first.iter().for_each(|i| self.of_original[*i] = second.to_vec());
        second.iter().for_each(|j| self.of_translation[*j] = first.to_vec());
    }
}

/// Finds the counterparts of the original's segments. `None` if there are too many to compare.
pub(crate) fn counterparts(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    targets: &Targets<'_>,
) -> Option<Counterparts> {
    let (first, second) = (&original.segments, &translation.segments);
    if first.len().saturating_mul(second.len()) > MOST_PAIRS {
        return None;
    }
    let mut likeness = Likeness::new(original, translation, targets);
    let mut found = Counterparts {
        of_original: vec![Vec::new(); first.len()],
        of_translation: vec![Vec::new(); second.len()],
        scores: vec![0.0; first.len()],
    };
    // A footnote follows its reference, so that it would stand between paragraphs that were merged.
    for footnotes in [false, true] {
        let track = |segments: &[Segment]| -> Vec<usize> {
            let all = segments.iter().enumerate();
            let own = all.filter(|(_, segment)| segment.host.is_some() == footnotes);
            own.map(|(index, _)| index).collect()
        };
        let (one, other) = (track(first), track(second));
        for (i, j) in pair_up(&mut likeness, &one, &other) {
            found.join(&one[i], &other[j]);
        }
        find_replaced(&likeness, &one, &other, &mut found);
        for i in one {
            let second = &found.of_original[i];
            if let Some(j) = second.first() {
                found.scores[i] = likeness.score(&found.of_translation[*j], second);
            }
        }
    }
    Some(found)
}

/// Which of some segments belong together, by their positions. One side may be empty.
type Groups = Vec<(Range<usize>, Range<usize>)>;

fn pair_up(likeness: &mut Likeness<'_>, one: &[usize], other: &[usize]) -> Groups {
    let few = one.len().saturating_mul(other.len()) <= MOST_PAIRS_WITH_GROUPS;
    if !few {
        let matcher = Matcher::new(likeness, one, other, false);
        return matcher.exchanged(matcher.aligned(1)).0;
    }
    let mut groups = Matcher::new(likeness, one, other, true).aligned(MOST_MERGED);
    let pairs = groups.iter().map(|(i, j)| (&one[i.clone()], &other[j.clone()]));
    let corrected = likeness.corrects_ratio(pairs);
    let matcher = Matcher::new(likeness, one, other, true);
    if corrected {
        groups = matcher.aligned(MOST_MERGED);
    }
    // What has changed places looks like something that was merged, split, left out or added.
    let (groups, value) = matcher.exchanged(groups);
    if groups.iter().all(is_single) {
        return groups;
    }
    let (plain, plain_value) = matcher.exchanged(matcher.aligned(1));
    if plain_value > value { plain } else { groups }
}

fn is_single((i, j): &(Range<usize>, Range<usize>)) -> bool {
    i.len() < 2 && j.len() < 2
}

/// Pairs up some segments, by their positions.
struct Matcher<'m> {
    likeness: &'m Likeness<'m>,
    one: &'m [usize],
    other: &'m [usize],
    /// How well each segment matches each other one, as far as it is known, unless there are too many.
    known: Option<RefCell<Vec<Option<f64>>>>,
}

impl<'m> Matcher<'m> {
    fn new(likeness: &'m Likeness<'m>, one: &'m [usize], other: &'m [usize], few: bool) -> Self {
        let known = few.then(|| RefCell::new(vec![None; one.len() * other.len()]));
        Self { likeness, one, other, known }
    }

    /// How well two groups match, of which one may be empty.
    fn value(&self, i: &Range<usize>, j: &Range<usize>) -> f64 {
        if i.is_empty() || j.is_empty() {
            return -ALONE * (i.len() + j.len()) as f64;
        }
        let score = || self.likeness.score(&self.one[i.clone()], &self.other[j.clone()]);
        match self.known.as_ref().filter(|_| i.len() == 1 && j.len() == 1) {
            Some(known) => {
                let at = i.start * self.other.len() + j.start;
                *known.borrow_mut()[at].get_or_insert_with(score)
            }
            None => score(),
        }
    }

    fn aligned(&self, most: u8) -> Groups {
        let value = |i: Range<usize>, j: Range<usize>| self.value(&i, &j);
        let steps = align(self.one.len(), self.other.len(), most, ALONE, value);
        let groups = steps.into_iter().map(|step| match step {
            Step::Both(i, j) => (i, j),
            Step::First(i) => (i..i + 1, 0..0),
            Step::Second(j) => (0..0, j..j + 1),
        });
        groups.collect()
    }

    /// Exchanges the counterparts of two segments that match better crosswise, as long as there are any. Returns
    /// also how well all of them match together.
    fn exchanged(&self, mut groups: Groups) -> (Groups, f64) {
        let reach = if self.known.is_some() { usize::MAX } else { REACH };
        let value = |(i, j): &(Range<usize>, Range<usize>)| self.value(i, j);
        let mut values: Vec<f64> = groups.iter().map(value).collect();
        let singles: Vec<usize> = (0..groups.len()).filter(|at| is_single(&groups[*at])).collect();
        let mut moves = 0;
        while moves < MOST_MOVES {
            let mut best: Option<(f64, usize, usize)> = None;
            for (nth, one) in singles.iter().enumerate() {
                for other in singles[nth + 1..].iter().take(reach) {
                    let (first, second) = (&groups[*one], &groups[*other]);
                    if first.0.is_empty() && second.0.is_empty()
                        || first.1.is_empty() && second.1.is_empty()
                    {
                        continue;
                    }
                    let crossed = self.value(&first.0, &second.1) + self.value(&second.0, &first.1);
                    let gained = crossed - values[*one] - values[*other];
                    // Two that are left alone far from each other are one that moved only if they match well.
                    let alone = first.0.is_empty() && second.1.is_empty()
                        || first.1.is_empty() && second.0.is_empty();
                    if alone && other - one > 2 && crossed < CREDIBLE {
                        continue;
                    }
                    if gained > MOVED && best.is_none_or(|(most, ..)| gained > most) {
                        best = Some((gained, *one, *other));
                    }
                }
            }
            let Some((_, one, other)) = best else { break };
            let own = groups[one].1.clone();
            groups[one].1 = std::mem::replace(&mut groups[other].1, own);
            (values[one], values[other]) = (value(&groups[one]), value(&groups[other]));
            moves += 1;
        }
        let sum: f64 = values.iter().sum();
        (groups, sum - MOVED * moves as f64)
    }
}

/// Pairs a segment with the one in its position, between the same neighbours: a heading that became a
/// paragraph is one difference, not two.
fn find_replaced(
    likeness: &Likeness<'_>,
    first: &[usize],
    second: &[usize],
    found: &mut Counterparts,
) {
    let position = |j: &usize| second.binary_search(j).ok();
    for (at, i) in first.iter().enumerate() {
        // The positions in the translation of the segments before and after it, counted from one.
        let before = match at.checked_sub(1) {
            None => Some(0),
            Some(before) => {
                found.of_original[first[before]].last().and_then(position).map(|j| j + 1)
            }
        };
        let behind = match first.get(at + 1) {
            Some(next) => found.of_original[*next].first().and_then(position).map(|j| j + 1),
            None => Some(second.len() + 1),
        };
        let (Some(before), Some(behind)) = (before, behind) else { continue };
        if found.of_original[*i].is_empty()
            && behind == before + 2
            && found.of_translation[second[before]].is_empty()
            && likeness.score(&[*i], &[second[before]]) > -1.0
        {
            found.join(&[*i], &[second[before]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::carried;
    use crate::language::Tag;
    use crate::letter::markdown::{self, References};
    use crate::letter::placeholders::Placeholders;
    use crate::problems::Problems;
    use crate::source::text::Text;

    /// A letter without footnotes says nothing about how long they are in the other language.
    #[test]
    fn a_longer_translation_is_no_worse() {
        // Words of so few letters are not compared.
        let text = |words: &str| -> Vec<String> {
            (10..40).map(|times| format!("{}ab.", words.repeat(times))).collect()
        };
        let texts = [text("ab cd ef ").join("\n\n"), text("ab cd ef gh ").join("\n\n")];
        let tags: [Tag; 2] = ["de", "es"].map(|tag| tag.parse().expect("a tag"));
        let read = |at: usize| {
            let file = carried::main();
            let references = References {
                links: &[],
                placeholders: &Placeholders::default(),
                tag: &tags[at],
                pictures: &|_| None,
            };
            let text = Text::whole(file, &texts[at]);
            let body = markdown::read(&text, &texts[at], &references, &Problems::default());
            body.expect("a body")
        };
        let bodies = [read(0), read(1)];
        let [first, second] = [0, 1].map(|at| {
            Variant::of_body(&tags[at], &bodies[at].blocks, &bodies[at].links, &texts[at])
        });
        let targets = Targets::new(&[], tags.iter());
        let found = counterparts(&first, &second, &targets).expect("counterparts");
        assert!(found.scores.iter().all(|score| *score > 0.55), "{:?}", found.scores);
    }
}
