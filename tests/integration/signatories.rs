//! Signatories: read from every kind of file, sorted, counted, listed and imported.

use std::path::Path;

use super::{folder, program, run, stderr, stdout};

const HEAD: &str = "languages = [\"es-MX\"]\ndate = 2021-08-24\ntitle = \"Carta\"\n\
body = \"{{signatory-count}} {{organization-count}} {{person-count}} {{member-count}}\"\n";

/// The names that a letter lists, in machine-readable form.
fn listed(folder: &Path) -> Vec<String> {
    let output = run(folder, "signatories x --format json");
    assert!(output.status.success(), "{}", stderr(&output));
    let list: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let entries = list["signatories"].as_array().expect("a list").iter();
    entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn csv_is_read_in_every_encoding_and_with_every_line_end() {
    let utf16 = |text: &str, little: bool| {
        let mark = [0xFEFF_u16];
        let units = mark.into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    };
    let rows = "name,kind\r\nÑandú,\r\n\"Red, de\r\n\"\"Paz\"\"\",organization\r\n";
    let expected = ["Ñandú", "Red, de \"Paz\""];
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        ("plain", rows.into(), ""),
        ("mark", [b"\xEF\xBB\xBF", rows.as_bytes()].concat(), ""),
        ("utf-16 little", utf16(rows, true), ""),
        ("utf-16 big", utf16(rows, false), ""),
        ("carriage returns", rows.replace("\r\n", "\r").into(), ""),
        ("line feeds", rows.replace("\r\n", "\n").into(), ""),
        ("windows", rows.chars().map(|c| c as u8).collect(), ", encoding = \"windows-1252\""),
        ("semicolons", "name;kind\nÑandú;\n\"Red, de \"\"Paz\"\"\";".into(), ""),
        ("tabs", "name\tkind\nÑandú\t\n\"Red, de \"\"Paz\"\"\"\t\n\n\t\n".into(), ""),
    ];
    for (what, bytes, option) in files {
        let letter = format!("{HEAD}signatories = {{ file = \"a.csv\"{option} }}\n");
        let folder = folder(&[("x/letter.toml", &letter)]);
        std::fs::write(folder.path().join("x/a.csv"), bytes).expect("a file");
        assert_eq!(listed(folder.path()), expected, "{what}");
    }
}

#[test]
fn bytes_that_are_not_text_have_a_place() {
    let letter = format!("{HEAD}signatories = {{ file = \"a.csv\" }}\n");
    let folder = folder(&[("x/letter.toml", &letter)]);
    std::fs::write(folder.path().join("x/a.csv"), b"name\nRed\nNi\xF1ez\n").expect("a file");
    let output = run(folder.path(), "check x --message-format short");
    let problems = stderr(&output);
    assert!(problems.contains("x/a.csv:3:3: error[syntax]: this file is not UTF-8"), "{problems}");
}

#[test]
fn sources_can_be_mixed() {
    let letter = format!(
        "{HEAD}signatories = [\"Uno\", {{ file = \"a.csv\", group = \"g\" }}, {{ dir = \"who\" }}, \"Cinco\"]\n"
    );
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("x/a.csv", "name\nDos\n"),
        ("x/who/a.toml", "name = \"Tres\"\n"),
        ("x/who/b.toml", "name = \"Cuatro\"\nkind = \"person\"\n"),
    ]);
    assert_eq!(listed(folder.path()), ["Uno", "Dos", "Tres", "Cuatro", "Cinco"]);
}

/// The values of placeholders match what is printed.
#[test]
fn counts_are_those_of_the_printed_list() {
    let letter = format!(
        "{HEAD}signatories = [\"Aaa\", {{ name = \"Bbb\", members = [\"Ccc\", {{ name = \"Ddd\", members = [\"Eee\"] }}] }}, \
         {{ name = \"Fff\", kind = \"person\" }}, {{ name = \"Ggg\", withdrawn = 2021-08-25 }}]\n"
    );
    let folder = folder(&[("x/letter.toml", &letter)]);
    let output = run(folder.path(), "build x -o - -q");
    let document = lopdf::Document::load_mem(&output.stdout).expect("a PDF");
    let text = document.extract_text(&[1]).expect("text");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("3 2 1 3"), "{text}");
    assert!(!text.contains("Ggg"), "{text}");
    for name in ["Aaa", "Bbb", "Ccc", "Ddd", "Eee", "Fff"] {
        assert_eq!(text.matches(name).count(), 1, "{name} in {text}");
    }
}

#[test]
fn each_variant_has_its_own_order() {
    let letter = "languages = [\"es\", \"en\"]\ndate = 2021-08-24\ntitle = \"x\"\nbody = \"x\"\n\
                  signatories = [\"Ñandú\", \"Los Zorros\", \"Nz\", \"The Alps\"]\n\
                  [signature-block]\nsort = \"name\"\n";
    let folder = folder(&[("x/letter.toml", letter)]);
    let order = |language: &str| {
        let output = run(folder.path(), &format!("signatories x --format json --lang {language}"));
        let list: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        let entries = list["signatories"].as_array().expect("a list").iter();
        entries.map(|entry| entry["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order("es"), ["Nz", "Ñandú", "The Alps", "Los Zorros"]);
    assert_eq!(order("en"), ["The Alps", "Los Zorros", "Ñandú", "Nz"]);
}

#[test]
fn import_adds_what_is_new_and_nothing_twice() {
    let letter = format!("{HEAD}# kept\nsignatories = [\n  \"Oxfam México\", # here too\n]\n");
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("form.csv", "Nombre;Pais\nOXFAM MEXICO;\nRed Nueva;mx\nOxfam Mexicana;\n"),
    ]);
    let import = "signatories import form.csv --into x --column name=Nombre --column country=Pais";
    let dry = run(folder.path(), &format!("{import} --dry-run"));
    let path = folder.path().join("x/letter.toml");
    assert!(
        stdout(&dry).ends_with("new: 2, already listed: 1, changed: 0, not in the file: 0\n"),
        "{}",
        stdout(&dry)
    );
    assert_eq!(std::fs::read_to_string(&path).expect("the letter"), letter);

    let first = run(folder.path(), import);
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let text = std::fs::read_to_string(&path).expect("the letter");
    assert_eq!(
        text,
        format!(
            "{HEAD}# kept\nsignatories = [\n  \"Oxfam México\", # here too\n  \
             {{ name = \"Red Nueva\", country = \"MX\" }},\n  \"Oxfam Mexicana\",\n]\n"
        )
    );
    let second = run(folder.path(), import);
    assert!(
        stdout(&second).contains("new: 0, already listed: 3, changed: 0"),
        "{}",
        stdout(&second)
    );
    assert_eq!(std::fs::read_to_string(&path).expect("the letter"), text);
}

/// A son is not his father, and Mrs. Ruiz is not Mr. Ruiz: they are added, and somebody has to look.
#[test]
fn import_takes_nobody_for_a_relative() {
    let letter = format!(
        "{HEAD}signatories = [\n  {{ name = \"Juan Pérez\", kind = \"person\" }},\n  \
         {{ name = \"Sr. Alex Ruiz\", kind = \"person\" }},\n]\n"
    );
    let rows = "name,kind\nJuan Pérez Hijo,person\nSra. Alex Ruiz,person\nAlex Ruiz,person\n";
    let folder = folder(&[("x/letter.toml", &letter), ("form.csv", rows)]);
    let output = stdout(&run(folder.path(), "signatories import form.csv --into x"));
    assert!(output.contains("new: 2, already listed: 1,"), "{output}");
    let checked = run(folder.path(), "check x --message-format short");
    assert!(!stderr(&checked).contains("already listed"), "{}", stderr(&checked));
}

/// All problems of the founding letter: its 13 names that are listed twice, the two that are out of
/// order, and the four links whose targets are lost. Nothing else.
#[test]
fn the_founding_letter_gives_its_true_findings() {
    let output = run(&super::founding_letter(), "check --message-format json");
    assert_eq!(output.status.code(), Some(0));
    let default = stderr(&output);
    assert!(!default.contains("member-also-signs"), "{default}");
    let denied = "check --message-format json --deny member-also-signs";
    let problems = stderr(&run(&super::founding_letter(), denied));
    let mut found: Vec<(String, u64)> = problems
        .lines()
        .map(|line| {
            let problem: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let code = problem["code"].as_str().expect("a code").to_owned();
            (code, problem["line"].as_u64().expect("a line"))
        })
        .collect();
    found.sort();
    let lines = |wanted: &str| -> Vec<u64> {
        found.iter().filter(|(code, _)| code == wanted).map(|(_, line)| *line).collect()
    };
    let members = [38, 39, 41, 78, 80, 84, 88, 89, 90, 94, 95, 96, 97];
    assert_eq!(lines("member-also-signs"), members);
    assert_eq!(lines("unsorted-signatories"), [51, 107]);
    assert_eq!(lines("placeholder-link"), [224, 225, 226, 227]);
    assert_eq!(found.len(), 13 + 2 + 4);
}

/// A problem of a row in an export is reported where people can fix it, not in lines that were never
/// written.
#[test]
fn a_row_that_cannot_be_imported_is_reported_in_the_export() {
    let letter = format!("{HEAD}signatories = []\n");
    let folder = folder(&[
        ("x/letter.toml", &letter),
        (
            "export.csv",
            "name,country,url\nRed del Agua,EE.UU.,\nComité Morelos,Atlántida,ftp://x\n",
        ),
    ]);
    let output = run(folder.path(), "signatories import export.csv --into x");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("--> export.csv:3:26"), "{}", stderr(&output));
    let kept = std::fs::read_to_string(folder.path().join("x/letter.toml")).expect("the letter");
    assert_eq!(kept, letter);
}

/// A spreadsheet runs no cell of an exported list, and the list reads back as it was.
#[test]
fn a_list_for_spreadsheets_reads_back_the_same() {
    let names = ["=1+1", "+52 Net", "-A", "@home", "'=1", "'t Hooft", "Zeta=1", "Zoe;=1"];
    let list = names.map(|name| format!("{name:?}")).join(", ");
    let folder = folder(&[("x/letter.toml", &format!("{HEAD}signatories = [{list}]\n"))]);
    let first_cells = |csv: &str| -> Vec<String> {
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    };
    let csv = stdout(&run(folder.path(), "signatories x --format csv"));
    let written = ["'=1+1", "'+52 Net", "'-A", "'@home", "''=1", "'t Hooft", "Zeta=1", "Zoe;'=1"];
    assert_eq!(first_cells(&csv), written);
    let bare = stdout(&run(folder.path(), "signatories x --format csv --keep-formulas"));
    assert_eq!(first_cells(&bare), names);

    let path = folder.path().join("x/letter.toml");
    std::fs::write(folder.path().join("x/list.csv"), &csv).expect("a file");
    let named = format!("{HEAD}signatories = {{ file = \"list.csv\" }}\n");
    std::fs::write(&path, named).expect("a letter");
    assert_eq!(listed(folder.path()), names);
    std::fs::write(&path, format!("{HEAD}signatories = []\n")).expect("a letter");
    let import = run(folder.path(), "signatories import x/list.csv --into x");
    assert!(import.status.success(), "{}", stderr(&import));
    assert_eq!(listed(folder.path()), names);
}

/// An initial or a given name is no article, and a family name is sorted by as its country does.
#[test]
fn people_are_sorted_by_their_names() {
    let people = "signatories = [\
  \"The Crows\", \"A. C. Norte\", \
  { name = \"Piet van Dam\", kind = \"person\", family-name = \"van Dam\", country = \"BE\" }, \
  { name = \"El Mehdi Modelo\", kind = \"person\" }, \
  { name = \"Juan de la Cruz\", kind = \"person\", family-name = \"de la Cruz\", country = \"MX\" }, \
  { name = \"An Nguyen\", kind = \"person\" }, \
  { name = \"Dra. Bea Modelo\", kind = \"person\" }]\n[signature-block]\nsort = \"name\"\n";
    for language in ["en", "es"] {
        let head = HEAD.replace("es-MX", language);
        let folder = folder(&[("x/letter.toml", &format!("{head}{people}"))]);
        let crows = if language == "en" { 3 } else { 5 };
        let mut names = vec![
            "A. C. Norte",
            "An Nguyen",
            "Dra. Bea Modelo",
            "Juan de la Cruz",
            "El Mehdi Modelo",
            "Piet van Dam",
        ];
        names.insert(crows, "The Crows");
        assert_eq!(listed(folder.path()), names, "{language}");
    }
}

/// What a hint says to add to the letter can be added as it is, and settles what it was about.
#[test]
fn a_hint_can_be_pasted_and_silences() {
    let letter = format!(
        "{HEAD}signatories = [\n  \"Red del Agua\",\n  \"Red Del Agua\",\n  {{ file = \"a.csv\" }},\n]\n\n\
         [signature-block]\ncolumns = 2\n"
    );
    let rows = "kind,name\nperson,\"Konstantin \"\"Kiss\"\" O'Prueba \\\"\nperson,Konstantin O'Prueba\n\
                ,Concerned neighbors\n,Concerned neighbors\n,Concerned neighbors\n\
                ,Border Line Crisis Center\n,Borderline Crisis Center\n";
    let folder = folder(&[("x/letter.toml", &letter), ("x/a.csv", rows)]);
    let problems = || {
        let output = run(folder.path(), "check x --message-format json");
        let lines = stderr(&output);
        let of_duplicates = lines.lines().filter(|line| line.contains("duplicate-signatory"));
        of_duplicates.map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<_>>()
    };
    let found: Vec<serde_json::Value> = problems();
    assert_eq!(found.len(), 4, "{found:?}");
    let hints = found.iter().map(|problem| problem["hints"][0].as_str().expect("a hint"));
    // Everything after the sentence is to be pasted.
    let pasted = hints.map(|hint| hint.split_once('\n').expect("several lines").1);
    let pasted = pasted.collect::<Vec<_>>().join("\n");
    let path = folder.path().join("x/letter.toml");
    std::fs::write(&path, format!("{letter}\n{pasted}\n")).expect("a file");
    assert_eq!(problems(), [] as [serde_json::Value; 0], "{pasted}");
    // Nothing else was said instead.
    let output = run(folder.path(), "check x --deny warnings");
    assert!(output.status.success(), "{}", stderr(&output));
}

/// A name that no font has is printed as the author says, and stays what it is in the list.
#[test]
fn a_name_is_printed_as_the_author_says() {
    let letter = format!("{HEAD}signatories = {{ file = \"a.csv\" }}\n");
    let rows = "name,print-as,kind\n王小明,Wang Xiaoming,person\n";
    let folder = folder(&[("x/letter.toml", &letter), ("x/a.csv", rows)]);
    for format in ["txt", "html"] {
        let text = stdout(&run(folder.path(), &format!("build x -f {format} -o - -q")));
        assert!(text.contains("Wang Xiaoming") && !text.contains("王"), "{text}");
    }
    assert_eq!(run(folder.path(), "build x -o - -q").status.code(), Some(0));
    assert_eq!(listed(folder.path()), ["王小明"]);
    let list = stdout(&run(folder.path(), "signatories x --format csv"));
    assert!(list.contains("王小明,Wang Xiaoming,person"), "{list}");
}

/// A form's export holds what people told it in confidence. Messages show the cells that they are about.
#[test]
fn messages_show_no_other_cells_of_a_row() {
    let letter = |columns: &str| {
        format!("{HEAD}signatories = {{ file = \"form.csv\", columns = {{ {columns} }} }}\n")
    };
    let columns = "name = \"Org\", url = \"Web\"";
    let folder = folder(&[
        ("x/letter.toml", &letter(columns)),
        (
            "x/form.csv",
            "E-mail,Phone,Org,Web\nmaria@example.org,664 555 0142,Red del Ñu 🛸,ftp://x\n\
             private@example.org,664 555 0143,,\n\
             c@example.org,664 555 0144,Red; Sur,,secret@example.org\n\
             d@example.org,664 555 0145,Red Norte,,\ne@example.org,664 555 0146,Red Norte,,\n",
        ),
    ]);
    let output = stderr(&run(folder.path(), "check x"));
    for shown in ["🛸", "ftp://x", "--> x/form.csv:2:43", "--> x/form.csv:3:34", "Red Norte"] {
        assert!(output.contains(shown), "{shown}: {output}");
    }
    let merged = run(folder.path(), "merge x x/form.csv --dry-run --column name=Org");
    let import = run(folder.path(), "signatories import x/form.csv --into x --column name=Nobody");
    for output in [output, stderr(&merged), stderr(&import)] {
        for secret in ["@example.org", "664 555"] {
            assert!(!output.contains(secret), "{secret}: {output}");
        }
    }
}

/// A form's answers are read from the workbook that they come in: the first visible sheet, with dates and
/// check boxes. A problem is at the row and the column of the sheet.
#[test]
fn workbooks_are_read_with_the_places_of_their_cells() {
    let columns =
        "name = \"{Organization|Full name}\", country = \"Country\", withdrawn = \"Withdrawn\"";
    for (name, sheet) in [("form.xlsx", "Form Responses 1"), ("form.ods", "Respuestas")] {
        let list = format!(
            "signatories = {{ file = \"{name}\", where = {{ Consent = \"true\" }}, columns = {{ {columns} }} }}\n"
        );
        let letter = format!("{HEAD}{list}").replace("{{member-count}}", "{{country-count}}");
        let folder = folder(&[("x/letter.toml", &letter)]);
        let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(name);
        std::fs::copy(workbook, folder.path().join("x").join(name)).expect("a copy");
        let output = stderr(&run(folder.path(), "check x"));
        assert!(output.contains("`Atlantis` is not a country"), "{output}");
        assert!(output.contains(&format!("--> x/{name}:4:5")), "{output}");
        assert!(
            output.contains(&format!("this is the cell E4 of the sheet `{sheet}`")),
            "{output}"
        );
        assert!(!output.contains('@'), "{output}");
        std::fs::write(folder.path().join("x/letter.toml"), format!("{HEAD}{list}"))
            .expect("a letter");
        assert_eq!(listed(folder.path()), ["Red del Ñandú, A.C.", "\"Mara\" Lindqvist"]);
        let letter = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"{{recipient.name}}\"\nbody = \"Text.\"\n";
        std::fs::write(folder.path().join("x/letter.toml"), letter).expect("a letter");
        let list = format!("x/{name}");
        let column = "name={Organization|Full name}";
        let arguments = ["merge", "x", "--dry-run", "--recipients", &list, "--column", column];
        let merged = program(folder.path()).args(arguments).output().expect("the program runs");
        assert!(merged.status.success(), "{}", stderr(&merged));
    }
}

/// An import says what became of every row: what changed, key by key, what is withdrawn, what is left out, and
/// what of the letter is not in the file.
#[test]
fn import_tells_of_every_row() {
    let letter = format!(
        "{HEAD}signatories = [\n  {{ name = \"Ana Prueba\", kind = \"person\", title = \"Chair\" }},\n  \"Red Sur\",\n  \"Red Norte\",\n]\n"
    );
    let export = "name,kind,title,note,url,withdrawn,ok\nAna Prueba,person,Director,new,,,yes\n\
                  Red Sur,,,,,,yes\nRED DEL AGUA CDMX,,,,,,yes\nEva Muestra,person,,,,2026-01-01,yes\n\
                  Rota,,,,ftp://x,,yes\nNadie,group,,,,,yes\nFuera,,,,,,no\n";
    let folder = folder(&[("x/letter.toml", &letter), ("form.csv", export)]);
    let import = "signatories import form.csv --into x --where ok=yes";
    let refused = run(folder.path(), import);
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    let output = run(folder.path(), &format!("{import} --keep-going --fix-case"));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    for place in ["form.csv:6:", "form.csv:7:"] {
        assert!(stderr(&output).contains(place), "{place}: {}", stderr(&output));
    }
    insta::assert_snapshot!(stdout(&output), @r"
    new: Red del Agua CDMX
    changed: Ana Prueba in line 2, title: Chair → Director; note: — → new; nothing was changed
    withdrawn: Eva Muestra in line 5; nothing was changed
    not in the file: Red Norte
    new: 1, already listed: 1, changed: 1, not in the file: 1
    left out because of errors: 2
    left out by --where: 1
      ok → no (1)
    ");
    let text = std::fs::read_to_string(folder.path().join("x/letter.toml")).expect("the letter");
    assert!(text.contains("  \"Red del Agua CDMX\",\n]"), "{text}");
}

/// Numbers of responses are as long as telephone numbers, and are a key whatever their order is.
#[test]
fn a_response_id_is_a_key() {
    let letter = format!("{HEAD}signatories = [\n  \"Red Sur\",\n]\n");
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("one.csv", "Response ID,name\n114219184857,Uno\n"),
        ("any.csv", "Response ID,name\n114219184857,Uno\n114219184851,Dos\n114219184859,Tres\n"),
        (
            "wrong.csv",
            "Response ID,name\n114219184857,Uno\n114219184857,Dos\n,Tres\n114219184851,Otro\n",
        ),
        ("contact.csv", "Contact,name\n6645550142,Uno\n"),
    ]);
    let import = |file: &str, key: &str, more: &str| {
        let mut program = program(folder.path());
        program.args(["signatories", "import", file, "--into", "x", "--dry-run", "--key", key]);
        program.args(more.split_whitespace()).output().expect("the program runs")
    };
    for file in ["one.csv", "any.csv"] {
        let output = import(file, "Response ID", "");
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let refused = import("wrong.csv", "Response ID", "");
    assert_eq!(refused.status.code(), Some(1));
    let problems = stderr(&refused);
    for problem in ["another row has the key `114219184857` too", "this row has no key"] {
        assert!(problems.contains(problem), "{problem}: {problems}");
    }
    let some = import("wrong.csv", "Response ID", "--keep-going");
    assert!(stdout(&some).starts_with("new: Uno\nnew: Otro\n"), "{}", stdout(&some));
    // Where the header does not say so, they may be telephone numbers, and the message tells what to do.
    let refused = stderr(&import("contact.csv", "Contact", ""));
    assert!(refused.contains("call the column `ID` in the file"), "{refused}");
}

/// An entry over several lines gets its key like any other, once.
#[test]
fn an_entry_of_several_lines_gets_its_key() {
    let letter = format!(
        "{HEAD}signatories = [\n  {{\n    name = \"Red Sur\", # first\n    note = \"Note\" # last\n  }},\n  {{ # one\n\
         name = \"Red Norte\",\n}},\n]\n"
    );
    let folder =
        folder(&[("x/letter.toml", &letter), ("form.csv", "id,name\n1,Red Sur\n2,Red Norte\n")]);
    let import = || stdout(&run(folder.path(), "signatories import form.csv --into x --key id"));
    let first = import();
    assert!(first.contains("now with their key: 2\n"), "{first}");
    let text = std::fs::read_to_string(folder.path().join("x/letter.toml")).expect("the letter");
    insta::assert_snapshot!(text.strip_prefix(HEAD).expect("the head"), @r#"
    signatories = [
      {
        key = "1",
        name = "Red Sur", # first
        note = "Note" # last
      },
      { key = "2", # one
    name = "Red Norte",
    },
    ]
    "#);
    let again = import();
    assert!(!again.contains("key"), "{again}");
}

/// With a key, an import knows who changed their name, gives those who were listed before their key, and adds
/// nobody who withdrew.
#[test]
fn import_knows_people_by_their_key() {
    let letter = format!(
        "{HEAD}signatories = [\n  \"Red Sur\", # first\n  {{ name = \"Ana Prueba\", kind = \"person\", title = \"Chair\" }},\n\
         {{ name = \"Luis Retirado\", kind = \"person\", withdrawn = 2026-02-01 }},\n]\n"
    );
    let first = "id,name,kind,title,mail,ok\n1,Red Sur,,,a@example.org,yes\n\
                 2,Ana Prueba,person,Chair,b@example.org,yes\n3,Luis Retirado,person,,c@example.org,yes\n\
                 4,Eva Muestra,person,,d@example.org,yes\n,Fuera,,,e@example.org,no\n";
    let second = "id,name,kind,title,mail,ok\n1,Red Sur y Norte,,,a@example.org,yes\n\
                  2,ANA PRUEBA,person,Chair,b@example.org,yes\n4,Eva Muestra Casada,person,Vocal,d@example.org,yes\n\
                  5,Eva Muestra Casada,person,Vocal,d@example.org,yes\n6,Ana Prueba,person,Chair,f@example.org,yes\n";
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("form.csv", first),
        ("next.csv", second),
        (
            "twice.csv",
            "id,name,mail,no\n1,Uno,a@example.org,7\n1,Dos,b@example.org,8\n,Tres,c@example.org,9\n",
        ),
        (
            "form.json",
            "[{\"id\": 1, \"name\": \"Red Sur\"}, {\"id\": 4, \"name\": \"Eva Rosa Muestra\", \"kind\": \"person\"}]",
        ),
        ("form.yaml", "- id: 4\n  name: Eva Roca Muestra\n  kind: person\n"),
    ]);
    let import = |what: &str| run(folder.path(), &format!("signatories import {what} --into x"));
    let text = || std::fs::read_to_string(folder.path().join("x/letter.toml")).expect("the letter");

    // Nothing by which people can be reached is kept, and no message shows it.
    let refused = import("form.csv --where ok=yes --key mail");
    assert_eq!(refused.status.code(), Some(1));
    let problems = stderr(&refused);
    assert!(problems.contains("--> form.csv:1:20") && problems.contains(": `id`"), "{problems}");
    assert!(!problems.contains('@') && text() == letter, "{problems}");
    let refused = import("twice.csv --key id");
    assert_eq!(refused.status.code(), Some(1));
    let problems = stderr(&refused);
    for place in ["twice.csv:3:1", "twice.csv:4:1", ": `no`"] {
        assert!(problems.contains(place), "{place}: {problems}");
    }
    let some = import("twice.csv --key id --keep-going --dry-run");
    assert!(stdout(&some).starts_with("new: Uno\n"), "{}", stdout(&some));
    assert!(stdout(&some).contains("left out because of errors: 2"), "{}", stdout(&some));
    let nowhere = stderr(&import("form.csv --key code"));
    assert!(nowhere.contains("the file has no column `code`"), "{nowhere}");

    let dry = import("form.csv --where ok=yes --key id --dry-run");
    assert_eq!(text(), letter);
    let output = import("form.csv --where ok=yes --key id");
    assert_eq!(stdout(&dry), stdout(&output));
    insta::assert_snapshot!(stdout(&output), @r#"
    new: Eva Muestra
    withdrawn: Luis Retirado in line 4; nothing was changed
    new: 1, already listed: 2, changed: 0, not in the file: 0
    listed before, and now with their key: 2
    left out by --where: 1
      ok → no (1)
    "#);
    insta::assert_snapshot!(text().strip_prefix(HEAD).expect("the head"), @r#"
    signatories = [
      { name = "Red Sur", key = "1" }, # first
      { name = "Ana Prueba", kind = "person", title = "Chair", key = "2" },
    { name = "Luis Retirado", kind = "person", withdrawn = 2026-02-01 },
      { name = "Eva Muestra", kind = "person", key = "4" },
    ]
    "#);
    let again = import("form.csv --where ok=yes --key id");
    assert!(stdout(&again).contains("new: 0, already listed: 3, changed: 0"), "{}", stdout(&again));
    let before = text();
    insta::assert_snapshot!(stdout(&import("next.csv --where ok=yes --key id")), @r#"
    check: Eva Muestra Casada in line 5 says the same as Eva Muestra in the letter or above it, with another key; nothing was added; if they are two, add one to the letter with key = "5"
    check: Ana Prueba in line 6 says the same as Ana Prueba in the letter or above it, with another key; nothing was added; if they are two, add one to the letter with key = "6"
    changed: Red Sur y Norte in line 2, name: Red Sur → Red Sur y Norte; nothing was changed
    changed: Eva Muestra Casada in line 4, name: Eva Muestra → Eva Muestra Casada; title: — → Vocal; nothing was changed
    already listed: ANA PRUEBA, as Ana Prueba
    new: 0, already listed: 1, changed: 2, not in the file: 0
    "#);
    assert_eq!(text(), before);
    for file in ["form.json", "form.yaml"] {
        let output = stdout(&import(&format!("{file} --key id")));
        assert!(output.contains("name: Eva Muestra → Eva "), "{output}");
    }
    for name in ["form.xlsx", "form.ods"] {
        let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists").join(name);
        std::fs::copy(workbook, folder.path().join(name)).expect("a copy");
        let columns = ["signatories", "import", name, "--into", "x", "--dry-run", "--column"];
        let mut program = program(folder.path());
        program.args(columns).args(["name={Organization|Full name}", "--column", "country="]);
        let output = program.args(["--key", "Timestamp"]).output().expect("the program runs");
        assert!(output.status.success(), "{}", stderr(&output));
    }
    // The list goes on knowing them.
    let list = stdout(&run(folder.path(), "signatories x --format toml"));
    assert!(list.contains("{ name = \"Eva Muestra\", kind = \"person\", key = \"4\" }"), "{list}");
}

/// Who does not meet the condition any more is in the file, and not gone from it; with another kind, somebody
/// is the same; and what the file has no column for is told once.
#[test]
fn import_tells_who_is_left_out_and_what_is_not_in_the_file() {
    let letter = format!(
        "{HEAD}signatories = [\n  {{ name = \"Ana Prueba\", kind = \"person\", title = \"Chair\", organization = \"Red\" }},\n  \
         {{ name = \"Ana Prueba\", kind = \"person\", organization = \"Casa\" }},\n  \
         {{ name = \"Eva Muestra\", kind = \"person\", key = \"4\" }},\n  \"Red Sur\",\n  \"Luis Modelo\",\n  \"Red Norte\",\n]\n"
    );
    let rows = "id,name,kind,ok\n1,Ana Prueba,person,yes\n2,Ana Prueba,person,yes\n4,Eva Casada,person,no\n\
                5,Red Sur,,no\n6,Luis Modelo,person,yes\n7,Otra Persona,person,no\n8,Sin Consentir,person,no\n";
    let folder = folder(&[
        ("x/letter.toml", &letter),
        ("form.csv", rows),
        ("short.csv", &rows.replace(",person,", ",").replace(",kind,", ",").replace(",,", ",")),
    ]);
    let import = |what: &str| run(folder.path(), &format!("signatories import {what} --into x"));
    insta::assert_snapshot!(stdout(&import("form.csv --where ok=yes --key id --dry-run")), @r#"
    changed: Luis Modelo in line 6, kind: organization → person; nothing was changed
    left out by --where: Eva Muestra in line 4, who is in the letter; nothing was changed
    left out by --where: Red Sur in line 5, who is in the letter; nothing was changed
    not in the file: Red Norte
    new: 0, already listed: 2, changed: 1, not in the file: 1
    listed before, and now with their key: 3
    in the letter, but without a column in the file: organization (2), title (1)
    left out by --where: 4
      ok → no (4)
    "#);
    // Without a column for the kind, nobody changes it.
    insta::assert_snapshot!(stdout(&import("short.csv --where ok=yes --key id --dry-run")), @r#"
    left out by --where: Eva Muestra in line 4, who is in the letter; nothing was changed
    left out by --where: Red Sur in line 5, who is in the letter; nothing was changed
    not in the file: Red Norte
    new: 0, already listed: 3, changed: 0, not in the file: 1
    listed before, and now with their key: 3
    in the letter, but without a column in the file: organization (2), title (1)
    left out by --where: 4
      ok → no (4)
    "#);
    insta::assert_snapshot!(stdout(&import("form.csv --where ok=yes --quiet --dry-run")), @r#"
    changed: Luis Modelo in line 6, kind: organization → person; nothing was changed
    left out by --where: Red Sur in line 5, who is in the letter; nothing was changed
    "#);
}

/// The key of a response is the same in the workbook that a form gives as in its CSV.
#[test]
fn a_key_is_the_same_in_csv_and_in_a_workbook() {
    let letter = format!("{HEAD}signatories = []\n");
    let rows = "Timestamp,Organization,Full name,Consent\n8/24/2021 12:30:00,\"Red del Ñandú, A.C.\",,TRUE\n\
                25/08/2021,,\"\"\"Mara\"\" Lindqvist\",TRUE\n";
    let folder = folder(&[("x/letter.toml", &letter), ("form.csv", rows)]);
    let workbook = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lists/form.xlsx");
    std::fs::copy(workbook, folder.path().join("form.xlsx")).expect("a copy");
    let import = |file: &str| {
        let mut program = program(folder.path());
        program.args(["signatories", "import", file, "--into", "x", "--key", "Timestamp"]);
        program.args(["--column", "name={Organization|Full name}", "--column", "country="]);
        stdout(&program.args(["--where", "Consent=true"]).output().expect("the program runs"))
    };
    insta::assert_snapshot!(import("form.csv"), @r#"
    new: Red del Ñandú, A.C.
    new: "Mara" Lindqvist
    new: 2, already listed: 0, changed: 0, not in the file: 0
    check: new organizations with a title or an organization of their own, as people have: 1; if they are people, import with --kind person
    "#);
    insta::assert_snapshot!(import("form.xlsx"), @r#"
    withdrawn: Casa Azul Tijuana in line 5; nothing was changed
    new: 0, already listed: 2, changed: 0, not in the file: 0
    left out by --where: 1
      Consent → FALSE (1)
    "#);
}

/// People and organizations of one form are imported one after the other, and neither is said to be gone.
#[test]
fn people_and_organizations_of_one_form_are_imported_one_after_the_other() {
    let letter = format!("{HEAD}signatories = [\n  \"Red Norte\",\n]\n");
    let form = "ID,Nombre completo,¿Cómo firma?,Organización,¿Autoriza la publicación?\n\
                1,Ana Prueba,A título personal,,Sí\n2,Luis Muestra,En nombre de mi organización,Red Sur,Sí\n\
                3,Eva Modelo,A título personal,,No\n4,Rosa Ejemplo,Ambas,,Sí\n";
    let folder = folder(&[("x/letter.toml", &letter), ("form.csv", form)]);
    let import = |more: &[&str]| {
        let mut program = program(folder.path());
        program.args(["signatories", "import", "form.csv", "--into", "x"]).args(more);
        program.output().expect("the program runs")
    };
    // The message says what to write.
    let refusal =
        |more: &[&str]| stderr(&import(more)).split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = refusal(&[]);
    for options in [
        "--kind person --where \"¿Cómo firma?=A título personal\" --where \"¿Autoriza la publicación?=Sí\" \
         --column name=\"Nombre completo\" --column organization=\"Organización\"",
        "--kind organization --where \"¿Cómo firma?=En nombre de mi organización\" \
         --where \"¿Autoriza la publicación?=Sí\" --column name=\"Organización\"",
    ] {
        assert!(refused.contains(options), "{options}: {refused}");
    }
    let consent = "¿Autoriza la publicación?=Sí";
    let of_kind = |kind: &str, answer: &str, name: &str| {
        let rows = ["--kind", kind, "--where", answer, "--where", consent];
        stdout(&import(&[&rows[..], &["--column", name, "--key", "ID"]].concat()))
    };
    let people = || of_kind("person", "¿Cómo firma?=A título personal", "name=Nombre completo");
    insta::assert_snapshot!(people(), @r#"
    new: Ana Prueba
    new: 1, already listed: 0, changed: 0, not in the file: 0
    in the letter, but of another kind than --kind says: 1
    left out by --where: 3
      ¿Cómo firma? → Ambas (1), En nombre de mi organización (1)
      ¿Autoriza la publicación? → No (1)
    "#);
    let answer = "¿Cómo firma?=En nombre de mi organización";
    let organizations = of_kind("organization", answer, "name=Organización");
    insta::assert_snapshot!(organizations, @r#"
    new: Red Sur
    not in the file: Red Norte
    new: 1, already listed: 0, changed: 0, not in the file: 1
    in the letter, but of another kind than --kind says: 1
    left out by --where: 3
      ¿Cómo firma? → A título personal (2), Ambas (1)
      ¿Autoriza la publicación? → No (1)
    "#);
    insta::assert_snapshot!(people(), @r#"
    new: 0, already listed: 1, changed: 0, not in the file: 0
    in the letter, but of another kind than --kind says: 2
    left out by --where: 3
      ¿Cómo firma? → Ambas (1), En nombre de mi organización (1)
      ¿Autoriza la publicación? → No (1)
    "#);
    // All at once, with what the unclear answer means.
    let both = ["--column", "kind=como firma", "--column", "name={Organización|Nombre completo}"];
    let both = [&both[..], &["--key", "ID"]].concat();
    let refused = refusal(&both);
    assert!(
        refused.contains("form.csv:5:16") && refused.contains("--kind person=\"Ambas\""),
        "{refused}"
    );
    assert!(refused.contains("--where \"¿Autoriza la publicación?=Sí\""), "{refused}");
    let said = import(&[&both[..], &["--kind", "organization=Ambas", "--where", consent]].concat());
    insta::assert_snapshot!(stdout(&said), @r#"
    new: Rosa Ejemplo
    not in the file: Red Norte
    new: 1, already listed: 2, changed: 0, not in the file: 1
    left out by --where: 1
      ¿Autoriza la publicación? → No (1)
    "#);
    let twice = import(&["--kind", "person", "--kind", "organization"]);
    assert_eq!(twice.status.code(), Some(2), "{}", stderr(&twice));
}

/// Whoever has another key is somebody else, whatever the titles are; who says the very same has signed twice.
#[test]
fn namesakes_are_told_apart_by_their_keys() {
    let letter = format!(
        "{HEAD}signatories = [\n  {{ name = \"Ana Prueba\", kind = \"person\", title = \"Chair\", key = \"1\" }},\n  \
         {{ name = \"Luis Modelo\", kind = \"person\", title = \"Vocal\", key = \"7\" }},\n]\n"
    );
    let form = "id,name,kind,title,organization\n1,Ana Prueba,person,Directora,\n2,Ana Prueba,person,Chair,\n\
                3,Ana Prueba,person,,Red Sur\n4,Ana Prueba,person,,Red Sur\n8,Luis Modelo,person,Chair,\n";
    let folder = folder(&[("x/letter.toml", &letter), ("form.csv", form)]);
    let import = || stdout(&run(folder.path(), "signatories import form.csv --into x --key id"));
    insta::assert_snapshot!(import(), @r#"
    new: Ana Prueba
    new: Ana Prueba
    new: Luis Modelo
    check: Ana Prueba is new, but looks like Ana Prueba
    check: Ana Prueba in line 5 says the same as Ana Prueba in the letter or above it, with another key; nothing was added; if they are two, add one to the letter with key = "4"
    changed: Ana Prueba in line 2, title: Chair → Directora; nothing was changed
    not in the file: Luis Modelo
    new: 3, already listed: 0, changed: 1, not in the file: 1
    "#);
    let again = import();
    assert!(again.contains("new: 0, already listed: 3, changed: 1"), "{again}");
}

/// However many rows of a list are wrong, people are shown some of each kind, and all if they want.
#[test]
fn of_many_wrong_rows_some_are_shown() {
    let letter = format!("{HEAD}signatories = []\n");
    let rows: String = (0..20_000).map(|n| format!(",Atlantis {n},a,b,\n")).collect();
    let folder =
        folder(&[("x/letter.toml", &letter), ("form.csv", &format!("name,country,mail\n{rows}"))]);
    let import = |more: &str| {
        stderr(&run(folder.path(), &format!("signatories import form.csv --into x {more}")))
    };
    let some = import("");
    assert!(some.lines().count() < 100, "{}", some.lines().count());
    assert!(some.contains("form.csv:6, 7, 8") && some.contains("and 19,976 more"), "{some}");
    let all = import("--all");
    assert!(all.contains("20000, 20001") && !all.contains(" more"), "{}", all.len());
}
