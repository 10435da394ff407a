//! Marks in the texts of a letter that are replaced by the texts of its recipient.
//!
//! A letter to ten thousand recipients is read and laid out once. Where the recipients differ, its
//! texts contain a mark with the number of a column, and only the marked texts are laid out for each
//! of them.
//!
//! A mark begins with a secret of this run of the program, so that nobody can type one: whatever a
//! letter contains, it never prints a column that it does not name. No mark is in any output, which is
//! the same in every run.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// The delimiters of a mark: noncharacters, which Unicode reserves for a program's internal use (The
/// Unicode Standard, section 23.7).
const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';

/// The number of characters of the secret.
const SECRET: usize = 4;

/// What begins each mark: [`OPEN`] and a secret of 64 random bits, in characters for private use.
static START: LazyLock<String> = LazyLock::new(|| {
    let bits = RandomState::new().hash_one(0);
    let digit = |index: usize| char::from_u32(0xF_0000 + (bits >> (16 * index) & 0xFFFF) as u32);
    std::iter::once(OPEN).chain((0..SECRET).filter_map(digit)).collect()
});

/// The mark for a column.
pub(crate) fn mark(column: usize) -> String {
    format!("{}{column}{CLOSE}", *START)
}

/// Whether a text contains a mark.
pub(crate) fn has_mark(text: &str) -> bool {
    // A search for one character is cheaper, and nearly no text has a mark.
    text.contains(OPEN) && text.contains(&**START)
}

/// The number of characters of a text, without the secrets of its marks.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let secrets = if has_mark(text) { text.matches(&**START).count() } else { 0 };
    text.chars().count() - SECRET * secrets
}

/// A piece of a text.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Piece<'t> {
    /// The same for every recipient.
    Text(&'t str),
    /// The recipient's value in a column.
    Column(usize),
}

/// The pieces of a text, in order.
pub(crate) fn parts(text: &str) -> Vec<Piece<'_>> {
    if !has_mark(text) {
        let whole = Some(Piece::Text(text)).filter(|_| !text.is_empty());
        return whole.into_iter().collect();
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&**START) {
        let Some((column, after)) = after.split_once(CLOSE) else { break };
        if !before.is_empty() {
            parts.push(Piece::Text(before));
        }
        parts.extend(column.parse().ok().map(Piece::Column));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Piece::Text(rest));
    }
    parts
}

/// A text with the marks replaced by what `column` returns for each.
pub(crate) fn fill<'t>(text: &'t str, column: impl Fn(usize) -> &'t str) -> String {
    let text_of = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Column(index) => column(index),
    };
    parts(text).into_iter().map(text_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_and_filled() {
        let text = format!("Dear {}, of {}:", mark(0), mark(12));
        let expected = [
            Piece::Text("Dear "),
            Piece::Column(0),
            Piece::Text(", of "),
            Piece::Column(12),
            Piece::Text(":"),
        ];
        assert_eq!(parts(&text), expected);
        let filled = fill(&text, |column| if column == 0 { "Ana" } else { "Oaxaca" });
        assert_eq!(filled, "Dear Ana, of Oaxaca:");
        assert!(has_mark(&text) && !has_mark(&filled));
        assert_eq!(parts("plain"), [Piece::Text("plain")]);
        assert_eq!(length(&text), "Dear <0>, of <12>:".len());
    }

    #[test]
    fn nobody_can_type_a_mark() {
        let typed = format!("{OPEN}0{CLOSE}");
        assert_eq!(parts(&typed), [Piece::Text(&typed)]);
        assert!(!has_mark(&typed));
        assert_eq!(START.chars().count(), 1 + SECRET);
    }
}
