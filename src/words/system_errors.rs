//! Why the operating system refuses something: a file that does not exist, a disk that is full.

use std::io::{self, ErrorKind};

use crate::words::{Message, say};

/// The kinds of errors, and their messages.
const KINDS: &[(&[ErrorKind], &str)] = &[
    (&[ErrorKind::NotFound], "there is no such file or folder"),
    (&[ErrorKind::PermissionDenied], "permission is denied"),
    (&[ErrorKind::AlreadyExists], "it already exists"),
    (&[ErrorKind::NotADirectory], "part of the path is not a folder"),
    (&[ErrorKind::IsADirectory], "it is a folder"),
    (&[ErrorKind::DirectoryNotEmpty], "the folder is not empty"),
    (&[ErrorKind::ReadOnlyFilesystem], "the disk is read-only"),
    (&[ErrorKind::StorageFull], "the disk is full"),
    (&[ErrorKind::QuotaExceeded], "your disk quota is used up"),
    (&[ErrorKind::FileTooLarge], "the file is too large"),
    (&[ErrorKind::InvalidFilename], "no file can have this name"),
    (&[ErrorKind::ResourceBusy, ErrorKind::ExecutableFileBusy], "another program is using it"),
    (&[ErrorKind::AddrInUse], "it is already in use"),
    (&[ErrorKind::AddrNotAvailable], "this computer has no such address"),
    (
        &[
            ErrorKind::StaleNetworkFileHandle,
            ErrorKind::HostUnreachable,
            ErrorKind::NetworkUnreachable,
            ErrorKind::NetworkDown,
            ErrorKind::NotConnected,
            ErrorKind::ConnectionRefused,
            ErrorKind::ConnectionReset,
            ErrorKind::ConnectionAborted,
        ],
        "the network connection was lost",
    ),
    (&[ErrorKind::BrokenPipe], "the program that reads it has ended"),
    (&[ErrorKind::CrossesDevices], "the two folders are on different disks"),
    (&[ErrorKind::TooManyLinks], "it has too many links"),
    (&[ErrorKind::TimedOut, ErrorKind::WouldBlock], "it takes too long"),
    (&[ErrorKind::Interrupted], "it was interrupted"),
    (&[ErrorKind::UnexpectedEof], "it ends before it is complete"),
    (&[ErrorKind::WriteZero], "it could not be written completely"),
    (&[ErrorKind::InvalidData], "its content cannot be read"),
    (&[ErrorKind::InvalidInput], "the system does not accept this"),
    (&[ErrorKind::Unsupported], "this system cannot do that"),
    (&[ErrorKind::OutOfMemory], "there is not enough memory"),
    (&[ErrorKind::NotSeekable], "it can only be read from the beginning"),
];

/// Errors that have no kind in Rust yet, by their number on Linux and macOS (`errno.h`).
const NUMBERS: &[(i32, &str)] = &[
    (5, "the disk does not respond"),
    (23, "too many files are open"),
    (24, "too many files are open"),
    (if cfg!(target_os = "linux") { 40 } else { 62 }, "its links lead in a circle"),
];

/// The reason of an error, in plain words and without its number, such as "there is no such file or
/// folder".
pub(crate) fn reason(error: &io::Error) -> Message {
    let kind = KINDS.iter().find(|(kinds, _)| kinds.contains(&error.kind()));
    let words = kind.map(|(_, words)| *words).or_else(|| {
        let number = error.raw_os_error().filter(|_| cfg!(unix))?;
        NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, words)| *words)
    });
    match words {
        Some(words) => Message::new(words, []),
        None => {
            let text = error.to_string();
            reason_in_english(text.split(" (os error ").next().unwrap_or_default())
        }
    }
}

/// The reason for an English text, for errors that went through a library that keeps only one
/// language.
pub(crate) fn reason_in_english(text: &str) -> Message {
    match sentences().find(|known| *known == text) {
        Some(words) => Message::new(words, []),
        None => Message::foreign(text, say!("the system says in English: {text}", text)),
    }
}

/// Every reason.
pub(crate) fn sentences() -> impl Iterator<Item = &'static str> {
    let kinds = KINDS.iter().map(|(_, words)| *words);
    kinds.chain(NUMBERS.iter().map(|(_, words)| *words))
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Whatever the system reports, people see a reason in their language, without a number.
    #[cfg(unix)]
    #[test]
    fn usual_errors_of_the_system_have_words_in_both_languages() {
        // EPERM, ENOENT, EIO, EACCES, EBUSY, EEXIST, EXDEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE,
        // ETXTBSY, EFBIG, ENOSPC, EROFS, EMLINK, EPIPE
        for number in [1, 2, 5, 13, 16, 17, 18, 20, 21, 22, 23, 24, 26, 27, 28, 30, 31, 32] {
            let reason = reason(&io::Error::from_raw_os_error(number));
            let (en, es) = (reason.english(), reason.spanish());
            assert!(!en.is_empty() && en != es, "{number}: {en}");
            assert!(!es.contains("en inglés"), "{number}: {es}");
            assert!(!format!("{en}{es}").contains("os error"), "{number}: {en}");
        }
    }

    #[test]
    fn what_has_no_words_is_said_to_be_english() {
        let strange = reason(&io::Error::other("a strange thing (os error 99)"));
        assert_eq!(strange.english(), "a strange thing");
        assert_eq!(strange.spanish(), "el sistema dice en inglés: a strange thing");
    }
}
