//! Files as messages show them: their names, and the lines and columns of places in them.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use typst::syntax::FileId;

use crate::files::Files;
use crate::project::{Project, STANDARD_INPUT};
use crate::report::Reporter;
use crate::source::line_starts::{LineStarts, Position};
use crate::source::paths;

/// The files of a letter whose problems are shown.
pub(crate) struct Shown<'r> {
    pub reporter: &'r Reporter,
    project: &'r Project,
    /// The folder that paths are relative to.
    folder: &'r Path,
    files: HashMap<FileId, ShownFile>,
}

/// A file with problems.
pub(crate) struct ShownFile {
    /// The path as it is shown to people.
    pub name: String,
    /// The content.
    pub text: String,
    /// Whether it is a list of people, of which only what a problem is about is shown.
    pub is_list: bool,
    /// The name of the sheet, if it is a workbook.
    pub sheet: Option<String>,
    lines: LineStarts,
}

impl<'r> Shown<'r> {
    /// The files of a letter, with paths relative to a folder. None has been read yet.
    pub(crate) fn new(reporter: &'r Reporter, project: &'r Project, folder: &'r Path) -> Self {
        Self { reporter, project, folder, files: HashMap::new() }
    }

    /// A file, which is read when it is first requested.
    pub(crate) fn file(&mut self, file: FileId) -> &ShownFile {
        let (folder, files) = (self.folder, &self.project.files);
        self.files.entry(file).or_insert_with(|| {
            let text = files.text_to_show(file);
            let lines = LineStarts::of(&text);
            let is_list = files.is_list(file);
            let sheet = files.sheet(file).map(|sheet| sheet.name);
            ShownFile { name: path_from(folder, files, file), text, is_list, sheet, lines }
        })
    }

    /// A file that was requested before.
    pub(crate) fn known(&self, file: FileId) -> Option<&ShownFile> {
        self.files.get(&file)
    }

    /// The path of the letter's own file.
    pub(crate) fn letter(&mut self) -> String {
        self.file(self.project.file).name.clone()
    }
}

impl ShownFile {
    /// The line of an offset, counted from zero.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }

    /// The bytes of some lines, counted from zero, without the end of the last.
    pub(crate) fn bytes_of_lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.lines.start(first).unwrap_or(self.text.len());
        let end = self.lines.start(last + 1).map_or(self.text.len(), |next| next - 1).max(start);
        let lines = &self.text[start..end];
        start..start + lines.strip_suffix('\r').unwrap_or(lines).len()
    }

    /// A range of the text, adjusted to character boundaries.
    pub(crate) fn range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(range.start);
        start..self.text.floor_char_boundary(range.end).max(start)
    }

    /// Where a range begins and ends.
    pub(crate) fn positions(&self, range: &Range<usize>) -> (Position, Position) {
        (self.position(range.start), self.position(range.end))
    }

    fn position(&self, offset: usize) -> Position {
        let mut position = self.lines.position(&self.text, offset);
        if self.sheet.is_some() {
            position.column = self.cell_column(offset);
        }
        position
    }

    /// The column of a sheet that an offset is in, counted from one.
    fn cell_column(&self, offset: usize) -> usize {
        let start = self.lines.start(self.line(offset)).unwrap_or_default();
        self.text.get(start..offset).unwrap_or_default().matches('\t').count() + 1
    }

    /// The cell of a sheet that an offset is in, such as "B3", and the name of the sheet.
    pub(crate) fn cell(&self, offset: usize) -> Option<(String, &str)> {
        let sheet = self.sheet.as_deref()?;
        let mut letters = Vec::new();
        let mut column = self.cell_column(offset);
        while column > 0 {
            letters.push(char::from(b'A' + ((column - 1) % 26) as u8));
            column = (column - 1) / 26;
        }
        let letters: String = letters.into_iter().rev().collect();
        Some((format!("{letters}{}", self.line(offset) + 1), sheet))
    }
}

/// The path of a file relative to a folder, if it is below it.
pub(crate) fn path_from(folder: &Path, files: &Files, file: FileId) -> String {
    let name = file.vpath().get_without_slash();
    if name.ends_with(STANDARD_INPUT) {
        return STANDARD_INPUT.to_owned();
    }
    match files.path(file) {
        Some(path) if path.exists() => relative(folder, &path),
        // A built-in file. A letter's own template may import `parts.typ` from any folder.
        _ if name.ends_with(".typ") => {
            format!("<undersigned>/{}", name.rsplit('/').next().unwrap_or(name))
        }
        Some(path) => relative(folder, &path),
        None => name.to_owned(),
    }
}

/// A path relative to a folder, if it is below it.
pub(crate) fn relative(folder: &Path, path: &Path) -> String {
    paths::shown(path.strip_prefix(folder).unwrap_or(path))
}
