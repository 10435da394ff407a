//! Regular files: opened without waiting for the other end of a pipe, and read up to a limit.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt, ambient_authority};
use cap_std::fs::OpenOptions;

use crate::files::unreadable::Unreadable;
use crate::source::digest;

/// What happens if a path is a link.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Links {
    /// It is followed: the user named the path.
    Followed,
    /// It is refused: a stranger may have made it.
    Refused,
}

/// Opens a file to read it. What is no regular file is not opened.
pub(crate) fn open(path: &Path, links: Links) -> Result<File, Unreadable> {
    let metadata = match links {
        Links::Followed => fs::metadata(path)?,
        Links::Refused => fs::symlink_metadata(path)?,
    };
    expect_file(metadata.file_type().into())?;
    let mut options = reading();
    if links == Links::Followed {
        options.follow(FollowSymlinks::Yes);
    }
    let file = cap_std::fs::File::open_ambient_with(path, &options, ambient_authority())?;
    still_file(file)
}

/// The bytes of a file, if they are not more than `most`.
pub(crate) fn read(path: &Path, links: Links, most: u64) -> Result<Vec<u8>, Unreadable> {
    read_all(open(path, links)?, most)
}

/// The SHA-256 of a file of any size.
pub(crate) fn sha256(path: &Path, links: Links) -> Option<String> {
    digest::sha256_of_reader(open(path, links).ok()?).ok()
}

/// The options that open a file to read it: a link is not followed, and a pipe is not waited for.
pub(super) fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).nonblock(true).follow(FollowSymlinks::No);
    options
}

/// The opened file, unless something else took the place of the file in the meantime.
pub(super) fn still_file(file: cap_std::fs::File) -> Result<File, Unreadable> {
    expect_file(file.metadata()?.file_type().into())?;
    Ok(file.into_std())
}

/// The bytes of an opened file, if they are not more than `most`.
pub(super) fn read_all(file: File, most: u64) -> Result<Vec<u8>, Unreadable> {
    let mut data = Vec::new();
    file.take(most + 1).read_to_end(&mut data)?;
    if data.len() as u64 > most { Err(Unreadable::TooLarge(most)) } else { Ok(data) }
}

/// What is at a path.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    Other,
}

/// The error if it is not a regular file.
pub(super) fn expect_file(kind: Kind) -> Result<(), Unreadable> {
    match kind {
        Kind::File => Ok(()),
        Kind::Folder => Err(Unreadable::IsDirectory),
        Kind::Link => Err(Unreadable::Link),
        Kind::Other => Err(Unreadable::NotAFile),
    }
}

impl From<fs::FileType> for Kind {
    fn from(kind: fs::FileType) -> Self {
        Self::new(kind.is_file(), kind.is_dir(), kind.is_symlink())
    }
}

impl From<cap_std::fs::FileType> for Kind {
    fn from(kind: cap_std::fs::FileType) -> Self {
        Self::new(kind.is_file(), kind.is_dir(), kind.is_symlink())
    }
}

impl Kind {
    fn new(is_file: bool, is_folder: bool, is_link: bool) -> Self {
        match (is_link, is_folder, is_file) {
            (true, ..) => Self::Link,
            (_, true, _) => Self::Folder,
            (.., true) => Self::File,
            _ => Self::Other,
        }
    }
}
