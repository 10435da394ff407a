//! A letter as a Word document, for people who must approve it or change it: WordprocessingML as ECMA-376
//! has it (part 1, section 17; part 4 for what Word still writes), in one package.
//!
//! It is made from the same parts as the other formats, in real styles, so that Word's navigation, its
//! screen reader and `undersigned new --from` find the parts again. Nothing in it depends on the clock or
//! on the computer.

pub(crate) mod base;
mod notes;
pub(crate) mod people;
mod pictures;
#[cfg(test)]
pub(crate) mod schema;
mod styles;

use ecow::EcoString;
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::Alignment;
use std::cell::Cell;
use std::str::FromStr;
use typst::layout::Paper;

use crate::files::{Files, archive};
use crate::formats::docx::base::Base;
use crate::formats::docx::notes::Notes;
use crate::formats::docx::pictures::Media;
use crate::formats::outline::{
    Dateline, Letterhead, Line, Part, People, Picture, Reference, plain,
};
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::letter::body::{Block, BlockKind, Figure, Inline, InlineKind};
use crate::letter::{Letter, Printed};
use crate::problems::Problems;
use crate::source::text::{PatternPart, pattern_parts};
use crate::spec::Length;

/// The first line of every part.
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What the names of elements and attributes begin with.
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Twentieths of a point, in which Word measures.
const TWIPS: f64 = 20.0;

/// How deep lists can be: Word has nine levels.
const MAX_LEVEL: usize = 8;

/// The letter as a Word document. `None` if a picture cannot be included; the reason is then among the
/// problems.
pub(crate) fn write(
    letter: &Letter,
    parts: &[Part],
    files: &Files,
    problems: &Problems,
) -> Option<Vec<u8>> {
    let mut writer = Writer::new(letter, files, problems);
    let content: Vec<Markup> = parts.iter().map(|part| writer.part(part)).collect();
    let document = in_root(
        "document",
        &html! {
            w:body {
                @for part in content { (part) }
                // Word wants a paragraph after a table.
                @if writer.after_table.get() { (writer.empty()) }
                (writer.section())
            }
        },
    );
    let related = std::mem::take(&mut writer.relations);
    let (footnotes, in_notes) = writer.footnotes();
    let base = Base::of(&[&document, &footnotes]);
    let footer = writer.footer.take();
    let header = writer.header();
    let mut package = Package::default();
    package.part("word/document.xml", "document.main", &document, &related);
    package.part(
        "word/styles.xml",
        "styles",
        &styles::styles(letter, &writer.page, writer.is_formal),
        &[],
    );
    package.part("word/settings.xml", "settings", &styles::settings(letter), &[]);
    package.part(
        "word/numbering.xml",
        "numbering",
        &styles::numbering(&writer.lists, letter.conventions.digits()),
        &[],
    );
    package.part("word/fontTable.xml", "fontTable", &styles::fonts(letter), &[]);
    package.part("word/footnotes.xml", "footnotes", &footnotes, &in_notes);
    package.part("word/header1.xml", "header", &header, &[]);
    if let Some((footer, related)) = footer {
        package.part("word/footer1.xml", "footer", &footer, &related);
    }
    writer.media.whole.then(|| package.write(&core(letter), &base, writer.media))
}

/// A part's root element with its content.
fn in_root(name: &str, content: &Markup) -> Markup {
    let drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
    let root = format!("<w:{name} xmlns:w=\"{W}\" xmlns:r=\"{R}\" xmlns:wp=\"{drawing}\">");
    html! { (PreEscaped(root)) (content) (PreEscaped(format!("</w:{name}>"))) }
}

/// What a part refers to.
#[derive(Debug, Clone, Eq, PartialEq)]
struct Relation {
    kind: &'static str,
    target: EcoString,
    is_external: bool,
}

/// A package: its parts, and what they are.
#[derive(Default)]
struct Package {
    /// The paths and contents.
    files: Vec<(String, Vec<u8>)>,
    /// The path and the kind of each part.
    kinds: Vec<(String, String)>,
}

impl Package {
    fn file(&mut self, path: &str, xml: &Markup) {
        self.files.push((path.to_owned(), format!("{XML}{}", xml.0).into_bytes()));
    }

    /// Adds a part of the word processor's.
    fn part(&mut self, path: &str, kind: &str, xml: &Markup, relations: &[Relation]) {
        let main = "application/vnd.openxmlformats-officedocument.wordprocessingml";
        self.kinds.push((format!("/{path}"), format!("{main}.{kind}+xml")));
        self.file(path, xml);
        if let Some((folder, name)) = path.rsplit_once('/').filter(|_| !relations.is_empty()) {
            self.file(&format!("{folder}/_rels/{name}.rels"), &relationships(relations));
        }
    }

    /// The package as a file. The list of what is in it comes first, as in every such file.
    fn write(mut self, core: &Markup, base: &Base, media: Media) -> Vec<u8> {
        for (path, kind) in [
            ("docProps/core.xml", "vnd.openxmlformats-package.core-properties"),
            (base::PATH, "vnd.openxmlformats-officedocument.custom-properties"),
        ] {
            self.kinds.push((format!("/{path}"), format!("application/{kind}+xml")));
        }
        let types = html! {
            Types xmlns={ (PACKAGE) "/content-types" } {
                Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" {}
                Default Extension="xml" ContentType="application/xml" {}
                @for (extension, kind) in media.kinds() {
                    Default Extension=(extension) ContentType=(kind) {}
                }
                @for (path, kind) in &self.kinds { Override PartName=(path) ContentType=(kind) {} }
            }
        };
        let metadata = format!("{PACKAGE}/relationships/metadata/core-properties");
        let roots = html! {
            Relationships xmlns={ (PACKAGE) "/relationships" } {
                Relationship Id="rId1" Type={ (R) "/officeDocument" } Target="word/document.xml" {}
                Relationship Id="rId2" Type=(metadata) Target="docProps/core.xml" {}
                Relationship Id="rId3" Type={ (R) "/custom-properties" } Target=(base::PATH) {}
            }
        };
        let mut all = Self::default();
        all.file("[Content_Types].xml", &types);
        all.file("_rels/.rels", &roots);
        all.file("docProps/core.xml", core);
        all.file(base::PATH, &base.properties());
        all.files.append(&mut self.files);
        all.files.extend(media.files);
        archive::pack(&all.files)
    }
}

/// The list of what a part refers to, with ids from `rId1`.
fn relationships(relations: &[Relation]) -> Markup {
    html! {
        Relationships xmlns={ (PACKAGE) "/relationships" } {
            @for (number, Relation { kind, target, is_external }) in (1..).zip(relations) {
                Relationship Id={ "rId" (number) } Type={ (R) "/" (kind) } Target=(target)
                    TargetMode=[is_external.then_some("External")] {}
            }
        }
    }
}

/// The properties of the document.
fn core(letter: &Letter) -> Markup {
    let joined = |texts: &[Printed]| {
        texts.iter().map(|text| text.text.replace("\n", " ")).collect::<Vec<_>>().join("; ")
    };
    let one_line = |text: &Printed| text.text.replace("\n", " ");
    let day = format!("{}T00:00:00Z", CreationTime::of_day(letter.date).day());
    let root = format!(
        "<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
    );
    html! {
        (PreEscaped(root))
        dc:title { (said(&one_line(&letter.title))) }
        @if let Some(subject) = &letter.subject { dc:subject { (said(&one_line(subject))) } }
        @if !letter.author.is_empty() { dc:creator { (said(&joined(&letter.author))) } }
        @if !letter.keywords.is_empty() { cp:keywords { (said(&joined(&letter.keywords))) } }
        dc:language { (letter.tag) }
        dcterms:created xsi:type="dcterms:W3CDTF" { (day) }
        dcterms:modified xsi:type="dcterms:W3CDTF" { (day) }
        (PreEscaped("</cp:coreProperties>"))
    }
}

/// Text without the characters that XML cannot have (XML 1.0, section 2.2). No letter prints any.
fn said(text: &str) -> String {
    let is_char = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\u{85}');
    text.chars().filter(|c| is_char(c) && !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// The page, in twentieths of a point.
#[derive(Debug, Copy, Clone)]
struct Page {
    width: i64,
    height: i64,
    top: i64,
    right: i64,
    bottom: i64,
    left: i64,
}

impl Page {
    /// The paper and the margins of a letter: its own, otherwise those of the built-in templates.
    fn of(letter: &Letter, is_formal: bool) -> Self {
        let paper = Paper::from_str(&letter.page.paper).unwrap_or(Paper::A4);
        let twips = |points: f64| (points * TWIPS).round() as i64;
        let (width, height) = (twips(paper.width().to_pt()), twips(paper.height().to_pt()));
        // Of a narrow paper, no more than a sixth.
        let side = (1.45 * 72.0 * TWIPS).min(width as f64 / 6.0);
        let (above, below) = if is_formal { (0.9, 0.9) } else { (0.95, 1.1) };
        let margin = |length: Option<Length>, points: f64| {
            length.map_or(points.round() as i64, |length| twips(length.0))
        };
        let margins = &letter.page.margin;
        Self {
            width,
            height,
            top: margin(margins.top, above * 72.0 * TWIPS),
            right: margin(margins.right, side),
            bottom: margin(margins.bottom, below * 72.0 * TWIPS),
            left: margin(margins.left, side),
        }
    }

    fn text_width(self) -> i64 {
        (self.width - self.left - self.right).max(1440)
    }

    fn text_height(self) -> i64 {
        (self.height - self.top - self.bottom).max(1440)
    }
}

/// A count among lengths.
fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A list: whether it is numbered, at which level it is, and where it begins.
#[derive(Debug, Copy, Clone)]
struct List {
    start: Option<u64>,
    level: usize,
}

/// How a paragraph looks.
#[derive(Debug, Default, Clone, Copy)]
struct Look {
    /// The id of its style; none for the style of the text.
    style: Option<&'static str>,
    /// The list and its level, for the first paragraph of an item.
    item: Option<(usize, usize)>,
    /// The level of the list that the paragraph goes on with.
    below: Option<usize>,
    /// Whether it is in a quotation.
    is_quote: bool,
    /// Whether its first line begins where the others do, though that of other paragraphs does not.
    is_flush: bool,
    /// Where its lines are, unless at the start: "center" or "right", which is the end.
    side: Option<&'static str>,
}

impl Look {
    fn style(style: &'static str) -> Self {
        Self { style: Some(style), ..Self::default() }
    }
}

/// How a run looks.
#[derive(Debug, Default, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each mark stands on its own")]
struct Marks {
    emphasis: bool,
    strong: bool,
    strike: bool,
    code: bool,
    link: bool,
    /// Whether it is a name in the letterhead.
    is_name: bool,
    /// The language, if it is not that of the surroundings.
    lang: Option<Tag>,
}

struct Writer<'l> {
    letter: &'l Letter,
    is_formal: bool,
    page: Page,
    /// What the part that is being written refers to.
    relations: Vec<Relation>,
    media: Media<'l>,
    /// The lists by their numbers, from 1.
    lists: Vec<List>,
    notes: Notes,
    /// The foot of the first page, and what it refers to.
    footer: Option<(Markup, Vec<Relation>)>,
    /// Whether what was written last is a table.
    after_table: Cell<bool>,
}

impl<'l> Writer<'l> {
    fn new(letter: &'l Letter, files: &'l Files, problems: &'l Problems) -> Self {
        let is_formal = letter.template.vpath().file_name() == Some("formal.typ");
        let relation =
            |kind, target: &str| Relation { kind, target: target.into(), is_external: false };
        let relations = vec![
            relation("styles", "styles.xml"),
            relation("settings", "settings.xml"),
            relation("numbering", "numbering.xml"),
            relation("fontTable", "fontTable.xml"),
            relation("footnotes", "footnotes.xml"),
            relation("header", "header1.xml"),
        ];
        Self {
            letter,
            is_formal,
            page: Page::of(letter, is_formal),
            relations,
            media: Media::new(letter, files, problems),
            lists: Vec::new(),
            notes: Notes::default(),
            footer: None,
            after_table: Cell::new(false),
        }
    }

    /// The id of what the part that is being written refers to.
    fn relate(&mut self, kind: &'static str, target: &str, is_external: bool) -> String {
        let relation = Relation { kind, target: target.into(), is_external };
        let known = self.relations.iter().position(|known| *known == relation);
        let index = known.unwrap_or_else(|| {
            self.relations.push(relation);
            self.relations.len() - 1
        });
        format!("rId{}", index + 1)
    }

    fn part(&mut self, part: &Part) -> Markup {
        match part {
            Part::Letterhead(letterhead) => {
                let logo = letterhead.logo.as_ref().map(|logo| self.logo(logo));
                let last = logo.is_some() && letterhead.lines.is_empty();
                let style = |is_last| if is_last { "Letterhead" } else { "Logo" };
                html! {
                    @if let Some(logo) = logo { (self.paragraph(Look::style(style(last)), &logo)) }
                    @if !letterhead.lines.is_empty() { (self.letterhead(letterhead)) }
                }
            }
            Part::Title(title) => self.line_in("Title", title),
            Part::People(people) => self.people(people),
            Part::Date(Dateline { before, date, after, .. }) => {
                self.line_in("Date", &[before.as_slice(), date, after].concat())
            }
            Part::Courtesy(line) => {
                let marks = Marks { emphasis: true, ..Marks::default() };
                let line = self.runs(line, &marks);
                self.paragraph(Look::style("BodyText"), &line)
            }
            Part::References(references) => {
                let strong = Marks { strong: true, ..Marks::default() };
                let mut lines = Vec::new();
                for Reference { label, gap, text } in references {
                    let label = label.as_ref().map(|label| {
                        let label = self.runs(label, &strong);
                        html! { (label) @if !gap.is_empty() { (self.text(gap, &Marks::default())) } }
                    });
                    let text = self.runs(text, &Marks::default());
                    lines.push(html! { @if let Some(label) = label { (label) } (text) });
                }
                self.paragraph(Look::style("References"), &with_breaks(&lines))
            }
            Part::Salutation(line) => self.line_in("Salutation", line),
            Part::Body { blocks, lang } => {
                let outer = self.notes.lang.take();
                self.notes.lang.clone_from(lang);
                let body = self.blocks(blocks, Look::default(), 0);
                self.notes.lang = outer;
                body
            }
            Part::Closing(line) => self.line_in("Closing", line),
            Part::Signatures(signatures) => self.signatures(signatures),
            Part::Postscript(line) => self.line_in("BodyText", line),
            Part::Enclosures { label, items } => {
                let list = self.list(Some(1), 0);
                html! {
                    @if let Some(label) = label { (self.line_in("Label", label)) }
                    @for item in items {
                        @let look = Look { item: Some((list, 0)), ..Look::style("ListNumber") };
                        @let runs = self.runs(item, &Marks::default());
                        (self.paragraph(look, &runs))
                    }
                }
            }
            Part::Footer(lines) => {
                let outer = std::mem::take(&mut self.relations);
                let after_table = self.after_table.get();
                let footer = self.broken("Footer", lines);
                self.after_table.set(after_table);
                let related = std::mem::replace(&mut self.relations, outer);
                self.footer = Some((in_root("ftr", &footer), related));
                self.relate("footer", "footer1.xml", false);
                html! {}
            }
            Part::Receipt { heading, blanks } => html! {
                (self.line_in("Label", heading))
                @for blank in blanks {
                    @let runs = self.runs(blank, &Marks::default());
                    @let room = html! { (runs) w:r { w:tab {} } };
                    (self.paragraph(Look::style("Blank"), &room))
                }
            },
        }
    }

    /// The names at the left and the contact details at the right, in their order: the first of these stands beside
    /// the last name, if there is room.
    fn letterhead(&mut self, Letterhead { lines, names, .. }: &Letterhead) -> Markup {
        /// How many characters of the text's size a line holds.
        const MOST: f64 = 72.0;
        let width = |line: Option<&Line>, size: f64| {
            line.map_or(0.0, |line| plain(line).chars().count() as f64 * size)
        };
        let last = names.saturating_sub(1);
        let fits = width(lines.get(last), 1.45) + width(lines.get(*names), 0.82) <= MOST;
        let content = html! {
            @for (at, line) in lines.iter().enumerate() {
                @let is_name = at < *names;
                @let is_beside = at == *names && at > 0 && fits;
                @if at > 0 && !is_beside { (line_break()) }
                @if !is_name { w:r { w:tab {} } }
                (self.runs(line, &Marks { is_name, ..Marks::default() }))
            }
        };
        self.paragraph(Look::style("Letterhead"), &content)
    }

    /// Addressees, whose names stand out in a formal letter, or those who get a copy.
    fn people(&mut self, People { role, label, is_beside, people }: &People) -> Markup {
        if *is_beside {
            let strong = Marks { strong: true, ..Marks::default() };
            return html! {
                @for (at, person) in people.iter().enumerate() {
                    @let label = label.as_ref().filter(|_| at == 0);
                    @let label = label.map(|label| self.runs(label, &strong));
                    @let lines = self.lines(person, 0);
                    @let line = html! { @if let Some(label) = label { (label) } w:r { w:tab {} } (lines) };
                    (self.paragraph(Look::style("Copy"), &line))
                }
            };
        }
        let is_bold = self.is_formal && *role == "to";
        html! {
            @if let Some(label) = label { (self.line_in("Label", label)) }
            @for (at, person) in people.iter().enumerate() {
                // What the post is to do stands above the name.
                @let above = self.letter.to.get(at).is_some_and(|person| person.delivery.is_some());
                @let bold = if is_bold { 1 + usize::from(above) } else { 0 };
                @let lines = self.lines(person, bold);
                (self.paragraph(Look::style("Address"), &lines))
            }
        }
    }

    /// A paragraph in a style, with a single piece of running text.
    fn line_in(&mut self, style: &'static str, line: &[Inline]) -> Markup {
        let runs = self.runs(line, &Marks::default());
        self.paragraph(Look::style(style), &runs)
    }

    /// A paragraph with a line break between its lines.
    fn broken(&mut self, style: &'static str, lines: &[Line]) -> Markup {
        let lines = self.lines(lines, 0);
        self.paragraph(Look::style(style), &lines)
    }

    /// Lines with a line break between them, of which the first few are strong.
    fn lines<'a>(&mut self, lines: impl IntoIterator<Item = &'a Line>, strong: usize) -> Markup {
        let lines = lines.into_iter().enumerate();
        let lines: Vec<Markup> = lines
            .map(|(at, line)| self.runs(line, &Marks { strong: at < strong, ..Marks::default() }))
            .collect();
        with_breaks(&lines)
    }

    /// The language that running text is in, unless it says otherwise.
    fn lang(&self) -> &Tag {
        self.notes.lang.as_ref().unwrap_or(&self.letter.tag)
    }

    /// An empty paragraph, as small as there can be.
    fn empty(&self) -> Markup {
        self.paragraph(Look::style("Gap"), &html! {})
    }

    /// A table. With nothing between them, two would become one, whatever parts of the letter they are of.
    fn apart(&self, table: &Markup, follows_table: bool) -> Markup {
        let gap = follows_table.then(|| self.empty());
        self.after_table.set(true);
        html! { @if let Some(gap) = gap { (gap) } (table) }
    }

    fn paragraph(&self, look: Look, content: &Markup) -> Markup {
        let is_rtl = self.lang().direction().is_some();
        let as_letter = is_rtl == self.letter.tag.direction().is_some();
        let Look { style, item, below, is_quote, is_flush, side } = look;
        // Where it is in a list, and beside it in a quotation.
        let level = item.map(|(_, level)| level).or(below);
        let indent = level.map(|level| styles::INDENT * (signed(level) + 1 + i64::from(is_quote)));
        let indent = indent.filter(|_| is_quote || below.is_some());
        let hanging = item.map(|_| styles::INDENT);
        self.after_table.set(false);
        html! {
            w:p {
                w:pPr {
                    w:pStyle w:val=(style.unwrap_or("BodyText")) {}
                    @if let Some((list, level)) = item {
                        w:numPr { w:ilvl w:val=(level) {} w:numId w:val=(list) {} }
                    }
                    @if !as_letter { w:bidi w:val=(u8::from(is_rtl)) {} }
                    @if let Some(indent) = indent {
                        w:ind w:left=(indent) w:hanging=[hanging] {}
                    } @else if is_flush {
                        w:ind w:firstLine="0" {}
                    }
                    @if let Some(side) = side { w:jc w:val=(side) {} }
                }
                (content)
            }
        }
    }

    /// Blocks, with the look of the paragraphs around them, in a list of this level.
    fn blocks(&mut self, blocks: &[Block], look: Look, level: usize) -> Markup {
        html! { @for block in blocks { (self.block(block, look, level)) } }
    }

    fn block(&mut self, block: &Block, look: Look, level: usize) -> Markup {
        match &block.kind {
            BlockKind::Paragraph(line) => {
                let runs = self.runs(line, &Marks::default());
                let is_flush = look.style.is_none() && self.letter.indent_of(line) == Some(0);
                self.paragraph(Look { is_flush, ..look }, &runs)
            }
            BlockKind::Heading(depth, line) => {
                const HEADINGS: [&str; 6] =
                    ["Heading1", "Heading2", "Heading3", "Heading4", "Heading5", "Heading6"];
                let runs = self.runs(line, &Marks::default());
                let style = HEADINGS[depth.saturating_sub(1).min(HEADINGS.len() - 1)];
                self.paragraph(Look { style: Some(style), item: None, ..look }, &runs)
            }
            BlockKind::List { start, items, .. } => {
                let list = self.list(*start, level);
                html! { @for item in items { (self.item(item, list, *start, look, level)) } }
            }
            BlockKind::Quote(blocks) => {
                self.blocks(blocks, Look { style: Some("Quote"), is_quote: true, ..look }, level)
            }
            BlockKind::Code(code) => {
                let marks = Marks { code: true, ..Marks::default() };
                let lines: Vec<Markup> = code.lines().map(|line| self.text(line, &marks)).collect();
                let style = Some("HTMLPreformatted");
                self.paragraph(Look { style, ..look }, &with_breaks(&lines))
            }
            BlockKind::Table { alignments, rows } => self.table(alignments, rows),
            BlockKind::ThematicBreak => self.paragraph(Look::style("Rule"), &html! {}),
            BlockKind::Figure(figure) => self.figure(figure, look),
        }
    }

    /// The number of a new list at a level.
    fn list(&mut self, start: Option<u64>, level: usize) -> usize {
        self.lists.push(List { start, level: level.min(MAX_LEVEL) });
        self.lists.len()
    }

    fn item(
        &mut self,
        blocks: &[Block],
        list: usize,
        start: Option<u64>,
        look: Look,
        level: usize,
    ) -> Markup {
        let style = match (look.is_quote, start) {
            (true, _) => "Quote",
            (false, None) => "ListBullet",
            (false, Some(_)) => "ListNumber",
        };
        let at = level.min(MAX_LEVEL);
        let first = Look { style: Some(style), item: Some((list, at)), below: None, ..look };
        let rest = Look {
            style: Some(if look.is_quote { "Quote" } else { "ListContinue" }),
            item: None,
            below: Some(at),
            ..look
        };
        let (head, tail) = match blocks.split_first() {
            Some((head, tail)) if matches!(head.kind, BlockKind::Paragraph(_)) => {
                (Some(head), tail)
            }
            _ => (None, blocks),
        };
        html! {
            @match head {
                Some(head) => (self.block(head, first, level + 1)),
                None => (self.paragraph(first, &html! {})),
            }
            (self.blocks(tail, rest, level + 1))
        }
    }

    fn figure(&mut self, figure: &Figure, look: Look) -> Markup {
        let picture = Picture { file: figure.picture.file, alt: plain(&figure.alt).into() };
        let (width, height) = (self.page.text_width(), self.page.text_height() * 3 / 5);
        let wanted = figure.width.as_ref().map(|wanted| wanted.beside(width as f64, TWIPS));
        let drawing = self.drawing(&picture, width, height, wanted);
        let caption = (!figure.caption.is_empty()).then(|| {
            let runs = self.runs(&figure.caption, &Marks::default());
            self.paragraph(Look { style: Some("Caption"), item: None, ..look }, &runs)
        });
        let look = Look { style: Some("Figure"), item: None, side: None, ..look };
        html! { (self.paragraph(look, &drawing)) @if let Some(caption) = caption { (caption) } }
    }

    fn logo(&mut self, logo: &Picture) -> Markup {
        // As high as on the page: 17 mm.
        let width = self.page.text_width() / 2;
        self.drawing(logo, width, 964, None)
    }

    /// A picture in a run, no larger than this, and as wide as its author wants it.
    fn drawing(
        &mut self,
        picture: &Picture,
        width: i64,
        height: i64,
        wanted: Option<f64>,
    ) -> Markup {
        let added = self.media.add(picture.file, (width, height), wanted);
        let Some(added) = added else { return html! {} };
        let id = self.relate("image", &format!("media/{}", added.name), false);
        pictures::drawing(&added, &id, &said(&picture.alt))
    }

    fn table(&mut self, alignments: &[Alignment], rows: &[Vec<Line>]) -> Markup {
        let columns = alignments.len().max(1);
        let width = self.page.text_width() / signed(columns);
        let side = |at: usize| match alignments.get(at) {
            Some(Alignment::Center) => Some("center"),
            Some(Alignment::Right) => Some("right"),
            _ => None,
        };
        let is_rtl = self.lang().direction().is_some();
        let follows_table = self.after_table.get();
        let table = html! {
            w:tbl {
                w:tblPr {
                    w:tblStyle w:val="TableGrid" {}
                    @if is_rtl { w:bidiVisual {} }
                    w:tblW w:w="5000" w:type="pct" {}
                    w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"
                        w:noHBand="1" w:noVBand="1" {}
                }
                w:tblGrid { @for _ in 0..columns { w:gridCol w:w=(width) {} } }
                @for (number, row) in rows.iter().enumerate() {
                    w:tr {
                        w:trPr { w:cantSplit {} @if number == 0 { w:tblHeader {} } }
                        @for at in 0..columns {
                            @let marks = Marks { strong: number == 0, ..Marks::default() };
                            @let cell = row.get(at).map(|cell| self.runs(cell, &marks));
                            @let look = Look { side: side(at), ..Look::style("TableText") };
                            w:tc {
                                w:tcPr { w:tcW w:w=(width) w:type="dxa" {} }
                                (self.paragraph(look, &cell.unwrap_or_else(|| html! {})))
                            }
                        }
                    }
                }
            }
        };
        self.apart(&table, follows_table)
    }

    fn runs(&mut self, line: &[Inline], marks: &Marks) -> Markup {
        html! { @for inline in line { (self.inline(inline, marks)) } }
    }

    fn inline(&mut self, inline: &Inline, marks: &Marks) -> Markup {
        let marks = marks.clone();
        match &inline.kind {
            InlineKind::Text(text) => self.text(text, &marks),
            InlineKind::Code(code) => self.text(code, &Marks { code: true, ..marks }),
            InlineKind::Space => self.text(" ", &marks),
            InlineKind::LineBreak => line_break(),
            InlineKind::Emphasis(body) => self.runs(body, &Marks { emphasis: true, ..marks }),
            InlineKind::Strong(body) => self.runs(body, &Marks { strong: true, ..marks }),
            InlineKind::Strike(body) => self.runs(body, &Marks { strike: true, ..marks }),
            InlineKind::Link(url, body) => {
                let content = self.runs(body, &Marks { link: true, ..marks });
                // An address that nobody has filled in leads nowhere.
                if url.as_str().starts_with('#') {
                    return content;
                }
                let id = self.relate("hyperlink", url.as_str(), true);
                html! { w:hyperlink r:id=(id) w:history="1" { (content) } }
            }
            InlineKind::Passage(tag, body) => {
                self.runs(body, &Marks { lang: Some(tag.clone()), ..marks })
            }
            InlineKind::Footnote(tag, name, text) => self.footnote(tag, name, text),
        }
    }

    /// A run.
    fn text(&self, text: &str, marks: &Marks) -> Markup {
        let lang = marks.lang.as_ref().or(self.notes.lang.as_ref());
        let is_rtl = lang.unwrap_or(&self.letter.tag).direction().is_some();
        let style = match (marks.link, marks.code) {
            (true, _) => Some("Hyperlink"),
            (false, true) => Some("VerbatimChar"),
            (false, false) => marks.is_name.then_some("LetterheadName"),
        };
        let Marks { emphasis, strong, strike, .. } = *marks;
        let is_plain = style.is_none() && !(emphasis || strong || strike || is_rtl);
        html! {
            w:r {
                @if !is_plain || lang.is_some() {
                    w:rPr {
                        @if let Some(style) = style { w:rStyle w:val=(style) {} }
                        @if strong { w:b {} w:bCs {} }
                        @if emphasis { w:i {} w:iCs {} }
                        @if strike { w:strike {} }
                        @if is_rtl { w:rtl {} }
                        @if let Some(lang) = lang { (styles::lang(lang)) }
                    }
                }
                w:t xml:space="preserve" { (said(text)) }
            }
        }
    }

    /// The page, its header and its footer.
    fn section(&mut self) -> Markup {
        let Page { width, height, top, right, bottom, left } = self.page;
        let header = self.relate("header", "header1.xml", false);
        let footer = self.footer.is_some().then(|| self.relate("footer", "footer1.xml", false));
        html! {
            w:sectPr {
                w:headerReference w:type="default" r:id=(header) {}
                @if let Some(footer) = footer { w:footerReference w:type="first" r:id=(footer) {} }
                w:pgSz w:w=(width) w:h=(height) {}
                w:pgMar w:top=(top) w:right=(right) w:bottom=(bottom) w:left=(left)
                    w:header=(top.min(720)) w:footer=(bottom.min(567)) w:gutter="0" {}
                // The first page has no header.
                w:titlePg {}
                @if self.letter.tag.direction().is_some() { w:bidi {} }
            }
        }
    }

    /// What stands at the head of the pages after the first, as in the built-in templates: the sender, the
    /// date and the number of the page.
    fn header(&mut self) -> Markup {
        let from = self.letter.from.as_ref();
        let sender = from.and_then(|from| from.organization.as_ref().or(from.name.as_ref()));
        // In a language written from right to left, the day would join a name in Latin letters.
        let end = self.letter.tag.end_of_foreign().unwrap_or_default();
        let sender = sender.map(|sender| format!("{}{end} · ", sender.text.replace("\n", " ")));
        let left = sender.unwrap_or_default() + &self.letter.date_text;
        let labels = &self.letter.words.labels;
        let pattern = labels.get("page").map_or("{page}", String::as_str);
        let none = Marks::default();
        let number = |field: &str, shown: Markup| {
            html! { w:fldSimple w:instr={ " " (field) " " } { (shown) } }
        };
        let content = html! {
            (self.text(&left, &none))
            w:r { w:tab {} }
            @for part in pattern_parts(pattern) {
                @match part {
                    PatternPart::Name("page") => (number("PAGE", self.text("2", &none))),
                    PatternPart::Name("pages") => (number("NUMPAGES", self.text("2", &none))),
                    PatternPart::Plain("") => {},
                    PatternPart::Plain(text) | PatternPart::Name(text) => (self.text(text, &none)),
                }
            }
        };
        in_root("hdr", &self.paragraph(Look::style("Header"), &content))
    }
}

fn line_break() -> Markup {
    html! { w:r { w:br {} } }
}

/// Lines with a line break between them.
fn with_breaks(lines: &[Markup]) -> Markup {
    html! {
        @for (at, line) in lines.iter().enumerate() {
            @if at > 0 { (line_break()) }
            (line)
        }
    }
}
