//! Output for the services that build letters: SARIF, the summary, dependencies, locked builds.

use serde_json::Value;

use super::schema::Judge;
use super::{SMALL, folder, program, run, stderr, stdout, write};

/// Problems in every kind of place: TOML, Markdown, CSV, a template, two files at once, in a folder
/// whose name must be escaped.
fn troubled() -> tempfile::TempDir {
    let letter = SMALL
        .replace("\"Text.\"", "{ file = \"cuerpo ñ.md\" }")
        .replace("title =", "zzz = 1\nsignatories = [\"Uno\", { file = \"s.csv\" }]\ntitle =");
    folder(&[
        ("a b/letter.toml", &letter),
        ("a b/cuerpo ñ.md", "Ñu <b>x</b> [y]()\n"),
        ("a b/s.csv", "name,zzz\nUno,1\nDos,2,3\n"),
        ("c/letter.toml", &format!("template = \"t.typ\"\n{SMALL}")),
        ("c/t.typ", "#let letter(letter) = [#nothing]\n"),
    ])
}

#[test]
fn sarif_conforms_to_its_schema() {
    let schema = include_str!("../schemas/sarif-2.1.0.json");
    let judge = Judge::new(serde_json::from_str(schema).expect("JSON"));
    let troubled = troubled();
    for language in ["en", "es"] {
        let output =
            run(troubled.path(), &format!("check --message-format sarif --ui-lang {language}"));
        assert_eq!(output.status.code(), Some(1));
        let log: Value = serde_json::from_str(&stderr(&output)).expect("JSON");
        judge.judge(&log).unwrap_or_else(|error| panic!("{error}"));
        let results = log["runs"][0]["results"].as_array().expect("results");
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        let mut uris = std::collections::BTreeSet::new();
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number"));
            assert_eq!(rules[index.expect("an index")]["id"], result["ruleId"]);
            let place = &result["locations"][0]["physicalLocation"];
            uris.insert(place["artifactLocation"]["uri"].as_str().expect("a URI"));
        }
        let expected = ["a%20b/cuerpo%20%C3%B1.md", "a%20b/letter.toml", "a%20b/s.csv", "c/t.typ"];
        assert_eq!(uris.into_iter().collect::<Vec<_>>(), expected);
        // The second place of a duplicate is in the other file.
        let duplicate = results.iter().find(|result| result["ruleId"] == "duplicate-signatory");
        let related = &duplicate.expect("a duplicate")["relatedLocations"][0]["physicalLocation"];
        assert_eq!(related["artifactLocation"]["uri"], "a%20b/letter.toml");
        // Columns are counted in characters: `Ñ` counts as one.
        let html = results.iter().find(|result| result["ruleId"] == "raw-html").expect("HTML");
        assert_eq!(html["locations"][0]["physicalLocation"]["region"]["startColumn"], 4);
    }
}

/// The labels of `human` are in the JSON too.
#[test]
fn json_names_the_other_places_of_a_problem() {
    let troubled = troubled();
    let output = run(troubled.path(), "check --message-format json");
    let problems = stderr(&output);
    let mut problems = problems.lines().filter_map(|line| serde_json::from_str(line).ok());
    let duplicate = problems.find(|problem: &Value| problem["code"] == "duplicate-signatory");
    let related = &duplicate.expect("a duplicate")["related"];
    let expected = serde_json::json!([{
        "file": "a b/letter.toml",
        "line": 4,
        "column": 16,
        "end_line": 4,
        "end_column": 21,
        "message": "`Uno` is here",
    }]);
    assert_eq!(related, &expected);
}

/// A run without problems also writes a log: it says that there are none any more.
#[test]
fn sarif_is_written_to_a_file_beside_other_messages() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let output = run(folder.path(), "check --sarif reports/all.sarif");
    assert_eq!(stderr(&output), "1 letter: no errors, no warnings\n");
    let log = std::fs::read_to_string(folder.path().join("reports/all.sarif")).expect("the log");
    let log: Value = serde_json::from_str(&log).expect("JSON");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    let output = run(folder.path(), "check --sarif x");
    assert_eq!(output.status.code(), Some(1), "a folder is no file");
    assert!(stderr(&output).contains("cannot write `x`: "), "{}", stderr(&output));
}

/// GitHub expects paths relative to the checkout of the repository, wherever the program was started.
#[test]
fn github_paths_are_relative_to_the_checkout() {
    let troubled = troubled();
    let output = program(&troubled.path().join("a b"))
        .args(["check", "--message-format", "github", "--sarif", "../log.sarif"])
        .env("GITHUB_WORKSPACE", troubled.path())
        .output()
        .expect("the program starts");
    let text = stderr(&output);
    for start in [
        "::error file=a b/cuerpo ñ.md,line=1,endLine=1,col=4,endColumn=7,title=raw-html::",
        "::error file=a b/s.csv,line=3,endLine=3,",
        "::error file=a b/letter.toml,line=3,endLine=3,col=1,endColumn=4,title=unknown-key::",
    ] {
        assert!(text.lines().any(|line| line.starts_with(start)), "{start} in {text}");
    }
    assert!(text.contains("%0Aa b/letter.toml:4: `Uno` is here"), "{text}");
    let log = std::fs::read_to_string(troubled.path().join("log.sarif")).expect("the log");
    assert!(log.contains("\"uri\": \"a%20b/letter.toml\""), "{log}");
}

#[test]
fn the_summary_lists_outputs_and_problems() {
    let hostile = SMALL
        .replace("languages = [\"en\"]", "languages = [\"en\", \"es\"]")
        .replace("Text.", "Two.\\n\\nSee [x]().")
        .replace("date", "\"|<img>@x` https://a.bc www.a.bc\" = 1\ndate");
    let folder = folder(&[
        ("a|b/letter.toml", &hostile),
        (
            "x/letter.toml",
            &format!("signatories = [\"A\", \"B\"]\n{SMALL}").replace("Text.", "See [x]()."),
        ),
    ]);
    let summary = folder.path().join("summary.md");
    write(&summary, "What was there.\n\n");
    let output = program(folder.path())
        .args(["check", "--message-format", "short"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(std::fs::read_to_string(&summary).expect("it is there"), @r#"
    What was there.

    ### undersigned

    2 letters: 1 error, 2 warnings

    | letter | language | pages | signatories | problems |
    | --- | --- | ---: | ---: | --- |
    | a\|b/letter.toml | en | 1 | 0 | 1 error, 1 warning |
    | a\|b/letter.toml | es | 1 | 0 | 1 error, 1 warning |
    | x/letter.toml | en | 1 | 2 | 1 warning |

    <details><summary>Problems</summary>

    - a\|b/letter.toml:2:1: error\[unknown-key\]: unknown key \`\|\<img\><span>@</span>x\` https\://a.bc www\.a.bc\`
    - a\|b/letter.toml:5:21: warning\[placeholder-link\]: this link has no target, so it is printed as plain text
    - x/letter.toml:5:13: warning\[placeholder-link\]: this link has no target, so it is printed as plain text

    </details>
    "#);
    let output = program(folder.path())
        .args(["check", "x", "--quiet", "--ui-lang", "es"])
        .env("GITHUB_STEP_SUMMARY", folder.path())
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "a folder cannot be written to");
    assert!(stderr(&output).contains("no se puede escribir"), "{}", stderr(&output));
}

#[test]
fn locked_fails_if_a_file_differs_from_its_letter() {
    let folder = folder(&[("x/letter.toml", SMALL), ("y/letter.toml", SMALL)]);
    let absent = run(folder.path(), "build --locked --message-format short");
    assert_eq!(absent.status.code(), Some(1));
    assert_eq!(
        stderr(&absent),
        "x/letter.toml:1:1: error[stale-output]: `out/x.en.pdf` does not exist\n\
         y/letter.toml:1:1: error[stale-output]: `out/y.en.pdf` does not exist\n"
    );
    assert!(!folder.path().join("out").exists(), "nothing is written");

    run(folder.path(), "build");
    let same = run(folder.path(), "build --locked");
    assert_eq!(same.status.code(), Some(0), "{}", stderr(&same));
    assert_eq!(stdout(&same), "out/x.en.pdf\nout/y.en.pdf\n");

    write(&folder.path().join("x/letter.toml"), &SMALL.replace("Text", "Other"));
    let before = std::fs::read(folder.path().join("out/x.en.pdf")).expect("a PDF");
    let stale = run(folder.path(), "build --locked --message-format short");
    assert_eq!(stale.status.code(), Some(1));
    assert_eq!(
        stderr(&stale),
        "x/letter.toml:1:1: error[stale-output]: `out/x.en.pdf` is not what this letter produces now\n"
    );
    let after = std::fs::read(folder.path().join("out/x.en.pdf")).expect("a PDF");
    assert_eq!(before, after, "nothing is written");
    assert_eq!(run(folder.path(), "build x --locked -o -").status.code(), Some(2));
}

/// All inputs of a letter are among its dependencies: nothing has to be added by hand.
#[test]
fn dependencies_are_all_the_files_read() {
    let letter = "signatories = [{ file = \"s.csv\" }, { dir = \"people\" }, \
                  { name = \"A\", signature = \"a.png\" }]\ntemplate = \"ours/t.typ\"\n\
                  languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\nwords = \"words.en.toml\"\n\
                  body = { file = \"my body.md\" }\n\
                  [signature-block]\nstyle = \"images\"\n[page]\nfont = \"Libertinus Sans\"\n";
    let folder = folder(&[
        ("undersigned.toml", "[lint]\ndeny = [\"warnings\"]\n"),
        ("x/letter.toml", letter),
        ("x/my body.md", "Text, and more of it.\n"),
        ("x/s.csv", "name\nBeta\n"),
        ("x/words.en.toml", "[labels]\nto = \"For:\"\n"),
        ("x/people/c.toml", "name = \"Gamma\"\n"),
        (
            "x/ours/t.typ",
            "#import \"parts.typ\": *\n#import \"more.typ\": show-body\n\
             #let letter(letter) = {\n  set document(title: letter.title)\n  title()\n  \
             show-body(letter)\n}\n",
        ),
        ("x/ours/more.typ", "#let show-body(letter) = letter.body\n"),
        ("y/letter.toml", "broken = true"),
        (".git/HEAD", ""),
    ]);
    let picture = super::repository().join("tests/pages/signature-lines.en.1.png");
    std::fs::copy(picture, folder.path().join("x/a.png")).expect("a picture");
    let output = run(folder.path(), "build --deps build.json");
    assert_eq!(output.status.code(), Some(1), "y is broken");
    let text = std::fs::read_to_string(folder.path().join("build.json")).expect("the file");
    let deps: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(deps["letters"][0]["letter"], "x/letter.toml");
    assert_eq!(
        deps["letters"][0]["inputs"],
        serde_json::json!([
            "undersigned.toml",
            "x/a.png",
            "x/letter.toml",
            "x/my body.md",
            "x/ours/more.typ",
            "x/ours/t.typ",
            "x/people",
            "x/people/c.toml",
            "x/s.csv",
            "x/words.en.toml",
        ])
    );
    assert_eq!(deps["outputs"], serde_json::json!(["out/x.en.pdf"]), "{}", stderr(&output));
    assert_eq!(deps["letters"][1]["outputs"], serde_json::json!([]));

    run(folder.path(), "build x --deps build.d");
    let rules = std::fs::read_to_string(folder.path().join("build.d")).expect("the file");
    assert!(
        rules.starts_with("out/x.en.pdf: undersigned.toml x/a.png x/letter.toml x/my\\ body.md ")
    );
    assert!(rules.contains("\nx/my\\ body.md:\n"), "{rules}");
    assert_eq!(run(folder.path(), "build x --deps build").status.code(), Some(2));
    let named = run(folder.path(), "build x --deps build --deps-format make");
    assert_eq!(named.status.code(), Some(0));
}

/// A font used by a letter is read from its file. It is a built-in font under another name, because the
/// built-in font would take precedence over a file with the same name.
#[test]
fn dependencies_name_the_fonts_of_a_folder() {
    let font = super::renamed_font();
    let letter = format!("{SMALL}[page]\nfont = \"DejaVu Sans Momo\"\n");
    let folder = folder(&[("x/letter.toml", &letter), ("fonts/OFL.txt", "")]);
    std::fs::write(folder.path().join("fonts/mine.ttf"), font).expect("a font");
    let output = run(folder.path(), "build --deps build.json --font-path fonts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.path().join("build.json")).expect("the file");
    let deps: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(deps["inputs"], serde_json::json!(["fonts/mine.ttf", "x/letter.toml"]));
}

/// The fonts of a folder that a letter or its repository names belong to the letter: all of them are its
/// inputs, and no option is needed.
#[test]
fn a_letter_brings_its_fonts() {
    let letter = format!("{SMALL}[page]\nfont = \"DejaVu Sans Momo\"\nfonts = [\"fonts\"]\n");
    let page = "[page]\nfonts = [\"shared\"]\n";
    let folder = folder(&[("x/letter.toml", &letter), ("undersigned.toml", page)]);
    for path in ["x/fonts/momo-1.0/mine.ttf", "shared/other.ttf"] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, super::renamed_font()).expect("a font");
    }
    std::fs::create_dir(folder.path().join(".git")).expect("a folder");
    let output = run(folder.path(), "build x --deps build.json");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.path().join("build.json")).expect("the file");
    let deps: Value = serde_json::from_str(&text).expect("JSON");
    let inputs = [
        "shared",
        "shared/other.ttf",
        "undersigned.toml",
        "x/fonts",
        "x/fonts/momo-1.0",
        "x/fonts/momo-1.0/mine.ttf",
        "x/letter.toml",
    ];
    assert_eq!(deps["inputs"], serde_json::json!(inputs));
    let listed = run(folder.path(), "fonts x --for en");
    assert!(stdout(&listed).contains("DejaVu Sans Momo\n"), "{}", stdout(&listed));
    let without = run(folder.path(), "fonts --for en");
    assert!(!stdout(&without).contains("Momo"), "{}", stdout(&without));
    assert_eq!(run(folder.path(), "fonts --for am").status.code(), Some(1));
}

/// Messages are wrapped on a narrow terminal, and only a path may exceed its width.
#[test]
fn narrow_terminals_stay_readable() {
    let letter = SMALL.replace(
        "\"Text.\"",
        "\"Text.\"\nsignatories = [\n  \"Casa de Acogida Formación y Empoderamiento de la Mujer Migrante\",\n  \
         \"Casa de Acogida Formación y Empoderamiento de la Mujer Migrante\",\n]",
    );
    let folder = folder(&[("x/letter.toml", &letter)]);
    for (width, language) in [("40", "en"), ("60", "es")] {
        let output = program(folder.path())
            .args(["check", "x", "--ui-lang", language])
            .env("COLUMNS", width)
            .output()
            .expect("the program starts");
        let width: usize = width.parse().expect("a number");
        for line in stderr(&output).lines() {
            // What is to be pasted is not broken.
            let is_pasted = line.trim_start().starts_with("names = [");
            assert!(is_pasted || line.chars().count() <= width, "{line}");
        }
    }
}

/// A warning in a list is shown with its own lines, not with the whole file; of thousands of one kind,
/// there are ten and their number, on one screen. Errors come last.
#[test]
fn problems_in_a_long_list_are_shown_with_their_lines() {
    let rows: String = (0..4000).map(|n| format!("Red {}\n", n % 2000)).collect();
    let letter =
        format!("signatories = {{ file = \"s.csv\" }}\n{SMALL}").replace("Text.", "{{nobody}}");
    let folder = folder(&[("x/letter.toml", &letter), ("x/s.csv", &format!("name\n{rows}"))]);
    let text = stderr(&run(folder.path(), "check x"));
    assert!(text.contains(
        "warning[duplicate-signatory]: `Red 1` is listed twice\n    --> x/s.csv:2003:1\n"
    ));
    assert!(text.contains("   ::: x/s.csv:3:1\n"), "{}", &text[..2000]);
    assert_eq!(text.matches("is listed twice").count(), 10);
    assert!(text.contains("and 1,990 more of the kind duplicate-signatory (--all shows"), "{text}");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("no {part} in {text}"));
    assert!(at("error[unknown-placeholder]") > at("1,990 more"), "{text}");
    assert!(at("duplicate-signatory: 2,000 warnings\n") < at("unknown-placeholder: 1 error\n"));
    assert!(text.lines().count() <= 55, "{text}");
}

/// Problems with the same text are one with several places, of which the first have their lines.
#[test]
fn equal_problems_are_one_with_several_places() {
    let rows: String = (0..40).map(|n| format!("Red {n},Atlantis\n")).collect();
    let letter = format!("signatories = {{ file = \"s.csv\" }}\n{SMALL}")
        .replace("Text.", "{{country-count}}");
    let files = [("x/letter.toml", &*letter), ("x/s.csv", &format!("name,country\n{rows}"))];
    let folder = folder(&files);
    let text = stderr(&run(folder.path(), "check x"));
    assert_eq!(text.matches("error[invalid-value]").count(), 1, "{text}");
    assert_eq!(text.matches("and here").count(), 3, "{text}");
    assert!(text.contains("also here: x/s.csv:6, 7, "), "{text}");
    assert!(text.contains(", 25 and 16 more\n"), "{text}");
    assert!(text.ends_with("1 letter: 40 errors, no warnings\n"), "{text}");
    let json = stderr(&run(folder.path(), "check x --message-format json"));
    assert_eq!(json.lines().count(), 40);
}
