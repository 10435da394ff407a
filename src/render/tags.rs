//! Tags of a PDF that Typst only sets for elements of its own looks: functions for templates.
//!
//! A list of signatories may be set in columns over several pages, and the members of a coalition in
//! one run of text. A screen reader announces both as lists, with the number of their items, if they
//! are tagged as lists.
//!
//! Upstream: <https://github.com/typst/typst/issues/8860>.

use typst::comemo::Tracked;
use typst::diag::SourceResult;
use typst::engine::Engine;
use typst::foundations::{Args, Content, Context, IntoValue, NativeFuncData, NativeFuncPtr, Value};
use typst::pdf::PdfMarkerTag;

use crate::render::functions::function;

/// `undersigned-list(body)`: content as a list without labels, whatever it looks like. It may contain
/// nothing but items and space.
pub(super) static LIST: NativeFuncData =
    function::<Content>(NativeFuncPtr(&list), "undersigned-list", "Tag", "Content as a list.");

/// `undersigned-item(body)`: an item of such a list.
pub(super) static ITEM: NativeFuncData = function::<Content>(
    NativeFuncPtr(&item),
    "undersigned-item",
    "Tag",
    "Content as an item of a list.",
);

fn list(_: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let body = arguments.expect("body")?;
    Ok(PdfMarkerTag::Bibliography(false, body).into_value())
}

fn item(_: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let body = arguments.expect("body")?;
    Ok(PdfMarkerTag::ListItemBody(body).into_value())
}
