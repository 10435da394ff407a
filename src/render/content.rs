//! Turns text and Markdown into Typst content: values, never source code, each with the place that it
//! came from.

use std::num::NonZeroUsize;
use std::ops::{ControlFlow, Range};
use std::str::FromStr;

use ecow::EcoString;
use pulldown_cmark::Alignment as ColumnAlignment;
use smallvec::SmallVec;
use typst::foundations::{
    Content, Dict, IntoValue, Label, NativeElement, Packed, Recipe, Selector, Smart, Styles,
    Transformation, Value, array, dict,
};
use typst::introspection::MetadataElem;
use typst::layout::{
    Abs, Alignment, BoxElem, Celled, Dir, Em, HAlignment, Ratio, Sizing, TrackSizings,
};
use typst::model::{
    Destination, DividerElem, EmphElem, EnumElem, EnumItem, FigureCaption, FigureElem,
    FirstLineIndent, FootnoteBody, FootnoteElem, HeadingElem, LinkElem, LinkTarget, ListElem,
    ListItem, ParElem, ParbreakElem, QuoteElem, StrongElem, TableCell, TableChild, TableElem,
    TableHeader, TableItem,
};
use typst::syntax::{FileId, RangeMapper, Span, SyntaxKind, SyntaxNode};
use typst::text::{
    Lang, LinebreakElem, RawContent, RawElem, Region, SmartQuoteElem, SpaceElem, StrikeElem,
    TextDir, TextElem,
};
use typst::utils::PicoStr;

use crate::language::{Tag, words};
use crate::letter::Printed;
use crate::letter::body::{
    self, Block, BlockKind, Figure, Inline, InlineKind, WidthSize, visit_inlines,
};
use crate::letter::quotes;
use crate::render::recipient_marks::{self, Piece};
use crate::render::ties;
use crate::source::Place;
use crate::source::url::Url;

/// The Typst span of a place in a file that is not Typst source, so that Typst's own messages and the
/// laid-out page can point to it.
///
/// Typst makes such spans only for text that it evaluates inside other files: from a syntax node with
/// a map of ranges.
pub(crate) fn span(place: &Place) -> Span {
    range_span(place.file, place.range.clone()).unwrap_or(Span::detached())
}

fn range_span(file: FileId, range: Range<usize>) -> Option<Span> {
    // A range in the mapped file takes at most two segments: its first and its last byte.
    let segments: SmallVec<[Range<usize>; 2]> = match range.len() {
        0 => return None,
        1 => [range].into_iter().collect(),
        _ => [range.start..range.start + 1, range.end - 1..range.end].into_iter().collect(),
    };
    let mut node = SyntaxNode::leaf(SyntaxKind::Text, &"xx"[..segments.len()]);
    node.synthesize_mapped(file, &RangeMapper::new(segments).ok()?).ok()?;
    Some(node.span())
}

/// Plain text. Straight quotes become those of the language, and line breaks stay.
///
/// No line ends at a written hyphen, unless the word is too long to be kept whole: a PDF reader that
/// joins the lines of a page takes such a hyphen for hyphenation and drops it, which misspells an
/// organization's name. Nor does a line start with a dash.
pub(crate) fn text(text: &str, place: &Place) -> Content {
    text_after(None, text, place)
}

/// Plain text after a character, which decides what an apostrophe is.
fn text_after(before: Option<char>, text: &str, place: &Place) -> Content {
    let span = span(place);
    let text = quotes::with_apostrophes(before, text);
    Content::sequence(spoken_pieces(&text).into_iter().map(|piece| piece_content(piece, span)))
}

/// The pieces of a plain text on the page.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextPiece {
    /// Letters.
    Text(EcoString),
    /// A straight quote, which becomes one of the language, double or single.
    Quote(bool),
    /// A line break.
    Break(()),
    /// A text that must not be broken across lines.
    Whole(Vec<TextPiece>),
    /// An address, in no language: where it is broken, no sign is added.
    Address(Vec<TextPiece>),
    /// The recipient's value in a column of a mail merge.
    Recipient(usize),
}

fn piece_content(piece: TextPiece, span: Span) -> Content {
    let content = match piece {
        TextPiece::Text(text) => TextElem::packed(text),
        TextPiece::Quote(double) => SmartQuoteElem::new().with_double(double).pack(),
        TextPiece::Break(()) => LinebreakElem::new().pack(),
        TextPiece::Whole(pieces) => {
            let body = pieces.into_iter().map(|piece| piece_content(piece, span));
            BoxElem::new().with_body(Some(Content::sequence(body))).pack()
        }
        TextPiece::Address(pieces) => {
            let body = pieces.into_iter().map(|piece| piece_content(piece, span));
            in_no_language(Content::sequence(body))
        }
        TextPiece::Recipient(column) => {
            let column = i64::try_from(column).unwrap_or_default();
            labelled(MetadataElem::new(Value::Int(column)).pack(), RECIPIENT)
        }
    };
    content.spanned(span)
}

/// Content in no language, which is `zxx` in ISO 639-2. Spanish and other languages repeat a hyphen at
/// which a line is broken, also that of an address, which leads nowhere then.
///
/// Upstream: <https://github.com/typst/typst/issues/4058>.
fn in_no_language(content: Content) -> Content {
    let lang = Lang::from_str("zxx").unwrap_or(Lang::ENGLISH);
    content.set(TextElem::lang, lang).set(TextElem::region, None)
}

/// The label of the placeholder for a text of a mail merge's recipient.
const RECIPIENT: &str = "undersigned-recipient";

/// The columns of a mail merge's recipients that the values print, each once, in order.
pub(crate) fn recipient_columns(values: &Dict) -> Vec<usize> {
    let mut columns = Vec::new();
    for (_, value) in values {
        collect_columns(value, &mut columns);
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn collect_columns(value: &Value, columns: &mut Vec<usize>) {
    match value {
        Value::Content(content) => {
            let label = Label::new(PicoStr::intern(RECIPIENT));
            let _all: ControlFlow<()> = content.traverse(&mut |element| {
                if let Some(mark) = element.to_packed::<MetadataElem>()
                    && element.label() == label
                    && let Value::Int(column) = mark.value
                {
                    columns.extend(usize::try_from(column));
                }
                ControlFlow::Continue(())
            });
        }
        Value::Array(items) => items.iter().for_each(|item| collect_columns(item, columns)),
        Value::Dict(dict) => {
            dict.iter().for_each(|(_, item)| collect_columns(item, columns));
        }
        _ => {}
    }
}

/// The pieces of a plain text, as [`text`] typesets them.
pub(crate) fn pieces(text: &str) -> Vec<TextPiece> {
    spoken_pieces(&quotes::with_apostrophes(None, text))
}

/// The pieces of a text with its apostrophes.
fn spoken_pieces(text: &str) -> Vec<TextPiece> {
    let mut pieces = Vec::new();
    for (index, word) in ties::tie(text).split(' ').enumerate() {
        if index > 0 {
            push_letter(' ', &mut pieces);
        }
        // A quote at the end of a word stays outside of the box, because its direction depends on
        // what is before it.
        let quoted = word.contains(['"', '\'']);
        let core = if quoted { word.trim_matches(|c: char| !c.is_alphanumeric()) } else { word };
        let tie: fn(Vec<TextPiece>) -> TextPiece = if is_whole(core) {
            TextPiece::Whole
        } else if core.trim_matches('-').contains('-') && Url::of_page(core).is_some() {
            TextPiece::Address
        } else {
            push_word(word, &mut pieces);
            continue;
        };
        let (before, after) = word.split_once(core).unwrap_or_default();
        push_word(before, &mut pieces);
        let mut tied = Vec::new();
        push_word(core, &mut tied);
        pieces.push(tie(tied));
        push_word(after, &mut pieces);
    }
    pieces
}

/// Whether a word has a hyphen and is not broken there.
pub(super) fn is_whole(word: &str) -> bool {
    word.trim_matches('-').contains('-') && recipient_marks::length(word) <= ties::MAX_TIE
}

/// The text between two spaces.
fn push_word(word: &str, pieces: &mut Vec<TextPiece>) {
    for part in recipient_marks::parts(word) {
        let text = match part {
            Piece::Text(text) => text,
            Piece::Column(column) => {
                pieces.push(TextPiece::Recipient(column));
                continue;
            }
        };
        for c in text.chars() {
            match c {
                '"' | '\'' => pieces.push(TextPiece::Quote(c == '"')),
                '\n' => pieces.push(TextPiece::Break(())),
                '\r' => {}
                _ => push_letter(c, pieces),
            }
        }
    }
}

fn push_letter(c: char, pieces: &mut Vec<TextPiece>) {
    match pieces.last_mut() {
        Some(TextPiece::Text(text)) => text.push(c),
        _ => pieces.push(TextPiece::Text(EcoString::from(c))),
    }
}

/// The direction of a language, unless Typst knows it.
pub(super) fn direction(tag: &Tag) -> Smart<Dir> {
    let right_to_left = tag.direction().is_some();
    match (right_to_left, Lang::from_str(tag.language()).map_or(Dir::LTR, Lang::dir)) {
        (true, Dir::LTR) => Smart::Custom(Dir::RTL),
        (false, Dir::RTL) => Smart::Custom(Dir::LTR),
        _ => Smart::Auto,
    }
}

/// Marks content as being in a language.
pub(crate) fn in_language(content: Content, tag: &Tag) -> Content {
    let mut styles = Styles::new();
    if let Ok(lang) = Lang::from_str(tag.language()) {
        styles.set(TextElem::lang, lang);
    }
    styles.set(TextElem::dir, TextDir(direction(tag)));
    styles.set(TextElem::region, tag.country().and_then(|region| Region::from_str(region).ok()));
    styles.set(
        SmartQuoteElem::quotes,
        quotation_marks(words::quotes(tag)).cast().unwrap_or_default(),
    );
    content.styled_with_map(styles)
}

/// A text of the program, which is in no file.
pub(super) fn plain(text: &str) -> Content {
    TextElem::packed(text)
}

/// Words of the program, in their language if that is not the letter's.
pub(super) fn words(text: &str, lang: Option<&Tag>) -> Content {
    match lang {
        Some(tag) => in_language(plain(text), tag),
        None => plain(text),
    }
}

/// Quotation marks, two outer and two inner ones, as Typst takes them. Without any, those that it has for
/// the language.
pub(super) fn quotation_marks(marks: Option<&[String; 4]>) -> Value {
    let Some([outer, outer_end, inner, inner_end]) = marks else { return Value::Auto };
    let pair = |open: &String, close: &String| array![open.as_str(), close.as_str()];
    dict! { "double" => pair(outer, outer_end), "single" => pair(inner, inner_end) }.into_value()
}

/// Content marked with its language, if that is not the letter's.
pub(super) fn marked(content: Content, lang: &Option<Tag>) -> Content {
    match lang {
        Some(tag) => in_language(content, tag),
        None => content,
    }
}

/// A text of the letter.
pub(super) fn printed(printed: &Printed) -> Content {
    let text = self::text(&printed.text, &printed.source.place);
    marked(isolated(text, printed), &printed.lang)
}

/// Text that is written from left to right in a language that is not.
fn isolated(text: Content, printed: &Printed) -> Content {
    match printed.left_to_right {
        true => text.set(TextElem::dir, TextDir(Smart::Custom(Dir::LTR))),
        false => text,
    }
}

/// The name of a signatory, which may take several lines of a column.
pub(super) fn printed_name(name: &Printed) -> Content {
    let text = ties::tie_name(&name.text);
    marked(isolated(self::text(&text, &name.source.place), name), &name.lang)
}

/// The text of a letter. Headings start one level below the letter's title, which is the first.
///
/// With labels, a template can keep the end of the text and the signatures on one page. [`TEXT_END`]
/// marks the end of the last line, and [`END_GAP`] the gap below it. If the last paragraph may be a
/// single line, [`BEFORE_END`] marks the end of the line before it, and [`LAST_GAP`] the gap between
/// the two. A last block that has no lines of text, such as a table, has the label [`LAST_BLOCK`].
/// [`NOTES`] marks where a block with footnotes begins.
pub(crate) fn letter_body(blocks: &[Block], indent: impl Fn(&[Inline]) -> Option<u8>) -> Content {
    let ending = Ending::of(&[blocks]);
    let mut parts = letter_blocks(blocks, ending, indent);
    for at in (0..parts.len()).rev() {
        if let Some(gap) = ending.gap_after(at, blocks.len()) {
            parts.insert(at + 1, mark(gap));
        }
        if has_notes(&parts[at]) {
            let block = i64::try_from(at).unwrap_or_default();
            let mark = MetadataElem::new(Value::Int(block)).pack();
            if let Some(part) = parts.get_mut(at)
                && part.label().is_none()
            {
                *part = labelled(std::mem::take(part), &format!("{NOTES}-{block}"));
            }
            parts.insert(at, labelled(mark, NOTES));
        }
    }
    Content::sequence(parts)
}

/// The blocks of the text of a letter one by one, with the same labels except those of gaps. `indent` says how many
/// characters wide a paragraph is indented, unless it is as others are.
pub(crate) fn letter_blocks(
    blocks: &[Block],
    ending: Ending,
    indent: impl Fn(&[Inline]) -> Option<u8>,
) -> Vec<Content> {
    let last = blocks.len().saturating_sub(1);
    let set = |one: &Block, end: Option<&Content>| match &one.kind {
        BlockKind::Paragraph(line) => match indent(line).and_then(first_line) {
            Some(first) => block(one, end).set(ParElem::first_line_indent, first),
            None => block(one, end),
        },
        _ => block(one, end),
    };
    let blocks = blocks.iter().enumerate();
    let blocks = blocks.map(|(at, one)| match ending {
        Ending::Text | Ending::ShortText if at == last => set(one, Some(&mark(TEXT_END))),
        Ending::ShortText if at + 1 == last => set(one, Some(&mark(BEFORE_END))),
        Ending::Other if at == last => labelled(set(one, None), LAST_BLOCK),
        _ => set(one, None),
    });
    blocks.collect()
}

/// An indentation of the first line, in characters, also below something else than a paragraph.
fn first_line(wide: u8) -> Option<FirstLineIndent> {
    dict! { "amount" => Em::new(wide.into()), "all" => true }.into_value().cast().ok()
}

/// How the text of a letter ends, or the texts of letters set side by side.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Ending {
    /// In a line of text.
    Text,
    /// In a paragraph that may be a single line, below another line of text.
    ShortText,
    /// In something else, such as a table.
    Other,
}

impl Ending {
    /// How texts end. If one of them needs to be kept together, all of them are.
    pub(crate) fn of(texts: &[&[Block]]) -> Self {
        let lasts = || texts.iter().filter_map(|blocks| blocks.last());
        let second = |blocks: &&[Block]| matches!(blocks, [.., second, _] if ends_in_text(second));
        if !lasts().all(ends_in_text) {
            Self::Other
        } else if lasts().any(is_short) && texts.iter().all(second) {
            Self::ShortText
        } else {
            Self::Text
        }
    }

    /// The label of the gap after one of the blocks of a text, if it has one.
    pub(crate) fn gap_after(self, block: usize, blocks: usize) -> Option<&'static str> {
        match self {
            Self::Text | Self::ShortText if block + 1 == blocks => Some(END_GAP),
            Self::ShortText if block + 2 == blocks => Some(LAST_GAP),
            _ => None,
        }
    }
}

/// The label of the end of a letter's text.
pub(crate) const TEXT_END: &str = "undersigned-text-end";

/// The label of the gap below a letter's text.
pub(crate) const END_GAP: &str = "undersigned-end-gap";

/// The label of the place above a block with footnotes, whose value is the number of the block. With the
/// number, it is the label of the block itself.
pub(crate) const NOTES: &str = "undersigned-notes";

fn has_notes(block: &Content) -> bool {
    let found = block.traverse(&mut |element| match element.is::<FootnoteElem>() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// The label of the end of the block before a short last paragraph.
pub(crate) const BEFORE_END: &str = "undersigned-before-end";

/// The label of the gap above a short last paragraph.
pub(crate) const LAST_GAP: &str = "undersigned-last-gap";

/// The label of a last block without lines of text.
pub(crate) const LAST_BLOCK: &str = "undersigned-last-block";

/// A mark that prints nothing.
pub(crate) fn mark(name: &str) -> Content {
    labelled(MetadataElem::new(Value::None).pack(), name)
}

fn labelled(content: Content, name: &str) -> Content {
    match Label::new(PicoStr::intern(name)) {
        Some(label) => content.labelled(label),
        None => content,
    }
}

/// Whether the last thing in a block is a line of running text, which can hold a mark.
fn ends_in_text(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Paragraph(_) => true,
        BlockKind::List { items, .. } => {
            items.last().and_then(|item| item.last()).is_some_and(ends_in_text)
        }
        BlockKind::Quote(blocks) => blocks.last().is_some_and(ends_in_text),
        BlockKind::Heading(..)
        | BlockKind::Code(_)
        | BlockKind::Table { .. }
        | BlockKind::ThematicBreak
        | BlockKind::Figure(_) => false,
    }
}

/// Whether a block may be a single line on the page.
fn is_short(block: &Block) -> bool {
    /// More characters than fit on a line of the smallest type on the widest paper.
    const MAX_LINE: usize = 160;
    let BlockKind::Paragraph(inlines) = &block.kind else { return false };
    inlines.iter().map(Inline::length).sum::<usize>() <= MAX_LINE
}

/// Blocks, with something at the end of the last line of text.
fn body(blocks: &[Block], end: Option<&Content>) -> Content {
    let last = blocks.len().saturating_sub(1);
    let numbered = blocks.iter().enumerate();
    Content::sequence(numbered.map(|(at, one)| block(one, end.filter(|_| at == last))))
}

fn block(block: &Block, end: Option<&Content>) -> Content {
    let span = span(&block.place);
    let content = match &block.kind {
        BlockKind::Paragraph(inlines) => return paragraph(inlines, span, end),
        BlockKind::Heading(depth, body) => {
            let level = NonZeroUsize::new(depth + 1).unwrap_or(NonZeroUsize::MIN);
            HeadingElem::new(inlines(body)).with_level(Smart::Custom(level)).pack()
        }
        BlockKind::List { start, tight, items } => list(*start, *tight, items, span, end),
        BlockKind::Quote(blocks) => QuoteElem::new(body(blocks, end)).with_block(true).pack(),
        BlockKind::Code(code) => {
            RawElem::new(RawContent::Text(code.clone())).with_block(true).pack()
        }
        BlockKind::Table { alignments, rows } => table(alignments, rows, span),
        BlockKind::ThematicBreak => DividerElem::new().pack(),
        BlockKind::Figure(figure) => self::figure(figure, span),
    };
    content.spanned(span)
}

/// The label of a picture of the text, which `main.typ` prints: with its path, and with what it shows.
const PICTURE: &str = "undersigned-picture";

fn figure(figure: &Figure, span: Span) -> Content {
    let width = figure.width.as_ref().map(|width| match width.size {
        WidthSize::Points(points) => Value::Length(Abs::pt(points).into()),
        WidthSize::OfText(part) => Value::Ratio(Ratio::new(part)),
    });
    // A picture without a description has been reported, and nothing is written.
    let alt = Some(body::plain(&figure.alt)).filter(|alt| !alt.trim().is_empty());
    let values = dict! {
        "path" => figure.picture.file.get().clone(),
        "alt" => alt.unwrap_or_else(|| figure.path.to_string()),
        "width" => width,
    };
    let picture = labelled(MetadataElem::new(Value::Dict(values)).pack().spanned(span), PICTURE);
    let caption = (!figure.caption.is_empty())
        .then(|| Packed::new(FigureCaption::new(inlines(&figure.caption))).spanned(span));
    FigureElem::new(picture)
        .with_caption(caption)
        .with_numbering(None)
        .with_supplement(Smart::Custom(None))
        .with_outlined(false)
        .pack()
}

fn paragraph(text: &[Inline], span: Span, end: Option<&Content>) -> Content {
    Content::sequence([
        ParbreakElem::shared().clone(),
        ParElem::new(ended(inlines(text), end)).pack().spanned(span),
        ParbreakElem::shared().clone(),
    ])
}

fn ended(text: Content, end: Option<&Content>) -> Content {
    match end {
        Some(end) => Content::sequence([text, end.clone()]),
        None => text,
    }
}

/// An item's blocks. A tight item is a line of text rather than a paragraph.
fn item(blocks: &[Block], tight: bool, end: Option<&Content>) -> Content {
    match blocks {
        [Block { kind: BlockKind::Paragraph(text), .. }] if tight => ended(inlines(text), end),
        [Block { kind: BlockKind::Paragraph(text), .. }, rest @ ..] if tight => {
            Content::sequence([inlines(text), body(rest, end)])
        }
        _ => body(blocks, end),
    }
}

fn list(
    start: Option<u64>,
    tight: bool,
    items: &[Vec<Block>],
    span: Span,
    end: Option<&Content>,
) -> Content {
    let last = items.len().saturating_sub(1);
    let items = items
        .iter()
        .enumerate()
        .map(|(at, blocks)| item(blocks, tight, end.filter(|_| at == last)));
    match start {
        None => {
            let items = items.map(|text| Packed::new(ListItem::new(text)).spanned(span));
            ListElem::new(items.collect()).with_tight(tight).pack()
        }
        Some(start) => {
            let items = items.map(|text| Packed::new(EnumItem::new(text)).spanned(span));
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
                ColumnAlignment::Right => HAlignment::Right,
            }))
        })
        .collect();
    TableElem::new(children)
        .with_columns(TrackSizings(columns))
        .with_align(Celled::Array(aligned))
        .pack()
}

/// The label of a link that is struck through, or that has struck text in it. It is not underlined as
/// well, because PDF/UA-1 allows only one of these lines.
const STRUCK_LINK: &str = "undersigned-struck-link";

fn has_strike(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match &inline.kind {
        InlineKind::Strike(_) => true,
        InlineKind::Emphasis(body)
        | InlineKind::Strong(body)
        | InlineKind::Link(_, body)
        | InlineKind::Passage(_, body) => has_strike(body),
        _ => false,
    })
}

fn inlines(inlines: &[Inline]) -> Content {
    inlines_at(inlines, false, &mut Seam::None)
}

/// Running text, which may be inside text that is struck through.
fn inlines_at(inlines: &[Inline], struck: bool, seam: &mut Seam) -> Content {
    let text =
        |at: Option<usize>| match at.and_then(|at| inlines.get(at)).map(|inline| &inline.kind) {
            Some(InlineKind::Text(text)) => Some(&**text),
            _ => None,
        };
    Content::sequence(inlines.iter().enumerate().map(|(at, one)| {
        let before = text(at.checked_sub(1));
        match &one.kind {
            InlineKind::Text(text) => {
                let last = at + 1 == inlines.len();
                let text = if last { ties::tie_end(text) } else { text.as_str().into() };
                let before = before.and_then(|before| before.chars().next_back());
                if !last {
                    return seam.text(before, &text, &one.place);
                }
                // The last word is not broken: its end would be alone on the last line.
                let text = ties::tie(&text);
                let (start, word) = text.split_at(text.rfind(' ').map_or(0, |at| at + 1));
                let before_word = start.chars().next_back().or(before);
                let start = seam.text(before, start, &one.place);
                let word = seam.text(before_word, word, &one.place);
                Content::sequence([start, word.set(TextElem::hyphenate, Smart::Custom(false))])
            }
            // The body is broken into lines where a line of the page may not end.
            InlineKind::Space
                if {
                    let after = text(Some(at + 1)).unwrap_or("");
                    let ends = at + 2 == inlines.len() && ties::is_short_end(after);
                    ends || ties::tied(before.unwrap_or(""), after)
                } =>
            {
                *seam = Seam::None;
                TextElem::packed("\u{a0}").spanned(span(&one.place))
            }
            _ => inline(one, struck, seam),
        }
    }))
}

/// How a text is joined to the one before it. Typst cannot break a line where a link ends within a word
/// if a hyphen is added there: it takes that hyphen for a part of the link, but outside of its tag, and
/// the letter could not be built.
///
/// Upstream: <https://github.com/typst/typst/issues/8608>, fixed after 0.15.1.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Seam {
    /// Not to a link.
    None,
    /// To a link that ends in a part of the same word.
    Word,
    /// To a link that ends where a hyphen may be added.
    SoftHyphen,
}

impl Seam {
    /// A text after the seam. Up to its first space, it belongs to the word in which the link ends.
    fn text(&mut self, before: Option<char>, plain: &str, place: &Place) -> Content {
        if *self == Self::None {
            return text_after(before, plain, place);
        }
        let space = plain.find(char::is_whitespace);
        let (word, rest) = plain.split_at(space.unwrap_or(plain.len()));
        // A word joiner keeps a line from ending at the soft hyphen.
        let joined = *self == Self::SoftHyphen && !word.is_empty();
        let after = word.chars().next_back().or(before);
        let joiner = if joined { "\u{2060}" } else { "" };
        let word = text_after(before, &format!("{joiner}{word}"), place);
        *self = match space {
            Some(_) => Self::None,
            None if plain.is_empty() => *self,
            None => Self::Word,
        };
        let word = word.set(TextElem::hyphenate, Smart::Custom(false));
        Content::sequence([word, text_after(after, rest, place)])
    }
}

fn last_character(inlines: &[Inline]) -> Option<char> {
    match &inlines.last()?.kind {
        InlineKind::Text(text) | InlineKind::Code(text) => text.chars().next_back(),
        InlineKind::Emphasis(body)
        | InlineKind::Strong(body)
        | InlineKind::Strike(body)
        | InlineKind::Link(_, body)
        | InlineKind::Passage(_, body) => last_character(body),
        InlineKind::Space | InlineKind::LineBreak | InlineKind::Footnote(..) => None,
    }
}

fn inline(inline: &Inline, struck: bool, seam: &mut Seam) -> Content {
    let content = match &inline.kind {
        InlineKind::Text(plain) => return seam.text(None, plain, &inline.place),
        InlineKind::Code(code) => {
            *seam = Seam::None;
            RawElem::new(RawContent::Text(code.clone())).pack()
        }
        InlineKind::Space => {
            *seam = Seam::None;
            SpaceElem::new().pack()
        }
        InlineKind::LineBreak => {
            *seam = Seam::None;
            LinebreakElem::new().pack()
        }
        InlineKind::Emphasis(body) => EmphElem::new(inlines_at(body, struck, seam)).pack(),
        InlineKind::Strong(body) => StrongElem::new(inlines_at(body, struck, seam)).pack(),
        InlineKind::Strike(body) => StrikeElem::new(inlines_at(body, true, seam)).pack(),
        InlineKind::Link(url, body) => {
            let text = inlines_at(body, struck, seam);
            match typst::model::Url::new(url.as_str()) {
                Ok(url) => {
                    let last = last_character(body);
                    *seam = if last == Some('\u{ad}') { Seam::SoftHyphen } else { Seam::Word };
                    // No hyphen is repeated on the next line, for the same reason.
                    let text = if last == Some('-') { in_no_language(text) } else { text };
                    let link = LinkElem::new(LinkTarget::Dest(Destination::Url(url)), text).pack();
                    if struck || has_strike(body) { labelled(link, STRUCK_LINK) } else { link }
                }
                Err(_) => text,
            }
        }
        InlineKind::Passage(tag, body) => in_language(inlines_at(body, struck, seam), tag),
        // The number of a note is a link to its text.
        InlineKind::Footnote(tag, name, blocks) => {
            *seam = Seam::Word;
            return footnote(tag, name, blocks, span(&inline.place));
        }
    };
    content.spanned(span(&inline.place))
}

/// A footnote. If it has no text, its first reference has it.
///
/// Typst loses some of the notes that are in notes. So a note refers to the notes in it, and their
/// texts stand behind it, where nothing shows the numbers that would refer to them.
fn footnote(tag: &Tag, name: &str, blocks: &[Block], span: Span) -> Content {
    // Languages in one document may use the same name for different notes.
    let label = format!("footnote:{tag}:{name}");
    if let ([], Some(label)) = (blocks, Label::new(PicoStr::intern(&label))) {
        return FootnoteElem::new(FootnoteBody::Reference(label)).pack().spanned(span);
    }
    let (mut blocks, mut inner) = (blocks.to_vec(), Vec::new());
    visit_inlines(&mut blocks, &mut |inline| {
        if let InlineKind::Footnote(tag, name, text) = &mut inline.kind
            && !text.is_empty()
        {
            let whole = InlineKind::Footnote(tag.clone(), name.clone(), std::mem::take(text));
            inner.push(Inline { kind: whole, place: inline.place.clone() });
        }
    });
    let text = FootnoteBody::Content(in_language(item(&blocks, true, None), tag));
    let note = labelled(FootnoteElem::new(text).pack().spanned(span), &label);
    if inner.is_empty() {
        return note;
    }
    let selector = Selector::Elem(FootnoteElem::ELEM, None);
    let unseen = Recipe::new(Some(selector), Transformation::Content(Content::empty()), span);
    Content::sequence([note, inlines(&inner).styled(unseen)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_address_is_in_no_language() {
        let kinds = |text: &str| -> Vec<String> {
            let name =
                |piece: &TextPiece| format!("{piece:?}").split('(').next().map(str::to_owned);
            pieces(text).iter().filter_map(name).collect()
        };
        assert_eq!(
            kinds("see https://example.org/that-goes-on-and-on now"),
            ["Text", "Address", "Text"]
        );
        assert_eq!(kinds("see example.org/a-b now"), ["Text", "Whole", "Text"]);
        assert_eq!(kinds("supercalifragilistico-espialidoso"), ["Text"]);
    }
}
