//! What stands at the end of an oficio, and who is addressed.

use super::*;
use crate::documents::tests::messy::in_language;

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
    // Whoever stands beside the day has signed, unless somebody else does right below.
    for head in ["9 de marzo de 2026", "Red de Agua, A.C."] {
        for rest in [&["Coordinadora General"][..], &[]] {
            let tail = [&["Atentamente", "Ana Prueba, 9 de marzo de 2026"], rest].concat();
            let made = signed_below(head, &tail);
            assert!(signatories(&made).contains("Ana Prueba"), "{}", made.letter);
            assert!(!made.letter.contains("place = "), "{}", made.letter);
            assert!(made.letter.contains("date = 2026-03-09"), "{}", made.letter);
        }
    }
    let tail = ["Atentamente", "San Cristóbal, 9 de marzo de 2026", "Ana Prueba López"];
    let made = signed_below("Red de Agua, A.C.", &tail);
    assert!(made.letter.contains("place = \"San Cristóbal\"\n"), "{}", made.letter);
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

/// An authority that nobody is named for is an addressee down to "Presentes", however its lines are parted.
#[test]
fn an_institution_above_presentes_is_the_addressee() {
    let lines = ["PROTECCIÓN CIVIL Y BOMBEROS", "SUBDIRECCIÓN DE RIESGOS", "P R E S E N T E S"];
    for separator in ["\n", "\n\n"] {
        let head =
            format!("Oficio núm. A-1/2026\n\n9 de marzo de 2026\n\n{}", lines.join(separator));
        let made = signed_below(&head, &["Atentamente", "Ana Prueba"]);
        let (_, to) = made.letter.split_once("[[to]]\n").expect("an addressee");
        assert!(to.contains("name = \"PROTECCIÓN CIVIL Y BOMBEROS\""), "{}", made.letter);
        assert!(to.contains("organization = \"SUBDIRECCIÓN DE RIESGOS\"\n"), "{}", made.letter);
        assert!(to.contains("note = \"P R E S E N T E S\"\n"), "{}", made.letter);
        assert_eq!(told(&made), Vec::<String>::new());
    }
}

#[test]
fn the_number_of_an_oficio_is_known_by_its_abbreviations() {
    for label in ["OF. NÚM.", "Of. No.", "Oficio Núm.", "CIRCULAR NÚM."] {
        let head = format!("{label} DG/118/2026\n\n9 de marzo de 2026");
        let made = signed_below(&head, &["Atentamente", "Ana Prueba"]);
        assert!(made.letter.contains("reference = \"DG/118/2026\"\n"), "{label}: {}", made.letter);
        assert!(made.letter.contains(&format!("\nreference = \"{label}\"\n")), "{}", made.letter);
        let keys: Vec<&str> = made.guesses.iter().map(|guess| guess.key.as_str()).collect();
        assert!(keys.contains(&"reference") && keys.contains(&"labels.reference"), "{keys:?}");
    }
}

/// What stands in several lines at the head is the sender, and no title.
#[test]
fn a_letterhead_has_several_lines() {
    let lines =
        ["Universidad de la Muestra", "Facultad de Derecho", "Calle Ejemplo 5, 68000 Oaxaca"];
    let contact = "Tel. 951 555 0100 | derecho@example.org | www.example.org";
    for separator in ["\n", "\n\n"] {
        let head = [&lines[..], &[contact]].concat().join(separator);
        let text = format!(
            "{head}\n\nOaxaca, a 9 de marzo de 2026\n\nEstimada secretaria:\n\nPedimos agua limpia para todas las \
            casas del valle.\n\nAtentamente,\n\nAna Prueba\n"
        );
        let made = made("x.txt", text.as_bytes());
        for line in [
            "organization = \"Universidad de la Muestra\"",
            "address = [\"Facultad de Derecho\", \"Calle Ejemplo 5, 68000 Oaxaca\"]\n",
            "phone = \"Tel. 951 555 0100\"\nemail = \"derecho@example.org\"\nweb = \"www.example.org\"\n",
        ] {
            assert!(made.letter.contains(line), "{}", made.letter);
        }
        assert!(!made.letter.contains("title = \"Facultad"), "{}", made.letter);
    }
}

#[test]
fn what_the_post_is_to_do_stands_with_the_addressee() {
    for (language, line, salutation) in [
        ("es", "POR CORREO CERTIFICADO CON ACUSE DE RECIBO", "Estimada secretaria:"),
        ("en", "VIA CERTIFIED MAIL", "Dear Secretary:"),
        ("de", "Einschreiben", "Sehr geehrte Frau Probe,"),
        ("fr", "Lettre recommandée avec accusé de réception", "Madame la Ministre,"),
    ] {
        let text = format!(
            "2026-03-09\n\n{line}\n\nDr. Ana Prueba\nCalle 5\n68000 Oaxaca\n\n{salutation}\n\nAgua.\n\nRed Sur"
        );
        let made = in_language(&language.parse().expect("a tag"), &text);
        assert!(made.letter.contains(&format!("delivery = \"{line}\"\n")), "{}", made.letter);
        assert!(made.letter.contains("name = \"Ana Prueba\""), "{}", made.letter);
    }
}

/// An honorific behind a name is that of the addressee, and is printed there again.
#[test]
fn honorifics_stand_behind_names() {
    for (tag, name, honorific) in
        [("ja", "山田太郎様", "様"), ("ko", "김지은 님", "님"), ("zh", "王小明先生", "先生")]
    {
        let language: Tag = tag.parse().expect("a tag");
        let label = &crate::language::words::Words::of(&language).labels["to"];
        let made = in_language(&language, &format!("{label}{name}\n\n2026-03-09\n\n水 물。\n"));
        let bare = name.trim_end_matches(honorific).trim_end();
        let found = format!("[[to]]\nhonorific = \"{honorific}\"\nname = \"{bare}\"");
        assert!(made.letter.contains(&found), "{}", made.letter);
    }
}

/// A law office stands above the lawyer's name, and is where that one works.
#[test]
fn the_only_person_belongs_to_the_organization_above() {
    let tail = ["Atentamente", "Prueba y Ejemplo, A.C.", "Lic. Luis Muestra", "Director Jurídico"];
    let made = signed_below("Tijuana, Baja California, a 9 de marzo de 2026", &tail);
    assert_eq!(
        signatories(&made),
        "{ name = \"Lic. Luis Muestra\", kind = \"person\", title = \"Director Jurídico\", \
         organization = \"Prueba y Ejemplo, A.C.\" },"
    );
}

/// What a lawyer, an authority and a mail put above the text is where it belongs, and the text begins after it.
#[test]
fn what_stands_above_the_text_ends_where_the_text_begins() {
    let spanish: Tag = "es-MX".parse().expect("a tag");
    let english: Tag = "en-US".parse().expect("a tag");
    let text = "Quienes firmamos vivimos junto al río y pedimos agua limpia para todas las casas del valle.";
    let opening = "Por este medio, y con el debido respeto, me permito solicitarle lo siguiente:";
    let made = in_language(
        &spanish,
        &format!(
            "2026-03-09\n\nAt'n: Ing. Luis Muestra, Director\n\n{opening}\n\n{text}\n\nAtentamente\n\nAna Prueba\n"
        ),
    );
    assert!(made.bodies[0].1.starts_with(opening), "{}", made.bodies[0].1);
    assert!(!made.letter.contains("solicitarle"), "{}", made.letter);

    // The title is no sender, and neither is whom it stands above.
    let made = in_language(
        &spanish,
        &format!(
            "# Carta abierta por el agua\n\nA la Secretaría de Prueba\n\nPuebla, a 9 de marzo de 2026\n\n{text}\n"
        ),
    );
    assert!(!made.letter.contains("[from]"), "{}", made.letter);
    assert!(made.letter.contains("[[to]]\nname = \"Secretaría de Prueba\""), "{}", made.letter);

    // The lines of the mail are not those of the letter.
    let made = in_language(
        &spanish,
        &format!(
            "Para: <buzon@example.org>\nAsunto: RV: Carta\n\nPuebla, a 9 de marzo de 2026\n\nAsunto: El agua\n\n\
             Dra. Ana Prueba\nDirectora\n\nEstimada doctora:\n\n{text}\n"
        ),
    );
    assert!(made.letter.contains("subject = \"El agua\""), "{}", made.letter);
    assert!(made.letter.contains("name = \"Ana Prueba\""), "{}", made.letter);
    assert!(!made.letter.contains("buzon"), "{}", made.letter);

    // Two lines about the post, and two numbers in one.
    let made = in_language(
        &english,
        "March 9, 2026\n\nVIA CERTIFIED MAIL\nRETURN RECEIPT REQUESTED\n\nMs. Jane Roe\nDirector\n\nMr. John Sample\n\
         Counsel\n\nOur File No. 2026-117; Your Ref. 12\n\nDear all:\n\nWater is a right of everybody in the valley.\n",
    );
    let delivery = "delivery = \"VIA CERTIFIED MAIL, RETURN RECEIPT REQUESTED\"";
    assert_eq!(made.letter.matches(delivery).count(), 2, "{}", made.letter);
    assert!(made.letter.contains("reference = \"2026-117\""), "{}", made.letter);
    assert!(made.letter.contains("your-reference = \"12\""), "{}", made.letter);
}

/// A copy keeps its note, and what says how it goes.
#[test]
fn a_copy_has_all_its_notes() {
    let text = "2026-03-09\n\nEstimada directora:\n\nAgua.\n\nAtentamente\n\nEva Ejemplo\n\n\
                C.c.p. Ana Prueba.- Directora.- Para su conocimiento (por correo electrónico)\n";
    let made = in_language(&"es".parse().expect("a tag"), text);
    let note = "note = \"Para su conocimiento. por correo electrónico\"";
    assert!(made.letter.contains(note), "{}", made.letter);
}

/// The signatories of a letter whose document ends in some lines or a table, and whether they are a guess.
fn signed_in(name: &str, end: &str) -> (String, bool) {
    let head = "Estimada secretaria:\n\nPedimos agua limpia para todas las casas del valle.\n\nAtentamente,\n\n";
    let made = made(name, format!("{head}{end}\n").as_bytes());
    assert_eq!(errors(&made), Vec::<String>::new());
    (signatories(&made), made.letter.contains("signatories = [ # a guess"))
}

/// What stands beside or below an organization is another one, unless something says that a person signs.
#[test]
fn organizations_are_no_people_of_other_organizations() {
    let rows = [
        "Agua Para Todas | Unión de Barrios de Oriente",
        "Luz Norte | Observatorio Ciudadano de Salud",
        "Red Sur | Casa Abierta",
        "Voces Sierra Norte | Alianza del Río",
    ];
    let table = format!("| {} |\n|---|---|\n| {} |", rows[0], rows[1..].join(" |\n| "));
    let (found, _) = signed_in("x.md", &table);
    for name in rows.iter().flat_map(|row| row.split(" | ")) {
        assert!(found.contains(&format!("\"{name}\",")), "{name}: {found}");
    }
    assert!(!found.contains("person") && !found.contains("organization"), "{found}");
    for (lines, is_guess) in
        [("Agua Para Todas\nRed Sur", false), ("Voces Sierra Norte\nRed Sur", true)]
    {
        let (found, guess) = signed_in("x.txt", lines);
        let quoted = lines.lines().map(|line| format!("\"{line}\","));
        assert_eq!(found, quoted.collect::<Vec<_>>().join(" "));
        assert_eq!(guess, is_guess, "{lines}");
    }
    let heading =
        "Organizaciones firmantes:\n\nVoces Sierra Norte\n\nCoordinadora Valle\n\nRed Sur";
    let (found, _) = signed_in("x.txt", heading);
    assert_eq!(found, "\"Voces Sierra Norte\", \"Coordinadora Valle\", \"Red Sur\",");
}

/// Where honorifics, offices, gaps or cells say so, an organization below a name is that of a person.
#[test]
fn organizations_below_people_are_theirs() {
    let ana = |rest: &str| format!("{{ name = \"Ana Prueba\", kind = \"person\", {rest} }},");
    let (found, guess) = signed_in("x.txt", "Ana Prueba\nDirectora\nRed Sur");
    assert_eq!(found, ana("title = \"Directora\", organization = \"Red Sur\""));
    assert!(!guess);
    let (found, _) = signed_in("x.txt", "Mtra. Ana Prueba\nRed Sur");
    assert!(found.ends_with("kind = \"person\", organization = \"Red Sur\" },"), "{found}");
    let (found, guess) = signed_in("x.txt", "Ana Prueba\nRed Sur\n\nLuis Muestra\nCasa Norte");
    assert!(found.starts_with(&ana("organization = \"Red Sur\"")), "{found}");
    assert!(guess);
    let cells = "<p>Estimada secretaria:</p><p>Pedimos agua limpia para las casas del valle.</p><p>Atentamente,</p>\
        <table><tr><td>Ana Prueba<br>Red Sur<td>Luis Muestra<br>Casa Norte</table>";
    let made = made("x.html", cells.as_bytes());
    assert!(signatories(&made).starts_with(&ana("organization = \"Red Sur\"")), "{}", made.letter);
}

/// Each of two headings or more is that of the names below it, in the order of the document.
#[test]
fn each_heading_is_a_group() {
    for (first, below) in [
        ("Organizaciones firmantes:", "Red Sur\n\nCasa Norte"),
        ("Firmantes", "- Red Sur\n- Casa Norte"),
    ] {
        let end = format!(
            "{first}\n\n{below}\n\nA título personal:\n\nAna Prueba\n\nEva Ejemplo\n\nLuis Muestra"
        );
        let head = "Estimada secretaria:\n\nPedimos agua limpia para las casas del valle.\n\nAtentamente,\n\n";
        let made = made("x.md", format!("{head}{end}\n").as_bytes());
        assert_eq!(errors(&made), Vec::<String>::new());
        let heading = first.trim_end_matches(':');
        let organization = |name: &str| format!("{{ name = \"{name}\", group = \"{heading}\" }},");
        let person = |name: &str| {
            format!("{{ name = \"{name}\", kind = \"person\", group = \"A título personal\" }},")
        };
        let all = ["Red Sur", "Casa Norte"].map(organization).into_iter();
        let all = all.chain(["Ana Prueba", "Eva Ejemplo", "Luis Muestra"].map(person));
        assert_eq!(signatories(&made), all.collect::<Vec<_>>().join(" "));
        let (_, block) = made.letter.split_once("[signature-block]\n").expect("a block");
        assert_eq!(block.trim_end(), "group-by = \"group\"");
    }
    // The only heading is that of the whole block.
    let made = made(
        "x.txt",
        "Estimada secretaria:\n\nPedimos agua limpia para el valle.\n\nAtentamente,\n\n\
        Organizaciones firmantes:\n\nRed Sur\n\nCasa Norte\n"
            .as_bytes(),
    );
    assert!(made.letter.contains("heading = \"Organizaciones firmantes\""), "{}", made.letter);
}

/// A line below a person is their title, whatever an office calls it.
#[test]
fn titles_of_english_offices_are_no_signatories() {
    for (name, title, is_guess) in [
        ("Mary T. Mockup", "Senior Associate", false),
        ("Mary Mockup", "Managing Partner", false),
        ("Mary Mockup", "Deputy General Counsel", false),
        ("Mary Mockup", "Vice Chair", false),
        ("Mary Mockup", "Assistant Secretary for Water", false),
        ("Mary T. Mockup", "Water Stewardship of the Valley", true),
        ("Mary Mockup, Esq.", "Associate", false),
    ] {
        let text = format!(
            "Dear Secretary:\n\nThe wells of the valley are dry since May.\n\nSincerely,\n\n{name}\n{title}\n"
        );
        let made = made("x.txt", text.as_bytes());
        let line = format!("{{ name = \"{name}\", kind = \"person\", title = \"{title}\" }},");
        assert_eq!(signatories(&made), line);
        assert_eq!(made.letter.contains("signatories = [ # a guess"), is_guess, "{title}");
    }
}

/// A degree behind a name makes it none the less a name.
#[test]
fn people_with_degrees_are_addressed() {
    for name in ["Jane Roe, Esq.", "Jane Roe, Ph.D.", "Jane Roe, Ph.D., J.D."] {
        let text = format!(
            "Water for All\n\nMarch 9, 2026\n\n{name}\nGeneral Counsel\nDepartment of Wells\n12 Mockup Street\n\
             Springfield, IL 62701\n\nDear Ms. Roe:\n\nThe wells of the valley are dry since May.\n\nSincerely,\n\nRed Sur\n"
        );
        let made = made("x.txt", text.as_bytes());
        let (_, to) = made.letter.split_once("[[to]]\n").expect("an addressee");
        assert!(to.starts_with(&format!("name = \"{name}\"")), "{to}");
        for line in [
            "office = \"General Counsel\"",
            "organization = \"Department of Wells\"",
            "address = [\"12 Mockup Street\", \"Springfield, IL 62701\"]",
        ] {
            assert!(to.contains(line), "{to}");
        }
        assert_eq!(told(&made), Vec::<String>::new());
    }
}

/// What somebody is stands behind the name, in lower case or after a dash.
#[test]
fn titles_stand_behind_names() {
    for (line, name, rest) in [
        (
            "Mtro. Luis Ensayo, ex relator de la ONU para el agua",
            "Mtro. Luis Ensayo",
            "title = \"ex relator de la ONU para el agua\"",
        ),
        ("Luis Ensayo, ex relator de la ONU", "Luis Ensayo", "title = \"ex relator de la ONU\""),
        (
            "Dra. Ana Prueba, poeta, Casa Abierta",
            "Dra. Ana Prueba",
            "title = \"poeta\", organization = \"Casa Abierta\"",
        ),
        (
            "Dra. Ana Prueba, organización Río",
            "Dra. Ana Prueba",
            "organization = \"organización Río\"",
        ),
        (
            "Hna. Rosa Muestra – Directora de Casa Abierta",
            "Hna. Rosa Muestra",
            "title = \"Directora de Casa Abierta\"",
        ),
        (
            "Rosa Muestra — Directora, Casa Abierta, Oaxaca, México",
            "Rosa Muestra",
            "title = \"Directora\", organization = \"Casa Abierta, Oaxaca, México\"",
        ),
        (
            "Hna. Rosa Muestra - Casa Abierta",
            "Hna. Rosa Muestra",
            "organization = \"Casa Abierta\"",
        ),
    ] {
        let (found, _) = signed_in("x.txt", &format!("Red Sur\n\n{line}\n\nCasa Norte"));
        let person = format!("{{ name = \"{name}\", kind = \"person\", {rest} }},");
        assert_eq!(found, format!("\"Red Sur\", {person} \"Casa Norte\","));
    }
}

/// What programs add, addresses and notes are told, and sign nothing.
#[test]
fn other_lines_below_the_names_are_told() {
    let others = [
        ("how somebody is reached", "Contacto de prensa: prensa@example.org"),
        ("a note below the signatories", "[1] Con datos de marzo."),
        ("a note below the signatories", "[2] Véase el anexo."),
        ("what a program for e-mail wrote", "Enviado desde mi iPhone"),
        ("what a program for e-mail wrote", "Sent from my iPhone"),
    ];
    let lines = ["Atentamente", "Red Sur", "Ana Prueba: ana@example.org"];
    let tail = [&lines[..], &others.map(|(_, text)| text)].concat();
    let made = signed_below("Tijuana, Baja California, a 9 de marzo de 2026", &tail);
    assert_eq!(signatories(&made), "\"Red Sur\", \"Ana Prueba: ana@example.org\",");
    assert_eq!(told(&made), others.map(|(what, text)| format!("{what}: {text}")));
}
