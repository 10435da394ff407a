//! What a PDF still needs after Typst has written it, so that a print shop and a screen reader find
//! nothing to complain about.
//!
//! Bytes in, bytes out, and the same bytes for the same input. This room knows PDF as krilla writes it,
//! and nothing of letters. Each step names the change in Typst or krilla that makes it unnecessary.

mod bookmarks;
mod grey;
mod links;
mod lists;
mod metadata;
mod namespaces;
mod objects;
mod viewer;

pub(crate) use crate::pdf::bookmarks::Bookmarks;
use crate::pdf::objects::Objects;

/// What a document says of itself beyond what Typst knows.
#[derive(Default)]
pub(crate) struct Details<'d> {
    /// What a link from a note to the text says; nothing if it is empty.
    pub back_to_text: &'d str,
    /// The bookmarks, if there are several languages side by side.
    pub bookmarks: Option<Bookmarks>,
}

/// Finishes a PDF of Typst's. A file that is not in the form in which krilla writes PDFs stays as it is.
pub(crate) fn finish(pdf: Vec<u8>, details: &Details<'_>) -> Vec<u8> {
    let Some(mut objects) = Objects::read(&pdf) else { return pdf };
    grey::print_with_one_ink(&mut objects);
    lists::remove_empty_labels(&mut objects);
    links::name_back_links(&mut objects, details.back_to_text);
    if let Some(bookmarks) = &details.bookmarks {
        bookmarks::by_language(&mut objects, bookmarks);
    }
    namespaces::correct(&mut objects);
    metadata::claim_no_proof(&mut objects);
    viewer::show_title(&mut objects);
    objects.write()
}

#[cfg(test)]
mod tests;
