//! What is requested, whatever the letters themselves say.

use crate::engine::workers::Limits;
use crate::formats::format::Format;
use crate::language::day::CreationTime;
use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::pdf::PdfStandard;
use crate::problems::lint::Lint;
use crate::render::page_ranges::PageRanges;

/// What to make of letters, and how. Start from the default: a PDF of each language, as each letter says.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The languages, or none for all of them.
    pub languages: Vec<Languages>,
    /// The standards of the PDF, instead of those of the letter.
    pub standards: Option<Vec<PdfStandard>>,
    /// The formats to write.
    pub formats: Vec<Format>,
    /// Whether the window of the envelope is drawn on the page.
    pub show_window: bool,
    /// The pages to draw as pictures, or all of them.
    pub pages: Option<PageRanges>,
    /// The resolution of pictures, in pixels per inch.
    pub ppi: u16,
    /// Whether the pages are marked as a draft.
    pub draft: bool,
    /// When the PDF says it was made, instead of the letter's date.
    pub time: Option<CreationTime>,
    /// Which warnings are allowed and denied, in addition to what the letters and their repository
    /// say.
    pub lint: Lint,
    /// How many letters are typeset in parallel.
    pub jobs: usize,
    /// How much each may take.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            standards: None,
            formats: vec![Format::Pdf],
            show_window: false,
            pages: None,
            ppi: 144,
            draft: false,
            time: None,
            lint: Lint::default(),
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// Whether a document is requested. If no languages are named, all are.
    pub(crate) fn wants(&self, named: impl Fn(&Languages) -> bool) -> bool {
        self.languages.is_empty() || self.languages.iter().any(named)
    }

    /// The standards that the PDF of a letter follows.
    pub(crate) fn standards_of<'o>(&'o self, letter: &'o Letter) -> &'o [PdfStandard] {
        self.standards.as_deref().unwrap_or(&letter.standards)
    }

    /// When the PDF of a letter says it was made.
    pub(crate) fn time_of(&self, letter: &Letter) -> CreationTime {
        self.time.unwrap_or_else(|| CreationTime::of_day(letter.date))
    }
}

/// The suffix of the names of drafts, before the extension. A draft neither overwrites a final
/// document nor passes for one.
pub(crate) fn draft_suffix(draft: bool) -> &'static str {
    if draft { ".draft" } else { "" }
}
