//! Detects the language of a text.

use std::ops::Range;

use whatlang::{Detector, Lang};

use crate::language::Tag;

/// Guesses the language of texts, among those of a letter and the most common others.
///
/// whatlang uses the frequency of trigrams. Its tables are compiled into the program; nothing is
/// loaded.
pub(crate) struct LanguageDetector {
    detector: Detector,
    known: Vec<(Tag, Lang)>,
}

/// The minimum number of letters of a text. Below that, no answer is better than a guess.
const MIN_LETTERS: usize = 40;
/// The minimum number of words.
const MIN_WORDS: usize = 7;

/// Languages with their codes in ISO 639-1 and whatlang's name for them.
const LANGUAGES: &[(&str, Lang)] = &[
    ("en", Lang::Eng),
    ("es", Lang::Spa),
    ("fr", Lang::Fra),
    ("pt", Lang::Por),
    ("it", Lang::Ita),
    ("de", Lang::Deu),
    ("ca", Lang::Cat),
    ("nl", Lang::Nld),
    ("ar", Lang::Ara),
    ("ru", Lang::Rus),
    ("uk", Lang::Ukr),
    ("pl", Lang::Pol),
    ("tr", Lang::Tur),
    ("zh", Lang::Cmn),
    ("ja", Lang::Jpn),
    ("ko", Lang::Kor),
    ("hi", Lang::Hin),
    ("vi", Lang::Vie),
    ("el", Lang::Ell),
    ("he", Lang::Heb),
    ("fa", Lang::Pes),
    ("ro", Lang::Ron),
    ("sv", Lang::Swe),
    ("cs", Lang::Ces),
    ("hu", Lang::Hun),
    ("id", Lang::Ind),
    ("fa", Lang::Pes),
];

/// How many of [`LANGUAGES`] are always considered.
const USUAL: usize = 6;

impl LanguageDetector {
    /// A detector for a letter in these languages.
    pub(crate) fn new<'t>(tags: impl Iterator<Item = &'t Tag>) -> Self {
        let of = |tag: &Tag| LANGUAGES.iter().find(|(code, _)| *code == tag.language());
        let known: Vec<(Tag, Lang)> =
            tags.filter_map(|tag| of(tag).map(|(_, lang)| (tag.clone(), *lang))).collect();
        let mut wanted: Vec<Lang> = known.iter().map(|(_, lang)| *lang).collect();
        wanted.extend(LANGUAGES.iter().take(USUAL).map(|(_, lang)| *lang));
        wanted.sort_by_key(whatlang::Lang::code);
        wanted.dedup();
        Self { detector: Detector::with_allowlist(wanted), known }
    }

    /// Whether a language can be detected.
    pub(crate) fn knows(tag: &Tag) -> bool {
        LANGUAGES.iter().any(|(code, _)| *code == tag.language())
    }

    /// Whether a text is long enough to be judged.
    pub(crate) fn is_long_enough(text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        letters >= MIN_LETTERS && text.split_whitespace().count() >= MIN_WORDS
    }

    /// The code of the language of a text, if it is clearly different from `tag`. Quotes, names and
    /// the `foreign` parts do not count.
    pub(crate) fn other_language(
        &self,
        text: &str,
        foreign: &[Range<usize>],
        tag: &Tag,
    ) -> Option<&'static str> {
        let own =
            self.known.iter().find(|(known, _)| known.language() == tag.language())?.0.language();
        self.language(&judged(text, foreign)).filter(|found| *found != own)
    }

    /// The code of the language of a text, if it is long enough to be judged.
    pub(crate) fn language(&self, text: &str) -> Option<&'static str> {
        if !Self::is_long_enough(text) {
            return None;
        }
        let found = self.detector.detect(text).filter(whatlang::Info::is_reliable)?.lang();
        LANGUAGES.iter().find(|(_, lang)| *lang == found).map(|(code, _)| *code)
    }
}

/// The code of the language that most of a text is in.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    let detector = Detector::with_allowlist(LANGUAGES.iter().map(|(_, lang)| *lang).collect());
    let found = detector.detect_lang(text)?;
    LANGUAGES.iter().find(|(_, lang)| *lang == found).map(|(code, _)| *code)
}

/// The author's own words in a text: no quotes, no names, no numbers, nothing foreign.
pub(crate) fn judged(text: &str, foreign: &[Range<usize>]) -> String {
    let mut own = String::with_capacity(text.len());
    let mut closing: Option<char> = None;
    let mut sentence = true;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let (start, end) = (at, at + word.trim_end().len());
        at += word.len();
        if foreign.iter().any(|range| range.start < end && start < range.end) {
            continue;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let name = bare.starts_with(char::is_uppercase) && !sentence
            || bare.chars().any(char::is_numeric)
            || word.contains("://");
        let was_quoted = closing.is_some();
        for c in word.chars() {
            closing = match (closing, c) {
                (None, '“') => Some('”'),
                (None, '«') => Some('»'),
                (None, '"') => Some('"'),
                (Some(end), c) if c == end => None,
                (open, _) => open,
            };
        }
        let quoted = was_quoted || closing.is_some() || word.contains(['"', '“', '«']);
        if !name && !quoted {
            own.push_str(word);
        }
        sentence = word.trim_end().ends_with(['.', '!', '?', ':']) || (sentence && bare.is_empty());
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        text.parse().expect("a tag")
    }

    fn other(text: &str, language: &str) -> Option<&'static str> {
        let tags = [tag("en"), tag("es-MX")];
        LanguageDetector::new(tags.iter()).other_language(text, &[], &tag(language))
    }

    #[test]
    fn a_paragraph_in_another_language_is_known() {
        let english =
            "We urge your government to keep its promise and to protect all who ask for it.";
        let spanish =
            "Instamos a su gobierno a cumplir su promesa y a proteger a quienes lo piden.";
        assert_eq!((other(english, "en"), other(english, "es-MX")), (None, Some("en")));
        assert_eq!((other(spanish, "es-MX"), other(spanish, "en")), (None, Some("es")));
    }

    #[test]
    fn quotes_and_names_are_left_alone() {
        let quote =
            "Dijo: \"We urge your government to keep its promise and to protect all who ask.\"";
        assert_eq!(other(quote, "es-MX"), None);
        assert_eq!(
            other(
                "Washington Office on Latin America, Human Rights First, Witness at the Border",
                "es-MX"
            ),
            None
        );
        assert_eq!(other("Thank you.", "es-MX"), None);
    }
}
