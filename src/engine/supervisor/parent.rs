//! The parent: forks, waits, and forks again.

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, OwnedFd};

use fork::{ChildEvent, ProcessFork, ProcessId, Signal};
use parking_lot::Mutex;
use rustix::event::{PollFd, PollFlags, poll};

use crate::engine::supervisor::journal::Journal;
use crate::engine::supervisor::{Past, Role, WORKER, Worker, limit_memory};
use crate::engine::workers::Limits;

/// The exit status of an interrupted program.
const INTERRUPTED: u8 = 130;
/// The exit status of a Rust program whose main thread panicked.
const PANICKED: u8 = 101;

/// The signals that end a program, and let it tidy up.
const INTERRUPTS: [Signal; 3] = [Signal::INT, Signal::TERM, Signal::HUP];

/// Forks, and returns in the child, which is to do the work. The parent returns when the work is
/// done. It must have no other thread.
pub(crate) fn supervise() -> Role {
    let mut past = Past::default();
    let mut signals = None;
    loop {
        let is_first = signals.is_none();
        let (Ok((reader, writer)), parent) = (io::pipe(), rustix::process::getpid()) else {
            return unsupervised(is_first);
        };
        match fork::fork_process() {
            Ok(ProcessFork::Child) => {
                drop(reader);
                if let Some(Ok(Interrupts { handlers, .. })) = signals {
                    handlers.into_iter().for_each(|id| _ = signal_hook::low_level::unregister(id));
                }
                begin(writer.into(), past);
                limit_memory(Limits::default().memory);
                die_with(parent);
                return Role::Worker;
            }
            Ok(ProcessFork::Parent(child)) => {
                drop(writer);
                let signals = signals.get_or_insert_with(interrupts);
                let mut journal = Journal::after(past);
                let is_interrupted = follow(reader, signals.as_ref().ok(), child, &mut journal);
                match status_of(child, &mut journal) {
                    Some(status) => return Role::Done(status),
                    None if is_interrupted => return Role::Done(INTERRUPTED),
                    None => match journal.into_lesson() {
                        Ok(lesson) => past = lesson,
                        Err(printed) => return Role::Crashed(printed),
                    },
                }
            }
            Err(_) => return unsupervised(is_first),
        }
    }
}

/// Without room for another process the work is done without one, but not again.
fn unsupervised(is_first: bool) -> Role {
    if is_first { Role::Worker } else { Role::Crashed(String::new()) }
}

/// Makes this process the supervised one.
fn begin(journal: OwnedFd, past: Past) {
    let stderr = io::stderr().as_fd().try_clone_to_owned().map(File::from).ok();
    let journal = Mutex::new(File::from(journal));
    // The memory of a child that dies is nobody's business, and takes seconds to write down.
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _unchanged = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    let addresses = rustix::process::getrlimit(rustix::process::Resource::As).current;
    let _first = WORKER.set(Worker { journal, past: Mutex::new(past), stderr, addresses });
}

/// Ends this process when its parent is killed: nobody would know of it.
fn die_with(parent: rustix::process::Pid) {
    #[cfg(target_os = "linux")]
    let _lives_on =
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM));
    let is_orphan = move || rustix::process::getppid() != Some(parent);
    if is_orphan() {
        std::process::exit(INTERRUPTED.into());
    }
    // Where the system does not tell, the child looks from time to time.
    #[cfg(not(target_os = "linux"))]
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(std::time::Duration::from_millis(200));
            if is_orphan() {
                crate::engine::output::between_files(|| std::process::exit(INTERRUPTED.into()));
            }
        }
    });
}

/// The interrupts that this process receives.
struct Interrupts {
    /// A pipe with a byte for each.
    received: PipeReader,
    /// What writes to it, which a child must not do.
    handlers: Vec<signal_hook::SigId>,
}

fn interrupts() -> io::Result<Interrupts> {
    let (received, writer) = io::pipe()?;
    let register =
        |signal: Signal| signal_hook::low_level::pipe::register(signal.get(), writer.try_clone()?);
    let handlers = INTERRUPTS.into_iter().map(register).collect::<io::Result<_>>()?;
    Ok(Interrupts { received, handlers })
}

/// Reads the journal until the child is dead, and passes interrupts on to it. Returns whether there was
/// one.
fn follow(
    mut reader: PipeReader,
    interrupts: Option<&Interrupts>,
    child: ProcessId,
    journal: &mut Journal,
) -> bool {
    let signals = interrupts.map(|interrupts| &interrupts.received);
    let mut is_interrupted = false;
    let mut buffer = [0; 4096];
    loop {
        let mut waiting = vec![PollFd::new(&reader, PollFlags::IN)];
        waiting.extend(signals.map(|signals| PollFd::new(signals, PollFlags::IN)));
        match poll(&mut waiting, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => break,
        }
        let is_ready: Vec<bool> = waiting.iter().map(|fd| !fd.revents().is_empty()).collect();
        if let (Some(mut signals), Some(true)) = (signals, is_ready.get(1)) {
            is_interrupted |= signals.read(&mut buffer).is_ok();
            // If it is dead already, this is what was wanted.
            let _dead = fork::signal_process(child, Signal::TERM);
        }
        if is_ready[0] {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => journal.take(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }
    is_interrupted
}

/// The exit status of the program. `None` if the child died, or wants to be started again.
fn status_of(child: ProcessId, journal: &mut Journal) -> Option<u8> {
    loop {
        return match fork::wait_event(child) {
            Ok(ChildEvent::Stopped { .. } | ChildEvent::Continued { .. }) => continue,
            Ok(ChildEvent::Exited { code, .. }) => {
                (code != PANICKED && !journal.asks_for_another()).then_some(code)
            }
            Ok(ChildEvent::Signalled { signal: Signal::KILL, .. }) => {
                journal.note_killed();
                None
            }
            Ok(ChildEvent::Signalled { signal, .. }) => {
                INTERRUPTS.contains(&signal).then_some(INTERRUPTED)
            }
            Err(_) => None,
        };
    }
}
