//! Reads a TOML document value by value, keeps every place, and continues after a mistake.
//!
//! serde's derived readers stop at the first mistake and keep no place inside untagged or flattened
//! types. The author of a letter wants all mistakes at once, so the types of [`spec`](crate::spec)
//! are read from the tree of spanned values that the `toml` crate returns.

use std::ops::Range;

use icu_calendar::{Date, Iso};
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};
use typst::syntax::FileId;

use crate::problems::{Code, Diagnostic, Problems, characters};
use crate::source::Place;
use crate::source::text::{Text, Written};
use crate::toml::syntax;
use crate::words::suggest;
use crate::words::{Message, say};

/// Collects the mistakes of one document.
#[derive(Debug, Copy, Clone)]
pub struct Context<'p> {
    /// The file that is read.
    pub file: FileId,
    /// Collects its problems.
    pub problems: &'p Problems,
    /// Keys that belong above all tables, for the hint if a table contains one.
    pub top_level: &'static [&'static str],
}

impl Context<'_> {
    fn place(self, range: Range<usize>) -> Place {
        Place::new(self.file, range)
    }

    fn report(self, code: Code, range: Range<usize>, message: Message) {
        self.problems.push(Diagnostic::new(code, self.place(range), message));
    }
}

/// Parses a document. All syntax errors are reported, and what could be read is returned.
pub(crate) fn parse<'t>(source: &'t str, context: Context<'_>) -> Spanned<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    for problem in syntax::problems(source, &errors, |range| context.place(range)) {
        context.problems.push(problem);
    }
    table
}

/// Drops the problems of a file after its first syntax error: how the parser recovered is a guess.
pub(crate) fn forget_after_syntax_error(source: &str, file: FileId, problems: &Problems) {
    let mut first = None;
    problems.retain(|problem| {
        if problem.code == Code::Syntax && problem.place.file == file {
            let start = problem.place.range.start;
            first = Some(first.map_or(start, |first: usize| first.min(start)));
        }
        true
    });
    let Some(first) = first else { return };
    let line = source.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    problems.retain(|problem| {
        let place = &problem.place;
        problem.code == Code::Syntax
            || place.file != file
            || (place.range.start < line && !place.range.is_empty())
    });
}

/// A value with the key it belongs to, for messages.
#[derive(Debug, Copy, Clone)]
pub struct Value<'t> {
    /// The key, such as `title`, or the key of the list it is in.
    pub key: &'t str,
    /// The value itself.
    pub value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Value<'t> {
    /// Where the value is.
    pub fn range(self) -> Range<usize> {
        self.value.span()
    }

    /// Where the value is.
    pub fn place(self, context: Context<'_>) -> Place {
        context.place(self.range())
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type<T>(self, context: Context<'_>, takes: Message) -> Option<T> {
        // If there is a syntax error, the parser inserts a value without a place.
        if self.range().is_empty() {
            return None;
        }
        let key = self.key;
        let found = type_name(self.value.get_ref());
        context.report(
            Code::WrongType,
            self.range(),
            say!("`{key}` takes {takes}, but this is {found}", key, takes, found),
        );
        None
    }

    /// Reports a value that the key does not accept.
    pub fn invalid<T>(self, context: Context<'_>, message: Message) -> Option<T> {
        context.report(Code::InvalidValue, self.range(), message);
        None
    }

    /// A string.
    pub fn text(self, context: Context<'_>) -> Option<Text> {
        match self.value.get_ref() {
            DeValue::String(string) => Some(self.as_text(context, string)),
            _ => self.wrong_type(context, say!("a string")),
        }
    }

    /// A string whose characters are checked by another reader.
    pub fn unchecked_text(self, context: Context<'_>) -> Option<Text> {
        match self.value.get_ref() {
            DeValue::String(string) => Some(self.to_text(context, string)),
            _ => self.text(context),
        }
    }

    fn to_text(self, context: Context<'_>, string: &DeString<'t>) -> Text {
        Text { value: string.as_ref().into(), place: self.place(context), written: Written::Toml }
    }

    fn as_text(self, context: Context<'_>, string: &DeString<'t>) -> Text {
        characters::checked(self.to_text(context, string), context.problems)
    }

    /// A string, if it is one. Reports nothing.
    pub fn if_text(self, context: Context<'_>) -> Option<Text> {
        match self.value.get_ref() {
            DeValue::String(string) => Some(self.as_text(context, string)),
            _ => None,
        }
    }

    /// True or false.
    pub fn boolean(self, context: Context<'_>) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            DeValue::String(string) => {
                let key = self.key;
                let yes = ["true", "yes", "sí", "si"].contains(&string.to_lowercase().trim());
                let no = ["false", "no"].contains(&string.to_lowercase().trim());
                let message = say!("`{key}` takes `true` or `false`, without quotes", key);
                let problem = Diagnostic::new(Code::WrongType, self.place(context), message);
                let hint = (yes || no).then(|| say!("write {key} = {yes}", key, yes));
                context.problems.push(problem.hint_if(hint));
                None
            }
            _ => self.wrong_type(context, say!("`true` or `false`")),
        }
    }

    /// A whole number within bounds.
    pub fn integer(self, context: Context<'_>, bounds: Range<i64>) -> Option<i64> {
        let DeValue::Integer(integer) = self.value.get_ref() else {
            return self.wrong_type(context, say!("a whole number"));
        };
        let (first, last) = (bounds.start, bounds.end - 1);
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if bounds.contains(&number) => Some(number),
            _ => {
                let key = self.key;
                self.invalid(
                    context,
                    say!("`{key}` takes a number from {first} to {last}", key, first, last),
                )
            }
        }
    }

    /// A day, written as a TOML date.
    pub fn date(self, context: Context<'_>) -> Option<Date<Iso>> {
        let DeValue::Datetime(datetime) = self.value.get_ref() else {
            let key = self.key;
            if let DeValue::String(string) = self.value.get_ref() {
                let written = string.as_ref();
                let quoted = self.range();
                context.problems.push(
                    Diagnostic::new(
                        Code::WrongType,
                        context.place(quoted),
                        say!("`{key}` takes a date, but this is a string", key),
                    )
                    .hint(
                        if written.parse::<toml::value::Datetime>().is_ok() {
                            say!("remove the quotes: {key} = {written}", key, written)
                        } else {
                            say!(
                                "write it as year-month-day without quotes: {key} = 2021-08-24",
                                key
                            )
                        },
                    ),
                );
                return None;
            }
            return self.wrong_type(context, say!("a date such as 2021-08-24"));
        };
        let key = self.key;
        match (datetime.date, datetime.time) {
            (Some(date), None) => {
                let iso = Date::try_new_iso(i32::from(date.year), date.month, date.day);
                match iso {
                    Ok(iso) if date.year > 0 => Some(iso),
                    _ => self.invalid(context, say!("`{date}` is not a date", date)),
                }
            }
            // The parser's placeholder for a date that could not be parsed and has been reported.
            (None, None) => None,
            _ => self.invalid(context, say!("`{key}` takes a date without a time", key)),
        }
    }

    /// One of the names that `parse` accepts. `names` lists them for the message.
    pub fn choice<T>(
        self,
        context: Context<'_>,
        names: &[&str],
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(context)?;
        if let Some(value) = parse(&text.value) {
            return Some(value);
        }
        let (key, found) = (self.key, &text.value);
        let list = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        context.problems.push(
            Diagnostic::new(
                Code::InvalidValue,
                text.place,
                say!("`{key}` does not take `{found}`", key, found),
            )
            .hint(match suggest::nearest(found, names.iter().copied()) {
                Some(near) => suggest::did_you_mean(near),
                None => say!("it takes one of {list}", list),
            }),
        );
        None
    }

    /// The value with this name.
    pub fn one_of<T: Copy>(self, context: Context<'_>, values: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let named = |found: &str| values.iter().find(|(name, _)| *name == found);
        self.choice(context, &names, |found| named(found).map(|(_, value)| *value))
    }

    /// The items of a list.
    pub fn items(self, context: Context<'_>) -> Option<impl Iterator<Item = Value<'t>>> {
        match self.value.get_ref() {
            DeValue::Array(array) => {
                let array: &'t DeArray<'t> = array;
                let key = self.key;
                Some(array.iter().map(move |value| Value { key, value }))
            }
            _ => self.wrong_type(context, say!("a list")),
        }
    }

    /// The entries of a table, to be taken by name.
    pub fn table(self, context: Context<'_>) -> Option<Table<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Table::new(self.key, table, self.range())),
            _ => self.wrong_type(context, say!("a table")),
        }
    }

    /// The table, if it is one. Reports nothing.
    pub fn if_table(self) -> Option<&'t DeTable<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => None,
        }
    }
}

/// A table whose entries are taken by name. Any that are left at the end are unknown.
#[derive(Debug)]
pub struct Table<'t> {
    /// The table's key, for messages, or an empty string for the document.
    name: &'t str,
    table: &'t DeTable<'t>,
    range: Range<usize>,
    known: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// The entries of `table`, which is at `range`.
    pub fn new(name: &'t str, table: &'t DeTable<'t>, range: Range<usize>) -> Self {
        Self { name, table, range, known: Vec::new() }
    }

    /// Where the table is.
    pub fn place(&self, context: Context<'_>) -> Place {
        context.place(self.range.clone())
    }

    /// An entry that may be absent.
    pub fn take(&mut self, key: &'static str) -> Option<Value<'t>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Value { key, value })
    }

    /// An entry that may be absent, with the place of its key.
    pub fn take_with_key(&mut self, key: &'static str) -> Option<(Range<usize>, Value<'t>)> {
        let value = self.take(key)?;
        let (name, _) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((name.span(), value))
    }

    /// An entry that is required.
    pub fn require(&mut self, context: Context<'_>, key: &'static str) -> Option<Value<'t>> {
        let value = self.take(key);
        if value.is_none() {
            let message = if self.name.is_empty() {
                say!("the letter has no `{key}`", key)
            } else {
                let name = self.name;
                say!("this entry of `{name}` has no `{key}`", name, key)
            };
            context.report(Code::MissingKey, self.range.clone(), message);
        }
        value
    }

    /// Reports the entries that were not taken.
    pub fn finish(self, context: Context<'_>) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if self.known.contains(&name) {
                continue;
            }
            let known = self.known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            let hint = match suggest::nearest(name, self.known.iter().copied()) {
                _ if !self.name.is_empty() && context.top_level.contains(&name) => {
                    above_the_tables(name)
                }
                Some(near) => suggest::did_you_mean(near),
                None => say!("the keys here are {known}", known),
            };
            context.problems.push(
                Diagnostic::new(
                    Code::UnknownKey,
                    context.place(key.span()),
                    say!("unknown key `{name}`", name),
                )
                .hint(hint),
            );
        }
    }
}

/// The hint for a key of the letter that is below a `[table]` and therefore became part of it.
pub(crate) fn above_the_tables(key: &str) -> Message {
    say!("`{key}` belongs above the first line in [brackets]", key)
}

fn type_name(value: &DeValue<'_>) -> Message {
    match value {
        DeValue::String(_) => say!("a string"),
        DeValue::Integer(_) => say!("a whole number"),
        DeValue::Float(_) => say!("a number"),
        DeValue::Boolean(_) => say!("`true` or `false`"),
        DeValue::Datetime(_) => say!("a date"),
        DeValue::Array(_) => say!("a list"),
        DeValue::Table(_) => say!("a table"),
    }
}
