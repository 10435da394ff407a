//! The paragraphs of a letter with the places of their words, and those of a document.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ecow::EcoString;
use typst::syntax::FileId;

use crate::documents::body as bodies;
use crate::documents::model::{Block as Read, Document, Run};
use crate::documents::revision::Original;
use crate::documents::revision::words::{self, Source as Written, Token};
use crate::formats::outline::{self, Part, Quotes};
use crate::formats::outline_blocks;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Printed};
use crate::source::Place;

/// Where a cell is: which table of a text it is in, and its row and column.
#[derive(Debug, Clone, Copy, Eq, PartialEq, Hash)]
pub(super) struct Cell {
    pub table: usize,
    pub row: usize,
    pub column: usize,
}

/// A paragraph, a heading, an item or a cell of a document.
pub(super) struct ReadUnit {
    pub runs: Vec<Run>,
    pub text: String,
    pub tokens: Vec<Token>,
    /// The index of the block that it is in, or that of a note behind all blocks.
    pub top: usize,
    /// Whether it is a paragraph, and not a heading or a cell.
    pub is_paragraph: bool,
    /// The cell that it is, if it is one.
    pub cell: Option<Cell>,
    /// How many notes it refers to.
    pub notes: usize,
}

impl ReadUnit {
    pub(super) fn of(runs: &[Run], top: usize) -> Self {
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let tokens = words::tokens(&text);
        let notes = runs.iter().filter(|run| run.note.is_some()).count();
        let runs = runs.to_vec();
        Self { runs, text, tokens, top, is_paragraph: true, cell: None, notes }
    }
}

/// The paragraphs of a document in their order, and then those of its notes.
pub(super) fn units_of(document: &Document) -> Vec<ReadUnit> {
    fn unit(runs: &[Run], top: usize, is_paragraph: bool, units: &mut Vec<ReadUnit>) {
        let unit = ReadUnit { is_paragraph, ..ReadUnit::of(runs, top) };
        units.extend((!unit.tokens.is_empty()).then_some(unit));
    }
    fn within(block: &Read, top: usize, tables: &mut usize, units: &mut Vec<ReadUnit>) {
        match block {
            Read::Paragraph(runs) => unit(runs, top, true, units),
            Read::Heading(_, runs) => unit(runs, top, false, units),
            Read::List { items, .. } => {
                items.iter().flatten().for_each(|block| within(block, top, tables, units));
            }
            Read::Quote(blocks) => {
                blocks.iter().for_each(|block| within(block, top, tables, units));
            }
            Read::Table(table) => {
                for (row, cells) in table.rows.iter().enumerate() {
                    let cells = match row {
                        0 => bodies::not_bold(cells.clone()),
                        _ => cells.clone(),
                    };
                    for (column, cell) in cells.iter().enumerate() {
                        let before = units.len();
                        unit(cell, top, false, units);
                        let cell = Cell { table: *tables, row, column };
                        units[before..].iter_mut().for_each(|unit| unit.cell = Some(cell));
                    }
                }
                *tables += 1;
            }
            Read::Code(code) => unit(&[Run::plain(code.as_str())], top, false, units),
            Read::Blank | Read::Rule => {}
        }
    }
    let mut tables = 0;
    let mut units = Vec::new();
    for (top, block) in document.blocks.iter().chain(document.notes.iter().flatten()).enumerate() {
        within(block, top, &mut tables, &mut units);
    }
    units
}

/// A paragraph of the letter.
pub(super) struct Unit {
    pub text: String,
    pub tokens: Vec<Token>,
    pub leaf: Leaf,
    pub place: Place,
    /// Whether the letter says it in that place, and not the program by itself.
    pub is_said: bool,
    /// Whether it refers to notes.
    pub has_notes: bool,
    /// Whether it is the caption of a picture, which is written in the same place.
    pub is_caption: bool,
    /// The cell that it is, if it is one. Its table is the block of the body that it is in.
    pub cell: Option<Cell>,
}

/// What a paragraph of the letter is.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub(super) enum Leaf {
    /// In the block of the body with this index.
    Body(usize),
    /// In a footnote.
    Note,
    /// A value of the letter, with what the program prints beside it.
    Printed,
}

/// Where a piece of a paragraph's text is written: the range of the text, and of the file.
pub(super) struct Segment {
    pub text: Range<usize>,
    pub file: FileId,
    pub start: usize,
    pub within: usize,
}

/// Collects the paragraphs of a letter with the places of their words.
pub(super) struct Collector<'o> {
    pub original: &'o Original<'o>,
    pub sources: HashMap<FileId, String>,
    /// The values of the letter by where they are written.
    pub printed: HashMap<(FileId, usize), &'o Printed>,
    /// Those that other languages print as well.
    pub shared: HashSet<(FileId, usize)>,
    pub units: Vec<Unit>,
    pub notes: Vec<(EcoString, Vec<Block>)>,
    /// How many marks and links there were.
    pub marks: usize,
    /// How many references to notes there were.
    pub references: usize,
}

impl<'o> Collector<'o> {
    pub(super) fn of(original: &'o Original<'o>) -> Self {
        let at = |printed: &Printed| (printed.source.place.file, printed.source.place.range.start);
        let texts = original.letter.texts();
        let printed = texts.into_iter().map(|(_, printed)| (at(printed), printed)).collect();
        let others = original.others.iter().flat_map(|letter| letter.texts());
        let shared = others.map(|(_, printed)| at(printed)).collect();
        Self {
            original,
            sources: HashMap::new(),
            printed,
            shared,
            units: Vec::new(),
            notes: Vec::new(),
            marks: 0,
            references: 0,
        }
    }

    pub(super) fn units(mut self) -> Vec<Unit> {
        let Body::Markdown(body) = &self.original.letter.body else { return Vec::new() };
        for part in outline::parts(self.original.letter, body, Quotes::Straight) {
            if let Part::Body { blocks, .. } = &part {
                for (index, block) in blocks.iter().enumerate() {
                    self.block(block, Leaf::Body(index));
                }
                continue;
            }
            for block in outline_blocks::blocks(vec![part], |label| label) {
                self.block(&block, Leaf::Printed);
            }
        }
        let mut index = 0;
        while let Some((_, text)) = self.notes.get(index).cloned() {
            index += 1;
            text.iter().for_each(|block| self.block(block, Leaf::Note));
        }
        self.units
    }

    /// The value of the letter that is written at a place, as one that is printed alone.
    pub(super) fn value_at(&mut self, place: &Place) -> Option<Unit> {
        let printed = *self.printed.get(&(place.file, place.range.start))?;
        let kind = InlineKind::Text(printed.text.clone());
        self.unit(&[Inline { kind, place: place.clone() }], Leaf::Printed);
        let unit = self.units.pop()?;
        Some(Unit { place: place.clone(), ..unit })
    }

    fn block(&mut self, block: &Block, leaf: Leaf) {
        match &block.kind {
            BlockKind::Paragraph(line) | BlockKind::Heading(_, line) => self.unit(line, leaf),
            BlockKind::List { items, .. } => {
                items.iter().flatten().for_each(|block| self.block(block, leaf));
            }
            BlockKind::Quote(blocks) => blocks.iter().for_each(|block| self.block(block, leaf)),
            BlockKind::Table { rows, .. } => {
                for (row, cells) in rows.iter().enumerate() {
                    for (column, line) in cells.iter().enumerate() {
                        let before = self.units.len();
                        self.unit(line, leaf);
                        let cell = match leaf {
                            Leaf::Body(table) => Some(Cell { table, row, column }),
                            Leaf::Note | Leaf::Printed => None,
                        };
                        self.units[before..].iter_mut().for_each(|unit| unit.cell = cell);
                    }
                }
            }
            BlockKind::Code(code) => {
                let tokens = words::tokens(code);
                let place = block.place.clone();
                let text = code.to_string();
                self.units.push(Unit {
                    text,
                    tokens,
                    leaf,
                    place,
                    is_said: true,
                    has_notes: false,
                    is_caption: false,
                    cell: None,
                });
            }
            BlockKind::Figure(figure) => {
                let captions = self.units.len();
                self.unit(&figure.caption, leaf);
                self.units[captions..].iter_mut().for_each(|unit| unit.is_caption = true);
            }
            BlockKind::ThematicBreak => {}
        }
    }

    fn unit(&mut self, line: &[Inline], leaf: Leaf) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
        let mut text = String::new();
        let mut segments = Vec::new();
        let mut cursors = HashMap::new();
        let references = self.references;
        self.line(line, 0, leaf, &mut text, &mut segments, &mut cursors);
        let mut tokens = words::tokens(&text);
        for token in &mut tokens {
            let segment = segments.iter().find(|segment: &&Segment| {
                segment.text.start <= token.at.start && token.at.end <= segment.text.end
            });
            token.within = segment.map_or(usize::MAX, |segment| segment.within);
            token.source = segment.map(|segment| {
                let start = segment.start + token.at.start - segment.text.start;
                Written { file: segment.file, range: start..start + token.at.len() }
            });
        }
        if tokens.is_empty() {
            return;
        }
        let range = first.place.range.start..last.place.range.end.max(first.place.range.start);
        let said = match leaf {
            Leaf::Printed => tokens
                .iter()
                .find_map(|token| token.source.clone())
                .map(|at| Place::new(at.file, at.range))
                .or_else(|| self.value_in(line)),
            _ => Some(Place::new(first.place.file, range)),
        };
        let is_said = said.is_some();
        let place = said.unwrap_or_else(|| first.place.clone());
        let has_notes = self.references > references;
        self.units.push(Unit {
            text,
            tokens,
            leaf,
            place,
            is_said,
            has_notes,
            is_caption: false,
            cell: None,
        });
    }

    fn line(
        &mut self,
        line: &[Inline],
        within: usize,
        leaf: Leaf,
        text: &mut String,
        segments: &mut Vec<Segment>,
        cursors: &mut HashMap<usize, usize>,
    ) {
        for inline in line {
            match &inline.kind {
                InlineKind::Text(part) => {
                    let at = text.len();
                    text.push_str(part);
                    match leaf {
                        Leaf::Printed => segments.extend(self.value(inline, part, at, cursors)),
                        _ => segments.extend(self.markdown(inline, part, at, within)),
                    }
                }
                InlineKind::Code(code) => text.push_str(code),
                InlineKind::Space | InlineKind::LineBreak => text.push(' '),
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body)
                | InlineKind::Passage(_, body) => {
                    self.marks += 1;
                    let mark = self.marks;
                    self.line(body, mark, leaf, text, segments, cursors);
                }
                InlineKind::Footnote(_, name, blocks) => {
                    self.references += 1;
                    let known = self.notes.iter_mut().find(|(known, _)| known == name);
                    match known {
                        Some((_, text)) if text.is_empty() => text.clone_from(blocks),
                        Some(_) => {}
                        None => self.notes.push((name.clone(), blocks.clone())),
                    }
                }
            }
        }
    }

    /// Where the first value of the letter is in a line.
    fn value_in(&self, line: &[Inline]) -> Option<Place> {
        line.iter().find_map(|inline| match &inline.kind {
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => self.value_in(body),
            _ => {
                let place = (inline.place.file, inline.place.range.start);
                self.printed.get(&place).map(|printed| printed.source.place.clone())
            }
        })
    }

    fn source(&mut self, file: FileId) -> &str {
        let files = self.original.files;
        self.sources.entry(file).or_insert_with(|| files.text(file).unwrap_or_default())
    }

    /// Where a piece of a body is written: as it is, but for backslashes before signs.
    fn markdown(&mut self, inline: &Inline, part: &str, at: usize, within: usize) -> Vec<Segment> {
        let Place { file, range } = inline.place.clone();
        let Some(written) = self.source(file).get(range.clone()) else { return Vec::new() };
        let mut segments: Vec<Segment> = Vec::new();
        let (mut from, mut to) = (0, 0);
        let mut is_escaped = false;
        while from < part.len() && to < written.len() {
            let (Some(c), Some(w)) = (part[from..].chars().next(), written[to..].chars().next())
            else {
                break;
            };
            if w == '\\' && c != '\\' {
                to += 1;
                is_escaped = true;
                continue;
            }
            // `&amp;` is one sign, unless the text itself has all of it.
            let is_plain = std::mem::take(&mut is_escaped) || part[from..] == written[to..];
            if entity(&written[to..]).is_some() && !is_plain {
                break;
            }
            if c != w {
                break;
            }
            if w == '\\' && written[to + 1..].starts_with('\\') {
                to += 1;
            }
            let start = range.start + to;
            let size = c.len_utf8();
            match segments.last_mut() {
                Some(last) if last.start + last.text.len() == start => last.text.end += size,
                _ => {
                    let text = at + from..at + from + size;
                    segments.push(Segment { text, file, start, within });
                }
            }
            (from, to) = (from + size, to + size);
        }
        // What was filled in or escaped in another way is between two parts that stand as they are.
        let common: usize = part[from..]
            .chars()
            .rev()
            .zip(written[to..].char_indices().rev())
            .take_while(|(c, (at, w))| {
                let before = &written[to..to + at + w.len_utf8()];
                let last = before.rfind('&').and_then(|start| entity(&before[start..]));
                c == w && (*w != ';' || last.is_none())
            })
            .map(|(c, _)| c.len_utf8())
            .sum();
        if common > 0 {
            let text = at + part.len() - common..at + part.len();
            segments.push(Segment { text, file, start: range.end - common, within });
        }
        segments
    }

    /// Where a piece of a value is written, if it stands as it is in a value of this language alone.
    fn value(
        &mut self,
        inline: &Inline,
        part: &str,
        at: usize,
        cursors: &mut HashMap<usize, usize>,
    ) -> Vec<Segment> {
        /// A longer text is one value of a letter that nobody writes by hand.
        const MOST: usize = 2000;
        let Place { file, range } = inline.place.clone();
        let place = (file, range.start);
        let Some(printed) = self.printed.get(&place).copied() else { return Vec::new() };
        let is_own = !self.shared.contains(&place) && file == self.original.written.spec.file;
        let value = &printed.source.value;
        let cursor = cursors.entry(range.start).or_default();
        let found = value.get(*cursor..).and_then(|rest| rest.find(part));
        let Some(found) = found.filter(|_| is_own && part.len() <= MOST) else { return Vec::new() };
        let start = *cursor + found;
        *cursor = start + part.len();
        let source = self.source(file);
        let mut segments: Vec<Segment> = Vec::new();
        for (offset, c) in part.char_indices() {
            let (from, size) = (start + offset, c.len_utf8());
            let written = printed.source.locate(source, from..from + size).range;
            if source.get(written.clone()) != part.get(offset..offset + size) {
                continue;
            }
            match segments.last_mut() {
                Some(last)
                    if last.start + last.text.len() == written.start
                        && last.text.end == at + offset =>
                {
                    last.text.end += size;
                }
                _ => {
                    let text = at + offset..at + offset + size;
                    let within = range.start + 1;
                    segments.push(Segment { text, file, start: written.start, within });
                }
            }
        }
        segments
    }
}

/// The length of the entity that a text begins with, as `&amp;`.
pub(super) fn entity(text: &str) -> Option<usize> {
    let name = text.strip_prefix('&')?;
    let name = name.strip_prefix('#').unwrap_or(name);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric())?;
    (end > 0 && name[end..].starts_with(';')).then(|| text.len() - name.len() + end + 1)
}
