//! The file names of a merge: the pattern of `--name`, filled in for each recipient.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::engine::options::draft_suffix;
use crate::language::Tag;
use crate::letter::placeholders::RECIPIENT;
use crate::merge::Plan;
use crate::merge::recipients::Recipient;
use crate::merge::rows::RowProblems;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::{PatternPart, name_key, pattern_parts};
use crate::words::say;
use crate::words::suggest;

/// The longest file name, in bytes, without the language and the extension. File systems allow 255.
const MAX_STEM: usize = 200;

/// Reports placeholders in the pattern of file names that are not columns of the recipients.
pub(super) fn check_pattern(plan: &Plan, problems: &Problems) {
    let columns = plan.recipients.columns.iter().map(|column| format!("{RECIPIENT}{column}"));
    let in_list = |name: &str| {
        name.strip_prefix(RECIPIENT).is_some_and(|name| plan.recipients.column(name).is_some())
    };
    let known: Vec<String> =
        ["number", "letter"].map(str::to_owned).into_iter().chain(columns).collect();
    for part in pattern_parts(&plan.name) {
        let PatternPart::Name(name) = part else { continue };
        if known.iter().any(|known| known == name) || in_list(name) {
            continue;
        }
        let list = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
        let problem = say!("--name asks for {{{name}}}, which does not exist", name);
        let hint = match suggest::nearest(name, known.iter().map(String::as_str)) {
            Some(near) => suggest::did_you_mean(&format!("{{{near}}}")),
            None => say!("these exist: {list}", list),
        };
        let place = plan.recipients_place.clone();
        problems.push(Diagnostic::new(Code::UnknownPlaceholder, place, problem).hint(hint));
    }
}

/// The name of the files of the letter in a language to the recipient with an index, without the
/// extension.
pub(super) fn stem(plan: &Plan, recipient: &Recipient, index: usize, tag: &Tag) -> String {
    let draft = draft_suffix(plan.options.draft);
    format!("{}.{tag}{draft}", filled(plan, recipient, index))
}

/// The name of a recipient's files without the language, and without characters that have a meaning
/// in a file system or a shell.
fn filled(plan: &Plan, recipient: &Recipient, index: usize) -> String {
    let digits = plan.recipients.rows.len().to_string().len();
    let number = format!("{:0digits$}", index + 1);
    let part = |part| match part {
        PatternPart::Plain(text) => text.to_owned(),
        PatternPart::Name("number") => number.clone(),
        PatternPart::Name("letter") => plan.project.name.clone(),
        PatternPart::Name(name) => {
            let cell = name.strip_prefix(RECIPIENT);
            let cell = cell.and_then(|name| plan.recipients.cell(recipient, name));
            cell.map(|cell| cell.value.to_string()).unwrap_or_default()
        }
    };
    let text: String = pattern_parts(&plan.name).into_iter().map(part).collect();
    let is_kept = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "-_.,()+".contains(c);
    // Accents are composed with their letters, so that the name is the same on all computers.
    let text: String = text.nfc().map(|c| if is_kept(c) { c } else { ' ' }).collect();
    let mut stem = text.split_whitespace().collect::<Vec<_>>().join("-");
    while stem.len() > MAX_STEM {
        stem.pop();
    }
    // A name that begins with a dot is hidden.
    let stem = stem.trim_matches(['.', '-']);
    if stem.is_empty() { number } else { stem.to_owned() }
}

/// The names in use, each with the first recipient that has it, and whether a duplicate was reported
/// for it.
#[derive(Default)]
pub(super) struct FileNames(HashMap<String, (usize, bool)>);

impl FileNames {
    /// Takes a name for a recipient. If another has it, that is an error for both: a person who opens
    /// the file could not tell whose it is, so neither is made.
    pub(super) fn take(
        &mut self,
        file: &str,
        plan: &Plan,
        recipient: usize,
        of_rows: &mut RowProblems,
    ) {
        // Some file systems ignore letter case, and know only one way to write an accent.
        match self.0.entry(name_key(file)) {
            Vacant(name) => {
                name.insert((recipient, false));
            }
            Occupied(mut name) => {
                let (first, is_reported) = *name.get();
                if !is_reported {
                    of_rows.push(first, same_file(plan, file, first, recipient));
                    name.insert((first, true));
                }
                of_rows.push(recipient, same_file(plan, file, recipient, first));
            }
        }
    }
}

/// The error for a recipient whose file name another recipient has.
fn same_file(plan: &Plan, file: &str, recipient: usize, other: usize) -> Diagnostic {
    let place = |index: usize| plan.recipients.rows[index].place.clone();
    let message = say!("the file `{file}` is also that of another recipient", file);
    Diagnostic::new(Code::InvalidValue, place(recipient), message)
        .relate(place(other), say!("this one"))
        .hint(say!(
            "name files by something that differs, such as --name '{{number}}-{{recipient.name}}'"
        ))
}
