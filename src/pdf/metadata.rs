//! What the metadata says of the file.

use crate::pdf::objects::{Objects, number, replaced};

/// Removes that the file is a proof, which krilla says of every file: a print shop waits for the final one
/// then.
pub(super) fn claim_no_proof(objects: &mut Objects<'_>) {
    const PROOF: &[u8] = b"<xmpMM:RenditionClass>proof</xmpMM:RenditionClass>";
    for metadata in objects.numbers() {
        let Some(body) = objects.get(metadata).strip_prefix(b"<</Length ") else { continue };
        if let Some((length, rest)) = number(body)
            && rest.starts_with(b"/Type/Metadata")
            && let Some(rest) = replaced(rest, PROOF, b"")
        {
            let length = format!("<</Length {}", length - PROOF.len());
            objects.set(metadata, [length.as_bytes(), &rest].concat());
        }
    }
}
