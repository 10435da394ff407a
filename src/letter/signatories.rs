//! What is known of signatories as a whole: how many there are, in which order they stand, and which
//! are there twice.

use std::collections::BTreeSet;

use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorPreferences};
use unicode_normalization::char::is_combining_mark;

use crate::checks::duplicates::{self, Likeness, Name};
use crate::language::number_words::{Gender, spelled};
use crate::language::words::Words;
use crate::language::{Conventions, Tag, country_code};
use crate::letter;
use crate::letter::placeholders::Placeholders;
use crate::problems::{Code, Diagnostic, Problems};
use crate::spec::signatory_sources::name_place;
use crate::spec::{self, Kind, Sort};
use crate::words::message::say;

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
    /// The countries that they name.
    pub countries: usize,
}

impl Counts {
    /// Counts a list.
    pub fn of(signatories: &[spec::Signatory]) -> Self {
        let mut counts = Self::default();
        let mut countries = BTreeSet::new();
        for signatory in signing(signatories) {
            counts.signatories += 1;
            match signatory.kind {
                Kind::Organization => counts.organizations += 1,
                Kind::Person => counts.persons += 1,
            }
            counts.members += members(&signatory.members);
            countries.extend(signatory.country.as_ref().and_then(|c| country_code(&c.value)));
        }
        counts.countries = countries.len();
        counts
    }

    /// What the placeholders of a letter stand for in a language: each count in digits, and in words
    /// that agree with the noun it counts.
    pub fn placeholders(&self, tag: &Tag, conventions: &Conventions, date: &str) -> Placeholders {
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

/// Those who have not withdrawn.
pub fn signing(signatories: &[spec::Signatory]) -> impl Iterator<Item = &spec::Signatory> {
    signatories.iter().filter(|signatory| signatory.withdrawn.is_none())
}

fn members(signatories: &[spec::Signatory]) -> usize {
    signing(signatories).map(|signatory| 1 + members(&signatory.members)).sum()
}

/// The signatories in the order they are printed. Members stay in the order that their coalition
/// gives them.
pub fn ordered(
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

/// The order of names in a language: the collation of the Unicode CLDR for it, in which ñ follows n
/// in Spanish, accents and letter case only break ties and digits count by their value.
pub struct Order(icu_collator::CollatorBorrowed<'static>);

impl Order {
    /// The order of a language. `None` if ICU4X has no data for it.
    pub fn of(tag: &Tag) -> Option<Self> {
        let mut preferences = CollatorPreferences::from(&tag.locale());
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        Collator::try_new(preferences, Default::default()).ok().map(Self)
    }

    /// What a signatory is sorted by. Keys compare byte by byte.
    pub fn key(&self, signatory: &letter::Signatory, words: &Words) -> Vec<u8> {
        match (&signatory.sort_as, &signatory.family_name) {
            (Some(sort_as), _) => self.key_of(sort_as, &[]),
            (None, Some(family)) => self.key_of(&format!("{family} {}", signatory.name.text), &[]),
            (None, None) => self.key_of(&signatory.name.text, &words.articles),
        }
    }

    /// What a name is sorted by, without one of these articles.
    pub fn key_of(&self, name: &str, articles: &[String]) -> Vec<u8> {
        let mut key = Vec::new();
        let Ok(()) = self.0.write_sort_key_to(&significant(name, articles), &mut key);
        key
    }
}

/// A name as it is sorted: without its punctuation, and without the article it begins with.
fn significant(name: &str, articles: &[String]) -> String {
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

/// Says which signatories stand out of order, where a list that is to be printed as it is listed is
/// nearly sorted. A list in an order of its own is nobody's mistake.
pub fn report_order(
    signatories: &[letter::Signatory],
    tag: &Tag,
    words: &Words,
    problems: &Problems,
) {
    /// Of how many signatories one may be out of place in a list that was meant to be sorted.
    const ONE_IN: usize = 10;
    let Some(order) = Order::of(tag) else { return };
    let keys: Vec<Vec<u8>> = signatories.iter().map(|s| order.key(s, words)).collect();
    let in_place = longest_ascending(&keys);
    let misplaced = signatories.len() - in_place.len();
    if misplaced == 0 || signatories.len() < 5 || misplaced * ONE_IN > signatories.len() {
        return;
    }
    for (index, signatory) in signatories.iter().enumerate() {
        if in_place.binary_search(&index).is_ok() {
            continue;
        }
        // The first of those in place that follows it by name.
        let next = in_place.iter().find(|other| keys[**other] > keys[index]);
        let name = &signatory.name.text;
        let mut diagnostic = Diagnostic::new(
            Code::UnsortedSignatories,
            signatory.name.source.place.clone(),
            say!("`{name}` is out of order", "`{name}` está fuera de orden"),
        );
        diagnostic = match next.map(|next| &signatories[*next]) {
            Some(next) => {
                let before = &next.name.text;
                diagnostic.relate(
                    next.name.source.place.clone(),
                    say!("it would stand before `{before}`", "iría antes de `{before}`"),
                )
            }
            None => diagnostic,
        };
        problems.push(diagnostic.hint(say!(
            "move it, or let sort = \"name\" in [signature-block] put all in order",
            "muévalo, o deje que sort = \"name\" en [signature-block] ordene todos"
        )));
    }
}

/// The indices of the longest run of keys that ascend, with gaps: all keys but those are out of place.
///
/// It is patience sorting, in n log n (Schensted 1961; Fredman 1975).
fn longest_ascending(keys: &[Vec<u8>]) -> Vec<usize> {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; keys.len()];
    for (index, key) in keys.iter().enumerate() {
        let pile = tops.partition_point(|top| keys[*top] <= *key);
        before[index] = pile.checked_sub(1).map(|pile| tops[pile]);
        if pile == tops.len() {
            tops.push(index);
        } else {
            tops[pile] = index;
        }
    }
    let mut run = Vec::new();
    let mut next = tops.last().copied();
    while let Some(index) = next {
        run.push(index);
        next = before[index];
    }
    run.reverse();
    run
}

/// Says which signatories are there twice, at any level.
pub fn report_duplicates(signatories: &[spec::Signatory], problems: &Problems) {
    let mut all: Vec<&spec::Signatory> = Vec::new();
    flatten(signatories, &mut all);
    let names: Vec<Name> = all.iter().map(|signatory| comparable(signatory)).collect();
    for (first, second, likeness) in duplicates::find(&names) {
        let (first, second) = (all[first], all[second]);
        if was_judged(first, second) || was_judged(second, first) {
            continue;
        }
        let (a, b) = (shown_name(first), shown_name(second));
        let (code, message) = match likeness {
            Likeness::Same if a == b => {
                (Code::DuplicateSignatory, say!("`{b}` is there twice", "`{b}` aparece dos veces"))
            }
            Likeness::Same => (
                Code::DuplicateSignatory,
                say!("`{b}` is there already as `{a}`", "`{b}` ya aparece como `{a}`"),
            ),
            Likeness::Near => (
                Code::NearDuplicateSignatory,
                say!("`{b}` may be the same as `{a}`", "`{b}` puede ser lo mismo que `{a}`"),
            ),
        };
        problems.push(
            Diagnostic::new(code, name_place(second).clone(), message)
                .relate(name_place(first).clone(), say!("`{a}` is here", "`{a}` está aquí"))
                .hint(if a == b {
                    say!(
                        "take one out; if they are two, tell them apart by title, organization or place",
                        "quite uno; si son dos, distíngalos por cargo, organización o lugar"
                    )
                } else {
                    say!(
                        "take one out, or say not-duplicate-of = \"{a}\" if they are two",
                        "quite uno, o diga not-duplicate-of = \"{a}\" si son dos"
                    )
                }),
        );
    }
}

fn flatten<'s>(signatories: &'s [spec::Signatory], all: &mut Vec<&'s spec::Signatory>) {
    for signatory in signing(signatories) {
        all.push(signatory);
        flatten(&signatory.members, all);
    }
}

fn shown_name(signatory: &spec::Signatory) -> &str {
    signatory.name.first().map_or("", |name| &name.value)
}

fn comparable(signatory: &spec::Signatory) -> Name {
    let text = |value: &Option<spec::Localized<crate::source::text::Text>>| {
        let first = value.as_ref().and_then(|value| value.first());
        first.map(|text| text.value.to_string()).unwrap_or_default()
    };
    match signatory.kind {
        Kind::Organization => Name::organization(shown_name(signatory)),
        Kind::Person => {
            let organization = text(&signatory.organization);
            let affiliation =
                if organization.is_empty() { text(&signatory.title) } else { organization };
            Name::person(shown_name(signatory), &affiliation)
        }
    }
}

/// Whether somebody has looked at these two and found that they are two.
fn was_judged(signatory: &spec::Signatory, other: &spec::Signatory) -> bool {
    let other = shown_name(other).trim();
    signatory.not_duplicate_of.iter().any(|name| name.value.trim() == other)
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn what_is_out_of_place_is_found() {
        let keys = |text: &str| text.bytes().map(|byte| vec![byte]).collect::<Vec<_>>();
        assert_eq!(longest_ascending(&keys("abxcd")), [0, 1, 3, 4]);
        assert_eq!(longest_ascending(&keys("")), [0usize; 0]);
        assert_eq!(longest_ascending(&keys("aab")), [0, 1, 2]);
    }
}
