//! The check of every row, before the first letter is typeset.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::engine::workers::{self, Failure};
use crate::formats::format::Format;
use crate::letter::manuscript::Manuscript;
use crate::letter::{Body, Letter};
use crate::merge::jobs::MergeJob;
use crate::merge::prototypes::Prototypes;
use crate::merge::recipients::{self, ADDRESS, Recipient};
use crate::merge::{Plan, addressee, letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::render;
use crate::render::lost_text::{self, Found};
use crate::source::Place;
use crate::source::text::Text;
use crate::words::{Message, say};

/// The problems of rows, each with the recipient's index.
#[derive(Debug, Default)]
pub(super) struct RowProblems(Vec<(usize, Diagnostic)>);

/// The codes of the problems of these recipients, by their indices.
pub(super) type Broken = HashMap<usize, BTreeSet<&'static str>>;

impl RowProblems {
    pub(super) fn push(&mut self, recipient: usize, problem: Diagnostic) {
        self.0.push((recipient, problem));
    }

    pub(super) fn codes(&self) -> Broken {
        let mut broken = Broken::new();
        for (recipient, problem) in &self.0 {
            broken.entry(*recipient).or_default().insert(problem.code.as_str());
        }
        broken
    }

    /// The problems. What is wrong at one place of the letter is one, with all its rows.
    pub(super) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        let mut known: HashMap<(Code, Place, Message), usize> = HashMap::new();
        for (_, problem) in self.0 {
            let key = (problem.code, problem.place.clone(), problem.message.clone());
            match known.entry(key) {
                Entry::Occupied(same) => all[*same.get()].related.extend(problem.related),
                Entry::Vacant(place) => {
                    place.insert(all.len());
                    all.push(problem);
                }
            }
        }
        let problems = Problems::default();
        for mut problem in all {
            problem.related.dedup();
            problems.push(problem);
        }
        problems.into_sorted()
    }
}

/// Checks the recipients themselves, and what each letter prints about them.
pub(super) fn check(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    jobs: &[MergeJob],
    of_rows: &mut RowProblems,
) {
    recipients::report(&plan.recipients, |row, problem| of_rows.push(row, problem));
    if plan.options.formats.contains(&Format::Eml) {
        let others = plan.options.formats.iter().copied().filter(|f| *f != Format::Eml);
        let others: Vec<Format> = others.collect();
        let tell = |row, problem| of_rows.push(row, problem);
        recipients::report_mailboxes(&plan.recipients, &others, tell);
    }
    each(plan, prototypes, jobs, of_rows, "check", |_, _| {}, check_row);
}

/// Calls `work` for each letter on threads, and returns the results in the order of the letters: the default
/// for one that failed. Their problems are added to those of their rows. `name` says what is done.
pub(super) fn each<R: Default + Send + 'static>(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    jobs: &[MergeJob],
    of_rows: &mut RowProblems,
    name: &'static str,
    progress: impl FnMut(usize, usize),
    work: impl Fn(&Plan, &Prototypes, &MergeJob, &Problems) -> R + Send + Sync + 'static,
) -> Vec<R> {
    let results = {
        let (plan, prototypes) = (plan.clone(), prototypes.clone());
        let (threads, limits) = (plan.options.jobs, plan.options.limits);
        let work = move |job: MergeJob| {
            let problems = Problems::default();
            let result = work(&plan, &prototypes, &job, &problems);
            (result, problems.into_sorted())
        };
        let name = move |job: &MergeJob| format!("{name} {}", job.name());
        workers::map(jobs.to_vec(), threads, limits, name, progress, work)
    };
    let pairs = jobs.iter().zip(results);
    let result = |(job, result): (&MergeJob, Result<(R, Vec<Diagnostic>), Failure>)| {
        let place = &plan.recipients.rows[job.recipient].place;
        let failed = |failure: Failure| {
            (R::default(), vec![failure.problem(plan.options.limits, place.clone())])
        };
        let (result, problems) = result.unwrap_or_else(failed);
        problems.into_iter().for_each(|problem| of_rows.push(job.recipient, problem));
        result
    };
    pairs.map(result).collect()
}

/// Checks what a letter prints about its recipient.
fn check_row(plan: &Plan, prototypes: &Prototypes, job: &MergeJob, problems: &Problems) {
    let recipient = &plan.recipients.rows[job.recipient];
    let Some(prototype) = prototypes.get(plan, job) else { return };
    if matches!(&prototype.letter.body, Body::Markdown(blocks) if blocks.is_empty()) {
        let problem = say!("none of the text is for this recipient");
        let problem = Diagnostic::new(Code::InvalidValue, recipient.place.clone(), problem);
        problems.push(problem.hint(say!("compare the row with the conditions of the body")));
    }
    for column in &prototype.used {
        // After the columns of the file come the lines of the address, which are one of its columns.
        let Some(name) = plan.recipients.columns.get(*column) else { continue };
        let cell = &recipient.cells[*column];
        // An unnamed recipient has been reported already.
        let named = plan.recipients.names_somebody(recipient);
        if cell.value.is_empty() && (named || name != "name") {
            let problem = say!("this recipient has no `{name}`, which the letter prints", name);
            problems.push(Diagnostic::new(Code::MissingKey, recipient.place.clone(), problem));
        }
        missing_glyphs(&prototype.letter, cell, problems);
    }
    if let Some(address) = plan.recipients.cell(recipient, ADDRESS) {
        missing_glyphs(&prototype.letter, address, problems);
    }
    if prototype.letter.has_own_files {
        letter::check_files(plan, prototypes, job, problems);
    }
    let page = &prototype.letter.page;
    if page.envelope.is_some() || page.service.is_some() {
        check_window(plan, &prototype.letter, recipient, problems);
    }
}

/// Reports the characters of a cell that no font has.
fn missing_glyphs(letter: &Letter, cell: &Text, problems: &Problems) {
    let fonts = &letter.page.fonts;
    let mut missing: Vec<char> =
        cell.value.chars().filter(|c| !c.is_control() && !fonts.has_glyph(*c)).collect();
    missing.dedup();
    if !missing.is_empty() {
        problems.push(lost_text::missing_glyph(
            &missing,
            &Found { names: 0, texts: 1 },
            cell.place.clone(),
            &letter.tag,
        ));
    }
}

/// Reports an address that does not show through the window of the envelope: a page is typeset with
/// nothing else on it.
fn check_window(plan: &Plan, letter: &Letter, recipient: &Recipient, problems: &Problems) {
    let mut letter = Letter {
        body: Body::Markdown(Vec::new()),
        groups: Vec::new(),
        cc: Vec::new(),
        enclosures: Vec::new(),
        enclosed: Vec::new(),
        salutation: None,
        closing: None,
        postscript: None,
        subject: None,
        reference: None,
        your_reference: None,
        ..letter.clone()
    };
    addressee::fill_in(plan, recipient, &mut letter);
    let found = Problems::default();
    render::render(&Manuscript::of(&letter), &plan.project.files, &found);
    let hidden =
        |problem: &Diagnostic| matches!(problem.code, Code::AddressOverflow | Code::PrintZone);
    found.into_sorted().into_iter().filter(hidden).for_each(|problem| problems.push(problem));
}
