//! The command line: what is asked for, and what is done.

pub mod args;
pub mod dependencies;
pub mod discover;
pub mod import;
pub mod new;
pub mod run;
pub mod signatory_list;
pub mod spanish;
pub mod status;
