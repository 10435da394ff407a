//! Reads the journal of a child, and what it printed when it died.

use crate::engine::supervisor::{BEGIN, END, Entry, JobId, Past};
use crate::engine::workers::Failure;

/// How much is kept of what a child printed, in bytes.
const MAX_PRINTED: usize = 4096;

/// The journal of one child.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// The entry that has not arrived as a whole.
    partial: Option<Vec<u8>>,
    /// The jobs in progress, in the order in which they began.
    open: Vec<JobId>,
    /// Why the child ended itself.
    verdicts: Vec<(JobId, Failure)>,
    out_of_memory: bool,
    /// The end of what it printed.
    printed: Vec<u8>,
    /// What it left.
    past: Past,
}

impl Journal {
    /// The system killed the child, as it does with the largest program when the memory is used up.
    pub(super) fn note_killed(&mut self) {
        self.out_of_memory = true;
    }

    /// The journal of the next child.
    pub(super) fn after(past: Past) -> Self {
        Self { past, ..Self::default() }
    }

    /// Takes what has arrived.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (&mut self.partial, *byte) {
                (partial, BEGIN) => *partial = Some(Vec::new()),
                (Some(entry), END) => {
                    let entry = serde_json::from_slice(entry);
                    self.partial = None;
                    if let Ok(entry) = entry {
                        self.note(entry);
                    }
                }
                (Some(entry), byte) => entry.push(byte),
                (None, byte) => self.printed.push(byte),
            }
        }
        let excess = self.printed.len().saturating_sub(MAX_PRINTED);
        self.printed.drain(..excess);
    }

    fn note(&mut self, entry: Entry) {
        match entry {
            Entry::Begun(job) => self.open.push(job),
            Entry::Ended(job) => {
                if let Some(at) = self.open.iter().rposition(|open| *open == job) {
                    self.open.remove(at);
                }
            }
            Entry::Verdict(job, failure) => self.verdicts.push((job, failure)),
            Entry::OutOfMemory => self.out_of_memory = true,
            Entry::Pardoned => self.past.pardon(),
            Entry::Note(key, value) => {
                self.past.notes.insert(key, value);
            }
            Entry::Wrote(file) => {
                self.past.written.insert(file);
            }
        }
    }

    /// Whether the child ended itself, to be started again.
    pub(super) fn asks_for_another(&self) -> bool {
        !self.verdicts.is_empty() || self.out_of_memory
    }

    /// What the next child must know. The error is what this one printed, if nothing can be learned
    /// from its end.
    pub(super) fn into_lesson(mut self) -> Result<Past, String> {
        let printed = String::from_utf8_lossy(&self.printed).into_owned();
        let failure = match () {
            () if self.out_of_memory || printed.contains("memory allocation of") => Failure::Memory,
            () if printed.contains("overflowed its stack") => Failure::Stack,
            () => Failure::Crashed,
        };
        let past = &mut self.past;
        if self.verdicts.is_empty() {
            match self.open.as_slice() {
                // Jobs inside one another: the innermost is the last that began.
                [.., job] if past.all_suspected => self.verdicts.push((*job, failure)),
                [job] if past.suspects.contains(job) => self.verdicts.push((*job, failure)),
                [] if !self.out_of_memory => return Err(printed),
                [] if past.all_suspected => return Err(printed),
                [_, ..] if past.suspects.is_empty() => past.suspects.extend(&self.open),
                _ => past.all_suspected = true,
            }
        }
        if !self.verdicts.is_empty() {
            past.suspects.clear();
        }
        for (job, failure) in self.verdicts {
            if self.past.verdicts.insert(job, failure).is_some() {
                return Err(printed);
            }
        }
        Ok(self.past)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn journal(past: Past, entries: &[Entry], printed: &str) -> Journal {
        let mut journal = Journal::after(past);
        let mut bytes: Vec<u8> = entries.iter().flat_map(Entry::bytes).collect();
        bytes.extend(printed.as_bytes());
        // However it arrives.
        bytes.chunks(3).for_each(|part| journal.take(part));
        journal
    }

    #[test]
    fn the_job_in_progress_is_to_blame() {
        let [done, bad] = ["done", "bad"].map(JobId::of);
        let entries = [Entry::Begun(done), Entry::Begun(bad), Entry::Ended(done)];
        let printed = "\nthread '<unnamed>' has overflowed its stack\n";
        let past = journal(Past::default(), &entries, printed).into_lesson().expect("a lesson");
        // It may have died of something that another job left behind.
        assert!(past.verdicts.is_empty() && past.suspects == HashSet::from([bad]));
        let past = journal(past, &entries, printed).into_lesson().expect("a lesson");
        assert_eq!(past.verdicts[&bad], Failure::Stack);
        assert!(past.suspects.is_empty() && past.verdicts.len() == 1);
        // A job that was to blame and is in progress again teaches nothing, unless it was pardoned.
        let past = Past { all_suspected: true, ..past };
        assert!(journal(past.clone(), &entries, printed).into_lesson().is_err());
        let entries = [Entry::Pardoned, Entry::Begun(bad)];
        assert!(journal(past, &entries, printed).into_lesson().is_ok());
    }

    #[test]
    fn of_several_jobs_none_is_blamed_before_it_was_alone() {
        let [one, two] = ["one", "two"].map(JobId::of);
        let entries = [Entry::Begun(one), Entry::Begun(two)];
        let past = journal(Past::default(), &entries, "").into_lesson().expect("a lesson");
        assert!(past.verdicts.is_empty() && past.suspects == HashSet::from([one, two]));
        // Neither of them ended it: now all are suspected.
        let third = [Entry::Begun(JobId::of("three"))];
        let past = journal(past, &third, "").into_lesson().expect("a lesson");
        assert!(past.verdicts.is_empty() && past.all_suspected);
        let past = journal(past, &entries[1..], "").into_lesson().expect("a lesson");
        assert_eq!(past.verdicts[&two], Failure::Crashed);
    }

    #[test]
    fn a_child_that_gives_up_says_why() {
        let slow = JobId::of("slow");
        let entries = [Entry::Begun(slow), Entry::Verdict(slow, Failure::Time)];
        let given_up = journal(Past::default(), &entries, "");
        assert!(given_up.asks_for_another());
        assert_eq!(given_up.into_lesson().expect("a lesson").verdicts[&slow], Failure::Time);

        let entries = [Entry::Begun(slow), Entry::OutOfMemory];
        let past = Past { suspects: HashSet::from([slow]), ..Past::default() };
        let past = journal(past, &entries, "").into_lesson().expect("a lesson");
        assert_eq!(past.verdicts[&slow], Failure::Memory);
        // The memory may be full between two jobs.
        let past = journal(Past::default(), &entries[1..], "").into_lesson().expect("a lesson");
        assert!(past.all_suspected);
    }

    #[test]
    fn notes_are_passed_on() {
        let file = JobId::of("out/a.pdf");
        let entries =
            [Entry::Note("port".into(), "3000".into()), Entry::Wrote(file), Entry::Begun(file)];
        let past = journal(Past::default(), &entries, "").into_lesson().expect("a lesson");
        assert_eq!(past.notes["port"], "3000");
        assert!(past.written.contains(&file));
    }

    #[test]
    fn an_end_between_jobs_is_nobodys_fault() {
        let printed = journal(Past::default(), &[], "no such luck").into_lesson();
        assert_eq!(printed.expect_err("no lesson"), "no such luck");
    }
}
