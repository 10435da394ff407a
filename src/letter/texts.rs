//! One walk over every text that a letter prints outside its body, so that whatever looks at all texts
//! looks at the same ones: a key that is added to a letter does not compile before it is named here, and
//! before each who looks has said what it is to them.

use crate::letter::{Enclosed, Group, Heading, Letter, Logo, Person, Printed, Sender, Signatory};

/// What a text is to the letter.
#[derive(Debug, Copy, Clone)]
pub enum Key<'l> {
    /// The headline.
    Title,
    /// Where the letter is from.
    Place,
    /// What it is about.
    Subject,
    /// The sender's file number.
    Reference,
    /// The addressee's file number.
    YourReference,
    /// "Dear …:"
    Salutation,
    /// "Sincerely,"
    Closing,
    /// What follows the signatures.
    Postscript,
    /// The heading above the signatories.
    SignatureHeading,
    /// The title of what is sent along, by its index.
    Enclosure(usize),
    /// The title of an enclosure whose file goes into the PDF, which names that file.
    Enclosed,
    /// An addressee, by its index.
    To(usize, PersonPart),
    /// Somebody who gets a copy, by their index.
    Cc(usize, PersonPart),
    /// A line of the letterhead.
    From,
    /// What the picture in the letterhead shows.
    LogoAlt,
    /// The heading of a group of signatories.
    GroupHeading,
    /// Who signs, or is a member of who signs.
    Signatory(&'l Signatory),
    /// A word of the letter's own in place of one that it prints by itself.
    Label,
    /// Who the PDF says wrote it.
    Author,
    /// What the PDF can be found by.
    Keyword,
}

/// What a text says of somebody whom the letter is to, or who gets a copy.
#[derive(Debug, Copy, Clone)]
pub enum PersonPart {
    /// "Andrés Manuel López Obrador".
    Name,
    /// "Lic."
    Honorific,
    /// "President of Mexico".
    Office,
    /// "Secretariat of the Interior".
    Organization,
    /// A line of the postal address.
    Address,
    /// "oficialia@example.org".
    Email,
    /// "P r e s e n t e."
    Note,
}

impl Letter {
    /// All texts that the letter prints or that its files say of themselves, but for its body and the
    /// words of its language.
    pub fn texts(&self) -> Vec<(Key<'_>, &Printed)> {
        // Every field is named, so that the compiler asks about a new one.
        let Self {
            tag: _,
            edition: _,
            edition_place: _,
            words: _,
            labels,
            template: _,
            template_place: _,
            date: _,
            place,
            date_text: _,
            title,
            subject,
            reference,
            your_reference,
            from,
            to,
            cc,
            salutation,
            // A body has a structure of its own, and its links with it.
            body: _,
            links: _,
            body_lang: _,
            closing,
            postscript,
            enclosures,
            enclosed,
            receipt: _,
            groups,
            group_counts: _,
            signature_style: _,
            counts: _,
            conventions: _,
            signature_columns: _,
            signature_heading,
            page: _,
            standards: _,
            standards_place: _,
            author,
            keywords,
        } = self;
        let mut texts = vec![(Key::Title, title)];
        let optional = [
            (Key::Place, place),
            (Key::Subject, subject),
            (Key::Reference, reference),
            (Key::YourReference, your_reference),
            (Key::Salutation, salutation),
            (Key::Closing, closing),
            (Key::Postscript, postscript),
            (Key::SignatureHeading, signature_heading),
        ];
        texts.extend(optional.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))));
        let titles = enclosures.iter().enumerate();
        texts.extend(titles.map(|(index, title)| (Key::Enclosure(index), title)));
        for (index, person) in to.iter().enumerate() {
            texts.extend(person.texts().map(|(part, text)| (Key::To(index, part), text)));
        }
        for (index, person) in cc.iter().enumerate() {
            texts.extend(person.texts().map(|(part, text)| (Key::Cc(index, part), text)));
        }
        texts.extend(from.iter().flat_map(Sender::texts));
        for Group { heading, signatories } in groups {
            if let Some(Heading::Printed(heading)) = heading {
                texts.push((Key::GroupHeading, heading));
            }
            signatories.iter().for_each(|signatory| signatory.texts(&mut texts));
        }
        texts.extend(labels.iter().map(|text| (Key::Label, text)));
        texts.extend(author.iter().map(|text| (Key::Author, text)));
        texts.extend(keywords.iter().map(|text| (Key::Keyword, text)));
        for Enclosed { title, number: _, file: _, place: _, attach: _, pages: _ } in enclosed {
            texts.push((Key::Enclosed, title));
        }
        texts
    }
}

impl Sender {
    fn texts(&self) -> impl Iterator<Item = (Key<'_>, &Printed)> {
        let Self { name, organization, address, email, phone, web, logo } = self;
        let lines = [name, organization, email, phone, web].into_iter().flatten().chain(address);
        let alt = logo.as_ref().map(|Logo { file: _, place: _, alt }| (Key::LogoAlt, alt));
        lines.map(|line| (Key::From, line)).chain(alt)
    }
}

impl Person {
    fn texts(&self) -> impl Iterator<Item = (PersonPart, &Printed)> {
        let Self { name, honorific, office, organization, address, email, note } = self;
        let before = [
            (PersonPart::Name, Some(name)),
            (PersonPart::Honorific, honorific.as_ref()),
            (PersonPart::Office, office.as_ref()),
            (PersonPart::Organization, organization.as_ref()),
        ];
        let behind = [(PersonPart::Email, email.as_ref()), (PersonPart::Note, note.as_ref())];
        let there = |(part, text): (_, Option<_>)| Some((part, text?));
        let lines = address.iter().map(|line| (PersonPart::Address, line));
        let before = before.into_iter().filter_map(there);
        before.chain(lines).chain(behind.into_iter().filter_map(there))
    }
}

impl Signatory {
    fn texts<'l>(&'l self, texts: &mut Vec<(Key<'l>, &'l Printed)>) {
        let Self {
            place: _,
            name,
            kind: _,
            title,
            organization,
            note,
            url: _,
            sort_as: _,
            family_name: _,
            country: _,
            group: _,
            signature: _,
            members,
        } = self;
        let own = [Some(name), title.as_ref(), organization.as_ref(), note.as_ref()];
        texts.extend(own.into_iter().flatten().map(|text| (Key::Signatory(self), text)));
        members.iter().for_each(|member| member.texts(texts));
    }
}
