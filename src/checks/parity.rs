//! Compares the languages of a letter: whether each says what the original says.

pub(crate) mod acronyms;
pub(crate) mod blocks;
pub(crate) mod counterparts;
#[cfg(test)]
mod labelled;
pub(crate) mod language;
mod likeness;
pub(crate) mod links;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod segments;
pub(crate) mod structure;

use crate::checks::NotCompared;
use crate::checks::parity::counterparts::{Counterparts, counterparts};
use crate::checks::parity::links::Targets;
use crate::checks::parity::names::Names;
use crate::checks::parity::segments::{Segment, Variant, translated};
use crate::language::detection::LanguageDetector;
use crate::language::number_reader::Reads;
use crate::problems::Problems;

/// Two segments that say the same thing in two languages.
#[derive(Copy, Clone)]
pub(crate) struct Pair<'p> {
    /// The segment of the original.
    pub original: &'p Segment,
    /// The segment of the translation.
    pub translation: &'p Segment,
}

/// Reports how a translation differs from the original, and returns which segments were found to be
/// counterparts.
pub(crate) fn report(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    targets: &Targets<'_>,
    names: &Names,
    problems: &Problems,
) -> Option<Counterparts> {
    let found = Problems::default();
    let detector = LanguageDetector::new([original.tag, translation.tag].into_iter());
    let wrong = language::report_bodies(original, translation, &detector, &found);
    let mut aligned = None;
    if !wrong && !original.segments.is_empty() && !translation.segments.is_empty() {
        aligned = counterparts(original, translation, targets);
        match &aligned {
            Some(counterparts) => {
                structure::report(original, translation, counterparts, &found);
            }
            None => structure::report_too_long(original, translation, &found),
        }
    }
    let joined = aligned.iter().flat_map(|found| joined(original, translation, found));
    let joined: Vec<(Segment, Segment)> = joined.collect();
    let mut pairs: Vec<Pair<'_>> =
        joined.iter().map(|(original, translation)| Pair { original, translation }).collect();
    let translated = translated(original, translation);
    let values: Vec<(Segment, Segment)> = (translated.iter())
        .filter(|(value, _)| is_compared(&value.key))
        .map(|(one, other)| (original.read(one), translation.read(other)))
        .collect();
    pairs.extend(values.iter().map(|(original, translation)| Pair { original, translation }));
    let own: Vec<&Segment> =
        translated.iter().flat_map(|(one, other)| [&one.segment, &other.segment]).collect();
    let untranslated =
        language::report((original, translation), (&pairs, &own), (&detector, !wrong), &found);
    let mut untranslated = untranslated.into_iter();
    pairs.retain(|_| !untranslated.next().unwrap_or_default());
    let tags = (original.tag, translation.tag);
    links::compare(&pairs, targets, tags, &found);
    let reads = (original.reader.reads(), translation.reader.reads());
    for pair in &pairs {
        links::compare_placeholders(*pair, &found);
        numbers::compare(*pair, reads, &found);
    }
    let offices: Vec<&Segment> = (translated.iter())
        .filter(|(value, _)| is_office(&value.key))
        .flat_map(|(one, other)| [&one.segment, &other.segment])
        .collect();
    names::compare(&pairs, (original, translation), (names, &offices), &found);
    for problem in found.into_sorted() {
        problems.push(match problem.lang {
            Some(_) => problem,
            None => problem.in_language(translation.tag),
        });
    }
    aligned
}

/// Whether the numbers and the names of a value are compared. Names of people, organizations and places may be
/// others in each language.
fn is_compared(key: &str) -> bool {
    let is_name = key.starts_with("signatories.")
        && (key.ends_with(".name") || key.ends_with(".organization"));
    !is_name && key != "place"
}

/// Whether a value says what somebody is, or addresses somebody by it.
fn is_office(key: &str) -> bool {
    let of_signatory = key.starts_with("signatories.") && key.ends_with(".title");
    key == "salutation" || key.ends_with(".office") || of_signatory
}

/// What cannot be compared between two languages.
pub(crate) fn not_compared(original: &Variant<'_>, translation: &Variant<'_>) -> Vec<NotCompared> {
    let (one, other) = (original.reader.reads(), translation.reader.reads());
    let both = |get: fn(Reads) -> bool| get(one) && get(other);
    let latin = |variant: &Variant<'_>| {
        let letters =
            || variant.segments.iter().flat_map(|s| s.text.chars()).filter(|c| c.is_alphabetic());
        let own = letters()
            .filter(|c| matches!(c, 'a'..='z' | 'A'..='Z' | 'À'..='ɏ' | 'Ḁ'..='ỿ'))
            .count();
        own * 2 >= letters().count()
    };
    let is_known = |variant: &Variant<'_>| LanguageDetector::knows(variant.tag);
    let compared = [
        (both(|reads| reads.words), NotCompared::NumbersInWords),
        (both(|reads| reads.months), NotCompared::Months),
        (both(|reads| reads.percent), NotCompared::Units),
        (latin(original) == latin(translation), NotCompared::Names),
        (is_known(original) && is_known(translation), NotCompared::Language),
    ];
    compared.into_iter().filter(|(compared, _)| !compared).map(|(_, what)| what).collect()
}

/// The segments of two bodies that say the same, those that were merged or split as one. If most of the
/// translation is missing, only those of a similar length: the others are no translations.
fn joined(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    counterparts: &Counterparts,
) -> Vec<(Segment, Segment)> {
    let stub = structure::stub(original, translation, counterparts).is_some();
    let length = |segment: &Segment| segment.text.chars().count();
    counterparts
        .groups()
        .filter_map(|(first, second)| {
            let first = Segment::joined(&original.segments, first)?;
            Some((first, Segment::joined(&translation.segments, second)?))
        })
        .filter(|(one, other)| {
            let (one, other) = (length(one), length(other));
            !stub || one.max(other) * 2 <= one.min(other) * 3
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::fonts::Fonts;
    use crate::problems::Code;
    use crate::project::Project;

    static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::default()));

    /// The codes of the problems of a letter with these two bodies.
    fn codes(english: &str, spanish: &str) -> Vec<Code> {
        let letter = format!(
            "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle = \"T\"\nbody.en = {}\nbody.es = {}\n",
            toml::Value::from(english),
            toml::Value::from(spanish),
        );
        let project = Project::from_bytes(letter.into(), Path::new("."), None).expect("a letter");
        let problems = Problems::default();
        project.check(&FONTS, |_| true, &problems);
        problems.into_sorted().iter().map(|problem| problem.code).collect()
    }

    // A date would not be the same text in both languages.
    const BLOCK: &str = "(# |## |- |> |1\\. |\\| a \\| b \\|\n\\| --- \\| --- \\|\n\\| )?\
                         ([a-z]{1,8}|[A-Z]{2,4}|[0-9]{1,5}|mil|mayo|México|\\[x\\]\\(https://a.b/c\\)|[,.])\
                         ( ([a-z]{1,8}|[A-Z]{2,4}|[0-9]{1,5}|dos|«a»|\\{\\{signatory-count\\}\\})){0,6}";

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// Any two bodies can be compared; and identical bodies have the same structure, links, numbers
        /// and names.
        #[test]
        fn any_two_bodies_can_be_compared(
            one in proptest::collection::vec(BLOCK, 1..8),
            other in proptest::collection::vec(BLOCK, 1..8),
        ) {
            let (one, other) = (one.join("\n\n"), other.join("\n\n"));
            codes(&one, &other);
            let same = codes(&one, &one);
            let allowed = [Code::Untranslated, Code::WrongLanguage];
            // English and Spanish have different number words.
            let differ = |code: &Code| code.as_str().starts_with("parity") && *code != Code::ParityNumbers;
            proptest::prop_assert!(
                !same.iter().any(|code| differ(code) && !allowed.contains(code)), "{:?}: {}", same, one
            );
        }
    }

    #[test]
    fn a_body_of_very_many_paragraphs_is_reported_and_not_compared() {
        let many = "a\n\n".repeat(2_100);
        assert_eq!(codes(&many, &many), [Code::ParityStructure]);
    }
}
