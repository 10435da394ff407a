//! What the Typst compiler may see of the world: one letter in one language, its files, the fonts,
//! and no clock.

use std::sync::Arc;

use typst::diag::FileResult;
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::files::Files;
use crate::fonts::{Fonts, Origin};

/// The surroundings of one letter in one language.
pub struct LetterWorld {
    library: LazyHash<Library>,
    main: FileId,
    files: Arc<Files>,
    fonts: Arc<Fonts>,
}

impl LetterWorld {
    /// Surroundings that give `inputs` to the template as `sys.inputs`.
    pub fn new(inputs: Dict, main: FileId, files: Arc<Files>, fonts: Arc<Fonts>) -> Self {
        let library = Library::builder().with_inputs(inputs).build();
        Self { library: LazyHash::new(library), main, files, fonts }
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
        self.files.file(id)
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
