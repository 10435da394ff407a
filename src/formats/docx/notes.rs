//! The footnotes of a Word document.

use ecow::EcoString;
use maud::{Markup, html};

use super::{Look, Marks, Relation, Writer, in_root};
use crate::language::Tag;
use crate::letter::body::{Block, BlockKind};

/// The footnotes in the order of their first references.
#[derive(Debug, Default)]
pub(super) struct Notes {
    all: Vec<Note>,
    /// Whether the text of a footnote is being written.
    inside: bool,
    /// The language of the text that is being written, if it is not the letter's.
    pub lang: Option<Tag>,
}

/// A footnote.
#[derive(Debug)]
struct Note {
    tag: Tag,
    name: EcoString,
    text: Vec<Block>,
}

impl Writer<'_> {
    /// A reference to a footnote. Word has one for each footnote; others repeat its number.
    pub(super) fn footnote(&mut self, tag: &Tag, name: &EcoString, text: &[Block]) -> Markup {
        let known = self.notes.all.iter_mut().enumerate().find(|(_, note)| note.name == *name);
        if let Some((index, note)) = known {
            // One of the references has the text.
            if !text.is_empty() {
                note.text = text.to_vec();
                note.tag = tag.clone();
            }
            let number = index + 1;
            return html! {
                w:fldSimple w:instr={ " NOTEREF _RefNote" (number) " \\f \\h " } {
                    w:r {
                        w:rPr { w:rStyle w:val="FootnoteReference" {} }
                        w:t { (number) }
                    }
                }
            };
        }
        if self.notes.inside {
            // A footnote of Word has none of its own.
            return self.in_brackets(text);
        }
        self.notes.all.push(Note { tag: tag.clone(), name: name.clone(), text: text.to_vec() });
        let number = self.notes.all.len();
        html! {
            w:bookmarkStart w:id=(number) w:name={ "_RefNote" (number) } {}
            w:r {
                w:rPr { w:rStyle w:val="FootnoteReference" {} }
                w:footnoteReference w:id=(number) {}
            }
            w:bookmarkEnd w:id=(number) {}
        }
    }

    /// The paragraphs of a footnote as a part of the text around it.
    fn in_brackets(&mut self, text: &[Block]) -> Markup {
        let none = Marks::default();
        let mut lines = Vec::new();
        self.lines_of(text, &mut lines);
        html! {
            (self.text(" [", &none))
            @for (at, line) in lines.iter().enumerate() {
                @if at > 0 { (self.text(" ", &none)) }
                (line)
            }
            (self.text("]", &none))
        }
    }

    /// The texts of some blocks in their order: those of lists with their numbers or bullets.
    fn lines_of(&mut self, blocks: &[Block], lines: &mut Vec<Markup>) {
        let none = Marks::default();
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(line) | BlockKind::Heading(_, line) => {
                    lines.push(self.runs(line, &none));
                }
                BlockKind::List { start, items, .. } => {
                    for (number, item) in (0_u64..).zip(items) {
                        let mark = match start {
                            Some(start) => {
                                let number = start.saturating_add(number);
                                format!("{}. ", self.letter.conventions.in_digits(number))
                            }
                            None => "• ".to_owned(),
                        };
                        let at = lines.len();
                        self.lines_of(item, lines);
                        if let Some(first) = lines.get_mut(at) {
                            let mark = self.text(&mark, &none);
                            *first = html! { (mark) (first) };
                        }
                    }
                }
                BlockKind::Quote(blocks) => self.lines_of(blocks, lines),
                BlockKind::Code(code) => {
                    let marks = Marks { code: true, ..Marks::default() };
                    lines.extend(code.lines().map(|line| self.text(line, &marks)));
                }
                BlockKind::Table { rows, .. } => {
                    for cell in rows.iter().flatten() {
                        lines.push(self.runs(cell, &none));
                    }
                }
                BlockKind::Figure(figure) => lines.push(self.runs(&figure.caption, &none)),
                BlockKind::ThematicBreak => {}
            }
        }
    }

    /// The part with all footnotes, and what it refers to.
    pub(super) fn footnotes(&mut self) -> (Markup, Vec<Relation>) {
        let outer = std::mem::take(&mut self.relations);
        self.notes.inside = true;
        let mut notes = Vec::new();
        for index in 0..self.notes.all.len() {
            let note = &mut self.notes.all[index];
            let text = std::mem::take(&mut note.text);
            let lang = Some(note.tag.clone()).filter(|tag| *tag != self.letter.tag);
            self.notes.lang = lang;
            notes.push(self.note(&text));
        }
        self.notes.lang = None;
        let separators = [(-1, "separator"), (0, "continuationSeparator")];
        let footnotes = html! {
            @for (id, kind) in separators {
                w:footnote w:type=(kind) w:id=(id) {
                    w:p {
                        w:pPr { w:spacing w:after="0" w:line="240" w:lineRule="auto" {} }
                        w:r {
                            @if id < 0 { w:separator {} } @else { w:continuationSeparator {} }
                        }
                    }
                }
            }
            @for (id, note) in (1..).zip(&notes) { w:footnote w:id=(id) { (note) } }
        };
        (in_root("footnotes", &footnotes), std::mem::replace(&mut self.relations, outer))
    }

    /// The text of a footnote, its number before it.
    fn note(&mut self, text: &[Block]) -> Markup {
        let look = Look::style("FootnoteText");
        let number = html! {
            w:r { w:rPr { w:rStyle w:val="FootnoteReference" {} } w:footnoteRef {} }
            (self.text(" ", &Marks::default()))
        };
        let (first, rest) = match text.split_first() {
            Some((Block { kind: BlockKind::Paragraph(line), .. }, rest)) => {
                (Some(self.runs(line, &Marks::default())), rest)
            }
            _ => (None, text),
        };
        let first = html! { (number) @if let Some(first) = first { (first) } };
        html! {
            (self.paragraph(look, &first))
            (self.blocks(rest, look, 0))
            @if self.after_table.get() { (self.empty()) }
        }
    }
}
