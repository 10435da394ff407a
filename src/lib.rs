//! Typesets open letters: one TOML spec becomes a print-ready, accessible, reproducible PDF in each of
//! its languages.
//!
//! Open a letter as a [`Project`], choose what to make in [`Options`], and [`build`] it. An [`Outcome`]
//! has the documents and every problem with its place. Nothing is written to the disk: that is up to you.
//!
//! ```
//! use std::sync::Arc;
//!
//! use undersigned::{Fonts, Options, Project, build};
//!
//! # fn main() -> std::io::Result<()> {
//! let letter = r#"
//!     languages = ["es-MX"]
//!     date = 2021-08-24
//!     title = "Carta abierta"
//!     body = "Pedimos **agua**."
//!     signatories = ["Vecinas de la colonia"]
//! "#;
//! let project = Project::from_bytes(letter.into(), ".".as_ref(), None)?;
//! let fonts = Arc::new(Fonts::default());
//! let outcomes = build(vec![project], &fonts, &Options::default());
//! for outcome in &outcomes {
//!     for problem in &outcome.diagnostics {
//!         println!("{}: {}", outcome.locate(&problem.place), problem.message.english());
//!     }
//!     for document in &outcome.documents {
//!         println!("{}: {} bytes", document.name, document.data.len());
//!     }
//! }
//! assert_eq!(outcomes[0].documents[0].name, "letter.es-MX.pdf");
//! # Ok(())
//! # }
//! ```
//!
//! # Untrusted letters
//!
//! A letter may come from a stranger. It reads nothing outside its root, reaches no network, and is given
//! up when it takes more than the [`Limits`] allow; the other letters of the same call are built all the
//! same. A library has no process of its own: what ends a whole process, such as a template whose values
//! are nested so deeply that the stack overflows, ends the program that called it. The command line does
//! its work in a second process, and survives that too.
//!
//! # Features
//!
//! `cli`, on by default, adds the command line (`run`). Without it clap, notify and the other crates that
//! only a terminal or a browser needs are not compiled:
//!
//! ```toml
//! undersigned = { version = "0.1", default-features = false }
//! ```
#![cfg_attr(
    not(feature = "cli"),
    allow(dead_code, unused_imports, reason = "the command line uses the rest")
)]

mod checks;
mod engine;
mod files;
mod fonts;
mod formats;
mod language;
mod letter;
mod pdf;
mod problems;
mod project;
mod render;
mod sequences;
mod source;
mod spec;
mod toml;
mod words;

#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "cli")]
mod documents;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "cli")]
mod merge;
#[cfg(feature = "cli")]
mod report;
#[cfg(feature = "cli")]
mod watch;

use std::sync::Arc;

#[cfg(feature = "cli")]
pub use crate::command::run;
pub use crate::engine::batch::{Located, Outcome, Typeset};
pub use crate::engine::options::Options;
pub use crate::engine::workers::Limits;
pub use crate::fonts::{FontOptions, Fonts};
pub use crate::formats::format::{Document, Format};
pub use crate::language::day::CreationTime;
pub use crate::language::languages::Languages;
pub use crate::language::{NotATag, Tag};
pub use crate::pdf::{PdfStandard, UnknownStandard};
pub use crate::problems::lint::{Denied, Lint};
pub use crate::problems::{Code, Diagnostic, Severity};
pub use crate::project::Project;
pub use crate::render::page_ranges::PageRanges;
pub use crate::source::Place;
pub use crate::words::{Message, UiLanguage, UnknownLanguage};

/// Builds letters: checks and typesets each in all its languages, and gives the documents. All of them
/// are tried, whatever is wrong with one, and a letter with an error has no documents.
pub fn build(projects: Vec<Project>, fonts: &Arc<Fonts>, options: &Options) -> Vec<Outcome> {
    engine::batch::typeset(projects, fonts, &Arc::new(options.clone()), |_, _| {}, |_, _| {})
}

/// Finds the problems of letters and makes no documents. The pages are laid out all the same, because
/// some problems, such as a missing glyph, are only found there.
pub fn check(projects: Vec<Project>, fonts: &Arc<Fonts>, options: &Options) -> Vec<Outcome> {
    let mut outcomes = build(projects, fonts, options);
    outcomes.iter_mut().for_each(|outcome| outcome.documents.clear());
    outcomes
}

/// Builds one letter.
pub fn render(project: Project, fonts: &Arc<Fonts>, options: &Options) -> Outcome {
    let mut outcomes = build(vec![project], fonts, options);
    outcomes.pop().expect("each letter has an outcome")
}
