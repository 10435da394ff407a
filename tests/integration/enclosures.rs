//! Enclosures with a file.

use lopdf::Object;

use super::pdf::{Pdf, assert_in_order};
use super::{SMALL, folder, run, stderr};

/// A separate letter, as a PDF to enclose.
fn annex(folder: &std::path::Path, name: &str, paper: &str) {
    let body = "Words of the annex.\n\n".repeat(60);
    let letter = SMALL.replace("\"Text.\"", &format!("\"\"\"{body}\"\"\""));
    let letter = format!("{letter}page.paper = \"{paper}\"\n");
    super::write(&folder.join(format!("{name}/letter.toml")), &letter);
    let output = run(folder, &format!("build {name} -q -o - --pdf-standard 1.7"));
    assert!(output.status.success(), "{}", stderr(&output));
    std::fs::write(folder.join(format!("x/{name}.pdf")), &output.stdout).expect("a file");
}

const LETTER: &str = r#"languages = ["en", "es-MX"]
edition = "parallel"
date = 2021-08-24
title.en = "A title"
title.es = "Un título"
body.en = "Text."
body.es = "Texto."
enclosures = [
  { en = "A map", es = "Un mapa" },
  { title.en = "The report", title.es = "El informe", file.en = "report.pdf", file.es = "informe.pdf" },
  { title.en = "Data", title.es = "Datos", file = "data.csv", attach = true },
]
"#;

#[test]
fn pages_follow_the_letter_in_their_own_size() {
    let folder = folder(&[("x/letter.toml", LETTER), ("x/data.csv", "a,b\n1,2\n")]);
    annex(folder.path(), "report", "a5");
    annex(folder.path(), "informe", "us-executive");
    let widths = |pdf: &Pdf| -> Vec<i64> {
        let pages = pdf.0.get_pages();
        let width = |page| {
            let page = pdf.0.get_dictionary(page).expect("a page");
            let sides = pdf.get(page, "MediaBox").and_then(|sides| sides.as_array().ok());
            let width = sides.and_then(|sides| sides.get(2)?.as_float().ok());
            width.expect("a width") as i64
        };
        pages.into_values().map(width).collect()
    };
    let build =
        |lang: &str| Pdf::build(folder.path(), &format!("x --lang {lang} --pdf-standard 1.7"));
    // A letter, a page that says what follows, and the pages of the annex: A5 is 419 points wide.
    let english = build("en");
    let found = widths(&english);
    assert!(found.len() > 4 && found[..2] == [612, 612], "{found:?}");
    assert!(found[2..].iter().all(|width| *width == 419), "{found:?}");
    assert_eq!(english.outline(), ["A title", "Enclosure 2: The report"]);
    let text = english.0.extract_text(&[1]).expect("text");
    assert!(!text.contains("Page 1"), "only the letter's own page is counted: {text}");
    assert_eq!(english.structure()["Figure"], found.len() - 2, "each page says what it is");

    let both = build("en+es");
    assert_eq!(both.outline(), ["English", "Español"]);
    let found = widths(&both);
    assert!(found.contains(&419) && found.contains(&522), "{found:?}");
    assert_eq!(files(&both), ["data.csv"], "what both languages attach is there once");
}

/// The names of the attached files.
fn files(pdf: &Pdf) -> Vec<String> {
    let mut names = Vec::new();
    for object in pdf.0.objects.values() {
        if let Ok(file) = object.as_dict()
            && pdf.get(file, "Type") == Some(&Object::Name(b"Filespec".to_vec()))
        {
            names.push(pdf.string(file, "UF"));
        }
    }
    names.sort();
    names
}

#[test]
fn files_are_attached_if_the_standard_allows_it() {
    let letter = format!(
        "{SMALL}enclosures = [\n  {{ title = \"Data\", file = \"a/data.csv\", attach = true }},\n  \
         {{ title = \"More\", file = \"b/data.csv\", attach = true }},\n]\n\
         pdf.standard = [\"ua-1\", \"a-3a\"]\n"
    );
    let folder =
        folder(&[("x/letter.toml", &letter), ("x/a/data.csv", "a\n"), ("x/b/data.csv", "b\n")]);
    let pdf = Pdf::build(folder.path(), "x");
    assert_eq!(files(&pdf), ["2-data.csv", "data.csv"]);
    assert_in_order(&pdf.text(), &["Enclosures:", "Data", "More"]);
    assert_eq!(pdf.0.get_pages().len(), 1);
}

/// A broken file is reported, whatever is broken, and nothing else happens.
#[test]
fn no_file_makes_the_program_panic() {
    let letter = format!(
        "{SMALL}enclosures = {{ title = \"It\", file = \"report.pdf\" }}\npdf.standard = [\"1.7\"]\n"
    );
    let folder = folder(&[("x/letter.toml", &letter)]);
    annex(folder.path(), "report", "a5");
    let path = folder.path().join("x/report.pdf");
    let whole = std::fs::read(&path).expect("a PDF");
    for cut in [0, 1, 100, whole.len() / 2, whole.len() - 40] {
        std::fs::write(&path, &whole[..cut]).expect("a file");
        let output = run(folder.path(), "check x --message-format short");
        let said = stderr(&output);
        assert!(!said.contains("bug in the program"), "{cut}: {said}");
        assert!(output.status.success() || said.contains("x/letter.toml:5:"), "{cut}: {said}");
    }
}
