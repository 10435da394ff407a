//! Typesets open letters: one TOML spec becomes a print-ready, accessible, reproducible PDF in each
//! of its languages.
//!
//! The path is one way: TOML text → [`spec::Spec`] (as written) → [`letter::Letter`] (checked, in
//! one language) → Typst values → [`render::Rendered`] (pages) → bytes. What is wrong on the way is
//! collected as [`problems::Diagnostic`] values, each with its place.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use undersigned::problems::Problems;
//! use undersigned::letter::manuscript::Manuscript;
//! use undersigned::fonts::{FontOptions, Fonts};
//! use undersigned::project::Project;
//! use undersigned::language::day::CreationTime;
//! use undersigned::render::render;
//!
//! # fn main() -> std::io::Result<()> {
//! let spec = r#"
//!     languages = ["es-MX"]
//!     date = 2021-08-24
//!     title = "Carta abierta"
//!     body = "Pedimos **agua**."
//!     signatories = ["Vecinas de la colonia"]
//! "#;
//! let problems = Problems::default();
//! let fonts = Arc::new(Fonts::new(&FontOptions::default()));
//! let project = Project::from_bytes(spec.into(), Path::new("."), None)?;
//! for letter in project.check(&fonts, |_| true, &problems) {
//!     let manuscript = Manuscript::of(&letter);
//!     let rendered = render(&manuscript, &project.files, &fonts, &problems).expect("it can be set");
//!     let time = CreationTime::of_day(letter.date);
//!     let pdf = rendered.pdf(&manuscript, &letter.standards, time, &problems).expect("a valid PDF");
//!     assert!(pdf.starts_with(b"%PDF-1.7"));
//! }
//! assert!(problems.into_sorted().is_empty());
//! # Ok(())
//! # }
//! ```

pub mod checks;
pub mod command;
pub mod engine;
pub mod files;
pub mod fonts;
pub mod formats;
pub mod language;
pub mod letter;
pub mod merge;
pub mod problems;
pub mod project;
pub mod render;
pub mod report;
pub mod source;
pub mod spec;
pub mod toml;
pub mod watch;
pub mod words;

pub use command::run;
