//! A page as the preview draws it, and a hash that shows whether two pages look alike.

use ttf_parser::GlyphId;
use typst::layout::{Abs, Frame, FrameItem, GroupItem, Point, Ratio, Size, Transform};
use typst::syntax::Span;
use typst::text::TextItem;
use typst::text::color::should_outline;
use typst::utils::hash128;
use typst::visualize::{CurveItem, FillRule, Geometry, Paint, Shape};
use typst_layout::Page;

use crate::render::outlines;

/// A page as SVG.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    /// Its name: a hash of its content.
    pub name: String,
    /// The SVG.
    pub svg: Vec<u8>,
}

impl Drawing {
    /// Draws a page. Typst would refer to a symbol for each glyph, of which a browser makes copies; it reads one
    /// path for each line several times as fast.
    pub(crate) fn of(page: &Page) -> Self {
        let outlined = |item| match item {
            FrameItem::Text(text) if is_outlined(&text) => Some(outlined(&text)),
            FrameItem::Link(..) | FrameItem::Tag(_) => None,
            other => Some(other),
        };
        let page = Page { frame: mapped(&page.frame, &outlined), ..page.clone() };
        let svg = typst_svg::svg(&page, &typst_svg::SvgOptions::default());
        let svg = without_spaces(&svg);
        Self { name: format!("{:032x}", hash128(&svg)), svg }
    }

    /// A hash that two pages share if they look alike, wherever their texts are written.
    pub(crate) fn hash(page: &Page) -> u128 {
        let without_place = |mut item| {
            match &mut item {
                FrameItem::Text(text) => {
                    text.glyphs.iter_mut().for_each(|glyph| glyph.span = (Span::detached(), 0));
                }
                FrameItem::Shape(_, span) | FrameItem::Image(_, _, span) => {
                    *span = Span::detached();
                }
                FrameItem::Group(_) | FrameItem::Link(..) => {}
                FrameItem::Tag(_) => return None,
            }
            Some(item)
        };
        hash128(&(mapped(&page.frame, &without_place), &page.bleed, &page.fill))
    }
}

/// The visible part of a frame, with something else instead of its items.
fn mapped(frame: &Frame, map: &impl Fn(FrameItem) -> Option<FrameItem>) -> Frame {
    let mut result = Frame::new(frame.size(), frame.kind());
    for (at, item) in frame.items() {
        let item = match item.clone() {
            FrameItem::Group(mut group) => {
                group.frame = mapped(&group.frame, map);
                group.parent = None;
                Some(FrameItem::Group(group))
            }
            item => map(item),
        };
        item.into_iter().for_each(|item| result.push(*at, item));
    }
    result
}

/// Whether a text looks like the outlines of its glyphs, filled with one colour.
fn is_outlined(text: &TextItem) -> bool {
    let is_plain = matches!(text.fill, Paint::Solid(_)) && text.stroke.is_none();
    is_plain && text.glyphs.iter().all(|glyph| should_outline(&text.font, GlyphId(glyph.id)))
}

/// The outlines of a text. They are drawn in units of the font, and so with whole numbers, which are short.
fn outlined(text: &TextItem) -> FrameItem {
    let mut curve = outlines::outline(text, Abs::pt(1.0));
    for item in &mut curve.0 {
        match item {
            CurveItem::Move(to) | CurveItem::Line(to) => *to = rounded(*to),
            CurveItem::Cubic(a, b, to) => (*a, *b, *to) = (rounded(*a), rounded(*b), rounded(*to)),
            CurveItem::Close => {}
        }
    }
    let mut frame = Frame::soft(Size::zero());
    let shape = Shape {
        geometry: Geometry::Curve(curve),
        fill: Some(text.fill.clone()),
        fill_rule: FillRule::NonZero,
        stroke: None,
    };
    frame.push(Point::zero(), FrameItem::Shape(shape, Span::detached()));
    let unit = Ratio::new(text.size.to_pt() / text.font.units_per_em());
    FrameItem::Group(GroupItem { transform: Transform::scale(unit, unit), ..GroupItem::new(frame) })
}

fn rounded(point: Point) -> Point {
    let whole = |length: Abs| Abs::pt(length.to_pt().round());
    Point::new(whole(point.x), whole(point.y))
}

/// The drawing without the spaces that its paths can do without: a sixth of it.
fn without_spaces(svg: &str) -> Vec<u8> {
    // Quotes inside of a value are escaped, so none of them looks like this.
    let mut parts = svg.split(" d=\"");
    let mut result = Vec::with_capacity(svg.len());
    result.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let (path, rest) = part.split_once('"').unwrap_or((part, ""));
        result.extend(b" d=\"");
        let mut before = b'M';
        for (index, byte) in path.bytes().enumerate() {
            let after = path.as_bytes().get(index + 1).copied().unwrap_or(b'Z');
            let is_needed =
                !before.is_ascii_alphabetic() && !after.is_ascii_alphabetic() && after != b'-';
            if byte != b' ' || is_needed {
                result.push(byte);
                before = byte;
            }
        }
        result.push(b'"');
        result.extend(rest.bytes());
    }
    result
}

#[cfg(test)]
mod tests {
    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg;

    use super::*;
    use crate::render::pagination::typeset;

    /// A page as a picture, 144 pixels per inch.
    fn drawn(svg: &[u8]) -> Pixmap {
        let tree = usvg::Tree::from_data(svg, &usvg::Options::default()).expect("an SVG");
        let mut drawn = Pixmap::new(1224, 1584).expect("a size");
        resvg::render(&tree, Transform::from_scale(2.0, 2.0), &mut drawn.as_mut());
        drawn
    }

    #[test]
    fn a_page_looks_as_typst_draws_it() {
        let pages = typeset(
            "template = \"formal\"\nlanguages = [\"en\"]\ndate = 2021-08-24\ntitle = \"Water\"\n\
             salutation = \"Dear Ana Prueba,\"\nclosing = \"Sincerely,\"\n\
             signatories = [{ name = \"Luis Ejemplo\", kind = \"person\" }]\n\
             body = \"We *ask* for **water**, `code` and [a link](https://example.org) – Å, ½.\\n\\n\
             > Quoted, with a note.[^n]\\n\\n[^n]: The note.\"\n\
             [from]\norganization = \"Example\"\naddress = [\"1 Street\"]\n",
        );
        let [page] = pages.pages() else { panic!("one page") };
        let ours = Drawing::of(page).svg;
        assert!(!ours.windows(4).any(|part| part == b"<use"), "no glyph is a symbol");
        let typst = typst_svg::svg(page, &typst_svg::SvgOptions::default());
        let (ours, typst) = (drawn(&ours), drawn(typst.as_bytes()));
        let dark = typst.data().iter().filter(|value| **value < 128).count();
        assert!(dark > 5_000, "there is text: {dark}");
        // The places of glyphs are rounded to a unit of the font, and resvg takes four samples a pixel in each
        // direction.
        let most = ours.data().iter().zip(typst.data()).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most < Some(64), "{most:?}");
    }
}
