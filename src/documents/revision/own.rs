//! A document that was not made of the letter, as a file in which the sender has gone on writing: it has the date,
//! the addressees or the names in a layout of its own. Its parts are compared with those of the letter, and its text
//! with the letter's text.

use std::collections::HashSet;
use std::ops::Range;

use crate::documents;
use crate::documents::matching::{self, Against, Compared, MatchedText};
use crate::documents::model::{Block as Read, Document, Run, plain};
use crate::documents::recognize::{self, Certainty};
use crate::documents::revision::reviser::Reviser;
use crate::documents::revision::units::{Collector, Leaf, ReadUnit, Unit, units_of};
use crate::documents::revision::{Original, one_line, pairs, tokens_of, words};
use crate::documents::write::Recognized;
use crate::source::Place;
use crate::words::say;

/// The paragraphs of a letter, of its export and of a document, and which of them are the same.
pub(super) struct Units {
    pub letter: Vec<Unit>,
    pub before: Vec<ReadUnit>,
    pub after: Vec<ReadUnit>,
    /// The paragraph of the letter that each one of the export prints.
    pub origins: Vec<Option<usize>>,
    /// The paragraph of the export that each one of the document was.
    pub olds: Vec<Option<usize>>,
}

/// What of a document is no text of the letter.
#[derive(Default)]
pub(super) struct Apart {
    /// The blocks that are in no text.
    pub no_text: Vec<usize>,
    /// What its parts say, if it is a document with a layout of its own.
    pub own: Option<Own>,
}

/// What the parts of a document with a layout of its own say.
pub(super) struct Own {
    /// Texts that are only guessed, with their keys.
    guesses: Vec<(Pair, String)>,
    found: Compared,
}

/// Tells what is new beside the text of a document from what is new in it. If it was not made of the letter, its
/// paragraphs become those that an export with its texts would have.
pub(super) fn apart(
    units: &mut Units,
    (document, exported): (&mut Document, &Document),
    is_export: bool,
    original: &Original<'_>,
) -> Apart {
    let Units { letter, before, after, origins, olds } = units;
    let leaf = |before: usize| origins[before].map(|origin| letter[origin].leaf);
    let text = text_of(&after[..], document, |at| leaf(olds[at]?));
    let Some((text, own)) = text.zip(text_of(&before[..], exported, leaf)) else {
        return Apart::default();
    };
    let is_new = |top: usize| top < document.blocks.len() && !text.contains(&top);
    if !after.iter().zip(&*olds).any(|(unit, old)| old.is_none() && is_new(unit.top)) {
        return Apart::default();
    }
    let recognized = recognized(document, &text, original);
    let no_text = beside_text(document, &text, &recognized);
    // A list of signatories with a new one is that of the letter.
    let is_known = |olds: &[Option<usize>]| {
        let all = || after.iter().zip(olds);
        let has_known: HashSet<usize> =
            all().filter(|(_, old)| old.is_some()).map(|(unit, _)| unit.top).collect();
        !all().any(|(unit, _)| no_text.contains(&unit.top) && !has_known.contains(&unit.top))
    };
    if is_export || is_known(&olds[..]) {
        return Apart { no_text, own: None };
    }
    let place = |before: usize| origins[before].map(|origin| letter[origin].place.clone());
    replaced(&recognized, original, (&after[..], &mut olds[..]), place, before.len());
    if is_known(&olds[..]) {
        return Apart { no_text, own: None };
    }
    let mut found = compared(document, recognized, (exported, &own), original);
    *after = units_of(document);
    *olds = pairs::pairs(&tokens_of(&before[..]), &tokens_of(&after[..]));
    let (sure, guesses) = texts(std::mem::take(&mut found.texts), original);
    for Pair { unit, before: was, after: is } in sure {
        olds.push(Some(before.len()));
        origins.push(Some(letter.len()));
        letter.push(unit);
        before.push(was);
        after.push(is);
    }
    Apart { no_text: Vec::new(), own: Some(Own { guesses, found }) }
}

/// The blocks of a document that are known to be in its text. `olds` and `origins` lead from its paragraphs to those
/// of the letter.
fn text_of(
    after: &[ReadUnit],
    document: &Document,
    leaf: impl Fn(usize) -> Option<Leaf>,
) -> Option<Range<usize>> {
    let is_text = |at: &usize| matches!(leaf(*at), Some(Leaf::Body(_)));
    let tops = (0..after.len()).filter(is_text).map(|at| after[at].top);
    let tops = tops.filter(|top| *top < document.blocks.len());
    let (first, last) = (tops.clone().min()?, tops.max()?);
    Some(first..last + 1)
}

/// Finds the parts of a letter in a document. `text` are the blocks that are known to be in its text.
fn recognized(document: &Document, text: &Range<usize>, original: &Original<'_>) -> Recognized {
    let tag = original.letter.tag.clone();
    let (all, links) = documents::texts_of(document);
    let prose = documents::prose(&document.blocks);
    // What a word processor has for a title is often that of another letter.
    let is_meant = document.title_is_meant;
    let copy = Document {
        blocks: document.blocks.clone(),
        notes: document.notes.clone(),
        title: document.title.clone().filter(|_| is_meant),
        title_is_meant: is_meant,
        date: document.date.clone().filter(|_| is_meant),
        ..Document::default()
    };
    let parts = recognize::recognize(copy, &tag, "", Some(text));
    let pictures = Vec::new();
    let mut found = Recognized { tag, parts, text: all, prose, links, pictures, paper: None };
    let edges = [&document.blocks[text.start], &document.blocks[text.end - 1]];
    matching::take_known_ends(&mut found, edges, &against(original));
    found
}

fn against<'l>(original: &Original<'l>) -> Against<'l> {
    let Original { written, letter, files, .. } = *original;
    Against { written, letter, body: "", files }
}

/// Compares the parts of such a document with those of the letter. `exported` is what the letter prints outside of its
/// text. The document becomes one with that and with its own text.
fn compared(
    document: &mut Document,
    recognized: Recognized,
    (exported, own): (&Document, &Range<usize>),
    original: &Original<'_>,
) -> Compared {
    let ends = |side: &[Read]| side.iter().cloned().map(without_notes).collect::<Vec<Read>>();
    let head = ends(&exported.blocks[..own.start]);
    let tail = ends(&exported.blocks[own.end..]);
    let mut printed = String::new();
    for side in [&head, &tail] {
        documents::visit(side, &mut |text, _| printed.extend([text, "\n"]));
    }
    let mut found = matching::compared(recognized, &printed, &against(original));
    document.blocks = [head, std::mem::take(&mut found.body), tail].concat();
    found
}

/// The blocks outside of a document's text: those above and below that the recognizer finds no text in.
fn beside_text(document: &Document, text: &Range<usize>, recognized: &Recognized) -> Vec<usize> {
    let said = |block: &Read| -> Vec<String> {
        recognize::lines_of(std::slice::from_ref(block)).iter().map(|line| plain(line)).collect()
    };
    let in_text: Vec<_> = recognized.parts.body.iter().map(said).collect();
    let outside = (0..document.blocks.len()).filter(|at| !text.contains(at));
    outside.filter(|at| !in_text.contains(&said(&document.blocks[*at]))).collect()
}

/// Takes a salutation or a closing that was written anew for the one that the letter prints.
fn replaced(
    recognized: &Recognized,
    original: &Original<'_>,
    (after, olds): (&[ReadUnit], &mut [Option<usize>]),
    place_of: impl Fn(usize) -> Option<Place>,
    before: usize,
) {
    let (parts, letter) = (&recognized.parts, original.letter);
    let pairs = [(&parts.salutation, &letter.salutation), (&parts.closing, &letter.closing)];
    for (found, printed) in pairs {
        let (Some(found), Some(printed)) = (found, printed) else { continue };
        let own = &printed.source.place;
        let is_own = |at: &usize| {
            let place = place_of(*at);
            place.is_some_and(|place| {
                place.file == own.file && own.range.contains(&place.range.start)
            })
        };
        let old = (0..before).find(is_own).filter(|old| !olds.contains(&Some(*old)));
        let is_found = |at: &usize| olds[*at].is_none() && one_line(&after[*at].text) == found.text;
        let new = (0..after.len()).find(is_found);
        if let (Some(old), Some(new)) = (old, new) {
            olds[new] = Some(old);
        }
    }
}

/// A block without its references to notes, which are those of another document.
fn without_notes(mut block: Read) -> Read {
    fn within(runs: &mut Vec<Run>) {
        runs.retain(|run| run.note.is_none());
    }
    match &mut block {
        Read::Paragraph(runs) | Read::Heading(_, runs) => within(runs),
        Read::Table(table) => table.rows.iter_mut().flatten().for_each(within),
        _ => {}
    }
    block
}

/// A text outside of the body, as the letter and as the document have it.
struct Pair {
    unit: Unit,
    before: ReadUnit,
    after: ReadUnit,
}

/// The texts outside of the body that are to be changed, and those that are only guessed.
fn texts(texts: Vec<MatchedText>, original: &Original<'_>) -> (Vec<Pair>, Vec<(Pair, String)>) {
    /// A guess that has as many words in common with the letter's text is no other text.
    const ALIKE: f64 = 0.5;
    let (mut sure, mut guesses) = (Vec::new(), Vec::new());
    let mut collector = Collector::of(original);
    for MatchedText { path, text, certainty, place } in texts {
        let Some(unit) = place.and_then(|place| collector.value_at(&place)) else {
            continue;
        };
        let after = ReadUnit::of(&[Run::plain(one_line(&text))], usize::MAX);
        let before = ReadUnit::of(&[Run::plain(unit.text.as_str())], usize::MAX);
        if words::differences(&before.tokens, &after.tokens).is_empty() {
            continue;
        }
        let is_clear = certainty != Certainty::Weak || matching::common(&unit.text, &text) >= ALIKE;
        let pair = Pair { unit, before, after };
        match is_clear {
            true => sure.push(pair),
            false => guesses.push((pair, path.to_string())),
        }
    }
    (sure, guesses)
}

impl Reviser<'_> {
    /// Tells what such a document has beside its text and the letter has not, and the other way round.
    pub(super) fn own(&mut self, own: Own) {
        let Own { guesses, found } = own;
        for (Pair { unit, before, after }, key) in guesses {
            // What stands where a title may stand is any line.
            if key == "title" {
                let what = say!("a line above the text that is not a part the program knows");
                self.leave(what, format!("{{+{}+}}", after.text), None);
                let what = say!("a part of the letter that the document does not have");
                self.leave(what, format!("[-{}-]", before.text), Some(unit.place));
                continue;
            }
            let hunks = words::differences(&before.tokens, &after.tokens);
            let shown =
                words::shown((&before.text, &before.tokens), (&after.text, &after.tokens), &hunks);
            self.leave(say!("what may be another text for `{key}`", key), shown, Some(unit.place));
        }
        for (text, place) in found.lacking {
            let what = say!("a part of the letter that the document does not have");
            self.leave(what, format!("[-{}-]", one_line(&text)), Some(place));
        }
        if !found.absent.is_empty() {
            let what = say!("signatories of the letter that the document does not name");
            self.leave(what, found.absent.join("; "), None);
        }
        for left in found.left_out {
            self.leave(left.what, format!("{{+{}+}}", one_line(&left.text)), None);
        }
    }
}
