//! The objects of a PDF by number, as bytes: read from a file that krilla wrote, written as a smaller
//! one.

use std::borrow::Cow;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use memchr::memmem;

/// The objects of a PDF.
pub(super) struct Objects<'p> {
    /// The line with the version, and one of bytes that mark the file as binary.
    header: Cow<'p, [u8]>,
    /// The object of each number, without the lines around it. A removed object is empty.
    bodies: Vec<Cow<'p, [u8]>>,
    /// What the trailer says, except for the number of objects.
    trailer: Cow<'p, [u8]>,
}

/// How many objects one stream holds at most. A viewer must decompress all of them to get one.
const OBJECTS_PER_STREAM: usize = 1000;

impl<'p> Objects<'p> {
    /// Reads a file with one cross-reference table, as krilla writes it. `None` for any other file.
    pub(super) fn read(pdf: &'p [u8]) -> Option<Self> {
        let last = memmem::rfind(pdf, b"startxref\n")?;
        let (table_at, _) = number(&pdf[last + b"startxref\n".len()..])?;
        let table = pdf.get(table_at..last)?.strip_prefix(b"xref\n0 ")?;
        let (count, table) = number(table)?;
        let table = table.strip_prefix(b"\n")?;
        let (entries, trailer) = table.split_at_checked(count.checked_mul(ENTRY)?)?;

        let mut offsets = Vec::with_capacity(count);
        for (index, entry) in entries.chunks_exact(ENTRY).enumerate() {
            if entry[17] == b'n' {
                offsets.push((number(entry)?.0, index));
            }
        }
        offsets.sort_unstable();
        let mut bodies = vec![Cow::Borrowed(&[][..]); count];
        let ends = offsets.iter().skip(1).map(|(offset, _)| *offset).chain([table_at]);
        for (&(offset, index), end) in offsets.iter().zip(ends) {
            let object = pdf.get(offset..end)?;
            let (found, object) = number(object)?;
            let object = object.strip_prefix(b" 0 obj\n")?.trim_ascii_end();
            let body = object.strip_suffix(b"endobj")?.trim_ascii_end();
            if found != index {
                return None;
            }
            bodies[index] = Cow::Borrowed(body);
        }

        let trailer = trailer.trim_ascii().strip_prefix(b"trailer\n<</Size ")?;
        let (_, trailer) = number(trailer)?;
        let trailer = trailer.strip_suffix(b">>")?;
        let header = Cow::Borrowed(pdf.get(..offsets.first()?.0)?);
        Some(Self { header, bodies, trailer: Cow::Borrowed(trailer) })
    }

    /// The numbers of all objects.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> + use<> {
        1..self.bodies.len()
    }

    /// An object, which is empty if there is none of this number.
    pub(super) fn get(&self, number: usize) -> &[u8] {
        self.bodies.get(number).map_or(&[], |body| body)
    }

    /// Replaces an object.
    pub(super) fn set(&mut self, number: usize, body: Vec<u8>) {
        if let Some(known) = self.bodies.get_mut(number) {
            *known = Cow::Owned(body);
        }
    }

    /// The number of a new object.
    pub(super) fn add(&mut self) -> usize {
        self.bodies.push(Cow::Borrowed(&[]));
        self.bodies.len() - 1
    }

    /// Removes an object, to which nothing may refer any more.
    pub(super) fn remove(&mut self, number: usize) {
        self.set(number, Vec::new());
    }

    /// Whether an object refers to another one. It may also be that a stream contains these bytes.
    pub(super) fn refer_to(&self, number: usize) -> bool {
        let reference = format!("{number} 0 R");
        let finder = memmem::Finder::new(&reference);
        let refers = |body: &Cow<[u8]>| {
            let digit = |at: usize| at > 0 && body[at - 1].is_ascii_digit();
            finder.find_iter(body).any(|at| !digit(at))
        };
        self.bodies.iter().any(refers)
    }

    /// The number of the catalog, which all of the file hangs from.
    pub(super) fn catalog(&self) -> Option<usize> {
        reference_after(&self.trailer, b"/Root ")
    }

    /// Whether an object contains bytes.
    pub(super) fn contains(&self, number: usize, bytes: &[u8]) -> bool {
        memmem::find(self.get(number), bytes).is_some()
    }

    /// What the trailer says, except for the number of objects.
    pub(super) fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// Removes a reference from the trailer.
    pub(super) fn remove_from_trailer(&mut self, key: &str) {
        if let Some(number) = reference_after(&self.trailer, format!("/{key} ").as_bytes())
            && let Some(trailer) =
                replaced(&self.trailer, format!("/{key} {number} 0 R").as_bytes(), b"")
        {
            self.trailer = Cow::Owned(trailer);
        }
    }

    /// Adds a reference to the trailer.
    pub(super) fn add_to_trailer(&mut self, key: &str, number: usize) {
        self.trailer.to_mut().extend_from_slice(format!("/{key} {number} 0 R").as_bytes());
    }

    /// The version of the PDF, such as "1.7".
    pub(super) fn version(&self) -> &str {
        let version = self.header.get(b"%PDF-".len()..b"%PDF-1.7".len()).unwrap_or_default();
        std::str::from_utf8(version).unwrap_or_default()
    }

    /// Replaces the version of the PDF.
    pub(super) fn set_version(&mut self, version: &str) {
        if let Some(header) = self.header.get(b"%PDF-1.7".len()..) {
            self.header = Cow::Owned([b"%PDF-", version.as_bytes(), header].concat());
        }
    }

    /// Writes the objects as a file. Objects that are no streams, most of which are tags, are compressed
    /// together if the version of the PDF has object streams: that halves a letter.
    ///
    /// Upstream: <https://github.com/typst/pdf-writer/pull/79>.
    pub(super) fn write(&self) -> Vec<u8> {
        let size: usize = self.bodies.iter().map(|body| body.len() + 24).sum();
        let encoder = ZlibEncoder::new(Vec::new(), LEVEL);
        let mut file = File { bytes: Vec::with_capacity(size), places: Vec::new(), encoder };
        file.bytes.extend_from_slice(&self.header);
        file.places.resize(self.bodies.len(), Place::Free);
        // Object streams are in PDF 1.5 and later.
        let packs = self.header.get(..8) >= Some(b"%PDF-1.5");
        let mut packed = Vec::new();
        for number in self.numbers() {
            let body = self.get(number);
            match body {
                [] => {}
                _ if packs && !body.ends_with(b"endstream") => packed.push((number, body)),
                _ => file.object(number, &[body]),
            }
        }
        if packs {
            packed.chunks(OBJECTS_PER_STREAM).for_each(|objects| file.object_stream(objects));
            file.cross_reference_stream(&self.trailer);
        } else {
            file.cross_reference_table(&self.trailer);
        }
        file.bytes
    }
}

/// Higher levels make a letter smaller by less than one percent, and take much longer.
pub(super) const LEVEL: Compression = Compression::new(5);

/// The bytes of an entry in a cross-reference table.
const ENTRY: usize = 20;

/// The bytes of an entry in a cross-reference stream.
const COLUMNS: usize = 7;

/// The mark of a row that is written as the difference to the one above it (PNG, 9.2).
const UP: u8 = 2;

/// Where an object is in a file.
#[derive(Copy, Clone)]
enum Place {
    /// There is none of this number.
    Free,
    /// At a byte of the file.
    At(usize),
    /// In the stream of a number, at an index.
    In(usize, usize),
}

/// A file that is being written.
struct File {
    bytes: Vec<u8>,
    places: Vec<Place>,
    /// Compresses one stream after the other: it takes longer to prepare than a short one to compress.
    encoder: ZlibEncoder<Vec<u8>>,
}

impl File {
    fn object(&mut self, number: usize, parts: &[&[u8]]) {
        self.places[number] = Place::At(self.bytes.len());
        self.bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        parts.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Objects as one stream: their numbers and offsets, then the objects (ISO 32000-1, 7.5.7).
    fn object_stream(&mut self, objects: &[(usize, &[u8])]) {
        let stream = self.places.len();
        self.places.push(Place::Free);
        let (mut index, mut bodies) = (String::new(), Vec::new());
        for (at, (number, body)) in objects.iter().enumerate() {
            index.push_str(&format!("{number} {} ", bodies.len()));
            // That an element of the structure is one need not be said (ISO 32000-1, 14.7.2).
            let element = body.strip_prefix(b"<</Type/StructElem");
            bodies.extend_from_slice(if element.is_some() { b"<<" } else { b"" });
            bodies.extend_from_slice(element.unwrap_or(body));
            bodies.push(b'\n');
            self.places[*number] = Place::In(stream, at);
        }
        let kind = format!("/Type/ObjStm/N {}/First {}", objects.len(), index.len());
        self.stream(stream, &kind, &[index.as_bytes(), &bodies]);
    }

    /// Where all objects are, as a stream (ISO 32000-1, 7.5.8), and the end of the file.
    fn cross_reference_stream(&mut self, trailer: &[u8]) {
        let (number, start) = (self.places.len(), self.bytes.len());
        self.places.push(Place::At(start));
        // Each row is the difference to the one above it, which compresses to almost nothing.
        let mut rows = Vec::with_capacity(self.places.len() * (COLUMNS + 1));
        let mut above = [0; COLUMNS];
        for place in &self.places {
            let (kind, first, second) = match *place {
                Place::Free => (0, 0, 0),
                Place::At(offset) => (1, offset, 0),
                Place::In(stream, index) => (2, stream, index),
            };
            // A file has at most 4 GiB, and a stream fewer than 65,536 objects.
            let mut row = [kind; COLUMNS];
            row[1..5].copy_from_slice(&(first as u32).to_be_bytes());
            row[5..].copy_from_slice(&(second as u16).to_be_bytes());
            rows.push(UP);
            rows.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
            above = row;
        }
        let size = self.places.len();
        let trailer = String::from_utf8_lossy(trailer);
        let predictor = format!("/DecodeParms<</Columns {COLUMNS}/Predictor 12>>");
        let kind = format!("/Type/XRef/Size {size}/W[1 4 2]{predictor}{trailer}");
        self.stream(number, &kind, &[&rows]);
        self.end(start);
    }

    /// Where all objects are, as a table (ISO 32000-1, 7.5.4), and the end of the file.
    fn cross_reference_table(&mut self, trailer: &[u8]) {
        let (start, size) = (self.bytes.len(), self.places.len());
        let mut table = format!("xref\n0 {size}\n");
        for (number, place) in self.places.iter().enumerate() {
            match *place {
                Place::At(offset) => table.push_str(&format!("{offset:010} 00000 n\r\n")),
                _ if number == 0 => table.push_str("0000000000 65535 f\r\n"),
                _ => table.push_str("0000000000 00000 f\r\n"),
            }
        }
        self.bytes.extend_from_slice(table.as_bytes());
        self.bytes.extend_from_slice(format!("trailer\n<</Size {size}").as_bytes());
        self.bytes.extend_from_slice(trailer);
        self.bytes.extend_from_slice(b">>\n");
        self.end(start);
    }

    fn stream(&mut self, number: usize, kind: &str, parts: &[&[u8]]) {
        // Writing to a vector does not fail.
        let written = parts.iter().try_for_each(|part| self.encoder.write_all(part));
        let data = written.and_then(|()| self.encoder.reset(Vec::new())).unwrap_or_default();
        let head = format!("<<{kind}/Filter/FlateDecode/Length {}>>\nstream\n", data.len());
        self.object(number, &[head.as_bytes(), &data, b"\nendstream"]);
    }

    fn end(&mut self, start: usize) {
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF").as_bytes());
    }
}

/// The number at the beginning of bytes, and what follows it.
pub(super) fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at(end);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// The number of the object that is referred to after a key: `/P 12 0 R`.
pub(super) fn reference_after(body: &[u8], key: &[u8]) -> Option<usize> {
    let at = memmem::find(body, key)? + key.len();
    let (number, rest) = number(&body[at..])?;
    rest.starts_with(b" 0 R").then_some(number)
}

/// Bytes with some of them replaced, once. `None` if they are not there.
pub(super) fn replaced(body: &[u8], old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let at = memmem::find(body, old)?;
    Some([&body[..at], new, &body[at + old.len()..]].concat())
}
