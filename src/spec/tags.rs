//! Language tags, as written in a letter.

use crate::language::Tag;
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::toml::reader::{Context, Value};
use crate::words::suggest;
use crate::words::{Message, say};

/// The languages of a letter, each with its place.
pub(super) fn read_languages(value: Value<'_>, context: Context<'_>) -> Vec<(Tag, Place)> {
    let mut tags: Vec<(Tag, Place)> = Vec::new();
    let Some(items) = value.items(context) else { return tags };
    let before = tags.len();
    let mut any = false;
    for item in items {
        any = true;
        let Some(text) = item.text(context) else { continue };
        let Some(tag) = parse_tag(&text.value, &text.place, context) else { continue };
        if let Some((_, first)) = tags.iter().find(|(known, _)| *known == tag) {
            context.problems.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    text.place,
                    say!("`{tag}` is listed twice", tag),
                )
                .relate(first.clone(), say!("it appears here first")),
            );
            continue;
        }
        tags.push((tag, text.place));
    }
    if !any && before == 0 {
        value.invalid::<()>(
            context,
            say!("`languages` needs at least one language, such as [\"es\"]"),
        );
    }
    tags
}

/// Parses a tag, or reports an error that suggests what may have been meant.
pub(super) fn parse_tag(text: &str, place: &Place, context: Context<'_>) -> Option<Tag> {
    match text.parse() {
        Ok(tag) => Some(tag),
        Err(_) => {
            context.problems.push(
                Diagnostic::new(
                    Code::InvalidLanguage,
                    place.clone(),
                    say!("`{tag}` is not a language tag", tag = text),
                )
                .hint(language_hint(text)),
            );
            None
        }
    }
}

/// A hint for what people write instead of a tag: the name of the language, or an underscore.
fn language_hint(text: &str) -> Message {
    let dashed = text.replace('_', "-");
    if dashed != text && dashed.parse::<Tag>().is_ok() {
        return suggest::did_you_mean(&dashed);
    }
    match Tag::called(text) {
        Some(tag) => suggest::did_you_mean(&tag.to_string()),
        None => say!("write a BCP 47 tag such as `en`, `es` or `es-MX`"),
    }
}
