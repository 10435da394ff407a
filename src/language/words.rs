//! What the program knows of a language, or a letter says of it: `templates/lang/TAG.toml`, and
//! `[words.TAG]` in a letter.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::language::{Tag, fold};

// All language files. To add a language, add a file to `templates/lang`.
include!(concat!(env!("OUT_DIR"), "/letter_languages.rs"));

/// The words of one language, some of which may be absent.
#[derive(Debug, Clone, Default, Eq, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Words {
    /// What the language is called in itself.
    pub name: Option<String>,
    /// The articles that are ignored when names are sorted, such as "the".
    pub articles: Vec<String>,
    /// The quotation marks: outer and inner, each opening and closing. Typst has those of most languages.
    pub quotes: Option<[String; 4]>,
    /// What a list says instead of a name that somebody does not give.
    pub anonymous: Vec<String>,
    /// The labels by name, such as `cc` → "CC:".
    pub labels: BTreeMap<String, String>,
    /// The things that a text counts, and the words for them: "organizations" → "organizations",
    /// "organisations".
    pub count_nouns: BTreeMap<String, Vec<String>>,
    /// What is said before a number that is not an exact count: "at-least" → "more than", "over".
    pub count_words: BTreeMap<String, Vec<String>>,
    /// What a list of signatories says that each is, in any language: "organization" → "coalition".
    pub kinds: BTreeMap<String, Vec<String>>,
    /// How the parts of a letter begin in a document, by their names: "closings" → "sincerely". A word
    /// that ends in `*` stands for all that begin so.
    pub parts: BTreeMap<String, Vec<String>>,
    /// The letter that `new` writes.
    pub samples: Option<Samples>,
    /// How dates are written, if not as the CLDR says.
    pub date: DateWords,
    /// How lists are written, if not as the CLDR says.
    pub list: ListWords,
    /// How letters are set.
    pub layout: Layout,
    /// The names of languages by their tags, if they are not in the CLDR.
    pub languages: BTreeMap<String, String>,
    /// The names of countries by their codes, if they are not in the CLDR.
    pub countries: BTreeMap<String, String>,
}

/// How a language writes dates.
#[derive(Debug, Clone, Default, Eq, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DateWords {
    /// "{day} de {month} de {year}".
    pub pattern: String,
    /// The twelve names of the months as they stand in a date.
    pub months: Vec<String>,
    /// The first day of a month, if it is written in another way: "1er".
    pub first_day: Option<String>,
}

impl DateWords {
    /// Whether a date can be written with these words alone.
    pub(crate) fn is_complete(&self) -> bool {
        !self.pattern.is_empty() && self.months.len() == 12
    }
}

/// How a language writes lists, in patterns with `{0}` and `{1}`.
#[derive(Debug, Clone, Default, Eq, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ListWords {
    /// Two things: "{0} and {1}".
    pub pair: String,
    /// Before the last of more than two: "{0}, and {1}".
    pub last: String,
    /// Between the others: "{0}, {1}".
    pub between: String,
}

impl ListWords {
    /// Whether a list can be written with these words alone.
    pub(crate) fn is_complete(&self) -> bool {
        [&self.pair, &self.last, &self.between].into_iter().all(|pattern| !pattern.is_empty())
    }
}

/// How letters in a language are set, where its style guides ask for something else than most.
#[derive(Debug, Clone, Default, Eq, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Layout {
    /// What stands at the end of its line, of [`AT_END`].
    pub at_end: Vec<String>,
    /// How many characters wide the first line of each paragraph is indented.
    pub indent: u8,
}

/// The parts of a letter that may stand at the end of their lines: the date, the closing, and the only signature
/// of a formal letter.
pub(crate) const AT_END: [&str; 3] = ["date", "closing", "signature"];

/// The texts of the letter that `new` writes in a language.
#[derive(Debug, Clone, Eq, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Samples {
    /// The headline.
    pub title: String,
    /// "Dear Secretary:"
    pub salutation: String,
    /// "Sincerely,"
    pub closing: String,
    /// The addressee.
    pub name: String,
    /// The addressee's office.
    pub office: String,
    /// The signatories.
    pub organizations: Vec<String>,
    /// The text, in Markdown.
    pub body: String,
    /// The labels of file numbers, and the note below the addressee, in an *oficio*, where authorities write
    /// such letters.
    #[serde(default)]
    pub oficio: BTreeMap<String, String>,
}

/// The forms of a label that counts, besides the one for all other numbers: the plural categories of the
/// CLDR.
const FORMS: [&str; 5] = ["zero", "one", "two", "few", "many"];

/// The labels that have such forms.
const COUNTING: [&str; 1] = ["anonymous"];

impl Words {
    /// The words of a language that are built in. Words that the file of `es-MX` does not define are
    /// taken from that of `es`. Without any file, there are none.
    pub(crate) fn of(tag: &Tag) -> Self {
        let mut words = Self::default();
        for file in files(tag).into_iter().rev() {
            words.add(file);
        }
        words
    }

    /// The honorifics before names.
    pub(crate) fn honorifics(&self) -> &[String] {
        self.parts.get("honorifics").map_or(&[], Vec::as_slice)
    }

    /// The same with words of a letter's own, each in the language or in one whose words it shares.
    pub(crate) fn with_own(tag: &Tag, own: &[(Tag, Words)]) -> Self {
        let mut words = Self::of(tag);
        for relative in tag.with_relatives().into_iter().rev() {
            own.iter().filter(|(tag, _)| *tag == relative).for_each(|(_, own)| words.add(own));
        }
        words
    }

    /// Adds the words of another, which replace the same ones here.
    fn add(&mut self, other: &Self) {
        /// Replaces a value by another that says something.
        fn replace<T: Clone + Default + PartialEq>(value: &mut T, by: &T) {
            if *by != T::default() {
                value.clone_from(by);
            }
        }
        replace(&mut self.name, &other.name);
        replace(&mut self.articles, &other.articles);
        replace(&mut self.quotes, &other.quotes);
        replace(&mut self.anonymous, &other.anonymous);
        replace(&mut self.date.pattern, &other.date.pattern);
        replace(&mut self.date.months, &other.date.months);
        replace(&mut self.date.first_day, &other.date.first_day);
        replace(&mut self.list.pair, &other.list.pair);
        replace(&mut self.list.last, &other.list.last);
        replace(&mut self.list.between, &other.list.between);
        replace(&mut self.layout.at_end, &other.layout.at_end);
        replace(&mut self.layout.indent, &other.layout.indent);
        self.labels.extend(other.labels.clone());
        self.count_nouns.extend(other.count_nouns.clone());
        self.count_words.extend(other.count_words.clone());
        self.kinds.extend(other.kinds.clone());
        self.parts.extend(other.parts.clone());
        self.languages.extend(other.languages.clone());
        self.countries.extend(other.countries.clone());
    }

    /// The tags of the language files, sorted.
    pub(crate) fn languages() -> impl Iterator<Item = &'static str> {
        FILES.keys().copied()
    }
}

/// The letter that `new` writes in a language, if it is built in.
pub(crate) fn samples(tag: &Tag) -> Option<&'static Samples> {
    files(tag).into_iter().find_map(|file| file.samples.as_ref())
}

/// The words of one language file, as they are written there.
#[cfg(test)]
pub(crate) fn file(tag: &str) -> Option<Words> {
    FILES.get(tag).map(|file| file.words().clone())
}

/// What lists in any language say instead of a name that somebody does not give.
pub(crate) fn anonymous() -> impl Iterator<Item = &'static str> {
    OF_ALL.iter().flat_map(|file| &file.anonymous).map(String::as_str)
}

/// The honorifics before names in all languages. One that might be a name ends in the full stop that tells it
/// from that.
pub(crate) fn honorifics() -> impl Iterator<Item = &'static str> {
    OF_ALL.iter().flat_map(|file| &file.honorifics).map(String::as_str)
}

/// The honorifics behind names in all languages, each with the space that parts it from the name, if any.
pub(crate) fn honorifics_after() -> impl Iterator<Item = &'static str> {
    OF_ALL.iter().flat_map(|file| &file.honorifics_after).map(String::as_str)
}

/// The kind of signatory, "organization" or "person", that a word in any language means. Case and accents do not
/// matter.
pub(crate) fn kind(word: &str) -> Option<&'static str> {
    static KINDS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let kinds = OF_ALL.iter().flat_map(|file| &file.kinds);
        kinds
            .flat_map(|(kind, words)| words.iter().map(move |word| (fold(word), kind.as_str())))
            .collect()
    });
    KINDS.get(&fold(word)).copied()
}

/// Which of two languages a short text is in, if it is a label, or begins a part of a letter, in one of them and
/// not in the other: "Oficio núm." and "P r e s e n t e" in Spanish.
pub(crate) fn language_of_part<'l>(text: &str, languages: [&'l Tag; 2]) -> Option<&'l str> {
    /// Words that may stand elsewhere, too.
    const NO_LABELS: [&str; 6] =
        ["bodies", "honorifics", "honorifics-after", "letter-numbers", "office-endings", "offices"];
    /// A text of fewer letters may be a code.
    const LEAST: usize = 4;
    let read = |words: &Words| {
        let parts = words.parts.iter().filter(|(part, _)| !NO_LABELS.contains(&part.as_str()));
        let oficio = words.samples.iter().flat_map(|samples| samples.oficio.values());
        let all = parts.flat_map(|(_, words)| words).chain(words.labels.values()).chain(oficio);
        all.map(|word| fold(word)).collect()
    };
    let wanted = fold(text);
    let is_in = |tag: &Tag| {
        let mut files = files_of(tag).into_iter();
        files.any(|file| file.parts.get_or_init(|| read(file.words())).contains(&wanted))
    };
    let [one, other] = languages;
    if wanted.chars().count() < LEAST || one.language() == other.language() {
        return None;
    }
    match (is_in(one), is_in(other)) {
        (true, false) => Some(one.language()),
        (false, true) => Some(other.language()),
        _ => None,
    }
}

/// The letters that `new` writes, in all languages.
pub(crate) fn all_samples() -> impl Iterator<Item = &'static Samples> {
    OF_ALL.iter().filter_map(|file| file.samples.as_ref())
}

/// What a language calls itself, if its file says it.
pub(crate) fn name(tag: &Tag) -> Option<&'static String> {
    files(tag).into_iter().find_map(|file| file.name.as_ref())
}

/// The quotation marks of a language, if they are not those that Typst has for it.
pub(crate) fn quotes(tag: &Tag) -> Option<&'static [String; 4]> {
    files(tag).into_iter().find_map(|file| file.quotes.as_ref())
}

/// The names of the labels that every language has.
pub(crate) fn required_labels() -> impl Iterator<Item = &'static String> {
    FILES["en"].words().labels.keys()
}

/// The names of all labels, each with its English text. A form of a label that English does not have is
/// described by the label.
pub(crate) fn labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    static LABELS: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
        let english = &FILES["en"].words().labels;
        let forms = COUNTING.into_iter().flat_map(|label| {
            let form = move |form| (format!("{label}-{form}"), english[label].as_str());
            FORMS.into_iter().map(form)
        });
        let named = english.iter().map(|(name, label)| (name.clone(), label.as_str()));
        forms.collect::<Vec<_>>().into_iter().chain(named).collect()
    });
    LABELS.iter().map(|(name, label)| (name.as_str(), *label))
}

/// The English label whose names in braces a label may have: for each form of a label that counts, such as
/// `anonymous-one`, that for all numbers, because "one" is 21 as well in Ukrainian.
pub(crate) fn usual_label(name: &str) -> Option<&'static str> {
    let counting = COUNTING.into_iter().find(|label| name.starts_with(label));
    FILES["en"].words().labels.get(counting.unwrap_or(name)).map(String::as_str)
}

/// The words in the files of a language, the nearest first.
fn files(tag: &Tag) -> Vec<&'static Words> {
    files_of(tag).into_iter().map(WordsFile::words).collect()
}

/// The files with the words of a language, the nearest first.
fn files_of(tag: &Tag) -> Vec<&'static WordsFile> {
    tag.with_relatives().iter().filter_map(|tag| FILES.get(&*tag.to_string())).collect()
}

/// A language file, which is read when its language is needed.
struct WordsFile {
    json: &'static str,
    words: OnceLock<Words>,
    /// What labels and parts of a letter say, folded: each text that languages share is looked up in them.
    parts: OnceLock<HashSet<String>>,
}

impl WordsFile {
    fn words(&self) -> &Words {
        let read = || serde_json::from_str(self.json).expect("a test reads each file of words");
        self.words.get_or_init(read)
    }
}

static FILES: LazyLock<BTreeMap<&'static str, WordsFile>> = LazyLock::new(|| {
    let file =
        |(tag, json)| (tag, WordsFile { json, words: OnceLock::new(), parts: OnceLock::new() });
    LETTER_LANGUAGES.iter().copied().map(file).collect()
});

/// What a letter in any language is compared with: the build script takes it out of each file.
#[derive(Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct OfAll {
    anonymous: Vec<String>,
    honorifics: Vec<String>,
    honorifics_after: Vec<String>,
    kinds: BTreeMap<String, Vec<String>>,
    samples: Option<Samples>,
}

static OF_ALL: LazyLock<Vec<OfAll>> = LazyLock::new(|| {
    let json = include_str!(concat!(env!("OUT_DIR"), "/of-all.json"));
    serde_json::from_str(json).expect("a test reads the words of all languages")
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::conventions::{Conventions, has_dates, has_lists};

    #[test]
    fn what_all_languages_need_is_read_alone() {
        let whole = FILES.values().map(WordsFile::words);
        let whole = whole.map(|Words { anonymous, kinds, parts, samples, .. }| OfAll {
            anonymous: anonymous.clone(),
            honorifics: parts.get("honorifics").cloned().unwrap_or_default(),
            honorifics_after: parts.get("honorifics-after").cloned().unwrap_or_default(),
            kinds: kinds.clone(),
            samples: samples.clone(),
        });
        assert!(OF_ALL.iter().any(|file| file.samples.is_some() && !file.anonymous.is_empty()));
        assert_eq!(*OF_ALL, whole.collect::<Vec<_>>());
    }

    /// Every language without a region has the same labels and a sample letter, and no label is empty.
    #[test]
    fn every_language_has_all_words() {
        let english = Words::of(&"en".parse().expect("a tag"));
        assert!(!english.labels.is_empty() && !english.articles.is_empty());
        for name in Words::languages() {
            let tag: Tag = name.parse().expect("a tag");
            let words = Words::of(&tag);
            for label in english.labels.keys() {
                assert!(words.labels.contains_key(label), "{name}: {label}");
            }
            let known = |label: &String| labels().any(|(name, _)| name == label);
            assert!(words.labels.keys().all(known), "{name}");
            assert!(words.labels.values().all(|label| !label.trim().is_empty()), "{name}");
            assert!(words.count_nouns.keys().eq(english.count_nouns.keys()), "{name}");
            assert!(words.count_words.keys().eq(english.count_words.keys()), "{name}");
            assert!(words.kinds.keys().eq(english.kinds.keys()), "{name}");
            assert!(samples(&tag).is_some_and(|s| s.organizations.len() == 2), "{name}");
            for part in ["salutations", "closings"] {
                assert!(words.parts.get(part).is_some_and(|p| !p.is_empty()), "{name}: {part}");
            }
            assert!(has_dates(&tag, &words) && has_lists(&tag, &words), "{name}");
            let conventions = Conventions::of(&tag, &words, (&tag, &words));
            for number in 1..=200 {
                let form = conventions.form_of("anonymous", number, &words);
                let category = conventions.category_of(number);
                assert_eq!(form == "anonymous", category == "other", "{name}: {number} {category}");
            }
        }
    }

    #[test]
    fn kinds_are_understood_in_any_language() {
        for word in ["organization", "COALICION", "Organisation", "団体", "ארגון", "tổ chức"]
        {
            assert_eq!(kind(word), Some("organization"), "{word}");
        }
        for word in ["Person", "individuo", "personne", "個人", "شخص"] {
            assert_eq!(kind(word), Some("person"), "{word}");
        }
        assert_eq!((kind("group"), kind("")), (None, None));
    }

    #[test]
    fn labels_tell_their_language() {
        let (english, spanish) = ("en".parse().expect("a tag"), "es-MX".parse().expect("a tag"));
        let known = |text| language_of_part(text, [&english, &spanish]);
        for text in ["Oficio núm.", "Expediente:", "P r e s e n t e.", "Para su conocimiento"] {
            assert_eq!(known(text), Some("es"), "{text}");
        }
        assert_eq!(known("Our reference:"), Some("en"));
        for text in ["Ref.", "CC:", "Dir. Gral.", "Director", ""] {
            assert_eq!(known(text), None, "{text}");
        }
    }

    #[test]
    fn a_region_adds_to_its_language() {
        let mexico = Words::of(&"es-MX".parse().expect("a tag"));
        let spain = Words::of(&"es-ES".parse().expect("a tag"));
        assert_eq!(mexico.labels["cc"], "C.c.p.");
        assert_eq!(spain.labels["cc"], "Con copia:");
        assert_eq!(mexico.labels["to"], spain.labels["to"]);
    }

    #[test]
    fn own_words_replace_those_built_in() {
        let tag = |text: &str| text.parse::<Tag>().expect("a tag");
        let own = |tag: Tag, cc: &str| {
            let labels = [("cc".to_owned(), cc.to_owned())].into();
            (tag, Words { labels, ..Words::default() })
        };
        let all =
            [own(tag("es-MX"), "Mexico"), own(tag("es"), "Spanish"), own(tag("nah"), "Nahuatl")];
        let cc = |text: &str| Words::with_own(&tag(text), &all).labels.get("cc").cloned();
        assert_eq!(cc("es-MX").as_deref(), Some("Mexico"));
        assert_eq!(cc("es-AR").as_deref(), Some("Spanish"));
        assert_eq!(cc("nah-x-tepoz").as_deref(), Some("Nahuatl"));
        assert_eq!(cc("en").as_deref(), Some("CC:"));
        assert_eq!(cc("nhe"), None);
    }
}
