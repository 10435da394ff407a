//! Suggestions for misspelt names.

use crate::words::{Message, say};

/// The hint for a misspelt name.
pub(crate) fn did_you_mean(near: &str) -> Message {
    say!("did you mean `{near}`?", near)
}

/// The candidate that a misspelt name most likely means.
///
/// 0.8 is the Jaro–Winkler similarity below which cargo and clap do not suggest anything either.
pub(crate) fn nearest<'c>(
    name: &str,
    candidates: impl Iterator<Item = &'c str>,
) -> Option<&'c str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
