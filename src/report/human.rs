//! Problems for people: each with the lines that it is in.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use typst::syntax::FileId;

use crate::problems::{Diagnostic, Severity};
use crate::report::severity_word;
use crate::report::shown::{Shown, ShownFile};
use crate::report::streams::printable;
use crate::words::{Message, say};

/// The maximum number of lines between two places of a file that share an excerpt. An excerpt is
/// rendered whole for each problem, so it must not cover a whole long list.
const MAX_GAP: usize = 300;

/// The maximum length in bytes of a line of which an excerpt is shown.
const MAX_LINE: usize = 1 << 14;

/// The columns taken by line numbers and symbols before a text, except in very long files.
const GUTTER: usize = 9;

/// The width assumed if the output is not a terminal.
const USUAL_WIDTH: usize = 100;

/// A place to show, with its relation to the problem.
struct Annotation {
    range: Range<usize>,
    kind: AnnotationKind,
    label: Option<String>,
}

/// Writes a problem with the lines it is in, and those of its related places.
pub(crate) fn write(
    shown: &mut Shown<'_>,
    diagnostic: &Diagnostic,
    output: &mut dyn Write,
) -> io::Result<()> {
    // The places in one file are shown together, starting with the file of the problem.
    let mut files: Vec<FileId> = vec![diagnostic.place.file];
    for (place, _) in &diagnostic.related {
        if !files.contains(&place.file) {
            files.push(place.file);
        }
    }
    for file in &files {
        shown.file(*file);
    }
    let (language, width) = (shown.reporter.language, shown.reporter.width);
    let (mut elements, notes) = shown.excerpts_and_notes(diagnostic, &files);
    let (note, hint) = (say!("note").get(language), say!("hint").get(language));
    elements.extend(shown.messages(&Level::NOTE, &note, &notes));
    elements.extend(shown.messages(&Level::HELP, &hint, &diagnostic.hints));
    let word = severity_word(diagnostic.severity);
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let level = level.with_name(word.get(language));
    let title = printable(&diagnostic.message.get(language));
    let title = level.primary_title(title).id(diagnostic.code.as_str());
    let group = Group::with_title(title).elements(elements);
    let renderer = if shown.reporter.colour { Renderer::styled() } else { Renderer::plain() };
    let text = renderer.term_width(width.unwrap_or(USUAL_WIDTH)).render(&[group]);
    let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
    if let Some(width) = width {
        let options = textwrap::Options::new(width).subsequent_indent("  ");
        writeln!(output, "{}\n{rest}\n", textwrap::fill(title, options))
    } else {
        writeln!(output, "{text}\n")
    }
}

impl Shown<'_> {
    /// The lines of these files with the places of a problem underlined, and as notes the labels that
    /// do not fit the terminal.
    fn excerpts_and_notes(
        &self,
        diagnostic: &Diagnostic,
        files: &[FileId],
    ) -> (Vec<Element<'_>>, Vec<Message>) {
        let language = self.reporter.language;
        let (mut elements, mut notes) = (Vec::new(), Vec::new());
        for (id, file) in files.iter().filter_map(|id| Some((*id, self.known(*id)?))) {
            let primary = (diagnostic.place.file == id).then(|| Annotation {
                range: self.cut(file, file.range(&diagnostic.place.range)),
                kind: AnnotationKind::Primary,
                label: None,
            });
            let related = diagnostic.related.iter().filter(|(place, _)| place.file == id);
            let related = related.map(|(place, message)| {
                let range = file.range(&place.range);
                let label = printable(&message.get(language));
                let label = if self.fits(file, &range, &label) {
                    Some(label)
                } else {
                    let line = file.line(range.start) + 1;
                    notes.push(if id == diagnostic.place.file {
                        say!("line {line}: {label}", line, label)
                    } else {
                        let name = printable(&file.name);
                        say!("{name}:{line}: {label}", name, line, label)
                    });
                    None
                };
                let range = self.cut(file, range);
                Annotation { range, kind: AnnotationKind::Context, label }
            });
            elements.extend(excerpts(file, primary.into_iter().chain(related).collect()));
        }
        (elements, notes)
    }

    /// Messages below the excerpts, each after a word such as "hint".
    fn messages<'m>(
        &self,
        level: &Level<'m>,
        word: &'m str,
        messages: &[Message],
    ) -> Vec<Element<'m>> {
        let message = |message: &Message| {
            // What is to be pasted has lines of its own.
            let text = message.get(self.reporter.language);
            let lines =
                text.lines().map(|line| self.wrapped(&printable(line), word.len() + GUTTER));
            let text = lines.collect::<Vec<_>>().join("\n");
            level.clone().with_name(word).message(text).into()
        };
        messages.iter().map(message).collect()
    }

    /// A text wrapped to fit the terminal.
    fn wrapped(&self, text: &str, indent: usize) -> String {
        match self.reporter.width {
            Some(width) => textwrap::wrap(text, width.saturating_sub(indent).max(20)).join("\n"),
            None => text.to_owned(),
        }
    }

    /// A range cut so that its underline fits the terminal. The rest of its line is then left out.
    fn cut(&self, file: &ShownFile, range: Range<usize>) -> Range<usize> {
        let text = &file.text[range.clone()];
        let room = self.reporter.width.map(|width| width.saturating_sub(GUTTER + GUTTER).max(20));
        match room.and_then(|room| text.char_indices().nth(room)) {
            Some((end, _)) if !text.contains('\n') => range.start..range.start + end,
            _ => range,
        }
    }

    /// Whether there is room for a label after the end of a place.
    fn fits(&self, file: &ShownFile, range: &Range<usize>, label: &str) -> bool {
        let Some(width) = self.reporter.width else { return true };
        let column = file.positions(range).1.column;
        column + GUTTER + textwrap::core::display_width(label) <= width
    }
}

/// The lines of a file that have annotations. Annotations near one another share an excerpt.
fn excerpts(file: &ShownFile, annotations: Vec<Annotation>) -> Vec<Element<'_>> {
    // The first annotation of a file is shown first, whatever its line.
    let mut near: Vec<Vec<Annotation>> = Vec::new();
    for annotation in annotations {
        let line = file.line(annotation.range.start);
        let same = near.iter_mut().find(|shared| {
            shared.iter().any(|other| file.line(other.range.start).abs_diff(line) <= MAX_GAP)
        });
        match same {
            Some(shared) => shared.push(annotation),
            None => near.push(vec![annotation]),
        }
    }
    near.into_iter().map(|annotations| excerpt(file, annotations)).collect()
}

fn excerpt(file: &ShownFile, annotations: Vec<Annotation>) -> Element<'_> {
    let last_byte = |range: &Range<usize>| range.end.saturating_sub(1).max(range.start);
    let first = annotations.iter().map(|a| file.line(a.range.start)).min().unwrap_or_default();
    let last = annotations.iter().map(|a| file.line(last_byte(&a.range))).max().unwrap_or(first);
    let bytes = file.bytes_of_lines(first, last);
    if file.text[bytes.clone()].split('\n').any(|line| line.len() > MAX_LINE) {
        // Nobody finds a place in such a line, and looking for it takes long.
        let start = annotations.first().map_or(bytes.start, |first| first.range.start);
        let (position, _) = file.positions(&(start..start));
        let origin = Origin::path(printable(&file.name)).line(position.line);
        return origin.char_column(position.column).into();
    }
    let inside = |at: usize| at.clamp(bytes.start, bytes.end) - bytes.start;
    let annotations = annotations.into_iter().map(|Annotation { range, kind, label }| {
        let annotation = kind.span(inside(range.start)..inside(range.end));
        match label {
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
