//! The letters of the tests in many languages: those of `tests/parity`, the founding letter in its five
//! languages, and the letter of the gallery.

use std::fs;
use std::path::Path;

/// A letter in several languages, each body in blocks.
pub(crate) struct Sample {
    pub name: String,
    pub links: Option<toml::Value>,
    /// By the tags of the languages.
    pub bodies: Vec<(String, Vec<String>)>,
}

impl Sample {
    fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("letter.toml")).expect("a letter");
        let letter: toml::Table = text.parse().expect("a letter");
        let body = |body: &toml::Value| match body {
            toml::Value::String(text) => text.clone(),
            other => {
                let file = other.get("file").and_then(toml::Value::as_str).expect("a file");
                fs::read_to_string(folder.join(file)).expect("a body")
            }
        };
        let bodies = letter["body"].as_table().expect("bodies").iter();
        let blocks = |text: String| -> Vec<String> {
            text.trim().split("\n\n").map(str::to_owned).collect()
        };
        Self {
            name: folder.file_name().expect("a name").to_string_lossy().into_owned(),
            links: letter.get("links").cloned(),
            bodies: bodies.map(|(tag, value)| (tag.clone(), blocks(body(value)))).collect(),
        }
    }

    pub(crate) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let parity = fs::read_dir(root.join("tests/parity")).expect("letters").flatten();
        let mut folders: Vec<_> = parity.map(|entry| entry.path()).collect();
        folders.push(root.join("letters/remain-in-mexico-2021"));
        folders.push(root.join("tests/languages"));
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }
}
