//! Problems as JSON, one object each: the contract of `docs/commands.md`.

use std::io::{self, Write};

use serde::Serialize;

use crate::problems::Diagnostic;
use crate::report::shown::Shown;
use crate::source::Place;

/// A problem as other programs receive it. Its texts are in the language of the messages.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub(crate) struct JsonDiagnostic {
    /// "error" or "warning".
    pub severity: &'static str,
    /// The stable name of its kind, such as "unknown-key".
    pub code: &'static str,
    /// Problems.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
    /// Where it is.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// Related places.
    pub related: Vec<JsonRelated>,
    /// The letter's file.
    pub letter: String,
    /// The language, or those of an edition joined with `+`. `None` if it concerns all languages.
    pub lang: Option<String>,
}

/// A range in a file. Lines and columns are counted from one, columns in characters.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub(crate) struct JsonPlace {
    /// The path, relative to the current folder.
    pub file: String,
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line of the end.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
}

/// A place related to a problem.
#[derive(Debug, Clone, Eq, PartialEq, Serialize)]
pub(crate) struct JsonRelated {
    /// Where it is.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// Its relation to the problem.
    pub message: String,
}

impl JsonDiagnostic {
    pub(crate) fn new(shown: &mut Shown<'_>, diagnostic: &Diagnostic) -> Self {
        let language = shown.reporter.language;
        let letter = shown.letter();
        let related = diagnostic.related.iter().map(|(place, message)| JsonRelated {
            place: JsonPlace::new(shown, place),
            message: message.get(language),
        });
        let related = related.collect();
        Self {
            severity: diagnostic.severity.as_str(),
            code: diagnostic.code.as_str(),
            message: diagnostic.message.get(language),
            hints: diagnostic.hints.iter().map(|hint| hint.get(language)).collect(),
            place: JsonPlace::new(shown, &diagnostic.place),
            related,
            letter,
            lang: diagnostic.lang.as_ref().map(ToString::to_string),
        }
    }
}

impl JsonPlace {
    fn new(shown: &mut Shown<'_>, place: &Place) -> Self {
        let file = shown.file(place.file);
        let (start, end) = file.positions(&place.range);
        Self {
            file: file.name.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// Writes a problem as an object on one line.
pub(crate) fn write(
    shown: &mut Shown<'_>,
    diagnostic: &Diagnostic,
    output: &mut dyn Write,
) -> io::Result<()> {
    serde_json::to_writer(&mut *output, &JsonDiagnostic::new(shown, diagnostic))?;
    writeln!(output)
}
