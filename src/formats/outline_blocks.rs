//! The parts of a letter as blocks, for formats that have only blocks.

use ecow::EcoString;

use crate::formats::outline::{
    Dateline, Letterhead, Line, Part, People, Reference, Signature, SignatureGroup, Signatures,
    plain,
};
use crate::language::space_after;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};

/// The parts as blocks. The letter's own heading has the depth 0. `label` formats a label such as "To:".
pub(crate) fn blocks(parts: Vec<Part>, label: impl Fn(Line) -> Line) -> Vec<Block> {
    let mut blocks = Blocks { list: Vec::new(), label: &label };
    for part in parts {
        blocks.part(part);
    }
    blocks.list
}

/// Room to write in, for formats without lines.
const BLANK: &str = "………………………………";

struct Blocks<'f> {
    list: Vec<Block>,
    label: &'f dyn Fn(Line) -> Line,
}

impl Blocks<'_> {
    fn push(&mut self, kind: impl FnOnce(Line) -> BlockKind, line: Line) {
        self.list.extend(block(kind, line));
    }

    fn paragraph(&mut self, line: Line) {
        self.push(BlockKind::Paragraph, line);
    }

    fn label(&mut self, label: Option<Line>) {
        if let Some(label) = label {
            let line = (self.label)(label);
            self.paragraph(line);
        }
    }

    fn part(&mut self, part: Part) {
        match part {
            Part::Letterhead(Letterhead { logo, mut lines, .. }) => {
                // A logo stands for the sender's name, which need not be repeated.
                let said = |alt: &EcoString| lines.iter().any(|line| plain(line).contains(&**alt));
                if let Some(picture) = logo.filter(|logo| !said(&logo.alt))
                    && let Some(first) = lines.first().and_then(|line| line.first())
                {
                    let kind = InlineKind::Text(picture.alt);
                    lines.insert(0, vec![Inline { kind, place: first.place.clone() }]);
                }
                self.paragraph(broken(lines));
            }
            Part::Title(title) => self.push(|line| BlockKind::Heading(0, line), title),
            Part::People(People { label, is_beside, people, .. }) => {
                let (above, mut beside) = if is_beside { (None, label) } else { (label, None) };
                self.label(above);
                for person in people {
                    let gap = beside.as_ref().map_or("", |label| space_after(&plain(label)));
                    let label = beside.take().map(self.label).unwrap_or_default();
                    self.paragraph(behind(label, gap, broken(person)));
                }
            }
            Part::Date(Dateline { before, date, after, .. }) => {
                self.paragraph([before, date, after].concat());
            }
            Part::References(references) => {
                let line = |Reference { label, gap, text }| {
                    let label = label.map(self.label).unwrap_or_default();
                    behind(label, gap, text)
                };
                let lines = references.into_iter().map(line).collect();
                self.paragraph(broken(lines));
            }
            Part::Body { blocks, .. } => self.list.extend(blocks),
            Part::Courtesy(line)
            | Part::Salutation(line)
            | Part::Closing(line)
            | Part::Postscript(line) => {
                self.paragraph(line);
            }
            Part::Signatures(Signatures { heading, groups, anonymous, note }) => {
                let depth = if heading.is_some() { 2 } else { 1 };
                self.push(|line| BlockKind::Heading(1, line), heading.unwrap_or_default());
                for SignatureGroup { heading, signatures } in groups {
                    self.push(|line| BlockKind::Heading(depth, line), heading.unwrap_or_default());
                    self.list.extend(list(None, signatures.into_iter().map(entry)));
                }
                self.paragraph(anonymous.unwrap_or_default());
                self.paragraph(note.unwrap_or_default());
            }
            Part::Enclosures { label, items } => {
                self.label(label);
                let item = |line| block(BlockKind::Paragraph, line).into_iter().collect();
                self.list.extend(list(Some(1), items.into_iter().map(item)));
            }
            Part::Footer(lines) => {
                // Below the letter, as on the page.
                let place = lines.iter().flatten().next().map(|inline| inline.place.clone());
                let rule = |place| Block { kind: BlockKind::ThematicBreak, place };
                self.list.extend(place.map(rule));
                self.paragraph(broken(lines));
            }
            Part::Receipt { heading, blanks } => {
                self.label(Some(heading));
                let blanks = blanks.into_iter().map(|line| {
                    let room = format!("{}{BLANK}", space_after(&plain(&line)));
                    behind(line, &room, Vec::new())
                });
                self.paragraph(broken(blanks.collect()));
            }
        }
    }
}

/// A block of running text, unless it is empty.
fn block(kind: impl FnOnce(Line) -> BlockKind, line: Line) -> Option<Block> {
    let place = line.first()?.place.clone();
    Some(Block { kind: kind(line), place })
}

/// A tight list, unless it is empty.
fn list(start: Option<u64>, items: impl Iterator<Item = Vec<Block>>) -> Option<Block> {
    let items: Vec<Vec<Block>> = items.filter(|item| !item.is_empty()).collect();
    let place = items.first()?.first()?.place.clone();
    Some(Block { kind: BlockKind::List { start, tight: true, items }, place })
}

fn entry(signature: Signature) -> Vec<Block> {
    let lines = signature.lines.into_iter().chain(signature.note).collect();
    let name = block(BlockKind::Paragraph, broken(lines));
    name.into_iter().chain(list(None, signature.members.into_iter().map(entry))).collect()
}

/// A text after another, if there is one.
fn behind(mut line: Line, gap: &str, text: Line) -> Line {
    if let Some(last) = line.last().filter(|_| !gap.is_empty()) {
        let place = last.place.clone();
        line.push(Inline { kind: InlineKind::Text(gap.into()), place });
    }
    line.extend(text);
    line
}

/// Lines with a line break between them.
fn broken(lines: Vec<Line>) -> Line {
    let mut joined: Line = Vec::new();
    for line in lines {
        if let (Some(last), false) = (joined.last(), line.is_empty()) {
            let place = last.place.clone();
            joined.push(Inline { kind: InlineKind::LineBreak, place });
        }
        joined.extend(line);
    }
    joined
}
