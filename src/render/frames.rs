//! The texts on laid-out pages, and where each is written.

use typst::WorldExt;
use typst::layout::{Frame, FrameItem, Transform};
use typst::syntax::Span;
use typst::text::TextItem;

use crate::files::carried;
use crate::render::world::LetterWorld;
use crate::source::Place;

/// Where a text on a page is written, if known.
pub(crate) fn place_of(span: Span, world: &LetterWorld) -> Option<Place> {
    let file = span.id().filter(|file| !carried::is_carried(*file))?;
    Some(Place::new(file, world.range(span)?))
}

/// Visits all texts.
pub(super) fn walk(frame: &Frame, visit: &mut impl FnMut(&TextItem)) {
    walk_placed(frame, Transform::identity(), &mut |text, _| visit(text));
}

/// Visits all texts, each with the transform from its own coordinates to those of the outermost
/// frame.
pub(crate) fn walk_placed(
    frame: &Frame,
    transform: Transform,
    visit: &mut impl FnMut(&TextItem, Transform),
) {
    for (at, item) in frame.items() {
        let transform = transform.pre_concat(Transform::translate(at.x, at.y));
        match item {
            FrameItem::Text(text) => visit(text, transform),
            FrameItem::Group(group) => {
                walk_placed(&group.frame, transform.pre_concat(group.transform), visit);
            }
            _ => {}
        }
    }
}
