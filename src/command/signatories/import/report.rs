//! What an import says of the rows of an export.

use crate::command::signatories::import::compare::{Changed, Import};
use crate::command::terminal::Terminal;
use crate::report::streams::printable;
use crate::words::{Message, say};

impl Import {
    /// What happened: one line for each row that somebody should know about, and the summary. With
    /// `--quiet`, only the rows that somebody must look at.
    pub(super) fn report(&self, terminal: Terminal) -> String {
        let mut text = String::new();
        let mut tell = |is_problem: bool, message: Message| {
            if is_problem || !terminal.quiet {
                text.push_str(&printable(&message.get(terminal.language)));
                text.push('\n');
            }
        };
        for entry in &self.added {
            let name = &entry.name;
            tell(false, say!("new: {name}", name));
        }
        for (name, other) in &self.near {
            let message = say!("check: {name} is new, but looks like {other}", name, other);
            tell(true, message);
        }
        for (name, line, other) in &self.other_key {
            let message = say!(
                "check: {name} in line {line} has another key than {other} in the letter or \
                 above it; nothing was added",
                name,
                line,
                other
            );
            tell(true, message);
        }
        for Changed { name, line, keys } in &self.changed {
            let change = |(key, old, new): &(&str, String, String)| {
                let said =
                    |text: &str| if text.is_empty() { "—".to_owned() } else { text.to_owned() };
                format!("{key}: {} → {}", said(old), said(new))
            };
            let changes = keys.iter().map(change).collect::<Vec<_>>().join("; ");
            let message = say!(
                "changed: {name} in line {line}, {changes}; nothing was changed",
                name,
                line,
                changes
            );
            tell(true, message);
        }
        for (name, line) in &self.withdrawn {
            tell(true, say!("withdrawn: {name} in line {line}; nothing was changed", name, line));
        }
        for (name, line) in &self.not_any_more {
            let message = say!(
                "left out by --where: {name} in line {line}, who is in the letter; nothing was changed",
                name,
                line
            );
            tell(true, message);
        }
        for name in &self.gone {
            tell(false, say!("not in the file: {name}", name));
        }
        for (name, there) in self.there.iter().filter(|(name, there)| name != there) {
            tell(false, say!("already listed: {name}, as {there}", name, there));
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
        if self.wrong > 0 {
            tell(true, say!("left out because of errors: {count}", count = self.wrong));
        }
        if self.left_out > 0 {
            tell(false, say!("left out by --where: {count}", count = self.left_out));
        }
        text
    }
}
