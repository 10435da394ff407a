//! What two sequences have in common, and what is out of order in one. Knows nothing of letters.

pub(crate) mod alignment;
pub(crate) mod ascending;
