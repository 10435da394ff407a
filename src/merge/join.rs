//! Joins the shares of a merge that were made separately: one manifest for all letters.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::merge::manifest::{Also, Head, LeftOut, Made, Manifest, Shard};
use crate::source::paths;
use crate::words::{Message, say};

/// Why shares cannot be joined.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum JoinProblem {
    /// A folder contains no manifest of a share.
    NoManifest(PathBuf),
    /// A share was made from other inputs than the first.
    Different(PathBuf),
    /// Shares that are missing: the first of them, and how many more there are.
    Missing(Vec<Shard>, usize),
    /// A share that appears twice.
    Twice(Shard),
    /// A file that is missing, or differs from what the manifest says.
    Changed(PathBuf),
    /// A share that is not finished.
    Unfinished(Shard),
    /// Letters that were not made because their rows have errors.
    LeftOut(Vec<LeftOut>),
}

impl JoinProblem {
    /// The problem, as a message.
    pub(crate) fn message(&self) -> Message {
        match self {
            Self::NoManifest(folder) => {
                let folder = paths::shown(folder);
                say!("there is no share of a merge in {folder}", folder)
            }
            Self::Different(folder) => {
                let folder = paths::shown(folder);
                say!(
                    "the share in {folder} belongs to another letter, other recipients or another \
                     version of the program",
                    folder
                )
            }
            Self::Missing(shards, more) => {
                let list = shards.iter().map(Shard::to_string).collect::<Vec<_>>().join(", ");
                match more {
                    0 => say!("these shares are missing: {list}", list),
                    more => say!("these shares are missing: {list}, and {more} more", list, more),
                }
            }
            Self::Twice(shard) => {
                say!("the share {shard} appears twice", shard)
            }
            Self::Changed(path) => {
                let path = paths::shown(path);
                say!("{path} does not match its manifest: run its share again", path)
            }
            Self::Unfinished(shard) => {
                say!("the share {shard} is not complete: run it again", shard)
            }
            Self::LeftOut(_) => say!(
                "letters are left out: fix their rows and run their shares again, or join without \
                 them with --keep-going:"
            ),
        }
    }

    /// What the message is about, line by line.
    pub(crate) fn details(&self) -> Vec<String> {
        match self {
            Self::LeftOut(letters) => left_out_lines(letters),
            _ => Vec::new(),
        }
    }
}

/// Letters that were left out, and why.
pub(crate) fn left_out_lines(letters: &[LeftOut]) -> Vec<String> {
    letters.iter().map(|letter| format!("{} ({})", letter.reason, letter.lang)).collect()
}

/// How many missing shares are named.
const NAMED_SHARES: usize = 10;

/// The manifest of a share, and the folder it is in.
struct Share {
    folder: PathBuf,
    shard: Shard,
    manifest: Manifest,
}

/// Joins the manifests of all shares in some folders, and checks every file. The paths in the joint
/// manifest are relative to `to`. Letters that were left out prevent joining, unless `keep_going`.
///
/// # Errors
///
/// All reasons why the shares cannot be joined.
pub(crate) fn join(
    folders: &[PathBuf],
    to: &Path,
    keep_going: bool,
) -> Result<Manifest, Vec<JoinProblem>> {
    let mut problems = Vec::new();
    let shares = read_shares(folders, &mut problems);
    let Some(first) = shares.first() else { return Err(problems) };
    let head = joint_head(&first.manifest.head);
    let mut joint = Manifest { head, made: Vec::new(), left_out: Vec::new() };
    for (index, share) in shares.iter().enumerate() {
        let Share { folder, shard, manifest } = share;
        if joint_head(&manifest.head) != joint.head || shard.count != first.shard.count {
            problems.push(JoinProblem::Different(folder.clone()));
            continue;
        }
        if shares[..index].iter().any(|other| other.shard == *shard) {
            problems.push(JoinProblem::Twice(*shard));
            continue;
        }
        if manifest.made.len() + manifest.left_out.len() != manifest.head.here {
            problems.push(JoinProblem::Unfinished(*shard));
        }
        joint.left_out.extend(manifest.left_out.iter().cloned());
        for made in &manifest.made {
            if let Some(file) = made.changed_in(folder) {
                problems.push(JoinProblem::Changed(folder.join(file)));
            }
            let at = |file: &str| path_from(to, &folder.join(file));
            let also = made.also.iter();
            let also = also.map(|also| Also { file: at(&also.file), ..also.clone() }).collect();
            joint.made.push(Made { file: at(&made.file), also, ..made.clone() });
        }
    }
    let there: HashSet<usize> = shares.iter().map(|share| share.shard.number).collect();
    let missing = first.shard.count - there.iter().filter(|n| **n <= first.shard.count).count();
    if missing > 0 {
        // The number of shares is what a manifest says, so they are not all listed.
        let all = (1..=first.shard.count).filter(|number| !there.contains(number));
        let named: Vec<Shard> =
            all.take(NAMED_SHARES).map(|number| Shard { number, ..first.shard }).collect();
        let more = missing - named.len();
        problems.push(JoinProblem::Missing(named, more));
    }
    joint.made.sort_by_key(|letter| letter.number);
    joint.left_out.sort_by_key(|letter| letter.number);
    if !joint.left_out.is_empty() && !keep_going {
        problems.push(JoinProblem::LeftOut(joint.left_out.clone()));
    }
    if problems.is_empty() && !is_complete(&joint) {
        problems.extend(folders.first().cloned().map(JoinProblem::Different));
    }
    if problems.is_empty() { Ok(joint) } else { Err(problems) }
}

/// The shares in some folders, in the order of the folders and of the manifests' names.
fn read_shares(folders: &[PathBuf], problems: &mut Vec<JoinProblem>) -> Vec<Share> {
    let mut shares = Vec::new();
    for folder in folders {
        let before = shares.len();
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        for manifest in paths.iter().filter_map(|path| Manifest::read(path)) {
            if let Some(shard) = manifest.head.shard {
                shares.push(Share { folder: folder.clone(), shard, manifest });
            }
        }
        if shares.len() == before {
            problems.push(JoinProblem::NoManifest(folder.clone()));
        }
    }
    shares
}

/// The head of a share's manifest, as it is for all letters.
fn joint_head(head: &Head) -> Head {
    Head { shard: None, here: head.letters, ..head.clone() }
}

/// Whether every letter of a merge was made or left out, exactly once.
fn is_complete(joint: &Manifest) -> bool {
    let made = joint.made.iter().map(|letter| letter.number);
    let left_out = joint.left_out.iter().map(|letter| letter.number);
    let mut numbers: Vec<usize> = made.chain(left_out).collect();
    numbers.sort_unstable();
    numbers.into_iter().eq(1..=joint.head.letters)
}

/// The relative path from a folder to a file, if they have a folder in common; otherwise the file's
/// full path.
fn path_from(folder: &Path, file: &Path) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (folder, file) = (full(folder), full(file));
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Path::new("..").to_path_buf());
    let down = file.components().skip(shared).map(|part| PathBuf::from(part.as_os_str()));
    let path: PathBuf = up.chain(down).collect();
    paths::shown(&path)
}
