//! The formats without pages: plain text, Markdown, HTML and Word documents, one file each; and the e-mail
//! that has some of them and the PDF.

pub(crate) mod docx;
pub(crate) mod eml;
pub(crate) mod format;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod outline;
pub(crate) mod outline_blocks;
pub(crate) mod text;

use crate::files::Files;
use crate::formats::format::{Document, Format};
use crate::formats::outline::Quotes;
use crate::letter::body::Block;
use crate::letter::{Body, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// A letter in the requested formats that have no pages. File names begin with `stem`. Formats that
/// cannot be written are among the problems.
pub(crate) fn documents(
    letter: &Letter,
    stem: &str,
    formats: &[Format],
    files: &Files,
    problems: &Problems,
) -> Vec<Document> {
    let wanted: Vec<Format> =
        formats.iter().copied().filter(|format| !format.has_pages()).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let Some(body) = problems.take(body(letter)) else { return Vec::new() };
    let document = |format| {
        let parts = |quotes| outline::parts(letter, body, quotes);
        let data = match format {
            Format::Txt => text::write(letter, parts(Quotes::OfLanguage)).into_bytes(),
            Format::Md => markdown::write(parts(Quotes::Straight)).into_bytes(),
            Format::Html => {
                html::write(letter, &parts(Quotes::OfLanguage), files, problems)?.into_bytes()
            }
            Format::Docx => docx::write(letter, &parts(Quotes::OfLanguage), files, problems)?,
            Format::Pdf | Format::Png | Format::Svg | Format::Eml => return None,
        };
        Some(Document { name: format!("{stem}.{}", format.extension()), data })
    };
    wanted.into_iter().filter_map(document).collect()
}

/// The text of a letter. Typst markup is a program, so its text is not known until it is laid out.
fn body(letter: &Letter) -> Result<&[Block], Box<Diagnostic>> {
    match &letter.body {
        Body::Markdown(blocks) => Ok(blocks),
        Body::Typst(file) => {
            let message = say!(
                "a body in Typst can be typeset on pages, but not written as txt, md, html, docx or eml"
            );
            let hint = say!("write the body in Markdown, or build only pdf, png and svg");
            let diagnostic =
                Diagnostic::new(Code::InvalidValue, Place::start_of(*file), message).hint(hint);
            Err(Box::new(diagnostic.in_language(&letter.tag)))
        }
    }
}

#[cfg(test)]
pub(crate) mod completeness;
