//! Pairs the blocks of a body with those of its translation, and finds those without a counterpart.

use std::mem::discriminant;

use crate::letter::body::{Block, BlockKind, Inline};

/// Why two bodies cannot be set side by side.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(crate) enum Misfit<'b> {
    /// A block that the translation lacks, and the block before which it belongs.
    Missing(&'b Block, Option<&'b Block>),
    /// A block that the original lacks, and the block before which it belongs.
    Extra(&'b Block, Option<&'b Block>),
    /// A block of the original and one of the translation that are of different kinds.
    Different(&'b Block, &'b Block),
}

/// Finds the blocks that do not fit when two bodies are set side by side, in order. Bodies fit if their
/// blocks are of the same kinds in the same order.
///
/// Which block is superfluous is not written anywhere. As in the sentence alignment by Gale and Church
/// ("A Program for Aligning Sentences in Bilingual Corpora", 1993), texts of similar length are assumed
/// to be translations of each other.
pub(crate) fn misfits<'b>(original: &'b [Block], translation: &'b [Block]) -> Vec<Misfit<'b>> {
    let same = |(a, b): (&Block, &Block)| same_kind(a, b);
    if original.len() == translation.len() && original.iter().zip(translation).all(same) {
        return Vec::new();
    }
    let (rows, columns) = (original.len() + 1, translation.len() + 1);
    if rows.saturating_mul(columns) > LARGEST_SEARCH {
        return first_difference(original, translation).into_iter().collect();
    }

    // The minimum cost of pairing the blocks that follow block `i` of one body and block `j` of the
    // other.
    let lengths = |blocks: &[Block]| blocks.iter().map(length).collect::<Vec<_>>();
    let (left, right) = (lengths(original), lengths(translation));
    let pair = |i: usize, j: usize| {
        let unlike = if same_kind(&original[i], &translation[j]) { 0.0 } else { DIFFERENT };
        unlike + ((left[i] + 10.0) / (right[j] + 10.0)).ln().abs()
    };
    let mut least = vec![0.0_f64; rows * columns];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let (more_left, more_right) = (i + 1 < rows, j + 1 < columns);
            let mut costs = Vec::with_capacity(3);
            if more_left && more_right {
                costs.push(least[(i + 1) * columns + j + 1] + pair(i, j));
            }
            if more_left {
                costs.push(least[(i + 1) * columns + j] + ALONE);
            }
            if more_right {
                costs.push(least[i * columns + j + 1] + ALONE);
            }
            least[i * columns + j] = costs.into_iter().reduce(f64::min).unwrap_or(0.0);
        }
    }

    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i + 1 < rows || j + 1 < columns {
        let both = i + 1 < rows && j + 1 < columns;
        let cost = least[i * columns + j];
        if both && cost == least[(i + 1) * columns + j + 1] + pair(i, j) {
            if !same_kind(&original[i], &translation[j]) {
                found.push(Misfit::Different(&original[i], &translation[j]));
            }
            (i, j) = (i + 1, j + 1);
        } else if i + 1 < rows && cost == least[(i + 1) * columns + j] + ALONE {
            found.push(Misfit::Missing(&original[i], translation.get(j)));
            i += 1;
        } else {
            found.push(Misfit::Extra(&translation[j], original.get(i)));
            j += 1;
        }
    }
    found
}

/// The cost of leaving a block alone. A block may be three times as long as its translation before both
/// are considered separate blocks.
const ALONE: f64 = 0.6;

/// The cost of pairing blocks of different kinds, in addition to their lengths: slightly less than
/// leaving both alone.
const DIFFERENT: f64 = 0.8;

/// The maximum number of pairs of blocks to compare: bodies of some thousand blocks each.
const LARGEST_SEARCH: usize = 4 << 20;

fn first_difference<'b>(a: &'b [Block], b: &'b [Block]) -> Option<Misfit<'b>> {
    let pairs = a.iter().zip(b);
    let different = pairs.clone().find(|(a, b)| !same_kind(a, b));
    if let Some((a, b)) = different {
        return Some(Misfit::Different(a, b));
    }
    let common = pairs.count();
    match (a.get(common), b.get(common)) {
        (Some(block), _) => Some(Misfit::Missing(block, None)),
        (None, Some(block)) => Some(Misfit::Extra(block, None)),
        (None, None) => None,
    }
}

/// Whether two blocks may be set side by side. Headings must be of the same level.
fn same_kind(a: &Block, b: &Block) -> bool {
    match (&a.kind, &b.kind) {
        (BlockKind::Heading(a, _), BlockKind::Heading(b, _)) => a == b,
        (a, b) => discriminant(a) == discriminant(b),
    }
}

/// The number of characters in a block.
fn length(block: &Block) -> f64 {
    let inlines = |text: &[Inline]| text.iter().map(Inline::length).sum::<usize>() as f64;
    match &block.kind {
        BlockKind::Paragraph(text) | BlockKind::Heading(_, text) => inlines(text),
        BlockKind::List { items, .. } => items.iter().flatten().map(length).sum(),
        BlockKind::Quote(blocks) => blocks.iter().map(length).sum(),
        BlockKind::Code(code) => code.chars().count() as f64,
        BlockKind::Table { rows, .. } => rows.iter().flatten().map(|cell| inlines(cell)).sum(),
        BlockKind::ThematicBreak => 0.0,
    }
}
