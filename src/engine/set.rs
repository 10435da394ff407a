//! Typesets one document: from a manuscript to its pages, and from its pages to a PDF.
//!
//! Only this file decides the standards, the time and the mark of a draft.

use std::sync::Arc;

use crate::engine::options::Options;
use crate::files::Files;
use crate::language::day::CreationTime;
use crate::letter::manuscript::Manuscript;
use crate::letter::{Letter, enclosures};
use crate::problems::Problems;
use crate::render::draft::Mark;
use crate::render::world::Inputs;
use crate::render::{self, Rendered};

/// Typesets documents according to the options.
#[derive(Copy, Clone)]
pub(crate) struct Typesetter<'t> {
    /// The files that the letter may see.
    pub files: &'t Arc<Files>,
    /// The options.
    pub options: &'t Options,
}

/// A document as the bytes of a file.
#[derive(Debug)]
pub(crate) struct Pdf {
    /// The number of pages.
    pub pages: usize,
    /// The bytes.
    pub data: Vec<u8>,
}

impl Typesetter<'_> {
    /// Whether the standards of the PDF allow the enclosures. If not, the reason is among the
    /// problems.
    pub(crate) fn allows(&self, manuscript: &Manuscript<'_>, problems: &Problems) -> bool {
        let standards = self.options.standards_of(manuscript.original());
        enclosures::allowed(manuscript, standards, problems)
    }

    /// Lays out the pages. `None` if that failed; the reason is then among the problems.
    pub(crate) fn pages(
        &self,
        manuscript: &Manuscript<'_>,
        problems: &Problems,
    ) -> Option<Rendered> {
        let rendered = render::render(manuscript, self.files, problems)?;
        self.marked(rendered, manuscript, problems)
    }

    /// Lays out the pages of a letter to one recipient of a mail merge; see [`render::render_for`].
    pub(crate) fn pages_for(
        &self,
        columns: &[String],
        letter: &Letter,
        inputs: &Inputs,
        problems: &Problems,
    ) -> Option<Rendered> {
        let rendered = render::render_for(columns, letter, inputs, self.files, problems)?;
        self.marked(rendered, &Manuscript::of(letter), problems)
    }

    /// Puts the mark of a draft on the pages, if they are a draft.
    fn marked(
        &self,
        rendered: Rendered,
        manuscript: &Manuscript<'_>,
        problems: &Problems,
    ) -> Option<Rendered> {
        if !self.options.draft {
            return Some(rendered);
        }
        // A file for the printer contains many letters, and prints the word once in each of their
        // languages.
        let mut letters: Vec<&Letter> = Vec::new();
        for letter in manuscript.letters() {
            if letters.iter().all(|known| known.tag != letter.tag) {
                letters.push(letter);
            }
        }
        let letter = manuscript.original();
        let mark = Mark::of(&letters, self.options.time.map(CreationTime::date));
        rendered.into_draft(&mark, letter, self.files, problems)
    }

    /// The pages as a PDF. `None` if the standards forbid something on them; the reason is then among
    /// the problems.
    pub(crate) fn pdf(
        &self,
        rendered: &Rendered,
        manuscript: &Manuscript<'_>,
        problems: &Problems,
    ) -> Option<Pdf> {
        let letter = manuscript.original();
        let (standards, time) = (self.options.standards_of(letter), self.options.time_of(letter));
        let data = rendered.pdf(manuscript, standards, time, problems)?;
        Some(Pdf { pages: rendered.document.pages().len(), data })
    }
}
