//! Keys of the letter that are written below a `[table]` and so belong to it: that is what TOML says,
//! but few authors mean it.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::spec::spec_reader::{REQUIRED_KEYS, TOP_LEVEL_KEYS};
use crate::toml::reader::Context;
use crate::words::say;

/// Keys of the letter below a `[table]`, at least one of which the letter requires.
pub(crate) struct MisplacedKeys<'t> {
    /// The table, as written between its brackets.
    table: String,
    /// Where its name is.
    header: Place,
    /// The keys with their places, in the order of the file.
    keys: Vec<(&'t str, Place)>,
}

impl<'t> MisplacedKeys<'t> {
    /// Searches the tables of the letter, and those within them, for required keys that the letter
    /// lacks.
    pub(crate) fn find(document: &'t DeTable<'t>, context: Context<'_>) -> Vec<Self> {
        let is_missing = |key: &&str| document.keys().all(|known| known.get_ref() != *key);
        let missing: Vec<&str> = REQUIRED_KEYS.into_iter().filter(is_missing).collect();
        let mut found = Vec::new();
        if missing.is_empty() {
            return found;
        }
        for (name, value) in document {
            let header = Place::new(context.file, name.span());
            let name = name.get_ref().as_ref();
            for (path, table) in tables(name, value.get_ref()) {
                let place = |key: &Spanned<DeString<'_>>| Place::new(context.file, key.span());
                let keys = table.keys().map(|key| (key.get_ref().as_ref(), place(key)));
                // A signatory may have a title too, and a language its own dates.
                let is_own =
                    |key: &str| matches!((name, key), ("signatories", "title") | ("words", "date"));
                let mut keys: Vec<(&str, Place)> =
                    keys.filter(|(key, _)| TOP_LEVEL_KEYS.contains(key) && !is_own(key)).collect();
                keys.sort_by_key(|(_, place)| place.range.start);
                if keys.iter().any(|(key, _)| missing.contains(key)) {
                    found.push(Self { table: path, header: header.clone(), keys });
                }
            }
        }
        found
    }

    /// Whether a key is misplaced.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(known, _)| *known == key)
    }

    /// Reports them as one problem, instead of one for each key.
    pub(crate) fn report(self, context: Context<'_>) {
        // A letter has no table with this name.
        let mut is_unknown = false;
        context.problems.retain(|problem| {
            let is_header = problem.place == self.header;
            let is_key = self.keys.iter().any(|(_, place)| *place == problem.place);
            let is_told = problem.code == Code::UnknownKey && (is_header || is_key);
            is_unknown |= is_told && is_header;
            !is_told
        });
        let Some((_, first)) = self.keys.first() else { return };
        let table = &self.table;
        let list = self.keys.iter().map(|(key, _)| format!("`{key}`")).collect::<Vec<_>>();
        let list = list.join(", ");
        let message = say!(
            "these keys of the letter are below `{table}`, so they belong to it: {list}",
            table,
            list
        );
        let hint = match is_unknown {
            false => say!(
                "move them above the line `{table}`: in TOML, all keys below a line in brackets \
                 belong to it",
                table
            ),
            true => say!(
                "remove the line `{table}`: the keys of a letter go at its top, above any line in \
                 brackets",
                table
            ),
        };
        let here = say!("the table begins here");
        let problem = Diagnostic::new(Code::MissingKey, first.clone(), message);
        context.problems.push(problem.relate(self.header, here).hint(hint));
    }
}

/// The tables of a key and those one level below, each as written between brackets.
fn tables<'t>(name: &str, value: &'t DeValue<'t>) -> Vec<(String, &'t DeTable<'t>)> {
    match value {
        DeValue::Table(table) => {
            let inner = table.iter().filter_map(|(key, value)| match value.get_ref() {
                DeValue::Table(table) => Some((format!("[{name}.{}]", key.get_ref()), table)),
                _ => None,
            });
            [(format!("[{name}]"), table)].into_iter().chain(inner).collect()
        }
        DeValue::Array(items) => {
            let tables = items.iter().filter_map(|item| match item.get_ref() {
                DeValue::Table(table) => Some((format!("[[{name}]]"), table)),
                _ => None,
            });
            tables.collect()
        }
        _ => Vec::new(),
    }
}
