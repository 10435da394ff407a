//! One letter in one language, resolved: nothing in it can be missing or invalid any more.

pub(crate) mod body;
pub(crate) mod conditions;
pub(crate) mod embedded;
pub(crate) mod enclosures;
pub(crate) mod manuscript;
pub(crate) mod markdown;
pub(crate) mod placeholders;
pub(crate) mod quotes;
pub(crate) mod resolve;
pub(crate) mod signatories;
pub(crate) mod texts;

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use icu_calendar::{Date, Iso};
use typst::syntax::FileId;
use typst::visualize::Color;

use crate::fonts::Fonts;
use crate::language::Tag;
use crate::language::conventions::Conventions;
use crate::language::honorifics;
use crate::language::words::Words;
use crate::letter::body::{Block, Inline, LinkUse};
use crate::letter::conditions::{Condition, Test};
use crate::letter::enclosures::Pages;
use crate::letter::signatories::Counts;
use crate::pdf::{PdfStandard, Profile};
use crate::problems::Diagnostic;
use crate::source::Place;
use crate::source::text::Text;
use crate::source::url::Url;
use crate::spec::edition::Edition;
use crate::spec::envelopes::Geometry;
use crate::spec::print_services::PrintService;
use crate::spec::{Kind, Length, ListLayout, Margins, Paragraphs, Style};

/// A letter in one language.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// The language.
    pub tag: Tag,
    /// The language that prevails over this one, if this is a courtesy translation.
    pub courtesy: Option<Tag>,
    /// The language that prevails over all others.
    pub prevails: Option<Tag>,
    /// The edition in which it is also printed, together with other languages.
    pub edition: Option<Edition>,
    /// Where the edition is requested, or the start of the letter.
    pub edition_place: Place,
    /// Why its blocks cannot stand beside those of the first language of a parallel edition.
    pub misfits: Vec<Diagnostic>,
    /// The parts of the original's body that this language does not have.
    pub untranslated: Vec<Place>,
    /// The words that templates print by themselves, including the letter's own labels.
    pub words: Words,
    /// What of the words is in another language.
    pub borrowed: Option<Borrowed>,
    /// The letter's own labels, by their names.
    pub labels: Vec<(String, Printed)>,
    /// The Typst file with the template.
    pub template: FileId,
    /// Where the template is named, or the start of the letter.
    pub template_place: Place,
    /// Where its language is named.
    pub tag_place: Place,
    /// The day.
    pub date: Date<Iso>,
    /// Where the letter is from, printed with the date.
    pub place: Option<Printed>,
    /// The day in the notation of the language.
    pub date_text: String,
    /// The headline.
    pub title: Printed,
    /// What the letter is about.
    pub subject: Option<Printed>,
    /// The sender's file number.
    pub reference: Option<Printed>,
    /// The addressee's file number.
    pub your_reference: Option<Printed>,
    /// The sender.
    pub from: Option<Sender>,
    /// The addressees.
    pub to: Vec<Person>,
    /// The recipients of copies.
    pub cc: Vec<Person>,
    /// "Dear …:"
    pub salutation: Option<Printed>,
    /// The text.
    pub body: Body,
    /// The links of the text.
    pub links: Vec<LinkUse>,
    /// The names in `[links]`, normalized, and where the address of each is written.
    pub link_targets: Vec<(String, Place)>,
    /// The parts of the text that only some recipients get.
    pub conditions: Vec<Condition>,
    /// The language of the text, if it is not the letter's.
    pub body_lang: Option<Tag>,
    /// "Sincerely,"
    pub closing: Option<Printed>,
    /// The text after the signatures.
    pub postscript: Option<Printed>,
    /// The enclosures.
    pub enclosures: Vec<Printed>,
    /// The enclosures whose file goes into the PDF.
    pub enclosed: Vec<Enclosed>,
    /// Whether each recipient of a mail merge gets other files, which are not among those.
    pub has_own_files: bool,
    /// Whether to leave room for the recipient's stamp.
    pub receipt: bool,
    /// The signatories in print order: one group, or the groups that the letter asks for.
    pub groups: Vec<Group>,
    /// The signatories who do not give their names, if they are printed as a number below the groups.
    pub anonymous: Vec<Signatory>,
    /// Whether the heading of a group shows its number of signatories.
    pub group_counts: bool,
    /// The style of a signatory.
    pub signature_style: Style,
    /// How a list of signatories is arranged.
    pub list_layout: ListLayout,
    /// The size of the names in a list, if the letter says it.
    pub list_size: Option<Length>,
    /// The numbers of signatories.
    pub counts: Counts,
    /// The language's conventions for numbers and more.
    pub conventions: Arc<Conventions>,
    /// The number of columns of the list, or automatic.
    pub signature_columns: Option<usize>,
    /// The heading above the signatories.
    pub signature_heading: Option<Printed>,
    /// The note below the signatories.
    pub signature_note: Option<Printed>,
    /// The page layout.
    pub page: Page,
    /// The standards that the PDF conforms to.
    pub standards: Vec<PdfStandard>,
    /// Where the standards are named.
    pub standards_place: Place,
    /// The press that the letter names, for a standard that is about one.
    pub output_intent: Option<Arc<Profile>>,
    /// The author in the PDF's metadata.
    pub author: Vec<Printed>,
    /// The keywords of the PDF.
    pub keywords: Vec<Printed>,
}

impl Letter {
    /// Leaves out the parts of the text whose test does not hold for the recipient.
    pub(crate) fn keep_parts(&mut self, holds: impl Fn(&Test) -> bool) {
        let conditions = std::mem::take(&mut self.conditions);
        if let Body::Markdown(blocks) = &mut self.body
            && !conditions.is_empty()
        {
            conditions::keep(blocks, &conditions, holds);
        }
    }

    /// The word that marks a draft, such as "DRAFT". A letter whose label is empty is still one.
    pub(crate) fn draft_word(&self) -> Option<String> {
        let own = self.words.labels.get("draft").filter(|word| !word.is_empty()).cloned();
        own.or_else(|| Words::of(&self.tag).labels.remove("draft"))
    }
}

impl Letter {
    /// The language of a label, if that is not the letter's.
    pub(crate) fn label_lang(&self, name: &str) -> Option<&Tag> {
        let borrowed = self.borrowed.as_ref()?;
        borrowed.labels.contains(name).then_some(&borrowed.from)
    }

    /// Whether a part stands at the end of its line in the letter's language.
    pub(crate) fn is_at_end(&self, part: &str) -> bool {
        self.words.layout.at_end.iter().any(|other| other == part)
    }

    /// How many characters wide the first line of a paragraph of the text is indented, if the language says it. As
    /// in Japanese, one that begins with the salutation is not.
    pub(crate) fn indent_of(&self, paragraph: &[Inline]) -> Option<u8> {
        let indent = self.words.layout.indent;
        if indent == 0 || self.page.paragraphs != Paragraphs::Indented {
            return None;
        }
        let text = body::plain(paragraph);
        let salutations = self.words.parts.get("salutations");
        let opens = salutations.into_iter().flatten().any(|salutation| {
            text.strip_prefix(salutation.as_str()).is_some_and(|rest| rest.starts_with('\u{3000}'))
        });
        Some(if opens { 0 } else { indent })
    }

    /// The language of the day, if that is not the letter's.
    pub(crate) fn date_lang(&self) -> Option<&Tag> {
        self.borrowed.as_ref().filter(|borrowed| borrowed.dates).map(|borrowed| &borrowed.from)
    }
}

/// Words that a language does not have, so that they are in another.
#[derive(Debug, Clone)]
pub(crate) struct Borrowed {
    /// The other language.
    pub from: Tag,
    /// The names of the labels.
    pub labels: BTreeSet<String>,
    /// Whether dates are.
    pub dates: bool,
}

/// A text in its printed form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Printed {
    /// The text, with its placeholders filled in.
    pub text: EcoString,
    /// Where it is written.
    pub source: Text,
    /// The language of the text, if it is not the letter's.
    pub lang: Option<Tag>,
    /// Whether the text is written from left to right in a language that is not, such as an address in
    /// Latin letters: its numbers and signs stay where they are.
    pub left_to_right: bool,
}

/// An enclosure whose file goes into the PDF.
#[derive(Debug, Clone)]
pub(crate) struct Enclosed {
    /// "A map of the wells".
    pub title: Printed,
    /// Its number among the enclosures, from one.
    pub number: usize,
    /// The file.
    pub file: FileId,
    /// Where the file is named.
    pub place: Place,
    /// Whether the file is attached as it is.
    pub attach: bool,
    /// The pages that follow the letter, unless the file is attached.
    pub pages: Option<Pages>,
}

/// The sender of a letter.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    /// "Jane Doe".
    pub name: Option<Printed>,
    /// "Example Institute".
    pub organization: Option<Printed>,
    /// The lines of the postal address.
    pub address: Vec<Printed>,
    /// "office@example.org".
    pub email: Option<Printed>,
    /// "+52 664 123 4567".
    pub phone: Option<Printed>,
    /// "example.org".
    pub web: Option<Printed>,
    /// A picture.
    pub logo: Option<Logo>,
    /// What stands at the foot of the first page.
    pub footer: Vec<Printed>,
}

/// A picture in the head of a letter.
#[derive(Debug, Clone)]
pub(crate) struct Logo {
    /// The picture.
    pub picture: Picture,
    /// What it shows.
    pub alt: Printed,
}

/// A picture that a letter names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// The file.
    pub file: FileId,
    /// Where the letter names it.
    pub place: Place,
}

/// An addressee, or the recipient of a copy.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// "Andrés Manuel López Obrador".
    pub name: Printed,
    /// "Lic."
    pub honorific: Option<Printed>,
    /// "President of Mexico".
    pub office: Option<Printed>,
    /// "Secretariat of the Interior".
    pub organization: Option<Printed>,
    /// The lines of the postal address.
    pub address: Vec<Printed>,
    /// "oficialia@example.org".
    pub email: Option<Printed>,
    /// "P r e s e n t e."
    pub note: Option<Printed>,
    /// "FRANCIA", if the address is abroad.
    pub country: Option<Printed>,
    /// "Registered".
    pub delivery: Option<Printed>,
}

impl Person {
    /// The honorific and the name in the order in which they are printed, and what stands between them: "Dra.
    /// Jane Doe", "山田太郎様".
    pub(crate) fn full_name(&self) -> (Vec<&Printed>, &'static str) {
        let Some(honorific) = &self.honorific else { return (vec![&self.name], "") };
        match honorifics::gap_behind_name(&honorific.text) {
            Some(gap) => (vec![&self.name, honorific], gap),
            None => (vec![honorific, &self.name], " "),
        }
    }
}

/// A signatory.
#[derive(Debug, Clone)]
pub(crate) struct Signatory {
    /// Where the entry is.
    pub place: Place,
    /// The name, as it is printed.
    pub name: Printed,
    /// The name as it is written.
    pub called: EcoString,
    /// The name that is printed instead.
    pub print_as: Option<EcoString>,
    /// The places that follow the name, each of which counts.
    pub places: Vec<EcoString>,
    /// An organization or a person.
    pub kind: Kind,
    /// "Director".
    pub title: Option<Printed>,
    /// The organization that a person belongs to.
    pub organization: Option<Printed>,
    /// Anything else printed with the name.
    pub note: Option<Printed>,
    /// The web address that the name links to.
    pub url: Option<Url>,
    /// What to sort by instead of the name.
    pub sort_as: Option<EcoString>,
    /// The part of a person's name to sort by.
    pub family_name: Option<EcoString>,
    /// The country, by its two letters.
    pub country: Option<EcoString>,
    /// The author's own group that contains it.
    pub group: Option<EcoString>,
    /// The picture of the signature.
    pub signature: Option<Picture>,
    /// Who this is in a form's export.
    pub key: Option<EcoString>,
    /// The members of a coalition.
    pub members: Vec<Signatory>,
}

/// A part of the list of signatories.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The heading above it.
    pub heading: Option<Heading>,
    /// Its signatories, in print order.
    pub signatories: Vec<Signatory>,
}

/// The heading of a group.
#[derive(Debug, Clone)]
pub(crate) enum Heading {
    /// Words of the program, or the name of a country, with their language if that is not the letter's.
    Words(EcoString, Option<Tag>),
    /// Words of the letter.
    Printed(Printed),
}

/// The text of a letter.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// Parsed Markdown.
    Markdown(Vec<Block>),
    /// A Typst file.
    Typst(FileId),
}

/// The envelope that a letter goes into.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    /// Its name, for messages: that of the print service if the letter names no envelope.
    pub name: EcoString,
    /// The positions on the page.
    pub geometry: Geometry,
}

/// The service that prints and posts a letter.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    /// Its name, for messages.
    pub name: EcoString,
    /// Where the letter names it.
    pub place: Place,
    /// What it wants.
    pub rules: PrintService,
}

/// The page layout.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The paper, by Typst's name.
    pub paper: EcoString,
    /// The margins that the letter names.
    pub margin: Margins,
    /// The family of the text.
    pub font: EcoString,
    /// The fonts that the letter may use.
    pub fonts: Arc<Fonts>,
    /// The size of the text.
    pub font_size: Length,
    /// The colour of headings and of the letterhead.
    pub accent: Option<Color>,
    /// How paragraphs are separated.
    pub paragraphs: Paragraphs,
    /// How far the picture behind the first page extends beyond its edges.
    pub bleed: Length,
    /// A picture behind the first page.
    pub background: Option<Picture>,
    /// The envelope whose window shows the address.
    pub envelope: Option<Envelope>,
    /// The service that prints and posts the letter.
    pub service: Option<Service>,
    /// Whether fold marks are printed at the edge of the page.
    pub fold_marks: bool,
    /// Whether the PDF has crop marks.
    pub crop_marks: bool,
    /// Whether the window of the envelope is drawn on the page, for inspection and not for mailing.
    pub show_window: bool,
}
