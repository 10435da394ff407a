//! The calendar and the digits that a tag asks for, as in `fa-u-ca-persian` and `hi-u-nu-deva` (RFC 6067; Unicode
//! Technical Standard 35, "Key And Type Definitions").

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale::extensions::unicode::{Key, Value, key, value};
use icu_locale::{Locale, LocaleExpander};

use crate::language::Tag;

const CALENDAR: Key = key!("ca");
const DIGITS: Key = key!("nu");

/// The calendars in which ICU4X writes dates, as the CLDR calls them. `islamic` is that of the region.
pub(crate) const CALENDARS: &[&str] = &[
    "buddhist",
    "chinese",
    "coptic",
    "dangi",
    "ethioaa",
    "ethiopic",
    "gregory",
    "hebrew",
    "indian",
    "islamic",
    "islamic-civil",
    "islamic-tbla",
    "islamic-umalqura",
    "japanese",
    "persian",
    "roc",
];

/// The calendars that letters of a country may be dated in besides the Gregorian, where a date says the same
/// day to everybody: the CLDR's `calendarPreferenceData`.
const USUAL: &[(&str, &str)] = &[
    ("AF", "persian"),
    ("IL", "hebrew"),
    ("IR", "persian"),
    ("JP", "japanese"),
    ("SA", "islamic-umalqura"),
    ("TH", "buddhist"),
    ("TW", "roc"),
];

/// What a tag asks for and nobody can give.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Unknown {
    /// A calendar.
    Calendar(String),
    /// Digits.
    Digits(String),
}

/// What a text, which may be a tag, asks for and the program does not have.
pub(crate) fn unknown(text: &str) -> Option<Unknown> {
    unknown_in(&Locale::try_from_str(text).ok()?)
}

/// The same of a locale.
pub(super) fn unknown_in(locale: &Locale) -> Option<Unknown> {
    let asked = |key| Some(locale.extensions.unicode.keywords.get(&key)?.to_string());
    let calendar = asked(CALENDAR).filter(|name| !CALENDARS.contains(&name.as_str()));
    let digits = || asked(DIGITS).filter(|name| !are_digits(name)).map(Unknown::Digits);
    calendar.map(Unknown::Calendar).or_else(digits)
}

/// Whether ICU4X has digits of this name. It has none of numbers that are written with letters, such as
/// `hebr`, and says nothing, but writes those of the locale.
fn are_digits(name: &str) -> bool {
    let zero = |locale: Locale| {
        let format = DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?;
        Some(format.format(&Decimal::from(0_u64)).to_string())
    };
    let asked = format!("und-u-nu-{name}").parse().ok().and_then(zero);
    name == "latn" || asked != zero(Locale::UNKNOWN)
}

impl Tag {
    /// Whether dates are written in the Gregorian calendar, as they are unless the tag asks for another.
    pub(crate) fn is_gregorian(&self) -> bool {
        self.keyword(&CALENDAR).is_none_or(|calendar| *calendar == value!("gregory"))
    }

    /// The same tag with the calendar that its country uses besides the Gregorian, unless it says which.
    pub(crate) fn in_usual_calendar(&self) -> Option<Self> {
        if self.keyword(&CALENDAR).is_some() {
            return None;
        }
        let mut id = self.locale().id;
        LocaleExpander::new_extended().maximize(&mut id);
        let region = id.region?;
        let (_, calendar) = USUAL.iter().find(|(country, _)| *country == region.as_str())?;
        let mut locale = Locale::clone(&self.0);
        locale.extensions.unicode.keywords.set(CALENDAR, calendar.parse().ok()?);
        Some(Self(locale.into()))
    }

    /// The locale of a language with the calendar and the digits of this one. The CLDR's own calendar of Persian
    /// and of Thai is another than the Gregorian, which is to be asked for.
    pub(super) fn conventions_in(&self, language: &Self) -> Locale {
        let mut locale = language.locale();
        let keywords = &mut locale.extensions.unicode.keywords;
        keywords.set(CALENDAR, self.keyword(&CALENDAR).cloned().unwrap_or(value!("gregory")));
        if let Some(digits) = self.keyword(&DIGITS) {
            keywords.set(DIGITS, digits.clone());
        }
        locale
    }

    fn keyword(&self, key: &Key) -> Option<&Value> {
        self.0.extensions.unicode.keywords.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendars_and_digits_are_those_of_the_cldr() {
        for calendar in CALENDARS {
            assert_eq!(unknown(&format!("en-u-ca-{calendar}")), None, "{calendar}");
        }
        for digits in ["latn", "arab", "arabext", "deva", "thai", "hanidec"] {
            assert_eq!(unknown(&format!("en-u-nu-{digits}")), None, "{digits}");
        }
        let calendar = |name: &str| Some(Unknown::Calendar(name.to_owned()));
        assert_eq!(unknown("fa-u-ca-xyz"), calendar("xyz"));
        assert_eq!(unknown("ar-SA-u-ca-islamic-rgsa"), calendar("islamic-rgsa"));
        assert_eq!(unknown("de-u-ca-iso8601"), calendar("iso8601"));
        assert_eq!(unknown("he-u-nu-hebr"), Some(Unknown::Digits("hebr".into())));
        assert_eq!(unknown("fa-u-ca-persian-nu-xyz"), Some(Unknown::Digits("xyz".into())));
        assert_eq!(unknown("de-u-co-phonebk"), None);
        assert!("fa-u-ca-xyz".parse::<Tag>().is_err());
    }
}
