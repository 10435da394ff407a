//! `status`: the state of each language of a letter: whether it can be sent, who reviewed it, and
//! whether the last build is up to date.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::checks::{self, NotCompared, Progress, Share, review};
use crate::command::Stop;
use crate::command::options::{LetterArguments, TimeArguments, TypesetArguments};
use crate::command::terminal::{Terminal, print, print_json};
use crate::command::typeset::{no_such_language, typeset};
use crate::engine::batch::Outcome;
use crate::engine::options::{Options, draft_suffix};
use crate::engine::output;
use crate::engine::workers::{self, Failure};
use crate::fonts::Fonts;
use crate::formats::format::Document;
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::language::languages::Languages;
use crate::letter::signatories::Counts;
use crate::problems::{Code, Diagnostic, Problems, Severity};
use crate::report::MessageFormat;
use crate::report::streams::printable;
use crate::spec::edition::Edition;
use crate::spec::loaded::Loaded;
use crate::words::{self, Message, UiLanguage, count, say};

/// Options of `status`.
#[derive(Debug, Args)]
pub(super) struct StatusArguments {
    #[command(flatten)]
    pub letters: LetterArguments,

    /// The folder that the letters are built in
    #[arg(short, long, value_name = "DIR", default_value = "out")]
    out_dir: PathBuf,

    /// How the status is shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: StatusFormat,

    #[command(flatten)]
    typeset: TypesetArguments,

    #[command(flatten)]
    time: TimeArguments,
}

/// How the status is shown.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
enum StatusFormat {
    /// For people
    Human,
    /// One JSON object per line
    Json,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &StatusArguments) -> Result<u8, Stop> {
    let fonts = arguments.typeset.fonts.options()?;
    let options = Arc::new(arguments.typeset.options(arguments.time.time()?));
    let reporter = terminal.reporter(MessageFormat::Human);
    let out_dir = arguments.out_dir.clone();
    let mut current = HashSet::new();
    let compare = |_, outcome: &mut Outcome| {
        let is_current =
            |document: &&Document| output::is_there(&out_dir.join(&document.name), &document.data);
        let names = outcome.documents.iter().filter(is_current).map(|d| d.name.clone());
        current.extend(names);
        outcome.forget_documents();
    };
    let outcomes = typeset(terminal, &arguments.letters, &fonts, &options, compare)?;
    let path = |outcome: &Outcome| reporter.path(&outcome.project.files, outcome.project.file);
    let paths: Vec<String> = outcomes.iter().map(path).collect();
    let (jobs, limits) = (options.jobs, options.limits);
    let look = {
        let options = options.clone();
        move |(outcome, letter)| LetterStatus::of(&outcome, letter, &out_dir, &options, &current)
    };
    let name = |(outcome, _): &(Outcome, String)| format!("look at {}", outcome.project.identity());
    let items = outcomes.into_iter().zip(paths.clone()).collect();
    // What cannot be read within the limits was told when it was typeset.
    let read = |(result, path): (Result<_, Failure>, String)| {
        result.unwrap_or_else(|_| Some(LetterStatus::unreadable(path)))
    };
    let letters = workers::map(items, jobs, limits, name, |_, _| {}, look).into_iter();
    let letters: Vec<LetterStatus> = letters.zip(paths).filter_map(read).collect();
    if letters.is_empty() {
        return Err(no_such_language(&options.languages));
    }
    match arguments.message_format {
        StatusFormat::Human => print(&table(&letters, terminal.language)),
        StatusFormat::Json => print_json(&json(&letters)?),
    }
}

/// A JSON object for each letter, one per line.
fn json(letters: &[LetterStatus]) -> io::Result<String> {
    let mut lines = String::new();
    for letter in letters {
        lines.push_str(&serde_json::to_string(letter)?);
        lines.push('\n');
    }
    Ok(lines)
}

/// The state of a letter.
#[derive(Debug, Serialize)]
struct LetterStatus {
    /// The path of its file.
    letter: String,
    /// How many sign it.
    signatories: usize,
    /// Its requested languages, the original first.
    languages: Vec<LanguageStatus>,
    /// Its edition, if it has one and it was requested.
    edition: Option<EditionStatus>,
}

/// The state of one language of a letter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct LanguageStatus {
    /// The language tag.
    lang: String,
    /// Whether it is the original.
    original: bool,
    /// Whether everything is translated, and it has no error.
    complete: bool,
    /// Whether it has an error.
    #[serde(skip)]
    broken: bool,
    /// How far the translation is. `None` for the original, and where it cannot be compared.
    #[serde(flatten)]
    progress: Option<Progress>,
    /// Who reviewed it last.
    reviewed_by: Option<String>,
    /// The day of that review.
    reviewed_on: Option<String>,
    /// The codes of the differences that it was reviewed with.
    reviewed_anyway: Vec<String>,
    /// How many texts have changed since. `None` if it was never reviewed.
    stale: Option<usize>,
    /// How many warnings concern only this language, not counting stale texts.
    warnings: usize,
    /// What is in the output folder.
    #[serde(flatten)]
    built: Built,
}

/// The state of the edition of a letter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct EditionStatus {
    /// Its languages, such as "en+es-MX".
    lang: Languages,
    /// Whether it can be built: neither it nor one of its languages has an error.
    complete: bool,
    /// How many warnings concern only the edition.
    warnings: usize,
    /// What is in the output folder.
    #[serde(flatten)]
    built: Built,
}

/// What is in the output folder for a language or an edition.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Built {
    /// Whether the PDF is identical to what would be built now.
    build: Build,
    /// The day that the file was written.
    built_on: Option<String>,
}

/// Whether the PDF in the output folder is, byte for byte, what would be built now.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Build {
    /// It does not exist.
    Missing,
    /// A link, a pipe or a device is in its place, or a link leads there.
    NotAFile,
    /// It is different.
    OutOfDate,
    /// It is identical.
    UpToDate,
}

impl LetterStatus {
    /// The state of a letter that cannot be read.
    fn unreadable(letter: String) -> Self {
        Self { letter, signatories: 0, languages: Vec::new(), edition: None }
    }

    /// The state of a typeset letter, and of its PDFs in a folder. `letter` is its path as it is
    /// shown to people. `None` if it is in none of the requested languages.
    /// `current` are the documents in the folder that are what would be built now.
    fn of(
        outcome: &Outcome,
        letter: String,
        folder: &Path,
        options: &Options,
        current: &HashSet<String>,
    ) -> Option<Self> {
        let project = &outcome.project;
        // Its problems were reported when it was typeset.
        let discarded = Problems::default();
        let Some(written) = project.read(&discarded) else {
            return Some(Self::unreadable(letter));
        };
        let fonts = std::sync::Arc::new(Fonts::default());
        let resolver = project.resolver(&written, &fonts, &discarded);
        let progress = checks::progress(&resolver, &resolver.resolve(|_| true));
        let Loaded { spec, signatories, .. } = &written;
        let signatories = Counts::of(signatories).signatories;
        let wanted = |tag: &Tag| options.wants(|languages| languages.means_letter(tag));
        let mut languages = Vec::new();
        for (at, (tag, _)) in spec.languages.iter().enumerate().filter(|(_, (tag, _))| wanted(tag))
        {
            let of_language = |problem: &&Diagnostic| problem.concerns(std::slice::from_ref(tag));
            let own = || outcome.diagnostics.iter().filter(of_language);
            let review = spec.review(tag);
            let stale = own().filter(|problem| problem.code == Code::StaleTranslation).count();
            let warning = |problem: &&Diagnostic| {
                problem.severity == Severity::Warning
                    && problem.lang.is_some()
                    && problem.code != Code::StaleTranslation
            };
            let progress = progress.iter().find(|progress| progress.tag == *tag);
            let broken = own().any(|problem| problem.severity != Severity::Warning);
            languages.push(LanguageStatus {
                lang: tag.to_string(),
                original: at == 0,
                complete: !broken && progress.is_none_or(Progress::is_complete),
                broken,
                progress: progress.cloned(),
                reviewed_anyway: review.map(|review| review.anyway.clone()).unwrap_or_default(),
                reviewed_by: review
                    .and_then(|r| r.reviewed_by.as_ref())
                    .map(|text| text.value.to_string()),
                reviewed_on: review.and_then(|r| r.reviewed_on).map(review::day),
                stale: review.map(|_| stale),
                warnings: own().filter(warning).count(),
                built: Built::of(outcome, &Languages::one(tag), folder, options, current),
            });
        }
        let edition = spec.edition.as_ref().map(|(edition, _)| edition);
        let edition = edition
            .filter(|edition| {
                options.wants(|languages| languages.means_edition(&edition.languages))
            })
            .map(|edition| EditionStatus::of(outcome, edition, folder, options, current));
        let any = !languages.is_empty() || edition.is_some();
        any.then_some(Self { letter, signatories, languages, edition })
    }
}

impl EditionStatus {
    fn of(
        outcome: &Outcome,
        edition: &Edition,
        folder: &Path,
        options: &Options,
        current: &HashSet<String>,
    ) -> Self {
        let lang = Languages(edition.languages.clone());
        let is_warning = |problem: &Diagnostic| problem.severity == Severity::Warning;
        let mut concerning = outcome.diagnostics.iter().filter(|p| p.concerns(&edition.languages));
        let own = outcome.diagnostics.iter().filter(|p| p.lang.as_ref() == Some(&lang));
        Self {
            complete: concerning.all(is_warning),
            warnings: own.filter(|problem| is_warning(problem)).count(),
            built: Built::of(outcome, &lang, folder, options, current),
            lang,
        }
    }
}

impl Built {
    fn of(
        outcome: &Outcome,
        languages: &Languages,
        folder: &Path,
        options: &Options,
        current: &HashSet<String>,
    ) -> Self {
        let draft = draft_suffix(options.draft);
        let name = format!("{}.{languages}{draft}.pdf", outcome.project.name);
        let path = folder.join(&name);
        let without_day = |build| Self { build, built_on: None };
        if output::expect_place(&path).is_err() {
            return without_day(Build::NotAFile);
        }
        if !path.is_file() {
            return without_day(Build::Missing);
        }
        let build = if current.contains(&name) { Build::UpToDate } else { Build::OutOfDate };
        Self { build, built_on: written_on(&path) }
    }

    fn message(&self) -> Message {
        let state = match self.build {
            Build::Missing => say!("not built"),
            Build::NotAFile => say!("not a file: run `build`"),
            Build::OutOfDate => say!("out of date"),
            Build::UpToDate => say!("up to date"),
        };
        match &self.built_on {
            Some(day) => say!("built {day}, {state}", day, state),
            None => state,
        }
    }
}

/// The day that a file was written, in UTC.
fn written_on(path: &Path) -> Option<String> {
    let since = path.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(CreationTime(i64::try_from(since.as_secs()).ok()?).day())
}

/// The state of letters as text for people.
fn table(letters: &[LetterStatus], language: UiLanguage) -> String {
    let mut text = String::new();
    for letter in letters {
        let count = letter.signatories;
        let signers = count!(count, one = "1 signatory", other = "{count} signatories");
        let path = printable(&letter.letter);
        let _infallible = writeln!(text, "{path}: {}", signers.get(language));
        if letter.languages.is_empty() && letter.edition.is_none() {
            let message = say!("cannot be read: run `check`");
            let _infallible = writeln!(text, "  {}", message.get(language));
        }
        let languages = letter.languages.iter().map(|l| l.row(language));
        let edition = letter.edition.iter().map(|edition| edition.row(language));
        let rows: Vec<[String; 4]> = languages.chain(edition).collect();
        let width = |column: usize| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths = [width(0), width(1), width(2)];
        for [lang, complete, review, build] in &rows {
            let _infallible = writeln!(
                text,
                "  {lang:0$}  {complete:1$}  {review:2$}  {build}",
                widths[0], widths[1], widths[2]
            );
        }
        for line in letter.languages.iter().filter_map(LanguageStatus::not_compared) {
            let _infallible = writeln!(text, "  {}", line.get(language));
        }
    }
    text
}

fn completeness(broken: bool, progress: Option<&Progress>, warnings: usize) -> Message {
    let state = match progress {
        _ if broken => return say!("has errors"),
        Some(Progress { paragraphs: Share { total, translated, .. }, .. })
            if translated < total =>
        {
            say!("{translated} of {total} paragraphs", translated, total)
        }
        Some(Progress { texts: Share { total, translated, .. }, .. }) if translated < total => {
            say!("{translated} of {total} other texts", translated, total)
        }
        _ => say!("complete"),
    };
    match warnings {
        0 => state,
        _ => say!("{state}, {warnings}", state, warnings = words::warnings(warnings)),
    }
}

impl EditionStatus {
    fn row(&self, language: UiLanguage) -> [String; 4] {
        let complete = completeness(!self.complete, None, self.warnings);
        let texts = [complete, say!("edition"), self.built.message()];
        let [complete, kind, build] = texts.map(|text| text.get(language));
        [self.lang.to_string(), complete, kind, build]
    }
}

impl LanguageStatus {
    fn row(&self, language: UiLanguage) -> [String; 4] {
        let complete = completeness(self.broken, self.progress.as_ref(), self.warnings);
        let texts = [complete, self.review(), self.built.message()];
        let [complete, review, build] = texts.map(|text| printable(&text.get(language)));
        [self.lang.clone(), complete, review, build]
    }

    fn review(&self) -> Message {
        if self.original {
            return say!("original");
        }
        let Some(stale) = self.stale else { return say!("not reviewed") };
        let by = self.reviewed_by.as_deref().unwrap_or("?");
        let on = self.reviewed_on.as_deref().unwrap_or("?");
        let mut review = say!("reviewed by {by} {on}", by, on);
        let shares = self.progress.iter().flat_map(|all| [all.paragraphs, all.texts]);
        let (total, reviewed) = shares.fold((0, 0), |(total, reviewed), share| {
            (total + share.total, reviewed + share.reviewed)
        });
        if reviewed < total {
            review =
                say!("{reviewed} of {total} texts reviewed by {by} {on}", reviewed, total, by, on);
        }
        if !self.reviewed_anyway.is_empty() {
            review = say!("{review} despite differences", review);
        }
        match stale {
            0 => review,
            stale => say!("{review}, {stale} stale", review, stale),
        }
    }

    /// What is not compared, on a line of its own.
    fn not_compared(&self) -> Option<Message> {
        let list = self.progress.as_ref()?.not_compared.iter().map(|what| match what {
            NotCompared::NumbersInWords => say!("numbers in words"),
            NotCompared::Months => say!("names of months"),
            NotCompared::Units => say!("percentages and currencies"),
            NotCompared::Names => say!("names"),
            NotCompared::Language => say!("the language of a text"),
        });
        let list = list.reduce(|list, what| say!("{list}, {what}", list, what))?;
        let lang = &self.lang;
        Some(say!("not compared in `{lang}`: {list}", lang, list))
    }
}
