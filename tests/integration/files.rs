//! What a letter from a stranger may read and where the program writes: links, pipes, devices, odd
//! names, and too many of them.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{SMALL, folder, program, run, stderr, stdout, write};

/// The good letter that stands beside the bad one and is built all the same.
const GOOD: &str = "good/letter.toml";

/// A git repository with a good letter, and a secret outside of it.
fn repository(files: &[(&str, &str)]) -> TempDir {
    let folder = folder(&[
        ("secret", "token = SECRET\n"),
        ("repo/.git/config", "token = SECRET\n"),
        (&format!("repo/{GOOD}"), SMALL),
    ]);
    for (name, text) in files {
        write(&folder.path().join("repo").join(name), text);
    }
    folder
}

/// Builds all letters: the good one is written, and the exit status is 1. Returns the messages.
fn build(repo: &Path, arguments: &str) -> String {
    let output = run(repo, &format!("build --message-format short {arguments}"));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("good.en.pdf\n"), "{}{}", stdout(&output), stderr(&output));
    stderr(&output)
}

fn link(repo: &Path, name: &str, target: impl AsRef<Path>) {
    let path = repo.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    symlink(target, path).expect("a link");
}

fn pipe(path: &Path) {
    let status = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(status.success());
}

/// A letter's file that is a link is read only where any other file of it would be.
#[test]
fn a_letter_that_is_a_link_does_not_leave_its_root() {
    let outside = "error[outside-root]: `letter.toml` leads outside the letter's root";
    let hidden = "error[outside-root]: `letter.toml` is hidden";
    for (target, expected) in [
        ("../../secret", outside),
        ("/proc/self/environ", outside),
        ("/dev/zero", outside),
        ("../.git/config", hidden),
    ] {
        for format in ["human", "short", "json", "sarif", "github"] {
            let folder = repository(&[]);
            let repo = folder.path().join("repo");
            link(&repo, "a/letter.toml", target);
            for arguments in ["", "a good", "a/letter.toml good", "--root ."] {
                let output = run(&repo, &format!("build {arguments} --message-format {format}"));
                assert_eq!(output.status.code(), Some(1), "{target} {format} {arguments}");
                assert!(stdout(&output).contains("out/good.en.pdf"), "{}", stderr(&output));
                let text = stderr(&output);
                assert!(!text.contains("SECRET") && !text.contains("COLUMNS="), "{text}");
                if format == "short" {
                    assert_eq!(text, format!("a/letter.toml:1:1: {expected}\n"));
                }
            }
        }
    }
}

/// A letter of a folder that is a link belongs to the repository of the link.
#[test]
fn a_folder_that_is_a_link_does_not_leave_its_root() {
    let folder = repository(&[]);
    let repo = folder.path().join("repo");
    write(&folder.path().join("elsewhere/.git/config"), "");
    write(&folder.path().join("elsewhere/letter.toml"), "token = SECRET\n");
    link(&repo, "a", "../elsewhere");
    link(&repo, "top", "/");
    for (argument, name) in [("a", "a"), ("a/letter.toml", "letter.toml"), ("top", "top")] {
        assert_eq!(
            build(&repo, &format!("{argument} good")),
            format!(
                "{argument}:1:1: error[outside-root]: `{name}` leads outside the letter's root\n"
            )
        );
    }
    // A search does not follow it.
    let output = run(&repo, "build --message-format short");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// What the user names may be reached through a link, as `/tmp` is on a Mac, and links inside the root
/// lead on.
#[test]
fn links_above_and_inside_the_root_are_followed() {
    let body = SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let folder = repository(&[("letters/a/letter.toml", &body), ("shared.md", "Shared.")]);
    let repo = folder.path().join("repo");
    link(&repo, "letters/a/body.md", "../../shared.md");
    link(&repo, "letters/b/letter.toml", "../a/letter.toml");
    link(folder.path(), "alias", "repo");
    for arguments in [
        "alias/letters/a",
        "alias/letters/a/letter.toml",
        "alias/letters/a --root alias",
        "repo/letters/a --root alias",
        "repo/../alias/letters/a",
        "alias/letters/b",
    ] {
        let output = run(folder.path(), &format!("build {arguments} -f txt -o -"));
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
        assert!(stdout(&output).contains("Shared."), "{arguments}");
    }
}

/// A name that another computer could not read is an error of its letter alone.
#[test]
fn an_odd_name_stops_no_other_letter() {
    use std::os::unix::ffi::OsStrExt;
    let folder = repository(&[("a\\b/letter.toml", SMALL)]);
    let repo = folder.path().join("repo");
    let latin = repo.join(std::ffi::OsStr::from_bytes(b"caf\xE9"));
    write(&latin.join("letter.toml"), SMALL);
    link(&repo, "nowhere/letter.toml", "gone.toml");
    link(&repo, "circle/letter.toml", "letter.toml");
    std::fs::create_dir(repo.join("pipe")).expect("a folder");
    pipe(&repo.join("pipe/letter.toml"));
    let text = build(&repo, "");
    for expected in [
        "a\\b/letter.toml:1:1: error[invalid-value]: this path has a backslash or is not Unicode\n",
        "caf�/letter.toml:1:1: error[invalid-value]: this path has a backslash or is not Unicode\n",
        "nowhere/letter.toml:1:1: error[missing-file]: there is no file `letter.toml`\n",
        "circle/letter.toml:1:1: error[missing-file]: `letter.toml` cannot be read: its links",
        "pipe/letter.toml:1:1: error[missing-file]: `pipe/letter.toml` is a pipe or a device",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert_eq!(text.lines().count(), 5, "{text}");
}

/// Typst numbers files with 16 bits, and panics when the numbers run out.
#[test]
fn a_letter_names_a_limited_number_of_files() {
    let sources = |count: usize| {
        let lines: String =
            (0..count).map(|n| format!("  {{ file = \"{n:x}.csv\" }},\n")).collect();
        format!("{SMALL}signatories = [\n{lines}]\n")
    };
    let folder = repository(&[("a/letter.toml", &sources(2_000))]);
    let repo = folder.path().join("repo");
    let text = build(&repo, "");
    assert!(text.contains("error[missing-file]: there is no file"), "{text}");
    assert!(!text.contains("more than 2000"), "{text}");
    // All that are too many are one problem, at the first of them.
    for count in [2_001, 70_000] {
        write(&repo.join("a/letter.toml"), &sources(count));
        let text = build(&repo, "");
        let beyond = "a/letter.toml:2006:12: error[invalid-value]: this letter names more than 2000 \
                      files\n";
        assert_eq!(text.matches("more than 2000").count(), 1);
        assert!(text.contains(beyond), "{}", &text[text.len() - 300..]);
    }
}

/// A template can name files that nobody counted when the letter was read.
#[test]
fn a_template_reads_a_limited_number_of_files() {
    let letter = format!("{SMALL}template = \"t.typ\"\n");
    let template = "#let letter(l) = { for n in range(70000) { \
                    let _ = read(\"d\" + str(n) + \"/parts.typ\") }; [ok] }\n";
    let folder = repository(&[("a/letter.toml", &letter), ("a/t.typ", template)]);
    let text = build(&folder.path().join("repo"), "");
    assert!(text.contains("a/t.typ:1:") && text.contains("too many files are read"), "{text}");
}

/// What is no regular file is neither read nor written through nor replaced.
#[test]
fn outputs_are_regular_files() {
    let folder = repository(&[("a/letter.toml", SMALL)]);
    let repo = folder.path().join("repo");
    let victim = folder.path().join("victim");
    std::fs::write(&victim, "untouched").expect("a file");
    std::fs::create_dir(repo.join("out")).expect("a folder");
    let own = repo.join("out/a.en.pdf");
    let link_to = |target: &Path| symlink(target, &own).expect("a link");
    let makers: [&dyn Fn(); 3] =
        [&|| link_to(Path::new("/dev/zero")), &|| link_to(&victim), &|| pipe(&own)];
    let kinds = ["a link", "a link", "a pipe or a device"];
    for (make, kind) in makers.iter().zip(kinds) {
        make();
        let message = format!(
            "a/letter.toml:1:1: error[write]: cannot write `out/a.en.pdf`: {kind} is in its place\n"
        );
        assert_eq!(build(&repo, ""), message);
        assert_eq!(build(&repo, "--locked"), message);
        let status = run(&repo, "status a");
        assert!(stdout(&status).contains("not a file: run `build`"), "{}", stdout(&status));
        let status = run(&repo, "status a --message-format json");
        assert!(stdout(&status).contains("\"build\":\"not-a-file\""), "{}", stdout(&status));
        std::fs::remove_file(&own).expect("removed");
    }
    assert_eq!(std::fs::read(&victim).expect("a file"), b"untouched");
}

/// The same for the files that other options and commands write.
#[test]
fn no_command_writes_through_a_link() {
    let folder =
        repository(&[("a/letter.toml", SMALL), ("r.csv", "name\nAna\n"), ("t/x", ""), ("n/x", "")]);
    let repo = folder.path().join("repo");
    let victim = folder.path().join("victim");
    std::fs::write(&victim, "untouched").expect("a file");
    for name in ["log.sarif", "d.json", "out/all.pdf", "out/manifest.jsonl", "t/parts.typ"] {
        link(&repo, name, &victim);
    }
    link(&repo, "zero/manifest.jsonl", "/dev/zero");
    link(&repo, "device/a-1.en.pdf", "/dev/zero");
    for (arguments, path) in [
        ("check a --sarif log.sarif", "log.sarif"),
        ("check a --sarif /dev/stdout", "/dev/stdout"),
        ("build a -o b --deps d.json", "d.json"),
        ("merge a --recipients r.csv --combined all.pdf", "out/all.pdf"),
        ("merge a --recipients r.csv", "out/manifest.jsonl"),
        ("merge a --recipients r.csv -o zero", "zero/manifest.jsonl"),
        ("merge a --recipients r.csv -o device", "device/a-1.en.pdf"),
    ] {
        let output = run(&repo, arguments);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {text}");
        let expected = format!("cannot write `{path}`: a link is in its place");
        assert!(text.contains(&expected), "{arguments}: {text}");
    }
    // A file that exists is not overwritten anyway.
    assert_eq!(run(&repo, "template open-letter --out t").status.code(), Some(2));
    assert_eq!(std::fs::read(&victim).expect("a file"), b"untouched");
    // `/dev/stdout` is still what it was.
    assert!(Path::new("/dev/stdout").is_symlink());
}

/// A pull request can make the folder of the outputs a link. Outside a repository it is the user's own.
#[test]
fn the_folder_of_outputs_is_not_a_link_of_a_repository() {
    let folder = repository(&[]);
    let (repo, elsewhere) = (folder.path().join("repo"), folder.path().join("elsewhere"));
    std::fs::create_dir(&elsewhere).expect("a folder");
    link(&repo, "out", &elsewhere);
    link(folder.path(), "own", &elsewhere);
    let output = run(&repo, "build --message-format short");
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("out` is a link inside a git repository"), "{text}");
    assert!(elsewhere.read_dir().expect("a folder").next().is_none());
    // Nor is a folder made there.
    write(&repo.join("r.csv"), "name\nAna\n");
    let made = run(&repo, "merge good --recipients r.csv --shard 1/1 -o ../share");
    assert!(made.status.success(), "{}", stderr(&made));
    let joined = run(&repo, "merge --join ../share -o out/joint");
    assert_eq!(joined.status.code(), Some(1));
    assert!(stderr(&joined).contains("out` is a link inside"), "{}", stderr(&joined));
    assert!(elsewhere.read_dir().expect("a folder").next().is_none());
    // Not even a file that would be the same is read there.
    write(&elsewhere.join("good.en.pdf"), "");
    let locked = run(&repo, "build --locked --message-format short");
    assert!(stderr(&locked).contains("out` is a link inside"), "{}", stderr(&locked));
    let output = run(&repo, "build -o ../own");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(elsewhere.join("good.en.pdf").is_file());
}

/// The list of a merge and the export of a form may be anywhere, but are files of a limited size.
#[test]
fn lists_are_regular_files() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    pipe(&folder.path().join("r.csv"));
    std::fs::create_dir(folder.path().join("d.csv")).expect("a folder");
    std::fs::File::create(folder.path().join("big.csv"))
        .and_then(|file| file.set_len((64 << 20) + 1))
        .expect("a file");
    link(folder.path(), "zero.csv", "/dev/zero");
    for (list, expected) in [
        ("r.csv", "`r.csv` is a pipe or a device, not a file: save the list to a file first"),
        ("zero.csv", "`zero.csv` is a pipe or a device, not a file: save the list to a file first"),
        ("d.csv", "`d.csv` is a folder, not a file"),
        ("big.csv", "`big.csv` is larger than 64 MiB, which is the maximum"),
    ] {
        for command in ["merge x --recipients", "signatories import --into x"] {
            let output = run(folder.path(), &format!("{command} {list}"));
            assert_eq!(output.status.code(), Some(2));
            assert_eq!(stderr(&output), format!("undersigned: {expected}\n"));
        }
    }
}

/// The list that the user gives is not the letter's: no path leads to it, and it takes the place of no
/// file that the letter names.
#[test]
fn a_list_that_is_given_is_not_a_file_of_the_letter() {
    let own = format!("{SMALL}signatories = {{ file = \"people.csv\" }}\n");
    let with_template = format!("{SMALL}template = \"t.typ\"\n");
    let folder = repository(&[
        ("own.toml", &own),
        ("people.csv", "name\nAna Own\n"),
        ("reads.toml", &with_template),
        ("t.typ", "#let letter(l) = [#csv(\"/list.csv\").flatten().join()]\n"),
        ("hides.toml", &with_template.replace("t.typ", "h.typ")),
        ("h.typ", "#let letter(l) = [#csv(\"/.private/list.csv\").flatten().join()]\n"),
        ("imports.toml", &with_template.replace("t.typ", "i.typ")),
        ("i.typ", "#import \"@undersigned/given:0.1.0\": a\n#let letter(l) = [#a]\n"),
        (".private/list.csv", "name\nSECRET\n"),
    ]);
    let (here, repo) = (folder.path(), folder.path().join("repo"));
    write(&here.join("people.csv"), "name\nSECRET\n");
    write(&here.join("list.csv"), "name\nSECRET\n");
    write(&here.join("typst.toml"), "[[recipient]]\nname = \"SECRET\"\n");
    let listed = run(here, "signatories import people.csv --into repo/good --dry-run");
    assert!(listed.status.success(), "{}", stderr(&listed));
    assert!(stdout(&listed).contains("SECRET"), "it is new: {}", stdout(&listed));
    // The letter's own file is the one that is read.
    let merged = run(here, "merge repo/own.toml --recipients people.csv");
    assert!(merged.status.success(), "{}", stderr(&merged));
    let pdf = std::fs::read(here.join("out/own-1.en.pdf")).expect("a letter");
    let text = super::merge::read(&pdf).concat();
    assert!(text.contains("AnaOwn") && text.matches("SECRET").count() == 1, "{text}");
    for (letter, list, expected) in [
        ("reads.toml", "../list.csv", "t.typ:1:24: error[template]: file not found"),
        (
            "hides.toml",
            ".private/list.csv",
            "h.typ:1:24: error[template]: failed to load file (access denied)",
        ),
        (
            "imports.toml",
            "../typst.toml",
            "i.typ:1:9: error[template]: failed to load file (letters may not",
        ),
    ] {
        let output =
            run(&repo, &format!("merge {letter} --recipients {list} --message-format short"));
        assert_eq!(output.status.code(), Some(1), "{letter}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{letter}: {}", stderr(&output));
    }
    // A problem in the list is still shown where it is.
    write(&here.join("list.csv"), "name\n\"Ana\n");
    let output = run(&repo, "merge own.toml --recipients ../list.csv --message-format short");
    assert!(stderr(&output).contains("list.csv:2:"), "{}", stderr(&output));
}

/// Whether there is a file outside the root, a letter does not learn.
#[test]
fn a_link_out_of_the_root_tells_nothing() {
    let body = SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    for target in [
        "../../secret",
        "../../gone",
        "../../secret/below",
        "../../repo/good/letter.toml",
        "/etc/passwd",
        "/etc/gone",
        "link",
    ] {
        let folder = repository(&[("a/letter.toml", &body)]);
        let repo = folder.path().join("repo");
        link(&repo, "a/body.md", target);
        link(&repo, "a/link", "../../gone");
        assert_eq!(
            build(&repo, ""),
            "a/letter.toml:4:17: error[outside-root]: `body.md` leads outside the letter's root\n",
            "{target}"
        );
    }
    // A link inside the root may be absolute, and lead over others.
    let folder = repository(&[("a/letter.toml", &body), ("shared/text.md", "Shared.")]);
    let repo = folder.path().join("repo");
    link(&repo, "a/body.md", "./../through/text.md");
    link(&repo, "through", repo.canonicalize().expect("a folder").join("shared"));
    let output = run(&repo, "build a -f txt -o -");
    assert!(stdout(&output).contains("Shared."), "{}", stderr(&output));
}

/// In a folder of signatories, no file is passed over in silence.
#[test]
fn an_odd_name_among_signatories_is_an_error() {
    use std::os::unix::ffi::OsStrExt;
    let letter = format!("{SMALL}signatories = {{ dir = \"s\" }}\n");
    for (odd, shown) in [(&b"caf\xE9.toml"[..], "caf�.toml"), (b"b\\c.toml", "b\\c.toml")] {
        let folder = repository(&[
            ("a/letter.toml", &letter),
            ("a/s/ana.toml", "name = \"Ana\"\n"),
            ("a/s/read me\\.txt", ""),
        ]);
        let repo = folder.path().join("repo");
        let file = repo.join("a/s").join(std::ffi::OsStr::from_bytes(odd));
        write(&file, "name = \"Beto\"\n");
        assert_eq!(
            build(&repo, ""),
            format!(
                "a/letter.toml:5:23: error[invalid-value]: the name `{shown}` in this folder has a \
                 backslash or is not Unicode\n"
            )
        );
        std::fs::remove_file(file).expect("removed");
        assert!(run(&repo, "build").status.success());
    }
}

/// Standard input is a letter like any other, and is not read without end.
#[test]
fn standard_input_is_limited() {
    let folder = folder(&[]);
    let mut endless = std::process::Command::new("yes")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let text = endless.stdout.take().expect("a pipe");
    let output = program(folder.path())
        .args(["check", "-", "--message-format", "short"])
        .stdin(text)
        .output()
        .expect("the program starts");
    endless.kill().expect("it is stopped");
    endless.wait().expect("it has ended");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("the maximum is 8388607"), "{}", stderr(&output));
}

/// Where the system limits the size of files, writing a larger one would end the program.
#[test]
fn a_file_that_may_not_be_so_large_is_an_error() {
    let folder = folder(&[("x/letter.toml", SMALL), ("y/letter.toml", SMALL)]);
    let binary = program(folder.path()).get_program().to_owned();
    let limited = |arguments: &str| -> Output {
        let script = format!("ulimit -f 1; exec \"$0\" {arguments}");
        Command::new("sh")
            .current_dir(folder.path())
            .env_clear()
            .env("LC_ALL", "C")
            .args(["-c", &script])
            .arg(&binary)
            .output()
            .expect("sh")
    };
    let output = limited("build --message-format short");
    assert_eq!(output.status.code(), Some(1), "{:?}", output.status);
    assert_eq!(
        stderr(&output),
        "x/letter.toml:1:1: error[write]: cannot write `out/x.en.pdf`: the file is too large\n\
         y/letter.toml:1:1: error[write]: cannot write `out/y.en.pdf`: the file is too large\n"
    );
    assert!(left_overs(&folder.path().join("out")).is_empty());
}

fn left_overs(folder: &Path) -> Vec<String> {
    let names = folder.read_dir().into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".undersigned-")).collect()
}

/// What a killed run left goes; what another run is writing stays.
#[test]
fn only_what_is_left_over_is_removed() {
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", "name\nAna\nBeto\n")]);
    let out = folder.path().join("out");
    let share = folder.path().join("share");
    for arguments in ["build x", "merge x --recipients r.csv", "merge --join share -o out"] {
        let joins = arguments.contains("--join");
        if joins {
            for number in [1, 2] {
                let made = format!("merge x --recipients r.csv -o share --shard {number}/2");
                assert!(run(folder.path(), &made).status.success());
            }
        }
        let out = if joins { &share } else { &out };
        write(&out.join(".undersigned-left"), "half of a");
        write(&out.join(".undersigned-busy"), "half of a");
        symlink("/dev/zero", out.join(".undersigned-link")).expect("a link");
        let busy = std::fs::File::open(out.join(".undersigned-busy")).expect("a file");
        busy.lock().expect("a lock");
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
        let mut left = left_overs(out);
        left.sort();
        assert_eq!(left, [".undersigned-busy", ".undersigned-link"], "{arguments}");
        std::fs::remove_file(out.join(".undersigned-link")).expect("removed");
    }
}

/// Only what git ignores is passed over, and not what a pull request says in another file.
#[test]
fn nothing_but_git_hides_a_letter() {
    let folder = repository(&[
        (".ignore", "a\n"),
        (".rgignore", "a\n"),
        (".gitignore", "b\n"),
        ("a/letter.toml", "broken"),
        ("b/letter.toml", "broken"),
    ]);
    let text = build(&folder.path().join("repo"), "");
    assert!(text.contains("a/letter.toml:1:"), "{text}");
    assert!(!text.contains("b/letter.toml"), "{text}");
}

/// What git ignores is read from a small file, and from nothing else.
#[test]
fn what_git_ignores_is_a_regular_file() {
    let folder = repository(&[("a/letter.toml", SMALL), ("b/c/letter.toml", SMALL)]);
    let repo = folder.path().join("repo");
    let large = "#\n".repeat((64 << 10) / 2 + 1);
    let rules = |folder: &str| repo.join(folder).join(".gitignore");
    let link_to = |target: &str, at: &str| symlink(target, rules(at)).expect("a link");
    let makers: [&dyn Fn(&str); 5] = [
        &|at| link_to("/dev/zero", at),
        &|at| link_to("/dev/stdin", at),
        &|at| link_to("../good/letter.toml", at),
        &|at| pipe(&rules(at)),
        &|at| write(&rules(at), &large),
    ];
    let a_link = "is a link, not a file";
    let a_pipe = "is a pipe or a device, not a file";
    let too_large = "is larger than 64 KiB, which is the maximum";
    for (make, message) in makers.iter().zip([a_link, a_link, a_link, a_pipe, too_large]) {
        make("b");
        assert_eq!(
            build(&repo, ""),
            format!("b/.gitignore:1:1: error[missing-file]: `.gitignore` {message}\n")
        );
        let output = run(&repo, "signatories b");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stderr(&output), format!("undersigned: `b/.gitignore` {message}\n"));
        std::fs::remove_file(rules("b")).expect("removed");
        // The one at the root holds below it too.
        make("");
        for argument in ["", "b"] {
            let output = run(&repo, &format!("check --message-format short {argument}"));
            assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
            let text = stderr(&output);
            assert!(text.ends_with(&format!("`.gitignore` {message}\n")), "{text}");
            assert_eq!(text.lines().count(), 1);
        }
        std::fs::remove_file(rules("")).expect("removed");
    }
    // One of the user's own, above the repository, may be a link.
    link(folder.path(), ".gitignore", "secret");
    write(&rules("b"), &large[2..]);
    let output = run(&repo, "build a b --message-format short");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// There may be letters in a folder that cannot be read.
#[test]
fn a_folder_that_cannot_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = repository(&[("closed/a/letter.toml", "broken")]);
    let repo = folder.path().join("repo");
    let closed = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(repo.join("closed"), permissions).expect("permissions");
    };
    closed(0o000);
    // Permissions mean nothing to the superuser, so that one becomes somebody else.
    let is_open = repo.join("closed").read_dir().is_ok();
    let command = program(&repo);
    let binary = command.get_program().to_owned();
    let output = if is_open {
        let everybody = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), everybody).expect("permissions");
        // The program may be in a folder that only the superuser may enter.
        let own = folder.path().join("undersigned");
        std::fs::copy(binary, &own).expect("a copy");
        let ids = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        Command::new("setpriv")
            .args(ids)
            .arg(own)
            .current_dir(&repo)
            .env_clear()
            .args(["check", "--message-format", "short"])
            .output()
            .expect("setpriv")
    } else {
        run(&repo, "check --message-format short")
    };
    closed(0o755);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(
        stderr(&output),
        "closed:1:1: error[missing-file]: `closed` cannot be read: permission is denied\n"
    );
}

/// A manifest says how many shares there are. It may say anything.
#[test]
fn missing_shares_are_not_all_listed() {
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", "name\nAna\nBeto\n")]);
    let made = run(folder.path(), "merge x --recipients r.csv --shard 1/2");
    assert!(made.status.success(), "{}", stderr(&made));
    let out = folder.path().join("out");
    let text = std::fs::read_to_string(out.join("manifest.1-of-2.jsonl")).expect("a manifest");
    let many = text.replace("\"1/2\"", "\"1/18446744073709551615\"");
    write(&out.join("manifest.1-of-2.jsonl"), &many);
    let output = run(folder.path(), "merge --join out -o joint");
    assert_eq!(output.status.code(), Some(1));
    let list: Vec<String> = (2..=11).map(|n| format!("{n}/18446744073709551615")).collect();
    assert_eq!(
        stderr(&output),
        format!(
            "undersigned: these shares are missing: {}, and 18446744073709551604 more\n",
            list.join(", ")
        )
    );
}

/// A manifest from elsewhere prints nothing that a terminal obeys, and reads nothing elsewhere.
#[test]
fn manifests_are_data() {
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", "name\nAna\n")]);
    let made = run(folder.path(), "merge x --recipients r.csv --shard 1/1");
    assert!(made.status.success(), "{}", stderr(&made));
    let out = folder.path().join("out");
    let path = out.join("manifest.1-of-1.jsonl");
    let text = std::fs::read_to_string(&path).expect("a manifest");
    std::fs::rename(out.join("x-1.en.pdf"), folder.path().join("x-1.en.pdf")).expect("moved");
    for (file, shown) in [
        ("\\u001b]0;x\\u0007.pdf", "out/\\u{1b}]0;x\\u{7}.pdf"),
        // The same bytes, but in another folder.
        ("../x-1.en.pdf", "out/../x-1.en.pdf"),
        ("a\\n::error::x", "out/a\\n::error::x"),
    ] {
        write(&path, &text.replace("x-1.en.pdf", file));
        let output = run(folder.path(), "merge --join out -o joint");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            stderr(&output),
            format!("undersigned: {shown} does not match its manifest: run its share again\n")
        );
    }
}

/// An accent may be a character of its own; on a Mac both are one file.
#[test]
fn outputs_that_differ_only_in_how_an_accent_is_written_collide() {
    let folder = folder(&[("a/\u{e9}/letter.toml", SMALL), ("b/e\u{301}/letter.toml", SMALL)]);
    let output = run(folder.path(), "build --message-format short");
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("error[write]: another letter is also called"), "{text}");
}

/// A letter that a Make file cannot name is not written; the others are.
#[test]
fn a_name_that_make_cannot_read_is_an_error_of_its_letter() {
    let folder = repository(&[("a\nb/letter.toml", SMALL)]);
    let repo = folder.path().join("repo");
    let text = build(&repo, "--deps out.d");
    assert!(text.contains("error[write]: a Make file cannot contain the name"), "{text}");
    let made = std::fs::read_to_string(repo.join("out.d")).expect("a file");
    assert!(made.starts_with("out/good.en.pdf: "), "{made}");
    assert_eq!(repo.join("out").read_dir().expect("a folder").count(), 1);
}

/// A whole merge beside a share in one folder leaves the file that the share is writing.
#[test]
fn runs_side_by_side_do_not_disturb_each_other() {
    let rows: String = (0..60).map(|n| format!("Name {n}\n")).collect();
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", &format!("name\n{rows}"))]);
    for _ in 0..3 {
        let share = program(folder.path())
            .args([
                "merge",
                "x",
                "--recipients",
                "r.csv",
                "-q",
                "--shard",
                "1/1",
                "--name",
                "s-{number}",
            ])
            .spawn()
            .expect("the program starts");
        let whole = run(folder.path(), "merge x --recipients r.csv -q");
        let share = share.wait_with_output().expect("it ends");
        assert!(whole.status.success(), "{}", stderr(&whole));
        assert!(share.status.success(), "{}", stderr(&share));
        std::fs::remove_dir_all(folder.path().join("out")).expect("removed");
    }
}
