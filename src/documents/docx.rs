//! Word documents: the main part of ECMA-376 (part 1, section 17), without its macros, which are in
//! another part that nothing opens.

use std::collections::{BTreeMap, HashMap};

use pulldown_cmark::Alignment;
use roxmltree::Node;

use crate::documents::lists::{Item, nested};
use crate::documents::model::{
    Block, Document, LeftOut, Run, Shown, Style, is_blank, mark_caption, push, trimmed,
};
use crate::documents::package::{MAX_DEPTH, Package, attribute, child, header_lines, text_in};
use crate::documents::tables::{Cell, table_of};
use crate::documents::text::with_links;
use crate::formats::docx::people::SIGNATORIES;
use crate::language::{Tag, paper};
use crate::spec::Length;
use crate::words::{Message, say};

/// Reads a Word document.
pub(super) fn read(name: &str, data: &[u8]) -> Result<Document, Message> {
    let mut package = Package::open(name, data)?;
    let main = main_part(&mut package)?;
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let relations = relations(&mut package, &format!("{folder}/_rels/{file}.rels"))?;
    let beside = |file: &str| beside(folder, file);
    let mut document = Document::default();
    let styles = package.part(&beside("styles.xml"))?.unwrap_or_default();
    let numbering = package.part(&beside("numbering.xml"))?.unwrap_or_default();
    let mut reader = Reader {
        folder: folder.to_owned(),
        styles: HashMap::new(),
        numbering: HashMap::new(),
        counts: BTreeMap::new(),
        relations,
        notes: HashMap::new(),
        comments: HashMap::new(),
        open_comments: Vec::new(),
        open_marks: Vec::new(),
        marked_notes: HashMap::new(),
        fields: Vec::new(),
        items: Vec::new(),
        boxes: Vec::new(),
        left_out: Vec::new(),
    };
    if !styles.is_empty() {
        let styles = package.parse(&styles)?;
        document.language = language(styles.root_element());
        reader.read_styles(styles.root_element());
    }
    if !numbering.is_empty() {
        reader.read_numbering(package.parse(&numbering)?.root_element());
    }
    if let Some(comments) = package.part(&beside("comments.xml"))? {
        reader.read_comments(package.parse(&comments)?.root_element());
    }
    for (file, kind) in [("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")] {
        if let Some(notes) = package.part(&beside(file))? {
            let notes = package.parse(&notes)?;
            reader.read_notes(notes.root_element(), kind, &mut document);
        }
    }
    let text = package.needed(&main)?;
    let parsed = package.parse(&text)?;
    let body = child(parsed.root_element(), "body").unwrap_or(parsed.root_element());
    reader.blocks(body, &mut document.blocks, 0);
    reader.flush(&mut document.blocks);
    reader.tell_comments();
    document.header = reader.read_margins(&mut package, folder)?;
    if let Some(core) = package.part("docProps/core.xml")? {
        let core = package.parse(&core)?;
        let title = child(core.root_element(), "title").map(|title| text_in(title, |_| true));
        document.title = title.filter(|title| !title.is_empty());
    }
    document.left_out = reader.left_out;
    let size = body.children().rfind(|node| node.tag_name().name() == "sectPr");
    let size = size.and_then(|node| child(node, "pgSz"));
    // In twentieths of a point.
    let side = |key| attribute(size?, key)?.parse::<f64>().ok().map(|length| length / 20.0);
    document.paper = paper::of_size(side("w").unwrap_or(0.0), side("h").unwrap_or(0.0));
    Ok(document)
}

/// The path of the main part, which the package names.
fn main_part(package: &mut Package<'_>) -> Result<String, Message> {
    let usual = "word/document.xml".to_owned();
    let Some(text) = package.part("_rels/.rels")? else { return Ok(usual) };
    let parsed = package.parse(&text)?;
    let is_main = |node: &Node<'_, '_>| {
        attribute(*node, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
    };
    let found = parsed.root_element().children().find(is_main);
    let target = found.and_then(|node| attribute(node, "Target"));
    Ok(target.map_or(usual, |target| target.trim_start_matches('/').to_owned()))
}

/// The targets of a part's relations, by their ids.
fn relations(package: &mut Package<'_>, part: &str) -> Result<HashMap<String, String>, Message> {
    let Some(text) = package.part(part.trim_start_matches('/'))? else {
        return Ok(HashMap::new());
    };
    let parsed = package.parse(&text)?;
    let pair = |node: Node<'_, '_>| {
        Some((attribute(node, "Id")?.to_owned(), attribute(node, "Target")?.to_owned()))
    };
    Ok(parsed.root_element().children().filter_map(pair).collect())
}

/// The language of a document's defaults.
fn language(styles: Node<'_, '_>) -> Option<Tag> {
    let defaults = child(styles, "docDefaults")?;
    let lang = defaults.descendants().find(|node| node.tag_name().name() == "lang")?;
    // Word keeps apart the languages that are written from right to left.
    attribute(lang, "val").or_else(|| attribute(lang, "bidi"))?.parse().ok()
}

/// The names in a table that only lays them out, as `-f docx` writes it: a list, with the members of a coalition
/// below it, also where these are in rows of their own.
fn signatories(rows: Vec<Vec<Cell>>) -> Option<Block> {
    let mut items: Vec<Vec<Block>> = Vec::new();
    for cell in rows.into_iter().flatten() {
        let mut blocks = cell.blocks;
        blocks.retain(|block| !matches!(block, Block::Blank));
        let is_list = |block: &Block| matches!(block, Block::List { .. });
        match (&mut blocks[..], items.last_mut()) {
            ([], _) => {}
            ([Block::List { items: more, .. }], Some(last)) => match last.last_mut() {
                Some(Block::List { items, .. }) => items.append(more),
                _ => last.append(&mut blocks),
            },
            ([first, ..], Some(last)) if is_list(first) => last.append(&mut blocks),
            _ => items.push(blocks),
        }
    }
    (!items.is_empty()).then_some(Block::List { start: None, items })
}

/// What a style of paragraphs or characters means.
#[derive(Debug, Default, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is inherited by itself")]
struct StyleInfo {
    based_on: String,
    heading: Option<u8>,
    is_quote: bool,
    is_code: bool,
    is_caption: bool,
    /// Whether an empty paragraph is a rule.
    is_rule: bool,
    looks: Style,
    list: Option<(String, usize)>,
}

/// A level of a list.
#[derive(Debug, Clone, Copy)]
struct Level {
    is_numbered: bool,
    start: u64,
}

/// A field, such as a link or a page number, while its parts are read.
#[derive(Debug, Default)]
struct Field {
    code: String,
    shows_result: bool,
}

/// The path of a part that is named from a folder, or from the root of the package.
fn beside(folder: &str, file: &str) -> String {
    match file.strip_prefix('/') {
        Some(file) => file.to_owned(),
        None => format!("{folder}/{file}").trim_start_matches('/').to_owned(),
    }
}

struct Reader {
    /// The folder of the main part.
    folder: String,
    styles: HashMap<String, StyleInfo>,
    /// The levels of each list.
    numbering: HashMap<String, Vec<Level>>,
    /// The last number of each level of each list.
    counts: BTreeMap<(String, usize), u64>,
    relations: HashMap<String, String>,
    /// The index of each note, by its kind and id.
    notes: HashMap<(&'static str, String), usize>,
    /// The author and the text of each comment, and the words that it is about.
    comments: HashMap<String, (String, String, String)>,
    open_comments: Vec<String>,
    /// The bookmarks that are open, by their ids, and the notes that are in each by its name.
    open_marks: Vec<(String, String)>,
    marked_notes: HashMap<String, usize>,
    fields: Vec<Field>,
    /// The items of the list that is being read.
    items: Vec<Item>,
    /// The text boxes of the paragraph that is being read.
    boxes: Vec<Block>,
    left_out: Vec<LeftOut>,
}

fn name<'n>(node: Node<'n, '_>) -> &'n str {
    if node.is_element() { node.tag_name().name() } else { "" }
}

/// Whether a property that is on or off is on.
fn is_on(properties: Node<'_, '_>, property: &str) -> Option<bool> {
    let value = attribute(child(properties, property)?, "val");
    Some(!matches!(value, Some("0" | "false" | "off" | "none")))
}

fn looks(properties: Node<'_, '_>, style: Style) -> Style {
    let strike = is_on(properties, "strike").or_else(|| is_on(properties, "dstrike"));
    let emphasis = is_on(properties, "i").or_else(|| is_on(properties, "u").filter(|on| *on));
    Style {
        strong: is_on(properties, "b").unwrap_or(style.strong),
        emphasis: emphasis.unwrap_or(style.emphasis),
        strike: strike.unwrap_or(style.strike),
        ..style
    }
}

/// Whether the properties of a paragraph draw a line below it.
fn has_line_below(properties: Node<'_, '_>) -> bool {
    let line = child(properties, "pBdr").and_then(|lines| child(lines, "bottom"));
    let kind = line.and_then(|line| attribute(line, "val"));
    kind.is_some_and(|kind| !matches!(kind, "none" | "nil"))
}

/// The list and the level that the properties of a paragraph name.
fn list_of(properties: Node<'_, '_>) -> Option<(String, usize)> {
    let numbering = child(properties, "numPr")?;
    let value = |name: &str| child(numbering, name).and_then(|node| attribute(node, "val"));
    let level = value("ilvl").and_then(|level| level.parse().ok()).unwrap_or(0);
    Some((value("numId").unwrap_or_default().to_owned(), level))
}

impl Reader {
    fn read_styles(&mut self, styles: Node<'_, '_>) {
        for node in styles.children().filter(|node| name(*node) == "style") {
            let Some(id) = attribute(node, "styleId") else { continue };
            let value = |part: &str| child(node, part).and_then(|node| attribute(node, "val"));
            let called = value("name").unwrap_or(id).to_lowercase();
            let paragraph = child(node, "pPr");
            let outline = paragraph.and_then(|node| child(node, "outlineLvl"));
            let outline = outline.and_then(|node| attribute(node, "val")?.parse::<u8>().ok());
            let heading = match called.as_str() {
                "title" | "título" | "titulo" => Some(1),
                called => {
                    let level = called.strip_prefix("heading ").or(called.strip_prefix("título "));
                    level.and_then(|level| level.parse().ok())
                }
            };
            let level = outline.filter(|level| *level < 9).map(|level| level + 1);
            let looks_code =
                ["html preformatted", "source code", "verbatim char"].contains(&called.as_str());
            let base = Style {
                strong: called == "strong",
                emphasis: called == "emphasis",
                code: looks_code && attribute(node, "type") == Some("character"),
                ..Style::default()
            };
            let info = StyleInfo {
                based_on: value("basedOn").unwrap_or_default().to_owned(),
                heading: heading.or(level),
                is_quote: called.contains("quote")
                    || ["cita", "cita destacada", "block text"].contains(&called.as_str()),
                is_code: looks_code,
                is_caption: ["caption", "descripción", "epígrafe"].contains(&called.as_str()),
                is_rule: ["rule", "horizontal line"].contains(&called.as_str()),
                looks: child(node, "rPr").map_or(base, |node| looks(node, base)),
                list: paragraph.and_then(list_of),
            };
            self.styles.insert(id.to_owned(), info);
        }
    }

    /// Whatever a style or one that it is based on says.
    fn of_style<T>(&self, id: &str, get: impl Fn(&StyleInfo) -> Option<T>) -> Option<T> {
        let mut id = id;
        for _ in 0..16 {
            let style = self.styles.get(id)?;
            if let Some(found) = get(style) {
                return Some(found);
            }
            id = &style.based_on;
        }
        None
    }

    fn read_numbering(&mut self, root: Node<'_, '_>) {
        let level = |node: Node<'_, '_>| {
            let value = |part: &str| child(node, part).and_then(|node| attribute(node, "val"));
            Level {
                is_numbered: !matches!(value("numFmt"), Some("bullet" | "none") | None),
                start: value("start").and_then(|start| start.parse().ok()).unwrap_or(1),
            }
        };
        let mut abstracts: HashMap<&str, Vec<Level>> = HashMap::new();
        for node in root.children().filter(|node| name(*node) == "abstractNum") {
            let levels = node.children().filter(|node| name(*node) == "lvl").map(level).collect();
            abstracts.insert(attribute(node, "abstractNumId").unwrap_or_default(), levels);
        }
        for node in root.children().filter(|node| name(*node) == "num") {
            let Some(id) = attribute(node, "numId") else { continue };
            let base = child(node, "abstractNumId").and_then(|node| attribute(node, "val"));
            let mut levels = base.and_then(|base| abstracts.get(base)).cloned().unwrap_or_default();
            for change in node.children().filter(|node| name(*node) == "lvlOverride") {
                let at = attribute(change, "ilvl").and_then(|at| at.parse::<usize>().ok());
                let start = child(change, "startOverride").and_then(|node| attribute(node, "val"));
                let start = start.and_then(|start| start.parse().ok());
                if let (Some(level), Some(start)) = (at.and_then(|at| levels.get_mut(at)), start) {
                    level.start = start;
                }
            }
            self.numbering.insert(id.to_owned(), levels);
        }
    }

    fn read_comments(&mut self, root: Node<'_, '_>) {
        for node in root.children().filter(|node| name(*node) == "comment") {
            let Some(id) = attribute(node, "id") else { continue };
            let author = attribute(node, "author").unwrap_or_default().to_owned();
            let text = text_in(node, |parent| parent == "t");
            self.comments.insert(id.to_owned(), (author, text, String::new()));
        }
    }

    fn tell_comments(&mut self) {
        let mut comments: Vec<_> = std::mem::take(&mut self.comments).into_iter().collect();
        let number = |id: &str| id.parse::<u64>().unwrap_or(u64::MAX);
        comments.sort_by(|a, b| (number(&a.0), &a.0).cmp(&(number(&b.0), &b.0)));
        for (_, (author, text, about)) in comments {
            let what = match about.trim() {
                "" => say!("a comment of {author}", author),
                about => {
                    say!("a comment of {author} on “{about}”", author, about = shortened(about))
                }
            };
            self.left_out.push(LeftOut { what, text });
        }
    }

    fn read_notes(&mut self, root: Node<'_, '_>, kind: &'static str, document: &mut Document) {
        for node in root.children().filter(|node| name(*node) == kind) {
            let Some(id) = attribute(node, "id") else { continue };
            // Separators have a type.
            if attribute(node, "type").is_some_and(|kind| kind != "normal") {
                continue;
            }
            let mut blocks = Vec::new();
            self.blocks(node, &mut blocks, 0);
            self.flush(&mut blocks);
            self.notes.insert((kind, id.to_owned()), document.notes.len());
            document.notes.push(blocks);
        }
    }

    /// What stands at the top and at the bottom of each page. Returns the lines of a header.
    fn read_margins(
        &mut self,
        package: &mut Package<'_>,
        folder: &str,
    ) -> Result<Vec<String>, Message> {
        let mut header = Vec::new();
        let mut files: Vec<String> = self.relations.values().cloned().collect();
        files.sort();
        files.dedup();
        for file in files {
            let (is_header, is_footer) = (file.starts_with("header"), file.starts_with("footer"));
            if !(is_header || is_footer) || !file.ends_with(".xml") {
                continue;
            }
            let part = format!("{folder}/{file}");
            let Some(text) = package.part(part.trim_start_matches('/'))? else { continue };
            let parsed = package.parse(&text)?;
            let text = text_in(parsed.root_element(), |parent| parent == "t");
            if is_header && header.is_empty() {
                header = header_lines(parsed.root_element(), |parent| parent == "t");
            }
            let what =
                if is_header { say!("the header of pages") } else { say!("the footer of pages") };
            if !text.is_empty() {
                self.left_out.push(LeftOut { what, text });
            }
            self.leave_pictures(parsed.root_element());
        }
        Ok(header)
    }

    /// Ends the list that is being read.
    fn flush(&mut self, blocks: &mut Vec<Block>) {
        blocks.extend(nested(std::mem::take(&mut self.items)));
    }

    fn blocks(&mut self, parent: Node<'_, '_>, blocks: &mut Vec<Block>, depth: usize) {
        for node in parent.children() {
            if depth > MAX_DEPTH {
                self.leave_deep(node);
                continue;
            }
            match name(node) {
                "p" => self.paragraph(node, blocks, depth),
                "tbl" => {
                    self.flush(blocks);
                    self.table(node, blocks, depth);
                }
                "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag"
                | "txbxContent" => {
                    self.blocks(node, blocks, depth + 1);
                }
                "AlternateContent" => {
                    if let Some(choice) = child(node, "Choice") {
                        self.blocks(choice, blocks, depth + 1);
                    }
                }
                "del" | "moveFrom" => self.deleted(node),
                _ => {}
            }
        }
    }

    fn leave_deep(&mut self, node: Node<'_, '_>) {
        let text = text_in(node, |parent| parent == "t");
        if !text.is_empty() {
            let what = say!("text in more than {levels} levels", levels = MAX_DEPTH);
            self.left_out.push(LeftOut { what, text });
        }
        self.leave_pictures(node);
    }

    /// Leaves out the pictures of what is left out.
    fn leave_pictures(&mut self, node: Node<'_, '_>) {
        for drawing in node.descendants().filter(|node| matches!(name(*node), "drawing" | "pict")) {
            let mut inside = drawing.descendants();
            if !inside.any(|node| matches!(name(node), "blip" | "imagedata")) {
                continue;
            }
            let described = |node: &Node<'_, '_>| matches!(name(*node), "docPr" | "shape");
            let described = drawing.descendants().find(described);
            let says = |key: &&str| attribute(described?, key).filter(|text| !text.is_empty());
            let text = SAYS.iter().chain(&["name"]).find_map(says).unwrap_or_default().to_owned();
            self.left_out.push(LeftOut { what: say!("a picture"), text });
        }
    }

    fn deleted(&mut self, node: Node<'_, '_>) {
        let text = text_in(node, |parent| matches!(parent, "delText" | "t"));
        if text.is_empty() {
            return;
        }
        let what = match attribute(node, "author") {
            Some(author) => say!("text that {author} deleted", author),
            None => say!("deleted text"),
        };
        self.left_out.push(LeftOut { what, text });
    }

    fn paragraph(&mut self, node: Node<'_, '_>, blocks: &mut Vec<Block>, depth: usize) {
        let properties = child(node, "pPr");
        let style = properties.and_then(|node| attribute(child(node, "pStyle")?, "val"));
        let style = style.unwrap_or_default().to_owned();
        let mut runs = Vec::new();
        self.runs(node, &mut runs, None, depth);
        let mut runs = trimmed(&runs);
        let is_sequence = |node: Node<'_, '_>| {
            let code = attribute(node, "instr").or(node.text()).unwrap_or_default();
            matches!(name(node), "instrText" | "fldSimple") && code.trim_start().starts_with("SEQ ")
        };
        let is_caption = self.of_style(&style, |style| style.is_caption.then_some(())).is_some();
        if is_caption || node.descendants().any(is_sequence) {
            mark_caption(blocks.last(), &mut runs);
        }
        let boxes = std::mem::take(&mut self.boxes);
        let outline = properties.and_then(|node| child(node, "outlineLvl"));
        let outline = outline.and_then(|node| attribute(node, "val")?.parse::<u8>().ok());
        let outline = outline.filter(|level| *level < 9).map(|level| level + 1);
        let heading = outline.or_else(|| self.of_style(&style, |style| style.heading));
        let list =
            properties.and_then(list_of).or_else(|| self.of_style(&style, |s| s.list.clone()));
        let is_rule = properties.is_some_and(has_line_below)
            || self.of_style(&style, |style| style.is_rule.then_some(())).is_some();
        if is_blank(&runs) {
            self.flush(blocks);
            blocks.push(if is_rule { Block::Rule } else { Block::Blank });
        } else if let Some(level) = heading {
            self.flush(blocks);
            blocks.push(Block::Heading(level, runs));
        } else if let Some(item) = list.and_then(|(list, level)| self.item(list, level, &runs)) {
            self.items.push(item);
        } else {
            self.flush(blocks);
            let is_quote = self.of_style(&style, |style| style.is_quote.then_some(())).is_some();
            let is_code = self.of_style(&style, |style| style.is_code.then_some(())).is_some();
            match blocks.last_mut() {
                Some(Block::Quote(inner)) if is_quote => inner.push(Block::Paragraph(runs)),
                _ if is_quote => blocks.push(Block::Quote(vec![Block::Paragraph(runs)])),
                _ if is_code => {
                    let code: String = runs.iter().map(|run| run.text.as_str()).collect();
                    blocks.push(Block::Code(code));
                    let pictures = runs.into_iter().filter(|run| run.picture.is_some());
                    let pictures: Vec<Run> = pictures.collect();
                    if !pictures.is_empty() {
                        blocks.push(Block::Paragraph(pictures));
                    }
                }
                _ => blocks.push(Block::Paragraph(runs)),
            }
        }
        if !boxes.is_empty() {
            self.flush(blocks);
            blocks.extend(boxes);
        }
    }

    /// A paragraph as the item of a list. `None` if the list has no such level, or no list is meant.
    fn item(&mut self, list: String, level: usize, runs: &[Run]) -> Option<Item> {
        let found = *self.numbering.get(&list)?.get(level)?;
        let runs = runs.to_vec();
        if !found.is_numbered {
            return Some(Item { level, number: None, runs });
        }
        let count = self.counts.entry((list.clone(), level));
        let number = *count.and_modify(|count| *count += 1).or_insert(found.start);
        // Deeper levels begin again.
        self.counts.retain(|(known, at), _| *known != list || *at <= level);
        Some(Item { level, number: Some(number), runs })
    }

    fn table(&mut self, node: Node<'_, '_>, blocks: &mut Vec<Block>, depth: usize) {
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut stack: Vec<Node<'_, '_>> = vec![node];
        while let Some(parent) = stack.pop() {
            for row in parent.children() {
                match name(row) {
                    "tr" => {
                        let properties = child(row, "trPr");
                        let before = properties.and_then(|node| child(node, "gridBefore"));
                        let before = before.and_then(number).map(Cell::covered);
                        rows.push(before.into_iter().chain(self.cells(row, depth)).collect());
                    }
                    "sdt" | "sdtContent" | "ins" | "customXml" => stack.push(row),
                    _ => {}
                }
            }
        }
        rows.retain(|row| !row.is_empty());
        let style =
            child(node, "tblPr").and_then(|node| attribute(child(node, "tblStyle")?, "val"));
        match style {
            Some(SIGNATORIES) => blocks.extend(signatories(rows)),
            _ => blocks.extend(table_of(rows)),
        }
    }

    fn cells(&mut self, row: Node<'_, '_>, depth: usize) -> Vec<Cell> {
        let mut cells = Vec::new();
        for node in row.children() {
            match name(node) {
                "tc" => {
                    let mut blocks = Vec::new();
                    let outer = std::mem::take(&mut self.items);
                    self.blocks(node, &mut blocks, depth + 1);
                    self.flush(&mut blocks);
                    self.items = outer;
                    // Where a cell goes on that begins above, there is an empty one.
                    let columns = child(node, "tcPr").and_then(|node| child(node, "gridSpan"));
                    let columns = columns.and_then(number).unwrap_or(1);
                    let side = child(node, "p").and_then(|text| child(child(text, "pPr")?, "jc"));
                    let side = match side.and_then(|node| attribute(node, "val")) {
                        Some("center") => Alignment::Center,
                        Some("right" | "end") => Alignment::Right,
                        _ => Alignment::None,
                    };
                    cells.push(Cell { side, ..Cell::new(blocks, columns) });
                }
                "sdt" | "sdtContent" | "customXml" if depth < MAX_DEPTH => {
                    cells.extend(self.cells(node, depth + 1));
                }
                _ => {}
            }
        }
        cells
    }

    /// The running text of a paragraph or of what is in one.
    fn runs(
        &mut self,
        parent: Node<'_, '_>,
        runs: &mut Vec<Run>,
        link: Option<&str>,
        depth: usize,
    ) {
        for node in parent.children() {
            if depth > MAX_DEPTH {
                self.leave_deep(node);
                continue;
            }
            match name(node) {
                "r" => self.run(node, runs, link, depth),
                "hyperlink" => {
                    let target =
                        attribute(node, "id").and_then(|id| self.relations.get(id)).cloned();
                    let target = target.unwrap_or_else(|| "#".to_owned());
                    self.runs(node, runs, Some(&target), depth + 1);
                }
                "fldSimple" => {
                    let code = attribute(node, "instr").unwrap_or_default().to_owned();
                    self.fields.push(Field { code, shows_result: true });
                    self.runs(node, runs, link, depth + 1);
                    self.fields.pop();
                }
                "ins" | "moveTo" | "smartTag" | "sdt" | "sdtContent" | "customXml" | "dir"
                | "bdo" | "rubyBase" | "ruby" | "Choice" | "AlternateContent" => {
                    self.runs(node, runs, link, depth + 1);
                }
                "del" | "moveFrom" => self.deleted(node),
                "bookmarkStart" => {
                    let value = |key| attribute(node, key).unwrap_or_default().to_owned();
                    self.open_marks.push((value("id"), value("name")));
                }
                "bookmarkEnd" => {
                    let id = attribute(node, "id").unwrap_or_default();
                    self.open_marks.retain(|(open, _)| open != id);
                }
                "commentRangeStart" => {
                    self.open_comments.extend(attribute(node, "id").map(str::to_owned));
                }
                "commentRangeEnd" => {
                    let id = attribute(node, "id").unwrap_or_default();
                    self.open_comments.retain(|open| open != id);
                }
                "oMath" | "oMathPara" => {
                    let text = text_in(node, |parent| parent == "t");
                    push(runs, Run::plain(text));
                }
                "rt" => {
                    let text = text_in(node, |parent| parent == "t");
                    self.left_out
                        .push(LeftOut { what: say!("a pronunciation above the line"), text });
                }
                _ => {}
            }
        }
    }

    fn run(&mut self, node: Node<'_, '_>, runs: &mut Vec<Run>, link: Option<&str>, depth: usize) {
        let properties = child(node, "rPr");
        let named = properties.and_then(|node| attribute(child(node, "rStyle")?, "val"));
        let base = named.and_then(|id| self.styles.get(id)).map(|style| style.looks);
        let is_link =
            named.is_some_and(|id| id.to_lowercase().contains("link") || id.starts_with("Hiperv"));
        let mut style = base.filter(|_| !is_link).unwrap_or_default();
        if let Some(properties) = properties {
            style = looks(properties, style);
            if link.is_some() && is_on(properties, "i").is_none() {
                // Links are underlined by themselves.
                style.emphasis = false;
            }
        }
        let lang = properties.and_then(|node| {
            let key = if is_on(node, "rtl") == Some(true) { "bidi" } else { "val" };
            attribute(child(node, "lang")?, key)?.parse::<Tag>().ok()
        });
        let is_hidden = properties.is_some_and(|node| is_on(node, "vanish") == Some(true));
        let field_link = self.fields.iter().rev().find_map(|field| hyperlink(&field.code));
        let link = link.map(str::to_owned).or(field_link);
        for part in node.children() {
            let text = match name(part) {
                "t" => part.text().unwrap_or_default().to_owned(),
                "tab" | "ptab" => "\t".to_owned(),
                "br" | "cr" => "\n".to_owned(),
                "noBreakHyphen" => "\u{2011}".to_owned(),
                "sym" => symbol(part).map(String::from).unwrap_or_default(),
                "delText" => {
                    self.deleted(node);
                    continue;
                }
                "fldChar" => {
                    match attribute(part, "fldCharType") {
                        Some("begin") => self.fields.push(Field::default()),
                        Some("separate") => {
                            if let Some(field) = self.fields.last_mut() {
                                field.shows_result = true;
                            }
                        }
                        _ => drop(self.fields.pop()),
                    }
                    continue;
                }
                "instrText" => {
                    if let Some(field) = self.fields.last_mut() {
                        field.code.push_str(part.text().unwrap_or_default());
                    }
                    continue;
                }
                kind @ ("footnoteReference" | "endnoteReference") => {
                    let kind = if kind.starts_with('f') { "footnote" } else { "endnote" };
                    let id = attribute(part, "id").unwrap_or_default().to_owned();
                    let note = self.notes.get(&(kind, id)).copied();
                    if let Some(note) = note {
                        // A mark that is never closed has its first note.
                        let marks = self.open_marks.drain(..).map(|(_, name)| (name, note));
                        self.marked_notes.extend(marks);
                    }
                    push(runs, Run { note, ..Run::default() });
                    continue;
                }
                "drawing" | "pict" | "object" => {
                    self.pictures(part, runs, depth);
                    continue;
                }
                "AlternateContent" => {
                    if let Some(choice) = child(part, "Choice") {
                        self.pictures(choice, runs, depth);
                    }
                    continue;
                }
                "ruby" => {
                    self.runs(part, runs, link.as_deref(), depth + 1);
                    continue;
                }
                _ => continue,
            };
            if is_hidden {
                if !text.trim().is_empty() {
                    self.left_out.push(LeftOut { what: say!("hidden text"), text });
                }
                continue;
            }
            let is_page = self.fields.iter().any(|field| {
                let code = field.code.trim_start();
                ["PAGE", "NUMPAGES", "SECTIONPAGES"].iter().any(|name| code.starts_with(name))
                    && !code.starts_with("PAGEREF")
            });
            if is_page {
                self.left_out.push(LeftOut { what: say!("a page number"), text });
                continue;
            }
            let again = self.fields.iter().find_map(|field| {
                let name = field.code.trim_start().strip_prefix("NOTEREF")?.split_whitespace();
                self.marked_notes.get(name.into_iter().next()?).copied()
            });
            if let Some(note) = again {
                // The number of a note that is cited again.
                push(runs, Run { note: Some(note), ..Run::default() });
                continue;
            }
            for id in &self.open_comments {
                if let Some((_, _, about)) = self.comments.get_mut(id) {
                    about.push_str(&text);
                }
            }
            match &link {
                Some(link) => {
                    push(runs, Run { text, style, link: Some(link.clone()), ..Run::default() });
                }
                None => {
                    let lang = || lang.clone();
                    with_links(&text)
                        .into_iter()
                        .for_each(|run| push(runs, Run { style, lang: lang(), ..run }));
                }
            }
        }
    }

    /// The pictures of a drawing, which may be a group of several, and the text of its boxes.
    fn pictures(&mut self, node: Node<'_, '_>, runs: &mut Vec<Run>, depth: usize) {
        let mut boxes = Vec::new();
        let inside: Vec<Node<'_, '_>> =
            node.descendants().filter(|node| name(*node) == "txbxContent").collect();
        // A box in a box, and a picture in one, is read with the outer one.
        let is_outer =
            |node: &Node<'_, '_>| !node.ancestors().skip(1).any(|above| inside.contains(&above));
        for text in inside.iter().filter(|node| is_outer(node)) {
            let (items, outer) = (std::mem::take(&mut self.items), std::mem::take(&mut self.boxes));
            self.blocks(*text, &mut boxes, depth + 1);
            self.flush(&mut boxes);
            boxes.append(&mut self.boxes);
            (self.items, self.boxes) = (items, outer);
        }
        self.boxes.extend(boxes);
        let within = |kinds: &'static [&'static str]| {
            node.descendants().filter(move |node| kinds.contains(&name(*node))).filter(is_outer)
        };
        let described: Vec<Node<'_, '_>> = within(&["docPr", "cNvPr", "shape"]).collect();
        let said = |node: Option<&Node<'_, '_>>, keys: &[&str]| {
            let found = keys.iter().filter_map(|key| attribute(*node?, key));
            found.filter(|text| !text.is_empty()).map(str::to_owned).next()
        };
        let files: Vec<Node<'_, '_>> = within(&["blip", "imagedata"]).collect();
        let mut count = 0;
        for file in &files {
            let key = if name(*file) == "blip" { "embed" } else { "id" };
            let target = attribute(*file, key).and_then(|id| self.relations.get(id));
            let Some(target) = target else { continue };
            // The picture of a group has a description of its own, right before it.
            let own = described.iter().rfind(|one| one.range().start < file.range().start);
            let own = own.filter(|_| files.len() > 1).and_then(|own| said(Some(own), SAYS));
            let alt = own.or_else(|| said(described.first(), SAYS)).unwrap_or_default();
            let path = beside(&self.folder, target);
            let width = own_width(node).filter(|_| files.len() == 1);
            let picture = Some(Shown { path, alt, width });
            push(runs, Run { picture, ..Run::default() });
            count += 1;
        }
        let others = within(&["OLEObject", "chart", "relIds"]).next().is_some();
        if count < files.len() || count == 0 && others {
            let text = said(described.first(), SAYS).or_else(|| said(described.first(), &["name"]));
            let text = text.unwrap_or_default();
            self.left_out.push(LeftOut { what: say!("a picture"), text });
        }
    }
}

/// The number that a property has.
fn number(node: Node<'_, '_>) -> Option<usize> {
    attribute(node, "val")?.parse().ok()
}

/// How wide a drawing is: ECMA-376, part 1, section 20.4.2.7, or part 4, section 19.1.2.19.
fn own_width(drawing: Node<'_, '_>) -> Option<String> {
    /// English metric units.
    const IN_ONE_POINT: f64 = 12_700.0;
    let find = |kind: &'static str| drawing.descendants().find(|node| name(*node) == kind);
    let extent = find("extent").and_then(|extent| attribute(extent, "cx"));
    if let Some(extent) = extent.and_then(|extent| extent.parse::<f64>().ok()) {
        return Shown::width_of(extent / IN_ONE_POINT);
    }
    let style = find("shape").and_then(|shape| attribute(shape, "style"))?;
    let width = style.split(';').find_map(|one| one.trim().strip_prefix("width:"))?;
    Length::parse(width.trim()).and_then(|Length(points)| Shown::width_of(points))
}

/// The attributes that say what a picture shows.
const SAYS: &[&str] = &["descr", "alt", "title"];

/// The address of a field that is a link.
fn hyperlink(code: &str) -> Option<String> {
    let rest = code.trim_start().strip_prefix("HYPERLINK")?.trim_start();
    let target = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
    Some(target.filter(|target| !target.is_empty()).unwrap_or("#").to_owned())
}

/// The character of a symbol font, if it is one of Unicode's own.
fn symbol(node: Node<'_, '_>) -> Option<char> {
    let code = u32::from_str_radix(attribute(node, "char")?, 16).ok()?;
    char::from_u32(code).filter(|_| !(0xE000..0xF900).contains(&code))
}

/// The first words of a text.
pub(super) fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.len() {
        0..=8 => words.join(" "),
        _ => words[..8].join(" ") + " …",
    }
}
