//! Does the work in a child of the program, and starts it again without the job that ended it.
//!
//! Some faults take a whole process with them: a stack that overflows, an allocation that fails, a
//! panic on a thread of a library. Neither Typst nor the readers of PDFs and pictures can be bounded
//! from outside against all of them. So the command line forks before it has any thread, which costs
//! a fraction of a millisecond where a new process would cost three. The child does all the work,
//! and tells its parent in a journal which jobs are in progress; the parent waits. If the child
//! dies, the parent forks again, and the new child reports the job that was in progress as an error,
//! does everything else, and writes the same bytes as ever. A job is to blame only if it was in
//! progress alone: what was in progress when a child died is suspected, and done first and one by one
//! in the next.
//!
//! The same way serves jobs that exceed the limits: a thread cannot be stopped, but a process can.
//!
//! Only the command line on Unix works like this. The library has no right to fork the program that
//! uses it, and Windows has no fork: there a job that is given up on goes on until the program ends.

#[cfg(all(unix, feature = "cli"))]
mod journal;
#[cfg(all(unix, feature = "cli"))]
mod parent;

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::Path;
use std::sync::OnceLock;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::engine::output;
use crate::engine::workers::Failure;

#[cfg(all(unix, feature = "cli"))]
pub(crate) use parent::supervise;

/// What a process is after [`supervise`].
pub(crate) enum Role {
    /// It does the work.
    Worker,
    /// It waited for the work, which ended with this exit status.
    Done(u8),
    /// It waited for the work, which died for a reason that has nothing to do with any job.
    Crashed(String),
}

/// On Windows nobody is supervised.
#[cfg(all(not(unix), feature = "cli"))]
pub(crate) fn supervise() -> Role {
    Role::Worker
}

/// The identity of a job, which is the same in every child: a hash of its name.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, Serialize, Deserialize)]
struct JobId(u64);

impl JobId {
    fn of(name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        Self(hasher.finish())
    }

    /// The identity of a file that is written.
    fn of_file(path: &Path) -> Self {
        Self::of(&path.to_string_lossy())
    }
}

/// What children before this one left.
#[derive(Debug, Default, Clone)]
struct Past {
    /// The jobs that ended them.
    verdicts: HashMap<JobId, Failure>,
    /// The jobs of which one may have ended the last child. They are done first, one by one.
    suspects: HashSet<JobId>,
    /// Whether all jobs are suspected, because none of the suspects ended the last child.
    all_suspected: bool,
    /// What they passed on.
    notes: HashMap<String, String>,
    /// The files that they wrote.
    written: HashSet<JobId>,
}

impl Past {
    /// Forgets what is known of any job.
    fn pardon(&mut self) {
        self.verdicts.clear();
        self.suspects.clear();
        self.all_suspected = false;
    }
}

/// A supervised process.
struct Worker {
    journal: Mutex<File>,
    past: Mutex<Past>,
    /// The standard error of the program, unless it is closed.
    stderr: Option<File>,
    /// The limit of addresses that the program was started with, in bytes.
    addresses: Option<u64>,
}

static WORKER: OnceLock<Worker> = OnceLock::new();

/// An entry of the journal.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
enum Entry {
    /// A job begins.
    Begun(JobId),
    /// A job has ended.
    Ended(JobId),
    /// A job is to be given up on.
    Verdict(JobId, Failure),
    /// The jobs in progress are to be given up on: the memory is used up.
    OutOfMemory,
    /// What ended earlier children is tried again.
    Pardoned,
    /// Something for the next child.
    Note(String, String),
    /// A file was written.
    Wrote(JobId),
}

impl Worker {
    /// Writes an entry. If the parent is gone, the child soon is as well.
    fn log(&self, entry: &Entry) {
        let _unread = self.journal.lock().write_all(&entry.bytes());
    }
}

/// The first and the last byte of an entry. What a dying process says goes to the same pipe.
const BEGIN: u8 = 0x1e;
const END: u8 = b'\n';

impl Entry {
    /// As JSON, which contains neither of the two bytes: it escapes them in strings.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![BEGIN];
        let _infallible = serde_json::to_writer(&mut bytes, self);
        bytes.push(END);
        bytes
    }
}

/// A job in progress, until it is dropped.
pub(super) struct InProgress(JobId);

impl Drop for InProgress {
    fn drop(&mut self) {
        if let Some(worker) = WORKER.get() {
            worker.log(&Entry::Ended(self.0));
        }
    }
}

/// Begins a job, unless it ended an earlier child.
pub(super) fn begin(name: &str) -> Result<InProgress, Failure> {
    let job = JobId::of(name);
    if let Some(worker) = WORKER.get() {
        if let Some(failure) = worker.past.lock().verdicts.get(&job) {
            return Err(*failure);
        }
        worker.log(&Entry::Begun(job));
    }
    Ok(InProgress(job))
}

/// Whether a job must be done alone, because it may have ended an earlier child.
pub(super) fn is_suspect(name: &str) -> bool {
    WORKER.get().is_some_and(|worker| {
        let past = worker.past.lock();
        past.all_suspected || past.suspects.contains(&JobId::of(name))
    })
}

/// Starts again without jobs that have taken too long. Returns if nobody supervises the program.
pub(super) fn give_up_on<'n>(names: impl Iterator<Item = &'n String>, failure: Failure) {
    start_again(names.map(|name| Entry::Verdict(JobId::of(name), failure)));
}

/// Starts again without the jobs in progress. Returns if nobody supervises the program.
pub(super) fn out_of_memory() {
    start_again(std::iter::once(Entry::OutOfMemory));
}

fn start_again(why: impl Iterator<Item = Entry>) {
    if let Some(worker) = WORKER.get() {
        output::between_files(|| {
            why.for_each(|entry| worker.log(&entry));
            std::process::exit(1)
        });
    }
}

/// Tries everything again that ended an earlier child, because a file has changed.
pub(crate) fn pardon() {
    if let Some(worker) = WORKER.get() {
        worker.past.lock().pardon();
        worker.log(&Entry::Pardoned);
    }
}

/// Whether something ended an earlier child.
pub(crate) fn has_verdicts() -> bool {
    WORKER.get().is_some_and(|worker| !worker.past.lock().verdicts.is_empty())
}

/// Passes something on to the next child, if there ever is one.
pub(crate) fn note(key: &str, value: impl FnOnce() -> String) {
    if let Some(worker) = WORKER.get() {
        worker.log(&Entry::Note(key.to_owned(), value()));
    }
}

/// What the child before passed on.
pub(crate) fn noted(key: &str) -> Option<String> {
    WORKER.get().and_then(|worker| worker.past.lock().notes.get(key).cloned())
}

/// Notes that a file was written.
pub(super) fn note_written(path: &Path) {
    if let Some(worker) = WORKER.get() {
        worker.log(&Entry::Wrote(JobId::of_file(path)));
    }
}

/// Whether a child before this one wrote a file, which therefore is not an old one.
pub(crate) fn was_written(path: &Path) -> bool {
    WORKER.get().is_some_and(|worker| worker.past.lock().written.contains(&JobId::of_file(path)))
}

/// Where a progress bar is drawn while [`Silence`] lasts: the standard error of the program.
pub(crate) fn drawing() -> io::Result<File> {
    match WORKER.get().and_then(|worker| worker.stderr.as_ref()) {
        Some(stderr) => stderr.try_clone(),
        None => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// While it lasts, what libraries and a dying process print goes to the journal: between messages
/// that programs read, it would do harm.
pub(super) struct Silence;

impl Silence {
    pub(super) fn begin() -> Self {
        #[cfg(all(unix, feature = "cli"))]
        if let Some(worker) = WORKER.get().filter(|worker| worker.stderr.is_some()) {
            let _printed = rustix::stdio::dup2_stderr(&*worker.journal.lock());
        }
        Self
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        #[cfg(all(unix, feature = "cli"))]
        if let Some(stderr) = WORKER.get().and_then(|worker| worker.stderr.as_ref()) {
            let _silent = rustix::stdio::dup2_stderr(stderr);
        }
    }
}

/// Lets an allocation fail that is far larger than the limit, such as one of exabytes: the memory
/// that is in use is looked at only from time to time.
pub(super) fn limit_memory(limit: u64) {
    #[cfg(all(unix, feature = "cli"))]
    if let Some(worker) = WORKER.get() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // Addresses are not memory: stacks and what the allocator reserves need some gigabytes.
        let wanted = limit.saturating_mul(2).saturating_add(8 << 30);
        let wanted = worker.addresses.map_or(wanted, |before| before.min(wanted));
        let limits = Rlimit { current: Some(wanted), ..getrlimit(Resource::As) };
        let _unlimited = setrlimit(Resource::As, limits);
    }
    #[cfg(not(all(unix, feature = "cli")))]
    let _ = limit;
}
