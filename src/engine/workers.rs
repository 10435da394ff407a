//! Runs many jobs on threads of its own, and gives up on those that take too long.
//!
//! Typst uses rayon inside. If whole letters were rayon jobs too, a worker that waits for a part of
//! one letter would start another letter on top of its stack, and hundreds of letters would overflow
//! it. So letters have threads that rayon does not know, with a stack that is deep enough for any
//! document that Typst accepts.
//!
//! A stranger's template may loop for hours or allocate all the memory there is. A thread cannot be
//! stopped from outside, so it is abandoned: its job counts as failed, another thread replaces it,
//! and it ends with the program.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::words::say;

/// The stack size of a thread, in bytes. Memory that is not used is not allocated.
const STACK: usize = 64 << 20;

/// How often running jobs are checked.
const LOOK: Duration = Duration::from_millis(50);

/// The limits of a job.
#[derive(Debug, Copy, Clone)]
pub struct Limits {
    /// The maximum time of one job.
    pub time: Duration,
    /// The maximum memory of the program as a whole, in bytes.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_mins(2), memory: 4 << 30 }
    }
}

/// Why a job has no result.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Failure {
    /// It panicked, which is a bug in the program.
    Panicked,
    /// It took longer than the limit.
    Time,
    /// It was running, or waiting, when the program reached its memory limit.
    Memory,
}

impl Failure {
    /// The error for a job that has no result. The other letters must not fail because of it.
    pub(crate) fn problem(self, limits: Limits, place: Place) -> Diagnostic {
        let seconds = limits.time.as_secs();
        let mebibytes = limits.memory >> 20;
        let message = match self {
            Self::Panicked => {
                say!("the program failed on this letter, which is a bug in the program")
            }
            Self::Time => say!("this takes longer than {seconds} seconds to typeset", seconds),
            Self::Memory => say!(
                "this was being typeset when the program used more than {mebibytes} MiB of memory",
                mebibytes
            ),
        };
        Diagnostic::new(Code::Template, place, message)
    }
}

/// A job that a thread has begun, and when.
type Running = Arc<Mutex<HashMap<usize, Instant>>>;

/// Calls `work` for each item, on up to `jobs` threads, and returns the results in the items' order.
/// `progress` is called from time to time with how many are done, and of how many.
pub(crate) fn map<T, R>(
    items: Vec<T>,
    jobs: usize,
    limits: Limits,
    mut progress: impl FnMut(usize, usize),
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Vec<Result<R, Failure>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let count = items.len();
    let queue = Arc::new(Mutex::new(items.into_iter().enumerate()));
    let running: Running = Arc::default();
    let work = Arc::new(work);
    let (sender, arrivals) = channel();
    let spawn = |results: Sender<_>| {
        let (queue, running, work) = (queue.clone(), running.clone(), work.clone());
        let run = move || {
            loop {
                let next = queue.lock().next();
                let Some((index, item)) = next else { break };
                running.lock().insert(index, Instant::now());
                let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                running.lock().remove(&index);
                if results.send((index, result.map_err(|_| Failure::Panicked))).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().stack_size(STACK).spawn(run).is_ok()
    };
    let spawned = (0..jobs.clamp(1, count.max(1))).take_while(|_| spawn(sender.clone())).count();

    let mut results = Results::new(count);
    let mut left = if spawned == 0 { 0 } else { count };
    while left > 0 {
        progress(count - left, count);
        match arrivals.recv_timeout(LOOK) {
            Ok((index, result)) => left -= usize::from(results.take(index, result)),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if memory_in_use().is_some_and(|bytes| bytes > limits.memory) {
                    break;
                }
                for index in take_late(&running, limits.time) {
                    if results.take(index, Err(Failure::Time)) {
                        left -= 1;
                        spawn(sender.clone());
                    }
                }
            }
        }
    }
    results.into_all()
}

/// The results so far.
struct Results<R>(Vec<Option<Result<R, Failure>>>);

impl<R> Results<R> {
    fn new(count: usize) -> Self {
        Self((0..count).map(|_| None).collect())
    }

    /// Stores a result, unless there is one already: a result that arrives after its job was given up
    /// on is too late. Returns whether it was stored.
    fn take(&mut self, index: usize, result: Result<R, Failure>) -> bool {
        match self.0.get_mut(index) {
            Some(slot @ None) => {
                *slot = Some(result);
                true
            }
            _ => false,
        }
    }

    /// All results. A job without one was running, or waiting, when the memory ran out.
    fn into_all(self) -> Vec<Result<R, Failure>> {
        self.0.into_iter().map(|slot| slot.unwrap_or(Err(Failure::Memory))).collect()
    }
}

/// Removes and returns the running jobs that have exceeded the time limit.
fn take_late(running: &Running, time: Duration) -> Vec<usize> {
    let mut running = running.lock();
    let late: Vec<usize> = running
        .iter()
        .filter(|(_, begun)| begun.elapsed() > time)
        .map(|(index, _)| *index)
        .collect();
    running.retain(|index, _| !late.contains(index));
    late
}

/// The memory that the program uses, in bytes, if the system reports it.
fn memory_in_use() -> Option<u64> {
    memory_stats::memory_stats().map(|memory| memory.physical_mem as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { time: Duration::from_mins(1), memory: u64::MAX };

    #[test]
    fn results_keep_the_order() {
        for jobs in [1, 2, 8] {
            let results = map((0..100).collect(), jobs, LIMITS, |_, _| {}, |n: u32| n * n);
            assert!(results.into_iter().eq((0..100).map(|n| Ok(n * n))));
        }
    }

    #[test]
    fn what_fails_takes_nothing_else_with_it() {
        let limits = Limits { time: Duration::from_secs(3), ..LIMITS };
        let results = map(
            vec![1, 2, 3, 4],
            1,
            limits,
            |_, _| {},
            |n: u32| match n {
                2 => panic!("on purpose"),
                3 => loop {
                    thread::park();
                },
                n => n,
            },
        );
        assert_eq!(results, [Ok(1), Err(Failure::Panicked), Err(Failure::Time), Ok(4)]);
    }

    #[test]
    fn too_much_memory_ends_what_is_under_way() {
        let limits = Limits { memory: 0, ..LIMITS };
        let results = map(
            vec![()],
            1,
            limits,
            |_, _| {},
            |()| {
                loop {
                    thread::park();
                }
            },
        );
        let expected: [Result<(), _>; 1] = [Err(Failure::Memory)];
        assert_eq!(results, expected);
    }
}
