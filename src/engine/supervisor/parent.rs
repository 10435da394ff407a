//! The parent: forks, waits, and forks again.

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::{AsFd, OwnedFd};

use fork::{ChildEvent, ProcessFork, ProcessId, Signal};
use parking_lot::Mutex;
use rustix::event::{PollFd, PollFlags, poll};

use crate::engine::supervisor::journal::Journal;
use crate::engine::supervisor::{Past, Role, WORKER, Worker};

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
                return match begin(writer.into(), past) {
                    Ok(()) => {
                        die_with(parent);
                        Role::Worker
                    }
                    Err(_) => unsupervised(is_first),
                };
            }
            Ok(ProcessFork::Parent(child)) => {
                drop(writer);
                let signals = signals.get_or_insert_with(interrupts);
                let mut journal = Journal::after(past);
                follow(reader, signals.as_ref().ok(), child, &mut journal);
                match status_of(child, &journal) {
                    Some(status) => return Role::Done(status),
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
fn begin(journal: OwnedFd, past: Past) -> io::Result<()> {
    let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    let journal = Mutex::new(File::from(journal));
    // The memory of a child that dies is nobody's business, and takes seconds to write down.
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _unchanged = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    let _first = WORKER.set(Worker { journal, past: Mutex::new(past), stderr });
    Ok(())
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

/// A pipe with a byte for each interrupt that this process receives.
fn interrupts() -> io::Result<PipeReader> {
    let (reader, writer) = io::pipe()?;
    for signal in INTERRUPTS {
        signal_hook::low_level::pipe::register(signal.get(), writer.try_clone()?)?;
    }
    Ok(reader)
}

/// Reads the journal until the child is dead, and passes interrupts on to it.
fn follow(
    mut reader: PipeReader,
    signals: Option<&PipeReader>,
    child: ProcessId,
    journal: &mut Journal,
) {
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
            let _interrupted = signals.read(&mut buffer);
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
}

/// The exit status of the program. `None` if the child died, or wants to be started again.
fn status_of(child: ProcessId, journal: &Journal) -> Option<u8> {
    loop {
        return match fork::wait_event(child) {
            Ok(ChildEvent::Stopped { .. } | ChildEvent::Continued { .. }) => continue,
            Ok(ChildEvent::Exited { code, .. }) => {
                (code != PANICKED && !journal.asks_for_another()).then_some(code)
            }
            Ok(ChildEvent::Signalled { signal, .. }) => {
                INTERRUPTS.contains(&signal).then_some(INTERRUPTED)
            }
            Err(_) => None,
        };
    }
}
