//! Finds letters in folders.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::project::LETTER_FILE;

/// The letters that an argument means: the file itself, the `letter.toml` of a folder, or all those
/// in the folders below it. Hidden folders and files that git ignores are skipped.
pub(crate) fn letters(argument: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !std::fs::metadata(argument)?.is_dir() {
        return Ok(vec![argument.to_path_buf()]);
    }
    // If it has this name but is not a file, reading it reports that.
    let own = argument.join(LETTER_FILE);
    if own.exists() {
        return Ok(vec![own]);
    }
    let walk = WalkBuilder::new(argument).sort_by_file_name(Ord::cmp).build();
    let found = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == LETTER_FILE && entry.path().exists())
        .map(ignore::DirEntry::into_path);
    Ok(found.collect())
}
