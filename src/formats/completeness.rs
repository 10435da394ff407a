//! Every text of a letter is in every format without pages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::Files;
use crate::fonts::Fonts;
use crate::formats::documents;
use crate::formats::format::Format;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Group, Heading, Letter, Person, Printed, Signatory};
use crate::problems::Problems;
use crate::project::Project;

/// All letters of this repository, including the one with every key.
pub(crate) fn letter_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("tests/anatomy/letter.toml")];
    for folder in ["letters", "tests/letters"] {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder");
        let letters = entries.map(|entry| entry.expect("an entry").path().join("letter.toml"));
        files.extend(letters.filter(|letter| letter.is_file()));
    }
    assert!(files.len() >= 7, "only {} letters", files.len());
    files
}

/// The letter in each of its languages.
pub(crate) fn resolved(path: &Path) -> (Arc<Files>, Vec<Letter>) {
    let problems = Problems::default();
    let fonts = Arc::new(Fonts::default());
    let project = Project::open(path, None).expect("the letter can be opened");
    let letters = project.check(&fonts, |_| true, &problems);
    assert!(!letters.is_empty(), "{}", path.display());
    (project.files, letters)
}

/// The printed texts of a letter.
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
                BlockKind::Figure(figure) => {
                    inlines(&figure.alt, texts);
                    inlines(&figure.caption, texts);
                }
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
    // A formal letter has its subject as its title.
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
        &letter.signature_note,
    ];
    printed.extend(lines.into_iter().flatten().cloned());
    if let Some(from) = &letter.from {
        let lines = [&from.name, &from.organization, &from.email, &from.phone, &from.web];
        let lines = lines.into_iter().flatten().chain(&from.address).chain(&from.footer);
        printed.extend(lines.cloned());
        texts.extend(from.logo.iter().map(|logo| logo.alt.text.to_string()));
    }
    for person in letter.to.iter().chain(&letter.cc) {
        let Person {
            name,
            honorific,
            office,
            organization,
            address,
            email,
            note,
            country,
            delivery,
        } = person;
        let lines = [honorific, office, organization, email, note, country, delivery];
        printed.push(name.clone());
        printed.extend(lines.into_iter().flatten().chain(address).cloned());
    }
    printed.extend(letter.enclosures.iter().cloned());
    for Group { heading, signatories } in &letter.groups {
        match heading {
            Some(Heading::Words(words, _)) => texts.push(words.to_string()),
            Some(Heading::Printed(heading)) => printed.push(heading.clone()),
            None => {}
        }
        signatories.iter().for_each(|one| signs(one, &mut printed));
    }
    texts.extend(letter.anonymous_line().map(|(line, _)| line));
    texts.extend(letter.courtesy_line().map(|(line, _)| line.into()));
    let Body::Markdown(body) = &letter.body else { panic!("a body in Markdown") };
    blocks(body, &mut texts);
    texts.extend(printed.iter().flat_map(|printed| printed.text.split('\n').map(str::to_owned)));
    texts
}

/// A text without anything that the formats may change: white space, the style of quotes, and the markup
/// of Markdown and HTML.
fn bare(text: &str) -> String {
    let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace('\\', "").replace("\n> ", "\n");
    let is_quote = |c: char| "\"'“”‘’«»″′".contains(c);
    text.chars().filter(|c| !c.is_whitespace() && !is_quote(*c)).collect()
}

#[test]
fn everything_of_a_letter_is_in_every_format() {
    for path in letter_files() {
        let (files, letters) = resolved(&path);
        for letter in letters {
            let texts = printed_texts(&letter);
            assert!(texts.len() > 5);
            let problems = Problems::default();
            let formats = [Format::Txt, Format::Md, Format::Html, Format::Docx];
            let documents = documents(&letter, "letter", &formats, &files, &problems);
            assert_eq!(documents.len(), formats.len());
            for document in documents {
                let text = match document.name.ends_with(".docx") {
                    true => crate::formats::docx::schema::text_of(&document.data),
                    false => String::from_utf8(document.data).expect("text"),
                };
                let file = bare(&text);
                for text in &texts {
                    assert!(file.contains(&bare(text)), "{} does not say: {text}", document.name);
                }
            }
        }
    }
}
