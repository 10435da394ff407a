//! Does many pieces of work on threads of its own.
//!
//! Typst uses rayon inside. Were whole letters rayon jobs too, a worker that waits for a part of one
//! letter would take up another letter on top of its stack, and hundreds of letters would overflow
//! it. So letters have threads that rayon knows nothing of, with a stack that is deep enough for any
//! document Typst accepts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

/// The stack of a thread, in bytes. Memory that is not used is not taken.
const STACK: usize = 64 << 20;

/// Does `work` on each item, on up to `jobs` threads, and returns the results in the items' order.
/// The result of work that panicked is `None`.
pub fn map<T, R>(items: Vec<T>, jobs: usize, work: impl Fn(T) -> R + Sync) -> Vec<Option<R>>
where
    T: Send,
    R: Send,
{
    let count = items.len();
    let queue = Mutex::new(items.into_iter().enumerate());
    let results: Mutex<Vec<Option<R>>> = Mutex::new((0..count).map(|_| None).collect());
    let next = || queue.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).next();
    let run = || {
        while let Some((index, item)) = next() {
            let result = catch_unwind(AssertUnwindSafe(|| work(item))).ok();
            let mut results = results.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if let Some(slot) = results.get_mut(index) {
                *slot = result;
            }
        }
    };
    thread::scope(|scope| {
        let spawn = || thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).is_ok();
        let spawned = (0..jobs.clamp(1, count.max(1))).take_while(|_| spawn()).count();
        // Where no thread can be had, this one does the work.
        if spawned == 0 {
            run();
        }
    });
    results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order() {
        for jobs in [1, 2, 8] {
            let results = map((0..100).collect(), jobs, |n: u32| n * n);
            assert!(results.into_iter().flatten().eq((0..100).map(|n| n * n)));
        }
    }
}
