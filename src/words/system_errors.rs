//! Why the computer does not do what it was asked for: a file that is not there, a disk that is full.

use std::io::{self, ErrorKind};

use crate::words::message::{Message, say};

/// The kinds of errors, with what is said of them.
const KINDS: &[(&[ErrorKind], &str, &str)] = &[
    (&[ErrorKind::NotFound], "there is no such file or folder", "no existe tal archivo o carpeta"),
    (&[ErrorKind::PermissionDenied], "permission is denied", "no hay permiso"),
    (&[ErrorKind::AlreadyExists], "it is there already", "ya existe"),
    (
        &[ErrorKind::NotADirectory],
        "a part of the path is no folder",
        "una parte de la ruta no es una carpeta",
    ),
    (&[ErrorKind::IsADirectory], "it is a folder", "es una carpeta"),
    (&[ErrorKind::DirectoryNotEmpty], "the folder is not empty", "la carpeta no está vacía"),
    (&[ErrorKind::ReadOnlyFilesystem], "the disk can only be read", "el disco es de solo lectura"),
    (&[ErrorKind::StorageFull], "the disk is full", "el disco está lleno"),
    (
        &[ErrorKind::QuotaExceeded],
        "your share of the disk is full",
        "se agotó su espacio en el disco",
    ),
    (&[ErrorKind::FileTooLarge], "the file is too large", "el archivo es demasiado grande"),
    (
        &[ErrorKind::InvalidFilename],
        "no file can have this name",
        "ningún archivo puede llamarse así",
    ),
    (
        &[ErrorKind::ResourceBusy, ErrorKind::ExecutableFileBusy],
        "another program is using it",
        "otro programa lo está usando",
    ),
    (&[ErrorKind::AddrInUse], "it is in use already", "ya está en uso"),
    (
        &[ErrorKind::AddrNotAvailable],
        "this computer has no such address",
        "este equipo no tiene esa dirección",
    ),
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
        "the connection over the network is lost",
        "se perdió la conexión por la red",
    ),
    (
        &[ErrorKind::BrokenPipe],
        "the program that reads it has ended",
        "el programa que lo lee ya terminó",
    ),
    (
        &[ErrorKind::CrossesDevices],
        "the two folders are on different disks",
        "las dos carpetas están en discos distintos",
    ),
    (&[ErrorKind::TooManyLinks], "it has too many links", "tiene demasiados enlaces"),
    (&[ErrorKind::TimedOut, ErrorKind::WouldBlock], "it takes too long", "tarda demasiado"),
    (&[ErrorKind::Interrupted], "it was interrupted", "se interrumpió"),
    (
        &[ErrorKind::UnexpectedEof],
        "it ends before it is complete",
        "termina antes de estar completo",
    ),
    (&[ErrorKind::WriteZero], "not all of it could be written", "no se pudo escribir entero"),
    (&[ErrorKind::InvalidData], "its content cannot be read", "no se puede leer lo que contiene"),
    (&[ErrorKind::InvalidInput], "the system does not take this", "el sistema no admite esto"),
    (&[ErrorKind::Unsupported], "this system cannot do that", "este sistema no puede hacerlo"),
    (&[ErrorKind::OutOfMemory], "there is not enough memory", "no hay memoria suficiente"),
    (
        &[ErrorKind::NotSeekable],
        "it can only be read from the beginning",
        "solo se puede leer desde el principio",
    ),
];

/// What has no kind of its own in Rust yet, by its number on Linux and macOS (`errno.h`).
const NUMBERS: &[(i32, &str, &str)] = &[
    (5, "the disk does not answer", "el disco no responde"),
    (23, "too many files are open", "hay demasiados archivos abiertos"),
    (24, "too many files are open", "hay demasiados archivos abiertos"),
    (
        if cfg!(target_os = "linux") { 40 } else { 62 },
        "its links lead in a circle",
        "sus enlaces dan vueltas en círculo",
    ),
];

/// The reason of an error, in plain words and without its number, such as "there is no such file or
/// folder".
///
/// What this program says itself, as a [`Message`] inside the error, stays as it is.
pub fn reason(error: &io::Error) -> Message {
    if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Message>()) {
        return own.clone();
    }
    let kind = KINDS.iter().find(|(kinds, ..)| kinds.contains(&error.kind()));
    let words = kind.map(|(_, en, es)| (*en, *es)).or_else(|| {
        let number = error.raw_os_error().filter(|_| cfg!(unix))?;
        let known = NUMBERS.iter().find(|(known, ..)| *known == number)?;
        Some((known.1, known.2))
    });
    match words {
        Some((en, es)) => Message { en: en.into(), es: es.into() },
        None => {
            let text = error.to_string();
            reason_in_english(text.split(" (os error ").next().unwrap_or_default())
        }
    }
}

/// The reason that is said in English, for errors that went through a library which keeps one language.
pub fn reason_in_english(text: &str) -> Message {
    let kinds = KINDS.iter().map(|(_, en, es)| (*en, *es));
    let mut all = kinds.chain(NUMBERS.iter().map(|(_, en, es)| (*en, *es)));
    match all.find(|(en, _)| *en == text) {
        Some((en, es)) => Message { en: en.into(), es: es.into() },
        None => say!("{text}", "el sistema dice en inglés: {text}"),
    }
}

/// An error of this program's own, whose reason is `message`.
pub fn own(kind: ErrorKind, message: Message) -> io::Error {
    io::Error::new(kind, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the system may say, people are told a reason in their language and no number.
    #[cfg(unix)]
    #[test]
    fn usual_errors_of_the_system_have_words_in_both_languages() {
        // EPERM, ENOENT, EIO, EACCES, EBUSY, EEXIST, EXDEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE,
        // ETXTBSY, EFBIG, ENOSPC, EROFS, EMLINK, EPIPE
        for number in [1, 2, 5, 13, 16, 17, 18, 20, 21, 22, 23, 24, 26, 27, 28, 30, 31, 32] {
            let error = io::Error::from_raw_os_error(number);
            let Message { en, es } = reason(&error);
            assert!(!en.is_empty() && en != es, "{number}: {en}");
            assert!(!es.contains("en inglés"), "{number}: {es}");
            assert!(!format!("{en}{es}").contains("os error"), "{number}: {en}");
        }
    }

    #[test]
    fn what_has_no_words_is_said_to_be_english() {
        let strange = io::Error::other("a strange thing (os error 99)");
        let Message { en, es } = reason(&strange);
        assert_eq!(en, "a strange thing");
        assert_eq!(es, "el sistema dice en inglés: a strange thing");
    }

    #[test]
    fn what_the_program_says_itself_stays_as_it_is() {
        let message = say!("it is a pipe", "es una tubería");
        assert_eq!(reason(&own(ErrorKind::InvalidInput, message.clone())), message);
    }
}
