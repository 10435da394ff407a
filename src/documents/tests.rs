//! Letters made of documents: nothing of them is lost, and each builds.

use std::collections::BTreeMap;
use std::path::Path;

use super::body::count_words;
use proptest::strategy::Strategy;

use super::*;
use crate::fonts::Fonts;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;

/// Makes a letter of a document.
#[track_caller]
fn made(name: &str, data: &[u8]) -> Made {
    let source = Source { name: name.into(), data: data.to_vec(), language: None };
    letter(vec![source], "Draft", "2026-11-30").map_err(|error| error.english()).expect("a letter")
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
    project.check(&Fonts::default(), |_| true, &problems);
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
    languages = ["es"]
    date = 2026-03-09
    place = "Tijuana, Baja California"

    title = "Solicitud de información" # una suposición: revise si es correcta
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
    organization = "Red de Agua de la Frontera, A.C." # una suposición: revise si es correcta

    [[to]]
    honorific = "Ing."
    name = "Tomás Robles Cázares" # una suposición: revise si es correcta
    office = "Director General"
    organization = "Comisión Estatal de Servicios"
    address = ["Blvd. Benítez 4057", "22150 Tijuana, B. C."]
    note = "P r e s e n t e"

    [[cc]]
    name = "Rosa Prueba"
    office = "Regidora"
    organization = "Ayuntamiento de Tijuana"
    "###);
    insta::assert_snapshot!(made.bodies[0].1, @r###"
    Por este medio le solicitamos el calendario de tandeo de la colonia Camino Verde, con fundamento en el artículo 8. Desde noviembre el agua llega una vez por semana, y nadie nos ha dicho la causa.

    - Que se publique.
    - Que se repare la bomba.
    "###);
    assert_eq!(made.left_out, []);
    assert_eq!(errors(&made), Vec::<String>::new());
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
    assert_eq!(left, [("a picture".to_owned(), "image1")]);
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
    };
    let made = letter(
        vec![
            source("en.txt", "Water for all of us\n\nTo: Secretary of Health, Jane Doe Roe\n\nDear Secretary:\n\n\
                We ask for water in the valley because the wells are dry and the river is low.\n\nSincerely,\n\n\
                House of Bridges\nRed Sur: Uno; Dos; Tres\n"),
            source("es.txt", "Agua para todas y todos\n\nPara: Secretaria de Salud, Jane Doe Roe\n\nEstimada secretaria:\n\n\
                Pedimos agua en el valle porque los pozos están secos y el río está muy bajo.\n\nAtentamente,\n\n\
                Casa de los Puentes\nRed Sur: Uno; Dos; Tres\n"),
        ],
        "Draft",
        "2026-11-30",
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
        let source = Source { name: name.into(), data: text.clone().into_bytes(), language: "en".parse().ok() };
        if let Ok(made) = letter(vec![source], "Draft", "2026-11-30") {
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
