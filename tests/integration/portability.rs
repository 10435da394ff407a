//! Letters from another kind of computer.

use super::{SMALL, folder, run, stderr, stdout, write};

/// Converts a text to the line ends of Windows.
fn with_crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// A letter whose files have the line ends made by `ends`.
fn letter(ends: impl Fn(&str) -> String) -> tempfile::TempDir {
    let letter = "languages = [\"en\", \"es\"]\ndate = 2021-08-24\ntitle.en = \"Water\"\n\
                  title.es = \"Agua\"\nbody.en = \"\"\"\nWe ask.\n\n- for water\n- and more\n\"\"\"\n\
                  body.es = { file = \"body.es.md\" }\n\
                  signatories = [\n  \"Beta\",\n  { file = \"s.csv\" },\n]\n";
    folder(&[
        ("x/letter.toml", &ends(letter)),
        ("x/body.es.md", &ends("Pedimos.\n\n- agua\n- y más\n")),
        ("x/s.csv", &ends("name,country\nGamma,MX\nDelta,US\n")),
    ])
}

/// Git may check out the same letter with other line ends on Windows.
#[test]
fn line_ends_change_no_byte() {
    let (ours, theirs) = (letter(str::to_owned), letter(with_crlf));
    for (language, format) in [("en", "pdf"), ("es", "pdf"), ("en", "md"), ("es", "html")] {
        let arguments = format!("build x --lang {language} -f {format} -o -");
        let (ours, theirs) = (run(ours.path(), &arguments), run(theirs.path(), &arguments));
        assert!(ours.status.success(), "{}", stderr(&ours));
        assert!(ours.stdout == theirs.stdout, "{language} {format}");
    }
}

/// The end of a line is not one of its characters.
#[test]
fn messages_show_lines_without_their_ends() {
    let wrong = with_crlf(&SMALL.replace("title", "zzz = 1\ntitle"));
    let folder = folder(&[("x/letter.toml", &wrong)]);
    let text = stderr(&run(folder.path(), "check x"));
    assert!(text.contains("3 | zzz = 1\n"), "{text}");
}

/// Somebody who adds a signatory sees only that line in the diff, not all lines.
#[test]
fn changes_to_a_letter_keep_its_line_ends() {
    let folder = letter(with_crlf);
    write(&folder.path().join("new.csv"), "name\nEpsilon\n");
    let added = run(folder.path(), "signatories import new.csv --into x");
    assert!(added.status.success(), "{}", stderr(&added));
    let reviewed = run(folder.path(), "review x --lang es --by Ana");
    assert!(reviewed.status.success(), "{}", stderr(&reviewed));
    let text = std::fs::read_to_string(folder.path().join("x/letter.toml")).expect("the letter");
    assert!(text.contains("Epsilon") && text.contains("[translation.es]"), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
}

/// Two letters whose outputs differ only in case are one file on Windows and on a Mac.
#[test]
fn outputs_that_differ_only_in_case_collide() {
    let folder = folder(&[("a/Agua/letter.toml", SMALL), ("b/agua/letter.toml", SMALL)]);
    let output = run(folder.path(), "build --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "b/agua/letter.toml:1:1: error[write]: another letter is also called agua.en.pdf\n"
    );
    assert_eq!(stdout(&output), "out/Agua.en.pdf\n");
}

/// Hidden files stay hidden, whatever path leads to them: the token in `.git/config` is not printed.
#[cfg(unix)]
#[test]
fn links_do_not_lead_to_hidden_files() {
    let body = SMALL.replace("\"Text.\"", "{ file = \"body.md\" }");
    let folder = folder(&[("x/letter.toml", &body), (".git/config", "token = secret\n")]);
    let link = folder.path().join("x/body.md");
    std::os::unix::fs::symlink("../.git/config", link).expect("a link");
    let output = run(folder.path(), "build x -f txt -o - --message-format short");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert_eq!(stderr(&output), "x/letter.toml:4:17: error[outside-root]: `body.md` is hidden\n");
}

/// On systems other than Windows a backslash is an ordinary character.
#[cfg(unix)]
#[test]
fn a_backslash_in_the_name_of_a_folder_stays() {
    let folder = folder(&[("x/letter.toml", SMALL), ("r.csv", "name\nAna\nBeto\n")]);
    for share in ["1", "2"] {
        let out = format!("merge x --recipients r.csv -q -o out\\{share} --shard {share}/2");
        let output = run(folder.path(), &out);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let output = run(folder.path(), "merge --join out\\1 out\\2 -o .");
    assert!(output.status.success(), "{}", stderr(&output));
    let manifest = std::fs::read_to_string(folder.path().join("manifest.jsonl"));
    let manifest = manifest.expect("a manifest");
    for line in manifest.lines().skip(1) {
        let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let file = entry["file"].as_str().expect("a path");
        assert!(folder.path().join(file).is_file(), "{file}");
    }
}
