//! Web pages: those of a website, and those that Word, LibreOffice and Google Docs save.

use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use pulldown_cmark::Alignment;
use url::Url;

use crate::documents::lists::{Item, nested};
use crate::documents::model::{
    Block, Document, LeftOut, Run, Shown, Style, is_blank, mark_caption, push, trimmed, visit,
};
use crate::documents::package::MAX_DEPTH;
use crate::documents::page::{self, Node};
use crate::documents::tables::{Cell, table_of};
use crate::documents::text::{self, with_links};
use crate::language::Tag;
use crate::letter::body::Width;
use crate::words::{Message, say};

/// The most bytes of a web page.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// The deepest level of elements that is followed.
const MAX_LEVEL: usize = 4 * MAX_DEPTH;

/// Reads a web page.
pub(super) fn read(name: &str, source: &str) -> Result<Document, Message> {
    if source.len() > MAX_BYTES {
        return Err(say!("`{name}` has more than {most} MiB", name, most = MAX_BYTES >> 20));
    }
    let Some(tree) = page::parse(source) else {
        return Err(say!("`{name}` has elements in more levels than any page of people", name));
    };
    let root = tree.root();
    let elements = || root.descendants().filter(|node| node.value().is_element());
    let first = |wanted: &str| elements().find(|node| tag(*node) == wanted);
    let mut reader = Reader::default();
    for node in elements() {
        for key in ["id", "name"] {
            if let Some(id) = attribute(node, key) {
                reader.ids.entry(id.to_owned()).or_insert(node.id());
            }
        }
        if tag(node) == "style" {
            reader.read_classes(&text_of(node));
        }
    }
    let mut document = Document::default();
    let title = first("title").map(|title| squeezed(&text_of(title)));
    document.title = title.filter(|title| !title.is_empty());
    let declared = [first("html"), first("body")].into_iter().flatten();
    document.language =
        declared.filter_map(|node| attribute(node, "lang")).find_map(|tag| tag.parse().ok());
    let body = first("body").unwrap_or(root);
    let is_only = |wanted: &str| elements().filter(|node| tag(*node) == wanted).count() == 1;
    let main = ["main", "article"].into_iter().find(|wanted| is_only(wanted)).and_then(first);
    if let Some(main) = main {
        reader.leave_outside(body, main);
    }
    reader.find_notes(root);
    reader.container(main.unwrap_or(body), &mut document.blocks, 0);
    reader.end(&mut document.blocks);
    document.notes = reader.notes;
    document.left_out = reader.left_out;
    Ok(document)
}

type Element<'h> = NodeRef<'h, Node>;

fn tag(node: Element<'_>) -> &str {
    node.value().name()
}

fn attribute<'h>(node: Element<'h>, name: &str) -> Option<&'h str> {
    node.value().attribute(name)
}

/// All text in an element.
fn text_of(node: Element<'_>) -> String {
    let texts = node.descendants().filter_map(|node| node.value().text());
    texts.collect::<Vec<&str>>().join(" ")
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Reader {
    /// The elements by their ids and names.
    ids: HashMap<String, NodeId>,
    /// How the classes look that the page's own style defines.
    classes: HashMap<String, Looks>,
    /// The notes, by the address that refers to each.
    references: HashMap<String, usize>,
    notes: Vec<Vec<Block>>,
    /// The elements that hold notes and comments, which are not part of the text.
    taken: HashSet<NodeId>,
    runs: Vec<Run>,
    items: Vec<Item>,
    /// The language of the element that is being read.
    lang: Option<Tag>,
    left_out: Vec<LeftOut>,
}

/// What a style says about text. `None` if it says nothing.
#[derive(Debug, Default, Copy, Clone)]
struct Looks {
    strong: Option<bool>,
    emphasis: Option<bool>,
    strike: Option<bool>,
    is_hidden: bool,
    side: Option<Alignment>,
}

/// Where a text is that is aligned so.
fn side(written: &str) -> Option<Alignment> {
    match written.trim() {
        "center" => Some(Alignment::Center),
        "right" | "end" => Some(Alignment::Right),
        _ => None,
    }
}

impl Looks {
    fn of(css: &str) -> Self {
        let mut looks = Self::default();
        for rule in css.split(';') {
            let Some((key, value)) = rule.split_once(':') else { continue };
            let value = value.trim().to_lowercase();
            match key.trim().to_lowercase().as_str() {
                "font-weight" => {
                    let is_heavy = value.parse::<u16>().is_ok_and(|weight| weight >= 600);
                    looks.strong = Some(value.starts_with("bold") || is_heavy);
                }
                "font-style" => looks.emphasis = Some(value == "italic" || value == "oblique"),
                "text-decoration" | "text-decoration-line" => {
                    looks.strike = Some(value.contains("line-through"));
                }
                "display" => looks.is_hidden = value == "none",
                "text-align" => looks.side = side(&value),
                _ => {}
            }
        }
        looks
    }

    fn over(self, style: Style) -> Style {
        Style {
            strong: self.strong.unwrap_or(style.strong),
            emphasis: self.emphasis.unwrap_or(style.emphasis),
            strike: self.strike.unwrap_or(style.strike),
            ..style
        }
    }
}

impl Reader {
    /// Reads rules such as `.c1{font-weight:700}`.
    fn read_classes(&mut self, css: &str) {
        for rule in css.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else { continue };
            for selector in selectors.split(',') {
                let class = selector.trim().strip_prefix('.').unwrap_or_default();
                let is_class = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
                if !class.is_empty() && class.chars().all(is_class) {
                    self.classes.insert(class.to_owned(), Looks::of(body));
                }
            }
        }
    }

    fn leave(&mut self, what: Message, text: &str) {
        let text = squeezed(text);
        if !text.is_empty() {
            self.left_out.push(LeftOut { what, text });
        }
    }

    /// Leaves out an element: a text of it, and its pictures.
    fn leave_element(&mut self, what: Message, node: Element<'_>, text: &str) {
        self.leave(what, text);
        let is_picture = |node: &Element<'_>| matches!(tag(*node), "img" | "svg");
        let pictures: Vec<Element<'_>> = node.descendants().filter(is_picture).collect();
        pictures.into_iter().for_each(|picture| self.leave_picture(picture));
    }

    /// Leaves out a picture.
    fn leave_picture(&mut self, node: Element<'_>) {
        let said = ["alt", "aria-label", "title", "src"].into_iter();
        let said = said.filter_map(|key| attribute(node, key).map(squeezed));
        let title = node.children().find(|child| tag(*child) == "title").map(text_of);
        let mut said = title.map(|title| squeezed(&title)).into_iter().chain(said);
        let text = said.find(|text| !text.is_empty() && !text.starts_with("data:"));
        let text = text.unwrap_or_default();
        self.left_out.push(LeftOut { what: say!("a picture"), text });
    }

    /// Leaves out what is beside the main part of a page.
    fn leave_outside(&mut self, body: Element<'_>, main: Element<'_>) {
        let inside: HashSet<NodeId> = main.ancestors().map(|node| node.id()).collect();
        let mut parents = vec![body];
        while let Some(parent) = parents.pop() {
            for child in parent.children() {
                if inside.contains(&child.id()) {
                    parents.push(child);
                } else if child.id() != main.id() && !is_code(tag(child)) {
                    self.leave_element(
                        say!("what stands beside the main part of the page"),
                        child,
                        &visible(child),
                    );
                }
            }
        }
    }

    /// Finds footnotes: a link to an element that links back. Word, LibreOffice, Google Docs, pandoc
    /// and the generators of websites all write them so.
    fn find_notes(&mut self, root: Element<'_>) {
        let links: Vec<(String, Element<'_>)> = root
            .descendants()
            .filter(|node| tag(*node) == "a")
            .filter_map(|node| Some((attribute(node, "href")?.strip_prefix('#')?.to_owned(), node)))
            .collect();
        let order: HashMap<NodeId, usize> =
            root.descendants().enumerate().map(|(at, node)| (node.id(), at)).collect();
        for (target, link) in links {
            let Some(found) = self.ids.get(&target).and_then(|id| link.tree().get(*id)) else {
                continue;
            };
            let is_holder = |node: &Element<'_>| {
                matches!(tag(*node), "li" | "div" | "p" | "aside" | "dd" | "section")
            };
            let Some(holder) = std::iter::once(found).chain(found.ancestors()).find(is_holder)
            else {
                continue;
            };
            let names: Vec<&str> = std::iter::once(link)
                .chain(link.ancestors().take(2))
                .chain(link.children().filter(|child| child.value().is_element()))
                .flat_map(|node| [attribute(node, "id"), attribute(node, "name")])
                .flatten()
                .collect();
            let leads_back = |node: &Element<'_>| {
                let back = attribute(*node, "href").and_then(|href| href.strip_prefix('#'));
                back.is_some_and(|back| names.contains(&back))
            };
            let back = holder.descendants().find(leads_back);
            // A note stands below what refers to it.
            let is_below = order.get(&holder.id()) > order.get(&link.id());
            let Some(back) = back.filter(|_| is_below && !self.taken.contains(&holder.id())) else {
                continue;
            };
            self.taken.insert(back.id());
            let mut blocks = Vec::new();
            let outer = (std::mem::take(&mut self.runs), std::mem::take(&mut self.items));
            self.container(holder, &mut blocks, 0);
            self.end(&mut blocks);
            (self.runs, self.items) = outer;
            self.taken.insert(holder.id());
            if target.starts_with("cmnt") {
                let mut text = String::new();
                visit(&blocks, &mut |part, _| text.extend([part, " "]));
                self.leave(say!("a comment"), &text);
                self.taken.insert(link.id());
            } else {
                self.references.insert(target, self.notes.len());
                self.notes.push(blocks);
            }
        }
    }

    /// Ends the paragraph and the list that are being read.
    fn end(&mut self, blocks: &mut Vec<Block>) {
        self.end_paragraph(blocks);
        blocks.extend(nested(std::mem::take(&mut self.items)));
    }

    fn end_paragraph(&mut self, blocks: &mut Vec<Block>) {
        let runs = trimmed(&std::mem::take(&mut self.runs));
        if !is_blank(&runs) {
            blocks.extend(nested(std::mem::take(&mut self.items)));
            blocks.push(Block::Paragraph(runs));
        }
    }

    fn looks(&self, node: Element<'_>) -> Looks {
        let mut looks = Looks::default();
        let classes = attribute(node, "class").unwrap_or_default().split_whitespace();
        let own = attribute(node, "style").map(Looks::of);
        for found in classes.filter_map(|class| self.classes.get(class)).chain(own.as_ref()) {
            looks = Looks {
                strong: found.strong.or(looks.strong),
                emphasis: found.emphasis.or(looks.emphasis),
                strike: found.strike.or(looks.strike),
                is_hidden: found.is_hidden || looks.is_hidden,
                side: found.side.or(looks.side),
            };
        }
        looks.is_hidden |= attribute(node, "hidden").is_some();
        looks
    }

    /// The blocks of an element, and the text between them.
    fn container(&mut self, parent: Element<'_>, blocks: &mut Vec<Block>, level: usize) {
        for node in parent.children() {
            if self.taken.contains(&node.id()) {
                continue;
            }
            if !node.value().is_element() {
                self.inline(node, Style::default(), None, level);
                continue;
            }
            if level > MAX_LEVEL {
                self.leave_element(
                    say!("text in more than {levels} levels", levels = MAX_LEVEL),
                    node,
                    &text_of(node),
                );
                continue;
            }
            let name = tag(node);
            if self.looks(node).is_hidden && !is_code(name) {
                self.leave_element(say!("hidden text"), node, &text_of(node));
                continue;
            }
            let outer = self.enter(node);
            match name {
                "p" => self.paragraph(node, blocks, level),
                "figcaption" => {
                    self.end(blocks);
                    let at = blocks.len();
                    self.container(node, blocks, level + 1);
                    self.end(blocks);
                    if let [before @ .., Block::Paragraph(runs)] = &mut blocks[..]
                        && before.len() == at
                    {
                        mark_caption(before.last(), runs);
                    }
                }
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    self.end(blocks);
                    self.inlines(node, Style::default(), None, level + 1);
                    let runs = trimmed(&std::mem::take(&mut self.runs));
                    if !is_blank(&runs) {
                        blocks.push(Block::Heading(name.as_bytes()[1] - b'0', runs));
                    }
                }
                "ul" | "ol" | "menu" | "dir" => {
                    self.end(blocks);
                    let start = attribute(node, "start").and_then(|start| start.parse().ok());
                    let start = (name == "ol").then(|| start.unwrap_or(1));
                    let mut items = Vec::new();
                    for item in node.children().filter(|item| item.value().is_element()) {
                        if self.taken.contains(&item.id()) {
                            continue;
                        }
                        let mut inner = Vec::new();
                        if matches!(tag(item), "ul" | "ol") {
                            // A list that stands directly in a list belongs to the item before.
                            self.one(item, &mut inner, level + 1);
                            self.end(&mut inner);
                            match items.last_mut() {
                                Some(last) => Vec::extend(last, inner),
                                None => items.push(inner),
                            }
                            continue;
                        }
                        self.container(item, &mut inner, level + 1);
                        self.end(&mut inner);
                        if !inner.is_empty() {
                            items.push(inner);
                        }
                    }
                    if !items.is_empty() {
                        blocks.push(Block::List { start, items });
                    }
                }
                "blockquote" => {
                    self.end(blocks);
                    let mut inner = Vec::new();
                    self.container(node, &mut inner, level + 1);
                    self.end(&mut inner);
                    if !inner.is_empty() {
                        blocks.push(Block::Quote(inner));
                    }
                }
                "pre" => {
                    self.end(blocks);
                    let raw: String =
                        node.descendants().filter_map(|inner| inner.value().text()).collect();
                    let is_program = node.children().any(|child| tag(child) == "code");
                    match is_program {
                        true => blocks.push(Block::Code(raw.trim_end().to_owned())),
                        false => blocks.extend(text::blocks(&raw)),
                    }
                    let pictures = node.descendants().filter(|inner| tag(*inner) == "img");
                    let pictures = pictures.collect::<Vec<_>>().into_iter();
                    pictures.for_each(|img| self.inline(img, Style::default(), None, level + 1));
                    self.end_paragraph(blocks);
                }
                "table" => {
                    self.end(blocks);
                    let rows = self.rows(node, level);
                    blocks.extend(table_of(rows));
                }
                "hr" => {
                    self.end(blocks);
                    blocks.push(Block::Rule);
                }
                "nav" | "footer" | "aside" | "form" | "button" | "select" => {
                    self.end(blocks);
                    self.leave_element(
                        say!("what stands beside the main part of the page"),
                        node,
                        &visible(node),
                    );
                }
                name if is_block(name) => {
                    self.end_paragraph(blocks);
                    self.container(node, blocks, level + 1);
                    self.end_paragraph(blocks);
                }
                _ if node.descendants().skip(1).any(|inner| is_block(tag(inner))) => {
                    self.container(node, blocks, level + 1);
                }
                _ => self.inline(node, Style::default(), None, level),
            }
            self.lang = outer;
        }
    }

    /// Takes the language of an element, and returns the one around it.
    fn enter(&mut self, node: Element<'_>) -> Option<Tag> {
        let own = attribute(node, "lang").and_then(|tag| tag.parse().ok());
        let outer = self.lang.clone();
        self.lang = own.or(self.lang.take());
        outer
    }

    /// One element among the blocks.
    fn one(&mut self, node: Element<'_>, blocks: &mut Vec<Block>, level: usize) {
        let start = (tag(node) == "ol").then_some(1);
        let mut items = Vec::new();
        for item in node.children().filter(|item| item.value().is_element()) {
            if level > MAX_LEVEL {
                self.leave_element(
                    say!("text in more than {levels} levels", levels = MAX_LEVEL),
                    item,
                    &text_of(item),
                );
                continue;
            }
            let mut inner = Vec::new();
            self.container(item, &mut inner, level + 1);
            self.end(&mut inner);
            if !inner.is_empty() {
                items.push(inner);
            }
        }
        if !items.is_empty() {
            blocks.push(Block::List { start, items });
        }
    }

    fn paragraph(&mut self, node: Element<'_>, blocks: &mut Vec<Block>, level: usize) {
        self.end_paragraph(blocks);
        let class = attribute(node, "class").unwrap_or_default();
        let css = attribute(node, "style").unwrap_or_default();
        let looks = self.looks(node);
        self.inlines(node, looks.over(Style::default()), None, level + 1);
        let runs = trimmed(&std::mem::take(&mut self.runs));
        // Word's lists are paragraphs that say how deep they are.
        let depth = css.split("level").nth(1).filter(|_| css.contains("mso-list:"));
        let depth = depth.and_then(|rest| rest.chars().next()?.to_digit(10));
        if is_blank(&runs) {
            self.end(blocks);
            blocks.push(Block::Blank);
        } else if let Some(depth) = depth {
            let mark = node.descendants().find(is_mark).map(text_of).unwrap_or_default();
            let number: String = mark.chars().filter(char::is_ascii_digit).collect();
            let level = depth.saturating_sub(1) as usize;
            self.items.push(Item { level, number: number.parse().ok(), runs });
        } else if class.contains("MsoTitle") || class.split(' ').any(|class| class == "title") {
            self.end(blocks);
            blocks.push(Block::Heading(1, runs));
        } else {
            self.end(blocks);
            blocks.push(Block::Paragraph(runs));
        }
    }

    fn rows(&mut self, table: Element<'_>, level: usize) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for part in table.children() {
            match tag(part) {
                "tr" => {
                    let mut cells = Vec::new();
                    for cell in part.children().filter(|cell| matches!(tag(*cell), "td" | "th")) {
                        let mut blocks = Vec::new();
                        self.container(cell, &mut blocks, level + 1);
                        self.end(&mut blocks);
                        let count = |key| attribute(cell, key)?.trim().parse::<usize>().ok();
                        let columns = count("colspan").unwrap_or(1);
                        let rows = match count("rowspan") {
                            // To the last row of the part.
                            Some(0) => usize::MAX,
                            rows => rows.unwrap_or(1),
                        };
                        let side =
                            self.looks(cell).side.or_else(|| side(attribute(cell, "align")?));
                        let side = side.unwrap_or(Alignment::None);
                        cells.push(Cell { rows, side, ..Cell::new(blocks, columns) });
                    }
                    rows.push(cells);
                }
                "thead" | "tbody" | "tfoot" => {
                    let mut part = self.rows(part, level);
                    let count = part.len();
                    for (at, row) in part.iter_mut().enumerate() {
                        row.iter_mut().for_each(|cell| cell.rows = cell.rows.min(count - at));
                    }
                    rows.extend(part);
                }
                "caption" => {
                    let mut blocks = Vec::new();
                    self.container(part, &mut blocks, level + 1);
                    self.end(&mut blocks);
                    rows.push(vec![Cell::new(blocks, 1)]);
                }
                _ => {}
            }
        }
        rows
    }

    fn inlines(&mut self, parent: Element<'_>, style: Style, link: Option<&str>, level: usize) {
        for node in parent.children() {
            let outer = self.enter(node);
            self.inline(node, style, link, level);
            self.lang = outer;
        }
    }

    fn inline(&mut self, node: Element<'_>, style: Style, link: Option<&str>, level: usize) {
        if self.taken.contains(&node.id()) {
            return;
        }
        if let Some(text) = node.value().text() {
            self.text(text, style, link);
            return;
        }
        if !node.value().is_element() {
            return;
        }
        let name = tag(node);
        if level > MAX_LEVEL {
            self.leave_element(
                say!("text in more than {levels} levels", levels = MAX_LEVEL),
                node,
                &text_of(node),
            );
            return;
        }
        let looks = self.looks(node);
        if looks.is_hidden && !is_code(name) {
            self.leave_element(say!("hidden text"), node, &text_of(node));
            return;
        }
        if is_mark(&node) {
            return;
        }
        let style = looks.over(style);
        let inner = |reader: &mut Self, style| reader.inlines(node, style, link, level + 1);
        match name {
            "br" => push(&mut self.runs, Run { style, ..Run::plain("\n") }),
            "b" | "strong" => inner(self, Style { strong: looks.strong.unwrap_or(true), ..style }),
            "i" | "em" | "cite" | "dfn" | "var" => {
                inner(self, Style { emphasis: looks.emphasis.unwrap_or(true), ..style });
            }
            "s" | "strike" => inner(self, Style { strike: true, ..style }),
            "code" | "kbd" | "samp" | "tt" => inner(self, Style { code: true, ..style }),
            "del" => self.leave_element(say!("deleted text"), node, &text_of(node)),
            "img" => {
                let alt = attribute(node, "alt").unwrap_or_default().trim().to_owned();
                let path = attribute(node, "src").unwrap_or_default().trim().to_owned();
                let style = attribute(node, "style").unwrap_or_default();
                let width = style.split(';').find_map(|one| one.trim().strip_prefix("width:"));
                let width = width.map(str::trim).filter(|width| Width::parse(width).is_some());
                let picture = Some(Shown { path, alt, width: width.map(str::to_owned) });
                let link = link.map(str::to_owned);
                push(&mut self.runs, Run { link, picture, ..Run::default() });
            }
            "a" => {
                let href = attribute(node, "href").map(|href| unwrapped(href.trim()));
                let note = href.as_deref().and_then(|href| href.strip_prefix('#'));
                match note.and_then(|note| self.references.get(note)) {
                    Some(note) => {
                        let note = Some(*note);
                        push(&mut self.runs, Run { note, ..Run::default() });
                    }
                    None => self.inlines(node, style, href.as_deref().or(link), level + 1),
                }
            }
            "rt" | "rp" => self.leave(say!("a pronunciation above the line"), &text_of(node)),
            "button" | "select" | "form" => {
                self.leave_element(
                    say!("what stands beside the main part of the page"),
                    node,
                    &text_of(node),
                );
            }
            "svg" => self.leave_picture(node),
            name if is_code(name) => {}
            _ => inner(self, style),
        }
    }

    /// Adds text, in which all white space is one space.
    fn text(&mut self, text: &str, style: Style, link: Option<&str>) {
        let last = self.runs.last();
        let mut after_space =
            last.is_none_or(|run| run.note.is_none() && run.text.ends_with([' ', '\n']));
        let mut squeezed = String::with_capacity(text.len());
        for c in text.chars() {
            let is_space = matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{0C}');
            if !is_space {
                squeezed.push(c);
            } else if !after_space {
                squeezed.push(' ');
            }
            after_space = is_space;
        }
        match link {
            Some(link) => {
                let run = Run { style, link: Some(link.to_owned()), ..Run::plain(squeezed) };
                push(&mut self.runs, run);
            }
            None => {
                for run in with_links(&squeezed) {
                    push(&mut self.runs, Run { style, lang: self.lang.clone(), ..run });
                }
            }
        }
    }
}

/// Whether an element is the bullet or the number that Word writes before an item.
fn is_mark(node: &Element<'_>) -> bool {
    attribute(*node, "style")
        .is_some_and(|style| style.replace(' ', "").contains("mso-list:Ignore"))
}

/// The address that a link of Google Docs leads to in the end.
fn unwrapped(href: &str) -> String {
    let found = href.strip_prefix("https://www.google.com/url?").and_then(|_| {
        let url = Url::parse(href).ok()?;
        url.query_pairs().find(|(key, _)| key == "q").map(|(_, value)| value.into_owned())
    });
    found.unwrap_or_else(|| href.to_owned())
}

/// Whether an element holds what is no text.
fn is_code(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "title"
            | "meta"
            | "link"
            | "svg"
            | "iframe"
            | "object"
            | "canvas"
    )
}

/// The text of an element without that of scripts and styles.
fn visible(node: Element<'_>) -> String {
    let texts = node.descendants().filter_map(|inner| {
        let text = inner.value().text()?;
        let is_shown = !inner.ancestors().take(3).any(|above| is_code(tag(above)));
        is_shown.then_some(text)
    });
    texts.collect::<Vec<&str>>().join(" ")
}

/// Whether an element begins and ends a paragraph.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "td"
            | "th"
            | "tr"
            | "tbody"
            | "thead"
            | "tfoot"
            | "caption"
            | "ul"
    )
}
