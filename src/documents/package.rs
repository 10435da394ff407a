//! The parts of a document that is a ZIP archive, with limits: nothing outside the archive is read, and
//! what is small on the disk cannot become large in memory.

use roxmltree::{Document, Node, ParsingOptions};

use crate::documents::decoded;
use crate::files::archive::{Archive, MAX_ENTRIES, MAX_RATIO, Unpacked};
use crate::words::{Message, say};

/// The most bytes that all parts that are read may have together: some 20,000 pages.
pub(super) const MAX_BYTES: u64 = 128 << 20;

/// The most elements and texts of a part.
const MAX_NODES: u32 = 4_000_000;

/// The most levels of elements that are followed. What is deeper is left out.
pub(super) const MAX_DEPTH: usize = 64;

/// An open document.
pub(super) struct Package<'d> {
    name: &'d str,
    archive: Archive<'d>,
    left: u64,
}

impl<'d> Package<'d> {
    /// Opens a document whose file has this name.
    pub(super) fn open(name: &'d str, data: &'d [u8]) -> Result<Self, Message> {
        let archive = Archive::open(data).map_err(|error| told(name, error))?;
        Ok(Self { name, archive, left: MAX_BYTES })
    }

    /// The text of a part. `None` if there is no such part.
    pub(super) fn part(&mut self, part: &str) -> Result<Option<String>, Message> {
        Ok(self.bytes(part)?.map(|data| decoded(&data)))
    }

    /// The bytes of a part. `None` if there is no such part.
    pub(super) fn bytes(&mut self, part: &str) -> Result<Option<Vec<u8>>, Message> {
        let data = match self.archive.read(part, self.left) {
            None => return Ok(None),
            Some(Ok(data)) => data,
            Some(Err(error)) => return Err(told(self.name, error)),
        };
        self.left -= data.len() as u64;
        Ok(Some(data))
    }

    /// The text of a part that every such document has.
    pub(super) fn needed(&mut self, part: &str) -> Result<String, Message> {
        self.part(part)?.ok_or_else(|| damaged(self.name))
    }

    /// Parses the text of a part.
    pub(super) fn parse<'t>(&self, text: &'t str) -> Result<Document<'t>, Message> {
        parse(self.name, text)
    }
}

/// Parses XML. What declares entities is refused: no word processor does, and they can grow without
/// bound.
pub(super) fn parse<'t>(name: &str, text: &'t str) -> Result<Document<'t>, Message> {
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => {
            say!("`{name}` declares entities, which no word processor does: it is not read", name)
        }
        roxmltree::Error::NodesLimitReached => {
            say!("`{name}` has more than {most} elements", name, most = MAX_NODES)
        }
        _ => damaged(name),
    })
}

/// Why a document or a part of it cannot be read.
fn told(name: &str, error: Unpacked) -> Message {
    match error {
        Unpacked::Damaged => damaged(name),
        Unpacked::Locked => locked(name),
        Unpacked::TooLarge => {
            let most = MAX_BYTES >> 20;
            say!("the parts of `{name}` have more than {most} MiB together", name, most)
        }
        Unpacked::TooDense => say!(
            "a part of `{name}` is packed to less than a {ratio}th, as none is that holds a text",
            name,
            ratio = MAX_RATIO
        ),
        Unpacked::TooMany => {
            say!("`{name}` has more than {most} parts", name, most = MAX_ENTRIES)
        }
    }
}

pub(super) fn damaged(name: &str) -> Message {
    say!("`{name}` is damaged: open it in Word or LibreOffice, and save it again", name)
}

pub(super) fn locked(name: &str) -> Message {
    say!("`{name}` has a password: open it with it, and save it without one", name)
}

/// The value of an attribute, whatever its namespace.
pub(super) fn attribute<'n>(node: Node<'n, '_>, name: &str) -> Option<&'n str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|found| found.value())
}

/// The first child element with a name, whatever its namespace.
pub(super) fn child<'n, 't>(node: Node<'n, 't>, name: &str) -> Option<Node<'n, 't>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// All text in an element, its paragraphs parted by spaces.
pub(super) fn text_in(node: Node<'_, '_>, is_text: impl Fn(&str) -> bool) -> String {
    text_of(shown(node), is_text)
}

/// What is in an element and is shown: Word writes a text box twice, the second time for older programs.
fn shown<'n, 't>(node: Node<'n, 't>) -> impl Iterator<Item = Node<'n, 't>> {
    let is_fallback = |node: Node<'_, '_>| node.tag_name().name() == "Fallback";
    node.descendants()
        .filter(move |inner| !inner.ancestors().take_while(|outer| *outer != node).any(is_fallback))
}

fn text_of<'n, 't: 'n>(
    nodes: impl Iterator<Item = Node<'n, 't>>,
    is_text: impl Fn(&str) -> bool,
) -> String {
    let mut text = String::new();
    for node in nodes {
        let parent = node.parent().map_or("", |parent| parent.tag_name().name());
        match node.tag_name().name() {
            "p" | "h" | "tab" | "br" | "line-break" | "s" => text.push(' '),
            _ if node.is_text() && is_text(parent) => {
                text.push_str(node.text().unwrap_or_default());
            }
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of the head of a page, unless it numbers the pages.
pub(super) fn header_lines(header: Node<'_, '_>, is_text: impl Fn(&str) -> bool) -> Vec<String> {
    let named = |names: &'static [&str]| {
        shown(header).filter(move |node| names.contains(&node.tag_name().name()))
    };
    if named(&["fldSimple", "fldChar", "page-number", "page-count"]).next().is_some() {
        return Vec::new();
    }
    // The paragraphs of a text box are inside another one.
    let is_line = |node: &Node<'_, '_>| ["p", "h"].contains(&node.tag_name().name());
    let lines = named(&["p", "h"]).map(|line| {
        let is_own = |node: &Node<'_, '_>| node.ancestors().find(is_line) == Some(line);
        text_of(shown(line).filter(is_own), &is_text)
    });
    lines.filter(|line| !line.is_empty()).collect()
}
