//! `{{signatory-count}}` and the like: facts about the letter, filled in so that they cannot go stale.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::name_key;
use crate::words::say;
use crate::words::suggest;

/// The values of the placeholders in one language.
#[derive(Debug, Default, Clone)]
pub(crate) struct Placeholders {
    values: Vec<(Cow<'static, str>, String)>,
    /// Whether a text has the number of countries.
    counts_countries: Arc<AtomicBool>,
}

/// The placeholder of the number of countries, alone or with more after it.
pub(crate) const COUNTRY_COUNT: &str = "country-count";

/// The prefix of the placeholders of a mail merge.
pub(crate) const RECIPIENT: &str = "recipient.";

/// Whether a name refers to a known placeholder. The names of recipients' columns are case-insensitive.
fn is_named(known: &str, name: &str) -> bool {
    known == name || (known.starts_with(RECIPIENT) && name_key(known) == name_key(name))
}

/// A piece of a text whose placeholders have been filled in.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Piece {
    /// What is printed.
    pub text: String,
    /// The bytes of the original text that it replaces.
    pub range: Range<usize>,
}

/// A placeholder that does not exist.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Unknown {
    /// The text between the braces.
    pub name: String,
    /// The bytes of the text, including the braces.
    pub range: Range<usize>,
}

impl Placeholders {
    /// The placeholders with their values.
    pub(crate) fn new(values: Vec<(&'static str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { values, ..Self::default() }
    }

    /// Whether one of the texts filled in so far has the number of countries.
    pub(crate) fn counted_countries(&self) -> bool {
        self.counts_countries.load(Ordering::Relaxed)
    }

    /// Adds placeholders, such as `recipient.name`.
    pub(crate) fn with(mut self, more: &[(String, String)]) -> Self {
        self.values.extend(more.iter().map(|(name, value)| (name.clone().into(), value.clone())));
        self
    }

    /// Whether there is a placeholder with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| is_named(known, name))
    }

    /// Fills in a text, starting at the byte `from`. Nothing before it is a placeholder.
    ///
    /// An unknown placeholder stays in the text and is listed.
    pub(crate) fn fill(&self, text: &str, from: usize) -> (Vec<Piece>, Vec<Unknown>) {
        let mut pieces = Vec::new();
        let mut unknown = Vec::new();
        let mut plain = 0;
        let mut at = from;
        let keep = |range: Range<usize>, pieces: &mut Vec<Piece>| {
            if !range.is_empty() {
                pieces.push(Piece { text: text[range.clone()].to_owned(), range });
            }
        };
        while let Some(open) = text.get(at..).and_then(|rest| rest.find("{{")) {
            let open = at + open;
            let escaped = open > from && text.as_bytes()[open - 1] == b'\\';
            if escaped {
                // The backslash is removed, the braces stay.
                keep(plain..open - 1, &mut pieces);
                pieces.push(Piece { text: "{{".into(), range: open - 1..open + 2 });
                plain = open + 2;
                at = plain;
                continue;
            }
            // Unclosed braces are most likely a mistake, and would be printed as they are.
            let rest = &text[open + 2..];
            let near = rest.split(['{', '\n']).next().unwrap_or_default();
            let (name, end, known) = match near.find("}}").map(|length| &near[..length]) {
                Some(name) => {
                    let known = self.values.iter().find(|(known, _)| is_named(known, name.trim()));
                    (name.trim(), open + name.len() + 4, known)
                }
                None => {
                    let name = rest.split([' ', '\n', '{']).next().unwrap_or_default();
                    (name, open + 2 + name.len(), None)
                }
            };
            let range = open..end;
            keep(plain..open, &mut pieces);
            match known {
                Some((known, value)) => {
                    if known.starts_with(COUNTRY_COUNT) {
                        self.counts_countries.store(true, Ordering::Relaxed);
                    }
                    pieces.push(Piece { text: value.clone(), range: range.clone() });
                }
                None => {
                    keep(range.clone(), &mut pieces);
                    unknown.push(Unknown { name: name.to_owned(), range: range.clone() });
                }
            }
            plain = range.end;
            at = range.end;
        }
        keep(plain..text.len(), &mut pieces);
        (pieces, unknown)
    }

    /// The problem for an unknown placeholder.
    pub(crate) fn problem(&self, unknown: &Unknown, place: Place) -> Diagnostic {
        let name = &unknown.name;
        let known = self.values.iter().map(|(known, _)| known.as_ref());
        let merged = name.starts_with(RECIPIENT)
            && !self.values.iter().any(|(known, _)| known.starts_with(RECIPIENT));
        // As templates of websites and mail programs write it.
        let is_condition = name.starts_with(['#', '/', '^']) || name.starts_with("if ");
        let hint = match suggest::nearest(name, known.clone()) {
            _ if is_condition => say!(
                "for a text that only some recipients get, write `::: if recipient.COLUMN = \
                 \"value\"` on a line of its own, and `:::` behind the text"
            ),
            _ if merged => say!(
                "`undersigned merge` fills in placeholders that begin with `{prefix}`; with \
                 --dry-run it checks the letter",
                prefix = RECIPIENT
            ),
            Some(near) => suggest::did_you_mean(near),
            None => {
                let list = known.map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
                say!("these exist: {list}; write \\{{{{ to print two braces", list)
            }
        };
        Diagnostic::new(
            Code::UnknownPlaceholder,
            place,
            say!("there is no placeholder `{name}`", name),
        )
        .hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> (String, Vec<String>) {
        let placeholders = Placeholders::new(vec![("signatory-count", "73".into())]);
        let (pieces, unknown) = placeholders.fill(text, 0);
        let text = pieces.into_iter().map(|piece| piece.text).collect();
        (text, unknown.into_iter().map(|unknown| unknown.name).collect())
    }

    #[test]
    fn known_placeholders_are_filled_in_and_others_reported() {
        assert_eq!(filled("{{signatory-count}} of us"), ("73 of us".into(), vec![]));
        assert_eq!(filled("{{ signatory-count }}é{{x}}"), ("73é{{x}}".into(), vec!["x".into()]));
    }

    #[test]
    fn braces_can_be_printed() {
        assert_eq!(filled(r"\{{signatory-count}}"), ("{{signatory-count}}".into(), vec![]));
        assert_eq!(filled("{{x"), ("{{x".into(), vec!["x".into()]));
        assert_eq!(filled("a } b { c"), ("a } b { c".into(), vec![]));
    }
}
