//! The single way a run ends: its problems are shown, the SARIF log and the step summary are written,
//! and the exit status follows.

use std::path::{Path, PathBuf};

use crate::command::terminal::{Terminal, named_by};
use crate::command::{DONE, FAILED};
use crate::engine::output::{self, Unwritten, Written};
use crate::problems::{Diagnostic, Severity};
use crate::report::step_summary::{self, Row};
use crate::report::{LetterProblems, MessageFormat, Reporter};
use crate::words::{self, Message, count, say};

/// The last line of a run.
pub(super) enum Sum {
    /// The counts of letters, files written, and problems.
    Counted(Files),
    /// A message of the command's own instead.
    Said(Message),
}

impl Terminal {
    /// Shows all problems and the summary line, and returns the exit status.
    pub(super) fn finish(self, reporter: &Reporter, letters: &[Row<'_>], sum: Sum) -> u8 {
        let count = |severity| {
            let all = letters.iter().flat_map(|letter| letter.diagnostics);
            all.filter(|diagnostic: &&Diagnostic| diagnostic.severity == severity).count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let (prefix, line) = match sum {
            Sum::Counted(files) => ("", files.line(letters.len(), errors, warnings)),
            Sum::Said(message) => ("undersigned: ", message),
        };
        let problems: Vec<LetterProblems<'_>> =
            letters.iter().map(|letter| (letter.project, letter.diagnostics)).collect();
        let is_last = !self.quiet && reporter.format == MessageFormat::Human;
        let last = is_last.then(|| format!("{prefix}{}", line.get(self.language)));
        // Even if standard error is closed, the exit status still reports the result.
        let _unheard = reporter.report(&problems, last.as_deref());
        let mut complete = true;
        let mut written = |path: &Path, result: Result<(), Unwritten>| {
            if let Err(error) = result {
                complete = false;
                self.say(&output::unwritable(path, &error));
            }
        };
        if let Some(path) = &reporter.sarif {
            let log = reporter.sarif(&problems);
            let result = output::write_beside(path, log.as_bytes(), files_of(letters));
            written(path, result.map(|_| ()));
        }
        if let Some(path) = named_by("GITHUB_STEP_SUMMARY") {
            written(
                &path,
                step_summary::append(&path, letters, reporter, &line).map_err(Into::into),
            );
        }
        if errors > 0 || !complete { FAILED } else { DONE }
    }
}

/// The files that letters are made from.
pub(super) fn files_of(letters: &[Row<'_>]) -> impl Iterator<Item = PathBuf> {
    letters.iter().flat_map(|letter| letter.project.files.read())
}

/// How many files were written.
#[derive(Debug, Default, Copy, Clone)]
pub(super) struct Files {
    written: usize,
    unchanged: usize,
}

impl Files {
    /// Counts one file.
    pub(super) fn count(&mut self, written: Written) {
        match written {
            Written::Changed => self.written += 1,
            Written::Unchanged => self.unchanged += 1,
        }
    }

    /// "2 letters: 3 files written, 1 unchanged; no errors, 4 warnings"
    fn line(self, letters: usize, errors: usize, warnings: usize) -> Message {
        let letters =
            count!(letters, none = "no letters", one = "1 letter", other = "{count} letters");
        let problems = words::errors_and_warnings(errors, warnings);
        if self.written + self.unchanged == 0 {
            return say!("{letters}: {problems}", letters, problems);
        }
        let written = count!(
            self.written,
            none = "no file written",
            one = "1 file written",
            other = "{count} files written"
        );
        say!(
            "{letters}: {written}, {unchanged} unchanged; {problems}",
            letters,
            written,
            unchanged = self.unchanged,
            problems
        )
    }
}
