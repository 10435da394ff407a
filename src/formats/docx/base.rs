//! From which version of a letter a Word document was made: short fingerprints of its paragraphs in their
//! order, and of the descriptions of its pictures, in custom properties (ECMA-376, part 1, section 15.2.12.2),
//! which word processors keep. With them, what was changed in the document is told from what was changed in
//! the letter meanwhile.
//!
//! Whoever has the document can compare a text with them, to find out whether an earlier version had it: what
//! this program needs to know cannot be kept from them, for the document is all that it has. So a fingerprint
//! has no more than 8 bits: one in 256 other texts has the same, and a list of names or sentences finds many
//! that were never there. A salt would add nothing to that, and two documents with different ones would tell
//! twice as much. For `revise`, one in 256 texts that were changed in the letter looks as if it was not; every
//! change is shown before it is written.

use std::collections::HashMap;

use maud::{Markup, html};
use roxmltree::{Document, Node, ParsingOptions};
use unicode_normalization::char::is_combining_mark;

use crate::files::archive::Archive;
use crate::formats::docx::R;
use crate::source::digest::start_of_sha256;

/// The part's path in the package.
pub(super) const PATH: &str = "docProps/custom.xml";

/// What the names of the properties begin with, and of those for the descriptions of pictures.
const NAME: &str = "undersigned-texts-";
const PICTURES: &str = "undersigned-pictures-";

/// The hexadecimal digits of a fingerprint.
const DIGITS: usize = 2;

/// Fingerprints in one property: Word takes 255 characters, a space behind each included.
const IN_ONE: usize = 85;

/// The most bytes of a document's properties and of its text, and the most elements of either.
const MOST: u64 = 1 << 20;
const MOST_TEXT: u64 = 128 << 20;
const MAX_NODES: u32 = 4_000_000;

/// The paragraphs of the letter that a document was made of.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(crate) struct Base {
    /// The fingerprints of its paragraphs and cells, in their order.
    pub texts: Vec<String>,
    /// Those of the descriptions of its pictures.
    pub pictures: Vec<String>,
}

impl Base {
    /// The paragraphs and cells of some parts of a document.
    pub(super) fn of(parts: &[&Markup]) -> Self {
        let mut base = Self::default();
        parts.iter().for_each(|part| base.part(&part.0));
        base
    }

    /// The same of a Word document, whoever wrote it.
    pub(crate) fn of_document(data: &[u8]) -> Self {
        let mut base = Self::default();
        let Ok(archive) = Archive::open(data) else { return base };
        for part in ["word/document.xml", "word/footnotes.xml"] {
            let read = archive.read(part, MOST_TEXT).and_then(Result::ok);
            if let Some(text) = read.and_then(|data| String::from_utf8(data).ok()) {
                base.part(&text);
            }
        }
        base
    }

    fn part(&mut self, part: &str) {
        let Ok(parsed) = parsed(part) else { return };
        for node in parsed.descendants() {
            match node.tag_name().name() {
                "tc" => self.texts.extend(fingerprint(&text_of(node))),
                "p" => {
                    let own = fingerprint(&text_of(node));
                    let is_cell = |cell: Node<'_, '_>| {
                        cell.tag_name().name() == "tc" && fingerprint(&text_of(cell)) == own
                    };
                    // The only paragraph of a cell is the cell.
                    if !node.parent().is_some_and(is_cell) {
                        self.texts.extend(own);
                    }
                }
                "docPr" => self.pictures.extend(node.attribute("descr").map(of_picture)),
                _ => {}
            }
        }
    }

    /// That of a Word document, unless it is no document of this program or a word processor dropped it.
    pub(crate) fn read(data: &[u8]) -> Option<Self> {
        let archive = Archive::open(data).ok()?;
        let text = String::from_utf8(archive.read(PATH, MOST)?.ok()?).ok()?;
        let parsed = parsed(&text).ok()?;
        let under = |start: &str| {
            let properties = parsed.descendants().filter(|node| {
                node.tag_name().name() == "property"
                    && node.attribute("name").is_some_and(|name| name.starts_with(start))
            });
            let texts = properties.flat_map(|node| node.descendants());
            let texts = texts.filter(Node::is_text).filter_map(|node| node.text());
            let prints = texts.flat_map(str::split_whitespace);
            // Older documents have more digits.
            prints.filter_map(|print| print.get(..DIGITS)).map(str::to_owned).collect()
        };
        let base = Self { texts: under(NAME), pictures: under(PICTURES) };
        (!base.texts.is_empty()).then_some(base)
    }

    /// The properties of the document that say it.
    pub(super) fn properties(&self) -> Markup {
        let some = |start: &'static str, all: &[String]| {
            let chunks = all.chunks(IN_ONE).map(|some| some.join(" ")).enumerate();
            let named = chunks.map(|(at, some)| (format!("{start}{}", at + 1), some));
            named.collect::<Vec<_>>()
        };
        let all = some(NAME, &self.texts).into_iter().chain(some(PICTURES, &self.pictures));
        let namespace = R.replace("relationships", "custom-properties");
        let types = R.replace("relationships", "docPropsVTypes");
        html! {
            Properties xmlns=(namespace) xmlns:vt=(types) {
                @for (number, (name, some)) in (2..).zip(all) {
                    property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid=(number)
                        name=(name) { vt:lpwstr { (some) } }
                }
            }
        }
    }
}

fn parsed(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
}

/// What the paragraphs and cells of a Word document were before what was changed while changes were tracked, by
/// what they are now.
pub(crate) fn before_changes(data: &[u8]) -> HashMap<String, String> {
    let mut all = HashMap::new();
    let Ok(archive) = Archive::open(data) else { return all };
    for part in ["word/document.xml", "word/footnotes.xml"] {
        let read = archive.read(part, MOST_TEXT).and_then(Result::ok);
        let Some(text) = read.and_then(|data| String::from_utf8(data).ok()) else { continue };
        let Ok(parsed) = parsed(&text) else { continue };
        let is_text = |node: &Node<'_, '_>| matches!(node.tag_name().name(), "p" | "tc");
        for node in parsed.descendants().filter(is_text) {
            if node.descendants().any(|node| matches!(node.tag_name().name(), "ins" | "del")) {
                all.extend(compared_text(&text_of(node)).map(|now| (now, text_before(node))));
            }
        }
    }
    all
}

/// The text of a paragraph or a cell before its tracked changes.
fn text_before(node: Node<'_, '_>) -> String {
    let is_old = |node: &Node<'_, '_>| node.ancestors().all(|n| n.tag_name().name() != "ins");
    let pieces =
        node.descendants().filter(is_old).filter_map(|node| match node.tag_name().name() {
            "t" | "delText" => node.text(),
            "p" | "br" | "cr" | "tab" => Some(" "),
            "noBreakHyphen" => Some("-"),
            _ => None,
        });
    pieces.collect()
}

/// The text of a paragraph or a cell.
fn text_of(node: Node<'_, '_>) -> String {
    let pieces = node.descendants().filter_map(|node| match node.tag_name().name() {
        "t" => node.text(),
        "p" | "br" | "cr" | "tab" => Some(" "),
        "noBreakHyphen" => Some("-"),
        _ => None,
    });
    pieces.collect()
}

/// A character as it is compared: with one quote and one hyphen for all. `None` if nobody sees it.
pub(crate) fn compared(c: char) -> Option<char> {
    match c {
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
            None
        }
        '"' | '\'' | '‘'..='‟' | '«' | '»' | '‹' | '›' | '「'..='』' => Some('\''),
        '\u{2010}' | '\u{2011}' => Some('-'),
        other => Some(other),
    }
}

/// Two digits for the words and signs of a text, whatever white space is beside signs. `None` if it has none.
pub(crate) fn fingerprint(text: &str) -> Option<String> {
    compared_text(text).map(|words| digits(&words))
}

/// The words and signs of a text as they are compared. `None` if it has none.
pub(crate) fn compared_text(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut words = String::new();
    let mut is_apart = false;
    for c in text.chars() {
        if c.is_whitespace() {
            is_apart = true;
        } else if let Some(c) = compared(c) {
            if is_apart && is_part(c) && words.ends_with(is_part) {
                words.push(' ');
            }
            is_apart = false;
            words.push(c);
        }
    }
    (!words.is_empty()).then_some(words)
}

/// Two digits for the description of a picture, which may be none.
pub(crate) fn of_picture(description: &str) -> String {
    fingerprint(description).unwrap_or_else(|| digits(""))
}

fn digits(text: &str) -> String {
    start_of_sha256(text, DIGITS / 2)
}
