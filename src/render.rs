//! From a resolved letter to a document, and from a document to the bytes of a file.

mod advances;
pub(crate) mod columns;
pub(crate) mod content;
mod copyfit;
pub(crate) mod draft;
pub(crate) mod frames;
mod functions;
pub(crate) mod in_languages;
mod lists;
pub(crate) mod lost_text;
mod names;
pub(crate) mod outlines;
pub(crate) mod page_pictures;
pub(crate) mod page_ranges;
mod pdf;
mod phrases;
pub(crate) mod recipient_marks;
mod resolution;
mod tags;
mod ties;
pub(crate) mod typst_problems;
pub(crate) mod values;
pub(crate) mod window;
pub(crate) mod world;
mod zones;

use std::sync::Arc;

use typst::diag::SourceDiagnostic;
use typst::foundations::{Dict, Label, Selector, Smart};
use typst::introspection::Introspector;
use typst::syntax::{FileId, Span};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;

use crate::files::{Files, carried};
use crate::fonts::Fonts;
use crate::letter::manuscript::Manuscript;
use crate::letter::{Body, Letter, enclosures};
use crate::problems::{Diagnostic, Problems};
use crate::render::copyfit::Fit;
use crate::render::draft::Mark;
use crate::render::typst_problems::template_problem;
use crate::render::world::{Inputs, LetterWorld};
use crate::source::Place;

/// A letter laid out on pages.
pub(crate) struct Rendered {
    /// The pages.
    pub document: PagedDocument,
    world: LetterWorld,
    /// The identity of this PDF, which distinguishes it from others.
    identity: String,
}

/// Lays out a letter. `None` if that failed; the reason is then among the problems.
pub(crate) fn render(
    manuscript: &Manuscript<'_>,
    files: &Arc<Files>,
    problems: &Problems,
) -> Option<Rendered> {
    let inputs = Inputs::new(values::inputs(manuscript));
    let world = world(manuscript, inputs, files);
    let identity = identity(manuscript);
    let rendered = lay_out(manuscript, world, &|text| text.to_owned(), identity, problems)?;
    // Languages set side by side share the window, which shows the address of the original.
    let hidden = window::problems(&rendered.document, &rendered.world, manuscript.original());
    let zones = zones::problems(&rendered.document, &rendered.world, manuscript.original());
    let seen = hidden.is_empty() && !zones.iter().any(Diagnostic::is_error);
    let blurred = resolution::problems(&rendered.document, &rendered.world, manuscript.original());
    blurred.into_iter().for_each(|diagnostic| problems.push(diagnostic));
    problems.extend(hidden.into_iter().chain(zones));
    seen.then_some(rendered)
}

/// The Typst world of a manuscript.
fn world(manuscript: &Manuscript<'_>, inputs: Inputs, files: &Arc<Files>) -> LetterWorld {
    let fonts = manuscript.original().page.fonts.clone();
    let world = LetterWorld::new(inputs, carried::main(), files.clone(), fonts)
        .attaching(attached(manuscript));
    let has_code = |letter: &&Letter| {
        matches!(letter.body, Body::Typst(_)) || !carried::is_carried(letter.template)
    };
    if manuscript.letters().iter().any(has_code) { world.with_whole_library() } else { world }
}

/// Reads what most letters need, the library and the usual template, into the compiler's cache.
pub(crate) fn prepare(files: &Arc<Files>, fonts: &Arc<Fonts>) {
    let (inputs, main) = (Inputs::new(Dict::new()), carried::ready_main());
    let world = LetterWorld::new(inputs, main, files.clone(), fonts.clone());
    // It has no text, so that nothing can be wrong with its page.
    let _empty = typst::compile::<PagedDocument>(&world);
}

/// Lays out the letter to one recipient of a mail merge. `None` if that failed.
///
/// Its texts contain marks instead of the recipient's columns, which are given as plain text. Whether
/// the address shows through a window is not checked, because marked texts have no place in a file.
pub(crate) fn render_for(
    columns: &[String],
    letter: &Letter,
    inputs: &Inputs,
    files: &Arc<Files>,
    problems: &Problems,
) -> Option<Rendered> {
    let pieces: Vec<_> = columns.iter().map(|column| content::pieces(column)).collect();
    let json = serde_json::to_vec(&pieces).expect("texts and numbers are always JSON");
    let fill = |text: &str| {
        recipient_marks::fill(text, |column| columns.get(column).map_or("", String::as_str))
    };
    let manuscript = Manuscript::of(letter);
    let world = world(&manuscript, inputs.clone(), files);
    let identity = format!("{}/{columns:?}", fill(&identity(&manuscript)));
    let rendered = lay_out(&manuscript, world.with_recipient(json), &fill, identity, problems)?;
    let zones = zones::problems(&rendered.document, &rendered.world, letter);
    let is_right = !zones.iter().any(Diagnostic::is_error);
    problems.extend(zones);
    is_right.then_some(rendered)
}

/// Lays out the pages, and looks for text that is lost on them. `fill` turns a text of the letter
/// into the printed text.
fn lay_out(
    manuscript: &Manuscript<'_>,
    mut world: LetterWorld,
    fill: &dyn Fn(&str) -> String,
    identity: String,
    problems: &Problems,
) -> Option<Rendered> {
    let (letter, languages) = (manuscript.original(), manuscript.languages());
    let mut compiled = typst::compile::<PagedDocument>(&world);
    let unsettled = typst_problems::never_settled(&world, letter, &mut compiled.warnings);
    let settled = unsettled.is_none();
    if let Some(problem) = unsettled {
        problems.push(problem.in_languages(&languages));
    }
    let report = |world: &LetterWorld, problem: &SourceDiagnostic| {
        let layout = manuscript.layout();
        let problem = template_problem(world, letter, layout, problem);
        problems.push(problem.in_languages(&languages));
    };
    compiled.warnings.iter().for_each(|problem| report(&world, problem));
    let natural = match compiled.output {
        Ok(document) => document,
        Err(errors) => {
            errors.iter().for_each(|problem| report(&world, problem));
            return None;
        }
    };
    let (mut document, fit) = if settled {
        copyfit::best(natural, |fit| {
            world.set_fit(fit.clone());
            let other = typst::compile::<PagedDocument>(&world);
            // What did not happen before has to do with this way alone, such as pages that never settle.
            other.output.ok().filter(|_| other.warnings.len() <= compiled.warnings.len())
        })
    } else {
        (natural, Fit::default())
    };
    world.set_fit(fit);

    // The metadata of the PDF does not depend on the template.
    let info = document.info_mut();
    let title = manuscript.joined(|letter| Some(&letter.title.text));
    info.title = title.map(|title| fill(&title).replace('\n', " ").into());
    info.author = manuscript.merged(|letter| &letter.author);
    info.keywords = manuscript.merged(|letter| &letter.keywords);
    let subject = manuscript.joined(|letter| Some(&letter.subject.as_ref()?.text));
    info.description = subject.map(|subject| fill(&subject).into());
    info.date = Smart::Auto;

    if let Some(warning) = lost_text::typewritten(&document, &world, letter) {
        problems.push(warning.in_languages(&languages));
    }
    let missing = lost_text::missing_glyphs(&document, &world, letter);
    let mut lost = lost_text::overflows(&document, &world, letter);
    lost.extend(lost_text::lost_notes(&document, &world, letter));
    lost.extend(lost_text::wrong_links(&document, &world, letter));
    let whole = missing.is_empty() && lost.is_empty();
    let problem = |diagnostic: Diagnostic| problems.push(diagnostic.in_languages(&languages));
    missing.into_iter().chain(lost).for_each(problem);
    whole.then_some(Rendered { document, world, identity })
}

impl Rendered {
    /// Where a text on a page is written, if known.
    pub(crate) fn place_of(&self, span: Span) -> Option<Place> {
        frames::place_of(span, &self.world)
    }

    /// The pages on which the letters after the first begin, counted from zero, if letters follow one
    /// another. Enclosures begin such a part of the document too.
    pub(crate) fn next_parts(&self) -> Vec<usize> {
        let Some(label) = Label::new(PicoStr::intern("undersigned-next-part")) else {
            return Vec::new();
        };
        let introspector = self.document.introspector();
        let parts = introspector.query(&Selector::Label(label));
        let pages = parts.iter().filter_map(|part| introspector.page(part.location()?));
        pages.map(|page| page.get() - 1).collect()
    }

    /// The same document as a draft, with its mark. `None` if the mark cannot be added.
    pub(crate) fn into_draft(
        self,
        mark: &Mark,
        letter: &Letter,
        files: &Arc<Files>,
        problems: &Problems,
    ) -> Option<Self> {
        let document = mark.put_on(&self.document, files, letter, problems)?;
        Some(Self { document, identity: format!("{}/draft", self.identity), ..self })
    }
}

/// The files that are attached to a manuscript.
fn attached(manuscript: &Manuscript<'_>) -> Vec<FileId> {
    let all = enclosures::with_files(manuscript.letters()).into_iter();
    all.filter(|enclosed| enclosed.attach).map(|enclosed| enclosed.file).collect()
}

fn identity(manuscript: &Manuscript<'_>) -> String {
    let title = manuscript.joined(|letter| Some(&letter.title.text)).unwrap_or_default();
    format!("{title}/{}/{:?}", manuscript.languages(), manuscript.original().date)
}

#[cfg(test)]
mod list_pages;
#[cfg(test)]
pub(crate) mod pagination;
