//! Parts of a body that only some recipients of a mail merge get:
//!
//! ```text
//! ::: if recipient.voted-for = "yes"
//! Thank you for your vote.
//! :::
//! ```
//!
//! The two lines stand at the left of the body. Between them are whole blocks.

use std::ops::Range;
use std::sync::LazyLock;

use ecow::EcoString;
use regex::Regex;

use crate::letter::body::Block;
use crate::letter::markdown::number_headings;
use crate::letter::placeholders::{Placeholders, RECIPIENT, Unknown};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::{name_key, value_key};
use crate::words::{Message, say};

/// A part of a body, and who gets it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// Who gets it.
    pub test: Test,
    /// Its blocks, by their indices in the body.
    pub blocks: Range<usize>,
    /// Where its first line is.
    pub place: Place,
}

/// What the value in a column must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    /// The column, as it is written.
    pub column: EcoString,
    /// Whether the column must have the value, or must not.
    pub is_equal: bool,
    /// The value.
    pub value: EcoString,
}

impl Test {
    /// Whether a recipient with this value in the column gets the part. Upper and lower case do not
    /// matter, nor do accents and spaces around the value: people fill in lists by hand.
    pub(crate) fn holds(&self, value: &str) -> bool {
        (value_key(value) == value_key(&self.value)) == self.is_equal
    }

    /// Whether this is the same test, in the body of another language.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let Self { column, is_equal, value } = other;
        *is_equal == self.is_equal
            && name_key(column) == name_key(&self.column)
            && value_key(value) == value_key(&self.value)
    }
}

impl std::fmt::Display for Test {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { column, is_equal, value } = self;
        let sign = if *is_equal { "=" } else { "!=" };
        write!(f, "{RECIPIENT}{column} {sign} \"{value}\"")
    }
}

/// Keeps the blocks for which there is no condition or it holds.
pub(crate) fn keep(
    blocks: &mut Vec<Block>,
    conditions: &[Condition],
    holds: impl Fn(&Test) -> bool,
) {
    let left_out: Vec<&Range<usize>> = conditions
        .iter()
        .filter(|condition| !holds(&condition.test))
        .map(|condition| &condition.blocks)
        .collect();
    let mut index = 0;
    blocks.retain(|_| {
        index += 1;
        !left_out.iter().any(|range| range.contains(&(index - 1)))
    });
    number_headings(blocks, &mut Vec::new());
}

/// The first or the last line of a part.
#[derive(Debug)]
pub(super) struct Mark {
    /// The bytes of the line, without white space at its ends.
    pub range: Range<usize>,
    /// Who gets the part that begins here. `None` if it ends here.
    pub test: Option<Test>,
}

/// A mistake in one of these lines.
pub(super) struct Mistake {
    pub range: Range<usize>,
    pub message: Message,
    pub hint: Message,
}

/// The lines of a body that begin and end parts, and the mistakes in them.
pub(super) fn find(body: &str) -> (Vec<Mark>, Vec<Mistake>) {
    static BEGINS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^:{3,}\s*if\b").expect("a pattern"));
    static TEST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^:{3,}\s*if\s+recipient\.(\S.*?)\s*(!?=)\s*["“]([^"“”]*)["”]$"#)
            .expect("a pattern")
    });
    let (mut marks, mut mistakes) = (Vec::new(), Vec::new());
    if !body.contains(":::") {
        return (marks, mistakes);
    }
    // The first line of a part, unless it has a mistake of its own.
    let mut open: Option<Option<Range<usize>>> = None;
    let mut fence = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim_end();
        let indent = text.len() - text.trim_start_matches(' ').len();
        let text = &text[indent..];
        let code = ["```", "~~~"].into_iter().find(|code| text.starts_with(code));
        match (fence, code) {
            (None, Some(code)) => fence = Some(code),
            (Some(open), Some(code)) if open == code => fence = None,
            _ => {}
        }
        if indent > 3 || fence.is_some() || code.is_some() {
            continue;
        }
        let range = start + indent..start + indent + text.len();
        if indent > 0 {
            // In an item of a list it would end the list.
            if BEGINS.is_match(text) {
                let message = say!("a text for some recipients cannot be in an item of a list");
                let hint = say!("write this line at the left, between two blocks");
                mistakes.push(Mistake { range, message, hint });
            }
        } else if BEGINS.is_match(text) {
            mistakes.extend(open.take().flatten().map(unclosed));
            match TEST.captures(text) {
                Some(parts) => {
                    let test = Test {
                        column: parts[1].into(),
                        is_equal: &parts[2] == "=",
                        value: parts[3].into(),
                    };
                    open = Some(Some(range.clone()));
                    marks.push(Mark { range, test: Some(test) });
                }
                None => {
                    open = Some(None);
                    mistakes.push(Mistake {
                        range,
                        message: say!("this does not say who gets the text that follows"),
                        hint: say!(
                            "write `::: if recipient.COLUMN = \"value\"`, or `!=` for everybody else"
                        ),
                    });
                }
            }
        } else if text.len() >= 3 && text.bytes().all(|byte| byte == b':') && open.take().is_some()
        {
            marks.push(Mark { range, test: None });
        }
    }
    mistakes.extend(open.flatten().map(unclosed));
    (marks, mistakes)
}

fn unclosed(range: Range<usize>) -> Mistake {
    Mistake {
        range,
        message: say!("nothing says where the text for some recipients ends"),
        hint: say!(
            "write `:::` on a line of its own behind it; one such text cannot be in another"
        ),
    }
}

/// The body with rules of the same length in place of these lines: CommonMark ends a paragraph at them.
pub(super) fn masked(body: &str, marks: &[Mark]) -> String {
    let mut masked = String::with_capacity(body.len());
    let mut at = 0;
    for Mark { range, .. } in marks {
        masked.push_str(&body[at..range.start]);
        masked.extend(std::iter::repeat_n('_', range.len()));
        at = range.end;
    }
    masked.push_str(&body[at..]);
    masked
}

/// The problem of a test whose column does not exist, or of any test outside a mail merge.
pub(super) fn unknown_column(
    test: &Test,
    placeholders: &Placeholders,
    place: &Place,
) -> Option<Diagnostic> {
    let name = format!("{RECIPIENT}{}", test.column);
    let unknown = Unknown { name, range: 0..0 };
    (!placeholders.has(&unknown.name)).then(|| placeholders.problem(&unknown, place.clone()))
}

/// The warning for a test that holds for no recipient.
pub(crate) fn holds_for_nobody(condition: &Condition) -> Diagnostic {
    let test = &condition.test;
    let message = say!("no recipient gets this text: for none is `{test}`", test);
    Diagnostic::new(Code::UnusedKey, condition.place.clone(), message)
        .hint(say!("compare it with the values in the list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_at_the_left_mark_a_part() {
        let body = "A\n::: if recipient.voted for = \"yes\"\nB\n:::\n\n::: if recipient.x!=“”\n* C\n::::\n:::\n";
        let (marks, mistakes) = find(body);
        assert!(mistakes.is_empty());
        let tests: Vec<String> = marks
            .iter()
            .map(|mark| mark.test.as_ref().map_or("end".into(), Test::to_string))
            .collect();
        assert_eq!(
            tests,
            ["recipient.voted for = \"yes\"", "end", "recipient.x != \"\"", "end"],
            "the last line closes nothing"
        );
        let masked = masked(body, &marks);
        assert_eq!(masked.len(), body.len());
        assert!(masked.starts_with("A\n____"), "{masked}");
        assert!(masked.ends_with("\n____\n:::\n"), "{masked}");
    }

    #[test]
    fn mistakes_are_found_and_code_is_left_alone() {
        let found = |body: &str| {
            let (marks, mistakes) = find(body);
            (
                marks.len(),
                mistakes
                    .iter()
                    .map(|mistake| &body[mistake.range.clone()])
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        assert_eq!(found("::: if voted\nB\n:::"), (1, "::: if voted".into()));
        assert_eq!(
            found("::: if recipient.a = \"b\"\nB"),
            (1, "::: if recipient.a = \"b\"".into())
        );
        assert_eq!(
            found("```\n::: if recipient.a = \"b\"\n```\n    ::: if x\n::: note\n:::"),
            (0, String::new())
        );
    }

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        let test = |is_equal| Test { column: "a".into(), is_equal, value: "Yes".into() };
        assert!(test(true).holds(" yes") && !test(true).holds(""));
        assert!(test(false).holds("") && !test(false).holds("YES"));
        let accented = Test { column: "votó".into(), is_equal: true, value: "sí".into() };
        for value in ["Sí", "SÍ", "si", " SI ", "si\u{301}"] {
            assert!(accented.holds(value), "{value}");
        }
        for value in ["no", "", "sí, pero"] {
            assert!(!accented.holds(value), "{value}");
        }
    }
}
