//! Messages of the libraries that this program uses, which speak only English.
//!
//! Each library has a list of its sentences as patterns, so that they can be translated. A message
//! that is not in the list is shown as it is, and marked as English. The tests of the TOML reader
//! provoke the messages of its parser.

use crate::words::message::{IntoValue, Message, Value, say};
use crate::words::pattern;

/// Errors of the TOML parser (crates `toml_parser` and `toml`).
const TOML: &[&str] = &[
    "duplicate key",
    "cannot extend value of type {type} with a dotted key",
    "invalid literal string",
    "invalid basic string",
    "invalid multi-line literal string",
    "invalid multi-line basic string",
    "invalid boolean",
    "invalid datetime",
    "invalid date-time",
    "invalid date",
    "invalid time",
    "invalid offset",
    "invalid float",
    "invalid {kind} number",
    "invalid mantissa",
    "invalid fraction",
    "invalid exponent",
    "redundant numeric sign",
    "redundant integer number prefix",
    "integers with a radix cannot be signed",
    "radix must be lowercase",
    "unexpected sign",
    "unexpected leading zero",
    "`_` may only go between digits",
    "missing opening quote",
    "string values must be quoted",
    "invalid comment character",
    "carriage return must be followed by newline",
    "missing escaped value",
    "too few unicode value digits",
    "invalid value",
    "unquoted keys cannot be empty",
    "invalid unquoted key",
    "keys cannot be multi-line {kind} strings",
    "unclosed table",
    "unclosed array table",
    "missing table open",
    "key with no value",
    "missing value for key",
    "extra `=`",
    "missing inline table opening",
    "missing array opening",
    "extra comma in array",
    "unexpected `=` in array",
    "missing comma between array elements",
    "unclosed array",
    "extra comma in inline table",
    "extra assignment between key-value pairs",
    "missing key for inline table element",
    "missing assignment between key-value pairs",
    "invalid inline table element",
    "missing comma between key-value pairs",
    "unclosed inline table",
    "unexpected key or value",
    "invalid key-value pair",
    "cannot recurse further; max recursion depth met",
    "recursion limit",
];

/// What the TOML parser expected instead.
const TOML_EXPECTED: &[&str] = &[
    "newline",
    "key",
    "value",
    "letters",
    "digits",
    "basic string",
    "characters",
    "printable characters",
    "unicode hexadecimal value",
    "non-single-quote visible characters",
    "non-single-quote characters",
    "non-double-quote visible characters",
    "`{sign}`",
];

/// Errors of `serde_json`, without the line and column at the end.
const JSON: &[&str] = &[
    "EOF while parsing a list",
    "EOF while parsing an object",
    "EOF while parsing a string",
    "EOF while parsing a value",
    "expected `:`",
    "expected `,` or `]`",
    "expected `,` or `}}`",
    "expected ident",
    "expected value",
    "invalid escape",
    "invalid number",
    "number out of range",
    "control character (\\u0000-\\u001F) found while parsing a string",
    "key must be a string",
    "lone leading surrogate in hex escape",
    "unexpected end of hex escape",
    "trailing comma",
    "trailing characters",
    "recursion limit exceeded",
];

/// What Typst says about standards and what they forbid, which can be met without a template of the
/// user's own.
const TYPST: &[&str] = &[
    "PDF cannot conform to {first} and {second} at the same time",
    "choose at most one PDF/A standard",
    "choose at most one PDF/UA standard",
    "{standards} are mutually incompatible because they do not have any overlapping PDF versions",
    "{first} is not compatible with {second}",
    "{standard} requires a version between {least} and {most}",
    "{standard} requires version {version} or higher",
    "{standard} requires version {version} or lower",
    "{standard} requires version {version}",
    "{standard} error: the first heading must be of level 1",
    "{standard} error: skipped from heading level {from} to {to}",
    "heading levels must be consecutive",
    "{standard} error: missing alt text",
    "make sure your images and equations have alt text",
    "{standard} error: the image contains transparency",
    "{standard} error: the used fill or stroke has transparency",
    "{standard} error: the PDF contains transparency",
    "try exporting with a different standard that supports transparency",
    "or convert the image to a non-transparent one",
    "you might have to convert SVGs into non-transparent bitmap images",
    "or don't use colors with transparency in this export mode",
    "{standard} error: license of {font} is too restrictive",
    "{standard} error: links and other annotations cannot be navigated accessibly in {format} files",
    "{standard} error: headers and footers cannot be made accessible in {format} files",
    "{standard} error: table header cell cannot be accessibly tagged in {format} files",
    "select a version between {least} and {most}",
    "set the version to {version}",
    "PDF version must be at least {version} to satisfy {standard}",
    "remove or replace the {standard} standard, as it prevents PDF versions beyond {version}",
    "16 bit images are not supported in this export mode",
    "convert the image to 8 bit instead",
    "{standard} error: the text was not mapped to a code point",
    "{standard} error: the PDF contains text with missing codepoints",
    "for complex scripts like Arabic, it might not be possible to produce a compliant document",
    "while calling `{name}`",
    "while calling function",
    "while showing {name} element",
    "while importing `{file}`",
    "while including `{file}`",
    "unclosed delimiter",
    "loop seems to be infinite",
    "unknown variable: {name}",
    "unknown font family: {name}",
    "file not found (searched at {path})",
    "dictionary does not contain key {key}",
    "failed to load file (letters may not use Typst packages)",
    "failed to load file (access denied)",
    "failed to load file (it is not a regular file)",
    "failed to load file (it is too large)",
    "failed to load file (too many files are read)",
    "failed to load file (all files together are too large)",
];

/// An error of the TOML parser.
pub(crate) fn toml(text: &str) -> Message {
    let (what, expected) = text.split_once(", expected ").unwrap_or((text, ""));
    let Some(what) = known(TOML, what) else { return left_in_english(text) };
    // For dates it is enough to say that they are invalid; for the others, the message names what is
    // missing.
    let complete = ["invalid date", "invalid time", "invalid offset", "missing", "unclosed"];
    if expected.is_empty() || expected == "nothing" {
        return what;
    }
    if complete.iter().any(|start| text.starts_with(start)) {
        return Message::foreign(text, what);
    }
    let mut parts: Vec<&str> = expected.split(", ").map(plainly).collect();
    parts.dedup();
    let parts: Option<Vec<Message>> =
        parts.into_iter().map(|part| known(TOML_EXPECTED, part)).collect();
    let Some(mut expected) = parts else { return left_in_english(text) };
    let last = expected.pop();
    let expected = match (Message::list(expected), last) {
        (Some(list), Some(last)) => say!("{list} or {last}", list, last),
        (None, Some(only)) => only,
        (_, None) => return what,
    };
    Message::foreign(text, say!("{what}; {expected} was expected", what, expected))
}

/// What the TOML parser expected, with names that do not make distinctions irrelevant to people.
fn plainly(expected: &str) -> &str {
    match expected {
        "literal string" => "basic string",
        "numbers" => "digits",
        other => other,
    }
}

/// The error in a line of JSON. The place of the problem says where.
pub(crate) fn json(error: &serde_json::Error) -> Message {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    known(JSON, text).unwrap_or_else(|| left_in_english(text))
}

/// A message of Typst. Most of them, such as those of a user's own template, stay in English.
pub(crate) fn typst(text: &str) -> Message {
    known(TYPST, text).unwrap_or_else(|| {
        let otherwise = say!("Typst, which typesets the pages, says in English: {text}", text);
        Message::foreign(text, otherwise)
    })
}

/// A hint of Typst. It is shown below the message.
pub(crate) fn typst_hint(text: &str) -> Message {
    known(TYPST, text).unwrap_or_else(|| Message::verbatim(text))
}

/// A text that stays in English, and is marked as English in other languages.
fn left_in_english(text: &str) -> Message {
    Message::foreign(text, say!("{text} (in English)", text))
}

/// A sentence of a list, with its values.
fn known(sentences: &[&'static str], text: &str) -> Option<Message> {
    sentences.iter().copied().find_map(|pattern| {
        let values = pattern::values(pattern, text)?.into_iter();
        let values: Vec<(&str, Value)> =
            values.map(|(name, value)| (name, standards(value).value())).collect();
        Some(Message::new(pattern, values))
    })
}

/// A value in a sentence. Only a list of standards contains words: "PDF/A-4 and PDF/UA-1".
fn standards(text: &str) -> Message {
    match text.split_once(" and PDF") {
        Some((first, rest)) => {
            say!("{first} and {second}", first, second = standards(&format!("PDF{rest}")))
        }
        None => Message::verbatim(text),
    }
}

/// Every sentence, for the test that each of them is translated.
#[cfg(test)]
pub(crate) fn sentences() -> impl Iterator<Item = &'static str> {
    [TOML, TOML_EXPECTED, JSON, TYPST].into_iter().flatten().copied()
}

/// The sentences of the TOML parser, for the test that provokes each of them.
#[cfg(test)]
pub(crate) fn toml_sentences() -> impl Iterator<Item = &'static str> {
    TOML.iter().chain(TOML_EXPECTED).copied()
}

/// Whether a text was made from a pattern, or has a part that was.
#[cfg(test)]
pub(crate) fn is_of(pattern: &str, text: &str) -> bool {
    text.split(", expected ")
        .flat_map(|half| half.split(", ").map(plainly))
        .any(|part| pattern::values(pattern, part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn nothing_that_is_said_of_json_is_left_in_english() {
        let broken = [
            "[",
            "{",
            "\"",
            "{\"a\"",
            "{\"a\":",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\": 1 \"b\"}",
            "trux",
            "x",
            "\"\\q\"",
            "-x",
            "1e999",
            "\"\n\"",
            "{1: 2}",
            "\"\\uD800\\u0041\"",
            "\"\\uD800x\"",
            "{\"a\": 1,}",
            "{} x",
            &"[".repeat(200),
        ];
        let mut said = Vec::new();
        for text in broken {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let message = json(&error);
            let (en, es) = (message.english(), message.spanish());
            assert!(en != es && !es.contains("en inglés"), "{text}: {es}");
            said.push(en);
        }
        for english in JSON {
            let is_said = said.iter().any(|text| pattern::values(english, text).is_some());
            assert!(is_said, "nothing here is said to be {english:?}");
        }
    }

    #[test]
    fn what_varies_stands_where_it_belongs() {
        let standards = "PDF/A-4 and PDF/UA-1 are mutually incompatible because they do not have any \
                         overlapping PDF versions";
        let es = typst(standards).spanish();
        assert!(es.starts_with("un PDF no puede cumplir a la vez PDF/A-4 y PDF/UA-1:"), "{es}");
        assert_eq!(typst(standards).english(), standards);
        let skipped = typst("PDF/UA-1 error: skipped from heading level 1 to 3");
        assert_eq!(skipped.spanish(), "PDF/UA-1: después del nivel de encabezado 1 sigue el 3");
        assert_eq!(typst("unknown variable: é").spanish(), "no existe la variable `é`");
        let other = typst("cannot add integer and string");
        assert_eq!(
            other.spanish(),
            "Typst, que da formato a las páginas, dice en inglés: cannot add integer and string"
        );
    }
}
