//! Comparison of languages: the founding letter with its Spanish text broken in many ways, and letters
//! without any mistake.

use std::path::Path;

use serde_json::Value;

use super::{folder, founding_letter, repository, run, stderr, write};

/// The differences that are reported between the languages of a letter: code, file, line and message.
fn differences(folder: &Path) -> Vec<(String, String, u64, String)> {
    let output = run(folder, "check --message-format json");
    let problems = stderr(&output);
    let get = |problem: &Value, key: &str| problem[key].as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    for line in problems.lines() {
        let problem: Value = serde_json::from_str(line).expect("a line is a problem");
        let code = get(&problem, "code");
        let compared = code.starts_with("parity-")
            || ["wrong-language", "untranslated", "stale-translation"].contains(&code.as_str())
            // No built-in font has the letters of Japan.
            || get(&problem, "severity") == "error" && code != "missing-glyph";
        if compared {
            let line = problem["line"].as_u64().unwrap_or_default();
            found.push((code, get(&problem, "file"), line, get(&problem, "message")));
        }
    }
    found
}

/// A mistake in a Spanish body: what it is, the text to replace, the replacement, and the expected
/// problem: its code, its line and a part of its message.
struct Mistake {
    what: &'static str,
    from: &'static str,
    to: &'static str,
    code: &'static str,
    line: u64,
    says: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        what: "a number changes",
        from: "72,000",
        to: "27,000",
        code: "parity-numbers",
        line: 1,
        says: "`27,000`, but the original says `72,000`",
    },
    Mistake {
        what: "a day changes",
        from: "20 de diciembre",
        to: "21 de diciembre",
        code: "parity-numbers",
        line: 7,
        says: "`21`, but the original says `20`",
    },
    Mistake {
        what: "a month changes",
        from: "20 de diciembre",
        to: "20 de noviembre",
        code: "parity-numbers",
        line: 7,
        says: "`noviembre`, but the original says `December`",
    },
    Mistake {
        what: "a year changes",
        from: "enero de 2021",
        to: "enero de 2020",
        code: "parity-numbers",
        line: 11,
        says: "`2020`, but the original says `2021`",
    },
    Mistake {
        what: "a number in words changes",
        from: "quince meses",
        to: "cinco meses",
        code: "parity-numbers",
        line: 9,
        says: "`cinco`, but the original says `fifteen`",
    },
    Mistake {
        what: "a number goes",
        from: "a más de 13,000 personas",
        to: "a muchas personas",
        code: "parity-numbers",
        line: 11,
        says: "`13,000` of the original",
    },
    Mistake {
        what: "a link goes",
        from: "[escrito][earlier-letters]",
        to: "escrito",
        code: "parity-links",
        line: 7,
        says: "the link to `earlier-letters` is missing",
    },
    Mistake {
        what: "a link leads elsewhere",
        from: "[documentaron][civil-society-reports]",
        to: "[documentaron][earlier-letters]",
        code: "parity-links",
        line: 9,
        says: "to `civil-society-reports` in the original",
    },
    Mistake {
        what: "an acronym of several is misspelled",
        from: "de los MPP o de cualquier",
        to: "de los MMP o de cualquier",
        code: "parity-names",
        line: 5,
        says: "`MMP`, but the original says `MPP`",
    },
    Mistake {
        what: "the only acronym of its kind is misspelled",
        from: "(CNDH)",
        to: "(CNHD)",
        code: "parity-names",
        line: 7,
        says: "`CNHD`, but the original says `CNDH`",
    },
    Mistake {
        what: "a name loses its accent",
        from: "Como nación soberana, México",
        to: "Como nación soberana, Mexico",
        code: "parity-names",
        line: 5,
        says: "spelled `México`",
    },
    Mistake {
        what: "a sentence is left in the original's language",
        from: "Agradecemos su tiempo y su consideración.",
        to: "Agradecemos su tiempo y su consideración. We urge your government to keep its promise and to protect all those who ask for it.",
        code: "wrong-language",
        line: 13,
        says: "this is in `en`, not in `es-MX`",
    },
];

/// Changes the Spanish body of the founding letter and returns the problems found.
fn broken(change: impl FnOnce(&str) -> String) -> Vec<(String, String, u64, String)> {
    let folder = folder(&[]);
    super::copy(&founding_letter(), folder.path());
    // With an edition, a missing paragraph would be an error of the edition.
    let letter = folder.path().join("letter.toml");
    let text = std::fs::read_to_string(&letter).expect("the letter");
    write(&letter, &text.replace("\nedition = ", "\n# edition = "));
    let path = folder.path().join("body.es.md");
    let body = std::fs::read_to_string(&path).expect("the body");
    let changed = change(&body);
    assert_ne!(body, changed, "the body does change");
    write(&path, &changed);
    differences(folder.path())
}

#[track_caller]
fn assert_found(
    what: &str,
    found: &[(String, String, u64, String)],
    (code, line, says): (&str, u64, &str),
) {
    let [(found_code, file, found_line, message)] = found else {
        panic!("{what}: one problem is expected, not {found:#?}");
    };
    assert_eq!(
        (found_code.as_str(), file.as_str(), *found_line),
        (code, "body.es.md", line),
        "{what}: {message}"
    );
    assert!(message.contains(says), "{what}: {message}");
}

#[test]
fn the_languages_of_the_founding_letter_agree() {
    assert_eq!(differences(&founding_letter()), []);
}

#[test]
fn each_mistake_is_found_in_its_place_and_nothing_else_is() {
    for mistake in MISTAKES {
        let found = broken(|body| body.replacen(mistake.from, mistake.to, 1));
        assert_found(mistake.what, &found, (mistake.code, mistake.line, mistake.says));
    }
}

/// A body with its paragraphs reordered, removed or added.
fn with_paragraphs(body: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut paragraphs: Vec<String> = body.trim_end().split("\n\n").map(str::to_owned).collect();
    change(&mut paragraphs);
    paragraphs.join("\n\n") + "\n"
}

#[test]
fn paragraphs_that_go_or_move_are_reported_once() {
    for (gone, line) in [(0, 1), (2, 5), (4, 9), (6, 11)] {
        let found = broken(|body| with_paragraphs(body, |all| drop(all.remove(gone))));
        let expected = ("parity-structure", line, "a paragraph of the original is missing here");
        assert_found(&format!("paragraph {gone} goes"), &found, expected);
    }
    for (first, second) in [(1, 2), (2, 3), (1, 4), (0, 5)] {
        let found = broken(|body| with_paragraphs(body, |all| all.swap(first, second)));
        let line = 2 * first as u64 + 1;
        let expected = ("parity-structure", line, "has swapped places");
        assert_found(&format!("{first} and {second} are swapped"), &found, expected);
    }
    let found = broken(|body| {
        with_paragraphs(body, |all| {
            let moved = all.remove(1);
            all.insert(5, moved);
        })
    });
    assert_found("a paragraph moves", &found, ("parity-structure", 11, "is elsewhere"));
    let found = broken(|body| {
        with_paragraphs(body, |all| {
            all.insert(
                3,
                "Pedimos además que se abra un nuevo albergue para las familias con niñas y niños."
                    .into(),
            );
        })
    });
    assert_found(
        "a paragraph is added",
        &found,
        ("parity-structure", 7, "the original does not have this"),
    );
    let found = broken(|body| with_paragraphs(body, |all| all[4] = format!("# {}", all[4])));
    assert_found(
        "a paragraph becomes a heading",
        &found,
        ("parity-structure", 9, "this is a heading"),
    );
}

#[test]
fn a_paragraph_that_is_not_translated_is_reported() {
    let english = std::fs::read_to_string(founding_letter().join("body.en.md")).expect("the body");
    let english: Vec<&str> = english.trim_end().split("\n\n").collect();
    for at in [1, 3, 6] {
        let found = broken(|body| with_paragraphs(body, |all| all[at] = english[at].to_owned()));
        let line = 2 * at as u64 + 1;
        assert_found("the original's paragraph", &found, ("untranslated", line, "not translated"));
    }
    let found = broken(|_| english.join("\n\n"));
    assert_found("the original's body", &found, ("wrong-language", 1, "this body is in `en`"));
}

/// A letter with the features that the founding letter lacks, in both languages.
const ENGLISH: &str = "# What happened\n\nOn March 3, 2026 the office closed.[^note]\n\n\
    - Water for 120 homes\n- Light for the *park*\n- A road to San Martín Tepec\n\n\
    # What we ask\n\n| Month | Homes |\n| --- | --- |\n| March | 14 |\n| April | 15 |\n\n\
    > Everyone has the right to water.\n\nAnswer us in writing.\n\n[^note]: Counted by the neighbors on March 5.\n";
const SPANISH: &str = "# Qué pasó\n\nEl 3 de marzo de 2026 cerró la oficina.[^nota]\n\n\
    - Agua para 120 casas\n- Luz para el *parque*\n- Un camino a San Martín Tepec\n\n\
    # Qué pedimos\n\n| Mes | Casas |\n| --- | --- |\n| Marzo | 14 |\n| Abril | 15 |\n\n\
    > Toda persona tiene derecho al agua.\n\nRespóndanos por escrito.\n\n[^nota]: Contado por los vecinos el 5 de marzo.\n";

fn small_letter(english: &str, spanish: &str) -> Vec<(String, String, u64, String)> {
    let letter = "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle.en = \"Water\"\n\
        title.es = \"Agua\"\nbody.en = { file = \"body.en.md\" }\nbody.es = { file = \"body.es.md\" }\n";
    let files = [("letter.toml", letter), ("body.en.md", english), ("body.es.md", spanish)];
    differences(folder(&files).path())
}

#[test]
fn headings_items_rows_footnotes_and_quotations_are_compared() {
    assert_eq!(small_letter(ENGLISH, SPANISH), []);
    let mistakes = [
        ("# Qué pedimos\n\n", "", 9, "a heading of the original"),
        ("- Luz para el *parque*\n", "", 6, "an item of a list of the original"),
        ("| Marzo | 14 |\n", "", 13, "a row of a table of the original"),
        ("[^nota]\n", "\n", 3, "a footnote of the original"),
        ("> Toda persona tiene derecho al agua.\n\n", "", 16, "a quotation of the original"),
        ("# Qué pedimos", "## Qué pedimos", 9, "a heading of level 2"),
        ("> Toda", "Toda", 16, "this is a paragraph, but a quotation"),
        ("San Martín", "San Martin", 7, "`Martin`, but the original says `Martín`"),
        ("| Abril | 15 |", "| Abril | 51 |", 14, "`51`, but the original says `15`"),
    ];
    for (from, to, line, says) in mistakes {
        let mut spanish = SPANISH.replacen(from, to, 1);
        assert_ne!(spanish, SPANISH, "{from:?}");
        if from == "[^nota]\n" {
            spanish = spanish.replace("[^nota]: Contado por los vecinos el 5 de marzo.\n", "");
        }
        let code = if says.contains("says `Martín`") {
            "parity-names"
        } else if says.contains("`51`") {
            "parity-numbers"
        } else {
            "parity-structure"
        };
        assert_found(from, &small_letter(ENGLISH, &spanish), (code, line, says));
    }
    // A whole list or table is one problem.
    let list = "- Agua para 120 casas\n- Luz para el *parque*\n- Un camino a San Martín Tepec\n\n";
    let found = small_letter(ENGLISH, &SPANISH.replace(list, ""));
    assert_found("a list goes", &found, ("parity-structure", 5, "a list of the original"));
}

#[test]
fn letters_whose_languages_agree_raise_no_alarm() {
    let letters = repository().join("tests/parity");
    let found = differences(&letters);
    // The number of false alarms stated in docs/commands.md.
    assert_eq!(found, [], "{} false alarms", found.len());
    // The same with the translation as the original.
    let reversed = folder(&[]);
    let mut count = 0;
    for letter in std::fs::read_dir(&letters).expect("tests/parity is there").flatten() {
        let own = reversed.path().join(letter.file_name());
        std::fs::create_dir(&own).expect("a folder");
        for file in std::fs::read_dir(letter.path()).expect("a letter").flatten() {
            let text = std::fs::read_to_string(file.path()).expect("a text");
            let tags: Vec<&str> = text.split('"').skip(1).step_by(2).take(2).collect();
            let languages = |tags: [&str; 2]| format!("languages = {tags:?}");
            let turned = match tags[..] {
                [one, other] => {
                    text.replacen(&languages([one, other]), &languages([other, one]), 1)
                }
                _ => text.clone(),
            };
            write(&own.join(file.file_name()), &turned);
        }
        count += 1;
    }
    let found = differences(reversed.path());
    assert_eq!(found, [], "{} false alarms", found.len());
    assert!(count >= 19, "only {count} letters");
}

/// Mistakes in letters of `tests/parity` that were written after the rules were: the letter, what its
/// translation says, what it says by mistake, and the code.
const HELD_OUT: &[(&str, &str, &str, &str)] = &[
    ("library-hours", "18 horas", "81 horas", "parity-numbers"),
    ("library-hours", "Rosaura Peñaloza", "Rosaura Peñalosa", "parity-names"),
    ("library-hours", "[estatuto](https://example.org/es/estatuto)", "estatuto", "parity-links"),
    ("library-hours", "- pagar a dos bibliotecarias más,\n", "", "parity-structure"),
    ("library-hours", "$35,000", "$53,000", "parity-numbers"),
    ("bus-drivers", "quince horas", "cinco horas", "parity-numbers"),
    ("bus-drivers", "SUTRAM", "SUTARM", "parity-names"),
    ("bus-drivers", "21 %", "21", "parity-numbers"),
    ("bus-drivers", "Landaverde", "Landavede", "parity-names"),
    ("bus-drivers", "30 de noviembre", "30 de octubre", "parity-numbers"),
    ("bus-drivers", "al IMSS ", "", "parity-names"),
    ("mangroves", "1,250", "1,520", "parity-numbers"),
    ("mangroves", "DGIRA-0412/2023", "DGIRA-0421/2023", "parity-numbers"),
    ("mangroves", "## Lo que pedimos\n\n", "", "parity-structure"),
    ("mangroves", "Itzel Canché", "Itzel Canche", "parity-names"),
    ("mangroves", "cuarenta años", "catorce años", "parity-numbers"),
    ("mangroves", "> Un manglar", "Un manglar", "parity-structure"),
    ("night-school", "312", "321", "parity-numbers"),
    ("night-school", "https://example.org/answer", "https://example.org/message", "parity-links"),
    ("night-school", "Quiñones", "Quiñonez", "parity-names"),
    ("night-school", "7:30", "8:30", "parity-numbers"),
    (
        "night-school",
        "electrónico, un viernes, que las clases terminan el 13 de diciembre",
        "electrónico, un viernes, que las clases terminan",
        "parity-numbers",
    ),
    ("wheelchair", "\n\nFidencio", " Fidencio", "parity-structure"),
    ("wheelchair", "OMS", "OSM", "parity-names"),
    ("wheelchair", "4.2 millones", "4.2 mil", "parity-numbers"),
    ("wheelchair", "0148", "0184", "parity-numbers"),
    ("wheelchair", "Argüelles", "Argüeles", "parity-names"),
    ("cyclists", "900 dólares", "900 pesos", "parity-numbers"),
    ("cyclists", "Villaseñor", "Villasenor", "parity-names"),
    ("cyclists", "19 de julio", "9 de julio", "parity-numbers"),
    (
        "cyclists",
        "Un carril costaría 900 dólares por metro. Lo dice el estudio del ITDP en la página 27.",
        "A lane would cost 900 dollars per metre. The study by ITDP says so on page 27.",
        "untranslated",
    ),
    ("seeds", "58", "85", "parity-numbers"),
    ("seeds", "Cuiriz", "Curiz", "parity-names"),
    (
        "seeds",
        "2. Devuelvan a sus dueños el banco de semillas de Yosondúa.\n",
        "",
        "parity-structure",
    ),
    ("seeds", "Yosondúa", "Yosonduá", "parity-names"),
    ("seeds", "6 de cada 10", "6 de cada 100", "parity-numbers"),
];

/// One message for each mistake. The figures are in docs/commands.md.
#[test]
fn mistakes_in_letters_that_the_rules_were_not_made_for_are_found() {
    for (letter, from, to, code) in HELD_OUT {
        let source = repository().join("tests/parity").join(letter);
        let folder = folder(&[]);
        for name in ["letter.toml", "body.en.md", "body.es.md"] {
            let text = std::fs::read_to_string(source.join(name)).expect("a file of the letter");
            let changed =
                if name == "body.es.md" { text.replacen(from, to, 1) } else { text.clone() };
            assert_eq!(text != changed, name == "body.es.md", "{letter}: {from}");
            write(&folder.path().join(name), &changed);
        }
        let found = differences(folder.path());
        let codes: Vec<&str> = found.iter().map(|(code, ..)| code.as_str()).collect();
        assert_eq!(codes, [*code], "{letter}: {from} becomes {to}: {found:#?}");
    }
}
