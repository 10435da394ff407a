//! The fonts that a letter may use: the built-in ones, those of the folders that it names, and those
//! that the command line adds.

mod faces;
pub(crate) mod scripts;

use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use parking_lot::Mutex;
use typst::foundations::Bytes;
use typst::syntax::FileId;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::{LazyHash, hash128};
use typst_kit::fonts::{FontPath, FontSource};

pub(crate) use faces::NotAFont;

macro_rules! faces {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../fonts/", $path)))),*]
    };
}

/// The built-in faces, with their paths below `fonts/`.
const FACES: &[(&str, &[u8])] = faces![
    "libertinus-serif/LibertinusSerif-Regular.otf",
    "libertinus-serif/LibertinusSerif-Italic.otf",
    "libertinus-serif/LibertinusSerif-Semibold.otf",
    "libertinus-serif/LibertinusSerif-Bold.otf",
    "libertinus-serif/LibertinusSerif-BoldItalic.otf",
    "libertinus-sans/LibertinusSans-Regular.otf",
    "libertinus-sans/LibertinusSans-Italic.otf",
    "libertinus-sans/LibertinusSans-Bold.otf",
    "amiri/Amiri-Regular.ttf",
    "amiri/Amiri-Bold.ttf",
    "dejavu-sans-mono/DejaVuSansMono.ttf",
];

/// What Typst must know about each face before it chooses one: the family, the style and which
/// characters it has. Reading that from the faces at every start would take longer than laying out a
/// page, so it is stored in `fonts/index.json`, in the order of [`FACES`]; a test keeps the two in
/// sync.
const INDEX: &str = include_str!("../fonts/index.json");

/// The text font, unless the letter names another.
pub(crate) const DEFAULT_FAMILY: &str = "Libertinus Serif";

/// The font for code, whose letters are all of one width.
pub(crate) const CODE_FAMILY: &str = "DejaVu Sans Mono";

/// Fonts that are loaded when they are first used.
pub struct Fonts {
    book: LazyHash<FontBook>,
    faces: Vec<Arc<Face>>,
    /// The same with the fonts of letters, by the files that they are in: letters of a repository share
    /// them.
    extended: Mutex<Vec<(Vec<FontFile>, Arc<Extended>)>>,
}

/// A face, which is read when it is first used.
struct Face {
    origin: Origin,
    source: Source,
    font: OnceLock<Option<Font>>,
}

/// Where the data of a face is.
enum Source {
    Carried(&'static [u8]),
    Path(FontPath),
    Data(Bytes, u32),
}

/// A font file that a letter names, as it is now.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct FontFile {
    /// Its id.
    pub file: FileId,
    /// Where it is.
    pub path: PathBuf,
    /// Its size and when it was changed, as far as the system says.
    pub version: Option<(u64, std::time::SystemTime)>,
}

/// Fonts with those of a letter.
pub(crate) struct Extended {
    /// All fonts.
    pub fonts: Arc<Fonts>,
    /// The files that are no fonts, and why.
    pub refused: Vec<(FileId, NotAFont)>,
}

impl Default for Fonts {
    /// The fonts that are built in.
    fn default() -> Self {
        Self::new(&FontOptions::default())
    }
}

impl Debug for Fonts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.faces.len()).finish_non_exhaustive()
    }
}

/// Where a face comes from.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Origin {
    /// It is built in, from this path below `fonts/`.
    Carried(&'static str),
    /// It is in a folder that the letter names.
    Letter(PathBuf),
    /// It is in a folder that the command line names.
    Folder(PathBuf),
    /// It is installed on this computer.
    System(PathBuf),
}

/// The fonts to use in addition to the built-in ones.
#[derive(Debug, Default, Clone)]
pub struct FontOptions {
    /// Folders to search.
    pub paths: Vec<PathBuf>,
    /// Whether to use the fonts of the computer. They are off by default, so that two computers give
    /// the same page.
    pub system: bool,
}

/// A face before it has a place in the book.
type New = (Face, FontInfo);

impl Fonts {
    /// The built-in fonts, followed by those in `options`.
    pub fn new(options: &FontOptions) -> Self {
        let carried = FACES.iter().zip(carried_info());
        let mut new: Vec<New> = carried
            .map(|((path, data), info)| {
                (Face::new(Origin::Carried(path), Source::Carried(data)), info.clone())
            })
            .collect();
        let mut add = |found: (FontPath, FontInfo), origin: fn(PathBuf) -> Origin| {
            let (path, info) = found;
            new.push((Face::new(origin(path.path.clone()), Source::Path(path)), info));
        };
        for path in &options.paths {
            // fontdb walks a folder in the order of the file system. Sorting makes the choice between
            // two faces that match equally well the same everywhere.
            let mut found: Vec<_> = typst_kit::fonts::scan(path).collect();
            found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
            found.into_iter().for_each(|found| add(found, Origin::Folder));
        }
        if options.system {
            typst_kit::fonts::system().for_each(|found| add(found, Origin::System));
        }
        let faces = new.into_iter().map(|(face, info)| (Arc::new(face), info));
        Self::of(faces)
    }

    fn of(all: impl Iterator<Item = (Arc<Face>, FontInfo)>) -> Self {
        let (mut book, mut faces) = (FontBook::new(), Vec::new());
        for (face, info) in all {
            book.push(info);
            faces.push(face);
        }
        Self { book: LazyHash::new(book), faces, extended: Mutex::default() }
    }

    /// These fonts with those in files of a letter, after the built-in ones. `read` returns the bytes of
    /// a file, or nothing if it cannot be read; it is not asked for files that are known.
    pub(crate) fn with_files(
        &self,
        files: Vec<FontFile>,
        read: impl Fn(&FontFile) -> Option<Vec<u8>>,
    ) -> Arc<Extended> {
        let mut known = self.extended.lock();
        if let Some((_, extended)) = known.iter().find(|(of, _)| *of == files) {
            return extended.clone();
        }
        let (mut own, mut refused) = (Vec::new(), Vec::new());
        for font in &files {
            let Some(data) = read(font) else {
                refused.push((font.file, NotAFont::Unreadable));
                continue;
            };
            let data = Bytes::new(data);
            match faces::in_file(&data) {
                Ok(infos) => own.extend(infos.into_iter().map(|(index, info)| {
                    let source = Source::Data(data.clone(), index);
                    (Arc::new(Face::new(Origin::Letter(font.path.clone()), source)), info)
                })),
                Err(reason) => refused.push((font.file, reason)),
            }
        }
        let mut all: Vec<(Arc<Face>, FontInfo)> = self
            .faces
            .iter()
            .enumerate()
            .filter_map(|(index, face)| Some((face.clone(), self.book.info(index)?.clone())))
            .collect();
        let carried = FACES.len().min(all.len());
        all.splice(carried..carried, own);
        let fonts = Arc::new(Self::of(all.into_iter()));
        let extended = Arc::new(Extended { fonts, refused });
        // While a letter is watched, its fonts change.
        if known.len() >= MOST_EXTENDED {
            known.remove(0);
        }
        known.push((files, extended.clone()));
        extended
    }

    /// The metadata of all faces.
    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// The face with that index in the book.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index)?.font()
    }

    /// Loads the faces of the usual family, and computes the hashes by which the compiler knows them.
    pub(crate) fn prepare(&self) {
        for index in self.book.select_family(&DEFAULT_FAMILY.to_lowercase()) {
            // Bytes keep their hash.
            let _kept = self.font(index).map(|font| hash128(&font));
        }
    }

    /// Where the face with that index comes from.
    pub(crate) fn origin(&self, index: usize) -> Option<&Origin> {
        self.faces.get(index).map(|face| &face.origin)
    }

    /// Whether any font has a character.
    pub(crate) fn has_glyph(&self, c: char) -> bool {
        self.infos().any(|info| info.coverage.contains(c.into()))
    }

    /// Whether the font for code has a character, and no other font.
    pub(crate) fn only_code_has(&self, c: char) -> bool {
        !self.infos().any(|info| info.family != CODE_FAMILY && info.coverage.contains(c.into()))
    }

    /// Whether there is a family with that name. Upper and lower case do not matter.
    pub(crate) fn has_family(&self, family: &str) -> bool {
        self.book().contains_family(&family.to_lowercase())
    }

    fn infos(&self) -> impl Iterator<Item = &FontInfo> {
        (0..self.faces.len()).filter_map(|index| self.book.info(index))
    }
}

/// How many sets of fonts of letters are kept.
const MOST_EXTENDED: usize = 4;

impl Face {
    fn new(origin: Origin, source: Source) -> Self {
        Self { origin, source, font: OnceLock::new() }
    }

    fn font(&self) -> Option<Font> {
        let load = || match &self.source {
            Source::Carried(data) => Font::new(Bytes::new(*data), 0),
            Source::Path(path) => path.load(),
            Source::Data(data, index) => Font::new(data.clone(), *index),
        };
        self.font.get_or_init(load).clone()
    }
}

fn carried_info() -> &'static [FontInfo] {
    static INFO: LazyLock<Vec<FontInfo>> =
        LazyLock::new(|| serde_json::from_str(INDEX).expect("a test reads fonts/index.json"));
    &INFO
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `fonts/index.json` matches the faces. `UPDATE_INDEX=1` rewrites it.
    #[test]
    fn index_is_that_of_the_faces() {
        let infos: Vec<FontInfo> = FACES
            .iter()
            .map(|(path, data)| FontInfo::new(data, 0).unwrap_or_else(|| panic!("{path}")))
            .collect();
        let lines: Vec<String> =
            infos.iter().map(|i| serde_json::to_string(i).expect("JSON")).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        if std::env::var_os("UPDATE_INDEX").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/index.json");
            std::fs::write(path, &text).expect("fonts/index.json can be written");
        }
        assert!(text == INDEX, "run the tests once with UPDATE_INDEX=1");
    }
}
