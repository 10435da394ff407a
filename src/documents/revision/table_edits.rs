//! The edits that write the rows, columns and cells of a document into the Markdown of a letter's table, so that
//! everything else stays as it is written.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::documents::revision::reviser::{Reviser, beside};
use crate::documents::revision::tables::{Band, CellPlace, Table};
use crate::documents::revision::units::{Cell, ReadUnit};
use crate::documents::revision::words::Edit;
use crate::documents::revision::{Change, Sides, Touched, edited, one_line};
use crate::letter::body::Block;
use crate::source::Place;
use crate::words::{Message, say};

/// What is done with a row, a column or a cell that only one of the two has.
enum Decision {
    /// It is written, or taken out.
    Write,
    /// It is the letter's own.
    Keep,
    /// It cannot be done, and why.
    Refuse(Message),
    /// Both have changed it.
    Dispute,
}

impl Reviser<'_> {
    /// The table in which a paragraph of the document is a cell.
    pub(super) fn table_of(&self, after: usize) -> Option<&Table> {
        let cell = self.after[after].cell?;
        self.tables.iter().find(|table| table.has(cell))
    }

    /// What becomes of a row or a column that the document does not have.
    fn decide_on_gone(&self, units: &[usize]) -> Decision {
        let new = units.iter().filter(|before| self.is_new[**before]).count();
        let has_notes = units.iter().any(|before| self.before[*before].notes > 0);
        match new {
            0 if has_notes => {
                Decision::Refuse(say!("a change that cannot be written in its place"))
            }
            0 => Decision::Write,
            _ if new == units.len() => Decision::Keep,
            _ => Decision::Dispute,
        }
    }

    /// What becomes of a row or a column that the letter does not have.
    fn decide_on_come(&self, units: &[usize]) -> Decision {
        let is = |kind: Touched| move |after: &&usize| self.touched[**after] == kind;
        if !units.is_empty() && units.iter().filter(is(Touched::Nowhere)).count() == units.len() {
            return Decision::Refuse(say!("a text that the letter no longer has"));
        }
        if units.iter().any(|after| self.touched[*after] != Touched::Here) {
            return Decision::Dispute;
        }
        match units.iter().any(|after| self.after[*after].notes > 0) {
            true => Decision::Refuse(say!("a change that cannot be written in its place")),
            false => Decision::Write,
        }
    }

    /// What is shown of a row, a column or a cell that is to be written or taken out. Of others, it tells why not.
    fn take_or_tell(
        &mut self,
        decision: Decision,
        shown: String,
        sides: Sides,
        block: &Block,
    ) -> Option<String> {
        let place = || Some(block.place.clone());
        match decision {
            Decision::Write => return Some(shown),
            Decision::Keep => {}
            Decision::Refuse(what) => self.leave(what, shown, place()),
            Decision::Dispute => self.dispute(beside(), sides, place()),
        }
        None
    }

    /// Takes over what was changed in a table.
    pub(super) fn table(&mut self, table: &Table, block: &Block) {
        let at = self.revision.edits.len();
        let changes = self.revision.changes.len();
        let mut plan = Plan::of(table);
        for (row, old_row) in table.rows.iter().enumerate() {
            for (column, old_column) in table.columns.iter().enumerate() {
                if let (Some(old_row), Some(old_column)) = (*old_row, *old_column) {
                    self.cell(table, (row, column), (old_row, old_column), block, &mut plan);
                }
            }
        }
        let (rows, columns) = table.size;
        let is_met = |found: &[Option<usize>], at: usize| found.contains(&Some(at));
        let gone_rows = (0..rows).filter(|at| !is_met(&table.rows, *at)).map(Band::Row);
        let gone_columns = (0..columns).filter(|at| !is_met(&table.columns, *at)).map(Band::Column);
        for band in gone_rows.chain(gone_columns) {
            let units = Table::band(&table.before, band);
            let text = texts(self.before, &units);
            let shown = format!("[-{text}-]");
            let sides = Sides { was: None, letter: text, document: String::new() };
            let decision = self.decide_on_gone(&units);
            if let Some(shown) = self.take_or_tell(decision, shown, sides, block) {
                plan.take_out(band, shown);
            }
        }
        let come = |found: &[Option<usize>]| {
            found
                .iter()
                .enumerate()
                .filter(|(_, old)| old.is_none())
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        let come_rows = come(&table.rows).into_iter().map(Band::Row);
        for band in come_rows.chain(come(&table.columns).into_iter().map(Band::Column)) {
            let units = Table::band(&table.now, band);
            let text = texts(self.after, &units);
            let shown = format!("{{+{text}+}}");
            let sides = Sides { was: None, letter: String::new(), document: text };
            let decision = self.decide_on_come(&units);
            if let Some(shown) = self.take_or_tell(decision, shown, sides, block) {
                plan.add(band, shown);
            }
        }
        if plan.shown.is_empty() {
            return;
        }
        let source = self.original.files.text(block.place.file).unwrap_or_default();
        let made = self.written(table, block, &source, &plan).filter(|edits| {
            let own = self.revision.edits[at..].iter().chain(edits.iter().map(|(_, edit)| edit));
            plan.is_made(&source, &block.place.range, own)
        });
        let Some(edits) = made else {
            for (_, shown) in plan.shown {
                let what = say!("a change that cannot be written in its place");
                self.leave(what, shown, Some(block.place.clone()));
            }
            return;
        };
        for (index, (band, shown)) in plan.shown.into_iter().enumerate() {
            let first =
                edits.iter().find(|(of, _)| *of == index).map(|(_, edit)| edit.range.clone());
            // A column is changed in the whole table.
            let range = first.filter(|_| !matches!(band, Some(Band::Column(_))));
            let range = range.unwrap_or(block.place.range.clone());
            let place = Place::new(block.place.file, range);
            self.revision.changes.push(Change { place, shown });
        }
        self.revision.edits.extend(edits.into_iter().map(|(_, edit)| edit));
        self.revision.edits[at..].sort_by_key(|edit| (edit.range.start, edit.range.end));
        self.revision.changes[changes..].sort_by_key(|change| change.place.range.start);
    }

    /// Takes over what was changed in a cell, or notes that it was emptied or filled.
    fn cell(
        &mut self,
        table: &Table,
        place: (usize, usize),
        old: (usize, usize),
        block: &Block,
        plan: &mut Plan,
    ) {
        match (table.letter.get(&old), table.now.get(&place)) {
            (Some(origin), Some(after)) => self.change(*origin, *after),
            (Some(origin), None) => {
                let unit = &self.letter[*origin];
                let text = one_line(&unit.text);
                let is_new = table.before.get(&old).is_some_and(|before| self.is_new[*before]);
                let (place, has_notes) = (self.place_of(*origin), unit.has_notes);
                if is_new {
                    let sides = Sides { was: None, letter: text, document: String::new() };
                    self.dispute(beside(), sides, place);
                } else if has_notes {
                    let what = say!("a footnote that is new or gone");
                    self.leave(what, format!("[-{text}-]"), place);
                } else {
                    plan.cells.push((old, None, plan.shown.len()));
                    let shown = self.in_row(*origin, format!("[-{text}-]"));
                    plan.shown.push((None, shown));
                }
            }
            (None, Some(after)) => {
                let text = one_line(&self.after[*after].text);
                let shown = format!("{{+{text}+}}");
                let sides = Sides { was: None, letter: String::new(), document: text };
                let decision = self.decide_on_come(&[*after]);
                if let Some(shown) = self.take_or_tell(decision, shown, sides, block) {
                    plan.cells.push((old, Some(place), plan.shown.len()));
                    plan.shown.push((None, shown));
                }
            }
            (None, None) => {}
        }
    }

    /// What is shown of a cell, behind the first one of its row.
    pub(super) fn in_row(&self, origin: usize, shown: String) -> String {
        let Some(Cell { table, row, column: 1.. }) = self.letter[origin].cell else { return shown };
        let table = self.tables.iter().find(|own| own.block == table);
        let first = table.and_then(|table| table.letter.get(&(row, 0)));
        match first {
            Some(first) => format!("{} | {shown}", one_line(&self.letter[*first].text)),
            None => shown,
        }
    }

    /// The text of a cell of the document as a table of Markdown has it.
    fn cell_text(&self, table: &Table, place: (usize, usize)) -> Option<String> {
        let Some(after) = table.now.get(&place) else { return Some(String::new()) };
        self.markdown(self.after[*after].runs.clone(), true).map(|text| bars_escaped(&text))
    }

    /// The edits that make rows, columns and cells, each with the change that it is of.
    fn written(
        &self,
        table: &Table,
        block: &Block,
        source: &str,
        plan: &Plan,
    ) -> Option<Vec<(usize, Edit)>> {
        let file = block.place.file;
        let lines = source_rows(source, block.place.range.clone());
        let (rows, columns) = table.size;
        if lines.len() != rows + 1 || lines.iter().any(|line| line.cells.len() != columns) {
            return None;
        }
        // The second line has the alignments.
        let source_row = |row: usize| &lines[if row == 0 { 0 } else { row + 1 }];
        let end_of = |row: usize| lines[row + 1].range.end;
        let mut edits: Vec<(usize, Range<usize>, String)> = Vec::new();
        for (old, new, change) in &plan.cells {
            let span = source_row(old.0).cells[old.1].clone();
            match new {
                Some(place) => {
                    edits.push((*change, span, format!(" {} ", self.cell_text(table, *place)?)));
                }
                None => {
                    let text = source.get(span.clone())?;
                    let start = span.start + text.len() - text.trim_start().len();
                    edits.push((*change, start..span.start + text.trim_end().len(), String::new()));
                }
            }
        }
        for (first, last, change) in runs(&plan.rows_gone) {
            let start = source_row(first).range.start;
            edits.push((
                change,
                match last + 1 < rows {
                    true => start..source_row(last + 1).range.start,
                    false => end_of(first.checked_sub(1)?)..source_row(last).range.end,
                },
                String::new(),
            ));
        }
        let kept = (0..rows).filter(|row| !plan.rows_gone.contains_key(row));
        // The new row of each, with the alignments at last.
        let kept: Vec<(Option<usize>, &SourceRow)> =
            kept.map(|row| (Some(row), source_row(row))).chain([(None, lines.get(1)?)]).collect();
        for (row, line) in &kept {
            let now = row.and_then(|row| table.rows.iter().position(|old| *old == Some(row)));
            for (first, last, change) in runs(&plan.columns_gone) {
                let (left, right) = (line.cells[first].clone(), line.cells[last].clone());
                let range = match line.has_bar_behind(last) {
                    true => left.start..right.end + 1,
                    false if line.has_bar_before(first) => left.start - 1..right.end,
                    false => return None,
                };
                edits.push((change, range, String::new()));
            }
            for (column, change) in &plan.columns_come {
                let text = match (row, now) {
                    (None, _) => "---".to_owned(),
                    (Some(_), Some(now)) => self.cell_text(table, (now, *column))?,
                    (Some(_), None) => String::new(),
                };
                let behind = table.columns[..*column].iter().rev().find_map(|old| *old);
                let (at, text) = match behind {
                    Some(behind) if line.has_bar_behind(behind) => {
                        (line.cells[behind].end + 1, format!(" {text} |"))
                    }
                    Some(behind) => (line.cells[behind].end, format!(" | {text}")),
                    None if line.has_bar_before(0) => (line.cells[0].start, format!(" {text} |")),
                    None => (line.cells[0].start, format!("{text} | ")),
                };
                edits.push((*change, at..at, text));
            }
        }
        let order = plan.columns_now(table);
        for (row, change) in &plan.rows_come {
            let cells = order.iter().map(|column| match column {
                Some(column) => self.cell_text(table, (*row, *column)),
                None => Some(String::new()),
            });
            let cells: Option<Vec<String>> = cells.collect();
            let behind = table.rows[..*row].iter().rev().find_map(|old| *old)?;
            let at = end_of(behind);
            edits.push((*change, at..at, format!("\n| {} |", cells?.join(" | "))));
        }
        // Insertions at one place stay in their order.
        edits.sort_by_key(|(_, range, _)| (range.start, range.end));
        let edit = |(change, range, text): (usize, Range<usize>, String)| {
            Some((change, self.escaped(Edit { file, range, text })?))
        };
        edits.into_iter().map(edit).collect()
    }
}

/// The texts of a row or a column on one line.
fn texts(all: &[ReadUnit], units: &[usize]) -> String {
    units.iter().map(|at| one_line(&all[*at].text)).collect::<Vec<_>>().join(" | ")
}

/// What is done to the rows and columns of a table, each with the index of what is shown of it.
struct Plan {
    /// The cells of the letter that were emptied, or filled with one of the document.
    cells: Vec<(CellPlace, Option<CellPlace>, usize)>,
    rows_gone: BTreeMap<usize, usize>,
    columns_gone: BTreeMap<usize, usize>,
    rows_come: Vec<(usize, usize)>,
    columns_come: Vec<(usize, usize)>,
    shown: Vec<(Option<Band>, String)>,
    size: (usize, usize),
}

impl Plan {
    fn of(table: &Table) -> Self {
        Self {
            cells: Vec::new(),
            rows_gone: BTreeMap::new(),
            columns_gone: BTreeMap::new(),
            rows_come: Vec::new(),
            columns_come: Vec::new(),
            shown: Vec::new(),
            size: table.size,
        }
    }

    fn take_out(&mut self, band: Band, shown: String) {
        let change = self.shown.len();
        match band {
            Band::Row(row) => self.rows_gone.insert(row, change),
            Band::Column(column) => self.columns_gone.insert(column, change),
        };
        self.shown.push((Some(band), shown));
    }

    fn add(&mut self, band: Band, shown: String) {
        let change = self.shown.len();
        match band {
            Band::Row(row) => self.rows_come.push((row, change)),
            Band::Column(column) => self.columns_come.push((column, change)),
        }
        self.shown.push((Some(band), shown));
    }

    /// The columns as they become: those of the document, and none where the letter has its own.
    fn columns_now(&self, table: &Table) -> Vec<Option<usize>> {
        let come = |behind: Option<usize>| {
            let at = |column: usize| table.columns[..column].iter().rev().find_map(|old| *old);
            let new = self.columns_come.iter().map(|(column, _)| *column);
            new.filter(move |column| at(*column) == behind).map(Some)
        };
        let mut order: Vec<Option<usize>> = come(None).collect();
        for column in 0..table.size.1 {
            if !self.columns_gone.contains_key(&column) {
                order.push(table.columns.iter().position(|old| *old == Some(column)));
            }
            order.extend(come(Some(column)));
        }
        order
    }

    /// Whether a table is read after its edits that has the rows and columns that it should have.
    fn is_made<'e>(
        &self,
        source: &str,
        range: &Range<usize>,
        edits: impl Iterator<Item = &'e Edit>,
    ) -> bool {
        let mut edits: Vec<&Edit> = edits.collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let Some(text) = edited(source, &edits) else { return false };
        let end = (text.len() + range.end).checked_sub(source.len());
        let Some(text) = end.and_then(|end| text.get(range.start..end)) else { return false };
        let (mut rows, mut columns, mut tables) = (0, 0, 0);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Table(alignments)) => {
                    (tables, columns) = (tables + 1, alignments.len());
                }
                Event::Start(Tag::TableHead | Tag::TableRow) => rows += 1,
                Event::Start(Tag::Paragraph) => return false,
                _ => {}
            }
        }
        let rows_now = self.size.0 + self.rows_come.len() - self.rows_gone.len();
        let columns_now = self.size.1 + self.columns_come.len() - self.columns_gone.len();
        (tables, rows, columns) == (1, rows_now, columns_now)
    }
}

/// The first and the last of each row of neighbours, and the change of the first.
fn runs(all: &BTreeMap<usize, usize>) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, change) in all {
        match runs.last_mut() {
            Some((_, last, _)) if *last + 1 == *at => *last = *at,
            _ => runs.push((*at, *at, *change)),
        }
    }
    runs
}

/// A row of a table as it is written, or the line of its alignments.
struct SourceRow {
    range: Range<usize>,
    /// What is between the bars, with its spaces.
    cells: Vec<Range<usize>>,
}

impl SourceRow {
    fn has_bar_before(&self, cell: usize) -> bool {
        self.cells[cell].start > self.range.start
    }

    fn has_bar_behind(&self, cell: usize) -> bool {
        self.cells[cell].end < self.range.end
    }
}

/// The lines of a table. What is before the first bar and behind the last is no part of them.
fn source_rows(source: &str, range: Range<usize>) -> Vec<SourceRow> {
    let mut lines = Vec::new();
    let mut start = range.start;
    for line in source.get(range).unwrap_or_default().split_inclusive('\n') {
        let text = line.trim();
        let from = start + line.len() - line.trim_start().len();
        start += line.len();
        if text.is_empty() {
            continue;
        }
        let mut bars: Vec<usize> = Vec::new();
        let mut is_escaped = false;
        for (at, c) in text.char_indices() {
            if c == '|' && !is_escaped {
                bars.push(at);
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        let first = if bars.first() == Some(&0) { None } else { Some(0) };
        let last = if bars.last() == Some(&(text.len() - 1)) { None } else { Some(text.len()) };
        let starts = first.into_iter().chain(bars.iter().map(|bar| bar + 1));
        let ends = bars.iter().copied().filter(|bar| *bar > 0).chain(last);
        let cells = starts.zip(ends).map(|(one, other)| from + one..from + other).collect();
        lines.push(SourceRow { range: from..from + text.len(), cells });
    }
    lines
}

/// Text of a cell, in which a bar would end it.
pub(super) fn bars_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '|' && !escaped.ends_with('\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
