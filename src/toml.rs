//! TOML with a place for each value. It knows nothing of letters.

pub mod reader;
pub mod syntax;
