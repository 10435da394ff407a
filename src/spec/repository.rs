//! What holds for all letters of a repository: the file `undersigned.toml` at their root.

use schemars::JsonSchema;

use crate::files::Files;
use crate::files::REPOSITORY_FILE;
use crate::problems::Problems;
use crate::source::text::Text;
use crate::spec::lint::LintTable;
use crate::spec::schema;
use crate::spec::spec_reader::{TOP_LEVEL_KEYS, read_fonts};
use crate::toml::reader::{self, Context, Table, Value};

/// What applies to all letters of a repository.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct Repository {
    /// Which warnings are allowed and denied in all letters.
    pub lint: LintTable,
    /// What the pages of all letters have in common.
    pub page: RepositoryPage,
}

/// What the pages of all letters of a repository have in common.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct RepositoryPage {
    /// Folders with fonts that the letters may use, such as `["fonts"]`.
    pub fonts: Vec<Text>,
}

impl RepositoryPage {
    fn read(value: Value<'_>, context: Context<'_>) -> Self {
        let Some(mut table) = value.table(context) else { return Self::default() };
        let fonts = read_fonts(&mut table, context);
        table.finish(context);
        Self { fonts }
    }
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
        let page = table.take("page").map(|value| RepositoryPage::read(value, context));
        table.finish(context);
        reader::forget_after_syntax_error(&source, file, problems);
        Self { lint, page: page.unwrap_or_default() }
    }
}
