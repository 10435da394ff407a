//! The root of a letter: where it is, and how files below it are opened.
//!
//! A stranger can make links, but not the folders above the root. So the root is found before any
//! link inside a work tree is followed, and every file is opened below the root step by step,
//! without following links: one that is exchanged at the last moment leads nowhere.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};

use cap_fs_ext::{DirExt, MetadataExt, ambient_authority};
use cap_std::fs::Dir;

use crate::files::regular;
use crate::files::unreadable::Unreadable;

/// How many links of a path are followed one by one: more than any system follows.
const MAX_LINKS: usize = 64;

/// Where a letter's folder is.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Site {
    /// The canonical path of the root.
    pub root: PathBuf,
    /// The folder, in which no link inside the root was followed.
    pub folder: PathBuf,
}

impl Site {
    /// Finds the root of a letter in `folder`: the one that is requested, otherwise the git work tree
    /// that contains the folder, otherwise the folder itself.
    ///
    /// Links above the root are followed, as on a Mac, where `/tmp` is one. A link inside it is not:
    /// the letter behind it belongs to the same root, or is outside.
    pub(crate) fn of(folder: &Path, root: Option<&Path>) -> io::Result<Self> {
        let requested = root.map(Path::canonicalize).transpose()?;
        let enclosing = |folder: &Path| match &requested {
            Some(root) => folder.starts_with(root).then(|| root.clone()),
            None => work_tree(folder),
        };
        let (real, rest) = until_link(folder, |folder| enclosing(folder).is_some())?;
        let root = enclosing(&real).or(requested.clone()).unwrap_or_else(|| real.clone());
        Ok(Self { root, folder: real.join(rest) })
    }
}

/// The link inside a git work tree that a path goes through, if there is one. A stranger may have
/// made it.
pub(crate) fn link_in_work_tree(path: &Path) -> Option<PathBuf> {
    let (real, rest) = until_link(path, |folder| work_tree(folder).is_some()).ok()?;
    Some(real.join(rest.components().next()?))
}

/// Whether a path goes through a link inside a git work tree and out of that tree.
pub(crate) fn leaves_work_tree(path: &Path) -> bool {
    let tree = link_in_work_tree(path).and_then(|link| work_tree(link.parent()?));
    tree.is_some_and(|tree| path.canonicalize().is_ok_and(|real| !real.starts_with(tree)))
}

/// The nearest enclosing folder that contains `.git`, which is a file in a linked work tree.
pub(crate) fn work_tree(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

/// The canonical path of the first part of a path, and the rest, which begins with a link whose
/// folder is a `stop`. The rest is empty if there is no such link.
fn until_link(path: &Path, stop: impl Fn(&Path) -> bool) -> io::Result<(PathBuf, PathBuf)> {
    let path = std::path::absolute(path)?;
    let mut real = PathBuf::new();
    let mut parts = path.components();
    while let Some(part) = parts.next() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::Normal(name) => {
                let next = real.join(name);
                if next.is_symlink() {
                    let folder = real.canonicalize()?;
                    if stop(&folder) {
                        return Ok((folder, Path::new(name).join(parts.as_path())));
                    }
                    real = next.canonicalize()?;
                } else {
                    real = next;
                }
            }
            Component::Prefix(_) | Component::RootDir | Component::CurDir => real.push(part),
        }
    }
    // On Windows, the names as the disk has them.
    let real = if real.exists() { real.canonicalize()? } else { real };
    Ok((real, PathBuf::new()))
}

/// An existing folder, in which files are opened.
pub(super) struct Root {
    /// Its canonical path.
    pub path: PathBuf,
    /// The disk and the number of the folder, by which it is recognized. It is not held open: a run
    /// may have more letters than a process may have open files.
    id: (u64, u64),
}

impl Root {
    /// The folder, which must exist.
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let id = id_of(&open_folder(&path)?)?;
        Ok(Self { path, id })
    }

    /// Where a path relative to the root leads, relative to the root, after all links.
    ///
    /// A link that leaves the root is outside wherever it leads, even if it comes back: whether there is
    /// something outside, a letter does not learn.
    pub(super) fn resolve(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        let inside = self.follow_links(path)?;
        // On Windows, the names as the disk has them.
        let real = self.path.join(inside).canonicalize()?;
        real.strip_prefix(&self.path).map(Path::to_path_buf).map_err(|_| Unreadable::Outside)
    }

    /// The same, without looking at what is outside.
    fn follow_links(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        let (mut inside, mut rest) = (PathBuf::new(), path.to_path_buf());
        let mut links = 0;
        loop {
            let mut parts = rest.components();
            let Some(part) = parts.next() else { return Ok(inside) };
            let after = parts.as_path().to_path_buf();
            rest = match part {
                Component::CurDir => after,
                Component::ParentDir if inside.pop() => after,
                Component::Normal(name) => {
                    let next = self.path.join(&inside).join(name);
                    if next.symlink_metadata()?.is_symlink() {
                        links += 1;
                        // The system says so.
                        if links > MAX_LINKS {
                            return Ok(path.to_path_buf());
                        }
                        let target = next.read_link()?;
                        match target.strip_prefix(&self.path) {
                            Ok(target) => {
                                inside.clear();
                                target.join(after)
                            }
                            Err(_) => target.join(after),
                        }
                    } else {
                        inside.push(name);
                        after
                    }
                }
                _ => return Err(Unreadable::Outside),
            };
        }
    }

    /// Opens a regular file. The path is one that was resolved: no part of it is a link, and if one has
    /// become a link in the meantime, it is not followed.
    pub(super) fn open_file(&self, resolved: &Path) -> Result<File, Unreadable> {
        let (Some(folder), Some(name)) = (resolved.parent(), resolved.file_name()) else {
            return Err(Unreadable::IsDirectory);
        };
        let folder = self.open_folder(folder)?;
        regular::expect_file(folder.symlink_metadata(name)?.file_type().into())?;
        regular::still_file(folder.open_with(name, &regular::reading())?)
    }

    /// The names in a folder whose path was resolved.
    pub(super) fn names(&self, resolved: &Path) -> io::Result<Vec<OsString>> {
        let entries = self.open_folder(resolved)?.entries()?;
        entries.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn open_folder(&self, resolved: &Path) -> io::Result<Dir> {
        let root = open_folder(&self.path)?;
        if id_of(&root)? != self.id {
            return Err(io::ErrorKind::NotFound.into());
        }
        resolved.components().try_fold(root, |folder, part| folder.open_dir_nofollow(part))
    }
}

fn open_folder(path: &Path) -> io::Result<Dir> {
    Dir::open_ambient_dir(path, ambient_authority())
}

fn id_of(folder: &Dir) -> io::Result<(u64, u64)> {
    let metadata = folder.dir_metadata()?;
    Ok((MetadataExt::dev(&metadata), MetadataExt::ino(&metadata)))
}
