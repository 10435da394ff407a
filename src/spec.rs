//! A letter as written: the contents of the TOML file in all languages, each value with its place.
//!
//! A `Spec` may still be wrong: a translation may be missing, or a body file may not exist. A
//! [`Letter`](crate::letter::Letter) has been resolved: nothing in it is missing or invalid.

pub(crate) mod column_pattern;
pub(crate) mod contrast;
pub(crate) mod country;
pub(crate) mod edition;
pub(crate) mod envelopes;
pub(crate) mod formulas;
pub(crate) mod key_column;
pub(crate) mod kind_answers;
pub(crate) mod likely_columns;
pub(crate) mod links;
pub(crate) mod lint;
pub(crate) mod loaded;
pub(crate) mod misplaced_keys;
pub(crate) mod own_words;
pub(crate) mod print_services;
pub(crate) mod records;
pub(crate) mod repository;
pub(crate) mod schema;

pub(crate) mod signatory_sources;
pub(crate) mod spec_reader;
pub(crate) mod table_file;
pub(crate) mod tags;
pub(crate) mod values;

use icu_calendar::{Date, Iso};
use schemars::JsonSchema;
use typst::syntax::FileId;
use typst::visualize::Color;

use crate::fonts::DEFAULT_FAMILY;
use crate::language::Tag;
use crate::pdf::{DEFAULT_STANDARDS, PdfStandard};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::country::Country;
use crate::spec::edition::Edition;
use crate::spec::links::Address;
use crate::spec::lint::LintTable;
use crate::spec::own_words::WordsSource;
use crate::spec::signatory_sources::{SignatoryFile, SignatoryFolder};
use crate::spec::spec_reader::REQUIRED_KEYS;

/// A value that may differ by language.
#[derive(Debug, Clone)]
pub(crate) enum Localized<T> {
    /// The same in every language, such as a name.
    Same(T),
    /// The same in every language, but always written in the language named:
    /// `{ text = "…", lang = "es" }`.
    In(Tag, T),
    /// One for each language tag: `title.en`, `title.es`.
    Each(Vec<Variant<T>>, Place),
    /// The value is invalid; the problem has been reported.
    Unknown,
}

/// The value of one language.
#[derive(Debug, Clone)]
pub(crate) struct Variant<T> {
    /// The language, as written in the key.
    pub tag: Tag,
    /// Where the key is.
    pub key: Place,
    /// The value.
    pub value: T,
}

impl<T> Localized<T> {
    /// The value for a language: that of the tag itself, otherwise that of its nearest parent.
    pub(crate) fn get(&self, tag: &Tag) -> Option<&T> {
        match self {
            Self::Same(value) | Self::In(_, value) => Some(value),
            Self::Unknown => None,
            Self::Each(variants, _) => tag
                .with_parents()
                .find_map(|parent| variants.iter().find(|variant| variant.tag == parent))
                .map(|variant| &variant.value),
        }
    }

    /// All values, in any language.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        let (one, each) = match self {
            Self::Same(value) | Self::In(_, value) => (Some(value), &[][..]),
            Self::Each(variants, _) => (None, variants.as_slice()),
            Self::Unknown => (None, &[][..]),
        };
        one.into_iter().chain(each.iter().map(|variant| &variant.value))
    }

    /// The value of the language written first, if any value is known.
    pub(crate) fn first(&self) -> Option<&T> {
        self.values().next()
    }

    /// The language that the value itself declares, whatever the language of the letter.
    pub(crate) fn own_language(&self) -> Option<&Tag> {
        match self {
            Self::In(tag, _) => Some(tag),
            Self::Same(_) | Self::Each(..) | Self::Unknown => None,
        }
    }
}

/// A whole letter.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = REQUIRED_KEYS))]
pub(crate) struct Spec {
    /// The file it was read from.
    #[schemars(skip)]
    pub file: FileId,
    /// The template, which defines the design of the letter.
    #[schemars(schema_with = "schema::template", extend("default" = BUILT_IN_TEMPLATES[0]))]
    pub template: Template,
    /// The languages, the original first, such as `["en", "es-MX"]`.
    #[schemars(schema_with = "schema::languages")]
    pub languages: Vec<(Tag, Place)>,
    /// The edition with several of the languages in one PDF.
    #[schemars(schema_with = "schema::edition")]
    pub edition: Option<(Edition, Place)>,
    /// The language that prevails if two languages differ.
    #[schemars(schema_with = "schema::language")]
    pub prevails: Option<Tag>,
    /// The day of the letter, such as 2021-08-24.
    #[schemars(schema_with = "schema::date")]
    pub date: Date<Iso>,
    /// Where the letter is from, such as "Ciudad de México".
    pub place: Option<Localized<Text>>,
    /// The headline, and the title of the PDF.
    pub title: Localized<Text>,
    /// What a formal letter is about.
    pub subject: Option<Localized<Text>>,
    /// The sender's file number.
    pub reference: Option<Localized<Text>>,
    /// The addressee's file number.
    pub your_reference: Option<Localized<Text>>,
    /// The sender of the letter, as printed in the letterhead.
    pub from: Option<Sender>,
    /// The addressees of the letter.
    pub to: Vec<Person>,
    /// Who gets a copy.
    pub cc: Vec<Person>,
    /// The line above the text, such as "Dear President López Obrador:".
    pub salutation: Option<Localized<Text>>,
    /// The text.
    pub body: Localized<BodySource>,
    /// The line below the text, such as "Sincerely,".
    pub closing: Option<Localized<Text>>,
    /// What follows the signatures.
    pub postscript: Option<Localized<Text>>,
    /// The enclosures.
    #[schemars(schema_with = "schema::enclosures")]
    pub enclosures: Vec<Enclosure>,
    /// Whether there is a box for the stamp of the recipient.
    #[schemars(extend("default" = false))]
    pub receipt: bool,
    /// Words to print instead of the usual ones, such as "CC:".
    #[schemars(schema_with = "schema::labels")]
    pub labels: Vec<Label>,
    /// The words of languages that the program does not have, or has in other words.
    #[schemars(schema_with = "schema::words")]
    pub words: Vec<WordsSource>,
    /// Link targets that the bodies share.
    #[schemars(schema_with = "schema::texts_by_name")]
    pub links: Vec<LinkTarget>,
    /// The signatories, or where they are listed.
    #[schemars(schema_with = "schema::signatories")]
    pub signatories: Vec<SignatorySource>,
    /// Signatories whose names are alike, but who are different.
    pub distinct: Vec<Distinct>,
    /// The layout of the signatures.
    pub signature_block: SignatureBlock,
    /// The layout of the page.
    pub page: Page,
    /// The properties of the PDF.
    pub pdf: Pdf,
    /// Which warnings are allowed and denied in this letter.
    pub lint: LintTable,
    /// The reviews of its translations.
    #[schemars(rename = "translation", schema_with = "schema::translations")]
    pub translations: Vec<Translation>,
}

/// What is known of a translation, and its review: `[translation.es]`.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct Translation {
    /// The language, as the key says it.
    #[schemars(skip)]
    pub tag: Tag,
    /// Where the key stands.
    #[schemars(skip)]
    pub key: Place,
    /// Whether its PDF says that it is a courtesy translation, and which language prevails.
    #[schemars(extend("default" = false))]
    pub courtesy: bool,
    /// Who reviewed it.
    pub reviewed_by: Option<Text>,
    /// The day.
    #[schemars(schema_with = "schema::date")]
    pub reviewed_on: Option<Date<Iso>>,
    /// The codes of the differences that it was reviewed with, by `--anyway`.
    pub anyway: Vec<String>,
    /// The fingerprints of the original's segments and of their translations at that time, in their order.
    pub blocks: Option<Vec<String>>,
    /// Its other printed values, by their keys, such as "title".
    #[schemars(schema_with = "schema::fingerprints")]
    pub values: Vec<(String, String)>,
}

impl Spec {
    /// The translation into a language, or that into one of its parents.
    pub(crate) fn translation(&self, tag: &Tag) -> Option<&Translation> {
        tag.with_parents().find_map(|tag| self.translations.iter().find(|t| t.tag == tag))
    }

    /// The same if it has been reviewed.
    pub(crate) fn review(&self, tag: &Tag) -> Option<&Translation> {
        let is_review = |t: &&Translation| {
            t.reviewed_by.is_some() || t.reviewed_on.is_some() || t.blocks.is_some()
        };
        self.translation(tag).filter(is_review)
    }

    /// The language that prevails over the courtesy translation into this one, if it is one.
    pub(crate) fn prevails_over(&self, tag: &Tag) -> Option<&Tag> {
        let courtesy = self.translation(tag).is_some_and(|translation| translation.courtesy);
        let original = self.languages.first().map(|(tag, _)| tag);
        let prevails = self.prevails.as_ref().or(original);
        prevails.filter(|prevails| courtesy && *prevails != tag)
    }
}

/// The style of a letter.
#[derive(Debug, Clone)]
pub(crate) enum Template {
    /// A template built into the program, such as `open-letter`.
    BuiltIn(&'static str),
    /// The author's own Typst file: its path as written.
    File(Text),
}

/// An envelope, or a service that prints and posts letters.
#[derive(Debug, Clone)]
pub(crate) enum MailProfile {
    /// One built into the program, such as `us-10`.
    BuiltIn(&'static str),
    /// The author's own TOML file: its path as written.
    File(Text),
}

impl MailProfile {
    /// Its name, for messages.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::BuiltIn(name) => name,
            Self::File(path) => &path.value,
        }
    }
}

/// Where a body is written.
#[derive(Debug, Clone)]
pub(crate) enum BodySource {
    /// Markdown in the TOML itself.
    Inline(Text),
    /// The path of a Markdown (`.md`) or Typst (`.typ`) file.
    File(Text),
}

/// The author's own wording of a label, such as "c.c.e.p." for `cc`.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// The name of the label, such as `cc`.
    pub name: String,
    /// The text to print, or nothing.
    pub text: Localized<Text>,
}

/// The sender of a letter, as printed in the letterhead.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(
    rename_all = "kebab-case",
    deny_unknown_fields,
    transform = schema::optional,
    transform = schema::logo_needs_text
)]
pub(crate) struct Sender {
    /// "Jane Doe".
    pub name: Option<Localized<Text>>,
    /// "Example Institute".
    pub organization: Option<Localized<Text>>,
    /// The lines of the postal address.
    #[schemars(schema_with = "schema::texts")]
    pub address: Vec<Localized<Text>>,
    /// "office@example.org".
    pub email: Option<Localized<Text>>,
    /// "+52 664 123 4567".
    pub phone: Option<Localized<Text>>,
    /// "example.org".
    pub web: Option<Localized<Text>>,
    /// The path of a picture.
    pub logo: Option<Localized<Text>>,
    /// What the picture shows, for people who cannot see it.
    pub logo_alt: Option<Localized<Text>>,
    /// What stands at the foot of the first page, such as a register, a tax number or a bank.
    #[schemars(schema_with = "schema::texts")]
    pub footer: Vec<Localized<Text>>,
    /// The country that letters are posted in, by its two letters in ISO 3166-1, such as "MX".
    #[schemars(with = "Option<Text>")]
    pub country: Option<Country>,
}

/// An addressee, or somebody who gets a copy.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["name"]))]
pub(crate) struct Person {
    /// The name, such as "Andrés Manuel López Obrador", or an office if no person is named.
    pub name: Localized<Text>,
    /// What comes before the name, such as "Lic.", or behind it, such as "様".
    pub honorific: Option<Localized<Text>>,
    /// The office, such as "President of Mexico".
    pub office: Option<Localized<Text>>,
    /// The organization, such as "Secretariat of the Interior".
    pub organization: Option<Localized<Text>>,
    /// The lines of the postal address.
    #[schemars(schema_with = "schema::texts")]
    pub address: Vec<Localized<Text>>,
    /// The electronic mail address, such as "oficialia@example.org".
    pub email: Option<Localized<Text>>,
    /// A last line, such as "P r e s e n t e.".
    pub note: Option<Localized<Text>>,
    /// The country, by its two letters in ISO 3166-1, such as "FR". It is printed if it is abroad.
    #[schemars(with = "Option<Text>")]
    pub country: Option<Country>,
    /// What the post is to do, above the address, such as "Registered".
    pub delivery: Option<Localized<Text>>,
}

/// What is enclosed with a letter.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["title"]))]
pub(crate) struct Enclosure {
    /// "A map of the wells".
    pub title: Localized<Text>,
    /// The path of a file that goes into the PDF.
    pub file: Option<Localized<Text>>,
    /// Whether the file is attached as it is, instead of printing its pages.
    #[schemars(extend("default" = false))]
    pub attach: bool,
}

/// A target for `[text][name]`.
#[derive(Debug, Clone)]
pub(crate) struct LinkTarget {
    /// The name as the bodies use it. CommonMark compares names without regard to case.
    pub name: String,
    /// Where the name is.
    pub key: Place,
    /// The address, or an empty text if it is not known yet.
    pub target: Localized<Address>,
}

/// Where signatories are listed.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum SignatorySource {
    /// In the letter itself.
    Entry(#[schemars(schema_with = "schema::signatory")] Box<Signatory>),
    /// In a file: `{ file = "signatories.csv" }`.
    File(SignatoryFile),
    /// In a folder with a file for each: `{ dir = "signatories" }`.
    Folder(SignatoryFolder),
}

/// Signatories whose names are alike, but who are different.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["names"]))]
pub(crate) struct Distinct {
    /// Their names. A single name stands for all who have it.
    #[schemars(schema_with = "schema::names")]
    pub names: Vec<Text>,
}

/// Who signs.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["name"]))]
pub(crate) struct Signatory {
    /// Where the entry stands.
    #[schemars(skip)]
    pub place: Place,
    /// The name, such as "Al Otro Lado TJ AC".
    pub name: Localized<Text>,
    /// The name as it is printed, if not as above: in letters that a font has.
    pub print_as: Option<Localized<Text>>,
    /// The places of a signatory that signs in several, such as "Leeds". Each counts as one.
    #[schemars(schema_with = "schema::texts")]
    pub places: Vec<Localized<Text>>,
    /// An organization or a person.
    #[schemars(extend("default" = "organization"))]
    pub kind: Kind,
    /// The title of a person, such as "Director".
    pub title: Option<Localized<Text>>,
    /// The organization that a person belongs to.
    pub organization: Option<Localized<Text>>,
    /// The web address that the name links to.
    #[schemars(with = "Option<Text>")]
    pub url: Option<Address>,
    /// Anything else that is printed with the name.
    pub note: Option<Localized<Text>>,
    /// The members of a coalition.
    #[schemars(schema_with = "schema::members")]
    pub members: Vec<Signatory>,
    /// What to sort by instead of the name.
    pub sort_as: Option<Text>,
    /// The part of a person's name to sort by, such as "Doe".
    pub family_name: Option<Text>,
    /// The country, by its two letters in ISO 3166-1, such as "MX".
    #[schemars(with = "Option<Text>")]
    pub country: Option<Country>,
    /// Your own name for a part of the list.
    pub group: Option<Text>,
    /// The path of a picture of the signature.
    pub signature: Option<Text>,
    /// Who this is in the next export of a form: what the column says that `signatories import --key` names.
    pub key: Option<Text>,
    /// Similar names that have been checked and belong to other signatories.
    #[schemars(schema_with = "schema::names")]
    pub not_duplicate_of: Vec<Text>,
    /// The day the signature was withdrawn. It is then neither printed nor counted.
    #[schemars(schema_with = "schema::date")]
    pub withdrawn: Option<Date<Iso>>,
}

/// What a signatory is.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// An organization or a coalition.
    #[default]
    Organization,
    /// A human being.
    Person,
}

impl Kind {
    /// Its name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Person => "person",
        }
    }

    /// The kind with this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "organization" => Some(Self::Organization),
            "person" => Some(Self::Person),
            _ => None,
        }
    }
}

/// The layout of the signatures.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct SignatureBlock {
    /// The order.
    #[schemars(extend("default" = "listed"))]
    pub sort: Sort,
    /// The number of columns, or automatic.
    #[schemars(schema_with = "schema::signature_columns", extend("default" = "auto"))]
    pub columns: Option<usize>,
    /// A heading above the list.
    pub heading: Option<Localized<Text>>,
    /// What the list is grouped by.
    #[schemars(extend("default" = "none"))]
    pub group_by: GroupBy,
    /// The printed names of your own groups.
    #[schemars(schema_with = "schema::texts_by_name")]
    pub groups: Vec<(String, Localized<Text>)>,
    /// Whether the heading of a group says how many signatories it has.
    #[schemars(extend("default" = false))]
    pub counts: bool,
    /// How a signatory is presented.
    #[schemars(extend("default" = "list"))]
    pub style: Style,
    /// How a list is arranged.
    #[schemars(extend("default" = "columns"))]
    pub layout: ListLayout,
    /// The size of the names in a list, such as "8pt".
    pub size: Option<Length>,
    /// How signatories who do not give their names are printed.
    #[schemars(extend("default" = "list"))]
    pub anonymous: Anonymous,
    /// A small note below the signatories, such as "Affiliations are for identification only.".
    pub note: Option<Localized<Text>>,
}

/// How signatories who do not give their names are printed.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum Anonymous {
    /// Like all others.
    #[default]
    List,
    /// As their number, in words below the list.
    Count,
}

/// How a list of signatories is arranged.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum ListLayout {
    /// In columns.
    #[default]
    Columns,
    /// One name after the other, in running text.
    RunIn,
}

/// What a list of signatories is grouped by.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum GroupBy {
    /// One list.
    #[default]
    None,
    /// Organizations, then people.
    Kind,
    /// Countries, in the order of their names.
    Country,
    /// Your own groups, in the order in which they first appear.
    Group,
}

/// How a signatory is presented.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum Style {
    /// Only the name.
    #[default]
    List,
    /// A line to sign on by hand, with the name below it.
    Lines,
    /// The picture of a signature, with the name below it.
    Images,
}

/// The order of the signatories.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum Sort {
    /// As they are listed.
    #[default]
    Listed,
    /// As the letter's language sorts names.
    Name,
}

/// The layout of the page.
#[derive(Debug, Default, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct Page {
    /// The size of the paper, such as "us-letter" or "a4". By default, what the region uses.
    #[schemars(schema_with = "schema::paper")]
    pub paper: Option<Text>,
    /// The margins, such as "2.5cm" for all sides.
    #[schemars(schema_with = "schema::margin")]
    pub margin: Margins,
    /// Where the margins are.
    #[schemars(skip)]
    pub margin_place: Option<Place>,
    /// The font family of the text, such as "Libertinus Serif".
    #[schemars(extend("default" = DEFAULT_FAMILY))]
    pub font: Option<Text>,
    /// Folders with fonts that the letter may use, such as `["fonts"]`.
    pub fonts: Vec<Text>,
    /// The size of the text, such as "11pt".
    #[schemars(extend("default" = "11pt"))]
    pub font_size: Option<Length>,
    /// The colour of headings and of the letterhead.
    #[schemars(schema_with = "schema::accent")]
    pub accent: Option<Color>,
    /// What separates two paragraphs. Those of Chinese and Japanese are indented unless it says otherwise.
    #[schemars(extend("default" = "spaced"))]
    pub paragraphs: Option<Paragraphs>,
    /// The bleed: how far a picture behind the first page extends beyond its edges.
    pub bleed: Option<Length>,
    /// The path of a picture behind the first page: printed stationery.
    pub background: Option<Text>,
    /// The envelope whose window shows the address.
    #[schemars(schema_with = "schema::envelope", extend("default" = "none"))]
    pub envelope: Option<(MailProfile, Place)>,
    /// The service that prints and posts the letter.
    #[schemars(schema_with = "schema::print_service", extend("default" = "none"))]
    pub print_service: Option<(MailProfile, Place)>,
    /// Whether the edge of the page shows where to fold it and where its middle is.
    pub fold_marks: Option<bool>,
    /// Whether the PDF shows where to trim its pages, on a larger sheet.
    #[schemars(extend("default" = false))]
    pub crop_marks: bool,
}

/// The margins of a page. The template sets those that are not given.
#[derive(Debug, Default, Copy, Clone, PartialEq)]
pub(crate) struct Margins {
    /// Above the text.
    pub top: Option<Length>,
    /// Right of it.
    pub right: Option<Length>,
    /// Below it.
    pub bottom: Option<Length>,
    /// Left of it.
    pub left: Option<Length>,
}

/// What separates two paragraphs.
#[derive(Debug, Copy, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(crate) enum Paragraphs {
    /// A space between them.
    Spaced,
    /// An indented first line.
    Indented,
}

/// A length in points.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(crate) struct Length(pub f64);

impl Length {
    /// Reads a number with its unit.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // One inch is 25.4 mm and 72 points (ISO 32000-1, section 8.3.2.3).
        const UNITS: [(&str, f64); 4] =
            [("pt", 1.0), ("mm", 72.0 / 25.4), ("cm", 720.0 / 25.4), ("in", 72.0)];
        UNITS.iter().find_map(|(unit, points)| {
            let number: f64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
            Some(Self(number * points))
        })
    }
}

/// The properties of the PDF.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub(crate) struct Pdf {
    /// The standards that it conforms to.
    #[schemars(schema_with = "schema::standards", extend("default" = ["ua-1", "a-2a"]))]
    pub standard: Vec<PdfStandard>,
    /// Where they are named, for messages.
    #[schemars(skip)]
    pub standard_place: Option<Place>,
    /// The path of the ICC profile of the press, for "x-4" and "x-1a".
    pub output_intent: Option<Text>,
    /// Who wrote it.
    #[schemars(schema_with = "schema::texts")]
    pub author: Vec<Localized<Text>>,
    /// Keywords to find it by.
    #[schemars(schema_with = "schema::texts")]
    pub keywords: Vec<Localized<Text>>,
}

/// The names of the built-in templates.
pub(crate) const BUILT_IN_TEMPLATES: &[&str] = &["open-letter", "formal"];

impl Default for Pdf {
    fn default() -> Self {
        Self {
            standard: DEFAULT_STANDARDS.to_vec(),
            standard_place: None,
            output_intent: None,
            author: Vec::new(),
            keywords: Vec::new(),
        }
    }
}

impl Signatory {
    /// A signatory known only by name.
    pub(crate) fn named(name: Text) -> Self {
        Self {
            place: name.place.clone(),
            name: Localized::Same(name),
            kind: Kind::Organization,
            title: None,
            organization: None,
            url: None,
            note: None,
            members: Vec::new(),
            sort_as: None,
            family_name: None,
            country: None,
            group: None,
            signature: None,
            key: None,
            print_as: None,
            places: Vec::new(),
            not_duplicate_of: Vec::new(),
            withdrawn: None,
        }
    }
}
