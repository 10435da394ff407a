//! Writes files whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use tempfile::NamedTempFile;

use crate::engine::supervisor;
use crate::files::regular::{self, Links};
use crate::files::root;
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

/// Why a file was not written.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// The reason that the system reports.
    System(io::Error),
    /// A link is at its place. What it leads to is not the program's to change.
    Link,
    /// A pipe or a device is at its place.
    NotAFile,
    /// Its folder is reached through this link, which is inside a git work tree.
    LinkedFolder(PathBuf),
    /// A letter is built from it.
    MadeOf,
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl Unwritten {
    /// What the system reports.
    pub(crate) fn kind(&self) -> Option<io::ErrorKind> {
        if let Self::System(error) = self { Some(error.kind()) } else { None }
    }

    /// Whether no other file can be written there either.
    pub(crate) fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        matches!(self.kind(), Some(StorageFull | QuotaExceeded | ReadOnlyFilesystem | FileTooLarge))
    }

    /// What to do, if something is at the place of a file that does not belong there.
    pub(crate) fn hint(&self) -> Option<Message> {
        match self {
            Self::Link | Self::NotAFile => Some(say!("delete it, or choose another place")),
            Self::LinkedFolder(_) => {
                Some(say!("delete it, or name the folder itself that it leads to"))
            }
            Self::System(_) | Self::MadeOf => None,
        }
    }

    /// Why nothing can be written to a folder, for people.
    fn reason(&self, folder: &Path) -> Message {
        match self {
            Self::Link => say!("a link is in its place"),
            Self::NotAFile => say!("a pipe or a device is in its place"),
            Self::LinkedFolder(link) => {
                let link = paths::shown(link);
                say!(
                    "`{link}` is a link inside a git repository, which anybody may have put there",
                    link
                )
            }
            Self::MadeOf => say!("a letter is built from this file"),
            Self::System(error) => {
                let file = folder.ancestors().find(|path| path.is_file());
                file.map_or_else(
                    || system_errors::reason(error),
                    |file| {
                        let file = paths::shown(file);
                        say!("`{file}` is a file, but a folder is needed", file)
                    },
                )
            }
        }
    }
}

/// Whether a file exists with these bytes. What is no regular file, or of another length, is not read.
pub(crate) fn is_there(path: &Path, data: &[u8]) -> bool {
    let Ok(file) = regular::open(path, Links::Refused) else { return false };
    let is_as_long = file.metadata().is_ok_and(|file| file.len() == data.len() as u64);
    let mut old = Vec::new();
    let most = data.len() as u64 + 1;
    is_as_long && file.take(most).read_to_end(&mut old).is_ok() && old == data
}

/// Fails if something is in the place of a file that the program neither reads nor replaces: a link, a
/// pipe, a device, or a link in the way there that a stranger may have made.
pub(crate) fn expect_place(path: &Path) -> Result<(), Unwritten> {
    if let Some(link) = root::link_in_work_tree(folder_of(path)) {
        return Err(Unwritten::LinkedFolder(link));
    }
    match fs::symlink_metadata(path).map(|metadata| metadata.file_type()) {
        Ok(kind) if kind.is_symlink() => Err(Unwritten::Link),
        Ok(kind) if kind.is_file() || kind.is_dir() => Ok(()),
        Ok(_) => Err(Unwritten::NotAFile),
        // That it is missing is well; any other reason comes up again in writing.
        Err(_) => Ok(()),
    }
}

/// Writes a file under a temporary name in its folder, then renames it. Creates the folder if it does
/// not exist.
pub(crate) fn write(path: &Path, data: &[u8]) -> Result<Written, Unwritten> {
    expect_place(path)?;
    if is_there(path, data) {
        // If this run was started again, it may have written the file itself.
        let is_new = supervisor::was_written(path);
        return Ok(if is_new { Written::Changed } else { Written::Unchanged });
    }
    expect_room(data.len() as u64)?;
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;

    let _writing = WRITING.lock();
    let mut file = temporary_file(folder)?;
    file.write_all(data)?;
    file.persist(path).map_err(|error| error.error)?;
    supervisor::note_written(path);
    Ok(Written::Changed)
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A temporary file that is locked, so that another run does not take it for a leftover.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        // The usual permissions of a new file, which the umask narrows.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    loop {
        let file = builder.tempfile_in(folder)?;
        // Some network disks have no locks. There, leftovers stay.
        let _unlocked = file.as_file().lock();
        // Another run may have removed the file before it was locked.
        if file.path().symlink_metadata().is_ok() {
            return Ok(file);
        }
    }
}

/// Fails if the system does not let a file grow to a size, in bytes. Writing it would end the program
/// (`SIGXFSZ`).
pub(crate) fn expect_room(size: u64) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if getrlimit(Resource::Fsize).current.is_some_and(|limit| size > limit) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
    }
    #[cfg(not(unix))]
    let _unlimited = size;
    Ok(())
}

/// Writes a file like [`write()`], unless letters are made from that file.
pub(crate) fn write_beside(
    path: &Path,
    data: &[u8],
    mut made_of: impl Iterator<Item = PathBuf>,
) -> Result<Written, Unwritten> {
    let same = |real: PathBuf| made_of.any(|file| file.canonicalize().is_ok_and(|f| f == real));
    if path.canonicalize().is_ok_and(same) {
        return Err(Unwritten::MadeOf);
    }
    write(path, data)
}

/// The message if a file cannot be written.
pub(crate) fn unwritable(path: &Path, error: &Unwritten) -> Message {
    let reason = error.reason(path.parent().unwrap_or(path));
    let path = paths::shown(path);
    say!("cannot write `{path}`: {reason}", path, reason)
}

/// The message if nothing can be written to a folder.
pub(crate) fn unwritable_folder(folder: &Path, error: &Unwritten) -> Message {
    let reason = error.reason(folder);
    let folder = paths::shown(folder);
    say!("cannot write to `{folder}`: {reason}", folder, reason)
}

/// A text that replaces another in a file, with the line endings that the other has: those of Windows
/// or those of everything else.
pub(crate) fn with_line_ends_of(old: &str, new: String) -> String {
    if old.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new }
}

/// Removes the half-written files that a killed program left in a folder. Those of a running program
/// are locked, and stay.
pub(crate) fn remove_leftovers(folder: &Path) {
    if root::link_in_work_tree(folder).is_some() {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let path = entry.path();
        let is_left = |file: &File| file.try_lock().is_ok();
        if let Some(file) = regular::open(&path, Links::Refused).ok().filter(is_left) {
            // It does no harm if it stays. The lock is held until it is gone.
            let _stays = fs::remove_file(path);
            drop(file);
        }
    }
}

/// The prefix of temporary files.
const PREFIX: &str = ".undersigned-";

/// Does something while no file is being written, such as ending the program.
pub(crate) fn between_files<R>(then: impl FnOnce() -> R) -> R {
    let _writing = WRITING.lock();
    then()
}
