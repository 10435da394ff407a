//! The ids of files. Typst gives each path of a process a number of 16 bits, never takes one back,
//! and panics when it runs out. So the program stops first, with a problem that has a place.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

use typst::syntax::package::{PackageSpec, PackageVersion};
use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};

use crate::files::REPOSITORY_FILE;

/// How many files a process may name. The rest of the 65,535 is for what Typst itself counts before
/// it asks for a file: one for each document that is stopped there.
pub(crate) const MAX_IDS: u16 = 60_000;

/// The largest number that was given so far, as far as is known here.
static LARGEST: AtomicU16 = AtomicU16::new(0);

/// The id of a path below the root. `None` if there are no more.
pub(crate) fn id(path: VirtualPath) -> Option<FileId> {
    if LARGEST.load(Ordering::Relaxed) >= MAX_IDS {
        return None;
    }
    let file = RootedPath::new(VirtualRoot::Project, path).intern();
    let number = file.into_raw().get();
    LARGEST.fetch_max(number, Ordering::Relaxed);
    (number <= MAX_IDS).then_some(file)
}

/// Whether the id is one of those that [`id`] does not give: Typst found the path by itself.
pub(super) fn is_beyond(file: FileId) -> bool {
    file.into_raw().get() > MAX_IDS
}

/// The id of the file that applies to all letters below a root.
pub(super) fn repository_file() -> FileId {
    static FILE: LazyLock<FileId> = LazyLock::new(|| of_name(REPOSITORY_FILE));
    *FILE
}

/// The id of a letter that is not opened, so that its problem has a place.
pub(crate) fn refused() -> FileId {
    static FILE: LazyLock<FileId> = LazyLock::new(|| of_name("letter.toml"));
    *FILE
}

/// The id of a file that the user gives beside the letter, such as a list of recipients: by its path
/// below the root, or by its name.
///
/// Its own root is one that no letter and no template can name, because Typst reads no package name
/// without a namespace. So no path leads to the file, and the file takes the place of none.
pub(crate) fn given(inside: Option<VirtualPath>, name: &str) -> FileId {
    let (namespace, name_of_root) = Default::default();
    let version = PackageVersion { major: 0, minor: 0, patch: 0 };
    let root = PackageSpec { namespace, name: name_of_root, version };
    let path = inside.unwrap_or_else(|| plain(name));
    RootedPath::new(VirtualRoot::Package(root), path).intern()
}

/// The id of a file at the root.
fn of_name(name: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, plain(name)).intern()
}

/// A name as a path. A backslash cannot be part of a name here.
fn plain(name: &str) -> VirtualPath {
    let path = VirtualPath::new(name.replace(['\\', '/'], "_"));
    path.or_else(|_| VirtualPath::new("_")).expect("this is a plain name")
}
