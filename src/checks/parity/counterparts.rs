//! Pairs the segments of a translation with those of the original that say the same thing.
//!
//! They are aligned by features that a translation keeps: kind, length, links, numbers, names, and words
//! that begin alike in both languages (Simard, Foster and Isabelle 1992, "Using cognates to align
//! sentences in bilingual corpora").

use std::collections::{BTreeSet, HashMap};

use crate::checks::parity::alignment::{Step, align};
use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::language::fold;
use crate::language::number_reader::Value;

/// The maximum number of pairs of segments to compare: two bodies of two thousand paragraphs each.
const MOST_PAIRS: usize = 4_000_000;

/// Which segments of a translation say the same as those of the original.
pub(crate) struct Counterparts {
    /// The index in the translation for each segment of the original.
    pub of_original: Vec<Option<usize>>,
    /// The index in the original for each segment of the translation.
    pub of_translation: Vec<Option<usize>>,
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
    let likeness = Likeness::new(original, translation, targets);
    let mut of_original = vec![None; first.len()];
    for step in align(first.len(), second.len(), |i, j| likeness.score(i, j)) {
        if let Step::Both(i, j) = step {
            of_original[i] = Some(j);
        }
    }
    let mut of_translation = vec![None; second.len()];
    for (i, j) in of_original.iter().enumerate() {
        if let Some(j) = j {
            of_translation[*j] = Some(i);
        }
    }
    let mut found = Counterparts { of_original, of_translation };
    find_moved(&likeness, &mut found);
    find_replaced(&likeness, &mut found);
    Some(found)
}

/// How well segments of two languages match.
struct Likeness<'v> {
    first: &'v [Segment],
    second: &'v [Segment],
    features: (Vec<BTreeSet<u32>>, Vec<BTreeSet<u32>>),
    /// Which features are links, numbers and placeholders, which are not changed by a translation.
    exact: Vec<bool>,
    weights: Vec<f64>,
    /// The length of the whole translation divided by that of the original.
    ratio: f64,
}

impl<'v> Likeness<'v> {
    fn new(original: &'v Variant<'_>, translation: &'v Variant<'_>, targets: &Targets<'_>) -> Self {
        let mut indices: HashMap<String, u32> = HashMap::new();
        let mut counts: Vec<usize> = Vec::new();
        let mut exact: Vec<bool> = Vec::new();
        let mut collect = |variant: &Variant<'_>| -> Vec<BTreeSet<u32>> {
            let mut all = Vec::new();
            for segment in &variant.segments {
                let mut set = BTreeSet::new();
                for feature in features(segment, variant, targets) {
                    let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                    let is_exact = feature.contains(' ');
                    let index = *indices.entry(feature).or_insert_with(|| {
                        counts.push(0);
                        exact.push(is_exact);
                        next
                    });
                    if set.insert(index) {
                        counts[index as usize] += 1;
                    }
                }
                all.push(set);
            }
            all
        };
        let features = (collect(original), collect(translation));
        // A feature that is everywhere says nothing about where a segment belongs.
        let segments = (original.segments.len() + translation.segments.len()) as f64;
        let weights = counts.iter().map(|count| (1.0 + segments / *count as f64).ln()).collect();
        let length = |variant: &Variant<'_>| -> f64 {
            variant.segments.iter().map(|segment| segment.text.len() as f64).sum()
        };
        Self {
            first: &original.segments,
            second: &translation.segments,
            features,
            exact,
            weights,
            ratio: (length(translation) + 1.0) / (length(original) + 1.0),
        }
    }

    /// How many of their features two segments share, from 0 to 1.
    fn common(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (&self.features.0[i], &self.features.1[j]);
        let weight = |index: &u32| self.weights[*index as usize];
        let all: f64 = a.iter().chain(b).map(weight).sum();
        if all == 0.0 { 0.0 } else { 2.0 * a.intersection(b).map(weight).sum::<f64>() / all }
    }

    /// The penalty for two segments with numbers or links but none in common.
    fn contradiction(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (&self.features.0[i], &self.features.1[j]);
        let exact = |index: &&u32| self.exact[**index as usize];
        let some = a.iter().any(|index| exact(&index)) || b.iter().any(|index| exact(&index));
        let shared = a.intersection(b).any(|index| exact(&index));
        if some && !shared { 0.3 } else { 0.0 }
    }

    fn score(&self, i: usize, j: usize) -> f64 {
        let (a, b) = (&self.first[i], &self.second[j]);
        let kind = match (a.kind, b.kind) {
            (a, b) if a == b => 0.6,
            (SegmentKind::Heading(_), SegmentKind::Heading(_))
            | (SegmentKind::Item(_), SegmentKind::Item(_))
            | (SegmentKind::Row(_), SegmentKind::Row(_)) => 0.5,
            (SegmentKind::Rule | SegmentKind::Code, _)
            | (_, SegmentKind::Rule | SegmentKind::Code) => {
                return -1.0;
            }
            (SegmentKind::Footnote, _) | (_, SegmentKind::Footnote) => -0.8,
            _ => -0.4,
        };
        let expected = (a.text.len() as f64 + 20.0) * self.ratio;
        let length = ((b.text.len() as f64 + 20.0) / expected).ln().abs().min(1.5);
        kind - 0.5 * length + 3.0 * self.common(i, j) - self.contradiction(i, j)
    }
}

/// The features of a segment that survive translation. Every feature except the beginning of a word
/// contains a space.
fn features(segment: &Segment, variant: &Variant<'_>, targets: &Targets<'_>) -> Vec<String> {
    let mut features: Vec<String> = segment
        .links
        .iter()
        .map(|link| format!("link {}", targets.key(link, variant.tag)))
        .collect();
    features.extend(segment.placeholders.iter().map(|(name, _)| format!("placeholder {name}")));
    for figure in segment.figures.iter().filter(|figure| figure.certain) {
        features.extend(figure.values.iter().map(|value| match value {
            Value::Number(number) => format!("number {number}"),
            other => format!("other {other:?}"),
        }));
    }
    for word in segment.text.split(|c: char| !c.is_alphanumeric()) {
        let folded = fold(word);
        let acronym = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
        if acronym {
            features.push(folded);
        } else if folded.chars().count() > 3 && !folded.bytes().any(|b| b.is_ascii_digit()) {
            features.push(folded.chars().take(4).collect());
        }
    }
    features
}

/// Finds segments that have moved in the translation. An alignment keeps the order, so it leaves such
/// segments alone or pairs them with one another.
fn find_moved(likeness: &Likeness<'_>, found: &mut Counterparts) {
    /// How much two segments must have in common for a different order to be credible.
    const CLEAR: f64 = 0.15;
    let usual: Vec<f64> = found
        .of_original
        .iter()
        .enumerate()
        .filter_map(|(i, j)| Some(likeness.common(i, (*j)?)))
        .collect();
    let usual = usual.iter().sum::<f64>() / usual.len().max(1) as f64;
    let clear = CLEAR.max(usual / 2.0);

    let pairs: Vec<(usize, usize)> =
        found.of_original.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
    // Two that are paired crosswise, most often neighbours.
    for (at, (i, j)) in pairs.iter().enumerate() {
        for (k, l) in pairs[at + 1..].iter().take(8) {
            let (Some(j_now), Some(l_now)) = (found.of_original[*i], found.of_original[*k]) else {
                continue;
            };
            if (j_now, l_now) != (*j, *l) {
                continue;
            }
            let straight = (likeness.common(*i, *j), likeness.common(*k, *l));
            let crossed = (likeness.common(*i, *l), likeness.common(*k, *j));
            let same_kinds = likeness.first[*i].kind == likeness.second[*l].kind
                && likeness.first[*k].kind == likeness.second[*j].kind;
            let better = crossed.0 > clear
                && crossed.1 > clear
                && crossed.0 > straight.0 * 2.0
                && crossed.1 > straight.1 * 2.0;
            if same_kinds && better {
                found.join(*i, *l);
                found.join(*k, *j);
            }
        }
    }
    // Segments left alone on both sides.
    let mut alone: Vec<(f64, usize, usize)> = Vec::new();
    let free = |of: &[Option<usize>]| -> Vec<usize> {
        of.iter().enumerate().filter(|(_, other)| other.is_none()).map(|(at, _)| at).collect()
    };
    let second_free = free(&found.of_translation);
    for i in free(&found.of_original) {
        for j in &second_free {
            let common = likeness.common(i, *j);
            if common > clear && likeness.score(i, *j) > 0.0 {
                alone.push((common, i, *j));
            }
        }
    }
    alone.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, i, j) in alone {
        if found.of_original[i].is_none() && found.of_translation[j].is_none() {
            found.join(i, j);
        }
    }
}

/// Pairs a segment with the one in its position, between the same neighbours: a heading that became a
/// paragraph is one difference, not two.
fn find_replaced(likeness: &Likeness<'_>, found: &mut Counterparts) {
    let count = found.of_original.len();
    for i in 0..count {
        // The positions in the translation of the segments before and after it, counted from one.
        let before = if i == 0 { Some(0) } else { found.of_original[i - 1].map(|j| j + 1) };
        let behind = match found.of_original.get(i + 1) {
            Some(next) => next.map(|j| j + 1),
            None => Some(found.of_translation.len() + 1),
        };
        let (Some(before), Some(behind)) = (before, behind) else { continue };
        let (j, hosts) = (before, likeness.first[i].host.is_some());
        if found.of_original[i].is_none()
            && behind == before + 2
            && found.of_translation[j].is_none()
            && hosts == likeness.second[j].host.is_some()
            && likeness.score(i, j) > -1.0
        {
            found.join(i, j);
        }
    }
}

impl Counterparts {
    fn join(&mut self, i: usize, j: usize) {
        self.of_original[i] = Some(j);
        self.of_translation[j] = Some(i);
    }
}
