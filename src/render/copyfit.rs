//! Copyfitting: a letter whose last page has too little on it, or a page too much white, is laid out again
//! with spaces that differ a little, as a secretary would set it again.

use std::collections::HashMap;

use typst::foundations::{
    Array, Content, Dict, IntoValue, Label, NativeElement, Selector, Value, dict,
};
use typst::introspection::{Introspector, MetadataElem, PagedPosition};
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::model::{FootnoteElem, FootnoteEntry};
use typst::utils::PicoStr;
use typst::visualize::Geometry;
use typst_layout::PagedDocument;

use crate::render::content::NOTES;
use crate::render::frames::walk_placed;

/// How a letter is set. `parts.typ` reads it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Fit {
    /// One of [`WAYS`].
    way: u8,
    /// The blocks of text that begin on a new page, because their footnotes would not begin where their
    /// marks are. Typst looks after the first note of a line only. Letters that follow one another in an
    /// edition share the numbers of their blocks, and the way.
    ///
    /// Upstream: <https://github.com/typst/typst/issues/5405>.
    breaks: Vec<u8>,
}

/// A way to set a letter.
struct Way {
    /// What the spaces between paragraphs and parts are multiplied by.
    spaces: f64,
    /// What the distance between two lines of text is multiplied by.
    lines: f64,
    /// Whether all that ends the letter, such as the enclosures, is on the page of the last signatories, at
    /// the cost of the page before.
    end_kept: bool,
    /// How much worse it is than the natural way.
    cost: f64,
}

/// The natural way first, then the others in the order in which they are tried.
const WAYS: [Way; 8] = [
    Way { spaces: 1.0, lines: 1.0, end_kept: false, cost: 0.0 },
    Way { spaces: 0.88, lines: 0.985, end_kept: false, cost: 1.0 },
    Way { spaces: 1.12, lines: 1.015, end_kept: false, cost: 2.0 },
    Way { spaces: 0.76, lines: 0.97, end_kept: false, cost: 3.0 },
    Way { spaces: 1.24, lines: 1.03, end_kept: false, cost: 4.0 },
    Way { spaces: 1.0, lines: 1.0, end_kept: true, cost: 1.0 },
    Way { spaces: 1.24, lines: 1.03, end_kept: true, cost: 5.0 },
    Way { spaces: 0.76, lines: 0.97, end_kept: true, cost: 5.0 },
];

impl Fit {
    /// As the bytes of a file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&[self.way], &self.breaks[..]].concat()
    }

    /// The values for Typst, from the bytes of a file.
    pub(super) fn values(bytes: &[u8]) -> Dict {
        let (way, breaks) = bytes.split_first().unwrap_or((&0, &[]));
        let way = WAYS.get(usize::from(*way)).unwrap_or(&WAYS[0]);
        let breaks: Array = breaks.iter().map(|block| i64::from(*block).into_value()).collect();
        dict! {
            "spaces" => way.spaces,
            "lines" => way.lines,
            "end-kept" => way.end_kept,
            "breaks" => breaks,
        }
    }
}

/// The best pages of a letter that is on these pages in the natural way: the first on which nothing is to be
/// improved, otherwise those with the least penalty. `set` lays the letter out in another way, if it can.
pub(super) fn best(
    natural: PagedDocument,
    mut set: impl FnMut(&Fit) -> Option<PagedDocument>,
) -> (PagedDocument, Fit) {
    let pages = natural.pages().len();
    let penalty = |document: &PagedDocument| {
        let more = document.pages().len().saturating_sub(pages);
        let found: f64 = parts(document).iter().map(|part| part.penalty(document)).sum();
        40.0 * more as f64 + found
    };
    let mut fit = Fit::default();
    let mut least = penalty(&natural);
    let mut best = natural;
    for _ in 0..MAX_BREAKS {
        let Some(block) = parted_block(&best).filter(|block| !fit.breaks.contains(block)) else {
            break;
        };
        let broken = Fit { breaks: [&fit.breaks[..], &[block]].concat(), ..fit };
        let Some(document) = set(&broken) else { break };
        let found = penalty(&document);
        if found >= least {
            break;
        }
        (best, fit, least) = (document, broken, found);
    }
    for (index, way) in (0..).zip(&WAYS) {
        let worth_it = if way.end_kept { least >= LAST_PAGE } else { pages <= MAX_PAGES };
        if least <= way.cost || !worth_it {
            continue;
        }
        let other = Fit { way: index, ..fit.clone() };
        let Some(document) = set(&other) else { continue };
        let found = penalty(&document) + way.cost;
        if found < least {
            (best, fit, least) = (document, other, found);
        }
    }
    (best, fit)
}

/// The penalty for a last page with too little on it. Everything else together is less.
const LAST_PAGE: f64 = 1000.0;

/// The most pages of a document in which spaces are changed: in a report, nobody sees the end of a page.
const MAX_PAGES: usize = 24;

/// The most blocks of text that begin on a new page because of their notes.
const MAX_BREAKS: usize = 4;

/// The pages of a letter in a document, counted from zero.
struct Part {
    first: usize,
    last: usize,
    /// Where the text may be, from the upper edge of the page, in points.
    top: f64,
    bottom: f64,
    /// The type size, in points.
    size: f64,
    /// Where the closing is: the page, and the place on it.
    closing: Option<(usize, f64)>,
    /// Where that begins which ends the letter, such as the enclosures.
    end: Option<(usize, f64)>,
}

/// A page that is less full is white where there should be text.
const FULL: f64 = 0.85;

/// The letters of a document that use the style of `parts.typ`.
fn parts(document: &PagedDocument) -> Vec<Part> {
    let begins = marks(document, "undersigned-letter-begin");
    let ends = marks(document, "undersigned-letter-end");
    let closings = marks(document, "undersigned-closing");
    let ending = marks(document, "undersigned-end-begin");
    let parts = begins.iter().zip(&ends).filter_map(|((value, begin), (_, end))| {
        let Value::Dict(area) = value else { return None };
        let length = |key: &str| match area.get(key) {
            Ok(Value::Length(length)) => Some(length.abs.to_pt()),
            _ => None,
        };
        let (first, last) = (begin.page.get() - 1, end.page.get() - 1);
        let place = |marks: &[(Value, PagedPosition)]| {
            let mut places = marks.iter().map(|(_, at)| (at.page.get() - 1, at.point.y.to_pt()));
            places.find(|(page, _)| (first..=last).contains(page))
        };
        Some(Part {
            first,
            last,
            top: length("top")?,
            bottom: length("bottom")?,
            size: length("size")?,
            closing: place(&closings),
            end: place(&ending),
        })
    });
    parts.collect()
}

/// The values of marks with a label, and where they are.
fn marks(document: &PagedDocument, label: &str) -> Vec<(Value, PagedPosition)> {
    let Some(label) = Label::new(PicoStr::intern(label)) else { return Vec::new() };
    let introspector = document.introspector();
    let place = |mark: &Content| {
        let value = mark.to_packed::<MetadataElem>()?.value.clone();
        Some((value, introspector.position(mark.location()?)?))
    };
    introspector.query(&Selector::Label(label)).iter().filter_map(place).collect()
}

impl Part {
    fn penalty(&self, document: &PagedDocument) -> f64 {
        if self.first == self.last {
            return 0.0;
        }
        let mut penalty = 0.0;
        let pages = document.pages().get(self.first..=self.last).unwrap_or_default();
        let pages: Vec<PageFill> = pages.iter().map(|page| self.fill(&page.frame)).collect();
        if let Some((last, others)) = pages.split_last() {
            for page in others {
                let full = (page.lowest - self.top) / (self.bottom - self.top);
                if page.rows > 0 && full < FULL {
                    penalty += 30.0 + 100.0 * (FULL - full);
                }
                penalty += if page.hyphen { 20.0 } else { 0.0 };
            }
            // A line to sign on is a row, but as high as several lines.
            if last.rows < 4 && last.lowest - self.top < 4.5 * self.size {
                penalty += LAST_PAGE;
            }
        }
        // At the top of the last page, or on another page.
        let alone = self.end.is_some_and(|(page, y)| page < self.last || y < self.top + self.size);
        penalty += if alone { LAST_PAGE } else { 0.0 };
        // At least two lines of the text are above the closing, and the space between.
        let bare = self
            .closing
            .is_some_and(|(page, y)| page > self.first && y < self.top + 3.5 * self.size);
        penalty += if bare { 500.0 } else { 0.0 };
        let pages = self.first + 1..=self.last + 1;
        let notes =
            notes(document).into_iter().filter(|(mark, _)| pages.contains(&mark.page.get()));
        for (mark, begins_here) in notes {
            // Typst moves a line to the page of its note, even if it is the last of a paragraph.
            let moved =
                mark.page.get() - 1 > self.first && mark.point.y.to_pt() < self.top + self.size;
            penalty += if !begins_here {
                300.0
            } else if moved {
                50.0
            } else {
                0.0
            };
        }
        penalty
    }

    /// How far a page is filled.
    fn fill(&self, frame: &Frame) -> PageFill {
        let mut lines: Vec<PageLine> = Vec::new();
        walk_placed(frame, Transform::identity(), &mut |text, transform| {
            let place = Point::zero().transform(transform);
            let line = PageLine {
                baseline: place.y.to_pt(),
                left: place.x.to_pt(),
                right: (place.x + text.width()).to_pt(),
                size: text.size.to_pt(),
                hyphen: text.text.ends_with(HYPHENS),
            };
            if (self.top..=self.bottom + 1.0).contains(&line.baseline) {
                lines.push(line);
            }
        });
        let mut rows: Vec<i64> = lines.iter().map(|line| line.baseline.round() as i64).collect();
        rows.sort_unstable();
        rows.dedup();
        let below = |line: &PageLine, other: &PageLine| {
            other.baseline > line.baseline + 2.0
                && other.size > line.size - 0.1
                && other.left < line.right
                && other.right > line.left
        };
        let last = |line: &&PageLine| line.hyphen && !lines.iter().any(|other| below(line, other));
        let lowest = lines.iter().map(|line| line.baseline).fold(self.top, f64::max);
        PageFill {
            rows: rows.len(),
            lowest: lowest.max(self.lowest_picture(frame)),
            hyphen: lines.iter().find(last).is_some(),
        }
    }

    /// The lower edge of the lowest picture or line.
    fn lowest_picture(&self, frame: &Frame) -> f64 {
        fn visit(frame: &Frame, transform: Transform, found: &mut impl FnMut(f64)) {
            for (at, item) in frame.items() {
                let transform = transform.pre_concat(Transform::translate(at.x, at.y));
                let edge = |y| Point::with_y(y).transform(transform).y.to_pt();
                match item {
                    FrameItem::Group(group) => {
                        visit(&group.frame, transform.pre_concat(group.transform), found);
                    }
                    FrameItem::Shape(shape, _) => match shape.geometry {
                        Geometry::Line(to) => found(edge(to.y)),
                        Geometry::Rect(size) => found(edge(size.y)),
                        Geometry::Curve(_) => {}
                    },
                    FrameItem::Image(_, size, _) => found(edge(size.y)),
                    _ => {}
                }
            }
        }
        let mut lowest = self.top;
        visit(frame, Transform::identity(), &mut |y| {
            if y <= self.bottom + 1.0 {
                lowest = lowest.max(y);
            }
        });
        lowest
    }
}

/// The marks of the footnotes, and whether the note begins on the page of its mark.
fn notes(document: &PagedDocument) -> Vec<(PagedPosition, bool)> {
    let introspector = document.introspector();
    let notes = introspector.query(&Selector::Elem(FootnoteElem::ELEM, None));
    if notes.is_empty() {
        return Vec::new();
    }
    let entries = introspector.query(&Selector::Elem(FootnoteEntry::ELEM, None));
    let entry_page = |entry: &Content| {
        let note = entry.to_packed::<FootnoteEntry>()?.note.location()?;
        Some((note, introspector.page(entry.location()?)?))
    };
    let printed: HashMap<_, _> = entries.iter().filter_map(entry_page).collect();
    let marks = notes.iter().filter_map(|note| {
        let place = note.location()?;
        let mark = introspector.position(place)?;
        Some((mark, *printed.get(&place)? == mark.page))
    });
    marks.collect()
}

/// The block of text with the first footnote that begins on another page than its mark.
fn parted_block(document: &PagedDocument) -> Option<u8> {
    let (note, _) = notes(document).into_iter().find(|(_, begins_here)| !begins_here)?;
    let blocks = marks(document, NOTES);
    let above = blocks.iter().rev().find(|(_, at)| {
        at.page < note.page || at.page == note.page && at.point.y <= note.point.y + Abs::pt(1.0)
    });
    match above? {
        (Value::Int(block), _) => u8::try_from(*block).ok(),
        _ => None,
    }
}

/// What ends a line whose last word goes on below.
const HYPHENS: [char; 3] = ['-', '\u{ad}', '\u{2010}'];

/// How far a page is filled.
struct PageFill {
    /// The number of lines.
    rows: usize,
    /// The baseline of the last line, from the upper edge of the page, in points.
    lowest: f64,
    /// Whether the last line ends within a word.
    hyphen: bool,
}

/// A text on a page, in points.
struct PageLine {
    baseline: f64,
    left: f64,
    right: f64,
    size: f64,
    hyphen: bool,
}
