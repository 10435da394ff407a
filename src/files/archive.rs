//! ZIP archives, as workbooks and documents are packed (APPNOTE.TXT of PKWARE, version 6.3.10): stored or
//! deflated, in one volume. It is all that is needed here. Reading is bounded in every way, and the same
//! files make the same archive.

use std::collections::HashMap;
use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The maximum number of entries of an archive.
pub(crate) const MAX_ENTRIES: usize = 4096;

/// How many times as large as packed a file may be. Documents and sheets are a tenth of that at most, and
/// what is made to fill the memory is close to the thousand that deflate allows.
pub(crate) const MAX_RATIO: u64 = 500;

/// A file of so many bytes is read whatever its ratio.
const ANY_RATIO: u64 = 1 << 20;

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
    /// It is more than [`MAX_RATIO`] times as large as packed.
    TooDense,
    /// The archive has more than [`MAX_ENTRIES`] entries.
    TooMany,
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
    /// Reads the list of files at the end of an archive, sections 4.3.12 and 4.3.16.
    pub(crate) fn open(data: &'d [u8]) -> Result<Self, Unpacked> {
        let (count, at) = Self::end(data).ok_or(Unpacked::Damaged)?;
        if count > MAX_ENTRIES {
            return Err(Unpacked::TooMany);
        }
        Self::list(data, count, at).ok_or(Unpacked::Damaged)
    }

    /// The number of entries, and where their list begins.
    fn end(data: &[u8]) -> Option<(usize, usize)> {
        // A comment of at most 65,535 bytes may follow.
        let last = data.len().checked_sub(22)?;
        let first = last.saturating_sub(65_535);
        let end = (first..=last).rev().find(|at| data[*at..].starts_with(b"PK\x05\x06"))?;
        Some((short(data, end + 10)?, long(data, end + 16)?))
    }

    fn list(data: &'d [u8], count: usize, mut at: usize) -> Option<Self> {
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
        let dense = (packed.len() as u64).saturating_mul(MAX_RATIO).max(ANY_RATIO);
        let limit = most.min(dense) + 1;
        let mut bytes = Vec::new();
        let read = match entry.method {
            _ if entry.is_encrypted => return Err(Unpacked::Locked),
            0 => packed.take(limit).read_to_end(&mut bytes),
            8 => DeflateDecoder::new(packed).take(limit).read_to_end(&mut bytes),
            _ => return Err(Unpacked::Damaged),
        };
        match read {
            Err(_) => Err(Unpacked::Damaged),
            Ok(_) if bytes.len() as u64 > most => Err(Unpacked::TooLarge),
            Ok(_) if bytes.len() as u64 > dense => Err(Unpacked::TooDense),
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

/// The day of every file in an archive: 1 January 1980, the first that there is.
const DAY: u16 = 1 << 5 | 1;

/// Packs files by their paths, in this order.
pub(crate) fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut list = Vec::new();
    for (path, data) in files {
        let at = archive.len() as u32;
        let mut crc = Crc::new();
        crc.update(data);
        let (method, packed) = match deflated(data) {
            Some(packed) if packed.len() < data.len() => (8_u16, packed),
            _ => (0, data.clone()),
        };
        // Version 2.0, and no flags: the paths are in ASCII. Sections 4.4.3 and following.
        let mut header = Vec::new();
        for short in [20, 0, method, 0, DAY] {
            header.extend(short.to_le_bytes());
        }
        for long in [crc.sum(), packed.len() as u32, data.len() as u32] {
            header.extend(long.to_le_bytes());
        }
        header.extend((path.len() as u16).to_le_bytes());
        header.extend([0; 2]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&header);
        archive.extend(path.as_bytes());
        archive.extend(packed);
        list.extend(b"PK\x01\x02\x14\0");
        list.extend(header);
        // No comment, in the only volume, without attributes.
        list.extend([0; 10]);
        list.extend(at.to_le_bytes());
        list.extend(path.as_bytes());
    }
    let (count, at) = (files.len() as u16, archive.len() as u32);
    archive.extend(&list);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([(list.len() as u32).to_le_bytes(), at.to_le_bytes()].concat());
    archive.extend([0; 2]);
    archive
}

fn deflated(data: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(data).ok()?;
    encoder.finish().ok()
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

    #[test]
    fn what_becomes_too_large_is_not_read() {
        use std::io::Write;
        let packed = |bytes: usize| {
            let best = flate2::Compression::best();
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), best);
            encoder.write_all(&vec![b' '; bytes]).expect("memory takes all");
            let packed = encoder.finish().expect("memory takes all");
            let mut data = stored("a", &packed);
            // The method of the only entry, which is in the list.
            let list = data.windows(4).position(|part| part == b"PK\x01\x02").expect("a list");
            data[list + 10] = 8;
            data
        };
        let read = |data: &[u8]| {
            let archive = Archive::open(data).expect("an archive");
            archive.read("a", u64::MAX - 1).expect("a file").map(|bytes| bytes.len() as u64)
        };
        assert_eq!(read(&packed(1 << 20)), Ok(ANY_RATIO));
        assert_eq!(read(&packed(2 << 20)), Err(Unpacked::TooDense));
        let mut many = stored("a", b"");
        let end = many.len() - 12;
        many[end..end + 2].copy_from_slice(&4097_u16.to_le_bytes());
        assert_eq!(Archive::open(&many).err(), Some(Unpacked::TooMany));
    }

    proptest::proptest! {
        #[test]
        fn what_is_packed_is_read_back(files: Vec<(u16, Vec<u8>)>) {
            let mut files: Vec<(String, Vec<u8>)> =
                files.into_iter().map(|(path, data)| (format!("x/{path}.xml"), data)).collect();
            files.sort();
            files.dedup_by(|a, b| a.0 == b.0);
            let packed = pack(&files);
            let archive = Archive::open(&packed).expect("an archive");
            for (path, data) in &files {
                assert_eq!(archive.read(path, data.len() as u64), Some(Ok(data.clone())));
            }
        }

        /// Damage is found, or does no harm.
        #[test]
        fn damage_does_no_harm(at in 0..120_usize, byte: u8, cut in 0..120_usize) {
            let mut data = stored("a/b.xml", b"<a/>");
            if let Some(damaged) = data.get_mut(at) {
                *damaged = byte;
            }
            data.truncate(data.len().saturating_sub(cut / 8));
            if let Ok(archive) = Archive::open(&data) {
                let _damaged = archive.read("a/b.xml", 4);
            }
        }
    }
}
