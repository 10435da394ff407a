//! Cells of CSV files that a spreadsheet would run as formulas.
//!
//! When a spreadsheet opens a CSV file, a cell that begins with `=` or the like is run, and may send
//! what is in the other cells away. An apostrophe before it makes it text (OWASP, "CSV Injection").

use std::borrow::Cow;

/// A cell as a spreadsheet should get it: with an apostrophe if it would be run.
///
/// A cell that looks as if it had one gets another, so that [`read()`] gives back what was written.
pub(crate) fn write(cell: &str) -> Cow<'_, str> {
    if is_run_after_apostrophes(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// A cell that was read, without the apostrophe that [`write()`] or a spreadsheet put before it. An
/// apostrophe that belongs to a name, as in `'t Hooft`, stays.
pub(crate) fn read(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_run_after_apostrophes(rest) => rest,
        _ => cell,
    }
}

/// Whether a cell begins like a formula, after any number of apostrophes.
fn is_run_after_apostrophes(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
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
            ("'t Hooft", "'t Hooft"),
            ("'", "'"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(write(cell), written);
            assert_eq!(read(written), cell);
        }
    }

    proptest::proptest! {
        /// Every cell is read as it was before it was written, and what is written is not run.
        #[test]
        fn a_cell_reads_back_the_same(cell in "['=+@\t\r a-]{0,6}") {
            let written = write(&cell);
            proptest::prop_assert_eq!(read(&written), cell.as_str());
            proptest::prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
