//! How many signatures are set side by side, unless the letter says so.

use std::sync::LazyLock;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use crate::letter::{Group, Letter, Signatory};
use crate::render::{content, ties};
use crate::spec::Style;

/// The number of columns that the letter names, or one that suits the length of the names, so that
/// four of five names fit on one line.
pub(super) fn columns(letter: &Letter) -> usize {
    if let Some(columns) = letter.signature_columns {
        return columns;
    }
    let all = letter.groups.iter().flat_map(|group| &group.signatories);
    let mut lengths: Vec<usize> = all.map(printed_length).collect();
    lengths.sort_unstable();
    let Some(usual) = lengths.get(lengths.len() * 4 / 5) else { return 1 };
    match (letter.signature_style, lengths.len(), usual) {
        (Style::Lines | Style::Images, ..) => per_row(letter),
        (_, 0..6, _) => 1,
        (_, 80.., 0..=17) => 4,
        (_, 24.., 0..=26) => 3,
        (_, _, 0..=70) => 2,
        _ => 1,
    }
}

/// The number of signatures in a row: what the letter says, or the number that leaves the last row as
/// full as possible.
pub(super) fn per_row(letter: &Letter) -> usize {
    if let Some(columns) = letter.signature_columns {
        return columns;
    }
    match letter.groups.iter().map(|group| group.signatories.len()).sum() {
        0..=1 => 1,
        3 | 5 | 6 => 3,
        _ => 2,
    }
}

/// The length of a signatory's line, in characters.
fn printed_length(signatory: &Signatory) -> usize {
    let parts = [Some(&signatory.name), signatory.title.as_ref(), signatory.organization.as_ref()];
    let lengths = parts.into_iter().flatten().map(|part| part.text.chars().count() + 2);
    lengths.sum::<usize>().saturating_sub(2)
}

/// The words that may be wider than one of several columns, split where Typst may break a line.
pub(super) fn long_words<'l>(groups: impl Iterator<Item = &'l Group>) -> Vec<String> {
    /// In characters: what fits a narrow column in capital letters.
    const LONG: usize = 17;
    static LINES: LazyLock<LineSegmenterBorrowed> =
        LazyLock::new(|| LineSegmenter::new_lstm(LineBreakOptions::default()));
    let signatories = groups.flat_map(|group| &group.signatories);
    let mut words: Vec<String> = Vec::new();
    for text in signatories.flat_map(signatory_texts).filter(|text| text.len() >= LONG) {
        for word in ties::tie(&ties::tie_name(text)).split(' ') {
            // A compound surname is not broken.
            let ends: Vec<usize> = if content::is_whole(word) {
                vec![0, word.len()]
            } else {
                LINES.segment_str(word).collect()
            };
            let parts = ends.windows(2).filter_map(|ends| word.get(ends[0]..ends[1]));
            let long = parts.map(str::trim).filter(|part| part.chars().count() >= LONG);
            words.extend(long.map(str::to_owned));
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// The printed texts of a signatory and of its members.
fn signatory_texts(signatory: &Signatory) -> Vec<&str> {
    let Signatory { name, title, organization, note, members, .. } = signatory;
    let own = [Some(name), title.as_ref(), organization.as_ref(), note.as_ref()];
    let own = own.into_iter().flatten().map(|part| &*part.text);
    own.chain(members.iter().flat_map(signatory_texts)).collect()
}
