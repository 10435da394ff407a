//! What a dry run tells: the letters that the merge would make, and their pages.

use std::sync::Arc;

use crate::engine::workers::{self, Failure};
use crate::language::Tag;
use crate::merge::jobs::{JobList, MergeJob};
use crate::merge::prototypes::Prototypes;
use crate::merge::rows::RowProblems;
use crate::merge::{Plan, letter};
use crate::problems::{Diagnostic, Problems};

/// The letters that a merge would make.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// How many letters there are in each language.
    pub letters: Vec<(Tag, usize)>,
    /// The pages of all of them.
    pub pages: usize,
    /// How many letters would not be made, because their rows have an error.
    pub left_out: usize,
    /// How many rows name nobody.
    pub unnamed: usize,
    /// How many rows have the addressee of an earlier row.
    pub doubled: usize,
}

/// Lays out every letter whose row has no error, and counts. The errors of letters that cannot be laid
/// out are added to those of their rows.
pub(super) fn survey(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    list: JobList,
    of_rows: &mut RowProblems,
    progress: impl FnMut(usize, usize),
) -> Survey {
    let all = list.len();
    let jobs = list.of_share(plan.shard).without(&of_rows.codes());
    let results = {
        let (plan, prototypes) = (plan.clone(), prototypes.clone());
        let (threads, limits) = (plan.options.jobs, plan.options.limits);
        let work = move |job: MergeJob| {
            let problems = Problems::default();
            let pages = letter::count_pages(&plan, &prototypes, &job, &problems);
            (pages, problems.into_sorted())
        };
        let name = |job: &MergeJob| format!("lay out {}", job.name());
        workers::map(jobs.clone(), threads, limits, name, progress, work)
    };
    let mut survey = Survey::default();
    for (job, result) in jobs.iter().zip(results) {
        let place = &plan.recipients.rows[job.recipient].place;
        let failed = |failure: Failure| {
            let problem = failure.problem(plan.options.limits, place.clone());
            (None, vec![problem])
        };
        let (pages, problems): (Option<usize>, Vec<Diagnostic>) = result.unwrap_or_else(failed);
        problems.into_iter().for_each(|problem| of_rows.push(job.recipient, problem));
        let Some(pages) = pages else { continue };
        survey.pages += pages;
        match survey.letters.iter_mut().find(|(tag, _)| *tag == job.tag) {
            Some((_, count)) => *count += 1,
            None => survey.letters.push((job.tag.clone(), 1)),
        }
    }
    let made: usize = survey.letters.iter().map(|(_, count)| count).sum();
    let rows = &plan.recipients.rows;
    let is_unnamed = |row: &&_| !plan.recipients.names_somebody(row);
    Survey {
        left_out: all - made,
        unnamed: rows.iter().filter(is_unnamed).count(),
        doubled: plan.recipients.doubled().count(),
        ..survey
    }
}
