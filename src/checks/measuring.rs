//! What the tests share that measure how much checks find.

/// A generator of numbers: SplitMix64 (Steele, Lea and Flood 2014).
pub(in crate::checks) struct Random(pub u64);

impl Random {
    pub(in crate::checks) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % end.max(1) as u64).unwrap_or_default()
    }
}

/// How many there are of what is looked for, how many were found, and how many of those were right.
#[derive(Debug, Default, Copy, Clone)]
pub(in crate::checks) struct Score {
    pub there: usize,
    pub found: usize,
    pub right: usize,
}

impl Score {
    pub(in crate::checks) fn add(&mut self, other: Self) {
        self.there += other.there;
        self.found += other.found;
        self.right += other.right;
    }

    /// In per cent of what was found.
    pub(in crate::checks) fn precision(self) -> f64 {
        self.right as f64 * 100.0 / self.found.max(1) as f64
    }

    /// In per cent of what there is.
    pub(in crate::checks) fn recall(self) -> f64 {
        self.right as f64 * 100.0 / self.there.max(1) as f64
    }
}
