//! What the answers in a form say about the kind of those who sign it.

use crate::language::fold;
use crate::language::words;
use crate::source::text::{Text, value_key};
use crate::spec::Kind;

/// The kind of the rows of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct KindOfRows {
    /// That of the rows that do not say it.
    pub all: Option<Kind>,
    /// What some answers in the column with the kind mean.
    pub answers: Vec<(Kind, Text)>,
}

impl KindOfRows {
    /// The kind that a cell says: as the author says what the answer means, otherwise by its words.
    pub(super) fn said(&self, cell: &str) -> Option<Kind> {
        let key = value_key(cell);
        let known = self.answers.iter().find(|(_, answer)| value_key(&answer.value) == key);
        known.map(|(kind, _)| *kind).or_else(|| kind_said(cell))
    }
}

/// Words after which an answer says what somebody is not.
const NEGATIONS: [&str; 12] =
    ["no", "not", "non", "nao", "ni", "sin", "sem", "sans", "without", "pas", "nicht", "kein"];

/// What a person before the law is called that is none of flesh and blood: "persona moral", "pessoa jurídica".
const LEGAL: [&str; 7] =
    ["moral", "morale", "juridica", "juridique", "juristische", "giuridica", "legal"];

/// The kind that a text names and says nothing else, in any language.
pub(super) fn kind_named(text: &str) -> Option<Kind> {
    words::kind(text).and_then(Kind::parse)
}

/// The kind that an answer names, in any language: "Organización", "A título personal", "En nombre de mi
/// organización". `None` if it names none or both, or says what it is not.
pub(crate) fn kind_said(answer: &str) -> Option<Kind> {
    if let Some(kind) = kind_named(answer) {
        return Some(kind);
    }
    let words = answer.split(|c: char| !c.is_alphanumeric()).map(fold);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let names_kind = |word: &String| kind_named(word).is_some();
    // "Not on behalf of an organization", but not "organización sin fines de lucro" nor "non-profit organization".
    let is_denied = |at: usize| {
        let denied = words[at + 1..].split(names_kind).next().unwrap_or_default();
        let names_one = at + 1 + denied.len() < words.len();
        names_one && !denied.iter().any(|word| word.starts_with("profit"))
    };
    let mut denials = (0..words.len()).filter(|at| NEGATIONS.contains(&words[*at].as_str()));
    if denials.any(is_denied) {
        return None;
    }
    let mut kinds = words.iter().filter_map(|word| kind_named(word));
    let first = kinds.next()?;
    let is_legal = words.iter().any(|word| LEGAL.contains(&word.as_str()));
    kinds.all(|kind| kind == first).then_some(if is_legal { Kind::Organization } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_are_clear_are_understood() {
        for (answer, expected) in [
            ("organization", Some(Kind::Organization)),
            ("A título personal", Some(Kind::Person)),
            ("A TITULO PERSONAL", Some(Kind::Person)),
            ("En nombre de mi organización", Some(Kind::Organization)),
            ("Como persona", Some(Kind::Person)),
            ("Como ciudadana", Some(Kind::Person)),
            ("As an individual", Some(Kind::Person)),
            ("On behalf of an organisation", Some(Kind::Organization)),
            ("À titre personnel", Some(Kind::Person)),
            ("Au nom d'une association", Some(Kind::Organization)),
            ("A título pessoal", Some(Kind::Person)),
            ("Em nome de uma organização", Some(Kind::Organization)),
            ("Als Privatperson", Some(Kind::Person)),
            ("Persona física", Some(Kind::Person)),
            ("Persona moral", Some(Kind::Organization)),
            ("Pessoa jurídica", Some(Kind::Organization)),
            ("Juristische Person", Some(Kind::Organization)),
            ("Organización no gubernamental", Some(Kind::Organization)),
            ("Asociación civil sin fines de lucro", Some(Kind::Organization)),
            ("Non-profit organization", Some(Kind::Organization)),
            ("Not-for-profit organisation", Some(Kind::Organization)),
            ("Im Namen einer Organisation", Some(Kind::Organization)),
            // Both, neither, or what somebody is not.
            ("¿A título personal o en nombre de una organización?", None),
            ("A título personal, no por mi organización", None),
            ("Not on behalf of an organization", None),
            ("Ambas", None),
            ("Sí", None),
            ("Red del Agua", None),
            ("", None),
        ] {
            assert_eq!(kind_said(answer), expected, "{answer}");
        }
    }
}
