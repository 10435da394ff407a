//! What an earlier merge left: letters that need not be made again, and letters whose recipients are
//! gone.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::merge::jobs::{JobList, MergeJob};
use crate::merge::manifest::{self, Head, Made, Manifest};
use crate::merge::{Plan, inputs};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::paths;
use crate::words::say;

/// An earlier merge to the same folder.
pub(super) struct Earlier {
    manifest: Manifest,
    /// The letters that the list of recipients now requires, by the names of their files, and whether each
    /// is in this share.
    listed: HashMap<String, bool>,
    /// The languages and names of the letters to each recipient, by id. Empty if a row has no id.
    by_id: HashMap<String, Vec<(String, String)>>,
}

/// Why a letter of an earlier merge is not one of this merge.
enum Why {
    /// Its recipient is in the list, but the letter could not be made again.
    NotMade,
    /// The letter to its recipient is in another file now, which has this name.
    Renamed(String),
    /// Its recipient is not in the list.
    Gone,
    /// Without an id, nobody knows whose it is: the number of a row changes with the rows before it.
    Unknown,
}

impl Earlier {
    /// Reads the manifest of an earlier merge, if there is one. `list` has the letters to make now, in all
    /// shares.
    pub(super) fn read(manifest: &Path, plan: &Plan, list: &JobList) -> Option<Self> {
        let manifest = Manifest::read(manifest)?;
        let is_here = |recipient: usize| plan.shard.is_none_or(|shard| shard.holds(recipient));
        let listed = list.jobs.iter().map(|job| (job.stem.clone(), is_here(job.recipient)));
        let listed = listed.collect();
        let mut by_id: HashMap<String, Vec<(String, String)>> = HashMap::new();
        if plan.recipients.have_ids() {
            for job in &list.jobs {
                let letters = by_id.entry(plan.recipients.id(job.recipient)).or_default();
                letters.push((job.tag.to_string(), job.stem.clone()));
            }
            for wanted in &list.unavailable {
                by_id.entry(plan.recipients.id(wanted.recipient)).or_default();
            }
        }
        Some(Self { manifest, listed, by_id })
    }

    /// Warns of letters of the earlier merge that still exist and do not belong to this one.
    pub(super) fn report_left_over(&self, plan: &Plan, current: &[Made], problems: &Problems) {
        let made: HashSet<&str> = current.iter().flat_map(Made::names).collect();
        let stems: HashSet<&str> = made.iter().copied().map(stem).collect();
        let formats = &plan.options.formats;
        let is_wanted = |name: &str| formats.iter().any(|f| f.extension() == extension(name));
        // Of a letter that cannot be made again, a file in a format that is not asked for is no less right.
        let is_in_other_format = |name: &str| {
            stems.contains(stem(name)) || self.listed.contains_key(stem(name)) && !is_wanted(name)
        };
        // A file of the same name in another share is made there.
        let is_elsewhere = |name: &str| self.listed.get(stem(name)) == Some(&false);
        let mut other_formats = Vec::new();
        for letter in &self.manifest.made {
            for name in letter.names().filter(|name| !made.contains(name) && !is_elsewhere(name)) {
                let file = manifest::path_in(&plan.out_dir, name).filter(|file| file.is_file());
                match file {
                    Some(file) if is_in_other_format(name) => other_formats.push(file),
                    Some(file) => {
                        problems.push(left_over(plan, &file, self.why(letter, name, &stems)));
                    }
                    None => {}
                }
            }
        }
        problems.extend(in_other_formats(plan, &other_formats));
    }

    /// Why a file of a letter is left over. `made` are the names of the letters of this merge.
    fn why(&self, letter: &Made, name: &str, made: &HashSet<&str>) -> Why {
        if self.listed.contains_key(stem(name)) {
            return Why::NotMade;
        }
        // Without an id, the number of the row stood for the recipient.
        let had_id = self.manifest.head.ids || letter.recipient.parse::<usize>().is_err();
        if self.by_id.is_empty() || !had_id {
            return Why::Unknown;
        }
        let Some(letters) = self.by_id.get(&letter.recipient) else { return Why::Gone };
        let same = letters.iter().find(|(lang, _)| *lang == letter.lang).or(letters.first());
        let is_made = |(_, stem): &&(String, String)| {
            made.contains(stem.as_str()) || self.listed.get(stem) == Some(&false)
        };
        match same.filter(is_made) {
            Some((_, stem)) => Why::Renamed(format!("{stem}.{}", extension(name))),
            None => Why::NotMade,
        }
    }
}

/// The name of a file without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The extension of a file's name.
fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
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

/// The warning for a letter of an earlier merge that is not one of this merge.
fn left_over(plan: &Plan, file: &Path, why: Why) -> Diagnostic {
    let file = paths::shown(file);
    let delete = say!("delete it before sending the letters");
    let (message, hint) = match why {
        Why::NotMade => (
            say!("{file} is from an earlier merge and was not made again", file),
            say!("fix the problems of its recipient, or delete it before you send the letters"),
        ),
        Why::Renamed(now) => (
            say!(
                "{file} is from an earlier merge: the letter to its recipient is now {now}",
                file,
                now
            ),
            delete,
        ),
        Why::Gone => (
            say!("{file} is from an earlier merge, and its recipient is not in this list", file),
            delete,
        ),
        Why::Unknown => (
            say!("{file} is from an earlier merge, and this one has no letter of that name", file),
            delete,
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
