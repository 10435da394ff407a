//! The texts of a letter's files, for the excerpts in the preview: a line, or the source of a text on
//! a page.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use typst::syntax::FileId;

use crate::project::Project;
use crate::report::Reporter;
use crate::source::line_starts::LineStarts;

/// A place in a file, as it is shown to people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Source {
    /// The file, relative to the current folder.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one in characters.
    pub column: usize,
    /// The text at this place, or its beginning.
    pub text: String,
}

/// The maximum length of a text that is shown with its place, in characters.
const MAX_EXCERPT: usize = 160;

/// The texts of a letter's files, read once.
pub(crate) struct FileTexts<'f> {
    project: &'f Project,
    reporter: &'f Reporter,
    texts: HashMap<FileId, FileText>,
}

/// A file's text and where its lines begin.
pub(super) struct FileText {
    /// The path as it is shown to people. `None` for built-in files.
    path: Option<String>,
    text: String,
    is_list: bool,
    lines: LineStarts,
}

impl<'f> FileTexts<'f> {
    /// The texts of a letter's files, none of which has been read yet.
    pub(crate) fn new(project: &'f Project, reporter: &'f Reporter) -> Self {
        Self { project, reporter, texts: HashMap::new() }
    }

    /// A file, which is read when it is first requested.
    pub(super) fn get(&mut self, file: FileId) -> &FileText {
        let files = &self.project.files;
        self.texts.entry(file).or_insert_with(|| {
            let on_disk = files.path(file).is_some_and(|path| path.exists());
            let text = files.text_to_show(file);
            FileText {
                path: on_disk.then(|| self.reporter.path(files, file)),
                is_list: files.is_list(file),
                lines: LineStarts::of(&text),
                text,
            }
        })
    }
}

impl FileText {
    /// What is shown of a range: the line that it begins in, but of a list of people nothing else than
    /// the range.
    pub(super) fn excerpt(&self, range: &Range<usize>) -> &str {
        if self.is_list {
            return self.text.get(range.clone()).unwrap_or_default();
        }
        let start = self.lines.start(self.lines.line(range.start)).unwrap_or_default();
        self.text[start..].lines().next().unwrap_or_default()
    }

    /// The text of a range, and where it is. `None` for built-in files.
    pub(super) fn source(&self, range: &Range<usize>) -> Option<Source> {
        let line = self.lines.line(range.start);
        let before = self.text.get(self.lines.start(line)?..range.start)?;
        Some(Source {
            file: self.path.clone()?,
            line: line + 1,
            column: before.chars().count() + 1,
            text: shortened(self.text.get(range.clone())?),
        })
    }
}

/// The beginning of a text that is too long to show.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
