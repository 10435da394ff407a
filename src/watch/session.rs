//! Typesets a letter again and again while it is written, and reuses what it can: fonts, unchanged
//! files, the compiler's cache, and the last pages without errors.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::engine::jobs::{self, Job};
use crate::engine::memory::Memory;
use crate::engine::options::Options;
use crate::engine::set::Typesetter;
use crate::engine::supervisor;
use crate::engine::workers::{self, Failure};
use crate::fonts::{FontOptions, Fonts};
use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::problems::{Diagnostic, Problems, Severity};
use crate::project::Project;
use crate::render::Rendered;
use crate::report::Reporter;
use crate::source::{Place, paths};
use crate::watch::download::Download;
use crate::watch::drawing::Drawing;
use crate::watch::file_texts::FileTexts;
use crate::watch::preview::{self, LanguagePages, Preview};

/// The note with the paths that the letter was last made from, should the program be started again.
const NOTE: &str = "paths";

/// A letter that is typeset again and again.
pub(crate) struct Session {
    /// The letter.
    pub project: Project,
    fonts: Arc<Fonts>,
    options: Arc<Options>,
    /// What prepares the compiler for the first page.
    ready: Option<JoinHandle<()>>,
    memory: Memory,
    /// The pages as they were last drawn, by the hash of what is visible on them.
    drawings: HashMap<u128, Arc<Drawing>>,
    /// The languages and the edition as they were last typeset without errors.
    languages: Vec<LanguagePages>,
}

/// The result of one build.
pub(crate) struct Build {
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub time: Duration,
    /// The letter in each language that could be typeset, and its edition.
    set: Vec<Arc<Pages>>,
    /// If it is the first page and not yet the whole letter, the languages that follow.
    pending: Option<Vec<Languages>>,
}

/// The pages of one document.
pub(super) struct Pages {
    pub(super) job: Job,
    pub(super) rendered: Rendered,
}

impl Build {
    /// Whether it is only the first language, and others follow.
    pub(crate) fn is_followed(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| !pending.is_empty())
    }

    /// How many of its problems have a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// The pages of documents with the names of their drawings, and where their texts are written.
fn languages(
    set: &[Arc<Pages>],
    drawings: &[Vec<String>],
    files: &mut FileTexts,
) -> Vec<LanguagePages> {
    let set = set.iter().zip(drawings);
    let shown = set.map(|(pages, drawings)| {
        let Pages { job, rendered } = &**pages;
        LanguagePages::of(&job.letters(), job.layout(), rendered, drawings, files)
    });
    shown.collect()
}

impl Session {
    /// A letter that has not been typeset yet.
    pub(crate) fn new(project: Project, fonts: &FontOptions, options: Arc<Options>) -> Self {
        let fonts = Arc::new(Fonts::new(fonts));
        Self {
            ready: jobs::prepare(&project.files, &fonts, &options),
            project,
            fonts,
            options,
            memory: Memory::of_watch(),
            drawings: HashMap::new(),
            languages: Vec::new(),
        }
    }

    /// The languages and the edition as they were last typeset without errors.
    pub(crate) fn languages(&self) -> &[LanguagePages] {
        &self.languages
    }

    /// Looks for fonts again.
    pub(crate) fn reload_fonts(&mut self, fonts: &FontOptions) {
        self.fonts = Arc::new(Fonts::new(fonts));
    }

    /// The files and folders that the letter was last made from, and those that it looked for.
    pub(crate) fn paths(&self) -> BTreeSet<PathBuf> {
        let mut paths = self.project.files.asked_for();
        if supervisor::has_verdicts() {
            // What ended the program before was not tried again, so its files were not looked for.
            let noted = supervisor::noted(NOTE).unwrap_or_default();
            let folder = self.project.files.path(self.project.file);
            paths.extend(serde_json::from_str::<Vec<PathBuf>>(&noted).unwrap_or_default());
            paths.extend(folder.and_then(|file| file.parent().map(PathBuf::from)));
        }
        paths
    }

    /// The drawings of the current pages, by their names.
    pub(crate) fn drawings(&self) -> HashMap<String, Arc<Drawing>> {
        self.drawings.values().map(|drawing| (drawing.name.clone(), drawing.clone())).collect()
    }

    /// Typesets only the first of the languages, to have something to show at once. `None` if there is
    /// something already, or the letter has an error.
    pub(crate) fn first(&mut self, reporter: &Reporter) -> Option<Build> {
        let begun = Instant::now();
        if !self.languages.is_empty() {
            return None;
        }
        let problems = Arc::new(Problems::default());
        let (letters, all) = self.read_first(&problems)?;
        let _ready = self.ready.take().map(JoinHandle::join);
        let set = self.lay_out(letters, &problems);
        let drawings = self.draw(&set, &problems);
        if !problems.judged(&self.options.lint).iter().all(|problem| !problem.is_error()) {
            return None;
        }
        let mut files = FileTexts::new(&self.project, reporter);
        self.languages = languages(&set, &drawings, &mut files);
        let shown = |of: &Languages| self.languages.iter().any(|shown| shown.languages == *of);
        let pending = all.into_iter().filter(|of| !shown(of)).collect();
        Some(Build { diagnostics: Vec::new(), set, pending: Some(pending), time: begun.elapsed() })
    }

    /// Reads the letter and typesets it. A language that cannot be typeset keeps its last pages
    /// without errors.
    ///
    /// What the standards of the PDF forbid is not checked here, but by
    /// [`check_pdf`](Self::check_pdf).
    pub(crate) fn build(&mut self, reporter: &Reporter) -> Build {
        let begun = Instant::now();
        self.project.files.forget();
        let problems = Arc::new(Problems::default());
        let letters = self.read(&problems);
        let set = self.lay_out(letters, &problems);
        let drawings = self.draw(&set, &problems);
        let diagnostics = jobs::judged(&problems, &self.options);
        let mut files = FileTexts::new(&self.project, reporter);
        self.keep(languages(&set, &drawings, &mut files), &diagnostics);
        self.memory.count_document();
        Build { diagnostics, set, pending: None, time: begun.elapsed() }
    }

    /// Makes the PDFs and discards them, and adds their problems to a build. Returns whether there
    /// are any.
    pub(crate) fn check_pdf(&self, build: &mut Build) -> bool {
        let problems = Arc::new(Problems::default());
        let (options, found) = (self.options.clone(), problems.clone());
        let files = self.project.files.clone();
        let export = move |pages: Arc<Pages>| {
            let Some(manuscript) = pages.job.set_manuscript() else { return };
            let typesetter = Typesetter { files: &files, options: &options };
            if typesetter.allows(&manuscript, &found) {
                typesetter.pdf(&pages.rendered, &manuscript, &found);
            }
        };
        let set = build.set.iter().map(|pages| (pages.job.place(), pages.clone())).collect();
        let name = |pages: &Arc<Pages>| format!("export {}", pages.job.languages());
        self.on_threads(set, name, &problems, export);
        let found = problems.judged(&self.options.lint);
        let any = !found.is_empty();
        build.diagnostics.extend(found);
        any
    }

    /// The preview to show after a build.
    pub(crate) fn preview(&self, build: &Build, reporter: &Reporter) -> Preview {
        let mut files = FileTexts::new(&self.project, reporter);
        let problems = &build.diagnostics;
        let shown = |pages: &&Arc<Pages>| {
            let is = |of: &&LanguagePages| of.languages == pages.job.languages();
            self.languages.iter().find(is).is_some_and(|of| of.current || of.faulty)
        };
        let set: Vec<(Languages, &Arc<Pages>)> =
            build.set.iter().filter(shown).map(|pages| (pages.job.languages(), pages)).collect();
        let pages: Vec<(&Languages, &Rendered)> =
            set.iter().map(|(languages, pages)| (languages, &pages.rendered)).collect();
        let letters: Vec<&Letter> = set.iter().flat_map(|(_, pages)| pages.job.letters()).collect();
        let pending = build.pending.iter().flatten().cloned().map(LanguagePages::pending);
        Preview {
            name: self.project.name.clone(),
            folder: paths::shown(&reporter.folder),
            languages: self.languages.iter().cloned().chain(pending).collect(),
            pending: build.pending.is_some(),
            untranslated: preview::untranslated(&letters, problems, &mut files, &pages),
            problems: preview::problems(
                &self.project,
                problems,
                reporter,
                &mut files,
                &letters,
                &pages,
            ),
            draft: self.options.draft,
        }
    }

    /// The documents that can be downloaded after a build, by their languages: those without an error.
    pub(crate) fn downloads(
        &self,
        build: &Build,
        reporter: &Reporter,
    ) -> HashMap<String, Arc<Download>> {
        let faulty = |languages: &Languages| {
            let errors = build.diagnostics.iter().filter(|problem| problem.is_error());
            errors.filter(|error| error.concerns(&languages.0)).count() > 0
        };
        let set = build.set.iter().map(|pages| (pages.job.languages(), pages));
        let set = set.filter(|(languages, _)| !faulty(languages));
        let download = |pages: &Arc<Pages>| Download {
            pages: pages.clone(),
            project: self.project.clone(),
            options: self.options.clone(),
            reporter: reporter.clone(),
        };
        set.map(|(languages, pages)| (languages.to_string(), Arc::new(download(pages)))).collect()
    }

    fn read(&self, problems: &Arc<Problems>) -> Vec<Letter> {
        self.reading(problems, jobs::read).unwrap_or_default()
    }

    /// Reads the letter in the first language only, and says of which languages there are documents.
    fn read_first(&self, problems: &Arc<Problems>) -> Option<(Vec<Letter>, Vec<Languages>)> {
        self.reading(problems, jobs::read_first)?
    }

    fn reading<R: Send + 'static>(
        &self,
        problems: &Arc<Problems>,
        read: fn(&Project, &Arc<Fonts>, &Options, &Problems) -> R,
    ) -> Option<R> {
        let (fonts, options) = (self.fonts.clone(), self.options.clone());
        let (project, found) = (self.project.clone(), problems.clone());
        let place = Place::start_of(project.file);
        let read = move |()| read(&project, &fonts, &options, &found);
        self.on_threads(vec![(place, ())], |()| "read".to_owned(), problems, read).pop()
    }

    fn lay_out(&self, letters: Vec<Letter>, problems: &Arc<Problems>) -> Vec<Arc<Pages>> {
        let (options, found) = (self.options.clone(), problems.clone());
        let files = self.project.files.clone();
        let jobs = jobs::jobs(letters, &options).into_iter();
        let jobs = jobs.map(|job| (job.place(), job)).collect();
        let name = |job: &Job| format!("set {}", job.languages());
        let lay_out = move |job: Job| {
            let typesetter = Typesetter { files: &files, options: &options };
            let rendered = typesetter.pages(&job.manuscript(&found)?, &found)?;
            Some(Arc::new(Pages { job, rendered }))
        };
        self.on_threads(jobs, name, problems, lay_out).into_iter().flatten().collect()
    }

    /// Draws the pages that look different from last time, and returns the names of the drawings of
    /// each language. Older drawings are discarded, except those of pages that are still shown.
    fn draw(&mut self, set: &[Arc<Pages>], problems: &Problems) -> Vec<Vec<String>> {
        let hashes: Vec<Vec<u128>> = set
            .iter()
            .map(|pages| pages.rendered.document.pages().iter().map(Drawing::hash).collect())
            .collect();
        let mut new = Vec::new();
        for (pages, hashes) in set.iter().zip(&hashes) {
            for (index, hash) in hashes.iter().enumerate() {
                if !self.drawings.contains_key(hash) {
                    new.push((pages.job.place(), (*hash, pages.clone(), index)));
                }
            }
        }
        let draw = |(hash, pages, index): (u128, Arc<Pages>, usize)| {
            let page = pages.rendered.document.pages().get(index)?;
            Some((hash, Arc::new(Drawing::of(page))))
        };
        let name = |(_, pages, index): &(u128, Arc<Pages>, usize)| {
            format!("draw {} {index}", pages.job.languages())
        };
        let drawn = self.on_threads(new, name, problems, draw);
        self.drawings.extend(drawn.into_iter().flatten());

        let shown = self.languages.iter().flat_map(|language| &language.pages);
        let shown: HashSet<&String> = shown.map(|page| &page.drawing).collect();
        let used: HashSet<&u128> = hashes.iter().flatten().collect();
        self.drawings.retain(|hash, drawing| used.contains(hash) || shown.contains(&drawing.name));
        // If drawing a page was given up on, it has no drawing, and an error was reported.
        let name = |hash: &u128| self.drawings.get(hash).map(|drawing| drawing.name.clone());
        let names =
            |hashes: &Vec<u128>| hashes.iter().map(|h| name(h).unwrap_or_default()).collect();
        hashes.iter().map(names).collect()
    }

    /// Keeps the pages to show. Pages with an error are shown only if no version without one exists
    /// yet.
    fn keep(&mut self, languages: Vec<LanguagePages>, diagnostics: &[Diagnostic]) {
        let errors: Vec<_> = diagnostics.iter().filter(|problem| problem.is_error()).collect();
        let before = std::mem::take(&mut self.languages);
        let is_set =
            |old: &LanguagePages| languages.iter().any(|new| new.languages == old.languages);
        // Without an error, a language that is no longer typeset has been removed from the letter.
        let unset = before.iter().filter(|old| !errors.is_empty() && !is_set(old)).cloned();
        let unset: Vec<_> = unset.map(|old| LanguagePages { current: false, ..old }).collect();
        let kept = languages.into_iter().map(|mut new| {
            if !errors.iter().any(|error| error.concerns(&new.languages.0)) {
                return new;
            }
            match before.iter().find(|old| old.languages == new.languages && !old.faulty) {
                Some(old) => LanguagePages { current: false, ..old.clone() },
                None => {
                    (new.current, new.faulty) = (false, true);
                    new
                }
            }
        });
        self.languages = kept.chain(unset).collect();
        let order = |languages: &Languages| {
            before.iter().position(|old| old.languages == *languages).unwrap_or(before.len())
        };
        if !errors.is_empty() {
            self.languages.sort_by_key(|pages| order(&pages.languages));
        }
    }

    /// Runs jobs on threads. A job that is given up on is reported at its place.
    fn on_threads<T, R>(
        &self,
        items: Vec<(Place, T)>,
        name: impl Fn(&T) -> String + Send + Sync + 'static,
        problems: &Problems,
        work: impl Fn(T) -> R + Send + Sync + 'static,
    ) -> Vec<R>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let Options { jobs, limits, .. } = *self.options;
        supervisor::note(NOTE, || serde_json::to_string(&self.paths()).unwrap_or_default());
        let (places, items): (Vec<Place>, Vec<T>) = items.into_iter().unzip();
        let results = workers::map(items, jobs, limits, name, |_, _| {}, work);
        let done = results.into_iter().zip(places).filter_map(|(result, place)| {
            let failed = |failure: Failure| problems.push(failure.problem(limits, place));
            result.map_err(failed).ok()
        });
        done.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::MessageFormat;
    use crate::words::UiLanguage;

    #[test]
    fn the_first_page_is_shown_before_the_other_languages() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("letter.toml");
        let letter = |edition: &str| {
            format!(
                "{edition}languages = [\"en\", \"es\"]\ndate = 2021-08-24\ntitle.en = \"Water\"\n\
                 title.es = \"Agua\"\nbody.en = \"We ask.\"\nbody.es = \"Pedimos.\"\n"
            )
        };
        let reporter = Reporter {
            all: false,
            format: MessageFormat::Human,
            language: UiLanguage::ENGLISH,
            colour: false,
            width: None,
            folder: folder.path().to_owned(),
            checkout: folder.path().to_owned(),
            sarif: None,
        };
        let session = |text: &str, languages: &[&str]| {
            std::fs::write(&path, text).expect("a file");
            let project = Project::open(&path, None).expect("a letter");
            let languages = languages.iter().map(|tag| tag.parse().expect("a tag")).collect();
            let options = Options { languages, ..Options::default() };
            Session::new(project, &FontOptions::default(), Arc::new(options))
        };
        let pages = |session: &Session, build: &Build| -> Vec<(String, usize)> {
            let preview = session.preview(build, &reporter);
            assert_eq!(preview.pending, build.pending.is_some());
            preview.languages.iter().map(|of| (of.languages.to_string(), of.pages.len())).collect()
        };
        let counts = |of: &[(&str, usize)]| -> Vec<(String, usize)> {
            of.iter().map(|(tag, count)| ((*tag).to_owned(), *count)).collect()
        };
        let mut both = session(&letter("edition = \"parallel\"\n"), &[]);
        let first = both.first(&reporter).expect("a page");
        assert_eq!(pages(&both, &first), counts(&[("en", 1), ("es", 0), ("en+es", 0)]));
        assert!(both.first(&reporter).is_none(), "there is one already");
        let whole = both.build(&reporter);
        assert_eq!(pages(&both, &whole), counts(&[("en", 1), ("es", 1), ("en+es", 1)]));
        // What is not asked for is not shown, and neither is a letter with an error.
        assert!(session(&letter(""), &["es"]).first(&reporter).is_none());
        assert!(session(&letter("nonsense = 1\n"), &[]).first(&reporter).is_none());
    }
}
