//! What a PDF still needs after Typst has written it, so that a print shop and a screen reader find
//! nothing to complain about.
//!
//! Bytes in, bytes out, and the same bytes for the same input. This room knows PDF as krilla writes it,
//! and nothing of letters. Each step names the issue about what makes it unnecessary in Typst, krilla or
//! pdf-writer, where one is known.

mod bookmarks;
mod colours;
mod content;
mod grey;
mod languages;
mod links;
mod lists;
mod marks;
mod metadata;
mod namespaces;
mod objects;
mod parts;
mod pictures;
mod press;
mod profile;
mod standards;
mod ua2;
mod value;
mod viewer;
mod xmp;

use std::sync::Arc;

pub(crate) use crate::pdf::bookmarks::Bookmarks;
use crate::pdf::objects::Objects;
pub(crate) use crate::pdf::profile::Profile;
use crate::pdf::standards::Press;
pub(crate) use crate::pdf::standards::{Conflict, DEFAULT_STANDARDS, Plan, STANDARDS};
pub use crate::pdf::standards::{PdfStandard, UnknownStandard};

/// What a document says of itself beyond what Typst knows.
#[derive(Default)]
pub(crate) struct Details<'d> {
    /// What a link from a note to the text says; nothing if it is empty.
    pub back_to_text: &'d str,
    /// The language tags that Typst writes, each with the whole tag.
    pub languages: Vec<(String, String)>,
    /// The bookmarks, if there are several languages side by side.
    pub bookmarks: Option<Bookmarks>,
    /// The pages on which the letters after the first begin, counted from zero.
    pub parts: Vec<usize>,
    /// The press, for a standard that is about one. By default, offset on coated paper.
    pub profile: Option<Arc<Profile>>,
    /// Whether the pages have crop marks.
    pub crop_marks: bool,
}

/// What a press operator would complain about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Finding {
    /// There are links, which a standard for the press forbids and one for screen readers asks for.
    Links,
    /// There is something transparent that cannot be replaced by colours.
    Transparent,
    /// There is a colour that cannot be converted into inks.
    Unconverted,
    /// Something transparent was printed as if it were on white.
    Flattened,
    /// A point gets that many percent of ink.
    Ink(f64),
}

/// The most ink that presses can dry, where 1 is all of one ink.
const MOST_INK: f64 = 3.0;

/// Finishes a PDF of Typst's. Returns what is worth a warning with it, or why it cannot be made.
///
/// A file that is not in the form in which krilla writes PDFs stays as it is.
pub(crate) fn finish(
    pdf: Vec<u8>,
    plan: &Plan,
    details: &Details<'_>,
) -> Result<(Vec<u8>, Vec<Finding>), Finding> {
    let Some(mut objects) = Objects::read(&pdf) else {
        return if plan.press.is_none() {
            Ok((pdf, Vec::new()))
        } else {
            Err(Finding::Unconverted)
        };
    };
    pictures::find_greys(&mut objects);
    grey::print_with_one_ink(&mut objects);
    lists::remove_empty_labels(&mut objects);
    links::name_back_links(&mut objects, details.back_to_text);
    languages::complete(&mut objects, &details.languages);
    if let Some(bookmarks) = &details.bookmarks {
        bookmarks::by_language(&mut objects, bookmarks);
    }
    parts::separate(&mut objects, &details.parts);
    namespaces::correct(&mut objects);
    metadata::shorten(&mut objects);
    viewer::show_title(&mut objects);
    if plan.ua_2 {
        ua2::convert(&mut objects, plan.archive);
    }
    let mut findings = Vec::new();
    if let Some(press) = plan.press {
        findings = for_press(&mut objects, press, plan.accessible, details)?;
    }
    if plan.press.is_some() || details.crop_marks {
        marks::say_where_to_trim(&mut objects, details.crop_marks);
    }
    Ok((objects.write(), findings))
}

/// Makes a file one for a press.
fn for_press(
    objects: &mut Objects<'_>,
    press: Press,
    accessible: bool,
    details: &Details<'_>,
) -> Result<Vec<Finding>, Finding> {
    if accessible && press::has_links(objects) {
        return Err(Finding::Links);
    }
    press::remove_links(objects);
    let profile = details.profile.clone().unwrap_or_else(Profile::standard);
    let colours = colours::convert(objects, &profile, press == Press::X1a);
    if colours.transparent {
        return Err(Finding::Transparent);
    }
    if colours.unconverted {
        return Err(Finding::Unconverted);
    }
    press::describe(objects, press, &profile).ok_or(Finding::Unconverted)?;
    objects.sweep();
    let mut findings = Vec::new();
    if colours.flattened {
        findings.push(Finding::Flattened);
    }
    // A percent more or less is rounding.
    if colours.ink > MOST_INK + 0.015 {
        findings.push(Finding::Ink((colours.ink * 100.0).round()));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests;
