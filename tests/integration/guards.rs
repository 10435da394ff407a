//! What a stranger's letter may contain: each limit at its value, and one past it.

use std::fmt::Write;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use super::pdf::Pdf;
use super::{SMALL, folder, grey_picture, run, stderr, stdout};

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
    let list = "name,print-as,kind,title,organization,country,url,note,members,group,sort-as,family-name\n";
    let letter = format!("{SMALL}signatories = {{ file = \"s.csv\" }}\n");
    let keys =
        ["place", "subject", "reference", "salutation", "closing", "postscript", "pdf.author"];
    for c in UNSEEN {
        let code = u32::from(*c);
        let mut csv = list.to_owned();
        for column in [0, 1, 3, 4, 7, 8, 9, 10, 11] {
            let cells = ["A", "P", "", "B", "C", "MX", "", "D", "", "E", "F", "G"];
            let mut cells = cells.map(String::from);
            cells[column] = format!("A{c}B");
            csv.push_str(&(cells.join(",") + "\n"));
        }
        let value = |key: &&str| format!("{key} = \"a\\U{code:08X}\"\n");
        let letter = format!("{letter}{}", keys.iter().map(value).collect::<String>());
        let files = [("x/letter.toml", letter.as_str()), ("x/s.csv", csv.as_str())];
        let found = messages(folder(&files).path());
        for line in 2..11 {
            assert!(found.contains(&format!("x/s.csv:{line}:")), "{c:?}, line {line}: {found}");
        }
        let count = found.matches("error[invalid-value]: this text contains").count();
        assert_eq!(count, 9 + keys.len(), "{c:?}: {found}");
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
fn problems_of_a_kind_are_counted_for_people_after_the_first() {
    for (count, shown) in [(10, 10), (11, 10), (12, 10)] {
        let letter = unknown_keys(count);
        let found = stderr(&run(letter.path(), "check x"));
        assert_eq!(found.matches("error[unknown-key]: ").count(), shown, "{found}");
        let more = format!("and {} more of the kind unknown-key (--all shows them)", count - 10);
        assert_eq!(found.contains(&more), count > 10, "{found}");
        assert_eq!(
            found.contains(&format!("unknown-key: {count} errors\n")),
            count > 10,
            "{found}"
        );
        let found = stderr(&run(letter.path(), "check x --all"));
        assert_eq!(found.matches("error[unknown-key]: ").count(), count, "{found}");
    }
    let many = unknown_keys(20_000);
    let found = stderr(&run(many.path(), "check x"));
    assert!(found.contains("and 19,990 more") && found.contains("20,000 errors"), "{found}");
    assert!(found.len() < 10_000, "{}", found.len());
    // Programs get all of them.
    for format in ["short", "json", "sarif", "github"] {
        let output = run(many.path(), &format!("check x --message-format {format}"));
        let all = stdout(&output) + &stderr(&output);
        assert_eq!(all.matches("`key19999`").count().min(1), 1, "{format}");
    }
}

/// A folder with a letter, a good one beside it, and a file.
fn beside(letter: &str, name: &str, data: &[u8]) -> TempDir {
    let folder = folder(&[("x/letter.toml", letter), ("good/letter.toml", SMALL)]);
    std::fs::write(folder.path().join("x").join(name), data).expect("a file");
    folder
}

#[test]
fn pictures_have_as_many_pixels_as_a_computer_can_hold() {
    let letter = format!("{SMALL}[page]\nbackground = \"b.png\"\n");
    for (width, height, is_right) in [
        (10_000, 10_000, true),
        (10_001, 10_000, false),
        (2_147_483_647, 2_147_483_647, false),
        (100, 1, true),
        (101, 1, false),
        (1, 10_000, false),
    ] {
        let folder = beside(&letter, "b.png", &grey_picture(width, height));
        let output = run(folder.path(), "build x good --message-format short");
        let found = stderr(&output);
        let place = "x/letter.toml:6:14: error[invalid-image]: the picture `b.png` is too large";
        assert_eq!(found.contains(place), !is_right, "{width} × {height}: {found}");
        assert_eq!(output.status.success(), is_right, "{width} × {height}: {found}");
        assert!(folder.path().join("out/good.en.pdf").exists());
    }
    let drawing = |width| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"1\"/>")
    };
    let letter = letter.replace("b.png", "b.svg");
    let found = |width| messages(beside(&letter, "b.svg", drawing(width).as_bytes()).path());
    assert!(!found(100).contains("error") && found(101).contains("error[invalid-image]"));
}

#[test]
fn pages_have_as_many_pixels_as_a_computer_can_hold() {
    let page = |side: u32, picture: &str| {
        let template = format!(
            "#let letter(letter) = {{ set page(width: {side}pt, height: 100pt, margin: 0pt)\n{picture}\n[x] }}\n"
        );
        let letter = format!("template = \"t.typ\"\n{SMALL}");
        let folder = beside(&letter, "t.typ", template.as_bytes());
        std::fs::write(folder.path().join("x/b.png"), picture_of_a_line()).expect("a file");
        let output = run(folder.path(), "build x good -f png --ppi 72 --message-format short");
        assert!(folder.path().join("out/good.en.1.png").exists());
        stderr(&output)
    };
    // 250 million pixels would take a gigabyte and a minute.
    assert_eq!(page(10_000, ""), "");
    let found = page(2_500_001, "");
    assert!(found.contains("error[write]: page 1 cannot be written as PNG"), "{found}");
    let scaled = "image(\"b.png\", width: 200pt, height: 1600pt)";
    let found = page(200, &format!("scale(200%, {scaled})"));
    assert!(found.contains("error[write]: page 1 cannot be written as PNG"), "{found}");
}

/// A picture that is a hundred times as wide as high.
fn picture_of_a_line() -> Vec<u8> {
    grey_picture(100, 1)
}

/// A PDF with one page, and a value of its catalog.
fn pdf(value: &str) -> Vec<u8> {
    let objects = [
        format!("<< /Type /Catalog /Pages 2 0 R /X {value} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".into(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << >> >>"
            .into(),
        "<< /Length 0 >>\nstream\n\nendstream".into(),
    ];
    let mut data = String::from("%PDF-1.4\n");
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        let _infallible = writeln!(table, "{:010} 00000 n ", data.len());
        let _infallible = write!(data, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = data.len();
    format!("{data}{table}trailer << /Root 1 0 R /Size 5 >>\nstartxref\n{start}\n%%EOF\n")
        .into_bytes()
}

#[test]
fn an_enclosed_pdf_is_looked_at_before_it_is_read() {
    let letter = format!(
        "{SMALL}enclosures = [{{ title = \"E\", file = \"e.pdf\" }}]\n[pdf]\nstandard = [\"1.7\"]\n"
    );
    let attached = letter.replace("\"e.pdf\"", "\"e.pdf\", attach = true");
    let nested = |levels| pdf(&("[".repeat(levels) + &"]".repeat(levels)));
    // What the fuzzer found: a name without an end, and a stream in a dictionary.
    let damaged: &[u8] =
        b"34 0 obj<<[]/ColorSpace<</ 38 0 R>>>>38 0 obj<<///[39 0 R]>>39 0 obj<<////#>>\
        7 0 obj<<///Resources 34 0 R/Contents R>>5 0 obj<</Type/Catalog/Pages 1 0 R>>";
    for (data, is_right) in [
        (nested(99), true),
        (nested(100), false),
        (nested(300_000), false),
        (damaged.to_vec(), false),
    ] {
        let folder = beside(&letter, "e.pdf", &data);
        let output = run(folder.path(), "build x good --message-format short");
        let found = stderr(&output);
        assert_eq!(found.contains("x/letter.toml:5:"), !is_right, "{found}");
        assert_eq!(found.contains("error[invalid-pdf]"), !is_right, "{found}");
        assert!(!found.contains("panicked") && !found.contains("bug"), "{found}");
        assert!(folder.path().join("out/good.en.pdf").exists());
        let folder = beside(&attached, "e.pdf", &data);
        let output = run(folder.path(), "build x");
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let template = format!("template = \"t.typ\"\n{SMALL}");
    let folder = beside(&template, "e.pdf", &nested(300_000));
    super::write(&folder.path().join("x/t.typ"), "#let letter(letter) = image(\"e.pdf\")\n");
    let found = messages(folder.path());
    assert!(found.starts_with("x/t.typ:1:") && found.contains("nested more than"), "{found}");
}

#[test]
fn a_link_of_a_template_leads_where_a_letter_can() {
    let letter = format!("template = \"t.typ\"\n{SMALL}");
    let found = |link: &str| {
        let template = format!("#let letter(letter) = [x #link(\"{link}\")[y]]\n");
        let folder = beside(&letter, "t.typ", template.as_bytes());
        let output = run(folder.path(), "build x -f svg --message-format short");
        assert_eq!(output.status.success(), folder.path().join("out").read_dir().is_ok());
        stderr(&output)
    };
    assert_eq!(found("https://example.org/"), "");
    for link in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"] {
        let found = found(link);
        assert!(found.starts_with("x/t.typ:1:") && found.contains("error[invalid-url]"), "{found}");
    }
}

#[test]
fn no_place_is_in_a_file_of_the_program() {
    let page = |margin: &str| format!("{SMALL}[page]\npaper = \"a5\"\nmargin = {margin}\n");
    let found = |letter: &str| {
        let folder = beside(letter, "b.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><foreignObject/></svg>");
        let found = messages(folder.path());
        assert!(!found.contains("<undersigned>"), "{found}");
        found
    };
    // A5 is 420 × 595 points.
    assert!(!found(&page("\"173pt\"")).contains("margins"));
    let narrow = found(&page("\"175pt\""));
    assert!(narrow.starts_with("x/letter.toml:7:10: error[invalid-value]"), "{narrow}");
    assert_eq!(narrow.lines().count(), 1, "{narrow}");
    let low = found(&page("{ top = \"300pt\", bottom = \"250pt\" }"));
    assert!(low.contains("error[invalid-value]"), "{low}");
    let logo = found(&format!("{SMALL}[from]\nname = \"A\"\nlogo = \"b.svg\"\nlogo-alt = \"x\"\n"));
    assert!(logo.starts_with("x/letter.toml:7:8: error[invalid-image]"), "{logo}");
    let group = found(&format!(
        "{SMALL}signatories = [{{ name = \"A\", group = \"\u{13000}\" }}]\n[signature-block]\ngroup-by = \"group\"\n"
    ));
    assert!(group.starts_with("x/letter.toml:5:") && group.contains("[missing-glyph]"), "{group}");
}

#[test]
fn a_long_export_is_imported() {
    let mut export = String::from("name\n");
    for n in 0..20_000 {
        let _infallible = writeln!(export, "Comité {} {} {}", n % 100, n / 100 % 100, n / 10_000);
    }
    export.push_str("Comité 1 2 0\nCOMITE 1 2 0\n");
    let folder = folder(&[("x/letter.toml", SMALL), ("e.csv", export.as_str())]);
    let output = run(folder.path(), "signatories import e.csv --into x/letter.toml --dry-run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.ends_with("new: 20000, already listed: 2, changed: 0, not in the file: 0\n"),
        "{}",
        stderr(&output)
    );
}
