//! What the Typst compiler may access: one letter in one language, its files and the fonts, but no
//! clock.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Weak};

use ecow::EcoString;
use parking_lot::{Mutex, MutexGuard};
use typst::comemo::Tracked;
use typst::diag::{At, FileError, FileResult, SourceResult, bail};
use typst::engine::Engine;
use typst::foundations::{
    Args, Binding, Bytes, Context, Datetime, Dict, Duration, IntoValue, Module, NativeFuncData,
    NativeFuncPtr, Scope, Value,
};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, hash128};
use typst::{Library, LibraryExt, World};

use crate::files::carried::built_in;
use crate::files::{Files, carried};
use crate::fonts::{Fonts, Origin};
use crate::letter::embedded;
use crate::render::copyfit::Fit;
use crate::render::functions::function;
use crate::render::{advances, lists, names, phrases, tags};

/// The Typst world of one letter in one language.
pub(crate) struct LetterWorld {
    inputs: Inputs,
    main: FileId,
    files: Arc<Files>,
    fonts: Arc<Fonts>,
    library: &'static LazyHash<Library>,
    recipient: Option<Bytes>,
    attached: Vec<FileId>,
    /// How the letter is set.
    fit: Fit,
    /// What is wrong with the pictures and PDFs that have been read.
    looked_at: Mutex<HashMap<FileId, Option<EcoString>>>,
}

/// The inputs of a main file: the values of a letter, with their hash.
#[derive(Debug, Clone)]
pub(crate) struct Inputs {
    values: Arc<Dict>,
    hash: u128,
}

/// The standard library, which all letters with Typst code of their own share: the compiler caches results by
/// their inputs, and the library is always one of them. If it contained the values of a letter, as
/// `sys.inputs` does, nothing could be reused for the next letter.
static WHOLE_LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let mut library = Library::default();
    define_functions(library.global.scope_mut());
    LazyHash::new(library)
});

/// What the built-in templates need of it. The compiler hashes its library in every run, and nearly all of that
/// is symbols and mathematics, three times.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    let mut library = Library::default();
    let mut scope = Scope::new();
    for (name, binding) in library.global.scope().iter() {
        if !matches!(binding.read(), Value::Module(_)) || matches!(name.as_str(), "calc" | "pdf") {
            scope.bind(name.clone(), binding.clone());
        }
    }
    define_functions(&mut scope);
    library.global = Module::new("global", scope);
    library.std = Binding::detached(library.global.clone());
    library.math = Module::anonymous(Scope::new());
    LazyHash::new(library)
});

/// Defines the functions for templates.
fn define_functions(scope: &mut Scope) {
    let own = [&INPUTS_FUNCTION, &FIT_FUNCTION, &tags::LIST, &tags::ITEM, &phrases::PHRASES];
    let sizes = [&advances::WIDER, &advances::SUITABLE_COLUMNS, &advances::SIZE];
    for function in
        own.into_iter().chain(sizes).chain([&lists::COLUMNS, &lists::ROWS, &names::NAMES])
    {
        scope.define_func_with_data(function);
    }
}

/// The function that returns a letter's inputs to the Typst program.
///
/// It must invalidate the cache when the inputs change. The compiler tracks what a function reads
/// from a file, so the hash of the inputs is read as if it were a file, and the inputs are found by
/// it.
static INPUTS_FUNCTION: NativeFuncData = function::<Dict>(
    NativeFuncPtr(&read_inputs),
    "undersigned-inputs",
    "Inputs",
    "The values of the letter.",
);

/// The function that returns how the letter is set. It is not a part of the inputs, because
/// `parts.typ` uses it and would have to be evaluated for every letter again.
static FIT_FUNCTION: NativeFuncData =
    function::<Dict>(NativeFuncPtr(&read_fit), "undersigned-fit", "Fit", "How the letter is set.");

/// The inputs of the letters that are being laid out, by their hash.
static INPUTS: LazyLock<Mutex<HashMap<u128, Weak<Dict>>>> = LazyLock::new(Mutex::default);

fn known_inputs() -> MutexGuard<'static, HashMap<u128, Weak<Dict>>> {
    INPUTS.lock()
}

/// The virtual file that contains the hash of the inputs.
fn inputs_file() -> FileId {
    built_in("undersigned-inputs")
}

/// The virtual file that says how the letter is set.
fn fit_file() -> FileId {
    built_in("undersigned-fit")
}

fn read_fit(engine: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let fit = engine.world.file(fit_file()).at(arguments.span)?;
    Ok(Fit::values(&fit).into_value())
}

fn read_inputs(
    engine: &mut Engine,
    _: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    let span = arguments.span;
    let file = engine.world.file(inputs_file()).at(span)?;
    let hash = file.as_slice().try_into().map(u128::from_le_bytes).ok();
    match hash.and_then(|hash| known_inputs().get(&hash)?.upgrade()) {
        Some(inputs) => Ok(Dict::clone(&inputs).into_value()),
        None => bail!(span, "there is no letter"),
    }
}

impl Inputs {
    /// Values that the function `undersigned-inputs` returns to the main file.
    pub(crate) fn new(values: Dict) -> Self {
        let hash = hash128(&values);
        let mut known = known_inputs();
        // Letters with the same inputs share them, so that they live as long as any of these letters.
        let values = match known.get(&hash).and_then(Weak::upgrade) {
            Some(values) => values,
            None => Arc::new(values),
        };
        known.insert(hash, Arc::downgrade(&values));
        Self { values, hash }
    }
}

impl LetterWorld {
    /// A world that passes values to the main file.
    pub(crate) fn new(inputs: Inputs, main: FileId, files: Arc<Files>, fonts: Arc<Fonts>) -> Self {
        let (attached, looked_at) = (Vec::new(), Mutex::default());
        Self {
            inputs,
            main,
            files,
            fonts,
            library: &LIBRARY,
            recipient: None,
            attached,
            fit: Fit::default(),
            looked_at,
        }
    }

    /// Sets the letter in another way.
    pub(super) fn set_fit(&mut self, fit: Fit) {
        self.fit = fit;
    }

    /// The same for one recipient of a mail merge, whose texts are JSON: an array with the pieces of
    /// each column.
    pub(crate) fn with_recipient(self, json: Vec<u8>) -> Self {
        Self { main: carried::merge_main(), recipient: Some(Bytes::new(json)), ..self }
    }

    /// The same for Typst code that is not built in, which may use all of the standard library.
    pub(crate) fn with_whole_library(self) -> Self {
        Self { library: &WHOLE_LIBRARY, ..self }
    }

    /// The same with files that are attached as they are, whatever they contain.
    pub(crate) fn attaching(self, attached: Vec<FileId>) -> Self {
        Self { attached, ..self }
    }

    /// A file of the letter, unless it is a picture or a PDF that asks for more than a computer has.
    fn embedded(&self, id: FileId) -> FileResult<Bytes> {
        let data = self.files.file(id)?;
        if self.attached.contains(&id) {
            return Ok(data);
        }
        let mut looked_at = self.looked_at.lock();
        let wrong = looked_at
            .entry(id)
            .or_insert_with(|| embedded::problem(&data).map(|wrong| wrong.english().into()));
        match wrong {
            Some(wrong) => Err(FileError::Other(Some(wrong.clone()))),
            None => Ok(data),
        }
    }

    /// The fonts.
    pub(crate) fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// The files that the letter may see.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        self.library
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
        if id == inputs_file() {
            return Ok(Bytes::new(self.inputs.hash.to_le_bytes()));
        }
        if id == fit_file() {
            return Ok(Bytes::new(self.fit.to_bytes()));
        }
        match &self.recipient {
            Some(json) if id == carried::recipient() => Ok(json.clone()),
            _ => self.embedded(id),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        // The files of the letter's own fonts have been noted, used or not.
        if let Some(Origin::Folder(path) | Origin::System(path)) = self.fonts.origin(index) {
            self.files.note(path.clone());
        }
        self.fonts.font(index)
    }

    /// There is no current date: a letter has the date that it states, and the same input gives the
    /// same bytes tomorrow.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

impl Drop for Inputs {
    fn drop(&mut self) {
        let mut known = known_inputs();
        if Arc::strong_count(&self.values) == 1 {
            known.remove(&self.hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use typst::foundations::dict;

    use super::*;
    use crate::fonts::FontOptions;
    use crate::letter::manuscript::Manuscript;
    use crate::problems::Problems;
    use crate::project::Project;
    use crate::render::render;

    #[test]
    fn inputs_stay_as_long_as_a_letter_has_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Arc::new(Files::new(folder.path(), folder.path()).expect("files"));
        let fonts = Arc::new(Fonts::new(&FontOptions::default()));
        let inputs = dict! { "letter" => "of this test alone" };
        let world = || {
            LetterWorld::new(
                Inputs::new(inputs.clone()),
                carried::main(),
                files.clone(),
                fonts.clone(),
            )
        };
        let is_known = || known_inputs().contains_key(&hash128(&inputs));
        let (first, second) = (world(), world());
        drop(first);
        assert!(is_known());
        drop(second);
        assert!(!is_known());
    }

    #[test]
    fn a_template_of_its_own_has_the_whole_library() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a file");
        };
        write("own.typ", "#let letter(letter) = [#sym.dash.em #std.strong(letter.title)]");
        write(
            "letter.toml",
            "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"A\"\nbody = \"B\"\ntemplate = \"own.typ\"\n",
        );
        let project = Project::open(&folder.path().join("letter.toml"), None).expect("a letter");
        let (fonts, problems) =
            (Arc::new(Fonts::new(&FontOptions::default())), Problems::default());
        let letters = project.check(&fonts, |_| true, &problems);
        let rendered = render(&Manuscript::of(&letters[0]), &project.files, &problems);
        let library = rendered.map(|rendered| {
            let library = rendered.world.library();
            library.global.scope().get("sym").is_some()
        });
        assert_eq!(library, Some(true), "{:?}", problems.into_sorted());
        assert!(LIBRARY.global.scope().get("sym").is_none());
    }
}
