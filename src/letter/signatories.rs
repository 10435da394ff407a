//! Properties of signatories as a whole: how many there are, and their order.

use std::collections::BTreeSet;

use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorPreferences};
use unicode_normalization::char::is_combining_mark;

use crate::language::Tag;
use crate::language::conventions::Conventions;
use crate::language::honorifics;
use crate::language::number_words::{Gender, spelled};
use crate::language::words::Words;
use crate::letter::placeholders::{COUNTRY_COUNT, Placeholders};
use crate::letter::{self, Group, Letter};
use crate::spec::{self, Kind, Sort};

/// The numbers of signatories. Withdrawn signatures do not count.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Counts {
    /// The entries of the list itself.
    pub signatories: usize,
    /// The organizations and coalitions among them.
    pub organizations: usize,
    /// The people among them.
    pub persons: usize,
    /// The members of coalitions, at any level.
    pub members: usize,
    /// The countries of the signatories.
    pub countries: usize,
}

impl Counts {
    /// Counts a list.
    pub(crate) fn of(signatories: &[spec::Signatory]) -> Self {
        let mut counts = Self::default();
        let mut countries = BTreeSet::new();
        for signatory in signing(signatories) {
            let signatures = signatures(&signatory.places);
            counts.signatories += signatures;
            match signatory.kind {
                Kind::Organization => counts.organizations += signatures,
                Kind::Person => counts.persons += signatures,
            }
            counts.members += members(&signatory.members);
            countries.extend(signatory.country.as_ref().and_then(|country| country.code.clone()));
        }
        counts.countries = countries.len();
        counts
    }

    /// The values of the placeholders of a letter in a language: each count in digits, and in words that
    /// agree with the noun counted.
    pub(crate) fn placeholders(
        &self,
        tag: &Tag,
        conventions: &Conventions,
        date: &str,
    ) -> Placeholders {
        use Gender::{Feminine, Masculine};
        let counts = [
            ("signatory-count", "signatory-count:words", self.signatories, Masculine),
            ("organization-count", "organization-count:words", self.organizations, Feminine),
            ("person-count", "person-count:words", self.persons, Feminine),
            ("member-count", "member-count:words", self.members, Masculine),
            (COUNTRY_COUNT, "country-count:words", self.countries, Masculine),
        ];
        let mut values = vec![("date", date.to_owned())];
        for (name, in_words, number, gender) in counts {
            let digits = conventions.number(number);
            let words = spelled(number, tag.language(), gender).unwrap_or_else(|| digits.clone());
            values.push((name, digits));
            values.push((in_words, words));
        }
        Placeholders::new(values)
    }
}

impl Group {
    /// How many sign.
    pub(crate) fn count(&self) -> usize {
        self.signatories.iter().map(|signatory| signatures(&signatory.places)).sum()
    }
}

impl Letter {
    /// How many signatories do not give their names, in words that go on after the list. `None` if there
    /// are none, if they are in the list, or if the letter's label is empty. With the language of the words, if that
    /// is not the letter's.
    pub(crate) fn anonymous_line(&self) -> Option<(String, Option<&Tag>)> {
        let count = self.anonymous.len();
        if count == 0 {
            return None;
        }
        let label = self.conventions.form_of("anonymous", count, &self.words);
        let number = self.conventions.number(count);
        let line = self.words.labels.get(&label)?.replace("{number}", &number);
        (!line.trim().is_empty()).then(|| (line, self.label_lang(&label)))
    }
}

/// The signatories who have not withdrawn.
pub(crate) fn signing(signatories: &[spec::Signatory]) -> impl Iterator<Item = &spec::Signatory> {
    signatories.iter().filter(|signatory| signatory.withdrawn.is_none())
}

/// How many sign in an entry: with several places, one for each.
fn signatures<T>(places: &[T]) -> usize {
    places.len().max(1)
}

fn members(signatories: &[spec::Signatory]) -> usize {
    let number = |one: &spec::Signatory| signatures(&one.places) + members(&one.members);
    signing(signatories).map(number).sum()
}

/// The signatories in print order. Members stay in the order given by their coalition.
pub(crate) fn ordered(
    mut signatories: Vec<letter::Signatory>,
    sort: Sort,
    tag: &Tag,
    words: &Words,
) -> Vec<letter::Signatory> {
    if sort == Sort::Name
        && let Some(order) = Order::of(tag)
    {
        // Equal names keep the order they are listed in.
        signatories.sort_by_cached_key(|signatory| order.key(signatory, words));
    }
    signatories
}

/// The order of names in a language: its collation in the Unicode CLDR. In Spanish ñ follows n; accents
/// and case only break ties, and digits count by their value.
pub(crate) struct Order {
    collator: icu_collator::CollatorBorrowed<'static>,
    language: Tag,
}

impl Order {
    /// The order of a language. `None` if ICU4X has no data for it.
    pub(crate) fn of(tag: &Tag) -> Option<Self> {
        let mut preferences = CollatorPreferences::from(&tag.locale());
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let collator = Collator::try_new(preferences, Default::default()).ok()?;
        Some(Self { collator, language: tag.clone() })
    }

    /// The sort key of a signatory. Keys compare byte by byte.
    pub(crate) fn key(&self, signatory: &letter::Signatory, words: &Words) -> Vec<u8> {
        let name = &signatory.name.text;
        match (&signatory.sort_as, &signatory.family_name, signatory.kind) {
            (Some(sort_as), ..) => self.key_of(sort_as, &[]),
            (None, Some(family), _) => {
                let family =
                    without_particles(family, signatory.country.as_deref(), &self.language);
                self.key_of(&format!("{family} {name}"), &[])
            }
            // No person is called by an article: "A. Hill", "An Nguyen", "El Mehdi".
            (None, None, Kind::Person) => {
                self.key_of(honorifics::without(name, words.honorifics()), &[])
            }
            (None, None, Kind::Organization) => self.key_of(name, &words.articles),
        }
    }

    /// The sort key of a name, without its leading article.
    pub(crate) fn key_of(&self, name: &str, articles: &[String]) -> Vec<u8> {
        let mut key = Vec::new();
        let Ok(()) = self.collator.write_sort_key_to(&sortable(name, articles), &mut key);
        key
    }
}

/// The part of a name used for sorting: without punctuation and without its leading article.
fn sortable(name: &str, articles: &[String]) -> String {
    let kept: String = name
        .chars()
        .map(|c| if matches!(c, '-' | '/' | '–' | '—') { ' ' } else { c })
        .filter(|c| c.is_alphanumeric() || c.is_whitespace() || is_combining_mark(*c))
        .collect();
    let mut words: Vec<&str> = kept.split_whitespace().collect();
    let is_article = |word: &str| articles.iter().any(|a| a.to_lowercase() == word.to_lowercase());
    let is_initial = name.trim_start().chars().nth(1) == Some('.');
    if words.len() > 1 && is_article(words[0]) && !is_initial {
        words.remove(0);
    }
    words.join(" ")
}

/// A family name without the particles that its country does not sort by: "Gogh" of "van Gogh" in the
/// Netherlands, but not in Belgium. Without a country, that of the letter's language counts.
///
/// Source: IFLA, "Names of Persons: National Usages for Entry in Catalogues", 4th edition, 1996.
fn without_particles<'n>(family: &'n str, country: Option<&str>, language: &Tag) -> &'n str {
    /// The particles that are left out, those of several words first.
    const PARTICLES: [(&[&str], &[&str]); 5] = [
        // An article alone stays: "Las Heras".
        (
            &[
                "ES", "MX", "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "GT", "HN", "NI", "PA",
                "PE", "PR", "PY", "SV", "UY", "VE", "es",
            ],
            &["de la", "de las", "de los", "de el", "del", "de", "y"],
        ),
        (&["BR", "PT", "AO", "MZ", "pt"], &["da", "das", "de", "do", "dos", "e"]),
        // "La Fontaine", "Du Bellay" and "Des Forêts" stay.
        (&["FR", "fr"], &["de", "d'", "d’"]),
        // "Zum Felde" and "Vom Ende" stay.
        (&["DE", "AT", "CH", "de"], &["von und zu", "von der", "von dem", "von den", "von", "zu"]),
        (
            &["NL", "nl"],
            &[
                "van der", "van den", "van de", "van het", "van 't", "van ’t", "van", "den", "der",
                "de", "in 't", "in ’t", "ten", "ter", "te", "'t", "’t", "het", "op de", "uit den",
            ],
        ),
    ];
    let language = language.to_string();
    let (base, region) = language.split_once('-').unwrap_or((&language, ""));
    let of = |place: &str| PARTICLES.iter().find(|(places, _)| places.contains(&place));
    let particles = match country {
        Some(country) => of(country),
        None if region.is_empty() => of(base),
        None => of(region),
    };
    let Some((_, particles)) = particles else { return family };
    let rest = particles.iter().find_map(|particle| {
        let head = family.get(..particle.len())?;
        let rest = &family[particle.len()..];
        let whole = particle.ends_with(['\'', '’']) || rest.starts_with(' ');
        (whole && head.to_lowercase() == *particle).then(|| rest.trim_start())
    });
    rest.filter(|rest| !rest.is_empty()).unwrap_or(family)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sorted(language: &str, names: &[&'static str]) -> Vec<&'static str> {
        let tag: Tag = language.parse().expect("a tag");
        let words = Words::of(&tag);
        let order = Order::of(&tag).expect("an order");
        let mut names = names.to_vec();
        names.sort_by_cached_key(|name| order.key_of(name, &words.articles));
        names
    }

    #[test]
    fn spanish_sorts_as_spanish_does() {
        assert_eq!(
            sorted("es-MX", &["Ñandú", "Nzamba", "Óscar", "Nandú", "Oficina 10", "Oficina 9"]),
            ["Nandú", "Nzamba", "Ñandú", "Oficina 9", "Oficina 10", "Óscar"],
        );
        assert_eq!(sorted("en", &["Nz", "Ña"]), ["Ña", "Nz"]);
    }

    #[test]
    fn quotes_articles_case_and_accents_do_not_lead() {
        assert_eq!(
            sorted("es", &["Los Tigres", "«Alas»", "tigre", "Árbol", "Casa"]),
            ["«Alas»", "Árbol", "Casa", "tigre", "Los Tigres"],
        );
        assert_eq!(sorted("en", &["The Zoo", "Las Vanders", "A"]), ["A", "Las Vanders", "The Zoo"]);
    }

    #[test]
    fn initials_are_no_articles() {
        assert_eq!(sorted("en", &["Hill", "A. H.", "A Home"]), ["A. H.", "Hill", "A Home"]);
    }

    #[test]
    fn particles_count_as_in_the_country() {
        let family = |name, country: &str, tag: &str| {
            let country = (!country.is_empty()).then_some(country);
            without_particles(name, country, &tag.parse().expect("a tag")).to_owned()
        };
        assert_eq!(family("de la Cruz", "MX", "en"), "Cruz");
        assert_eq!(family("De la Cruz", "", "es"), "Cruz");
        assert_eq!(family("de la Cruz", "US", "es"), "de la Cruz");
        assert_eq!(family("Las Heras", "AR", "es"), "Las Heras");
        assert_eq!(family("dos Santos", "BR", "es"), "Santos");
        assert_eq!(family("van den Berg", "NL", "en"), "Berg");
        assert_eq!(family("van den Berg", "BE", "nl"), "van den Berg");
        assert_eq!(family("von der Leyen", "DE", "en"), "Leyen");
        assert_eq!(family("de La Fontaine", "FR", "en"), "La Fontaine");
        assert_eq!(family("d’Alembert", "FR", "en"), "Alembert");
        assert_eq!(family("De Niro", "IT", "en"), "De Niro");
        assert_eq!(family("Dejean", "FR", "fr"), "Dejean");
        assert_eq!(family("de", "ES", "es"), "de");
    }

    #[test]
    fn words_go_before_letters() {
        assert_eq!(
            sorted("es", &["Centroamérica", "Centro Zapata", "Centro, Ana"]),
            ["Centro, Ana", "Centro Zapata", "Centroamérica"],
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// The order of names is a total order, independent of how they were listed.
        #[test]
        fn sorting_does_not_depend_on_the_order_before(names in proptest::collection::vec("[A-Za-zÑñáéÜß\"',. 0-9-]{1,20}", 1..12)) {
            let order = Order::of(&"es".parse().expect("a tag")).expect("an order");
            let mut keys: BTreeMap<Vec<u8>, Vec<String>> = BTreeMap::new();
            for name in &names {
                keys.entry(order.key_of(name, &[])).or_default().push(name.clone());
            }
            let mut forward = names.clone();
            forward.sort_by_cached_key(|name| order.key_of(name, &[]));
            let mut backward: Vec<String> = names.into_iter().rev().collect();
            backward.sort_by_cached_key(|name| order.key_of(name, &[]));
            let classes = |list: &[String]| list.iter().map(|n| order.key_of(n, &[])).collect::<Vec<_>>();
            proptest::prop_assert_eq!(classes(&forward), classes(&backward));
            proptest::prop_assert!(classes(&forward).is_sorted());
        }
    }
}
