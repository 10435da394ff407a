//! Documents of an earlier version of the letter.

use super::*;

/// The parts of a Word document with their texts changed.
fn changed_docx(source: &Source, change: impl Fn(String) -> String) -> Source {
    let archive = crate::files::archive::Archive::open(&source.data).expect("an archive");
    let mut parts = vec![
        "_rels/.rels",
        "docProps/custom.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/footnotes.xml",
        "word/numbering.xml",
        "word/styles.xml",
    ];
    let pictures = ["word/media/image1.svg", "word/media/image2.svg"];
    parts.extend(pictures.iter().filter(|part| archive.has(part)));
    let read = |part: &str| {
        let data = archive.read(part, 1 << 20).expect("a part").expect("whole");
        let text = change(String::from_utf8(data).expect("text"));
        (part.to_owned(), text.into_bytes())
    };
    let files: Vec<(String, Vec<u8>)> = parts.into_iter().map(read).collect();
    let data = crate::files::archive::pack(&files);
    Source { name: "back.docx".into(), data, language: None, folder: None }
}

/// A document of an earlier version of the letter takes nothing back that was changed in the letter since.
#[test]
fn what_is_newer_in_the_letter_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let head = |title: &str, names: &str| {
        format!(
            "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"{title}\"\nsalutation = \"Dear all:\"\n\
             body = {{ file = \"body.md\" }}\nclosing = \"Yours,\"\nsignatories = [{names}]\n"
        )
    };
    let old = "We ask for clean water in the whole valley.\n\nThe river has been low for years.\n\n\
        Nobody came to mend the pump.\n\n- Open the gate.\n- Pay the bill of the mill.\n\n\
        This paragraph is too much.\n\nThank you for all you do.\n";
    let new = "We ask for clean water in every valley.\n\nThe river has been low for years.\n\n\
        A paragraph that came later.\n\nNobody ever came to mend the pump.\n\n- Open the gate.\n\
        - Pay the bill of the old mill.\n\nThank you for all you do.\n";
    let write = |letter: String, body: &str| {
        std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
        std::fs::write(folder.path().join("body.md"), body).expect("a body");
        opened(&folder.path().join("letter.toml"))
    };
    let names = "\"Red Norte\", \"Red Sur\"";
    let (project, _, letters) = write(head("Water", names), old);
    let source = export(&letters[0], &project.files, Format::Docx);
    let document = changed_docx(&source, |text| {
        text.replace("low for years", "very low for years")
            .replace("mend the pump", "mend the old pump")
            .replace("Open the gate", "Open the big gate")
            .replace("Dear all", "Dear friends")
    });
    let more = "\"Red Norte\", \"Red Sur\", \"Red del Golfo\"";
    let (project, written, letters) = write(head("Clean water", more), new);
    let original = original(&project, &written, &letters);
    let untouched = revision(&source, &original).map_err(|e| e.english()).expect("compared");
    assert!(untouched.is_older && untouched.edits.is_empty(), "{untouched:?}");
    let found = revision(&document, &original).map_err(|e| e.english()).expect("compared");
    let shown: Vec<&str> = found.changes.iter().map(|change| change.shown.as_str()).collect();
    assert_eq!(
        shown,
        [
            "Dear [-all-]{+friends+}:",
            "The river has been {+very+} low for years.",
            "Open the {+big+} gate."
        ]
    );
    let untaken: Vec<String> = found.untaken.iter().map(told).collect();
    assert_eq!(
        untaken,
        [
            "a text that the letter no longer has: {+This paragraph is too much.+}",
            "a text that was changed in the letter as well: Nobody came to mend the pump. → \
             letter (Nobody {+ever+} came to mend the pump.), \
             document (Nobody came to mend the {+old+} pump.)",
        ]
    );
    // Without its properties, a document is compared with the letter of today.
    let plain = changed_docx(&source, |text| text.replace("undersigned-", "other-"));
    let found = revision(&plain, &original).map_err(|e| e.english()).expect("compared");
    assert!(!found.is_older && found.changes.len() > 4, "{found:?}");
}

/// What comes of a document of one body when the letter has another: what is shown, and then what is not
/// taken over.
pub(super) fn older(old: &str, new: &str, change: impl Fn(String) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\nbody = { file = \"body.md\" }\n\
        signatories = [\"Red Norte\", { name = \"Ana Prueba\", role = \"Chair\", affiliation = \"Red\" }]\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    for (name, color) in [("a.svg", "red"), ("b.svg", "blue")] {
        let picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect fill=\"{color}\" \
             width=\"9\" height=\"9\"/></svg>"
        );
        std::fs::write(folder.path().join(name), picture).expect("a picture");
    }
    let write = |body: &str| {
        std::fs::write(folder.path().join("body.md"), body).expect("a body");
        opened(&folder.path().join("letter.toml"))
    };
    let (project, _, letters) = write(old);
    let source = export(&letters[0], &project.files, Format::Docx);
    let document = changed_docx(&source, change);
    let (project, written, letters) = write(new);
    let original = original(&project, &written, &letters);
    let found = revision(&document, &original).map_err(|e| e.english()).expect("compared");
    assert!(found.is_older);
    let untaken = found.untaken.iter().map(told);
    found.changes.into_iter().map(|change| change.shown).chain(untaken).collect()
}

/// What is not taken over, with what both sides say if both were changed.
fn told(Untaken { left, sides, .. }: &Untaken) -> String {
    let text = match sides {
        None => left.text.clone(),
        Some(Sides { was, letter, document }) => {
            let was = was.as_ref().map(|was| format!("{was} → ")).unwrap_or_default();
            format!("{was}letter ({letter}), document ({document})")
        }
    };
    format!("{}: {text}", left.what.english())
}

/// The paragraphs of a document in another order: the first that has `one` goes behind the first that has
/// `other`.
fn moved(document: String, one: &str, other: &str) -> String {
    let paragraph = |document: &str, text: &str| {
        let Some(at) = document.find(text) else { return 0..0 };
        let start = document[..at].rfind("<w:p>").expect("a paragraph");
        start..at + document[at..].find("</w:p>").expect("its end") + "</w:p>".len()
    };
    let range = paragraph(&document, one);
    let text = document[range.clone()].to_owned();
    let rest = document[..range.start].to_owned() + &document[range.end..];
    let behind = paragraph(&rest, other).end;
    rest[..behind].to_owned() + &text + &rest[behind..]
}

const OLD: &str = "We ask for 1.5 million litres of water a year for the town.\n\n\
    Let us eat, grandmother, before the river dries.\n\n- One thing\n- Another thing\n- A third thing\n\n\
    | Town | Litres |\n|---|---|\n| Tecate | 500 |\n| Ensenada | 700 |\n\n\
    The mill is closed since May and nobody can not open it.\n\nDoctors come every month from the city.\n\n\
    Thank you for all you do.\n";

/// What was changed in a document of an earlier version is taken over where the letter is as it was.
#[test]
fn changes_of_an_older_document_are_not_lost() {
    let new = OLD.replace("Thank you for all", "We thank you for all");
    let of = |change: &dyn Fn(String) -> String| older(OLD, &new, change);
    assert_eq!(of(&|text| text), [""; 0]);
    let signs = of(&|text| {
        let text = text.replace("1.5 million", "15 million").replace("eat, grandm", "eat grandm");
        text.replace("can not open", "cannot open")
    });
    assert_eq!(
        signs,
        [
            "We ask for [-1.5-]{+15+} million litres of water a year for the town.",
            "Let us eat [-,-] grandmother, before the river dries.",
            "The mill is closed since May and nobody [-can not-]{+cannot+} open it.",
        ]
    );
    // A paragraph that was moved is taken out where it was, and written where it is.
    let made = of(&|text| moved(text, "The mill is", "Doctors come"));
    assert_eq!(
        made,
        [
            "[-The mill is closed since May and nobody can not open it.-]",
            "{+The mill is closed since May and nobody can not open it.+}",
        ]
    );
    let made = of(&|text| moved(text, "One thing", "Another thing"));
    assert_eq!(made, ["[-One-]{+Another+} thing / [-Another-]{+One+} thing / A third thing"]);
    let made = of(&|text| text.replace(">500<", ">700<"));
    assert_eq!(made, ["Tecate | [-500-]{+700+}"]);
}

/// What was edited in the letter since is not taken back, even if it is only a sign, or stands elsewhere too.
#[test]
fn an_older_document_takes_nothing_back() {
    let new = OLD
        .replace("eat, grandmother", "eat grandmother")
        .replace("| Tecate | 500 |", "| Tecate | 700 |")
        .replace("- One thing\n- Another thing\n", "- Another thing\n- One thing\n");
    let made = older(OLD, &new, |text| text.replace("every month", "every week"));
    assert_eq!(made, ["Doctors come every [-month-]{+week+} from the city."]);
}

/// What was changed in both is listed, even if it is taken out on one side.
#[test]
fn what_was_changed_in_both_is_listed() {
    const BOTH: &str = "a change at a text that was changed or removed in the letter as well";
    let mill = "The mill is closed since May and nobody can not open it.\n\n";
    let without = |text: String, words: &str| {
        let moved = moved(text, words, "Thank you");
        let Some(at) = moved.find(words) else { return moved };
        let start = moved[..at].rfind("<w:p>").expect("a paragraph");
        let end = at + moved[at..].find("</w:p>").expect("its end") + "</w:p>".len();
        moved[..start].to_owned() + &moved[end..]
    };
    // The document takes out what the letter edited.
    let new = OLD.replace("closed since May", "closed since June");
    let made = older(OLD, &new, |text| without(text, "The mill is"));
    assert_eq!(
        made,
        [format!(
            "{BOTH}: letter (The mill is closed since June and nobody can not open it.), document ()"
        )]
    );
    // The document edits what the letter took out.
    let new = OLD.replace(mill, "");
    let edited = |text: String| text.replace("closed since May", "closed since April");
    let made = older(OLD, &new, edited);
    let april = "The mill is closed since April and nobody can not open it.";
    assert_eq!(made, [format!("{BOTH}: letter (), document ({april})")]);
    // It moves what the letter edited.
    let new = OLD.replace("closed since May", "shut since last June");
    let made = older(OLD, &new, |text| moved(text, "The mill is", "Doctors come"));
    assert!(made.iter().all(|line| line.starts_with(BOTH)), "{made:?}");
    assert!(!made.is_empty());
    // It joins what the letter took out to another paragraph.
    let made = older(OLD, &OLD.replace(mill, ""), |text| {
        let joined = format!("{} Doctors come", mill.trim_end());
        without(text.replace("Doctors come", &joined), "open it.</w:t>")
    });
    assert!(made.len() == 1 && made[0].starts_with(BOTH), "{made:?}");
    // Both took it out, or made the same change: there is nothing to do.
    let made = older(OLD, &OLD.replace(mill, ""), |text| without(text, "The mill is"));
    assert_eq!(made, [""; 0]);
    let new = OLD.replace("closed since May", "closed since April");
    assert_eq!(older(OLD, &new, edited), [""; 0]);
}

/// Pictures that the letter got or described in another way since are no change of the document.
#[test]
fn pictures_of_an_older_document_are_compared() {
    let old = "We ask for clean water.\n\n![A dry bed](a.svg)\n\nThank you for all you do.\n";
    let new = "We ask for clean water.\n\n![A dry river bed](a.svg)\n\n![A pump](b.svg)\n\n\
        Thank you for all you do.\n";
    assert_eq!(older(old, new, |text| text), [""; 0]);
    let made = older(old, new, |text| text.replace("A dry bed", "A bed"));
    assert_eq!(
        made,
        [
            "the description of a picture: [-A dry river bed-]{+A bed+}",
            "a picture that is gone: [-A pump-]"
        ]
    );
    let more = old.replace("Thank", "We thank");
    let made = older(old, &more, |text| text.replace("A dry bed", "A bed"));
    assert_eq!(made, ["the description of a picture: [-A dry bed-]{+A bed+}"]);
}
