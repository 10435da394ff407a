//! The letter with marks instead of what differs between recipients: it is read once, and prepared
//! once for all recipients with the same shape.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::checks;
use crate::language::Tag;
use crate::letter::conditions::Condition;
use crate::letter::manuscript::Manuscript;
use crate::letter::resolve::Recipient as For;
use crate::letter::texts::Key;
use crate::letter::{Letter, Printed};
use crate::merge::jobs::MergeJob;
use crate::merge::recipients::Recipient;
use crate::merge::{Plan, addressee};
use crate::problems::{Code, Diagnostic, Problems};
use crate::render::world::Inputs;
use crate::render::{content, recipient_marks, values};
use crate::source::Place;
use crate::source::text::{Text, Written};
use crate::spec::loaded::Loaded;
use crate::words::say;

/// The letter in each language, and for each shape of recipient.
pub(super) struct Prototypes {
    written: Option<Loaded>,
    letters: Vec<Letter>,
    by_shape: Mutex<HashMap<Shape, Arc<Prototype>>>,
}

/// The letter in one language, for recipients of one shape.
pub(super) struct Prototype {
    /// The letter, with marks for the columns.
    pub letter: Letter,
    /// The inputs of its template.
    pub inputs: Inputs,
    /// The columns that the letter prints.
    pub used: Vec<usize>,
    /// Whether the letter must be laid out again for each recipient, because something differs that
    /// must be known before the layout begins.
    pub needs_own_layout: bool,
}

/// What a recipient's row says about the addressee, which decides what the template prints.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
struct Shape {
    tag: String,
    /// The columns that are not empty.
    filled: Vec<bool>,
    /// The number of lines of the address.
    lines: usize,
    /// For each part of the text that only some get, whether it is for the recipient.
    parts: Vec<bool>,
}

impl Prototypes {
    /// Reads the letter. Its errors are among the problems.
    pub(super) fn new(plan: &Plan, problems: &Problems) -> Self {
        let written = plan.project.read(problems);
        let letters = written.iter().flat_map(|written| letters(plan, written, problems)).collect();
        Self { written, letters, by_shape: Mutex::default() }
    }

    /// The letter as it is written. `None` if it cannot be read, which has been reported.
    pub(super) fn written(&self) -> Option<&Loaded> {
        self.written.as_ref()
    }

    /// The letter in each of its requested languages.
    pub(super) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// The letter for the recipient of a job. `None` if the letter does not have the language.
    pub(super) fn get(&self, plan: &Plan, job: &MergeJob) -> Option<Arc<Prototype>> {
        let recipient = &plan.recipients.rows[job.recipient];
        let filled = recipient.cells.iter().map(|cell| !cell.value.is_empty()).collect();
        let lines = addressee::address_lines(plan, recipient).len();
        let letter = self.letters.iter().find(|letter| letter.tag == job.tag)?;
        let is_for = |part: &Condition| addressee::holds(&plan.recipients, recipient, &part.test);
        let parts = letter.conditions.iter().map(is_for).collect();
        let shape = Shape { tag: job.tag.to_string(), filled, lines, parts };
        let mut known = self.by_shape.lock();
        if let Some(prototype) = known.get(&shape) {
            return Some(prototype.clone());
        }
        let prototype = Arc::new(Prototype::new(plan, letter.clone(), &shape, recipient));
        known.insert(shape, prototype.clone());
        Some(prototype)
    }
}

impl Prototype {
    /// `recipient` is one of those with the shape.
    fn new(plan: &Plan, mut letter: Letter, shape: &Shape, recipient: &Recipient) -> Self {
        let marked = |column: usize| Text {
            value: recipient_marks::mark(column).into(),
            place: plan.recipients_place.clone(),
            written: Written::Plain,
        };
        // The lines of an address are columns of their own, after those of the file.
        let first = plan.recipients.columns.len();
        let lines = (first..first + shape.lines).map(marked).collect();
        addressee::address(&mut letter, lines, |name| {
            plan.recipients.column(name).filter(|column| shape.filled[*column]).map(marked)
        });
        letter.keep_parts(|test| addressee::holds(&plan.recipients, recipient, test));
        let values = values::inputs(&Manuscript::of(&letter));
        Self {
            used: content::recipient_columns(&values),
            needs_own_layout: needs_own_layout(&letter),
            inputs: Inputs::new(values),
            letter,
        }
    }
}

/// Whether there is a mark in a text that must be known before the layout begins, or the pages of a file.
fn needs_own_layout(letter: &Letter) -> bool {
    if letter.has_own_files {
        return true;
    }
    let is_marked = |text: &Printed| recipient_marks::has_mark(&text.text);
    letter.texts().into_iter().any(|(key, text)| is_known_before_layout(key) && is_marked(text))
}

/// Whether a text must be known before the layout begins: it is part of the PDF's metadata, is
/// inspected rather than printed, or decides how others are typeset. All others can be filled in
/// where they are printed.
fn is_known_before_layout(key: Key<'_>) -> bool {
    match key {
        Key::Title | Key::Author | Key::Keyword | Key::LogoAlt | Key::Enclosed => true,
        Key::Label | Key::Signatory(_) => true,
        Key::Place | Key::Subject | Key::Reference | Key::YourReference => false,
        Key::From | Key::To(..) | Key::Cc(..) | Key::Salutation => false,
        Key::Closing | Key::Postscript | Key::Enclosure(_) => false,
        Key::SignatureHeading | Key::SignatureNote | Key::GroupHeading => false,
    }
}

/// The letter in each of its languages, with marks for what the recipients' columns fill in.
fn letters(plan: &Plan, written: &Loaded, problems: &Problems) -> Vec<Letter> {
    let wanted = |tag: &Tag| plan.options.wants(|languages| languages.means_letter(tag));
    let marks = addressee::placeholders(&plan.recipients, recipient_marks::mark);
    let fonts = plan.project.fonts(written, &plan.fonts, problems);
    let resolver =
        plan.project.resolver(written, &fonts, problems).for_recipient(For::Anybody(&marks));
    let mut resolved = resolver.resolve(wanted);
    // What differs between recipients is checked row by row; everything else is the same in every
    // letter.
    checks::report(&resolver, &mut resolved);
    let letters = resolved.letters;
    if letters.is_empty() && !problems.has_errors() {
        let message = say!("this letter is in none of the languages of --lang");
        let place = Place::start_of(plan.project.file);
        let problem = Diagnostic::new(Code::InvalidLanguage, place, message);
        problems
            .push(problem.hint(say!("name each language separately: a merge makes no editions")));
    }
    for letter in &letters {
        // A text that is not allowed is reported once, and then nothing is made.
        plan.typesetter().allows(&Manuscript::of(letter), problems);
    }
    letters
}
