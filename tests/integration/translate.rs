//! `translate`: adds a language to a letter, of a document or with a guide.

use std::path::Path;

use regex::Regex;

use super::{folder, run, stderr, stdout, write};

/// A letter in English alone.
const LETTER: &str = "# A letter.\nlanguages = [\"en\"] # one so far\ndate = 2026-03-09\nplace = \"Oaxaca\"\n\
    title = \"Water for all of us\" # short\nsalutation = \"Dear Secretary:\"\nbody = { file = \"text.md\" }\n\
    closing = \"Sincerely,\"\nenclosures = [\"A map of the wells\"]\nsignatories = [\n  \"Red del Agua\",\n  \
    { name = \"Ana Prueba\", kind = \"person\", title = \"Director\" },\n]\n\n[[to]]\nname = \"Jane Doe Roe\"\n\
    office = \"Secretary of Health\"\n";
const TEXT: &str = "We ask for water in the valley, because 14 wells are dry and the river is low.\n\n\
    Open the wells before April 15.\n\nThe wells belong to everybody who lives here.\n";
const DOCUMENT: &str = "# Agua para todas y todos\n\nPara: Jane Doe Roe, Secretaria de Salud\n\n\
    Oaxaca, a 9 de marzo de 2026\n\nEstimada secretaria:\n\n\
    Pedimos agua en el valle, porque 14 pozos están secos y el río está bajo.\n\n\
    Abran los pozos antes del 15 de abril.\n\nLos pozos son de todos los que viven aquí.\n\n\
    Atentamente,\n\nRed del Agua\n\nAna Prueba, Directora\n\nAnexos: Un mapa de los pozos\n";

fn water() -> tempfile::TempDir {
    folder(&[("water/letter.toml", LETTER), ("water/text.md", TEXT), ("agua.md", DOCUMENT)])
}

fn read(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).expect("a file")
}

#[test]
fn a_document_becomes_a_language() {
    let folder = water();
    let at = folder.path();
    let output = run(at, "translate water --lang es --from agua.md");
    let said = stderr(&output);
    assert_eq!(stdout(&output), "water/body.es.md\nwater/letter.toml\n", "{said}");
    let expected = LETTER
        .replace("[\"en\"] #", "[\"en\", \"es\"] #")
        .replace(
            "title = \"Water for all of us\" # short\n",
            "title.en = \"Water for all of us\" # short\ntitle.es = \"Agua para todas y todos\"\n",
        )
        .replace(
            "salutation = \"Dear Secretary:\"\n",
            "salutation.en = \"Dear Secretary:\"\nsalutation.es = \"Estimada secretaria:\"\n",
        )
        .replace(
            "body = { file = \"text.md\" }\n",
            "body.en = { file = \"text.md\" }\nbody.es = { file = \"body.es.md\" }\n",
        )
        .replace(
            "closing = \"Sincerely,\"\n",
            "closing.en = \"Sincerely,\"\nclosing.es = \"Atentamente,\"\n",
        )
        .replace(
            "[\"A map of the wells\"]",
            "[{ en = \"A map of the wells\", es = \"Un mapa de los pozos\" }]",
        )
        .replace("title = \"Director\" }", "title = { en = \"Director\", es = \"Directora\" } }")
        .replace(
            "office = \"Secretary of Health\"\n",
            "office.en = \"Secretary of Health\"\noffice.es = \"Secretaria de Salud\"\n",
        );
    assert_eq!(read(at, "water/letter.toml"), expected);
    let body: Vec<&str> = DOCUMENT.split("\n\n").skip(4).take(3).collect();
    assert_eq!(read(at, "water/body.es.md"), body.join("\n\n") + "\n");
    assert!(said.contains("water/letter.toml:22: to.1.office: Secretaria de Salud\n"), "{said}");
    assert!(!said.contains("not in the letter") && !said.contains("still to be"), "{said}");
    let check = run(at, "check water --deny warnings");
    assert!(check.status.success(), "{}", stderr(&check));
    let status = stdout(&run(at, "status water"));
    assert!(status.contains("es  complete  not reviewed"), "{status}");

    // What is there already is not written over.
    let again = run(at, "translate water --lang es --from agua.md");
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(stderr(&again), "undersigned: this letter is in es already\n");
    assert_eq!(read(at, "water/letter.toml"), expected);
}

/// Pictures are those of the letter, with what the document says of them, and so are tables.
#[test]
fn pictures_and_tables_are_translated() {
    let svg = |color: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"60\"><rect fill=\"{color}\" \
             width=\"90\" height=\"60\"/></svg>"
        )
    };
    let body = |words: [&str; 9]| {
        let [first, dry, pump, summer, town, litres, tank, last, more] = words;
        format!(
            "{first}\n\n![{dry}](<pictures/a.svg>)\n\n{more}\n\n![{pump}](<pictures/b.svg> \"{summer}\")\n\n\
             | {town} | {litres} |\n| --- | --- |\n| {tank} | 500 |\n\n{last}\n"
        )
    };
    let english = body([
        "We ask for water in the valley, because 14 wells are dry.",
        "A dry well",
        "The old pump",
        "Summer of 2025",
        "Town",
        "Litres",
        "Tank of Tecate",
        "The wells belong to everybody who lives here.",
        "Nobody came to mend the pump in 2025.",
    ]);
    let spanish = body([
        "Pedimos agua en el valle, porque 14 pozos están secos.",
        "Un pozo seco",
        "La bomba vieja",
        "Verano de 2025",
        "Pueblo",
        "Litros",
        "Tanque de Tecate",
        "Los pozos son de todos los que viven aquí.",
        "Nadie vino a arreglar la bomba en 2025.",
    ]);
    let letter = |lang: &str, title: &str, body: &str| {
        format!(
            "languages = [\"{lang}\"]\ndate = 2026-03-09\ntitle = \"{title}\"\nbody = {{ file = \"{body}\" }}\n\
             signatories = [\"Red del Agua\"]\n"
        )
    };
    for format in ["docx", "html", "md"] {
        // The text of the letter is in another folder than the translation will be.
        let in_texts = english.replace("<pictures/", "<../pictures/");
        let folder = folder(&[
            ("water/letter.toml", &letter("en", "Water for all of us", "texts/en.md")),
            ("water/texts/en.md", &in_texts),
            ("water/pictures/a.svg", &svg("red")),
            ("water/pictures/b.svg", &svg("blue")),
            ("agua/letter.toml", &letter("es", "Agua para todas y todos", "es.md")),
            ("agua/es.md", &spanish),
            ("agua/pictures/a.svg", &svg("red")),
            ("agua/pictures/b.svg", &svg("green")),
        ]);
        let at = folder.path();
        let built = run(at, &format!("build agua -f {format} -o agua"));
        assert!(built.status.success(), "{}", stderr(&built));
        let output = run(at, &format!("translate water --lang es --from agua/agua.es.{format}"));
        let said = stderr(&output);
        let is_lost = said.contains("a picture") || said.contains("found no place");
        assert!(output.status.success() && !is_lost, "{format}: {said}");
        assert_eq!(read(at, "water/body.es.md"), spanish, "{format}");
        let check = run(at, "check water");
        assert!(check.status.success(), "{format}: {}", stderr(&check));
    }
    // One that the letter does not have is told, and one that the document does not have is missing.
    let folder = folder(&[
        ("water/letter.toml", &letter("en", "Water for all of us", "en.md")),
        ("water/en.md", &english),
        ("water/pictures/a.svg", &svg("red")),
        ("water/pictures/b.svg", &svg("blue")),
        (
            "agua.md",
            &format!(
                "# Agua\n\n{}\nRed del Agua\n",
                spanish.replace("![Un pozo seco](<pictures/a.svg>)\n\n", "")
            ),
        ),
        ("pictures/b.svg", &svg("blue")),
    ]);
    let at = folder.path();
    let output = run(at, "translate water --lang es --from agua.md");
    let said = stderr(&output);
    assert!(said.contains("1 block of the original is missing"), "{said}");
    let translated = read(at, "water/body.es.md");
    assert!(
        translated.contains("<!-- original: ![A dry well](<pictures/a.svg>) -->"),
        "{translated}"
    );
    assert!(
        translated.contains("![La bomba vieja](<pictures/b.svg> \"Verano de 2025\")"),
        "{translated}"
    );
    // The caption of one that the letter does not have goes with it.
    let pump = "![La bomba vieja](<pictures/b.svg> \"Verano de 2025\")\n\n";
    let other = format!("{pump}![Otra bomba](<pictures/c.svg> \"Verano de 2026\")\n\n");
    write(
        &at.join("agua.md"),
        &format!("# Agua\n\n{}\nRed del Agua\n", spanish.replace(pump, &other)),
    );
    write(&at.join("pictures/a.svg"), &svg("red"));
    write(&at.join("pictures/c.svg"), &svg("green"));
    write(&at.join("water/letter.toml"), &letter("en", "Water for all of us", "en.md"));
    std::fs::remove_file(at.join("water/body.es.md")).expect("the first translation");
    let output = run(at, "translate water --lang es --from agua.md");
    let said = stderr(&output);
    assert!(
        said.contains("the caption of a picture that is left out")
            && said.contains("Verano de 2026"),
        "{said}"
    );
    assert!(read(at, "water/body.es.md").contains(pump.trim_end()), "{said}");
}

/// What is missing, doubtful or in no place of the letter is told and kept.
#[test]
fn what_does_not_fit_is_told() {
    let folder = water();
    let at = folder.path();
    let document = DOCUMENT
        .replace("Abran los pozos antes del 15 de abril.\n\n", "")
        .replace("9 de marzo", "10 de marzo")
        .replace("Red del Agua\n", "Red del Agua\n\nCasa de Puentes\n")
        .replace("Estimada", "Asunto: Pozos\n\nEstimada");
    write(&at.join("agua.md"), &document);
    let output = run(at, "translate water --lang es --from agua.md");
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for told in [
        "a part that the letter does not have, `subject`: Pozos\n",
        "another day than that of the letter, 2026-03-09: 2026-03-10\n",
        "a signatory that the letter does not have: Casa de Puentes\n",
        "1 block of the original is missing in the document",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let body = read(at, "water/body.es.md");
    assert!(
        body.contains("bajo.\n\n<!-- original: Open the wells before April 15. -->\n\nLos"),
        "{body}"
    );
    let check = stderr(&run(at, "check water"));
    assert!(
        check.contains("warning[untranslated]: a text of the original is left here"),
        "{check}"
    );
    assert!(check.contains("warning[parity-structure]"), "{check}");
    let status = stdout(&run(at, "status water"));
    assert!(status.contains("es  2 of 3 paragraphs, 2 warnings"), "{status}");
}

#[test]
fn without_a_document_there_is_a_guide() {
    let folder = water();
    let at = folder.path();
    let text = format!("{TEXT}\nSee the map.[^1] Ask --> us.\n\n[^1]: It is new.\n");
    write(&at.join("water/text.md"), &text);
    let output = run(at, "translate water --lang es");
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let body = read(at, "water/body.es.md");
    let ends =
        "<!-- original: See the map.[^1] Ask -- > us. -->\n\n<!-- original: [^1]: It is new. -->\n";
    assert!(body.starts_with("<!-- original: We ask for water in the valley,"), "{body}");
    assert!(body.ends_with(ends), "{body}");
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("has no text in")).collect();
    let first = "  water/letter.toml:5: `title` has no text in `es`";
    assert_eq!((lines.first(), lines.len()), (Some(&first), 6), "{said}");
    // It is not finished, and the original is built as before.
    let status = stdout(&run(at, "status water"));
    assert!(status.contains("es  has errors  not reviewed"), "{status}");
    assert!(status.contains("en  complete"), "{status}");
    assert!(run(at, "build water --lang en").status.success());
    let check = run(at, "check water");
    assert_eq!(check.status.code(), Some(1));
    assert!(stderr(&check).contains("error[invalid-value]: the body is empty"));
    let letter = read(at, "water/letter.toml");
    assert!(
        letter.contains("title.en = \"Water for all of us\" # short\nsalutation.en ="),
        "{letter}"
    );
}

#[test]
fn what_cannot_be_translated_is_not() {
    let folder = water();
    let at = folder.path();
    write(&at.join("bad.docx"), "PK\u{3}\u{4}");
    write(&at.join("empty.txt"), " ");
    write(&at.join("text.md"), TEXT);
    let wrong =
        "`text.md` is in English, not in French: is it the right file, and the right --lang?";
    for (arguments, told) in [
        ("translate water --lang fr --from bad.docx", "bad.docx"),
        ("translate water --lang fr --from empty.txt", "`empty.txt` has no text"),
        ("translate water --lang fr --from text.md", wrong),
        ("translate water --lang fr --from none.txt", "there is no file `none.txt`"),
        ("translate water --lang en", "this letter is in en already"),
        ("translate none --lang fr", "cannot open `none`"),
    ] {
        let output = run(at, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {}", stderr(&output));
        assert!(stderr(&output).contains(told), "{arguments}: {}", stderr(&output));
    }
    write(&at.join("water/body.fr.md"), "Texte.\n");
    let there = run(at, "translate water --lang fr");
    assert_eq!(there.status.code(), Some(2));
    assert!(stderr(&there).contains("`body.fr.md` already exists"), "{}", stderr(&there));
    assert_eq!(read(at, "water/body.fr.md"), "Texte.\n");
    assert_eq!(read(at, "water/letter.toml"), LETTER);
    let broken = LETTER.replace("title =", "titel =");
    write(&at.join("water/letter.toml"), &broken);
    let output = run(at, "translate water --lang it");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(read(at, "water/letter.toml"), broken);
}

/// The founding letter in English alone, with its texts as plain strings or as tables.
fn english_alone(letter: &str, is_plain: bool) -> String {
    let with = |pattern: &str| Regex::new(pattern).expect("a pattern");
    let letter = with(r"(?m)^languages = .*$").replace(letter, "languages = [\"en\"]").into_owned();
    let letter = with(r"(?m)^edition = .*\n").replace(&letter, "").into_owned();
    let letter = with(r"(?m)^[\w-]+\.(es|pt|fr|ht) = .*\n").replace_all(&letter, "").into_owned();
    let others = with(r#", (es|pt|fr|ht) = "(?:[^"\\]|\\.)*""#);
    let letter = others.replace_all(&letter, "").into_owned();
    // What the PDF says of itself is in no document.
    let letter = letter.replace("author.en = ", "author = ");
    let (head, pdf) = letter.split_once("[pdf]").expect("a table");
    let plain = with(r#"\{ en = ("(?:[^"\\]|\\.)*") \}"#);
    let letter = format!("{head}[pdf]{}", plain.replace_all(pdf, "$1"));
    if !is_plain {
        return letter;
    }
    let letter = with(r"(?m)^([\w-]+)\.en = ").replace_all(&letter, "$1 = ").into_owned();
    plain.replace_all(&letter, "$1").into_owned()
}

/// The translations of the founding letter, as documents, become again what they were.
#[test]
fn the_founding_letter_comes_back_in_each_language() {
    let founding = Path::new(env!("CARGO_MANIFEST_DIR")).join("letters/remain-in-mexico-2021");
    let whole = read(&founding, "letter.toml");
    let folder = folder(&[]);
    let at = folder.path();
    for name in std::fs::read_dir(&founding).expect("a folder") {
        let name = name.expect("a file").file_name();
        let name = name.to_string_lossy();
        write(&at.join("whole").join(&*name), &read(&founding, &name));
    }
    let words = |text: &str| -> Vec<String> {
        let text = text.replace('’', "'");
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    for (tag, is_plain) in [("es-MX", true), ("pt-BR", false), ("fr", true), ("ht", false)] {
        let built = run(at, &format!("build whole --lang {tag} -f md -f html -f txt -q"));
        assert!(built.status.success(), "{}", stderr(&built));
        let expected = words(&read(at, &format!("out/whole.{tag}.txt")));
        for format in ["md", "html", "txt"] {
            let name = format!("{tag}-{format}");
            write(&at.join(&name).join("letter.toml"), &english_alone(&whole, is_plain));
            write(&at.join(&name).join("body.en.md"), &read(&founding, "body.en.md"));
            let document = format!("out/whole.{tag}.{format}");
            let output = run(at, &format!("translate {name} --lang {tag} --from {document}"));
            assert!(output.status.success(), "{name}: {}", stderr(&output));
            let built = run(at, &format!("build {name} --lang {tag} -f txt -q"));
            assert!(built.status.success(), "{name}: {}", stderr(&built));
            let found = words(&read(at, &format!("out/{name}.{tag}.txt")));
            let mut left = expected.clone();
            let same = |word: &&String| match left.iter().position(|other| other == *word) {
                Some(index) => {
                    left.swap_remove(index);
                    true
                }
                None => false,
            };
            let there = found.iter().filter(same).count();
            let share = there as f64 / expected.len().max(found.len()) as f64;
            assert!(share > 0.98, "{name}: {share}: {left:?} {}", stderr(&output));
        }
    }
}

/// What a translation says as its original does, in a form of its own, is none of what the letter lacks.
#[test]
fn what_the_original_has_is_known_in_a_translation() {
    let letter = "languages = [\"es\"]\ndate = 2026-03-09\ntitle = \"Agua para el valle\"\nreference = \"RS/14/2026\"\n\
        salutation = \"Estimada secretaria:\"\nbody = { file = \"texto.md\" }\nclosing = \"Atentamente,\"\n\
        signatories = [{ name = \"Luis Muestra\", kind = \"person\" }]\n\n[[to]]\nname = \"Ana Prueba\"\n\
        office = \"Secretaria de Salud\"\n";
    let spanish = "Pedimos agua en el valle, porque 14 pozos están secos y el río está bajo.\n\n\
        ![Un pozo seco](a.svg)\n\nAbran los pozos antes del 15 de abril.\n";
    let english = "2026, Year of Prueba Muestra\n\nOficio núm. RS/14/2026\n\nWater for the valley\n\nMarch 9, 2026\n\n\
        Lic. Ana Prueba\\\nSecretary of Health\n\nDear Secretary:\n\n\
        We ask for water in the valley, because 14 wells are dry and the river is low.\n\n\
        ![](a.svg)\n\nOpen the wells before April 15.\n\nSincerely,\n\nMtro. Luis Muestra\n";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let folder = folder(&[
        ("agua/letter.toml", letter),
        ("agua/texto.md", spanish),
        ("agua/a.svg", svg),
        ("a.svg", svg),
        ("water.md", english),
    ]);
    let output = run(folder.path(), "translate agua --lang en --from water.md");
    let said = stderr(&output);
    assert!(said.contains("title: Water for the valley\n"), "{said}");
    let (_, left) = said.split_once("this of the text is not in the letter:\n").expect("a list");
    let left: Vec<&str> = left.lines().take_while(|line| line.starts_with("  ")).collect();
    assert_eq!(
        left,
        [
            "  a motto of the letterhead: 2026, Year of Prueba Muestra",
            "  an honorific that the letter does not give Luis Muestra: Mtro.",
            "  an honorific that the letter does not give Ana Prueba: Lic.",
        ],
        "{said}"
    );
    assert!(!said.contains("of the original"), "{said}");
    assert!(read(folder.path(), "agua/body.en.md").contains("\n\n![](<a.svg>)\n\n"), "{said}");
}
