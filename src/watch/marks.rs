//! Where on the pages the words are that something in a file is about.
//!
//! A text on a page knows the text in a file that it was made from, but not which letter came from which:
//! quotes are curled, lines are broken and hyphenated, signs are resolved. So the letters are compared with
//! the source, one by one.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use ecow::EcoString;
use serde::Serialize;
use typst::layout::{Abs, Transform};
use typst::syntax::{FileId, Span};

use crate::language::languages::Languages;
use crate::render::Rendered;
use crate::render::frames::walk_placed;
use crate::source::Place;
use crate::watch::file_texts::FileTexts;
use crate::watch::spots::{rectangle, rounded};

/// A rectangle around some words on a page, in points from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Mark {
    /// The language, or those of an edition, on whose pages it is.
    #[serde(rename = "tag")]
    pub languages: Languages,
    /// The page, counted from zero.
    pub page: usize,
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Mark {
    /// One mark for all that are on the same page.
    pub(super) fn blocks(marks: Vec<Self>) -> Vec<Self> {
        let mut blocks: Vec<Self> = Vec::new();
        for mark in marks {
            match blocks.iter_mut().find(|block| block.is_on_page_of(&mark)) {
                Some(block) => block.include(&mark),
                None => blocks.push(mark),
            }
        }
        blocks
    }

    fn is_on_page_of(&self, other: &Self) -> bool {
        (self.page, &self.languages) == (other.page, &other.languages)
    }

    fn include(&mut self, other: &Self) {
        let right = (self.x + self.width).max(other.x + other.width);
        let lower = (self.y + self.height).max(other.y + other.height);
        (self.x, self.y) = (self.x.min(other.x), self.y.min(other.y));
        self.width = rounded(Abs::pt(right - self.x));
        self.height = rounded(Abs::pt(lower - self.y));
    }

    /// Widens the mark if another continues it on the same line.
    fn continues(&mut self, next: &Self) -> bool {
        let gap = (next.x - self.x - self.width).min(self.x - next.x - next.width);
        let same = self.is_on_page_of(next) && (self.y - next.y).abs() < 0.1;
        let joined = same && gap < self.height / 2.0;
        if joined {
            self.include(next);
        }
        joined
    }
}

/// The printed letters of the texts in which some places may be.
pub(super) struct Marks {
    /// The texts of each file, in the order of the pages.
    texts: HashMap<FileId, Vec<PrintedText>>,
}

/// A text in a file, and its letters on the pages.
struct PrintedText {
    range: Range<usize>,
    letters: Vec<PrintedLetter>,
    /// Which bytes of the file each letter comes from, if that is known.
    origins: Vec<Option<Range<usize>>>,
}

/// A letter on a page, or several that are one sign.
#[derive(Clone)]
struct PrintedLetter {
    text: EcoString,
    mark: Mark,
}

impl Marks {
    /// The marks of some places on the pages of documents.
    pub(super) fn of(
        places: &[&Place],
        documents: &[(&Languages, &Rendered)],
        files: &mut FileTexts,
    ) -> Vec<Vec<Mark>> {
        let mut lines: HashMap<FileId, BTreeSet<usize>> = HashMap::new();
        for place in places {
            let of_place = files.get(place.file).lines_of(&place.range);
            lines.entry(place.file).or_default().extend(of_place);
        }
        let mut found = Self { texts: HashMap::new() };
        if !lines.is_empty() {
            for (languages, rendered) in documents {
                found.read(languages, rendered, &lines, files);
            }
        }
        places.iter().map(|place| found.find(place, files)).collect()
    }

    /// Collects the texts of a document that are on one of these lines.
    fn read(
        &mut self,
        languages: &Languages,
        rendered: &Rendered,
        lines: &HashMap<FileId, BTreeSet<usize>>,
        files: &mut FileTexts,
    ) {
        let mut known: HashMap<Span, Option<(FileId, usize)>> = HashMap::new();
        let texts = &mut self.texts;
        for (page, laid_out) in rendered.document.pages().iter().enumerate() {
            walk_placed(&laid_out.frame, Transform::identity(), &mut |text, transform| {
                let mut letters = Vec::new();
                let mut x = Abs::zero();
                for glyph in &text.glyphs {
                    let start = x;
                    x += glyph.x_advance.at(text.size);
                    let at = *known.entry(glyph.span.0).or_insert_with(|| {
                        let place = rendered.place_of(glyph.span.0)?;
                        let of_text = files.get(place.file).lines_of(&place.range);
                        lines.get(&place.file)?.range(of_text).next()?;
                        let texts = texts.entry(place.file).or_default();
                        texts.push(PrintedText::at(place.range));
                        Some((place.file, texts.len() - 1))
                    });
                    if let Some(at) = at {
                        let (x, y, width, height) = rectangle(text, start..x, transform);
                        let mark = Mark { languages: languages.clone(), page, x, y, width, height };
                        let signs = text.text.get(glyph.range()).unwrap_or_default().into();
                        letters.push((
                            glyph.range().start,
                            at,
                            PrintedLetter { text: signs, mark },
                        ));
                    }
                }
                // From right to left, the first letter of a text is its last glyph.
                letters.sort_by_key(|(start, ..)| *start);
                for (_, (file, at), letter) in letters {
                    let text = texts.get_mut(&file).and_then(|texts| texts.get_mut(at));
                    text.into_iter().for_each(|text| text.letters.push(letter.clone()));
                }
            });
        }
        for (file, at) in known.into_values().flatten() {
            let text = texts.get_mut(&file).and_then(|texts| texts.get_mut(at));
            text.into_iter().for_each(|text| text.compare(files.get(file).text(&text.range)));
        }
    }

    /// The marks of a place: the letters that were made from it, or else the nearest word on its line.
    fn find(&self, place: &Place, files: &mut FileTexts) -> Vec<Mark> {
        let range = &place.range;
        let texts = self.texts.get(&place.file).map(Vec::as_slice).unwrap_or_default();
        let exact = texts.iter().flat_map(|text| text.letters_of(range));
        let exact = joined(exact);
        if !exact.is_empty() {
            return exact;
        }
        // Something is missing here, or it is written but not printed, such as an address behind a word.
        let file = files.get(place.file);
        let lines = file.lines_of(range);
        let on_line = |text: &&PrintedText| {
            let of_text = file.lines_of(&text.range);
            of_text.start() <= lines.end() && lines.start() <= of_text.end()
        };
        let near: Vec<&PrintedText> = texts.iter().filter(on_line).collect();
        let Some(least) = near.iter().map(|text| text.distance(range)).min() else {
            return Vec::new();
        };
        // Each document may have the text.
        let nearest = near.into_iter().filter(|text| text.distance(range) == least);
        joined(nearest.flat_map(|text| text.word_near(range.start)))
    }
}

impl PrintedText {
    fn at(range: Range<usize>) -> Self {
        Self { range, letters: Vec::new(), origins: Vec::new() }
    }

    /// Finds out which part of the source each letter comes from.
    fn compare(&mut self, source: &str) {
        let printed: Vec<&str> = self.letters.iter().map(|letter| letter.text.as_str()).collect();
        let start = self.range.start;
        let in_file = |range: Range<usize>| start + range.start..start + range.end;
        self.origins = origins(source, &printed).into_iter().map(|o| o.map(in_file)).collect();
    }

    /// The letters that were made from a range. What is not written as it is printed, such as a count,
    /// is a whole.
    fn letters_of(&self, range: &Range<usize>) -> impl Iterator<Item = &Mark> {
        let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        let all = overlaps(&self.range) && self.origins.iter().all(Option::is_none);
        let letters = self.letters.iter().zip(&self.origins);
        let own = letters.filter(move |(_, at)| all || at.as_ref().is_some_and(overlaps));
        own.map(|(letter, _)| &letter.mark)
    }

    /// How far a range is from this text.
    fn distance(&self, range: &Range<usize>) -> usize {
        let after = range.start.saturating_sub(self.range.end);
        after.max(self.range.start.saturating_sub(range.end))
    }

    /// The letters of the word that is printed nearest to a place in the file.
    fn word_near(&self, at: usize) -> impl Iterator<Item = &Mark> {
        let is_space = |index: usize| {
            self.letters.get(index).is_none_or(|letter| letter.text.trim().is_empty())
        };
        let far = |index: usize| {
            let origin = self.origins.get(index).and_then(Option::as_ref);
            origin.map_or(usize::MAX, |origin| match origin.contains(&at) {
                true => 0,
                false => origin.start.abs_diff(at).min(origin.end.abs_diff(at)),
            })
        };
        let nearest =
            (0..self.letters.len()).filter(|index| !is_space(*index)).min_by_key(|i| far(*i));
        let nearest = nearest.unwrap_or_default();
        let first = (0..nearest).rev().find(|index| is_space(*index)).map_or(0, |space| space + 1);
        let all = self.letters.len();
        let end = (nearest..all).find(|index| is_space(*index)).unwrap_or(all);
        self.letters.get(first..end).into_iter().flatten().map(|letter| &letter.mark)
    }
}

/// One mark for what stands together on a line.
fn joined<'m>(marks: impl Iterator<Item = &'m Mark>) -> Vec<Mark> {
    let mut joined: Vec<Mark> = Vec::new();
    for mark in marks {
        if !joined.last_mut().is_some_and(|last| last.continues(mark)) {
            joined.push(mark.clone());
        }
    }
    joined
}

/// Which bytes of a source each of the printed letters comes from. What is printed is in the order of
/// the source, once or, as in the head of each page, again and again.
fn origins(source: &str, printed: &[&str]) -> Vec<Option<Range<usize>>> {
    /// How many signs of a source may stand for none on the page: those of an emphasis, a target.
    const MOST_SKIPPED: usize = 40;
    let source: Vec<(Range<usize>, char)> =
        source.char_indices().map(|(at, c)| (at..at + c.len_utf8(), alike(c))).collect();
    let signs: Vec<(usize, char)> = (printed.iter().enumerate())
        .flat_map(|(letter, text)| text.chars().map(move |c| (letter, alike(c))))
        .collect();
    let mut found: Vec<Option<Range<usize>>> = vec![None; printed.len()];
    let mut next = 0;
    for (at, (letter, sign)) in signs.iter().enumerate() {
        let rest = |from: usize| source.get(from..).unwrap_or_default();
        if sign.is_alphanumeric() && !rest(next).iter().any(|(_, c)| c.is_alphanumeric()) {
            next = 0;
        }
        // After a leap, the following letter has to be right as well: a hyphen is not in the source.
        let following = signs.get(at + 1).map(|(_, c)| *c);
        let is_there = |skipped: usize| {
            let right = rest(next + skipped).first().is_some_and(|(_, c)| c == sign);
            let then = || {
                following
                    .is_none_or(|f| rest(next + skipped + 1).first().is_some_and(|(_, c)| *c == f))
            };
            right && (skipped == 0 || then())
        };
        let Some(skipped) = (0..MOST_SKIPPED).find(|skipped| is_there(*skipped)) else { continue };
        let here = next + skipped;
        next = here + 1;
        let Range { start, end } = source[here].0;
        let whole = found[*letter].as_ref().map_or(start, |known| known.start);
        found[*letter] = Some(whole..end);
    }
    found
}

/// What a sign in a source and on a page have in common.
fn alike(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        c if c.is_whitespace() => ' ',
        '\'' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '‹' | '›' => '"',
        '‐' | '‑' | '–' | '—' => '-',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of a source the letters of a printed text come from.
    fn compared(source: &str, printed: &str) -> Vec<String> {
        let letters: Vec<String> = printed.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        let text = |origin: Option<Range<usize>>| origin.map(|origin| source[origin].to_owned());
        origins(source, &letters)
            .into_iter()
            .map(|origin| text(origin).unwrap_or_default())
            .collect()
    }

    #[test]
    fn each_letter_is_found_in_the_source() {
        let found = |source: &str, printed: &str| compared(source, printed).concat();
        assert_eq!(found("We ask for water.", "We ask for water."), "We ask for water.");
        assert_eq!(
            found("the \"right\" to\nwater", "the “right” to water"),
            "the \"right\" to\nwater"
        );
        assert_eq!(found("Title", "TITLE"), "Title");
        assert_eq!(found("agua sí", "agua sí"), "agua sí");
        // A word that is hyphenated, and a sign that is not printed.
        assert_eq!(found("restablecimiento", "restable-cimiento"), "restablecimiento");
        assert_eq!(found("a \\* b", "a * b"), "a * b");
        // The head of the next page says it again.
        assert_eq!(found("Water", "WaterWater"), "WaterWater");
        // What is counted is not what is written.
        assert_eq!(found("{{signatories}}", "73"), "");
        assert_eq!(found("", "73"), "");
    }

    #[test]
    fn several_letters_may_be_one_sign() {
        assert_eq!(
            origins("office", &["o", "ffi", "c", "e"]),
            [Some(0..1), Some(1..4), Some(4..5), Some(5..6)]
        );
    }
}
