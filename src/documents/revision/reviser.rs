//! Makes edits of the changes of a document.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::documents::body as bodies;
use crate::documents::model::{Block as Read, Document, LeftOut, Run, Style, slice};
use crate::documents::revision::table_edits::bars_escaped;
use crate::documents::revision::tables::Table;
use crate::documents::revision::units::{Leaf, ReadUnit, Unit};
use crate::documents::revision::versions::Versions;
use crate::documents::revision::words::{self, Edit, Hunk, Token};
use crate::documents::revision::{
    Change, Original, Revision, Sides, Touched, Untaken, one_line, one_line_within, tokens_same,
};
use crate::formats::docx::base::{Base, compared_text, fingerprint, of_picture};
use crate::formats::outline;
use crate::letter::Body;
use crate::letter::body::{Block, BlockKind};
use crate::source::Place;
use crate::spec::{BodySource, Localized};
use crate::words::{Message, say};

/// Makes edits of the changes.
pub(super) struct Reviser<'r> {
    pub original: &'r Original<'r>,
    pub document: &'r Document,
    pub letter: &'r [Unit],
    pub before: &'r [ReadUnit],
    pub after: &'r [ReadUnit],
    /// The tables of the body that the document has.
    pub tables: &'r [Table],
    /// An earlier version of the letter, if the document is of one.
    pub versions: Option<(&'r Base, &'r Versions)>,
    /// The paragraph of the letter that each one of the export prints.
    pub origins: Vec<Option<usize>>,
    /// The paragraph of the export that each one of the document was.
    pub olds: Vec<Option<usize>>,
    /// Which paragraphs of the export the letter did not have when the document was made.
    pub is_new: Vec<bool>,
    /// What paragraphs were before the tracked changes of the document, by what they are.
    pub before_changes: HashMap<String, String>,
    /// What was done to each paragraph of the document.
    pub touched: Vec<Touched>,
    /// The blocks of the document that are in no text, although the letter does not print them.
    pub no_text: Vec<usize>,
    /// The words of each change that is not taken over.
    pub refused: Vec<Vec<Token>>,
    /// The words of each paragraph that the document does not have, but that stays with its notes.
    pub standing: Vec<Vec<Token>>,
    pub revision: Revision,
}

impl Reviser<'_> {
    /// The block of the body that a paragraph of the document was in.
    pub(super) fn block_of(&self, after: usize) -> Option<usize> {
        match self.letter[self.origins[self.olds[after]?]?].leaf {
            Leaf::Body(block) => Some(block),
            Leaf::Note | Leaf::Printed => None,
        }
    }

    pub(super) fn leave(&mut self, what: Message, text: String, place: Option<Place>) {
        self.revision.untaken.push(Untaken { left: LeftOut { what, text }, place, sides: None });
    }

    /// Tells what the letter and the document changed, each in its way.
    pub(super) fn dispute(&mut self, what: Message, sides: Sides, place: Option<Place>) {
        let left = LeftOut { what, text: String::new() };
        self.revision.untaken.push(Untaken { left, place, sides: Some(sides) });
    }

    /// What a paragraph of the document was before its tracked changes, if the letter said so.
    pub(super) fn tracked(&self, after: usize) -> Option<String> {
        let (base, _) = self.versions?;
        let was = self.before_changes.get(&compared_text(&self.after[after].text)?)?;
        fingerprint(was).filter(|print| base.texts.contains(print)).map(|_| one_line(was))
    }

    /// What a paragraph was before both the letter and the document changed it: what was changed while changes
    /// were tracked, or the mixture of the two that has the fingerprint.
    fn was(&self, before: usize, after: usize, hunks: &[Hunk]) -> Option<String> {
        /// One in 256 other texts has a fingerprint too, so few mixtures are tried.
        const MOST: usize = 6;
        if let Some(was) = self.tracked(after) {
            return Some(was);
        }
        let (base, versions) = self.versions?;
        let prints = &base.texts[versions.between(before, after)];
        let mixtures = (1_usize << hunks.len().min(8)).saturating_sub(2);
        if hunks.is_empty() || mixtures * prints.len() > MOST {
            return None;
        }
        let (old, new) = (&self.before[before], &self.after[after]);
        let mixed = |choice: usize| {
            let is_new = |hunk: usize| choice >> hunk & 1 == 1;
            words::mixed((&old.text, &old.tokens), (&new.text, &new.tokens), hunks, is_new)
        };
        let is_known =
            |text: &String| fingerprint(text).is_some_and(|print| prints.contains(&print));
        let mut known = (1..=mixtures).map(mixed).filter(is_known);
        known.next().filter(|_| known.next().is_none())
    }

    /// Where a paragraph of the letter is said.
    pub(super) fn place_of(&self, unit: usize) -> Option<Place> {
        let unit = &self.letter[unit];
        unit.is_said.then(|| unit.place.clone())
    }

    /// Where the letter says what a paragraph of the document stands behind.
    pub(super) fn behind(&self, after: usize) -> Option<Place> {
        let origin = |after: usize| self.origins[self.olds[after]?];
        (0..after).rev().find_map(origin).and_then(|unit| self.place_of(unit))
    }

    /// Whether the letter of today has a paragraph of the document in another place.
    pub(super) fn is_moved(&self, after: usize) -> bool {
        self.before.iter().any(|before| tokens_same(&before.tokens, &self.after[after].tokens))
    }

    /// Whether new words are those of a paragraph that stays where it is: they would be there twice.
    pub(super) fn is_twice(&self, come: &[Token]) -> bool {
        self.standing.iter().any(|words| words::share(words, come) >= 0.5)
    }

    /// Tells the pictures that are gone, and the descriptions that were changed.
    /// What the letter itself changed of them since the document was made is none of that.
    pub(super) fn pictures(
        &mut self,
        (before, after): (&[String], &[String]),
        base: Option<&Base>,
    ) {
        let mut come = after.to_vec();
        let mut gone: Vec<&String> = Vec::new();
        for alt in before {
            match come.iter().position(|other| other == alt) {
                Some(at) => drop(come.remove(at)),
                None => gone.push(alt),
            }
        }
        if let Some(base) = base {
            let mut lost = base.pictures.clone();
            for alt in before.iter().chain(&come) {
                let print = of_picture(alt);
                lost.iter().position(|known| *known == print).map(|at| lost.swap_remove(at));
            }
            let has = |alt: &str| base.pictures.contains(&of_picture(alt));
            come.retain(|alt| !has(alt));
            // One that neither has may be any that is new in the letter.
            gone.retain(|alt| has(alt) || !lost.is_empty());
        }
        // In their order, which is that of the text.
        let mut come = come.into_iter();
        for alt in gone {
            let place = self.figure(alt);
            match come.next() {
                Some(new) => {
                    let text = format!("[-{alt}-]{{+{new}+}}");
                    self.leave(say!("the description of a picture"), text, place);
                }
                None => self.leave(say!("a picture that is gone"), format!("[-{alt}-]"), place),
            }
        }
        if base.is_some() {
            for new in come {
                self.leave(say!("the description of a picture"), format!("{{+{new}+}}"), None);
            }
        }
    }

    /// Tells what the letter has now where the document has fewer paragraphs than both had.
    pub(super) fn lost(&mut self, versions: &Versions) {
        let mut now = vec![None; self.before.len()];
        for (old, touched) in self.olds.iter().zip(&self.touched) {
            if let Some(old) = old {
                now[*old] = Some(*touched);
            }
        }
        for gap in versions.gaps.iter().filter(|gap| gap.missing > 0) {
            for before in gap.before.clone() {
                let text = one_line(&self.before[before].text);
                if self.tables.iter().any(|table| table.has_before(before)) {
                    continue;
                }
                let place = self.origins[before].and_then(|origin| self.place_of(origin));
                let document = match now[before] {
                    _ if !self.is_new[before] => continue,
                    None => String::new(),
                    Some(Touched::Nowhere) => {
                        self.leave(beside(), text, place);
                        continue;
                    }
                    Some(_) => continue,
                };
                self.dispute(beside(), Sides { was: None, letter: text, document }, place);
            }
        }
    }

    /// Where the picture of the body is that shows this.
    fn figure(&self, alt: &str) -> Option<Place> {
        fn find(blocks: &[Block], alt: &str) -> Option<Place> {
            blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Figure(figure) => {
                    (one_line(&outline::plain(&figure.alt)) == alt).then(|| block.place.clone())
                }
                BlockKind::Quote(blocks) => find(blocks, alt),
                BlockKind::List { items, .. } => items.iter().find_map(|item| find(item, alt)),
                _ => None,
            })
        }
        match &self.original.letter.body {
            Body::Markdown(blocks) => find(blocks, alt),
            Body::Typst(_) => None,
        }
    }

    /// Remembers new words that are not taken over: what they were before is not taken out.
    pub(super) fn refuse(&mut self, come: Vec<Token>) {
        self.refused.push(come);
    }

    /// Takes over the changes of the body.
    pub(super) fn body(&mut self) {
        let Body::Markdown(blocks) = &self.original.letter.body else { return };
        let taken = (self.revision.edits.len(), self.revision.changes.len());
        self.blocks_of_body(blocks);
        if self.body_is_shared() {
            // What another language says too is not this one's to change.
            self.revision.edits.truncate(taken.0);
            for change in self.revision.changes.split_off(taken.1) {
                self.leave(
                    say!("a text that several languages share"),
                    change.shown,
                    Some(change.place),
                );
            }
        }
    }

    /// Takes over the changes outside the body.
    pub(super) fn others(&mut self) {
        let met: HashSet<usize> = self.olds.iter().flatten().copied().collect();
        for before in 0..self.before.len() {
            let leaf = self.origins[before].map(|origin| self.letter[origin].leaf);
            if met.contains(&before) || matches!(leaf, Some(Leaf::Body(_))) || self.is_new[before] {
                continue;
            }
            let text = format!("[-{}-]", one_line(&self.before[before].text));
            let what = match leaf {
                Some(Leaf::Note) => say!("a footnote that is new or gone"),
                _ => say!("a part of the letter that the document does not have"),
            };
            let place = self.origins[before].and_then(|origin| self.place_of(origin));
            self.leave(what, text, place);
        }
        for after in 0..self.after.len() {
            let Some(before) = self.olds[after] else { continue };
            match self.origins[before].map(|origin| (origin, self.letter[origin].leaf)) {
                Some((_, Leaf::Body(_))) => {}
                Some((origin, Leaf::Note | Leaf::Printed)) => self.change(origin, after),
                None => {
                    let (old, new) = (&self.before[before], &self.after[after]);
                    let hunks = words::differences(&old.tokens, &new.tokens);
                    if !hunks.is_empty() && self.touched[after] != Touched::Nowhere {
                        let shown = words::shown(
                            (&old.text, &old.tokens),
                            (&new.text, &new.tokens),
                            &hunks,
                        );
                        self.leave(say!("a text that the program prints by itself"), shown, None);
                    }
                }
            }
        }
    }

    /// Takes over what was changed in a paragraph.
    pub(super) fn change(&mut self, origin: usize, after: usize) {
        if self.touched[after] == Touched::Nowhere {
            return;
        }
        let (unit, new) = (&self.letter[origin], &self.after[after]);
        let place = self.place_of(origin);
        let before = self.olds[after].map(|before| &self.before[before]);
        let (old_text, old_tokens) =
            before.map_or((&unit.text, &unit.tokens), |before| (&before.text, &before.tokens));
        let signs = words::differences(&unit.tokens, old_tokens);
        // What was changed in the export, without what the format itself writes.
        let all = words::differences(old_tokens, &new.tokens);
        let (kept, only_signs): (Vec<Hunk>, Vec<Hunk>) = all.into_iter().partition(|hunk| {
            !words::is_of_format((&unit.tokens, old_tokens, &new.tokens), &signs, hunk)
        });
        let old = (old_text.as_str(), &old_tokens[..]);
        let says = |hunk: &Hunk| {
            let gone = old_tokens[hunk.old.clone()].iter();
            gone.chain(&new.tokens[hunk.new.clone()]).any(Token::is_word)
        };
        if only_signs.iter().any(says) {
            let shown = words::shown(old, (&new.text, &new.tokens), &only_signs);
            let what = say!("a change that cannot be written in its place");
            self.leave(what, shown, place.clone());
        }
        if kept.is_empty() {
            if before.is_some_and(|before| before.notes != new.notes) {
                let text = one_line(&new.text);
                self.leave(say!("a footnote that is new or gone"), text, place);
            }
            return;
        }
        let shown = self.in_row(origin, words::shown(old, (&new.text, &new.tokens), &kept));
        let come = kept.iter().flat_map(|hunk| new.tokens[hunk.new.clone()].to_vec());
        let come: Vec<Token> = come.collect();
        if matches!(self.touched[after], Touched::Both | Touched::Beside) {
            let what = if self.touched[after] == Touched::Both { in_both() } else { beside() };
            let sides = self.sides(origin, after, &kept);
            self.refuse(new.tokens.clone());
            self.dispute(what, sides, place);
            return;
        }
        let reason = if before.is_some_and(|before| before.notes != new.notes) {
            Some(say!("a footnote that is new or gone"))
        } else if self.is_twice(&come) {
            Some(say!("a change that cannot be written in its place"))
        } else {
            None
        };
        if let Some(what) = reason {
            self.refuse(new.tokens.clone());
            self.leave(what, shown, place);
            return;
        }
        let has_sign = kept.iter().any(|hunk| {
            let mut come = new.tokens[hunk.new.clone()].iter();
            come.any(|token| words::is_sign(token, (&unit.tokens, old_tokens), &signs))
        });
        let hunks = words::in_letter(old_tokens, &signs, &kept).filter(|_| !has_sign);
        let edits = hunks
            .and_then(|hunks| {
                let tokens = words::without_signs(old_tokens, &new.tokens, &signs);
                self.edits(unit, new, &tokens, &hunks)
            })
            .or_else(|| signs.is_empty().then(|| self.whole(unit, new)).flatten());
        if edits.is_none() {
            self.refuse(come);
        }
        match edits {
            Some(edits) => {
                let own = unit.place.clone();
                let place = match (unit.leaf, edits.first()) {
                    (Leaf::Printed, Some(first)) => Place::new(first.file, first.range.clone()),
                    _ => own,
                };
                self.revision.edits.extend(edits);
                self.revision.changes.push(Change { place, shown });
            }
            None if unit.leaf == Leaf::Printed => {
                let what = say!(
                    "a text that the program prints by itself, or that several languages share"
                );
                self.leave(what, shown, place);
            }
            None => {
                self.leave(say!("a change that cannot be written in its place"), shown, place);
            }
        }
    }

    /// What the letter and the document say, both as differences from what they said before, if that is known.
    fn sides(&self, origin: usize, after: usize, hunks: &[Hunk]) -> Sides {
        let new = &self.after[after];
        let new = (new.text.as_str(), &new.tokens[..]);
        let Some(before) = self.olds[after] else {
            let letter = one_line(&self.letter[origin].text);
            return Sides { was: None, letter, document: one_line(new.0) };
        };
        let old = &self.before[before];
        let old = (old.text.as_str(), &old.tokens[..]);
        let Some(was) = self.was(before, after, hunks) else {
            let (letter, document) = words::sides(old, new, hunks);
            return Sides { was: None, letter, document };
        };
        let tokens = words::tokens(&was);
        let from_was = |now: (&str, &[Token])| {
            words::shown((&was, &tokens), now, &words::differences(&tokens, now.1))
        };
        let (letter, document) = (from_was(old), from_was(new));
        Sides { letter, document, was: Some(was) }
    }

    /// The edits of a paragraph, word by word.
    fn edits(
        &self,
        unit: &Unit,
        new: &ReadUnit,
        tokens: &[Token],
        hunks: &[Hunk],
    ) -> Option<Vec<Edit>> {
        let in_letter = unit.leaf == Leaf::Printed;
        let written = |range: Range<usize>, is_free: bool| {
            let (first, last) = (tokens.get(range.start)?, tokens.get(range.end - 1)?);
            let runs = slice(&new.runs, first.at.start, last.at.end);
            if runs.iter().any(|run| run.note.is_some()) {
                return None;
            }
            if in_letter {
                return Some(one_line(
                    &runs.iter().map(|run| run.text.as_str()).collect::<String>(),
                ));
            }
            // The caption of a picture is a text without marks, between quotes.
            let is_free = is_free && !unit.is_caption && (new.is_paragraph || unit.cell.is_some());
            let text = self.markdown(runs, is_free)?;
            Some(match unit.cell {
                Some(_) => bars_escaped(&text),
                None if unit.is_caption => self.in_quotes(unit, &text)?,
                None => text,
            })
        };
        let edits = words::edits(&unit.tokens, tokens, hunks, written)?;
        edits.into_iter().map(|edit| self.escaped(edit)).collect()
    }

    /// The text of a caption with backslashes before the quotes that it stands between.
    fn in_quotes(&self, unit: &Unit, text: &str) -> Option<String> {
        let Place { file, range } = &unit.place;
        let source = self.original.files.text(*file).ok()?;
        let quote = source.get(..range.start)?.chars().next_back()?;
        let escaped = |text: &str, quote: char| text.replace(quote, &format!("\\{quote}"));
        match quote {
            '"' | '\'' => Some(escaped(text, quote)),
            '(' => Some(escaped(&escaped(text, '('), ')')),
            _ => None,
        }
    }

    /// The edit that writes a paragraph anew, for changes across marks and links.
    fn whole(&self, unit: &Unit, new: &ReadUnit) -> Option<Vec<Edit>> {
        let is_fixed = unit.leaf == Leaf::Printed || unit.is_caption;
        if is_fixed || new.notes > 0 || !new.is_paragraph {
            return None;
        }
        let text = self.markdown(new.runs.clone(), true)?;
        let Place { file, range } = unit.place.clone();
        Some(vec![self.escaped(Edit { file, range, text })?])
    }

    /// Runs as Markdown on one line.
    pub(super) fn markdown(&self, runs: Vec<Run>, is_free: bool) -> Option<String> {
        let runs = runs.into_iter().map(|run| match is_free {
            true => Run { text: one_line_within(&run.text), ..run },
            false => {
                Run { text: one_line_within(&run.text), style: Style::default(), ..Run::default() }
            }
        });
        let text = self.blocks(&[Read::Paragraph(runs.collect())]);
        (!text.is_empty() && !text.contains('\n')).then_some(text)
    }

    pub(super) fn blocks(&self, blocks: &[Read]) -> String {
        let text =
            bodies::write(blocks, &[], &self.original.letter.tag, &mut Vec::new(), &mut Vec::new());
        text.trim().to_owned()
    }

    /// An edit as the string that it is in has it, if it is in one of TOML.
    pub(super) fn escaped(&self, edit: Edit) -> Option<Edit> {
        let spec = &self.original.written.spec;
        if edit.file != spec.file {
            return Some(edit);
        }
        let start = self.string_around(edit.range.start)?;
        let source = self.original.written.source.as_str();
        let text = edit.text;
        let rest = source.get(start..)?;
        let text = if rest.starts_with("'''") {
            (!text.contains("'''")).then_some(text)?
        } else if rest.starts_with('\'') {
            (!text.contains(['\'', '\n'])).then_some(text)?
        } else {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            if rest.starts_with("\"\"\"") { text } else { text.replace('\n', "\\n") }
        };
        Some(Edit { text, ..edit })
    }

    /// Where the string begins in which an offset of the letter's file is.
    fn string_around(&self, offset: usize) -> Option<usize> {
        let contains = |place: &Place| place.range.start < offset && offset < place.range.end;
        let letter = self.original.letter;
        let file = self.original.written.spec.file;
        let body = match self.original.written.spec.body.get(&letter.tag) {
            Some(BodySource::Inline(text)) => Some(text.place.clone()),
            _ => None,
        };
        let printed = letter.texts().into_iter().map(|(_, printed)| printed.source.place.clone());
        let mut all = body.into_iter().chain(printed).filter(|place| place.file == file);
        all.find(contains).map(|place| place.range.start)
    }

    /// Whether the body is that of other languages too.
    fn body_is_shared(&self) -> bool {
        let Localized::Each(variants, _) = &self.original.written.spec.body else {
            return !self.original.others.is_empty();
        };
        let own = variants.iter().find(|v| self.original.letter.tag.is_in(&v.tag));
        let others = self.original.others.iter();
        own.is_some_and(|own| {
            others.clone().any(|other| {
                let theirs = variants.iter().find(|v| other.tag.is_in(&v.tag));
                theirs.is_some_and(|theirs| theirs.tag == own.tag)
            })
        })
    }
}

pub(super) fn beside() -> Message {
    say!("a change at a text that was changed or removed in the letter as well")
}

pub(super) fn in_both() -> Message {
    say!("a text that was changed in the letter as well")
}

pub(super) fn added_text(unit: &ReadUnit) -> String {
    format!("{{+{}+}}", one_line(&unit.text))
}

/// Whether there is a picture in a block of the body.
pub(super) fn has_picture(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Figure(_) => true,
        BlockKind::Quote(blocks) => blocks.iter().any(has_picture),
        BlockKind::List { items, .. } => items.iter().flatten().any(has_picture),
        _ => false,
    }
}

/// Whether there is a table in a block of the body.
pub(super) fn has_table(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Table { .. } => true,
        BlockKind::Quote(blocks) => blocks.iter().any(has_table),
        BlockKind::List { items, .. } => items.iter().flatten().any(has_table),
        _ => false,
    }
}
