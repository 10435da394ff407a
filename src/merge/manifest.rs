//! The manifest of a mail merge: what was made, and from which inputs, so that a stopped merge
//! resumes where it stopped, and shares that were made separately can be joined.
//!
//! It is a file of JSON Lines. The first line describes the inputs of all letters and says how many
//! there are; each other line is a letter. While a merge runs, lines are appended as letters are
//! finished; at the end they are sorted in the order of the recipients.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Component, Path, PathBuf};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::engine::options::draft_suffix;
use crate::engine::output::{self, Unwritten};
use crate::files::regular::{self, Links};
use crate::merge::Plan;
use crate::problems::{Code, Diagnostic};

/// What all letters of a merge have in common.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The version of the program, and of the manifest with it.
    pub undersigned: String,
    /// The name of the letter.
    pub letter: String,
    /// How many letters all shares have.
    pub letters: usize,
    /// The share of the recipients that this manifest covers, such as "2/4". Absent if it covers all.
    pub shard: Option<Shard>,
    /// How many letters this share has.
    pub here: usize,
    /// Whether each row of the list had an id, so that a recipient can be known again. Absent if not, and in
    /// manifests of versions that did not say it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ids: bool,
    /// The SHA-256 of all inputs of the letters, except the recipients' own texts.
    pub inputs: String,
}

/// A share of the recipients: every `count`th, starting at the `number`th.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// Which share this is, from 1.
    pub number: usize,
    /// How many shares there are.
    pub count: usize,
}

/// A letter that was made.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Made {
    /// Its number among all letters of the merge, from 1.
    pub number: usize,
    /// The id of the recipient, or the number of the row.
    pub recipient: String,
    /// The language.
    pub lang: String,
    /// The file in the first of the formats, relative to the folder of the manifest.
    pub file: String,
    /// The number of pages. Absent if no format has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<usize>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// The files in the other formats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// The SHA-256 of all its inputs.
    pub inputs: String,
}

/// A further file of a letter.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct Also {
    /// The file, relative to the folder of the manifest.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// A letter that was not made, because its recipient's row or the letter itself has an error.
#[derive(Debug, Clone, Eq, PartialEq, Serialize, Deserialize)]
pub(crate) struct LeftOut {
    /// Its number among all letters of the merge, from 1.
    pub number: usize,
    /// The id of the recipient, or the number of the row.
    pub recipient: String,
    /// The language, or what the row says instead.
    pub lang: String,
    /// Where the row is, and the codes of its problems: "members.csv:4: missing-glyph".
    #[serde(rename = "left-out")]
    pub reason: String,
}

/// A manifest as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    /// What all letters have in common.
    pub head: Head,
    /// The letters, in the order of the file.
    pub made: Vec<Made>,
    /// The letters that were not made.
    pub left_out: Vec<LeftOut>,
}

impl Made {
    /// Its files, each with its SHA-256.
    fn files(&self) -> impl Iterator<Item = (&String, &String)> {
        let also = self.also.iter().map(|also| (&also.file, &also.sha256));
        [(&self.file, &self.sha256)].into_iter().chain(also)
    }

    /// The names of its files.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files().map(|(file, _)| file.as_str())
    }

    /// Its first file that is not in a folder, byte for byte.
    pub(super) fn changed_in(&self, folder: &Path) -> Option<&str> {
        let is_there = |(file, sha256): &(&String, &String)| {
            let digest = |path: PathBuf| regular::sha256(&path, Links::Refused);
            path_in(folder, file).and_then(digest).is_some_and(|digest| digest == **sha256)
        };
        self.files().find(|file| !is_there(file)).map(|(file, _)| file.as_str())
    }

    /// Whether its files are in a folder, byte for byte.
    pub(super) fn is_in(&self, folder: &Path) -> bool {
        self.changed_in(folder).is_none()
    }
}

/// The path of a file in the folder of the manifest. `None` if the manifest, which may come from
/// anywhere, names a path that leaves the folder.
pub(super) fn path_in(folder: &Path, file: &str) -> Option<PathBuf> {
    let file = Path::new(file);
    let is_below = file.components().all(|part| matches!(part, Component::Normal(_)));
    is_below.then(|| folder.join(file))
}

impl Shard {
    /// Whether the recipient with this index belongs to the share.
    pub fn holds(self, index: usize) -> bool {
        index % self.count == self.number - 1
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, count)| {
            Some(Self { number: number.parse().ok()?, count: count.parse().ok()? })
        });
        let valid = parts.filter(|shard| (1..=shard.count).contains(&shard.number));
        valid.ok_or_else(|| format!("`{text}` is no share such as 2/4"))
    }
}

/// The name of a manifest. Each share has its own, so that all can be written to one folder; so
/// do drafts.
pub(crate) fn name(shard: Option<Shard>, draft: bool) -> String {
    let draft = draft_suffix(draft);
    match shard {
        Some(Shard { number, count }) => format!("manifest.{number}-of-{count}{draft}.jsonl"),
        None => format!("manifest{draft}.jsonl"),
    }
}

impl Manifest {
    /// Reads a manifest. A last line that was not written whole is ignored. `None` if there is no
    /// manifest, or its head cannot be read.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        // A merge of many letters has a manifest that is larger than any file a letter may name.
        let mut file = BufReader::new(regular::open(path, Links::Refused).ok()?);
        let mut lines = std::iter::from_fn(|| {
            let mut line = Vec::new();
            file.read_until(b'\n', &mut line).ok()?;
            line.ends_with(b"\n").then_some(line)
        });
        let head = serde_json::from_slice(&lines.next()?).ok()?;
        let (mut made, mut left_out) = (Vec::new(), Vec::new());
        for line in lines {
            match serde_json::from_slice(&line) {
                Ok(letter) => made.push(letter),
                Err(_) => left_out.extend(serde_json::from_slice::<LeftOut>(&line)),
            }
        }
        Some(Self { head, made, left_out })
    }

    /// The manifest as text, in the order of the letters.
    pub(crate) fn text(&self) -> String {
        let made = self.made.iter().map(|letter| (letter.number, line(letter)));
        let left_out = self.left_out.iter().map(|letter| (letter.number, line(letter)));
        let mut lines: Vec<(usize, String)> = made.chain(left_out).collect();
        lines.sort_by_key(|(number, _)| *number);
        let mut text = line(&self.head);
        text.extend(lines.into_iter().map(|(_, line)| line));
        text
    }

    /// The letters of an earlier merge that are still in `folder`: their files are unchanged, and
    /// were made from the same letter. The number of recipients may differ, because no letter prints
    /// it.
    pub(crate) fn done(&self, folder: &Path, head: &Head) -> Vec<Made> {
        fn made_of(head: &Head) -> [&str; 3] {
            [&head.undersigned, &head.letter, &head.inputs].map(String::as_str)
        }
        if made_of(&self.head) != made_of(head) {
            return Vec::new();
        }
        let there = |letter: &&Made| letter.is_in(folder);
        self.made.iter().filter(there).cloned().collect()
    }
}

fn line<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("texts and numbers are always JSON");
    format!("{json}\n")
}

/// A manifest that is written while letters are made.
pub(crate) struct Log {
    file: Mutex<File>,
}

impl Log {
    /// Begins a manifest with the letters that already exist. It is written whole before anything is
    /// appended, so that it can always be read.
    pub(crate) fn begin(path: &Path, manifest: &Manifest) -> Result<Self, Unwritten> {
        output::write(path, manifest.text().as_bytes())?;
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { file: Mutex::new(file) })
    }

    /// Adds a letter whose file was written, and returns it.
    pub(crate) fn add(&self, made: Made) -> io::Result<Made> {
        let (mut file, line) = (self.file.lock(), line(&made));
        output::expect_room(file.metadata()?.len() + line.len() as u64)?;
        file.write_all(line.as_bytes())?;
        Ok(made)
    }
}

/// The error for a file of all recipients that cannot be written, such as a manifest.
pub(super) fn unwritable(plan: &Plan, path: &Path, error: &Unwritten) -> Diagnostic {
    let message = output::unwritable(path, error);
    let problem = Diagnostic::new(Code::Write, plan.recipients_place.clone(), message);
    problem.hint_if(error.hint())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::digest::sha256;

    #[test]
    fn shares_are_disjoint_and_complete() {
        for count in 1..6 {
            for number in 0..40 {
                let holding =
                    (1..=count).filter(|share| Shard { number: *share, count }.holds(number));
                assert_eq!(holding.count(), 1);
            }
        }
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "x", "1/0", "1"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    /// A merge of 200,000 letters has such a manifest.
    #[test]
    fn a_manifest_may_be_larger_than_a_file_of_a_letter() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("manifest.jsonl");
        let head = r#"{"undersigned":"1","letter":"x","letters":2,"here":2,"inputs":"0"}"#;
        let of = |number: usize, name: &str| {
            format!(
                "{{\"number\":{number},\"recipient\":\"{name}\",\"lang\":\"en\",\"file\":\"a.pdf\",\
                 \"pages\":1,\"sha256\":\"0\",\"inputs\":\"0\"}}\n"
            )
        };
        let long = "x".repeat(65 << 20);
        std::fs::write(&path, format!("{head}\n{}{}", of(1, &long), of(2, "y"))).expect("a file");
        let manifest = Manifest::read(&path).expect("a manifest");
        let numbers: Vec<usize> = manifest.made.iter().map(|made| made.number).collect();
        assert_eq!(numbers, [1, 2]);
    }

    #[test]
    fn a_line_that_was_cut_off_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("manifest.jsonl");
        let head = Head {
            undersigned: "1".into(),
            letter: "x".into(),
            letters: 2,
            shard: None,
            here: 2,
            ids: false,
            inputs: "0".into(),
        };
        let made = Made {
            number: 1,
            recipient: "1".into(),
            lang: "en".into(),
            file: "a.pdf".into(),
            pages: Some(1),
            sha256: sha256(b"a"),
            also: Vec::new(),
            inputs: "0".into(),
        };
        std::fs::write(folder.path().join("a.pdf"), "a").expect("a file");
        let text = format!("{}{}{{\"number\":2,\"reci", line(&head), line(&made));
        std::fs::write(&path, text).expect("a file");
        let done = |head: &Head| {
            let manifest = Manifest::read(&path).expect("a manifest");
            manifest.done(folder.path(), head)
        };
        assert_eq!(done(&head), std::slice::from_ref(&made));
        // A file that was changed since is made again, and so is everything if the inputs change.
        let other = Head { inputs: "1".into(), ..head.clone() };
        assert_eq!(done(&other), []);
        // The number of recipients does not matter to a letter.
        let more = Head { letters: 3, here: 3, ..head.clone() };
        assert_eq!(done(&more), std::slice::from_ref(&made));
        std::fs::write(folder.path().join("a.pdf"), "b").expect("a file");
        assert_eq!(done(&head), []);
    }
}
