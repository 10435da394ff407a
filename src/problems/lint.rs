//! Which warnings count: what a letter, its repository and the command line allow and deny.

use crate::problems::{Code, Diagnostic, Severity};

/// Which warnings are allowed and which are denied. An error cannot be allowed.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub struct Lint {
    /// Codes of warnings that are not shown, such as `["placeholder-link"]`.
    pub allow: Vec<Code>,
    /// Codes of warnings that count as errors. `"warnings"` means all warnings that are shown.
    pub deny: Vec<Denied>,
}

/// What can be denied.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Denied {
    /// All warnings that are shown.
    Warnings,
    /// The warnings with one code.
    Code(Code),
}

/// The name for all warnings.
pub(crate) const ALL_WARNINGS: &str = "warnings";

impl Denied {
    /// Parses a name. Only codes that can be warnings are accepted.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            ALL_WARNINGS => Some(Self::Warnings),
            name => parse_warning(name).map(Self::Code),
        }
    }
}

/// The code with that name, if there are warnings with it.
pub(crate) fn parse_warning(name: &str) -> Option<Code> {
    Code::parse(name).filter(|code| code.can_warn())
}

/// The names of all codes that can be warnings.
pub(crate) fn warnings() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().filter(|code| code.can_warn()).map(|code| code.as_str())
}

/// Drops the warnings that are allowed and raises those that are denied. Later `layers` take
/// precedence; the letter comes first.
///
/// As in the Rust compiler, `warnings` denies what is still a warning after all layers: a code that
/// the letter allows stays allowed unless a later layer denies that very code.
pub(crate) fn judge<'l>(
    diagnostics: Vec<Diagnostic>,
    layers: impl Iterator<Item = &'l Lint> + Clone,
) -> Vec<Diagnostic> {
    let level = |code: Code| {
        let level = if code.is_allowed_by_default() { Level::Allow } else { Level::Warn };
        layers.clone().fold(level, |level, layer| layer.level(code, level))
    };
    let all_denied = layers.clone().any(|layer| layer.deny.contains(&Denied::Warnings));
    let judged = |mut diagnostic: Diagnostic| {
        if diagnostic.severity == Severity::Warning {
            match level(diagnostic.code) {
                Level::Allow => return None,
                Level::Deny => diagnostic.severity = Severity::Error,
                Level::Warn if all_denied => diagnostic.severity = Severity::Error,
                Level::Warn => {}
            }
        }
        Some(diagnostic)
    };
    diagnostics.into_iter().filter_map(judged).collect()
}

/// What happens to a warning.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Level {
    Warn,
    Allow,
    Deny,
}

impl Lint {
    /// The level of a code that was `before` in the earlier layers.
    fn level(&self, code: Code, before: Level) -> Level {
        if self.allow.contains(&code) {
            Level::Allow
        } else if self.deny.contains(&Denied::Code(code)) {
            Level::Deny
        } else {
            before
        }
    }
}
