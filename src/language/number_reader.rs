//! Numbers, dates and file numbers in a text, by their value and not by how a language writes them:
//! "72,000", "72.000" and "setenta y dos mil" are one number.
//!
//! A date is read as its parts, for "December 20 and 21, 2018" and "20 y 21 de diciembre de 2018" say
//! the same: 20, 21, the twelfth month and 2018.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::M;
use regex::{Captures, Regex};
use text2num::lang::get_interpreter_for;
use text2num::{Token, find_numbers};

use crate::language::Tag;

/// A number, or a part of a date, in a text.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct Figure {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// What it may mean: "1.500" is one and a half or fifteen hundred, by where it was written.
    pub values: Vec<Value>,
    /// Whether the other language must have it too. What may be said without a number, such as "both"
    /// or "third", need not be there.
    pub certain: bool,
}

/// What a figure means.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub enum Value {
    /// A number in decimal digits with a point, such as "72000" or "3.5".
    Number(String),
    /// A month from 1 to 12.
    Month(u8),
    /// A time of day in minutes.
    Time(u32),
    /// What is compared sign by sign, such as a telephone number or "19-cv-807".
    Literal(String),
}

/// What numbers count, where a text says so.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub enum Unit {
    /// "15%", "15 per cent".
    Percent,
    /// "US$ 15", "15 dollars".
    Dollar,
    /// "15 pesos", "MXN 15".
    Peso,
    /// "€15", "15 euros".
    Euro,
    /// "£15", "15 pounds sterling".
    Pound,
}

/// Reads texts in one language.
pub struct NumberReader<'t> {
    tag: &'t Tag,
    /// The names of the months, where they are known.
    months: Vec<String>,
}

impl<'t> NumberReader<'t> {
    /// A reader for a language. Where its words are not known, digits are read all the same.
    pub fn new(tag: &'t Tag) -> Self {
        Self { tag, months: month_names(tag).unwrap_or_default() }
    }

    /// The figures of a text, in the order they stand.
    pub fn figures(&self, text: &str) -> Vec<Figure> {
        let (tag, language) = (self.tag, self.tag.language());
        let mut figures: Vec<Figure> = Vec::new();
        let written = stretches_with_digits(text).into_iter().flat_map(|stretch| {
            DIGITS.captures_iter(&text[stretch.clone()]).map(move |found| (stretch.start, found))
        });
        for (start, captures) in written {
            let Some(whole) = captures.get(0) else { continue };
            let range = start + whole.start()..start + whole.end();
            if captures.name("date").is_some() {
                figures.extend(numeric_date(whole.as_str(), range, tag));
                continue;
            }
            let mut figure = read_digits(&captures);
            figure.range = range.clone();
            // "2 mil 300" is one number, which may be of millions in its turn.
            if language == "es"
                && captures.name("integer").is_some_and(|digits| digits.len() <= 3)
                && let Some(before) = figures.last()
                && text[before.range.clone()].ends_with(" mil")
                && text.get(before.range.end..range.start) == Some(" ")
            {
                let start = before.range.start;
                let thousands = before.values.first().cloned();
                if let Some(Value::Number(thousands)) =
                    thousands.filter(|_| figures.pop().is_some())
                {
                    let head = thousands.strip_suffix("000").unwrap_or(&thousands);
                    figure.values = vec![Value::Number(format!("{head}{:0>3}", whole.as_str()))];
                    figure.range.start = start;
                }
            }
            if let Some((zeros, length)) = scale_after(&text[range.end..], language) {
                figure.values.iter_mut().for_each(|value| value.shift(zeros));
                figure.range.end += length;
            }
            figures.push(figure);
        }
        let words = words(text, &figures);
        figures.extend(months(text, &words, &self.months, language));
        figures.extend(number_words(text, &words, language));
        figures.sort_by_key(|figure| figure.range.start);
        figures
    }
}

/// The units of a text, each with where it stands.
pub fn units(text: &str) -> Vec<(Unit, Range<usize>)> {
    static UNITS: LazyLock<[(Unit, Regex); 5]> = LazyLock::new(|| {
        [
            (
                Unit::Percent,
                regex(
                    r"(?i)%|\bper\s?cent\b|\bpor\s?ciento\b|\bpour\s?cent\b|\bper cento\b|\bprozent\b|\bpor cento\b",
                ),
            ),
            (Unit::Dollar, regex(r"(?i)US\s?\$|\bUSD\b|\b[dD][oó]lar(?:es)?\b|\bdollars?\b")),
            (Unit::Peso, regex(r"(?i)MX\s?\$|\bMXN\b|\bM\.\s?N\.|\bpesos?\b")),
            (Unit::Euro, regex(r"(?i)€|\bEUR\b|\beuros?\b")),
            (Unit::Pound, regex(r"(?i)£|\bGBP\b|\bpounds? sterling\b|\blibras? esterlinas?\b")),
        ]
    });
    let mut found: Vec<(Unit, Range<usize>)> = UNITS
        .iter()
        .flat_map(|(unit, regex)| regex.find_iter(text).map(|found| (*unit, found.range())))
        .collect();
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// The Roman numerals of centuries, articles and popes, of at least two letters.
pub fn is_roman(word: &str) -> bool {
    roman(word).is_some()
}

impl Value {
    /// Moves the decimal point of a number to the right.
    fn shift(&mut self, zeros: usize) {
        let Self::Number(number) = self else { return };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut digits = format!("{whole}{fraction}");
        let behind = fraction.len().saturating_sub(zeros);
        digits.extend(std::iter::repeat_n('0', zeros.saturating_sub(fraction.len())));
        let at = digits.len() - behind;
        *number = plain(&digits[..at], &digits[at..]);
    }
}

/// A number in one way of writing: no zeros in front, none behind the point.
fn plain(whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// The program's own patterns are right, which the tests of this file show: each is compiled there.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the program is valid")
}

/// What is written with digits, the more particular first.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)
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
        | (?P<decade> \b[0-9]{3}0s\b )
        | (?P<grouped> \b[0-9]{1,3}(?:[,.’'\u{a0}\u{202f}\u{2009}\ ][0-9]{3})+(?:[.,][0-9]+)?\b )
        | (?P<decimal> \b[0-9]+[.,][0-9]+\b )
        | (?P<integer> [0-9]+ )
        ",
    )
});

/// The parts of a text that have digits, with the two words behind them, as in "5 p. m.". To look for
/// numbers in the rest takes as long as all else that is read there.
fn stretches_with_digits(text: &str) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let (mut at, mut behind) = (0, usize::MAX);
    for word in text.split_inclusive(char::is_whitespace) {
        let range = at..at + word.len();
        at = range.end;
        let digits = word.contains(|c: char| c.is_ascii_digit());
        // A space alone is no word.
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
            // Fractions may be said in words.
            certain = !(parts.len() == 2 && parts.iter().all(|part| part.len() == 1));
            let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == '/');
            vec![Value::Literal(kept.flat_map(char::to_uppercase).collect())]
        }
    } else if named("time") {
        times(text, &parts)
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

/// The parts of a date in digits. Where the month comes first in the language's region it is read so,
/// unless it could be none.
fn numeric_date(text: &str, range: Range<usize>, tag: &Tag) -> Vec<Figure> {
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

/// What a time of day may mean, in minutes or in whole hours.
fn times(text: &str, parts: &[&str]) -> Vec<Value> {
    let part = |at: usize| parts.get(at).and_then(|p| p.parse::<u32>().ok());
    let (hour, minutes) = (part(0).unwrap_or(0), part(1).unwrap_or(0));
    let half = text.chars().find(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase());
    let hours = match half {
        Some('a') => vec![hour % 12],
        Some(_) => vec![hour % 12 + 12],
        // Without a word for it, "3:00" may be in the afternoon.
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

/// What a number with groups of three digits may mean.
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

/// The words behind a number in digits that multiply it, each with how many zeros it stands for.
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
        "pt" => &[("mil", 3), ("milhões", 6), ("milhão", 6), ("bilhões", 9), ("bilhão", 9)],
        "it" => &[("mila", 3), ("milioni", 6), ("milione", 6), ("miliardi", 9), ("miliardo", 9)],
        "de" => &[("Tausend", 3), ("Millionen", 6), ("Million", 6), ("Milliarden", 9)],
        _ => &[],
    }
}

/// How many zeros the word behind a number stands for, and its length with the space before it.
fn scale_after(rest: &str, language: &str) -> Option<(usize, usize)> {
    let word = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let space = rest.len() - word.len();
    if space == 0 {
        return None;
    }
    let found = scales(language).iter().find(|(scale, _)| {
        word.strip_prefix(scale).is_some_and(|after| !after.starts_with(char::is_alphabetic))
    });
    found.map(|(scale, zeros)| (*zeros, space + scale.len()))
}

/// A word of letters alone.
struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    /// What a number's word is read as.
    read: Cow<'t, str>,
    /// Whether something other than a space or a hyphen stands before it.
    parted: bool,
    /// Whether it is no part of a number, whatever it looks like.
    never: bool,
}

impl Token for &Word<'_> {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn text_lowercase(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.read)
    }

    fn nt_separated(&self, _: &Self) -> bool {
        self.parted
    }

    fn not_a_number_part(&self) -> bool {
        self.never
    }
}

/// The words of a text that are not part of what is written with digits.
fn words<'t>(text: &'t str, taken: &[Figure]) -> Vec<Word<'t>> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| regex(r"\p{L}+"));
    /// Words that speak of many without saying how many, and those that a number's word may be
    /// mistaken for.
    const NEVER: &[&str] = &[
        "o",
        "hundreds",
        "thousands",
        "millions",
        "billions",
        "dozens",
        "cientos",
        "miles",
        "centavo",
        "centavos",
        "segundos",
        "seconds",
        "quarters",
        "cuartos",
        "minutos",
    ];
    let mut words: Vec<Word<'t>> = Vec::new();
    let mut taken = taken.iter().peekable();
    for found in WORD.find_iter(text) {
        while taken.next_if(|figure| figure.range.end <= found.start()).is_some() {}
        let in_digits = taken.peek().is_some_and(|figure| figure.range.start < found.end());
        let read: Cow<'t, str> = match found.as_str().to_lowercase() {
            // The crate knows "veintiuno" alone.
            word if word == "veintiún" => "veintiuno".into(),
            word => word.into(),
        };
        let before = words.last();
        let between = text.get(before.map_or(0, |w| w.range.end)..found.start());
        let parted = !between.unwrap_or_default().chars().all(|c| c == ' ' || c == '-');
        // "por ciento" is no hundred.
        let percent = read == "ciento" && before.is_some_and(|word| word.read == "por");
        let never = in_digits || percent || NEVER.contains(&&*read);
        words.push(Word { text: found.as_str(), range: found.range(), read, parted, never });
    }
    words
}

fn number_words(text: &str, words: &[Word<'_>], language: &str) -> Vec<Figure> {
    /// Words for a number that are often said without one in another language.
    const LOOSE: &[(&str, &str)] = &[
        ("both", "2"),
        ("couple", "2"),
        ("pair", "2"),
        ("twice", "2"),
        ("dozen", "12"),
        ("ambos", "2"),
        ("ambas", "2"),
        ("par", "2"),
        ("doble", "2"),
        ("docena", "12"),
    ];
    let mut figures: Vec<Figure> = Vec::new();
    if let Some(interpreter) = get_interpreter_for(language) {
        for number in find_numbers(words.iter(), &interpreter, 0.0) {
            let (Some(first), Some(last)) =
                (words.get(number.start), words.get(number.end.saturating_sub(1)))
            else {
                continue;
            };
            // "One" is an article or a pronoun as often as a number.
            if number.value <= 1.0 && number.value.fract() == 0.0 && number.value != 0.0 {
                continue;
            }
            let range = first.range.start..last.range.end;
            // A lone plural such as "millones" says no number.
            if number.end - number.start == 1 && number.value >= 1e6 {
                continue;
            }
            let whole = number.value.fract() == 0.0;
            figures.push(Figure {
                range,
                values: vec![Value::Number(number.value.to_string())],
                certain: whole && !number.is_ordinal,
            });
        }
    }
    for word in words {
        let loose = LOOSE.iter().find(|(loose, _)| *word.read == **loose).map(|(_, n)| *n);
        let number = loose.map(str::to_owned).or_else(|| roman(word.text).map(|n| n.to_string()));
        if let Some(number) = number {
            let (range, values) = (word.range.clone(), vec![Value::Number(number)]);
            figures.push(Figure { range, values, certain: false });
        }
    }
    debug_assert!(figures.iter().all(|figure| text.get(figure.range.clone()).is_some()));
    figures
}

/// The value of a Roman numeral of at least two letters, up to 89.
fn roman(word: &str) -> Option<u32> {
    static ROMAN: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:L?X{0,3}|XL)(?:IX|IV|V?I{0,3})$"));
    if word.len() < 2 || !ROMAN.is_match(word) {
        return None;
    }
    let value = |c| match c {
        'L' => 50,
        'X' => 10,
        'V' => 5,
        _ => 1,
    };
    let letters: Vec<u32> = word.chars().map(value).collect();
    let signed = letters.iter().enumerate().map(|(at, n)| {
        let smaller = letters.get(at + 1).is_some_and(|next| next > n);
        i64::from(*n) * if smaller { -1 } else { 1 }
    });
    u32::try_from(signed.sum::<i64>()).ok()
}

/// The names of months, from the Unicode CLDR through ICU4X.
fn months(text: &str, words: &[Word<'_>], names: &[String], language: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(month) = names.iter().position(|name| *name == *word.read) else { continue };
        let mut certain = true;
        if language == "en" {
            // "March" and "May" are other words too.
            if !word.text.starts_with(char::is_uppercase) {
                continue;
            }
            let digit_near = text[word.range.end..]
                .trim_start_matches([' ', ',', '\u{a0}', '\n'])
                .starts_with(|c: char| c.is_ascii_digit())
                || text[..word.range.start].trim_end().ends_with(|c: char| c.is_ascii_digit());
            const BEFORE: &[&str] = &[
                "in", "since", "until", "by", "of", "from", "through", "last", "this", "next",
                "early", "late", "mid", "during", "between", "to", "and",
            ];
            let after_word = at
                .checked_sub(1)
                .is_some_and(|before| BEFORE.contains(&&*words[before].read) && !word.parted);
            certain = !matches!(&*word.read, "may" | "march") || digit_near || after_word;
        }
        let month = u8::try_from(month + 1).unwrap_or(0);
        let values = vec![Value::Month(month)];
        figures.push(Figure { range: word.range.clone(), values, certain });
    }
    figures
}

fn month_names(tag: &Tag) -> Option<Vec<String>> {
    let locale = tag.locale();
    let formatter: FixedCalendarDateTimeFormatter<Gregorian, M> =
        FixedCalendarDateTimeFormatter::try_new((&locale).into(), M::long()).ok()?;
    let name = |month| {
        let date = Date::try_new_gregorian(2000, month, 1).ok()?;
        Some(formatter.format(&date).to_string().to_lowercase())
    };
    (1..=12).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a text, a certain one as it is and another in brackets.
    fn read(text: &str, tag: &str) -> String {
        let tag = tag.parse().expect("a tag");
        let shown = |figure: &Figure| {
            let values: Vec<String> = figure
                .values
                .iter()
                .map(|value| match value {
                    Value::Number(number) => number.clone(),
                    Value::Month(month) => format!("month {month}"),
                    Value::Time(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
                    Value::Literal(text) => format!("={text}"),
                })
                .collect();
            let values = values.join("/");
            if figure.certain { values } else { format!("({values})") }
        };
        NumberReader::new(&tag).figures(text).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn digits_are_read_however_they_are_grouped() {
        for text in ["72,000", "72.000"] {
            assert_eq!(read(text, "en"), "72000/72", "{text}");
        }
        for text in ["72 000", "72\u{a0}000", "72\u{202f}000", "72’000"] {
            assert_eq!(read(text, "es"), "72000", "{text}");
        }
        assert_eq!(read("1.500,75 and 1,500.75", "es"), "1500.75 1500.75");
        assert_eq!(read("0,125 y 0.50", "es"), "0.125 0.5");
        assert_eq!(read("1.5 million, 2 billion", "en"), "1500000 2000000000");
        assert_eq!(read("1,5 millones, 2 mil millones, 72 mil", "es"), "1500000 2000000000 72000");
        assert_eq!(read("2 mil 300 millones; 25 mil 40 personas", "es"), "2300000000 25040");
        assert_eq!(read("US$500, USD500, mid-2019, 72-hour", "en"), "500 500 2019 72");
        assert_eq!(read("1.º, 2ª, 3er", "es"), "1 2 3");
        assert_eq!(read("1st and 42nd", "en"), "1 42");
        assert_eq!(read("2018-2020, 15–20%", "en"), "2018 2020 15 20");
    }

    #[test]
    fn words_are_numbers() {
        assert_eq!(read("up to fifteen months", "en"), "15");
        assert_eq!(read("hasta quince meses", "es"), "15");
        assert_eq!(read("seventy-two thousand", "en"), "72000");
        assert_eq!(read("setenta y dos mil personas, doscientas casas", "es"), "72000 200");
        assert_eq!(read("veintiún días, treinta y una noches", "es"), "21 31");
        assert_eq!(read("dos millones", "es"), "2000000");
        assert_eq!(read("quince por ciento", "es"), "15");
        assert_eq!(read("mil personas", "es"), "1000");
        assert_eq!(read("for two years", "en"), "2");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["one of us, on the one hand", "thousands of people", "You may march", "second"]
        {
            assert!(
                !read(text, "en").split(' ').any(|v| !v.is_empty() && !v.starts_with('(')),
                "{text}"
            );
        }
        for text in
            ["una de ellas, un acto y otro", "miles de personas y cientos de casas", "millones"]
        {
            assert_eq!(read(text, "es"), "", "{text}");
        }
        assert_eq!(read("both; the twenty-first century", "en"), "(2) (21)");
        assert_eq!(read("ambos; el siglo XXI", "es"), "(2) (21)");
    }

    #[test]
    fn dates_are_their_parts() {
        assert_eq!(read("December 20, 2018", "en"), "month 12 20 2018");
        assert_eq!(read("20 de diciembre de 2018", "es-MX"), "20 month 12 2018");
        assert_eq!(read("in May 2019, since March", "en"), "month 5 2019 month 3");
        assert_eq!(read("12/20/2018", "en"), "month 12 20 2018");
        assert_eq!(read("2018-12-20", "en"), "month 12 20 2018");
        assert_eq!(read("20/12/2018", "es"), "month 12 20 2018");
        assert_eq!(read("the 1990s", "en"), "1990/90");
        assert_eq!(read("3:30 p.m.", "en"), "15:30");
        assert_eq!(read("15:30", "es"), "15:30");
        assert!(read("5 p.m.", "en").split('/').any(|value| value == "17:00"));
    }

    /// A language whose words are not known has its digits read.
    #[test]
    fn other_languages_are_read_as_far_as_they_are_known() {
        assert_eq!(read("72\u{202f}000 personnes, quinze mois", "fr"), "72000 15");
        assert_eq!(read("1,5 millions, le 20 décembre 2018", "fr"), "1500000 20 month 12 2018");
        assert_eq!(read("watu 72.000, 20/12/2018", "sw"), "72000/72 month 12 20 2018");
    }

    #[test]
    fn numbers_of_files_and_telephones_are_literal() {
        assert_eq!(read("No. 2:21-cv-00067-Z", "en"), "=221CV00067Z");
        assert_eq!(read("expediente CNDH/5/2019/123/Q", "es"), "=CNDH/5/2019/123/Q");
        assert_eq!(read("amparo 302/2020; COVID-19", "es"), "=302/2020 =COVID19");
        assert_eq!(read("+52 55 1234 5678", "es"), "=525512345678");
    }

    proptest::proptest! {
        /// Each figure is a part of the text, whatever it says.
        #[test]
        fn figures_are_in_the_text(text in "[\\PC]{0,40}|[0-9a-zA-Z ,./:’º-]{0,40}|((\\d{1,4}|mil|dos|de|mayo|[,.:/ -]) ?){0,12}") {
            for tag in ["en", "es"] {
                let tag = tag.parse().expect("a tag");
                for figure in NumberReader::new(&tag).figures(&text) {
                    proptest::prop_assert!(text.get(figure.range.clone()).is_some_and(|t| !t.is_empty()));
                    proptest::prop_assert!(!figure.values.is_empty());
                }
                units(&text);
            }
        }
    }

    /// Where a text without digits lies around numbers, they are found all the same.
    #[test]
    fn numbers_are_found_far_into_a_text() {
        let far = "sin una sola cifra en todo el párrafo ";
        for (text, value) in [
            ("a las 5 p. m.", "17:00/17/5"),
            ("al +52 (55) 1234 - 5678", "=525512345678"),
            ("72\u{a0}000 personas", "72000"),
            ("2 mil 300 millones", "2300000000"),
            ("el 20/12/2018", "month 12 20 2018"),
        ] {
            assert_eq!(read(&format!("{far}{text} {far}"), "es"), value, "{text}");
            let twice = format!("{far}{text}. {text}, {far}");
            assert_eq!(read(&twice, "es"), format!("{value} {value}"), "{twice}");
        }
    }

    #[test]
    fn units_are_known() {
        let kinds = |text| units(text).into_iter().map(|(unit, _)| unit).collect::<Vec<_>>();
        assert_eq!(kinds("15 per cent of US$ 20"), [Unit::Percent, Unit::Dollar]);
        assert_eq!(
            kinds("15 % de 20 dólares o 400 pesos"),
            [Unit::Percent, Unit::Dollar, Unit::Peso]
        );
    }
}
