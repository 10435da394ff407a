//! Three versions of a letter, paragraph by paragraph: the one that a document was made of, of which there are
//! only fingerprints, the letter of today, and the document. What a version does not have in the place where
//! the first one had it was changed there.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::documents::revision::words::{self, Token};
use crate::formats::docx::base::{Base, fingerprint};

/// Which paragraphs two versions have from the first one.
pub(super) struct Versions {
    /// For each paragraph of today's export, the one of the first version that it still is.
    pub before: Vec<Option<usize>>,
    /// The same for each paragraph of the document.
    pub after: Vec<Option<usize>>,
    /// For each paragraph of the document, the one of the export that it was: what both have from the first
    /// version, and then what is found to be alike.
    pub olds: Vec<Option<usize>>,
    /// Whether the letter still has each paragraph of the first version in its place.
    is_kept: Vec<bool>,
    /// Where paragraphs were changed or taken out in both.
    pub gaps: Vec<Gap>,
}

/// A place where paragraphs were changed or taken out in both.
pub(super) struct Gap {
    /// What the export of today has there.
    pub before: Range<usize>,
    /// What the document has there.
    pub after: Range<usize>,
    /// How many the document has fewer than were changed or taken out.
    pub missing: usize,
}

impl Versions {
    /// Compares the texts of the export and of the document with a version. `today` and `document` are those
    /// of the two, with the paragraphs that the reader joins. `olds` are the paragraphs of the export that
    /// those of the document are found to be.
    pub(super) fn new(
        base: &Base,
        (before, today): (&[&str], &Base),
        (after, document): (&[&str], &Base),
        olds: &[Option<usize>],
    ) -> Self {
        let print = |text: &&str| fingerprint(text).unwrap_or_default();
        let prints = |texts: &[&str]| texts.iter().map(print).collect::<Vec<_>>();
        let (before, after) =
            (same(&base.texts, &prints(before)), same(&base.texts, &prints(after)));
        let mut is_kept = vec![false; base.texts.len()];
        before.iter().flatten().for_each(|at| is_kept[*at] = true);
        let mut is_gone = vec![true; base.texts.len()];
        for whole in [today, document] {
            let found = same(&base.texts, &whole.texts).into_iter().flatten();
            found.for_each(|at| is_gone[at] = false);
        }
        let in_before: Vec<(usize, usize)> = known(&before);
        let place = |at: &usize| {
            let found = in_before.binary_search_by_key(at, |(first, _)| *first);
            found.ok().map(|found| in_before[found].1)
        };
        let both: Vec<_> = after.iter().map(|at| at.as_ref().and_then(place)).collect();
        let mut paired = vec![None; after.len()];
        for (old, own) in merged(known(&both), known(olds)) {
            paired[own] = Some(old);
        }
        let olds = paired;
        // A paragraph that was edited stands for the one that it was.
        let edited = olds.iter().map(|old| old.and_then(|old| before[old]));
        let edited: Vec<Option<usize>> = edited.collect();
        let in_after = merged(known(&edited), known(&after));
        let mut gaps: Vec<Gap> = Vec::new();
        for at in (0..is_gone.len()).filter(|at| is_gone[*at]) {
            let own = place_in(&in_before, before.len(), at);
            let other = place_in(&in_after, after.len(), at);
            if in_after.binary_search_by_key(&at, |(first, _)| *first).is_ok() {
                continue;
            }
            match gaps.last_mut() {
                Some(last) if last.before == own && last.after == other => last.missing += 1,
                _ => gaps.push(Gap { before: own, after: other, missing: 1 }),
            }
        }
        for gap in &mut gaps {
            gap.missing = gap.missing.saturating_sub(gap.after.len());
        }
        Self { before, after, olds, is_kept, gaps }
    }

    /// Which paragraphs of the first version may be the one that one of the export and of the document were.
    pub(super) fn between(&self, before: usize, after: usize) -> Range<usize> {
        let side = |found: &[Option<usize>], at: usize| {
            let start = found[..at].iter().rev().find_map(|first| *first).map_or(0, |at| at + 1);
            let end = found[at + 1..].iter().find_map(|first| *first);
            (start, end.unwrap_or(self.is_kept.len()))
        };
        let (own, other) = (side(&self.before, before), side(&self.after, after));
        let start = own.0.max(other.0);
        start..own.1.min(other.1).max(start)
    }

    /// Whether the letter still has a paragraph of the first version in its place.
    pub(super) fn is_in_letter(&self, at: usize) -> bool {
        self.is_kept[at]
    }
}

/// The paragraphs of the first version that are known, and where they are.
fn known(found: &[Option<usize>]) -> Vec<(usize, usize)> {
    let all = found.iter().enumerate();
    all.filter_map(|(own, first)| first.map(|first| (first, own))).collect()
}

/// Two lists of these, in the order of both: where they are at odds, the first is right.
fn merged(first: Vec<(usize, usize)>, second: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut all: BTreeMap<usize, usize> = BTreeMap::new();
    for (first, own) in first.into_iter().chain(second) {
        let is_behind =
            all.range(..=first).next_back().is_none_or(|(at, last)| *at < first && *last < own);
        if is_behind && all.range(first..).next().is_none_or(|(_, next)| *next > own) {
            all.insert(first, own);
        }
    }
    all.into_iter().collect()
}

/// Where a paragraph of the first version would be in another one of this length, which has those `known`.
fn place_in(known: &[(usize, usize)], length: usize, at: usize) -> Range<usize> {
    let next = known.partition_point(|(first, _)| *first < at);
    let start = next.checked_sub(1).map_or(0, |last| known[last].1 + 1);
    let behind = known[next..].iter().find(|(first, _)| *first > at);
    start..behind.map_or(length, |(_, own)| *own).max(start)
}

/// For each of some fingerprints, which of the first ones it is, if they are in the same order.
fn same(first: &[String], second: &[String]) -> Vec<Option<usize>> {
    let token = |print: &String| Token {
        key: print.clone(),
        at: 0..0,
        is_apart: false,
        source: None,
        within: 0,
    };
    let tokens = |prints: &[String]| prints.iter().map(token).collect::<Vec<_>>();
    let hunks = words::differences(&tokens(first), &tokens(second));
    let mut found = vec![None; second.len()];
    let (mut i, mut j) = (0, 0);
    for hunk in hunks {
        (i..hunk.old.start).zip(j..hunk.new.start).for_each(|(i, j)| found[j] = Some(i));
        (i, j) = (hunk.old.end, hunk.new.end);
    }
    (i..first.len()).zip(j..second.len()).for_each(|(i, j)| found[j] = Some(i));
    found
}
