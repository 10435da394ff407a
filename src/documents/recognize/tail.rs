//! What stands below the closing: who signs, who gets a copy, what is sent along.

use crate::documents::dates::Dateline;
use crate::documents::model::{Block, LeftOut, Run, is_blank, plain};
use crate::documents::people;
use crate::documents::recognize::head::is_quoted;
use crate::documents::recognize::pieces::{
    Piece, before, lines_of, rest_of, without_count, without_number,
};
use crate::documents::recognize::sheets::{is_initials, tabbed};
use crate::documents::recognize::{Certainty, Found, Parts, Recognizer};
use crate::documents::signatories::{self, MAX_NAME, NameLine};
use crate::documents::vocabulary::Part;
use crate::words::{Message, say};

/// Who may sign below a heading of their own.
const KINDS: [Part; 2] = [Part::Organizations, Part::Persons];

/// What is known while the lines below the closing are read.
#[derive(Default)]
struct Tail {
    names: Vec<NameLine>,
    cc: Vec<Piece>,
    /// The heading of all names.
    heading: Option<String>,
    /// The heading above the next names.
    group: String,
    /// Whether that heading says that these are organizations, or people.
    kind: Option<Part>,
    /// The part whose label stands above the lines.
    label: Option<Part>,
    /// Whether the next name is parted from the one before.
    gap: bool,
}

impl Recognizer {
    /// What stands below the closing.
    pub(super) fn tail(&self, pieces: &[Piece], parts: &mut Parts) {
        let pieces = tabbed(pieces);
        let mut tail = Tail { gap: true, ..Tail::default() };
        for (at, piece) in pieces.iter().enumerate() {
            tail.gap |= piece.gap;
            match &piece.block {
                Some(block) => self.block_below(block, piece, &mut tail, parts),
                None if self.labelled_below(piece, &mut tail, parts)
                    || self.dated_below(&pieces[at..], &mut tail, parts) => {}
                None => match self.mark_below(&pieces[at..], &tail) {
                    Some(what) => {
                        tail.gap = true;
                        tell(what, &piece.text, parts);
                    }
                    None => self.name_below(piece, pieces.get(at + 1), &mut tail, parts),
                },
            }
        }
        parts.cc.extend(self.copies(&tail.cc));
        heading_of_names(&mut tail, parts);
        self.offices_above(&mut tail.names, parts);
        self.organization_above(&mut tail.names);
        parts.signatories = signatories::entries(&self.vocabulary, tail.names);
    }

    /// A list, a table or another block.
    fn block_below(&self, block: &Block, piece: &Piece, tail: &mut Tail, parts: &mut Parts) {
        let lines = lines_of(std::slice::from_ref(block));
        match (tail.label, block) {
            (Some(Part::Enclosures), _) => parts
                .enclosures
                .extend(lines.iter().map(|line| without_number(&plain(line)).to_owned())),
            (Some(Part::Cc), Block::List { .. } | Block::Quote(_) | Block::Code(_)) => {
                tail.cc.extend(lines.into_iter().map(|runs| Piece {
                    text: plain(&runs),
                    runs,
                    block: None,
                    ..piece.clone()
                }));
            }
            (_, Block::List { .. } | Block::Table(_)) => {
                tail.label = None;
                let places = lines.iter().map(|line| plain(line));
                places.filter(|text| is_place_to_sign(text)).for_each(|text| {
                    tell(say!("a place to sign"), &text, parts);
                });
                self.names_in(block, tail, parts);
            }
            (_, Block::Rule) => tail.gap = true,
            _ => parts.told.extend(lines.iter().filter_map(|line| left_below(&plain(line)))),
        }
    }

    /// Takes a line that begins with the label of a part, or stands below one.
    fn labelled_below(&self, piece: &Piece, tail: &mut Tail, parts: &mut Parts) -> bool {
        let text = piece.text.as_str();
        let label = |rest: &str| before(text, rest).to_owned();
        if let Some(rest) = self.vocabulary.after_label(Part::Enclosures, text) {
            tail.label = Some(Part::Enclosures);
            parts.used.push(label(rest));
            for enclosure in people::split_outside(rest, ';') {
                let bare = without_number(&enclosure);
                parts.used.push(before(&enclosure, bare).to_owned());
                parts.enclosures.push(bare.to_owned());
            }
        } else if let Some(length) = self.vocabulary.begins(Part::Postscript, text)
            && text[length..].starts_with(['.', ':', ' ', '\u{a0}'])
        {
            let more = parts.postscript.take().map(|before| before.text + "\n");
            let text = more.unwrap_or_default() + text;
            parts.postscript = Some(Found { text, certainty: Certainty::Sure });
            tail.label = None;
        } else if let Some(rest) = self.vocabulary.after_label(Part::Cc, text) {
            tail.label = Some(Part::Cc);
            parts.used.push(label(rest));
            tail.cc.extend(rest_of(piece, rest));
        } else {
            return false;
        }
        true
    }

    /// Takes the place and the day between the closing and the names, or beside the only name.
    fn dated_below(&self, pieces: &[Piece], tail: &mut Tail, parts: &mut Parts) -> bool {
        let text = pieces[0].text.as_str();
        let is_first = tail.names.is_empty() && tail.label.is_none();
        let Some(line) = self.date_of(text).filter(|_| is_first) else { return false };
        let is_known = parts.date.is_some() || parts.place.is_some();
        // "Jane Doe, March 9, 2026" has signed, unless somebody else does right below.
        let next = pieces.get(1).filter(|next| next.block.is_none());
        let is_signed = |next: &Piece| {
            (self.is_person(&next.text) || self.is_organization(&next.text))
                && !self.is_bare_title(&next.text)
        };
        let name = line.place.clone().filter(|place| people::is_name(&self.vocabulary, place));
        let signs =
            name.is_some() && (pieces.len() == 1 || next.is_some_and(|next| !is_signed(next)));
        // A name with a day may be that of somebody who signs.
        if is_known && name.is_some() && !signs {
            return false;
        }
        match (is_known, signs) {
            (true, _) => tell(say!("a date below the closing"), text, parts),
            (false, true) => {
                let line = Dateline { place: None, ..line };
                parts.take_date(line, text, Certainty::Weak, Certainty::Weak);
            }
            (false, false) => parts.take_date(line, text, Certainty::Likely, Certainty::Likely),
        }
        if let Some(name) = name.filter(|_| signs) {
            parts.used.push(text.to_owned());
            let name = self.name_line(&[Run::plain(name)], &tail.group, tail.kind);
            let gap = std::mem::take(&mut tail.gap);
            tail.names.push(NameLine { gap, is_whole: false, ..name });
        }
        true
    }

    /// Whether a line is the name of a person, with an honorific or without.
    fn is_person(&self, text: &str) -> bool {
        self.is_somebody(text) && !self.is_bare_title(text)
    }

    /// Whether a line is an office, perhaps behind an article: "El Director Jurídico".
    fn is_bare_title(&self, text: &str) -> bool {
        let bare = self.vocabulary.without_article(text);
        self.is_office(bare) && !signatories::is_organization(&self.vocabulary, bare)
    }

    /// Puts the offices that stand above the names below them, where one person signs or all have theirs
    /// above. Elsewhere, what stands above a name may be somebody who signs as well.
    fn offices_above(&self, names: &mut [NameLine], parts: &mut Parts) {
        let is_plain =
            |line: &NameLine| !line.is_whole && line.members.is_empty() && line.entry.is_none();
        let is_office = |line: &NameLine| is_plain(line) && self.is_bare_title(&line.text);
        let is_person = |line: &NameLine| is_plain(line) && self.is_person(&line.text);
        let is_pair = |pair: &[NameLine]| {
            matches!(pair, [office, name]
                if is_office(office) && is_person(name) && office.group == name.group)
        };
        let persons = names.iter().filter(|line| is_person(line)).count();
        let count = match persons {
            1 if names.chunks(2).next().is_some_and(is_pair) => 1,
            _ if names.chunks(2).all(is_pair) => persons,
            _ => return,
        };
        for pair in names.chunks_mut(2).take(count) {
            pair.swap(0, 1);
            let [name, office] = pair else { continue };
            (name.gap, office.gap) = (true, false);
            let bare = self.vocabulary.without_article(&office.text);
            parts.used.push(before(&office.text, bare).to_owned());
            office.text = bare.to_owned();
        }
        // An office below the only name as well.
        if let ([_, _, next, ..], 1) = (names, persons)
            && is_office(next)
        {
            next.gap = false;
        }
    }

    /// Puts the organization that stands above the only person, as a law office does, below what the person is.
    fn organization_above(&self, names: &mut [NameLine]) {
        let is_plain = |line: &NameLine| line.members.is_empty() && line.entry.is_none();
        let [organization, person, offices @ ..] = &*names else { return };
        if names.iter().all(is_plain)
            && self.is_organization(&organization.text)
            && self.is_person(&person.text)
            && !offices.is_empty()
            && offices.iter().all(|line| self.is_bare_title(&line.text))
            && organization.group == person.group
        {
            names.rotate_left(1);
            for (at, line) in names.iter_mut().enumerate() {
                (line.gap, line.is_whole) = (at == 0, false);
            }
        }
    }

    /// What a line is, the first of some, that stands among the names and is none.
    fn mark_below(&self, pieces: &[Piece], tail: &Tail) -> Option<Message> {
        let text = pieces[0].text.as_str();
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        if is_place_to_sign(text) {
            return Some(say!("a place to sign"));
        }
        if self.vocabulary.is_page(text) {
            return Some(say!("a page number"));
        }
        if self.vocabulary.begins(Part::SentFrom, text).is_some() {
            return Some(say!("what a program for e-mail wrote"));
        }
        if self.is_contact(text) {
            return Some(say!("how somebody is reached"));
        }
        if is_note(text) {
            return Some(say!("a note below the signatories"));
        }
        if is_initials(text) {
            return Some(say!("the initials of who wrote and who typed it"));
        }
        // The heading of the names may be the same word.
        let is_heading = tail.names.is_empty() && self.vocabulary.is(Part::Signatories, text);
        if self.vocabulary.is(Part::Signed, bare) && !is_heading {
            return Some(say!("a mark that the document was signed"));
        }
        // Whoever got a copy is named behind a label; what is not behind it may be a signatory.
        if self.vocabulary.after_label(Part::Prepared, text).is_some()
            && (!tail.names.is_empty() || tail.label == Some(Part::Cc))
        {
            return Some(say!("who prepared or approved the letter"));
        }
        // A short quotation may be the name of an organization, unless somebody signs right below it.
        let next = pieces[1..].iter().find(|next| !is_place_to_sign(&next.text));
        let is_above_person = next.is_some_and(|next| {
            next.block.is_none() && (self.is_person(&next.text) || self.is_bare_title(&next.text))
        });
        let is_motto = is_quoted(text)
            && (text.split(' ').count() > 3 || is_above_person)
            && !self.vocabulary.contains(Part::Body, text)
            || self.vocabulary.is(Part::Motto, text);
        (tail.names.is_empty() && is_motto).then(|| say!("a motto below the closing"))
    }

    /// Whether a line is an e-mail address, perhaps behind a label that names nobody: "Press contact: …"
    fn is_contact(&self, text: &str) -> bool {
        let (label, address) = text.rsplit_once(": ").unwrap_or(("", text));
        let is_address = address.contains('@') && !address.trim().contains(' ');
        is_address && !self.is_somebody(label) && !self.vocabulary.contains(Part::Body, label)
    }

    /// A heading, or a name or a part of one.
    fn name_below(&self, piece: &Piece, next: Option<&Piece>, tail: &mut Tail, parts: &mut Parts) {
        let text = piece.text.as_str();
        match tail.label {
            Some(Part::Enclosures) => {
                let bare = without_number(text);
                parts.used.push(before(text, bare).to_owned());
                parts.enclosures.push(bare.to_owned());
                return;
            }
            Some(Part::Cc) => {
                tail.cc.push(piece.clone());
                return;
            }
            _ => {}
        }
        if text.chars().all(|c| !c.is_alphanumeric()) {
            tail.gap = true;
            parts.told.extend(left_below(text));
            return;
        }
        let title = without_count(text);
        let kind = self.kind_of_heading(title);
        if tail.names.is_empty() && self.vocabulary.is(Part::Signatories, title) {
            let text = text.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}']).to_owned();
            tail.heading = Some(text);
            parts.signatories_are = parts.signatories_are.min(Certainty::Likely);
            tail.kind = kind;
            return;
        }
        let next_is_name = next.is_some_and(|next| !next.text.contains(';'));
        let is_group = piece.heading.is_some()
            || self.vocabulary.is(Part::Signatories, title)
            || KINDS.iter().any(|kind| self.vocabulary.is(*kind, title))
            || text.ends_with(':') && text.split(' ').count() <= 8 && next_is_name;
        if is_group {
            tail.kind = kind;
            text.trim_end_matches([':', ' ']).clone_into(&mut tail.group);
            tail.gap = true;
            return;
        }
        let is_list =
            text.contains(';') || [" — ", " – ", " --- "].iter().any(|dash| text.contains(dash));
        if text.chars().count() > MAX_NAME && !is_list {
            parts.told.extend(left_below(text));
            return;
        }
        let name = self.name_line(&piece.runs, &tail.group, tail.kind);
        let name = match self.without_mark(&name.text) {
            Some(rest) => NameLine { text: rest.to_owned(), ..name },
            None => name,
        };
        parts.used.push(before(text, &name.text).to_owned());
        let gap = std::mem::take(&mut tail.gap);
        tail.names.push(NameLine { gap, is_whole: false, ..name });
    }

    /// Whether a heading says that organizations sign below it, or people: "Organizaciones firmantes".
    fn kind_of_heading(&self, title: &str) -> Option<Part> {
        let is_heading = self.vocabulary.is(Part::Signatories, title);
        let says = |kind: Part| {
            self.vocabulary.begins(kind, title).is_some()
                || is_heading && self.vocabulary.contains(kind, title)
        };
        let names_both = KINDS.iter().all(|kind| self.vocabulary.contains(*kind, title));
        KINDS.into_iter().find(|kind| says(*kind) && !names_both)
    }

    /// A name without the mark before it that the document was signed: "gez. Jane Doe".
    fn without_mark<'t>(&self, text: &'t str) -> Option<&'t str> {
        let length = self.vocabulary.begins(Part::Signed, text)?;
        let rest = text[length..].trim_start_matches(['.', ':', ' ']);
        people::is_name(&self.vocabulary, rest).then_some(rest)
    }

    /// The names in a list or a table.
    fn names_in(&self, block: &Block, tail: &mut Tail, parts: &mut Parts) {
        let is_name = |line: &Vec<Run>| !is_blank(line) && !is_place_to_sign(&plain(line));
        let names_of = |blocks: &[&Block]| -> Vec<Vec<Run>> {
            let lines = blocks.iter().flat_map(|block| lines_of(std::slice::from_ref(*block)));
            lines.filter(is_name).collect()
        };
        let mut names = Vec::new();
        match block {
            Block::List { items, .. } => {
                for item in items {
                    let (lists, texts): (Vec<&Block>, Vec<&Block>) =
                        item.iter().partition(|block| matches!(block, Block::List { .. }));
                    let runs: Vec<Run> = names_of(&texts).join(&Run::plain(" "));
                    let members = names_of(&lists).iter().map(|line| plain(line)).collect();
                    let name = self.name_line(&runs, &tail.group, tail.kind);
                    names.push(NameLine { members, ..name });
                }
            }
            Block::Table(table) => {
                names = self.signers(&table.rows, &tail.group, tail.kind, parts);
            }
            _ => {}
        }
        names.retain(|name| !name.text.is_empty() || name.entry.is_some());
        tail.names.extend(names);
    }
}

/// Takes the first heading: that of all names, or of some if others stand below another one.
fn heading_of_names(tail: &mut Tail, parts: &mut Parts) {
    let Some(text) = tail.heading.take() else { return };
    let (first, others): (Vec<_>, Vec<_>) =
        tail.names.iter_mut().partition(|line| line.group.is_empty());
    if first.is_empty() || others.is_empty() {
        parts.heading = Some(Found { text, certainty: Certainty::Sure });
        return;
    }
    for line in first {
        line.group.clone_from(&text);
        if let Some(entry) = &mut line.entry {
            entry.group.clone_from(&text);
        }
    }
}

/// Tells a text, once if there are several of a kind.
fn tell(what: Message, text: &str, parts: &mut Parts) {
    let left = LeftOut { what, text: text.to_owned() };
    match parts.told.contains(&left) {
        true => parts.used.push(left.text),
        false => parts.told.push(left),
    }
}

pub(super) fn left_below(text: &str) -> Option<LeftOut> {
    let text = text.trim();
    let what = say!("a text below the signatories");
    (!text.is_empty()).then(|| LeftOut { what, text: text.to_owned() })
}

/// Whether a line is a note behind its number: "[1] As of March."
fn is_note(text: &str) -> bool {
    let number = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    number.is_some_and(|(number, _)| number.parse::<u16>().is_ok())
}

/// Whether a line is one to sign on: underscores, perhaps behind a label such as "Signature:".
pub(super) fn is_place_to_sign(text: &str) -> bool {
    let rest = text.replace('_', "");
    let rest = rest.trim();
    let is_bare = !rest.contains(char::is_alphanumeric);
    text.contains('_') && is_bare || text.contains("___") && rest.ends_with(':')
}
