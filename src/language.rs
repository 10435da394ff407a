//! Language tags, and how a language writes dates and numbers.

pub(crate) mod anonymous;
pub(crate) mod by_name;
pub(crate) mod conventions;
pub(crate) mod countries;
pub(crate) mod day;
pub(crate) mod detection;
pub(crate) mod honorifics;
pub(crate) mod keywords;
pub(crate) mod languages;
pub(crate) mod number_reader;
pub(crate) mod number_words;
pub(crate) mod paper;
#[cfg(test)]
pub(crate) mod sample_letters;
pub(crate) mod small_words;
pub(crate) mod words;

use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use icu_casemap::CaseMapper;
use icu_experimental::displaynames::multi::{LanguageDisplayNames, RegionDisplayNames};
use icu_locale::extensions::Extensions;
use icu_locale::fallback::LocaleFallbacker;
use icu_locale::{Locale, LocaleCanonicalizer, LocaleDirectionality};

use crate::language::words::Words;
use crate::words::Message;

/// A BCP 47 language tag such as `en`, `es-MX`, `zh-Hant-TW` or `nah-x-tepoz`.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Tag(Arc<Locale>);

impl Tag {
    /// English.
    pub(crate) fn english() -> Self {
        Self(Arc::new(icu_locale::locale!("en")))
    }

    /// The language subtag, such as `es` in `es-MX`.
    pub fn language(&self) -> &str {
        self.0.id.language.as_str()
    }

    /// The region subtag, such as `MX` in `es-MX`.
    pub fn region(&self) -> Option<&str> {
        self.0.id.region.as_ref().map(icu_locale::subtags::Region::as_str)
    }

    /// The region, if it is a country of ISO 3166-1, such as `MX` in `es-MX`. Typst accepts no
    /// others. For `es-419`, the Spanish of Latin America, it is the country with the most speakers:
    /// plain Spanish has the quotes and the paper of Spain.
    pub(crate) fn country(&self) -> Option<&str> {
        // Traditional characters have the forms of Taiwan unless the tag says otherwise.
        let traditional = self.0.id.script.is_some_and(|script| script.as_str() == "Hant");
        match self.region().or(traditional.then_some("TW"))? {
            "419" => Some("MX"),
            region => (region.len() == 2).then_some(region),
        }
    }

    /// The tag itself and the shorter tags it falls back to, nearest first: `es-MX`, then `es`.
    ///
    /// This is the lookup of RFC 4647, section 3.4: subtags are removed from the end.
    pub(crate) fn with_parents(&self) -> impl Iterator<Item = Tag> {
        let mut next = Some(self.0.clone());
        std::iter::from_fn(move || {
            let current = next.take()?;
            let mut parent = Locale::clone(&current);
            let id = &mut parent.id;
            next = if !parent.extensions.is_empty() {
                parent.extensions = Extensions::new();
                Some(Arc::new(parent))
            } else if let Some(last) = id.variants.iter().next_back().copied() {
                id.variants.remove(&last);
                Some(Arc::new(parent))
            } else if id.region.take().is_some() || id.script.take().is_some() {
                Some(Arc::new(parent))
            } else {
                None
            };
            Some(Tag(current))
        })
    }

    /// The tag itself and the tags of the same language whose words it shares, nearest first, by the
    /// inheritance of the CLDR (UTS 35): `zh-TW`, `zh-Hant`, `zh`; `pt-MZ`, `pt-PT`, `pt`.
    pub(crate) fn with_relatives(&self) -> Vec<Tag> {
        let mut related: Vec<Tag> = vec![self.clone()];
        let current = self.locale();
        for locale in [&*self.0, &current] {
            let mut inherited =
                LocaleFallbacker::new().for_config(Default::default()).fallback_for(locale.into());
            while !inherited.get().is_unknown() {
                related.push(Tag(Arc::new(inherited.get().into_locale())));
                inherited.step();
            }
        }
        related.extend(self.with_parents());
        let languages = [self.0.id.language, current.id.language];
        related.retain(|tag| languages.contains(&tag.0.id.language));
        let mut known: Vec<Tag> = Vec::with_capacity(related.len());
        for tag in related {
            if !known.contains(&tag) {
                known.push(tag);
            }
        }
        known
    }

    /// Whether this is the language `other` or one of its variants: `es-MX` is in `es`.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        self.with_parents().any(|tag| tag == *other)
    }

    /// The direction of writing as an HTML attribute value, if it is not left to right.
    pub(crate) fn direction(&self) -> Option<&'static str> {
        LocaleDirectionality::new_common().is_right_to_left(&self.locale().id).then_some("rtl")
    }

    /// What follows a value that may be in another script, such as a name in Latin letters: in a language
    /// written from right to left, a mark (U+200F) keeps the figures behind it from joining it.
    pub(crate) fn end_of_foreign(&self) -> Option<&'static str> {
        self.direction().map(|_| "\u{200f}")
    }

    /// The tag as an ICU4X locale. Of a language with a newer code, such as `he` for `iw`, that is the one that
    /// the CLDR has.
    pub(crate) fn locale(&self) -> Locale {
        let mut locale = Locale::clone(&self.0);
        LocaleCanonicalizer::new_common().canonicalize(&mut locale);
        locale
    }

    /// The language that people call by a name, in English, in Spanish or as it calls itself, among those
    /// whose words are built in: `es` for "Spanish", "español" and "castellano".
    pub(crate) fn called(name: &str) -> Option<Self> {
        let name = fold(name);
        let all = Words::languages().filter_map(|tag| tag.parse::<Self>().ok());
        let mut all = all.filter(|tag| tag.with_parents().nth(1).is_none());
        all.find(|tag| by_name::names(tag).contains(&name))
    }
}

impl From<icu_locale::LanguageIdentifier> for Tag {
    fn from(id: icu_locale::LanguageIdentifier) -> Self {
        Self(Arc::new(Locale::from(id)))
    }
}

/// The languages of which others are a part by their tags, such as `zh-yue`: the prefixes of extended language
/// subtags in IANA's registry.
const EXTENDED: &[&str] = &["ar", "kok", "lv", "ms", "sgn", "sw", "uz", "zh"];

impl FromStr for Tag {
    type Err = NotATag;

    /// Parses a tag. Upper and lower case do not matter. IANA's registry has no language subtags of
    /// more than three letters (RFC 5646, section 2.2.1), so "english" is refused, and so is a calendar or
    /// digits that nobody knows. Of an extended language such as `zh-yue`, the canonical form is the last part
    /// (section 4.5).
    fn from_str(text: &str) -> Result<Self, NotATag> {
        // ICU4X also takes `es_MX`, which BCP 47 does not.
        if text.contains('_') {
            return Err(NotATag);
        }
        let is_extended = |rest: &str| {
            let part = rest.split('-').next().unwrap_or_default();
            part.len() == 3 && part.bytes().all(|b| b.is_ascii_alphabetic())
        };
        let text = match text.split_once('-') {
            Some((first, rest)) if EXTENDED.contains(&&*first.to_ascii_lowercase()) => {
                if is_extended(rest) {
                    rest
                } else {
                    text
                }
            }
            _ => text,
        };
        let tag = Locale::try_from_str(text).map_err(|_| NotATag)?;
        let language = tag.id.language;
        let known = !language.is_unknown() && language.as_str().len() <= 3;
        let given = known && keywords::unknown_in(&tag).is_none();
        if given { Ok(Self(Arc::new(tag))) } else { Err(NotATag) }
    }
}

impl Display for Tag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

/// A text that is not a language tag.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct NotATag;

impl Display for NotATag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("not a BCP 47 language tag")
    }
}

impl std::error::Error for NotATag {}

/// The names of countries in a language, from the Unicode CLDR through ICU4X.
#[derive(Debug)]
pub(crate) struct CountryNames(RegionDisplayNames);

impl CountryNames {
    /// The names in a language. `None` if ICU4X has none.
    pub(crate) fn of(tag: &Tag) -> Option<Self> {
        let locale = tag.locale();
        RegionDisplayNames::try_new((&locale).into(), Default::default()).ok().map(Self)
    }

    /// The name of the country with these two letters in ISO 3166-1.
    pub(crate) fn get(&self, code: &str) -> Option<&str> {
        let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        let region = code.parse().ok().filter(|_| is_code)?;
        self.0.of(region)
    }
}

/// The name of a language in another, such as "Spanish" or "español": from the words of the other, else
/// from the Unicode CLDR through ICU4X, else as the language calls itself. If it has no name anywhere,
/// its tag.
pub(crate) fn language_name(tag: &Tag, within: &Tag) -> String {
    language_name_with(tag, None, within, &Words::of(within))
}

/// The name of a language as the program speaks of it: "Spanish" or "español".
pub(crate) fn in_words(tag: &Tag) -> Message {
    let within = |code: &str| code.parse().unwrap_or_else(|_| Tag::english());
    let spanish = Message::verbatim(language_name(tag, &within("es")));
    Message::foreign(language_name(tag, &Tag::english()), spanish)
}

/// The same with the words of the other language, and with what the language calls itself, if that is
/// known better than the program knows it.
pub(crate) fn language_name_with(
    tag: &Tag,
    own: Option<&String>,
    within: &Tag,
    words: &Words,
) -> String {
    let named = tag.with_parents().find_map(|tag| words.languages.get(&tag.to_string()));
    let built_in = words::name(tag);
    let own = own.or(built_in);
    let itself = (tag.language() == within.language()).then_some(own).flatten();
    if let Some(name) = named.or(itself) {
        return name.clone();
    }
    let locale = within.locale();
    let names = LanguageDisplayNames::try_new((&locale).into(), Default::default());
    let name = names.as_ref().ok().and_then(|names| names.of(tag.locale().id.language));
    let name = name.map(str::to_owned).or_else(|| own.cloned());
    name.unwrap_or_else(|| tag.to_string())
}

/// What stands between a label and what it names: nothing after a colon as wide as a character of East Asia,
/// which has its space in itself.
pub(crate) fn space_after(label: &str) -> &'static str {
    if label.ends_with('：') { "" } else { " " }
}

/// The parts of a text, as long as possible, of which all characters are of a kind.
pub(crate) fn runs(text: &str, kind: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(&kind)?;
        at = text[start..].find(|c| !kind(c)).map_or(text.len(), |end| start + end);
        Some(start..at)
    })
}

/// A text in capitals, as its language writes them: without accents in Greek, with dots in Turkish.
pub(crate) fn upper_case(text: &str, tag: &Tag) -> String {
    CaseMapper::new().uppercase_to_string(text, &tag.0.id).into_owned()
}

/// The letters and digits of a text without case and accents: the letters and digits of its NFKD
/// (Unicode Standard Annex #15).
pub(crate) fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::decompose_compatible;
    // Of Latin letters, the marks are dropped, so that nothing need be put in order.
    if text.chars().all(|c| c < '\u{300}') {
        let mut folded = String::with_capacity(text.len());
        for letter in text.chars() {
            decompose_compatible(letter, |part| {
                if part.is_alphanumeric() {
                    folded.extend(part.to_lowercase());
                }
            });
        }
        return folded;
    }
    text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        text.parse().expect("a tag")
    }

    #[test]
    fn parents_are_cut_off_at_the_end() {
        let chain = |text| tag(text).with_parents().map(|t| t.to_string()).collect::<Vec<_>>();
        assert_eq!(chain("es-MX"), ["es-MX", "es"]);
        assert_eq!(chain("zh-Hant-TW"), ["zh-Hant-TW", "zh-Hant", "zh"]);
        assert_eq!(chain("ca-ES-valencia"), ["ca-ES-valencia", "ca-ES", "ca"]);
        assert_eq!(chain("nah-x-tepoz"), ["nah-x-tepoz", "nah"]);
    }

    #[test]
    fn words_are_inherited_as_the_cldr_does_it() {
        let chain = |text| {
            let tags = tag(text).with_relatives().into_iter();
            tags.map(|tag| tag.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(chain("es-MX"), "es-MX es-419 es");
        assert_eq!(chain("zh-TW"), "zh-TW zh-Hant zh");
        assert_eq!(chain("pt-MZ"), "pt-MZ pt-PT pt");
        assert_eq!(chain("pt-BR"), "pt-BR pt");
        assert_eq!(chain("hi-Latn"), "hi-Latn hi");
        assert_eq!(chain("nhe"), "nhe");
        assert_eq!(chain("iw-IL"), "iw-IL iw he-IL he");
    }

    #[test]
    fn languages_are_known_by_their_names() {
        for (name, tag) in [
            ("Spanish", "es"),
            ("ESPAÑOL", "es"),
            ("castellano", "es"),
            ("inglés", "en"),
            ("English", "en"),
        ] {
            assert_eq!(
                Tag::called(name).map(|tag| tag.to_string()).as_deref(),
                Some(tag),
                "{name}"
            );
        }
        assert_eq!(Tag::called("Klingon"), None);
        assert_eq!(Tag::called(""), None);
    }

    #[test]
    fn only_tags_are_tags() {
        for wrong in [
            "",
            "english",
            "es_MX",
            "e",
            "und",
            "und-Latn",
            "es-",
            "es MX",
            "español",
            "root",
            "a-DE",
            "x-own",
            "i-lux",
            "i-navajo",
            "no-bok",
            "zh-min-nan",
            "sgn-BE-FR",
            "en-GB-oed",
            "es-ES-ES",
            "en-Latn-Cyrl",
            "de-x",
            "ar-a-aaa-b-bbb-a-ccc",
        ] {
            assert_eq!(Tag::from_str(wrong), Err(NotATag), "{wrong}");
        }
        for right in [
            "es-419",
            "en-001",
            "zh-Hant-HK",
            "ca-valencia",
            "de-CH-1901",
            "hy-Latn-IT-arevela",
            "en-GB-oxendict",
            "en-a-bbb-x-a-ccc",
            "aa-t-und-x0-medical",
            "qaa-Qaaa-QM-x-southern",
            "mis-x-own",
            "mul",
            "zxx",
            "iw",
            "sh",
            "art-lojban",
            "cel-gaulish",
        ] {
            assert_eq!(tag(right).to_string(), right);
        }
        assert_eq!(tag("ES-mx").to_string(), "es-MX");
        assert_eq!(tag("zh-yue-HK").to_string(), "yue-HK");
        assert_eq!((tag("iw").direction(), tag("az-Arab").direction()), (Some("rtl"), Some("rtl")));
        assert_eq!(language_name(&tag("iw"), &tag("en")), "Hebrew");
        assert_eq!(tag("ar-u-nu-latn").to_string(), "ar-u-nu-latn");
    }

    #[test]
    fn languages_have_names_in_each_other() {
        assert_eq!(language_name(&tag("es-MX"), &tag("en")), "Spanish");
        assert_eq!(language_name(&tag("es-MX"), &tag("es-MX")), "español");
        assert_eq!(language_name(&tag("en"), &tag("es-MX")), "inglés");
    }
}
