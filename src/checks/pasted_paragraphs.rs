//! Finds paragraphs that only the ends of lines part, as a text has them that was copied out of a word
//! processor. Markdown joins them into one.
//!
//! Three habits look alike: text that an editor breaks at a width, where lines end in the middle of
//! sentences; one sentence a line, as some people write; and pasted paragraphs, whose lines are long and
//! hold several sentences. Only the last is told.

use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// The most characters of a line that people and editors break by themselves.
const MAX_WIDTH: usize = 120;

/// The fewest characters of a sentence: what is shorter may be an abbreviation.
const MIN_SENTENCE: usize = 25;

/// The most places that a message shows. More are counted.
const MAX_PLACES: usize = 12;

/// Reports them in the body of a letter, once for each paragraph that Markdown makes of several.
pub(crate) fn report(letter: &Letter, problems: &Problems) {
    let Body::Markdown(blocks) = &letter.body else { return };
    let mut paragraphs = Vec::new();
    collect(blocks, &mut paragraphs);
    let width = wrapped_at(&paragraphs);
    let is_all = matches!(blocks.as_slice(), [_]);
    for lines in paragraphs.iter().filter(|lines| are_paragraphs(lines, width, is_all)) {
        problems.push(problem(lines).in_language(&letter.tag));
    }
}

fn problem(lines: &[Line]) -> Diagnostic {
    let count = lines.len();
    let place = lines[1].place.clone();
    let message =
        say!("{count} paragraphs are printed as one, for no empty line parts them", count);
    let mut problem = Diagnostic::new(Code::PastedParagraphs, place, message);
    let hint = say!("put an empty line before each, or write them as one paragraph");
    for line in lines.iter().skip(2).take(MAX_PLACES) {
        problem = problem.relate(line.place.clone(), say!("the next one"));
    }
    problem.hint(hint)
}

/// A line of a paragraph as it is written.
struct Line {
    text: String,
    /// Where its first piece is.
    place: Place,
}

impl Line {
    fn length(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether a sentence ends with it, or what announces a list or a quotation.
    fn ends_sentence(&self) -> bool {
        ends_sentence(&self.text)
    }

    /// Whether it may be the beginning of a paragraph.
    fn begins(&self) -> bool {
        let first = self.text.chars().find(|c| !OPENING.contains(c));
        first.is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase())
    }

    /// Whether it is short and without a sign at its end, as a heading is.
    fn is_heading(&self) -> bool {
        self.length() <= 80 && self.text.ends_with(char::is_alphanumeric)
    }

    /// Whether it holds more than one sentence.
    fn has_sentences(&self) -> bool {
        let mut start = 0;
        for (at, sign) in self.text.match_indices(['.', '!', '?', '。', '؟', '।']) {
            let end = at + sign.len();
            let rest = self.text[end..].trim_start_matches(CLOSING);
            let is_apart = rest.starts_with(' ') || matches!(sign, "。");
            let next = rest.trim_start().chars().find(|c| !OPENING.contains(c));
            let is_next = next.is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
            if !(is_apart && is_next) {
                continue;
            }
            let word = self.text[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
            let is_word = word.chars().filter(|c| c.is_lowercase()).count() > 2
                || !word.contains(char::is_lowercase) && word.chars().count() > 3;
            if is_word {
                let long = |text: &str| text.chars().count() >= MIN_SENTENCE;
                if long(&self.text[start..at]) && long(rest) {
                    return true;
                }
                start = end;
            }
        }
        false
    }
}

const OPENING: &[char] = &['"', '\'', '“', '‘', '«', '»', '„', '(', '[', '¿', '¡', ' ', '—', '–'];
const CLOSING: &[char] = &['"', '\'', '”', '’', '»', '«', '“', ')', ']'];

fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(CLOSING);
    bare.ends_with(['.', '!', '?', ':', ';', '…', '。', '！', '？', '؟', '।', '۔'])
}

/// The paragraphs of some blocks that have more than one line, line by line. Those in lists, tables and
/// notes are short, and people break them as they like.
fn collect(blocks: &[Block], all: &mut Vec<Vec<Line>>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(inlines) => {
                let mut lines = Vec::new();
                let mut is_plain = true;
                walk(inlines, &mut lines, &mut is_plain);
                lines.retain(|line: &Line| !line.text.trim().is_empty());
                if is_plain && lines.len() > 1 {
                    all.push(lines);
                }
            }
            BlockKind::Quote(blocks) => collect(blocks, all),
            _ => {}
        }
    }
}

/// Collects the lines of running text. One with a line break was not pasted.
fn walk(inlines: &[Inline], lines: &mut Vec<Line>, is_plain: &mut bool) {
    if lines.is_empty()
        && let Some(first) = inlines.first()
    {
        lines.push(Line { text: String::new(), place: first.place.clone() });
    }
    let mut is_new = false;
    for inline in inlines {
        if std::mem::take(&mut is_new) {
            lines.push(Line { text: String::new(), place: inline.place.clone() });
        }
        match &inline.kind {
            InlineKind::Text(text) | InlineKind::Code(text) => {
                if let Some(line) = lines.last_mut() {
                    line.text.push_str(text);
                }
            }
            InlineKind::Space => is_new = true,
            InlineKind::LineBreak => *is_plain = false,
            InlineKind::Emphasis(body)
            | InlineKind::Strong(body)
            | InlineKind::Strike(body)
            | InlineKind::Link(_, body)
            | InlineKind::Passage(_, body) => walk(body, lines, is_plain),
            InlineKind::Footnote(..) => {}
        }
    }
}

/// Whether the text goes on from one line to the next in the middle of a sentence.
fn goes_on([line, next]: [&Line; 2]) -> bool {
    !(line.ends_sentence() || line.is_heading()) || !next.begins()
}

fn pairs(lines: &[Line]) -> impl Iterator<Item = [&Line; 2]> {
    lines.iter().zip(&lines[1..]).map(|(line, next)| [line, next])
}

/// The number of characters at which an editor breaks the lines of a body. `None` if it breaks none.
fn wrapped_at(paragraphs: &[Vec<Line>]) -> Option<usize> {
    let wrapped = paragraphs.iter().flat_map(|lines| pairs(lines)).filter(|pair| goes_on(*pair));
    wrapped.map(|[line, _]| line.length()).max()
}

/// Whether the lines of a paragraph are paragraphs of their own.
fn are_paragraphs(lines: &[Line], width: Option<usize>, is_all: bool) -> bool {
    if pairs(lines).any(goes_on) || pairs(lines).all(|[line, _]| !line.ends_sentence()) {
        return false;
    }
    // A line that is little longer than those that break may have broken at a sentence by chance.
    let full = width.map_or(MAX_WIDTH, |width| (width * 5 / 4).max(MAX_WIDTH));
    let longs = lines.iter().filter(|line| line.length() > full).count();
    let several = lines.iter().filter(|line| line.has_sentences()).count();
    if several > 0 && longs > 0 {
        return true;
    }
    match width {
        // One sentence a line is a habit of people who part paragraphs; here nothing is parted.
        None if is_all && lines.len() > 3 && longs * 2 > lines.len() => true,
        // No line is full, and most hold several sentences.
        None => lines.len() > 2 && several * 2 > lines.len(),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::ids;

    /// How many paragraphs of a text with empty lines are told, and of how many.
    fn told(text: &str) -> (usize, usize) {
        let place = Place::start_of(ids::refused());
        let lines = |paragraph: &str| {
            let line = |text: &str| Line { text: text.to_owned(), place: place.clone() };
            paragraph.lines().map(line).collect::<Vec<Line>>()
        };
        let paragraphs: Vec<Vec<Line>> = text.split("\n\n").map(lines).collect();
        let is_all = paragraphs.len() == 1;
        let paragraphs: Vec<_> = paragraphs.into_iter().filter(|lines| lines.len() > 1).collect();
        let width = wrapped_at(&paragraphs);
        let told = paragraphs.iter().filter(|lines| are_paragraphs(lines, width, is_all)).count();
        (told, paragraphs.len())
    }

    /// The paragraphs of a text in Markdown, each in one line.
    fn prose(text: &str) -> Vec<String> {
        let of_prose = |paragraph: &&str| {
            let first = paragraph.chars().next();
            let is_text = !paragraph.contains(['`', '=', '|']) && !paragraph.contains("](");
            first.is_some_and(char::is_alphanumeric) && is_text && paragraph.len() > MAX_WIDTH
        };
        let paragraphs = text.split("\n\n").map(str::trim).filter(of_prose);
        paragraphs.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    fn wrapped(paragraph: &str, width: usize) -> String {
        let mut text = String::new();
        let mut column = 0;
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                text.push('\n');
                column = 0;
            } else if column > 0 {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += length;
        }
        text
    }

    /// The texts of this repository: letters in five languages, and the docs in two.
    fn texts() -> Vec<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders =
            ["letters/remain-in-mexico-2021", "letters/records-request", "docs", "docs/es"];
        let files = folders.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)));
        let paths = files.flatten().flatten().map(|entry| entry.path());
        let texts = paths.filter(|path| path.extension().is_some_and(|end| end == "md"));
        texts.map(|path| std::fs::read_to_string(path).expect("it is a text")).collect()
    }

    #[test]
    fn wrapped_text_is_not_told_and_pasted_text_is() {
        let (mut pasted, mut all, mut wide) = (0, 0, (0, 0));
        for text in texts() {
            let paragraphs = prose(&text);
            if paragraphs.len() < 2 {
                continue;
            }
            let joined = |change: &dyn Fn(&String) -> String| {
                paragraphs.iter().map(change).collect::<Vec<_>>().join("\n\n")
            };
            for width in 40..=MAX_WIDTH {
                assert_eq!(told(&joined(&|text| wrapped(text, width))).0, 0, "{width}: {text}");
            }
            for width in MAX_WIDTH + 1..=200 {
                let (false_alarms, paragraphs) = told(&joined(&|text| wrapped(text, width)));
                wide = (wide.0 + false_alarms, wide.1 + paragraphs);
            }
            let sentences = joined(&|text| text.replace(". ", ".\n"));
            assert_eq!(told(&sentences).0, 0, "{sentences}");
            for few in paragraphs.chunks(4).filter(|few| few.len() > 1) {
                all += 1;
                pasted += told(&few.join("\n")).0;
            }
        }
        // Nobody breaks lines there, and one may end with a sentence by chance.
        assert!(wide.0 * 200 <= wide.1, "{wide:?}");
        assert!(pasted * 100 >= all * 95, "{pasted} of {all}");
    }

    #[test]
    fn habits_are_told_apart() {
        let sentence =
            "We ask for water in the valley because the wells are dry and the river is low.";
        for (text, is_told) in [
            // One sentence a line.
            (format!("{sentence}\n{sentence}\n{sentence}\n\n{sentence}\n{sentence}"), false),
            // Pasted.
            (format!("{sentence} {sentence}\n{sentence} {sentence}"), true),
            (format!("Our demands\n{sentence} {sentence}\n{sentence}"), true),
            // A list of short lines, an address, a verse.
            ("Water for all.\nBread for all.\nPeace for all.".to_owned(), false),
            ("Ana Prueba\nMain Street 5\nSpringfield".to_owned(), false),
            // Abbreviations end no sentence.
            (
                format!(
                    "The Secretary of State, Dr. Ana Prueba, knows what art. 5 says.\n{sentence}"
                ),
                false,
            ),
        ] {
            assert_eq!(told(&text).0 > 0, is_told, "{text}");
        }
    }
}
