//! Runs every case of `tests/cases` and compares its messages: one test per case and language.
//!
//! `UPDATE_CASES=1 cargo test --release --test cases` rewrites the expected messages: read the changes.
//! A name, such as in `cargo test --release --test cases unknown-key`, selects the cases whose names
//! contain it.

mod common;

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use common::case::{self, Case};

/// The part of a case that contains the messages, and their language.
const LANGUAGES: [(&str, &str); 2] = [("expected", "en"), ("esperado", "es")];

fn main() -> ExitCode {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let mut trials = Vec::new();
    for path in case::paths() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if update {
            trials.push(Trial::test(name, move || update_case(&path)));
            continue;
        }
        for (part, language) in LANGUAGES {
            let path = path.clone();
            let name = format!("{name}::{language}");
            trials.push(Trial::test(name, move || check(&path, part, language)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(path: &Path, part: &str, language: &str) -> Result<(), Failed> {
    let mut case = Case::read(&std::fs::read_to_string(path)?);
    let expected = case.take(part);
    let found = messages(&case, language);
    if found == expected {
        return Ok(());
    }
    Err(format!("{}:\n\nexpected:\n{expected}\nfound:\n{found}", path.display()).into())
}

fn update_case(path: &Path) -> Result<(), Failed> {
    let mut case = Case::read(&std::fs::read_to_string(path)?);
    for (part, _) in LANGUAGES {
        case.take(part);
    }
    let parts = LANGUAGES.map(|(part, language)| (part.to_owned(), messages(&case, language)));
    case.files.extend(parts);
    Ok(std::fs::write(path, case.to_string())?)
}

/// The messages of a letter, one per line with its place and its hints below it.
fn messages(case: &Case, language: &str) -> String {
    let (mut files, mut arguments) = (Vec::new(), "");
    for (name, text) in &case.files {
        match name.as_str() {
            "arguments" => arguments = text.trim(),
            "expected" | "esperado" => {}
            name => files.push((name, text.as_str())),
        }
    }
    let folder = common::folder(&files);
    let arguments = format!("check --message-format json --ui-lang {language} {arguments}");
    let output = common::run(folder.path(), &arguments);
    let mut text = String::new();
    for line in common::stderr(&output).lines() {
        let Ok(problem) = serde_json::from_str::<Value>(line) else {
            let _infallible = writeln!(text, "{line}");
            continue;
        };
        let get = |key: &str| match &problem[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let _infallible = writeln!(
            text,
            "{}:{}:{}-{}:{}: {}[{}]: {}",
            get("file"),
            get("line"),
            get("column"),
            get("end_line"),
            get("end_column"),
            get("severity"),
            get("code"),
            get("message"),
        );
        for hint in problem["hints"].as_array().into_iter().flatten() {
            let _infallible = writeln!(text, "  {}", hint.as_str().unwrap_or_default());
        }
    }
    let _infallible = writeln!(text, "exit {}", output.status.code().unwrap_or(-1));
    // The name of the folder differs between runs.
    let real = folder.path().canonicalize().expect("the folder is there");
    text.replace(&*real.to_string_lossy(), "ROOT")
}
