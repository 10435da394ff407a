//! A text of the program, before it is known in which language it will be read.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::{self, Display, Formatter};

use ecow::{EcoString, EcoVec};
use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::words::language::UiLanguage;
use crate::words::pattern::{self, Piece};
use crate::words::translation::Translation;

/// A text of the program, made with `say!` or `count!`: an English pattern with the values in it.
///
/// Two are equal if they have the same pattern and the same values.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Message {
    text: Text,
    values: EcoVec<(&'static str, Value)>,
}

#[derive(Debug, Clone, Eq, PartialEq, Hash)]
enum Text {
    /// A pattern.
    Pattern(&'static str),
    /// A pattern that is chosen by the number in its value `count`.
    Counted(Counted),
    /// A text that is the same in all languages, such as a name.
    Verbatim(EcoString),
    /// An English message of another program, and the text that replaces it in other languages.
    Foreign(EcoString, Box<Message>),
}

/// The English patterns of a count.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub(crate) struct Counted {
    /// For zero, if it has a text of its own.
    pub none: Option<&'static str>,
    /// For one.
    pub one: &'static str,
    /// For any other number. Translations are keyed by this pattern.
    pub other: &'static str,
}

/// A value in a pattern.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub(crate) enum Value {
    /// A text that is the same in all languages.
    Text(EcoString),
    /// A text of the program, which is translated.
    Message(Message),
    /// A number, which is written as the language writes numbers.
    Number(usize),
}

/// A number of things in a pattern: "1,239".
#[derive(Debug, Copy, Clone)]
pub(crate) struct Number(pub usize);

/// A type that can be a value in a pattern: a [`Message`], or anything that can be displayed.
pub(crate) trait IntoValue {
    /// The value.
    fn value(&self) -> Value;
}

impl<T: Display + ?Sized> IntoValue for T {
    fn value(&self) -> Value {
        Value::Text(ecow::eco_format!("{self}"))
    }
}

impl IntoValue for Message {
    fn value(&self) -> Value {
        Value::Message(self.clone())
    }
}

impl IntoValue for &Message {
    fn value(&self) -> Value {
        Value::Message((*self).clone())
    }
}

impl IntoValue for Number {
    fn value(&self) -> Value {
        Value::Number(self.0)
    }
}

impl Message {
    /// The text of a pattern with these named values.
    pub(crate) fn new(
        pattern: &'static str,
        values: impl Into<EcoVec<(&'static str, Value)>>,
    ) -> Self {
        Self { text: Text::Pattern(pattern), values: values.into() }
    }

    /// The text of the pattern that a number chooses. In it, `{count}` is the number.
    pub(crate) fn counted(number: usize, forms: Counted) -> Self {
        Self { text: Text::Counted(forms), values: [("count", Value::Number(number))].into() }
    }

    /// A text that is the same in all languages, such as a name or a list of names.
    pub(crate) fn verbatim(text: impl Into<EcoString>) -> Self {
        Self { text: Text::Verbatim(text.into()), values: EcoVec::new() }
    }

    /// An English message of another program, and the text that replaces it in other languages.
    pub(crate) fn foreign(english: impl Into<EcoString>, otherwise: Message) -> Self {
        Self { text: Text::Foreign(english.into(), otherwise.into()), values: EcoVec::new() }
    }

    /// Some texts separated by commas. `None` if there are none.
    pub(crate) fn list(texts: impl IntoIterator<Item = Message>) -> Option<Self> {
        texts.into_iter().reduce(|list, next| say!("{list}, {next}", list, next))
    }

    /// The text in a language, or in English if the language does not have it.
    pub fn get(&self, language: UiLanguage) -> String {
        let mut text = String::new();
        self.write(language, &mut text);
        text
    }

    /// The text in English.
    pub fn english(&self) -> String {
        self.get(UiLanguage::ENGLISH)
    }

    /// The text in Spanish.
    #[cfg(test)]
    pub fn spanish(&self) -> String {
        self.get(UiLanguage::spanish())
    }

    /// The text of the program inside an error, if there is one: see `Box<dyn Error>::from`.
    pub(crate) fn of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        error.downcast_ref::<AsError>().map(|error| &error.0)
    }

    fn write(&self, language: UiLanguage, text: &mut String) {
        let pattern = match &self.text {
            Text::Pattern(english) => language.text(english),
            Text::Counted(forms) => self.form(*forms, language),
            Text::Verbatim(verbatim) => return text.push_str(verbatim),
            Text::Foreign(english, _) if language == UiLanguage::ENGLISH => {
                return text.push_str(english);
            }
            Text::Foreign(_, otherwise) => return otherwise.write(language, text),
        };
        for piece in pattern::pieces(pattern) {
            match piece {
                Piece::Text(piece) => text.push_str(&piece),
                Piece::Value(name) => match self.named(name) {
                    Some(Value::Text(value)) => text.push_str(value),
                    Some(Value::Message(message)) => message.write(language, text),
                    Some(Value::Number(number)) => text.push_str(&language.number(*number)),
                    // A test ensures that no translation names an unknown value.
                    None => text.extend(["{", name, "}"]),
                },
            }
        }
    }

    fn named(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The form of a pattern for the number.
    fn form(&self, forms: Counted, language: UiLanguage) -> &'static str {
        let number = match self.named("count") {
            Some(Value::Number(number)) => *number,
            _ => 0,
        };
        match language.translation(forms.other) {
            Some(Translation::Counted(forms)) => choose(forms, number, language.tag()),
            Some(Translation::Text(form)) => form,
            None => match (number, forms.none) {
                (0, Some(none)) => none,
                (1, _) => forms.one,
                _ => forms.other,
            },
        }
    }
}

/// The form of a translation for a number, in the language of a tag.
fn choose<'f>(forms: &'f BTreeMap<String, String>, number: usize, tag: &str) -> &'f str {
    let none = forms.get("none").filter(|_| number == 0);
    let form = none.or_else(|| forms.get(category(number, tag)));
    form.or_else(|| forms.get("other")).map_or("", |form| form)
}

/// The CLDR plural category of a number in a language.
fn category(number: usize, tag: &str) -> &'static str {
    let rules = Locale::try_from_str(tag)
        .ok()
        .and_then(|locale| PluralRules::try_new_cardinal((&locale).into()).ok());
    match rules.map(|rules| rules.category_for(number)) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
}

/// A text of the program for a library that requires an error, which it shows in English.
#[derive(Debug)]
struct AsError(Message);

impl Display for AsError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.english())
    }
}

impl Error for AsError {}

impl From<Message> for Box<dyn Error + Send + Sync> {
    fn from(message: Message) -> Self {
        Box::new(AsError(message))
    }
}

/// Makes a [`Message`] from an English pattern and its values: `say!("unknown key `{name}`", name)`.
/// A value that is not a variable is given a name: `say!("there is no `{key}`", key = self.key)`.
macro_rules! say {
    ($pattern:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        // Each name in the pattern has a value, and each value is used in it.
        const _: fn() = || {
            let _ = format_args!($pattern $(, $name = "")*);
        };
        $crate::words::message::Message::new(
            $pattern,
            [$((stringify!($name), $crate::words::message::value!($name $(= $value)?))),*],
        )
    }};
}

/// Makes a [`Message`] with a count: `count!(errors, one = "1 error", other = "{count} errors")`.
macro_rules! count {
    (
        $number:expr,
        $(none = $none:literal,)?
        one = $one:literal,
        other = $other:literal $(,)?
    ) => {{
        const _: fn() = || {
            let _ = format_args!($other, count = "");
        };
        let none: &[&'static str] = &[$($none)?];
        let none = none.first().copied();
        let forms = $crate::words::message::Counted { none, one: $one, other: $other };
        $crate::words::message::Message::counted($number, forms)
    }};
}

macro_rules! value {
    ($name:ident) => {
        $crate::words::message::IntoValue::value(&$name)
    };
    ($name:ident = $value:expr) => {
        $crate::words::message::IntoValue::value(&$value)
    };
}

pub(crate) use {count, say, value};

/// "no errors", "1 error", "2 errors"
pub(crate) fn errors(number: usize) -> Message {
    count!(number, none = "no errors", one = "1 error", other = "{count} errors")
}

/// "no warnings", "1 warning", "2 warnings"
pub(crate) fn warnings(number: usize) -> Message {
    count!(number, none = "no warnings", one = "1 warning", other = "{count} warnings")
}

/// "1 error, no warnings"
pub(crate) fn errors_and_warnings(errors: usize, warnings: usize) -> Message {
    say!("{errors}, {warnings}", errors = self::errors(errors), warnings = self::warnings(warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_texts_of_the_program_or_of_others() {
        let reason = say!("permission is denied");
        let message = say!("`{name}` cannot be read: {reason}", name = "a{b}", reason);
        assert_eq!(message.english(), "`a{b}` cannot be read: permission is denied");
        assert_eq!(message.spanish(), "no se puede leer `a{b}`: no hay permiso");
        assert_eq!(
            say!("write {{ file = \"{name}\" }}", name = 1).english(),
            "write { file = \"1\" }"
        );
        let list = [1, 0].map(errors);
        assert_eq!(
            Message::list(list).map(|list| list.spanish()),
            Some("1 error, sin errores".into())
        );
    }

    #[test]
    fn what_others_say_is_told_in_english_and_said_to_be() {
        let message = Message::foreign("it broke", say!("{text} (in English)", text = "it broke"));
        assert_eq!(message.english(), "it broke");
        assert_eq!(message.spanish(), "it broke (en inglés)");
        assert_eq!(Message::verbatim("{x}").spanish(), "{x}");
    }

    #[test]
    fn an_error_is_a_message_again() {
        let error: Box<dyn Error + Send + Sync> = errors(2).into();
        assert_eq!(error.to_string(), "2 errors");
        assert_eq!(Message::of(&*error), Some(&errors(2)));
        let other: Box<dyn Error + Send + Sync> = "another".into();
        assert_eq!(Message::of(&*other), None);
    }

    #[test]
    fn a_number_chooses_the_form() {
        let said = |number| (errors(number).english(), errors(number).spanish());
        assert_eq!(said(0), ("no errors".into(), "sin errores".into()));
        assert_eq!(said(1), ("1 error".into(), "1 error".into()));
        assert_eq!(said(1_000_000), ("1,000,000 errors".into(), "1,000,000 errores".into()));
        // Other languages have other rules: Polish has three forms (CLDR).
        let forms = [("one", "błąd"), ("few", "błędy"), ("many", "błędów"), ("other", "błędu")];
        let forms: BTreeMap<String, String> =
            forms.map(|(name, form)| (name.to_owned(), form.to_owned())).into();
        let polish = [1, 2, 5, 22, 25].map(|number| choose(&forms, number, "pl"));
        assert_eq!(polish, ["błąd", "błędy", "błędów", "błędy", "błędów"]);
    }
}
