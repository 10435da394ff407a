//! Replaces straight quotes by those of the language, for the formats that Typst does not typeset. The
//! rules are Typst's, so that a text has the same quotes in every format.

use std::borrow::Cow;
use std::str::FromStr;

use ecow::EcoString;
use typst::foundations::Smart;
use typst::text::{Lang, Region, SmartQuoter, SmartQuotes};

use crate::language::{Tag, words};
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};

/// Four quotation marks: two outer and two inner ones.
type Marks = [String; 4];

/// Replaces the quotes of a paragraph in a language, by those given or by the usual ones. Code is left
/// alone.
pub(crate) fn set(inlines: &mut [Inline], tag: &Tag, marks: Option<&Marks>) {
    Paragraph { quoter: SmartQuoter::new(), before: None }.set(inlines, tag, marks);
}

/// Replaces the quotes of all paragraphs.
pub(crate) fn set_blocks(blocks: &mut [Block], tag: &Tag, marks: Option<&Marks>) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines) => {
                set(inlines, tag, marks);
            }
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| set_blocks(item, tag, marks));
            }
            BlockKind::Quote(blocks) => set_blocks(blocks, tag, marks),
            BlockKind::Table { rows, .. } => {
                rows.iter_mut().flatten().for_each(|cell| set(cell, tag, marks));
            }
            BlockKind::Figure(figure) => {
                set(&mut figure.alt, tag, marks);
                set(&mut figure.caption, tag, marks);
            }
            BlockKind::Code(_) | BlockKind::ThematicBreak => {}
        }
    }
}

/// A text whose apostrophes are apostrophes, where a straight quote would be taken for the beginning or the
/// end of a quotation: in "'90s", "'tis", "rock 'n' roll" and "d'Artagnan".
///
/// - `before`: the character before the text
pub(crate) fn with_apostrophes(before: Option<char>, text: &str) -> Cow<'_, str> {
    /// What is left of a word without its first letters.
    const SHORTENED: &[&str] = &[
        "n", "tis", "twas", "twere", "twill", "twould", "til", "em", "neath", "tween", "nuff",
        "kay", "tude",
    ];
    if !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let mut set = String::with_capacity(text.len());
    let mut previous = before;
    // The quote after this one belongs to the same word: 'n'.
    let mut shortened = false;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let apostrophe = c == '\''
            && match previous {
                Some(letter) if letter.is_alphabetic() => {
                    shortened || rest.starts_with(char::is_alphabetic)
                }
                Some(c) if c.is_alphanumeric() => false,
                _ => {
                    let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                    shortened = SHORTENED.contains(&&*rest[..end].to_lowercase());
                    shortened || rest.starts_with(|c: char| c.is_ascii_digit())
                }
            };
        shortened = shortened && (c == '\'' && apostrophe || c.is_alphabetic());
        set.push(if apostrophe { '’' } else { c });
        previous = Some(c);
    }
    Cow::Owned(set)
}

struct Paragraph {
    quoter: SmartQuoter,
    /// The previous character, which decides whether a quote opens or closes.
    before: Option<char>,
}

impl Paragraph {
    fn set(&mut self, inlines: &mut [Inline], tag: &Tag, marks: Option<&Marks>) {
        for inline in inlines {
            match &mut inline.kind {
                InlineKind::Text(text) => *text = self.text(text, tag, marks),
                InlineKind::Code(code) => self.before = code.chars().next_back().or(self.before),
                InlineKind::Space => self.before = Some(' '),
                InlineKind::LineBreak => self.before = Some('\n'),
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body) => self.set(body, tag, marks),
                InlineKind::Passage(tag, body) => {
                    let tag = tag.clone();
                    self.set(body, &tag, words::quotes(&tag));
                }
                InlineKind::Footnote(_, _, blocks) => set_blocks(blocks, tag, marks),
            }
        }
    }

    fn text(&mut self, text: &str, tag: &Tag, marks: Option<&Marks>) -> EcoString {
        let lang = Lang::from_str(tag.language()).unwrap_or(Lang::ENGLISH);
        let region = tag.country().and_then(|region| Region::from_str(region).ok());
        let quotes = match marks {
            Some([double_open, double_close, single_open, single_close]) => {
                SmartQuotes { single_open, single_close, double_open, double_close }
            }
            None => SmartQuotes::get(&Smart::Auto, lang, region, false),
        };
        let mut set = EcoString::new();
        for c in with_apostrophes(self.before, text).chars() {
            match c {
                '"' | '\'' => set.push_str(self.quoter.quote(self.before, &quotes, c == '"')),
                _ => set.push(c),
            }
            self.before = set.chars().next_back();
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use typst::syntax::FileId;

    use super::*;
    use crate::source::Place;

    fn quoted(text: &str, tag: &str) -> String {
        let file: FileId = crate::files::carried::main();
        let kind = InlineKind::Text(text.into());
        let mut line = [Inline { kind, place: Place::start_of(file) }];
        let tag = tag.parse().expect("a tag");
        set(&mut line, &tag, words::quotes(&tag));
        match &line[0].kind {
            InlineKind::Text(text) => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn quotes_are_those_of_the_language() {
        assert_eq!(quoted("\"Quédate en México\", it's", "es-MX"), "“Quédate en México”, it’s");
        assert_eq!(quoted("\"Quédate en 'México'\"", "es-ES"), "«Quédate en “México”»");
        assert_eq!(quoted("(\"so\") 6'", "en"), "(“so”) 6′");
        assert_eq!(quoted("\"Quédate\"", "es-419"), "“Quédate”");
    }

    #[test]
    fn apostrophes_begin_words_and_join_them() {
        assert_eq!(quoted("the '90s, \"'90s music\"", "en"), "the ’90s, “’90s music”");
        assert_eq!(
            quoted("'rock 'n' roll' and 'tis 'Twas", "en"),
            "‘rock ’n’ roll’ and ’tis ’Twas"
        );
        assert_eq!(
            quoted("los '90 de d'Artagnan: \"'90\"", "es-ES"),
            "los ’90 de d’Artagnan: «’90»"
        );
        assert_eq!(quoted("'it's d'accord' 'now'", "en"), "‘it’s d’accord’ ‘now’");
        assert_eq!(quoted("'nothing' 5'10\" 6'", "en"), "‘nothing’ 5′10″ 6′");
    }

    /// A second implementation, by rules for each mark alone: a mark is classified by what stands on both
    /// sides of it, and only then are the marks paired.
    fn paired(text: &str, [open, close, inner, end]: [&str; 4]) -> String {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            Apostrophe,
            Left,
            Right,
            Prime,
        }
        let chars: Vec<char> = text.chars().collect();
        let at = |index: Option<usize>| index.and_then(|index| chars.get(index)).copied();
        let word_after = |index: usize| -> String {
            let rest = chars[index + 1..].iter();
            rest.take_while(|c| c.is_alphanumeric()).flat_map(|c| c.to_lowercase()).collect()
        };
        let shortened = |index: usize| {
            matches!(&*word_after(index), "n" | "tis" | "twas" | "twere" | "twill" | "em" | "til")
        };
        let mut set = String::new();
        // The quotation marks that are open.
        let mut stack: Vec<char> = Vec::new();
        for (index, c) in chars.iter().copied().enumerate() {
            if !matches!(c, '"' | '\'') {
                set.push(c);
                continue;
            }
            let (before, after) = (at(index.checked_sub(1)), at(Some(index + 1)));
            let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let starts = before.is_none_or(|c| c.is_whitespace() || "(\"'".contains(c));
            let joins = letter(before) && letter(after);
            let shortens = starts && (digit(after) || shortened(index));
            let ends_n = before == Some('n') && index >= 2 && chars[index - 2] == '\'';
            let kind = if c == '\'' && (joins || shortens || ends_n) {
                Mark::Apostrophe
            } else if digit(before) && !stack.contains(&c) {
                Mark::Prime
            } else if starts && stack.last() != Some(&c) {
                Mark::Left
            } else {
                Mark::Right
            };
            match (kind, c) {
                (Mark::Apostrophe, _) => set.push('’'),
                (Mark::Prime, '"') => set.push('″'),
                (Mark::Prime, _) => set.push('′'),
                (Mark::Left, _) => {
                    set.push_str(if c == '"' { open } else { inner });
                    stack.push(c);
                }
                (Mark::Right, _) => {
                    stack.pop();
                    set.push_str(if c == '"' { close } else { end });
                }
            }
        }
        set
    }

    /// 2,000 texts from a seed, in which words, quotations and apostrophes follow one another as they come.
    #[test]
    fn both_implementations_agree() {
        let words = [
            "water",
            "the '90s",
            "d'Artagnan",
            "'twas",
            "'tis",
            "rock 'n' roll",
            "it's",
            "l'eau",
            "give 'em",
            "los '68",
            "o'clock",
            "niña",
            "'Til",
            "she'd've",
            "12",
        ];
        let tags = [
            ("en-US", ["“", "”", "‘", "’"]),
            ("en-GB", ["“", "”", "‘", "’"]),
            ("es-MX", ["“", "”", "‘", "’"]),
            ("es-ES", ["«", "»", "“", "”"]),
        ];
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut below = |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % limit as u64).unwrap_or_default()
        };
        for number in 0..2000 {
            let mut phrase = |least: usize| -> String {
                let words: Vec<&str> =
                    (0..least + below(4)).map(|_| words[below(words.len())]).collect();
                words.join(" ")
            };
            let mut parts: Vec<String> = Vec::new();
            for _ in 0..4 {
                parts.push(format!("{} 5'10\"", phrase(1)));
                let inner = phrase(1);
                let (before, after) = (phrase(1), phrase(1));
                parts.push(match parts.len() % 4 {
                    1 => format!("\"say {before}, 'go {inner} on', or {after} now\","),
                    2 => format!("(\"{before} so\")"),
                    3 => format!("'all {inner} here'."),
                    _ => format!("\"{inner} then,\" {after};"),
                });
            }
            let text = parts.join(" ");
            for (tag, marks) in tags {
                assert_eq!(quoted(&text, tag), paired(&text, marks), "{number}: {text}");
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(2000))]
        /// A second implementation knows the marks of each part from how the text was made.
        #[test]
        fn texts_are_set_as_they_were_made(parts in proptest::collection::vec(0..12_usize, 1..12), tag in 0..4_usize) {
            let tags = ["en-US", "es-MX", "es-ES", "fr-FR"];
            let marks = [["“", "”", "‘", "’"], ["“", "”", "‘", "’"], ["«", "»", "“", "”"], ["«\u{202f}", "\u{202f}»", "“", "”"]];
            let [open, close, inner, end] = marks[tag];
            let (mut typed, mut expected) = (Vec::new(), Vec::new());
            for part in parts {
                let (text, set) = match part {
                    0 => ("water".to_owned(), "water".to_owned()),
                    1 => ("the '90s".to_owned(), "the ’90s".to_owned()),
                    2 => ("d'Artagnan".to_owned(), "d’Artagnan".to_owned()),
                    3 => ("\"so it is\"".to_owned(), format!("{open}so it is{close}")),
                    4 => ("\"'90s music\"".to_owned(), format!("{open}’90s music{close}")),
                    5 => ("\"it's 'new' here\"".to_owned(), format!("{open}it’s {inner}new{end} here{close}")),
                    6 => ("'it's here'".to_owned(), format!("{inner}it’s here{end}")),
                    7 => ("rock 'n' roll".to_owned(), "rock ’n’ roll".to_owned()),
                    8 => ("'twas (\"so\")".to_owned(), format!("’twas ({open}so{close})")),
                    9 => ("los '90,".to_owned(), "los ’90,".to_owned()),
                    10 => ("'rock 'n' roll'".to_owned(), format!("{inner}rock ’n’ roll{end}")),
                    _ => ("\"l'eau 'd'hier'\"".to_owned(), format!("{open}l’eau {inner}d’hier{end}{close}")),
                };
                typed.push(text);
                expected.push(set);
            }
            proptest::prop_assert_eq!(quoted(&typed.join(" "), tags[tag]), expected.join(" "));
        }
    }
}
