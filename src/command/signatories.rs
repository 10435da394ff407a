//! `signatories`: lists who signs a letter.

mod import;
pub(crate) mod list;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::command::options::parse_tag;
use crate::command::signatories::list::List;
use crate::command::terminal::{Terminal, print, print_data, print_json};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::fonts::{FontOptions, Fonts};
use crate::language::Tag;
use crate::problems::lint::Lint;
use crate::problems::{Code, Problems};
use crate::project::Project;
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
    #[arg(long, value_name = "TAG", value_parser = parse_tag)]
    lang: Option<Tag>,

    /// The format of the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,

    /// Write the cells of csv that a spreadsheet would run, such as =1+1, without an apostrophe
    /// before them
    #[arg(long)]
    keep_formulas: bool,
}

/// What else to do with signatories.
#[derive(Debug, Subcommand)]
enum SignatoriesCommand {
    /// Add the new rows of a CSV file to a letter; nothing is changed or removed
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

fn list(terminal: Terminal, arguments: &SignatoriesArguments) -> Result<u8, Stop> {
    if arguments.keep_formulas && arguments.format != ListFormat::Csv {
        return Err(Stop::Usage(say!(
            "--keep-formulas applies only to csv; spreadsheets do not open the other formats"
        )));
    }
    let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
    let path = typeset::one_letter(argument)?;
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let fonts = Fonts::new(&FontOptions::default());
    let problems = Problems::default();
    let wanted = |tag: &Tag| arguments.lang.as_ref().is_none_or(|lang| tag.is_in(lang));
    let letters = project.check(&fonts, wanted, &problems);
    let mut diagnostics = problems.judged(&Lint::default());
    let Some(letter) = letters.first() else {
        terminal.report(&project, &diagnostics);
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
    Ok(if terminal.report(&project, &diagnostics) > 0 { FAILED } else { DONE })
}
