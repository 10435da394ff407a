//! The letter to one recipient.

use crate::engine::set::Pdf;
use crate::language::Tag;
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::merge::jobs::MergeJob;
use crate::merge::prototypes::{Prototype, Prototypes};
use crate::merge::{Plan, addressee};
use crate::problems::{Diagnostic, Problems};
use crate::words::say;

/// Typesets a letter. `None` if that failed; the reason is then among the problems.
pub(super) fn set(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Pdf> {
    let recipient = &plan.recipients.rows[job.recipient];
    let prototype = prototypes.get(plan, job)?;
    let found = Problems::default();
    let pdf = match prototype.needs_own_layout {
        true => set_own(plan, prototypes, job, &found),
        false => set_like(plan, &prototype, job, &found),
    };
    // A letter with an error, such as one whose layout never settled, is not written.
    let pdf = pdf.filter(|_| !found.has_errors());
    for problem in errors(found) {
        let whom = say!("for this recipient");
        problems.push(problem.relate(recipient.place.clone(), whom));
    }
    pdf
}

/// The errors among the problems. The warnings are those of the letter, which have been reported.
pub(super) fn errors(found: Problems) -> impl Iterator<Item = Diagnostic> {
    found.into_sorted().into_iter().filter(Diagnostic::is_error)
}

/// Lays out the whole letter again, with all its own texts.
fn set_own(
    plan: &Plan,
    prototypes: &Prototypes,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Pdf> {
    let letter = own(plan, prototypes, job, problems)?;
    let manuscript = Manuscript::of(&letter);
    let pages = plan.typesetter().pages(&manuscript, problems)?;
    plan.typesetter().pdf(&pages, &manuscript, problems)
}

/// Lays out what differs from the prototype.
fn set_like(
    plan: &Plan,
    prototype: &Prototype,
    job: &MergeJob,
    problems: &Problems,
) -> Option<Pdf> {
    let Prototype { letter, inputs, .. } = prototype;
    let texts = addressee::texts(plan, &plan.recipients.rows[job.recipient]);
    let pages = plan.typesetter().pages_for(&texts, letter, inputs, problems)?;
    plan.typesetter().pdf(&pages, &Manuscript::of(letter), problems)
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
    let resolver = plan.project.resolver(prototypes.written()?, &plan.fonts, problems);
    let resolved = resolver.for_recipient(&own).resolve(same);
    let mut letter = resolved.letters.into_iter().next()?;
    addressee::fill_in(plan, recipient, &mut letter);
    Some(letter)
}
