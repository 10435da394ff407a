//! Shows problems to people and to programs.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use serde::Serialize;
use typst::syntax::FileId;

use crate::args::MessageFormat;
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::files::Files;
use crate::message::{Message, UiLanguage, say};
use crate::project::{Project, STANDARD_INPUT};

/// How problems are shown.
pub struct Reporter {
    /// The format.
    pub format: MessageFormat,
    /// The language of the messages.
    pub language: UiLanguage,
    /// Whether the output can show colours.
    pub colour: bool,
    /// The width of the output in columns.
    pub width: usize,
    /// The folder that paths are shown relative to.
    pub folder: PathBuf,
}

/// A place as people count it: lines and columns from one, columns in characters.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
struct Position {
    line: usize,
    column: usize,
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
    /// Shows the problems of one letter.
    pub fn report(
        &self,
        project: &Project,
        diagnostics: &[Diagnostic],
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let mut shown = Shown { reporter: self, files: &project.files, texts: HashMap::new() };
        for diagnostic in diagnostics {
            match self.format {
                MessageFormat::Human => shown.human(diagnostic, output)?,
                MessageFormat::Short => shown.short(diagnostic, output)?,
                MessageFormat::Json => shown.json(project, diagnostic, output)?,
                MessageFormat::Github => shown.github(diagnostic, output)?,
            }
        }
        Ok(())
    }

    /// The path of a file as people know it: from the current folder.
    pub fn path(&self, files: &Files, file: FileId) -> String {
        let name = file.vpath().get_without_slash();
        if name.ends_with(STANDARD_INPUT) {
            return STANDARD_INPUT.to_owned();
        }
        match files.path(file) {
            Some(path) if path.exists() => self.relative(&path),
            // A file that the program carries, which `parts.typ` may be below any root.
            _ if name.ends_with(".typ") => {
                format!("<undersigned>/{}", name.rsplit('/').next().unwrap_or(name))
            }
            Some(path) => self.relative(&path),
            None => name.to_owned(),
        }
    }

    /// A path from the current folder, where it is below it or below the one that holds it.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.folder).unwrap_or(path).display().to_string()
    }
}

/// The files of a letter whose problems are shown.
struct Shown<'r> {
    reporter: &'r Reporter,
    files: &'r Files,
    texts: HashMap<FileId, (String, String)>,
}

impl Shown<'_> {
    fn load(&mut self, file: FileId) {
        let (reporter, files) = (self.reporter, self.files);
        self.texts
            .entry(file)
            .or_insert_with(|| (reporter.path(files, file), files.text_to_show(file)));
    }

    fn name(&self, file: FileId) -> &str {
        self.texts.get(&file).map_or("", |(name, _)| name)
    }

    fn text(&self, file: FileId) -> &str {
        self.texts.get(&file).map_or("", |(_, text)| text)
    }

    /// Lines end with a line feed, as editors count them.
    fn position(&self, file: FileId, offset: usize) -> Position {
        let text = self.text(file);
        let before = &text[..floor_char_boundary(text, offset)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn human(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        let language = self.reporter.language;
        let places = std::iter::once(&diagnostic.place)
            .chain(diagnostic.related.iter().map(|(place, _)| place));
        for place in places {
            self.load(place.file);
        }
        let word = severity_word(diagnostic.severity);
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let level = level.with_name(word.get(language));
        let title =
            level.primary_title(diagnostic.message.get(language)).id(diagnostic.code.as_str());
        // The places of one file are shown together, the file with the problem first.
        let mut files: Vec<FileId> = vec![diagnostic.place.file];
        for (place, _) in &diagnostic.related {
            if !files.contains(&place.file) {
                files.push(place.file);
            }
        }
        let mut elements: Vec<Element<'_>> = Vec::new();
        for file in files {
            let text = self.text(file);
            let range = |place: &Place| {
                let start = floor_char_boundary(text, place.range.start);
                start..floor_char_boundary(text, place.range.end).max(start)
            };
            let primary = (diagnostic.place.file == file)
                .then(|| AnnotationKind::Primary.span(range(&diagnostic.place)));
            let related = diagnostic.related.iter().filter(|(place, _)| place.file == file);
            let related = related.map(|(place, message)| {
                let label = printable(message.get(language));
                AnnotationKind::Context.span(range(place)).label(label)
            });
            let snippet = Snippet::source(text)
                .path(printable(self.name(file)))
                .annotations(primary.into_iter().chain(related));
            elements.push(snippet.into());
        }
        let hint_word = say!("hint", "sugerencia");
        for hint in &diagnostic.hints {
            let level = Level::HELP.with_name(hint_word.get(language));
            elements.push(level.message(hint.get(language).to_owned()).into());
        }
        let group = Group::with_title(title).elements(elements);
        let renderer = if self.reporter.colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(self.reporter.width);
        writeln!(output, "{}\n", renderer.render(&[group]))
    }

    fn short(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        self.load(diagnostic.place.file);
        let language = self.reporter.language;
        let file = printable(self.name(diagnostic.place.file));
        let at = self.position(diagnostic.place.file, diagnostic.place.range.start);
        let severity = severity_word(diagnostic.severity);
        writeln!(
            output,
            "{file}:{}:{}: {}[{}]: {}",
            at.line,
            at.column,
            severity.get(language),
            diagnostic.code,
            printable(diagnostic.message.get(language)),
        )
    }

    fn github(&mut self, diagnostic: &Diagnostic, output: &mut dyn Write) -> io::Result<()> {
        self.load(diagnostic.place.file);
        let language = self.reporter.language;
        let Place { file, range } = &diagnostic.place;
        let (start, end) = (self.position(*file, range.start), self.position(*file, range.end));
        let mut text = diagnostic.message.get(language).to_owned();
        for hint in &diagnostic.hints {
            text.push_str(&format!("\n{}", hint.get(language)));
        }
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
            escape_property(self.name(*file)),
            start.line,
            end.line,
            escape_property(diagnostic.code.as_str()),
            escape_data(&text),
        )
    }

    fn json(
        &mut self,
        project: &Project,
        diagnostic: &Diagnostic,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        self.load(diagnostic.place.file);
        let language = self.reporter.language;
        let Place { file, range } = &diagnostic.place;
        let (start, end) = (self.position(*file, range.start), self.position(*file, range.end));
        let letter = self.reporter.path(self.files, project.file);
        let object = JsonDiagnostic {
            severity: diagnostic.severity.as_str(),
            code: diagnostic.code.as_str(),
            message: diagnostic.message.get(language),
            hints: diagnostic.hints.iter().map(|hint| hint.get(language)).collect(),
            file: self.name(*file),
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
fn severity_word(severity: Severity) -> Message {
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
