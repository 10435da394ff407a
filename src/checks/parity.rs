//! Compares the languages of a letter: whether each says what the original says.

pub(crate) mod alignment;
pub(crate) mod counterparts;
pub(crate) mod language;
pub(crate) mod links;
pub(crate) mod names;
pub(crate) mod numbers;
pub(crate) mod segments;
pub(crate) mod structure;

use crate::checks::parity::counterparts::{Counterparts, counterparts};
use crate::checks::parity::links::Targets;
use crate::checks::parity::names::Names;
use crate::checks::parity::segments::{Segment, Variant};
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
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut aligned = None;
    if !original.segments.is_empty() && !translation.segments.is_empty() {
        aligned = counterparts(original, translation, targets);
        match &aligned {
            Some(counterparts) => {
                structure::report(original, translation, counterparts, &found);
                let there = counterparts.of_original.iter().zip(&original.segments);
                pairs.extend(there.filter_map(|(j, original)| {
                    Some(Pair { original, translation: &translation.segments[(*j)?] })
                }));
            }
            None => structure::report_too_long(original, translation, &found),
        }
    }
    for value in &translation.values {
        let same = original.values.iter().find(|other| other.key == value.key);
        // A text shared by all languages is the same in each of them.
        if let Some(same) = same.filter(|same| same.segment.place != value.segment.place) {
            pairs.push(Pair { original: &same.segment, translation: &value.segment });
        }
    }
    let untranslated = language::report(original, translation, &pairs, &found);
    for (pair, untranslated) in pairs.iter().zip(untranslated) {
        if untranslated {
            continue;
        }
        let tags = (original.tag, translation.tag);
        links::compare(*pair, targets, tags, &found);
        links::compare_placeholders(*pair, &found);
        numbers::compare(*pair, &found);
    }
    names::compare(&pairs, original.tag, translation.tag, names, &found);
    for problem in found.into_sorted() {
        problems.push(match problem.lang {
            Some(_) => problem,
            None => problem.in_language(translation.tag),
        });
    }
    aligned
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use super::*;
    use crate::fonts::{FontOptions, Fonts};
    use crate::problems::Code;
    use crate::project::Project;

    static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::new(&FontOptions::default()));

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
