//! What a viewer shows in its title bar.
//!
//! Upstream: <https://github.com/typst/typst/issues/8783>.

use crate::pdf::objects::{Objects, replaced};

/// Has viewers show the title and not the name of the file. Typst asks for that only in PDF/UA.
pub(super) fn show_title(objects: &mut Objects<'_>) {
    let Some(number) = objects.catalog() else { return };
    let catalog = objects.get(number);
    if memchr::memmem::find(catalog, b"/DisplayDocTitle").is_some() {
        return;
    }
    let shows = |rest: &[u8]| [b"/ViewerPreferences<</DisplayDocTitle true", rest].concat();
    let changed = replaced(catalog, b"/ViewerPreferences<<", &shows(b""))
        .or_else(|| Some([catalog.strip_suffix(b">>")?, &shows(b">>>>")].concat()));
    if let Some(changed) = changed {
        objects.set(number, changed);
    }
}
