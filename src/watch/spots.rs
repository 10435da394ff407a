//! Which texts on the pages of the preview are written in a file, so that a click leads there.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use typst::layout::{Abs, Point, Transform};
use typst::syntax::Span;
use typst::text::TextItem;

use crate::letter::Letter;
use crate::render::Rendered;
use crate::render::frames::walk_placed;
use crate::spec::edition::Layout;
use crate::watch::file_texts::{FileTexts, Source};
use crate::watch::parts::Parts;

/// A text on a page: a rectangle in points from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Spot {
    /// The page, counted from zero.
    pub page: usize,
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
    /// Where it is written, as an index into `sources`.
    pub source: usize,
    /// The part of the letter it belongs to, which has the same name in all languages.
    pub part: Option<String>,
    /// In an edition, the language of the part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Where a part of the letter begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PartStart {
    /// The part.
    pub part: String,
    /// The page, counted from zero.
    pub page: usize,
    /// How far down the page it is, in points.
    pub y: f64,
    /// If languages follow one another, the language of the part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Where the texts on the pages of a document are written.
#[derive(Debug)]
pub(super) struct SpotMap {
    /// The texts, page by page.
    pub spots: Vec<Spot>,
    /// The places that the texts come from.
    pub sources: Vec<Source>,
    /// Where the parts of the letter begin.
    pub marks: Vec<PartStart>,
}

impl SpotMap {
    /// The spots of a letter, or of the letters of an edition.
    pub(super) fn of(
        letters: &[&Letter],
        layout: Layout,
        rendered: &Rendered,
        files: &mut FileTexts,
    ) -> Self {
        let parts = letters.iter().map(|letter| (letter.tag.to_string(), Parts::of(letter)));
        let mut finder = SpotFinder {
            files,
            letters: parts.collect(),
            spots: Vec::new(),
            sources: Vec::new(),
            known: HashMap::new(),
        };
        let follow = layout == Layout::Consecutive && letters.len() > 1;
        let next_parts = if follow { rendered.next_parts() } else { Vec::new() };
        for (number, page) in rendered.document.pages().iter().enumerate() {
            // Letters that follow one another are on separate pages.
            let before = next_parts.iter().filter(|first| **first <= number).count();
            let letter = before.min(letters.len().saturating_sub(1));
            let on_page = if follow { letter..letter + 1 } else { 0..letters.len() };
            walk_placed(&page.frame, Transform::identity(), &mut |text, transform| {
                finder.add(number, &on_page, text, transform, rendered);
            });
        }
        let SpotFinder { spots, sources, .. } = finder;
        Self { marks: marks(&spots, follow), spots, sources }
    }
}

/// The name of the part that begins with the first signatory.
const SIGNATORIES: &str = "signatories";

/// Finds the spots of a letter, or of the letters of an edition.
struct SpotFinder<'s, 'f> {
    files: &'s mut FileTexts<'f>,
    /// The language and the parts of each letter.
    letters: Vec<(String, Parts)>,
    spots: Vec<Spot>,
    sources: Vec<Source>,
    /// The origins of spans, cached because a text has many glyphs and a span many texts. A text that
    /// letters following one another share, such as a name, leads to each of them, so the first
    /// letter that may be meant is part of the key.
    known: HashMap<(Span, usize), Option<Origin>>,
}

/// Where a text comes from.
#[derive(Clone)]
struct Origin {
    /// Where it is written, as an index into `sources`.
    source: usize,
    /// The part of the letter, and in an edition the language.
    part: Option<String>,
    lang: Option<String>,
}

impl SpotFinder<'_, '_> {
    /// Adds the spots of a text, which may come from several places of the letters on the page.
    fn add(
        &mut self,
        page: usize,
        on_page: &Range<usize>,
        text: &TextItem,
        transform: Transform,
        rendered: &Rendered,
    ) {
        let mut x = Abs::zero();
        let mut glyphs = text.glyphs.as_slice();
        while let Some(first) = glyphs.first() {
            let span = first.span.0;
            let count = glyphs.iter().take_while(|glyph| glyph.span.0 == span).count();
            let (run, rest) = glyphs.split_at(count);
            let start = x;
            x += run.iter().map(|glyph| glyph.x_advance.at(text.size)).sum::<Abs>();
            glyphs = rest;
            let Some(Origin { source, part, lang }) = self.origin(span, on_page, rendered) else {
                continue;
            };
            let (x, y, width, height) = rectangle(text, start..x, transform);
            self.push(Spot { page, x, y, width, height, source, part, lang });
        }
    }

    /// Adds a spot, or widens the last one if it continues it.
    fn push(&mut self, spot: Spot) {
        if let Some(last) = self.spots.last_mut()
            && (last.page, last.source) == (spot.page, spot.source)
            && (last.y - spot.y).abs() < 0.1
            && (spot.x - last.x - last.width).abs() < spot.height
        {
            last.width = rounded(Abs::pt(spot.x + spot.width - last.x));
            return;
        }
        self.spots.push(spot);
    }

    fn origin(
        &mut self,
        span: Span,
        on_page: &Range<usize>,
        rendered: &Rendered,
    ) -> Option<Origin> {
        let key = (span, on_page.start);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = rendered.place_of(span).and_then(|place| {
            let source = self.files.get(place.file).source(&place.range)?;
            self.sources.push(source);
            let mut letters = self.letters.iter().skip(on_page.start).take(on_page.len());
            let (part, lang) = letters
                .find_map(|(lang, parts)| Some((parts.at(&place)?.to_owned(), lang.clone())))
                .unzip();
            let lang = lang.filter(|_| self.letters.len() > 1);
            Some(Origin { source: self.sources.len() - 1, part, lang })
        });
        self.known.insert(key, found.clone());
        found
    }
}

/// The left and upper edge, the width and the height of a part of a text on a page.
pub(super) fn rectangle(
    text: &TextItem,
    part: Range<Abs>,
    transform: Transform,
) -> (f64, f64, f64, f64) {
    let metrics = text.font.metrics();
    let (above, below) = (metrics.ascender.at(text.size), metrics.descender.at(text.size));
    let a = Point::new(part.start, -above).transform(transform);
    let b = Point::new(part.end, -below).transform(transform);
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    (rounded(x), rounded(y), rounded((b.x - a.x).abs()), rounded((b.y - a.y).abs()))
}

/// Hundredths of a point are finer than any screen.
pub(super) fn rounded(length: Abs) -> f64 {
    (length.to_pt() * 100.0).round() / 100.0
}

/// Where the parts begin; if letters follow one another, in each of them. The signatories are one
/// part, because each language sorts them differently.
fn marks(spots: &[Spot], follow: bool) -> Vec<PartStart> {
    let mut marks: Vec<PartStart> = Vec::new();
    for spot in spots {
        let Some(part) = &spot.part else { continue };
        let part = if part.starts_with("signatory/") { SIGNATORIES } else { part };
        let lang = spot.lang.as_ref().filter(|_| follow);
        if !marks.iter().any(|mark| mark.part == part && mark.lang.as_ref() == lang) {
            let (part, lang) = (part.to_owned(), lang.cloned());
            marks.push(PartStart { part, page: spot.page, y: spot.y, lang });
        }
    }
    marks
}
