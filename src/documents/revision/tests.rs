//! Documents that come back: what nobody changed changes nothing, and changes are made where they belong.

mod older;
mod own;
mod tables;

use std::path::Path;
use std::sync::Arc;

use super::*;
use std::ops::Range;

use crate::sequences::alignment::{Step, align};

use crate::fonts::Fonts;
use crate::formats::completeness::letter_files;
use crate::project::Project;

/// The files of a letter and the letter in all its languages.
fn opened(path: &Path) -> (Project, Loaded, Vec<Letter>) {
    let project = Project::open(path, None).expect("a letter");
    let problems = Problems::default();
    let written = project.read(&problems).expect("it is read");
    let letters = project.check_written(&written, &Arc::new(Fonts::default()), |_| true, &problems);
    assert!(!letters.is_empty());
    (project, written, letters)
}

/// The letter in its first language, with which documents are compared.
fn original<'l>(project: &'l Project, written: &'l Loaded, letters: &'l [Letter]) -> Original<'l> {
    let (letter, others) = letters.split_first().expect("languages");
    Original { written, letter, others: others.iter().collect(), files: &project.files }
}

/// The line in which a place begins.
fn line_of(text: &str, place: &Place) -> usize {
    text[..place.range.start].matches('\n').count() + 1
}

/// The letter in a language, as an export in a format.
fn export(letter: &Letter, files: &Files, format: Format) -> Source {
    let problems = Problems::default();
    let made = formats::documents(letter, "letter", &[format], files, &problems);
    let made = made.into_iter().next().expect("a document");
    Source { name: made.name, data: made.data, language: None, folder: None }
}

#[test]
fn an_untouched_document_changes_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = letter_files();
    paths.push(root.join("tests/languages/letter.toml"));
    let mut count = 0;
    for path in paths {
        let (project, written, letters) = opened(&path);
        for (index, letter) in letters.iter().enumerate() {
            let others = letters.iter().enumerate().filter(|(at, _)| *at != index);
            let others = others.map(|(_, letter)| letter).collect();
            let original = Original { written: &written, letter, others, files: &project.files };
            for format in [Format::Docx, Format::Md, Format::Html, Format::Txt] {
                let source = export(letter, &project.files, format);
                let found =
                    revision(&source, &original).map_err(|e| e.english()).expect("compared");
                assert_eq!(found.edits, [], "{} {} {format:?}", path.display(), letter.tag);
                assert_eq!(found.untaken, [], "{} {} {format:?}", path.display(), letter.tag);
                assert_eq!(found.beside, [], "{} {} {format:?}", path.display(), letter.tag);
                // A Word document knows every paragraph of the letter that it was made of.
                if format == Format::Docx {
                    let base = Base::read(&source.data).expect("properties");
                    let read = prepared(&source).map_err(|e| e.english()).expect("read").document;
                    let unknown: Vec<String> = units_of(&read)
                        .into_iter()
                        .map(|unit| unit.text)
                        .filter(|text| {
                            fingerprint(text).is_some_and(|print| !base.texts.contains(&print))
                        })
                        .collect();
                    assert_eq!(unknown, [] as [&str; 0], "{} {}", path.display(), letter.tag);
                }
                count += 1;
            }
        }
    }
    assert!(count > 150, "only {count} documents");
}

/// The texts of every paragraph of the body, which an edited document would have.
const BODY: &str = "We, the undersigned, ask for **clean water** in [the valley][valley], as {{count}} groups do.[^1]\n\n\
    It has been *dry* since \\*May\\*, and\nnobody came.\n\n\
    # What we ask\n\n- Open the *gate*.\n- Mend the pump.\n\n> She said \"no\".\n\n\
    | what | much |\n|---|---|\n| water | 5 |\n\nThank you.\n\n[^1]: See the minutes.\n";

/// Writes a letter, changes its export, and returns the files after the revision, what was shown, and what
/// was not taken over.
fn revised(format: Format, change: impl Fn(String) -> String) -> String {
    revised_body(format, BODY, change)
}

/// The same with another body.
fn revised_body(format: Format, body: &str, change: impl Fn(String) -> String) -> String {
    let letter = "languages = [\"en\", \"es\"]\ndate = 2026-03-09 # today\ntitle.en = \"Water \\\"now\\\"\"\n\
        title.es = \"Agua\"\nsalutation = { en = \"Dear Ms. Roe:\", es = \"Estimada:\" }\n\
        body.en = { file = \"body.en.md\" }\nbody.es = \"Agua.\"\nclosing.en = 'Yours,'\nclosing.es = \"A\"\n\
        reference = \"A/7\"\nsignatories = [\"Red\", \"Sur\"]\n\n[[to]]\nname = \"Jane Roe\"\n\
        office.en = \"Mayor\"\noffice.es = \"Alcaldesa\"\n\n[links]\nvalley = \"https://example.org/valley\"\n";
    let body = body.replace("{{count}}", "{{signatory-count}}");
    compared(letter, &body, &[], |original| {
        let source = export(original.letter, original.files, format);
        let before = String::from_utf8(source.data).expect("text");
        Source { data: change(before).into_bytes(), ..source }
    })
}

/// The same of a letter with files beside it and a document that is made of it, or not.
fn compared(
    letter: &str,
    body: &str,
    files: &[(&str, &[u8])],
    document: impl Fn(&Original<'_>) -> Source,
) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    std::fs::write(folder.path().join("body.en.md"), body).expect("a body");
    for (name, data) in files {
        std::fs::write(folder.path().join(name), data).expect("a file");
    }
    let (project, written, letters) = opened(&folder.path().join("letter.toml"));
    let original = original(&project, &written, &letters);
    let source = document(&original);
    let found = revision(&source, &original).map_err(|e| e.english()).expect("compared");
    let of = |name: &str, text: &str| {
        let edits = found.edits.iter();
        let own: Vec<&Edit> =
            edits.filter(|edit| edit.file.vpath().file_name() == Some(name)).collect();
        edited(text, &own).expect("edits")
    };
    let mut edits = String::new();
    for (name, before) in [("letter.toml", letter), ("body.en.md", body)] {
        let after = of(name, before);
        for line in diff(before, &after) {
            edits.push_str(&format!("{line}\n"));
        }
    }
    let shown: Vec<&str> = found.changes.iter().map(|change| change.shown.as_str()).collect();
    let untaken: Vec<String> = found
        .untaken
        .iter()
        .map(|Untaken { left, place, .. }| {
            let line = place.as_ref().map(|place| {
                let text = project.files.text(place.file).unwrap_or_default();
                let line = line_of(&text, place);
                format!("{}:{line}: ", place.file.vpath().file_name().unwrap_or_default())
            });
            format!("{}{}: {}", line.unwrap_or_default(), left.what.english(), left.text)
        })
        .collect();
    format!("{edits}\nSHOWN\n{}\n\nUNTAKEN\n{}", shown.join("\n"), untaken.join("\n"))
}

/// The lines that differ.
fn diff(before: &str, after: &str) -> Vec<String> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(before), lines(after));
    let score = |i: Range<usize>, j: Range<usize>| match before[i.start] == after[j.start] {
        true => 1.0,
        false => -1.0,
    };
    let steps = align(before.len(), after.len(), 1, 0.0, score);
    let line = |step| match step {
        Step::Both(..) => None,
        Step::First(at) => Some(format!("-{}", before[at])),
        Step::Second(at) => Some(format!("+{}", after[at])),
    };
    steps.into_iter().filter_map(line).collect()
}

#[test]
fn words_are_changed_where_they_stand() {
    let made = revised(Format::Md, |text| {
        text.replace("clean water", "clean drinking water")
            .replace("since \\*May\\*", "since \\*June\\*")
            .replace("nobody came", "nobody has come")
            .replace("Water \"now\"", "Clean water \"now\"")
            .replace("Dear Ms. Roe:", "Dear Mayor Roe:")
            .replace("Yours,", "Sincerely yours,")
            .replace("Mayor\n", "Mayor of Leeds\n")
            .replace("minutes", "long minutes")
    });
    insta::assert_snapshot!(made, @r#"
    -title.en = "Water \"now\""
    +title.en = "Clean water \"now\""
    -salutation = { en = "Dear Ms. Roe:", es = "Estimada:" }
    +salutation = { en = "Dear Mayor Roe:", es = "Estimada:" }
    -closing.en = 'Yours,'
    +closing.en = 'Sincerely yours,'
    -office.en = "Mayor"
    +office.en = "Mayor of Leeds"
    -We, the undersigned, ask for **clean water** in [the valley][valley], as {{signatory-count}} groups do.[^1]
    +We, the undersigned, ask for **clean drinking water** in [the valley][valley], as {{signatory-count}} groups do.[^1]
    -It has been *dry* since \*May\*, and
    -nobody came.
    +It has been *dry* since \*June\*, and
    +nobody has come.
    -[^1]: See the minutes.
    +[^1]: See the long minutes.

    SHOWN
    [-Water-]{+Clean water+} "now"
    Dear [-Ms.-]{+Mayor+} Roe:
    [-Yours-]{+Sincerely yours+},
    Jane Roe Mayor {+of Leeds+}
    We, the undersigned, ask for clean {+drinking+} water in the valley, as 2 groups do.
    It has been dry since *[-May-]{+June+}*, and nobody [-came-]{+has come+}.
    See the {+long+} minutes.

    UNTAKEN
    "#);
}

#[test]
fn paragraphs_are_added_and_taken_out() {
    let made = revised(Format::Md, |text| {
        text.replace("Thank you.\n", "We will wait.\n\nThank you.\n\nThe river is **low**.\n")
            .replace("> She said \"no\".\n\n", "")
            .replace("- Mend the pump.\n", "- Mend the pump.\n- Pay the bill.\n")
            .replace("A/7", "A/8")
            .replace("- Sur\n", "- Sur\n- Norte\n")
    });
    insta::assert_snapshot!(made, @r#"
    -
    -> She said "no".
    +- Pay the bill.
    +
    +We will wait.
    +
    +The river is **low**.

    SHOWN
    Open the gate. / Mend the pump. {+/ Pay the bill.+}
    [-She said "no".-]
    {+We will wait.+}
    {+The river is low.+}

    UNTAKEN
    letter.toml:11: a text that is new, and no part of the body: {+Norte+}
    letter.toml:10: a text that the program prints by itself, or that several languages share: Our reference: A/[-7-]{+8+}
    "#);
}

/// A Word document with changed words, a tracked change and a comment.
#[test]
fn a_word_document_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\n\
        body = \"We ask for *clean* water \\\"now\\\".\\n\\nThank you.\"\nclosing = \"Yours,\"\n\
        signatories = [\"Red\"]\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    let (project, written, letters) = opened(&folder.path().join("letter.toml"));
    let original = original(&project, &written, &letters);
    let source = export(&letters[0], &project.files, Format::Docx);
    let parts =
        ["_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/styles.xml"];
    let archive = crate::files::archive::Archive::open(&source.data).expect("an archive");
    let mut files: Vec<(String, Vec<u8>)> = parts
        .iter()
        .map(|part| {
            let data = archive.read(part, 1 << 20).expect("a part").expect("whole");
            let text = String::from_utf8(data).expect("text");
            let text = text
                .replace("We ask for ", "We all ask for ")
                .replace(
                    "<w:t xml:space=\"preserve\">Thank you.</w:t></w:r>",
                    "<w:t>Thank </w:t></w:r><w:ins w:author=\"Ana\"><w:r><w:t>all of </w:t></w:r></w:ins>\
                     <w:del w:author=\"Ana\"><w:r><w:delText>him and </w:delText></w:r></w:del>\
                     <w:commentRangeStart w:id=\"7\"/><w:r><w:t>you.</w:t></w:r>\
                     <w:commentRangeEnd w:id=\"7\"/>",
                );
            ((*part).to_owned(), text.into_bytes())
        })
        .collect();
    let comment = format!(
        "<w:comments xmlns:w=\"{}\"><w:comment w:id=\"7\" w:author=\"Eva\"><w:p><w:r><w:t>Who?</w:t></w:r>\
         </w:p></w:comment></w:comments>",
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    );
    files.push(("word/comments.xml".into(), comment.into_bytes()));
    let data = crate::files::archive::pack(&files);
    let source = Source { name: "back.docx".into(), data, language: None, folder: None };
    let found = revision(&source, &original).map_err(|e| e.english()).expect("compared");
    let after = edited(letter, &found.edits.iter().collect::<Vec<_>>()).expect("edits");
    assert_eq!(
        after,
        letter.replace("We ask", "We all ask").replace("Thank you.", "Thank all of you.")
    );
    assert_eq!(found.untaken, []);
    let beside: Vec<(String, &str)> =
        found.beside.iter().map(|left| (left.what.english(), left.text.as_str())).collect();
    assert_eq!(
        beside,
        [
            ("text that Ana deleted".to_owned(), "him and"),
            ("a comment of Eva on “you.”".to_owned(), "Who?")
        ]
    );
}

proptest::proptest! {
    /// Whatever is changed in the text, the letter then says what the document says, or the change is told.
    #[test]
    fn a_changed_text_is_the_text_after_it(at in 0..400_usize, length in 0..40_usize, new in "[a-c ]{0,8}") {
        let made = revised(Format::Md, |text| {
            let start = text.find("We, the undersigned").expect("the body");
            let end = text.find("# What we ask").expect("a heading");
            let body: Vec<char> = text[start..end].chars().collect();
            let from = at.min(body.len());
            let to = (from + length).min(body.len());
            let changed: String =
                body[..from].iter().copied().chain(new.chars()).chain(body[to..].iter().copied()).collect();
            format!("{}{changed}{}", &text[..start], &text[end..])
        });
        // It does not panic, and its edits can be made.
        proptest::prop_assert!(made.len() < 20_000);
    }
}

/// What the plain text writes for marks and notes stays out of the letter.
#[test]
fn signs_of_the_format_stay_out() {
    let made = revised(Format::Txt, |text| {
        text.replace("nobody came", "nobody has come")
            .replace("groups do", "groups want")
            .replace("_dry_", "_very dry_")
            .replace("She said", "He said")
    });
    insta::assert_snapshot!(made, @r#"
    -We, the undersigned, ask for **clean water** in [the valley][valley], as {{signatory-count}} groups do.[^1]
    +We, the undersigned, ask for **clean water** in [the valley][valley], as {{signatory-count}} groups want.[^1]
    -It has been *dry* since \*May\*, and
    -nobody came.
    +It has been very *dry* since \*May\*, and
    +nobody has come.
    -> She said "no".
    +> He said "no".

    SHOWN
    … valley [1], as 2 groups [-do-]{+want+}. [2]
    It has been _{+very+} dry_ since *May*, and nobody [-came-]{+has come+}.
    > [-She-]{+He+} said “no”.

    UNTAKEN
    "#);
    // A reference that is gone is told, and stays.
    let made = revised(Format::Txt, |text| text.replace("do. [2]", "do."));
    insta::assert_snapshot!(made, @r#"

    SHOWN


    UNTAKEN
    body.en.md:1: a change that cannot be written in its place: … 1], as 2 groups do. [-[2]-]
    "#);
}

/// A paragraph is not taken out while its words wait elsewhere, or with its notes.
#[test]
fn what_is_refused_elsewhere_is_not_removed() {
    let body = "The first paragraph asks for water in the valley.[^1]\n\n\
        The second one is about the river and its banks.\n\n\
        The third one thanks everybody who has signed.\n\n[^1]: A note.\n";
    let first = "The first paragraph asks for water in the valley.[^1]\n\n";
    let made = revised_body(Format::Md, body, |text| {
        assert!(text.contains(first));
        text.replace(first, "").replace("has signed.\n", &format!("has signed.\n\n{first}"))
    });
    insta::assert_snapshot!(made, @r#"

    SHOWN


    UNTAKEN
    body.en.md:5: a change that cannot be written in its place: {+The first paragraph asks for water in the valley.+}
    body.en.md:1: a change that cannot be written in its place: [-The first paragraph asks for water in the valley.-]
    "#);
    // Joined to the one before, whose reference to a note is gone, which is refused.
    let body = &body.replace("for water", "for clean water in every house, school and hospital");
    let made = revised_body(Format::Md, body, |text| {
        text.replace("valley.[^1]\n\nThe second", "valley. The second")
    });
    insta::assert_snapshot!(made, @r#"

    SHOWN


    UNTAKEN
    body.en.md:1: a footnote that is new or gone: … , school and hospital in the valley. {+The second one is about the river and its banks.+}
    body.en.md:3: a change that cannot be written in its place: [-The second one is about the river and its banks.-]
    "#);
}

#[test]
fn an_entity_is_one_sign() {
    let body = "We ask for salt &amp; pepper &lt;now&gt; &semi; soon.\n\nThe river \\&amp; all &amp;amp; is low.\n\nThank you.\n";
    let made = revised_body(Format::Txt, body, |text| {
        text.replace("salt & pepper", "salt and pepper").replace("is low", "is very low")
    });
    insta::assert_snapshot!(made, @r#"
    -We ask for salt &amp; pepper &lt;now&gt; &semi; soon.
    +We ask for salt and pepper \<now> ; soon.
    -The river \&amp; all &amp;amp; is low.
    +The river \&amp; all &amp;amp; is very low.

    SHOWN
    We ask for salt [-&-]{+and+} pepper <now> ; soon.
    The river &amp; all &amp; is {+very+} low.

    UNTAKEN
    "#);
    let made = revised_body(Format::Txt, body, |text| text.replace("pepper", "oil"));
    insta::assert_snapshot!(made, @r#"
    -We ask for salt &amp; pepper &lt;now&gt; &semi; soon.
    +We ask for salt &amp; oil &lt;now&gt; &semi; soon.

    SHOWN
    We ask for salt & [-pepper-]{+oil+} <now> ; soon.

    UNTAKEN
    "#);
}

#[test]
fn paragraphs_side_by_side_are_taken_out() {
    let body = "We ask for water in the valley.\n\nThe river is low this year.\n\n\
        Nobody came to mend the pump.\n\nThank you for all you do.\n";
    let made = revised_body(Format::Md, body, |text| {
        text.replace("Nobody came to mend the pump.\n\nThank you for all you do.\n\n", "")
    });
    insta::assert_snapshot!(made, @r#"
    -
    -Nobody came to mend the pump.
    -
    -Thank you for all you do.

    SHOWN
    [-Nobody came to mend the pump.-]
    [-Thank you for all you do.-]

    UNTAKEN
    "#);
    let made = revised_body(Format::Md, body, |text| {
        text.replace(
            "We ask for water in the valley.\n\nThe river is low this year.\n\n",
            "Some wholly other words open it.\n\n",
        )
    });
    insta::assert_snapshot!(made, @r#"
    -We ask for water in the valley.
    -
    -The river is low this year.
    +Some wholly other words open it.

    SHOWN
    [-We ask for water in the valley.-]
    [-The river is low this year.-]
    {+Some wholly other words open it.+}

    UNTAKEN
    "#);
}

/// A picture that is gone is told, and so is a description that was changed. It stays.
#[test]
fn pictures_are_told() {
    let body = "We ask for water.\n\n![A dry well](a.png)\n\n![The pump](b.png \"In August\")\n\nThank you for all.\n";
    let folder = tempfile::tempdir().expect("a folder");
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\nbody = { file = \"body.md\" }\n\
        signatories = [\"Red\"]\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    std::fs::write(folder.path().join("body.md"), body).expect("a body");
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/records-request.en-US.1.png");
    for name in ["a.png", "b.png"] {
        std::fs::copy(&picture, folder.path().join(name)).expect("a picture");
    }
    let (project, written, letters) = opened(&folder.path().join("letter.toml"));
    let original = original(&project, &written, &letters);
    let source = export(&letters[0], &project.files, Format::Html);
    let html = String::from_utf8(source.data).expect("text");
    let told = |change: &dyn Fn(&str) -> String| {
        let data = change(&html).into_bytes();
        let source = Source { name: "back.html".into(), data, language: None, folder: None };
        let found = revision(&source, &original).map_err(|e| e.english()).expect("compared");
        assert!(found.edits.is_empty(), "{found:?}");
        let told = found.untaken.into_iter().map(|Untaken { left, place, .. }| {
            let at = place.map(|place| line_of(body, &place));
            (left.what.english(), left.text, at)
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        told(&|html| html.replace("The pump", "The old pump")),
        [(
            "the description of a picture".to_owned(),
            "[-The pump-]{+The old pump+}".to_owned(),
            Some(5)
        )]
    );
    let not_written = "a change that cannot be written in its place".to_owned();
    let without = told(&|html| html.replace("<figcaption>In August</figcaption>", ""));
    assert_eq!(without, [(not_written, "In August".to_owned(), Some(5))]);
    let start = html.find("<figure").unwrap_or_default();
    let end = html.find("</figure>").expect("a figure") + "</figure>".len();
    let gone = told(&|html| html[..start].to_owned() + &html[end..]);
    assert_eq!(gone, [("a picture that is gone".to_owned(), "[-A dry well-]".to_owned(), Some(3))]);
}

/// A paragraph whose note keeps it in the letter is not written a second time where it was joined.
#[test]
fn a_paragraph_with_a_note_is_not_there_twice() {
    let body = "The first paragraph asks for clean water in every house of the valley.\n\n\
        The second one is about the river.[^1]\n\nThe third one thanks everybody.\n\n[^1]: A note.\n";
    let made = revised_body(Format::Md, body, |text| {
        let text = text
            .replace("valley.\n\nThe second", "valley. The second")
            .replace("river.[^1]", "river.");
        text.replace("[^1]: A note.\n", "")
    });
    insta::assert_snapshot!(made, @r#"

    SHOWN


    UNTAKEN
    body.en.md:1: a change that cannot be written in its place: … water in every house of the valley. {+The second one is about the river.+}
    body.en.md:3: a change that cannot be written in its place: [-The second one is about the river.-]
    body.en.md:7: a footnote that is new or gone: [-A note.-]
    "#);
}

/// A long text is compared in a time that does not grow with its square.
#[test]
fn long_texts_are_compared() {
    // Every paragraph is changed, and some are new, gone or moved.
    let word = |at: usize| {
        let number = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("w{}", (number >> 33) % 4001)
    };
    let paragraph = |at: usize| (0..40).map(|i| word(at * 40 + i)).collect::<Vec<_>>().join(" ");
    let olds: Vec<String> = (0..600).map(paragraph).collect();
    let mut news: Vec<String> = olds.iter().map(|text| text.replacen(' ', " river ", 3)).collect();
    news.remove(100);
    news.insert(300, "a wholly new one".to_owned());
    let tokens = |texts: &[String]| texts.iter().map(|t| words::tokens(t)).collect::<Vec<_>>();
    let found = pairs(&tokens(&olds), &tokens(&news));
    let expected = (0..600).map(|new| match new {
        0..100 => Some(new),
        300 => None,
        100..300 => Some(new + 1),
        _ => Some(new),
    });
    assert_eq!(found, expected.collect::<Vec<_>>());
    // One paragraph of all words, a hundred of which are changed.
    let (old, new) = (olds.join(" "), olds.join(" ").replace("w17 ", "river "));
    let (old, new) = (words::tokens(&old), words::tokens(&new));
    let hunks = words::differences(&old, &new);
    let changed = old.iter().filter(|token| token.key == "w17").count();
    assert_eq!(hunks.len(), changed);
}

/// A caption is written between quotes, whichever they are, and has no marks.
#[test]
fn captions_are_changed_where_they_stand() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\nbody = { file = \"body.en.md\" }\n\
        signatories = [\"Red\"]\n";
    let body = "We ask for water.\n\n![A gate](a.svg \"The *old* \\\"gate\\\", in May\")\n\n\
        ![A pump](a.svg 'The pump, in June')\n\nThank you.\n";
    for format in [Format::Md, Format::Txt, Format::Html] {
        let made = compared(letter, body, &[("a.svg", svg.as_bytes())], |original| {
            let source = export(original.letter, original.files, format);
            let text = String::from_utf8(source.data).expect("text");
            let text = text.replace("in May", "in early May").replace("in June", "in July");
            Source { data: text.into_bytes(), ..source }
        });
        let (edits, rest) = made.split_once("\nSHOWN").expect("two parts");
        assert!(rest.ends_with("UNTAKEN\n"), "{format:?}\n{made}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(edits, @r#"
            -![A gate](a.svg "The *old* \"gate\", in May")
            +![A gate](a.svg "The *old* \"gate\", in early May")
            -![A pump](a.svg 'The pump, in June')
            +![A pump](a.svg 'The pump, in July')
            "#);
        }
    }
}
