//! Honorifics before the names of people, such as "Dra." and "Mr.", and behind them, such as "様".

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::language::words;

/// The first words of all honorifics, by which most names are told to have none.
static FIRST_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| words::honorifics().map(first_word).collect());

/// A name without its honorifics: "Ana Ruiz" of "Prof. Dra. Ana Ruiz". A list may mix languages, so with its
/// full stop an honorific of any language is one; without it, only one of the letter's `own` that no name is
/// mistaken for. A single letter is an initial.
pub(crate) fn without<'n>(name: &'n str, own: &[String]) -> &'n str {
    let mut rest = name.trim_start();
    while FIRST_WORDS.contains(&first_word(rest)) {
        let own = own.iter();
        let own = own.filter(|one| !one.ends_with('.')).filter_map(|one| after(rest, one, false));
        let dotted = words::honorifics().filter_map(|one| after(rest, one, true));
        match own.chain(dotted).min_by_key(|after| after.len()) {
            Some(after) => rest = after,
            None => break,
        }
    }
    rest
}

/// What follows an honorific with which a name begins, if that is the name of somebody.
fn after<'n>(name: &'n str, honorific: &str, dotted: bool) -> Option<&'n str> {
    let honorific = honorific.trim_end_matches('.');
    let mut rest = name.chars();
    for wanted in honorific.chars() {
        let found = rest.next()?;
        if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let rest = rest.as_str();
    let rest = if dotted { rest.strip_prefix('.')? } else { rest };
    let is_whole = dotted || rest.starts_with(char::is_whitespace);
    let rest = rest.trim_start();
    (is_whole && honorific.chars().nth(1).is_some() && rest.starts_with(char::is_uppercase))
        .then_some(rest)
}

/// What parts an honorific from the name that it stands behind: nothing before "様", a space before "님". `None`
/// if it stands before the name.
pub(crate) fn gap_behind_name(honorific: &str) -> Option<&'static str> {
    let entry = words::honorifics_after().find(|entry| entry.trim_start() == honorific.trim())?;
    Some(&entry[..entry.len() - entry.trim_start().len()])
}

/// The first word of a name or an honorific, in lower case.
fn first_word(text: &str) -> String {
    let end = text.find(|c: char| c.is_whitespace() || c == '.').unwrap_or(text.len());
    text[..end].to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::words::Words;

    #[test]
    fn some_honorifics_stand_behind_the_name() {
        for honorific in ["様", "殿", "先生", "女士", "閣下"] {
            assert_eq!(gap_behind_name(honorific), Some(""), "{honorific}");
        }
        for honorific in ["님", "귀하", "Bey"] {
            assert_eq!(gap_behind_name(honorific), Some(" "), "{honorific}");
        }
        for honorific in ["Dra.", "Sayın", "Ông", ""] {
            assert_eq!(gap_behind_name(honorific), None, "{honorific}");
        }
    }

    #[test]
    fn names_are_told_from_honorifics() {
        for (tag, name, rest) in [
            ("es", "Dra. Ana Ruiz", "Ana Ruiz"),
            ("es", "Mtro Luis Vega", "Luis Vega"),
            ("es", "Mr. John Roe", "John Roe"),
            ("es", "Don Luis Vega", "Luis Vega"),
            ("es", "ING. LUIS VEGA", "LUIS VEGA"),
            ("en", "Prof. Dr. Ana Ruiz", "Ana Ruiz"),
            ("en", "Dr Ana Ruiz", "Ana Ruiz"),
            ("en", "The Hon. Jane Doe", "Jane Doe"),
            ("en", "Dra. Ana Ruiz", "Ana Ruiz"),
            ("de", "Frau Dr. med. Ana Ruiz", "Ana Ruiz"),
            ("fr", "Mme Ana Ruiz", "Ana Ruiz"),
            // These may be names.
            ("en", "Don Smith", "Don Smith"),
            ("en", "Hon Lai Chan", "Hon Lai Chan"),
            ("es", "Ing Chang", "Ing Chang"),
            ("es", "C. S. Lewis", "C. S. Lewis"),
            ("fr", "M. Dupont", "M. Dupont"),
            ("es", "Drake Vega", "Drake Vega"),
            // Nobody is called by an honorific alone.
            ("es", "Dra.", "Dra."),
            ("es", "Dra. en Letras", "Dra. en Letras"),
            ("es", "", ""),
        ] {
            let words = Words::of(&tag.parse().expect("a tag"));
            assert_eq!(without(name, words.honorifics()), rest, "{tag}: {name}");
        }
    }
}
