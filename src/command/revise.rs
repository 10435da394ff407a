//! `revise`: takes over what was changed in a document that was made of a letter.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::command::new::document;
use crate::command::options::{LimitArguments, tags};
use crate::command::terminal::{Terminal, only_errors, print, write_error};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::documents::revision::{Change, Original, Revision, Sides, Untaken, edited, revision};
use crate::documents::{LeftOut, Source};
use crate::engine::{output, workers};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::problems::lint::Lint;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::report::MessageFormat;
use crate::report::streams::{self, printable};
use crate::source::Place;
use crate::words::{Message, UiLanguage, count, say};

/// Options of `revise`.
#[derive(Debug, Args)]
pub(super) struct ReviseArguments {
    /// The letter: a file, or a folder that contains a letter.toml; by default, the current folder
    #[arg(value_name = "LETTER")]
    letter: Option<PathBuf>,

    /// The language of the document
    #[arg(long, value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    lang: Tag,

    /// The document that came back: Word, LibreOffice, HTML, Markdown or plain text, - for standard
    /// input
    #[arg(long, value_name = "FILE")]
    from: PathBuf,

    /// Take over the changes without asking
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    limits: LimitArguments,
}

/// What was found, before it is written.
enum Found {
    /// The letter has errors.
    Wrong(Vec<Diagnostic>),
    /// The document cannot be compared.
    Refused(Message),
    /// What was changed, with the lines of the changes and the files as they become.
    Revised(Revision, Vec<(String, Change)>, Vec<Revised>),
}

/// A file of the letter.
struct Revised {
    path: PathBuf,
    /// Its text when it was compared.
    before: String,
    after: String,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &ReviseArguments) -> Result<u8, Stop> {
    let document = document(&arguments.from, None)?;
    let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
    let path = typeset::one_letter(argument)?;
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let reporter = terminal.reporter(MessageFormat::Human);
    let find = {
        let (project, lang) = (project.clone(), arguments.lang.clone());
        move || find(&project, &lang, &document)
    };
    let place = Place::start_of(project.file);
    let found = workers::one(arguments.limits.limits(), "compare the document", place, find);
    let (revision, changes, files) = match found.unwrap_or_else(Found::Wrong) {
        Found::Wrong(problems) => {
            terminal.report(&project, &only_errors(problems));
            return Ok(FAILED);
        }
        Found::Refused(reason) => return Err(Stop::Usage(reason)),
        Found::Revised(revision, changes, files) => (revision, changes, files),
    };
    let mut shown = String::new();
    for (line, change) in &changes {
        let file = project.files.path(change.place.file);
        let file = file.map(|path| reporter.relative(&path)).unwrap_or_default();
        shown.push_str(&format!("{}:{line}\n", printable(&file)));
        for text in change.shown.lines() {
            shown.push_str(&format!("  {}\n", printable(text)));
        }
    }
    print(&shown)?;
    if revision.is_own {
        terminal.say(&say!(
            "this document was not made of the letter: its parts are compared with those of the letter"
        ));
    }
    if revision.is_older {
        terminal.say(&say!(
            "the letter was changed since this document was made: what is newer in the letter stays"
        ));
    }
    if !revision.untaken.is_empty() {
        let message = say!("this is not taken over; change it yourself if you agree:");
        let place_of = |untaken: &Untaken| {
            let Some(place) = &untaken.place else { return String::new() };
            let file = project.files.path(place.file);
            let file = file.map(|path| reporter.relative(&path)).unwrap_or_default();
            format!("{file}:{}: ", line_of(&project, place))
        };
        let lines = revision.untaken.iter().flat_map(|untaken| {
            let LeftOut { what, text } = &untaken.left;
            let what = format!("{}{}", place_of(untaken), what.get(terminal.language));
            match &untaken.sides {
                Some(sides) => [vec![what], in_lines(sides, terminal.language)].concat(),
                None => vec![format!("{what}: {text}")],
            }
        });
        terminal.say_list(&message, &lines.collect::<Vec<_>>());
    }
    if !revision.beside.is_empty() {
        let message = say!("the document also has this, which is in no letter:");
        terminal.say_left_out(&message, &revision.beside);
    }
    if files.is_empty() {
        if !terminal.quiet {
            terminal.say(&match revision.untaken.is_empty() {
                true => say!("nothing in the letter changes"),
                false => say!("nothing else changes: what is listed is to be changed by hand"),
            });
        }
        return Ok(DONE);
    }
    if !arguments.yes && !agreed(terminal, changes.len())? {
        return Ok(FAILED);
    }
    if let Some(path) = changed_meanwhile(&files) {
        let name = reporter.relative(path);
        terminal.say(&say!(
            "`{name}` was changed in the meantime, so nothing was written: run this again",
            name
        ));
        return Ok(FAILED);
    }
    for Revised { path, after, .. } in &files {
        output::write(path, after.as_bytes()).map_err(|error| Stop::unwritable(path, &error))?;
    }
    if !terminal.quiet {
        let count = changes.len();
        terminal.say(&count!(
            count,
            one = "1 change was taken over",
            other = "{count} changes were taken over"
        ));
    }
    Ok(DONE)
}

/// Compares a document with the letter in a language.
fn find(project: &Project, lang: &Tag, document: &Source) -> Found {
    let problems = Problems::default();
    let fonts = Arc::new(Fonts::default());
    let written = project.read(&problems);
    let letters = written.as_ref().map(|w| project.check_written(w, &fonts, |_| true, &problems));
    let letters = letters.unwrap_or_default();
    let found = problems.judged(&Lint::default());
    if found.iter().any(|problem| problem.code.severity().is_error()) {
        return Found::Wrong(found);
    }
    let Some(written) = &written else { return Found::Wrong(found) };
    // A letter in `de` and `de-AT` has a document in `de` too.
    let is_named = letters.iter().any(|letter| letter.tag == *lang);
    let (own, others): (Vec<_>, Vec<_>) = letters.iter().partition(|letter| match is_named {
        true => letter.tag == *lang,
        false => letter.tag.is_in(lang),
    });
    let [letter] = own[..] else {
        return Found::Refused(match own.is_empty() {
            true => say!("this letter is not in {lang}", lang),
            false => say!("this letter is in several variants of {lang}: say which", lang),
        });
    };
    let original = Original { written, letter, others, files: &project.files };
    let revision = match revision(document, &original) {
        Ok(revision) => revision,
        Err(reason) => return Found::Refused(reason),
    };
    let mut files = Vec::new();
    let mut sources = BTreeMap::new();
    for edit in &revision.edits {
        let Some(path) = project.files.path(edit.file) else { continue };
        let source = match edit.file == project.file {
            true => project.source(),
            false => project.files.text(edit.file).unwrap_or_default(),
        };
        sources.entry(path).or_insert_with(|| (edit.file, source));
    }
    for (path, (file, source)) in sources {
        let edits: Vec<_> = revision.edits.iter().filter(|edit| edit.file == file).collect();
        match edited(&source, &edits) {
            Some(text) => {
                let after = output::with_line_ends_of(&source, text);
                files.push(Revised { path, before: source, after });
            }
            None => return Found::Refused(say!("the changes overlap, so none is taken over")),
        }
    }
    let lines = (revision.changes.iter())
        .map(|change| (line_of(project, &change.place).to_string(), change.clone()));
    let changes = lines.collect();
    Found::Revised(revision, changes, files)
}

/// What was changed in the letter and in the document, line by line.
fn in_lines(sides: &Sides, language: UiLanguage) -> Vec<String> {
    let Sides { was, letter, document } = sides;
    let or_gone = |text: &String| match text.is_empty() {
        true => say!("(nothing)"),
        false => Message::verbatim(text.clone()),
    };
    let was = was.as_ref().map(|was| say!("before: {text}", text = was));
    let now = [
        say!("in the letter: {text}", text = or_gone(letter)),
        say!("in the document: {text}", text = or_gone(document)),
    ];
    was.into_iter().chain(now).map(|line| format!("  {}", line.get(language))).collect()
}

/// The line of a place.
fn line_of(project: &Project, place: &Place) -> usize {
    let source = project.files.text_to_show(place.file);
    let before = source.get(..place.range.start).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// The first file that is no longer what it was when it was compared, as while the question waited.
fn changed_meanwhile(files: &[Revised]) -> Option<&Path> {
    let is_same = |file: &&Revised| {
        let now = std::fs::read(&file.path).unwrap_or_default();
        let mark = "\u{FEFF}".as_bytes();
        let without_mark = |text: &[u8]| text.strip_prefix(mark).unwrap_or(text).to_vec();
        without_mark(&now) == without_mark(file.before.as_bytes())
    };
    files.iter().find(|file| !is_same(file)).map(|file| file.path.as_path())
}

/// Asks whether to take over some changes. Without a terminal there is nobody to ask.
fn agreed(terminal: Terminal, count: usize) -> Result<bool, Stop> {
    if !(io::stdin().is_terminal() && streams::is_stderr_terminal()) {
        terminal.say(&count!(
            count,
            one = "nothing was written; to take over this change, add --yes",
            other = "nothing was written; to take over these {count} changes, add --yes"
        ));
        return Ok(false);
    }
    let question = count!(
        count,
        one = "take over this change? y for yes, n for no",
        other = "take over these {count} changes? y for yes, n for no"
    );
    write_error(&format!("undersigned: {} ", question.get(terminal.language)));
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Stop::unreadable(Path::new("-"), &error))?;
    let answer = answer.trim().to_lowercase();
    let yes = ["y", "yes", "s", "sí", "si"].contains(&answer.as_str());
    if !yes {
        terminal.say(&say!("nothing was written"));
    }
    Ok(yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_saved_meanwhile_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("letter.toml");
        std::fs::write(&path, "\u{FEFF}title = \"Water\"\r\n").expect("a file");
        let before = "title = \"Water\"\r\n".to_owned();
        let files = [Revised { path: path.clone(), before, after: String::new() }];
        assert_eq!(changed_meanwhile(&files), None);
        std::fs::write(&path, "title = \"Rain\"\r\n").expect("a file");
        assert_eq!(changed_meanwhile(&files), Some(path.as_path()));
        std::fs::remove_file(&path).expect("no file");
        assert_eq!(changed_meanwhile(&files), Some(path.as_path()));
    }
}
