//! Reads `[lint]` of a letter or a repository.

use schemars::JsonSchema;

use crate::problems::lint::{self, Denied, Lint, parse_warning};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::spec::schema;
use crate::toml::reader::{Context, Table, Value};
use crate::words::say;

/// Which warnings are allowed and which are denied. An error cannot be allowed.
#[derive(Debug, Default, Clone, JsonSchema)]
#[schemars(rename = "Lint", rename_all = "kebab-case", deny_unknown_fields, transform = schema::optional)]
pub struct LintTable {
    /// Codes of warnings that are not shown, such as `["placeholder-link"]`.
    #[schemars(schema_with = "schema::allowed")]
    pub allow: Vec<Code>,
    /// Codes of warnings that count as errors. `"warnings"` stands for all that are shown.
    #[schemars(schema_with = "schema::denied")]
    pub deny: Vec<Denied>,
}

impl LintTable {
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
                        say!("`{code}` is both allowed and denied", code),
                    )
                    .relate(place.clone(), say!("it is allowed here")),
                );
            }
        }
        Self {
            allow: allowed.into_iter().map(|(code, _)| code).collect(),
            deny: denied.into_iter().map(|(denied, _)| denied).collect(),
        }
    }
}

impl From<LintTable> for Lint {
    fn from(LintTable { allow, deny }: LintTable) -> Self {
        Self { allow, deny }
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
    if is_error || (name == lint::ALL_WARNINGS && parse(name).is_none()) {
        let message = match is_error {
            true => say!("`{name}` is always an error", name),
            false => say!("`{name}` can only be denied", name),
        };
        let hint = say!("name codes of warnings, or remove it");
        let problem = Diagnostic::new(Code::InvalidValue, text.place, message).hint(hint);
        context.problems.push(problem);
        return None;
    }
    let names: Vec<&str> =
        lint::warnings().chain([lint::ALL_WARNINGS]).filter(|name| parse(name).is_some()).collect();
    Some((value.choice(context, &names, parse)?, text.place))
}
