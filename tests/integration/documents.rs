//! Documents of word processors and spreadsheets in place of texts.

use super::{SMALL, folder, run, stderr, stdout};

/// A ZIP archive whose first entry has a name, as far as anybody looks.
fn zip(entry: &str) -> Vec<u8> {
    [&b"PK\x03\x04\x14\0\0\0\x08\0"[..], entry.as_bytes(), b"\x93\xFE\0binary"].concat()
}

/// A Word document and the like is told by its name wherever a text is read, with nothing of it on the
/// screen.
#[test]
fn what_is_no_text_is_told_by_its_name() {
    let with =
        |line: &str| format!("languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"T\"\n{line}");
    let body = with("body = { file = \"export\" }\n");
    let list = with("body = \"Text.\"\nsignatories = { file = \"export\" }\n");
    let kinds: [(Vec<u8>, &str); 5] = [
        (zip("word/document.xml"), "a Word document"),
        (zip("xl/workbook.xml"), "an Excel workbook"),
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3".to_vec(), "a PDF"),
        (b"{\\rtf1\\ansi".to_vec(), "a document in the Rich Text Format"),
        (
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0".to_vec(),
            "a Word document in the format of before 2007",
        ),
    ];
    for (data, name) in kinds {
        for (letter, arguments) in [
            (SMALL, "check export"),
            (body.as_str(), "check"),
            (list.as_str(), "check"),
            (SMALL, "merge letter.toml --recipients export"),
            (SMALL, "signatories import export --into letter.toml"),
        ] {
            let folder = folder(&[("letter.toml", letter)]);
            std::fs::write(folder.path().join("export"), &data).expect("a file");
            let output = run(folder.path(), arguments);
            let said = stderr(&output);
            assert!(!output.status.success(), "{arguments}");
            let expected = format!("error[syntax]: this is {name}, not text\n");
            assert!(said.contains(&expected), "{arguments}: {said}");
            assert!(
                said.contains("export:1:1") && said.contains("= hint: "),
                "{arguments}: {said}"
            );
            assert!(!said.contains('\u{FFFD}') && !said.contains("binary"), "{arguments}: {said}");
        }
    }
}

/// A letter made of a document is told with its lines, builds at once, and is never written over.
#[test]
fn a_document_becomes_a_letter() {
    let text = "Water for all of us\n\nTo: Secretary of Health, Jane Doe Roe\n\nDear Secretary:\n\n\
        We ask for water in the valley because the wells are dry and the river is low.\n\nSincerely,\n\n\
        House of Bridges\nRed Sur: Uno; Dos; Tres\n";
    let folder = folder(&[("draft.txt", text)]);
    let output = run(folder.path(), "new water --from draft.txt");
    assert_eq!(stdout(&output), "water/letter.toml\nwater/body.en.md\nwater/.letter.schema.json\n");
    let said = stderr(&output);
    assert!(said.contains("water/letter.toml:6: title: Water for all of us\n"), "{said}");
    assert!(said.contains(
        "these are guesses; the letter has a comment beside them:\n  water/letter.toml:4: date: "
    ));
    assert!(run(folder.path(), "build water").status.success());
    assert!(!said.contains("no addressee"), "{said}");
    std::fs::write(folder.path().join("open.txt"), text.replace("To: ", "And: ")).expect("a file");
    let said = stderr(&run(folder.path(), "new open --from open.txt"));
    let told =
        "no addressee was found; if the letter goes to somebody, add [[to]] to open/letter.toml\n";
    assert!(said.contains(told), "{said}");
    let again = run(folder.path(), "new water --from draft.txt");
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(stderr(&again), "undersigned: `water` already exists\n");
    let output = run(folder.path(), "new agua --from draft.txt --lang es-MX");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).ends_with(": --from es-MX=draft.txt\n"), "{}", stderr(&output));
}

/// What is said about a letter is in the language of the interface, also where the letter is in another.
#[test]
fn a_spanish_letter_is_told_in_english() {
    let text = "# Agua\n\nEstimada secretaria:\n\nPedimos agua en el valle, porque los pozos están secos \
                y el río está bajo.\n\nAtentamente,\n\n- Red del Agua (organización)\n- Ana Prueba\n";
    let folder = folder(&[("agua.md", text)]);
    let output = run(folder.path(), "new agua --from agua.md");
    let said = stderr(&output);
    assert!(said.contains("words in Spanish, and found"), "{said}");
    assert!(said.contains("signatories: 2 entries\n"), "{said}");
}

/// A letter in each language that is built in, written as Markdown, text and a web page, is found again in
/// what was written. Languages that no detector tells from their neighbours are told by the user.
#[test]
fn letters_in_every_language_are_read_again() {
    let repository = super::repository();
    let folder = folder(&[]);
    super::copy(&repository.join("tests/languages"), &folder.path().join("all"));
    let source = std::fs::read_to_string(folder.path().join("all/letter.toml"));
    let source = source.expect("the letter");
    let build = run(folder.path(), "build all -f md -f txt -f html -o out");
    assert!(build.status.success(), "{}", stderr(&build));
    let source: toml::Table = source.parse().expect("TOML");
    let bare =
        |text: &str| -> String { text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'") };
    let (mut hits, mut misses) = (0, Vec::new());
    for tag in source["languages"].as_array().expect("a list") {
        let tag = tag.as_str().expect("a tag");
        let in_language = |value: &toml::Value| match value {
            toml::Value::Table(texts) => {
                let text = texts.get(tag).or_else(|| texts.get(tag.split('-').next()?));
                text.and_then(toml::Value::as_str).unwrap_or_default().to_owned()
            }
            value => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        for format in ["md", "txt", "html"] {
            let name = format!("{tag}-{format}");
            let made =
                run(folder.path(), &format!("new {name} --from {tag}=out/all.{tag}.{format}"));
            assert!(made.status.success(), "{}", stderr(&made));
            let made = std::fs::read_to_string(folder.path().join(&name).join("letter.toml"));
            let made: toml::Table = made.expect("a letter").parse().expect("TOML");
            for key in ["title", "date", "place", "salutation", "closing"] {
                let (found, written) = (made.get(key).map(in_language), in_language(&source[key]));
                match found.is_some_and(|found| bare(&found) == bare(&written)) {
                    true => hits += 1,
                    false => misses.push(format!("{name}: {key}")),
                }
            }
            let names = |table: &toml::Table, key: &str| -> Vec<String> {
                let list = table.get(key).and_then(toml::Value::as_array).cloned();
                let name =
                    |entry: toml::Value| entry.get("name").map_or(in_language(&entry), in_language);
                list.into_iter().flatten().map(name).collect()
            };
            for (key, count) in [("to", 1), ("signatories", 3)] {
                let (found, written) = (names(&made, key), names(&source, key));
                match found.get(..count) == written.get(..count) {
                    true => hits += 1,
                    false => misses.push(format!("{name}: {key}")),
                }
            }
        }
    }
    let all = hits + misses.len();
    assert!(hits * 100 >= all * 95, "{hits} of {all}, without {misses:?}");
}

/// A letter in a language and in a variant of it has a document in each.
#[test]
fn a_language_is_revised_beside_its_variant() {
    let letter = "languages = [\"de\", \"de-AT\"]\ndate = 2026-03-09\ntitle.de = \"Wasser für alle\"\n\
        title.de-AT = \"Wasser für alle Leute\"\nbody.de = \"Wir bitten um Wasser im ganzen Tal.\"\n\
        body.de-AT = \"Wir bitten um Wasser im ganzen Tal, bitte.\"\nsignatories = [\"Rotes Netz\"]\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    let built = super::run(folder.path(), "build x -f docx -o out");
    assert!(built.status.success(), "{}", super::stderr(&built));
    for tag in ["de", "de-AT"] {
        let output =
            super::run(folder.path(), &format!("revise x --lang {tag} --from out/x.{tag}.docx"));
        assert_eq!(super::stderr(&output), "undersigned: nothing in the letter changes\n", "{tag}");
    }
}
