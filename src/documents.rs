//! A letter from a document: readers for each format make one model of its text, one recognizer finds
//! the parts of a letter in it, and one writer makes `letter.toml` and the bodies.
//!
//! Nothing is lost: a word of the document is in the letter or in the list of what was left out. Nothing
//! is run or fetched, whatever the document says.

mod body;
mod dates;
mod docx;
mod html;
pub(crate) mod keys;
mod lists;
mod markdown;
pub(crate) mod matching;
mod model;
mod odt;
mod package;
mod page;
mod passages;
mod people;
mod pictures;
mod recognize;
mod regions;
pub(crate) mod revision;
mod signatories;
mod tables;
mod text;
mod vocabulary;
mod write;

use std::collections::BTreeMap;
use std::path::PathBuf;

use unicode_segmentation::UnicodeSegmentation;

use crate::documents::model::{Block, Document, Run, plain, visit};
use crate::documents::pictures::Picture;
use crate::documents::write::Recognized;
use crate::language::detection::{self, LanguageDetector};
use crate::language::{Tag, in_words};
use crate::problems::characters::{MAX_CLUSTER, is_unprintable};
use crate::project::STANDARD_INPUT;
use crate::source::file_kind::FileKind;
use crate::words::{Message, UiLanguage, say};

pub(crate) use crate::documents::model::LeftOut;
pub(crate) use crate::documents::recognize::Certainty;
pub(crate) use crate::documents::write::{Guess, Made, key_of};

/// A document as it was read from the disk.
pub(crate) struct Source {
    /// The name of its file, without folders.
    pub name: String,
    /// Its bytes.
    pub data: Vec<u8>,
    /// The language that the user says it is in.
    pub language: Option<Tag>,
    /// The folder of its file, for the pictures that it names.
    pub folder: Option<PathBuf>,
}

/// Makes a letter of documents, one for each language. `name` is its title if no document has one, and
/// `today` its date. Without a template, a letter that few sign has the one for them. `comments` is the language
/// of the comments in it.
pub(crate) fn letter(
    sources: &[Source],
    name: &str,
    today: &str,
    template: Option<&str>,
    comments: UiLanguage,
) -> Result<Made, Message> {
    let mut letters = Vec::new();
    let mut pictures = Vec::new();
    for source in sources {
        let mut letter = with_pictures(source, name, Some(&mut pictures))?;
        // It is dated as the document is.
        letter.tag = letter.parts.calendar.take().unwrap_or(letter.tag);
        let tag = &letter.tag;
        if letters.iter().any(|known: &Recognized| known.tag == *tag) {
            return Err(say!(
                "two of the documents are in `{tag}`: say which language each is in, as in --from es=FILE",
                tag
            ));
        }
        letters.push(letter);
    }
    Ok(write::write(letters, pictures, today, template, comments))
}

/// Reads a document and finds the parts of a letter in it. `name` is its title if it has none. Its pictures are
/// added to those that are known.
fn with_pictures(
    source: &Source,
    name: &str,
    pictures: Option<&mut Vec<Picture>>,
) -> Result<Recognized, Message> {
    let mut document = read(source)?;
    clean(&mut document);
    let pictures = pictures::find(&mut document, source, pictures);
    let (all, links) = texts_of(&document);
    if all.trim().is_empty() {
        return Err(say!("`{name}` has no text", name = &source.name));
    }
    document.blocks = text::settle(std::mem::take(&mut document.blocks));
    let tag = language(source, &document, &all);
    passages::settle(&mut document, Some(&tag));
    let prose = prose(&document.blocks);
    let paper = document.paper;
    let parts = recognize::recognize(document, &tag, name, None);
    let tag = if source.language.is_some() { tag } else { regions::placed(tag, &parts) };
    Ok(Recognized { tag, parts, text: all, prose, links, pictures, paper })
}

/// The whole text of a document, and what its links lead to with how many lead there.
fn texts_of(document: &Document) -> (String, BTreeMap<String, usize>) {
    let mut all = String::new();
    let mut links: BTreeMap<String, usize> = BTreeMap::new();
    let mut see = |text: &str, link: Option<&str>| {
        all.extend([text, "\n"]);
        if let Some(link) = link {
            *links.entry(link.to_owned()).or_default() += 1;
        }
    };
    visit(&document.blocks, &mut see);
    document.notes.iter().for_each(|note| visit(note, &mut see));
    (all, links)
}

/// Reads a document of any kind.
fn read(source: &Source) -> Result<Document, Message> {
    let Source { name, data, .. } = source;
    match FileKind::of(data, name) {
        Some(FileKind::Word) => return docx::read(name, data),
        Some(FileKind::OpenText) => return odt::read(name, data),
        Some(kind) => {
            let (is, advice) = (kind.name(), kind.advice(name));
            return Err(say!("`{name}` is {is}: {advice}", name, is, advice));
        }
        None => {}
    }
    let text = decoded(data);
    let is_piped = name == STANDARD_INPUT;
    let name = name.to_lowercase();
    if [".docx", ".odt"].iter().any(|end| name.ends_with(end)) {
        // Both are archives: this one is cut off, or never was one.
        return Err(package::damaged(&source.name));
    }
    let head: String = text.trim_start().chars().take(300).collect::<String>().to_lowercase();
    let is_page = head.starts_with("<!doctype html") || head.starts_with("<html");
    if is_page || [".html", ".htm", ".xhtml"].iter().any(|end| name.ends_with(end)) {
        return html::read(&source.name, &text);
    }
    let is_markdown = [".md", ".markdown", ".mdx", ".qmd"].iter().any(|end| name.ends_with(end));
    // What comes without a name is told by what is in it.
    Ok(if is_markdown || is_piped && markdown::is_likely(&text) {
        markdown::read(&text)
    } else {
        text::read(&text)
    })
}

/// The text of a file: UTF-8 or, by its mark, UTF-16, and otherwise what Windows writes.
fn decoded(data: &[u8]) -> String {
    let marked = encoding_rs::Encoding::for_bom(data).map(|(encoding, _)| encoding);
    match (marked, str::from_utf8(data)) {
        (None, Ok(text)) => text.to_owned(),
        (Some(encoding), _) => encoding.decode(data).0.into_owned(),
        (None, Err(_)) => encoding_rs::WINDOWS_1252.decode(data).0.into_owned(),
    }
}

/// Frequent characters of Chinese that the simplified script writes otherwise, and Japanese too.
const TRADITIONAL: &str = "們這為個來對時會國學說還過後點裡邊樣";

/// The language that a document is in: what the user says, or what its words look like. What it
/// declares only adds the region, for word processors declare that of their user.
fn language(source: &Source, document: &Document, text: &str) -> Tag {
    let found = || {
        let declared = document.language.clone();
        let prose = prose(&document.blocks);
        let sample = if prose.is_empty() { text } else { &prose };
        let sample: String = sample.chars().take(20_000).collect();
        let sample = detection::judged(&sample, &[]);
        let detected: Option<Tag> =
            detection::language_of(&sample).and_then(|code| code.parse().ok());
        let is_traditional = sample.chars().filter(|c| TRADITIONAL.contains(*c)).count() > 2;
        let detected = match detected {
            Some(tag) if tag.language() == "zh" && is_traditional => "zh-Hant".parse().ok(),
            detected => detected,
        };
        match (declared, detected) {
            (Some(declared), Some(found)) if declared.language() != found.language() => found,
            (Some(declared), _) => declared,
            (None, Some(found)) => found,
            (None, None) => Tag::english(),
        }
    };
    source.language.clone().unwrap_or_else(found)
}

/// Refuses a document that is surely in another language than it should be.
fn refuse_another_language(
    source: &Source,
    prose: &str,
    text: &str,
    tag: &Tag,
) -> Result<(), Message> {
    let sample = if prose.is_empty() { text } else { prose };
    let sample: String = sample.chars().take(20_000).collect();
    let detector = LanguageDetector::new(std::iter::once(tag));
    let other = detector.other_language(&sample, &[], tag).and_then(|code| code.parse().ok());
    let Some(found) = other else { return Ok(()) };
    let (name, found, language) = (&source.name, in_words(&found), in_words(tag));
    Err(say!(
        "`{name}` is in {found}, not in {language}: is it the right file, and the right --lang?",
        name,
        found,
        language
    ))
}

/// The long paragraphs of a document, whose language tells more than that of names.
fn prose(blocks: &[Block]) -> String {
    let mut prose = String::new();
    for block in blocks {
        if let Block::Paragraph(runs) = block {
            let text = plain(runs);
            if text.len() > 120 && !text.contains(';') {
                prose.extend([text.as_str(), "\n"]);
            }
        }
    }
    prose
}

/// Whether a character is taken out of a document.
fn is_unseen(c: char) -> bool {
    is_unprintable(c) || matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

/// Takes out the characters that no letter may contain, and those that nobody sees.
fn clean(document: &mut Document) {
    fn runs(all: &mut [Run], count: &mut usize) {
        for run in all {
            if let Some(shown) = &mut run.picture {
                shown.alt.retain(|c| !is_unseen(c));
            }
            let found = run.text.chars().filter(|c| is_unseen(*c)).count();
            if found > 0 {
                *count += found;
                run.text.retain(|c| !is_unseen(c));
            }
            // More accents on a letter than are printed.
            let clusters = run.text.graphemes(true).filter(|_| !run.text.is_ascii());
            let kept: String = clusters.flat_map(|one| one.chars().take(MAX_CLUSTER)).collect();
            if !run.text.is_ascii() && kept.len() < run.text.len() {
                *count += run.text.chars().count() - kept.chars().count();
                run.text = kept;
            }
        }
    }
    fn blocks(all: &mut [Block], count: &mut usize) {
        for block in all {
            match block {
                Block::Paragraph(text) | Block::Heading(_, text) => runs(text, count),
                Block::List { items, .. } => items.iter_mut().for_each(|item| blocks(item, count)),
                Block::Quote(inner) => blocks(inner, count),
                Block::Table(table) => {
                    table.rows.iter_mut().flatten().for_each(|cell| runs(cell, count));
                }
                Block::Code(code) => code.retain(|c| !is_unseen(c)),
                Block::Blank | Block::Rule => {}
            }
        }
    }
    let mut count = 0;
    blocks(&mut document.blocks, &mut count);
    document.notes.iter_mut().for_each(|note| blocks(note, &mut count));
    if count > 0 {
        let what = say!("characters that nobody sees, or that no letter may contain");
        document.left_out.push(LeftOut { what, text: count.to_string() });
    }
}

#[cfg(test)]
mod tests;
