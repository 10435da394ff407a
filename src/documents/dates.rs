//! Dates as people write them at the head of a letter.

use icu_calendar::Date;

use crate::documents::vocabulary::{Part, Vocabulary};
use crate::language::Tag;

/// A line with the day of a letter, and perhaps the place.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(super) struct Dateline {
    /// The day as TOML writes it.
    pub date: String,
    /// Where the letter was written.
    pub place: Option<String>,
    /// Whether day and month might be the other way round.
    pub is_doubtful: bool,
    /// The tag of the language with the calendar of the day, if that is another than the tag's own.
    pub tag: Option<Tag>,
}

/// The longest line that is read as a date and a place.
const MAX_LENGTH: usize = 120;

/// Reads a line such as "Oaxaca, March 9, 2026", "Ciudad de México, a 24 de agosto de 2021", "9/3/2026".
pub(super) fn dateline(vocabulary: &Vocabulary, text: &str, month_first: bool) -> Option<Dateline> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    if let Some((date, place, tag)) = vocabulary.printed_date(text) {
        let year = u16::try_from(date.year().extended_year()).ok()?;
        let date = iso(year, date.month().ordinal.into(), date.day_of_month().0.into())?;
        let is_weekday = |place: &String| vocabulary.is(Part::Weekday, place);
        let is_place = |place: &String| {
            !place.contains(|c: char| c.is_ascii_digit()) && place.split(' ').count() <= 10
        };
        if place.as_ref().is_none_or(|place| is_place(place) && !is_weekday(place)) {
            let tag = tag.cloned();
            return Some(Dateline { date, place, is_doubtful: false, tag });
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let (first, last, date, is_doubtful) = in_one_word(&words, month_first).or_else(|| {
        in_words(vocabulary, &words.iter().map(|word| bare(word)).collect::<Vec<_>>())
    })?;
    // Nothing follows a date but a full stop.
    if words.get(last + 1).is_some() {
        return None;
    }
    let mut before = &words[..first];
    while let Some((word, rest)) = before.split_last() {
        let word = bare(word).to_lowercase();
        let is_small = matches!(
            word.as_str(),
            "" | "a"
                | "am"
                | "on"
                | "den"
                | "el"
                | "día"
                | "dia"
                | "le"
                | "the"
                | "to"
                | "de"
                | "this"
        );
        if !is_small && !vocabulary.is(Part::Weekday, &word) {
            break;
        }
        before = rest;
    }
    let place = before.join(" ").trim_end_matches([',', ';', ':', ' ']).to_owned();
    let is_place = !place.contains(|c: char| c.is_ascii_digit()) && before.len() <= 10;
    let found = |place: String| (!place.is_empty()).then_some(place);
    is_place.then(|| Dateline { date, place: found(place), is_doubtful, tag: None })
}

type Found = (usize, usize, String, bool);

/// A date in digits, such as "2026-03-09" or "9/3/2026".
fn in_one_word(words: &[&str], month_first: bool) -> Option<Found> {
    words.iter().enumerate().find_map(|(index, word)| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        let word = word.split('T').next().unwrap_or_default();
        let numbers: Vec<&str> = word.split(['-', '/', '.']).collect();
        let [a, b, c] = numbers[..] else { return None };
        let number = |text: &str| text.parse::<u16>().ok();
        let (a_value, b_value, c_value) = (number(a)?, number(b)?, number(c)?);
        if a.len() == 4 {
            return Some((index, index, iso(a_value, b_value, c_value)?, false));
        }
        if c.len() != 4 {
            return None;
        }
        let (day, month) = match (a_value > 12, b_value > 12) {
            (false, true) => (b_value, a_value),
            (true, false) => (a_value, b_value),
            _ if month_first => (b_value, a_value),
            _ => (a_value, b_value),
        };
        let is_doubtful = a_value <= 12 && b_value <= 12 && a_value != b_value;
        Some((index, index, iso(c_value, month, day)?, is_doubtful))
    })
}

/// A date with the name of a month.
fn in_words(vocabulary: &Vocabulary, words: &[String]) -> Option<Found> {
    let month = words.iter().position(|word| vocabulary.month(word).is_some())?;
    let near = |test: &dyn Fn(&str) -> bool| {
        let around = month.saturating_sub(3)..(month + 4).min(words.len());
        around.filter(|at| *at != month && test(&words[*at])).min_by_key(|at| at.abs_diff(month))
    };
    let is_year = |word: &str| word.len() == 4 && word.parse::<u16>().is_ok();
    let day_of = |word: &str| {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_day = digits.len() <= 2 && word.len() - digits.len() <= 3;
        digits.parse::<u16>().ok().filter(|day| is_day && (1..=31).contains(day))
    };
    let year = near(&is_year)?;
    let day = near(&|word| day_of(word).is_some())?;
    let (first, last) = (month.min(day).min(year), month.max(day).max(year));
    let others = (first..=last).filter(|at| ![month, day, year].contains(at));
    if others.clone().any(|at| words[at].chars().count() > 4) {
        return None;
    }
    let number = vocabulary.month(&words[month])?;
    let date = iso(words[year].parse().ok()?, u16::from(number), day_of(&words[day])?)?;
    Some((first, last, date, false))
}

fn iso(year: u16, month: u16, day: u16) -> Option<String> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let is_usual = (1000..3000).contains(&year);
    Date::try_new_iso(i32::from(year), month, day).ok().filter(|_| is_usual)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let read = |text: &str, tag: &str| {
            let vocabulary = Vocabulary::of(&tag.parse().expect("a tag"));
            let line = dateline(&vocabulary, text, tag == "en")?;
            Some((line.date, line.place.unwrap_or_default()))
        };
        let cases = [
            ("August 24, 2021", "en", "2021-08-24", ""),
            ("Tuesday, August 24th, 2021", "en", "2021-08-24", ""),
            ("24 Aug. 2021", "en", "2021-08-24", ""),
            ("Oaxaca de Juárez, March 9, 2026", "en", "2026-03-09", "Oaxaca de Juárez"),
            ("Ciudad de México, a 24 de agosto de 2021", "es", "2021-08-24", "Ciudad de México"),
            ("Tijuana, B. C., a 9 de marzo del 2026.", "es", "2026-03-09", "Tijuana, B. C."),
            ("2021-08-24", "es", "2021-08-24", ""),
            ("8/24/2021", "es", "2021-08-24", ""),
            ("3/9/2026", "en", "2026-03-09", ""),
            ("3/9/2026", "es", "2026-09-03", ""),
            ("Tijuana, den 9. März 2026", "de", "2026-03-09", "Tijuana"),
            ("Tijuana, 9 marca 2026 r.", "pl", "2026-03-09", "Tijuana"),
            ("9 marca 2026 r.", "pl", "2026-03-09", ""),
            ("2026年3月9日、東京", "ja", "2026-03-09", "東京"),
            ("2026년 3월 9일", "ko", "2026-03-09", ""),
            ("۹ مارس ۲۰۲۶", "fa", "2026-03-09", ""),
            ("تهران، ۱۸ اسفند ۱۴۰۴", "fa", "2026-03-09", "تهران"),
            ("۱۸ اسفند ۱۴۰۴", "fa-u-ca-persian", "2026-03-09", ""),
            ("令和8年3月9日、東京", "ja", "2026-03-09", "東京"),
            ("民國115年3月9日", "zh-TW", "2026-03-09", ""),
        ];
        for (text, tag, date, place) in cases {
            assert_eq!(read(text, tag), Some((date.into(), place.into())), "{text}");
        }
        for text in ["Since March 9, 2026 we wait", "May 2, the board met in 2019 again", "Room 24"]
        {
            assert_eq!(read(text, "en"), None, "{text}");
        }
    }
}
