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

/// Every name of the source is printed, in both languages.
#[test]
fn all_73_signatories_are_printed() {
    let source = std::fs::read_to_string(super::founding_letter().join("letter.toml"));
    let table: toml::Table = source.expect("the letter").parse().expect("TOML");
    let signatories = table["signatories"].as_array().expect("a list");
    assert_eq!(signatories.len(), 73);
    let mut all = Vec::new();
    signatories.iter().for_each(|signatory| collect_names(signatory, &mut all));
    assert_eq!(all.len(), 73 + 31);
    for language in ["en", "es-MX"] {
        let text = Pdf::founding_letter(language).text();
        let plain = |text: &str| {
            let quotes = |c: char| if matches!(c, '“' | '”') { '"' } else { c };
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

#[test]
fn the_pdf_is_tagged() {
    let pdf = Pdf::founding_letter("en");
    let counts = pdf.structure();
    assert_eq!(counts["H1"], 1);
    assert_eq!(counts["LI"], 73, "each signatory is an item of a list");
    assert!(counts["P"] > 10);
    assert!(pdf.has_passage_in("es"));
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
    let said = super::stderr(&super::run(folder.path(), "check x --pdf-standard 1.7"));
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
