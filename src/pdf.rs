//! What a PDF still needs after Typst has written it, so that a print shop and a screen reader find
//! nothing to complain about.
//!
//! Bytes in, bytes out, and the same bytes for the same input. This room knows PDF as krilla writes it,
//! and nothing of letters. Each step names the change in Typst or krilla that makes it unnecessary.

mod grey;
mod links;
mod lists;
mod objects;
mod viewer;

use crate::pdf::objects::Objects;

/// Finishes a PDF of Typst's. `back` is what a link from a note to the text says. A file that is not in the form in which krilla writes PDFs stays as it is.
pub(crate) fn finish(pdf: Vec<u8>, back: &str) -> Vec<u8> {
    let Some(mut objects) = Objects::read(&pdf) else { return pdf };
    grey::print_with_one_ink(&mut objects);
    lists::remove_empty_labels(&mut objects);
    links::name_back_links(&mut objects, back);
    viewer::show_title(&mut objects);
    objects.write()
}

#[cfg(test)]
mod tests;
