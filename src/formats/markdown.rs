//! A letter as Markdown: CommonMark with tables, footnotes and strikethrough.
//!
//! It is the Markdown that bodies are written in: [`markdown`](crate::letter::markdown) reads the
//! same blocks back. Crates that write Markdown know only CommonMark, while in a body `{{` has a
//! meaning, and `](` and `[^` are reported as mistakes.

use ecow::EcoString;
use pulldown_cmark::Alignment;

use crate::formats::outline::Part;
use crate::formats::outline_blocks;
use crate::language::Tag;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind, plain};
use crate::letter::markdown::{PASSAGE_END, passage_mark};

/// The letter as Markdown. Its title is the heading of the first level, and the headings of the body
/// are below it.
pub(crate) fn write(parts: Vec<Part>) -> String {
    let strong = |mut label: Vec<Inline>| {
        let Some(first) = label.first() else { return label };
        let place = first.place.clone();
        let colon = without_colon(&mut label).then(|| InlineKind::Text("：".into()));
        let kinds = [InlineKind::Strong(label)].into_iter().chain(colon);
        kinds.map(|kind| Inline { kind, place: place.clone() }).collect()
    };
    blocks(&outline_blocks::blocks(parts, strong))
}

/// Takes the wide colon from the end of a label, and says whether it had one. Between it and a letter, with no
/// space, asterisks end nothing (CommonMark 0.31, section 6.2).
fn without_colon(label: &mut [Inline]) -> bool {
    match label.last_mut().map(|last| &mut last.kind) {
        Some(InlineKind::Text(text)) => match text.strip_suffix('：') {
            Some(rest) => {
                *text = rest.into();
                true
            }
            None => false,
        },
        Some(InlineKind::Passage(_, body)) => without_colon(body),
        _ => false,
    }
}

/// Blocks as Markdown.
pub(crate) fn blocks(blocks: &[Block]) -> String {
    let mut writer = Writer::default();
    let mut text = writer.blocks(blocks, false);
    // The text of a footnote may refer to other footnotes.
    let mut index = 0;
    while let Some((name, note)) = writer.notes.get(index).cloned() {
        index += 1;
        let note = writer.blocks(&note, false);
        text.push_str(&format!("\n\n{}", prefixed(&format!("[^{name}]: "), "    ", &note)));
    }
    text.push('\n');
    text
}

/// The deepest heading level of Markdown.
const MAX_HEADING: usize = 6;

/// The maximum number of a list item: nine digits (CommonMark 0.31, section 5.2).
const MAX_NUMBER: u64 = 999_999_999;

#[derive(Default)]
struct Writer {
    notes: Vec<(EcoString, Vec<Block>)>,
    /// Whether the text is in a heading or a cell, which is a single line.
    single_line: bool,
    /// Whether the text is in a cell, where any bar ends the cell.
    in_cell: bool,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block], tight: bool) -> String {
        let mut text = String::new();
        let mut other_marker = false;
        for (index, block) in blocks.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).map(|before| &blocks[before].kind) {
                let apart = !tight || runs_on(before, &block.kind);
                text.push_str(if apart { "\n\n" } else { "\n" });
                // Two adjacent lists with the same marker would become one.
                other_marker = is_like(before, &block.kind) && !other_marker;
            }
            text.push_str(&self.block(&block.kind, other_marker));
        }
        text
    }

    fn block(&mut self, block: &BlockKind, other_marker: bool) -> String {
        match block {
            BlockKind::Paragraph(inlines) => self.inlines(inlines),
            BlockKind::Heading(depth, inlines) => {
                let marks = "#".repeat((depth + 1).min(MAX_HEADING));
                format!("{marks} {}", self.line(inlines))
            }
            BlockKind::List { start, tight, items } => {
                let gap = if *tight { "\n" } else { "\n\n" };
                let item = |(index, blocks): (usize, &Vec<Block>)| {
                    let marker = match (start, other_marker) {
                        // A line of hyphens only would be a thematic break.
                        (None, false) if items.iter().any(Vec::is_empty) => "+ ".to_owned(),
                        (None, false) => "- ".to_owned(),
                        (None, true) => "* ".to_owned(),
                        (Some(start), _) => {
                            let number = start.saturating_add(index as u64).min(MAX_NUMBER);
                            format!("{number}{} ", if other_marker { ')' } else { '.' })
                        }
                    };
                    let text = self.blocks(blocks, *tight);
                    prefixed(&marker, &" ".repeat(marker.len()), &text)
                };
                items.iter().enumerate().map(item).collect::<Vec<_>>().join(gap)
            }
            BlockKind::Quote(blocks) => prefixed("> ", "> ", &self.blocks(blocks, false)),
            BlockKind::Code(code) => {
                let fence = "`".repeat(longest_run(code).max(2) + 1);
                format!("{fence}\n{code}\n{fence}")
            }
            BlockKind::Table { alignments, rows } => self.table(alignments, rows),
            // In a list item, three hyphens or asterisks would merge with its marker.
            BlockKind::ThematicBreak => "___".into(),
            BlockKind::Figure(figure) => {
                let title = plain(&figure.caption).replace('\\', r"\\").replace('"', "\\\"");
                let title = if title.is_empty() { title } else { format!(" \"{title}\"") };
                let width =
                    figure.width.as_ref().map(|width| format!("{{width={}}}", width.written));
                let width = width.unwrap_or_default();
                format!("![{}](<{}>{title}){width}", self.line(&figure.alt), figure.path)
            }
        }
    }

    fn table(&mut self, alignments: &[Alignment], rows: &[Vec<Vec<Inline>>]) -> String {
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let marks = alignments.iter().map(|alignment| match alignment {
            Alignment::None => "---",
            Alignment::Left => ":--",
            Alignment::Center => ":-:",
            Alignment::Right => "--:",
        });
        let marks = row(marks.map(str::to_owned).collect());
        self.in_cell = true;
        let mut lines: Vec<String> = rows
            .iter()
            .map(|cells| row(cells.iter().map(|cell| self.line(cell)).collect()))
            .collect();
        self.in_cell = false;
        lines.insert(1.min(lines.len()), marks);
        lines.join("\n")
    }

    /// Running text on a single line.
    fn line(&mut self, inlines: &[Inline]) -> String {
        let outer = std::mem::replace(&mut self.single_line, true);
        let line = self.inlines(inlines);
        self.single_line = outer;
        line
    }

    fn inlines(&mut self, inlines: &[Inline]) -> String {
        let mut text = String::new();
        self.write(inlines, &mut text, Surroundings::default());
        text
    }

    /// Adds running text, given its surroundings.
    fn write(&mut self, inlines: &[Inline], text: &mut String, outer: Surroundings) {
        for (index, inline) in inlines.iter().enumerate() {
            let next = inlines.get(index + 1).map(|next| &next.kind);
            let before_word = match next {
                None => outer.before_word,
                Some(InlineKind::Text(next)) => next.starts_with(char::is_alphanumeric),
                Some(_) => false,
            };
            let after_word = match index {
                0 => outer.after_word || text.ends_with(char::is_alphanumeric),
                _ => text.ends_with(char::is_alphanumeric),
            };
            let sign = emphasis_sign(text, outer, after_word || before_word);
            let around = Surroundings { sign, after_word, before_word };
            match &inline.kind {
                InlineKind::Text(part) => self.escape(part, text, next.is_some()),
                InlineKind::Code(code) => push_code(code, text, self.in_cell),
                InlineKind::Space => text.push(if self.single_line { ' ' } else { '\n' }),
                InlineKind::LineBreak if self.single_line => text.push(' '),
                InlineKind::LineBreak => text.push_str("\\\n"),
                InlineKind::Emphasis(body) => self.marked(1, body, text, around),
                InlineKind::Strong(body) => self.marked(2, body, text, around),
                InlineKind::Strike(body) => {
                    self.marked(2, body, text, Surroundings { sign: "~", ..around });
                }
                InlineKind::Link(url, body) => match autolink(url, body) {
                    Some(address) => text.push_str(&format!("<{address}>")),
                    None => self.link(url, body, text),
                },
                InlineKind::Passage(tag, body) => self.passage(tag, body, text),
                InlineKind::Footnote(_, name, blocks) => {
                    keep_from_picture(text);
                    text.push_str(&format!("[^{name}]"));
                    if !blocks.is_empty() && !self.notes.iter().any(|(known, _)| known == name) {
                        self.notes.push((name.clone(), blocks.clone()));
                    }
                }
            }
        }
    }

    fn marked(&mut self, length: usize, body: &[Inline], text: &mut String, around: Surroundings) {
        let sign = around.sign.repeat(length);
        text.push_str(&sign);
        self.write(body, text, around);
        text.push_str(&sign);
    }

    /// A passage in another language, for which CommonMark has no syntax.
    fn passage(&mut self, tag: &Tag, body: &[Inline], text: &mut String) {
        text.push_str(&passage_mark(tag));
        let start = text.len();
        self.write(body, text, Surroundings::default());
        // A tag on a line of its own would begin a block of HTML.
        if text[start..].starts_with('\n') {
            text.replace_range(start..=start, " ");
        }
        text.push_str(PASSAGE_END);
    }

    fn link(&mut self, target: &str, body: &[Inline], text: &mut String) {
        keep_from_picture(text);
        text.push('[');
        self.write(body, text, Surroundings::default());
        let target = target.replace('&', "&amp;");
        if target.contains(['(', ')']) {
            text.push_str(&format!("](<{target}>)"));
        } else {
            text.push_str(&format!("]({target})"));
        }
    }

    /// Adds plain text, with a backslash before characters that would be markup. `goes_on` says
    /// whether more running text follows.
    fn escape(&self, part: &str, text: &mut String, goes_on: bool) {
        let mut characters = part.chars().peekable();
        while let Some(c) = characters.next() {
            let next = characters.peek().copied();
            let line = text.rsplit('\n').next().unwrap_or_default();
            let starts_line = line.is_empty();
            let after_number =
                matches!(line.len(), 1..=9) && line.bytes().all(|b| b.is_ascii_digit());
            let in_word =
                line.ends_with(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
            let is_mark = match c {
                '\\' | '*' | '`' | '[' | ']' | '<' | '~' | '|' => true,
                '_' => !in_word,
                '#' => starts_line || self.single_line,
                '>' => starts_line,
                '+' | '-' | '=' => starts_line && next.is_none_or(|next| next == ' ' || next == c),
                '.' | ')' => after_number,
                ':' => starts_line || line.ends_with(']'),
                '(' => line.ends_with(']'),
                '^' => line.ends_with('['),
                '{' if line.ends_with("\\{") => false,
                '{' => next == Some('{') || line.ends_with('{'),
                // An entity such as &amp; begins like this.
                '&' => next.map_or(goes_on, |next| next == '#' || next.is_ascii_alphanumeric()),
                _ => false,
            };
            match c {
                ' ' if starts_line => text.push_str("&#32;"),
                '\n' => text.push_str("&#10;"),
                _ => {
                    if is_mark {
                        text.push('\\');
                    }
                    text.push(c);
                }
            }
        }
    }
}

/// The surroundings of running text, such as the asterisks of emphasis.
#[derive(Debug, Default, Copy, Clone)]
struct Surroundings {
    sign: &'static str,
    /// Whether a word ends directly before it.
    after_word: bool,
    /// Whether a word begins directly after it.
    before_word: bool,
}

/// The emphasis delimiter: an asterisk, or an underscore if another asterisk would merge with those
/// before it or be taken for their end. An underscore cannot be inside a word.
fn emphasis_sign(text: &str, outer: Surroundings, in_word: bool) -> &'static str {
    let joins = text.ends_with('*') && !text.ends_with("\\*");
    if (joins || outer.sign == "*") && !in_word { "_" } else { "*" }
}

/// Escapes a final exclamation mark, which would turn the link that follows into a picture.
fn keep_from_picture(text: &mut String) {
    if text.ends_with('!') {
        text.insert(text.len() - 1, '\\');
    }
}

/// The address in angle brackets that is equivalent to this link, if its text is the address.
fn autolink<'u>(url: &'u str, body: &[Inline]) -> Option<&'u str> {
    let [Inline { kind: InlineKind::Text(text), .. }] = body else { return None };
    let address = url.strip_prefix("mailto:").unwrap_or(url);
    (**text == *address && !address.contains(['<', '>', ' ', '&', '\\'])).then_some(address)
}

/// Adds code between as many backticks as needed.
fn push_code(code: &str, text: &mut String, in_cell: bool) {
    let fence = "`".repeat(longest_run(code) + 1);
    // If there is a space at each end, the parser removes one of each.
    let spaced = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
    let pad = if spaced || code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    let code = if in_cell { code.replace('|', "\\|") } else { code.to_owned() };
    text.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Lines after a marker. The first is beside it.
fn prefixed(marker: &str, indent: &str, text: &str) -> String {
    let prefix = |at: usize| if at == 0 { marker } else { indent };
    let lines = text.split('\n').enumerate().map(|(at, line)| match line {
        "" => prefix(at).trim_end().to_owned(),
        line => format!("{}{line}", prefix(at)),
    });
    let lines: Vec<String> = lines.collect();
    lines.join("\n")
}

/// Whether a block would become part of the one before without an empty line between them.
fn runs_on(before: &BlockKind, block: &BlockKind) -> bool {
    let paragraph = matches!(block, BlockKind::Paragraph(_) | BlockKind::Table { .. });
    paragraph && !matches!(before, BlockKind::Heading(..) | BlockKind::Code(_))
}

/// Whether both are lists of the same kind.
fn is_like(before: &BlockKind, block: &BlockKind) -> bool {
    match (before, block) {
        (BlockKind::List { start: before, .. }, BlockKind::List { start, .. }) => {
            before.is_some() == start.is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod round_trip;
