//! Bodies written as Markdown read back unchanged.

use crate::files::carried;
use crate::formats::completeness::{letter_files, resolved};
use crate::formats::markdown as writer;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::placeholders::Placeholders;
use crate::letter::{Body, Picture, markdown};
use crate::problems::Problems;
use crate::source::text::Text;

/// Blocks without places, with adjacent texts joined.
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
        BlockKind::Figure(figure) => {
            let (alt, caption) = (line(&figure.alt), line(&figure.caption));
            format!("figure({}, {alt}, {caption}, {:?})", figure.path, figure.width)
        }
        BlockKind::Table { alignments, rows } => {
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| line(cell)).collect()).collect();
            format!("table({alignments:?}, {rows:?})")
        }
        other => format!("{other:?}"),
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// Parses Markdown as a body.
fn read(markdown: &str) -> Vec<Block> {
    let file = carried::main();
    let problems = Problems::default();
    let references = markdown::References {
        tag: &"en".parse().expect("a tag"),
        links: &[],
        placeholders: &Placeholders::new(Vec::new()),
        pictures: &|path| Some(Picture { file: carried::main(), place: path.place.clone() }),
    };
    let text = Text::whole(file, markdown);
    let body = markdown::read(&text, markdown, &references, &problems);
    let wrong: Vec<String> =
        problems.into_sorted().iter().map(|problem| problem.message.english()).collect();
    assert!(wrong.is_empty(), "{wrong:?} in:\n{markdown}");
    body.expect("a body").blocks
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
        for letter in resolved(&path).1 {
            let Body::Markdown(blocks) = &letter.body else { panic!("a body in Markdown") };
            round_trip(blocks);
        }
    }
    round_trip(&read(include_str!("../../../tests/bodies/marks.md")));
}

/// The blocks of a body, if it has no problems.
fn read_if_right(markdown: &str) -> Option<Vec<Block>> {
    let problems = Problems::default();
    let references = markdown::References {
        tag: &"en".parse().expect("a tag"),
        links: &[],
        placeholders: &Placeholders::new(Vec::new()),
        pictures: &|path| Some(Picture { file: carried::main(), place: path.place.clone() }),
    };
    let text = Text::whole(carried::main(), markdown);
    let body = markdown::read(&text, markdown, &references, &problems)?;
    let right = problems.into_sorted().is_empty() && !body.blocks.iter().any(breaks_a_heading);
    right.then_some(body.blocks)
}

/// Whether a heading contains a line break, which only an underlined heading can: it is written as a
/// space.
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

/// Pieces of bodies, and text that could be mistaken for markup. Emphasis is complete and not followed
/// directly by a word: some sequences of asterisks cannot be written back as they were.
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
