//! The languages of texts, with the whole of their tags.
//!
//! Typst knows a language and a country of two letters, so that it writes `zh-TW` for `zh-Hant`, `ca-ES` for
//! `ca-ES-valencia` and `nah` for `nah-x-tepoz`.

use std::collections::HashSet;

use memchr::memmem;

use crate::pdf::objects::Objects;
use crate::pdf::value::Value;
use crate::pdf::xmp;

/// Replaces tags that Typst has shortened, each in the form that it writes, by the whole ones.
pub(super) fn complete(objects: &mut Objects<'_>, tags: &[(String, String)]) {
    if tags.is_empty() {
        return;
    }
    let entry = |tag: &str| format!("/Lang({tag})").into_bytes();
    let tags: Vec<(Vec<u8>, Vec<u8>)> =
        tags.iter().map(|(short, whole)| (entry(short), entry(whole))).collect();
    // Texts within an element of the structure are marked in the pages.
    let contents = |page| objects.dictionary(page)?.get("Contents").cloned();
    let contents = objects.pages().into_iter().filter_map(contents).flat_map(|value| match value {
        Value::Array(parts) => parts,
        one => vec![one],
    });
    let contents: HashSet<usize> = contents.filter_map(|part| part.as_reference()).collect();
    for number in objects.numbers() {
        if contents.contains(&number) {
            let stream = objects.stream(number).and_then(|stream| Some((stream.plain()?, stream)));
            if let Some((plain, mut stream)) = stream
                && let Some(changed) = with_tags(&plain, &tags)
            {
                stream.set(&changed);
                objects.put_stream(number, &stream);
            }
        } else if !objects.get(number).ends_with(b"endstream")
            && let Some(changed) = with_tags(objects.get(number), &tags)
        {
            objects.set(number, changed);
        }
    }
    xmp::edit(objects, |metadata| {
        let Some(said) = xmp::get(&metadata, "dc:language") else { return metadata };
        let item = |entry: &[u8]| {
            let tag = &entry[b"/Lang(".len()..entry.len() - 1];
            format!("<rdf:li>{}</rdf:li>", String::from_utf8_lossy(tag))
        };
        let Some((short, whole)) = tags.iter().find(|(short, _)| said.contains(&item(short)))
        else {
            return metadata;
        };
        let property = |said: &str| format!("<dc:language>{said}");
        let changed = property(&said.replace(&item(short), &item(whole)));
        metadata.replacen(&property(said), &changed, 1)
    });
}

/// Bytes with other tags. `None` if none of the short ones is there.
fn with_tags(body: &[u8], tags: &[(Vec<u8>, Vec<u8>)]) -> Option<Vec<u8>> {
    // Each place is changed once: the whole form of a tag may be the short one of another.
    let next = |from: usize| {
        let found = tags.iter().filter_map(|(short, whole)| {
            let at = from + memmem::find(&body[from..], short)?;
            Some((at, short, whole))
        });
        found.min_by_key(|(at, ..)| *at)
    };
    let (mut changed, mut from) = (Vec::new(), 0);
    while let Some((at, short, whole)) = next(from) {
        changed.extend_from_slice(&body[from..at]);
        changed.extend_from_slice(whole);
        from = at + short.len();
    }
    (from > 0).then(|| [&changed, &body[from..]].concat())
}
