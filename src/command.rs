//! The command line: reads the arguments, runs the command, and decides the exit status.
//!
//! Each command has a file with its arguments and what it does. The options that several commands
//! share are in `options`; how a run ends is in `finish`.

mod build;
mod check;
mod completions;
mod dependencies;
mod discover;
mod finish;
mod fonts;
mod help;
mod merge;
mod new;
mod options;
mod review;
mod revise;
mod schema;
mod signatories;
mod status;
mod template;
mod terminal;
mod translate;
mod typeset;
mod watch;

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command::terminal::{Terminal, print_help, write_error};
use crate::engine::output::{self, Unwritten};
use crate::engine::supervisor::{self, Role};
use crate::report::streams;
use crate::source::paths;
use crate::words::system_errors;
use crate::words::{Message, UiLanguage, say};

/// Exit status if all went well.
const DONE: u8 = 0;
/// Exit status if a letter has an error, or a file cannot be written.
const FAILED: u8 = 1;
/// Exit status for a usage error.
const USAGE: u8 = 2;

const EXIT_STATUS: &str = "Exit status: 0 done; 1 a letter has an error or a denied warning; \
                           2 wrong usage; 130 interrupted";

/// Typeset open letters: print-ready, accessible, reproducible PDFs in every language of a letter
#[derive(Debug, Parser)]
#[command(name = "undersigned", version, max_term_width = 100, propagate_version = true)]
struct Arguments {
    /// What to do
    #[command(subcommand)]
    command: Command,

    /// Print only problems
    #[arg(short, long, global = true, display_order = 900)]
    quiet: bool,

    /// Language of the messages; by default, that of the environment (LC_ALL, LC_MESSAGES, LANG)
    #[arg(long, value_name = "LANGUAGE", global = true, display_order = 901, value_parser = ui_languages())]
    ui_lang: Option<UiLanguage>,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Check, typeset and write letters
    ///
    /// Writes each letter in each of its languages to OUT/NAME.LANG.pdf, where NAME is the letter's
    /// folder, or its file if that is not letter.toml. A letter with an error is not written at
    /// all. The paths of the files go to standard output, messages to standard error.
    #[command(after_help = EXIT_STATUS)]
    Build(build::BuildArguments),

    /// Check letters without writing anything
    ///
    /// Does everything that `build` does except write: what passes here can be built. Also compares
    /// the languages of each letter: a translation that leaves out or changes something is shown
    /// beside its original.
    #[command(after_help = EXIT_STATUS)]
    Check(check::CheckArguments),

    /// Show a letter in the browser while you write it
    ///
    /// Updates the letter whenever one of its files changes, and shows the pages of all its
    /// languages side by side, with the problems beside them. A click on a text shows where it is
    /// written. Nothing is written to the disk, and only this computer can see the pages. Press
    /// Ctrl-C to stop.
    #[command(after_help = EXIT_STATUS)]
    Watch(watch::WatchArguments),

    /// Start a new letter
    ///
    /// Creates a folder with a letter that can be built at once: a letter.toml with comments, and a
    /// body for each language.
    New(new::NewArguments),

    /// Add a language to a letter
    ///
    /// With a document that holds the translation, its parts go where those of the original are, and what
    /// has no place is listed. Without one, the new text has each block of the original as a comment, and
    /// what else is to be translated is listed with its lines.
    Translate(translate::TranslateArguments),

    /// List the signatories of a letter, or add those of a form's export
    ///
    /// Lists the signatories as they are printed, with their counts; problems with them, such as
    /// duplicates, go to standard error.
    #[command(args_conflicts_with_subcommands = true)]
    Signatories(signatories::SignatoriesArguments),

    /// Make one letter for each recipient of a list
    ///
    /// The columns `name`, `honorific`, `office`, `organization`, `address`, `email`, `note` and
    /// `salutation` fill in the addressee; {{recipient.COLUMN}} prints any column anywhere in the
    /// text. All rows are checked before the first letter is typeset. A merge that was interrupted
    /// continues where it stopped when you run it again.
    #[command(after_help = EXIT_STATUS)]
    Merge(merge::MergeArguments),

    /// Record that somebody has reviewed a translation
    ///
    /// Records in the letter who reviewed it, on which day and against what; what the original says
    /// now goes to a file beside it. If the original changes later, `check` shows what changed.
    Review(review::ReviewArguments),

    /// Take in a document that came back with changes
    ///
    /// Compares a document that was made of the letter with what the letter says now, shows what
    /// changed, and writes it into the letter if you agree. What did not change stays as it is.
    /// Comments, and changes that cannot be taken over, are listed.
    #[command(
        after_help = "Exit status: 0 taken over, or nothing changed; 1 there are changes, and nothing was \
                           written, or the letter has an error; 2 wrong usage; 130 interrupted"
    )]
    Revise(revise::ReviseArguments),

    /// Show the progress of letters: what is complete, reviewed, stale and built
    ///
    /// Compares the letters with the PDFs in the output folder. Writes nothing.
    Status(status::StatusArguments),

    /// List the fonts that letters can use
    Fonts(fonts::FontsArguments),

    /// Write a built-in template to a folder, as a starting point for your own
    ///
    /// Writes the template and its parts. A letter that uses it, as in template =
    /// "open-letter.typ", looks the same as before until you change something.
    Template(template::TemplateArguments),

    /// Print a JSON Schema, with which an editor completes keys and underlines mistakes
    Schema(schema::SchemaArguments),

    /// Print a completion script for a shell
    Completions(completions::CompletionsArguments),
}

/// Runs the program and returns its exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    streams::print_panics();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let language = message_language(&arguments);
    let arguments = match parse(arguments, language) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let terminal = Terminal { language, quiet: arguments.quiet };
    if arguments.command.reads_letters() {
        if let Some(Err(error)) = arguments.command.reads_stdin().then(typeset::standard_input) {
            return Stop::unreadable(Path::new("-"), &error).tell(terminal);
        }
        match supervisor::supervise() {
            Role::Worker => {}
            Role::Done(status) => return status,
            Role::Crashed(printed) => {
                terminal.say(&match printed.lines().rfind(|line| !line.trim().is_empty()) {
                    Some(reason) => say!("the program ended without a result: {reason}", reason),
                    None => say!("the program ended without a result"),
                });
                return FAILED;
            }
        }
    }
    terminal::exit_on_interrupt();
    arguments.command.run(terminal).unwrap_or_else(|stop| stop.tell(terminal))
}

impl Command {
    /// Whether the command works on letters, which may be a stranger's.
    fn reads_letters(&self) -> bool {
        match self {
            Self::Build(_) | Self::Check(_) | Self::Watch(_) | Self::Signatories(_) => true,
            Self::Merge(_) | Self::Review(_) | Self::Status(_) => true,
            Self::Revise(_) | Self::Translate(_) => true,
            Self::Fonts(arguments) => arguments.letter.is_some(),
            Self::New(arguments) => arguments.reads_documents(),
            Self::Template(_) => false,
            Self::Schema(_) | Self::Completions(_) => false,
        }
    }

    /// Whether one of the letters is on standard input.
    fn reads_stdin(&self) -> bool {
        let letters = match self {
            Self::Build(arguments) => &arguments.letters,
            Self::Check(arguments) => &arguments.letters,
            Self::Status(arguments) => &arguments.letters,
            Self::Translate(arguments) => return arguments.from.as_deref() == Some(Path::new("-")),
            Self::New(arguments) => return arguments.reads_stdin(),
            _ => return false,
        };
        letters.letters.iter().any(|letter| letter == Path::new("-"))
    }

    fn run(self, terminal: Terminal) -> Result<u8, Stop> {
        match self {
            Self::Build(arguments) => build::run(terminal, &arguments),
            Self::Check(arguments) => check::run(terminal, &arguments),
            Self::Watch(arguments) => watch::run(terminal, &arguments),
            Self::New(arguments) => new::run(terminal, &arguments),
            Self::Translate(arguments) => translate::run(terminal, &arguments),
            Self::Signatories(arguments) => signatories::run(terminal, &arguments),
            Self::Merge(arguments) => merge::run(terminal, arguments),
            Self::Review(arguments) => review::run(terminal, &arguments),
            Self::Revise(arguments) => revise::run(terminal, &arguments),
            Self::Status(arguments) => status::run(terminal, &arguments),
            Self::Fonts(arguments) => fonts::run(terminal, &arguments),
            Self::Template(arguments) => template::run(terminal, &arguments),
            Self::Schema(arguments) => schema::run(terminal, &arguments),
            Self::Completions(arguments) => completions::run(terminal, &arguments),
        }
    }
}

/// Reads the arguments. Help, the version and usage errors are printed here; the error is the exit
/// status.
fn parse(arguments: Vec<OsString>, language: UiLanguage) -> Result<Arguments, u8> {
    let parse = |command: clap::Command, arguments: &[OsString]| {
        let matches = command.try_get_matches_from(arguments)?;
        Arguments::from_arg_matches(&matches)
    };
    let parsed = parse(Arguments::command(), &arguments).or_else(|error| match language {
        UiLanguage::ENGLISH => Err(error),
        // Only help and errors need the words of the language.
        _ => parse(
            help::translate(Arguments::command(), language),
            &help::without_help_command(arguments),
        ),
    });
    parsed.map_err(|error| {
        if !error.use_stderr() {
            // A closed standard output cannot be reported to anybody.
            let _unheard = print_help(&error.render());
            return DONE;
        }
        let translated = match language {
            UiLanguage::ENGLISH => None,
            _ => help::error(&error, language),
        };
        write_error(&translated.unwrap_or_else(|| error.render().to_string()));
        USAGE
    })
}

/// The languages of the program, as their tags.
fn ui_languages() -> impl TypedValueParser<Value = UiLanguage> {
    let tags = PossibleValuesParser::new(UiLanguage::all().map(UiLanguage::tag));
    tags.try_map(|tag| tag.parse::<UiLanguage>())
}

/// The language of the help and of usage errors, which must be known before the arguments are parsed.
fn message_language(arguments: &[OsString]) -> UiLanguage {
    let texts: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let asked =
        texts.iter().enumerate().find_map(|(at, text)| match text.strip_prefix("--ui-lang") {
            Some("") => texts.get(at + 1).map(std::string::ToString::to_string),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
    let asked = asked.and_then(|name| name.parse().ok());
    asked.unwrap_or_else(UiLanguage::from_environment)
}

/// Why the program stops early.
enum Stop {
    /// A usage error that clap does not detect.
    Usage(Message),
    /// A file cannot be written.
    Unwritable(Message),
    /// Standard output or standard error is closed.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Stop {
    /// Says why, and returns the exit status.
    fn tell(self, terminal: Terminal) -> u8 {
        match self {
            Self::Usage(message) => {
                terminal.say(&message);
                USAGE
            }
            Self::Unwritable(message) => {
                terminal.say(&message);
                FAILED
            }
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
            Self::Output(error) => {
                let reason = system_errors::reason(&error);
                terminal.say(&say!("cannot write to standard output: {reason}", reason));
                FAILED
            }
        }
    }

    /// A file or a folder named on the command line cannot be opened.
    fn unreadable(path: &Path, error: &io::Error) -> Self {
        let path = paths::shown(path);
        let reason = system_errors::reason(error);
        Self::Usage(say!("cannot open `{path}`: {reason}", path, reason))
    }

    /// A file cannot be written.
    fn unwritable(path: &Path, error: &Unwritten) -> Self {
        Self::Unwritable(output::unwritable(path, error))
    }
}
