//! The words that templates print themselves, in each language: `templates/lang/TAG.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use crate::language::Tag;

/// All word files. To add a language, add a file.
static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/lang");

/// The words of one language.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub(crate) struct Words {
    /// The labels by name, such as `cc` → "CC:".
    pub labels: BTreeMap<String, String>,
    /// The articles that are ignored when names are sorted, such as "the".
    pub articles: Vec<String>,
    /// The things that a text counts, and the words for them: "organizations" → "organizations",
    /// "organisations".
    pub count_nouns: BTreeMap<String, Vec<String>>,
    /// What is said before a count that is not exact: "at-least" → "more than", "over".
    pub count_words: BTreeMap<String, Vec<String>>,
    /// How the parts of a letter begin in a document, by their names: "closings" → "sincerely". A word
    /// that ends in `*` stands for all that begin so.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// A word file, as it is written.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WordsFile {
    #[serde(default)]
    articles: Vec<String>,
    #[serde(default)]
    count_nouns: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    count_words: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    parts: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// The words of a language. Words that the file of `es-MX` does not define are taken from that of
    /// `es`. `None` if there is no file for the language.
    pub(crate) fn of(tag: &Tag) -> Option<Self> {
        let files: Vec<&WordsFile> =
            tag.with_parents().filter_map(|parent| FILES.get(&parent.to_string())).collect();
        if files.is_empty() {
            return None;
        }
        let mut words = Self::default();
        for file in files.into_iter().rev() {
            words.labels.extend(file.labels.clone());
            if !file.articles.is_empty() {
                words.articles.clone_from(&file.articles);
            }
            words.count_nouns.extend(file.count_nouns.clone());
            words.count_words.extend(file.count_words.clone());
            words.parts.extend(file.parts.clone());
        }
        Some(words)
    }

    /// The tags of the word files, sorted.
    pub(crate) fn languages() -> impl Iterator<Item = &'static str> {
        FILES.keys().map(String::as_str)
    }
}

/// The labels that every language has, by their names, in English.
pub(crate) fn labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES["en"].labels.iter().map(|(name, label)| (name.as_str(), label.as_str()))
}

static FILES: LazyLock<BTreeMap<String, WordsFile>> = LazyLock::new(|| {
    FOLDER
        .files()
        .filter_map(|file| {
            let tag = file.path().file_stem()?.to_str()?.to_owned();
            let words = toml::from_str(file.contents_utf8()?);
            Some((tag, words.expect("a test reads each file of words")))
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Every language without a region has the same labels, and none is empty.
    #[test]
    fn every_language_has_all_words() {
        let english = Words::of(&"en".parse().expect("a tag")).expect("English words");
        assert!(!english.labels.is_empty() && !english.articles.is_empty());
        for tag in Words::languages() {
            let words = Words::of(&tag.parse().expect("a tag")).expect("words");
            assert!(english.labels.keys().eq(words.labels.keys()), "{tag}");
            assert!(words.labels.values().all(|label| !label.trim().is_empty()), "{tag}");
        }
    }

    #[test]
    fn a_region_adds_to_its_language() {
        let mexico = Words::of(&"es-MX".parse().expect("a tag")).expect("words");
        let spain = Words::of(&"es-ES".parse().expect("a tag")).expect("words");
        assert_eq!(mexico.labels["cc"], "C.c.p.");
        assert_eq!(spain.labels["cc"], "Con copia:");
        assert_eq!(mexico.labels["to"], spain.labels["to"]);
    }
}
