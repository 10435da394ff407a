//! Texts of a letter by their keys: finds and adds them in `letter.toml`, whose comments and formatting
//! stay.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use toml_edit::{Array, Document, DocumentMut, InlineTable, Item, Key, Table, Value};

/// A step to a value in `letter.toml`.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Step {
    /// Into the value of a key.
    Key(&'static str),
    /// Into an entry of a list, by its index.
    Index(usize),
}

/// Where a text stands in `letter.toml`, such as `to.1.office`.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Path(pub Vec<Step>);

impl Path {
    /// The path of one of the letter's own keys.
    pub(crate) fn key(key: &'static str) -> Self {
        Self(vec![Step::Key(key)])
    }

    /// The path of a key in an entry of a list.
    pub(crate) fn entry(list: &'static str, index: usize, key: &'static str) -> Self {
        Self(vec![Step::Key(list), Step::Index(index), Step::Key(key)])
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            match step {
                Step::Key(key) => write!(f, "{dot}{key}")?,
                Step::Index(index) => write!(f, "{dot}{}", index + 1)?,
            }
        }
        Ok(())
    }
}

/// A text to add to a letter.
pub(crate) struct Addition<'a> {
    /// The key of the language in which a text is that does not say it.
    pub original: &'a str,
    /// The key of the language to add.
    pub language: &'a str,
    /// The text, or another value. Without one, the text that is there only gets the key of the original.
    pub value: Option<Value>,
    /// What a comment behind it says, where there can be one.
    pub comment: Option<&'a str>,
}

/// Adds the text of a language at a path. A text without a language becomes one of the original. Returns
/// whether it was added: what is there already is not replaced, and a text that says its language is in it
/// everywhere.
pub(crate) fn add(document: &mut DocumentMut, path: &Path, addition: &Addition<'_>) -> bool {
    in_table(document.as_table_mut(), &path.0, addition)
}

/// Gives a text that does not say its language that of the original, so that another can have its own.
/// Returns whether there is one.
pub(crate) fn divide(document: &mut DocumentMut, path: &Path, original: &str) -> bool {
    let nothing = Addition { original, language: original, value: None, comment: None };
    in_table(document.as_table_mut(), &path.0, &nothing)
}

/// Adds a language to those of the letter.
pub(crate) fn add_language(document: &mut DocumentMut, tag: &str) -> bool {
    let Some(value) = document.get_mut("languages").and_then(Item::as_value_mut) else {
        return false;
    };
    if let Value::String(one) = value {
        let mut list = Array::new();
        list.push(one.value().as_str());
        list.push(tag);
        let decor = value.decor().clone();
        *value = Value::Array(list);
        *value.decor_mut() = decor;
        return true;
    }
    let Some(list) = value.as_array_mut() else { return false };
    let prefix = list.len().checked_sub(1).and_then(|last| list.get(last)).and_then(|last| {
        let prefix = last.decor().prefix()?.as_str()?;
        prefix.contains('\n').then(|| prefix.to_owned())
    });
    let prefix = prefix.unwrap_or_else(|| if list.is_empty() { "" } else { " " }.to_owned());
    // A comment behind the last entry would be before the comma.
    let last = list.len().checked_sub(1);
    let suffix = last.and_then(|last| {
        let decor = list.get_mut(last)?.decor_mut();
        let suffix = decor.suffix()?.as_str()?.to_owned();
        decor.set_suffix("");
        Some(suffix)
    });
    list.push_formatted(Value::from(tag).decorated(prefix, suffix.unwrap_or_default()));
    true
}

fn in_item(item: &mut Item, path: &[Step], addition: &Addition<'_>) -> bool {
    match (item, path) {
        (Item::Value(value), path) => in_value(value, path, addition),
        (Item::Table(table), path) => in_table(table, path, addition),
        (Item::ArrayOfTables(all), [Step::Index(index), rest @ ..]) => {
            all.get_mut(*index).is_some_and(|table| in_table(table, rest, addition))
        }
        _ => false,
    }
}

fn in_table(table: &mut Table, path: &[Step], addition: &Addition<'_>) -> bool {
    let (key, rest) = match path {
        [] => {
            if table.contains_key("lang") {
                return false;
            }
            let is_divided = table.contains_key("file");
            if is_divided {
                // The keys of a body for all languages become those of its language.
                let mut own = table.clone();
                own.set_dotted(true);
                table.clear();
                table.insert(addition.original, Item::Table(own));
            }
            let Some(mut value) = addition.value.clone() else { return is_divided };
            if table.contains_key(addition.language) {
                return false;
            }
            if let Some(comment) = addition.comment {
                value.decor_mut().set_suffix(format!(" # {comment}"));
            }
            table.insert(addition.language, Item::Value(value));
            return true;
        }
        // A list of one may be written without brackets.
        [Step::Index(0), rest @ ..] => return in_table(table, rest, addition),
        [Step::Index(_), ..] => return false,
        [Step::Key(key), rest @ ..] => (*key, rest),
    };
    let leaf = table.key(key).map(|key| key.leaf_decor().clone()).unwrap_or_default();
    let Some(item) = table.get_mut(key) else { return false };
    let has_no_language = |value: &Value| rest.is_empty() && is_plain(value);
    let Some(plain) = item.as_value().filter(|value| has_no_language(value)).cloned() else {
        return in_item(item, rest, addition);
    };
    let mut texts = Table::new();
    texts.set_dotted(true);
    let original = Key::new(addition.original).with_leaf_decor(leaf);
    texts.insert_formatted(&original, Item::Value(plain));
    let _only_divided = in_table(&mut texts, &[], addition);
    *item = Item::Table(texts);
    true
}

fn in_value(value: &mut Value, path: &[Step], addition: &Addition<'_>) -> bool {
    match (path, value) {
        ([], value) if is_plain(value) => {
            let decor = value.decor().clone();
            let mut texts = InlineTable::new();
            texts.insert(addition.original, value.clone().decorated(" ", ""));
            if let Some(value) = &addition.value {
                texts.insert(addition.language, value.clone());
            }
            InlineTable::fmt(&mut texts);
            *value = Value::InlineTable(texts);
            *value.decor_mut() = decor;
            true
        }
        ([], Value::InlineTable(texts)) => {
            let Some(value) = &addition.value else { return false };
            if texts.contains_key("lang") || texts.contains_key(addition.language) {
                return false;
            }
            // What is before the brace is behind the last value.
            let last = texts.iter_mut().last().map(|(_, last)| last.decor_mut());
            let end = last.and_then(|decor| {
                let end = decor.suffix()?.as_str()?.to_owned();
                decor.set_suffix("");
                Some(end)
            });
            let value = value.clone().decorated(" ", end.as_deref().unwrap_or(" "));
            texts.insert(addition.language, value);
            true
        }
        ([Step::Key(key), rest @ ..], Value::InlineTable(table)) if table.contains_key(key) => {
            table.get_mut(key).is_some_and(|value| in_value(value, rest, addition))
        }
        // An enclosure may be its title alone.
        ([Step::Key("title")], value @ (Value::String(_) | Value::InlineTable(_))) => {
            in_value(value, &[], addition)
        }
        ([Step::Index(index), rest @ ..], Value::Array(list)) => {
            list.get_mut(*index).is_some_and(|value| in_value(value, rest, addition))
        }
        ([Step::Index(0), rest @ ..], value) => in_value(value, rest, addition),
        _ => false,
    }
}

/// Whether a value is for all languages, and does not say which it is in.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        // A body in a file.
        Value::InlineTable(table) => table.contains_key("file") && !table.contains_key("lang"),
        _ => false,
    }
}

/// Where the value of a language stands at a path, in bytes, or that of all languages.
pub(crate) fn find(text: &str, path: &Path, language: &str) -> Option<Range<usize>> {
    let document = Document::parse(text).ok()?;
    let mut item: &Item = document.as_item();
    let mut value: Option<&Value> = None;
    for step in &path.0 {
        let (next, within): (Option<&Item>, Option<&Value>) = match (step, value) {
            (Step::Key(key), None) => (item.get(key), None),
            (Step::Key(key), Some(value)) => {
                (None, Some(value.as_inline_table().and_then(|t| t.get(key)).unwrap_or(value)))
            }
            (Step::Index(index), None) if item.is_array_of_tables() => (item.get(index), None),
            (Step::Index(index), None) => {
                (Some(item), item.as_array().and_then(|list| list.get(*index)))
            }
            (Step::Index(index), Some(value)) => {
                (None, Some(value.as_array().and_then(|list| list.get(*index)).unwrap_or(value)))
            }
        };
        item = next.or_else(|| within.map(|_| item))?;
        value = within.or_else(|| item.as_value());
    }
    let own = match value {
        Some(value) => {
            value.as_inline_table().and_then(|texts| texts.get(language)).or(Some(value))
        }
        None => item.get(language).and_then(Item::as_value),
    };
    own.and_then(Value::span)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "# A letter.\nlanguages = [\"en\"] # the first\ntitle = \"Water\" # short\n\n\
        # how it begins\nsalutation.en = \"Dear all:\"\nclosing = { en = \"Yours,\" }\n\
        body = \"\"\"\nText.\n\"\"\"\nenclosures = [\"Map\", { title = \"Plan\", file = \"p.pdf\" }, { en = \"List\" }]\n\
        postscript = { text = \"P. D.\", lang = \"es\" }\n\
        signatories = [\n  \"Red\",\n  { name = \"Ana\", title = \"Director\" }, # two\n]\n\n\
        [[to]]\nname = \"Jane\"\noffice = \"Mayor\" # of Leeds\n\n[signature-block]\nheading = \"We\"\n";

    #[test]
    fn the_keys_of_a_body_become_those_of_its_language() {
        let addition =
            Addition { original: "en", language: "es", value: Some("X".into()), comment: None };
        for (letter, expected) in [
            ("body.file = \"b.md\"\n", "body.en.file = \"b.md\"\nbody.es = \"X\"\n"),
            ("[body]\nfile = \"b.md\"\n", "[body]\nen.file = \"b.md\"\nes = \"X\"\n"),
        ] {
            let mut document: DocumentMut = letter.parse().expect("TOML");
            assert!(add(&mut document, &Path::key("body"), &addition));
            assert_eq!(document.to_string(), expected);
        }
        let letter = "body.file = \"b.md\"\nbody.lang = \"en\"\n";
        let mut document: DocumentMut = letter.parse().expect("TOML");
        assert!(!add(&mut document, &Path::key("body"), &addition));
        assert_eq!(document.to_string(), letter);
    }

    #[test]
    fn a_language_is_added_and_the_rest_stays() {
        let mut document: DocumentMut = LETTER.parse().expect("TOML");
        assert!(add_language(&mut document, "es"));
        let paths = [
            Path::key("title"),
            Path::key("salutation"),
            Path::key("closing"),
            Path::key("body"),
            Path::entry("enclosures", 0, "title"),
            Path::entry("enclosures", 1, "title"),
            Path::entry("enclosures", 2, "title"),
            Path::entry("signatories", 1, "title"),
            Path::entry("to", 0, "office"),
            Path(vec![Step::Key("signature-block"), Step::Key("heading")]),
        ];
        let addition =
            |comment| Addition { original: "en", language: "es", value: Some("X".into()), comment };
        for path in &paths {
            assert!(add(&mut document, path, &addition(Some("why"))), "{path}");
            assert!(!add(&mut document, path, &addition(None)), "{path} twice");
        }
        assert!(!add(&mut document, &Path::key("postscript"), &addition(None)));
        assert!(!add(&mut document, &Path::entry("cc", 0, "office"), &addition(None)));
        assert!(!add(&mut document, &Path::entry("signatories", 7, "title"), &addition(None)));
        let text = document.to_string();
        let expected = "# A letter.\nlanguages = [\"en\", \"es\"] # the first\n\
            title.en = \"Water\" # short\ntitle.es = \"X\" # why\n\n\
            # how it begins\nsalutation.en = \"Dear all:\"\nsalutation.es = \"X\" # why\n\
            closing = { en = \"Yours,\", es = \"X\" }\n\
            body.en = \"\"\"\nText.\n\"\"\"\nbody.es = \"X\" # why\n\
            enclosures = [{ en = \"Map\", es = \"X\" }, { title = { en = \"Plan\", es = \"X\" }, file = \"p.pdf\" }, { en = \"List\", es = \"X\" }]\n\
            postscript = { text = \"P. D.\", lang = \"es\" }\n\
            signatories = [\n  \"Red\",\n  { name = \"Ana\", title = { en = \"Director\", es = \"X\" } }, # two\n]\n\n\
            [[to]]\nname = \"Jane\"\noffice.en = \"Mayor\" # of Leeds\noffice.es = \"X\" # why\n\n\
            [signature-block]\nheading.en = \"We\"\nheading.es = \"X\" # why\n";
        assert_eq!(text, expected);
        for path in &paths {
            let found = find(&text, path, "es").expect("a place");
            assert_eq!(&text[found], "\"X\"", "{path}");
        }
        assert_eq!(paths[8].to_string(), "to.1.office");
    }

    #[test]
    fn a_text_is_divided_once() {
        let mut document: DocumentMut =
            "languages = \"en\"\ntitle = \"T\"\nplace.en = \"P\"\n".parse().expect("TOML");
        assert!(add_language(&mut document, "es"));
        assert!(divide(&mut document, &Path::key("title"), "en"));
        assert!(!divide(&mut document, &Path::key("title"), "en"));
        assert!(!divide(&mut document, &Path::key("place"), "en"));
        let text = document.to_string();
        assert_eq!(text, "languages = [\"en\", \"es\"]\ntitle.en = \"T\"\nplace.en = \"P\"\n");
    }

    #[test]
    fn a_list_of_languages_keeps_its_form() {
        for (before, after) in [
            (
                "languages = [\n  \"en\", # one\n]\n",
                "languages = [\n  \"en\",\n  \"es\", # one\n]\n",
            ),
            ("languages = [ \"en\" ]\n", "languages = [ \"en\", \"es\" ]\n"),
        ] {
            let mut document: DocumentMut = before.parse().expect("TOML");
            assert!(add_language(&mut document, "es"));
            let text = document.to_string();
            assert!(text.parse::<DocumentMut>().is_ok(), "{text}");
            if !before.contains('#') {
                assert_eq!(text, after);
            }
        }
    }
}
