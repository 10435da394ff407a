//! The files that a letter may access: those below its root, and the built-in templates.
//!
//! A letter may come from a stranger's pull request. Nothing outside the root is opened, whether it
//! is named with `..`, with an absolute path or through a symbolic link, and nothing that is not a
//! regular file. Only `loader` opens the files that a letter names.

pub(crate) mod carried;
mod decode;
mod follow;
mod loader;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use parking_lot::{Mutex, RwLock};
use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst_kit::files::FileStore;

use crate::files::carried::CARRIED;
pub(crate) use crate::files::loader::MAX_FILE_BYTES;
use crate::files::loader::{Loader, Unreadable};

/// The configuration file of a repository, at the root that the letters may not leave.
pub(crate) const REPOSITORY_FILE: &str = "undersigned.toml";

/// The files of one letter, each read once.
pub(crate) struct Files {
    store: RwLock<FileStore<Loader>>,
    root: PathBuf,
    /// The path of a file that was read in advance and need not be below the root.
    given: Option<(FileId, PathBuf)>,
    /// The encodings that the letter declares for some files.
    encodings: Mutex<HashMap<FileId, &'static Encoding>>,
}

impl Files {
    /// The files below `root`, which must exist.
    ///
    /// Hidden files and folders are not accessible, except the folder `home` of the letter itself.
    pub(crate) fn new(root: &Path, home: &Path) -> io::Result<Self> {
        Self::with_loader(root, home, None)
    }

    /// The same, with a file that is not on the disk, such as a letter from standard input.
    pub(crate) fn with_given(
        root: &Path,
        home: &Path,
        file: FileId,
        data: Vec<u8>,
    ) -> io::Result<Self> {
        Self::with_loader(root, home, Some((file, Bytes::new(data))))
    }

    fn with_loader(root: &Path, home: &Path, given: Option<(FileId, Bytes)>) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let loader = Loader::new(&root, home, given);
        let store = RwLock::new(FileStore::new(loader));
        Ok(Self { store, root, given: None, encodings: Mutex::default() })
    }

    /// The folder that no path may leave.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The id of a file on the disk. `None` if it is not below the root.
    pub(crate) fn id(&self, path: &Path) -> Option<FileId> {
        let path = VirtualPath::virtualize(&self.root, path).ok()?;
        Some(RootedPath::new(VirtualRoot::Project, path).intern())
    }

    /// Sets the path of a file that was given as data.
    pub(crate) fn given_at(mut self, file: FileId, path: PathBuf) -> Self {
        self.given = Some((file, path));
        self
    }

    /// The file that applies to all letters below the root, if there is one.
    pub(crate) fn repository_file(&self) -> Option<FileId> {
        let file = self.id(&self.root.join(REPOSITORY_FILE))?;
        match self.file(file) {
            Err(FileError::NotFound(_)) => None,
            _ => Some(file),
        }
    }

    /// Where the file is on the disk. `None` for built-in files.
    pub(crate) fn path(&self, file: FileId) -> Option<PathBuf> {
        if let Some((given, path)) = &self.given
            && *given == file
        {
            return Some(path.clone());
        }
        match file.root() {
            VirtualRoot::Project => file.vpath().realize(&self.root).ok(),
            VirtualRoot::Package(_) => None,
        }
    }

    /// The file as bytes.
    pub(crate) fn file(&self, file: FileId) -> FileResult<Bytes> {
        self.store.read().file(file)
    }

    /// The file as Typst source.
    pub(crate) fn source(&self, file: FileId) -> FileResult<Source> {
        if carried::is_carried(file) {
            CARRIED.source(file)
        } else {
            self.store.read().source(file)
        }
    }

    /// The file as bytes, or the reason why it cannot be read, as a message that can be translated.
    fn bytes(&self, file: FileId) -> Result<Bytes, Unreadable> {
        let store = self.store.read();
        store.file(file).map_err(|error| store.loader().reason(file, error))
    }

    /// Notes a file or folder of this computer that the letter is made from.
    pub(crate) fn note(&self, path: PathBuf) {
        self.store.read().loader().note(path);
    }

    /// Everything that was read from the disk so far, sorted: the inputs of the letter.
    pub(crate) fn read(&self) -> Vec<PathBuf> {
        self.store.read().loader().noted()
    }

    /// The files read from the disk so far, with the SHA-256 of each. Their paths are the same on
    /// every computer: relative to the root, or only the name.
    pub(crate) fn digests(&self) -> BTreeMap<String, String> {
        let shown = |path: &Path| {
            let inside = path.strip_prefix(&self.root).ok();
            let name = inside.map(Path::as_os_str).or(path.file_name()).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let noted = self.read().into_iter().filter(|path| path.is_file());
        noted.map(|path| (shown(&path), loader::digest(&path))).collect()
    }

    /// Clears the cache, so that files are read from the disk again. Typst files that have not
    /// changed are not parsed again.
    pub(crate) fn forget(&self) {
        let mut store = self.store.write();
        store.reset();
        store.loader().forget();
        drop(store);
        self.encodings.lock().clear();
    }

    /// The paths on the disk that were requested since the cache was last cleared: files and folders,
    /// and paths where nothing exists.
    pub(crate) fn asked_for(&self) -> BTreeSet<PathBuf> {
        let mut store = self.store.write();
        store.dependencies().1.filter_map(|file| self.path(file)).collect()
    }
}
