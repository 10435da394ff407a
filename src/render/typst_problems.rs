//! Errors and warnings of the Typst compiler.

use ecow::EcoVec;
use typst::diag::{Severity as TypstSeverity, SourceDiagnostic};
use typst::{World, WorldExt};

use crate::files::carried;
use crate::letter::Letter;
use crate::problems::{Code, Diagnostic, Severity};
use crate::render::world::LetterWorld;
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::words::foreign;
use crate::words::say;

/// A problem that the Typst compiler found. If it has no place of its own, it gets `fallback`.
pub(crate) fn from_typst(
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

/// Moves a problem out of the program's own files, which nobody can correct: to where a file of the
/// letter calls them, or to `fallback`.
pub(super) fn out_of_carried(mut problem: Diagnostic, fallback: &Place) -> Diagnostic {
    problem.related.retain(|(place, _)| !carried::is_carried(place.file));
    if carried::is_carried(problem.place.file) {
        problem.place = match problem.related.first() {
            Some(_) => problem.related.remove(0).0,
            None => fallback.clone(),
        };
    }
    problem
}

/// A problem that Typst found in a template or in a body of Typst markup.
pub(super) fn template_problem(
    world: &LetterWorld,
    letter: &Letter,
    layout: Layout,
    problem: &SourceDiagnostic,
) -> Diagnostic {
    let mut diagnostic = from_typst(world, Code::Template, problem, &letter.template_place);
    // The author did not write the main file that calls the template; the template's name in the
    // letter is the place to correct.
    if carried::is_main(diagnostic.place.file) {
        diagnostic.place = letter.template_place.clone();
        if problem.message.contains("unresolved import") {
            diagnostic.message = say!("this template defines no function `letter`");
            diagnostic.hints = vec![say!("write #let letter(letter) = {{ … }}")];
        } else if layout == Layout::Parallel && is_wrong_call(&problem.message) {
            diagnostic.message = say!(
                "`parallel-letter` of this template is not a function of `letters` and `shared`"
            );
            diagnostic.hints = vec![say!(
                "write #let parallel-letter(letters, shared) = {{ … }}, or choose edition = \"consecutive\""
            )];
        }
    }
    if problem.message.starts_with("unknown variable: undersigned-") {
        diagnostic.hints = vec![say!(
            "this file is from another version of the program: write the parts of this version with \
             `undersigned template`, and repeat your changes in them"
        )];
    }
    let mut diagnostic = out_of_carried(diagnostic, &letter.template_place);
    let asked = &letter.template_place;
    if diagnostic.place.file != asked.file && !asked.range.is_empty() {
        let message = say!("this letter uses the template");
        diagnostic = diagnostic.relate(asked.clone(), message);
    }
    diagnostic
}

/// A problem for pages that Typst gave up on: what is on them depends on where it is. Typst says that in
/// several warnings, which are removed from those given.
pub(super) fn never_settled(
    world: &LetterWorld,
    letter: &Letter,
    warnings: &mut EcoVec<SourceDiagnostic>,
) -> Option<Diagnostic> {
    let is_whole = |warning: &SourceDiagnostic| {
        warning.message.starts_with("document did not converge")
            || warning.message.starts_with("layout did not converge")
    };
    if !warnings.iter().any(is_whole) {
        return None;
    }
    let message =
        say!("these pages never settle, because what is printed depends on its own place");
    let mut problem = Diagnostic::new(Code::Template, letter.template_place.clone(), message)
        .hint(say!("do not print what depends on how much is printed"));
    // The pages may differ from the intended ones.
    problem.severity = Severity::Error;
    warnings.retain(|warning| {
        let detail = warning.message.ends_with("did not stabilize")
            || warning.message.ends_with("did not converge");
        if detail
            && let Some(place) = warning
                .span
                .id()
                .and_then(|file| Some(Place::new(file, world.range(warning.span)?)))
            && !carried::is_carried(place.file)
        {
            problem.related.push((place, say!("this differs each time")));
        }
        !detail && !is_whole(warning)
    });
    Some(problem)
}

/// Whether Typst reports a call of something that is not a function, or with wrong arguments.
fn is_wrong_call(message: &str) -> bool {
    ["unexpected argument", "missing argument", "expected function"]
        .iter()
        .any(|start| message.starts_with(start))
}
