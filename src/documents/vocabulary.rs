//! The words by which the parts of a letter are known, in the language of a document.

use std::collections::{BTreeMap, HashMap};

use icu_calendar::{Date, Iso};

use crate::language::conventions::Conventions;
use crate::language::words::Words;
use crate::language::{Tag, fold};

/// The parts of a letter, and what stands beside them, each with the key of its words in a language file
/// and the label that the program itself prints before it.
macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident $key:literal $label:literal)*) => {
        /// A part of a letter that begins with words of its own, as the language files name it.
        #[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
        pub(super) enum Part {
            $($(#[$doc])* $part,)*
        }

        const PARTS: &[(Part, &str, &str)] = &[$((Part::$part, $key, $label),)*];
    };
}

parts! {
    Salutation "salutations" ""
    Closing "closings" ""
    To "to" "to"
    /// Through whom a letter reaches an office: "Attn."
    Attention "attention" ""
    /// Those to whom a letter goes that names nobody: "To whom it may concern".
    Everyone "everyone" ""
    Cc "cc" "cc"
    /// Why somebody gets a copy: "For information".
    CopyNote "copy-notes" ""
    /// Who wrote a letter for somebody else to sign, or approved it: "Elaboró", "Vo. Bo."
    Prepared "prepared" ""
    Subject "subject" "subject"
    Reference "reference" "reference"
    YourReference "your-reference" "your-reference"
    /// The number of a letter of an authority: "Oficio núm."
    LetterNumber "letter-numbers" ""
    /// The number of the matter, beside that of the letter: "Expediente".
    FileNumber "file-numbers" ""
    Date "date" "signed-on"
    Place "place" ""
    Enclosures "enclosures" "enclosures"
    Postscript "postscript" ""
    Signatories "signatories" "signatories"
    Organizations "organizations" "organizations"
    Persons "persons" "persons"
    /// What the post is to do with a letter: "Via certified mail".
    Delivery "delivery" ""
    /// What stands for a signature: "signed", "Rúbrica".
    Signed "signed" ""
    /// The year's motto in a letterhead of an authority: "Año de …".
    Motto "mottos" ""
    /// What a program writes below an e-mail: "Sent from my phone".
    SentFrom "sent-from" ""
    Honorific "honorifics" ""
    /// What stands behind a name: "様".
    HonorificAfter "honorifics-after" ""
    Office "offices" ""
    /// With what an office ends where the word before says of what: "Public Records Officer".
    OfficeEnd "office-endings" ""
    Body "bodies" ""
    Weekday "weekdays" ""
    /// The number of a page: "Page 1 of 4".
    Page "" "page"
    /// The headers of the columns of a table in which people sign.
    NameColumn "name-columns" ""
    TitleColumn "title-columns" ""
    OrganizationColumn "organization-columns" ""
    OtherColumn "other-columns" ""
}

/// The words of a language and those of English, which documents in other languages use as well.
pub(super) struct Vocabulary {
    /// The words of each part, in lower case.
    entries: HashMap<Part, Vec<String>>,
    articles: Vec<String>,
    months: Vec<(String, u8)>,
    /// How each language writes a date, and a date with a place; with the tag, where it is in another calendar
    /// than that of the document's tag.
    dates: Vec<(Conventions, String, Option<Tag>)>,
}

impl Vocabulary {
    /// The words for a document in a language.
    pub(super) fn of(tag: &Tag) -> Self {
        let english = Tag::english();
        let tags = [tag, &english];
        let words: Vec<Words> = tags.iter().map(|tag| Words::of(tag)).collect();
        let of_part = |&(part, key, label): &(Part, &str, &str)| {
            let entries = words.iter().flat_map(|words: &Words| {
                let listed = words.parts.get(key).into_iter().flatten();
                let all = listed.chain(words.labels.get(label));
                all.map(|entry| entry.trim_end_matches(ENDS).to_lowercase())
            });
            (part, entries.collect::<Vec<String>>())
        };
        let entries = PARTS.iter().map(of_part).collect();
        let articles = words.iter().flat_map(|words| words.articles.clone()).collect();
        let months = tags.iter().flat_map(|tag| months(tag)).collect();
        let form = |tag: &Tag, words: &Words, other: Option<Tag>| {
            let pattern = words.labels.get("dateline").cloned();
            let conventions = Conventions::of(tag, words, (tag, words));
            (conventions, pattern.unwrap_or_else(|| "{place}, {date}".to_owned()), other)
        };
        let usual = tag.in_usual_calendar();
        let usual = usual.map(|usual| form(&usual, &Words::of(tag), Some(usual.clone())));
        let dates = tags.iter().zip(&words).map(|(tag, words)| form(tag, words, None));
        let dates = dates.chain(usual).collect();
        Self { entries, articles, months, dates }
    }

    /// The day that a line says in the very form in which the program would print it, the place before or
    /// after it, and the tag, if it is in the other calendar of the country.
    pub(super) fn printed_date(
        &self,
        line: &str,
    ) -> Option<(Date<Iso>, Option<String>, Option<&Tag>)> {
        let line: String = line.chars().filter_map(bare).collect();
        for (conventions, pattern, other) in &self.dates {
            let pattern: String = pattern.chars().filter_map(bare).collect();
            for date in conventions.days_in(&line) {
                let printed: String = conventions.date(date).chars().filter_map(bare).collect();
                if !line.contains(&printed) {
                    continue;
                }
                let whole = pattern.replace("{date}", &printed);
                let (before, after) = whole.split_once("{place}")?;
                let place = line.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                // What is printed after a date without a place, as in "9 marca 2026 r."
                let end = if before.is_empty() { after } else { before };
                let end = end.rsplit(&printed).next().unwrap_or_default().trim();
                let rest = line.replacen(&printed, "", 1);
                let rest = rest.trim().trim_end_matches('.');
                if place.is_some_and(|place| !place.trim().is_empty()) {
                    let place = place.map(|place| place.trim().to_owned());
                    return Some((date, place, other.as_ref()));
                }
                if rest.is_empty() || rest == end.trim_end_matches('.') {
                    return Some((date, None, other.as_ref()));
                }
            }
        }
        None
    }

    fn entries(&self, part: Part) -> &[String] {
        self.entries.get(&part).map_or(&[], Vec::as_slice)
    }

    /// How many bytes of a text are words of a part, with which it begins.
    pub(super) fn begins(&self, part: Part, text: &str) -> Option<usize> {
        self.entries(part).iter().filter_map(|entry| begins_with(text, entry)).max()
    }

    /// Whether a text begins with an office, or is one in a few words: "Public Records Officer".
    pub(super) fn is_office(&self, text: &str) -> bool {
        const MOST: usize = 5;
        if self.begins(Part::Office, text).is_some() {
            return true;
        }
        let words: Vec<&str> = text.split(' ').collect();
        let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
        let is_end = |word: &&str| self.is(Part::OfficeEnd, word);
        (2..=MOST).contains(&words.len())
            && words.iter().all(is_capital)
            && words.last().is_some_and(is_end)
    }

    /// Where the words of a part begin with which a text ends, behind something else.
    pub(super) fn ends(&self, part: Part, text: &str) -> Option<usize> {
        let text = text.trim_end();
        let start = |entry: &String| {
            let at = text.len().checked_sub(entry.len())?;
            let is_same = text.get(at..)?.to_lowercase() == *entry;
            (is_same && !text[..at].trim().is_empty()).then_some(at)
        };
        self.entries(part).iter().filter_map(start).min()
    }

    /// Whether one of a text's words belongs to a part.
    pub(super) fn contains(&self, part: Part, text: &str) -> bool {
        let entries = self.entries(part);
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.any(|word| entries.iter().any(|entry| begins_with(word, entry) == Some(word.len())))
    }

    /// What follows the label of a part, such as "CC:", if a line begins with it.
    pub(super) fn after_label<'t>(&self, part: Part, text: &'t str) -> Option<&'t str> {
        let length = self.begins(part, text)?;
        let rest = text[length..].trim_start_matches(['.', ' ', '\u{a0}', '\u{202f}']);
        let rest = without_count(rest);
        // "C.c.p.- Name": the dash is the label's as well.
        let rest = if part == Part::Cc { without_dash(rest) } else { rest };
        if let Some(rest) = rest.strip_prefix([':', '：']) {
            let rest = rest.trim();
            return Some(if part == Part::Cc { without_dash(rest) } else { rest });
        }
        // "C.c.p. Name": the full stops are the label's.
        let is_dotted =
            text[..length].contains('.') || part == Part::Cc && text[length..].starts_with('.');
        (rest.is_empty() || is_dotted && part != Part::Reference).then(|| rest.trim())
    }

    /// What follows the words with which a line is addressed to somebody, without an article: "Presidente"
    /// of "Al Presidente", "Secretaría" of "A la Secretaría".
    pub(super) fn after_lead<'t>(&self, part: Part, text: &'t str) -> Option<&'t str> {
        let length = self.begins(part, text)?;
        let rest = text[length..].trim_start_matches(['.', ':', '-', ' ', '\u{a0}']);
        let rest = self.without_article(rest);
        (!rest.is_empty()).then_some(rest)
    }

    /// A text without the article with which it begins.
    pub(super) fn without_article<'t>(&self, rest: &'t str) -> &'t str {
        let article = self.articles.iter().filter_map(|article| begins_with(rest, article)).max();
        let elided = ["l’", "l'", "d’", "d'"].iter().find(|start| rest.starts_with(**start));
        let length = elided.map_or(article.unwrap_or(0), |start| start.len());
        rest[length..].trim_start()
    }

    /// The number that follows the words of a part without a colon, as in "Oficio núm. RA-2026/14".
    pub(super) fn after_number_label<'t>(&self, part: Part, text: &'t str) -> Option<&'t str> {
        let length = self.begins(part, text)?;
        let rest = text[length..].trim_start_matches(['.', ' ', '#', '°', 'º', ':']);
        let is_number = rest.contains(|c: char| c.is_ascii_digit()) && rest.split(' ').count() <= 3;
        is_number.then_some(rest)
    }

    /// Whether a line is nothing but words of a part.
    pub(super) fn is(&self, part: Part, text: &str) -> bool {
        let bare = text.trim_end_matches([',', ':', '.', ';', '!', ' ', '，', '：', '。', '！']);
        self.begins(part, bare) == Some(bare.len()) && !bare.is_empty()
    }

    /// Whether a line is the number of a page, as the program itself prints it.
    pub(super) fn is_page(&self, text: &str) -> bool {
        let bare = |text: &str| fold(text).replace(|c: char| c.is_ascii_digit(), "");
        let has_digit = text.contains(|c: char| c.is_ascii_digit());
        let mut labels = self.entries(Part::Page).iter();
        has_digit
            && labels.any(|label| {
                bare(&label.replace("{page}", "").replace("{pages}", "")) == bare(text)
            })
    }

    /// The month that a word names, in full or by its first letters.
    pub(super) fn month(&self, word: &str) -> Option<u8> {
        let word = word.to_lowercase();
        let is_short = word.chars().count() < 3;
        let known = |(name, _): &&(String, u8)| *name == word || name.starts_with(&word);
        let found = self.months.iter().find(known).filter(|_| !is_short);
        found.map(|(_, number)| *number)
    }
}

/// What ends a label. French has a space before the colon.
const ENDS: [char; 6] = ['.', ':', '：', ' ', '\u{a0}', '\u{202f}'];

/// What follows the number in a label such as "Enclosures (2):".
fn without_count(rest: &str) -> &str {
    let inner = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    match inner {
        Some((count, rest)) if rest.starts_with(':') && count.parse::<u16>().is_ok() => rest,
        _ => rest,
    }
}

/// A text without the dash at its start.
fn without_dash(text: &str) -> &str {
    text.trim_start_matches(['-', '‐', '‑', '–', '—', ' '])
}

/// How many bytes of a text are an entry, with which it begins, as whole words. `*` at the end of an
/// entry stands for the rest of the word.
fn begins_with(text: &str, entry: &str) -> Option<usize> {
    let (entry, is_open) = match entry.strip_suffix('*') {
        Some(entry) => (entry, true),
        None => (entry, false),
    };
    let mut rest = text.char_indices();
    for wanted in entry.chars() {
        let (_, found) = rest.next()?;
        let is_apostrophe = |c| matches!(c, '\'' | '’');
        let is_same = found == wanted || is_apostrophe(found) && is_apostrophe(wanted);
        if !is_same && !found.to_lowercase().eq([wanted]) {
            return None;
        }
    }
    let end = rest.as_str();
    let word = if is_open { end.find(|c: char| !c.is_alphanumeric()) } else { Some(0) };
    let end = &end[word.unwrap_or(end.len())..];
    let is_whole = !end.starts_with(char::is_alphanumeric) || entry.ends_with(is_joined);
    is_whole.then(|| text.len() - end.len())
}

/// A character as it is compared: digits in ASCII, every space a space, and none that nobody sees.
pub(super) fn bare(c: char) -> Option<char> {
    let digit = |zero: char| char::from_digit(u32::from(c) - u32::from(zero), 10);
    match c {
        '٠'..='٩' => digit('٠'),
        '۰'..='۹' => digit('۰'),
        '०'..='९' => digit('०'),
        '๐'..='๙' => digit('๐'),
        '０'..='９' => digit('０'),
        '\u{200E}' | '\u{200F}' | '\u{061C}' => None,
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// Whether words of a script are not parted by spaces, or take endings without one.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// The names of the months as they stand in a date.
fn months(tag: &Tag) -> Vec<(String, u8)> {
    // Those of the Gregorian calendar.
    let Some(tag) = tag.with_parents().find(Tag::is_gregorian) else { return Vec::new() };
    let words = Words::of(&tag);
    let conventions = Conventions::of(&tag, &words, (&tag, &words));
    let words = |month: u8| -> Vec<String> {
        let date = Date::try_new_iso(2021, month, 15).map(|date| conventions.date(date));
        let date = date.unwrap_or_default().to_lowercase();
        date.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect()
    };
    let all: Vec<Vec<String>> = (1..=12).map(words).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    all.iter().flatten().for_each(|word| *counts.entry(word).or_default() += 1);
    let name = |words: &Vec<String>| {
        words.iter().find(|word| !word.is_empty() && counts[word.as_str()] == 1).cloned()
    };
    all.iter().zip(1..).filter_map(|(words, number)| Some((name(words)?, number))).collect()
}
