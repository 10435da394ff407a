//! The file for the printer: all letters one after the other, or several such files.
//!
//! A manifest beside it says what each file was made from, so that files that are up to date are not
//! made again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::memory::Memory;
use crate::engine::output::{self, Unwritten};
use crate::engine::set::Pdf;
use crate::engine::supervisor;
use crate::engine::workers::{self, Failure, Limits};
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::merge::jobs::MergeJob;
use crate::merge::manifest::{self, Log, Made, Manifest};
use crate::merge::prototypes::Prototypes;
use crate::merge::{Combined, Merged, Plan, inputs, letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::{digest, paths};
use crate::words::say;

/// A file to make: its letters, and the SHA-256 of what it is made from.
struct Wanted {
    path: PathBuf,
    letters: Vec<MergeJob>,
    inputs: String,
}

/// Makes one file of all letters, or several, unless they are there and nothing has changed.
pub(super) fn make(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    combined: &Combined,
    jobs: Vec<MergeJob>,
    progress: impl FnMut(usize, usize),
) -> Result<Merged, Unwritten> {
    let path = plan.out_dir.join(&combined.path);
    let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let head = inputs::head(plan, jobs.len(), jobs.len());
    let wanted = wanted(plan, combined, &path, &jobs, &head.inputs);

    let manifest_path = path.with_extension("manifest.jsonl");
    let earlier = Manifest::read(&manifest_path);
    let done = earlier.iter().flat_map(|earlier| earlier.done(&folder, &head));
    let mut done: HashMap<String, Made> = done.map(|made| (made.file.clone(), made)).collect();
    let (mut merged, mut kept, mut missing) = (Merged::default(), Vec::new(), Vec::new());
    for wanted in wanted {
        match done.remove(&wanted.file()).filter(|made| made.inputs == wanted.inputs) {
            Some(made) => {
                // What this run wrote before it was started again is not an older file.
                let is_new = supervisor::was_written(&wanted.path);
                let letters = wanted.letters.len();
                *(if is_new { &mut merged.made } else { &mut merged.kept }) += letters;
                kept.push(made);
            }
            None => missing.push(wanted),
        }
    }
    let mut manifest = Manifest { head, made: kept, left_out: Vec::new() };
    let log = Log::begin(&manifest_path, &manifest)?;
    let (made, problems) = make_all(plan, prototypes, combined, missing, log, progress);
    for (letters, made) in made {
        merged.made += letters;
        manifest.made.push(made);
    }
    manifest.made.sort_by_key(|made| made.number);
    merged.pages = manifest.made.iter().filter_map(|made| made.pages).sum();
    merged.files = manifest.made.iter().map(|made| folder.join(&made.file)).collect();
    for made in earlier.iter().flat_map(|earlier| &earlier.made) {
        let file = manifest::path_in(&folder, &made.file);
        let file = file.filter(|file| !merged.files.contains(file));
        if let Some(file) = file.filter(|file| file.is_file()) {
            problems.push(left_over(plan, &file));
        }
    }
    merged.diagnostics = problems.judged(&plan.options.lint);
    if manifest.made.is_empty() {
        // There is nothing to resume.
        let _absent = std::fs::remove_file(&manifest_path);
    } else if let Err(error) = output::write(&manifest_path, manifest.text().as_bytes()) {
        merged.diagnostics.push(manifest::unwritable(plan, &manifest_path, &error));
    }
    Ok(merged)
}

/// Makes files on threads, and adds each to the log as soon as it is written. Returns the number of its
/// letters and its entry in the manifest, for each that could be made.
fn make_all(
    plan: &Arc<Plan>,
    prototypes: &Arc<Prototypes>,
    combined: &Combined,
    missing: Vec<Wanted>,
    log: Log,
    progress: impl FnMut(usize, usize),
) -> (Vec<(usize, Made)>, Arc<Problems>) {
    let (threads, limits) = (plan.options.jobs, plan.options.limits);
    // The time limit is that of one letter.
    let most = missing.iter().map(|file| file.letters.len()).max().unwrap_or(1);
    let time = limits.time.saturating_mul(u32::try_from(most).unwrap_or(u32::MAX));
    let problems = Arc::new(Problems::default());
    let work = {
        let (plan, prototypes, found) = (plan.clone(), prototypes.clone(), problems.clone());
        let (duplex, memory) = (combined.duplex, Memory::of_merge());
        move |wanted: Wanted| {
            let pdf = set(&plan, &prototypes, &wanted.letters, duplex, &found)?;
            let made = write(&plan, &wanted, &pdf, &log, &found)?;
            memory.count_document();
            Some((wanted.letters.len(), made))
        }
    };
    let name = |wanted: &Wanted| format!("combine {}", wanted.file());
    let results = workers::map(missing, threads, Limits { time, ..limits }, name, progress, work);
    let failed = |failure: Failure| failure.problem(limits, plan.recipients_place.clone());
    let made = results.into_iter().filter_map(|result| {
        result.unwrap_or_else(|failure| {
            problems.push(failed(failure));
            None
        })
    });
    (made.collect(), problems)
}

impl Wanted {
    /// The name of the file.
    fn file(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// The files to make.
fn wanted(
    plan: &Plan,
    combined: &Combined,
    path: &Path,
    jobs: &[MergeJob],
    all: &str,
) -> Vec<Wanted> {
    let chunk = combined.chunk.unwrap_or(jobs.len()).max(1);
    let chunks: Vec<&[MergeJob]> = jobs.chunks(chunk).collect();
    let wanted = |(index, letters): (usize, &&[MergeJob])| {
        let of_letters = letters.iter().map(|job| inputs::of_one(plan, job, all));
        let parts: Vec<String> = of_letters.chain([combined.duplex.to_string()]).collect();
        let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        Wanted {
            path: chunk_path(path, index, chunks.len()),
            letters: letters.to_vec(),
            inputs: digest::sha256_of(&parts),
        }
    };
    chunks.iter().enumerate().map(wanted).collect()
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

/// Writes a file, unless letters are made from that file, and returns its entry in the manifest, with the
/// number, recipient and language of its first letter. `None` if that failed; the reason is then among
/// the problems.
fn write(plan: &Plan, wanted: &Wanted, pdf: &Pdf, log: &Log, problems: &Problems) -> Option<Made> {
    let path = &wanted.path;
    let list = plan.project.files.path(plan.recipients_place.file);
    let made_of = plan.project.files.read().into_iter().chain(list);
    let first = wanted.letters.first()?;
    let made = Made {
        number: first.number,
        recipient: plan.recipients.id(first.recipient),
        lang: first.tag.to_string(),
        file: wanted.file(),
        pages: Some(pdf.pages),
        sha256: digest::sha256(&pdf.data),
        also: Vec::new(),
        inputs: wanted.inputs.clone(),
    };
    let written = output::write_beside(path, &pdf.data, made_of);
    let written = written.and_then(|_| Ok(log.add(made)?));
    let unwritable = |error: &Unwritten| problems.push(manifest::unwritable(plan, path, error));
    written.inspect_err(unwritable).ok()
}

/// The warning for a file of an earlier merge that is not made now, such as the last of more chunks.
fn left_over(plan: &Plan, file: &Path) -> Diagnostic {
    let file = paths::shown(file);
    let message = say!("{file} is from an earlier merge, and no letter of this one is in it", file);
    let problem = Diagnostic::new(Code::LeftOver, plan.recipients_place.clone(), message);
    problem.hint(say!("delete it before you hand the files to the printer"))
}
