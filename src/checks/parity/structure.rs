//! Compares the structure of two languages of a letter: paragraphs, headings, items, rows, footnotes.

use crate::checks::parity::counterparts::Counterparts;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::problems::{Code, Diagnostic, Problems};
use crate::sequences::ascending::longest_ascending;
use crate::source::Place;
use crate::words::{Message, say};

/// Reports parts of a translation that are different from the original, moved, or missing.
pub(crate) fn report(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    counterparts: &Counterparts,
    problems: &Problems,
) {
    let r = Comparison { original, translation, problems };
    if let Some(missing) = stub(original, translation, counterparts) {
        r.report_stub(missing);
        return;
    }
    r.report_missing(counterparts);
    r.report_extra(counterparts);
    r.report_order(counterparts);
    for (first, second) in counterparts.groups() {
        match (first, second) {
            ([i], [j]) => r.report_kind(&original.segments[*i], &translation.segments[*j]),
            _ => r.report_joined(first, second),
        }
    }
}

/// How many paragraphs, headings, items and rows of the original a translation lacks that has no more
/// than half of them.
pub(crate) fn stub(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    counterparts: &Counterparts,
) -> Option<usize> {
    const FEW: usize = 3;
    let total = texts(original).count();
    let there = texts(translation).count();
    let paired = texts(original).filter(|i| !counterparts.of_original[*i].is_empty()).count();
    // A single text that resembles none of the original is most likely the beginning.
    let missing = total.saturating_sub(paired.max(there));
    (missing >= FEW && missing * 2 >= total).then_some(missing)
}

/// The parts of the original that have no counterpart in a translation.
pub(crate) fn untranslated(original: &Variant<'_>, counterparts: &Counterparts) -> Vec<Place> {
    let missing = gone(&original.segments, &original.blocks, &counterparts.of_original);
    let printed = missing.into_iter().filter(|(_, kind, _)| *kind != SegmentKind::Rule);
    printed.map(|(.., place)| place).collect()
}

/// The indices of the segments that count as parts of a body: all except rules and footnotes.
fn texts(variant: &Variant<'_>) -> impl Iterator<Item = usize> {
    let all = variant.segments.iter().enumerate();
    let own = all.filter(|(_, s)| s.host.is_none() && s.kind != SegmentKind::Rule);
    own.map(|(index, _)| index)
}

/// Reports that two bodies are too long to compare.
pub(crate) fn report_too_long(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    problems: &Problems,
) {
    let (first, second) = (original.segments.len(), translation.segments.len());
    let Some(start) = translation.segments.first() else { return };
    problems.push(Diagnostic::new(
        Code::ParityStructure,
        start.start(),
        say!("the bodies are too long to compare: {first} and {second} paragraphs", first, second),
    ));
}

/// Two languages of a letter to compare.
struct Comparison<'c> {
    original: &'c Variant<'c>,
    translation: &'c Variant<'c>,
    problems: &'c Problems,
}

impl Comparison<'_> {
    fn push(
        &self,
        code: Code,
        place: Place,
        message: Message,
        related: (Place, Message),
        hint: Message,
    ) {
        self.problems
            .push(Diagnostic::new(code, place, message).relate(related.0, related.1).hint(hint));
    }

    /// Reports that most of the original is missing.
    fn report_stub(&self, missing: usize) {
        let (Some(last), Some(first)) =
            (self.translation.segments.last(), self.original.segments.first())
        else {
            return;
        };
        let total = texts(self.original).count();
        self.push(
            Code::ParityStructure,
            last.end(),
            say!("{missing} of the original's {total} blocks are missing", missing, total),
            (first.start(), say!("this is the original")),
            say!("translate the rest, or take the language out of `languages` until then"),
        );
    }

    /// Reports parts of the original that the translation lacks. A list or a table that is missing as a
    /// whole is reported once, and so are consecutive blocks.
    fn report_missing(&self, counterparts: &Counterparts) {
        let missing =
            gone(&self.original.segments, &self.original.blocks, &counterparts.of_original);
        for run in runs(&missing, &self.original.segments, &counterparts.of_original) {
            let Some((i, kind, place)) = run.first() else { continue };
            let here = self.place_in_translation(*i, &self.original.segments[*i], counterparts);
            let what = kind.noun();
            let count = run.len();
            let message = match count {
                1 => say!("{what} of the original is missing here", what),
                _ => say!("{count} blocks of the original are missing here", count),
            };
            self.push(
                Code::ParityStructure,
                here,
                message,
                (all_of(run).unwrap_or(place.clone()), say!("this is not in the translation")),
                say!("translate it, or remove it from the original"),
            );
        }
    }

    /// Reports paragraphs that were merged or split.
    fn report_joined(&self, first: &[usize], second: &[usize]) {
        let place = |segments: &[Segment], indices: &[usize]| -> Option<Place> {
            let (start, end) = (indices.first()?, indices.last()?);
            let (start, end) = (&segments[*start].place, &segments[*end].place);
            Some(Place::new(start.file, start.range.start..end.range.end.max(start.range.end)))
        };
        let (Some(there), Some(here)) =
            (place(&self.original.segments, first), place(&self.translation.segments, second))
        else {
            return;
        };
        let (message, hint) = match second {
            [_] => (
                say!(
                    "{count} blocks of the original are merged into one here",
                    count = first.len()
                ),
                say!("divide it as the original is divided, or merge them there too"),
            ),
            _ => (
                say!("one block of the original is split into {count} here", count = second.len()),
                say!("merge them as in the original, or split it there too"),
            ),
        };
        let code = Code::ParityStructure;
        self.push(code, here, message, (there, say!("in the original")), hint);
    }

    /// Where a segment of the original belongs: after the footnote's text, or before what follows.
    fn place_in_translation(&self, i: usize, segment: &Segment, found: &Counterparts) -> Place {
        let segments = &self.translation.segments;
        let host = segment.host.and_then(|host| found.of_original[host].last());
        if let Some(host) = host {
            return segments[*host].end();
        }
        let top = |j: &usize| segments[*j].host.is_none();
        let next = found.of_original[i + 1..].iter().flatten().find(|j| top(j));
        match next {
            Some(next) => segments[*next].start(),
            None => match segments.iter().rev().find(|segment| segment.host.is_none()) {
                Some(last) => last.end(),
                None => segments[0].end(),
            },
        }
    }

    fn report_extra(&self, counterparts: &Counterparts) {
        let extra = gone(
            &self.translation.segments,
            &self.translation.blocks,
            &counterparts.of_translation,
        );
        for run in runs(&extra, &self.translation.segments, &counterparts.of_translation) {
            let Some((j, kind, place)) = run.first() else { continue };
            let before = counterparts.of_translation[..*j].iter().rev().flatten().next();
            let there = match before {
                Some(before) => self.original.segments[*before].end(),
                None => self.original.segments[0].start(),
            };
            let (what, count) = (kind.noun(), run.len());
            let message = match count {
                1 => say!("the original does not have this: {what}", what),
                _ => say!("the original does not have these {count} blocks", count),
            };
            self.push(
                Code::ParityStructure,
                all_of(run).unwrap_or(place.clone()),
                message,
                (there, say!("it belongs here")),
                say!("remove it, or add it to the original"),
            );
        }
    }

    /// Reports segments in a different order. Two that have changed places are reported once.
    fn report_order(&self, counterparts: &Counterparts) {
        /// Longer letters are not searched for two that have changed places, because the time grows with
        /// the third power of the length.
        const MOST: usize = 60;
        let mut order: Vec<(usize, usize)> = counterparts
            .of_original
            .iter()
            .enumerate()
            .filter_map(|(i, j)| Some((i, *j.first()?)))
            .filter(|(i, _)| self.original.segments[*i].host.is_none())
            .collect();
        if order.len() <= MOST {
            while let Some((at, with)) = exchanged(&order) {
                self.report_exchanged(order[at], order[with]);
                (order[at].1, order[with].1) = (order[with].1, order[at].1);
            }
        }
        let in_place = in_order(&order);
        for (at, (i, j)) in order.into_iter().enumerate() {
            if in_place.binary_search(&at).is_err() {
                let there = self.original.segments[i].place.clone();
                self.push(
                    Code::ParityStructure,
                    self.translation.segments[j].place.clone(),
                    say!("this is elsewhere in the original"),
                    (there, say!("this is its text")),
                    say!("move it to where the original has it"),
                );
            }
        }
    }

    /// Reports that two segments have changed places.
    fn report_exchanged(&self, one: (usize, usize), other: (usize, usize)) {
        let (first, second) = if one.1 < other.1 { (one, other) } else { (other, one) };
        let original = |pair: (usize, usize)| self.original.segments[pair.0].place.clone();
        let translation = |pair: (usize, usize)| self.translation.segments[pair.1].place.clone();
        self.problems.push(
            Diagnostic::new(
                Code::ParityStructure,
                translation(first),
                say!("this has swapped places with another part of the letter"),
            )
            .relate(translation(second), say!("with this"))
            .relate(original(second), say!("this comes first in the original"))
            .relate(original(first), say!("this comes later"))
            .hint(say!("put them in the order of the original")),
        );
    }

    fn report_kind(&self, original: &Segment, translation: &Segment) {
        if original.kind == translation.kind {
            return;
        }
        let (was, is) = (original.kind.noun(), translation.kind.noun());
        let message = match (original.kind, translation.kind) {
            (SegmentKind::Heading(was), SegmentKind::Heading(is)) => {
                say!("this is a heading of level {is}, but of level {was} in the original", is, was)
            }
            (SegmentKind::Row(was), SegmentKind::Row(is)) => {
                say!("this row has {is} cells, but {was} in the original", is, was)
            }
            _ => say!("this is {is}, but {was} in the original", is, was),
        };
        self.push(
            Code::ParityStructure,
            translation.place.clone(),
            message,
            (original.place.clone(), say!("in the original")),
            say!("correct one of them, so that both are the same"),
        );
    }
}

/// The segments without a counterpart, with the kind and the place of what is missing: a whole block if
/// none of its segments has a counterpart.
fn gone(
    segments: &[Segment],
    blocks: &[(SegmentKind, Place)],
    counterparts: &[Vec<usize>],
) -> Vec<(usize, SegmentKind, Place)> {
    let mut gone: Vec<(usize, SegmentKind, Place)> = Vec::new();
    let mut reported: Option<usize> = None;
    for (at, segment) in segments.iter().enumerate() {
        let host_gone = segment.host.is_some_and(|host| counterparts[host].is_empty());
        if !counterparts[at].is_empty() || host_gone || reported == Some(segment.block) {
            continue;
        }
        let of_block =
            || segments.iter().zip(counterparts).filter(|(s, _)| s.block == segment.block);
        let whole = of_block().count() > 1 && of_block().all(|(_, other)| other.is_empty());
        match blocks.get(segment.block).filter(|_| whole) {
            Some((kind, place)) => {
                reported = Some(segment.block);
                gone.push((at, *kind, place.clone()));
            }
            None => gone.push((at, segment.kind, segment.place.clone())),
        }
    }
    gone
}

/// The parts without a counterpart in runs of consecutive ones. A footnote is a run of its own.
fn runs<'g>(
    gone: &'g [(usize, SegmentKind, Place)],
    segments: &[Segment],
    counterparts: &[Vec<usize>],
) -> Vec<&'g [(usize, SegmentKind, Place)]> {
    let follows = |(one, _, _): &(usize, SegmentKind, Place),
                   (other, _, _): &(usize, SegmentKind, Place)| {
        let top = |index: usize| segments[index].host.is_none();
        let between = &counterparts[one + 1..*other];
        top(*one) && top(*other) && between.iter().all(Vec::is_empty)
    };
    gone.chunk_by(follows).collect()
}

/// The place of a whole run.
fn all_of(run: &[(usize, SegmentKind, Place)]) -> Option<Place> {
    let ((_, _, first), (_, _, last)) = (run.first()?, run.last()?);
    let end = last.range.end.max(first.range.end);
    (first.file == last.file).then(|| Place::new(first.file, first.range.start..end))
}

/// Two pairs whose second items have changed places, so that exchanging them restores more of the order
/// than moving one. Two neighbours that changed places are also one that moved.
fn exchanged(order: &[(usize, usize)]) -> Option<(usize, usize)> {
    let in_place = in_order(order).len();
    let gained = |at: usize, with: usize| {
        let mut other = order.to_vec();
        (other[at].1, other[with].1) = (other[with].1, other[at].1);
        in_order(&other).len().saturating_sub(in_place)
    };
    let all = (0..order.len()).flat_map(|at| (at + 1..order.len()).map(move |with| (at, with)));
    let crossed: Vec<_> = all.filter(|(at, with)| order[*at].1 > order[*with].1).collect();
    let far = crossed.iter().find(|(at, with)| gained(*at, *with) >= 2);
    let near = || crossed.iter().find(|(at, with)| with - at == 1 && gained(*at, *with) == 1);
    far.or_else(near).copied()
}

/// The positions of the pairs that need not be moved.
fn in_order(order: &[(usize, usize)]) -> Vec<usize> {
    longest_ascending(&order.iter().map(|(_, second)| *second).collect::<Vec<_>>())
}
