//! `review`: records that somebody has reviewed a translation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use icu_calendar::{Date, Iso};

use crate::checks::parity::counterparts::counterparts;
use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::Variant;
use crate::checks::review::{self, Review};
use crate::command::options::{LimitArguments, tags};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::engine::output;
use crate::engine::workers;
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::language::day;
use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::problems::lint::Lint;
use crate::problems::{Code, Diagnostic, Problems};
use crate::project::Project;
use crate::report::MessageFormat;
use crate::report::streams::printable;
use crate::source::Place;
use crate::spec::loaded::Loaded;
use crate::spec::{Localized, Spec};
use crate::words::{Message, count, say};

/// Options of `review`.
#[derive(Debug, Args)]
pub(super) struct ReviewArguments {
    /// The letter: a file, or a folder that contains a letter.toml; by default, the current folder
    #[arg(value_name = "LETTER")]
    letter: Option<PathBuf>,

    /// The language of the translation
    #[arg(long, value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    lang: Tag,

    /// Who reviewed it
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    by: String,

    /// The day of the review, such as 2026-03-09; by default, today in UTC
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    date: Option<Date<Iso>>,

    /// Record the review although the languages differ, which is recorded too
    #[arg(long)]
    anyway: bool,

    #[command(flatten)]
    limits: LimitArguments,
}

fn parse_day(text: &str) -> Result<Date<Iso>, Message> {
    day::parse_date(text).ok_or_else(|| {
        say!("write the year, month and day of a day that exists, such as 2021-08-24")
    })
}

/// Runs the command. Differences between the languages are still reported.
pub(super) fn run(terminal: Terminal, arguments: &ReviewArguments) -> Result<u8, Stop> {
    let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
    let path = typeset::one_letter(argument)?;
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let limits = arguments.limits.limits();
    let check = {
        let project = project.clone();
        move || check(&project)
    };
    let place = Place::start_of(project.file);
    let checked = workers::one(limits, "read the letter", place, check);
    let (written, letters, mut diagnostics) =
        checked.unwrap_or_else(|problems| (None, Vec::new(), problems));
    let lang = &arguments.lang;
    let spec = written.map(|written| written.spec);
    let original = spec.iter().flat_map(|spec| &spec.languages).map(|(tag, _)| tag).next();
    let (first, wanted): (Vec<_>, Vec<_>) =
        letters.iter().partition(|letter| Some(&letter.tag) == original);
    let wanted = wanted.into_iter().find(|letter| letter.tag.is_in(lang));
    // What is denied is no error of the letter.
    let failed = diagnostics.iter().any(|problem| problem.code.severity().is_error());
    let (Some(spec), Some(first), Some(letter), false) = (&spec, first.first(), wanted, failed)
    else {
        if terminal.report(&project, &only_errors(diagnostics)) > 0 {
            return Ok(FAILED);
        }
        return Err(Stop::Usage(match original.is_some_and(|original| original.is_in(lang)) {
            true => say!("`{lang}` is the original: translations are reviewed against it", lang),
            false => say!("this letter has no translation to {lang}", lang),
        }));
    };
    let own = Languages::one(&letter.tag);
    let mut open: Vec<&str> = (diagnostics.iter())
        .filter(|problem| problem.lang.as_ref() == Some(&own) && is_difference(problem.code))
        .map(|problem| problem.code.as_str())
        .collect();
    let count = open.len();
    open.sort_unstable();
    open.dedup();
    if !open.is_empty() && !arguments.anyway {
        diagnostics
            .retain(|problem| problem.lang.as_ref() == Some(&own) && is_difference(problem.code));
        terminal.report(&project, &diagnostics);
        return Err(Stop::Unwritable(count!(
            count,
            one = "nothing was recorded: the translation differs from the original in 1 place; correct it, or add --anyway, which is recorded too",
            other = "nothing was recorded: the translation differs from the original in {count} places; correct them, or add --anyway, which is recorded too"
        )));
    }
    let paths = record(terminal, arguments, &project, spec, [first, letter], &open)?;
    diagnostics.retain(|problem| {
        problem.lang == Some(Languages::one(&letter.tag)) && problem.code != Code::StaleTranslation
    });
    terminal.report(&project, &diagnostics);
    if terminal.quiet { Ok(DONE) } else { print(&paths) }
}

/// Whether a problem is a difference between the languages, over which a translation is not reviewed.
fn is_difference(code: Code) -> bool {
    matches!(
        code,
        Code::ParityStructure
            | Code::ParityLinks
            | Code::ParityNumbers
            | Code::ParityNames
            | Code::ParityPlaceholders
            | Code::WrongLanguage
            | Code::Untranslated
    )
}

/// The letter as it is written, in all its languages, and its problems.
fn check(project: &Project) -> (Option<Loaded>, Vec<Letter>, Vec<Diagnostic>) {
    let problems = Problems::default();
    let fonts = Arc::new(Fonts::default());
    let written = project.read(&problems);
    let letters = written.as_ref().map(|w| project.check_written(w, &fonts, |_| true, &problems));
    (written, letters.unwrap_or_default(), problems.judged(&Lint::default()))
}

/// Records the review of a translation, the second of these, and returns the paths of the files.
fn record(
    terminal: Terminal,
    arguments: &ReviewArguments,
    project: &Project,
    spec: &Spec,
    [original, letter]: [&Letter; 2],
    open: &[&str],
) -> Result<String, Stop> {
    let key = translation_key(spec, &letter.tag);
    let source = project.files.texts();
    let (first, second) = (Variant::of(original, &source), Variant::of(letter, &source));
    let targets = Targets::new(&spec.links, spec.languages.iter().map(|(tag, _)| tag));
    let found = counterparts(&first, &second, &targets);
    let review = Review::of(&first, &second, found.as_ref());
    let day = arguments.date.map_or_else(day::today, review::day);
    let path = project.files.path(project.file);
    let path = path.or_else(|| arguments.letter.clone()).unwrap_or_default();
    let old = project.source();
    let text = review.record(&old, &key, (&arguments.by, &day), open).map_err(Stop::Usage)?;
    let text = output::with_line_ends_of(&old, text);
    let texts = review::texts_path(&path, &key);
    // The texts first: without them the fingerprints are less informative, but not wrong.
    let reporter = terminal.reporter(MessageFormat::Human);
    let mut written = String::new();
    for (path, data) in [(&texts, review.texts_file(&key)), (&path, text)] {
        output::write(path, data.as_bytes()).map_err(|error| Stop::unwritable(path, &error))?;
        written.push_str(&format!("{}\n", printable(&reporter.relative(path))));
    }
    Ok(written)
}

/// The tag that the translation is recorded under: that of its body, which may serve several
/// countries.
fn translation_key(spec: &Spec, tag: &Tag) -> String {
    let body = match &spec.body {
        Localized::Each(variants, _) => variants.iter().find(|v| tag.is_in(&v.tag)),
        Localized::Same(_) | Localized::In(..) | Localized::Unknown => None,
    };
    let known = spec.translation(tag).map(|translation| &translation.tag);
    known.or(body.map(|v| &v.tag)).unwrap_or(tag).to_string()
}
