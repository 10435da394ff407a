//! Problems as workflow commands of GitHub Actions, which shows them on the lines of a pull request.
//!
//! The format is that of GitHub's documentation, "Workflow commands for GitHub Actions".

use std::io::{self, Write};

use crate::problems::Diagnostic;
use crate::report::shown::Shown;
use crate::report::streams::printable;

/// Writes a problem as `::error file=…,line=…::message`.
pub(crate) fn write(
    shown: &mut Shown<'_>,
    diagnostic: &Diagnostic,
    output: &mut dyn Write,
) -> io::Result<()> {
    let language = shown.reporter.language;
    let mut text = printable(&diagnostic.message.get(language));
    // An annotation has one place; related places are named in its text.
    for (place, message) in &diagnostic.related {
        let file = shown.file(place.file);
        let (start, _) = file.positions(&place.range);
        let (name, message) = (printable(&file.name), printable(&message.get(language)));
        text.push_str(&format!("\n{name}:{}: {message}", start.line));
    }
    for hint in &diagnostic.hints {
        text.push_str(&format!("\n{}", printable(&hint.get(language))));
    }
    let file = shown.file(diagnostic.place.file);
    let (start, end) = file.positions(&diagnostic.place.range);
    // GitHub accepts columns only if the place is on one line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    writeln!(
        output,
        "::{} file={},line={},endLine={}{columns},title={}::{}",
        diagnostic.severity.as_str(),
        escape_property(&file.name),
        start.line,
        end.line,
        escape_property(diagnostic.code.as_str()),
        escape_data(&text),
    )
}

/// A text escaped for workflow commands: characters that would end or split the command are
/// percent-encoded (actions/toolkit, `packages/core/src/command.ts`).
fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
