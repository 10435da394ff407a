//! Names of signatories who do not give their own.

use crate::language::fold;

/// What such signatories are called, folded, in any language: a list may mix languages.
const NAMES: &[&str] = &[
    "anon",
    "anonima",
    "anonimas",
    "anonime",
    "anonimo",
    "anonimos",
    "anonimx",
    "anonymous",
    "anonyme",
    "identidadreservada",
    "identitywithheld",
    "namewithheld",
    "namewithheldbyrequest",
    "namewithheldonrequest",
    "nombreomitido",
    "nombrereservado",
    "nombrereservadoporseguridad",
    "nombreyapellidoreservados",
    "withheld",
];

/// Whether a name says that somebody does not give theirs: "Anonymous", "(Anónima)", "Name withheld".
pub(crate) fn is_anonymous(name: &str) -> bool {
    NAMES.contains(&fold(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_give_no_name_are_told_from_others() {
        for name in [
            "Anonymous",
            "ANÓNIMA",
            "Ano\u{301}nimo",
            "(anónimx)",
            "Anon.",
            "Name  withheld",
            "Nombre reservado",
        ] {
            assert!(is_anonymous(name), "{name}");
        }
        for name in ["", "Anonymous, nurse", "Alcohólicos Anónimos", "Anonymous 3"] {
            assert!(!is_anonymous(name), "{name}");
        }
        for name in NAMES.iter().copied() {
            assert_eq!(name, fold(name));
        }
    }
}
