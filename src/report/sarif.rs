//! Problems as a SARIF 2.1.0 log, which code hosts show on the lines of a change.
//!
//! The format is that of OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
//! What is written here is the small part of it that a list of problems needs; a test validates it
//! against the published schema.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::json;

use crate::problems::{Code, Diagnostic};
use crate::report::shown::Shown;
use crate::source::Place;
use crate::words::UiLanguage;

/// Where the schema of the format is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The characters that are not escaped in the path of a URI (RFC 3986, section 3.3: unreserved
/// characters, and the slash between the names).
const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The problems of a run, collected letter by letter.
pub(crate) struct Results {
    language: UiLanguage,
    results: Vec<SarifResult>,
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    column_kind: &'static str,
    language: &'static str,
    results: Vec<SarifResult>,
    tool: serde_json::Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    properties: Properties,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Properties {
    letter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
}

impl Results {
    /// No problems yet.
    pub(super) fn new(language: UiLanguage) -> Self {
        Self { language, results: Vec::new() }
    }

    /// Adds a problem of a letter.
    pub(super) fn add(&mut self, shown: &mut Shown<'_>, diagnostic: &Diagnostic) {
        let language = self.language;
        let mut text = diagnostic.message.get(language);
        for hint in &diagnostic.hints {
            text.push('\n');
            text.push_str(&hint.get(language));
        }
        let related = diagnostic.related.iter().enumerate().map(|(index, (place, message))| {
            location(shown, place, Some((index + 1, message.get(language))))
        });
        let related_locations = related.collect();
        self.results.push(SarifResult {
            rule_id: diagnostic.code.as_str(),
            rule_index: Code::ALL.iter().position(|c| *c == diagnostic.code).unwrap_or_default(),
            level: diagnostic.severity.as_str(),
            message: Text { text },
            locations: vec![location(shown, &diagnostic.place, None)],
            related_locations,
            properties: Properties {
                letter: shown.letter(),
                lang: diagnostic.lang.as_ref().map(ToString::to_string),
            },
        });
    }

    /// The log.
    pub(super) fn into_json(self) -> String {
        let rules: Vec<_> = Code::ALL.iter().map(|code| rule(*code, self.language)).collect();
        let tool = json!({ "driver": {
            "name": "undersigned",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        } });
        // Values of JSON for each of many results would take several times the memory.
        let run = Run {
            column_kind: "unicodeCodePoints",
            language: self.language.tag(),
            results: self.results,
            tool,
        };
        let log = Log { schema: SCHEMA, runs: [run], version: "2.1.0" };
        serde_json::to_string_pretty(&log).expect("a log is JSON")
    }
}

fn rule(code: Code, language: UiLanguage) -> serde_json::Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.meaning().get(language) },
        "help": { "text": code.remedy().get(language) },
        "defaultConfiguration": { "level": code.severity().as_str() },
    })
}

fn location(shown: &mut Shown<'_>, place: &Place, related: Option<(usize, String)>) -> Location {
    let file = shown.file(place.file);
    let (start, end) = file.positions(&place.range);
    Location {
        id: related.as_ref().map(|(id, _)| *id),
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&file.name) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        },
        message: related.map(|(_, text)| Text { text }),
    }
}

/// A path as a URI, relative if the path is.
fn uri(path: &str) -> String {
    if Path::new(path).is_absolute()
        && let Ok(url) = url::Url::from_file_path(path)
    {
        return url.into();
    }
    utf8_percent_encode(path, IN_PATH).to_string()
}
