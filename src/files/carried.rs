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
    (PARTS, include_str!("../../templates/parts.typ")),
];

/// The file that a user's own template may import as if it were beside it.
pub(super) const PARTS: &str = "parts.typ";

/// The main file that Typst compiles. No letter can name it.
const MAIN: (&str, &str) = ("undersigned-main.typ", include_str!("../../templates/main.typ"));

/// The same for a mail merge.
const MERGE_MAIN: (&str, &str) =
    ("undersigned-merge.typ", include_str!("../../templates/merge.typ"));

/// A main file that only reads the usual template, so that it is ready when a letter needs it.
const READY: (&str, &str) = ("undersigned-ready.typ", "#import \"open-letter.typ\": letter\n");

/// The built-in files, which all letters share: Typst parses them once.
pub(super) static CARRIED: LazyLock<FileStore<Carried>> = LazyLock::new(|| FileStore::new(Carried));

/// Loads the built-in files for Typst.
pub(super) struct Carried;

impl FileLoader for Carried {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.vpath().get_without_slash();
        let mut all = TEMPLATES.iter().chain(&[MAIN, MERGE_MAIN, READY]);
        let found = all.find(|(known, _)| *known == name);
        found
            .map(|(_, text)| Bytes::from_string(without_comments(text)))
            .ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }
}

/// The code of a template. Typst would hash the comments as well whenever it calls a function.
fn without_comments(template: &str) -> String {
    let code = template.lines().filter(|line| !line.trim_start().starts_with("//"));
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
