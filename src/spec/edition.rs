//! Several languages of a letter in one document: `edition` and `prevails`, as written.

use crate::language::Tag;
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::spec::spec_reader::SpecReader;
use crate::spec::tags::parse_tag;
use crate::toml::reader::{Table, Value};
use crate::words::say;

/// An edition: several languages of a letter in one document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edition {
    /// How the languages are arranged.
    pub layout: Layout,
    /// The languages, the original first.
    pub languages: Vec<Tag>,
}

impl Edition {
    /// Whether its pages are wider than high: they have three columns.
    pub(crate) fn is_landscape(&self) -> bool {
        self.layout == Layout::Parallel && self.languages.len() > 2
    }
}

/// How the languages of an edition are arranged.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Layout {
    /// Side by side, block by block.
    Parallel,
    /// One after the other. A letter in one language uses this layout too.
    #[default]
    Consecutive,
}

/// The layouts of an edition, by the names used in letters.
pub(crate) const LAYOUTS: &[(&str, Layout)] =
    &[("parallel", Layout::Parallel), ("consecutive", Layout::Consecutive)];

impl SpecReader<'_> {
    /// The edition of a letter: `edition = "parallel"` for all its languages, or
    /// `edition = { layout = "parallel", languages = ["en", "es"] }` for some of them.
    pub(crate) fn edition(&self, table: &mut Table<'_>) -> Option<(Edition, Place)> {
        let context = self.context;
        let value = table.take("edition")?;
        let place = value.place(context);
        let (layout, languages) = if value.if_table().is_some() {
            let mut table = value.table(context)?;
            let layout = table.require(context, "layout").and_then(|v| v.one_of(context, LAYOUTS));
            let chosen = table.take("languages").map(|v| {
                let items = v.items(context).into_iter().flatten();
                items.filter_map(|item| self.one_of_the_languages(item, self.languages)).collect()
            });
            table.finish(context);
            (layout?, chosen.unwrap_or_else(|| self.languages.to_vec()))
        } else {
            (value.one_of(context, LAYOUTS)?, self.languages.to_vec())
        };
        let several = match (layout, languages.len()) {
            (_, 0..=1) => Err(say!("an edition needs at least two languages")),
            (Layout::Parallel, 4..) => {
                Err(say!("a page has room for three languages side by side, not more"))
            }
            _ => Ok(()),
        };
        if let Err(problem) = several {
            // Invalid languages have been reported already.
            if !self.languages.is_empty() {
                let problem = Diagnostic::new(Code::InvalidValue, place, problem);
                let hint = (self.languages.len() > 1).then(|| {
                    say!(
                        "name them: edition = {{ layout = \"parallel\", languages = \
                         [\"en\", \"es\"] }}"
                    )
                });
                context.problems.push(problem.hint_if(hint));
            }
            return None;
        }
        Some((Edition { layout, languages }, place))
    }

    /// Warns about a language that prevails where nothing says so.
    pub(super) fn report_unused_prevails(&self, value: Value<'_>) {
        let problem = say!("this key needs `edition`, or a courtesy translation");
        let problem = Diagnostic::new(Code::UnusedKey, value.place(self.context), problem);
        self.context.problems.push(problem.hint(say!(
            "say in which PDF it is printed: edition = \"parallel\", or courtesy = true in \
             [translation.es]"
        )));
    }

    /// A language that must be one of `all`.
    pub(super) fn one_of_the_languages(&self, value: Value<'_>, all: &[Tag]) -> Option<Tag> {
        let context = self.context;
        let text = value.text(context)?;
        let tag = parse_tag(&text.value, &text.place, context)?;
        if all.is_empty() || all.contains(&tag) {
            return Some(tag);
        }
        let list = all.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ");
        context.problems.push(
            Diagnostic::new(
                Code::InvalidValue,
                text.place,
                say!("`{tag}` is not among the languages", tag),
            )
            .hint(say!("they are {list}", list)),
        );
        None
    }
}
