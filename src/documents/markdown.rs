//! Markdown as other programs write it: that of Google Docs, of the generators of web sites, of pandoc.

use pulldown_cmark::{Alignment, Event, Options, Parser, Tag, TagEnd};

use crate::documents::model::{
    Block, Document, LeftOut, Run, SOFT_BREAK, Shown, Style, Table, is_blank, mark_caption, plain,
    push, trimmed,
};
use crate::documents::text;
use crate::letter::body::Width;
use crate::words::say;

/// The most levels of lists and quotations that are kept. What is deeper stands in the last of them.
pub(super) const MAX_DEPTH: usize = 8;

/// Reads Markdown.
pub(crate) fn read(source: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut reader = Reader::default();
    let (attributes, source) = without_attributes(source);
    for event in Parser::new_ext(&source, options) {
        reader.event(event);
    }
    reader.end_block();
    let names = reader.names;
    let mut document = reader.document;
    document.blocks = reader.stack.pop().map(|open| open.blocks).unwrap_or_default();
    document.notes.resize_with(names.len(), Vec::new);
    for text in attributes {
        document.left_out.push(LeftOut { what: say!("a mark of a website's program"), text });
    }
    document
}

/// The source without what Jekyll, Hugo and kramdown understand and CommonMark prints: the lines that
/// are only `{: .class}`, and the tags of Liquid. Returns what was taken out.
fn without_attributes(source: &str) -> (Vec<String>, String) {
    let mut taken = Vec::new();
    let mut kept = String::with_capacity(source.len());
    let mut fenced = false;
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        fenced ^= text.starts_with("```") || text.starts_with("~~~");
        let is_mark = text.starts_with("{:") && text.ends_with('}')
            || text.starts_with("{%") && text.ends_with("%}")
            || text.starts_with("{{<") && text.ends_with(">}}");
        if is_mark && !fenced {
            taken.push(text.to_owned());
            kept.push('\n');
        } else {
            kept.push_str(line);
        }
    }
    (taken, kept)
}

/// Whether a text has marks that only Markdown has: front matter, a heading, a picture or a link.
pub(super) fn is_likely(text: &str) -> bool {
    let text = text.trim_start_matches('\u{FEFF}');
    let front =
        text.lines().next().map(str::trim_end).filter(|line| matches!(*line, "---" | "+++"));
    let has_front =
        front.is_some_and(|line| text.lines().skip(1).any(|end| end.trim_end() == line));
    let is_heading = |line: &str| {
        let rest = line.trim_start_matches('#');
        (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ')
    };
    // `[text](address)`, and so `![what it shows](file)`.
    let has_link = |line: &str| {
        let mut ends = line.match_indices("](");
        ends.any(|(at, _)| line[..at].contains('[') && line[at..].contains(')'))
    };
    has_front || text.lines().any(|line| is_heading(line) || has_link(line) || line.contains("!["))
}

/// Something that contains blocks.
#[derive(Default)]
struct Open {
    blocks: Vec<Block>,
    items: Vec<Vec<Block>>,
    start: Option<u64>,
}

#[derive(Default)]
struct Reader {
    document: Document,
    stack: Vec<Open>,
    runs: Vec<Run>,
    style: Style,
    link: Option<String>,
    /// The names of the footnotes, in the order of the first reference or definition.
    names: Vec<String>,
    /// The footnote that is being read.
    note: Option<usize>,
    rows: Vec<Vec<Vec<Run>>>,
    alignments: Vec<Alignment>,
    code: Option<String>,
    metadata: Option<String>,
    /// The address of the picture that is being read, and its text.
    picture: Option<(String, String)>,
    /// The titles of the pictures in the running text that is open, empty if they have none. That of the last is
    /// its caption if the text ends with it.
    titles: Vec<String>,
    html: String,
}

impl Reader {
    fn open(&mut self) -> &mut Open {
        if self.stack.is_empty() {
            self.stack.push(Open::default());
        }
        self.stack.last_mut().expect("one was added")
    }

    fn add(&mut self, block: Block) {
        self.open().blocks.push(block);
    }

    /// Ends the running text that is open, as a paragraph.
    fn end_block(&mut self) {
        let runs = trimmed(&std::mem::take(&mut self.runs));
        if !is_blank(&runs) {
            self.add(Block::Paragraph(runs));
        }
        let mut titles = std::mem::take(&mut self.titles);
        let mut last = [Run::plain(titles.pop().unwrap_or_default())];
        mark_caption(self.open().blocks.last(), &mut last);
        match last {
            [caption] if caption.style.caption && !caption.text.is_empty() => {
                self.add(Block::Paragraph(vec![caption]));
            }
            [other] => titles.push(other.text),
        }
        for text in titles.into_iter().filter(|text| !text.is_empty()) {
            let what = say!("the title of a picture");
            self.document.left_out.push(LeftOut { what, text });
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, alt)) = &mut self.picture {
            alt.push_str(text);
        } else if let Some(code) = &mut self.code {
            code.push_str(text);
        } else if let Some(metadata) = &mut self.metadata {
            metadata.push_str(text);
        } else if let Some(width) = width_of(text)
            && let Some(shown) = self.runs.last_mut().and_then(|run| run.picture.as_mut())
        {
            shown.width = Some(width.to_owned());
        } else if self.link.is_none() && !self.style.code {
            for run in text::with_links(text) {
                push(&mut self.runs, Run { style: self.style, ..run });
            }
        } else {
            let run = Run { style: self.style, link: self.link.clone(), ..Run::plain(text) };
            push(&mut self.runs, run);
        }
    }

    fn note(&mut self, name: &str) -> usize {
        let known = self.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                let style = self.style;
                self.style.code = true;
                self.text(&code);
                self.style = style;
            }
            Event::SoftBreak => self.text(&SOFT_BREAK.to_string()),
            Event::HardBreak => self.text("\n"),
            Event::Rule => self.add(Block::Rule),
            Event::FootnoteReference(name) => {
                let note = Some(self.note(&name));
                push(&mut self.runs, Run { note, ..Run::default() });
            }
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::TaskListMarker(done) => self.text(if done { "[x] " } else { "[ ] " }),
        }
    }

    /// A tag of HTML in running text. A line break is one; what it marks otherwise has no counterpart.
    fn inline_html(&mut self, html: &str) {
        let name = html.trim_start_matches(['<', '/']).to_lowercase();
        if name.starts_with("br") {
            self.text("\n");
        } else if name.starts_with("img") {
            let what = say!("HTML in the source");
            self.document.left_out.push(LeftOut { what, text: html.to_owned() });
        } else if let Some(comment) = html.strip_prefix("<!--") {
            let text = comment.trim_end_matches("-->").trim().to_owned();
            self.document.left_out.push(LeftOut { what: say!("a comment in the source"), text });
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(start) => {
                self.end_block();
                self.stack.push(Open { start, ..Open::default() });
            }
            Tag::Item | Tag::BlockQuote(_) => {
                self.end_block();
                self.stack.push(Open::default());
            }
            Tag::FootnoteDefinition(name) => {
                self.end_block();
                self.note = Some(self.note(&name));
                self.stack.push(Open::default());
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                self.code = Some(String::new());
            }
            Tag::MetadataBlock(_) => self.metadata = Some(String::new()),
            Tag::Table(alignments) => {
                self.rows.clear();
                self.alignments = alignments;
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::Emphasis => self.style.emphasis = true,
            Tag::Strong => self.style.strong = true,
            Tag::Strikethrough => self.style.strike = true,
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.to_string()),
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some((dest_url.to_string(), String::new()));
                self.titles.push(title.trim().to_owned());
            }
            Tag::Paragraph | Tag::Heading { .. } => self.end_block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let runs = trimmed(&std::mem::take(&mut self.runs));
                if !is_blank(&runs) {
                    self.add(Block::Heading(level as u8, runs));
                }
            }
            TagEnd::Item => {
                self.end_block();
                let item = self.stack.pop().map(|open| open.blocks).unwrap_or_default();
                self.open().items.push(item);
            }
            TagEnd::List(_) => {
                let Open { start, items, .. } = self.stack.pop().unwrap_or_default();
                let is_deep = self.stack.len() > 2 * MAX_DEPTH;
                match is_deep {
                    true => self.open().blocks.extend(items.into_iter().flatten()),
                    false => self.add(Block::List { start, items }),
                }
            }
            TagEnd::BlockQuote(_) => {
                self.end_block();
                let blocks = self.stack.pop().map(|open| open.blocks).unwrap_or_default();
                let is_deep = self.stack.len() > 2 * MAX_DEPTH;
                match is_deep {
                    true => self.open().blocks.extend(blocks),
                    false => self.add(Block::Quote(blocks)),
                }
            }
            TagEnd::FootnoteDefinition => {
                self.end_block();
                let blocks = self.stack.pop().map(|open| open.blocks).unwrap_or_default();
                if let Some(note) = self.note.take() {
                    if self.document.notes.len() <= note {
                        self.document.notes.resize_with(note + 1, Vec::new);
                    }
                    self.document.notes[note].extend(blocks);
                }
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.add(Block::Code(code.trim_end_matches('\n').to_owned()));
            }
            TagEnd::MetadataBlock(_) => {
                let metadata = self.metadata.take().unwrap_or_default();
                front_matter(&metadata, &mut self.document);
            }
            TagEnd::TableCell => {
                let cell = trimmed(&std::mem::take(&mut self.runs));
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                let alignments = std::mem::take(&mut self.alignments);
                self.add(Block::Table(Table { rows, alignments }));
            }
            TagEnd::Emphasis => self.style.emphasis = false,
            TagEnd::Strong => self.style.strong = false,
            TagEnd::Strikethrough => self.style.strike = false,
            TagEnd::Link => self.link = None,
            TagEnd::Image => {
                let (path, alt) = self.picture.take().unwrap_or_default();
                let alt = alt.trim().to_owned();
                let picture = Some(Shown { path, alt, width: None });
                push(&mut self.runs, Run { picture, link: self.link.clone(), ..Run::default() });
            }
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                let text = html.trim();
                let what = say!("HTML in the source");
                self.document.left_out.push(LeftOut { what, text: text.to_owned() });
            }
            TagEnd::Paragraph => self.end_block(),
            _ => {}
        }
    }
}

/// The width of the picture behind which a text stands, as Pandoc writes it: `{width=6cm}`.
fn width_of(text: &str) -> Option<&str> {
    let width = text.strip_prefix("{width=")?.strip_suffix('}')?.trim_matches('"');
    Width::parse(width).map(|_| width)
}

/// Takes title, date and language from the front matter of a website's page; the rest is left out.
fn front_matter(metadata: &str, document: &mut Document) {
    let value = |line: &str| {
        let (key, value) = line.split_once([':', '='])?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (!value.is_empty()).then(|| (key.trim().to_lowercase(), value.to_owned()))
    };
    for line in metadata.lines() {
        match value(line) {
            Some((key, text)) if key == "title" && document.title.is_none() => {
                document.title = Some(text);
                document.title_is_meant = true;
            }
            Some((key, text)) if key == "date" && document.date.is_none() => {
                document.date = Some(text);
            }
            Some((key, text)) if key == "lang" && document.language.is_none() => {
                document.language = text.parse().ok();
            }
            _ if line.trim().is_empty() => {}
            _ => document.left_out.push(LeftOut {
                what: say!("front matter of a website"),
                text: plain(&[Run::plain(line)]),
            }),
        }
    }
}
