//! A letter as written, with its signatories from wherever the letter keeps them.

use crate::language::Tag;
use crate::language::words::Words;
use crate::source::text::Text;
use crate::spec::{Signatory, Spec};

/// A letter as written. Nothing has been filled in or compared yet.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The text of the letter's file.
    pub source: String,
    /// The parsed letter.
    pub spec: Spec,
    /// The words that the letter brings, from itself and from files, each with its language.
    pub words: Vec<(Tag, Words)>,
    /// The signatories, read from the letter itself, from tables and from folders.
    pub signatories: Vec<Signatory>,
    /// Whether every list of signatories could be read. If not, a name that is not there may be in the
    /// list that is missing.
    pub complete: bool,
    /// The folders of fonts that the letter and its repository name.
    pub fonts: Vec<Text>,
}
