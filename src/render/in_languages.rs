//! What languages set side by side have in common: printed once if they say the same, otherwise
//! together.

use typst::foundations::{Content, IntoValue, Value};

use crate::language::Tag;
use crate::letter::Printed;
use crate::render::content::{self, plain, printed};

/// The same element in each language of an edition, or in the single language of a letter.
pub(super) type InLanguages<'l, T> = Vec<(&'l Tag, &'l T)>;

/// A part of an element, in the languages that have it.
pub(super) fn part<'l, T, U>(
    all: &InLanguages<'l, T>,
    get: impl Fn(&'l T) -> Option<&'l U>,
) -> InLanguages<'l, U> {
    all.iter().filter_map(|(tag, thing)| Some((*tag, get(thing)?))).collect()
}

/// Texts in several languages as one. Identical texts are printed once; different ones are separated
/// by a slash, each marked with its language.
pub(super) fn joined<'l>(texts: impl Iterator<Item = (&'l str, &'l Tag, Content)>) -> Content {
    let texts: Vec<_> = texts.collect();
    if let Some((first, _, content)) = texts.first()
        && texts.iter().all(|(text, ..)| text == first)
    {
        return content.clone();
    }
    let mut parts = Vec::new();
    for (_, tag, content) in texts {
        if !parts.is_empty() {
            parts.push(plain(" / "));
        }
        parts.push(content::in_language(content, tag));
    }
    Content::sequence(parts)
}

pub(super) fn together(all: &InLanguages<'_, Printed>) -> Content {
    joined(all.iter().map(|(tag, text)| (text.text.as_str(), *tag, printed(text))))
}

/// A part of a signatory's name or of what follows it.
pub(super) fn name_together<'l, T>(
    all: &InLanguages<'l, T>,
    get: impl Fn(&'l T) -> Option<&'l Printed>,
) -> Value {
    let names = part(all, get);
    if names.is_empty() {
        return Value::None;
    }
    let names = names.iter();
    joined(names.map(|(tag, name)| (name.text.as_str(), *tag, content::printed_name(name))))
        .into_value()
}

pub(super) fn maybe_together<'l, T>(
    all: &InLanguages<'l, T>,
    get: impl Fn(&'l T) -> Option<&'l Printed>,
) -> Value {
    let texts = part(all, get);
    if texts.is_empty() { Value::None } else { together(&texts).into_value() }
}

/// The entries of lists of the same length, each in all languages.
pub(super) fn entries<'l, T>(all: &InLanguages<'l, Vec<T>>) -> Vec<InLanguages<'l, T>> {
    let most = all.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    (0..most).map(|index| part(all, |list| list.get(index))).collect()
}
