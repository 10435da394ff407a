//! Finds the parts of a letter in a document: what stands where is a guess, and says how sure it is.

mod addresses;
mod bounds;
mod head;
mod letterhead;
mod pieces;
mod sheets;
mod tail;

use std::ops::Range;

use crate::documents::dates::{Dateline, dateline};
use crate::documents::model::{Block, Document, LeftOut, Run, plain};
use crate::documents::people::{self, Person};
use crate::documents::recognize::pieces::{Piece, body, pieces};
use crate::documents::signatories::Entry;
use crate::documents::vocabulary::Vocabulary;
use crate::documents::write::in_one_line;
use crate::formats::docx::base::compared_text;
use crate::language::Tag;
use crate::letter::resolve::MAX_TITLE;
use crate::words::say;

pub(super) use crate::documents::recognize::letterhead::Contact;
pub(super) use crate::documents::recognize::pieces::lines_of;

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
    /// What the document calls its number, if that says which kind of letter it is: "Oficio núm."
    pub reference_label: Option<Found>,
    pub your_reference_label: Option<Found>,
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
    /// How the sender is reached.
    pub contact: Contact,
    pub enclosures: Vec<String>,
    pub postscript: Option<Found>,
    /// What the reader left out.
    pub left_out: Vec<LeftOut>,
    /// What has no place in a letter.
    pub told: Vec<LeftOut>,
    /// Words that the letter prints by itself or in another form: labels, the date, numbers of lines.
    pub used: Vec<String>,
}

impl Parts {
    /// Takes the day of a line, and its place unless one is known. How sure they are is that of the line.
    fn take_date(&mut self, line: Dateline, text: &str, day: Certainty, place: Certainty) {
        let certainty = if line.is_doubtful { Certainty::Weak } else { day };
        self.used.push(text.to_owned());
        self.date = Some(Found { text: line.date, certainty });
        self.calendar = line.tag;
        let place = line.place.map(|text| Found { text, certainty: place });
        self.place = self.place.take().or(place);
    }
}

struct Recognizer {
    vocabulary: Vocabulary,
    month_first: bool,
}

/// Finds the parts of a letter. `name` is the title if the document has none, and `text` are the blocks that are
/// known to be in its text.
pub(super) fn recognize(
    mut document: Document,
    tag: &Tag,
    name: &str,
    text: Option<&Range<usize>>,
) -> Parts {
    let vocabulary = Vocabulary::of(tag);
    let mut parts = Parts {
        notes: std::mem::take(&mut document.notes),
        left_out: std::mem::take(&mut document.left_out),
        ..Parts::default()
    };
    let mut pieces = pieces(std::mem::take(&mut document.blocks));
    let reader = Recognizer { vocabulary, month_first: tag.language() == "en" };
    reader.join_labels(&mut pieces);
    reader.join_salutation(&mut pieces);
    let known = text.map(|text| Known::of(text, &pieces));
    let whole = pieces.len();
    let above = &pieces[..known.map_or(whole, |known| known.above)];
    let salutation = reader.salutation(above);
    let is_sure = salutation.is_some();
    let with_text = &pieces[..known.map_or(whole, |known| whole.min(known.above + 1))];
    let salutation = salutation.or_else(|| reader.likely_salutation(with_text));
    let head = || reader.end_of_head(above, document.title_is_meant);
    let body_start =
        salutation.or_else(head).unwrap_or(known.map_or(whole.min(1), |known| known.above));
    let after = salutation.map_or(body_start, |at| at + 1);
    let below = known.map_or(after, |known| known.below.max(after));
    let closing = (below..whole).find(|at| reader.is_closing(&pieces[*at]));
    // What is known to end the text is no closing. Without one, short lines below it are no part of it.
    let (last, few) = known.map_or((after, 3), |_| (below.saturating_sub(1), 1));
    let closing = closing.or_else(|| reader.long_closing(&pieces, last));
    let (body_end, tail) = match closing {
        Some(at) => (at, reader.end_of_closing(&pieces, at)),
        None => {
            let end = reader.end_of_body(&pieces, last, few).max(below);
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
    if reader.sender_in_header(&document.header, &mut parts) {
        let header = document.header.join(" ");
        parts.left_out.retain(|left| compared_text(&left.text) != compared_text(&header));
    }
    if let Some(at) = salutation {
        let certainty = if is_sure { Certainty::Sure } else { Certainty::Likely };
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
    within_limits(&mut parts, name);
    say_something(&mut parts);
    parts
}

/// Where the lines are that are known to be in the text.
#[derive(Copy, Clone)]
struct Known {
    /// How many lines are above its last one in the first paragraph, which may begin with a salutation.
    above: usize,
    /// The first one below it.
    below: usize,
}

impl Known {
    fn of(text: &Range<usize>, pieces: &[Piece]) -> Self {
        let first = |block: usize| pieces.partition_point(|piece| piece.paragraph < block);
        let above = first(text.start + 1).saturating_sub(1).max(first(text.start));
        Self { above, below: first(text.end).max(above) }
    }
}

/// Tells what is longer than a letter may have it. A title that is too long is text.
fn within_limits(parts: &mut Parts, name: &str) {
    let fits = |text: &str| text.chars().count() <= MAX_TITLE;
    if let Some(title) = parts.title.take_if(|title| !fits(&title.text)) {
        if parts.subject.as_ref().is_none_or(|subject| subject.text != title.text) {
            parts.body.insert(0, Block::Paragraph(vec![Run::plain(title.text)]));
        }
        parts.title = Some(Found { text: name.to_owned(), certainty: Certainty::Weak });
    }
    short_names(parts);
}

/// Tells the names that are longer than a letter may have them.
fn short_names(parts: &mut Parts) {
    let fits = |text: &str| text.chars().count() <= MAX_TITLE;
    let what = say!("a name that is longer than a letter may have it");
    let mut long: Vec<String> = Vec::new();
    for people in [&mut parts.to, &mut parts.cc] {
        long.extend(people.extract_if(.., |one| !fits(&one.name)).map(|one| in_one_line(&one)));
    }
    for entry in &mut parts.signatories {
        let members = entry.members.extract_if(.., |member| !fits(&member.name));
        long.extend(members.map(|member| member.words()));
    }
    let entries = parts.signatories.extract_if(.., |entry| !fits(&entry.name));
    long.extend(entries.map(|entry| entry.words()));
    parts.told.extend(long.into_iter().map(|text| LeftOut { what: what.clone(), text }));
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
    short_names(parts);
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

impl Recognizer {
    /// Whether a text is the name of a person, with an honorific or without.
    fn is_somebody(&self, text: &str) -> bool {
        people::is_somebody(&self.vocabulary, text)
    }

    /// Whether a text begins with an office.
    fn is_office(&self, text: &str) -> bool {
        self.vocabulary.is_office(text)
    }

    fn date_of(&self, text: &str) -> Option<Dateline> {
        dateline(&self.vocabulary, text, self.month_first)
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
