//! The marks of a draft.

use super::pdf::Pdf;
use super::{SMALL, folder, run, stderr, stdout};

/// A letter of some pages, with a custom template that sets everything that could hide a mark.
const TEMPLATE: &str = "#let letter(letter) = {
  set page(paper: letter.page.paper, background: rect(width: 100%, height: 100%), foreground: none)
  heading(level: 1, letter.title)
  letter.body
}
";

#[test]
fn every_page_of_a_draft_is_marked_and_its_text_is_the_same() {
    let long = "Text of a line.\n\n".repeat(90);
    let own = SMALL.replace("\"Text.\"", &format!("\"\"\"{long}\"\"\""));
    let own = format!("template = \"own.typ\"\n{own}");
    let folder = folder(&[("own/letter.toml", &own), ("own/own.typ", TEMPLATE)]);
    let founding = super::founding_letter();
    for (letter, lang, mark) in [
        (founding.as_path(), "en", "DRAFT · August 24, 2021"),
        (founding.as_path(), "es-MX", "BORRADOR · 24 de agosto de 2021"),
        (folder.path(), "en", "DRAFT · August 24, 2021"),
    ] {
        let delivery = Pdf::build(letter, &format!("--lang {lang}"));
        let draft =
            Pdf::build(letter, &format!("--lang {lang} --draft --creation-timestamp 1629763200"));
        let pages = draft.0.get_pages();
        assert!(pages.len() > 1);
        for page in pages.keys() {
            let text = |pdf: &Pdf| {
                let text = pdf.0.extract_text(&[*page]).expect("text");
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            assert_eq!(text(&draft).matches(mark).count(), 1, "page {page}");
            let without = text(&draft).replace(mark, "");
            assert_eq!(without.trim(), text(&delivery).trim(), "page {page}");
            let word = mark.split(' ').next().expect("a word");
            assert!(!without.contains(word), "the word across the page is no text");
        }
        // The mark is not in the structure that a screen reader reads.
        assert_eq!(draft.structure(), delivery.structure());
    }
}

#[test]
fn a_draft_says_in_its_title_that_it_is_one() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let title = |arguments: &str| {
        let pdf = Pdf::build(folder.path(), arguments);
        let info = pdf.0.trailer.get(b"Info").and_then(lopdf::Object::as_reference);
        let info = pdf.0.get_dictionary(info.expect("a reference")).expect("a dictionary");
        pdf.string(info, "Title")
    };
    assert_eq!(title("x --draft"), "DRAFT: A title");
    assert_eq!(title("x"), "A title");
}

/// A draft has no date unless one is given: the program does not read the clock.
#[test]
fn a_draft_has_no_day_of_its_own() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let text = Pdf::build(folder.path(), "x --draft").text();
    assert!(text.contains("DRAFT") && !text.contains('·'), "{text}");
}

#[test]
fn a_draft_does_not_overwrite_a_delivery() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    assert_eq!(stdout(&run(folder.path(), "build x")), "out/x.en.pdf\n");
    let delivery = std::fs::read(folder.path().join("out/x.en.pdf")).expect("a PDF");
    let draft = run(folder.path(), "build x --draft -f pdf -f png");
    assert_eq!(stdout(&draft), "out/x.en.draft.pdf\nout/x.en.draft.1.png\n");
    assert_eq!(std::fs::read(folder.path().join("out/x.en.pdf")).expect("a PDF"), delivery);
    let check = run(folder.path(), "check x --draft");
    assert!(check.status.success(), "{}", stderr(&check));
}
