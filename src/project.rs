//! A letter on the disk: where it is, what it is called, and how it is read and resolved.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use typst::syntax::{FileId, RootedPath, VirtualPath, VirtualRoot};

use crate::checks::parity::links::Targets;
use crate::checks::parity::names::Names;
use crate::checks::parity::segments::Variant;
use crate::checks::{parity, review};
use crate::files::{Files, REPOSITORY_FILE};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::resolver::Resolver;
use crate::letter::{Letter, signatories};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::{Place, paths};
use crate::spec::repository::Repository;
use crate::spec::{Signatory, Spec, Translation, signatory_sources};
use crate::toml::reader;
use crate::words::message::{Message, say};
use crate::words::system_errors;

/// The usual name of a letter's file.
pub const LETTER_FILE: &str = "letter.toml";

/// A letter with the files it may see.
#[derive(Clone)]
pub struct Project {
    /// What its outputs are called: the name of the letter's folder, or of its file where that is
    /// not `letter.toml`.
    pub name: String,
    /// The letter's file.
    pub file: FileId,
    /// All files below the root.
    pub files: Arc<Files>,
}

impl Project {
    /// Opens the letter in a file.
    ///
    /// The root is `root`, else the git work tree that encloses the letter, else its folder.
    pub fn open(path: &Path, root: Option<&Path>) -> io::Result<Self> {
        Self::open_with(path, root, None).map(|(project, _)| project)
    }

    /// The same with a file that the letter does not name, which may lie anywhere: the recipients of a
    /// mail merge. Its id comes back.
    pub fn open_with(
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
            let message = say!("{path} is not below {root}", "{path} no está dentro de {root}");
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

    /// A letter that is not on the disk. Its paths are relative to `folder`, and so is its root
    /// unless `root` names another.
    pub fn from_bytes(data: Vec<u8>, folder: &Path, root: Option<&Path>) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        let root = match root {
            Some(root) => real_root(root)?,
            None => enclosing_work_tree(&folder).unwrap_or_else(|| folder.clone()),
        };
        let outside = |_| {
            let message =
                say!("the folder is not in the root", "la carpeta no está dentro de la raíz");
            system_errors::own(io::ErrorKind::InvalidInput, message)
        };
        let path = VirtualPath::virtualize(&root, &folder.join(STANDARD_INPUT)).map_err(outside)?;
        let file = RootedPath::new(VirtualRoot::Project, path).intern();
        let files = Arc::new(Files::with_given(&root, &folder, file, data)?);
        Ok(Self { name: "letter".into(), file, files })
    }

    /// Reads the letter and resolves it for those of its languages that `wanted` takes. What is
    /// wrong with it goes to `problems`; languages that have errors are left out.
    pub fn resolve(
        &self,
        fonts: &Fonts,
        wanted: impl Fn(&Tag) -> bool,
        problems: &Problems,
    ) -> Vec<Letter> {
        self.resolve_for(&[], fonts, wanted, problems)
    }

    /// The same with what the placeholders of a mail merge stand for, by their names.
    pub fn resolve_for(
        &self,
        recipient: &[(String, String)],
        fonts: &Fonts,
        wanted: impl Fn(&Tag) -> bool,
        problems: &Problems,
    ) -> Vec<Letter> {
        let Some((source, spec, signatories)) = self.read(problems) else { return Vec::new() };
        signatories::report_duplicates(&signatories, problems);
        let resolver = Resolver {
            spec: &spec,
            signatories: &signatories,
            source: &source,
            files: &self.files,
            fonts,
            problems,
            recipient,
            used_links: Mutex::default(),
        };
        let languages = spec.languages.iter().filter(|(tag, _)| wanted(tag));
        let letters: Vec<Letter> =
            languages.filter_map(|(tag, place)| resolver.resolve(tag, place)).collect();
        resolver.report_links();
        self.compare_languages(&resolver, &letters, problems);
        reader::forget_after_syntax_error(&source, self.file, problems);
        letters
    }

    /// Compares each of these letters with the original, which need not be among them.
    fn compare_languages(&self, resolver: &Resolver<'_>, letters: &[Letter], problems: &Problems) {
        let Some((tag, place)) = resolver.spec.languages.first() else { return };
        if letters.iter().all(|letter| letter.tag == *tag) {
            return;
        }
        // What is wrong with an original that nobody asked for is not told.
        let unheard = Problems::default();
        let unasked = match letters.iter().any(|letter| letter.tag == *tag) {
            true => None,
            false => Resolver { problems: &unheard, used_links: Mutex::default(), ..*resolver }
                .resolve(tag, place),
        };
        let Some(original) = unasked.as_ref().or_else(|| letters.iter().find(|l| l.tag == *tag))
        else {
            return;
        };
        let source = |file| self.files.text(file).unwrap_or_default();
        let tags = || resolver.spec.languages.iter().map(|(tag, _)| tag);
        let targets = Targets::new(&resolver.spec.links, tags());
        let first = Variant::of(original, &source);
        for letter in letters.iter().filter(|letter| letter.tag != *tag) {
            let second = Variant::of(letter, &source);
            let names = Names::of(original, letter);
            let aligned = parity::report(&first, &second, &targets, &names, problems);
            if let Some(reviewed) = resolver.spec.translation(&letter.tag) {
                let texts = self.reviewed_texts(reviewed, problems);
                review::report(&first, &second, aligned.as_ref(), reviewed, &texts, problems);
            }
        }
    }

    /// What the original said when a translation was reviewed, where that is known.
    fn reviewed_texts(&self, reviewed: &Translation, problems: &Problems) -> review::Texts {
        let letter = self.files.path(self.file);
        let path = letter.map(|letter| review::texts_path(&letter, &reviewed.tag.to_string()));
        let file = path.filter(|path| path.exists()).and_then(|path| self.files.id(&path));
        let Some(source) = file.and_then(|file| problems.take(self.files.text(file))) else {
            return review::Texts::new();
        };
        review::read_texts(&source).unwrap_or_else(|| {
            let place = file.map_or(reviewed.key.clone(), Place::start_of);
            problems.push(
                Diagnostic::new(
                    Code::Syntax,
                    place,
                    say!(
                        "this is not what `undersigned review` writes",
                        "esto no es lo que escribe `undersigned review`"
                    ),
                )
                .hint(say!(
                    "delete the file, or take it from where it was whole",
                    "borre el archivo, o tómelo de donde estaba entero"
                )),
            );
            review::Texts::new()
        })
    }

    /// Reads the letter's file alone, in all its languages.
    pub fn spec(&self, problems: &Problems) -> Option<Spec> {
        let source = problems.take(self.files.text(self.file))?;
        Spec::read(&source, self.file, problems)
    }

    /// Reads the letter's signatories alone, wherever they are written.
    pub fn signatories(&self, problems: &Problems) -> Vec<Signatory> {
        self.read(problems).map(|(.., signatories)| signatories).unwrap_or_default()
    }

    /// Warns of files for a repository that are not at the root, in the folders that the letter is in.
    fn report_overlooked(&self, problems: &Problems) {
        let Some(letter) = self.files.path(self.file) else { return };
        let root = self.files.root();
        let inside = letter.ancestors().skip(1).take_while(|folder| *folder != root);
        let overlooked = inside.map(|folder| folder.join(REPOSITORY_FILE));
        for file in overlooked.filter(|path| path.exists()).filter_map(|path| self.files.id(&path))
        {
            let message = say!(
                "this `{REPOSITORY_FILE}` is not read: only the one at the root is",
                "este `{REPOSITORY_FILE}` no se lee: solo el que está en la raíz"
            );
            problems.push(
                Diagnostic::new(Code::UnusedKey, Place::start_of(file), message).hint(say!(
                    "move what it says to the root, which is the folder of the git repository or that of --root",
                    "ponga lo que dice en la raíz, que es la carpeta del repositorio de git o la de --root"
                )),
            );
        }
    }

    /// The text of the letter, what it says, and its signatories.
    fn read(&self, problems: &Problems) -> Option<(String, Spec, Vec<Signatory>)> {
        let source = problems.take(self.files.text(self.file))?;
        let spec = Spec::read(&source, self.file, problems);
        let letter = spec.as_ref().map(|spec| spec.lint.clone().into()).unwrap_or_default();
        problems.set_lint(vec![letter, Repository::read(&self.files, problems).lint.into()]);
        self.report_overlooked(problems);
        let spec = spec?;
        let signatories = signatory_sources::load(&spec.signatories, &self.files, problems);
        Some((source, spec, signatories))
    }
}

/// What a letter from standard input is called in messages.
pub const STANDARD_INPUT: &str = "<stdin>";

/// A file from anywhere. Outside the root it is called by its name alone.
fn read_given(root: &Path, path: &Path) -> io::Result<(FileId, PathBuf, Vec<u8>)> {
    let data = std::fs::read(path)?;
    let real = path.canonicalize()?;
    let invalid = |_| {
        let message = say!("this file has no name", "este archivo no tiene nombre");
        system_errors::own(io::ErrorKind::InvalidInput, message)
    };
    let virtual_path = VirtualPath::virtualize(root, &real)
        .or_else(|_| VirtualPath::new(real.file_name().unwrap_or_default().to_string_lossy()))
        .map_err(invalid)?;
    Ok((RootedPath::new(VirtualRoot::Project, virtual_path).intern(), real, data))
}

/// The path of a root that was asked for. What is wrong with it is not wrong with the letter.
fn real_root(root: &Path) -> io::Result<PathBuf> {
    root.canonicalize().map_err(|error| {
        let (root, Message { en, es }) = (paths::shown(root), system_errors::reason(&error));
        let message = say!("--root {root}: {en}", "--root {root}: {es}");
        system_errors::own(error.kind(), message)
    })
}

/// The nearest folder upwards that holds `.git`, which is a file in a linked work tree.
fn enclosing_work_tree(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}
