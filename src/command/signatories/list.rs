//! Lists the signatories of a letter as they are printed, for people and for programs.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

use crate::letter::{Heading, Letter, Signatory};
use crate::report::streams::printable;
use crate::spec::Kind;
use crate::spec::formulas;
use crate::spec::signatory_sources::COLUMN_KEYS;
use crate::words::{Message, UiLanguage, say};

/// A signatory as it is written down. Absent fields are left out.
#[derive(Debug, Clone, Default, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Entry {
    /// The name.
    pub name: String,
    /// The name as it is printed, if that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print_as: Option<String>,
    /// `person`, or nothing for an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// "Director".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The organization that a person belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// "MX".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The name to sort by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_as: Option<String>,
    /// The part of the name to sort by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The places that follow the name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Who this is in a form's export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The members of a coalition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Entry>,
}

impl Entry {
    /// What it is.
    pub(super) fn kind(&self) -> Kind {
        self.kind.as_deref().and_then(Kind::parse).unwrap_or_default()
    }

    /// The value of a key as a cell of a table has it.
    pub(super) fn value(&self, key: &str) -> String {
        match key {
            "kind" => self.kind().as_str().to_owned(),
            "places" => self.places.join("; "),
            "members" => self
                .members
                .iter()
                .map(|member| member.name.as_str())
                .collect::<Vec<_>>()
                .join("; "),
            key => self.field(key).unwrap_or_default().to_owned(),
        }
    }

    /// The value of a key, if it is a single text.
    fn field(&self, key: &str) -> Option<&str> {
        match key {
            "name" => Some(&self.name),
            "print-as" => self.print_as.as_deref(),
            "kind" => self.kind.as_deref(),
            "title" => self.title.as_deref(),
            "organization" => self.organization.as_deref(),
            "country" => self.country.as_deref(),
            "url" => self.url.as_deref(),
            "note" => self.note.as_deref(),
            "group" => self.group.as_deref(),
            "sort-as" => self.sort_as.as_deref(),
            "family-name" => self.family_name.as_deref(),
            "key" => self.key.as_deref(),
            _ => None,
        }
    }
}

/// The keys that a list has a place for, in the order they are written: those of a column, except the
/// keys about people who do not sign and about entries that are not duplicates.
fn list_keys() -> impl Iterator<Item = &'static str> {
    let keys = COLUMN_KEYS.iter().copied();
    keys.filter(|key| !matches!(*key, "withdrawn" | "not-duplicate-of"))
}

/// A text as a quoted TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A whole list.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    /// The entries in the order they are printed.
    pub signatories: Vec<Entry>,
}

impl List {
    /// The list of a letter.
    pub(crate) fn of(letter: &Letter) -> Self {
        let all =
            letter.groups.iter().flat_map(|group| &group.signatories).chain(&letter.anonymous);
        Self { signatories: all.map(entry).collect() }
    }

    /// As JSON.
    pub(crate) fn json(&self) -> Result<String, Message> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").map_err(|error| say!("{error}", error))
    }

    /// As the `signatories` of a letter, one entry per line.
    pub(crate) fn toml(&self) -> String {
        let mut text = String::from("signatories = [\n");
        for entry in &self.signatories {
            let _infallible = writeln!(text, "  {},", toml_entry(entry));
        }
        text.push_str("]\n");
        text
    }

    /// As a CSV file that a letter can name. CSV has no place for the details of members, only for
    /// their names. Unless `keep_formulas`, no cell is one that a spreadsheet would run.
    pub(crate) fn csv(&self, keep_formulas: bool) -> Result<Vec<u8>, Message> {
        let headers: Vec<&str> = list_keys().collect();
        let cannot = |error: csv::Error| say!("{error}", error);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&headers).map_err(cannot)?;
        for entry in &self.signatories {
            let is_plain = |member: &Entry| {
                *member == Entry { name: member.name.clone(), ..Entry::default() }
                    && !member.name.contains(';')
            };
            if let Some(place) = entry.places.iter().find(|place| place.contains(';')) {
                let (name, member) = (&entry.name, place);
                return Err(say!(
                    "CSV cannot hold everything about `{member}` in `{name}`: use toml or json",
                    member,
                    name
                ));
            }
            if let Some(member) = entry.members.iter().find(|member| !is_plain(member)) {
                let (name, member) = (&entry.name, &member.name);
                return Err(say!(
                    "CSV cannot hold everything about `{member}` in `{name}`: use toml or json",
                    member,
                    name
                ));
            }
            let members: Vec<&str> = entry.members.iter().map(|m| m.name.as_str()).collect();
            let members = members.join("; ");
            let places = entry.places.join("; ");
            let cells = headers.iter().map(|key| match *key {
                "members" => members.as_str(),
                "places" => places.as_str(),
                key => entry.field(key).unwrap_or_default(),
            });
            let written = cells.map(|cell| match keep_formulas {
                true => cell.into(),
                false => formulas::write(cell),
            });
            writer.write_record(written.map(Cow::into_owned)).map_err(cannot)?;
        }
        writer.into_inner().map_err(|error| say!("{error}", error))
    }
}

fn entry(signatory: &Signatory) -> Entry {
    let text = |printed: &Option<crate::letter::Printed>| {
        printed.as_ref().map(|printed| printed.text.to_string())
    };
    let plain = |text: &Option<ecow::EcoString>| text.as_ref().map(ToString::to_string);
    Entry {
        name: signatory.called.to_string(),
        print_as: plain(&signatory.print_as),
        places: signatory.places.iter().map(ToString::to_string).collect(),
        kind: (signatory.kind == Kind::Person).then(|| "person".to_owned()),
        title: text(&signatory.title),
        organization: text(&signatory.organization),
        country: plain(&signatory.country),
        url: signatory.url.as_ref().map(|url| url.to_string()),
        note: text(&signatory.note),
        group: plain(&signatory.group),
        sort_as: plain(&signatory.sort_as),
        family_name: plain(&signatory.family_name),
        key: plain(&signatory.key),
        members: signatory.members.iter().map(entry).collect(),
    }
}

/// An entry as it is in a letter: a string if only the name is known.
pub(crate) fn toml_entry(entry: &Entry) -> String {
    let known = list_keys();
    let known = known.filter_map(|key| Some(format!("{key} = {}", quoted(entry.field(key)?))));
    let known: Vec<String> = known.collect();
    if known.len() == 1 && entry.members.is_empty() && entry.places.is_empty() {
        return quoted(&entry.name);
    }
    let mut text = format!("{{ {}", known.join(", "));
    if !entry.places.is_empty() {
        let places: Vec<String> = entry.places.iter().map(|place| quoted(place)).collect();
        let _infallible = write!(text, ", places = [{}]", places.join(", "));
    }
    if !entry.members.is_empty() {
        let members: Vec<String> = entry.members.iter().map(toml_entry).collect();
        let _infallible = write!(text, ", members = [{}]", members.join(", "));
    }
    text.push_str(" }");
    text
}

/// The list for a terminal: one line each, members below their coalition, and the counts.
pub(crate) fn table(letter: &Letter, language: UiLanguage) -> String {
    let mut text = String::new();
    let mut number = 0;
    for group in &letter.groups {
        if let Some(heading) = &group.heading {
            let heading = match heading {
                Heading::Words(words, _) => words.as_str(),
                Heading::Printed(printed) => printed.text.as_str(),
            };
            let _infallible = writeln!(text, "{} ({})", printable(heading), group.count());
        }
        for signatory in &group.signatories {
            number += 1;
            let _infallible = writeln!(text, "{number:>4}  {}", line(signatory));
            write_members(&signatory.members, 1, &mut text);
        }
    }
    for signatory in &letter.anonymous {
        number += 1;
        let _infallible = writeln!(text, "{number:>4}  {}", line(signatory));
    }
    let counts = letter.counts;
    let (signatories, organizations, persons, members) =
        (counts.signatories, counts.organizations, counts.persons, counts.members);
    let sum = say!(
        "signatories: {signatories}; organizations: {organizations}, their members: {members}; people: {persons}",
        signatories,
        organizations,
        members,
        persons
    );
    let _infallible = writeln!(text, "{}", sum.get(language));
    text
}

fn write_members(members: &[Signatory], depth: usize, text: &mut String) {
    for member in members {
        let _infallible = writeln!(text, "{:>4}{}- {}", "", "  ".repeat(depth), line(member));
        write_members(&member.members, depth + 1, text);
    }
}

fn line(signatory: &Signatory) -> String {
    let parts = [Some(&signatory.name), signatory.title.as_ref(), signatory.organization.as_ref()];
    let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.text.as_str()).collect();
    printable(&parts.join(", "))
}

#[cfg(test)]
mod read_back;
