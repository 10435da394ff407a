//! What each letter was made from, for programs that rebuild it when an input changes: Make, Ninja
//! and the like.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use crate::engine::batch::Outcome;
use crate::problems::{Code, Diagnostic};
use crate::report::Reporter;
use crate::source::{Place, paths};
use crate::words::{Message, say};

/// How dependencies are written.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(super) enum DependencyFormat {
    /// Rules for Make, which Ninja also reads
    Make,
    /// One JSON object
    Json,
}

/// The inputs and outputs of a letter.
#[derive(Debug, Serialize)]
pub(super) struct Dependencies {
    /// The letter's file.
    pub letter: PathBuf,
    /// Every file that was read (the letter, bodies, tables, pictures, templates, fonts), and the
    /// folders that were listed.
    pub inputs: Vec<PathBuf>,
    /// The files that were written, or none if the letter has an error.
    pub outputs: Vec<PathBuf>,
}

impl Dependencies {
    /// The inputs of a letter and its `outputs`, with paths as they are shown to people.
    pub(super) fn of(outcome: &Outcome, outputs: Vec<PathBuf>, reporter: &Reporter) -> Self {
        let files = &outcome.project.files;
        let from_here = |path: PathBuf| match path.strip_prefix(&reporter.folder) {
            Ok(relative) => paths::portable(relative.to_path_buf()),
            Err(_) => paths::portable(path),
        };
        Self {
            letter: reporter.path(files, outcome.project.file).into(),
            inputs: files.read().into_iter().map(from_here).collect(),
            outputs: outputs.into_iter().map(paths::portable).collect(),
        }
    }
}

/// All letters of a run. `inputs` and `outputs` have the names that `typst compile --deps` writes, so
/// that a program that reads one reads the other.
#[derive(Serialize)]
struct Json<'d> {
    inputs: Vec<&'d PathBuf>,
    outputs: Vec<&'d PathBuf>,
    letters: &'d [Dependencies],
}

/// The format that matches a file's name: `.json`, or `.d`, `.mk` and `.make` for Make.
pub(super) fn format_of(path: &Path) -> Option<DependencyFormat> {
    match path.extension()?.to_str()? {
        "json" => Some(DependencyFormat::Json),
        "d" | "mk" | "make" => Some(DependencyFormat::Make),
        _ => None,
    }
}

/// The text of a dependency file.
pub(super) fn write(letters: &[Dependencies], format: DependencyFormat) -> Result<String, Message> {
    match format {
        DependencyFormat::Json => json(letters),
        DependencyFormat::Make => make(letters),
    }
}

fn json(letters: &[Dependencies]) -> Result<String, Message> {
    let distinct = |paths: fn(&Dependencies) -> &Vec<PathBuf>| {
        let mut all: Vec<&PathBuf> = letters.iter().flat_map(paths).collect();
        all.sort();
        all.dedup();
        all
    };
    let (inputs, outputs) = (distinct(|l| &l.inputs), distinct(|l| &l.outputs));
    let mut text = serde_json::to_string_pretty(&Json { inputs, outputs, letters })
        .map_err(|error| Message::verbatim(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// A rule for each letter, and an empty one for each input, so that Make rebuilds the letter instead
/// of stopping when an input has been deleted (as `gcc -MP` does).
fn make(letters: &[Dependencies]) -> Result<String, Message> {
    let mut text = String::new();
    let mut all = std::collections::BTreeSet::new();
    for letter in letters.iter().filter(|letter| !letter.outputs.is_empty()) {
        let outputs = escape_all(&letter.outputs)?;
        let inputs = escape_all(&letter.inputs)?;
        text.push_str(&format!("{}: {}\n", outputs.join(" "), inputs.join(" ")));
        all.extend(inputs);
    }
    for input in all {
        text.push_str(&format!("\n{input}:\n"));
    }
    Ok(text)
}

/// A letter that a file for Make cannot name is not written: a half of its rule would be another.
pub(super) fn refuse_for_make(outcome: &mut Outcome, folder: &Path) {
    let inputs = outcome.project.files.read();
    let outputs = outcome.documents.iter().map(|document| folder.join(&document.name));
    if let Some(message) = inputs.into_iter().chain(outputs).find_map(|path| escape(&path).err()) {
        let place = Place::start_of(outcome.project.file);
        outcome.diagnostics.push(
            Diagnostic::new(Code::Write, place, message)
                .hint(say!("rename the file or its folder, or write --deps as JSON")),
        );
        outcome.documents.clear();
    }
}

fn escape_all(paths: &[PathBuf]) -> Result<Vec<String>, Message> {
    paths.iter().map(|path| escape(path)).collect()
}

/// A path escaped for Make, after `munge` in GCC's `libcpp/mkdeps.cc`. A line break cannot be
/// written.
fn escape(path: &Path) -> Result<String, Message> {
    let shown = paths::shown(path);
    let text = path.to_str().filter(|text| !text.contains(['\n', '\r']));
    let Some(text) = text else {
        return Err(say!(
            "a Make file cannot contain the name {shown}",
            shown = format_args!("{shown:?}")
        ));
    };
    let mut escaped = String::with_capacity(text.len());
    let mut slashes = 0;
    for c in text.chars() {
        match c {
            '$' => escaped.push('$'),
            // A blank after 2N+1 backslashes is read as N backslashes and a blank.
            ' ' | '\t' => escaped.push_str(&"\\".repeat(slashes + 1)),
            ':' | '#' | '%' => escaped.push('\\'),
            _ => {}
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
        escaped.push(c);
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn make_reads_the_path_that_was_meant() {
        for (path, escaped) in [
            ("out/park.en.pdf", "out/park.en.pdf"),
            ("mi carta.pdf", "mi\\ carta.pdf"),
            ("$(HOME)", "$$(HOME)"),
            ("a\\ b#c", "a\\\\\\ b\\#c"),
        ] {
            assert_eq!(escape(Path::new(path)).expect("it can be written"), escaped);
        }
        assert!(escape(Path::new("a\nb")).is_err());
    }
}
