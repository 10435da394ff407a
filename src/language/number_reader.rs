//! Numbers, dates and file numbers in a text, by their value and not by how a language writes them:
//! "72,000", "72.000" and "setenta y dos mil" are the same number.
//!
//! A date is read as its parts, because "December 20 and 21, 2018" and "20 y 21 de diciembre de 2018"
//! say the same: 20, 21, the twelfth month and 2018.

mod calendars;
mod digits;
mod east_asian;
mod spelled;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::language::Tag;
use crate::language::number_reader::calendars::OwnCalendar;
use crate::language::number_reader::digits::{
    Written, numeric_date, scale_after, stretches_with_digits,
};
use crate::language::number_reader::spelled::{
    month_names, months, number_words, reads_words, roman, words,
};

/// A number, or a part of a date, in a text.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Figure {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// Its possible meanings: "1.500" is one and a half or fifteen hundred, depending on where it was
    /// written.
    pub values: Vec<Value>,
    /// Whether the other language must have it too. A number that can be expressed without one, such
    /// as "both" or "third", may be absent.
    pub certain: bool,
}

/// The meaning of a figure.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub(crate) enum Value {
    /// A number in decimal digits with a point, such as "72000" or "3.5".
    Number(String),
    /// A month from 1 to 12.
    Month(u8),
    /// A time of day in minutes.
    Time(u32),
    /// A literal that is compared character by character, such as a telephone number or "19-cv-807".
    Literal(String),
}

/// The unit of a number, if the text states it.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub(crate) enum Unit {
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

/// What can be read in a language.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Reads {
    /// Numbers in words.
    pub words: bool,
    /// The names of the months.
    pub months: bool,
    /// The words for percentages and currencies.
    pub percent: bool,
}

/// Reads texts in one language.
pub(crate) struct NumberReader<'t> {
    tag: &'t Tag,
    /// The names of the months, if they are known: all forms of the first, of the second …
    months: Vec<Vec<String>>,
    calendar: Option<OwnCalendar>,
}

impl<'t> NumberReader<'t> {
    /// A reader for a language. If its words are not known, digits are still read.
    pub(crate) fn new(tag: &'t Tag) -> Self {
        Self { tag, months: month_names(tag), calendar: OwnCalendar::of(tag) }
    }

    /// What it can read.
    pub(crate) fn reads(&self) -> Reads {
        let language = self.tag.language();
        Reads {
            words: reads_words(language),
            months: !self.months.is_empty(),
            percent: UNIT_LANGUAGES.contains(&language),
        }
    }

    /// The figures of a text, in order.
    pub(crate) fn figures(&self, text: &str) -> Vec<Figure> {
        let Some((plain, offsets)) = with_ascii_digits(text) else {
            return self.figures_of_plain(text);
        };
        let mut figures = self.figures_of_plain(&plain);
        for figure in &mut figures {
            figure.range = offsets[figure.range.start]..offsets[figure.range.end];
        }
        figures
    }

    /// The figures of a text whose digits are those of ASCII.
    fn figures_of_plain(&self, text: &str) -> Vec<Figure> {
        let (tag, language) = (self.tag, self.tag.language());
        let mut figures: Vec<Figure> = Vec::new();
        let units = match east_asian::reads(language) {
            true => east_asian::figures(text, language),
            false => Vec::new(),
        };
        let parts = stretches_with_digits(text).into_iter();
        for written in parts.flat_map(|part| digits::written(text, part)) {
            let range = match &written {
                Written::Date(range) => range.clone(),
                Written::Figure(figure, _) => figure.range.clone(),
            };
            if units.iter().any(|unit| unit.range.start < range.end && range.start < unit.range.end)
            {
                continue;
            }
            let Written::Figure(mut figure, is_integer) = written else {
                figures.extend(numeric_date(&text[range.clone()], range, tag));
                continue;
            };
            // "2 mil 300" is one number, to which "millones" may apply.
            if language == "es"
                && is_integer
                && range.len() <= 3
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
                    let tail = &text[range.clone()];
                    figure.values = vec![Value::Number(format!("{head}{tail:0>3}"))];
                    figure.range.start = start;
                }
            }
            if let Some((zeros, length)) = scale_after(&text[range.end..], language) {
                figure.values.iter_mut().for_each(|value| value.shift(zeros));
                figure.range.end += length;
            }
            figures.push(figure);
        }
        figures.extend(units);
        figures.sort_by_key(|figure| figure.range.start);
        let words = words(text, &figures, language);
        figures.extend(months(text, &words, &self.months, language));
        figures.extend(number_words(text, &words, language));
        for figure in &mut figures {
            let times = multiple_after(&text[figure.range.end..]);
            figure.values.extend(times.and_then(|times| figure.values.first()?.times(times)));
        }
        if let Some(calendar) = &self.calendar {
            calendar.read(text, &mut figures);
        }
        figures.sort_by_key(|figure| figure.range.start);
        figures
    }
}

/// The languages whose words for percentages and currencies are known.
const UNIT_LANGUAGES: &[&str] = &["en", "es", "fr", "pt", "it", "de", "ca", "gl", "nl"];

/// The text with the digits of other scripts, such as those of Arabic, replaced by those of ASCII, and
/// the offset in the text of each of its bytes. `None` if there are none.
fn with_ascii_digits(text: &str) -> Option<(String, Vec<usize>)> {
    let plain = |c: char| match c {
        '٫' => Some('.'),
        '٬' => Some(','),
        '٪' | '％' => Some('%'),
        _ if c.is_ascii() => None,
        // The decimal digits of each script are ten code points in a row (Unicode, section 4.6).
        _ => DIGIT_ZEROS.iter().find_map(|zero| {
            let digit = (c as u32).checked_sub(*zero).filter(|digit| *digit < 10)?;
            char::from_digit(digit, 10)
        }),
    };
    if text.is_ascii() || !text.chars().any(|c| plain(c).is_some()) {
        return None;
    }
    let (mut replaced, mut offsets) = (String::with_capacity(text.len()), Vec::new());
    for (at, c) in text.char_indices() {
        replaced.push(plain(c).unwrap_or(c));
        offsets.resize(replaced.len(), at);
    }
    offsets.push(text.len());
    Some((replaced, offsets))
}

/// The zeros of scripts that are in use: Arabic, Persian, N'Ko, the scripts of India, Thai, Lao, Tibetan,
/// Burmese, Khmer, Mongolian, and the wide digits of East Asia.
const DIGIT_ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

/// How many of something a word after a number means: "two decades" are twenty years.
fn multiple_after(rest: &str) -> Option<u64> {
    const MULTIPLES: &[(&str, u64)] = &[
        ("decade", 10),
        ("década", 10),
        ("décennie", 10),
        ("decenni", 10),
        ("jahrzehnt", 10),
        ("dozen", 12),
        ("docena", 12),
        ("douzaine", 12),
        ("dúzia", 12),
        ("dutzend", 12),
        ("week", 7),
        ("semana", 7),
        ("semaine", 7),
        ("fortnight", 14),
        ("quincena", 15),
    ];
    let word: String = rest.strip_prefix(' ')?.chars().take_while(|c| c.is_alphabetic()).collect();
    let word = word.to_lowercase();
    MULTIPLES.iter().find(|(start, _)| word.starts_with(start)).map(|(_, times)| *times)
}

/// The units of a text, each with its position.
pub(crate) fn units(text: &str) -> Vec<(Unit, Range<usize>)> {
    /// Each with what any mention of it contains in lower case: few texts need a pattern.
    static UNITS: [(Unit, &[&str], LazyLock<Regex>); 5] = [
        (
            Unit::Percent,
            &["%", "cent", "cient", "zent"],
            LazyLock::new(|| {
                regex(
                    r"(?i)%|٪|％|\bper\s?cent\b|\bpor\s?cien(?:to)?\b|\bpour\s?cent\b|\bper\s?cento\b|\bprozent\b|\bpor\s?cento\b|\bper cent\b|\bprocent\b",
                )
            }),
        ),
        (
            Unit::Dollar,
            &["$", "usd", "dollar", "dolar", "dólar"],
            LazyLock::new(|| regex(r"(?i)US\s?\$|\bUSD\b|\b[dD][oó]lar(?:es)?\b|\bdollars?\b")),
        ),
        (
            Unit::Peso,
            &["$", "mxn", "m.", "peso"],
            LazyLock::new(|| regex(r"(?i)MX\s?\$|\bMXN\b|\bM\.\s?N\.|\bpesos?\b")),
        ),
        (Unit::Euro, &["€", "eur"], LazyLock::new(|| regex(r"(?i)€|\bEUR\b|\beuros?\b"))),
        (
            Unit::Pound,
            &["£", "gbp", "pound", "libra"],
            LazyLock::new(|| regex(r"(?i)£|\bGBP\b|\bpounds? sterling\b|\blibras? esterlinas?\b")),
        ),
    ];
    let lower = text.to_lowercase();
    let mut found: Vec<(Unit, Range<usize>)> = UNITS
        .iter()
        .filter(|(_, parts, _)| parts.iter().any(|part| lower.contains(part)))
        .flat_map(|(unit, _, regex)| regex.find_iter(text).map(|found| (*unit, found.range())))
        .collect();
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// The Roman numerals of centuries, articles and popes, of at least two letters.
pub(crate) fn is_roman(word: &str) -> bool {
    roman(word).is_some()
}

impl Value {
    /// A whole number multiplied.
    fn times(&self, times: u64) -> Option<Self> {
        let Self::Number(number) = self else { return None };
        let product = number.parse::<u64>().ok()?.checked_mul(times)?;
        Some(Self::Number(product.to_string()))
    }

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

/// The canonical form of a number: no leading zeros, and no trailing zeros after the decimal point.
fn plain(whole: &str, fraction: &str) -> String {
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// All patterns are constants, and the tests of this file compile each of them.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the program is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a text. Uncertain ones are in brackets.
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
    fn numbers_of_east_asia_are_read_whole() {
        let japanese = [
            ("約7万2千人", "72000"),
            ("2万4千", "24000"),
            ("1.5億円", "150000000"),
            ("3億5,000万円と1万2345人", "350000000 12345"),
            ("二百三十人、十五名、百二十件", "230 15 120"),
            ("二〇二六年三月十一日", "2026 month 3 11"),
            ("１万人", "10000"),
            ("2025年10月から12月", "2025 month 10 month 12"),
            ("電話03-5555-0126", "=0355550126"),
            ("六割、6割", "(6/60) 6"),
            ("数百万人、万一、千葉", "(1)"),
            ("三人と五十嵐", "(3) (50)"),
            ("一二〇万人、二五万人", "1200000 250000"),
            ("二三十人と十二、三人", "12 (3)"),
        ];
        let chinese = [
            ("3.5万人，12亿元", "35000 1200000000"),
            ("一千零五十人", "1050"),
            ("两百个家庭", "200"),
            ("一亿三千万", "130000000"),
            ("5千米", "5"),
            ("千万不要；三四天", ""),
            ("百分之三十", "30"),
            ("第3萬號", "30000"),
            ("2018年,5万人", "2018 50000"),
            ("有3-5万人；人数:5万", "3 50000 50000"),
            ("约 5 万人，3.5 亿元，5 千克 5", "50000 350000000 5 5"),
            ("二三十人，两三千人，十二三岁，三五百家", ""),
        ];
        let korean = [
            ("3억5천만 원", "350000000"),
            ("3억 5천만 원", "350000000"),
            ("7만2천 명", "72000"),
            ("1만 2000명", "12000"),
            ("제5조와 10조 원", "5000000000000/5 10000000000000/10"),
            ("3백만 명", "3000000"),
            ("수만 명, 만일", ""),
        ];
        for (tag, samples) in [("ja", &japanese[..]), ("zh", &chinese), ("ko", &korean)] {
            for (text, values) in samples {
                assert_eq!(read(text, tag), *values, "{text}");
            }
        }
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
    fn words_of_languages_that_the_crate_does_not_know_are_numbers() {
        let catalan = [
            ("quinze mesos i vint-i-dues cases", "15 22"),
            ("trenta-set persones, vint-i-un dies", "37 21"),
            ("trenta-una persones de quaranta-un pobles", "31 41"),
            ("trenta, una de les quals", "30"),
            ("cent vuitanta-sis entitats", "186"),
            ("dos-cents trenta-quatre, mil nou-cents noranta", "234 1990"),
            ("setanta-dues mil persones", "72000"),
            ("dos milions", "2000000"),
            ("el quinze per cent", "15"),
            ("el nou tramvia", "(9)"),
            ("nosaltres i vosaltres, les dues", "(2)"),
        ];
        for (text, values) in catalan {
            assert_eq!(read(text, "ca"), values, "{text}");
        }
        let galician = [
            ("quince meses e vinte e dúas casas", "15 22"),
            ("trinta e sete persoas, vinte e un días", "37 21"),
            ("cento oitenta e seis entidades", "186"),
            ("douscentos trinta e catro, mil novecentos noventa", "234 1990"),
            ("setenta e dúas mil persoas", "72000"),
            ("dous millóns", "2000000"),
            ("o quince por cento", "15"),
            ("dezaseis de nós e dous deles", "16 (2)"),
        ];
        for (text, values) in galician {
            assert_eq!(read(text, "gl"), values, "{text}");
        }
        assert_eq!(read("deux millions d’habitants", "fr"), "2000000");
        assert!(NumberReader::new(&"gl".parse().expect("a tag")).reads().words);
    }

    /// Numbers below a thousand in Catalan, in words. The rules are those of the Unicode CLDR.
    fn in_catalan(number: usize, feminine: bool) -> String {
        const TEENS: &str = "zero un dos tres quatre cinc sis set vuit nou deu onze dotze tretze catorze quinze \
            setze disset divuit dinou";
        const TENS: &str = "vint trenta quaranta cinquanta seixanta setanta vuitanta noranta";
        let below_twenty = |n: usize| match n {
            1 if feminine => "una",
            2 if feminine => "dues",
            n => TEENS.split_whitespace().nth(n).unwrap_or_default(),
        };
        match number {
            0..20 => below_twenty(number).to_owned(),
            20..100 => {
                let tens = TENS.split(' ').nth(number / 10 - 2).unwrap_or_default();
                let and = if number < 30 { "-i-" } else { "-" };
                match number % 10 {
                    0 => tens.to_owned(),
                    unit => format!("{tens}{and}{}", below_twenty(unit)),
                }
            }
            _ => {
                let (hundreds, rest) = (number / 100, number % 100);
                let head = match (hundreds, feminine) {
                    (1, _) => "cent".to_owned(),
                    (n, true) => format!("{}-centes", below_twenty(n)),
                    (n, false) => format!("{}-cents", below_twenty(n)),
                };
                let rest = (rest > 0).then(|| in_catalan(rest, feminine));
                [Some(head), rest].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// The same in Galician.
    fn in_galician(number: usize, feminine: bool) -> String {
        const TEENS: &str = "cero un dous tres catro cinco seis sete oito nove dez once doce trece catorce \
            quince dezaseis dezasete dezaoito dezanove";
        const TENS: &str = "vinte trinta corenta cincuenta sesenta setenta oitenta noventa";
        const HUNDREDS: &str = "cento duascentas trescentas catrocentas quiñentas seiscentas setecentas \
            oitocentas novecentas";
        let nth = |words: &'static str, n| words.split_whitespace().nth(n).unwrap_or_default();
        let below_twenty = |n: usize| match n {
            1 if feminine => "unha",
            2 if feminine => "dúas",
            n => nth(TEENS, n),
        };
        match number {
            0..20 => below_twenty(number).to_owned(),
            100 => "cen".to_owned(),
            20..100 => match (nth(TENS, number / 10 - 2), number % 10) {
                (tens, 0) => tens.to_owned(),
                (tens, unit) => format!("{tens} e {}", below_twenty(unit)),
            },
            _ => {
                let head = nth(HUNDREDS, number / 100 - 1);
                let head = if feminine {
                    head.to_owned()
                } else {
                    head.replace("duascentas", "douscentos")
                        .replace("centas", "centos")
                        .replace("ñentas", "ñentos")
                };
                let rest = Some(number % 100).filter(|n| *n > 0).map(|n| in_galician(n, feminine));
                [Some(head), rest].into_iter().flatten().collect::<Vec<_>>().join(" ")
            }
        }
    }

    #[test]
    fn every_number_of_related_languages_is_read() {
        type Language = (&'static str, fn(usize, bool) -> String, [&'static str; 2]);
        let languages: [Language; 2] = [
            ("ca", in_catalan, ["milions", "persones i pobles"]),
            ("gl", in_galician, ["millóns", "persoas e vilas"]),
        ];
        let mut wrong = Vec::new();
        for (tag, words, [millions, after]) in languages {
            for number in (2..200).chain((200..1000).step_by(7)) {
                for feminine in [false, true] {
                    let words = words(number, feminine);
                    let mut expect = |text: String, value: usize| {
                        let read = read(&format!("Som {text} {after}."), tag);
                        if ![value.to_string(), format!("({value})")].contains(&read) {
                            wrong.push(format!("{text}: {read}"));
                        }
                    };
                    expect(words.clone(), number);
                    expect(format!("{words} mil"), number * 1000);
                    expect(format!("mil {words}"), 1000 + number);
                    expect(format!("{words} mil {words}"), number * 1001);
                    if !feminine {
                        expect(format!("{words} {millions}"), number * 1_000_000);
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
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

    #[test]
    fn dates_in_another_calendar_are_their_gregorian_days() {
        for (text, tag, read_as) in [
            ("در ۹ آذر ۱۴۰۵، ۳۵۰ نفر", "fa-u-ca-persian", "30/9 month 11/month 9 2026/1405 350"),
            ("در ۱۸ اسفند ۱۴۰۴", "fa", "9/18 month 3/month 12 2026/1404"),
            ("令和8年3月9日に", "ja", "9 month 3 2026/8"),
            ("民國115年3月9日", "zh-TW", "9 month 3 2026/115"),
            ("2026年3月9日", "ja-u-ca-japanese", "2026 month 3 9"),
        ] {
            let read = read(text, tag).replace("9/9", "9").replace("month 3/month 3", "month 3");
            assert_eq!(read, read_as, "{tag}: {text}");
        }
    }

    /// If the words of a language are not known, its digits are still read.
    #[test]
    fn other_languages_are_read_as_far_as_they_are_known() {
        assert_eq!(read("72\u{202f}000 personnes, quinze mois", "fr"), "72000 15");
        assert_eq!(read("1,5 millions, le 20 décembre 2018", "fr"), "1500000 20 month 12 2018");
        assert_eq!(read("watu 72.000, 20/12/2018", "sw"), "72000/72 month 12 20 2018");
    }

    #[test]
    fn digits_of_other_scripts_and_dates_of_east_asia_are_read() {
        assert_eq!(read("في ٢٤ أغسطس ٢٠٢١، أكثر من ٧٢٬٠٠٠ شخص", "ar"), "24 month 8 2021 72000/72");
        assert_eq!(read("۳۵۰ نفر", "fa"), "350");
        assert_eq!(read("2021年8月24日", "zh"), "2021 month 8 24");
        assert_eq!(read("8월 24일", "ko"), "month 8 24");
        assert_eq!(read("ngày 24 tháng 8 năm 2021, 3 tháng", "vi"), "24 month 8 2021 3");
        assert_eq!(read("15 stycznia 2021, 20 серпня", "pl"), "15 month 1 2021 20");
        assert_eq!(read("20 серпня", "uk"), "20 month 8");
        assert_eq!(
            read("le 1er mai, 12 pour cent, un nouveau et neuf autres", "fr"),
            "1 month 5 12 (9)"
        );
    }

    #[test]
    fn short_forms_and_multiples_are_read() {
        assert_eq!(read("$3.5m and 120k", "en"), "3500000/3.5 120000/120");
        assert_eq!(read("two decades", "en"), "2/20");
        assert_eq!(read("24/7; 9/11", "en"), "(=24/7) (=9/11)");
    }

    #[test]
    fn numbers_of_files_and_telephones_are_literal() {
        assert_eq!(read("No. 2:21-cv-00067-Z", "en"), "=221CV00067Z");
        assert_eq!(read("expediente CNDH/5/2019/123/Q", "es"), "=CNDH/5/2019/123/Q");
        assert_eq!(read("amparo 302/2020; COVID-19", "es"), "=302/2020 =COVID19");
        assert_eq!(read("+52 55 1234 5678", "es"), "=525512345678");
    }

    proptest::proptest! {
        /// Each figure is a part of the text, whatever its value.
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

    /// If a long text without digits surrounds numbers, they are still found.
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
