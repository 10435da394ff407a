//! The files a letter may see: those below its root, and the templates that the program carries.
//!
//! A letter may come from a stranger's pull request. Nothing outside the root is opened, whether it
//! is named with `..`, with an absolute path or through a symbolic link, and nothing that is not a
//! regular file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{LazyLock, Mutex, RwLock, RwLockReadGuard};

use encoding_rs::{Encoding, UTF_8};
use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::package::PackageSpec;
use typst::syntax::{FileId, PathError, RootedPath, Source, VirtualPath, VirtualRoot};
use typst_kit::files::{FileLoader, FileStore};

use crate::problems::{Code, Diagnostic};
use crate::source::digest;
use crate::source::text::Text;
use crate::source::{Place, paths};
use crate::words::message::{Message, say};
use crate::words::suggest;
use crate::words::system_errors;

/// The file of a repository, which stands at the root that the letters may not leave.
pub const REPOSITORY_FILE: &str = "undersigned.toml";

/// The largest text that is read, in bytes. Typst packs the two ends of a range into 23 bits each
/// (`typst_syntax::Span`), so places beyond 8 MiB could not be told.
const MAX_TEXT_BYTES: usize = (1 << 23) - 1;

/// The largest file of any kind that is read, in bytes: a scanned page at 1200 dpi fits.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// What is said to Typst of a file that is no regular one, and of one that is larger.
const NOT_A_FILE: &str = "it is not a regular file";
const TOO_LARGE: &str = "it is too large";

/// The templates, and what they share. A user's template may import `parts.typ` as well.
pub const BUILT_IN_FILES: &[(&str, &str)] = &[
    ("draft.typ", include_str!("../templates/draft.typ")),
    ("open-letter.typ", include_str!("../templates/open-letter.typ")),
    ("formal.typ", include_str!("../templates/formal.typ")),
    ("parts.typ", include_str!("../templates/parts.typ")),
];

/// What Typst runs first. No letter can name it.
const MAIN: &str = include_str!("../templates/main.typ");
const MAIN_NAME: &str = "undersigned-main.typ";

/// The same for a mail merge.
const MERGE_MAIN: &str = include_str!("../templates/merge.typ");
const MERGE_MAIN_NAME: &str = "undersigned-merge.typ";

/// The files of one letter.
pub struct Files {
    store: RwLock<FileStore<Loader>>,
    root: PathBuf,
    /// Where a file lies that was read before and need not be below the root.
    given: Option<(FileId, PathBuf)>,
    /// The encodings that the letter names for some of the files.
    encodings: Mutex<HashMap<FileId, &'static Encoding>>,
}

/// A path in a letter that cannot be followed.
#[derive(Debug, Clone, Eq, PartialEq)]
pub enum PathProblem {
    /// It starts at the top of the file system.
    Absolute,
    /// It leads out of the root.
    Outside,
    /// It has a backslash, which parts names on Windows alone.
    Backslash,
    /// It leads to a hidden file or folder, such as `.git`.
    Hidden,
    /// It cannot be read, for this reason.
    Unreadable(FileError),
}

impl Files {
    /// The files below `root`, which must exist.
    ///
    /// What is hidden is not seen, but for the folder `home` of the letter itself.
    pub fn new(root: &Path, home: &Path) -> io::Result<Self> {
        Self::with_loader(root, home, None)
    }

    /// The same, with a file that is not on the disk, such as a letter from standard input.
    pub fn with_given(root: &Path, home: &Path, file: FileId, data: Vec<u8>) -> io::Result<Self> {
        Self::with_loader(root, home, Some((file, Bytes::new(data))))
    }

    fn with_loader(root: &Path, home: &Path, given: Option<(FileId, Bytes)>) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let home = home.strip_prefix(&root).map(Path::to_path_buf).unwrap_or_default();
        let loader = Loader { root: root.clone(), home, given, read: Mutex::default() };
        let store = RwLock::new(FileStore::new(loader));
        Ok(Self { store, root, given: None, encodings: Mutex::default() })
    }

    /// The folder that nothing may leave.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The id of a file on the disk. `None` if it is not below the root.
    pub fn id(&self, path: &Path) -> Option<FileId> {
        let path = VirtualPath::virtualize(&self.root, path).ok()?;
        Some(RootedPath::new(VirtualRoot::Project, path).intern())
    }

    /// Says where a file lies that was given.
    pub fn given_at(mut self, file: FileId, path: PathBuf) -> Self {
        self.given = Some((file, path));
        self
    }

    /// The file that holds for all letters below the root, if there is one.
    pub fn repository_file(&self) -> Option<FileId> {
        let file = self.id(&self.root.join(REPOSITORY_FILE))?;
        match self.store().file(file) {
            Err(FileError::NotFound(_)) => None,
            _ => Some(file),
        }
    }

    /// Where the file is on the disk. `None` for what the program carries.
    pub fn path(&self, file: FileId) -> Option<PathBuf> {
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

    /// Follows a path that is written in `from`.
    pub fn follow(&self, from: FileId, path: &str) -> Result<FileId, PathProblem> {
        if path.starts_with('/') || Path::new(path).is_absolute() {
            return Err(PathProblem::Absolute);
        }
        let folder = from.vpath().parent().unwrap_or_else(|| from.vpath().clone());
        let path = folder.join(path).map_err(|error| match error {
            PathError::Escapes => PathProblem::Outside,
            PathError::Backslash => PathProblem::Backslash,
        })?;
        let file = RootedPath::new(VirtualRoot::Project, path).intern();
        if self.store().loader().is_hidden(file) {
            return Err(PathProblem::Hidden);
        }
        let found = self.store().file(file);
        match found {
            Ok(_) => Ok(file),
            Err(FileError::AccessDenied) if self.store().loader().leaves_root(file) => {
                Err(PathProblem::Outside)
            }
            Err(FileError::AccessDenied) if self.store().loader().leads_to_hidden(file) => {
                Err(PathProblem::Hidden)
            }
            Err(error) => Err(PathProblem::Unreadable(error)),
        }
    }

    /// Follows a path that is written in a letter, and says what is wrong with it.
    pub fn follow_text(&self, path: &Text) -> Result<FileId, Box<Diagnostic>> {
        self.follow(path.place.file, &path.value).map_err(|problem| self.told(path, problem))
    }

    /// What is wrong with a path, for people.
    fn told(&self, path: &Text, problem: PathProblem) -> Box<Diagnostic> {
        let written = &path.value;
        let (message, hint) = match problem {
            PathProblem::Absolute => (
                say!("`{written}` is an absolute path", "`{written}` es una ruta absoluta"),
                say!(
                    "write the path from the folder that this file is in",
                    "escriba la ruta desde la carpeta en que está este archivo"
                ),
            ),
            PathProblem::Outside => {
                let root = paths::shown(&self.root);
                (
                    say!(
                        "`{written}` leads out of the letter's root",
                        "`{written}` sale de la raíz de la carta"
                    ),
                    say!(
                        "the root is {root}; name a wider one with --root",
                        "la raíz es {root}; indique una más amplia con --root"
                    ),
                )
            }
            PathProblem::Backslash => {
                let slashes = written.replace("\\", "/");
                let message = say!(
                    "the path `{written}` has a backslash",
                    "la ruta `{written}` lleva una diagonal invertida"
                );
                let problem = Diagnostic::new(Code::InvalidValue, path.place.clone(), message);
                return Box::new(problem.hint(say!(
                    "write `{slashes}`: with slashes it is found on every computer",
                    "escriba `{slashes}`: con diagonales se encuentra en cualquier computadora"
                )));
            }
            PathProblem::Hidden => (
                say!("`{written}` is hidden", "`{written}` está oculto"),
                say!(
                    "names that begin with a dot are not read, for they may hold secrets",
                    "los nombres que empiezan con un punto no se leen, porque pueden guardar secretos"
                ),
            ),
            PathProblem::Unreadable(error) => {
                let message = file_problem(written, &error);
                let near = match error {
                    FileError::NotFound(_) => self.near(path),
                    _ => None,
                };
                let hint = near.map(|near| suggest::did_you_mean(&near));
                let problem = Diagnostic::new(Code::MissingFile, path.place.clone(), message);
                return Box::new(problem.hint_if(hint));
            }
        };
        Box::new(Diagnostic::new(Code::OutsideRoot, path.place.clone(), message).hint(hint))
    }

    /// The path of a file that is there, in the folder of one that is not, and whose name is like its
    /// name.
    fn near(&self, path: &Text) -> Option<String> {
        let (folder, name) = match path.value.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), path.value.as_str()),
        };
        let within = path.place.file.vpath().parent()?.join(&folder).ok()?;
        let within = within.realize(&self.root).ok()?.canonicalize().ok()?;
        if !self.store().loader().shows(&within) {
            return None;
        }
        let names: Vec<String> = fs::read_dir(within)
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        let near = suggest::nearest(name, names.iter().map(String::as_str))?;
        Some(format!("{folder}{near}"))
    }

    /// The text of a file, without a byte order mark.
    ///
    /// It must be UTF-8. What else it is, is the problem that comes back.
    pub fn text(&self, file: FileId) -> Result<String, Box<Diagnostic>> {
        let name = file.vpath().get_without_slash();
        let bytes = self.store().file(file).map_err(|error| {
            let problem = file_problem(name, &error);
            Box::new(Diagnostic::new(Code::MissingFile, Place::start_of(file), problem))
        })?;
        if bytes.len() > MAX_TEXT_BYTES {
            let size = bytes.len();
            return Err(Box::new(Diagnostic::new(
                Code::InvalidValue,
                Place::start_of(file),
                say!(
                    "this file has {size} bytes, more than the {MAX_TEXT_BYTES} that are read",
                    "este archivo tiene {size} bytes, más de los {MAX_TEXT_BYTES} que se leen"
                ),
            )));
        }
        let bytes = bytes.as_slice();
        let encoding = self.encoding(file, bytes);
        let (text, damaged) = decode(bytes, encoding);
        match damaged {
            None => Ok(text.into_owned()),
            Some(at) => {
                let name = encoding.name();
                let problem = Diagnostic::new(
                    Code::Syntax,
                    Place::new(file, at..at),
                    say!("this file is not {name}", "este archivo no está en {name}"),
                )
                .hint(say!(
                    "save it again with the encoding UTF-8; for a CSV file name the one it has, as in \
                     encoding = \"windows-1252\", or --encoding windows-1252 on the command line",
                    "guárdelo de nuevo con la codificación UTF-8; si es un CSV, indique la que tiene, \
                     como en encoding = \"windows-1252\", o --encoding windows-1252 en la línea de órdenes"
                ));
                Err(Box::new(problem))
            }
        }
    }

    /// The text of a file for showing it, with � for what cannot be read. Nothing if it is too large.
    pub fn text_to_show(&self, file: FileId) -> String {
        match self.store().file(file) {
            Ok(bytes) if bytes.len() <= MAX_TEXT_BYTES => {
                let bytes = bytes.as_slice();
                decode(bytes, self.encoding(file, bytes)).0.into_owned()
            }
            _ => String::new(),
        }
    }

    /// Says that a file is in an encoding which its bytes do not tell.
    pub fn declare_encoding(&self, file: FileId, encoding: &'static Encoding) {
        self.encodings.lock().unwrap_or_else(|p| p.into_inner()).insert(file, encoding);
    }

    /// The encoding that a byte order mark tells, else the one that was declared, else UTF-8.
    fn encoding(&self, file: FileId, bytes: &[u8]) -> &'static Encoding {
        let declared = || {
            let encodings = self.encodings.lock().unwrap_or_else(|p| p.into_inner());
            encodings.get(&file).copied()
        };
        let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
        marked.or_else(declared).unwrap_or(UTF_8)
    }

    /// The files of a folder that is named in a letter, in the order of their names.
    pub fn folder(&self, path: &Text) -> Result<Vec<FileId>, Box<Diagnostic>> {
        let written = &path.value;
        // A folder is no file, which is the one thing that must be wrong with it.
        match self.follow(path.place.file, written) {
            Err(PathProblem::Unreadable(FileError::IsDirectory)) => {}
            Ok(_) => {
                return Err(Box::new(Diagnostic::new(
                    Code::MissingFile,
                    path.place.clone(),
                    say!(
                        "`{written}` is a file, not a folder",
                        "`{written}` es un archivo, no una carpeta"
                    ),
                )));
            }
            Err(problem) => return Err(self.told(path, problem)),
        }
        let folder = path.place.file.vpath().parent().and_then(|f| f.join(written).ok());
        if let Some(path) = folder.as_ref().and_then(|folder| folder.realize(&self.root).ok()) {
            self.note(path);
        }
        let entries = folder.and_then(|folder| {
            let entries = std::fs::read_dir(folder.realize(&self.root).ok()?).ok()?;
            let mut names: Vec<String> = entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .filter(|name| !name.starts_with('.'))
                .collect();
            names.sort();
            let files = names.iter().filter_map(|name| folder.join(name).ok());
            Some(files.map(|f| RootedPath::new(VirtualRoot::Project, f).intern()).collect())
        });
        Ok(entries.unwrap_or_default())
    }

    /// Notes a file or folder of this computer that the letter is made of.
    pub fn note(&self, path: PathBuf) {
        self.store().loader().note(path);
    }

    /// All that was read from the disk so far, sorted: what the letter is made of.
    pub fn read(&self) -> Vec<PathBuf> {
        let store = self.store();
        let read = store.loader().read.lock().unwrap_or_else(|p| p.into_inner());
        read.iter().cloned().collect()
    }

    /// Forgets what was read, so that it is read anew when it is next asked for. Typst files that are
    /// the same then are not parsed again.
    pub fn forget(&self) {
        let mut store = self.store.write().unwrap_or_else(|p| p.into_inner());
        store.reset();
        store.loader().read.lock().unwrap_or_else(|p| p.into_inner()).clear();
        drop(store);
        self.encodings.lock().unwrap_or_else(|p| p.into_inner()).clear();
    }

    /// The paths on the disk that were asked for since the files were last forgotten: files and
    /// folders, and those where there is nothing.
    pub fn asked_for(&self) -> BTreeSet<PathBuf> {
        let mut store = self.store.write().unwrap_or_else(|p| p.into_inner());
        store.dependencies().1.filter_map(|file| self.path(file)).collect()
    }

    fn store(&self) -> RwLockReadGuard<'_, FileStore<Loader>> {
        self.store.read().unwrap_or_else(|p| p.into_inner())
    }

    /// The file as Typst source.
    pub fn source(&self, file: FileId) -> FileResult<Source> {
        if file.root() == built_in_root() {
            CARRIED.source(file)
        } else {
            self.store().source(file)
        }
    }

    /// What was read from the disk so far, with the SHA-256 of each file, by paths that are the same on
    /// every computer: below the root, or the name alone.
    pub fn digests(&self) -> BTreeMap<String, String> {
        let shown = |path: &Path| {
            let inside = path.strip_prefix(&self.root).ok();
            let name = inside.map(Path::as_os_str).or(path.file_name()).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let files = self.read().into_iter().filter(|path| path.is_file());
        files
            .map(|path| {
                (shown(&path), fs::read(&path).map_or(String::new(), |d| digest::sha256(&d)))
            })
            .collect()
    }

    /// The file as bytes.
    pub fn file(&self, file: FileId) -> FileResult<Bytes> {
        self.store().file(file)
    }
}

/// The text of a file without its byte order mark, and where the first bytes stand that are none.
fn decode<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> (Cow<'b, str>, Option<usize>) {
    if encoding == UTF_8 {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        return match str::from_utf8(bytes) {
            Ok(text) => (text.into(), None),
            Err(error) => (String::from_utf8_lossy(bytes), Some(error.valid_up_to())),
        };
    }
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    let at = damaged.then(|| text.find('\u{FFFD}').unwrap_or(0));
    (text, at)
}

/// What is wrong with a file, for people.
fn file_problem(name: &str, error: &FileError) -> Message {
    match error {
        FileError::NotFound(_) => {
            say!("there is no file `{name}`", "no existe el archivo `{name}`")
        }
        FileError::IsDirectory => {
            say!("`{name}` is a folder, not a file", "`{name}` es una carpeta, no un archivo")
        }
        FileError::AccessDenied => {
            say!("`{name}` may not be read", "no hay permiso para leer `{name}`")
        }
        FileError::Other(Some(text)) if text == NOT_A_FILE => {
            say!(
                "`{name}` is no file, but a pipe or a device",
                "`{name}` no es un archivo, sino una tubería o un dispositivo"
            )
        }
        FileError::Other(Some(text)) if text == TOO_LARGE => {
            let limit = MAX_FILE_BYTES >> 20;
            say!(
                "`{name}` is larger than the {limit} MiB that are read",
                "`{name}` pesa más de los {limit} MiB que se leen"
            )
        }
        FileError::Other(Some(reason)) => {
            let Message { en, es } = system_errors::reason_in_english(reason);
            say!("`{name}` cannot be read: {en}", "no se puede leer `{name}`: {es}")
        }
        _ => say!("`{name}` cannot be read", "no se puede leer `{name}`"),
    }
}

/// The root that the built-in templates are in. Typst calls such a root a package.
fn built_in_root() -> &'static VirtualRoot {
    static ROOT: LazyLock<VirtualRoot> = LazyLock::new(|| {
        let spec = PackageSpec::from_str("@undersigned/templates:0.1.0");
        VirtualRoot::Package(spec.expect("the text above is a package name"))
    });
    &ROOT
}

/// What the program carries, which all letters share: Typst parses it once.
static CARRIED: LazyLock<FileStore<Carried>> = LazyLock::new(|| FileStore::new(Carried));

/// Gives Typst what the program carries.
struct Carried;

impl FileLoader for Carried {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.vpath().get_without_slash();
        let mut all =
            BUILT_IN_FILES.iter().chain(&[(MAIN_NAME, MAIN), (MERGE_MAIN_NAME, MERGE_MAIN)]);
        let found = all.find(|(known, _)| *known == name);
        found
            .map(|(_, text)| Bytes::from_string(*text))
            .ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }
}

/// The id of a file that the program carries.
pub fn built_in(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("built-in names are plain file names");
    RootedPath::new(built_in_root().clone(), path).intern()
}

/// The file that Typst starts with.
pub fn main() -> FileId {
    built_in(MAIN_NAME)
}

/// The file that Typst starts with in a mail merge.
pub fn merge_main() -> FileId {
    built_in(MERGE_MAIN_NAME)
}

/// The file with the texts of the recipient.
pub fn recipient() -> FileId {
    built_in("undersigned-recipient.json")
}

/// Reads files for Typst.
struct Loader {
    /// The canonical path of the root.
    root: PathBuf,
    /// The letter's folder below the root.
    home: PathBuf,
    /// A file that is not on the disk.
    given: Option<(FileId, Bytes)>,
    /// What was read from the disk.
    read: Mutex<BTreeSet<PathBuf>>,
}

impl Loader {
    fn note(&self, path: PathBuf) {
        self.read.lock().unwrap_or_else(|p| p.into_inner()).insert(path);
    }

    /// Where the file really is, if it is there.
    fn real(&self, file: FileId) -> Option<PathBuf> {
        file.vpath().realize(&self.root).ok()?.canonicalize().ok()
    }

    /// Whether the file is there, but not below the root.
    fn leaves_root(&self, file: FileId) -> bool {
        self.real(file).is_some_and(|path| !path.starts_with(&self.root))
    }

    /// Whether the path has a name that begins with a dot, which may be that of secrets: the token in
    /// `.git/config` of a build in CI, the keys in `.ssh`.
    fn is_hidden(&self, file: FileId) -> bool {
        self.hides(Path::new(file.vpath().get_without_slash()))
    }

    /// Whether the file is hidden where it really is: a link may lead there, and so does `GIT~1`, the
    /// short name of `.git` on Windows.
    fn leads_to_hidden(&self, file: FileId) -> bool {
        let real = self.real(file);
        real.is_some_and(|real| real.strip_prefix(&self.root).is_ok_and(|path| self.hides(path)))
    }

    /// Whether what is really at a path may be seen: it is below the root and not hidden.
    fn shows(&self, real: &Path) -> bool {
        real.strip_prefix(&self.root).is_ok_and(|path| !self.hides(path))
    }

    /// Whether nobody may see what is at a path from the root on.
    fn hides(&self, path: &Path) -> bool {
        let path = path.strip_prefix(&self.home).unwrap_or(path);
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
    }

    fn load_project(&self, file: FileId) -> FileResult<Bytes> {
        if self.is_hidden(file) {
            return Err(FileError::AccessDenied);
        }
        let path = file.vpath().realize(&self.root)?;
        let problem = |error: io::Error| {
            let reason = system_errors::reason(&error).en;
            match FileError::from_io(error, file.vpath().get_without_slash().as_ref()) {
                FileError::Other(_) => FileError::Other(Some(reason)),
                known => known,
            }
        };
        let real = path.canonicalize().map_err(problem)?;
        if !self.shows(&real) {
            return Err(FileError::AccessDenied);
        }
        let metadata = fs::metadata(&real).map_err(problem)?;
        if metadata.is_dir() {
            return Err(FileError::IsDirectory);
        }
        if !metadata.is_file() {
            return Err(FileError::Other(Some(NOT_A_FILE.into())));
        }
        let mut data = Vec::new();
        let opened = fs::File::open(&real).map_err(problem)?;
        opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut data).map_err(problem)?;
        if data.len() as u64 > MAX_FILE_BYTES {
            return Err(FileError::Other(Some(TOO_LARGE.into())));
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
            VirtualRoot::Project => {
                let loaded = self.load_project(file);
                // A template of the user's own may import `parts.typ`; one that lies beside it wins.
                match (&loaded, file.vpath().file_name()) {
                    (Err(FileError::NotFound(_)), Some("parts.typ")) => {
                        CARRIED.file(built_in("parts.typ"))
                    }
                    _ => loaded,
                }
            }
            root if root == built_in_root() => CARRIED.file(file),
            VirtualRoot::Package(_) => {
                Err(FileError::Other(Some("letters may not use Typst packages".into())))
            }
        }
    }
}
