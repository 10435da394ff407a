//! The content of the live preview: the pages as drawings, where each text on them is written, and
//! the problems.

use serde::Serialize;

use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::problems::Diagnostic;
use crate::project::Project;
use crate::render::Rendered;
use crate::report::Reporter;
use crate::report::json::JsonDiagnostic;
use crate::spec::edition::Layout;
use crate::watch::file_texts::{FileTexts, Source, shortened};
use crate::watch::spots::{PartStart, Spot, SpotMap};

/// Everything that the preview shows, as it is sent to the browser.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Preview {
    /// The letter's name, such as "remain-in-mexico-2021".
    pub name: String,
    /// The folder that the paths of files are relative to.
    pub folder: String,
    /// The letter in each of its languages, in the order of the letter, and its edition.
    pub languages: Vec<LanguagePages>,
    /// The problems.
    pub problems: Vec<ShownProblem>,
}

/// A problem, with the fields that `--message-format json` has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ShownProblem {
    /// The problem.
    #[serde(flatten)]
    pub problem: JsonDiagnostic,
    /// The line it is in, or its beginning.
    pub excerpt: String,
}

/// A letter in one language, or its edition in several, as it was last typeset without errors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LanguagePages {
    /// The language, such as "es-MX", or those of an edition, such as "en+es-MX".
    #[serde(rename = "tag")]
    pub languages: Languages,
    /// Whether the pages are those of the current files, and not of an earlier version without
    /// errors.
    pub current: bool,
    /// Whether the pages have an error, because no version without one exists yet.
    pub faulty: bool,
    /// The pages.
    pub pages: Vec<PageDrawing>,
    /// The texts on the pages that are written in a file.
    pub spots: Vec<Spot>,
    /// The places that the spots point to.
    pub sources: Vec<Source>,
    /// Where the parts of the letter begin, in the order of the pages: they keep the languages
    /// scrolled to the same part.
    pub marks: Vec<PartStart>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PageDrawing {
    /// The name of the drawing, which changes if the page looks different.
    pub drawing: String,
    /// The width in points.
    pub width: f64,
    /// The height in points.
    pub height: f64,
}

impl LanguagePages {
    /// The pages of a letter, or of the letters of an edition, with the names of their drawings.
    pub(crate) fn of(
        letters: &[&Letter],
        layout: Layout,
        rendered: &Rendered,
        drawings: &[String],
        files: &mut FileTexts,
    ) -> Self {
        let pages = rendered.document.pages().iter().zip(drawings);
        let pages = pages.map(|(page, drawing)| PageDrawing {
            drawing: drawing.clone(),
            width: page.frame.width().to_pt(),
            height: page.frame.height().to_pt(),
        });
        let SpotMap { spots, sources, marks } = SpotMap::of(letters, layout, rendered, files);
        Self {
            languages: Languages(letters.iter().map(|letter| letter.tag.clone()).collect()),
            current: true,
            faulty: false,
            pages: pages.collect(),
            spots,
            sources,
            marks,
        }
    }
}

/// The problems of a letter as the preview shows them.
pub(crate) fn problems(
    project: &Project,
    diagnostics: &[Diagnostic],
    reporter: &Reporter,
    files: &mut FileTexts,
) -> Vec<ShownProblem> {
    let problems = reporter.json(project, diagnostics).into_iter().zip(diagnostics);
    let with_excerpt = |(problem, diagnostic): (JsonDiagnostic, &Diagnostic)| {
        let excerpt = files.get(diagnostic.place.file).excerpt(&diagnostic.place.range);
        ShownProblem { problem, excerpt: shortened(excerpt) }
    };
    problems.map(with_excerpt).collect()
}
