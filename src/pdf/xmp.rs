//! Changes to the metadata, as text: krilla writes each property as an element of the one description.

use crate::pdf::objects::Objects;

/// Changes the metadata of the document.
pub(super) fn edit(objects: &mut Objects<'_>, change: impl FnOnce(String) -> String) -> Option<()> {
    let number = objects.dictionary(objects.catalog()?)?.reference("Metadata")?;
    let mut stream = objects.stream(number)?;
    let metadata = String::from_utf8(stream.plain()?).ok()?;
    // Programs find metadata that are not compressed.
    stream.dictionary.remove("Filter");
    stream.data = change(metadata).into_bytes();
    objects.put_stream(number, &stream);
    Some(())
}

/// What a property says, as it is written.
pub(super) fn get<'m>(metadata: &'m str, name: &str) -> Option<&'m str> {
    let (_, rest) = metadata.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// Removes a property.
pub(super) fn remove(metadata: &mut String, name: &str) {
    let end = format!("</{name}>");
    if let Some(start) = metadata.find(&format!("<{name}>"))
        && let Some(length) = metadata[start..].find(&end)
    {
        metadata.replace_range(start..start + length + end.len(), "");
    }
}

/// Adds properties, as they are written.
pub(super) fn add(metadata: &mut String, properties: &str) {
    if let Some(end) = metadata.rfind("</rdf:Description>") {
        metadata.insert_str(end, properties);
    }
}

/// Says what a property is, whether there is one or not.
pub(super) fn set(metadata: &mut String, name: &str, value: &str) {
    remove(metadata, name);
    add(metadata, &format!("<{name}>{value}</{name}>"));
}

/// Makes a prefix known, unless it is.
pub(super) fn declare(metadata: &mut String, prefix: &str, namespace: &str) {
    const FIRST: &str = "<rdf:Description rdf:about=\"\"";
    let attribute = format!(" xmlns:{prefix}=\"{namespace}\"");
    if !metadata.contains(&attribute)
        && let Some(start) = metadata.find(FIRST)
    {
        metadata.insert_str(start + FIRST.len(), &attribute);
    }
}
