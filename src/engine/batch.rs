//! Checks and typesets many letters at once, each in all its languages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use typst::syntax::FileId;
use typst_pdf::PdfStandard;

use crate::engine::workers::{self, Failure, Limits};
use crate::fonts::Fonts;
use crate::formats as content_formats;
use crate::formats::format::Document;
use crate::formats::format::Format;
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::language::languages::Languages;
use crate::letter::manuscript::Manuscript;
use crate::letter::{Letter, enclosures};
use crate::problems::lint::Lint;
use crate::problems::{Code, Diagnostic, Problems, Severity};
use crate::project::Project;
use crate::render::draft::Mark;
use crate::render::page_ranges::PageRanges;
use crate::render::{page_pictures, render};
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::words::message::say;

/// How letters are typeset.
pub struct Options {
    /// The languages, or all of them if there are none.
    pub languages: Vec<Languages>,
    /// The standards of the PDF, instead of those of the letter.
    pub standards: Option<Vec<PdfStandard>>,
    /// What is made of each letter.
    pub formats: Vec<Format>,
    /// Whether the window of the envelope is drawn on the page.
    pub show_window: bool,
    /// The pages of which there are pictures, or all of them.
    pub pages: Option<PageRanges>,
    /// The resolution of pictures, in pixels per inch.
    pub ppi: u16,
    /// Whether the pages are marked as a draft.
    pub draft: bool,
    /// When the PDF says it was made, instead of the letter's date.
    pub time: Option<CreationTime>,
    /// Which warnings are allowed and denied, whatever the letters and their repository say.
    pub lint: Lint,
    /// How many letters are set at once.
    pub jobs: usize,
    /// How much each may take.
    pub limits: Limits,
}

/// What became of one letter.
pub struct Outcome {
    /// The letter.
    pub project: Project,
    /// What is wrong with it, in the order of the places.
    pub diagnostics: Vec<Diagnostic>,
    /// What was set of each of its languages.
    pub typeset: Vec<Typeset>,
    /// Its documents, or none at all if it has an error.
    pub documents: Vec<Document>,
}

/// What was set of one language of a letter.
#[derive(Debug)]
pub struct Typeset {
    /// The language, or those of an edition, such as "en+es-MX".
    pub languages: Languages,
    /// How many sign.
    pub signatories: usize,
    /// The number of pages, if it could be set.
    pub pages: Option<usize>,
}

impl Options {
    /// Whether something is wanted: all is, unless languages are named.
    pub fn wants(&self, named: impl Fn(&Languages) -> bool) -> bool {
        self.languages.is_empty() || self.languages.iter().any(named)
    }
}

impl Outcome {
    /// Whether the letter cannot be delivered.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// How many documents are set before what Typst remembers is dropped, but for what the last of them
/// needed. It remembers all it ever set, some 7 MB for a document of three pages, which would fill the
/// memory in a large repository; and fresh memory takes time.
const FORGET_EVERY: usize = 16;

/// Typesets letters. All of them are tried, and all that is wrong with each is told.
///
/// `progress` is told now and then how many documents are done, and of how many.
pub fn typeset(
    projects: Vec<Project>,
    fonts: &Arc<Fonts>,
    options: &Arc<Options>,
    progress: impl FnMut(usize, usize),
) -> Vec<Outcome> {
    let checked = {
        let (fonts, options) = (fonts.clone(), options.clone());
        workers::map(
            projects.clone(),
            options.jobs,
            options.limits,
            |_, _| {},
            move |project| {
                let wanted = |tag: &Tag| options.wants(|languages| languages.need(tag));
                let problems = Problems::default();
                let mut letters = project.check(&fonts, wanted, &problems);
                for letter in &mut letters {
                    show_window(letter, project.file, &options, &problems);
                }
                (letters, problems)
            },
        )
    };

    // One piece of work is one language of one letter, or its edition, so that the two languages of a
    // single letter are set at the same time.
    let mut all_problems = Vec::new();
    let mut work = Vec::new();
    let mut owners = Vec::new();
    for (index, (project, result)) in projects.iter().zip(checked).enumerate() {
        let (letters, problems) = result.unwrap_or_else(|failure| {
            let problems = Problems::default();
            problems.push(failed(failure, options, Place::start_of(project.file)));
            (Vec::new(), problems)
        });
        let problems = Arc::new(problems);
        for (letters, layout) in works(letters, options) {
            let languages = Languages(letters.iter().map(|letter| letter.tag.clone()).collect());
            let signatories = letters[0].counts.signatories;
            let typeset = Typeset { languages, signatories, pages: None };
            owners.push((index, letters[0].template_place.clone(), typeset));
            work.push((project.clone(), letters, layout, problems.clone()));
        }
        all_problems.push(problems);
    }
    let (jobs, limits) = (options.jobs, options.limits);
    let documents = {
        let (fonts, options) = (fonts.clone(), options.clone());
        let begun = AtomicUsize::new(0);
        type Work = (Project, Vec<Arc<Letter>>, Layout, Arc<Problems>);
        let set = move |(project, letters, layout, problems): Work| {
            if begun.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
                typst::comemo::evict(1);
            }
            let letters = letters.iter().map(|letter| &**letter).collect();
            match Manuscript::new(letters, layout, &problems) {
                Some(manuscript) => {
                    documents_of(&project, &manuscript, &fonts, &options, &problems)
                }
                None => (None, Vec::new()),
            }
        };
        workers::map(work, jobs, limits, progress, set)
    };

    let mut per_letter: Vec<(Vec<Typeset>, Vec<Document>)> =
        projects.iter().map(|_| Default::default()).collect();
    for ((index, place, mut typeset), result) in owners.into_iter().zip(documents) {
        match result {
            Ok((pages, documents)) => {
                typeset.pages = pages;
                per_letter[index].1.extend(documents);
            }
            Err(failure) => all_problems[index].push(failed(failure, options, place)),
        }
        per_letter[index].0.push(typeset);
    }
    let outcomes = projects.into_iter().zip(all_problems).zip(per_letter);
    outcomes
        .map(|((project, problems), (typeset, documents))| {
            tell_misfits_once(&problems);
            let diagnostics = problems.judged(&options.lint);
            let mut outcome = Outcome { project, diagnostics, typeset, documents };
            if outcome.has_errors() {
                outcome.documents.clear();
            }
            outcome
        })
        .collect()
}

/// What is made of a letter's languages, each with how they are set: a document for each language, and
/// one for the edition if the letter has one and no language of it failed. None is empty.
pub(crate) fn works(letters: Vec<Letter>, options: &Options) -> Vec<(Vec<Arc<Letter>>, Layout)> {
    let letters: Vec<Arc<Letter>> = letters.into_iter().map(Arc::new).collect();
    let wanted = |letter: &&Arc<Letter>| options.wants(|of| of.means_letter(&letter.tag));
    let alone = letters.iter().filter(wanted);
    let mut works: Vec<_> =
        alone.map(|letter| (vec![letter.clone()], Layout::Consecutive)).collect();
    if let Some(edition) = letters.first().and_then(|letter| letter.edition.as_ref())
        && options.wants(|of| of.means_edition(&edition.languages))
    {
        let of = |tag: &Tag| letters.iter().find(|letter| letter.tag == *tag).cloned();
        let together: Option<Vec<_>> = edition.languages.iter().map(of).collect();
        works.extend(together.map(|letters| (letters, edition.layout)));
    }
    works
}

/// Draws the window of the envelope on a letter if that is asked for.
pub(crate) fn show_window(
    letter: &mut Letter,
    file: FileId,
    options: &Options,
    problems: &Problems,
) {
    letter.page.show_window = options.show_window;
    if options.show_window && letter.page.envelope.is_none() {
        let message = say!(
            "there is no window for --show-window to draw: this letter names no envelope",
            "no hay ventana que --show-window pueda dibujar: esta carta no nombra ningún sobre"
        );
        let problem = Diagnostic::new(Code::UnusedKey, Place::start_of(file), message);
        problems.push(problem.hint(say!(
            "name the envelope in [page], such as envelope = \"us-10\"",
            "nombre el sobre en [page], como envelope = \"us-10\""
        )));
    }
}

/// Bodies that cannot stand side by side differ in structure, which is told once.
pub(crate) fn tell_misfits_once(problems: &Problems) {
    if problems.has(Code::MisalignedEdition) {
        problems.retain(|problem| problem.code != Code::ParityStructure);
    }
}

/// The error for work that has no result. It must not take the other letters down with it.
pub(crate) fn failed(failure: Failure, options: &Options, place: Place) -> Diagnostic {
    let seconds = options.limits.time.as_secs();
    let mebibytes = options.limits.memory >> 20;
    let message = match failure {
        Failure::Panicked => say!(
            "the program failed at this letter, which is a defect of the program",
            "el programa falló con esta carta, lo que es un defecto del programa"
        ),
        Failure::Time => say!(
            "this takes longer than {seconds} seconds to typeset",
            "componer esto tarda más de {seconds} segundos"
        ),
        Failure::Memory => say!(
            "this was being typeset when the program held more than {mebibytes} MiB",
            "esto se componía cuando el programa ocupaba más de {mebibytes} MiB"
        ),
    };
    Diagnostic::new(Code::Template, place, message)
}

/// The number of pages, if they could be set, and what was made of them.
fn documents_of(
    project: &Project,
    manuscript: &Manuscript<'_>,
    fonts: &Arc<Fonts>,
    options: &Options,
    problems: &Problems,
) -> (Option<usize>, Vec<Document>) {
    let (letter, files, time) = (manuscript.original(), &project.files, options.time);
    // A draft neither overwrites nor passes for what is delivered.
    let draft = if options.draft { ".draft" } else { "" };
    let name = format!("{}.{}{draft}", project.name, manuscript.languages());
    let formats = &options.formats;
    // The languages of an edition stand together on pages alone.
    let mut documents = match manuscript.letters() {
        [letter] => content_formats::documents(letter, &name, formats, files, problems),
        _ => Vec::new(),
    };
    if !formats.iter().any(|format| format.has_pages()) {
        return (None, documents);
    }
    let standards = options.standards.as_deref().unwrap_or(&letter.standards);
    if !enclosures::allowed(manuscript, standards, problems) {
        return (None, Vec::new());
    }
    let rendered = render(manuscript, files, fonts, problems).and_then(|rendered| {
        if !options.draft {
            return Some(rendered);
        }
        let mark = Mark::of(manuscript.letters(), time.map(CreationTime::date));
        rendered.as_draft(&mark, letter, files, fonts, problems)
    });
    let Some(rendered) = rendered else { return (None, Vec::new()) };
    let time = time.unwrap_or_else(|| CreationTime::of_day(letter.date));
    let proof = if letter.page.show_window { ".window" } else { "" };
    let stem = format!("{}.{}{proof}{draft}", project.name, manuscript.languages());
    let (pages, place) = (options.pages.as_ref(), Place::start_of(project.file));
    for format in formats {
        match format {
            Format::Pdf => {
                if let Some(data) = rendered.pdf(manuscript, standards, time, problems) {
                    documents.push(Document { name: format!("{stem}.pdf"), data });
                }
            }
            Format::Png => {
                let ppi = options.ppi;
                let pages = page_pictures::png(&rendered, &stem, pages, ppi, &place, problems);
                documents.extend(pages);
            }
            Format::Svg => documents.extend(page_pictures::svg(&rendered, &stem, pages)),
            Format::Txt | Format::Md | Format::Html => {}
        }
    }
    (Some(rendered.document.pages().len()), documents)
}
