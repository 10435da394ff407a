//! A page as the preview draws it, and a hash that shows whether two pages look alike.

use typst::layout::{Frame, FrameItem};
use typst::syntax::Span;
use typst::utils::hash128;
use typst_layout::Page;

/// A page as SVG.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    /// Its name: a hash of its content.
    pub name: String,
    /// The SVG.
    pub svg: Vec<u8>,
}

impl Drawing {
    /// Draws a page.
    pub(crate) fn of(page: &Page) -> Self {
        let svg = typst_svg::svg(page, &typst_svg::SvgOptions::default()).into_bytes();
        Self { name: format!("{:032x}", hash128(&svg)), svg }
    }

    /// A hash that two pages share if they look alike, wherever their texts are written.
    pub(crate) fn hash(page: &Page) -> u128 {
        hash128(&(without_places(&page.frame), &page.bleed, &page.fill))
    }
}

/// The visible part of a frame.
fn without_places(frame: &Frame) -> Frame {
    let mut seen = Frame::new(frame.size(), frame.kind());
    for (at, item) in frame.items() {
        let mut item = item.clone();
        match &mut item {
            FrameItem::Group(group) => {
                group.frame = without_places(&group.frame);
                group.parent = None;
            }
            FrameItem::Text(text) => {
                text.glyphs.iter_mut().for_each(|glyph| glyph.span = (Span::detached(), 0));
            }
            FrameItem::Shape(_, span) | FrameItem::Image(_, _, span) => *span = Span::detached(),
            FrameItem::Link(..) => {}
            FrameItem::Tag(_) => continue,
        }
        seen.push(*at, item);
    }
    seen
}
