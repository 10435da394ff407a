//! Turns text and Markdown into Typst content: values, never source code, each with the place it
//! came from.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::str::FromStr;

use ecow::EcoString;
use pulldown_cmark::Alignment as ColumnAlignment;
use smallvec::SmallVec;
use typst::foundations::{Content, Label, NativeElement, Packed, Smart, Styles};
use typst::layout::{Alignment, Celled, HAlignment, Sizing, TrackSizings};
use typst::model::{
    Destination, DividerElem, EmphElem, EnumElem, EnumItem, FootnoteBody, FootnoteElem,
    HeadingElem, LinkElem, LinkTarget, ListElem, ListItem, ParElem, ParbreakElem, QuoteElem,
    StrongElem, TableCell, TableChild, TableElem, TableHeader, TableItem, Url,
};
use typst::syntax::{FileId, RangeMapper, Span, SyntaxKind, SyntaxNode};
use typst::text::{
    Lang, LinebreakElem, RawContent, RawElem, Region, SmartQuoteElem, SpaceElem, StrikeElem,
    TextElem,
};
use typst::utils::PicoStr;

use crate::diagnostics::Place;
use crate::language::Tag;
use crate::markdown::{Block, BlockKind, Inline, InlineKind};

/// The Typst span for a place in a file that is not Typst source, so that Typst's own messages and
/// the laid-out page can point at it.
///
/// Typst makes such spans for text that it evaluates inside other files, and only there: from a
/// syntax node with a map of ranges.
pub fn span(place: &Place) -> Span {
    range_span(place.file, place.range.clone()).unwrap_or(Span::detached())
}

fn range_span(file: FileId, range: Range<usize>) -> Option<Span> {
    // A range in the mapped file takes two segments at most: its first and its last byte.
    let segments: SmallVec<[Range<usize>; 2]> = match range.len() {
        0 => return None,
        1 => [range].into_iter().collect(),
        _ => [range.start..range.start + 1, range.end - 1..range.end].into_iter().collect(),
    };
    let mut node = SyntaxNode::leaf(SyntaxKind::Text, &"xx"[..segments.len()]);
    node.synthesize_mapped(file, &RangeMapper::new(segments).ok()?).ok()?;
    Some(node.span())
}

/// Plain text. Straight quotes become those of the language, line breaks stay, and no line starts
/// with a dash between two spaces.
pub fn text(text: &str, place: &Place) -> Content {
    let span = span(place);
    let text = [" - ", " – ", " — "]
        .iter()
        .fold(text.to_owned(), |text, dash| text.replace(dash, &dash.replacen(' ', "\u{a0}", 1)));
    let mut parts = Vec::new();
    let mut plain = EcoString::new();
    let flush = |plain: &mut EcoString, parts: &mut Vec<Content>| {
        if !plain.is_empty() {
            parts.push(TextElem::packed(std::mem::take(plain)).spanned(span));
        }
    };
    for c in text.chars() {
        match c {
            '"' | '\'' => {
                flush(&mut plain, &mut parts);
                let quote = SmartQuoteElem::new().with_double(c == '"');
                parts.push(quote.pack().spanned(span));
            }
            '\n' => {
                flush(&mut plain, &mut parts);
                parts.push(LinebreakElem::new().pack().spanned(span));
            }
            '\r' => {}
            _ => plain.push(c),
        }
    }
    flush(&mut plain, &mut parts);
    Content::sequence(parts)
}

/// Marks content as being in a language.
pub fn in_language(content: Content, tag: &Tag) -> Content {
    let mut styles = Styles::new();
    if let Ok(lang) = Lang::from_str(tag.language()) {
        styles.set(TextElem::lang, lang);
    }
    styles.set(TextElem::region, tag.region().and_then(|region| Region::from_str(region).ok()));
    content.styled_with_map(styles)
}

/// A body. Headings start one level below the letter's title, which is the first.
pub fn body(blocks: &[Block]) -> Content {
    Content::sequence(blocks.iter().map(block))
}

fn block(block: &Block) -> Content {
    let span = span(&block.place);
    let content = match &block.kind {
        BlockKind::Paragraph(inlines) => return paragraph(inlines, span),
        BlockKind::Heading(depth, body) => {
            let level = NonZeroUsize::new(depth + 1).unwrap_or(NonZeroUsize::MIN);
            HeadingElem::new(inlines(body)).with_level(Smart::Custom(level)).pack()
        }
        BlockKind::List { start, tight, items } => list(*start, *tight, items, span),
        BlockKind::Quote(blocks) => QuoteElem::new(body(blocks)).with_block(true).pack(),
        BlockKind::Code(code) => {
            RawElem::new(RawContent::Text(code.clone())).with_block(true).pack()
        }
        BlockKind::Table { alignments, rows } => table(alignments, rows, span),
        BlockKind::ThematicBreak => DividerElem::new().pack(),
    };
    content.spanned(span)
}

fn paragraph(inlines_: &[Inline], span: Span) -> Content {
    Content::sequence([
        ParbreakElem::shared().clone(),
        ParElem::new(inlines(inlines_)).pack().spanned(span),
        ParbreakElem::shared().clone(),
    ])
}

/// An item's blocks. A tight item is a line of text rather than a paragraph.
fn item(blocks: &[Block], tight: bool) -> Content {
    match blocks {
        [Block { kind: BlockKind::Paragraph(text), .. }, rest @ ..] if tight => {
            Content::sequence([inlines(text), body(rest)])
        }
        _ => body(blocks),
    }
}

fn list(start: Option<u64>, tight: bool, items: &[Vec<Block>], span: Span) -> Content {
    match start {
        None => {
            let items = items
                .iter()
                .map(|blocks| Packed::new(ListItem::new(item(blocks, tight))).spanned(span));
            ListElem::new(items.collect()).with_tight(tight).pack()
        }
        Some(start) => {
            let items = items
                .iter()
                .map(|blocks| Packed::new(EnumItem::new(item(blocks, tight))).spanned(span));
            EnumElem::new(items.collect()).with_tight(tight).with_start(Smart::Custom(start)).pack()
        }
    }
}

fn table(alignments: &[ColumnAlignment], rows: &[Vec<Vec<Inline>>], span: Span) -> Content {
    let cells = |row: &Vec<Vec<Inline>>| -> Vec<TableItem> {
        row.iter()
            .map(|cell| TableItem::Cell(Packed::new(TableCell::new(inlines(cell))).spanned(span)))
            .collect()
    };
    let mut children = Vec::new();
    let mut rows = rows.iter();
    if let Some(head) = rows.next() {
        children.push(TableChild::Header(Packed::new(TableHeader::new(cells(head))).spanned(span)));
    }
    for row in rows {
        children.extend(cells(row).into_iter().map(TableChild::Item));
    }
    let columns = alignments.iter().map(|_| Sizing::Auto).collect();
    let aligned = alignments
        .iter()
        .map(|alignment| {
            Smart::Custom(Alignment::H(match alignment {
                ColumnAlignment::None | ColumnAlignment::Left => HAlignment::Start,
                ColumnAlignment::Center => HAlignment::Center,
                ColumnAlignment::Right => HAlignment::End,
            }))
        })
        .collect();
    TableElem::new(children)
        .with_columns(TrackSizings(columns))
        .with_align(Celled::Array(aligned))
        .pack()
}

fn inlines(inlines: &[Inline]) -> Content {
    Content::sequence(inlines.iter().map(inline))
}

fn inline(inline: &Inline) -> Content {
    let content = match &inline.kind {
        InlineKind::Text(plain) => return text(plain, &inline.place),
        InlineKind::Code(code) => RawElem::new(RawContent::Text(code.clone())).pack(),
        InlineKind::Space => SpaceElem::new().pack(),
        InlineKind::LineBreak => LinebreakElem::new().pack(),
        InlineKind::Emphasis(body) => EmphElem::new(inlines(body)).pack(),
        InlineKind::Strong(body) => StrongElem::new(inlines(body)).pack(),
        InlineKind::Strike(body) => StrikeElem::new(inlines(body)).pack(),
        InlineKind::Link(url, body) => match Url::new(url.clone()) {
            Ok(url) => LinkElem::new(LinkTarget::Dest(Destination::Url(url)), inlines(body)).pack(),
            Err(_) => inlines(body),
        },
        InlineKind::Passage(tag, body) => in_language(inlines(body), tag),
        InlineKind::Footnote(name, blocks) => return footnote(name, blocks, span(&inline.place)),
    };
    content.spanned(span(&inline.place))
}

/// A footnote. Where it has no text, its first reference carries it.
fn footnote(name: &str, blocks: &[Block], span: Span) -> Content {
    let label = Label::new(PicoStr::intern(&format!("footnote:{name}")));
    match (label, blocks) {
        (Some(label), []) => FootnoteElem::new(FootnoteBody::Reference(label)).pack().spanned(span),
        (label, blocks) => {
            let text = FootnoteBody::Content(item(blocks, true));
            let note = FootnoteElem::new(text).pack().spanned(span);
            match label {
                Some(label) => note.labelled(label),
                None => note,
            }
        }
    }
}
