//! Checks and typesets many letters at once, each in all its languages.

use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use unicode_normalization::UnicodeNormalization;

use crate::engine::jobs::{self, Job};
use crate::engine::memory::Memory;
use crate::engine::options::{Options, draft_suffix};
use crate::engine::set::Typesetter;
use crate::engine::workers::{self, Failure};
use crate::fonts::Fonts;
use crate::formats;
use crate::formats::eml::Draft;
use crate::formats::format::{Document, Format};
use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::problems::{Code, Diagnostic, Problems};
use crate::project::Project;
use crate::render::{Rendered, page_pictures};
use crate::source::line_starts::{LineStarts, Position};
use crate::source::{Place, paths};
use crate::words::say;

/// The result of one letter.
pub struct Outcome {
    /// The letter.
    pub project: Project,
    /// Its problems, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// What was typeset of each of its languages.
    pub typeset: Vec<Typeset>,
    /// Its documents. Empty if the letter has an error.
    pub documents: Vec<Document>,
}

/// A place as people are shown it: "letters/water/letter.toml:12:5".
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Located {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one, in characters.
    pub column: usize,
}

impl Display for Located {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", paths::shown(&self.path), self.line, self.column)
    }
}

/// What was typeset of one language of a letter, or of its edition.
#[derive(Debug)]
pub struct Typeset {
    /// The language, or those of an edition, such as "en+es-MX".
    pub languages: Languages,
    /// The number of signatories.
    pub signatories: usize,
    /// The number of pages, if it could be typeset.
    pub pages: Option<usize>,
}

impl Outcome {
    /// Where in a file of the letter a place is. The file is read again.
    pub fn locate(&self, place: &Place) -> Located {
        let files = &self.project.files;
        let text = files.text_to_show(place.file);
        let Position { line, column } = LineStarts::of(&text).position(&text, place.range.start);
        let path = files.path(place.file);
        let path = path.unwrap_or_else(|| place.file.vpath().get_without_slash().into());
        Located { path, line, column }
    }

    /// Frees the memory of the documents. Their names stay.
    pub(crate) fn forget_documents(&mut self) {
        self.documents.iter_mut().for_each(|document| document.data = Vec::new());
    }

    /// Whether the letter cannot be delivered.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Typesets letters. A letter with an error does not stop the others, and all problems of each are
/// reported.
///
/// `progress` is called from time to time with the number of documents that are done, and of all;
/// `deliver` with each letter when it is done, and its index. What it takes of the documents is not
/// kept in memory until all letters are.
pub(crate) fn typeset(
    projects: Vec<Project>,
    fonts: &Arc<Fonts>,
    options: &Arc<Options>,
    progress: impl FnMut(usize, usize),
    mut deliver: impl FnMut(usize, &mut Outcome),
) -> Vec<Outcome> {
    let has_pages = options.formats.iter().any(|format| format.has_pages());
    let first = projects.first().filter(|_| has_pages);
    let ready = first.and_then(|project| jobs::prepare(&project.files, fonts, options));
    let (letters, problems): (Vec<_>, Vec<_>) =
        read_all(&projects, fonts, options).into_iter().unzip();
    // One task is one language of one letter, or its edition, so that the two languages of a single
    // letter are typeset in parallel.
    let (mut tasks, mut slots) = (Vec::new(), Vec::new());
    let mut names = Names::default();
    let mut left = vec![0_usize; projects.len()];
    for (index, letters) in letters.into_iter().enumerate() {
        let jobs = jobs::jobs(letters, options);
        if !problems[index].has_errors() {
            names.take(&projects[index], &jobs, options, &problems[index]);
        }
        left[index] = jobs.len();
        for job in jobs {
            slots.push(Slot {
                letter: index,
                place: job.place(),
                languages: job.languages(),
                signatories: job.original().counts.signatories,
            });
            let (project, problems) = (projects[index].clone(), problems[index].clone());
            tasks.push(Task { project, job, problems });
        }
    }

    let outcome = |project| Outcome {
        project,
        diagnostics: Vec::new(),
        typeset: Vec::new(),
        documents: Vec::new(),
    };
    let mut outcomes: Vec<Outcome> = projects.into_iter().map(outcome).collect();
    let mut done = |letter: usize, outcome: &mut Outcome, mut sets: Vec<(usize, Set)>| {
        sets.sort_by_key(|(slot, _)| *slot);
        for (slot, (pages, documents)) in sets {
            let Slot { languages, signatories, .. } = &slots[slot];
            let (languages, signatories) = (languages.clone(), *signatories);
            outcome.typeset.push(Typeset { languages, signatories, pages });
            outcome.documents.extend(documents);
        }
        outcome.diagnostics = jobs::judged(&problems[letter], options);
        if outcome.has_errors() {
            outcome.documents.clear();
        }
        deliver(letter, outcome);
    };
    for (letter, outcome) in
        outcomes.iter_mut().enumerate().filter(|(letter, _)| left[*letter] == 0)
    {
        done(letter, outcome, Vec::new());
    }
    if !tasks.is_empty() {
        // To wait for it takes no longer than to do the same again. A letter with a template and fonts of its
        // own may wait for what it does not need, at most for the milliseconds that the usual template takes.
        let _ready = ready.map(JoinHandle::join);
    }
    let mut sets: Vec<Vec<(usize, Set)>> = left.iter().map(|_| Vec::new()).collect();
    set_all(tasks, options, progress, |slot, result| {
        let Slot { letter, place, .. } = &slots[slot];
        let set = result.unwrap_or_else(|failure| {
            problems[*letter].push(failure.problem(options.limits, place.clone()));
            (None, Vec::new())
        });
        sets[*letter].push((slot, set));
        if sets[*letter].len() == left[*letter] {
            done(*letter, &mut outcomes[*letter], std::mem::take(&mut sets[*letter]));
        }
    });
    outcomes
}

/// The names of the documents of all letters: two letters whose folders have the same name would
/// overwrite each other.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    /// Takes the names of a letter's documents. It is an error if another letter has one of them.
    fn take(&mut self, project: &Project, jobs: &[Job], options: &Options, problems: &Problems) {
        let names = jobs.iter().map(|job| stem(project, &job.languages(), "", options));
        let names: Vec<String> = names.collect();
        match names.iter().find(|name| self.0.contains(&folded(name))) {
            Some(name) => {
                let extension = options.formats.first().map_or("", |format| format.extension());
                let name = format!("{name}.{extension}");
                let message = say!("another letter is also called {name}", name);
                let place = Place::start_of(project.file);
                problems.push(Diagnostic::new(Code::Write, place, message).hint(say!(
                    "rename the folder of one of them, or build each with a different -o"
                )));
            }
            None => self.0.extend(names.iter().map(|name| folded(name))),
        }
    }
}

/// A name as the systems compare it that tell the fewest apart: some ignore letter case, some how an
/// accent is written, and a repository is checked out on several.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}

/// A document to typeset, with its inputs.
struct Task {
    project: Project,
    job: Job,
    problems: Arc<Problems>,
}

/// The details of a document that are needed after it is typeset: the letter itself is freed by then.
struct Slot {
    /// The index of the letter.
    letter: usize,
    /// Where a missing result is reported.
    place: Place,
    languages: Languages,
    signatories: usize,
}

/// The number of pages of a document, if they could be set, and what was made of it.
type Set = (Option<usize>, Vec<Document>);

/// Reads and checks all letters, each with its problems.
fn read_all(
    projects: &[Project],
    fonts: &Arc<Fonts>,
    options: &Arc<Options>,
) -> Vec<(Vec<Letter>, Arc<Problems>)> {
    let work = {
        let (fonts, options) = (fonts.clone(), options.clone());
        move |project: Project| {
            let problems = Problems::default();
            (jobs::read(&project, &fonts, &options, &problems), problems)
        }
    };
    let name = |project: &Project| format!("read {}", project.identity());
    let (jobs, limits) = (options.jobs, options.limits);
    let read = workers::map(projects.to_vec(), jobs, limits, name, |_, _| {}, work).into_iter();
    let or_failed = |(result, project): (Result<_, Failure>, &Project)| {
        let (letters, problems) = result.unwrap_or_else(|failure| {
            let problems = Problems::default();
            problems.push(failure.problem(options.limits, Place::start_of(project.file)));
            (Vec::new(), problems)
        });
        (letters, Arc::new(problems))
    };
    read.zip(projects).map(or_failed).collect()
}

/// Typesets all documents on threads.
fn set_all(
    tasks: Vec<Task>,
    options: &Arc<Options>,
    progress: impl FnMut(usize, usize),
    arrived: impl FnMut(usize, Result<Set, Failure>),
) {
    let options = options.clone();
    let (jobs, limits) = (options.jobs, options.limits);
    let memory = Memory::of_batch();
    let work = move |Task { project, job, problems }: Task| {
        memory.count_document();
        match job.manuscript(&problems) {
            Some(manuscript) => set_one(&project, &manuscript, &options, &problems),
            None => (None, Vec::new()),
        }
    };
    let name = |task: &Task| format!("set {} {}", task.project.identity(), task.job.languages());
    workers::each(tasks, jobs, limits, name, progress, work, arrived);
}

/// The number of pages of a document, if they could be typeset, and its files.
fn set_one(
    project: &Project,
    manuscript: &Manuscript<'_>,
    options: &Options,
    problems: &Problems,
) -> Set {
    let formats = &options.formats;
    // An edition exists only on pages: the other formats contain one language.
    let mut documents = match manuscript.letters() {
        [letter] => {
            let name = stem(project, &manuscript.languages(), "", options);
            formats::documents(letter, &name, formats, &project.files, problems)
        }
        _ => Vec::new(),
    };
    if !formats.iter().any(|format| format.has_pages()) {
        return (None, documents);
    }
    let typesetter = Typesetter { files: &project.files, options };
    let rendered = match typesetter.allows(manuscript, problems) {
        true => typesetter.pages(manuscript, problems),
        false => None,
    };
    let Some(rendered) = rendered else { return (None, Vec::new()) };
    documents.extend(with_pages(project, manuscript, typesetter, &rendered, problems));
    (Some(rendered.document.pages().len()), documents)
}

/// The files made from the pages of a document.
fn with_pages(
    project: &Project,
    manuscript: &Manuscript<'_>,
    typesetter: Typesetter<'_>,
    rendered: &Rendered,
    problems: &Problems,
) -> Vec<Document> {
    let options = typesetter.options;
    let window = if manuscript.original().page.show_window { ".window" } else { "" };
    let stem = stem(project, &manuscript.languages(), window, options);
    let (pages, place) = (options.pages.as_ref(), Place::start_of(project.file));
    let (mut documents, mut before_pdf) = (Vec::new(), None);
    let pdf = match options.formats.iter().any(|format| format.has_pdf()) {
        true => typesetter.pdf(rendered, manuscript, problems),
        false => None,
    };
    for format in &options.formats {
        match format {
            Format::Pdf => before_pdf = Some(documents.len()),
            Format::Eml => {
                // An edition exists only on pages.
                if let ([letter], Some(pdf)) = (manuscript.letters(), &pdf) {
                    let draft =
                        Draft { letter, stem: &stem, pdf: &pdf.data, is_draft: options.draft };
                    documents.extend(draft.document(&project.files, problems));
                }
            }
            Format::Png => {
                let ppi = options.ppi;
                documents.extend(page_pictures::png(rendered, &stem, pages, ppi, &place, problems));
            }
            Format::Svg => documents.extend(page_pictures::svg(rendered, &stem, pages)),
            Format::Txt | Format::Md | Format::Html | Format::Docx => {}
        }
    }
    // Nobody else needs it any more, so it is not copied.
    if let (Some(at), Some(pdf)) = (before_pdf, pdf) {
        documents.insert(at, Document { name: format!("{stem}.pdf"), data: pdf.data });
    }
    documents
}

/// The name of a document's files, without the extension: "water.en", "water.en.window.draft".
fn stem(project: &Project, languages: &Languages, window: &str, options: &Options) -> String {
    let draft = draft_suffix(options.draft);
    format!("{}.{languages}{window}{draft}", project.name)
}
