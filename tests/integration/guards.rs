//! What a stranger's letter may contain: each limit at its value, and one past it.

use std::fmt::Write;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use super::pdf::Pdf;
use super::{SMALL, folder, run, stderr};

/// A letter whose body is a file with this text.
fn with_body(body: &str) -> TempDir {
    let letter = SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    folder(&[("x/letter.toml", letter.as_str()), ("x/body.md", body)])
}

fn check(folder: &Path) -> Output {
    run(folder, "check x --message-format short")
}

/// The messages of `check`.
fn messages(folder: &Path) -> String {
    stderr(&check(folder))
}

/// A note that refers to another, and so on.
fn chain(notes: usize) -> String {
    let mut body = String::from("A.[^0]\n\n");
    for note in 0..notes {
        let next = (note + 1 < notes).then(|| format!("[^{}]", note + 1));
        let _infallible = write!(body, "[^{note}]: Note{note}N.{}\n\n", next.unwrap_or_default());
    }
    body
}

#[test]
fn each_note_of_a_note_is_printed() {
    let mut body = String::new();
    let mut notes = String::new();
    for n in 0..60 {
        let _infallible = write!(body, " A.[^a{n}]");
        let _infallible = write!(notes, "[^a{n}]: A{n}N.[^b{n}]\n\n[^b{n}]: B{n}N.\n\n");
    }
    let all = with_body(&format!("{body}\n\n{notes}"));
    let pdf = Pdf::build(all.path(), "x");
    let pages: Vec<u32> = pdf.0.get_pages().into_keys().collect();
    let text = pdf.0.extract_text(&pages).expect("text");
    for n in 0..60 {
        for name in ["A", "B"] {
            assert!(text.contains(&format!("{name}{n}N.")), "{name}{n}");
        }
    }
    assert!(check(with_body(&chain(12)).path()).status.success());
    let found = messages(with_body(&chain(13)).path());
    assert!(found.starts_with("x/body.md:25:"), "{found}");
    assert_eq!(found.matches("error[").count(), 1, "{found}");
}

#[test]
fn a_note_that_a_template_loses_is_an_error() {
    let template = "#let note(n) = if n > 0 { footnote[N. #note(n - 1)] }\n\
                    #let letter(letter) = [#set page(paper: \"a5\")\nA #note(60)]\n";
    let letter = format!("template = \"t.typ\"\n{SMALL}");
    let folder = folder(&[("x/letter.toml", letter.as_str()), ("x/t.typ", template)]);
    let found = messages(folder.path());
    assert!(found.contains("x/t.typ:1:27: ") && found.contains("error[text-overflow]"), "{found}");
}

#[test]
fn pictures_in_pictures_are_told() {
    let found =
        messages(with_body(&format!("{}{}", "![".repeat(60_000), "](x)".repeat(60_000))).path());
    assert!(found.contains("error[invalid-image]"), "{found}");
    assert!(found.contains("error[invalid-value]"), "{found}");
}

#[test]
fn headings_and_struck_links_conform_to_the_standard() {
    let body = "> #### In a quotation\n\n- ### In an item\n\n###### The last\n\n\
                [~~a~~](https://example.org) ~~b [c](https://example.org)~~ [*d ~~e~~*](https://example.org)\n";
    let output = check(with_body(body).path());
    assert!(output.status.success(), "{}", stderr(&output));
}
