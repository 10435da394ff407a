//! Figures of Chinese, Japanese and Korean: digits with units, as in "7万2千", "1.5億" and "3억 5천만", and
//! numerals, as in "二百三十" and "二〇二六".
//!
//! The numerals and units are those of the CLDR's rules for spelling numbers out; Korean numerals without a
//! digit are syllables of too many other words.

use std::ops::Range;

use crate::language::number_reader::{Figure, Value, plain};

/// Numbers are counted in millionths, so that "1.5億" is exact.
const ONE: u128 = 1_000_000;

/// What a character is in a number.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Numeral {
    Digit(u128),
    /// Ten, a hundred or a thousand, which multiplies what is directly before it.
    Small(u128),
    /// Ten thousand and its powers, which multiply all since the last of them.
    Big(u128),
}

impl Numeral {
    fn of(c: char, korean: bool) -> Option<Self> {
        let digits = "〇一二三四五六七八九";
        Some(match c {
            '십' if korean => Self::Small(10),
            '백' if korean => Self::Small(100),
            '천' if korean => Self::Small(1000),
            '만' if korean => Self::Big(10_000),
            '억' if korean => Self::Big(100_000_000),
            '조' if korean => Self::Big(1_000_000_000_000),
            _ if korean => return None,
            '零' => Self::Digit(0),
            '两' | '兩' => Self::Digit(2),
            '十' => Self::Small(10),
            '百' => Self::Small(100),
            '千' => Self::Small(1000),
            '万' | '萬' => Self::Big(10_000),
            '亿' | '億' => Self::Big(100_000_000),
            '兆' => Self::Big(1_000_000_000_000),
            _ => Self::Digit(digits.chars().position(|digit| digit == c)? as u128),
        })
    }
}

/// Whether numbers of a language are read here.
pub(super) fn reads(language: &str) -> bool {
    matches!(language, "zh" | "ja" | "ko")
}

/// The numbers of a text that have a unit or are written in numerals. Those in digits alone are left out.
pub(super) fn figures(text: &str, language: &str) -> Vec<Figure> {
    let korean = language == "ko";
    let mut figures = Vec::new();
    let (mut at, mut before) = (0, None);
    while let Some(c) = text[at..].chars().next() {
        // "A4" is read as a whole, and "数百" and "几十" are no numbers.
        let inside = before.is_some_and(|b: char| b.is_ascii_alphanumeric() || is_vague(b));
        let begins = c.is_ascii_digit() || Numeral::of(c, korean).is_some();
        let read = (begins && !inside).then(|| Run::read(&text[at..], korean));
        let length = match read {
            Some(run) => {
                let length = run.length.max(c.len_utf8());
                let ordinal = before == Some('제');
                figures.extend(run.figure(text, at..at + length, ordinal));
                length
            }
            None => c.len_utf8(),
        };
        before = text[at..at + length].chars().next_back();
        at += length;
    }
    figures
}

/// Whether a number after this is not said exactly.
fn is_vague(c: char) -> bool {
    matches!(c, '数' | '數' | '几' | '幾' | '何' | '수' | '몇')
}

/// A number as far as it can be read from the start of a text.
#[derive(Debug, Default)]
struct Run {
    length: usize,
    value: Option<u128>,
    /// The number before its last unit, if that is all there is: "5조" is an article or five trillions.
    bare: Option<u128>,
    digits: bool,
    numerals: usize,
    units: usize,
}

impl Run {
    fn read(text: &str, korean: bool) -> Self {
        let mut run = Self::default();
        // The sum of the parts with big units, that since the last of them, and what waits for a unit.
        let (mut sum, mut part, mut waiting): (u128, u128, Option<u128>) = (0, 0, None);
        // The last big and small units: smaller ones follow.
        let (mut big, mut small) = (u128::MAX, u128::MAX);
        // Numerals without a unit between them.
        let (mut positions, mut vague) = (String::new(), false);
        while let Some(c) = text[run.length..].chars().next() {
            let rest = &text[run.length..];
            if c.is_ascii_digit() && waiting.is_none() && positions.is_empty() {
                let (length, number) = decimal(rest);
                let Some(number) = number else { break };
                (waiting, run.digits) = (Some(number), true);
                run.length += length;
                continue;
            }
            // "3억 5천만"
            let after_space = rest.strip_prefix(' ').filter(|rest| rest.starts_with(is_digit));
            if korean && after_space.is_some() && big < u128::MAX && waiting.is_none() && part == 0
            {
                run.length += 1;
                continue;
            }
            // "5 万人", as texts are written that set digits apart.
            let unit_after_space = rest.strip_prefix(' ').and_then(|rest| rest.chars().next());
            let is_big = |c| matches!(Numeral::of(c, false), Some(Numeral::Big(_)));
            if !korean && run.digits && waiting.is_some() && unit_after_space.is_some_and(is_big) {
                run.length += 1;
                continue;
            }
            let Some(numeral) = Numeral::of(c, korean) else { break };
            match numeral {
                Numeral::Digit(digit) if !run.digits => {
                    positions.push(char::from_digit(digit as u32, 10).unwrap_or('0'));
                    waiting = Some(by_position(&positions));
                    run.numerals += 1;
                }
                Numeral::Digit(_) => break,
                Numeral::Small(unit) => {
                    let of_measure = unit == 1000 && rest[c.len_utf8()..].starts_with(MEASURES);
                    if unit >= small || of_measure {
                        break;
                    }
                    run.bare = waiting.filter(|_| run.units == 0);
                    part = waiting.take().unwrap_or(ONE).saturating_mul(unit).saturating_add(part);
                    small = unit;
                    run.units += 1;
                }
                Numeral::Big(unit) => {
                    let whole = waiting.take().unwrap_or(0).saturating_add(part);
                    if unit >= big || whole == 0 {
                        break;
                    }
                    run.bare = Some(whole).filter(|_| run.units == 0);
                    sum = whole.saturating_mul(unit).saturating_add(sum);
                    (part, big, small) = (0, unit, u128::MAX);
                    run.units += 1;
                }
            }
            if !matches!(numeral, Numeral::Digit(_)) {
                vague |= is_range(&positions);
                positions.clear();
            }
            run.length += c.len_utf8();
        }
        vague |= is_range(&positions);
        // "一二三" and "五五" may be anything, but "二〇二六" has one numeral for each digit.
        vague |= run.units == 0 && matches!(positions.len(), 2..4) && !positions.contains('0');
        let value = sum.saturating_add(part).saturating_add(waiting.unwrap_or(0));
        run.value = (!vague).then_some(value);
        run
    }

    /// The figure at this place of a text. `ordinal` says that it follows a sign of order.
    fn figure(self, text: &str, range: Range<usize>, ordinal: bool) -> Option<Figure> {
        let written = &text[range.clone()];
        let value = self.value.filter(|value| *value > 0)?;
        let says_how_many = self.digits || self.numerals > 0 || written.contains('十');
        if !says_how_many || self.digits && self.units == 0 {
            return None;
        }
        let rest = &text[range.end..];
        let next = rest.chars().next();
        if !self.digits && value <= 12 * ONE && next == Some('月') {
            let month = u8::try_from(value / ONE).unwrap_or(0);
            let range = range.start..range.end + '月'.len_utf8();
            return Some(Figure { range, values: vec![Value::Month(month)], certain: true });
        }
        let mut values = vec![number(value)];
        if ordinal || written.ends_with('조') {
            values.extend(self.bare.map(number));
        }
        // "六割" and "六成" are 60 %.
        if matches!(next, Some('割' | '成' | '할')) {
            values.push(number(value.saturating_mul(10)));
        }
        // A name may begin like a number: 五十嵐.
        let counted = next.is_none_or(|c| !is_han(c) || COUNTERS.contains(c));
        let several = self.numerals + self.units > 1;
        Some(Figure { range, values, certain: self.digits || several && counted })
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// What a thousand makes a unit of measure of, as in "5千米" (km).
const MEASURES: [char; 5] = ['米', '克', '瓦', '伏', '卡'];

/// What is counted, directly after a number.
const COUNTERS: &str = "人名年月日歳岁歲時时分秒円元圆圓個个件回次戸户戶校所箇頭头台臺本枚冊册点點項项条條号號度倍割成团団團組组週周天座位家间間種种米吨噸里国國世多余餘以";

/// Whether two numerals say that it is one or the other: "二三十人" are twenty or thirty, "三五天" a few days.
fn is_range(positions: &str) -> bool {
    positions.len() == 2 && (positions == "35" || "123456789".contains(positions))
}

/// The value of numerals of which each is a digit, in millionths.
fn by_position(positions: &str) -> u128 {
    positions.parse().unwrap_or(u128::MAX).saturating_mul(ONE)
}

/// The length of a number in digits with which a text begins, and its value in millionths. A comma stands before
/// three digits.
fn decimal(text: &str) -> (usize, Option<u128>) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let ends = |(at, c): &(usize, char)| match c {
        ',' => digits(&text[at + 1..]) != 3,
        _ => !c.is_ascii_digit() && *c != '.',
    };
    let length = text.char_indices().find(ends).map_or(text.len(), |(at, _)| at);
    let written = text[..length].trim_end_matches('.');
    let bare = written.replace(',', "");
    let (whole, fraction) = bare.split_once('.').unwrap_or((&bare, ""));
    let number = (fraction.len() <= 6 && whole.len() <= 15)
        .then(|| format!("{whole}{fraction:0<6}").parse().ok())
        .flatten();
    (written.len(), number)
}

fn number(millionths: u128) -> Value {
    let (whole, fraction) = (millionths / ONE, millionths % ONE);
    Value::Number(plain(&whole.to_string(), &format!("{fraction:06}")))
}
