//! The PDF as read by an independent library.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// A PDF that has been read back.
pub(super) struct Pdf(pub(super) Document);

impl Pdf {
    pub(super) fn build(folder: &std::path::Path, arguments: &str) -> Self {
        let arguments = format!("build -o - -q {arguments}");
        let output = super::run(folder, &arguments);
        assert!(output.status.success(), "{}", super::stderr(&output));
        Self(Document::load_mem(&output.stdout).expect("a PDF"))
    }

    fn founding_letter(language: &str) -> Self {
        Self::build(&super::founding_letter(), &format!("--lang {language}"))
    }

    pub(super) fn catalog(&self) -> &Dictionary {
        self.0.catalog().expect("a catalog")
    }

    pub(super) fn get<'d>(&'d self, dictionary: &'d Dictionary, key: &str) -> Option<&'d Object> {
        let object = dictionary.get(key.as_bytes()).ok()?;
        self.0.dereference(object).ok().map(|(_, object)| object)
    }

    pub(super) fn string(&self, dictionary: &Dictionary, key: &str) -> String {
        let object = self.get(dictionary, key).unwrap_or_else(|| panic!("{key} is there"));
        lopdf::decode_text_string(object).expect("a text string")
    }

    /// The text of all pages with single spaces.
    pub(super) fn text(&self) -> String {
        let pages: Vec<u32> = self.0.get_pages().keys().copied().collect();
        let text = self.0.extract_text(&pages).expect("text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The number of structure elements of each type.
    pub(super) fn structure(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let mut open = vec![self.get(self.catalog(), "StructTreeRoot").expect("a structure tree")];
        while let Some(object) = open.pop() {
            match object {
                Object::Array(items) => open.extend(
                    items
                        .iter()
                        .rev()
                        .filter_map(|item| self.0.dereference(item).ok().map(|(_, object)| object)),
                ),
                Object::Dictionary(element) => {
                    if let Some(Object::Name(name)) = self.get(element, "S") {
                        *counts.entry(String::from_utf8_lossy(name).into_owned()).or_default() += 1;
                    }
                    open.extend(self.get(element, "K"));
                }
                _ => {}
            }
        }
        counts
    }

    /// The elements of the structure by depth, and how many of the same structure follow one another.
    pub(super) fn tags(&self) -> String {
        let root = self.get(self.catalog(), "StructTreeRoot").expect("a structure tree");
        self.tags_in(root).join("\n")
    }

    fn tags_in(&self, element: &Object) -> Vec<String> {
        let (_, element) = self.0.dereference(element).expect("an object");
        let Ok(element) = element.as_dict() else { return Vec::new() };
        let children = match self.get(element, "K") {
            Some(Object::Array(children)) => children.clone(),
            Some(child) => vec![child.clone()],
            None => Vec::new(),
        };
        let mut lines: Vec<String> = Vec::new();
        let mut last: (usize, Vec<String>) = (0, Vec::new());
        let mut finish = |(count, tags): (usize, Vec<String>)| {
            for (index, tag) in tags.iter().enumerate() {
                let times =
                    if index == 0 && count > 1 { format!(" × {count}") } else { String::new() };
                lines.push(format!("  {tag}{times}"));
            }
        };
        for child in &children {
            let tags = self.tags_in(child);
            if tags == last.1 {
                last.0 += 1;
            } else {
                finish(std::mem::replace(&mut last, (1, tags)));
            }
        }
        finish(last);
        let Some(Object::Name(name)) = self.get(element, "S") else {
            return lines.iter().map(|line| line[2..].to_owned()).collect();
        };
        lines.insert(0, String::from_utf8_lossy(name).into_owned());
        lines
    }

    /// Whether a passage is tagged as being in a language.
    pub(super) fn has_passage_in(&self, language: &str) -> bool {
        let mark = format!("/Lang({language})");
        let pages = self.0.get_pages();
        pages.values().any(|page| {
            let content = self.0.get_page_content(*page);
            String::from_utf8_lossy(&content).contains(&mark)
        })
    }

    pub(super) fn outline(&self) -> Vec<String> {
        let root = self.get(self.catalog(), "Outlines").and_then(|o| o.as_dict().ok());
        let mut titles = Vec::new();
        let mut next = root.and_then(|root| self.get(root, "First"));
        while let Some(entry) = next.and_then(|entry| entry.as_dict().ok()) {
            titles.push(self.string(entry, "Title"));
            next = self.get(entry, "Next");
        }
        titles
    }
}

/// Random paragraphs of everything that a line can contain, with links that begin and end within words,
/// as wide as many pages and languages make them.
#[test]
fn every_paragraph_can_be_built() {
    let mut state: u64 = 20_210_824;
    let mut below = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    let words = [
        "constitucionalidad",
        "constitutionally",
        "re-entry",
        "físico-químico",
        "organizaciones",
        "water",
        "co\u{ad}ope\u{ad}ration",
        "a",
        "de",
        "interdependencia",
        "https://example.org/that-goes-on-and-on/for-long",
        "sociopolítico-administrativas",
        "neighbourhood",
        "—",
    ];
    let mut letters = Vec::new();
    for letter in 0..20 {
        let mut body = String::new();
        for paragraph in 0..500 {
            for _ in 0..3 + below(9) {
                let word = words[below(words.len())];
                let at = word
                    .char_indices()
                    .map(|(at, _)| at)
                    .nth(below(word.chars().count()))
                    .unwrap_or(0);
                let (head, tail) = word.split_at(at);
                let part = match below(12) {
                    0 | 1 => format!("[{head}](https://e.org){tail}"),
                    2 => format!("{head}[{tail}](https://e.org)"),
                    3 if !head.is_empty() => format!("[{head}](https://e.org)**{tail}**"),
                    4 if !head.is_empty() => format!("*[{head}](https://e.org)*{tail}"),
                    5 if !head.is_empty() => {
                        format!("[{head}](https://e.org)[{tail}](https://f.org)")
                    }
                    6 if below(9) == 0 => format!("{word}[^n{paragraph}]{tail}"),
                    7 => format!("[{head}](lang:de){tail}"),
                    8 if !head.is_empty() => format!("[`{head}`](https://e.org){tail}"),
                    9 => "<https://example.org/a-b/c-d-e-f-g-h-i-j-k>".to_owned(),
                    _ => word.to_owned(),
                };
                body.push_str(&part);
                body.push(if below(9) == 0 { '\n' } else { ' ' });
            }
            body.push_str("\n\n");
            if body.contains(&format!("[^n{paragraph}]")) {
                body.push_str(&format!("[^n{paragraph}]: A [no](https://e.org)te.\n\n"));
            }
        }
        let language = ["en", "es-MX"][letter % 2];
        let margin = 20 + letter * 10;
        let toml = format!(
            "languages = [\"{language}\"]\ndate = 2021-08-24\ntitle = \"T\"\nbody = {{ file = \"b.md\" }}\n[page]\nmargin = \"{margin}pt\"\n"
        );
        letters.push((format!("l{letter}/letter.toml"), toml));
        letters.push((format!("l{letter}/b.md"), body));
    }
    let files: Vec<(&str, &str)> =
        letters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = super::folder(&files);
    let output = super::run(folder.path(), "build -o out -q --message-format short");
    assert!(output.status.success(), "{}", super::stderr(&output));
}

/// Asserts that the words are in this order.
pub(super) fn assert_in_order(text: &str, words: &[&str]) {
    let mut at = 0;
    for word in words {
        match text[at..].find(word) {
            Some(found) => at += found + word.len(),
            None => panic!("`{word}` does not follow in: {}", &text[at..]),
        }
    }
}

#[test]
fn text_is_in_reading_order() {
    let english = Pdf::founding_letter("en").text();
    assert_in_order(
        &english,
        &[
            "Civil Society Organizations Call on the Mexican Government",
            "To:",
            "Andrés Manuel López Obrador",
            "President of Mexico",
            "Marcelo Ebrard Causabon",
            "Olga Sanchez Cordero",
            "CC:",
            "Alejandro Encinas",
            "Esteban Moctezuma Barragán",
            "August 24, 2021",
            "Dear President López Obrador, Secretary Ebrard, and Secretary Sanchez:",
            "We, the undersigned organizations",
            "former President Trump’s inhumane",
            "indicated that the U.S. government",
            "We are grateful for your time and consideration.",
            "Sincerely,",
            "Al Otro Lado TJ AC",
            "Alianza Humanitaria Chaparral",
            "APALA SD; Border Angels",
            "Grupo de Trabajo Sobre Política Migratoria",
            "Secretaría Técnica.",
            "Women’s Refugee Commission (WRC)",
        ],
    );
    let spanish = Pdf::founding_letter("es-MX").text();
    assert_in_order(
        &spanish,
        &[
            "Para:",
            "Presidente de México",
            "C.c.p.",
            "24 de agosto de 2021",
            "“Quédate en México”",
            "Atentamente,",
            "Witness at the Border",
        ],
    );
}

/// The parts of a formal letter are read in the order of the page, including an address in a window.
#[test]
fn a_formal_letter_is_in_reading_order() {
    let anatomy = super::anatomy();
    let folder = anatomy.path().join("formal-a4");
    let rest = [
        "Dra. Elena Ruiz Íñiguez",
        "Plaza de la Constitución 2",
        "P r e s e n t e.",
        "Ciudad de México, a 9 de marzo de 2026",
        "Nuestra referencia: RA-2026/14",
        "Su expediente: SEDESA-031",
        "Asunto: Acceso al agua en la colonia Morelos, su respuesta",
        "Estimada secretaria:",
        "Agradecemos su respuesta",
        "Lo que pedimos",
        "Que los pozos",
        "La colonia espera desde 2019.",
        "Respetuosamente,",
        "Ana Ávila Ñúñez",
        "Presidenta",
        "Inés Güemes",
        "P. D.",
        "Anexos:",
        "Mediciones, 2023–2025",
        "C.c.p.",
        "Comisión de Derechos Humanos. Para su conocimiento.",
        "Acuse de recibo",
        "Sello",
    ];
    let head = ["Red del Agua", "Calle 5 núm. 12, 15270 Ciudad de México", "+52 55 5555 0142"];
    let read = |envelope: &str| {
        let letter = std::fs::read_to_string(folder.join("letter.toml")).expect("a letter");
        let page = format!("[page]\nenvelope = \"{envelope}\"\n");
        let letter = letter.replace("[page]\n", &page);
        super::write(&folder.join("other/letter.toml"), &letter);
        std::fs::copy(folder.join("logo.svg"), folder.join("other/logo.svg")).expect("a copy");
        Pdf::build(&folder, "other --lang es-MX").text()
    };
    let with_window = read("din-5008-b");
    assert_in_order(&with_window, &head);
    // The sender's address is in the window as well.
    assert_in_order(&with_window, &["Red del Agua · Ana Ávila Ñúñez · Calle 5 núm. 12 · 15270"]);
    assert_in_order(&with_window, &rest);
    let without = read("none");
    assert_in_order(&without, &head);
    // Without a window the date is above the address.
    let (address, date) = rest[..6].split_at(3);
    assert_in_order(&without, &[date, address, &rest[6..]].concat());
}

/// The names of an entry of `signatories` and of its members.
fn collect_names(value: &toml::Value, names: &mut Vec<String>) {
    match value {
        toml::Value::String(name) => names.push(name.clone()),
        toml::Value::Table(entry) => {
            names.push(entry["name"].as_str().expect("a name").to_owned());
            let members = entry.get("members").and_then(|members| members.as_array());
            members.into_iter().flatten().for_each(|member| collect_names(member, names));
        }
        _ => panic!("neither a name nor an entry"),
    }
}

/// Every name of the source is printed, in every language.
#[test]
fn all_73_signatories_are_printed() {
    let source = std::fs::read_to_string(super::founding_letter().join("letter.toml"));
    let table: toml::Table = source.expect("the letter").parse().expect("TOML");
    let signatories = table["signatories"].as_array().expect("a list");
    assert_eq!(signatories.len(), 73);
    let mut all = Vec::new();
    signatories.iter().for_each(|signatory| collect_names(signatory, &mut all));
    assert_eq!(all.len(), 73 + 31);
    for language in ["en", "es-MX", "pt-BR", "fr", "ht"] {
        let text = Pdf::founding_letter(language).text();
        let plain = |text: &str| {
            let quotes = |c: char| if matches!(c, '“' | '”' | '«' | '»') { '"' } else { c };
            // Where a word is hyphenated, the same glyph is a soft hyphen, and lopdf does not read the
            // `ActualText` of the others.
            text.replace('’', "'")
                .replace('\u{ad}', "-")
                .replace(char::is_whitespace, "")
                .chars()
                .map(quotes)
                .collect::<String>()
        };
        let text = plain(&text);
        for name in &all {
            assert!(text.contains(&plain(name)), "{language}: {name}");
        }
    }
}

#[test]
fn the_pdf_says_what_it_is() {
    for (language, title, author, keyword) in [
        ("en", "Civil Society Organizations", "The undersigned organizations", "asylum"),
        ("es-MX", "Organizaciones de la sociedad civil", "Las organizaciones firmantes", "asilo"),
    ] {
        let pdf = Pdf::founding_letter(language);
        let catalog = pdf.catalog();
        assert_eq!(pdf.string(catalog, "Lang"), language);
        let info = pdf.0.trailer.get(b"Info").and_then(lopdf::Object::as_reference);
        let info = pdf.0.get_dictionary(info.expect("a reference")).expect("a dictionary");
        assert!(pdf.string(info, "Title").starts_with(title));
        assert_eq!(pdf.string(info, "Author"), author);
        assert!(pdf.string(info, "Keywords").contains(keyword));
        assert!(pdf.string(info, "Creator").starts_with("undersigned "));
        let preferences = pdf.get(catalog, "ViewerPreferences").and_then(|p| p.as_dict().ok());
        let shown = pdf.get(preferences.expect("preferences"), "DisplayDocTitle");
        assert_eq!(shown, Some(&Object::Boolean(true)));
        assert_eq!(pdf.outline().len(), 1, "the title is a bookmark");

        let metadata = pdf.get(catalog, "Metadata").and_then(|m| m.as_stream().ok());
        let metadata = metadata.expect("XMP metadata");
        let xmp = metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone());
        let xmp = String::from_utf8(xmp).expect("UTF-8");
        let has = |name: &str, value: &str| {
            xmp.contains(&format!("<{name}>{value}</"))
                || xmp.contains(&format!("{name}=\"{value}\""))
        };
        assert!(has("pdfaid:part", "2") && has("pdfaid:conformance", "A"), "{xmp}");
        assert!(has("pdfuaid:part", "1"), "{xmp}");
    }
}

/// The signatories are one list of 73 items over all columns and pages, and the members of a coalition
/// a list within it, although they are printed in one run of text.
#[test]
fn the_pdf_is_tagged() {
    let pdf = Pdf::founding_letter("en");
    insta::assert_snapshot!(pdf.tags(), @r"
    Document
      H1
      Div
        Div
          P
          L
            LI × 3
              LBody
                P
        Div
          P
          L
            LI × 5
              LBody
                P
      P × 10
      L
        LI × 2
          LBody
            P
        LI
          LBody
            P
            L
              LI × 6
                LBody
        LI × 33
          LBody
            P
        LI
          LBody
            P
            L
              LI × 25
                LBody
        LI × 36
          LBody
            P
    ");
    assert!(pdf.has_passage_in("es"));
}

/// No label is empty, no running text is outside of a paragraph, and nothing is emphasized because it
/// is printed in italics, in any part of any template.
#[test]
fn every_text_has_its_tag() {
    let anatomy = super::anatomy();
    for folder in [
        anatomy.path().join("formal-a4"),
        anatomy.path().join("open-letter-a4"),
        super::founding_letter(),
    ] {
        for language in ["en", "es"] {
            let pdf = Pdf::build(&folder, &format!("--lang {language}"));
            let name = |element: &Dictionary| match pdf.get(element, "S") {
                Some(Object::Name(name)) => String::from_utf8_lossy(name).into_owned(),
                _ => String::new(),
            };
            let elements = pdf.0.objects.values().filter_map(|object| object.as_dict().ok());
            let elements: Vec<&Dictionary> =
                elements.filter(|element| element.has(b"P") && element.has(b"S")).collect();
            assert!(elements.len() > 50, "{}", elements.len());
            for element in elements {
                let parent = pdf.get(element, "P").and_then(|parent| parent.as_dict().ok());
                let parent = parent.map_or_else(String::new, name);
                let tag = name(element);
                let empty =
                    matches!(pdf.get(element, "K"), Some(Object::Array(kids)) if kids.is_empty());
                assert!(!(empty && tag == "Lbl"), "{}: an empty label", folder.display());
                let block = ["Document", "Div", "L", "LI"].contains(&parent.as_str());
                let inline = ["Span", "Em", "Strong", "Link", "Code"].contains(&tag.as_str());
                assert!(!(block && inline), "{}: {tag} in {parent}", folder.display());
                assert_ne!(tag, "Em", "{}", folder.display());
            }
        }
    }
}

/// Objects are compressed together: without that, the founding letter would have 81 KB.
#[test]
fn the_founding_letter_is_small() {
    let output = super::run(&super::founding_letter(), "build -o - -q --lang en");
    assert!((20_000..50 * 1024).contains(&output.stdout.len()), "{} bytes", output.stdout.len());
}

/// Code is in no language: Typst takes it for the English of the letter's country.
#[test]
fn code_is_in_no_language() {
    let letter = super::SMALL
        .replace("\"en\"", "\"es-MX\"")
        .replace("\"Text.\"", "\"\"\"El campo `name` dice:\n\n    name = 1\n\"\"\"");
    let folder = super::folder(&[("x/letter.toml", &letter)]);
    let pdf = Pdf::build(folder.path(), "x");
    let elements = pdf.0.objects.values().filter_map(|object| object.as_dict().ok());
    let code = elements.filter(
        |element| matches!(pdf.get(element, "S"), Some(Object::Name(name)) if name == b"Code"),
    );
    let languages: Vec<String> = code.map(|element| pdf.string(element, "Lang")).collect();
    assert_eq!(languages, ["zxx", "zxx"]);
    assert!(!pdf.has_passage_in("en") && !pdf.has_passage_in("en-MX"));
}

#[test]
fn fonts_are_embedded_and_subset() {
    let pdf = Pdf::founding_letter("en");
    let mut found = 0;
    for object in pdf.0.objects.values() {
        let Ok(font) = object.as_dict() else { continue };
        if pdf.get(font, "Type") != Some(&Object::Name(b"FontDescriptor".to_vec())) {
            continue;
        }
        found += 1;
        let Some(Object::Name(name)) = pdf.get(font, "FontName") else { panic!("no name") };
        let name = String::from_utf8_lossy(name);
        let is_subset = name.as_bytes().get(6) == Some(&b'+');
        assert!(is_subset && name.contains("Libertinus"), "{name}");
        assert!(["FontFile", "FontFile2", "FontFile3"].iter().any(|key| font.has(key.as_bytes())));
    }
    assert!(found >= 3);
}

/// Everything that a body can contain, in one letter, with its tags.
#[test]
fn a_body_keeps_its_structure() {
    let body = "\
## A part

Text with *emphasis*, **strong**, ~~struck~~, `code`, [a link](https://example.org/a), \
<https://example.org/b>, <a@example.org>, a note[^n] and the same note[^n].\\
A new line. [Quédate en México](lang:es), 5 < 6 & $x$ #strong[y] @z.

#### A part of it

- one
  - below one
- two

7. seven
8. eight

> Said somebody.

| Item | Amount |
|:-----|-------:|
| a    |      1 |

---

    code

[^n]: The note.
";
    let letter = super::SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let folder = super::folder(&[("x/letter.toml", &letter), ("x/body.md", body)]);
    let pdf = Pdf::build(folder.path(), "x");
    let counts = pdf.structure();
    let expected = [
        ("H1", 1),
        ("H2", 1),
        ("H3", 1),
        ("Em", 1),
        ("Strong", 1),
        ("Link", 6),
        ("Note", 1),
        ("L", 3),
        ("LI", 5),
        ("BlockQuote", 1),
        ("Table", 1),
        ("TH", 2),
        ("TD", 2),
    ];
    for (tag, count) in expected {
        assert_eq!(counts.get(tag).copied().unwrap_or(0), count, "{tag} in {counts:?}");
    }
    assert!(pdf.has_passage_in("es"));
    assert_in_order(
        &pdf.text(),
        &[
            "A part",
            "Text with",
            "5 < 6 & $x$ #strong[y] @z.",
            "7.",
            "seven",
            "8.",
            "eight",
            "Said somebody.",
            "Amount",
        ],
    );
    assert_eq!(pdf.outline(), ["A title"]);
}

/// However signatories are arranged, they are one list for a screen reader.
#[test]
fn signatories_are_one_list_in_every_arrangement() {
    let all = [
        ("formal", "style = \"list\""),
        ("open-letter", "style = \"lines\""),
        ("open-letter", "columns = 2"),
        ("open-letter", "layout = \"run-in\""),
    ];
    for (template, block) in all {
        let names: Vec<String> = (1..=40).map(|n| format!("\"Signer {n}\"")).collect();
        let letter = format!(
            "template = \"{template}\"\nlanguages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\n\
             body = \"Text.\"\nclosing = \"Sincerely,\"\nsignatories = [{}]\n[signature-block]\n{block}\n",
            names.join(", ")
        );
        let folder = super::folder(&[("x/letter.toml", &letter)]);
        let counts = Pdf::build(folder.path(), "x").structure();
        let count = |tag: &str| counts.get(tag).copied().unwrap_or(0);
        assert_eq!((count("L"), count("LI"), count("Lbl")), (1, 40, 0), "{template} {block}");
    }
}

/// A picture needs 300 pixels per inch of its size on paper, that of a signature 200.
#[test]
fn blurred_pictures_are_reported() {
    let letter = "template = \"formal\"\nlanguages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\nbody = \"Text.\"\n\
signatories = [{ name = \"Ana\", kind = \"person\", signature = \"s.png\" }]\n[from]\nname = \"Red\"\nlogo = \"l.png\"\nlogo-alt = \"Red\"\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    // A logo is 17 mm high, a signature 14 mm.
    for (logo, signature, expected) in [
        (202, 112, &[][..]),
        (
            100,
            50,
            &[
                "x/letter.toml:6:61: warning[low-resolution-picture]",
                "x/letter.toml:9:8: warning[low-resolution-picture]",
            ],
        ),
    ] {
        std::fs::write(folder.path().join("x/l.png"), super::grey_picture(logo, logo))
            .expect("a file");
        std::fs::write(folder.path().join("x/s.png"), super::grey_picture(signature, signature))
            .expect("a file");
        let output = super::run(folder.path(), "build x -q --message-format short");
        assert!(output.status.success(), "{}", super::stderr(&output));
        let messages = super::stderr(&output);
        let places: Vec<&str> =
            messages.lines().filter_map(|line| line.split(": this picture is").next()).collect();
        assert_eq!(places, expected, "{messages}");
    }
}

/// Quotes are those of the language, also beside a word with a hyphen, which is not broken.
#[test]
fn quotes_are_those_of_the_language() {
    for (language, open, close) in [("en", '“', '”'), ("es-MX", '“', '”'), ("es", '«', '»')]
    {
        let letter = super::SMALL
            .replace("\"en\"", &format!("\"{language}\""))
            .replace("\"Text.\"", "'A \"re-entry\", \"an end-to-end re-entry\" (\"x-y\").'");
        let folder = super::folder(&[("x/letter.toml", &letter)]);
        // The reader puts spaces between parts of a word that are positioned separately.
        let text = Pdf::build(folder.path(), "x").text().replace(' ', "");
        for quoted in ["re-entry", "anend-to-endre-entry", "x-y"] {
            assert!(text.contains(&format!("{open}{quoted}{close}")), "{language}: {text}");
        }
    }
}

#[test]
fn links_lead_where_they_say() {
    let letter =
        format!("{SMALL_WITH_LINKS}\n[links]\nruling = \"https://example.org/sentencia/año\"\n");
    let folder = super::folder(&[("x/letter.toml", &letter)]);
    let pdf = Pdf::build(folder.path(), "x");
    let mut targets = Vec::new();
    for object in pdf.0.objects.values() {
        if let Ok(action) = object.as_dict()
            && let Some(Object::Dictionary(action)) = pdf.get(action, "A")
            && let Some(Object::String(uri, _)) = pdf.get(action, "URI")
        {
            targets.push(String::from_utf8_lossy(uri).into_owned());
        }
    }
    targets.sort();
    assert_eq!(
        targets,
        ["https://example.org/sentencia/a%C3%B1o", "mailto:a@example.org", "tel:+525512345678"]
    );
}

const SMALL_WITH_LINKS: &str = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\n\
body = \"See [it][Ruling], [write](mailto:a@example.org), [call](<tel:+52 55 1234 5678>).\"\n";

/// The text is moved line by line across the end of a page: the closing is always on the page of the
/// first signatories, and no page has only one signatory.
#[test]
fn the_closing_stays_with_the_first_signatories() {
    let signers: Vec<String> = (1..=9).map(|n| format!("\"Signer{n}x\"")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    for lines in 14..44 {
        let body = "A line.\n\n".repeat(lines);
        let letter = format!(
            "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\nbody = \"\"\"{body}\"\"\"\n\
             closing = \"Sincerely,\"\nsignatories = [{}]\n",
            signers.join(", ")
        );
        super::write(&folder.path().join("x/letter.toml"), &letter);
        let pdf = Pdf::build(folder.path(), "x");
        let mut closings = 0;
        for page in pdf.0.get_pages().keys() {
            let text = pdf.0.extract_text(&[*page]).expect("text");
            let signing = text.matches("Signer").count();
            assert_ne!(signing, 1, "{lines} lines, page {page}");
            if text.contains("Sincerely,") {
                closings += 1;
                assert!(signing >= 2, "{lines} lines: the closing is alone on page {page}");
            }
        }
        assert_eq!(closings, 1, "{lines} lines");
    }
}

#[test]
fn a_cmyk_picture_is_reported() {
    let more = "[from]\nname = \"A\"\nlogo = \"a.jpg\"\nlogo-alt = \"A\"\n";
    let folder = super::folder(&[("x/letter.toml", &format!("{}{more}", super::SMALL))]);
    let picture = super::repository().join("tests/pictures/cmyk.jpg");
    std::fs::copy(picture, folder.path().join("x/a.jpg")).expect("a picture");
    let said = super::stderr(&super::run(folder.path(), "check x"));
    assert!(said.contains("a picture uses CMYK"), "{said}");
    // It is small as well, which is another matter.
    let check = "check x --allow low-resolution-picture --pdf-standard 1.7";
    let said = super::stderr(&super::run(folder.path(), check));
    assert_eq!(said, "1 letter: no errors, no warnings\n");
}

/// A violation of a standard is reported in Spanish, because it may be caused by a built-in template.
#[test]
fn violations_of_standards_are_reported_in_spanish() {
    let folder = super::anatomy();
    for standards in ["ua-1,a-1a", "ua-1,a-1b"] {
        let check = format!(
            "check formal-a4 --pdf-standard {standards} --ui-lang es --message-format json"
        );
        let output = super::run(folder.path(), &check);
        assert_eq!(output.status.code(), Some(1), "{standards}");
        let text = super::stderr(&output);
        assert!(text.contains("no pueden ser accesibles"), "{text}");
        assert!(!text.contains("en inglés") && !text.contains("cannot"), "{text}");
    }
}

/// The outline of the window has a name, which is not a part of a list that continues on the next page.
#[test]
fn a_window_is_drawn_over_a_list_that_continues_on_the_next_page() {
    let body: String = (1..60).map(|number| format!("- Item {number}\n")).collect();
    let letter = super::SMALL.replace("body = \"Text.\"", "body.en = { file = \"body.md\" }");
    assert_ne!(letter, super::SMALL);
    let letter = format!("{letter}[page]\nenvelope = \"us-10\"\n");
    let folder = super::folder(&[("x/letter.toml", &*letter), ("x/body.md", &*body)]);
    let text = Pdf::build(folder.path(), "x --show-window").text();
    assert!(text.contains("us-10") && text.contains("Item 59"), "{text}");
}

/// PDF/UA-2 with PDF/A-4: tags have a namespace, notes are notes, links lead to tags, and all that is said of
/// the document is in the metadata. veraPDF checks the rest in `.ci/checks/pdf-audit`.
#[test]
fn pdf_ua_2_leads_to_tags() {
    let body = "One.[^a]\\n\\n# Part\\n\\nTwo.[^b]\\n\\n[^a]: First.\\n\\n[^b]: Second.";
    let letter = format!("{}[pdf]\nstandard = [\"ua-2\", \"a-4\"]\n", super::SMALL);
    let folder = super::folder(&[("x/letter.toml", &letter.replace("Text.", body))]);
    let pdf = Pdf::build(folder.path(), "x");
    assert_eq!(pdf.0.version, "2.0");
    assert!(!pdf.0.trailer.has(b"Info"));
    let metadata = pdf.get(pdf.catalog(), "Metadata").expect("metadata").as_stream().expect("it");
    let metadata = String::from_utf8(metadata.content.clone()).expect("a text");
    for said in [
        "<pdfuaid:part>2</pdfuaid:part><pdfuaid:rev>2024</pdfuaid:rev>",
        "<pdfaid:part>4</pdfaid:part><pdfaid:rev>2020</pdfaid:rev>",
        "<pdf:PDFVersion>2.0</pdf:PDFVersion>",
        "http://pdfa.org/declarations/wtpdf#accessibility1.0",
        "http://pdfa.org/declarations/wtpdf#reuse1.0",
    ] {
        assert!(metadata.contains(said), "{said}");
    }
    assert!(!metadata.contains("pdfaExtension:schemas>"));

    let dictionaries: Vec<_> =
        pdf.0.objects.values().filter_map(|object| object.as_dict().ok()).collect();
    let name = |dictionary: &Dictionary, key: &str| {
        let name = pdf.get(dictionary, key).and_then(|object| object.as_name().ok())?;
        Some(String::from_utf8_lossy(name).into_owned())
    };
    let tags = dictionaries.iter().filter(|one| one.has(b"S") && one.has(b"P"));
    assert!(tags.clone().count() > 8 && tags.clone().all(|one| one.has(b"NS")));
    let notes: Vec<_> = tags.filter(|one| name(one, "S").as_deref() == Some("FENote")).collect();
    assert!(notes.len() == 2 && notes.iter().all(|one| one.has(b"Ref")));
    // Bookmarks, references to notes, and links back from them.
    let mut targets = Vec::new();
    for one in dictionaries.iter().filter(|one| one.has(b"Title") || one.has(b"Contents")) {
        let Some(action) = pdf.get(one, "A").and_then(|action| action.as_dict().ok()) else {
            continue;
        };
        assert!(!one.has(b"Dest") && action.has(b"D"));
        let place = pdf.get(action, "SD").expect("a tag").as_array().expect("a destination");
        let (_, tag) = pdf.0.dereference(&place[0]).expect("a tag");
        let tag = tag.as_dict().expect("a tag");
        let from = pdf.string(one, if one.has(b"Title") { "Title" } else { "Contents" });
        let id = if tag.has(b"ID") { pdf.string(tag, "ID") } else { String::new() };
        targets.push(format!("{from}: {} {id}", name(tag, "S").expect("a name")).trim().to_owned());
    }
    targets.sort();
    insta::assert_snapshot!(targets.join("\n"), @r"
    A title: H1
    Back to the text: P
    Back to the text: P
    Footnote 1: FENote Note 1
    Footnote 2: FENote Note 2
    Letter: P
    Part: H2
    ");

    let folder = super::folder(&[("x/letter.toml", &letter.replace("a-4", "2.0"))]);
    let said = super::run(folder.path(), "check x --pdf-standard ua-2,a-2a");
    let reason = "cannot conform to ua-2 and a-2a at once; ua-2 is PDF 2.0, a-2a is PDF 1.7: ";
    assert!(super::stderr(&said).contains(reason));
}

/// A screen reader can skip to the next letter of an edition or of a file for the printer.
#[test]
fn letters_that_follow_one_another_are_parts() {
    let letter = "languages = [\"en\", \"es\"]\nedition = \"consecutive\"\ndate = 2021-08-24\n\
        title = { en = \"A title\", es = \"Un título\" }\nbody = { en = \"Text.\", es = \"Texto.\" }\n";
    let folder = super::folder(&[
        ("x/letter.toml", letter),
        ("r.csv", "name\nAna\nBea\nCat\n"),
        ("y/letter.toml", &super::SMALL.replace("Text.", "Dear {{recipient.name}}, text.")),
    ]);
    let parts = |pdf: &Pdf| pdf.structure().get("Part").copied().unwrap_or_default();
    let pdf = Pdf::build(folder.path(), "x --lang en+es");
    insta::assert_snapshot!(pdf.tags(), @r"
    Document
      Part × 2
        H1
        P × 2
    ");
    assert_eq!(parts(&Pdf::build(folder.path(), "x --lang en")), 0);
    assert_eq!(parts(&Pdf::build(folder.path(), "x --lang en+es --pdf-standard ua-2,a-4")), 2);
    let merge = "merge y --recipients r.csv --combined all.pdf -q";
    assert!(super::run(folder.path(), merge).status.success());
    let all = Document::load(folder.path().join("out/all.pdf")).expect("a PDF");
    assert_eq!(parts(&Pdf(all)), 3);
}
