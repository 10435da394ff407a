//! Reads files out of a ZIP archive, as workbooks and documents are packed (APPNOTE.TXT of PKWARE, version 6.3.10): stored
//! or deflated, in one volume. It is all that is needed here, and bounded in every way.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::DeflateDecoder;

/// The maximum number of entries of an archive.
const MAX_ENTRIES: usize = 4096;

/// Where a file is in an archive.
struct Entry {
    is_encrypted: bool,
    method: u16,
    packed: usize,
    /// Where its local header begins.
    at: usize,
}

/// The files of an archive by their paths.
pub(crate) struct Archive<'d> {
    data: &'d [u8],
    entries: HashMap<String, Entry>,
}

/// Why a file cannot be read.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Unpacked {
    /// It is damaged, or packed in a way that no office program uses.
    Damaged,
    /// It is encrypted.
    Locked,
    /// It has more bytes than are read.
    TooLarge,
}

fn number<const BYTES: usize>(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(BYTES)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

fn short(data: &[u8], at: usize) -> Option<usize> {
    number::<2>(data, at)
}

fn long(data: &[u8], at: usize) -> Option<usize> {
    number::<4>(data, at)
}

impl<'d> Archive<'d> {
    /// Reads the list of files at the end of an archive, sections 4.3.12 and 4.3.16. `None` if there is
    /// none.
    pub(crate) fn open(data: &'d [u8]) -> Option<Self> {
        // A comment of at most 65,535 bytes may follow.
        let last = data.len().checked_sub(22)?;
        let first = last.saturating_sub(65_535);
        let end = (first..=last).rev().find(|at| data[*at..].starts_with(b"PK\x05\x06"))?;
        let count = short(data, end + 10)?.min(MAX_ENTRIES);
        let mut at = long(data, end + 16)?;
        let mut entries = HashMap::new();
        for _ in 0..count {
            if !data.get(at..)?.starts_with(b"PK\x01\x02") {
                return None;
            }
            let (name, extra, comment) =
                (short(data, at + 28)?, short(data, at + 30)?, short(data, at + 32)?);
            let path = String::from_utf8_lossy(data.get(at + 46..at + 46 + name)?).into_owned();
            let entry = Entry {
                is_encrypted: short(data, at + 8)? & 1 == 1,
                method: short(data, at + 10)? as u16,
                packed: long(data, at + 20)?,
                at: long(data, at + 42)?,
            };
            entries.entry(path).or_insert(entry);
            at += 46 + name + extra + comment;
        }
        Some(Self { data, entries })
    }

    /// Whether there is a file with a path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    /// The bytes of a file, of which there may be at most `most`, whatever the archive says of its size.
    /// `None` if there is no such file.
    pub(crate) fn read(&self, path: &str, most: u64) -> Option<Result<Vec<u8>, Unpacked>> {
        self.entries.get(path).map(|entry| self.unpack(entry, most))
    }

    fn unpack(&self, entry: &Entry, most: u64) -> Result<Vec<u8>, Unpacked> {
        let packed = self.packed(entry).ok_or(Unpacked::Damaged)?;
        let mut bytes = Vec::new();
        let read = match entry.method {
            _ if entry.is_encrypted => return Err(Unpacked::Locked),
            0 => packed.take(most + 1).read_to_end(&mut bytes),
            8 => DeflateDecoder::new(packed).take(most + 1).read_to_end(&mut bytes),
            _ => return Err(Unpacked::Damaged),
        };
        match read {
            Err(_) => Err(Unpacked::Damaged),
            Ok(_) if bytes.len() as u64 > most => Err(Unpacked::TooLarge),
            Ok(_) => Ok(bytes),
        }
    }

    /// The bytes of an entry behind its local header, section 4.3.7.
    fn packed(&self, entry: &Entry) -> Option<&'d [u8]> {
        if !self.data.get(entry.at..)?.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start =
            entry.at + 30 + short(self.data, entry.at + 26)? + short(self.data, entry.at + 28)?;
        self.data.get(start..start.checked_add(entry.packed)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive with one file, as it is.
    pub(crate) fn stored(path: &str, bytes: &[u8]) -> Vec<u8> {
        let le = |number: usize, bytes: usize| number.to_le_bytes()[..bytes].to_vec();
        let size = [le(bytes.len(), 4), le(bytes.len(), 4), le(path.len(), 2), le(0, 2)].concat();
        let local = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), size.clone()].concat();
        let mut data = [local, path.as_bytes().to_vec(), bytes.to_vec()].concat();
        let list = data.len();
        data.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
        data.extend(size);
        data.extend([0; 14]);
        data.extend(path.as_bytes());
        let length = data.len() - list;
        data.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        data.extend([le(length, 4), le(list, 4), le(0, 2)].concat());
        data
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let data = stored("a/b.xml", b"<a/>");
        let archive = Archive::open(&data).expect("an archive");
        assert_eq!(archive.read("a/b.xml", 4), Some(Ok(b"<a/>".to_vec())));
        assert_eq!(archive.read("a/b.xml", 3), Some(Err(Unpacked::TooLarge)));
        assert_eq!(archive.read("b.xml", 4), None);
        assert!(archive.has("a/b.xml"));
    }

    proptest::proptest! {
        /// Damage is found, or does no harm.
        #[test]
        fn damage_does_no_harm(at in 0..120_usize, byte: u8, cut in 0..120_usize) {
            let mut data = stored("a/b.xml", b"<a/>");
            if let Some(damaged) = data.get_mut(at) {
                *damaged = byte;
            }
            data.truncate(data.len().saturating_sub(cut / 8));
            if let Some(archive) = Archive::open(&data) {
                let _damaged = archive.read("a/b.xml", 4);
            }
        }
    }
}
