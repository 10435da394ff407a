//! Figures written with letters: numbers in words, Roman numerals and the names of months.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{M, MD};
use regex::Regex;
use text2num::lang::get_interpreter_for;
use text2num::{Token, find_numbers};

use crate::language::number_reader::{Figure, Value, regex};
use crate::language::{Tag, runs};

/// A word that consists only of letters.
pub(super) struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    /// The form that is read as a number.
    read: Cow<'t, str>,
    /// Whether something other than a space or a hyphen precedes it.
    separated: bool,
    /// Whether it can never be part of a number.
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
        self.separated
    }

    fn not_a_number_part(&self) -> bool {
        self.never
    }
}

/// The words of a text that are not part of figures with digits.
pub(super) fn words<'t>(text: &'t str, taken: &[Figure], language: &str) -> Vec<Word<'t>> {
    /// Words that mean many without saying how many, and words that look like numbers.
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
    /// Those of `RELATED` that need an "et" before "un".
    const TENS: &[&str] =
        &["trente", "quarante", "cinquante", "soixante", "septante", "huitante", "nonante"];
    let related = RELATED.iter().find(|(own, ..)| *own == language).map(|(.., words)| *words);
    let mut words: Vec<Word<'t>> = Vec::new();
    let mut taken = taken.iter().peekable();
    for found in runs(text, char::is_alphabetic) {
        while taken.next_if(|figure| figure.range.end <= found.start).is_some() {}
        let in_digits = taken.peek().is_some_and(|figure| figure.range.start < found.end);
        let written = &text[found.clone()];
        let read: Cow<'t, str> = match written.to_lowercase() {
            // The crate knows only "veintiuno".
            word if word == "veintiún" => "veintiuno".into(),
            // In English, "millions" alone says how many of nothing.
            word if word == "millions" && language == "fr" => "million".into(),
            word => {
                let as_related = |words: &[(&str, &'static str)]| {
                    words.iter().find(|(own, _)| *own == word).map(|(_, read)| *read)
                };
                related.and_then(as_related).map_or_else(|| word.into(), Cow::Borrowed)
            }
        };
        let before = words.last();
        let between = text.get(before.map_or(0, |w| w.range.end)..found.start);
        let separated = !between.unwrap_or_default().chars().all(|c| c == ' ' || c == '-');
        // "por ciento" is not a hundred.
        let percent = ["ciento", "cento", "cent"].contains(&&*read)
            && before.is_some_and(|word| ["por", "per", "pour"].contains(&&*word.read));
        let never = in_digits || percent || NEVER.contains(&&*read);
        // Catalan "trenta-un" is French "trente et un".
        let one = language == "ca" && between == Some("-") && ["un", "une"].contains(&&*read);
        if one && let Some(tens) = words.last_mut().filter(|word| TENS.contains(&&*word.read)) {
            tens.range.end = found.end;
            tens.text = &text[tens.range.clone()];
            tens.read = format!("{}-et-un", tens.read).into();
            continue;
        }
        words.push(Word { text: written, range: found, read, separated, never });
    }
    words
}

/// Whether the numbers in words of a language can be read.
pub(super) fn reads_words(language: &str) -> bool {
    get_interpreter_for(interpreted_as(language)).is_some()
}

/// The language whose numbers are read for those of a language.
fn interpreted_as(language: &str) -> &str {
    RELATED.iter().find(|(own, ..)| *own == language).map_or(language, |(_, other, _)| other)
}

/// Words, each with the one that it is read as.
type Pairs = &'static [(&'static str, &'static str)];

/// Languages whose numbers the crate does not know: they are built like those of a related one that it
/// knows, with these words for its. From the rules of the Unicode CLDR for spelling numbers out.
const RELATED: &[(&str, &str, Pairs)] = &[
    (
        "ca",
        "fr",
        &[
            ("zero", "zéro"),
            ("un", "un"),
            ("u", "un"),
            ("una", "une"),
            ("dos", "deux"),
            ("dues", "deux"),
            ("tres", "trois"),
            ("quatre", "quatre"),
            ("cinc", "cinq"),
            ("sis", "six"),
            ("set", "sept"),
            ("vuit", "huit"),
            ("huit", "huit"),
            ("nou", "neuf"),
            ("deu", "dix"),
            ("onze", "onze"),
            ("dotze", "douze"),
            ("tretze", "treize"),
            ("catorze", "quatorze"),
            ("quinze", "quinze"),
            ("setze", "seize"),
            ("disset", "dix-sept"),
            ("desset", "dix-sept"),
            ("dèsset", "dix-sept"),
            ("divuit", "dix-huit"),
            ("devuit", "dix-huit"),
            ("dihuit", "dix-huit"),
            ("dinou", "dix-neuf"),
            ("denou", "dix-neuf"),
            ("dèneu", "dix-neuf"),
            ("vint", "vingt"),
            ("i", "et"),
            ("trenta", "trente"),
            ("quaranta", "quarante"),
            ("cinquanta", "cinquante"),
            ("seixanta", "soixante"),
            ("setanta", "septante"),
            ("vuitanta", "huitante"),
            ("huitanta", "huitante"),
            ("noranta", "nonante"),
            ("cent", "cent"),
            ("cents", "cents"),
            ("centes", "cents"),
            ("mil", "mille"),
            ("milió", "million"),
            ("milions", "million"),
        ],
    ),
    (
        "gl",
        "fr",
        &[
            ("cero", "zéro"),
            ("un", "un"),
            ("unha", "une"),
            ("dous", "deux"),
            ("dúas", "deux"),
            ("tres", "trois"),
            ("catro", "quatre"),
            ("cinco", "cinq"),
            ("seis", "six"),
            ("sete", "sept"),
            ("oito", "huit"),
            ("nove", "neuf"),
            ("dez", "dix"),
            ("once", "onze"),
            ("doce", "douze"),
            ("trece", "treize"),
            ("catorce", "quatorze"),
            ("quince", "quinze"),
            ("dezaseis", "seize"),
            ("dezasete", "dix-sept"),
            ("dezaoito", "dix-huit"),
            ("dezanove", "dix-neuf"),
            ("vinte", "vingt"),
            ("e", "et"),
            ("trinta", "trente"),
            ("corenta", "quarante"),
            ("cincuenta", "cinquante"),
            ("sesenta", "soixante"),
            ("setenta", "septante"),
            ("oitenta", "huitante"),
            ("noventa", "nonante"),
            ("cen", "cent"),
            ("cento", "cent"),
            ("douscentos", "deux-cents"),
            ("duascentas", "deux-cents"),
            ("trescentos", "trois-cents"),
            ("trescentas", "trois-cents"),
            ("catrocentos", "quatre-cents"),
            ("catrocentas", "quatre-cents"),
            ("cincocentos", "cinq-cents"),
            ("cincocentas", "cinq-cents"),
            ("quiñentos", "cinq-cents"),
            ("quiñentas", "cinq-cents"),
            ("seiscentos", "six-cents"),
            ("seiscentas", "six-cents"),
            ("setecentos", "sept-cents"),
            ("setecentas", "sept-cents"),
            ("oitocentos", "huit-cents"),
            ("oitocentas", "huit-cents"),
            ("novecentos", "neuf-cents"),
            ("novecentas", "neuf-cents"),
            ("mil", "mille"),
            ("millón", "million"),
            ("millóns", "million"),
        ],
    ),
];

pub(super) fn number_words(text: &str, words: &[Word<'_>], language: &str) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    if let Some(interpreter) = get_interpreter_for(interpreted_as(language)) {
        for number in find_numbers(words.iter(), &interpreter, 0.0) {
            let (Some(first), Some(last)) =
                (words.get(number.start), words.get(number.end.saturating_sub(1)))
            else {
                continue;
            };
            // "One" is as often an article or a pronoun as a number.
            if number.value <= 1.0 && number.value.fract() == 0.0 && number.value != 0.0 {
                continue;
            }
            let range = first.range.start..last.range.end;
            // A plural such as "millones" alone is not a number.
            if number.end - number.start == 1 && number.value >= 1e6 {
                continue;
            }
            let whole = number.value.fract() == 0.0;
            let alone = number.end - number.start == 1;
            let doubtful = alone
                && (DOUBTFUL.contains(&(language, &*first.read)) || loose(&first.read).is_some());
            figures.push(Figure {
                range,
                values: vec![Value::Number(number.value.to_string())],
                certain: whole && !number.is_ordinal && !doubtful,
            });
        }
    }
    let read: Vec<Range<usize>> = figures.iter().map(|figure| figure.range.clone()).collect();
    let is_read = |word: &Word<'_>| read.iter().any(|range| range.contains(&word.range.start));
    for word in words.iter().filter(|word| !is_read(word)) {
        let number = loose(&word.read)
            .map(|n| n.to_string())
            .or_else(|| roman(word.text).map(|n| n.to_string()));
        if let Some(number) = number {
            let (range, values) = (word.range.clone(), vec![Value::Number(number)]);
            figures.push(Figure { range, values, certain: false });
        }
    }
    debug_assert!(figures.iter().all(|figure| text.get(figure.range.clone()).is_some()));
    figures
}

/// Words that are numbers, but as often something else: French "neuf" is also "new", and Italian "sei"
/// also "you are".
const DOUBTFUL: &[(&str, &str)] = &[
    ("fr", "neuf"),
    ("it", "sei"),
    ("de", "acht"),
    ("pt", "nove"),
    // "Nou" is also "new", "set" also "thirst", and "deu" also "owes".
    ("ca", "neuf"),
    ("ca", "sept"),
    ("ca", "dix"),
    ("gl", "neuf"),
    ("gl", "sept"),
];

/// The value of a word for a number that another language often expresses without one, or in digits.
fn loose(word: &str) -> Option<u32> {
    /// The number, and the words by their beginnings or, with a full stop, as a whole.
    const LOOSE: &[(u32, &str)] = &[
        (
            2,
            "both. couple. pair. twice. double twofold. ambos. ambas. par. doble. doubl dobl duplic",
        ),
        (2, "deux. beide beiden. paar. zweimal. doppelt entramb ambdós. ambdues. parell."),
        (3, "triple triplic thrice. threefold. tripl"),
        (4, "quadrupl cuadrupl cuádrupl"),
        (12, "dozen. dozens. docena. docenas. dúzia. douzaine. dutzend. dotzena. ducia."),
        (15, "quincena. fortnight. quinzaine. quinzena."),
        (10, "decade. década. décennie. decennio. jahrzehnt. dècada."),
        (
            1,
            "first. primer. primera. primero. primeros. primeras. premier. première. primeiro. primeira.",
        ),
        (1, "erste. ersten. erster. primo. prima. 1er. primers. primeres."),
        (
            2,
            "second. segundo. segunda. deuxième. seconde. zweite. zweiten. zweiter. secondo. seconda. segon. segona.",
        ),
        (
            3,
            "third. tercer. tercera. tercero. troisième. terceiro. terceira. dritte. dritten. terzo. terza.",
        ),
        (3, "thirds. tercios. terceras. tiers."),
        (
            4,
            "fourth. cuarto. cuarta. quatrième. quarto. quarta. vierte. vierten. quarter. quarters. cuartos.",
        ),
        (4, "quart. quarts. viertel."),
        (
            5,
            "fifth. quinto. quinta. cinquè. cinquena. cinquième. fünfte. fünften. quintos. fifths.",
        ),
        (6, "sixth. sexto. sexta. sixième. sechste. sechsten. sesto. sesta."),
        (
            7,
            "seventh. séptimo. séptima. septième. sétimo. sétima. siebte. siebten. settimo. settima.",
        ),
        (8, "eighth. octavo. octava. huitième. oitavo. oitava. achte. achten. ottavo. ottava."),
        (9, "ninth. noveno. novena. neuvième. nono. nona. neunte. neunten."),
        (10, "tenth. décimo. décima. dixième. zehnte. zehnten. decimo. decima."),
        (12, "noon. mediodía. midi. mittag. meio-dia. mezzogiorno. midday. migdia."),
        (24, "midnight. medianoche. mitjanit. medianoite."),
    ];
    /// The whole words, each with its place in the list.
    static WHOLE: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        let mut places = HashMap::new();
        for (place, (_, words)) in LOOSE.iter().enumerate() {
            for word in words.split(' ').filter_map(|word| word.strip_suffix('.')) {
                places.entry(word).or_insert(place);
            }
        }
        places
    });
    /// The beginnings, likewise.
    static BEGINNINGS: LazyLock<Vec<(&str, usize)>> = LazyLock::new(|| {
        let list = LOOSE.iter().enumerate();
        let starts = list.flat_map(|(place, (_, words))| {
            words.split(' ').filter(|word| !word.ends_with('.')).map(move |word| (word, place))
        });
        starts.collect()
    });
    let begun = BEGINNINGS.iter().find(|(start, _)| word.starts_with(start));
    let places = [WHOLE.get(word).copied(), begun.map(|(_, place)| *place)];
    places.into_iter().flatten().min().map(|place| LOOSE[place].0)
}

/// The value of a Roman numeral of at least two letters, up to 89.
pub(super) fn roman(word: &str) -> Option<u32> {
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
pub(super) fn months(
    text: &str,
    words: &[Word<'_>],
    names: &[Vec<String>],
    language: &str,
) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(month) =
            names.iter().position(|forms| forms.iter().any(|name| *name == *word.read))
        else {
            continue;
        };
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
            let after_word = at.checked_sub(1).is_some_and(|before| {
                BEFORE_MONTH.contains(&&*words[before].read) && !word.separated
            });
            certain = !matches!(&*word.read, "may" | "march") || digit_near || after_word;
        }
        let month = u8::try_from(month + 1).unwrap_or(0);
        let values = vec![Value::Month(month)];
        figures.push(Figure { range: word.range.clone(), values, certain });
    }
    figures
}

/// The names of the months in a language, in lower case, each in the forms that it takes alone and in a
/// date. Empty if they are not known, or if they are written with digits.
pub(super) fn month_names(tag: &Tag) -> Vec<Vec<String>> {
    let locale = tag.locale();
    let alone: Option<FixedCalendarDateTimeFormatter<Gregorian, M>> =
        FixedCalendarDateTimeFormatter::try_new((&locale).into(), M::long()).ok();
    let dated: Option<FixedCalendarDateTimeFormatter<Gregorian, MD>> =
        FixedCalendarDateTimeFormatter::try_new((&locale).into(), MD::long()).ok();
    let (Some(alone), Some(dated)) = (alone, dated) else { return Vec::new() };
    let letters = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphabetic());
        words.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect()
    };
    let names = |month| {
        let date = Date::try_new_gregorian(2000, month, 1).ok()?;
        let mut names = letters(&alone.format(&date).to_string());
        names.extend(letters(&dated.format(&date).to_string()));
        Some(names)
    };
    let mut all: Vec<Vec<String>> = (1..=12).filter_map(names).collect();
    // A word that is in every date is no month.
    let common: Vec<String> = match all.first() {
        Some(first) => {
            first.iter().filter(|n| all.iter().all(|m| m.contains(n))).cloned().collect()
        }
        None => Vec::new(),
    };
    all.iter_mut().for_each(|names| names.retain(|name| !common.contains(name)));
    // Without data for the language, ICU4X writes "M01".
    let known = all.len() == 12 && all.iter().all(|names| !names.is_empty());
    if known { all } else { Vec::new() }
}

/// Words after which "may" and "march" are months.
const BEFORE_MONTH: &[&str] = &[
    "in", "since", "until", "by", "of", "from", "through", "last", "this", "next", "early", "late",
    "mid", "during", "between", "to", "and",
];
