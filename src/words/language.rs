//! The languages of the program.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;
use std::sync::OnceLock;

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale::Locale;

use crate::words::translation::{Translation, Words};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// The language of messages and help: English, or that of a file beside this one. It is independent
/// of the languages of a letter: a Spanish speaker may build an English letter.
#[derive(Default, Copy, Clone, Eq, PartialEq, Hash)]
pub struct UiLanguage(Option<usize>);

impl UiLanguage {
    /// English, which all other languages are translated from.
    pub const ENGLISH: Self = Self(None);

    /// Every language, English first.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::ENGLISH].into_iter().chain((0..LANGUAGES.len()).map(|file| Self(Some(file))))
    }

    /// Its BCP 47 tag, such as "es".
    pub fn tag(self) -> &'static str {
        self.0.map_or("en", |file| LANGUAGES[file].0)
    }

    /// The language that the environment requests: the first of `LC_ALL`, `LC_MESSAGES` and `LANG`
    /// that is set, in the order of POSIX.1-2017, section 8.2. If none is set, as is usual on
    /// Windows, the language of the computer. English if the program does not speak it.
    pub fn from_environment() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .or_else(sys_locale::get_locale)
            .unwrap_or_default();
        Self::of_locale(&locale).unwrap_or_default()
    }

    /// The language of a locale such as "es_MX.UTF-8" or a tag such as "es-MX": that of the region if
    /// there is one, otherwise that of the whole language.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let tag = locale.split(['.', '@']).next()?.replace('_', "-");
        let language = tag.split('-').next()?;
        tag.parse().or_else(|_| language.parse()).ok()
    }

    /// The translation of a text of the program. `None` if it has none; English has no translations.
    pub(super) fn translation(self, english: &str) -> Option<&'static Translation> {
        self.words()?.get(english)
    }

    /// The translation of a text without values. `None` if it is not translated.
    pub(crate) fn known(self, english: &str) -> Option<&'static str> {
        match self.translation(english)? {
            Translation::Text(text) => Some(text),
            Translation::Counted(_) => None,
        }
    }

    /// The translation of a text without values, or the English text if there is none.
    pub(crate) fn text(self, english: &str) -> &str {
        self.known(english).unwrap_or(english)
    }

    /// A table of the language's file, by the English texts. English has none.
    pub(crate) fn table(self, name: &str) -> Option<&'static BTreeMap<String, Translation>> {
        self.words()?.tables().get(name)
    }

    /// A whole number as the language writes it, such as "1,239" (Unicode CLDR).
    pub(super) fn number(self, number: usize) -> String {
        let tag = match self.tag() {
            // The Spanish of the program is that of Mexico.
            "es" => "es-MX",
            tag => tag,
        };
        let locale = Locale::try_from_str(tag).unwrap_or(Locale::UNKNOWN);
        match DecimalFormatter::try_new((&locale).into(), Default::default()) {
            Ok(format) if number > 999 => format.format(&Decimal::from(number as u64)).to_string(),
            _ => number.to_string(),
        }
    }

    /// All words of the language. `None` for English, which is written where it is used.
    pub(super) fn words(self) -> Option<&'static Words> {
        static READ: [OnceLock<Words>; LANGUAGES.len()] =
            [const { OnceLock::new() }; LANGUAGES.len()];
        self.0.map(|file| READ[file].get_or_init(|| Words::read(LANGUAGES[file].1)))
    }

    /// Spanish, for tests.
    #[cfg(test)]
    pub(crate) fn spanish() -> Self {
        Self::of_locale("es").expect("the program speaks Spanish")
    }

    /// The file of the language.
    #[cfg(test)]
    pub(super) fn file(self) -> String {
        let file = format!("{}/src/words/{}.toml", env!("CARGO_MANIFEST_DIR"), self.tag());
        std::fs::read_to_string(file).unwrap_or_default()
    }
}

impl FromStr for UiLanguage {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        Self::all().find(|known| known.tag().eq_ignore_ascii_case(tag)).ok_or(UnknownLanguage)
    }
}

impl Debug for UiLanguage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The error for a language that the program does not speak.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub struct UnknownLanguage;

impl Display for UnknownLanguage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the program does not speak this language")
    }
}

impl std::error::Error for UnknownLanguage {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_a_language_with_or_without_its_region() {
        let tag = |locale| UiLanguage::of_locale(locale).map(UiLanguage::tag);
        for locale in ["es", "es_MX.UTF-8", "es-MX", "ES", "es@euro"] {
            assert_eq!(tag(locale), Some("es"), "{locale}");
        }
        assert_eq!(tag("en_US.UTF-8"), Some("en"));
        for locale in ["C", "POSIX", "", "est", "e"] {
            assert_eq!(tag(locale), None, "{locale}");
        }
    }
}
