//! PDF/X-4 and PDF/X-1a: what a press needs (ISO 15930-7 and 15930-4).
//!
//! Upstream: <https://github.com/typst/typst/issues/6012>, <https://github.com/LaurenzV/krilla/issues/407>.

use crate::pdf::objects::{Objects, reference_after};
use crate::pdf::profile::Profile;
use crate::pdf::standards::Press;
use crate::pdf::value::{Dictionary, Stream, Value};
use crate::pdf::xmp;

/// Whether something on a page can be clicked.
pub(super) fn has_links(objects: &Objects<'_>) -> bool {
    objects.numbers().any(|number| objects.get(number).starts_with(b"<</Type/Annot"))
}

/// Removes links. What is printed stays; it is no longer tagged as a link.
pub(super) fn remove_links(objects: &mut Objects<'_>) {
    for number in objects.pages() {
        if let Some(mut page) = objects.dictionary(number) {
            page.remove("Annots");
            page.remove("Tabs");
            objects.put_dictionary(number, &page);
        }
    }
    for number in objects.numbers() {
        if !objects.get(number).starts_with(b"<</Type/StructElem") {
            continue;
        }
        let Some(mut element) = objects.dictionary(number) else { continue };
        if element.name("S") != Some("Link") {
            continue;
        }
        element.set("S", Value::name("Span"));
        let kids = element.get("K").and_then(|kids| objects.resolved(kids));
        let kids = match kids {
            Some(Value::Array(kids)) => kids,
            kids => kids.into_iter().collect(),
        };
        let is_link = |kid: &Value| kid.as_dictionary().is_some_and(|kid| kid.get("Obj").is_some());
        let kids = kids.into_iter().filter(|kid| !is_link(kid)).collect();
        element.set("K", Value::Array(kids));
        objects.put_dictionary(number, &element);
    }
}

/// Says for which press the document is, and that it is for one. `None` if the file is not as krilla writes
/// it.
pub(super) fn describe(objects: &mut Objects<'_>, press: Press, profile: &Profile) -> Option<()> {
    let catalog_number = objects.catalog()?;
    let mut catalog = objects.dictionary(catalog_number)?;

    let space = Dictionary::new([("N", Value::raw("4"))]);
    let inks = objects.add();
    objects.put_stream(inks, &Stream::new(space, &profile.data));
    let mut intent = Dictionary::new([
        ("Type", Value::name("OutputIntent")),
        ("S", Value::name("GTS_PDFX")),
        ("OutputConditionIdentifier", Value::raw(format!("({})", profile.name))),
        ("Info", Value::raw(format!("({})", profile.name))),
        ("DestOutputProfile", Value::Reference(inks)),
    ]);
    if profile.registered {
        intent.set("RegistryName", Value::raw("(http://www.color.org)"));
    }
    let mut intents = vec![Value::Dictionary(intent.clone())];
    // The profile of an archive must be the same one (ISO 19005-2, 6.2.3).
    if catalog.get("OutputIntents").is_some() {
        intent.set("S", Value::name("GTS_PDFA1"));
        intents.push(Value::Dictionary(intent));
    }
    catalog.set("OutputIntents", Value::Array(intents));
    objects.put_dictionary(catalog_number, &catalog);

    let information = match reference_after(objects.trailer(), b"/Info ") {
        Some(number) => number,
        None => {
            let number = objects.add();
            objects.put_dictionary(number, &Dictionary::default());
            objects.add_to_trailer("Info", number);
            number
        }
    };
    let mut dictionary = objects.dictionary(information)?;
    dictionary.set("Trapped", Value::name("False"));
    if press == Press::X1a {
        dictionary.set("GTS_PDFXVersion", Value::raw("(PDF/X-1a:2003)"));
    }
    objects.put_dictionary(information, &dictionary);

    let latest = if press == Press::X1a { "1.4" } else { "1.6" };
    let version = objects.version().min(latest).to_owned();
    objects.set_version(&version);
    xmp::edit(objects, |metadata| metadata_of(metadata, press, &version))
}

fn metadata_of(mut metadata: String, press: Press, version: &str) -> String {
    let date = xmp::get(&metadata, "xmp:ModifyDate").map(str::to_owned);
    if let Some(date) = date {
        xmp::set(&mut metadata, "xmp:MetadataDate", &date);
    }
    if xmp::get(&metadata, "pdf:PDFVersion").is_some() {
        xmp::set(&mut metadata, "pdf:PDFVersion", version);
    }
    xmp::set(&mut metadata, "pdf:Trapped", "False");
    xmp::set(&mut metadata, "xmpMM:VersionID", "1");
    xmp::set(&mut metadata, "xmpMM:RenditionClass", "default");
    if press == Press::X4 {
        xmp::declare(&mut metadata, "pdfxid", "http://www.npes.org/pdfx/ns/id/");
        xmp::set(&mut metadata, "pdfxid:GTS_PDFXVersion", "PDF/X-4");
    }
    // PDF/A must be told of properties that it does not know (ISO 19005-2, 6.6.2.3).
    let part = xmp::get(&metadata, "pdfaid:part").map(str::to_owned);
    let mut unknown = String::new();
    if part.is_some() && press == Press::X4 {
        let namespace = "http://www.npes.org/pdfx/ns/id/";
        unknown.push_str(&description(namespace, "pdfxid", "GTS_PDFXVersion"));
    }
    if matches!(part.as_deref(), Some("2" | "3")) {
        unknown.push_str(&description("http://ns.adobe.com/pdf/1.3/", "pdf", "Trapped"));
    }
    if !unknown.is_empty() {
        const KNOWN: &str = "<pdfaExtension:schemas><rdf:Bag>";
        match metadata.find(KNOWN) {
            Some(start) => metadata.insert_str(start + KNOWN.len(), &unknown),
            None => xmp::set(
                &mut metadata,
                "pdfaExtension:schemas",
                &format!("<rdf:Bag>{unknown}</rdf:Bag>"),
            ),
        }
    }
    metadata
}

/// The description of a property.
fn description(namespace: &str, prefix: &str, name: &str) -> String {
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>{prefix}</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}\
         </pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
         <pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>{name}\
         </pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>\
         <pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li></rdf:Seq>\
         </pdfaSchema:property></rdf:li>"
    )
}
