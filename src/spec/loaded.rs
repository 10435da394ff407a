//! A letter as it is written, with the list of who signs it from wherever the letter keeps it.

use crate::spec::{Signatory, Spec};

/// A letter as it is written. Nothing of it is filled in or compared yet.
#[derive(Debug)]
pub struct Loaded {
    /// The text of the letter's file.
    pub source: String,
    /// What it says.
    pub spec: Spec,
    /// Who signs, read from the letter itself, from tables and from folders.
    pub signatories: Vec<Signatory>,
}
