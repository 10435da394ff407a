//! What the Typst compiler may see of the world: one letter in one language, its files, the fonts,
//! and no clock.

use std::sync::Arc;

use typst::diag::FileResult;
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::files::{self, Files};
use crate::fonts::{Fonts, Origin};

/// The surroundings of one letter in one language.
pub struct LetterWorld {
    library: Arc<LazyHash<Library>>,
    main: FileId,
    files: Arc<Files>,
    fonts: Arc<Fonts>,
    recipient: Option<Bytes>,
}

/// What the template is given: the same for all recipients of a mail merge, so that what was laid out
/// for one is found again for the next. Typst knows it by its hash.
pub type Given = Arc<LazyHash<Library>>;

/// A template's `sys.inputs`.
pub fn given(inputs: Dict) -> Given {
    Arc::new(LazyHash::new(Library::builder().with_inputs(inputs).build()))
}

impl LetterWorld {
    /// Surroundings that give the template its values.
    pub fn new(library: Given, main: FileId, files: Arc<Files>, fonts: Arc<Fonts>) -> Self {
        Self { library, main, files, fonts, recipient: None }
    }

    /// The same for one recipient of a mail merge, whose texts are JSON: an array with the pieces of
    /// each column.
    pub fn with_recipient(self, json: Vec<u8>) -> Self {
        Self { main: files::merge_main(), recipient: Some(Bytes::new(json)), ..self }
    }

    /// The files that the letter may see.
    pub fn files(&self) -> &Files {
        &self.files
    }
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.files.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match &self.recipient {
            Some(json) if id == files::recipient() => Ok(json.clone()),
            _ => self.files.file(id),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        if let Some(Origin::File(path)) = self.fonts.origin(index) {
            self.files.note(path.clone());
        }
        self.fonts.font(index)
    }

    /// There is no today: a letter has the date it says it has, and the same input gives the same
    /// bytes tomorrow.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
