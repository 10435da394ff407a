//! The JSON Schema of letters, checked by an independent validator.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Map, Value, json};

use super::common::case::{self, Case};
use super::{run, stderr, stdout};

/// A schema that is ready to validate documents.
pub(crate) struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    /// Compiles a schema, which is first validated against the meta-schema.
    pub(crate) fn new(schema: Value) -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.add_resource("schema.json", schema).expect("a name");
        let compiled = compiler.compile("schema.json", &mut schemas);
        let index = compiled.unwrap_or_else(|error| panic!("{error:#}"));
        Self { schemas, index }
    }

    pub(crate) fn judge(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|error| format!("{error:#}"))
    }
}

/// What `undersigned schema` prints.
fn schema(kind: &str) -> Value {
    let output = run(Path::new("."), &format!("schema {kind}"));
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_str(&stdout(&output)).expect("JSON")
}

/// A letter as seen by a JSON validator: a date is a string.
fn json_of(toml: &str) -> Option<Value> {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => Value::String(text),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(boolean) => boolean.into(),
            toml::Value::Datetime(date) => Value::String(date.to_string()),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Table(table) => {
                table.into_iter().map(|(key, value)| (key, convert(value))).collect()
            }
        }
    }
    toml::from_str::<toml::Table>(toml).ok().map(|table| convert(toml::Value::Table(table)))
}

fn letters_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let letters = entries.map(|entry| entry.expect("an entry").path().join("letter.toml"));
    letters.filter(|path| path.is_file()).collect()
}

#[test]
fn every_letter_here_is_valid() {
    let judge = Judge::new(schema("letter"));
    let mut letters = letters_below(&super::repository().join("letters"));
    letters.extend(letters_below(&super::repository().join("tests/letters")));
    assert!(letters.len() >= 4, "only {} letters", letters.len());
    for path in letters {
        let text = std::fs::read_to_string(&path).expect("a letter");
        let letter = json_of(&text).expect("TOML");
        judge.judge(&letter).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// Cases with a structural mistake in the letter are rejected, cases without any mistake are accepted.
#[test]
fn every_case_is_judged_as_the_program_judges_it() {
    // A date and a string have the same type in JSON.
    const UNSEEN: &str = "takes a date, but this is a string";
    let judge = Judge::new(schema("letter"));
    let (mut refused, mut taken) = (0, 0);
    for path in case::paths() {
        let mut case = Case::read(&std::fs::read_to_string(&path).expect("a case"));
        let messages = case.take("expected");
        if messages.contains(UNSEEN) {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let letters = case.files.iter().filter(|(file, _)| file.ends_with("letter.toml"));
        for (file, text) in letters {
            let Some(letter) = json_of(text) else { continue };
            let place = format!("{file}:");
            let reports = |codes: &[&str]| {
                messages.lines().filter(|line| line.starts_with(&place)).any(|line| {
                    codes.iter().any(|code| line.contains(&format!(" error[{code}]: ")))
                })
            };
            let result = judge.judge(&letter);
            if reports(&["unknown-key", "missing-key", "wrong-type"]) {
                assert!(result.is_err(), "{name} {file} is not refused");
                refused += 1;
            } else if !reports(&["invalid-value", "invalid-language"]) {
                assert!(result.is_ok(), "{name} {file}: {}", result.unwrap_err());
                taken += 1;
            }
        }
    }
    assert!(refused >= 5 && taken >= 30, "{refused} refused, {taken} taken");
}

/// The schema allows exactly what the reader accepts, table by table and key by key.
#[test]
fn schema_and_reader_know_the_same_keys() {
    for (kind, file) in [("letter", "letter.toml"), ("repository", "undersigned.toml")] {
        let schema = schema(kind);
        let mut tables = Tables { schema: &schema, seen: BTreeSet::new(), found: Vec::new() };
        tables.find(&schema, &mut |table| table);
        let least = if kind == "letter" { 12 } else { 2 };
        assert!(tables.found.len() >= least, "only {} tables", tables.found.len());
        for (keys, probe) in &tables.found {
            let known = keys_of_reader(file, probe);
            assert_eq!(keys, &known, "left the schema's keys, right the reader's, in {probe}");
        }
    }
}

/// The tables of a schema: the keys of each, and a document in which only that key is wrong.
struct Tables<'s> {
    schema: &'s Value,
    seen: BTreeSet<String>,
    found: Vec<(BTreeSet<String>, Value)>,
}

const UNKNOWN: &str = "no-such-key";

impl Tables<'_> {
    /// Visits a part of the schema. `wrap` makes a document from a value at that place.
    fn find(&mut self, part: &Value, wrap: &mut dyn FnMut(Value) -> Value) {
        if let Some(name) = part["$ref"].as_str() {
            // Signatories contain signatories: one visit is enough.
            if self.seen.insert(name.to_owned()) {
                let target = self.schema.pointer(&name[1..]).expect("a definition");
                self.find(target, wrap);
            }
            return;
        }
        for choice in ["anyOf", "oneOf"] {
            for part in part[choice].as_array().into_iter().flatten() {
                self.find(part, wrap);
            }
        }
        if part["items"].is_object() {
            self.find(&part["items"], &mut |value| wrap(json!([value])));
        }
        let Some(properties) = part["properties"].as_object() else { return };
        let required: Map<String, Value> = part["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|key| Some((key.as_str()?.to_owned(), json!("x"))))
            .collect();
        // The keys of a text by language are tags, which are unlimited.
        if part["patternProperties"].is_null() {
            let mut table = required.clone();
            table.insert(UNKNOWN.into(), json!(1));
            let keys = properties.keys().cloned().collect();
            self.found.push((keys, wrap(Value::Object(table))));
        }
        for (key, part) in properties {
            self.find(part, &mut |value| {
                let mut table = required.clone();
                table.insert(key.clone(), value);
                wrap(Value::Object(table))
            });
        }
    }
}

/// The keys that the reader lists as known when it finds an unknown one.
fn keys_of_reader(file: &str, probe: &Value) -> BTreeSet<String> {
    let text = toml::to_string(probe).expect("TOML");
    let letter = if file == "letter.toml" { &text } else { super::SMALL };
    let folder = super::folder(&[("letter.toml", letter), (file, &text)]);
    let output = run(folder.path(), "check --message-format json");
    for line in stderr(&output).lines() {
        let problem: Value = serde_json::from_str(line).expect("JSON");
        if problem["message"] == format!("unknown key `{UNKNOWN}`") {
            let hint = problem["hints"][0].as_str().unwrap_or_default();
            let keys = hint.strip_prefix("the keys here are ").expect("the keys");
            return keys.split(", ").map(|key| key.trim_matches('`').to_owned()).collect();
        }
    }
    panic!("the reader takes {UNKNOWN} in {text}: {}", stderr(&output));
}

#[test]
fn every_key_is_described() {
    fn look(part: &Value, path: &str) {
        for (key, part) in part["properties"].as_object().into_iter().flatten() {
            // Languages, and columns of a file, need no description beyond their names.
            let plain = path.contains("Localized") || path.ends_with("/columns");
            let path = format!("{path}/{key}");
            assert!(plain || part["description"].is_string(), "{path} has no description");
            look(part, &path);
        }
    }
    let schema = schema("letter");
    look(&schema, "");
    for (name, part) in schema["$defs"].as_object().expect("definitions") {
        look(part, name);
    }
    let block = &schema["$defs"]["SignatureBlock"]["properties"];
    assert_eq!(block["sort"]["default"], "listed");
    assert_eq!(schema["properties"]["template"]["default"], "open-letter");
}

#[test]
fn a_new_letter_names_its_schema() {
    let folder = super::folder(&[]);
    run(folder.path(), "new water");
    let letter = std::fs::read_to_string(folder.path().join("water/letter.toml")).expect("it");
    let line = letter.lines().next().expect("a line");
    let path = line.strip_prefix("#:schema ").expect("the schema");
    let beside = std::fs::read_to_string(folder.path().join("water").join(path)).expect("it");
    assert_eq!(beside, stdout(&run(folder.path(), "schema")));
    let judge = Judge::new(serde_json::from_str(&beside).expect("JSON"));
    judge.judge(&json_of(&letter).expect("TOML")).expect("it is valid");
}

/// `.taplo.toml` assigns a schema to the letters of this repository, which is the program's.
/// `UPDATE_SCHEMA=1` rewrites it.
#[test]
fn schema_of_this_repository_is_up_to_date() {
    let path = super::repository().join("letters/.letter.schema.json");
    let now = stdout(&run(Path::new("."), "schema"));
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &now).expect("it can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the schema");
    assert!(kept == now, "run the tests once with UPDATE_SCHEMA=1");
}
