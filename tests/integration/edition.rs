//! Several languages of a letter in one PDF.

use lopdf::Object;

use super::pdf::{Pdf, assert_in_order};
use super::{folder, founding_letter, run, stderr, stdout};

const LETTER: &str = r#"languages = ["en", "es-MX"]
edition = "parallel"
prevails = "es-MX"
date = 2021-08-24
title.en = "A title"
title.es = "Un título"
subject.en = "The matter"
subject.es = "El asunto"
salutation.en = "Dear all:"
salutation.es = "A todas:"
closing.en = "Sincerely,"
closing.es = "Atentamente,"
postscript.en = "P.S. More."
postscript.es = "P. D. Más."
enclosures = [{ en = "A map", es = "Un mapa" }]
body.en = """
First[^n] paragraph.

# Heading

Second[^n].

[^n]: The note.
"""
body.es = """
Primer[^n] párrafo.

# Encabezado

Segundo[^n].

[^n]: La nota.
"""
signatories = [
  { name = "Jane Doe", kind = "person", title.en = "Director", title.es = "Directora" },
  { name.en = "Zed", name.es = "Árbol", members = ["Member"] },
]
to = [{ name = "The Minister", note.en = "", note.es = "P r e s e n t e." }]
from = { organization.en = "Water Network", organization.es = "Red del Agua" }
signature-block = { sort = "name", group-by = "kind" }
"#;

#[test]
fn an_edition_is_written_besides_each_language() {
    let folder = folder(&[("x/letter.toml", LETTER)]);
    let built = |arguments: &str| {
        let output = run(folder.path(), &format!("build x {arguments}"));
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let (en, es, both) = ("out/x.en.pdf\n", "out/x.es-MX.pdf\n", "out/x.en+es-MX.pdf\n");
    assert_eq!(built(""), [en, es, both].concat());
    assert_eq!(built("--lang en"), en);
    assert_eq!(built("--lang en --lang es"), [en, es].concat());
    assert_eq!(built("--lang en+es"), both);
    assert_eq!(built("--lang es --lang en+es-MX"), [es, both].concat());
    assert_eq!(built("--lang en+es --draft"), "out/x.en+es-MX.draft.pdf\n");
    let other = run(folder.path(), "build x --lang en+fr");
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("en+fr"), "{}", stderr(&other));
}

#[test]
fn languages_stand_side_by_side_row_by_row() {
    let folder = folder(&[("x/letter.toml", LETTER)]);
    let pdf = Pdf::build(folder.path(), "x --lang en+es");
    assert_in_order(
        &pdf.text(),
        &[
            "Water Network / Red del Agua",
            "A title",
            "Un título",
            "To:",
            "Para:",
            "The Minister",
            "The Minister",
            "P r e s e n t e.",
            "August 24, 2021",
            "24 de agosto de 2021",
            "the Spanish version prevails",
            "prevalece la versión en español",
            "The matter",
            "El asunto",
            "Dear all:",
            "A todas:",
            "paragraph.",
            "párrafo.",
            "Heading",
            "Encabezado",
            "Second",
            "Segundo",
            "Sincerely,",
            "Atentamente,",
            "Organizations / Organizaciones",
            "Zed / Árbol",
            "Member",
            "People / Personas",
            "Jane Doe, Director / Directora",
            "P.S. More.",
            "P. D. Más.",
            "A map",
            "Un mapa",
        ],
    );
    let counts = pdf.structure();
    for (tag, count) in [("H1", 2), ("H2", 4), ("Note", 2), ("Table", 0), ("LI", 4)] {
        assert_eq!(counts.get(tag).copied().unwrap_or(0), count, "{tag} in {counts:?}");
    }
    // Bookmarks are those of the original; what both languages share is in both.
    let bookmarks = ["A title", "Heading", "Organizations / Organizaciones", "People / Personas"];
    assert_eq!(pdf.outline(), bookmarks);
    assert_eq!(pdf.string(pdf.catalog(), "Lang"), "en");
}

/// Each structure element with a language, and the text of the page that it is said of, is told by the
/// tags: what stands in the second column is in the second language, footnotes too.
#[test]
fn every_passage_says_its_language() {
    let folder = folder(&[("x/letter.toml", LETTER)]);
    let pdf = Pdf::build(folder.path(), "x --lang en+es");
    let mut languages = Vec::new();
    for object in pdf.0.objects.values() {
        let Ok(element) = object.as_dict() else { continue };
        if let Some(Object::Name(kind)) = pdf.get(element, "S")
            && element.has(b"Lang")
        {
            languages
                .push((String::from_utf8_lossy(kind).into_owned(), pdf.string(element, "Lang")));
        }
    }
    let spanish = languages.iter().filter(|(kind, lang)| kind == "Div" && lang == "es-MX").count();
    // Title, label, addressee, date, prevailing language, subject, salutation, three blocks, closing,
    // postscript, enclosures.
    assert!((11..=13).contains(&spanish), "{languages:?}");
    assert!(languages.iter().all(|(kind, lang)| kind != "Note" || lang != "en"), "{languages:?}");
}

/// The founding letter in two languages: each signatory once, each paragraph of each body.
#[test]
fn the_founding_letter_has_an_edition() {
    let pdf = Pdf::build(&founding_letter(), "--lang en+es");
    let text = pdf.text();
    for name in ["Al Otro Lado TJ AC", "Witness at the Border", "Ustedes Somos Nosotrxs"] {
        assert_eq!(text.matches(name).count(), 1, "{name}");
    }
    assert_eq!(pdf.structure()["LI"], 73);
    assert_in_order(
        &text,
        &[
            "We, the undersigned organizations",
            "Las organizaciones abajo firmantes",
            "We are grateful for your time and consideration.",
            "Agradecemos su tiempo y su consideración.",
            "Sincerely,",
            "Atentamente,",
        ],
    );
    let info = pdf.0.trailer.get(b"Info").and_then(|info| info.as_reference());
    let info = pdf.0.get_dictionary(info.expect("a reference")).expect("a dictionary");
    let title = pdf.string(info, "Title");
    assert!(title.contains("of MPP / Organizaciones"), "{title}");
}

/// One after the other: two whole letters, each with pages of its own and a bookmark.
#[test]
fn languages_follow_one_another() {
    let body = "Text.\n\n".repeat(60);
    for template in ["open-letter", "formal"] {
        let letter = LETTER
            .replace("\"parallel\"", "\"consecutive\"")
            .replace("[^n]: The note.", &format!("{body}[^n]: The note."));
        let letter = format!("template = \"{template}\"\n{letter}");
        let folder = folder(&[("x/letter.toml", &letter)]);
        let pdf = Pdf::build(folder.path(), "x --lang en+es");
        let titles = match template {
            "formal" => ["Re: The matter", "Asunto: El asunto"],
            _ => ["A title", "Un título"],
        };
        assert_eq!(pdf.outline(), titles);
        let text = pdf.text();
        assert_in_order(
            &text,
            &[
                "the Spanish version prevails",
                "Dear all:",
                "Sincerely,",
                "Jane Doe",
                "prevalece la versión en español",
                "A todas:",
                "Atentamente,",
                "Jane Doe",
            ],
        );
        assert_in_order(&text, &["Page 2 of 3", "Page 3 of 3"]);
        // Each letter counts its own pages.
        assert!(!text.contains("Página 2"), "{text}");
    }
}

/// What each language prints alone says nothing of the other.
#[test]
fn one_language_alone_does_not_say_which_prevails() {
    let folder = folder(&[("x/letter.toml", LETTER)]);
    assert!(!Pdf::build(folder.path(), "x --lang en").text().contains("prevails"));
}

/// The text is moved line by line through the end of a page: no heading is the last line of a page.
#[test]
fn no_row_of_headings_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    for lines in 18..36 {
        let body = |text: &str, heading: &str| {
            let before = format!("{text}\n\n").repeat(lines);
            format!("\"\"\"{before}# {heading}\n\n{text} after.\n\n{text} end.\n\"\"\"")
        };
        let letter = format!(
            "languages = [\"en\", \"es\"]\nedition = \"parallel\"\ndate = 2021-08-24\n\
             title = \"A title\"\nbody.en = {}\nbody.es = {}\n",
            body("Line", "Heading"),
            body("Renglón", "Encabezado"),
        );
        super::write(&folder.path().join("x/letter.toml"), &letter);
        let pdf = Pdf::build(folder.path(), "x --lang en+es");
        for page in pdf.0.get_pages().keys() {
            let text = pdf.0.extract_text(&[*page]).expect("text");
            if text.contains("Heading") {
                assert!(text.contains("Encabezado"), "{lines} lines: {text}");
                assert!(text.contains("Line after"), "{lines} lines: {text}");
            }
        }
    }
}
