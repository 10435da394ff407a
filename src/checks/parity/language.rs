//! Finds texts that are not in the language of their key, and texts that are not translated.

use crate::checks::parity::Pair;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::language::detection::{LanguageDetector, judged};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// Reports the texts of two languages of a letter that are in a different language. Returns for each
/// pair whether the translation is identical to the original.
pub(crate) fn report(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    pairs: &[Pair<'_>],
    problems: &Problems,
) -> Vec<bool> {
    Comparison { original, translation, problems }.report_language(pairs)
}

/// Two languages of a letter to compare.
struct Comparison<'c> {
    original: &'c Variant<'c>,
    translation: &'c Variant<'c>,
    problems: &'c Problems,
}

impl Comparison<'_> {
    /// Reports texts that are not in the language of their key. Returns for each pair whether the
    /// translation is identical to the original.
    fn report_language(&self, pairs: &[Pair<'_>]) -> Vec<bool> {
        let untranslated: Vec<bool> =
            pairs.iter().map(|pair| is_untranslated(pair.original, pair.translation)).collect();
        for (pair, _) in pairs.iter().zip(&untranslated).filter(|(_, same)| **same) {
            let diagnostic = Diagnostic::new(
                Code::Untranslated,
                pair.translation.place.clone(),
                say!("this is not translated"),
            );
            let there = say!("it says the same here");
            self.problems.push(diagnostic.relate(pair.original.place.clone(), there).hint(say!(
                "translate it, or mark a passage in another language as [text](lang:TAG)"
            )));
        }
        let detector = LanguageDetector::new([self.original.tag, self.translation.tag].into_iter());
        for variant in [self.original, self.translation] {
            let copies = pairs.iter().zip(&untranslated).filter(|(_, same)| **same);
            let places =
                copies.flat_map(|(pair, _)| [&pair.original.place, &pair.translation.place]);
            self.report_variant(variant, &places.collect::<Vec<_>>(), &detector);
        }
        untranslated
    }

    /// Reports the texts of one language that are in another, except those at the places of `copied`,
    /// which are untranslated.
    fn report_variant(
        &self,
        variant: &Variant<'_>,
        copied: &[&Place],
        detector: &LanguageDetector,
    ) {
        let tag = variant.tag;
        let is_own = |segment: &&Segment| !copied.contains(&&segment.place);
        let bodies: Vec<&Segment> = variant.segments.iter().filter(is_own).collect();
        let in_other = |segment: &Segment| {
            let own = !matches!(segment.kind, SegmentKind::Quote | SegmentKind::Code);
            own.then(|| detector.other_language(&segment.text, &segment.foreign, tag)).flatten()
        };
        // A body under the wrong key is one mistake.
        let own = bodies.iter().filter(|segment| segment.kind != SegmentKind::Quote);
        let whole: String =
            own.map(|segment| judged(&segment.text, &segment.foreign) + " ").collect();
        let first = bodies.first().filter(|_| bodies.len() > 1);
        if let Some(first) = first
            && let Some(language) = detector.other_language(&whole, &[], tag)
        {
            let message =
                say!("this body is in `{language}`, but its key says `{tag}`", language, tag);
            let diagnostic = Diagnostic::new(Code::WrongLanguage, first.place.clone(), message);
            self.problems.push(
                diagnostic
                    .in_language(tag)
                    .hint(say!("check whether the files of two languages are mixed up")),
            );
            return;
        }
        let values = variant.values.iter().map(|value| &value.segment).filter(is_own);
        for segment in values {
            if let Some(language) = in_other(segment) {
                self.report_wrong_language(segment.place.clone(), language, variant);
            }
        }
        for segment in bodies {
            match in_other(segment) {
                Some(language) => {
                    self.report_wrong_language(segment.place.clone(), language, variant);
                }
                None => self.report_sentences(segment, variant, detector),
            }
        }
    }

    /// Sentences in another language inside a paragraph that is in the right one.
    fn report_sentences(
        &self,
        segment: &Segment,
        variant: &Variant<'_>,
        detector: &LanguageDetector,
    ) {
        if matches!(segment.kind, SegmentKind::Quote | SegmentKind::Code) {
            return;
        }
        let sentences = sentences(&segment.text);
        if sentences.len() < 2 {
            return;
        }
        for range in sentences {
            let foreign: Vec<_> = segment
                .foreign
                .iter()
                .filter(|foreign| foreign.start < range.end && range.start < foreign.end)
                .map(|f| f.start.saturating_sub(range.start)..f.end.saturating_sub(range.start))
                .collect();
            let text = &segment.text[range.clone()];
            if let Some(language) = detector.other_language(text, &foreign, variant.tag) {
                self.report_wrong_language(segment.locate(range), language, variant);
            }
        }
    }

    fn report_wrong_language(&self, place: Place, language: &str, variant: &Variant<'_>) {
        let tag = variant.tag;
        let message = say!("this is in `{language}`, not in `{tag}`", language, tag);
        let diagnostic = Diagnostic::new(Code::WrongLanguage, place, message).in_language(tag);
        self.problems.push(diagnostic.hint(say!(
            "translate it, or mark it as [text](lang:{language}) if this is intended",
            language
        )));
    }
}

/// Whether a translation is identical to the original and is more than a name.
fn is_untranslated(original: &Segment, translation: &Segment) -> bool {
    if matches!(translation.kind, SegmentKind::Quote | SegmentKind::Code | SegmentKind::Rule) {
        return false;
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if words(&original.text) != words(&translation.text) {
        return false;
    }
    let own = judged(&translation.text, &translation.foreign);
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    let all = words(&translation.text).iter().filter(|word| is_word(&word.as_str())).count();
    let lower = own.split_whitespace().filter(|w| w.starts_with(char::is_lowercase)).count();
    lower >= 3 && lower * 5 > all * 3
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    use unicode_segmentation::UnicodeSegmentation;
    text.split_sentence_bound_indices()
        .map(|(start, sentence)| start..start + sentence.trim_end().len())
        .collect()
}
