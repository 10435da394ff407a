//! Small letters with the messages that are expected of them, in `tests/cases`.
//!
//! A case is a text file of several parts. What stands above the first part says what the case
//! shows. A line `-- NAME --` begins the file NAME; `-- expected --` begins the messages in English
//! and `-- esperado --` those in Spanish. `UPDATE_CASES=1` writes the messages anew: read them.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

/// A case as it is written.
pub(crate) struct Case {
    purpose: String,
    pub files: Vec<(String, String)>,
}

impl Case {
    pub(crate) fn read(text: &str) -> Self {
        let mut case = Self { purpose: String::new(), files: Vec::new() };
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
            match (name, case.files.last_mut()) {
                (Some(name), _) => case.files.push((name.to_owned(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => case.purpose.push_str(line),
            }
        }
        case
    }

    pub(crate) fn take(&mut self, name: &str) -> String {
        let index = self.files.iter().position(|(known, _)| known == name);
        index.map(|index| self.files.remove(index).1).unwrap_or_default()
    }

    fn show(&self) -> String {
        let mut text = self.purpose.clone();
        for (name, content) in &self.files {
            let _infallible = write!(text, "-- {name} --\n{content}");
        }
        text
    }
}

/// The messages of a letter, a line each with its place and its hints below it.
fn messages(folder: &Path, language: &str, arguments: &str) -> String {
    let arguments = format!("check --message-format json --ui-lang {language} {arguments}");
    let output = super::run(folder, &arguments);
    let mut text = String::new();
    for line in super::stderr(&output).lines() {
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
    // The folder's own name differs from run to run.
    let real = folder.canonicalize().expect("the folder is there");
    text.replace(&*real.to_string_lossy(), "ROOT")
}

#[test]
fn every_case_gives_the_messages_it_expects() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let folder = super::repository().join("tests/cases");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .expect("tests/cases is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 20, "only {} cases", paths.len());
    let mut failures = Vec::new();
    for path in paths {
        let written = std::fs::read_to_string(&path).expect("a case");
        let mut case = Case::read(&written);
        case.take("expected");
        case.take("esperado");
        let arguments = case.files.iter().find(|(name, _)| name == "arguments");
        let arguments = arguments.map_or("", |(_, text)| text.trim()).to_owned();
        let files: Vec<(&str, &str)> = case
            .files
            .iter()
            .filter(|(name, _)| name != "arguments")
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let folder = super::folder(&files);
        let expected = messages(folder.path(), "en", &arguments);
        let esperado = messages(folder.path(), "es", &arguments);
        case.files.push(("expected".into(), expected));
        case.files.push(("esperado".into(), esperado));
        let found = case.show();
        if update {
            std::fs::write(&path, &found).expect("a case can be written");
        } else if found != written {
            failures.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(failures.is_empty(), "these cases give other messages:\n{}", failures.join("\n\n"));
}
