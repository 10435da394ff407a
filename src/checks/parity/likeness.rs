//! How well segments of two languages match.
//!
//! They are compared by features that a translation keeps: kind, length, number of sentences, links, numbers,
//! names, signs, and words that begin alike in both languages (Simard, Foster and Isabelle 1992, "Using cognates
//! to align sentences in bilingual corpora"). The weights were chosen on half of the letters in `labelled.rs`.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::language::fold;
use crate::language::number_reader::{Figure, Value};

/// The deviation of a length from which on it makes no difference how far it is from what is expected.
const FARTHEST: f64 = 6.0;

/// What segments cost that would be parts of a text with fewer sentences, as a deviation.
const UNDIVIDED: f64 = 2.0;

/// How well segments of two languages match.
pub(super) struct Likeness<'v> {
    first: &'v [Segment],
    second: &'v [Segment],
    features: (Vec<BTreeSet<u32>>, Vec<BTreeSet<u32>>),
    /// The sentences of each segment.
    sentences: (Vec<Vec<Sentence>>, Vec<Vec<Sentence>>),
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
    /// Its length in letters: see [`width`].
    length: f64,
    sentences: f64,
}

impl Size {
    fn of(sentences: &[Sentence]) -> Self {
        let length = sentences.iter().map(|sentence| sentence.length).sum();
        Self { length, sentences: sentences.len() as f64 }
    }

    fn sum(sizes: &[Size], indices: &[usize]) -> Self {
        indices.iter().fold(Self::default(), |sum, index| Self {
            length: sum.length + sizes[*index].length,
            sentences: sum.sentences + sizes[*index].sentences,
        })
    }
}

/// The length of a text as if it were in letters: a Chinese character says as much as three, a kana or a syllable
/// in Hangul as two.
fn width(text: &str) -> f64 {
    let width = |c: char| match c {
        '\u{3400}'..='\u{9fff}' => 3.0,
        '\u{1100}'..='\u{11ff}' | '\u{3000}'..='\u{d7a3}' | '\u{ff00}'..='\u{ffef}' => 2.0,
        _ => 1.0,
    };
    text.chars().map(width).sum()
}

/// Where the sentences of a text end, the last one with the text. A full stop after a short word, as in "U.S."
/// or "Dr.", ends none, and Chinese and Japanese have no spaces between them.
fn sentence_ends(text: &str) -> Vec<usize> {
    const CLOSING: [char; 8] = ['"', '”', '»', '’', ')', ']', '」', '』'];
    let is_stop = |c| matches!(c, '.' | '!' | '?' | '…' | '؟' | '।' | '。' | '！' | '？');
    let mut ends = Vec::new();
    for (at, stop) in text.match_indices(is_stop) {
        let behind = text[at + stop.len()..].trim_start_matches(CLOSING);
        // "！？" is one end.
        if behind.starts_with(is_stop) {
            continue;
        }
        let end = text.len() - behind.len();
        let next = behind.trim_start();
        let wide = matches!(stop, "。" | "！" | "？");
        let spaced = behind.len() > next.len() && !next.starts_with(char::is_lowercase);
        let word = text[..at].rsplit(|c: char| c.is_whitespace() || c == '.').next();
        let short = stop == "." && word.is_none_or(is_abbreviated);
        if !next.is_empty() && (wide || spaced && !short) {
            ends.push(end);
        }
    }
    ends.push(text.len());
    ends
}

/// Whether a full stop after a word is most likely part of it, as in "Dr." or in "U.S."
fn is_abbreviated(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    let rest = letters.as_str();
    first.is_none_or(char::is_alphabetic)
        && (rest.is_empty()
            || first.is_some_and(char::is_uppercase)
                && rest.chars().count() < 3
                && rest.chars().all(char::is_lowercase))
}

/// A sentence of a segment.
#[derive(Debug, Default)]
struct Sentence {
    length: f64,
    features: BTreeSet<u32>,
}

impl<'v> Likeness<'v> {
    pub(super) fn new(
        original: &'v Variant<'_>,
        translation: &'v Variant<'_>,
        targets: &Targets<'_>,
    ) -> Self {
        let mut known = Features::default();
        let mut collect = |variant: &Variant<'_>| -> (Vec<BTreeSet<u32>>, Vec<Vec<Sentence>>) {
            let of = |segment| known.of(segment, variant, targets);
            variant.segments.iter().map(of).unzip()
        };
        let (first, second) = (collect(original), collect(translation));
        let (features, sentences) = ((first.0, second.0), (first.1, second.1));
        let Features { counts, exact, .. } = known;
        // A feature that is everywhere says nothing about where a segment belongs.
        let segments = (original.segments.len() + translation.segments.len()) as f64;
        let weights = counts.iter().map(|count| (1.0 + segments / *count as f64).ln()).collect();
        let all = |sets: &[BTreeSet<u32>]| sets.iter().flatten().copied().collect::<BTreeSet<_>>();
        let (one, other) = (all(&features.0), all(&features.1));
        let alike = one.intersection(&other).count();
        let sizes =
            |all: &[Vec<Sentence>]| -> Vec<Size> { all.iter().map(|own| Size::of(own)).collect() };
        let sizes = (sizes(&sentences.0), sizes(&sentences.1));
        let length = |sizes: &[Size]| sizes.iter().map(|size| size.length).sum::<f64>() + 1.0;
        Self {
            first: &original.segments,
            second: &translation.segments,
            features,
            sentences,
            exact,
            weights,
            ratio: credible(length(&sizes.1) / length(&sizes.0)),
            sizes,
            related: alike * 6 > one.len().min(other.len()),
        }
    }

    /// Takes the ratio of the lengths from the segments that were paired, for what is missing or was added
    /// has changed that of the whole. Returns whether it was another.
    pub(super) fn corrects_ratio<'p>(
        &mut self,
        pairs: impl Iterator<Item = (&'p [usize], &'p [usize])>,
    ) -> bool {
        let (mut first, mut second) = (0.0, 0.0);
        for (i, j) in pairs.filter(|(i, j)| !i.is_empty() && !j.is_empty()) {
            first += Size::sum(&self.sizes.0, i).length;
            second += Size::sum(&self.sizes.1, j).length;
        }
        if first == 0.0 {
            return false;
        }
        let before = self.ratio;
        self.ratio = credible((second + 1.0) / (first + 1.0));
        (self.ratio / before).ln().abs() > 0.03
    }

    fn shared(&self, a: &BTreeSet<u32>, b: &BTreeSet<u32>) -> f64 {
        let weight = |index: &u32| self.weights[*index as usize];
        let all: f64 = a.iter().chain(b).map(weight).sum();
        if all == 0.0 { 0.0 } else { 2.0 * a.intersection(b).map(weight).sum::<f64>() / all }
    }

    /// How many features segments share with one of the other language that may be all of them, and how far their
    /// lengths differ: each is compared with its own sentences of it. One that has nothing in common with them
    /// counts against the others. `None` if it has too few sentences.
    fn in_parts(&self, first: &[usize], second: &[usize]) -> Option<(f64, f64)> {
        let (a, b) = (&self.features.0, &self.features.1);
        let (features, sizes, indices, whole, ratio) = match (first, second) {
            (_, [j]) => (a, &self.sizes.0, first, &self.sentences.1[*j], self.ratio),
            ([i], _) => (b, &self.sizes.1, second, &self.sentences.0[*i], 1.0 / self.ratio),
            _ => return None,
        };
        if whole.len() < indices.len() {
            return None;
        }
        let total = Size::sum(sizes, indices).length.max(1.0);
        let full: f64 = whole.iter().map(|sentence| sentence.length).sum();
        let (mut shared, mut stretch) = (0.0, 0.0_f64);
        let (mut wanted, mut before, mut next) = (0.0, 0.0, 0);
        for (at, index) in indices.iter().enumerate() {
            let left = indices.len() - at - 1;
            wanted += full * sizes[*index].length / total;
            let (mut length, mut own) = (0.0, BTreeSet::new());
            while let Some(sentence) = whole.get(next).filter(|_| next + left < whole.len()) {
                let nearer = before + length + sentence.length / 2.0 < wanted;
                if length > 0.0 && left > 0 && !nearer {
                    break;
                }
                length += sentence.length;
                own.extend(&sentence.features);
                next += 1;
            }
            before += length;
            stretch += deviation(sizes[*index].length * ratio, length).min(FARTHEST);
            let common = self.shared(&features[*index], &own);
            if self.related && common < 0.08 && features[*index].len() > 2 {
                shared -= 0.1;
            }
            shared += common * sizes[*index].length / total;
        }
        Some((shared, stretch))
    }

    /// The penalty for segments with numbers or links but none in common.
    fn contradiction(&self, first: &[usize], second: &[usize]) -> f64 {
        let exact = |index: &&u32| self.exact[**index as usize];
        let (a, b) = (union(&self.features.0, first), union(&self.features.1, second));
        let some = a.iter().any(|index| exact(&index)) || b.iter().any(|index| exact(&index));
        let shared = a.intersection(&b).any(|index| exact(&index));
        if some && !shared { 0.3 } else { 0.0 }
    }

    /// How far the lengths of two groups are from those of translations: see [`deviation`].
    fn stretch(&self, first: &[usize], second: &[usize]) -> f64 {
        let (a, b) = (Size::sum(&self.sizes.0, first), Size::sum(&self.sizes.1, second));
        deviation(a.length * self.ratio, b.length)
    }

    /// How well segments match, of which one side may have several: above zero they are more alike than not.
    pub(super) fn score(&self, first: &[usize], second: &[usize]) -> f64 {
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
            let stretched = self.stretch(first, second) > FARTHEST;
            if !running || stretched || !(fits(self.first, first) && fits(self.second, second)) {
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
        let (common, length) = match grouped {
            1 => (
                self.shared(&self.features.0[*i], &self.features.1[*j]),
                self.stretch(first, second).min(FARTHEST),
            ),
            _ => match self.in_parts(first, second) {
                Some(parts) => parts,
                None => {
                    let (a, b) = (union(&self.features.0, first), union(&self.features.1, second));
                    (self.shared(&a, &b), self.stretch(first, second) + UNDIVIDED)
                }
            },
        };
        let same = if grouped == 1 && a.text == b.text { 0.2 } else { 0.0 };
        let merged = 0.05 * (grouped - 1) as f64;
        kind + same - 0.15 * length - sentences - merged + 3.0 * common
            - self.contradiction(first, second)
    }
}

/// How far a length is from the one that is expected of a translation, as half of the square of the deviation:
/// zero if it is as expected. Short texts differ more (Gale and Church 1993, "A program for aligning sentences in
/// bilingual corpora").
fn deviation(expected: f64, length: f64) -> f64 {
    let (a, b) = (expected + 4.0, length + 4.0);
    let variance = 10.0 / (a + b) + 0.01;
    let deviation = (b / a).ln();
    deviation * deviation / variance / 2.0
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

/// The features of segments that survive translation, by numbers. Every feature except the beginning of a word
/// and a sign contains a space.
#[derive(Default)]
struct Features {
    numbers: HashMap<String, u32>,
    /// How many segments have each of them.
    counts: Vec<usize>,
    /// Which are links, numbers and placeholders.
    exact: Vec<bool>,
}

impl Features {
    /// Those of a segment, and its sentences with their own.
    fn of(
        &mut self,
        segment: &Segment,
        variant: &Variant<'_>,
        targets: &Targets<'_>,
    ) -> (BTreeSet<u32>, Vec<Sentence>) {
        let mut start = 0;
        let sentences = sentence_ends(&segment.text).into_iter().map(|end| {
            let part = std::mem::replace(&mut start, end)..end;
            let length = width(&segment.text[part.clone()]);
            let features = text_features(segment, part).into_iter().map(|one| self.number(one));
            Sentence { length, features: features.collect() }
        });
        let sentences: Vec<Sentence> = sentences.collect();
        let links = segment.links.iter();
        let links = links.map(|link| format!("link {}", targets.key(link, variant.tag)));
        let placeholders = segment.placeholders.iter();
        let placeholders = placeholders.map(|(name, _)| format!("placeholder {name}"));
        let mut all: BTreeSet<u32> =
            links.chain(placeholders).map(|feature| self.number(feature)).collect();
        all.extend(sentences.iter().flat_map(|sentence| &sentence.features));
        all.iter().for_each(|feature| self.counts[*feature as usize] += 1);
        (all, sentences)
    }

    fn number(&mut self, feature: String) -> u32 {
        let next = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        let is_exact = feature.contains(' ');
        let number = *self.numbers.entry(feature).or_insert(next);
        if number == next {
            self.counts.push(0);
            self.exact.push(is_exact);
        }
        number
    }
}

/// A sign that translations keep, in the form of Latin script.
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '?' | '？' | '؟' => "?",
        '!' | '！' => "!",
        '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' => "\"",
        '(' | '（' => "(",
        '%' | '％' | '٪' => "%",
        _ => return None,
    })
}

/// The numbers, the signs and the beginnings of the words in a part of a segment's text.
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
    let text = &segment.text[part];
    features.extend(text.chars().filter_map(sign).map(str::to_owned));
    for word in text.split(|c: char| !c.is_alphanumeric()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_stops_is_one_end() {
        for (text, sentences) in [
            ("本当ですか！？次", 2),
            ("「本当ですか？」。次。", 2),
            ("Really?! Yes.", 2),
            ("好……吧。", 1),
        ] {
            assert_eq!(sentence_ends(text).len(), sentences, "{text}");
        }
    }
}
