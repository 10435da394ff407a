//! From the options of a command to typeset letters: opens them, typesets them, and drops problems
//! that would be reported twice.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::command::options::LetterArguments;
use crate::command::terminal::Terminal;
use crate::command::{Stop, discover};
use crate::engine::batch::{self, Outcome};
use crate::engine::options::Options;
use crate::files::{MAX_FILE_BYTES, REPOSITORY_FILE};
use crate::fonts::{FontOptions, Fonts};
use crate::language::languages::Languages;
use crate::project::Project;
use crate::source::paths;
use crate::words::say;

/// Typesets the letters that the arguments name. `deliver` is called with each letter when it is done,
/// and its index: it may take the documents, so that they do not fill the memory.
pub(super) fn typeset(
    terminal: Terminal,
    letters: &LetterArguments,
    fonts: &FontOptions,
    options: &Arc<Options>,
    deliver: impl FnMut(usize, &mut Outcome),
) -> Result<Vec<Outcome>, Stop> {
    let fonts = Arc::new(Fonts::new(fonts));
    let projects = open(letters)?;
    let mut progress = terminal.progress();
    let show = |done, all| progress.show(done, all);
    let mut outcomes = batch::typeset(projects, &fonts, options, show, deliver);
    progress.clear();
    let wrong = outcomes.iter().any(Outcome::has_errors);
    let is_picture = |name: &str| name.ends_with(".png") || name.ends_with(".svg");
    let mut documents = outcomes.iter().flat_map(|outcome| &outcome.documents);
    if options.pages.is_some() && !wrong && !documents.any(|d| is_picture(&d.name)) {
        return Err(Stop::Usage(say!(
            "none of these letters has the pages of --pages in a requested language"
        )));
    }
    tell_once(&mut outcomes);
    let is_absent = |outcome: &Outcome| outcome.documents.is_empty() && !outcome.has_errors();
    if !options.languages.is_empty() && outcomes.iter().all(is_absent) {
        return Err(no_such_language(&options.languages));
    }
    Ok(outcomes)
}

/// What is on standard input, up to the maximum size of a file and one byte more. It is read once, by
/// the process that supervises all others: a second one would find nothing.
pub(super) fn standard_input() -> io::Result<&'static [u8]> {
    static READ: OnceLock<Vec<u8>> = OnceLock::new();
    if READ.get().is_none() {
        let mut data = Vec::new();
        io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut data)?;
        let _first = READ.set(data);
    }
    Ok(READ.get().map(Vec::as_slice).unwrap_or_default())
}

/// Opens the letters that the arguments name, each once.
pub(super) fn open(arguments: &LetterArguments) -> Result<Vec<Project>, Stop> {
    let root = arguments.root()?;
    let here = [PathBuf::from(".")];
    let given = if arguments.letters.is_empty() { &here[..] } else { &arguments.letters };
    let mut projects = Vec::new();
    let mut seen = HashSet::new();
    for argument in given {
        let shown = paths::shown(argument);
        let unreadable = |error| Stop::unreadable(argument, &error);
        if argument == Path::new("-") {
            let data = standard_input().map_err(unreadable)?;
            projects.push(
                Project::from_bytes(data.to_vec(), Path::new("."), root).map_err(unreadable)?,
            );
            continue;
        }
        let found = discover::letters(argument).map_err(unreadable)?;
        for (path, reason) in found.unreadable {
            projects.push(Project::unreadable(&path, &reason).map_err(unreadable)?);
        }
        if found.letters.is_empty() && projects.is_empty() {
            return Err(Stop::Usage(say!(
                "there is no letter.toml in {shown}; `undersigned new NAME` starts a letter",
                shown
            )));
        }
        for path in found.letters {
            let project = Project::open(&path, root).map_err(unreadable)?;
            if seen.insert(project.files.path(project.file)) {
                projects.push(project);
            }
        }
    }
    Ok(projects)
}

/// The path of the one letter that an argument means.
pub(super) fn one_letter(argument: &Path) -> Result<PathBuf, Stop> {
    let shown = paths::shown(argument);
    let found = discover::letters(argument).map_err(|error| Stop::unreadable(argument, &error))?;
    if let Some((path, reason)) = found.unreadable.first() {
        return Err(Stop::Usage(reason.message(&paths::shown(path))));
    }
    match <[PathBuf; 1]>::try_from(found.letters) {
        Ok([letter]) => Ok(letter),
        Err(letters) => {
            let count = letters.len();
            Err(Stop::Usage(say!(
                "this command takes one letter, but there are {count} in {shown}",
                count,
                shown
            )))
        }
    }
}

/// The message if no letter is in the languages of `--lang`.
pub(super) fn no_such_language(languages: &[Languages]) -> Stop {
    let tags: Vec<String> = languages.iter().map(ToString::to_string).collect();
    let tags = tags.join(", ");
    Stop::Usage(say!("none of these letters is in the language {tags}", tags))
}

/// Refuses an edition alone in a format that has one language: it would write nothing.
pub(super) fn refuse_editions_without_pages(options: &Options) -> Result<(), Stop> {
    let is_edition = |languages: &Languages| languages.0.len() > 1;
    let Some(edition) = options.languages.first() else { return Ok(()) };
    match options.formats.iter().find(|format| !format.holds_editions()) {
        Some(format) if options.languages.iter().all(is_edition) => {
            let each = edition.0.iter().map(|tag| format!("--lang {tag}"));
            Err(Stop::Usage(say!(
                "the edition {edition} exists only on pages, and {format} has a document for each language: {each}",
                edition,
                format = format.extension(),
                each = each.collect::<Vec<_>>().join(" ")
            )))
        }
        _ => Ok(()),
    }
}

/// An error in the file of a repository is found by each of its letters, and reported only with the
/// first. The other letters are not written either.
fn tell_once(outcomes: &mut [Outcome]) {
    let mut reported = HashSet::new();
    for outcome in outcomes {
        let files = &outcome.project.files;
        outcome.diagnostics.retain(|diagnostic| {
            diagnostic.place.file.vpath().file_name() != Some(REPOSITORY_FILE)
                || reported.insert((files.root().to_path_buf(), diagnostic.clone()))
        });
    }
}
