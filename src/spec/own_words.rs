//! The words that a letter brings for its languages: `[words.TAG]`, or a file with the same tables.

use toml::de::DeTable;
use typst::syntax::FileId;

use crate::files::Files;
use crate::language::words::{self, AT_END, DateWords, Layout, ListWords, Words};
use crate::language::{CountryNames, Tag};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{PatternPart, Text, pattern_parts};
use crate::spec::spec_reader::TOP_LEVEL_KEYS;
use crate::spec::tags::parse_tag;
use crate::toml::reader::{self, Context, Table, Value};
use crate::words::say;

/// The words of one language, as the letter gives them.
#[derive(Debug)]
pub(crate) struct WordsSource {
    /// The language.
    pub tag: Tag,
    /// Where the letter says it.
    pub key: Place,
    /// The words, or where they are.
    pub from: WordsFrom,
}

/// Where the words of a language are written.
#[derive(Debug)]
pub(crate) enum WordsFrom {
    /// In the letter itself.
    Letter(Box<Words>),
    /// In a file, by its path.
    File(Text),
}

/// The keys of the words of a language.
pub(crate) const WORDS_KEYS: [&str; 15] = [
    "name",
    "articles",
    "quotes",
    "anonymous",
    "labels",
    "count-nouns",
    "count-words",
    "samples",
    "kinds",
    "parts",
    "date",
    "list",
    "layout",
    "languages",
    "countries",
];

/// What a text can count.
pub(crate) const COUNT_NOUNS: [&str; 3] = ["organizations", "signatories", "persons"];

/// The kinds of what is said before a number.
pub(crate) const COUNT_WORDS: [&str; 5] = ["at-least", "at-most", "about", "year", "number"];

/// Reads `words`: a table with the words of each language, or the path of a file whose name says its
/// language, such as "words.nah.toml".
pub(super) fn read(value: Value<'_>, context: Context<'_>) -> Vec<WordsSource> {
    if let Some(path) = value.if_text(context) {
        let name = path.value.rsplit('/').next().unwrap_or_default();
        let stem = name.strip_suffix(".toml").unwrap_or(name);
        let key = path.place.clone();
        return match stem.rsplit('.').next().unwrap_or_default().parse() {
            Ok(tag) => vec![WordsSource { tag, key, from: WordsFrom::File(path) }],
            Err(_) => {
                let message = say!("the name `{name}` does not say which language it is", name);
                let hint = say!("write words.TAG = \"{name}\", with the tag of the language", name);
                context
                    .problems
                    .push(Diagnostic::new(Code::InvalidLanguage, key, message).hint(hint));
                Vec::new()
            }
        };
    }
    let Some(table) = value.if_table() else {
        return value
            .wrong_type(context, say!("a table, or the path of a file"))
            .unwrap_or_default();
    };
    let mut all: Vec<WordsSource> = Vec::new();
    for (name, value) in table {
        let key = Place::new(context.file, name.span());
        let Some(tag) = parse_tag(name.get_ref(), &key, context) else { continue };
        if let Some(same) = all.iter().find(|words| words.tag == tag) {
            let problem =
                Diagnostic::new(Code::InvalidValue, key, say!("`{key}` appears twice", key = tag));
            context.problems.push(problem.relate(same.key.clone(), say!("it appears here first")));
            continue;
        }
        let value = Value { key: name.get_ref(), value };
        let from = match (value.if_text(context), value.if_table()) {
            (Some(path), _) => WordsFrom::File(path),
            (None, Some(table)) => {
                let table = Table::new(value.key, table, value.range());
                WordsFrom::Letter(Box::new(read_words(table, context)))
            }
            (None, None) => {
                value.wrong_type::<()>(context, say!("a table, or the path of a file"));
                continue;
            }
        };
        all.push(WordsSource { tag, key, from });
    }
    all
}

/// Loads the words that the letter gives, reading the files that have some.
pub(crate) fn load(
    sources: &[WordsSource],
    files: &Files,
    problems: &Problems,
) -> Vec<(Tag, Words)> {
    let words = |source: &WordsSource| match &source.from {
        WordsFrom::Letter(words) => Some((**words).clone()),
        WordsFrom::File(path) => {
            let file = problems.take(files.follow_text(path))?;
            read_file(file, files, problems)
        }
    };
    sources.iter().filter_map(|source| Some((source.tag.clone(), words(source)?))).collect()
}

fn read_file(file: FileId, files: &Files, problems: &Problems) -> Option<Words> {
    let source = problems.take(files.text(file))?;
    let context = Context { file, problems, top_level: TOP_LEVEL_KEYS };
    let document = reader::parse(&source, context);
    let words = read_words(Table::new("words", document.get_ref(), 0..source.len()), context);
    reader::forget_after_syntax_error(&source, file, problems);
    Some(words)
}

/// The words in a table.
fn read_words(mut table: Table<'_>, context: Context<'_>) -> Words {
    let text = |value: Value<'_>| Some(value.text(context)?.value.to_string());
    let texts = |value: Value<'_>| -> Vec<String> {
        value.items(context).into_iter().flatten().filter_map(text).collect()
    };
    let mut words = Words { name: table.take("name").and_then(text), ..Words::default() };
    words.articles = table.take("articles").map(texts).unwrap_or_default();
    words.anonymous = table.take("anonymous").map(texts).unwrap_or_default();
    words.quotes = table.take("quotes").and_then(|value| {
        texts(value).try_into().ok().or_else(|| {
            value.invalid(context, say!("`quotes` takes four: two outer and two inner ones"))
        })
    });
    if let Some(mut table) = table.take("labels").and_then(|value| value.table(context)) {
        for (name, _) in words::labels() {
            let text = table.take(name).and_then(|value| value.text(context));
            let known = words::usual_label(name).map(parts).unwrap_or_default();
            if let Some(text) = text
                && has_known_parts(&text.value, &text.place, &known, context.problems)
            {
                words.labels.insert(name.to_owned(), text.value.to_string());
            }
        }
        table.finish(context);
    }
    let lists = |value: Value<'_>, keys: &[&'static str]| {
        let mut table = value.table(context)?;
        let list = |key: &&'static str| Some(((*key).to_owned(), texts(table.take(key)?)));
        let lists = keys.iter().filter_map(list).collect();
        table.finish(context);
        Some(lists)
    };
    words.count_nouns =
        table.take("count-nouns").and_then(|value| lists(value, &COUNT_NOUNS)).unwrap_or_default();
    words.count_words =
        table.take("count-words").and_then(|value| lists(value, &COUNT_WORDS)).unwrap_or_default();
    // A file of the program's can be copied, with the letter that `new` writes and what lists and documents say.
    for unused in ["samples", "kinds", "parts"] {
        if let Some(value) = table.take(unused).filter(|value| value.if_table().is_none()) {
            value.wrong_type::<()>(context, say!("a table"));
        }
    }
    words.date = table.take("date").and_then(|value| read_date(value, context)).unwrap_or_default();
    words.list = table.take("list").and_then(|value| read_list(value, context)).unwrap_or_default();
    words.layout =
        table.take("layout").and_then(|value| read_layout(value, context)).unwrap_or_default();
    let named = |value: Value<'_>, is_name: &dyn Fn(&str, &Place) -> Option<String>| {
        let table: &DeTable<'_> = match value.if_table() {
            Some(table) => table,
            None => return value.wrong_type(context, say!("a table")),
        };
        let entry = |(key, value): (&toml::Spanned<_>, _)| {
            let key: &toml::Spanned<toml::de::DeString<'_>> = key;
            let name = is_name(key.get_ref(), &Place::new(context.file, key.span()))?;
            Some((name, text(Value { key: key.get_ref(), value })?))
        };
        Some(table.iter().filter_map(entry).collect())
    };
    let tag = |name: &str, place: &Place| Some(parse_tag(name, place, context)?.to_string());
    words.languages =
        table.take("languages").and_then(|value| named(value, &tag)).unwrap_or_default();
    let english = CountryNames::of(&Tag::english());
    let country = |name: &str, place: &Place| {
        if english.as_ref().is_some_and(|english| english.get(name).is_some()) {
            return Some(name.to_owned());
        }
        let problem = say!("`{found}` is not a country", found = name);
        let problem = Diagnostic::new(Code::InvalidValue, place.clone(), problem);
        let hint = say!("write the two letters of ISO 3166-1, such as MX");
        context.problems.push(problem.hint(hint));
        None
    };
    words.countries =
        table.take("countries").and_then(|value| named(value, &country)).unwrap_or_default();
    table.finish(context);
    words
}

fn read_date(value: Value<'_>, context: Context<'_>) -> Option<DateWords> {
    let mut table = value.table(context)?;
    let known = ["day", "month", "year"].map(str::to_owned);
    let has_pattern = table.take("pattern").is_some();
    let pattern = pattern(table.take("pattern"), &known, context).unwrap_or_default();
    let months = table.take("months").and_then(|value| {
        let text = |value: Value<'_>| Some(value.text(context)?.value.to_string());
        let months: Vec<String> = value.items(context)?.filter_map(text).collect();
        if months.len() == 12 {
            return Some(months);
        }
        value.invalid(context, say!("`months` takes the names of the twelve months"))
    });
    if has_pattern != table.take("months").is_some() {
        return value.invalid(context, say!("`pattern` and `months` go together"));
    }
    let first_day = table.take("first-day").and_then(|value| value.text(context));
    table.finish(context);
    let first_day = first_day.map(|text| text.value.to_string());
    Some(DateWords { pattern, months: months.unwrap_or_default(), first_day })
}

fn read_list(value: Value<'_>, context: Context<'_>) -> Option<ListWords> {
    let mut table = value.table(context)?;
    let known = ["0", "1"].map(str::to_owned);
    if ["pair", "last", "between"].into_iter().any(|key| table.take(key).is_none()) {
        return value.invalid(context, say!("`pair`, `last` and `between` go together"));
    }
    let mut part = |key| pattern(table.take(key), &known, context).unwrap_or_default();
    let list = ListWords { pair: part("pair"), last: part("last"), between: part("between") };
    table.finish(context);
    Some(list)
}

fn read_layout(value: Value<'_>, context: Context<'_>) -> Option<Layout> {
    let mut table = value.table(context)?;
    let at_end = table.take("at-end").and_then(|value| value.items(context));
    let part = |value: Value<'_>| value.one_of(context, &AT_END.map(|part| (part, part)));
    let at_end = at_end.into_iter().flatten().filter_map(part).map(str::to_owned).collect();
    let indent = table.take("indent").and_then(|value| value.integer(context, 1..5));
    table.finish(context);
    Some(Layout { at_end, indent: indent.and_then(|wide| u8::try_from(wide).ok()).unwrap_or(0) })
}

/// A pattern that has each of these parts.
fn pattern(value: Option<Value<'_>>, known: &[String], context: Context<'_>) -> Option<String> {
    let value = value?;
    let text = value.text(context)?;
    if !has_known_parts(&text.value, &text.place, known, context.problems) {
        return None;
    }
    let there = parts(&text.value);
    if let Some(absent) = known.iter().find(|part| !there.contains(part)) {
        let key = value.key;
        return value.invalid(context, say!("`{key}` has no {{{absent}}}", key, absent));
    }
    Some(text.value.to_string())
}

/// The names in braces in a pattern.
pub(crate) fn parts(pattern: &str) -> Vec<String> {
    let names = pattern_parts(pattern).into_iter().filter_map(|part| match part {
        PatternPart::Name(name) => Some(name.to_owned()),
        PatternPart::Plain(_) => None,
    });
    names.collect()
}

/// Whether a pattern has no other parts than these. If it does, that is reported.
pub(crate) fn has_known_parts(
    text: &str,
    place: &Place,
    known: &[String],
    problems: &Problems,
) -> bool {
    let Some(unknown) = parts(text).into_iter().find(|part| !known.contains(part)) else {
        return true;
    };
    let unknown = format!("{{{unknown}}}");
    let list = known.iter().map(|part| format!("`{{{part}}}`")).collect::<Vec<_>>().join(", ");
    let problem = say!("this label does not take `{unknown}`", unknown);
    let hint = say!("this label takes {list}", list);
    let problem = Diagnostic::new(Code::UnknownPlaceholder, place.clone(), problem);
    problems.push(problem.hint_if((!known.is_empty()).then_some(hint)));
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::carried;

    /// A language file of the program can be the words of a letter, and is then read as the program
    /// reads it.
    #[test]
    fn the_words_of_the_program_can_be_those_of_a_letter() {
        for tag in Words::languages() {
            let path = format!("{}/templates/lang/{tag}.toml", env!("CARGO_MANIFEST_DIR"));
            let source = std::fs::read_to_string(path).expect("a file");
            let problems = Problems::default();
            let context =
                Context { file: carried::main(), problems: &problems, top_level: TOP_LEVEL_KEYS };
            let document = reader::parse(&source, context);
            let table = Table::new("words", document.get_ref(), 0..source.len());
            let read = read_words(table, context);
            let file = words::file(tag).expect("a file");
            let (kinds, parts) = (Default::default(), Default::default());
            let built_in = Words { samples: None, kinds, parts, ..file };
            assert_eq!(read, built_in, "{tag}");
            assert!(problems.into_sorted().is_empty(), "{tag}");
        }
    }
}
