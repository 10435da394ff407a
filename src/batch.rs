//! Checks and typesets many letters at once, each in all its languages.

use std::sync::Arc;

use typst_pdf::PdfStandard;

use crate::args::{Denied, Format};
use crate::diagnostics::{Code, Diagnostic, Place, Problems, Severity};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
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
    /// Whether the window of the envelope is drawn on the page.
    pub show_window: bool,
    /// The resolution of pictures, in pixels per inch.
    pub ppi: u16,
    /// When the PDF says it was made, instead of the letter's date.
    pub time: Option<CreationTime>,
    /// Warnings that count as errors.
    pub denied: Vec<Denied>,
    /// Warnings that are not shown.
    pub allowed: Vec<Code>,
    /// How many letters are set at once.
    pub jobs: usize,
    /// How much each may take.
    pub limits: Limits,
}

impl Options {
    /// Whether a language is among those that are asked for.
    pub fn wants(&self, tag: &Tag) -> bool {
        self.languages.is_empty() || self.languages.iter().any(|wanted| tag.is_in(wanted))
    }
}

/// What became of one letter.
pub struct Outcome {
    /// The letter.
    pub project: Project,
    /// What is wrong with it, in the order of the places.
    pub diagnostics: Vec<Diagnostic>,
    /// Its documents, or none at all if it has an error.
    pub documents: Vec<Document>,
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
                let wanted = |tag: &Tag| options.wants(tag);
                let problems = Problems::default();
                let mut letters = project.resolve(&fonts, wanted, &problems);
                for letter in &mut letters {
                    letter.page.show_window = options.show_window;
                }
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
            owners.push((index, letter.template_place.clone()));
            work.push((project.clone(), letter, problems.clone()));
        }
        all_problems.push(problems);
    }
    let documents = {
        let (fonts, options) = (fonts.clone(), options.clone());
        workers::map(
            work,
            options.jobs,
            options.limits,
            progress,
            move |(project, letter, problems)| {
                documents(&project, &letter, &fonts, &options, &problems)
            },
        )
    };

    let mut per_letter: Vec<Vec<Document>> = projects.iter().map(|_| Vec::new()).collect();
    for ((index, place), result) in owners.into_iter().zip(documents) {
        match result {
            Ok(documents) => per_letter[index].extend(documents),
            Err(failure) => all_problems[index].push(failed(failure, options, place)),
        }
    }
    let outcomes = projects.into_iter().zip(all_problems).zip(per_letter);
    outcomes
        .map(|((project, problems), documents)| {
            let diagnostics = judge(problems.take_sorted(), options);
            let mut outcome = Outcome { project, diagnostics, documents };
            if outcome.has_errors() {
                outcome.documents.clear();
            }
            outcome
        })
        .collect()
}

/// Drops the warnings that are allowed and raises those that are denied.
pub(crate) fn judge(diagnostics: Vec<Diagnostic>, options: &Options) -> Vec<Diagnostic> {
    let denied = |code| {
        options.denied.iter().any(|denied| match denied {
            Denied::Warnings => true,
            Denied::Code(denied) => *denied == code,
        })
    };
    diagnostics
        .into_iter()
        .filter(|d| d.severity == Severity::Error || !options.allowed.contains(&d.code))
        .map(|mut diagnostic| {
            if denied(diagnostic.code) {
                diagnostic.severity = Severity::Error;
            }
            diagnostic
        })
        .collect()
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

fn documents(
    project: &Project,
    letter: &Letter,
    fonts: &Arc<Fonts>,
    options: &Options,
    problems: &Problems,
) -> Vec<Document> {
    let Some(rendered) = render(letter, &project.files, fonts, problems) else { return Vec::new() };
    let standards = options.standards.as_deref().unwrap_or(&letter.standards);
    let time = options.time.unwrap_or_else(|| CreationTime::of_day(letter.date));
    let proof = if letter.page.show_window { ".window" } else { "" };
    let stem = format!("{}.{}{proof}", project.name, letter.tag);
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
    documents
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
