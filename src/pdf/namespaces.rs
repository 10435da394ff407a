//! The namespace of tags in PDF 2.0.

use crate::pdf::objects::{Objects, replaced};

/// Corrects the name of the namespace, which makes all tags unknown to a reader of PDF 2.0 (ISO 32000-2,
/// 14.8.6).
///
/// Upstream: <https://github.com/typst/pdf-writer/pull/85>.
pub(super) fn correct(objects: &mut Objects<'_>) {
    for number in objects.numbers() {
        let body = objects.get(number);
        if body.starts_with(b"<</Type/Namespace")
            && let Some(corrected) =
                replaced(body, b"(https://www.iso.org/pdf2/ssn)", b"(http://iso.org/pdf2/ssn)")
        {
            objects.set(number, corrected);
        }
    }
}
