//! Finds markup that is printed as it is: Markdown and HTML where there is none, what the software of a
//! website would have read, and e-mail addresses in names.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use crate::letter::body::{Block, BlockKind, InlineKind, inlines};
use crate::letter::texts::Key;
use crate::letter::{Body, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::{Message, say};

/// Reports the markup in the texts of a letter and in its body. `source` is the text of the letter's file.
pub(crate) fn report(letter: &Letter, source: &str, problems: &Problems) {
    for (key, printed) in letter.texts() {
        let text = &printed.source.value;
        let is_name = matches!(key, Key::Signatory(signatory) if std::ptr::eq(&raw const signatory.name, printed));
        for (range, hint) in in_text(text, is_name) {
            let place = match printed.source.place.file == letter.title.source.place.file {
                true => printed.source.locate(source, range.clone()),
                false => printed.source.place.clone(),
            };
            problems.push(problem(&text[range], place, hint).in_language(&letter.tag));
        }
    }
    if let Body::Markdown(blocks) = &letter.body {
        let mut report = |found: &str, place: Place, hint: Message| {
            problems.push(problem(found, place, hint).in_language(&letter.tag));
        };
        in_body(blocks, &mut report);
    }
}

fn problem(found: &str, place: Place, hint: Message) -> Diagnostic {
    let message = say!("`{found}` is printed as it is", found);
    Diagnostic::new(Code::StrayMarkup, place, message).hint(hint)
}

/// A kind of markup: its pattern, which may have a group for what is meant, and what to do about it.
struct Markup {
    /// One of these is in every match. Few letters have any, and a pattern takes long to build.
    signs: &'static [&'static str],
    pattern: &'static str,
    built: OnceLock<Regex>,
    hint: fn(&str) -> Message,
}

const fn markup(
    signs: &'static [&'static str],
    pattern: &'static str,
    hint: fn(&str) -> Message,
) -> Markup {
    Markup { signs, pattern, built: OnceLock::new(), hint }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the program is valid")
}

fn plain(_: &str) -> Message {
    say!("remove the signs: this text takes no Markdown")
}

fn html(_: &str) -> Message {
    say!("remove it: this text takes no HTML")
}

fn of_website(_: &str) -> Message {
    say!("remove it: only the software of a website reads it")
}

fn entity(found: &str) -> Message {
    let sign = match found {
        "&amp;" => "&",
        "&lt;" => "<",
        "&gt;" => ">",
        "&quot;" => "\"",
        "&#39;" | "&apos;" => "'",
        "&nbsp;" | "&#160;" => " ",
        _ => return say!("write the character itself"),
    };
    say!("write the character itself: `{sign}`", sign)
}

/// An e-mail address, only in names.
static ADDRESS: Markup = markup(&["@"], r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", |address| {
    say!("take it out of the name; it can be linked: url = \"mailto:{address}\"", address)
});

/// What no text of a letter reads.
static NOWHERE: [Markup; 2] = [
    markup(&["{%"], r"\{%[^%\n]*%\}", of_website),
    markup(&["{:", "{#"], r"(?:^|[^{])(\{[:#][^{}\n]+\})", of_website),
];

/// What only a body reads.
static IN_BODIES: [Markup; 5] = [
    markup(&["]("], r"\[[^\[\]\n]+\]\([^()\s]+\)", plain),
    markup(&["**", "__"], r"\*\*[^*\n]+\*\*|(?:^|\s)__[^_\n]+__", plain),
    markup(&["`"], r"`[^`\n]+`", plain),
    markup(&["<"], r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]*)?/?>", html),
    markup(&["&"], r"&(?:[A-Za-z]{2,8}|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,6});", entity),
];

/// Stars with spaces inside of them, which CommonMark does not read.
static SPACED: Markup = markup(&["**"], r"\*\*\s[^*\n]+\*\*|\*\*[^*\n]+\s\*\*", |found| {
    let text = found.trim_matches(|c: char| c == '*' || c.is_whitespace());
    say!("write it without spaces beside the stars: **{text}**", text)
});

/// The markup in a text that takes none.
fn in_text(text: &str, is_name: bool) -> Vec<(Range<usize>, Message)> {
    let address = is_name.then_some(&ADDRESS);
    all(address.into_iter().chain(&IN_BODIES).chain(&NOWHERE), text)
}

/// The markup of some kinds in a text, in order. What is inside of other markup goes with it.
fn all<'m>(kinds: impl Iterator<Item = &'m Markup>, text: &str) -> Vec<(Range<usize>, Message)> {
    let mut all: Vec<(Range<usize>, Message)> = Vec::new();
    for markup in kinds.filter(|kind| kind.signs.iter().any(|sign| text.contains(sign))) {
        for found in markup.built.get_or_init(|| regex(markup.pattern)).captures_iter(text) {
            let Some(found) = found.get(1).or_else(|| found.get(0)) else { continue };
            let (start, end) = (found.start(), found.end());
            if all.iter().all(|(other, _)| end <= other.start || other.end <= start) {
                all.push((start..end, (markup.hint)(found.as_str())));
            }
        }
    }
    all.sort_by_key(|(range, _)| range.start);
    all
}

/// The markup in a body.
fn in_body(blocks: &[Block], report: &mut impl FnMut(&str, Place, Message)) {
    let rest = match front_matter(blocks) {
        Some(place) => {
            report(
                "---",
                place,
                say!("remove the front matter: the lines from `---` to `---` are for a website"),
            );
            blocks.get(2..).unwrap_or_default()
        }
        None => blocks,
    };
    for inline in inlines(rest) {
        let (InlineKind::Text(text), place) = (&inline.kind, &inline.place) else { continue };
        for (range, hint) in all(NOWHERE.iter().chain([&SPACED]), text) {
            let found = &text[range.clone()];
            let place = match place.range.len() == text.len() {
                true => {
                    let start = place.range.start;
                    Place::new(place.file, start + range.start..start + range.end)
                }
                false => place.clone(),
            };
            report(found, place, hint);
        }
    }
}

/// Where the front matter of a website begins: a rule, and behind it lines such as "layout: post".
/// CommonMark takes them for a heading or for a paragraph.
fn front_matter(blocks: &[Block]) -> Option<Place> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| regex(r"^[A-Za-z][\w-]*:(\s|$)"));
    let [first, second, ..] = blocks else { return None };
    let (BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines)) = &second.kind else {
        return None;
    };
    let InlineKind::Text(text) = &inlines.first()?.kind else { return None };
    (first.kind == BlockKind::ThematicBreak && KEY.is_match(text)).then(|| first.place.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_found_in_plain_texts() {
        for (text, is_name, found) in [
            ("Water &amp; light", false, &["&amp;"][..]),
            ("Water &amp; light for **all** &amp;", false, &["&amp;", "**all**", "&amp;"][..]),
            ("for **all**", false, &["**all**"][..]),
            (
                "Sara [@sara](https://example.org/sara)",
                true,
                &["[@sara](https://example.org/sara)"][..],
            ),
            ("Ana Prueba (`ana`)", true, &["`ana`"][..]),
            ("Luis <br> Teacher", true, &["<br>"][..]),
            ("Ana &lt;ana@example.org>", true, &["&lt;", "ana@example.org"][..]),
            ("ana@example.org", false, &[][..]),
            ("{:.li-list}", false, &["{:.li-list}"][..]),
            ("{{#if recipient.voted}}", false, &[][..]),
            ("AT&T; 3 < 4 > 2, [sic] (x), snake_case", true, &[][..]),
            ("{{recipient.name}}", false, &[][..]),
        ] {
            let all: Vec<&str> =
                in_text(text, is_name).into_iter().map(|(range, _)| &text[range]).collect();
            assert_eq!(all, found, "{text}");
        }
    }
}
