//! Hashes of inputs and outputs.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn sha256(data: &[u8]) -> String {
    hex(&Sha256::digest(data))
}

/// The first bytes of the SHA-256 of a text, in hexadecimal: two digits for each.
pub(crate) fn start_of_sha256(text: &str, bytes: usize) -> String {
    hex(&Sha256::digest(text)[..bytes])
}

/// The SHA-256 of all that a reader gives, in hexadecimal.
pub(crate) fn sha256_of_reader(mut reader: impl Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            read => digest.update(&buffer[..read]),
        }
    }
}

/// The SHA-256 of several texts. The boundaries between them make a difference.
pub(crate) fn sha256_of(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    hex(&digest.finalize())
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf abc | sha256sum`
    #[test]
    fn digests_are_those_of_sha256sum() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
        assert_eq!(start_of_sha256("abc", 4), "ba7816bf");
        assert_eq!(sha256_of_reader(&b"abc"[..]).expect("bytes"), expected);
        assert_ne!(sha256_of(&[b"a", b"bc"]), sha256_of(&[b"ab", b"c"]));
    }
}
