//! What the program says, in every language that it speaks.
//!
//! The English text is written where it is used, as a pattern with its values:
//!
//! ```text
//! say!("unknown key `{name}`", name)
//! ```
//!
//! Each other language is one file beside this one, such as `es.toml`, with a translation of each
//! English pattern. To add a language, add its file. The file need not be complete: missing texts are
//! shown in English. Tests ensure that Spanish has every pattern, and that every
//! file has the same values and nothing stale.
//!
//! The languages that letters are written in are separate: see [`language`](crate::language).

pub(crate) mod foreign;
pub(crate) mod language;
pub(crate) mod message;
pub(crate) mod pattern;
pub(crate) mod suggest;
pub(crate) mod system_errors;
#[cfg(test)]
mod tests;
mod translation;

pub use self::language::{UiLanguage, UnknownLanguage};
pub use self::message::Message;
pub(crate) use self::message::{Number, count, errors, errors_and_warnings, say, warnings};
