//! The summary of a run in Markdown, which GitHub Actions shows on the page of the run.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use crate::engine::batch::{Outcome, Typeset};
use crate::problems::{Diagnostic, Severity};
use crate::project::Project;
use crate::report::streams::is_hidden;
use crate::report::{Reporter, severity_word};
use crate::words::{self, Message, UiLanguage, say};

/// The maximum number of problems listed. GitHub refuses a summary of more than 1 MiB.
const MAX_LISTED: usize = 100;

/// The row of a letter in the summary.
pub(crate) struct Row<'o> {
    /// The letter.
    pub project: &'o Project,
    /// Its problems.
    pub diagnostics: &'o [Diagnostic],
    /// What was typeset of each of its languages. A merge typesets many letters from one, and shows
    /// none.
    pub typeset: &'o [Typeset],
}

impl<'o> From<&'o Outcome> for Row<'o> {
    fn from(outcome: &'o Outcome) -> Self {
        let Outcome { project, diagnostics, typeset, .. } = outcome;
        Self { project, diagnostics, typeset }
    }
}

/// Appends the summary to the file that the service named. `sum` is the summary line of the messages.
pub(crate) fn append(
    path: &Path,
    letters: &[Row<'_>],
    reporter: &Reporter,
    sum: &Message,
) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(markdown(letters, reporter, sum).as_bytes())
}

/// The summary: a row for each letter and language, and the problems.
fn markdown(letters: &[Row<'_>], reporter: &Reporter, sum: &Message) -> String {
    let language = reporter.language;
    let mut text = format!("### undersigned\n\n{}\n\n", escape(&sum.get(language)));
    let header = say!("| letter | language | pages | signatories | problems |");
    text.push_str(&header.get(language));
    text.push_str("\n| --- | --- | ---: | ---: | --- |\n");
    for row in letters {
        let letter = escape(&reporter.path(&row.project.files, row.project.file));
        if row.typeset.is_empty() {
            let problems = counted(row.diagnostics.iter(), language);
            text.push_str(&format!("| {letter} | – | – | – | {problems} |\n"));
        }
        for typeset in row.typeset {
            // A problem without a language concerns all of them.
            let own = row.diagnostics.iter();
            let own = own.filter(|diagnostic| diagnostic.concerns(&typeset.languages.0));
            let pages = typeset.pages.map_or("–".to_owned(), |pages| pages.to_string());
            let problems = counted(own, language);
            let (tag, signatories) = (&typeset.languages, typeset.signatories);
            text.push_str(&format!(
                "| {letter} | {tag} | {pages} | {signatories} | {problems} |\n"
            ));
        }
    }
    let problems: Vec<(&Project, &Diagnostic)> = letters
        .iter()
        .flat_map(|row| row.diagnostics.iter().map(|problem| (row.project, problem)))
        .collect();
    if !problems.is_empty() {
        let title = say!("Problems");
        text.push_str(&format!("\n<details><summary>{}</summary>\n\n", title.get(language)));
        for (project, problem) in problems.iter().take(MAX_LISTED) {
            text.push_str(&item(project, problem, reporter));
        }
        if problems.len() > MAX_LISTED {
            let count = problems.len() - MAX_LISTED;
            let more = say!("and {count} more", count);
            text.push_str(&format!("- {}\n", more.get(language)));
        }
        text.push_str("\n</details>\n");
    }
    text.push('\n');
    text
}

/// A problem as a list item.
fn item(project: &Project, problem: &Diagnostic, reporter: &Reporter) -> String {
    let (path, line, column) = reporter.position(project, &problem.place);
    let language = reporter.language;
    let severity = severity_word(problem.severity);
    format!(
        "- {}:{line}:{column}: {}\\[{}\\]: {}\n",
        escape(&path),
        severity.get(language),
        problem.code,
        escape(&problem.message.get(language)),
    )
}

/// "1 error, 4 warnings", or nothing if there are none.
fn counted<'d>(
    problems: impl Iterator<Item = &'d Diagnostic> + Clone,
    language: UiLanguage,
) -> String {
    let count = |severity| problems.clone().filter(|p| p.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let errors = (errors > 0).then(|| words::errors(errors));
    let warnings = (warnings > 0).then(|| words::warnings(warnings));
    let all = Message::list(errors.into_iter().chain(warnings));
    all.map_or(String::new(), |all| all.get(language))
}

/// Text as Markdown that is shown literally: no character has a special meaning, in a cell or a list
/// (CommonMark 0.31.2, section 2.4: any ASCII punctuation may be escaped), and no address becomes a link
/// (GitHub Flavored Markdown 0.29, section 6.9).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let is_address = (c == ':' && rest.as_str().starts_with('/'))
            || (c == '.' && escaped.ends_with(['w', 'W']));
        match c {
            // GitHub turns `@name` into a mention even if the `@` is escaped.
            '@' => escaped.push_str("<span>@</span>"),
            c if is_hidden(c) => escaped.push(' '),
            c if is_address || (c.is_ascii_punctuation() && !".,/:".contains(c)) => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
