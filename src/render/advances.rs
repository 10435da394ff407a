//! How wide texts are, without setting them: a function for templates.

use std::collections::HashMap;

use typst::World;
use typst::comemo::Tracked;
use typst::diag::{At, SourceResult};
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, Content, Context, IntoValue, NativeFuncData, NativeFuncPtr, Value,
};
use typst::text::{TextElem, families, variant};

use crate::render::functions::function;

/// `undersigned-advances(texts)`: how far the letters of each text reach in the font of the surroundings, in
/// em, whatever the looks and sizes within it; none if the font lacks one of them. It needs `context`.
pub(super) static ADVANCES: NativeFuncData = function::<Array>(
    NativeFuncPtr(&advances),
    "undersigned-advances",
    "Advances",
    "How far the letters of texts reach, in em.",
);

fn advances(
    engine: &mut Engine,
    context: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    let styles = context.styles().at(arguments.span)?;
    let texts: Vec<Content> = arguments.expect("texts")?;
    let (world, variant) = (engine.world, variant(styles));
    let (size, variations) =
        (styles.resolve(TextElem::size), styles.get_cloned(TextElem::variations));
    let font = families(styles).find_map(|family| {
        let font = world.font(world.book().select(family.as_str(), variant)?)?;
        Some(font.instantiate(variant, size, &variations))
    });
    let mut known: HashMap<char, Option<f64>> = HashMap::new();
    let mut advance = |letter: char| {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        *known.entry(letter).or_insert_with(|| {
            let font = font.as_ref()?;
            Some(font.x_advance(font.ttf().glyph_index(letter)?.0)?.get())
        })
    };
    let mut sum = |text: Content| text.plain_text().chars().map(&mut advance).sum::<Option<f64>>();
    Ok(texts.into_iter().map(|text| sum(text).into_value()).collect::<Array>().into_value())
}
