//! What was changed in a document that was made of a letter, and the edits that make the same changes in the
//! letter. The document is compared with what the same format says of the letter now, so that one that
//! nobody changed changes nothing.

mod anchors;
mod body;
mod own;
mod pairs;
mod reviser;
mod table_edits;
mod tables;
mod units;
mod versions;
mod words;

use std::collections::HashMap;

use crate::documents::model::{self, Block as Read, Document, LeftOut, Run};
use crate::documents::revision::pairs::pairs;
use crate::documents::revision::reviser::Reviser;
use crate::documents::revision::tables::Paragraphs;
use crate::documents::revision::units::{Collector, ReadUnit, units_of};
use crate::documents::revision::versions::Versions;
use crate::documents::revision::words::Token;
use crate::documents::{self, Source};
use crate::files::Files;
use crate::formats;
use crate::formats::docx::base::{self, Base, fingerprint};
use crate::formats::format::Format;
use crate::language::in_words;
use crate::letter::{Body, Letter};
use crate::problems::Problems;
use crate::source::Place;
use crate::source::file_kind::FileKind;
use crate::spec::loaded::Loaded;
use crate::words::{Message, say};

pub(crate) use crate::documents::revision::words::Edit;

/// The letter that a document was made of.
pub(crate) struct Original<'l> {
    /// The letter as it is written.
    pub written: &'l Loaded,
    /// The letter in the language of the document.
    pub letter: &'l Letter,
    /// The letter in its other languages.
    pub others: Vec<&'l Letter>,
    /// Its files.
    pub files: &'l Files,
}

/// What was changed in a document.
#[derive(Debug, Default)]
pub(crate) struct Revision {
    /// The changes that are taken over, in the order of the letter.
    pub changes: Vec<Change>,
    /// The edits that make them, those of each file in their order.
    pub edits: Vec<Edit>,
    /// The changes that are not taken over, and why.
    pub untaken: Vec<Untaken>,
    /// Whether the document was made of an earlier version of the letter.
    pub is_older: bool,
    /// Whether the document was not made of the letter, so that parts were compared with parts.
    pub is_own: bool,
    /// What the document has beside its text: comments, text that somebody deleted.
    pub beside: Vec<LeftOut>,
}

/// A change in the letter.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// What is changed, or what the new text follows.
    pub place: Place,
    /// The text with its changes: `[-old-]{+new+}`.
    pub shown: String,
}

/// A change that is not taken over.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Untaken {
    /// What it is, and the text.
    pub left: LeftOut,
    /// Where the letter says it now, or what it follows. None if the letter does not say it itself.
    pub place: Option<Place>,
    /// What both say, if both were changed.
    pub sides: Option<Sides>,
}

/// What the letter and a document say where both were changed. Empty if one took it out.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Sides {
    /// What both said before, if that can be known: the other two are then shown as differences from it.
    pub was: Option<String>,
    /// What the letter says now.
    pub letter: String,
    /// What the document says.
    pub document: String,
}

/// What was done to a paragraph of a document.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
enum Touched {
    /// It is compared with the letter.
    Here,
    /// Nothing: it is as it was in an earlier version of the letter.
    Nowhere,
    /// It was changed here, and the letter was changed there as well.
    Both,
    /// It was changed here, where the letter changed or lost a paragraph that the document lacks as well.
    Beside,
}

/// Finds what was changed in a document.
pub(crate) fn revision(source: &Source, original: &Original<'_>) -> Result<Revision, Message> {
    let Prepared { mut document, pictures, base } = prepared(source)?;
    let mut text = String::new();
    documents::visit(&document.blocks, &mut |run, _| text.extend([run, "\n"]));
    let tag = &original.letter.tag;
    documents::refuse_another_language(source, &documents::prose(&document.blocks), &text, tag)?;
    let exported = exported(source, original)?;
    let letter = Collector::of(original).units();
    let (before, after) = (units_of(&exported.document), units_of(&document));
    let (tokens_before, tokens_after) = (tokens_of(&before), tokens_of(&after));
    let tokens_letter: Vec<_> = letter.iter().map(|unit| unit.tokens.clone()).collect();
    // For each paragraph of the export, that of the letter which it prints.
    let origins = pairs(&tokens_letter, &tokens_before);
    // For each paragraph of the document, that of the export which it was.
    let olds = pairs(&tokens_before, &tokens_after);
    let known = olds.iter().flatten().count();
    if known * 4 < before.len().min(after.len()) {
        let (name, language) = (&source.name, in_words(&original.letter.tag));
        return Err(say!(
            "`{name}` has little in common with the letter in {language}: is it the right file, and the right language?",
            name,
            language
        ));
    }
    let mut units = own::Units { letter, before, after, origins, olds };
    let is_export = base.is_some();
    let documents = (&mut document, &exported.document);
    let own::Apart { no_text, own } = own::apart(&mut units, documents, is_export, original);
    let own::Units { letter, before, after, origins, mut olds } = units;
    let tables = match &original.letter.body {
        Body::Markdown(body) => {
            let paragraphs =
                Paragraphs { letter: &letter, before: &before, after: &after, origins: &origins };
            tables::tables(body, &paragraphs, &document, &olds)
        }
        Body::Typst(_) => Vec::new(),
    };
    tables::pair(&tables, &after, &mut olds);
    // An earlier version of the letter, if the document is of one.
    let base = base.filter(|base| exported.base.as_ref() != Some(base));
    let versions = base.as_ref().map(|base| {
        let today = exported.base.clone().unwrap_or_default();
        let document = Base::of_document(&source.data);
        let (own, other) = (texts_of(&before), texts_of(&after));
        let mut versions = Versions::new(base, (&own, &today), (&other, &document), &olds);
        tables::pair(&tables, &after, &mut versions.olds);
        versions
    });
    let touched = match (&base, &versions) {
        (Some(base), Some(versions)) => {
            let mut lost: HashMap<&str, usize> = HashMap::new();
            base.texts.iter().for_each(|print| *lost.entry(print).or_default() += 1);
            for print in exported.base.iter().flat_map(|now| &now.texts) {
                lost.entry(print).and_modify(|count| *count = count.saturating_sub(1));
            }
            touched(versions, &before, &after, |text| {
                fingerprint(text).is_some_and(|print| lost.get(&*print).is_some_and(|n| *n > 0))
            })
        }
        _ => vec![Touched::Here; after.len()],
    };
    let olds = versions.as_ref().map_or(olds, |versions| versions.olds.clone());
    let is_new = |at: usize| versions.as_ref().is_some_and(|all| all.before[at].is_none());
    let mut reviser = Reviser {
        original,
        document: &document,
        letter: &letter,
        before: &before,
        after: &after,
        tables: &tables,
        versions: base.as_ref().zip(versions.as_ref()),
        before_changes: base
            .as_ref()
            .map(|_| base::before_changes(&source.data))
            .unwrap_or_default(),
        is_new: (0..before.len()).map(is_new).collect(),
        touched,
        origins,
        olds,
        no_text,
        refused: Vec::new(),
        standing: Vec::new(),
        revision: Revision {
            is_older: base.is_some(),
            is_own: own.is_some(),
            ..Revision::default()
        },
    };
    reviser.body();
    reviser.others();
    if let Some(own) = own {
        reviser.own(own);
    }
    if let Some(versions) = &versions {
        reviser.lost(versions);
    }
    reviser.pictures((&exported.pictures, &pictures), base.as_ref());
    let mut revision = reviser.revision;
    // The pages have other numbers in another program.
    let without_numbers = |left: &LeftOut| {
        let text: String = left.text.chars().filter(|c| !c.is_numeric()).collect();
        (left.what.clone(), text)
    };
    let mut usual: Vec<_> = exported.document.left_out.iter().map(without_numbers).collect();
    for left in &document.left_out {
        match usual.iter().position(|known| *known == without_numbers(left)) {
            Some(at) => drop(usual.swap_remove(at)),
            None => revision.beside.push(left.clone()),
        }
    }
    revision.changes.sort_by_key(|change| {
        let is_letter = change.place.file == original.written.spec.file;
        (!is_letter, change.place.range.start)
    });
    revision.edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Ok(revision)
}

/// What was done to each paragraph of a document of an earlier version of the letter. `is_lost` tells whether
/// that had a text which the letter no longer has.
fn touched(
    versions: &Versions,
    before: &[ReadUnit],
    after: &[ReadUnit],
    is_lost: impl Fn(&str) -> bool,
) -> Vec<Touched> {
    /// A paragraph that got as many words may be two.
    const JOINED: usize = 3;
    let mut is_beside = vec![false; after.len()];
    for gap in &versions.gaps {
        is_beside[gap.after.clone()].fill(true);
        // What is missing may have been joined to its neighbours.
        let neighbours = [gap.after.start.checked_sub(1), Some(gap.after.end)];
        for at in neighbours.into_iter().flatten().filter(|_| gap.missing > 0) {
            if let Some(old) = versions.olds.get(at).copied().flatten() {
                let (old, new) = (before[old].tokens.len(), after[at].tokens.len());
                is_beside[at] |= new >= old + JOINED;
            }
        }
    }
    let all = after.iter().zip(&versions.olds).enumerate();
    let touched = all.map(|(at, (unit, old))| {
        let old = old.map(|old| (&before[old], versions.before[old]));
        match (old, versions.after[at]) {
            (Some((old, _)), _) if tokens_same(&old.tokens, &unit.tokens) => Touched::Here,
            // Two texts that differ were one: the fingerprint of one of them says so by chance.
            (Some((_, Some(own))), Some(other)) if own == other => Touched::Both,
            // Both are what they were: the document has it in another place.
            (Some((_, Some(_))) | None, Some(own)) if versions.is_in_letter(own) => Touched::Here,
            (Some((_, None)) | None, Some(own)) if !versions.is_in_letter(own) => Touched::Nowhere,
            (Some((_, None)), _) | (Some(_), Some(_)) => Touched::Both,
            (None, None) if is_lost(&unit.text) => Touched::Beside,
            (_, None) if is_beside[at] => Touched::Beside,
            _ => Touched::Here,
        }
    });
    touched.collect()
}

fn tokens_of(units: &[ReadUnit]) -> Vec<Vec<Token>> {
    units.iter().map(|unit| unit.tokens.clone()).collect()
}

fn texts_of(units: &[ReadUnit]) -> Vec<&str> {
    units.iter().map(|unit| unit.text.as_str()).collect()
}

/// Reads a document as [`documents::letter`] does.
fn prepared(source: &Source) -> Result<Prepared, Message> {
    let mut document = documents::read(source)?;
    documents::clean(&mut document);
    // The passages of the letter are known.
    documents::passages::settle(&mut document, None);
    let mut pictures = Vec::new();
    pictures_of(&document.blocks, &mut pictures);
    document.notes.iter().for_each(|note| pictures_of(note, &mut pictures));
    documents::pictures::find(&mut document, source, None);
    document.blocks = documents::text::settle(std::mem::take(&mut document.blocks));
    Ok(Prepared { document, pictures, base: Base::read(&source.data) })
}

/// A document, what its pictures show, and of which version of the letter it was made.
struct Prepared {
    document: Document,
    pictures: Vec<String>,
    base: Option<Base>,
}

/// What the pictures of some blocks show, as far as it is said.
fn pictures_of(blocks: &[Read], all: &mut Vec<String>) {
    for block in blocks {
        let mut of_runs = |runs: &[Run]| {
            all.extend(model::shown(runs).map(|shown| one_line(&shown.alt)));
        };
        match block {
            Read::Paragraph(runs) | Read::Heading(_, runs) => of_runs(runs),
            Read::Table(table) => table.rows.iter().flatten().for_each(|cell| of_runs(cell)),
            Read::List { items, .. } => items.iter().for_each(|item| pictures_of(item, all)),
            Read::Quote(blocks) => pictures_of(blocks, all),
            Read::Code(_) | Read::Blank | Read::Rule => {}
        }
    }
}

/// Whether two texts have the same words.
fn tokens_same(one: &[Token], other: &[Token]) -> bool {
    one.iter().map(|token| &token.key).eq(other.iter().map(|token| &token.key))
}

/// What the letter says now in the format of a document.
fn exported(source: &Source, original: &Original<'_>) -> Result<Prepared, Message> {
    let name = source.name.to_lowercase();
    let is_one_of = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let format = match FileKind::of(&source.data, &name) {
        Some(_) => Format::Docx,
        None if is_one_of(&[".html", ".htm", ".xhtml"]) => Format::Html,
        None if is_one_of(&[".md", ".markdown", ".mdx", ".qmd"]) => Format::Md,
        None => Format::Txt,
    };
    let problems = Problems::default();
    let made = formats::documents(original.letter, "letter", &[format], original.files, &problems);
    let Some(made) = made.into_iter().next() else {
        let first = problems.into_sorted().into_iter().next();
        return Err(first.map_or_else(|| say!("the letter cannot be written"), |p| p.message));
    };
    prepared(&Source { name: made.name, data: made.data, language: None, folder: None })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, with the spaces at both ends.
fn one_line_within(text: &str) -> String {
    text.replace(char::is_whitespace, " ")
}

/// A file with its edits.
pub(crate) fn edited(source: &str, edits: &[&Edit]) -> Option<String> {
    let mut text = String::new();
    let mut at = 0;
    for edit in edits {
        text.push_str(source.get(at..edit.range.start)?);
        text.push_str(&edit.text);
        at = edit.range.end;
    }
    text.push_str(source.get(at..)?);
    Some(text)
}

#[cfg(test)]
mod tests;
