//! Letters that follow one another in one document.
//!
//! Typst tags all of them as one text, so that a screen reader cannot skip to the next letter.

use std::collections::HashMap;

use crate::pdf::objects::{Objects, reference_after, replaced};
use crate::pdf::value::{Dictionary, Value};

/// How deep tags are in one another at most.
const DEPTH: usize = 64;

/// Makes what is on pages up to the next part a part of its own. The pages on which the parts after the first
/// begin are counted from zero.
pub(super) fn separate(objects: &mut Objects<'_>, begins: &[usize]) -> Option<()> {
    if begins.is_empty() {
        return None;
    }
    let root = objects.dictionary(objects.catalog()?)?.reference("StructTreeRoot")?;
    let document = match objects.dictionary(root)?.get("K")? {
        Value::Array(kids) => kids.first()?.as_reference()?,
        kid => kid.as_reference()?,
    };
    let mut element = objects.dictionary(document)?;
    let kids = element.get("K")?.as_array()?.to_vec();
    let pages = objects.pages().into_iter().enumerate();
    let pages: HashMap<usize, usize> = pages.map(|(index, page)| (page, index)).collect();

    let mut parts: Vec<(usize, Vec<Value>)> = Vec::new();
    for kid in kids {
        let page = kid.as_reference().and_then(|kid| page_of(objects, kid, DEPTH));
        let part = page.and_then(|page| pages.get(&page));
        // What has no content belongs to what is before it.
        let part = part.map_or(parts.last().map_or(0, |(part, _)| *part), |page| {
            begins.iter().filter(|begin| **begin <= *page).count()
        });
        match parts.last_mut() {
            Some((last, kids)) if *last == part => kids.push(kid),
            _ => parts.push((part, vec![kid])),
        }
    }
    let mut all = Vec::new();
    for (_, kids) in parts {
        let number = objects.add();
        for kid in kids.iter().filter_map(Value::as_reference) {
            let (old, new) = (format!("/P {document} 0 R"), format!("/P {number} 0 R"));
            if let Some(moved) = replaced(objects.get(kid), old.as_bytes(), new.as_bytes()) {
                objects.set(kid, moved);
            }
        }
        objects.put_dictionary(
            number,
            &Dictionary::new([
                ("Type", Value::name("StructElem")),
                ("S", Value::name("Part")),
                ("P", Value::Reference(document)),
                ("K", Value::Array(kids)),
            ]),
        );
        all.push(Value::Reference(number));
    }
    element.set("K", Value::Array(all));
    objects.put_dictionary(document, &element);
    Some(())
}

/// The page on which the content of a tag begins.
fn page_of(objects: &Objects<'_>, number: usize, depth: usize) -> Option<usize> {
    let page = reference_after(objects.get(number), b"/Pg ");
    if page.is_some() || depth == 0 {
        return page;
    }
    let element = objects.dictionary(number)?;
    let kids = element.get("K")?.as_array()?;
    kids.iter().filter_map(Value::as_reference).find_map(|kid| page_of(objects, kid, depth - 1))
}
