//! The text of a letter as it was parsed, before Typst receives it.

use ecow::EcoString;
use pulldown_cmark::Alignment;

use crate::language::Tag;
use crate::letter::Picture;
use crate::source::Place;
use crate::source::url::Url;
use crate::spec::Length;
use crate::words::{Message, say};

/// A paragraph, a heading, a list …
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    /// Its kind.
    pub kind: BlockKind,
    /// Where it is.
    pub place: Place,
}

/// The kind of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BlockKind {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading with its depth below the letter's title: 1, 2, … without gaps.
    Heading(usize, Vec<Inline>),
    /// A list, numbered from `start` or with bullets.
    List {
        /// The first number of a numbered list.
        start: Option<u64>,
        /// Whether the items follow one another without space.
        tight: bool,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// Code, line by line.
    Code(EcoString),
    /// A table.
    Table {
        /// How each column is aligned.
        alignments: Vec<Alignment>,
        /// The rows. The first is the header.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A break between two parts of the text.
    ThematicBreak,
    /// A picture that is alone in its paragraph.
    Figure(Box<Figure>),
}

/// A picture of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// The picture.
    pub picture: Picture,
    /// Its path, as it is written.
    pub path: EcoString,
    /// What it shows, for people who cannot see it.
    pub alt: Vec<Inline>,
    /// What is printed below it.
    pub caption: Vec<Inline>,
    /// How wide it is printed, if its author says so.
    pub width: Option<Width>,
}

/// How wide a picture of the text is printed, if there is room for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Width {
    /// As it is written, such as "6cm" or "50%".
    pub written: EcoString,
    /// What it means.
    pub size: WidthSize,
}

/// The two ways to say how wide a picture is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WidthSize {
    /// In points.
    Points(f64),
    /// A part of the text's width, above 0 and up to 1.
    OfText(f64),
}

impl Width {
    /// Reads a width: a length with its unit from 1 mm to 2 m, or a percentage of the text's width.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let size = match written.strip_suffix('%') {
            Some(number) => {
                let part = number.trim_end().parse::<f64>().ok()? / 100.0;
                (part > 0.0 && part <= 1.0).then_some(WidthSize::OfText(part))?
            }
            None => {
                let Length(points) = Length::parse(written)?;
                (2.8..=5670.0).contains(&points).then_some(WidthSize::Points(points))?
            }
        };
        Some(Self { written: written.replace(' ', "").into(), size })
    }

    /// The width beside a text that is this wide, in the same unit as that: `per_point` units are a point.
    pub(crate) fn beside(&self, text: f64, per_point: f64) -> f64 {
        match self.size {
            WidthSize::Points(points) => (points * per_point).min(text),
            WidthSize::OfText(part) => text * part,
        }
    }
}

impl BlockKind {
    /// The name of the kind, for messages.
    pub(crate) fn name(&self) -> Message {
        match self {
            Self::Paragraph(_) => say!("paragraph"),
            Self::Heading(..) => say!("heading"),
            Self::List { .. } => say!("list"),
            Self::Quote(_) => say!("quotation"),
            Self::Code(_) => say!("block of code"),
            Self::Table { .. } => say!("table"),
            Self::ThematicBreak => say!("rule"),
            Self::Figure(_) => say!("picture"),
        }
    }
}

/// A link of a body as written.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct LinkUse {
    /// Its target.
    pub target: LinkUseTarget,
    /// Where it is.
    pub place: Place,
}

/// The target of a link of a body.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum LinkUseTarget {
    /// The target under this name in the letter's `[links]`, normalized by
    /// [`link_name`](crate::source::text::link_name).
    Named(String),
    /// An address of its own.
    Url(Url),
}

impl Block {
    /// Whether it contains nothing to read: a rule, or only white space.
    pub(crate) fn is_blank(&self) -> bool {
        match &self.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines) => {
                inlines.iter().all(Inline::is_blank)
            }
            BlockKind::List { items, .. } => items.iter().flatten().all(Self::is_blank),
            BlockKind::Quote(blocks) => blocks.iter().all(Self::is_blank),
            BlockKind::Code(code) => code.trim().is_empty(),
            BlockKind::Table { rows, .. } => rows.iter().flatten().flatten().all(Inline::is_blank),
            BlockKind::ThematicBreak => true,
            BlockKind::Figure(_) => false,
        }
    }
}

/// The pictures of blocks, but not those in footnotes.
pub(crate) fn figures(blocks: &[Block]) -> Vec<&Figure> {
    fn within(block: &Block) -> Vec<&Figure> {
        match &block.kind {
            BlockKind::Figure(figure) => vec![&**figure],
            BlockKind::List { items, .. } => items.iter().flat_map(|item| figures(item)).collect(),
            BlockKind::Quote(blocks) => figures(blocks),
            _ => Vec::new(),
        }
    }
    blocks.iter().flat_map(within).collect()
}

/// The plain text of running text, without markup and footnotes.
pub(crate) fn plain(line: &[Inline]) -> String {
    let mut text = String::new();
    for inline in line {
        match &inline.kind {
            InlineKind::Text(part) | InlineKind::Code(part) => text.push_str(part),
            InlineKind::Space | InlineKind::LineBreak => text.push(' '),
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => text.push_str(&plain(body)),
            InlineKind::Footnote(..) => {}
        }
    }
    text
}

/// All pieces of the running text of blocks, each before what is in it, footnotes included.
pub(crate) fn inlines(blocks: &[Block]) -> Vec<&Inline> {
    fn of_line<'b>(line: &'b [Inline], all: &mut Vec<&'b Inline>) {
        for inline in line {
            all.push(inline);
            match &inline.kind {
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body)
                | InlineKind::Passage(_, body) => of_line(body, all),
                InlineKind::Footnote(_, _, blocks) => of_blocks(blocks, all),
                InlineKind::Text(_)
                | InlineKind::Code(_)
                | InlineKind::Space
                | InlineKind::LineBreak => {}
            }
        }
    }
    fn of_blocks<'b>(blocks: &'b [Block], all: &mut Vec<&'b Inline>) {
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(line) | BlockKind::Heading(_, line) => of_line(line, all),
                BlockKind::List { items, .. } => {
                    items.iter().for_each(|item| of_blocks(item, all));
                }
                BlockKind::Quote(blocks) => of_blocks(blocks, all),
                BlockKind::Table { rows, .. } => {
                    rows.iter().flatten().for_each(|cell| of_line(cell, all));
                }
                BlockKind::Figure(figure) => {
                    of_line(&figure.alt, all);
                    of_line(&figure.caption, all);
                }
                BlockKind::Code(_) | BlockKind::ThematicBreak => {}
            }
        }
    }
    let mut all = Vec::new();
    of_blocks(blocks, &mut all);
    all
}

/// Visits the running text of blocks, each piece before what is in it, but not the text of footnotes.
pub(crate) fn visit_inlines(blocks: &mut [Block], visit: &mut impl FnMut(&mut Inline)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines) => {
                visit_in_inlines(inlines, visit);
            }
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| visit_inlines(item, visit));
            }
            BlockKind::Quote(blocks) => visit_inlines(blocks, visit),
            BlockKind::Table { rows, .. } => {
                rows.iter_mut().flatten().for_each(|cell| visit_in_inlines(cell, visit));
            }
            BlockKind::Figure(figure) => {
                visit_in_inlines(&mut figure.alt, visit);
                visit_in_inlines(&mut figure.caption, visit);
            }
            BlockKind::Code(_) | BlockKind::ThematicBreak => {}
        }
    }
}

fn visit_in_inlines(inlines: &mut [Inline], visit: &mut impl FnMut(&mut Inline)) {
    for inline in inlines {
        visit(inline);
        match &mut inline.kind {
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => visit_in_inlines(body, visit),
            InlineKind::Text(_)
            | InlineKind::Code(_)
            | InlineKind::Space
            | InlineKind::LineBreak
            | InlineKind::Footnote(..) => {}
        }
    }
}

impl Inline {
    /// The number of characters to read. A footnote is printed in another place.
    pub(crate) fn length(&self) -> usize {
        match &self.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => text.chars().count(),
            InlineKind::Space | InlineKind::LineBreak => 1,
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => body.iter().map(Self::length).sum(),
            InlineKind::Footnote(..) => 0,
        }
    }

    /// Whether it contains nothing to read.
    pub(crate) fn is_blank(&self) -> bool {
        match &self.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => text.trim().is_empty(),
            InlineKind::Space | InlineKind::LineBreak => true,
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => body.iter().all(Self::is_blank),
            InlineKind::Footnote(..) => false,
        }
    }
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inline {
    /// Its kind.
    pub kind: InlineKind,
    /// Where it is.
    pub place: Place,
}

/// The kind of a piece of running text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum InlineKind {
    /// Plain text.
    Text(EcoString),
    /// Code.
    Code(EcoString),
    /// A space, where the source has a line break.
    Space,
    /// A line break in the letter.
    LineBreak,
    /// Emphasis, usually italic.
    Emphasis(Vec<Inline>),
    /// Strong emphasis, usually bold.
    Strong(Vec<Inline>),
    /// Text that is struck through.
    Strike(Vec<Inline>),
    /// A link to a URL.
    Link(Url, Vec<Inline>),
    /// A passage in another language, written `[text](lang:es)`.
    Passage(Tag, Vec<Inline>),
    /// A footnote, with its language, the name of its definition, and its text. It is printed away from
    /// the text that refers to it, so it does not inherit that text's language.
    Footnote(Tag, EcoString, Vec<Block>),
}
