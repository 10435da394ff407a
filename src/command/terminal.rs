//! The terminal and its environment: messages, colours, the width, the progress bar, and the
//! variables that GitHub Actions sets.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::builder::StyledStr;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::command::options::AllArgument;
use crate::command::{DONE, Stop};
use crate::documents::LeftOut;
use crate::engine::{output, supervisor};
use crate::problems::Diagnostic;
use crate::project::Project;
use crate::report::streams::{self, Content, printable};
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
        self.say_list(message, &[]);
    }

    /// Prints a message and what it names, each on its own line.
    pub(super) fn say_list(self, message: &Message, names: &[String]) {
        let mut text = format!("undersigned: {}\n", printable(&message.get(self.language)));
        for name in names {
            text.push_str(&format!("  {}\n", printable(name)));
        }
        write_error(&text);
    }

    /// Says a list of what of a document is in no letter.
    pub(super) fn say_left_out(self, message: &Message, left_out: &[LeftOut]) {
        let line = |left: &LeftOut| match left.text.is_empty() {
            true => left.what.get(self.language),
            false => format!("{}: {}", left.what.get(self.language), left.text),
        };
        self.say_list(message, &left_out.iter().map(line).collect::<Vec<_>>());
    }

    /// What shows problems in a format.
    pub(super) fn reporter(self, format: MessageFormat) -> Reporter {
        let folder = std::env::current_dir().and_then(|f| f.canonicalize()).unwrap_or_default();
        let checkout = named_by("GITHUB_WORKSPACE").and_then(|path| path.canonicalize().ok());
        Reporter {
            // What has an option for it sets it.
            all: true,
            format,
            language: self.language,
            colour: streams::is_stderr_terminal() && shows_colours(),
            width: terminal_width(),
            checkout: checkout.unwrap_or_else(|| folder.clone()),
            folder,
            sarif: None,
        }
    }

    /// Shows problems as text for people, and returns the number of errors.
    pub(super) fn report(self, project: &Project, diagnostics: &[Diagnostic]) -> usize {
        self.report_some(project, diagnostics, AllArgument { all: true })
    }

    /// The same for a command that may have many of them.
    pub(super) fn report_some(
        self,
        project: &Project,
        diagnostics: &[Diagnostic],
        AllArgument { all }: AllArgument,
    ) -> usize {
        let reporter = Reporter { all, ..self.reporter(MessageFormat::Human) };
        // If standard error is closed, there is no way to report it.
        let _unheard = reporter.report(&[(project, diagnostics)], None);
        diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count()
    }

    /// A progress bar, if standard error is a terminal and the program is not quiet.
    pub(super) fn progress(self) -> Progress {
        let wanted = !self.quiet && streams::is_stderr_terminal();
        Progress { wanted, begun: Instant::now(), bar: None }
    }
}

/// The errors among some problems.
pub(super) fn only_errors(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.retain(Diagnostic::is_error);
    diagnostics
}

/// Prints the result of a command as text for people. What is not the program's own in it has gone
/// through [`printable`], so that it stays on its line.
pub(super) fn print(text: &str) -> Result<u8, Stop> {
    print_as(text, Content::Text)
}

/// Prints the result of a command as JSON.
pub(super) fn print_json(json: &str) -> Result<u8, Stop> {
    print_as(json, Content::Json)
}

/// Prints the result of a command as it is: a document, or a file for another program.
pub(super) fn print_data(data: &[u8]) -> Result<u8, Stop> {
    streams::data(data)?;
    Ok(DONE)
}

/// Prints the help or the version, in colours if the terminal shows them.
pub(super) fn print_help(help: &StyledStr) -> Result<u8, Stop> {
    match streams::is_stdout_terminal() && shows_colours() {
        true => print_as(&help.ansi().to_string(), Content::Coloured),
        false => print_as(&help.to_string(), Content::Text),
    }
}

fn print_as(text: &str, content: Content) -> Result<u8, Stop> {
    let mut stdout = streams::stdout(content);
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(DONE)
}

/// Prints lines on standard error.
pub(super) fn write_error(text: &str) {
    let mut stderr = streams::stderr(Content::Text);
    // If standard error is closed, there is no way to report it.
    let _unheard = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
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
    if let (Ok(input), Ok(output)) = (supervisor::drawing(), supervisor::drawing()) {
        return ProgressDrawTarget::term(console::Term::read_write_pair(input, output), 20);
    }
    ProgressDrawTarget::stderr()
}

/// Whether a terminal may be given colours. On Windows, they must first be enabled.
fn shows_colours() -> bool {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !no_colour && anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// The width of the terminal, which `COLUMNS` overrides.
fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or_else(streams::terminal_width)
}

/// Ends the program with exit status 130 when it is interrupted, once no file is being written.
pub(super) fn exit_on_interrupt() {
    let handler = || output::between_files(|| std::process::exit(130));
    // Without a handler an interrupt still ends the program, but it may leave a temporary file
    // behind.
    let _fallback = ctrlc::set_handler(handler);
}
