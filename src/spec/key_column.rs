//! The column of a form's export that says who is the same person in the next export. Its cells are kept in
//! the letter, so what they say must tell people apart and tell nothing about them.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::language::{day, fold};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
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

/// Checks the column with the keys of some rows. That it says how to reach people is an error, whose hints name
/// the columns that can be the key and are not `used`, and nothing is read then; a row whose key is that of an
/// earlier row, or is empty although each is required, has an error in its place.
pub(super) fn check(
    column: usize,
    is_required: bool,
    table: &TableFile,
    rows: &[&Row],
    used: impl Fn(usize) -> bool,
    problems: &Problems,
) -> Option<()> {
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
        let by_chance = say!(
            "if it is something else, leave it out: columns = {{ key = \"\" }} beside `file`, or \
             --column key= on the command line"
        );
        let way_out = say!("if each is the number of a response, call the column `ID` in the file");
        // The place is that of the header, so that no message shows a cell.
        problems.push(
            Diagnostic::new(Code::InvalidCsv, header.place.clone(), message)
                .hint(say!("a key is kept in the letter, which others may read"))
                .hint_if((private == Private::Digits).then_some(way_out))
                .hint_if((!is_required).then_some(by_chance))
                .hint(others.clone()),
        );
        return None;
    }
    let mut first: HashMap<&str, &Text> = HashMap::new();
    for row in rows {
        let Some(cell) = row.cells.get(column).filter(|cell| !cell.value.is_empty()) else {
            if !is_required {
                continue;
            }
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
    Some(())
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

/// Whether the cells of a column do not tell where people can be reached.
pub(super) fn is_no_contact(column: usize, table: &TableFile, rows: &[&Row]) -> bool {
    private(column, table, rows).is_none()
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
        ["id", "identifier", "identificador", "folio", "key"].contains(&&*fold(word))
            || before.is_some_and(|before| before.ends_with(char::is_lowercase))
    });
    let there: Vec<&str> = cells().filter(|cell| !cell.is_empty()).collect();
    let numbers: Vec<u64> = there.iter().filter_map(|cell| cell.parse().ok()).collect();
    let counts = numbers.len() == there.len()
        && numbers.first() != numbers.last()
        && (numbers.is_sorted() || numbers.is_sorted_by(|a, b| a >= b));
    (!says_id && !counts && cells().any(is_telephone)).then_some(Private::Digits)
}

/// A key that is a number or a moment in a form that is the same however a spreadsheet writes it: as CSV, as the
/// computer of somebody shows it, or as a workbook keeps it. Where the day and the month change places, both
/// orders give the same, since nobody knows which is meant. `None` if the key is something else.
pub(crate) fn comparable(key: &str) -> Option<String> {
    let key = key.trim();
    let whole = key.split_once('.').filter(|(_, rest)| rest.chars().all(|c| c == '0'));
    let whole = whole.map_or(key, |(whole, _)| whole);
    if !whole.is_empty() && whole.chars().all(|c| c.is_ascii_digit()) {
        return Some(whole.trim_start_matches('0').to_owned());
    }
    let is_space = |c: char| c.is_whitespace() || matches!(c, 'T' | ',');
    let (date, rest) = key.split_at(key.find(is_space).unwrap_or(key.len()));
    let parts = date.split(['/', '-', '.']);
    let parts: Vec<(usize, u16)> =
        parts.map(|part| Some((part.len(), part.parse().ok()?))).collect::<Option<_>>()?;
    let (year, mut others) = match parts[..] {
        [(4, year), (_, a), (_, b)] | [(_, a), (_, b), (4, year)] => (year, [a, b]),
        // "11/30/26", as Excel shows it.
        [(1 | 2, a), (1 | 2, b), (2, year)] => (2000 + year, [a, b]),
        _ => return None,
    };
    others.sort_unstable();
    let [low, high] = others;
    if !(1..=12).contains(&low) || high > 31 {
        return None;
    }
    let rest = rest.trim_start_matches(is_space);
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'));
    let (time, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let mut time = time.split(':').map(|part| part.split('.').next()?.parse::<u16>().ok());
    let mut next = || time.next().flatten().unwrap_or_default();
    let (hour, minute, second) = (next(), next(), next());
    // "10:12:13 p. m. GMT-6": a zone is that of the form, and the same in every row.
    let half: String = rest.chars().filter(|c| c.is_alphabetic()).take(2).collect();
    let hour = match half.to_lowercase().as_str() {
        "am" => hour % 12,
        "pm" => hour % 12 + 12,
        _ => hour,
    };
    Some(format!("{year}-{low}-{high} {hour}:{minute}:{second}"))
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
        let table = TableFile::read(cells, file, Some(b';'), &[], &problems).expect("a table");
        let rows: Vec<&Row> = table.rows.iter().collect();
        let asked = std::cell::Cell::new(0);
        let used = |_| {
            asked.set(asked.get() + 1);
            false
        };
        assert_eq!(check(0, true, &table, &rows, used, &problems), Some(()));
        assert_eq!((problems.into_sorted().len(), asked.get()), (4, 2));
    }

    /// What the same response says in each file that a form gives.
    #[test]
    fn a_key_is_the_same_in_every_file() {
        for same in [
            // Google Forms: the answers as CSV, the sheet as CSV in the United States and in Mexico, and as a
            // workbook.
            &[
                "2026/11/30 5:07:09 PM GMT-6",
                "2026/11/30 5:07:09 p.\u{a0}m. GMT-6",
                "11/30/2026 17:07:09",
                "30/11/2026 17:07:09",
                "2026-11-30 17:07:09",
            ][..],
            // Microsoft Forms: the workbook, saved as CSV by Excel in the United States and in Germany.
            &["2026-11-30 10:12", "11/30/26 10:12:00", "11/30/26 10:12", "30.11.2026 10:12"],
            // KoboToolbox, and what LibreOffice makes of it.
            &["2026-11-30T10:12:13.250-06:00", "2026-11-30 10:12:13"],
            // Midnight, with which a workbook keeps a day.
            &["2026-11-03", "11/3/2026 0:00:00", "03/11/2026", "11/3/2026 12:00:00 AM"],
            &["123", "123.0", "00123", "123.00"],
            &["114219184857", "114219184857.0"],
        ] {
            let all: HashSet<_> = same.iter().map(|key| comparable(key)).collect();
            assert!(all.len() == 1 && !all.contains(&None), "{same:?}: {all:?}");
        }
        for (one, other) in [
            ("2026-11-30 10:12:13", "2026-11-30 10:12:14"),
            ("2026-11-30 10:12:13 AM", "2026-11-30 10:12:13 PM"),
            ("123", "124"),
            ("123", "1230"),
        ] {
            assert_ne!(comparable(one), comparable(other));
        }
        for other in
            ["", "a3f9-11", "R_2tL9x", "1.2", "12:30", "1/2", "99/99/2026", "x 1", "1-2-3-4"]
        {
            assert_eq!(comparable(other), None, "{other}");
        }
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
            ("key\n114219184857\n114219184851\n114219184859\n", None),
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
            let table = TableFile::read(cells, file, Some(b';'), &[], &problems);
            let table = table.expect("a table");
            let rows: Vec<&Row> = table.rows.iter().collect();
            assert_eq!(private(0, &table, &rows), expected, "{cells}");
        }
    }
}
