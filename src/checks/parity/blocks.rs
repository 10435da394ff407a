//! Which blocks of two bodies stand beside each other in a parallel edition.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use crate::checks::parity::counterparts::Counterparts;
use crate::checks::parity::segments::Variant;
use crate::language::languages::Languages;
use crate::letter::body::{Block, BlockKind};
use crate::problems::{Code, Diagnostic};
use crate::sequences::ascending::longest_ascending;
use crate::source::Place;
use crate::words::{Message, say};

/// The blocks that do not fit when a translation is set beside the original, as errors. Every block needs
/// one of the same kind that says the same, in the same order.
pub(crate) fn misfits(
    (original, blocks): (&Variant<'_>, &[Block]),
    (translation, others): (&Variant<'_>, &[Block]),
    found: &Counterparts,
) -> Vec<Diagnostic> {
    let (here, there) = (original.tag, translation.tag);
    let partners = Partners::of((original, blocks), (translation, others), found);
    let mut problems = Vec::new();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        match partners.first[index].as_slice() {
            [] => {
                let next = partners.first[index..].iter().flatten().next().map(|at| &others[*at]);
                problems.push(alone(block, &there.to_string(), next));
            }
            [one] if partners.second[*one].len() > 1 => {
                if partners.second[*one].first() == Some(&index) {
                    let count = partners.second[*one].len();
                    let message = say!(
                        "{count} blocks in `{here}` are merged into this one, so the bodies cannot be placed side by side",
                        count,
                        here
                    );
                    problems.push(differs(&others[*one], block, message));
                }
            }
            [one] => pairs.push((index, *one)),
            [first, .., last] => {
                let count = partners.first[index].len();
                let message = say!(
                    "this is split into {count} blocks in `{there}`, so the bodies cannot be placed side by side",
                    count,
                    there
                );
                let mut place = others[*first].place.clone();
                place.range.end = others[*last].place.range.end;
                problems.push(
                    Diagnostic::new(Code::MisalignedEdition, block.place.clone(), message)
                        .relate(place, say!("in `{there}`", there))
                        .hint(hint()),
                );
            }
        }
    }
    for (index, other) in others.iter().enumerate() {
        if partners.second[index].is_empty() {
            let next = partners.second[index..].iter().flatten().next().map(|at| &blocks[*at]);
            problems.push(alone(other, &here.to_string(), next));
        }
    }
    let in_place = longest_ascending(&pairs.iter().map(|(_, other)| *other).collect::<Vec<_>>());
    for (at, (one, other)) in pairs.into_iter().enumerate() {
        let (block, other) = (&blocks[one], &others[other]);
        let (kind, other_kind) = (block.kind.name(), other.kind.name());
        if in_place.binary_search(&at).is_err() {
            let message = say!(
                "this {other_kind} is elsewhere in `{here}`, so the bodies cannot be placed side by side",
                other_kind,
                here
            );
            problems.push(differs(other, block, message));
        } else if !same_kind(block, other) {
            let message = say!(
                "this {other_kind} would be beside a {kind} in `{here}`",
                other_kind,
                kind,
                here
            );
            problems.push(differs(other, block, message));
        }
    }
    // It is a problem of both languages together.
    let together = Languages(vec![here.clone(), there.clone()]);
    problems.into_iter().map(|problem| problem.in_languages(&together)).collect()
}

/// The error for bodies that have too many blocks to be compared.
pub(crate) fn too_long(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    place: Place,
) -> Diagnostic {
    let (first, second) = (original.segments.len(), translation.segments.len());
    let message =
        say!("the bodies are too long to compare: {first} and {second} paragraphs", first, second);
    let together = Languages(vec![original.tag.clone(), translation.tag.clone()]);
    Diagnostic::new(Code::MisalignedEdition, place, message).hint(hint()).in_languages(&together)
}

/// Which blocks of two bodies say the same.
pub(crate) struct Partners {
    /// The blocks of the second body for each of the first.
    pub first: Vec<Vec<usize>>,
    /// The blocks of the first body for each of the second.
    pub second: Vec<Vec<usize>>,
}

impl Partners {
    /// The partners by the counterparts of their segments.
    pub(crate) fn of(
        (original, blocks): (&Variant<'_>, &[Block]),
        (translation, others): (&Variant<'_>, &[Block]),
        found: &Counterparts,
    ) -> Self {
        // How many paragraphs two blocks have in common.
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (segment, counterparts) in original.segments.iter().zip(&found.of_original) {
            for other in counterparts.iter().map(|at| &translation.segments[*at]) {
                if segment.host.is_none() {
                    *shared.entry((segment.block, other.block)).or_default() += 1;
                }
            }
        }
        // A block without text, such as a rule, belongs to the one in its position.
        let empty = |variant: &Variant<'_>, count: usize| -> Vec<usize> {
            let full: BTreeSet<usize> =
                variant.segments.iter().map(|segment| segment.block).collect();
            (0..count).filter(|index| !full.contains(index)).collect()
        };
        let empty = (empty(original, blocks.len()), empty(translation, others.len()));
        shared.extend(empty.0.into_iter().zip(empty.1).map(|pair| (pair, 1)));
        // Of a list or a table, most of it counts: an item that moved is no other list.
        let most = |own: &Block, own_index: usize, of_first: bool| -> usize {
            let counts = shared
                .iter()
                .filter(|((a, b), _)| if of_first { *a == own_index } else { *b == own_index });
            match own.kind {
                BlockKind::Paragraph(_)
                | BlockKind::Heading(..)
                | BlockKind::Code(_)
                | BlockKind::ThematicBreak => 0,
                _ => counts.map(|(_, count)| *count).max().unwrap_or(0),
            }
        };
        let mut partners =
            Self { first: vec![Vec::new(); blocks.len()], second: vec![Vec::new(); others.len()] };
        for ((a, b), count) in &shared {
            let (Some(block), Some(other)) = (blocks.get(*a), others.get(*b)) else { continue };
            if *count >= most(block, *a, true) && *count >= most(other, *b, false) {
                partners.first[*a].push(*b);
                partners.second[*b].push(*a);
            }
        }
        partners
    }
}

/// The error for a block that has no counterpart in a language, at the place where the counterpart
/// belongs: before a block, or at the end.
fn alone(block: &Block, there: &str, before: Option<&Block>) -> Diagnostic {
    let kind = block.kind.name();
    let problem = Diagnostic::new(
        Code::MisalignedEdition,
        block.place.clone(),
        say!(
            "this {kind} has no counterpart in `{there}`, so the bodies cannot be placed side by \
             side",
            kind,
            there
        ),
    );
    let problem = match before {
        Some(before) => problem
            .relate(before.place.clone(), say!("in `{there}` it would come before this", there)),
        None => problem,
    };
    problem.hint(hint())
}

/// The error for two blocks that cannot stand side by side, at that of the translation.
fn differs(other: &Block, block: &Block, message: Message) -> Diagnostic {
    Diagnostic::new(Code::MisalignedEdition, other.place.clone(), message)
        .relate(block.place.clone(), say!("it is this one"))
        .hint(hint())
}

fn hint() -> Message {
    say!("give both languages the same blocks, or choose edition = \"consecutive\"")
}

/// Whether two blocks may be set side by side. Headings must be of the same level.
fn same_kind(a: &Block, b: &Block) -> bool {
    match (&a.kind, &b.kind) {
        (BlockKind::Heading(a, _), BlockKind::Heading(b, _)) => a == b,
        (a, b) => discriminant(a) == discriminant(b),
    }
}
