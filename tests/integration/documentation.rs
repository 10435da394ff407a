//! The examples of the documentation work as they stand.

/// The blocks of code of a page in a language such as `toml`.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("\n```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Builds a letter with the files that examples name.
fn build(context: &str, letter: &str, more: &[(&str, &str)]) {
    let body = "We ask for water. Pedimos agua.\n";
    let mut files = vec![
        ("x/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"/>"),
        ("x/letter.toml", letter),
    ];
    // Every Markdown file that is named is there.
    let named: Vec<String> = letter
        .split('"')
        .filter(|text| text.ends_with(".md") && !text.contains(' '))
        .map(|name| format!("x/{name}"))
        .collect();
    files.extend(named.iter().map(|name| (name.as_str(), body)));
    files.extend(more);
    let folder = super::folder(&files);
    let output = super::run(folder.path(), "build x -q");
    assert!(output.status.success(), "{context}:\n{letter}\n{}", super::stderr(&output));
}

#[test]
fn whole_letters_build() {
    let pages = [
        include_str!("../../docs/letter-format.md"),
        include_str!("../../docs/es/formato-de-la-carta.md"),
    ];
    for page in pages {
        let letters: Vec<&str> = blocks(page, "toml")
            .into_iter()
            .filter(|block| block.contains("languages =") && block.contains("\nbody"))
            .filter(|block| !block.starts_with("# wrong") && !block.starts_with("# mal"))
            .collect();
        assert!(letters.len() >= 5, "only {} letters", letters.len());
        for letter in letters {
            build("the letter format", letter, &[]);
        }
    }
}

#[test]
fn templates_build() {
    let page = include_str!("../../docs/templates.md");
    let logo = "logo.png";
    let templates: Vec<&str> = blocks(page, "typst")
        .into_iter()
        .filter(|block| block.contains("#let letter(letter)"))
        .collect();
    assert!(templates.len() >= 3, "only {} templates", templates.len());
    for template in templates {
        // A picture need not be a PNG to stand for one.
        let template = template.replace(logo, "logo.svg");
        let letter =
            format!("template = \"ours.typ\"\nsignatories = [\"A\", \"B\"]\n{}", super::SMALL);
        build("templates", &letter, &[("x/ours.typ", &template)]);
    }
}

/// A built-in template that is written out gives the same pages as the one inside the program.
#[test]
fn a_template_that_is_written_out_changes_nothing() {
    for name in undersigned::spec::BUILT_IN_TEMPLATES {
        let source = super::anatomy();
        let folder = source.path().join(format!("{name}-a4"));
        let build = |out: &str| {
            let output = super::run(&folder, &format!("build . -q -o {out}"));
            assert!(output.status.success(), "{}", super::stderr(&output));
            let read = |lang: &str| {
                std::fs::read(folder.join(format!("{out}/{name}-a4.{lang}.pdf"))).expect("a PDF")
            };
            (read("en"), read("es-MX"))
        };
        let inside = build("inside");
        let write = format!("template {name} --out ours");
        assert!(super::run(&folder, &write).status.success());
        assert_eq!(super::run(&folder, &write).status.code(), Some(2), "written over");
        let letter = std::fs::read_to_string(folder.join("letter.toml")).expect("a letter");
        let own = letter
            .replace(&format!("template = \"{name}\""), &format!("template = \"ours/{name}.typ\""));
        assert_ne!(own, letter);
        std::fs::write(folder.join("letter.toml"), own).expect("a letter");
        assert!(build("outside") == inside, "{name}");
    }
}

/// `docs/templates.md` names all that `parts.typ` defines, and nothing else as a part.
#[test]
fn the_documentation_names_every_part() {
    let page = include_str!("../../docs/templates.md");
    let parts = include_str!("../../templates/parts.typ");
    let name = |text: &'static str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        &text[..end.unwrap_or(text.len())]
    };
    let defined: Vec<&str> =
        parts.lines().filter_map(|line| line.strip_prefix("#let ")).map(name).collect();
    let section = page.split("\n## The parts: `parts.typ`\n").nth(1).expect("the section");
    let missing: Vec<&&str> = defined
        .iter()
        .filter(|part| {
            !section.contains(&format!("`{part}(")) && !section.contains(&format!("`{part}`"))
        })
        .collect();
    assert!(missing.is_empty(), "not documented: {missing:?}");
    let named = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let called =
        named.filter(|line| line.split('`').next().is_some_and(|code| code.ends_with(')')));
    let absent: Vec<&str> = called.map(name).filter(|part| !defined.contains(part)).collect();
    assert!(absent.is_empty(), "not defined: {absent:?}");
}
