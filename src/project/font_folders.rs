//! The fonts in the folders that a letter or its repository names.

use std::sync::Arc;

use crate::files::Files;
use crate::fonts::{FontFile, Fonts, NotAFont};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
use crate::words::say;

/// The extensions of fonts, and of those for web pages, which are refused.
const EXTENSIONS: &[&str] = &["ttf", "otf", "ttc", "otc", "woff", "woff2"];

/// The maximum number of font files in a folder.
pub(crate) const MAX_FONT_FILES: usize = 200;

/// The maximum size of all fonts of a letter together, in bytes.
const MAX_FONT_BYTES: u64 = 256 << 20;

/// `fonts` with those in folders.
pub(crate) fn with_folders(
    folders: &[Text],
    files: &Files,
    fonts: &Arc<Fonts>,
    problems: &Problems,
) -> Arc<Fonts> {
    let mut found: Vec<FontFile> = Vec::new();
    let mut places = Vec::new();
    for folder in folders {
        let inside = files.folder_tree(folder, EXTENSIONS, MAX_FONT_FILES);
        let Some(inside) = problems.take(inside) else { continue };
        if inside.is_empty() {
            let written = &folder.value;
            let message = say!("there are no fonts in `{written}`", written);
            problems.push(
                Diagnostic::new(Code::UnusedKey, folder.place.clone(), message)
                    .hint(say!("fonts are files that end in .ttf, .otf, .ttc or .otc")),
            );
        }
        for file in inside {
            if found.iter().any(|known| known.file == file) {
                continue;
            }
            let Some(path) = files.path(file) else { continue };
            let metadata = path.metadata().ok();
            let version = metadata.and_then(|data| Some((data.len(), data.modified().ok()?)));
            found.push(FontFile { file, path, version });
            places.push(folder);
        }
    }
    if found.is_empty() {
        return fonts.clone();
    }
    let sizes = found.iter().filter_map(|font| font.version).map(|(size, _)| size);
    if sizes.sum::<u64>() > MAX_FONT_BYTES {
        let limit = MAX_FONT_BYTES >> 20;
        let message = say!("the fonts of this letter have more than {limit} MiB together", limit);
        let place = places[0].place.clone();
        problems.push(Diagnostic::new(Code::InvalidValue, place, message));
        return fonts.clone();
    }
    let extended = fonts.with_files(found.clone(), |font| files.read_once(font.file).ok());
    for (file, reason) in &extended.refused {
        let place = found.iter().zip(&places).find(|(font, _)| font.file == *file);
        let Some((_, folder)) = place else { continue };
        let name = file.vpath().get_without_slash();
        let problem = match reason {
            NotAFont::Web => say!("`{name}` is a font for web pages", name),
            NotAFont::Damaged => say!("`{name}` is not a font, or is damaged", name),
            NotAFont::Unreadable => say!("`{name}` cannot be read", name),
        };
        let hint = match reason {
            NotAFont::Web => say!("put the .ttf or .otf file of the same font there instead"),
            _ => say!("download the font again, or remove the file"),
        };
        problems.push(Diagnostic::new(Code::UnknownFont, folder.place.clone(), problem).hint(hint));
    }
    extended.fonts.clone()
}
