//! Dates in another calendar than the Gregorian, which are read as the days that they are.

use std::ops::Range;

use crate::language::Tag;
use crate::language::conventions::{Conventions, fields};
use crate::language::number_reader::{Figure, Value, with_ascii_digits};
use crate::language::words::Words;

/// How dates are written in the calendar that a tag asks for, or that its country uses besides the Gregorian.
pub(super) struct OwnCalendar(Conventions);

impl OwnCalendar {
    pub(super) fn of(tag: &Tag) -> Option<Self> {
        let usual = tag.in_usual_calendar();
        let tag = if tag.is_gregorian() { usual.as_ref()? } else { tag };
        let words = Words::of(tag);
        Some(Self(Conventions::of(tag, &words, (tag, &words))))
    }

    /// Replaces the figures of each date of a text, whose digits are those of ASCII, by those of its Gregorian
    /// day, with what is written as their other meaning.
    pub(super) fn read(&self, text: &str, figures: &mut Vec<Figure>) {
        for date in self.0.days_in(text) {
            let printed = self.0.date(date);
            let printed = with_ascii_digits(&printed).map_or(printed, |(plain, _)| plain);
            for (start, _) in text.match_indices(&printed) {
                let range = start..start + printed.len();
                if is_whole(text, &range) {
                    figures.retain(|f| f.range.end <= range.start || range.end <= f.range.start);
                    let meanings = [fields(date), self.0.local(date)];
                    let figure =
                        |values: Vec<Value>| Figure { range: range.clone(), values, certain: true };
                    let number = |number: i32| Value::Number(number.to_string());
                    let of = |value: &dyn Fn((i32, u8, u8)) -> Value| {
                        figure(meanings.iter().map(|one| value(*one)).collect())
                    };
                    figures.extend([
                        of(&|(_, _, day)| number(day.into())),
                        of(&|(_, month, _)| Value::Month(month)),
                        of(&|(year, _, _)| number(year)),
                    ]);
                }
            }
        }
    }
}

/// Whether no number of a date goes on before or after it.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let (before, after) = (&text[..range.start], &text[range.end..]);
    !(before.ends_with(is_digit) && text[range.clone()].starts_with(is_digit)
        || after.starts_with(is_digit) && text[range.clone()].ends_with(is_digit))
}
