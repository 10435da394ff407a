//! What is known of signatories as a whole: how many there are and in which order they stand.

use icu_collator::options::{AlternateHandling, CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorPreferences};

use crate::language::{Conventions, Tag};
use crate::letter::Signatory;
use crate::placeholders::Placeholders;
use crate::spec::{self, Kind, Sort};
use crate::words::Words;

/// How many sign. Withdrawn signatures do not count.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
pub struct Counts {
    /// The entries of the list itself.
    pub signatories: usize,
    /// The organizations and coalitions among them.
    pub organizations: usize,
    /// The people among them.
    pub persons: usize,
    /// The members of coalitions, at any depth.
    pub members: usize,
}

impl Counts {
    /// Counts a list.
    pub fn of(signatories: &[spec::Signatory]) -> Self {
        let mut counts = Self::default();
        for signatory in signing(signatories) {
            counts.signatories += 1;
            match signatory.kind {
                Kind::Organization => counts.organizations += 1,
                Kind::Person => counts.persons += 1,
            }
            counts.members += members(&signatory.members);
        }
        counts
    }

    /// What the placeholders of a letter stand for in a language.
    pub fn placeholders(&self, conventions: &Conventions, date: &str) -> Placeholders {
        Placeholders::new(vec![
            ("signatory-count", conventions.number(self.signatories)),
            ("organization-count", conventions.number(self.organizations)),
            ("person-count", conventions.number(self.persons)),
            ("member-count", conventions.number(self.members)),
            ("date", date.to_owned()),
        ])
    }
}

fn signing(signatories: &[spec::Signatory]) -> impl Iterator<Item = &spec::Signatory> {
    signatories.iter().filter(|signatory| signatory.withdrawn.is_none())
}

fn members(signatories: &[spec::Signatory]) -> usize {
    signing(signatories).map(|signatory| 1 + members(&signatory.members)).sum()
}

/// The signatories in the order they are printed. Members stay in the order that their coalition
/// gives them.
pub fn ordered(
    mut signatories: Vec<Signatory>,
    sort: Sort,
    tag: &Tag,
    words: &Words,
) -> Vec<Signatory> {
    if sort == Sort::Name
        && let Some(order) = Order::of(tag)
    {
        // Equal names keep the order they are listed in.
        signatories.sort_by_cached_key(|signatory| order.key(signatory, words));
    }
    signatories
}

/// The order of names in a language: the collation of the Unicode CLDR for it, in which ñ follows n
/// in Spanish, accents and letter case only break ties, punctuation does not count and digits count
/// by their value.
pub struct Order(icu_collator::CollatorBorrowed<'static>);

impl Order {
    /// The order of a language. `None` if ICU4X has no data for it.
    pub fn of(tag: &Tag) -> Option<Self> {
        let mut preferences = CollatorPreferences::from(&tag.locale());
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Tertiary);
        options.alternate_handling = Some(AlternateHandling::Shifted);
        Collator::try_new(preferences, options).ok().map(Self)
    }

    /// What a signatory is sorted by. Keys compare byte by byte.
    pub fn key(&self, signatory: &Signatory, words: &Words) -> Vec<u8> {
        let name = match &signatory.sort_as {
            Some(sort_as) => sort_as.as_str(),
            None => significant(&signatory.name.text, &words.articles),
        };
        let mut key = Vec::new();
        // Writing to memory cannot fail.
        let _infallible = self.0.write_sort_key_to(name, &mut key);
        key
    }
}

/// A name without the quotes and the article it begins with.
fn significant<'n>(name: &'n str, articles: &[String]) -> &'n str {
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some((first, rest)) = name.split_once(char::is_whitespace) else { return name };
    let is_article = articles.iter().any(|article| article.to_lowercase() == first.to_lowercase());
    let rest = rest.trim_start();
    if is_article && !rest.is_empty() { rest } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: &str, names: &[&'static str]) -> Vec<&'static str> {
        let tag: Tag = language.parse().expect("a tag");
        let words = Words::of(&tag).expect("words");
        let order = Order::of(&tag).expect("an order");
        let mut names = names.to_vec();
        names.sort_by_cached_key(|name| {
            let mut key = Vec::new();
            let _infallible =
                order.0.write_sort_key_to(significant(name, &words.articles), &mut key);
            key
        });
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
}
