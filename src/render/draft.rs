//! The mark of a draft. It is put on the pages after layout, so that no template can leave it out,
//! and every line of a draft is exactly where it is in the final PDF.

use std::sync::Arc;

use ecow::eco_format;
use icu_calendar::{Date, Iso};
use typst::foundations::{Dict, IntoValue, dict};
use typst::layout::{Frame, FrameItem, Point, Size};
use typst::model::Document;
use typst::syntax::Span;
use typst::text::TextItem;
use typst::visualize::{FillRule, Geometry, Shape};
use typst_layout::PagedDocument;

use crate::files::{Files, carried};
use crate::fonts::DEFAULT_FAMILY;
use crate::letter::Letter;
use crate::problems::{Code, Diagnostic, Problems};
use crate::render::world::{Inputs, LetterWorld};
use crate::render::{content, outlines, values};
use crate::words::say;

/// The texts printed on the pages of a draft.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Mark {
    /// "DRAFT", across the page.
    word: String,
    /// "DRAFT · August 24, 2021", at its foot.
    line: String,
    /// The language of both, such as "en".
    lang: String,
}

impl Mark {
    /// The mark in the languages of the letters, with the day of the build if it is known: the
    /// program does not look at the clock.
    pub(crate) fn of(letters: &[&Letter], day: Option<Date<Iso>>) -> Self {
        let words: Vec<String> = letters.iter().filter_map(|letter| letter.draft_word()).collect();
        let days = letters.iter().filter_map(|letter| Some(letter.conventions.date(day?)));
        let word = words.join(" / ");
        let line = [word.clone()].into_iter().chain(days).collect::<Vec<_>>().join(" · ");
        let lang = letters.first().map_or("en", |letter| letter.tag.language()).to_owned();
        Self { word, line, lang }
    }

    /// Puts the mark on all pages and before the title of the document: screen readers skip what is
    /// printed at the edge of a page, but read the title. `None` if it cannot be added; the reason is
    /// then among the problems, because a draft without its mark would be taken for the final letter.
    pub(crate) fn put_on(
        &self,
        document: &PagedDocument,
        files: &Arc<Files>,
        letter: &Letter,
        problems: &Problems,
    ) -> Option<PagedDocument> {
        let mut marks: Vec<(Size, Frame, Frame)> = Vec::new();
        let mut pages = Vec::with_capacity(document.pages().len());
        for page in document.pages() {
            let size = page.frame.size();
            if !marks.iter().any(|(known, ..)| *known == size) {
                let Some((word, line)) = self.lay_out(size, files, letter) else {
                    let message = say!("the draft mark cannot be printed on this page");
                    problems.push(Diagnostic::new(
                        Code::Template,
                        letter.template_place.clone(),
                        message,
                    ));
                    return None;
                };
                marks.push((size, word, line));
            }
            let mut page = page.clone();
            if let Some((_, word, line)) = marks.iter().find(|(known, ..)| *known == size) {
                page.frame.prepend_frame(Point::zero(), word.clone());
                page.frame.push_frame(Point::zero(), line.clone());
            }
            pages.push(page);
        }
        let mut info = document.info().clone();
        info.title = info.title.map(|title| eco_format!("{}: {title}", self.word));
        Some(PagedDocument::new(pages.into(), info))
    }

    /// The word and the line for a page size.
    fn lay_out(&self, size: Size, files: &Arc<Files>, letter: &Letter) -> Option<(Frame, Frame)> {
        let inputs: Dict = dict! {
            "word" => self.word.clone(),
            "line" => self.line.clone(),
            "lang" => self.lang.clone(),
            "dir" => content::direction(&letter.tag).into_value(),
            "rtl" => letter.tag.direction().is_some(),
            "fonts" => values::families(letter, DEFAULT_FAMILY),
            "width" => size.x,
            "height" => size.y,
        };
        let main = carried::built_in("draft.typ");
        let fonts = letter.page.fonts.clone();
        let world = LetterWorld::new(Inputs::new(inputs), main, files.clone(), fonts);
        let document = typst::compile::<PagedDocument>(&world).output.ok()?;
        match document.pages() {
            [word, line] => Some((outlined(&word.frame), line.frame.clone())),
            _ => None,
        }
    }
}

/// A frame with its texts as glyph outlines, which PDF readers do not treat as text.
fn outlined(frame: &Frame) -> Frame {
    let mut result = Frame::hard(frame.size());
    for (at, item) in frame.items() {
        let item = match item {
            FrameItem::Text(text) => FrameItem::Shape(outline(text), Span::detached()),
            FrameItem::Group(group) => {
                let mut group = group.clone();
                group.frame = outlined(&group.frame);
                FrameItem::Group(group)
            }
            FrameItem::Tag(_) => continue,
            other => other.clone(),
        };
        result.push(*at, item);
    }
    result
}

/// The outlines of a text, drawn with the text's stroke.
fn outline(text: &TextItem) -> Shape {
    let unit = text.size / text.font.units_per_em();
    Shape {
        geometry: Geometry::Curve(outlines::outline(text, unit)),
        fill: None,
        fill_rule: FillRule::NonZero,
        stroke: text.stroke.clone(),
    }
}
