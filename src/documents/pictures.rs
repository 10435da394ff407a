//! The pictures of a document: which of them a letter can show, and under what names.

use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use typst::foundations::Bytes;

use crate::documents::Source;
use crate::documents::docx::shortened;
use crate::documents::model::{Block, Document, LeftOut, Run, Shown, caption, plain};
use crate::documents::package::{MAX_BYTES, Package};
use crate::files::MAX_FILE_BYTES;
use crate::files::regular::{self, Links};
use crate::letter::embedded::{self, Unprintable};
use crate::words::{Message, say};

/// The most pictures of a letter.
const MAX_PICTURES: usize = 200;

/// A picture that is copied beside the letter.
pub(crate) struct Picture {
    /// The name of its file.
    pub name: String,
    /// Its bytes.
    pub data: Bytes,
}

/// Finds the pictures of a document, gives them names beside those that are `known`, and leaves out what
/// no letter can show. All of them are left out for a letter that has pictures of its own. Returns those
/// that are not, each as often as it stands in the document.
pub(super) fn find(
    document: &mut Document,
    source: &Source,
    known: Option<&mut Vec<Picture>>,
) -> Vec<Shown> {
    let mut finder = Finder {
        source,
        package: Package::open(&source.name, &source.data).ok(),
        known,
        behind: Vec::new().into_iter(),
        found: Vec::new(),
        left_out: Vec::new(),
    };
    let mut captions = Vec::new();
    let has_captions = finder.known.is_some();
    for blocks in [&mut document.blocks].into_iter().chain(&mut document.notes) {
        let captions = has_captions.then_some(&mut captions);
        let mut behind = Vec::new();
        words_before(blocks, &mut String::new(), &mut behind);
        finder.behind = behind.into_iter();
        retain(blocks, &mut |shown| finder.name(shown), captions);
    }
    document.left_out.append(&mut finder.left_out);
    document.left_out.append(&mut captions);
    finder.found
}

/// Shows the pictures of some blocks one after another. One for which `keep` is false is taken out, and its
/// caption with it, if there is a place for that.
pub(super) fn retain(
    blocks: &mut Vec<Block>,
    keep: &mut dyn FnMut(&mut Shown) -> bool,
    mut captions: Option<&mut Vec<LeftOut>>,
) {
    // Whether the picture that the paragraph before ended with is gone.
    let mut is_gone = false;
    blocks.retain_mut(|block| {
        let was_gone = std::mem::take(&mut is_gone);
        match block {
            Block::Paragraph(runs) => {
                if let Some(captions) = captions.as_deref_mut()
                    && was_gone
                    && let Some(text) = caption(runs)
                {
                    let what = say!("the caption of a picture that is left out");
                    captions.push(LeftOut { what, text });
                    return false;
                }
                is_gone = retain_runs(runs, keep);
                return !runs.is_empty();
            }
            Block::Heading(_, runs) => {
                retain_runs(runs, keep);
            }
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flatten() {
                    retain_runs(cell, keep);
                }
            }
            Block::List { items, .. } => {
                for item in items {
                    retain(item, keep, captions.as_deref_mut());
                }
            }
            Block::Quote(inner) => retain(inner, keep, captions.as_deref_mut()),
            Block::Blank | Block::Code(_) | Block::Rule => {}
        }
        true
    });
}

/// The same for running text. Returns whether it ended with a picture that is gone.
fn retain_runs(runs: &mut Vec<Run>, keep: &mut dyn FnMut(&mut Shown) -> bool) -> bool {
    let mut is_gone = false;
    runs.retain_mut(|run| {
        is_gone = run.picture.as_mut().is_some_and(|shown| !keep(shown));
        !is_gone
    });
    is_gone
}

/// The text behind which each picture of some blocks stands, in the order of [`retain`].
fn words_before(blocks: &[Block], last: &mut String, all: &mut Vec<String>) {
    fn of_runs(runs: &[Run], last: &mut String, all: &mut Vec<String>) {
        for (at, run) in runs.iter().enumerate() {
            if run.picture.is_some() {
                let own = plain(&runs[..at]);
                all.push(if own.is_empty() { last.clone() } else { own });
            }
        }
        let text = plain(runs);
        if !text.is_empty() {
            *last = text;
        }
    }
    for block in blocks {
        match block {
            Block::Paragraph(runs) | Block::Heading(_, runs) => of_runs(runs, last, all),
            Block::Table(table) => {
                table.rows.iter().flatten().for_each(|cell| of_runs(cell, last, all));
            }
            Block::List { items, .. } => {
                for item in items {
                    words_before(item, last, all);
                }
            }
            Block::Quote(inner) => words_before(inner, last, all),
            Block::Code(_) | Block::Blank | Block::Rule => {}
        }
    }
}

struct Finder<'s> {
    source: &'s Source,
    package: Option<Package<'s>>,
    known: Option<&'s mut Vec<Picture>>,
    /// The text behind which each of the pictures stands that are still to come.
    behind: std::vec::IntoIter<String>,
    found: Vec<Shown>,
    left_out: Vec<LeftOut>,
}

impl Finder<'_> {
    /// Gives a picture its name. Returns whether a letter can show it.
    fn name(&mut self, shown: &mut Shown) -> bool {
        let behind = self.behind.next().unwrap_or_default();
        match self.named(&shown.path) {
            Ok(name) => {
                shown.path = name;
                self.found.push(shown.clone());
                true
            }
            Err(what) => {
                // What a part of the document is called, nobody knows who wrote it.
                let is_inner = self.package.is_some() || shown.path.starts_with("data:");
                let name = if is_inner { "" } else { &shown.path };
                let text = [shown.alt.as_str(), name].join(" ").trim().to_owned();
                let what = match (text.is_empty(), behind.is_empty()) {
                    (false, _) => what,
                    (true, true) => say!("{what}, at the beginning", what),
                    (true, false) => {
                        say!("{what}, after “{words}”", what, words = shortened(&behind))
                    }
                };
                self.left_out.push(LeftOut { what, text });
                false
            }
        }
    }

    /// The name that a picture has beside the letter, or why it has none.
    fn named(&mut self, path: &str) -> Result<String, Message> {
        if self.known.is_none() {
            return Err(say!("a picture"));
        }
        let data = Bytes::new(self.data(path)?);
        if let Some(why) = embedded::unprintable(&data) {
            return Err(match why {
                Unprintable::NoPicture => {
                    say!(
                        "a picture that is neither SVG nor PNG, JPEG or WebP: save it as one of them"
                    )
                }
                Unprintable::Html => say!("a picture with HTML in it, which cannot be printed"),
                Unprintable::Size(wrong) => say!("a picture that is too large: {wrong}", wrong),
                Unprintable::Damaged => say!("a damaged picture"),
            });
        }
        let Some(known) = &mut self.known else { return Err(say!("a picture")) };
        if let Some(same) = known.iter().find(|same| same.data == data) {
            return Ok(same.name.clone());
        }
        if known.len() >= MAX_PICTURES {
            return Err(say!("a picture beyond the first {most}", most = MAX_PICTURES));
        }
        let size: u64 = known.iter().map(|one| one.data.len() as u64).sum();
        if size + data.len() as u64 > MAX_BYTES {
            let most = MAX_BYTES >> 20;
            return Err(say!("a picture that makes more than {most} MiB with the others", most));
        }
        let ending = ending(&data);
        let name = format!("picture-{}.{ending}", known.len() + 1);
        known.push(Picture { name: name.clone(), data });
        Ok(name)
    }

    /// The bytes of a picture: in the document, or in a file below its folder.
    fn data(&mut self, path: &str) -> Result<Vec<u8>, Message> {
        let absent = || say!("a picture that is not in the document");
        if let Some(package) = &mut self.package {
            return package.bytes(path)?.ok_or_else(absent);
        }
        if let Some(data) = path.strip_prefix("data:") {
            let encoded = data.split_once(";base64,").map(|(_, encoded)| encoded);
            let bare: String =
                encoded.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
            return STANDARD.decode(bare).map_err(|_| absent());
        }
        let file = self.source.folder.as_deref().and_then(|folder| below(folder, path));
        let file =
            file.ok_or_else(|| say!("a picture that is not in a file beside the document"))?;
        regular::read(&file, Links::Refused, MAX_FILE_BYTES).map_err(|reason| {
            say!("a picture whose file cannot be read: {reason}", reason = reason.message(path))
        })
    }
}

/// The file that a relative address leads to, if it is below a folder and no folder on the way is a link.
fn below(folder: &Path, address: &str) -> Option<PathBuf> {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8().ok()?;
    let path = Path::new(&*decoded);
    let mut file = folder.to_path_buf();
    for part in path.components() {
        match part {
            Component::Normal(name) => file.push(name),
            Component::CurDir => continue,
            _ => return None,
        }
        if file.symlink_metadata().ok()?.is_symlink() {
            return None;
        }
    }
    (file != folder && !decoded.contains([':', '\\'])).then_some(file)
}

/// How the name of a file ends that holds a picture.
fn ending(data: &[u8]) -> &'static str {
    match data {
        [0x89, ..] => "png",
        [0xFF, ..] => "jpg",
        [b'R', ..] => "webp",
        _ => "svg",
    }
}
