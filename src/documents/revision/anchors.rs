//! Where two long sequences are surely the same, so that only what is between is compared item by item: the
//! items that each of them has once, in the longest row that ascends in both (the "patience diff" of Bram
//! Cohen). Its time is that of sorting.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// The pairs of equal items that each of two sequences has once, in an order that both have.
pub(super) fn anchors<K: Hash + Eq>(first: &[K], second: &[K]) -> Vec<(usize, usize)> {
    let (firsts, seconds) = (once(first.iter()), once(second.iter()));
    let mut pairs: Vec<(usize, usize)> =
        (firsts.iter()).filter_map(|(key, i)| Some(((*i)?, (*seconds.get(key)?)?))).collect();
    pairs.sort_unstable();
    ascending(&pairs)
}

/// The pairs of two sequences of texts that have the most rows of two words in common that no other has, in
/// an order that both have. Each text is the numbers of its words.
pub(super) fn alike(first: &[Vec<u32>], second: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let rows = |texts: &[Vec<u32>]| {
        let mut owners: HashMap<(u32, u32), Option<usize>> = HashMap::new();
        for (at, text) in texts.iter().enumerate() {
            for row in text.windows(2) {
                let owner = owners.entry((row[0], row[1])).or_insert(Some(at));
                *owner = owner.filter(|owner| *owner == at);
            }
        }
        owners
    };
    let (firsts, seconds) = (rows(first), rows(second));
    let mut votes: HashMap<(usize, usize), usize> = HashMap::new();
    for (row, i) in &firsts {
        if let (Some(i), Some(Some(j))) = (i, seconds.get(row)) {
            *votes.entry((*i, *j)).or_default() += 1;
        }
    }
    let mut best: Vec<(usize, usize, usize)> =
        votes.into_iter().map(|((i, j), count)| (count, i, j)).collect();
    best.sort_unstable_by_key(|(count, i, j)| (std::cmp::Reverse(*count), *i, *j));
    let (mut taken, mut met) = (vec![false; first.len()], vec![false; second.len()]);
    let mut pairs = Vec::new();
    for (count, i, j) in best {
        // By chance, two texts have one such row.
        if count > 1 && !taken[i] && !met[j] {
            (taken[i], met[j]) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs.sort_unstable();
    ascending(&pairs)
}

/// The ranges before, between and behind some pairs.
pub(super) fn gaps(
    pairs: &[(usize, usize)],
    (first, second): (usize, usize),
) -> Vec<(Range<usize>, Range<usize>)> {
    let (mut i, mut j) = (0, 0);
    let mut gaps = Vec::with_capacity(pairs.len() + 1);
    for (next_i, next_j) in pairs.iter().copied().chain([(first, second)]) {
        gaps.push((i..next_i, j..next_j));
        (i, j) = (next_i + 1, next_j + 1);
    }
    gaps
}

/// Where each item is that is there once.
fn once<K: Hash + Eq>(items: impl Iterator<Item = K>) -> HashMap<K, Option<usize>> {
    let mut all = HashMap::new();
    for (at, item) in items.enumerate() {
        all.entry(item).and_modify(|known| *known = None).or_insert(Some(at));
    }
    all
}

/// The longest part of some pairs that ascends in both.
fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The index of the last pair of the best row of each length.
    let mut lasts: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, second)) in pairs.iter().enumerate() {
        let length = lasts.partition_point(|last| pairs[*last].1 < *second);
        before.push(length.checked_sub(1).map(|length| lasts[length]));
        match lasts.get_mut(length) {
            Some(last) => *last = at,
            None => lasts.push(at),
        }
    }
    let mut next = lasts.last().copied();
    let mut row = Vec::new();
    while let Some(at) = next {
        row.push(pairs[at]);
        next = before[at];
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_once_holds_two_sequences_together() {
        let of = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(anchors(&of("axbxc"), &of("axxbc")), [(0, 0), (2, 3), (4, 4)]);
        assert_eq!(anchors(&of("abc"), &of("cab")), [(0, 1), (1, 2)]);
        assert_eq!(anchors(&of("aa"), &of("aa")), []);
        assert_eq!(gaps(&[(1, 0)], (3, 1)), [(0..1, 0..0), (2..3, 1..1)]);
        let texts = |rows: &[&[u32]]| rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
        let first = texts(&[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 9]]);
        let second = texts(&[&[9, 9], &[5, 6, 7, 1, 2], &[5, 6]]);
        assert_eq!(alike(&first, &second), []);
        assert_eq!(alike(&first, &second[..2]), [(1, 1)]);
    }
}
