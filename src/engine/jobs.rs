//! The documents of a letter: one for each requested language, and one for its edition.

use std::sync::Arc;
use std::thread::JoinHandle;

use crate::engine::options::Options;
use crate::engine::{supervisor, workers};
use crate::files::Files;
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::problems::{Code, Diagnostic, Problems};
use crate::project::Project;
use crate::render;
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::words::say;

/// One document to typeset: a letter in one language, or in the languages of its edition.
#[derive(Debug)]
pub(crate) struct Job {
    /// At least one, the original first.
    letters: Vec<Arc<Letter>>,
    layout: Layout,
}

impl Job {
    /// The letter in each of its languages, the original first.
    pub(crate) fn letters(&self) -> Vec<&Letter> {
        self.letters.iter().map(|letter| &**letter).collect()
    }

    /// The letter in the original language of the document.
    pub(crate) fn original(&self) -> &Letter {
        &self.letters[0]
    }

    /// How the languages are arranged.
    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// The languages: "en" or "en+es-MX".
    pub(crate) fn languages(&self) -> Languages {
        Languages(self.letters.iter().map(|letter| letter.tag.clone()).collect())
    }

    /// Where a problem with the whole document is reported.
    pub(crate) fn place(&self) -> Place {
        self.original().template_place.clone()
    }

    /// The text of the document. `None` if languages set side by side do not align, which is then
    /// among the problems.
    pub(crate) fn manuscript(&self, problems: &Problems) -> Option<Manuscript<'_>> {
        Manuscript::new(self.letters(), self.layout, problems)
    }

    /// The text of a document that has been laid out, so that its languages are known to align.
    pub(crate) fn set_manuscript(&self) -> Option<Manuscript<'_>> {
        Manuscript::of_aligned(self.letters(), self.layout)
    }
}

/// Prepares the compiler on a thread and the usual fonts on another while letters are read, unless there is
/// to be only one. These two come on top of the threads that read, whatever `--jobs` says, for the first
/// milliseconds.
pub(crate) fn prepare(
    files: &Arc<Files>,
    fonts: &Arc<Fonts>,
    options: &Options,
) -> Option<JoinHandle<()>> {
    if options.jobs < 2 || supervisor::has_verdicts() {
        return None;
    }
    let (files, fonts, faces) = (files.clone(), fonts.clone(), fonts.clone());
    // Without a thread, the first letter prepares the compiler, and loads the fonts.
    let faces = workers::beside(move || faces.prepare());
    workers::beside(move || {
        render::prepare(&files, &fonts);
        let _faces = faces.map(JoinHandle::join);
    })
}

/// Reads and checks a letter in the languages that its documents need.
pub(crate) fn read(
    project: &Project,
    fonts: &Arc<Fonts>,
    options: &Options,
    problems: &Problems,
) -> Vec<Letter> {
    let wanted = |tag: &Tag| options.wants(|languages| languages.need(tag));
    let letters = project.check(fonts, wanted, problems);
    with_window(letters, project, options, problems)
}

/// Reads and checks a letter only in its original language, which is compared with no other, and says of
/// which languages there are documents. `None` if the letter cannot be read, or that one is not requested.
pub(crate) fn read_first(
    project: &Project,
    fonts: &Arc<Fonts>,
    options: &Options,
    problems: &Problems,
) -> Option<(Vec<Letter>, Vec<Languages>)> {
    let written = project.read(problems)?;
    let tags = || written.spec.languages.iter().map(|(tag, _)| tag);
    let is_wanted = |tag: &&Tag| options.wants(|of| of.means_letter(tag));
    let first = tags().next().filter(is_wanted)?;
    let letters = project.check_written(&written, fonts, |tag| tag == first, problems);
    let edition = written.spec.edition.as_ref().map(|(edition, _)| &edition.languages);
    let edition = edition.filter(|languages| options.wants(|of| of.means_edition(languages)));
    let alone = tags().filter(is_wanted).map(Languages::one);
    let all = alone.chain(edition.cloned().map(Languages)).collect();
    Some((with_window(letters, project, options, problems), all))
}

/// The letters with the window of their envelope, if it is to be drawn.
fn with_window(
    mut letters: Vec<Letter>,
    project: &Project,
    options: &Options,
    problems: &Problems,
) -> Vec<Letter> {
    for letter in &mut letters {
        letter.page.show_window = options.show_window;
        let page = &letter.page;
        if options.show_window && page.envelope.is_none() && page.service.is_none() {
            problems.push(no_window(project));
        }
    }
    letters
}

/// The warning for a letter without an envelope when its window is to be drawn.
fn no_window(project: &Project) -> Diagnostic {
    let message = say!("--show-window has no window to draw: this letter names no envelope");
    Diagnostic::new(Code::UnusedKey, Place::start_of(project.file), message)
        .hint(say!("name the envelope in [page], such as envelope = \"us-10\""))
}

/// The documents of a letter, which [`read`] returned in all the languages they need: one for each
/// requested language, and one for the edition if the letter has one and none of its languages
/// failed.
pub(crate) fn jobs(letters: Vec<Letter>, options: &Options) -> Vec<Job> {
    let letters: Vec<Arc<Letter>> = letters.into_iter().map(Arc::new).collect();
    let wanted = |letter: &&Arc<Letter>| options.wants(|of| of.means_letter(&letter.tag));
    let alone =
        |letter: &Arc<Letter>| Job { letters: vec![letter.clone()], layout: Layout::Consecutive };
    let mut jobs: Vec<Job> = letters.iter().filter(wanted).map(alone).collect();
    if let Some(edition) = letters.first().and_then(|letter| letter.edition.as_ref())
        && options.wants(|of| of.means_edition(&edition.languages))
    {
        let of = |tag: &Tag| letters.iter().find(|letter| letter.tag == *tag).cloned();
        let all: Option<Vec<_>> = edition.languages.iter().map(of).collect();
        let all = all.filter(|letters| !letters.is_empty());
        jobs.extend(all.map(|letters| Job { letters, layout: edition.layout }));
    }
    jobs
}

/// The problems of a letter, as they are reported.
pub(crate) fn judged(problems: &Problems, options: &Options) -> Vec<Diagnostic> {
    // A language that cannot be set beside another differs in structure, which is reported once.
    let misaligned = problems.languages_of(Code::MisalignedEdition);
    let translations = || misaligned.iter().flat_map(|together| together.0.iter().skip(1));
    problems.retain(|problem| {
        let of = |tag: &Tag| problem.lang.as_ref().is_some_and(|own| own.0.contains(tag));
        problem.code != Code::ParityStructure || !translations().any(of)
    });
    problems.judged(&options.lint)
}
