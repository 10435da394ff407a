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
fn an_edition_is_written_in_addition_to_each_language() {
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
fn languages_are_side_by_side_row_by_row() {
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
    for (tag, count) in [("H1", 2), ("H2", 4), ("Note", 2), ("Table", 0), ("LI", 3)] {
        assert_eq!(counts.get(tag).copied().unwrap_or(0), count, "{tag} in {counts:?}");
    }
    // Bookmarks of each language are below its own; what is printed once is below both.
    let bookmarks = ["English", "Español"];
    assert_eq!(pdf.outline(), bookmarks);
    assert_eq!(pdf.string(pdf.catalog(), "Lang"), "en");
}

/// The tags give the language of each structure element and of its text on the page: the second column
/// is in the second language, including its footnotes.
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

/// The founding letter in two languages: each signatory once, each paragraph of both bodies.
#[test]
fn the_founding_letter_has_an_edition() {
    let pdf = Pdf::build(&founding_letter(), "--lang en+es");
    let text = pdf.text();
    for name in ["Al Otro Lado TJ AC", "Witness at the Border", "Ustedes Somos Nosotrxs"] {
        assert_eq!(text.matches(name).count(), 1, "{name}");
    }
    // The signatories, and the members of two of them.
    assert_eq!(pdf.structure()["LI"], 73 + 31);
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
    let info = pdf.0.trailer.get(b"Info").and_then(lopdf::Object::as_reference);
    let info = pdf.0.get_dictionary(info.expect("a reference")).expect("a dictionary");
    let title = pdf.string(info, "Title");
    assert!(title.contains("of MPP / Organizaciones"), "{title}");
}

/// One after the other: two whole letters, each with its own pages and a bookmark.
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
        // Each letter counts only its own pages.
        assert!(!text.contains("Página 2"), "{text}");
    }
}

/// A formal letter in two languages has the same parts: letterhead, date and references, addressee,
/// subject.
#[test]
fn a_formal_letter_stays_formal_side_by_side() {
    let body = "Text.\n\n".repeat(60);
    let letter = LETTER
        .replace("[^n]: The note.", &format!("{body}[^n]: The note."))
        .replace("[^n]: La nota.", &format!("{body}[^n]: La nota."));
    let more = "template = \"formal\"\nreference = \"RA/14\"\ncc = [{ name = \"The Archive\" }]\n";
    let folder = folder(&[("x/letter.toml", &format!("{more}{letter}"))]);
    let pdf = Pdf::build(folder.path(), "x --lang en+es");
    let text = pdf.text();
    assert_in_order(
        &text,
        &[
            "Water Network / Red del Agua",
            "August 24, 2021",
            "Our reference: RA/14",
            "24 de agosto de 2021",
            "Nuestra referencia: RA/14",
            "The Minister",
            "P r e s e n t e.",
            "the Spanish version prevails",
            "Re: The matter",
            "Asunto: El asunto",
            "Dear all:",
            "A todas:",
            "Sincerely,",
            "Atentamente,",
            "Jane Doe",
            "P.S. More.",
            "The Archive",
        ],
    );
    // The title is only in the PDF; the page has the subject. The copies are only at the end.
    assert!(!text.contains("A title"), "{text}");
    assert_eq!(text.matches("The Archive").count(), 2, "{text}");
    assert_in_order(&text, &["Water Network", "Page 2 of 3", "Red del Agua", "Página 2 de 3"]);
    assert!(!text.contains("Page 1 of 3"), "{text}");
    assert_eq!(pdf.outline(), ["English", "Español"]);
}

/// The text is moved line by line across the end of a page: the closings have text above them.
#[test]
fn signatures_of_a_formal_edition_are_not_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    for last in ["end", &"end of a long paragraph that has several lines ".repeat(5)] {
        for lines in 14..30 {
            let body = |text: &str| {
                format!(
                    "\"\"\"{}{text} second.\n\n{text} {last}.\n\"\"\"",
                    format!("{text}\n\n").repeat(lines)
                )
            };
            let letter = format!(
                "template = \"formal\"\nlanguages = [\"en\", \"es\"]\nedition = \"parallel\"\n\
                 date = 2021-08-24\ntitle = \"A title\"\nclosing = \"Sincerely,\"\n\
                 signatories = [{{ name = \"Jane Doe\" }}]\nbody.en = {}\nbody.es = {}\n",
                body("Line"),
                body("Renglón"),
            );
            super::write(&folder.path().join("x/letter.toml"), &letter);
            let pdf = Pdf::build(folder.path(), "x --lang en+es");
            for page in pdf.0.get_pages().keys() {
                let text = pdf.0.extract_text(&[*page]).expect("text");
                if text.contains("Sincerely") {
                    assert!(text.contains("end"), "{lines} lines: {text}");
                    assert!(text.contains("Jane Doe"), "{lines} lines: {text}");
                    // A last line is kept with the line above it.
                    assert!(last != "end" || text.contains("second."), "{lines} lines: {text}");
                }
            }
        }
    }
}

/// The address of the original shows through the window, once, and it is checked that it fits.
#[test]
fn an_edition_has_a_window() {
    for template in ["formal", "open-letter"] {
        let letter = LETTER.replace(", note.en = \"\", note.es = \"P r e s e n t e.\"", "");
        let letter =
            format!("template = \"{template}\"\n{letter}\n[page]\nenvelope = \"din-5008-b\"\n");
        let folder = folder(&[("x/letter.toml", &letter)]);
        let text = Pdf::build(folder.path(), "x --lang en+es").text();
        assert_eq!(text.matches("The Minister").count(), 1, "{template}: {text}");
        assert_in_order(&text, &["The Minister", "August 24, 2021", "24 de agosto de 2021"]);
        let shown = Pdf::build(folder.path(), "x --lang en+es --show-window").text();
        assert!(shown.contains("din-5008-b"), "{template}: {shown}");

        let address = "\"Floor\", ".repeat(20);
        let long = letter.replace(
            "name = \"The Minister\"",
            &format!("name = \"The Minister\", address = [{address}]"),
        );
        super::write(&folder.path().join("x/letter.toml"), &long);
        let output = run(folder.path(), "check x --lang en+es --message-format short");
        assert!(stderr(&output).contains("[address-overflow]"), "{}", stderr(&output));
    }
}

/// A user's own template can set an edition too. If it cannot be called, the error is at its name.
#[test]
fn a_custom_template_sets_an_edition() {
    let own = "#let letter(letter) = { heading(letter.title); letter.prevails; letter.body }\n";
    let parallel =
        "#let parallel-letter(letters, shared) = letters.map(l => [#l.title: side]).join()\n";
    let build = |layout: &str, template: &str, arguments: &str| {
        let letter = LETTER.replace("\"parallel\"", &format!("\"{layout}\""));
        let letter = format!("template = \"mine.typ\"\n{letter}");
        let folder = folder(&[("x/letter.toml", &letter), ("x/mine.typ", template)]);
        run(folder.path(), &format!("{arguments} build -q x --lang en+es -o -"))
    };
    let text = |layout: &str, template: &str| {
        let output = build(layout, template, "");
        assert!(output.status.success(), "{}", stderr(&output));
        Pdf(lopdf::Document::load_mem(&output.stdout).expect("a PDF")).text()
    };
    let followed = text("consecutive", own);
    let all = ["A title", "Spanish version prevails", "Un título", "versión en español"];
    assert_in_order(&followed, &all);
    // If it has no function of its own, the program's is used.
    assert_in_order(&text("parallel", own), &["A title", "Un título", "Dear all:", "A todas:"]);
    let side = text("parallel", &[own, parallel].concat());
    assert_in_order(&side, &["A title: side", "Un título: side"]);
    for wrong in ["(letters) = [x]", "(letters, shared, more) = [x]", " = 3"] {
        let template = format!("{own}#let parallel-letter{wrong}\n");
        let said = stderr(&build("parallel", &template, ""));
        assert!(said.contains("letter.toml:1:12"), "{said}");
        assert!(said.contains("is not a function of `letters` and `shared`"), "{said}");
        assert!(said.contains("#let parallel-letter(letters, shared)"), "{said}");
        let said = stderr(&build("parallel", &template, "--ui-lang es"));
        assert!(said.contains("no es una función de `letters` y `shared`"), "{said}");
    }
}

/// A letter in a single language does not mention the other.
#[test]
fn one_language_alone_does_not_say_which_prevails() {
    let folder = folder(&[("x/letter.toml", LETTER)]);
    assert!(!Pdf::build(folder.path(), "x --lang en").text().contains("prevails"));
}

/// The text is moved line by line across the end of a page: no heading is the last line of a page.
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
                assert!(text.contains("after."), "{lines} lines: {text}");
            }
        }
    }
}

/// The notes of a language that is written from right to left stand at the right, and the others at the left.
#[test]
fn notes_stand_at_the_side_of_their_language() {
    let out = tempfile::tempdir().expect("a folder");
    let letters = super::repository().join("tests/letters");
    let build =
        format!("build right-to-left --lang ar+en -f png --ppi 72 -q -o {}", out.path().display());
    let output = run(&letters, &build);
    assert!(output.status.success(), "{}", stderr(&output));
    let (width, values) = super::pages::grey(&out.path().join("right-to-left.ar+en.1.png"));
    let half = width as usize / 2;
    // At the foot of the page is the Arabic note, and then the English one.
    let rows: Vec<&[u8]> = values.chunks(width as usize).collect();
    let inked = |columns: &[u8]| columns.iter().any(|grey| *grey < 128);
    let sides =
        rows[rows.len() * 4 / 5..].iter().map(|row| (inked(&row[..half]), inked(&row[half..])));
    let mut sides: Vec<(bool, bool)> = sides.filter(|side| *side != (false, false)).collect();
    sides.dedup();
    assert_eq!(sides, [(false, true), (true, false)], "left and right");
}

/// A format that has one language says so of an edition, and does not say that there is no such language.
#[test]
fn an_edition_is_refused_where_there_are_no_pages() {
    let folder = super::folder(&[("x/letter.toml", super::SMALL)]);
    for format in ["docx", "txt", "md", "html", "eml"] {
        let output =
            super::run(folder.path(), &format!("build x -f pdf -f {format} --lang en+es-MX"));
        assert_eq!(output.status.code(), Some(2), "{format}");
        let expected = format!(
            "undersigned: the edition en+es-MX exists only on pages, and {format} has a document for each \
             language: --lang en --lang es-MX\n"
        );
        assert_eq!(super::stderr(&output), expected);
    }
    let output = super::run(folder.path(), "build x -f docx --lang en+es-MX --lang en -o out");
    assert!(output.status.success(), "{}", super::stderr(&output));
}
