//! The letter to one recipient.

use crate::engine::set::Pdf;
use crate::formats;
use crate::formats::eml::Draft;
use crate::formats::format::{Document, Format};
use crate::language::Tag;
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::letter::resolve;
use crate::merge::jobs::MergeJob;
use crate::merge::prototypes::{Prototype, Prototypes};
use crate::merge::{Plan, addressee};
use crate::problems::{Diagnostic, Problems};
use crate::render::Rendered;
use crate::words::say;

/// A letter in each of the formats to write.
pub(super) struct Files {
    /// How many pages it has, which is 0 if no format has any.
    pub pages: usize,
    /// The file in the first of the formats.
    pub first: Document,
    /// The files in the others.
    pub others: Vec<Document>,
}

/// Makes a letter in each of the formats to write. `None` if that failed; the reason is then among the
/// problems.
pub(super) fn make(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Files> {
    let formats = &plan.options.formats;
    let pdf = match formats.iter().any(|format| format.has_pdf()) {
        true => Some(set(plan, prototypes, job, problems)?),
        false => None,
    };
    let pages = pdf.as_ref().map_or(0, |pdf| pdf.pages);
    let mut documents = match formats.iter().any(|format| *format != Format::Pdf) {
        true => texts(plan, prototypes, job, pdf.as_ref(), problems)?,
        false => Vec::new(),
    };
    if formats.contains(&Format::Pdf) {
        documents.extend(pdf.map(|pdf| Document { name: job.file(Format::Pdf), data: pdf.data }));
    }
    let place =
        |document: &Document| formats.iter().position(|format| job.file(*format) == document.name);
    documents.sort_by_key(place);
    let mut documents = documents.into_iter();
    Some(Files { pages, first: documents.next()?, others: documents.collect() })
}

/// The formats that are made from the text of a letter.
fn texts(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    pdf: Option<&Pdf>,
    problems: &Problems,
) -> Option<Vec<Document>> {
    let (formats, files) = (&plan.options.formats, &plan.project.files);
    let found = Problems::default();
    let documents = own(plan, prototypes, job, &found).map(|letter| {
        let mut documents = formats::documents(&letter, &job.stem, formats, files, &found);
        if let Some(pdf) = pdf.filter(|_| formats.contains(&Format::Eml)) {
            let (stem, pdf) = (&job.stem, &pdf.data);
            let draft = Draft { letter: &letter, stem, pdf, is_draft: plan.options.draft };
            documents.extend(draft.document(files, &found));
        }
        documents
    });
    let documents = documents.filter(|_| !found.has_errors());
    report(plan, job, found, problems);
    documents
}

/// Adds the errors of the letter to a recipient to the problems.
fn report(plan: &Plan, job: &MergeJob, found: Problems, problems: &Problems) {
    let recipient = &plan.recipients.rows[job.recipient];
    for problem in errors(found) {
        problems.push(problem.relate(recipient.place.clone(), say!("for this recipient")));
    }
}

/// Typesets a letter. `None` if that failed; the reason is then among the problems.
fn set(plan: &Plan, prototypes: &Prototypes, job: &MergeJob, problems: &Problems) -> Option<Pdf> {
    let pdf = |pages: &Rendered, manuscript: &Manuscript<'_>, found: &Problems| {
        plan.typesetter().pdf(pages, manuscript, found)
    };
    lay_out(plan, prototypes, job, problems, pdf)
}

/// How many pages a letter has, if any format has pages. `None` if it cannot be laid out; the reason is
/// then among the problems.
pub(super) fn count_pages(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<usize> {
    if !plan.options.formats.iter().any(|format| format.has_pdf()) {
        return Some(0);
    }
    lay_out(plan, prototypes, job, problems, |pages, _, _| Some(pages.document.pages().len()))
}

/// Lays out a letter and calls `then` with its pages: the whole letter again, with all its own texts, or
/// only what differs from the prototype.
fn lay_out<R>(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
    then: impl FnOnce(&Rendered, &Manuscript<'_>, &Problems) -> Option<R>,
) -> Option<R> {
    let recipient = &plan.recipients.rows[job.recipient];
    let prototype = prototypes.get(plan, job)?;
    let found = Problems::default();
    let result = if prototype.needs_own_layout {
        own(plan, prototypes, job, &found).and_then(|letter| {
            let manuscript = Manuscript::of(&letter);
            let pages = plan.typesetter().pages(&manuscript, &found)?;
            then(&pages, &manuscript, &found)
        })
    } else {
        let Prototype { letter, inputs, .. } = &*prototype;
        let texts = addressee::texts(plan, recipient);
        let pages = plan.typesetter().pages_for(&texts, letter, inputs, &found);
        pages.and_then(|pages| then(&pages, &Manuscript::of(letter), &found))
    };
    // A letter with an error, such as one whose layout never settled, is not written.
    let result = result.filter(|_| !found.has_errors());
    report(plan, job, found, problems);
    result
}

/// Checks the files that a recipient gets with the letter: that they are there, can be read, and are allowed
/// by the standards.
pub(super) fn check_files(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) {
    let found = Problems::default();
    if let Some(letter) = own(plan, prototypes, job, &found) {
        plan.typesetter().allows(&Manuscript::of(&letter), &found);
    }
    report(plan, job, found, problems);
}

/// The errors among the problems. The warnings are those of the letter, which have been reported.
pub(super) fn errors(found: Problems) -> impl Iterator<Item = Diagnostic> {
    found.into_sorted().into_iter().filter(Diagnostic::is_error)
}

/// The letter to a recipient, resolved with all its own texts.
pub(super) fn own(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Letter> {
    let recipient = &plan.recipients.rows[job.recipient];
    let texts = recipient.texts();
    let own = addressee::placeholders(&plan.recipients, |column| texts[column].clone());
    let same = |tag: &Tag| *tag == job.tag;
    let written = prototypes.written()?;
    let fonts = plan.project.fonts(written, &plan.fonts, problems);
    let resolver = plan.project.resolver(written, &fonts, problems);
    let resolved = resolver.for_recipient(resolve::Recipient::One(&own)).resolve(same);
    let mut letter = resolved.letters.into_iter().next()?;
    addressee::fill_in(plan, recipient, &mut letter);
    Some(letter)
}
