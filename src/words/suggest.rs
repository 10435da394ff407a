//! Suggestions for misspelt names.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::words::{Message, say};

/// The hint for a misspelt name.
pub(crate) fn did_you_mean(near: &str) -> Message {
    say!("did you mean `{near}`?", near)
}

/// The maximum length of a name that is compared, in bytes.
const MAX_LENGTH: usize = 200;

/// The maximum number of names that a name is compared with.
const MAX_CANDIDATES: usize = 1_000;

/// The candidate that a misspelt name most likely means.
///
/// 0.8 is the Jaro–Winkler similarity below which cargo and clap do not suggest anything either. Case and
/// accents do not count, and neither does what both begin with up to a dot, such as `recipient.`.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    // Comparing takes the product of the lengths. What is longer is no misspelt name.
    let is_name = |text: &str| text.len() <= MAX_LENGTH;
    if !is_name(name) {
        return None;
    }
    let plain = |text: &str| -> String {
        text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
    };
    let name = plain(name);
    let (prefix, rest) = name.split_at(name.rfind('.').map_or(0, |dot| dot + 1));
    let similarity = |candidate: &str| {
        let candidate = plain(candidate);
        match candidate.strip_prefix(prefix) {
            Some(candidate) => strsim::jaro_winkler(rest, candidate),
            None => strsim::jaro_winkler(&name, &candidate),
        }
    };
    candidates
        .take(MAX_CANDIDATES)
        .filter(|candidate| is_name(candidate))
        .map(|candidate| (similarity(candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_suggested_as_people_write_them() {
        let known = ["recipient.Número", "recipient.Nombre completo", "recipient.Género"];
        let near = |name: &str| nearest(name, known.into_iter());
        assert_eq!(near("recipient.numero"), Some("recipient.Número"));
        assert_eq!(near("recipient.nombre"), Some("recipient.Nombre completo"));
        assert_eq!(near("recipient.género"), Some("recipient.Género"));
        assert_eq!(near("recipient.teléfono"), None);
        assert_eq!(near("recipint.Genero"), Some("recipient.Género"));
    }
}
