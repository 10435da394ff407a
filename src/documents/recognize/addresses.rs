//! Addresses and lists of people, with or without a label.

use crate::documents::model::Run;
use crate::documents::people::{self, Person};
use crate::documents::recognize::Recognizer;
use crate::documents::recognize::pieces::{Piece, before};
use crate::documents::vocabulary::{Part, Vocabulary};

impl Recognizer {
    /// Takes the addressees that no label announces out of the lines of the head.
    pub(super) fn take_addressees(
        &self,
        groups: &mut Vec<Vec<Piece>>,
        has_title: bool,
        used: &mut Vec<String>,
    ) -> Vec<Person> {
        let mut lines: Vec<Piece> = Vec::new();
        let mut others = Vec::new();
        let mut at = 0;
        while at < groups.len() {
            let count = self.groups_of_address(&groups[at..], has_title);
            let taken = groups[at..at + count].iter_mut().flat_map(std::mem::take);
            lines.extend(taken.enumerate().map(|(index, piece)| {
                let gap = index == 0 || self.is_titled_name(&piece.text);
                // "A la Secretaría": the label that is printed says the same.
                if let Some(rest) = self.addressed(Part::To, &piece.text)
                    && gap
                {
                    used.push(before(&piece.text, rest).to_owned());
                    let (text, runs) = (rest.to_owned(), vec![Run::plain(rest)]);
                    return Piece { runs, text, gap, ..piece };
                }
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
    fn groups_of_address(&self, groups: &[Vec<Piece>], has_title: bool) -> usize {
        /// The most paragraphs of an address.
        const MOST: usize = 8;
        let first = groups[0][0].text.as_str();
        let is_addressed = self.addressed(Part::To, first).is_some();
        let is_honorific = self.is_honorific(first);
        let is_presente =
            |group: &Vec<Piece>| group.last().is_some_and(|piece| people::is_presente(&piece.text));
        let is_titled = self.is_titled_name(first);
        let is_name = self.is_plain_name(first);
        let is_one = match &groups[0][..] {
            [_] => is_titled || self.is_entry(first) || is_addressed && !groups[0][0].is_bold(),
            [] => false,
            [_, others @ ..] => {
                is_presente(&groups[0])
                    || is_titled
                    || is_addressed
                    || is_honorific && self.is_plain_name(&others[0].text)
                    || is_name && others.iter().any(|piece| self.is_office(&piece.text))
                    || self.is_office(first) && others.iter().any(|piece| self.is_body(&piece.text))
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
        // In a letter with a subject, capitals are no title.
        let is_capital = has_title && first.contains(' ') && !first.contains(char::is_lowercase);
        let can_begin =
            is_one || begins || is_capital || self.is_office(first) || self.is_body(first);
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
            if group.len() > 1 || !(self.is_office(text) || self.is_body(text) || is_place) {
                break;
            }
            count += 1;
        }
        count
    }

    /// Whether a line begins with an honorific and somebody's name.
    pub(super) fn is_titled_name(&self, text: &str) -> bool {
        let first = people::parts(text).into_iter().next().unwrap_or_default();
        let (honorific, name) = people::without_honorific(&self.vocabulary, &first);
        !honorific.is_empty() && self.is_plain_name(name)
    }

    /// Whether a line is nothing but an honorific, such as "Señora", above a name.
    fn is_honorific(&self, text: &str) -> bool {
        self.vocabulary.is(Part::Honorific, self.addressed(Part::To, text).unwrap_or(text))
    }

    /// What follows the words that address a line, such as "Al" or "At'n", if it is somebody: an office, an
    /// organization or a name with an honorific.
    pub(super) fn addressed<'t>(&self, part: Part, text: &'t str) -> Option<&'t str> {
        let labelled = self.vocabulary.after_label(part, text).filter(|rest| !rest.is_empty());
        let rest = match labelled {
            Some(rest) if part == Part::Attention => return Some(rest),
            _ => self.vocabulary.after_lead(part, text)?,
        };
        let is_somebody = self.is_office(rest)
            || self.vocabulary.begins(Part::Honorific, rest).is_some()
            || self.is_body(rest);
        let is_line = rest.starts_with(char::is_uppercase)
            && rest.split(' ').count() <= 14
            && !rest.trim_end_matches(':').contains(':');
        (is_somebody && is_line).then_some(rest)
    }

    /// Whether a line below somebody's name belongs to it.
    pub(super) fn goes_on(&self, text: &str) -> bool {
        self.is_office(text) || self.is_body(text) || people::is_presente(text)
    }

    /// Whether a line can be somebody's name, and is not the beginning of "To the President".
    fn is_plain_name(&self, text: &str) -> bool {
        let leads = |word: &str| !word.ends_with('.') && self.vocabulary.is(Part::To, word);
        people::is_name(&self.vocabulary, text) && !text.split(' ').any(leads)
    }

    /// Whether a line is the name of somebody with an office, in either order.
    pub(super) fn is_entry(&self, text: &str) -> bool {
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
        let Some(length) = self.vocabulary.begins(Part::Office, text) else {
            return self.is_office(text);
        };
        let rest = text[length..].trim();
        rest.is_empty()
            || !text.contains(char::is_lowercase)
            || rest.split(' ').any(|word| word.starts_with(char::is_lowercase))
            || self.is_office(rest)
    }

    /// Whether a line begins as the name of an organization does.
    fn is_body(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split(' ').take(2).collect();
        self.vocabulary.contains(Part::Body, &words.join(" "))
    }

    /// The people in the lines of addressees or copies: one a line if the lines say what they are,
    /// otherwise one for each address.
    pub(super) fn people(&self, pieces: &[Piece]) -> Vec<Person> {
        self.each(pieces, people::person, false)
    }

    /// Those who get a copy, one a line or more.
    pub(super) fn copies(&self, pieces: &[Piece]) -> Vec<Person> {
        self.each(pieces, people::copy, true)
    }

    fn each(
        &self,
        pieces: &[Piece],
        read: fn(&Vocabulary, &str) -> Person,
        is_copy: bool,
    ) -> Vec<Person> {
        let mut groups: Vec<Vec<String>> = Vec::new();
        for piece in pieces {
            let alone = read(&self.vocabulary, &piece.text);
            let is_entry =
                alone.is_sure && (!alone.office.is_empty() || !alone.organization.is_empty());
            let several = people::split_outside(&piece.text, ';');
            if several.len() > 1 {
                groups.extend(several.into_iter().map(|text| vec![text]));
                continue;
            }
            // An office below a bare name belongs to it, however many commas it has.
            let goes_on = |group: &[String]| {
                let is_office = self.is_office(&piece.text);
                is_office && matches!(group, [name] if people::is_name(&self.vocabulary, name))
            };
            // Below a whole entry of a copy, a line is another.
            let is_whole = |group: &[String]| {
                let [line] = group else { return false };
                let above = read(&self.vocabulary, line);
                above.is_sure && (!above.office.is_empty() || !above.note.is_empty())
            };
            let is_next = is_copy
                && groups.last().is_some_and(|group| is_whole(group))
                && piece.text.starts_with(char::is_uppercase);
            match groups.last_mut() {
                Some(group) if !piece.gap && !is_next && (!is_entry || goes_on(group)) => {
                    group.push(piece.text.clone());
                }
                _ => groups.push(vec![piece.text.clone()]),
            }
        }
        let person = |lines: Vec<String>| match &lines[..] {
            [line] => read(&self.vocabulary, line),
            lines => people::addressee(&self.vocabulary, lines),
        };
        groups.into_iter().map(person).filter(|person| !person.name.is_empty()).collect()
    }
}
