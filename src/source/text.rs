//! A text that somebody wrote, and where each of its characters is in the file.

use std::ops::Range;

use ecow::EcoString;
use typst::syntax::FileId;
use unicode_normalization::UnicodeNormalization;

use crate::source::Place;

/// A name in the form in which names of columns, links and the like are compared: ignoring case, and
/// whether an accent is a separate character, as on a Mac.
pub(crate) fn name_key(name: &str) -> String {
    match name.is_ascii() {
        true => name.to_ascii_lowercase(),
        false => name.nfc().collect::<String>().to_lowercase(),
    }
}

/// A value that people type into a form or a list, in the form in which it is compared with another: ignoring
/// case, accents and the spaces around it. "Si" is what many write for "Sí".
pub(crate) fn value_key(value: &str) -> String {
    // The accents of Latin, Greek and Cyrillic: in other scripts, a mark may be a vowel.
    let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    match value.is_ascii() {
        true => value.trim().to_ascii_lowercase(),
        false => value.trim().to_lowercase().nfd().filter(|c| !is_accent(c)).collect(),
    }
}

/// CommonMark compares the names of links ignoring case and the amount of white space.
pub(crate) fn link_name(name: &str) -> String {
    name_key(&name.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text with its place.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Text {
    /// The text with quotes removed and escapes resolved.
    pub value: EcoString,
    /// Where it is written, including its quotes.
    pub place: Place,
    /// How it is written.
    pub written: Written,
}

/// How a text is written in its file, which determines where its characters are.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub enum Written {
    /// As a TOML string of one of the four kinds.
    Toml,
    /// Literally.
    Plain,
}

impl Text {
    /// A whole file as a text.
    pub fn whole(file: FileId, source: &str) -> Self {
        Self {
            value: source.into(),
            place: Place::new(file, 0..source.len()),
            written: Written::Plain,
        }
    }

    /// Where a part of the text is in the file's source. `part` counts the bytes of `value`.
    pub fn locate(&self, source: &str, part: Range<usize>) -> Place {
        let map = OffsetMap::new(self, source);
        Place::new(self.place.file, map.range(part))
    }
}

/// A piece of a pattern such as "{place}, {date}".
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum PatternPart<'p> {
    /// Text that stays as it is, which may be empty.
    Plain(&'p str),
    /// The text between braces.
    Name(&'p str),
}

/// The pieces of a pattern. A brace that is not closed is plain text.
pub(crate) fn pattern_parts(pattern: &str) -> Vec<PatternPart<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        parts.extend([PatternPart::Plain(before), PatternPart::Name(name)]);
        rest = after;
    }
    parts.push(PatternPart::Plain(rest));
    parts
}

/// Maps offsets in a text to offsets in its file.
#[derive(Debug, Clone)]
pub(crate) struct OffsetMap {
    /// Pairs of (offset in the text, offset in the file), ascending. Between two pairs, both offsets
    /// advance equally.
    steps: Vec<(usize, usize)>,
}

impl OffsetMap {
    /// The map for a text with this `source` in its file.
    pub(crate) fn new(text: &Text, source: &str) -> Self {
        let start = text.place.range.start;
        match text.written {
            Written::Plain => Self { steps: vec![(0, start)] },
            Written::Toml => {
                let raw = source.get(text.place.range.clone()).unwrap_or_default();
                let steps = align_toml(raw, &text.value);
                Self { steps: steps.into_iter().map(|(a, b)| (a, b + start)).collect() }
            }
        }
    }

    /// The file offset of a text offset.
    pub(crate) fn offset(&self, offset: usize) -> usize {
        let index = self.steps.partition_point(|&(from, _)| from <= offset);
        match index.checked_sub(1).and_then(|index| self.steps.get(index)) {
            Some(&(from, to)) => to + (offset - from),
            None => offset,
        }
    }

    /// The file range of a text range. Its end is where the last character ends, so that it excludes
    /// what follows, such as the line break that TOML skips.
    pub(crate) fn range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offset(range.start);
        let end = match range.end.checked_sub(1) {
            Some(last) if range.end > range.start => self.offset(last) + 1,
            _ => start,
        };
        start..end.max(start)
    }
}

/// Where each stretch of a TOML string's value starts in its source, including the quotes (TOML 1.1,
/// "String").
fn align_toml(raw: &str, value: &str) -> Vec<(usize, usize)> {
    let (quote, escapes) = if raw.starts_with("\"\"\"") {
        (3, true)
    } else if raw.starts_with("'''") {
        (3, false)
    } else {
        (1, raw.starts_with('"'))
    };
    let bytes = raw.as_bytes();
    let mut at = quote;
    if quote == 3 {
        // A line break directly after the opening quotes is not part of the text.
        if bytes.get(at) == Some(&b'\r') {
            at += 1;
        }
        if bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
    }

    let mut steps = vec![(0, at)];
    for (offset, c) in value.char_indices() {
        // A backslash at the end of a line removes the white space up to the next character.
        while escapes
            && bytes.get(at) == Some(&b'\\')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace)
        {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
        }
        // A carriage return may have been dropped before a line feed.
        if c == '\n' && bytes.get(at) == Some(&b'\r') {
            at += 1;
        }
        let length = match (escapes && bytes.get(at) == Some(&b'\\'), bytes.get(at + 1)) {
            (true, Some(b'x')) => 4,
            (true, Some(b'u')) => 6,
            (true, Some(b'U')) => 10,
            (true, _) => 2,
            (false, _) => c.len_utf8(),
        };
        match steps.last() {
            Some(&(from, to)) if at - to == offset - from => {}
            _ => steps.push((offset, at)),
        }
        at += length;
        if length != c.len_utf8() {
            steps.push((offset + c.len_utf8(), at));
        }
    }
    steps
}

#[cfg(test)]
pub(crate) mod tests {
    use std::num::NonZeroU16;

    use toml::de::{DeTable, DeValue};
    use typst::syntax::{RootedPath, VirtualPath, VirtualRoot};

    use super::*;

    /// A file for texts that are in none.
    pub(crate) fn file() -> FileId {
        let path = VirtualPath::new("letter.toml").expect("a path");
        let id = RootedPath::new(VirtualRoot::Project, path).intern();
        assert!(id.into_raw() >= NonZeroU16::MIN);
        id
    }

    /// Each character of the value is found in the source, in all four kinds of string.
    #[test]
    fn every_character_is_found_in_the_source() {
        let sources = [
            "k = \"plain ñ\"",
            "k = 'literal \\ ñ'",
            "k = \"\"\"\nfirst\nsecond \\\n   third \\u00f1 \\\"x\\\" ñ\"\"\"",
            "k = '''\r\nfirst\r\nsecond'''",
            "k = \"tab\\tx\\\\y\"",
            "k = \"\"",
        ];
        for source in sources {
            let table = DeTable::parse(source).expect("TOML");
            let (_, value) = table.get_ref().iter().next().expect("an entry");
            let DeValue::String(text) = value.get_ref() else { panic!("a string") };
            let text = Text {
                value: text.as_ref().into(),
                place: Place::new(file(), value.span()),
                written: Written::Toml,
            };
            for (offset, c) in text.value.char_indices() {
                let place = text.locate(source, offset..offset + c.len_utf8());
                let found = &source[place.range.clone()];
                let escaped = found.starts_with('\\');
                assert!(escaped || found == c.to_string(), "{source:?} {c:?} {found:?}");
            }
        }
    }
}
