//! The built-in templates, and the main files that Typst compiles.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::package::PackageSpec;
use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};
use typst_kit::files::{FileLoader, FileStore};

/// The templates, and the parts that they share. A user's template may import `parts.typ` as well.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("draft.typ", include_str!("../../templates/draft.typ")),
    ("open-letter.typ", include_str!("../../templates/open-letter.typ")),
    ("formal.typ", include_str!("../../templates/formal.typ")),
];

/// The parts of a letter. A file is loaded when one of its functions is called for the first time: for a letter of
/// a page, to parse, hash and evaluate all of them was a third of the work.
pub(crate) const PARTS: &[(&str, &str)] = &[
    ("parts.typ", include_str!("../../templates/parts.typ")),
    ("parts/edition.typ", include_str!("../../templates/parts/edition.typ")),
    ("parts/end.typ", include_str!("../../templates/parts/end.typ")),
    ("parts/footer.typ", include_str!("../../templates/parts/footer.typ")),
    ("parts/formal.typ", include_str!("../../templates/parts/formal.typ")),
    ("parts/members.typ", include_str!("../../templates/parts/members.typ")),
    ("parts/rich-text.typ", include_str!("../../templates/parts/rich-text.typ")),
    ("parts/run-in.typ", include_str!("../../templates/parts/run-in.typ")),
    ("parts/sender.typ", include_str!("../../templates/parts/sender.typ")),
    ("parts/window.typ", include_str!("../../templates/parts/window.typ")),
];

/// The main file that Typst compiles. No letter can name it.
const MAIN: (&str, &str) = ("undersigned-main.typ", include_str!("../../templates/main.typ"));

/// The same for a mail merge.
const MERGE_MAIN: (&str, &str) =
    ("undersigned-merge.typ", include_str!("../../templates/merge.typ"));

/// A main file that only reads the usual template, so that it is ready when a letter needs it. What is passed to a
/// function is hashed, and functions keep their hashes, with those of all that they call.
const READY: (&str, &str) = (
    "undersigned-ready.typ",
    "#import \"open-letter.typ\": letter\n#let hash(function) = none\n#hash(letter)\n",
);

/// The built-in files, which all letters share: Typst parses them once.
pub(super) static CARRIED: LazyLock<FileStore<Carried>> = LazyLock::new(|| FileStore::new(Carried));

/// Loads the built-in files for Typst.
pub(super) struct Carried;

impl FileLoader for Carried {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.vpath().get_without_slash();
        let mut all = TEMPLATES.iter().chain(PARTS).chain(&[MAIN, MERGE_MAIN, READY]);
        let found = all.find(|(known, _)| *known == name);
        found
            .map(|(_, text)| Bytes::from_string(without_comments(text)))
            .ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }
}

/// The code of a template. Typst would hash the comments as well whenever it calls a function.
fn without_comments(template: &str) -> String {
    let code = template.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    code.flat_map(|line| [line, "\n"]).collect()
}

/// The root of the built-in files. Typst calls such a root a package.
fn root() -> &'static VirtualRoot {
    static ROOT: LazyLock<VirtualRoot> = LazyLock::new(|| {
        let spec = PackageSpec::from_str("@undersigned/templates:0.1.0");
        VirtualRoot::Package(spec.expect("the text above is a package name"))
    });
    &ROOT
}

/// Whether the file is built in.
pub(crate) fn is_carried(file: FileId) -> bool {
    file.root() == root()
}

/// The id of a built-in file.
pub(crate) fn built_in(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("built-in names are plain file names");
    RootedPath::new(root().clone(), path).intern()
}

/// The built-in file that a user's own template may import from this path as if it were beside it.
pub(super) fn beside(path: &VirtualPath) -> Option<FileId> {
    let path = path.get_without_slash();
    let is_end = |name: &str| {
        path.strip_suffix(name).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
    };
    let (name, _) = PARTS.iter().find(|(name, _)| is_end(name))?;
    Some(built_in(name))
}

/// The main file.
pub(crate) fn main() -> FileId {
    built_in(MAIN.0)
}

/// The main file of a mail merge.
pub(crate) fn merge_main() -> FileId {
    built_in(MERGE_MAIN.0)
}

/// The main file that only reads the usual template.
pub(crate) fn ready_main() -> FileId {
    built_in(READY.0)
}

/// Whether it is a main file, which contains no user's text.
pub(crate) fn is_main(file: FileId) -> bool {
    [main(), merge_main()].contains(&file)
}

/// The file with the texts of the recipient.
pub(crate) fn recipient() -> FileId {
    built_in("undersigned-recipient.json")
}

#[cfg(test)]
mod tests {
    use include_dir::{Dir, include_dir};

    use super::*;

    static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/parts");

    /// The functions that a file defines.
    fn defined(text: &str) -> Vec<&str> {
        let definitions = text.lines().filter_map(|line| line.strip_prefix("#let "));
        definitions.filter_map(|rest| rest.split_once(['(', ' '])).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_file_of_parts_is_carried() {
        let mut files: Vec<&str> = FOLDER.files().filter_map(|file| file.path().to_str()).collect();
        files.sort_unstable();
        let carried = PARTS.iter().filter_map(|(name, _)| name.strip_prefix("parts/"));
        assert!(carried.eq(files));
    }

    /// Whatever is called, `parts.typ` has it, and loads it from the file that defines it.
    #[test]
    fn parts_are_loaded_from_where_they_are() {
        let (_, parts) = PARTS[0];
        let mut loaded = 0;
        for (file, text) in &PARTS[1..] {
            for name in defined(text) {
                let load = format!("{{ import \"{file}\": {name}; {name}(");
                let line = parts.lines().find(|line| line.starts_with(&format!("#let {name}(")));
                assert!(line.is_some_and(|line| line.contains(&load)), "{file}: {name}");
                loaded += 1;
            }
        }
        assert_eq!(loaded, parts.matches("{ import \"parts/").count());
        let names = defined(parts);
        let unique: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
