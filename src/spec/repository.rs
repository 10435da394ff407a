//! What holds for all letters of a repository: the file `undersigned.toml` at their root.

use schemars::JsonSchema;

use crate::files::Files;
use crate::files::REPOSITORY_FILE;
use crate::problems::Problems;
use crate::spec::lint::LintTable;
use crate::spec::schema;
use crate::spec::spec_reader::TOP_LEVEL_KEYS;
use crate::toml::reader::{self, Context, Table};

/// What applies to all letters of a repository.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct Repository {
    /// Which warnings are allowed and denied in all letters.
    pub lint: LintTable,
}

impl Repository {
    /// Reads the file at the root. A repository without one says nothing.
    pub(crate) fn read(files: &Files, problems: &Problems) -> Self {
        let Some(file) = files.repository_file() else { return Self::default() };
        let Some(source) = problems.take(files.text(file)) else { return Self::default() };
        let context = Context { file, problems, top_level: TOP_LEVEL_KEYS };
        let document = reader::parse(&source, context);
        let mut table = Table::new(REPOSITORY_FILE, document.get_ref(), 0..0);
        let lint =
            table.take("lint").map(|value| LintTable::read(value, context)).unwrap_or_default();
        table.finish(context);
        reader::forget_after_syntax_error(&source, file, problems);
        Self { lint }
    }
}
