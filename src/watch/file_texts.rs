//! The texts of a letter's files, for the excerpts in the preview: the lines of a problem, or the source
//! of a text on a page.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

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

/// What is shown of a line, so that a problem in it is seen where it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ExcerptLine {
    /// The number of the line, counted from one.
    pub line: usize,
    /// The text before the problem.
    pub before: String,
    /// The text that the problem is about. Empty if something is missing here.
    pub marked: String,
    /// The text after it.
    pub after: String,
}

/// The maximum length of a text that is shown with its place, in characters.
const MAX_EXCERPT: usize = 160;

/// The maximum number of lines in the excerpt of a problem.
const MAX_LINES: usize = 3;

/// How much of a line is shown before a problem, of the problem, and of the line as a whole, in
/// characters: a paragraph is a single line of hundreds, and nobody would find the problem in it.
const MAX_BEFORE: usize = 24;
const MAX_MARKED: usize = 48;
const MAX_LINE: usize = 72;

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
    /// The lines that a range is in, and what is around it; but of a list of people nothing else than
    /// the range.
    pub(super) fn excerpt(&self, range: &Range<usize>) -> Vec<ExcerptLine> {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.floor_char_boundary(range.end).max(start);
        let lines = self.lines_of(&(start..end)).take(MAX_LINES);
        let line = |line: usize| {
            let begin = self.lines.start(line)?;
            let text = self.text[begin..].split('\n').next()?.trim_end_matches('\r');
            let inside = |at: usize| at.clamp(begin, begin + text.len()) - begin;
            let (start, end) = (inside(start), inside(end));
            let (before, after) = match self.is_list {
                true => ("", ""),
                false => (&text[..start], &text[end..]),
            };
            let (before, marked) = (the_end(before), beginning(&text[start..end], MAX_MARKED));
            let taken = before.chars().count() + marked.chars().count();
            let after = beginning(after, MAX_LINE.saturating_sub(taken));
            Some(ExcerptLine { line: line + 1, before, marked, after })
        };
        lines.filter_map(line).collect()
    }

    /// The numbers of the lines that a range is in, counted from zero.
    pub(super) fn lines_of(&self, range: &Range<usize>) -> RangeInclusive<usize> {
        let last = range.end.saturating_sub(1).max(range.start);
        self.lines.line(range.start)..=self.lines.line(last)
    }

    /// The text of a range. Empty if there is none.
    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// The text of a range, and where it is. `None` for built-in files.
    pub(super) fn source(&self, range: &Range<usize>) -> Option<Source> {
        let line = self.lines.line(range.start);
        let before = self.text.get(self.lines.start(line)?..range.start)?;
        Some(Source {
            file: self.path.clone()?,
            line: line + 1,
            column: before.chars().count() + 1,
            text: beginning(self.text.get(range.clone())?, MAX_EXCERPT),
        })
    }
}

/// A text, or its beginning if it is longer than this many characters.
fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What is before a problem, or the end of it if it is long.
fn the_end(text: &str) -> String {
    match text.char_indices().nth_back(MAX_BEFORE) {
        Some((before, c)) => format!("…{}", &text[before + c.len_utf8()..]),
        None => text.to_owned(),
    }
}
