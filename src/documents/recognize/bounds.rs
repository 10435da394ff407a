//! Where the head of a letter ends, where its text does, and what stands below.

use crate::documents::model::{Block, Run};
use crate::documents::people;
use crate::documents::recognize::Recognizer;
use crate::documents::recognize::head::QUOTES;
use crate::documents::recognize::pieces::{Piece, without_count};
use crate::documents::vocabulary::Part;

impl Recognizer {
    /// The salutation: above the text, and with a sign that ends it if one has that. Otherwise it is what
    /// an address begins with, such as "Señora", or "To the public" above it.
    pub(super) fn salutation(&self, pieces: &[Piece]) -> Option<usize> {
        let is_text = |piece: &Piece| piece.block.is_none() && piece.is_prose();
        let text = pieces.iter().position(is_text).unwrap_or(pieces.len());
        let all = || (0..pieces.len().min(80)).filter(move |at| self.is_salutation(&pieces[*at]));
        let ends = |at: &usize| *at < text && pieces[*at].text.ends_with([':', ',', '：', '，']);
        let names_nobody = |at: &usize| self.vocabulary.is(Part::Everyone, &pieces[*at].text);
        let first = || all().find(|at| !names_nobody(at)).or_else(|| all().next());
        all().find(|at| ends(at) && !names_nobody(at)).or_else(first)
    }

    fn is_salutation(&self, piece: &Piece) -> bool {
        let words = piece.text.split(' ').count();
        let is_short = piece.text.ends_with([':', ',', ';', '：', '，', '،', '؛']) && words <= 40
            || piece.text.ends_with(['.', '!', '—', '！']) && words <= 8;
        if self.vocabulary.is(Part::Everyone, &piece.text) {
            return true;
        }
        let begins = self.vocabulary.begins(Part::Salutation, &piece.text).is_some();
        // In some languages the label of the addressee is an opening too.
        let is_label =
            self.vocabulary.after_label(Part::To, &piece.text).is_some_and(str::is_empty);
        begins && !is_label && (is_short || self.vocabulary.is(Part::Salutation, &piece.text))
    }

    /// Where a letter has a salutation with words that no list has: a short line that ends as one, right
    /// before the text.
    pub(super) fn likely_salutation(&self, pieces: &[Piece]) -> Option<usize> {
        let text = pieces.iter().position(Piece::is_prose)?;
        let at = text.checked_sub(1)?;
        let piece = &pieces[at];
        let is_short = piece.text.ends_with([':', ',', '!', '：', '，', '،', '！', '殿', '様'])
            && piece.text.split(' ').count() <= 8
            && piece.text.chars().count() <= 80;
        let is_alone = piece.gap && pieces[text].gap && piece.heading.is_none() && at > 0;
        let is_other = self.is_labelled(&piece.text)
            || self.date_of(&piece.text).is_some()
            || people::is_presente(&piece.text);
        (is_short && is_alone && !is_other).then_some(at)
    }

    /// Joins the lines of a salutation that was broken over several.
    pub(super) fn join_salutation(&self, pieces: &mut Vec<Piece>) {
        let begins =
            |piece: &Piece| self.vocabulary.begins(Part::Salutation, &piece.text).is_some();
        let Some(at) = pieces.iter().take(80).position(begins) else { return };
        let first = &pieces[at];
        let same = |piece: &&Piece| piece.paragraph == first.paragraph && piece.block.is_none();
        let lines: Vec<&Piece> = pieces[at..].iter().take(3).take_while(same).collect();
        let texts = lines.iter().map(|piece| piece.text.as_str());
        let text = texts.collect::<Vec<_>>().join(" ");
        let is_whole = lines.len() < 2 || self.is_salutation(first);
        let runs = lines.iter().map(|piece| piece.runs.clone()).collect::<Vec<_>>();
        let whole = Piece { text, runs: runs.join(&Run::plain(" ")), ..first.clone() };
        let count = lines.len();
        if !is_whole && self.is_salutation(&whole) {
            pieces.splice(at..at + count, [whole]);
        }
    }

    pub(super) fn is_closing(&self, piece: &Piece) -> bool {
        let text = unspaced(&piece.text);
        let words = text.split(' ').count();
        let begins = self.vocabulary.begins(Part::Closing, &text).is_some();
        let is_closing = self.vocabulary.is(Part::Closing, &text)
            || begins && words <= 6 && piece.text.ends_with([',', ':', '，', '،', '：']);
        is_closing && !self.vocabulary.is(Part::Signatories, &piece.text)
    }

    /// A closing that is a sentence, as in French: the last one that begins as a closing, before names.
    pub(super) fn long_closing(&self, pieces: &[Piece], start: usize) -> Option<usize> {
        let is_closing = |at: &usize| {
            let piece = &pieces[*at];
            let is_short = piece.text.chars().count() <= MAX_CLOSING;
            let begins = *at == 0 || pieces[*at - 1].paragraph != piece.paragraph;
            let is_alone = begins && piece.block.is_none() && piece.heading.is_none();
            is_short && is_alone && self.vocabulary.begins(Part::Closing, &piece.text).is_some()
        };
        let at = (start + 1..pieces.len().saturating_sub(1)).rev().find(is_closing)?;
        let parts = [Part::Postscript, Part::Enclosures, Part::Cc];
        let is_known =
            |text: &str| parts.iter().any(|part| self.vocabulary.begins(*part, text).is_some());
        let is_text =
            |piece: &Piece| piece.block.is_none() && piece.is_prose() && !is_known(&piece.text);
        (!pieces[at + 1..].iter().any(is_text)).then_some(at)
    }

    /// Where a closing ends: in Chinese, "此致" and "敬礼" stand on two lines, in Mexico "Atentamente" and
    /// "“Protesto lo necesario”".
    pub(super) fn end_of_closing(&self, pieces: &[Piece], at: usize) -> usize {
        let is_second = |piece: &Piece| {
            let bare = piece.text.trim_matches(QUOTES);
            piece.block.is_none() && self.vocabulary.is(Part::Closing, bare)
        };
        at + 1 + usize::from(pieces.get(at + 1).is_some_and(is_second))
    }

    /// Where the head of a letter without a salutation ends: where the text begins.
    pub(super) fn end_of_head(&self, pieces: &[Piece], has_title: bool) -> Option<usize> {
        let first_heading = pieces.iter().position(|piece| piece.heading.is_some());
        let ends = |(at, piece): (usize, &Piece)| {
            let words = piece.text.split(' ').count();
            let is_sentence = piece.text.ends_with('.') && words > 3 && !is_shortened(&piece.text);
            // "Por medio del presente, me permito solicitarle lo siguiente:"
            let is_opening = piece.text.ends_with(':')
                && words >= 8
                && self.addressed(Part::To, &piece.text).is_none();
            let is_text = piece.is_prose() || (is_sentence || is_opening) && !piece.is_bold();
            let is_head = self.is_labelled(&piece.text)
                || self.date_of(&piece.text).is_some()
                || people::is_presente(&piece.text);
            !piece.is_picture() && is_text && !is_head
                || piece.heading.is_some() && first_heading != Some(at)
                || has_title && piece.heading.is_none() && !is_head && !piece.is_picture()
        };
        pieces.iter().enumerate().position(ends)
    }

    pub(super) fn is_labelled(&self, text: &str) -> bool {
        let numbers = [Part::Reference, Part::YourReference, Part::LetterNumber, Part::FileNumber];
        let parts = [Part::To, Part::Attention, Part::Cc, Part::Subject, Part::Date, Part::Place];
        parts.iter().chain(&numbers).any(|part| self.vocabulary.after_label(*part, text).is_some())
            || numbers.iter().any(|part| self.vocabulary.after_number_label(*part, text).is_some())
            || self.addressed(Part::Attention, text).is_some()
            || self.is_motto(text)
    }

    /// Where the text of a letter without a closing ends: at a heading that says so, or before the
    /// short lines at its end, unless there are less than `few`.
    pub(super) fn end_of_body(&self, pieces: &[Piece], start: usize, few: usize) -> usize {
        let is_heading = |at: &usize| {
            let text = without_count(&pieces[*at].text);
            pieces[*at].block.is_none() && self.vocabulary.is(Part::Signatories, text)
        };
        let is_sheet = |at: &usize| match &pieces[*at].block {
            Some(Block::Table(table)) => self.columns(&table.rows).is_some(),
            _ => false,
        };
        if let Some(at) = (start..pieces.len()).find(|at| is_heading(at) || is_sheet(at)) {
            return at;
        }
        let short = |at: &usize| {
            let piece = &pieces[*at];
            match &piece.block {
                Some(_) => false,
                None => piece.heading.is_none() && !piece.is_prose() && *at > start,
            }
        };
        let count = (start..pieces.len()).rev().take_while(|at| short(at)).count();
        if count >= few { pieces.len() - count } else { pieces.len() }
    }
}

/// The longest closing that is a sentence.
const MAX_CLOSING: usize = 300;

/// Words that are written with spaces between their letters, "A T E N T A M E N T E", without these.
fn unspaced(text: &str) -> String {
    let is_spaced = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() <= 1;
    if text.chars().count() > 7 && text.split(' ').all(is_spaced) {
        return text.replace(' ', "");
    }
    text.to_owned()
}

/// Whether the full stop at the end of a line is that of an abbreviation: "Red del Agua, A.C."
fn is_shortened(text: &str) -> bool {
    let last = text.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    last.contains('.') || last.chars().count() <= 2
}
