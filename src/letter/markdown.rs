//! Reads a body of CommonMark with footnotes, tables and strikethrough.
//!
//! Anything that cannot be printed is a problem with a place: raw HTML, pictures within a line, links with an
//! invalid name or target. Nothing is dropped silently.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::language::Tag;
use crate::letter::Picture;
use crate::letter::body::{
    Block, BlockKind, Figure, Inline, InlineKind, LinkUse, LinkUseTarget, Width, visit_inlines,
};
use crate::letter::conditions::{self, Condition, Test};
use crate::letter::placeholders::Placeholders;
use crate::problems::{Code, Diagnostic, Problems, characters};
use crate::source::Place;
use crate::source::text::{OffsetMap, Text, Written, link_name};
use crate::source::url::{self, Url};
use crate::spec::links;
use crate::words::say;
use crate::words::suggest;
use ecow::EcoString;
use pulldown_cmark::{
    Alignment, BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag as Mark, TagEnd,
};

/// What a body may refer to.
pub(crate) struct References<'r> {
    /// The letter's `[links]`: the name in lower case, and the target. A link without a target is
    /// printed as plain text.
    pub links: &'r [(String, Option<Url>)],
    /// The values of the placeholders.
    pub placeholders: &'r Placeholders,
    /// The language of the body.
    pub tag: &'r Tag,
    /// The picture at a path, if it can be printed.
    pub pictures: &'r dyn Fn(&Text) -> Option<Picture>,
}

/// A parsed body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// The names of the letter's `[links]` that it uses.
    pub used_links: HashSet<String>,
    /// All its links, in order.
    pub links: Vec<LinkUse>,
    /// Its parts that only some recipients get, in order.
    pub conditions: Vec<Condition>,
}

/// Parses a body. `source` is the text of the file that contains it, which is the body itself unless it
/// is written in the TOML. `None` if it contains characters that cannot be printed: they would only cause
/// more problems on the page.
pub(crate) fn read(
    text: &Text,
    source: &str,
    references: &References<'_>,
    problems: &Problems,
) -> Option<Body> {
    let (marks, mistakes) = conditions::find(&text.value);
    let masked = (!marks.is_empty()).then(|| conditions::masked(&text.value, &marks));
    let markdown: &str = masked.as_deref().unwrap_or(&text.value);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut unknown = Vec::new();
    let targets: HashMap<&str, Option<&Url>> =
        references.links.iter().rev().map(|(name, url)| (name.as_str(), url.as_ref())).collect();
    let events = {
        let resolve = |link: BrokenLink<'_>| {
            let name = link_name(&link.reference);
            let known = targets.contains_key(name.as_str());
            let meant = matches!(link.link_type, LinkType::Reference | LinkType::Collapsed);
            if !known && meant {
                unknown.push((link.reference.to_string(), link.span.clone()));
            }
            // The name serves as the target until the event is read.
            known.then(|| (CowStr::from(""), CowStr::from("")))
        };
        let parser = Parser::new_with_broken_link_callback(markdown, options, Some(resolve));
        merge_texts(parser.into_offset_iter(), markdown)
    };

    let mut reader = Reader {
        events: Vec::new().into_iter().peekable(),
        markdown,
        map: OffsetMap::new(text, source),
        file: text.place.file,
        references,
        targets,
        problems,
        used_links: HashSet::new(),
        links: Vec::new(),
        depth: 0,
        in_link: false,
        footnotes: HashMap::new(),
        cited: HashSet::new(),
        too_deep: false,
        bullet: None,
        marks: marks.into_iter().map(|mark| (mark.range.start, mark)).collect(),
        begun: None,
        conditions: Vec::new(),
    };
    for conditions::Mistake { range, message, hint } in mistakes {
        let problem = Diagnostic::new(Code::InvalidValue, reader.place(range), message);
        problems.push(problem.hint(hint));
    }
    let is_clean = reader.check_characters(&events);
    reader.events = events.into_iter().peekable();
    for (index, (name, range)) in unknown.into_iter().enumerate() {
        reader.report_unknown_link(&name, range, index < MAX_HINTS);
    }
    let mut blocks = reader.blocks(None);
    reader.place_footnotes(&mut blocks);
    number_headings(&mut blocks, &mut Vec::new());
    reader.report_loose_footnotes();
    reader.report_bullets();
    let Reader { used_links, links, conditions, .. } = reader;
    is_clean.then_some(Body { blocks, used_links, links, conditions })
}

/// The start of a passage in another language as written by `-f md`: CommonMark has no syntax for it,
/// and other programs would take `lang:` for the address of a link.
pub(crate) fn passage_mark(tag: &Tag) -> String {
    let direction = tag.direction().map(|direction| format!(" dir=\"{direction}\""));
    format!("<span lang=\"{tag}\"{}>", direction.unwrap_or_default())
}

/// The end of such a passage.
pub(crate) const PASSAGE_END: &str = "</span>";

/// The language of the passage, if this HTML tag begins one.
fn passage_language(html: &str) -> Option<Tag> {
    let (tag, _) = html.strip_prefix("<span lang=\"")?.split_once('"')?;
    let tag = tag.parse().ok()?;
    (passage_mark(&tag) == html).then_some(tag)
}

/// How a comment begins that keeps a text of the original until it is translated. It prints nothing.
const GUIDE: &str = "<!-- original:";

/// The comment that keeps a text of the original, in Markdown, until it is translated.
pub(crate) fn guide(original: &str) -> String {
    let text = original.trim().replace("-->", "-- >");
    // A line that begins or ends a part for some recipients would do so here as well.
    let line = |line: &str| match line.trim_start().starts_with(":::") {
        true => format!("    {}", line.trim_start()),
        false => line.to_owned(),
    };
    let lines: Vec<String> = text.lines().map(line).collect();
    format!("{GUIDE} {} -->", lines.join("\n"))
}

/// Whether HTML is such a comment and nothing else.
fn is_guide(html: &str) -> bool {
    let html = html.trim();
    html.starts_with(GUIDE) && html.find("-->") == html.len().checked_sub(3)
}

/// The characters that word processors put before list items.
const BULLETS: &[char] = &['•', '◦', '‣', '▪', '●', '○', '■', '\u{F0B7}'];

/// The maximum nesting of blocks and marks. Typst gives up at 64 of its own levels, and each of these
/// takes several.
const MAX_DEPTH: usize = 12;

/// The maximum number of unknown links that are compared with those that exist: more are not shown.
const MAX_HINTS: usize = 100;

type Item<'t> = (Event<'t>, Range<usize>);

/// Joins texts that are adjacent in the source. The parser splits texts at every character that might
/// have a meaning, and a placeholder may contain one.
fn merge_texts<'t>(events: impl Iterator<Item = Item<'t>>, markdown: &'t str) -> Vec<Item<'t>> {
    let verbatim = |text: &str, range: &Range<usize>| text.len() == range.len();
    let mut merged: Vec<Item<'t>> = Vec::new();
    for (event, range) in events {
        if let Event::Text(text) = &event
            && let Some((Event::Text(before), before_range)) = merged.last_mut()
            && before_range.end == range.start
            && verbatim(before, before_range)
            && verbatim(text, &range)
            && let Some(both) = markdown.get(before_range.start..range.end)
        {
            // A text that is as long as its source is its source.
            *before = CowStr::from(both);
            before_range.end = range.end;
            continue;
        }
        merged.push((event, range));
    }
    merged
}

/// The addresses of the web that a text shows as they are, and where they are in it.
fn bare_links(text: &str) -> Vec<(Range<usize>, Url)> {
    let mut links = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("http").map(|found| at + found) {
        at = start + "http".len();
        if let Some(address) = url::bare(text, start) {
            at = start + address.len();
            links.extend(Url::parse(address).map(|url| (start..at, url)));
        }
    }
    links
}

/// Whether this is running text or begins it.
fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(mark) => matches!(
            mark,
            Mark::Emphasis
                | Mark::Strong
                | Mark::Strikethrough
                | Mark::Link { .. }
                | Mark::Image { .. }
        ),
        Event::End(_) | Event::Rule => false,
        _ => true,
    }
}

/// Whether this ends running text inside other running text.
fn is_inline_end(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

struct Reader<'r, 't> {
    events: std::iter::Peekable<std::vec::IntoIter<Item<'t>>>,
    markdown: &'t str,
    map: OffsetMap,
    file: typst::syntax::FileId,
    references: &'r References<'r>,
    targets: HashMap<&'r str, Option<&'r Url>>,
    problems: &'r Problems,
    used_links: HashSet<String>,
    links: Vec<LinkUse>,
    depth: usize,
    /// Whether a link is being read, which can hold no other.
    in_link: bool,
    footnotes: HashMap<EcoString, (Vec<Block>, Place)>,
    cited: HashSet<EcoString>,
    /// Whether a note was left out because it is in too many others.
    too_deep: bool,
    /// Where the first line that begins with a bullet is.
    bullet: Option<Range<usize>>,
    /// The lines around parts for some recipients, by where they begin.
    marks: HashMap<usize, conditions::Mark>,
    /// The part that is being read: who gets it, its first block and its first line.
    begun: Option<(Test, usize, Place)>,
    conditions: Vec<Condition>,
}

impl<'t> Reader<'_, 't> {
    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.file, self.map.range(range))
    }

    fn report(&self, code: Code, range: Range<usize>, message: crate::words::Message) {
        self.problems.push(Diagnostic::new(code, self.place(range), message));
    }

    fn report_unknown_link(&self, name: &str, range: Range<usize>, may_be_meant: bool) {
        let known = self.references.links.iter().map(|(known, _)| known.as_str());
        let near = may_be_meant.then(|| suggest::nearest(&link_name(name), known)).flatten();
        let hint = match near {
            Some(near) => suggest::did_you_mean(near),
            None => say!("add it to `[links]`, or write the target as [text](https://…)"),
        };
        self.problems.push(
            Diagnostic::new(
                Code::UnknownLink,
                self.place(range),
                say!("there is no link `{name}`", name),
            )
            .hint(hint),
        );
    }

    /// Reports characters that cannot be printed, whether they are in the source or in a reference
    /// such as `&#x202E;`.
    /// Returns whether there is none.
    fn check_characters(&self, events: &[Item<'_>]) -> bool {
        let mut found = characters::Found::default();
        found.look_for_unprintable(self.markdown, |range| self.place(range));
        // The marks on one letter may be in several texts: the whole text, and where each part is.
        let mut whole = String::new();
        let mut parts: Vec<(usize, Range<usize>, bool)> = Vec::new();
        let are_ascii = self.markdown.is_ascii() && !self.markdown.contains('&');
        for (event, range) in events.iter().filter(|_| !are_ascii) {
            match event {
                Event::Text(text) => {
                    let verbatim = text.len() == range.len();
                    if !verbatim {
                        found.look_for_unprintable(text, |_| self.place(range.clone()));
                    }
                    parts.push((whole.len(), range.clone(), verbatim));
                    whole.push_str(text);
                }
                Event::Code(code) => {
                    parts.push((whole.len(), range.clone(), false));
                    whole.push_str(code);
                }
                event if is_inline(event) && matches!(event, Event::Start(_)) => {}
                Event::End(end) if is_inline_end(*end) => {}
                _ => whole.push('\n'),
            }
        }
        let source = |at: usize| {
            let index = parts.partition_point(|(start, ..)| *start <= at).saturating_sub(1);
            match parts.get(index) {
                Some((start, range, true)) => {
                    range.start + (at - start)..range.start + (at - start) + 1
                }
                Some((_, range, false)) => range.clone(),
                None => 0..0,
            }
        };
        found.look_for_clusters(&whole, |range| {
            let first = source(range.start);
            let last = source(range.end - 1);
            self.place(first.start..last.end.max(first.end))
        });
        let is_clean = found.is_empty();
        found.problems().for_each(|problem| self.problems.push(problem));
        is_clean
    }

    /// Descends one level, or skips the contents if that is too deep.
    fn deeper<T: Default>(
        &mut self,
        end: TagEnd,
        range: Range<usize>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.depth == MAX_DEPTH {
            self.report_depth(range);
            self.skip(end);
            return T::default();
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn report_depth(&self, range: Range<usize>) {
        let message = say!("this is nested more than {levels} levels deep", levels = MAX_DEPTH);
        self.report(Code::InvalidValue, range, message);
    }

    /// Skips everything up to the end of the mark that was just opened.
    fn skip(&mut self, end: TagEnd) {
        let mut open = 1;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Start(mark) if mark.to_end() == end => open += 1,
                Event::End(found) if found == end => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
    }

    /// The blocks up to the end of the enclosing mark, or of the text.
    fn blocks(&mut self, end: Option<TagEnd>) -> Vec<Block> {
        let mut blocks = Vec::new();
        // A tight list item contains its text without a paragraph around it.
        let mut loose: Vec<Inline> = Vec::new();
        while let Some((event, range)) = self.events.next() {
            if let Event::End(found) = &event
                && Some(*found) == end
            {
                break;
            }
            let starts_block = matches!(
                &event,
                Event::Start(
                    Mark::Paragraph
                        | Mark::Heading { .. }
                        | Mark::BlockQuote(_)
                        | Mark::CodeBlock(_)
                        | Mark::HtmlBlock
                        | Mark::List(_)
                        | Mark::FootnoteDefinition(_)
                        | Mark::Table(_)
                ) | Event::Rule
            );
            if !starts_block {
                self.inline(event, range, &mut loose);
                continue;
            }
            self.flush(&mut loose, &mut blocks);
            let place = self.place(range.clone());
            if let Some(mark) = self.marks.remove(&range.start) {
                let place = self.place(mark.range);
                self.mark(mark.test, blocks.len(), place);
                continue;
            }
            if let Some(kind) = self.block(event, range) {
                blocks.push(Block { kind, place });
            }
        }
        self.flush(&mut loose, &mut blocks);
        blocks
    }

    /// Begins or ends a part for some recipients, before the block with an index.
    fn mark(&mut self, test: Option<Test>, block: usize, place: Place) {
        match (test, self.begun.take()) {
            (Some(test), _) => {
                let problem =
                    conditions::unknown_column(&test, self.references.placeholders, &place);
                problem.into_iter().for_each(|problem| self.problems.push(problem));
                self.begun = Some((test, block, place));
            }
            (None, Some((test, first, place))) => {
                self.conditions.push(Condition { test, blocks: first..block, place });
            }
            (None, None) => {}
        }
    }

    /// Makes a paragraph of the text that is directly in an item.
    fn flush(&self, loose: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
        let (Some(first), Some(last)) = (loose.first(), loose.last()) else { return };
        let place = Place::new(self.file, first.place.range.start..last.place.range.end);
        blocks.push(Block { kind: BlockKind::Paragraph(std::mem::take(loose)), place });
    }

    /// Running text, or a picture that is alone in it.
    fn paragraph(&mut self) -> BlockKind {
        let is_image = |(event, _): &Item<'t>| matches!(event, Event::Start(Mark::Image { .. }));
        let Some((Event::Start(Mark::Image { dest_url, title, .. }), range)) =
            self.events.next_if(is_image)
        else {
            return BlockKind::Paragraph(self.inlines(TagEnd::Paragraph));
        };
        let mut alt = self.marked(TagEnd::Image, range.clone());
        let attributes = self.events.next_if(|(event, place)| {
            matches!(event, Event::Text(text) if place.start == range.end && is_attributes(text))
        });
        let ends = |(event, _): &Item<'t>| *event == Event::End(TagEnd::Paragraph);
        if self.events.next_if(ends).is_none() {
            self.report_picture_in_text(range);
            if let Some((Event::Text(text), range)) = attributes {
                self.text(&text, range, &mut alt);
            }
            alt.extend(self.inlines(TagEnd::Paragraph));
            return BlockKind::Paragraph(alt);
        }
        let width = match attributes {
            Some((Event::Text(text), range)) => self.width(&text, range),
            _ => None,
        };
        let figure = self.figure(&dest_url, &title, &alt, range);
        match figure.map(|figure| Figure { width, ..figure }) {
            Some(figure) => BlockKind::Figure(Box::new(figure)),
            // What is wrong has been reported.
            None => BlockKind::Paragraph(alt),
        }
    }

    fn figure(
        &mut self,
        path: &str,
        title: &str,
        alt: &[Inline],
        range: Range<usize>,
    ) -> Option<Figure> {
        let place = self.place(range.clone());
        let problem = |message| Diagnostic::new(Code::InvalidImage, place.clone(), message);
        if alt.iter().all(Inline::is_blank) {
            let message = say!("this picture has no description");
            self.problems.push(problem(message).hint(say!(
                "say what it shows, for people who cannot see it: ![A street without light](street.jpg)"
            )));
        }
        if path.is_empty() || path.contains("://") {
            let message = say!("this picture is not a file of the letter");
            self.problems.push(
                problem(message)
                    .hint(say!("save it beside the letter, and write the name of its file")),
            );
            return None;
        }
        let mut caption = Vec::new();
        if !title.is_empty() {
            let range = title_range(self.markdown, &range).unwrap_or(range);
            self.text(title, range, &mut caption);
        }
        let path = Text { value: path.into(), place, written: Written::Plain };
        let picture = (self.references.pictures)(&path)?;
        Some(Figure { picture, path: path.value, alt: alt.to_vec(), caption, width: None })
    }

    /// The width of a picture from what stands behind it: `{width=6cm}`.
    fn width(&self, attributes: &str, range: Range<usize>) -> Option<Width> {
        let inner = attributes.trim_end().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        let width = inner.and_then(|inner| inner.trim().strip_prefix("width="));
        let width = width.and_then(|width| Width::parse(width.trim_matches('"')));
        if width.is_none() {
            let place = self.place(range);
            let message = say!("this is not the width of a picture");
            let problem = Diagnostic::new(Code::InvalidImage, place, message);
            self.problems.push(problem.hint(say!(
                "write a part of the text’s width, {percent}, or a length, {length}",
                percent = "{width=50%}",
                length = "{width=6cm}"
            )));
        }
        width
    }

    fn report_picture_in_text(&self, range: Range<usize>) {
        let message = say!("a picture stands alone in its paragraph");
        let problem = Diagnostic::new(Code::InvalidImage, self.place(range), message);
        self.problems
            .push(problem.hint(say!("put an empty line before it and another one after it")));
    }

    fn block(&mut self, event: Event<'t>, range: Range<usize>) -> Option<BlockKind> {
        match event {
            Event::Rule => Some(BlockKind::ThematicBreak),
            Event::Start(Mark::Paragraph) => Some(self.paragraph()),
            Event::Start(Mark::Heading { level, .. }) => {
                let inlines = self.inlines(TagEnd::Heading(level));
                if inlines.iter().all(Inline::is_blank) {
                    let message = say!("this heading has no text");
                    let problem = Diagnostic::new(Code::InvalidValue, self.place(range), message);
                    self.problems.push(problem.hint(say!("take it out, or write its text")));
                    return None;
                }
                Some(BlockKind::Heading(level as usize, inlines))
            }
            Event::Start(Mark::BlockQuote(kind)) => {
                let end = TagEnd::BlockQuote(kind);
                Some(BlockKind::Quote(self.deeper(end, range, |r| r.blocks(Some(end)))))
            }
            Event::Start(Mark::CodeBlock(_)) => {
                let text = self.raw_text(TagEnd::CodeBlock);
                Some(BlockKind::Code(text.trim_end_matches('\n').into()))
            }
            Event::Start(Mark::List(start)) => {
                let end = TagEnd::List(start.is_some());
                let (tight, items) = self.deeper(end, range, |r| r.list(end));
                Some(BlockKind::List { start, tight, items })
            }
            Event::Start(Mark::Table(alignments)) => Some(self.table(alignments)),
            Event::Start(Mark::FootnoteDefinition(name)) => {
                let end = TagEnd::FootnoteDefinition;
                let blocks = self.deeper(end, range.clone(), |r| r.blocks(Some(end)));
                self.define_footnote(&name, blocks, self.place(range));
                None
            }
            Event::Start(Mark::HtmlBlock) => {
                self.raw_text(TagEnd::HtmlBlock);
                self.report_html(range);
                None
            }
            _ => None,
        }
    }

    fn define_footnote(&mut self, name: &str, blocks: Vec<Block>, place: Place) {
        if blocks.iter().all(Block::is_blank) {
            let message = say!("the footnote `{name}` has no text", name);
            self.problems.push(Diagnostic::new(Code::InvalidValue, place.clone(), message));
        }
        let key = EcoString::from(link_name(name));
        if let Some((_, first)) = self.footnotes.get(&key) {
            self.problems.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    place,
                    say!("there are two footnotes `{name}`", name),
                )
                .relate(first.clone(), say!("the first is here")),
            );
            return;
        }
        self.footnotes.insert(key, (blocks, place));
    }

    fn report_html(&self, range: Range<usize>) {
        let html = self.markdown.get(range.clone()).unwrap_or_default();
        let trimmed = range.start..range.start + html.trim_end().len();
        if is_guide(html) {
            let message = say!("a text of the original is left here as a comment");
            let problem = Diagnostic::new(Code::Untranslated, self.place(trimmed), message);
            self.problems.push(problem.hint(say!("translate it, then take the comment out")));
            return;
        }
        let hint = if html.starts_with("<!--") {
            say!("remove the comment; notes can go in the TOML after a `#`")
        } else if html.starts_with("<span") {
            say!("mark words in another language as [words](lang:es)")
        } else {
            say!("write it in Markdown, or \\< to print the character itself")
        };
        self.problems.push(
            Diagnostic::new(
                Code::RawHtml,
                self.place(trimmed),
                say!("HTML cannot be printed in a letter"),
            )
            .hint(hint),
        );
    }

    /// The text up to the end of a mark that contains only text.
    fn raw_text(&mut self, end: TagEnd) -> String {
        let mut text = String::new();
        for (event, _) in self.events.by_ref() {
            match event {
                Event::End(found) if found == end => break,
                Event::Text(part) | Event::Html(part) => text.push_str(&part),
                _ => {}
            }
        }
        text
    }

    /// Whether a list is tight, and its items.
    fn list(&mut self, end: TagEnd) -> (bool, Vec<Vec<Block>>) {
        let mut items = Vec::new();
        let mut tight = true;
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::End(found) if found == end => break,
                Event::Start(Mark::Item) => {
                    // In a loose list, the parser puts the text of items in paragraphs.
                    if let Some((Event::Start(Mark::Paragraph), _)) = self.events.peek() {
                        tight = false;
                    }
                    items.push(self.blocks(Some(TagEnd::Item)));
                }
                _ => {}
            }
        }
        (tight, items)
    }

    fn table(&mut self, alignments: Vec<Alignment>) -> BlockKind {
        let mut rows = Vec::new();
        let mut row = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(TagEnd::Table) => break,
                Event::Start(Mark::TableHead | Mark::TableRow) => {
                    self.check_cells(range, alignments.len());
                }
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                    rows.push(std::mem::take(&mut row));
                }
                Event::Start(Mark::TableCell) => row.push(self.inlines(TagEnd::TableCell)),
                _ => {}
            }
        }
        BlockKind::Table { alignments, rows }
    }

    /// Reports the cells of a row beyond the last column of its table, which the parser drops.
    fn check_cells(&self, range: Range<usize>, columns: usize) {
        let row = self.markdown.get(range.clone()).unwrap_or_default().trim();
        let row = row.strip_prefix('|').unwrap_or(row);
        let bars = row.char_indices().filter(|(at, c)| *c == '|' && !row[..*at].ends_with('\\'));
        let cells = bars.count() + usize::from(!row.ends_with('|') || row.ends_with("\\|"));
        if cells > columns {
            self.report(
                Code::InvalidValue,
                range,
                say!(
                    "this row has {cells} cells, but the table has {columns} columns",
                    cells,
                    columns
                ),
            );
        }
    }

    /// The running text up to the end of the enclosing mark.
    fn inlines(&mut self, end: TagEnd) -> Vec<Inline> {
        let mut inlines = Vec::new();
        while let Some((event, range)) = self.events.next() {
            if matches!(&event, Event::End(found) if *found == end) {
                break;
            }
            self.inline(event, range, &mut inlines);
        }
        inlines
    }

    /// The running text inside a mark.
    fn marked(&mut self, end: TagEnd, range: Range<usize>) -> Vec<Inline> {
        self.deeper(end, range, |reader| reader.inlines(end))
    }

    fn inline(&mut self, event: Event<'t>, range: Range<usize>, inlines: &mut Vec<Inline>) {
        let place = self.place(range.clone());
        let kind = match event {
            Event::Text(text) => return self.text(&text, range, inlines),
            Event::Code(code) => InlineKind::Code(code.as_ref().into()),
            Event::SoftBreak => InlineKind::Space,
            Event::HardBreak => InlineKind::LineBreak,
            Event::Start(Mark::Emphasis) => {
                InlineKind::Emphasis(self.marked(TagEnd::Emphasis, range))
            }
            Event::Start(Mark::Strong) => InlineKind::Strong(self.marked(TagEnd::Strong, range)),
            Event::Start(Mark::Strikethrough) => {
                InlineKind::Strike(self.marked(TagEnd::Strikethrough, range))
            }
            Event::Start(Mark::Link { link_type, dest_url, id, .. }) => {
                self.in_link = true;
                let mut body = self.marked(TagEnd::Link, range.clone());
                self.in_link = false;
                if body.is_empty() && !dest_url.is_empty() {
                    // A link without a text shows its address.
                    let kind = InlineKind::Text(dest_url.as_ref().into());
                    body.push(Inline { kind, place: place.clone() });
                }
                match self.link(link_type, &dest_url, &id, range, body) {
                    Ok(kind) => kind,
                    // A link without a valid target is plain text.
                    Err(body) => return inlines.extend(body),
                }
            }
            Event::Start(Mark::Image { .. }) => {
                let alt = self.marked(TagEnd::Image, range.clone());
                self.report_picture_in_text(range);
                return inlines.extend(alt);
            }
            Event::FootnoteReference(name) => {
                let language = self.references.tag.clone();
                InlineKind::Footnote(language, link_name(&name).into(), Vec::new())
            }
            Event::Html(html) | Event::InlineHtml(html) => match passage_language(&html) {
                Some(tag) => match self.passage(range) {
                    Ok(body) => InlineKind::Passage(tag, body),
                    Err(body) => return inlines.extend(body),
                },
                None => return self.report_html(range),
            },
            _ => return,
        };
        inlines.push(Inline { kind, place });
    }

    /// The running text of a passage in another language, as written by `-f md`. If it does not end
    /// within the enclosing mark, the error is its text so far, and its tag is HTML like any other.
    fn passage(&mut self, range: Range<usize>) -> Result<Vec<Inline>, Vec<Inline>> {
        let mut inlines = Vec::new();
        if self.depth == MAX_DEPTH {
            self.report_depth(range);
            return Err(inlines);
        }
        self.depth += 1;
        let ended = loop {
            let next = self.events.next_if(|(event, _)| is_inline(event));
            match next {
                Some((Event::InlineHtml(html), _)) if *html == *PASSAGE_END => break true,
                Some((event, range)) => self.inline(event, range, &mut inlines),
                None => break false,
            }
        };
        self.depth -= 1;
        if ended {
            return Ok(inlines);
        }
        self.report_html(range);
        Err(inlines)
    }

    fn text(&mut self, text: &str, range: Range<usize>, inlines: &mut Vec<Inline>) {
        // If an entity such as &amp; was resolved, the text differs from the source.
        let verbatim = text.len() == range.len();
        let escaped = range.start > 0
            && text.starts_with('{')
            && self.markdown.as_bytes().get(range.start - 1) == Some(&b'\\');
        let (pieces, unknown) = self.references.placeholders.fill(text, usize::from(escaped));
        let part = |part: Range<usize>| {
            if verbatim { range.start + part.start..range.start + part.end } else { range.clone() }
        };
        for unknown in unknown {
            let place = self.place(part(unknown.range.clone()));
            self.problems.push(self.references.placeholders.problem(&unknown, place));
        }
        if self.bullet.is_none() && self.begins_item(text, range.start) {
            self.bullet = Some(part(0..text.chars().next().map_or(0, char::len_utf8)));
        }
        if let Some(at) = text.find("](") {
            self.problems.push(
                Diagnostic::new(
                    Code::InvalidUrl,
                    self.place(part(at..at + 2)),
                    say!("this is not a link, but looks like one"),
                )
                .hint(say!("put an address that contains spaces between < and >")),
            );
        }
        if let Some(at) = text.find("[^") {
            self.report_footnote_without_text(&text[at..], part(at..text.len()));
        }
        for piece in pieces {
            let is_written = text.get(piece.range.clone()) == Some(&*piece.text);
            let at = |offsets: Range<usize>| match is_written {
                true => part(piece.range.start + offsets.start..piece.range.start + offsets.end),
                false => part(piece.range.clone()),
            };
            // An address that a placeholder stands for is as its author wrote it.
            let links =
                if is_written && !self.in_link { bare_links(&piece.text) } else { Vec::new() };
            let mut from = 0;
            let plain = |reader: &Self, offsets: Range<usize>| {
                let text = piece.text[offsets.clone()].replace('\t', " ");
                let place = reader.place(at(offsets));
                Inline { kind: InlineKind::Text(text.into()), place }
            };
            for (offsets, url) in links {
                if from < offsets.start {
                    inlines.push(plain(self, from..offsets.start));
                }
                from = offsets.end;
                let body = vec![plain(self, offsets)];
                let place = body[0].place.clone();
                let target = LinkUseTarget::Url(url.clone());
                self.links.push(LinkUse { target, place: place.clone() });
                inlines.push(Inline { kind: InlineKind::Link(url, body), place });
            }
            if from < piece.text.len() || piece.text.is_empty() {
                inlines.push(plain(self, from..piece.text.len()));
            }
        }
    }

    /// Whether a text begins a line of the source with a bullet, as pasted from a word processor.
    fn begins_item(&self, text: &str, at: usize) -> bool {
        let mut characters = text.chars();
        let before = self.markdown[..at].chars().rev().take_while(|c| *c != '\n');
        characters.next().is_some_and(|c| BULLETS.contains(&c))
            && characters.next().is_some_and(char::is_whitespace)
            && { before }.all(|c| c.is_whitespace() || c == '>')
    }

    /// Warns once about items that Markdown takes for one paragraph.
    fn report_bullets(&self) {
        let Some(range) = &self.bullet else { return };
        let bullet = self.markdown.get(range.clone()).unwrap_or_default();
        let message = say!(
            "a line that begins with `{bullet}` is not a list item: it continues the line before",
            bullet
        );
        self.problems.push(
            Diagnostic::new(Code::PastedList, self.place(range.clone()), message)
                .hint(say!("begin each item with `- `")),
        );
    }

    /// `[^name]` without a definition is plain text in CommonMark, but a mistake by its author.
    fn report_footnote_without_text(&self, text: &str, range: Range<usize>) {
        let Some(length) = text.find(']') else { return };
        let name = &text[2..length];
        if name.is_empty() || name.contains(char::is_whitespace) {
            return;
        }
        let place = self.place(range.start..(range.start + length + 1).min(range.end));
        self.problems.push(
            Diagnostic::new(Code::UnknownLink, place, say!("there is no footnote `{name}`", name))
                .hint(say!("write its text in a paragraph that starts with [^{name}]:", name)),
        );
    }

    /// A link, or only its text if it has no valid target.
    fn link(
        &mut self,
        link_type: LinkType,
        target: &str,
        id: &str,
        range: Range<usize>,
        body: Vec<Inline>,
    ) -> Result<InlineKind, Vec<Inline>> {
        let named = matches!(
            link_type,
            LinkType::ReferenceUnknown | LinkType::CollapsedUnknown | LinkType::ShortcutUnknown
        );
        if named {
            let name = link_name(id);
            let url = self.targets.get(name.as_str()).copied().flatten().cloned();
            self.used_links.insert(name.clone());
            let place = self.place(range);
            self.links.push(LinkUse { target: LinkUseTarget::Named(name), place });
            // An invalid target is reported where it is written.
            return match url {
                Some(url) => Ok(InlineKind::Link(url, body)),
                None => Err(body),
            };
        }
        if let Some(tag) = target.strip_prefix("lang:") {
            return match tag.parse() {
                Ok(tag) => Ok(InlineKind::Passage(tag, body)),
                Err(_) => {
                    self.report(
                        Code::InvalidLanguage,
                        range,
                        say!("`{tag}` is not a language tag", tag),
                    );
                    Err(body)
                }
            };
        }
        let target = match link_type {
            LinkType::Email => format!("mailto:{target}"),
            _ => target.to_owned(),
        };
        match Url::parse(&target) {
            Ok(url) => {
                let place = self.place(range);
                self.links.push(LinkUse { target: LinkUseTarget::Url(url.clone()), place });
                Ok(InlineKind::Link(url, body))
            }
            Err(wrong) => {
                self.problems.push(links::problem(&wrong, &target, self.place(range)));
                Err(body)
            }
        }
    }

    /// Moves the text of each footnote to its reference.
    fn place_footnotes(&mut self, blocks: &mut [Block]) {
        visit_inlines(blocks, &mut |inline| self.place_footnote(inline));
    }

    fn place_footnote(&mut self, inline: &mut Inline) {
        let InlineKind::Footnote(_, name, blocks) = &mut inline.kind else { return };
        // Only the first reference contains the text; the others repeat its number.
        if !self.cited.insert(name.clone()) {
            return;
        }
        let Some((text, _)) = self.footnotes.get(name) else { return };
        if text.iter().all(Block::is_blank) {
            // That it has no text was reported where it is written.
            inline.kind = InlineKind::Text(EcoString::new());
            return;
        }
        if self.depth == MAX_DEPTH {
            let message =
                say!("this note is in a note, more than {levels} notes deep", levels = MAX_DEPTH);
            let place = inline.place.clone();
            self.problems.push(Diagnostic::new(Code::InvalidValue, place, message));
            inline.kind = InlineKind::Text(EcoString::new());
            self.too_deep = true;
            return;
        }
        *blocks = text.clone();
        self.depth += 1;
        self.place_footnotes(blocks);
        self.depth -= 1;
    }

    /// Reports footnotes without a reference, which would not be printed.
    fn report_loose_footnotes(&self) {
        // What is only in a note that was left out has a reference.
        for (name, (_, place)) in self.footnotes.iter().filter(|_| !self.too_deep) {
            if !self.cited.contains(name) {
                self.problems.push(
                    Diagnostic::new(
                        Code::UnknownLink,
                        place.clone(),
                        say!("nothing refers to the footnote `{name}`", name),
                    )
                    .hint(say!("write [^{name}] where it belongs, or remove it", name)),
                );
            }
        }
    }
}

/// Makes the depths of headings consecutive: a heading is one level deeper than the heading it belongs
/// to, wherever in the text it is, because PDF/UA-1 (ISO 14289-1, section 7.4.2) allows no gaps. `open`
/// has the levels, as they are written, of the headings that the next one may belong to.
pub(super) fn number_headings(blocks: &mut [Block], open: &mut Vec<usize>) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Heading(level, _) => {
                while open.last().is_some_and(|last| *last >= *level) {
                    open.pop();
                }
                open.push(*level);
                *level = open.len();
            }
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| number_headings(item, open));
            }
            BlockKind::Quote(blocks) => number_headings(blocks, open),
            BlockKind::Paragraph(_) | BlockKind::Table { .. } => {
                visit_inlines(std::slice::from_mut(block), &mut |inline| {
                    if let InlineKind::Footnote(_, _, blocks) = &mut inline.kind {
                        number_headings(blocks, open);
                    }
                });
            }
            BlockKind::Code(_) | BlockKind::ThematicBreak | BlockKind::Figure(_) => {}
        }
    }
}

/// Where the title of a picture is within `![alt](file "title")`, without its quotes.
fn title_range(markdown: &str, picture: &Range<usize>) -> Option<Range<usize>> {
    let inner = markdown.get(picture.clone())?.strip_suffix(')')?.trim_end();
    let open = match inner.chars().next_back()? {
        ')' => '(',
        quote @ ('"' | '\'') => quote,
        _ => return None,
    };
    let inner = &inner[..inner.len() - 1];
    // Within it, the same quote has a backslash.
    let opens = |(at, c): &(usize, char)| *c == open && !inner[..*at].ends_with('\\');
    let (start, _) = inner.char_indices().rev().find(opens)?;
    Some(picture.start + start + 1..picture.start + inner.len())
}

/// Whether a text is what Pandoc calls the attributes of a picture: `{width=6cm}`. Two braces are a placeholder.
fn is_attributes(text: &str) -> bool {
    text.starts_with('{') && !text.starts_with("{{") && text.trim_end().ends_with('}')
}
