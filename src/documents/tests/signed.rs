//! What stands at the end of an oficio, and who is addressed.

use super::*;

/// An oficio's text above what stands below its text.
fn signed_below(head: &str, tail: &[&str]) -> Made {
    let text = format!(
        "{head}\n\nAsunto: Agua\n\nEstimado secretario:\n\nPedimos agua limpia para todas las casas del valle y de la sierra.\n\n{}\n",
        tail.join("\n\n")
    );
    let made = made("x.txt", text.as_bytes());
    assert_eq!(errors(&made), Vec::<String>::new());
    // Words of dates and labels are keys in the letter, and an office is printed without its article.
    let keys = ["9", "25", "asunto", "c", "de", "el", "la", "marzo", "noviembre", "p"];
    let lost = lost(&made, &text).into_iter().filter(|word| !keys.contains(&word.as_str()));
    assert_eq!(lost.collect::<Vec<_>>(), Vec::<String>::new(), "{}", made.letter);
    made
}

/// The signatories of a letter in one line.
fn signatories(made: &Made) -> String {
    let (_, rest) = made.letter.split_once("signatories = [").expect("signatories");
    let lines = rest.lines().skip(1).take_while(|line| !line.starts_with(']'));
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

/// What stands between the closing and the only name is no signatory.
#[test]
fn mottos_and_offices_above_a_name_are_no_signatories() {
    let head = "Tijuana, Baja California, a 9 de marzo de 2026";
    let ana = "{ name = \"Mtra. Ana Prueba López\", kind = \"person\", title = \"Coordinadora General\" },";
    for motto in [
        "SUFRAGIO EFECTIVO. NO REELECCIÓN",
        "Sufragio Efectivo. No Reelección",
        "“Nadie es ilegal”",
        "“Tierra y Libertad”",
        "“Por mi raza hablará el espíritu”",
    ] {
        let made = signed_below(
            head,
            &["Atentamente", motto, "Mtra. Ana Prueba López", "Coordinadora General"],
        );
        assert_eq!(signatories(&made), ana, "{motto}");
        assert_eq!(told(&made), [format!("a motto below the closing: {motto}")]);
    }
    for office in ["Coordinadora General", "La Coordinadora General"] {
        let made = signed_below(head, &["Atentamente", office, "Mtra. Ana Prueba López"]);
        assert_eq!(signatories(&made), ana);
    }
    let made = signed_below(
        head,
        &[
            "A T E N T A M E N T E",
            "SUFRAGIO EFECTIVO. NO REELECCIÓN",
            "EL DIRECTOR JURÍDICO",
            "LIC. HÉCTOR MUESTRA RÍOS",
        ],
    );
    let hector = "{ name = \"LIC. HÉCTOR MUESTRA RÍOS\", kind = \"person\", title = \"DIRECTOR JURÍDICO\" },";
    assert_eq!(signatories(&made), hector);
    let made = signed_below(
        head,
        &[
            "Atentamente",
            "La Presidenta",
            "Mtra. Ana Prueba López",
            "El Secretario",
            "Lic. Luis Muestra",
        ],
    );
    assert_eq!(
        signatories(&made),
        "{ name = \"Mtra. Ana Prueba López\", kind = \"person\", title = \"Presidenta\" }, \
         { name = \"Lic. Luis Muestra\", kind = \"person\", title = \"Secretario\" },"
    );
    let made = signed_below(
        head,
        &["Atentamente", "“PROTESTO LO NECESARIO”", "MTRA. ANA PRUEBA LÓPEZ", "APODERADA LEGAL"],
    );
    let ana =
        "{ name = \"MTRA. ANA PRUEBA LÓPEZ\", kind = \"person\", title = \"APODERADA LEGAL\" },";
    assert_eq!(signatories(&made), ana);
    assert!(made.letter.contains("closing = \"Atentamente “PROTESTO LO NECESARIO”\"\n"));
    // Where several sign, a line above a name may be an organization that signs as well.
    let made = signed_below(head, &["Atentamente", "Red Norte", "Ana Prueba", "Luis Muestra"]);
    assert!(signatories(&made).starts_with("\"Red Norte\", "), "{}", made.letter);
}

#[test]
fn a_date_below_the_closing_is_that_of_the_letter() {
    let date = "Tijuana, B.C., a 25 de noviembre de 2025";
    let tail = ["ATENTAMENTE", date, "Mtra. Ana Prueba López", "Coordinadora General"];
    let made = signed_below("Red de Agua, A.C.", &tail);
    for line in ["languages = [\"es-MX\"]", "date = 2025-11-25\n", "place = \"Tijuana, B.C."] {
        assert!(made.letter.contains(line), "{}", made.letter);
    }
    assert!(signatories(&made).starts_with("{ name = \"Mtra. Ana Prueba López\""));
    let made = signed_below("Tecate, Baja California, a 9 de marzo de 2026", &tail);
    assert!(made.letter.contains("date = 2026-03-09\n"), "{}", made.letter);
    assert_eq!(told(&made), [format!("a date below the closing: {date}")]);
    let made =
        signed_below("9 de marzo de 2026", &["Atentamente", "Ana Prueba, 9 de marzo de 2026"]);
    assert!(signatories(&made).contains("Ana Prueba"), "{}", made.letter);
}

#[test]
fn the_label_of_an_addressee_is_printed_before_the_name() {
    let head = "Tijuana, Baja California, a 9 de marzo de 2026\n\nLic. María Prueba\nDirectora General\nPresente\n\n\
        AT'N: ING. JOSÉ LUIS PÉREZ MACÍAS\nSUBDIRECTOR DE OPERACIÓN";
    let made =
        signed_below(head, &["Atentamente", "Mtra. Ana Prueba López", "Coordinadora General"]);
    let (_, second) = made.letter.rsplit_once("[[to]]\n").expect("an addressee");
    assert!(
        second.starts_with("honorific = \"AT'N: ING.\"\nname = \"JOSÉ LUIS PÉREZ MACÍAS\""),
        "{second}"
    );
}

#[test]
fn copies_have_notes_and_those_who_wrote_the_letter_get_none() {
    let tail = [
        "Atentamente",
        "Mtra. Ana Prueba López",
        "C.c.p. Lic. Marina Muestra.- Gobernadora del Estado.- Para su conocimiento.- Presente.",
        "Elaboró: Marta Ruiz",
        "Vo.Bo. Lic. Pedro Páramo",
    ];
    let made = signed_below("Tijuana, Baja California, a 9 de marzo de 2026", &tail);
    let (_, copies) = made.letter.split_once("[[cc]]\n").expect("a copy");
    assert!(copies.contains("office = \"Gobernadora del Estado\"\n"), "{copies}");
    assert!(copies.contains("note = \"Para su conocimiento. Presente\"\n"), "{copies}");
    assert!(!copies.contains("[[cc]]") && !copies.contains("organization"), "{copies}");
    let what = "who prepared or approved the letter";
    let told = told(&made);
    let expected = tail[3..].iter().map(|line| format!("{what}: {line}")).collect::<Vec<_>>();
    assert_eq!(told, expected);
}
