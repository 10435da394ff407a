//! Explains syntax errors to people who have never heard of TOML.
//!
//! The parser reports what it found and where. Common mistakes, such as text pasted from a word
//! processor, are recognized and called by their names; all others are reported in the parser's
//! words.

use std::ops::Range;

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::words::foreign;
use crate::words::{Message, say};

/// The keys whose value is a day.
const DATE_KEYS: &[&str] = &["date", "withdrawn", "reviewed-on"];

/// The quotes that word processors insert, and those of other languages.
const CURLY: &[char] = &['“', '”', '„', '‟', '‘', '’', '‚', '«', '»'];

/// The maximum number of mistakes reported for a file; the rest are only counted. A file with more is
/// not a letter, and examining each would take quadratic time.
const MAX_REPORTED: usize = 100;

/// The maximum number of characters of a value that a message repeats.
const SHOWN: usize = 40;

/// The parser's errors, in the order of the file. Errors that only follow from an earlier mistake are
/// left out: those in the rest of its line, and in the lines that a text without a closing quote runs
/// into.
pub(crate) fn problems(
    source: &str,
    errors: &[toml::de::Error],
    place: impl Fn(Range<usize>) -> Place,
) -> Vec<Diagnostic> {
    let mut found: Vec<(Range<usize>, &str)> = errors
        .iter()
        .map(|error| {
            let text = error.message().lines().next().unwrap_or_default();
            (within(source, error.span().unwrap_or(0..0)), text)
        })
        .collect();
    // At the same place, the reason comes before the missing delimiter.
    found.sort_by_key(|(range, text)| (range.start, text.starts_with("unclosed")));
    let mut reported = Vec::new();
    let mut skipped = 0..0;
    let all = found.len();
    for (index, (range, text)) in found.into_iter().enumerate() {
        if skipped.contains(&range.start) {
            continue;
        }
        if reported.len() == MAX_REPORTED {
            let more = all - index;
            let message = say!("this is not TOML: {more} more mistakes from here on", more);
            reported.push(
                Diagnostic::new(Code::Syntax, place(range), message)
                    .hint(say!("fix those above first")),
            );
            break;
        }
        let error = Found { source, range: range.clone(), what: text };
        let Some(mistake) = error.mistake() else {
            let reason = foreign::toml(text);
            let message = say!("this is not TOML: {reason}", reason);
            reported.push(Diagnostic::new(Code::Syntax, place(range), message));
            continue;
        };
        let mistake_end = mistake.range.end;
        let mut diagnostic = Diagnostic::new(mistake.code, place(mistake.range), mistake.message);
        for hint in mistake.hints {
            diagnostic = diagnostic.hint(hint);
        }
        for (range, message) in mistake.related {
            diagnostic = diagnostic.relate(place(range), message);
        }
        reported.push(diagnostic);
        skipped = range.start..match mistake.reach {
            Reach::Itself => mistake_end.max(range.start),
            Reach::Line => next_line(source, range.start),
            Reach::Lines => next_entry(source, range.start),
        };
    }
    reported
}

/// A recognized mistake, and the message about it.
struct Mistake {
    code: Code,
    range: Range<usize>,
    message: Message,
    hints: Vec<Message>,
    related: Vec<(Range<usize>, Message)>,
    reach: Reach,
}

/// How much of the file is misread because of a mistake.
enum Reach {
    /// Only the value.
    Itself,
    /// The rest of the line.
    Line,
    /// All lines up to the next that looks like an entry.
    Lines,
}

impl Mistake {
    fn new(range: Range<usize>, message: Message) -> Self {
        let (hints, related) = (Vec::new(), Vec::new());
        Self { code: Code::Syntax, range, message, hints, related, reach: Reach::Line }
    }

    fn hint(mut self, hint: Message) -> Self {
        self.hints.push(hint);
        self
    }
}

/// What the parser found.
struct Found<'s> {
    source: &'s str,
    range: Range<usize>,
    what: &'s str,
}

impl<'s> Found<'s> {
    fn mistake(&self) -> Option<Mistake> {
        let what = self.what.split(", expected ").next().unwrap_or_default();
        if let Some(mistake) = self.invisible() {
            return Some(mistake);
        }
        match what {
            "duplicate key" => Some(self.twice()),
            "string values must be quoted"
            | "missing opening quote"
            | "invalid boolean"
            | "invalid float"
            | "unexpected leading zero" => self.unquoted(),
            "invalid basic string" | "invalid literal string" => self.unclosed(),
            "invalid multi-line basic string" => self.unclosed_lines("\"\"\""),
            "invalid multi-line literal string" => self.unclosed_lines("'''"),
            "unexpected key or value"
            | "missing comma between array elements"
            | "missing comma between key-value pairs" => self.quote_inside(),
            "missing escaped value" | "too few unicode value digits" | "invalid value" => {
                self.backslash()
            }
            "invalid unquoted key" => self.key(),
            "key with no value" => Some(self.not_an_entry()),
            _ if what.starts_with("cannot extend value") => Some(self.extended()),
            _ if self.is_like_a_date() => Some(self.invalid_date()),
            _ => None,
        }
    }

    fn written(&self) -> &'s str {
        self.source.get(self.range.clone()).unwrap_or_default()
    }

    /// An invisible character outside of quotes.
    fn invisible(&self) -> Option<Mistake> {
        let from_here = self.source.get(self.range.start..)?;
        let outside_of_quotes = from_here.split(['"', '\'', '\n']).next()?;
        let (at, sign) = outside_of_quotes.char_indices().find(|(_, c)| is_invisible(*c))?;
        // After other words, those may be the mistake.
        if outside_of_quotes[..at].contains(|c: char| c.is_whitespace() || c == '=') {
            return None;
        }
        let start = self.range.start + at;
        let code = format!("U+{:04X}", u32::from(sign));
        let message = say!("there is an invisible character here, {code}", code);
        let mistake = Mistake::new(start..start + sign.len_utf8(), message);
        Some(
            mistake.hint(say!("word processors leave such characters behind: type the line again")),
        )
    }

    /// Where the line begins, and its text.
    fn whole_line(&self) -> (usize, &'s str) {
        let start = line_start(self.source, self.range.start);
        let end = line_end(self.source, self.range.start);
        (start, self.source.get(start..end).unwrap_or_default())
    }

    /// The text of the line before the place, and from the place to its end.
    fn line(&self) -> (&'s str, &'s str) {
        let (start, line) = self.whole_line();
        line.split_at_checked(self.range.start - start).unwrap_or_default()
    }

    /// The key of the line, such as `title.en`, if it is an entry of a table.
    fn line_key(&self) -> Option<&'s str> {
        let (key, _) = self.line().0.split_once('=')?;
        let key = key.trim();
        is_key(key).then_some(key)
    }

    /// Whether the value looks like a date, which then does not exist.
    fn is_like_a_date(&self) -> bool {
        let written = self.written();
        written.len() >= 8
            && written.starts_with(|c: char| c.is_ascii_digit())
            && written.chars().filter(|&c| c == '-').count() == 2
    }

    fn invalid_date(&self) -> Mistake {
        let written = self.written();
        let message = say!("`{written}` is not a date", written);
        let mistake = Mistake::new(self.range.clone(), message)
            .hint(say!("write the year, month and day of a day that exists, such as 2021-08-24"));
        Mistake { code: Code::InvalidValue, ..mistake }
    }

    /// A value without quotes, or with quotes that TOML does not know.
    fn unquoted(&self) -> Option<Mistake> {
        let (before, from_here) = self.line();
        // In a list or an inline table the value ends where the parser says, otherwise at the end of
        // the line.
        let key = self.line_key().filter(|_| before.trim_end().ends_with('='));
        let value = match key {
            Some(_) => from_here.split(" #").next().unwrap_or_default().trim_end(),
            None if self.range.is_empty() => from_here.split_inclusive(['"', '\'']).next()?,
            None => self.written(),
        };
        let mistake = self.unquoted_value(key, value)?;
        let reach = if key.is_some() { Reach::Line } else { Reach::Itself };
        Some(Mistake { reach, ..mistake })
    }

    fn unquoted_value(&self, key: Option<&str>, value: &str) -> Option<Mistake> {
        let range = self.range.start..self.range.start + value.len();
        let mistake = |message| Mistake::new(range.clone(), message);
        if value.starts_with(CURLY) {
            let message = say!("the quotes around this value are curly");
            return Some(mistake(message).hint(straight_quotes()));
        }
        if value.is_empty() {
            let key = key.unwrap_or("…");
            let message = say!("`{key}` has no value", key);
            return Some(
                mistake(message).hint(say!("write {key} = \"…\", or remove the line", key)),
            );
        }
        let small = value.to_lowercase();
        if ["true", "false"].contains(&small.as_str()) {
            let message = say!("`{value}` has capital letters", value);
            return Some(mistake(message).hint(say!("write {small}", small)));
        }
        if self.is_like_a_date() {
            return Some(self.invalid_date());
        }
        if let Some(key) = key.filter(|key| DATE_KEYS.contains(key)) {
            let shown = shown(value);
            let message = say!("`{shown}` is not a date", shown);
            return Some(mistake(message).hint(say!(
                "write it as year-month-day, without quotes: {key} = 2021-08-24",
                key
            )));
        }
        // A value that begins like a number is a mistyped number, unless it contains words.
        let is_text =
            value.starts_with(char::is_alphabetic) || self.what.starts_with("string values");
        if !is_text && !self.what.starts_with("missing opening quote") {
            return None;
        }
        let shown = shown(value);
        let message = say!("`{shown}` is not in quotes", shown);
        let plain = !value.contains(['"', '\\', '\'']) && value.chars().count() <= SHOWN;
        Some(mistake(message).hint(match key.filter(|_| plain) {
            Some(key) => say!("write {key} = \"{value}\"", key, value),
            None => {
                say!("put straight quotes around it: \"…\"")
            }
        }))
    }

    /// A text on one line without its closing quote.
    fn unclosed(&self) -> Option<Mistake> {
        let (before, from_here) = self.line();
        if !from_here.trim().is_empty() {
            return None;
        }
        let quote = if self.what.starts_with("invalid basic") { '"' } else { '\'' };
        let end = self.range.start;
        // After a curly quote meant to end the text, lists and tables may be closed.
        let text = before.trim_end().trim_end_matches([',', ']', '}', ' ']);
        let mistake = match text.chars().next_back() {
            Some(last) if CURLY.contains(&last) => {
                let start = end - before.len() + text.len() - last.len_utf8();
                Mistake::new(
                    start..start + last.len_utf8(),
                    say!("the quote that ends this text is curly"),
                )
                .hint(straight_quotes())
            }
            _ => {
                Mistake::new(end..end, say!("the quote that ends this text is missing")).hint(say!(
                    "end it with {quote} on this line; a text of several lines goes between \
                     \"\"\" and \"\"\"",
                    quote
                ))
            }
        };
        Some(Mistake { reach: Reach::Lines, ..mistake })
    }

    /// A text of several lines without its closing quotes, which runs to the end of the file.
    fn unclosed_lines(&self, quotes: &str) -> Option<Mistake> {
        if !self.source.get(self.range.start..)?.trim().is_empty() {
            return None;
        }
        // Any quotes after the opening ones would have closed it.
        let start = self.source.get(..self.range.start)?.rfind(quotes)?;
        let message = say!("nothing ends the text that begins here");
        let mistake = Mistake::new(start..start + quotes.len(), message);
        Some(mistake.hint(say!("write {quotes} where it ends", quotes)))
    }

    /// An apostrophe between `'…'`, or a quote between `"…"`.
    fn quote_inside(&self) -> Option<Mistake> {
        let (before, from_here) = self.line();
        let quote = before.chars().next_back().filter(|c| matches!(c, '\'' | '"'))?;
        let next = from_here.chars().next()?;
        if matches!(next, ',' | ']' | '}' | '=' | '"' | '\'' | '[' | '{') {
            return None;
        }
        let start = self.range.start - 1;
        let mistake = match quote {
            '\'' => Mistake::new(
                start..start + 1,
                say!("this apostrophe ends the text, because the text is between '…'"),
            )
            .hint(say!(
                "write the text between \"…\", where an apostrophe is a character like any other"
            )),
            _ => Mistake::new(
                start..start + 1,
                say!("this quote ends the text, but more text follows"),
            )
            .hint(say!("write \\\" for a quote inside the text, or put the text between '…'")),
        };
        Some(mistake)
    }

    /// A backslash that is meant literally.
    fn backslash(&self) -> Option<Mistake> {
        let before = self.source.get(..self.range.start)?;
        let start = before.rfind('\\').filter(|at| !before[*at..].contains('\n'))?;
        let next = self.source[start + 1..].chars().next().map_or(0, char::len_utf8);
        let range = start..start + 1 + next;
        let written = self.source.get(range.clone())?;
        let message = say!("`{written}` is not valid in a text between \"…\"", written);
        Some(Mistake::new(range, message).hint(say!(
            "write \\\\ for a backslash, or put the text between '…'; paths use slashes, /"
        )))
    }

    /// A key with curly quotes, or with other characters that keys cannot have.
    fn key(&self) -> Option<Mistake> {
        let (start, line) = self.whole_line();
        let key = line.split('=').next().unwrap_or_default().trim_end();
        let range = start..start + key.len();
        if key.trim_start().starts_with(CURLY) {
            let plain = key.trim().trim_matches(CURLY);
            return Some(
                Mistake::new(range, say!("the quotes around this key are curly"))
                    .hint(say!("a key needs no quotes: {plain} = \"…\"", plain)),
            );
        }
        if let Some(mistake) = self.colon() {
            return Some(mistake);
        }
        let written = self.written();
        written.chars().any(char::is_alphabetic).then(|| {
            Mistake::new(self.range.clone(), say!("a key cannot contain `{written}`", written))
                .hint(say!("the keys are English words, without accents"))
        })
    }

    /// `title: "…"`, as in other formats.
    fn colon(&self) -> Option<Mistake> {
        let (start, line) = self.whole_line();
        let colon = line.find(':')?;
        let key = line.get(..colon).map(str::trim).filter(|key| is_key(key))?;
        // `Estimada:` is a line of a letter, not a key.
        if line.get(colon + 1..)?.trim().is_empty() {
            return None;
        }
        let at = start + colon;
        let mistake = Mistake::new(at..at + 1, say!("this `:` should be `=`"));
        Some(mistake.hint(say!("write {key} = \"…\"", key)))
    }

    /// A line that is not an entry of a table.
    fn not_an_entry(&self) -> Mistake {
        if let Some(mistake) = self.colon() {
            return mistake;
        }
        let (before, from_here) = self.line();
        let start = self.range.start - before.len();
        let indent = before.len() - before.trim_start().len();
        let end = self.range.start + from_here.trim_end().len();
        let message = say!("this line is not `key = value`");
        let mistake = Mistake::new(start + indent..end, message).hint(say!(
            "a text of several lines goes between \"\"\" and \"\"\"; comments begin with #"
        ));
        Mistake { reach: Reach::Lines, ..mistake }
    }

    /// A key that appears twice.
    fn twice(&self) -> Mistake {
        let key = self.written();
        let message = say!("`{key}` appears twice", key);
        let mut mistake = Mistake::new(self.range.clone(), message);
        if let Some(first) = self.first_of_its_name() {
            mistake.related.push((first, say!("it is already here")));
        }
        let opens_table = self.line().0.trim() == "[";
        mistake.hint(match key {
            "to" | "cc" if opens_table => {
                say!("if there are several, begin each with [[{key}]], including the first", key)
            }
            _ => say!("keep one of the two, or combine both into one"),
        })
    }

    /// A key that has a value, and then keys of its own.
    fn extended(&self) -> Mistake {
        let key = self.written();
        let message = say!("`{key}` already has a value, so it cannot have keys of its own", key);
        let mut mistake = Mistake::new(self.range.clone(), message);
        if let Some(first) = self.first_of_its_name() {
            mistake.related.push((first, say!("the value is here")));
        }
        mistake.hint(say!(
            "a text in several languages has one key for each: {key}.en = \"…\", {key}.es = \"…\"",
            key
        ))
    }

    /// Where the same key first occurs, judging by the beginnings of the lines: in the same table, or
    /// in the whole file if the line is a table header.
    fn first_of_its_name(&self) -> Option<Range<usize>> {
        let (before, _) = self.line();
        let is_header = before.trim_start().starts_with('[');
        let key = format!("{}{}", before.trim_start(), self.written());
        let this = self.range.start - before.len();
        let mut first = None;
        let mut at = 0;
        for line in self.source.get(..this)?.split_inclusive('\n') {
            let text = line.trim_start();
            let starts_table = text.starts_with('[');
            if starts_table && !is_header {
                first = None;
            }
            let same = text.strip_prefix(&key).is_some_and(|rest| {
                rest.starts_with(['.', ']', '=']) || rest.trim_start().starts_with('=')
            });
            if same && first.is_none() {
                let start = at + line.len() - text.len() + key.len() - self.written().len();
                first = Some(start..start + self.written().len());
            }
            at += line.len();
        }
        first
    }
}

/// Whether a character looks like a space or is invisible.
fn is_invisible(c: char) -> bool {
    (c.is_whitespace() && !c.is_ascii())
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

fn straight_quotes() -> Message {
    say!("write straight quotes, \"…\", around a value; a word processor makes them curly")
}

/// The beginning of a value, for a message.
fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", value[..end].trim_end()),
        None => value.to_owned(),
    }
}

/// The nearest range that is inside the text and at character boundaries.
fn within(source: &str, range: Range<usize>) -> Range<usize> {
    let start = source.floor_char_boundary(range.start);
    start..source.floor_char_boundary(range.end).max(start)
}

fn line_start(source: &str, at: usize) -> usize {
    source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

/// Where the line ends, without its line break.
fn line_end(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    let end = rest.find('\n').unwrap_or(rest.len());
    at + rest[..end].trim_end_matches('\r').len()
}

/// Where the next line begins. An error at the very end of a line belongs to that line.
fn next_line(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    at + rest.find('\n').unwrap_or(rest.len()) + 1
}

/// Where the next line that looks like an entry or a table header begins.
fn next_entry(source: &str, at: usize) -> usize {
    let mut at = line_end(source, at);
    while let Some(more) = source.get(at..).and_then(|rest| rest.find('\n')) {
        let start = at + more + 1;
        let end = line_end(source, start);
        let line = source.get(start..end).unwrap_or_default().trim_start();
        if line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| is_key(key.trim()))
        {
            return start;
        }
        at = end;
    }
    source.len()
}

/// Whether it can be the key before a `=`.
fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use toml::de::DeTable;

    use super::*;

    /// Files that provoke every sentence of the parser. `\u{1}` is intentional here.
    const BROKEN: &[&str] = &[
        "a = 'x",
        "a = '\u{1}'",
        "a = \"\u{1}\"",
        "a = \"x\\",
        "a = '''x",
        "a = '''\u{1}'''",
        "a = \"\"\"x",
        "a = \"\"\"\u{1}\"\"\"",
        "a = \"\"\"x\\y\n\"\"\"",
        "a = \"\"\"x\\ y\n\"\"\"",
        "a = \"\\q\"",
        "a = \"\\u12\"",
        "a = \"\\uD800\"",
        "a = x",
        "a = x'",
        "a = x\"",
        "a = x'''",
        "a = x\"\"\"",
        "a = True",
        "a = fals",
        "a = inx",
        "a = nam",
        "a = +inx",
        "a = -nam",
        "a = .x",
        "a = 1.",
        "a = .5",
        "a = 1e",
        "a = 1.5x",
        "a = ++1",
        "a = 01",
        "a = 01.5",
        "a = 0_1",
        "a = 1__2",
        "a = _1",
        "a = 1_",
        "a = +0x1",
        "a = 0X1",
        "a = +0o1",
        "a = 0O1",
        "a = +0b1",
        "a = 0B1",
        "a = 0x+1",
        "a = 0xg",
        "a = 0o9",
        "a = 0b2",
        "a = 0d1",
        "a = 2021-02-30",
        "a = 2021-2",
        "a = 20-01-01",
        "a = 2021-01-01X",
        "a = 2021-01-01T25:00",
        "a = 2021-01-01T10:00+99:00",
        "a = 2021-01-01T10:00Q",
        "a = 10:99",
        "a = 10:",
        "a = 1:",
        "a = 2021-01-01T10:00:00Z1",
        "# \u{1}",
        "a = 1 # \u{1}",
        "a = 1\rb = 2",
        "a = \"\"\"\r\"\"\"",
        "a = '''\r'''",
        "# x\r",
        " = 1",
        "a. = 1",
        ".a = 1",
        "á = 1",
        "a b",
        "a",
        ".a",
        "'''a''' = 1",
        "\"\"\"a\"\"\" = 1",
        "a = = 1",
        "a = }",
        "a = ]",
        "a = [,]",
        "a = [1,,2]",
        "a = [= 1]",
        "a = [1 2]",
        "a = [1",
        "a = [1 {}]",
        "a = [}",
        "a = [1 []]",
        "a = {,}",
        "a = {a = 1,, b = 2}",
        "a = {a,}",
        "a = {a = ,}",
        "a = {a = = 1}",
        "a = {a = 1 = 2}",
        "a = {{}}",
        "a = {a {}}",
        "a = {a = 1 {}}",
        "a = {[]}",
        "a = {a []}",
        "a = {a = 1 []}",
        "a = {]}",
        "a = {a b}",
        "a = {a = 1 b = 2}",
        "a = {a = 1",
        "a = {",
        "a = 1 2",
        "a = 1\na = 2",
        "a.b = 1\na.b = 2",
        "[a]\n[a]",
        "[[a]]\n[a]",
        "[a]\n[[a]]",
        "a = {b = 1, b = 2}",
        "a = 1\na.b = 2",
        "a = []\na.b = 2",
        "a = {}\na.b = 2",
        "a = {b = 1, b.c = 2}",
        "[a",
        "[[a",
        "[[a]",
        "[]",
        "[a.]",
        "]",
        ", a",
        "{",
        "}",
    ];

    /// The parser's errors for a file.
    fn said(source: &str) -> Vec<String> {
        let (_, errors) = DeTable::parse_recoverable(source);
        errors.iter().map(|error| error.message().to_owned()).collect()
    }

    fn is_english(text: &str) -> bool {
        let es = foreign::toml(text).spanish();
        let words = ["expected", "invalid", "missing", "unexpected", "inglés", "unclosed", "must"];
        words.iter().any(|word| es.contains(word))
    }

    #[test]
    fn nothing_the_parser_says_is_left_in_english() {
        let deep = format!("a = {}", "[".repeat(200));
        let keys = format!("{}a = 1", "a.".repeat(200));
        let mut all = Vec::new();
        for source in BROKEN.iter().copied().chain([deep.as_str(), keys.as_str()]) {
            let said = said(source);
            assert!(!said.is_empty(), "{source:?} is right");
            all.extend(said);
        }
        let left: Vec<&String> = all.iter().filter(|text| is_english(text)).collect();
        assert!(left.is_empty(), "{left:#?}");
        let unsaid: Vec<&str> = foreign::toml_sentences()
            .filter(|pattern| !all.iter().any(|text| foreign::is_of(pattern, text)))
            .collect();
        assert!(unsaid.is_empty(), "nothing here makes the parser say {unsaid:#?}");
    }

    /// Pieces of TOML, and of text that people mistake for it.
    const PIECES: &[&str] = &[
        "title",
        "to",
        "date",
        "a.b",
        " ",
        "=",
        "\n",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        ".",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "“",
        "”",
        "’",
        "\\",
        "\\u",
        "#",
        "x",
        "Agua",
        "true",
        "True",
        "inf",
        "1",
        "0",
        "0x",
        "-",
        "+",
        "_",
        "e",
        ":",
        "2021-02-30",
        "2021-08-24",
        "T10:00",
        "\r",
        "\r\n",
        "\t",
        "\u{1}",
        "ñ",
        "🦤",
    ];

    /// A file full of mistakes takes no longer than it takes to read it, or this takes many minutes.
    #[test]
    fn many_mistakes_take_little_time() {
        for source in ["a = 1\n".repeat(200_000), format!("a = [{}", "'' ".repeat(200_000))] {
            let (_, errors) = DeTable::parse_recoverable(&source);
            assert!(errors.len() > 100_000, "{}", errors.len());
            let file = crate::files::carried::built_in("x");
            let reported = problems(&source, &errors, |range| Place::new(file, range));
            assert_eq!(reported.len(), MAX_REPORTED + 1);
            let rest = reported.last().map(|problem| problem.message.spanish());
            assert!(rest.is_some_and(|rest| rest.ends_with("errores más")));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Whatever the input, each sentence has its Spanish, each place is inside the file, and
        /// something is reported exactly when the parser reports something.
        #[test]
        fn any_file_is_told_in_both_languages(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 1..16),
        ) {
            let source = pieces.concat();
            let (_, errors) = DeTable::parse_recoverable(&source);
            for error in &errors {
                prop_assert!(!is_english(error.message()), "{source:?}: {}", error.message());
            }
            let file = crate::files::carried::built_in("x");
            let reported = problems(&source, &errors, |range| Place::new(file, range));
            prop_assert_eq!(reported.is_empty(), errors.is_empty(), "{:?}", source);
            for problem in reported {
                let places = problem.related.iter().map(|(place, _)| place).chain([&problem.place]);
                for place in places {
                    prop_assert!(source.get(place.range.clone()).is_some(), "{source:?}: {problem:?}");
                }
            }
        }
    }
}
