//! Cells of CSV files that a spreadsheet would run as formulas.
//!
//! When a spreadsheet opens a CSV file, a cell that begins with `=` or the like is run, and may send
//! what is in the other cells away. An apostrophe before it makes it text (OWASP, "CSV Injection").
//!
//! Excel splits at the delimiter of the country, in Spain and much of Latin America the semicolon. Quotes
//! then do not keep a cell together, because `1,"Rosa;=1"` has none at the beginning of a cell. So
//! whatever may begin a cell there gets an apostrophe too: what follows a semicolon, a tab or a line
//! break, and spaces.

use std::borrow::Cow;

/// The delimiters and line ends at which a spreadsheet may split a cell.
const ENDS: [char; 4] = [';', '\t', '\r', '\n'];

/// A cell as a spreadsheet should get it: with an apostrophe wherever it would be run.
///
/// A part that looks as if it had one gets another, so that [`read()`] gives back what was written.
pub(crate) fn write(cell: &str) -> Cow<'_, str> {
    if !cell.contains(STARTS) {
        return cell.into();
    }
    let mut written = String::with_capacity(cell.len() + 1);
    for (spaces, part) in parts(cell) {
        written.push_str(spaces);
        if is_run_after_quotes(part) {
            written.push('\'');
        }
        written.push_str(part);
    }
    written.into()
}

/// A cell that was read, without the apostrophes that [`write()`] or a spreadsheet put into it. An
/// apostrophe that belongs to a name, as in `'t Hooft`, stays.
pub(crate) fn read(cell: &str) -> Cow<'_, str> {
    if !cell.contains('\'') {
        return cell.into();
    }
    let mut read = String::with_capacity(cell.len());
    for (spaces, part) in parts(cell) {
        read.push_str(spaces);
        let bare = part.strip_prefix('\'').filter(|bare| is_run_after_quotes(bare));
        read.push_str(bare.unwrap_or(part));
    }
    read.into()
}

/// The parts of a cell that a spreadsheet may take for cells, each with the spaces before it.
fn parts(cell: &str) -> impl Iterator<Item = (&str, &str)> {
    let split = |part: &str| part.len() - part.trim_start_matches(' ').len();
    cell.split_inclusive(ENDS).map(move |part| part.split_at(split(part)))
}

/// What a formula begins with.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a text begins like a formula, after any number of apostrophes, quotes and spaces. Quotes
/// count because a cell that begins with two of them is what follows them.
fn is_run_after_quotes(text: &str) -> bool {
    text.trim_start_matches(['\'', '"', ' ']).starts_with(STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_formulas_get_an_apostrophe() {
        for (cell, written) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+52 55", "'+52 55"),
            ("-", "'-"),
            ("@SUM(1)", "'@SUM(1)"),
            ("'=1", "''=1"),
            ("Rosa;=HYPERLINK(\"x\")", "Rosa;'=HYPERLINK(\"x\")"),
            ("Rosa; Eva; -1", "Rosa; Eva; '-1"),
            ("Rosa;\"=1;2", "Rosa;'\"=1;2"),
            ("Rosa\n=1", "Rosa\n'=1"),
            ("\t=1", "'\t'=1"),
            ("'t Hooft", "'t Hooft"),
            ("Rosa; 't Hooft", "Rosa; 't Hooft"),
            ("'", "'"),
            ("a=1; a-b, =1", "a=1; a-b, =1"),
            ("", ""),
        ] {
            assert_eq!(write(cell), written);
            assert_eq!(read(written), cell);
        }
    }

    /// The cells of lines as Excel reads them: a quote counts at the beginning of a cell only.
    fn split(lines: &str, delimiter: char) -> Vec<String> {
        let (mut cells, mut is_quoted) = (vec![String::new()], false);
        let mut is_start = true;
        let mut rest = lines.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '"' if is_start => is_quoted = true,
                '"' if is_quoted && rest.next_if_eq(&'"').is_some() => {
                    cells.last_mut().expect("one").push('"');
                }
                '"' if is_quoted => is_quoted = false,
                '\r' | '\n' if !is_quoted => cells.push(String::new()),
                c if c == delimiter && !is_quoted => cells.push(String::new()),
                c => cells.last_mut().expect("one").push(c),
            }
            is_start = !is_quoted && (c == delimiter || matches!(c, '\r' | '\n'));
        }
        cells
    }

    proptest::proptest! {
        /// Every cell is read as it was before it was written.
        #[test]
        fn a_cell_reads_back_the_same(cell in "['=+@\t\r\n\"; a-]{0,9}") {
            let written = write(&cell);
            proptest::prop_assert_eq!(read(&written), cell.as_str());
        }

        /// No cell is run, whatever the delimiter of the spreadsheet is.
        #[test]
        fn no_cell_is_run(cells in proptest::collection::vec("['=+\t\r\n\"; ,a-]{0,9}", 1..4)) {
            let quoted = |cell: &String| match write(cell) {
                cell if cell.contains([',', '"', '\r', '\n']) => {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                }
                cell => cell.into_owned(),
            };
            let line = cells.iter().map(quoted).collect::<Vec<_>>().join(",");
            for delimiter in [',', ';', '\t'] {
                for cell in split(&line, delimiter) {
                    let is_run = cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@']);
                    proptest::prop_assert!(!is_run, "{:?} of {:?} at {:?}", cell, line, delimiter);
                }
            }
        }
    }
}
