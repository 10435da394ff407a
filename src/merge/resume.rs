//! What an earlier merge left: letters that need not be made again, and letters whose recipients are
//! gone.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::merge::jobs::MergeJob;
use crate::merge::manifest::{Head, Made, Manifest};
use crate::merge::{Plan, inputs};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::paths;
use crate::words::say;

/// An earlier merge to the same folder.
pub(super) struct Earlier {
    manifest: Manifest,
    /// The files that the list of recipients now requires.
    listed: HashSet<String>,
}

impl Earlier {
    /// Reads the manifest of an earlier merge, if there is one. `jobs` are the letters to make now.
    pub(super) fn read(manifest: &Path, jobs: &[MergeJob]) -> Option<Self> {
        let manifest = Manifest::read(manifest)?;
        Some(Self { manifest, listed: jobs.iter().map(|job| job.file.clone()).collect() })
    }

    /// Warns of letters of the earlier merge that still exist and do not belong to this one.
    pub(super) fn report_left_over(&self, plan: &Plan, current: &[Made], problems: &Problems) {
        let current: HashSet<&str> = current.iter().map(|made| &*made.file).collect();
        let others = self.manifest.made.iter().filter(|made| !current.contains(&*made.file));
        for made in others {
            let file = made.path_in(&plan.out_dir).filter(|file| file.is_file());
            if let Some(file) = file {
                problems.push(left_over(plan, &file, self.listed.contains(&made.file)));
            }
        }
    }
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
        match done.remove(&job.file).filter(is_same) {
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
