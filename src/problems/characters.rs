//! Characters that no text may contain, and more of them on one letter than any script has: the one
//! place that decides.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_script::{Script, UnicodeScript};
use unicode_segmentation::UnicodeSegmentation;

use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::Text;
use crate::words::say;

/// The maximum number of characters that are printed as one: a letter with its accents, a syllable, an
/// emoji of several. The longest that people use have a dozen; the time and memory to set one grow with
/// the square of its length.
pub(crate) const MAX_CLUSTER: usize = 32;

/// The number of further places that are named if a character is in a text several times.
const FURTHER_PLACES: usize = 3;

/// Whether a character does not belong in a letter: control characters, characters that change the
/// direction of what follows (Unicode Standard Annex #9, "explicit directional formatting"), those that
/// nobody sees although no script needs them (tags, invisible operators, fillers, marks of interlinear
/// annotation), the replacement character, and noncharacters, which are reserved for a program's
/// internal use.
///
/// Joiners, variation selectors and, in scripts without spaces, spaces without width are left: Persian,
/// Hindi, Thai and emoji need them.
pub(crate) fn is_unprintable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        '\u{202A}'..='\u{202E}' | '\u{2061}'..='\u{206F}' => true,
        '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}' => true,
        '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}' => true,
        _ => c.is_control() || is_noncharacter(c),
    }
}

/// The characters of a text that do not belong in a letter, with their offsets.
fn unprintable(text: &str) -> impl Iterator<Item = (usize, char)> {
    let is_alone = |at: usize| {
        let (before, after) = (text[..at].chars().next_back(), text[at..].chars().nth(1));
        !before.into_iter().chain(after).any(has_no_spaces)
    };
    text.char_indices()
        .filter(move |(at, c)| is_unprintable(*c) || (*c == '\u{200B}' && is_alone(*at)))
}

/// Whether a character is of a script that puts no spaces between words, where a space without width
/// says where a line may break (Unicode Standard Annex #14, class SA).
fn has_no_spaces(c: char) -> bool {
    use Script::{
        Balinese, Javanese, Khmer, Lao, Myanmar, New_Tai_Lue, Sundanese, Tai_Le, Tai_Tham,
        Tai_Viet, Thai, Tibetan,
    };
    matches!(
        c.script(),
        Balinese
            | Javanese
            | Khmer
            | Lao
            | Myanmar
            | New_Tai_Lue
            | Sundanese
            | Tai_Le
            | Tai_Tham
            | Tai_Viet
            | Thai
            | Tibetan
    )
}

/// Whether it is a noncharacter (The Unicode Standard, section 23.7).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// What is found in one text, so that a character that is there many times is one problem.
#[derive(Debug, Default)]
pub(crate) struct Found {
    unprintable: BTreeMap<char, Places>,
    clusters: Option<Places>,
}

/// Where something is: how often, and the first of its places.
#[derive(Debug, Default)]
struct Places {
    count: usize,
    first: Vec<Place>,
}

impl Places {
    fn add(&mut self, place: impl FnOnce() -> Place) {
        self.count += 1;
        if self.first.len() <= FURTHER_PLACES {
            let place = place();
            if self.first.last() != Some(&place) {
                self.first.push(place);
            }
        }
    }

    /// The problem at the first place, with the next ones.
    fn problem(self, message: crate::words::Message) -> Option<Diagnostic> {
        let mut places = self.first.into_iter();
        let problem = Diagnostic::new(Code::InvalidValue, places.next()?, message)
            .hint(say!("remove it, or type the text again"));
        Some(places.fold(problem, |problem, place| problem.relate(place, say!("and here"))))
    }
}

impl Found {
    /// Looks at a text. `place` turns a range of its bytes into a place.
    pub(crate) fn look(&mut self, text: &str, place: impl Fn(Range<usize>) -> Place) {
        self.look_for_unprintable(text, &place);
        self.look_for_clusters(text, place);
    }

    /// Looks for characters that do not belong in a letter.
    pub(crate) fn look_for_unprintable(
        &mut self,
        text: &str,
        place: impl Fn(Range<usize>) -> Place,
    ) {
        if text.is_ascii() && !text.contains(is_unprintable) {
            return;
        }
        for (at, c) in unprintable(text) {
            let places = self.unprintable.entry(c).or_default();
            places.add(|| place(at..at + c.len_utf8()));
        }
    }

    /// Looks for too many characters on one letter.
    pub(crate) fn look_for_clusters(&mut self, text: &str, place: impl Fn(Range<usize>) -> Place) {
        let mut at = 0;
        // An ASCII character stands alone. Those that follow one belong to it, and are looked at with
        // it.
        while let Some(start) = text[at..].bytes().position(|byte| !byte.is_ascii()) {
            let start = at + start;
            let end = text[start..].bytes().position(|byte| byte.is_ascii());
            let end = end.map_or(text.len(), |end| start + end);
            let from = if start > at { start - 1 } else { start };
            // A cluster has no more characters than the text that it is in has bytes.
            if end - from > MAX_CLUSTER {
                for (offset, cluster) in text[from..end].grapheme_indices(true) {
                    if cluster.chars().nth(MAX_CLUSTER).is_some() {
                        let range = from + offset..from + offset + cluster.len();
                        self.clusters.get_or_insert_default().add(|| place(range));
                    }
                }
            }
            at = end;
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.unprintable.is_empty() && self.clusters.is_none()
    }

    /// The problems.
    pub(crate) fn problems(self) -> impl Iterator<Item = Diagnostic> {
        let unprintable = self.unprintable.into_iter().map(|(c, places)| {
            let (code, count) = (format!("U+{:04X}", u32::from(c)), places.count);
            places.problem(match count {
                1 => say!("this text contains the character {code}, which cannot be printed", code),
                _ => say!(
                    "this text contains the character {code}, which cannot be printed, {count} times",
                    code,
                    count
                ),
            })
        });
        let clusters = self.clusters.map(|places| {
            places.problem(say!(
                "more than {most} characters are printed as one here",
                most = MAX_CLUSTER
            ))
        });
        unprintable.chain(clusters).flatten()
    }
}

/// The problems of a text, at the place of the whole.
pub(crate) fn problems(text: &Text) -> impl Iterator<Item = Diagnostic> {
    let mut found = Found::default();
    found.look(&text.value, |_| text.place.clone());
    found.problems()
}

/// Reports the problems of a text, and returns it without what causes them, because that would only
/// cause more of them on the page.
pub(crate) fn checked(mut text: Text, problems: &Problems) -> Text {
    let mut wrong = false;
    for problem in self::problems(&text) {
        problems.push(problem);
        wrong = true;
    }
    if wrong {
        let wrong: BTreeSet<usize> = unprintable(&text.value).map(|(at, _)| at).collect();
        let clusters = text.value.grapheme_indices(true);
        let short = clusters.flat_map(|(start, cluster)| {
            let chars = cluster.char_indices().take(MAX_CLUSTER);
            chars.map(move |(at, c)| (start + at, c))
        });
        text.value = short.filter(|(at, _)| !wrong.contains(at)).map(|(_, c)| c).collect();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        let mut found = Found::default();
        found.look(text, |range| Place::new(crate::source::text::tests::file(), range));
        found.problems().count()
    }

    #[test]
    fn what_scripts_and_emoji_need_is_left() {
        for text in
            ["می‌خواهم", "क्‍ष", "👩🏽‍❤️‍💋‍👨🏾", "ว่า\u{200B}น้ำ", "שָׁלוֹם", "葛\u{E0100}", "a\u{AD}b", "ༀ\u{0F71}"]
        {
            assert_eq!(count(text), 0, "{text:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_found_everywhere() {
        for c in
            ['\0', '\u{85}', '\u{202E}', '\u{2067}', '\u{2064}', '\u{206A}', '\u{3164}', '\u{FDD0}']
                .into_iter()
                .chain([
                    '\u{FFF9}',
                    '\u{FFFC}',
                    '\u{FFFD}',
                    '\u{FFFE}',
                    '\u{FEFF}',
                    '\u{200B}',
                    '\u{E0001}',
                    '\u{E0041}',
                    '\u{10FFFF}',
                ])
        {
            assert_eq!(count(&format!("a{c}b{c}")), 1, "{c:?}");
        }
    }

    #[test]
    fn a_letter_has_as_many_marks_as_a_script_needs() {
        for mark in ["\u{301}", "\u{335}", "\u{200D}", "\u{FE0F}"] {
            let text = |marks: usize| format!("Agua, a{} y más", mark.repeat(marks));
            assert_eq!((count(&text(31)), count(&text(32))), (0, 1), "{mark:?}");
        }
        assert_eq!(count(&"👩\u{200D}".repeat(40)), 1);
        assert_eq!(count(&"ประชาชน".repeat(40)), 0);
    }
}
