//! What links say to those who do not see them.

use memchr::memmem;

use crate::pdf::objects::{Objects, replaced};

/// Has the links from notes to the text say where they lead. Typst has them say the number of the note,
/// as if they led to it.
pub(super) fn name_back_links(objects: &mut Objects<'_>, name: &str) {
    if name.is_empty() {
        return;
    }
    for link in objects.numbers() {
        let body = objects.get(link);
        if !body.starts_with(b"<</Type/Annot/Subtype/Link") {
            continue;
        }
        let Some(start) = memmem::find(body, b"/Contents(").map(|at| at + b"/Contents".len())
        else {
            continue;
        };
        let digits = body[start + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let contents = &body[start..start + digits + 2];
        if digits > 0
            && contents.ends_with(b")")
            && let Some(named) = replaced(body, contents, &text_string(name))
        {
            objects.set(link, named);
        }
    }
}

/// A text as a string of a PDF: in ASCII, or in UTF-16 (ISO 32000-1, 7.9.2.2).
pub(super) fn text_string(text: &str) -> Vec<u8> {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'(' | b')' | b'\\');
    if text.bytes().all(plain) {
        return format!("({text})").into_bytes();
    }
    let units = text.encode_utf16().map(|unit| format!("{unit:04X}"));
    format!("<FEFF{}>", units.collect::<String>()).into_bytes()
}
