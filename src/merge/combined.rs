//! The file for the printer: all letters one after the other, or several such files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::memory::Memory;
use crate::engine::output;
use crate::engine::set::Pdf;
use crate::engine::workers::{self, Limits};
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::merge::jobs::MergeJob;
use crate::merge::prototypes::Prototypes;
use crate::merge::{Combined, Merged, Plan, letter};
use crate::problems::{Code, Diagnostic, Problems};

/// Makes one file of all letters, or several.
pub(super) fn make(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    combined: &Combined,
    jobs: Vec<MergeJob>,
    progress: impl FnMut(usize, usize),
) -> Merged {
    let chunk = combined.chunk.unwrap_or(jobs.len()).max(1);
    let chunks: Vec<Vec<MergeJob>> = jobs.chunks(chunk).map(<[MergeJob]>::to_vec).collect();
    let count = chunks.len();
    let path = |index| chunk_path(&combined.path, index, count);
    let chunks: Vec<(PathBuf, Vec<MergeJob>)> =
        chunks.into_iter().enumerate().map(|(index, jobs)| (path(index), jobs)).collect();

    let (threads, limits) = (plan.options.jobs, plan.options.limits);
    // The time limit is that of one letter.
    let time = limits.time.saturating_mul(u32::try_from(chunk).unwrap_or(u32::MAX));
    let limits = Limits { time, ..limits };
    let problems = Arc::new(Problems::default());
    let work = {
        let (plan, prototypes) = (plan.clone(), prototypes.clone());
        let (found, memory) = (problems.clone(), Memory::of_merge());
        let duplex = combined.duplex;
        move |(path, jobs): (PathBuf, Vec<MergeJob>)| {
            let pdf = set(&plan, &prototypes, &jobs, duplex, &found)?;
            write(&plan, &path, &pdf, &found)?;
            memory.count_document();
            Some((jobs.len(), pdf.pages))
        }
    };
    let mut merged = Merged::default();
    let name = |(path, _): &(PathBuf, Vec<MergeJob>)| format!("combine {}", path.display());
    for result in workers::map(chunks, threads, limits, name, progress, work) {
        match result {
            Ok(Some((letters, pages))) => {
                merged.made += letters;
                merged.pages += pages;
            }
            Ok(None) => {}
            Err(failure) => {
                problems.push(failure.problem(plan.options.limits, plan.recipients_place.clone()));
            }
        }
    }
    merged.diagnostics = problems.take_sorted();
    merged
}

/// The path of one of several files, numbered so that they sort.
fn chunk_path(path: &Path, index: usize, count: usize) -> PathBuf {
    if count == 1 {
        return path.to_path_buf();
    }
    let digits = count.to_string().len();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{:0digits$}.pdf", index + 1))
}

/// Typesets letters one after the other as one PDF.
fn set(
    plan: &Plan,
    prototypes: &Prototypes,
    jobs: &[MergeJob],
    duplex: bool,
    problems: &Problems,
) -> Option<Pdf> {
    let found = Problems::default();
    let letters: Vec<Letter> =
        jobs.iter().filter_map(|job| letter::own(plan, prototypes, job, &found)).collect();
    let bookmarks = jobs.iter().map(|job| bookmark(plan, job)).collect();
    let all = letters.len() == jobs.len();
    let pdf = all.then_some(()).and_then(|()| {
        let manuscript = Manuscript::for_printer(letters.iter().collect(), bookmarks, duplex)?;
        let pages = plan.typesetter().pages(&manuscript, &found)?;
        plan.typesetter().pdf(&pages, &manuscript, &found)
    });
    letter::errors(found).for_each(|problem| problems.push(problem));
    pdf
}

/// The addressee of a letter, for the bookmark that leads to it.
fn bookmark(plan: &Plan, job: &MergeJob) -> String {
    let named = plan.recipients.named(&plan.recipients.rows[job.recipient]);
    named.map_or_else(|| job.number.to_string(), |cell| cell.value.to_string())
}

/// Writes a file, unless letters are made from that file. `None` if that failed; the reason is then
/// among the problems.
fn write(plan: &Plan, path: &Path, pdf: &Pdf, problems: &Problems) -> Option<()> {
    let list = plan.project.files.path(plan.recipients_place.file);
    let made_of = plan.project.files.read().into_iter().chain(list);
    match output::write_beside(path, &pdf.data, made_of) {
        Ok(_) => Some(()),
        Err(error) => {
            let message = output::unwritable(path, &error);
            let place = plan.recipients_place.clone();
            problems.push(Diagnostic::new(Code::Write, place, message).hint_if(error.hint()));
            None
        }
    }
}
