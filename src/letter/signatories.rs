//! Properties of signatories as a whole: how many there are, and their order.

use std::collections::BTreeSet;

use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorPreferences};
use unicode_normalization::char::is_combining_mark;

use crate::language::number_words::{Gender, spelled};
use crate::language::words::Words;
use crate::language::{Conventions, Tag};
use crate::letter;
use crate::letter::placeholders::Placeholders;
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
            counts.signatories += 1;
            match signatory.kind {
                Kind::Organization => counts.organizations += 1,
                Kind::Person => counts.persons += 1,
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
            ("country-count", "country-count:words", self.countries, Masculine),
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

/// The signatories who have not withdrawn.
pub(crate) fn signing(signatories: &[spec::Signatory]) -> impl Iterator<Item = &spec::Signatory> {
    signatories.iter().filter(|signatory| signatory.withdrawn.is_none())
}

fn members(signatories: &[spec::Signatory]) -> usize {
    signing(signatories).map(|signatory| 1 + members(&signatory.members)).sum()
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
pub(crate) struct Order(icu_collator::CollatorBorrowed<'static>);

impl Order {
    /// The order of a language. `None` if ICU4X has no data for it.
    pub(crate) fn of(tag: &Tag) -> Option<Self> {
        let mut preferences = CollatorPreferences::from(&tag.locale());
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        Collator::try_new(preferences, Default::default()).ok().map(Self)
    }

    /// The sort key of a signatory. Keys compare byte by byte.
    pub(crate) fn key(&self, signatory: &letter::Signatory, words: &Words) -> Vec<u8> {
        match (&signatory.sort_as, &signatory.family_name) {
            (Some(sort_as), _) => self.key_of(sort_as, &[]),
            (None, Some(family)) => self.key_of(&format!("{family} {}", signatory.name.text), &[]),
            (None, None) => self.key_of(&signatory.name.text, &words.articles),
        }
    }

    /// The sort key of a name, without its leading article.
    pub(crate) fn key_of(&self, name: &str, articles: &[String]) -> Vec<u8> {
        let mut key = Vec::new();
        let Ok(()) = self.0.write_sort_key_to(&sortable(name, articles), &mut key);
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
    if words.len() > 1 && is_article(words[0]) {
        words.remove(0);
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn sorted(language: &str, names: &[&'static str]) -> Vec<&'static str> {
        let tag: Tag = language.parse().expect("a tag");
        let words = Words::of(&tag).expect("words");
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
