//! From which version of a letter a Word document was made: short fingerprints of its paragraphs, in custom
//! properties (ECMA-376, part 1, section 15.2.12.2), which word processors keep. With them, what was changed
//! in the document is told from what was changed in the letter meanwhile.

use std::collections::BTreeSet;

use maud::{Markup, html};
use roxmltree::{Document, ParsingOptions};
use sha2::{Digest, Sha256};

use crate::files::archive::Archive;
use crate::formats::docx::R;

/// The part's path in the package.
pub(super) const PATH: &str = "docProps/custom.xml";

/// What the names of the properties begin with.
const NAME: &str = "undersigned";

/// Fingerprints in one property: Word takes 255 characters.
const IN_ONE: usize = 26;

/// The most bytes and elements that are read of a document's properties.
const MOST: u64 = 1 << 20;
const MAX_NODES: u32 = 100_000;

/// The paragraphs of the letter that a document was made of.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(crate) struct Base(BTreeSet<String>);

impl Base {
    /// The paragraphs and cells of some parts of a document.
    pub(super) fn of(parts: &[&Markup]) -> Self {
        let mut all = BTreeSet::new();
        for part in parts {
            let Ok(parsed) = Document::parse(&part.0) else { continue };
            let texts =
                parsed.descendants().filter(|node| ["p", "tc"].contains(&node.tag_name().name()));
            for node in texts {
                let pieces = node.descendants().filter(|node| node.tag_name().name() == "t");
                let text: String = pieces.filter_map(|node| node.text()).collect();
                all.extend(fingerprint(&text));
            }
        }
        Self(all)
    }

    /// That of a Word document, unless it is no document of this program or a word processor dropped it.
    pub(crate) fn read(data: &[u8]) -> Option<Self> {
        let archive = Archive::open(data).ok()?;
        let text = String::from_utf8(archive.read(PATH, MOST)?.ok()?).ok()?;
        let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
        let parsed = Document::parse_with_options(&text, options).ok()?;
        let properties = parsed.descendants().filter(|node| {
            node.tag_name().name() == "property"
                && node.attribute("name").is_some_and(|name| name.starts_with(NAME))
        });
        let texts = properties.flat_map(|node| node.descendants()).filter_map(|node| node.text());
        let all: BTreeSet<String> =
            texts.flat_map(str::split_whitespace).map(str::to_owned).collect();
        (!all.is_empty()).then_some(Self(all))
    }

    /// Whether a paragraph was in the letter. One without a word always was.
    pub(crate) fn has(&self, text: &str) -> bool {
        fingerprint(text).is_none_or(|print| self.0.contains(&print))
    }

    /// The properties of the document that say it.
    pub(super) fn properties(&self) -> Markup {
        let all: Vec<&str> = self.0.iter().map(String::as_str).collect();
        let namespace = R.replace("relationships", "custom-properties");
        let types = R.replace("relationships", "docPropsVTypes");
        html! {
            Properties xmlns=(namespace) xmlns:vt=(types) {
                @for (number, some) in (2..).zip(all.chunks(IN_ONE)) {
                    property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid=(number)
                        name={ (NAME) "-" (number - 1) } { vt:lpwstr { (some.join(" ")) } }
                }
            }
        }
    }
}

/// Eight digits for the letters and digits of a text. `None` if it has none.
fn fingerprint(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let digest = Sha256::digest(letters.as_bytes());
    let first = digest.iter().take(4).map(|byte| format!("{byte:02x}"));
    (!letters.is_empty()).then(|| first.collect())
}
