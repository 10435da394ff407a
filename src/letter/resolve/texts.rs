//! The texts of one language: looked up in the letter, with their placeholders filled in.

use std::collections::BTreeMap;

use ecow::EcoString;

use unicode_script::{Script, UnicodeScript};

use crate::language::{Tag, words};
use crate::letter::Printed;
use crate::letter::resolve::{LanguageResolver, Resolver};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::Localized;
use crate::spec::own_words::{has_known_parts, parts};
use crate::words::{Message, say};

/// The maximum length of a title, in characters. It must fit a title bar, a bookmark and the top of a
/// page.
pub(crate) const MAX_TITLE: usize = 500;

/// Whether a text has letters that are written from left to right, and no others.
fn is_left_to_right(text: &str) -> bool {
    let is_other = |c: char| {
        matches!(
            c.script(),
            Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana | Script::Nko
        )
    };
    text.chars().any(char::is_alphabetic) && !text.chars().any(is_other)
}

impl LanguageResolver<'_> {
    /// The text of a value, even if it is empty.
    pub(super) fn find(&self, value: &Localized<Text>, key: &str) -> Option<Printed> {
        let Some(source) = value.get(self.tag) else {
            let start = Place::start_of(self.all.written.spec.file);
            self.all.missing_translation(key, self.tag, value, &start);
            return None;
        };
        let (pieces, unknown) = self.placeholders.fill(&source.value, 0);
        for unknown in unknown {
            let place = source.locate(&self.all.written.source, unknown.range.clone());
            self.problem(self.placeholders.problem(&unknown, place));
        }
        let text = tidy(&pieces.into_iter().map(|piece| piece.text).collect::<String>());
        let lang = value.own_language().cloned();
        let left_to_right =
            self.tag.direction().is_some() && lang.is_none() && is_left_to_right(&text);
        Some(Printed { text, source: source.clone(), lang, left_to_right })
    }

    /// A text that may be absent, or empty in this language.
    pub(super) fn optional(&self, value: Option<&Localized<Text>>, key: &str) -> Option<Printed> {
        self.find(value?, key).filter(|printed| !printed.text.is_empty())
    }

    /// A text that must be present, short enough to print.
    pub(super) fn required(
        &self,
        value: &Localized<Text>,
        key: &str,
        most: usize,
    ) -> Option<Printed> {
        let printed = self.find(value, key)?;
        let place = printed.source.place.clone();
        let length = printed.text.chars().count();
        let problem = if length == 0 {
            say!("`{key}` is empty", key)
        } else if length > most {
            say!("`{key}` has {length} characters; the maximum is {most}", key, length, most)
        } else {
            return Some(printed);
        };
        self.problem(Diagnostic::new(Code::InvalidValue, place, problem));
        None
    }

    pub(super) fn all(&self, values: &[Localized<Text>], key: &str) -> Vec<Printed> {
        values.iter().filter_map(|value| self.optional(Some(value), key)).collect()
    }

    /// All labels, with the letter's own instead of the language's, and the letter's own separately. An
    /// empty label prints nothing.
    pub(super) fn labels(&self) -> (BTreeMap<String, String>, Vec<(String, Printed)>) {
        let (mut labels, mut all_own) = (self.words.labels.clone(), Vec::new());
        for label in &self.all.written.spec.labels {
            let Some(own) = self.find(&label.text, &format!("labels.{}", label.name)) else {
                continue;
            };
            let known = words::usual_label(&label.name).map(parts).unwrap_or_default();
            if !has_known_parts(&own.text, &own.source.place, &known, self.all.problems) {
                continue;
            }
            labels.insert(label.name.clone(), own.text.to_string());
            all_own.push((label.name.clone(), own));
        }
        (labels, all_own)
    }
}

impl Resolver<'_> {
    pub(super) fn missing_translation<T>(
        &self,
        key: &str,
        tag: &Tag,
        value: &Localized<T>,
        fallback: &Place,
    ) {
        let place = match value {
            Localized::Each(_, place) if !place.range.is_empty() => place.clone(),
            Localized::Unknown => return,
            _ => fallback.clone(),
        };
        let written = match value {
            Localized::Each(variants, _) => variants.as_slice(),
            Localized::Same(_) | Localized::In(..) | Localized::Unknown => &[],
        };
        // A text for Mexico is not used for Spanish in general; the author may have expected it to be.
        let related = written.iter().find(|v| v.tag.language() == tag.language());
        let mut diagnostic = Diagnostic::new(
            Code::MissingTranslation,
            place,
            say!("`{key}` has no text in `{tag}`", key, tag),
        )
        .in_language(tag);
        if let Some(first) = written.first() {
            let there = &first.tag;
            diagnostic =
                diagnostic.relate(first.key.clone(), say!("it has one in `{there}`", there));
        }
        let language = tag.language();
        diagnostic = diagnostic.hint(match related {
            Some(variant) => {
                let narrow = &variant.tag;
                say!(
                    "`{narrow}` does not apply to `{tag}`: call it `{language}` if it suits both",
                    narrow,
                    tag,
                    language
                )
            }
            None => self.how_to_add(key, language, value),
        });
        self.problems.push(diagnostic);
    }

    /// How to add a text in a language: as the others are written, for the path of a key cannot be written
    /// inside a list of tables.
    fn how_to_add<T>(&self, key: &str, language: &str, value: &Localized<T>) -> Message {
        let key = ["to.", "cc.", "signatories.", "enclosures."]
            .iter()
            .find_map(|list| key.strip_prefix(list))
            .unwrap_or(key);
        let full = say!(
            "add `{key}.{language}`, or leave it empty with \"\" where the key is optional",
            key,
            language
        );
        let Localized::Each(variants, place) = value else { return full };
        let spec = &self.written.spec;
        let source = self.written.source.as_str();
        let in_braces = source.get(place.range.clone()).is_some_and(|text| text.starts_with('{'));
        if place.file == spec.file && in_braces {
            return say!(
                "add `{language} = \"…\"` inside the braces, empty where the key is optional",
                language
            );
        }
        let written = variants.first().map(|variant| &variant.key);
        let before = written.filter(|written| written.file == spec.file);
        let before = before.and_then(|written| source.get(..written.range.start));
        let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '"' | '\'');
        let path = before.map(|text| &text[text.trim_end_matches(is_of_key).len()..]);
        let path = path.filter(|path| !path.contains(['"', '\'']));
        if path == Some("") {
            return say!(
                "add `{language} = \"…\"` below the others, empty where the key is optional",
                language
            );
        }
        match path.and_then(|path| path.strip_suffix('.')) {
            Some(key) => say!(
                "add `{key}.{language}`, or leave it empty with \"\" where the key is optional",
                key,
                language
            ),
            None => full,
        }
    }
}

/// A text without white space at its ends, and with tabs and carriage returns replaced by spaces: a name
/// pasted from a spreadsheet may contain tabs. Line breaks stay.
fn tidy(text: &str) -> EcoString {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}');
    let text = text.replace("\r\n", "\n").replace(['\t', '\r'], " ");
    text.trim_matches(blank).into()
}
