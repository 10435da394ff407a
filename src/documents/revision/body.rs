//! The changes of the body, block by block.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::documents::model::Block as Read;
use crate::documents::revision::reviser::{
    Reviser, added_text, beside, has_picture, has_table, in_both,
};
use crate::documents::revision::units::{Leaf, ReadUnit, Unit};
use crate::documents::revision::words::{self, Edit, Token};
use crate::documents::revision::{Change, Sides, Touched, one_line};
use crate::letter::body::{Block, BlockKind};
use crate::source::Place;
use crate::words::say;

impl Reviser<'_> {
    pub(super) fn blocks_of_body(&mut self, blocks: &[Block]) {
        // What the document has in place of each paragraph of the letter; none if it is not printed.
        let mut now: BTreeMap<usize, Option<usize>> =
            self.origins.iter().flatten().map(|origin| (*origin, None)).collect();
        for (after, old) in self.olds.iter().enumerate() {
            if let Some(origin) = old.and_then(|old| self.origins[old]) {
                now.insert(origin, Some(after));
            }
        }
        // What the letter got since is not gone.
        for (before, origin) in self.origins.iter().enumerate() {
            if let Some(origin) = origin.filter(|origin| now.get(origin) == Some(&None))
                && self.is_new[before]
            {
                now.remove(&origin);
            }
        }
        // The next paragraphs on both sides that the letter has.
        let is_known = |at: &usize| self.olds[*at].is_some();
        let last_of = |last: &mut Option<usize>, at: usize| {
            let before = *last;
            *last = Some(at).filter(is_known).or(before);
            Some(before)
        };
        let all = 0..self.after.len();
        let known_before: Vec<Option<usize>> = all.clone().scan(None, last_of).collect();
        let mut known_behind: Vec<Option<usize>> = all.rev().scan(None, last_of).collect();
        known_behind.reverse();
        let mut added: BTreeMap<Option<usize>, BTreeSet<usize>> = BTreeMap::new();
        let mut torn: BTreeSet<usize> = BTreeSet::new();
        for after in 0..self.after.len() {
            if self.olds[after].is_some() || self.table_of(after).is_some() {
                continue;
            }
            let top = self.after[after].top;
            if top >= self.document.blocks.len() {
                let text = added_text(&self.after[after]);
                let what = match self.touched[after] {
                    Touched::Nowhere => continue,
                    _ => say!("a footnote that is new or gone"),
                };
                self.leave(what, text, self.behind(after));
                continue;
            }
            if self.touched[after] == Touched::Nowhere {
                let old = |at: Option<usize>| at.and_then(|at| self.olds[at]);
                let start = old(known_before[after]).map_or(0, |old| old + 1);
                let end = old(known_behind[after]).unwrap_or(self.before.len());
                // In the place of what was changed in the letter there is something new.
                let is_moved = self.is_moved(after);
                if !is_moved && !(start..end).any(|before| self.is_new[before]) {
                    let text = added_text(&self.after[after]);
                    let what = say!("a text that the letter no longer has");
                    self.leave(what, text, self.behind(after));
                }
                continue;
            }
            if self.touched[after] == Touched::Beside {
                self.refuse(self.after[after].tokens.clone());
                let document = one_line(&self.after[after].text);
                let was = self.tracked(after);
                let sides = Sides { was, letter: String::new(), document };
                self.dispute(beside(), sides, self.behind(after));
                continue;
            }
            let (before, next) = (known_before[after], known_behind[after]);
            let inside = [before, next].into_iter().flatten().find(|at| self.after[*at].top == top);
            if let Some(block) = inside.and_then(|at| self.block_of(at)) {
                torn.insert(block);
                continue;
            }
            let (before, next) =
                (before.and_then(|at| self.block_of(at)), next.and_then(|at| self.block_of(at)));
            match (before, next) {
                _ if self.no_text.contains(&top) => {
                    let text = added_text(&self.after[after]);
                    let what = say!("a text that is new, and no part of the body");
                    self.leave(what, text, self.behind(after));
                }
                (Some(block), _) => {
                    added.entry(Some(block)).or_default().insert(top);
                }
                (None, Some(block)) => {
                    added.entry(block.checked_sub(1)).or_default().insert(top);
                }
                (None, None) => {
                    let text = added_text(&self.after[after]);
                    let what = say!("a text that is new, and no part of the body");
                    self.leave(what, text, self.behind(after));
                }
            }
        }
        let mut removed: BTreeSet<usize> = BTreeSet::new();
        let mut leaves_of: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
        for (at, unit) in self.letter.iter().enumerate() {
            if let Leaf::Body(index) = unit.leaf
                && let Some(leaves) = leaves_of.get_mut(index)
            {
                leaves.push(at);
            }
        }
        let is_gone =
            |leaves: &[usize]| leaves.iter().all(|leaf| now.get(leaf).copied() == Some(None));
        for leaves in leaves_of.iter().filter(|leaves| !leaves.is_empty() && is_gone(leaves)) {
            let units = || leaves.iter().map(|leaf| &self.letter[*leaf]);
            if units().any(|unit| unit.has_notes) {
                let words = units().flat_map(|unit| &unit.tokens).filter(|token| token.is_word());
                self.standing.push(words.cloned().collect());
            }
        }
        for (index, block) in blocks.iter().enumerate() {
            if let Some(table) = self.tables.iter().find(|table| table.block == index) {
                self.table(table, block);
                continue;
            }
            let leaves = &leaves_of[index];
            let there: Vec<Option<Option<usize>>> =
                leaves.iter().map(|leaf| now.get(leaf).copied()).collect();
            let gone = there.iter().filter(|now| **now == Some(None)).count();
            if gone > 0 && has_picture(block) {
                // The document says nothing of the picture itself.
                let texts = leaves.iter().map(|leaf| one_line(&self.letter[*leaf].text));
                let text = texts.collect::<Vec<_>>().join(" / ");
                let what = say!("a change that cannot be written in its place");
                self.leave(what, text, Some(block.place.clone()));
            } else if gone > 0 && gone == leaves.len() {
                removed.insert(index);
            } else if gone > 0 || torn.contains(&index) {
                self.rewrite(block, index);
            } else {
                for (leaf, now) in leaves.iter().zip(there) {
                    if let Some(Some(now)) = now {
                        self.change(*leaf, now);
                    }
                }
            }
        }
        for (behind, tops) in added {
            self.add(blocks, behind, &tops, &removed);
        }
        // At last, when it is known what is not taken over.
        self.remove(blocks, removed, &leaves_of);
    }

    /// Takes blocks of the body out.
    fn remove(&mut self, blocks: &[Block], mut removed: BTreeSet<usize>, leaves_of: &[Vec<usize>]) {
        removed.retain(|index| {
            let units: Vec<&Unit> =
                leaves_of[*index].iter().map(|leaf| &self.letter[*leaf]).collect();
            let text: Vec<String> = units.iter().map(|unit| one_line(&unit.text)).collect();
            let shown = format!("[-{}-]", text.join(" / "));
            let words = units.iter().flat_map(|unit| &unit.tokens).filter(|token| token.is_word());
            let words: Vec<Token> = words.cloned().collect();
            // What is elsewhere in the document, but cannot be written there, is not lost here.
            let is_elsewhere = self.refused.iter().any(|come| words::share(&words, come) >= 0.5);
            let has_notes = units.iter().any(|unit| unit.has_notes);
            if is_elsewhere || has_notes {
                let place = Some(blocks[*index].place.clone());
                self.leave(say!("a change that cannot be written in its place"), shown, place);
                return false;
            }
            let place = blocks[*index].place.clone();
            self.revision.changes.push(Change { place, shown });
            true
        });
        let Some(file) = blocks.first().map(|block| block.place.file) else { return };
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        let is_blank =
            |range: Range<usize>| source.get(range).is_some_and(|text| text.trim().is_empty());
        let range_of = |index: usize| {
            let range = &blocks[index].place.range;
            let end = source.get(..range.end).map_or(0, |text| text.trim_end().len());
            range.start..end.max(range.start)
        };
        // The first and the last of each row of blocks with nothing between them.
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for index in removed {
            match rows.last_mut() {
                Some((_, last))
                    if *last + 1 == index
                        && is_blank(range_of(*last).end..range_of(index).start) =>
                {
                    *last = index;
                }
                _ => rows.push((index, index)),
            }
        }
        for (first, last) in rows {
            let mut range = range_of(first).start..range_of(last).end;
            let next = blocks.get(last + 1).map(|next| next.place.range.start);
            let before = first.checked_sub(1).map(|before| range_of(before).end);
            if let Some(next) = next.filter(|next| is_blank(range.end..*next)) {
                range.end = next;
            } else if let Some(before) = before.filter(|before| is_blank(*before..range.start)) {
                range.start = before;
            }
            self.revision.edits.push(Edit { file, range, text: String::new() });
        }
    }

    /// Writes a list, a quotation or a table anew, some of whose paragraphs are new or gone.
    fn rewrite(&mut self, block: &Block, index: usize) {
        let own: Vec<usize> =
            (0..self.after.len()).filter(|at| self.block_of(*at) == Some(index)).collect();
        let tops: BTreeSet<usize> = own.iter().map(|at| self.after[*at].top).collect();
        let units: Vec<usize> =
            (0..self.after.len()).filter(|at| tops.contains(&self.after[*at].top)).collect();
        let old: Vec<&Unit> =
            self.letter.iter().filter(|unit| unit.leaf == Leaf::Body(index)).collect();
        let joined =
            |texts: Vec<&str>| texts.iter().map(|t| one_line(t)).collect::<Vec<_>>().join(" / ");
        let old_text = joined(old.iter().map(|unit| unit.text.as_str()).collect());
        let new_text = joined(units.iter().map(|at| self.after[*at].text.as_str()).collect());
        let (olds, news) = (words::tokens(&old_text), words::tokens(&new_text));
        let hunks = words::differences(&olds, &news);
        let shown = words::shown((&old_text, &olds), (&new_text, &news), &hunks);
        let is_alone =
            units.iter().all(|at| self.olds[*at].is_none() || self.block_of(*at) == Some(index));
        let has_notes = units.iter().any(|at| self.after[*at].notes > 0);
        let read: Vec<Read> =
            tops.iter().filter_map(|top| self.document.blocks.get(*top)).cloned().collect();
        let text = self.blocks(&read);
        let file = block.place.file;
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        let end = source.get(..block.place.range.end).map_or(0, |text| text.trim_end().len());
        let range = block.place.range.start..end.max(block.place.range.start);
        // The signs of the format would be taken for text.
        let is_as_written = units.iter().all(|at| {
            let Some(before) = self.olds[*at] else { return true };
            let Some(origin) = self.origins[before] else { return true };
            let (letter, before) = (&self.letter[origin].tokens, &self.before[before].tokens);
            words::differences(letter, before).is_empty()
        });
        // What the letter got since, or no longer has, would be taken back.
        let is_of_now = units.iter().all(|at| self.touched[*at] == Touched::Here)
            && !(0..self.before.len()).any(|before| {
                let leaf = self.origins[before].map(|origin| self.letter[origin].leaf);
                self.is_new[before] && leaf == Some(Leaf::Body(index))
            });
        // A table is written cell by cell, or not at all.
        let is_text = !has_notes && !has_picture(block) && !has_table(block);
        let edit = (is_alone && is_as_written && is_of_now && is_text && !text.is_empty())
            .then(|| self.escaped(Edit { file, range, text }))
            .flatten();
        match edit {
            Some(edit) => {
                self.revision.edits.push(edit);
                self.revision.changes.push(Change { place: block.place.clone(), shown });
            }
            None if is_of_now => {
                self.refuse(news);
                let what = say!("a change that cannot be written in its place");
                self.leave(what, shown, Some(block.place.clone()));
            }
            None => {
                let (letter, document) =
                    words::sides((&old_text, &olds), (&new_text, &news), &hunks);
                self.refuse(news);
                let sides = Sides { was: None, letter, document };
                self.dispute(in_both(), sides, Some(block.place.clone()));
            }
        }
    }

    /// Adds blocks behind one of the body, or at its beginning.
    fn add(
        &mut self,
        blocks: &[Block],
        behind: Option<usize>,
        tops: &BTreeSet<usize>,
        removed: &BTreeSet<usize>,
    ) {
        let Some(first) = blocks.first() else { return };
        let read: Vec<&Read> =
            tops.iter().filter_map(|top| self.document.blocks.get(*top)).collect();
        // They are in the order of the blocks that they are in.
        let units: Vec<&ReadUnit> = (tops.iter())
            .flat_map(|top| {
                let start = self.after.partition_point(|unit| unit.top < *top);
                self.after[start..].iter().take_while(|unit| unit.top == *top)
            })
            .collect();
        let shown: Vec<String> = units.iter().map(|unit| added_text(unit)).collect();
        let shown = shown.join("\n");
        let file = first.place.file;
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        // Headings as the body has them.
        let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading(..));
        let heading = blocks.iter().find(is_heading);
        let heading = heading.and_then(|block| source.get(block.place.range.clone()));
        let marks = heading.map_or(0, |text| text.len() - text.trim_start_matches('#').len());
        let texts: Vec<String> = read
            .iter()
            .map(|block| {
                let text = self.blocks(&[(*block).clone()]);
                match (block, text.strip_prefix("# ")) {
                    (Read::Heading(..), Some(title)) => {
                        format!("{} {title}", "#".repeat(if marks == 0 { 2 } else { marks }))
                    }
                    _ => text,
                }
            })
            .collect();
        let text = texts.join("\n\n");
        // Before the next block, if the one before is taken out.
        let next = behind.filter(|behind| removed.contains(behind));
        let next = next.and_then(|behind| blocks.get(behind + 1));
        let (at, text) = match behind.and_then(|behind| blocks.get(behind)) {
            Some(_) if let Some(next) = next => (next.place.range.start, format!("{text}\n\n")),
            Some(block) => {
                let end = source.get(..block.place.range.end).map_or(0, |t| t.trim_end().len());
                (end, format!("\n\n{text}"))
            }
            None => (first.place.range.start, format!("{text}\n\n")),
        };
        let has_notes = units.iter().any(|unit| unit.notes > 0);
        let come: Vec<Token> = units.iter().flat_map(|unit| unit.tokens.clone()).collect();
        let is_twice = self.is_twice(&come);
        let edit = (!has_notes && !is_twice)
            .then(|| self.escaped(Edit { file, range: at..at, text }))
            .flatten();
        match edit {
            Some(edit) => {
                self.revision.edits.push(edit);
                self.revision.changes.push(Change { place: Place::new(file, at..at), shown });
            }
            None => {
                self.refuse(come);
                let what = say!("a change that cannot be written in its place");
                self.leave(what, shown, Some(Place::new(file, at..at)));
            }
        }
    }
}
