//! The command line: types only. What they do is in [`run`](mod@crate::command::run).

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use icu_calendar::{Date, Iso};

use crate::formats::format::Format;
use crate::language::Tag;
use crate::language::languages::Languages;
use crate::merge::manifest::Shard;
use crate::problems::Code;
use crate::problems::lint::{self, Denied};
use crate::render::page_ranges::PageRanges;
use crate::report::MessageFormat;
use crate::spec::values;
use crate::words::foreign;
use crate::words::message::{Message, UiLanguage, say};
use crate::words::suggest;

/// Typeset open letters: print-ready, accessible, reproducible PDFs in every language of a letter
#[derive(Debug, Parser)]
#[command(name = "undersigned", version, max_term_width = 100, propagate_version = true)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,

    /// Print nothing but problems
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Language of the messages; else the environment's (LC_ALL, LC_MESSAGES, LANG)
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub ui_lang: Option<UiLanguage>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check, typeset and write letters
    ///
    /// Writes each letter in each of its languages to OUT/NAME.LANG.pdf, where NAME is the letter's
    /// folder, or its file where that is not letter.toml. A letter with an error is not written at
    /// all. The paths that were written go to standard output, the messages to standard error.
    #[command(after_help = EXIT_STATUS)]
    Build(BuildArguments),

    /// Check letters and write nothing
    ///
    /// Does all that `build` does but write: what passes here can be built. Compares the languages of each
    /// letter, too: a translation that leaves out or changes something is shown beside its original.
    #[command(after_help = EXIT_STATUS)]
    Check(CheckArguments),

    /// Show a letter in the browser while you write it
    ///
    /// Sets the letter anew whenever one of its files changes, and shows the pages of all its languages
    /// side by side, with what is wrong beside them. A click on a text shows where it is written.
    /// Nothing is written to the disk, and only this computer can see the pages. It ends with Ctrl-C.
    #[command(after_help = EXIT_STATUS)]
    Watch(WatchArguments),

    /// Start a new letter
    ///
    /// Makes a folder with a letter that builds at once: a letter.toml with comments, and a body for
    /// each language.
    New {
        /// The folder to make; its name becomes the name of the PDF
        name: PathBuf,

        /// The languages, the original first
        #[arg(long = "lang", value_name = "TAG", default_values = ["en", "es"], value_parser = parse_tag)]
        languages: Vec<Tag>,
    },

    /// List who signs a letter, or add signatories from a form's export
    ///
    /// Lists the signatories as they are printed, with their counts; what is wrong with them, such as
    /// duplicates, goes to standard error.
    #[command(args_conflicts_with_subcommands = true)]
    Signatories {
        /// What else to do
        #[command(subcommand)]
        command: Option<SignatoriesCommand>,

        /// The letter
        #[command(flatten)]
        list: SignatoriesArguments,
    },

    /// Make one letter for each recipient of a list
    ///
    /// The columns `name`, `honorific`, `office`, `organization`, `address`, `email`, `note` and
    /// `salutation` fill in the addressee; {{recipient.COLUMN}} stands for any column anywhere in the
    /// text. All rows are checked before the first letter is set. A merge that was stopped goes on
    /// where it was when it is started again.
    #[command(after_help = EXIT_STATUS)]
    Merge(MergeArguments),
    /// Record that somebody has reviewed a translation
    ///
    /// Writes into the letter who reviewed it, on which day, and against what; what the original says
    /// now goes to a file beside it. When the original changes afterwards, `check` shows what changed.
    Review(ReviewArguments),

    /// Show how far letters are: what is complete, reviewed, stale and built
    ///
    /// Sets the letters and compares them with the PDFs in the output folder. Writes nothing.
    Status(StatusArguments),

    /// List the fonts that letters can use
    Fonts {
        /// Where to look for fonts
        #[command(flatten)]
        fonts: FontArguments,

        /// Also list the styles of each family, and where they are from
        #[arg(long)]
        variants: bool,
    },

    /// Write a built-in template to a folder, to make one of your own from
    ///
    /// Writes the template and the parts it is made of. A letter that names it, as in template =
    /// "open-letter.typ", is set as before until you change something.
    Template {
        /// The template
        #[arg(value_parser = clap::builder::PossibleValuesParser::new(crate::spec::BUILT_IN_TEMPLATES))]
        template: String,

        /// The folder to write to
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
    },

    /// Print a JSON Schema, with which an editor completes keys and underlines mistakes
    Schema {
        /// What the schema is for
        #[arg(value_name = "WHAT", default_value = "letter")]
        kind: SchemaKind,
    },

    /// Print a script that completes this program's commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What else to do with signatories.
#[derive(Debug, Subcommand)]
pub enum SignatoriesCommand {
    /// Add the new rows of a CSV file to a letter; nothing is changed or taken out
    ///
    /// Says which rows are new, which are there already, and which are there with other words besides
    /// the name. Doing it twice adds nothing.
    Import {
        /// The CSV file
        export: PathBuf,

        /// The letter
        #[arg(long, value_name = "LETTER")]
        into: PathBuf,

        /// Which header holds what, such as name="Nombre de la organización"; a pattern such as
        /// name="{First} {Last}" joins several
        #[arg(long = "column", value_name = "KEY=HEADER", value_parser = parse_column)]
        columns: Vec<(String, String)>,

        /// What parts the cells of the file: , ; or \t
        #[arg(long, value_name = "CHARACTER")]
        delimiter: Option<String>,

        /// The encoding of the file, where it is not UTF-8
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,

        /// Say what would be added and add nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Options of `signatories`.
#[derive(Debug, Args)]
pub struct SignatoriesArguments {
    /// The letter: a file, or a folder that holds a letter.toml; else the current folder
    #[arg(value_name = "LETTER")]
    pub letter: Option<PathBuf>,

    /// The language to list them in; else the letter's first
    #[arg(long, value_name = "TAG", value_parser = parse_tag)]
    pub lang: Option<Tag>,

    /// How they are listed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: ListFormat,
}

/// Options of `review`.
#[derive(Debug, Args)]
pub struct ReviewArguments {
    /// The letter: a file, or a folder that holds a letter.toml; else the current folder
    #[arg(value_name = "LETTER")]
    pub letter: Option<PathBuf>,

    /// The language of the translation
    #[arg(long, value_name = "TAG", value_parser = parse_tag)]
    pub lang: Tag,

    /// Who reviewed it
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub by: String,

    /// The day of the review, as in 2026-03-09; else today in UTC
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub date: Option<Date<Iso>>,
}

/// Options of `status`.
#[derive(Debug, Args)]
pub struct StatusArguments {
    /// What `check` takes as well
    #[command(flatten)]
    pub check: CheckArguments,

    /// The folder that the letters are built to
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub out_dir: PathBuf,
}

fn parse_day(text: &str) -> Result<Date<Iso>, Message> {
    crate::language::day::parse_date(text).ok_or_else(|| {
        say!(
            "write year, month and day of a day that exists, such as 2021-08-24",
            "escriba año, mes y día de un día que exista, como 2021-08-24"
        )
    })
}

/// How signatories are listed.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Table,
    /// A file that a letter can name
    Csv,
    /// For programs
    Json,
    /// The signatories of a letter
    Toml,
}

fn parse_column(text: &str) -> Result<(String, String), Message> {
    match text.split_once('=') {
        Some((key, header)) if crate::spec::signatory_sources::COLUMN_KEYS.contains(&key) => {
            Ok((key.to_owned(), header.to_owned()))
        }
        _ => {
            let keys = crate::spec::signatory_sources::COLUMN_KEYS.join(", ");
            Err(say!(
                "write KEY=HEADER; the keys are {keys}",
                "escriba CLAVE=ENCABEZADO; las claves son {keys}"
            ))
        }
    }
}

fn parse_recipient_column(text: &str) -> Result<(String, String), Message> {
    match text.split_once('=') {
        Some((name, header)) if !name.trim().is_empty() && !header.trim().is_empty() => {
            Ok((name.trim().to_owned(), header.trim().to_owned()))
        }
        _ => Err(say!("write COLUMN=HEADER", "escriba COLUMNA=ENCABEZADO")),
    }
}

fn parse_delimiter(text: &str) -> Result<u8, Message> {
    match text {
        "," => Ok(b','),
        ";" => Ok(b';'),
        "\t" | "\\t" => Ok(b'\t'),
        _ => Err(say!("write one of , ; \\t", "escriba uno de , ; \\t")),
    }
}

fn parse_encoding(text: &str) -> Result<&'static encoding_rs::Encoding, Message> {
    // The labels are those of the WHATWG Encoding Standard.
    let encoding = encoding_rs::Encoding::for_label(text.as_bytes());
    encoding.ok_or_else(|| {
        say!(
            "there is no encoding `{text}`; one is windows-1252",
            "no existe la codificación `{text}`; una es windows-1252"
        )
    })
}

fn parse_shard(text: &str) -> Result<Shard, Message> {
    text.parse().map_err(|_| {
        say!("write which share of how many, such as 2/4", "escriba qué parte de cuántas, como 2/4")
    })
}

const EXIT_STATUS: &str = "Exit status: 0 done; 1 a letter has an error or a denied warning; \
                           2 wrong usage; 130 interrupted";

/// Options of `build`.
#[derive(Debug, Args)]
pub struct BuildArguments {
    /// What `check` takes as well
    #[command(flatten)]
    pub check: CheckArguments,

    /// The folder to write to; - writes one document to standard output
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub out_dir: PathBuf,

    /// What to write; can be repeated
    #[arg(short, long = "format", value_name = "FORMAT", default_value = "pdf")]
    pub formats: Vec<Format>,

    /// Write nothing, and fail where a file on the disk is not what its letter gives now
    #[arg(long)]
    pub locked: bool,

    /// Also write what each file was made of, for Make (.d) or as JSON (.json)
    #[arg(long, value_name = "FILE")]
    pub deps: Option<PathBuf>,

    /// The format of that file, where its name does not tell
    #[arg(long, value_name = "FORMAT", requires = "deps")]
    pub deps_format: Option<DependencyFormat>,

    /// The resolution of png, in pixels per inch
    #[arg(long, value_name = "PPI", default_value_t = 144, value_parser = clap::value_parser!(u16).range(10..=1200))]
    pub ppi: u16,

    /// The pages of which png and svg are written, such as 1 or 1-2,4 or 3-; else all
    #[arg(long, value_name = "PAGES", value_parser = PageRanges::parse)]
    pub pages: Option<PageRanges>,

    /// Draw the window of the envelope on the first page, to see that the address shows through; the
    /// file is called NAME.LANG.window.pdf
    #[arg(long)]
    pub show_window: bool,
}

/// Options of `merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// What `check` takes as well
    #[command(flatten)]
    pub check: CheckArguments,

    /// The recipients: a .csv, .toml or .jsonl file
    #[arg(long, value_name = "FILE", required_unless_present = "join")]
    pub recipients: Option<PathBuf>,

    /// The folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    pub out_dir: PathBuf,

    /// What files are called: {recipient.COLUMN}, {number} and {letter} are filled in
    #[arg(long, value_name = "PATTERN", default_value = "{letter}-{number}")]
    pub name: String,

    /// Which header holds what, such as name="Nombre completo"; a pattern such as
    /// address="{Street}; {ZIP} {City}" joins several
    #[arg(long = "column", value_name = "COLUMN=HEADER", value_parser = parse_recipient_column)]
    pub columns: Vec<(String, String)>,

    /// What parts the cells of a CSV file: , ; or \t
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub delimiter: Option<u8>,

    /// The encoding of the file, where it is not UTF-8
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub encoding: Option<&'static encoding_rs::Encoding>,

    /// Make the letters of the rows that are right, and list the others; with --join, join without these
    #[arg(long)]
    pub keep_going: bool,

    /// Check the letter and all rows, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do the Kth of N shares of the recipients, so that several computers can do one each
    #[arg(long, value_name = "K/N", value_parser = parse_shard)]
    pub shard: Option<Shard>,

    /// Write one file for the printer instead, in which the letters follow one another, each with a
    /// bookmark and pages of its own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["shard", "join"])]
    pub combined: Option<PathBuf>,

    /// Begin each letter on a right-hand page, for printing on both sides
    #[arg(long, requires = "combined")]
    pub duplex: bool,

    /// Write several files of so many letters each, FILE-1.pdf, FILE-2.pdf, …
    #[arg(long, value_name = "N", requires = "combined", value_parser = clap::value_parser!(u32).range(1..))]
    pub chunk: Option<u32>,

    /// Check the shares in these folders and write one manifest for all of them; nothing is typeset
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["recipients", "shard", "letters"])]
    pub join: Vec<PathBuf>,
}

/// Options of `watch`.
#[derive(Debug, Args)]
pub struct WatchArguments {
    /// What `check` takes as well
    #[command(flatten)]
    pub check: CheckArguments,

    /// Open the preview in the browser
    #[arg(long)]
    pub open: bool,

    /// The port of the preview on this computer; else the first free one from 3000 on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,

    /// Draw the window of the envelope on the first page
    #[arg(long)]
    pub show_window: bool,
}

/// Options of `build`, `check`, `merge`, `watch` and `status`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The letters: a file, a folder that holds a letter.toml, a folder to search, or - for standard
    /// input; with none, the current folder
    #[arg(value_name = "LETTER")]
    pub letters: Vec<PathBuf>,

    /// Only this language of each letter, or only the edition in these, such as en+es-MX
    #[arg(long = "lang", value_name = "TAG", value_parser = parse_languages)]
    pub languages: Vec<Languages>,

    /// The standards that the PDF keeps, instead of those of the letter, such as ua-1,a-2a
    #[arg(long, value_name = "LIST", value_parser = parse_standards)]
    pub pdf_standard: Option<Standards>,

    /// Mark every page as a draft; the files are called NAME.LANG.draft.pdf
    ///
    /// Prints DRAFT, and the day of --creation-timestamp if it is given. The files of a delivery are left
    /// as they are.
    #[arg(long)]
    pub draft: bool,

    /// Where to look for fonts
    #[command(flatten)]
    pub fonts: FontArguments,

    /// The folder that no path in a letter may leave; else the git work tree, else the letter's folder
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// Treat warnings of this code as errors, or all `warnings`
    #[arg(long, value_name = "CODE", value_parser = parse_denied)]
    pub deny: Vec<Denied>,

    /// Do not show warnings of this code
    #[arg(long, value_name = "CODE", value_parser = parse_allowed)]
    pub allow: Vec<Code>,

    /// How problems are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,

    /// Also write the problems to this file, as SARIF
    #[arg(long, value_name = "FILE")]
    pub sarif: Option<PathBuf>,

    /// How many letters to set at once; else one for each processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,

    /// Give up a letter that takes longer to typeset, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub timeout: u32,

    /// Give up what is under way when the program holds more memory, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(64..))]
    pub max_memory: u32,

    /// When the PDF says it was made, in seconds since 1970; else the letter's date
    #[arg(
        long,
        value_name = "UNIX",
        env = "SOURCE_DATE_EPOCH",
        value_parser = parse_timestamp,
        allow_negative_numbers = true
    )]
    pub creation_timestamp: Option<Timestamp>,
}

/// Where to look for fonts.
#[derive(Debug, Args)]
pub struct FontArguments {
    /// Also use the fonts in this folder
    #[arg(long = "font-path", value_name = "DIR")]
    pub font_paths: Vec<PathBuf>,

    /// Also use the fonts of this computer; another one may give another page
    #[arg(long)]
    pub system_fonts: bool,
}

/// How dependencies are written.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub enum DependencyFormat {
    /// Rules for Make, which Ninja reads as well
    Make,
    /// One JSON object
    Json,
}

/// What a schema is for.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub enum SchemaKind {
    /// A letter
    Letter,
    /// The undersigned.toml of a repository
    Repository,
}

fn parse_languages(text: &str) -> Result<Languages, Message> {
    text.parse().map_err(|_| not_a_tag())
}

fn parse_tag(text: &str) -> Result<Tag, Message> {
    text.parse().map_err(|_| not_a_tag())
}

fn not_a_tag() -> Message {
    say!(
        "not a BCP 47 language tag, such as es-MX",
        "no es una etiqueta BCP 47 de idioma, como es-MX"
    )
}

/// Standards that one PDF can keep at once.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Standards(pub Vec<typst_pdf::PdfStandard>);

fn parse_standards(list: &str) -> Result<Standards, Message> {
    let parse = |name: &str| {
        values::parse_standard(name.trim()).ok_or_else(|| {
            let names = values::STANDARDS.join(", ");
            say!("the standards are {names}", "las normas son {names}")
        })
    };
    let standards = list.split(',').map(parse).collect::<Result<Vec<_>, _>>()?;
    match typst_pdf::PdfStandards::new(&standards) {
        Ok(_) => Ok(Standards(standards)),
        Err(error) => Err(foreign::typst(error.message())),
    }
}

/// A moment in seconds since 1970, or nothing where the variable is set to nothing.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct Timestamp(pub Option<i64>);

fn parse_timestamp(text: &str) -> Result<Timestamp, Message> {
    // The years that a PDF date can say: 0000 to 9999 (ISO 32000-1, section 7.9.4).
    const YEARS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;
    if text.is_empty() {
        return Ok(Timestamp(None));
    }
    match text.parse() {
        Ok(seconds) if YEARS.contains(&seconds) => Ok(Timestamp(Some(seconds))),
        _ => Err(say!(
            "it takes whole seconds since 1970, as in SOURCE_DATE_EPOCH",
            "lleva segundos enteros desde 1970, como SOURCE_DATE_EPOCH"
        )),
    }
}

fn parse_denied(name: &str) -> Result<Denied, Message> {
    Denied::parse(name).ok_or_else(|| not_a_warning(name))
}

fn parse_allowed(name: &str) -> Result<Code, Message> {
    lint::parse_warning(name).ok_or_else(|| not_a_warning(name))
}

fn not_a_warning(name: &str) -> Message {
    if Code::parse(name).is_some() {
        return say!("this is an error, always", "esto es siempre un error");
    }
    let warnings = lint::warnings().collect::<Vec<_>>().join(", ");
    match suggest::nearest(name, lint::warnings()) {
        Some(near) => suggest::did_you_mean(near),
        None => say!("the warnings are {warnings}", "las advertencias son {warnings}"),
    }
}
