//! The rooms of `src` are on floors, and a room uses only the rooms below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors, from the ground up. Rooms on the same floor do not use each other.
const FLOORS: &[&[&str]] = &[
    &["words"],
    &["language", "source"],
    &["problems"],
    &["files", "fonts"],
    &["toml"],
    &["spec"],
    &["letter"],
    &["checks"],
    &["project"],
    &["formats"],
    &["render"],
    &["engine"],
    &["report"],
    &["merge", "watch"],
    &["command"],
];

/// The files of a folder and of its subfolders.
fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files(&path, all),
            false => all.push(path),
        }
    }
}

/// The program's code in a file: without its tests, comments and documentation.
fn code(source: &str) -> String {
    let own = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let lines = own.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a file uses, by its paths that begin with `crate::`.
fn used(code: &str) -> BTreeSet<String> {
    let after = code.split("crate::").skip(1);
    let name = |rest: &str| {
        rest.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
    };
    after.map(name).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let floor: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor)))
        .collect();
    let root = super::repository().join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let mut wrong = Vec::new();
    for path in paths {
        let inside = path.strip_prefix(&root).expect("a file of src");
        let room = inside.iter().next().and_then(|first| first.to_str()).expect("a name");
        let room = room.trim_end_matches(".rs");
        if matches!(room, "lib" | "main") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a file");
        let Some(here) = floor.get(room) else {
            wrong.push(format!("{}: the room `{room}` stands on no floor", inside.display()));
            continue;
        };
        for other in used(&code(&source)) {
            match floor.get(&*other) {
                _ if other == room => {}
                Some(there) if there < here => {}
                Some(_) => wrong.push(format!("{}: {room} -> {other}", inside.display())),
                None => wrong.push(format!("{}: `crate::{other}` is no room", inside.display())),
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "these use what is not below them:\n{}", wrong.join("\n"));
}
