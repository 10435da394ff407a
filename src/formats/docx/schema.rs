//! The documents follow the schema of ECMA-376 (part 4, annex A: the transitional form, which Word writes)
//! and the conventions of packages (part 2).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use roxmltree::{Document, Node};

use crate::files::archive::Archive;
use crate::formats::completeness::{letter_files, resolved};
use crate::formats::documents;
use crate::formats::format::Format;
use crate::letter::Letter;
use crate::problems::Problems;

/// The order of the children of each element that is used, by the clause of part 1 that describes it. A bar
/// parts those that may alternate. Elements that are not here have no children.
const ORDERS: &[(&str, &str)] = &[
    ("17.2.3 document", "body"),
    ("17.2.2 body", "p|tbl sectPr"),
    ("17.3.1.22 p", "pPr r|hyperlink|fldSimple|bookmarkStart|bookmarkEnd"),
    (
        "17.3.1.26 pPr",
        "pStyle keepNext keepLines numPr pBdr tabs bidi spacing ind contextualSpacing jc outlineLvl",
    ),
    ("17.3.1.19 numPr", "ilvl numId"),
    ("17.3.1.24 pBdr", "top bottom"),
    ("17.3.1.38 tabs", "tab"),
    ("17.16.22 hyperlink", "r|fldSimple|bookmarkStart|bookmarkEnd"),
    ("17.16.19 fldSimple", "r"),
    (
        "17.3.2.25 r",
        "rPr t|br|tab|drawing|footnoteReference|footnoteRef|separator|continuationSeparator",
    ),
    ("17.3.2.28 rPr", "rStyle rFonts b bCs i iCs strike color sz szCs u vertAlign rtl lang"),
    ("17.6.17 sectPr", "headerReference|footerReference pgSz pgMar titlePg bidi"),
    ("17.4.37 tbl", "tblPr tblGrid tr"),
    ("17.4.59 tblPr", "tblStyle bidiVisual tblW tblInd tblBorders tblLayout tblCellMar tblLook"),
    ("17.4.38 tblBorders", "top bottom insideH"),
    ("17.4.42 tblCellMar", "top left bottom right"),
    ("17.4.48 tblGrid", "gridCol"),
    ("17.4.78 tr", "trPr tc"),
    ("17.4.81 trPr", "cantSplit|tblHeader"),
    ("17.4.65 tc", "tcPr p|tbl"),
    ("17.4.69 tcPr", "tcW gridSpan"),
    ("17.7.4.18 styles", "docDefaults style"),
    ("17.7.5.1 docDefaults", "rPrDefault pPrDefault"),
    ("17.7.5.5 rPrDefault", "rPr"),
    ("17.7.5.3 pPrDefault", "pPr"),
    ("17.7.4.17 style", "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr"),
    ("17.9.16 numbering", "abstractNum num"),
    ("17.9.1 abstractNum", "multiLevelType lvl"),
    ("17.9.6 lvl", "start numFmt lvlText lvlJc pPr"),
    ("17.9.15 num", "abstractNumId lvlOverride"),
    ("17.9.8 lvlOverride", "startOverride"),
    (
        "17.15.1.78 settings",
        "defaultTabStop characterSpacingControl footnotePr compat themeFontLang decimalSymbol \
         listSeparator",
    ),
    ("17.11.12 footnotePr", "footnote"),
    ("17.15.3.4 compat", "compatSetting"),
    ("17.8.3.11 fonts", "font"),
    ("17.8.3.10 font", "altName family pitch"),
    ("17.11.15 footnotes", "footnote"),
    ("17.11.10 footnote", "p|tbl"),
    ("17.10.4 hdr", "p"),
    ("17.10.3 ftr", "p"),
    ("17.3.3.9 drawing", "inline"),
    ("20.4.2.8 inline", "extent docPr cNvGraphicFramePr graphic"),
    ("20.4.2.4 cNvGraphicFramePr", "graphicFrameLocks"),
    ("20.1.2.2.16 graphic", "graphicData"),
    ("20.1.2.2.17 graphicData", "pic"),
    ("20.2.2.5 pic", "nvPicPr blipFill spPr"),
    ("20.2.2.4 nvPicPr", "cNvPr cNvPicPr"),
    ("20.2.2.1 blipFill", "blip stretch"),
    ("20.1.8.56 stretch", "fillRect"),
    ("20.2.2.6 spPr", "xfrm prstGeom"),
    ("20.1.7.6 xfrm", "off ext"),
    ("20.1.9.18 prstGeom", "avLst"),
];

/// The attribute with this name, in any namespace.
fn attribute<'n>(node: Node<'n, '_>, name: &str) -> Option<&'n str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|found| found.value())
}

/// Where the children of an element are not as the schema has them.
fn disorder(node: Node<'_, '_>, orders: &BTreeMap<&str, Vec<Vec<&str>>>) -> Vec<String> {
    let name = node.tag_name().name();
    let order = orders.get(name);
    let mut at = 0;
    let mut wrong = Vec::new();
    for child in node.children().filter(Node::is_element) {
        let inner = child.tag_name().name();
        let position = order.and_then(|all| all.iter().position(|group| group.contains(&inner)));
        match position {
            Some(position) if position >= at => at = position,
            _ => wrong.push(format!("{inner} in {name}")),
        }
        wrong.extend(disorder(child, orders));
    }
    wrong
}

/// A style of a document, from its `word/styles.xml`.
fn style_of<'s>(styles: &'s str, id: &str) -> &'s str {
    let id = format!("\"{id}\"");
    styles.split("<w:style ").find(|style| style.contains(&id)).expect("a style")
}

/// The parts of a document by their paths.
fn parts(data: &[u8]) -> BTreeMap<String, String> {
    let archive = Archive::open(data).expect("an archive");
    let read = |path: &str| {
        let data = archive.read(path, 1 << 24).expect("a part").expect("whole");
        String::from_utf8_lossy(&data).into_owned()
    };
    let types = read("[Content_Types].xml");
    let parsed = Document::parse(&types).expect("XML");
    let mut all: BTreeMap<String, String> = parsed
        .descendants()
        .filter_map(|node| attribute(node, "PartName"))
        .map(|path| (path[1..].to_owned(), read(&path[1..])))
        .collect();
    for related in ["_rels/.rels".to_owned()].into_iter().chain(
        all.keys()
            .map(|path| path.replacen("word/", "word/_rels/", 1) + ".rels")
            .collect::<Vec<_>>(),
    ) {
        if archive.has(&related) {
            all.insert(related.clone(), read(&related));
        }
    }
    all.insert("[Content_Types].xml".to_owned(), types);
    all
}

/// Whether all that a document refers to is there, and only once.
fn check_package(name: &str, data: &[u8]) {
    let archive = Archive::open(data).expect("an archive");
    let parts = parts(data);
    let types = Document::parse(&parts["[Content_Types].xml"]).expect("XML");
    let extensions: BTreeSet<&str> =
        types.descendants().filter_map(|node| attribute(node, "Extension")).collect();
    let mut targets = BTreeSet::new();
    for (path, text) in parts.iter().filter(|(path, _)| path.ends_with(".rels")) {
        let parsed = Document::parse(text).expect("XML");
        let folder = if path.starts_with("word/") { "word/" } else { "" };
        let mut ids = BTreeSet::new();
        for node in parsed.descendants().filter(|node| attribute(*node, "Id").is_some()) {
            ids.insert(attribute(node, "Id").expect("an id"));
            let target = attribute(node, "Target").expect("a target");
            if attribute(node, "TargetMode").is_none() {
                let target = format!("{folder}{target}");
                assert!(archive.has(&target), "{name}: {path} has no {target}");
                let extension = target.rsplit('.').next().expect("an extension");
                assert!(extensions.contains(extension), "{name}: no type of {target}");
                targets.insert(target);
            }
        }
        // What the part names has an id.
        let part = path.replacen("_rels/", "", 1);
        let Some(text) = parts.get(part.trim_end_matches(".rels")) else { continue };
        let parsed = Document::parse(text).expect("XML");
        for node in parsed.descendants() {
            let in_namespace = |a: &roxmltree::Attribute<'_, '_>| a.namespace() == Some(super::R);
            for used in node.attributes().filter(in_namespace) {
                assert!(ids.contains(used.value()), "{name}: {part} has no {}", used.value());
            }
        }
    }
    for path in parts.keys().filter(|path| path.starts_with("word/") && !path.ends_with(".rels")) {
        assert!(targets.contains(path), "{name}: nothing refers to {path}");
    }
    // Whatever names a style, a list or a footnote.
    let named = |part: &str, element: &str, key: &str| -> BTreeSet<String> {
        let parsed = Document::parse(&parts[part]).expect("XML");
        let all = parsed.descendants().filter(|node| node.tag_name().name() == element);
        all.filter_map(|node| attribute(node, key)).map(str::to_owned).collect()
    };
    let styles = named("word/styles.xml", "style", "styleId");
    let lists = named("word/numbering.xml", "num", "numId");
    let notes = named("word/footnotes.xml", "footnote", "id");
    for part in parts.keys().filter(|path| path.starts_with("word/") && path.ends_with(".xml")) {
        for element in ["pStyle", "rStyle", "tblStyle", "basedOn", "next"] {
            let used = named(part, element, "val");
            assert!(used.is_subset(&styles), "{name}: {part} has {used:?} of {styles:?}");
        }
        assert!(named(part, "numId", "val").is_subset(&lists), "{name}: lists in {part}");
        assert!(named(part, "footnoteReference", "id").is_subset(&notes), "{name}: {part}");
    }
}

/// All text that people read in a document: without its properties.
pub(crate) fn text_of(data: &[u8]) -> String {
    let mut text = String::new();
    for (path, part) in parts(data) {
        if !path.starts_with("word/") || path.ends_with(".rels") {
            continue;
        }
        let parsed = Document::parse(&part).expect("XML");
        for node in parsed.descendants() {
            match node.tag_name().name() {
                "t" => text.push_str(node.text().unwrap_or_default()),
                "p" | "br" | "tab" => text.push('\n'),
                "docPr" => text.push_str(attribute(node, "descr").unwrap_or_default()),
                _ => {}
            }
        }
    }
    text
}

/// All letters of this repository, one with every mark that a body can have, and one in every language.
pub(crate) fn letters() -> Vec<(String, std::sync::Arc<crate::files::Files>, Letter)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = letter_files();
    files.push(root.join("tests/languages/letter.toml"));
    let marks = tempfile::tempdir().expect("a folder");
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Marks\"\n\
        body = { file = \"body.md\" }\nsignatories = [{ name = \"Red\", members = [\
        \"A\", \"B\", \"C\", \"D\", \"E\", \"F\", \"G\", \"H\", \"I\"] }, \"Other\"]\n";
    std::fs::write(marks.path().join("letter.toml"), letter).expect("a letter");
    std::fs::copy(root.join("tests/bodies/marks.md"), marks.path().join("body.md"))
        .expect("a body");
    files.push(marks.path().join("letter.toml"));
    let all = files.iter().flat_map(|path| {
        let name = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let (files, letters) = resolved(path);
        letters.into_iter().map(move |letter| {
            let name = format!("{name}.{}", letter.tag);
            (name, files.clone(), letter)
        })
    });
    all.collect()
}

#[test]
fn documents_follow_the_schema() {
    let orders: BTreeMap<&str, Vec<Vec<&str>>> = ORDERS
        .iter()
        .map(|(element, children)| {
            let name = element.split(' ').next_back().expect("a name");
            (name, children.split_whitespace().map(|group| group.split('|').collect()).collect())
        })
        .collect();
    let mut used = BTreeSet::new();
    for (name, files, letter) in letters() {
        let problems = Problems::default();
        let made = documents(&letter, "letter", &[Format::Docx], &files, &problems);
        let [document] = made.as_slice() else { panic!("{name} is not written") };
        check_package(&name, &document.data);
        for (path, text) in parts(&document.data) {
            assert!(!text.contains("</w:tbl><w:tbl>"), "{name}: two tables become one");
            let parsed = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if path.starts_with("word/") && !path.ends_with(".rels") {
                let wrong = disorder(parsed.root_element(), &orders);
                assert!(wrong.is_empty(), "{name}: {path}: {wrong:?}");
                let elements = parsed.descendants().filter(Node::is_element);
                used.extend(elements.map(|node| node.tag_name().name().to_owned()));
            }
        }
    }
    let stale: Vec<&&str> = orders.keys().filter(|name| !used.contains(**name)).collect();
    assert!(stale.is_empty(), "in the table, but in no document: {stale:?}");
}

/// What Word has no place for is in the text around it: a list in a footnote of a footnote.
#[test]
fn a_note_in_a_note_keeps_its_lists() {
    let folder = tempfile::tempdir().expect("a folder");
    let body = "We ask for water.[^1]\n\n[^1]: See the minutes.[^2]\n\n\
        [^2]: All of these:\n\n    3. the first\n    4. the second\n       - a part\n\n    > quoted\n";
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Notes\"\nbody = { file = \"body.md\" }\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    std::fs::write(folder.path().join("body.md"), body).expect("a body");
    let (files, letters) = resolved(&folder.path().join("letter.toml"));
    let problems = Problems::default();
    let made = documents(&letters[0], "letter", &[Format::Docx], &files, &problems);
    let text = text_of(&made[0].data);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("[All of these: 3. the first 4. the second • a part quoted]"), "{text}");
}

/// A sender in Latin letters does not draw the day to its side of a line that runs from right to left. Japanese has
/// its closing at the right and its paragraphs indented, but that with the salutation.
#[test]
fn parts_stand_where_the_language_has_them() {
    let letter = "languages = [\"ar\", \"ja\"]\ndate = 2026-03-09\ntitle = \"T\"\nclosing = \"C\"\n\
        from = { organization = \"Red\" }\nbody.ar = \"A\"\nbody.ja = \"拝啓　A\\n\\nB\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    let (files, letters) = resolved(&folder.path().join("letter.toml"));
    let part = |letter: &Letter, name: &str| {
        let made = documents(letter, "letter", &[Format::Docx], &files, &Problems::default());
        parts(&made[0].data)[name].clone()
    };
    let (arabic, japanese) = (&letters[0], &letters[1]);
    let head = part(arabic, "word/header1.xml");
    assert!(head.contains("Red\u{200f} · 9 "), "{head}");
    let styles = part(japanese, "word/styles.xml");
    let style = |id: &str| style_of(&styles, id);
    assert!(style("Closing").contains("<w:jc w:val=\"right\""), "{}", style("Closing"));
    assert!(style("BodyText").contains("<w:ind w:firstLine=\"220\""), "{}", style("BodyText"));
    let text = part(japanese, "word/document.xml");
    assert_eq!(text.matches("<w:ind w:firstLine=\"0\"").count(), 1, "{text}");
}

/// A formal letter looks like its pages: no label above the addressees, the day at the end of its line, the subject as
/// large as the text, copies behind their label and what a signatory is below the name.
#[test]
fn a_formal_letter_looks_like_its_pages() {
    let letter = "template = \"formal\"\nlanguages = [\"es-MX\"]\ndate = 2026-03-09\ntitle = \"T\"\nsubject = \"Agua\"\n\
        reference = \"A-1\"\nto = [{ name = \"Ana Prueba\", office = \"Directora\" }]\nbody = \"Texto.\"\n\
        cc = [{ name = \"Luis Muestra\", office = \"Regidor\", note = \"Presente\" }]\n\
        signatories = [{ name = \"Eva Ejemplo\", kind = \"person\", title = \"Vocera\" }]\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    let (files, letters) = resolved(&folder.path().join("letter.toml"));
    let made = documents(&letters[0], "letter", &[Format::Docx], &files, &Problems::default());
    let text = text_of(&made[0].data);
    assert!(!text.contains("Para:"), "{text}");
    assert!(text.contains("C.c.p.\nLuis Muestra, Regidor. Presente"), "{text}");
    let parts = parts(&made[0].data);
    let style = |id: &str| style_of(&parts["word/styles.xml"], id);
    for id in ["Date", "References"] {
        assert!(style(id).contains("<w:jc w:val=\"right\""), "{}", style(id));
    }
    assert!(!style("Title").contains("<w:sz "), "{}", style("Title"));
    let signer =
        "Eva Ejemplo</w:t></w:r><w:r><w:br></w:br></w:r><w:r><w:t xml:space=\"preserve\">Vocera";
    assert!(parts["word/document.xml"].contains(signer), "{}", parts["word/document.xml"]);
}

/// Two tables that follow each other stay two, and the last thing is a paragraph: in the text, in a list, in a
/// quotation and in a footnote.
#[test]
fn tables_stay_apart_wherever_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let tables = |indent: &str| {
        let rows =
            ["| a | b |", "|---|---|", "| 1 | 2 |", "", "| c | d |", "|---|---|", "| 3 | 4 |", ""];
        rows.map(|row| format!("{indent}{row}\n")).concat()
    };
    let body = format!(
        "We ask for water.[^1]\n\n{}\n{}\n- first\n\n{}\n{}\n[^1]: See:\n\n{}\n    - last\n\n{}",
        tables(""),
        tables("> "),
        tables("  "),
        tables(""),
        tables("    "),
        tables("      "),
    );
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Tables\"\nbody = { file = \"body.md\" }\n\
        signatories = [\"Red Sur\"]\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    std::fs::write(folder.path().join("body.md"), body).expect("a body");
    let (files, letters) = resolved(&folder.path().join("letter.toml"));
    let problems = Problems::default();
    let made = documents(&letters[0], "letter", &[Format::Docx], &files, &problems);
    for (path, count) in [("word/document.xml", 9), ("word/footnotes.xml", 4)] {
        let text = &parts(&made[0].data)[path];
        assert_eq!(text.matches("<w:tbl>").count(), count, "{text}");
        assert!(!text.contains("</w:tbl><w:tbl>"), "{path}: two tables become one");
        for end in ["</w:footnote>", "<w:sectPr>"] {
            assert!(!text.contains(&format!("</w:tbl>{end}")), "{path}: a table is last");
        }
    }
}
