//! Pairs the segments of a translation with those of the original that say the same thing.
//!
//! They are aligned by features that a translation keeps: kind, length, number of sentences, links,
//! numbers, names, and words that begin alike in both languages (Simard, Foster and Isabelle 1992, "Using
//! cognates to align sentences in bilingual corpora").

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::language::fold;
use crate::language::number_reader::{Figure, Value};
use crate::sequences::alignment::{Step, align};

/// The maximum number of pairs of segments to compare: two bodies of two thousand paragraphs each.
const MOST_PAIRS: usize = 4_000_000;

/// The maximum number of pairs with which paragraphs that were merged or split are looked for.
const MOST_PAIRS_WITH_GROUPS: usize = 250_000;

/// What a segment without a counterpart costs: it is rarer than two that match badly.
const ALONE: f64 = 0.25;

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
        scores: Vec::new(),
    };
    // A footnote follows its reference, so that it would stand between paragraphs that were merged.
    for footnotes in [false, true] {
        let track = |segments: &[Segment]| -> Vec<usize> {
            let all = segments.iter().enumerate();
            let own = all.filter(|(_, segment)| segment.host.is_some() == footnotes);
            own.map(|(index, _)| index).collect()
        };
        let (one, other) = (track(first), track(second));
        let few = one.len().saturating_mul(other.len()) <= MOST_PAIRS_WITH_GROUPS;
        let most = if few { MOST_MERGED } else { 1 };
        let steps = |likeness: &Likeness<'_>| {
            let score = |i: Range<usize>, j: Range<usize>| likeness.score(&one[i], &other[j]);
            align(one.len(), other.len(), most, ALONE, score)
        };
        let mut aligned = steps(&likeness);
        if few && likeness.corrects_ratio(&aligned, &one, &other) {
            aligned = steps(&likeness);
        }
        for step in aligned {
            if let Step::Both(i, j) = step {
                found.join(&one[i], &other[j]);
            }
        }
        find_moved(&likeness, &one, &other, &mut found);
        find_replaced(&likeness, &one, &other, &mut found);
    }
    found.scores = (found.of_original.iter())
        .map(|second| match second.first() {
            Some(one) => likeness.score(&found.of_translation[*one], second),
            None => 0.0,
        })
        .collect();
    Some(found)
}

/// How well segments of two languages match.
struct Likeness<'v> {
    first: &'v [Segment],
    second: &'v [Segment],
    features: (Vec<BTreeSet<u32>>, Vec<BTreeSet<u32>>),
    indices: HashMap<String, u32>,
    /// The length and the number of sentences of each segment.
    sizes: (Vec<Size>, Vec<Size>),
    /// Which features are links, numbers and placeholders, which are not changed by a translation.
    exact: Vec<bool>,
    weights: Vec<f64>,
    /// The length of a text in the translation divided by that in the original.
    ratio: f64,
    /// Whether many words begin alike in both languages.
    related: bool,
}

/// The size of a text.
#[derive(Debug, Copy, Clone, Default)]
struct Size {
    /// Its length in letters; a Chinese character counts as three.
    length: f64,
    sentences: f64,
}

impl Size {
    fn of(text: &str) -> Self {
        let wide = |c: char| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{d7a3}');
        let length = text.chars().map(|c| if wide(c) { 3.0 } else { 1.0 }).sum();
        Self { length, sentences: sentences(text) as f64 }
    }

    fn sum(sizes: &[Size], indices: &[usize]) -> Self {
        indices.iter().fold(Self::default(), |sum, index| Self {
            length: sum.length + sizes[*index].length,
            sentences: sum.sentences + sizes[*index].sentences,
        })
    }
}

/// The number of sentences of a text that end with a sign. A full stop after a short word, as in "U.S." or
/// "Dr.", ends none.
fn sentences(text: &str) -> usize {
    let mut count = 0;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let end = word.trim_end_matches(['"', '”', '»', '’', ')', ']']);
        let stop = end.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।']);
        let short = end.ends_with('.') && end.trim_end_matches('.').chars().count() <= 3;
        let next_is_small = words.peek().is_some_and(|next| next.starts_with(char::is_lowercase));
        count += usize::from(stop && !next_is_small && (!short || words.peek().is_none()));
    }
    count
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
        let all = |sets: &[BTreeSet<u32>]| sets.iter().flatten().copied().collect::<BTreeSet<_>>();
        let (one, other) = (all(&features.0), all(&features.1));
        let alike = one.intersection(&other).count();
        let sizes = |variant: &Variant<'_>| -> Vec<Size> {
            variant.segments.iter().map(|segment| Size::of(&segment.text)).collect()
        };
        let sizes = (sizes(original), sizes(translation));
        let length = |sizes: &[Size]| sizes.iter().map(|size| size.length).sum::<f64>() + 1.0;
        Self {
            first: &original.segments,
            second: &translation.segments,
            features,
            indices,
            exact,
            weights,
            ratio: credible(length(&sizes.1) / length(&sizes.0)),
            sizes,
            related: alike * 6 > one.len().min(other.len()),
        }
    }

    /// Takes the ratio of the lengths from the segments that were aligned, for what is missing or was added
    /// has changed that of the whole. Returns whether it was another.
    fn corrects_ratio(&mut self, steps: &[Step], one: &[usize], other: &[usize]) -> bool {
        let (mut first, mut second) = (Size::default(), Size::default());
        for step in steps {
            if let Step::Both(i, j) = step {
                first.length += Size::sum(&self.sizes.0, &one[i.clone()]).length;
                second.length += Size::sum(&self.sizes.1, &other[j.clone()]).length;
            }
        }
        let before = self.ratio;
        self.ratio = credible((second.length + 1.0) / (first.length + 1.0));
        (self.ratio / before).ln().abs() > 0.03
    }

    /// How many of their features two segments share, from 0 to 1. Of segments that were merged, each is
    /// compared with its own part of the other; one that has nothing in common with it counts against them.
    fn common(&self, first: &[usize], second: &[usize]) -> f64 {
        let (a, b) = (&self.features.0, &self.features.1);
        match (first, second) {
            ([i], [j]) => self.shared(&a[*i], &b[*j]),
            (_, [j]) => self.in_parts((a, &self.sizes.0, first), &self.second[*j]),
            ([i], _) => self.in_parts((b, &self.sizes.1, second), &self.first[*i]),
            _ => 0.0,
        }
    }

    fn shared(&self, a: &BTreeSet<u32>, b: &BTreeSet<u32>) -> f64 {
        let weight = |index: &u32| self.weights[*index as usize];
        let all: f64 = a.iter().chain(b).map(weight).sum();
        if all == 0.0 { 0.0 } else { 2.0 * a.intersection(b).map(weight).sum::<f64>() / all }
    }

    fn in_parts(
        &self,
        (features, sizes, indices): (&[BTreeSet<u32>], &[Size], &[usize]),
        whole: &Segment,
    ) -> f64 {
        let total = Size::sum(sizes, indices).length.max(1.0);
        let (mut sum, mut start, mut length) = (0.0, 0, 0.0);
        for (at, index) in indices.iter().enumerate() {
            length += sizes[*index].length;
            let end = match at + 1 == indices.len() {
                true => whole.text.len(),
                false => end_near(&whole.text, length / total).max(start),
            };
            let part = text_features(whole, start..end);
            let part = part.iter().filter_map(|feature| self.indices.get(feature)).copied();
            let shared = self.shared(&features[*index], &part.collect());
            if self.related && shared < 0.08 && features[*index].len() > 2 {
                sum -= 0.1;
            }
            sum += shared * sizes[*index].length / total;
            start = end;
        }
        sum
    }

    /// The penalty for segments with numbers or links but none in common.
    fn contradiction(&self, first: &[usize], second: &[usize]) -> f64 {
        let exact = |index: &&u32| self.exact[**index as usize];
        let (a, b) = (union(&self.features.0, first), union(&self.features.1, second));
        let some = a.iter().any(|index| exact(&index)) || b.iter().any(|index| exact(&index));
        let shared = a.intersection(&b).any(|index| exact(&index));
        if some && !shared { 0.3 } else { 0.0 }
    }

    /// How far the lengths of two groups are from those of translations: zero if they are as expected.
    fn stretch(&self, first: &[usize], second: &[usize]) -> f64 {
        let (a, b) = (Size::sum(&self.sizes.0, first), Size::sum(&self.sizes.1, second));
        let expected = (a.length + 20.0) * self.ratio;
        ((b.length + 20.0) / expected).ln().abs()
    }

    /// Whether the first and the last of several segments that would together be the counterpart of one belong
    /// to it, by length and number of sentences: what is missing stands beside a text that is complete
    /// without it.
    fn ends_belong(&self, first: &[usize], second: &[usize]) -> bool {
        let sentences = |first: &[usize], second: &[usize]| -> f64 {
            let (a, b) = (Size::sum(&self.sizes.0, first), Size::sum(&self.sizes.1, second));
            (a.sentences - b.sentences).abs()
        };
        let belongs = |one: &[usize], other: &[usize]| {
            let nearer = sentences(one, other) - sentences(first, second);
            let tighter = self.stretch(one, other) - self.stretch(first, second);
            tighter + 0.1 * nearer.clamp(-1.0, 1.0) > 0.0
        };
        match (first, second) {
            ([_, rest @ ..], [_]) => belongs(rest, second) && belongs(&first[..rest.len()], second),
            ([_], [_, rest @ ..]) => belongs(first, rest) && belongs(first, &second[..rest.len()]),
            _ => true,
        }
    }

    /// Whether a text has the end of a sentence about where each of the segments ends that would be its
    /// parts. A segment that does not end with a stop may end anywhere.
    fn has_ends_of_parts(&self, first: &[usize], second: &[usize]) -> bool {
        let (segments, parts, whole) = match (first, second) {
            (_, [j]) => (self.first, first, &self.second[*j].text),
            ([i], _) => (self.second, second, &self.first[*i].text),
            _ => return true,
        };
        let length = |index: &usize| segments[*index].text.len() as f64;
        let (total, full) = (parts.iter().map(length).sum::<f64>(), whole.len() as f64);
        let last = whole.trim_end().len();
        let stops = whole.match_indices(STOPS).map(|(at, stop)| at + stop.len());
        let stops: Vec<usize> = stops.filter(|at| *at < last).collect();
        let mut end = 0.0;
        parts.iter().take(parts.len().saturating_sub(1)).all(|index| {
            end += length(index);
            let wanted = full * end / total;
            let shorter = wanted.min(full - wanted);
            let is_near = |at: &usize| (*at as f64 - wanted).abs() <= 0.5 * shorter + 10.0;
            let text = segments[*index].text.trim_end_matches(CLOSING);
            !text.ends_with(STOPS) || stops.iter().any(is_near)
        })
    }

    fn score(&self, first: &[usize], second: &[usize]) -> f64 {
        let ([i, ..], [j, ..]) = (first, second) else { return -1.0 };
        let (a, b) = (&self.first[*i], &self.second[*j]);
        let grouped = first.len().max(second.len());
        if grouped > 1 {
            let fits = |segments: &[Segment], indices: &[usize]| {
                let mut all = indices.iter().map(|index| &segments[*index]);
                all.all(|s| s.kind == a.kind && s.host.is_some() == a.host.is_some())
            };
            let running = matches!(
                a.kind,
                SegmentKind::Paragraph | SegmentKind::Quote | SegmentKind::Item(_)
            );
            let stretched = self.stretch(first, second) > 0.35;
            let fit = fits(self.first, first) && fits(self.second, second);
            if !running
                || stretched
                || !fit
                || !self.ends_belong(first, second)
                || !self.has_ends_of_parts(first, second)
            {
                return -1.0;
            }
        }
        let kind = match (a.kind, b.kind) {
            (a, b) if a == b => 0.6,
            (SegmentKind::Heading(_), SegmentKind::Heading(_))
            | (SegmentKind::Item(_), SegmentKind::Item(_))
            | (SegmentKind::Row(_), SegmentKind::Row(_)) => 0.5,
            (SegmentKind::Rule | SegmentKind::Code, _)
            | (_, SegmentKind::Rule | SegmentKind::Code) => {
                return -1.0;
            }
            _ => -0.4,
        };
        let sizes = (Size::sum(&self.sizes.0, first), Size::sum(&self.sizes.1, second));
        let (one, other) = (sizes.0.sentences, sizes.1.sentences);
        let sentences = 0.6 * (one - other).abs() / one.max(other).max(1.0);
        let length = self.stretch(first, second).min(1.5);
        let same = if grouped == 1 && a.text == b.text { 0.2 } else { 0.0 };
        let merged = 0.05 * (grouped - 1) as f64;
        kind + same - 0.8 * length - sentences - merged + 3.0 * self.common(first, second)
            - self.contradiction(first, second)
    }
}

/// How much longer a translation is than its original, within what is usual: beyond, parts are missing.
fn credible(ratio: f64) -> f64 {
    ratio.clamp(0.75, 1.4)
}

/// The features of several segments together.
fn union<'f>(
    features: &'f [BTreeSet<u32>],
    indices: &[usize],
) -> std::borrow::Cow<'f, BTreeSet<u32>> {
    match indices {
        [index] => std::borrow::Cow::Borrowed(&features[*index]),
        _ => std::borrow::Cow::Owned(
            indices.iter().flat_map(|index| &features[*index]).copied().collect(),
        ),
    }
}

/// The signs at the end of a sentence.
const STOPS: [char; 9] = ['.', '!', '?', '…', '。', '！', '？', '؟', ':'];

/// The signs that may follow them.
const CLOSING: [char; 8] = ['"', '”', '»', '’', ')', ']', '」', ' '];

/// The end of the sentence that is nearest to this share of a text, or of a word if none is near.
fn end_near(text: &str, share: f64) -> usize {
    let wanted = text.len() as f64 * share;
    let far = |at: usize| (at as f64 - wanted).abs();
    let nearest = |ends: &mut dyn Iterator<Item = usize>| {
        ends.min_by(|a, b| far(*a).total_cmp(&far(*b))).unwrap_or(0)
    };
    let stops = text.match_indices(['.', '!', '?', '…', '。', ';', ':', '\n']);
    let sentence = nearest(&mut stops.map(|(at, stop)| at + stop.len()));
    match far(sentence) < text.len() as f64 * 0.15 {
        true => sentence,
        false => nearest(&mut text.match_indices(' ').map(|(at, _)| at)),
    }
}

/// The features of a segment that survive translation. Every feature except the beginning of a word
/// contains a space.
fn features(segment: &Segment, variant: &Variant<'_>, targets: &Targets<'_>) -> Vec<String> {
    let mut features = text_features(segment, 0..segment.text.len());
    let links = segment.links.iter();
    features.extend(links.map(|link| format!("link {}", targets.key(link, variant.tag))));
    features.extend(segment.placeholders.iter().map(|(name, _)| format!("placeholder {name}")));
    features
}

/// The numbers, and the beginnings of the words, in a part of a segment's text.
fn text_features(segment: &Segment, part: Range<usize>) -> Vec<String> {
    let mut features = Vec::new();
    let within =
        |figure: &&Figure| part.start <= figure.range.start && figure.range.end <= part.end;
    for figure in segment.figures.iter().filter(within).filter(|figure| figure.certain) {
        features.extend(figure.values.iter().map(|value| match value {
            Value::Number(number) => format!("number {number}"),
            other => format!("other {other:?}"),
        }));
    }
    for word in segment.text[part.clone()].split(|c: char| !c.is_alphanumeric()) {
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
fn find_moved(
    likeness: &Likeness<'_>,
    first: &[usize],
    second: &[usize],
    found: &mut Counterparts,
) {
    /// How much two segments must have in common for a different order to be credible.
    const CLEAR: f64 = 0.15;
    let common = |i: usize, j: usize| likeness.common(&[i], &[j]);
    let pairs: Vec<(usize, usize)> = found
        .groups()
        .filter_map(|group| match group {
            ([i], [j]) if first.binary_search(i).is_ok() => Some((*i, *j)),
            _ => None,
        })
        .collect();
    let usual: f64 = pairs.iter().map(|(i, j)| common(*i, *j)).sum();
    let usual = usual / pairs.len().max(1) as f64;
    let clear = CLEAR.max(usual / 2.0);

    // Two that are paired crosswise, most often neighbours.
    for (at, (i, j)) in pairs.iter().enumerate() {
        for (k, l) in pairs[at + 1..].iter().take(8) {
            if found.of_original[*i] != [*j] || found.of_original[*k] != [*l] {
                continue;
            }
            let straight = (common(*i, *j), common(*k, *l));
            let crossed = (common(*i, *l), common(*k, *j));
            let same_kinds = likeness.first[*i].kind == likeness.second[*l].kind
                && likeness.first[*k].kind == likeness.second[*j].kind;
            let better = crossed.0 > clear
                && crossed.1 > clear
                && crossed.0 > straight.0 * 2.0
                && crossed.1 > straight.1 * 2.0;
            if same_kinds && better {
                found.join(&[*i], &[*l]);
                found.join(&[*k], &[*j]);
            }
        }
    }
    // One left alone on each side of a pair: neighbours that changed places, if they match in length.
    for (i, j) in &pairs {
        let (Ok(at), Ok(to)) = (first.binary_search(i), second.binary_search(j)) else { continue };
        let sides = [(at.checked_sub(1), Some(to + 1)), (Some(at + 1), to.checked_sub(1))];
        for (k, l) in sides {
            let k = k.and_then(|at| first.get(at));
            let l = l.and_then(|at| second.get(at));
            let (Some(k), Some(l)) = (k, l) else { continue };
            let alone = found.of_original[*k].is_empty() && found.of_translation[*l].is_empty();
            if alone && likeness.score(&[*k], &[*l]) > Counterparts::CLEAR {
                found.join(&[*k], &[*l]);
            }
        }
    }
    // Segments left alone on both sides.
    let mut alone: Vec<(f64, usize, usize)> = Vec::new();
    for i in first.iter().filter(|i| found.of_original[**i].is_empty()) {
        for j in second.iter().filter(|j| found.of_translation[**j].is_empty()) {
            let common = common(*i, *j);
            if common > clear && likeness.score(&[*i], &[*j]) > 0.0 {
                alone.push((common, *i, *j));
            }
        }
    }
    alone.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, i, j) in alone {
        if found.of_original[i].is_empty() && found.of_translation[j].is_empty() {
            found.join(&[i], &[j]);
        }
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
