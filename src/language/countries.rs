//! The countries that people name in a list, by code or as they call them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use ecow::EcoString;
use parking_lot::Mutex;
use serde::Deserialize;

use crate::language::{CountryNames, Tag, fold};

/// `countries.toml`, as the build script writes it.
const JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/countries.json"));

/// `countries.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    /// Pairs such as "MEX-MX".
    alpha_3: String,
    /// The names that the CLDR does not have, by the two letters of the country.
    names: BTreeMap<EcoString, Vec<String>>,
}

/// The codes by the keys of names.
type Codes = HashMap<String, EcoString>;

/// What `countries.toml` says, which goes before what a language says.
static USUAL: LazyLock<Codes> = LazyLock::new(|| {
    let table: Table = serde_json::from_str(JSON).expect("a test reads the file of countries");
    let three = table.alpha_3.split_whitespace().filter_map(|pair| pair.split_once('-'));
    let mut codes: Codes = three.map(|(three, two)| (key(three), two.into())).collect();
    for (code, names) in table.names {
        codes.extend(names.iter().map(|name| (key(name), code.clone())));
    }
    codes
});

/// The English names, by which a code is known too.
static ENGLISH: LazyLock<Option<CountryNames>> =
    LazyLock::new(|| CountryNames::of(&"en".parse().ok()?));

/// The two letters in ISO 3166-1 of a country, given by these, by the three letters, or by a name that
/// people use in English, in Spanish or in one of `languages`. Case, accents, punctuation and articles
/// do not matter: people who fill in a form write "Mexico", "the Netherlands" and "U.S.".
pub(crate) fn code(text: &str, languages: &[Tag]) -> Option<EcoString> {
    let named = Named::of(languages);
    let (before, _) = text.split_once('(').unwrap_or((text, ""));
    named
        .find(text)
        .or_else(|| named.find(without_article(text)?))
        .or_else(|| {
            let rest = without_form(text)?;
            named.find(rest).or_else(|| named.find(without_article(rest)?))
        })
        .or_else(|| named.find(before).filter(|_| before.len() < text.len()))
}

/// The tables of the languages in which a country may be named.
struct Named(Vec<Arc<Codes>>);

impl Named {
    fn of(languages: &[Tag]) -> Self {
        /// More than any letter has languages. A process may read many letters.
        const MOST: usize = 100;
        static KNOWN: LazyLock<Mutex<HashMap<Tag, Arc<Codes>>>> = LazyLock::new(Mutex::default);
        let usual = ["en", "es"].into_iter().filter_map(|tag| tag.parse().ok());
        let mut known = KNOWN.lock();
        if known.len() > MOST {
            known.clear();
        }
        let of = |tag: Tag| known.entry(tag.clone()).or_insert_with(|| in_language(&tag)).clone();
        Self(usual.chain(languages.iter().cloned()).map(of).collect())
    }

    fn find(&self, name: &str) -> Option<EcoString> {
        let key = key(name);
        if key.len() == 2 {
            let upper = key.to_uppercase();
            if ENGLISH.as_ref()?.get(&upper).is_some() {
                return Some(upper.into());
            }
        }
        let mut tables = std::iter::once(&*USUAL).chain(self.0.iter().map(|codes| &**codes));
        tables.find_map(|codes| codes.get(&key)).cloned()
    }
}

/// The countries by their names in a language.
fn in_language(tag: &Tag) -> Arc<Codes> {
    let Some(names) = CountryNames::of(tag) else { return Arc::default() };
    let letters = || (b'A'..=b'Z').map(char::from);
    let all = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let (mut codes, mut parts) = (Codes::new(), Vec::new());
    for code in all {
        let Some(name) = names.get(&code).filter(|name| *name != code) else { continue };
        // "Myanmar (Burma)" has two names.
        if let Some((one, other)) = name.strip_suffix(')').and_then(|name| name.split_once('(')) {
            parts.extend([one, other].map(|part| (key(part), code.clone())));
        }
        codes.entry(key(name)).or_insert(code.into());
    }
    for (part, code) in parts {
        codes.entry(part).or_insert(code.into());
    }
    Arc::new(codes)
}

/// A name in the form in which it is looked up: "Bosnia & Herzegovina" is "Bosnia and Herzegovina", and
/// "St. Lucia" is "Saint Lucia".
fn key(name: &str) -> String {
    let mut key = String::new();
    for word in name.split([' ', '\u{A0}', '-']).map(fold) {
        match word.as_str() {
            "saint" => key.push_str("st"),
            "and" | "y" | "e" | "et" | "und" if !key.is_empty() => {}
            word => key.push_str(word),
        }
    }
    key
}

/// A name without the article that it begins with.
fn without_article(name: &str) -> Option<&str> {
    const ARTICLES: &[&str] = &[
        "the", "el", "la", "los", "las", "le", "les", "l", "o", "a", "os", "as", "die", "der",
        "das", "il", "lo", "i", "gli", "els", "de", "het",
    ];
    let (first, rest) = name.trim().split_once([' ', '\'', '’'])?;
    ARTICLES.contains(&&*fold(first)).then_some(rest)
}

/// A name without its form of government: "Uruguay" of "República Oriental del Uruguay". That of two
/// countries says which they are, so these are in `countries.toml`.
fn without_form(name: &str) -> Option<&str> {
    const FORMS: &[&str] = &[
        "republic",
        "kingdom",
        "republica",
        "reino",
        "republique",
        "royaume",
        "repubblica",
        "regno",
        "republik",
        "rep",
    ];
    const OF: &[&str] = &["of", "de", "del", "do", "da", "du", "di", "von"];
    let mut rest = name;
    let mut is_form = false;
    for _ in 0..4 {
        let (word, after) = rest.trim_start().split_once(' ')?;
        let word = fold(word);
        rest = after;
        if is_form && OF.contains(&&*word) {
            return Some(rest);
        }
        is_form |= FORMS.contains(&&*word);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<EcoString> {
        code(text, &[])
    }

    fn is(code: &str, names: &[&str]) {
        for name in names {
            assert_eq!(of(name).as_deref(), Some(code), "{name}");
        }
    }

    #[test]
    fn countries_are_known_by_code_and_name() {
        is("MX", &["MX", "mx", "MEX", "México", "mexico", "Mexico ", "Estados Unidos Mexicanos"]);
        is(
            "US",
            &["USA", "u.s.a.", "U.S.", "EE. UU.", "EE.UU.", "E.U.A.", "United States", "the U.S."],
        );
        is("US", &["Estados Unidos", "los Estados Unidos", "United States of America (USA)"]);
        for none in ["XX", "Atlantis", "", "Switzerland, Italy", "Argentina - Spain"] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn everyday_abbreviated_and_former_names_are_known() {
        is("TR", &["Turkey", "Türkiye", "Turquía", "TUR"]);
        is("CZ", &["Czech Republic", "República Checa", "Czechia", "the Czech Republic"]);
        is("NL", &["The Netherlands", "Holanda", "Netherlands", "los Países Bajos", "Holland"]);
        is("MM", &["Myanmar", "Burma", "Birmania", "Myanmar (Burma)"]);
        is("PS", &["Palestine", "Palestina", "State of Palestine"]);
        is("HK", &["Hong Kong", "Hong Kong SAR China"]);
        is("GB", &["UK", "U.K.", "Great Britain", "England", "Reino Unido", "Escocia"]);
        is("KR", &["Republic of Korea", "South Korea", "Korea, Republic of", "Corea del Sur"]);
        is("KP", &["North Korea", "DPRK", "Democratic People's Republic of Korea"]);
        is("CI", &["Ivory Coast", "Côte d’Ivoire", "Cote d'Ivoire", "Costa de Marfil"]);
        is("RU", &["Russian Federation", "Russia", "Federación de Rusia"]);
        is("CD", &["DRC", "DR Congo", "Congo (DRC)", "Congo - Kinshasa", "Zaire"]);
        is("CG", &["Congo", "Republic of the Congo", "Congo-Brazzaville"]);
        is("TW", &["Taiwan", "Republic of China"]);
        is("CN", &["China", "People's Republic of China"]);
        is("BA", &["Bosnia and Herzegovina", "Bosnia & Herzegovina", "Bosnia-Herzegovina"]);
        is("LC", &["Saint Lucia", "St. Lucia", "St Lucia", "Santa Lucía"]);
        is("UY", &["República Oriental del Uruguay", "Uruguay"]);
        is("DE", &["Federal Republic of Germany", "Alemania"]);
        is("GM", &["The Gambia", "Gambia"]);
        is("SV", &["El Salvador", "República de El Salvador"]);
        is("FM", &["Micronesia", "Federated States of Micronesia"]);
        is("VA", &["Holy See", "Vatican City"]);
        is("XK", &["Kosovo"]);
    }

    #[test]
    fn the_languages_of_the_letter_name_countries_too() {
        let languages = ["de", "fr", "pt-BR"].map(|tag| tag.parse().expect("a tag"));
        for (name, expected) in [
            ("Frankreich", "FR"),
            ("l’Allemagne", "DE"),
            ("Países Baixos", "NL"),
            ("die Schweiz", "CH"),
        ] {
            assert_eq!(code(name, &languages).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(of("Frankreich"), None);
    }

    /// The table has real codes, and no name twice.
    #[test]
    fn the_table_is_valid() {
        let table: Table = serde_json::from_str(JSON).expect("JSON");
        let english = ENGLISH.as_ref().expect("English");
        assert_eq!(table.alpha_3.split_whitespace().count(), 249);
        for pair in table.alpha_3.split_whitespace() {
            let (three, two) = pair.split_once('-').expect("a pair");
            assert!(three.len() == 3 && english.get(two).is_some(), "{pair}");
        }
        let mut seen = HashMap::new();
        let mut twice = Vec::new();
        for (code, names) in &table.names {
            assert!(english.get(code).is_some(), "{code}");
            let before = names.iter().map(|name| (name, seen.insert(key(name), name)));
            twice.extend(before.filter(|(_, before)| before.is_some()));
        }
        assert!(twice.is_empty(), "{twice:?}");
    }
}
