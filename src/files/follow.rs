//! Paths written in a letter: the files that they lead to, or their problems.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use typst::syntax::{FileId, PathError, VirtualPath};

use crate::files::unreadable::Unreadable;
use crate::files::{Files, MAX_FILES, ids};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::paths;
use crate::source::text::Text;
use crate::words::say;
use crate::words::suggest;

/// How deep a folder may be in one that is searched. A link may lead to a folder that contains it.
const MAX_DEPTH: usize = 4;

/// A path in a letter that cannot be followed.
#[derive(Debug, Clone, Eq, PartialEq)]
enum PathProblem {
    /// It starts at the top of the file system.
    Absolute,
    /// It has a backslash, which separates names only on Windows.
    Backslash,
    /// It leads nowhere, or to what may not be read.
    Unreadable(Unreadable),
}

impl Files {
    /// Follows a path that is written in a letter. The error is the problem to report.
    pub(crate) fn follow_text(&self, path: &Text) -> Result<FileId, Box<Diagnostic>> {
        self.follow(path).map_err(|problem| self.diagnostic(path, problem))
    }

    /// The files of a folder that is named in a letter whose names have one of these `endings`, in the
    /// order of their names.
    pub(crate) fn folder(
        &self,
        path: &Text,
        endings: &[&str],
    ) -> Result<Vec<FileId>, Box<Diagnostic>> {
        let Some(folder) = self.follow_folder(path)? else { return Ok(Vec::new()) };
        let unreadable = |reason| self.diagnostic(path, PathProblem::Unreadable(reason));
        let mut names = self.store.read().loader().names(&folder).map_err(unreadable)?;
        names.retain(|name| {
            let name = name.to_string_lossy();
            name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
        });
        names.sort();
        self.on_disk(&folder).into_iter().for_each(|folder| self.note(folder));
        let file = |name: &OsString| match name.to_str().and_then(|name| folder.join(name).ok()) {
            Some(file) => self.named_id(file).map_err(unreadable),
            None => Err(odd_name(name, path)),
        };
        names.iter().map(file).collect()
    }

    /// The files of a folder that is named in a letter, and of the folders in it, whose names have one
    /// of these extensions, in the order of their names. The letter is made from all of them.
    pub(crate) fn folder_tree(
        &self,
        path: &Text,
        extensions: &[&str],
        most: usize,
    ) -> Result<Vec<FileId>, Box<Diagnostic>> {
        let Some(folder) = self.follow_folder(path)? else { return Ok(Vec::new()) };
        let unreadable = |reason| self.diagnostic(path, PathProblem::Unreadable(reason));
        let too_many = || {
            let written = &path.value;
            let message =
                say!("`{written}` has more than {most} files of this kind", written, most);
            Box::new(Diagnostic::new(Code::InvalidValue, path.place.clone(), message))
        };
        let (mut files, mut folders, mut looked_at) = (Vec::new(), vec![(folder, 0)], 0);
        while let Some((folder, depth)) = folders.pop() {
            let mut names = self.store.read().loader().names(&folder).map_err(unreadable)?;
            names.sort();
            self.on_disk(&folder).into_iter().for_each(|folder| self.note(folder));
            self.named_id(folder.clone()).map_err(unreadable)?;
            for name in names {
                let extension = Path::new(&name).extension().map(OsStr::to_ascii_lowercase);
                let wanted = extension.as_ref().is_some_and(|e| extensions.iter().any(|x| e == x));
                let Some(inside) = name.to_str().and_then(|name| folder.join(name).ok()) else {
                    if wanted {
                        return Err(odd_name(&name, path));
                    }
                    continue;
                };
                if wanted {
                    files.push(self.named_id(inside).map_err(unreadable)?);
                } else if depth < MAX_DEPTH {
                    looked_at += 1;
                    if self.store.read().loader().names(&inside).is_ok() {
                        folders.push((inside, depth + 1));
                    }
                }
                if files.len() > most || looked_at > MAX_FILES {
                    return Err(too_many());
                }
            }
        }
        files.sort_by(|a, b| a.vpath().get_without_slash().cmp(b.vpath().get_without_slash()));
        let store = self.store.read();
        files.iter().for_each(|file| store.loader().note_file(*file));
        drop(store);
        Ok(files)
    }

    /// The folder that is named in a letter.
    fn follow_folder(&self, path: &Text) -> Result<Option<VirtualPath>, Box<Diagnostic>> {
        let written = &path.value;
        // A folder is not a file, so for a valid folder this is the error.
        match self.follow(path) {
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
        Ok(beside(path.place.file, written).ok())
    }

    fn follow(&self, text: &Text) -> Result<FileId, PathProblem> {
        let path = &text.value;
        if path.starts_with('/') || Path::new(path.as_str()).is_absolute() {
            return Err(PathProblem::Absolute);
        }
        let path = beside(text.place.file, path).map_err(|error| match error {
            PathError::Escapes => PathProblem::Unreadable(Unreadable::Outside),
            PathError::Backslash => PathProblem::Backslash,
        })?;
        let file = self.named_id(path).map_err(PathProblem::Unreadable)?;
        self.bytes(file).map(|_| file).map_err(PathProblem::Unreadable)
    }

    /// The id of a path that the letter names, if there is something to read: a path that
    /// leads nowhere takes none of the ids.
    fn named_id(&self, path: VirtualPath) -> Result<FileId, Unreadable> {
        let mut named = self.named.lock();
        if !named.paths.contains(&path) {
            if named.paths.len() >= MAX_FILES {
                return Err(Unreadable::TooMany);
            }
            named.paths.insert(path.clone());
        }
        drop(named);
        self.store.read().loader().look_for(&path)?;
        ids::id(path).ok_or(Unreadable::TooManyOfAll)
    }

    /// The problem with a path, as a message.
    fn diagnostic(&self, path: &Text, problem: PathProblem) -> Box<Diagnostic> {
        let written = &path.value;
        let problem_of = |code, message| Diagnostic::new(code, path.place.clone(), message);
        Box::new(match problem {
            PathProblem::Absolute => {
                problem_of(Code::OutsideRoot, say!("`{written}` is an absolute path", written))
                    .hint(say!("write a path relative to the folder of this file"))
            }
            PathProblem::Backslash => {
                let slashes = written.replace("\\", "/");
                let message = say!("the path `{written}` contains a backslash", written);
                problem_of(Code::InvalidValue, message)
                    .hint(say!("write `{slashes}`: slashes work on every computer", slashes))
            }
            PathProblem::Unreadable(reason) => {
                let near = (reason == Unreadable::NotFound).then(|| self.near(path)).flatten();
                let hint = near.map(|near| suggest::did_you_mean(&near));
                let root = paths::shown(self.root());
                let place = self.place_of(&reason, path);
                Diagnostic::new(reason.code(), place, reason.message(written))
                    .hint_if(hint.or_else(|| reason.hint(&root)))
            }
        })
    }

    /// The place of the problem with a path. All paths beyond a limit are one problem.
    fn place_of(&self, reason: &Unreadable, path: &Text) -> Place {
        if !matches!(reason, Unreadable::TooMany | Unreadable::TooMuch) {
            return path.place.clone();
        }
        let beyond = &mut self.named.lock().beyond;
        if let Some((_, place)) = beyond.iter().find(|(known, _)| known == reason) {
            return place.clone();
        }
        beyond.push((reason.clone(), path.place.clone()));
        path.place.clone()
    }

    /// The path of an existing file in the same folder with a name similar to that of the missing
    /// file.
    fn near(&self, path: &Text) -> Option<String> {
        let (folder, name) = match path.value.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), path.value.as_str()),
        };
        let within = path.place.file.vpath().parent()?.join(&folder).ok()?;
        let names = self.store.read().loader().names(&within).ok()?;
        let near = suggest::nearest(name, names.iter().filter_map(|name| name.to_str()))?;
        Some(format!("{folder}{near}"))
    }
}

/// The problem with a file of a folder whose name would not be the same on other computers.
fn odd_name(name: &OsStr, folder: &Text) -> Box<Diagnostic> {
    let name = name.to_string_lossy();
    let problem = say!("the name `{name}` in this folder has a backslash or is not Unicode", name);
    let reason = Unreadable::OddName;
    let diagnostic = Diagnostic::new(reason.code(), folder.place.clone(), problem);
    Box::new(diagnostic.hint(say!("rename the file or its folder")))
}

/// The path that is written in a file, relative to the root.
fn beside(file: FileId, path: &str) -> Result<VirtualPath, PathError> {
    let folder = file.vpath().parent().unwrap_or_else(|| file.vpath().clone());
    folder.join(path)
}
