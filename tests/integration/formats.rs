//! The outputs of a letter that have no pages: plain text, Markdown and a web page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// All letters of this repository, including the one with every key.
fn letter_files() -> Vec<PathBuf> {
    let mut files = vec![super::repository().join("tests/anatomy/letter.toml")];
    for folder in ["letters", "tests/letters"] {
        let entries = std::fs::read_dir(super::repository().join(folder)).expect("a folder");
        let letters = entries.map(|entry| entry.expect("an entry").path().join("letter.toml"));
        files.extend(letters.filter(|letter| letter.is_file()));
    }
    files
}

/// The output of a letter in some formats, by file name.
fn build(letter: &Path, arguments: &str) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().expect("a folder");
    let output = super::program(&super::repository())
        .args(["build", "-q", "-o"])
        .arg(out.path())
        .arg(letter)
        .args(arguments.split_whitespace())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", super::stderr(&output));
    let entries = std::fs::read_dir(out.path()).expect("the folder is there");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// A letter with a body, built in a format: the text of its only file.
fn written(body: &str, more: &str, format: &str) -> String {
    let letter = super::SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let files = [("x/letter.toml", &*format!("{letter}{more}")), ("x/body.md", body)];
    let folder = super::folder(&files);
    let files = build(&folder.path().join("x"), &format!("-f {format}"));
    assert_eq!(files.len(), 1);
    files.into_values().next().expect("a file")
}

/// For other programs `lang:` is the address of a link, which would then be broken.
#[test]
fn passages_in_markdown_say_their_language() {
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\n\
        subject = { text = \"Eau pour tous\", lang = \"fr\" }\n\
        body = \"They said: [«No *hay*»](lang:es-MX), and [«لا ماء»](lang:ar).\"\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    let output = super::run(folder.path(), "build x -f md -o -");
    let markdown = super::stdout(&output);
    insta::assert_snapshot!(markdown, @r#"
    # Water

    March 9, 2026

    **Re:** <span lang="fr">Eau pour tous</span>

    They said: <span lang="es-MX">«No *hay*»</span>, and <span lang="ar" dir="rtl">«لا ماء»</span>.
    "#);
    // The output is a valid body again.
    let body = markdown.lines().last().expect("a body");
    let again = letter
        .replace("They said: [«No *hay*»](lang:es-MX), and [«لا ماء»](lang:ar).", "")
        .replace("body = \"\"", &format!("body = '{body}'"));
    super::write(&folder.path().join("x/letter.toml"), &again);
    assert_eq!(super::stdout(&super::run(folder.path(), "build x -f md -o -")), markdown);
}

#[test]
fn plain_text_reads_as_an_e_mail() {
    let body = "We **ask** for [water](https://example.org/a-very-long-address/that-no-line-of-72-\
                columns-could-hold-beside-other-words) and *no more*[^1], see \
                <https://example.org/water>, [the same](https://example.org/water).\n\n\
                > She said \"water\".\n\n1. one\n2. two\n   - deep\n\n\
                | what | how much |\n|---|--:|\n| water | 5 |\n\n[^1]: But [soon](mailto:a@example.org).\n";
    let more = "closing = \"Sincerely,\"\nsignatories = [{ name = \"Red\", members = [\"Río\"] }]\n\
                [[to]]\nname = \"Jane Doe\"\noffice = \"Secretary\"\n";
    insta::assert_snapshot!(written(body, more, "txt"), @r#"
    A title
    =======

    To:

    Jane Doe
    Secretary

    August 24, 2021

    We *ask* for water [1] and _no more_ [2], see https://example.org/water,
    the same [3].

    > She said “water”.

    1. one
    2. two
       - deep

    what    how much
    ------- ----------
    water          5

    Sincerely,

    - Red
      - Río

    Notes
    -----

    [1] https://example.org/a-very-long-address/that-no-line-of-72-columns-could-hold-beside-other-words
    [2] But soon [4].
    [3] https://example.org/water
    [4] a@example.org
    "#);
}

/// No line is wider than an e-mail allows, unless it is a single address.
#[test]
fn lines_of_plain_text_are_short() {
    for path in letter_files() {
        for (name, text) in build(&path, "-f txt") {
            let long = |line: &&str| line.chars().count() > 72 && !line.contains("https://");
            let long: Vec<&str> = text.lines().filter(long).collect();
            assert!(long.is_empty(), "{name}: {long:?}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{name}");
        }
    }
}

#[test]
fn a_letter_in_markdown_has_one_title() {
    let body = "# Part\n\nText with a [link](https://example.org/a) in [otro idioma](lang:es).\n";
    let more = "reference = \"R_1\"\nsignatories = [\"1. Red *Agua*\"]\n[signature-block]\n\
                heading = \"Signed\"\n";
    insta::assert_snapshot!(written(body, more, "md"), @r#"
    # A title

    August 24, 2021

    **Our reference:** R_1

    ## Part

    Text with a [link](https://example.org/a) in <span lang="es">otro idioma</span>.

    ## Signed

    - 1\. Red \*Agua\*
    "#);
}

#[test]
fn a_web_page_needs_nothing_else_and_runs_nothing() {
    for path in letter_files() {
        for (name, page) in build(&path, "-f html") {
            assert_eq!(page.matches("<h1>").count(), 1, "{name}");
            assert!(page.starts_with("<!DOCTYPE html><html lang=\""), "{name}");
            for forbidden in ["<script", "<link", "@import", "url(", "src=\"http", "javascript:"] {
                assert!(!page.contains(forbidden), "{name} has {forbidden}");
            }
        }
    }
}

#[test]
fn a_web_page_is_escaped_and_says_its_languages() {
    let body = "5 < 6 & `<b>` in [una frase \"así\"](lang:es-ES).[^n] Again.[^n]\n\n\
                | a | |\n|:-:|--:|\n| 1 | 2 |\n\n[^n]: Why.\n";
    let more =
        "signatories = [{ name = \"<i>Red</i>\", url = \"https://example.org/?a=1&b=2\" }]\n";
    let page = written(body, more, "html");
    let main = page.split("<main>").nth(1).and_then(|rest| rest.split("</main>").next());
    insta::assert_snapshot!(main.expect("the main part").replace("><", ">\n<"), @r##"
    <h1>A title</h1>
    <p class="date">
    <time datetime="2021-08-24">August 24, 2021</time>
    </p>
    <div class="body">
    <p>5 &lt; 6 &amp; <code>&lt;b&gt;</code> in <span lang="es-ES">una frase «así»</span>.<sup>
    <a id="ref-1-1" href="#note-1" role="doc-noteref">1</a>
    </sup> Again.<sup>
    <a id="ref-1-2" href="#note-1" role="doc-noteref">1</a>
    </sup>
    </p>
    <table>
    <thead>
    <tr>
    <th scope="col" class="center">a</th>
    <td class="end">
    </td>
    </tr>
    </thead>
    <tbody>
    <tr>
    <td class="center">1</td>
    <td class="end">2</td>
    </tr>
    </tbody>
    </table>
    </div>
    <div class="signatures">
    <ul>
    <li>
    <span class="name">
    <a href="https://example.org/?a=1&amp;b=2">&lt;i&gt;Red&lt;/i&gt;</a>
    </span>
    </li>
    </ul>
    </div>
    <section class="notes" role="doc-endnotes" aria-labelledby="notes">
    <h2 id="notes">Notes</h2>
    <ol>
    <li id="note-1">Why. <a class="back" href="#ref-1-1" role="doc-backlink" aria-label="Back to the text">↩︎</a> <a class="back" href="#ref-1-2" role="doc-backlink" aria-label="Back to the text">↩︎</a>
    </li>
    </ol>
    </section>
    "##);
}

#[test]
fn a_body_in_typst_has_no_text_to_write() {
    let letter = super::SMALL.replace("\"Text.\"", "{ file = \"body.typ\" }");
    let folder = super::folder(&[("x/letter.toml", &*letter), ("x/body.typ", "Text.")]);
    let output = super::run(folder.path(), "build x -f html -f txt --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        super::stderr(&output),
        "x/body.typ:1:1: error[invalid-value]: a body in Typst can be typeset on pages, but not written \
         as txt, md, html, docx or eml\n"
    );
    assert_eq!(super::run(folder.path(), "build x -f pdf").status.code(), Some(0));
}

/// A letter with only text output is not laid out, so that limits of pages do not matter.
#[test]
fn text_needs_no_font() {
    let letter = super::SMALL.replace("Text.", "Water, 水.");
    let folder = super::folder(&[("x/letter.toml", &*letter)]);
    assert_eq!(
        super::run(folder.path(), "build x -f html -f txt -f md -f docx").status.code(),
        Some(0)
    );
    assert_eq!(super::run(folder.path(), "build x -f html -f pdf").status.code(), Some(1));
}

/// Those who give no name are one line below the list in every format, and count as before; those who say
/// something else stay in the list.
#[test]
fn those_without_a_name_are_counted_in_words() {
    let letter = |count: usize, more: &str| {
        let anonymous = [
            "\"Anonymous\", ",
            "\"Anónima\", ",
            "{ name = \"Ana\", print-as = \"Name withheld\" }, ",
        ];
        let anonymous = anonymous.into_iter().cycle().take(count).collect::<String>();
        format!(
            "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle.en = \"Water\"\ntitle.es = \"Agua\"\n\
             body.en = \"We are {{{{signatory-count}}}}.\"\nbody.es = \"Somos {{{{signatory-count}}}}.\"\n\
             signatories = [{anonymous}\"Red Norte\", {{ name = \"Anonymous\", title = \"Nurse\" }}]\n\
             [signature-block]\nanonymous = \"count\"\n{more}"
        )
    };
    let built = |letter: &str| {
        let folder = super::folder(&[("x/letter.toml", letter)]);
        build(&folder.path().join("x"), "-f txt -f md -f html")
    };
    let expected = [
        (
            1,
            "",
            "and one person who prefers not to give their name",
            "y una persona que prefiere no dar su nombre",
        ),
        (
            1203,
            "",
            "and 1,203 people who prefer not to give their names",
            "y 1203 personas que prefieren no dar su nombre",
        ),
        (2, "[labels]\nanonymous.en = \"+ {number}\"\nanonymous.es = \"+{number}\"\n", "+ 2", "+2"),
    ];
    for (count, more, english, spanish) in expected {
        let files = built(&letter(count, more));
        assert_eq!(files.len(), 6);
        for (name, text) in files {
            let line = if name.contains(".en.") { english } else { spanish };
            let list = text.find("Anonymous, Nurse").expect("the list");
            let text = text.replace('\\', "");
            assert_eq!(text.matches("Anonymous").count(), 1, "{name}: {text}");
            assert!(!text.contains("Anónima") && !text.contains("withheld"), "{name}: {text}");
            assert!(text.get(list..).is_some_and(|end| end.contains(line)), "{name}: {text}");
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert!(digits(&text).contains(&(count + 2).to_string()), "{name}: {text}");
        }
    }
    let files = built(&letter(0, ""));
    assert!(files.values().all(|text| !text.contains("prefer ") && !text.contains("prefieren")));
    let files = built(&letter(3, "").replace("anonymous = \"count\"", ""));
    assert!(files.values().all(|text| text.matches("Anonymous").count() == 2));
    // The list of signatories has all of them.
    let folder = super::folder(&[("x/letter.toml", &letter(4, ""))]);
    let list = super::stdout(&super::run(folder.path(), "signatories x --format csv"));
    assert_eq!(list.lines().count(), 7, "{list}");
}

/// One entry for several places says them in the words of the language, counts once for each, and is the
/// same in a list for spreadsheets.
#[test]
fn places_follow_the_name_and_count() {
    let head = "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle.en = \"Water\"\ntitle.es = \"Agua\"\n\
                body.en = \"{{signatory-count}}, {{organization-count}}, {{member-count}}.\"\n\
                body.es = \"{{signatory-count}}, {{organization-count}}, {{member-count}}.\"\n";
    let block = "[signature-block]\ngroup-by = \"kind\"\ncounts = true\n";
    let toml = "signatories = [\"Red\", { name = \"Friends\", places = [\"Leeds\", { en = \"Geneva\", es = \"Ginebra\" }, \"Irún\"], \
                members = [{ name = \"Sol\", places = [\"Lima\", \"Puno\"] }] }]\n";
    let csv = "signatories = { file = \"a.csv\" }\n";
    let rows = "name,places,members\nRed,,\nFriends,Leeds; Geneva;Irún,Sol: Lima; Sol: Puno\n";
    for (list, geneva) in [(toml, "Ginebra"), (csv, "Geneva")] {
        let letter = format!("{head}{list}{block}");
        let folder = super::folder(&[("x/letter.toml", &*letter), ("x/a.csv", rows)]);
        let files = build(&folder.path().join("x"), "-f txt -f md -f html");
        assert_eq!(files.len(), 6);
        for (name, text) in files {
            let list = match name.contains(".en.") {
                true => "Friends: Leeds, Geneva, and Irún".to_owned(),
                false => format!("Friends: Leeds, {geneva} e Irún"),
            };
            assert!(text.contains(&list), "{name}: {text}");
            assert!(text.contains("4, 4, 2"), "{name}: {text}");
            assert!(text.contains("(4)"), "{name}: {text}");
        }
    }
    let edition = format!("{head}{csv}{block}[edition]\nlayout = \"parallel\"\n");
    let folder = super::folder(&[("x/letter.toml", &*edition), ("x/a.csv", rows)]);
    let output = super::run(folder.path(), "build x");
    assert!(output.status.success(), "{}", super::stderr(&output));
    let list = super::stdout(&super::run(folder.path(), "signatories x --format csv"));
    assert!(list.contains("Leeds; Geneva; Irún"), "{list}");
}

/// A picture is as wide as the text says behind it, in all formats, and no wider than the text.
#[test]
fn pictures_are_as_wide_as_the_text_says() {
    let body = |width: &str| format!("![A red field](red.png \"A caption\"){width}\n");
    let letter =
        "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"Water\"\nbody = { file = \"b.md\" }\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    std::fs::write(folder.path().join("x/red.png"), super::grey_picture(300, 300)).expect("a file");
    // The size that a warning says, in millimetres; what the web page and the Word document say.
    for (width, printed, style, word) in [
        ("", Some(""), None, "{width=7.9cm}"),
        ("{width=2.5cm}", None, Some("width: 2.5cm"), "{width=2.5cm}"),
        ("{width=50%}", Some("71 × 71"), Some("width: 50%"), "{width=7.2cm}"),
        ("{width=90cm}", Some(""), Some("width: 90cm"), "{width=13.6cm}"),
    ] {
        std::fs::write(folder.path().join("x/b.md"), body(width)).expect("a body");
        let output =
            super::run(folder.path(), "build x -o out -f pdf -f html -f md -f docx -f txt");
        std::fs::copy(folder.path().join("x/red.png"), folder.path().join("out/red.png"))
            .expect("a copy");
        let said = super::stderr(&output);
        assert!(output.status.success(), "{said}");
        assert_eq!(said.contains("low-resolution-picture"), printed.is_some(), "{width}: {said}");
        assert!(printed.is_none_or(|size| said.contains(size)), "{width}: {said}");
        let read = |end: &str| {
            std::fs::read_to_string(folder.path().join(format!("out/x.en.{end}"))).expect(end)
        };
        let page = read("html");
        assert!(style.is_none_or(|style| page.contains(&format!("style=\"{style}\""))), "{page}");
        assert!(
            read("md").contains(&body(width).replace("red.png", "<red.png>")),
            "{}",
            read("md")
        );
        assert!(!read("txt").contains("width"), "{}", read("txt"));
        // Each of them says it to whoever makes a letter of it.
        for end in ["html", "md", "docx"] {
            let made = super::run(folder.path(), &format!("new {end} --from out/x.en.{end}"));
            assert!(made.status.success(), "{}", super::stderr(&made));
            let path = folder.path().join(format!("{end}/body.en.md"));
            let text = std::fs::read_to_string(path).expect("a body");
            let said = if end == "docx" { word } else { width };
            assert!(
                text.contains(&format!(
                    "\"A caption\"){said}
"
                )),
                "{width} {end}: {text}"
            );
            std::fs::remove_dir_all(folder.path().join(end)).expect("a folder");
        }
    }
}
