//! Problems for people: each with the lines that it is in.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use typst::syntax::FileId;

use crate::problems::{Code, Diagnostic, Severity};
use crate::report::shown::{Shown, ShownFile};
use crate::report::streams::printable;
use crate::report::{LetterProblems, Reporter, severity_word, short};
use crate::source::Place;
use crate::words::{self, Message, Number, say};

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

/// The maximum number of problems of one kind in one file that are shown. Nobody reads more.
const MAX_ALIKE: usize = 10;

/// How many of these are shown with their lines, if there are more. The others take a line each.
const WITH_LINES: usize = 2;

/// The maximum number of related places whose lines are shown. The others are listed.
const MAX_RELATED: usize = 4;

/// The same if all problems are shown.
const MAX_RELATED_OF_ALL: usize = 100;

/// The maximum number of related places that are listed, unless all problems are shown.
const MAX_LISTED: usize = 20;

/// Writes the problems of some letters: warnings first, so that an error is not lost among them; only some
/// of each kind; and if there are more, how many of each code there are.
pub(super) fn write(
    reporter: &Reporter,
    letters: &[LetterProblems<'_>],
    output: &mut dyn Write,
) -> io::Result<()> {
    let mut shown: Vec<(Shown<'_>, Vec<Kind>)> = letters
        .iter()
        .map(|(project, problems)| {
            (Shown::new(reporter, project, &reporter.folder), kinds(problems))
        })
        .collect();
    let mut totals: BTreeMap<(Reverse<Severity>, Code), usize> = BTreeMap::new();
    let mut is_complete = true;
    for severity in [Severity::Warning, Severity::Error] {
        for (shown, kinds) in &mut shown {
            for kind in kinds.iter().filter(|kind| kind.severity == severity) {
                *totals.entry((Reverse(severity), kind.code)).or_default() += kind.count;
                is_complete &= write_kind(shown, kind, output)?;
            }
        }
    }
    if is_complete {
        return Ok(());
    }
    for ((Reverse(severity), code), count) in totals {
        let count = match severity {
            Severity::Error => words::errors(count),
            Severity::Warning => words::warnings(count),
        };
        writeln!(output, "{}", say!("{code}: {count}", code, count).get(reporter.language))?;
    }
    Ok(())
}

/// The problems with the same code and severity in the same file.
struct Kind {
    code: Code,
    severity: Severity,
    /// The problems in order, of which equal ones are one with several places.
    problems: Vec<Diagnostic>,
    /// How many there are.
    count: usize,
}

/// The problems of a letter by kind, in the order in which the first of each appears.
fn kinds(problems: &[Diagnostic]) -> Vec<Kind> {
    let mut known: HashMap<(FileId, Code, Severity), usize> = HashMap::new();
    let mut equal: HashMap<(usize, &Message), usize> = HashMap::new();
    let mut kinds: Vec<Kind> = Vec::new();
    for problem in problems {
        let (code, severity) = (problem.code, problem.severity);
        let at = *known.entry((problem.place.file, code, severity)).or_insert_with(|| {
            kinds.push(Kind { code, severity, problems: Vec::new(), count: 0 });
            kinds.len() - 1
        });
        let kind = &mut kinds[at];
        kind.count += 1;
        let index = *equal.entry((at, &problem.message)).or_insert(kind.problems.len());
        match kind.problems.get_mut(index) {
            Some(first) if problem.related.is_empty() && first.hints == problem.hints => {
                first.related.push((problem.place.clone(), say!("and here")));
            }
            _ => kind.problems.push(problem.clone()),
        }
    }
    kinds
}

/// Writes the problems of a kind, and returns whether these are all.
fn write_kind(shown: &mut Shown<'_>, kind: &Kind, output: &mut dyn Write) -> io::Result<bool> {
    let Kind { code, problems, .. } = kind;
    if shown.reporter.all || problems.len() <= MAX_ALIKE {
        problems.iter().try_for_each(|problem| write_problem(shown, problem, output))?;
        return Ok(true);
    }
    for problem in &problems[..WITH_LINES] {
        write_problem(shown, problem, output)?;
    }
    for problem in &problems[WITH_LINES..MAX_ALIKE] {
        let line = short::line(shown, problem);
        match places(shown, &problem.related) {
            Some(also) => {
                let also = also.get(shown.reporter.language);
                writeln!(output, "{line} ({})", printable(&also))?;
            }
            None => writeln!(output, "{line}")?,
        }
    }
    let more = Number(problems.len() - MAX_ALIKE);
    let message = say!("and {more} more of the kind {code} (--all shows them)", more, code);
    writeln!(output, "{}\n", message.get(shown.reporter.language))?;
    Ok(false)
}

/// Writes a problem with the lines it is in, and those of its related places.
fn write_problem(
    shown: &mut Shown<'_>,
    diagnostic: &Diagnostic,
    output: &mut dyn Write,
) -> io::Result<()> {
    // The places in one file are shown together, starting with the file of the problem.
    let most = if shown.reporter.all { MAX_RELATED_OF_ALL } else { MAX_RELATED };
    let related = diagnostic.related.len();
    let with_lines = if related <= most { related } else { most - 1 };
    let (related, listed) = diagnostic.related.split_at(with_lines);
    let mut files: Vec<FileId> = vec![diagnostic.place.file];
    for (place, _) in related {
        if !files.contains(&place.file) {
            files.push(place.file);
        }
    }
    for file in &files {
        shown.file(*file);
    }
    let (language, width) = (shown.reporter.language, shown.reporter.width);
    let also = places(shown, listed);
    let cell = shown.file(diagnostic.place.file).cell(diagnostic.place.range.start);
    let cell = cell
        .map(|(cell, sheet)| say!("this is the cell {cell} of the sheet `{sheet}`", cell, sheet));
    let (mut elements, mut notes) = shown.excerpts_and_notes(&diagnostic.place, related, &files);
    notes.extend(cell.into_iter().chain(also));
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

/// The note that lists places: "also here: a.csv:5, 9, b.csv:3 and 94 more".
fn places(shown: &mut Shown<'_>, places: &[(Place, Message)]) -> Option<Message> {
    let most = if shown.reporter.all { usize::MAX } else { MAX_LISTED };
    let mut last = None;
    let position = |(place, _): &(Place, Message)| {
        let file = shown.file(place.file);
        let line = file.line(file.range(&place.range).start) + 1;
        match last.replace(place.file) {
            Some(before) if before == place.file => line.to_string(),
            _ => format!("{}:{line}", file.name),
        }
    };
    let some: Vec<String> = places.iter().take(most).map(position).collect();
    let listed = some.join(", ");
    match places.len().saturating_sub(most) {
        _ if some.is_empty() => None,
        0 => Some(say!("also here: {listed}", listed)),
        more => Some(say!("also here: {listed} and {more} more", listed, more = Number(more))),
    }
}

impl Shown<'_> {
    /// The lines of these files with the places of a problem underlined, and as notes the labels that
    /// do not fit the terminal.
    fn excerpts_and_notes(
        &self,
        primary_place: &Place,
        related: &[(Place, Message)],
        files: &[FileId],
    ) -> (Vec<Element<'_>>, Vec<Message>) {
        let language = self.reporter.language;
        let (mut elements, mut notes) = (Vec::new(), Vec::new());
        for (id, file) in files.iter().filter_map(|id| Some((*id, self.known(*id)?))) {
            let primary = (primary_place.file == id).then(|| Annotation {
                range: self.cut(file, file.range(&primary_place.range)),
                kind: AnnotationKind::Primary,
                label: None,
            });
            let related = related.iter().filter(|(place, _)| place.file == id);
            let related = related.map(|(place, message)| {
                let range = file.range(&place.range);
                let label = printable(&message.get(language));
                let label = if self.fits(file, &range, &label) {
                    Some(label)
                } else {
                    let line = file.line(range.start) + 1;
                    notes.push(if id == primary_place.file {
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
            let mut lines = text.lines().map(printable);
            let first = lines.next().map(|line| self.wrapped(&line, word.len() + GUTTER));
            let text = first.into_iter().chain(lines).collect::<Vec<_>>().join("\n");
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
    let is_long = || file.text[bytes.clone()].split('\n').any(|line| line.len() > MAX_LINE);
    if file.sheet.is_some() || is_long() {
        // Nobody finds a place in such a line, and looking for it takes long; a workbook has no lines.
        let start = annotations.first().map_or(bytes.start, |first| first.range.start);
        let (position, _) = file.positions(&(start..start));
        let origin = Origin::path(printable(&file.name)).line(position.line);
        return origin.char_column(position.column).into();
    }
    let inside = |at: usize| at.clamp(bytes.start, bytes.end) - bytes.start;
    let mut ranges: Vec<Range<usize>> =
        annotations.iter().map(|a| inside(a.range.start)..inside(a.range.end)).collect();
    let mut text = Cow::from(&file.text[bytes.clone()]);
    if file.is_list {
        text = only_marked(&text, &mut ranges).into();
    }
    let annotations = annotations.into_iter().zip(ranges).map(|(annotation, range)| {
        let span = annotation.kind.span(range);
        match annotation.label {
            Some(label) => span.label(label),
            None => span,
        }
    });
    let snippet = Snippet::source(text)
        .line_start(first + 1)
        .path(printable(&file.name))
        .annotations(annotations.collect::<Vec<_>>());
    snippet.into()
}

/// The lines of a list with nothing but what is marked, in the same columns. The ranges, which begin and end
/// between characters, are moved to where they are there.
fn only_marked(text: &str, ranges: &mut [Range<usize>]) -> String {
    // At each byte: how many more marks begin than end, and whether any begins and any ends.
    let mut edges = vec![(0_isize, false, false); text.len() + 1];
    for range in ranges.iter().filter(|range| !range.is_empty()) {
        edges[range.start] = (edges[range.start].0 + 1, true, edges[range.start].2);
        edges[range.end] = (edges[range.end].0 - 1, edges[range.end].1, true);
    }
    let mut ends: Vec<usize> = ranges.iter().map(|range| range.end.max(range.start)).collect();
    ends.sort_unstable();
    let mut shown = String::with_capacity(text.len());
    let mut moved = vec![0; text.len() + 1];
    let (mut start, mut depth) = (0, 0);
    for line in text.split_inclusive('\n') {
        // Behind what is marked nothing is shown but that there is more.
        let before = ends.partition_point(|end| *end <= start + line.len());
        let last = ends[..before].last().filter(|end| **end >= start);
        for (at, c) in line.char_indices().map(|(at, c)| (start + at, c)) {
            moved[at] = shown.len();
            let (change, _, is_behind) = edges[at];
            depth += change;
            match c {
                '\n' => shown.push('\n'),
                c if depth > 0 => shown.push(c),
                c if is_behind || edges[at + c.len_utf8()].1 => shown.push('…'),
                _ if last.is_some_and(|last| at < *last) => shown.push(' '),
                _ => {}
            }
        }
        start += line.len();
    }
    moved[text.len()] = shown.len();
    for range in ranges {
        *range = moved[range.start]..moved[range.end];
    }
    shown
}
