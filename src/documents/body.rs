//! The text of a document as the body of a letter, in Markdown.

use std::collections::BTreeMap;

use ecow::EcoString;
use pulldown_cmark::{Alignment, Event, Options, Parser};

use crate::documents::model::{
    Block, LeftOut, Run, SOFT_BREAK, Shown, Style, caption, plain, shown, trimmed, visit,
};
use crate::documents::passages::passage;
use crate::files::carried;
use crate::formats::markdown;
use crate::language::Tag;
use crate::letter::Picture;
use crate::letter::body::{Block as Written, BlockKind, Figure, Inline, InlineKind, Width};
use crate::letter::resolve::MAX_BODY;
use crate::source::Place;
use crate::source::url::Url;
use crate::words::say;

/// Writes a body. What a body cannot hold is added to `left_out`, and what it shows to `figures`.
pub(super) fn write(
    blocks: &[Block],
    notes: &[Vec<Block>],
    tag: &Tag,
    left_out: &mut Vec<LeftOut>,
    figures: &mut Vec<Shown>,
) -> String {
    let mut levels: Vec<u8> = Vec::new();
    for block in blocks {
        if let Block::Heading(level, _) = block {
            levels.push(*level);
        }
    }
    let top = levels.iter().min().copied().unwrap_or(1);
    let mut writer = Writer { notes, tag, top, depth: 0, open: Vec::new(), left_out, figures };
    let written = writer.blocks(blocks);
    markdown::blocks(&written)
}

/// Takes the last blocks from a body that is longer than a letter may have, and returns them.
pub(super) fn fit(blocks: &mut Vec<Block>, notes: &[Vec<Block>], tag: &Tag) -> Vec<Block> {
    let length =
        |count: usize| write(&blocks[..count], notes, tag, &mut Vec::new(), &mut Vec::new()).len();
    // A sign is written with at most six, as in "&quot;".
    let mut size = 0;
    visit(&blocks[..], &mut |text, link| size += text.len() + link.map_or(0, str::len) + 16);
    if size * 6 < MAX_BODY || length(blocks.len()) <= MAX_BODY {
        return Vec::new();
    }
    let (mut fits, mut exceeds) = (0, blocks.len());
    while exceeds - fits > 1 {
        let middle = fits.midpoint(exceeds);
        match length(middle) <= MAX_BODY {
            true => fits = middle,
            false => exceeds = middle,
        }
    }
    blocks.split_off(fits)
}

/// The deepest nesting that is written: a body may have a few levels more.
const MAX_DEPTH: usize = 8;

struct Writer<'d> {
    notes: &'d [Vec<Block>],
    tag: &'d Tag,
    /// The level of the highest heading.
    top: u8,
    depth: usize,
    /// The notes that are being written, which may refer to each other.
    open: Vec<usize>,
    left_out: &'d mut Vec<LeftOut>,
    /// The pictures that were written.
    figures: &'d mut Vec<Shown>,
}

fn place() -> Place {
    Place::start_of(carried::main())
}

fn inline(kind: InlineKind) -> Inline {
    Inline { kind, place: place() }
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) -> Vec<Written> {
        let mut written = Vec::new();
        for block in blocks {
            self.block(block, &mut written);
        }
        written
    }

    fn block(&mut self, block: &Block, written: &mut Vec<Written>) {
        let pictures: Vec<&Shown> = match block {
            Block::Heading(_, runs) => shown(runs).collect(),
            Block::Table(table) => {
                table.rows.iter().flatten().flat_map(|cell| shown(cell)).collect()
            }
            _ => Vec::new(),
        };
        let kind = match block {
            Block::Blank => return,
            Block::Paragraph(runs) if runs.iter().any(|run| run.picture.is_some()) => {
                return self.with_pictures(runs, written);
            }
            Block::Paragraph(runs) => {
                if let Some(Written { kind: BlockKind::Figure(figure), .. }) = written.last_mut()
                    && figure.caption.is_empty()
                    && let Some(caption) = caption(runs)
                {
                    figure.caption = vec![inline(InlineKind::Text(caption.into()))];
                    return;
                }
                BlockKind::Paragraph(self.checked(runs))
            }
            Block::Heading(level, runs) => {
                let depth = usize::from(level.saturating_sub(self.top)).min(5);
                let [runs] = not_bold([runs.clone()]);
                BlockKind::Heading(depth, self.checked(&runs))
            }
            Block::List { items, .. } if self.depth >= MAX_DEPTH => {
                written.extend(items.iter().flat_map(|item| self.blocks(item)));
                return;
            }
            Block::Quote(inner) if self.depth >= MAX_DEPTH => {
                written.extend(self.blocks(inner));
                return;
            }
            Block::List { start, items } => {
                self.depth += 1;
                let items: Vec<Vec<Written>> = items.iter().map(|item| self.blocks(item)).collect();
                self.depth -= 1;
                let is_short = |item: &Vec<Written>| {
                    item.iter().filter(|b| !matches!(b.kind, BlockKind::List { .. })).count() <= 1
                };
                let items: Vec<_> = items.into_iter().filter(|item| !item.is_empty()).collect();
                if items.is_empty() {
                    return;
                }
                BlockKind::List { start: *start, tight: items.iter().all(is_short), items }
            }
            Block::Quote(inner) => {
                self.depth += 1;
                let inner = self.blocks(inner);
                self.depth -= 1;
                if inner.is_empty() {
                    return;
                }
                BlockKind::Quote(inner)
            }
            Block::Table(table) => {
                let columns = table.rows.iter().map(Vec::len).max().unwrap_or(0);
                let row = |row: &Vec<Vec<Run>>| -> Vec<Vec<Inline>> {
                    let mut cells: Vec<_> = row.iter().map(|cell| self.checked(cell)).collect();
                    cells.resize_with(columns, Vec::new);
                    cells
                };
                let Some((header, rest)) = table.rows.split_first().filter(|_| columns > 0) else {
                    return;
                };
                let header = not_bold(header.clone());
                let rows: Vec<_> = [&header].into_iter().chain(rest).map(row).collect();
                let mut alignments = table.alignments.clone();
                alignments.resize(columns, Alignment::None);
                BlockKind::Table { alignments, rows }
            }
            Block::Code(code) if code.trim().is_empty() => return,
            Block::Code(code) => BlockKind::Code(code.as_str().into()),
            Block::Rule => BlockKind::ThematicBreak,
        };
        let block = Written { kind, place: place() };
        let is_empty = block.is_blank() && !matches!(block.kind, BlockKind::ThematicBreak);
        if !is_empty {
            written.push(block);
        }
        // A heading and a table have no place for a picture: it comes after them.
        written.extend(pictures.into_iter().filter_map(|picture| self.figure(picture)));
    }

    /// A picture that stands in a text. `None` in a note, which is no place for one: what is not written is
    /// told.
    fn figure(&mut self, shown: &Shown) -> Option<Written> {
        if !self.open.is_empty() {
            return None;
        }
        // Without a description, it is for the author to write one: check asks for it.
        let alt = shown.alt.split_whitespace().collect::<Vec<_>>().join(" ");
        let figure = Figure {
            picture: Picture { file: carried::main(), place: place() },
            path: shown.path.as_str().into(),
            alt: vec![inline(InlineKind::Text(alt.into()))],
            caption: Vec::new(),
            width: shown.width.as_deref().and_then(Width::parse),
        };
        self.figures.push(shown.clone());
        Some(Written { kind: BlockKind::Figure(Box::new(figure)), place: place() })
    }

    /// A paragraph in which pictures stand, which a body has between its paragraphs.
    fn with_pictures(&mut self, runs: &[Run], written: &mut Vec<Written>) {
        let mut rest = runs;
        while !rest.is_empty() {
            let count = rest.iter().take_while(|run| run.picture.is_none()).count();
            let (text, others) = rest.split_at(count);
            let kind = BlockKind::Paragraph(self.checked(&trimmed(text)));
            let paragraph = Written { kind, place: place() };
            if !paragraph.is_blank() {
                written.push(paragraph);
            }
            let Some((first, others)) = others.split_first() else { return };
            written.extend(first.picture.as_ref().and_then(|shown| self.figure(shown)));
            rest = others;
        }
    }

    /// Running text whose Markdown says the same when it is read again. Where marks that touch words
    /// would not be understood, they are left out, and the words stay.
    fn checked(&mut self, runs: &[Run]) -> Vec<Inline> {
        // A picture in a heading or in a table is written behind it.
        let texts = runs.iter().filter(|run| run.picture.is_none()).cloned();
        let runs = tidy(&texts.collect::<Vec<Run>>());
        let inlines = self.inlines(&runs);
        let again = |inlines: &[Inline]| {
            let kind = BlockKind::Paragraph(inlines.to_vec());
            let text = markdown::blocks(&[Written { kind, place: place() }]);
            read_back(text.split("\n\n[^").next().unwrap_or_default())
        };
        let is_marked = runs.iter().any(|run| run.style != Style::default());
        if !is_marked || again(&inlines) == squeeze(&plain(&runs)) {
            return inlines;
        }
        let bare: Vec<Run> =
            runs.into_iter().map(|run| Run { style: Style::default(), ..run }).collect();
        self.inlines(&tidy(&bare))
    }

    fn inlines(&mut self, runs: &[Run]) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let mut rest = runs;
        while let Some(first) = rest.first() {
            if let Some(note) = first.note {
                inlines.extend(self.note(note));
                rest = &rest[1..];
                continue;
            }
            let (same, others) = rest.split_at(passage(rest));
            rest = others;
            let styled = styled(same, STYLES);
            match first.link.as_deref() {
                None => match &first.lang {
                    Some(lang) => {
                        inlines.push(inline(InlineKind::Passage(lang.clone(), styled)));
                    }
                    None => inlines.extend(styled),
                },
                Some(link) => {
                    let is_inner = link.starts_with('#');
                    let url = Url::parse(link).ok();
                    if url.is_none() && !is_inner && !link.is_empty() {
                        self.left_out.push(LeftOut {
                            what: say!("an address that leads nowhere from paper"),
                            text: link.to_owned(),
                        });
                    }
                    let url = url.unwrap_or_else(Url::unknown);
                    inlines.push(inline(InlineKind::Link(url, styled)));
                }
            }
        }
        inlines
    }

    fn note(&mut self, note: usize) -> Option<Inline> {
        let blocks = self.notes.get(note)?;
        if self.open.contains(&note) || self.open.len() > 4 {
            return None;
        }
        self.open.push(note);
        let blocks = self.blocks(blocks);
        self.open.pop();
        let name: EcoString = ecow::eco_format!("{}", note + 1);
        (!blocks.is_empty()).then(|| inline(InlineKind::Footnote(self.tag.clone(), name, blocks)))
    }
}

/// Texts that are bold by themselves, as headings are and the header of a table, without bold in all of them.
pub(super) fn not_bold<T: AsMut<[Vec<Run>]>>(mut texts: T) -> T {
    let is_bold = |run: &Run| run.style.strong || run.text.trim().is_empty();
    if texts.as_mut().iter().flatten().all(is_bold) {
        texts.as_mut().iter_mut().flatten().for_each(|run| run.style.strong = false);
    }
    texts
}

type Wrap = fn(Vec<Inline>) -> InlineKind;
type Mark = (fn(&Style) -> bool, Wrap);

/// The marks around text, the outermost first.
const STYLES: &[Mark] = &[
    (|style| style.strong, InlineKind::Strong),
    (|style| style.emphasis, InlineKind::Emphasis),
    (|style| style.strike, InlineKind::Strike),
];

/// Text with its marks, where neighbours share them.
fn styled(runs: &[Run], marks: &[Mark]) -> Vec<Inline> {
    let Some(((has, wrap), inner)) = marks.split_first() else {
        return runs.iter().flat_map(texts).collect();
    };
    let mut inlines = Vec::new();
    let mut rest = runs;
    while let Some(first) = rest.first() {
        let marked = has(&first.style);
        let count = rest.iter().take_while(|run| has(&run.style) == marked).count();
        let (same, others) = rest.split_at(count);
        rest = others;
        let within = styled(same, inner);
        if marked {
            inlines.push(inline(wrap(within)));
        } else {
            inlines.extend(within);
        }
    }
    inlines
}

fn texts(run: &Run) -> Vec<Inline> {
    if run.style.code {
        return vec![inline(InlineKind::Code(run.text.replace('\n', " ").into()))];
    }
    let mut inlines = Vec::new();
    for (index, line) in run.text.split('\n').enumerate() {
        if index > 0 {
            inlines.push(inline(InlineKind::LineBreak));
        }
        if !line.is_empty() {
            inlines.push(inline(InlineKind::Text(line.into())));
        }
    }
    inlines
}

/// Runs whose marks begin and end at words, without white space at the ends of lines.
fn tidy(runs: &[Run]) -> Vec<Run> {
    let mut spaced: Vec<Run> = Vec::new();
    let mut push = |run: Run| match spaced.last_mut() {
        _ if run.text.is_empty() && !run.is_mark() => {}
        Some(last)
            if !last.is_mark()
                && !run.is_mark()
                && (last.style, &last.link, &last.lang) == (run.style, &run.link, &run.lang) =>
        {
            last.text.push_str(&run.text);
        }
        _ => spaced.push(run),
    };
    for run in runs {
        let text = run.text.replace([SOFT_BREAK, '\t'], " ");
        let inner = text.trim_matches([' ', '\n']);
        let is_plain = run.style == Style::default() && run.link.is_none() && run.lang.is_none();
        if is_plain || inner.is_empty() || run.is_mark() {
            let is_space = inner.is_empty() && !run.is_mark();
            let style = if is_space { Style::default() } else { run.style };
            let (link, lang) =
                if is_space { (None, None) } else { (run.link.clone(), run.lang.clone()) };
            push(Run { text, style, link, lang, ..run.clone() });
            continue;
        }
        let start = text.len() - text.trim_start_matches([' ', '\n']).len();
        push(Run::plain(&text[..start]));
        push(Run { text: inner.to_owned(), ..run.clone() });
        push(Run::plain(&text[start + inner.len()..]));
    }
    // No space beside a line break, and none at either end.
    let mut after_break = true;
    for run in &mut spaced {
        let mut text = String::with_capacity(run.text.len());
        for c in run.text.chars() {
            match c {
                ' ' if after_break || text.ends_with(' ') => {}
                '\n' => {
                    text.truncate(text.trim_end_matches(' ').len());
                    text.push('\n');
                    after_break = true;
                }
                _ => {
                    text.push(c);
                    after_break = false;
                }
            }
        }
        run.text = text;
    }
    spaced.retain(|run| run.is_mark() || !run.text.is_empty());
    while let Some(last) = spaced.last_mut().filter(|last| !last.is_mark()) {
        last.text.truncate(last.text.trim_end_matches([' ', '\n']).len());
        if !last.text.is_empty() {
            break;
        }
        spaced.pop();
    }
    spaced
}

/// What a paragraph of Markdown says, without white space.
fn read_back(markdown: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            _ => {}
        }
    }
    // A reference whose note is elsewhere is read as text.
    let mut rest = text.as_str();
    let mut without = String::new();
    while let Some((before, after)) = rest.split_once("[^") {
        without.push_str(before);
        rest = after.split_once(']').map_or("", |(_, after)| after);
    }
    squeeze(&(without + rest))
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How often each word is in a text: letters and digits between other signs.
pub(super) fn count_words(text: &str, counts: &mut BTreeMap<String, usize>) {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.for_each(|word| *counts.entry(word.to_lowercase()).or_default() += 1);
}
