//! How a language writes dates, numbers and lists, and which forms its nouns have.

use std::collections::HashSet;
use std::sync::OnceLock;

use ecow::EcoString;
use icu_calendar::{AsCalendar, Date, Gregorian, Iso};
use icu_datetime::fieldsets::{M, YMD};
use icu_datetime::{DateTimeFormatter, FixedCalendarDateTimeFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_list::ListFormatter;
use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::language::words::{DateWords, ListWords, Words};

/// How a language writes dates, numbers and lists: as its words say, otherwise as the Unicode CLDR says
/// through ICU4X.
#[derive(Debug)]
pub(crate) struct Conventions {
    date: DateFormat,
    first_day: Option<String>,
    number: Option<DecimalFormatter>,
    digits: Option<[char; 10]>,
    /// The Gregorian years in which dates are looked for, each with those of the calendar that it has days of.
    years: OnceLock<Vec<(i32, Vec<i32>)>>,
    list: ListFormat,
    plural: Option<PluralRules>,
}

#[derive(Debug)]
enum DateFormat {
    Words(DateWords),
    Cldr(Box<DateTimeFormatter<YMD>>),
    /// The year, the month and the day, as in ISO 8601.
    Iso,
}

#[derive(Debug)]
enum ListFormat {
    Words(ListWords),
    Cldr(ListFormatter),
    /// With commas.
    Plain,
}

impl Conventions {
    /// The conventions of a language with these words. What neither they nor the CLDR have is taken from
    /// the `fallback`, another language with its words.
    pub(crate) fn of(tag: &Tag, words: &Words, fallback: (&Tag, &Words)) -> Self {
        let known = is_known(tag);
        let (other, other_words) = fallback;
        let dates = match has_dates(tag, words) {
            true => (tag, words),
            false => (other, other_words),
        };
        let lists = match has_lists(tag, words) {
            true => (tag, words),
            false => (other, other_words),
        };
        let numbers = tag.conventions_in(if known { tag } else { other });
        let number = DecimalFormatter::try_new((&numbers).into(), Default::default()).ok();
        Self {
            date: date_format(tag, dates),
            first_day: dates.1.date.first_day.clone(),
            digits: number.as_ref().and_then(digits_of),
            number,
            years: OnceLock::new(),
            list: list_format(lists.0, lists.1),
            plural: PluralRules::try_new((&tag.locale()).into(), Default::default()).ok(),
        }
    }

    /// A date in full, such as "August 24, 2021" or "24 de agosto de 2021".
    pub(crate) fn date(&self, date: Date<Iso>) -> String {
        let first = |day| self.first_day.as_deref().filter(|_| day == 1);
        let (year, month, day) = self.local(date);
        match &self.date {
            DateFormat::Words(words) => {
                let month = usize::from(month).checked_sub(1);
                let month = month.and_then(|month| words.months.get(month));
                let day = first(day).map_or_else(|| self.in_digits(day), str::to_owned);
                filled(&words.pattern, |name| match name {
                    "day" => Some(day.clone()),
                    "month" => month.cloned(),
                    "year" => Some(self.in_digits(year)),
                    _ => None,
                })
            }
            DateFormat::Cldr(format) => {
                let text = format.format(&date).to_string();
                let text = with_basque_endings(text, year, day);
                first(day).map_or_else(|| text.clone(), |first| with_first(&text, first))
            }
            DateFormat::Iso => CreationTime::of_day(date).day(),
        }
    }

    /// The year, the number of the month and the day in the calendar of the letter. A year of an era, as in
    /// Japan, is the one that is printed.
    pub(crate) fn local(&self, date: Date<Iso>) -> (i32, u8, u8) {
        match &self.date {
            DateFormat::Cldr(format) => fields(date.to_calendar(format.calendar())),
            DateFormat::Words(_) | DateFormat::Iso => fields(date),
        }
    }

    /// The days that a text may say, whose digits are those of ASCII: see [`Self::days`].
    pub(crate) fn days_in(&self, text: &str) -> Vec<Date<Iso>> {
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        let numbers: Vec<i32> = numbers.filter_map(|run| run.parse().ok()).collect();
        if numbers.len() < 2 { Vec::new() } else { self.days(&numbers) }
    }

    /// The days of these and the last two centuries whose year and day of the month are among some numbers.
    fn days(&self, numbers: &[i32]) -> Vec<Date<Iso>> {
        let numbers: HashSet<&i32> = numbers.iter().collect();
        let has = |number: i32| numbers.contains(&number);
        let day = |year, month, day| Date::try_new_iso(year, month, day).ok();
        let years = self.years.get_or_init(|| {
            // A lunar year may lie within one of these, as 1429 in 2008, but not between these three days.
            let known = |year| [(1, 1), (7, 1), (12, 31)].map(|(month, at)| day(year, month, at));
            let local = |year| known(year).into_iter().flatten().map(|day| self.local(day).0);
            (1800..2200).map(|year| (year, local(year).collect())).collect()
        });
        let is_said = |(_, local): &&(i32, Vec<i32>)| local.iter().any(|year| has(*year));
        let days = years.iter().filter(is_said).flat_map(|(year, _)| {
            (1..=12).flat_map(move |month| (1..=31).filter_map(move |at| day(*year, month, at)))
        });
        let is_said = |date: &Date<Iso>| {
            let (year, _, day) = self.local(*date);
            has(year) && has(day.into())
        };
        days.filter(is_said).collect()
    }

    /// The digits from zero to nine, unless they are the European ones.
    pub(crate) fn digits(&self) -> Option<&[char; 10]> {
        self.digits.as_ref()
    }

    /// A number without grouping, such as that of a page or of an entry in a list.
    pub(crate) fn in_digits(&self, number: impl ToString) -> String {
        let local = |c: char| match (&self.digits, c.to_digit(10)) {
            (Some(digits), Some(value)) => digits[value as usize],
            _ => c,
        };
        number.to_string().chars().map(local).collect()
    }

    /// Several texts in a row, such as "Leeds, York, and Hull" or "Lima, Cusco y Puno".
    pub(crate) fn list(&self, texts: &[EcoString]) -> String {
        match &self.list {
            ListFormat::Cldr(format) => {
                format.format(texts.iter().map(EcoString::as_str)).to_string()
            }
            ListFormat::Words(words) => {
                let Some((last, before)) = texts.split_last() else { return String::new() };
                let Some((first, between)) = before.split_first() else { return last.to_string() };
                let pattern = if between.is_empty() { &words.pair } else { &words.last };
                let join = |pattern: &str, start: &str, end: &str| {
                    filled(pattern, |name| match name {
                        "0" => Some(start.to_owned()),
                        "1" => Some(end.to_owned()),
                        _ => None,
                    })
                };
                let start = between
                    .iter()
                    .fold(first.to_string(), |start, next| join(&words.between, &start, next));
                join(pattern, &start, last)
            }
            ListFormat::Plain => texts.join(", "),
        }
    }

    /// A whole number with the language's grouping, such as "1,234" or "1.234".
    pub(crate) fn number(&self, number: usize) -> String {
        match &self.number {
            Some(format) => format.format(&Decimal::from(number as u64)).to_string(),
            None => number.to_string(),
        }
    }

    /// The name of the label for a number of things, such as `anonymous-one`, `anonymous-few` and, for
    /// all numbers without a form of their own, `anonymous`. One alone is always `anonymous-one`.
    pub(crate) fn form_of(&self, label: &str, number: usize, words: &Words) -> String {
        let form = format!("{label}-{}", self.category_of(number));
        if words.labels.contains_key(&form) { form } else { label.to_owned() }
    }

    /// The plural category of a number in the CLDR, but "one" for one alone, even where the language does
    /// not tell it from other numbers.
    pub(crate) fn category_of(&self, number: usize) -> &'static str {
        match self.plural.as_ref().map(|rules| rules.category_for(number)) {
            _ if number == 1 => "one",
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }
}

/// Whether the language has dates: its words say them, or the CLDR. The months of words are Gregorian.
pub(crate) fn has_dates(tag: &Tag, words: &Words) -> bool {
    words.date.is_complete() && tag.is_gregorian() || is_known(tag)
}

/// Whether the language has lists: its words say them, or the CLDR.
pub(crate) fn has_lists(tag: &Tag, words: &Words) -> bool {
    words.list.is_complete() || is_known(tag)
}

/// Whether the CLDR in this program has data for the language. Languages without are formatted as no
/// language is: "2021 M08 24".
fn is_known(tag: &Tag) -> bool {
    let Ok(day) = Date::try_new_iso(2021, 8, 24) else { return false };
    let date = |locale: &Locale| {
        let format =
            FixedCalendarDateTimeFormatter::<Gregorian, YMD>::try_new(locale.into(), YMD::long());
        format.ok().map(|format| format.format(&day.to_calendar(Gregorian)).to_string())
    };
    let mut locale = tag.locale();
    locale.extensions = Default::default();
    locale.id.region = None;
    date(&locale) != date(&Locale::UNKNOWN)
}

/// The dates of a language with these words, in the calendar and the digits that a tag asks for.
fn date_format(tag: &Tag, (language, words): (&Tag, &Words)) -> DateFormat {
    if words.date.is_complete() && tag.is_gregorian() {
        return DateFormat::Words(words.date.clone());
    }
    let locale = tag.conventions_in(language);
    let format = DateTimeFormatter::try_new((&locale).into(), YMD::long());
    format.map_or(DateFormat::Iso, |format| DateFormat::Cldr(Box::new(format)))
}

/// The year, the number of the month and the day of a date in its calendar.
pub(super) fn fields<A: AsCalendar>(date: Date<A>) -> (i32, u8, u8) {
    (date.year().era_year_or_related_iso(), date.month().ordinal, date.day_of_month().0)
}

/// The digits of a language from zero to nine, unless they are the European ones.
fn digits_of(format: &DecimalFormatter) -> Option<[char; 10]> {
    let digits = (0_u64..10).map(|digit| format.format(&Decimal::from(digit)).to_string());
    let digits: [char; 10] =
        digits.collect::<String>().chars().collect::<Vec<_>>().try_into().ok()?;
    (digits[0] != '0').then_some(digits)
}

fn list_format(tag: &Tag, words: &Words) -> ListFormat {
    if words.list.is_complete() {
        return ListFormat::Words(words.list.clone());
    }
    let format = ListFormatter::try_new_and((&tag.locale()).into(), Default::default());
    format.map_or(ListFormat::Plain, ListFormat::Cldr)
}

/// The names of the months in the CLDR.
pub(crate) fn months(tag: &Tag) -> Vec<String> {
    let format = FixedCalendarDateTimeFormatter::try_new((&tag.locale()).into(), M::long());
    let name = |month: u8| {
        let date = Date::try_new_iso(2021, month, 1).ok()?.to_calendar(Gregorian);
        Some(format.as_ref().ok()?.format(&date).to_string())
    };
    (1..=12).map(|month| name(month).unwrap_or_else(|| month.to_string())).collect()
}

/// A pattern with its names in braces replaced. Names that `value` does not know stay.
fn filled(pattern: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let part = after.split_once('}').and_then(|(name, after)| Some((value(name)?, after)));
        if let Some((value, after)) = part {
            text.push_str(&value);
            rest = after;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text + rest
}

/// A date in Basque, whose endings the CLDR leaves open, "2021(e)ko abuztuaren 24(a)", because they depend on
/// the sound of the numbers: "2021eko abuztuaren 24a". Other dates stay.
///
/// Source: Euskaltzaindia, rule 37, "Data nola adierazi".
fn with_basque_endings(text: String, year: i32, day: u8) -> String {
    if !text.contains("(e)ko") {
        return text;
    }
    // Years end in a consonant whose last number is bat, bost, hamar, hamabost or ehun.
    let hundreds = year % 100 == 0 && year % 1000 != 0;
    let consonant = hundreds || matches!(year % 20, 1 | 5 | 10 | 15);
    // Hamaika has the article's vowel already.
    let article = if matches!(day, 11 | 31) { "" } else { "a" };
    text.replace("(e)ko", if consonant { "eko" } else { "ko" }).replace("(a)", article)
}

/// A date on the first of a month, with that day as it is written in full: "1er janvier 2021".
fn with_first(date: &str, first: &str) -> String {
    let is_digit = |c: char| c.is_numeric();
    let mut at = 0;
    while let Some(start) = date[at..].find(is_digit).map(|start| at + start) {
        let end = date[start..].find(|c| !is_digit(c)).map_or(date.len(), |end| start + end);
        if matches!(&date[start..end], "1" | "01") {
            return format!("{}{first}{}", &date[..start], &date[end..]);
        }
        at = end;
    }
    date.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        text.parse().expect("a tag")
    }

    fn of(text: &str) -> Conventions {
        let tag = tag(text);
        let english = self::tag("en");
        Conventions::of(&tag, &Words::of(&tag), (&english, &Words::of(&english)))
    }

    #[test]
    fn each_language_writes_in_its_own_way() {
        let date = Date::try_new_iso(2021, 8, 24).expect("a date");
        let (en, es) = (of("en"), of("es-MX"));
        assert_eq!(en.date(date), "August 24, 2021");
        assert_eq!(es.date(date), "24 de agosto de 2021");
        assert_eq!(en.number(72_000), "72,000");
        assert_eq!(es.number(72_000), "72,000");
        assert_eq!(of("es").number(72_000), "72.000");
        assert_eq!(of("de").date(date), "24. August 2021");
        assert_eq!(of("ja").date(date), "2021年8月24日");
        assert_eq!(of("eu").date(date), "2021eko abuztuaren 24a");
        assert_eq!(of("ht").date(date), "24 out 2021");
        assert_eq!(of("vi").date(date), "ngày 24 tháng 8 năm 2021");
        let first = Date::try_new_iso(2016, 10, 1).expect("a date");
        assert_eq!(of("fr-CH").date(first), "1er octobre 2016");
        assert_eq!(of("pt-BR").date(first), "1º de outubro de 2016");
        assert_eq!(of("pt-PT").date(first), "1 de outubro de 2016");
        let eleventh = Date::try_new_iso(2016, 10, 11).expect("a date");
        assert_eq!(of("eu").date(eleventh), "2016ko urriaren 11");
        let names = ["A".into(), "B".into(), "C".into()];
        assert_eq!(of("fr").list(&names), "A, B et C");
    }

    #[test]
    fn other_calendars_and_digits_are_those_that_the_tag_asks_for() {
        let date = Date::try_new_iso(2026, 3, 9).expect("a date");
        for (tag, written, number) in [
            ("fa", "۹ مارس ۲۰۲۶", "۷۲٬۰۰۰"),
            ("fa-u-ca-persian", "۱۸ اسفند ۱۴۰۴", "۷۲٬۰۰۰"),
            ("fa-u-nu-latn", "9 مارس 2026", "72,000"),
            ("ar", "9 مارس 2026", "72,000"),
            ("ar-EG", "٩ مارس ٢٠٢٦", "٧٢٬٠٠٠"),
            ("ar-u-nu-arab", "٩ مارس ٢٠٢٦", "٧٢٬٠٠٠"),
            ("ar-SA-u-ca-islamic-umalqura", "٢٠ رمضان ١٤٤٧ هـ", "٧٢٬٠٠٠"),
            ("th-u-ca-buddhist", "9 มีนาคม 2569", "72,000"),
            ("ja-u-ca-japanese", "令和8年3月9日", "72,000"),
            ("he-u-ca-hebrew", "כ׳ באדר ה׳תשפ״ו", "72,000"),
            ("zh-TW-u-ca-roc", "民國115年3月9日", "72,000"),
            ("hi-u-nu-deva", "९ मार्च, २०२६", "७२,०००"),
            ("eu-u-ca-hebrew", "AM. aroko 5786ko Adar 20", "72.000"),
            // The words of Creole are Gregorian months, and the CLDR has none of Nahuatl.
            ("ht-u-ca-buddhist", "March 9, 2569 BE", "72,000"),
            ("nah-u-ca-persian-nu-deva", "Esfand १८, १४०४ AP", "७२,०००"),
            ("ht-u-nu-deva", "९ mas २०२६", "७२,०००"),
        ] {
            let conventions = of(tag);
            assert_eq!(conventions.date(date), written, "{tag}");
            assert_eq!(conventions.number(72_000), number, "{tag}");
        }
        assert_eq!(of("fa").in_digits(105), "۱۰۵");
        assert_eq!(of("ja-u-ca-japanese").local(date), (8, 3, 9));
        let new_year = Date::try_new_iso(2026, 3, 21).expect("a date");
        assert_eq!(of("fr-u-ca-persian").date(new_year), "1er farvardin 1405 A. P.");
        let days = of("zh-TW-u-ca-roc").days(&[115, 9]);
        // The years 115, and 9 before and after the first one, each with twelve days.
        assert!(days.contains(&date) && days.len() == 36, "{days:?}");
        // Lunar years that begin and end within a Gregorian one.
        for year in [1429, 1463] {
            assert_eq!(of("ar-SA-u-ca-islamic-umalqura").days(&[year, 20]).len(), 12, "{year}");
        }
    }

    /// What the CLDR does not have is said by the words, otherwise taken from the other language.
    #[test]
    fn words_say_what_the_cldr_does_not_have() {
        let (date, first) = (Date::try_new_iso(2021, 8, 24), Date::try_new_iso(2021, 8, 1));
        let (date, first) = (date.expect("a date"), first.expect("a date"));
        let names = ["A".into(), "B".into(), "C".into(), "D".into()];
        assert_eq!(of("nah").date(date), "August 24, 2021");
        assert_eq!(of("nah").list(&names), "A, B, C, and D");
        let words = Words {
            date: DateWords {
                pattern: "{day} {month} {year} {x}".into(),
                months: (1..=12).map(|n| format!("m{n}")).collect(),
                first_day: Some("1st".into()),
            },
            list: ListWords {
                pair: "{0} ihuan {1}".into(),
                last: "{0} ihuan {1}".into(),
                between: "{0}, {1}".into(),
            },
            ..Words::default()
        };
        let english = tag("en");
        let own = Conventions::of(&tag("nah"), &words, (&english, &Words::of(&english)));
        assert_eq!(own.date(date), "24 m8 2021 {x}");
        assert_eq!(own.date(first), "1st m8 2021 {x}");
        assert_eq!(own.list(&names), "A, B, C ihuan D");
        assert_eq!(own.list(&names[..2]), "A ihuan B");
        assert_eq!(own.list(&names[..1]), "A");
        assert_eq!(own.list(&[]), "");
        assert_eq!(with_first("1 janvier 2011", "1er"), "1er janvier 2011");
        assert_eq!(with_first("11 janvier 2021", "1er"), "11 janvier 2021");
    }

    #[test]
    fn numbers_have_the_forms_of_the_language() {
        let mut words = Words::default();
        for form in ["anonymous", "anonymous-one", "anonymous-few", "anonymous-many"] {
            words.labels.insert(form.into(), form.into());
        }
        let form = |tag: &str, number| of(tag).form_of("anonymous", number, &words);
        assert_eq!((form("en", 1), form("en", 2)), ("anonymous-one".into(), "anonymous".into()));
        assert_eq!(form("uk", 21), "anonymous-one");
        assert_eq!(form("uk", 22), "anonymous-few");
        assert_eq!(form("uk", 25), "anonymous-many");
        assert_eq!(form("ja", 1), "anonymous-one");
        // Arabic has a form for two, which these words lack.
        assert_eq!(form("ar", 2), "anonymous");
    }
}
