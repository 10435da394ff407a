//! Texts word by word: where each word stands in the letter, what a document has in its place, and how to
//! write that so that everything else stays byte for byte.

use std::collections::HashMap;
use std::ops::Range;

use typst::syntax::FileId;

use crate::documents::revision::anchors;
use crate::formats::docx::base::compared;
use crate::sequences::alignment::{Step, align};

/// A word, or a sign beside words.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// The word, with one quote for all, so that the style of quotes makes no difference.
    pub key: String,
    /// Where it is in its text, in bytes.
    pub at: Range<usize>,
    /// Whether white space is before it.
    pub is_apart: bool,
    /// Where it is written, if it stands there as it is.
    pub source: Option<Source>,
    /// The innermost mark, link or value that it is in.
    pub within: usize,
}

impl Token {
    /// Whether it is a word or a number, and not a sign.
    pub(super) fn is_word(&self) -> bool {
        self.key.chars().any(char::is_alphanumeric)
    }
}

/// Where a word is written.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) struct Source {
    pub file: FileId,
    pub range: Range<usize>,
}

/// What replaces some words of the letter by some of the document.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) struct Hunk {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Whether a character is a word of its own, as in scripts without spaces.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}')
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_apart = false;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            (is_apart, in_word) = (true, false);
            continue;
        }
        let Some(key) = compared(c) else { continue };
        let is_part = c.is_alphanumeric() && !is_ideograph(c);
        let is_part = is_part || (in_word && is_mark(c));
        match tokens.last_mut() {
            Some(last) if in_word && is_part => {
                last.key.push(key);
                last.at.end = end;
            }
            _ => {
                let key = key.to_string();
                tokens.push(Token { key, at: at..end, is_apart, source: None, within: 0 });
            }
        }
        is_apart = false;
        in_word = is_part;
    }
    tokens
}

/// Whether a character is written above or below another.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// What differs between two texts, in their order.
pub(super) fn differences(old: &[Token], new: &[Token]) -> Vec<Hunk> {
    let same = |(one, other): &(&Token, &Token)| one.key == other.key;
    let start = old.iter().zip(new).take_while(same).count();
    let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = ends.take_while(same).count();
    let (olds, news) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let whole = Hunk { old: start..old.len() - end, new: start..new.len() - end };
    if olds.is_empty() && news.is_empty() {
        return Vec::new();
    }
    if olds.is_empty() || news.is_empty() {
        return vec![whole];
    }
    if olds.len() * news.len() > SMALL_PRODUCT {
        let anchors = anchors::anchors(&rows(olds), &rows(news));
        if anchors.is_empty() && olds.len() * news.len() > MAX_PRODUCT {
            return vec![whole];
        }
        if !anchors.is_empty() {
            let gaps = anchors::gaps(&anchors, (olds.len(), news.len())).into_iter();
            let within = |(gone, come): (Range<usize>, Range<usize>)| {
                let found = between(&olds[gone.clone()], &news[come.clone()]);
                found.into_iter().map(move |hunk| {
                    let (i, j) = (start + gone.start, start + come.start);
                    let Hunk { old, new } = hunk;
                    Hunk { old: i + old.start..i + old.end, new: j + new.start..j + new.end }
                })
            };
            return gaps.flat_map(within).collect();
        }
    }
    let moved = between(olds, news).into_iter().map(|Hunk { old, new }| Hunk {
        old: start + old.start..start + old.end,
        new: start + new.start..start + new.end,
    });
    moved.collect()
}

/// Each row of three words.
fn rows(tokens: &[Token]) -> Vec<[&str; 3]> {
    let keys: Vec<&str> = tokens.iter().map(|token| token.key.as_str()).collect();
    keys.windows(3).filter_map(|row| row.try_into().ok()).collect()
}

/// What differs between two texts, or between what is surely the same in both. If they are too long for a comparison word by word, it is all of them.
fn between(olds: &[Token], news: &[Token]) -> Vec<Hunk> {
    if olds.is_empty() && news.is_empty() {
        return Vec::new();
    }
    if olds.is_empty() || news.is_empty() || olds.len() * news.len() > MAX_PRODUCT {
        return vec![Hunk { old: 0..olds.len(), new: 0..news.len() }];
    }
    // A word says more than a sign.
    let weight = |token: &Token| match token.key.chars().all(char::is_alphanumeric) {
        true => 1.0,
        false => 0.4,
    };
    let score = |i: Range<usize>, j: Range<usize>| match olds[i.start].key == news[j.start].key {
        true => weight(&olds[i.start]),
        false => -1.0,
    };
    let mut hunks: Vec<Hunk> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut open = false;
    for step in align(olds.len(), news.len(), 1, 0.0, score) {
        let (one, other) = match step {
            Step::Both(a, b) if olds[a.start].key == news[b.start].key => {
                (i, j, open) = (i + 1, j + 1, false);
                continue;
            }
            Step::Both(..) => (1, 1),
            Step::First(_) => (1, 0),
            Step::Second(_) => (0, 1),
        };
        if !open {
            hunks.push(Hunk { old: i..i, new: j..j });
            open = true;
        }
        (i, j) = (i + one, j + other);
        if let Some(hunk) = hunks.last_mut() {
            (hunk.old.end, hunk.new.end) = (i, j);
        }
    }
    hunks
}

/// Whether a change is only one of what a format writes beside the text, as `_` around an emphasis or `[1]` in
/// the place of a footnote. `signs` is what differs between the letter and its export.
pub(super) fn is_of_format(
    (old, exported, new): (&[Token], &[Token], &[Token]),
    signs: &[Hunk],
    hunk: &Hunk,
) -> bool {
    let mut added = signs.iter().filter(|sign| sign.old.is_empty());
    let mut come = new[hunk.new.clone()].iter();
    hunk.old.clone().all(|at| added.clone().any(|sign| sign.new.contains(&at)))
        && come.all(|token| is_sign(token, (old, exported), signs))
        && added.next().is_some()
}

/// Whether something is a sign that the format writes, and the letter does not.
pub(super) fn is_sign(
    token: &Token,
    (old, exported): (&[Token], &[Token]),
    signs: &[Hunk],
) -> bool {
    let added = signs.iter().filter(|sign| sign.old.is_empty());
    let mut added = added.flat_map(|sign| &exported[sign.new.clone()]);
    !token.is_word()
        && added.any(|sign| sign.key == token.key)
        && !old.iter().any(|own| own.key == token.key)
}

/// How many of some words are among others, from 0 to 1.
pub(super) fn share(words: &[Token], others: &[Token]) -> f64 {
    let mut left: HashMap<&str, usize> = HashMap::new();
    others.iter().for_each(|token| *left.entry(&token.key).or_default() += 1);
    let is_there = |token: &&Token| {
        let left = left.get_mut(token.key.as_str()).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    };
    let common = words.iter().filter(is_there).count();
    common as f64 / words.len().max(1) as f64
}

/// Changes of an export as changes of the letter. `None` if one is in what only one of the two says.
pub(super) fn in_letter(exported: &[Token], signs: &[Hunk], hunks: &[Hunk]) -> Option<Vec<Hunk>> {
    let place = |at: usize, is_end: bool| {
        let mut shift = (0, 0);
        for sign in signs {
            let is_before = match sign.new.is_empty() {
                // What the export leaves out stays.
                true => sign.new.end < at || (sign.new.end == at && !is_end),
                false => sign.new.end <= at,
            };
            if is_before {
                shift = (shift.0 + sign.old.len(), shift.1 + sign.new.len());
            } else if sign.new.start < at {
                return Some(sign.old.start);
            }
        }
        (at + shift.0).checked_sub(shift.1)
    };
    let mapped = hunks.iter().map(|hunk| {
        let (start, end) = (hunk.old.start, hunk.old.end);
        for sign in signs {
            let is_hidden = sign.new.is_empty() && start < sign.new.start && sign.new.start < end;
            let is_met = sign.new.start < end && start < sign.new.end;
            let is_cut = start > sign.new.start && start < sign.new.end
                || end > sign.new.start && end < sign.new.end;
            let says = exported.get(sign.new.clone())?.iter().any(Token::is_word);
            let is_wrong = match sign.old.is_empty() {
                true => (is_met || is_cut) && says,
                false => is_cut,
            };
            if is_hidden || is_wrong {
                return None;
            }
        }
        let from = place(start, false)?;
        let to = if start == end { from } else { place(end, true)? };
        (from <= to).then(|| Hunk { old: from..to, new: hunk.new.clone() })
    });
    mapped.collect()
}

/// The words of a document, those after a sign of the format as if it were not there.
pub(super) fn without_signs(exported: &[Token], new: &[Token], signs: &[Hunk]) -> Vec<Token> {
    let mut tokens = new.to_vec();
    let changes = differences(exported, new);
    for sign in signs.iter().filter(|sign| sign.old.is_empty()) {
        for at in sign.new.clone() {
            // Where the sign is now.
            let before = changes.iter().take_while(|change| change.old.end <= at);
            let (gone, come) = before.fold((0, 0), |(gone, come), change| {
                (gone + change.old.len(), come + change.new.len())
            });
            let is_gone = changes.iter().any(|change| change.old.contains(&at));
            let Some(now) = (at + come).checked_sub(gone).filter(|_| !is_gone) else { continue };
            if tokens.get(now).is_some_and(|token| token.is_apart)
                && let Some(next) = tokens.get_mut(now + 1)
            {
                next.is_apart = true;
            }
        }
    }
    tokens
}

/// The most pairs of words, or of paragraphs, that are compared each with each.
pub(super) const MAX_PRODUCT: usize = 1_000_000;

/// With more pairs, what is surely the same is looked for first.
pub(super) const SMALL_PRODUCT: usize = 10_000;

/// How many words are shown on each side of a change.
const CONTEXT: usize = 8;

/// A text with its changes: `[-old-]{+new+}`.
pub(super) fn shown(old: (&str, &[Token]), new: (&str, &[Token]), hunks: &[Hunk]) -> String {
    let text = |(text, tokens): (&str, &[Token]), range: Range<usize>| -> String {
        let Some(part) = tokens.get(range).filter(|part| !part.is_empty()) else {
            return String::new();
        };
        let part = &text[part[0].at.start..part[part.len() - 1].at.end];
        part.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let mut all = String::new();
    let push = |all: &mut String, is_apart: bool, part: &str| {
        if !part.is_empty() {
            if is_apart && !all.is_empty() {
                all.push(' ');
            }
            all.push_str(part);
        }
    };
    let is_apart = |tokens: &[Token], at: usize| tokens.get(at).is_some_and(|t| t.is_apart);
    let mut at = 0;
    for (index, hunk) in hunks.iter().enumerate() {
        let between = at..hunk.new.start;
        let keep = if index == 0 { CONTEXT } else { CONTEXT * 2 };
        if between.len() > keep + 2 {
            if index > 0 {
                push(&mut all, is_apart(new.1, at), &text(new, at..at + CONTEXT));
            }
            all.push_str(" …");
            let rest = hunk.new.start - CONTEXT..hunk.new.start;
            push(&mut all, true, &text(new, rest));
        } else {
            push(&mut all, is_apart(new.1, at), &text(new, between));
        }
        let apart = is_apart(old.1, hunk.old.start) || is_apart(new.1, hunk.new.start);
        let (gone, come) = (text(old, hunk.old.clone()), text(new, hunk.new.clone()));
        let mark = |part: String, [start, end]: [&str; 2]| match part.is_empty() {
            true => part,
            false => format!("{start}{part}{end}"),
        };
        push(&mut all, apart, &(mark(gone, ["[-", "-]"]) + &mark(come, ["{+", "+}"])));
        at = hunk.new.end;
    }
    let rest = at..new.1.len();
    if rest.len() > CONTEXT + 2 {
        push(&mut all, is_apart(new.1, at), &text(new, at..at + CONTEXT));
        all.push_str(" …");
    } else {
        push(&mut all, is_apart(new.1, at), &text(new, rest));
    }
    all.trim().to_owned()
}

/// The part of two texts in which they differ, without marks.
pub(super) fn sides(
    old: (&str, &[Token]),
    new: (&str, &[Token]),
    hunks: &[Hunk],
) -> (String, String) {
    let around = |(text, tokens): (&str, &[Token]), range: Option<Range<usize>>| -> String {
        let range = range.unwrap_or(0..tokens.len());
        let start = if range.start > CONTEXT + 2 { range.start - CONTEXT } else { 0 };
        let end = range.end + CONTEXT;
        let end = if end + 2 < tokens.len() { end } else { tokens.len() };
        let Some(part) = tokens.get(start..end).filter(|part| !part.is_empty()) else {
            return String::new();
        };
        let part = &text[part[0].at.start..part[part.len() - 1].at.end];
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let before = if start > 0 { "… " } else { "" };
        let after = if end < tokens.len() { " …" } else { "" };
        format!("{before}{part}{after}")
    };
    let whole = |of: fn(&Hunk) -> &Range<usize>| {
        let (first, last) = (hunks.first()?, hunks.last()?);
        Some(of(first).start..of(last).end)
    };
    (around(old, whole(|hunk| &hunk.old)), around(new, whole(|hunk| &hunk.new)))
}

/// A text with some of its differences from another one: those with an index that `is_new`.
pub(super) fn mixed(
    (old, olds): (&str, &[Token]),
    (new, news): (&str, &[Token]),
    hunks: &[Hunk],
    is_new: impl Fn(usize) -> bool,
) -> String {
    let mut text = String::new();
    let mut push = |from: &str, tokens: &[Token]| {
        for token in tokens {
            if token.is_apart && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&from[token.at.clone()]);
        }
    };
    let mut at = 0;
    for (index, hunk) in hunks.iter().enumerate() {
        push(old, &olds[at..hunk.old.start]);
        match is_new(index) {
            true => push(new, &news[hunk.new.clone()]),
            false => push(old, &olds[hunk.old.clone()]),
        }
        at = hunk.old.end;
    }
    push(old, &olds[at..]);
    text
}

/// The bytes of a file to replace.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Edit {
    /// The file.
    pub file: FileId,
    /// What is replaced.
    pub range: Range<usize>,
    /// By what.
    pub text: String,
}

/// The edits that make the changes in a text, word by word. `written` writes some words of the document as
/// the letter would; the second argument is whether they stand alone, and not within a mark or a link.
/// `None` if a change begins and ends in different marks, or is in what the letter does not say itself.
pub(super) fn edits(
    old: &[Token],
    new: &[Token],
    hunks: &[Hunk],
    written: impl Fn(Range<usize>, bool) -> Option<String>,
) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for Hunk { old: gone, new: come } in hunks {
        let source = |at: usize| old.get(at).and_then(|token| token.source.as_ref());
        let apart = come.clone().next().is_some_and(|at| new[at].is_apart);
        if gone.is_empty() {
            // Beside the word before, unless only the next one stands in no mark.
            let before = gone.start.checked_sub(1);
            let is_free =
                |at: usize| old.get(at).is_some_and(|t| t.within == 0 && t.source.is_some());
            let is_behind = before.is_some_and(|at| source(at).is_some())
                && (before.is_some_and(is_free) || !is_free(gone.start));
            let (at, is_behind) = match (before, is_behind) {
                (Some(before), true) => (before, true),
                _ => (gone.start, false),
            };
            let Source { file, range } = source(at)?.clone();
            let text = written(come.clone(), old[at].within == 0)?;
            let (place, text) = if is_behind {
                (range.end, if apart { format!(" {text}") } else { text })
            } else {
                let apart = old[at].is_apart || new.get(come.end).is_some_and(|t| t.is_apart);
                (range.start, if apart { format!("{text} ") } else { text })
            };
            edits.push(Edit { file, range: place..place, text });
            continue;
        }
        let words = old.get(gone.clone())?;
        let (first, last) = (words.first()?, words.last()?);
        if words.iter().any(|word| word.source.is_none() || word.within != first.within) {
            return None;
        }
        let (start, end) = (first.source.as_ref()?, last.source.as_ref()?);
        if start.file != end.file {
            return None;
        }
        let mut range = start.range.start..end.range.end;
        let text = match come.is_empty() {
            false => written(come.clone(), first.within == 0)?,
            true => {
                // With the space beside it.
                let same = |at: usize| {
                    let word = old.get(at).filter(|word| word.within == first.within)?;
                    word.source.as_ref().filter(|source| source.file == start.file)
                };
                if let Some(before) = gone.start.checked_sub(1).and_then(same) {
                    let next_is_apart = old.get(gone.end).is_none_or(|next| next.is_apart);
                    if first.is_apart && next_is_apart {
                        range.start = before.range.end;
                    }
                } else if let Some(after) = same(gone.end) {
                    range.end = after.range.start;
                }
                String::new()
            }
        };
        edits.push(Edit { file: start.file, range, text });
    }
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_shown_word_by_word() {
        let (old, new) = (
            "We ask for \"water\" in the valley, and no more.",
            "We ask for «clean\u{a0}water» in the two valleys, and no more.",
        );
        let (olds, news) = (tokens(old), tokens(new));
        let hunks = differences(&olds, &news);
        assert_eq!(
            shown((old, &olds), (new, &news), &hunks),
            "We ask for «{+clean+} water» in the [-valley-]{+two valleys+}, and no more."
        );
        assert!(
            differences(&tokens("a \"b\"—it’s"), &tokens("a «\u{202f}b\u{202f}»—it's")).is_empty()
        );
    }

    proptest::proptest! {
        /// What differs makes one text of the other.
        #[test]
        fn differences_are_complete(old in "[ab ,]{0,12}", new in "[ab ,]{0,12}") {
            let (olds, news) = (tokens(&old), tokens(&new));
            let keys = |tokens: &[Token]| tokens.iter().map(|t| t.key.clone()).collect::<Vec<_>>();
            let mut made: Vec<String> = Vec::new();
            let mut at = 0;
            for Hunk { old: gone, new: come } in differences(&olds, &news) {
                made.extend(keys(&olds[at..gone.start]));
                made.extend(keys(&news[come]));
                at = gone.end;
            }
            made.extend(keys(&olds[at..]));
            proptest::prop_assert_eq!(made, keys(&news));
        }
    }
}
