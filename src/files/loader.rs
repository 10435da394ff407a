//! Opens the files of a letter. Nothing else does.
//!
//! An opened file is below the root, not hidden, a regular file, and not too large. These checks
//! apply to the real path, after resolving all symbolic links.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, VirtualRoot};
use typst_kit::files::FileLoader;

use crate::files::carried::{self, CARRIED};
use crate::source::digest;
use crate::words::system_errors;
use crate::words::{Message, say};

/// The maximum size of any file, in bytes: a scanned page at 1200 dpi fits.
pub(crate) const MAX_FILE_BYTES: u64 = 64 << 20;

/// Reads files for Typst.
pub(super) struct Loader {
    /// The canonical path of the root.
    root: PathBuf,
    /// The letter's folder below the root.
    home: PathBuf,
    /// A file that is not on the disk.
    given: Option<(FileId, Bytes)>,
    /// The paths that were read from the disk.
    noted: Mutex<BTreeSet<PathBuf>>,
    /// Why files could not be read, for reasons that Typst's errors cannot express.
    reasons: Mutex<HashMap<FileId, Unreadable>>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) enum Unreadable {
    /// It does not exist.
    NotFound,
    /// It is a folder.
    IsDirectory,
    /// The program may not read it, or the system refuses access.
    AccessDenied,
    /// It is a pipe or a device.
    NotAFile,
    /// It is larger than the limit.
    TooLarge,
    /// The reason that the system reports.
    System(Message),
    /// The reason that Typst reports, in English.
    Typst(FileError),
}

impl Loader {
    /// A loader of what is below `root`, a canonical path, for a letter in the folder `home`.
    pub(super) fn new(root: &Path, home: &Path, given: Option<(FileId, Bytes)>) -> Self {
        let home = home.strip_prefix(root).map(Path::to_path_buf).unwrap_or_default();
        let (noted, reasons) = (Mutex::default(), Mutex::default());
        Self { root: root.to_path_buf(), home, given, noted, reasons }
    }

    /// Notes a path that the letter is made from.
    pub(super) fn note(&self, path: PathBuf) {
        self.noted.lock().insert(path);
    }

    /// The paths that were noted, sorted.
    pub(super) fn noted(&self) -> Vec<PathBuf> {
        self.noted.lock().iter().cloned().collect()
    }

    /// Clears the notes and the reasons.
    pub(super) fn forget(&self) {
        self.noted.lock().clear();
        self.reasons.lock().clear();
    }

    /// The reason behind the error that Typst received.
    pub(super) fn reason(&self, file: FileId, error: FileError) -> Unreadable {
        match error {
            FileError::NotFound(_) => Unreadable::NotFound,
            FileError::IsDirectory => Unreadable::IsDirectory,
            FileError::AccessDenied => Unreadable::AccessDenied,
            other => {
                let known = self.reasons.lock().get(&file).cloned();
                known.unwrap_or(Unreadable::Typst(other))
            }
        }
    }

    /// Whether the file exists, but not below the root.
    pub(super) fn leaves_root(&self, file: FileId) -> bool {
        self.real(file).is_some_and(|path| !path.starts_with(&self.root))
    }

    /// Whether the path has a name that begins with a dot. Such files may contain secrets: the token
    /// in `.git/config` of a CI build, the keys in `.ssh`.
    pub(super) fn is_hidden(&self, file: FileId) -> bool {
        self.hides(Path::new(file.vpath().get_without_slash()))
    }

    /// Whether the real path of the file is hidden: a link may lead there, and so does `GIT~1`, the
    /// short name of `.git` on Windows.
    pub(super) fn leads_to_hidden(&self, file: FileId) -> bool {
        let real = self.real(file);
        real.is_some_and(|real| real.strip_prefix(&self.root).is_ok_and(|path| self.hides(path)))
    }

    /// The names in a folder that are not hidden. `None` if the folder is not accessible.
    pub(super) fn names(&self, folder: &Path) -> Option<Vec<String>> {
        let folder = folder.canonicalize().ok()?;
        if !self.shows(&folder) {
            return None;
        }
        let names = fs::read_dir(folder).ok()?;
        let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Some(names.filter(|name| !name.starts_with('.')).collect())
    }

    /// The real path of the file, if it exists.
    fn real(&self, file: FileId) -> Option<PathBuf> {
        file.vpath().realize(&self.root).ok()?.canonicalize().ok()
    }

    /// Whether a real path is accessible: it is below the root and not hidden.
    fn shows(&self, real: &Path) -> bool {
        real.strip_prefix(&self.root).is_ok_and(|path| !self.hides(path))
    }

    /// Whether a path relative to the root is hidden.
    fn hides(&self, path: &Path) -> bool {
        let path = path.strip_prefix(&self.home).unwrap_or(path);
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    }

    /// Reads a file below the root.
    fn open(&self, file: FileId) -> Result<Bytes, Unreadable> {
        if self.is_hidden(file) {
            return Err(Unreadable::AccessDenied);
        }
        let path = file.vpath().realize(&self.root).map_err(|e| Unreadable::Typst(e.into()))?;
        let real = path.canonicalize()?;
        if !self.shows(&real) {
            return Err(Unreadable::AccessDenied);
        }
        let metadata = fs::metadata(&real)?;
        if metadata.is_dir() {
            return Err(Unreadable::IsDirectory);
        }
        if !metadata.is_file() {
            return Err(Unreadable::NotAFile);
        }
        let mut data = Vec::new();
        fs::File::open(&real)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut data)?;
        if data.len() as u64 > MAX_FILE_BYTES {
            return Err(Unreadable::TooLarge);
        }
        self.note(path);
        Ok(Bytes::new(data))
    }
}

impl FileLoader for Loader {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        if let Some((given, data)) = &self.given
            && *given == file
        {
            return Ok(data.clone());
        }
        match file.root() {
            VirtualRoot::Project => match (self.open(file), file.vpath().file_name()) {
                (Ok(data), _) => Ok(data),
                // A user's own template may import `parts.typ`; a file of this name beside it takes
                // precedence.
                (Err(Unreadable::NotFound), Some(carried::PARTS)) => {
                    CARRIED.file(carried::built_in(carried::PARTS))
                }
                (Err(reason), _) => {
                    let error = reason.for_typst(file);
                    self.reasons.lock().insert(file, reason);
                    Err(error)
                }
            },
            _ if carried::is_carried(file) => CARRIED.file(file),
            VirtualRoot::Package(_) => {
                Err(FileError::Other(Some("letters may not use Typst packages".into())))
            }
        }
    }
}

impl Unreadable {
    /// The problem with a file, as a message. `name` is what the letter calls it.
    pub(super) fn message(&self, name: &str) -> Message {
        match self {
            Self::NotFound => say!("there is no file `{name}`", name),
            Self::IsDirectory => {
                say!("`{name}` is a folder, not a file", name)
            }
            Self::AccessDenied => {
                say!("there is no permission to read `{name}`", name)
            }
            Self::NotAFile => say!("`{name}` is a pipe or a device, not a file", name),
            Self::TooLarge => {
                let limit = MAX_FILE_BYTES >> 20;
                say!("`{name}` is larger than {limit} MiB, which is the maximum", name, limit)
            }
            Self::System(reason) => {
                say!("`{name}` cannot be read: {reason}", name, reason)
            }
            Self::Typst(_) => say!("`{name}` cannot be read", name),
        }
    }

    /// The error for Typst, which contains a reason only in English.
    fn for_typst(&self, file: FileId) -> FileError {
        match self {
            Self::NotFound => FileError::NotFound(file.vpath().get_without_slash().into()),
            Self::IsDirectory => FileError::IsDirectory,
            Self::AccessDenied => FileError::AccessDenied,
            Self::NotAFile => FileError::Other(Some("it is not a regular file".into())),
            Self::TooLarge => FileError::Other(Some("it is too large".into())),
            Self::System(message) => FileError::Other(Some(message.english().into())),
            Self::Typst(error) => error.clone(),
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        let reason = system_errors::reason(&error);
        match FileError::from_io(error, Path::new("")) {
            FileError::NotFound(_) => Self::NotFound,
            FileError::IsDirectory => Self::IsDirectory,
            FileError::AccessDenied => Self::AccessDenied,
            FileError::Other(_) => Self::System(reason),
            other => Self::Typst(other),
        }
    }
}

/// The SHA-256 of a noted file, or an empty string if it is gone.
pub(super) fn digest(path: &Path) -> String {
    fs::read(path).map_or(String::new(), |data| digest::sha256(&data))
}
