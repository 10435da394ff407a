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
use crate::workers;

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
    /// Warnings that count as errors.
    pub denied: Vec<Denied>,
    /// Warnings that are not shown.
    pub allowed: Vec<Code>,
    /// How many letters are set at once.
    pub jobs: usize,
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
pub fn typeset(projects: Vec<Project>, fonts: &Arc<Fonts>, options: &Options) -> Vec<Outcome> {
    let wanted = |tag: &Tag| {
        options.languages.is_empty() || options.languages.iter().any(|wanted| tag.is_in(wanted))
    };
    let checked = workers::map((0..projects.len()).collect(), options.jobs, |index| {
        let problems = Problems::default();
        let letters = projects[index].resolve(fonts, wanted, &problems);
        (letters, problems)
    });
    // One piece of work is one language of one letter, so that the two languages of a single letter
    // are set at the same time.
    let mut all_problems = Vec::new();
    let mut work = Vec::new();
    for (index, result) in checked.into_iter().enumerate() {
        let (letters, problems) = result.unwrap_or_else(|| {
            let problems = Problems::default();
            problems.push(panicked(&projects[index]));
            (Vec::new(), problems)
        });
        work.extend(letters.into_iter().map(|letter| (index, letter)));
        all_problems.push(problems);
    }
    let owners: Vec<usize> = work.iter().map(|(index, _)| *index).collect();
    let documents = workers::map(work, options.jobs, |(index, letter)| {
        documents(&projects[index], &letter, fonts, options, &all_problems[index])
    });

    let mut per_letter: Vec<Vec<Document>> = projects.iter().map(|_| Vec::new()).collect();
    for (index, result) in owners.into_iter().zip(documents) {
        match result {
            Some(documents) => per_letter[index].extend(documents),
            None => all_problems[index].push(panicked(&projects[index])),
        }
    }
    let outcomes = projects.into_iter().zip(all_problems).zip(per_letter);
    outcomes
        .map(|((project, problems), documents)| {
            let diagnostics = judge(problems.into_sorted(), options);
            let mut outcome = Outcome { project, diagnostics, documents };
            if outcome.has_errors() {
                outcome.documents.clear();
            }
            outcome
        })
        .collect()
}

/// Drops the warnings that are allowed and raises those that are denied.
fn judge(diagnostics: Vec<Diagnostic>, options: &Options) -> Vec<Diagnostic> {
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

/// A defect of the program. It must not take the other letters down with it.
fn panicked(project: &Project) -> Diagnostic {
    Diagnostic::new(
        Code::Template,
        Place::start_of(project.file),
        say!(
            "the program failed at this letter, which is a defect of the program",
            "el programa falló con esta carta, lo que es un defecto del programa"
        ),
    )
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
