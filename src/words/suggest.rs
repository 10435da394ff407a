//! Suggestions for misspelt names.

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
/// 0.8 is the Jaro–Winkler similarity below which cargo and clap do not suggest anything either.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    // Comparing takes the product of the lengths. What is longer is no misspelt name.
    let is_name = |text: &str| text.len() <= MAX_LENGTH;
    if !is_name(name) {
        return None;
    }
    candidates
        .take(MAX_CANDIDATES)
        .filter(|candidate| is_name(candidate))
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
