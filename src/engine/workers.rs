//! Runs many jobs on threads of its own, and gives up on those that take too long.
//!
//! Typst uses rayon inside. If whole letters were rayon jobs too, a worker that waits for a part of
//! one letter would start another letter on top of its stack, and hundreds of letters would overflow
//! it. So letters have threads that rayon does not know, with a stack that is deep enough for any
//! document that Typst accepts.
//!
//! A stranger's template may loop for hours or allocate all the memory there is. A thread cannot be
//! stopped from outside. If somebody supervises the program, it starts again without that job (see
//! [`supervisor`]). Otherwise the thread is abandoned: its job counts as failed, another thread
//! replaces it, and it ends with the program.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use typst::comemo;

use crate::engine::supervisor::{self, Silence};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::words::{Message, count, say};

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
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) enum Failure {
    /// It panicked, which is a bug in the program.
    Panicked,
    /// It took longer than the limit.
    Time,
    /// It needed more memory than the limit.
    Memory,
    /// It was running, or waiting, when the program reached its memory limit.
    Unfinished,
    /// It overflowed the stack.
    Stack,
    /// It ended the program in another way.
    Crashed,
}

impl Failure {
    /// Why a job has no result.
    pub(crate) fn message(self, limits: Limits) -> Message {
        let seconds = limits.time.as_secs();
        let mebibytes = limits.memory >> 20;
        match self {
            Self::Panicked | Self::Crashed => {
                say!("the program failed on this letter, which is a bug in the program")
            }
            Self::Stack => say!("something here is nested too deeply for the program"),
            Self::Time => count!(
                usize::try_from(seconds).unwrap_or(usize::MAX),
                one = "this takes longer than 1 second",
                other = "this takes longer than {count} seconds"
            ),
            Self::Memory => {
                say!("this needs more than {mebibytes} MiB of memory", mebibytes)
            }
            Self::Unfinished => say!(
                "this was being typeset when the program used more than {mebibytes} MiB of memory",
                mebibytes
            ),
        }
    }

    /// The error for a job that has no result. The other letters must not fail because of it.
    pub(crate) fn problem(self, limits: Limits, place: Place) -> Diagnostic {
        Diagnostic::new(Code::Template, place, self.message(limits)).hint_if(match self {
            Self::Panicked | Self::Unfinished => None,
            Self::Crashed => {
                Some(say!("look for what is damaged in its template, pictures and enclosures"))
            }
            Self::Time => {
                Some(say!("look for what repeats without end; --timeout allows more time"))
            }
            Self::Memory => {
                Some(say!("look for what is too large; --max-memory allows more memory"))
            }
            Self::Stack => {
                Some(say!("look for what is nested in its template, pictures and enclosures"))
            }
        })
    }
}

/// The jobs that threads have begun: the name of each, and when.
type Running = Arc<Mutex<HashMap<usize, (String, Instant)>>>;

/// Calls `work` for each item, on up to `jobs` threads, and hands on each result with the index of its
/// item when it arrives. `name` tells the items apart, and says the same of an item whenever the
/// program runs. `progress` is called from time to time with how many are done, and of how many.
pub(crate) fn each<T, R>(
    items: Vec<T>,
    jobs: usize,
    limits: Limits,
    name: impl Fn(&T) -> String + Send + Sync + 'static,
    mut progress: impl FnMut(usize, usize),
    work: impl Fn(T) -> R + Send + Sync + 'static,
    mut arrived: impl FnMut(usize, Result<R, Failure>),
) where
    T: Send + 'static,
    R: Send + 'static,
{
    supervisor::limit_memory(limits.memory);
    let _silence = Silence::begin();
    let all = items.len();
    let is_suspect = |(_, item): &(usize, T)| supervisor::is_suspect(&name(item));
    let (suspects, others): (Vec<_>, Vec<_>) = items.into_iter().enumerate().partition(is_suspect);
    let work = Arc::new((name, work));
    let mut before = 0;
    for (items, jobs) in [(suspects, 1), (others, jobs)] {
        let count = items.len();
        let done = |done| progress(before + done, all);
        run(items, jobs, limits, &work, done, &mut arrived);
        before += count;
    }
}

/// Does some of the work of [`each`].
fn run<T, R>(
    items: Vec<(usize, T)>,
    jobs: usize,
    limits: Limits,
    work: &Arc<(
        impl Fn(&T) -> String + Send + Sync + 'static,
        impl Fn(T) -> R + Send + Sync + 'static,
    )>,
    mut progress: impl FnMut(usize),
    mut arrived: impl FnMut(usize, Result<R, Failure>),
) where
    T: Send + 'static,
    R: Send + 'static,
{
    // A result that arrives after its job was given up on is too late.
    let mut waiting: BTreeSet<usize> = items.iter().map(|(index, _)| *index).collect();
    let count = items.len();
    let queue = Arc::new(Mutex::new(items.into_iter()));
    let running: Running = Arc::default();
    let (sender, arrivals) = channel();
    let spawn = |results: Sender<_>| {
        let (queue, running, work) = (queue.clone(), running.clone(), work.clone());
        let run = move || {
            let (name, work) = &*work;
            loop {
                let next = queue.lock().next();
                let Some((index, item)) = next else { break };
                let name = name(&item);
                let result = supervisor::begin(&name).and_then(|_in_progress| {
                    let is_suspect = supervisor::is_suspect(&name);
                    running.lock().insert(index, (name, Instant::now()));
                    let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if is_suspect {
                        // What the compiler keeps is freed at its own expense, not at another's.
                        comemo::evict(0);
                    }
                    running.lock().remove(&index);
                    result.map_err(|_| Failure::Panicked)
                });
                if results.send((index, result)).is_err() {
                    break;
                }
            }
        };
        thread::Builder::new().stack_size(STACK).spawn(run).is_ok()
    };
    let jobs = jobs.clamp(1, count.max(1));
    let spawned = (0..jobs).take_while(|_| spawn(sender.clone())).count();

    let mut looked = Instant::now();
    while spawned > 0 && !waiting.is_empty() {
        progress(count - waiting.len());
        match arrivals.recv_timeout(LOOK) {
            Ok((index, result)) if waiting.remove(&index) => arrived(index, result),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if looked.elapsed() < LOOK {
            continue;
        }
        looked = Instant::now();
        if memory_in_use().is_some_and(|bytes| bytes > limits.memory) {
            supervisor::out_of_memory();
            break;
        }
        let late = take_late(&running, limits.time);
        if !late.is_empty() {
            supervisor::give_up_on(late.iter().map(|(_, name)| name), Failure::Time);
        }
        for (index, _) in late {
            if waiting.remove(&index) {
                arrived(index, Err(Failure::Time));
                spawn(sender.clone());
            }
        }
    }
    // These were running, or waiting, when the memory ran out.
    waiting.into_iter().for_each(|index| arrived(index, Err(Failure::Unfinished)));
}

/// The same, with all results at once, in the order of the items.
pub(crate) fn map<T, R>(
    items: Vec<T>,
    jobs: usize,
    limits: Limits,
    name: impl Fn(&T) -> String + Send + Sync + 'static,
    progress: impl FnMut(usize, usize),
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Vec<Result<R, Failure>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let mut results = BTreeMap::new();
    each(items, jobs, limits, name, progress, work, |index, result| {
        results.insert(index, result);
    });
    results.into_values().collect()
}

/// Does something that cannot fail on a thread of its own, if there is one to have.
pub(crate) fn beside(work: impl FnOnce() + Send + 'static) -> Option<thread::JoinHandle<()>> {
    thread::Builder::new().stack_size(STACK).spawn(work).ok()
}

/// Does one thing like [`each`]. The error is what to report, at this place.
pub(crate) fn one<R: Send + 'static>(
    limits: Limits,
    name: &str,
    place: Place,
    work: impl Fn() -> R + Send + Sync + 'static,
) -> Result<R, Vec<Diagnostic>> {
    alone(limits, name, work).map_err(|failure| vec![failure.problem(limits, place)])
}

/// The same for what has no place.
pub(crate) fn alone<R: Send + 'static>(
    limits: Limits,
    name: &str,
    work: impl Fn() -> R + Send + Sync + 'static,
) -> Result<R, Failure> {
    let name = name.to_owned();
    let mut results = map(vec![()], 1, limits, move |()| name.clone(), |_, _| {}, move |()| work());
    results.pop().unwrap_or(Err(Failure::Panicked))
}

/// Removes and returns the running jobs that have exceeded the time limit.
fn take_late(running: &Running, time: Duration) -> Vec<(usize, String)> {
    let late = |_: &usize, (_, begun): &mut (String, Instant)| begun.elapsed() > time;
    let mut running = running.lock();
    running.extract_if(late).map(|(index, (name, _))| (index, name)).collect()
}

/// The memory that the program uses, in bytes, if the system reports it.
fn memory_in_use() -> Option<u64> {
    memory_stats::memory_stats().map(|memory| memory.physical_mem as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { time: Duration::from_mins(10), memory: u64::MAX };

    #[test]
    fn results_keep_the_order() {
        for jobs in [1, 2, 8] {
            let results =
                map((0..100).collect(), jobs, LIMITS, u32::to_string, |_, _| {}, |n| n * n);
            assert!(results.into_iter().eq((0..100).map(|n| Ok(n * n))));
        }
    }

    #[test]
    fn what_fails_takes_nothing_else_with_it() {
        let work = |n| match n {
            1 => panic!("on purpose"),
            2 => loop {
                thread::park();
            },
            n => n,
        };
        // A panic is printed with its callers, which may take long on a busy machine.
        let results = map(vec![0, 1, 3], 1, LIMITS, u32::to_string, |_, _| {}, work);
        assert_eq!(results, [Ok(0), Err(Failure::Panicked), Ok(3)]);
        let limits = Limits { time: Duration::from_secs(3), ..LIMITS };
        let results = map(vec![0, 2, 3], 1, limits, u32::to_string, |_, _| {}, work);
        assert_eq!(results, [Ok(0), Err(Failure::Time), Ok(3)]);
    }

    #[test]
    fn too_much_memory_ends_what_is_under_way() {
        let limits = Limits { memory: 0, ..LIMITS };
        let results = map(
            vec![()],
            1,
            limits,
            |()| String::new(),
            |_, _| {},
            |()| {
                loop {
                    thread::park();
                }
            },
        );
        let expected: [Result<(), _>; 1] = [Err(Failure::Unfinished)];
        assert_eq!(results, expected);
    }
}
