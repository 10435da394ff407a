//! Documents of many kinds, as people write them.

use super::*;
use crate::language::words::{Words, samples};

/// Documents as people write them: an oficio, a letter of organisations in French, a business letter, a
/// petition, a page of Google Docs. What became of each stands beside it; `UPDATE_DOCUMENTS=1` writes it anew.
#[test]
fn messy_documents_come_out_as_letters() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/messy");
    let mut failed = String::new();
    let entries = folder.read_dir().expect("documents").map(|entry| entry.expect("a file").path());
    for path in entries.filter(|path| path.extension().is_some_and(|end| end != "expected")) {
        let name = path.file_name().expect("a name").to_string_lossy();
        let made = made(&name, &std::fs::read(&path).expect("a document"));
        let bodies: String = made.bodies.iter().map(|(_, body)| body.as_str()).collect();
        let found =
            [made.letter.as_str(), &bodies, &(told(&made).join("\n") + "\n")].join("\n---\n");
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_DOCUMENTS").is_some() {
            std::fs::write(&expected, &found).expect("written");
        }
        if std::fs::read_to_string(&expected).ok().as_ref() != Some(&found) {
            failed.push_str(&format!("{name}:\n{found}\n"));
        }
        failed.extend(errors(&made));
    }
    assert!(failed.is_empty(), "{failed}");
}

/// Lines that name nobody open a letter in every language, or stand above its salutation.
#[test]
fn letters_to_everyone_are_known_in_every_language() {
    for tag in Words::languages() {
        let language: Tag = tag.parse().expect("a tag");
        let words = Words::of(&language);
        let Some(sample) = samples(&language) else { continue };
        for everyone in words.parts.get("everyone").expect("who nobody in particular is") {
            let everyone: String = everyone
                .chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(everyone.chars().skip(1))
                .collect();
            let text = format!("{everyone}:\n\n{}\n\n{}\n\nRed Sur", sample.body, sample.closing);
            let made = in_language(&language, &text);
            let line = format!("salutation = \"{everyone}:\"");
            assert!(made.letter.replace("\\\"", "\"").contains(&line), "{tag}: {}", made.letter);
            let text = format!(
                "{everyone}:\n\n{}\n\n{}\n\n{}\n\nRed Sur",
                sample.salutation, sample.body, sample.closing
            );
            // A salutation in other words, or without a comma as in Switzerland, is a line like others.
            let known = words.parts["salutations"].iter().map(|known| known.trim_end_matches('*'));
            let mut known = known.map(str::to_lowercase);
            let is_known = known.any(|known| sample.salutation.to_lowercase().starts_with(&known));
            if !is_known || sample.salutation.ends_with(char::is_alphanumeric) {
                continue;
            }
            let made = in_language(&language, &text);
            assert!(made.letter.contains(&sample.salutation), "{tag}: {}", made.letter);
        }
    }
}

pub(super) fn in_language(tag: &Tag, text: &str) -> Made {
    let source = Source {
        name: "x.txt".into(),
        data: text.as_bytes().to_vec(),
        language: Some(tag.clone()),
        folder: None,
    };
    letter(&[source], "Draft", "2026-11-30", None, UiLanguage::default())
        .map_err(|error| error.english())
        .expect("a letter")
}

/// What is longer than a letter may have it is in the text or told.
#[test]
fn what_is_too_long_for_its_place_is_told() {
    let long = "Palabra ".repeat(80);
    let end = "Dear Secretary:\n\nWe ask for water.\n\nSincerely,\n\nRed Sur";
    let prose = "We ask for water and for light in all streets.\n\n".repeat(12_000);
    for text in [
        format!("# {long}\n\n{end}"),
        format!("To: {long}\n\n{end}"),
        format!("{end}: {long}; Casa Norte; Casa Poniente"),
        format!("{end}\n\n{long}"),
        format!("{end}\n\ncc: {long}"),
        format!("Dear Secretary:\n\n{prose}Sincerely,\n\nRed Sur"),
        end.replace("water", &format!("wa{}ter", "\u{301}".repeat(40))),
    ] {
        for name in ["x.md", "x.txt"] {
            let made = made(name, text.as_bytes());
            assert_eq!(errors(&made), Vec::<String>::new(), "{}", &text[..60]);
            let mut lost = lost(&made, &text);
            lost.retain(|word| !["to", "cc"].contains(&word.as_str()));
            assert_eq!(lost, Vec::<String>::new(), "{}", &text[..60]);
        }
    }
}

/// A caption is that of the picture above it, and not a paragraph.
#[test]
fn captions_stay_with_their_pictures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let picture = std::fs::read(root.join("fuzz/corpus/picture/grey.png")).expect("a picture");
    let text = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let shown =
        "<w:r><w:drawing><docPr descr=\"A dry well\"/><blip r:embed=\"well\"/></w:drawing></w:r>";
    let caption = [
        &*text("Figure "),
        "<w:fldSimple w:instr=\" SEQ Figure \\* ARABIC \">",
        &text("1"),
        "</w:fldSimple>",
        &text(". The well in August"),
    ];
    let paragraphs = [
        text("Dear Secretary:"),
        text("The wells of the valley are dry since the month of May."),
        shown.to_owned(),
        caption.concat(),
        text("Sincerely,"),
        text("Ana Prueba"),
    ];
    let paragraphs: String = paragraphs.iter().map(|p| format!("<w:p>{p}</w:p>")).collect();
    let document = format!("<w:document {W}><w:body>{paragraphs}</w:body></w:document>");
    let relations =
        "<Relationships><Relationship Id=\"well\" Target=\"media/well\"/></Relationships>";
    let made = made(
        "x.docx",
        &zip(&[
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
            ("word/media/well", &picture),
        ]),
    );
    let body = "![A dry well](<picture-1.png> \"Figure 1. The well in August\")";
    assert!(made.bodies[0].1.contains(body), "{}", made.bodies[0].1);
}

/// The marks of other languages stay where the words agree with them, and nowhere else.
#[test]
fn passages_in_another_language_stay_marked() {
    let text = "<html lang=\"es\"><body><p>Estimada secretaria:</p><p>La oficina respondió \
        <span lang=\"en-US\">“there is no budget for the wells this year”</span>, y no \
        <span lang=\"en-US\">dijo nada más sobre el agua</span> <span lang=\"en-US\">de</span> la \
        colonia en los meses que siguieron.</p><p>Atentamente,</p><p>Red Sur</p></body></html>";
    let made = made("x.html", text.as_bytes());
    let body = "La oficina respondió <span lang=\"en\">“there is no budget for the wells this year”</span>, \
        y no dijo nada más sobre el agua de la colonia en los meses que siguieron.\n";
    assert_eq!(made.bodies[0].1, body);
}
