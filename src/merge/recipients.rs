//! The recipients of a mail merge: the rows of a table, of a TOML file or of JSON Lines.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use ecow::EcoString;
use serde_json::Value as Json;
use toml::de::DeValue;
use typst::syntax::FileId;

use crate::checks::names;
use crate::formats::eml;
use crate::formats::format::Format;
use crate::language::fold;
use crate::problems::{Code, Diagnostic, Problems, characters};
use crate::source::Place;
use crate::source::text::{Text, Written, name_key};
use crate::spec::Kind;
use crate::spec::column_pattern::{self, ColumnPattern};
use crate::spec::table_file::{Row, TableFile};
use crate::toml::reader::{self, Context};
use crate::words::{Message, foreign, say};

/// All recipients.
#[derive(Debug)]
pub(crate) struct Recipients {
    /// The names of the columns, as `{{recipient.NAME}}` takes them.
    pub columns: Vec<String>,
    /// The recipients, in the order of the file.
    pub rows: Vec<Recipient>,
}

/// The recipient of one letter.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// Where the row is: the cell that names the recipient, or where it begins.
    pub place: Place,
    /// The values of the row, in the order of the columns. A missing value is empty.
    pub cells: Vec<Text>,
}

/// The columns that fill the addressee, as `[[to]]` names them, and the salutation.
pub(crate) const ADDRESSEE_COLUMNS: &[&str] =
    &["name", "honorific", "office", "organization", "email", "note", "delivery", "salutation"];

/// The columns that name the recipient.
const NAMES: [&str; 3] = ["name", "office", "organization"];

/// The column with the lines of the address: in a CSV file they are separated by semicolons.
pub(crate) const ADDRESS: &str = "address";
/// The column that names the recipient in the names of files, and that with the language.
pub(crate) const ID: &str = "id";
/// The language of the recipient's letter.
pub(crate) const LANG: &str = "lang";

/// The column with the e-mail address.
const EMAIL: &str = "email";

/// How a file of recipients is read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Which header belongs to which column: the name of a column, and the header or a pattern of
    /// headers.
    pub columns: Vec<(String, String)>,
    /// The delimiter of a CSV file; detected if absent.
    pub delimiter: Option<u8>,
}

impl Recipients {
    /// Reads a file whose text is `source`: JSON Lines if its name ends in `.jsonl`, TOML if it ends
    /// in `.toml`, otherwise what a list of signatories may be.
    pub(crate) fn read(
        source: &str,
        file: FileId,
        reading: &Reading,
        problems: &Problems,
    ) -> Option<Self> {
        let recipients = match extension(&file) {
            Some("jsonl" | "ndjson") => read_lines(source, file, problems),
            Some("toml") => read_toml(source, file, problems),
            _ => read_csv(source, file, reading, problems)?,
        };
        if recipients.rows.is_empty() && !problems.has_errors() {
            problems.push(Diagnostic::new(
                Code::InvalidValue,
                Place::start_of(file),
                say!("there are no recipients in this file"),
            ));
            return None;
        }
        Some(recipients)
    }

    /// Whether a file is read as CSV.
    pub(crate) fn is_csv(file: FileId) -> bool {
        !matches!(extension(&file), Some("jsonl" | "ndjson" | "toml"))
    }

    /// The number of a column. Upper and lower case do not matter.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        let name = name_key(name);
        self.columns.iter().position(|column| name_key(column) == name)
    }

    /// The name of an addressee: the person, or the office, or the organization.
    pub(crate) fn named<'r>(&self, recipient: &'r Recipient) -> Option<&'r Text> {
        NAMES.iter().find_map(|column| self.cell(recipient, column))
    }

    /// Whether a letter can be addressed to the recipient.
    pub(crate) fn names_somebody(&self, recipient: &Recipient) -> bool {
        self.named(recipient).is_some()
    }

    /// Whether there is a column that names the recipient.
    fn has_name_column(&self) -> bool {
        NAMES.iter().any(|name| self.column(name).is_some())
    }

    /// The rows with the same addressee, address or e-mail, and language as an earlier row, each with that
    /// row. Where neither address nor e-mail is known, nobody can tell who is the same.
    pub(crate) fn doubled(&self) -> impl Iterator<Item = (&Recipient, &Recipient)> {
        let mut seen: HashMap<Vec<String>, &Recipient> = HashMap::new();
        let is_reached = |row: &&Recipient| {
            self.names_somebody(row)
                && [ADDRESS, EMAIL].iter().any(|name| self.cell(row, name).is_some())
        };
        self.rows.iter().filter(is_reached).filter_map(move |row| {
            let columns = NAMES.iter().chain(&[ADDRESS, EMAIL, LANG]);
            let cells = columns.map(|name| self.cell(row, name).map(|cell| fold(&cell.value)));
            match seen.entry(cells.map(Option::unwrap_or_default).collect()) {
                Entry::Occupied(first) => Some((row, *first.get())),
                Entry::Vacant(place) => {
                    place.insert(row);
                    None
                }
            }
        })
    }

    /// The id of the recipient with an index, or the number of the row.
    pub(crate) fn id(&self, index: usize) -> String {
        let id = self.cell(&self.rows[index], ID);
        id.map_or_else(|| (index + 1).to_string(), |cell| cell.value.to_string())
    }

    /// Whether each recipient has an id.
    pub(crate) fn have_ids(&self) -> bool {
        self.rows.iter().all(|row| self.cell(row, ID).is_some())
    }

    /// The value of a recipient in a column, if it is not empty.
    pub(crate) fn cell<'r>(&self, recipient: &'r Recipient, name: &str) -> Option<&'r Text> {
        recipient.cells.get(self.column(name)?).filter(|cell| !cell.value.is_empty())
    }
}

fn extension(file: &FileId) -> Option<&str> {
    file.vpath().file_name()?.rsplit_once('.').map(|(_, extension)| extension)
}

impl Recipient {
    /// The recipient's value in each column.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.cells.iter().map(|cell| cell.value.to_string()).collect()
    }
}

fn read_csv(
    source: &str,
    file: FileId,
    reading: &Reading,
    problems: &Problems,
) -> Option<Recipients> {
    let patterns = reading.columns.iter().map(|(_, pattern)| pattern.as_str());
    let named: Vec<&str> = patterns.flat_map(column_pattern::names_in).collect();
    let table = TableFile::read(source, file, reading.delimiter, &named, problems)?;
    let mut columns: Vec<(String, ColumnPattern)> = Vec::new();
    let start = Place::start_of(file);
    for (name, pattern) in &reading.columns {
        let found = ColumnPattern::find(pattern, &start, &table, problems)?;
        columns.push((name.clone(), found));
    }
    let asked = columns.len();
    for (index, cell) in table.header.iter().enumerate() {
        let usual = ADDRESSEE_COLUMNS.iter().chain(&[ADDRESS, ID, LANG]);
        let usual = usual.copied().find(|usual| usual.eq_ignore_ascii_case(&cell.value));
        let name = usual.unwrap_or(&cell.value);
        let (asked, known) = columns.split_at(asked);
        let same = |known: &str| name_key(known) == name_key(name);
        if known.iter().any(|(known, _)| same(known)) {
            let problem = say!("two columns are called `{name}`", name);
            problems.push(Diagnostic::new(Code::InvalidCsv, cell.place.clone(), problem));
        } else if !name.is_empty() && !asked.iter().any(|(asked, _)| same(asked)) {
            columns.push((name.to_owned(), ColumnPattern::column(index)));
        }
    }
    let row = |row: &Row| {
        let cell = |(name, pattern): &(String, ColumnPattern)| {
            let found = match name == ADDRESS {
                true => pattern.get(&row.with_line_breaks()),
                false => pattern.get(row),
            };
            let mut text = found.unwrap_or_else(|| Text {
                value: EcoString::new(),
                place: row.place.clone(),
                written: Written::Plain,
            });
            // A cell is one line; the lines of an address are separated by semicolons.
            if name == ADDRESS {
                let lines: Vec<&str> = text.value.split(';').map(str::trim).collect();
                text.value = lines.join("\n").into();
            }
            text
        };
        let cells: Vec<Text> = columns.iter().map(cell).collect();
        let named = NAMES.iter().find_map(|wanted| {
            let column = columns.iter().position(|(name, _)| name == wanted)?;
            cells.get(column).filter(|cell| !cell.value.is_empty())
        });
        let place = named.map_or(&row.place, |name| &name.place).clone();
        Recipient { place, cells }
    };
    let rows = table.rows.iter().map(row).collect();
    Some(Recipients { columns: columns.into_iter().map(|(name, _)| name).collect(), rows })
}

/// Rows whose columns may differ, as in TOML and JSON.
#[derive(Default)]
struct Loose {
    columns: Vec<String>,
    rows: Vec<(Place, Vec<(usize, Text)>)>,
}

impl Loose {
    fn column(&mut self, name: &str) -> usize {
        let known = self.columns.iter().position(|column| column == name);
        known.unwrap_or_else(|| {
            self.columns.push(name.to_owned());
            self.columns.len() - 1
        })
    }

    fn finish(self) -> Recipients {
        let count = self.columns.len();
        let row = |(place, cells): (Place, Vec<(usize, Text)>)| {
            let absent = Text { value: "".into(), place: place.clone(), written: Written::Plain };
            let mut row = vec![absent; count];
            for (column, text) in cells {
                row[column] = text;
            }
            Recipient { place, cells: row }
        };
        Recipients { rows: self.rows.into_iter().map(row).collect(), columns: self.columns }
    }
}

/// JSON Lines: one object per line. A list of strings, such as an address, becomes a text with as
/// many lines.
fn read_lines(source: &str, file: FileId, problems: &Problems) -> Recipients {
    let mut loose = Loose::default();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.trim().is_empty() {
            continue;
        }
        let place = Place::new(file, start..start + line.len());
        let object = match serde_json::from_str::<Json>(line) {
            Ok(Json::Object(object)) => object,
            Ok(_) => {
                let problem = say!("this line is not an object");
                problems.push(Diagnostic::new(Code::WrongType, place, problem));
                continue;
            }
            Err(error) => {
                let column = start + error.column().saturating_sub(1).min(line.len());
                let reason = foreign::json(&error);
                let problem = say!("this line is not JSON: {reason}", reason);
                problems.push(Diagnostic::new(
                    Code::Syntax,
                    Place::new(file, column..column),
                    problem,
                ));
                continue;
            }
        };
        let mut cells = Vec::new();
        for (name, value) in object {
            let value = match value {
                Json::String(text) => text,
                Json::Number(number) => number.to_string(),
                Json::Null => String::new(),
                Json::Array(lines) if lines.iter().all(Json::is_string) => {
                    lines.iter().filter_map(Json::as_str).collect::<Vec<_>>().join("\n")
                }
                _ => {
                    let problem = say!("`{name}` is not a text", name);
                    problems.push(Diagnostic::new(Code::WrongType, place.clone(), problem));
                    continue;
                }
            };
            let text = Text { value: value.into(), place: place.clone(), written: Written::Plain };
            cells.push((loose.column(&name), text));
        }
        loose.rows.push((place, cells));
    }
    loose.finish()
}

/// TOML: a table `[[recipient]]` for each.
fn read_toml(source: &str, file: FileId, problems: &Problems) -> Recipients {
    let context = Context { file, problems, top_level: &[] };
    let document = reader::parse(source, context);
    let mut table = reader::Table::new("", document.get_ref(), 0..0);
    let rows = table.require(context, "recipient").and_then(|rows| rows.items(context));
    table.finish(context);
    let mut loose = Loose::default();
    for row in rows.into_iter().flatten() {
        let Some(entries) = row.if_table() else {
            row.wrong_type::<()>(context, say!("tables, `[[recipient]]`"));
            continue;
        };
        let mut cells = Vec::new();
        for (name, value) in entries {
            let value = reader::Value { key: name.get_ref(), value };
            let text = match value.value.get_ref() {
                DeValue::Array(_) => {
                    let lines: Vec<Text> = value
                        .items(context)
                        .into_iter()
                        .flatten()
                        .filter_map(|line| line.text(context))
                        .collect();
                    let lines: Vec<&str> = lines.iter().map(|line| line.value.as_str()).collect();
                    let place = value.place(context);
                    Some(Text { value: lines.join("\n").into(), place, written: Written::Plain })
                }
                DeValue::Integer(number) => {
                    let place = value.place(context);
                    Some(Text { value: number.as_str().into(), place, written: Written::Plain })
                }
                _ => value.text(context),
            };
            cells.extend(text.map(|text| (loose.column(name.get_ref()), text)));
        }
        loose.rows.push((row.place(context), cells));
    }
    loose.finish()
}

/// Reports that no column of the list `file` names the recipient.
pub(crate) fn report_columns(recipients: &Recipients, file: FileId, problems: &Problems) {
    if recipients.has_name_column() {
        return;
    }
    let list = recipients.columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
    let problem = say!("there is no column `name`, `office` or `organization`");
    problems.push(Diagnostic::new(Code::MissingKey, Place::start_of(file), problem).hint(say!(
        "say which column contains the name with --column name=HEADER; the columns are {list}",
        list
    )));
}

/// Reports that no column of the list `file` has the e-mail addresses.
pub(crate) fn report_mailbox_column(recipients: &Recipients, file: FileId, problems: &Problems) {
    if recipients.column(EMAIL).is_none() {
        let problem = say!("there is no column `email`, which e-mails need");
        let hint = say!("say which column contains the address with --column email=HEADER");
        problems.push(Diagnostic::new(Code::MissingKey, Place::start_of(file), problem).hint(hint));
    }
}

/// Reports recipients without an e-mail address, or with a text that is none, to `tell`.
/// `others` are the formats that each recipient gets besides the e-mail.
pub(crate) fn report_mailboxes(
    recipients: &Recipients,
    others: &[Format],
    mut tell: impl FnMut(usize, Diagnostic),
) {
    if recipients.column(EMAIL).is_none() {
        return;
    }
    for (index, recipient) in recipients.rows.iter().enumerate() {
        match recipients.cell(recipient, EMAIL) {
            Some(cell) if eml::mailbox(&cell.value).is_none() => tell(index, eml::no_mailbox(cell)),
            Some(_) => {}
            None => {
                let problem = say!("this recipient has no `email`, which the e-mail needs");
                let problem = Diagnostic::new(Code::MissingKey, recipient.place.clone(), problem);
                let alone: Vec<String> =
                    others.iter().map(|f| format!("-f {}", f.extension())).collect();
                let alone = alone.join(" ");
                let hint = match others.is_empty() {
                    true => or_go_on(),
                    false => say!(
                        "add it, or make the letters of the others with --keep-going: nothing is made for \
                         this row then; {alone} without eml makes the rest of it",
                        alone
                    ),
                };
                tell(index, problem.hint(hint));
            }
        }
    }
}

/// Reports recipients that are in the list twice.
pub(crate) fn report_doubled(recipients: &Recipients, problems: &Problems) {
    for (row, first) in recipients.doubled() {
        let name = recipients.named(row).map_or("", |name| &name.value);
        let message = say!("`{name}` is in this list twice", name);
        let problem = Diagnostic::new(Code::DuplicateRecipient, row.place.clone(), message);
        let first_time = say!("here for the first time");
        problems.push(
            problem
                .relate(first.place.clone(), first_time)
                .hint(say!("take one of the rows out, or both get the letter")),
        );
    }
}

/// Reports recipients without the address that an envelope with a window shows.
pub(crate) fn report_without_address(recipients: &Recipients, file: FileId, problems: &Problems) {
    let report = |place, problem, hint| {
        problems.push(Diagnostic::new(Code::NoAddressee, place, problem).hint(hint));
    };
    if recipients.column(ADDRESS).is_none() {
        let problem =
            say!("there is no column `address` to show through the window of the envelope");
        let hint = say!("say which column contains the address with --column address=HEADER");
        return report(Place::start_of(file), problem, hint);
    }
    for row in &recipients.rows {
        if recipients.names_somebody(row) && recipients.cell(row, ADDRESS).is_none() {
            let problem =
                say!("this recipient has no `address` to show through the window of the envelope");
            report(row.place.clone(), problem, say!("add it, or take the row out"));
        }
    }
}

/// Reports names in capitals, unless most of the list is written so.
pub(crate) fn report_capitals(recipients: &Recipients, problems: &Problems) {
    let cells = recipients.rows.iter().filter_map(|row| recipients.cell(row, "name"));
    let cells: Vec<&Text> = cells.collect();
    let acronyms = names::acronyms(cells.iter().map(|name| name.value.as_str()));
    let spelled = |cell: &&Text| {
        Some((cell.place.clone(), names::in_capitals(&cell.value, Kind::Person, &acronyms)?))
    };
    let found: Vec<_> = cells.iter().filter_map(spelled).collect();
    if 2 * found.len() > cells.len() {
        return;
    }
    for (place, (problem, hint)) in found {
        problems.push(Diagnostic::new(Code::AllCapsName, place, problem).hint(hint));
    }
}

/// What to do about a row that lacks something.
fn or_go_on() -> Message {
    say!("add it, or make the letters of the others with --keep-going")
}

/// Reports problems of single recipients to `tell`, with the index of each: nobody is named, or two
/// have the same id.
pub(crate) fn report(recipients: &Recipients, mut tell: impl FnMut(usize, Diagnostic)) {
    let has_name_column = recipients.has_name_column();
    let mut ids: HashSet<&str> = HashSet::new();
    for (index, recipient) in recipients.rows.iter().enumerate() {
        if has_name_column && !recipients.names_somebody(recipient) {
            let problem = say!("this recipient has no `name`, `office` or `organization`");
            tell(
                index,
                Diagnostic::new(Code::MissingKey, recipient.place.clone(), problem)
                    .hint(or_go_on()),
            );
        }
        if let Some(honorific) = recipients.cell(recipient, "honorific")
            && recipients.names_somebody(recipient)
            && recipients.cell(recipient, "name").is_none()
        {
            let problem = say!("this recipient has an honorific and no `name`");
            let problem = Diagnostic::new(Code::MissingKey, honorific.place.clone(), problem);
            tell(index, problem.hint(say!("add the name, or take the honorific out")));
        }
        for cell in &recipient.cells {
            characters::problems(cell).for_each(|problem| tell(index, problem));
        }
        if let Some(id) = recipients.cell(recipient, ID)
            && !ids.insert(&id.value)
        {
            let shown = &id.value;
            let problem = say!("two recipients have the id `{shown}`", shown);
            tell(index, Diagnostic::new(Code::InvalidValue, id.place.clone(), problem));
        }
    }
}
