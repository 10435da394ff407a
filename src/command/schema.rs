//! `schema`: prints a JSON Schema, for editors.

use clap::{Args, ValueEnum};

use crate::command::Stop;
use crate::command::terminal::{Terminal, print_data};
use crate::spec::schema;

/// Options of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What the schema is for
    #[arg(value_name = "WHAT", default_value = "letter")]
    kind: SchemaKind,
}

/// What a schema is for.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
enum SchemaKind {
    /// A letter
    Letter,
    /// The undersigned.toml of a repository
    Repository,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &SchemaArguments) -> Result<u8, Stop> {
    let schema = match arguments.kind {
        SchemaKind::Letter => schema::letter(terminal.language),
        SchemaKind::Repository => schema::repository(terminal.language),
    };
    print_data(schema.as_bytes())
}
