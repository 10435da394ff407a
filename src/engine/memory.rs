//! When to clear the Typst compiler's cache.
//!
//! The compiler caches everything it ever laid out, some 7 MB for a document of three pages, which
//! would fill the memory. But clearing the cache too often costs time: what documents share is laid
//! out again, and memory must be allocated again.

use std::sync::atomic::{AtomicUsize, Ordering};

use typst::comemo;

/// Counts documents, and clears the compiler's cache from time to time.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Memory {
    /// How many documents are typeset between two evictions.
    every: usize,
    /// How many evictions an unused result survives.
    age: usize,
}

/// How many documents the process has typeset: the cache is the process's, and a program that uses the
/// library may build one letter at a time.
static DOCUMENTS: AtomicUsize = AtomicUsize::new(0);

impl Memory {
    /// For different letters, which share little more than a template.
    pub(crate) fn of_batch() -> Self {
        Self::new(16, 1)
    }

    /// For one letter to many recipients, who have a few shapes in no particular order: what was laid
    /// out for a shape should still be cached when the next one comes.
    pub(crate) fn of_merge() -> Self {
        Self::new(32, 2)
    }

    /// For one letter while it is written: if an edit is undone, the earlier pages are still cached.
    pub(crate) fn of_watch() -> Self {
        Self::new(1, 10)
    }

    fn new(every: usize, age: usize) -> Self {
        Self { every, age }
    }

    /// Counts a document. When it is time, evicts the results that the last ones did not need.
    pub(crate) fn count_document(&self) {
        if (DOCUMENTS.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.every) {
            comemo::evict(self.age);
        }
    }
}
