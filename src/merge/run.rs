//! Makes the letters of a merge, one file each, and the manifest that records what was made.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::memory::Memory;
use crate::engine::output::{self, Unwritten};
use crate::engine::supervisor;
use crate::engine::workers::{self, Failure};
use crate::formats::format::Document;
use crate::merge::jobs::{JobList, MergeJob, Wanted};
use crate::merge::letter::Files;
use crate::merge::manifest::{self, Also, LeftOut, Log, Made, Manifest};
use crate::merge::prototypes::Prototypes;
use crate::merge::resume::{self, Earlier};
use crate::merge::rows::Broken;
use crate::merge::{Merged, Plan, inputs, letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::digest;
use crate::source::line_starts::LineStarts;
use crate::words::say;

/// The result of one letter: the entry of the manifest if it was made, and its problems.
type Attempt = (Option<Made>, Vec<Diagnostic>);

/// Makes the letters of the requested share that are missing or have changed since an earlier merge,
/// without those of the rows in error.
pub(super) fn make(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    list: JobList,
    broken: Broken,
    progress: impl FnMut(usize, usize),
) -> Result<Merged, Unwritten> {
    let letters = list.len();
    let path = plan.out_dir.join(manifest::name(plan.shard, plan.options.draft));
    let earlier = Earlier::read(&path, plan, &list);
    let JobList { jobs, unavailable } = list.of_share(plan.shard);
    let head = inputs::head(plan, letters, jobs.len() + unavailable.len());
    let (of_broken, jobs): (Vec<_>, Vec<_>) =
        jobs.into_iter().partition(|job| broken.contains_key(&job.recipient));
    let (kept, missing) = resume::split(plan, earlier.as_ref(), &head, jobs);
    let unmade = of_broken.iter().map(MergeJob::wanted).chain(unavailable);
    let left_out = left_out(plan, unmade, &broken);
    // Other shares may be writing to the same folder from other computers, and not every network disk
    // shows their locks.
    if plan.shard.is_none() {
        output::remove_leftovers(&plan.out_dir);
    }
    // What this run wrote before it was started again is not an older letter.
    let is_old = |made: &&Made| !supervisor::was_written(&plan.out_dir.join(&made.file));
    let kept_count = kept.iter().filter(is_old).count();
    let mut manifest = Manifest { head, made: kept, left_out };
    let log = match Log::begin(&path, &manifest) {
        Ok(log) => log,
        // Nothing is wrong with the folder.
        Err(error @ (Unwritten::Link | Unwritten::NotAFile)) => {
            let diagnostics = vec![manifest::unwritable(plan, &path, &error)];
            return Ok(Merged { diagnostics, ..Merged::default() });
        }
        Err(error) => return Err(error),
    };
    let missing = Arc::new(missing);
    let inputs = manifest.head.inputs.clone();
    let attempts = make_all(plan, prototypes, &missing, inputs, log, progress);

    let problems = Problems::default();
    record(plan, &missing, attempts, broken, &mut manifest, &problems);
    if let Some(earlier) = earlier {
        earlier.report_left_over(plan, &manifest.made, &problems);
    }
    let mut diagnostics = problems.judged(&plan.options.lint);
    // If the disk has no room for the final manifest, the one begun earlier stays, and the problem is
    // still reported.
    if let Err(error) = output::write(&path, manifest.text().as_bytes()) {
        diagnostics.push(manifest::unwritable(plan, &path, &error));
    }
    let made = manifest.made.len() - kept_count;
    let pages = manifest.made.iter().filter_map(|made| made.pages).sum();
    let left_out = manifest.left_out.len();
    Ok(Merged { diagnostics, made, kept: kept_count, left_out, pages, ..Merged::default() })
}

/// Makes letters on threads, and adds each to the log as soon as its file is written. Once the disk
/// is full, no more are attempted.
fn make_all(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    missing: &Arc<Vec<MergeJob>>,
    inputs: String,
    log: Log,
    progress: impl FnMut(usize, usize),
) -> Vec<Result<Attempt, Failure>> {
    let names = missing.clone();
    let name = move |index: &usize| format!("make {}", names[*index].name());
    let (plan, prototypes, missing) = (plan.clone(), prototypes.clone(), missing.clone());
    let (threads, limits) = (plan.options.jobs, plan.options.limits);
    let (is_full, memory) = (AtomicBool::new(false), Memory::of_merge());
    let indices = (0..missing.len()).collect();
    let work = move |index: usize| {
        let (job, problems) = (&missing[index], Problems::default());
        if is_full.load(Ordering::Relaxed) {
            return (None, Vec::new());
        }
        let files = letter::make(&plan, &prototypes, job, &problems);
        memory.count_document();
        let made = files.and_then(|files| {
            let unwritten = |(file, error): &(String, Unwritten)| {
                is_full.fetch_or(error.is_full(), Ordering::Relaxed);
                problems.push(unwritable(&plan, job, file, error));
            };
            write(&plan, job, files, &inputs, &log).inspect_err(unwritten).ok()
        });
        (made, problems.into_sorted())
    };
    workers::map(indices, threads, limits, name, progress, work)
}

/// Writes the files of a letter and adds it to the log. The error has the file that cannot be written.
fn write(
    plan: &Plan,
    job: &MergeJob,
    Files { pages, first, others }: Files,
    inputs: &str,
    log: &Log,
) -> Result<Made, (String, Unwritten)> {
    let write =
        |Document { name, data }: Document| match output::write(&plan.out_dir.join(&name), &data) {
            Ok(_) => Ok(Also { sha256: digest::sha256(&data), file: name }),
            Err(error) => Err((name, error)),
        };
    let Also { file, sha256 } = write(first)?;
    let made = Made {
        number: job.number,
        recipient: plan.recipients.id(job.recipient),
        lang: job.tag.to_string(),
        file: file.clone(),
        pages: Some(pages).filter(|pages| *pages > 0),
        sha256,
        also: others.into_iter().map(write).collect::<Result<_, _>>()?,
        inputs: inputs::of_one(plan, job, inputs),
    };
    log.add(made).map_err(|error| (file, error.into()))
}

/// Adds the letters that were made to the manifest, and the failed ones as left out if the plan is to
/// keep going without them.
fn record(
    plan: &Plan,
    missing: &[MergeJob],
    attempts: Vec<Result<Attempt, Failure>>,
    mut broken: Broken,
    manifest: &mut Manifest,
    problems: &Problems,
) {
    manifest.made.reserve_exact(missing.len());
    let mut failed: Vec<&MergeJob> = Vec::new();
    for (job, attempt) in missing.iter().zip(attempts) {
        let (made, found) = attempt.unwrap_or_else(|failure| {
            let place = plan.recipients.rows[job.recipient].place.clone();
            (None, vec![failure.problem(plan.options.limits, place)])
        });
        if made.is_none() {
            let codes = broken.entry(job.recipient).or_default();
            codes.extend(found.iter().map(|problem| problem.code.as_str()));
            if found.is_empty() {
                // It was not attempted because the disk is full, which has been reported with another
                // letter.
                codes.insert(Code::Write.as_str());
            }
            failed.push(job);
        }
        found.into_iter().for_each(|problem| problems.push(problem));
        manifest.made.extend(made);
    }
    if plan.keep_going {
        let failed = failed.into_iter().map(MergeJob::wanted);
        manifest.left_out.extend(left_out(plan, failed, &broken));
    }
}

/// The manifest entries of letters that are not made.
fn left_out(plan: &Plan, letters: impl Iterator<Item = Wanted>, broken: &Broken) -> Vec<LeftOut> {
    let list = plan.recipients_place.file;
    let lines = LineStarts::of(&plan.project.files.text_to_show(list));
    let file = list.vpath().file_name().unwrap_or_default();
    let left_out = |Wanted { number, recipient, lang }: Wanted| {
        let line = lines.line(plan.recipients.rows[recipient].place.range.start) + 1;
        let codes: Vec<&str> = broken.get(&recipient).into_iter().flatten().copied().collect();
        let reason = format!("{file}:{line}: {}", codes.join(", "));
        LeftOut { number, recipient: plan.recipients.id(recipient), lang, reason }
    };
    letters.map(left_out).collect()
}

/// The error for a letter that cannot be written.
fn unwritable(plan: &Plan, job: &MergeJob, file: &str, error: &Unwritten) -> Diagnostic {
    let place = plan.recipients.rows[job.recipient].place.clone();
    let message = output::unwritable(&plan.out_dir.join(file), error);
    let hint = match error.is_full() {
        true => {
            Some(say!("free some space and run the merge again: it continues where it stopped"))
        }
        false => error.hint(),
    };
    Diagnostic::new(Code::Write, place, message).hint_if(hint)
}
