//! The fonts that a letter may use: the built-in ones, and those that the command line adds.

use std::path::PathBuf;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;
use typst_kit::fonts::{FontPath, FontSource, FontStore};

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
    store: FontStore,
    origins: Vec<Origin>,
}

impl Default for Fonts {
    /// The fonts that are built in.
    fn default() -> Self {
        Self::new(&FontOptions::default())
    }
}

/// Where a face comes from.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum Origin {
    /// It is built in, from this path below `fonts/`.
    Carried(&'static str),
    /// It is a file on this computer.
    File(PathBuf),
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

impl Fonts {
    /// The built-in fonts, followed by those in `options`.
    pub fn new(options: &FontOptions) -> Self {
        let mut store = FontStore::new();
        let mut origins = Vec::new();
        for ((path, data), info) in FACES.iter().zip(carried_info()) {
            store.push((Carried(data), info.clone()));
            origins.push(Origin::Carried(path));
        }
        let mut add = |(path, info): (FontPath, FontInfo)| {
            origins.push(Origin::File(path.path.clone()));
            store.push((path, info));
        };
        for path in &options.paths {
            // fontdb walks a folder in the order of the file system. Sorting makes the choice between
            // two faces that match equally well the same everywhere.
            let mut found: Vec<_> = typst_kit::fonts::scan(path).collect();
            found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
            found.into_iter().for_each(&mut add);
        }
        if options.system {
            typst_kit::fonts::system().for_each(&mut add);
        }
        Self { store, origins }
    }

    /// The metadata of all faces.
    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    /// The face with that index in the book.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    /// Where the face with that index comes from.
    pub(crate) fn origin(&self, index: usize) -> Option<&Origin> {
        self.origins.get(index)
    }

    /// Whether any font has a character.
    pub(crate) fn has_glyph(&self, c: char) -> bool {
        let families = self.book().families();
        let mut indices = families.flat_map(|(_, indices)| indices);
        indices.any(|index| self.book().info(index).is_some_and(|i| i.coverage.contains(c.into())))
    }

    /// Whether the font for code has a character, and no other font.
    pub(crate) fn only_code_has(&self, c: char) -> bool {
        let mut indices = self.book().families().flat_map(|(_, indices)| indices);
        let has = |info: &FontInfo| info.coverage.contains(c.into());
        let elsewhere = |info: &FontInfo| info.family != CODE_FAMILY && has(info);
        !indices.any(|index| self.book().info(index).is_some_and(elsewhere))
    }

    /// Whether there is a family with that name. Upper and lower case do not matter.
    pub(crate) fn has_family(&self, family: &str) -> bool {
        self.book().contains_family(&family.to_lowercase())
    }
}

/// A built-in face.
struct Carried(&'static [u8]);

impl FontSource for Carried {
    fn load(&self) -> Option<Font> {
        Font::new(Bytes::new(self.0), 0)
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
