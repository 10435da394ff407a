//! What a picture or a PDF may contain before a library reads it: a few bytes can ask for more memory
//! than there is, or for more of the stack than a thread has, and nothing catches that.

use std::cell::Cell;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::read::ZlibDecoder;
use image::ImageReader;
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use crate::words::{Message, say};

/// The maximum number of pixels of a picture: a page of A3 at 800 dpi, which takes 400 MB.
const MAX_PIXELS: usize = 100_000_000;

/// The maximum ratio of the sides of a picture. As a background or enlarged, it has as many pixels as
/// its longer side requires.
const MAX_RATIO: f64 = 100.0;

/// The maximum nesting of arrays and dictionaries in a PDF. Those that programs write have a dozen.
const MAX_PDF_DEPTH: usize = 100;

/// The maximum size of the object streams of a PDF, in bytes, when they are no longer compressed.
const MAX_OBJECT_STREAMS: u64 = 256 << 20;

/// The maximum length of a string in a PDF (ISO 32000-1, annex C.2, has half of it).
const MAX_PDF_STRING: usize = 1 << 16;

/// Why a picture of this size cannot be printed. The size is in any unit; only one in pixels has a
/// maximum.
pub(crate) fn wrong_size(width: f64, height: f64, are_pixels: bool) -> Option<Message> {
    let pixels = width * height;
    if are_pixels && pixels > MAX_PIXELS as f64 {
        let (pixels, most) = (pixels / 1e6, MAX_PIXELS / 1_000_000);
        let pixels = format!("{pixels:.0}");
        return Some(say!(
            "it has {pixels} million pixels; the maximum is {most} million",
            pixels,
            most
        ));
    }
    let ratio = width.max(height) / width.min(height);
    // Without a side, it is no number.
    (ratio.is_nan() || ratio > MAX_RATIO)
        .then(|| say!("one side is more than {most} times as long as the other", most = MAX_RATIO))
}

/// Why a file that is a picture or a PDF must not be given to a library.
pub(crate) fn problem(data: &[u8]) -> Option<Message> {
    if is_pdf(data) { pdf_problem(data) } else { picture_problem(data) }
}

/// Why a letter cannot show a picture.
#[derive(Debug)]
pub(crate) enum Unprintable {
    /// It is a file of another kind.
    NoPicture,
    /// It is a drawing with HTML in it.
    Html,
    /// Its size, for this reason.
    Size(Message),
    /// It is damaged.
    Damaged,
}

/// Why a letter cannot show the picture in a file. `None` if it can.
pub(crate) fn unprintable(data: &Bytes) -> Option<Unprintable> {
    let bytes = data.as_slice();
    let starts: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"<svg", b"<?xml", b"RIFF"];
    if bytes.starts_with(b"<") && bytes.windows(14).any(|part| part == b"<foreignObject") {
        return Some(Unprintable::Html);
    }
    if !starts.iter().any(|start| bytes.starts_with(start)) {
        return Some(Unprintable::NoPicture);
    }
    if let Some(wrong) = picture_problem(bytes) {
        return Some(Unprintable::Size(wrong));
    }
    match ExchangeFormat::detect(bytes) {
        Some(format) => {
            RasterImage::plain(data.clone(), format).is_err().then_some(Unprintable::Damaged)
        }
        None => match SvgImage::new(data.clone()) {
            Ok(drawing) => {
                wrong_size(drawing.width(), drawing.height(), false).map(Unprintable::Size)
            }
            Err(_) => Some(Unprintable::Damaged),
        },
    }
}

/// Why the pixels of a picture must not be read. `None` also if it is no picture.
///
/// The size is asked of the decoder that Typst uses: it gets over damage at which others give up.
pub(crate) fn picture_problem(data: &[u8]) -> Option<Message> {
    let mut reader = ImageReader::new(Cursor::new(data)).with_guessed_format().ok()?;
    reader.no_limits();
    let (width, height) = reader.into_dimensions().ok()?;
    wrong_size(width.into(), height.into(), true)
}

/// Whether a file claims to be a PDF, as readers look for it.
fn is_pdf(data: &[u8]) -> bool {
    let start = data.get(..1024).unwrap_or(data);
    start.windows(5).any(|window| window == b"%PDF-")
}

/// Why the objects of a PDF must not be read: arrays and dictionaries in one another, or too much in
/// its compressed objects. `None` also if it is no PDF.
///
/// This is a first line and no proof: it catches the usual faults cheaply and with their reason. A PDF
/// made on purpose gets past it, for example with another filter of its object streams than FlateDecode.
/// What then overflows the stack ends the supervised child, not the program.
pub(crate) fn pdf_problem(data: &[u8]) -> Option<Message> {
    let too_deep = || {
        say!(
            "its arrays and dictionaries are nested more than {levels} levels deep",
            levels = MAX_PDF_DEPTH
        )
    };
    let Some(streams) = object_streams(data) else { return Some(too_deep()) };
    let mut left = MAX_OBJECT_STREAMS;
    for stream in streams {
        let mut objects = Vec::new();
        // What can be read of a damaged stream is what a reader sees.
        let _damaged = ZlibDecoder::new(stream).take(left).read_to_end(&mut objects);
        let objects = if objects.is_empty() { stream } else { &objects };
        left = left.saturating_sub(objects.len() as u64);
        if left == 0 {
            let most = MAX_OBJECT_STREAMS >> 20;
            return Some(say!("its compressed objects have more than {most} MiB", most));
        }
        if object_streams(objects).is_none() {
            return Some(too_deep());
        }
    }
    None
}

/// The streams in a PDF that contain objects. `None` if an array or a dictionary is nested too deep.
fn object_streams(data: &[u8]) -> Option<Vec<&[u8]>> {
    let mut streams = Vec::new();
    let (mut at, mut depth, mut dictionary) = (0, 0_usize, 0);
    let (mut unclosed_strings, mut has_ends) = (0, true);
    let next = |at: usize| data.get(at + 1).copied();
    while let Some(byte) = data.get(at) {
        let mut length = 1;
        match byte {
            b'%' => {
                let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
                length = data[at..].iter().position(is_end).unwrap_or(data.len() - at);
            }
            b'(' if unclosed_strings < 1_000 => match string(data, at) {
                Some(string) => length = string,
                None => unclosed_strings += 1,
            },
            b'<' if next(at) == Some(b'<') => {
                if depth == 0 {
                    dictionary = at;
                }
                depth += 1;
                length = 2;
            }
            b'>' if next(at) == Some(b'>') => {
                depth = depth.saturating_sub(1);
                length = 2;
            }
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'e' if data[at..].starts_with(b"endobj") => depth = 0,
            b's' if data[at..].starts_with(b"stream")
                && data[..at].trim_ascii_end().ends_with(b">>") =>
            {
                let start = at + b"stream".len();
                let size = has_ends.then(|| until(data, start, b"endstream")).flatten();
                // Without its end, a stream ends where a reader thinks. What follows may be objects.
                has_ends = size.is_some();
                let raw = data.get(start..size.map_or(data.len(), |size| start + size));
                let raw = raw.unwrap_or_default();
                let text = data.get(dictionary..at).unwrap_or_default();
                if text.windows(7).any(|window| window == b"/ObjStm") {
                    streams.push(raw.strip_prefix(b"\r").unwrap_or(raw));
                }
                length = start - at + size.map_or(0, |size| size + b"endstream".len());
                dictionary = at + length;
                depth = 0;
            }
            _ => {}
        }
        if depth > MAX_PDF_DEPTH {
            return None;
        }
        at += length;
    }
    let begin = |stream: &'_ [u8]| stream.strip_prefix(b"\n").map_or(0, |_| 1);
    Some(streams.into_iter().map(|stream| &stream[begin(stream)..]).collect())
}

/// The number of bytes before the next `end`.
fn until(data: &[u8], at: usize, end: &[u8]) -> Option<usize> {
    data.get(at..)?.windows(end.len()).position(|window| window == end)
}

/// The length of a string in brackets, if it ends.
fn string(data: &[u8], at: usize) -> Option<usize> {
    let (mut depth, mut escaped) = (0, false);
    for (index, byte) in data.get(at..)?.iter().enumerate().take(MAX_PDF_STRING) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}

thread_local! {
    /// Whether a panic of this thread is caught.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What a library returns, or `None` if it panics.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = IS_CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    IS_CAUGHT.set(outer);
    result.ok()
}

/// Whether a panic of this thread is caught by [`caught`], so that a program need not print it. The hook
/// that prints panics is the program's: a library must leave it alone.
#[cfg(any(feature = "cli", fuzzing))]
pub(crate) fn is_panic_caught() -> bool {
    IS_CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn nested(levels: usize) -> Vec<u8> {
        let object = format!("1 0 obj {}{} endobj ", "[".repeat(levels), "]".repeat(levels));
        object.into_bytes()
    }

    fn compressed(data: &[u8], filter: &str) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).expect("data");
        let mut file = format!("1 0 obj << /Type /ObjStm {filter} >> stream\r\n").into_bytes();
        file.extend(encoder.finish().expect("data"));
        file.extend(b"\nendstream endobj ");
        file
    }

    #[test]
    fn the_depth_of_objects_has_a_limit() {
        let is_right = |data: &[u8]| pdf_problem(data).is_none();
        assert!(is_right(&nested(100)) && !is_right(&nested(101)));
        assert!(is_right(&nested(100).repeat(5)));
        let dictionaries = |levels| "<< /A ".repeat(levels) + &">>".repeat(levels);
        assert!(is_right(dictionaries(100).as_bytes()) && !is_right(dictionaries(101).as_bytes()));
        let text = "(".to_owned() + &"[".repeat(500) + "\\)) % " + &"[".repeat(500) + "\n<<>>";
        assert!(is_right(text.as_bytes()));
        let content = format!("<< /Length 500 >>\nstream\n{}\nendstream", "[".repeat(500));
        assert!(is_right(content.as_bytes()));
        let comment = "%\r".to_owned() + &"[".repeat(101);
        assert!(!is_right(comment.as_bytes()));
        let filter = "/Filter /FlateDecode";
        assert!(is_right(&compressed(&nested(100), filter)));
        assert!(!is_right(&compressed(&nested(101), filter)));
        assert!(is_right(&compressed(&nested(100), "/Filter [/FlateDecode]")));
        assert!(!is_right(&compressed(&nested(101), "/Filter [/FlateDecode]")));
    }

    /// The decoder of JPEG skips what belongs to no segment.
    #[test]
    fn damage_hides_no_size() {
        let jpeg = |damage: &[u8], side: u16| {
            let side = side.to_be_bytes();
            let header = [b"\xFF\xC0\0\x0B\x08", &side[..], &side, b"\x01\x01\x11\0"].concat();
            let scan = b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0";
            [b"\xFF\xD8\xFF\xFE\0\x02", damage, &header, scan].concat()
        };
        assert!(picture_problem(&jpeg(b"", 9)).is_none());
        assert!(picture_problem(&jpeg(b"", 20_000)).is_some());
        assert!(picture_problem(&jpeg(b"damage", 20_000)).is_some());
    }

    #[test]
    fn a_stream_without_end_hides_nothing() {
        let is_right = |data: &[u8]| pdf_problem(data).is_none();
        let unended = |data: &[u8]| [b"<< >> stream\n", data].concat();
        assert!(is_right(&unended(&nested(100))) && !is_right(&unended(&nested(101))));
        let mut objects = compressed(&nested(101), "");
        objects.truncate(objects.len() - b"\nendstream endobj ".len());
        assert!(!is_right(&objects) && !is_right(&unended(&objects)));
    }

    /// What looks for an end that never comes looks once, or this takes many minutes.
    #[test]
    fn what_never_ends_takes_no_time() {
        for part in ["%", ">>stream ", ">>stream endstream", "("] {
            assert!(pdf_problem(part.repeat(1_000_000).as_bytes()).is_none());
        }
    }

    #[test]
    fn compressed_objects_have_a_maximum_size() {
        let data = compressed(&vec![b' '; 90 << 20], "");
        assert!(pdf_problem(&data.repeat(2)).is_none());
        assert!(pdf_problem(&data.repeat(3)).is_some());
    }

    #[test]
    fn sizes_have_limits() {
        let is_right = |width, height| wrong_size(width, height, true).is_none();
        assert!(is_right(10_000.0, 10_000.0) && !is_right(10_001.0, 10_000.0));
        assert!(is_right(100.0, 1.0) && !is_right(101.0, 1.0) && !is_right(1.0, 101.0));
        assert!(!is_right(0.0, 0.0));
        assert!(wrong_size(1e6, 1e6, false).is_none());
    }

    #[test]
    fn a_panic_is_caught() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> u8 { panic!("on purpose") }), None);
    }
}
