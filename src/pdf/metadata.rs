//! What the metadata say of the file.

use crate::pdf::objects::Objects;
use crate::pdf::xmp;

/// Removes from the metadata what krilla says of every file, and what need not be said.
pub(super) fn shorten(objects: &mut Objects<'_>) {
    xmp::edit(objects, |mut metadata| {
        // A print shop waits for the final file if this one is a proof.
        xmp::remove(&mut metadata, "xmpMM:RenditionClass");
        // PDF/A-1 has an older list of the properties that need no description (ISO 19005-1, 6.7.8), and
        // PDF/A-2 and PDF/A-3 a newer one that has these.
        if matches!(xmp::get(&metadata, "pdfaid:part"), Some("2" | "3")) {
            for prefix in ["xmpMM", "pdf"] {
                remove_description(&mut metadata, prefix);
            }
            let none = "<pdfaExtension:schemas><rdf:Bag></rdf:Bag></pdfaExtension:schemas>";
            metadata = metadata.replace(none, "");
        }
        metadata
    });
}

/// Removes the description of the properties with a prefix.
fn remove_description(metadata: &mut String, prefix: &str) {
    const START: &str = "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>";
    const END: &str = "</rdf:Seq></pdfaSchema:property></rdf:li>";
    let prefix = format!("<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>");
    if let Some(at) = metadata.find(&prefix)
        && let Some(start) = metadata[..at].rfind(START)
        && let Some(length) = metadata[at..].find(END)
    {
        metadata.replace_range(start..at + length + END.len(), "");
    }
}
