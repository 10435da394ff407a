//! Finds the items out of order in a list that is nearly sorted.

/// The indices of the longest ascending subsequence of keys: all other keys are out of place.
///
/// Uses patience sorting, in O(n log n) (Schensted 1961; Fredman 1975).
pub(crate) fn longest_ascending<K: Ord>(keys: &[K]) -> Vec<usize> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; keys.len()];
    for (index, key) in keys.iter().enumerate() {
        let pile = tops.partition_point(|top| keys[*top] <= *key);
        before[index] = pile.checked_sub(1).map(|pile| tops[pile]);
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut run = Vec::new();
    let mut next = tops.last().copied();
    while let Some(index) = next {
        run.push(index);
        next = before[index];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_out_of_place_are_found() {
        let keys = |text: &str| text.bytes().map(|byte| vec![byte]).collect::<Vec<_>>();
        assert_eq!(longest_ascending(&keys("abxcd")), [0, 1, 3, 4]);
        assert_eq!(longest_ascending(&keys("")), [0usize; 0]);
        assert_eq!(longest_ascending(&keys("aab")), [0, 1, 2]);
    }
}
