//! A letter as a single web page that needs no other file.
//!
//! It is made from the text and not from the pages, so that it reflows, is read aloud in order, and
//! can be searched, translated and copied. It contains no script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoString;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::Alignment;
use typst::syntax::FileId;
use typst::visualize::{Color, ExchangeFormat, ImageFormat, RasterFormat, VectorFormat};

use crate::files::Files;
use crate::formats::outline::{
    Dateline, Letterhead, Line, Part, People, Picture, Reference, Signature, SignatureGroup,
    Signatures, plain,
};
use crate::language::Tag;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Letter, Printed};
use crate::problems::{Code, Diagnostic, Problems};
use crate::words::say;

/// The style sheet of the page.
const STYLE: &str = include_str!("../../templates/web.css");

/// A picture that an e-mail has beside its page.
#[derive(Debug)]
pub(crate) struct Beside {
    /// The file.
    pub file: FileId,
    /// What the page calls it: "picture-1@letter".
    pub id: String,
    /// Its media type, such as "image/png".
    pub media_type: String,
}

/// The letter as HTML. `None` if a picture cannot be included; the reason is then among the problems.
pub(crate) fn write(
    letter: &Letter,
    parts: &[Part],
    files: &Files,
    problems: &Problems,
) -> Option<String> {
    page(letter, parts, files, problems, None).map(|(html, _)| html)
}

/// The same for an e-mail. Its pictures are separate parts, because many mail programs show none that
/// are in the page itself.
pub(crate) fn for_mail(
    letter: &Letter,
    parts: &[Part],
    files: &Files,
    problems: &Problems,
) -> Option<(String, Vec<Beside>)> {
    page(letter, parts, files, problems, Some(Vec::new()))
}

fn page(
    letter: &Letter,
    parts: &[Part],
    files: &Files,
    problems: &Problems,
    beside: Option<Vec<Beside>>,
) -> Option<(String, Vec<Beside>)> {
    let mut page = Page { letter, files, problems, notes: Vec::new(), whole: true, beside };
    let content: Vec<Markup> = parts.iter().map(|part| page.part(part)).collect();
    let notes = page.notes();
    let (whole, beside) = (page.whole, page.beside);
    let title = letter.title.text.replace("\n", " ");
    let description = description(letter, parts);
    let accent = letter.page.accent.as_ref().map(accent_style);
    let html = html! {
        (DOCTYPE)
        html lang=(letter.tag) dir=[letter.tag.direction()] {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="description" content=(description);
                @if !letter.author.is_empty() {
                    meta name="author" content=(joined(&letter.author));
                }
                @if !letter.keywords.is_empty() {
                    meta name="keywords" content=(joined(&letter.keywords));
                }
                meta name="generator" content={ "undersigned " (env!("CARGO_PKG_VERSION")) };
                meta name="color-scheme" content="light dark";
                meta property="og:type" content="article";
                meta property="og:title" content=(title);
                meta property="og:description" content=(description);
                style {
                    (PreEscaped(STYLE))
                    @if let Some(accent) = accent { (PreEscaped(accent)) }
                    @if let Some(digits) = letter.conventions.digits() { (PreEscaped(list_style(digits))) }
                }
            }
            body {
                main {
                    @for part in content { (part) }
                    (notes)
                }
            }
        }
    };
    let mut html = html.into_string();
    html.push('\n');
    whole.then_some((html, beside.unwrap_or_default()))
}

/// The maximum number of characters of a description that search engines show.
const MAX_DESCRIPTION: usize = 160;

/// The description of the letter: its subject, or the beginning of its text.
fn description(letter: &Letter, parts: &[Part]) -> String {
    let mut paragraphs = parts.iter().flat_map(|part| match part {
        Part::Body { blocks, .. } => blocks.as_slice(),
        _ => &[],
    });
    let first = paragraphs.find_map(|block| match &block.kind {
        BlockKind::Paragraph(line) => Some(plain(line)),
        _ => None,
    });
    let subject = letter.subject.as_ref().map(|subject| subject.text.replace("\n", " ").into());
    let mut text: String = subject.or(first).unwrap_or_else(|| letter.title.text.to_string());
    if let Some((end, _)) = text.char_indices().nth(MAX_DESCRIPTION) {
        let end = text[..end].rfind(' ').unwrap_or(end);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The letter's colour, which was chosen for paper, so it is used only on white.
fn accent_style(color: &Color) -> String {
    let [red, green, blue, _] = color.to_vec4_u8();
    format!(
        "@media (prefers-color-scheme: light), print {{ :root {{ --accent: #{red:02x}{green:02x}{blue:02x} }} }}\n"
    )
}

/// Lists that are numbered with the digits of the letter.
fn list_style(digits: &[char; 10]) -> String {
    let symbols = digits.map(|digit| format!("\"{digit}\"")).join(" ");
    format!(
        "@counter-style digits {{ system: numeric; symbols: {symbols} }}\nol {{ list-style: digits }}\n"
    )
}

/// A list as one text, separated by commas.
fn joined(texts: &[Printed]) -> String {
    texts.iter().map(|text| text.text.as_str()).collect::<Vec<_>>().join(", ")
}

struct Page<'p> {
    letter: &'p Letter,
    files: &'p Files,
    problems: &'p Problems,
    notes: Vec<Note>,
    /// Whether the page has everything that the letter has.
    whole: bool,
    /// The pictures beside the page, if they are not in it.
    beside: Option<Vec<Beside>>,
}

/// A footnote.
struct Note {
    name: EcoString,
    text: Vec<Block>,
    /// How many references it has.
    references: usize,
}

impl Page<'_> {
    fn part(&mut self, part: &Part) -> Markup {
        match part {
            Part::Letterhead(letterhead) => self.letterhead(letterhead),
            Part::Title(title) => html! { h1 { (self.line(title)) } },
            Part::People(people) => self.people(people),
            Part::Date(Dateline { before, date, iso, after }) => html! {
                p.date style=[self.at_end("date")] { (self.line(before)) time datetime=(iso) { (self.line(date)) } (self.line(after)) }
            },
            Part::References(references) => html! {
                p.references {
                    @for (at, Reference { label, gap, text }) in references.iter().enumerate() {
                        @if at > 0 { br; }
                        @if let Some(label) = label { strong { (self.line(label)) } (gap) }
                        (self.line(text))
                    }
                }
            },
            Part::Courtesy(line) => html! { p { em { (self.line(line)) } } },
            Part::Salutation(line) => html! { p.salutation { (self.line(line)) } },
            Part::Body { blocks, lang } => {
                let dir = lang.as_ref().and_then(Tag::direction);
                html! {
                    div.body lang=[lang] dir=[dir] {
                        @for block in blocks {
                            @match &block.kind {
                                BlockKind::Paragraph(line) => {
                                    @let indent = self.letter.indent_of(line);
                                    p style=[indent.map(|wide| format!("text-indent: {wide}em"))] {
                                        (self.line(line))
                                    }
                                }
                                _ => (self.block(block, false)),
                            }
                        }
                    }
                }
            }
            Part::Closing(line) => {
                html! { p.closing style=[self.at_end("closing")] { (self.line(line)) } }
            }
            Part::Signatures(signatures) => self.signatures(signatures),
            Part::Postscript(line) => html! { p.postscript { (self.line(line)) } },
            Part::Enclosures { label, items } => html! {
                div.enclosures {
                    @if let Some(label) = label { p.label #enclosures { (self.line(label)) } }
                    ol aria-labelledby=[label.as_ref().map(|_| "enclosures")] {
                        @for item in items { li { (self.line(item)) } }
                    }
                }
            },
            Part::Footer(lines) => html! { footer.sender { (self.broken(lines)) } },
            Part::Receipt { heading, blanks } => html! {
                div.receipt {
                    p.label { (self.line(heading)) }
                    @for blank in blanks { p.blank { span { (self.line(blank)) } } }
                }
            },
        }
    }

    /// The style of a part, if its language has it at the end of its line.
    fn at_end(&self, part: &str) -> Option<&'static str> {
        self.letter.is_at_end(part).then_some("text-align: end")
    }

    fn letterhead(&mut self, Letterhead { logo, lines, .. }: &Letterhead) -> Markup {
        html! {
            header.letterhead {
                @if let Some(logo) = logo { (self.picture(logo, None)) }
                @if !lines.is_empty() { p { (self.broken(lines)) } }
            }
        }
    }

    fn people(&mut self, People { role, label, people, .. }: &People) -> Markup {
        html! {
            div.people {
                @if let Some(label) = label { p.label id=(role) { (self.line(label)) } }
                ul aria-labelledby=[label.as_ref().map(|_| role)] {
                    @for person in people { li { (self.broken(person)) } }
                }
            }
        }
    }

    fn signatures(
        &mut self,
        Signatures { heading, groups, anonymous, note }: &Signatures,
    ) -> Markup {
        html! {
            div.signatures {
                @if let Some(heading) = heading { h2 { (self.line(heading)) } }
                @for SignatureGroup { heading: group, signatures } in groups {
                    @match (group, heading) {
                        (Some(group), None) => h2 { (self.line(group)) },
                        (Some(group), Some(_)) => h3 { (self.line(group)) },
                        (None, _) => {}
                    }
                    (self.entries(signatures))
                }
                @if let Some(anonymous) = anonymous { p { (self.line(anonymous)) } }
                @if let Some(note) = note { p { small { (self.line(note)) } } }
            }
        }
    }

    fn entries(&mut self, signatures: &[Signature]) -> Markup {
        html! {
            @if !signatures.is_empty() {
                ul { @for signature in signatures { li { (self.entry(signature)) } } }
            }
        }
    }

    fn entry(&mut self, signature: &Signature) -> Markup {
        html! {
            @if let Some(picture) = &signature.picture { (self.picture(picture, None)) }
            span.name { (self.broken(&signature.lines)) }
            @if let Some(note) = &signature.note { p.note { (self.line(note)) } }
            (self.entries(&signature.members))
        }
    }

    /// A picture embedded in the page, as wide as its author wants it.
    fn picture(&mut self, picture: &Picture, width: Option<&str>) -> Markup {
        let data = self.files.file(picture.file).ok();
        let data = data.as_ref().map(typst::foundations::Bytes::as_slice).unwrap_or_default();
        let kind = match ImageFormat::detect(data) {
            Some(ImageFormat::Raster(RasterFormat::Exchange(format))) => match format {
                ExchangeFormat::Png => "png",
                ExchangeFormat::Jpg => "jpeg",
                ExchangeFormat::Gif => "gif",
                ExchangeFormat::Webp => "webp",
            },
            Some(ImageFormat::Vector(VectorFormat::Svg)) => "svg+xml",
            _ => {
                let place = crate::source::Place::start_of(picture.file);
                let message = say!("a browser cannot show this picture");
                let hint = say!("save it as PNG, JPEG, WebP or SVG");
                self.problems.push(Diagnostic::new(Code::InvalidImage, place, message).hint(hint));
                self.whole = false;
                return html! {};
            }
        };
        let source = match &mut self.beside {
            None => format!("data:image/{kind};base64,{}", STANDARD.encode(data)),
            Some(beside) => {
                let known = beside.iter().position(|known| known.file == picture.file);
                let index = known.unwrap_or_else(|| {
                    let id = format!("picture-{}@letter", beside.len() + 1);
                    let media_type = format!("image/{kind}");
                    beside.push(Beside { file: picture.file, id, media_type });
                    beside.len() - 1
                });
                format!("cid:{}", beside[index].id)
            }
        };
        let style = width.map(|width| format!("width: {width}"));
        html! { img src=(source) alt=(picture.alt) style=[style]; }
    }

    fn blocks(&mut self, blocks: &[Block], tight: bool) -> Markup {
        html! { @for block in blocks { (self.block(block, tight)) } }
    }

    fn block(&mut self, block: &Block, tight: bool) -> Markup {
        match &block.kind {
            BlockKind::Paragraph(line) if tight => self.line(line),
            BlockKind::Paragraph(line) => html! { p { (self.line(line)) } },
            // The heading of the letter itself is the first level.
            BlockKind::Heading(depth, line) => match depth {
                0 | 1 => html! { h2 { (self.line(line)) } },
                2 => html! { h3 { (self.line(line)) } },
                3 => html! { h4 { (self.line(line)) } },
                4 => html! { h5 { (self.line(line)) } },
                _ => html! { h6 { (self.line(line)) } },
            },
            BlockKind::List { start: None, tight, items } => {
                html! { ul { @for item in items { li { (self.blocks(item, *tight)) } } } }
            }
            BlockKind::List { start: Some(start), tight, items } => {
                let start = Some(start).filter(|start| **start != 1);
                html! { ol start=[start] { @for item in items { li { (self.blocks(item, *tight)) } } } }
            }
            BlockKind::Quote(blocks) => html! { blockquote { (self.blocks(blocks, false)) } },
            BlockKind::Code(code) => html! { pre { code { (code) } } },
            BlockKind::Table { alignments, rows } => self.table(alignments, rows),
            BlockKind::ThematicBreak => html! { hr; },
            BlockKind::Figure(figure) => {
                let picture = Picture { file: figure.picture.file, alt: plain(&figure.alt).into() };
                let width = figure.width.as_ref().map(|width| width.written.as_str());
                html! {
                    figure {
                        (self.picture(&picture, width))
                        @if !figure.caption.is_empty() {
                            figcaption { (self.line(&figure.caption)) }
                        }
                    }
                }
            }
        }
    }

    fn table(&mut self, alignments: &[Alignment], rows: &[Vec<Line>]) -> Markup {
        let classes: Vec<Option<&str>> = alignments
            .iter()
            .map(|alignment| match alignment {
                Alignment::None | Alignment::Left => None,
                Alignment::Center => Some("center"),
                Alignment::Right => Some("end"),
            })
            .collect();
        let cells = |row: &'_ Vec<Line>| -> Vec<(Line, Option<&str>)> {
            row.iter().cloned().zip(classes.iter().copied()).collect()
        };
        let Some((head, rows)) = rows.split_first() else { return html! {} };
        html! {
            table {
                thead {
                    tr {
                        @for (cell, class) in cells(head) {
                            // An empty cell is not a header.
                            @if plain(&cell).trim().is_empty() {
                                td class=[class] { (self.line(&cell)) }
                            } @else {
                                th scope="col" class=[class] { (self.line(&cell)) }
                            }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr { @for (cell, class) in cells(row) { td class=[class] { (self.line(&cell)) } } }
                    }
                }
            }
        }
    }

    /// Lines with a line break between them.
    fn broken(&mut self, lines: &[Line]) -> Markup {
        html! {
            @for (at, line) in lines.iter().enumerate() {
                @if at > 0 { br; }
                (self.line(line))
            }
        }
    }

    fn line(&mut self, line: &[Inline]) -> Markup {
        html! { @for inline in line { (self.inline(inline)) } }
    }

    fn inline(&mut self, inline: &Inline) -> Markup {
        match &inline.kind {
            InlineKind::Text(text) => html! { (text) },
            InlineKind::Code(code) => html! { code { (code) } },
            InlineKind::Space => html! { " " },
            InlineKind::LineBreak => html! { br; },
            InlineKind::Emphasis(body) => html! { em { (self.line(body)) } },
            InlineKind::Strong(body) => html! { strong { (self.line(body)) } },
            InlineKind::Strike(body) => html! { s { (self.line(body)) } },
            InlineKind::Link(url, body) => html! { a href=(url.as_str()) { (self.line(body)) } },
            InlineKind::Passage(tag, body) => {
                html! { span lang=(tag) dir=[tag.direction()] { (self.line(body)) } }
            }
            InlineKind::Footnote(_, name, text) => self.footnote(name, text),
        }
    }

    fn footnote(&mut self, name: &EcoString, text: &[Block]) -> Markup {
        let index = self.notes.iter().position(|note| note.name == *name).unwrap_or_else(|| {
            self.notes.push(Note { name: name.clone(), text: Vec::new(), references: 0 });
            self.notes.len() - 1
        });
        let note = &mut self.notes[index];
        // One of the references has the text.
        if !text.is_empty() {
            note.text = text.to_vec();
        }
        note.references += 1;
        let number = index + 1;
        html! {
            sup {
                a id=(reference_id(number, note.references)) href={ "#note-" (number) } role="doc-noteref" {
                    (self.letter.conventions.in_digits(number))
                }
            }
        }
    }

    /// All footnotes, with links back to their references. The text of a footnote may refer to
    /// others, which come at the end.
    fn notes(&mut self) -> Markup {
        let mut texts = Vec::new();
        while let Some(note) = self.notes.get(texts.len()) {
            let text = note.text.clone();
            texts.push(self.note(&text));
        }
        if texts.is_empty() {
            return html! {};
        }
        let labels = &self.letter.words.labels;
        let heading = labels.get("notes").filter(|label| !label.is_empty());
        let back = labels.get("back-to-text").filter(|label| !label.is_empty());
        html! {
            section.notes role="doc-endnotes" aria-labelledby=[heading.map(|_| "notes")] {
                @if let Some(heading) = heading {
                    h2 #notes lang=[self.letter.label_lang("notes")] { (heading) }
                }
                ol {
                    @for ((number, text), note) in (1..).zip(texts).zip(&self.notes) {
                        li id={ "note-" (number) } {
                            (text)
                            @for reference in 1..=note.references {
                                " "
                                a.back href={ "#" (reference_id(number, reference)) } role="doc-backlink"
                                    aria-label=[back] { "↩\u{FE0E}" }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The text of a footnote. A single paragraph needs no element of its own.
    fn note(&mut self, text: &[Block]) -> Markup {
        self.blocks(text, text.len() == 1)
    }
}

/// The anchor of the n-th reference to a footnote.
fn reference_id(number: usize, reference: usize) -> String {
    format!("ref-{number}-{reference}")
}
