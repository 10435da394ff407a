//! Names of signatories who do not give their own.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::language::{fold, words};

/// What such signatories are called, folded, in any language: a list may mix languages.
static NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| words::anonymous().map(fold).collect());

/// Whether a name says that somebody does not give theirs: "Anonymous", "(Anónima)", "Name withheld".
pub(crate) fn is_anonymous(name: &str) -> bool {
    NAMES.contains(&fold(name))
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
    }
}
