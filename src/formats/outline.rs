//! The parts of a letter in reading order, for the formats that have no pages.
//!
//! The order is that of the built-in templates. Parts that only make sense on paper are left out:
//! lines to sign by hand, fold marks, the window of an envelope and the picture behind the page.

use ecow::EcoString;
use typst::syntax::FileId;

use crate::fonts::scripts;
use crate::language::{Tag, space_after, words};
pub(crate) use crate::letter::body::plain;
use crate::letter::body::{Block, Inline, InlineKind};
use crate::letter::{Group, Heading, Letter, Person, Printed, Sender, Signatory, quotes};
use crate::source::text::{PatternPart, pattern_parts};
use crate::source::url::Url;
use crate::spec::Style;

/// A separate piece of running text, such as a name or a salutation.
pub(crate) type Line = Vec<Inline>;

/// A part of a letter.
#[derive(Debug)]
pub(crate) enum Part {
    /// The sender.
    Letterhead(Letterhead),
    /// The letter's one heading: its title, or the subject of a formal letter.
    Title(Line),
    /// The addressees, or the recipients of a copy.
    People(People),
    /// Where and when it was written.
    Date(Dateline),
    /// That this is a courtesy translation.
    Courtesy(Line),
    /// Subject and file numbers.
    References(Vec<Reference>),
    /// "Dear …:"
    Salutation(Line),
    /// The body.
    Body {
        /// Its blocks.
        blocks: Vec<Block>,
        /// Its language, if that is not the letter's.
        lang: Option<Tag>,
    },
    /// "Sincerely,"
    Closing(Line),
    /// The signatories.
    Signatures(Signatures),
    /// The postscript.
    Postscript(Line),
    /// The list of enclosures.
    Enclosures {
        /// "Enclosures:", unless it is empty.
        label: Option<Line>,
        /// The texts.
        items: Vec<Line>,
    },
    /// What stands at the foot of the first page.
    Footer(Vec<Line>),
    /// Room for the recipient to acknowledge receipt.
    Receipt {
        /// "Acknowledgement of receipt".
        heading: Line,
        /// The fields to fill in, such as "Received by:", each with room after it.
        blanks: Vec<Line>,
    },
}

/// The sender of a letter.
#[derive(Debug)]
pub(crate) struct Letterhead {
    /// The logo, and what it shows.
    pub logo: Option<Picture>,
    /// The names, and then the contact details.
    pub lines: Vec<Line>,
    /// How many of the lines are names.
    pub names: usize,
}

/// A picture in a file.
#[derive(Debug)]
pub(crate) struct Picture {
    /// The image file.
    pub file: FileId,
    /// What it shows.
    pub alt: EcoString,
}

/// People below a label.
#[derive(Debug)]
pub(crate) struct People {
    /// The key of its label: "to" or "cc".
    pub role: &'static str,
    /// "To:", unless it is empty or the template prints none.
    pub label: Option<Line>,
    /// Whether the label stands in the line of the first person.
    pub is_beside: bool,
    /// The lines of each person.
    pub people: Vec<Vec<Line>>,
}

/// A subject or a reference.
#[derive(Debug)]
pub(crate) struct Reference {
    /// "Our reference:", unless it is empty.
    pub label: Option<Line>,
    /// What stands between them.
    pub gap: &'static str,
    /// "RA-2026/14".
    pub text: Line,
}

/// The day of a letter, with the place if there is one.
#[derive(Debug)]
pub(crate) struct Dateline {
    /// The text before the day.
    pub before: Line,
    /// The day as the language writes it.
    pub date: Line,
    /// The same as ISO 8601 writes it: "2021-08-24".
    pub iso: String,
    /// The text after the day.
    pub after: Line,
}

/// The signatories of a letter.
#[derive(Debug)]
pub(crate) struct Signatures {
    /// The heading above all of them.
    pub heading: Option<Line>,
    /// The groups in order.
    pub groups: Vec<SignatureGroup>,
    /// How many do not give their names.
    pub anonymous: Option<Line>,
    /// The note below them.
    pub note: Option<Line>,
}

/// A group of signatories.
#[derive(Debug)]
pub(crate) struct SignatureGroup {
    /// Its heading.
    pub heading: Option<Line>,
    /// Its signatories.
    pub signatures: Vec<Signature>,
}

/// A signatory.
#[derive(Debug)]
pub(crate) struct Signature {
    /// The picture of the signature.
    pub picture: Option<Picture>,
    /// The name with title and organization, or each of them in a line of its own.
    pub lines: Vec<Line>,
    /// Other texts printed with it.
    pub note: Option<Line>,
    /// The members of a coalition.
    pub members: Vec<Signature>,
}

/// How straight quotes are printed.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Quotes {
    /// As they are written.
    Straight,
    /// As those of the language, as on the page.
    OfLanguage,
}

/// The order of the parts. Only the built-in templates have a known one: a template is a program,
/// whose order is not known until it lays out pages.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Order {
    /// The order of `open-letter.typ`, and of any other template.
    OpenLetter,
    /// The order of `formal.typ`.
    Formal,
}

impl Order {
    /// The order of a template, by its file name: a template made from `formal.typ` keeps the name.
    fn of(template: FileId) -> Self {
        match template.vpath().file_name() {
            Some("formal.typ") => Self::Formal,
            _ => Self::OpenLetter,
        }
    }
}

/// Whether what a signatory is stands below the name, as a signature by hand has it.
pub(crate) fn is_in_lines(letter: &Letter) -> bool {
    Order::of(letter.template) == Order::Formal || letter.signature_style != Style::List
}

/// The parts of a letter with these blocks as its body.
pub(crate) fn parts(letter: &Letter, body: &[Block], quotes: Quotes) -> Vec<Part> {
    let outline = Outline { letter, quotes };
    let formal = Order::of(letter.template) == Order::Formal;
    let to = outline.people("to", &letter.to, formal);
    let cc = outline.people("cc", &letter.cc, formal);
    let date = Some(Part::Date(outline.dateline()));
    let head = letter.from.as_ref().map(|from| Part::Letterhead(outline.letterhead(from)));
    let title = |line| Some(Part::Title(line));
    let salutation = outline.maybe(&letter.salutation).map(Part::Salutation);
    let body = Some(outline.body(body));
    let courtesy = letter.courtesy_line();
    let courtesy = courtesy.map(|(line, lang)| Part::Courtesy(outline.words_in(&line, lang)));
    let closing = outline.maybe(&letter.closing).map(Part::Closing);
    let signatures = outline.signatures(formal);
    let postscript = outline.maybe(&letter.postscript).map(Part::Postscript);
    let enclosures = outline.enclosures();
    let receipt = outline.receipt();
    let footer = outline.footer();
    let parts = if formal {
        let subject = match &letter.subject {
            Some(subject) => {
                let label = outline.label("subject");
                let gap = label.as_ref().map_or("", |label| space_after(&plain(label)));
                outline.joined(label.into_iter().chain([outline.printed(subject)]), gap)
            }
            None => outline.printed(&letter.title),
        };
        let references = outline.references(&["reference", "your-reference"]);
        let opening = [head, date, references, to, courtesy, title(subject), salutation, body];
        let ending = [closing, signatures, postscript, enclosures, cc, receipt, footer];
        opening.into_iter().chain(ending)
    } else {
        let references = outline.references(&["subject", "reference", "your-reference"]);
        let title = title(outline.printed(&letter.title));
        let opening = [head, title, to, cc, date, courtesy, references, salutation];
        let ending = [body, closing, signatures, postscript, enclosures, receipt, footer];
        opening.into_iter().chain(ending)
    };
    parts.flatten().collect()
}

struct Outline<'l> {
    letter: &'l Letter,
    quotes: Quotes,
}

impl Outline<'_> {
    fn inline(&self, kind: InlineKind) -> Inline {
        Inline { kind, place: self.letter.template_place.clone() }
    }

    /// A text of the program.
    fn words(&self, text: &str) -> Line {
        vec![self.inline(InlineKind::Text(text.into()))]
    }

    /// The same in a language, if that is not the letter's.
    fn words_in(&self, text: &str, lang: Option<&Tag>) -> Line {
        let words = self.words(text);
        match lang {
            Some(lang) => vec![self.inline(InlineKind::Passage(lang.clone(), words))],
            None => words,
        }
    }

    fn label(&self, name: &str) -> Option<Line> {
        let label = self.letter.words.labels.get(name).filter(|label| !label.is_empty())?;
        Some(self.words_in(label, self.letter.label_lang(name)))
    }

    fn printed(&self, printed: &Printed) -> Line {
        let place = &printed.source.place;
        let mut line = Vec::new();
        for (index, text) in printed.text.split('\n').enumerate() {
            let kinds = [
                (index > 0).then_some(InlineKind::LineBreak),
                (!text.is_empty()).then(|| InlineKind::Text(text.into())),
            ];
            let pieces = kinds.into_iter().flatten();
            line.extend(pieces.map(|kind| Inline { kind, place: place.clone() }));
        }
        if let Some(lang) = &printed.lang {
            let kind = InlineKind::Passage(lang.clone(), line);
            line = vec![Inline { kind, place: place.clone() }];
        }
        if self.quotes == Quotes::OfLanguage {
            quotes::set(&mut line, &self.letter.tag, self.letter.words.quotes.as_ref());
        }
        line
    }

    fn maybe(&self, printed: &Option<Printed>) -> Option<Line> {
        printed.as_ref().map(|printed| self.printed(printed))
    }

    /// A text as a link to an address, if there is one.
    fn linked(&self, printed: &Printed, url: Option<Url>) -> Line {
        let line = self.printed(printed);
        match url {
            Some(url) => vec![self.inline(InlineKind::Link(url, line))],
            None => line,
        }
    }

    fn email(&self, printed: &Printed) -> Line {
        self.linked(printed, Url::of_mailbox(&printed.text))
    }

    fn web(&self, printed: &Printed) -> Line {
        self.linked(printed, Url::of_page(&printed.text))
    }

    fn joined(&self, lines: impl IntoIterator<Item = Line>, by: &str) -> Line {
        let mut joined = Vec::new();
        for line in lines {
            if !joined.is_empty() {
                joined.extend(self.words(by));
            }
            joined.extend(line);
        }
        joined
    }

    /// What separates a name from an office.
    fn comma(&self) -> &'static str {
        scripts::comma(&self.letter.tag)
    }

    fn letterhead(&self, from: &Sender) -> Letterhead {
        let names = [&from.organization, &from.name].into_iter().flatten();
        let mut lines: Vec<Line> = names.map(|name| self.printed(name)).collect();
        let names = lines.len();
        let address = self.joined(from.address.iter().map(|line| self.printed(line)), self.comma());
        let phone = self.maybe(&from.phone);
        let email = from.email.as_ref().map(|email| self.email(email));
        lines.push(address);
        lines.push(self.joined(phone.into_iter().chain(email), " · "));
        lines.extend(from.web.as_ref().map(|web| self.web(web)));
        lines.retain(|line| !line.is_empty());
        let logo = from.logo.as_ref();
        let logo = logo.map(|logo| Picture { file: logo.picture.file, alt: logo.alt.text.clone() });
        Letterhead { logo, lines, names }
    }

    /// People as a template has them: a formal letter has no label above its addressees, and a line for each copy.
    fn people(&self, role: &'static str, people: &[Person], formal: bool) -> Option<Part> {
        let is_beside = formal && role == "cc";
        let person = |person: &Person| match is_beside {
            true => vec![self.copy(person)],
            false => self.person(person),
        };
        let label = self.label(role).filter(|_| !formal || is_beside);
        let people: Vec<_> = people.iter().map(person).collect();
        (!people.is_empty()).then_some(Part::People(People { role, label, is_beside, people }))
    }

    fn full_name(&self, person: &Person) -> Line {
        let (names, gap) = person.full_name();
        self.joined(names.into_iter().map(|part| self.printed(part)), gap)
    }

    /// A person with a line for each detail.
    fn person(&self, person: &Person) -> Vec<Line> {
        let offices = [&person.office, &person.organization].into_iter().flatten();
        let lines = offices.chain(&person.address).map(|part| self.printed(part));
        let email = person.email.as_ref().map(|email| self.email(email));
        let rest = email.into_iter().chain(self.maybe(&person.note));
        let rest = rest.chain(self.maybe(&person.country));
        let delivery = self.maybe(&person.delivery);
        delivery.into_iter().chain([self.full_name(person)]).chain(lines).chain(rest).collect()
    }

    /// The recipient of a copy in one line.
    fn copy(&self, person: &Person) -> Line {
        let offices = [&person.office, &person.organization].into_iter().flatten();
        let lines = offices.chain(&person.address).chain(&person.country);
        let lines = lines.map(|part| self.printed(part));
        let whole = self.joined([self.full_name(person)].into_iter().chain(lines), self.comma());
        let email = person.email.as_ref().map(|email| self.email(email));
        let rest = email.into_iter().chain(self.maybe(&person.note));
        let rest = rest.chain(self.maybe(&person.delivery));
        self.joined([whole].into_iter().chain(rest), ". ")
    }

    fn dateline(&self) -> Dateline {
        let letter = self.letter;
        let iso = crate::language::day::CreationTime::of_day(letter.date).day();
        let date = self.words_in(&letter.date_text, letter.date_lang());
        let pattern_lang = letter.label_lang("dateline");
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if let Some(place) = &letter.place {
            let pattern = letter.words.labels.get("dateline").map_or("{place}, {date}", |p| p);
            let mut side = &mut before;
            for part in pattern_parts(pattern) {
                match part {
                    PatternPart::Name("date") => side = &mut after,
                    PatternPart::Name("place") => {
                        side.extend(self.printed(place));
                        let end = letter.tag.end_of_foreign();
                        side.extend(end.into_iter().flat_map(|end| self.words(end)));
                    }
                    PatternPart::Plain("") => {}
                    PatternPart::Plain(text) | PatternPart::Name(text) => {
                        let is_word = text.contains(char::is_alphabetic);
                        side.extend(self.words_in(text, pattern_lang.filter(|_| is_word)));
                    }
                }
            }
        }
        Dateline { before, date, iso, after }
    }

    fn references(&self, names: &[&str]) -> Option<Part> {
        let letter = self.letter;
        let references: Vec<Reference> = names
            .iter()
            .filter_map(|name| {
                let text = match *name {
                    "subject" => &letter.subject,
                    "reference" => &letter.reference,
                    _ => &letter.your_reference,
                };
                let text = self.maybe(text)?;
                let label = self.label(name);
                let gap = label.as_ref().map_or("", |label| space_after(&plain(label)));
                Some(Reference { label, gap, text })
            })
            .collect();
        (!references.is_empty()).then_some(Part::References(references))
    }

    fn body(&self, blocks: &[Block]) -> Part {
        let lang = self.letter.body_lang.clone();
        let mut blocks = blocks.to_vec();
        if self.quotes == Quotes::OfLanguage {
            let (tag, marks) = match &lang {
                Some(lang) => (lang, words::quotes(lang)),
                None => (&self.letter.tag, self.letter.words.quotes.as_ref()),
            };
            quotes::set_blocks(&mut blocks, tag, marks);
        }
        Part::Body { blocks, lang }
    }

    fn signatures(&self, formal: bool) -> Option<Part> {
        let letter = self.letter;
        let pictures = formal || letter.signature_style == Style::Images;
        let in_lines = is_in_lines(letter);
        let group = |group: &Group| {
            let heading = group.heading.as_ref().map(|heading| {
                let mut line = match heading {
                    Heading::Words(words, lang) => self.words_in(words, lang.as_ref()),
                    Heading::Printed(text) => self.printed(text),
                };
                if letter.group_counts {
                    let number = letter.conventions.number(group.count());
                    line.extend(self.words(&format!(" ({number})")));
                }
                line
            });
            let signatories = group.signatories.iter();
            let signatures = signatories.map(|one| self.signature(one, pictures, in_lines));
            let signatures = signatures.collect();
            SignatureGroup { heading, signatures }
        };
        let groups: Vec<_> = letter.groups.iter().map(group).collect();
        let heading = self.maybe(&letter.signature_heading);
        let anonymous = letter.anonymous_line();
        let anonymous = anonymous.map(|(line, lang)| self.words_in(&line, lang));
        let note = self.maybe(&letter.signature_note);
        let signed = anonymous.is_some()
            || note.is_some()
            || groups.iter().any(|group| !group.signatures.is_empty());
        (signed || heading.is_some()).then_some(Part::Signatures(Signatures {
            heading,
            groups,
            anonymous,
            note,
        }))
    }

    fn signature(&self, signatory: &Signatory, pictures: bool, in_lines: bool) -> Signature {
        let mut name = self.printed(&signatory.name);
        if let Some(url) = &signatory.url {
            name = vec![self.inline(InlineKind::Link(url.clone(), name))];
        }
        let rest = [&signatory.title, &signatory.organization].into_iter().flatten();
        let all = [name].into_iter().chain(rest.map(|part| self.printed(part)));
        let picture = signatory.signature.as_ref().filter(|_| pictures);
        let members = signatory.members.iter();
        Signature {
            picture: picture
                .map(|picture| Picture { file: picture.file, alt: signatory.name.text.clone() }),
            lines: match in_lines {
                true => all.collect(),
                false => vec![self.joined(all, self.comma())],
            },
            note: self.maybe(&signatory.note),
            members: members.map(|member| self.signature(member, pictures, false)).collect(),
        }
    }

    fn enclosures(&self) -> Option<Part> {
        let items: Vec<Line> = self.letter.enclosures.iter().map(|one| self.printed(one)).collect();
        let label = self.label("enclosures");
        (!items.is_empty()).then_some(Part::Enclosures { label, items })
    }

    fn footer(&self) -> Option<Part> {
        let from = self.letter.from.iter();
        let lines: Vec<Line> =
            from.flat_map(|from| &from.footer).map(|entry| self.printed(entry)).collect();
        (!lines.is_empty()).then_some(Part::Footer(lines))
    }

    fn receipt(&self) -> Option<Part> {
        let names = ["received-by", "received-on", "received-at", "stamp"];
        let blanks = names.into_iter().filter_map(|name| self.label(name)).collect();
        let heading = self.label("receipt").unwrap_or_default();
        self.letter.receipt.then_some(Part::Receipt { heading, blanks })
    }
}
