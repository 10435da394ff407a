//! What a template must know of signatories to set them side by side.

use std::sync::LazyLock;

use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

use crate::letter::{Letter, Signatory};
use crate::render::{content, ties};

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

/// The words of a signatory that may be wider than one of several columns, split where Typst may break a
/// line, the longest first.
pub(super) fn long_words<'l>(signatories: impl Iterator<Item = &'l Signatory>) -> Vec<String> {
    /// In characters: what fits the narrowest columns.
    const LONG: usize = 8;
    static LINES: LazyLock<LineSegmenterBorrowed> =
        LazyLock::new(|| LineSegmenter::new_lstm(LineBreakOptions::default()));
    // No line ends at a letter of Europe: they are of one class (Unicode Standard Annex #14).
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, 'À'..='ɏ');
    let mut words: Vec<String> = Vec::new();
    for text in signatories.flat_map(signatory_texts) {
        for word in text.split(' ').filter(|word| word.chars().count() >= LONG) {
            // A compound surname is not broken.
            let ends: Vec<usize> = if word.chars().all(is_letter) || content::is_whole(word) {
                vec![0, word.len()]
            } else {
                LINES.segment_str(word).collect()
            };
            let parts = ends.windows(2).filter_map(|ends| word.get(ends[0]..ends[1]));
            let long = parts.map(str::trim).filter(|part| part.chars().count() >= LONG);
            // Broken at the spaces that hold, its parts may still be too wide.
            let parts = long.flat_map(|part| {
                let parts = part.split('\u{a0}').filter(move |p| p.len() < part.len());
                std::iter::once(part).chain(parts.filter(|part| part.chars().count() >= LONG))
            });
            words.extend(parts.map(str::to_owned));
        }
    }
    words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    words.dedup();
    words
}

/// The printed texts of a signatory and of its members, with the spaces that hold.
fn signatory_texts(signatory: &Signatory) -> Vec<String> {
    let Signatory { name, title, organization, note, members, .. } = signatory;
    let names = [Some(name), title.as_ref(), organization.as_ref()].into_iter().flatten();
    let names = names.map(|part| ties::tie(&ties::tie_name(&part.text)));
    let note = note.iter().map(|note| ties::tie(&note.text));
    names.chain(note).chain(members.iter().flat_map(signatory_texts)).collect()
}
