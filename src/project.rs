//! A letter on disk: where it is, its name, and how it is read and resolved.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};

use crate::checks;
use crate::files::{Files, REPOSITORY_FILE};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::letter::resolve::Resolver;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::{Place, paths};
use crate::spec::loaded::Loaded;
use crate::spec::repository::Repository;
use crate::spec::{Spec, signatory_sources};
use crate::words::say;
use crate::words::system_errors;

/// The usual name of a letter's file.
pub(crate) const LETTER_FILE: &str = "letter.toml";

/// A letter with the files that it may read.
#[derive(Clone)]
pub struct Project {
    /// The name of its outputs: the name of the letter's folder, or of its file if that is not
    /// `letter.toml`.
    pub name: String,
    /// The letter's file.
    pub(crate) file: FileId,
    /// All files below the root.
    pub(crate) files: Arc<Files>,
}

impl Project {
    /// Opens the letter in a file.
    ///
    /// The root is `root`, otherwise the git work tree that contains the letter, otherwise its folder.
    pub fn open(path: &Path, root: Option<&Path>) -> io::Result<Self> {
        Self::open_with(path, root, None).map(|(project, _)| project)
    }

    /// The same with a file that the letter does not name and that may be anywhere: the recipients of a
    /// mail merge. Its id is returned.
    pub(crate) fn open_with(
        path: &Path,
        root: Option<&Path>,
        given: Option<&Path>,
    ) -> io::Result<(Self, Option<FileId>)> {
        let path = path.canonicalize()?;
        let folder = path.parent().map_or_else(|| PathBuf::from("/"), Path::to_path_buf);
        let root = match root {
            Some(root) => real_root(root)?,
            None => enclosing_work_tree(&folder).unwrap_or_else(|| folder.clone()),
        };
        let given = given.map(|given| read_given(&root, given)).transpose()?;
        let given_id = given.as_ref().map(|(id, ..)| *id);
        let files = match given {
            Some((id, path, data)) => {
                Files::with_given(&root, &folder, id, data)?.given_at(id, path)
            }
            None => Files::new(&root, &folder)?,
        };
        let file = files.id(&path).ok_or_else(|| {
            let (path, root) = (paths::shown(&path), paths::shown(&root));
            let message = say!("{path} is not below {root}", path, root);
            system_errors::own(io::ErrorKind::InvalidInput, message)
        })?;
        let stem = |path: &Path| path.file_stem().map(|name| name.to_string_lossy().into_owned());
        let name = if path.file_name().is_some_and(|name| name == LETTER_FILE) {
            folder.file_name().map(|name| name.to_string_lossy().into_owned())
        } else {
            stem(&path)
        };
        let name = name.unwrap_or_else(|| "letter".into());
        Ok((Self { name, file, files: Arc::new(files) }, given_id))
    }

    /// A letter that is not on disk. Its paths are relative to `folder`, which is also its root unless
    /// `root` names another folder.
    pub fn from_bytes(data: Vec<u8>, folder: &Path, root: Option<&Path>) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        let root = match root {
            Some(root) => real_root(root)?,
            None => enclosing_work_tree(&folder).unwrap_or_else(|| folder.clone()),
        };
        let outside = |_| {
            let message = say!("the folder is not in the root");
            system_errors::own(io::ErrorKind::InvalidInput, message)
        };
        let path = VirtualPath::virtualize(&root, &folder.join(STANDARD_INPUT)).map_err(outside)?;
        let file = RootedPath::new(VirtualRoot::Project, path).intern();
        let files = Arc::new(Files::with_given(&root, &folder, file, data)?);
        Ok(Self { name: "letter".into(), file, files })
    }

    /// What tells the letter from all others on this computer.
    pub(crate) fn identity(&self) -> String {
        format!("{} {}", self.files.root().display(), self.file.vpath().get_without_slash())
    }

    /// Reads the letter, resolves it for those of its languages that `wanted` accepts, and checks them.
    /// Problems are added to `problems`; languages with errors are left out.
    pub(crate) fn check(
        &self,
        fonts: &Fonts,
        wanted: impl Fn(&Tag) -> bool,
        problems: &Problems,
    ) -> Vec<Letter> {
        let Some(written) = self.read(problems) else { return Vec::new() };
        let resolver = self.resolver(&written, fonts, problems);
        let resolved = resolver.resolve(wanted);
        checks::report(&resolver, &resolved);
        resolved.letters
    }

    /// Reads the letter as written. `None` if it cannot be read; the reason is in `problems`.
    pub(crate) fn read(&self, problems: &Problems) -> Option<Loaded> {
        let source = problems.take(self.files.text(self.file))?;
        let spec = Spec::read(&source, self.file, problems);
        let letter = spec.as_ref().map(|spec| spec.lint.clone().into()).unwrap_or_default();
        problems.set_lint(vec![letter, Repository::read(&self.files, problems).lint.into()]);
        self.report_overlooked(problems);
        let spec = spec?;
        let signatories = signatory_sources::load(&spec.signatories, &self.files, problems);
        Some(Loaded { source, spec, signatories })
    }

    /// The resolver that turns the letter as written into the letter in each language.
    pub(crate) fn resolver<'r>(
        &'r self,
        written: &'r Loaded,
        fonts: &'r Fonts,
        problems: &'r Problems,
    ) -> Resolver<'r> {
        Resolver { written, files: &self.files, fonts, problems, recipient: &[] }
    }

    /// Warns about repository files that are not at the root, in the folders that contain the letter.
    fn report_overlooked(&self, problems: &Problems) {
        let Some(letter) = self.files.path(self.file) else { return };
        let root = self.files.root();
        let inside = letter.ancestors().skip(1).take_while(|folder| *folder != root);
        let overlooked = inside.map(|folder| folder.join(REPOSITORY_FILE));
        for file in overlooked.filter(|path| path.exists()).filter_map(|path| self.files.id(&path))
        {
            let message = say!(
                "this `{file}` is not read: only the one at the root is",
                file = REPOSITORY_FILE
            );
            problems.push(Diagnostic::new(Code::UnusedKey, Place::start_of(file), message).hint(
                say!(
                    "move its contents to the one at the root, which is the folder of the git \
                     repository or that of --root"
                ),
            ));
        }
    }
}

/// The name of a letter from standard input in messages.
pub(crate) const STANDARD_INPUT: &str = "<stdin>";

/// A file from anywhere. If it is outside the root, it goes by its file name only.
fn read_given(root: &Path, path: &Path) -> io::Result<(FileId, PathBuf, Vec<u8>)> {
    let data = std::fs::read(path)?;
    let real = path.canonicalize()?;
    let invalid = |_| {
        let message = say!("this file has no name");
        system_errors::own(io::ErrorKind::InvalidInput, message)
    };
    let virtual_path = VirtualPath::virtualize(root, &real)
        .or_else(|_| VirtualPath::new(real.file_name().unwrap_or_default().to_string_lossy()))
        .map_err(invalid)?;
    Ok((RootedPath::new(VirtualRoot::Project, virtual_path).intern(), real, data))
}

/// The path of a requested root. Its problems are not problems of the letter.
fn real_root(root: &Path) -> io::Result<PathBuf> {
    root.canonicalize().map_err(|error| {
        let (root, reason) = (paths::shown(root), system_errors::reason(&error));
        let message = say!("--root {root}: {reason}", root, reason);
        system_errors::own(error.kind(), message)
    })
}

/// The nearest enclosing folder that contains `.git`, which is a file in a linked work tree.
fn enclosing_work_tree(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "languages = [\"es-MX\"]\ndate = 2021-08-24\ntitle = \"Carta\"\n\
    body = \"{{signatory-count}} {{organization-count}} {{person-count}} {{member-count}}\"\n";

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        /// No input makes the program panic.
        #[test]
        fn no_letter_makes_the_program_panic(text in "[a-z=\\[\\]{}\"' \\n.#0-9-]{0,200}", body in "\\PC{0,120}") {
            let problems = Problems::default();
            let fonts = Fonts::default();
            for source in [format!("{HEAD}{text}"), text.clone(), format!("{}body = '''{body}'''", HEAD.replace("body", "#"))] {
                let project = Project::from_bytes(source.into_bytes(), Path::new("/tmp"), None).expect("a letter");
                project.check(&fonts, |_| true, &problems);
            }
        }
    }
}
