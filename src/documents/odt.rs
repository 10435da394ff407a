//! Text documents of LibreOffice (OpenDocument 1.3, part 3).

use std::collections::HashMap;

use pulldown_cmark::Alignment;
use roxmltree::Node;

use crate::documents::docx::shortened;
use crate::documents::model::{
    Block, Document, LeftOut, Run, Shown, Style, is_blank, mark_caption, push, trimmed,
};
use crate::documents::package::{
    MAX_DEPTH, Package, attribute, child, header_lines, locked, text_in,
};
use crate::documents::tables::{Cell, table_of};
use crate::documents::text::with_links;
use crate::language::{Tag, paper};
use crate::spec::Length;
use crate::words::{Message, say};

/// Reads a document of LibreOffice.
pub(super) fn read(name: &str, data: &[u8]) -> Result<Document, Message> {
    let mut package = Package::open(name, data)?;
    let manifest = package.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(locked(name));
    }
    let mut reader = Reader::default();
    let styles = package.part("styles.xml")?.unwrap_or_default();
    let mut document = Document::default();
    if !styles.is_empty() {
        let parsed = package.parse(&styles)?;
        reader.read_styles(parsed.root_element());
        document.header = reader.read_margins(parsed.root_element());
        document.language = language(parsed.root_element());
        let page = parsed.descendants().find(|node| is(*node, "page-layout-properties"));
        let side = |key| page.and_then(|node| points(attribute(node, key)?)).unwrap_or(0.0);
        document.paper = paper::of_size(side("page-width"), side("page-height"));
    }
    let content = package.needed("content.xml")?;
    let parsed = package.parse(&content)?;
    let root = parsed.root_element();
    reader.read_styles(root);
    let text = root
        .descendants()
        .find(|node| is(*node, "text") && node.parent().is_some_and(|p| is(p, "body")));
    reader.blocks(text.unwrap_or(root), &mut document.blocks, 0);
    document.notes = reader.notes;
    if let Some(meta) = package.part("meta.xml")? {
        let meta = package.parse(&meta)?;
        let title = meta.root_element().descendants().find(|node| is(*node, "title"));
        let title = title.map(|title| text_in(title, |_| true));
        document.title = title.filter(|title| !title.is_empty());
    }
    document.left_out = reader.left_out;
    Ok(document)
}

/// Whether a node is an element with a name, whatever its namespace.
fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// What the picture of a frame shows, if the frame says it.
fn described(frame: Node<'_, '_>) -> Option<String> {
    let said = child(frame, "desc").or_else(|| child(frame, "title"));
    said.map(|node| text_in(node, |_| true)).filter(|text| !text.is_empty())
}

/// A length in points.
fn points(length: &str) -> Option<f64> {
    Length::parse(length).map(|Length(points)| points)
}

/// The language of a document's paragraphs.
fn language(styles: Node<'_, '_>) -> Option<Tag> {
    let node = styles.descendants().find(|node| {
        is(*node, "default-style") && attribute(*node, "family") == Some("paragraph")
    })?;
    language_of(child(node, "text-properties")?)
}

/// The language that the properties of a text name.
fn language_of(text: Node<'_, '_>) -> Option<Tag> {
    let language = attribute(text, "language").filter(|language| *language != "none")?;
    match attribute(text, "country").filter(|country| *country != "none") {
        Some(country) => format!("{language}-{country}").parse().ok(),
        None => language.parse().ok(),
    }
}

#[derive(Debug, Default, Clone)]
struct StyleInfo {
    parent: String,
    called: String,
    strong: Option<bool>,
    emphasis: Option<bool>,
    strike: Option<bool>,
    side: Option<Alignment>,
    lang: Option<Tag>,
}

#[derive(Default)]
struct Reader {
    styles: HashMap<String, StyleInfo>,
    /// The first number of each level of the numbered lists, by their style.
    lists: HashMap<String, Vec<Option<u64>>>,
    notes: Vec<Vec<Block>>,
    left_out: Vec<LeftOut>,
    /// The comments that are open, with the words that they are about.
    about: Vec<(String, usize, String)>,
    boxes: Vec<Block>,
    /// The language of the text that is being read.
    lang: Option<Tag>,
}

impl Reader {
    fn read_styles(&mut self, root: Node<'_, '_>) {
        for node in root.descendants() {
            if is(node, "list-style") {
                let level = |node: Node<'_, '_>| match node.tag_name().name() {
                    "list-level-style-number" => {
                        let is_empty = attribute(node, "num-format").is_none_or(str::is_empty);
                        let start = attribute(node, "start-value").and_then(|s| s.parse().ok());
                        Some((!is_empty).then(|| start.unwrap_or(1)))
                    }
                    "list-level-style-bullet" | "list-level-style-image" => Some(None),
                    _ => None,
                };
                let levels = node.children().filter_map(level).collect();
                let name = attribute(node, "name").unwrap_or_default().to_owned();
                self.lists.insert(name, levels);
            }
            if !is(node, "style") {
                continue;
            }
            let Some(name) = attribute(node, "name") else { continue };
            let text = child(node, "text-properties");
            let value = |key: &str| text.and_then(|text| attribute(text, key));
            let is_line = |key: &str| value(key).map(|style| style != "none");
            let weight = value("font-weight");
            let slant = value("font-style").map(|style| style != "normal");
            let info = StyleInfo {
                parent: attribute(node, "parent-style-name").unwrap_or_default().to_owned(),
                called: attribute(node, "display-name").unwrap_or(name).to_lowercase(),
                strong: weight
                    .map(|weight| weight == "bold" || weight >= "600" && weight.len() == 3),
                emphasis: slant.filter(|on| *on).or(is_line("text-underline-style")).or(slant),
                strike: is_line("text-line-through-style").or(is_line("text-line-through-type")),
                side: child(node, "paragraph-properties")
                    .and_then(|properties| attribute(properties, "text-align"))
                    .map(|side| match side {
                        "center" => Alignment::Center,
                        "right" | "end" => Alignment::Right,
                        _ => Alignment::None,
                    }),
                lang: text.and_then(language_of),
            };
            self.styles.insert(name.to_owned(), info);
        }
    }

    /// Whatever a style or one that it is based on says.
    fn of_style<T>(&self, name: &str, get: impl Fn(&StyleInfo) -> Option<T>) -> Option<T> {
        let mut name = name;
        for _ in 0..16 {
            let style = self.styles.get(name)?;
            if let Some(found) = get(style) {
                return Some(found);
            }
            name = &style.parent;
        }
        None
    }

    /// What stands at the top and at the bottom of each page. Returns the lines of a header.
    fn read_margins(&mut self, root: Node<'_, '_>) -> Vec<String> {
        let mut header = Vec::new();
        for node in root.descendants().filter(|node| is(*node, "master-page")) {
            for part in node.children().filter(Node::is_element) {
                let kind = part.tag_name().name();
                let text = text_in(part, |_| true);
                if !(kind.starts_with("header") || kind.starts_with("footer")) {
                    continue;
                }
                self.leave_pictures(part);
                if text.is_empty() {
                    continue;
                }
                if kind.starts_with("header") && header.is_empty() {
                    header = header_lines(part, |_| true);
                }
                let what = match kind.starts_with("header") {
                    true => say!("the header of pages"),
                    false => say!("the footer of pages"),
                };
                let left = LeftOut { what, text };
                if !self.left_out.contains(&left) {
                    self.left_out.push(left);
                }
            }
        }
        header
    }

    fn leave(&mut self, what: Message, node: Node<'_, '_>) {
        let text = text_in(node, |_| true);
        if !text.is_empty() {
            self.left_out.push(LeftOut { what, text });
        }
        self.leave_pictures(node);
    }

    /// Leaves out the pictures of what is left out.
    fn leave_pictures(&mut self, node: Node<'_, '_>) {
        for frame in node.descendants().filter(|node| is(*node, "frame")) {
            if child(frame, "image").is_none() {
                continue;
            }
            let text = described(frame)
                .unwrap_or_else(|| attribute(frame, "name").unwrap_or_default().to_owned());
            let left = LeftOut { what: say!("a picture"), text };
            if !self.left_out.contains(&left) {
                self.left_out.push(left);
            }
        }
    }

    fn blocks(&mut self, parent: Node<'_, '_>, blocks: &mut Vec<Block>, depth: usize) {
        for node in parent.children().filter(Node::is_element) {
            if depth > MAX_DEPTH {
                self.leave(say!("text in more than {levels} levels", levels = MAX_DEPTH), node);
                continue;
            }
            match node.tag_name().name() {
                "p" => {
                    let name = attribute(node, "style-name").unwrap_or_default();
                    let called = |wanted: &'static [&'static str]| {
                        self.of_style(name, |style| {
                            wanted.contains(&style.called.as_str()).then_some(())
                        })
                        .is_some()
                    };
                    let is_title = called(&["title", "título"]);
                    let is_quote = called(&["quotations", "quotation", "citas", "cita"]);
                    let is_caption =
                        called(&["caption", "illustration", "figure", "epígrafe", "ilustración"]);
                    let mut runs = self.paragraph(node, depth);
                    if is_caption {
                        // The picture may stand in the same paragraph.
                        let (pictures, text): (Vec<Run>, Vec<Run>) =
                            runs.into_iter().partition(|run| run.picture.is_some());
                        runs = trimmed(&text);
                        if !pictures.is_empty() {
                            blocks.push(Block::Paragraph(pictures));
                        }
                        mark_caption(blocks.last(), &mut runs);
                    }
                    match blocks.last_mut() {
                        _ if is_blank(&runs) => blocks.push(Block::Blank),
                        _ if is_title => blocks.push(Block::Heading(1, runs)),
                        Some(Block::Quote(inner)) if is_quote => inner.push(Block::Paragraph(runs)),
                        _ if is_quote => blocks.push(Block::Quote(vec![Block::Paragraph(runs)])),
                        _ => blocks.push(Block::Paragraph(runs)),
                    }
                }
                "h" => {
                    let level =
                        attribute(node, "outline-level").and_then(|level| level.parse().ok());
                    let runs = self.paragraph(node, depth);
                    if !is_blank(&runs) {
                        blocks.push(Block::Heading(level.unwrap_or(1), runs));
                    }
                }
                "list" => {
                    let style = attribute(node, "style-name").unwrap_or_default().to_owned();
                    let list = self.list(node, &style, 0, depth);
                    blocks.extend(list);
                }
                "table" => {
                    let rows = self.rows(node, depth);
                    blocks.extend(table_of(rows));
                }
                "tracked-changes" => self.deletions(node),
                "section" | "numbered-paragraph" | "text-box" => {
                    self.blocks(node, blocks, depth + 1);
                }
                "table-of-content" | "alphabetical-index" | "bibliography" => {
                    self.leave(say!("an index of the document"), node);
                }
                // Drawings that stand on a page, before its text.
                "g" | "custom-shape" | "a" => self.blocks(node, blocks, depth + 1),
                "frame" => {
                    let picture = self.frame(node, depth);
                    if picture.is_some() {
                        blocks.push(Block::Paragraph(vec![Run { picture, ..Run::default() }]));
                    }
                }
                _ => {}
            }
            blocks.append(&mut self.boxes);
        }
    }

    fn list(&mut self, node: Node<'_, '_>, style: &str, level: usize, depth: usize) -> Vec<Block> {
        let mut items: Vec<Vec<Block>> = Vec::new();
        for item in
            node.children().filter(|node| is(*node, "list-item") || is(*node, "list-header"))
        {
            let mut blocks = Vec::new();
            for part in item.children().filter(Node::is_element) {
                if is(part, "list") && depth < MAX_DEPTH {
                    let own = attribute(part, "style-name").unwrap_or(style).to_owned();
                    let list = self.list(part, &own, level + 1, depth + 1);
                    blocks.extend(list);
                }
            }
            let lists = std::mem::take(&mut blocks);
            let mut texts = Vec::new();
            for part in item.children().filter(|node| node.is_element() && !is(*node, "list")) {
                let runs = self.paragraph(part, depth + 1);
                if matches!(part.tag_name().name(), "p" | "h") && !is_blank(&runs) {
                    texts.push(Block::Paragraph(runs));
                }
                texts.append(&mut self.boxes);
            }
            texts.extend(lists);
            items.push(texts);
        }
        items.retain(|item| !item.is_empty());
        let start = self.lists.get(style).and_then(|levels| levels.get(level).copied().flatten());
        if items.is_empty() { Vec::new() } else { vec![Block::List { start, items }] }
    }

    fn rows(&mut self, node: Node<'_, '_>, depth: usize) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for part in node.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "table-row" => {
                    let mut cells: Vec<Cell> = Vec::new();
                    // The places of the row that the last cell covers, which follow it.
                    let mut covered = 0;
                    for cell in part.children().filter(Node::is_element) {
                        let count = |key: &str| {
                            attribute(cell, key).and_then(|count| count.parse().ok()).unwrap_or(1)
                        };
                        let times: usize = count("number-columns-repeated").max(1);
                        match cell.tag_name().name() {
                            "table-cell" => {
                                let mut blocks = Vec::new();
                                self.blocks(cell, &mut blocks, depth + 1);
                                let columns = count("number-columns-spanned").max(times);
                                covered = columns - times;
                                let text = cell.children().find(|node| is(*node, "p"));
                                let style = text.and_then(|text| attribute(text, "style-name"));
                                let side = style.and_then(|name| self.of_style(name, |s| s.side));
                                let side = side.unwrap_or(Alignment::None);
                                cells.push(Cell { side, ..Cell::new(blocks, columns) });
                            }
                            "covered-table-cell" => {
                                let others = times.saturating_sub(covered);
                                covered = covered.saturating_sub(times);
                                if others > 0 {
                                    cells.push(Cell::covered(others));
                                }
                            }
                            _ => {}
                        }
                    }
                    rows.push(cells);
                }
                "table-header-rows" | "table-rows" | "table-row-group" if depth < MAX_DEPTH => {
                    rows.extend(self.rows(part, depth + 1));
                }
                _ => {}
            }
        }
        rows
    }

    fn deletions(&mut self, node: Node<'_, '_>) {
        for deletion in node.descendants().filter(|node| is(*node, "deletion")) {
            let author = deletion.descendants().find(|node| is(*node, "creator"));
            let author = author.map(|author| text_in(author, |_| true)).unwrap_or_default();
            let texts = deletion.children().filter(|node| is(*node, "p") || is(*node, "h"));
            let texts: Vec<String> = texts.map(|text| text_in(text, |_| true)).collect();
            let text = texts.join(" ").trim().to_owned();
            if !text.is_empty() {
                let what = say!("text that {author} deleted", author);
                self.left_out.push(LeftOut { what, text });
            }
        }
    }

    fn paragraph(&mut self, node: Node<'_, '_>, depth: usize) -> Vec<Run> {
        let mut runs = Vec::new();
        let name = attribute(node, "style-name").unwrap_or_default();
        let own = self.of_style(name, |s| s.lang.clone());
        let outer = std::mem::replace(&mut self.lang, own);
        self.runs(node, &mut runs, Style::default(), None, depth);
        self.lang = outer;
        trimmed(&runs)
    }

    fn text(&mut self, text: &str, runs: &mut Vec<Run>, style: Style, link: Option<&str>) {
        self.about.iter_mut().for_each(|(_, _, about)| about.push_str(text));
        match link {
            Some(link) => {
                let run = Run { style, link: Some(link.to_owned()), ..Run::plain(text) };
                push(runs, run);
            }
            None => with_links(text).into_iter().for_each(|run| {
                push(runs, Run { style, lang: self.lang.clone(), ..run });
            }),
        }
    }

    fn runs(
        &mut self,
        parent: Node<'_, '_>,
        runs: &mut Vec<Run>,
        style: Style,
        link: Option<&str>,
        depth: usize,
    ) {
        for node in parent.children() {
            if node.is_text() {
                // White space is a space (part 3, section 6.1.2).
                let text = node.text().unwrap_or_default();
                let mut collapsed = String::with_capacity(text.len());
                for c in text.chars() {
                    match c {
                        ' ' | '\n' | '\t' | '\r' if collapsed.ends_with(' ') => {}
                        ' ' | '\n' | '\t' | '\r' => collapsed.push(' '),
                        c => collapsed.push(c),
                    }
                }
                self.text(&collapsed, runs, style, link);
                continue;
            }
            if !node.is_element() {
                continue;
            }
            if depth > MAX_DEPTH {
                self.leave(say!("text in more than {levels} levels", levels = MAX_DEPTH), node);
                continue;
            }
            match node.tag_name().name() {
                "span" => {
                    let name = attribute(node, "style-name").unwrap_or_default();
                    let own = Style {
                        strong: self.of_style(name, |s| s.strong).unwrap_or(style.strong),
                        emphasis: self.of_style(name, |s| s.emphasis).unwrap_or(style.emphasis),
                        strike: self.of_style(name, |s| s.strike).unwrap_or(style.strike),
                        code: self
                            .of_style(name, |s| (s.called == "source text").then_some(true))
                            .unwrap_or(style.code),
                        ..style
                    };
                    let own = match link {
                        // Links are underlined by themselves.
                        Some(_) => Style { emphasis: style.emphasis, ..own },
                        None => own,
                    };
                    let lang = self.of_style(name, |s| s.lang.clone()).or(self.lang.clone());
                    let outer = std::mem::replace(&mut self.lang, lang);
                    self.runs(node, runs, own, link, depth + 1);
                    self.lang = outer;
                }
                "a" => {
                    let target = attribute(node, "href").unwrap_or("#").to_owned();
                    self.runs(node, runs, style, Some(&target), depth + 1);
                }
                "line-break" => self.text("\n", runs, style, link),
                "tab" => self.text("\t", runs, style, link),
                "s" => self.text(" ", runs, style, link),
                "note" => {
                    let mut blocks = Vec::new();
                    if let Some(body) = child(node, "note-body") {
                        self.blocks(body, &mut blocks, depth + 1);
                    }
                    self.notes.push(blocks);
                    let note = Some(self.notes.len() - 1);
                    push(runs, Run { note, ..Run::default() });
                }
                "annotation" => {
                    let author = child(node, "creator").map(|node| text_in(node, |_| true));
                    let texts = node.children().filter(|node| is(*node, "p") || is(*node, "list"));
                    let texts: Vec<String> = texts.map(|text| text_in(text, |_| true)).collect();
                    let author = author.unwrap_or_default();
                    let what = say!("a comment of {author}", author);
                    self.left_out.push(LeftOut { what, text: texts.join(" ") });
                    if let Some(name) = attribute(node, "name") {
                        let at = self.left_out.len() - 1;
                        self.about.push((name.to_owned(), at, String::new()));
                    }
                }
                "annotation-end" => {
                    let name = attribute(node, "name").unwrap_or_default();
                    if let Some(at) = self.about.iter().position(|(open, ..)| open == name) {
                        let (_, left, about) = self.about.remove(at);
                        let author = self.left_out[left].what.clone();
                        if !about.trim().is_empty() {
                            let about = shortened(&about);
                            self.left_out[left].what =
                                say!("{author}, on “{about}”", author, about);
                        }
                    }
                }
                "page-number" | "page-count" => self.leave(say!("a page number"), node),
                "frame" => {
                    let picture = self.frame(node, depth);
                    push(runs, Run { picture, ..Run::default() });
                }
                "ruby" => {
                    if let Some(base) = child(node, "ruby-base") {
                        self.runs(base, runs, style, link, depth + 1);
                    }
                    if let Some(text) = child(node, "ruby-text") {
                        self.leave(say!("a pronunciation above the line"), text);
                    }
                }
                "hidden-text" => self.leave(say!("hidden text"), node),
                // Marks without a text, and the marks of changes.
                name if name.starts_with("bookmark") || name.starts_with("change") => {}
                "soft-page-break" => {}
                // Fields, such as a date: what they show.
                _ => self.runs(node, runs, style, link, depth + 1),
            }
        }
    }

    /// A picture, if it is one, or the text of a box.
    fn frame(&mut self, node: Node<'_, '_>, depth: usize) -> Option<Shown> {
        if let Some(text) = child(node, "text-box") {
            let mut blocks = Vec::new();
            let outer = std::mem::take(&mut self.boxes);
            self.blocks(text, &mut blocks, depth + 1);
            self.boxes = outer;
            self.boxes.append(&mut blocks);
        }
        let image = child(node, "image");
        if image.is_none() && child(node, "object").is_none() {
            return None;
        }
        let alt = described(node).unwrap_or_default();
        if let Some(path) = image.and_then(|image| attribute(image, "href")) {
            let path = path.trim_start_matches("./").to_owned();
            let width = attribute(node, "width").and_then(points).and_then(Shown::width_of);
            return Some(Shown { path, alt, width });
        }
        let name = attribute(node, "name").unwrap_or_default().to_owned();
        let text = if alt.is_empty() { name } else { alt };
        self.left_out.push(LeftOut { what: say!("a picture"), text });
        None
    }
}
