//! The parts of a letter by where they are written. All languages share their names, so that a
//! paragraph is found in the other languages.

use std::cmp::Reverse;
use std::ops::Range;

use crate::letter::texts::Key;
use crate::letter::{Body, Letter, Printed, Signatory};
use crate::source::Place;

/// The parts of a letter by where they are written, sorted.
pub(super) struct Parts(Vec<(u16, Range<usize>, String)>);

impl Parts {
    /// The parts of a letter.
    pub(super) fn of(letter: &Letter) -> Self {
        let mut parts = Self(Vec::new());
        for (key, text) in letter.texts() {
            parts.printed(key, text);
        }
        if let Body::Markdown(blocks) = &letter.body {
            for (index, block) in blocks.iter().enumerate() {
                parts.add(format!("body/{index}"), &block.place);
            }
        }
        // The larger first, because an entry contains each of its texts.
        parts.0.sort_by_key(|(file, range, _)| (*file, range.start, Reverse(range.end)));
        parts.0.dedup();
        parts
    }

    fn printed(&mut self, key: Key<'_>, text: &Printed) {
        let name = match key {
            Key::Title => "title",
            Key::Place => "place",
            Key::Subject => "subject",
            Key::Reference => "reference",
            Key::YourReference => "your-reference",
            Key::From => "from",
            Key::To(index, _) => &format!("to/{index}"),
            Key::Cc(index, _) => &format!("cc/{index}"),
            Key::Salutation => "salutation",
            Key::Closing => "closing",
            Key::SignatureHeading => "signature-heading",
            Key::SignatureNote => "signature-note",
            Key::GroupHeading => &format!("group/{}", text.source.value),
            Key::Signatory(signatory) => &self.signatory(signatory),
            Key::Postscript => "postscript",
            Key::Enclosure(index) => &format!("enclosures/{index}"),
            // These are not printed on any page.
            Key::LogoAlt | Key::Label | Key::Author | Key::Keyword | Key::Enclosed => return,
        };
        self.add(name.to_owned(), &text.source.place);
    }

    /// All languages share the list, so the place of an entry is its name. In a CSV file the place
    /// may be smaller than the entry.
    fn signatory(&mut self, signatory: &Signatory) -> String {
        let Place { file, range } = &signatory.place;
        let name = format!("signatory/{}/{}", file.into_raw(), range.start);
        self.add(name.clone(), &signatory.place);
        name
    }

    fn add(&mut self, name: String, place: &Place) {
        self.0.push((place.file.into_raw().get(), place.range.clone(), name));
    }

    /// The smallest part that contains a place: of the parts that begin before it, the last that
    /// reaches it.
    pub(super) fn at(&self, place: &Place) -> Option<&str> {
        /// How deep parts may be nested: a member of a member of a coalition, and their fields.
        const DEPTH: usize = 16;
        let file = place.file.into_raw().get();
        let after = self.0.partition_point(|(other, range, _)| {
            (*other, range.start) <= (file, place.range.start)
        });
        let before = self.0[..after].iter().rev().take(DEPTH);
        let mut around =
            before.filter(|(other, range, _)| *other == file && place.range.end <= range.end);
        around.next().map(|(.., name)| name.as_str())
    }
}
