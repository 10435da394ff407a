//! Finds texts that are not in the language of their key, and texts that are not translated.

use std::collections::{HashMap, HashSet};

use crate::checks::parity::Pair;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant};
use crate::language::Tag;
use crate::language::detection::{LanguageDetector, judged};
use crate::language::small_words::language_of;
use crate::language::words::language_of_part;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::{Message, say};

/// Reports a body that is as a whole in another language, which is one mistake. Returns whether there
/// is one.
pub(crate) fn report_bodies(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    detector: &LanguageDetector,
    problems: &Problems,
) -> bool {
    let mut wrong: Vec<(&Variant<'_>, &str)> = [original, translation]
        .into_iter()
        .filter_map(|variant| Some((variant, language_of_body(variant, detector)?)))
        .collect();
    if wrong.is_empty() && is_copy(original, translation) {
        wrong.push((translation, original.tag.language()));
    }
    for (variant, language) in &wrong {
        let Some(first) = variant.segments.first() else { continue };
        let tag = variant.tag;
        let message = say!("this body is in `{language}`, but its key says `{tag}`", language, tag);
        problems.push(
            Diagnostic::new(Code::WrongLanguage, first.place.clone(), message)
                .in_language(tag)
                .hint(say!("check whether the files of two languages are mixed up")),
        );
    }
    !wrong.is_empty()
}

/// The language of a body of several paragraphs, if it is clearly different from that of its key.
fn language_of_body(variant: &Variant<'_>, detector: &LanguageDetector) -> Option<&'static str> {
    let own = |segment: &&Segment| !matches!(segment.kind, SegmentKind::Quote | SegmentKind::Code);
    let segments: Vec<&Segment> = variant.segments.iter().filter(own).collect();
    if segments.len() < 2 {
        return None;
    }
    let judged = |segment: &Segment| judged(&segment.text, &segment.foreign);
    let whole: String = segments.iter().map(|segment| judged(segment) + " ").collect();
    let language = detector.other_language(&whole, &[], variant.tag)?;
    // If some paragraphs are in the right one, the others are reported one by one.
    let mut letters = (0, 0);
    for text in segments.into_iter().map(judged) {
        let own = detector.language(&text) == Some(variant.tag.language());
        letters.0 += text.len();
        letters.1 += if own { text.len() } else { 0 };
    }
    (letters.1 * 5 <= letters.0).then_some(language)
}

/// Whether most of a body is the text of the original.
fn is_copy(original: &Variant<'_>, translation: &Variant<'_>) -> bool {
    let texts: HashMap<Vec<&str>, &Segment> =
        original.segments.iter().map(|segment| (words(&segment.text), segment)).collect();
    let mut letters = (0, 0, 0);
    for segment in &translation.segments {
        letters.0 += segment.text.len();
        let same = texts.get(&words(&segment.text));
        if same.is_some_and(|same| is_untranslated(same, segment)) {
            letters.1 += segment.text.len();
            letters.2 += 1;
        }
    }
    letters.2 > 1 && letters.1 * 5 >= letters.0 * 4
}

/// Reports the texts of two languages of a letter that are in a different language. If a body as a whole
/// is, only the other texts are considered. `own` are the values that each language has for itself. Returns for
/// each pair whether the translation is identical to the original.
pub(crate) fn report(
    (original, translation): (&Variant<'_>, &Variant<'_>),
    (pairs, own): (&[Pair<'_>], &[&Segment]),
    (detector, bodies): (&LanguageDetector, bool),
    problems: &Problems,
) -> Vec<bool> {
    let tags = [original.tag, translation.tag];
    let is_copy = |pair: &Pair<'_>| {
        let (one, other) = (pair.original, pair.translation);
        let value = other.kind == SegmentKind::Value && one.text == other.text;
        is_untranslated(one, other) || value && language_of_value(&other.text, tags).is_some()
    };
    let untranslated: Vec<bool> = pairs.iter().map(is_copy).collect();
    for (pair, _) in pairs.iter().zip(&untranslated).filter(|(_, same)| **same) {
        let diagnostic = Diagnostic::new(
            Code::Untranslated,
            pair.translation.place.clone(),
            say!("this is not translated"),
        );
        let there = say!("it says the same here");
        let hint = match pair.translation.kind {
            SegmentKind::Value => plain_hint(original.tag.language()),
            _ => say!("translate it, or mark a passage in another language as [text](lang:TAG)"),
        };
        problems.push(diagnostic.relate(pair.original.place.clone(), there).hint(hint));
    }
    let copies = || pairs.iter().zip(&untranslated).filter(|(_, same)| **same);
    let mut places: Vec<&Place> =
        copies().flat_map(|(pair, _)| [&pair.original.place, &pair.translation.place]).collect();
    places.extend(report_shared(original, translation, problems));
    for variant in [original, translation] {
        Judge { variant, own, detector, problems }.report(&places, bodies);
    }
    untranslated
}

/// Reports texts that are the same in all languages although they are in one of them, such as a plain string
/// as `subject`. Returns their places.
fn report_shared<'v>(
    original: &'v Variant<'v>,
    translation: &'v Variant<'v>,
    problems: &Problems,
) -> Vec<&'v Place> {
    let values = |variant: &'v Variant<'v>| {
        let is_name =
            |key: &str| key == "place" || key.ends_with(".organization") || key.ends_with(".name");
        let values = variant.values.iter().chain(&variant.others);
        values.filter(move |value| !is_name(&value.key)).map(|value| &value.segment)
    };
    let own: HashSet<&Place> = values(original).map(|segment| &segment.place).collect();
    let mut places = Vec::new();
    for segment in values(translation).filter(|segment| own.contains(&segment.place)) {
        let language = language_of_value(&segment.text, [original.tag, translation.tag]);
        let language = language.filter(|_| segment.foreign.is_empty());
        let Some(language) = language else { continue };
        let message = say!("this is in `{language}` in all languages", language);
        problems.push(
            Diagnostic::new(Code::Untranslated, segment.place.clone(), message)
                .hint(plain_hint(language)),
        );
        places.push(&segment.place);
    }
    places
}

/// Which of two languages a short text is in, if its words show it.
fn language_of_value<'t>(text: &str, tags: [&'t Tag; 2]) -> Option<&'t str> {
    let language = language_of(text, tags.map(Tag::language));
    language.or_else(|| language_of_part(text, tags))
}

/// The hint for a text that is not in a body, where there is no Markdown.
fn plain_hint(language: &str) -> Message {
    say!(
        "translate it, or write {{ text = \"…\", lang = \"{language}\" }} if it is the same in all languages",
        language
    )
}

/// Judges the texts of one language of a letter.
struct Judge<'j> {
    variant: &'j Variant<'j>,
    own: &'j [&'j Segment],
    detector: &'j LanguageDetector,
    problems: &'j Problems,
}

impl Judge<'_> {
    /// Reports the texts that are in another language, except those at the places of `copied`, which are
    /// untranslated.
    fn report(&self, copied: &[&Place], bodies: bool) {
        let is_own = |segment: &&Segment| !copied.contains(&&segment.place);
        let in_other = |segment: &Segment| {
            let own = !matches!(segment.kind, SegmentKind::Quote | SegmentKind::Code);
            let tag = self.variant.tag;
            let other = || self.detector.other_language(&segment.text, &segment.foreign, tag);
            own.then(other).flatten()
        };
        let own: HashSet<&Place> = self.own.iter().map(|segment| &segment.place).collect();
        let others = self.variant.others.iter().filter(|other| own.contains(&other.segment.place));
        let values = self.variant.values.iter().chain(others);
        for segment in values.map(|value| &value.segment).filter(is_own) {
            if let Some(language) = in_other(segment) {
                self.report_wrong_language(segment.place.clone(), language, plain_hint(language));
            }
        }
        for segment in self.variant.segments.iter().filter(is_own).filter(|_| bodies) {
            match in_other(segment) {
                Some(language) => {
                    self.report_wrong_language(segment.place.clone(), language, passage(language));
                }
                None => self.report_sentences(segment),
            }
        }
    }

    /// Sentences in another language inside a paragraph that is in the right one.
    fn report_sentences(&self, segment: &Segment) {
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
            let tag = self.variant.tag;
            if let Some(language) = self.detector.other_language(text, &foreign, tag) {
                self.report_wrong_language(segment.locate(range), language, passage(language));
            }
        }
    }

    fn report_wrong_language(&self, place: Place, language: &str, hint: Message) {
        let tag = self.variant.tag;
        let message = say!("this is in `{language}`, not in `{tag}`", language, tag);
        let diagnostic = Diagnostic::new(Code::WrongLanguage, place, message).in_language(tag);
        self.problems.push(diagnostic.hint(hint));
    }
}

/// The hint for a part of a body.
fn passage(language: &str) -> Message {
    say!("translate it, or mark it as [text](lang:{language}) if this is intended", language)
}

/// Whether a translation is identical to the original and is more than a name.
fn is_untranslated(original: &Segment, translation: &Segment) -> bool {
    if matches!(translation.kind, SegmentKind::Quote | SegmentKind::Code | SegmentKind::Rule) {
        return false;
    }
    if words(&original.text) != words(&translation.text) {
        return false;
    }
    let own = judged(&translation.text, &translation.foreign);
    let is_word = |word: &str| word.chars().any(char::is_alphabetic);
    let all = words(&translation.text).iter().filter(|word| is_word(word)).count();
    let lower = own.split_whitespace().filter(|w| w.starts_with(char::is_lowercase)).count();
    lower >= 3 && lower * 5 > all * 3
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<std::ops::Range<usize>> {
    use unicode_segmentation::UnicodeSegmentation;
    text.split_sentence_bound_indices()
        .map(|(start, sentence)| start..start + sentence.trim_end().len())
        .collect()
}
