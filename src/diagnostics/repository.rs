//! What holds for all letters of a repository: the file `undersigned.toml` at their root.

use schemars::JsonSchema;

use crate::diagnostics::Problems;
use crate::diagnostics::lint::Lint;
use crate::files::Files;
use crate::spec::reader::{self, Context, Table};
use crate::spec::schema;

/// The name of the file, which stands at the root that the letters may not leave.
pub const REPOSITORY_FILE: &str = "undersigned.toml";

/// What holds for all letters below a root.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub struct Repository {
    /// Which warnings are allowed and denied in all letters.
    pub lint: Lint,
}

impl Repository {
    /// Reads the file at the root. A repository without one says nothing.
    pub fn read(files: &Files, problems: &Problems) -> Self {
        let Some(file) = files.repository_file() else { return Self::default() };
        let Some(source) = problems.take(files.text(file)) else { return Self::default() };
        let context = Context { file, problems };
        let document = reader::parse(&source, context);
        let mut table = Table::new(REPOSITORY_FILE, document.get_ref(), 0..0);
        let lint = table.take("lint").map(|value| Lint::read(value, context)).unwrap_or_default();
        table.finish(context);
        reader::forget_after_syntax_error(&source, file, problems);
        Self { lint }
    }
}
