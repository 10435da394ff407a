//! The signatories of a Word document: a table without lines, read row by row.

use maud::{Markup, html};

use super::{Look, MAX_LEVEL, Writer, signed};
use crate::formats::outline::{Line, Signature, SignatureGroup, Signatures, is_in_lines, plain};
use crate::spec::Style;

/// The style of the table.
pub(crate) const SIGNATORIES: &str = "Signatories";

/// The most members that are below their coalition in a column.
const MAX_BESIDE: usize = 8;

impl Writer<'_> {
    pub(super) fn signatures(
        &mut self,
        Signatures { heading, groups, anonymous, note }: &Signatures,
    ) -> Markup {
        let below = if heading.is_some() { "Heading2" } else { "Heading1" };
        html! {
            @if let Some(heading) = heading { (self.line_in("Heading1", heading)) }
            @for SignatureGroup { heading: group, signatures } in groups {
                @if let Some(group) = group { (self.line_in(below, group)) }
                (self.entries(signatures))
            }
            @if let Some(anonymous) = anonymous { (self.line_in("SignatureNote", anonymous)) }
            @if let Some(note) = note { (self.line_in("SignatureNote", note)) }
        }
    }

    /// How many columns suit some signatories: those that the letter asks for, or as many as their names
    /// fit into.
    fn columns(&self, signatures: &[Signature]) -> usize {
        let most = signatures.len().clamp(1, 4);
        if let Some(columns) = self.letter.signature_columns {
            return columns.clamp(1, most);
        }
        if self.is_formal {
            return most.min(3);
        }
        let mut lengths: Vec<usize> = signatures.iter().map(|one| length(&one.lines)).collect();
        lengths.sort_unstable();
        // A few long names may take two lines.
        match lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0) {
            0..=24 => most.min(3),
            25..=110 => most.min(2),
            _ => 1,
        }
    }

    /// How wide the only signature of a formal letter is, as on the page: 70 mm.
    fn width(&self, columns: usize) -> i64 {
        const SINGLE: i64 = 3969;
        let width = self.page.text_width() / signed(columns);
        if self.is_formal && columns == 1 { width.min(SINGLE) } else { width }
    }

    fn entries(&mut self, signatures: &[Signature]) -> Markup {
        if signatures.is_empty() {
            return html! {};
        }
        let columns = self.columns(signatures);
        let width = self.width(columns);
        let at_end = self.is_formal && columns == 1 && self.letter.is_at_end("signature");
        let is_rtl = self.letter.tag.direction().is_some();
        let is_large = |one: &Signature| columns > 1 && one.members.len() > MAX_BESIDE;
        let rows = signatures.chunk_by(|one, next| !is_large(one) && !is_large(next));
        let follows_table = self.after_table.get();
        let table = html! {
            w:tbl {
                w:tblPr {
                    w:tblStyle w:val=(SIGNATORIES) {}
                    @if is_rtl { w:bidiVisual {} }
                    w:tblW w:w=(width * signed(columns)) w:type="dxa" {}
                    @if at_end { w:jc w:val="right" {} }
                    w:tblLayout w:type="fixed" {}
                    w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"
                        w:noHBand="1" w:noVBand="1" {}
                }
                w:tblGrid { @for _ in 0..columns { w:gridCol w:w=(width) {} } }
                @for group in rows {
                    @match group {
                        [one] if is_large(one) => (self.coalition(one, columns, width)),
                        several => {
                            @for row in several.chunks(columns) {
                                @let cells = row.iter().map(|one| self.entry(one, width)).collect();
                                (self.row(cells, columns, width))
                            }
                        }
                    }
                }
            }
        };
        self.apart(&table, follows_table)
    }

    /// A row, with empty cells at its end if there are too few.
    fn row(&self, mut cells: Vec<Markup>, columns: usize, width: i64) -> Markup {
        cells.resize_with(columns, || self.empty());
        html! {
            w:tr {
                w:trPr { w:cantSplit {} }
                @for cell in cells {
                    w:tc { w:tcPr { w:tcW w:w=(width) w:type="dxa" {} } (cell) }
                }
            }
        }
    }

    /// A coalition with many members: its name in a row of its own, and the members in those below.
    fn coalition(&mut self, signature: &Signature, columns: usize, width: i64) -> Markup {
        let name = self.name(signature, width * signed(columns));
        let list = self.list(None, 0);
        html! {
            w:tr {
                w:trPr { w:cantSplit {} }
                w:tc {
                    w:tcPr {
                        w:tcW w:w=(width * signed(columns)) w:type="dxa" {}
                        w:gridSpan w:val=(columns) {}
                    }
                    (name)
                }
            }
            @for row in signature.members.chunks(columns) {
                @let cells = row.iter().map(|one| self.member(one, list, 0)).collect();
                (self.row(cells, columns, width))
            }
        }
    }

    /// A signatory: the picture or the room for a signature, the name, the members.
    fn entry(&mut self, signature: &Signature, width: i64) -> Markup {
        let name = self.name(signature, width);
        html! { (name) (self.members(&signature.members, 0)) }
    }

    fn name(&mut self, signature: &Signature, width: i64) -> Markup {
        let by_hand = self.is_formal || self.letter.signature_style == Style::Lines;
        let picture = signature.picture.as_ref().map(|picture| {
            // As high as on the page: 14 mm.
            let drawing = self.drawing(picture, width * 3 / 4, 794, None);
            self.paragraph(Look::style("SignaturePicture"), &drawing)
        });
        let style = match picture {
            None if by_hand => "SignatureLine",
            _ => "Signature",
        };
        html! {
            @if let Some(picture) = picture { (picture) }
            (self.names(Look::style(style), signature, is_in_lines(self.letter)))
        }
    }

    /// The name and the note of a signatory.
    fn names(&mut self, look: Look, signature: &Signature, is_strong: bool) -> Markup {
        let lines = signature.lines.iter().chain(&signature.note);
        let lines = self.lines(lines, usize::from(is_strong));
        self.paragraph(look, &lines)
    }

    fn members(&mut self, members: &[Signature], level: usize) -> Markup {
        if members.is_empty() {
            return html! {};
        }
        let list = self.list(None, level);
        html! { @for member in members { (self.member(member, list, level)) } }
    }

    fn member(&mut self, member: &Signature, list: usize, level: usize) -> Markup {
        let look = Look { item: Some((list, level.min(MAX_LEVEL))), ..Look::style("Member") };
        html! { (self.names(look, member, false)) (self.members(&member.members, level + 1)) }
    }
}

/// How many characters the longest of some lines has.
fn length(lines: &[Line]) -> usize {
    lines.iter().map(|line| plain(line).chars().count()).max().unwrap_or(0)
}
