//! What was changed in a document that was made of a letter, and the edits that make the same changes in the
//! letter. The document is compared with what the same format says of the letter now, so that one that
//! nobody changed changes nothing.

mod anchors;
mod versions;
mod words;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use ecow::EcoString;
use typst::syntax::FileId;

use crate::checks::parity::alignment::{Step, align};
use crate::documents::model::{self, Block as Read, Document, LeftOut, Run, Style, slice};
use crate::documents::revision::versions::Versions;
use crate::documents::revision::words::{
    Hunk, MAX_PRODUCT, SMALL_PRODUCT, Source as Written, Token,
};
use crate::documents::{self, Source, body as bodies};
use crate::files::Files;
use crate::formats::docx::base::{Base, fingerprint, of_picture};
use crate::formats::format::Format;
use crate::formats::outline::{Part, Quotes};
use crate::formats::{self, outline, outline_blocks};
use crate::language::in_words;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Letter, Printed};
use crate::problems::Problems;
use crate::source::Place;
use crate::source::file_kind::FileKind;
use crate::spec::loaded::Loaded;
use crate::spec::{BodySource, Localized};
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
    let Prepared { document, pictures, .. } = prepared(source)?;
    let mut text = String::new();
    documents::visit(&document.blocks, &mut |run, _| text.extend([run, "\n"]));
    let tag = &original.letter.tag;
    documents::refuse_another_language(source, &documents::prose(&document.blocks), &text, tag)?;
    let exported = exported(source, original)?;
    let letter = Collector::of(original).units();
    let (before, after) = (units_of(&exported.document), units_of(&document));
    let tokens = |units: &[ReadUnit]| units.iter().map(|u| u.tokens.clone()).collect::<Vec<_>>();
    let (tokens_before, tokens_after) = (tokens(&before), tokens(&after));
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
    // An earlier version of the letter, if the document is of one.
    let base = Base::read(&source.data).filter(|base| exported.base.as_ref() != Some(base));
    let versions = base.as_ref().map(|base| {
        let today = exported.base.clone().unwrap_or_default();
        let document = Base::of_document(&source.data);
        let (own, other) = (texts_of(&before), texts_of(&after));
        Versions::new(base, (&own, &today), (&other, &document), &olds)
    });
    let touched = match (&base, &versions) {
        (Some(base), Some(versions)) => {
            let now = exported.base.iter().flat_map(|now| &now.texts).collect::<HashSet<_>>();
            let lost = base.texts.iter().filter(|print| !now.contains(print));
            let lost: HashSet<&String> = lost.collect();
            touched(versions, &before, &after, |text| {
                fingerprint(text).is_some_and(|print| lost.contains(&print))
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
        is_new: (0..before.len()).map(is_new).collect(),
        touched,
        origins,
        olds,
        refused: Vec::new(),
        standing: Vec::new(),
        revision: Revision { is_older: base.is_some(), ..Revision::default() },
    };
    reviser.body();
    reviser.others();
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

fn texts_of(units: &[ReadUnit]) -> Vec<&str> {
    units.iter().map(|unit| unit.text.as_str()).collect()
}

/// Reads a document as [`documents::letter`] does.
fn prepared(source: &Source) -> Result<Prepared, Message> {
    let mut document = documents::read(source)?;
    documents::clean(&mut document);
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
            Read::Table(rows) => rows.iter().flatten().for_each(|cell| of_runs(cell)),
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

/// A paragraph, a heading, an item or a cell of a document.
struct ReadUnit {
    runs: Vec<Run>,
    text: String,
    tokens: Vec<Token>,
    /// The index of the block that it is in, or that of a note behind all blocks.
    top: usize,
    /// Whether it is a paragraph, and not a heading or a cell.
    is_paragraph: bool,
    /// How many notes it refers to.
    notes: usize,
}

/// The paragraphs of a document in their order, and then those of its notes.
fn units_of(document: &Document) -> Vec<ReadUnit> {
    fn unit(runs: &[Run], top: usize, is_paragraph: bool, units: &mut Vec<ReadUnit>) {
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let tokens = words::tokens(&text);
        if !tokens.is_empty() {
            let notes = runs.iter().filter(|run| run.note.is_some()).count();
            let runs = runs.to_vec();
            units.push(ReadUnit { runs, text, tokens, top, is_paragraph, notes });
        }
    }
    fn within(block: &Read, top: usize, units: &mut Vec<ReadUnit>) {
        match block {
            Read::Paragraph(runs) => unit(runs, top, true, units),
            Read::Heading(_, runs) => unit(runs, top, false, units),
            Read::List { items, .. } => {
                items.iter().flatten().for_each(|block| within(block, top, units));
            }
            Read::Quote(blocks) => blocks.iter().for_each(|block| within(block, top, units)),
            Read::Table(rows) => {
                rows.iter().flatten().for_each(|cell| unit(cell, top, false, units));
            }
            Read::Code(code) => unit(&[Run::plain(code.as_str())], top, false, units),
            Read::Blank | Read::Rule => {}
        }
    }
    let mut units = Vec::new();
    for (top, block) in document.blocks.iter().chain(document.notes.iter().flatten()).enumerate() {
        within(block, top, &mut units);
    }
    units
}

/// The words of paragraphs as numbers: equal words have the same.
#[derive(Default)]
struct Numbers<'t>(HashMap<&'t str, u32>);

impl<'t> Numbers<'t> {
    fn of(&mut self, paragraphs: &'t [Vec<Token>]) -> Vec<Vec<u32>> {
        let mut number = |token: &'t Token| {
            let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            *self.0.entry(&token.key).or_insert(next)
        };
        let mut numbers = |tokens: &'t Vec<Token>| tokens.iter().map(&mut number).collect();
        paragraphs.iter().map(&mut numbers).collect()
    }
}

/// Two sequences of paragraphs, and which are found to be the same.
struct Pairing {
    /// The words in their order.
    first: Vec<Vec<u32>>,
    second: Vec<Vec<u32>>,
    /// The words sorted.
    bags: (Vec<Vec<u32>>, Vec<Vec<u32>>),
    found: Vec<Option<usize>>,
}

/// For each of the second paragraphs, the one of the first that it is: first those that are the same and
/// appear once, then those with rows of words that no other has, and then, between them, those that are alike.
fn pairs(first: &[Vec<Token>], second: &[Vec<Token>]) -> Vec<Option<usize>> {
    let mut numbers = Numbers::default();
    let (first, second) = (numbers.of(first), numbers.of(second));
    let sorted = |texts: &[Vec<u32>]| -> Vec<Vec<u32>> {
        let sorted = texts.iter().cloned().map(|mut text| {
            text.sort_unstable();
            text
        });
        sorted.collect()
    };
    let bags = (sorted(&first), sorted(&second));
    let found = vec![None; second.len()];
    let mut pairing = Pairing { first, second, bags, found };
    let anchors = anchors::anchors(&pairing.first, &pairing.second);
    let whole = (0..pairing.first.len(), 0..pairing.second.len());
    let mut open = pairing.join(&anchors, &whole);
    for _ in 0..ROUNDS {
        let gaps = std::mem::take(&mut open);
        for gap in gaps {
            open.extend(pairing.between(gap));
        }
    }
    pairing.found
}

/// How often what is between alike paragraphs is looked at again.
const ROUNDS: usize = 6;

type Gap = (Range<usize>, Range<usize>);

impl Pairing {
    /// Notes pairs within a gap, and returns the gaps that are left.
    fn join(&mut self, pairs: &[(usize, usize)], (firsts, seconds): &Gap) -> Vec<Gap> {
        for (i, j) in pairs {
            self.found[seconds.start + j] = Some(firsts.start + i);
        }
        let gaps = anchors::gaps(pairs, (firsts.len(), seconds.len())).into_iter();
        let within = |(i, j): Gap| {
            let (i_start, j_start) = (firsts.start, seconds.start);
            (i_start + i.start..i_start + i.end, j_start + j.start..j_start + j.end)
        };
        gaps.map(within).filter(|(i, j)| !i.is_empty() && !j.is_empty()).collect()
    }

    /// How well two paragraphs match: above zero, they are the same with changes.
    fn score(&self, i: usize, j: usize) -> f64 {
        /// Below this, two paragraphs are not the same with changes.
        const LEAST: f64 = 0.35;
        match self.first[i] == self.second[j] {
            true => 2.0,
            false => likeness(&self.bags.0[i], &self.bags.1[j]) - LEAST,
        }
    }

    /// Pairs the paragraphs of a gap. Of a long one, only what is surely the same, and what is between is
    /// returned.
    fn between(&mut self, (firsts, seconds): Gap) -> Vec<Gap> {
        let (mut old, mut new) = (firsts, seconds);
        while !old.is_empty() && !new.is_empty() && self.first[old.start] == self.second[new.start]
        {
            self.found[new.start] = Some(old.start);
            (old.start, new.start) = (old.start + 1, new.start + 1);
        }
        while !old.is_empty()
            && !new.is_empty()
            && self.first[old.end - 1] == self.second[new.end - 1]
        {
            (old.end, new.end) = (old.end - 1, new.end - 1);
            self.found[new.end] = Some(old.end);
        }
        if old.is_empty() || new.is_empty() {
            return Vec::new();
        }
        if old.len() * new.len() > SMALL_PRODUCT {
            let mut alike = anchors::alike(&self.first[old.clone()], &self.second[new.clone()]);
            alike.retain(|(i, j)| self.score(old.start + i, new.start + j) > 0.0);
            if !alike.is_empty() {
                return self.join(&alike, &(old, new));
            }
        }
        if old.len() * new.len() <= MAX_PRODUCT {
            let score = |x: Range<usize>, y: Range<usize>| {
                self.score(old.start + x.start, new.start + y.start)
            };
            let steps = align(old.len(), new.len(), 1, 0.0, score);
            for step in steps {
                if let Step::Both(x, y) = step {
                    let (i, j) = (old.start + x.start, new.start + y.start);
                    self.found[j] = (self.score(i, j) > 0.0).then_some(i);
                }
            }
        }
        Vec::new()
    }
}

/// How many words two paragraphs have in common, from 0 to 1. Their words are sorted.
fn likeness(one: &[u32], other: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        match a.cmp(b) {
            Ordering::Less => i += 1,
            Ordering::Greater => j += 1,
            Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    2.0 * f64::from(common) / (one.len() + other.len()).max(1) as f64
}

/// A paragraph of the letter.
struct Unit {
    text: String,
    tokens: Vec<Token>,
    leaf: Leaf,
    place: Place,
    /// Whether the letter says it in that place, and not the program by itself.
    is_said: bool,
    /// Whether it refers to notes.
    has_notes: bool,
    /// Whether it is the caption of a picture, which is written in the same place.
    is_caption: bool,
}

/// What a paragraph of the letter is.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
enum Leaf {
    /// In the block of the body with this index.
    Body(usize),
    /// In a footnote.
    Note,
    /// A value of the letter, with what the program prints beside it.
    Printed,
}

/// Where a piece of a paragraph's text is written: the range of the text, and of the file.
struct Segment {
    text: Range<usize>,
    file: FileId,
    start: usize,
    within: usize,
}

/// Collects the paragraphs of a letter with the places of their words.
struct Collector<'o> {
    original: &'o Original<'o>,
    sources: HashMap<FileId, String>,
    /// The values of the letter by where they are written.
    printed: HashMap<(FileId, usize), &'o Printed>,
    /// Those that other languages print as well.
    shared: HashSet<(FileId, usize)>,
    units: Vec<Unit>,
    notes: Vec<(EcoString, Vec<Block>)>,
    /// How many marks and links there were.
    marks: usize,
    /// How many references to notes there were.
    references: usize,
}

impl<'o> Collector<'o> {
    fn of(original: &'o Original<'o>) -> Self {
        let at = |printed: &Printed| (printed.source.place.file, printed.source.place.range.start);
        let texts = original.letter.texts();
        let printed = texts.into_iter().map(|(_, printed)| (at(printed), printed)).collect();
        let others = original.others.iter().flat_map(|letter| letter.texts());
        let shared = others.map(|(_, printed)| at(printed)).collect();
        Self {
            original,
            sources: HashMap::new(),
            printed,
            shared,
            units: Vec::new(),
            notes: Vec::new(),
            marks: 0,
            references: 0,
        }
    }

    fn units(mut self) -> Vec<Unit> {
        let Body::Markdown(body) = &self.original.letter.body else { return Vec::new() };
        for part in outline::parts(self.original.letter, body, Quotes::Straight) {
            if let Part::Body { blocks, .. } = &part {
                for (index, block) in blocks.iter().enumerate() {
                    self.block(block, Leaf::Body(index));
                }
                continue;
            }
            for block in outline_blocks::blocks(vec![part], |label| label) {
                self.block(&block, Leaf::Printed);
            }
        }
        let mut index = 0;
        while let Some((_, text)) = self.notes.get(index).cloned() {
            index += 1;
            text.iter().for_each(|block| self.block(block, Leaf::Note));
        }
        self.units
    }

    fn block(&mut self, block: &Block, leaf: Leaf) {
        match &block.kind {
            BlockKind::Paragraph(line) | BlockKind::Heading(_, line) => self.unit(line, leaf),
            BlockKind::List { items, .. } => {
                items.iter().flatten().for_each(|block| self.block(block, leaf));
            }
            BlockKind::Quote(blocks) => blocks.iter().for_each(|block| self.block(block, leaf)),
            BlockKind::Table { rows, .. } => {
                rows.iter().flatten().for_each(|cell| self.unit(cell, leaf));
            }
            BlockKind::Code(code) => {
                let tokens = words::tokens(code);
                let place = block.place.clone();
                let text = code.to_string();
                self.units.push(Unit {
                    text,
                    tokens,
                    leaf,
                    place,
                    is_said: true,
                    has_notes: false,
                    is_caption: false,
                });
            }
            BlockKind::Figure(figure) => {
                let captions = self.units.len();
                self.unit(&figure.caption, leaf);
                self.units[captions..].iter_mut().for_each(|unit| unit.is_caption = true);
            }
            BlockKind::ThematicBreak => {}
        }
    }

    fn unit(&mut self, line: &[Inline], leaf: Leaf) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
        let mut text = String::new();
        let mut segments = Vec::new();
        let mut cursors = HashMap::new();
        let references = self.references;
        self.line(line, 0, leaf, &mut text, &mut segments, &mut cursors);
        let mut tokens = words::tokens(&text);
        for token in &mut tokens {
            let segment = segments.iter().find(|segment: &&Segment| {
                segment.text.start <= token.at.start && token.at.end <= segment.text.end
            });
            token.within = segment.map_or(usize::MAX, |segment| segment.within);
            token.source = segment.map(|segment| {
                let start = segment.start + token.at.start - segment.text.start;
                Written { file: segment.file, range: start..start + token.at.len() }
            });
        }
        if tokens.is_empty() {
            return;
        }
        let range = first.place.range.start..last.place.range.end.max(first.place.range.start);
        let said = match leaf {
            Leaf::Printed => tokens
                .iter()
                .find_map(|token| token.source.clone())
                .map(|at| Place::new(at.file, at.range))
                .or_else(|| self.value_in(line)),
            _ => Some(Place::new(first.place.file, range)),
        };
        let is_said = said.is_some();
        let place = said.unwrap_or_else(|| first.place.clone());
        let has_notes = self.references > references;
        let is_caption = false;
        self.units.push(Unit { text, tokens, leaf, place, is_said, has_notes, is_caption });
    }

    fn line(
        &mut self,
        line: &[Inline],
        within: usize,
        leaf: Leaf,
        text: &mut String,
        segments: &mut Vec<Segment>,
        cursors: &mut HashMap<usize, usize>,
    ) {
        for inline in line {
            match &inline.kind {
                InlineKind::Text(part) => {
                    let at = text.len();
                    text.push_str(part);
                    match leaf {
                        Leaf::Printed => segments.extend(self.value(inline, part, at, cursors)),
                        _ => segments.extend(self.markdown(inline, part, at, within)),
                    }
                }
                InlineKind::Code(code) => text.push_str(code),
                InlineKind::Space | InlineKind::LineBreak => text.push(' '),
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body)
                | InlineKind::Passage(_, body) => {
                    self.marks += 1;
                    let mark = self.marks;
                    self.line(body, mark, leaf, text, segments, cursors);
                }
                InlineKind::Footnote(_, name, blocks) => {
                    self.references += 1;
                    let known = self.notes.iter_mut().find(|(known, _)| known == name);
                    match known {
                        Some((_, text)) if text.is_empty() => text.clone_from(blocks),
                        Some(_) => {}
                        None => self.notes.push((name.clone(), blocks.clone())),
                    }
                }
            }
        }
    }

    /// Where the first value of the letter is in a line.
    fn value_in(&self, line: &[Inline]) -> Option<Place> {
        line.iter().find_map(|inline| match &inline.kind {
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => self.value_in(body),
            _ => {
                let place = (inline.place.file, inline.place.range.start);
                self.printed.get(&place).map(|printed| printed.source.place.clone())
            }
        })
    }

    fn source(&mut self, file: FileId) -> &str {
        let files = self.original.files;
        self.sources.entry(file).or_insert_with(|| files.text(file).unwrap_or_default())
    }

    /// Where a piece of a body is written: as it is, but for backslashes before signs.
    fn markdown(&mut self, inline: &Inline, part: &str, at: usize, within: usize) -> Vec<Segment> {
        let Place { file, range } = inline.place.clone();
        let Some(written) = self.source(file).get(range.clone()) else { return Vec::new() };
        let mut segments: Vec<Segment> = Vec::new();
        let (mut from, mut to) = (0, 0);
        let mut is_escaped = false;
        while from < part.len() && to < written.len() {
            let (Some(c), Some(w)) = (part[from..].chars().next(), written[to..].chars().next())
            else {
                break;
            };
            if w == '\\' && c != '\\' {
                to += 1;
                is_escaped = true;
                continue;
            }
            // `&amp;` is one sign, unless the text itself has all of it.
            let is_plain = std::mem::take(&mut is_escaped) || part[from..] == written[to..];
            if entity(&written[to..]).is_some() && !is_plain {
                break;
            }
            if c != w {
                break;
            }
            if w == '\\' && written[to + 1..].starts_with('\\') {
                to += 1;
            }
            let start = range.start + to;
            let size = c.len_utf8();
            match segments.last_mut() {
                Some(last) if last.start + last.text.len() == start => last.text.end += size,
                _ => {
                    let text = at + from..at + from + size;
                    segments.push(Segment { text, file, start, within });
                }
            }
            (from, to) = (from + size, to + size);
        }
        // What was filled in or escaped in another way is between two parts that stand as they are.
        let common: usize = part[from..]
            .chars()
            .rev()
            .zip(written[to..].char_indices().rev())
            .take_while(|(c, (at, w))| {
                let before = &written[to..to + at + w.len_utf8()];
                let last = before.rfind('&').and_then(|start| entity(&before[start..]));
                c == w && (*w != ';' || last.is_none())
            })
            .map(|(c, _)| c.len_utf8())
            .sum();
        if common > 0 {
            let text = at + part.len() - common..at + part.len();
            segments.push(Segment { text, file, start: range.end - common, within });
        }
        segments
    }

    /// Where a piece of a value is written, if it stands as it is in a value of this language alone.
    fn value(
        &mut self,
        inline: &Inline,
        part: &str,
        at: usize,
        cursors: &mut HashMap<usize, usize>,
    ) -> Vec<Segment> {
        /// A longer text is one value of a letter that nobody writes by hand.
        const MOST: usize = 2000;
        let Place { file, range } = inline.place.clone();
        let place = (file, range.start);
        let Some(printed) = self.printed.get(&place).copied() else { return Vec::new() };
        let is_own = !self.shared.contains(&place) && file == self.original.written.spec.file;
        let value = &printed.source.value;
        let cursor = cursors.entry(range.start).or_default();
        let found = value.get(*cursor..).and_then(|rest| rest.find(part));
        let Some(found) = found.filter(|_| is_own && part.len() <= MOST) else { return Vec::new() };
        let start = *cursor + found;
        *cursor = start + part.len();
        let source = self.source(file);
        let mut segments: Vec<Segment> = Vec::new();
        for (offset, c) in part.char_indices() {
            let (from, size) = (start + offset, c.len_utf8());
            let written = printed.source.locate(source, from..from + size).range;
            if source.get(written.clone()) != part.get(offset..offset + size) {
                continue;
            }
            match segments.last_mut() {
                Some(last)
                    if last.start + last.text.len() == written.start
                        && last.text.end == at + offset =>
                {
                    last.text.end += size;
                }
                _ => {
                    let text = at + offset..at + offset + size;
                    let within = range.start + 1;
                    segments.push(Segment { text, file, start: written.start, within });
                }
            }
        }
        segments
    }
}

/// Makes edits of the changes.
struct Reviser<'r> {
    original: &'r Original<'r>,
    document: &'r Document,
    letter: &'r [Unit],
    before: &'r [ReadUnit],
    after: &'r [ReadUnit],
    /// The paragraph of the letter that each one of the export prints.
    origins: Vec<Option<usize>>,
    /// The paragraph of the export that each one of the document was.
    olds: Vec<Option<usize>>,
    /// Which paragraphs of the export the letter did not have when the document was made.
    is_new: Vec<bool>,
    /// What was done to each paragraph of the document.
    touched: Vec<Touched>,
    /// The words of each change that is not taken over.
    refused: Vec<Vec<Token>>,
    /// The words of each paragraph that the document does not have, but that stays with its notes.
    standing: Vec<Vec<Token>>,
    revision: Revision,
}

impl Reviser<'_> {
    /// The block of the body that a paragraph of the document was in.
    fn block_of(&self, after: usize) -> Option<usize> {
        match self.letter[self.origins[self.olds[after]?]?].leaf {
            Leaf::Body(block) => Some(block),
            Leaf::Note | Leaf::Printed => None,
        }
    }

    fn leave(&mut self, what: Message, text: String, place: Option<Place>) {
        self.revision.untaken.push(Untaken { left: LeftOut { what, text }, place });
    }

    /// Where a paragraph of the letter is said.
    fn place_of(&self, unit: usize) -> Option<Place> {
        let unit = &self.letter[unit];
        unit.is_said.then(|| unit.place.clone())
    }

    /// Where the letter says what a paragraph of the document stands behind.
    fn behind(&self, after: usize) -> Option<Place> {
        let origin = |after: usize| self.origins[self.olds[after]?];
        (0..after).rev().find_map(origin).and_then(|unit| self.place_of(unit))
    }

    /// Whether the letter of today has a paragraph of the document in another place.
    fn is_moved(&self, after: usize) -> bool {
        self.before.iter().any(|before| tokens_same(&before.tokens, &self.after[after].tokens))
    }

    /// Whether new words are those of a paragraph that stays where it is: they would be there twice.
    fn is_twice(&self, come: &[Token]) -> bool {
        self.standing.iter().any(|words| words::share(words, come) >= 0.5)
    }

    /// Tells the pictures that are gone, and the descriptions that were changed.
    /// What the letter itself changed of them since the document was made is none of that.
    fn pictures(&mut self, (before, after): (&[String], &[String]), base: Option<&Base>) {
        let mut come = after.to_vec();
        let mut gone: Vec<&String> = Vec::new();
        for alt in before {
            match come.iter().position(|other| other == alt) {
                Some(at) => drop(come.remove(at)),
                None => gone.push(alt),
            }
        }
        if let Some(base) = base {
            let mut lost = base.pictures.clone();
            for alt in before.iter().chain(&come) {
                let print = of_picture(alt);
                lost.iter().position(|known| *known == print).map(|at| lost.swap_remove(at));
            }
            let has = |alt: &str| base.pictures.contains(&of_picture(alt));
            come.retain(|alt| !has(alt));
            // One that neither has may be any that is new in the letter.
            gone.retain(|alt| has(alt) || !lost.is_empty());
        }
        // In their order, which is that of the text.
        let mut come = come.into_iter();
        for alt in gone {
            let place = self.figure(alt);
            match come.next() {
                Some(new) => {
                    let text = format!("[-{alt}-]{{+{new}+}}");
                    self.leave(say!("the description of a picture"), text, place);
                }
                None => self.leave(say!("a picture that is gone"), format!("[-{alt}-]"), place),
            }
        }
        if base.is_some() {
            for new in come {
                self.leave(say!("the description of a picture"), format!("{{+{new}+}}"), None);
            }
        }
    }

    /// Tells what the letter has now where the document has fewer paragraphs than both had.
    fn lost(&mut self, versions: &Versions) {
        let mut now = vec![None; self.before.len()];
        for (old, touched) in self.olds.iter().zip(&self.touched) {
            if let Some(old) = old {
                now[*old] = Some(*touched);
            }
        }
        for gap in versions.gaps.iter().filter(|gap| gap.missing > 0) {
            for before in gap.before.clone() {
                let text = one_line(&self.before[before].text);
                let text = match now[before] {
                    _ if !self.is_new[before] => continue,
                    None => format!("[-{text}-]"),
                    Some(Touched::Nowhere) => text,
                    Some(_) => continue,
                };
                let place = self.origins[before].and_then(|origin| self.place_of(origin));
                self.leave(beside(), text, place);
            }
        }
    }

    /// Where the picture of the body is that shows this.
    fn figure(&self, alt: &str) -> Option<Place> {
        fn find(blocks: &[Block], alt: &str) -> Option<Place> {
            blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Figure(figure) => {
                    (one_line(&outline::plain(&figure.alt)) == alt).then(|| block.place.clone())
                }
                BlockKind::Quote(blocks) => find(blocks, alt),
                BlockKind::List { items, .. } => items.iter().find_map(|item| find(item, alt)),
                _ => None,
            })
        }
        match &self.original.letter.body {
            Body::Markdown(blocks) => find(blocks, alt),
            Body::Typst(_) => None,
        }
    }

    /// Remembers new words that are not taken over: what they were before is not taken out.
    fn refuse(&mut self, come: Vec<Token>) {
        self.refused.push(come);
    }

    /// Takes over the changes of the body.
    fn body(&mut self) {
        let Body::Markdown(blocks) = &self.original.letter.body else { return };
        let taken = (self.revision.edits.len(), self.revision.changes.len());
        self.blocks_of_body(blocks);
        if self.body_is_shared() {
            // What another language says too is not this one's to change.
            self.revision.edits.truncate(taken.0);
            for change in self.revision.changes.split_off(taken.1) {
                self.leave(
                    say!("a text that several languages share"),
                    change.shown,
                    Some(change.place),
                );
            }
        }
    }

    fn blocks_of_body(&mut self, blocks: &[Block]) {
        // What the document has in place of each paragraph of the letter; none if it is not printed.
        let mut now: BTreeMap<usize, Option<usize>> =
            self.origins.iter().flatten().map(|origin| (*origin, None)).collect();
        for (after, old) in self.olds.iter().enumerate() {
            if let Some(origin) = old.and_then(|old| self.origins[old]) {
                now.insert(origin, Some(after));
            }
        }
        // What the letter got since is not gone.
        for (before, origin) in self.origins.iter().enumerate() {
            if let Some(origin) = origin.filter(|origin| now.get(origin) == Some(&None))
                && self.is_new[before]
            {
                now.remove(&origin);
            }
        }
        // The next paragraphs on both sides that the letter has.
        let is_known = |at: &usize| self.olds[*at].is_some();
        let last_of = |last: &mut Option<usize>, at: usize| {
            let before = *last;
            *last = Some(at).filter(is_known).or(before);
            Some(before)
        };
        let all = 0..self.after.len();
        let known_before: Vec<Option<usize>> = all.clone().scan(None, last_of).collect();
        let mut known_behind: Vec<Option<usize>> = all.rev().scan(None, last_of).collect();
        known_behind.reverse();
        let mut added: BTreeMap<Option<usize>, BTreeSet<usize>> = BTreeMap::new();
        let mut torn: BTreeSet<usize> = BTreeSet::new();
        for after in 0..self.after.len() {
            if self.olds[after].is_some() {
                continue;
            }
            let top = self.after[after].top;
            if top >= self.document.blocks.len() {
                let text = added_text(&self.after[after]);
                let what = match self.touched[after] {
                    Touched::Nowhere => continue,
                    _ => say!("a footnote that is new or gone"),
                };
                self.leave(what, text, self.behind(after));
                continue;
            }
            if self.touched[after] == Touched::Nowhere {
                let old = |at: Option<usize>| at.and_then(|at| self.olds[at]);
                let start = old(known_before[after]).map_or(0, |old| old + 1);
                let end = old(known_behind[after]).unwrap_or(self.before.len());
                // In the place of what was changed in the letter there is something new.
                let is_moved = self.is_moved(after);
                if !is_moved && !(start..end).any(|before| self.is_new[before]) {
                    let text = added_text(&self.after[after]);
                    let what = say!("a text that the letter no longer has");
                    self.leave(what, text, self.behind(after));
                }
                continue;
            }
            if self.touched[after] == Touched::Beside {
                self.refuse(self.after[after].tokens.clone());
                self.leave(beside(), added_text(&self.after[after]), self.behind(after));
                continue;
            }
            let (before, next) = (known_before[after], known_behind[after]);
            let inside = [before, next].into_iter().flatten().find(|at| self.after[*at].top == top);
            if let Some(block) = inside.and_then(|at| self.block_of(at)) {
                torn.insert(block);
                continue;
            }
            let (before, next) =
                (before.and_then(|at| self.block_of(at)), next.and_then(|at| self.block_of(at)));
            match (before, next) {
                (Some(block), _) => {
                    added.entry(Some(block)).or_default().insert(top);
                }
                (None, Some(block)) => {
                    added.entry(block.checked_sub(1)).or_default().insert(top);
                }
                (None, None) => {
                    let text = added_text(&self.after[after]);
                    let what = say!("a text that is new, and no part of the body");
                    self.leave(what, text, self.behind(after));
                }
            }
        }
        let mut removed: BTreeSet<usize> = BTreeSet::new();
        let mut leaves_of: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
        for (at, unit) in self.letter.iter().enumerate() {
            if let Leaf::Body(index) = unit.leaf
                && let Some(leaves) = leaves_of.get_mut(index)
            {
                leaves.push(at);
            }
        }
        let is_gone =
            |leaves: &[usize]| leaves.iter().all(|leaf| now.get(leaf).copied() == Some(None));
        for leaves in leaves_of.iter().filter(|leaves| !leaves.is_empty() && is_gone(leaves)) {
            let units = || leaves.iter().map(|leaf| &self.letter[*leaf]);
            if units().any(|unit| unit.has_notes) {
                let words = units().flat_map(|unit| &unit.tokens).filter(|token| token.is_word());
                self.standing.push(words.cloned().collect());
            }
        }
        for (index, block) in blocks.iter().enumerate() {
            let leaves = &leaves_of[index];
            let there: Vec<Option<Option<usize>>> =
                leaves.iter().map(|leaf| now.get(leaf).copied()).collect();
            let gone = there.iter().filter(|now| **now == Some(None)).count();
            if gone > 0 && has_picture(block) {
                // The document says nothing of the picture itself.
                let texts = leaves.iter().map(|leaf| one_line(&self.letter[*leaf].text));
                let text = texts.collect::<Vec<_>>().join(" / ");
                let what = say!("a change that cannot be written in its place");
                self.leave(what, text, Some(block.place.clone()));
            } else if gone > 0 && gone == leaves.len() {
                removed.insert(index);
            } else if gone > 0 || torn.contains(&index) {
                self.rewrite(block, index);
            } else {
                for (leaf, now) in leaves.iter().zip(there) {
                    if let Some(Some(now)) = now {
                        self.change(*leaf, now);
                    }
                }
            }
        }
        for (behind, tops) in added {
            self.add(blocks, behind, &tops, &removed);
        }
        // At last, when it is known what is not taken over.
        self.remove(blocks, removed, &leaves_of);
    }

    /// Takes over the changes outside the body.
    fn others(&mut self) {
        let met: HashSet<usize> = self.olds.iter().flatten().copied().collect();
        for before in 0..self.before.len() {
            let leaf = self.origins[before].map(|origin| self.letter[origin].leaf);
            if met.contains(&before) || matches!(leaf, Some(Leaf::Body(_))) || self.is_new[before] {
                continue;
            }
            let text = format!("[-{}-]", one_line(&self.before[before].text));
            let what = match leaf {
                Some(Leaf::Note) => say!("a footnote that is new or gone"),
                _ => say!("a part of the letter that the document does not have"),
            };
            let place = self.origins[before].and_then(|origin| self.place_of(origin));
            self.leave(what, text, place);
        }
        for after in 0..self.after.len() {
            let Some(before) = self.olds[after] else { continue };
            match self.origins[before].map(|origin| (origin, self.letter[origin].leaf)) {
                Some((_, Leaf::Body(_))) => {}
                Some((origin, Leaf::Note | Leaf::Printed)) => self.change(origin, after),
                None => {
                    let (old, new) = (&self.before[before], &self.after[after]);
                    let hunks = words::differences(&old.tokens, &new.tokens);
                    if !hunks.is_empty() && self.touched[after] != Touched::Nowhere {
                        let shown = words::shown(
                            (&old.text, &old.tokens),
                            (&new.text, &new.tokens),
                            &hunks,
                        );
                        self.leave(say!("a text that the program prints by itself"), shown, None);
                    }
                }
            }
        }
    }

    /// Takes over what was changed in a paragraph.
    fn change(&mut self, origin: usize, after: usize) {
        if self.touched[after] == Touched::Nowhere {
            return;
        }
        let (unit, new) = (&self.letter[origin], &self.after[after]);
        let place = self.place_of(origin);
        let before = self.olds[after].map(|before| &self.before[before]);
        let (old_text, old_tokens) =
            before.map_or((&unit.text, &unit.tokens), |before| (&before.text, &before.tokens));
        let signs = words::differences(&unit.tokens, old_tokens);
        // What was changed in the export, without what the format itself writes.
        let all = words::differences(old_tokens, &new.tokens);
        let (kept, only_signs): (Vec<Hunk>, Vec<Hunk>) = all.into_iter().partition(|hunk| {
            !words::is_of_format((&unit.tokens, old_tokens, &new.tokens), &signs, hunk)
        });
        let old = (old_text.as_str(), &old_tokens[..]);
        let says = |hunk: &Hunk| {
            let gone = old_tokens[hunk.old.clone()].iter();
            gone.chain(&new.tokens[hunk.new.clone()]).any(Token::is_word)
        };
        if only_signs.iter().any(says) {
            let shown = words::shown(old, (&new.text, &new.tokens), &only_signs);
            let what = say!("a change that cannot be written in its place");
            self.leave(what, shown, place.clone());
        }
        if kept.is_empty() {
            if before.is_some_and(|before| before.notes != new.notes) {
                let text = one_line(&new.text);
                self.leave(say!("a footnote that is new or gone"), text, place);
            }
            return;
        }
        let shown = words::shown(old, (&new.text, &new.tokens), &kept);
        let come = kept.iter().flat_map(|hunk| new.tokens[hunk.new.clone()].to_vec());
        let come: Vec<Token> = come.collect();
        let reason = if self.touched[after] == Touched::Both {
            Some(say!("a text that was changed in the letter as well"))
        } else if self.touched[after] == Touched::Beside {
            Some(beside())
        } else if before.is_some_and(|before| before.notes != new.notes) {
            Some(say!("a footnote that is new or gone"))
        } else if self.is_twice(&come) {
            Some(say!("a change that cannot be written in its place"))
        } else {
            None
        };
        if let Some(what) = reason {
            self.refuse(new.tokens.clone());
            self.leave(what, shown, place);
            return;
        }
        let has_sign = kept.iter().any(|hunk| {
            let mut come = new.tokens[hunk.new.clone()].iter();
            come.any(|token| words::is_sign(token, (&unit.tokens, old_tokens), &signs))
        });
        let hunks = words::in_letter(old_tokens, &signs, &kept).filter(|_| !has_sign);
        let edits = hunks
            .and_then(|hunks| {
                let tokens = words::without_signs(old_tokens, &new.tokens, &signs);
                self.edits(unit, new, &tokens, &hunks)
            })
            .or_else(|| signs.is_empty().then(|| self.whole(unit, new)).flatten());
        if edits.is_none() {
            self.refuse(come);
        }
        match edits {
            Some(edits) => {
                let own = unit.place.clone();
                let place = match (unit.leaf, edits.first()) {
                    (Leaf::Printed, Some(first)) => Place::new(first.file, first.range.clone()),
                    _ => own,
                };
                self.revision.edits.extend(edits);
                self.revision.changes.push(Change { place, shown });
            }
            None if unit.leaf == Leaf::Printed => {
                let what = say!(
                    "a text that the program prints by itself, or that several languages share"
                );
                self.leave(what, shown, place);
            }
            None => {
                self.leave(say!("a change that cannot be written in its place"), shown, place);
            }
        }
    }

    /// The edits of a paragraph, word by word.
    fn edits(
        &self,
        unit: &Unit,
        new: &ReadUnit,
        tokens: &[Token],
        hunks: &[Hunk],
    ) -> Option<Vec<Edit>> {
        let in_letter = unit.leaf == Leaf::Printed;
        let written = |range: Range<usize>, is_free: bool| {
            let (first, last) = (tokens.get(range.start)?, tokens.get(range.end - 1)?);
            let runs = slice(&new.runs, first.at.start, last.at.end);
            if runs.iter().any(|run| run.note.is_some()) {
                return None;
            }
            if in_letter {
                return Some(one_line(
                    &runs.iter().map(|run| run.text.as_str()).collect::<String>(),
                ));
            }
            self.markdown(runs, is_free && new.is_paragraph)
        };
        let edits = words::edits(&unit.tokens, tokens, hunks, written)?;
        edits.into_iter().map(|edit| self.escaped(edit)).collect()
    }

    /// The edit that writes a paragraph anew, for changes across marks and links.
    fn whole(&self, unit: &Unit, new: &ReadUnit) -> Option<Vec<Edit>> {
        let is_fixed = unit.leaf == Leaf::Printed || unit.is_caption;
        if is_fixed || new.notes > 0 || !new.is_paragraph {
            return None;
        }
        let text = self.markdown(new.runs.clone(), true)?;
        let Place { file, range } = unit.place.clone();
        Some(vec![self.escaped(Edit { file, range, text })?])
    }

    /// Runs as Markdown on one line.
    fn markdown(&self, runs: Vec<Run>, is_free: bool) -> Option<String> {
        let runs = runs.into_iter().map(|run| match is_free {
            true => Run { text: one_line_within(&run.text), ..run },
            false => {
                Run { text: one_line_within(&run.text), style: Style::default(), ..Run::default() }
            }
        });
        let text = self.blocks(&[Read::Paragraph(runs.collect())]);
        let is_table = !is_free && text.contains('|');
        (!text.is_empty() && !text.contains('\n') && !is_table).then_some(text)
    }

    fn blocks(&self, blocks: &[Read]) -> String {
        let text =
            bodies::write(blocks, &[], &self.original.letter.tag, &mut Vec::new(), &mut Vec::new());
        text.trim().to_owned()
    }

    /// An edit as the string that it is in has it, if it is in one of TOML.
    fn escaped(&self, edit: Edit) -> Option<Edit> {
        let spec = &self.original.written.spec;
        if edit.file != spec.file {
            return Some(edit);
        }
        let start = self.string_around(edit.range.start)?;
        let source = self.original.written.source.as_str();
        let text = edit.text;
        let rest = source.get(start..)?;
        let text = if rest.starts_with("'''") {
            (!text.contains("'''")).then_some(text)?
        } else if rest.starts_with('\'') {
            (!text.contains(['\'', '\n'])).then_some(text)?
        } else {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            if rest.starts_with("\"\"\"") { text } else { text.replace('\n', "\\n") }
        };
        Some(Edit { text, ..edit })
    }

    /// Where the string begins in which an offset of the letter's file is.
    fn string_around(&self, offset: usize) -> Option<usize> {
        let contains = |place: &Place| place.range.start < offset && offset < place.range.end;
        let letter = self.original.letter;
        let file = self.original.written.spec.file;
        let body = match self.original.written.spec.body.get(&letter.tag) {
            Some(BodySource::Inline(text)) => Some(text.place.clone()),
            _ => None,
        };
        let printed = letter.texts().into_iter().map(|(_, printed)| printed.source.place.clone());
        let mut all = body.into_iter().chain(printed).filter(|place| place.file == file);
        all.find(contains).map(|place| place.range.start)
    }

    /// Whether the body is that of other languages too.
    fn body_is_shared(&self) -> bool {
        let Localized::Each(variants, _) = &self.original.written.spec.body else {
            return !self.original.others.is_empty();
        };
        let own = variants.iter().find(|v| self.original.letter.tag.is_in(&v.tag));
        let others = self.original.others.iter();
        own.is_some_and(|own| {
            others.clone().any(|other| {
                let theirs = variants.iter().find(|v| other.tag.is_in(&v.tag));
                theirs.is_some_and(|theirs| theirs.tag == own.tag)
            })
        })
    }

    /// Takes blocks of the body out.
    fn remove(&mut self, blocks: &[Block], mut removed: BTreeSet<usize>, leaves_of: &[Vec<usize>]) {
        removed.retain(|index| {
            let units: Vec<&Unit> =
                leaves_of[*index].iter().map(|leaf| &self.letter[*leaf]).collect();
            let text: Vec<String> = units.iter().map(|unit| one_line(&unit.text)).collect();
            let shown = format!("[-{}-]", text.join(" / "));
            let words = units.iter().flat_map(|unit| &unit.tokens).filter(|token| token.is_word());
            let words: Vec<Token> = words.cloned().collect();
            // What is elsewhere in the document, but cannot be written there, is not lost here.
            let is_elsewhere = self.refused.iter().any(|come| words::share(&words, come) >= 0.5);
            let has_notes = units.iter().any(|unit| unit.has_notes);
            if is_elsewhere || has_notes {
                let place = Some(blocks[*index].place.clone());
                self.leave(say!("a change that cannot be written in its place"), shown, place);
                return false;
            }
            let place = blocks[*index].place.clone();
            self.revision.changes.push(Change { place, shown });
            true
        });
        let Some(file) = blocks.first().map(|block| block.place.file) else { return };
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        let is_blank =
            |range: Range<usize>| source.get(range).is_some_and(|text| text.trim().is_empty());
        let range_of = |index: usize| {
            let range = &blocks[index].place.range;
            let end = source.get(..range.end).map_or(0, |text| text.trim_end().len());
            range.start..end.max(range.start)
        };
        // The first and the last of each row of blocks with nothing between them.
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for index in removed {
            match rows.last_mut() {
                Some((_, last))
                    if *last + 1 == index
                        && is_blank(range_of(*last).end..range_of(index).start) =>
                {
                    *last = index;
                }
                _ => rows.push((index, index)),
            }
        }
        for (first, last) in rows {
            let mut range = range_of(first).start..range_of(last).end;
            let next = blocks.get(last + 1).map(|next| next.place.range.start);
            let before = first.checked_sub(1).map(|before| range_of(before).end);
            if let Some(next) = next.filter(|next| is_blank(range.end..*next)) {
                range.end = next;
            } else if let Some(before) = before.filter(|before| is_blank(*before..range.start)) {
                range.start = before;
            }
            self.revision.edits.push(Edit { file, range, text: String::new() });
        }
    }

    /// Writes a list, a quotation or a table anew, some of whose paragraphs are new or gone.
    fn rewrite(&mut self, block: &Block, index: usize) {
        let own: Vec<usize> =
            (0..self.after.len()).filter(|at| self.block_of(*at) == Some(index)).collect();
        let tops: BTreeSet<usize> = own.iter().map(|at| self.after[*at].top).collect();
        let units: Vec<usize> =
            (0..self.after.len()).filter(|at| tops.contains(&self.after[*at].top)).collect();
        let old: Vec<&Unit> =
            self.letter.iter().filter(|unit| unit.leaf == Leaf::Body(index)).collect();
        let joined =
            |texts: Vec<&str>| texts.iter().map(|t| one_line(t)).collect::<Vec<_>>().join(" / ");
        let old_text = joined(old.iter().map(|unit| unit.text.as_str()).collect());
        let new_text = joined(units.iter().map(|at| self.after[*at].text.as_str()).collect());
        let (olds, news) = (words::tokens(&old_text), words::tokens(&new_text));
        let hunks = words::differences(&olds, &news);
        let shown = words::shown((&old_text, &olds), (&new_text, &news), &hunks);
        let is_alone =
            units.iter().all(|at| self.olds[*at].is_none() || self.block_of(*at) == Some(index));
        let has_notes = units.iter().any(|at| self.after[*at].notes > 0);
        let read: Vec<Read> =
            tops.iter().filter_map(|top| self.document.blocks.get(*top)).cloned().collect();
        let text = self.blocks(&read);
        let file = block.place.file;
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        let end = source.get(..block.place.range.end).map_or(0, |text| text.trim_end().len());
        let range = block.place.range.start..end.max(block.place.range.start);
        // The signs of the format would be taken for text.
        let is_as_written = units.iter().all(|at| {
            let Some(before) = self.olds[*at] else { return true };
            let Some(origin) = self.origins[before] else { return true };
            let (letter, before) = (&self.letter[origin].tokens, &self.before[before].tokens);
            words::differences(letter, before).is_empty()
        });
        // What the letter got since, or no longer has, would be taken back.
        let is_of_now = units.iter().all(|at| self.touched[*at] == Touched::Here)
            && !(0..self.before.len()).any(|before| {
                let leaf = self.origins[before].map(|origin| self.letter[origin].leaf);
                self.is_new[before] && leaf == Some(Leaf::Body(index))
            });
        let is_text = !has_notes && !has_picture(block);
        let edit = (is_alone && is_as_written && is_of_now && is_text && !text.is_empty())
            .then(|| self.escaped(Edit { file, range, text }))
            .flatten();
        match edit {
            Some(edit) => {
                self.revision.edits.push(edit);
                self.revision.changes.push(Change { place: block.place.clone(), shown });
            }
            None => {
                self.refuse(news);
                let what = match is_of_now {
                    true => say!("a change that cannot be written in its place"),
                    false => say!("a text that was changed in the letter as well"),
                };
                self.leave(what, shown, Some(block.place.clone()));
            }
        }
    }

    /// Adds blocks behind one of the body, or at its beginning.
    fn add(
        &mut self,
        blocks: &[Block],
        behind: Option<usize>,
        tops: &BTreeSet<usize>,
        removed: &BTreeSet<usize>,
    ) {
        let Some(first) = blocks.first() else { return };
        let read: Vec<&Read> =
            tops.iter().filter_map(|top| self.document.blocks.get(*top)).collect();
        // They are in the order of the blocks that they are in.
        let units: Vec<&ReadUnit> = (tops.iter())
            .flat_map(|top| {
                let start = self.after.partition_point(|unit| unit.top < *top);
                self.after[start..].iter().take_while(|unit| unit.top == *top)
            })
            .collect();
        let shown: Vec<String> = units.iter().map(|unit| added_text(unit)).collect();
        let shown = shown.join("\n");
        let file = first.place.file;
        let source = self.original.files.text(file);
        let source = source.unwrap_or_default();
        // Headings as the body has them.
        let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading(..));
        let heading = blocks.iter().find(is_heading);
        let heading = heading.and_then(|block| source.get(block.place.range.clone()));
        let marks = heading.map_or(0, |text| text.len() - text.trim_start_matches('#').len());
        let texts: Vec<String> = read
            .iter()
            .map(|block| {
                let text = self.blocks(&[(*block).clone()]);
                match (block, text.strip_prefix("# ")) {
                    (Read::Heading(..), Some(title)) => {
                        format!("{} {title}", "#".repeat(if marks == 0 { 2 } else { marks }))
                    }
                    _ => text,
                }
            })
            .collect();
        let text = texts.join("\n\n");
        // Before the next block, if the one before is taken out.
        let next = behind.filter(|behind| removed.contains(behind));
        let next = next.and_then(|behind| blocks.get(behind + 1));
        let (at, text) = match behind.and_then(|behind| blocks.get(behind)) {
            Some(_) if let Some(next) = next => (next.place.range.start, format!("{text}\n\n")),
            Some(block) => {
                let end = source.get(..block.place.range.end).map_or(0, |t| t.trim_end().len());
                (end, format!("\n\n{text}"))
            }
            None => (first.place.range.start, format!("{text}\n\n")),
        };
        let has_notes = units.iter().any(|unit| unit.notes > 0);
        let come: Vec<Token> = units.iter().flat_map(|unit| unit.tokens.clone()).collect();
        let is_twice = self.is_twice(&come);
        let edit = (!has_notes && !is_twice)
            .then(|| self.escaped(Edit { file, range: at..at, text }))
            .flatten();
        match edit {
            Some(edit) => {
                self.revision.edits.push(edit);
                self.revision.changes.push(Change { place: Place::new(file, at..at), shown });
            }
            None => {
                self.refuse(come);
                let what = say!("a change that cannot be written in its place");
                self.leave(what, shown, Some(Place::new(file, at..at)));
            }
        }
    }
}

/// The length of the entity that a text begins with, as `&amp;`.
fn entity(text: &str) -> Option<usize> {
    let name = text.strip_prefix('&')?;
    let name = name.strip_prefix('#').unwrap_or(name);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric())?;
    (end > 0 && name[end..].starts_with(';')).then(|| text.len() - name.len() + end + 1)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, with the spaces at both ends.
fn one_line_within(text: &str) -> String {
    text.replace(char::is_whitespace, " ")
}

fn beside() -> Message {
    say!("a change at a text that was changed or removed in the letter as well")
}

fn added_text(unit: &ReadUnit) -> String {
    format!("{{+{}+}}", one_line(&unit.text))
}

/// Whether there is a picture in a block of the body.
fn has_picture(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Figure(_) => true,
        BlockKind::Quote(blocks) => blocks.iter().any(has_picture),
        BlockKind::List { items, .. } => items.iter().flatten().any(has_picture),
        _ => false,
    }
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
