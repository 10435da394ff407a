//! Where to find a value in a row of a table: in one column, or in several joined by a pattern.

use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{PatternPart, Text, Written, pattern_parts};
use crate::spec::table_file::{Row, TableFile};
use crate::words::say;
use crate::words::suggest;

/// A column, or a pattern of columns such as "{NameGiven} {NameFamily}".
#[derive(Debug)]
pub(crate) struct ColumnPattern(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// Text between the columns.
    Between(String),
    /// The first cell of the columns with these indices that is not empty.
    Cell(Vec<usize>),
}

impl ColumnPattern {
    /// The cell of one column.
    pub(crate) fn column(index: usize) -> Self {
        Self(vec![Piece::Cell(vec![index])])
    }

    /// Finds the columns of a pattern in a table. Without braces, the pattern is the name of a column;
    /// in braces, names with `|` between them are alternatives for an empty cell. A column that the table
    /// lacks is an error at `place`.
    pub(crate) fn find(
        pattern: &str,
        place: &Place,
        table: &TableFile,
        problems: &Problems,
    ) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut complete = true;
        let parts = match pattern.contains('{') {
            true => pattern_parts(pattern),
            false => vec![PatternPart::Name(pattern)],
        };
        for part in parts {
            let name = match part {
                PatternPart::Name(name) => name,
                PatternPart::Plain(text) => {
                    pieces.push(Piece::Between(text.to_owned()));
                    continue;
                }
            };
            let names = match table.asked(name) {
                Some(_) => vec![name],
                None => name.split('|').collect(),
            };
            let found = names.iter().map(|name| column(name, place, table, problems));
            match found.collect::<Vec<_>>().into_iter().collect() {
                Some(columns) => pieces.push(Piece::Cell(columns)),
                None => complete = false,
            }
        }
        complete.then_some(Self(pieces))
    }

    /// The value in a row, with the place of the first cell that it comes from. `None` if it is empty.
    pub(crate) fn get(&self, row: &Row) -> Option<Text> {
        self.get_but(row, str::is_empty)
    }

    /// The same, as if the cells for which `is_empty` holds said nothing.
    pub(crate) fn get_but(&self, row: &Row, is_empty: impl Fn(&str) -> bool) -> Option<Text> {
        let mut value = String::new();
        let mut place = None;
        for piece in &self.0 {
            match piece {
                Piece::Between(text) => value.push_str(text),
                Piece::Cell(columns) => {
                    let mut cells = columns.iter().filter_map(|column| row.cells.get(*column));
                    if let Some(cell) = cells.find(|cell| !is_empty(&cell.value)) {
                        value.push_str(&cell.value);
                        place = place.or_else(|| Some(cell.place.clone()));
                    }
                }
            }
        }
        if self.0.len() > 1 {
            // If a cell of the pattern is empty, the space next to it is superfluous.
            value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let place = place.unwrap_or_else(|| row.place.clone());
        let written = Written::Plain;
        (!value.is_empty()).then(|| Text { value: value.into(), place, written })
    }

    /// The column that it is, if it is no more than that.
    pub(crate) fn only_column(&self) -> Option<usize> {
        match &self.0[..] {
            [Piece::Cell(columns)] if columns.len() == 1 => columns.first().copied(),
            _ => None,
        }
    }

    /// Whether a column is part of it.
    pub(crate) fn uses(&self, index: usize) -> bool {
        let is_there =
            |piece: &Piece| matches!(piece, Piece::Cell(columns) if columns.contains(&index));
        self.0.iter().any(is_there)
    }

    /// Where the value is in a row, or would be: the place of the first cell.
    pub(crate) fn place<'r>(&self, row: &'r Row) -> &'r Place {
        let mut columns = self.0.iter().filter_map(|piece| match piece {
            Piece::Cell(columns) => columns.first(),
            Piece::Between(_) => None,
        });
        let cell = columns.find_map(|column| row.cells.get(*column));
        cell.map_or(&row.place, |cell| &cell.place)
    }
}

/// The names of columns in a pattern.
pub(crate) fn names_in(pattern: &str) -> Vec<&str> {
    if !pattern.contains('{') {
        return if pattern.is_empty() { Vec::new() } else { vec![pattern] };
    }
    let parts = pattern_parts(pattern).into_iter();
    let names = parts.filter_map(|part| match part {
        PatternPart::Name(name) => Some(name),
        PatternPart::Plain(_) => None,
    });
    names.flat_map(|name| [name].into_iter().chain(name.split('|'))).collect()
}

/// The column with a name. That there is none is an error at `place`.
pub(crate) fn column(
    name: &str,
    place: &Place,
    table: &TableFile,
    problems: &Problems,
) -> Option<usize> {
    let found = table.asked(name);
    if found.is_none() {
        let header = table.header.iter().map(|cell| cell.value.as_str());
        let near = suggest::nearest(name, header);
        let there = names(table);
        problems.push(
            Diagnostic::new(
                Code::InvalidCsv,
                place.clone(),
                say!("the file has no column `{name}`", name),
            )
            .hint_if(near.map(suggest::did_you_mean))
            .hint(say!("its columns are {there}", there)),
        );
    }
    found
}

/// The names of a table's columns, for a message.
pub(crate) fn names(table: &TableFile) -> String {
    let names = table.header.iter().filter(|cell| !cell.value.is_empty());
    names.map(|cell| format!("`{}`", cell.value)).collect::<Vec<_>>().join(", ")
}
