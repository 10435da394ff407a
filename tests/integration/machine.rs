//! What the machine refuses: a full disk, a full or closed output, few open files; and two processes in
//! one folder.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::{SMALL, folder, program, run, stderr, write};

/// Runs the program in a shell that sets limits or redirects first. `$U` is the program.
fn shell(folder: &Path, script: &str) -> Output {
    let program = program(folder);
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).env_clear().current_dir(folder).stdin(Stdio::null());
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.env("PATH", "/usr/bin:/bin").env("U", program.get_program());
    shell.output().expect("a shell")
}

/// Some letters.
fn letters(count: usize) -> TempDir {
    let folder = folder(&[]);
    for number in 0..count {
        let text = SMALL.replace("Text.", &format!("Text {number}."));
        write(&folder.path().join(format!("letters/{number}/letter.toml")), &text);
    }
    folder
}

/// The outputs of letters, which are whole.
fn outputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let file = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, std::fs::read(entry.path()).expect("a file"))
    };
    let mut files: Vec<_> = entries.map(file).collect();
    files.sort();
    files
}

/// A merge of a small letter.
fn merge(count: usize) -> TempDir {
    let rows: String = (0..count).map(|number| format!("{number},Member {number}\n")).collect();
    folder(&[
        ("a/letter.toml", &SMALL.replace("Text.", "Dear {{recipient.name}}.")),
        ("r.csv", &format!("id,name\n{rows}")),
    ])
}

#[test]
fn a_full_standard_output_fails() {
    for command in
        ["build letters", "build letters -o - -f txt", "signatories letters", "schema", "fonts"]
    {
        let folder = letters(1);
        let output = shell(folder.path(), &format!("$U {command} >/dev/full"));
        assert_eq!(output.status.code(), Some(1), "{command}");
        let message = "undersigned: cannot write to standard output: the disk is full";
        assert!(stderr(&output).contains(message), "{command}: {}", stderr(&output));
        if command == "build letters" {
            assert_eq!(outputs(&folder.path().join("out")).len(), 1, "the letter is written");
        }
    }
    // Who does not read the paths gets the letters all the same, and so does who hears no messages.
    for redirection in ["| true", ">&-", "2>/dev/full", "2>&-"] {
        let folder = letters(3);
        let output = shell(folder.path(), &format!("$U build letters {redirection}"));
        assert_eq!(output.status.code(), Some(0), "{redirection}: {}", stderr(&output));
        assert_eq!(outputs(&folder.path().join("out")).len(), 3, "{redirection}");
    }
}

/// A limit on the size of files is what a full disk is: writing ends in the middle.
#[test]
fn a_full_disk_leaves_no_half_written_file() {
    let reference = |folder: &Path, command: &str| {
        let output = run(folder, command);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
        outputs(&folder.join("out"))
    };
    for (folder, command) in
        [(letters(3), "build letters"), (merge(6), "merge a --recipients r.csv")]
    {
        let folder = folder.path();
        let full = shell(folder, &format!("trap '' XFSZ; ulimit -f 4; $U {command}"));
        assert_eq!(full.status.code(), Some(1), "{command}: {}", stderr(&full));
        let message = "cannot write `out/";
        assert!(stderr(&full).contains(message), "{command}: {}", stderr(&full));
        let left = outputs(&folder.join("out"));
        assert!(left.iter().all(|(name, _)| name == "manifest.jsonl"), "{command}: {left:?}");
        let again = reference(folder, command);
        std::fs::remove_dir_all(folder.join("out")).expect("the outputs");
        assert_eq!(again, reference(folder, command), "{command}");
    }
}

#[test]
fn few_open_files_are_enough() {
    let folder = letters(30);
    let output = shell(folder.path(), "ulimit -n 20; $U build letters -j 2");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(outputs(&folder.path().join("out")).len(), 30);
}

/// Runs commands at the same time, and expects that all succeed.
fn together(folder: &Path, commands: &[&str]) {
    let start = |command: &&str| {
        let mut program = program(folder);
        program.args(command.split(' ')).stdout(Stdio::null()).stderr(Stdio::piped());
        program.spawn().expect("the program starts")
    };
    let running: Vec<_> = commands.iter().map(start).collect();
    for (child, command) in running.into_iter().zip(commands) {
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{command}: {}", stderr(&output));
    }
}

#[test]
fn two_processes_in_one_folder_do_not_disturb_each_other() {
    for (folder, command) in
        [(letters(8), "build letters"), (merge(40), "merge a --recipients r.csv")]
    {
        let folder = folder.path();
        together(folder, &[command]);
        let alone = outputs(&folder.join("out"));
        for _ in 0..4 {
            std::fs::remove_dir_all(folder.join("out")).expect("the outputs");
            together(folder, &[command, command]);
            assert!(alone == outputs(&folder.join("out")), "{command}");
        }
    }
}

#[test]
fn two_shares_in_one_folder_join() {
    let folder = merge(40);
    let folder = folder.path();
    let merge = "merge a --recipients r.csv";
    together(folder, &[merge]);
    let alone = outputs(&folder.join("out"));
    std::fs::remove_dir_all(folder.join("out")).expect("the outputs");
    together(folder, &[&format!("{merge} --shard 1/2"), &format!("{merge} --shard 2/2")]);
    together(folder, &["merge --join out -o out"]);
    let mut joined = outputs(&folder.join("out"));
    joined.retain(|(name, _)| !name.contains("-of-"));
    assert!(alone == joined);
}
