//! The files that a letter may access: those below its root, and the built-in templates.
//!
//! A letter may come from a stranger's pull request. Nothing outside the root is opened, whether it
//! is named with `..`, with an absolute path or through a symbolic link, and nothing that is not a
//! regular file. Only `loader` opens the files that a letter names, the letter's own among them.

pub(crate) mod archive;
pub(crate) mod carried;
mod decode;
mod follow;
pub(crate) mod ids;
mod loader;
pub(crate) mod regular;
pub(crate) mod root;
pub(crate) mod unreadable;
pub(crate) mod workbook;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use parking_lot::{Mutex, RwLock};
use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, Source, VirtualPath, VirtualRoot};
use typst_kit::files::FileStore;

use crate::files::carried::CARRIED;
use crate::files::loader::Loader;
use crate::files::regular::Links;
use crate::files::unreadable::Unreadable;
use crate::source::{Place, digest};

/// The configuration file of a repository, at the root that the letters may not leave.
pub(crate) const REPOSITORY_FILE: &str = "undersigned.toml";

/// The maximum size of any file, in bytes: a scanned page at 1200 dpi fits.
pub(crate) const MAX_FILE_BYTES: u64 = 64 << 20;

/// The maximum size of all files that are read for a letter together, in bytes.
pub(crate) const MAX_LETTER_BYTES: u64 = 512 << 20;

/// How many files a letter may name, there or not.
pub(crate) const MAX_FILES: usize = 2_000;

/// The files of one letter, each read once.
pub(crate) struct Files {
    store: RwLock<FileStore<Loader>>,
    root: PathBuf,
    /// The path of a file that was read in advance and need not be below the root.
    given: Option<(FileId, PathBuf)>,
    /// The encodings that the letter declares for some files.
    encodings: Mutex<HashMap<FileId, &'static Encoding>>,
    /// The files that are lists of people.
    lists: Mutex<HashSet<FileId>>,
    named: Mutex<Named>,
}

/// The paths that a letter names.
#[derive(Default)]
struct Named {
    /// Those that were followed, whether they lead to a file or not.
    paths: HashSet<VirtualPath>,
    /// The place of the first that is too many, and of the first that is too much.
    beyond: Vec<(Unreadable, Place)>,
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
        let loader = Loader::new(root, home, given)?;
        let root = loader.root().to_path_buf();
        let store = RwLock::new(FileStore::new(loader));
        let (encodings, lists, named) = Default::default();
        Ok(Self { store, root, given: None, encodings, lists, named })
    }

    /// The folder that no path may leave.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The id of a path on the disk, or why it may not be read.
    pub(crate) fn id(&self, path: &Path) -> Result<FileId, Unreadable> {
        let path = path.strip_prefix(&self.root).map_err(|_| Unreadable::Outside)?;
        let resolved = self.store.read().loader().resolve(path)?;
        let resolved = VirtualPath::virtualize(&self.root, &self.root.join(resolved));
        let path = resolved.map_err(|_| Unreadable::OddName)?;
        ids::id(path).ok_or(Unreadable::TooManyOfAll)
    }

    /// Sets the path of a file that was given as data.
    pub(crate) fn given_at(mut self, file: FileId, path: PathBuf) -> Self {
        self.given = Some((file, path));
        self
    }

    /// Says that a file is a list of people, of which messages show only what they are about: a form's
    /// export holds e-mail addresses and telephone numbers that no letter uses.
    pub(crate) fn declare_list(&self, file: FileId) {
        self.lists.lock().insert(file);
    }

    /// Whether a file is a list of people. One that was given is: a form's export, or recipients.
    pub(crate) fn is_list(&self, file: FileId) -> bool {
        self.given.as_ref().is_some_and(|(given, _)| *given == file)
            || self.lists.lock().contains(&file)
    }

    /// The file that applies to all letters below the root, if there is one.
    pub(crate) fn repository_file(&self) -> Option<FileId> {
        let file = ids::repository_file();
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
            VirtualRoot::Project => self.on_disk(file.vpath()),
            VirtualRoot::Package(_) => None,
        }
    }

    fn on_disk(&self, path: &VirtualPath) -> Option<PathBuf> {
        path.realize(&self.root).ok()
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

    /// The file as bytes, which are not kept: letters share their fonts.
    pub(crate) fn read_once(&self, file: FileId) -> Result<Vec<u8>, Unreadable> {
        self.store.read().loader().read(file)
    }

    /// Notes a file or folder of this computer that the letter is made from.
    pub(crate) fn note(&self, path: PathBuf) {
        self.store.read().loader().note(path);
    }

    /// Everything that was read from the disk so far, sorted: the inputs of the letter.
    pub(crate) fn read(&self) -> Vec<PathBuf> {
        self.store.read().loader().noted().into_keys().collect()
    }

    /// The files read so far, with the SHA-256 of each. Their paths are the same on every computer:
    /// relative to the root, or only the name.
    pub(crate) fn digests(&self) -> BTreeMap<String, String> {
        let shown = |path: &Path| {
            let inside = path.strip_prefix(&self.root).ok();
            let name = inside.map(Path::as_os_str).or(path.file_name()).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let digest_of = |path: &Path, file: Option<FileId>| match file {
            Some(file) => self.file(file).ok().map(|data| digest::sha256(&data)),
            // A font, or a folder, which has none.
            None => regular::sha256(path, Links::Followed),
        };
        let noted = self.store.read().loader().noted();
        let digests = noted.into_iter().filter_map(|(path, file)| {
            let digest = digest_of(&path, file)?;
            Some((shown(&path), digest))
        });
        digests.collect()
    }

    /// Clears the cache, so that files are read from the disk again. Typst files that have not
    /// changed are not parsed again.
    pub(crate) fn forget(&self) {
        let mut store = self.store.write();
        store.reset();
        store.loader_mut().forget();
        drop(store);
        self.encodings.lock().clear();
        self.lists.lock().clear();
        *self.named.lock() = Named::default();
    }

    /// The paths on the disk that were requested since the cache was last cleared: files and folders,
    /// and paths where nothing exists.
    pub(crate) fn asked_for(&self) -> BTreeSet<PathBuf> {
        let named = self.named.lock();
        let named = named.paths.iter().filter_map(|path| self.on_disk(path));
        let mut store = self.store.write();
        let read = store.dependencies().1.filter_map(|file| self.path(file));
        read.chain(named).collect()
    }
}
