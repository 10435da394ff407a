//! Black and greys as one ink.
//!
//! Typst writes greys with a profile, so a printer's colour management turns black text into all four
//! inks: a black letter costs as much as one in colour, and small letters have coloured edges. Greys
//! without a profile are black ink. PDF/A allows them with any output intent (ISO 19005-2, 6.2.4.3).
//!
//! Upstream: <https://github.com/typst/typst/issues/8646>.

use memchr::memmem;

use crate::pdf::objects::{Objects, number};

/// Makes greys with a profile greys of the device.
pub(super) fn print_with_one_ink(objects: &mut Objects<'_>) {
    for space in objects.numbers() {
        if let Some(profile) = grey_profile(objects, space) {
            objects.set(space, b"/DeviceGray".to_vec());
            if !objects.refer_to(profile) {
                objects.remove(profile);
            }
        }
    }
}

/// The profile of an object that is a colour space with a profile for greys.
fn grey_profile(objects: &Objects<'_>, space: usize) -> Option<usize> {
    let (profile, rest) = number(objects.get(space).strip_prefix(b"[/ICCBased ")?)?;
    let stream = objects.get(profile);
    let dictionary = &stream[..memmem::find(stream, b"stream\n")?];
    (rest == b" 0 R]" && memmem::find(dictionary, b"/N 1/").is_some()).then_some(profile)
}
