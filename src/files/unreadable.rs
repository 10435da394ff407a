//! Why a file cannot be read.

use std::io;
use std::path::Path;

use typst::diag::FileError;
use typst::syntax::FileId;

use crate::files::ids::MAX_IDS;
use crate::files::{MAX_FILES, MAX_LETTER_BYTES};
use crate::problems::Code;
use crate::words::system_errors;
use crate::words::{Message, say};

/// Why a file cannot be read.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Unreadable {
    /// It does not exist.
    NotFound,
    /// It is a folder.
    IsDirectory,
    /// The program may not read it, or the system refuses access.
    AccessDenied,
    /// It leads out of the root.
    Outside,
    /// It is hidden, or leads to what is hidden.
    Hidden,
    /// It is a link where only a file is read.
    Link,
    /// Its name has a backslash or is not Unicode, so it would not be the same on other computers.
    OddName,
    /// It is a pipe or a device.
    NotAFile,
    /// It is larger than so many bytes, which are the limit.
    TooLarge(u64),
    /// The letter names or reads too many files.
    TooMany,
    /// The files of the letter are too large together.
    TooMuch,
    /// The letters of this run name too many files together.
    TooManyOfAll,
    /// The reason that the system reports.
    System(Message),
    /// The reason that Typst reports, in English.
    Typst(FileError),
}

impl Unreadable {
    /// The code of the problem.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Outside | Self::Hidden => Code::OutsideRoot,
            Self::TooMany | Self::TooMuch | Self::TooManyOfAll | Self::OddName => {
                Code::InvalidValue
            }
            _ => Code::MissingFile,
        }
    }

    /// The problem with a file, as a message. `name` is what the letter calls it.
    pub(crate) fn message(&self, name: &str) -> Message {
        match self {
            Self::NotFound => say!("there is no file `{name}`", name),
            Self::IsDirectory => say!("`{name}` is a folder, not a file", name),
            Self::AccessDenied => say!("there is no permission to read `{name}`", name),
            Self::Outside => say!("`{name}` leads outside the letter's root", name),
            Self::Hidden => say!("`{name}` is hidden", name),
            Self::Link => say!("`{name}` is a link, not a file", name),
            Self::OddName => say!("this path has a backslash or is not Unicode"),
            Self::NotAFile => say!("`{name}` is a pipe or a device, not a file", name),
            Self::TooLarge(limit) if *limit < 1 << 20 => {
                let limit = limit >> 10;
                say!("`{name}` is larger than {limit} KiB, which is the maximum", name, limit)
            }
            Self::TooLarge(limit) => {
                let limit = limit >> 20;
                say!("`{name}` is larger than {limit} MiB, which is the maximum", name, limit)
            }
            Self::TooMany => {
                say!("this letter names more than {limit} files", limit = MAX_FILES)
            }
            Self::TooMuch => {
                let limit = MAX_LETTER_BYTES >> 20;
                say!("the files of this letter have more than {limit} MiB together", limit)
            }
            Self::TooManyOfAll => {
                say!("the letters of this run name more than {limit} files", limit = MAX_IDS)
            }
            Self::System(reason) => say!("`{name}` cannot be read: {reason}", name, reason),
            Self::Typst(_) => say!("`{name}` cannot be read", name),
        }
    }

    /// What to do about it, if that can be said whatever the file is.
    pub(crate) fn hint(&self, root: &str) -> Option<Message> {
        Some(match self {
            Self::Outside => say!("the root is {root}; name a wider one with --root", root),
            Self::Hidden => {
                say!("names that begin with a dot are not read, because they may hold secrets")
            }
            Self::OddName => say!("rename the file or its folder"),
            Self::TooMany => say!("join its lists: one file can hold many signatories"),
            Self::TooManyOfAll => say!("build the letters in several runs"),
            _ => return None,
        })
    }

    /// The error for Typst, which contains a reason only in English.
    pub(super) fn for_typst(&self, file: FileId) -> FileError {
        let other = |text: &str| FileError::Other(Some(text.into()));
        match self {
            Self::NotFound => FileError::NotFound(file.vpath().get_without_slash().into()),
            Self::IsDirectory => FileError::IsDirectory,
            Self::AccessDenied | Self::Outside | Self::Hidden => FileError::AccessDenied,
            Self::Link | Self::NotAFile | Self::OddName => other("it is not a regular file"),
            Self::TooLarge(_) => other("it is too large"),
            Self::TooMuch => other("all files together are too large"),
            Self::TooMany | Self::TooManyOfAll => other("too many files are read"),
            Self::System(message) => other(&message.english()),
            Self::Typst(error) => error.clone(),
        }
    }

    /// The reason in an error of Typst.
    pub(super) fn of_typst(error: FileError) -> Self {
        match error {
            FileError::NotFound(_) => Self::NotFound,
            FileError::IsDirectory => Self::IsDirectory,
            FileError::AccessDenied => Self::AccessDenied,
            other => Self::Typst(other),
        }
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        let reason = system_errors::reason(&error);
        match Self::of_typst(FileError::from_io(error, Path::new(""))) {
            Self::Typst(FileError::Other(_)) => Self::System(reason),
            known => known,
        }
    }
}
