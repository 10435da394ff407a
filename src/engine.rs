//! From letters to documents: threads and their limits, one document from manuscript to bytes, many at
//! once, and files written whole or not at all.

pub(crate) mod batch;
pub(crate) mod jobs;
pub(crate) mod memory;
pub(crate) mod options;
pub(crate) mod output;
pub(crate) mod set;
pub(crate) mod supervisor;
pub(crate) mod workers;
