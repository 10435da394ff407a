//! A letter on disk: where it is, its name, and how it is read and resolved.

pub(crate) mod font_folders;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use typst::syntax::{FileId, VirtualPath};

use crate::checks;
use crate::files::root::Site;
use crate::files::unreadable::Unreadable;
use crate::files::{Files, REPOSITORY_FILE, ids};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::letter::resolve::{Recipient, Resolver};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::{Place, paths};
use crate::spec::loaded::Loaded;
use crate::spec::repository::Repository;
use crate::spec::{Spec, own_words, signatory_sources};
use crate::words::say;

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
    /// Why the letter is not read at all, although it exists.
    refused: Option<Box<Diagnostic>>,
}

/// A file that the letter does not name and that may be anywhere, such as the recipients of a mail
/// merge, as it was read.
pub(crate) struct Given {
    /// Its path.
    pub path: PathBuf,
    /// Its content.
    pub data: Vec<u8>,
}

impl Project {
    /// Opens the letter in a file.
    ///
    /// The root is `root`, otherwise the git work tree that contains the letter, otherwise its folder.
    /// A letter that may not be read, because it is a link that leads out of the root, has that as its
    /// only problem.
    pub fn open(path: &Path, root: Option<&Path>) -> io::Result<Self> {
        Self::open_with(path, root, None).map(|(project, _)| project)
    }

    /// The same with a file that the letter does not name. Its id is returned.
    pub(crate) fn open_with(
        path: &Path,
        root: Option<&Path>,
        given: Option<Given>,
    ) -> io::Result<(Self, Option<FileId>)> {
        path.symlink_metadata()?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let site = Site::of(folder.unwrap_or(Path::new(".")), root)?;
        let own = site.folder.join(path.file_name().unwrap_or_default());
        let given = given.map(|given| given.identified(&site.root));
        let given_id = given.as_ref().map(|(id, _)| *id);
        let files = match given {
            Some((id, Given { path, data })) => {
                Files::with_given(&site.root, &site.folder, id, data)?.given_at(id, path)
            }
            None => Files::new(&site.root, &site.folder)?,
        };
        let project = match files.id(&own) {
            Ok(file) => {
                let own = files.path(file).unwrap_or(own);
                Self { name: name_of(&own), file, files: Arc::new(files), refused: None }
            }
            Err(reason) => Self::refused(&site, own, &reason)?,
        };
        Ok((project, given_id))
    }

    /// A letter that is not on disk. Its paths are relative to `folder`, which is also its root unless
    /// it is in a git work tree, or `root` names another folder.
    pub fn from_bytes(data: Vec<u8>, folder: &Path, root: Option<&Path>) -> io::Result<Self> {
        let site = Site::of(folder, root)?;
        let path = VirtualPath::virtualize(&site.root, &site.folder.join(STANDARD_INPUT));
        let Some(file) = path.ok().and_then(ids::id) else {
            let is_inside = site.folder.starts_with(&site.root);
            let reason = if is_inside { Unreadable::OddName } else { Unreadable::Outside };
            return Self::refused(&site, STANDARD_INPUT.into(), &reason);
        };
        let files = Arc::new(Files::with_given(&site.root, &site.folder, file, data)?);
        Ok(Self { name: "letter".into(), file, files, refused: None })
    }

    /// What cannot be read in a search for letters, as a letter with that problem.
    pub(crate) fn unreadable(path: &Path, reason: &Unreadable) -> io::Result<Self> {
        let here = Path::new(".");
        let site = Site { root: here.canonicalize()?, folder: here.canonicalize()? };
        Self::refused(&site, std::path::absolute(path)?, reason)
    }

    /// A letter that is not read, for this reason. Nothing of its file is shown.
    fn refused(site: &Site, path: PathBuf, reason: &Unreadable) -> io::Result<Self> {
        let file = ids::refused();
        let place = Place::start_of(file);
        let shown = path.file_name().unwrap_or_default();
        let message = match reason {
            // The folder of a letter is outside, not its file.
            Unreadable::Outside if !site.folder.starts_with(&site.root) => {
                let is_given = path == Path::new(STANDARD_INPUT);
                let path = paths::shown(if is_given { &site.folder } else { &path });
                say!("{path} is not below {root}", path, root = paths::shown(&site.root))
            }
            reason => reason.message(&shown.to_string_lossy()),
        };
        let refused = Diagnostic::new(reason.code(), place, message)
            .hint_if(reason.hint(&paths::shown(&site.root)));
        let name = name_of(&path);
        let files = Files::with_given(&site.root, &site.root, file, Vec::new())?;
        let files = Arc::new(files.given_at(file, path));
        Ok(Self { name, file, files, refused: Some(Box::new(refused)) })
    }

    /// What tells the letter from all others on this computer.
    pub(crate) fn identity(&self) -> String {
        let path = self.files.path(self.file).unwrap_or_default();
        format!("{} {}", self.files.root().display(), path.display())
    }

    /// Reads the letter, resolves it for those of its languages that `wanted` accepts, and checks them.
    /// Problems are added to `problems`; languages with errors are left out.
    pub(crate) fn check(
        &self,
        fonts: &Arc<Fonts>,
        wanted: impl Fn(&Tag) -> bool,
        problems: &Problems,
    ) -> Vec<Letter> {
        let Some(written) = self.read(problems) else { return Vec::new() };
        self.check_written(&written, fonts, wanted, problems)
    }

    /// The same for a letter that has been read.
    pub(crate) fn check_written(
        &self,
        written: &Loaded,
        fonts: &Arc<Fonts>,
        wanted: impl Fn(&Tag) -> bool,
        problems: &Problems,
    ) -> Vec<Letter> {
        let fonts = self.fonts(written, fonts, problems);
        let resolver = self.resolver(written, &fonts, problems);
        let mut resolved = resolver.resolve(wanted);
        checks::report(&resolver, &mut resolved);
        resolved.letters
    }

    /// Reads the letter as written. `None` if it cannot be read; the reason is in `problems`.
    pub(crate) fn read(&self, problems: &Problems) -> Option<Loaded> {
        if let Some(refused) = &self.refused {
            problems.push((**refused).clone());
            return None;
        }
        let source = problems.take(self.files.text(self.file))?;
        let spec = Spec::read(&source, self.file, problems);
        let letter = spec.as_ref().map(|spec| spec.lint.clone().into()).unwrap_or_default();
        let repository = Repository::read(&self.files, problems);
        problems.set_lint(vec![letter, repository.lint.into()]);
        self.report_overlooked(problems);
        let spec = spec?;
        let languages: Vec<Tag> = spec.languages.iter().map(|(tag, _)| tag.clone()).collect();
        let (signatories, complete) =
            signatory_sources::load(&spec.signatories, &languages, &self.files, problems);
        let words = own_words::load(&spec.words, &self.files, problems);
        let fonts = repository.page.fonts.into_iter().chain(spec.page.fonts.clone()).collect();
        Some(Loaded { source, spec, words, signatories, complete, fonts })
    }

    /// The fonts that the letter may use: those of its folders are added to `fonts`.
    pub(crate) fn fonts(
        &self,
        written: &Loaded,
        fonts: &Arc<Fonts>,
        problems: &Problems,
    ) -> Arc<Fonts> {
        font_folders::with_folders(&written.fonts, &self.files, fonts, problems)
    }

    /// The letter's file as it was read, with its byte order mark. Empty if it cannot be read.
    pub(crate) fn source(&self) -> String {
        let data = self.files.file(self.file).ok();
        data.and_then(|data| String::from_utf8(data.to_vec()).ok()).unwrap_or_default()
    }

    /// The resolver that turns the letter as written into the letter in each language.
    pub(crate) fn resolver<'r>(
        &'r self,
        written: &'r Loaded,
        fonts: &'r Arc<Fonts>,
        problems: &'r Problems,
    ) -> Resolver<'r> {
        Resolver { written, files: &self.files, fonts, problems, recipient: Recipient::Nobody }
    }

    /// Warns about repository files that are not at the root, in the folders that contain the letter.
    fn report_overlooked(&self, problems: &Problems) {
        let Some(letter) = self.files.path(self.file) else { return };
        let root = self.files.root();
        let inside = letter.ancestors().skip(1).take_while(|folder| *folder != root);
        let overlooked = inside.map(|folder| folder.join(REPOSITORY_FILE));
        for file in overlooked.filter_map(|path| self.files.id(&path).ok()) {
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

/// The name of the outputs of a letter in a file.
fn name_of(file: &Path) -> String {
    let name = match file.file_name().is_some_and(|name| name == LETTER_FILE) {
        true => file.parent().and_then(Path::file_name),
        false => file.file_stem(),
    };
    name.map_or_else(|| "letter".into(), |name| name.to_string_lossy().into_owned())
}

impl Given {
    /// The same with its id, which no path in a letter leads to.
    fn identified(self, root: &Path) -> (FileId, Self) {
        let path = self.path.canonicalize().unwrap_or(self.path);
        let inside = VirtualPath::virtualize(root, &path).ok();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        (ids::given(inside, &name), Self { path, data: self.data })
    }
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
            let fonts = Arc::default();
            for source in [format!("{HEAD}{text}"), text.clone(), format!("{}body = '''{body}'''", HEAD.replace("body", "#"))] {
                let project = Project::from_bytes(source.into_bytes(), Path::new("/tmp"), None).expect("a letter");
                project.check(&fonts, |_| true, &problems);
            }
        }
    }

    /// The letters of a run share the ids of files. Run by the test below, in a process of its own.
    #[test]
    #[ignore = "takes all ids of its process"]
    fn takes_all_ids() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("body.md"), "Text.").expect("a file");
        for name in ["read.toml", "opened.toml", "unopened.toml"] {
            let text = HEAD.lines().filter(|line| !line.starts_with("body")).collect::<Vec<_>>();
            let text = format!("{}\nbody = {{ file = \"body.md\" }}\n", text.join("\n"));
            std::fs::write(at(name), text).expect("a file");
        }
        let open = |name: &str| Project::open(&at(name), None).expect("a letter");
        let problems_of = |project: &Project| {
            let problems = Problems::default();
            project.check(&Arc::default(), |_| true, &problems);
            let problems = problems.into_sorted().into_iter();
            problems.map(|p| (p.place.file, p.message.english())).collect::<Vec<_>>()
        };
        let (read, opened) = (open("read.toml"), open("opened.toml"));
        assert_eq!(problems_of(&read), []);
        let path = |n: u32| VirtualPath::new(format!("{n}")).expect("a path");
        let count = (0..).map_while(|n| ids::id(path(n))).count();
        assert!(count > 50_000, "{count}");
        let message = "the letters of this run name more than 60000 files";
        // The file is found, but its path gets no id any more.
        assert_eq!(problems_of(&opened), [(opened.file, message.to_owned())]);
        let unopened = open("unopened.toml");
        assert_eq!(problems_of(&unopened), [(unopened.file, message.to_owned())]);
        // Typst takes an id before it asks for a file.
        let root = typst::syntax::VirtualRoot::Project;
        let body = typst::syntax::RootedPath::new(root, VirtualPath::new("x.typ").expect("a path"));
        assert!(opened.files.source(body.intern()).is_err());
    }

    #[test]
    fn a_run_with_too_many_files_ends_in_errors() {
        let test = std::env::current_exe().expect("the tests");
        let output = std::process::Command::new(test)
            .args(["--exact", "--ignored", "project::tests::takes_all_ids"])
            .output()
            .expect("the tests start");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
}
