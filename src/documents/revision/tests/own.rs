//! Files of the sender that were not made of the letter, and what is new beside the text of those that were.

use super::*;

const LETTER: &str = "languages = [\"en\"]\ntemplate = \"formal\"\ndate = 2026-03-09\nplace = \"Leeds\"\n\
    title = \"Water for the valley\"\nsalutation = \"Dear Dr. Roe:\"\nbody = { file = \"body.en.md\" }\n\
    closing = \"Yours faithfully,\"\nenclosures = [\"Map\"]\n\n[[to]]\nhonorific = \"Dr.\"\nname = \"Jane Roe\"\n\
    office = \"Mayor\"\n\n[[signatories]]\nname = \"Ana Prueba\"\ntitle = \"Director\"\n\n[[signatories]]\n\
    name = \"Luis Muestra\"\norganization = \"Colectivo Río\"\n";

const BODY: &str = "We, the undersigned, ask for **clean** water in the valley, where it has been dry since May.\n\n\
    The pump of the village has been broken for ten months, and nobody has come to repair it.\n\n\
    Please open the gate before the summer and mend the pump.\n";

/// What comes of a letter and a text that somebody wrote by hand.
fn from_text(text: &str) -> String {
    let data = text.as_bytes().to_vec();
    let source = |_: &Original<'_>| Source {
        name: "final.txt".into(),
        data: data.clone(),
        language: None,
        folder: None,
    };
    compared(LETTER, BODY, &[], source)
}

#[test]
fn parts_are_compared_with_parts_and_text_with_text() {
    let made = from_text(
        "Red Sur A.C.\n12 Prueba Street, Leeds LS1 1AA\n\nLeeds, 12 March 2026\n\nDr. Jane Roe\nMayor of Leeds\nTown Hall\n\n\
         Dear Mayor Roe,\n\n\
         We, the undersigned, ask for clean drinking water in the valley, where it has been dry since May.\n\n\
         The pump of the village has been broken for eleven months, and nobody has come to repair it.\n\n\
         Please open the gate before the summer and mend the pump by June.\n\n\
         We would like to meet you in person next week.\n\n\
         Yours sincerely,\n\nAna Prueba\nDirector\n\nLuis Muestra\nColectivo Río\n\nEva Ejemplo\nCasa Norte\n\nEnclosure: Map of the valley\n",
    );
    insta::assert_snapshot!(made, @r#"
    -salutation = "Dear Dr. Roe:"
    +salutation = "Dear Mayor Roe,"
    -closing = "Yours faithfully,"
    -enclosures = ["Map"]
    +closing = "Yours sincerely,"
    +enclosures = ["Map of the valley"]
    -office = "Mayor"
    +office = "Mayor of Leeds"
    -We, the undersigned, ask for **clean** water in the valley, where it has been dry since May.
    +We, the undersigned, ask for **clean** drinking water in the valley, where it has been dry since May.
    -The pump of the village has been broken for ten months, and nobody has come to repair it.
    +The pump of the village has been broken for eleven months, and nobody has come to repair it.
    -Please open the gate before the summer and mend the pump.
    +Please open the gate before the summer and mend the pump by June.
    +
    +We would like to meet you in person next week.

    SHOWN
    Dear [-Dr.-]{+Mayor+} Roe[-:-]{+,+}
    Yours [-faithfully-]{+sincerely+},
    Map {+of the valley+}
    Mayor {+of Leeds+}
    We, the undersigned, ask for clean [-*-]{+drinking+} water in the valley, where it has …
    The pump of the village has been broken for [-ten-]{+eleven+} months, and nobody has come to repair it.
    … gate before the summer and mend the pump {+by June+}.
    {+We would like to meet you in person next week.+}

    UNTAKEN
    letter.toml:5: a part of the letter that the document does not have: [-Water for the valley-]
    a signatory that the letter does not have: {+Eva Ejemplo+}
    a signatory that the letter does not have: {+Casa Norte+}
    a line of an address that the letter does not have: {+Town Hall+}
    another day than that of the letter, 2026-03-09: {+2026-03-12+}
    a line of the letterhead: {+Red Sur A.C.+}
    a line of the letterhead: {+12 Prueba Street, Leeds LS1 1AA+}
    "#);
}

/// A letter that has no salutation, closing or title gets none of them into its text.
#[test]
fn what_the_letter_has_no_part_for_is_told() {
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water for the valley\"\n\
        body = { file = \"body.en.md\" }\nsignatories = [\"Red Sur\"]\n";
    let text = format!(
        "OPEN LETTER\n\nSubject: The pump\n\nDear neighbours,\n\n{}\n\nWith kind regards,\n\nRed Sur\n",
        BODY.replace("**", "")
    );
    let source = |_: &Original<'_>| Source {
        name: "final.txt".into(),
        data: text.clone().into_bytes(),
        language: None,
        folder: None,
    };
    insta::assert_snapshot!(compared(letter, BODY, &[], source), @r#"

    SHOWN


    UNTAKEN
    letter.toml:3: a part of the letter that the document does not have: [-Water for the valley-]
    a line above the text that is not a part the program knows: {+OPEN LETTER+}
    a part that the letter does not have, `subject`: {+The pump+}
    a part that the letter does not have, `salutation`: {+Dear neighbours,+}
    a part that the letter does not have, `closing`: {+With kind regards,+}
    "#);
}

/// A new salutation in an export is one, and no paragraph.
#[test]
fn a_part_that_is_written_anew_stays_a_part() {
    for format in [Format::Md, Format::Txt, Format::Html] {
        let made = compared(LETTER, BODY, &[], |original| {
            let source = export(original.letter, original.files, format);
            let text = String::from_utf8(source.data).expect("text");
            let text = text
                .replace("Dear Dr. Roe:", "To whom it may concern:")
                .replace("Yours faithfully,", "In hope and friendship,");
            Source { data: text.into_bytes(), ..source }
        });
        let expected = "-salutation = \"Dear Dr. Roe:\"\n+salutation = \"To whom it may concern:\"\n\
            -closing = \"Yours faithfully,\"\n+closing = \"In hope and friendship,\"\n";
        assert!(made.starts_with(expected), "{format:?}\n{made}");
        assert!(made.ends_with("UNTAKEN\n"), "{format:?}\n{made}");
    }
}
