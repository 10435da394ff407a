//! Figures written with digits: numbers, dates, times, telephone and file numbers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::language::Tag;
use crate::language::number_reader::{Figure, Value, plain, regex};

/// Letters by whole blocks of Unicode: a pattern that knows each of them takes longer to build than the texts
/// take to read.
const LETTER: &str = r"[A-Za-zªµºÀ-ÖØ-öø-\u{24f}\u{370}-\u{1fff}\u{2c00}-\u{2dff}\u{3040}-\u{d7ff}\u{f900}-\u{fdff}\u{fe70}-\u{fefe}\u{10000}-\u{1efff}]";
/// Capital letters in the same way.
const CAPITAL: &str =
    r"[A-ZÀ-ÖØ-Þ\u{100}-\u{24f}\u{386}-\u{3ab}\u{400}-\u{42f}\u{531}-\u{556}\u{1e00}-\u{1eff}]";
/// The boundary of a word, for which only ASCII letters and digits matter.
const BOUNDARY: &str = r"(?-u:\b)";

/// The forms written with digits, the more specific first.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        (?P<phone> \+[0-9][0-9\ \u{a0}().\-]{6,}[0-9] )
        | (?P<date> \b[0-9]{4}-[0-9]{2}-[0-9]{2}\b | \b[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\b )
        # CNDH/5/2019/123/Q, COVID-19, RA-2026/14
        | (?P<code> \b\p{Lu}[\p{L}]*(?:[-/]\p{L}+)*[-/]?[0-9][\p{L}[0-9]]*(?:[-/.:][\p{L}[0-9]]+)*
        # 19-cv-807, 2:21-cv-00067-Z
            | \b[0-9]+(?:[-/:][0-9]+)*[-/:]\p{L}+[-/:][0-9][\p{L}[0-9]]*(?:[-/:][\p{L}[0-9]]+)*
        # 555-123-4567
            | \b[0-9]+(?:-[0-9]+){2,}\b
        # 302/2020
            | \b[0-9]+(?:/[0-9]+)+\b )
        | (?P<time> \b[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?i:[ap]\.?\s?m\b\.?) | \b[0-9]{1,2}:[0-9]{2}\b )
        # 8月24日, 8월 24일, ngày 24 tháng 8
        | (?P<month> (?:1[0-2]|0?[1-9])\ ?(?:月|월) | \btháng\ (?:1[0-2]|0?[1-9])\b )
        # $3.5m, 120k
        | (?P<short> \b[0-9]+(?:[.,][0-9]+)?\ ?(?:bn|mn|mdp|mdd|m|M|k|K)\b )
        | (?P<decade> \b[0-9]{3}0s\b )
        | (?P<grouped> \b[0-9]{1,3}(?:[,.’'\u{a0}\u{202f}\u{2009}\ ][0-9]{3})+(?:[.,][0-9]+)?\b )
        | (?P<decimal> \b[0-9]+[.,][0-9]+\b )
        | (?P<integer> [0-9]+ )
        ";
    let pattern = pattern.replace(r"\p{Lu}", CAPITAL).replace(r"\p{L}", LETTER);
    regex(&pattern.replace(r"\b", BOUNDARY))
});

/// The parts of a text that contain digits, with the next two words, as in "5 p. m.". Searching the
/// rest for numbers too would take as long as everything else that is read there.
pub(super) fn stretches_with_digits(text: &str) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let (mut at, mut behind) = (0, usize::MAX);
    for word in text.split_inclusive(char::is_whitespace) {
        let range = at..at + word.len();
        at = range.end;
        let digits = word.contains(|c: char| c.is_ascii_digit());
        // Only spaces are not a word.
        let words_behind =
            if digits { 0 } else { behind.saturating_add(usize::from(word.trim() != "")) };
        match stretches.last_mut() {
            Some(last) if last.end == range.start && (digits || words_behind <= 2) => {
                last.end = range.end;
            }
            _ if digits => stretches.push(range),
            _ => {}
        }
        behind = words_behind;
    }
    stretches
}

/// What is written with digits.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Written {
    /// A date in digits, at these bytes.
    Date(Range<usize>),
    /// Anything else, and whether it is a whole number without signs.
    Figure(Figure, bool),
}

/// What is written with digits in a part of a text, in order.
pub(super) fn written(text: &str, part: Range<usize>) -> Vec<Written> {
    let start = part.start;
    let text = &text[part];
    let mut found = simply_written(text).unwrap_or_else(|| found_written(text));
    for one in &mut found {
        let (Written::Date(range) | Written::Figure(Figure { range, .. }, _)) = one;
        *range = range.start + start..range.end + start;
    }
    found
}

/// The same by the pattern, which takes longer to build than a letter takes to read.
fn found_written(text: &str) -> Vec<Written> {
    let found = DIGITS.captures_iter(text).filter_map(|captures| {
        let range = captures.get(0)?.range();
        if captures.name("date").is_some() {
            return Some(Written::Date(range));
        }
        let figure = Figure { range, ..read_digits(&captures) };
        Some(Written::Figure(figure, captures.name("integer").is_some()))
    });
    found.collect()
}

/// The same if there is nothing but whole numbers such as "13,000" and "(2018)", each between spaces, and nothing
/// beside them that would make them something else.
fn simply_written(text: &str) -> Option<Vec<Written>> {
    let (mut found, mut at, mut before) = (Vec::new(), 0, "");
    let mut words = text.split_inclusive(char::is_whitespace).peekable();
    while let Some(word) = words.next() {
        let start = at;
        at += word.len();
        let word = word.trim_end();
        if word.contains(|c: char| c.is_ascii_digit()) {
            let bare = word.trim_start_matches(['(', '[', '“', '"', '«', '$', '€', '¿', '¡']);
            let start = start + word.len() - bare.len();
            let next = words.peek().copied().unwrap_or_default();
            let open = bare.ends_with(|c: char| c.is_ascii_digit());
            if before.ends_with("tháng") || open && may_belong_to_number(next) {
                return None;
            }
            let bare =
                bare.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '”', '"', '»']);
            let is_integer = is_of_digits(bare);
            let values = match bare.find([',', '.']) {
                None if is_integer => vec![Value::Number(plain(bare, ""))],
                Some(sign) if is_in_groups(bare, &bare[sign..=sign]) => grouped(bare),
                _ => return None,
            };
            let range = start..start + bare.len();
            found.push(Written::Figure(Figure { range, values, certain: true }, is_integer));
        }
        before = word;
    }
    Some(found)
}

/// Whether a text may be a part of the number before it: "p. m." after "5", "000", "mn", "月". A space alone may be
/// followed by anything.
fn may_belong_to_number(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let word = &text[..end];
    text.starts_with(|c: char| c.is_ascii_digit() || c.is_whitespace() || "月월".contains(c))
        || ["a", "am", "p", "pm"].iter().any(|half| half.eq_ignore_ascii_case(word))
        || ["bn", "mn", "mdp", "mdd", "m", "M", "k", "K"].contains(&word)
}

fn is_of_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number is written in groups of three digits.
fn is_in_groups(text: &str, sign: &str) -> bool {
    let mut groups = text.split(sign);
    groups.next().is_some_and(|first| first.len() <= 3 && is_of_digits(first))
        && groups.all(|group| group.len() == 3 && is_of_digits(group))
}

fn read_digits(captures: &Captures<'_>) -> Figure {
    let text = &captures[0];
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = |text: &str| Value::Number(plain(text, ""));
    let named = |name| captures.name(name).is_some();
    let parts: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let mut certain = true;
    let values = if named("phone") {
        vec![Value::Literal(digits(text))]
    } else if named("code") {
        // "mid-2019" is a year, and "USD500" an amount.
        let letters: String = text.chars().take_while(|c| c.is_alphabetic()).collect();
        let prefix = letters.chars().skip(1).any(char::is_lowercase)
            || ["USD", "MXN", "EUR", "GBP"].contains(&letters.as_str());
        if prefix && parts.len() == 1 {
            vec![number(parts[0])]
        } else {
            // Fractions, "24/7" and "9/11" may be written in words.
            certain = !(parts.len() == 2 && parts.iter().all(|part| part.len() <= 2));
            let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '/');
            vec![Value::Literal(kept.flat_map(char::to_uppercase).collect())]
        }
    } else if named("time") {
        times(text, &parts)
    } else if named("month") {
        vec![Value::Month(parts.first().and_then(|part| part.parse().ok()).unwrap_or(0))]
    } else if named("short") {
        let (whole, fraction) = (parts.first(), parts.get(1).filter(|part| part.len() != 3));
        let plain = match fraction {
            Some(fraction) => plain(whole.unwrap_or(&""), fraction),
            None => self::plain(&digits(text), ""),
        };
        let zeros = match text.trim_start_matches(|c: char| !c.is_alphabetic()) {
            "k" | "K" => 3,
            "bn" => 9,
            _ => 6,
        };
        // "5 m" may be metres.
        let mut scaled = Value::Number(plain.clone());
        scaled.shift(zeros);
        vec![scaled, Value::Number(plain)]
    } else if named("decade") {
        let year = &text[..text.len() - 1];
        vec![number(year), number(&year[2..])]
    } else if named("grouped") {
        grouped(text)
    } else if named("decimal") {
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        vec![Value::Number(plain(whole, fraction))]
    } else {
        vec![number(text)]
    };
    Figure { range: 0..0, values, certain }
}

/// The parts of a date in digits. If the region of the language puts the month first, it is read like
/// that, unless the number cannot be a month.
pub(super) fn numeric_date(text: &str, range: Range<usize>, tag: &Tag) -> Vec<Figure> {
    let parts: Vec<u16> =
        text.split(['-', '/']).filter_map(|part| part.parse::<u16>().ok()).collect();
    let [first, second, third] = parts[..] else { return Vec::new() };
    let month_first = tag.language() == "en" && matches!(tag.region(), None | Some("US"));
    let (year, month, day) = if text.contains('-') {
        (first, second, third)
    } else if (month_first && first <= 12) || second > 12 {
        (third, first, second)
    } else {
        (third, second, first)
    };
    let number = |n: u16| Value::Number(n.to_string());
    let month = Value::Month(u8::try_from(month).unwrap_or(0));
    [month, number(day), number(year)]
        .into_iter()
        .map(|value| Figure { range: range.clone(), values: vec![value], certain: true })
        .collect()
}

/// The possible times of day, in minutes or in whole hours.
fn times(text: &str, parts: &[&str]) -> Vec<Value> {
    let part = |at: usize| parts.get(at).and_then(|p| p.parse::<u32>().ok());
    let (hour, minutes) = (part(0).unwrap_or(0), part(1).unwrap_or(0));
    let half = text.chars().find(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase());
    let hours = match half {
        Some('a') => vec![hour % 12],
        Some(_) => vec![hour % 12 + 12],
        // Without "a. m." or "p. m.", "3:00" may be in the afternoon.
        None if hour < 12 => vec![hour, hour + 12],
        None => vec![hour],
    };
    let mut values: Vec<Value> = hours.iter().map(|h| Value::Time(h * 60 + minutes)).collect();
    if minutes == 0 {
        values.extend(hours.iter().map(|h| Value::Number(h.to_string())));
        values.push(Value::Number(hour.to_string()));
    }
    values
}

/// The possible values of a number with groups of three digits.
fn grouped(text: &str) -> Vec<Value> {
    let signs: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let joined = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let last = signs.last().copied().unwrap_or(',');
    let (whole, fraction) = text.rsplit_once(last).unwrap_or((text, ""));
    let mixed = signs.iter().any(|sign| *sign != last);
    if mixed && matches!(last, '.' | ',') {
        return vec![Value::Number(plain(&joined(whole), fraction))];
    }
    let mut values = vec![Value::Number(plain(&joined(text), ""))];
    if signs.len() == 1 && matches!(last, '.' | ',') {
        let decimal = Value::Number(plain(whole, fraction));
        if whole == "0" {
            return vec![decimal];
        }
        values.push(decimal);
    }
    values
}

/// The words after a number in digits that multiply it, each with its number of zeros.
fn scales(language: &str) -> &'static [(&'static str, usize)] {
    match language {
        "en" => &[("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)],
        "es" => &[
            ("mil millones", 9),
            ("miles de millones", 9),
            ("mil", 3),
            ("millones", 6),
            ("millón", 6),
            ("billones", 12),
            ("billón", 12),
        ],
        "fr" => &[("mille", 3), ("millions", 6), ("million", 6), ("milliards", 9), ("milliard", 9)],
        "pt" => &[
            ("mil milhões", 9),
            ("mil", 3),
            ("milhões", 6),
            ("milhão", 6),
            ("bilhões", 9),
            ("bilhão", 9),
        ],
        "it" => &[("mila", 3), ("milioni", 6), ("milione", 6), ("miliardi", 9), ("miliardo", 9)],
        "de" => {
            &[("Tausend", 3), ("Millionen", 6), ("Million", 6), ("Milliarden", 9), ("Milliarde", 9)]
        }
        "ca" => &[("mil milions", 9), ("mil", 3), ("milions", 6), ("milió", 6)],
        "nl" => &[("duizend", 3), ("miljoen", 6), ("miljard", 9)],
        _ => &[],
    }
}

/// The number of zeros of the word after a number, and the word's length including the space before
/// it.
pub(super) fn scale_after(rest: &str, language: &str) -> Option<(usize, usize)> {
    let word = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let space = rest.len() - word.len();
    if space == 0 {
        return None;
    }
    let found = scales(language).iter().find(|(scale, _)| {
        let part = |after: &str| after.starts_with(char::is_alphabetic);
        word.strip_prefix(scale).is_some_and(|after| !part(after))
    });
    found.map(|(scale, zeros)| (*zeros, space + scale.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_letters_are_read_without_the_pattern() {
        for text in
            ["13,000", "(2018)", "20, 2018, many", "$72,000", "72.000 personas", "73 organizations"]
        {
            assert!(simply_written(text).is_some(), "{text}");
        }
        for text in [
            "5 p. m.",
            "5 000",
            "5\u{a0}000",
            "COVID-19",
            "5 m",
            "2020-01-02",
            "tháng 8",
            "3.5",
            "8月",
        ] {
            assert_eq!(simply_written(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4096))]

        /// What is read without the pattern is what the pattern reads.
        #[test]
        fn the_pattern_reads_the_same(
            words in proptest::collection::vec(
                r"([(\[“$+\-A-Cá]?[0-9]{1,4}([,.:/’'-][0-9]{1,4}){0,2}[)a-ck%.,:;’á]?|a|p\.|m\.?|am|bn|mdp|mil|k|tháng|月|de|[ \u{a0}]|,)",
                1..5,
            ),
            space in "[ \u{a0}\u{202f}\n]",
        ) {
            let text = words.join(&space);
            if let Some(found) = simply_written(&text) {
                proptest::prop_assert_eq!(found, found_written(&text), "{}", text);
            }
        }
    }
}
