//! Whether the same recipients get the same parts of a letter in each language.

use crate::letter::Letter;
use crate::letter::conditions::Condition;
use crate::problems::{Code, Diagnostic, Problems};
use crate::words::say;

/// Reports the parts for some recipients that one of two languages has and the other has not.
pub(super) fn report(original: &Letter, translation: &Letter, problems: &Problems) {
    let (first, second) = (&original.conditions, &translation.conditions);
    for condition in lacking(first, second) {
        let (test, tag) = (&condition.test, &translation.tag);
        let message = say!("in `{tag}` no text is for `{test}` only", tag, test);
        problems.push(problem(condition, message).in_language(tag));
    }
    for condition in lacking(second, first) {
        let (test, tag) = (&condition.test, &original.tag);
        let message = say!("in the original, `{tag}`, no text is for `{test}` only", tag, test);
        problems.push(problem(condition, message).in_language(&translation.tag));
    }
}

fn problem(condition: &Condition, message: crate::words::Message) -> Diagnostic {
    Diagnostic::new(Code::ParityStructure, condition.place.clone(), message)
        .hint(say!("put the same lines around the same text in each language"))
}

/// The conditions that have no counterpart among the others, each of which is one of one.
fn lacking<'c>(all: &'c [Condition], others: &[Condition]) -> Vec<&'c Condition> {
    let mut free: Vec<&Condition> = others.iter().collect();
    let mut lacking = Vec::new();
    for condition in all {
        match free.iter().position(|other| other.test.is_same(&condition.test)) {
            Some(index) => {
                free.remove(index);
            }
            None => lacking.push(condition),
        }
    }
    lacking
}
