//! Who sends a letter: the lines at its head, or in the header of its pages.

use crate::documents::people;
use crate::documents::recognize::head::tell_mottos;
use crate::documents::recognize::pieces::Piece;
use crate::documents::recognize::{Parts, Recognizer};
use crate::documents::vocabulary::Part;

/// How a sender is reached, each as the letterhead writes it.
#[derive(Debug, Default)]
pub(in crate::documents) struct Contact {
    pub phone: String,
    pub email: String,
    pub web: String,
}

/// The most words of a sender's name.
const MOST_WORDS: usize = 10;

impl Recognizer {
    /// Takes the letterhead out of the lines of the head that nothing labels: an organization above everything
    /// else, and what belongs to it. `first` groups stand above the first other part of the letter, `is_apart` if
    /// there is one.
    pub(super) fn take_letterhead(
        &self,
        groups: &mut Vec<Vec<Piece>>,
        (first, is_apart): (usize, bool),
        parts: &mut Parts,
    ) {
        // Below a title or a date stands to whom the letter goes.
        let is_lower = is_apart && first == 0;
        if is_lower || !groups.first().is_some_and(|group| self.is_sender(group)) {
            return;
        }
        let is_titled = parts.title.is_some() || parts.subject.is_some();
        let belongs = |group: &Vec<Piece>| {
            let mut texts = group.iter().map(|piece| piece.text.as_str());
            let is_body = is_apart && self.is_organization(&group[0].text);
            is_body || is_apart && is_titled || texts.all(is_contact)
        };
        let ends = |group: &Vec<Piece>| {
            let text = group[0].text.as_str();
            self.is_titled_name(text)
                || self.is_office(text)
                || self.is_entry(text)
                || self.addressed(Part::To, text).is_some()
        };
        let rest = groups[1..first.max(1).min(groups.len())].iter();
        let count = 1 + rest.take_while(|group| belongs(group) && !ends(group)).count();
        // Of a letter without a title, lines that do not say how anybody is reached may be that.
        let mut texts = groups[..count].iter().flatten().map(|piece| piece.text.as_str());
        if is_titled || is_apart && texts.any(is_contact) {
            let lines = groups.drain(..count).flatten().map(|piece| piece.text);
            sender(lines.collect(), parts);
        }
    }

    /// Takes the sender out of the header of the pages. Returns whether it names one.
    pub(super) fn sender_in_header(&self, lines: &[String], parts: &mut Parts) -> bool {
        // A line alone may repeat the title: "Letter to the Department of Examples".
        let is_sender = match lines {
            [] => false,
            [only] => self.vocabulary.begins(Part::Body, only).is_some() || people::has_form(only),
            [first, ..] => self.is_organization(first) && first.split(' ').count() <= MOST_WORDS,
        };
        if is_sender && parts.from.is_empty() {
            let (mottos, lines) = lines.iter().cloned().partition(|line| self.is_motto(line));
            sender(lines, parts);
            tell_mottos(mottos, parts);
            return true;
        }
        false
    }

    fn is_sender(&self, group: &[Piece]) -> bool {
        let first = &group[0];
        let text = first.text.as_str();
        let is_short = text.split(' ').count() <= MOST_WORDS;
        first.paragraph < 2 && is_short && self.is_organization(text)
    }

    /// Whether a line is the name of an organization, by its words or by its form: "Sample & Example, LLP".
    pub(super) fn is_organization(&self, text: &str) -> bool {
        let is_named = self.vocabulary.contains(Part::Body, text) || people::has_form(text);
        is_named && !self.is_office(text) && !people::is_name(&self.vocabulary, text)
    }
}

/// Takes the lines of a letterhead, the organization first, with what stands beside each other in them.
fn sender(lines: Vec<String>, parts: &mut Parts) {
    let Contact { phone, email, web } = &mut parts.contact;
    for (at, line) in lines.into_iter().enumerate() {
        if at == 0 || !is_contact(&line) {
            parts.from.push(line);
            continue;
        }
        let mut address = Vec::new();
        for piece in line.split(['|', '·', '•']).map(str::trim).filter(|text| !text.is_empty()) {
            let is_one = |text: &str| !text.contains(char::is_whitespace);
            let place = match piece {
                text if text.contains('@') && is_one(text) => &mut *email,
                text if is_web(text) && is_one(text) => &mut *web,
                text if is_phone(text) => &mut *phone,
                _ => {
                    address.push(piece.to_owned());
                    continue;
                }
            };
            match place.is_empty() {
                true => piece.clone_into(place),
                false => address.push(piece.to_owned()),
            }
        }
        parts.from.extend(address);
    }
}

/// Whether a line says where somebody is or how they are reached.
fn is_contact(text: &str) -> bool {
    text.contains('@')
        || is_web(text)
        || is_phone(text)
        || text.contains(|c: char| c.is_ascii_digit())
}

fn is_web(text: &str) -> bool {
    ["www.", "http://", "https://"].iter().any(|start| text.contains(start))
}

/// Whether a text is a telephone number, perhaps with a word before it.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (7..=20).contains(&digits) && letters <= digits
}
