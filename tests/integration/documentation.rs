//! The examples in the documentation work as shown, its links are valid, and both languages say the
//! same.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;

/// The code blocks of a page in a language such as `toml`.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<&'p str> {
    let fence = format!("\n```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Builds a letter with the files named in examples.
fn build(context: &str, letter: &str, more: &[(&str, &str)]) {
    let body = "We ask for water. Pedimos agua.\n";
    let mut files = vec![
        ("x/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"/>"),
        ("x/letter.toml", letter),
    ];
    // Every Markdown file that is named exists.
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

const TEMPLATES: [&str; 2] =
    [include_str!("../../docs/templates.md"), include_str!("../../docs/es/plantillas.md")];

#[test]
fn templates_build() {
    let logo = "logo.png";
    let [english, spanish] = TEMPLATES.map(|page| {
        let blocks = blocks(page, "typst").into_iter();
        blocks.filter(|block| block.contains("#let letter(letter)")).collect::<Vec<&str>>()
    });
    assert!(english.len() >= 3, "only {} templates", english.len());
    // Both pages show the same templates, so they need to be built only once.
    assert_eq!(english, spanish);
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let lines = include_str!("../../templates/open-letter.typ").lines().filter(is_code);
    let open_letter: String = lines.map(|line| format!("{line}\n")).collect();
    assert!(english.contains(&open_letter.trim_start()), "the pages do not show open-letter");
    for template in english {
        // The test replaces the PNG with an SVG.
        let template = template.replace(logo, "logo.svg");
        let letter =
            format!("template = \"ours.typ\"\nsignatories = [\"A\", \"B\"]\n{}", super::SMALL);
        build("templates", &letter, &[("x/ours.typ", &template)]);
    }
}

/// An exported built-in template gives the same pages as the one inside the program.
#[test]
fn an_exported_template_changes_nothing() {
    for name in ["open-letter", "formal"] {
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

/// The page on templates names everything that `parts.typ` defines, and no other part.
#[test]
fn the_documentation_names_every_part() {
    let parts = include_str!("../../templates/parts.typ");
    let name = |text: &'static str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        &text[..end.unwrap_or(text.len())]
    };
    let defined: Vec<&str> =
        parts.lines().filter_map(|line| line.strip_prefix("#let ")).map(name).collect();
    for (page, title) in TEMPLATES.into_iter().zip(["The parts", "Las partes"]) {
        let title = format!("\n## {title}: `parts.typ`\n");
        let section = page.split(&title).nth(1).expect("the section");
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
}

/// The pages for people who write letters, in English and in Spanish.
const PAGES: &[(&str, &str)] = &[
    ("README.md", "docs/es/LEEME.md"),
    ("docs/ci.md", "docs/es/ci.md"),
    ("docs/commands.md", "docs/es/comandos.md"),
    ("docs/fonts.md", "docs/es/fuentes.md"),
    ("docs/from-word.md", "docs/es/de-word.md"),
    ("docs/install.md", "docs/es/instalacion.md"),
    ("docs/languages.md", "docs/es/idiomas.md"),
    ("docs/letter-format.md", "docs/es/formato-de-la-carta.md"),
    ("docs/limits.md", "docs/es/limites.md"),
    ("docs/mail-house.md", "docs/es/correo.md"),
    ("docs/print.md", "docs/es/imprenta.md"),
    ("docs/scale.md", "docs/es/escala.md"),
    ("docs/signatures.md", "docs/es/firmas.md"),
    ("docs/strangers.md", "docs/es/desconocidos.md"),
    ("docs/templates.md", "docs/es/plantillas.md"),
];

/// The pages for people who work on the program, which are only in English.
const ENGLISH_ALONE: &[&str] = &[
    ".github/SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/changelog.md",
    "docs/releasing.md",
    "docs/speed.md",
];

fn page(path: &str) -> String {
    let text = std::fs::read_to_string(super::repository().join(path));
    text.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines of a page outside its code blocks, and the first lines of these blocks.
fn prose_and_fences(page: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut prose, mut fences, mut open) = (Vec::new(), Vec::new(), None);
    for line in page.lines() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        match &open {
            None if fence.len() >= 3 => {
                fences.push(line);
                open = Some(fence);
            }
            None => prose.push(line),
            Some(begun) if line == begun => open = None,
            Some(_) => {}
        }
    }
    (prose, fences)
}

/// The markup of a page's headings, tables and top-level lists, in order.
fn shape(page: &str) -> (Vec<String>, Vec<String>) {
    let (prose, fences) = prose_and_fences(page);
    let sign = |line: &&str| {
        let heading = line.split(' ').next().filter(|word| word.starts_with('#'));
        let table = line.starts_with("| ---").then_some("table");
        heading.or(table).map(str::to_owned)
    };
    (prose.iter().filter_map(sign).collect(), fences.into_iter().map(str::to_owned).collect())
}

/// Every page has its Spanish counterpart, with the same headings, tables and code blocks in the same
/// order, and each links to the other.
#[test]
fn every_page_is_in_both_languages() {
    let entries = std::fs::read_dir(super::repository().join("docs")).expect("docs is there");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let pages = names.map(|name| format!("docs/{}", name.to_string_lossy()));
    for path in pages.filter(|path| path.ends_with(".md")) {
        let known = PAGES.iter().any(|(english, _)| *english == path);
        assert!(known || ENGLISH_ALONE.contains(&path.as_str()), "{path} has no Spanish");
    }
    let entries = std::fs::read_dir(super::repository().join("docs/es")).expect("docs/es is there");
    assert_eq!(entries.count(), PAGES.len(), "a page in docs/es is not in PAGES");
    for (english, spanish) in PAGES {
        let (en, es) = (page(english), page(spanish));
        assert_eq!(shape(&en), shape(&es), "{english} and {spanish}");
        let name = |path: &'static str| path.rsplit('/').next().unwrap_or(path);
        assert!(
            en.contains(&format!("es/{})", name(spanish))),
            "{english} has no link to {spanish}"
        );
        assert!(
            es.contains(&format!("../{})", name(english))),
            "{spanish} has no link to {english}"
        );
    }
}

/// GitHub's anchor of a heading: its letters, digits, `-` and `_`, in lower case, with a `-` for each
/// space.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let text = text.replace(' ', "-");
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Every link to another page or to a section is valid.
#[test]
fn links_between_pages_lead_somewhere() {
    let all = PAGES.iter().flat_map(|(english, spanish)| [*english, *spanish]);
    let mut links = 0;
    for path in all.chain(ENGLISH_ALONE.iter().copied()) {
        let text = page(path);
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let Event::Start(Tag::Link { dest_url: link, .. }) = event else { continue };
            if link.contains(':') {
                continue;
            }
            let (file, part) = link.split_once('#').unwrap_or((&link, ""));
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            let target = match file {
                "" => path.to_owned(),
                file => folder.join(file).to_string_lossy().into_owned(),
            };
            let there = super::repository().join(&target);
            assert!(there.exists(), "{path}: {link}");
            links += 1;
            if part.is_empty() {
                continue;
            }
            let text = page(&target);
            let (prose, _) = prose_and_fences(&text);
            let headings = prose.iter().filter(|line| line.starts_with('#'));
            assert!(headings.map(|h| anchor(h)).any(|name| name == part), "{path}: {link}");
        }
    }
    assert!(links >= 150, "only {links} links");
}

/// The address of the project is only in `Cargo.toml`: a page that names an address names that one, and
/// no page has a placeholder that nobody can follow.
#[test]
fn no_page_invents_an_address_for_the_project() {
    let address = env!("CARGO_PKG_REPOSITORY");
    let all = PAGES.iter().flat_map(|(english, spanish)| [*english, *spanish]);
    for path in all.chain(ENGLISH_ALONE.iter().copied()) {
        let text = page(path);
        let ends = |c: char| c.is_whitespace() || "`\"'<>()".contains(c);
        for word in text.split(ends).filter(|word| word.contains("/undersigned")) {
            let invented = word.starts_with("OWNER/")
                || word.contains("github.com/")
                    && (address.is_empty() || !word.starts_with(address));
            assert!(!invented, "{path}: {word}");
        }
    }
}

/// The start of the comment above a code block with the output of a command, such as
/// `<!-- tests/documentation/numbers: undersigned check water -->`.
const SAMPLE: &str = "<!-- tests/documentation/";

/// The output of a command in a copy of a folder of `tests/documentation`, in the language of a page.
fn printed(path: &str, folder: &str, arguments: &str) -> Vec<String> {
    let copy = tempfile::tempdir().expect("a temporary folder");
    super::copy(&super::repository().join("tests/documentation").join(folder), copy.path());
    let locale = if path.starts_with("docs/es/") { "es_MX.UTF-8" } else { "en_US.UTF-8" };
    let output = super::program(copy.path())
        .args(arguments.split_whitespace())
        .env("LC_ALL", locale)
        .output()
        .expect("the program starts");
    let text = super::stdout(&output) + &super::stderr(&output);
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// A page with its samples regenerated, and how many there are.
fn with_fresh_samples(path: &str, text: &str) -> (String, usize) {
    let (mut fresh, mut count) = (Vec::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        fresh.push(line.to_owned());
        let sample = line.strip_prefix(SAMPLE).and_then(|line| line.strip_suffix(" -->"));
        let Some(sample) = sample else { continue };
        let (folder, arguments) = sample
            .split_once(": undersigned ")
            .unwrap_or_else(|| panic!("{path}: no folder and command in {line}"));
        let fence = lines.next().filter(|line| line.starts_with("```"));
        fresh.push(fence.unwrap_or_else(|| panic!("{path}: no code below {line}")).to_owned());
        let prompt = format!("$ undersigned {arguments}");
        let mut shown = lines.by_ref().take_while(|line| *line != "```").peekable();
        fresh.extend(shown.next_if(|line| line.starts_with("$ ")).map(|_| prompt));
        shown.for_each(drop);
        fresh.extend(printed(path, folder, arguments));
        fresh.push("```".to_owned());
        count += 1;
    }
    (fresh.join("\n") + "\n", count)
}

/// Samples of output are what the program prints. `UPDATE_DOCS=1 cargo test --release` rewrites them
/// after a message has changed.
#[test]
fn samples_are_what_the_program_prints() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (english, spanish) in PAGES {
        let counts = [english, spanish].map(|path| {
            let text = page(path);
            let (fresh, count) = with_fresh_samples(path, &text);
            if update {
                std::fs::write(super::repository().join(path), &fresh).expect("a page");
            } else {
                let differs = text.lines().zip(fresh.lines()).find(|(old, new)| old != new);
                let message = "UPDATE_DOCS=1 writes what the program prints";
                assert!(text == fresh, "{path}: {differs:?} differ; {message}");
            }
            count
        });
        assert_eq!(counts[0], counts[1], "{english} and {spanish} have other samples");
    }
}

/// Adds the options of a command and its subcommands, such as "--lang", as listed by its help.
fn add_options(command: &str, options: &mut BTreeSet<String>) {
    let help = super::run(Path::new("."), &format!("{command} --help"));
    let help = super::stdout(&help);
    let option = Regex::new(r"(?m)^ +(?:-\w, )?(--[a-z-]+)").expect("a pattern");
    options.extend(option.captures_iter(&help).map(|found| found[1].to_owned()));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    for line in commands.take_while(|line| !line.is_empty()) {
        match line.split_whitespace().next() {
            // Longer help text is wrapped below its command.
            Some(name) if line.starts_with("  ") && !line.starts_with("   ") && name != "help" => {
                add_options(&format!("{command} {name}"), options);
            }
            _ => {}
        }
    }
}

/// The page on commands names every existing option, and no other.
#[test]
fn every_option_is_documented() {
    let mut options = BTreeSet::new();
    add_options("", &mut options);
    assert!(options.len() >= 40, "only {options:?}");
    let named = Regex::new(r"(?:^|[^\w-])(--[a-z][a-z-]*)").expect("a pattern");
    let pages = PAGES.iter().find(|(english, _)| *english == "docs/commands.md");
    for path in pages.map(|(english, spanish)| [english, spanish]).expect("the pages") {
        let text = page(path);
        let named: BTreeSet<String> =
            named.captures_iter(&text).map(|found| found[1].to_owned()).collect();
        let undocumented: Vec<_> = options.difference(&named).collect();
        assert!(undocumented.is_empty(), "{path} lacks {undocumented:?}");
        let unknown: Vec<_> = named.difference(&options).collect();
        assert!(unknown.is_empty(), "{path} names {unknown:?}, which no command has");
    }
}
