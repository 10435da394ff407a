//! Patterns: texts with values in them, written like Rust's format strings: `{name}` is replaced by a
//! value, and `{{` and `}}` are braces.

use std::borrow::Cow;

/// A part of a pattern.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Piece<'p> {
    /// Text that is printed as it is.
    Text(Cow<'p, str>),
    /// The name of a value.
    Value(&'p str),
}

/// The parts of a pattern, without two adjacent texts. A brace that is not closed is text.
pub(crate) fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        let (text, brace) = rest.split_at(at);
        push(&mut pieces, text);
        let end = brace.find('}').filter(|_| brace.starts_with('{') && !brace.starts_with("{{"));
        rest = match end {
            Some(end) => {
                pieces.push(Piece::Value(&brace[1..end]));
                &brace[end + 1..]
            }
            None => {
                push(&mut pieces, &brace[..1]);
                let is_double = brace.starts_with("{{") || brace.starts_with("}}");
                &brace[if is_double { 2 } else { 1 }..]
            }
        };
    }
    push(&mut pieces, rest);
    pieces
}

fn push<'p>(pieces: &mut Vec<Piece<'p>>, text: &'p str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.to_mut().push_str(text),
        _ => pieces.push(Piece::Text(text.into())),
    }
}

/// The names of a pattern's values, as many times as they occur.
#[cfg(test)]
pub(crate) fn names(pattern: &str) -> Vec<&str> {
    let names = pieces(pattern).into_iter().filter_map(|piece| match piece {
        Piece::Value(name) => Some(name),
        Piece::Text(_) => None,
    });
    names.collect()
}

/// The values of a text that was made from a pattern, with their names. `None` if it was not.
pub(crate) fn values<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    let pieces = pieces(pattern);
    let mut values = Vec::new();
    let mut rest = text;
    let mut open: Option<&'p str> = None;
    for (index, piece) in pieces.iter().enumerate() {
        match (piece, open.take()) {
            (Piece::Value(name), None) => open = Some(name),
            // Between two adjacent values there is no way to tell where the first one ends.
            (Piece::Value(_), Some(_)) => return None,
            (Piece::Text(piece), None) => rest = rest.strip_prefix(&**piece)?,
            (Piece::Text(piece), Some(name)) => {
                let is_last = index + 1 == pieces.len();
                let at = match is_last {
                    true => rest.strip_suffix(&**piece)?.len(),
                    false => rest.find(&**piece)?,
                };
                values.push((name, &rest[..at]));
                rest = &rest[at + piece.len()..];
            }
        }
    }
    if let Some(name) = open {
        values.push((name, rest));
        rest = "";
    }
    rest.is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_written_twice() {
        let text = |text: &'static str| Piece::Text(text.into());
        assert_eq!(pieces("a {b} c"), [text("a "), Piece::Value("b"), text(" c")]);
        assert_eq!(pieces("{{ b }}"), [text("{ b }")]);
        assert_eq!(pieces("{{{{{b}}}}}"), [text("{{"), Piece::Value("b"), text("}}")]);
        assert_eq!(pieces("{{{b}}}"), [text("{"), Piece::Value("b"), text("}")]);
        assert_eq!(pieces("a } b { c"), [text("a } b { c")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn values_are_found_in_a_text() {
        assert_eq!(values("a{x}b{y}c", "a1b2c"), Some(vec![("x", "1"), ("y", "2")]));
        assert_eq!(values("a{x}b", "ab"), Some(vec![("x", "")]));
        assert_eq!(values("a{x}", "abc"), Some(vec![("x", "bc")]));
        assert_eq!(values("a{x}bb", "ab"), None);
        assert_eq!(values("ab", "abc"), None);
        assert_eq!(values("{x}ñ", "ñ"), Some(vec![("x", "")]));
        assert_eq!(values("{x}xx", "ñ"), None);
        assert_eq!(values("or `}}`", "or `}`"), Some(vec![]));
    }
}
