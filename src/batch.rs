//! Checks and typesets many letters at once, each in all its languages.

use std::sync::Arc;

use typst_pdf::PdfStandard;

use crate::args::Format;
use crate::diagnostics::{Code, Diagnostic, Place, Problems, Severity};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::lint::Lint;
use crate::message::say;
use crate::project::Project;
use crate::render::{CreationTime, Rendered, render};
use crate::workers::{self, Failure, Limits};

/// How letters are typeset.
pub struct Options {
    /// The languages, or all of them if there are none.
    pub languages: Vec<Tag>,
    /// The standards of the PDF, instead of those of the letter.
    pub standards: Option<Vec<PdfStandard>>,
    /// What is made of each letter.
    pub formats: Vec<Format>,
    /// The resolution of pictures, in pixels per inch.
    pub ppi: u16,
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
    /// The language.
    pub tag: Tag,
    /// How many sign.
    pub signatories: usize,
    /// The number of pages, if it could be set.
    pub pages: Option<usize>,
}

/// A file that was made of a letter.
pub struct Document {
    /// The file's name, such as "remain-in-mexico-2021.en.pdf".
    pub name: String,
    /// What is in it.
    pub data: Vec<u8>,
}

impl Outcome {
    /// Whether the letter cannot be delivered.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// How many documents are set before what Typst remembers of them is dropped. It remembers all it ever
/// set, some 7 MB for a document of three pages, which would fill the memory in a large repository.
const AT_ONCE: usize = 64;

/// Typesets letters. All of them are tried, and all that is wrong with each is told.
///
/// `progress` is told now and then how many documents are done, and of how many.
pub fn typeset(
    projects: Vec<Project>,
    fonts: &Arc<Fonts>,
    options: &Arc<Options>,
    mut progress: impl FnMut(usize, usize),
) -> Vec<Outcome> {
    let checked = {
        let (fonts, options) = (fonts.clone(), options.clone());
        workers::map(
            projects.clone(),
            options.jobs,
            options.limits,
            |_, _| {},
            move |project| {
                let wanted = |tag: &Tag| {
                    options.languages.is_empty()
                        || options.languages.iter().any(|wanted| tag.is_in(wanted))
                };
                let problems = Problems::default();
                let letters = project.resolve(&fonts, wanted, &problems);
                (letters, problems)
            },
        )
    };

    // One piece of work is one language of one letter, so that the two languages of a single letter
    // are set at the same time.
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
        for letter in letters {
            let (tag, signatories) = (letter.tag.clone(), letter.counts.signatories);
            let typeset = Typeset { tag, signatories, pages: None };
            owners.push((index, letter.template_place.clone(), typeset));
            work.push((project.clone(), letter, problems.clone()));
        }
        all_problems.push(problems);
    }
    let (jobs, limits) = (options.jobs, options.limits);
    let (mut documents, all) = (Vec::new(), work.len());
    while !work.is_empty() {
        let now: Vec<_> = work.drain(..work.len().min(AT_ONCE)).collect();
        let before = documents.len();
        let told = |done, _| progress(before + done, all);
        let (fonts, options) = (fonts.clone(), options.clone());
        let set = move |(project, letter, problems): (Project, Letter, Arc<Problems>)| {
            documents_of(&project, &letter, &fonts, &options, &problems)
        };
        documents.extend(workers::map(now, jobs, limits, told, set));
        if !work.is_empty() {
            typst::comemo::evict(0);
        }
    }

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
            let diagnostics = problems.judged(&options.lint);
            let mut outcome = Outcome { project, diagnostics, typeset, documents };
            if outcome.has_errors() {
                outcome.documents.clear();
            }
            outcome
        })
        .collect()
}

/// The error for work that has no result. It must not take the other letters down with it.
fn failed(failure: Failure, options: &Options, place: Place) -> Diagnostic {
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
    letter: &Letter,
    fonts: &Arc<Fonts>,
    options: &Options,
    problems: &Problems,
) -> (Option<usize>, Vec<Document>) {
    let Some(rendered) = render(letter, &project.files, fonts, problems) else {
        return (None, Vec::new());
    };
    let standards = options.standards.as_deref().unwrap_or(&letter.standards);
    let time = options.time.unwrap_or_else(|| CreationTime::of_day(letter.date));
    let stem = format!("{}.{}", project.name, letter.tag);
    let mut documents = Vec::new();
    for format in &options.formats {
        match format {
            Format::Pdf => {
                if let Some(data) = rendered.pdf(letter, standards, time, problems) {
                    documents.push(Document { name: format!("{stem}.pdf"), data });
                }
            }
            Format::Png => documents.extend(pages(&stem, "png", rendered.png(options.ppi))),
            Format::Svg => documents.extend(pages(&stem, "svg", rendered.svg())),
        }
    }
    (Some(rendered.document.pages().len()), documents)
}

/// One file for each page, numbered so that they sort.
fn pages(stem: &str, extension: &str, pages: Vec<Vec<u8>>) -> Vec<Document> {
    let digits = pages.len().to_string().len();
    let number = |(index, data): (usize, Vec<u8>)| Document {
        name: format!("{stem}.{:0digits$}.{extension}", index + 1),
        data,
    };
    pages.into_iter().enumerate().map(number).collect()
}

impl Rendered {
    fn png(&self, ppi: u16) -> Vec<Vec<u8>> {
        let scale = f64::from(ppi) / 72.0;
        let options =
            typst_render::RenderOptions { pixel_per_pt: scale.into(), ..Default::default() };
        let pages = self.document.pages().iter();
        pages.filter_map(|page| typst_render::render(page, &options).encode_png().ok()).collect()
    }

    fn svg(&self) -> Vec<Vec<u8>> {
        let pages = self.document.pages().iter();
        let options = typst_svg::SvgOptions::default();
        pages.map(|page| typst_svg::svg(page, &options).into_bytes()).collect()
    }
}
