//! `signatories import`: adds the signatories of a form's export to a letter. Existing entries are
//! neither changed nor removed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use encoding_rs::Encoding;
use toml_edit::{Array, DocumentMut, Item, TomlError, Value};
use typst::syntax::FileId;

use crate::checks::duplicates::List as Names;
use crate::checks::duplicates::name::Name;
use crate::command::options::{LimitArguments, parse_delimiter, parse_encoding, read_list};
use crate::command::signatories::list::{self, Entry, toml_entry};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{FAILED, Stop, typeset};
use crate::engine::output;
use crate::engine::workers;
use crate::fonts::{FontOptions, Fonts};
use crate::letter::Letter;
use crate::letter::signatories::signing;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::report::streams::printable;
use crate::source::text::{Text, Written};
use crate::source::{Place, paths};
use crate::spec::loaded::Loaded;
use crate::spec::signatory_sources::{self, COLUMN_KEYS, List, SignatoryFile};
use crate::spec::{Kind, Localized, Signatory};
use crate::words::foreign;
use crate::words::{Message, say};

/// Options of `signatories import`.
#[derive(Debug, Clone, Args)]
pub(super) struct ImportArguments {
    /// The CSV file
    export: PathBuf,

    /// The letter
    #[arg(long, value_name = "LETTER")]
    into: PathBuf,

    /// The header for a key, such as name="Nombre de la organización"; a pattern such as
    /// name="{First} {Last}" joins several, and country= leaves a column out
    #[arg(long = "column", value_name = "KEY=HEADER", value_parser = parse_column)]
    columns: Vec<(&'static str, String)>,

    /// The kind of all rows that do not say it: organization or person
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,

    /// Import only the rows whose cell of a column says this, such as Consent=Yes
    #[arg(long = "where", value_name = "HEADER=VALUE", value_parser = parse_condition)]
    filter: Vec<(String, String)>,

    /// The delimiter of the file: , ; or \t
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<u8>,

    /// The encoding of the file, if it is not UTF-8
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<&'static Encoding>,

    /// Show what would be added, without adding anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    limits: LimitArguments,
}

fn parse_column(text: &str) -> Result<(&'static str, String), Message> {
    let (key, header) = text.split_once('=').unwrap_or_default();
    match COLUMN_KEYS.iter().find(|known| **known == key) {
        Some(key) => Ok((key, header.to_owned())),
        None => {
            let keys = COLUMN_KEYS.join(", ");
            Err(say!("write KEY=HEADER; the keys are {keys}", keys))
        }
    }
}

fn parse_kind(text: &str) -> Result<Kind, Message> {
    Kind::parse(text).ok_or_else(|| say!("write organization or person"))
}

fn parse_condition(text: &str) -> Result<(String, String), Message> {
    let (header, value) = text.split_once('=').ok_or_else(|| say!("write HEADER=VALUE"))?;
    Ok((header.to_owned(), value.to_owned()))
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &ImportArguments) -> Result<u8, Stop> {
    let list = read_list(&arguments.export)?;
    let letter = typeset::one_letter(&arguments.into)?;
    let (project, file) = Project::open_with(&letter, None, Some(list))
        .map_err(|error| Stop::unreadable(&arguments.into, &error))?;
    let export = Export { file: file.unwrap_or(project.file), project };
    let limits = arguments.limits.limits();
    let place = Place::start_of(export.file);
    let prepare = {
        let (export, arguments) = (export.clone(), arguments.clone());
        move || prepare(&export, &arguments)
    };
    let failed = |problems| Ok(Prepared::Wrong(export.project.clone(), problems));
    match workers::one(limits, "import", place, prepare).unwrap_or_else(failed)? {
        Prepared::Wrong(project, problems) => {
            terminal.report(&project, &problems);
            Ok(FAILED)
        }
        Prepared::WrongRows(project, problems) => {
            terminal.report(&project, &problems);
            let shown = paths::shown(&arguments.export);
            Err(Stop::Usage(say!("nothing was added: fix these rows of {shown} first", shown)))
        }
        Prepared::Right(import, (path, text), warnings) => {
            terminal.report(&export.project, &warnings);
            if !arguments.dry_run && !import.added.is_empty() {
                output::write(&path, text.as_bytes())
                    .map_err(|error| Stop::unwritable(&path, &error))?;
            }
            print(&import.report(terminal))
        }
    }
}

/// What an import comes to.
enum Prepared {
    /// The letter or the export cannot be read.
    Wrong(Project, Vec<Diagnostic>),
    /// The letter would have errors that it does not have now.
    WrongRows(Project, Vec<Diagnostic>),
    /// The rows, the letter's file with its new text, and warnings about the export.
    Right(Import, (PathBuf, String), Vec<Diagnostic>),
}

/// Reads the export and the letter, and compares them.
fn prepare(export: &Export, arguments: &ImportArguments) -> Result<Prepared, Stop> {
    let unreadable = |error| Stop::unreadable(&arguments.into, &error);
    let project = &export.project;
    let problems = Problems::default();
    let wanted = arguments.reading(export.file);
    let list = signatory_sources::read_table(
        export.file,
        &wanted,
        &[],
        say_which_column,
        &project.files,
        &problems,
    );
    let of_export = problems.into_sorted();
    let list = list.filter(|_| !of_export.iter().any(Diagnostic::is_error));
    let Some(List { signatories: rows, left_out }) = list else {
        return Ok(Prepared::Wrong(project.clone(), of_export));
    };
    let fonts = Fonts::new(&FontOptions::default());
    let problems = Problems::default();
    let letters = project.check(&fonts, |_| true, &problems);
    let diagnostics = problems.into_sorted();
    let Some(letter) = letters.first() else {
        return Ok(Prepared::Wrong(project.clone(), diagnostics));
    };
    let import = Import { left_out, ..compare(&rows, letter) };
    // If the path is a link, the letter that it leads to is changed, and the link stays.
    let path = project.files.path(project.file).unwrap_or_else(|| arguments.into.clone());
    let old = project.source();
    let new = add(&old, &import.added).map_err(Stop::Usage)?;
    let new = output::with_line_ends_of(&old, new);

    // A valid letter stays valid: if the new rows would bring an error, it is reported and nothing is
    // written.
    let folder = path.parent().unwrap_or(Path::new("."));
    let root = Some(project.files.root());
    let changed =
        Project::from_bytes(new.clone().into_bytes(), folder, root).map_err(unreadable)?;
    let problems = Problems::default();
    changed.check(&fonts, |_| true, &problems);
    let errors = only_errors(problems.into_sorted());
    if errors.len() > only_errors(diagnostics).len() {
        // Most errors are in the rows themselves, where people can correct them.
        let in_rows = export.wrong_rows(&rows, &fonts);
        return Ok(match in_rows.is_empty() {
            true => Prepared::WrongRows(changed, errors),
            false => Prepared::WrongRows(project.clone(), in_rows),
        });
    }
    Ok(Prepared::Right(import, (path, new), of_export))
}

/// A form's export and the letter that it will be added to.
#[derive(Clone)]
struct Export {
    /// The letter, with the export among its files.
    project: Project,
    /// The export.
    file: FileId,
}

impl Export {
    /// The errors that the rows would bring if they were signatories of the letter.
    fn wrong_rows(&self, rows: &[Signatory], fonts: &Fonts) -> Vec<Diagnostic> {
        let problems = Problems::default();
        if let Some(written) = self.project.read(&Problems::default()) {
            let written = Loaded { signatories: rows.to_vec(), ..written };
            self.project.resolver(&written, fonts, &problems).resolve(|_| true);
        }
        let mut errors = only_errors(problems.into_sorted());
        errors.retain(|error| error.place.file == self.file);
        errors
    }
}

impl ImportArguments {
    /// The options for reading the export: those of a letter that names it.
    fn reading(&self, export: FileId) -> SignatoryFile {
        let start = Place::start_of(export);
        let text = |value: &str| Text {
            value: value.into(),
            place: start.clone(),
            written: Written::Plain,
        };
        let columns = self.columns.iter();
        // Conditions on the same column are alternatives.
        let mut filter: Vec<(Text, Vec<Text>)> = Vec::new();
        for (header, value) in &self.filter {
            match filter.iter_mut().find(|(known, _)| known.value == *header) {
                Some((_, values)) => values.push(text(value)),
                None => filter.push((text(header), vec![text(value)])),
            }
        }
        SignatoryFile {
            path: text(&self.export.file_name().unwrap_or_default().to_string_lossy()),
            columns: columns.map(|(key, header)| (*key, text(header))).collect(),
            kind: self.kind,
            filter,
            delimiter: self.delimiter,
            encoding: self.encoding,
            group: None,
        }
    }
}

/// The hint for a missing column. `there` are the columns of the file.
fn say_which_column(there: &str) -> Message {
    say!(
        "say which column is which with --column, as in --column name=\"Organization\"; its columns are {there}",
        there
    )
}

/// What happened to the rows of an export.
#[derive(Debug, Default)]
struct Import {
    /// Rows that were added.
    added: Vec<Entry>,
    /// Rows that already exist, word for word or in another spelling.
    there: Vec<(String, String)>,
    /// Rows that exist with the same name but other details: somebody must look at them.
    changed: Vec<String>,
    /// Rows that were added although they look like an existing one.
    near: Vec<(String, String)>,
    /// How many rows `--where` leaves out.
    left_out: usize,
}

/// Compares an export with the signatories of a letter.
fn compare(rows: &[Signatory], letter: &Letter) -> Import {
    let mut import = Import::default();
    let mut entries = list::List::of(letter).signatories;
    let listed = entries.len();
    entries.extend(signing(rows).map(entry_of));
    let names: Vec<Name> = entries.iter().map(comparable).collect();
    let mut alike: HashMap<usize, Vec<usize>> = HashMap::new();
    for (first, second, _) in Names::of(&names).pairs() {
        alike.entry(second).or_default().push(first);
    }
    // The entries that are in the letter, or will be: by all that they say, and by name.
    let mut there = vec![false; entries.len()];
    let (mut by_entry, mut by_name) = (HashMap::new(), HashMap::new());
    for (index, (entry, name)) in entries.iter().zip(&names).enumerate() {
        if index >= listed {
            let same = name.identity().and_then(|identity| by_name.get(&identity).copied());
            let same = by_entry.get(entry).copied().into_iter().chain(same).min();
            if let Some(same) = same {
                import.note_listed(entry, &entries[same]);
                continue;
            }
            let near = alike.get(&index).into_iter().flatten().find(|other| there[**other]);
            if let Some(near) = near {
                import.near.push((entry.name.clone(), entries[*near].name.clone()));
            }
            import.added.push(entry.clone());
        }
        there[index] = true;
        by_entry.entry(entry).or_insert(index);
        if let Some(identity) = name.identity() {
            by_name.entry(identity).or_insert(index);
        }
    }
    import
}

/// The text of a letter with more signatories at the end of its list. Everything else, including
/// comments, stays as it is.
fn add(source: &str, entries: &[Entry]) -> Result<String, Message> {
    let mut document: DocumentMut =
        source.parse().map_err(|error: TomlError| foreign::toml(error.message()))?;
    let item = document.entry("signatories").or_insert(Item::Value(Value::Array(Array::new())));
    let Some(list) = item.as_array_mut() else {
        return Err(say!("the signatories of this letter are in a separate file: add them there"));
    };
    // A comment after the last entry stays where it is: before the first new one.
    let behind = |text: Option<&str>| text.unwrap_or_default().trim_end().to_owned();
    let mut before = String::new();
    if !entries.is_empty() {
        if let Some(last) = list.len().checked_sub(1).and_then(|last| list.get_mut(last)) {
            before = behind(last.decor().suffix().and_then(|suffix| suffix.as_str()));
            last.decor_mut().set_suffix("");
        }
        before.push_str(&behind(list.trailing().as_str()));
        list.set_trailing("\n");
        list.set_trailing_comma(true);
    }
    for entry in entries {
        let value: Value =
            toml_entry(entry).parse().map_err(|error: TomlError| foreign::toml(error.message()))?;
        list.push_formatted(value.decorated(format!("{before}\n  "), ""));
        before.clear();
    }
    Ok(document.to_string())
}

fn comparable(entry: &Entry) -> Name {
    let name = match entry.kind {
        Some(_) => Name::person(&entry.name),
        None => Name::organization(&entry.name),
    };
    // Other details of somebody who is listed are a change, and not somebody else.
    let about = entry.organization.as_ref().or(entry.title.as_ref());
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    name.with(&text(about)).linked(&text(entry.url.as_ref()))
}

fn entry_of(signatory: &Signatory) -> Entry {
    let text = |value: &Option<Localized<Text>>| {
        let first = value.as_ref().and_then(|value| value.first());
        first.map(|text| text.value.to_string())
    };
    let plain = |value: &Option<Text>| value.as_ref().map(|text| text.value.to_string());
    Entry {
        name: signatory.name.first().map(|n| n.value.to_string()).unwrap_or_default(),
        print_as: text(&signatory.print_as),
        kind: (signatory.kind == Kind::Person).then(|| "person".to_owned()),
        title: text(&signatory.title),
        organization: text(&signatory.organization),
        country: (signatory.country.as_ref())
            .map(|country| country.code.as_ref().unwrap_or(&country.text.value).to_string()),
        url: signatory.url.as_ref().map(|address| match &address.url {
            Ok(url) => url.to_string(),
            Err(_) => address.text.value.to_string(),
        }),
        note: text(&signatory.note),
        group: plain(&signatory.group),
        sort_as: plain(&signatory.sort_as),
        family_name: plain(&signatory.family_name),
        places: (signatory.places.iter())
            .filter_map(|place| Some(place.first()?.value.to_string()))
            .collect(),
        members: signatory.members.iter().map(entry_of).collect(),
    }
}

impl Import {
    /// Notes a row whose signatory is listed, with the same details or with others.
    fn note_listed(&mut self, entry: &Entry, there: &Entry) {
        let differs = Entry { name: there.name.clone(), ..entry.clone() }
            != Entry {
                print_as: entry.print_as.clone(),
                sort_as: entry.sort_as.clone(),
                family_name: entry.family_name.clone(),
                group: entry.group.clone(),
                ..there.clone()
            };
        if differs {
            self.changed.push(entry.name.clone());
        } else {
            self.there.push((entry.name.clone(), there.name.clone()));
        }
    }

    /// What happened: one line for each row that somebody should know about, and the summary. With
    /// `--quiet`, only the rows that somebody must look at.
    fn report(&self, terminal: Terminal) -> String {
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
        for name in &self.changed {
            let message = say!(
                "changed: {name} is already listed with different details; nothing was changed",
                name
            );
            tell(true, message);
        }
        for (name, there) in self.there.iter().filter(|(name, there)| name != there) {
            tell(false, say!("already listed: {name}, as {there}", name, there));
        }
        let (added, same, changed) = (self.added.len(), self.there.len(), self.changed.len());
        let sum =
            say!("new: {added}, already listed: {same}, changed: {changed}", added, same, changed);
        tell(false, sum);
        if self.left_out > 0 {
            tell(false, say!("left out by --where: {count}", count = self.left_out));
        }
        text
    }
}
