//! Tables cell by cell: which rows and columns of a document are those of the letter.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::documents::model::{Block as DocumentBlock, Document};
use crate::documents::revision::anchors;
use crate::documents::revision::units::{Cell, Leaf, ReadUnit, Unit};
use crate::documents::revision::words::MAX_PRODUCT;
use crate::letter::body::{Block, BlockKind};
use crate::sequences::alignment::{Step, align};

/// A table of the body and the one of the document that it became.
pub(super) struct Table {
    /// The block of the body.
    pub block: usize,
    /// Which table of the document it is.
    after: usize,
    /// How many rows and columns the letter has.
    pub size: (usize, usize),
    /// For each row and each column of the document, the one of the letter.
    pub rows: Vec<Option<usize>>,
    pub columns: Vec<Option<usize>>,
    /// Which paragraphs of the letter, of its export and of the document the cells are, unless they are empty.
    pub letter: Grid,
    pub before: Grid,
    pub now: Grid,
}

/// A row and a column.
pub(super) type CellPlace = (usize, usize);

pub(super) type Grid = HashMap<CellPlace, usize>;

fn grid(cells: impl Iterator<Item = (usize, Option<Cell>)>, table: usize) -> Grid {
    let own = cells.filter_map(|(at, cell)| Some((at, cell.filter(|cell| cell.table == table)?)));
    own.map(|(at, cell)| ((cell.row, cell.column), at)).collect()
}

/// The paragraphs of a letter, of its export and of a document.
pub(super) struct Paragraphs<'u> {
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
    paragraphs: &Paragraphs<'_>,
    document: &Document,
    olds: &[Option<usize>],
) -> Vec<Table> {
    let Paragraphs { letter, before, after, origins } = paragraphs;
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
fn sizes(block: &DocumentBlock, all: &mut Vec<(usize, usize)>) {
    match block {
        DocumentBlock::Table(table) => {
            let rows = &table.rows;
            all.push((rows.len(), rows.iter().map(Vec::len).max().unwrap_or(0)));
        }
        DocumentBlock::List { items, .. } => {
            items.iter().flatten().for_each(|block| sizes(block, all));
        }
        DocumentBlock::Quote(blocks) => blocks.iter().for_each(|block| sizes(block, all)),
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

/// A row or a column.
#[derive(Clone, Copy)]
pub(super) enum Band {
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
    pub(super) fn band(grid: &Grid, band: Band) -> Vec<usize> {
        let is_in = |place: &(usize, usize)| match band {
            Band::Row(row) => place.0 == row,
            Band::Column(column) => place.1 == column,
        };
        let found: BTreeMap<_, _> = grid.iter().filter(|(place, _)| is_in(place)).collect();
        found.into_values().copied().collect()
    }
}
