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

/// Characters that nobody sees, or that turn a line around.
const UNSEEN: &[char] = &[
    '\u{7}',
    '\u{85}',
    '\u{202A}',
    '\u{202E}',
    '\u{2066}',
    '\u{2069}',
    '\u{2064}',
    '\u{206F}',
    '\u{3164}',
    '\u{FDD0}',
    '\u{FFF9}',
    '\u{FFFC}',
    '\u{FFFD}',
    '\u{FFFE}',
    '\u{E0001}',
    '\u{E0061}',
    '\u{10FFFF}',
];

#[test]
fn what_nobody_sees_is_an_error_in_every_column_and_key_that_prints() {
    let list = "name,kind,title,organization,country,url,note,members,group,sort-as,family-name\n";
    let letter = format!("{SMALL}signatories = {{ file = \"s.csv\" }}\n");
    let keys =
        ["place", "subject", "reference", "salutation", "closing", "postscript", "pdf.author"];
    for c in UNSEEN {
        let code = u32::from(*c);
        let mut csv = list.to_owned();
        for column in [0, 2, 3, 6, 7, 8, 9, 10] {
            let mut cells = ["A", "", "B", "C", "MX", "", "D", "", "E", "F", "G"].map(String::from);
            cells[column] = format!("A{c}B");
            csv.push_str(&(cells.join(",") + "\n"));
        }
        let value = |key: &&str| format!("{key} = \"a\\U{code:08X}\"\n");
        let letter = format!("{letter}{}", keys.iter().map(value).collect::<String>());
        let files = [("x/letter.toml", letter.as_str()), ("x/s.csv", csv.as_str())];
        let found = messages(folder(&files).path());
        for line in 2..10 {
            assert!(found.contains(&format!("x/s.csv:{line}:")), "{c:?}, line {line}: {found}");
        }
        let count = found.matches("error[invalid-value]: this text contains").count();
        assert_eq!(count, 8 + keys.len(), "{c:?}: {found}");
        let letter = SMALL.replace("Text.", &format!("Text \\U{code:08X}."));
        let found = messages(folder(&[("x/letter.toml", letter.as_str())]).path());
        assert!(found.starts_with("x/letter.toml:4:14: error[invalid-value]"), "{c:?}: {found}");
        assert_eq!(found.matches("error[").count(), 1, "{c:?}: {found}");
        // CommonMark itself replaces what is no character.
        for body in [format!("A{c}B"), format!("`A{c}B`")] {
            let found = messages(with_body(&body).path());
            assert!(
                found.starts_with("x/body.md:1:") && found.contains("[invalid-value]"),
                "{body:?}: {found}"
            );
        }
        let found = messages(with_body(&format!("A&#x{code:X};B")).path());
        assert!(found.starts_with("x/body.md:1:2: error[invalid-value]"), "{c:?}: {found}");
        let letter =
            format!("{SMALL}links.a = \"https://example.org/{c}x\"\n").replace("Text.", "[a]");
        let found = messages(folder(&[("x/letter.toml", letter.as_str())]).path());
        assert!(found.contains("error["), "{c:?}: {found}");
    }
    let letter = SMALL.replace("Text.", "[a](https://example.org/\u{E000})");
    let found = messages(folder(&[("x/letter.toml", letter.as_str())]).path());
    assert!(found.contains("error[invalid-url]"), "{found}");
}

#[test]
fn a_character_that_is_there_often_is_one_problem() {
    let found = messages(with_body(&"A\u{7}".repeat(200_000)).path());
    assert_eq!(found.matches("error[").count(), 1, "{found}");
    assert!(found.contains("U+0007") && found.contains("200000 times"), "{found}");
}

#[test]
fn a_letter_has_as_many_marks_as_a_script_needs() {
    for mark in ["\u{301}", "\u{335}"] {
        let (most, more) = (mark.repeat(31), mark.repeat(32));
        assert!(!messages(with_body(&format!("a{most}")).path()).contains("[invalid-value]"));
        for body in
            [format!("a{more}"), format!("a{most}*{mark}*"), format!("a{}", mark.repeat(65_537))]
        {
            let found = messages(with_body(&body).path());
            assert!(found.starts_with("x/body.md:1:1: error[invalid-value]"), "{found}");
        }
        let reference = format!("&#x{:X};", u32::from(mark.chars().next().expect("a mark")));
        let found = messages(with_body(&format!("A a{}", reference.repeat(32))).path());
        assert!(found.starts_with("x/body.md:1:3: error[invalid-value]"), "{found}");
        let letter = format!("{SMALL}signatories = {{ file = \"s.csv\" }}\n");
        let csv = format!("name,note\nA,a{more}\n");
        let folder = folder(&[("x/letter.toml", letter.as_str()), ("x/s.csv", csv.as_str())]);
        let found = messages(folder.path());
        assert!(found.starts_with("x/s.csv:2:3: error[invalid-value]"), "{found}");
    }
}

#[test]
fn nothing_that_is_typed_prints_a_column_of_a_merge() {
    let recipients = "name,office,iban\nBob,Clerk,SECRET\n";
    let mark = "\u{FDD0}2\u{FDD1}";
    let list = format!("{SMALL}signatories = {{ file = \"s.csv\" }}\n");
    let csv = format!("name,organization\nAna,Org {mark} x\n");
    let places = [
        (list, csv, String::new()),
        (SMALL.to_owned(), String::new(), format!("Dear {mark}")),
        (SMALL.to_owned(), String::new(), "Dear &#xFDD0;2&#xFDD1;".to_owned()),
        (format!("{SMALL}place = \"\\uFDD02\\uFDD1\"\n"), String::new(), String::new()),
    ];
    for (letter, csv, body) in places {
        let letter = match body.is_empty() {
            true => letter,
            false => letter.replace("\"Text.\"", "{ file = \"body.md\" }"),
        };
        let files = [
            ("x/letter.toml", letter.as_str()),
            ("x/s.csv", &csv),
            ("x/body.md", &body),
            ("r.csv", recipients),
        ];
        let folder = folder(&files);
        let output = run(folder.path(), "merge x --recipients r.csv --message-format short");
        let found = stderr(&output);
        assert!(
            !output.status.success() && found.contains("error[invalid-value]"),
            "{letter}: {found}"
        );
        assert!(!folder.path().join("out").exists(), "{letter}");
    }
}

/// A letter with this number of unknown keys on one line.
fn unknown_keys(count: usize) -> TempDir {
    let keys: Vec<String> = (0..count).map(|key| format!("key{key} = 1")).collect();
    let letter = format!("{SMALL}[page]\nmargin = {{ {} }}\n", keys.join(", "));
    folder(&[("x/letter.toml", letter.as_str())])
}

#[test]
fn problems_of_a_kind_are_counted_after_the_first() {
    for (count, shown) in [(100, 100), (101, 101), (102, 101)] {
        let found = messages(unknown_keys(count).path());
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines.len(), shown, "{found}");
        let sum =
            "x/letter.toml:6:1102: error[unknown-key]: this file has 2 more problems of the kind";
        assert_eq!(lines.last().is_some_and(|last| last.starts_with(sum)), count > 101, "{found}");
    }
    let many = unknown_keys(20_000);
    let human = run(many.path(), "check x");
    let found = stderr(&human);
    assert!(found.contains("has 19900 more problems") && found.contains("20000 errors"), "{found}");
    assert!(found.len() < 40_000, "{}", found.len());
    for format in ["json", "sarif", "github"] {
        let output = run(many.path(), &format!("check x --message-format {format}"));
        let length = output.stdout.len() + output.stderr.len();
        assert!(length < 400_000, "{format}: {length}");
    }
}
