//! Whatever a letter does to the program, the others are made, and its error has a place.

use std::process::Stdio;
use std::time::Duration;

use super::common::{folder, program, run, stderr};
use super::{minds_interrupts, until};

const GOOD: &str = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"T\"\nbody = \"Text.\"\n";

/// A letter with a template of its own.
const OURS: &str = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"T\"\nbody = \"Text.\"\ntemplate = \"t.typ\"\n";

/// Freeing this value overflows any stack.
const DEEP: &str =
    "#let letter(l) = { let c = (a: 1); for i in range(1000000) { c = (a: c) }; [ok] }\n";

const ENDLESS: &str = "#let r = range(100000)\n\
                       #let letter(l) = { for i in r { for j in r { for k in r {} } }; [x] }\n";

/// It takes a gigabyte at once, and keeps it.
const HUGE: &str = "#let r = range(100000)\n#let letter(l) = {\n  let (all, much) = ((), \"x\" * 1000000)\n  \
                    for i in range(1000) { all.push(much + str(i)) }\n  \
                    for i in r { for j in r { for k in r {} } }\n}\n";

/// Typst panics.
const PANIC: &str = "#let letter(l) = [#duration(days: 9223372036854775807)]\n";

#[test]
fn no_letter_takes_another_with_it() {
    for (template, limits, message) in [
        (DEEP, "--timeout 600", "something here is nested too deeply for the program"),
        (ENDLESS, "--timeout 8", "this takes longer than 8 seconds"),
        (HUGE, "--max-memory 700 --timeout 600", "this needs more than 700 MiB of memory"),
        (
            PANIC,
            "--timeout 600",
            "the program failed on this letter, which is a bug in the program",
        ),
    ] {
        for jobs in [1, 2] {
            let files = [
                ("a/letter.toml", GOOD),
                ("b/letter.toml", OURS),
                ("b/t.typ", template),
                ("c/letter.toml", GOOD),
                ("d/letter.toml", GOOD),
            ];
            let folder = folder(&files);
            let build = format!("build --jobs {jobs} {limits} --message-format short");
            let output = run(folder.path(), &build);
            assert_eq!(output.status.code(), Some(1));
            // Nothing else is printed: no panic, no backtrace, no last words.
            let printed = stderr(&output);
            assert_eq!(printed.lines().count(), 1, "{printed}");
            assert!(printed.starts_with("b/letter.toml:5:12"), "{printed}");
            assert!(printed.contains(message), "{printed}");
            let written = String::from_utf8(output.stdout).expect("UTF-8");
            assert_eq!(written, "out/a.en.pdf\nout/c.en.pdf\nout/d.en.pdf\n");
        }
    }
}

/// A deep value that the compiler keeps, and frees when it needs it no more.
const KEPT: &str = "#let deep(n) = { let c = (a: 1); for i in range(n) { c = (a: c) }; c }\n\
                    #let letter(l) = { let x = deep(1000000); [ok] }\n";

/// Whichever job is in progress when the program ends: exactly the culprit has an error.
#[test]
fn no_other_letter_is_blamed() {
    let name = |number: usize| format!("{number:02}/letter.toml");
    let mut files: Vec<(String, &str)> = (0..30).map(|number| (name(number), GOOD)).collect();
    for (folder, template) in [("03a", KEPT), ("07a", DEEP), ("11a", PANIC)] {
        files.push((format!("{folder}/letter.toml"), OURS));
        files.push((format!("{folder}/t.typ"), template));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, *text)).collect();
    for command in ["build", "check", "status"] {
        for jobs in [1, 2] {
            let folder = folder(&files);
            let arguments = match command {
                "status" => format!("status --timeout 600 --jobs {jobs}"),
                _ => format!("{command} --timeout 600 --jobs {jobs} --message-format short"),
            };
            let output = run(folder.path(), &arguments);
            let stdout = String::from_utf8(output.stdout.clone()).expect("UTF-8");
            let failed: Vec<String> = match command {
                // The path of a letter stands above its languages.
                "status" => (stdout.lines().zip(stdout.lines().skip(1)))
                    .filter(|(_, line)| line.contains("errors"))
                    .map(|(path, _)| path.split('/').next().unwrap_or_default().to_owned())
                    .collect(),
                _ => (stderr(&output).lines())
                    .filter_map(|line| line.split_once("/letter.toml:"))
                    .map(|(folder, _)| folder.to_owned())
                    .collect(),
            };
            // What is kept may be freed in time, or may be the culprit.
            let failed: Vec<&str> =
                failed.iter().map(String::as_str).filter(|folder| *folder != "03a").collect();
            assert_eq!(failed, ["07a", "11a"], "{arguments}: {}{stdout}", stderr(&output));
        }
    }
}

#[test]
fn several_letters_are_given_up_on() {
    let files = [
        ("a/letter.toml", OURS),
        ("a/t.typ", DEEP),
        ("b/letter.toml", OURS),
        ("b/t.typ", HUGE),
        ("c/letter.toml", OURS),
        ("c/t.typ", DEEP),
        ("d/letter.toml", GOOD),
    ];
    let folder = folder(&files);
    let output = run(folder.path(), "build --max-memory 700 --timeout 600 --jobs 3");
    assert_eq!(output.status.code(), Some(1));
    let printed = stderr(&output);
    assert_eq!(printed.matches("error[template]").count(), 3, "{printed}");
    let sum = "4 letters: 1 file written, 0 unchanged; 3 errors, no warnings\n";
    assert!(printed.ends_with(sum), "{printed}");
}

#[test]
fn a_merge_gives_up_on_its_letter() {
    let files = [("letter.toml", OURS), ("t.typ", ENDLESS), ("r.csv", "name\nRosa\n")];
    for more in ["", " --dry-run", " --combined all.pdf"] {
        let folder = folder(&files);
        let merge = format!("merge . --recipients r.csv --timeout 5 --message-format short{more}");
        let output = run(folder.path(), &merge);
        assert_eq!(output.status.code(), Some(1));
        let expected = "letter.toml:5:12: error[template]: this takes longer than 5 seconds\n";
        assert_eq!(stderr(&output), expected);
    }
}

#[test]
fn a_recipient_takes_no_other_with_it() {
    let template = format!("#let deep{}", &DEEP["#let letter".len()..])
        + "#let letter(l) = if repr(l.title).contains(\"Luis\") { deep(l) } else { [#l.title] }\n";
    let letter = OURS.replace("\"T\"", "\"{{recipient.name}}\"");
    let files = [
        ("letter.toml", letter.as_str()),
        ("t.typ", template.as_str()),
        ("r.csv", "name\nRosa\nLuis\nEva\n"),
    ];
    let folder = folder(&files);
    let output =
        run(folder.path(), "merge . --recipients r.csv --timeout 600 --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("r.csv:3:1: error[template]"), "{}", stderr(&output));
    let mut letters: Vec<_> = std::fs::read_dir(folder.path().join("out"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".pdf"))
        .collect();
    letters.sort();
    assert_eq!(letters.len(), 2, "{letters:?}");
    let manifest = std::fs::read_to_string(folder.path().join("out/manifest.jsonl"));
    let manifest = manifest.expect("a manifest");
    assert_eq!(manifest.lines().count(), 3, "the head, and two letters: {manifest}");
}

/// The program is two processes; whoever ends one of them ends both.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_ends_both_processes() {
    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    for (signal, status) in [
        (Signal::TERM, Some(130)),
        (Signal::INT, Some(130)),
        (Signal::HUP, Some(130)),
        (Signal::KILL, None),
    ] {
        let folder = folder(&[("letter.toml", OURS), ("t.typ", ENDLESS)]);
        let mut parent =
            program(folder.path()).arg("build").stderr(Stdio::null()).spawn().expect("it starts");
        let id = Pid::from_child(&parent);
        let children = format!("/proc/{0}/task/{0}/children", parent.id());
        let child = || {
            let child = std::fs::read_to_string(&children).unwrap_or_default();
            child.trim().parse().ok().and_then(Pid::from_raw)
        };
        until("it waits for a child", || child().is_some() && minds_interrupts(parent.id()));
        let child = child().expect("a child");
        // Wherever the child is: it may also be begun too early, or well under way.
        std::thread::sleep(Duration::from_millis(300));
        kill_process(id, signal).expect("it runs");
        assert_eq!(parent.wait().expect("it ends").code(), status, "{signal:?}");
        until("the child has ended", || test_kill_process(child).is_err());
    }
}
