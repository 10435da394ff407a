//! Small letters with their expected messages, in `tests/cases`.
//!
//! A case is a text file of several parts. The text above the first part says what the case shows. A
//! line `-- NAME --` begins the file NAME; `-- expected --` begins the messages in English and
//! `-- esperado --` those in Spanish.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// A case as written.
pub(crate) struct Case {
    purpose: String,
    /// The name and the text of each part, in order.
    pub(crate) files: Vec<(String, String)>,
}

impl Case {
    pub(crate) fn read(text: &str) -> Self {
        let mut case = Self { purpose: String::new(), files: Vec::new() };
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
            match (name, case.files.last_mut()) {
                (Some(name), _) => case.files.push((name.to_owned(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => case.purpose.push_str(line),
            }
        }
        case
    }

    /// Removes a part and returns its text.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let index = self.files.iter().position(|(known, _)| known == name);
        index.map(|index| self.files.remove(index).1).unwrap_or_default()
    }
}

/// The contents of its file.
impl Display for Case {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&self.purpose)?;
        self.files.iter().try_for_each(|(name, text)| write!(f, "-- {name} --\n{text}"))
    }
}

/// The files of all cases, by name.
pub(crate) fn paths() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(super::repository().join("tests/cases"));
    let entries = entries.expect("tests/cases is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 100, "only {} cases", paths.len());
    paths
}
