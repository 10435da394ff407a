//! `signatories`: lists who signs a letter.

mod import;
pub(crate) mod list;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};

use crate::command::options::{AllArgument, LimitArguments, tags};
use crate::command::signatories::list::List;
use crate::command::terminal::{Terminal, print, print_data, print_json};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::engine::workers::{self, Limits};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::problems::lint::Lint;
use crate::problems::{Code, Diagnostic, Problems};
use crate::project::Project;
use crate::source::Place;
use crate::words::say;

/// Options of `signatories`, and what else it does.
#[derive(Debug, Args)]
pub(super) struct SignatoriesArguments {
    /// What else to do
    #[command(subcommand)]
    command: Option<SignatoriesCommand>,

    /// The letter: a file, or a folder that contains a letter.toml; by default, the current folder
    #[arg(value_name = "LETTER")]
    letter: Option<PathBuf>,

    /// The language of the list; by default, the first of the letter
    #[arg(long, value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    lang: Option<Tag>,

    /// The format of the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,

    /// Write the cells of csv that a spreadsheet would run, such as =1+1, without an apostrophe
    /// before them
    #[arg(long)]
    keep_formulas: bool,

    #[command(flatten)]
    all: AllArgument,

    #[command(flatten)]
    limits: LimitArguments,
}

/// What else to do with signatories.
#[derive(Debug, Subcommand)]
enum SignatoriesCommand {
    /// Add the new rows of a form's export to a letter; nothing is changed or removed
    ///
    /// Says which rows are new, which are already listed, and which are listed with different
    /// details. Running it again adds nothing.
    Import(import::ImportArguments),
}

/// How signatories are listed.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
enum ListFormat {
    /// For people
    Table,
    /// A file that a letter can name
    Csv,
    /// For programs
    Json,
    /// The signatories of a letter
    Toml,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &SignatoriesArguments) -> Result<u8, Stop> {
    match &arguments.command {
        Some(SignatoriesCommand::Import(import)) => import::run(terminal, import),
        None => list(terminal, arguments),
    }
}

/// The letter in its wanted languages, within limits, and its problems.
fn check(
    project: &Project,
    limits: Limits,
    wanted: impl Fn(&Tag) -> bool + Send + Sync + 'static,
) -> (Vec<Letter>, Vec<Diagnostic>) {
    let (project, place) = (project.clone(), Place::start_of(project.file));
    let check = move || {
        let fonts = Arc::new(Fonts::default());
        let problems = Problems::default();
        let letters = project.check(&fonts, &wanted, &problems);
        (letters, problems.judged(&Lint::default()))
    };
    let checked = workers::one(limits, "read the letter", place, check);
    checked.unwrap_or_else(|problems| (Vec::new(), problems))
}

fn list(terminal: Terminal, arguments: &SignatoriesArguments) -> Result<u8, Stop> {
    if arguments.keep_formulas && arguments.format != ListFormat::Csv {
        return Err(Stop::Usage(say!(
            "--keep-formulas applies only to csv; spreadsheets do not open the other formats"
        )));
    }
    let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
    let path = typeset::one_letter(argument)?;
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let lang = arguments.lang.clone();
    let wanted = move |tag: &Tag| lang.as_ref().is_none_or(|lang| tag.is_in(lang));
    let (letters, mut diagnostics) = check(&project, arguments.limits.limits(), wanted);
    let Some(letter) = letters.first() else {
        terminal.report_some(&project, &diagnostics, arguments.all);
        return Ok(FAILED);
    };
    match arguments.format {
        ListFormat::Table => print(&list::table(letter, terminal.language)),
        ListFormat::Csv => {
            let csv = List::of(letter).csv(arguments.keep_formulas);
            print_data(&csv.map_err(Stop::Usage)?)
        }
        ListFormat::Json => print_json(&List::of(letter).json().map_err(Stop::Usage)?),
        ListFormat::Toml => print_data(List::of(letter).toml().as_bytes()),
    }?;
    // Warnings about the rest of the letter are left to `check`.
    diagnostics.retain(|diagnostic| {
        diagnostic.is_error()
            || matches!(
                diagnostic.code,
                Code::DuplicateSignatory | Code::NearDuplicateSignatory | Code::UnsortedSignatories
            )
    });
    Ok(if terminal.report_some(&project, &diagnostics, arguments.all) > 0 { FAILED } else { DONE })
}
