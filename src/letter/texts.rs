//! One walk over every text that a letter prints outside its body, so that all code that needs every
//! text sees the same ones. A new key of a letter does not compile until it is listed here and every
//! user of the walk handles it.

use crate::letter::{Enclosed, Group, Heading, Letter, Logo, Person, Printed, Sender, Signatory};

/// The role of a text in the letter.
#[derive(Debug, Copy, Clone)]
pub(crate) enum Key<'l> {
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
    /// The text after the signatures.
    Postscript,
    /// The heading above the signatories.
    SignatureHeading,
    /// The note below the signatories.
    SignatureNote,
    /// The title of an enclosure, by its index.
    Enclosure(usize),
    /// The title of an enclosure whose file goes into the PDF, which names that file.
    Enclosed,
    /// An addressee, by its index.
    To(usize, PersonPart),
    /// The recipient of a copy, by index.
    Cc(usize, PersonPart),
    /// A line of the letterhead.
    From,
    /// What the picture in the letterhead shows.
    LogoAlt,
    /// The heading of a group of signatories.
    GroupHeading,
    /// A signatory, or a member of one.
    Signatory(&'l Signatory),
    /// A word that replaces one that the program prints by itself.
    Label,
    /// The author in the PDF's metadata.
    Author,
    /// A keyword of the PDF.
    Keyword,
}

/// What a text says about an addressee or the recipient of a copy.
#[derive(Debug, Copy, Clone)]
pub(crate) enum PersonPart {
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
    /// "FRANCIA".
    Country,
    /// "Registered".
    Delivery,
}

impl Letter {
    /// All texts that the letter prints or that its files contain as metadata, except its body and the
    /// words of its language.
    pub(crate) fn texts(&self) -> Vec<(Key<'_>, &Printed)> {
        // Every field is named, so that the compiler complains about a new one.
        let Self {
            tag: _,
            courtesy: _,
            prevails: _,
            edition: _,
            edition_place: _,
            misfits: _,
            untranslated: _,
            words: _,
            borrowed: _,
            labels,
            template: _,
            template_place: _,
            tag_place: _,
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
            // A body has its own structure, which includes its links.
            body: _,
            links: _,
            link_targets: _,
            conditions: _,
            body_lang: _,
            closing,
            postscript,
            enclosures,
            enclosed,
            has_own_files: _,
            receipt: _,
            groups,
            // Their number is printed, in words of the language.
            anonymous: _,
            group_counts: _,
            signature_style: _,
            list_layout: _,
            list_size: _,
            counts: _,
            conventions: _,
            signature_columns: _,
            signature_heading,
            signature_note,
            page: _,
            standards: _,
            standards_place: _,
            output_intent: _,
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
            (Key::SignatureNote, signature_note),
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
        texts.extend(labels.iter().map(|(_, text)| (Key::Label, text)));
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
        let Self { name, organization, address, email, phone, web, logo, footer } = self;
        let lines = [name, organization, email, phone, web].into_iter().flatten().chain(address);
        let lines = lines.chain(footer);
        let alt = logo.as_ref().map(|Logo { picture: _, alt }| (Key::LogoAlt, alt));
        lines.map(|line| (Key::From, line)).chain(alt)
    }
}

impl Person {
    fn texts(&self) -> impl Iterator<Item = (PersonPart, &Printed)> {
        let Self { name, honorific, office, organization, address, email, note, country, delivery } =
            self;
        let before = [
            (PersonPart::Delivery, delivery.as_ref()),
            (PersonPart::Name, Some(name)),
            (PersonPart::Honorific, honorific.as_ref()),
            (PersonPart::Office, office.as_ref()),
            (PersonPart::Organization, organization.as_ref()),
        ];
        let behind = [
            (PersonPart::Email, email.as_ref()),
            (PersonPart::Note, note.as_ref()),
            (PersonPart::Country, country.as_ref()),
        ];
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
            called: _,
            print_as: _,
            // They are part of the name.
            places: _,
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
            key: _,
            members,
        } = self;
        let own = [Some(name), title.as_ref(), organization.as_ref(), note.as_ref()];
        texts.extend(own.into_iter().flatten().map(|text| (Key::Signatory(self), text)));
        members.iter().for_each(|member| member.texts(texts));
    }
}
