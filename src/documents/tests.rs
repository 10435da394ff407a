//! Letters made of documents: nothing of them is lost, and each builds.

mod messy;
mod signed;

use std::collections::BTreeMap;
use std::path::Path;

use super::body::count_words;
use proptest::strategy::Strategy;

use super::*;
use crate::documents::recognize::Certainty;
use crate::fonts::Fonts;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;

/// Makes a letter of a document.
#[track_caller]
fn made(name: &str, data: &[u8]) -> Made {
    let source = Source { name: name.into(), data: data.to_vec(), language: None, folder: None };
    letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default())
        .map_err(|error| error.english())
        .expect("a letter")
}

/// The letter with its text in one file, and the errors that it has.
fn errors(made: &Made) -> Vec<String> {
    let mut text = made.letter.clone();
    for (name, body) in &made.bodies {
        let body = toml_edit::Value::from(body.as_str()).to_string();
        text = text.replace(&format!("{{ file = \"{name}\" }}"), &body);
    }
    let project =
        Project::from_bytes(text.clone().into(), Path::new("/tmp"), None).expect("a letter");
    let problems = Problems::default();
    project.check(&std::sync::Arc::new(Fonts::default()), |_| true, &problems);
    let wrong = problems.into_sorted().into_iter().filter(Diagnostic::is_error);
    wrong.map(|problem| format!("{}\n{text}", problem.message.english())).collect()
}

/// The words of a text that are neither in the letter nor told to be left out.
fn lost(made: &Made, text: &str) -> Vec<String> {
    let mut there = BTreeMap::new();
    count_words(&made.letter.replace("\\n", " ").replace("\\t", " "), &mut there);
    made.bodies.iter().for_each(|(_, body)| count_words(body, &mut there));
    made.left_out.iter().for_each(|left| count_words(&left.text, &mut there));
    // What nobody sees is taken out, and is no word.
    let text: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    let mut words = BTreeMap::new();
    count_words(&text, &mut words);
    let missing =
        words.into_iter().filter(|(word, count)| there.get(word).is_none_or(|c| c < count));
    missing.map(|(word, _)| word).collect()
}

#[test]
fn a_formal_letter_has_all_its_parts() {
    let made = made("oficio.txt", "Red de Agua de la Frontera, A.C.\n\n\
        Tijuana, Baja California, a 9 de marzo de 2026\n\n\
        Asunto: Solicitud de información\nOficio núm. RA-2026/14\n\n\
        Ing. Tomás Robles Cázares\nDirector General\nComisión Estatal de Servicios\n\
        Blvd. Benítez 4057\n22150 Tijuana, B. C.\nP r e s e n t e\n\n\
        Estimado ingeniero Robles:\n\n\
        Por este medio le solicitamos el calendario de tandeo de la colonia Camino Verde, con \
        fundamento en\nel artículo 8. Desde noviembre el agua llega una vez por semana, y nadie nos \
        ha dicho la causa.\n\n- Que se publique.\n- Que se repare\nla bomba.\n\n\
        Atentamente,\n\nMtra. Inés Núñez Ávila\nDirectora\nRed de Agua de la Frontera, A.C.\n\n\
        Lic. Pedro Muestra Prueba\nAbogado\n\nAnexos: Mapa de la colonia; Fotografías\n\n\
        C.c.p. Rosa Prueba, Regidora, Ayuntamiento de Tijuana\n\nP. D. Anexamos un mapa.\n".as_bytes());
    insta::assert_snapshot!(made.letter, @r###"
    template = "formal"
    languages = ["es-MX"]
    date = 2026-03-09
    place = "Tijuana, Baja California"

    title = "Solicitud de información" # a guess: look whether it is right
    subject = "Solicitud de información"
    reference = "RA-2026/14"
    salutation = "Estimado ingeniero Robles:"
    body = { file = "body.es.md" }
    closing = "Atentamente,"
    postscript = "P. D. Anexamos un mapa."
    enclosures = [
      "Mapa de la colonia",
      "Fotografías",
    ]

    signatories = [
      { name = "Mtra. Inés Núñez Ávila", kind = "person", title = "Directora", organization = "Red de Agua de la Frontera, A.C." },
      { name = "Lic. Pedro Muestra Prueba", kind = "person", title = "Abogado" },
    ]

    [from]
    organization = "Red de Agua de la Frontera, A.C." # a guess: look whether it is right

    [[to]]
    honorific = "Ing."
    name = "Tomás Robles Cázares" # a guess: look whether it is right
    office = "Director General"
    organization = "Comisión Estatal de Servicios"
    address = ["Blvd. Benítez 4057", "22150 Tijuana, B. C."]
    note = "P r e s e n t e"

    [[cc]]
    name = "Rosa Prueba"
    office = "Regidora"
    organization = "Ayuntamiento de Tijuana"

    [labels]
    reference = "Oficio núm."
    "###);
    insta::assert_snapshot!(made.bodies[0].1, @r###"
    Por este medio le solicitamos el calendario de tandeo de la colonia Camino Verde, con fundamento en el artículo 8. Desde noviembre el agua llega una vez por semana, y nadie nos ha dicho la causa.

    - Que se publique.
    - Que se repare la bomba.
    "###);
    assert_eq!(made.left_out, []);
    assert_eq!(errors(&made), Vec::<String>::new());
}

/// The lines of the letter that begin with the title or are those of a person.
fn title_and_people(text: &str) -> Vec<String> {
    let made = made("oficio.txt", text.as_bytes());
    assert_eq!(made.left_out, [], "{}", made.letter);
    assert_eq!(errors(&made), Vec::<String>::new());
    let keys = ["title =", "[[", "honorific =", "name =", "office =", "organization =", "note ="];
    let is_shown = |line: &&str| keys.iter().any(|key| line.starts_with(key));
    made.letter.lines().filter(is_shown).map(str::to_owned).collect()
}

#[test]
fn addressees_without_a_label_are_no_title() {
    let body =
        "Por medio de la presente, las organizaciones firmantes le pedimos agua para las familias.";
    let names = "A t e n t a m e n t e\n\nMtra. Ximena Ñáñez Ibarra\nCoordinadora";
    let oficio = [
        "title = \"Falta de agua\" # a guess: look whether it is right",
        "[[to]]",
        "honorific = \"LIC.\"",
        "name = \"MÓNICA VEGA AGUIRRE\" # a guess: look whether it is right",
        "office = \"DIRECTORA GENERAL DE LA CESPT\"",
        "note = \"P R E S E N T E\"",
    ];
    // Each line is a paragraph in many documents.
    for end in ["\n", "\n\n"] {
        let address =
            ["LIC. MÓNICA VEGA AGUIRRE", "DIRECTORA GENERAL DE LA CESPT", "P R E S E N T E"];
        let text = format!(
            "Tijuana, B.C., a 25 de noviembre de 2026\n\nAsunto: Falta de agua\n\n{}\n\n{body}\n\n{names}\n",
            address.join(end)
        );
        assert_eq!(title_and_people(&text), oficio);
    }
    // A title of its own stays one.
    for title in ["Agua para todas las familias", "Justicia y Agua"] {
        for end in ["\n", "\n\n"] {
            let address = ["Mónica Vega Aguirre", "Directora General", "Presente."].join(end);
            let text = format!(
                "25 de noviembre de 2026\n\n{title}\n\n{address}\n\nEstimada directora:\n\n\
                 {body}\n\n{names}\n"
            );
            assert_eq!(
                title_and_people(&text),
                [
                    &format!("title = \"{title}\""),
                    "[[to]]",
                    "name = \"Mónica Vega Aguirre\" # a guess: look whether it is right",
                    "office = \"Directora General\"",
                    "note = \"Presente.\"",
                ]
            );
        }
    }
    let english = |address: &str| {
        title_and_people(&format!(
            "November 25, 2026\n\n{address}\n\nDear friends:\n\nThe families of the eastern \
             neighborhoods have had no water since the third of May.\n\nSincerely,\n\nRed Sur\n"
        ))
    };
    let guess = "title = \"Draft\" # a guess: look whether it is right";
    assert_eq!(
        english("Mónica Vega Aguirre, Director General, State Commission of Public Services"),
        [
            guess,
            "[[to]]",
            "name = \"Mónica Vega Aguirre\"",
            "office = \"Director General\"",
            "organization = \"State Commission of Public Services\"",
        ]
    );
    for end in ["\n", "\n\n"] {
        assert_eq!(
            english(&["Jane Doe", "Director", "Water Board"].join(end)),
            [
                guess,
                "[[to]]",
                "name = \"Jane Doe\" # a guess: look whether it is right",
                "office = \"Director\"",
                "organization = \"Water Board\"",
            ]
        );
    }
    // Titles that begin as names do.
    for title in ["Stop The Raids, President Roe", "Open Letter To The President of Mexico"] {
        assert_eq!(english(title), [format!("title = \"{title}\"")]);
    }
    assert_eq!(
        english("Open Letter To The\nPresident of Mexico"),
        ["title = \"Open Letter To The President of Mexico\" # a guess: look whether it is right"]
    );
}

/// Comments are for the one who runs the program, whatever the letter is in.
#[test]
fn comments_are_in_the_language_of_the_program() {
    let text =
        "Water for all\n\nWe ask for water in the valley because the wells are dry since May.\n";
    let data = text.as_bytes().to_vec();
    let source = Source { name: "a.txt".into(), data, language: None, folder: None };
    let spanish = UiLanguage::of_locale("es").expect("the program speaks Spanish");
    let made = letter(&[source], "Draft", "2026-11-30", None, spanish);
    let made = made.map_err(|error| error.english()).expect("a letter").letter;
    assert!(made.contains("languages = [\"en\"]"), "{made}");
    assert!(made.contains("date = 2026-11-30 # no se encontró"), "{made}");
}

#[test]
fn the_dash_behind_the_label_of_a_copy_is_no_name() {
    let text = "9 de marzo de 2026\n\nAgua para todas\n\nEstimada directora:\n\nPedimos agua para \
        las familias del este de la ciudad.\n\nAtentamente\n\nRed Sur\n\n\
        C.c.p.- Dr. Ernesto Ruiz, Regidor\nC.c.p. – Archivo\n";
    assert_eq!(
        title_and_people(text)[1..],
        [
            "[[cc]]",
            "honorific = \"Dr.\"",
            "name = \"Ernesto Ruiz\"",
            "office = \"Regidor\"",
            "[[cc]]",
            "name = \"Archivo\" # a guess: look whether it is right",
        ]
    );
}

/// What Google Docs saves: anchors, escapes, a picture, a list without an empty line before it.
#[test]
fn markdown_of_google_docs_is_cleaned() {
    let made = made("draft.md", b"# **Open letter on the gates** {#open-letter-on-the-gates}\n\n\
        We, the undersigned, write about the gates. They were closed on *March 1*, 2026 \\- without notice\\!\n\n\
        ## **What we ask** {#what-we-ask}\n\n* Open the gate by May 2\\.  \n* Publish \\[annex A\\].\n\n\
        The report[^1] is at [the portal](https://portal.example/report).\n\n![][image1]\n\n\
        [^1]:  The report of the city, 2026\\.\n\n[image1]: <data:image/png;base64,iVBORw0KGgo=>\n");
    insta::assert_snapshot!(made.letter, @r###"
    languages = ["en"]
    date = 2026-11-30 # no date was found; this is today

    title = "Open letter on the gates"
    body = { file = "body.en.md" }
    "###);
    insta::assert_snapshot!(made.bodies[0].1, @r###"
    We, the undersigned, write about the gates. They were closed on *March 1*, 2026 - without notice!

    # What we ask

    - Open the gate by May 2.
    - Publish \[annex A\].

    The report[^1] is at [the portal](https://portal.example/report).

    [^1]: The report of the city, 2026.
    "###);
    let left: Vec<_> = made.left_out.iter().map(|l| (l.what.english(), l.text.as_str())).collect();
    let damaged = "a damaged picture, after “The report is at the portal.”";
    assert_eq!(left, [(damaged.to_owned(), "")]);
    assert_eq!(errors(&made), Vec::<String>::new());
}

#[test]
fn front_matter_is_no_text() {
    let made = made(
        "2026-03-09-water.md",
        b"---\nlayout: post\ntitle: \"Water for all\"\ndate: 2026-03-09\n\
        tags:\n  - water\n---\n\nWe ask for water.\n\n{% include share.html %}\n",
    );
    insta::assert_snapshot!(made.letter, @r###"
    languages = ["en"]
    date = 2026-03-09

    title = "Water for all"
    body = { file = "body.en.md" }
    "###);
    assert_eq!(made.bodies[0].1, "We ask for water.\n");
    assert_eq!(made.left_out.len(), 4, "{:?}", made.left_out);
}

/// Paragraphs that single line ends part are paragraphs; lines that are full are joined.
#[test]
fn line_ends_are_what_they_mean() {
    let long = "We ask for water in the valley because the wells are dry and the river is lower than in any \
        year since 1950, as every neighbor can see.";
    let pasted = made("pasted.txt", format!("{long}\n{long}\n{long}\n").as_bytes());
    assert_eq!(pasted.bodies[0].1, format!("{long}\n\n{long}\n\n{long}\n"));
    let wrapped = made(
        "wrapped.txt",
        b"We ask for water in the valley because the wells are dry\n\
        and the river is lower than in any year since 1950, as\nevery neighbor can see.\n",
    );
    assert_eq!(wrapped.bodies[0].1.lines().count(), 1, "{}", wrapped.bodies[0].1);
}

/// Names that a document broke over lines are whole again, and a coalition has its members.
#[test]
fn broken_names_are_joined() {
    let made = made("names.txt", "We ask for water in the valley because the wells are dry.\n\nSincerely,\n\n\
        Red Nacional de Organismos Civiles \"Todos los Derechos para Todas y Todos\"\n(Red TDT)\n\
        Grupo de Trabajo: Instituto para la Seguridad\ny la Democracia; M3 Movimiento; REDIM Red por \
        los Derechos de la Infancia\nen México; Save The Children México\nHouse of Bridges\n".as_bytes());
    insta::assert_snapshot!(made.letter, @r###"
    languages = ["en"]
    date = 2026-11-30 # no date was found; this is today

    title = "Draft" # a guess: look whether it is right
    body = { file = "body.en.md" }
    closing = "Sincerely,"

    signatories = [
      'Red Nacional de Organismos Civiles "Todos los Derechos para Todas y Todos" (Red TDT)',
      { name = "Grupo de Trabajo", members = [
        "Instituto para la Seguridad y la Democracia",
        "M3 Movimiento",
        "REDIM Red por los Derechos de la Infancia en México",
        "Save The Children México",
      ] },
      "House of Bridges",
    ]
    "###);
}

/// The letter in each language goes into one file, with what differs by language.
#[test]
fn two_languages_make_one_letter() {
    let source = |name: &str, text: &str| Source {
        name: name.into(),
        data: text.as_bytes().to_vec(),
        language: None,
        folder: None,
    };
    let made = letter(
        &[
            source("en.txt", "Water for all of us\n\nTo: Secretary of Health, Jane Doe Roe\n\nDear Secretary:\n\n\
                We ask for water in the valley because the wells are dry and the river is low.\n\nSincerely,\n\n\
                House of Bridges\nRed Sur: Uno; Dos; Tres\n"),
            source("es.txt", "Agua para todas y todos\n\nPara: Secretaria de Salud, Jane Doe Roe\n\nEstimada secretaria:\n\n\
                Pedimos agua en el valle porque los pozos están secos y el río está muy bajo.\n\nAtentamente,\n\n\
                Casa de los Puentes\nRed Sur: Uno; Dos; Tres\n"),
        ],
        "Draft",
        "2026-11-30",
        None,
        UiLanguage::default(),
    )
    .map_err(|error| error.english())
    .expect("a letter");
    insta::assert_snapshot!(made.letter, @r###"
    languages = ["en", "es"]
    date = 2026-11-30 # no date was found; this is today

    title.en = "Water for all of us"
    title.es = "Agua para todas y todos"
    salutation.en = "Dear Secretary:"
    salutation.es = "Estimada secretaria:"
    body.en = { file = "body.en.md" }
    body.es = { file = "body.es.md" }
    closing.en = "Sincerely,"
    closing.es = "Atentamente,"

    signatories = [
      { name = { en = "House of Bridges", es = "Casa de los Puentes" } },
      { name = "Red Sur", members = [
        "Uno",
        "Dos",
        "Tres",
      ] },
    ]

    [[to]]
    name = "Jane Doe Roe"
    office.en = "Secretary of Health"
    office.es = "Secretaria de Salud"
    "###);
    assert_eq!(errors(&made), Vec::<String>::new());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// Whatever is in a document, no word of it is lost, and the letter has no error.
    #[test]
    fn nothing_of_a_text_is_lost(
        lines in proptest::collection::vec(
            proptest::prop_oneof![
                4 => "[A-Z][a-zñé]{1,9}( [A-Za-zñé0-9,.;:()\\[\\]*_#&<>|{}\"'`~+=-]{1,12}){0,14}",
                2 => "\\PC{0,60}",
                // Longer than a letter may have a title or a name.
                1 => "[A-Z][a-z]{1,9}(:|;|,|)( [A-Z][a-z]{2,12};?){60,70}",
                2 => proptest::prelude::Just(String::new()),
                1 => proptest::sample::select(vec![
                    "To:", "CC: Jane Doe, Director, Institute of Water", "Dear Secretary:", "Sincerely,", "- one", "1. two",
                    "Enclosures: map; photo", "P.S. Thanks.", "Re: water", "Atentamente", "# Heading", "> quoted", "[^1]: note",
                    "text[^1] {{name}}", "| a | b |\n| --- | --- |\n| c | d |", "Signed by:", "Organizations:",
                    "March 9, 2026", "---", "    code", "<b>bold</b>", "[link](https://example.org)", "\u{202E}x\u{200B}",
                ]).prop_map(str::to_owned),
            ],
            1..24,
        ),
        markdown in proptest::bool::ANY,
    ) {
        let text = lines.join("\n");
        let name = if markdown { "x.md" } else { "x.txt" };
        let source = Source { name: name.into(), data: text.clone().into_bytes(), language: "en".parse().ok(), folder: None };
        if let Ok(made) = letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default()) {
            let known = ["to", "cc", "re", "enclosures", "march", "9", "1", "2"];
            let mut lost = lost(&made, &text);
            lost.retain(|word| !known.contains(&word.as_str()) && word.parse::<u64>().is_err());
            if !markdown {
                proptest::prop_assert!(lost.is_empty(), "lost {lost:?} of:\n{text}\n---\n{}\n{:?}", made.letter, made.bodies);
            }
            let errors = errors(&made);
            proptest::prop_assert!(errors.is_empty(), "{errors:?}\n{text}");
        }
    }
}

/// The facts of a letter that must agree, one a line: addressees, copies, paragraphs, links,
/// signatories, members, the note.
fn facts(letter: &str, body: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(letter).expect("TOML");
    let text = |value: Option<&toml::Value>| -> String {
        let value = match value {
            Some(toml::Value::Table(table)) => {
                table.get("en").or(table.get("text")).and_then(toml::Value::as_str)
            }
            value => value.and_then(toml::Value::as_str),
        };
        value.unwrap_or_default().replace(['’', '‘'], "'").replace(['“', '”'], "\"")
    };
    let list = |value: Option<&toml::Value>| -> Vec<toml::Value> {
        value.and_then(toml::Value::as_array).cloned().unwrap_or_default()
    };
    let mut facts = Vec::new();
    for key in ["to", "cc"] {
        for person in list(table.get(key)) {
            for part in ["name", "office", "organization"] {
                let value = text(person.get(part));
                if !value.is_empty() {
                    facts.push(format!("{key} {part}: {value}"));
                }
            }
        }
    }
    for key in ["title", "salutation", "closing"] {
        facts.push(format!("{key}: {}", text(table.get(key))));
    }
    facts.push(format!("date: {}", table["date"]));
    let name = |entry: &toml::Value| match entry {
        toml::Value::String(name) => name.replace(['’', '‘'], "'").replace(['“', '”'], "\""),
        entry => {
            format!("{} {}", text(entry.get("name")), text(entry.get("title"))).trim().to_owned()
        }
    };
    for entry in list(table.get("signatories")) {
        facts.push(format!("signs: {}", name(&entry)));
        for member in list(entry.get("members")) {
            facts.push(format!("member: {}", name(&member)));
        }
        let note = text(entry.get("note"));
        if !note.is_empty() {
            facts.push(format!("note: {note}"));
        }
    }
    for paragraph in body.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let mut plain = String::new();
        for event in pulldown_cmark::Parser::new(paragraph) {
            match event {
                pulldown_cmark::Event::Text(part) => plain.push_str(&part),
                pulldown_cmark::Event::SoftBreak => plain.push(' '),
                pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { .. }) => plain.push('<'),
                pulldown_cmark::Event::End(pulldown_cmark::TagEnd::Link) => plain.push('>'),
                _ => {}
            }
        }
        let plain = plain.replace(['’', '‘'], "'").replace(['“', '”'], "\"");
        facts.extend(
            plain
                .split('<')
                .skip(1)
                .filter_map(|rest| rest.split_once('>'))
                .map(|(link, _)| format!("link: {link}")),
        );
        facts.push(format!("paragraph: {}", plain.replace(['<', '>'], "")));
    }
    facts
}

/// The founding letter, from documents of all kinds that LibreOffice and pandoc made of it, agrees with
/// the letter that was made by hand.
#[test]
fn the_founding_letter_comes_out_of_every_format() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("letters/remain-in-mexico-2021");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a file");
    // Its links have names, whose targets are lost.
    let body = read(&folder.join("body.en.md"));
    let body = [
        "appeals-court-ruling",
        "earlier-letters",
        "civil-society-reports",
        "crimes-against-returnees",
    ]
    .iter()
    .fold(body, |body, name| body.replace(&format!("[{name}]"), "(#)"));
    let expected = facts(&read(&folder.join("letter.toml")), &body);
    assert_eq!(expected.iter().filter(|fact| fact.starts_with("signs: ")).count(), 73);
    assert_eq!(expected.iter().filter(|fact| fact.starts_with("member: ")).count(), 31);
    assert_eq!(expected.iter().filter(|fact| fact.starts_with("link: ")).count(), 4);
    let mut paths: Vec<_> = std::fs::read_dir(root.join("tests/documents"))
        .expect("the documents")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("founding."))
        })
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 11);
    let mut failed = String::new();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let made = made(&name, &std::fs::read(&path).expect("a file"));
        let found = facts(&made.letter, &made.bodies[0].1);
        let missing: Vec<&String> = expected.iter().filter(|fact| !found.contains(fact)).collect();
        let added: Vec<&String> = found.iter().filter(|fact| !expected.contains(fact)).collect();
        let wrong = missing.len().max(added.len());
        let agreement = 100.0 - 100.0 * wrong as f64 / expected.len() as f64;
        if agreement < 98.0 || !errors(&made).is_empty() {
            failed.push_str(&format!(
                "{name}: {agreement:.1} %\n  missing {missing:#?}\n  added {added:#?}\n{:?}\n",
                made.left_out
            ));
        }
        println!(
            "{name}: {agreement:.1} % of {} facts; {} left out",
            expected.len(),
            made.left_out.len()
        );
    }
    assert!(failed.is_empty(), "{failed}");
}

/// A ZIP archive of parts, each as it is or, if it is large, compressed.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).expect("short").to_le_bytes();
    let long = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
    for (name, data) in parts {
        let is_large = data.len() > 1 << 20;
        let mut packed = data.to_vec();
        if is_large {
            let mut encoder =
                flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(data).expect("memory");
            packed = encoder.finish().expect("memory");
        }
        let method = if is_large { 8 } else { 0 };
        let start = file.len();
        let common = [
            &short(20)[..],
            &short(0),
            &short(method),
            &long(0),
            &long(0),
            &long(packed.len()),
            &long(data.len()),
            &short(name.len()),
            &short(0),
        ]
        .concat();
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
        directory.extend(
            [
                b"PK\x01\x02",
                &short(20)[..],
                &common,
                &short(0),
                &short(0),
                &short(0),
                &long(0),
                &long(start),
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let (start, count) = (file.len(), short(parts.len()));
    let end = [
        &b"PK\x05\x06\0\0\0\0"[..],
        &count,
        &count,
        &long(directory.len()),
        &long(start),
        &short(0),
    ]
    .concat();
    file.extend(directory);
    file.extend(end);
    file
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A Word document with this in its body, and these other parts.
fn docx(body: &str, parts: &[(&str, String)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    let mut all: Vec<(&str, &[u8])> = vec![("word/document.xml", document.as_bytes())];
    all.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
    zip(&all)
}

fn told(made: &Made) -> Vec<String> {
    made.left_out.iter().map(|left| format!("{}: {}", left.what.english(), left.text)).collect()
}

/// What Word knows besides text: marks, links, notes, lists, tables, comments, changes, fields, headers.
#[test]
fn a_word_document_is_read_whole() {
    let p = |inner: &str| format!("<w:p>{inner}</w:p>");
    let r = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let item = |level: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>{}</w:p>",
            r(text)
        )
    };
    let body = [
        format!("<w:p><w:pPr><w:pStyle w:val=\"T\"/></w:pPr>{}</w:p>", r("Water for all of us")),
        p(&r("Dear Secretary:")),
        p(&format!(
            "{}<w:r><w:rPr><w:b/></w:rPr><w:t>dry</w:t></w:r>{}<w:hyperlink r:id=\"rId1\">{}</w:hyperlink>{}\
             <w:r><w:footnoteReference w:id=\"2\"/></w:r><w:del w:author=\"Ana\"><w:r><w:delText>gone</w:delText></w:r></w:del>\
             <w:ins w:author=\"Ana\">{}</w:ins>",
            r("The wells of the valley are "), r(" since the month of May, as "), r("the report"), r(" says."), r(" It is so."),
        )),
        item(0, "First"), item(1, "Deeper"), item(0, "Second"),
        p(&format!(
            "<w:commentRangeStart w:id=\"0\"/>{}<w:commentRangeEnd w:id=\"0\"/>\
             <w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType=\"separate\"/><w:t>3</w:t><w:fldChar w:fldCharType=\"end\"/></w:r>",
            r("We ask for an answer within ten days.")
        )),
        format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
            p(&r("Well")), p(&r("Depth")), p(&r("North")), p(&r("12"))),
        p(&r("Sincerely,")), p(&r("House of Bridges")), p(&r("Jane Doe, Director, Institute of Water")),
    ]
    .concat();
    let parts = [
        ("word/styles.xml", format!("<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"en-US\"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:styleId=\"T\"><w:name w:val=\"Title\"/></w:style></w:styles>")),
        ("word/numbering.xml", format!("<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>")),
        ("word/footnotes.xml", format!("<w:footnotes {W}><w:footnote w:id=\"2\">{}</w:footnote></w:footnotes>", p(&r("Report of the city, page 4.")))),
        ("word/comments.xml", format!("<w:comments {W}><w:comment w:id=\"0\" w:author=\"Luis\">{}</w:comment></w:comments>", p(&r("Too short?")))),
        ("word/header1.xml", format!("<w:hdr {W}>{}</w:hdr>", p(&r("Draft 4")))),
        ("word/_rels/document.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"x/hyperlink\" Target=\"https://example.org/report\"/><Relationship Id=\"rId2\" Type=\"x/header\" Target=\"header1.xml\"/></Relationships>".to_owned()),
    ];
    let made = made("draft.docx", &docx(&body, &parts));
    insta::assert_snapshot!(made.letter, @r###"
    template = "formal"
    languages = ["en-US"]
    date = 2026-11-30 # no date was found; this is today

    title = "Water for all of us"
    salutation = "Dear Secretary:"
    body = { file = "body.en.md" }
    closing = "Sincerely,"

    signatories = [
      "House of Bridges",
      { name = "Jane Doe", kind = "person", title = "Director", organization = "Institute of Water" },
    ]
    "###);
    insta::assert_snapshot!(made.bodies[0].1, @r###"
    The wells of the valley are **dry** since the month of May, as [the report](https://example.org/report) says.[^1] It is so.

    1. First
       - Deeper
    2. Second

    We ask for an answer within ten days.

    | Well | Depth |
    | --- | --- |
    | North | 12 |

    [^1]: Report of the city, page 4.
    "###);
    insta::assert_snapshot!(told(&made).join("\n"), @r###"
    text that Ana deleted: gone
    a page number: 3
    a comment of Luis on “We ask for an answer within ten days.”: Too short?
    the header of pages: Draft 4
    "###);
    assert_eq!(errors(&made), Vec::<String>::new());
}

/// A document of LibreOffice with a comment and a deletion.
#[test]
fn a_document_of_libreoffice_is_read_whole() {
    let content = "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:dc=\"d\" xmlns:style=\"s\" xmlns:fo=\"f\" xmlns:xlink=\"x\">\
        <office:automatic-styles><style:style style:name=\"T1\"><style:text-properties fo:font-style=\"italic\"/></style:style></office:automatic-styles>\
        <office:body><office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Ana</dc:creator></office:change-info>\
        <text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
        <text:h text:outline-level=\"1\">Water for all of us</text:h><text:p>Dear Secretary:</text:p>\
        <text:p>The wells of the valley are <text:span text:style-name=\"T1\">dry</text:span> since the month of May,<text:line-break/>as \
        <text:a xlink:href=\"https://example.org/report\">the report</text:a> says.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Page 4.</text:p></text:note-body></text:note>\
        <office:annotation><dc:creator>Luis</dc:creator><text:p>Too short?</text:p></office:annotation></text:p>\
        <text:list><text:list-item><text:p>First</text:p><text:list><text:list-item><text:p>Deeper</text:p></text:list-item></text:list></text:list-item></text:list>\
        <text:p>Sincerely,</text:p><text:p>House of Bridges</text:p></office:text></office:body></office:document-content>";
    let data = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
    ]);
    let made = made("draft.odt", &data);
    insta::assert_snapshot!(made.bodies[0].1, @r###"
    The wells of the valley are *dry* since the month of May,\
    as [the report](https://example.org/report) says.[^1]

    - First
      - Deeper

    [^1]: Page 4.
    "###);
    insta::assert_snapshot!(told(&made).join("\n"), @r###"
    text that Ana deleted: gone
    a comment of Luis: Too short?
    "###);
    assert_eq!(errors(&made), Vec::<String>::new());
}

/// A table with merged cells, as each format writes them: every figure stays in its column.
#[test]
fn merged_cells_keep_the_figures_in_their_columns() {
    let p = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let cell = |properties: &str, text: &str| {
        format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
    };
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let wide = "<w:gridSpan w:val=\"2\"/>";
    let word = format!(
        "{}{}<w:tbl>{}</w:tbl>{}{}{}",
        p("Water for all"),
        p("Dear Secretary:"),
        [
            row(&[cell("<w:vMerge w:val=\"restart\"/>", "Town"), cell(wide, "Wells"), cell("", "People")]),
            row(&[cell("<w:vMerge/>", ""), cell("", "dry"), cell("", "full"), cell("", "all")]),
            row(&[cell("", "Cuetzalan"), cell("", "3"), cell("", "4"), cell("", "51")]),
            row(&[cell("<w:gridSpan w:val=\"3\"/>", "Together"), cell("", "7")]),
            "<w:tr><w:trPr><w:gridBefore w:val=\"2\"/></w:trPr><w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>".into(),
        ]
        .concat(),
        p("The text of the letter goes on below the table with a sentence."),
        p("Sincerely,"),
        p("House of Bridges"),
    );
    let p = |text: &str| format!("<text:p>{text}</text:p>");
    let cell = |marks: &str, text: &str| {
        format!("<table:table-cell {marks}>{}</table:table-cell>", p(text))
    };
    let covered = "<table:covered-table-cell/>".to_owned();
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let open = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\"><office:body><office:text>\
         {}{}<table:table>{}</table:table>{}{}{}</office:text></office:body></office:document-content>",
        p("Water for all"),
        p("Dear Secretary:"),
        [
            row(&[
                cell("table:number-rows-spanned=\"2\"", "Town"),
                cell("table:number-columns-spanned=\"2\"", "Wells"),
                covered.clone(),
                cell("", "People"),
            ]),
            row(&[covered.clone(), cell("", "dry"), cell("", "full"), cell("", "all")]),
            row(&[cell("", "Cuetzalan"), cell("", "3"), cell("", "4"), cell("", "51")]),
            row(&[
                cell("table:number-columns-spanned=\"3\"", "Together"),
                "<table:covered-table-cell table:number-columns-repeated=\"2\"/>".into(),
                cell("", "7"),
            ]),
            row(&[
                "<table:covered-table-cell table:number-columns-repeated=\"2\"/>".into(),
                cell("", "x")
            ]),
        ]
        .concat(),
        p("The text of the letter goes on below the table with a sentence."),
        p("Sincerely,"),
        p("House of Bridges"),
    );
    let web = "<p>Water for all</p><p>Dear Secretary:</p><table><tr><td rowspan=2>Town<td colspan=2>Wells\
        <td>People<tr><td>dry<td>full<td>all<tr><td>Cuetzalan<td>3<td>4<td>51\
        <tr><td colspan=3 rowspan=1>Together<td>7<tr><td colspan=2><td>x</table>\
        <p>The text of the letter goes on below the table with a sentence.</p><p>Sincerely,</p><p>House of Bridges</p>";
    let open = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", open.as_bytes()),
    ]);
    let body = |name: &str, data: &[u8]| made(name, data).bodies[0].1.clone();
    let expected = body("a.html", web.as_bytes());
    insta::assert_snapshot!(expected, @r"
    | Town | Wells |  | People |
    | --- | --- | --- | --- |
    |  | dry | full | all |
    | Cuetzalan | 3 | 4 | 51 |
    | Together |  |  | 7 |
    |  |  | x |  |

    The text of the letter goes on below the table with a sentence.
    ");
    assert_eq!(body("a.docx", &docx(&word, &[])), expected);
    assert_eq!(body("a.odt", &open), expected);
}

/// What no table has, and a table in which every row is one wide cell.
#[test]
fn spans_of_any_size_cost_nothing() {
    let body = |table: &str| {
        let page = format!(
            "<p>Water for all</p><p>Dear Secretary:</p><table>{table}</table><p>Sincerely,</p><p>House of Bridges</p>"
        );
        made("a.html", page.as_bytes()).bodies[0].1.clone()
    };
    insta::assert_snapshot!(
        body("<tr><td rowspan=0 colspan=4294967295>a<td rowspan=99999999999>b<tr><td>c<tr><td colspan=99999999999999999999>d"),
        @r"
    | a | b |  |
    | --- | --- | --- |
    |  |  | c |
    |  |  | d |
    "
    );
    assert_eq!(body("<tr><td colspan=5>One.<tr><td colspan=5>Two.").trim(), "One.\n\nTwo.");
    // A staircase, which would cover a place for each pair of its rows.
    let steps: String = (1..900).map(|width| format!("<tr><td colspan={width}>a<td>b")).collect();
    assert_eq!(body(&steps).lines().filter(|line| line.contains("| b")).count(), 899);
}

/// Web pages: what Google Docs and Word save, and an article of a website.
#[test]
fn web_pages_are_read_as_their_programs_write_them() {
    let docs = "<html><head><style>.c1{font-weight:700}.c2{font-style:italic}</style></head><body><p class=\"title\"><span>Water for all</span></p>\
        <p><span>The wells of the valley are </span><span class=\"c1\">dry</span><span> since the month of May, as </span>\
        <a href=\"https://www.google.com/url?q=https://example.org/report&amp;sa=D\">the report</a><span> says</span>\
        <sup><a href=\"#ftnt1\" id=\"ftnt_ref1\">[1]</a></sup><span>.</span><sup><a href=\"#cmnt1\" id=\"cmnt_ref1\">[a]</a></sup></p><hr>\
        <div><p><a href=\"#ftnt_ref1\" id=\"ftnt1\">[1]</a><span>&nbsp;Page 4.</span></p></div>\
        <div><p><a href=\"#cmnt_ref1\" id=\"cmnt1\">[a]</a><span>Too short?</span></p></div></body></html>";
    let made_docs = made("draft.html", docs.as_bytes());
    insta::assert_snapshot!(made_docs.bodies[0].1, @r###"
    The wells of the valley are **dry** since the month of May, as [the report](https://example.org/report) says[^1].

    [^1]: Page 4.
    "###);
    assert_eq!(told(&made_docs), ["a comment: Too short?"]);
    let word = "<html xmlns:o=\"x\"><body lang=EN-US><p class=MsoTitle>Water for all</p>\
        <p class=MsoNormal>The wells of the valley are <b>dry</b> since the month of May, as everybody says.<o:p></o:p></p>\
        <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>First</p>\
        <p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Deeper</p></body></html>";
    insta::assert_snapshot!(made("draft.htm", word.as_bytes()).bodies[0].1, @r###"
    The wells of the valley are **dry** since the month of May, as everybody says.

    1. First
       - Deeper
    "###);
    let site = "<!DOCTYPE html><html lang=en><head><title>Water | Site</title><script>x()</script></head><body><nav>Home About</nav>\
        <main><h1>Water for all</h1><p>The wells of the valley are dry since the month of May.</p><ul><li>One<li>Two</ul></main>\
        <footer>Imprint</footer></body></html>";
    let site = made("page.html", site.as_bytes());
    insta::assert_snapshot!(site.bodies[0].1, @r###"
    The wells of the valley are dry since the month of May.

    - One
    - Two
    "###);
    insta::assert_snapshot!(told(&site).join("\n"), @r###"
    what stands beside the main part of the page: Home About
    what stands beside the main part of the page: Imprint
    the title in the document's properties: Water | Site
    "###);
}

/// What is damaged, locked or made to do harm is told as such, and takes neither memory nor time.
#[test]
fn bad_documents_are_refused() {
    let refused = |name: &str, data: &[u8]| {
        let source =
            Source { name: name.into(), data: data.to_vec(), language: None, folder: None };
        letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default())
            .map(|_| ())
            .expect_err(name)
            .english()
    };
    let good = docx("<w:p><w:r><w:t>We ask for water.</w:t></w:r></w:p>", &[]);
    assert!(
        letter(
            &[Source { name: "x.docx".into(), data: good.clone(), language: None, folder: None }],
            "D",
            "2026-11-30",
            None,
            UiLanguage::default(),
        )
        .is_ok()
    );
    let damaged = "`x.docx` is damaged: open it in Word or LibreOffice, and save it again";
    assert_eq!(refused("x.docx", &good[..good.len() - 30]), damaged);
    let cut = docx("<w:p><w:r><w:t>We ask", &[]);
    assert_eq!(refused("x.docx", &cut), damaged);
    let mut locked = good.clone();
    let flags = memchr::memmem::rfind(&locked, b"PK\x01\x02").expect("a directory") + 8;
    locked[flags] = 1;
    assert!(refused("x.docx", &locked).contains("has a password"));
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
    assert!(
        refused("x.docx", &zip(&[("word/document.xml", bomb.as_bytes())]))
            .contains("declares entities")
    );
    let zeros = vec![b' '; 130 << 20];
    let large = zip(&[("word/document.xml", &zeros)]);
    assert!(large.len() < 2 << 20, "{}", large.len());
    assert_eq!(refused("x.docx", &large), "the parts of `x.docx` have more than 128 MiB together");
    let many = format!("<x>{}</x>", "<a/>".repeat(4_000_000));
    let many = package::parse("x.docx", &many).map(|_| ()).expect_err("too many").english();
    assert_eq!(many, "`x.docx` has more than 4000000 elements");
    let deep = "<w:sdt><w:sdtContent>".repeat(20_000) + &"</w:sdtContent></w:sdt>".repeat(20_000);
    let body = format!("{deep}<w:p><w:r><w:t>We ask for water.</w:t></w:r></w:p>");
    assert_eq!(made("x.docx", &docx(&body, &[])).bodies[0].1, "We ask for water.\n");
    let page = "<div>".repeat(1_000) + "We ask for water." + "<b>".repeat(300).as_str();
    assert_eq!(refused("x.html", page.as_bytes()), "`x.html` has no text");
    let page = "<div>".repeat(100_000);
    assert!(refused("x.html", page.as_bytes()).contains("in more levels than any page of people"));
}

/// A Word document of a letter says what its text says, to the reader that knows nothing of its writer.
#[test]
fn a_word_document_of_a_letter_is_read_back() {
    use crate::formats::documents;
    use crate::formats::format::Format;

    let missing = |some: &BTreeMap<String, usize>, all: &BTreeMap<String, usize>| -> Vec<String> {
        let lacks = |(word, count): &(&String, &usize)| all.get(*word).is_none_or(|c| c < count);
        some.iter().filter(lacks).map(|(word, _)| word.clone()).collect()
    };
    let marker = regex::Regex::new(r"(?m)\[\d+\]|^[> ]*\d+\. ").expect("a pattern");
    let mut count = 0;
    for (name, files, letter) in crate::formats::docx::schema::letters() {
        // What breaks a line of this one looks like a list.
        if name.starts_with('.') {
            continue;
        }
        count += 1;
        // Lines break within the words of these.
        let has_spaces = !["ja", "ko", "zh"].contains(&letter.tag.language());
        let words = |texts: &[&str]| {
            let mut counts = BTreeMap::new();
            for text in texts {
                let apart: String = text.chars().flat_map(|c| [c, ' ']).collect();
                count_words(if has_spaces { text } else { &apart }, &mut counts);
            }
            counts
        };
        let problems = Problems::default();
        let made = documents(&letter, "x", &[Format::Docx, Format::Txt], &files, &problems);
        let [written, text] = made.as_slice() else { panic!("{name} is not written") };
        let document = docx::read("x.docx", &written.data).map_err(|error| error.english());
        let mut document = document.expect("a document");
        // What a picture shows is told apart.
        let source =
            Source { name: "x.docx".into(), data: Vec::new(), language: None, folder: None };
        pictures::find(&mut document, &source, None);
        let said_by = |blocks: &[Block]| {
            let mut said = String::new();
            visit(blocks, &mut |text, _| said.extend([text, "\n"]));
            said
        };
        let text = str::from_utf8(&text.data).expect("text");
        let heading = letter.words.labels.get("notes").map_or("", String::as_str);
        let (text, notes) = text.split_once(&format!("\n{heading}\n--")).unwrap_or((text, ""));
        let text = marker.replace_all(text, " ");
        let body = said_by(&document.blocks);
        let apart: Vec<&str> = document.left_out.iter().map(|left| left.text.as_str()).collect();
        let without =
            missing(&words(&[&text]), &words(&[[body.as_str()].as_slice(), &apart].concat()));
        assert!(without.is_empty(), "{name} lacks {without:?}");
        let others = missing(&words(&[&body]), &words(&[&text]));
        assert!(others.is_empty(), "{name} also has {others:?}");
        for note in &document.notes {
            let others = missing(&words(&[&said_by(note)]), &words(&[notes]));
            assert!(others.is_empty(), "a note of {name} also has {others:?}");
        }
        let title = document.title.expect("a title");
        assert_eq!(title, letter.title.text.replace("\n", " "), "{name}");
        assert_eq!(document.language.map(|tag| tag.to_string()), Some(letter.tag.to_string()));
    }
    assert!(count > 30, "only {count} letters");
}

/// A picture that is alone in no paragraph gets one, where it stood, and is a file beside the letter.
#[test]
fn pictures_come_along() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let picture =
        |name: &str| std::fs::read(root.join("fuzz/corpus/picture").join(name)).expect(name);
    let built = |made: &Made| {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, data: &[u8]| {
            std::fs::write(folder.path().join(name), data).expect("a file");
        };
        write("letter.toml", made.letter.as_bytes());
        made.bodies.iter().for_each(|(name, text)| write(name, text.as_bytes()));
        made.pictures.iter().for_each(|picture| write(&picture.name, &picture.data));
        let path = folder.path().join("letter.toml");
        let project = Project::open(&path, None).expect("a letter");
        let problems = Problems::default();
        project.check(&std::sync::Arc::new(Fonts::default()), |_| true, &problems);
        let wrong = problems.into_sorted().into_iter().filter(Diagnostic::is_error);
        wrong.map(|problem| problem.message.english()).collect::<Vec<_>>()
    };
    let body = "Before it.\n\n![A dry well](<picture-1.png>)\n\nBehind it.\n";

    let shown = |id: &str, said: &str| {
        format!(
            "<w:r><w:drawing><extent cx=\"1080000\"/><docPr {said}/><blip r:embed=\"{id}\"/></w:drawing></w:r>"
        )
    };
    let text = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let paragraphs = [
        shown("logo", "name=\"Logo\""),
        text("Dear Secretary:"),
        [&*text("Before it. "), &shown("well", "descr=\"A dry well\""), &text(" Behind it.")]
            .concat(),
        text("Sincerely,"),
        [&*text("Ana Prueba"), &shown("old", "descr=\"Drawing\"")].concat(),
    ];
    let paragraphs: String = paragraphs.iter().map(|p| format!("<w:p>{p}</w:p>")).collect();
    let document = format!("<w:document {W}><w:body>{paragraphs}</w:body></w:document>");
    let relation =
        |id: &str, file: &str| format!("<Relationship Id=\"{id}\" Target=\"media/{file}\"/>");
    let relations = ["logo", "well", "old"].map(|id| relation(id, id)).concat();
    let relations = format!("<Relationships>{relations}</Relationships>");
    let (png, svg, gif) = (picture("grey.png"), picture("small.svg"), picture("small.gif"));
    let word = made(
        "x.docx",
        &zip(&[
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
            ("word/media/well", &png),
            ("word/media/logo", &svg),
            ("word/media/old", &gif),
        ]),
    );
    let there = |made: &Made| -> Vec<String> {
        made.pictures.iter().map(|picture| picture.name.clone()).collect()
    };
    let wide = |body: &str| body.replace(".png>)", ".png>){width=3cm}");
    assert_eq!(word.bodies[0].1, wide(&body.replace("picture-1", "picture-2")));
    assert_eq!(there(&word), ["picture-2.png"]);
    assert!(told(&word).contains(&"a picture outside of the text: ".to_owned()));
    let old = "a picture that is neither SVG nor PNG, JPEG or WebP: save it as one of them: \
               Drawing";
    assert!(told(&word).contains(&old.to_owned()), "{:?}", told(&word));
    assert_eq!(built(&word), [""; 0]);

    let open =
        "xmlns:office=\"o\" xmlns:text=\"t\" xmlns:draw=\"d\" xmlns:xlink=\"x\" xmlns:svg=\"s\"";
    let content = format!(
        "<office:document-content {open}><office:body><office:text><text:p>Dear Secretary:</text:p>\
         <text:p>Before it. <draw:frame draw:name=\"F\" svg:width=\"1.181in\"><draw:image xlink:href=\"Pictures/a\"/>\
         <svg:desc>A dry well</svg:desc></draw:frame> Behind it.</text:p><text:p>Sincerely,</text:p>\
         <text:p>Ana Prueba</text:p></office:text></office:body></office:document-content>"
    );
    let open = made(
        "x.odt",
        &zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_bytes()),
            ("Pictures/a", &png),
        ]),
    );
    assert_eq!(open.bodies[0].1, wide(body));
    assert_eq!(built(&open), [""; 0]);

    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("drafts/the files")).expect("a folder");
    std::fs::write(folder.path().join("drafts/the files/a.png"), &png).expect("a file");
    std::fs::write(folder.path().join("secret.png"), &png).expect("a file");
    let of = |name: &str, text: &str| {
        let source = Source {
            name: name.into(),
            data: text.as_bytes().to_vec(),
            language: None,
            folder: Some(folder.path().join("drafts")),
        };
        letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default())
            .map_err(|error| error.english())
            .expect("a letter")
    };
    let page = |address: &str| {
        format!(
            "<h1>Water</h1><p>Dear Secretary:<p>Before it. <img src=\"{address}\" alt=\"A dry well\"> \
             Behind it.<p>Sincerely,<p>Ana Prueba"
        )
    };
    let web = of("x.html", &page("the%20files/a.png"));
    assert_eq!(web.bodies[0].1, body);
    assert_eq!(built(&web), [""; 0]);
    for address in [
        "../secret.png",
        "..%2Fsecret.png",
        "/etc/passwd",
        "https://example.org/a.png",
        "file:///etc/passwd",
        "the%20files",
        "none.png",
        "",
    ] {
        let web = of("x.html", &page(address));
        assert_eq!(web.bodies[0].1, "Before it. Behind it.\n", "{address}");
        assert!(web.pictures.is_empty(), "{address}");
        assert!(told(&web).iter().any(|told| told.contains("A dry well")), "{address}");
    }
    let data = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &png);
    let markdown = format!(
        "# Water\n\nDear Secretary:\n\nBefore it.\n\n![][image1]\n\nBehind it.\n\nSincerely,\n\n\
         Ana Prueba\n\n[image1]: <data:image/png;base64,{data}>\n"
    );
    let markdown = of("x.md", &markdown);
    assert_eq!(markdown.bodies[0].1, body.replace("A dry well", ""));
    let undescribed =
        "no description of a picture, which its brackets in the text need: picture-1.png";
    assert!(told(&markdown).contains(&undescribed.to_owned()));
    assert_eq!(built(&markdown), ["this picture has no description"]);
}

/// Whatever stands around a picture, and wherever it is: it is in the text or in the list.
#[test]
fn no_picture_is_lost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let png = std::fs::read(root.join("fuzz/corpus/picture/grey.png")).expect("a picture");
    // `@NAME@` is a picture, always the same; what is in capitals must be in the text itself.
    let body = [
        "@GAUGE@ ",
        "@WELLS@~Figure 1. The wells",
        "See @PLAN@",
        "@MAPS@ shows it",
        "@FIRST@ @SECOND@",
        "Note@@ and @STREET@@@",
    ];
    let word = |text: &str| {
        let run = |(at, part): (usize, &str)| match at % 2 {
            1 if part.is_empty() => "<w:r><w:footnoteReference w:id=\"2\"/></w:r>".to_owned(),
            1 => format!(
                "<w:r><w:drawing><docPr descr=\"{part}\"/><blip r:embed=\"a\"/></w:drawing></w:r>"
            ),
            _ => {
                let text = part.replace('~', "</w:t><w:br/><w:t xml:space=\"preserve\">");
                format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
            }
        };
        let runs: String = text.split('@').enumerate().map(run).collect();
        runs
    };
    let p = |text: &str| format!("<w:p>{}</w:p>", word(text));
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", p(text));
    let table = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("@CELL@"),
        cell("text"),
        cell("more"),
        cell("with @BESIDE@")
    );
    let group = "<w:p><w:r><w:drawing><docPr name=\"Group\"/><pic><cNvPr descr=\"LEFT\"/>\
         <blip r:embed=\"a\"/></pic><pic><cNvPr descr=\"RIGHT\"/><blip r:embed=\"a\"/></pic>\
         </w:drawing></w:r></w:p>";
    let styled =
        |style: &str, text: &str| format!("<w:p><w:pPr>{style}</w:pPr>{}</w:p>", word(text));
    let paragraphs = [
        p("@logo@"),
        p("Dear @salutation@ Secretary:"),
        p("The wells of the eastern quarters have been dry since the third of May of this year."),
        body.iter().map(|text| p(text)).collect(),
        table,
        group.to_owned(),
        styled("<w:outlineLvl w:val=\"0\"/>", "What we ask @HEADING@"),
        styled("<w:pStyle w:val=\"Code\"/>", "code @CODE@"),
        p("Restore the water supply to all of the quarters before the end of this year."),
        p("Sincerely, @closing@"),
        p("Ana Prueba @signature@"),
        p("@below@"),
    ];
    let document = format!("<w:document {W}><w:body>{}</w:body></w:document>", paragraphs.concat());
    let relations = "<Relationships><Relationship Id=\"a\" Target=\"media/a\"/>\
         <Relationship Id=\"h\" Target=\"header1.xml\"/></Relationships>";
    let styles = format!(
        "<w:styles {W}><w:style w:styleId=\"Code\"><w:name w:val=\"Source Code\"/></w:style></w:styles>"
    );
    let header = format!("<w:hdr {W}>{}</w:hdr>", p("@header@"));
    let notes = format!(
        "<w:footnotes {W}><w:footnote w:id=\"2\">{}</w:footnote></w:footnotes>",
        p("said @note@")
    );
    let word = made(
        "x.docx",
        &zip(&[
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
            ("word/styles.xml", styles.as_bytes()),
            ("word/header1.xml", header.as_bytes()),
            ("word/footnotes.xml", notes.as_bytes()),
            ("word/media/a", &png),
        ]),
    );

    let open = |text: &str| {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 if part.is_empty() => "<text:note><text:note-body><text:p>said <draw:frame>\
                 <draw:image xlink:href=\"a\"/><svg:desc>note</svg:desc></draw:frame></text:p>\
                 </text:note-body></text:note>"
                .to_owned(),
            1 => format!(
                "<draw:frame><draw:image xlink:href=\"a\"/><svg:desc>{part}</svg:desc></draw:frame>"
            ),
            _ => part.replace('~', "<text:line-break/>"),
        };
        text.split('@').enumerate().map(part).collect::<String>()
    };
    let p = |text: &str| format!("<text:p>{}</text:p>", open(text));
    let cell = |text: &str| format!("<table:table-cell>{}</table:table-cell>", p(text));
    let paragraphs = [
        format!("<draw:g>{}</draw:g>", open("@page@")),
        p("@logo@"),
        p("Dear @salutation@ Secretary:"),
        p("The wells of the eastern quarters have been dry since the third of May of this year."),
        body.iter().map(|text| p(text)).collect(),
        format!(
            "<table:table><table:table-row>{}{}</table:table-row><table:table-row>{}{}\
             </table:table-row></table:table>",
            cell("@CELL@"),
            cell("text"),
            cell("more"),
            cell("with @BESIDE@")
        ),
        format!("<text:list><text:list-item>{}</text:list-item></text:list>", p("item @ITEM@ ")),
        format!("<text:h>{}</text:h>", open("What we ask @HEADING@")),
        p("Restore the water supply to all of the quarters before the end of this year."),
        p("Sincerely, @closing@"),
        p("Ana Prueba @signature@"),
        p("@below@"),
    ];
    let names = "xmlns:office=\"o\" xmlns:text=\"t\" xmlns:draw=\"d\" xmlns:xlink=\"x\" \
         xmlns:svg=\"s\" xmlns:table=\"b\" xmlns:style=\"y\"";
    let content = format!(
        "<office:document-content {names}><office:body><office:text>{}</office:text></office:body>\
         </office:document-content>",
        paragraphs.concat()
    );
    let styles = format!(
        "<office:document-styles {names}><style:master-page><style:header>{}</style:header>\
         </style:master-page></office:document-styles>",
        p("@header@")
    );
    let open = made(
        "x.odt",
        &zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_bytes()),
            ("styles.xml", styles.as_bytes()),
            ("a", &png),
        ]),
    );

    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.png"), &png).expect("a file");
    let of = |name: &str, text: &str| {
        let data = text.as_bytes().to_vec();
        let folder = Some(folder.path().to_path_buf());
        let source = Source { name: name.into(), data, language: None, folder };
        let made = letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default());
        made.map_err(|error| error.english()).expect("a letter")
    };
    let page = |text: &str| {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 if part.is_empty() => String::new(),
            1 => format!("<img src=\"a.png\" alt=\"{part}\">"),
            _ => part.replace('~', "<br>"),
        };
        text.split('@').enumerate().map(part).collect::<String>()
    };
    let paragraphs: String = body.iter().map(|text| format!("<p>{}\n</p>", page(text))).collect();
    let web = page(
        "<h1>Water @title@</h1><nav>@nav@</nav><p>@logo@</p><p>Dear @salutation@ Secretary:</p>\
         <p>The wells of the eastern quarters have been dry since the third of May of this year.</p>\
         PARAGRAPHS<div>@DIV@ </div><figure>\n @FIGURE@\n <figcaption>Below</figcaption>\n</figure>\
         <pre>pre @PRE@</pre><table><tr><td>@CELL@ <td>text<tr><td>more<td>with @BESIDE@</table>\
         <ul><li>item @ITEM@ </li></ul><h2>What we ask @HEADING@</h2>\
         <p>Restore the water supply to all of the quarters.<del>@deleted@</del>\
         <span hidden>@hidden@</span><svg><title>drawn</title></svg></p>\
         <p>Sincerely, @closing@</p><p>Ana Prueba @signature@</p><p>@below@</p>",
    );
    let web = of("x.html", &web.replace("PARAGRAPHS", &paragraphs));

    let mark = |text: &str| {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 if part.is_empty() => "[^1]".to_owned(),
            1 => format!("![{part}](a.png)"),
            _ => part.replace('~', "\n"),
        };
        text.split('@').enumerate().map(part).collect::<String>()
    };
    let paragraphs: String = body.iter().map(|text| mark(text) + "\n\n").collect();
    let markdown = mark(
        "# Water @title@\n\n@logo@\n\nDear @salutation@ Secretary:\n\n\
         The wells of the eastern quarters have been dry since the third of May of this year.\n\n\
         PARAGRAPHS- item @ITEM@\n- @ALONE@\n\n> quoted @QUOTED@\n\n\
         | @HEAD@ | b |\n|---|---|\n| @CELL@ | text |\n| more | with @BESIDE@ |\n\n\
         ## What we ask @HEADING@\n\n\
         Restore <img src=\"a.png\" alt=\"inline\"> the water supply to all of the quarters.\n\n\
         Sincerely, @closing@\n\nAna Prueba @signature@\n\n@below@\n\n[^1]: said @note@\n",
    );
    let markdown = of("x.md", &markdown.replace("PARAGRAPHS", &paragraphs));

    let everywhere = "GAUGE WELLS PLAN MAPS FIRST SECOND STREET CELL BESIDE HEADING";
    for (name, made, own, outside) in [
        ("Word", &word, "LEFT RIGHT CODE", "logo header note"),
        ("OpenDocument", &open, "ITEM", "logo header note page"),
        ("HTML", &web, "DIV FIGURE PRE ITEM", "logo title nav deleted hidden drawn"),
        ("Markdown", &markdown, "ITEM ALONE QUOTED HEAD", "logo title note inline"),
    ] {
        let text = &made.bodies[0].1;
        for shown in [everywhere, own].iter().flat_map(|names| names.split(' ')) {
            let count = text.matches(&format!("![{shown}](<picture-1.png>")).count();
            assert_eq!(count, 1, "{name}: {shown} in\n{text}\n{:#?}", told(made));
            assert!(!told(made).iter().any(|told| told.contains(shown)), "{name}: {shown}");
        }
        let others = "salutation closing signature below";
        for left in [others, outside].iter().flat_map(|names| names.split(' ')) {
            let is_told = told(made).iter().any(|told| told.contains(left));
            assert!(
                is_told && !text.contains(left),
                "{name}: {left} in\n{text}\n{:#?}",
                told(made)
            );
        }
        assert_eq!(made.pictures.len(), 1, "{name}");
        let notes = text.matches("[^").count();
        assert_eq!(
            notes,
            [("HTML", 0), ("OpenDocument", 4)]
                .iter()
                .find(|(of, _)| *of == name)
                .map_or(3, |(_, count)| *count),
            "{name}: {text}"
        );
        assert!(!text.contains("\n\\\n"), "{name}: {text}");
    }
}

#[test]
fn what_comes_without_a_name_is_told_by_its_marks() {
    for text in [
        "# Water\n\nDear Ana:\n\nThe wells are dry.\n",
        "---\ntitle: Water\n---\n\nDear Ana:\n\nThe wells are dry.\n",
        "Dear Ana:\n\nThe wells are dry: [the map](maps/wells.html).\n",
        "Dear Ana:\n\nThe wells are dry:\n\n![A dry well](well.png)\n",
    ] {
        let piped = made("<stdin>", text.as_bytes());
        let named = made("x.md", text.as_bytes());
        assert_eq!((&piped.letter, &piped.bodies), (&named.letter, &named.bodies), "{text}");
        assert_eq!(told(&piped), told(&named), "{text}");
    }
    for text in [
        "Water\n\nDear Ana:\n\nWell #1 is dry [as said] (today).\n#2 too.\n",
        "---\nDear Ana:\n\nNo.\n",
    ] {
        let (piped, named) = (made("<stdin>", text.as_bytes()), made("x.txt", text.as_bytes()));
        assert_eq!((&piped.letter, &piped.bodies), (&named.letter, &named.bodies), "{text}");
    }
}

#[test]
fn what_is_called_a_word_document_and_is_none_is_damaged() {
    for name in ["broken.docx", "BROKEN.ODT"] {
        for data in [&b"hola"[..], b"", b"<html><p>hola"] {
            let source =
                Source { name: name.into(), data: data.to_vec(), language: None, folder: None };
            let made = letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default())
                .map(|made| made.letter);
            let told = made.map_err(|error| error.english()).expect_err("no letter");
            assert!(told.starts_with(&format!("`{name}` is damaged: ")), "{told}");
        }
    }
}

/// An office that is a paragraph of its own belongs to the person above it.
#[test]
fn an_office_below_a_name_is_no_signatory() {
    let letter = made(
        "x.txt",
        "Estimado secretario:\n\nPedimos agua limpia para todas las casas del valle.\n\nAtentamente,\n\nAna Prueba\n\n\
         Directora de la Red del Agua\n\nLuis Muestra\n\nPresidente de Colectivo Río\n\nRed Norte\n".as_bytes(),
    );
    for line in [
        "{ name = \"Ana Prueba\", kind = \"person\", title = \"Directora de la Red del Agua\" }",
        "{ name = \"Luis Muestra\", kind = \"person\", title = \"Presidente de Colectivo Río\" }",
        "\"Red Norte\"",
    ] {
        assert!(letter.letter.contains(line), "{}", letter.letter);
    }
    assert!(letter.letter.contains("signatories = [ # a guess: look"));
    let guess = letter.guesses.iter().find(|guess| guess.key == "signatories").expect("a guess");
    assert_eq!(guess.certainty, Certainty::Weak);
    let shown = "3 entries; names with a line below that may be theirs or sign itself: 2";
    assert_eq!(guess.value.english(), shown);
}

/// What begins with the word for an office and is the name of an organization signs by itself, and so does
/// everything below names if only some people have such a line.
#[test]
fn an_organization_below_a_name_is_a_signatory() {
    let signed = |lines: &[&str]| {
        let head = "Estimado secretario:\n\nPedimos agua limpia para todas las casas del valle.\n\nAtentamente,\n\n";
        made("x.txt", format!("{head}{}\n", lines.join("\n\n")).as_bytes()).letter
    };
    for organization in [
        "Coordinadora Nacional de Organizaciones Cafetaleras",
        "Secretary of State Project",
        "Representative Council of Tribes",
        "Chair City Mutual Aid",
        "Representative Red Sur A.C.",
    ] {
        let letter = signed(&["Ann Low", organization]);
        assert!(letter.contains(&format!("\n  \"{organization}\",\n")), "{letter}");
    }
    for office in [
        "Coordinadora Nacional de la Red del Agua",
        "Director of the Water Program",
        "Member of Congress",
        "Secretary, City Council",
        "Executive Director",
        "Chair of Tijuana",
    ] {
        let letter = signed(&["Ann Low", office, "Jane Doe", "President"]);
        assert!(letter.contains(&format!("kind = \"person\", title = \"{office}\"")), "{letter}");
    }
    let letter = signed(&["Ann Low", "Executive Director", "Jane Doe", "Red Norte"]);
    assert!(letter.contains("\n  \"Executive Director\",\n"), "{letter}");
}

/// A picture in a letter leads nowhere: where it led to is told.
#[test]
fn a_link_around_a_picture_is_told() {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    let markdown = format!(
        "# Water\n\nDear Secretary:\n\nBefore it.\n\n[![A well](data:image/png;base64,{png})](https://example.org/well)\n\n\
         Sincerely,\n\nAna Prueba\n"
    );
    let html = format!(
        "<html><body><h1>Water</h1><p>Dear Secretary:</p><p>Before it.</p><p><a href=\"https://example.org/well\">\
         <img alt=\"A well\" src=\"data:image/png;base64,{png}\"></a></p><p>Sincerely,</p><p>Ana Prueba</p></body></html>"
    );
    for (name, text) in [("x.md", markdown), ("x.html", html)] {
        let letter = made(name, text.as_bytes());
        assert!(letter.bodies[0].1.contains("![A well]"), "{}", letter.bodies[0].1);
        let told = told(&letter);
        assert!(
            told.iter().any(|told| told.contains("https://example.org/well")),
            "{name}: {told:?}"
        );
    }
}

/// Lines to sign on are nobody's name, wherever they stand.
#[test]
fn places_to_sign_are_no_signatories() {
    let head = "<p>Water for all</p><p>Dear Secretary:</p><p>The wells of the valley are dry since the month of May.</p><p>Sincerely,</p>";
    let people = [
        "<p>_______________________</p><p>Ana Prueba</p><p>Firma: ______________</p><p>Luis Muestra</p>",
        "<table><tr><td>_____________<br>Ana Prueba<td>_____________<br>Luis Muestra</table>",
        "<ul><li>_____________<li>Ana Prueba<li>Luis Muestra</ul>",
        "<table><tr><td>______________<td>______________<tr><td>Ana Prueba<td>Luis Muestra</table>",
    ];
    for people in people {
        let made = made("a.html", format!("{head}{people}").as_bytes());
        let found = facts(&made.letter, &made.bodies[0].1);
        let found: Vec<&String> = found.iter().filter(|fact| fact.contains("__")).collect();
        assert_eq!(found, Vec::<&String>::new(), "{}", made.letter);
        assert!(made.letter.contains("Ana Prueba") && made.letter.contains("Luis Muestra"));
        assert!(told(&made).iter().any(|told| told.starts_with("a place to sign: ___")));
    }
}

#[test]
fn a_closing_on_two_lines_is_one() {
    let text = "尊敬的部长：\n\n三个收容所自1月15日起断水，三百多名等候庇护听证的人没有水喝，孩子们只能喝桶里剩下的水。\
        我们请求贵部尽快恢复供水，并在十日之内答复我们。\n\n此致\n\n敬礼！\n\n王小明\n边境饮水网络\n";
    let language = Some("zh".parse().expect("a tag"));
    let source = Source { name: "信.txt".into(), data: text.into(), language, folder: None };
    let made =
        letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default()).expect("a letter");
    assert!(made.letter.contains("closing = \"此致 敬礼！\"\n"), "{}", made.letter);
    assert_eq!(made.left_out, []);
}

/// A caption is that of its own picture: it goes with it, and never to another.
#[test]
fn a_caption_goes_with_its_picture() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let png = std::fs::read(root.join("fuzz/corpus/picture/grey.png")).expect("a picture");
    let shown = |id: &str| {
        format!("<w:r><w:drawing><docPr descr=\"{id}\"/><blip r:embed=\"{id}\"/></w:drawing></w:r>")
    };
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let p = |inner: &str| format!("<w:p>{inner}</w:p>");
    let caption = |said: &str| {
        p(&format!("<w:fldSimple w:instr=\"SEQ Figure\">{}</w:fldSimple>", text(said)))
    };
    let paragraphs = [
        p(&text("Dear Secretary:")),
        p(&text("The wells of the eastern quarters have been dry since the third of May.")),
        p(&shown("well")),
        caption("The dry well"),
        p(&shown("chart")),
        caption("Liters by month"),
        p(&text("Restore the water supply to all of the quarters.")),
        p(&text("Sincerely,")),
        p(&text("Ana Prueba")),
    ];
    let document = format!("<w:document {W}><w:body>{}</w:body></w:document>", paragraphs.concat());
    let relations =
        ["well", "chart"].map(|id| format!("<Relationship Id=\"{id}\" Target=\"{id}\"/>"));
    let relations = format!("<Relationships>{}</Relationships>", relations.concat());
    let letter = made(
        "x.docx",
        &zip(&[
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
            ("word/well", &png),
            ("word/chart", b"\x01\0\0\0 EMF"),
        ]),
    );
    let (_, body) = &letter.bodies[0];
    assert!(body.contains("![well](<picture-1.png> \"The dry well\")\n\nRestore"), "{body}");
    let left = "the caption of a picture that is left out: Liters by month".to_owned();
    assert!(told(&letter).contains(&left), "{:?}", told(&letter));
}

#[test]
fn no_title_of_a_picture_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let png = std::fs::read(root.join("fuzz/corpus/picture/grey.png")).expect("a picture");
    std::fs::write(folder.path().join("a.png"), png).expect("a file");
    let of = |line: &str| {
        let text = format!(
            "Dear Ana:\n\nThe wells are dry.\n\n{line}\n\nDo it.\n\nSincerely,\n\nIvo Prueba\n"
        );
        let folder = Some(folder.path().to_path_buf());
        let source =
            Source { name: "x.md".into(), data: text.into_bytes(), language: None, folder };
        let made = letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default());
        made.map_err(|error| error.english()).expect("a letter")
    };
    for (line, captioned, left) in [
        (
            "![One](a.png \"First\") ![Two](a.png \"Second\")",
            &["![Two](<picture-1.png> \"Second\")"][..],
            &["First"][..],
        ),
        ("![One](a.png \"First\") ![Two](a.png)", &[], &["First"]),
        ("![One](a.png \"First\") below", &[], &["First"]),
        (
            "| ![One](a.png \"First\") | b |\n|---|---|\n| c | ![Two](a.png \"Second\") |",
            &[],
            &["First", "Second"],
        ),
        (
            "![One](a.png \"First\")\n\n![Two](a.png \"Second\")",
            &["![One](<picture-1.png> \"First\")", "![Two](<picture-1.png> \"Second\")"],
            &[],
        ),
    ] {
        let made = of(line);
        let (_, body) = &made.bodies[0];
        captioned.iter().for_each(|figure| assert!(body.contains(figure), "{line}: {body}"));
        assert_eq!(body.matches(".png> \"").count(), captioned.len(), "{line}: {body}");
        let titles = told(&made);
        let titles: Vec<_> = titles
            .iter()
            .filter_map(|told| told.strip_prefix("the title of a picture: "))
            .collect();
        assert_eq!(titles, left, "{line}");
    }
}
