//! Envelopes with a window, and where an address must be on the page to be seen through it.
//!
//! Each is a small TOML file, built in or a letter's own. The comments of the built-in ones, in
//! `templates/envelopes`, say where their measures are from.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use typst::layout::Paper;
use typst::syntax::FileId;

use crate::files::carried;
use crate::problems::{Code, Diagnostic, Problems};
use crate::spec::values::{PAPERS, read_length};
use crate::toml::reader::{self, Context, Table, Value};
use crate::words::say;

/// The built-in envelopes. To add one, add a file.
static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/envelopes");

/// A rectangle on the page, in points from its upper left corner.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(crate) struct Rectangle {
    /// From the left edge of the page.
    pub x: f64,
    /// From the upper edge of the page.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// The positions on a page that goes into an envelope. All lengths are in points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Geometry {
    /// The paper that the envelope is made for, by Typst's name.
    pub paper: &'static str,
    /// The part of the page that is visible when the page is centred in the envelope.
    pub window: Rectangle,
    /// Where the address must be to stay visible however the page slips.
    pub field: Rectangle,
    /// How far the address is indented in the field.
    pub indent: f64,
    /// The height of the line with the sender's address at the top of the field, or zero.
    pub return_address: f64,
    /// The height of the zone below that line for what the post is to do, such as "Registered", or zero if
    /// there is none. The address begins below it.
    pub notes: f64,
    /// Whether that zone stays empty, because the post prints there.
    pub reserved: bool,
    /// Where the letterhead must end above the window.
    pub head: f64,
    /// Where the text may start below the field.
    pub text: f64,
    /// Where the page is folded.
    pub folds: Vec<f64>,
    /// Where the middle of the punched holes is, in countries where letters are filed that way.
    pub hole: Option<f64>,
}

/// One millimetre in points: an inch is 25.4 mm and 72 points (ISO 32000-1, section 8.3.2.3).
pub(crate) const MM: f64 = 72.0 / 25.4;

/// The least room for an address, in points: three lines of a short one.
const LEAST_ROOM: (f64, f64) = (100.0, 34.0);

/// The geometries of the built-in envelopes, by the names used in letters.
static BUILT_IN: LazyLock<BTreeMap<&'static str, Geometry>> = LazyLock::new(|| {
    let read = |(name, source)| Some((name, built_in(source, Geometry::read)?));
    files(&FOLDER).filter_map(read).collect()
});

/// The TOML files of a folder, by their names.
pub(super) fn files(
    folder: &'static Dir<'_>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let named = |file: &'static include_dir::File<'_>| {
        Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?))
    };
    folder.files().filter_map(named)
}

/// A built-in file. A test sees to it that none has a problem.
pub(super) fn built_in<T>(
    source: &str,
    read: impl Fn(&str, FileId, &str, &Problems) -> Option<T>,
) -> Option<T> {
    let file = carried::built_in("profile.toml");
    read(source, file, "profile.toml", &Problems::default())
}

/// Reads the TOML of an envelope or a print service, whose keys `take` takes. `None` if something in it is
/// missing or wrong, which is then among the problems.
pub(super) fn read_profile<T>(
    source: &str,
    file: FileId,
    name: &str,
    problems: &Problems,
    take: impl FnOnce(&mut Table<'_>, Context<'_>) -> Option<T>,
) -> Option<T> {
    let own = Problems::default();
    let context = Context { file, problems: &own, top_level: &[] };
    let document = reader::parse(source, context);
    let mut table = Table::new(name, document.get_ref(), 0..0);
    let profile = take(&mut table, context);
    table.finish(context);
    reader::forget_after_syntax_error(source, file, &own);
    let is_right = !own.has_errors();
    problems.extend(own.into_sorted());
    profile.filter(|_| is_right)
}

/// The names of the built-in envelopes.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.keys().copied()
}

/// The geometry of a built-in envelope.
pub(crate) fn geometry(name: &str) -> Option<&'static Geometry> {
    BUILT_IN.get(name)
}

impl Geometry {
    /// Reads the TOML of an envelope. `None` if something in it is missing or wrong, which is then among
    /// the problems.
    pub(crate) fn read(
        source: &str,
        file: FileId,
        name: &str,
        problems: &Problems,
    ) -> Option<Self> {
        read_profile(source, file, name, problems, |table, context| {
            let paper = table.require(context, "paper").and_then(|v| read_paper(v, context));
            let window = table.require(context, "window");
            let text = table.require(context, "text");
            let geometry = Self::read_field(table, paper, window, text, context);
            let folds = table.take("folds").and_then(|v| {
                let items = v.items(context)?;
                Some(items.filter_map(|item| read_down(item, context)).collect::<Vec<f64>>())
            });
            let hole = table.take("hole").and_then(|v| read_down(v, context));
            Some(Self { folds: folds.unwrap_or_default(), hole, ..geometry? })
        })
    }

    /// The keys about the address, which a print service has too. `None` if it has no window.
    pub(super) fn read_field(
        table: &mut Table<'_>,
        paper: Option<&'static str>,
        window: Option<Value<'_>>,
        text: Option<Value<'_>>,
        context: Context<'_>,
    ) -> Option<Self> {
        // Each is looked at, so that all mistakes are reported.
        let mut length = |key| table.take(key).and_then(|v| read_down(v, context));
        let [indent, return_address, notes, head] =
            ["indent", "return-address", "notes", "head"].map(&mut length);
        let rectangle = |v: Value<'_>| Some((read_rectangle(v, context)?, v.place(context)));
        let field = table.take("field").map(rectangle);
        let (window, window_place) = window.and_then(rectangle)?;
        let paper = paper?;
        let field = field.unwrap_or_else(|| Some((window, window_place.clone())))?;
        let text = match text {
            Some(value) => (read_down(value, context)?, value.place(context)),
            None => (window.y + window.height + GAP, window_place.clone()),
        };
        let geometry = Self {
            paper,
            window,
            field: field.0,
            indent: indent.unwrap_or_default(),
            return_address: return_address.unwrap_or_default(),
            notes: notes.unwrap_or_default(),
            reserved: false,
            head: head.unwrap_or(window.y - GAP),
            text: text.0,
            folds: Vec::new(),
            hole: None,
        };
        let page = page(paper)?;
        let problem = if !page.contains(&window, TOLERANCE) {
            Some((window_place, say!("the window is not on the page")))
        } else if !window.contains(&field.0, TOLERANCE) {
            Some((field.1, say!("the address would not show: its field is not in the window")))
        } else if geometry.room().0 < LEAST_ROOM.0 || geometry.room().1 < LEAST_ROOM.1 {
            let message = say!("this leaves no room for an address of three lines");
            Some((field.1, message))
        } else if text.0 + TOLERANCE < window.y + window.height {
            Some((text.1, say!("the text would show through the window")))
        } else {
            None
        };
        if let Some((place, message)) = problem {
            context.problems.push(Diagnostic::new(Code::InvalidValue, place, message));
            return None;
        }
        Some(geometry)
    }

    /// Where the address may be: the field without what is above the address.
    pub(crate) fn address(&self) -> Rectangle {
        let above = self.return_address + if self.reserved { self.notes } else { 0.0 };
        Rectangle { y: self.field.y + above, height: self.field.height - above, ..self.field }
    }

    /// The width and the height available for an address.
    pub(crate) fn room(&self) -> (f64, f64) {
        (self.field.width - self.indent, self.address().height)
    }

    /// Where the sender's address may be in the window.
    pub(crate) fn return_line(&self) -> Rectangle {
        Rectangle { height: self.return_address, ..self.field }
    }

    /// The same window for a page that a print service takes: the address is where both want it. `None` if
    /// there is no such place.
    pub(crate) fn within(&self, service: &Self) -> Option<Self> {
        let (left, right) = (
            self.field.x.max(service.field.x),
            (self.field.x + self.field.width).min(service.field.x + service.field.width),
        );
        let (top, bottom) = (
            service.field.y.max(self.field.y),
            (self.field.y + self.field.height).min(service.field.y + service.field.height),
        );
        let text_edge = (self.field.x + self.indent).max(service.field.x + service.indent);
        let geometry = Self {
            field: Rectangle { x: left, y: top, width: right - left, height: bottom - top },
            indent: text_edge - left,
            return_address: service.return_address,
            notes: service.notes,
            reserved: service.reserved,
            head: self.head.min(service.head),
            text: self.text.max(service.text),
            ..self.clone()
        };
        let room = geometry.room();
        (room.0 >= LEAST_ROOM.0 && room.1 >= LEAST_ROOM.1).then_some(geometry)
    }
}

/// The space between the window and what is above or below it.
const GAP: f64 = 5.0 * MM;

/// How much two measures may differ that should be the same, in points: tables round.
const TOLERANCE: f64 = 0.1;

/// The page of a paper.
pub(crate) fn page(paper: &str) -> Option<Rectangle> {
    let paper = Paper::from_str(paper).ok()?;
    let (width, height) = (paper.width().to_pt(), paper.height().to_pt());
    Some(Rectangle { x: 0.0, y: 0.0, width, height })
}

/// A size of paper.
pub(super) fn read_paper(value: Value<'_>, context: Context<'_>) -> Option<&'static str> {
    value.choice(context, PAPERS, |name| PAPERS.iter().copied().find(|paper| *paper == name))
}

/// A length on the page, in points.
pub(super) fn read_down(value: Value<'_>, context: Context<'_>) -> Option<f64> {
    read_length(value, context, 0.0..=1100.0).map(|length| length.0)
}

/// A rectangle on the page: `{ x = "20mm", y = "45mm", width = "85mm", height = "45mm" }`.
pub(super) fn read_rectangle(value: Value<'_>, context: Context<'_>) -> Option<Rectangle> {
    let mut table = value.table(context)?;
    let rectangle = take_rectangle(&mut table, context);
    table.finish(context);
    rectangle
}

/// The four lengths of a rectangle.
pub(super) fn take_rectangle(table: &mut Table<'_>, context: Context<'_>) -> Option<Rectangle> {
    let mut length = |key| table.require(context, key).and_then(|v| read_down(v, context));
    // Each is looked at, so that all mistakes are reported.
    let [x, y, width, height] = ["x", "y", "width", "height"].map(&mut length);
    Some(Rectangle { x: x?, y: y?, width: width?, height: height? })
}

impl Rectangle {
    /// Whether another rectangle lies inside this one, within `tolerance` points.
    pub(crate) fn contains(&self, other: &Self, tolerance: f64) -> bool {
        other.x >= self.x - tolerance
            && other.y >= self.y - tolerance
            && other.x + other.width <= self.x + self.width + tolerance
            && other.y + other.height <= self.y + self.height + tolerance
    }

    /// Whether another rectangle overlaps this one by more than `tolerance` points in both directions.
    pub(crate) fn overlaps(&self, other: &Self, tolerance: f64) -> bool {
        let shared = |a: f64, a_length: f64, b: f64, b_length: f64| {
            (a + a_length).min(b + b_length) - a.max(b) > tolerance
        };
        shared(self.x, self.width, other.x, other.width)
            && shared(self.y, self.height, other.y, other.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every built-in envelope is read without a problem, and its folds suit it.
    #[test]
    fn built_in_envelopes_are_right() {
        for (name, source) in files(&FOLDER) {
            let problems = Problems::default();
            let file = carried::built_in("profile.toml");
            let geometry = Geometry::read(source, file, name, &problems);
            let found: Vec<String> =
                problems.into_sorted().iter().map(|problem| problem.message.english()).collect();
            let Some(geometry) = geometry else { panic!("{name}: {found:?}") };
            let height = page(geometry.paper).expect("a paper").height;
            let bottom = geometry.window.y + geometry.window.height;
            match geometry.folds[..] {
                [first, second] => {
                    assert!(
                        bottom <= first + 0.01 && second < height,
                        "{name}: a fold in the window"
                    );
                    // A folded panel must not be longer than the envelope's panel.
                    let longest = first.max(second - first) + 1.5;
                    assert!(height - second <= longest, "{name}");
                }
                [fold] => assert!(bottom <= fold + 0.01, "{name}: a fold in the window"),
                _ => panic!("{name} has no folds"),
            }
        }
        assert!(names().count() >= 11);
    }

    #[test]
    fn rectangles_compare() {
        let outer = Rectangle { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };
        let inner = Rectangle { x: 2.0, y: 2.0, width: 3.0, height: 3.0 };
        let beside = Rectangle { x: 10.0, y: 0.0, width: 5.0, height: 5.0 };
        assert!(outer.contains(&inner, 0.0) && !inner.contains(&outer, 0.0));
        assert!(outer.overlaps(&inner, 0.0) && !outer.overlaps(&beside, 0.0));
    }
}
