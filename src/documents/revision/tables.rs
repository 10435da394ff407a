//! Tables cell by cell: which rows and columns of a document are those of the letter, and the edits that write
//! the others into its Markdown, so that everything else stays as it is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::documents::model::{Block as Read, Document};
use crate::documents::revision::anchors;
use crate::documents::revision::reviser::{Reviser, beside};
use crate::documents::revision::units::{Cell, Leaf, ReadUnit, Unit};
use crate::documents::revision::words::{Edit, MAX_PRODUCT};
use crate::documents::revision::{Change, Sides, Touched, edited, one_line};
use crate::letter::body::{Block, BlockKind};
use crate::sequences::alignment::{Step, align};
use crate::source::Place;
use crate::words::{Message, say};

/// A table of the body and the one of the document that it became.
pub(super) struct Table {
    /// The block of the body.
    pub block: usize,
    /// Which table of the document it is.
    after: usize,
    /// How many rows and columns the letter has.
    size: (usize, usize),
    /// For each row and each column of the document, the one of the letter.
    rows: Vec<Option<usize>>,
    columns: Vec<Option<usize>>,
    /// Which paragraphs of the letter, of its export and of the document the cells are, unless they are empty.
    letter: Grid,
    before: Grid,
    now: Grid,
}

/// A row and a column.
type CellPlace = (usize, usize);

type Grid = HashMap<CellPlace, usize>;

fn grid(cells: impl Iterator<Item = (usize, Option<Cell>)>, table: usize) -> Grid {
    let own = cells.filter_map(|(at, cell)| Some((at, cell.filter(|cell| cell.table == table)?)));
    own.map(|(at, cell)| ((cell.row, cell.column), at)).collect()
}

/// The paragraphs of a letter, of its export and of a document.
pub(super) struct Three<'u> {
    pub letter: &'u [Unit],
    pub before: &'u [ReadUnit],
    pub after: &'u [ReadUnit],
    /// The paragraph of the letter that each one of the export prints.
    pub origins: &'u [Option<usize>],
}

/// The tables of a body and those of a document that are the same, with or without changes.
/// `olds` are the paragraphs of the export that those of the document are found to be.
pub(super) fn tables(
    body: &[Block],
    three: &Three<'_>,
    document: &Document,
    olds: &[Option<usize>],
) -> Vec<Table> {
    let Three { letter, before, after, origins } = three;
    let mut read = Vec::new();
    document.blocks.iter().for_each(|block| sizes(block, &mut read));
    let before_cells = || before.iter().map(|unit| unit.cell).enumerate();
    let after_cells = || after.iter().map(|unit| unit.cell).enumerate();
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    for (block, written) in body.iter().enumerate() {
        let BlockKind::Table { alignments, rows } = &written.kind else { continue };
        let is_own = |unit: &Unit| unit.leaf == Leaf::Body(block);
        let cells = letter.iter().map(|unit| unit.cell.filter(|_| is_own(unit))).enumerate();
        let letter_grid = grid(cells, block);
        // The export has it as it is written.
        let origin_of = |at: usize| letter[origins[at]?].cell.filter(|cell| cell.table == block);
        let exported: BTreeSet<usize> = before_cells()
            .filter_map(|(at, cell)| origin_of(at).and(cell).map(|cell| cell.table))
            .collect();
        let Some(table) = exported.first().copied().filter(|_| exported.len() == 1) else {
            continue;
        };
        let before_grid = grid(before_cells(), table);
        let is_same = |((row, column), at): (&(usize, usize), &usize)| {
            origin_of(*at).is_some_and(|cell| (cell.row, cell.column) == (*row, *column))
        };
        if before_grid.len() != letter_grid.len() || !before_grid.iter().all(is_same) {
            continue;
        }
        // The one of the document with the most of its cells.
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, cell) in after_cells() {
            let old = olds[at].and_then(|old| before[old].cell);
            if let (Some(cell), Some(old)) = (cell, old)
                && old.table == table
            {
                *votes.entry(cell.table).or_default() += 1;
            }
        }
        votes.retain(|table, _| !taken.contains(table));
        let Some((now, _)) =
            votes.into_iter().max_by_key(|(table, votes)| (*votes, usize::MAX - table))
        else {
            continue;
        };
        let Some(new_size) = read.get(now).copied() else { continue };
        let now_grid = grid(after_cells(), now);
        let size = (rows.len(), alignments.len());
        let keys = |grid: &Grid, units: &[ReadUnit]| {
            let key = |at: &usize| {
                units[*at].tokens.iter().map(|t| t.key.as_str()).collect::<Vec<_>>().join(" ")
            };
            grid.iter().map(|(place, at)| (*place, key(at))).collect::<Keys>()
        };
        let (olds, news) = (keys(&before_grid, before), keys(&now_grid, after));
        let columns = same_columns((&olds, size), (&news, new_size));
        let Some(rows) = same_rows((&olds, size), (&news, new_size), &columns) else { continue };
        taken.insert(now);
        let (letter, before) = (letter_grid, before_grid);
        found.push(Table { block, after: now, size, rows, columns, letter, before, now: now_grid });
    }
    found
}

/// The rows and columns of the tables of a block, in their order.
fn sizes(block: &Read, all: &mut Vec<(usize, usize)>) {
    match block {
        Read::Table(table) => {
            let rows = &table.rows;
            all.push((rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0)));
        }
        Read::List { items, .. } => items.iter().flatten().for_each(|block| sizes(block, all)),
        Read::Quote(blocks) => blocks.iter().for_each(|block| sizes(block, all)),
        _ => {}
    }
}

/// The words of cells.
type Keys = HashMap<(usize, usize), String>;

/// For each column of a table, the one of the first that it is: with the same header, or the same cells.
fn same_columns(
    (olds, old_size): (&Keys, (usize, usize)),
    (news, new_size): (&Keys, (usize, usize)),
) -> Vec<Option<usize>> {
    let column = |keys: &Keys, (rows, _): (usize, usize), at: usize| -> BTreeMap<String, usize> {
        let mut all = BTreeMap::new();
        for key in (1..rows).filter_map(|row| keys.get(&(row, at))) {
            *all.entry(key.clone()).or_default() += 1;
        }
        all
    };
    let old: Vec<_> = (0..old_size.1).map(|at| column(olds, old_size, at)).collect();
    let new: Vec<_> = (0..new_size.1).map(|at| column(news, new_size, at)).collect();
    matched(old_size.1, new_size.1, true, |i, j| {
        let same: usize = old[i]
            .iter()
            .map(|(key, count)| new[j].get(key).map_or(0, |other| *count.min(other)))
            .sum();
        let most = old[i].values().sum::<usize>().max(new[j].values().sum());
        let share = same as f64 / most.max(1) as f64;
        let has_header = olds.get(&(0, i)).is_some_and(|key| news.get(&(0, j)) == Some(key));
        share.max(if has_header { 0.9 } else { 0.0 }) - 0.3
    })
}

/// The same for rows. `None` if there are too many to compare.
fn same_rows(
    (olds, old_size): (&Keys, (usize, usize)),
    (news, new_size): (&Keys, (usize, usize)),
    columns: &[Option<usize>],
) -> Option<Vec<Option<usize>>> {
    let pairs: Vec<(usize, usize)> =
        columns.iter().enumerate().filter_map(|(new, old)| Some(((*old)?, new))).collect();
    let row = |keys: &Keys, at: usize, columns: &mut dyn Iterator<Item = usize>| {
        columns.map(|column| keys.get(&(at, column)).cloned()).collect::<Vec<_>>()
    };
    let old: Vec<_> =
        (0..old_size.0).map(|at| row(olds, at, &mut pairs.iter().map(|(old, _)| *old))).collect();
    let new: Vec<_> =
        (0..new_size.0).map(|at| row(news, at, &mut pairs.iter().map(|(_, new)| *new))).collect();
    let likeness = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) if one == other => 1.0,
        (Some(one), Some(other)) => 0.6 * common_words(one, other),
        _ => 0.0,
    };
    let score = |i: usize, j: usize| {
        let cells =
            old[i].iter().zip(&new[j]).filter(|(one, other)| one.is_some() || other.is_some());
        let (all, same) = cells
            .fold((0.0, 0.0), |(all, same), (one, other)| (all + 1.0, same + likeness(one, other)));
        // A header is the first row, whatever it says.
        let header = if i == 0 && j == 0 { 0.4 } else { 0.0 };
        same / f64::max(all, 1.0) - 0.3 + header
    };
    let mut found = vec![None; new.len()];
    let anchors = anchors::anchors(&old, &new);
    for (i, j) in &anchors {
        found[*j] = Some(*i);
    }
    for (olds, news) in anchors::gaps(&anchors, (old.len(), new.len())) {
        if olds.len() * news.len() > MAX_PRODUCT {
            return None;
        }
        let score = |i: usize, j: usize| score(olds.start + i, news.start + j);
        let within = matched(olds.len(), news.len(), false, score).into_iter();
        for (at, old) in news.clone().zip(within) {
            found[at] = old.map(|old| olds.start + old);
        }
    }
    Some(found)
}

/// How many words two cells have in common, from 0 to 1.
fn common_words(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    let common = one.iter().filter(|word| other.contains(word)).count();
    common as f64 / one.len().max(other.len()) as f64
}

/// For each of some items, the one of the first that it is. If `by_place`, those are the same as well that stand
/// where as many are gone as have come.
fn matched(
    first: usize,
    second: usize,
    by_place: bool,
    score: impl Fn(usize, usize) -> f64,
) -> Vec<Option<usize>> {
    let mut found = vec![None; second];
    let steps = align(first, second, 1, 0.0, |i, j| score(i.start, j.start));
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let settle = |gone: &mut Vec<usize>, come: &mut Vec<usize>, found: &mut Vec<Option<usize>>| {
        if by_place && gone.len() == come.len() {
            come.iter().zip(&*gone).for_each(|(new, old)| found[*new] = Some(*old));
        }
        gone.clear();
        come.clear();
    };
    for step in steps {
        match step {
            Step::Both(i, j) => {
                settle(&mut gone, &mut come, &mut found);
                found[j.start] = Some(i.start);
            }
            Step::First(i) => gone.push(i),
            Step::Second(j) => come.push(j),
        }
    }
    settle(&mut gone, &mut come, &mut found);
    found
}

/// Pairs the cells of tables by their rows and columns.
pub(super) fn pair(tables: &[Table], after: &[ReadUnit], olds: &mut [Option<usize>]) {
    for table in tables {
        let own: BTreeSet<usize> = table.before.values().copied().collect();
        for (at, unit) in after.iter().enumerate() {
            match unit.cell.filter(|cell| cell.table == table.after) {
                Some(Cell { row, column, .. }) => {
                    let place = table.rows[row].zip(table.columns[column]);
                    olds[at] = place.and_then(|place| table.before.get(&place).copied());
                }
                None => olds[at] = olds[at].filter(|old| !own.contains(old)),
            }
        }
    }
}

/// What becomes of a row or a column that only one of the two has.
enum Fate {
    /// It is written, or taken out.
    Made,
    /// It is the letter's own.
    Stays,
    /// It cannot be done, and why.
    Refused(Message),
    /// Both have changed it.
    Disputed,
}

/// A row or a column.
#[derive(Clone, Copy)]
enum Line {
    Row(usize),
    Column(usize),
}

impl Table {
    /// Whether a cell of the document is one of this table.
    pub(super) fn has(&self, cell: Cell) -> bool {
        cell.table == self.after
    }

    /// Whether a paragraph of the export is in it.
    pub(super) fn has_before(&self, before: usize) -> bool {
        self.before.values().any(|at| *at == before)
    }

    /// The paragraphs of a row or a column, in their order.
    fn line(grid: &Grid, line: Line) -> Vec<usize> {
        let is_in = |place: &(usize, usize)| match line {
            Line::Row(row) => place.0 == row,
            Line::Column(column) => place.1 == column,
        };
        let found: BTreeMap<_, _> = grid.iter().filter(|(place, _)| is_in(place)).collect();
        found.into_values().copied().collect()
    }
}

impl Reviser<'_> {
    /// The table in which a paragraph of the document is a cell.
    pub(super) fn table_of(&self, after: usize) -> Option<&Table> {
        let cell = self.after[after].cell?;
        self.tables.iter().find(|table| table.has(cell))
    }

    /// What becomes of a row or a column that the document does not have.
    fn fate_of_gone(&self, units: &[usize]) -> Fate {
        let new = units.iter().filter(|before| self.is_new[**before]).count();
        let has_notes = units.iter().any(|before| self.before[*before].notes > 0);
        match new {
            0 if has_notes => Fate::Refused(say!("a change that cannot be written in its place")),
            0 => Fate::Made,
            _ if new == units.len() => Fate::Stays,
            _ => Fate::Disputed,
        }
    }

    /// What becomes of a row or a column that the letter does not have.
    fn fate_of_come(&self, units: &[usize]) -> Fate {
        let is = |kind: Touched| move |after: &&usize| self.touched[**after] == kind;
        if !units.is_empty() && units.iter().filter(is(Touched::Nowhere)).count() == units.len() {
            return Fate::Refused(say!("a text that the letter no longer has"));
        }
        if units.iter().any(|after| self.touched[*after] != Touched::Here) {
            return Fate::Disputed;
        }
        match units.iter().any(|after| self.after[*after].notes > 0) {
            true => Fate::Refused(say!("a change that cannot be written in its place")),
            false => Fate::Made,
        }
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
        let gone_rows = (0..rows).filter(|at| !is_met(&table.rows, *at)).map(Line::Row);
        let gone_columns = (0..columns).filter(|at| !is_met(&table.columns, *at)).map(Line::Column);
        for line in gone_rows.chain(gone_columns) {
            let units = Table::line(&table.before, line);
            let text = texts(self.before, &units);
            match self.fate_of_gone(&units) {
                Fate::Made => plan.take_out(line, format!("[-{text}-]")),
                Fate::Stays => {}
                Fate::Refused(what) => {
                    self.leave(what, format!("[-{text}-]"), Some(block.place.clone()));
                }
                Fate::Disputed => {
                    let sides = Sides { was: None, letter: text, document: String::new() };
                    self.dispute(beside(), sides, Some(block.place.clone()));
                }
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
        let come_rows = come(&table.rows).into_iter().map(Line::Row);
        for line in come_rows.chain(come(&table.columns).into_iter().map(Line::Column)) {
            let units = Table::line(&table.now, line);
            let text = texts(self.after, &units);
            match self.fate_of_come(&units) {
                Fate::Made => plan.add(line, format!("{{+{text}+}}")),
                Fate::Stays => {}
                Fate::Refused(what) => {
                    self.leave(what, format!("{{+{text}+}}"), Some(block.place.clone()));
                }
                Fate::Disputed => {
                    let sides = Sides { was: None, letter: String::new(), document: text };
                    self.dispute(beside(), sides, Some(block.place.clone()));
                }
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
        for (index, (line, shown)) in plan.shown.into_iter().enumerate() {
            let first =
                edits.iter().find(|(of, _)| *of == index).map(|(_, edit)| edit.range.clone());
            // A column is changed in the whole table.
            let range = first.filter(|_| !matches!(line, Some(Line::Column(_))));
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
                let text = format!("{{+{}+}}", one_line(&self.after[*after].text));
                match self.fate_of_come(&[*after]) {
                    Fate::Made => {
                        plan.cells.push((old, Some(place), plan.shown.len()));
                        plan.shown.push((None, text));
                    }
                    Fate::Stays => {}
                    Fate::Refused(what) => self.leave(what, text, Some(block.place.clone())),
                    Fate::Disputed => {
                        let document = one_line(&self.after[*after].text);
                        let sides = Sides { was: None, letter: String::new(), document };
                        self.dispute(beside(), sides, Some(block.place.clone()));
                    }
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
        let lines = written_lines(source, block.place.range.clone());
        let (rows, columns) = table.size;
        if lines.len() != rows + 1 || lines.iter().any(|line| line.cells.len() != columns) {
            return None;
        }
        // The second line has the alignments.
        let line_of = |row: usize| &lines[if row == 0 { 0 } else { row + 1 }];
        let end_of = |row: usize| lines[row + 1].range.end;
        let mut edits: Vec<(usize, Range<usize>, String)> = Vec::new();
        for (old, new, change) in &plan.cells {
            let span = line_of(old.0).cells[old.1].clone();
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
            let start = line_of(first).range.start;
            edits.push((
                change,
                match last + 1 < rows {
                    true => start..line_of(last + 1).range.start,
                    false => end_of(first.checked_sub(1)?)..line_of(last).range.end,
                },
                String::new(),
            ));
        }
        let kept = (0..rows).filter(|row| !plan.rows_gone.contains_key(row));
        // The new row of each, with the alignments at last.
        let kept: Vec<(Option<usize>, &Written)> =
            kept.map(|row| (Some(row), line_of(row))).chain([(None, lines.get(1)?)]).collect();
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
    shown: Vec<(Option<Line>, String)>,
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

    fn take_out(&mut self, line: Line, shown: String) {
        let change = self.shown.len();
        match line {
            Line::Row(row) => self.rows_gone.insert(row, change),
            Line::Column(column) => self.columns_gone.insert(column, change),
        };
        self.shown.push((Some(line), shown));
    }

    fn add(&mut self, line: Line, shown: String) {
        let change = self.shown.len();
        match line {
            Line::Row(row) => self.rows_come.push((row, change)),
            Line::Column(column) => self.columns_come.push((column, change)),
        }
        self.shown.push((Some(line), shown));
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

/// A line of a table as it is written.
struct Written {
    range: Range<usize>,
    /// What is between the bars, with its spaces.
    cells: Vec<Range<usize>>,
}

impl Written {
    fn has_bar_before(&self, cell: usize) -> bool {
        self.cells[cell].start > self.range.start
    }

    fn has_bar_behind(&self, cell: usize) -> bool {
        self.cells[cell].end < self.range.end
    }
}

/// The lines of a table. What is before the first bar and behind the last is no part of them.
fn written_lines(source: &str, range: Range<usize>) -> Vec<Written> {
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
        lines.push(Written { range: from..from + text.len(), cells });
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
