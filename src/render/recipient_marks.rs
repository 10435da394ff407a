//! Marks in the texts of a letter that are replaced by the texts of its recipient.
//!
//! A letter to ten thousand recipients is read and laid out once. Where the recipients differ, its
//! texts contain a mark with the number of a column, and only the marked texts are laid out for each
//! of them.

/// The delimiters of a mark: noncharacters, which Unicode reserves for a program's internal use and
/// which no text may contain (The Unicode Standard, section 23.7).
pub(crate) const OPEN: char = '\u{FDD0}';
/// Ends a mark.
pub(crate) const CLOSE: char = '\u{FDD1}';

/// The mark for a column.
pub(crate) fn mark(column: usize) -> String {
    format!("{OPEN}{column}{CLOSE}")
}

/// Whether a text contains a mark.
pub(crate) fn has_mark(text: &str) -> bool {
    text.contains(OPEN)
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
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
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
    }
}
