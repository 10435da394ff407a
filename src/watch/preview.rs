//! The content of the live preview: the pages as drawings, where each text on them is written, and
//! the problems.

use serde::Serialize;

use crate::language::languages::Languages;
use crate::letter::Letter;
use crate::letter::body::LinkUseTarget;
use crate::problems::{Code, Diagnostic};
use crate::project::Project;
use crate::render::Rendered;
use crate::report::Reporter;
use crate::report::json::JsonDiagnostic;
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::watch::file_texts::{ExcerptLine, FileTexts, Source};
use crate::watch::marks::{Mark, Marks};
use crate::watch::spots::{PartStart, Spot, SpotMap};

/// Everything that the preview shows, as it is sent to the browser.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Preview {
    /// The letter's name, such as "remain-in-mexico-2021".
    pub name: String,
    /// The folder that the paths of files are relative to.
    pub folder: String,
    /// The letter in each of its languages, in the order of the letter, and its edition.
    pub languages: Vec<LanguagePages>,
    /// The problems.
    pub problems: Vec<ShownProblem>,
    /// What of the original some languages do not translate.
    pub untranslated: Vec<Untranslated>,
    /// Whether the pages are marked as a draft.
    pub draft: bool,
    /// Whether the other languages, and the problems, are still being looked at.
    pub pending: bool,
}

/// A problem, with the fields that `--message-format json` has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ShownProblem {
    /// The problem.
    #[serde(flatten)]
    pub problem: JsonDiagnostic,
    /// What its code means.
    pub meaning: String,
    /// The lines it is in.
    pub excerpt: Vec<ExcerptLine>,
    /// Where the words that it is about are on the pages.
    pub marks: Vec<Mark>,
    /// The same for each of the related places.
    pub related_marks: Vec<Vec<Mark>>,
}

/// A part of the original that some languages do not translate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Untranslated {
    /// These languages.
    pub langs: Vec<String>,
    /// Where it is on the pages of the original: one mark on each page.
    pub marks: Vec<Mark>,
}

/// A letter in one language, or its edition in several, as it was last typeset without errors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LanguagePages {
    /// The language, such as "es-MX", or those of an edition, such as "en+es-MX".
    #[serde(rename = "tag")]
    pub languages: Languages,
    /// Whether the pages are those of the current files, and not of an earlier version without
    /// errors.
    pub current: bool,
    /// Whether the pages have an error, because no version without one exists yet.
    pub faulty: bool,
    /// The pages.
    pub pages: Vec<PageDrawing>,
    /// The texts on the pages that are written in a file.
    pub spots: Vec<Spot>,
    /// The places that the spots point to.
    pub sources: Vec<Source>,
    /// Where the parts of the letter begin, in the order of the pages: they keep the languages
    /// scrolled to the same part.
    pub marks: Vec<PartStart>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PageDrawing {
    /// The name of the drawing, which changes if the page looks different.
    pub drawing: String,
    /// The width in points.
    pub width: f64,
    /// The height in points.
    pub height: f64,
}

impl LanguagePages {
    /// Languages whose pages are still to be laid out.
    pub(crate) fn pending(languages: Languages) -> Self {
        Self {
            languages,
            current: true,
            faulty: false,
            pages: Vec::new(),
            spots: Vec::new(),
            sources: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// The pages of a letter, or of the letters of an edition, with the names of their drawings.
    pub(crate) fn of(
        letters: &[&Letter],
        layout: Layout,
        rendered: &Rendered,
        drawings: &[String],
        files: &mut FileTexts,
    ) -> Self {
        let pages = rendered.document.pages().iter().zip(drawings);
        let pages = pages.map(|(page, drawing)| PageDrawing {
            drawing: drawing.clone(),
            width: page.frame.width().to_pt(),
            height: page.frame.height().to_pt(),
        });
        let SpotMap { spots, sources, marks } = SpotMap::of(letters, layout, rendered, files);
        Self {
            languages: Languages(letters.iter().map(|letter| letter.tag.clone()).collect()),
            current: true,
            faulty: false,
            pages: pages.collect(),
            spots,
            sources,
            marks,
        }
    }
}

/// The problems of a letter as the preview shows them.
pub(crate) fn problems(
    project: &Project,
    diagnostics: &[Diagnostic],
    reporter: &Reporter,
    files: &mut FileTexts,
    letters: &[&Letter],
    pages: &[(&Languages, &Rendered)],
) -> Vec<ShownProblem> {
    /// The maximum number of problems whose words are looked for on the pages. Nobody reads more.
    const MAX_MARKED: usize = 500;
    let marked = diagnostics.iter().take(MAX_MARKED);
    let places = marked.flat_map(|diagnostic| {
        let related = diagnostic.related.iter().map(|(place, _)| place);
        std::iter::once(&diagnostic.place).chain(related).chain(uses_of(letters, &diagnostic.place))
    });
    let mut marks = Marks::of(&places.collect::<Vec<_>>(), pages, files).into_iter();
    let problems = reporter.json(project, diagnostics).into_iter().zip(diagnostics);
    let shown = |(problem, diagnostic): (JsonDiagnostic, &Diagnostic)| {
        let mut own = marks.next().unwrap_or_default();
        let related = diagnostic.related.iter().map(|_| marks.next().unwrap_or_default());
        let related_marks = related.collect();
        let uses = uses_of(letters, &diagnostic.place).into_iter();
        own.extend(uses.flat_map(|_| marks.next().unwrap_or_default()));
        if let Some(lang) = &diagnostic.lang {
            // A text that all languages share is marked where it has the problem.
            let is_there = |mark: &Mark| lang.are_among(&mark.languages.0);
            if own.iter().any(is_there) {
                own.retain(is_there);
            }
        }
        ShownProblem {
            problem,
            related_marks,
            marks: own,
            meaning: diagnostic.code.meaning().get(reporter.language),
            excerpt: files.get(diagnostic.place.file).excerpt(&diagnostic.place.range),
        }
    };
    problems.map(shown).collect()
}

/// The words of a letter that lead to an address which is written at a place: the address itself is not
/// printed.
fn uses_of<'l>(letters: &[&'l Letter], address: &Place) -> Vec<&'l Place> {
    let mut uses = Vec::new();
    for letter in letters {
        let names = letter.link_targets.iter().filter(|(_, place)| place == address);
        for (name, _) in names {
            let meant = LinkUseTarget::Named(name.clone());
            let links = letter.links.iter().filter(|link| link.target == meant);
            uses.extend(links.map(|link| &link.place));
        }
    }
    uses
}

/// What of the original is not translated, according to its translations and to the problems that
/// somebody wants to know about.
pub(crate) fn untranslated(
    letters: &[&Letter],
    diagnostics: &[Diagnostic],
    files: &mut FileTexts,
    pages: &[(&Languages, &Rendered)],
) -> Vec<Untranslated> {
    let mut found: Vec<(&Place, Vec<String>)> = Vec::new();
    let mut add = |place, lang: String| match found.iter_mut().find(|(known, _)| *known == place) {
        Some((_, langs)) if langs.contains(&lang) => {}
        Some((_, langs)) => langs.push(lang),
        None => found.push((place, vec![lang])),
    };
    for letter in letters {
        let own = Languages::one(&letter.tag);
        let concerns = |diagnostic: &&Diagnostic| diagnostic.lang.as_ref() == Some(&own);
        let of = |code| diagnostics.iter().filter(concerns).filter(move |found| found.code == code);
        // An edition that cannot be set is reported instead of the structure.
        let reported = diagnostics.iter().any(|found| {
            let of = found.lang.as_ref().is_some_and(|all| all.0.contains(&letter.tag));
            found.code == Code::MisalignedEdition && of
        });
        if reported || of(Code::ParityStructure).next().is_some() {
            letter.untranslated.iter().for_each(|place| add(place, own.to_string()));
        }
        let copied = of(Code::Untranslated).filter_map(|copied| copied.related.first());
        copied.for_each(|(place, _)| add(place, own.to_string()));
    }
    let places: Vec<&Place> = found.iter().map(|(place, _)| *place).collect();
    let marks = Marks::of(&places, pages, files);
    let found = found.into_iter().zip(marks);
    found.map(|((_, langs), marks)| Untranslated { langs, marks: Mark::blocks(marks) }).collect()
}
