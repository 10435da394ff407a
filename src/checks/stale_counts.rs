//! Finds numbers in a body that were meant to be the number of signatories but no longer are: "We, the
//! 72 undersigned organizations" above a list of 73.

use crate::language::Tag;
use crate::language::number_words::{Gender, spelled};
use crate::language::words::Words;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::signatories::Counts;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// Warns about each number before a noun such as "organizations" that is near the real count but
/// different. A number that is far from every count refers to something else.
pub(crate) fn report(
    blocks: &[Block],
    counts: &Counts,
    tag: &Tag,
    words: &Words,
    problems: &Problems,
) {
    if counts.signatories == 0 {
        return;
    }
    let real = |counted: &str| match counted {
        "organizations" => (
            "organization-count",
            vec![counts.organizations, counts.organizations + counts.members, counts.members],
        ),
        _ => ("signatory-count", vec![counts.signatories, counts.signatories + counts.members]),
    };
    let mut check = |text: &str, place: &Place| {
        let found = words.count_nouns.iter().flat_map(|(counted, nouns)| {
            let (name, real) = real(counted);
            let numbers = numbers_before_nouns(text, tag.language(), nouns, &real);
            numbers.into_iter().map(move |number| (name, real.clone(), number))
        });
        for (name, real, (start, end, number)) in found {
            let near = |count: &usize| number.abs_diff(*count) <= (count / 4).max(5);
            let Some(count) = real.iter().find(|count| near(count)) else { continue };
            if real.contains(&number) {
                continue;
            }
            let place = match place.range.len() == text.len() {
                true => Place::new(place.file, place.range.start + start..place.range.start + end),
                // If the source is written differently, only the whole text has a place.
                false => place.clone(),
            };
            problems.push(
                Diagnostic::new(
                    Code::StaleCount,
                    place,
                    say!(
                        "this says {number}, but the number of signatories is {count}",
                        number,
                        count
                    ),
                )
                .hint(say!("write {{{{{name}}}}}, which is always up to date", name))
                .in_language(tag),
            );
        }
    };
    visit(blocks, &mut check);
}

/// The numbers before one of the nouns, with at most one word in between: where each starts and ends in
/// the text, and its value.
fn numbers_before_nouns(
    text: &str,
    language: &str,
    nouns: &[String],
    real: &[usize],
) -> Vec<(usize, usize, usize)> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (at, (_, word)) in tokens.iter().enumerate() {
        if !nouns.contains(&word.to_lowercase()) {
            continue;
        }
        // "72 organizations", "72 undersigned organizations".
        let in_digits = (1..=2).filter_map(|back| at.checked_sub(back)).find_map(|at| {
            let (start, word) = tokens[at];
            let digits: String =
                word.chars().filter(|c| !matches!(c, ',' | '.' | '\u{a0}')).collect();
            Some((start, start + word.len(), digits.parse().ok()?))
        });
        let in_words = || {
            let first = at.saturating_sub(6);
            let before = tokens.get(first)?.0;
            for back in 1..=2 {
                let (start, word) = *tokens.get(at.checked_sub(back)?)?;
                let end = start + word.len();
                let phrase = text[before..end].to_lowercase();
                for count in real {
                    let reach = (*count / 4).max(5);
                    // The longest match: "ciento dos" rather than "dos".
                    let best = (count.saturating_sub(reach)..=count + reach)
                        .flat_map(|n| {
                            [Gender::Masculine, Gender::Feminine]
                                .into_iter()
                                .filter_map(move |gender| Some((n, spelled(n, language, gender)?)))
                        })
                        .filter(|(n, words)| *n > 9 && phrase.ends_with(words.as_str()))
                        .max_by_key(|(_, words)| words.len());
                    if let Some((n, words)) = best {
                        return Some((end - words.len(), end, n));
                    }
                }
            }
            None
        };
        found.extend(in_digits.filter(|(_, _, n)| *n > 4).or_else(in_words));
    }
    found
}

/// The words of a text with their positions, without surrounding punctuation.
fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(begin)) => {
                let word = &text[begin..at];
                let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric());
                if !trimmed.is_empty() {
                    let offset = word.find(trimmed).unwrap_or(0);
                    tokens.push((begin + offset, trimmed));
                }
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

fn visit(blocks: &[Block], check: &mut impl FnMut(&str, &Place)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines) => {
                visit_inlines(inlines, check);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| visit(item, check)),
            BlockKind::Quote(_) | BlockKind::Code(_) | BlockKind::ThematicBreak => {}
            BlockKind::Table { rows, .. } => {
                rows.iter().flatten().for_each(|cell| visit_inlines(cell, check));
            }
        }
    }
}

fn visit_inlines(inlines: &[Inline], check: &mut impl FnMut(&str, &Place)) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text(text) => check(text, &inline.place),
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => visit_inlines(body, check),
            InlineKind::Footnote(_, _, blocks) => visit(blocks, check),
            InlineKind::Strike(_)
            | InlineKind::Code(_)
            | InlineKind::Space
            | InlineKind::LineBreak => {}
        }
    }
}
