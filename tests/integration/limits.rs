//! Every limit of the program: `docs/limits.md` lists them in the order of [`LIMITS`], in the words of
//! the program. A new limit is a row here; `UPDATE_LIMITS=1` writes it to the pages.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::{SMALL, repository, run, write};

/// A limit, as a row of the page.
struct Limit {
    /// What is limited, in English and in Spanish.
    what: [&'static str; 2],
    /// The limit as the English page writes it.
    value: &'static str,
    /// How it is tried.
    held: Held,
}

enum Held {
    /// With the most that is allowed there is no problem with this code; with one more there is one,
    /// at this place.
    Files { most: usize, make: fn(&Path, usize), code: &'static str, place: &'static str },
    /// By another test, in this file: to try it takes gigabytes or minutes. The problem says this, with
    /// these values in braces. If the limit is the default of an option, this is the option.
    Elsewhere {
        test: &'static str,
        option: Option<&'static str>,
        one_more: &'static [&'static str],
        code: &'static str,
        says: [&'static str; 2],
    },
}

use Held::{Elsewhere, Files};

const LIMITS: &[Limit] = &[
    Limit {
        what: ["a file that a letter names", "un archivo que una carta nombra"],
        value: "64 MiB",
        held: Files {
            most: 64 << 20,
            make: file,
            code: "missing-file",
            place: "a/letter.toml:5:37",
        },
    },
    Limit {
        what: [
            "a text: the letter, a body, a list, recipients",
            "un texto: la carta, un cuerpo, una lista, unos destinatarios",
        ],
        value: "8,388,607 bytes",
        held: Files {
            most: (8 << 20) - 1,
            make: text,
            code: "invalid-value",
            place: "a/x.csv:1:1",
        },
    },
    Limit {
        what: ["an XML file in a workbook", "un archivo XML dentro de un libro de cálculo"],
        value: "32 MiB",
        held: Files { most: 32 << 20, make: workbook, code: "syntax", place: "a/x.xlsx:1:1" },
    },
    Limit {
        what: ["fonts in a folder of `[page]`", "fuentes en una carpeta de `[page]`"],
        value: "200",
        held: Files { most: 200, make: fonts, code: "invalid-value", place: "a/letter.toml:6:10" },
    },
    Limit {
        what: [
            "all fonts in the folders of a letter",
            "todas las fuentes en las carpetas de una carta",
        ],
        value: "256 MiB",
        held: Files {
            most: 256 << 20,
            make: large_fonts,
            code: "invalid-value",
            place: "a/letter.toml:6:10",
        },
    },
    Limit {
        what: ["characters of a title or a name", "caracteres de un título o un nombre"],
        value: "500",
        held: Files { most: 500, make: title, code: "invalid-value", place: "a/letter.toml:3:9" },
    },
    Limit {
        what: ["a body in Markdown", "un texto en Markdown"],
        value: "524,288 bytes",
        held: Files { most: 512 << 10, make: body, code: "invalid-value", place: "a/x.md:1:1" },
    },
    Limit {
        what: [
            "quotations, lists and emphasis inside one another",
            "citas, listas y énfasis anidados",
        ],
        value: "12",
        held: Files { most: 12, make: quotations, code: "invalid-value", place: "a/x.md:3:25" },
    },
    Limit {
        what: [
            "footnotes that refer to further footnotes",
            "notas al pie que remiten a otras notas",
        ],
        value: "12",
        held: Files { most: 12, make: notes, code: "invalid-value", place: "a/x.md:25:13" },
    },
    Limit {
        what: [
            "characters printed as one: a letter with its accents",
            "caracteres que se imprimen como uno: una letra con sus acentos",
        ],
        value: "32",
        held: Files { most: 32, make: cluster, code: "invalid-value", place: "a/x.md:1:1" },
    },
    Limit {
        what: ["coalitions inside coalitions", "coaliciones dentro de coaliciones"],
        value: "6",
        held: Files {
            most: 6,
            make: coalitions,
            code: "invalid-value",
            place: "a/letter.toml:5:197",
        },
    },
    Limit {
        what: ["entries of `footer`", "elementos de `footer`"],
        value: "12",
        held: Files {
            most: 12,
            make: |folder, entries| footer(folder, &vec!["A"; entries]),
            code: "invalid-value",
            place: "a/letter.toml:7:10",
        },
    },
    Limit {
        what: ["characters of an entry of `footer`", "caracteres de un elemento de `footer`"],
        value: "300",
        held: Files {
            most: 300,
            make: |folder, characters| footer(folder, &[&"a".repeat(characters)]),
            code: "invalid-value",
            place: "a/letter.toml:7:11",
        },
    },
    Limit {
        what: ["files in a workbook", "archivos dentro de un libro de cálculo"],
        value: "4,096",
        held: Files { most: 4096, make: parts, code: "syntax", place: "a/x.xlsx:1:1" },
    },
    Limit {
        what: [
            "a file in a workbook, to its size when packed",
            "un archivo dentro de un libro de cálculo, respecto de su tamaño comprimido",
        ],
        value: "500 : 1",
        held: Elsewhere {
            test: "src/files/archive.rs",
            option: None,
            one_more: &["500"],
            code: "syntax",
            says: [
                "a part of this workbook is packed to less than a {ratio}th, as none is that holds a list",
                "una parte de este libro de cálculo mide más de {ratio} veces lo que ocupa comprimida, como ninguna que contenga una lista",
            ],
        },
    },
    Limit {
        what: ["columns of signatories", "columnas de firmas"],
        value: "4",
        held: Files {
            most: 4,
            make: |folder, columns| {
                letter(folder, &format!("[signature-block]\ncolumns = {columns}"), ("", ""));
            },
            code: "invalid-value",
            place: "a/letter.toml:6:11",
        },
    },
    Limit {
        what: ["`font-size`", "`font-size`"],
        value: "24 pt",
        held: Files {
            most: 24,
            make: |folder, points| page(folder, "font-size", points),
            code: "invalid-value",
            place: "a/letter.toml:6:13",
        },
    },
    Limit {
        what: ["`margin`", "`margin`"],
        value: "600 pt",
        held: Files {
            most: 600,
            // Margins on all sides would leave no room on the paper.
            make: |folder, points| {
                letter(folder, &format!("[page]\nmargin = {{ top = \"{points}pt\" }}"), ("", ""));
            },
            code: "invalid-value",
            place: "a/letter.toml:6:18",
        },
    },
    Limit {
        what: ["`bleed`", "`bleed`"],
        value: "72 pt",
        held: Files {
            most: 72,
            make: |folder, points| page(folder, "bleed", points),
            code: "invalid-value",
            place: "a/letter.toml:6:9",
        },
    },
    Limit {
        what: ["TOML lists and tables inside one another", "listas y tablas de TOML anidadas"],
        value: "80",
        held: Files { most: 80, make: arrays, code: "syntax", place: "a/letter.toml:5:85" },
    },
    Limit {
        what: ["parts of a TOML key", "partes de una clave de TOML"],
        value: "80",
        held: Files { most: 80, make: keys, code: "syntax", place: "a/letter.toml:1:1" },
    },
    Limit {
        what: ["JSON lists and objects inside one another", "listas y objetos de JSON anidados"],
        value: "127",
        held: Files { most: 127, make: json, code: "syntax", place: "r.jsonl:1:143" },
    },
    Limit {
        what: [
            "lists and tables inside one another in a list in JSON or YAML",
            "listas y tablas anidadas de una lista en JSON o YAML",
        ],
        value: "32",
        held: Files { most: 32, make: yaml, code: "invalid-value", place: "a/x.yaml:1:33" },
    },
    Limit {
        what: ["pages of an enclosed PDF", "páginas de un PDF anexo"],
        value: "500",
        held: Files { most: 500, make: pages, code: "invalid-pdf", place: "a/letter.toml:5:37" },
    },
    Limit {
        what: [
            "arrays and dictionaries of an enclosed PDF inside one another",
            "listas y diccionarios anidados de un PDF anexo",
        ],
        value: "100",
        held: Files { most: 100, make: depth, code: "invalid-pdf", place: "a/letter.toml:5:37" },
    },
    Limit {
        what: ["a side of a picture, to the other", "un lado de una imagen, respecto del otro"],
        value: "100 : 1",
        held: Files { most: 100, make: ratio, code: "invalid-image", place: "a/letter.toml:6:14" },
    },
    Limit {
        what: ["pixels of a picture", "pixeles de una imagen"],
        value: "100 million",
        held: Elsewhere {
            test: "tests/integration/guards.rs",
            option: None,
            one_more: &["101", "100"],
            code: "invalid-image",
            says: [
                "it has {pixels} million pixels; the maximum is {most} million",
                "tiene {pixels} millones de pixeles; el máximo es de {most} millones",
            ],
        },
    },
    Limit {
        what: [
            "pixels of a page as PNG, and of a picture on it",
            "pixeles de una página en PNG y de una imagen en ella",
        ],
        value: "250 million",
        held: Elsewhere {
            test: "tests/integration/guards.rs",
            option: None,
            one_more: &["1", "251", "250"],
            code: "write",
            says: [
                "page {number} cannot be written as PNG: it takes a picture of {pixels} million pixels; the maximum is {most} million",
                "la página {number} no se puede escribir como PNG: requiere una imagen de {pixels} millones de pixeles; el máximo es de {most} millones",
            ],
        },
    },
    Limit {
        what: [
            "all files that are read for a letter together",
            "todos los archivos juntos que se leen para una carta",
        ],
        value: "512 MiB",
        held: Elsewhere {
            test: "src/files/loader.rs",
            option: None,
            one_more: &["512"],
            code: "invalid-value",
            says: [
                "the files of this letter have more than {limit} MiB together",
                "los archivos de esta carta pesan más de {limit} MiB en total",
            ],
        },
    },
    Limit {
        what: ["files that a letter names", "archivos que una carta nombra"],
        value: "2,000",
        held: Files {
            most: 2000,
            make: files,
            code: "invalid-value",
            place: "a/letter.toml:2006:12",
        },
    },
    Limit {
        what: [
            "files that all letters of a run name",
            "archivos que nombran todas las cartas de una ejecución",
        ],
        value: "60,000",
        held: Elsewhere {
            test: "src/files/ids.rs",
            option: None,
            one_more: &["60000"],
            code: "invalid-value",
            says: [
                "the letters of this run name more than {limit} files",
                "las cartas de esta ejecución nombran más de {limit} archivos",
            ],
        },
    },
    Limit {
        what: [
            "time to read or to typeset a letter (`--timeout`)",
            "tiempo para leer una carta o darle formato (`--timeout`)",
        ],
        value: "120 s",
        held: Elsewhere {
            test: "tests/cases/template-that-takes-too-long.txt",
            option: Some("--timeout"),
            one_more: &["120"],
            code: "template",
            says: ["this takes longer than {count} seconds", "esto tarda más de {count} segundos"],
        },
    },
    Limit {
        what: ["memory of the program (`--max-memory`)", "memoria del programa (`--max-memory`)"],
        value: "4096 MiB",
        held: Elsewhere {
            test: "tests/cases/template-that-takes-all-memory.txt",
            option: Some("--max-memory"),
            one_more: &["4096"],
            code: "template",
            says: [
                "this needs more than {mebibytes} MiB of memory",
                "esto necesita más de {mebibytes} MiB de memoria",
            ],
        },
    },
];

/// A limit of the documents that `new --from` reads, as a row of the page's second table. What is beyond
/// it ends the command, and makes no letter.
struct DocumentLimit {
    /// What is limited, in English and in Spanish.
    what: [&'static str; 2],
    /// The limit as the page writes it.
    value: &'static str,
    /// How it is tried.
    held: DocumentHeld,
}

enum DocumentHeld {
    /// A document of this name that has as many of something can be read, and not with one more.
    Made { name: &'static str, most: usize, make: fn(usize) -> Vec<u8> },
    /// By another test, in this file. The program says this.
    Elsewhere { test: &'static str, says: [&'static str; 2], one_more: &'static [&'static str] },
}

const DOCUMENT_LIMITS: &[DocumentLimit] = &[
    DocumentLimit {
        what: ["a document", "un documento"],
        value: "64 MiB",
        held: DocumentHeld::Made { name: "x.docx", most: 64 << 20, make: large_document },
    },
    DocumentLimit {
        what: ["a web page", "una página web"],
        value: "8 MiB",
        held: DocumentHeld::Made { name: "x.html", most: 8 << 20, make: web_page },
    },
    DocumentLimit {
        what: ["files in a document", "archivos dentro de un documento"],
        value: "4,096",
        held: DocumentHeld::Made {
            name: "x.docx",
            most: 4096,
            make: |parts| document("We ask for water.", &vec![""; parts - 1]),
        },
    },
    DocumentLimit {
        what: [
            "a file in a document, to its size when packed",
            "un archivo dentro de un documento, respecto de su tamaño comprimido",
        ],
        value: "500 : 1",
        held: DocumentHeld::Elsewhere {
            test: "src/files/archive.rs",
            says: [
                "a part of `{name}` is packed to less than a {ratio}th, as none is that holds a text",
                "una parte de `{name}` mide más de {ratio} veces lo que ocupa comprimida, como ninguna que contenga un texto",
            ],
            one_more: &["x.docx", "500"],
        },
    },
    DocumentLimit {
        what: [
            "the files of a document that are read together",
            "los archivos de un documento que se leen, en total",
        ],
        value: "128 MiB",
        held: DocumentHeld::Elsewhere {
            test: "src/documents/tests.rs",
            says: [
                "the parts of `{name}` have more than {most} MiB together",
                "las partes de `{name}` pesan más de {most} MiB en total",
            ],
            one_more: &["x.docx", "128"],
        },
    },
    DocumentLimit {
        what: [
            "elements and texts of a file in a document",
            "elementos y textos de un archivo dentro de un documento",
        ],
        value: "4,000,000",
        held: DocumentHeld::Elsewhere {
            test: "src/documents/tests.rs",
            says: [
                "`{name}` has more than {most} elements",
                "`{name}` tiene más de {most} elementos",
            ],
            one_more: &["x.docx", "4000000"],
        },
    },
];

/// A Word document with a paragraph and further files.
fn document(text: &str, further: &[&str]) -> Vec<u8> {
    let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let text = format!(
        "<w:document xmlns:w=\"{word}\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    let mut files = vec![("word/document.xml".to_owned(), text.into_bytes())];
    let further = further.iter().enumerate();
    files.extend(further.map(|(index, text)| (format!("{index}"), text.as_bytes().to_vec())));
    stored(&files)
}

/// A document of so many bytes.
fn large_document(bytes: usize) -> Vec<u8> {
    let empty = document("We ask for water.", &[""]).len();
    document("We ask for water.", &[&" ".repeat(bytes - empty)])
}

/// A web page of so many bytes.
fn web_page(bytes: usize) -> Vec<u8> {
    format!("<p>We ask for water.</p>{}", " ".repeat(bytes - 24)).into_bytes()
}

/// A letter from a document with so many of something: whether it was made, and what was said.
fn from_document(name: &str, data: &[u8], language: &str) -> (bool, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(name), data).expect("a file");
    let output = run(folder.path(), &format!("new water --from {name} --ui-lang {language}"));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.success(), said.lines().last().unwrap_or_default().to_owned())
}

impl DocumentLimit {
    fn row(&self, language: usize) -> String {
        let message = match self.held {
            DocumentHeld::Elsewhere { says, one_more, .. } => filled(says[language], one_more),
            DocumentHeld::Made { name, most, make } => {
                let (is_made, said) = from_document(name, &make(most + 1), ["en", "es"][language]);
                assert!(!is_made, "{}", self.what[0]);
                said.strip_prefix("error: ").unwrap_or(&said).to_owned()
            }
        };
        format!("| {} | {} | {message} |", self.what[language], self.value)
    }
}

/// A message with its values.
fn filled(says: &str, values: &[&str]) -> String {
    let mut message = says.to_owned();
    for value in values {
        let begin = message.find('{').expect("a value in braces");
        let end = message.find('}').expect("a value in braces");
        message.replace_range(begin..=end, value);
    }
    message
}

/// Writes a letter and a file beside it.
fn letter(folder: &Path, lines: &str, file: (&str, &str)) {
    write(&folder.join("a/letter.toml"), &format!("{SMALL}{lines}\n"));
    if !file.0.is_empty() {
        write(&folder.join("a").join(file.0), file.1);
    }
}

/// A letter with a body in a file.
fn with_body(folder: &Path, body: &str) {
    let text = SMALL.replace("body = \"Text.\"", "body = { file = \"x.md\" }");
    write(&folder.join("a/letter.toml"), &text);
    write(&folder.join("a/x.md"), body);
}

/// A text with so many empty lines that it has this size.
fn padded(text: &str, bytes: usize) -> String {
    format!("{text}{}", "\n".repeat(bytes - text.len()))
}

fn file(folder: &Path, bytes: usize) {
    let lines = "enclosures = [{ title = \"E\", file = \"x.bin\", attach = true }]\n\
                 [pdf]\nstandard = [\"ua-1\", \"a-3a\"]";
    letter(folder, lines, ("x.bin", ""));
    let file = std::fs::File::create(folder.join("a/x.bin")).expect("a file");
    file.set_len(bytes as u64).expect("it takes no room");
}

fn text(folder: &Path, bytes: usize) {
    let list = padded("name\nAna", bytes);
    letter(folder, "signatories = { file = \"x.csv\" }", ("x.csv", &list));
}

fn workbook(folder: &Path, bytes: usize) {
    workbook_of(folder, &padded("<worksheet><sheetData/></worksheet>", bytes), 3);
}

fn parts(folder: &Path, parts: usize) {
    workbook_of(folder, "<worksheet><sheetData/></worksheet>", parts);
}

/// A workbook with a sheet and so many files.
fn workbook_of(folder: &Path, sheet: &str, count: usize) {
    letter(folder, "signatories = { file = \"x.xlsx\" }", ("", ""));
    let part = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let mut files = vec![
        part(
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" r:id=\"a\"/></sheets></workbook>",
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"s\" Target=\"sheet.xml\"/></Relationships>",
        ),
        part("xl/sheet.xml", sheet),
    ];
    files.extend((files.len()..count).map(|index| part(&index.to_string(), "")));
    std::fs::write(folder.join("a/x.xlsx"), stored(&files)).expect("a file");
}

/// A ZIP archive of files that are not compressed.
fn stored(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let le = |number: usize, bytes: usize| number.to_le_bytes()[..bytes].to_vec();
    let (mut data, mut list) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let size = [le(bytes.len(), 4), le(bytes.len(), 4), le(path.len(), 2), le(0, 2)].concat();
        list.extend([b"PK\x01\x02\x14\0\x14\0".to_vec(), vec![0; 12], size.clone()].concat());
        list.extend([vec![0; 10], le(data.len(), 4), path.as_bytes().to_vec()].concat());
        data.extend([b"PK\x03\x04\x14\0".to_vec(), vec![0; 12], size].concat());
        data.extend([path.as_bytes(), bytes].concat());
    }
    let end = [le(files.len(), 2), le(files.len(), 2), le(list.len(), 4), le(data.len(), 4)];
    data.extend(list);
    data.extend([b"PK\x05\x06\0\0\0\0".to_vec(), end.concat(), le(0, 2)].concat());
    data
}

fn yaml(folder: &Path, levels: usize) {
    let list = format!("{}{}\n", "[".repeat(levels), "]".repeat(levels));
    letter(folder, "signatories = { file = \"x.yaml\" }", ("x.yaml", &list));
}

fn fonts(folder: &Path, count: usize) {
    letter(folder, "[page]\nfonts = [\"f\"]", ("x.csv", ""));
    for number in 0..count {
        write(&folder.join(format!("a/f/{number}.ttf")), "");
    }
}

fn large_fonts(folder: &Path, bytes: usize) {
    fonts(folder, 0);
    std::fs::create_dir(folder.join("a/f")).expect("a folder");
    for (number, start) in (0..bytes).step_by(64 << 20).enumerate() {
        let path = folder.join(format!("a/f/{number}.ttf"));
        let file = std::fs::File::create(path).expect("a file");
        file.set_len((bytes - start).min(64 << 20) as u64).expect("it takes no room");
    }
}

fn footer(folder: &Path, entries: &[&str]) {
    letter(folder, &format!("[from]\nname = \"A\"\nfooter = {entries:?}"), ("", ""));
}

fn title(folder: &Path, characters: usize) {
    let title = "ñ".repeat(characters);
    write(&folder.join("a/letter.toml"), &SMALL.replace("A title", &title));
}

fn body(folder: &Path, bytes: usize) {
    with_body(folder, &padded("Text.", bytes));
}

fn quotations(folder: &Path, levels: usize) {
    with_body(folder, &format!("Text.\n\n{}Text.\n", "> ".repeat(levels)));
}

/// A chain of so many notes.
fn notes(folder: &Path, notes: usize) {
    let chain: String =
        (1..notes).map(|note| format!("\n[^{note}]: Note.[^{}]\n", note + 1)).collect();
    with_body(folder, &format!("Text.[^1]\n{chain}\n[^{notes}]: Last.\n"));
}

fn cluster(folder: &Path, characters: usize) {
    with_body(folder, &format!("a{} text.\n", "\u{301}".repeat(characters - 1)));
}

fn coalitions(folder: &Path, levels: usize) {
    let name =
        |coalition: String, level| format!("{{ name = \"C{level}\", members = [{coalition}] }}");
    let all = (0..levels).fold("\"A\"".to_owned(), name);
    letter(folder, &format!("signatories = [{all}]"), ("", ""));
}

fn page(folder: &Path, key: &str, points: usize) {
    letter(folder, &format!("[page]\n{key} = \"{points}pt\""), ("", ""));
}

fn arrays(folder: &Path, levels: usize) {
    letter(folder, &format!("x = {}{}", "[".repeat(levels), "]".repeat(levels)), ("", ""));
}

fn keys(folder: &Path, parts: usize) {
    letter(folder, &format!("{} = 1", vec!["x"; parts].join(".")), ("", ""));
}

fn json(folder: &Path, levels: usize) {
    letter(folder, "", ("", ""));
    // The object of the line is one.
    let (begin, end) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
    write(&folder.join("r.jsonl"), &format!("{{\"name\":\"x\",\"y\":{begin}{end}}}\n"));
}

fn pages(folder: &Path, pages: usize) {
    enclose(folder, "<< /Type /Catalog /Pages 2 0 R >>".to_owned(), pages);
}

/// Encloses a PDF of so many pages.
fn enclose(folder: &Path, catalog: String, pages: usize) {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects =
        vec![catalog, format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" "))];
    objects.resize(pages + 2, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>".into());
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    pdf.push_str(&format!(
        "{table}trailer << /Root 1 0 R /Size {size} >>\nstartxref\n{start}\n%%EOF\n"
    ));
    let lines = "enclosures = [{ title = \"E\", file = \"x.pdf\" }]\n[pdf]\nstandard = [\"1.7\"]";
    letter(folder, lines, ("x.pdf", &pdf));
}

/// The catalog is the first level.
fn depth(folder: &Path, levels: usize) {
    let (begin, end) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R /X {begin}{end} >>");
    enclose(folder, catalog, 1);
}

fn ratio(folder: &Path, width: usize) {
    let drawing =
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"1\"/>");
    letter(folder, "[page]\nbackground = \"b.svg\"", ("b.svg", &drawing));
}

fn files(folder: &Path, files: usize) {
    // The letter is one of them.
    let lists: String =
        (0..files).map(|list| format!("  {{ file = \"{list:04}.csv\" }},\n")).collect();
    letter(folder, &format!("signatories = [\n{lists}]"), ("", ""));
    for list in 0..files {
        write(&folder.join(format!("a/{list:04}.csv")), "name\nAna\n");
    }
}

/// The places and the messages of the problems with a code.
fn found(folder: &Path, code: &str, language: &str) -> Vec<(String, String)> {
    let check = match folder.join("r.jsonl").exists() {
        true => "merge a --recipients r.jsonl --dry-run",
        false => "check a",
    };
    let output = run(folder, &format!("{check} --message-format json --ui-lang {language}"));
    let problems = String::from_utf8(output.stderr).expect("UTF-8");
    let problem = |line: &str| {
        let problem: Value = serde_json::from_str(line).expect("JSON");
        let place =
            format!("{}:{}:{}", text_of(&problem, "file"), problem["line"], problem["column"]);
        (problem["code"] == code).then(|| (place, text_of(&problem, "message")))
    };
    problems.lines().filter_map(problem).collect()
}

fn text_of(problem: &Value, key: &str) -> String {
    problem[key].as_str().unwrap_or_else(|| panic!("no {key} in {problem}")).to_owned()
}

impl Limit {
    /// The row of the page. What is beyond the limit is one problem, at its place.
    fn row(&self, language: usize) -> String {
        let what = self.what[language];
        let value = match language {
            0 => self.value.to_owned(),
            _ => self.value.replace(" million", " millones"),
        };
        let (code, message) = match self.held {
            Elsewhere { code, says, one_more, .. } => (code, filled(says[language], one_more)),
            Files { most, make, code, place } => {
                let folder = made(make, most + 1);
                match found(folder.path(), code, ["en", "es"][language]).as_slice() {
                    [(at, message)] if at == place => (code, message.clone()),
                    problems => panic!("{what}, beyond {value}: {problems:?}, not at {place}"),
                }
            }
        };
        format!("| {what} | {value} | `{code}` | {message} |")
    }
}

fn made(make: fn(&Path, usize), size: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    make(folder.path(), size);
    folder
}

/// What is at a limit has no problem with it.
#[test]
fn what_is_at_a_limit_passes() {
    for limit in LIMITS {
        if let Files { most, make, code, .. } = limit.held {
            let folder = made(make, most);
            assert_eq!(found(folder.path(), code, "en"), [], "{}", limit.what[0]);
        }
    }
    for limit in DOCUMENT_LIMITS {
        if let DocumentHeld::Made { name, most, make } = limit.held {
            let (is_made, said) = from_document(name, &make(most), "en");
            assert!(is_made, "{}: {said}", limit.what[0]);
        }
    }
}

/// What is beyond a limit is a problem at its place, and the pages list the limits in these words.
#[test]
fn what_is_beyond_a_limit_is_told_as_documented() {
    for (language, path) in ["docs/limits.md", "docs/es/limites.md"].into_iter().enumerate() {
        let path = repository().join(path);
        let page = std::fs::read_to_string(&path).expect("the page");
        let rows: Vec<String> = LIMITS.iter().map(|limit| limit.row(language)).collect();
        let fresh = with_rows(&page, "| --- | --- | --- | --- |\n", &rows);
        let rows: Vec<String> = DOCUMENT_LIMITS.iter().map(|limit| limit.row(language)).collect();
        let fresh = with_rows(&fresh, "\n| --- | --- | --- |\n", &rows);
        if std::env::var_os("UPDATE_LIMITS").is_some() {
            std::fs::write(&path, &fresh).expect("the page can be written");
            continue;
        }
        assert_eq!(page, fresh, "{}: UPDATE_LIMITS=1 writes it", path.display());
    }
}

/// A page with other rows below the ruler of a table.
fn with_rows(page: &str, ruler: &str, rows: &[String]) -> String {
    let (begin, rest) = page.split_once(ruler).expect("a table");
    let old = rest.split_inclusive('\n').take_while(|line| line.starts_with('|'));
    let end = &rest[old.map(str::len).sum::<usize>()..];
    format!("{begin}{ruler}{}\n{end}", rows.join("\n"))
}

/// The limits that other tests hold are those of the program, and so is what it says.
#[test]
fn defaults_are_as_documented() {
    let help = String::from_utf8(run(Path::new("."), "build --help").stdout).expect("UTF-8");
    let words = std::fs::read_to_string(repository().join("src/words/es.toml")).expect("words");
    let is_said = |english: &str, spanish: &str| {
        let mut lines = words.lines().filter(|line| line.starts_with(&format!("\"{english}\" = ")));
        lines.any(|line| line.contains(&format!("= \"{spanish}\"")))
    };
    for limit in LIMITS {
        let Elsewhere { test, option, one_more, says: [english, spanish], .. } = limit.held else {
            continue;
        };
        if let Some(option) = option {
            let of_option = help.split_once(&format!("{option} ")).expect("the option").1;
            let of_option = of_option.split("\n  -").next().unwrap_or_default();
            assert!(
                of_option.contains(&format!("[default: {}]", one_more[0])),
                "{option}: {of_option}"
            );
        }
        assert!(is_said(english, spanish), "{english}");
        assert!(repository().join(test).exists(), "{test}");
    }
    for limit in DOCUMENT_LIMITS {
        if let DocumentHeld::Elsewhere { test, says: [english, spanish], .. } = limit.held {
            assert!(is_said(english, spanish), "{english}");
            assert!(repository().join(test).exists(), "{test}");
        }
    }
}
