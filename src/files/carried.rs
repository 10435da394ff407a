//! The templates inside the program, and the few lines that Typst runs first.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::package::PackageSpec;
use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};
use typst_kit::files::{FileLoader, FileStore};

/// The templates, and what they share. A user's template may import `parts.typ` as well.
pub const TEMPLATES: &[(&str, &str)] = &[
    ("draft.typ", include_str!("../../templates/draft.typ")),
    ("open-letter.typ", include_str!("../../templates/open-letter.typ")),
    ("formal.typ", include_str!("../../templates/formal.typ")),
    (PARTS, include_str!("../../templates/parts.typ")),
];

/// What a template of the user's own may import as if it lay beside it.
pub(super) const PARTS: &str = "parts.typ";

/// What Typst runs first. No letter can name it.
const MAIN: (&str, &str) = ("undersigned-main.typ", include_str!("../../templates/main.typ"));

/// The same for a mail merge.
const MERGE_MAIN: (&str, &str) =
    ("undersigned-merge.typ", include_str!("../../templates/merge.typ"));

/// What the program carries, which all letters share: Typst parses it once.
pub(super) static CARRIED: LazyLock<FileStore<Carried>> = LazyLock::new(|| FileStore::new(Carried));

/// Gives Typst what the program carries.
pub(super) struct Carried;

impl FileLoader for Carried {
    fn load(&self, file: FileId) -> FileResult<Bytes> {
        let name = file.vpath().get_without_slash();
        let mut all = TEMPLATES.iter().chain(&[MAIN, MERGE_MAIN]);
        let found = all.find(|(known, _)| *known == name);
        found
            .map(|(_, text)| Bytes::from_string(*text))
            .ok_or_else(|| FileError::NotFound(PathBuf::from(name)))
    }
}

/// The root of what the program carries. Typst calls such a root a package.
fn root() -> &'static VirtualRoot {
    static ROOT: LazyLock<VirtualRoot> = LazyLock::new(|| {
        let spec = PackageSpec::from_str("@undersigned/templates:0.1.0");
        VirtualRoot::Package(spec.expect("the text above is a package name"))
    });
    &ROOT
}

/// Whether the program carries the file.
pub(super) fn is_carried(file: FileId) -> bool {
    file.root() == root()
}

/// The id of a file that the program carries.
pub fn built_in(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("built-in names are plain file names");
    RootedPath::new(root().clone(), path).intern()
}

/// The file that Typst starts with.
pub fn main() -> FileId {
    built_in(MAIN.0)
}

/// The file that Typst starts with in a mail merge.
pub fn merge_main() -> FileId {
    built_in(MERGE_MAIN.0)
}

/// Whether it is one of the files that Typst starts with, which hold no text of anybody's.
pub fn is_main(file: FileId) -> bool {
    [main(), merge_main()].contains(&file)
}

/// The file with the texts of the recipient.
pub fn recipient() -> FileId {
    built_in("undersigned-recipient.json")
}
