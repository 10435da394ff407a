//! The enclosures of a letter.

use crate::letter::resolve::LanguageResolver;
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
            if let Some(path) = path {
                let number = titles.len();
                enclosed.extend(self.enclosed(title, number, &path.source, enclosure.attach));
            }
        }
        (titles, enclosed)
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
