//! `build`: checks letters, typesets them, and writes them whole or not at all.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::command::dependencies::{self, Dependencies, DependencyFormat};
use crate::command::finish::{Files, Sum, files_of};
use crate::command::options::{LetterArguments, ReportArguments, TimeArguments, TypesetArguments};
use crate::command::terminal::{Terminal, print, print_data};
use crate::command::typeset::{refuse_editions_without_pages, typeset};
use crate::command::{DONE, Stop};
use crate::engine::batch::Outcome;
use crate::engine::options::Options;
use crate::engine::output::{self, Unwritten, Written};
use crate::formats::format::Format;
use crate::problems::{Code, Diagnostic};
use crate::render::page_ranges::PageRanges;
use crate::report::Reporter;
use crate::report::step_summary::Row;
use crate::report::streams::printable;
use crate::source::{Place, paths};
use crate::words::say;

/// Options of `build`.
#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    #[command(flatten)]
    pub letters: LetterArguments,

    /// The folder to write to; - writes one document to standard output
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out_dir: PathBuf,

    /// What to write; can be repeated
    #[arg(short, long = "format", value_name = "FORMAT", default_value = "pdf")]
    formats: Vec<Format>,

    /// Write nothing, and fail if a file on the disk is not what its letter produces now
    #[arg(long)]
    locked: bool,

    /// Also write what each file was made from, for Make (.d) or as JSON (.json)
    #[arg(long, value_name = "FILE")]
    deps: Option<PathBuf>,

    /// The format of that file, if its name does not show it
    #[arg(long, value_name = "FORMAT", requires = "deps")]
    deps_format: Option<DependencyFormat>,

    /// The resolution of png, in pixels per inch; by default, 144
    #[arg(long, value_name = "PPI", value_parser = clap::value_parser!(u16).range(10..=1200))]
    ppi: Option<u16>,

    /// The pages to write as png and svg, such as 1, 1-2,4 or 3-; by default, all
    #[arg(long, value_name = "PAGES", value_parser = PageRanges::parse)]
    pages: Option<PageRanges>,

    /// Draw the window of the envelope on the first page, to check that the address shows through;
    /// the file is called NAME.LANG.window.pdf
    #[arg(long)]
    show_window: bool,

    #[command(flatten)]
    typeset: TypesetArguments,

    #[command(flatten)]
    time: TimeArguments,

    #[command(flatten)]
    report: ReportArguments,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &BuildArguments) -> Result<u8, Stop> {
    arguments.refuse_without_effect()?;
    let dependency_file = arguments.dependency_file()?;
    let fonts = arguments.typeset.fonts.options()?;
    let options = Arc::new(arguments.options()?);
    let reporter = arguments.report.reporter(terminal);
    if arguments.is_to_stdout() {
        let outcomes = typeset(terminal, &arguments.letters, &fonts, &options, |_, _| {})?;
        return write_one(terminal, &reporter, &outcomes);
    }
    let (mut written, mut files) = (BTreeMap::new(), Files::default());
    if !arguments.locked {
        output::remove_leftovers(&arguments.out_dir);
    }
    let write = |letter, outcome: &mut Outcome| {
        if let Some((_, DependencyFormat::Make)) = dependency_file {
            dependencies::refuse_for_make(outcome, &arguments.out_dir);
        }
        written.insert(letter, write_all(outcome, arguments, &mut files));
    };
    let outcomes = typeset(terminal, &arguments.letters, &fonts, &options, write)?;
    let written: Vec<Vec<PathBuf>> = written.into_values().collect();
    let shown: String = match terminal.quiet {
        true => String::new(),
        false => {
            let paths = written.iter().flatten();
            paths.map(|path| format!("{}\n", printable(&paths::shown(path)))).collect()
        }
    };
    let printed = print(&shown);
    let rows: Vec<Row<'_>> = outcomes.iter().map(Row::from).collect();
    let status = terminal.finish(&reporter, &rows, Sum::Counted(files));
    if let Some((path, format)) = dependency_file {
        let made = outcomes.iter().zip(written);
        let letters: Vec<Dependencies> =
            made.map(|(outcome, files)| Dependencies::of(outcome, files, &reporter)).collect();
        let text = dependencies::write(&letters, format).map_err(Stop::Usage)?;
        output::write_beside(path, text.as_bytes(), files_of(&rows))
            .map_err(|error| Stop::unwritable(path, &error))?;
    }
    // The exit status of a letter with an error says more than that of a full output.
    if status == DONE { printed } else { Ok(status) }
}

impl BuildArguments {
    fn is_to_stdout(&self) -> bool {
        self.out_dir == Path::new("-")
    }

    /// Refuses options that have no effect because of the other options.
    fn refuse_without_effect(&self) -> Result<(), Stop> {
        let any = |is_one: fn(Format) -> bool| self.formats.iter().any(|format| is_one(*format));
        if self.is_to_stdout() && (self.locked || self.deps.is_some()) {
            return Err(Stop::Usage(say!(
                "--locked and --deps cannot be used with -o -, which writes no files"
            )));
        }
        if self.pages.is_some() && !any(Format::is_picture) {
            return Err(Stop::Usage(say!(
                "--pages applies only to png and svg; the other formats contain the whole letter"
            )));
        }
        if self.ppi.is_some() && !any(|format| format == Format::Png) {
            return Err(Stop::Usage(say!(
                "--ppi applies only to png; the other formats have no resolution"
            )));
        }
        if self.show_window && !any(|format| format.has_pages() && format != Format::Eml) {
            return Err(Stop::Usage(say!(
                "--show-window applies only to pdf, png and svg; the other formats have no pages"
            )));
        }
        Ok(())
    }

    fn options(&self) -> Result<Options, Stop> {
        let options = self.typeset.options(self.time.time()?);
        let options = Options {
            formats: self.formats.clone(),
            ppi: self.ppi.unwrap_or(options.ppi),
            pages: self.pages.clone(),
            show_window: self.show_window,
            ..options
        };
        refuse_editions_without_pages(&options)?;
        Ok(options)
    }

    /// The file and the format of the dependencies, if they are requested.
    fn dependency_file(&self) -> Result<Option<(&Path, DependencyFormat)>, Stop> {
        let Some(path) = self.deps.as_deref() else { return Ok(None) };
        match self.deps_format.or_else(|| dependencies::format_of(path)) {
            Some(format) => Ok(Some((path, format))),
            None => Err(Stop::Usage(say!(
                "give --deps a name that ends in .d or .json, or add --deps-format"
            ))),
        }
    }
}

/// Writes the only document to standard output.
fn write_one(terminal: Terminal, reporter: &Reporter, outcomes: &[Outcome]) -> Result<u8, Stop> {
    let rows: Vec<Row<'_>> = outcomes.iter().map(Row::from).collect();
    let status = terminal.finish(reporter, &rows, Sum::Counted(Files::default()));
    if status != DONE {
        return Ok(status);
    }
    let documents: Vec<_> = outcomes.iter().flat_map(|outcome| &outcome.documents).collect();
    match documents.as_slice() {
        [document] => print_data(&document.data),
        documents => {
            let count = documents.len();
            Err(Stop::Usage(say!(
                "standard output takes one document, but there are {count}: choose one with --lang",
                count
            )))
        }
    }
}

/// Writes the documents of a letter, or compares them with the disk if they are locked. Returns their
/// paths; files that cannot be written are added to the problems of the letter.
fn write_all(outcome: &mut Outcome, arguments: &BuildArguments, files: &mut Files) -> Vec<PathBuf> {
    let mut unwritten = Vec::new();
    let mut paths = Vec::new();
    for document in &outcome.documents {
        let path = arguments.out_dir.join(&document.name);
        let written = match output::expect_place(&path) {
            Err(error) => Err(write_problem(outcome, &path, &error)),
            Ok(()) if !arguments.locked => output::write(&path, &document.data)
                .map_err(|error| write_problem(outcome, &path, &error)),
            Ok(()) if output::is_there(&path, &document.data) => Ok(Written::Unchanged),
            Ok(()) => Err(stale_output(outcome, &path)),
        };
        match written {
            Ok(written) => {
                files.count(written);
                paths.push(path);
            }
            Err(problem) => unwritten.push(problem),
        }
    }
    outcome.forget_documents();
    outcome.diagnostics.extend(unwritten);
    paths
}

/// The error for an output on the disk that differs from what its letter gives now.
fn stale_output(outcome: &Outcome, path: &Path) -> Diagnostic {
    let (version, shown) = (env!("CARGO_PKG_VERSION"), paths::shown(path));
    let message = match path.exists() {
        true => say!("`{shown}` is not what this letter produces now", shown),
        false => say!("`{shown}` does not exist", shown),
    };
    Diagnostic::new(Code::StaleOutput, Place::start_of(outcome.project.file), message).hint(say!(
        "build the letter with version {version} of undersigned, and keep the file",
        version
    ))
}

fn write_problem(outcome: &Outcome, path: &Path, error: &Unwritten) -> Diagnostic {
    let place = Place::start_of(outcome.project.file);
    let problem = Diagnostic::new(Code::Write, place, output::unwritable(path, error));
    if let Some(hint) = error.hint() {
        return problem.hint(hint);
    }
    match path.is_file() && error.kind() == Some(io::ErrorKind::PermissionDenied) {
        true => problem.hint(say!(
            "close it if another program, such as a PDF reader, has it open, and make sure that \
             you may write to it"
        )),
        false => problem.hint(say!(
            "choose another folder with -o, or make sure that there is space and that you may \
             write to it"
        )),
    }
}
