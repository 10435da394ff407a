//! What the program says, in each of its languages.

pub mod foreign;
pub mod message;
pub mod suggest;
pub mod system_errors;
