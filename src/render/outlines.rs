//! The outlines of glyphs: what a text looks like, without being a text.

use ttf_parser::{GlyphId, OutlineBuilder};
use typst::layout::{Abs, Point};
use typst::text::TextItem;
use typst::visualize::Curve;

/// The outlines of a text's glyphs from its start on the baseline, with the y axis downwards. A glyph without
/// an outline, such as a space, only takes its room.
///
/// `unit` is the length of a unit of the font, which is the size of the text divided by the units per em.
pub(crate) fn outline(text: &TextItem, unit: Abs) -> Curve {
    let em = unit * text.font.units_per_em();
    let mut start = Point::zero();
    let mut pen = Pen { curve: Curve::new(), origin: start, last: start, unit };
    for glyph in &text.glyphs {
        pen.origin = start + Point::new(glyph.x_offset.at(em), -glyph.y_offset.at(em));
        let _extent = text.font.ttf().outline_glyph(GlyphId(glyph.id), &mut pen);
        start += Point::new(glyph.x_advance.at(em), -glyph.y_advance.at(em));
    }
    pen.curve
}

/// Draws glyphs, whose coordinates are in font units with the y axis upwards.
struct Pen {
    curve: Curve,
    origin: Point,
    last: Point,
    unit: Abs,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Point {
        self.origin + Point::new(self.unit * f64::from(x), self.unit * -f64::from(y))
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = self.at(x, y);
        self.curve.move_(self.last);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.last = self.at(x, y);
        self.curve.line(self.last);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The same curve as a cubic one.
        let (control, end) = (self.at(x1, y1), self.at(x, y));
        let towards = |from: Point| from + (control - from) * (2.0 / 3.0);
        self.curve.cubic(towards(self.last), towards(end), end);
        self.last = end;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.last = self.at(x, y);
        self.curve.cubic(self.at(x1, y1), self.at(x2, y2), self.last);
    }

    fn close(&mut self) {
        self.curve.close();
    }
}
