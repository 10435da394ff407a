//! What an import says of the rows of an export.

use crate::command::signatories::import::compare::{Changed, Import, OtherKey};
use crate::command::terminal::Terminal;
use crate::report::streams::printable;
use crate::words::{Message, say};

/// How many rows of a sort are told, unless all are to be.
const MOST: usize = 20;

impl Import {
    /// What happened: one line for each row that somebody should know about, and the summary. Of many alike, some
    /// are told unless `all` are to be. With `--quiet`, only the rows that somebody must look at.
    pub(super) fn report(&self, terminal: Terminal, all: bool) -> String {
        let mut text = String::new();
        let mut tell = |is_problem: bool, message: Message| {
            if is_problem || !terminal.quiet {
                text.push_str(&printable(&message.get(terminal.language)));
                text.push('\n');
            }
        };
        for (is_problem, rows) in self.rows() {
            let most = if all { rows.len() } else { MOST };
            let more = rows.len().saturating_sub(most);
            rows.into_iter().take(most).for_each(|row| tell(is_problem, row));
            if more > 0 {
                tell(is_problem, say!("… and {more} more like these, which --all shows", more));
            }
        }
        let (added, same, changed) = (self.added.len(), self.there.len(), self.changed.len());
        let sum = say!(
            "new: {added}, already listed: {same}, changed: {changed}, not in the file: {gone}",
            added,
            same,
            changed,
            gone = self.gone.len()
        );
        tell(false, sum);
        if self.people_as_organizations > 0 {
            let count = self.people_as_organizations;
            tell(
                true,
                say!(
                    "check: new organizations with a title or an organization of their own, as people have: \
                     {count}; if they are people, import with --kind person",
                    count
                ),
            );
        }
        if !self.keyed.is_empty() {
            tell(
                false,
                say!("listed before, and now with their key: {count}", count = self.keyed.len()),
            );
        }
        if !self.not_compared.is_empty() {
            let has = |(key, count): (&&str, &usize)| format!("{key} ({count})");
            let keys = self.not_compared.iter().map(has).collect::<Vec<_>>().join(", ");
            tell(false, say!("in the letter, but without a column in the file: {keys}", keys));
        }
        if self.of_other_kind > 0 {
            let count = self.of_other_kind;
            tell(
                false,
                say!("in the letter, but of another kind than --kind says: {count}", count),
            );
        }
        if self.in_capitals > 0 {
            let count = self.in_capitals;
            tell(
                false,
                say!(
                    "in capitals or in small letters: {count}; --fix-case spells them as usual",
                    count
                ),
            );
        }
        if self.wrong > 0 {
            tell(true, say!("left out because of errors: {count}", count = self.wrong));
        }
        if self.left_out > 0 {
            tell(false, say!("left out by --where: {count}", count = self.left_out));
        }
        for (header, answers) in &self.refused {
            let said = |(answer, count): &(String, usize)| match answer.as_str() {
                "" => format!("— ({count})"),
                answer => format!("{answer} ({count})"),
            };
            let answers = answers.iter().map(said).collect::<Vec<_>>().join(", ");
            tell(false, say!("  {header} → {answers}", header, answers));
        }
        text
    }

    /// What is told of the rows, by sort, and whether somebody must look at them.
    fn rows(&self) -> Vec<(bool, Vec<Message>)> {
        let added = self.added.iter().map(|entry| say!("new: {name}", name = entry.name));
        let near = self
            .near
            .iter()
            .map(|(name, other)| say!("check: {name} is new, but looks like {other}", name, other));
        let other_key = self.other_key.iter().map(|OtherKey { name, line, other, key }| {
            say!(
                "check: {name} in line {line} says the same as {other} in the letter or above it, with another \
                 key; nothing was added; if they are two, add one to the letter with key = \"{key}\"",
                name,
                line,
                other,
                key
            )
        });
        let changed = self.changed.iter().map(|Changed { name, line, keys }| {
            let said =
                |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
            let change = |(key, old, new): &(&str, String, String)| {
                format!("{key}: {} → {}", said(old), said(new))
            };
            let changes = keys.iter().map(change).collect::<Vec<_>>().join("; ");
            say!(
                "changed: {name} in line {line}, {changes}; nothing was changed",
                name,
                line,
                changes
            )
        });
        let withdrawn = self.withdrawn.iter().map(|(name, line)| {
            say!("withdrawn: {name} in line {line}; nothing was changed", name, line)
        });
        let not_any_more = self.not_any_more.iter().map(|(name, line)| {
            say!(
                "left out by --where: {name} in line {line}, who is in the letter; nothing was changed",
                name,
                line
            )
        });
        let gone = self.gone.iter().map(|name| say!("not in the file: {name}", name));
        let otherwise = self.there.iter().filter(|(name, there)| name != there);
        let otherwise =
            otherwise.map(|(name, there)| say!("already listed: {name}, as {there}", name, there));
        vec![
            (false, added.collect()),
            (true, near.collect()),
            (true, other_key.collect()),
            (true, changed.collect()),
            (true, withdrawn.collect()),
            (true, not_any_more.collect()),
            (false, gone.collect()),
            (false, otherwise.collect()),
        ]
    }
}
