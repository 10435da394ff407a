//! What the program says, in every language that it speaks.
//!
//! English stands where it is said, as a pattern with its values:
//!
//! ```text
//! say!("unknown key `{name}`", name)
//! ```
//!
//! Each other language is one file beside this one, such as `es.toml`, which holds its words for each
//! English pattern. A language is added by adding its file, which need not be complete: what it does not
//! have is said in English. Tests hold that Spanish has every pattern, with the same values, and nothing
//! else.
//!
//! The languages that letters are written in are another matter: see [`language`](crate::language).

pub mod foreign;
pub mod language;
pub mod message;
pub mod pattern;
pub mod suggest;
pub mod system_errors;
#[cfg(test)]
mod tests;
mod translation;

pub use self::language::UiLanguage;
pub use self::message::{Message, errors, errors_and_warnings, warnings};
pub(crate) use self::message::{count, say};
