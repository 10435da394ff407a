//! The words of titles in Chinese, Japanese and Korean stay whole: a function for templates. Running text in
//! these languages is broken between any two characters.

use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use typst::comemo::Tracked;
use typst::diag::SourceResult;
use typst::engine::Engine;
use typst::foundations::{
    Args, Content, Context, IntoValue, NativeElement, NativeFuncData, NativeFuncPtr, Value,
};
use typst::layout::BoxElem;
use typst::text::TextElem;
use unicode_script::{Script, UnicodeScript};

use crate::render::functions::function;

/// `undersigned-phrases(body)`: a text without spaces, with its words in boxes that a line break does not enter.
/// Unlike joiners between the characters, boxes leave the text as it is for whoever copies it.
pub(super) static PHRASES: NativeFuncData = function::<Content>(
    NativeFuncPtr(&phrases_of),
    "undersigned-phrases",
    "Phrases",
    "A text whose words stay whole.",
);

fn phrases_of(_: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let body: Content = arguments.expect("body")?;
    let Some(text) = body.to_packed::<TextElem>() else { return Ok(body.into_value()) };
    let set = |phrase: &str| {
        let content = TextElem::packed(phrase).spanned(body.span());
        let count = phrase.chars().count();
        match (2..=MAX_PHRASE).contains(&count) {
            true => BoxElem::new().with_body(Some(content)).pack().spanned(body.span()),
            false => content,
        }
    };
    Ok(Content::sequence(phrases(&text.text).into_iter().map(set)).into_value())
}

/// The most characters that are kept on a line: half a line of a title.
const MAX_PHRASE: usize = 10;

/// A text in parts between which a line may end: words, each with the particles and signs that belong to it.
fn phrases(text: &str) -> Vec<&str> {
    static WORDS: LazyLock<WordSegmenterBorrowed> =
        LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));
    // Korean parts its words by spaces.
    if text.chars().any(|c| c.script() == Script::Hangul) {
        return vec![text];
    }
    let mut phrases: Vec<&str> = Vec::new();
    let (mut start, mut middle) = (0, 0);
    for end in WORDS.segment_str(text) {
        if middle > start && !belongs(&text[start..middle], &text[middle..end]) {
            phrases.push(&text[start..middle]);
            start = middle;
        }
        middle = end;
    }
    phrases.push(&text[start..]);
    phrases
}

/// Whether no line ends between what is before a word and the word.
fn belongs(before: &str, word: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), word.chars().next()) else {
        return true;
    };
    let kana = |c: char| c.script() == Script::Hiragana;
    // 国境 + で, 待つ + 人々: Japanese writes what belongs to the word before it in hiragana.
    let particle = kana(first) && word.chars().all(kana) && !is_sign(last);
    // 三 + か所: a number belongs to what it counts.
    let counted = "〇一二三四五六七八九十百千万数何".contains(last);
    let chinese = matches!(word, "的" | "了" | "之" | "们" | "們");
    // 国 + 連, 委員 + 会: the dictionary does not know all words.
    let ending = [last, first].map(|c| c.script()) == [Script::Han; 2]
        && word.chars().count() == 1
        && before.chars().count() < 4;
    // 3 + 団体: the gap between digits and letters is lost at the side of a box.
    let latin = |c: char| c.is_ascii_alphanumeric();
    let mixed = latin(last) || latin(first);
    particle
        || counted
        || chinese
        || ending
        || mixed
        || is_opening(last)
        || is_sign(first) && !is_opening(first)
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

fn is_opening(c: char) -> bool {
    matches!(c, '「' | '『' | '（' | '《' | '〈' | '【' | '〔' | '“' | '‘' | '(' | '[')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontOptions;
    use crate::render::pagination::pages_with;

    #[test]
    fn words_stay_whole_with_what_belongs_to_them() {
        let parted = |text| phrases(text).join("|");
        assert_eq!(parted("国境で待つ人々に水を"), "国境で|待つ|人々に|水を");
        assert_eq!(parted("三か所の避難所における飲料水"), "三か所の|避難所における|飲料水");
        assert_eq!(parted("人们的权利"), "人们的|权利");
        assert_eq!(parted("恢复饮用水供应"), "恢复|饮用水|供应");
        assert_eq!(parted("「水は権利」、国連総会が決議"), "「水は|権利」、|国連|総会が|決議");
        assert_eq!(parted("2026年3月の350人"), "2026年3月の350人");
        assert_eq!(parted("국경에서"), "국경에서");
        assert_eq!(parted(""), "");
        for text in ["国境で待つ人々に水を", "「水」", "、。", "a水b", "水\u{301}の"]
        {
            assert_eq!(phrases(text).concat(), text);
        }
    }
    #[test]
    fn no_line_of_a_title_or_heading_ends_within_a_word() {
        // Of the characters that the fonts of the tests have.
        let title = "国境で待つ人々に三か所の避難所における飲料水を";
        let letter = format!(
            "languages = [\"ja\"]\ndate = 2026-03-09\ntitle = \"{title}\"\n\
             body = \"Water.\\n\\n## {title}\\n\\nWater.\"\n[page]\npaper = \"a5\"\nfont-size = \"18pt\"\n"
        );
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/languages/fonts");
        let fonts = FontOptions { paths: vec![folder.into()], system: false };
        let pages = pages_with(&letter, &fonts);
        let lines: Vec<String> = pages.iter().flatten().map(|line| line.replace(' ', "")).collect();
        let mut ends = vec![0];
        phrases(title).iter().for_each(|word| ends.push(ends[ends.len() - 1] + word.len()));
        let mut found = 0;
        for start in 0..lines.len() {
            let mut said = String::new();
            for line in &lines[start..] {
                said.push_str(line);
                if !title.starts_with(&said) {
                    break;
                }
                assert!(ends.contains(&said.len()), "a line ends in {said}");
                found += usize::from(said == title);
            }
        }
        assert_eq!(found, 2, "{lines:?}");
        assert!(!lines.iter().any(|line| line == title), "the page is too wide for this test");
    }
}
