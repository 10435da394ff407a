//! Several languages of a letter in one document.

use ecow::EcoString;

use crate::language::languages::Languages;
use crate::language::{Tag, language_name, language_name_with};
use crate::letter::{Body, Letter, Printed};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::{PatternPart, pattern_parts};
use crate::spec::edition::Layout;
use crate::words::say;

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

    /// Whether these are letters to several recipients.
    pub(crate) fn is_for_printer(&self) -> bool {
        !self.bookmarks.is_empty()
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

    /// What a letter says about the language that prevails: in each language of an edition, and in a
    /// courtesy translation on its own. With the language of the words, if that is not the letter's.
    pub(crate) fn prevailing<'a>(
        &self,
        letter: &'a Letter,
    ) -> Option<(EcoString, Option<&'a Tag>)> {
        let together = letter.edition.is_some() && self.letters.len() > 1;
        match &letter.prevails {
            Some(tag) if together => letter.prevailing("prevails", tag),
            _ => letter.courtesy_line(),
        }
    }
}

impl Letter {
    /// That this is a courtesy translation and which language prevails, if it is one.
    pub(crate) fn courtesy_line(&self) -> Option<(EcoString, Option<&Tag>)> {
        self.prevailing("courtesy", self.courtesy.as_ref()?)
    }

    fn prevailing(&self, label: &str, tag: &Tag) -> Option<(EcoString, Option<&Tag>)> {
        // In words of another language, that has its name for it.
        let lang = self.label_lang(label);
        let name = match lang {
            Some(other) => language_name(tag, other),
            None => language_name_with(tag, None, &self.tag, &self.words),
        };
        let pattern = self.words.labels.get(label).filter(|pattern| !pattern.is_empty())?;
        let parts = pattern_parts(pattern).into_iter().map(|part| match part {
            PatternPart::Name("language") => name.as_str(),
            PatternPart::Name(text) | PatternPart::Plain(text) => text,
        });
        Some((parts.collect::<String>().into(), lang))
    }
}

/// Whether the bodies of two letters can be set side by side. If not, the reasons are reported.
fn align(original: &Letter, translation: &Letter, problems: &Problems) -> bool {
    if !matches!((&original.body, &translation.body), (Body::Markdown(_), Body::Markdown(_))) {
        let together = Languages(vec![original.tag.clone(), translation.tag.clone()]);
        let problem = say!("a body in Typst cannot be placed side by side with another");
        let place = translation.edition_place.clone();
        let problem = Diagnostic::new(Code::MisalignedEdition, place, problem)
            .hint(say!("write both bodies in Markdown, or choose edition = \"consecutive\""));
        problems.push(problem.in_languages(&together));
        return false;
    }
    problems.extend(translation.misfits.iter().cloned());
    translation.misfits.is_empty()
}
