//! The faces in a font file that a stranger may have made.

use ttf_parser::RawFace;
use typst::text::FontInfo;

/// The maximum number of faces in a file. The largest collections of fonts for Chinese, Japanese and
/// Korean have 45.
const MAX_FACES: u32 = 64;

/// The maximum number of characters that the tables of a face may name. All of Unicode has fewer.
const MAX_CHARACTERS: u64 = 1 << 21;

/// Why a file is not used as a font.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum NotAFont {
    /// It is a font for web pages.
    Web,
    /// It is damaged, or something else.
    Damaged,
    /// It cannot be read.
    Unreadable,
}

/// The faces in a file, by their indices.
pub(super) fn in_file(data: &[u8]) -> Result<Vec<(u32, FontInfo)>, NotAFont> {
    if data.starts_with(b"wOFF") || data.starts_with(b"wOF2") {
        return Err(NotAFont::Web);
    }
    let count = ttf_parser::fonts_in_collection(data).unwrap_or(1).min(MAX_FACES);
    let face = |index| Some((index, sound(data, index).then(|| FontInfo::new(data, index))??));
    let faces: Vec<_> = (0..count).filter_map(face).collect();
    if faces.is_empty() { Err(NotAFont::Damaged) } else { Ok(faces) }
}

/// Whether the ranges of characters in a face are no larger than Unicode. Typst lists each character,
/// and a few bytes can say that there are billions.
fn sound(data: &[u8], index: u32) -> bool {
    let face = RawFace::parse(data, index).ok();
    let Some(cmap) = face.and_then(|face| face.table(ttf_parser::Tag::from_bytes(b"cmap"))) else {
        return false;
    };
    let tables = u16_at(cmap, 2).unwrap_or_default();
    let mut characters: u64 = 0;
    for record in 0..usize::from(tables) {
        let Some(offset) = u32_at(cmap, 4 + 8 * record + 4) else { return false };
        let Some(table) = usize::try_from(offset).ok().and_then(|at| cmap.get(at..)) else {
            return false;
        };
        let named = match u16_at(table, 0) {
            Some(4) => in_segments(table),
            Some(10) => u32_at(table, 16).map(u64::from),
            Some(12 | 13) => in_groups(table),
            // The others have at most 65,536 characters.
            Some(_) => Some(0),
            None => None,
        };
        characters = characters.saturating_add(named.unwrap_or(u64::MAX));
        // A face has few tables, of which several may be the same.
        if characters > 8 * MAX_CHARACTERS || named.is_none_or(|named| named > MAX_CHARACTERS) {
            return false;
        }
    }
    true
}

/// The characters in the segments of a table of format 4.
fn in_segments(table: &[u8]) -> Option<u64> {
    let count = usize::from(u16_at(table, 6)? / 2);
    let mut all = 0;
    for segment in 0..count {
        let end = u16_at(table, 14 + 2 * segment)?;
        let start = u16_at(table, 16 + 2 * (count + segment))?;
        all += u64::from(end.saturating_sub(start)) + 1;
    }
    Some(all)
}

/// The characters in the groups of a table of format 12 or 13.
fn in_groups(table: &[u8]) -> Option<u64> {
    let count = usize::try_from(u32_at(table, 12)?).ok()?;
    let groups = table.get(16..)?.get(..count.checked_mul(12)?)?;
    let range = |group: &[u8]| {
        let (start, end) = (u32_at(group, 0)?, u32_at(group, 4)?);
        Some(u64::from(end.saturating_sub(start)) + 1)
    };
    groups.chunks_exact(12).map(range).sum()
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: &[u8] = include_bytes!("../../fonts/dejavu-sans-mono/DejaVuSansMono.ttf");

    #[test]
    fn a_font_that_names_billions_of_characters_is_none() {
        assert_eq!(in_file(FONT).map(|faces| faces.len()), Ok(1));
        let cmap = RawFace::parse(FONT, 0).expect("a font");
        let table = cmap.table(ttf_parser::Tag::from_bytes(b"cmap")).expect("a cmap");
        let start = table.as_ptr().addr() - FONT.as_ptr().addr();
        let at = (0..table.len()).find(|at| table[*at..].starts_with(&[0, 12, 0, 0])).expect("one");
        let mut hostile = FONT.to_vec();
        // The end of the first group.
        hostile[start + at + 20..start + at + 24].copy_from_slice(&[0xFF; 4]);
        assert_eq!(in_file(&hostile), Err(NotAFont::Damaged));
    }

    #[test]
    fn what_is_no_font_is_told_apart() {
        assert_eq!(in_file(b""), Err(NotAFont::Damaged));
        assert_eq!(in_file(b"wOF2 and more"), Err(NotAFont::Web));
        assert_eq!(in_file(&FONT[..1000]), Err(NotAFont::Damaged));
        // A collection that claims to have four billion fonts.
        let collection = [b"ttcf\0\x01\0\0".as_slice(), &[0xFF; 4]].concat();
        assert_eq!(in_file(&collection), Err(NotAFont::Damaged));
    }
}
