//! The countries that people name in a list, by code or as they call them.

use std::collections::{BTreeMap, HashMap, HashSet};
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
    /// The states of the United States.
    states: Vec<String>,
    /// Regions of several countries.
    regions: Vec<String>,
    /// The names that the CLDR does not have, by the two letters of the country.
    names: BTreeMap<EcoString, Vec<String>>,
}

/// The codes by the keys of names.
type Codes = HashMap<String, EcoString>;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| serde_json::from_str(JSON).expect("a test reads the file of countries"));

/// The keys of the states, and of the regions.
static STATES: LazyLock<HashSet<String>> = LazyLock::new(|| keys(&TABLE.states));
static REGIONS: LazyLock<HashSet<String>> = LazyLock::new(|| keys(&TABLE.regions));

fn keys(names: &[String]) -> HashSet<String> {
    names.iter().map(|name| key(name)).collect()
}

/// What `countries.toml` says, which goes before what a language says.
static USUAL: LazyLock<Codes> = LazyLock::new(|| {
    let table = &*TABLE;
    let three = table.alpha_3.split_whitespace().filter_map(|pair| pair.split_once('-'));
    let mut codes: Codes = three.map(|(three, two)| (key(three), two.into())).collect();
    for (code, names) in &table.names {
        codes.extend(names.iter().map(|name| (key(name), code.clone())));
    }
    codes
});

/// The English names, by which a code is known too.
static ENGLISH: LazyLock<Option<CountryNames>> =
    LazyLock::new(|| CountryNames::of(&"en".parse().ok()?));

/// The two letters in ISO 3166-1 of a country, given by these, by the three letters, by its flag, or by a name
/// that people use in English, in Spanish, in the country itself or in one of `languages`. Case, accents,
/// punctuation and articles do not matter: people who fill in a form write "Mexico", "the Netherlands" and
/// "U.S.". A place may stand before it or in brackets: "Tijuana, B.C., México", "Germany (Berlin)".
pub(crate) fn code(text: &str, languages: &[Tag]) -> Option<EcoString> {
    let named = Named::of(languages);
    named.whole(text).or_else(|| flag(text)).or_else(|| named.part(text))
}

/// The country whose flag a text has, if it has only one: flags are written with the letters of their codes.
fn flag(text: &str) -> Option<EcoString> {
    let letter = |c| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c).then(|| u32::from(c) - 0x1F1E6);
    let letters = text.chars().filter_map(letter).map(|number| char::from(b'A' + number as u8));
    let code: EcoString = letters.collect();
    let has_text = text.chars().any(char::is_alphanumeric);
    (!has_text && code.len() == 2 && ENGLISH.as_ref()?.get(&code).is_some()).then_some(code)
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

    /// The country that a text names as a whole.
    fn whole(&self, text: &str) -> Option<EcoString> {
        self.find(text).or_else(|| self.find(without_article(text)?)).or_else(|| {
            let rest = without_form(text)?;
            self.find(rest).or_else(|| self.find(without_article(rest)?))
        })
    }

    /// The country that stands behind its place, as in "Berlin, Germany", or before a bracket. Unknown is a safe
    /// answer, and many places have the name of a country: Lebanon in Pennsylvania, and all of Georgia.
    fn part(&self, text: &str) -> Option<EcoString> {
        let before_bracket = text
            .split_once('(')
            .and_then(|(name, rest)| self.of_place(name, &parts(rest)).filter(|_| !is_short(name)));
        before_bracket.or_else(|| {
            let parts = parts(text.trim_end().strip_suffix("C.A.").unwrap_or(text));
            let is_region = |part: &&str| REGIONS.contains(&key(part));
            let regions = parts.iter().rev().take_while(|part| is_region(part)).count();
            let (name, rest) = parts[..parts.len() - regions].split_last()?;
            // Two letters may be those of a state, as in "San Diego, CA".
            self.of_place(name, rest).filter(|_| !is_short(name))
        })
    }

    /// The country with a `name`, if the `rest` of what was written says no other.
    fn of_place(&self, name: &str, rest: &[&str]) -> Option<EcoString> {
        /// The countries that have their names in common with states of the United States, or almost.
        const SHARED: &[&str] = &["GE", "JE"];
        let code = self.whole(name)?;
        if rest.iter().any(|part| STATES.contains(&key(part))) {
            return Some(code).filter(|code| code == "US");
        }
        let is_other =
            |part: &&str| !is_short(part) && self.whole(part).is_some_and(|other| other != code);
        let is_sure = rest.is_empty() || !SHARED.contains(&code.as_str());
        (is_sure && !rest.iter().any(is_other)).then_some(code)
    }

    fn find(&self, name: &str) -> Option<EcoString> {
        let key = key(name);
        // "N/A" is no answer.
        if key.len() == 2 && !name.contains('/') {
            let upper = key.to_uppercase();
            if ENGLISH.as_ref()?.get(&upper).is_some() {
                return Some(upper.into());
            }
        }
        let mut tables = std::iter::once(&*USUAL).chain(self.0.iter().map(|codes| &**codes));
        tables.find_map(|codes| codes.get(&key)).cloned()
    }
}

/// The parts of a text that says more than a country.
fn parts(text: &str) -> Vec<&str> {
    let marks = |c| matches!(c, ',' | ';' | '/' | '|' | '(' | ')' | '–' | '—');
    let parts = text.split(marks).flat_map(|part| part.split(" - ")).map(str::trim);
    parts.filter(|part| !key(part).is_empty()).collect()
}

/// Whether a part of a text is too short to be known for a country.
fn is_short(part: &str) -> bool {
    let key = key(part);
    key.len() < 3 && !["us", "uk"].contains(&&*key)
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
    let mut after_form = None;
    for _ in 0..4 {
        let Some((word, after)) = rest.trim_start().split_once(' ') else { break };
        let word = fold(word);
        rest = after;
        if after_form.is_some() && OF.contains(&&*word) {
            return Some(rest);
        }
        if FORMS.contains(&&*word) {
            after_form = Some(after);
        }
    }
    after_form
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

    /// People write the names of places that are called like a country.
    #[test]
    fn a_place_with_the_name_of_a_country_is_none() {
        for none in [
            "Atlanta, Georgia",
            "Georgia (Atlanta)",
            "Lebanon, Pennsylvania",
            "Lebanon (Pensilvania)",
            "Peru, Indiana",
            "Peru, IN",
            "Mexico, Missouri",
            "Jersey City, Jersey",
            "Panama City, Florida",
            "San Diego, California, México",
            "CA (San Diego)",
            "Mexico (USA)",
            "Israel (Palestine)",
            "España, Madrid, Perú",
            "Africa",
            "Kenya, Tanzania, Africa",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
        is("US", &["Georgia, USA", "Georgia (USA)", "Lebanon, Pennsylvania, USA", "USA (Georgia)"]);
        is("US", &["Mexico, Missouri, United States", "Nueva York, Estados Unidos", "Austin, US"]);
        is("GE", &["Georgia", "Georgia.", "Republic of Georgia"]);
        is("MX", &["Toluca, Estado de México, México", "Mexico, North America", "México, Mexico"]);
        is("PE", &["Lima (Perú)", "Perú (Lima)", "Lima, Perú, América del Sur"]);
    }

    /// Answers as people wrote them to "Country?", with what they meant, or nothing if nobody can know. The first
    /// half was read while the rules were made: they know all of it but what they leave alone on purpose, which
    /// has no code. The second half was not, and shows how good they are.
    #[test]
    fn answers_are_understood() {
        let read: &[(&str, &[&str])] = &[
            ("AE", &["UAE", "Emiratos Árabes Unidos"]),
            ("AR", &["Arg"]),
            ("AT", &["Österreich"]),
            ("AU", &["Australia"]),
            // The name was added after it was read.
            ("BA", &["Bosnia & Herz."]),
            ("BO", &["Estado Plurinacional de Bolivia"]),
            ("BR", &["Brazil", "Brasil/Brazil"]),
            ("CA", &["Canadá", "Quebec (Canada)"]),
            ("CH", &["Suisse"]),
            ("CI", &["Cote d’Ivoire"]),
            ("CL", &["Chile", "Santiago de Chile"]),
            ("CN", &["China (PRC)", "中国"]),
            ("CR", &["CR"]),
            ("CZ", &["Czechia (Czech Republic)"]),
            ("DE", &["Berlin (Germany)", "Deutschland"]),
            ("DO", &["Rep. Dominicana", "Dominican republic"]),
            ("EC", &["Ecuador"]),
            ("FR", &["Francia"]),
            (
                "GB",
                &[
                    "U.K.",
                    "Northern Ireland",
                    "Scotland",
                    "Great britain",
                    "Inglaterra",
                    "United Kingdom of Great Britain",
                ],
            ),
            ("GT", &["Guatemala, Centroamérica"]),
            ("HK", &["Hong Kong (China)"]),
            ("HT", &["Haití", "Ayiti"]),
            ("IE", &["Éire"]),
            ("IN", &["India"]),
            ("IR", &["Iran (Islamic Republic of)"]),
            ("JP", &["日本"]),
            ("KE", &["Kenya, Africa"]),
            ("KR", &["Corea", "S. Korea"]),
            ("LA", &["Lao PDR"]),
            ("MK", &["Macedonia del Norte"]),
            (
                "MX",
                &[
                    "Mexico city",
                    "Estados Unidos Mexicanos",
                    "CDMX",
                    "Tijuana, B.C., México",
                    "🇲🇽",
                    "MÉXICO",
                    "Mex.",
                    "Méx",
                ],
            ),
            ("NI", &["Nicaragua"]),
            ("NL", &["The Netherlands", "Nederland"]),
            ("NZ", &["New Zealand / Aotearoa"]),
            ("PE", &["Perú", "Lima - Perú"]),
            ("PR", &["Puerto Rico"]),
            ("PS", &["Palestine 🇵🇸"]),
            ("RU", &["Rusia"]),
            ("SA", &["Saudi arabia"]),
            ("SE", &["Sverige"]),
            ("SY", &["Syria"]),
            ("TL", &["Timor Leste"]),
            ("TT", &["Trinidad & Tobago"]),
            ("TW", &["Taiwán"]),
            ("UA", &["Україна"]),
            (
                "US",
                &[
                    "usa ",
                    "E.E.U.U.",
                    "Estados unidos de america",
                    "United states",
                    "U.S.",
                    "Georgia, USA",
                ],
            ),
            ("VC", &["St. Vincent and the Grenadines"]),
            ("VE", &["Republica Bolivariana de Venezuela"]),
            ("XK", &["Kosovo*"]),
            (
                "",
                &[
                    "San Diego, CA",
                    "Mexico/USA",
                    "Argentina, Uruguay",
                    "Palestina ocupada",
                    "N/A",
                    "ninguno",
                    "Worldwide",
                    "Estado de México",
                    "Mexico and USA",
                    "Both US and Mexico",
                    "Native Land",
                    "Navajo Nation",
                ],
            ),
        ];
        let counted: &[(&str, &[&str])] = &[
            ("AE", &["United Arab Emirates (UAE)"]),
            ("AR", &["Buenos Aires, Argentina", "República Argentina", "Arg."]),
            ("AU", &["Sydney Australia"]),
            ("BO", &["Bolivia (Plurinational State of)"]),
            ("BR", &["Brasil 🇧🇷", "São Paulo, Brasil"]),
            ("CA", &["Canada", "Toronto, Ontario, Canada", "Toronto, ON"]),
            ("CD", &["DR Congo"]),
            ("CH", &["Schweiz"]),
            ("CL", &["Chile 🇨🇱 "]),
            ("CN", &["P.R.C."]),
            ("CO", &["Col."]),
            ("CR", &["Costa rica"]),
            ("CU", &["Cuba"]),
            ("CV", &["Cabo verde"]),
            ("DE", &["Germany (Berlin)"]),
            ("DO", &["Republica dominicana", "R.D."]),
            ("EC", &["Equateur"]),
            ("ES", &["España"]),
            ("FR", &["France", "Paris"]),
            ("GB", &["London, UK", "England, UK", "Wales (UK)", "Reino unido", "UNITED KINGDOM"]),
            ("GE", &["Georgia"]),
            ("HK", &["Hong Kong SAR"]),
            ("HN", &["Honduras C.A."]),
            ("HT", &["Haiti"]),
            ("IE", &["Republic of Ireland"]),
            ("IN", &["Bharat"]),
            ("IR", &["Islamic Republic of Iran"]),
            ("IT", &["Italia"]),
            ("JM", &["Jamaica"]),
            ("JP", &["Japan (日本)"]),
            ("KR", &["South korea", "Republic of Korea (South Korea)"]),
            ("MK", &["North Macedonia"]),
            ("MM", &["Burma/Myanmar"]),
            ("MX", &["Ciudad de México", "Tijuana, México", "México, D.F.", "mx", "Mex"]),
            ("NL", &["Holanda"]),
            ("NO", &["Norge"]),
            ("NZ", &["Aotearoa", "Aotearoa New Zealand"]),
            ("PE", &["Peru."]),
            ("PL", &["Polska"]),
            ("PR", &["Puerto Rico, USA"]),
            ("PS", &["Occupied Palestine"]),
            ("RU", &["Россия"]),
            ("SA", &["KSA"]),
            ("SV", &["El Salvador, C.A."]),
            ("SZ", &["Eswatini (Swaziland)"]),
            ("TR", &["Turkiye"]),
            ("TT", &["Trinidad and tobago"]),
            ("TW", &["Taiwan, Province of China"]),
            ("TZ", &["Tanzania, United Republic of"]),
            ("UA", &["Ukraine (Україна)"]),
            (
                "US",
                &[
                    "EEUU",
                    "San Diego, California, USA",
                    "🇺🇸 USA",
                    "U S A",
                    "EE.UU",
                    "United States Of America (USA)",
                    "US of A",
                    "Unites States",
                ],
            ),
            ("VA", &["Vatican"]),
            ("VE", &["Venezuela (RB)"]),
            ("VN", &["Viet nam"]),
            ("XK", &["Kosovo (UNSCR 1244)"]),
            (
                "",
                &[
                    "México - Estados Unidos",
                    "Global",
                    "-",
                    "Latinoamérica",
                    "México y EEUU",
                    "USA/Mexico",
                    "Turtle Island",
                    "Israel/Palestine",
                ],
            ),
        ];
        let wrong = |answers: &[(&str, &[&str])]| {
            let one = |code: &str, answer: &str| {
                let found = of(answer).unwrap_or_default();
                (found != code).then(|| format!("{answer} is {found:?}, not {code:?}"))
            };
            let all =
                answers.iter().flat_map(|(code, all)| all.iter().filter_map(|a| one(code, a)));
            all.collect::<Vec<_>>()
        };
        assert_eq!(wrong(read), Vec::<String>::new());
        let (missed, all) =
            (wrong(counted), counted.iter().map(|(_, all)| all.len()).sum::<usize>());
        assert!(all - missed.len() >= 80, "{} of {all}: {missed:#?}", all - missed.len());
        // No answer is better than a wrong one.
        let is_invented = |missed: &&String| !missed.contains("is \"\"");
        assert_eq!(missed.iter().filter(is_invented).count(), 0, "{missed:#?}");
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
