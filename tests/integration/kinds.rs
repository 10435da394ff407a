//! The kinds of letters that `new` makes.

use std::collections::BTreeSet;

use super::{folder, run, stderr};

const KINDS: [&str; 7] =
    ["open-letter", "formal", "oficio", "business-us", "business-din", "petition", "press"];

/// Each kind is right at once in each language, but for its text, which is a sample. Four languages need a
/// font that the program does not have.
#[test]
fn each_kind_is_right_in_each_language() {
    let languages = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/lang");
    let folder = folder(&[]);
    let at = folder.path();
    let mut count = 0;
    for file in std::fs::read_dir(languages).expect("a folder") {
        let path = file.expect("a file").path();
        let tag = path.file_stem().expect("a name").to_string_lossy().into_owned();
        count += 1;
        for kind in KINDS {
            let output = run(at, &format!("new {kind}/{tag} --kind {kind} --lang {tag}"));
            assert!(output.status.success(), "{kind} {tag}: {}", stderr(&output));
        }
    }
    assert!(count >= 28, "{count}");
    for kind in KINDS {
        let said = stderr(&run(at, &format!("check {kind} --message-format short")));
        let mut codes = BTreeSet::new();
        for line in said.lines() {
            let (place, rest) = line.split_once(": ").expect("a place");
            let code = rest.split(['[', ']']).nth(1).expect("a code");
            let tag = place.split('/').nth(1).expect("a language");
            let needs_font = ["ja", "ko", "zh", "zh-Hant"].contains(&tag);
            assert!(code == "sample-text" || code == "missing-glyph" && needs_font, "{line}");
            codes.insert(tag.to_owned());
        }
        assert_eq!(codes.len(), count, "{kind}: a language whose sample is not told");
    }
}

/// A language whose font is not built in is told at once, and the name of a language leads to its tag.
#[test]
fn a_new_letter_says_what_its_language_needs() {
    let folder = folder(&[]);
    let said = stderr(&run(folder.path(), "new a --lang es-MX --lang ja"));
    assert!(said.contains("Japanese needs a font that is not in the program"), "{said}");
    assert!(said.contains("`undersigned fonts --for ja --system-fonts`"), "{said}");
    assert_eq!(said.matches("needs a font").count(), 1, "{said}");
    for name in ["japonés", "japanese", "日本語"] {
        let output = run(folder.path(), &format!("new b --lang {name}"));
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains("did you mean `ja`?"), "{}", stderr(&output));
    }
}

#[test]
fn an_oficio_says_so_in_spanish() {
    let folder = folder(&[]);
    let at = folder.path();
    for arguments in
        ["new a --kind oficio --lang es-MX", "new b --kind oficio", "build . -q -f txt"]
    {
        let output = run(at, arguments);
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
    }
    let read = |name: &str| std::fs::read_to_string(at.join("out").join(name)).expect("a text");
    for name in ["a.es-MX.txt", "b.es.txt"] {
        let text = read(name);
        assert!(
            text.contains("Oficio núm. ABC/001") && text.contains("Expediente: XYZ/002"),
            "{text}"
        );
        assert!(text.contains("P r e s e n t e."), "{text}");
    }
    let text = read("b.en.txt");
    assert!(text.contains("Our reference: ABC/001") && !text.contains("P r e s e n t e"), "{text}");
}

/// A letter that few sign looks like one, whatever the document is.
#[test]
fn a_document_that_few_sign_is_a_formal_letter() {
    let document = |names: &str| {
        format!(
            "# Water\n\nDear Secretary:\n\nWe ask for water, because the wells are dry.\n\nSincerely,\n\n{names}\n"
        )
    };
    let few = document("- House of Bridges\n- Red del Agua");
    let many = document(&"- House of Bridges\n".repeat(7));
    let coalition = document("- Red del Agua\n  - Uno\n  - Dos\n  - Tres");
    let files = [
        ("few.md", few),
        ("many.md", many),
        ("none.md", document("")),
        ("coalition.md", coalition),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    let at = folder.path();
    for (arguments, is_formal) in [
        ("few", true),
        ("many", false),
        ("none", false),
        ("coalition", false),
        ("few --template open-letter", false),
        ("many --template formal", true),
    ] {
        let name = arguments.replace(' ', "-");
        let from = arguments.split(' ').next().expect("a name");
        let template = arguments.strip_prefix(from).expect("the rest");
        let output = run(at, &format!("new {name} --from {from}.md{template}"));
        assert!(output.status.success(), "{arguments}: {}", stderr(&output));
        let letter = std::fs::read_to_string(at.join(&name).join("letter.toml")).expect("a letter");
        assert_eq!(letter.contains("template = \"formal\""), is_formal, "{arguments}: {letter}");
    }
    assert_eq!(run(at, "new x --from few.md --kind press").status.code(), Some(2));
}
