//! The names of signatories with what follows them: a function for templates. A template of its own would take
//! much of the work of a list, because Typst hashes all that is passed to a function that is not of Rust.

use typst::comemo::Tracked;
use typst::diag::{At, SourceResult};
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, Content, Context, Dict, FromValue, Func, IntoValue, NativeElement, NativeFuncData,
    NativeFuncPtr, Str, Value,
};
use typst::layout::BoxElem;
use typst::text::TextElem;

use crate::render::functions::function;

/// `undersigned-names(signatories, look, details, separator, whole, link)`: "Jane Doe, Director, Example
/// Institute" for each, as `signatory-names` in `parts.typ` says. `link` is the function that sets a name with its
/// URL.
pub(super) static NAMES: NativeFuncData = function::<Array>(
    NativeFuncPtr(&names),
    "undersigned-names",
    "Names",
    "The names of signatories.",
);

fn names(
    engine: &mut Engine,
    context: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    let span = arguments.span;
    let signatories: Array = arguments.expect("signatories")?;
    let look: Func = arguments.expect("look")?;
    let details: Func = arguments.expect("details")?;
    let separator: Value = arguments.expect("separator")?;
    let whole: usize = arguments.expect("whole")?;
    let link: Func = arguments.expect("link")?;
    let mut lines = Array::with_capacity(signatories.len());
    for signatory in signatories {
        let signatory: Dict = signatory.cast().at(span)?;
        let name: Content = part(&signatory, "name").at(span)?;
        let mut line: Content = look.call(engine, context, [name])?.cast().at(span)?;
        if part::<Str>(&signatory, "alt").at(span)?.len() <= whole {
            line = BoxElem::new().with_body(Some(line)).pack().spanned(span);
        }
        if let Some(url) = part::<Option<Str>>(&signatory, "url").at(span)? {
            let linked = [url.into_value(), line.into_value()];
            line = link.call(engine, context, linked)?.cast().at(span)?;
        }
        for key in ["title", "organization"] {
            let Some(detail) = part::<Option<Content>>(&signatory, key).at(span)? else { continue };
            let separator = match &separator {
                Value::Auto => TextElem::packed(part::<Str>(&signatory, "comma").at(span)?),
                other => other.clone().cast().at(span)?,
            };
            let detail: Content = details.call(engine, context, [detail])?.cast().at(span)?;
            line += separator + detail;
        }
        lines.push(line.into_value());
    }
    Ok(lines.into_value())
}

/// A value of a signatory.
fn part<T: FromValue>(signatory: &Dict, key: &str) -> typst::diag::HintedStrResult<T> {
    signatory.get(key)?.clone().cast()
}
