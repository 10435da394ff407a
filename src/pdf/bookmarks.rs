//! Bookmarks of pages with several languages side by side.
//!
//! Typst makes bookmarks of headings in the order of the page, which is row by row: a heading in one
//! language, the same in the other.

use crate::pdf::links::text_string;
use crate::pdf::objects::{Objects, reference_after};

/// The bookmarks of a document in several languages.
pub(crate) struct Bookmarks {
    /// The languages, each by its own name.
    pub languages: Vec<String>,
    /// For each bookmark in the order of the document: the language that it is in, unless it is in all
    /// of them, and its level.
    pub entries: Vec<(Option<usize>, usize)>,
}

/// A bookmark: its title and its destination as they are written, and those below it.
struct Node {
    title: Vec<u8>,
    dest: Vec<u8>,
    children: Vec<Node>,
}

/// A title and a destination as they are written.
type Written = (Vec<u8>, Vec<u8>);

/// Puts the bookmarks of each language below one of its own. `None` if the file has other bookmarks.
pub(super) fn by_language(objects: &mut Objects<'_>, bookmarks: &Bookmarks) -> Option<()> {
    let root = reference_after(objects.get(objects.catalog()?), b"/Outlines ")?;
    let mut numbers = Vec::new();
    collect(objects, reference_after(objects.get(root), b"/First "), &mut numbers);
    if numbers.len() != bookmarks.entries.len() {
        return None;
    }
    let written = numbers.iter().map(|number| title_and_dest(objects.get(*number)));
    let written: Vec<Written> = written.collect::<Option<_>>()?;
    let language = |(index, name): (usize, &String)| {
        let entries = bookmarks.entries.iter().zip(&written);
        let own = entries.filter(|((language, _), _)| language.is_none_or(|own| own == index));
        let own: Vec<_> = own.map(|((_, level), written)| (*level, written)).collect();
        let (_, (_, dest)) = own.first()?;
        Some(Node { title: text_string(name), dest: dest.clone(), children: nest(&own) })
    };
    let nodes: Vec<Node> = bookmarks.languages.iter().enumerate().filter_map(language).collect();
    let mut free = numbers.into_iter();
    let (first, last) = write(objects, &nodes, root, true, &mut free)?;
    free.for_each(|number| objects.remove(number));
    let open: usize = nodes.iter().map(|node| 1 + node.children.len()).sum();
    let body = format!("<</Type/Outlines/First {first} 0 R/Last {last} 0 R/Count {open}>>");
    objects.set(root, body.into_bytes());
    Some(())
}

/// The numbers of a bookmark, of all below it, and of all after it.
fn collect(objects: &Objects<'_>, first: Option<usize>, numbers: &mut Vec<usize>) {
    let mut next = first;
    while let Some(number) = next.filter(|number| !numbers.contains(number)) {
        numbers.push(number);
        let body = objects.get(number);
        collect(objects, reference_after(body, b"/First "), numbers);
        next = reference_after(body, b"/Next ");
    }
}

/// The title and the destination of a bookmark as they are written; krilla writes them last.
fn title_and_dest(body: &[u8]) -> Option<Written> {
    let title = memchr::memmem::find(body, b"/Title")? + b"/Title".len();
    let dest = memchr::memmem::rfind(body, b"/Dest ")?;
    let end = body.strip_suffix(b">>")?.len();
    Some((body.get(title..dest)?.to_vec(), body.get(dest..end)?.to_vec()))
}

fn nest(entries: &[(usize, &Written)]) -> Vec<Node> {
    let Some(((level, (title, dest)), rest)) = entries.split_first() else { return Vec::new() };
    let end = rest.iter().position(|(other, _)| other <= level).unwrap_or(rest.len());
    let children = nest(&rest[..end]);
    let node = Node { title: title.clone(), dest: dest.clone(), children };
    std::iter::once(node).chain(nest(&rest[end..])).collect()
}

/// Writes bookmarks below another one, into objects that are free and into new ones. Returns the numbers
/// of the first and the last.
fn write(
    objects: &mut Objects<'_>,
    nodes: &[Node],
    parent: usize,
    open: bool,
    free: &mut impl Iterator<Item = usize>,
) -> Option<(usize, usize)> {
    let numbers: Vec<usize> =
        nodes.iter().map(|_| free.next().unwrap_or_else(|| objects.add())).collect();
    for (index, (node, number)) in nodes.iter().zip(&numbers).enumerate() {
        let mut body = format!("<</Parent {parent} 0 R");
        if index > 0 {
            body.push_str(&format!("/Prev {} 0 R", numbers[index - 1]));
        }
        if let Some(next) = numbers.get(index + 1) {
            body.push_str(&format!("/Next {next} 0 R"));
        }
        if let Some((first, last)) = write(objects, &node.children, *number, false, free) {
            let sign = if open { "" } else { "-" };
            let count = node.children.len();
            body.push_str(&format!("/First {first} 0 R/Last {last} 0 R/Count {sign}{count}"));
        }
        let body = [body.as_bytes(), b"/Title", &node.title, &node.dest, b">>"].concat();
        objects.set(*number, body);
    }
    Some((*numbers.first()?, *numbers.last()?))
}
