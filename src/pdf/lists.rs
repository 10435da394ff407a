//! Labels of lists.
//!
//! Typst gives every item of a list a label, also in a list without markers: a screen reader says
//! "bullet", or nothing, before each of a hundred signatories.

use std::collections::BTreeSet;

use memchr::memmem;

use crate::pdf::objects::{Objects, reference_after, replaced};

/// Removes labels that contain nothing. A list without labels says that it has none.
pub(super) fn remove_empty_labels(objects: &mut Objects<'_>) {
    // A list of thousands is long, and each of its items names it.
    let mut lists = BTreeSet::new();
    for label in objects.numbers() {
        let body = objects.get(label);
        let empty =
            body.starts_with(b"<</Type/StructElem/S/Lbl/") && memmem::find(body, b"/K[]").is_some();
        let item = reference_after(body, b"/P ").filter(|_| empty);
        if let Some(item) = item
            && let Some(rest) =
                replaced(objects.get(item), format!("/K[{label} 0 R ").as_bytes(), b"/K[")
        {
            lists.extend(reference_after(&rest, b"/P "));
            objects.set(item, rest);
            objects.remove(label);
        }
    }
    for list in lists {
        if let Some(unmarked) =
            replaced(objects.get(list), b"/ListNumbering/Circle", b"/ListNumbering/None")
        {
            objects.set(list, unmarked);
        }
    }
}
