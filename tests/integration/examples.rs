//! The programs in `examples/` do what they say. Cargo compiles them beside the tests.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// An example that Cargo has compiled.
fn example(name: &str) -> Command {
    let tests = std::env::current_exe().expect("this program");
    let deps = tests.parent().expect("the folder of the tests");
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path: PathBuf = deps.with_file_name("examples").join(name);
    assert!(path.is_file(), "{} is missing: run the tests without --test", path.display());
    let mut command = Command::new(path);
    command.current_dir(super::repository());
    command
}

#[test]
fn build_writes_the_documents_of_a_letter() {
    let out = tempfile::tempdir().expect("a folder");
    let letter = "letters/records-request/letter.toml";
    let output = example("build").arg(letter).arg(out.path()).output().expect("it starts");
    assert!(output.status.success(), "{}", super::stderr(&output));
    let listed = super::stdout(&output);
    assert_eq!(listed, "records-request.en-US.txt\nrecords-request.en-US.pdf\n");
    for name in listed.lines() {
        assert!(out.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn problems_are_shown_in_both_languages() {
    let folder = super::folder(&[("letter.toml", &super::SMALL.replace("title", "titel"))]);
    let letter = std::fs::File::open(folder.path().join("letter.toml")).expect("a letter");
    let output = example("problems").stdin(Stdio::from(letter)).output().expect("it starts");
    assert!(output.status.success(), "{}", super::stderr(&output));
    let shown = super::stdout(&output);
    assert!(shown.contains("3:1 unknown-key\n  en: unknown key `titel`\n  es: "), "{shown}");
}
