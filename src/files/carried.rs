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

/// The code of `parts.typ`.
static PARTS_CODE: LazyLock<String> =
    LazyLock::new(|| without_comments(include_str!("../../templates/parts.typ")));

/// The file that a user's own template may import as if it were beside it.
pub(super) const PARTS: &str = "parts.typ";

/// The same in one piece, as a user's own template imports it.
pub(super) const ALL_PARTS: &str = "undersigned-parts.typ";

/// The functions of `parts.typ` that most letters do not call, by the file into which they are cut. Typst parses,
/// hashes and evaluates it when one of them is called for the first time; for a letter of a page, that was a third
/// of the work.
const CALLED_LATER: &[(&str, &[&str])] = &[
    ("undersigned-rich-text.typ", &["rich-text", "picture"]),
    ("undersigned-sender.typ", &["contact-lines", "letterhead", "running-head"]),
    ("undersigned-footer.typ", &["footer-extent", "sender-footer"]),
    ("undersigned-window.typ", &["zones", "page-marks", "return-line", "fitted", "address-field"]),
    (
        "undersigned-formal.typ",
        &[
            "flow-rows",
            "subject-line",
            "address",
            "opening",
            "signer",
            "signature-line",
            "signature",
            "signatures",
            "keep-together",
            "signature-image",
        ],
    ),
    (
        "undersigned-end.typ",
        &[
            "enclosures",
            "enclosed-pages",
            "copy-line",
            "copies",
            "receipt",
            "anonymous",
            "signature-note",
        ],
    ),
    ("undersigned-members.typ", &["break-words", "members", "members-below", "list-entry"]),
    ("undersigned-run-in.typ", &["signatories-run-in", "flow-text"]),
    (
        "undersigned-edition.typ",
        &[
            "language-row",
            "shared-signatures",
            "parallel-style",
            "people-rows",
            "body-rows",
            "running-heads",
            "parallel-opening",
            "parallel-signatures",
            "parallel-copies",
            "parallel-letter",
        ],
    ),
];

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
        if name == ALL_PARTS {
            return Ok(Bytes::from_string(PARTS_CODE.as_str()));
        }
        if name == PARTS || CALLED_LATER.iter().any(|(piece, _)| *piece == name) {
            return Ok(Bytes::from_string(piece(&PARTS_CODE, name)));
        }
        let mut all = TEMPLATES.iter().chain(&[MAIN, MERGE_MAIN, READY]);
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

/// One of the files into which `parts.typ` is cut: some of the functions that are called later, or everything
/// else, with functions in their place that load them.
fn piece(parts: &str, name: &str) -> String {
    let mut piece = String::new();
    if name != PARTS {
        piece.push_str("#import \"parts.typ\": *\n");
    }
    let starts = parts.match_indices("\n#").map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(starts).chain([parts.len()]).collect();
    for item in starts.windows(2).filter_map(|ends| parts.get(ends[0]..ends[1])) {
        let function = item.strip_prefix("#let ").and_then(|rest| rest.split_once('('));
        let later = function.and_then(|(function, _)| {
            let (file, _) = CALLED_LATER.iter().find(|(_, all)| all.contains(&function))?;
            Some((function, *file))
        });
        match later {
            Some((_, file)) if file == name => piece.push_str(item),
            Some((function, file)) if name == PARTS => {
                piece.push_str(&loader(item, function, file));
            }
            None if name == PARTS => piece.push_str(item),
            _ => {}
        }
    }
    piece
}

/// A function that loads the function of this name from a file and calls it. If that does nothing unless a
/// letter has something, so does this.
fn loader(item: &str, function: &str, file: &str) -> String {
    let head = item.lines().next().unwrap_or_default();
    let of_letter = head.contains("(letter,") || head.contains("(letter)");
    let condition = head.split_once(") = if ").and_then(|(_, rest)| rest.strip_suffix(" {"));
    let condition = condition.filter(|_| of_letter);
    let call = format!("{{ import \"{file}\": {function}; {function}(..given) }}");
    match condition {
        Some(condition) => format!(
            "#let {function}(..given) = {{ let letter = given.pos().first(); if {condition} {call} }}\n"
        ),
        None => format!("#let {function}(..given) = {call}\n"),
    }
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

#[cfg(test)]
mod tests {
    use typst::syntax::ast::{AstNode, Conditional};
    use typst::syntax::{SyntaxKind, SyntaxNode, parse};

    use super::*;

    #[test]
    fn functions_called_later_are_cut_from_the_parts() {
        let (parts, later) = (piece(&PARTS_CODE, PARTS), CALLED_LATER);
        for (file, functions) in later {
            let cut = piece(&PARTS_CODE, file);
            for function in *functions {
                let defined = format!("#let {function}(");
                assert_eq!(PARTS_CODE.matches(&defined).count(), 1, "{function}");
                assert_eq!(cut.matches(&defined).count(), 1, "{function}");
                assert_eq!(parts.matches(&format!("{defined}..given) =")).count(), 1, "{function}");
            }
            assert_eq!(cut.matches("\n#let ").count(), functions.len(), "{file}");
        }
        let names = |code: &str| code.matches("\n#let ").count();
        assert_eq!(names(&parts), names(&PARTS_CODE));
        // Nothing is lost or changed on the way.
        let cut: Vec<String> = later.iter().map(|(file, _)| piece(&PARTS_CODE, file)).collect();
        let all: Vec<&String> = std::iter::once(&parts).chain(&cut).collect();
        for item in PARTS_CODE.split_inclusive("\n#let ") {
            let item = item.trim_end_matches("#let ").trim_end();
            let found = all.iter().filter(|code| code.contains(item)).count();
            assert!(item.is_empty() || found == 1, "{item}");
        }
    }

    #[test]
    fn every_piece_is_typst() {
        let names = CALLED_LATER.iter().map(|(name, _)| *name);
        for name in names.chain([PARTS]) {
            let root = parse(&piece(&PARTS_CODE, name));
            let (errors, _) = root.errors_and_warnings();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }

    /// The condition under which a function does something, if it is one `if` without an `else`, and nothing
    /// around it.
    fn only_condition(item: &str) -> Option<String> {
        let root = parse(item);
        let of =
            |node: &SyntaxNode, kind| node.children().find(|child| child.kind() == kind).cloned();
        let binding = of(&root, SyntaxKind::LetBinding)?;
        let body = of(&binding, SyntaxKind::Closure)?.children().last()?.clone();
        let conditional: Conditional<'_> = body.cast()?;
        let condition = conditional.condition().to_untyped().clone();
        conditional.else_body().is_none().then(|| condition.full_text().into())
    }

    /// A function that loads another under its condition does all that the other does.
    #[test]
    fn nothing_is_left_of_a_function_without_its_condition() {
        let parts = piece(&PARTS_CODE, PARTS);
        let loaders = parts.lines().filter_map(|line| {
            let (_, rest) = line.split_once("given.pos().first(); if ")?;
            let (function, _) = line.strip_prefix("#let ")?.split_once('(')?;
            Some((function, rest.split_once(" { import")?.0))
        });
        for (function, condition) in loaders {
            let (_, item) = PARTS_CODE.split_once(&format!("\n#let {function}(")).expect("an item");
            let item = item.split("\n#").next().unwrap_or_default();
            let whole = only_condition(&format!("#let {function}({item}"));
            assert_eq!(whole.as_deref(), Some(condition), "{function}");
        }
        for more in [" else { b }", " + b"] {
            assert_eq!(
                only_condition(&format!("#let f(letter) = if letter.a {{\na\n}}{more}")),
                None
            );
        }
    }

    /// A function that only loads another knows the letter, and nothing else that is given to it.
    #[test]
    fn conditions_of_loading_need_nothing_but_the_letter() {
        let parts = piece(&PARTS_CODE, PARTS);
        let conditions = parts.lines().filter_map(|line| {
            let (_, rest) = line.split_once("given.pos().first(); if ")?;
            rest.split_once(" { import")
        });
        let conditions: Vec<&str> = conditions.map(|(condition, _)| condition).collect();
        assert!(conditions.len() > 5, "{conditions:?}");
        for condition in conditions {
            for word in
                condition.split([' ', '(', ')']).filter(|word| word.contains(char::is_alphabetic))
            {
                let known = word.starts_with("letter.") || ["none", "and", "or"].contains(&word);
                assert!(known, "{condition}");
            }
        }
    }
}
