//! From letters to documents: threads and their limits, one document from manuscript to bytes, many at
//! once, and files written whole or not at all.

pub mod batch;
pub mod jobs;
pub mod memory;
pub mod options;
pub mod output;
pub mod set;
pub mod workers;
