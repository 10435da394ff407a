//! What the live preview shows: the pages as drawings, where each text on them is written, and what is
//! wrong.

use serde::Serialize;
use serde_json::{Value, json};

use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::problems::Diagnostic;
use crate::project::Project;
use crate::render::Rendered;
use crate::report::{MessageFormat, Reporter};
use crate::spec::edition::Layout;
use crate::watch::file_texts::{FileTexts, Source, shortened};
use crate::watch::spots::{PartStart, Spot, SpotMap};

/// All that the preview shows, as it is sent to the browser.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// The letter's name, such as "remain-in-mexico-2021".
    pub name: String,
    /// The folder that the paths of files start from.
    pub folder: String,
    /// The letter in each of its languages, in the order that the letter names them, and its edition.
    pub languages: Vec<LanguagePages>,
    /// What is wrong, with the fields that `--message-format json` has, the line it is in as
    /// `excerpt`, and the other places that belong to it as `related`.
    pub problems: Vec<Value>,
}

/// A letter in one language, or its edition in several, as it could last be set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LanguagePages {
    /// The language, such as "es-MX", or those of an edition, such as "en+es-MX".
    #[serde(rename = "tag")]
    pub languages: Languages,
    /// Whether the pages are those of the files as they are, and not of files that were right before.
    pub current: bool,
    /// Whether the pages have an error, for there were none without one yet.
    pub faulty: bool,
    /// The pages.
    pub pages: Vec<PageDrawing>,
    /// Where on the pages there is text that stands in a file.
    pub spots: Vec<Spot>,
    /// The places that spots come from.
    pub sources: Vec<Source>,
    /// Where the parts of the letter begin, in the order of the pages: by these the languages are
    /// scrolled together.
    pub marks: Vec<PartStart>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageDrawing {
    /// The name of the drawing, which is another when the page looks another way.
    pub drawing: String,
    /// The width in points.
    pub width: f64,
    /// The height in points.
    pub height: f64,
}

impl LanguagePages {
    /// What is on the pages of a letter, or of the letters of an edition, with the names of their
    /// drawings.
    pub fn of(
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
pub fn problems(
    project: &Project,
    diagnostics: &[Diagnostic],
    reporter: &Reporter,
    files: &mut FileTexts,
) -> Vec<Value> {
    let reporter = Reporter { format: MessageFormat::Json, ..reporter.clone() };
    let mut lines = Vec::new();
    // Writing to memory does not fail.
    let _written = reporter.report(&[(project, diagnostics)], &mut lines);
    let objects =
        lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let with_more = |(mut object, diagnostic): (Value, &Diagnostic)| {
        let excerpt = files.get(diagnostic.place.file).line_at(diagnostic.place.range.start);
        object["excerpt"] = shortened(excerpt).into();
        let related = diagnostic.related.iter().filter_map(|(place, message)| {
            let source = files.get(place.file).source(&place.range)?;
            let (file, line, column) = (source.file, source.line, source.column);
            let message = message.get(reporter.language);
            Some(json!({ "file": file, "line": line, "column": column, "message": message }))
        });
        object["related"] = related.collect();
        object
    };
    objects.zip(diagnostics).map(with_more).collect()
}
