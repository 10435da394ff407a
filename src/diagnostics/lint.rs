//! Which warnings count: what a letter, its repository and the command line allow and deny.

use schemars::JsonSchema;

use crate::diagnostics::message::say;
use crate::diagnostics::{Code, Diagnostic, Place, Severity};
use crate::spec::reader::{Context, Table, Value};
use crate::spec::schema;

/// Which warnings are allowed and which are denied. An error cannot be allowed.
#[derive(Debug, Default, Clone, Eq, PartialEq, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub struct Lint {
    /// Codes of warnings that are not shown, such as `["placeholder-link"]`.
    #[schemars(schema_with = "schema::allowed")]
    pub allow: Vec<Code>,
    /// Codes of warnings that count as errors. `"warnings"` stands for all that are shown.
    #[schemars(schema_with = "schema::denied")]
    pub deny: Vec<Denied>,
}

/// What can be denied.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Denied {
    /// All warnings that are shown.
    Warnings,
    /// Those of one code.
    Code(Code),
}

/// The name that stands for all warnings.
pub const ALL_WARNINGS: &str = "warnings";

impl Denied {
    /// What that name stands for. Only what can be a warning has one.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            ALL_WARNINGS => Some(Self::Warnings),
            name => parse_warning(name).map(Self::Code),
        }
    }
}

/// The code of that name, if there are warnings of it.
pub fn parse_warning(name: &str) -> Option<Code> {
    Code::parse(name).filter(|code| code.can_warn())
}

/// The names of all that can be a warning.
pub fn warnings() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().filter(|code| code.can_warn()).map(|code| code.as_str())
}

impl Lint {
    /// Reads the table `[lint]` of a letter or a repository.
    pub fn read(value: Value<'_>, context: Context<'_>) -> Self {
        let Some(mut table) = value.table(context) else { return Self::default() };
        let allowed = read_codes(&mut table, "allow", context, parse_warning);
        let denied = read_codes(&mut table, "deny", context, Denied::parse);
        table.finish(context);
        for (code, place) in &allowed {
            if let Some((_, other)) = denied.iter().find(|(d, _)| *d == Denied::Code(*code)) {
                context.problems.push(
                    Diagnostic::new(
                        Code::InvalidValue,
                        other.clone(),
                        say!(
                            "`{code}` is both allowed and denied",
                            "`{code}` está a la vez permitido y denegado"
                        ),
                    )
                    .relate(place.clone(), say!("it is allowed here", "aquí se permite")),
                );
            }
        }
        Self {
            allow: allowed.into_iter().map(|(code, _)| code).collect(),
            deny: denied.into_iter().map(|(denied, _)| denied).collect(),
        }
    }
}

/// Drops the warnings that are allowed and raises those that are denied. Of the `layers`, the letter
/// first, a later one wins.
///
/// As with the compiler of Rust, `warnings` denies what is still a warning after all layers: a letter
/// that allows a code keeps it allowed unless a later layer denies that very code.
pub fn judge<'l>(
    diagnostics: Vec<Diagnostic>,
    layers: impl Iterator<Item = &'l Lint> + Clone,
) -> Vec<Diagnostic> {
    let level = |code| layers.clone().fold(Level::Warn, |level, layer| layer.level(code, level));
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

/// What becomes of a warning.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Level {
    Warn,
    Allow,
    Deny,
}

impl Lint {
    /// What becomes of a code that was at `before` so far.
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

fn read_codes<T>(
    table: &mut Table<'_>,
    key: &'static str,
    context: Context<'_>,
    parse: fn(&str) -> Option<T>,
) -> Vec<(T, Place)> {
    let items = table.take(key).and_then(|value| value.items(context));
    items.into_iter().flatten().filter_map(|item| read_code(item, context, parse)).collect()
}

fn read_code<T>(
    value: Value<'_>,
    context: Context<'_>,
    parse: fn(&str) -> Option<T>,
) -> Option<(T, Place)> {
    let text = value.text(context)?;
    let name = &text.value;
    let is_error = Code::parse(name).is_some_and(|code| !code.can_warn());
    if is_error || (name == ALL_WARNINGS && parse(name).is_none()) {
        let message = match is_error {
            true => say!("`{name}` is an error, always", "`{name}` es siempre un error"),
            false => say!("`{name}` can only be denied", "`{name}` solo se puede denegar"),
        };
        let hint = say!(
            "name the codes of warnings, or take it out",
            "nombre los códigos de advertencias, o quítelo"
        );
        let problem = Diagnostic::new(Code::InvalidValue, text.place, message).hint(hint);
        context.problems.push(problem);
        return None;
    }
    let names: Vec<&str> =
        warnings().chain([ALL_WARNINGS]).filter(|name| parse(name).is_some()).collect();
    Some((value.choice(context, &names, parse)?, text.place))
}
