//! Finds numbers in a body that were meant to be the number of signatories but no longer are: "We, the
//! 72 undersigned organizations" above a list of 73.

use crate::language::Tag;
use crate::language::number_reader::{Figure, NumberReader, Value};
use crate::language::words::Words;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::signatories::Counts;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::{Number, say};

/// Warns about each number before a noun such as "organizations" that is near the real count but
/// different. A number that is far from every count refers to something else, and so does one in a
/// sentence about another year than that of the letter.
pub(crate) fn report(
    blocks: &[Block],
    counts: &Counts,
    year: i32,
    (tag, words): (&Tag, &Words),
    problems: &Problems,
) {
    if counts.signatories == 0 {
        return;
    }
    let reader = NumberReader::new(tag);
    let mut check = |text: &str, place: &Place| {
        if !has_count_noun(text, words) {
            return;
        }
        let figures = reader.figures(text);
        for (at, figure) in figures.iter().enumerate() {
            let Some(number) = count_in(figure) else { continue };
            let Some(counted) = counted_by(text, figure, words) else { continue };
            let real = real_counts(counts, counted);
            let near = |(_, count): &&(_, usize)| {
                *count > 0 && number.abs_diff(*count) <= (count / 4).max(5)
            };
            let Some((placeholder, count)) = real.iter().find(near) else { continue };
            if real.iter().any(|(_, count)| is_right(text, figure, number, *count, words))
                || is_numbered(text, figure, words)
                || is_of_another_year(text, &figures, at, (year, words))
            {
                continue;
            }
            let range = figure.range.clone();
            let place = match place.range.len() == text.len() {
                true => Place::new(
                    place.file,
                    place.range.start + range.start..place.range.start + range.end,
                ),
                // If the source is written differently, only the whole text has a place.
                false => place.clone(),
            };
            problems.push(
                Diagnostic::new(
                    Code::StaleCount,
                    place,
                    say!(
                        "this says {number}, but the number of signatories is {count}",
                        number = Number(number),
                        count = Number(*count)
                    ),
                )
                .hint(say!("write {{{{{name}}}}}, which is always up to date", name = placeholder))
                .in_language(tag),
            );
        }
    };
    visit(blocks, &mut check);
}

/// The numbers that a noun may mean, each with the placeholder that gives it.
fn real_counts(counts: &Counts, counted: &str) -> Vec<(&'static str, usize)> {
    let of = |name, numbers: &[usize]| numbers.iter().map(move |n| (name, *n)).collect::<Vec<_>>();
    let Counts { signatories, organizations, persons, members, .. } = *counts;
    match counted {
        "organizations" => {
            of("organization-count", &[organizations, organizations + members, members])
        }
        "persons" => {
            [of("person-count", &[persons]), of("signatory-count", &[signatories])].concat()
        }
        _ => of("signatory-count", &[signatories, signatories + members]),
    }
}

/// The number of a figure that can be a count: a whole one that is not too small to be one.
fn count_in(figure: &Figure) -> Option<usize> {
    const LEAST: usize = 5;
    let number = |value: &Value| match value {
        Value::Number(number) => number.parse().ok(),
        _ => None,
    };
    let number = figure.values.iter().find_map(number)?;
    (figure.certain && number >= LEAST).then_some(number)
}

/// Whether a text says anything that is counted. Most do not, and their figures need not be read.
fn has_count_noun(text: &str, words: &Words) -> bool {
    text.split(|c: char| !c.is_alphabetic() && c != '-').any(|word| {
        let word = word.to_lowercase();
        words.count_nouns.values().any(|nouns| nouns.contains(&word))
    })
}

/// What a figure counts, judging by one of the next words: "72 undersigned civil organizations".
fn counted_by<'w>(text: &str, figure: &Figure, words: &'w Words) -> Option<&'w str> {
    const NEXT_WORDS: usize = 3;
    let mut rest = &text[figure.range.end..];
    let mut found = None;
    for _ in 0..NEXT_WORDS {
        let Some(next) = rest.strip_prefix(char::is_whitespace) else { break };
        rest = next.trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(rest.len());
        let word = rest[..end].to_lowercase();
        let mut nouns = words.count_nouns.iter();
        if let Some((counted, _)) = nouns.find(|(_, nouns)| nouns.contains(&word)) {
            // "72 undersigned organizations", "72 organizaciones firmantes": that they sign says less.
            found = found.filter(|known| *known != "signatories").or(Some(counted.as_str()));
        }
        // "Of" and the like begin something else: "eight of the organizations".
        if word.chars().count() < 4 {
            break;
        }
        rest = &rest[end..];
    }
    found
}

/// What is written just before a figure, in lower case. It is longer than any phrase that is looked for, and
/// no more, because a text may have many figures.
fn before(text: &str, figure: &Figure) -> String {
    const LONGEST: usize = 60;
    let before = text[..figure.range.start].trim_end();
    let start = before.char_indices().rev().nth(LONGEST).map_or(0, |(at, _)| at);
    before[start..].to_lowercase()
}

/// Whether a number is right for a count, given what is said before it: "more than 1,200".
fn is_right(text: &str, figure: &Figure, number: usize, count: usize, words: &Words) -> bool {
    /// "About" may be off by one in so many.
    const ONE_IN: usize = 10;
    let says = |kind: &str| says(text, figure, kind, words);
    number == count
        || (number < count && says("at-least"))
        || (number > count && says("at-most"))
        || (number.abs_diff(count) * ONE_IN <= count && says("about"))
}

/// Whether a figure is a number in a series: "No. 72", "#72".
fn is_numbered(text: &str, figure: &Figure, words: &Words) -> bool {
    before(text, figure).ends_with(['#', '№']) || says(text, figure, "number", words)
}

/// Whether one of the words of this kind is before a figure.
fn says(text: &str, figure: &Figure, kind: &str, words: &Words) -> bool {
    let before = before(text, figure);
    words.count_words.get(kind).into_iter().flatten().any(|phrase| {
        let before = before.strip_suffix(phrase.as_str());
        before.is_some_and(|before| !before.ends_with(char::is_alphabetic))
    })
}

/// Whether a figure is a year, or its sentence is about another year than that of the letter.
fn is_of_another_year(
    text: &str,
    figures: &[Figure],
    at: usize,
    (year, words): (i32, &Words),
) -> bool {
    let time = words.count_words.get("year").map(Vec::as_slice).unwrap_or_default();
    let is_end = |c: char| matches!(c, '.' | '!' | '?' | ';');
    let from = figures[at].range.start;
    let sentence_start = text[..from].rfind(is_end).unwrap_or(0);
    let sentence_end = text[from..].find(is_end).map_or(text.len(), |end| from + end);
    figures.iter().enumerate().any(|(other, figure)| {
        let Some(written) = text.get(figure.range.clone()) else { return false };
        let is_year = written.len() == 4
            && written.parse::<i32>().is_ok_and(|number| (1900..2100).contains(&number));
        if !is_year || figure.range.start < sentence_start || figure.range.start > sentence_end {
            return false;
        }
        let before = before(text, figure);
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let after_month = other.checked_sub(1).is_some_and(|month| {
            let near = figure.range.start - figures[month].range.end.min(figure.range.start) < 6;
            near && figures[month].values.iter().any(|value| matches!(value, Value::Month(_)))
        });
        let in_time = time.iter().any(|known| known == word) || after_month;
        in_time && (other == at || written.parse() != Ok(year))
    })
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
            BlockKind::Figure(figure) => visit_inlines(&figure.caption, check),
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
