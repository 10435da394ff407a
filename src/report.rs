//! Shows problems to people and to programs.

pub mod code_table;
pub mod human;
pub mod sarif;
pub mod step_summary;

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;
use typst::syntax::FileId;

use crate::files::Files;
use crate::problems::{Diagnostic, Severity};
use crate::project::{Project, STANDARD_INPUT};
use crate::source::line_starts::LineStarts;
use crate::source::{Place, paths};
use crate::words::message::{Message, UiLanguage, say};

/// How problems are shown.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub enum MessageFormat {
    /// With the lines they are in
    #[default]
    Human,
    /// A line each
    Short,
    /// A JSON object a line each
    Json,
    /// A GitHub workflow command a line each, which shows it on the line of a pull request
    Github,
    /// One SARIF 2.1.0 log, for code hosts
    Sarif,
}

/// How problems are shown.
#[derive(Debug, Clone)]
pub struct Reporter {
    /// The format.
    pub format: MessageFormat,
    /// The language of the messages.
    pub language: UiLanguage,
    /// Whether the output can show colours.
    pub colour: bool,
    /// The width of the terminal in columns, or nothing where there is none.
    pub width: Option<usize>,
    /// The folder that paths are shown relative to.
    pub folder: PathBuf,
    /// The folder that a service which shows problems on their lines counts paths from.
    pub checkout: PathBuf,
    /// Where the problems of a whole run are written as SARIF as well.
    pub sarif: Option<PathBuf>,
}

/// The problems of one letter.
pub type LetterProblems<'o> = (&'o Project, &'o [Diagnostic]);

/// A place as people count it: lines and columns from one, columns in characters.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Position {
    pub line: usize,
    pub column: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    severity: &'static str,
    code: &'static str,
    message: &'d str,
    hints: Vec<&'d str>,
    file: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    letter: &'d str,
    lang: Option<String>,
}

impl Reporter {
    /// Shows the problems of some letters.
    pub fn report(&self, letters: &[LetterProblems<'_>], output: &mut dyn Write) -> io::Result<()> {
        if self.format == MessageFormat::Sarif {
            return writeln!(output, "{}", self.sarif(letters));
        }
        let base = match self.format {
            MessageFormat::Github => &self.checkout,
            _ => &self.folder,
        };
        for (project, diagnostics) in letters {
            let mut shown = Shown::new(self, project, base);
            for diagnostic in *diagnostics {
                match self.format {
                    MessageFormat::Human => shown.human(diagnostic, output)?,
                    MessageFormat::Short => shown.short(diagnostic, output)?,
                    MessageFormat::Json => shown.json(diagnostic, output)?,
                    MessageFormat::Github => shown.github(diagnostic, output)?,
                    MessageFormat::Sarif => {}
                }
            }
        }
        Ok(())
    }

    /// The problems of some letters as a SARIF log.
    pub fn sarif(&self, letters: &[LetterProblems<'_>]) -> String {
        let mut log = sarif::Results::new(self.language);
        for (project, diagnostics) in letters {
            let mut shown = Shown::new(self, project, &self.checkout);
            for diagnostic in *diagnostics {
                log.add(&mut shown, diagnostic);
            }
        }
        log.into_json()
    }

    /// The file, line and column of a place, as people know them.
    pub fn position(&self, project: &Project, place: &Place) -> (String, usize, usize) {
        let mut shown = Shown::new(self, project, &self.folder);
        let file = shown.file(place.file);
        let at = file.position(place.range.start);
        (file.name.clone(), at.line, at.column)
    }

    /// A path from the current folder, where it is below it or below the one that holds it.
    pub fn relative(&self, path: &Path) -> String {
        relative(&self.folder, path)
    }

    /// The path of a file as people know it: from the current folder.
    pub fn path(&self, files: &Files, file: FileId) -> String {
        path_from(&self.folder, files, file)
    }
}

/// The path of a file from a folder, where it is below it.
fn path_from(folder: &Path, files: &Files, file: FileId) -> String {
    let name = file.vpath().get_without_slash();
    if name.ends_with(STANDARD_INPUT) {
        return STANDARD_INPUT.to_owned();
    }
    match files.path(file) {
        Some(path) if path.exists() => relative(folder, &path),
        // A file that the program carries, which `parts.typ` may be below any root.
        _ if name.ends_with(".typ") => {
            format!("<undersigned>/{}", name.rsplit('/').next().unwrap_or(name))
        }
        Some(path) => relative(folder, &path),
        None => name.to_owned(),
    }
}

/// A path from a folder, where it is below it.
fn relative(folder: &Path, path: &Path) -> String {
    paths::shown(path.strip_prefix(folder).unwrap_or(path))
}

/// The files of a letter whose problems are shown.
pub(crate) struct Shown<'r> {
    pub reporter: &'r Reporter,
    project: &'r Project,
    base: &'r Path,
    files: HashMap<FileId, ShownFile>,
}

/// A file with problems.
pub(crate) struct ShownFile {
    /// What it is called for people.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// Where its lines begin.
    lines: LineStarts,
}

impl ShownFile {
    /// The line of an offset, counted from nought.
    pub fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }

    /// The bytes of some lines, counted from nought, without the end of the last.
    pub fn bytes_of_lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.lines.start(first).unwrap_or(self.text.len());
        let end = self.lines.start(last + 1).map_or(self.text.len(), |next| next - 1).max(start);
        let lines = &self.text[start..end];
        start..start + lines.strip_suffix('\r').unwrap_or(lines).len()
    }

    /// A stretch of the text that begins and ends between characters.
    pub fn range(&self, range: &Range<usize>) -> Range<usize> {
        let start = floor_char_boundary(&self.text, range.start);
        start..floor_char_boundary(&self.text, range.end).max(start)
    }

    fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let line = self.line(offset);
        let start = self.lines.start(line).unwrap_or_default();
        Position { line: line + 1, column: self.text[start..offset].chars().count() + 1 }
    }

    /// Where a stretch begins and ends.
    pub fn positions(&self, range: &Range<usize>) -> (Position, Position) {
        (self.position(range.start), self.position(range.end))
    }
}

impl<'r> Shown<'r> {
    fn new(reporter: &'r Reporter, project: &'r Project, base: &'r Path) -> Self {
        Self { reporter, project, base, files: HashMap::new() }
    }

    /// A file, which is read when it is asked for first.
    pub fn file(&mut self, file: FileId) -> &ShownFile {
        let (base, files) = (self.base, &self.project.files);
        self.files.entry(file).or_insert_with(|| {
            let text = files.text_to_show(file);
            let lines = LineStarts::of(&text);
            ShownFile { name: path_from(base, files, file), text, lines }
        })
    }

    /// A file that was asked for before.
    pub fn known(&self, file: FileId) -> Option<&ShownFile> {
        self.files.get(&file)
    }

    /// What the letter's own file is called.
    pub fn letter(&mut self) -> String {
        self.file(self.project.file).name.clone()
    }

    fn short(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        let language = self.reporter.language;
        let file = self.file(diagnostic.place.file);
        let at = file.position(diagnostic.place.range.start);
        let severity = severity_word(diagnostic.severity);
        writeln!(
            output,
            "{}:{}:{}: {}[{}]: {}",
            printable(&file.name),
            at.line,
            at.column,
            severity.get(language),
            diagnostic.code,
            printable(diagnostic.message.get(language)),
        )
    }

    fn github(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        let language = self.reporter.language;
        let mut text = diagnostic.message.get(language).to_owned();
        // An annotation has one place; the others are named in its text.
        for (place, message) in &diagnostic.related {
            let file = self.file(place.file);
            let at = file.position(place.range.start);
            text.push_str(&format!("\n{}:{}: {}", file.name, at.line, message.get(language)));
        }
        for hint in &diagnostic.hints {
            text.push_str(&format!("\n{}", hint.get(language)));
        }
        let file = self.file(diagnostic.place.file);
        let (start, end) = file.positions(&diagnostic.place.range);
        // GitHub takes columns only where the place is on one line.
        let columns = if start.line == end.line {
            format!(",col={},endColumn={}", start.column, end.column)
        } else {
            String::new()
        };
        writeln!(
            output,
            "::{} file={},line={},endLine={}{columns},title={}::{}",
            diagnostic.severity.as_str(),
            escape_property(&file.name),
            start.line,
            end.line,
            escape_property(diagnostic.code.as_str()),
            escape_data(&text),
        )
    }

    fn json(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        let language = self.reporter.language;
        let letter = self.letter();
        let file = self.file(diagnostic.place.file);
        let (start, end) = file.positions(&diagnostic.place.range);
        let object = JsonDiagnostic {
            severity: diagnostic.severity.as_str(),
            code: diagnostic.code.as_str(),
            message: diagnostic.message.get(language),
            hints: diagnostic.hints.iter().map(|hint| hint.get(language)).collect(),
            file: &file.name,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            letter: &letter,
            lang: diagnostic.lang.as_ref().map(ToString::to_string),
        };
        serde_json::to_writer(&mut *output, &object)?;
        writeln!(output)
    }
}

/// A text as GitHub's workflow commands take it: what would end or part the command is written in
/// per cent (actions/toolkit, `packages/core/src/command.ts`).
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text on one line, its control characters written out: what a stranger wrote must not speak to
/// the terminal, nor to the service that reads the messages.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// The word for a severity.
pub(crate) fn severity_word(severity: Severity) -> Message {
    match severity {
        Severity::Error => say!("error", "error"),
        Severity::Warning => say!("warning", "advertencia"),
    }
}

/// The nearest start of a character at or before an offset.
fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
