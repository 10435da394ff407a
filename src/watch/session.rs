//! Sets a letter again and again while it is written, and keeps between two times what can be used
//! again: fonts, files that are the same, what the compiler remembers, and the last good pages.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use typst::comemo;

use crate::engine::batch::{self, Options};
use crate::engine::workers;
use crate::fonts::{FontOptions, Fonts};
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::language::languages::Languages;
use crate::letter::manuscript::Manuscript;
use crate::letter::{Letter, enclosures};
use crate::problems::{Diagnostic, Problems, Severity};
use crate::project::Project;
use crate::render::draft::Mark;
use crate::render::{Rendered, render};
use crate::report::Reporter;
use crate::source::{Place, paths};
use crate::spec::edition::Layout;
use crate::watch::preview::{self, Drawing, FileTexts, LanguagePages, Preview};

/// For how many times the compiler remembers what it did not need again.
const MEMORY: usize = 10;

/// A letter that is set again and again.
pub struct Session {
    /// The letter.
    pub project: Project,
    fonts: Arc<Fonts>,
    options: Arc<Options>,
    /// The pages as they were last drawn, by the hash of what is seen on them.
    drawings: HashMap<u128, Arc<Drawing>>,
    /// The languages and the edition as they could last be set.
    languages: Vec<LanguagePages>,
}

/// What became of a letter this time.
pub struct Build {
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub time: Duration,
    /// The letter in each language that could be set, and its edition.
    set: Vec<Arc<Typeset>>,
}

/// What was set as one document: a letter in one language, or the several of an edition.
struct Typeset {
    letters: Vec<Arc<Letter>>,
    layout: Layout,
    rendered: Rendered,
}

impl Typeset {
    fn letters(&self) -> Vec<&Letter> {
        self.letters.iter().map(|letter| &**letter).collect()
    }

    /// Where what goes wrong with all of it is told.
    fn place(&self) -> Place {
        self.letters[0].template_place.clone()
    }
}

impl Build {
    /// How many of its problems are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

impl Session {
    /// A letter that was not set yet.
    pub fn new(project: Project, fonts: &FontOptions, options: Arc<Options>) -> Self {
        Self {
            project,
            fonts: Arc::new(Fonts::new(fonts)),
            options,
            drawings: HashMap::new(),
            languages: Vec::new(),
        }
    }

    /// The languages and the edition as they could last be set.
    pub fn languages(&self) -> &[LanguagePages] {
        &self.languages
    }

    /// Looks for fonts anew.
    pub fn reload_fonts(&mut self, fonts: &FontOptions) {
        self.fonts = Arc::new(Fonts::new(fonts));
    }

    /// The files and folders that the letter was made of last time, and those that it looked for.
    pub fn paths(&self) -> BTreeSet<PathBuf> {
        self.project.files.asked_for()
    }

    /// The drawings of the pages that there are to show, by their names.
    pub fn drawings(&self) -> HashMap<String, Arc<Drawing>> {
        self.drawings.values().map(|drawing| (drawing.name.clone(), drawing.clone())).collect()
    }

    /// Reads the letter and sets it. A language that cannot be set keeps its last good pages.
    ///
    /// What the standards of the PDF forbid is not looked for: [`check_pdf`](Self::check_pdf) does.
    pub fn build(&mut self, reporter: &Reporter) -> Build {
        let begun = Instant::now();
        self.project.files.forget();
        let problems = Arc::new(Problems::default());
        let letters = self.resolve(&problems);
        let set = self.render(letters, &problems);
        let drawings = self.draw(&set, &problems);
        batch::tell_misfits_once(&problems);
        let diagnostics = problems.judged(&self.options.lint);
        let mut files = FileTexts::new(&self.project, reporter);
        let languages = set.iter().zip(&drawings);
        let languages = languages
            .map(|(set, drawings)| {
                LanguagePages::of(&set.letters(), set.layout, &set.rendered, drawings, &mut files)
            })
            .collect();
        self.keep(languages, &diagnostics);
        comemo::evict(MEMORY);
        Build { diagnostics, set, time: begun.elapsed() }
    }

    /// Makes the PDFs and throws them away, and adds what is wrong with them to a build. Says whether
    /// anything is.
    pub fn check_pdf(&self, build: &mut Build) -> bool {
        let problems = Arc::new(Problems::default());
        let (options, found) = (self.options.clone(), problems.clone());
        let export = move |set: Arc<Typeset>| {
            let Some(manuscript) = Manuscript::new(set.letters(), set.layout, &found) else {
                return;
            };
            let letter = manuscript.original();
            let standards = options.standards.as_deref().unwrap_or(&letter.standards);
            let time = options.time.unwrap_or_else(|| CreationTime::of_day(letter.date));
            if enclosures::allowed(&manuscript, standards, &found) {
                set.rendered.pdf(&manuscript, standards, time, &found);
            }
        };
        let set = std::mem::take(&mut build.set).into_iter();
        let set = set.map(|set| (set.place(), set)).collect();
        self.work(set, &problems, export);
        let found = problems.judged(&self.options.lint);
        let any = !found.is_empty();
        build.diagnostics.extend(found);
        any
    }

    /// What there is to show after a build.
    pub fn preview(&self, build: &Build, reporter: &Reporter) -> Preview {
        let mut files = FileTexts::new(&self.project, reporter);
        Preview {
            name: self.project.name.clone(),
            folder: paths::shown(&reporter.folder),
            languages: self.languages.clone(),
            problems: preview::problems(&self.project, &build.diagnostics, reporter, &mut files),
        }
    }

    fn resolve(&self, problems: &Arc<Problems>) -> Vec<Letter> {
        let (fonts, options) = (self.fonts.clone(), self.options.clone());
        let (project, found) = (self.project.clone(), problems.clone());
        let place = Place::start_of(project.file);
        let resolve = move |()| {
            let wanted = |tag: &Tag| options.wants(|languages| languages.need(tag));
            let mut letters = project.resolve(&fonts, wanted, &found);
            for letter in &mut letters {
                batch::show_window(letter, project.file, &options, &found);
            }
            letters
        };
        self.work(vec![(place, ())], problems, resolve).into_iter().flatten().collect()
    }

    fn render(&self, letters: Vec<Letter>, problems: &Arc<Problems>) -> Vec<Arc<Typeset>> {
        let (fonts, files, found) =
            (self.fonts.clone(), self.project.files.clone(), problems.clone());
        let options = self.options.clone();
        let works = batch::works(letters, &self.options).into_iter();
        let works = works.map(|work| (work.0[0].template_place.clone(), work));
        let render = move |(letters, layout): (Vec<Arc<Letter>>, Layout)| {
            let all = letters.iter().map(|letter| &**letter).collect();
            let manuscript = Manuscript::new(all, layout, &found)?;
            let mut rendered = render(&manuscript, &files, &fonts, &found)?;
            if options.draft {
                let mark = Mark::of(manuscript.letters(), options.time.map(CreationTime::date));
                let letter = manuscript.original();
                rendered = rendered.as_draft(&mark, letter, &files, &fonts, &found)?;
            }
            Some(Arc::new(Typeset { letters, layout, rendered }))
        };
        self.work(works.collect(), problems, render).into_iter().flatten().collect()
    }

    /// Draws the pages that look other than last time, and returns the names of the drawings of each
    /// language. Older drawings are thrown away, but for those of pages that are still shown.
    fn draw(&mut self, set: &[Arc<Typeset>], problems: &Problems) -> Vec<Vec<String>> {
        let hashes: Vec<Vec<u128>> = set
            .iter()
            .map(|set| set.rendered.document.pages().iter().map(Drawing::hash).collect())
            .collect();
        let mut new = Vec::new();
        for (set, hashes) in set.iter().zip(&hashes) {
            for (index, hash) in hashes.iter().enumerate() {
                if !self.drawings.contains_key(hash) {
                    new.push((set.place(), (*hash, set.clone(), index)));
                }
            }
        }
        let draw = |(hash, set, index): (u128, Arc<Typeset>, usize)| {
            let page = set.rendered.document.pages().get(index)?;
            Some((hash, Arc::new(Drawing::of(page))))
        };
        let drawn = self.work(new, problems, draw);
        self.drawings.extend(drawn.into_iter().flatten());

        let shown = self.languages.iter().flat_map(|language| &language.pages);
        let shown: HashSet<&String> = shown.map(|page| &page.drawing).collect();
        let used: HashSet<&u128> = hashes.iter().flatten().collect();
        self.drawings.retain(|hash, drawing| used.contains(hash) || shown.contains(&drawing.name));
        // A page whose drawing was given up has none, which is an error and told.
        let name = |hash: &u128| self.drawings.get(hash).map(|drawing| drawing.name.clone());
        let names =
            |hashes: &Vec<u128>| hashes.iter().map(|h| name(h).unwrap_or_default()).collect();
        hashes.iter().map(names).collect()
    }

    /// Keeps what there is to show. Pages with an error are shown only where there were none without
    /// one yet.
    fn keep(&mut self, languages: Vec<LanguagePages>, diagnostics: &[Diagnostic]) {
        let errors: Vec<_> = diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        let before = std::mem::take(&mut self.languages);
        let is_set =
            |old: &LanguagePages| languages.iter().any(|new| new.languages == old.languages);
        // Without an error, what is not set any more is a language that the letter does not have.
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

    /// Does work on threads that can be given up. What is given up is told at its place.
    fn work<T, R>(
        &self,
        items: Vec<(Place, T)>,
        problems: &Problems,
        work: impl Fn(T) -> R + Send + Sync + 'static,
    ) -> Vec<R>
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let Options { jobs, limits, .. } = *self.options;
        let (places, items): (Vec<Place>, Vec<T>) = items.into_iter().unzip();
        let results = workers::map(items, jobs, limits, |_, _| {}, work);
        let done = results.into_iter().zip(places).filter_map(|(result, place)| {
            let failed = |failure| problems.push(batch::failed(failure, &self.options, place));
            result.map_err(failed).ok()
        });
        done.collect()
    }
}
