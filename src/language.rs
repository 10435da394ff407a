//! Language tags, and how a language writes dates and numbers.

pub(crate) mod anonymous;
pub(crate) mod by_name;
pub(crate) mod countries;
pub(crate) mod day;
pub(crate) mod detection;
pub(crate) mod languages;
pub(crate) mod number_reader;
pub(crate) mod number_words;
pub(crate) mod small_words;
pub(crate) mod words;

use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::str::FromStr;

use ecow::EcoString;
use icu_calendar::{Date, Gregorian, Iso};
use icu_casemap::CaseMapper;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::YMD;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_experimental::displaynames::multi::{LanguageDisplayNames, RegionDisplayNames};
use icu_list::ListFormatter;
use icu_locale::{LanguageIdentifier, Locale, LocaleDirectionality};

/// A BCP 47 language tag such as `en`, `es-MX` or `zh-Hant-TW`.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Tag(LanguageIdentifier);

impl Tag {
    /// English.
    pub(crate) fn english() -> Self {
        Self(icu_locale::locale!("en").into())
    }

    /// The language subtag, such as `es` in `es-MX`.
    pub fn language(&self) -> &str {
        self.0.language.as_str()
    }

    /// The region subtag, such as `MX` in `es-MX`.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_ref().map(icu_locale::subtags::Region::as_str)
    }

    /// The region, if it is a country of ISO 3166-1, such as `MX` in `es-MX`. Typst accepts no
    /// others. For `es-419`, the Spanish of Latin America, it is the country with the most speakers:
    /// plain Spanish has the quotes and the paper of Spain.
    pub(crate) fn country(&self) -> Option<&str> {
        match self.region()? {
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
            let mut parent = current.clone();
            next = if let Some(last) = parent.variants.iter().next_back().copied() {
                parent.variants.remove(&last);
                Some(parent)
            } else if parent.region.take().is_some() || parent.script.take().is_some() {
                Some(parent)
            } else {
                None
            };
            Some(Tag(current))
        })
    }

    /// Whether this is the language `other` or one of its variants: `es-MX` is in `es`.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        self.with_parents().any(|tag| tag == *other)
    }

    /// The direction of writing as an HTML attribute value, if it is not left to right.
    pub(crate) fn direction(&self) -> Option<&'static str> {
        LocaleDirectionality::new_common().is_right_to_left(&self.0).then_some("rtl")
    }

    /// The tag as an ICU4X locale.
    pub(crate) fn locale(&self) -> Locale {
        Locale::from(self.0.clone())
    }
}

impl FromStr for Tag {
    type Err = NotATag;

    /// Parses a tag. Upper and lower case do not matter. IANA's registry has no language subtags of
    /// more than three letters (RFC 5646, section 2.2.1), so "english" is refused.
    fn from_str(text: &str) -> Result<Self, NotATag> {
        let tag = LanguageIdentifier::try_from_str(text).map_err(|_| NotATag)?;
        let known = !tag.language.is_unknown() && tag.language.as_str().len() <= 3;
        // ICU4X also takes `es_MX`, which BCP 47 does not.
        if known && !text.contains('_') { Ok(Self(tag)) } else { Err(NotATag) }
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

/// How a language writes dates and numbers, from the Unicode CLDR through ICU4X.
#[derive(Debug)]
pub(crate) struct Conventions {
    date: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    number: DecimalFormatter,
    list: ListFormatter,
}

impl Conventions {
    /// The conventions of a language. `None` if ICU4X has no data for it.
    pub(crate) fn of(tag: &Tag) -> Option<Self> {
        let locale = tag.locale();
        Some(Self {
            date: FixedCalendarDateTimeFormatter::try_new((&locale).into(), YMD::long()).ok()?,
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?,
            list: ListFormatter::try_new_and((&locale).into(), Default::default()).ok()?,
        })
    }

    /// A date in full, such as "August 24, 2021" or "24 de agosto de 2021".
    pub(crate) fn date(&self, date: Date<Iso>) -> String {
        self.date.format(&date.to_calendar(Gregorian)).to_string()
    }

    /// Several texts in a row, such as "Leeds, York, and Hull" or "Lima, Cusco y Puno".
    pub(crate) fn list(&self, texts: &[EcoString]) -> String {
        self.list.format(texts.iter().map(EcoString::as_str)).to_string()
    }

    /// A whole number with the language's grouping, such as "1,234" or "1.234".
    pub(crate) fn number(&self, number: usize) -> String {
        self.number.format(&Decimal::from(number as u64)).to_string()
    }
}

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

/// The name of a language in another, such as "Spanish" or "español", from the Unicode CLDR through
/// ICU4X. If it has no name there, its tag.
pub(crate) fn language_name(tag: &Tag, within: &Tag) -> String {
    let locale = within.locale();
    let names = LanguageDisplayNames::try_new((&locale).into(), Default::default());
    let name = names.as_ref().ok().and_then(|names| names.of(tag.0.language));
    name.map_or_else(|| tag.to_string(), str::to_owned)
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
    CaseMapper::new().uppercase_to_string(text, &tag.0).into_owned()
}

/// The letters and digits of a text without case and accents: the letters and digits of its NFKD
/// (Unicode Standard Annex #15).
pub(crate) fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        return letters.map(|letter| letter.to_ascii_lowercase()).collect();
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
    }

    #[test]
    fn only_tags_are_tags() {
        for wrong in ["", "english", "es_MX", "e", "und", "es-", "es MX", "español"] {
            assert_eq!(Tag::from_str(wrong), Err(NotATag), "{wrong}");
        }
        assert_eq!(tag("ES-mx").to_string(), "es-MX");
    }

    #[test]
    fn languages_have_names_in_each_other() {
        assert_eq!(language_name(&tag("es-MX"), &tag("en")), "Spanish");
        assert_eq!(language_name(&tag("es-MX"), &tag("es-MX")), "español");
        assert_eq!(language_name(&tag("en"), &tag("es-MX")), "inglés");
    }

    #[test]
    fn each_language_writes_in_its_own_way() {
        let date = Date::try_new_iso(2021, 8, 24).expect("a date");
        let en = Conventions::of(&tag("en")).expect("English");
        let es = Conventions::of(&tag("es-MX")).expect("Spanish");
        assert_eq!(en.date(date), "August 24, 2021");
        assert_eq!(es.date(date), "24 de agosto de 2021");
        assert_eq!(en.number(72_000), "72,000");
        assert_eq!(es.number(72_000), "72,000");
        assert_eq!(Conventions::of(&tag("es")).expect("Spanish").number(72_000), "72.000");
    }
}
