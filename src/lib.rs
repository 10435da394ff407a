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

pub mod alignment;
pub mod args;
pub mod batch;
pub mod block_pairs;
pub mod body;
pub mod changes;
pub mod code_table;
pub mod column_pattern;
pub mod content;
pub mod content_formats;
pub mod contrast;
pub mod counterparts;
pub mod dependencies;
pub mod diagnostics;
pub mod discover;
pub mod draft;
pub mod duplicates;
pub mod edition;
mod edition_reader;
pub mod enclosures;
pub mod envelopes;
pub mod files;
pub mod fonts;
pub mod human;
pub mod import;
pub mod language;
pub mod language_detection;
pub mod language_parity;
pub mod letter;
pub mod link_parity;
pub mod links;
pub mod lint;
pub mod manifest;
pub mod markdown;
pub mod markdown_writer;
pub mod merge;
pub mod message;
pub mod name_parity;
pub mod new;
pub mod number_parity;
pub mod number_reader;
pub mod number_words;
pub mod outline;
pub mod output;
pub mod page_pictures;
pub mod page_ranges;
pub mod parity;
pub mod paths;
pub mod placeholders;
pub mod plain_text;
pub mod preview;
pub mod preview_server;
pub mod project;
pub mod quotes;
pub mod reader;
pub mod recipient_marks;
pub mod recipients;
pub mod render;
pub mod report;
pub mod repository;
pub mod resolver;
pub mod review;
pub mod run;
pub mod sarif;
pub mod schema;
pub mod segments;
pub mod session;
pub mod signatories;
pub mod signatory_list;
pub mod signatory_sources;
pub mod spanish;
pub mod spec;
pub mod spec_reader;
pub mod stale_counts;
pub mod status;
pub mod step_summary;
pub mod structure_parity;
pub mod table_file;
pub mod text;
pub mod values;
pub mod watch;
pub mod web_page;
pub mod window;
pub mod words;
pub mod workers;
pub mod world;

pub use run::run;
