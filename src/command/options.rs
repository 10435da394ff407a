//! Options that several commands share, each group about one thing: a command takes the groups that
//! it honours, and clap refuses the rest.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, ArgAction, Args, Command};

use crate::command::Stop;
use crate::command::terminal::Terminal;
use crate::engine::options::Options;
use crate::engine::workers::Limits;
use crate::files::MAX_FILE_BYTES;
use crate::files::regular::{self, Links};
use crate::files::unreadable::Unreadable;
use crate::fonts::FontOptions;
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::language::keywords::{self, Unknown};
use crate::language::languages::Languages;
use crate::language::words::Words;
use crate::pdf::{Conflict, PdfStandard, Plan, STANDARDS};
use crate::problems::Code;
use crate::problems::lint::{self, Denied, Lint};
use crate::project::Given;
use crate::report::{MessageFormat, Reporter};
use crate::source::paths;
use crate::spec::tags::language_hint;
use crate::words::suggest;
use crate::words::system_errors;
use crate::words::{Message, say};

/// Which letters a command is about.
#[derive(Debug, Args)]
pub(super) struct LetterArguments {
    /// The letters: a file, a folder that contains a letter.toml, a folder to search, or - for
    /// standard input; by default, the current folder
    #[arg(value_name = "LETTER")]
    pub letters: Vec<PathBuf>,

    /// The folder that no path in a letter may leave; by default, the git work tree or, without
    /// one, the letter's folder
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

/// The same for a command that is about a single letter.
pub(super) fn one_letter(letters: Arg) -> Arg {
    letters.action(ArgAction::Set).num_args(1).help("The letter: a file, or a folder that contains a letter.toml; by default, the current folder")
}

/// The same as `--draft` for a command that writes no files.
pub(super) fn unwritten_draft(draft: Arg) -> Arg {
    draft.help("Mark every page as a draft").long_help(None)
}

impl LetterArguments {
    /// The requested root, which must be a folder.
    pub(super) fn root(&self) -> Result<Option<&Path>, Stop> {
        let Some(root) = self.root.as_deref() else { return Ok(None) };
        let reason = match root.metadata() {
            Ok(metadata) if metadata.is_dir() => return Ok(Some(root)),
            Ok(_) => io::ErrorKind::NotADirectory.into(),
            Err(error) => error,
        };
        let (root, reason) = (paths::shown(root), system_errors::reason(&reason));
        Err(Stop::Usage(say!("--root {root}: {reason}", root, reason)))
    }
}

/// How letters are checked and typeset.
#[derive(Debug, Args)]
pub(super) struct TypesetArguments {
    /// Only this language of each letter, or only the edition in these, such as en+es-MX
    #[arg(long = "lang", value_name = "TAG", value_parser = languages(), hide_possible_values = true)]
    languages: Vec<Languages>,

    /// The standards that the PDF conforms to, instead of those of the letter, such as ua-1,a-2a
    #[arg(long, value_name = "LIST", value_parser = parse_standards)]
    pdf_standard: Option<Standards>,

    /// Mark every page as a draft; the files are called NAME.LANG.draft.pdf
    ///
    /// Prints DRAFT, and the day if one is given. The final PDFs are left as they are.
    #[arg(long)]
    draft: bool,

    /// Where to look for fonts
    #[command(flatten)]
    pub fonts: FontArguments,

    /// Treat warnings with this code as errors, or all with `warnings`
    #[arg(long, value_name = "CODE", value_parser = parse_denied)]
    deny: Vec<Denied>,

    /// Do not show warnings with this code
    #[arg(long, value_name = "CODE", value_parser = parse_allowed)]
    allow: Vec<Code>,

    /// How many letters to typeset in parallel; by default, one per processor
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,

    #[command(flatten)]
    limits: LimitArguments,
}

/// How much a letter may take.
#[derive(Debug, Copy, Clone, Args)]
pub(super) struct LimitArguments {
    /// Give up on a letter that takes longer to read or to typeset, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,

    /// Give up on a letter for which the program needs more memory, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(64..))]
    max_memory: u32,
}

impl LimitArguments {
    /// The same for the engine.
    pub(super) fn limits(self) -> Limits {
        Limits {
            time: Duration::from_secs(self.timeout.into()),
            memory: u64::from(self.max_memory) << 20,
        }
    }
}

impl TypesetArguments {
    /// How much each letter may take.
    pub(super) fn limits(&self) -> Limits {
        self.limits.limits()
    }

    /// The options of the engine, which makes PDFs unless the command requests another format.
    pub(super) fn options(&self, time: Option<CreationTime>) -> Options {
        let defaults = Options::default();
        Options {
            languages: self.languages.clone(),
            standards: self.pdf_standard.clone().map(|standards| standards.0),
            draft: self.draft,
            time,
            lint: Lint { allow: self.allow.clone(), deny: self.deny.clone() },
            jobs: self.jobs.map_or(defaults.jobs, usize::from),
            limits: self.limits(),
            ..defaults
        }
    }
}

/// When a PDF says it was made.
#[derive(Debug, Args)]
pub(super) struct TimeArguments {
    /// The creation time of the PDF, in seconds since 1970; by default, SOURCE_DATE_EPOCH or,
    /// without it, the letter's date
    #[arg(
        long,
        value_name = "UNIX",
        value_parser = parse_timestamp,
        allow_negative_numbers = true
    )]
    creation_timestamp: Option<CreationTime>,
}

impl TimeArguments {
    /// The requested time, from the command line or the environment.
    pub(super) fn time(&self) -> Result<Option<CreationTime>, Stop> {
        const VARIABLE: &str = "SOURCE_DATE_EPOCH";
        if self.creation_timestamp.is_some() {
            return Ok(self.creation_timestamp);
        }
        // Other programs treat an empty variable as one that is not set.
        let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        parse_timestamp(&text.to_string_lossy())
            .map(Some)
            .map_err(|reason| Stop::Usage(say!("{VARIABLE}: {reason}", VARIABLE, reason)))
    }
}

/// How many problems people are shown.
#[derive(Debug, Copy, Clone, Args)]
pub(super) struct AllArgument {
    /// Show all problems, and not only some of each kind
    #[arg(long)]
    pub all: bool,
}

/// How a command reports problems.
#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// How problems are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,

    #[command(flatten)]
    all: AllArgument,

    /// Also write the problems to this file, as SARIF
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

impl ReportArguments {
    /// What shows the problems in this format.
    pub(super) fn reporter(&self, terminal: Terminal) -> Reporter {
        let reporter = terminal.reporter(self.message_format);
        Reporter { all: self.all.all, sarif: self.sarif.clone(), ..reporter }
    }
}

/// Where to look for fonts.
#[derive(Debug, Args)]
pub(super) struct FontArguments {
    /// Also use the fonts in this folder
    #[arg(long = "font-path", value_name = "DIR")]
    font_paths: Vec<PathBuf>,

    /// Also use the fonts of this computer; pages may look different on another one
    #[arg(long)]
    system_fonts: bool,
}

impl FontArguments {
    /// The same for the library. A folder that does not exist is refused.
    pub(super) fn options(&self) -> Result<FontOptions, Stop> {
        if let Some(path) = self.font_paths.iter().find(|path| !path.is_dir()) {
            let path = paths::shown(path);
            return Err(Stop::Usage(say!("there is no font folder `{path}`", path)));
        }
        Ok(FontOptions { paths: self.font_paths.clone(), system: self.system_fonts })
    }
}

/// The language of a letter, or those of an edition.
fn languages() -> impl TypedValueParser<Value = Languages> {
    Offering(|text: &str| text.parse::<Languages>().map_err(|_| not_a_tag(text)))
}

/// A language tag. A shell offers those of the languages that are built in.
pub(super) fn tags() -> impl TypedValueParser<Value = Tag> {
    Offering(|text: &str| text.parse::<Tag>().map_err(|_| not_a_tag(text)))
}

/// A parser for any language, of which a shell offers those that are built in.
#[derive(Clone)]
struct Offering<P>(P);

impl<P: TypedValueParser> TypedValueParser for Offering<P> {
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        self.0.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Words::languages().map(PossibleValue::new)))
    }
}

fn not_a_tag(text: &str) -> Message {
    let asks = |tag: &str| Some((tag.to_owned(), keywords::unknown(tag)?));
    match text.split(['+', ',']).find_map(asks) {
        Some((tag, Unknown::Calendar(name))) => {
            say!("`{tag}` asks for the calendar `{name}`, which is unknown", tag, name)
        }
        Some((tag, Unknown::Digits(name))) => {
            say!("`{tag}` asks for the digits `{name}`, which are unknown", tag, name)
        }
        None => {
            let is_wrong = |tag: &&str| tag.parse::<Tag>().is_err();
            let wrong = text.split(['+', ',']).find(is_wrong).unwrap_or(text);
            say!("not a BCP 47 language tag; {hint}", hint = language_hint(wrong))
        }
    }
}

/// Standards that one PDF can follow at once.
#[derive(Debug, Clone, Eq, PartialEq)]
struct Standards(Vec<PdfStandard>);

fn parse_standards(list: &str) -> Result<Standards, Message> {
    let parse = |name: &str| {
        name.trim().parse().map_err(|_| {
            let names = STANDARDS.join(", ");
            say!("the standards are {names}", names)
        })
    };
    let standards = list.split(',').map(parse).collect::<Result<Vec<_>, _>>()?;
    match Plan::of(&standards) {
        Ok(_) => Ok(Standards(standards)),
        Err(Conflict { problem, hints }) => Err(hints
            .into_iter()
            .fold(problem, |problem, hint| say!("{problem}; {hint}", problem, hint))),
    }
}

fn parse_timestamp(text: &str) -> Result<CreationTime, Message> {
    // The years that a PDF date can say: 0000 to 9999 (ISO 32000-1, section 7.9.4).
    const YEARS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;
    match text.parse() {
        Ok(seconds) if YEARS.contains(&seconds) => Ok(CreationTime(seconds)),
        _ => Err(say!("it must be a whole number of seconds since 1970, as in SOURCE_DATE_EPOCH")),
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
        return say!("this is always an error");
    }
    let warnings = lint::warnings().collect::<Vec<_>>().join(", ");
    match suggest::nearest(name, lint::warnings()) {
        Some(near) => suggest::did_you_mean(near),
        None => say!("the warnings are {warnings}", warnings),
    }
}

/// What separates the cells of a CSV file.
pub(super) fn parse_delimiter(text: &str) -> Result<u8, Message> {
    match text {
        "," => Ok(b','),
        ";" => Ok(b';'),
        "\t" | "\\t" => Ok(b'\t'),
        _ => Err(say!("write one of , ; \\t")),
    }
}

/// The encoding of a CSV file.
pub(super) fn parse_encoding(text: &str) -> Result<&'static encoding_rs::Encoding, Message> {
    // The labels are those of the WHATWG Encoding Standard.
    let encoding = encoding_rs::Encoding::for_label(text.as_bytes());
    encoding.ok_or_else(|| {
        say!("there is no encoding `{text}`; an example of one is windows-1252", text)
    })
}

/// Reads a list that is named on the command line and may be anywhere. A pipe is not waited for.
pub(super) fn read_list(path: &Path) -> Result<Given, Stop> {
    let data = regular::read(path, Links::Followed, MAX_FILE_BYTES).map_err(|reason| {
        let name = paths::shown(path);
        Stop::Usage(match reason {
            Unreadable::NotFound => return Stop::unreadable(path, &io::ErrorKind::NotFound.into()),
            Unreadable::NotAFile => say!(
                "`{name}` is a pipe or a device, not a file: save the list to a file first",
                name
            ),
            reason => reason.message(&name),
        })
    })?;
    Ok(Given { path: path.to_path_buf(), data })
}
