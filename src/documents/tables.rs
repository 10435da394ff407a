//! Tables with merged cells: each text in its column, however wide and high its cell is.

use std::collections::BTreeSet;

use pulldown_cmark::Alignment;

use crate::documents::model::{Block, Run, Table, is_blank, push};

/// The most columns of a merged cell, and the most cells that reach into rows below them: as many as
/// browsers take (HTML, section 4.9.11).
const MAX_SPAN: usize = 1000;

/// The most places of a table that merged cells cover. Where there would be more, nothing is merged.
const MAX_COVERED: usize = 1 << 16;

/// A cell of a table as its file has it.
#[derive(Debug)]
pub(super) struct Cell {
    /// What stands in it.
    pub blocks: Vec<Block>,
    /// How many columns it has.
    pub columns: usize,
    /// How many rows it has, where no places in the rows below say so themselves.
    pub rows: usize,
    /// Whether it is no cell, but places that others cover.
    pub is_covered: bool,
    /// Where its text is.
    pub side: Alignment,
}

impl Cell {
    /// A cell in one row.
    pub(super) fn new(blocks: Vec<Block>, columns: usize) -> Self {
        Self { blocks, columns, rows: 1, is_covered: false, side: Alignment::None }
    }

    /// Places without a cell.
    pub(super) fn covered(columns: usize) -> Self {
        Self { is_covered: true, ..Self::new(Vec::new(), columns) }
    }
}

/// A cell that reaches into the rows below.
struct Reaching {
    start: usize,
    columns: usize,
    rows: usize,
}

/// The column in which each cell begins, row by row.
fn starts(rows: &[Vec<Cell>]) -> Vec<Vec<usize>> {
    let mut reaching: Vec<Reaching> = Vec::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut column: usize = 0;
        let mut above = reaching.iter().peekable();
        let mut begun: Vec<Reaching> = Vec::new();
        let mut starts = Vec::with_capacity(row.len());
        for cell in row {
            while let Some(found) = above.next_if(|found| found.start <= column) {
                column = column.max(found.start + found.columns);
            }
            starts.push(column);
            let columns = cell.columns.clamp(1, MAX_SPAN);
            if cell.rows > 1 {
                begun.push(Reaching { start: column, columns, rows: cell.rows });
            }
            column += columns;
        }
        reaching.iter_mut().for_each(|found| found.rows -= 1);
        reaching.retain(|found| found.rows > 1);
        begun.truncate(MAX_SPAN.saturating_sub(reaching.len()));
        reaching.extend(begun);
        reaching.sort_by_key(|found| found.start);
        all.push(starts);
    }
    all
}

/// The rows with an empty cell in each place that a merged one covers. A column in which no cell begins is
/// none.
fn spread(rows: Vec<Vec<Cell>>) -> Vec<Vec<(Vec<Block>, Alignment)>> {
    let starts = starts(&rows);
    let cells = || rows.iter().zip(&starts).flat_map(|(row, starts)| row.iter().zip(starts));
    let begun: BTreeSet<usize> =
        cells().filter(|(cell, _)| !cell.is_covered).map(|(_, start)| *start).collect();
    let begun: Vec<usize> = begun.into_iter().collect();
    let index = |start: &usize| begun.binary_search(start).unwrap_or_else(|next| next);
    let width = |starts: &Vec<usize>| starts.last().map_or(0, |start| index(start) + 1);
    let covered: usize =
        rows.iter().zip(&starts).map(|(row, starts)| width(starts).saturating_sub(row.len())).sum();
    let is_merged = covered <= MAX_COVERED;
    let row = |(row, starts): (Vec<Cell>, Vec<usize>)| {
        let mut places: Vec<(Vec<Block>, Alignment)> = Vec::new();
        for (cell, start) in row.into_iter().zip(starts).filter(|(cell, _)| !cell.is_covered) {
            if is_merged {
                places
                    .resize_with(index(&start).max(places.len()), || (Vec::new(), Alignment::None));
            }
            places.push((cell.blocks, cell.side));
        }
        places
    };
    rows.into_iter().zip(starts).map(row).collect()
}

/// A table, or the blocks in it if it only lays them out: a single column, or cells with lists.
pub(super) fn table_of(rows: Vec<Vec<Cell>>) -> Vec<Block> {
    let rows = spread(rows);
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let is_simple =
        |block: &Block| matches!(block, Block::Paragraph(_) | Block::Heading(..) | Block::Blank);
    let is_table =
        columns > 1 && rows.iter().flatten().flat_map(|(blocks, _)| blocks).all(is_simple);
    if !is_table {
        return rows.into_iter().flatten().flat_map(|(blocks, _)| blocks).collect();
    }
    // Where the texts of a column below its header are, if all are there.
    let side = |column: usize| {
        let cells = rows.iter().skip(1).filter_map(|row| row.get(column));
        let mut sides = cells.filter(|(blocks, _)| !blocks.is_empty()).map(|(_, side)| *side);
        let first = sides.next().unwrap_or(Alignment::None);
        if sides.all(|side| side == first) { first } else { Alignment::None }
    };
    let alignments = (0..columns).map(side).collect();
    let cell = |blocks: Vec<Block>| {
        let mut runs: Vec<Run> = Vec::new();
        for block in blocks {
            if let Block::Paragraph(text) | Block::Heading(_, text) = block
                && !is_blank(&text)
            {
                if !runs.is_empty() {
                    push(&mut runs, Run::plain("\n"));
                }
                text.into_iter().for_each(|run| push(&mut runs, run));
            }
        }
        runs
    };
    let rows: Vec<Vec<Vec<Run>>> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(blocks, _)| cell(blocks)).collect())
        .collect();
    vec![Block::Table(Table { rows, alignments })]
}
