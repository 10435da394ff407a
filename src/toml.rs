//! TOML with a place for each value. It knows nothing of letters.

pub(crate) mod reader;
pub(crate) mod syntax;
