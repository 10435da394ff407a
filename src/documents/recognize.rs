//! Finds the parts of a letter in a document: what stands where is a guess, and says how sure it is.

use crate::documents::dates::dateline;
use crate::documents::model::{Block, Document, LeftOut, Run, is_blank, lines, plain, trimmed};
use crate::documents::people::{self, Person};
use crate::documents::signatories::{self, Entry, MAX_NAME, NameLine, only_url};
use crate::documents::text::bullet;
use crate::documents::vocabulary::{Part, Vocabulary};
use crate::formats::docx::base::compared_text;
use crate::language::{Tag, fold};
use crate::words::say;

/// How sure a guess is, surest first.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) enum Certainty {
    /// A label or an unmistakable form says so.
    #[default]
    Sure,
    /// It is where it usually is, and looks like it.
    Likely,
    /// It may well be something else.
    Weak,
}

/// A text that was found, and how sure it is that it is what it is taken for.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(super) struct Found {
    pub text: String,
    pub certainty: Certainty,
}

/// The parts of a letter in one language.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub title: Option<Found>,
    pub date: Option<Found>,
    /// The tag of the language with the calendar of the date, if that is another than the tag's own.
    pub calendar: Option<Tag>,
    pub place: Option<Found>,
    pub subject: Option<Found>,
    pub reference: Option<Found>,
    pub your_reference: Option<Found>,
    pub salutation: Option<Found>,
    pub body: Vec<Block>,
    pub notes: Vec<Vec<Block>>,
    pub closing: Option<Found>,
    pub heading: Option<Found>,
    pub signatories: Vec<Entry>,
    pub signatories_are: Certainty,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    /// The lines of the letterhead, the organization first.
    pub from: Vec<String>,
    pub enclosures: Vec<String>,
    pub postscript: Option<Found>,
    /// What the reader left out.
    pub left_out: Vec<LeftOut>,
    /// What has no place in a letter.
    pub told: Vec<LeftOut>,
    /// Words that the letter prints by itself or in another form: labels, the date, numbers of lines.
    pub used: Vec<String>,
}

/// A line, or a block that is none.
#[derive(Debug, Clone)]
struct Piece {
    runs: Vec<Run>,
    text: String,
    /// Whether an empty line or the end of a paragraph is before it.
    gap: bool,
    /// The level, if it is a heading.
    heading: Option<u8>,
    /// The block, if it is no line of running text.
    block: Option<Block>,
    /// The paragraph that it is in.
    paragraph: usize,
}

impl Piece {
    /// Whether it reads like a part of the text.
    fn is_prose(&self) -> bool {
        let words = self.text.split(' ').count();
        let ends = self.text.ends_with(['.', '!', '?', '…', '”']);
        let count = self.text.chars().count();
        // Scripts without spaces say as much in fewer characters.
        let is_joined = self.text.ends_with(['。', '！', '？']) && count >= 20;
        self.block.is_some() || count > 160 || ends && words >= 9 || is_joined
    }

    /// Whether it is a picture without any text.
    fn is_picture(&self) -> bool {
        self.block.is_none() && self.text.is_empty()
    }

    fn is_bold(&self) -> bool {
        self.runs.iter().all(|run| run.style.strong || run.text.trim().is_empty())
    }
}

/// Finds the parts of a letter. `name` is the title if the document has none.
pub(super) fn recognize(mut document: Document, tag: &Tag, name: &str) -> Parts {
    let vocabulary = Vocabulary::of(tag);
    let mut parts = Parts {
        notes: std::mem::take(&mut document.notes),
        left_out: std::mem::take(&mut document.left_out),
        ..Parts::default()
    };
    let mut pieces = pieces(std::mem::take(&mut document.blocks));
    let reader = Recognizer { vocabulary, month_first: tag.language() == "en" };
    reader.join_salutation(&mut pieces);
    let salutation = pieces.iter().take(80).position(|piece| reader.is_salutation(piece));
    let likely = || reader.likely_salutation(&pieces);
    let known = salutation.is_some();
    let salutation = salutation.or_else(likely);
    let body_start =
        salutation.unwrap_or_else(|| reader.end_of_head(&pieces, document.title_is_meant));
    let after = salutation.map_or(body_start, |at| at + 1);
    let closing = (after..pieces.len()).find(|at| reader.is_closing(&pieces[*at]));
    let closing = closing.or_else(|| reader.long_closing(&pieces, after));
    let (body_end, tail) = match closing {
        Some(at) => (at, reader.end_of_closing(&pieces, at)),
        None => {
            let end = reader.end_of_body(&pieces, after);
            (end, end)
        }
    };
    if let Some(title) = document.title.take_if(|_| document.title_is_meant) {
        parts.title = Some(Found { text: title, certainty: Certainty::Sure });
    }
    // What stands in a letterhead or among the names is told.
    let without_pictures = |pieces: &[Piece]| -> Vec<Piece> {
        pieces.iter().filter(|piece| !piece.is_picture()).cloned().collect()
    };
    reader.head(&without_pictures(&pieces[..body_start]), &mut parts);
    if let Some(at) = salutation {
        let certainty = if known { Certainty::Sure } else { Certainty::Likely };
        parts.salutation = Some(Found { text: pieces[at].text.clone(), certainty });
    }
    if let Some(at) = closing {
        let lines: Vec<&str> = pieces[at..tail].iter().map(|piece| piece.text.as_str()).collect();
        parts.closing = Some(Found { text: lines.join(" "), certainty: Certainty::Sure });
    }
    parts.body = body(&pieces[after..body_end]);
    parts.signatories_are = match closing {
        Some(_) => Certainty::Likely,
        None => Certainty::Weak,
    };
    reader.tail(&without_pictures(&pieces[tail..]), &mut parts);
    reader.fill(&mut parts, &document, name);
    say_something(&mut parts);
    parts
}

/// Reads blocks that turned out to stand above the text or below the names.
pub(super) fn read_ends(head: Vec<Block>, tail: Vec<Block>, tag: &Tag, parts: &mut Parts) {
    let reader =
        Recognizer { vocabulary: Vocabulary::of(tag), month_first: tag.language() == "en" };
    let known = [std::mem::take(&mut parts.to), std::mem::take(&mut parts.cc)];
    let signatories = std::mem::take(&mut parts.signatories);
    reader.head(&pieces(head), parts);
    let copies = std::mem::take(&mut parts.cc);
    reader.tail(&pieces(tail), parts);
    let [to, cc] = known;
    parts.to.splice(0..0, to);
    parts.cc.splice(0..0, cc.into_iter().chain(copies));
    parts.signatories.extend(signatories);
}

/// A letter must say something: without a text, what found no other place is the text, then the title.
fn say_something(parts: &mut Parts) {
    if lines_of(&parts.body).iter().any(|line| plain(line).contains(char::is_alphanumeric)) {
        return;
    }
    let told = std::mem::take(&mut parts.told).into_iter().map(|left| left.text);
    let mut texts: Vec<String> = told.filter(|text| !text.trim().is_empty()).collect();
    if texts.is_empty() {
        texts.extend(parts.title.as_ref().map(|title| title.text.clone()));
    }
    let paragraphs = texts.into_iter().map(|text| Block::Paragraph(vec![Run::plain(text)]));
    parts.body.extend(paragraphs);
}

/// The lines of paragraphs, and the other blocks.
fn pieces(blocks: Vec<Block>) -> Vec<Piece> {
    let has_blanks = blocks.iter().filter(|block| matches!(block, Block::Blank)).count() > 2;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut gap = true;
    for (paragraph, block) in blocks.into_iter().enumerate() {
        let piece = |runs: Vec<Run>, gap, heading, block| Piece {
            text: plain(&runs),
            runs,
            gap,
            heading,
            block,
            paragraph,
        };
        match block {
            Block::Blank => {
                gap = true;
                continue;
            }
            Block::Paragraph(runs) => {
                for (index, line) in lines(&runs, |c| c == '\n').into_iter().enumerate() {
                    if !is_blank(&line) {
                        pieces.push(piece(line, index == 0 && (gap || !has_blanks), None, None));
                    }
                }
            }
            Block::Heading(level, runs) => {
                let runs: Vec<Run> = runs
                    .into_iter()
                    .map(|run| Run { text: run.text.replace('\n', " "), ..run })
                    .collect();
                if !is_blank(&runs) {
                    pieces.push(piece(trimmed(&runs), true, Some(level), None));
                }
            }
            other => pieces.push(piece(Vec::new(), true, None, Some(other))),
        }
        gap = false;
    }
    pieces
}

/// The blocks of some pieces. Lines of one paragraph become one again.
fn body(pieces: &[Piece]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut last = None;
    for piece in pieces {
        match (&piece.block, piece.heading) {
            (Some(block), _) => blocks.push(block.clone()),
            (None, Some(level)) => blocks.push(Block::Heading(level, piece.runs.clone())),
            (None, None) => match blocks.last_mut() {
                Some(Block::Paragraph(runs)) if last == Some(piece.paragraph) => {
                    runs.push(Run::plain("\n"));
                    runs.extend(piece.runs.iter().cloned());
                }
                _ => blocks.push(Block::Paragraph(piece.runs.clone())),
            },
        }
        last = piece.block.is_none().then_some(piece.paragraph);
    }
    // A rule parts two texts; at either end it parts the text from what is elsewhere now.
    while blocks.last() == Some(&Block::Rule) {
        blocks.pop();
    }
    let start = blocks.iter().take_while(|block| **block == Block::Rule).count();
    blocks.drain(..start);
    blocks
}

struct Recognizer {
    vocabulary: Vocabulary,
    month_first: bool,
}

/// Which part the lines of the head belong to.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum State {
    Free,
    To,
    Cc,
}

impl Recognizer {
    fn is_salutation(&self, piece: &Piece) -> bool {
        let words = piece.text.split(' ').count();
        let is_short = piece.text.ends_with([':', ',', ';', '：', '，', '،', '؛']) && words <= 40
            || piece.text.ends_with(['.', '!', '—', '！']) && words <= 8;
        let begins = self.vocabulary.begins(Part::Salutation, &piece.text).is_some();
        // In some languages the label of the addressee is an opening too.
        let is_label =
            self.vocabulary.after_label(Part::To, &piece.text).is_some_and(str::is_empty);
        begins && !is_label && (is_short || self.vocabulary.is(Part::Salutation, &piece.text))
    }

    /// Where a letter has a salutation with words that no list has: a short line that ends as one, right
    /// before the text.
    fn likely_salutation(&self, pieces: &[Piece]) -> Option<usize> {
        let text = pieces.iter().position(Piece::is_prose)?;
        let at = text.checked_sub(1)?;
        let piece = &pieces[at];
        let is_short = piece.text.ends_with([':', ',', '!', '：', '，', '،', '！', '殿', '様'])
            && piece.text.split(' ').count() <= 8
            && piece.text.chars().count() <= 80;
        let is_alone = piece.gap && pieces[text].gap && piece.heading.is_none() && at > 0;
        let is_other = self.is_labelled(&piece.text)
            || self.date_of(&piece.text).is_some()
            || people::is_presente(&piece.text);
        (is_short && is_alone && !is_other).then_some(at)
    }

    /// Joins the lines of a salutation that was broken over several.
    fn join_salutation(&self, pieces: &mut Vec<Piece>) {
        let begins =
            |piece: &Piece| self.vocabulary.begins(Part::Salutation, &piece.text).is_some();
        let Some(at) = pieces.iter().take(80).position(begins) else { return };
        let first = &pieces[at];
        let same = |piece: &&Piece| piece.paragraph == first.paragraph && piece.block.is_none();
        let lines: Vec<&Piece> = pieces[at..].iter().take(3).take_while(same).collect();
        let texts = lines.iter().map(|piece| piece.text.as_str());
        let text = texts.collect::<Vec<_>>().join(" ");
        let is_whole = lines.len() < 2 || self.is_salutation(first);
        let runs = lines.iter().map(|piece| piece.runs.clone()).collect::<Vec<_>>();
        let whole = Piece { text, runs: runs.join(&Run::plain(" ")), ..first.clone() };
        let count = lines.len();
        if !is_whole && self.is_salutation(&whole) {
            pieces.splice(at..at + count, [whole]);
        }
    }

    fn is_closing(&self, piece: &Piece) -> bool {
        let words = piece.text.split(' ').count();
        let begins = self.vocabulary.begins(Part::Closing, &piece.text).is_some();
        let is_closing = self.vocabulary.is(Part::Closing, &piece.text)
            || begins && words <= 6 && piece.text.ends_with([',', ':', '，', '،', '：']);
        is_closing && !self.vocabulary.is(Part::Signatories, &piece.text)
    }

    /// A closing that is a sentence, as in French: the last one that begins as a closing, before names.
    fn long_closing(&self, pieces: &[Piece], start: usize) -> Option<usize> {
        let is_closing = |at: &usize| {
            let piece = &pieces[*at];
            let is_short = piece.text.chars().count() <= 160;
            let is_alone = piece.gap && piece.block.is_none() && piece.heading.is_none();
            is_short && is_alone && self.vocabulary.begins(Part::Closing, &piece.text).is_some()
        };
        let at = (start + 1..pieces.len().saturating_sub(1)).rev().find(is_closing)?;
        let is_text = |piece: &Piece| piece.block.is_none() && piece.is_prose();
        (!pieces[at + 1..].iter().any(is_text)).then_some(at)
    }

    /// Where a closing ends: in Chinese, "此致" and "敬礼" stand on two lines.
    fn end_of_closing(&self, pieces: &[Piece], at: usize) -> usize {
        let is_second =
            |piece: &Piece| piece.block.is_none() && self.vocabulary.is(Part::Closing, &piece.text);
        at + 1 + usize::from(pieces.get(at + 1).is_some_and(is_second))
    }

    /// Where the head of a letter without a salutation ends: where the text begins.
    fn end_of_head(&self, pieces: &[Piece], has_title: bool) -> usize {
        let first_heading = pieces.iter().position(|piece| piece.heading.is_some());
        let ends = |(at, piece): (usize, &Piece)| {
            let is_sentence = piece.text.ends_with('.') && piece.text.split(' ').count() > 3;
            let is_text = piece.is_prose() || is_sentence && !piece.is_bold();
            let is_head = self.is_labelled(&piece.text)
                || self.date_of(&piece.text).is_some()
                || people::is_presente(&piece.text);
            !piece.is_picture() && is_text && !is_head
                || piece.heading.is_some() && first_heading != Some(at)
                || has_title && piece.heading.is_none() && !is_head && !piece.is_picture()
        };
        pieces.iter().enumerate().position(ends).unwrap_or(pieces.len().min(1))
    }

    fn is_labelled(&self, text: &str) -> bool {
        let parts = [Part::To, Part::Cc, Part::Subject, Part::Reference, Part::YourReference];
        parts.iter().any(|part| self.vocabulary.after_label(*part, text).is_some())
    }

    /// Where the text of a letter without a closing ends: at a heading that says so, or before the
    /// short lines at its end.
    fn end_of_body(&self, pieces: &[Piece], start: usize) -> usize {
        let is_heading = |at: &usize| {
            let text = without_count(&pieces[*at].text);
            pieces[*at].block.is_none() && self.vocabulary.is(Part::Signatories, text)
        };
        if let Some(at) = (start..pieces.len()).find(is_heading) {
            return at;
        }
        let short = |at: &usize| {
            let piece = &pieces[*at];
            match &piece.block {
                Some(_) => false,
                None => piece.heading.is_none() && !piece.is_prose() && *at > start,
            }
        };
        let count = (start..pieces.len()).rev().take_while(|at| short(at)).count();
        if count >= 3 { pieces.len() - count } else { pieces.len() }
    }

    /// What stands above the text.
    fn head(&self, pieces: &[Piece], parts: &mut Parts) {
        let mut state = State::Free;
        let (mut to, mut cc): (Vec<Piece>, Vec<Piece>) = Default::default();
        let mut free: Vec<Piece> = Vec::new();
        // Whether something else stood between two lines that nothing labels.
        let mut apart = false;
        for piece in pieces {
            let text = piece.text.as_str();
            let has_heading = parts.title.as_ref().is_some_and(|t| t.certainty == Certainty::Sure);
            if piece.heading.is_some() && !has_heading && !self.is_labelled(text) {
                free.extend(title_before(parts, text));
                apart = true;
                continue;
            }
            if parts.title.as_ref().is_some_and(|title| fold(&title.text) == fold(text)) {
                parts.used.push(text.to_owned());
                continue;
            }
            if let Some(block) = &piece.block {
                for (gap, line) in lines_with_gaps(block) {
                    let part =
                        Piece { text: plain(&line), runs: line, gap, block: None, ..piece.clone() };
                    match state {
                        State::To => to.push(part),
                        State::Cc => cc.push(part),
                        State::Free => free.push(part),
                    }
                }
                continue;
            }
            let count = free.len();
            if self.labelled(text, parts) {
                state = State::Free;
            } else if let Some(rest) = self.vocabulary.after_label(Part::To, text) {
                state = State::To;
                parts.used.push(text[..text.len() - rest.len()].to_owned());
                to.extend(rest_of(piece, rest));
            } else if let Some(rest) = self.vocabulary.after_label(Part::Cc, text) {
                state = State::Cc;
                parts.used.push(text[..text.len() - rest.len()].to_owned());
                cc.extend(rest_of(piece, rest));
            } else if let Some(line) = self.date_of(text).filter(|_| parts.date.is_none()) {
                let certainty = if line.is_doubtful { Certainty::Weak } else { Certainty::Sure };
                parts.used.push(text.to_owned());
                parts.date = Some(Found { text: line.date, certainty });
                parts.calendar = line.tag;
                let place = |text| Found { text, certainty: Certainty::Likely };
                parts.place = parts.place.take().or(line.place.map(place));
                state = State::Free;
            } else {
                match state {
                    State::To => to.push(piece.clone()),
                    State::Cc => cc.push(piece.clone()),
                    State::Free => free.push(Piece { gap: piece.gap || apart, ..piece.clone() }),
                }
            }
            apart = free.len() == count;
        }
        parts.cc = self.people(&cc);
        parts.to = self.people(&to);
        self.free_lines(free, parts);
    }

    fn date_of(&self, text: &str) -> Option<crate::documents::dates::Dateline> {
        dateline(&self.vocabulary, text, self.month_first)
    }

    /// Takes a line that begins with the label of a part which is one line.
    fn labelled(&self, text: &str, parts: &mut Parts) -> bool {
        let label = |part| self.vocabulary.after_label(part, text).filter(|rest| !rest.is_empty());
        let found = |text: &str| Some(Found { text: text.to_owned(), certainty: Certainty::Sure });
        if let Some(rest) = label(Part::Date)
            && let Some(line) = self.date_of(rest)
            && parts.date.is_none()
        {
            let certainty = if line.is_doubtful { Certainty::Weak } else { Certainty::Sure };
            parts.used.push(text.to_owned());
            parts.date = Some(Found { text: line.date, certainty });
            parts.calendar = line.tag;
            parts.place = parts.place.take().or(line.place.as_deref().and_then(found));
            return true;
        }
        for (part, place) in [
            (Part::YourReference, &mut parts.your_reference),
            (Part::Reference, &mut parts.reference),
            (Part::Subject, &mut parts.subject),
            (Part::Place, &mut parts.place),
        ] {
            let rest = label(part).or_else(|| {
                let is_number = matches!(part, Part::Reference | Part::YourReference);
                self.vocabulary.after_number_label(part, text).filter(|_| is_number)
            });
            if place.is_none()
                && let Some(rest) = rest
            {
                *place = found(rest);
                parts.used.push(text[..text.len() - rest.len()].to_owned());
                return true;
            }
        }
        false
    }

    /// Lines of the head that nothing labels: the title, then somebody's address.
    fn free_lines(&self, free: Vec<Piece>, parts: &mut Parts) {
        let mut groups: Vec<Vec<Piece>> = Vec::new();
        for piece in free {
            match groups.last_mut() {
                Some(group) if !piece.gap => group.push(piece),
                _ => groups.push(vec![piece]),
            }
        }
        // A letterhead: an organization above everything else.
        let is_head = |group: &Vec<Piece>| {
            let first = &group[0];
            let text = first.text.as_str();
            first.paragraph < 2
                && text.split(' ').count() <= 10
                && self.vocabulary.contains(Part::Body, text)
                && self.vocabulary.begins(Part::Office, text).is_none()
                && !people::is_name(&self.vocabulary, text)
        };
        let is_titled = parts.title.is_some() || parts.subject.is_some();
        if is_titled && groups.first().is_some_and(is_head) {
            parts.from = groups.remove(0).into_iter().map(|piece| piece.text).collect();
        }
        if parts.to.is_empty() {
            parts.to = self.take_addressees(&mut groups);
        }
        if parts.title.is_none() {
            let is_title = |group: &Vec<Piece>| {
                let length: usize = group.iter().map(|piece| piece.text.chars().count()).sum();
                let words = group.iter().flat_map(|piece| piece.text.split(' ')).count();
                let is_contact = group.iter().any(|piece| piece.text.contains('@'));
                words >= 3 && length <= MAX_NAME && group.len() <= 3 && !is_contact
            };
            let bold = groups.iter().position(|g| is_title(g) && g.iter().all(Piece::is_bold));
            if let Some(at) = bold.or_else(|| groups.iter().position(is_title)) {
                let lines = groups.remove(at);
                let text: Vec<&str> = lines.iter().map(|piece| piece.text.as_str()).collect();
                let is_sure = text.len() == 1
                    && (bold.is_some() || groups.is_empty() || at == 0 && !parts.to.is_empty());
                let certainty = if is_sure { Certainty::Likely } else { Certainty::Weak };
                parts.title = Some(Found { text: text.join(" "), certainty });
            }
        }
        for group in groups {
            let lines: Vec<String> = group.iter().map(|piece| piece.text.clone()).collect();
            let person = people::addressee(&self.vocabulary, &lines);
            let is_person = people::is_name(&self.vocabulary, &person.name)
                || self.vocabulary.begins(Part::Office, &person.name).is_some();
            let is_free = parts.to.iter().all(|to| !to.is_sure);
            match parts.to.last_mut() {
                Some(last) if people::is_presente(&lines.concat()) => last.note = lines.join(" "),
                _ if is_person && is_free && lines.len() > 1 => {
                    parts.to.push(person);
                }
                _ => parts.told.extend(lines.into_iter().map(|text| LeftOut {
                    what: say!("a line above the text that is not a part the program knows"),
                    text,
                })),
            }
        }
    }

    /// Takes the addressees that no label announces out of the lines of the head.
    fn take_addressees(&self, groups: &mut Vec<Vec<Piece>>) -> Vec<Person> {
        let mut lines: Vec<Piece> = Vec::new();
        let mut others = Vec::new();
        let mut at = 0;
        while at < groups.len() {
            let count = self.groups_of_address(&groups[at..]);
            let taken = groups[at..at + count].iter_mut().flat_map(std::mem::take);
            lines.extend(taken.enumerate().map(|(index, piece)| {
                let gap = index == 0 || self.is_titled_name(&piece.text);
                Piece { gap, ..piece }
            }));
            if count == 0 {
                others.push(std::mem::take(&mut groups[at]));
            }
            at += count.max(1);
        }
        *groups = others;
        self.people(&lines)
    }

    /// How many of some groups of lines, from the first on, are an address: one where each line is a
    /// paragraph.
    fn groups_of_address(&self, groups: &[Vec<Piece>]) -> usize {
        /// The most paragraphs of an address.
        const MOST: usize = 8;
        let first = groups[0][0].text.as_str();
        let is_presente =
            |group: &Vec<Piece>| group.last().is_some_and(|piece| people::is_presente(&piece.text));
        let is_office = |text: &str| self.vocabulary.begins(Part::Office, text).is_some();
        let is_titled = self.is_titled_name(first);
        let is_name = self.is_plain_name(first);
        let is_one = match &groups[0][..] {
            [] | [_] => is_titled || self.is_entry(first),
            [_, others @ ..] => {
                is_presente(&groups[0])
                    || is_titled
                    || is_name && others.iter().any(|piece| is_office(&piece.text))
                    || is_office(first) && others.iter().any(|piece| self.is_body(&piece.text))
            }
        };
        let next = groups.get(1).filter(|next| next.len() == 1).map(|next| &next[0]);
        let begins = is_name
            && groups[0].len() == 1
            && next.is_some_and(|next| {
                self.is_bare_office(&next.text) && next.is_bold() == groups[0][0].is_bold()
            });
        let goes_on = |group: &Vec<Piece>| {
            let words = group.iter().map(|piece| piece.text.split(' ').count()).sum::<usize>();
            words <= 20 && (group.len() == 1 || is_titled) && !self.is_titled_name(&group[0].text)
        };
        // Up to "Presente", all is the address.
        let can_begin = is_one || begins || is_office(first) || self.is_body(first);
        let rest = groups[1..].iter().take(MOST).take_while(|group| goes_on(group));
        let end = rest.clone().position(is_presente);
        if is_presente(&groups[0]) && is_one {
            return 1;
        }
        if let Some(end) = end
            && (can_begin || is_name && end == 0)
            && (end == 0 || groups[0].len() == 1)
        {
            return end + 2;
        }
        if groups[0].len() > 1 || !is_one && !begins {
            return usize::from(is_one);
        }
        let mut count = 1;
        for group in rest {
            let text = group[0].text.as_str();
            let is_place = count > 1 && text.contains(|c: char| c.is_ascii_digit());
            if group.len() > 1 || !(is_office(text) || self.is_body(text) || is_place) {
                break;
            }
            count += 1;
        }
        count
    }

    /// Whether a line begins with an honorific and somebody's name.
    fn is_titled_name(&self, text: &str) -> bool {
        let first = people::parts(text).into_iter().next().unwrap_or_default();
        let (honorific, name) = people::without_honorific(&self.vocabulary, &first);
        !honorific.is_empty() && self.is_plain_name(name)
    }

    /// Whether a line can be somebody's name, also in capitals, and is not the beginning of "To the
    /// President".
    fn is_plain_name(&self, text: &str) -> bool {
        let leads = |word: &str| !word.ends_with('.') && self.vocabulary.is(Part::To, word);
        let is_capital = !text.contains(char::is_lowercase);
        let text = if is_capital { capitalized(text) } else { text.to_owned() };
        people::is_name(&self.vocabulary, &text) && !text.split(' ').any(leads)
    }

    /// Whether a line is the name of somebody with an office, in either order.
    fn is_entry(&self, text: &str) -> bool {
        let parts = people::parts(text);
        let is_office = |part: &String| self.is_bare_office(part);
        let is_name = |part: &String| self.is_plain_name(part);
        match &parts[..] {
            [first, office, ..] if is_name(first) && is_office(office) => true,
            [office, .., last] => is_office(office) && is_name(last),
            _ => false,
        }
    }

    /// Whether a text is an office without the name of who has it, as "President Juárez" is not.
    fn is_bare_office(&self, text: &str) -> bool {
        let Some(length) = self.vocabulary.begins(Part::Office, text) else { return false };
        let rest = text[length..].trim();
        rest.is_empty()
            || !text.contains(char::is_lowercase)
            || rest.split(' ').any(|word| word.starts_with(char::is_lowercase))
            || self.vocabulary.begins(Part::Office, rest).is_some()
    }

    /// Whether a line begins as the name of an organization does.
    fn is_body(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split(' ').take(2).collect();
        self.vocabulary.contains(Part::Body, &words.join(" "))
    }

    /// The people in the lines of addressees or copies: one a line if the lines say what they are,
    /// otherwise one for each address.
    fn people(&self, pieces: &[Piece]) -> Vec<Person> {
        let mut groups: Vec<Vec<String>> = Vec::new();
        for piece in pieces {
            let alone = people::person(&self.vocabulary, &piece.text);
            let is_entry =
                alone.is_sure && (!alone.office.is_empty() || !alone.organization.is_empty());
            let several = people::split_outside(&piece.text, ';');
            if several.len() > 1 {
                groups.extend(several.into_iter().map(|text| vec![text]));
                continue;
            }
            // An office below a bare name belongs to it, however many commas it has.
            let goes_on = |group: &[String]| {
                let is_office = self.vocabulary.begins(Part::Office, &piece.text).is_some();
                is_office && matches!(group, [name] if people::is_name(&self.vocabulary, name))
            };
            match groups.last_mut() {
                Some(group) if !piece.gap && (!is_entry || goes_on(group)) => {
                    group.push(piece.text.clone());
                }
                _ => groups.push(vec![piece.text.clone()]),
            }
        }
        let person = |lines: Vec<String>| match &lines[..] {
            [line] => people::person(&self.vocabulary, line),
            lines => people::addressee(&self.vocabulary, lines),
        };
        groups.into_iter().map(person).filter(|person| !person.name.is_empty()).collect()
    }

    /// What stands below the closing.
    fn tail(&self, pieces: &[Piece], parts: &mut Parts) {
        let mut names: Vec<NameLine> = Vec::new();
        let mut cc: Vec<Piece> = Vec::new();
        let mut group = String::new();
        let mut is_person = false;
        let mut state = None;
        let mut gap = true;
        for (at, piece) in pieces.iter().enumerate() {
            gap |= piece.gap;
            let text = piece.text.as_str();
            if let Some(block) = &piece.block {
                match (state, block) {
                    (Some(Part::Enclosures), _) => {
                        let lines = lines_of(std::slice::from_ref(block));
                        parts.enclosures.extend(
                            lines.iter().map(|line| without_number(&plain(line)).to_owned()),
                        );
                    }
                    (Some(Part::Cc), _) => {
                        cc.extend(lines_of(std::slice::from_ref(block)).into_iter().map(|runs| {
                            Piece { text: plain(&runs), runs, block: None, ..piece.clone() }
                        }));
                    }
                    (_, Block::List { .. } | Block::Table(_)) => {
                        let lines = lines_of(std::slice::from_ref(block));
                        let places = lines.iter().map(|line| plain(line));
                        places.filter(|text| is_place_to_sign(text)).for_each(|text| {
                            tell_place_to_sign(&text, parts);
                        });
                        names.extend(self.names_in(block, &group, is_person));
                    }
                    (_, Block::Rule) => gap = true,
                    _ => parts.told.extend(lines_of(std::slice::from_ref(block)).iter().map(
                        |line| LeftOut {
                            what: say!("a text below the signatories"),
                            text: plain(line),
                        },
                    )),
                }
                continue;
            }
            if let Some(rest) = self.vocabulary.after_label(Part::Enclosures, text) {
                state = Some(Part::Enclosures);
                parts.used.push(text[..text.len() - rest.len()].to_owned());
                let several = people::split_outside(rest, ';');
                parts.enclosures.extend(several);
                continue;
            }
            if let Some(length) = self.vocabulary.begins(Part::Postscript, text)
                && text[length..].starts_with(['.', ':', ' '])
            {
                let text = text.to_owned();
                let more = parts.postscript.take().map(|before| before.text + "\n");
                let text = more.unwrap_or_default() + &text;
                parts.postscript = Some(Found { text, certainty: Certainty::Sure });
                state = None;
                continue;
            }
            if let Some(rest) = self.vocabulary.after_label(Part::Cc, text) {
                state = Some(Part::Cc);
                parts.used.push(text[..text.len() - rest.len()].to_owned());
                cc.extend(rest_of(piece, rest));
                continue;
            }
            if is_place_to_sign(text) {
                gap = true;
                tell_place_to_sign(text, parts);
                continue;
            }
            match state {
                Some(Part::Enclosures) => {
                    parts.enclosures.push(without_number(text).to_owned());
                    continue;
                }
                Some(Part::Cc) => {
                    cc.push(piece.clone());
                    continue;
                }
                _ => {}
            }
            if text.chars().all(|c| !c.is_alphanumeric()) {
                gap = true;
                parts.told.extend(left_below(text));
                continue;
            }
            let title = without_count(text);
            if names.is_empty() && self.vocabulary.is(Part::Signatories, title) {
                parts.heading = Some(Found {
                    text: text.trim_end_matches(':').to_owned(),
                    certainty: Certainty::Sure,
                });
                parts.signatories_are = parts.signatories_are.min(Certainty::Likely);
                continue;
            }
            let kind = [Part::Organizations, Part::Persons].into_iter();
            let kind = kind.clone().find(|kind| self.vocabulary.is(*kind, title));
            let next_is_name = pieces.get(at + 1).is_some_and(|next| !next.text.contains(';'));
            let is_group = piece.heading.is_some()
                || kind.is_some()
                || text.ends_with(':') && text.split(' ').count() <= 8 && next_is_name;
            if is_group {
                is_person = kind == Some(Part::Persons);
                text.trim_end_matches(':').clone_into(&mut group);
                gap = true;
                continue;
            }
            let is_list = text.contains(';')
                || [" — ", " – ", " --- "].iter().any(|dash| text.contains(dash));
            if text.chars().count() > MAX_NAME && !is_list {
                parts.told.extend(left_below(text));
                continue;
            }
            let name = without_number(text);
            parts.used.push(text[..text.len() - name.len()].to_owned());
            names.push(NameLine {
                text: name.to_owned(),
                url: only_url(&piece.runs),
                gap: std::mem::take(&mut gap),
                group: group.clone(),
                is_person,
                ..NameLine::default()
            });
        }
        parts.cc.extend(self.people(&cc));
        parts.signatories = signatories::entries(&self.vocabulary, names);
        let (names, others): (Vec<Entry>, Vec<Entry>) = std::mem::take(&mut parts.signatories)
            .into_iter()
            .partition(|entry| entry.name.chars().count() <= MAX_NAME);
        parts.signatories = names;
        parts.told.extend(others.iter().filter_map(|entry| left_below(&entry.name)));
    }

    /// The names in a list or a table.
    fn names_in(&self, block: &Block, group: &str, is_person: bool) -> Vec<NameLine> {
        let line = |runs: &[Run], members: Vec<String>| NameLine {
            text: without_number(&plain(runs)).to_owned(),
            url: only_url(runs),
            gap: true,
            is_whole: true,
            group: group.to_owned(),
            is_person,
            members,
        };
        let is_name = |line: &Vec<Run>| !is_blank(line) && !is_place_to_sign(&plain(line));
        let mut names = Vec::new();
        match block {
            Block::List { items, .. } => {
                for item in items {
                    let (lists, texts): (Vec<&Block>, Vec<&Block>) =
                        item.iter().partition(|block| matches!(block, Block::List { .. }));
                    let texts: Vec<Block> = texts.into_iter().cloned().collect();
                    let lists: Vec<Block> = lists.into_iter().cloned().collect();
                    let names_of = |blocks: &[Block]| -> Vec<Vec<Run>> {
                        lines_of(blocks).into_iter().filter(is_name).collect()
                    };
                    let members = names_of(&lists).iter().map(|line| plain(line)).collect();
                    let runs: Vec<Run> = names_of(&texts).join(&Run::plain(" "));
                    names.push(line(&runs, members));
                }
            }
            Block::Table(rows) => {
                let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
                let is_title =
                    |cell: &Vec<Run>| self.vocabulary.begins(Part::Office, &plain(cell)).is_some();
                let titled = rows.iter().filter(|row| row.get(1).is_some_and(is_title)).count();
                if columns > 1 && titled * 2 > rows.len() {
                    // Each row is a person: name, title, organization.
                    for row in rows.iter() {
                        let text = |cell: &Vec<Run>| {
                            let lines = lines(cell, |c| c == '\n').into_iter().filter(is_name);
                            lines.collect::<Vec<_>>().join(&Run::plain(" "))
                        };
                        let runs: Vec<Vec<Run>> =
                            row.iter().map(text).filter(|cell| !plain(cell).is_empty()).collect();
                        names.push(line(&runs.join(&Run::plain(", ")), Vec::new()));
                    }
                } else {
                    // The cells are names, column by column.
                    for column in 0..columns {
                        for cell in rows.iter().filter_map(|row| row.get(column)) {
                            let lines = lines(cell, |c| c == '\n');
                            names.extend(
                                lines.iter().filter(|l| is_name(l)).map(|l| line(l, Vec::new())),
                            );
                        }
                    }
                }
            }
            _ => {}
        }
        names.retain(|name| !name.text.is_empty());
        names
    }

    /// Fills in what every letter must have from elsewhere.
    fn fill(&self, parts: &mut Parts, document: &Document, name: &str) {
        let weak = |text: &str| Found { text: text.to_owned(), certainty: Certainty::Weak };
        let likely = |text: &str| Found { text: text.to_owned(), certainty: Certainty::Likely };
        if let Some(title) = &document.title {
            // The properties of a document have other quotes than its text.
            let is_same = parts
                .title
                .as_ref()
                .is_some_and(|found| compared_text(&found.text) == compared_text(title));
            match parts.title {
                None => parts.title = Some(likely(title)),
                Some(_) if is_same => {}
                Some(_) => parts.left_out.push(LeftOut {
                    what: say!("the title in the document's properties"),
                    text: title.clone(),
                }),
            }
        }
        if let Some(text) = &document.date {
            match (self.date_of(text), &parts.date) {
                (Some(line), None) => parts.date = Some(likely(&line.date)),
                (Some(line), Some(date)) if line.date == date.text => {}
                _ => parts.left_out.push(LeftOut {
                    what: say!("the date in the document's properties"),
                    text: text.clone(),
                }),
            }
        }
        if parts.title.is_none() {
            let subject = parts.subject.as_ref().map(|subject| weak(&subject.text));
            parts.title = subject.or_else(|| Some(weak(name)));
        }
    }
}

/// Makes a heading the title, and returns the line that was taken for it before.
fn title_before(parts: &mut Parts, text: &str) -> Option<Piece> {
    let found = Found { text: text.to_owned(), certainty: Certainty::Sure };
    let before = parts.title.replace(found)?;
    let runs = vec![Run::plain(before.text)];
    Some(Piece { text: plain(&runs), runs, gap: true, heading: None, block: None, paragraph: 0 })
}

/// A text in capitals with only the first letter of each word as one.
fn capitalized(text: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().collect();
        first + &letters.as_str().to_lowercase()
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn left_below(text: &str) -> Option<LeftOut> {
    let text = text.trim();
    let what = say!("a text below the signatories");
    (!text.is_empty()).then(|| LeftOut { what, text: text.to_owned() })
}

/// Whether a line is one to sign on: underscores, perhaps behind a label such as "Signature:".
fn is_place_to_sign(text: &str) -> bool {
    let rest = text.replace('_', "");
    let rest = rest.trim();
    let is_bare = !rest.contains(char::is_alphanumeric);
    text.contains('_') && is_bare || text.contains("___") && rest.ends_with(':')
}

/// Tells a line to sign on, once if there are several of a kind.
fn tell_place_to_sign(text: &str, parts: &mut Parts) {
    let left = LeftOut { what: say!("a place to sign"), text: text.to_owned() };
    if !parts.told.contains(&left) {
        parts.told.push(left);
    }
}

/// The piece after its label.
fn rest_of(piece: &Piece, rest: &str) -> Option<Piece> {
    if rest.is_empty() {
        return None;
    }
    let runs = vec![Run::plain(rest)];
    Some(Piece { text: rest.to_owned(), runs, gap: true, ..piece.clone() })
}

/// A line without the number in brackets at its end, as in "Organizations (45)".
fn without_count(text: &str) -> &str {
    let bare = text.trim_end_matches([':', ' ']);
    match bare.rsplit_once('(') {
        Some((before, count)) if count.trim_end_matches(')').parse::<usize>().is_ok() => {
            before.trim()
        }
        _ => bare,
    }
}

/// A name without the bullet or the number of its line.
fn without_number(text: &str) -> &str {
    if let Some(bare) = bullet(text) {
        return bare;
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text[digits..].strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix(' '));
    match rest {
        Some(rest) if (1..=4).contains(&digits) => rest.trim_start(),
        _ => text,
    }
}

/// The lines of a block, each with whether it begins an item of a list.
fn lines_with_gaps(block: &Block) -> Vec<(bool, Vec<Run>)> {
    let Block::List { items, .. } = block else {
        return lines_of(std::slice::from_ref(block))
            .into_iter()
            .map(|line| (true, line))
            .collect();
    };
    let item = |item: &Vec<Block>| {
        lines_of(item).into_iter().enumerate().map(|(index, line)| (index == 0, line)).collect()
    };
    items.iter().flat_map(|one| -> Vec<(bool, Vec<Run>)> { item(one) }).collect()
}

/// All lines of some blocks, however they are nested.
pub(super) fn lines_of(blocks: &[Block]) -> Vec<Vec<Run>> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(runs) | Block::Heading(_, runs) => {
                all.extend(lines(runs, |c| c == '\n'));
            }
            Block::List { items, .. } => items.iter().for_each(|item| all.extend(lines_of(item))),
            Block::Quote(inner) => all.extend(lines_of(inner)),
            Block::Table(rows) => {
                let cells = rows.iter().flatten();
                cells.for_each(|cell| all.extend(lines(cell, |c| c == '\n')));
            }
            Block::Code(code) => all.extend(code.lines().map(|line| vec![Run::plain(line)])),
            Block::Blank | Block::Rule => {}
        }
    }
    // A picture without any text is no line.
    all.retain(|line| !plain(line).is_empty());
    all
}
