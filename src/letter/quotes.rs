//! Replaces straight quotes by those of the language, for the formats that Typst does not typeset. The
//! rules are Typst's, so that a text has the same quotes in every format.

use std::str::FromStr;

use ecow::EcoString;
use typst::foundations::Smart;
use typst::text::{Lang, Region, SmartQuoter, SmartQuotes};

use crate::language::Tag;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};

/// Replaces the quotes of a paragraph in a language. Code is left alone.
pub(crate) fn set(inlines: &mut [Inline], tag: &Tag) {
    Paragraph { quoter: SmartQuoter::new(), before: None }.set(inlines, tag);
}

/// Replaces the quotes of all paragraphs.
pub(crate) fn set_blocks(blocks: &mut [Block], tag: &Tag) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(_, inlines) => set(inlines, tag),
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| set_blocks(item, tag));
            }
            BlockKind::Quote(blocks) => set_blocks(blocks, tag),
            BlockKind::Table { rows, .. } => {
                rows.iter_mut().flatten().for_each(|cell| set(cell, tag));
            }
            BlockKind::Code(_) | BlockKind::ThematicBreak => {}
        }
    }
}

struct Paragraph {
    quoter: SmartQuoter,
    /// The previous character, which decides whether a quote opens or closes.
    before: Option<char>,
}

impl Paragraph {
    fn set(&mut self, inlines: &mut [Inline], tag: &Tag) {
        for inline in inlines {
            match &mut inline.kind {
                InlineKind::Text(text) => *text = self.text(text, tag),
                InlineKind::Code(code) => self.before = code.chars().next_back().or(self.before),
                InlineKind::Space => self.before = Some(' '),
                InlineKind::LineBreak => self.before = Some('\n'),
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body) => self.set(body, tag),
                InlineKind::Passage(tag, body) => {
                    let tag = tag.clone();
                    self.set(body, &tag);
                }
                InlineKind::Footnote(_, _, blocks) => set_blocks(blocks, tag),
            }
        }
    }

    fn text(&mut self, text: &str, tag: &Tag) -> EcoString {
        let lang = Lang::from_str(tag.language()).unwrap_or(Lang::ENGLISH);
        let region = tag.country().and_then(|region| Region::from_str(region).ok());
        let quotes = SmartQuotes::get(&Smart::Auto, lang, region, false);
        let mut set = EcoString::new();
        for c in text.chars() {
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
        set(&mut line, &tag.parse().expect("a tag"));
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
    }
}
