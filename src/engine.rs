//! From many letters to their documents: threads, limits, files written whole or not at all.

pub mod batch;
pub mod output;
pub mod workers;
