//! Envelopes with a window, and where an address must be on the page to be seen through it.
//!
//! Sources of the measurements:
//!
//! - KOMA-Script 3.38 (the LaTeX bundle by Markus Kohm), its files `DIN.lco`, `DINmtext.lco`,
//!   `DIN5008A.lco`, `DIN5008B.lco`, `SN.lco`, `SNleft.lco` and `NF.lco`: the pseudo-lengths
//!   `toaddrhpos`, `toaddrvpos`, `toaddrwidth`, `toaddrheight`, `toaddrindent`, `backaddrheight`,
//!   `refvpos`, `tfoldmarkvpos` and `bfoldmarkvpos`. A negative `toaddrhpos` counts from the right edge.
//!   They follow DIN 5008 (forms A and B), SN 010130 and NF Z 11-001. `SN.lco` and `SNleft.lco` do not
//!   indent the address; here it is indented by the 5 mm of DIN 5008, because the first letters would
//!   otherwise be hidden if the sheet slips inside its envelope.
//! - DIN 680: windows of German envelopes are 90 mm × 45 mm.
//! - US #10: address box and first line of text as given in PostalMethods' "How to place content in the
//!   document" (0.5 in, 2.042 in, 3.5 in × 0.875 in; text from 3 3/8 in). The window itself is the usual
//!   one, 4 1/2 in × 1 1/8 in, 7/8 in from the left and 1/2 in from the bottom of an envelope of 9 1/2
//!   in × 4 1/8 in. 0.5 in + 1 1/8 in below the first fold is 2.042 in, where the box begins.
//! - ISO 838: holes are punched symmetrically about the middle of a side.

/// An envelope with a window.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Envelope {
    /// The American business envelope.
    Us10,
    /// DIN 5008, form A: a low letterhead.
    Din5008A,
    /// DIN 5008, form B: a high letterhead.
    Din5008B,
    /// The French window, on the right.
    Nf,
    /// The Swiss window on the left.
    SnLeft,
    /// The Swiss window on the right.
    SnRight,
}

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
#[derive(Debug, Copy, Clone, PartialEq)]
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
    /// Where the text may start below the field.
    pub text: f64,
    /// Where the page is folded.
    pub folds: [f64; 2],
    /// Where the middle of the punched holes is, in countries where letters are filed that way.
    pub hole: Option<f64>,
}

/// One millimetre in points: an inch is 25.4 mm and 72 points (ISO 32000-1, section 8.3.2.3).
const MM: f64 = 72.0 / 25.4;
const INCH: f64 = 72.0;

/// The width of A4, and half its height, in millimetres (ISO 216).
const A4_WIDTH: f64 = 210.0;
const A4_MIDDLE: f64 = 148.5;

impl Envelope {
    /// All envelopes, by the names used in letters.
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("us-10", Self::Us10),
        ("din-5008-a", Self::Din5008A),
        ("din-5008-b", Self::Din5008B),
        ("nf", Self::Nf),
        ("sn-left", Self::SnLeft),
        ("sn-right", Self::SnRight),
    ];

    /// The name used in letters.
    pub(crate) fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(_, envelope)| *envelope == self);
        named.map_or("", |(name, _)| name)
    }

    /// The positions on its page.
    pub(crate) fn geometry(self) -> Geometry {
        match self {
            Self::Us10 => Geometry {
                paper: "us-letter",
                // The page is 1 in narrower than the envelope: if the page is centred, the window begins
                // 7/8 in - 1/2 in from its left edge.
                window: rectangle(INCH, 0.375, 2.042, 4.5, 1.125),
                field: rectangle(INCH, 0.5, 2.042, 3.5, 0.875),
                // A page at the left end is visible from 7/8 in. USPS requires 1/8 in of clear space.
                indent: 0.5 * INCH,
                return_address: 0.0,
                text: 3.375 * INCH,
                folds: [3.67 * INCH, 7.33 * INCH],
                hole: None,
            },
            Self::Din5008A => din(27.0, 80.5, [87.0, 192.0]),
            Self::Din5008B => din(45.0, 98.5, [105.0, 210.0]),
            Self::Nf => {
                let field = (A4_WIDTH - 10.0 - 100.0, 35.0, 100.0, 45.0);
                a4(field, 100.0, 10.0, 99.0, [99.0, 198.0])
            }
            Self::SnLeft => a4((20.0, 35.5, 100.0, 45.0), 100.0, 5.0, 89.0, [105.0, 210.0]),
            Self::SnRight => {
                a4((A4_WIDTH - 8.0 - 90.0, 45.0, 90.0, 45.0), 90.0, 5.0, 98.5, [105.0, 210.0])
            }
        }
    }
}

/// The two forms of DIN 5008 differ in how high on the page the field is.
fn din(top: f64, text: f64, folds: [f64; 2]) -> Geometry {
    a4((20.0, top, 85.0, 45.0), 90.0, 5.0, text, folds)
}

/// A page of A4: a field of (x, y, width, height), the width of the window, and so on, in millimetres.
fn a4(
    field: (f64, f64, f64, f64),
    window_width: f64,
    indent: f64,
    text: f64,
    folds: [f64; 2],
) -> Geometry {
    let (x, y, width, height) = field;
    Geometry {
        paper: "a4",
        window: rectangle(MM, x, y, window_width, height),
        field: rectangle(MM, x, y, width, height),
        indent: indent * MM,
        return_address: 5.0 * MM,
        text: text * MM,
        folds: folds.map(|fold| fold * MM),
        hole: Some(A4_MIDDLE * MM),
    }
}

fn rectangle(unit: f64, x: f64, y: f64, width: f64, height: f64) -> Rectangle {
    Rectangle { x: x * unit, y: y * unit, width: width * unit, height: height * unit }
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

    /// The page of each envelope has room for its geometry.
    #[test]
    fn geometries_are_consistent() {
        for (name, envelope) in Envelope::ALL {
            assert_eq!(envelope.name(), *name);
            let geometry = envelope.geometry();
            let (width, height) = match geometry.paper {
                "a4" => (210.0 * MM, 297.0 * MM),
                _ => (8.5 * INCH, 11.0 * INCH),
            };
            let page = Rectangle { x: 0.0, y: 0.0, width, height };
            assert!(page.contains(&geometry.window, 0.0), "{name}");
            assert!(geometry.window.contains(&geometry.field, 0.0), "{name}");
            let bottom = geometry.window.y + geometry.window.height;
            assert!(geometry.text > bottom, "{name}: text in the window");
            let [first, second] = geometry.folds;
            assert!(bottom <= first + 0.01 && second < height, "{name}: a fold in the window");
            // A folded panel must not be longer than the envelope's panel.
            assert!(height - second <= first.max(second - first) + 0.02 * INCH, "{name}");
        }
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
