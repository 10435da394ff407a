//! One letter in one language, checked: nothing in it can be missing or wrong any more.

pub mod block_pairs;
pub mod body;
pub mod enclosures;
pub mod manuscript;
pub mod markdown;
pub mod placeholders;
pub mod quotes;
pub mod resolve;
pub mod signatories;
pub mod texts;

use std::sync::Arc;

use ecow::EcoString;
use icu_calendar::{Date, Iso};
use typst::syntax::FileId;
use typst::visualize::Color;
use typst_pdf::PdfStandard;

use crate::language::words::Words;
use crate::language::{Conventions, Tag};
use crate::letter::body::{Block, LinkUse};
use crate::letter::enclosures::Pages;
use crate::letter::signatories::Counts;
use crate::source::Place;
use crate::source::text::Text;
use crate::source::url::Url;
use crate::spec::edition::Edition;
use crate::spec::envelopes::Envelope;
use crate::spec::{Kind, Length, Margins, Paragraphs, Style};

/// A letter in one language.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The language.
    pub tag: Tag,
    /// The edition that it is also printed in, together with other languages.
    pub edition: Option<Edition>,
    /// Where the edition is asked for, or the start of the letter.
    pub edition_place: Place,
    /// The words that templates print by themselves, the letter's own among them.
    pub words: Words,
    /// Those of the letter's own.
    pub labels: Vec<Printed>,
    /// The Typst file with the template.
    pub template: FileId,
    /// Where the template is named, or the start of the letter.
    pub template_place: Place,
    /// The day.
    pub date: Date<Iso>,
    /// Where the letter is from, which is printed with the day.
    pub place: Option<Printed>,
    /// The day as the language writes it.
    pub date_text: String,
    /// The headline.
    pub title: Printed,
    /// What the letter is about.
    pub subject: Option<Printed>,
    /// The sender's file number.
    pub reference: Option<Printed>,
    /// The addressee's file number.
    pub your_reference: Option<Printed>,
    /// Who sends it.
    pub from: Option<Sender>,
    /// Whom it is to.
    pub to: Vec<Person>,
    /// Who gets a copy.
    pub cc: Vec<Person>,
    /// "Dear …:"
    pub salutation: Option<Printed>,
    /// The text.
    pub body: Body,
    /// The links of the text.
    pub links: Vec<LinkUse>,
    /// The language that the text is in, where that is not the letter's.
    pub body_lang: Option<Tag>,
    /// "Sincerely,"
    pub closing: Option<Printed>,
    /// What follows the signatures.
    pub postscript: Option<Printed>,
    /// The enclosures.
    pub enclosures: Vec<Printed>,
    /// Those of them whose file goes into the PDF.
    pub enclosed: Vec<Enclosed>,
    /// Whether there is room for the stamp of who receives it.
    pub receipt: bool,
    /// Who signs, in the order they are printed: one group, or those that the letter asks for.
    pub groups: Vec<Group>,
    /// Whether the heading of a group says how many signatories it has.
    pub group_counts: bool,
    /// How a signatory is presented.
    pub signature_style: Style,
    /// How many there are.
    pub counts: Counts,
    /// How the language writes numbers and the rest.
    pub conventions: Arc<Conventions>,
    /// The number of columns they are set in, or automatic.
    pub signature_columns: Option<usize>,
    /// The heading above them.
    pub signature_heading: Option<Printed>,
    /// The layout of the page.
    pub page: Page,
    /// The standards that the PDF keeps.
    pub standards: Vec<PdfStandard>,
    /// Where they are named.
    pub standards_place: Place,
    /// Who the PDF says wrote it.
    pub author: Vec<Printed>,
    /// Words to find the PDF by.
    pub keywords: Vec<Printed>,
}

/// A text as it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The text, its placeholders filled in.
    pub text: EcoString,
    /// Where it is written.
    pub source: Text,
    /// The language it is in, where that is not the letter's.
    pub lang: Option<Tag>,
}

/// An enclosure whose file goes into the PDF.
#[derive(Debug, Clone)]
pub struct Enclosed {
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

/// Who sends a letter.
#[derive(Debug, Clone)]
pub struct Sender {
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
}

/// A picture in the head of a letter.
#[derive(Debug, Clone)]
pub struct Logo {
    /// The picture.
    pub file: FileId,
    /// Where it is named.
    pub place: Place,
    /// What it shows.
    pub alt: Printed,
}

/// An addressee, or somebody who gets a copy.
#[derive(Debug, Clone)]
pub struct Person {
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
}

/// Who signs.
#[derive(Debug, Clone)]
pub struct Signatory {
    /// Where the entry stands.
    pub place: Place,
    /// The name.
    pub name: Printed,
    /// An organization or a person.
    pub kind: Kind,
    /// "Director".
    pub title: Option<Printed>,
    /// The organization that a person belongs to.
    pub organization: Option<Printed>,
    /// Anything else that is printed with the name.
    pub note: Option<Printed>,
    /// The web address that the name links to.
    pub url: Option<Url>,
    /// What to sort by instead of the name.
    pub sort_as: Option<EcoString>,
    /// The part of a person's name to sort by.
    pub family_name: Option<EcoString>,
    /// The country, by its two letters.
    pub country: Option<EcoString>,
    /// The author's own part of the list that it is in.
    pub group: Option<EcoString>,
    /// The picture of the signature.
    pub signature: Option<FileId>,
    /// The members of a coalition.
    pub members: Vec<Signatory>,
}

/// A part of the list of signatories.
#[derive(Debug, Clone)]
pub struct Group {
    /// What stands above it.
    pub heading: Option<Heading>,
    /// Who is in it, in the order they are printed.
    pub signatories: Vec<Signatory>,
}

/// The heading of a group.
#[derive(Debug, Clone)]
pub enum Heading {
    /// Words of the program, or the name of a country.
    Words(EcoString),
    /// Words of the letter.
    Printed(Printed),
}

/// The text of a letter.
#[derive(Debug, Clone)]
pub enum Body {
    /// Markdown that was read.
    Markdown(Vec<Block>),
    /// A Typst file.
    Typst(FileId),
}

/// The layout of the page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The paper, by Typst's name.
    pub paper: EcoString,
    /// The margins that the letter names.
    pub margin: Margins,
    /// The family of the text.
    pub font: EcoString,
    /// The size of the text.
    pub font_size: Length,
    /// The colour of headings and of the letterhead.
    pub accent: Option<Color>,
    /// What separates two paragraphs.
    pub paragraphs: Paragraphs,
    /// How far the picture behind the first page runs over its edges.
    pub bleed: Length,
    /// A picture behind the first page.
    pub background: Option<FileId>,
    /// The envelope whose window shows the address.
    pub envelope: Option<Envelope>,
    /// Whether the edge of the page shows where to fold it.
    pub fold_marks: bool,
    /// Whether the window of the envelope is drawn on the page, to look at and not to send.
    pub show_window: bool,
}
