//! Finds letters in folders.

use std::io;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::files::root;
use crate::project::LETTER_FILE;
use crate::words::Message;
use crate::words::system_errors;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The letters.
    pub letters: Vec<PathBuf>,
    /// The folders that cannot be read, and why. There may be letters in them.
    pub unreadable: Vec<(PathBuf, Message)>,
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
    // Only what git ignores is skipped: a file called `.ignore` could hide a letter from a review.
    let walk = WalkBuilder::new(argument).ignore(false).sort_by_file_name(Ord::cmp).build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_name() == LETTER_FILE => found.letters.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => found.unreadable.extend(unreadable(&error)),
        }
    }
    Ok(found)
}

/// The folder that cannot be read. `None` if the error is another, such as a mistake in `.gitignore`.
fn unreadable(error: &ignore::Error) -> Option<(PathBuf, Message)> {
    match error {
        ignore::Error::WithDepth { err, .. } => unreadable(err),
        ignore::Error::WithPath { path, err } => {
            let reason = err.io_error().map(system_errors::reason)?;
            Some((path.clone(), reason))
        }
        _ => None,
    }
}
