//! What the Typst compiler remembers from one document to the next, and when it forgets it.
//!
//! It remembers everything it ever laid out, some 7 MB for a document of three pages, which would fill
//! the memory; yet forgetting too often costs time, for what documents share is laid out again, and
//! fresh memory has to be asked for.

use std::sync::atomic::{AtomicUsize, Ordering};

use typst::comemo;

/// Counts documents, and makes the compiler forget now and then.
#[derive(Debug)]
pub struct Memory {
    /// How many documents are set before the compiler forgets what it has not needed lately.
    every: usize,
    /// How many times it may forget before it drops a result that was not needed in between.
    age: usize,
    documents: AtomicUsize,
}

impl Memory {
    /// For different letters, which share little more than a template.
    pub fn of_batch() -> Self {
        Self::new(16, 1)
    }

    /// For one letter to many recipients, who are of a few shapes that come in no order: what was laid
    /// out for one of them should be there when the next one comes.
    pub fn of_merge() -> Self {
        Self::new(32, 2)
    }

    /// For one letter while it is written: who takes an edit back meets the pages as they were.
    pub fn of_watch() -> Self {
        Self::new(1, 10)
    }

    fn new(every: usize, age: usize) -> Self {
        Self { every, age, documents: AtomicUsize::new(0) }
    }

    /// Counts a document. When it is time, the compiler forgets what the last ones did not need.
    pub fn count_document(&self) {
        if (self.documents.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.every) {
            comemo::evict(self.age);
        }
    }
}
