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
use crate::words::say;

/// A table with a header.
#[derive(Debug)]
pub(crate) struct TableFile {
    /// The header, cell by cell.
    pub header: Vec<Text>,
    /// How many rows with notes are above the header.
    pub above: usize,
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
    /// delimiters. With a `delimiter`, or if columns were `named`, it has these whatever its name is; the
    /// header is the first row with the name of one of these columns.
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
    /// of the columns there. Lines end with LF, CRLF or CR. White space
    /// around a cell is ignored, as is the apostrophe that keeps a spreadsheet from running it, and
    /// line breaks inside a cell become spaces. Rows without any text are skipped.
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
        let others = if delimiter.is_none() { &b",;\t"[..] } else { &[] };
        let mut tried = records(likely);
        let mut found = (likely, header_of(&tried, named));
        for other in others.iter().filter(|other| **other != likely) {
            if found.1.is_none() {
                let all = records(*other);
                if let Some(above) = header_of(&all, named) {
                    (found, tried) = ((*other, Some(above)), all);
                }
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
        let mut records = tried.into_iter().skip(above);
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
        Some(Self { rows: records.map(row).collect(), header, above })
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
/// if none is, of one that lists have. `None` if it is not near the top.
fn header_of(records: &[Vec<Text>], named: &[&str]) -> Option<usize> {
    /// The maximum number of rows with notes above a header.
    const MOST: usize = 20;
    let named: Vec<String> =
        if named.is_empty() { &USUAL } else { named }.iter().map(|name| fold(name)).collect();
    let is_name = |cell: &Text| !cell.value.is_empty() && named.contains(&fold(&cell.value));
    records.iter().take(MOST).position(|cells| cells.iter().any(is_name))
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
