//! Paths written in a letter: the files that they lead to, or their problems.

use std::path::Path;

use typst::syntax::{FileId, PathError, RootedPath, VirtualPath, VirtualRoot};

use crate::files::Files;
use crate::files::loader::{Loader, Unreadable};
use crate::problems::{Code, Diagnostic};
use crate::source::paths;
use crate::source::text::Text;
use crate::words::say;
use crate::words::suggest;

/// A path in a letter that cannot be followed.
#[derive(Debug, Clone, Eq, PartialEq)]
enum PathProblem {
    /// It starts at the top of the file system.
    Absolute,
    /// It leads out of the root.
    Outside,
    /// It has a backslash, which separates names only on Windows.
    Backslash,
    /// It leads to a hidden file or folder, such as `.git`.
    Hidden,
    /// It cannot be read, for this reason.
    Unreadable(Unreadable),
}

impl Files {
    /// Follows a path that is written in a letter. The error is the problem to report.
    pub(crate) fn follow_text(&self, path: &Text) -> Result<FileId, Box<Diagnostic>> {
        self.follow(path.place.file, &path.value).map_err(|problem| self.diagnostic(path, problem))
    }

    /// The files of a folder that is named in a letter, in the order of their names.
    pub(crate) fn folder(&self, path: &Text) -> Result<Vec<FileId>, Box<Diagnostic>> {
        let written = &path.value;
        // A folder is not a file, so for a valid folder this is the error.
        match self.follow(path.place.file, written) {
            Err(PathProblem::Unreadable(Unreadable::IsDirectory)) => {}
            Ok(_) => {
                return Err(Box::new(Diagnostic::new(
                    Code::MissingFile,
                    path.place.clone(),
                    say!("`{written}` is a file, not a folder", written),
                )));
            }
            Err(problem) => return Err(self.diagnostic(path, problem)),
        }
        let Ok(folder) = beside(path.place.file, written) else { return Ok(Vec::new()) };
        let Ok(on_disk) = folder.realize(&self.root) else { return Ok(Vec::new()) };
        let mut names = self.store.read().loader().names(&on_disk).unwrap_or_default();
        names.sort();
        self.note(on_disk);
        let files = names.iter().filter_map(|name| folder.join(name).ok());
        Ok(files.map(|file| RootedPath::new(VirtualRoot::Project, file).intern()).collect())
    }

    fn follow(&self, from: FileId, path: &str) -> Result<FileId, PathProblem> {
        if path.starts_with('/') || Path::new(path).is_absolute() {
            return Err(PathProblem::Absolute);
        }
        let path = beside(from, path).map_err(|error| match error {
            PathError::Escapes => PathProblem::Outside,
            PathError::Backslash => PathProblem::Backslash,
        })?;
        let file = RootedPath::new(VirtualRoot::Project, path).intern();
        let is = |test: fn(&Loader, FileId) -> bool| test(self.store.read().loader(), file);
        if is(Loader::is_hidden) {
            return Err(PathProblem::Hidden);
        }
        self.bytes(file).map(|_| file).map_err(|reason| match reason {
            Unreadable::AccessDenied if is(Loader::leaves_root) => PathProblem::Outside,
            Unreadable::AccessDenied if is(Loader::leads_to_hidden) => PathProblem::Hidden,
            reason => PathProblem::Unreadable(reason),
        })
    }

    /// The problem with a path, as a message.
    fn diagnostic(&self, path: &Text, problem: PathProblem) -> Box<Diagnostic> {
        let written = &path.value;
        let problem_of = |code, message| Diagnostic::new(code, path.place.clone(), message);
        let outside = |message| problem_of(Code::OutsideRoot, message);
        Box::new(match problem {
            PathProblem::Absolute => outside(say!("`{written}` is an absolute path", written))
                .hint(say!("write a path relative to the folder of this file")),
            PathProblem::Outside => {
                let root = paths::shown(&self.root);
                outside(say!("`{written}` leads outside the letter's root", written))
                    .hint(say!("the root is {root}; name a wider one with --root", root))
            }
            PathProblem::Hidden => outside(say!("`{written}` is hidden", written)).hint(say!(
                "names that begin with a dot are not read, because they may hold secrets"
            )),
            PathProblem::Backslash => {
                let slashes = written.replace("\\", "/");
                let message = say!("the path `{written}` contains a backslash", written);
                problem_of(Code::InvalidValue, message)
                    .hint(say!("write `{slashes}`: slashes work on every computer", slashes))
            }
            PathProblem::Unreadable(reason) => {
                let near = (reason == Unreadable::NotFound).then(|| self.near(path)).flatten();
                let hint = near.map(|near| suggest::did_you_mean(&near));
                problem_of(Code::MissingFile, reason.message(written)).hint_if(hint)
            }
        })
    }

    /// The path of an existing file in the same folder with a name similar to that of the missing
    /// file.
    fn near(&self, path: &Text) -> Option<String> {
        let (folder, name) = match path.value.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), path.value.as_str()),
        };
        let within = path.place.file.vpath().parent()?.join(&folder).ok()?;
        let names = self.store.read().loader().names(&within.realize(&self.root).ok()?)?;
        let near = suggest::nearest(name, names.iter().map(String::as_str))?;
        Some(format!("{folder}{near}"))
    }
}

/// The path that is written in a file, relative to the root.
fn beside(file: FileId, path: &str) -> Result<VirtualPath, PathError> {
    let folder = file.vpath().parent().unwrap_or_else(|| file.vpath().clone());
    folder.join(path)
}
