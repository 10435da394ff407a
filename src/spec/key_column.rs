//! The column of a form's export that says who is the same person in the next export. Its cells are kept in
//! the letter, so what they say must tell people apart and tell nothing about them.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::language::{day, fold};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
use crate::spec::column_pattern;
use crate::spec::table_file::{Row, TableFile};
use crate::words::{Message, say};

/// The cells of a column that cannot be kept.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
enum Private {
    Email,
    Telephone,
    /// Numbers without any sign, which may be telephone numbers.
    Digits,
}

/// Finds the column with the keys of some rows. That there is none, and that it says how to reach people, are
/// errors, whose hints name the columns that can be the key and are not `used`; a row whose key is empty or is
/// that of an earlier row has an error in its place.
pub(super) fn find(
    wanted: &Text,
    table: &TableFile,
    rows: &[&Row],
    used: impl Fn(usize) -> bool,
    problems: &Problems,
) -> Option<usize> {
    let column = column_pattern::column(&wanted.value, &wanted.place, table, problems)?;
    // Every row may need it, and it looks at all rows.
    let others = LazyCell::new(|| others(table, rows, |other| other != column && !used(other)));
    let header = &table.header[column];
    let name = &header.value;
    if let Some(private) = private(column, table, rows) {
        let message = match private {
            Private::Email => say!("the column `{name}` has e-mail addresses", name),
            Private::Telephone => say!("the column `{name}` has telephone numbers", name),
            Private::Digits => {
                say!("the numbers of the column `{name}` may be telephone numbers", name)
            }
        };
        let way_out = say!("if each is the number of a response, call the column `ID` in the file");
        // The place is that of the header, so that no message shows a cell.
        problems.push(
            Diagnostic::new(Code::InvalidCsv, header.place.clone(), message)
                .hint(say!("a key is kept in the letter, which others may read"))
                .hint_if((private == Private::Digits).then_some(way_out))
                .hint(others.clone()),
        );
        return None;
    }
    let mut first: HashMap<&str, &Text> = HashMap::new();
    for row in rows {
        let Some(cell) = row.cells.get(column).filter(|cell| !cell.value.is_empty()) else {
            let problem = say!("this row has no key: its cell of `{name}` is empty", name);
            problems.push(
                Diagnostic::new(Code::InvalidCsv, row.place.clone(), problem).hint(others.clone()),
            );
            continue;
        };
        let key = cell.value.as_str();
        match first.get(key) {
            Some(earlier) => {
                let problem = say!("another row has the key `{key}` too", key);
                problems.push(
                    Diagnostic::new(Code::InvalidCsv, cell.place.clone(), problem)
                        .relate(earlier.place.clone(), say!("it is already here"))
                        .hint(others.clone()),
                );
            }
            None => _ = first.insert(key, cell),
        }
    }
    Some(column)
}

/// The hint that names the columns that can be the key instead.
fn others(table: &TableFile, rows: &[&Row], is_free: impl Fn(usize) -> bool) -> Message {
    let differ = |index: usize| {
        let mut seen = HashSet::new();
        rows.iter().all(|row| {
            let cell = row.cells.get(index).map_or("", |cell| cell.value.as_str());
            !cell.is_empty() && seen.insert(cell)
        })
    };
    let there: Vec<String> = (table.header.iter().enumerate())
        .filter(|(index, header)| is_free(*index) && !header.value.is_empty())
        .filter(|(index, _)| differ(*index) && private(*index, table, rows).is_none())
        .map(|(_, header)| format!("`{}`", header.value))
        .collect();
    match there.is_empty() {
        true => say!(
            "no other column tells all rows apart: let the form give each response a number, or \
             number the rows once in the sheet"
        ),
        false => {
            let columns = there.join(", ");
            say!("in these columns, the values of all rows differ: {columns}", columns)
        }
    }
}

/// How the cells of a column tell where people can be reached.
fn private(column: usize, table: &TableFile, rows: &[&Row]) -> Option<Private> {
    let cells = || rows.iter().filter_map(|row| row.cells.get(column)).map(|cell| &*cell.value);
    let is_address = |cell: &str| {
        let before = cell.split('@').next().and_then(|name| name.chars().next_back());
        cell.contains('@') && before.is_some_and(char::is_alphanumeric)
    };
    if cells().any(is_address) {
        return Some(Private::Email);
    }
    let header = &table.header[column].value;
    let words = || header.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let says_telephone = words().map(fold).any(|word| {
        ["tel", "cel", "celular", "movil", "mobile", "whatsapp", "fax"].contains(&&*word)
            || word.starts_with("telef")
            || word.ends_with("phone")
    });
    if says_telephone && cells().any(|cell| cell.contains(|c: char| c.is_ascii_digit())) {
        return Some(Private::Telephone);
    }
    let is_telephone = |cell: &str| {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        let is_form = cell.chars().all(|c| c.is_ascii_digit() || "+()-./ \u{a0}".contains(c));
        // E.164 has at most 15 digits; no country has numbers of fewer than 7 with its area codes.
        is_form && (7..=15).contains(&digits) && !is_day(cell)
    };
    let is_bare = |cell: &str| cell.chars().all(|c| c.is_ascii_digit());
    if cells().any(|cell| is_telephone(cell) && !is_bare(cell)) {
        return Some(Private::Telephone);
    }
    // The numbers of responses are called so, or count; telephone numbers do not.
    let says_id = words().any(|word| {
        let before = word.strip_suffix("Id").or_else(|| word.strip_suffix("ID"));
        ["id", "identifier", "identificador", "folio"].contains(&&*fold(word))
            || before.is_some_and(|before| before.ends_with(char::is_lowercase))
    });
    let there: Vec<&str> = cells().filter(|cell| !cell.is_empty()).collect();
    let numbers: Vec<u64> = there.iter().filter_map(|cell| cell.parse().ok()).collect();
    let counts = numbers.len() == there.len()
        && numbers.first() != numbers.last()
        && (numbers.is_sorted() || numbers.is_sorted_by(|a, b| a >= b));
    (!says_id && !counts && cells().any(is_telephone)).then_some(Private::Digits)
}

/// Whether a cell is a day and nothing else, however it is written: "2026-11-30", "30/11/2026".
fn is_day(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split(['-', '/', '.']).collect();
    let is_part = |part: &&str| matches!(part.len(), 1 | 2 | 4) && part.parse::<u16>().is_ok();
    day::parse_date(cell).is_some()
        || (parts.len() == 3
            && parts.iter().all(is_part)
            && parts.iter().filter(|part| part.len() == 4).count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::carried;

    /// The columns that can be the key are looked for once, and not for each row without one.
    #[test]
    fn other_columns_are_looked_for_once() {
        let (file, problems) = (carried::main(), Problems::default());
        let cells = "k;id;name\n;1;a\n;2;b\n;3;c\n9;4;d\n9;5;e\n";
        let table = TableFile::read(cells, file, Some(b';'), false, &problems).expect("a table");
        let rows: Vec<&Row> = table.rows.iter().collect();
        let wanted = Text { value: "k".into(), ..table.header[0].clone() };
        let asked = std::cell::Cell::new(0);
        let used = |_| {
            asked.set(asked.get() + 1);
            false
        };
        assert_eq!(find(&wanted, &table, &rows, used, &problems), Some(0));
        assert_eq!((problems.into_sorted().len(), asked.get()), (4, 2));
    }

    /// The columns of some cells by whether they say how to reach people.
    #[test]
    fn what_reaches_people_is_no_key() {
        for (cells, expected) in [
            ("Id\n1\n2\n3\n", None),
            ("Response ID\n114219184857\n114219184901\n", None),
            ("Response ID\n114219184857\n", None),
            ("ResponseId\n114219184857\n114219184857\n", None),
            ("ID de respuesta\n114219184857\n114219184851\n114219184859\n", None),
            ("Response;b\n114219184857;x\n;x\n114219184858;x\n114219184858;x\n", None),
            ("Timestamp\n2026/11/30 10:12:13\n2026/11/30 10:12:14\n", None),
            ("Timestamp\n11/30/2026 10:12:13\n12/1/2026 9:00:00\n", None),
            ("Day\n2026-11-30\n30/11/2026\n", None),
            ("Code\na3f9-11\n77-b2\n", None),
            ("Contact\nana@example.org\n\n", Some(Private::Email)),
            ("Contact\n+52 664 555 0142\nno\n", Some(Private::Telephone)),
            ("Contact\n664-555-0142\n664-555-0101\n", Some(Private::Telephone)),
            ("Contact\n6645550142\n6645550101\n6645550199\n", Some(Private::Digits)),
            ("Contact\n6645550142\n6645550142\n", Some(Private::Digits)),
            ("Contact\n6645550142\n", Some(Private::Digits)),
            ("MADRID\n6645550142\n", Some(Private::Digits)),
            ("Teléfono\n5550142\n5550143\n", Some(Private::Telephone)),
            ("Celular 1\next. 12\n", Some(Private::Telephone)),
            ("WhatsApp ID\n5550142\n5550143\n", Some(Private::Telephone)),
            ("Member ID\n+52 664 555 0142\n", Some(Private::Telephone)),
        ] {
            let (file, problems) = (carried::main(), Problems::default());
            let table = TableFile::read(cells, file, Some(b';'), false, &problems);
            let table = table.expect("a table");
            let rows: Vec<&Row> = table.rows.iter().collect();
            assert_eq!(private(0, &table, &rows), expected, "{cells}");
        }
    }
}
