//! What each code means, and what to do about it.
//!
//! The table of codes in `docs/commands.md` says the same: a test keeps the two in sync.

use crate::problems::Code;
use crate::words::{Message, say};

impl Code {
    /// What it means, such as "a link without an address".
    pub fn meaning(self) -> Message {
        self.explanation().0
    }

    /// What to do about it, such as "write the address".
    pub fn remedy(self) -> Message {
        self.explanation().1
    }

    fn explanation(self) -> (Message, Message) {
        match self {
            Self::Syntax => (
                say!("the file is not TOML, or not UTF-8"),
                say!("see the hint, or look for a missing quote or bracket"),
            ),
            Self::UnknownKey => {
                (say!("the format has no such key"), say!("see the hint; the keys"))
            }
            Self::MissingKey => (say!("a required key is absent"), say!("add it")),
            Self::WrongType => (
                say!("a value of the wrong type, such as a list instead of a text"),
                say!("see the hint or the tables"),
            ),
            Self::InvalidValue => {
                (say!("a value that the key does not take"), say!("the message says what is wrong"))
            }
            Self::InvalidLanguage => {
                (say!("not a language tag"), say!("write `en`, `es-MX` or `nah`"))
            }
            Self::MissingTranslation => {
                (say!("a language has no text"), say!("add it, or `\"\"` if it is optional"))
            }
            Self::MissingFile => (
                say!("a file does not exist or cannot be read"),
                say!("check the path and the spelling"),
            ),
            Self::OutsideRoot => (
                say!("a path that the letter may not read"),
                say!("move the file, or use `--root`"),
            ),
            Self::InvalidUrl => {
                (say!("a link that is not a complete address"), say!("begin it with `https://`"))
            }
            Self::InvalidImage => (
                say!(
                    "a file that is not a picture, or a picture within a line or without a description"
                ),
                say!("see the hint"),
            ),
            Self::InvalidPdf => (
                say!("a PDF that cannot be enclosed: locked, damaged or too long"),
                say!("see the hint"),
            ),
            Self::InvalidCsv => (
                say!("not CSV, a column or a name is missing, or a row has too many cells"),
                say!("see the hint"),
            ),
            Self::RawHtml => (say!("HTML in a body"), say!("write it in Markdown, or `\\<`")),
            Self::UnknownPlaceholder => {
                (say!("a `{{{{…}}}}` that does not exist"), say!("see the hint, or write `\\{{{{`"))
            }
            Self::UnknownLink => (
                say!("a link or a footnote without its target"),
                say!("add it where the hint says"),
            ),
            Self::MissingGlyph => (
                say!("a character that no font has"),
                say!("`fonts` in `[page]`, `print-as`, or other characters"),
            ),
            Self::UnknownFont => (
                say!("a font that does not exist or cannot be used"),
                say!("`undersigned fonts`, or `fonts` in `[page]`"),
            ),
            Self::TextOverflow => (
                say!("a text that is cut off by the edge of the page"),
                say!("shorten it, or break long words"),
            ),
            Self::AddressOverflow => (
                say!("an address that does not show through the window, or other text that does"),
                say!("shorten it"),
            ),
            Self::PrintZone => (
                say!("print where the print service wants none, or too many pages or bytes"),
                say!("shorten or move it; `--show-window` draws the zones"),
            ),
            Self::MisalignedEdition => (
                say!("bodies that cannot be placed side by side"),
                say!("add or remove a block, or use `\"consecutive\"`"),
            ),
            Self::Template => (say!("a problem in a Typst file"), say!("correct that file")),
            Self::PdfStandard => {
                (say!("something that the standard forbids"), say!("see templates"))
            }
            Self::Write => {
                (say!("a file cannot be written"), say!("check the folder, or use another `-o`"))
            }
            Self::StaleOutput => (
                say!("with `--locked`: a file is missing, or is not what its letter produces now"),
                say!("build the letter, and commit the file"),
            ),
            Self::PlaceholderLink => (say!("a link without an address"), say!("write the address")),
            Self::DuplicateSignatory => (say!("a signatory is listed twice"), say!("remove one")),
            Self::NearDuplicateSignatory => {
                (say!("two signatories that look alike"), say!("remove one, or use `[[distinct]]`"))
            }
            Self::MemberAlsoSigns => (
                say!("a member of a coalition also signs elsewhere; only told if it is denied"),
                say!("remove one if it should sign once"),
            ),
            Self::UnsortedSignatories => {
                (say!("a signatory is out of order"), say!("move it, or use `sort = \"name\"`"))
            }
            Self::StaleCount => (
                say!("a body says 72, but there are 73 signatories"),
                say!("write the placeholder from the hint"),
            ),
            Self::ParityStructure => (
                say!("a part of the letter is missing in one language"),
                say!("translate it, or move it"),
            ),
            Self::ParityLinks => {
                (say!("a link is missing in one language"), say!("add it, or see `[links]`"))
            }
            Self::ParityNumbers => {
                (say!("the languages give different numbers"), say!("correct one of them"))
            }
            Self::ParityNames => {
                (say!("a name or an acronym differs"), say!("correct one of them"))
            }
            Self::ParityPlaceholders => {
                (say!("a placeholder in one language only"), say!("write it in both"))
            }
            Self::MissingWords => (
                say!("the letter prints words that there are not in its language"),
                say!("add them to `[words.TAG]`; the hint has them"),
            ),
            Self::WrongLanguage => (
                say!("a text that is not in the language of its key"),
                say!("translate it, or mark it `lang:`"),
            ),
            Self::Untranslated => (
                say!("the translation is the original's text"),
                say!("translate it, or mark it `lang:`"),
            ),
            Self::StaleTranslation => (
                say!("the original or the translation has changed since the review"),
                say!("compare the two, then review"),
            ),
            Self::PastedList => (
                say!("items with the bullets of a word processor, which are not a list"),
                say!("begin each with `- `"),
            ),
            Self::PastedParagraphs => (
                say!("paragraphs that are printed as one, for no empty line parts them"),
                say!("put an empty line before each"),
            ),
            Self::StrayMarkup => (
                say!("markup that is printed as it is, or an e-mail address in a name"),
                say!("remove it"),
            ),
            Self::SuspiciousName => (
                say!("a name that is perhaps a piece of one, or several"),
                say!("join it with the entry beside it, or make an entry of each"),
            ),
            Self::IgnoredConsent => (
                say!(
                    "a column in which some who sign seem to refuse consent, of a list whose rows are all read"
                ),
                say!("read only the rows that say yes, as the hint says"),
            ),
            Self::AllCapsName => (
                say!("a name in capitals"),
                say!("write it as the hint says, if that is its spelling"),
            ),
            Self::SampleText => {
                (say!("text of the letter that `new` makes"), say!("write your own"))
            }
            Self::LargePicture => (
                say!(
                    "a picture of 4 MiB or more, which makes the PDF too large for many mailboxes"
                ),
                say!("make it smaller"),
            ),
            Self::LowResolutionPicture => (
                say!("a picture with too few pixels for its size on paper"),
                say!("use a larger one, or an SVG"),
            ),
            Self::FlattenedTransparency => (
                say!("`x-1a` allows nothing transparent, so it is printed on white"),
                say!("save the picture without transparency, or choose `x-4`"),
            ),
            Self::TooMuchInk => (
                say!("a picture or a colour that takes more than 300 % of ink"),
                say!("save the picture in RGB, or for the press of `output-intent`"),
            ),
            Self::CodeFont => (
                say!("a character that only the typewriter font has"),
                say!("`fonts` in `[page]`, or other characters"),
            ),
            Self::DuplicateRecipient => (
                say!("two rows of a merge with the same addressee, address and language"),
                say!("take one of them out"),
            ),
            Self::NoAddressee => (
                say!(
                    "an envelope with a window, and nobody in `[[to]]`, or a recipient without an address"
                ),
                say!("add what is missing, or take `envelope` out"),
            ),
            Self::LeftOver => (
                say!(
                    "a letter from an earlier merge that is not part of this one: its recipient is no \
                     longer in the list, has another file now, or was left out"
                ),
                say!("delete it before you send the letters"),
            ),
            Self::UnusedKey => (
                say!(
                    "a text, link or option that nothing uses, or a file that is empty or not read"
                ),
                say!("see the hint, or remove it"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use pulldown_cmark::{BrokenLink, Event, Options, Parser};

    use super::*;

    /// The rows of the table `| code | severity | what it means | what to do |` as plain text.
    fn rows(page: &str) -> HashMap<Code, [String; 2]> {
        let row = |line: &str| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split(" | ").map(str::trim).collect();
            let [code, _, meaning, remedy] = cells.as_slice() else { return None };
            let code = Code::parse(code.trim_matches('`'))?;
            let remedy = remedy.trim_end_matches('|').trim();
            Some((code, [meaning, remedy].map(plain)))
        };
        page.lines().filter_map(row).collect()
    }

    /// Markdown as plain text.
    fn plain(markdown: &str) -> String {
        // The targets of the links are defined elsewhere on the page.
        let no_target = |_: BrokenLink<'_>| Some(("".into(), "".into()));
        Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(no_target))
            .filter_map(|event| match event {
                Event::Text(text) => Some(text),
                // Code keeps its backticks, because messages use them as well.
                Event::Code(code) => Some(format!("`{code}`").into()),
                _ => None,
            })
            .collect::<Vec<_>>()
            .concat()
    }

    #[test]
    fn the_docs_explain_each_code_in_the_same_words() {
        let english = rows(include_str!("../../docs/commands.md"));
        let spanish = rows(include_str!("../../docs/es/comandos.md"));
        for code in Code::ALL {
            let said = [code.meaning(), code.remedy()];
            assert_eq!(english.get(code), Some(&said.clone().map(|text| text.english())), "{code}");
            assert_eq!(spanish.get(code), Some(&said.map(|text| text.spanish())), "{code}");
        }
    }
}
