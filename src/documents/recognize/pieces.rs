//! The lines of a document, one by one, and the other blocks between them.

use crate::documents::model::{Block, Run, is_blank, lines, plain, trimmed};
use crate::documents::text::bullet;

/// A line, or a block that is none.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) runs: Vec<Run>,
    pub(super) text: String,
    /// Whether an empty line or the end of a paragraph is before it.
    pub(super) gap: bool,
    /// The level, if it is a heading.
    pub(super) heading: Option<u8>,
    /// The block, if it is no line of running text.
    pub(super) block: Option<Block>,
    /// The paragraph that it is in.
    pub(super) paragraph: usize,
}

impl Piece {
    /// Whether it reads like a part of the text.
    pub(super) fn is_prose(&self) -> bool {
        let words = self.text.split(' ').count();
        let ends = self.text.ends_with(['.', '!', '?', '…', '”']);
        let count = self.text.chars().count();
        // Scripts without spaces say as much in fewer characters.
        let is_joined = self.text.ends_with(['。', '！', '？']) && count >= 20;
        self.block.is_some() || count > 160 || ends && words >= 9 || is_joined
    }

    /// Whether it is a picture without any text.
    pub(super) fn is_picture(&self) -> bool {
        self.block.is_none() && self.text.is_empty()
    }

    pub(super) fn is_bold(&self) -> bool {
        self.runs.iter().all(|run| run.style.strong || run.text.trim().is_empty())
    }
}

/// The lines of paragraphs, and the other blocks.
pub(super) fn pieces(blocks: Vec<Block>) -> Vec<Piece> {
    let has_blanks = blocks.iter().filter(|block| matches!(block, Block::Blank)).count() > 2;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut gap = true;
    for (paragraph, block) in blocks.into_iter().enumerate() {
        let piece = |runs: Vec<Run>, gap, heading, block| Piece {
            text: plain(&runs),
            runs,
            gap,
            heading,
            block,
            paragraph,
        };
        match block {
            Block::Blank => {
                gap = true;
                continue;
            }
            Block::Paragraph(runs) => {
                for (index, line) in lines(&runs, |c| c == '\n').into_iter().enumerate() {
                    if !is_blank(&line) {
                        pieces.push(piece(line, index == 0 && (gap || !has_blanks), None, None));
                    }
                }
            }
            Block::Heading(level, runs) => {
                let runs: Vec<Run> = runs
                    .into_iter()
                    .map(|run| Run { text: run.text.replace('\n', " "), ..run })
                    .collect();
                if !is_blank(&runs) {
                    pieces.push(piece(trimmed(&runs), true, Some(level), None));
                }
            }
            other => pieces.push(piece(Vec::new(), true, None, Some(other))),
        }
        gap = false;
    }
    pieces
}

/// The blocks of some pieces. Lines of one paragraph become one again.
pub(super) fn body(pieces: &[Piece]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = None;
    for piece in pieces {
        match (&piece.block, piece.heading) {
            (Some(block), _) => blocks.push(block.clone()),
            (None, Some(level)) => blocks.push(Block::Heading(level, piece.runs.clone())),
            (None, None) => match blocks.last_mut() {
                Some(Block::Paragraph(runs)) if last == Some(piece.paragraph) => {
                    runs.push(Run::plain("\n"));
                    runs.extend(piece.runs.iter().cloned());
                }
                _ => blocks.push(Block::Paragraph(piece.runs.clone())),
            },
        }
        last = piece.block.is_none().then_some(piece.paragraph);
    }
    // A rule parts two texts; at either end it parts the text from what is elsewhere now.
    while blocks.last() == Some(&Block::Rule) {
        blocks.pop();
    }
    let start = blocks.iter().take_while(|block| **block == Block::Rule).count();
    blocks.drain(..start);
    blocks
}

/// The piece after its label.
pub(super) fn rest_of(piece: &Piece, rest: &str) -> Option<Piece> {
    if rest.is_empty() {
        return None;
    }
    let runs = vec![Run::plain(rest)];
    Some(Piece { text: rest.to_owned(), runs, gap: true, ..piece.clone() })
}

/// What stands before the rest of a line: its label.
pub(super) fn before<'t>(text: &'t str, rest: &str) -> &'t str {
    &text[..text.len() - rest.len()]
}

/// A line without the number in brackets at its end, as in "Organizations (45)".
pub(super) fn without_count(text: &str) -> &str {
    let bare = text.trim_end_matches([':', ' ']);
    match bare.rsplit_once('(') {
        Some((before, count)) if count.trim_end_matches(')').parse::<usize>().is_ok() => {
            before.trim()
        }
        _ => bare,
    }
}

/// A name without the bullet or the number of its line.
pub(super) fn without_number(text: &str) -> &str {
    if let Some(bare) = bullet(text) {
        return bare;
    }
    // "1. ", "1) ", "(1) "
    let inner = text.strip_prefix('(').filter(|inner| inner.contains(')')).unwrap_or(text);
    let digits = inner.len() - inner.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = inner[digits..].strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix(' '));
    match rest {
        Some(rest) if (1..=4).contains(&digits) => rest.trim_start(),
        _ => text,
    }
}

/// The lines of a block, each with whether it begins an item of a list.
pub(super) fn lines_with_gaps(block: &Block) -> Vec<(bool, Vec<Run>)> {
    let Block::List { items, .. } = block else {
        return lines_of(std::slice::from_ref(block))
            .into_iter()
            .map(|line| (true, line))
            .collect();
    };
    let item = |item: &Vec<Block>| {
        lines_of(item).into_iter().enumerate().map(|(index, line)| (index == 0, line)).collect()
    };
    items.iter().flat_map(|one| -> Vec<(bool, Vec<Run>)> { item(one) }).collect()
}

/// All lines of some blocks, however they are nested.
pub(in crate::documents) fn lines_of(blocks: &[Block]) -> Vec<Vec<Run>> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(runs) | Block::Heading(_, runs) => {
                all.extend(lines(runs, |c| c == '\n'));
            }
            Block::List { items, .. } => items.iter().for_each(|item| all.extend(lines_of(item))),
            Block::Quote(inner) => all.extend(lines_of(inner)),
            Block::Table(table) => {
                let cells = table.rows.iter().flatten();
                cells.for_each(|cell| all.extend(lines(cell, |c| c == '\n')));
            }
            Block::Code(code) => all.extend(code.lines().map(|line| vec![Run::plain(line)])),
            Block::Blank | Block::Rule => {}
        }
    }
    // A picture without any text is no line.
    all.retain(|line| !plain(line).is_empty());
    all
}
