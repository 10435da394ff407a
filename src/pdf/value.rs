//! Values in a PDF: what an object consists of, and what a content stream does.
//!
//! Numbers and strings stay as they are written. Only the steps that few letters need read values; the
//! others look for bytes, which takes a fraction of the time.

use std::io::{Read, Write};

use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use memchr::memmem;

use crate::pdf::objects::{LEVEL, Objects};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A name, without its slash.
    Name(String),
    /// The number of another object.
    Reference(usize),
    Array(Vec<Value>),
    Dictionary(Dictionary),
    /// A number, a string, a word such as `true`, or an operator, as it is written.
    Other(Vec<u8>),
}

/// A dictionary in the order in which it is written.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Dictionary(Vec<(String, Value)>);

/// A stream: its dictionary and its data, which may be compressed.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub dictionary: Dictionary,
    pub data: Vec<u8>,
}

/// How deep values may be in others. Those of krilla are less than ten deep.
const DEPTH: usize = 64;

/// More data than that is not decompressed: an A3 page of CMYK at 600 pixels per inch.
const MOST: u64 = 512 << 20;

impl Value {
    pub(super) fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// A value as it is written, such as a number or a string.
    pub(super) fn raw(text: impl Into<Vec<u8>>) -> Self {
        Self::Other(text.into())
    }

    pub(super) fn number(number: f64) -> Self {
        // Rust writes no exponents, which PDF does not know.
        Self::raw(format!("{}", (number * 1e5).round() / 1e5 + 0.0))
    }

    /// The value at the beginning of bytes, which then begin after it. `None` at their end, and if they
    /// are no value.
    pub(super) fn read(bytes: &mut &[u8]) -> Option<Self> {
        read(bytes, DEPTH)
    }

    pub(super) fn as_name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn as_reference(&self) -> Option<usize> {
        if let Self::Reference(number) = self { Some(*number) } else { None }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        let Self::Other(text) = self else { return None };
        if !text.first()?.is_ascii_digit() && !matches!(text.first()?, b'-' | b'+' | b'.') {
            return None;
        }
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    /// A number that counts something.
    pub(super) fn as_count(&self) -> Option<usize> {
        let Self::Other(text) = self else { return None };
        std::str::from_utf8(text).ok()?.parse().ok()
    }

    pub(super) fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    pub(super) fn as_dictionary(&self) -> Option<&Dictionary> {
        if let Self::Dictionary(dictionary) = self { Some(dictionary) } else { None }
    }

    /// The name of an operator, in a content stream.
    pub(super) fn as_operator(&self) -> Option<&[u8]> {
        let Self::Other(text) = self else { return None };
        let first = text.first()?;
        (first.is_ascii_alphabetic() || matches!(first, b'\'' | b'"')).then_some(text)
    }

    /// Calls a function with all objects that are referred to.
    pub(super) fn references(&self, each: &mut impl FnMut(usize)) {
        match self {
            Self::Reference(number) => each(*number),
            Self::Array(values) => values.iter().for_each(|value| value.references(each)),
            Self::Dictionary(dictionary) => dictionary.references(each),
            Self::Name(_) | Self::Other(_) => {}
        }
    }

    pub(super) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Name(name) => {
                to.push(b'/');
                to.extend_from_slice(name.as_bytes());
            }
            Self::Reference(number) => {
                separate(to);
                to.extend_from_slice(format!("{number} 0 R").as_bytes());
            }
            Self::Array(values) => {
                to.push(b'[');
                values.iter().for_each(|value| value.write(to));
                to.push(b']');
            }
            Self::Dictionary(dictionary) => dictionary.write(to),
            Self::Other(text) => {
                if !matches!(text.first(), Some(b'(' | b'<')) {
                    separate(to);
                }
                to.extend_from_slice(text);
            }
        }
    }
}

/// Writes a space if a word would otherwise become part of the one before it.
fn separate(to: &mut Vec<u8>) {
    if to.last().is_some_and(|last| !is_space(*last) && !is_delimiter(*last)) {
        to.push(b' ');
    }
}

impl Dictionary {
    pub(super) fn new(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(super) fn set(&mut self, key: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.remove(index).1)
    }

    pub(super) fn name(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_name()
    }

    pub(super) fn reference(&self, key: &str) -> Option<usize> {
        self.get(key)?.as_reference()
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.as_number()
    }

    /// A number that counts something.
    pub(super) fn count(&self, key: &str) -> Option<usize> {
        self.get(key)?.as_count()
    }

    pub(super) fn references(&self, each: &mut impl FnMut(usize)) {
        self.0.iter().for_each(|(_, value)| value.references(each));
    }

    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(b"<<");
        for (key, value) in &self.0 {
            to.push(b'/');
            to.extend_from_slice(key.as_bytes());
            value.write(to);
        }
        to.extend_from_slice(b">>");
    }
}

impl Stream {
    /// A compressed stream of data.
    pub(super) fn new(dictionary: Dictionary, plain: &[u8]) -> Self {
        let mut stream = Self { dictionary, data: Vec::new() };
        stream.set(plain);
        stream
    }

    /// The data without compression. `None` if they are compressed otherwise than with Flate alone.
    pub(super) fn plain(&self) -> Option<Vec<u8>> {
        match self.dictionary.get("Filter") {
            None => return Some(self.data.clone()),
            Some(Value::Name(name)) if name == "FlateDecode" => {}
            Some(_) => return None,
        }
        if self.dictionary.get("DecodeParms").is_some() {
            return None;
        }
        let mut plain = Vec::new();
        ZlibDecoder::new(&*self.data).take(MOST).read_to_end(&mut plain).ok()?;
        Some(plain)
    }

    /// Replaces the data, and compresses them.
    pub(super) fn set(&mut self, plain: &[u8]) {
        let mut encoder = ZlibEncoder::new(Vec::new(), LEVEL);
        // Writing to a vector does not fail.
        self.data = encoder.write_all(plain).and_then(|()| encoder.finish()).unwrap_or_default();
        self.dictionary.set("Filter", Value::name("FlateDecode"));
        self.dictionary.remove("DecodeParms");
    }
}

impl Objects<'_> {
    /// An object as a value, or the dictionary of a stream.
    pub(super) fn value(&self, number: usize) -> Option<Value> {
        Value::read(&mut self.get(number))
    }

    pub(super) fn dictionary(&self, number: usize) -> Option<Dictionary> {
        match self.value(number)? {
            Value::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// What a value is, if it may refer to another object.
    pub(super) fn resolved(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Reference(number) => self.value(*number),
            value => Some(value.clone()),
        }
    }

    pub(super) fn stream(&self, number: usize) -> Option<Stream> {
        let mut rest = self.get(number);
        let Value::Dictionary(mut dictionary) = Value::read(&mut rest)? else { return None };
        let start = memmem::find(rest, b"stream\n")? + b"stream\n".len();
        let length = dictionary.remove("Length")?.as_count()?;
        let data = rest.get(start..start.checked_add(length)?)?.to_vec();
        Some(Stream { dictionary, data })
    }

    pub(super) fn put(&mut self, number: usize, value: &Value) {
        let mut body = Vec::new();
        value.write(&mut body);
        self.set(number, body);
    }

    pub(super) fn put_dictionary(&mut self, number: usize, dictionary: &Dictionary) {
        let mut body = Vec::new();
        dictionary.write(&mut body);
        self.set(number, body);
    }

    pub(super) fn put_stream(&mut self, number: usize, stream: &Stream) {
        let mut dictionary = stream.dictionary.clone();
        dictionary.set("Length", Value::raw(stream.data.len().to_string()));
        let mut body = Vec::with_capacity(stream.data.len() + 200);
        dictionary.write(&mut body);
        body.extend_from_slice(b"\nstream\n");
        body.extend_from_slice(&stream.data);
        body.extend_from_slice(b"\nendstream");
        self.set(number, body);
    }

    /// A new object.
    pub(super) fn add_dictionary(&mut self, dictionary: &Dictionary) -> usize {
        let number = self.add();
        self.put_dictionary(number, dictionary);
        number
    }

    /// The pages, in their order.
    pub(super) fn pages(&self) -> Vec<usize> {
        let mut pages = Vec::new();
        let catalog = self.catalog().and_then(|catalog| self.dictionary(catalog));
        let root = catalog.and_then(|catalog| catalog.reference("Pages"));
        self.collect_pages(root, DEPTH, &mut pages);
        pages
    }

    fn collect_pages(&self, node: Option<usize>, depth: usize, pages: &mut Vec<usize>) {
        let Some((number, node)) = node.and_then(|node| Some((node, self.dictionary(node)?)))
        else {
            return;
        };
        match node.get("Kids").and_then(|kids| self.resolved(kids)) {
            Some(Value::Array(kids)) if depth > 0 => {
                let kids = kids.iter().map(Value::as_reference);
                kids.for_each(|kid| self.collect_pages(kid, depth - 1, pages));
            }
            _ => pages.push(number),
        }
    }

    /// Removes the objects that nothing refers to any more; none if one that is in use cannot be read, because
    /// nobody knows what it refers to.
    pub(super) fn sweep(&mut self) {
        let mut used: Vec<bool> = self.numbers().map(|_| false).collect();
        used.push(false);
        let mut next: Vec<usize> = Vec::new();
        let mut trailer = [b"<<", self.trailer(), b">>"].concat();
        trailer.push(b' ');
        let Some(trailer) = Value::read(&mut &*trailer) else { return };
        trailer.references(&mut |number| next.push(number));
        while let Some(number) = next.pop() {
            match used.get_mut(number) {
                Some(used) if !*used => *used = true,
                _ => continue,
            }
            match self.value(number) {
                Some(value) => value.references(&mut |number| next.push(number)),
                None if self.get(number).is_empty() => {}
                None => return,
            }
        }
        let unused = self.numbers().filter(|number| !used[*number]);
        unused.for_each(|number| self.remove(number));
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

pub(super) fn skip_spaces(bytes: &mut &[u8]) {
    while let Some((first, rest)) = bytes.split_first() {
        match first {
            b'%' => {
                let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                *bytes = &bytes[end.unwrap_or(bytes.len())..];
            }
            first if is_space(*first) => *bytes = rest,
            _ => break,
        }
    }
}

fn read(bytes: &mut &[u8], depth: usize) -> Option<Value> {
    skip_spaces(bytes);
    match bytes {
        [b'/', rest @ ..] => {
            *bytes = rest;
            Some(Value::Name(String::from_utf8(word(bytes).to_vec()).ok()?))
        }
        [b'[', rest @ ..] => {
            *bytes = rest;
            let mut values = Vec::new();
            loop {
                skip_spaces(bytes);
                if let Some(rest) = bytes.strip_prefix(b"]") {
                    *bytes = rest;
                    return Some(Value::Array(values));
                }
                values.push(read(bytes, depth.checked_sub(1)?)?);
            }
        }
        [b'<', b'<', rest @ ..] => {
            *bytes = rest;
            let mut entries = Vec::new();
            loop {
                skip_spaces(bytes);
                if let Some(rest) = bytes.strip_prefix(b">>") {
                    *bytes = rest;
                    return Some(Value::Dictionary(Dictionary(entries)));
                }
                let Value::Name(key) = read(bytes, 0)? else { return None };
                entries.push((key, read(bytes, depth.checked_sub(1)?)?));
            }
        }
        [b'(', ..] => string(bytes),
        [b'<', ..] => {
            let end = bytes.iter().position(|byte| *byte == b'>')? + 1;
            let (text, rest) = bytes.split_at(end);
            *bytes = rest;
            Some(Value::raw(text))
        }
        _ => {
            let text = word(bytes);
            // Only `12 0 R` refers to an object.
            if text.iter().all(u8::is_ascii_digit)
                && let Some(rest) = bytes.strip_prefix(b" 0 R")
                && !rest.first().is_some_and(|byte| !is_space(*byte) && !is_delimiter(*byte))
            {
                *bytes = rest;
                return Some(Value::Reference(std::str::from_utf8(text).ok()?.parse().ok()?));
            }
            (!text.is_empty()).then(|| Value::raw(text))
        }
    }
}

/// The bytes up to a space or a delimiter.
fn word<'b>(bytes: &mut &'b [u8]) -> &'b [u8] {
    let end = bytes.iter().position(|byte| is_space(*byte) || is_delimiter(*byte));
    let (word, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    *bytes = rest;
    word
}

fn string(bytes: &mut &[u8]) -> Option<Value> {
    let (mut open, mut escaped) = (0, false);
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            let (text, rest) = bytes.split_at(index + 1);
            *bytes = rest;
            return Some(Value::raw(text));
        }
    }
    None
}
