//! Finds letters in folders.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use parking_lot::Mutex;

use crate::files::regular::{self, Links};
use crate::files::root;
use crate::files::unreadable::Unreadable;
use crate::project::LETTER_FILE;
use crate::words::system_errors;

/// The maximum size of a `.gitignore`, in bytes. The time and the memory that its patterns take grow
/// faster than their number.
const MAX_RULES_BYTES: u64 = 64 << 10;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The letters.
    pub letters: Vec<PathBuf>,
    /// The folders that cannot be read, or the files in them that say what git ignores, and why. There
    /// may be letters in these folders.
    pub unreadable: Vec<(PathBuf, Unreadable)>,
}

/// The letters that an argument means: the file itself, the `letter.toml` of a folder, or all those
/// in the folders below it. Hidden folders and files that git ignores are skipped, and links to
/// folders are not followed.
pub(crate) fn letters(argument: &Path) -> io::Result<Found> {
    let one = |letter: PathBuf| Found { letters: vec![letter], ..Found::default() };
    // A link that leads nowhere, or out of the repository: opening it reports that.
    let is_link = argument.symlink_metadata()?.is_symlink();
    let is_folder = argument.metadata().map(|metadata| metadata.is_dir());
    if is_link && (is_folder.is_err() || root::leaves_work_tree(argument)) || !is_folder? {
        return Ok(one(argument.to_path_buf()));
    }
    // If it has this name but is not a file, reading it reports that.
    let own = argument.join(LETTER_FILE);
    if own.symlink_metadata().is_ok() {
        return Ok(one(own));
    }
    let mut found = Found::default();
    let tree = root::work_tree(&argument.canonicalize()?);
    if let Err(wrong) = expect_rules(argument, tree.as_deref()) {
        found.unreadable.push(wrong);
        return Ok(found);
    }
    let wrong = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&wrong);
    let mut walk = WalkBuilder::new(argument);
    // Only what git ignores is skipped: a file called `.ignore` could hide a letter from a review.
    walk.ignore(false).parents(tree.is_some()).sort_by_file_name(Ord::cmp);
    walk.filter_entry(move |entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let rules = if is_folder { expect_rules_in(entry.path()) } else { Ok(()) };
        rules.map_err(|wrong| into.lock().push(wrong)).is_ok()
    });
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_name() == LETTER_FILE => found.letters.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => found.unreadable.extend(unreadable(&error)),
        }
    }
    found.unreadable.append(&mut wrong.lock());
    Ok(found)
}

/// Fails if what git ignores in a folder cannot be read, here or in the folders above it in the same
/// work tree. Only the user's own files are above that.
fn expect_rules(folder: &Path, tree: Option<&Path>) -> Result<(), (PathBuf, Unreadable)> {
    expect_rules_in(folder)?;
    let Some(tree) = tree else { return Ok(()) };
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let mut above = real.ancestors().skip(1).take_while(|above| above.starts_with(tree));
    above.try_for_each(expect_rules_in)
}

/// Fails if the `.gitignore` of a folder is no regular file or is too large. Git follows no link
/// there either; the walk would.
fn expect_rules_in(folder: &Path) -> Result<(), (PathBuf, Unreadable)> {
    let rules = folder.join(".gitignore");
    match regular::read(&rules, Links::Refused, MAX_RULES_BYTES) {
        Err(reason @ (Unreadable::Link | Unreadable::NotAFile | Unreadable::TooLarge(_))) => {
            Err((rules, reason))
        }
        // The walk passes over one that does not exist or may not be read.
        _ => Ok(()),
    }
}

/// The folder that cannot be read. `None` if the error is another, such as a mistake in `.gitignore`.
fn unreadable(error: &ignore::Error) -> Option<(PathBuf, Unreadable)> {
    match error {
        ignore::Error::WithDepth { err, .. } => unreadable(err),
        ignore::Error::WithPath { path, err } => {
            let reason = err.io_error().map(system_errors::reason)?;
            Some((path.clone(), Unreadable::System(reason)))
        }
        _ => None,
    }
}
