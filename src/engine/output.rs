//! Writes files whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use crate::engine::supervisor;
use crate::source::paths;
use crate::words::system_errors;
use crate::words::{Message, say};

/// Held while a file is written, so that an interrupt can wait until no half-written file is left.
static WRITING: Mutex<()> = Mutex::new(());

/// What happened to an output.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Written {
    /// It is new or was changed.
    Changed,
    /// It already existed, byte for byte, and was left alone.
    Unchanged,
}

/// Whether a file exists with these bytes.
pub(crate) fn is_there(path: &Path, data: &[u8]) -> bool {
    fs::read(path).is_ok_and(|old| old == data)
}

/// Writes a file under a temporary name in its folder, then renames it. Creates the folder if it does
/// not exist.
pub(crate) fn write(path: &Path, data: &[u8]) -> io::Result<Written> {
    if is_there(path, data) {
        // If this run was started again, it may have written the file itself.
        let is_new = supervisor::was_written(path);
        return Ok(if is_new { Written::Changed } else { Written::Unchanged });
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;

    let _writing = WRITING.lock();
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        // The usual permissions of a new file, which the umask narrows.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(data)?;
    file.persist(path).map_err(|error| error.error)?;
    supervisor::note_written(path);
    Ok(Written::Changed)
}

/// Writes a file like [`write()`], unless letters are made from that file.
pub(crate) fn write_beside(
    path: &Path,
    data: &[u8],
    mut made_of: impl Iterator<Item = PathBuf>,
) -> io::Result<Written> {
    let same = |real: PathBuf| made_of.any(|file| file.canonicalize().is_ok_and(|f| f == real));
    if path.canonicalize().is_ok_and(same) {
        let message = say!("a letter is built from this file");
        return Err(system_errors::own(io::ErrorKind::InvalidInput, message));
    }
    write(path, data)
}

/// The message if a file cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Message {
    let reason = reason(path.parent().unwrap_or(path), error);
    let path = paths::shown(path);
    say!("cannot write `{path}`: {reason}", path, reason)
}

/// The message if nothing can be written to a folder.
pub(crate) fn unwritable_folder(folder: &Path, error: &io::Error) -> Message {
    let reason = reason(folder, error);
    let folder = paths::shown(folder);
    say!("cannot write to `{folder}`: {reason}", folder, reason)
}

/// Whether no other file can be written there either.
pub(crate) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem | FileTooLarge)
}

/// Why nothing can be written to a folder, for people.
fn reason(folder: &Path, error: &io::Error) -> Message {
    if let Some(file) = folder.ancestors().find(|path| path.is_file()) {
        let file = paths::shown(file);
        return say!("`{file}` is a file, but a folder is needed", file);
    }
    system_errors::reason(error)
}

/// A text that replaces another in a file, with the line endings that the other has: those of Windows
/// or those of everything else.
pub(crate) fn with_line_ends_of(old: &str, new: String) -> String {
    if old.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new }
}

/// Removes the half-written files that a killed program left in a folder.
pub(crate) fn remove_leftovers(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The prefix of temporary files.
const PREFIX: &str = ".undersigned-";

/// Does something while no file is being written, such as ending the program.
pub(crate) fn between_files<R>(then: impl FnOnce() -> R) -> R {
    let _writing = WRITING.lock();
    then()
}
