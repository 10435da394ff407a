//! Which paragraphs of two documents are the same, with or without changes.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use crate::documents::revision::anchors;
use crate::documents::revision::words::{MAX_PRODUCT, SMALL_PRODUCT, Token};
use crate::sequences::alignment::{Step, align};

/// The words of paragraphs as numbers: equal words have the same.
#[derive(Default)]
struct Numbers<'t>(HashMap<&'t str, u32>);

impl<'t> Numbers<'t> {
    fn of(&mut self, paragraphs: &'t [Vec<Token>]) -> Vec<Vec<u32>> {
        let mut number = |token: &'t Token| {
            let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            *self.0.entry(&token.key).or_insert(next)
        };
        let mut numbers = |tokens: &'t Vec<Token>| tokens.iter().map(&mut number).collect();
        paragraphs.iter().map(&mut numbers).collect()
    }
}

/// Two sequences of paragraphs, and which are found to be the same.
pub(super) struct Pairing {
    /// The words in their order.
    pub first: Vec<Vec<u32>>,
    pub second: Vec<Vec<u32>>,
    /// The words sorted.
    pub bags: (Vec<Vec<u32>>, Vec<Vec<u32>>),
    pub found: Vec<Option<usize>>,
}

/// For each of the second paragraphs, the one of the first that it is: first those that are the same and
/// appear once, then those with rows of words that no other has, and then, between them, those that are alike.
pub(super) fn pairs(first: &[Vec<Token>], second: &[Vec<Token>]) -> Vec<Option<usize>> {
    let mut numbers = Numbers::default();
    let (first, second) = (numbers.of(first), numbers.of(second));
    let sorted = |texts: &[Vec<u32>]| -> Vec<Vec<u32>> {
        let sorted = texts.iter().cloned().map(|mut text| {
            text.sort_unstable();
            text
        });
        sorted.collect()
    };
    let bags = (sorted(&first), sorted(&second));
    let found = vec![None; second.len()];
    let mut pairing = Pairing { first, second, bags, found };
    let anchors = anchors::anchors(&pairing.first, &pairing.second);
    let whole = (0..pairing.first.len(), 0..pairing.second.len());
    let mut open = pairing.join(&anchors, &whole);
    for _ in 0..ROUNDS {
        let gaps = std::mem::take(&mut open);
        for gap in gaps {
            open.extend(pairing.between(gap));
        }
    }
    pairing.found
}

/// How often what is between alike paragraphs is looked at again.
const ROUNDS: usize = 6;

type Gap = (Range<usize>, Range<usize>);

impl Pairing {
    /// Notes pairs within a gap, and returns the gaps that are left.
    fn join(&mut self, pairs: &[(usize, usize)], (firsts, seconds): &Gap) -> Vec<Gap> {
        for (i, j) in pairs {
            self.found[seconds.start + j] = Some(firsts.start + i);
        }
        let gaps = anchors::gaps(pairs, (firsts.len(), seconds.len())).into_iter();
        let within = |(i, j): Gap| {
            let (i_start, j_start) = (firsts.start, seconds.start);
            (i_start + i.start..i_start + i.end, j_start + j.start..j_start + j.end)
        };
        gaps.map(within).filter(|(i, j)| !i.is_empty() && !j.is_empty()).collect()
    }

    /// How well two paragraphs match: above zero, they are the same with changes.
    fn score(&self, i: usize, j: usize) -> f64 {
        /// Below this, two paragraphs are not the same with changes.
        const LEAST: f64 = 0.35;
        match self.first[i] == self.second[j] {
            true => 2.0,
            false => likeness(&self.bags.0[i], &self.bags.1[j]) - LEAST,
        }
    }

    /// Pairs the paragraphs of a gap. Of a long one, only what is surely the same, and what is between is
    /// returned.
    fn between(&mut self, (firsts, seconds): Gap) -> Vec<Gap> {
        let (mut old, mut new) = (firsts, seconds);
        while !old.is_empty() && !new.is_empty() && self.first[old.start] == self.second[new.start]
        {
            self.found[new.start] = Some(old.start);
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        while !old.is_empty()
            && !new.is_empty()
            && self.first[old.end - 1] == self.second[new.end - 1]
        {
            (old.end, new.end) = (old.end - 1, new.end - 1);
            self.found[new.end] = Some(old.end);
        }
        if old.is_empty() || new.is_empty() {
            return Vec::new();
        }
        if old.len() * new.len() > SMALL_PRODUCT {
            let mut alike = anchors::alike(&self.first[old.clone()], &self.second[new.clone()]);
            alike.retain(|(i, j)| self.score(old.start + i, new.start + j) > 0.0);
            if !alike.is_empty() {
                return self.join(&alike, &(old, new));
            }
        }
        if old.len() * new.len() <= MAX_PRODUCT {
            let score = |x: Range<usize>, y: Range<usize>| {
                self.score(old.start + x.start, new.start + y.start)
            };
            let steps = align(old.len(), new.len(), 1, 0.0, score);
            for step in steps {
                if let Step::Both(x, y) = step {
                    let (i, j) = (old.start + x.start, new.start + y.start);
                    self.found[j] = (self.score(i, j) > 0.0).then_some(i);
                }
            }
        }
        Vec::new()
    }
}

/// How many words two paragraphs have in common, from 0 to 1. Their words are sorted.
pub(super) fn likeness(one: &[u32], other: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        match a.cmp(b) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    2.0 * f64::from(common) / (one.len() + other.len()).max(1) as f64
}
