//! Compares the numbers, dates and units of two languages.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::checks::parity::Pair;
use crate::checks::parity::segments::Segment;
use crate::language::number_reader::{Figure, Reads, Unit, Value, units};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// Reports the numbers of one segment that the other lacks. How often a number appears may differ. `reads`
/// is what can be read in each language: what cannot be read in one of them is not compared.
pub(crate) fn compare(pair: Pair<'_>, reads: (Reads, Reads), problems: &Problems) {
    let (original, translation) = (pair.original, pair.translation);
    let (first, second) = (written(original), written(translation));
    let one_has = |segment: &Segment| !segment.placeholders.is_empty();
    let filled = one_has(original) != one_has(translation);
    let (here, there) = (&translation.text, &original.text);
    let missing = lacking(&first, &translation.figures, there, reads.1);
    let missing = findings(not_written(missing, there, here), original);
    let extra = lacking(&second, &original.figures, here, reads.0);
    let mut extra = findings(not_written(extra, here, there), translation);
    for finding in missing {
        let there = shown(&original.text, &finding);
        let place = original.locate(finding.range.clone());
        let kind = |other: &Finding| other.kind == finding.kind;
        let diagnostic = match extra.iter().position(kind).or((!extra.is_empty()).then_some(0)) {
            Some(at) => {
                let other = extra.remove(at);
                let here = shown(&translation.text, &other);
                differs(translation.locate(other.range), &here, &there)
            }
            // A placeholder in one language may be written out in the other, which is reported for the
            // placeholder.
            None if filled => continue,
            None => absent(translation, &there),
        };
        push(diagnostic, place, problems);
    }
    for finding in extra.into_iter().filter(|_| !filled) {
        let here = shown(&translation.text, &finding);
        let diagnostic = added(translation.locate(finding.range), &here);
        push(diagnostic, original.place.clone(), problems);
    }
    if reads.0.percent && reads.1.percent {
        compare_units(pair, problems);
    }
}

/// A number, or the parts of one date, that the other text lacks.
struct Finding {
    range: Range<usize>,
    kind: Option<Kind>,
}

/// What a finding is: a number is compared with a number, and a date with a date.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Kind {
    Date,
    Other(std::mem::Discriminant<Value>),
}

/// The figures, those of one date together.
fn findings(figures: Vec<&Figure>, segment: &Segment) -> Vec<Finding> {
    let dates = dates(segment);
    let date = |figure: &Figure| {
        dates.iter().position(|d| d.start <= figure.range.start && figure.range.end <= d.end)
    };
    let mut findings: Vec<(Option<usize>, Finding)> = Vec::new();
    for figure in figures {
        let date = date(figure);
        match findings.last_mut().filter(|(last, _)| date.is_some() && *last == date) {
            Some((_, last)) => {
                last.range.end = last.range.end.max(figure.range.end);
                last.kind = Some(Kind::Date);
            }
            None => {
                let kind = figure.values.first().map(std::mem::discriminant).map(Kind::Other);
                findings.push((date, Finding { range: figure.range.clone(), kind }));
            }
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// The dates in a text: a month with the numbers around it.
fn dates(segment: &Segment) -> Vec<Range<usize>> {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| {
        let words = "de|del|of|the|di|do|da|dos|e|y|and|et|und|le|den";
        Regex::new(&format!(r"^[\s,./-]*(?:(?:{words})\b[\s,]*)?$"))
            .expect("a pattern of the program is valid")
    });
    let is_month = |figure: &Figure| matches!(figure.values.first(), Some(Value::Month(_)));
    let mut dates: Vec<(bool, Range<usize>)> = Vec::new();
    for figure in &segment.figures {
        let range = &figure.range;
        match dates.last_mut() {
            Some((month, last))
                if range.start < last.end
                    || BETWEEN.is_match(&segment.text[last.end..range.start]) =>
            {
                last.end = last.end.max(range.end);
                *month |= is_month(figure);
            }
            _ => dates.push((is_month(figure), range.clone())),
        }
    }
    dates.into_iter().filter(|(month, _)| *month).map(|(_, range)| range).collect()
}

fn push(diagnostic: Diagnostic, original: Place, problems: &Problems) {
    problems.push(
        diagnostic
            .relate(original, say!("in the original"))
            .hint(say!("correct one of them, so that both say the same")),
    );
}

/// The figures that the author wrote. A number that the program fills in is always right.
fn written(segment: &Segment) -> Vec<&Figure> {
    let places: HashSet<&Place> = segment.placeholders.iter().map(|(_, place)| place).collect();
    let filled = |figure: &&Figure| {
        !places.is_empty() && places.contains(&segment.locate(figure.range.clone()))
    };
    segment.figures.iter().filter(|figure| !filled(figure)).collect()
}

/// The maximum number of figures of one text that are reported. Nobody reads more.
const MAX_LACKING: usize = 200;

/// The certain figures of one text that the other lacks in any form, each value once, as far as they
/// can be read there.
fn lacking<'f>(
    figures: &[&'f Figure],
    others: &'f [Figure],
    text: &str,
    reads: Reads,
) -> Vec<&'f Figure> {
    let readable = |figure: &Figure| match figure.values.first() {
        Some(Value::Month(_)) => reads.months,
        _ => reads.words || text[figure.range.clone()].contains(char::is_numeric),
    };
    let mut known: HashSet<&Value> = others.iter().flat_map(|figure| &figure.values).collect();
    let mut lacking: Vec<&Figure> = Vec::new();
    for figure in figures.iter().filter(|figure| figure.certain && readable(figure)) {
        if !figure.values.iter().any(|value| known.contains(value)) {
            known.extend(&figure.values);
            lacking.push(figure);
        }
    }
    lacking.truncate(MAX_LACKING);
    lacking
}

/// The figures that the other text does not contain word for word: in "Calle Cinco" both texts say the
/// same, although the word is a number in only one of the languages.
fn not_written<'f>(figures: Vec<&'f Figure>, text: &str, other: &str) -> Vec<&'f Figure> {
    if figures.is_empty() {
        return figures;
    }
    let words: Vec<String> = words(other).collect();
    let is_there = |figure: &&Figure| {
        let written: Vec<String> = self::words(&text[figure.range.clone()]).collect();
        !written.is_empty() && words.windows(written.len()).any(|window| window == written)
    };
    figures.into_iter().filter(|figure| !is_there(figure)).collect()
}

/// The words of a text, without the punctuation around them.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// A finding as written.
fn shown(text: &str, finding: &Finding) -> String {
    format!("`{}`", &text[finding.range.clone()])
}

/// Reports an amount in a different currency, and a percentage that only one text has. A currency that
/// one text leaves out is implied.
fn compare_units(pair: Pair<'_>, problems: &Problems) {
    let (original, translation) = (pair.original, pair.translation);
    let (first, second) = (units(&original.text), units(&translation.text));
    let only = |units: &[(Unit, Range<usize>)], others: &[(Unit, Range<usize>)], percent: bool| {
        let new = |unit: &Unit| others.iter().all(|(other, _)| other != unit);
        let wanted = |unit: &Unit| (*unit == Unit::Percent) == percent;
        units.iter().find(|(unit, _)| wanted(unit) && new(unit)).map(|(_, range)| range.clone())
    };
    let said =
        |segment: &Segment, range: &Range<usize>| format!("`{}`", &segment.text[range.clone()]);
    let currencies = (only(&first, &second, false), only(&second, &first, false));
    if let (Some(there), Some(here)) = currencies {
        let (is, was) = (said(translation, &here), said(original, &there));
        let place = translation.locate(here);
        push(differs(place, &is, &was), original.locate(there), problems);
    }
    match (only(&first, &second, true), only(&second, &first, true)) {
        (Some(there), _) => {
            let was = said(original, &there);
            push(absent(translation, &was), original.locate(there), problems);
        }
        (None, Some(here)) => {
            let is = said(translation, &here);
            let place = translation.locate(here);
            push(added(place, &is), original.place.clone(), problems);
        }
        (None, None) => {}
    }
}

fn differs(place: Place, here: &str, there: &str) -> Diagnostic {
    let message = say!("this says {here}, but the original says {there}", here, there);
    Diagnostic::new(Code::ParityNumbers, place, message)
}

fn absent(translation: &Segment, there: &str) -> Diagnostic {
    let message = say!("{there} of the original is missing here", there);
    Diagnostic::new(Code::ParityNumbers, translation.place.clone(), message)
}

fn added(place: Place, here: &str) -> Diagnostic {
    let message = say!("the original does not say {here}", here);
    Diagnostic::new(Code::ParityNumbers, place, message)
}
