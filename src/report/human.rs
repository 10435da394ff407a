//! Problems for people: each with the lines it is in.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};
use typst::syntax::FileId;

use crate::problems::{Diagnostic, Severity};
use crate::report::{Shown, ShownFile, printable, severity_word};
use crate::words::message::say;

/// How many lines two places of a file may be apart to be shown in one excerpt. What renders an excerpt
/// reads all of it for each problem, so that an excerpt must not be the whole of a long list.
const MAX_GAP: usize = 300;

/// The columns that line numbers and signs take before a text, but for those of a very long file.
const GUTTER: usize = 9;

/// The width that is reckoned with where the output is no terminal.
const USUAL_WIDTH: usize = 100;

/// A place to show, with what it has to do with the problem.
struct Mark {
    range: Range<usize>,
    kind: AnnotationKind,
    label: Option<String>,
}

impl Shown<'_> {
    /// Shows a problem with the lines it is in, and those of the places that belong to it.
    pub(crate) fn human(
        &mut self,
        diagnostic: &Diagnostic,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let language = self.reporter.language;
        // The places of one file are shown together, the file with the problem first.
        let mut files: Vec<FileId> = vec![diagnostic.place.file];
        for (place, _) in &diagnostic.related {
            if !files.contains(&place.file) {
                files.push(place.file);
            }
        }
        for file in &files {
            self.file(*file);
        }
        let mut elements: Vec<Element<'_>> = Vec::new();
        let mut notes = Vec::new();
        for (id, file) in files.iter().filter_map(|id| Some((*id, self.known(*id)?))) {
            let primary = (diagnostic.place.file == id).then(|| Mark {
                range: self.cut(file, file.range(&diagnostic.place.range)),
                kind: AnnotationKind::Primary,
                label: None,
            });
            let related = diagnostic.related.iter().filter(|(place, _)| place.file == id);
            let related = related.map(|(place, message)| {
                let range = file.range(&place.range);
                let label = printable(message.get(language));
                // A label stands behind its line. Where there is no room for it, it follows below.
                let label = if self.fits(file, &range, &label) {
                    Some(label)
                } else {
                    let line = file.line(range.start) + 1;
                    notes.push(if id == diagnostic.place.file {
                        say!("line {line}: {label}", "línea {line}: {label}")
                    } else {
                        let name = printable(&file.name);
                        say!("{name}:{line}: {label}", "{name}:{line}: {label}")
                    });
                    None
                };
                Mark { range: self.cut(file, range), kind: AnnotationKind::Context, label }
            });
            elements.extend(excerpts(file, primary.into_iter().chain(related).collect()));
        }
        let note_word = say!("note", "nota");
        for note in &notes {
            let (name, text) = (note_word.get(language), note.get(language));
            let level = Level::NOTE.with_name(name);
            elements.push(level.message(self.wrapped(text, name.len() + GUTTER)).into());
        }
        let hint_word = say!("hint", "sugerencia");
        for hint in &diagnostic.hints {
            let (name, text) = (hint_word.get(language), hint.get(language));
            let level = Level::HELP.with_name(name);
            elements.push(level.message(self.wrapped(text, name.len() + GUTTER)).into());
        }
        let word = severity_word(diagnostic.severity);
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let level = level.with_name(word.get(language));
        let title =
            level.primary_title(diagnostic.message.get(language)).id(diagnostic.code.as_str());
        let group = Group::with_title(title).elements(elements);
        let renderer = if self.reporter.colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(self.reporter.width.unwrap_or(USUAL_WIDTH));
        let text = renderer.render(&[group]);
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        if let Some(width) = self.reporter.width {
            let options = textwrap::Options::new(width).subsequent_indent("  ");
            writeln!(output, "{}\n{rest}\n", textwrap::fill(title, options))
        } else {
            writeln!(output, "{text}\n")
        }
    }

    /// A text that is broken into lines where it would not fit the terminal.
    fn wrapped(&self, text: &str, indent: usize) -> String {
        match self.reporter.width {
            Some(width) => textwrap::wrap(text, width.saturating_sub(indent).max(20)).join("\n"),
            None => text.to_owned(),
        }
    }

    /// A stretch that is wider than the terminal, cut down so that what underlines it fits. The rest of
    /// its line is left out then.
    fn cut(&self, file: &ShownFile, range: Range<usize>) -> Range<usize> {
        let text = &file.text[range.clone()];
        let room = self.reporter.width.map(|width| width.saturating_sub(GUTTER + GUTTER).max(20));
        match room.and_then(|room| text.char_indices().nth(room)) {
            Some((end, _)) if !text.contains('\n') => range.start..range.start + end,
            _ => range,
        }
    }

    /// Whether there is room for a label behind the end of a place.
    fn fits(&self, file: &ShownFile, range: &Range<usize>, label: &str) -> bool {
        let Some(width) = self.reporter.width else { return true };
        let column = file.positions(range).1.column;
        column + GUTTER + textwrap::core::display_width(label) <= width
    }
}

/// The lines of a file that have marks. Marks that are near one another share an excerpt.
fn excerpts(file: &ShownFile, marks: Vec<Mark>) -> Vec<Element<'_>> {
    // The first of a file is shown first, whatever comes before it in the file.
    let mut near: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        let line = file.line(mark.range.start);
        let same = near.iter_mut().find(|marks| {
            marks.iter().any(|other| file.line(other.range.start).abs_diff(line) <= MAX_GAP)
        });
        match same {
            Some(marks) => marks.push(mark),
            None => near.push(vec![mark]),
        }
    }
    near.into_iter().map(|marks| excerpt(file, marks)).collect()
}

fn excerpt(file: &ShownFile, marks: Vec<Mark>) -> Element<'_> {
    let last_byte = |range: &Range<usize>| range.end.saturating_sub(1).max(range.start);
    let first = marks.iter().map(|mark| file.line(mark.range.start)).min().unwrap_or_default();
    let last = marks.iter().map(|mark| file.line(last_byte(&mark.range))).max().unwrap_or(first);
    let bytes = file.bytes_of_lines(first, last);
    let inside = |at: usize| at.clamp(bytes.start, bytes.end) - bytes.start;
    let annotations = marks.into_iter().map(|mark| {
        let annotation = mark.kind.span(inside(mark.range.start)..inside(mark.range.end));
        match mark.label {
            Some(label) => annotation.label(label),
            None => annotation,
        }
    });
    let snippet = Snippet::source(&file.text[bytes.clone()])
        .line_start(first + 1)
        .path(printable(&file.name))
        .annotations(annotations.collect::<Vec<_>>());
    snippet.into()
}
