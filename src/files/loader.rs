//! Opens the files of a letter. Nothing else does.
//!
//! An opened file is below the root, not hidden, a regular file, and not too large. These checks
//! apply to the real path, after resolving all symbolic links, and the file is opened by that path
//! without following any.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, VirtualPath, VirtualRoot};
use typst_kit::files::FileLoader;

use crate::files::carried::{self, CARRIED};
use crate::files::root::Root;
use crate::files::unreadable::Unreadable;
use crate::files::{MAX_FILE_BYTES, MAX_FILES, MAX_LETTER_BYTES, ids, regular};

/// How many files are read for one letter: those that it names, and as many again that its templates
/// read and import.
const MAX_READ: usize = 2 * MAX_FILES;

/// Reads files for Typst.
pub(super) struct Loader {
    root: Root,
    /// The letter's folder below the root.
    home: PathBuf,
    /// A file that is not on the disk.
    given: Option<(FileId, Bytes)>,
    /// The paths that were read from the disk, with their ids if they are below the root.
    noted: Mutex<BTreeMap<PathBuf, Option<FileId>>>,
    /// Why files could not be read, for reasons that Typst's errors cannot express.
    reasons: Mutex<HashMap<FileId, Unreadable>>,
    /// How many files were requested.
    requested: AtomicUsize,
    /// How many bytes were read.
    bytes: AtomicU64,
}

impl Loader {
    /// A loader of what is below `root` for a letter in the folder `home`.
    pub(super) fn new(
        root: &Path,
        home: &Path,
        given: Option<(FileId, Bytes)>,
    ) -> io::Result<Self> {
        let root = Root::new(root)?;
        let home = home.strip_prefix(&root.path).map(Path::to_path_buf).unwrap_or_default();
        let (noted, reasons, requested, bytes) = Default::default();
        Ok(Self { root, home, given, noted, reasons, requested, bytes })
    }

    /// The canonical path of the root.
    pub(super) fn root(&self) -> &Path {
        &self.root.path
    }

    /// Notes a path that the letter is made from.
    pub(super) fn note(&self, path: PathBuf) {
        self.noted.lock().insert(path, None);
    }

    /// Notes a file below the root that the letter is made from.
    pub(super) fn note_file(&self, file: FileId) {
        if let Ok(path) = relative(file.vpath()) {
            self.noted.lock().insert(self.root.path.join(path), Some(file));
        }
    }

    /// The paths that were noted, sorted, with their ids if they were read below the root.
    pub(super) fn noted(&self) -> BTreeMap<PathBuf, Option<FileId>> {
        self.noted.lock().clone()
    }

    /// Clears the notes and the reasons, and finds the root again if another folder is there now.
    pub(super) fn forget(&mut self) {
        self.noted.get_mut().clear();
        self.reasons.get_mut().clear();
        *self.requested.get_mut() = 0;
        *self.bytes.get_mut() = 0;
        if let Ok(root) = Root::new(&self.root.path) {
            self.root = root;
        }
    }

    /// The reason behind the error that Typst received.
    pub(super) fn reason(&self, file: FileId, error: FileError) -> Unreadable {
        let known = self.reasons.lock().get(&file).cloned();
        known.unwrap_or_else(|| Unreadable::of_typst(error))
    }

    /// Where a path below the root leads, relative to the root. It exists and may be read.
    ///
    /// Hidden is a path with a name that begins with a dot, before or after links are resolved. Such
    /// files may contain secrets: the token in `.git/config` of a CI build, the keys in `.ssh`. On
    /// Windows, `GIT~1` is the short name of `.git`.
    pub(super) fn resolve(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        if self.hides(path) {
            return Err(Unreadable::Hidden);
        }
        let resolved = self.root.resolve(path)?;
        if self.hides(&resolved) { Err(Unreadable::Hidden) } else { Ok(resolved) }
    }

    /// Whether there is something at a path that may be read.
    pub(super) fn look_for(&self, path: &VirtualPath) -> Result<(), Unreadable> {
        self.resolve(&relative(path)?).map(|_| ())
    }

    /// The names in a folder that are not hidden.
    pub(super) fn names(&self, folder: &VirtualPath) -> Result<Vec<OsString>, Unreadable> {
        let folder = self.resolve(&relative(folder)?)?;
        let mut names = self.root.names(&folder)?;
        names.retain(|name| !name.to_string_lossy().starts_with('.'));
        Ok(names)
    }

    /// Whether a path relative to the root is hidden.
    fn hides(&self, path: &Path) -> bool {
        let path = path.strip_prefix(&self.home).unwrap_or(path);
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    }

    /// Reads a file below the root.
    fn open(&self, file: FileId) -> Result<Bytes, Unreadable> {
        if ids::is_beyond(file) {
            return Err(Unreadable::TooManyOfAll);
        }
        if self.requested.fetch_add(1, Ordering::Relaxed) >= MAX_READ {
            return Err(Unreadable::TooMany);
        }
        let data = self.read(file)?;
        let size = data.len() as u64;
        if self.bytes.fetch_add(size, Ordering::Relaxed) + size > MAX_LETTER_BYTES {
            return Err(Unreadable::TooMuch);
        }
        self.note_file(file);
        Ok(Bytes::new(data))
    }

    /// Reads a file below the root, and counts nothing.
    pub(super) fn read(&self, file: FileId) -> Result<Vec<u8>, Unreadable> {
        let path = self.resolve(&relative(file.vpath())?)?;
        regular::read_all(self.root.open_file(&path)?, MAX_FILE_BYTES)
    }
}

/// A path as this computer writes it, relative to the root.
fn relative(path: &VirtualPath) -> Result<PathBuf, Unreadable> {
    path.realize(Path::new("")).map_err(|error| Unreadable::Typst(error.into()))
}

impl FileLoader for Loader {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        if let Some((given, data)) = &self.given
            && *given == file
        {
            return Ok(data.clone());
        }
        match file.root() {
            VirtualRoot::Project => self.open(file).or_else(|reason| {
                // A user's own template may import `parts.typ`; a file of this name beside it takes
                // precedence.
                if reason == Unreadable::NotFound
                    && let Some(carried) = carried::beside(file.vpath())
                {
                    return CARRIED.file(carried);
                }
                let error = reason.for_typst(file);
                self.reasons.lock().insert(file, reason);
                Err(error)
            }),
            _ if carried::is_carried(file) => CARRIED.file(file),
            VirtualRoot::Package(_) => {
                Err(FileError::Other(Some("letters may not use Typst packages".into())))
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// Whoever writes to the letter's folder while the program runs can put a link where a file was
    /// when it was looked at. Neither the link nor a linked folder is followed out of the root.
    #[test]
    fn a_file_that_becomes_a_link_leads_nowhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for (file, text) in [("root/d/body.md", "inside"), ("outside/body.md", "secret")] {
            std::fs::create_dir_all(at(file).parent().expect("a folder")).expect("a folder");
            std::fs::write(at(file), text).expect("a file");
        }
        let stop = AtomicBool::new(false);
        let file = |name: &str| ids::id(VirtualPath::new(name).expect("a path")).expect("an id");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let exchange = |name: &str, target: &str| {
                    let (own, kept) = (at(name), at("kept"));
                    let _raced = std::fs::rename(&own, &kept);
                    let _raced = symlink(at(target), &own);
                    let _raced = std::fs::remove_file(&own);
                    let _raced = std::fs::rename(&kept, &own);
                };
                while !stop.load(Ordering::Relaxed) {
                    exchange("root/d/body.md", "outside/body.md");
                    exchange("root/d", "outside");
                }
            });
            let (mut read, mut refused) = (0, 0);
            for turn in 0..1_000_000 {
                // On a busy computer one of the threads may have to wait for its turn.
                if turn >= 5_000 && read > 0 && refused > 0 {
                    break;
                }
                let loader = Loader::new(&at("root"), &at("root"), None).expect("a loader");
                match loader.open(file("d/body.md")) {
                    Ok(data) if data.as_slice() == b"inside" => read += 1,
                    Ok(data) => {
                        stop.store(true, Ordering::Relaxed);
                        panic!("read {:?}", String::from_utf8_lossy(&data));
                    }
                    Err(_) => refused += 1,
                }
            }
            stop.store(true, Ordering::Relaxed);
            assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
        });
    }

    /// A letter, and a template that it brings, may read many large files.
    #[test]
    fn the_files_of_a_letter_have_a_maximum_size_together() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["0", "1", "2", "3", "4", "5", "6", "7", "small"] {
            let file = std::fs::File::create(folder.path().join(name)).expect("a file");
            let size = if name == "small" { 1 } else { MAX_FILE_BYTES };
            file.set_len(size).expect("it takes no room");
        }
        let file = |name: &str| ids::id(VirtualPath::new(name).expect("a path")).expect("an id");
        let mut loader = Loader::new(folder.path(), folder.path(), None).expect("a loader");
        for name in ["0", "1", "2", "3", "4", "5", "6", "7"] {
            assert!(loader.open(file(name)).is_ok(), "{name}");
        }
        assert_eq!(loader.open(file("small")), Err(Unreadable::TooMuch));
        loader.forget();
        assert!(loader.open(file("small")).is_ok());
    }

    /// The folder of the root is recognized: another one in its place is not the root.
    #[test]
    fn a_root_that_was_exchanged_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["root", "other"] {
            std::fs::create_dir(at(name)).expect("a folder");
            std::fs::write(at(name).join("a.md"), name).expect("a file");
        }
        let mut loader = Loader::new(&at("root"), &at("root"), None).expect("a loader");
        let file = ids::id(VirtualPath::new("a.md").expect("a path")).expect("an id");
        std::fs::rename(at("root"), at("kept")).expect("renamed");
        std::fs::rename(at("other"), at("root")).expect("renamed");
        assert_eq!(loader.open(file), Err(Unreadable::NotFound));
        // While a letter is watched, its folder may be replaced, for example by git.
        loader.forget();
        assert_eq!(loader.open(file).expect("a file").as_slice(), b"other");
    }
}
