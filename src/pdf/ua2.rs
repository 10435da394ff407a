//! PDF/UA-2 (ISO 14289-2) with Well-Tagged PDF 1.0, made of PDF/UA-1.
//!
//! What is different: tags are of a namespace, notes are of a kind of their own, links and bookmarks lead to
//! tags and not to places on a page, and the metadata say all that is said of the document.
//!
//! Upstream: <https://github.com/LaurenzV/krilla>, whose validators end with PDF/UA-1.

use std::collections::HashMap;

use crate::pdf::content::{self, Matrix};
use crate::pdf::objects::Objects;
use crate::pdf::value::{Dictionary, Value};
use crate::pdf::xmp;

/// The tags of PDF 2.0 (ISO 32000-2, 14.8.6.2). Others are those of PDF 1.7, which are known too.
const TAGS: &[&str] = &[
    "Document",
    "DocumentFragment",
    "Part",
    "Sect",
    "Div",
    "Aside",
    "NonStruct",
    "P",
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "H",
    "Title",
    "FENote",
    "Sub",
    "Lbl",
    "Span",
    "Em",
    "Strong",
    "Link",
    "Annot",
    "Form",
    "Ruby",
    "RB",
    "RT",
    "RP",
    "Warichu",
    "WT",
    "WP",
    "L",
    "LI",
    "LBody",
    "Table",
    "TR",
    "TH",
    "TD",
    "THead",
    "TBody",
    "TFoot",
    "Caption",
    "Figure",
    "Formula",
    "Artifact",
];

/// Tags inside of a line, and those that belong to the one around them.
const INLINE: &[&str] = &["Span", "Link", "Em", "Strong", "Lbl", "LBody", "Code", "Quote", "Sub"];

/// Makes PDF/UA-2 of PDF/UA-1, and of PDF/A-2 or PDF/A-3 with it a level of PDF/A-4. `None` if the file is
/// not tagged as krilla tags it.
pub(super) fn convert(objects: &mut Objects<'_>, archive: Option<&str>) -> Option<()> {
    let catalog = objects.catalog()?;
    let root = objects.dictionary(catalog)?.reference("StructTreeRoot")?;
    let tree = Tree::read(objects, root)?;
    tree.tag(objects, root);
    tree.lead_to_tags(objects);

    // Lists of kinds of content that PDF 2.0 no longer has.
    for number in objects.numbers() {
        if objects.contains(number, b"/ProcSet")
            && let Some(mut resources) = objects.dictionary(number)
            && !objects.get(number).ends_with(b"endstream")
            && resources.remove("ProcSet").is_some()
        {
            objects.put_dictionary(number, &resources);
        }
    }
    objects.remove_from_trailer("Info");
    objects.set_version("2.0");
    xmp::edit(objects, |metadata| metadata_of(metadata, archive));
    objects.sweep();
    Some(())
}

/// The metadata of PDF/UA-2 with PDF/A-4, with the declarations of Well-Tagged PDF 1.0.
fn metadata_of(mut metadata: String, archive: Option<&str>) -> String {
    xmp::remove(&mut metadata, "pdfaExtension:schemas");
    xmp::remove(&mut metadata, "pdfaid:part");
    xmp::remove(&mut metadata, "pdfaid:conformance");
    xmp::remove(&mut metadata, "pdfuaid:part");
    if let Some(level) = archive {
        xmp::add(&mut metadata, "<pdfaid:part>4</pdfaid:part><pdfaid:rev>2020</pdfaid:rev>");
        if !level.is_empty() {
            let level = format!("<pdfaid:conformance>{level}</pdfaid:conformance>");
            xmp::add(&mut metadata, &level);
        }
    }
    xmp::set(&mut metadata, "pdf:PDFVersion", "2.0");
    xmp::add(&mut metadata, "<pdfuaid:part>2</pdfuaid:part><pdfuaid:rev>2024</pdfuaid:rev>");
    xmp::declare(&mut metadata, "pdfd", "http://pdfa.org/declarations/");
    let declared = ["accessibility", "reuse"].map(|name| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfd:conformsTo>\
             http://pdfa.org/declarations/wtpdf#{name}1.0</pdfd:conformsTo></rdf:li>"
        )
    });
    let declared = declared.concat();
    let bag = format!("<pdfd:declarations><rdf:Bag>{declared}</rdf:Bag></pdfd:declarations>");
    xmp::add(&mut metadata, &bag);
    metadata
}

/// A tag, as an element of the structure.
struct Element {
    tag: String,
    parent: Option<usize>,
    kids: Vec<Value>,
}

/// The structure of a document.
struct Tree {
    /// In the order of their numbers, so that the same file is written each time.
    elements: Vec<(usize, Element)>,
    index: HashMap<usize, usize>,
    /// For each page where each piece of its content begins, and the tag that it has.
    content: HashMap<usize, Vec<(f64, f64, usize)>>,
    /// What it is called that tags of other names are meant to be.
    roles: Dictionary,
    document: usize,
}

impl Tree {
    fn read(objects: &Objects<'_>, root: usize) -> Option<Self> {
        let root = objects.dictionary(root)?;
        let mut elements = Vec::new();
        for number in objects.numbers() {
            if !objects.get(number).starts_with(b"<</Type/StructElem") {
                continue;
            }
            let element = objects.dictionary(number)?;
            let kids = match element.get("K").and_then(|kids| objects.resolved(kids)) {
                Some(Value::Array(kids)) => kids,
                kids => kids.into_iter().collect(),
            };
            let parent = element.reference("P");
            elements.push((number, Element { tag: element.name("S")?.to_owned(), parent, kids }));
        }
        let index = elements.iter().enumerate().map(|(at, (number, _))| (*number, at)).collect();
        let document = match root.get("K")? {
            Value::Array(kids) => kids.first()?.as_reference()?,
            kid => kid.as_reference()?,
        };
        let parents = objects.resolved(root.get("ParentTree")?)?;
        let parents = parents.as_dictionary()?.get("Nums")?.as_array()?.to_vec();
        let roles = root.get("RoleMap").and_then(|roles| objects.resolved(roles));
        let roles = roles.and_then(|roles| roles.as_dictionary().cloned()).unwrap_or_default();
        let mut tree = Self { elements, index, content: HashMap::new(), roles, document };
        for page in objects.pages() {
            let content = Self::content_of(objects, page, &parents).unwrap_or_default();
            tree.content.insert(page, content);
        }
        Some(tree)
    }

    /// Where the pieces of content of a page begin, with their tags.
    fn content_of(
        objects: &Objects<'_>,
        page: usize,
        parents: &[Value],
    ) -> Option<Vec<(f64, f64, usize)>> {
        let dictionary = objects.dictionary(page)?;
        let key = dictionary.number("StructParents")?;
        let tags = parents.chunks_exact(2).find(|pair| pair[0].as_number() == Some(key))?;
        let tags = objects.resolved(&tags[1])?;
        let tags = tags.as_array()?;
        let stream = objects.stream(dictionary.reference("Contents")?)?.plain()?;
        let begins = content_begins(&stream).into_iter();
        let tagged = begins.filter_map(|(id, x, y)| Some((x, y, tags.get(id)?.as_reference()?)));
        Some(tagged.collect())
    }

    fn get(&self, number: usize) -> Option<&Element> {
        Some(&self.elements.get(*self.index.get(&number)?)?.1)
    }

    /// Gives each tag its namespace.
    fn tag(&self, objects: &mut Objects<'_>, root: usize) {
        let namespaces = ["http://iso.org/pdf2/ssn", "http://iso.org/pdf/ssn"].map(|name| {
            objects.add_dictionary(&Dictionary::new([
                ("Type", Value::name("Namespace")),
                ("NS", Value::raw(format!("({name})"))),
            ]))
        });
        for (number, element) in &self.elements {
            let Some(mut dictionary) = objects.dictionary(*number) else { continue };
            let known = |tag: &str| TAGS.contains(&tag) || tag == "Code";
            let role = Some(&*element.tag).filter(|tag| !known(tag));
            let tag = match role {
                Some("Note") => "FENote",
                Some(tag) => self.roles.name(tag).unwrap_or(tag),
                None => &element.tag,
            };
            dictionary.set("S", Value::name(tag));
            if tag == "FENote" {
                let kind = Dictionary::new([
                    ("O", Value::name("FENote")),
                    ("NoteType", Value::name("Footnote")),
                ]);
                let mut all = match dictionary.remove("A") {
                    Some(Value::Array(all)) => all,
                    other => other.into_iter().collect(),
                };
                all.push(Value::Dictionary(kind));
                dictionary.set("A", Value::Array(all));
            }
            let namespace = namespaces[usize::from(!TAGS.contains(&tag))];
            dictionary.set("NS", Value::Reference(namespace));
            objects.put_dictionary(*number, &dictionary);
        }
        if let Some(mut dictionary) = objects.dictionary(root) {
            dictionary.remove("RoleMap");
            let namespaces = namespaces.map(Value::Reference).to_vec();
            dictionary.set("Namespaces", Value::Array(namespaces));
            objects.put_dictionary(root, &dictionary);
        }
    }

    /// Has bookmarks and links lead to tags, besides to places on a page. References to notes say so.
    fn lead_to_tags(&self, objects: &mut Objects<'_>) {
        let mut notes: Vec<(usize, usize)> = Vec::new();
        let links = self.elements.iter().flat_map(|(number, element)| {
            let annotation = |kid: &Value| kid.as_dictionary()?.reference("Obj");
            element.kids.iter().filter_map(annotation).map(|link| (link, *number))
        });
        let links: HashMap<usize, usize> = links.collect();
        for number in objects.numbers() {
            if !objects.contains(number, b"/Dest") {
                continue;
            }
            let Some(mut dictionary) = objects.dictionary(number) else { continue };
            let Some(dest) = dictionary.get("Dest").cloned() else { continue };
            let Some(Value::Array(place)) = objects.resolved(&dest) else { continue };
            let target = self.target(&place).unwrap_or(self.document);
            let mut tagged = place.clone();
            if let Some(page) = tagged.first_mut() {
                *page = Value::Reference(target);
            }
            dictionary.remove("Dest");
            let action = Dictionary::new([
                ("S", Value::name("GoTo")),
                ("D", dest),
                ("SD", Value::Array(tagged)),
            ]);
            dictionary.set("A", Value::Dictionary(action));
            objects.put_dictionary(number, &dictionary);
            if let Some(label) = links.get(&number).and_then(|link| self.around(*link, "Lbl"))
                && self.get(target).is_some_and(|target| target.tag == "Note")
            {
                notes.push((label, target));
            }
        }
        let both = notes.iter().flat_map(|(label, note)| [(*label, *note), (*note, *label)]);
        for (from, to) in both {
            let Some(mut dictionary) = objects.dictionary(from) else { continue };
            let mut all = match dictionary.remove("Ref") {
                Some(Value::Array(all)) => all,
                _ => Vec::new(),
            };
            all.push(Value::Reference(to));
            dictionary.set("Ref", Value::Array(all));
            objects.put_dictionary(from, &dictionary);
        }
    }

    /// The tag of a name around another one.
    fn around(&self, mut number: usize, tag: &str) -> Option<usize> {
        for _ in 0..self.elements.len() {
            let element = self.get(number)?;
            if element.tag == tag {
                return Some(number);
            }
            number = element.parent?;
        }
        None
    }

    /// The tag of what begins nearest to a place on a page, below it.
    fn target(&self, place: &[Value]) -> Option<usize> {
        let page = place.first()?.as_reference()?;
        let (x, y) = (place.get(2)?.as_number()?, place.get(3)?.as_number()?);
        // Typst leads to a point that much above what is meant.
        let y = y - 10.0;
        let below =
            self.content.get(&page)?.iter().filter(|(_, content_y, _)| *content_y < y + 1.0);
        let distance = |(content_x, content_y, _): &(f64, f64, usize)| {
            (content_x - x).abs() + (y - content_y).abs()
        };
        let (_, _, mut number) =
            *below.min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
        for _ in 0..self.elements.len() {
            let element = self.get(number)?;
            match element.parent {
                Some(parent) if INLINE.contains(&&*element.tag) && self.get(parent).is_some() => {
                    number = parent;
                }
                _ => break,
            }
        }
        Some(number)
    }
}

/// The number of each piece of marked content, with the point on the page at which it begins.
fn content_begins(stream: &[u8]) -> Vec<(usize, f64, f64)> {
    let mut begins: Vec<(usize, f64, f64)> = Vec::new();
    let (mut matrix, mut saved) = (Matrix::default(), Vec::new());
    let (mut text, mut marked): (Matrix, Vec<Option<usize>>) = (Matrix::default(), Vec::new());
    content::operations(stream, |operator, operands| {
        let numbers = || operands.iter().filter_map(Value::as_number).collect::<Vec<_>>();
        let point = match operator {
            b"q" => {
                saved.push(matrix);
                None
            }
            b"Q" => {
                matrix = saved.pop().unwrap_or_default();
                None
            }
            b"cm" => {
                matrix = Matrix::of(&numbers()).map_or(matrix, |inner| inner.then(matrix));
                None
            }
            b"BT" => {
                text = Matrix::default();
                None
            }
            b"Tm" => {
                text = Matrix::of(&numbers()).unwrap_or_default();
                None
            }
            b"BDC" => {
                let id = operands.get(1).and_then(Value::as_dictionary);
                let id = id.and_then(|properties| properties.count("MCID"));
                marked.push(id);
                None
            }
            b"BMC" => {
                marked.push(None);
                None
            }
            b"EMC" => {
                marked.pop();
                None
            }
            b"Tj" | b"TJ" => Some(text.then(matrix).apply(0.0, 0.0)),
            b"m" | b"re" => numbers().get(..2).map(|point| matrix.apply(point[0], point[1])),
            b"Do" => Some(matrix.apply(0.0, 0.0)),
            _ => None,
        };
        let id = marked.iter().rev().find_map(|id| *id);
        if let (Some((x, y)), Some(id)) = (point, id)
            && !begins.iter().rev().any(|(known, ..)| *known == id)
        {
            begins.push((id, x, y));
        }
    });
    begins
}
