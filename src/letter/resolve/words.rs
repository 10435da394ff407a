//! The words that a letter is printed with in a language, and those that neither the program nor the letter
//! has.

use std::collections::BTreeSet;

use crate::language::conventions::{Conventions, has_dates, has_lists, months};
use crate::language::words::{self, Words};
use crate::language::{CountryNames, Tag, language_name};
use crate::letter::body::{InlineKind, inlines};
use crate::letter::resolve::Resolver;
use crate::letter::{Body, Borrowed, Group, Signatory};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::spec::own_words::WordsFrom;
use crate::spec::{GroupBy, Label, Style};
use crate::words::say;

/// The words and conventions of a language, complete.
pub(super) struct LanguageWords {
    /// All words. Labels that the language does not have are those of another.
    pub words: Words,
    /// How dates, numbers and lists are written.
    pub conventions: Conventions,
    /// The language that countries have their names in: its own, if the CLDR has them.
    pub names: Tag,
    /// What the language does not have, and has from another.
    missing: Option<Missing>,
}

/// Words that a language does not have.
struct Missing {
    /// The language that they are taken from.
    from: Tag,
    words: Words,
    labels: Vec<String>,
    /// The names of all labels from the other language, also of forms that few need.
    borrowed: BTreeSet<String>,
    dates: bool,
    lists: bool,
    countries: bool,
}

impl LanguageWords {
    /// What is in another language, given the labels that the letter has of its own.
    pub(super) fn borrowed(&self, own: &[Label]) -> Option<Borrowed> {
        let Missing { from, borrowed, dates, .. } = self.missing.as_ref()?;
        let is_own = |name: &&String| own.iter().any(|label| label.name == **name);
        let labels = borrowed.iter().filter(|name| !is_own(name)).cloned().collect();
        Some(Borrowed { from: from.clone(), labels, dates: *dates })
    }
}

/// What of [`Missing`] a letter prints.
struct Printed<'m> {
    labels: Vec<&'m String>,
    lists: bool,
    /// The countries by their codes.
    countries: BTreeSet<&'m str>,
}

/// What a letter prints with words of its language.
pub(super) struct Printing<'p> {
    pub body: Option<&'p Body>,
    pub groups: &'p [Group],
    pub anonymous: &'p [Signatory],
}

impl Resolver<'_> {
    /// The words of a language: the letter's own, then those built in. What both lack is taken from the
    /// first language of the letter that has all words, otherwise from English.
    pub(super) fn words(&self, tag: &Tag) -> LanguageWords {
        let own = &self.written.words;
        let mut words = Words::with_own(tag, own);
        // A language that the CLDR does not name is called as it calls itself.
        for (other, Words { name, .. }) in own {
            let key = other.to_string();
            if let Some(name) = name.as_ref().filter(|_| language_name(other, tag) == key) {
                words.languages.entry(key).or_insert_with(|| name.clone());
            }
        }
        let is_missing = |name: &&String| !words.labels.contains_key(*name);
        let labels: Vec<String> = words::required_labels().filter(is_missing).cloned().collect();
        let (dates, lists) = (!has_dates(tag, &words), !has_lists(tag, &words));
        let countries = CountryNames::of(tag).is_none();
        if labels.is_empty() && !dates && !lists && !countries {
            let conventions = Conventions::of(tag, &words, (tag, &words));
            return LanguageWords { words, conventions, names: tag.clone(), missing: None };
        }
        let others = self.written.spec.languages.iter().map(|(other, _)| other);
        let mut others = others.filter(|other| *other != tag).filter_map(|other| {
            let words = Words::with_own(other, own);
            let complete = words::required_labels().all(|name| words.labels.contains_key(name));
            (complete && CountryNames::of(other).is_some()).then(|| (other.clone(), words))
        });
        let (from, other) = others.next().unwrap_or_else(|| {
            let english = Tag::english();
            let words = Words::of(&english);
            (english, words)
        });
        let conventions = Conventions::of(tag, &words, (&from, &other));
        let mut borrowed = BTreeSet::new();
        for (name, label) in &other.labels {
            if !words.labels.contains_key(name) {
                words.labels.insert(name.clone(), label.clone());
                borrowed.insert(name.clone());
            }
        }
        let names = if countries { from.clone() } else { tag.clone() };
        let missing =
            Some(Missing { from, words: other, labels, borrowed, dates, lists, countries });
        LanguageWords { words, conventions, names, missing }
    }

    /// Warns once about all words that the letter prints in another language than its own.
    pub(super) fn report_missing_words(
        &self,
        (tag, place): (&Tag, &Place),
        words: &LanguageWords,
        printing: &Printing<'_>,
    ) {
        let Some(missing) = &words.missing else { return };
        let is_own = |name: &String| self.written.spec.labels.iter().any(|own| own.name == *name);
        let labels: Vec<&String> = (missing.labels.iter())
            .filter(|name| !is_own(name) && self.prints(name, words, printing))
            .collect();
        let has_places = |group: &Group| group.signatories.iter().any(|one| one.places.len() > 1);
        let lists = missing.lists && printing.groups.iter().any(has_places);
        let by_country = self.written.spec.signature_block.group_by == GroupBy::Country;
        let signatories = printing.groups.iter().flat_map(|group| &group.signatories);
        let countries: BTreeSet<&str> = signatories
            .filter(|_| missing.countries && by_country)
            .filter_map(|signatory| signatory.country.as_deref())
            .filter(|code| !words.words.countries.contains_key(*code))
            .collect();
        let printed = Printed { labels, lists, countries };
        let parts = [
            (!printed.labels.is_empty()).then_some("`labels`"),
            missing.dates.then_some("`date`"),
            lists.then_some("`list`"),
            (!printed.countries.is_empty()).then_some("`countries`"),
        ];
        let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        if parts.is_empty() {
            return;
        }
        let from = &missing.from;
        let message = say!(
            "`{tag}` has no words of its own for {parts}, so those of `{from}` are printed",
            tag,
            parts,
            from
        );
        let toml = missing.toml(tag, &printed);
        let source = self.written.spec.words.iter().find(|source| source.tag == *tag);
        let hint = match source.map(|source| &source.from) {
            Some(WordsFrom::File(path)) => {
                let file = &path.value;
                let toml = toml.replace(&format!("[words.{tag}."), "[");
                say!("add these to `{file}`, in the words of the language:\n{toml}", file, toml)
            }
            Some(WordsFrom::Letter(_)) => {
                say!(
                    "add these to `[words.{tag}]`, in the words of the language:\n{toml}",
                    tag,
                    toml
                )
            }
            None => say!(
                "add these to the end of the letter, in the words of the language:\n{toml}",
                toml
            ),
        };
        self.problems.push(
            Diagnostic::new(Code::MissingWords, place.clone(), message).hint(hint).in_language(tag),
        );
    }

    /// Whether a label is printed, or read by a screen reader.
    fn prints(&self, label: &str, words: &LanguageWords, printing: &Printing<'_>) -> bool {
        let spec = &self.written.spec;
        let block = &spec.signature_block;
        let anonymous = printing.anonymous.len();
        let signed = anonymous > 0 || printing.groups.iter().any(|g| !g.signatories.is_empty());
        let has_notes = match printing.body {
            Some(Body::Markdown(blocks)) => {
                inlines(blocks).iter().any(|inline| matches!(inline.kind, InlineKind::Footnote(..)))
            }
            Some(Body::Typst(_)) | None => false,
        };
        match label {
            "to" => !spec.to.is_empty(),
            "cc" => !spec.cc.is_empty(),
            "subject" => spec.subject.is_some(),
            "reference" => spec.reference.is_some(),
            "your-reference" => spec.your_reference.is_some(),
            "dateline" => spec.place.is_some(),
            "enclosures" => !spec.enclosures.is_empty(),
            "enclosure" => spec.enclosures.iter().any(|enclosure| enclosure.file.is_some()),
            "organizations" | "persons" => signed && block.group_by == GroupBy::Kind,
            "signatories" => signed,
            "signed-on" => signed && block.style == Style::Lines,
            "signature" => signed && block.style == Style::Images,
            "receipt" | "received-by" | "received-on" | "received-at" | "stamp" => spec.receipt,
            "prevails" => spec.edition.is_some() && spec.prevails.is_some(),
            "notes" | "back-to-text" => has_notes,
            "courtesy" => spec.translations.iter().any(|translation| translation.courtesy),
            // A draft is not what is sent.
            "draft" => false,
            "anonymous" | "anonymous-one" => {
                let form = words.conventions.form_of("anonymous", anonymous, &words.words);
                anonymous > 0 && form == label
            }
            // The bookmarks of the text, the number of the page, and what else there may be.
            _ => true,
        }
    }
}

impl Missing {
    /// The words to write, as those of the other language stand.
    fn toml(&self, tag: &Tag, Printed { labels, lists, countries }: &Printed<'_>) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut lines = Vec::new();
        if !labels.is_empty() {
            lines.push(format!("[words.{tag}.labels]"));
            let text = |name: &String| self.words.labels.get(name).map_or("", String::as_str);
            lines.extend(labels.iter().map(|name| format!("{name} = {}", quoted(text(name)))));
        }
        if self.dates {
            lines.push(format!("[words.{tag}.date]"));
            lines.push("pattern = \"{day} {month} {year}\"".to_owned());
            let months = self.months().iter().map(|month| quoted(month)).collect::<Vec<_>>();
            lines.push(format!("months = [{}]", months.join(", ")));
        }
        if *lists {
            lines.push(format!("[words.{tag}.list]"));
            lines.push("pair = \"{0} … {1}\"".to_owned());
            lines.push("last = \"{0} … {1}\"".to_owned());
            lines.push("between = \"{0}, {1}\"".to_owned());
        }
        if !countries.is_empty() {
            lines.push(format!("[words.{tag}.countries]"));
            let names = CountryNames::of(&self.from);
            let name = |code| names.as_ref().and_then(|names| names.get(code)).unwrap_or(code);
            lines.extend(countries.iter().map(|code| format!("{code} = {}", quoted(name(code)))));
        }
        lines.join("\n")
    }

    /// The months of the other language, to be replaced.
    fn months(&self) -> Vec<String> {
        match self.words.date.months.len() {
            12 => self.words.date.months.clone(),
            _ => months(&self.from),
        }
    }
}
