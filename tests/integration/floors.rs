//! The rooms of `src` are on the floors of `docs/ARCHITECTURE.md`, and a room uses only what is below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

/// Crates that only some rooms may use.
const LIBRARIES: &[(&str, &[&str])] = &[
    // The formats of documents and messages derive the names that options take.
    ("clap", &["command", "formats", "report"]),
    ("clap_complete", &["command"]),
    ("ctrlc", &["command"]),
    ("indicatif", &["command"]),
    ("open", &["command"]),
    ("notify", &["watch"]),
    ("annotate_snippets", &["report"]),
];

fn architecture() -> String {
    let path = super::repository().join("docs/ARCHITECTURE.md");
    std::fs::read_to_string(path).expect("docs/ARCHITECTURE.md")
}

/// The floor of each room, from the table of the documentation.
fn floors(page: &str) -> BTreeMap<String, usize> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let floor = cells.next()?.parse().ok()?;
        Some((cells.next()?.trim_matches('`').to_owned(), floor))
    };
    let floors: BTreeMap<_, _> = page.lines().filter_map(row).collect();
    assert!(floors.len() > 15, "the table of the floors has only {} rooms", floors.len());
    floors
}

/// The files below a folder.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, all);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
}

/// The files of `src` with their rooms and their code, without tests and comments.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = super::repository().join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("a file");
    // `#[cfg(test)] mod name;` is a file of tests.
    let is_test = |path: &PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let parent = path.parent().map(|folder| folder.with_extension("rs"));
        let parent = parent.filter(|parent| parent.is_file());
        parent.is_some_and(|parent| read(&parent).contains(&format!("#[cfg(test)]\nmod {name};")))
    };
    let source = |path: PathBuf| {
        let inside = path.strip_prefix(&root).expect("a file of src").to_path_buf();
        let first = inside.iter().next().and_then(|first| first.to_str()).expect("a name");
        let room = first.trim_end_matches(".rs").to_owned();
        let text = read(&path);
        let own = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let lines = own.lines().map(|line| line.split("//").next().unwrap_or_default());
        (inside, room, lines.collect::<Vec<_>>().join("\n"))
    };
    let sources: Vec<_> = paths.into_iter().filter(|path| !is_test(path)).map(source).collect();
    let rooms = sources.into_iter().filter(|(_, room, _)| room != "lib" && room != "main");
    rooms.collect()
}

/// The names that follow a prefix such as `crate::`.
fn names_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let is_part = |c: char| c == '_' || c.is_alphanumeric();
    let starts = code.match_indices(prefix).map(|(at, _)| at);
    let whole = starts.filter(|at| !code[..*at].ends_with(|c: char| is_part(c) || c == ':'));
    let name =
        |at: usize| code[at + prefix.len()..].split(|c| !is_part(c)).next().unwrap_or_default();
    whole.map(name).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let floor = floors(&architecture());
    let mut wrong = Vec::new();
    for (file, room, code) in sources() {
        let Some(here) = floor.get(&room) else {
            wrong.push(format!("{}: the room `{room}` stands on no floor", file.display()));
            continue;
        };
        for other in names_after(&code, "crate::").into_iter().filter(|other| *other != room) {
            match floor.get(&other) {
                Some(there) if there < here => {}
                Some(_) => wrong.push(format!("{}: {room} -> {other}", file.display())),
                None => wrong.push(format!("{}: `crate::{other}` is not a room", file.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "these use what is not below them:\n{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (file, room, code) in sources() {
        for (library, rooms) in LIBRARIES {
            let used = !names_after(&code, &format!("{library}::")).is_empty()
                || code.contains(&format!("use {library}::"));
            if used && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{}: {library}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "these use libraries of other rooms:\n{}", wrong.join("\n"));
}

/// Everything that is printed goes through the one file that makes it printable. The progress bar draws
/// nothing but numbers, and the supervised process only hands its standard error on.
#[test]
fn only_the_streams_print() {
    let printing = Regex::new(r"\b(stdout|stderr)\(\)|\b(e?println?|dbg)!").expect("a pattern");
    let sources = sources();
    let prints = |(file, _, code): &&(PathBuf, String, String)| {
        let code = code.replace("ProgressDrawTarget::stderr()", "");
        let code = code.replace("io::stderr().as_fd().try_clone_to_owned()", "");
        printing.is_match(&code) && *file != Path::new("report/streams.rs")
    };
    let wrong: Vec<_> = sources.iter().filter(prints).map(|(file, ..)| file).collect();
    assert!(wrong.is_empty(), "these print past src/report/streams.rs: {wrong:?}");
    let streams = sources.iter().find(|(file, ..)| *file == Path::new("report/streams.rs"));
    assert!(printing.is_match(&streams.expect("src/report/streams.rs").2));
}

/// Files and tests that the page names exist.
/// A machine may be slow or busy. `until` in `main.rs` waits for what happens, and `kills.rs` kills at any
/// moment, whatever it measures.
#[test]
fn no_test_measures_time() {
    let mut paths = Vec::new();
    for folder in ["src", "tests"] {
        files(&super::repository().join(folder), &mut paths);
    }
    for path in paths {
        let is_test = !path.starts_with(super::repository().join("src"));
        let text = std::fs::read_to_string(&path).expect("a file");
        let tests = if is_test { Some(text.as_str()) } else { text.split("#[cfg(test)]\n").nth(1) };
        let measures = tests.is_some_and(|tests| tests.contains(concat!(".elapsed", "()")));
        let may = is_test && (path.ends_with("main.rs") || path.ends_with("kills.rs"));
        assert!(!measures || may, "{}", path.display());
    }
}

#[test]
fn the_page_names_what_is_there() {
    let page = architecture();
    let mut tests = String::new();
    for folder in ["src", "tests"] {
        let mut paths = Vec::new();
        files(&super::repository().join(folder), &mut paths);
        for path in paths {
            tests.push_str(&std::fs::read_to_string(path).expect("a file"));
        }
    }
    let mut missing = Vec::new();
    for name in page.split('`').skip(1).step_by(2) {
        let is_path = name.contains('/') && !name.contains("TAG");
        let is_test =
            name.contains('_') && name.chars().all(|c| c == '_' || c.is_ascii_lowercase());
        if is_path && !super::repository().join(name).exists() {
            missing.push(name);
        }
        if is_test && !tests.contains(&format!("fn {name}(")) {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "docs/ARCHITECTURE.md names what does not exist: {missing:?}");
}
