//! What is printed commands nobody: no name, header or value of a stranger reaches a terminal as a
//! control character, or a build service as a command.
#![cfg(unix)]

use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use super::{SMALL, folder, program, run, stderr, stdout, write};

/// Names of folders, as a stranger would choose them.
const HOSTILE: &[&str] = &[
    "##[stop-commands]pwn",
    "::stop-commands::pwn",
    "line\n::stop-commands::pwn",
    "return\r::add-mask::a",
    "escape\u{1b}]0;owned\u{7}\u{9b}2J",
    "bidi\u{202e}fdp",
    "##vso[task.setvariable]x",
];

const FORMATS: &[&str] = &["human", "short", "json", "github", "sarif"];

/// A list whose header and cells are hostile, with columns that are ambiguous and missing.
const LIST: &str = "name,group,\u{1b}[31m##[group]red\n\
                    Ana,##[group]g,x\n\
                    ##[stop-commands]Eva,::stop-commands::h,\n\
                    ::stop-commands::Ivo,h,x,beyond ##[group]\n";

/// Letters in hostile folders, each with an error and warnings at hostile texts.
fn hostile_letters() -> TempDir {
    let letters = folder(&[(".git/HEAD", "")]);
    for (index, name) in HOSTILE.iter().enumerate() {
        let text = SMALL
            .replace("title =", &format!("\"##[group]{index}\" = 1\ntitle ="))
            .replace("Text.", "##[group]Text {{::x::}} ##[error]x [a]().");
        write(&letters.path().join(name).join("letter.toml"), &text);
        // One that is built, with a warning at a hostile text.
        let good = SMALL.replace("Text.", "See [##[group]x]().");
        write(&letters.path().join("good").join(name).join("letter.toml"), &good);
    }
    let columns = "signatories = [{ file = \"l.csv\", columns = { title = \"##[x]\" } }]\n";
    write(&letters.path().join("list/letter.toml"), &format!("{columns}{SMALL}"));
    write(&letters.path().join("list/l.csv"), LIST);
    letters
}

/// Panics if a line of the output has a control character, or is a command other than an annotation.
fn assert_commands_nobody(what: &str, output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        assert_printable(what, &String::from_utf8(bytes.clone()).expect("UTF-8"));
    }
}

fn assert_printable(what: &str, text: &str) {
    for line in text.split('\n') {
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}')
                || matches!(c, '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
        };
        assert!(!line.contains(hidden), "{what}: {line:?} has a hidden character");
        assert!(!line.contains("##["), "{what}: {line:?} has a command");
        assert!(!line.contains("##vso["), "{what}: {line:?} has a command");
        // `::: ` is before the second file of an excerpt.
        let line = line.trim_start();
        if line.starts_with("::") && !line.starts_with("::: ") {
            let meant = ["::error file=", "::warning file="].iter().any(|s| line.starts_with(s));
            assert!(meant && what.contains("github"), "{what}: {line:?} is a command");
        }
    }
}

/// Runs the program, and checks what it prints.
fn printed(folder: &Path, arguments: &[&str]) -> Output {
    let summary = folder.join("summary.md");
    let output = program(folder)
        .args(arguments)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .expect("the program starts");
    assert_commands_nobody(&format!("{arguments:?}"), &output);
    if let Ok(text) = std::fs::read_to_string(&summary) {
        assert_printable("the summary", &text);
        std::fs::remove_file(&summary).expect("it was there");
    }
    output
}

#[test]
fn no_command_prints_a_command_or_a_control_character() {
    let letters = hostile_letters();
    let here = letters.path();
    for format in FORMATS {
        for command in ["check", "build"] {
            for language in ["en", "es"] {
                let output =
                    printed(here, &[command, "--message-format", format, "--ui-lang", language]);
                assert_eq!(output.status.code(), Some(1));
                let text = stderr(&output);
                assert!(text.contains("stop-commands]pwn"), "{format} names the folder: {text}");
            }
        }
        printed(here, &["build", "--locked", "--message-format", format, "--sarif", "log.sarif"]);
        let log = std::fs::read_to_string(here.join("log.sarif")).expect("the log");
        assert_printable("the log", &log);
        assert_eq!(log.lines().next(), Some("{"));
    }
    printed(here, &["status"]);
    printed(here, &["status", "--message-format", "json"]);
    let built = stdout(&printed(here, &["build"]));
    assert!(built.contains("out/#\\u{23}[stop-commands]pwn.en.pdf\n"), "{built}");
    let built = stdout(&printed(here, &["build", "good", "-o", "::stop-commands::x"]));
    assert!(built.starts_with("\\u{3a}:stop-commands::x/"), "{built}");
}

#[test]
fn json_names_a_hostile_path_as_it_is() {
    let letters = hostile_letters();
    let here = letters.path();
    let text = stderr(&printed(here, &["check", "--message-format", "json"]));
    let files: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|problem| problem["file"].as_str().expect("a file").to_owned())
        .collect();
    let text = stdout(&printed(here, &["status", "--message-format", "json"]));
    let status: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|letter| letter["letter"].as_str().expect("a letter").to_owned())
        .collect();
    for name in HOSTILE {
        let path = format!("{name}/letter.toml");
        assert!(files.contains(&path), "{path:?} in {files:?}");
        assert!(status.contains(&path), "{path:?} in {status:?}");
    }
}

#[test]
fn names_that_are_only_repeated_command_nobody() {
    let folder = folder(&[("x/letter.toml", SMALL), ("x/l.csv", LIST)]);
    let here = folder.path();
    for name in HOSTILE {
        let output = printed(here, &["check", name]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stderr(&output).lines().count(), 1, "a message is a line: {}", stderr(&output));
        for language in ["en", "es"] {
            let option = format!("--{name}");
            printed(here, &["check", &option, "--ui-lang", language]);
            printed(here, &["check", "--jobs", name, "--ui-lang", language]);
            printed(here, &[name, "--ui-lang", language]);
            printed(here, &["new", "--lang", name, "--ui-lang", language]);
        }
        assert_eq!(printed(here, &["new", name]).status.code(), Some(0));
        assert_eq!(printed(here, &["new", name]).status.code(), Some(2));
        assert_eq!(printed(here, &["template", "formal", "--out", name]).status.code(), Some(0));
        printed(here, &["template", "formal", "--out", name]);
        printed(here, &["build", "x", "-o", name]);
        printed(here, &["build", "x", "--deps", &format!("{name}.d")]);
        printed(here, &["signatories", "import", "x/l.csv", "--into", name]);
        printed(here, &["merge", name, "--recipients", "x/l.csv"]);
        printed(here, &["merge", "x", "--recipients", "x/l.csv", "--column", &format!("{name}=a")]);
        printed(here, &["merge", "--join", name]);
        printed(here, &["review", name, "--lang", "en", "--by", "A"]);
        printed(here, &["revise", name, "--lang", "en", "--from", name]);
        printed(here, &["fonts", "--font-path", name]);
    }
}

#[test]
fn lists_command_nobody() {
    let grouped = format!(
        "signatories = [\n{{ name = \"##[group]A\", group = \"##[group]g\" }},\n\
         {{ name = \"::stop-commands::B\", group = \"::stop-commands::h\" }},\n]\n{SMALL}\
         [signature-block]\ngroup-by = \"group\"\n"
    );
    let escapes = format!(
        "signatories = {{ file = \"l.csv\" }}\n{SMALL}[signature-block]\ngroup-by = \"group\"\n"
    );
    let list = "name,group\nA,g\u{1b}[31mRED\u{1b}]0;owned\u{7}\n";
    let folder = folder(&[
        ("x/letter.toml", &grouped),
        ("y/letter.toml", &escapes),
        ("y/l.csv", list),
        ("form.csv", LIST),
    ]);
    let here = folder.path();
    let table = stdout(&printed(here, &["signatories", "x"]));
    assert!(table.contains("#\\u{23}[group]g (1)\n"), "{table}");
    assert!(table.contains("\n\\u{3a}:stop-commands::h (1)\n"), "{table}");
    let json = stdout(&printed(here, &["signatories", "x", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["signatories"][0]["name"], "##[group]A");
    printed(here, &["signatories", "y"]);
    printed(here, &["signatories", "y", "--format", "json"]);
    for dry in [true, false] {
        let mut arguments = vec!["signatories", "import", "form.csv", "--into", "x"];
        arguments.extend(dry.then_some("--dry-run"));
        printed(here, &arguments);
    }
    printed(here, &["signatories", "import", "form.csv", "--into", "x", "--column", "name=##[x]"]);
}

#[test]
fn merges_command_nobody() {
    let letter = SMALL.replace("Text.", "Dear {{recipient.name}}.");
    let recipients =
        "name,##[group]\u{1b}[31m\nAna,##[group]\n\u{1b}]0;x\u{7},y\nEva,::stop-commands::\n";
    let folder = folder(&[
        ("##[group]x/letter.toml", &letter),
        ("##[group]r.csv", recipients),
        ("s.csv", "name\nAna\nEva\n"),
    ]);
    let here = folder.path();
    let merge = ["merge", "##[group]x", "--recipients"];
    for format in FORMATS {
        let mut arguments = merge.to_vec();
        arguments.extend([
            "##[group]r.csv",
            "--message-format",
            format,
            "--keep-going",
            "--dry-run",
        ]);
        printed(here, &arguments);
    }
    let mut arguments = merge.to_vec();
    arguments.extend(["##[group]r.csv", "--keep-going", "--shard", "1/1", "-o", "a"]);
    printed(here, &arguments);
    let joined = stderr(&printed(here, &["merge", "--join", "a", "-o", "::stop-commands::x"]));
    assert!(joined.contains("\n  #\\u{23}[group]r.csv:"), "{joined}");
    printed(here, &["merge", "--join", "a", "-o", "::stop-commands::x", "--keep-going"]);

    let mut arguments = merge.to_vec();
    arguments.extend(["s.csv", "--shard", "1/1", "-o", "b"]);
    printed(here, &arguments);
    let manifest = std::fs::read_dir(here.join("b")).expect("the share");
    let manifest = manifest.map(|entry| entry.expect("an entry").path());
    let manifest = manifest.filter(|path| path.extension().is_some_and(|e| e == "jsonl"));
    let manifest = manifest.last().expect("a manifest");
    let text = std::fs::read_to_string(&manifest).expect("text");
    let hostile = "\"file\":\"a\\n::stop-commands::x\\u001b]0;x\\u0007##[group]";
    assert!(text.contains("\"file\":\""), "{text}");
    write(&manifest, &text.replace("\"file\":\"", hostile));
    let joined = stderr(&printed(here, &["merge", "--join", "b", "-o", "c"]));
    assert!(joined.contains("\\n::stop-commands::x\\u{1b}]0;x\\u{7}#\\u{23}[group]"), "{joined}");
}

/// A document and a list are data: they are what was asked for, byte by byte.
#[test]
fn data_is_printed_as_it_is() {
    let letter = SMALL.replace("Text.", "::stop-commands::x and \\\\##[group]");
    let letter = format!("signatories = [\"::stop-commands::A\", \"##[group]B\"]\n{letter}");
    let folder = folder(&[("x/letter.toml", &letter)]);
    let text = stdout(&run(folder.path(), "build x --format txt -o -"));
    assert!(text.contains("\n::stop-commands::x and ##[group]"), "{text}");
    let csv = stdout(&run(folder.path(), "signatories x --format csv"));
    assert!(csv.contains("\n::stop-commands::A,") && csv.contains("\n##[group]B,"), "{csv}");
}
