//! Typesets open letters: one TOML spec becomes a print-ready, accessible, reproducible PDF in each
//! of its languages.
//!
//! The path is one way: TOML text → [`spec::Spec`] (as written) → [`letter::Letter`] (checked, in
//! one language) → Typst values → [`render::Rendered`] (pages) → bytes. What is wrong on the way is
//! collected as [`diagnostics::Diagnostic`] values, each with its place.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//!
//! use undersigned::diagnostics::Problems;
//! use undersigned::edition::Manuscript;
//! use undersigned::fonts::{FontOptions, Fonts};
//! use undersigned::project::Project;
//! use undersigned::render::{CreationTime, render};
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
//! for letter in project.resolve(&fonts, |_| true, &problems) {
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

pub mod command;
pub mod content_formats;
pub mod diagnostics;
pub mod edition;
pub mod files;
pub mod fonts;
pub mod language;
pub mod letter;
pub mod merge;
pub mod parity;
pub mod project;
pub mod render;
pub mod spec;
pub mod watch;

pub use command::run::run;
