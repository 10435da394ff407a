//! What an earlier merge left: letters that need not be made again, and letters whose recipients are
//! gone.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::merge::jobs::MergeJob;
use crate::merge::manifest::{self, Head, Made, Manifest};
use crate::merge::{Plan, inputs};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::paths;
use crate::words::say;

/// An earlier merge to the same folder.
pub(super) struct Earlier {
    manifest: Manifest,
    /// The letters that the list of recipients now requires, by the names of their files.
    listed: HashSet<String>,
}

impl Earlier {
    /// Reads the manifest of an earlier merge, if there is one. `jobs` are the letters to make now.
    pub(super) fn read(manifest: &Path, jobs: &[MergeJob]) -> Option<Self> {
        let manifest = Manifest::read(manifest)?;
        Some(Self { manifest, listed: jobs.iter().map(|job| job.stem.clone()).collect() })
    }

    /// Warns of letters of the earlier merge that still exist and do not belong to this one.
    pub(super) fn report_left_over(&self, plan: &Plan, current: &[Made], problems: &Problems) {
        let made: HashSet<&str> = current.iter().flat_map(Made::names).collect();
        let stems: HashSet<&str> = made.iter().copied().map(stem).collect();
        let formats = &plan.options.formats;
        let is_wanted = |name: &str| {
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            formats.iter().any(|format| format.extension() == extension)
        };
        // Of a letter that cannot be made again, a file in a format that is not asked for is no less right.
        let is_in_other_format = |name: &str| {
            stems.contains(stem(name)) || self.listed.contains(stem(name)) && !is_wanted(name)
        };
        let mut other_formats = Vec::new();
        for name in self.manifest.made.iter().flat_map(Made::names) {
            let file = manifest::path_in(&plan.out_dir, name).filter(|_| !made.contains(name));
            match file.filter(|file| file.is_file()) {
                Some(file) if is_in_other_format(name) => other_formats.push(file),
                Some(file) => {
                    problems.push(left_over(plan, &file, self.listed.contains(stem(name))));
                }
                None => {}
            }
        }
        problems.extend(in_other_formats(plan, &other_formats));
    }
}

/// The name of a file without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The letters that are up to date, and those that must be made.
pub(super) fn split(
    plan: &Plan,
    earlier: Option<&Earlier>,
    head: &Head,
    jobs: Vec<MergeJob>,
) -> (Vec<Made>, Vec<MergeJob>) {
    // By file name, because the number of a letter changes with the rows before it.
    let done = earlier.iter().flat_map(|earlier| earlier.manifest.done(&plan.out_dir, head));
    let mut done: HashMap<String, Made> = done.map(|made| (made.file.clone(), made)).collect();
    let (mut kept, mut missing) = (Vec::new(), Vec::new());
    for job in jobs {
        let is_same = |made: &Made| made.inputs == inputs::of_one(plan, &job, &head.inputs);
        match done.remove(&job.file(plan.format())).filter(is_same) {
            Some(made) => {
                let (number, recipient) = (job.number, plan.recipients.id(job.recipient));
                kept.push(Made { number, recipient, ..made });
            }
            None => missing.push(job),
        }
    }
    (kept, missing)
}

/// The warning for a letter of an earlier merge whose recipient is no longer in the list, or is in it
/// but whose letter could not be made again.
fn left_over(plan: &Plan, file: &Path, is_listed: bool) -> Diagnostic {
    let file = paths::shown(file);
    let (message, hint) = match is_listed {
        false => (
            say!("{file} is from an earlier merge, and its recipient is not in this list", file),
            say!("delete it before sending the letters"),
        ),
        true => (
            say!("{file} is from an earlier merge and was not made again", file),
            say!("fix the problems of its recipient, or delete it before you send the letters"),
        ),
    };
    Diagnostic::new(Code::LeftOver, plan.recipients_place.clone(), message).hint(hint)
}

/// The warning for the files of an earlier merge in formats that are not made now.
fn in_other_formats(plan: &Plan, files: &[PathBuf]) -> Option<Diagnostic> {
    let file = paths::shown(files.first()?);
    let message = match files.len() - 1 {
        0 => say!("{file} is from an earlier merge in other formats", file),
        more => {
            say!("{file} and {more} more are from an earlier merge in other formats", file, more)
        }
    };
    let problem = Diagnostic::new(Code::LeftOver, plan.recipients_place.clone(), message);
    Some(problem.hint(say!("delete them, or name their formats too: --format can be repeated")))
}
