//! The page breaks: nothing is left alone, whatever the length of a letter.

use std::sync::Arc;

use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use crate::fonts::{FontOptions, Fonts};
use crate::letter::manuscript::Manuscript;
use crate::problems::{Problems, Severity};
use crate::project::Project;
use crate::render::render;

/// The lines of text on each page of a letter, from top to bottom.
pub(super) fn pages(letter: &str) -> Vec<Vec<String>> {
    typeset(letter).pages().iter().map(|page| lines(&page.frame)).collect()
}

/// The same with fonts besides those of the program.
pub(super) fn pages_with(letter: &str, fonts: &FontOptions) -> Vec<Vec<String>> {
    typeset_with(letter, fonts).pages().iter().map(|page| lines(&page.frame)).collect()
}

/// The laid-out pages of a letter.
pub(crate) fn typeset(toml: &str) -> PagedDocument {
    typeset_with(toml, &FontOptions::default())
}

fn typeset_with(toml: &str, fonts: &FontOptions) -> PagedDocument {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("letter.toml");
    std::fs::write(&path, toml).expect("a file");
    let project = Project::open(&path, None).expect("a letter");
    let fonts = Arc::new(Fonts::new(fonts));
    let problems = Problems::default();
    let letters = project.check(&fonts, |_| true, &problems);
    let [letter] = letters.as_slice() else { panic!("{:?}", problems.into_sorted()) };
    let rendered = render(&Manuscript::of(letter), &project.files, &problems);
    let problems = problems.into_sorted();
    assert!(problems.iter().all(|p| p.severity == Severity::Warning), "{problems:?}\n{toml}");
    rendered.expect("pages").document
}

/// The lines on a page. Text side by side is one line.
fn lines(frame: &Frame) -> Vec<String> {
    let mut texts = Vec::new();
    walk(frame, Point::zero(), &mut |at, text| {
        let (x, y) = (at.x.to_pt().round() as i64, at.y.to_pt().round() as i64);
        texts.push((y, x, text.to_owned()));
    });
    texts.sort();
    let mut lines: Vec<(i64, String)> = Vec::new();
    for (y, _, text) in texts {
        match lines.last_mut() {
            Some((known, line)) if y - *known <= 2 => {
                line.push(' ');
                line.push_str(&text);
            }
            _ => lines.push((y, text)),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Finds all texts of a frame with their places.
fn walk(frame: &Frame, at: Point, found: &mut impl FnMut(Point, &str)) {
    for (offset, item) in frame.items() {
        let at = at + *offset;
        match item {
            FrameItem::Text(text) => found(at, &text.text.replace("\u{a0}", " ")),
            FrameItem::Group(group) => walk(&group.frame, at, found),
            _ => {}
        }
    }
}

/// A letter whose end is moved down line by line.
fn letter(template: &str, signers: usize, body: &str) -> String {
    let signers: Vec<String> = (1..=signers)
        .map(|n| format!("{{ name = \"Signer {n}\", kind = \"person\", title = \"Member\" }}"))
        .collect();
    format!(
        "template = \"{template}\"\nlanguages = [\"en\"]\ndate = 2026-03-09\ntitle = \"A title\"\n\
         body = '''\n{body}'''\nclosing = \"Sincerely,\"\nsignatories = [{}]\n\
         [page]\npaper = \"a5\"\n",
        signers.join(", ")
    )
}

/// A paragraph with this many lines.
fn paragraph(name: &str, count: usize) -> String {
    let lines: Vec<String> = (1..=count).map(|n| format!("body {name} {n}")).collect();
    format!("{}\n\n", lines.join("\\\n"))
}

fn is_body(line: &str) -> bool {
    line.contains("body ")
}

/// Checks each page of a letter: no single line of a paragraph, no heading at the foot, the closing with
/// text above it and signatories below it.
fn check(context: &str, pages: &[Vec<String>], alone: usize) {
    for page in pages {
        let shown = page.join("\n");
        let body: Vec<&String> = page.iter().filter(|line| is_body(line)).collect();
        if let Some(heading) = page.iter().position(|line| line.contains("Heading")) {
            assert!(page.len() > heading + 2, "{context}: a heading at the foot of\n{shown}");
        }
        if page.iter().any(|line| line.contains("Sincerely")) {
            assert!(body.len() >= alone, "{context}: the closing alone on\n{shown}");
            assert!(shown.contains("Signer 1"), "{context}: nobody below the closing on\n{shown}");
        }
        // A paragraph of several lines is never broken so that one of them is alone.
        for name in ["first", "last"] {
            let whole = pages.iter().flatten().filter(|line| line.contains(name)).count();
            let here = body.iter().filter(|line| line.contains(name)).count();
            assert!(here != 1 || whole == 1, "{context}: a line alone on\n{shown}");
        }
    }
    assert!(pages.concat().iter().any(|line| line.contains("Sincerely")), "{context}: no closing");
}

/// All lengths from a letter of few lines to one whose signatures are on the second or third page.
fn move_through_the_break(template: &str, signers: usize, tail: &str, alone: usize) {
    let mut broken = 0;
    for count in 2..=42 {
        let text = format!("{}{tail}", paragraph("first", count));
        let letter = letter(template, signers, &text);
        let pages = pages(&letter);
        broken += usize::from(pages.len() > 1);
        let context = format!("{template}, {signers} signers, {count} lines before\n{tail}");
        check(&context, &pages, alone);
        let closing = |page: &&Vec<String>| page.iter().any(|line| line.contains("Sincerely"));
        let page = pages.iter().find(closing).expect("a closing").join("\n");
        // Rows of signatures by hand may go on below the first; a few names stay together.
        let kept = if template == "formal" { signers.min(3) } else { signers.min(12) };
        for signer in 1..=if signers > 12 { 4 } else { kept } {
            assert!(page.contains(&format!("Signer {signer}")), "{context}\n{page}");
        }
        let last = pages.last().expect("a page");
        // A row of signatures by hand is as high as six lines.
        let least = if template == "formal" && signers > 3 { 3 } else { 4 };
        assert!(last.len() >= least, "{context}: less than four lines on\n{}", last.join("\n"));
    }
    assert!(broken > 5, "{template}: the text never met a break");
}

#[test]
fn a_formal_signature_keeps_two_lines_of_text() {
    for signers in [1, 2, 6] {
        move_through_the_break("formal", signers, &paragraph("last", 4), 2);
    }
}

#[test]
fn a_formal_signature_keeps_more_than_a_last_line() {
    move_through_the_break("formal", 2, &paragraph("last", 1), 2);
}

#[test]
fn a_formal_signature_keeps_the_end_of_a_list_and_of_a_table() {
    let list = "- body item 1\n- body item 2\n- body item 3\\\n  body item 4\n";
    move_through_the_break("formal", 2, list, 2);
    let table = "| body cell 0 | b |\n| --- | --- |\n| body cell 1 | x |\n| body cell 2 | y |\n";
    move_through_the_break("formal", 1, table, 2);
}

#[test]
fn a_heading_stays_with_its_text() {
    let tail = format!("## Heading\n\n{}", paragraph("last", 3));
    move_through_the_break("formal", 1, &tail, 2);
    move_through_the_break("open-letter", 9, &tail, 2);
}

#[test]
fn an_open_letter_keeps_the_closing_with_the_first_signatories() {
    for signers in [1, 3, 12, 40] {
        move_through_the_break("open-letter", signers, &paragraph("last", 4), 2);
    }
    move_through_the_break("open-letter", 3, &paragraph("last", 1), 2);
}

/// Few names are not divided so that the last are on the page of what ends the letter.
#[test]
fn few_names_stay_together_above_a_long_end() {
    let end = "receipt = true\n[page]";
    for count in 2..=42 {
        let letter = letter("open-letter", 3, &paragraph("first", count)).replace("[page]", end);
        let pages = pages(&letter);
        let named = |page: &&Vec<String>| page.iter().any(|line| line.contains("Signer"));
        assert_eq!(pages.iter().filter(named).count(), 1, "{count} lines before: {pages:#?}");
    }
}

/// What ends a letter has a signatory or a line of the text on its page, and no page before is half empty for
/// it.
#[test]
fn what_ends_a_letter_is_not_alone() {
    let end = "postscript = \"A map.\"\nenclosures = [\"One\", \"Two\"]\nreceipt = true\n[page]";
    for (template, signers) in
        [("formal", 1), ("formal", 5), ("open-letter", 3), ("open-letter", 20)]
    {
        for count in 2..=42 {
            let letter =
                letter(template, signers, &paragraph("first", count)).replace("[page]", end);
            let pages = pages(&letter);
            let last = pages.last().expect("a page").join("\n");
            assert!(
                last.contains("Signer") || is_body(&last),
                "{template}, {count} lines: {pages:#?}"
            );
        }
    }
}

/// Space shrinks before a page is opened and grows before one is left white, but nobody sees it.
#[test]
fn lines_hardly_move() {
    let mut ways = Vec::new();
    for count in 3..=42 {
        let found = distances(&letter("open-letter", 9, &paragraph("first", count)));
        let line = found.iter().find(|(line, _)| line.contains("body first 2")).expect("a line");
        assert!((13.6..14.6).contains(&line.1), "{count} lines: {found:?}");
        ways.push((line.1 * 100.0).round() as i64);
    }
    ways.sort_unstable();
    ways.dedup();
    assert!(ways.len() > 2, "no letter was set in another way: {ways:?}");
}

/// The number of a note and the beginning of the note are on one page.
#[test]
fn a_note_begins_on_the_page_of_its_mark() {
    for count in 2..=30 {
        let marked: Vec<String> = (1..=4).map(|n| format!("mark {n}[^{n}]")).collect();
        let notes: String = (1..=4)
            .map(|n| format!("[^{n}]: Note {n}. {}\n\n", "It was read at the gate. ".repeat(18)))
            .collect();
        let marked = marked.join(" and ");
        let body = format!(
            "{}In short, {marked}.\n\n{}{notes}",
            paragraph("first", count),
            paragraph("last", 4)
        );
        let pages = pages(&letter("open-letter", 2, &body));
        let page_of = |text: &str| pages.iter().position(|page| page.join(" ").contains(text));
        for n in 1..=4 {
            let (mark, note) = (page_of(&format!("mark {n}")), page_of(&format!("Note {n}.")));
            assert!(mark.is_some() && mark == note, "{count} lines, note {n}: {pages:#?}");
        }
    }
}

/// Where a text is on the first page, in points from its upper edge.
fn height_of(letter: &str, wanted: &str) -> f64 {
    let pages = typeset(letter);
    let mut found = None;
    walk(&pages.pages()[0].frame, Point::zero(), &mut |at, text| {
        if text.contains(wanted) {
            found.get_or_insert(at.y.to_pt());
        }
    });
    found.expect("the text")
}

/// A short letter does not stick to the upper edge, unless its address has to show through a window.
#[test]
fn a_short_letter_is_moved_down() {
    for template in ["open-letter", "formal"] {
        let set = |count, page: &str| {
            let letter = letter(template, 1, &paragraph("first", count));
            height_of(&letter.replace("paper = \"a5\"", page), "A title")
        };
        let paper = "paper = \"a4\"";
        let (short, middle, long) = (set(2, paper), set(12, paper), set(44, paper));
        assert!(short > middle + 20.0 && middle > long + 20.0, "{short} {middle} {long}");
        assert!(short < 842.0 / 3.0, "{template}: {short} is below a third of the page");
        let window = "paper = \"a4\"\nenvelope = \"din-5008-b\"\n[[to]]\nname = \"Jane Doe\"";
        assert_eq!(set(2, window), set(44, window), "{template}");
    }
}

/// The distance from each line of the body to the one above it, in points.
fn distances(letter: &str) -> Vec<(String, f64)> {
    let pages = typeset(letter);
    let mut texts = Vec::new();
    walk(&pages.pages()[0].frame, Point::zero(), &mut |at, text| {
        texts.push((at.y.to_pt(), text.to_owned()));
    });
    texts.sort_by(|a, b| a.0.total_cmp(&b.0));
    texts.dedup_by(|next, kept| {
        let same = (next.0 - kept.0).abs() < 1.0;
        if same && next.1.len() > kept.1.len() {
            kept.1.clone_from(&next.1);
        }
        same
    });
    texts.windows(2).map(|two| (two[1].1.clone(), two[1].0 - two[0].0)).collect()
}

/// Whatever a text ends in, the space above its last block and below it is that of others.
#[test]
fn the_end_of_a_text_has_the_spaces_of_its_middle() {
    let ends = [
        ("spaced", "last line"),
        ("spaced", "last first\\\nlast line"),
        ("spaced", "- item\n- last line"),
        ("spaced", "> last line"),
        ("spaced", "> quoted\n\nlast line"),
        ("indented", "last line"),
        ("indented", "- item\n- last line"),
    ];
    for template in ["open-letter", "formal"] {
        for (paragraphs, end) in ends {
            let middle = end.replace("last", "middle");
            let text = format!("body first\n\n{middle}\n\nbody between\n\n{end}\n\n");
            let letter = letter(template, 2, &text);
            let letter = format!("{letter}paragraphs = \"{paragraphs}\"\n");
            let found = distances(&letter);
            let above =
                |line: &str| found.iter().find(|(text, _)| text.contains(line)).map(|(_, y)| *y);
            let context = format!("{template} {paragraphs} {end:?}: {found:?}");
            let (Some(middle), Some(last)) = (above("middle line"), above("last line")) else {
                panic!("{context}")
            };
            assert!((middle - last).abs() < 0.1, "{context}");
            let closing = above("Sincerely").unwrap_or_default();
            // 1.6 em between the capitals of one line and the baseline of the other: 11 pt type.
            assert!((closing - 24.8).abs() < 0.3, "{context}");
        }
    }
}

/// The distances between baselines on a page with everything, in points: 11 pt type.
#[test]
fn a_page_has_a_rhythm() {
    let text = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"A title\"\nreference = \"R\"\n\
        salutation = \"Dear Ana,\"\nclosing = \"Sincerely,\"\npostscript = \"A map.\"\n\
        enclosures = [\"One\", \"Two\"]\nsignatories = [\"Berta\", \"Carla\"]\n\
        body = \"\"\"\nText one\\\\\nline two.\n\nText three.\n\n## Heading\n\nBelow it.\n\n\
        - item one\n- item two\n\nAfter the list.\n\n> Quoted.\n\nAfter the quote.\n\"\"\"\n\
        [[to]]\nname = \"Ana\"\noffice = \"Chair\"\n[[to]]\nname = \"Eva\"\n[[cc]]\nname = \"Copy\"\n";
    for template in ["open-letter", "formal"] {
        let found = distances(&format!("template = \"{template}\"\n{text}"));
        // Between two paragraphs, between two parts, and from one line to the next. Small type has capitals that
        // are lower, below which there is as much space.
        let (paragraph, part, line) = (18.79, 24.84, 14.06);
        let small = 0.85;
        let below = [
            ("Dear Ana,", part),
            ("Text one", paragraph),
            ("line two.", line),
            ("three.", paragraph),
            ("Heading", 23.6),
            ("Below it.", 16.04),
            ("item one", paragraph),
            ("item two", line),
            ("the list.", paragraph),
            ("Quoted.", paragraph),
            ("After the ", paragraph),
            ("Sincerely,", part),
            ("A map.", part),
            ("Enclosures:", part - small),
            ("One", 13.84),
            ("Two", line),
        ];
        for (text, distance) in below {
            let at = found.iter().find(|(found, _)| found.contains(text));
            let near = at.is_some_and(|(_, found)| (found - distance).abs() < 0.1);
            assert!(near, "{template}: {distance} above `{text}`, not {at:?}");
        }
    }
}

/// Signatures by hand in a row have their dates side by side.
#[test]
fn dates_of_a_row_are_on_one_line() {
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Lines\"\nbody = \"Text.\"\n\
        signatories = [{ name = \"Ana\", title = \"Chair\" }, \"Berta\"]\n[signature-block]\nstyle = \"lines\"\n";
    let pages = pages(letter).concat();
    assert!(pages.iter().any(|line| line == "Date: Date:"), "{pages:?}");
}

/// A page may have a number of its own only beside others.
#[test]
fn a_single_page_has_no_number() {
    for template in ["open-letter", "formal"] {
        let short = pages(&letter(template, 1, "Text.\n")).concat().join("\n");
        assert!(!short.contains("Page 1"), "{short}");
        let long = pages(&letter(template, 1, &paragraph("first", 60))).concat().join("\n");
        assert!(long.contains("Page 2 of"), "{long}");
    }
}

/// A name of two hundred characters.
const LONG: &str = "Asociación Nacional de Organizaciones Comunitarias, Campesinas, Indígenas y Urbanas \
                    por la Defensa del Agua, la Tierra, los Bosques y los Bienes Comunes de los Pueblos \
                    de la Región Sur-Sureste del Mar";

/// Extreme letters: each is typeset with each template in each language, and nothing of it is missing on
/// the page.
#[test]
fn extremes_are_set_in_full() {
    assert_eq!(LONG.chars().count(), 200);
    let copies: String = (1..=60)
        .map(|n| format!("[[cc]]\nname = \"Copy {n}.\"\norganization = \"Office {n}.\"\n"))
        .collect();
    let six = "[[to]]\nname = \"Jane Doe\"\noffice = \"Secretary\"\norganization = \"Secretariat\"\n\
               address = [\"Building 5\", \"Calle 5\", \"06000 Oaxaca\"]\n[page]\nenvelope = \"us-10\"\n";
    let long = format!(
        "[from]\norganization = \"{LONG}\"\naddress = [\"Calle 5\"]\n[[to]]\nname = \"{LONG}\"\n"
    );
    let capitals =
        "CARTA ABIERTA DE LAS ORGANIZACIONES DE LA SOCIEDAD CIVIL SOBRE EL ACCESO AL AGUA";
    // Title, body, signatories, the following parts, and the texts that must be read.
    let expected_copies: Vec<String> = (1..=60).map(|n| format!("Copy {n}.")).collect();
    let copies_read: Vec<&str> = expected_copies.iter().map(String::as_str).collect();
    let cases: [(&str, &str, &str, &str, Vec<&str>); 6] = [
        ("A title", "One line.", "Ana", "", vec!["One line.", "Ana"]),
        ("A title", "Text.", "Ana", six, vec!["Secretariat", "Building 5", "06000 Oaxaca"]),
        ("A title", "Text.", LONG, &long, LONG.split(' ').collect()),
        ("A title", "Text.", "Ana", &copies, copies_read),
        (capitals, "Text.", "Ana", "", capitals.split(' ').collect()),
        (
            "A title",
            "- one item\n- two items\n- three items",
            "Ana",
            "",
            vec!["three items", "Ana"],
        ),
    ];
    for template in ["formal", "open-letter"] {
        for language in ["en", "es-MX"] {
            for (title, body, signer, rest, read) in &cases {
                let letter = format!(
                    "template = \"{template}\"\nlanguages = [\"{language}\"]\ndate = 2026-03-09\n\
                     title = \"{title}\"\nbody = \"\"\"\n{body}\n\"\"\"\nclosing = \"Sincerely,\"\n\
                     signatories = [\"{signer}\"]\n{rest}"
                );
                let shown = pages(&letter).concat().join("\n");
                for word in read {
                    assert!(shown.contains(word), "{template} {language}: no `{word}` in\n{shown}");
                }
            }
        }
    }
}
