//! A letter as plain text, for the body of an e-mail.
//!
//! Lines are wrapped by the display width of their characters. Footnotes and the targets of links
//! become notes at the end, with common numbering.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table};
use ecow::EcoString;
use pulldown_cmark::Alignment;
use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::formats::outline::Part;
use crate::formats::outline_blocks;
use crate::language::conventions::Conventions;
use crate::letter::Letter;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::source::url::Url;

/// The width of a line, in columns. It still fits after being quoted twice in replies (RFC 3676,
/// section 4.2, "78 or fewer").
const WIDTH: usize = 72;

/// The minimum width of text, however deeply it is nested.
const MIN_WIDTH: usize = 24;

/// The letter as text.
pub(crate) fn write(letter: &Letter, parts: Vec<Part>) -> String {
    let blocks = outline_blocks::blocks(parts, |label| label);
    let mut writer = Writer { conventions: &letter.conventions, notes: Vec::new() };
    let mut lines = writer.blocks(&blocks, WIDTH, false);
    let notes = writer.noted();
    if !notes.is_empty() {
        let heading = letter.words.labels.get("notes").filter(|label| !label.is_empty());
        lines.push(String::new());
        lines.extend(underlined(heading.map_or("", String::as_str), 1, WIDTH));
        lines.push(String::new());
        lines.extend(notes);
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end_matches(' '));
        text.push('\n');
    }
    text
}

struct Writer<'l> {
    conventions: &'l Conventions,
    notes: Vec<Note>,
}

/// A note at the end, below its number.
enum Note {
    Link(Url),
    Footnote(EcoString, Vec<Block>),
}

impl Writer<'_> {
    /// Blocks as lines, with an empty line between two blocks unless they are tight.
    fn blocks(&mut self, blocks: &[Block], width: usize, tight: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 && !tight {
                lines.push(String::new());
            }
            lines.extend(self.block(block, width));
        }
        lines
    }

    fn block(&mut self, block: &Block, width: usize) -> Vec<String> {
        match &block.kind {
            BlockKind::Paragraph(inlines) => wrapped(&self.line(inlines), width),
            BlockKind::Heading(depth, inlines) => underlined(&self.line(inlines), *depth, width),
            BlockKind::List { start, tight, items } => self.list(*start, *tight, items, width),
            BlockKind::Quote(blocks) => {
                let lines = self.blocks(blocks, narrower(width, 2), false);
                lines.into_iter().map(|line| format!("> {line}")).collect()
            }
            BlockKind::Code(code) => code.lines().map(|line| format!("    {line}")).collect(),
            BlockKind::Table { alignments, rows } => self.table(alignments, rows, width),
            BlockKind::ThematicBreak => vec!["* * *".into()],
            BlockKind::Figure(figure) => {
                let mut lines = wrapped(&format!("[{}]", self.line(&figure.alt)), width);
                if !figure.caption.is_empty() {
                    lines.extend(wrapped(&self.line(&figure.caption), width));
                }
                lines
            }
        }
    }

    fn list(
        &mut self,
        start: Option<u64>,
        tight: bool,
        items: &[Vec<Block>],
        width: usize,
    ) -> Vec<String> {
        let number = |start: u64, index: usize| {
            self.conventions.in_digits(start.saturating_add(index as u64))
        };
        let width_of = |start| display_width(&number(start, items.len().saturating_sub(1)));
        let digits = start.map_or(0, width_of);
        let markers = (0..items.len()).map(|index| match start {
            Some(start) => format!("{:>digits$}. ", number(start, index)),
            None => "- ".to_owned(),
        });
        let markers: Vec<String> = markers.collect();
        let mut lines = Vec::new();
        for (index, (item, marker)) in items.iter().zip(markers).enumerate() {
            if index > 0 && !tight {
                lines.push(String::new());
            }
            let text = self.blocks(item, narrower(width, display_width(&marker)), tight);
            lines.extend(hanging(&marker, text));
        }
        lines
    }

    fn table(
        &mut self,
        alignments: &[Alignment],
        rows: &[Vec<Vec<Inline>>],
        width: usize,
    ) -> Vec<String> {
        let cells = |row: &Vec<Vec<Inline>>| -> Vec<String> {
            row.iter().map(|cell| self.line(cell).replace('\n', " ")).collect()
        };
        let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
        if min_width(&rows) > width {
            return records(&rows, width);
        }
        let mut rows = rows.into_iter();
        let mut table = Table::new();
        table
            .load_style(NOTHING.header_separator(LineStyle::none().fill('-').junction(' ')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_header(rows.next().unwrap_or_default());
        rows.for_each(|row| {
            table.add_row(row);
        });
        for (column, alignment) in table.column_iter_mut().zip(alignments) {
            column.set_padding((0, GUTTER));
            column.set_cell_alignment(match alignment {
                Alignment::None | Alignment::Left => CellAlignment::Left,
                Alignment::Center => CellAlignment::Center,
                Alignment::Right => CellAlignment::Right,
            });
        }
        table.lines().collect()
    }

    /// Running text. A line break in it is a break in the letter.
    fn line(&mut self, inlines: &[Inline]) -> String {
        let mut text = String::new();
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(part) | InlineKind::Code(part) => text.push_str(part),
                InlineKind::Space => text.push(' '),
                InlineKind::LineBreak => text.push('\n'),
                InlineKind::Emphasis(body) => text.push_str(&marked('_', &self.line(body))),
                InlineKind::Strong(body) => text.push_str(&marked('*', &self.line(body))),
                InlineKind::Strike(body) => text.push_str(&marked('~', &self.line(body))),
                InlineKind::Passage(_, body) => text.push_str(&self.line(body)),
                InlineKind::Link(url, body) => {
                    let said = self.line(body);
                    text.push_str(&said);
                    if !says_address(&said, url) {
                        let number = self.link(url);
                        text.push_str(&format!("\u{a0}{}", self.mark(number)));
                    }
                }
                InlineKind::Footnote(_, name, blocks) => {
                    let number = self.footnote(name, blocks);
                    text.push_str(&format!("\u{a0}{}", self.mark(number)));
                }
            }
        }
        text
    }

    /// The mark of a note: "[1]".
    fn mark(&self, number: usize) -> String {
        format!("[{}]", self.conventions.in_digits(number))
    }

    /// The number of the note for an address.
    fn link(&mut self, url: &Url) -> usize {
        let known = |note: &Note| matches!(note, Note::Link(known) if known == url);
        let index = self.notes.iter().position(known).unwrap_or_else(|| {
            self.notes.push(Note::Link(url.clone()));
            self.notes.len() - 1
        });
        index + 1
    }

    /// The number of the note for a footnote. One of the references has its text.
    fn footnote(&mut self, name: &EcoString, blocks: &[Block]) -> usize {
        let known = |note: &Note| matches!(note, Note::Footnote(known, _) if known == name);
        let index = self.notes.iter().position(known).unwrap_or_else(|| {
            self.notes.push(Note::Footnote(name.clone(), Vec::new()));
            self.notes.len() - 1
        });
        if !blocks.is_empty() {
            self.notes[index] = Note::Footnote(name.clone(), blocks.to_vec());
        }
        index + 1
    }

    /// All notes. The text of a note may refer to others, which come at the end.
    fn noted(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut index = 0;
        while let Some(note) = self.notes.get(index) {
            index += 1;
            let marker = self.mark(index) + " ";
            match note {
                Note::Link(url) => {
                    let schemes = ["mailto:", "tel:"];
                    let shown = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
                    lines.push(format!("{marker}{}", shown.unwrap_or(url)));
                }
                Note::Footnote(_, blocks) => {
                    let blocks = blocks.clone();
                    let text = self.blocks(&blocks, narrower(WIDTH, display_width(&marker)), false);
                    lines.extend(hanging(&marker, text));
                }
            }
        }
        lines
    }
}

/// The gap between two columns.
const GUTTER: u16 = 2;

/// The width of a table whose columns are as narrow as their words allow.
fn min_width(rows: &[Vec<String>]) -> usize {
    let longest = |cell: &String| cell.split(' ').map(display_width).max().unwrap_or(0);
    let columns = rows.first().map_or(0, Vec::len);
    let widths =
        (0..columns).map(|column| rows.iter().filter_map(|row| row.get(column)).map(longest).max());
    widths.map(|width| width.unwrap_or(0) + usize::from(GUTTER)).sum()
}

/// The rows of a table that is too wide, one below the other: each cell after its header.
fn records(rows: &[Vec<String>], width: usize) -> Vec<String> {
    let Some((head, rows)) = rows.split_first() else { return Vec::new() };
    // A table with only a header still prints its cells.
    if rows.is_empty() {
        return head.iter().flat_map(|cell| wrapped(cell, width)).collect();
    }
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        for (header, cell) in head.iter().zip(row) {
            let text = if header.is_empty() { cell.clone() } else { format!("{header}: {cell}") };
            lines.extend(wrapped(&text, width));
        }
    }
    lines
}

/// Whether a text is already the address that it leads to.
fn says_address(text: &str, url: &str) -> bool {
    let bare = |text: &str| {
        let schemes = ["https://", "http://", "mailto:", "tel:"];
        let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
        rest.trim_end_matches('/').to_lowercase()
    };
    bare(text) == bare(url)
}

/// A text between characters that show its style, as people write in e-mails.
fn marked(sign: char, text: &str) -> String {
    format!("{sign}{text}{sign}")
}

fn narrower(width: usize, by: usize) -> usize {
    width.saturating_sub(by).max(MIN_WIDTH)
}

/// Lines after a marker, the first beside it and the others indented below.
fn hanging(marker: &str, mut lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        lines.push(String::new());
    }
    let indent = " ".repeat(display_width(marker));
    let numbered = lines.into_iter().enumerate();
    numbered.map(|(at, line)| format!("{}{line}", if at == 0 { marker } else { &indent })).collect()
}

/// A heading, underlined according to its depth.
fn underlined(text: &str, depth: usize, width: usize) -> Vec<String> {
    let mut lines = wrapped(text, width);
    let longest = lines.iter().map(|line| display_width(line)).max().unwrap_or(0);
    let sign = match depth {
        0 => "=",
        1 => "-",
        _ => ".",
    };
    lines.push(sign.repeat(longest));
    lines
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width)
        .break_words(false)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_splitter(WordSplitter::NoHyphenation)
        .word_separator(WordSeparator::Custom(words));
    let lines = textwrap::wrap(text, options).into_iter();
    // The non-breaking spaces have done their job.
    lines.map(|line| line.replace('\u{a0}', " ")).collect()
}

/// The words of a line. They end at a space, and in scripts without spaces, such as Chinese, after
/// each character of double width. Nothing else breaks a line: an address or a name with a hyphen
/// stays whole.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut rest = line;
    Box::new(std::iter::from_fn(move || {
        let end = rest.char_indices().zip(rest.chars().skip(1).map(Some).chain([None])).find_map(
            |((at, c), next)| {
                let end = at + c.len_utf8();
                let wide = display_width(c.encode_utf8(&mut [0; 4])) == 2;
                let ends = match next {
                    None => true,
                    Some(next) => {
                        (c == ' ' && next != ' ') || (wide && next != ' ' && next.is_alphanumeric())
                    }
                };
                ends.then_some(end)
            },
        )?;
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(Word::from(word))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_by_their_width() {
        assert_eq!(wrapped("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrapped("ñandú ñandú", 5), ["ñandú", "ñandú"]);
        assert_eq!(wrapped("水水水水", 5), ["水水", "水水"]);
        assert_eq!(wrapped("水。水", 4), ["水。", "水"]);
        let address = "https://example.org/a-b/c?d=e#f";
        assert_eq!(wrapped(&format!("see {address} now"), 10), ["see", address, "now"]);
    }

    #[test]
    fn a_table_that_is_too_wide_is_set_row_by_row() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [row(["what", ""]), row(["pozos de agua", "sí"]), row(["calles", "no"])];
        assert_eq!(min_width(&rows), 6 + 2 + 2 + 2);
        assert_eq!(records(&rows, 20), ["what: pozos de agua", "sí", "", "what: calles", "no"]);
    }

    #[test]
    fn an_address_needs_no_note() {
        assert!(says_address("redagua.example", "https://redagua.example/"));
        assert!(says_address("a@example.org", "mailto:a@example.org"));
        assert!(!says_address("here", "https://example.org/"));
    }
}
