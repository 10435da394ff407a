//! The enclosures of a letter.

use crate::letter::placeholders::RECIPIENT;
use crate::letter::resolve::{LanguageResolver, Recipient};
use crate::letter::{Enclosed, Printed, enclosures};
use crate::source::text::Text;
use crate::spec;

impl LanguageResolver<'_> {
    /// The enclosures, and those whose file goes into the PDF.
    pub(super) fn enclosures(
        &self,
        enclosures: &[spec::Enclosure],
    ) -> (Vec<Printed>, Vec<Enclosed>) {
        let (mut titles, mut enclosed) = (Vec::new(), Vec::new());
        for enclosure in enclosures {
            let title = self.optional(Some(&enclosure.title), "enclosures");
            let path = self.optional(enclosure.file.as_ref(), "enclosures.file");
            let Some(title) = title else { continue };
            titles.push(title.clone());
            let path = path.filter(|path| self.is_known(path));
            if let Some(path) = path {
                let (number, path) = (titles.len(), Text { value: path.text, ..path.source });
                enclosed.extend(self.enclosed(title, number, &path, enclosure.attach));
            }
        }
        (titles, enclosed)
    }

    /// Whether the path of a file is known. If the list of a merge names a file for each recipient, it is
    /// known only in the letter to one.
    fn is_known(&self, path: &Printed) -> bool {
        matches!(self.all.recipient, Recipient::One(_)) || !names_recipient(&path.source)
    }

    /// Whether each recipient gets other files.
    pub(super) fn encloses_files_of_recipients(&self, enclosures: &[spec::Enclosure]) -> bool {
        let mut files = enclosures.iter().filter_map(|enclosure| enclosure.file.as_ref());
        files.any(|file| file.get(self.tag).is_some_and(names_recipient))
    }

    fn enclosed(
        &self,
        title: Printed,
        number: usize,
        path: &Text,
        attach: bool,
    ) -> Option<Enclosed> {
        let file = self.all.problems.take(self.all.files.follow_text(path))?;
        let data = self.all.files.file(file).ok()?;
        let place = path.place.clone();
        let pages = match attach {
            true => None,
            false => Some(self.all.problems.take(enclosures::pages(path, data))?),
        };
        Some(Enclosed { title, number, file, place, attach, pages })
    }
}

/// Whether a text contains a placeholder of a mail merge.
fn names_recipient(text: &Text) -> bool {
    text.value.contains("{{") && text.value.contains(RECIPIENT)
}
