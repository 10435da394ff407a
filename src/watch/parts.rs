//! The parts of a letter by where they are written: by their names, which all languages share, a paragraph
//! is found in the other languages.

use std::ops::Range;

use crate::letter::{Body, Heading, Letter, Printed, Signatory};
use crate::source::Place;

/// The parts of a letter by where they are written, sorted.
pub(super) struct Parts(Vec<(u16, Range<usize>, String)>);

impl Parts {
    /// The parts of a letter.
    pub(super) fn of(letter: &Letter) -> Self {
        let mut parts = Self(Vec::new());
        parts.printed("title", Some(&letter.title));
        parts.printed("place", letter.place.as_ref());
        parts.printed("subject", letter.subject.as_ref());
        parts.printed("reference", letter.reference.as_ref());
        parts.printed("your-reference", letter.your_reference.as_ref());
        if let Some(from) = &letter.from {
            let fields = [&from.name, &from.organization, &from.email, &from.phone, &from.web];
            for field in fields.into_iter().flatten().chain(&from.address) {
                parts.printed("from", Some(field));
            }
        }
        for (name, people) in [("to", &letter.to), ("cc", &letter.cc)] {
            for (index, person) in people.iter().enumerate() {
                let fields = [
                    Some(&person.name),
                    person.honorific.as_ref(),
                    person.office.as_ref(),
                    person.organization.as_ref(),
                    person.email.as_ref(),
                    person.note.as_ref(),
                ];
                for field in fields.into_iter().flatten().chain(&person.address) {
                    parts.printed(&format!("{name}/{index}"), Some(field));
                }
            }
        }
        parts.printed("salutation", letter.salutation.as_ref());
        if let Body::Markdown(blocks) = &letter.body {
            for (index, block) in blocks.iter().enumerate() {
                parts.add(format!("body/{index}"), &block.place);
            }
        }
        parts.printed("closing", letter.closing.as_ref());
        parts.printed("signature-heading", letter.signature_heading.as_ref());
        for group in &letter.groups {
            if let Some(Heading::Printed(heading)) = &group.heading {
                parts.printed(&format!("group/{}", heading.source.value), Some(heading));
            }
            group.signatories.iter().for_each(|signatory| parts.signatory(signatory));
        }
        parts.printed("postscript", letter.postscript.as_ref());
        for (index, enclosure) in letter.enclosures.iter().enumerate() {
            parts.printed(&format!("enclosures/{index}"), Some(enclosure));
        }
        parts.0.sort_by_key(|(file, range, _)| (*file, range.start));
        parts
    }

    fn printed(&mut self, name: &str, text: Option<&Printed>) {
        if let Some(text) = text {
            self.add(name.to_owned(), &text.source.place);
        }
    }

    /// All languages share the list, so where an entry stands is its name.
    fn signatory(&mut self, signatory: &Signatory) {
        let place = &signatory.place;
        let name = format!("signatory/{}/{}", place.file.into_raw(), place.range.start);
        self.add(name.clone(), place);
        // In a CSV file the place may be less than the entry.
        let fields = [&signatory.title, &signatory.organization, &signatory.note];
        self.printed(&name, Some(&signatory.name));
        fields.into_iter().for_each(|field| self.printed(&name, field.as_ref()));
        signatory.members.iter().for_each(|member| self.signatory(member));
    }

    fn add(&mut self, name: String, place: &Place) {
        self.0.push((place.file.into_raw().get(), place.range.clone(), name));
    }

    /// The smallest part that a place is in: of those that begin before it, the last that reaches it.
    pub(super) fn at(&self, place: &Place) -> Option<&str> {
        /// How many parts one may be inside of: a member of a member of a coalition, and their fields.
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
