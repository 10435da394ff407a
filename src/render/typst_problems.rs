//! What the Typst compiler says is wrong.

use typst::diag::{Severity as TypstSeverity, SourceDiagnostic};
use typst::{World, WorldExt};

use crate::problems::{Code, Diagnostic, Severity};
use crate::source::Place;
use crate::words::foreign;

/// A problem that the Typst compiler found. Without a place of its own it is given `fallback`.
pub fn from_typst(
    world: &dyn World,
    code: Code,
    problem: &SourceDiagnostic,
    fallback: &Place,
) -> Diagnostic {
    let locate = |span: typst::syntax::DiagSpan| {
        let file = span.id()?;
        Some(Place::new(file, world.range(span)?))
    };
    let mut diagnostic = Diagnostic::new(
        code,
        locate(problem.span).unwrap_or_else(|| fallback.clone()),
        foreign::typst(&problem.message),
    );
    diagnostic.severity = match problem.severity {
        TypstSeverity::Error => Severity::Error,
        TypstSeverity::Warning => Severity::Warning,
    };
    for hint in &problem.hints {
        let message = foreign::typst_hint(&hint.v);
        match locate(hint.span) {
            Some(place) => diagnostic.related.push((place, message)),
            None => diagnostic.hints.push(message),
        }
    }
    for point in &problem.trace {
        if let Some(place) = locate(point.span.into())
            && place != diagnostic.place
        {
            diagnostic.related.push((place, foreign::typst_hint(&point.v.to_string())));
        }
    }
    diagnostic
}
