//! Reads a table from a file as exported by forms and spreadsheets, and keeps the place of each cell.

use std::ops::Range;

use csv_core::{ReadFieldResult, ReaderBuilder};
use ecow::EcoString;
use typst::syntax::FileId;

use crate::files::workbook::{LINE_SEPARATOR, lines};
use crate::language::fold;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{Text, Written, name_key};
use crate::spec::{formulas, records};
use crate::words::{count, say};

/// A table with a header.
#[derive(Debug)]
pub(crate) struct TableFile {
    /// The header, cell by cell.
    pub header: Vec<Text>,
    /// The rows that are not empty.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The cells, which may be fewer than those of the header.
    pub cells: Vec<Text>,
    /// Where the row begins. It is empty, so that no message shows the cells that it is not about.
    pub place: Place,
    /// The cells of several lines by their column, with semicolons between the lines.
    broken: Vec<(usize, EcoString)>,
}

impl Row {
    /// A row of cells whose texts were read by [`text_of()`].
    pub(super) fn new(mut cells: Vec<Text>, place: Place) -> Self {
        let mut broken = Vec::new();
        for (column, cell) in cells.iter_mut().enumerate() {
            if cell.value.contains(LINE_SEPARATOR) {
                broken.push((column, cell.value.as_str().replace(LINE_SEPARATOR, "; ").into()));
                join_lines(cell);
            }
        }
        Self { cells, place, broken }
    }

    /// The row with semicolons where its cells have line breaks, which are spaces otherwise: so are the
    /// lines of an address separated.
    pub(crate) fn with_line_breaks(&self) -> Self {
        let mut row = self.clone();
        for (column, text) in &self.broken {
            row.cells[*column].value = text.clone();
        }
        row
    }
}

/// The text of a cell as its file gives it, with [`LINE_SEPARATOR`] for each line break, and without
/// superfluous space if it has any line break or tab.
pub(super) fn text_of(cell: &str) -> EcoString {
    // Other text keeps its own spaces, such as those without width.
    match cell.contains(['\n', '\r', '\t', LINE_SEPARATOR]) {
        true => lines(cell).join(&LINE_SEPARATOR.to_string()).into(),
        false => cell.trim().into(),
    }
}

/// Makes the lines of a text one.
pub(super) fn join_lines(text: &mut Text) {
    if text.value.contains(LINE_SEPARATOR) {
        text.value = text.value.as_str().replace(LINE_SEPARATOR, " ").into();
    }
}

impl TableFile {
    /// Reads a file whose text is `source`: JSON, JSON Lines, YAML or Markdown if its name says so, one
    /// name a line if its name ends in `.txt` and its first line is no header, otherwise cells with
    /// delimiters. With a `delimiter`, or if columns were `named`, it has these whatever its name is. Notes
    /// above the header are skipped, with a warning.
    pub(crate) fn read(
        source: &str,
        file: FileId,
        delimiter: Option<u8>,
        named: &[&str],
        problems: &Problems,
    ) -> Option<Self> {
        match records::extension(file).as_deref().filter(|_| delimiter.is_none()) {
            Some("json") => records::json(source, file, problems),
            Some("jsonl" | "ndjson") => records::json_lines(source, file, problems),
            Some("yaml" | "yml") => records::yaml(source, file, problems),
            Some("md" | "markdown") => records::markdown(source, file, problems),
            Some("toml") => {
                let problem = say!("a list in TOML is not imported: a letter names it");
                problems.push(Diagnostic::new(Code::InvalidValue, Place::start_of(file), problem).hint(
                    say!("write signatories = {{ file = \"…\" }}, or copy its entries into the letter"),
                ));
                None
            }
            Some("txt") if named.is_empty() && !has_header(source, file) => {
                Some(records::lines(source, file, problems))
            }
            _ => Self::read_cells(source, file, delimiter, named, problems),
        }
    }

    /// Reads cells with delimiters.
    ///
    /// Cells are separated by commas, semicolons or tabs: by `delimiter` if given, otherwise by the one
    /// that is most frequent in the first line outside quotes. Without one there, there is one column,
    /// and a row is not separated. If the line is a note above the header, it is the one that parts the names
    /// of the columns there. Lines end with LF, CRLF or CR. White space around a cell is ignored, as is the
    /// apostrophe that keeps a spreadsheet from running it, and line breaks inside a cell become spaces.
    /// Rows without any text are skipped.
    fn read_cells(
        source: &str,
        file: FileId,
        delimiter: Option<u8>,
        named: &[&str],
        problems: &Problems,
    ) -> Option<Self> {
        let is_blank = |cells: &Vec<Text>| cells.iter().all(|cell| cell.value.is_empty());
        let records = |delimiter: u8| -> Vec<Vec<Text>> {
            let all = cells_of(source, file, delimiter).into_iter();
            all.filter(|cells| !is_blank(cells)).collect()
        };
        let likely = delimiter.unwrap_or_else(|| likely_delimiter(source));
        let mut all = records(likely);
        let mut found = (likely, header_of(&all, named));
        if delimiter.is_none() && found.1.is_none() {
            let others = b",;\t".iter().filter(|other| **other != likely);
            let other = others
                .map(|other| (*other, records(*other)))
                .find_map(|(other, records)| Some((other, header_of(&records, named)?, records)));
            if let Some((other, above, records)) = other {
                (found, all) = ((other, Some(above)), records);
            }
        }
        let (delimiter, above) = (found.0, found.1.unwrap_or_default());
        if let Some(at) = wrong_quote(source, delimiter) {
            problems.push(
                Diagnostic::new(
                    Code::InvalidCsv,
                    Place::new(file, at..at + 1),
                    say!("the cell that begins here does not end with a quote"),
                )
                .hint(say!(
                    "close it before the next cell; inside a cell, each quote is written twice"
                )),
            );
            return None;
        }
        report_above(&all[..above], problems);
        let mut records = all.into_iter().skip(above);
        let Some(mut header) = records.next() else {
            problems.push(Diagnostic::new(
                Code::InvalidCsv,
                Place::start_of(file),
                say!("this file is empty"),
            ));
            return None;
        };
        header.iter_mut().for_each(join_lines);
        let row = |cells: Vec<Text>| {
            report_beyond(&cells, header.len(), problems);
            let start = cells.first().map_or(0, |cell| cell.place.range.start);
            Row::new(cells, Place::new(file, start..start))
        };
        Some(Self { rows: records.map(row).collect(), header })
    }

    /// Whether no row says anything in a column, although there are rows.
    pub(crate) fn is_empty_column(&self, column: usize) -> bool {
        let says = |row: &Row| row.cells.get(column).is_some_and(|cell| !cell.value.is_empty());
        !self.rows.is_empty() && !self.rows.iter().any(says)
    }

    /// The column that somebody names: as [`column()`](Self::column) finds it, otherwise the only one with the
    /// same letters and digits. A header is a question, often with a star or a space behind it.
    pub(crate) fn asked(&self, name: &str) -> Option<usize> {
        self.column(name).or_else(|| {
            let name = Some(fold(name)).filter(|name| !name.is_empty())?;
            let all = self.header.iter().enumerate();
            let mut same = all.filter(|(_, cell)| fold(&cell.value) == name).map(|(at, _)| at);
            same.next().filter(|_| same.next().is_none())
        })
    }

    /// The column with a name. Case and surrounding white space are ignored.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let name = name_key(name.trim());
        self.header.iter().position(|cell| name_key(&cell.value) == name)
    }
}

/// The columns of which lists of people have one.
const USUAL: [&str; 3] = ["name", "office", "organization"];

/// How many rows are above the header: the first with the name of one of the columns that are asked for, or,
/// if none is, of one that lists have. Cells of the rows below the header may say the same, for there are offices
/// of offices: so the rows above must have fewer cells than it, and only `name` is looked for there if no columns
/// are asked for. `None` if there is no header near the top.
fn header_of(records: &[Vec<Text>], named: &[&str]) -> Option<usize> {
    /// The maximum number of rows with notes above a header.
    const MOST: usize = 20;
    let fold_all = |names: &[&str]| names.iter().map(|name| fold(name)).collect::<Vec<_>>();
    let (first, lower) = match named {
        [] => (fold_all(&USUAL), fold_all(&USUAL[..1])),
        _ => (fold_all(named), fold_all(named)),
    };
    let filled = |cells: &[Text]| cells.iter().filter(|cell| !cell.value.is_empty()).count();
    let mut most_above = 0;
    records.iter().take(MOST).position(|cells| {
        let (filled, above) = (filled(cells), most_above);
        most_above = above.max(filled);
        let wanted = if above == 0 { &first } else { &lower };
        let is_wanted = |cell: &Text| !cell.value.is_empty() && wanted.contains(&fold(&cell.value));
        (above < 2 || above < filled) && cells.iter().any(is_wanted)
    })
}

/// Reports the rows above the header.
fn report_above(rows: &[Vec<Text>], problems: &Problems) {
    let Some(first) = rows.first().and_then(|cells| cells.first()) else { return };
    // Messages show no cells that they are not about.
    let start = first.place.range.start;
    let place = Place::new(first.place.file, start..start);
    let message = count!(
        rows.len(),
        one = "1 row above the header of this list is not read",
        other = "{count} rows above the header of this list are not read"
    );
    problems.push(
        Diagnostic::new(Code::UnusedKey, place, message)
            .hint(say!("take notes out of the file, or name the columns as its header does")),
    );
}

/// Whether the first line of a list without an ending that says so names columns.
fn has_header(source: &str, file: FileId) -> bool {
    let first = source.trim_start().lines().next().unwrap_or_default();
    let header = cells_of(first, file, likely_delimiter(first)).into_iter().next();
    let is_name = |cell: &Text| USUAL.contains(&&*name_key(&cell.value));
    header.is_some_and(|cells| cells.iter().any(is_name))
}

/// Reports the cells of a row that lie beyond the last column of the header.
fn report_beyond(cells: &[Text], columns: usize, problems: &Problems) {
    for extra in cells.iter().skip(columns).filter(|cell| !cell.value.is_empty()) {
        // What it says may be no business of the letter.
        let start = extra.place.range.start;
        problems.push(
            Diagnostic::new(
                Code::InvalidCsv,
                Place::new(extra.place.file, start..start),
                say!("this cell is beyond the {columns} columns of the header", columns),
            )
            .hint(say!("put a cell that contains the delimiter in quotes")),
        );
    }
}

fn cell(text: &str, file: FileId, range: Range<usize>) -> Text {
    let value = text_of(&formulas::read(text));
    Text { value, place: Place::new(file, range), written: Written::Plain }
}

/// What separates the cells of a file with one column: no character that people write.
const NONE: u8 = 0x1F;

/// The most frequent delimiter outside quotes in the first line that is not empty.
fn likely_delimiter(source: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in source.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            byte => {
                counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, count)| *count += 1);
            }
        }
    }
    // If two are equally frequent, the first one is taken.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0).map_or(NONE, |(delimiter, _)| delimiter)
}

/// Where a quoted cell begins that does not end with its quote: because the file ends, or because other
/// text follows (RFC 4180, section 2). Readers would take much of the file for one cell.
fn wrong_quote(source: &str, delimiter: u8) -> Option<usize> {
    let mut bytes = source.bytes().enumerate().peekable();
    while let Some((begin, byte)) = bytes.next() {
        if byte == b'"' {
            loop {
                match bytes.next() {
                    None => return Some(begin),
                    Some((_, b'"')) if bytes.next_if(|(_, next)| *next == b'"').is_some() => {}
                    Some((_, b'"')) => break,
                    Some(_) => {}
                }
            }
            while bytes.next_if(|(_, byte)| *byte == b' ').is_some() {}
            match bytes.next() {
                None => return None,
                Some((_, byte)) if byte == delimiter || matches!(byte, b'\n' | b'\r') => {}
                Some(_) => return Some(begin),
            }
            continue;
        }
        // Inside a cell without quotes, a quote is an ordinary character.
        let mut last = byte;
        while last != delimiter && !matches!(last, b'\n' | b'\r') {
            match bytes.next() {
                Some((_, byte)) => last = byte,
                None => return None,
            }
        }
    }
    None
}

/// The cells of each record. Empty lines are skipped.
fn cells_of(source: &str, file: FileId, delimiter: u8) -> Vec<Vec<Text>> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    // No cell is longer than the file.
    let mut text = vec![0; source.len() + 1];
    let (mut records, mut cells) = (Vec::new(), Vec::new());
    let (mut begin, mut at, mut length) = (0, 0, 0);
    loop {
        let rest = source.as_bytes().get(at..).unwrap_or_default();
        let (result, read, written) = reader.read_field(rest, &mut text[length..]);
        at += read;
        length += written;
        match result {
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { record_end } => {
                let range = cell_range(source, begin..at, delimiter, cells.is_empty());
                cells.push(cell(&String::from_utf8_lossy(&text[..length]), file, range));
                (begin, length) = (at, 0);
                if record_end {
                    records.push(std::mem::take(&mut cells));
                }
            }
            ReadFieldResult::OutputFull | ReadFieldResult::End => return records,
        }
    }
}

/// Where a cell is within the bytes read for it, which end with a delimiter or a line end and, for the
/// `first` cell of a record, may begin with the ends of earlier lines.
fn cell_range(source: &str, read: Range<usize>, delimiter: u8, first: bool) -> Range<usize> {
    let line_end = ['\r', '\n'];
    let raw = source.get(read.clone()).unwrap_or_default();
    let raw = if first { raw.trim_start_matches(line_end) } else { raw };
    let begin = read.end - raw.len();
    let delimiter = char::from(delimiter);
    let raw = raw.strip_suffix(delimiter).unwrap_or_else(|| raw.trim_end_matches(line_end));
    match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
        // Without quotes inside, the text between the quotes is used as it is.
        Some(text) if !text.contains('"') => begin + 1..begin + 1 + text.len(),
        _ => begin..begin + raw.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header of a list, with the message about what is above it.
    fn header(source: &str, named: &[&str]) -> (String, String) {
        let (file, problems) = (crate::files::carried::main(), Problems::default());
        let table = TableFile::read(source, file, None, named, &problems).expect("a table");
        let cells: Vec<&str> = table.header.iter().map(|cell| cell.value.as_str()).collect();
        let said = problems.into_sorted().into_iter().map(|problem| problem.message.english());
        (cells.join("|"), said.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn notes_above_the_header_are_skipped_and_reported() {
        let notes = "Until May, not reviewed\n\nAsk; please\nFull name;Consent;News\nAna;yes;no\n";
        let said = "2 rows above the header of this list are not read";
        assert_eq!(header(notes, &["full name"]), ("Full name|Consent|News".into(), said.into()));
        let said = "1 row above the header of this list is not read";
        let note = |header: &str| format!("Exported on,Monday\n{header}\nAna,yes,no\n");
        let found = header(&note("Full name,Consent,News"), &["Full name"]);
        assert_eq!(found, ("Full name|Consent|News".into(), said.into()));
        assert_eq!(
            header("Members\nname,office\nAna,Chair\n", &[]),
            ("name|office".into(), said.into())
        );
        assert_eq!(header("Members\nFull name\nAna\n", &["Full name"]).0, "Full name");
    }

    /// People have offices and organizations that are called like a column.
    #[test]
    fn no_cell_of_a_row_is_taken_for_the_header() {
        for (source, named, expected) in [
            ("id,nombre,cargo\n1,Luis Paz,Office\n", &[][..], "id|nombre|cargo"),
            ("nombre,cargo\nLuis Paz,Office\n", &[], "nombre|cargo"),
            ("nombre\nOffice\n", &[], "nombre"),
            ("nombre\nLuis Paz; Office\n", &[], "nombre"),
            ("nombre,domicilio\nLuis,Calle 1; Office; Tijuana\n", &[], "nombre|domicilio"),
            ("Persona,Tipo\nAna,person\nRed Sur,Organization\n", &["Organization"], "Persona|Tipo"),
            (
                "Persona,Tipo\nAna,person\nRed Sur,Organization\n",
                &["Name", "Organization"],
                "Persona|Tipo",
            ),
        ] {
            assert_eq!(header(source, named), (expected.into(), String::new()), "{source}");
        }
    }

    proptest::proptest! {
        /// Any file can be read, and the place of each cell is right.
        #[test]
        fn any_cell_is_found_in_the_file(
            source in "([a-c]{0,2}|\"[a,\r\n]{0,3}(\"\"b)?\"| |,|\n|\r\n|\r|ñ){0,12}"
        ) {
            let (file, problems) = (crate::files::carried::main(), Problems::default());
            let table = TableFile::read(&source, file, Some(b','), &[], &problems);
            let rows = table.iter().flat_map(|table| table.rows.iter().map(|row| &row.cells));
            for found in rows.chain(table.iter().map(|table| &table.header)).flatten() {
                // Spaces after the closing quote belong to the cell, but not to its text.
                let written = source[found.place.range.clone()].trim_end_matches(' ');
                let unquoted = written.strip_prefix('"').and_then(|w| w.strip_suffix('"'));
                let text = unquoted.map_or(written.to_owned(), |text| text.replace("\"\"", "\""));
                let mut same = cell(&text, file, found.place.range.clone());
                join_lines(&mut same);
                proptest::prop_assert_eq!(&same.value, &found.value, "{:?}: {:?}", source, written);
            }
        }
    }
}
