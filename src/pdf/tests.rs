//! Each step on a small file of the form in which krilla writes PDFs.

use lopdf::{Document, Object};
use memchr::memmem;

use super::objects::Objects;
use super::profile::Profile;
use super::value::{Dictionary, Stream, Value};
use super::{Bookmarks, Details, Plan};

fn finish_as(pdf: Vec<u8>, details: &Details<'_>) -> Vec<u8> {
    super::finish(pdf, &Plan::default(), details).expect("a PDF without a press").0
}

/// Finishes a file; links from notes lead "back".
fn finish(pdf: Vec<u8>) -> Vec<u8> {
    finish_as(pdf, &Details { back_to_text: "back", ..Details::default() })
}

/// A file as krilla writes it, with objects numbered from one. The first is the catalog.
fn file(version: &str, objects: &[&str]) -> Vec<u8> {
    let mut pdf = format!("%PDF-{version}\n%comment\n\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n\r\n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n\n", index + 1));
    }
    let start = pdf.len();
    let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\n", objects.len() + 1);
    pdf.push_str(&format!("{table}{trailer}startxref\n{start}\n%%EOF"));
    pdf.into_bytes()
}

/// The objects of a file as another library reads them; `None` if there is none of a number.
fn read(pdf: &[u8], count: u32) -> Vec<Option<String>> {
    let document = Document::load_mem(pdf).expect("a PDF");
    let object = |number| document.get_object((number, 0)).ok();
    (1..=count).map(|number| object(number).map(|object: &Object| format!("{object:?}"))).collect()
}

/// The objects of a file after it has been finished.
fn finished(objects: &[&str]) -> Vec<Option<String>> {
    read(&finish(file("1.7", objects)), objects.len() as u32)
}

/// Objects as another library reads them from a file that has not been finished.
fn unfinished(objects: &[&str]) -> Vec<Option<String>> {
    read(&file("1.7", objects), objects.len() as u32)
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</DisplayDocTitle true>>>>";
const PAGES: &str = "<</Type/Pages/Kids[]/Count 0>>";
const STREAM: &str = "<</Length 3>>\nstream\nabc\nendstream";

#[test]
fn objects_are_the_same_in_streams_and_in_a_table() {
    let objects = [CATALOG, PAGES, STREAM];
    for version in ["1.4", "1.7", "2.0"] {
        let pdf = file(version, &objects);
        let written = finish(pdf.clone());
        assert_eq!(memmem::find(&written, b"/ObjStm").is_some(), version != "1.4");
        assert!(written.starts_with(format!("%PDF-{version}\n").as_bytes()));
        assert_eq!(read(&written, 3), read(&pdf, 3));
    }
}

#[test]
fn files_of_other_forms_stay_as_they_are() {
    let pdf = file("1.7", &[CATALOG, PAGES, STREAM]);
    let once = finish(pdf.clone());
    assert_ne!(once, pdf);
    assert_eq!(finish(once.clone()), once);
    for end in 0..pdf.len() - 1 {
        assert!(Objects::read(&pdf[..end]).is_none_or(|objects| objects.get(1) != b""), "{end}");
    }
}

#[test]
fn greys_are_one_ink_and_colours_stay() {
    let grey = "<</Length 3/N 1/Range[0 1]>>\nstream\nabc\nendstream";
    let colour = "<</Length 3/N 3/Range[0 1 0 1 0 1]>>\nstream\nabc\nendstream";
    let objects = [CATALOG, PAGES, "[/ICCBased 5 0 R]", "[/ICCBased 6 0 R]", grey, colour];
    let mut expected = unfinished(&[CATALOG, PAGES, "/DeviceGray", objects[3], grey, colour]);
    expected[4] = None;
    assert_eq!(finished(&objects), expected);

    // A profile that something else needs stays.
    let used = "<</Profile 5 0 R>>";
    let objects = [CATALOG, used, objects[2], objects[3], grey, colour];
    let expected = unfinished(&[CATALOG, used, "/DeviceGray", objects[3], grey, colour]);
    assert_eq!(finished(&objects), expected);
}

#[test]
fn a_picture_is_no_other_with_the_same_data() {
    let pdf = file("1.7", &[CATALOG, PAGES, STREAM, STREAM]);
    let mut objects = Objects::read(&pdf).expect("a file of krilla's");
    // One grey pixel with 16 bits for each sample; with 8 bits, two pixels in colour.
    for (number, bits) in [(3, "16"), (4, "8")] {
        let dictionary = Dictionary::new([
            ("Subtype", Value::name("Image")),
            ("ColorSpace", Value::name("DeviceRGB")),
            ("BitsPerComponent", Value::raw(bits)),
        ]);
        objects.put_stream(number, &Stream::new(dictionary, &[7, 8, 7, 8, 7, 8]));
    }
    super::pictures::find_greys(&mut objects);
    let space = |number| objects.stream(number)?.dictionary.name("ColorSpace").map(str::to_owned);
    assert_eq!(space(3).as_deref(), Some("DeviceGray"));
    assert_eq!(space(4).as_deref(), Some("DeviceRGB"));
}

/// A function from white to a red of the screen.
const TINT: &str = "<</FunctionType 2/Domain[0 1]/Range[0 1 0 1 0 1]/C0[1 1 1]/C1[0.8 0 0]/N 1>>";

#[test]
fn what_replaces_an_ink_is_converted() {
    let rgb = "<</Length 3/N 3>>\nstream\nabc\nendstream";
    let inside = format!("[/Separation/Gold 3 0 R{TINT}]");
    let spots = ["[/Separation/Gold 3 0 R 5 0 R]", &inside].repeat(4);
    let objects = [&[CATALOG, PAGES, "[/ICCBased 4 0 R]", rgb, TINT][..], &spots].concat();
    let pdf = file("1.7", &objects);
    let mut objects = Objects::read(&pdf).expect("a file of krilla's");
    let colours = super::colours::convert(&mut objects, &Profile::standard(), false);
    assert!(!colours.unconverted);
    for number in 6..14 {
        let space = objects.value(number).expect("a space");
        let parts = space.as_array().expect("an array");
        assert_eq!(parts[2], Value::name("DeviceCMYK"));
        let tint = objects.resolved(&parts[3]).expect("a function");
        let tint = tint.as_dictionary().expect("a dictionary");
        for key in ["C0", "C1"] {
            let colour = tint.get(key).and_then(Value::as_array);
            assert_eq!(colour.map(<[Value]>::len), Some(4), "{key}");
        }
    }
}

#[test]
fn calibrated_colours_are_converted() {
    let grey = "[/CalGray<</WhitePoint[0.95 1 1.09]>>]";
    let rgb = "[/CalRGB<</WhitePoint[0.95 1 1.09]>>]";
    let form = "<</Subtype/Form/Resources<</ColorSpace<</G 3 0 R/C 4 0 R>>>>/Length 33>>\nstream\n\
                /G cs 0.5 sc /C CS 0.8 0.1 0.1 SC\nendstream";
    let pdf = file("1.7", &[CATALOG, PAGES, grey, rgb, form]);
    let mut objects = Objects::read(&pdf).expect("a file of krilla's");
    let colours = super::colours::convert(&mut objects, &Profile::standard(), false);
    assert!(!colours.unconverted);
    let written = objects.stream(5).and_then(|form| form.plain()).expect("a form");
    let written = String::from_utf8(written).expect("a text");
    assert!(written.starts_with("0.5 g\n") && written.ends_with(" K\n"), "{written}");
    assert_eq!((objects.get(3), objects.get(4)), (&b"/DeviceGray"[..], &b"/DeviceCMYK"[..]));
}

#[test]
fn what_cannot_be_read_stays_as_it_is() {
    let form = |filter: &str, content: &str| {
        let length = content.len();
        format!("<</Subtype/Form{filter}/Length {length}>>\nstream\n{content}\nendstream")
    };
    for (form, read) in [
        (form("", "1 0 0 rg f"), true),
        (form("", "1 0 0 rg f BI /W 1 /H 1 /BPC 8 /CS /G ID a EI f"), false),
        (form("", "1 0 0 rg f ) f"), false),
        (form("/Filter/LZWDecode", "abc"), false),
        (form("/Filter[/ASCIIHexDecode]", "31203020302072672066>"), false),
    ] {
        let pdf = file("1.7", &[CATALOG, PAGES, &form]);
        let mut objects = Objects::read(&pdf).expect("a file of krilla's");
        let colours = super::colours::convert(&mut objects, &Profile::standard(), false);
        assert_eq!(colours.unconverted, !read, "{form}");
        assert_eq!(objects.get(3) == form.as_bytes(), !read, "{form}");
    }
}

#[test]
fn what_is_in_use_is_not_swept_away() {
    let catalog = CATALOG.replace("/Pages", "/Extra 3 0 R/Pages");
    for (extra, remains) in [("[4 0 R]", [true, false]), ("[4 0 R >>]", [true, true])] {
        let pdf = file("1.7", &[&catalog, PAGES, extra, STREAM, STREAM]);
        let mut objects = Objects::read(&pdf).expect("a file of krilla's");
        objects.sweep();
        assert_eq!([4, 5].map(|number| !objects.get(number).is_empty()), remains, "{extra}");
    }
}

#[test]
fn empty_labels_are_removed() {
    let list = "<</Type/StructElem/S/L/P 1 0 R/A[<</O/List/ListNumbering/Circle>>]/K[4 0 R]>>";
    let item = "<</Type/StructElem/S/LI/P 3 0 R/K[5 0 R 6 0 R]>>";
    let label = |text| format!("<</Type/StructElem/S/Lbl/P 4 0 R/K[{text}]>>");
    let body = "<</Type/StructElem/S/LBody/P 4 0 R/K[7]>>";
    // The type of an element is left out, because it need not be said.
    let short = |element: &str| element.replace("/Type/StructElem", "");
    let full = label("6");
    let objects = [CATALOG, PAGES, list, item, &full, body];
    let elements = [list, item, &full, body].map(short);
    let expected = [CATALOG, PAGES, &elements[0], &elements[1], &elements[2], &elements[3]];
    assert_eq!(finished(&objects), unfinished(&expected));
    let (unmarked, rest) =
        (elements[0].replace("Circle", "None"), elements[1].replace("5 0 R ", ""));
    let mut expected = unfinished(&[CATALOG, PAGES, &unmarked, &rest, PAGES, &elements[3]]);
    expected[4] = None;
    assert_eq!(finished(&[CATALOG, PAGES, list, item, &label(""), body]), expected);
}

#[test]
fn viewers_show_the_title() {
    for catalog in
        ["<</Type/Catalog/Pages 2 0 R/ViewerPreferences<<>>>>", "<</Type/Catalog/Pages 2 0 R>>"]
    {
        assert_eq!(finished(&[catalog, PAGES]), unfinished(&[CATALOG, PAGES]));
    }
}

#[test]
fn links_from_notes_say_where_they_lead() {
    let link =
        |contents| format!("<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/Contents{contents}/F 4>>");
    for (contents, expected) in [
        ("(12)", "(back)"),
        ("(Footnote 12)", "(Footnote 12)"),
        ("(https://example.org)", "(https://example.org)"),
        ("(1a)", "(1a)"),
    ] {
        let objects = [CATALOG, PAGES, &link(contents)];
        assert_eq!(finished(&objects), unfinished(&[CATALOG, PAGES, &link(expected)]));
    }
    let pdf = finish_as(
        file("1.7", &[CATALOG, PAGES, &link("(12)")]),
        &Details { back_to_text: "atrás (aquí)", ..Details::default() },
    );
    let document = Document::load_mem(&pdf).expect("a PDF");
    let link = document.get_dictionary((3, 0)).expect("a link");
    let contents = lopdf::decode_text_string(link.get(b"Contents").expect("contents"));
    assert_eq!(contents.expect("a text string"), "atrás (aquí)");
}

#[test]
fn the_namespace_of_pdf_2_has_its_name() {
    let namespace = |name: &str| format!("<</Type/Namespace/NS({name})>>");
    let (wrong, right) = ("https://www.iso.org/pdf2/ssn", "http://iso.org/pdf2/ssn");
    let objects = [CATALOG, PAGES, &namespace(wrong)];
    assert_eq!(finished(&objects), unfinished(&[CATALOG, PAGES, &namespace(right)]));
}

/// The titles of bookmarks, each with those below it.
fn titles(document: &Document, parent: &lopdf::Dictionary, indent: &str, all: &mut String) {
    let get = |item: &lopdf::Dictionary, key| {
        let reference = item.get(key).and_then(Object::as_reference).ok()?;
        document.get_dictionary(reference).ok().cloned()
    };
    let mut next = get(parent, b"First");
    while let Some(item) = next {
        let title = lopdf::decode_text_string(item.get(b"Title").expect("a title"));
        all.push_str(&format!("{indent}{}\n", title.expect("a text")));
        titles(document, &item, &format!("{indent}  "), all);
        next = get(&item, b"Next");
    }
}

#[test]
fn bookmarks_are_below_their_language() {
    let catalog = CATALOG.replace("/Pages", "/Outlines 3 0 R/Pages");
    let item = |links: &str, title: &str| {
        format!("<</Parent 3 0 R{links}/Title({title})/Dest [2 0 R/Fit]>>")
    };
    let objects = [
        &catalog,
        PAGES,
        "<</Type/Outlines/First 4 0 R/Last 5 0 R/Count 2>>",
        &item("/Next 5 0 R", "A title"),
        &item("/Prev 4 0 R/First 6 0 R/Last 8 0 R/Count -3", "Otro"),
        &item("/Next 7 0 R", "Part"),
        &item("/Prev 6 0 R/Next 8 0 R", "Parte"),
        &item("/Prev 7 0 R", "Signed / Firman"),
    ];
    let details = Details {
        back_to_text: "",
        bookmarks: Some(Bookmarks {
            languages: vec!["English".to_owned(), "español".to_owned()],
            entries: vec![(Some(0), 1), (Some(1), 1), (Some(0), 2), (Some(1), 2), (None, 2)],
        }),
        ..Details::default()
    };
    let pdf = finish_as(file("1.7", &objects), &details);
    let document = Document::load_mem(&pdf).expect("a PDF");
    let root = document.get_dictionary((3, 0)).expect("the bookmarks");
    let mut all = String::new();
    titles(&document, root, "", &mut all);
    insta::assert_snapshot!(all, @r"
    English
      A title
        Part
        Signed / Firman
    español
      Otro
        Parte
        Signed / Firman
    ");
    assert_eq!(root.get(b"Count").and_then(Object::as_i64).ok(), Some(4));
}

#[test]
fn metadata_say_what_is_needed() {
    let metadata = |text: &str| {
        let length = text.len();
        format!("<</Type/Metadata/Subtype/XML/Length {length}>>\nstream\n{text}\nendstream")
    };
    let catalog = CATALOG.replace("/Pages", "/Metadata 3 0 R/Pages");
    let schema = |prefix: &str| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>S</pdfaSchema:schema>\
             <pdfaSchema:prefix>{prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>p\
             </rdf:Seq></pdfaSchema:property></rdf:li>"
        )
    };
    let schemas = |prefixes: &[&str]| {
        let all: String = prefixes.iter().map(|prefix| schema(prefix)).collect();
        format!("<pdfaExtension:schemas><rdf:Bag>{all}</rdf:Bag></pdfaExtension:schemas>")
    };
    let part = |part: usize| format!("<pdfaid:part>{part}</pdfaid:part>");
    let proof = "<xmpMM:RenditionClass>proof</xmpMM:RenditionClass>";
    let all = ["xmpMM", "pdf", "pdfuaid"];
    for (text, expected) in [
        (format!("<a/>{proof}<b/>"), "<a/><b/>".to_owned()),
        (schemas(&all) + &part(2), schemas(&all[2..]) + &part(2)),
        (schemas(&all[..2]) + &part(3), part(3)),
        (schemas(&all) + &part(1), schemas(&all) + &part(1)),
    ] {
        let expected = unfinished(&[&catalog, PAGES, &metadata(&expected)]);
        assert_eq!(finished(&[&catalog, PAGES, &metadata(&text)]), expected);
    }
}

/// In the catalog, in elements of the structure, in pages and in the metadata; each place once, and no text.
#[test]
fn languages_have_their_whole_tags() {
    let stream = |kind: &str, text: &str| {
        format!("<<{kind}/Length {}>>\nstream\n{text}\nendstream", text.len())
    };
    let metadata = |tag: &str| {
        let kind = "/Type/Metadata/Subtype/XML";
        let keyword = "<dc:subject><rdf:li>zh-TW</rdf:li></dc:subject>";
        let text = format!("{keyword}<dc:language><rdf:li>{tag}</rdf:li></dc:language>");
        stream(kind, &text)
    };
    let objects = |chinese: &str, nahuatl: &str| {
        [
            CATALOG.replace("/Pages", &format!("/Lang({chinese})/Metadata 5 0 R/Pages")),
            "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
            "<</Type/Page/Contents 4 0 R>>".to_owned(),
            stream("", &format!("/Span<</Lang({nahuatl})/MCID 0>>BDC (zh-TW) Tj EMC")),
            metadata(chinese),
            format!("<</Type/StructElem/S/P/Lang({chinese})/K[]>>"),
            "<</Type/StructElem/S/P/Lang(en)/K[]>>".to_owned(),
        ]
    };
    let languages = [("zh-TW", "zh-Hant"), ("nah", "nah-x-tepoz")];
    let languages = languages.map(|(short, whole)| (short.to_owned(), whole.to_owned()));
    let details = Details { languages: languages.into(), ..Details::default() };
    let finished = |objects: &[String; 7], details: &Details<'_>| {
        let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
        let pdf = finish_as(file("1.7", &objects), details);
        let mut document = Document::load_mem(&pdf).expect("a PDF");
        document.decompress();
        let mut all: Vec<String> = Vec::new();
        for number in 1..=7 {
            let object = document.get_object((number, 0)).expect("an object");
            let stream = object.as_stream().map(|stream| stream.content.clone());
            all.push(match stream {
                Ok(text) => String::from_utf8_lossy(&text).trim().replace('\n', " "),
                Err(_) => format!("{object:?}"),
            });
        }
        all
    };
    let expected = finished(&objects("zh-Hant", "nah-x-tepoz"), &Details::default());
    assert_eq!(finished(&objects("zh-TW", "nah"), &details), expected);
}
