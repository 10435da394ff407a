//! Problems on one line each, as compilers print them and editors read them.

use std::io::{self, Write};

use crate::problems::Diagnostic;
use crate::report::severity_word;
use crate::report::shown::Shown;
use crate::report::streams::printable;

/// Writes a problem on one line.
pub(crate) fn write(
    shown: &mut Shown<'_>,
    diagnostic: &Diagnostic,
    output: &mut dyn Write,
) -> io::Result<()> {
    writeln!(output, "{}", line(shown, diagnostic))
}

/// A problem as `file:line:column: severity[code]: message`.
pub(crate) fn line(shown: &mut Shown<'_>, diagnostic: &Diagnostic) -> String {
    let language = shown.reporter.language;
    let file = shown.file(diagnostic.place.file);
    let (start, _) = file.positions(&diagnostic.place.range);
    let severity = severity_word(diagnostic.severity);
    format!(
        "{}:{}:{}: {}[{}]: {}",
        printable(&file.name),
        start.line,
        start.column,
        severity.get(language),
        diagnostic.code,
        printable(&diagnostic.message.get(language)),
    )
}
