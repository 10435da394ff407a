//! Language tags, as written in a letter.

use crate::language::Tag;
use crate::language::keywords::{self, CALENDARS, Unknown};
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
            let (message, hint) = match keywords::unknown(text) {
                Some(Unknown::Calendar(name)) => {
                    let hint = match suggest::nearest(&name, CALENDARS.iter().copied()) {
                        Some(near) => suggest::did_you_mean(near),
                        None => {
                            let calendars = CALENDARS.join(", ");
                            say!("the calendars are {calendars}", calendars)
                        }
                    };
                    (
                        say!(
                            "`{tag}` asks for the calendar `{name}`, which is unknown",
                            tag = text,
                            name
                        ),
                        hint,
                    )
                }
                Some(Unknown::Digits(name)) => (
                    say!(
                        "`{tag}` asks for the digits `{name}`, which are unknown",
                        tag = text,
                        name
                    ),
                    say!(
                        "write the digits of the CLDR, such as `latn`, `arab`, `arabext` or `deva`"
                    ),
                ),
                None => (say!("`{tag}` is not a language tag", tag = text), language_hint(text)),
            };
            let problem = Diagnostic::new(Code::InvalidLanguage, place.clone(), message);
            context.problems.push(problem.hint(hint));
            None
        }
    }
}

/// Tags from before there were rules for them, with today's: "grandfathered" ones in IANA's registry.
const OLD: &[(&str, &str)] = &[
    ("en-gb-oed", "en-GB-oxendict"),
    ("i-ami", "ami"),
    ("i-bnn", "bnn"),
    ("i-hak", "hak"),
    ("i-klingon", "tlh"),
    ("i-lux", "lb"),
    ("i-navajo", "nv"),
    ("i-pwn", "pwn"),
    ("i-tao", "tao"),
    ("i-tay", "tay"),
    ("i-tsu", "tsu"),
    ("no-bok", "nb"),
    ("no-nyn", "nn"),
    ("sgn-be-fr", "sfb"),
    ("sgn-be-nl", "vgt"),
    ("sgn-ch-de", "sgg"),
    ("zh-min-nan", "nan"),
];

/// A hint for what people write instead of a tag: the name of the language, an underscore, a tag of before, or
/// one that says no language.
pub(crate) fn language_hint(text: &str) -> Message {
    let lower = text.to_ascii_lowercase();
    if let Some((_, now)) = OLD.iter().find(|(old, _)| *old == lower) {
        return suggest::did_you_mean(now);
    }
    let dashed = text.replace('_', "-");
    // `mis` is for languages without a code.
    let coded = match lower.starts_with("x-") {
        true => format!("mis-{dashed}"),
        false => dashed,
    };
    if coded != text && coded.parse::<Tag>().is_ok() {
        return suggest::did_you_mean(&coded);
    }
    match Tag::called(text) {
        Some(tag) => suggest::did_you_mean(&tag.to_string()),
        None => say!(
            "write a BCP 47 tag such as `en`, `es-MX` or `zh-Hant`; for a language without a code, `mis`"
        ),
    }
}
