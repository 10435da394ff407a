//! What stands above the text: title, date, references, and to whom the letter goes.

use crate::documents::model::{LeftOut, Run, plain};
use crate::documents::people::{self, Person};
use crate::documents::recognize::pieces::{Piece, before, lines_with_gaps, rest_of};
use crate::documents::recognize::{Certainty, Found, Parts, Recognizer};
use crate::documents::signatories::MAX_NAME;
use crate::documents::vocabulary::Part;
use crate::language::fold;
use crate::words::say;

/// Which part the lines of the head belong to.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum State {
    Free,
    To,
    Attention,
    Cc,
}

impl Recognizer {
    /// What stands above the text.
    pub(super) fn head(&self, pieces: &[Piece], parts: &mut Parts) {
        let mut state = State::Free;
        let (mut to, mut cc): (Vec<Piece>, Vec<Piece>) = Default::default();
        // Each with its label.
        let mut attention: Vec<(String, Vec<Piece>)> = Vec::new();
        let mut free: Vec<Piece> = Vec::new();
        let mut deliveries: Vec<String> = Vec::new();
        let mut is_delivered = false;
        // Whether something else stood between two lines that nothing labels.
        let mut apart = false;
        // How many such lines stand above the first part that is something else.
        let mut first: Option<usize> = None;
        for piece in pieces {
            let text = piece.text.as_str();
            if piece.heading.is_none() && self.is_motto(text) {
                tell_mottos(vec![text.to_owned()], parts);
                continue;
            }
            // "Via Certified Mail", and below it "Return Receipt Requested".
            let goes_on = std::mem::replace(&mut is_delivered, self.is_delivery(text));
            if is_delivered {
                match deliveries.last_mut().filter(|_| goes_on) {
                    Some(last) => last.push_str(&format!(", {text}")),
                    None => deliveries.push(text.to_owned()),
                }
                (apart, first) = (true, first.or(Some(free.len())));
                continue;
            }
            let has_heading = parts.title.as_ref().is_some_and(|t| t.certainty == Certainty::Sure);
            if piece.heading.is_some() && !has_heading && !self.is_labelled(text) {
                first = first.or(Some(free.len()));
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
                        State::Free | State::Attention => free.push(part),
                    }
                }
                continue;
            }
            let count = free.len();
            if self.labelled(text, parts) {
                state = State::Free;
            } else if let Some(rest) = self.addressed(Part::Attention, text) {
                state = State::Attention;
                let label = before(text, rest).trim().to_owned();
                attention.push((label, rest_of(piece, rest).into_iter().collect()));
            } else if let Some(rest) = self.vocabulary.after_label(Part::To, text)
                && is_mailbox(rest)
            {
                tell_mail(text, parts);
            } else if let Some(rest) = self.vocabulary.after_label(Part::To, text) {
                state = State::To;
                parts.used.push(before(text, rest).to_owned());
                to.extend(rest_of(piece, rest));
            } else if let Some(rest) = self.vocabulary.after_label(Part::Cc, text) {
                state = State::Cc;
                parts.used.push(before(text, rest).to_owned());
                cc.extend(rest_of(piece, rest));
            } else if let Some(line) = self.date_of(text).filter(|_| parts.date.is_none()) {
                parts.take_date(line, text, Certainty::Sure, Certainty::Likely);
                state = State::Free;
            } else {
                if state == State::Attention && piece.gap && !self.goes_on(text) {
                    state = State::Free;
                }
                match state {
                    State::Attention => {
                        let lines = attention.last_mut().map(|(_, lines)| lines);
                        lines.into_iter().for_each(|lines| {
                            lines.push(Piece { gap: false, ..piece.clone() });
                        });
                    }
                    State::To => to.push(piece.clone()),
                    State::Cc => cc.push(piece.clone()),
                    State::Free => free.push(Piece { gap: piece.gap || apart, ..piece.clone() }),
                }
            }
            apart = free.len() == count;
            first = first.or(apart.then_some(count));
        }
        parts.cc = self.copies(&cc);
        parts.to = self.people(&to);
        self.free_lines(free, first, parts);
        for (label, lines) in attention {
            let mut people = self.people(&lines);
            match people.first_mut() {
                // The label is printed before the name, as it stood.
                Some(first) => {
                    format!("{label} {}", first.honorific)
                        .trim_end()
                        .clone_into(&mut first.honorific);
                }
                None => parts.used.push(label),
            }
            parts.to.extend(people);
        }
        delivered(deliveries, parts);
    }

    /// Whether a line says what the post is to do: nothing but a word for it, or several with which it begins.
    fn is_delivery(&self, text: &str) -> bool {
        const MOST: usize = 12;
        let begins = self.vocabulary.begins(Part::Delivery, text);
        let is_several = |length: usize| text[..length].contains(' ');
        self.vocabulary.is(Part::Delivery, text)
            || begins.is_some_and(is_several) && text.split(' ').count() <= MOST
    }

    /// Takes a line that begins with the label of a part which is one line, or several such parts of a line: "Our
    /// File No. 2026-117; Your Ref. 12".
    fn labelled(&self, text: &str, parts: &mut Parts) -> bool {
        let several: Vec<&str> = text.split("; ").collect();
        let numbers = [Part::Reference, Part::YourReference, Part::LetterNumber, Part::FileNumber];
        let is_number = |text: &&str| {
            numbers.iter().any(|part| self.vocabulary.after_number_label(*part, text).is_some())
        };
        if several.len() > 1 && several.iter().all(is_number) {
            return several.iter().filter(|text| self.labelled_one(text, parts)).count() > 0;
        }
        self.labelled_one(text, parts)
    }

    fn labelled_one(&self, text: &str, parts: &mut Parts) -> bool {
        let label = |part| self.vocabulary.after_label(part, text).filter(|rest| !rest.is_empty());
        let found = |text: &str| Some(Found { text: text.to_owned(), certainty: Certainty::Sure });
        if let Some(rest) = label(Part::Date)
            && let Some(line) = self.date_of(rest)
            && parts.date.is_none()
        {
            parts.take_date(line, text, Certainty::Sure, Certainty::Sure);
            return true;
        }
        let number = |part| label(part).or_else(|| self.vocabulary.after_number_label(part, text));
        if let Some(rest) = number(Part::FileNumber) {
            parts.used.push(before(text, rest).to_owned());
            file_number(text, rest, parts);
            return true;
        }
        if let Some(rest) = number(Part::LetterNumber).filter(|_| parts.reference.is_none()) {
            parts.used.push(before(text, rest).to_owned());
            parts.reference = found(rest);
            parts.reference_label = found(before(text, rest).trim());
            return true;
        }
        for (part, place) in [
            (Part::YourReference, &mut parts.your_reference),
            (Part::Reference, &mut parts.reference),
            (Part::Subject, &mut parts.subject),
            (Part::Place, &mut parts.place),
        ] {
            let is_number = matches!(part, Part::Reference | Part::YourReference);
            let rest = if is_number { number(part) } else { label(part) };
            // "Ref." may be the subject as well, which has no number.
            let rest = rest.filter(|rest| {
                let has_number = rest.contains(|c: char| c.is_ascii_digit());
                !is_number || has_number || label(Part::Subject).is_none()
            });
            // "Subject: FW: …" is that of the mail in which the letter came.
            let rest = rest.filter(|rest| part != Part::Subject || !is_forwarded(rest));
            if place.is_none()
                && let Some(rest) = rest
            {
                *place = found(rest);
                parts.used.push(before(text, rest).to_owned());
                return true;
            }
        }
        false
    }

    /// Whether a line is the year's motto, as authorities print it above their letters: "2026, Año de …".
    pub(super) fn is_motto(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
        let is_year = text.chars().filter(char::is_ascii_digit).count() == 4;
        let is_motto = self.vocabulary.begins(Part::Motto, bare).is_some();
        is_motto && (is_year || is_quoted(text)) && text.split(' ').count() <= 30
    }

    /// Lines of the head that nothing labels: the title, then somebody's address.
    fn free_lines(&self, free: Vec<Piece>, first: Option<usize>, parts: &mut Parts) {
        let mut groups: Vec<Vec<Piece>> = Vec::new();
        // The groups of the first lines.
        let mut above = 0;
        for (at, piece) in free.into_iter().enumerate() {
            match groups.last_mut() {
                Some(group) if !piece.gap => group.push(piece),
                _ => groups.push(vec![piece]),
            }
            if first.is_none_or(|first| at < first) {
                above = groups.len();
            }
        }
        self.take_letterhead(&mut groups, (above, first.is_some()), parts);
        if parts.to.is_empty() {
            let has_title = parts.title.is_some() || parts.subject.is_some();
            parts.to = self.take_addressees(&mut groups, has_title, &mut parts.used);
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
            if let [piece] = &group[..]
                && self.vocabulary.is(Part::Everyone, &piece.text)
            {
                let name = piece.text.trim_end_matches([':', '.', ',']).to_owned();
                parts.to.push(Person { name, is_sure: true, ..Person::default() });
                continue;
            }
            let lines: Vec<String> = group.iter().map(|piece| piece.text.clone()).collect();
            let person = people::addressee(&self.vocabulary, &lines);
            let is_person =
                people::is_name(&self.vocabulary, &person.name) || self.is_office(&person.name);
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
}

/// The number of the matter stands beside that of the letter, where others have that of the addressee.
fn file_number(text: &str, number: &str, parts: &mut Parts) {
    let found = |text: &str| Found { text: text.to_owned(), certainty: Certainty::Sure };
    let label = before(text, number).trim();
    match (&mut parts.reference, &parts.your_reference) {
        (_, None) => {
            parts.your_reference = Some(found(number));
            parts.your_reference_label = Some(found(label));
        }
        (Some(own), Some(_)) => own.text.push_str(&format!("; {text}")),
        (None, Some(_)) => parts.reference = Some(found(text)),
    }
}

/// Tells mottos, which a letter has no place for.
pub(super) fn tell_mottos(mottos: Vec<String>, parts: &mut Parts) {
    let what = say!("a motto of the letterhead");
    parts.told.extend(mottos.into_iter().map(|text| LeftOut { what: what.clone(), text }));
}

/// Notes what the post is to do: the same for all addressees, or for each something else.
fn delivered(deliveries: Vec<String>, parts: &mut Parts) {
    let addressees = parts.to.len();
    if addressees > 0 && [1, addressees].contains(&deliveries.len()) {
        for (person, delivery) in parts.to.iter_mut().zip(deliveries.iter().cycle()) {
            delivery.clone_into(&mut person.delivery);
        }
        return;
    }
    let what = say!("what the post is to do, which may be for any addressee");
    parts.told.extend(deliveries.into_iter().map(|text| LeftOut { what: what.clone(), text }));
}

/// Whether a text is the address of a mailbox, perhaps with a name before it.
fn is_mailbox(text: &str) -> bool {
    let address = text.split_whitespace().next_back().unwrap_or_default();
    let bare = address.trim_matches(['<', '>', ';']);
    bare.contains('@') && (address == text || address.starts_with('<'))
}

/// Whether a subject is that of a reply to a mail or of a mail passed on.
fn is_forwarded(subject: &str) -> bool {
    let start = subject.split_once(':').map(|(start, _)| fold(start));
    start.is_some_and(|start| {
        ["re", "fw", "fwd", "rv", "reenv", "tr", "wg", "aw"].contains(&&*start)
    })
}

fn tell_mail(text: &str, parts: &mut Parts) {
    let what = say!("a line of the mail that the letter came in");
    parts.told.push(LeftOut { what, text: text.to_owned() });
}

/// The signs around a quotation.
pub(super) const QUOTES: [char; 7] = ['"', '“', '”', '«', '»', '‘', '’'];

/// Whether a line is a quotation.
pub(super) fn is_quoted(text: &str) -> bool {
    text.starts_with(QUOTES) && text.trim_end_matches('.').ends_with(QUOTES)
}

/// Makes a heading the title, and returns the line that was taken for it before.
fn title_before(parts: &mut Parts, text: &str) -> Option<Piece> {
    let found = Found { text: text.to_owned(), certainty: Certainty::Sure };
    let before = parts.title.replace(found)?;
    let runs = vec![Run::plain(before.text)];
    Some(Piece { text: plain(&runs), runs, gap: true, heading: None, block: None, paragraph: 0 })
}
