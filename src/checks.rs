//! What is worth a second look in a letter that can be sent.

pub mod duplicates;
pub mod parity;
pub mod review;
pub mod stale_counts;
