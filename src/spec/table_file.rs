//! Reads a table from a CSV file as forms and spreadsheets export it, and keeps the place of each cell.

use std::ops::Range;

use csv::{ByteRecord, ReaderBuilder};
use ecow::EcoString;
use typst::syntax::FileId;

use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{Text, Written, name_key};
use crate::words::message::say;

/// A table with a header.
#[derive(Debug)]
pub struct TableFile {
    /// The header, cell by cell.
    pub header: Vec<Text>,
    /// The rows that hold anything.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// The cells, which may be fewer than the header has.
    pub cells: Vec<Text>,
    /// Where the row stands.
    pub place: Place,
}

impl TableFile {
    /// Reads a file whose text is `source`.
    ///
    /// Cells are parted by commas, semicolons or tabs: by `delimiter`, else by what the header holds
    /// most of outside its quotes. Lines end with LF, CRLF or CR. White space around a cell does not
    /// count, and line breaks inside one are spaces. Rows without any text are passed over.
    pub fn read(
        source: &str,
        file: FileId,
        delimiter: Option<u8>,
        problems: &Problems,
    ) -> Option<Self> {
        let delimiter = delimiter.unwrap_or_else(|| likely_delimiter(source));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(source.as_bytes());
        if let Some(at) = wrong_quote(source, delimiter) {
            problems.push(
                Diagnostic::new(
                    Code::InvalidCsv,
                    Place::new(file, at..at + 1),
                    say!(
                        "the cell that begins here does not end with its quote",
                        "la celda que empieza aquí no termina con su comilla"
                    ),
                )
                .hint(say!(
                    "close it before the next cell, and write two quotes for one inside a cell",
                    "ciérrela antes de la celda siguiente, y escriba dos comillas por una dentro de la celda"
                )),
            );
            return None;
        }
        let mut record = ByteRecord::new();
        let mut header: Option<Vec<Text>> = None;
        let mut rows = Vec::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let at = error.position().and_then(|p| usize::try_from(p.byte()).ok());
                    let at = at.unwrap_or(0).min(source.len());
                    problems.push(Diagnostic::new(
                        Code::InvalidCsv,
                        Place::new(file, at..at),
                        say!("this is no CSV", "esto no es CSV"),
                    ));
                    return None;
                }
            }
            let start = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0);
            let ranges = cell_ranges(source, start, delimiter, record.len());
            let cells: Vec<Text> = record
                .iter()
                .zip(ranges)
                .map(|(bytes, range)| cell(&String::from_utf8_lossy(bytes), file, range))
                .collect();
            if cells.iter().all(|cell| cell.value.is_empty()) {
                continue;
            }
            let Some(header) = &header else {
                header = Some(cells);
                continue;
            };
            let range = cells.first().map_or(start, |cell| cell.place.range.start)
                ..cells.last().map_or(start, |cell| cell.place.range.end);
            for extra in cells.iter().skip(header.len()).filter(|cell| !cell.value.is_empty()) {
                let columns = header.len();
                problems.push(
                    Diagnostic::new(
                        Code::InvalidCsv,
                        extra.place.clone(),
                        say!(
                            "this cell is beyond the {columns} columns of the header",
                            "esta celda está más allá de las {columns} columnas del encabezado"
                        ),
                    )
                    .hint(say!(
                        "put a cell that holds the delimiter in quotes",
                        "ponga entre comillas la celda que contiene el separador"
                    )),
                );
            }
            rows.push(Row { cells, place: Place::new(file, range) });
        }
        match header {
            Some(header) => Some(Self { header, rows }),
            None => {
                problems.push(Diagnostic::new(
                    Code::InvalidCsv,
                    Place::start_of(file),
                    say!("this file is empty", "este archivo está vacío"),
                ));
                None
            }
        }
    }

    /// The column with a name. Letter case and white space around it do not matter.
    pub fn column(&self, name: &str) -> Option<usize> {
        let name = name_key(name.trim());
        self.header.iter().position(|cell| name_key(&cell.value) == name)
    }
}

fn cell(text: &str, file: FileId, range: Range<usize>) -> Text {
    let words: Vec<&str> = text.split_whitespace().collect();
    // What is not parted by line breaks or tabs keeps its own spaces, such as those of no width.
    let plain = !text.contains(['\n', '\r', '\t']);
    let value: EcoString = if plain { text.trim().into() } else { words.join(" ").into() };
    Text { value, place: Place::new(file, range), written: Written::Plain }
}

/// What the first line that holds anything has most of outside its quotes.
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
    // Of two that are there alike the first is taken.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(d, _)| d)
}

/// Where a quoted cell begins that does not end with its quote: at the end of the file, or because other
/// text follows (RFC 4180, section 2). Readers take much of the file for one cell there.
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
        // Inside a cell without quotes a quote is a sign like others.
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

/// Where the cells of a record stand, with their quotes. The `csv` crate tells where a record starts,
/// but not its cells.
fn cell_ranges(source: &str, start: usize, delimiter: u8, count: usize) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    let mut ranges = Vec::with_capacity(count);
    while ranges.len() < count {
        let begin = at;
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            while let Some(byte) = bytes.get(at) {
                at += 1;
                if *byte == b'"' {
                    if bytes.get(at) != Some(&b'"') {
                        break;
                    }
                    at += 1;
                }
            }
        }
        while bytes.get(at).is_some_and(|b| *b != delimiter && *b != b'\n' && *b != b'\r') {
            at += 1;
        }
        let quoted = source.get(begin..at).and_then(|c| c.strip_prefix('"')?.strip_suffix('"'));
        ranges.push(match quoted {
            // Where it has no quotes inside, the text stands between them as it is.
            Some(text) if !text.contains('"') => begin + 1..at - 1,
            _ => begin..at,
        });
        if bytes.get(at) == Some(&delimiter) {
            at += 1;
        }
    }
    ranges
}
