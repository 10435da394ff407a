//! A mail merge: the letters, problems of rows, stopping and resuming, shares.

use std::collections::BTreeMap;
use std::path::Path;

use lopdf::Document;

/// A letter whose address, salutation and text differ between recipients.
const LETTER: &str = r#"
template = "formal"
languages = ["en", "es"]
date = 2026-03-09
title.en = "Water for all"
title.es = "Agua para todas"
salutation.en = "Dear all:"
salutation.es = "Estimadas todas:"
body.en = "We ask **{{recipient.name}}** of {{recipient.District}} for water.\n\nWe thank you."
body.es = "Pedimos agua a **{{recipient.name}}**, de {{recipient.District}}.\n\nGracias."
closing.en = "Sincerely,"
closing.es = "Atentamente,"
signatories = ["Red del Agua", { name = "Ana Ávila", kind = "person" }]
"#;

const RECIPIENTS: &str = "id,name,office,address,salutation,District,lang\n\
    a1,Jane \"\"Doe\"\",Senator,Calle 5;Oaxaca,Dear Senator Doe:,North,\n\
    a2,José Ñúñez-Íñiguez,Diputado,\"Calle 6, 2.º; 06000 CDMX\",,Sur,es\n";

/// A folder with a letter and its recipients.
fn letters(letter: &str, recipients: &str) -> tempfile::TempDir {
    super::folder(&[("water/letter.toml", letter), ("r.csv", recipients)])
}

fn merge(folder: &Path, arguments: &str) -> std::process::Output {
    super::run(folder, &format!("merge water --recipients r.csv {arguments}"))
}

/// The files of a folder with their contents.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("UTF-8");
        (name, std::fs::read(entry.path()).expect("a file"))
    };
    entries.map(entry).collect()
}

/// The text of a PDF, page by page.
pub(super) fn read(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = |page| document.extract_text(&[page]).expect("text");
    // Where runs of text begin does not matter.
    let words = |text: String| text.split_whitespace().collect::<String>();
    pages.into_iter().map(text).map(words).collect()
}

#[test]
fn each_recipient_gets_the_letter_that_build_would_make() {
    let folder = letters(LETTER, RECIPIENTS);
    let output = merge(folder.path(), "-o out");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let made = files(&folder.path().join("out"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    let expected = ["manifest.jsonl", "water-1.en.pdf", "water-1.es.pdf", "water-2.es.pdf"];
    assert_eq!(names, expected);

    let by_hand = [
        (
            "water-1.en.pdf",
            "en",
            "Jane \\\"\\\"Doe\\\"\\\"",
            "Senator",
            "\"Calle 5\", \"Oaxaca\"",
            "Dear Senator Doe:",
            "North",
        ),
        (
            "water-1.es.pdf",
            "es",
            "Jane \\\"\\\"Doe\\\"\\\"",
            "Senator",
            "\"Calle 5\", \"Oaxaca\"",
            "Dear Senator Doe:",
            "North",
        ),
        (
            "water-2.es.pdf",
            "es",
            "José Ñúñez-Íñiguez",
            "Diputado",
            "\"Calle 6, 2.º\", \"06000 CDMX\"",
            "Estimadas todas:",
            "Sur",
        ),
    ];
    for (file, language, name, office, address, salutation, district) in by_hand {
        let plain = name.replace("\\\"", "\"");
        let letter = LETTER
            .replace("{{recipient.name}}", &plain.replace('"', "\\\""))
            .replace("{{recipient.District}}", district)
            .replace("\"Dear all:\"", &format!("\"{salutation}\""))
            .replace("\"Estimadas todas:\"", &format!("\"{salutation}\""));
        let letter = format!(
            "{letter}\n[[to]]\nname = \"{name}\"\noffice = \"{office}\"\naddress = [{address}]\n"
        );
        super::write(&folder.path().join("own/letter.toml"), &letter);
        let own = super::run(folder.path(), &format!("build own --lang {language} -o -"));
        assert!(own.status.success(), "{}", super::stderr(&own));
        assert_eq!(read(&own.stdout), read(&made[file]), "{file}");
    }
    // Two recipients have two documents, even if everything else is the same.
    let id = |name: &str| {
        let document = Document::load_mem(&made[name]).expect("a PDF");
        format!("{:?}", document.trailer.get(b"ID").expect("an ID"))
    };
    assert_ne!(id("water-1.es.pdf"), id("water-2.es.pdf"));
}

#[test]
fn a_title_may_name_the_recipient() {
    let letter = LETTER.replace("Water for all", "Water for {{recipient.District}}");
    let folder = letters(&letter, RECIPIENTS);
    let output = merge(folder.path(), "--lang en -o out");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let pdf = Document::load(folder.path().join("out/water-1.en.pdf")).expect("a PDF");
    let info = pdf.trailer.get(b"Info").and_then(lopdf::Object::as_reference).expect("a reference");
    let title = pdf.get_dictionary(info).and_then(|info| info.get(b"Title")).expect("a title");
    assert_eq!(lopdf::decode_text_string(title).expect("text"), "Water for North");
}

#[test]
fn what_a_logo_shows_may_name_the_recipient() {
    let from = "\n[from]\nlogo = \"logo.svg\"\nlogo-alt = \"Water for {{recipient.District}}\"\n";
    let folder = letters(&format!("{LETTER}{from}"), RECIPIENTS);
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    super::write(&folder.path().join("water/logo.svg"), logo);
    let output = merge(folder.path(), "--lang en -o out");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let pdf = Document::load(folder.path().join("out/water-1.en.pdf")).expect("a PDF");
    let dictionaries = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let alt = |dictionary: &lopdf::Dictionary| {
        lopdf::decode_text_string(dictionary.get(b"Alt").ok()?).ok()
    };
    assert_eq!(dictionaries.filter_map(alt).collect::<Vec<_>>(), ["Water for North"]);
}

/// An accent may be a separate character, as in a list from a Mac.
#[test]
fn accents_may_be_written_in_two_ways() {
    let letter = LETTER.replace("recipient.District", "recipient.Región");
    let decomposed = letter.replacen("ó", "o\u{301}", 1);
    assert_ne!(letter, decomposed);
    let rows = "name,Regio\u{301}n\nJosé,Norte\nJose\u{301},Sur\n";
    let folder = letters(&decomposed, rows);
    let output = merge(folder.path(), "--name {recipient.Región} --deny warnings");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let names: Vec<_> = files(&folder.path().join("out")).into_keys().collect();
    let expected = ["Norte.en.pdf", "Norte.es.pdf", "Sur.en.pdf", "Sur.es.pdf", "manifest.jsonl"];
    assert_eq!(names, expected);
    // Some file systems treat these as one file.
    let output = merge(folder.path(), "--name {recipient.name} -o same --message-format short");
    assert!(super::stderr(&output).contains("also that of another recipient"));
}

#[test]
fn recipients_may_be_toml_or_json_lines() {
    let toml = "[[recipient]]\nid = \"a1\"\nname = 'Jane \"\"Doe\"\"'\noffice = \"Senator\"\n\
                address = [\"Calle 5\", \"Oaxaca\"]\nsalutation = \"Dear Senator Doe:\"\n\
                District = \"North\"\n\n[[recipient]]\nid = \"a2\"\nname = \"José Ñúñez-Íñiguez\"\n\
                office = \"Diputado\"\naddress = [\"Calle 6, 2.º\", \"06000 CDMX\"]\n\
                District = \"Sur\"\nlang = \"es\"\n";
    let lines = "{\"id\":\"a1\",\"name\":\"Jane \\\"\\\"Doe\\\"\\\"\",\"office\":\"Senator\",\
                 \"address\":[\"Calle 5\",\"Oaxaca\"],\"salutation\":\"Dear Senator Doe:\",\
                 \"District\":\"North\"}\n\n\
                 {\"id\":\"a2\",\"name\":\"José Ñúñez-Íñiguez\",\"office\":\"Diputado\",\
                 \"address\":\"Calle 6, 2.º\\n06000 CDMX\",\"District\":\"Sur\",\"lang\":\"es\"}\n";
    let folder = letters(LETTER, RECIPIENTS);
    super::write(&folder.path().join("r.toml"), toml);
    super::write(&folder.path().join("r.jsonl"), lines);
    for file in ["r.csv", "r.toml", "r.jsonl"] {
        let output = super::run(
            folder.path(),
            &format!("merge water --recipients {file} --name {{recipient.id}} -o {file}.out"),
        );
        assert_eq!(output.status.code(), Some(0), "{file}: {}", super::stderr(&output));
    }
    let pages = |file: &str| -> Vec<_> {
        let made = files(&folder.path().join(format!("{file}.out")));
        made.iter().filter(|(name, _)| name.ends_with(".pdf")).map(|(_, pdf)| read(pdf)).collect()
    };
    assert_eq!(pages("r.csv").len(), 3);
    assert!(pages("r.csv") == pages("r.toml") && pages("r.csv") == pages("r.jsonl"));
}

/// All problems are reported before anything is written.
#[test]
fn every_row_is_checked_first() {
    let letter = format!("{LETTER}[page]\nenvelope = \"us-10\"\n").replace(
        "closing.en",
        "subject.en = \"{{recipient.Distrct}}\"\nsubject.es = \"x\"\nclosing.en",
    );
    let rows = "name,District,address,lang\nAna,Norte,Calle 5,\nBea,,Calle 5,\n,Sur,Calle 5,\nCeci 字,Sur,Calle 5,\n\
                Dea,Sur,1;2;3;4;5;6;7;8;9;10,\nEva,Sur,Calle 5,fr\n";
    let folder = letters(&letter, rows);
    let output = merge(folder.path(), "--message-format short");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @r#"
    water/letter.toml:11:15: error[unknown-placeholder]: there is no placeholder `recipient.Distrct`
    water/letter.toml:12:14: warning[parity-placeholders]: the placeholder `recipient.Distrct` of the original is missing here
    r.csv:3:1: error[missing-key]: this recipient has no `District`, which the letter prints
    r.csv:4:1: error[missing-key]: this recipient has no `name`, `office` or `organization`
    r.csv:5:1: error[missing-glyph]: no font has the character `字` (U+5B57)
    r.csv:6:9: error[address-overflow]: this does not show through the address window of `us-10`
    r.csv:7:17: error[invalid-language]: the letter is not in the language `fr`
    "#);
    assert!(!folder.path().join("out").exists());

    // Without the mistake in the letter, the valid rows can be merged.
    let folder = letters(&letter.replace("Distrct", "District"), rows);
    let output = merge(folder.path(), "--message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert!(!folder.path().join("out").exists());
    let output = merge(folder.path(), "--message-format short --keep-going --lang en");
    assert_eq!(output.status.code(), Some(1));
    let names: Vec<_> = files(&folder.path().join("out")).into_keys().collect();
    assert_eq!(names, ["manifest.jsonl", "water-1.en.pdf"]);
}

/// Rows that cannot be fixed in time do not hold up the other letters, and are not lost sight of.
#[test]
fn shares_are_joined_without_the_rows_in_error_only_if_asked_to() {
    let rows = many(7).replace("Person 3", "字").replace("Person 6", "");
    let folder = letters(LETTER, &rows);
    let run = |arguments: &str| {
        let output = super::run(folder.path(), &format!("merge {arguments}"));
        (output.status.code(), super::stderr(&output))
    };
    for share in 1..=2 {
        let output =
            merge(folder.path(), &format!("-o s --shard {share}/2 --lang en --keep-going -q"));
        assert_eq!(output.status.code(), Some(1));
    }
    let (status, said) = run("--join s -o joint");
    assert_eq!(status, Some(1));
    insta::assert_snapshot!(said, @"
    undersigned: letters are left out: fix their rows and run their shares again, or join without them with --keep-going:
      r.csv:4: missing-glyph (en)
      r.csv:7: missing-key (en)
    ");
    assert!(!folder.path().join("joint/manifest.jsonl").exists());
    let (status, said) = run("--join s -o joint --keep-going");
    assert_eq!(status, Some(0), "{said}");
    insta::assert_snapshot!(said, @"
    undersigned: joined without these letters:
      r.csv:4: missing-glyph (en)
      r.csv:7: missing-key (en)
    ");
    let joint = std::fs::read_to_string(folder.path().join("joint/manifest.jsonl"));
    let joint = joint.expect("a manifest");
    let left_out: Vec<_> = joint.lines().filter(|line| line.contains("left-out")).collect();
    insta::assert_snapshot!(left_out.join("\n"), @r#"
    {"number":3,"recipient":"r3","lang":"en","left-out":"r.csv:4: missing-glyph"}
    {"number":6,"recipient":"r6","lang":"en","left-out":"r.csv:7: missing-key"}
    "#);
    assert_eq!(joint.lines().count(), 8);

    // Once the rows are fixed, the same commands produce the same result as a single run.
    super::write(&folder.path().join("r.csv"), &many(7));
    for share in 1..=2 {
        let output = merge(folder.path(), &format!("-o s --shard {share}/2 --lang en -q"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    }
    assert_eq!(run("--join s -o joint").0, Some(0));
    assert!(merge(folder.path(), "-o whole --lang en -q").status.success());
    let whole = std::fs::read_to_string(folder.path().join("whole/manifest.jsonl"));
    let joint = std::fs::read_to_string(folder.path().join("joint/manifest.jsonl"));
    assert_eq!(joint.expect("a manifest").replace("../s/", ""), whole.expect("a manifest"));
}

#[test]
fn two_files_with_the_same_name_are_an_error() {
    let folder = letters(LETTER, "id,name,District\n1,Ana Díaz,x\n2,ANA DÍAZ,x\n3,Ana/Díaz,x\n");
    let output = merge(folder.path(), "--name {recipient.name} --lang en --message-format short");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @r#"
    r.csv:3:3: warning[all-caps-name]: `ANA DÍAZ` is in capitals
    r.csv:2:3: error[invalid-value]: the file `ANA-DÍAZ.en.pdf` is also that of another recipient
    r.csv:3:3: error[invalid-value]: the file `ANA-DÍAZ.en.pdf` is also that of another recipient
    r.csv:4:3: error[invalid-value]: the file `Ana-Díaz.en.pdf` is also that of another recipient
    "#);
    assert!(!folder.path().join("out").exists());
    let output = merge(folder.path(), "--name {recipient.id}-{recipient.name} --lang en -q");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let names: Vec<_> = files(&folder.path().join("out")).into_keys().collect();
    assert_eq!(names[..3], ["1-Ana-Díaz.en.pdf", "2-ANA-DÍAZ.en.pdf", "3-Ana-Díaz.en.pdf"]);
}

/// The lines of a manifest that list letters that were left out.
fn left_out(manifest: &Path) -> String {
    let manifest = std::fs::read_to_string(manifest).expect("a manifest");
    let lines: Vec<&str> = manifest.lines().filter(|line| line.contains("left-out")).collect();
    lines.join("\n")
}

/// If the files of two recipients have the same name, nobody who opens one could tell whose it is.
#[test]
fn neither_of_two_files_with_the_same_name_is_written() {
    let folder = letters(LETTER, "name,District\nAna Díaz,x\nBea,x\nANA DÍAZ,y\nana díaz,z\n");
    let output = merge(folder.path(), "--name {recipient.name} --lang en --keep-going");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output).split("\n\n").nth(3).expect("a problem"), @"
    error[invalid-value]: the file `ana-díaz.en.pdf` is also that of another recipient
     --> r.csv:5:1
      |
    2 | Ana Díaz…
      | -------- this one
    ...
    5 | ana díaz…
      | ^^^^^^^^
      |
      = hint: name files by something that differs, such as --name '{number}-{recipient.name}'
    ");
    let made: Vec<_> = files(&folder.path().join("out")).into_keys().collect();
    assert_eq!(made, ["Bea.en.pdf", "manifest.jsonl"]);
    insta::assert_snapshot!(left_out(&folder.path().join("out/manifest.jsonl")), @r#"
    {"number":1,"recipient":"1","lang":"en","left-out":"r.csv:2: invalid-value"}
    {"number":3,"recipient":"3","lang":"en","left-out":"r.csv:4: invalid-value"}
    {"number":4,"recipient":"4","lang":"en","left-out":"r.csv:5: invalid-value"}
    "#);
}

/// A row in a language without a letter still requests a letter.
#[test]
fn a_row_in_a_language_without_a_letter_is_listed() {
    let rows = "name,District,lang\nAna,x,en\nBea,x,fr\nCeci,x,Klingon\nDea,x,es\n";
    let folder = letters(LETTER, rows);
    for share in 1..=2 {
        let output = merge(folder.path(), &format!("-o s --shard {share}/2 --keep-going -q"));
        assert_eq!(output.status.code(), Some(1));
    }
    let join = |arguments: &str| {
        super::run(folder.path(), &format!("merge --join s -o joint {arguments}"))
    };
    insta::assert_snapshot!(super::stderr(&join("")), @"
    undersigned: letters are left out: fix their rows and run their shares again, or join without them with --keep-going:
      r.csv:3: invalid-language (fr)
      r.csv:4: invalid-language (Klingon)
    ");
    assert_eq!(join("--keep-going").status.code(), Some(0));
    insta::assert_snapshot!(left_out(&folder.path().join("joint/manifest.jsonl")), @r#"
    {"number":2,"recipient":"2","lang":"fr","left-out":"r.csv:3: invalid-language"}
    {"number":3,"recipient":"3","lang":"Klingon","left-out":"r.csv:4: invalid-language"}
    "#);

    // `--lang` excludes a row in another language of the letter, but a row in an unknown language is
    // still an error.
    let output = merge(folder.path(), "--lang en --message-format short");
    insta::assert_snapshot!(super::stderr(&output), @"
    r.csv:3:7: error[invalid-language]: the letter is not in the language `fr`
    r.csv:4:8: error[invalid-language]: the letter is not in the language `Klingon`
    ");
}

#[test]
fn a_language_that_the_letter_is_not_in_is_an_error() {
    let folder = letters(LETTER, RECIPIENTS);
    for language in ["fr", "en+es"] {
        let output = merge(folder.path(), &format!("--lang {language} --message-format short"));
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            super::stderr(&output),
            "water/letter.toml:1:1: error[invalid-language]: this letter is in none of the languages of --lang\n"
        );
    }
}

/// A problem found only while a letter is typeset fails that letter, even the first one.
#[test]
fn a_letter_that_cannot_be_typeset_is_listed_and_tried_again() {
    let letter = LETTER.replace("Water for all", "Water for {{recipient.District}}");
    let long = "x".repeat(600);
    let rows = many(4).replace("Street 1\n", &format!("{long}\n"));
    let folder = letters(&letter, &rows);
    let share = |number: u8, more: &str| {
        merge(folder.path(), &format!("-o s --shard {number}/2 --lang en {more}"))
    };
    let join = || super::run(folder.path(), "merge --join s -o joint");
    assert_eq!(share(1, "--dry-run --keep-going").status.code(), Some(1));
    for number in 1..=2 {
        let output = share(number, "--keep-going");
        assert_eq!(
            output.status.code(),
            Some(i32::from(number == 1)),
            "{}",
            super::stderr(&output)
        );
    }
    insta::assert_snapshot!(super::stderr(&join()), @"
    undersigned: letters are left out: fix their rows and run their shares again, or join without them with --keep-going:
      r.csv:2: invalid-value (en)
    ");
    let output = share(1, "--keep-going");
    assert!(
        super::stderr(&output).contains("letters written: 0, kept: 1"),
        "{}",
        super::stderr(&output)
    );
    assert!(super::stderr(&output).contains("invalid-value"), "{}", super::stderr(&output));

    // An older letter to a recipient who no longer gets one is not sent by mistake.
    let right = rows.replace(&long, "Street 1");
    super::write(&folder.path().join("r.csv"), &right);
    assert_eq!(share(1, "").status.code(), Some(0));
    assert_eq!(join().status.code(), Some(0));
    super::write(&folder.path().join("r.csv"), &rows);
    let output = share(1, "--keep-going --message-format short");
    insta::assert_snapshot!(super::stderr(&output).replace(&long, "…"), @"
    water/letter.toml:5:12: error[invalid-value]: `title` has 610 characters; the maximum is 500
    r.csv:1:1: warning[left-over]: s/water-1.en.pdf is from an earlier merge and was not made again
    ");
}

/// Problems of the list as a whole, or of file names, always stop a merge.
#[test]
fn problems_of_every_row_stop_a_merge() {
    let folder = letters(LETTER, &many(2));
    let output = merge(folder.path(), "--lang en --name {recipient.nmae} --keep-going");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @"
    error[unknown-placeholder]: --name asks for {recipient.nmae}, which does not exist
     --> r.csv:1:1
      |
    1 |
      | ^
      |
      = hint: did you mean `{recipient.name}`?

    1 letter: 1 error, no warnings
    ");
    let letter = LETTER.replace("{{recipient.name}}", "you");
    let folder = letters(&letter, "nombre,District\nAna,x\nBea,y\n");
    let output = merge(folder.path(), "--lang en --keep-going");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @"
    error[missing-key]: there is no column `name`, `office` or `organization`
     --> r.csv:1:1
      |
    1 |
      | ^
      |
      = hint: say which column contains the name with --column name=HEADER; the columns are `nombre`,
              `District`

    1 letter: 1 error, no warnings
    ");
    assert!(!folder.path().join("out").exists());
}

/// This many recipients.
fn many(count: usize) -> String {
    let rows = (1..=count).map(|n| format!("r{n},Person {n},Calle {n};Oaxaca,Street {n}\n"));
    format!("id,name,address,District\n{}", rows.collect::<String>())
}

#[test]
fn a_resumed_merge_gives_the_result_of_a_whole_one() {
    let folder = letters(LETTER, &many(60));
    let whole = merge(folder.path(), "--lang en -o whole");
    assert_eq!(whole.status.code(), Some(0), "{}", super::stderr(&whole));
    let whole = files(&folder.path().join("whole"));
    assert_eq!(whole.len(), 61);

    // Killed as soon as the first letter exists, whatever it is doing.
    let mut program = super::program(folder.path());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut program, 0);
    let mut child = program
        .args("merge water --recipients r.csv --lang en -o stopped -j 1".split(' '))
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    let stopped = folder.path().join("stopped");
    let made = || std::fs::read_dir(&stopped).map_or(0, std::iter::Iterator::count);
    super::until("three files are made", || made() >= 3);
    // With its child, which would go on writing for a moment.
    #[cfg(unix)]
    super::kills::end(&mut child, true);
    #[cfg(not(unix))]
    drop((child.kill(), child.wait()));
    let half = files(&stopped);
    assert!(half.len() >= 2, "nothing was made");

    // The result of a full disk or a power cut: a truncated line, a truncated file, a half-written one.
    let manifest = stopped.join("manifest.jsonl");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    std::fs::write(&manifest, format!("{text}{{\"number\":7,\"rec")).expect("a manifest");
    std::fs::write(stopped.join(".undersigned-x"), "half").expect("a file");
    std::fs::write(stopped.join("water-60.en.pdf"), "%PDF").expect("a file");
    let output = merge(folder.path(), "--lang en -o stopped");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    assert!(files(&stopped) == whole);

    // Then there is nothing left to do until something changes.
    let output = merge(folder.path(), "--lang en -o stopped");
    assert!(
        super::stderr(&output).contains("letters written: 0, kept: 60"),
        "{}",
        super::stderr(&output)
    );
    std::fs::write(folder.path().join("r.csv"), many(60).replace("Street 9\n", "Street IX\n"))
        .expect("a file");
    let output = merge(folder.path(), "--lang en -o stopped");
    assert!(
        super::stderr(&output).contains("letters written: 1, kept: 59"),
        "{}",
        super::stderr(&output)
    );
}

/// The number of recipients is not printed anywhere, so another recipient does not affect the letters of
/// the others.
#[test]
fn another_recipient_leaves_the_other_letters_alone() {
    let folder = letters(LETTER, &many(5));
    let run = |arguments: &str| {
        let output = merge(folder.path(), &format!("--lang en {arguments}"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
        super::stderr(&output)
    };
    let named = "--name {recipient.id}";
    run(&format!("-o grown {named}"));
    let with = |rows: String| std::fs::write(folder.path().join("r.csv"), rows).expect("a file");
    // The new recipient is the second.
    let rows = many(5).replace("r2,", "new,Ana,Calle 9;Oaxaca,x\nr2,");
    with(rows.clone());
    let said = run(&format!("-o grown {named}"));
    assert!(said.contains("letters written: 1, kept: 5"), "{said}");
    run(&format!("-o whole {named}"));
    let same = || files(&folder.path().join("grown")) == files(&folder.path().join("whole"));
    assert!(same(), "as if it was made at once");

    // A share made from fewer recipients is not joined until it is run again.
    for share in 1..=2 {
        run(&format!("-o s --shard {share}/2 {named}"));
    }
    with(format!("{rows}r6,Bea,Calle 8;Oaxaca,x\n"));
    run(&format!("-o s --shard 1/2 {named}"));
    let join = || super::run(folder.path(), "merge --join s -o joint");
    assert_eq!(join().status.code(), Some(1));
    let said = run(&format!("-o s --shard 2/2 {named}"));
    assert!(said.contains("letters written: 0, kept: 3"), "{said}");
    assert_eq!(join().status.code(), Some(0), "{}", super::stderr(&join()));
}

#[test]
fn shares_make_what_one_run_makes() {
    let folder = letters(LETTER, &many(20));
    assert!(merge(folder.path(), "-o whole -q").status.success());
    let whole = files(&folder.path().join("whole"));
    for share in 1..=3 {
        assert!(
            merge(folder.path(), &format!("-o s{share} --shard {share}/3 -q")).status.success()
        );
    }
    let join =
        |folders: &str| super::run(folder.path(), &format!("merge --join {folders} -o joint"));
    let missing = join("s1 s3");
    assert_eq!(missing.status.code(), Some(1));
    assert_eq!(super::stderr(&missing), "undersigned: these shares are missing: 2/3\n");
    let output = join("s1 s2 s3");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let joint =
        std::fs::read_to_string(folder.path().join("joint/manifest.jsonl")).expect("a manifest");
    let one = String::from_utf8(whole["manifest.jsonl"].clone()).expect("UTF-8");
    let without_paths = |text: &str| -> String {
        ["../s1/", "../s2/", "../s3/"]
            .iter()
            .fold(text.to_owned(), |text, path| text.replace(path, ""))
    };
    assert_eq!(without_paths(&joint), one);
    let shares: BTreeMap<String, Vec<u8>> = (1..=3)
        .flat_map(|share| files(&folder.path().join(format!("s{share}"))))
        .filter(|(name, _)| name.ends_with(".pdf"))
        .collect();
    assert!(whole.iter().filter(|(name, _)| name.ends_with(".pdf")).eq(&shares));

    // A share of another letter, and a file that somebody has changed.
    std::fs::write(folder.path().join("s3/water-03.en.pdf"), "x").expect("a file");
    let letter = LETTER.replace("We thank you", "We thank all of you");
    std::fs::write(folder.path().join("water/letter.toml"), letter).expect("a letter");
    assert!(merge(folder.path(), "-o s2 --shard 2/3 -q").status.success());
    let output = join("s1 s2 s3");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @r#"
    undersigned: the share in s2 belongs to another letter, other recipients or another version of the program
    undersigned: s3/water-03.en.pdf does not match its manifest: run its share again
    "#);
}

/// Uses the program's own threads, so that nested work does not overflow their stacks.
#[test]
fn hundreds_of_letters_on_many_threads_are_the_same_as_on_one() {
    let folder = letters(LETTER, &many(200));
    for jobs in [1, 8] {
        let output = merge(folder.path(), &format!("-o j{jobs} -j {jobs} -q"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    }
    assert!(files(&folder.path().join("j1")) == files(&folder.path().join("j8")));
}

#[test]
fn build_says_that_merge_fills_in_recipients() {
    let folder = letters(LETTER, "");
    let output = super::run(folder.path(), "check water --lang en --message-format short");
    assert!(super::stderr(&output).contains("there is no placeholder `recipient.name`"));
    let output = super::run(folder.path(), "check water --lang en");
    assert!(super::stderr(&output).contains("`undersigned merge` fills in"));
}

/// A draft sent to a printer by mistake must not look like the letter.
#[test]
fn a_draft_for_the_printer_is_marked_once_in_each_language() {
    let folder = letters(LETTER, &many(3));
    let output = merge(folder.path(), "--combined all.pdf --draft");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let pages = read(&std::fs::read(folder.path().join("out/all.pdf")).expect("a PDF"));
    assert_eq!(pages.len(), 6);
    for page in pages {
        assert_eq!(page.matches("DRAFT/BORRADOR").count(), 1, "{page}");
        assert_eq!(page.matches("DRAFT").count(), 1, "{page}");
    }
}

/// One file for the printer: each letter begins on a right-hand page, counts its own pages and has a
/// bookmark with its recipient.
#[test]
fn letters_for_the_printer_follow_one_another() {
    // Three pages each, so that a blank page follows each but the last.
    let body = "Text. ".repeat(1700);
    let letter = LETTER
        .replace("template = \"formal\"", "template = \"open-letter\"")
        .replace("We thank you.", &body);
    let folder = letters(&letter, &many(3));
    let output = merge(folder.path(), "--lang en --combined all.pdf --duplex");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    assert_eq!(super::stdout(&output), "out/all.pdf\n");
    let pdf = std::fs::read(folder.path().join("out/all.pdf")).expect("a PDF");
    let pages = read(&pdf);
    let one = |pages: &[String]| {
        let count = pages.iter().filter(|page| !page.is_empty()).count();
        assert!(count % 2 == 1, "{count} pages leave none blank");
        for (index, page) in pages.iter().take(count).enumerate() {
            assert!(page.contains(&format!("Page{}of{count}", index + 1)), "{page}");
        }
        count
    };
    let starts: Vec<usize> =
        (0..pages.len()).filter(|page| pages[*page].contains("Waterforall")).collect();
    assert_eq!(starts.len(), 3);
    assert!(starts.iter().all(|start| start % 2 == 0), "{starts:?}");
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(pages.len());
        one(&pages[*start..end]);
    }
    let document = Document::load_mem(&pdf).expect("a PDF");
    let bookmarks: Vec<String> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dict| dict.has(b"Dest") || dict.has(b"A") && dict.has(b"Parent"))
        .filter_map(|dict| lopdf::decode_text_string(dict.get(b"Title").ok()?).ok())
        .collect();
    assert_eq!(bookmarks, ["Person 1", "Person 2", "Person 3"]);
}

/// Files for the printer that are up to date are kept, and those of an earlier merge are told.
#[test]
fn files_for_the_printer_are_resumed() {
    let folder = letters(LETTER, &many(5));
    let parts = "--lang en -o print --combined parts.pdf --chunk 2 --message-format short";
    let output = merge(folder.path(), parts);
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let paths = "print/parts-1.pdf\nprint/parts-2.pdf\nprint/parts-3.pdf\n";
    assert_eq!(super::stdout(&output), paths);
    let out = folder.path().join("print");
    let letters = |name: &str| {
        let pdf = std::fs::read(out.join(name)).expect("a PDF");
        read(&pdf).iter().filter(|page| page.contains("Waterforall")).count()
    };
    assert_eq!([1, 2, 3].map(|n| letters(&format!("parts-{n}.pdf"))), [2, 2, 1]);
    let whole = files(&out);

    // What is missing or was changed is made again, and nothing else.
    std::fs::remove_file(out.join("parts-1.pdf")).expect("a file");
    std::fs::write(out.join("parts-3.pdf"), "half a file").expect("a file");
    let output = merge(folder.path(), parts);
    assert_eq!(super::stdout(&output), paths);
    assert_eq!(files(&out), whole);
    let output = super::run(
        folder.path(),
        "merge water --recipients r.csv --lang en -o print --combined parts.pdf --chunk 2",
    );
    let said = super::stderr(&output);
    assert!(said.contains("letters written: 0, kept: 5, pages: 5"), "{said}");

    std::fs::write(folder.path().join("r.csv"), many(3)).expect("a file");
    let output = merge(folder.path(), parts);
    insta::assert_snapshot!(
        super::stderr(&output),
        @"r.csv:1:1: warning[left-over]: print/parts-3.pdf is from an earlier merge, and no letter of this one is in it"
    );
    assert!(out.join("parts-3.pdf").exists(), "nothing is deleted");
}

/// A dry run says what the merge would do, and finds what only the pages show.
#[test]
fn a_dry_run_counts() {
    let rows = "name,District,lang,honorific,office,address\nAna,Norte,Spanish,,,\nBea,Sur,English,,,Calle 5\n\
                BEA,Sur,English,,,calle 5\nCeci,Sur,,,,\n,Sur,,,,\n,Sur,,Dra.,Senadora,\nDea,Sur,Klingon,,,\n";
    let folder = letters(LETTER, rows);
    let output = merge(folder.path(), "--dry-run");
    assert_eq!(output.status.code(), Some(1));
    let said = super::stderr(&output);
    let last = said.lines().last().unwrap_or_default();
    assert_eq!(
        last,
        "undersigned: letters to make: 5 (es 2, en 3), pages: 5; left out: 5, in the list twice: 1, \
         without a name: 1"
    );
    let output = merge(folder.path(), "--dry-run --message-format short");
    insta::assert_snapshot!(super::stderr(&output), @r"
    r.csv:4:1: warning[duplicate-recipient]: `BEA` is in this list twice
    r.csv:6:1: error[missing-key]: this recipient has no `name`, `office` or `organization`
    r.csv:7:7: error[missing-key]: this recipient has an honorific and no `name`
    r.csv:7:12: error[missing-key]: this recipient has no `name`, which the letter prints
    r.csv:8:9: error[invalid-language]: the letter is not in the language `Klingon`
    ");
}

/// What makes a letter useless on paper, or rude, is told before it is printed.
#[test]
fn rows_without_an_address_and_names_in_capitals_are_told() {
    let letter = format!("{LETTER}[page]\nenvelope = \"us-10\"\n");
    let rows = "name,District,address\nAna Prueba,Norte,Calle 5\nBEA DE LA PRUEBA,Sur,\nCeci Muestra,Sur,Calle 6\n";
    let folder = letters(&letter, rows);
    let output = merge(folder.path(), "--dry-run --message-format short");
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(super::stderr(&output), @r"
    r.csv:3:1: warning[all-caps-name]: `BEA DE LA PRUEBA` is in capitals
    r.csv:3:1: warning[no-addressee]: this recipient has no `address` to show through the window of the envelope
    ");
    // Text needs no address, and a whole list in capitals is meant so.
    std::fs::write(
        folder.path().join("r.csv"),
        rows.to_uppercase().replace("NAME,DISTRICT,ADDRESS", "name,District,address"),
    )
    .expect("a file");
    let output = merge(folder.path(), "--dry-run --message-format short -f txt");
    assert_eq!(super::stderr(&output), "");
    std::fs::write(
        folder.path().join("r.csv"),
        "name,District\nAna Prueba,Norte\nBea Prueba,Sur\n",
    )
    .expect("a file");
    let output = merge(folder.path(), "--dry-run --message-format short");
    insta::assert_snapshot!(
        super::stderr(&output),
        @"r.csv:1:1: warning[no-addressee]: there is no column `address` to show through the window of the envelope"
    );
}

/// A salutation made of the columns that fill the address is not part of the address.
#[test]
fn a_salutation_of_columns_is_not_in_the_window() {
    let letter = format!("{LETTER}[page]\nenvelope = \"us-10\"\n");
    let rows = "Name,District,Street,City\nMaria Chavez,North,12 Main Street,Fresno CA 93721\n\
                John Roe,South,14 Main Street,Fresno CA 93721\n";
    let folder = letters(&letter, rows);
    for more in ["--dry-run", "--lang en", "--lang en --combined all.pdf"] {
        let arguments = ["merge", "water", "--recipients", "r.csv", "--column", "name=Name"];
        let mut command = super::program(folder.path());
        command.args(arguments).args(["--column", "address={Street}; {City}"]);
        command.args(["--column", "salutation=Dear {Name}:"]).args(more.split(' '));
        let output = command.output().expect("a run");
        assert_eq!(output.status.code(), Some(0), "{more}: {}", super::stderr(&output));
    }
}

/// A mistake in the name pattern is reported, and so is a letter that no longer has a recipient.
#[test]
fn nothing_is_named_or_sent_by_mistake() {
    let folder = letters(LETTER, &many(2));
    let output = merge(folder.path(), "--lang en --name {recipient.nmae} --message-format short");
    assert_eq!(output.status.code(), Some(1));
    assert!(super::stderr(&output).contains("--name asks for {recipient.nmae}"));
    assert!(!folder.path().join("out").exists());
    assert_eq!(merge(folder.path(), "--lang en --dry-run").status.code(), Some(0));
    assert!(!folder.path().join("out").exists());

    assert_eq!(merge(folder.path(), "--lang en -q").status.code(), Some(0));
    std::fs::write(folder.path().join("r.csv"), many(1)).expect("a file");
    let output = merge(folder.path(), "--lang en --message-format short");
    assert!(super::stderr(&output).contains("warning[left-over]"), "{}", super::stderr(&output));
    assert!(folder.path().join("out/water-2.en.pdf").exists(), "nothing is deleted");
}

/// If nothing more can be written, no other letter is tried. The file size limit simulates a full disk,
/// which a test cannot create without special privileges.
#[cfg(unix)]
#[test]
fn a_full_disk_stops_a_merge_that_resumes_later() {
    let folder = letters(LETTER, &many(40));
    let program = env!("CARGO_BIN_EXE_undersigned");
    let merge =
        format!("{program} merge water --recipients r.csv --lang en -o full -j 1 --keep-going");
    // The manifest takes fewer than 16 blocks of 512 bytes, a letter takes more.
    let script = format!(
        "trap '' XFSZ; (ulimit -f 16; {merge} --message-format short; echo $?)\n\
         ls full; {merge} -q; echo $?; ls -A full | wc -l"
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .output()
        .expect("a shell");
    let errors = super::stderr(&output);
    let letters = errors.lines().filter(|line| line.contains("cannot write `full/water-"));
    assert_eq!(letters.count(), 1, "{errors}");
    let said = super::stdout(&output);
    let said: Vec<&str> = said.split_whitespace().collect();
    assert_eq!(said, ["1", "manifest.jsonl", "0", "41"], "{errors}");
}

/// Shares that run side by side in one folder, as on several computers, leave one another's unfinished
/// files alone. Joining them removes the remains of a share that was killed.
#[test]
fn shares_leave_the_files_of_others_alone() {
    let folder = letters(LETTER, &many(4));
    std::fs::create_dir(folder.path().join("out")).expect("a folder");
    let unfinished = folder.path().join("out/.undersigned-other");
    std::fs::write(&unfinished, "half a letter").expect("a file");
    for share in ["1/2", "2/2"] {
        let output = merge(folder.path(), &format!("--lang en --shard {share} -q"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
        assert!(unfinished.exists(), "{share}");
    }
    let output = super::run(folder.path(), "merge --join out -o out");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    assert!(!unfinished.exists());
}

#[test]
fn letters_do_not_overwrite_their_sources() {
    let folder = letters(LETTER, &many(2));
    for (arguments, file) in [
        ("merge water --recipients r.csv --lang en -o . --combined r.csv", "r.csv"),
        (
            "merge water --recipients r.csv --lang en -o . --combined water/letter.toml",
            "water/letter.toml",
        ),
        ("check water --sarif water/letter.toml", "water/letter.toml"),
    ] {
        let file = folder.path().join(file);
        let before = std::fs::read(&file).expect("a file");
        let output = super::run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {}", super::stderr(&output));
        assert!(super::stderr(&output).contains("a letter is built from this file"), "{arguments}");
        assert_eq!(std::fs::read(&file).expect("a file"), before, "{arguments}");
    }
}

/// Some parts of the text are for some recipients only; what a part needs is needed only there.
#[test]
fn a_part_of_the_text_may_be_for_some_recipients() {
    let body = |tag: &str, yes: &str, no: &str| {
        format!(
            "body.{tag} = \"\"\"\nA\n::: if recipient.Voted = \"yes\"\n## {yes} {{{{recipient.Bill}}}}\n\n* B[^n]\n:::\n\
             ::: if recipient.voted != \"YES\"\n### {no}\n:::\n\nC\n\n[^n]: Note\n\"\"\"\n"
        )
    };
    let letter = format!(
        "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle = {{ en = \"T\", es = \"S\" }}\n\
         signatories = [\"Red\"]\n{}{}",
        body("en", "Thanks", "Please"),
        body("es", "Gracias", "Por favor"),
    );
    let rows = "name,Voted,Bill\nAna, Yes ,7\nBea,no,\nCeci,,\n";
    let folder = letters(&letter, rows);
    let output = merge(folder.path(), "--lang en --message-format short");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let text = |number: usize| {
        let path = folder.path().join(format!("out/water-{number}.en.pdf"));
        read(&std::fs::read(path).expect("a PDF")).concat()
    };
    assert!(text(1).contains("Thanks7") && text(1).contains("Note"), "{}", text(1));
    assert!(!text(1).contains("Please"));
    for other in [2, 3] {
        let text = text(other);
        assert!(
            text.contains("Please") && !text.contains("Thanks") && !text.contains("Note"),
            "{text}"
        );
    }
    // Whether a letter is laid out again or filled in makes no difference.
    let output = merge(folder.path(), "--lang en --combined all.pdf");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let pages = read(&std::fs::read(folder.path().join("out/all.pdf")).expect("a PDF"));
    let counts = ["Thanks", "Please"].map(|word| pages.iter().filter(|p| p.contains(word)).count());
    assert_eq!(counts, [1, 2]);

    let wrong = letter.replacen("!= \"YES\"", "= \"maybe\"", 1);
    let folder = letters(&wrong, &rows.replace("Yes ,7", "maybe,").replace("no,", "maybe,"));
    let output = merge(folder.path(), "--dry-run --message-format short");
    insta::assert_snapshot!(super::stderr(&output), @r#"
    water/letter.toml:7:1: warning[unused-key]: no recipient gets this text: for none is `recipient.Voted = "yes"`
    water/letter.toml:12:1: warning[parity-structure]: in `es` no text is for `recipient.voted = "maybe"` only
    water/letter.toml:22:1: warning[unused-key]: no recipient gets this text: for none is `recipient.Voted = "yes"`
    water/letter.toml:27:1: warning[parity-structure]: in the original, `en`, no text is for `recipient.voted != "YES"` only
    "#);
}

/// The list may name a file for each recipient, and every file is tried before the first letter.
#[test]
fn a_file_may_be_enclosed_for_each_recipient() {
    let letter = format!(
        "{LETTER}[[enclosures]]\ntitle.en = \"Measurements of {{{{recipient.District}}}}\"\ntitle.es = \"x\"\n\
         file = \"{{{{recipient.File}}}}\"\n[pdf]\nstandard = [\"1.7\"]\n"
    );
    let rows = "name,District,File\nAna,North,north.pdf\nBea,South,south.pdf\nCeci,East,\nDea,West,../r.csv\n";
    let folder = letters(&letter, rows);
    let page = |name: &str, paper: &str| {
        let letter = format!(
            "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"T\"\nbody = \"x\"\nsignatories = [\"A\"]\npage.paper = \"{paper}\"\n"
        );
        super::write(&folder.path().join(format!("{name}/letter.toml")), &letter);
        assert!(super::run(folder.path(), &format!("build {name} -q")).status.success());
        let pdf = folder.path().join(format!("out/{name}.en.pdf"));
        std::fs::copy(pdf, folder.path().join(format!("water/{name}.pdf"))).expect("a copy");
    };
    page("north", "a4");
    let output = merge(folder.path(), "--lang en --message-format short");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @r"
    water/letter.toml:17:8: error[missing-file]: there is no file `south.pdf`
    water/letter.toml:17:8: error[outside-root]: `../r.csv` leads outside the letter's root
    ");
    page("south", "us-letter");
    std::fs::write(folder.path().join("r.csv"), rows.replace("../r.csv", "")).expect("a file");
    let output = merge(folder.path(), "--lang en --message-format short");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    // The widths of the pages, in points. The enclosed page has its own size, and a page with its title
    // before it.
    let widths = |file: &str| -> Vec<i64> {
        let path = folder.path().join("out").join(file);
        let document = Document::load(path).expect("a PDF");
        let width = |page| {
            let page = document.get_dictionary(page).expect("a page");
            let sides = page.get(b"MediaBox").and_then(|sides| sides.as_array()).expect("a box");
            sides[2].as_float().expect("a width") as i64
        };
        document.page_iter().map(width).collect()
    };
    let of_letter = |number: usize| widths(&format!("water-{number}.en.pdf"));
    assert_eq!([1, 2, 3].map(of_letter), [vec![612, 612, 595], vec![612, 612, 612], vec![612]]);
    // In the file for the printer, each letter is followed by what goes with it.
    for (more, expected) in [
        ("", vec![612, 612, 595, 612, 612, 612, 612, 612]),
        ("--duplex", vec![612, 612, 595, 612, 612, 612, 612, 612, 612, 612, 612]),
    ] {
        let output = merge(folder.path(), &format!("--lang en --combined all.pdf {more}"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
        assert_eq!(widths("all.pdf"), expected, "{more}");
        let pdf = std::fs::read(folder.path().join("out/all.pdf")).expect("a PDF");
        let pages = read(&pdf);
        let begins = |page: &usize| pages[*page].contains("Waterforall");
        let begins: Vec<usize> = (0..pages.len()).filter(begins).collect();
        let of_each = if more.is_empty() { [0, 3, 6, 7] } else { [0, 4, 8, 10] };
        assert_eq!(begins, of_each, "{more}");
    }
    // What is wrong with the letter is one mistake, whatever the number of rows.
    let path = folder.path().join("water/letter.toml");
    let standard = letter.replace("standard = [\"1.7\"]", "");
    std::fs::write(&path, standard).expect("a file");
    let output = merge(folder.path(), "--lang en --message-format json");
    let said = super::stderr(&output);
    let problems: Vec<serde_json::Value> =
        said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let [problem] = problems.as_slice() else { panic!("{said}") };
    assert_eq!(problem["code"], "pdf-standard");
    let rows = problem["related"].as_array().expect("rows").iter();
    let rows: Vec<_> = rows.map(|row| row["line"].as_u64().expect("a line")).collect();
    assert_eq!(rows, [2, 3]);
    std::fs::write(&path, &letter).expect("a file");
    // Without a list there is nothing to enclose, and one message says so.
    let output = super::run(folder.path(), "check water --lang en --message-format short");
    insta::assert_snapshot!(super::stderr(&output), @r"
    water/letter.toml:9:21: error[unknown-placeholder]: there is no placeholder `recipient.name`
    water/letter.toml:9:45: error[unknown-placeholder]: there is no placeholder `recipient.District`
    water/letter.toml:15:29: error[unknown-placeholder]: there is no placeholder `recipient.District`
    water/letter.toml:17:9: error[unknown-placeholder]: there is no placeholder `recipient.File`
    ");
}

/// The letter as an e-mail, and an enclosure that is a file.
const BY_MAIL: &str = r#"
languages = ["en", "es"]
date = 2026-03-09
title.en = "Water for {{recipient.District}}"
title.es = "¿Agua para {{recipient.District}}?"
body.en = "We ask **{{recipient.name}}** for water.\n\n![Wells](wells.png)"
body.es = "Pedimos agua a **{{recipient.name}}**.\n\n![Pozos](wells.png)"
signatories = ["Red del Agua"]
enclosures = [{ title.en = "The wells", title.es = "Los pozos", file = "wells.csv", attach = true }]
pdf = { standard = ["ua-1", "a-3a"] }
from = { organization = "Red, A. C.", email = "red@agua.example" }
"#;

fn mailed(recipients: &str) -> tempfile::TempDir {
    let folder = letters(BY_MAIL, recipients);
    super::write(&folder.path().join("water/wells.csv"), "well,depth\nNúñez,10\n");
    let picture = super::repository().join("docs/oficio-agua-tijuana.es-MX.1.png");
    std::fs::copy(picture, folder.path().join("water/wells.png")).expect("a picture");
    folder
}

#[test]
fn each_recipient_gets_the_draft_of_an_e_mail() {
    let rows = "name,email,District,lang\nAna Ñúñez,ana@senate.example,North,es\n\
                \"Raman, \"\"Dev\"\"\",dev@senate.example,South,en\n";
    let folder = mailed(rows);
    let output = merge(folder.path(), "-f pdf -f eml -f txt -f html -f eml");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let made = files(&folder.path().join("out"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    let expected = ["eml", "html", "pdf", "txt"].map(|end| format!("water-1.es.{end}"));
    assert_eq!(names[1..5], expected);
    assert_eq!(names.len(), 9);

    let parser = mail_parser::MessageParser::default();
    let es = parser.parse(&made["water-1.es.eml"]).expect("an e-mail");
    assert_eq!(es.subject(), Some("¿Agua para North?"));
    let address = |address: Option<&mail_parser::Address<'_>>| {
        let addresses = address.expect("an address").clone().into_list();
        let [one] = addresses.as_slice() else { panic!("{addresses:?}") };
        (one.name().map(str::to_owned), one.address().map(str::to_owned))
    };
    let pair = |name: &str, address: &str| (Some(name.to_owned()), Some(address.to_owned()));
    assert_eq!(address(es.from()), pair("Red, A. C.", "red@agua.example"));
    assert_eq!(address(es.to()), pair("Ana Ñúñez", "ana@senate.example"));
    let en = parser.parse(&made["water-2.en.eml"]).expect("an e-mail");
    assert_eq!(address(en.to()), pair("Raman, \"Dev\"", "dev@senate.example"));
    assert_eq!(es.header_raw("X-Unsent").map(str::trim), Some("1"));
    // The program that sends it gives it both.
    assert!(es.date().is_none() && es.message_id().is_none());

    let text = es.body_text(0).expect("text").replace("\r\n", "\n");
    assert_eq!(text.as_bytes(), made["water-1.es.txt"]);
    let html = es.body_html(0).expect("HTML");
    assert!(html.contains("Pedimos agua a <strong>Ana Ñúñez</strong>"), "{html}");
    assert!(html.contains("src=\"cid:picture-1@letter\""), "{html}");
    let attached: Vec<_> =
        es.attachments().map(|part| (attachment_name(part), part.contents().to_vec())).collect();
    let file = |name: &str| std::fs::read(folder.path().join("water").join(name)).expect("a file");
    let expected = [
        (None, file("wells.png")),
        (Some("water-1.es.pdf"), made["water-1.es.pdf"].clone()),
        (Some("wells.csv"), file("wells.csv")),
    ];
    assert_eq!(attached, expected);

    // The manifest knows all files: what is changed is made again, with the same bytes.
    std::fs::write(folder.path().join("out/water-2.en.eml"), "x").expect("a file");
    let output = merge(folder.path(), "-f pdf -f eml -f txt -f html");
    let said = super::stderr(&output);
    assert!(said.contains("letters written: 1, kept: 1"), "{said}");
    assert!(files(&folder.path().join("out")) == made);
    let output = merge(folder.path(), "-f txt --message-format short");
    let said = super::stderr(&output);
    assert_eq!(
        said.lines().next(),
        Some(
            "r.csv:1:1: warning[left-over]: out/water-1.es.pdf and 5 more are from an earlier merge \
             in other formats"
        )
    );
}

fn attachment_name<'p>(part: &'p mail_parser::MessagePart<'_>) -> Option<&'p str> {
    use mail_parser::MimeHeaders;
    part.attachment_name()
}

/// People write an address in one cell with line breaks, as on an envelope.
#[test]
fn the_lines_of_an_address_may_be_those_of_its_cell() {
    let rows = "id,name,address,Street,City,District\n\
                a,Ana,\"Calle 5, int. \"\"B\"\"\r\n  Col. Centro;91000 Xalapa \n\",,,North\n\
                b,Bea,,\"Calle 6\nCol.  Sur\",Oaxaca,North\n\
                c,Ceci,\"\"\"Sol\"\"\nEdificio \"\"Luna\"\"\",,,North\n";
    let folder = letters(LETTER, rows);
    let output = merge(folder.path(), "-f txt --lang en");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let text = |number: u8| {
        let path = folder.path().join(format!("out/water-{number}.en.txt"));
        std::fs::read_to_string(path).expect("a text")
    };
    assert!(text(1).contains("Ana\nCalle 5, int. “B”\nCol. Centro\n91000 Xalapa\n"), "{}", text(1));
    // The quotes of the text itself stay, also at its ends.
    assert!(text(3).contains("Ceci\n“Sol”\nEdificio “Luna”\n"), "{}", text(3));
    let output = merge(folder.path(), "-f txt --lang en --column address={Street};{City}");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    assert!(text(2).contains("Bea\nCalle 6\nCol. Sur\nOaxaca\n"), "{}", text(2));
}

/// What a pattern writes without any cell has no place in the list, and is no address that does not show.
#[test]
fn an_address_may_be_written_on_the_command_line() {
    let letter = format!("{LETTER}[page]\nenvelope = \"us-10\"\n");
    let folder = letters(&letter, "id,name,Street,District\na,Ana,,North\nb,Bea,Calle 5,North\n");
    let output = merge(folder.path(), "--dry-run --column address={Street};Oaxaca");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
}

/// Somebody without an e-mail address gets the letter on paper: it is not to be deleted.
#[test]
fn an_e_mail_that_cannot_be_made_leaves_the_letter_right() {
    let folder = mailed("name,email,District\nAna,,North\nDea,dea@senate.example,South\n");
    assert!(merge(folder.path(), "-f pdf").status.success());
    let output = merge(folder.path(), "-f eml --keep-going --message-format short");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @"
    r.csv:2:1: error[missing-key]: this recipient has no `email`, which the e-mail needs
    r.csv:1:1: warning[left-over]: out/water-1.en.pdf and 3 more are from an earlier merge in other formats
    ");
}

/// Nothing that a list says adds a header or a recipient.
#[test]
fn an_e_mail_has_one_valid_address() {
    let rows = "name,email,District\nAna,,North\nBea,bea at senate.example,North\n\
                Cid,\"cid@a.example, x@b.example\",North\nDea,dea@senate.example,South\n";
    let folder = mailed(rows);
    let output = merge(folder.path(), "-f eml --message-format short");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(super::stderr(&output), @r"
    r.csv:2:1: error[missing-key]: this recipient has no `email`, which the e-mail needs
    r.csv:3:5: error[invalid-value]: this is not one e-mail address
    r.csv:4:6: error[invalid-value]: this is not one e-mail address
    ");
    assert!(!folder.path().join("out").exists());
    let output = merge(folder.path(), "-f eml -f pdf --dry-run");
    let said = super::stderr(&output);
    assert!(said.contains("row then; -f pdf without eml makes the rest of it"), "{said}");
    let output = merge(folder.path(), "-f eml --keep-going -o counted");
    let said = super::stderr(&output);
    assert!(said.trim_end().ends_with("; left out: 6"), "{said}");
    let output = merge(folder.path(), "-f eml --keep-going -q");
    assert_eq!(output.status.code(), Some(1));
    let names: Vec<_> = files(&folder.path().join("out")).into_keys().collect();
    assert_eq!(names, ["manifest.jsonl", "water-4.en.eml", "water-4.es.eml"]);

    // A list of JSON lines may have anything in a name.
    let rows = "{\"name\":\"Eva\\r\\nBcc: x@b.example\",\"email\":\"eva@a.example\",\"District\":\"a\\nb\"}\n";
    super::write(&folder.path().join("r.jsonl"), rows);
    let output = super::run(folder.path(), "merge water --recipients r.jsonl -f eml -o out2");
    assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    let made = files(&folder.path().join("out2"));
    let parser = mail_parser::MessageParser::default();
    let draft = parser.parse(&made["water-1.en.eml"]).expect("an e-mail");
    assert!(draft.bcc().is_none());
    assert_eq!(draft.subject(), Some("Water for a b"));

    let folder = mailed("name,District\nAna,North\n");
    let output = merge(folder.path(), "-f eml --message-format short");
    insta::assert_snapshot!(super::stderr(&output), @"r.csv:1:1: error[missing-key]: there is no column `email`, which e-mails need");
}

#[test]
fn shares_of_e_mails_are_joined() {
    let rows = "name,email,District\nAna,ana@a.example,North\nBea,bea@a.example,South\n";
    let folder = mailed(rows);
    for share in 1..=2 {
        let output = merge(folder.path(), &format!("-f eml -f txt -o s --shard {share}/2 -q"));
        assert_eq!(output.status.code(), Some(0), "{}", super::stderr(&output));
    }
    let join = || super::run(folder.path(), "merge --join s -o s");
    assert_eq!(join().status.code(), Some(0));
    let manifest = std::fs::read_to_string(folder.path().join("s/manifest.jsonl")).expect("text");
    assert!(manifest.contains(r#""also":[{"file":"water-1.en.txt","sha256":""#), "{manifest}");
    std::fs::write(folder.path().join("s/water-2.es.txt"), "x").expect("a file");
    let output = join();
    assert_eq!(output.status.code(), Some(1));
    assert!(super::stderr(&output).contains("water-2.es.txt does not match its manifest"));
}

/// A letter whose recipient has another number now is not that of somebody who is gone.
#[test]
fn a_letter_left_over_says_whose_it_was() {
    let letter = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"{{recipient.name}}\"\nbody = \"Text.\"\n";
    let folder = super::folder(&[("water/letter.toml", letter)]);
    let merge = |rows: &str, more: &str| {
        super::write(&folder.path().join("r.csv"), rows);
        let command = format!(
            "merge water --recipients r.csv -o s --allow no-addressee --message-format short -q {more}"
        );
        super::stderr(&super::run(folder.path(), &command))
    };
    assert_eq!(merge("id,name\na,Ana\nb,Eva\nc,Luis\n", ""), "");
    insta::assert_snapshot!(merge("id,name\nb,Eva\nc,Luis\n", ""), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge: the letter to its recipient is now water-2.en.pdf");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    // An id may be a number.
    assert_eq!(merge("id,name\n1,Ana\n2,Eva\n3,Luis\n", ""), "");
    insta::assert_snapshot!(merge("id,name\n1,Ana\n2,Eva\n", ""), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge, and its recipient is not in this list");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    assert_eq!(merge("id,name\n7,Ana\n9,Luis\n", ""), "");
    insta::assert_snapshot!(merge("id,name\n9,Luis\n", ""), @"r.csv:1:1: warning[left-over]: s/water-2.en.pdf is from an earlier merge: the letter to its recipient is now water-1.en.pdf");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    // An older manifest does not say whether its numbers are ids.
    assert_eq!(merge("id,name\n1,Ana\n2,Eva\n3,Luis\n", ""), "");
    let manifest = folder.path().join("s/manifest.jsonl");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    assert!(text.contains("\"ids\":true,"), "{text}");
    super::write(&manifest, &text.replacen("\"ids\":true,", "", 1));
    insta::assert_snapshot!(merge("id,name\n1,Ana\n2,Eva\n", ""), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge, and this one has no letter of that name");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    // The number of a row is not the id that is the same number now.
    assert_eq!(merge("name\nAna\nEva\nLuis\n", ""), "");
    insta::assert_snapshot!(merge("id,name\n3,Ana\n2,Eva\n", ""), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge, and this one has no letter of that name");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    // Without an id, nobody knows whose it was.
    assert_eq!(merge("name\nAna\nEva\nLuis\n", ""), "");
    insta::assert_snapshot!(merge("name\nEva\nLuis\n", ""), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge, and this one has no letter of that name");
    std::fs::remove_dir_all(folder.path().join("s")).expect("a folder");
    // What is in another share now is written there.
    assert_eq!(merge("id,name\na,Ana\nb,Eva\nc,Luis\n", "--shard 1/2"), "");
    insta::assert_snapshot!(merge("id,name\nb,Eva\nc,Luis\n", "--shard 1/2"), @"r.csv:1:1: warning[left-over]: s/water-3.en.pdf is from an earlier merge: the letter to its recipient is now water-2.en.pdf");
}
