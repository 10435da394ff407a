//! What a reader makes of a document, whatever its format.

use pulldown_cmark::Alignment;

use crate::language::Tag;
use crate::words::Message;

/// A document: its text in order, and what was left out of it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Its text.
    pub blocks: Vec<Block>,
    /// The texts of its footnotes and endnotes; [`Run::note`] is an index.
    pub notes: Vec<Vec<Block>>,
    /// The lines at the head of its pages, outside of its text: of the first header, if there are several.
    pub header: Vec<String>,
    /// What is not taken over, and why.
    pub left_out: Vec<LeftOut>,
    /// The title that its metadata gives.
    pub title: Option<String>,
    /// Whether somebody wrote that title for this page. That of a word processor is often another's.
    pub title_is_meant: bool,
    /// The day that its metadata gives.
    pub date: Option<String>,
    /// The language that it declares.
    pub language: Option<Tag>,
    /// The size of its paper, as a letter names it.
    pub paper: Option<&'static str>,
}

/// Text that is not taken over into the letter.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct LeftOut {
    /// What it is, and where it was, such as "a comment of Ana on “water”".
    pub what: Message,
    /// The text itself.
    pub text: String,
}

/// A part of a document's text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A paragraph. A line feed in its text is a line break that the author made; a [`SOFT_BREAK`] is
    /// the end of a line in a file of text, which may only be where the line was full.
    Paragraph(Vec<Run>),
    /// An empty paragraph or line, which parts what is before from what is after.
    Blank,
    /// A heading with its level: 1 is the highest.
    Heading(u8, Vec<Run>),
    /// A list, numbered from `start` or with bullets.
    List {
        /// The first number of a numbered list.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// A table.
    Table(Table),
    /// Text in which every space counts.
    Code(String),
    /// A rule between two parts.
    Rule,
}

/// A table.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Table {
    /// The cells, row by row. The first row is the header.
    pub rows: Vec<Vec<Vec<Run>>>,
    /// How each column is aligned. A column that is not in it begins where the text does.
    pub alignments: Vec<Alignment>,
}

/// The end of a line that may be no more than that: Unicode's line separator.
pub(crate) const SOFT_BREAK: char = '\u{2028}';

/// A piece of running text in one style.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(crate) struct Run {
    /// The text. A line feed is a line break.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// What it leads to, as written, if it is a link.
    pub link: Option<String>,
    /// The language that it is marked with.
    pub lang: Option<Tag>,
    /// The footnote to which it refers; then it has no text.
    pub note: Option<usize>,
    /// The picture that stands here; then it has no text.
    pub picture: Option<Shown>,
}

/// A picture in a text.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub(crate) struct Shown {
    /// Where it is: its part of the document, or its address.
    pub path: String,
    /// What it shows. Empty if nobody says it.
    pub alt: String,
    /// How wide it is, as a body says it: "6.2cm".
    pub width: Option<String>,
}

impl Shown {
    /// A width in points, as a body says it. What is as wide as the text of most letters needs none.
    pub(crate) fn width_of(points: f64) -> Option<String> {
        const WHOLE: f64 = 15.0;
        let centimetres = (points * 2.54 / 72.0 * 10.0).round() / 10.0;
        (centimetres > 0.0 && centimetres < WHOLE).then(|| format!("{centimetres}cm"))
    }
}

/// How a run looks.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each mark stands on its own")]
pub(crate) struct Style {
    /// Italic or underlined.
    pub emphasis: bool,
    /// Bold.
    pub strong: bool,
    /// Struck through.
    pub strike: bool,
    /// In a typewriter's letters.
    pub code: bool,
    /// Below the picture of the paragraph before, as its caption.
    pub caption: bool,
}

impl Run {
    /// Text without any style.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Whether it is a footnote or a picture, which has no text.
    pub(crate) fn is_mark(&self) -> bool {
        self.note.is_some() || self.picture.is_some()
    }

    /// Whether both differ in nothing but the text.
    fn is_like(&self, other: &Self) -> bool {
        let is_text = !self.is_mark() && !other.is_mark();
        is_text && (self.style, &self.link, &self.lang) == (other.style, &other.link, &other.lang)
    }
}

/// Adds a run to others, joined with the last if it looks the same.
pub(crate) fn push(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        _ if run.text.is_empty() && !run.is_mark() => {}
        Some(last) if last.is_like(&run) => last.text.push_str(&run.text),
        _ => runs.push(run),
    }
}

/// The text of runs on one line, with single spaces.
pub(crate) fn plain(runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether there is nothing to read in runs.
pub(crate) fn is_blank(runs: &[Run]) -> bool {
    runs.iter().all(|run| !run.is_mark() && run.text.trim().is_empty())
}

/// The part of some runs between two offsets in their joined text.
pub(crate) fn slice(runs: &[Run], start: usize, end: usize) -> Vec<Run> {
    let mut at = 0;
    let mut part = Vec::new();
    for run in runs {
        let (from, to) = (at, at + run.text.len());
        at = to;
        let inside = |offset: usize| offset.clamp(from, to) - from;
        if run.is_mark() {
            if (start..=end).contains(&from) && !(from == start && start > 0 && from != end) {
                part.push(run.clone());
            }
        } else if let Some(text) = run.text.get(inside(start)..inside(end)) {
            push(&mut part, Run { text: text.to_owned(), ..run.clone() });
        }
    }
    part
}

/// Runs without white space at either end. A note or a picture there stays.
pub(crate) fn trimmed(runs: &[Run]) -> Vec<Run> {
    let is_space = |run: &&Run| !run.is_mark() && run.text.trim().is_empty();
    let start = runs.iter().take_while(is_space).count();
    let end = runs.len() - runs[start..].iter().rev().take_while(is_space).count();
    let mut kept = Vec::new();
    for (at, run) in runs.iter().enumerate().take(end).skip(start) {
        let mut text = run.text.as_str();
        if at == start {
            text = text.trim_start();
        }
        if at + 1 == end {
            text = text.trim_end();
        }
        push(&mut kept, Run { text: text.to_owned(), ..run.clone() });
    }
    kept
}

/// Marks a paragraph as the caption of the picture that the one before ends with.
pub(crate) fn mark_caption(before: Option<&Block>, runs: &mut [Run]) {
    let is_below = matches!(before, Some(Block::Paragraph(before)) if before.last().is_some_and(|r| r.picture.is_some()));
    runs.iter_mut().for_each(|run| run.style.caption |= is_below);
}

/// The text of a paragraph that is the caption of the picture before it. It has no links, notes or pictures.
pub(crate) fn caption(runs: &[Run]) -> Option<String> {
    let is_plain = |run: &Run| run.style.caption && run.link.is_none() && !run.is_mark();
    (!runs.is_empty() && runs.iter().all(is_plain)).then(|| plain(runs))
}

/// The pictures among some runs.
pub(crate) fn shown(runs: &[Run]) -> impl Iterator<Item = &Shown> {
    runs.iter().filter_map(|run| run.picture.as_ref())
}

/// The lines of runs, which line feeds part.
pub(crate) fn lines(runs: &[Run], is_break: impl Fn(char) -> bool) -> Vec<Vec<Run>> {
    let mut lines = vec![Vec::new()];
    for run in runs {
        if run.is_mark() {
            lines.last_mut().expect("there is a line").push(run.clone());
            continue;
        }
        for (index, text) in run.text.split(&is_break).enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            let part = Run { text: text.to_owned(), ..run.clone() };
            push(lines.last_mut().expect("there is a line"), part);
        }
    }
    lines.iter().map(|line| trimmed(line)).collect()
}

/// Calls a function with all texts of some blocks and with what they lead to. Footnotes are not in them.
pub(crate) fn visit<'b>(blocks: &'b [Block], see: &mut impl FnMut(&'b str, Option<&'b str>)) {
    for block in blocks {
        let mut all = |runs: &'b [Run]| {
            runs.iter().for_each(|run| see(&run.text, run.link.as_deref()));
        };
        match block {
            Block::Paragraph(runs) | Block::Heading(_, runs) => all(runs),
            Block::Table(table) => table.rows.iter().flatten().for_each(|cell| all(cell)),
            Block::List { items, .. } => items.iter().for_each(|item| visit(item, see)),
            Block::Quote(blocks) => visit(blocks, see),
            Block::Code(code) => see(code, None),
            Block::Blank | Block::Rule => {}
        }
    }
}
