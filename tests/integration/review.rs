//! `review` and `status`: what a translation was reviewed against, and the progress of letters.

use serde_json::Value;

use super::{folder, program, run, stderr, stdout, write};

const LETTER: &str = "# a note\nlanguages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle.en = \"Water\"\n\
    title.es = \"Agua\" # another note\nbody.en = { file = \"en.md\" }\nbody.es = { file = \"es.md\" }\n";
const ENGLISH: &str = "We ask for water.\n\nOpen the wells before April 15.\n";
const SPANISH: &str = "Pedimos agua.\n\nAbran los pozos antes del 15 de abril.\n";

/// A folder with the letter `water`.
fn water() -> tempfile::TempDir {
    let files = [("water/letter.toml", LETTER), ("water/en.md", ENGLISH), ("water/es.md", SPANISH)];
    folder(&files)
}

#[test]
fn a_review_is_written_and_a_change_of_the_original_is_reported() {
    let folder = water();
    let review = run(folder.path(), "review water --lang es --by Ana --date 2026-03-10");
    assert_eq!(review.status.code(), Some(0), "{}", stderr(&review));
    assert_eq!(stdout(&review), "water/letter.reviewed.es.toml\nwater/letter.toml\n");
    let letter = folder.path().join("water/letter.toml");
    let reviewed = std::fs::read_to_string(&letter).expect("the letter");
    assert!(reviewed.starts_with(LETTER), "{reviewed}");
    assert!(reviewed.contains("reviewed-by = \"Ana\"\nreviewed-on = 2026-03-10\n"), "{reviewed}");

    let fresh = run(folder.path(), "check --deny warnings");
    assert_eq!(fresh.status.code(), Some(0), "{}", stderr(&fresh));
    // A line wrapped differently says the same.
    write(&folder.path().join("water/en.md"), &ENGLISH.replace("ask for", "ask\nfor"));
    let same = run(folder.path(), "check --deny warnings");
    assert_eq!(same.status.code(), Some(0), "{}", stderr(&same));

    write(&folder.path().join("water/en.md"), &ENGLISH.replace("Open the", "Open all"));
    let stale = stderr(&run(folder.path(), "check"));
    assert!(stale.contains("water/es.md:3:1"), "{stale}");
    assert!(stale.contains("it said: Open the wells before April"), "{stale}");
    assert!(stale.contains("it says: Open all wells before April"), "{stale}");
    assert!(stale.contains("1 warning"), "{stale}");

    // After another review, nothing is stale, and nothing is listed twice.
    run(folder.path(), "review water --lang es --by Luz --date 2026-03-11");
    let again = run(folder.path(), "check --deny warnings");
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let reviewed = std::fs::read_to_string(&letter).expect("the letter");
    assert_eq!(reviewed.matches("[translation.es]").count(), 1, "{reviewed}");
    assert!(reviewed.contains("reviewed-by = \"Luz\""), "{reviewed}");
}

#[test]
fn what_cannot_be_reviewed_is_not() {
    let folder = water();
    let original = run(folder.path(), "review water --lang en --by Ana");
    assert_eq!(original.status.code(), Some(2));
    assert!(stderr(&original).contains("`en` is the original"));
    let none = run(folder.path(), "review water --lang fr --by Ana");
    assert_eq!((none.status.code(), stdout(&none)), (Some(2), String::new()));
    let nobody =
        program(folder.path()).args(["review", "water", "--lang", "es", "--by", ""]).output();
    assert_eq!(nobody.expect("the program runs").status.code(), Some(2));
    write(&folder.path().join("water/es.md"), "<b>\n");
    let broken = run(folder.path(), "review water --lang es --by Ana");
    assert_eq!(broken.status.code(), Some(1), "{}", stderr(&broken));
    let letter = std::fs::read_to_string(folder.path().join("water/letter.toml"));
    assert_eq!(letter.expect("the letter"), LETTER);
}

/// A translation that says something else after its review was not reviewed.
#[test]
fn a_change_of_the_translation_is_reported() {
    let folder = water();
    let at = folder.path();
    run(at, "review water --lang es --by Ana --date 2026-03-10");
    assert_eq!(status(at, 1, "paragraphs")["reviewed"], 2);
    write(&at.join("water/es.md"), &SPANISH.replace("Abran", "No abran"));
    let stale = stderr(&run(at, "check"));
    assert!(
        stale.contains("warning[stale-translation]: this has changed since its review"),
        "{stale}"
    );
    assert!(stale.contains("water/es.md:3:1"), "{stale}");
    assert!(stale.contains("it said: Abran los pozos antes"), "{stale}");
    assert!(stale.contains("1 warning"), "{stale}");
    assert_eq!((status(at, 1, "stale"), status(at, 1, "complete")), (1.into(), true.into()));
    assert_eq!(status(at, 1, "paragraphs")["reviewed"], 1);
    // A title, too.
    write(&at.join("water/es.md"), SPANISH);
    let letter = at.join("water/letter.toml");
    let text = std::fs::read_to_string(&letter).expect("the letter");
    write(&letter, &text.replace("\"Agua\"", "\"Fuego\""));
    let stale = stderr(&run(at, "check"));
    assert!(stale.contains("it said: Agua") && stale.contains("1 warning"), "{stale}");
}

/// What is not translated cannot have been reviewed.
#[test]
fn a_translation_that_differs_is_reviewed_only_if_asked_for() {
    let folder = water();
    let at = folder.path();
    let more = format!("{ENGLISH}\nThe wells belong to everybody.\n\nThank you.\n");
    write(&at.join("water/en.md"), &more);
    write(&at.join("water/es.md"), &SPANISH.replace("15", "16"));
    let refused = run(at, "review water --lang es --by Ana --date 2026-03-10");
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(1), String::new()));
    let said = stderr(&refused);
    assert!(said.contains("nothing was recorded: the translation differs"), "{said}");
    assert!(said.contains("parity-numbers") && said.contains("parity-structure"), "{said}");
    let letter = at.join("water/letter.toml");
    assert_eq!(std::fs::read_to_string(&letter).expect("the letter"), LETTER);
    let paragraphs = status(at, 1, "paragraphs");
    assert_eq!((&paragraphs["translated"], &paragraphs["total"]), (&2.into(), &4.into()));
    assert_eq!(status(at, 1, "complete"), false);
    let table = stdout(&run(at, "status"));
    assert!(table.contains("es  2 of 4 paragraphs, 2 warnings  not reviewed"), "{table}");

    let anyway = run(at, "review water --lang es --by Ana --date 2026-03-10 --anyway");
    assert_eq!(anyway.status.code(), Some(0), "{}", stderr(&anyway));
    let text = std::fs::read_to_string(&letter).expect("the letter");
    assert!(text.contains("anyway = [\"parity-numbers\", \"parity-structure\"]"), "{text}");
    let table = stdout(&run(at, "status"));
    assert!(
        table.contains("3 of 5 texts reviewed by Ana 2026-03-10 despite differences"),
        "{table}"
    );
    // The next review without differences takes it back, and an allowed difference is none.
    write(&at.join("water/en.md"), ENGLISH);
    write(&letter, &text.replacen("languages", "lint.allow = [\"parity-numbers\"]\nlanguages", 1));
    let again = run(at, "review water --lang es --by Ana --date 2026-03-11");
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    let text = std::fs::read_to_string(&letter).expect("the letter");
    assert!(!text.contains("anyway"), "{text}");
}

/// What cannot be compared between two languages is told in the status.
#[test]
fn the_status_says_what_is_not_compared() {
    let folder = folder(&[(
        "letter.toml",
        "languages = [\"en\", \"es\"]\ndate = 2026-03-09\ntitle = \"Agua\"\nbody = \"Agua.\"\n",
    )]);
    let table = stdout(&run(folder.path(), "status"));
    assert!(!table.contains("not compared"), "{table}");
}

/// A value of one language in the status of the letter.
fn status(folder: &std::path::Path, language: usize, key: &str) -> Value {
    let output = stdout(&run(folder, "status --message-format json"));
    let letter: Value = serde_json::from_str(&output).expect("one letter");
    letter["languages"][language][key].clone()
}

#[test]
fn the_status_shows_what_is_reviewed_and_built() {
    let folder = water();
    let at = folder.path();
    assert_eq!(status(at, 1, "build"), "missing");
    assert_eq!(status(at, 1, "stale"), Value::Null);
    assert_eq!((status(at, 0, "original"), status(at, 0, "complete")), (true.into(), true.into()));
    run(at, "build");
    run(at, "review water --lang es --by Ana --date 2026-03-10");
    assert_eq!(status(at, 1, "build"), "up-to-date");
    assert_eq!((status(at, 1, "stale"), status(at, 1, "reviewed-by")), (0.into(), "Ana".into()));

    write(&at.join("water/en.md"), "We ask for clean water.\n\nOpen the wells before May 15.\n");
    assert_eq!(
        (status(at, 0, "build"), status(at, 1, "build")),
        ("out-of-date".into(), "up-to-date".into())
    );
    assert_eq!((status(at, 1, "stale"), status(at, 1, "warnings")), (2.into(), 1.into()));
    let table = stdout(&run(at, "status --ui-lang es"));
    let expected = "1 de 3 textos revisados por Ana 2026-03-10, 2 por revisar de nuevo";
    assert!(table.contains(expected), "{table}");

    write(&at.join("water/es.md"), "Pedimos <b> agua.\n");
    assert_eq!((status(at, 1, "complete"), status(at, 0, "complete")), (false.into(), true.into()));
    assert_eq!(run(at, "status").status.code(), Some(0));
}

/// Titles of signatories, labels and headings of groups are reviewed and counted too.
#[test]
fn texts_of_signatories_are_reviewed() {
    let folder = water();
    let at = folder.path();
    let letter = at.join("water/letter.toml");
    let own = "[labels]\ncc = { en = \"Copies:\", es = \"Copias:\" }\n[signature-block]\ngroup-by = \"group\"\n\
               [signature-block.groups]\nhealth = { en = \"Health\", es = \"Salud\" }\n";
    let signing = |name: &str, title: &str| {
        format!(
            "[[signatories]]\nname = {name}\nkind = \"person\"\ngroup = \"health\"\n\
             title = {{ en = \"Director\", es = \"{title}\" }}\n"
        )
    };
    let ana = "{ en = \"Ana Prueba\", es = \"Ana de Prueba\" }";
    write(
        &letter,
        &format!("{LETTER}{own}{}{}", signing(ana, "Directora"), signing("\"Luz\"", "Directora")),
    );
    assert_eq!(status(at, 1, "texts")["total"], 6);
    let review = run(at, "review water --lang es --by Ana --date 2026-03-10");
    assert_eq!(review.status.code(), Some(0), "{}", stderr(&review));
    let count = |key: &str| (status(at, 1, "texts")[key].clone(), status(at, 1, "stale"));
    assert_eq!(count("reviewed"), (6.into(), 0.into()));

    // Somebody else in the list, even of the same name, changes nothing that was reviewed.
    let text = std::fs::read_to_string(&letter).expect("the letter");
    let more = format!(
        "[[signatories]]\nname = \"Eva\"\ngroup = \"health\"\n{}",
        signing("\"Luz\"", "Directora")
    );
    let longer = text.replacen("[translation", &format!("{more}[translation"), 1);
    write(&letter, &longer);
    assert_eq!(count("reviewed"), (6.into(), 1.into()));
    let added = stderr(&run(at, "check"));
    assert_eq!(added.matches("stale-translation").count(), 1, "{added}");
    assert!(added.contains("added after the review"), "{added}");

    write(&letter, &text.replacen("es = \"Directora\"", "es = \"Jefa\"", 1));
    assert_eq!(count("reviewed"), (5.into(), 1.into()));
    let changed = stderr(&run(at, "check"));
    assert!(changed.contains("it said: Directora"), "{changed}");
    write(&letter, &text.replace("es = \"Salud\"", "es = \"Health\""));
    assert_eq!(count("reviewed"), (5.into(), 1.into()));
}

/// Only the requested languages are shown, including editions.
#[test]
fn the_status_shows_only_the_requested_languages() {
    let folder = water();
    let at = folder.path();
    write(&at.join("water/letter.toml"), &format!("edition = \"parallel\"\n{LETTER}"));
    write(&at.join("park/letter.toml"), super::SMALL);
    assert_eq!(run(at, "build water").status.code(), Some(0));
    let shown = |arguments: &str| {
        let output = run(at, &format!("status --message-format json {arguments}"));
        let letters = stdout(&output);
        let letters =
            letters.lines().map(|line| -> Value { serde_json::from_str(line).expect("JSON") });
        let letter = |letter: Value| {
            let languages = letter["languages"].as_array().expect("a list").clone();
            let languages = languages.iter().map(|language| language["lang"].clone()).collect();
            (letter["letter"].clone(), Value::Array(languages), letter["edition"]["lang"].clone())
        };
        letters
            .map(letter)
            .map(|(letter, of, edition)| format!("{letter} {of} {edition}"))
            .collect()
    };
    let shown = |arguments: &str| -> Vec<String> { shown(arguments) };
    assert_eq!(
        shown(""),
        [r#""park/letter.toml" ["en"] null"#, r#""water/letter.toml" ["en","es"] "en+es""#]
    );
    assert_eq!(shown("--lang es"), [r#""water/letter.toml" ["es"] null"#]);
    assert_eq!(shown("--lang en+es"), [r#""water/letter.toml" [] "en+es""#]);
    let none = run(at, "status --lang fr");
    assert_eq!((none.status.code(), stdout(&none)), (Some(2), String::new()));

    // An edition cannot be built if one of its languages has an error, even if the other has none.
    let edition = |arguments: &str| stdout(&run(at, &format!("status water {arguments}")));
    assert!(edition("").contains("en+es  complete  edition       built"), "{}", edition(""));
    assert!(edition("").contains("up to date\n"), "{}", edition(""));
    write(&at.join("water/es.md"), "Pedimos <b> agua.\n");
    let spanish = edition("--ui-lang es");
    assert!(spanish.contains("en+es  tiene errores  edición"), "{spanish}");
    assert!(spanish.contains("en     completo       original"), "{spanish}");
}
