//! A mail merge: one letter for each recipient and language.
//!
//! The letter is read, checked and laid out once. What differs between recipients is marked in its
//! texts (see [`recipient_marks`](crate::render::recipient_marks)), and only the marked texts are
//! laid out for each recipient. The exception is a letter whose title or signatories differ: it is
//! resolved again for each recipient.

mod addressee;
mod combined;
mod inputs;
mod jobs;
pub(crate) mod join;
mod letter;
pub(crate) mod manifest;
mod names;
mod prototypes;
pub(crate) mod recipients;
mod resume;
mod rows;
mod run;
pub(crate) mod survey;

use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::options::Options;
use crate::engine::output::Unwritten;
use crate::engine::set::Typesetter;
use crate::engine::workers;
use crate::fonts::Fonts;
use crate::formats::format::Format;
use crate::letter::{Letter, conditions};
use crate::merge::jobs::{JobList, MergeJob};
use crate::merge::manifest::Shard;
use crate::merge::prototypes::Prototypes;
use crate::merge::recipients::Recipients;
use crate::merge::rows::RowProblems;
use crate::merge::survey::Survey;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::source::Place;

/// How a merge is done.
pub(crate) struct Plan {
    /// The letter.
    pub project: Project,
    /// The recipients.
    pub recipients: Recipients,
    /// The file with the recipients, for messages.
    pub recipients_place: Place,
    /// The folder to write to.
    pub out_dir: PathBuf,
    /// The pattern of the file names, such as "{recipient.id}-{recipient.name}".
    pub name: String,
    /// The share of the recipients to do, or all.
    pub shard: Option<Shard>,
    /// Whether letters without an error are made even if others have one.
    pub keep_going: bool,
    /// Whether rows are only checked, and nothing is written.
    pub dry_run: bool,
    /// The file for the printer, if requested instead of one for each letter.
    pub combined: Option<Combined>,
    /// How letters are typeset.
    pub options: Arc<Options>,
    /// The fonts, without those of the letter.
    pub fonts: Arc<Fonts>,
}

/// One file for a printer, or several.
#[derive(Debug, Clone)]
pub(crate) struct Combined {
    /// The file, below the folder to write to. If there are several, each has its number in its name.
    pub path: PathBuf,
    /// Whether each letter begins on a right-hand page.
    pub duplex: bool,
    /// How many letters go into one file, or all.
    pub chunk: Option<usize>,
}

/// The result of a merge.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// Problems of the letter and of the recipients.
    pub diagnostics: Vec<Diagnostic>,
    /// The letters that were made.
    pub made: usize,
    /// The letters that already existed.
    pub kept: usize,
    /// The letters that are left out because of errors.
    pub left_out: usize,
    /// The pages of all of them.
    pub pages: usize,
    /// The files for the printer.
    pub files: Vec<PathBuf>,
    /// What a dry run found. `None` if this was none, or the letter itself has an error.
    pub survey: Option<Survey>,
}

impl Plan {
    /// The format of the first file of each letter.
    fn format(&self) -> Format {
        self.options.formats.first().copied().unwrap_or(Format::Pdf)
    }

    fn typesetter(&self) -> Typesetter<'_> {
        Typesetter { files: &self.project.files, options: &self.options }
    }
}

/// Makes the letters. `progress` is called from time to time with the number of letters that are
/// done, and of all.
///
/// All problems come first: every row is checked before the first letter is typeset, and if there is
/// any error nothing is written, unless the plan is to keep going without the rows in error.
///
/// # Errors
///
/// If the manifest cannot be written to the folder.
pub(crate) fn merge(plan: Plan, progress: impl FnMut(usize, usize)) -> Result<Merged, Unwritten> {
    let plan = Arc::new(plan);
    let read = {
        let plan = plan.clone();
        move || read(&plan)
    };
    let place = Place::start_of(plan.project.file);
    let read = workers::one(plan.options.limits, "read the letter", place, read);
    let (prototypes, list, mut of_rows, problems) = match read {
        Ok(read) => read,
        Err(diagnostics) => return Ok(Merged { diagnostics, ..Merged::default() }),
    };
    rows::check(&plan, &prototypes, &list.jobs, &mut of_rows);
    let broken = of_rows.codes();
    let goes_on = broken.is_empty() || plan.keep_going;
    if goes_on && !problems.has_errors() {
        let valid = list.jobs.iter().filter(|job| !broken.contains_key(&job.recipient));
        try_out(&plan, &prototypes, valid, &problems);
    }

    let mut diagnostics = problems.judged(&plan.options.lint);
    let is_sound =
        !prototypes.letters().is_empty() && !diagnostics.iter().any(Diagnostic::is_error);
    if plan.dry_run {
        let survey =
            is_sound.then(|| survey::survey(&plan, &prototypes, list, &mut of_rows, progress));
        diagnostics.extend(of_rows.into_sorted());
        return Ok(Merged { diagnostics, survey, ..Merged::default() });
    }
    diagnostics.extend(of_rows.into_sorted());
    if !is_sound || !goes_on {
        return Ok(Merged { diagnostics, ..Merged::default() });
    }
    let mut merged = match &plan.combined {
        Some(combined) => {
            let all = list.len();
            let sound = list.without(&broken);
            let left_out = all - sound.len();
            let made = combined::make(&plan, &prototypes, combined, sound, progress)?;
            Merged { left_out, ..made }
        }
        None => run::make(&plan, &prototypes, list, broken, progress)?,
    };
    diagnostics.append(&mut merged.diagnostics);
    Ok(Merged { diagnostics, ..merged })
}

/// The letter, the letters that the rows ask for, the problems of rows, and all others: an error in
/// the letter, or in the list as a whole, is an error in every letter.
fn read(plan: &Plan) -> (Arc<Prototypes>, JobList, RowProblems, Problems) {
    let (problems, mut of_rows) = (Problems::default(), RowProblems::default());
    let prototypes = Prototypes::new(plan, &problems);
    names::check_pattern(plan, &problems);
    recipients::report_columns(&plan.recipients, plan.recipients_place.file, &problems);
    recipients::report_doubled(&plan.recipients, &problems);
    recipients::report_capitals(&plan.recipients, &problems);
    let has_window = |letter: &Letter| letter.page.envelope.is_some();
    if plan.options.formats.contains(&Format::Pdf) && prototypes.letters().iter().any(has_window) {
        let file = plan.recipients_place.file;
        recipients::report_without_address(&plan.recipients, file, &problems);
    }
    if plan.options.formats.contains(&Format::Eml) {
        recipients::report_mailbox_column(&plan.recipients, plan.recipients_place.file, &problems);
    }
    report_parts_for_nobody(plan, &prototypes, &problems);
    let list = JobList::new(plan, &prototypes, &mut of_rows);
    (Arc::new(prototypes), list, of_rows, problems)
}

/// Reports the parts of the text that no recipient gets.
fn report_parts_for_nobody(plan: &Plan, prototypes: &Prototypes, problems: &Problems) {
    for part in prototypes.letters().iter().flat_map(|letter| &letter.conditions) {
        let recipients = &plan.recipients;
        let gets = |row| addressee::holds(recipients, row, &part.test);
        if recipients.column(&part.test.column).is_some() && !recipients.rows.iter().any(gets) {
            problems.push(conditions::holds_for_nobody(part));
        }
    }
}

/// Typesets a letter before the merge begins: if it fails for its first recipient, for example
/// because of its template, it fails for all, unless it can be typeset for the last.
fn try_out<'j>(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    mut valid: impl DoubleEndedIterator<Item = &'j MergeJob>,
    problems: &Problems,
) {
    let last = if plan.keep_going { valid.next_back() } else { None };
    let mut tried = valid.next().into_iter().chain(last);
    let mut found = Vec::new();
    let can_be_set = tried.any(|job| {
        let (is_set, problems) = set_within_limits(plan, prototypes, job);
        found.extend(problems);
        is_set
    });
    // Letters that fail are reported when they are made.
    if !can_be_set || plan.dry_run {
        found.into_iter().for_each(|problem| problems.push(problem));
    }
}

/// Whether a letter can be typeset, and its problems.
fn set_within_limits(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    job: &MergeJob,
) -> (bool, Vec<Diagnostic>) {
    let limits = plan.options.limits;
    let place = match prototypes.letters().iter().find(|letter| letter.tag == job.tag) {
        Some(letter) => letter.template_place.clone(),
        None => plan.recipients.rows[job.recipient].place.clone(),
    };
    let (plan, prototypes) = (plan.clone(), prototypes.clone());
    let work = move |job: &MergeJob| {
        let problems = Problems::default();
        let is_set = letter::make(&plan, &prototypes, job, &problems).is_some();
        (is_set, problems.into_sorted())
    };
    let (name, job) = (format!("try {}", job.name()), job.clone());
    let result = workers::one(limits, &name, place, move || work(&job));
    result.unwrap_or_else(|problems| (false, problems))
}
