//! Paths as they are shown to people and to other programs: the same on every system.

use std::borrow::Cow;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// A path for people and for other programs, such as `letters/water/letter.toml`.
///
/// Windows accepts slashes as well as backslashes. With slashes, a message, a manifest or a GitHub
/// annotation is the same on Windows as on other systems, and nothing has to be escaped. The `\\?\`
/// that Windows puts before a path when links are resolved is left out.
pub(crate) fn shown(path: &Path) -> String {
    let text = dunce::simplified(path).to_string_lossy();
    with_slashes(&text, MAIN_SEPARATOR).into_owned()
}

/// The same for a path, even if its name is not valid Unicode.
pub(crate) fn portable(path: PathBuf) -> PathBuf {
    if MAIN_SEPARATOR == '/' { path } else { shown(&path).into() }
}

/// A path with slashes between its names. Except on Windows, a backslash is an ordinary character of a
/// name.
fn with_slashes(path: &str, separator: char) -> Cow<'_, str> {
    match separator {
        '/' => Cow::Borrowed(path),
        other => Cow::Owned(path.replace(other, "/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_parts_names_becomes_a_slash() {
        assert_eq!(with_slashes(r"out\water.en.pdf", '\\'), "out/water.en.pdf");
        assert_eq!(with_slashes(r"a\b/letter.toml", '/'), r"a\b/letter.toml");
        assert_eq!(shown(Path::new("out/water.en.pdf")), "out/water.en.pdf");
    }
}
