//! `merge`: makes one letter for each recipient of a list, and joins shares that were made
//! separately.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use typst::syntax::FileId;

use crate::command::finish::{Files, Sum};
use crate::command::options::{
    LetterArguments, ReportArguments, TimeArguments, TypesetArguments, one_letter, parse_delimiter,
    parse_encoding, read_list,
};
use crate::command::terminal::{Terminal, print};
use crate::command::typeset::refuse_editions_without_pages;
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::engine::options::Options;
use crate::engine::output;
use crate::engine::workers;
use crate::fonts::Fonts;
use crate::formats::format::Format;
use crate::merge::join;
use crate::merge::manifest::{self, Shard};
use crate::merge::recipients::{Reading, Recipients};
use crate::merge::survey::Survey;
use crate::merge::{self, Combined, Merged, Plan};
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::report::step_summary::Row;
use crate::report::streams::printable;
use crate::source::{Place, paths};
use crate::words::{Message, say};

/// The options that `--join` refuses, because it reads no letter and typesets nothing.
const NOT_JOINED: [&str; 26] = [
    "recipients",
    "formats",
    "shard",
    "letters",
    "root",
    "languages",
    "pdf_standard",
    "draft",
    "font_paths",
    "system_fonts",
    "deny",
    "allow",
    "jobs",
    "timeout",
    "max_memory",
    "creation_timestamp",
    "message_format",
    "all",
    "sarif",
    "name",
    "columns",
    "delimiter",
    "encoding",
    "dry_run",
    "duplex",
    "chunk",
];

/// Options of `merge`.
#[derive(Debug, Args)]
#[command(mut_arg("letters", one_letter))]
pub(super) struct MergeArguments {
    #[command(flatten)]
    letters: LetterArguments,

    /// The recipients: a table (.csv, .xlsx, .ods, .md) or data (.toml, .json, .jsonl, .yaml)
    #[arg(long, value_name = "FILE", required_unless_present = "join")]
    recipients: Option<PathBuf>,

    /// The folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out_dir: PathBuf,

    /// What to write for each recipient; can be repeated
    #[arg(short, long = "format", value_name = "FORMAT", default_value = "pdf", value_parser = formats())]
    formats: Vec<Format>,

    /// The names of the files: {recipient.COLUMN}, {number} and {letter} are filled in
    #[arg(long, value_name = "PATTERN", default_value = "{letter}-{number}")]
    name: String,

    /// The header of a column, such as name="Nombre completo"; a pattern such as address="{Street};
    /// {ZIP} {City}" joins several
    #[arg(long = "column", value_name = "COLUMN=HEADER", value_parser = parse_column)]
    columns: Vec<(String, String)>,

    /// The delimiter of a CSV file: , ; or \t
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<u8>,

    /// The encoding of the file, if it is not UTF-8
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<&'static encoding_rs::Encoding>,

    /// Make the letters of the correct rows, and list the others; with --join, join without them
    #[arg(long)]
    keep_going: bool,

    /// Check and lay out the letters of all rows without writing anything, and count them
    #[arg(long)]
    dry_run: bool,

    /// Do the Kth of N shares of the list, to divide the work among several computers
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    shard: Option<Shard>,

    /// Write one file for the printer instead, in the folder to write to, with the letters one after
    /// another, each with its own bookmark and page numbers
    #[arg(long, value_name = "FILE", conflicts_with_all = ["shard", "join", "name", "formats"])]
    combined: Option<PathBuf>,

    /// Begin each letter on a right-hand page, for printing on both sides
    #[arg(long, requires = "combined")]
    duplex: bool,

    /// Write several files with this many letters each: FILE-1.pdf, FILE-2.pdf, …
    #[arg(long, value_name = "N", requires = "combined", value_parser = clap::value_parser!(u32).range(1..))]
    chunk: Option<u32>,

    /// Check the shares in these folders and write one manifest for all of them; nothing is typeset
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = NOT_JOINED)]
    join: Vec<PathBuf>,

    #[command(flatten)]
    typeset: TypesetArguments,

    #[command(flatten)]
    time: TimeArguments,

    #[command(flatten)]
    report: ReportArguments,
}

/// The formats with one file for each letter.
fn formats() -> impl TypedValueParser<Value = Format> {
    let all = Format::value_variants().iter().filter(|format| !format.is_picture());
    let values = PossibleValuesParser::new(all.filter_map(Format::to_possible_value));
    values.try_map(|name| Format::from_str(&name, false))
}

fn parse_column(text: &str) -> Result<(String, String), Message> {
    match text.split_once('=') {
        Some((name, header)) if !name.trim().is_empty() && !header.trim().is_empty() => {
            Ok((name.trim().to_owned(), header.trim().to_owned()))
        }
        _ => Err(say!("write COLUMN=HEADER")),
    }
}

fn parse_shard(text: &str) -> Result<Shard, Message> {
    text.parse().map_err(|_| say!("write which share out of how many, such as 2/4"))
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: MergeArguments) -> Result<u8, Stop> {
    let Some(path) = &arguments.recipients else {
        return join(terminal, &arguments.join, &arguments.out_dir, arguments.keep_going);
    };
    let (project, file) = open(&arguments.letters, path)?;
    let reporter = arguments.report.reporter(terminal);
    let (recipients, diagnostics) = read_recipients(&arguments, &project, file)?;
    let Some(recipients) = recipients else {
        let row = Row { project: &project, diagnostics: &diagnostics, typeset: &[] };
        return Ok(terminal.finish(&reporter, &[row], Sum::Counted(Files::default())));
    };
    let fonts = arguments.typeset.fonts.options()?;
    let mut formats = Vec::new();
    for format in &arguments.formats {
        if !formats.contains(format) {
            formats.push(*format);
        }
    }
    let options = Options { formats, ..arguments.typeset.options(arguments.time.time()?) };
    refuse_editions_without_pages(&options)?;
    let plan = Plan {
        project: project.clone(),
        recipients,
        recipients_place: Place::start_of(file),
        out_dir: arguments.out_dir.clone(),
        name: arguments.name,
        shard: arguments.shard,
        keep_going: arguments.keep_going,
        dry_run: arguments.dry_run,
        combined: arguments.combined.map(|path| Combined {
            path,
            duplex: arguments.duplex,
            chunk: arguments.chunk.and_then(|chunk| usize::try_from(chunk).ok()),
        }),
        options: Arc::new(options),
        fonts: Arc::new(Fonts::new(&fonts)),
    };
    let mut progress = terminal.progress();
    let begun = Instant::now();
    let merged = merge::merge(plan, |done, all| progress.show(done, all))
        .map_err(|error| Stop::Unwritable(output::unwritable_folder(&arguments.out_dir, &error)))?;
    progress.clear();
    if !terminal.quiet {
        let files = merged.files.iter().map(|file| format!("{}\n", printable(&paths::shown(file))));
        print(&files.collect::<String>())?;
    }
    let row = Row { project: &project, diagnostics: &merged.diagnostics, typeset: &[] };
    Ok(terminal.finish(&reporter, &[row], sum(&merged, begun)))
}

/// The letter, and the recipients' file among its files.
fn open(letters: &LetterArguments, recipients: &Path) -> Result<(Project, FileId), Stop> {
    let letter = letters.letters.first().map_or(Path::new("."), PathBuf::as_path);
    let letter = typeset::one_letter(letter)?;
    let list = read_list(recipients)?;
    let opened = Project::open_with(&letter, letters.root()?, Some(list));
    let (project, file) = opened.map_err(|error| Stop::unreadable(&letter, &error))?;
    let file = file.unwrap_or(project.file);
    Ok((project, file))
}

/// The recipients. `None` if their list has an error, which is then among the problems.
fn read_recipients(
    arguments: &MergeArguments,
    project: &Project,
    file: FileId,
) -> Result<(Option<Recipients>, Vec<Diagnostic>), Stop> {
    let has_reading = !arguments.columns.is_empty() || arguments.delimiter.is_some();
    if has_reading && !Recipients::is_csv(file) {
        return Err(Stop::Usage(say!(
            "--column and --delimiter apply only to CSV files; a .toml or .jsonl file has its own \
             keys"
        )));
    }
    if let Some(encoding) = arguments.encoding {
        project.files.declare_encoding(file, encoding);
    }
    // The cells of a sheet have tabs between them.
    let delimiter = project.files.sheet(file).map_or(arguments.delimiter, |_| Some(b'\t'));
    let reading = Reading { columns: arguments.columns.clone(), delimiter };
    let project = project.clone();
    let read = move || {
        let problems = Problems::default();
        let source = problems.take(project.files.text(file));
        let recipients = source.and_then(|s| Recipients::read(&s, file, &reading, &problems));
        (recipients.filter(|_| !problems.has_errors()), problems.into_sorted())
    };
    let (limits, place) = (arguments.typeset.limits(), Place::start_of(file));
    let read = workers::one(limits, "read the recipients", place, read);
    Ok(read.unwrap_or_else(|problems| (None, problems)))
}

/// The summary of a merge: how many letters there are now, or how many problems prevented them.
fn sum(merged: &Merged, begun: Instant) -> Sum {
    if let Some(survey) = &merged.survey {
        return Sum::Said(surveyed(survey));
    }
    let (made, kept, pages) = (merged.made, merged.kept, merged.pages);
    if made + kept == 0 {
        return Sum::Counted(Files::default());
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = (made as f64 / seconds).round();
    let said = match pages {
        0 => say!("letters written: {made}, kept: {kept}", made, kept),
        _ => say!("letters written: {made}, kept: {kept}, pages: {pages}", made, kept, pages),
    };
    let seconds = format_args!("{seconds:.1}");
    let said = match rate >= 1.0 {
        true => say!("{said}; {seconds} s, {rate} letters/s", said, seconds, rate),
        false => say!("{said}; {seconds} s", said, seconds),
    };
    Sum::Said(match merged.left_out {
        0 => said,
        left_out => say!("{said}; left out: {left_out}", said, left_out),
    })
}

/// The summary of a dry run.
fn surveyed(survey: &Survey) -> Message {
    let Survey { letters, pages, left_out, unnamed, doubled } = survey;
    let by_language: Vec<String> =
        letters.iter().map(|(tag, count)| format!("{tag} {count}")).collect();
    let by_language = match by_language.is_empty() {
        true => String::new(),
        false => format!(" ({})", by_language.join(", ")),
    };
    let count: usize = letters.iter().map(|(_, count)| count).sum();
    if *pages == 0 {
        return say!(
            "letters to make: {count}{by_language}; left out: {left_out}, in the list twice: \
             {doubled}, without a name: {unnamed}",
            count,
            by_language,
            left_out,
            doubled,
            unnamed
        );
    }
    say!(
        "letters to make: {count}{by_language}, pages: {pages}; left out: {left_out}, in the list \
         twice: {doubled}, without a name: {unnamed}",
        count,
        by_language,
        pages,
        left_out,
        doubled,
        unnamed
    )
}

/// Joins the shares of a merge that were made separately.
fn join(terminal: Terminal, folders: &[PathBuf], out: &Path, keep_going: bool) -> Result<u8, Stop> {
    let unwritable = |error| Stop::Unwritable(output::unwritable_folder(out, &error));
    let path = out.join(manifest::name(None, false));
    output::expect_place(&path).map_err(unwritable)?;
    std::fs::create_dir_all(out).map_err(|error| unwritable(error.into()))?;
    let joint = match join::join(folders, out, keep_going) {
        Ok(joint) => joint,
        Err(problems) => {
            for problem in &problems {
                terminal.say_list(&problem.message(), &problem.details());
            }
            return Ok(FAILED);
        }
    };
    output::write(&path, joint.text().as_bytes()).map_err(unwritable)?;
    folders.iter().for_each(|folder| output::remove_leftovers(folder));
    if !terminal.quiet {
        print(&format!("{}\n", printable(&paths::shown(&path))))?;
    }
    if !joint.left_out.is_empty() {
        let letters = join::left_out_lines(&joint.left_out);
        terminal.say_list(&say!("joined without these letters:"), &letters);
    }
    Ok(DONE)
}
