//! Aligns two sequences by the algorithm of Needleman and Wunsch (1970): the order is kept, and an item
//! without a counterpart is aligned with a gap.

/// A step along two sequences.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Step {
    /// These two are counterparts.
    Both(usize, usize),
    /// An item of the first sequence without a counterpart in the second.
    First(usize),
    /// An item of the second sequence without a counterpart in the first.
    Second(usize),
}

/// Aligns two sequences of these lengths. `score` rates how well two items match: if it is above zero,
/// they are better paired than left alone.
///
/// Time and memory are proportional to the product of the lengths.
pub(crate) fn align(first: usize, second: usize, score: impl Fn(usize, usize) -> f64) -> Vec<Step> {
    let width = second + 1;
    let mut best = vec![0.0_f64; (first + 1) * width];
    for i in 1..=first {
        for j in 1..=second {
            let both = best[(i - 1) * width + j - 1] + score(i - 1, j - 1);
            let alone = best[(i - 1) * width + j].max(best[i * width + j - 1]);
            best[i * width + j] = both.max(alone);
        }
    }
    let (mut i, mut j) = (first, second);
    let mut steps = Vec::with_capacity(first.max(second));
    while i > 0 || j > 0 {
        let here = best[i * width + j];
        if i > 0 && j > 0 && here == best[(i - 1) * width + j - 1] + score(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            steps.push(Step::Both(i, j));
        } else if j > 0 && here == best[i * width + j - 1] {
            j -= 1;
            steps.push(Step::Second(j));
        } else {
            i -= 1;
            steps.push(Step::First(i));
        }
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(first: &str, second: &str) -> Vec<Step> {
        let (a, b): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
        align(a.len(), b.len(), |i, j| if a[i] == b[j] { 1.0 } else { -1.0 })
    }

    #[test]
    fn a_missing_item_is_aligned_with_a_gap() {
        use Step::{Both, First, Second};
        assert_eq!(aligned("abc", "ac"), [Both(0, 0), First(1), Both(2, 1)]);
        assert_eq!(aligned("ac", "abc"), [Both(0, 0), Second(1), Both(1, 2)]);
        assert_eq!(aligned("", "a"), [Second(0)]);
        assert_eq!(aligned("", ""), []);
    }

    proptest::proptest! {
        /// Each item appears once and in order, whatever the scores are.
        #[test]
        fn nothing_is_lost(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            let steps = aligned(&a, &b);
            let firsts: Vec<usize> = steps
                .iter()
                .filter_map(|s| match s { Step::Both(i, _) | Step::First(i) => Some(*i), _ => None })
                .collect();
            let seconds: Vec<usize> = steps
                .iter()
                .filter_map(|s| match s { Step::Both(_, j) | Step::Second(j) => Some(*j), _ => None })
                .collect();
            proptest::prop_assert_eq!(firsts, (0..a.len()).collect::<Vec<_>>());
            proptest::prop_assert_eq!(seconds, (0..b.len()).collect::<Vec<_>>());
        }
    }
}
