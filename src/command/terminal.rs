//! The terminal and its environment: messages, colours, the width, the progress bar, and the
//! variables that GitHub Actions sets.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::command::{DONE, Stop};
use crate::engine::{output, supervisor};
use crate::problems::Diagnostic;
use crate::project::Project;
use crate::report::{MessageFormat, Reporter};
use crate::words::{Message, UiLanguage};

/// How the program talks to its user.
#[derive(Debug, Copy, Clone)]
pub(super) struct Terminal {
    /// The language of the messages.
    pub language: UiLanguage,
    /// Whether only problems are printed.
    pub quiet: bool,
}

impl Terminal {
    /// Prints a message that is not about a place in a letter.
    pub(super) fn say(self, message: &Message) {
        // If standard error is closed, there is no way to report it.
        let _unheard = writeln!(io::stderr(), "undersigned: {}", message.get(self.language));
    }

    /// What shows problems in a format.
    pub(super) fn reporter(self, format: MessageFormat) -> Reporter {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let folder = std::env::current_dir().and_then(|f| f.canonicalize()).unwrap_or_default();
        let checkout = named_by("GITHUB_WORKSPACE").and_then(|path| path.canonicalize().ok());
        Reporter {
            format,
            language: self.language,
            colour: io::stderr().is_terminal() && !no_colour && shows_colours(),
            width: terminal_width(),
            checkout: checkout.unwrap_or_else(|| folder.clone()),
            folder,
            sarif: None,
        }
    }

    /// Shows problems as text for people, and returns the number of errors.
    pub(super) fn report(self, project: &Project, diagnostics: &[Diagnostic]) -> usize {
        let reporter = self.reporter(MessageFormat::Human);
        let mut stderr = io::BufWriter::new(io::stderr().lock());
        // If standard error is closed, there is no way to report it.
        let _unheard = reporter.report(&[(project, diagnostics)], &mut stderr);
        diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// A progress bar, if standard error is a terminal and the program is not quiet.
    pub(super) fn progress(self) -> Progress {
        let wanted = !self.quiet && io::stderr().is_terminal();
        Progress { wanted, begun: Instant::now(), bar: None }
    }
}

/// The errors among some problems.
pub(super) fn only_errors(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.retain(Diagnostic::is_error);
    diagnostics
}

/// Prints the result of a command.
pub(super) fn print(data: &[u8]) -> Result<u8, Stop> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(data)?;
    stdout.flush()?;
    Ok(DONE)
}

/// The path in an environment variable, if it is set and not empty.
pub(super) fn named_by(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// A progress bar on a terminal, for work that takes more than a second.
pub(super) struct Progress {
    wanted: bool,
    begun: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Shows how many jobs are done, and of how many.
    pub(super) fn show(&mut self, done: usize, all: usize) {
        if !self.wanted || self.begun.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
            let bar = ProgressBar::with_draw_target(Some(all as u64), draw_target());
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_position(done as u64);
    }

    /// Removes the bar.
    pub(super) fn clear(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Where the progress bar is drawn. Standard error itself is silent while letters are typeset.
fn draw_target() -> ProgressDrawTarget {
    #[cfg(unix)]
    if let (Ok(stderr), Ok(stdin)) = (supervisor::stderr(), supervisor::stderr()) {
        return ProgressDrawTarget::term(console::Term::read_write_pair(stdin, stderr), 20);
    }
    ProgressDrawTarget::stderr()
}

/// Whether the terminal shows colours. On Windows, colours must first be enabled.
fn shows_colours() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// The width of the terminal, which `COLUMNS` overrides.
fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stderr());
    columns.or_else(|| terminal().map(|(width, _)| usize::from(width.0)))
}

/// Ends the program with exit status 130 when it is interrupted, once no file is being written.
pub(super) fn exit_on_interrupt() {
    let handler = || output::between_files(|| std::process::exit(130));
    // Without a handler an interrupt still ends the program, but it may leave a temporary file
    // behind.
    let _fallback = ctrlc::set_handler(handler);
}
