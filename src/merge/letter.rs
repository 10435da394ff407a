//! The letter to one recipient.

use crate::engine::set::Pdf;
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

/// Typesets a letter. `None` if that failed; the reason is then among the problems.
pub(super) fn set(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Pdf> {
    let pdf = |pages: &Rendered, manuscript: &Manuscript<'_>, found: &Problems| {
        plan.typesetter().pdf(pages, manuscript, found)
    };
    lay_out(plan, prototypes, job, problems, pdf)
}

/// How many pages a letter has. `None` if it cannot be laid out; the reason is then among the problems.
pub(super) fn count_pages(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<usize> {
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
    for problem in errors(found) {
        let whom = say!("for this recipient");
        problems.push(problem.relate(recipient.place.clone(), whom));
    }
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
    let recipient = &plan.recipients.rows[job.recipient];
    let found = Problems::default();
    if let Some(letter) = own(plan, prototypes, job, &found) {
        plan.typesetter().allows(&Manuscript::of(&letter), &found);
    }
    for problem in errors(found) {
        problems.push(problem.relate(recipient.place.clone(), say!("for this recipient")));
    }
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
