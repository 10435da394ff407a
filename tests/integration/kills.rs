//! The program is killed at any moment, and loses nothing: each file is as it was or as it is to be, and
//! the next run gives what a run that nobody disturbed gives.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{SMALL, program, stderr, until, write};

/// How often each command is killed, unless `KILLS` says otherwise.
const KILLS: u32 = 12;

/// What makes the files that a command begins with.
type Make<'m> = &'m dyn Fn(&Path);

/// The files below a folder.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn tree(folder: &Path) -> Tree {
    let mut files = Tree::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("it is below").to_path_buf();
                    files.insert(name, std::fs::read(&path).expect("a file"));
                }
            }
        }
    }
    files
}

/// Kills a command at moments spread over the time it takes, now its first process and now all of
/// them, and runs it again. `is_partial` says which files grow while it runs.
fn survives(arguments: &[&str], make: impl Fn(&Path), is_partial: impl Fn(&Path) -> bool) {
    let rounds = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().expect("a number"));
    let fresh = || {
        let folder = tempfile::tempdir().expect("a temporary folder");
        make(folder.path());
        folder
    };
    let begin = tree(fresh().path());
    let undisturbed = fresh();
    let begun = Instant::now();
    finish(&undisturbed, arguments);
    let (took, end) = (begun.elapsed(), tree(undisturbed.path()));
    assert_ne!(begin, end, "{arguments:?} changes nothing");
    for round in 0..rounds {
        let folder = fresh();
        kill(&folder, arguments, took * round / rounds, round % 2 == 0);
        for (path, data) in tree(folder.path()) {
            let is_leftover = path.file_name().is_some_and(is_temporary);
            let is_whole = [&begin, &end].iter().any(|tree| tree.get(&path) == Some(&data));
            assert!(
                is_whole || is_leftover || is_partial(&path),
                "{arguments:?}, round {round}: {} is half written",
                path.display()
            );
        }
        for path in begin.keys() {
            assert!(folder.path().join(path).exists(), "{arguments:?}: {} is lost", path.display());
        }
        finish(&folder, arguments);
        let again = tree(folder.path());
        let differ = again.iter().find(|(path, data)| end.get(*path) != Some(data));
        let differ = differ.or_else(|| end.iter().find(|(path, _)| !again.contains_key(*path)));
        assert_eq!(differ.map(|(path, _)| path), None, "{arguments:?}, round {round}");
    }
}

fn is_temporary(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with(".undersigned-")
}

/// Runs a command to its end.
fn finish(folder: &TempDir, arguments: &[&str]) {
    let output = program(folder.path()).args(arguments).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
}

/// Starts a command and kills it after some time: all its processes, or only the first, which the
/// others must not outlive.
fn kill(folder: &TempDir, arguments: &[&str], after: Duration, all: bool) {
    let mut command = program(folder.path());
    let command = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.process_group(0).spawn().expect("the program starts");
    thread::sleep(after);
    end(&mut child, all);
}

/// Kills all processes of a group, or only its first, and waits until they are gone.
pub(super) fn end(child: &mut Child, all: bool) {
    let group = format!("-{}", child.id());
    let send = |signal: &str| {
        let mut kill = Command::new("kill");
        kill.args([signal, "--", &group]).stderr(Stdio::null());
        kill.status().expect("kill is there").success()
    };
    match all {
        // If it has ended already, there is nobody to kill.
        true => drop(send("-KILL")),
        false => child.kill().expect("it is our child"),
    }
    child.wait().expect("it ends");
    until("no process outlives its parent", || !send("-0"));
}

#[test]
fn build_survives_kills() {
    let make = |folder: &Path| {
        for number in 0..12 {
            let text = SMALL.replace("Text.", &format!("Text {number}.\\n\\n").repeat(20));
            write(&folder.join(format!("letters/{number}/letter.toml")), &text);
        }
    };
    survives(&["build", "letters", "-f", "pdf", "-f", "txt", "-f", "html"], make, |_| false);
}

#[test]
fn merge_survives_kills() {
    let make = |folder: &Path| {
        let text = SMALL.replace("Text.", "Dear {{recipient.name}}.");
        write(&folder.join("a/letter.toml"), &text);
        let rows = (0..60).map(|number| format!("{number},Member {number}\n"));
        write(&folder.join("r.csv"), &format!("id,name\n{}", rows.collect::<String>()));
    };
    let is_log = |path: &Path| path.ends_with("out/manifest.jsonl");
    survives(&["merge", "a", "--recipients", "r.csv"], make, is_log);
}

#[test]
fn import_survives_kills() {
    let make = |folder: &Path| {
        let text = format!("{SMALL}signatories = [\n  \"Red del Agua\", # the first\n]\n");
        write(&folder.join("a/letter.toml"), &text);
        let rows = (0..300).map(|number| format!("Organization {number}\n"));
        write(&folder.join("form.csv"), &format!("name\n{}", rows.collect::<String>()));
    };
    survives(&["signatories", "import", "form.csv", "--into", "a"], make, |_| false);
}

#[test]
fn review_survives_kills() {
    let make = |folder: &Path| {
        let text = "languages = [\"en\", \"es\"]\ndate = 2021-08-24\n\
                    title = { en = \"Water\", es = \"Agua\" }\n\
                    body = { en = { file = \"en.md\" }, es = { file = \"es.md\" } }\n";
        write(&folder.join("a/letter.toml"), text);
        let body =
            |word: &str| (0..200).map(|number| format!("{word} {number}.\n\n")).collect::<String>();
        write(&folder.join("a/en.md"), &body("We ask for water, number"));
        write(&folder.join("a/es.md"), &body("Pedimos agua, número"));
    };
    let arguments = ["review", "a", "--lang", "es", "--by", "Ana", "--date", "2026-03-09"];
    survives(&arguments, make, |_| false);
}

/// The preview writes nothing; it must only not live on.
#[test]
fn a_killed_preview_is_gone() {
    let folder = super::folder(&[("a/letter.toml", SMALL)]);
    let begin = tree(folder.path());
    for (is_built, all) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut command = program(folder.path());
        let command = command.args(["watch", "a"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).spawn().expect("the program starts");
        let mut line = String::new();
        match is_built {
            false => BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line),
            true => BufReader::new(child.stderr.take().expect("a pipe")).read_line(&mut line),
        }
        .expect("a line");
        assert!(line.contains(if is_built { " ms: " } else { "http://" }), "{line}");
        end(&mut child, all);
        assert!(tree(folder.path()) == begin);
    }
}

/// What a kill leaves between two files of a new letter or of a translation does not stop the next run. What is
/// somebody's own does.
#[test]
fn what_is_left_of_a_new_letter_is_no_obstacle() {
    let document = "# Water\n\nDear all:\n\nWe ask for clean water in the whole valley.\n\nYours,\n\nAna Prueba\n";
    let make = |folder: &Path| write(&folder.join("draft.md"), document);
    let translated = |folder: &Path| write(&folder.join("a/letter.toml"), SMALL);
    let commands: [(&[&str], Make<'_>, &str); 3] = [
        (&["new", "a", "--from", "draft.md"], &make, "a/body.en.md"),
        (&["new", "a", "--lang", "en", "--lang", "es"], &|_| (), "a/body.es.md"),
        (&["translate", "a", "--lang", "es"], &translated, "a/letter.es.md"),
    ];
    for (arguments, make, body) in commands {
        let fresh = || {
            let folder = tempfile::tempdir().expect("a temporary folder");
            make(folder.path());
            folder
        };
        let (undisturbed, again, other) = (fresh(), fresh(), fresh());
        let begin = tree(undisturbed.path());
        finish(&undisturbed, arguments);
        let end = tree(undisturbed.path());
        // Only the letter is missing, or is as it was.
        let body = match end.contains_key(Path::new(body)) {
            true => body,
            false => "a/body.es.md",
        };
        for (path, data) in &end {
            if !path.ends_with("letter.toml") && !begin.contains_key(path) {
                let text = std::str::from_utf8(data).expect("text");
                write(&again.path().join(path), text);
            }
        }
        finish(&again, arguments);
        assert_eq!(tree(again.path()), end, "{arguments:?}");
        write(&other.path().join(body), "Somebody's own.\n");
        let before = tree(other.path());
        let output = program(other.path()).args(arguments).output().expect("the program starts");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
        assert_eq!(tree(other.path()), before, "{arguments:?}");
    }
}
