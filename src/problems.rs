//! Every problem that the program reports, as values of one type.

pub(crate) mod characters;
mod explanations;
pub(crate) mod lint;

use std::fmt::{self, Display, Formatter};
use std::sync::OnceLock;

use parking_lot::Mutex;

use crate::language::Tag;
use crate::language::languages::Languages;
use crate::problems::lint::Lint;
use crate::source::Place;
use crate::words::Message;

/// The severity of a problem.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Severity {
    /// The letter cannot be sent: nothing is written.
    Error,
    /// The letter can be sent, but somebody should check it.
    Warning,
}

impl Severity {
    /// The name in machine-readable formats, which is never translated.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }

    /// Whether it prevents the letter from being written.
    pub fn is_error(self) -> bool {
        self == Self::Error
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $severity:ident;)*) => {
        /// What kind of problem it is. The names are stable: people filter by them.
        #[derive(Debug, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
        pub enum Code {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Code {
            /// All codes, errors first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code as it is printed and as `--allow` and `--deny` take it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

    /// The severity unless `--deny` raises it.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }
        }
    };
}

codes! {
    /// TOML that cannot be parsed.
    Syntax = "syntax", Error;
    /// A key that the format does not define.
    UnknownKey = "unknown-key", Error;
    /// A required key that is missing.
    MissingKey = "missing-key", Error;
    /// A value of a type that the key does not accept.
    WrongType = "wrong-type", Error;
    /// A value of the right type that the key does not accept.
    InvalidValue = "invalid-value", Error;
    /// Something that is not a language tag.
    InvalidLanguage = "invalid-language", Error;
    /// A text that is missing in one of the letter's languages.
    MissingTranslation = "missing-translation", Error;
    /// A file that does not exist or cannot be read.
    MissingFile = "missing-file", Error;
    /// A path that leaves the letter's root.
    OutsideRoot = "outside-root", Error;
    /// A link target that is not an absolute URL.
    InvalidUrl = "invalid-url", Error;
    /// A picture that cannot be read.
    InvalidImage = "invalid-image", Error;
    /// A PDF that cannot be enclosed.
    InvalidPdf = "invalid-pdf", Error;
    /// A CSV file that cannot be read, or a row or column that is missing something.
    InvalidCsv = "invalid-csv", Error;
    /// HTML in Markdown.
    RawHtml = "raw-html", Error;
    /// A `{{placeholder}}` that does not exist.
    UnknownPlaceholder = "unknown-placeholder", Error;
    /// A `[text][name]` whose name is not in `[links]`.
    UnknownLink = "unknown-link", Error;
    /// A character that no font has.
    MissingGlyph = "missing-glyph", Error;
    /// A font family that does not exist, or a font file that cannot be used.
    UnknownFont = "unknown-font", Error;
    /// A text that does not fit the page.
    TextOverflow = "text-overflow", Error;
    /// An address that does not show through the window of its envelope, or another text that does.
    AddressOverflow = "address-overflow", Error;
    /// Something that the print service of a letter would not take: print where it wants none, or too many
    /// pages or bytes.
    PrintZone = "print-zone", Error;
    /// Bodies of two languages that cannot be set side by side.
    MisalignedEdition = "misaligned-edition", Error;
    /// A problem in a Typst file.
    Template = "template", Error;
    /// Something that the PDF standard forbids.
    PdfStandard = "pdf-standard", Error;
    /// An output that cannot be written.
    Write = "write", Error;
    /// An output on the disk that differs from what its letter gives now.
    StaleOutput = "stale-output", Error;
    /// A link without a target, which is printed as plain text.
    PlaceholderLink = "placeholder-link", Warning;
    /// A signatory that is listed twice.
    DuplicateSignatory = "duplicate-signatory", Warning;
    /// A signatory that looks like another one.
    NearDuplicateSignatory = "near-duplicate-signatory", Warning;
    /// A member of a coalition that signs elsewhere in the list too.
    MemberAlsoSigns = "member-also-signs", Warning;
    /// A list that is nearly sorted, but not quite.
    UnsortedSignatories = "unsorted-signatories", Warning;
    /// A number in a body that is no longer the number of signatories.
    StaleCount = "stale-count", Warning;
    /// A paragraph, a heading, an item … that is missing in one language, or that is in another
    /// position.
    ParityStructure = "parity-structure", Warning;
    /// A link that is missing in one language.
    ParityLinks = "parity-links", Warning;
    /// A number or a date that differs between languages.
    ParityNumbers = "parity-numbers", Warning;
    /// A name or an acronym that differs between languages.
    ParityNames = "parity-names", Warning;
    /// A `{{placeholder}}` that is missing in one language.
    ParityPlaceholders = "parity-placeholders", Warning;
    /// Words that the program prints, which it does not have in the language.
    MissingWords = "missing-words", Warning;
    /// A text in another language than its key says.
    WrongLanguage = "wrong-language", Warning;
    /// A text that is the same in the translation as in the original.
    Untranslated = "untranslated", Warning;
    /// A text of the original that has changed since its translation was reviewed.
    StaleTranslation = "stale-translation", Warning;
    /// Items with the bullets of a word processor, which are not a list in Markdown.
    PastedList = "pasted-list", Warning;
    /// Paragraphs that only the ends of lines part, which Markdown joins into one.
    PastedParagraphs = "pasted-paragraphs", Warning;
    /// Markup that is printed as it is, or an e-mail address in a name.
    StrayMarkup = "stray-markup", Warning;
    /// A name that is perhaps a piece of one, or several.
    SuspiciousName = "suspicious-name", Warning;
    /// A column in which some who sign refuse consent, of a list whose rows are all read.
    IgnoredConsent = "ignored-consent", Warning;
    /// A name in capitals.
    AllCapsName = "all-caps-name", Warning;
    /// The text of the letter that `new` makes.
    SampleText = "sample-text", Warning;
    /// A picture that makes a file too large for many mailboxes.
    LargePicture = "large-picture", Warning;
    /// A picture with too few pixels for its size on paper.
    LowResolutionPicture = "low-resolution-picture", Warning;
    /// Something transparent in a PDF for a press that prints nothing transparent.
    FlattenedTransparency = "flattened-transparency", Warning;
    /// More ink than presses can dry.
    TooMuchInk = "too-much-ink", Warning;
    /// A character that only the font for code has.
    CodeFont = "code-font", Warning;
    /// A recipient of a mail merge who is in the list twice.
    DuplicateRecipient = "duplicate-recipient", Warning;
    /// An envelope with a window, and nobody whose address shows through it.
    NoAddressee = "no-addressee", Warning;
    /// A letter of an earlier mail merge that no longer has a recipient.
    LeftOver = "left-over", Warning;
    /// A value that nothing uses.
    UnusedKey = "unused-key", Warning;
}

impl Code {
    /// Whether there are warnings with this code. Typst warns of problems in templates too.
    pub fn can_warn(self) -> bool {
        self.severity() == Severity::Warning || self == Self::Template
    }

    /// Whether a warning with this code is shown only if it is denied.
    pub fn is_allowed_by_default(self) -> bool {
        self == Self::MemberAlsoSigns
    }

    /// The code with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A problem, where it is, and what to do about it.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong, in lower case and without a full stop.
    pub message: Message,
    /// Where it is.
    pub place: Place,
    /// Related places, each with a message about its relation to the problem.
    pub related: Vec<(Place, Message)>,
    /// What to do about it.
    pub hints: Vec<Message>,
    /// The language that it was found in, or those of an edition. `None` if it concerns all
    /// languages.
    pub lang: Option<Languages>,
}

impl Diagnostic {
    /// A problem with the code's own severity.
    pub(crate) fn new(code: Code, place: Place, message: Message) -> Self {
        Self {
            severity: code.severity(),
            code,
            message,
            place,
            related: Vec::new(),
            hints: Vec::new(),
            lang: None,
        }
    }

    /// Whether the letter cannot be sent because of it.
    pub fn is_error(&self) -> bool {
        self.severity.is_error()
    }

    /// Adds a hint.
    pub(crate) fn hint(mut self, hint: Message) -> Self {
        self.hints.push(hint);
        self
    }

    /// Adds a hint, if there is one.
    pub(crate) fn hint_if(self, hint: Option<Message>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Adds a related place.
    pub(crate) fn relate(mut self, place: Place, message: Message) -> Self {
        self.related.push((place, message));
        self
    }

    /// Sets the language that it was found in.
    pub(crate) fn in_language(self, tag: &Tag) -> Self {
        self.in_languages(&Languages::one(tag))
    }

    /// Sets the language, or those of the edition, that it was found in.
    pub(crate) fn in_languages(mut self, languages: &Languages) -> Self {
        self.lang = Some(languages.clone());
        self
    }

    /// Whether it concerns a letter in a language, or an edition in several.
    pub(crate) fn concerns(&self, languages: &[Tag]) -> bool {
        self.lang.as_ref().is_none_or(|lang| lang.are_among(languages))
    }
}

/// Collects problems while a letter is read, so that all of them are reported in one run.
///
/// It is shared between the threads that read a letter's languages.
#[derive(Debug, Default)]
pub struct Problems {
    list: Mutex<Vec<Diagnostic>>,
    lint: OnceLock<Vec<Lint>>,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&self, diagnostic: Diagnostic) {
        self.list.lock().push(diagnostic);
    }

    /// Adds some problems.
    pub(crate) fn extend(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.list.lock().extend(diagnostics);
    }

    /// The result of a step. `None` if it failed; its problem is then added.
    pub fn take<T>(&self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|problem| self.push(*problem)).ok()
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.list.lock().iter().any(Diagnostic::is_error)
    }

    /// The languages of the problems with this code.
    pub(crate) fn languages_of(&self, code: Code) -> Vec<Languages> {
        let list = self.list.lock();
        let with_code = list.iter().filter(|diagnostic| diagnostic.code == code);
        with_code.filter_map(|diagnostic| diagnostic.lang.clone()).collect()
    }

    /// Keeps only the problems that `keep` accepts.
    pub fn retain(&self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.lock().retain(keep);
    }

    /// Sets which warnings the letter and its repository allow and deny, the letter first.
    pub fn set_lint(&self, layers: Vec<Lint>) {
        // A letter is read once; a second reading would give the same.
        let _same = self.lint.set(layers);
    }

    /// The problems to report: without the warnings that are allowed by the letter, its repository or
    /// a last layer, such as the command line, and with the denied ones raised to errors.
    pub fn judged(&self, last: &Lint) -> Vec<Diagnostic> {
        let layers = self.lint.get().into_iter().flatten().chain([last]);
        lint::judge(self.take_sorted(), layers)
    }

    /// All problems, in the order of their places, each once.
    ///
    /// A problem that is found in two languages of a letter is kept once and assigned to no language.
    /// One that an edition shares with one of its languages is assigned to that language.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        self.take_sorted()
    }

    /// The same for a collection that is still shared. It is empty afterwards.
    pub fn take_sorted(&self) -> Vec<Diagnostic> {
        let mut all = std::mem::take(&mut *self.list.lock());
        all.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                let path = d.place.file.get();
                (path.vpath().get_with_slash(), d.place.range.start, d.place.range.end, d.code)
            };
            key(a).cmp(&key(b)).then_with(|| a.message.english().cmp(&b.message.english()))
        });
        all.dedup_by(|later, earlier| {
            let same = later.code == earlier.code
                && later.place == earlier.place
                && later.message == earlier.message
                && later.related == earlier.related;
            if same {
                earlier.lang = in_common(earlier.lang.take(), &later.lang);
            }
            same
        });
        all
    }
}

/// The languages of a problem that was found twice.
fn in_common(earlier: Option<Languages>, later: &Option<Languages>) -> Option<Languages> {
    let (earlier, later) = (earlier?, later.as_ref()?);
    if earlier.are_among(&later.0) {
        return Some(earlier);
    }
    later.are_among(&earlier.0).then(|| later.clone())
}
