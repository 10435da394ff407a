//! What is made of a letter without its pages: plain text, Markdown and a web page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use undersigned::fonts::{FontOptions, Fonts};
use undersigned::formats::markdown as writer;
use undersigned::letter::body::{Block, BlockKind, Inline, InlineKind};
use undersigned::letter::placeholders::Placeholders;
use undersigned::letter::{Body, Group, Heading, Letter, Person, Printed, Signatory, markdown};
use undersigned::problems::Problems;
use undersigned::project::Project;
use undersigned::source::text::Text;

/// All letters of this repository, with all that a letter can have.
fn letter_files() -> Vec<PathBuf> {
    let folders =
        ["letters", "tests/letters", "tests/anatomy"].map(|f| super::repository().join(f));
    let files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| {
            undersigned::command::discover::letters(folder).expect("the folder is there")
        })
        .collect();
    assert!(files.len() >= 7, "only {} letters", files.len());
    files
}

/// The letter in each of its languages.
fn resolved(path: &Path) -> Vec<Letter> {
    let problems = Problems::default();
    let fonts = Fonts::new(&FontOptions::default());
    let project = Project::open(path, None).expect("the letter can be opened");
    let letters = project.check(&fonts, |_| true, &problems);
    assert!(!letters.is_empty(), "{}", path.display());
    letters
}

/// What is written of a letter in some formats, by the names of the files.
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

/// A letter with a body, built in a format: the text of its one file.
fn written(body: &str, more: &str, format: &str) -> String {
    let letter = super::SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let files = [("x/letter.toml", &*format!("{letter}{more}")), ("x/body.md", body)];
    let folder = super::folder(&files);
    let files = build(&folder.path().join("x"), &format!("-f {format}"));
    assert_eq!(files.len(), 1);
    files.into_values().next().expect("a file")
}

/// The texts that are printed of a letter.
fn printed_texts(letter: &Letter) -> Vec<String> {
    fn inlines(line: &[Inline], texts: &mut Vec<String>) {
        for inline in line {
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => texts.push(text.to_string()),
                InlineKind::Space | InlineKind::LineBreak => {}
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body)
                | InlineKind::Passage(_, body) => inlines(body, texts),
                InlineKind::Footnote(_, _, text) => blocks(text, texts),
            }
        }
    }
    fn blocks(list: &[Block], texts: &mut Vec<String>) {
        for block in list {
            match &block.kind {
                BlockKind::Paragraph(line) | BlockKind::Heading(_, line) => inlines(line, texts),
                BlockKind::List { items, .. } => items.iter().for_each(|item| blocks(item, texts)),
                BlockKind::Quote(body) => blocks(body, texts),
                BlockKind::Code(code) => texts.extend(code.lines().map(str::to_owned)),
                BlockKind::Table { rows, .. } => {
                    rows.iter().flatten().for_each(|cell| inlines(cell, texts));
                }
                BlockKind::ThematicBreak => {}
            }
        }
    }
    fn signs(signatory: &Signatory, printed: &mut Vec<Printed>) {
        printed.push(signatory.name.clone());
        let rest = [&signatory.title, &signatory.organization, &signatory.note];
        printed.extend(rest.into_iter().flatten().cloned());
        signatory.members.iter().for_each(|member| signs(member, printed));
    }

    let mut printed: Vec<Printed> = Vec::new();
    let mut texts = vec![letter.date_text.clone()];
    // A formal letter shows its subject as its title.
    let formal = letter.template.vpath().file_name() == Some("formal.typ");
    printed.extend((!formal || letter.subject.is_none()).then(|| letter.title.clone()));
    let lines = [
        &letter.place,
        &letter.subject,
        &letter.reference,
        &letter.your_reference,
        &letter.salutation,
        &letter.closing,
        &letter.postscript,
        &letter.signature_heading,
    ];
    printed.extend(lines.into_iter().flatten().cloned());
    if let Some(from) = &letter.from {
        let lines = [&from.name, &from.organization, &from.email, &from.phone, &from.web];
        printed.extend(lines.into_iter().flatten().chain(&from.address).cloned());
        texts.extend(from.logo.iter().map(|logo| logo.alt.text.to_string()));
    }
    for Person { name, honorific, office, organization, address, email, note } in
        letter.to.iter().chain(&letter.cc)
    {
        let lines = [honorific, office, organization, email, note];
        printed.push(name.clone());
        printed.extend(lines.into_iter().flatten().chain(address).cloned());
    }
    printed.extend(letter.enclosures.iter().cloned());
    for Group { heading, signatories } in &letter.groups {
        match heading {
            Some(Heading::Words(words)) => texts.push(words.to_string()),
            Some(Heading::Printed(heading)) => printed.push(heading.clone()),
            None => {}
        }
        signatories.iter().for_each(|one| signs(one, &mut printed));
    }
    let Body::Markdown(body) = &letter.body else { panic!("a body in Markdown") };
    blocks(body, &mut texts);
    texts.extend(printed.iter().flat_map(|printed| printed.text.split('\n').map(str::to_owned)));
    texts
}

/// A text without what the formats may change: white space, the look of quotes, and the marks of
/// Markdown and HTML.
fn bare(text: &str) -> String {
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace('\\', "").replace("\n> ", "\n");
    let is_quote = |c: char| "\"'“”‘’«»″′".contains(c);
    text.chars().filter(|c| !c.is_whitespace() && !is_quote(*c)).collect()
}

#[test]
fn everything_of_a_letter_is_in_every_format() {
    for path in letter_files() {
        let files = build(&path, "-f txt -f md -f html");
        for letter in resolved(&path) {
            let texts = printed_texts(&letter);
            assert!(texts.len() > 5);
            for format in ["txt", "md", "html"] {
                let end = format!(".{}.{format}", letter.tag);
                let (name, file) = files.iter().find(|(name, _)| name.ends_with(&end)).expect(&end);
                let file = bare(file);
                for text in &texts {
                    assert!(file.contains(&bare(text)), "{name} does not say: {text}");
                }
            }
        }
    }
}

/// Blocks without places, with texts that follow one another joined.
fn content(blocks: &[Block]) -> String {
    fn line(inlines: &[Inline]) -> String {
        let mut shown = String::new();
        let mut text = String::new();
        for inline in inlines {
            match &inline.kind {
                InlineKind::Text(part) => text.push_str(part),
                InlineKind::Space => text.push(' '),
                _ => {}
            }
            if matches!(inline.kind, InlineKind::Text(_) | InlineKind::Space) {
                continue;
            }
            shown.push_str(&format!("{:?} ", std::mem::take(&mut text)));
            shown.push_str(&match &inline.kind {
                InlineKind::Emphasis(body) => format!("em({})", line(body)),
                InlineKind::Strong(body) => format!("strong({})", line(body)),
                InlineKind::Strike(body) => format!("strike({})", line(body)),
                InlineKind::Link(url, body) => format!("link({}, {})", url.as_str(), line(body)),
                InlineKind::Passage(tag, body) => format!("in({tag}, {})", line(body)),
                InlineKind::Footnote(_, name, text) => format!("note({name}, {})", content(text)),
                other => format!("{other:?}"),
            });
        }
        shown + &format!("{text:?}")
    }
    let shown = blocks.iter().map(|block| match &block.kind {
        BlockKind::Paragraph(text) => format!("p({})", line(text)),
        // A heading is a single line.
        BlockKind::Heading(depth, text) => {
            format!("h{depth}({})", line(text).replace("\"LineBreak\"", " "))
        }
        BlockKind::List { start, tight, items } => {
            let items: Vec<String> = items.iter().map(|item| content(item)).collect();
            format!("list({start:?}, {tight}, {items:#?})")
        }
        BlockKind::Quote(blocks) => format!("quote({})", content(blocks)),
        BlockKind::Table { alignments, rows } => {
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| line(cell)).collect()).collect();
            format!("table({alignments:?}, {rows:?})")
        }
        other => format!("{other:?}"),
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// Reads Markdown as a body.
fn read(markdown: &str) -> Vec<Block> {
    let file = undersigned::files::carried::main();
    let problems = Problems::default();
    let references = markdown::References {
        tag: &"en".parse().expect("a tag"),
        links: &[],
        placeholders: &Placeholders::new(Vec::new()),
    };
    let text = Text::whole(file, markdown);
    let body = markdown::read(&text, markdown, &references, &problems);
    let wrong: Vec<String> =
        problems.into_sorted().iter().map(|problem| problem.message.english()).collect();
    assert!(wrong.is_empty(), "{wrong:?} in:\n{markdown}");
    body.blocks
}

#[track_caller]
fn round_trip(blocks: &[Block]) {
    let markdown = writer::blocks(blocks);
    let again = read(&markdown);
    assert_eq!(content(blocks), content(&again), "written as:\n{markdown}");
    assert_eq!(markdown, writer::blocks(&again), "it is not written the same again");
}

#[test]
fn a_body_in_markdown_is_read_back() {
    for path in letter_files() {
        for letter in resolved(&path) {
            let Body::Markdown(blocks) = &letter.body else { panic!("a body in Markdown") };
            round_trip(blocks);
        }
    }
    round_trip(&read(include_str!("../bodies/marks.md")));
}

/// `lang:` is an address to other programs, which would make a link of it that leads nowhere.
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
    // What is written is a body again.
    let body = markdown.lines().last().expect("a body");
    let again = letter
        .replace("They said: [«No *hay*»](lang:es-MX), and [«لا ماء»](lang:ar).", "")
        .replace("body = \"\"", &format!("body = '{body}'"));
    super::write(&folder.path().join("x/letter.toml"), &again);
    assert_eq!(super::stdout(&super::run(folder.path(), "build x -f md -o -")), markdown);
}

/// The blocks of a body, unless something is wrong with it.
fn read_if_right(markdown: &str) -> Option<Vec<Block>> {
    let problems = Problems::default();
    let references = markdown::References {
        tag: &"en".parse().expect("a tag"),
        links: &[],
        placeholders: &Placeholders::new(Vec::new()),
    };
    let text = Text::whole(undersigned::files::carried::main(), markdown);
    let body = markdown::read(&text, markdown, &references, &problems);
    let right = problems.into_sorted().is_empty() && !body.blocks.iter().any(breaks_a_heading);
    right.then_some(body.blocks)
}

/// Whether a heading holds a line break, which only an underlined one can: it is written as a space.
fn breaks_a_heading(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading(_, text) => format!("{text:?}").contains("LineBreak"),
        BlockKind::Quote(blocks) => blocks.iter().any(breaks_a_heading),
        BlockKind::List { items, .. } => items.iter().flatten().any(breaks_a_heading),
        _ => false,
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(10000))]

    #[test]
    fn any_body_is_read_back(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..12)) {
        let markdown = pieces.concat();
        if let Some(blocks) = read_if_right(&markdown) {
            let written = writer::blocks(&blocks);
            let again = read(&written);
            assert_eq!(content(&blocks), content(&again), "{markdown:?} is written as {written:?}");
        }
    }
}

/// What bodies are made of, and what could be taken for something else. Emphasis is whole, and words
/// do not go on behind it: there are heaps of asterisks that nothing writes again as they were.
const PIECES: &[&str] = &[
    "a",
    "b c",
    "é",
    "1",
    " ",
    "\n",
    "\n\n",
    "*em* ",
    "**strong** ",
    "***both*** ",
    "_x_ ",
    "*a **b** c* ",
    "**a _b_** ",
    "~~gone~~ ",
    " * ",
    " _ ",
    "`",
    "`c|d`",
    "[",
    "]",
    "(",
    ")",
    "[x](https://e.org)",
    "[y](lang:es)",
    "](lang:ar)",
    "<span lang=\"es\">",
    "</span>",
    "<https://e.org/>",
    "\\",
    "\\*",
    "\\_",
    "\\{{",
    "{",
    "&amp;",
    "&",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "> ",
    "    ",
    "  ",
    "|",
    "| a | b |\n|---|---|\n",
    "---",
    "\n***\n",
    "```\n",
    ":",
    "!",
    "\"",
    "\u{a0}",
    ".",
    "=",
    "<",
    ">",
    "^",
    "[^1]",
    "\n\n[^1]: note\n\n",
];

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

/// No line is wider than an e-mail takes, unless an address alone is.
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
         as txt, md or html\n"
    );
    assert_eq!(super::run(folder.path(), "build x -f pdf").status.code(), Some(0));
}

/// A letter that is only text is not set on pages, so that what pages cannot show does not matter.
#[test]
fn text_needs_no_font() {
    let letter = super::SMALL.replace("Text.", "Water, 水.");
    let folder = super::folder(&[("x/letter.toml", &*letter)]);
    assert_eq!(super::run(folder.path(), "build x -f html -f txt -f md").status.code(), Some(0));
    assert_eq!(super::run(folder.path(), "build x -f html -f pdf").status.code(), Some(1));
}
