//! What the documentation says of each code: what it means, and what to do about it.
//!
//! It is said once, in the table of codes in `docs/commands.md` and in its Spanish translation, which
//! the program carries. A test holds that no code is forgotten there.

use std::collections::HashMap;
use std::sync::LazyLock;

use ecow::EcoString;
use pulldown_cmark::{BrokenLink, Event, Options, Parser};

use crate::problems::Code;
use crate::words::message::Message;

const ENGLISH: &str = include_str!("../../docs/commands.md");
const SPANISH: &str = include_str!("../../docs/es/comandos.md");

/// What a code means, such as "a link without an address".
pub fn meaning(code: Code) -> Message {
    both(code, |row| &row.meaning)
}

/// What to do about it, such as "write the address".
pub fn remedy(code: Code) -> Message {
    both(code, |row| &row.remedy)
}

/// A row of the table, as plain text.
#[derive(Debug, Default)]
struct Row {
    meaning: EcoString,
    remedy: EcoString,
}

fn both(code: Code, cell: fn(&Row) -> &EcoString) -> Message {
    static ROWS: LazyLock<[HashMap<Code, Row>; 2]> = LazyLock::new(|| [ENGLISH, SPANISH].map(rows));
    let [en, es] = ROWS.each_ref().map(|rows| rows.get(&code).map(cell).cloned());
    Message { en: en.unwrap_or_default(), es: es.unwrap_or_default() }
}

/// The rows of the table `| code | severity | what it means | what to do |`.
fn rows(page: &str) -> HashMap<Code, Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix('|')?.split(" | ").map(str::trim).collect();
        let [code, _, meaning, remedy] = cells.as_slice() else { return None };
        let code = Code::parse(code.trim_matches('`'))?;
        let remedy = remedy.trim_end_matches('|').trim();
        Some((code, Row { meaning: plain(meaning), remedy: plain(remedy) }))
    };
    page.lines().filter_map(row).collect()
}

/// Markdown as plain text.
fn plain(markdown: &str) -> EcoString {
    // The page defines the targets of its links elsewhere.
    let no_target = |_: BrokenLink<'_>| Some(("".into(), "".into()));
    Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(no_target))
        .filter_map(|event| match event {
            Event::Text(text) => Some(text),
            // What stands between backticks keeps them: the texts of the program use them as well.
            Event::Code(code) => Some(format!("`{code}`").into()),
            _ => None,
        })
        .collect::<Vec<_>>()
        .concat()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_in_both_languages() {
        for code in Code::ALL {
            for text in [meaning(*code), remedy(*code)] {
                assert!(!text.en.is_empty(), "docs/commands.md says nothing of `{code}`");
                assert!(!text.es.is_empty(), "docs/es/comandos.md says nothing of `{code}`");
            }
        }
    }
}
