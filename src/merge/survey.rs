//! What a dry run tells: the letters that the merge would make, and their pages.

use std::sync::Arc;

use crate::language::Tag;
use crate::merge::jobs::JobList;
use crate::merge::prototypes::Prototypes;
use crate::merge::rows::{self, RowProblems};
use crate::merge::{Plan, letter};

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
    let pages =
        rows::each(plan, prototypes, &jobs, of_rows, "lay out", progress, letter::count_pages);
    let mut survey = Survey::default();
    for (job, pages) in jobs.iter().zip(pages) {
        let Some(pages) = pages else { continue };
        survey.pages += pages;
        match survey.letters.iter_mut().find(|(tag, _)| *tag == job.tag) {
            Some((_, count)) => *count += 1,
            None => survey.letters.push((job.tag.clone(), 1)),
        }
    }
    let made: usize = survey.letters.iter().map(|(_, count)| count).sum();
    let recipients = &plan.recipients;
    let is_unnamed = |row: &&_| !recipients.names_somebody(row);
    Survey {
        left_out: all - made,
        unnamed: recipients.rows.iter().filter(is_unnamed).count(),
        doubled: recipients.doubled().count(),
        ..survey
    }
}
