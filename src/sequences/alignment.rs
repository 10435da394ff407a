//! Aligns two sequences by the algorithm of Needleman and Wunsch (1970): the order is kept, and an item
//! without a counterpart is aligned with a gap. As in the sentence alignment by Gale and Church (1993),
//! several items of one sequence may together be the counterpart of one of the other.

use std::ops::Range;

/// A step along two sequences.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Step {
    /// These are counterparts. At least one of the ranges has a single item.
    Both(Range<usize>, Range<usize>),
    /// An item of the first sequence without a counterpart in the second.
    First(usize),
    /// An item of the second sequence without a counterpart in the first.
    Second(usize),
}

/// Aligns two sequences of these lengths. `score` rates how well two items match, or up to `most` items
/// with one, and `alone` is what an item without a counterpart costs: two that match worse than that are left
/// alone.
///
/// Time and memory are proportional to the product of the lengths.
pub(crate) fn align(
    first: usize,
    second: usize,
    most: u8,
    alone: f64,
    score: impl Fn(Range<usize>, Range<usize>) -> f64,
) -> Vec<Step> {
    let width = second + 1;
    let mut best = vec![0.0_f64; (first + 1) * width];
    // How many items of each sequence the best step to a place takes.
    let mut taken = vec![(0_u8, 0_u8); (first + 1) * width];
    for i in 0..=first {
        for j in 0..=second {
            let (mut high, mut step) = (f64::NEG_INFINITY, (0, 0));
            let mut consider = |value: f64, sizes: (u8, u8)| {
                if value > high {
                    (high, step) = (value, sizes);
                }
            };
            if i > 0 && j > 0 {
                consider(best[(i - 1) * width + j - 1] + score(i - 1..i, j - 1..j), (1, 1));
                for size in 2..=most {
                    if let Some(start) = i.checked_sub(size.into()) {
                        let before = best[start * width + j - 1];
                        consider(before + score(start..i, j - 1..j), (size, 1));
                    }
                    if let Some(start) = j.checked_sub(size.into()) {
                        let before = best[(i - 1) * width + start];
                        consider(before + score(i - 1..i, start..j), (1, size));
                    }
                }
            }
            if j > 0 {
                consider(best[i * width + j - 1] - alone, (0, 1));
            }
            if i > 0 {
                consider(best[(i - 1) * width + j] - alone, (1, 0));
            }
            if i > 0 || j > 0 {
                best[i * width + j] = high;
                taken[i * width + j] = step;
            }
        }
    }
    let (mut i, mut j) = (first, second);
    let mut steps = Vec::with_capacity(first.max(second));
    while i > 0 || j > 0 {
        let (one, other) = taken[i * width + j];
        let (start, other_start) = (i - usize::from(one), j - usize::from(other));
        steps.push(match (one, other) {
            (_, 0) => Step::First(start),
            (0, _) => Step::Second(other_start),
            _ => Step::Both(start..i, other_start..j),
        });
        (i, j) = (start, other_start);
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(first: &str, second: &str, most: u8) -> Vec<Step> {
        let (a, b): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
        align(a.len(), b.len(), most, 0.0, |i, j| {
            let upper: Vec<char> = a[i.clone()].iter().map(char::to_ascii_uppercase).collect();
            if a[i] == b[j.clone()] || (upper.len() == 2 && upper[0] == b[j.start]) {
                1.5
            } else {
                -1.0
            }
        })
    }

    #[test]
    fn a_missing_item_is_aligned_with_a_gap() {
        use Step::{Both, First, Second};
        let one = |i: usize, j: usize| Both(i..i + 1, j..j + 1);
        assert_eq!(aligned("abc", "ac", 1), [one(0, 0), First(1), one(2, 1)]);
        assert_eq!(aligned("ac", "abc", 1), [one(0, 0), Second(1), one(1, 2)]);
        assert_eq!(aligned("", "a", 1), [Second(0)]);
        assert_eq!(aligned("", "", 1), []);
        assert_eq!(aligned("abbc", "aBc", 2), [one(0, 0), Both(1..3, 1..2), one(3, 2)]);
    }

    proptest::proptest! {
        /// Each item appears once and in order, whatever the scores are.
        #[test]
        fn nothing_is_lost(a in "[abc]{0,12}", b in "[abcABC]{0,12}", most in 1..4_u8) {
            let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
            for step in aligned(&a, &b, most) {
                match step {
                    Step::Both(i, j) => {
                        firsts.extend(i);
                        seconds.extend(j);
                    }
                    Step::First(i) => firsts.push(i),
                    Step::Second(j) => seconds.push(j),
                }
            }
            proptest::prop_assert_eq!(firsts, (0..a.len()).collect::<Vec<_>>());
            proptest::prop_assert_eq!(seconds, (0..b.len()).collect::<Vec<_>>());
        }
    }
}
