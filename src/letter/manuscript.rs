//! Several languages of a letter in one document.

use ecow::EcoString;

use crate::language::languages::Languages;
use crate::language::{Tag, language_name};
use crate::letter::block_pairs;
use crate::letter::block_pairs::Misfit;
use crate::letter::body::Block;
use crate::letter::{Body, Letter, Printed};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::{PatternPart, pattern_parts};
use crate::spec::edition::Layout;
use crate::words::{Message, say};

/// The contents of one document: a letter in one language, or in the several languages of an edition.
#[derive(Debug)]
pub(crate) struct Manuscript<'l> {
    letters: Vec<&'l Letter>,
    layout: Layout,
    bookmarks: Vec<String>,
    duplex: bool,
}

impl<'l> Manuscript<'l> {
    /// A letter in one language.
    pub(crate) fn of(letter: &'l Letter) -> Self {
        Self {
            letters: vec![letter],
            layout: Layout::Consecutive,
            bookmarks: Vec::new(),
            duplex: false,
        }
    }

    /// Letters to several recipients, one after the other, each with its own bookmark. For two-sided
    /// printing, each begins on a right-hand page. `None` if there is no letter.
    pub(crate) fn for_printer(
        letters: Vec<&'l Letter>,
        bookmarks: Vec<String>,
        duplex: bool,
    ) -> Option<Self> {
        let any = !letters.is_empty();
        any.then_some(Self { letters, layout: Layout::Consecutive, bookmarks, duplex })
    }

    /// The languages of a letter in one document, the original first. `None` if there is no letter, or
    /// if letters to be set side by side do not align, which is then reported to `problems`.
    pub(crate) fn new(
        letters: Vec<&'l Letter>,
        layout: Layout,
        problems: &Problems,
    ) -> Option<Self> {
        let original = letters.first()?;
        if layout == Layout::Parallel {
            let aligned = letters[1..].iter().map(|other| align(original, other, problems));
            // Every translation is checked.
            if aligned.collect::<Vec<_>>().contains(&false) {
                return None;
            }
        }
        Self::of_aligned(letters, layout)
    }

    /// The same for letters that are known to align, because they have been laid out.
    pub(crate) fn of_aligned(letters: Vec<&'l Letter>, layout: Layout) -> Option<Self> {
        let any = !letters.is_empty();
        any.then_some(Self { letters, layout, bookmarks: Vec::new(), duplex: false })
    }

    /// The letters, the original first. There is at least one.
    pub(crate) fn letters(&self) -> &[&'l Letter] {
        &self.letters
    }

    /// The letter in the original language.
    pub(crate) fn original(&self) -> &'l Letter {
        self.letters[0]
    }

    /// A bookmark for each letter, if they have names.
    pub(crate) fn bookmarks(&self) -> &[String] {
        &self.bookmarks
    }

    /// Whether each letter begins on a right-hand page.
    pub(crate) fn duplex(&self) -> bool {
        self.duplex
    }

    /// How the letters are arranged.
    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// The languages: "en" or "en+es-MX".
    pub(crate) fn languages(&self) -> Languages {
        Languages(self.letters.iter().map(|letter| letter.tag.clone()).collect())
    }

    /// Texts of all languages for the metadata of a PDF: each once, separated by a slash.
    pub(crate) fn joined(&self, get: impl Fn(&Letter) -> Option<&EcoString>) -> Option<EcoString> {
        let mut texts: Vec<&str> = Vec::new();
        for text in self.letters.iter().filter_map(|letter| get(letter)) {
            if !texts.contains(&text.as_str()) {
                texts.push(text);
            }
        }
        (!texts.is_empty()).then(|| texts.join(" / ").into())
    }

    /// The lists of all languages as one, with each entry once.
    pub(crate) fn merged(&self, get: impl Fn(&Letter) -> &[Printed]) -> Vec<EcoString> {
        let mut all: Vec<EcoString> = Vec::new();
        for Printed { text, .. } in self.letters.iter().flat_map(|letter| get(letter)) {
            if !all.contains(text) {
                all.push(text.clone());
            }
        }
        all
    }

    /// What a letter of an edition says about the language that prevails, if the edition names one.
    pub(crate) fn prevailing(&self, letter: &Letter) -> Option<EcoString> {
        let edition = letter.edition.as_ref().filter(|_| self.letters.len() > 1)?;
        let name = language_name(edition.prevails.as_ref()?, &letter.tag);
        let pattern = letter.words.labels.get("prevails").filter(|pattern| !pattern.is_empty())?;
        let parts = pattern_parts(pattern).into_iter().map(|part| match part {
            PatternPart::Name("language") => name.as_str(),
            PatternPart::Name(text) | PatternPart::Plain(text) => text,
        });
        Some(parts.collect::<String>().into())
    }
}

/// Whether the bodies of two letters can be set side by side. If not, the reasons are reported.
fn align(original: &Letter, translation: &Letter, problems: &Problems) -> bool {
    let together = Languages(vec![original.tag.clone(), translation.tag.clone()]);
    let (Body::Markdown(blocks), Body::Markdown(others)) = (&original.body, &translation.body)
    else {
        let problem = say!("a body in Typst cannot be placed side by side with another");
        let place = translation.edition_place.clone();
        let problem = Diagnostic::new(Code::MisalignedEdition, place, problem)
            .hint(say!("write both bodies in Markdown, or choose edition = \"consecutive\""));
        problems.push(problem.in_languages(&together));
        return false;
    };
    let misfits = block_pairs::misfits(blocks, others);
    for misfit in &misfits {
        let (here, there) = (&original.tag, &translation.tag);
        let problem = match *misfit {
            Misfit::Missing(block, before) => alone(block, there, before),
            Misfit::Extra(block, before) => alone(block, here, before),
            Misfit::Different(block, other) => different(here, block, other),
        };
        // It is a problem of both languages together.
        problems.push(problem.in_languages(&together));
    }
    misfits.is_empty()
}

/// The error for a block that has no counterpart in a language, at the place where the counterpart
/// belongs: before a block, or at the end.
fn alone(block: &Block, there: &Tag, before: Option<&Block>) -> Diagnostic {
    let kind = block.kind.name();
    let problem = Diagnostic::new(
        Code::MisalignedEdition,
        block.place.clone(),
        say!(
            "this {kind} has no counterpart in `{there}`, so the bodies cannot be placed side by \
             side",
            kind,
            there
        ),
    );
    let problem = match before {
        Some(before) => problem
            .relate(before.place.clone(), say!("in `{there}` it would come before this", there)),
        None => problem,
    };
    problem.hint(hint())
}

/// The error for two blocks side by side that are of different kinds.
fn different(here: &Tag, block: &Block, other: &Block) -> Diagnostic {
    let (kind, other_kind) = (block.kind.name(), other.kind.name());
    Diagnostic::new(
        Code::MisalignedEdition,
        other.place.clone(),
        say!("this {other_kind} would be beside a {kind} in `{here}`", other_kind, kind, here),
    )
    .relate(block.place.clone(), say!("it is this one"))
    .hint(hint())
}

fn hint() -> Message {
    say!("give both languages the same blocks, or choose edition = \"consecutive\"")
}
