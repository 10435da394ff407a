//! The JSON Schema of letters, which editors use to complete keys and underline mistakes.
//!
//! It is derived from the types of [`spec`](crate::spec): a field is a key, and its documentation is
//! what the editor shows. What a type cannot express is defined here. A test keeps the schema and the
//! reader in sync, key by key.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

use crate::language::words::{self, AT_END, Words};
use crate::pdf::STANDARDS;
use crate::problems::lint::{self, ALL_WARNINGS};
use crate::source::text::Text;
use crate::spec::edition::LAYOUTS;
use crate::spec::envelopes;
use crate::spec::own_words::{COUNT_NOUNS, COUNT_WORDS, WORDS_KEYS};
use crate::spec::print_services;
use crate::spec::repository::Repository;
use crate::spec::signatory_sources::{COLUMN_KEYS, SignatoryFile, SignatoryFolder};
use crate::spec::values::PAPERS;
use crate::spec::{
    BUILT_IN_TEMPLATES, BodySource, Enclosure, Kind, Length, Localized, Signatory, SignatorySource,
    Spec, Translation,
};
use crate::words::UiLanguage;

/// The name of the schema file beside a letter. It is hidden because only editors need it.
pub(crate) const SCHEMA_FILE: &str = ".letter.schema.json";

/// The schema of a letter, as JSON Schema 2020-12, with the descriptions of the keys in a language.
pub(crate) fn letter(language: UiLanguage) -> String {
    print::<Spec>("A letter of undersigned", language)
}

/// The schema of the settings of a repository.
pub(crate) fn repository(language: UiLanguage) -> String {
    print::<Repository>("The settings of undersigned for a repository", language)
}

fn print<T: JsonSchema>(title: &str, language: UiLanguage) -> String {
    // TOML has no null: an optional key is simply absent.
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(without_null));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    if let Some(object) = schema.as_object_mut() {
        translate(object, language);
    }
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text.push('\n');
    text
}

/// Translates the texts of a schema. The English texts are the documentation of the types.
fn translate(schema: &mut Map<String, Value>, language: UiLanguage) {
    for (key, value) in schema.iter_mut() {
        match value {
            Value::String(text) if is_said(key) => *text = language.text(text).to_owned(),
            Value::Object(object) => translate(object, language),
            Value::Array(items) => {
                let objects = items.iter_mut().filter_map(Value::as_object_mut);
                objects.for_each(|object| translate(object, language));
            }
            _ => {}
        }
    }
}

/// Whether editors show the value of a key of a schema.
fn is_said(key: &str) -> bool {
    matches!(key, "title" | "description")
}

fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".into(), one);
        }
    }
    let Some(Value::Array(choices)) = object.get_mut("anyOf") else { return };
    choices.retain(|choice| choice["type"] != "null");
    if let [Value::Object(one)] = choices.as_slice() {
        let one = one.clone();
        object.remove("anyOf");
        object.extend(one);
    }
}

/// Makes all keys of a table optional: those that are not an `Option` have a default.
pub(crate) fn optional(schema: &mut Schema) {
    schema.remove("required");
}

/// A logo needs a description.
pub(crate) fn logo_needs_text(schema: &mut Schema) {
    schema.insert("dependentRequired".into(), serde_json::json!({ "logo": ["logo-alt"] }));
}

/// Any one of these.
fn any_of(choices: impl IntoIterator<Item = Schema>) -> Schema {
    let choices: Vec<Schema> = choices.into_iter().collect();
    json_schema!({ "anyOf": choices })
}

fn list_of(item: Schema) -> Schema {
    json_schema!({ "type": "array", "items": item })
}

/// A table whose keys the author chooses.
fn map_of(value: Schema) -> Schema {
    json_schema!({ "type": "object", "additionalProperties": value })
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl<T: JsonSchema> JsonSchema for Localized<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Localized{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        // The languages known to the program are listed, so that editors can complete them.
        let known: Map<String, Value> = Words::languages()
            .map(|tag| (tag.to_owned(), generator.subschema_for::<T>().into()))
            .collect();
        any_of([
            generator.subschema_for::<T>(),
            json_schema!({
                "description": "One for each language.",
                "type": "object",
                "properties": known,
                "patternProperties": { TAG: generator.subschema_for::<T>() },
                "additionalProperties": false,
            }),
            json_schema!({
                "description": "The same in every language, always written in the one named.",
                "type": "object",
                "properties": { "text": generator.subschema_for::<T>(), "lang": tag() },
                "required": ["text", "lang"],
                "additionalProperties": false,
            }),
        ])
    }
}

impl JsonSchema for BodySource {
    fn schema_name() -> Cow<'static, str> {
        "Body".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        any_of([
            json_schema!({ "description": "The text itself, in Markdown.", "type": "string" }),
            json_schema!({
                "description": "The path of a file with the text.",
                "type": "object",
                "properties": {
                    "file": {
                        "description": "A Markdown (`.md`) or Typst (`.typ`) file.",
                        "type": "string",
                    }
                },
                "required": ["file"],
                "additionalProperties": false,
            }),
        ])
    }
}

impl JsonSchema for Length {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Length".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^[+]?[0-9.]+(e[0-9]+)?\s*(pt|mm|cm|in)$" })
    }
}

/// A language tag, as far as a pattern can check it: `es`, `es-MX`, `zh-Hant-TW`.
const TAG: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$";

fn tag() -> Schema {
    json_schema!({ "type": "string", "pattern": TAG })
}

/// A language.
pub(crate) fn language(_: &mut SchemaGenerator) -> Schema {
    tag()
}

/// The languages of a letter.
pub(crate) fn languages(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": tag(), "minItems": 1, "uniqueItems": true })
}

/// A day. JSON has no type for TOML's dates; validators of TOML treat them as strings.
pub(crate) fn date(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "date" })
}

/// A built-in template, or the path of a template.
pub(crate) fn template(_: &mut SchemaGenerator) -> Schema {
    any_of([
        json_schema!({ "enum": BUILT_IN_TEMPLATES }),
        json_schema!({ "type": "string", "pattern": r"\.typ$" }),
    ])
}

/// A list of localizable texts, or a single one.
pub(crate) fn texts(generator: &mut SchemaGenerator) -> Schema {
    let text = generator.subschema_for::<Localized<Text>>();
    any_of([list_of(text.clone()), text])
}

/// A list of names, or a single one.
pub(crate) fn names(_: &mut SchemaGenerator) -> Schema {
    let name = json_schema!({ "type": "string" });
    any_of([list_of(name.clone()), name])
}

/// Texts by names that the author chooses.
pub(crate) fn texts_by_name(generator: &mut SchemaGenerator) -> Schema {
    map_of(generator.subschema_for::<Localized<Text>>())
}

/// A signatory: just a name, or a table.
pub(crate) fn signatory(generator: &mut SchemaGenerator) -> Schema {
    any_of([json_schema!({ "type": "string" }), generator.subschema_for::<Signatory>()])
}

/// The members of a coalition.
pub(crate) fn members(generator: &mut SchemaGenerator) -> Schema {
    list_of(signatory(generator))
}

/// The signatories: a list that may also name files and folders, or a single file or folder.
pub(crate) fn signatories(generator: &mut SchemaGenerator) -> Schema {
    let list = list_of(generator.subschema_for::<SignatorySource>());
    let file = generator.subschema_for::<SignatoryFile>();
    any_of([list, file, generator.subschema_for::<SignatoryFolder>()])
}

/// Several languages of a letter in one document.
pub(crate) fn edition(_: &mut SchemaGenerator) -> Schema {
    let layout = json_schema!({ "enum": LAYOUTS.iter().map(|(name, _)| name).collect::<Vec<_>>() });
    any_of([
        layout.clone(),
        json_schema!({
            "type": "object",
            "properties": {
                "layout": layout,
                "languages": { "type": "array", "items": tag(), "minItems": 2 },
            },
            "required": ["layout"],
            "additionalProperties": false,
        }),
    ])
}

/// The enclosures: a list of texts and of tables with a file, or a single one.
pub(crate) fn enclosures(generator: &mut SchemaGenerator) -> Schema {
    let text = generator.subschema_for::<Localized<Text>>();
    let item = any_of([text, generator.subschema_for::<Enclosure>()]);
    any_of([list_of(item.clone()), item])
}

/// Labels by their names.
pub(crate) fn labels(generator: &mut SchemaGenerator) -> Schema {
    let text = generator.subschema_for::<Localized<Text>>();
    let described = |(name, usual): (&str, &str)| {
        let mut schema = text.clone();
        schema.insert("description".into(), format!("Instead of \"{usual}\".").into());
        (name.to_owned(), schema.into())
    };
    let names: Map<String, Value> = words::labels().map(described).collect();
    json_schema!({ "type": "object", "properties": names, "additionalProperties": false })
}

/// The words of languages: a file, or a table by language.
pub(crate) fn words(_: &mut SchemaGenerator) -> Schema {
    let text = json_schema!({ "type": "string" });
    let texts = list_of(text.clone());
    let object = |keys: Map<String, Value>| json_schema!({ "type": "object", "properties": keys, "additionalProperties": false });
    let each = |keys: &[&str], value: &Schema| {
        object(keys.iter().map(|key| ((*key).to_owned(), value.clone().into())).collect())
    };
    let described = |(name, usual): (&str, &str)| {
        let schema = json_schema!({
            "description": format!("Instead of \"{usual}\"."),
            "type": "string",
        });
        (name.to_owned(), schema.into())
    };
    let months = json_schema!({
        "type": "array", "items": text, "minItems": 12, "maxItems": 12,
    });
    let quotes = json_schema!({
        "description": "The quotation marks: two outer and two inner ones.",
        "type": "array", "items": text, "minItems": 4, "maxItems": 4,
    });
    let date = json_schema!({
        "description": "How dates are written.",
        "type": "object",
        "properties": {
            "pattern": { "type": "string", "examples": ["{day} de {month} de {year}"] },
            "months": months,
            "first-day": { "type": "string" },
        },
        "additionalProperties": false,
    });
    let layout = json_schema!({
        "description": "How letters are set.",
        "type": "object",
        "properties": {
            "at-end": {
                "description": "What stands at the end of its line.",
                "type": "array", "items": { "enum": AT_END },
            },
            "indent": {
                "description": "How many characters wide the first line of each paragraph is indented.",
                "type": "integer", "minimum": 1, "maximum": 4,
            },
        },
        "additionalProperties": false,
    });
    let key = |name: &&str| {
        let schema = match *name {
            "name" => json_schema!({
                "description": "What the language is called in itself.",
                "type": "string",
            }),
            "quotes" => quotes.clone(),
            "labels" => object(words::labels().map(described).collect()),
            "count-nouns" => each(&COUNT_NOUNS, &texts),
            "count-words" => each(&COUNT_WORDS, &texts),
            "date" => date.clone(),
            "list" => each(&["pair", "last", "between"], &text),
            "layout" => layout.clone(),
            "languages" | "countries" => map_of(text.clone()),
            "samples" | "kinds" | "parts" => json_schema!({ "type": "object" }),
            _ => texts.clone(),
        };
        ((*name).to_owned(), schema.into())
    };
    let one = any_of([
        json_schema!({ "description": "The path of a file with these keys.", "type": "string" }),
        object(WORDS_KEYS.iter().map(key).collect()),
    ]);
    any_of([
        json_schema!({
            "description": "The path of a file whose name ends in the tag: \"words.nah.toml\".",
            "type": "string",
        }),
        json_schema!({
            "type": "object",
            "patternProperties": { TAG: one },
            "additionalProperties": false,
        }),
    ])
}

/// One margin for all sides, or some of the four.
pub(crate) fn margin(generator: &mut SchemaGenerator) -> Schema {
    let length = generator.subschema_for::<Length>();
    let sides: Map<String, Value> = ["top", "right", "bottom", "left"]
        .into_iter()
        .map(|side| (side.to_owned(), length.clone().into()))
        .collect();
    let table =
        json_schema!({ "type": "object", "properties": sides, "additionalProperties": false });
    any_of([length, table])
}

/// A colour such as `#7a1f3d`.
pub(crate) fn accent(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$" })
}

/// An envelope with a window, or the path of a file about one.
pub(crate) fn envelope(_: &mut SchemaGenerator) -> Schema {
    profile(envelopes::names())
}

/// A service that prints and posts letters, or the path of a file about one.
pub(crate) fn print_service(_: &mut SchemaGenerator) -> Schema {
    profile(print_services::names())
}

fn profile(names: impl Iterator<Item = &'static str>) -> Schema {
    let names: Vec<&str> = ["none"].into_iter().chain(names).collect();
    any_of([
        json_schema!({ "enum": names }),
        json_schema!({ "type": "string", "pattern": r"\.toml$" }),
    ])
}

/// The review of each translation.
pub(crate) fn translations(generator: &mut SchemaGenerator) -> Schema {
    let translation = generator.subschema_for::<Translation>();
    json_schema!({
        "type": "object",
        "patternProperties": { TAG: translation },
        "additionalProperties": false,
    })
}

/// Fingerprints by the keys of the reviewed values.
pub(crate) fn fingerprints(_: &mut SchemaGenerator) -> Schema {
    map_of(json_schema!({ "type": "string" }))
}

/// Which column contains which key of a signatory.
pub(crate) fn columns(_: &mut SchemaGenerator) -> Schema {
    let keys: Map<String, Value> = COLUMN_KEYS
        .iter()
        .map(|key| ((*key).to_owned(), serde_json::json!({ "type": "string" })))
        .collect();
    json_schema!({ "type": "object", "properties": keys, "additionalProperties": false })
}

/// The kind of the rows of a list, or the answers that mean each kind.
pub(crate) fn kind_of_rows(generator: &mut SchemaGenerator) -> Schema {
    let names = Map::from_iter(
        [Kind::Organization, Kind::Person]
            .map(|kind| (kind.as_str().to_owned(), names(generator).to_value())),
    );
    let answers =
        json_schema!({ "type": "object", "properties": names, "additionalProperties": false });
    any_of([generator.subschema_for::<Kind>(), answers])
}

/// What the cells of some columns must say.
pub(crate) fn filter(generator: &mut SchemaGenerator) -> Schema {
    map_of(names(generator))
}

/// The delimiter of a CSV file.
pub(crate) fn delimiter(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": [",", ";", "\t"] })
}

/// The encoding of a file, by its label in the WHATWG Encoding Standard.
pub(crate) fn encoding(_: &mut SchemaGenerator) -> Schema {
    let examples = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];
    json_schema!({ "type": "string", "examples": examples })
}

/// The number of columns of the signatories.
pub(crate) fn signature_columns(_: &mut SchemaGenerator) -> Schema {
    any_of([
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 4 }),
        json_schema!({ "const": "auto" }),
    ])
}

/// The size of the paper.
pub(crate) fn paper(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": PAPERS })
}

/// The standards of a PDF.
pub(crate) fn standards(_: &mut SchemaGenerator) -> Schema {
    list_of(json_schema!({ "enum": STANDARDS }))
}

/// Codes that may be allowed.
pub(crate) fn allowed(_: &mut SchemaGenerator) -> Schema {
    list_of(json_schema!({ "enum": lint::warnings().collect::<Vec<_>>() }))
}

/// Codes that may be denied.
pub(crate) fn denied(_: &mut SchemaGenerator) -> Schema {
    list_of(json_schema!({ "enum": lint::warnings().chain([ALL_WARNINGS]).collect::<Vec<_>>() }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn said(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(object) => {
                for (key, value) in object {
                    match value {
                        Value::String(text) if is_said(key) => drop(found.insert(text.clone())),
                        value => said(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| said(item, found)),
            _ => {}
        }
    }

    /// The Spanish file translates every text of the schemas, and nothing else.
    #[test]
    fn every_description_is_translated_and_none_is_stale() {
        let mut found = BTreeSet::new();
        for text in [letter(UiLanguage::ENGLISH), repository(UiLanguage::ENGLISH)] {
            said(&serde_json::from_str(&text).expect("JSON"), &mut found);
        }
        let known: BTreeSet<String> = UiLanguage::spanish()
            .table("schema")
            .into_iter()
            .flatten()
            .map(|(english, _)| english.clone())
            .collect();
        let missing: Vec<&String> = found.difference(&known).collect();
        assert!(missing.is_empty(), "these have no Spanish: {missing:#?}");
        let left_over: Vec<&String> = known.difference(&found).collect();
        assert!(left_over.is_empty(), "the schemas do not say this any more: {left_over:#?}");
    }

    /// The keys and everything that editors validate are the same; only the texts differ.
    #[test]
    fn the_languages_differ_only_in_words() {
        fn without_words(schema: &mut Value) {
            match schema {
                Value::Object(object) => {
                    object.retain(|key, value| !(value.is_string() && is_said(key)));
                    object.values_mut().for_each(without_words);
                }
                Value::Array(items) => items.iter_mut().for_each(without_words),
                _ => {}
            }
        }
        let [english, translated] = [UiLanguage::ENGLISH, UiLanguage::spanish()].map(|language| {
            let mut schema = serde_json::from_str(&letter(language)).expect("JSON");
            without_words(&mut schema);
            schema
        });
        assert_eq!(english, translated);
        assert!(letter(UiLanguage::spanish()).contains("El titular, y el título del PDF."));
    }
}
