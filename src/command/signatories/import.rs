//! `signatories import`: adds the signatories of a form's export to a letter. Existing entries are
//! neither changed nor removed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ecow::EcoString;
use encoding_rs::Encoding;
use toml_edit::{Array, DocumentMut, Item, TomlError, Value};
use typst::syntax::FileId;

use crate::checks::duplicates::List as Names;
use crate::checks::duplicates::name::Name;
use crate::checks::names;
use crate::command::options::{LimitArguments, parse_delimiter, parse_encoding, read_list};
use crate::command::signatories::list::{self, Entry, toml_entry};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::engine::output;
use crate::engine::workers;
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::letter::signatories::signing;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::report::streams::printable;
use crate::source::line_starts::LineStarts;
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
    /// The export: a table (.csv, .xlsx, .ods, .md) or data (.toml, .json, .jsonl, .yaml)
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

    /// The column that says who is the same person in the next export, such as "Response ID": what it says
    /// is kept in the letter, so that a changed name is recognized
    #[arg(long, value_name = "HEADER")]
    key: Option<String>,

    /// Import only the rows whose cell of a column says this, such as Consent=Yes
    #[arg(long = "where", value_name = "HEADER=VALUE", value_parser = parse_condition)]
    filter: Vec<(String, String)>,

    /// The delimiter of the file: , ; or \t
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    delimiter: Option<u8>,

    /// The encoding of the file, if it is not UTF-8
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<&'static Encoding>,

    /// Spell names that are in capitals as usual, and keep their acronyms
    #[arg(long)]
    fix_case: bool,

    /// Leave out the rows that have errors, instead of adding nothing
    #[arg(long)]
    keep_going: bool,

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
        Prepared::Right(import, (path, text), problems) => {
            let wrong = terminal.report(&export.project, &problems);
            let changes = !import.added.is_empty() || !import.keyed.is_empty();
            if changes && !arguments.dry_run {
                output::write(&path, text.as_bytes())
                    .map_err(|error| Stop::unwritable(&path, &error))?;
            }
            print(&import.report(terminal))?;
            Ok(if wrong > 0 { FAILED } else { DONE })
        }
    }
}

/// What an import comes to.
enum Prepared {
    /// The letter or the export cannot be read.
    Wrong(Project, Vec<Diagnostic>),
    /// The letter would have errors that it does not have now.
    WrongRows(Project, Vec<Diagnostic>),
    /// The rows, the letter's file with its new text, and the problems of the export: warnings, and the
    /// errors of the rows that are left out.
    Right(Box<Import>, (PathBuf, String), Vec<Diagnostic>),
}

/// Reads the export and the letter, and compares them.
fn prepare(export: &Export, arguments: &ImportArguments) -> Result<Prepared, Stop> {
    let unreadable = |error| Stop::unreadable(&arguments.into, &error);
    let project = &export.project;
    let problems = Problems::default();
    let wanted = arguments.reading(export.file);
    let spec = project.read(&Problems::default()).map(|written| written.spec);
    let languages = spec.iter().flat_map(|spec| &spec.languages).map(|(tag, _)| tag.clone());
    let languages: Vec<Tag> = languages.collect();
    let list = signatory_sources::read_table(
        export.file,
        &wanted,
        &languages,
        say_which_column,
        &project.files,
        &problems,
    );
    let mut of_export = problems.into_sorted();
    let list = list.filter(|_| arguments.keep_going || !of_export.iter().any(Diagnostic::is_error));
    let Some(List { signatories: mut rows, left_out }) = list else {
        return Ok(Prepared::Wrong(project.clone(), of_export));
    };
    let lines = export.lines();
    let mut wrong = lines.of_errors(&of_export);
    rows.retain(|row| !wrong.contains(&lines.of(row)));
    let fonts = Arc::new(Fonts::default());
    let problems = Problems::default();
    let letters = project.check(&fonts, |_| true, &problems);
    let diagnostics = problems.into_sorted();
    let Some(letter) = letters.first() else {
        return Ok(Prepared::Wrong(project.clone(), diagnostics));
    };
    if arguments.keep_going {
        let in_rows = export.wrong_rows(&rows, &fonts);
        wrong.extend(lines.of_errors(&in_rows));
        of_export.extend(in_rows);
        rows.retain(|row| !wrong.contains(&lines.of(row)));
    }
    if arguments.fix_case {
        fix_case(&mut rows);
    }
    let wrong = wrong.len();
    let withdrawn = project.read(&Problems::default()).map(|written| written.signatories);
    let withdrawn = withdrawn.into_iter().flatten().filter(|one| one.withdrawn.is_some());
    let listed = Listed::of(letter, withdrawn);
    let mut import = Import { left_out, wrong, ..compare(&rows, &listed, &lines) };
    import.keyed.retain(|(place, _)| place.file == project.file);
    // If the path is a link, the letter that it leads to is changed, and the link stays.
    let path = project.files.path(project.file).unwrap_or_else(|| arguments.into.clone());
    let old = project.source();
    let new = add(&with_keys(&old, &mut import.keyed), &import.added);
    let new = new.map_err(Stop::Usage)?;
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
    Ok(Prepared::Right(Box::new(import), (path, new), of_export))
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
    fn wrong_rows(&self, rows: &[Signatory], fonts: &Arc<Fonts>) -> Vec<Diagnostic> {
        let problems = Problems::default();
        if let Some(written) = self.project.read(&Problems::default()) {
            let written = Loaded { signatories: rows.to_vec(), ..written };
            self.project.resolver(&written, fonts, &problems).resolve(|_| true);
        }
        let mut errors = only_errors(problems.into_sorted());
        errors.retain(|error| error.place.file == self.file);
        errors
    }

    fn lines(&self) -> Lines {
        let text = self.project.files.text_to_show(self.file);
        Lines { starts: LineStarts::of(&text), text }
    }
}

/// The lines of an export, which are the rows of a sheet.
struct Lines {
    text: String,
    starts: LineStarts,
}

impl Lines {
    fn of(&self, row: &Signatory) -> usize {
        self.at(signatory_sources::name_place(row))
    }

    fn at(&self, place: &Place) -> usize {
        self.starts.position(&self.text, place.range.start).line
    }

    fn of_errors(&self, problems: &[Diagnostic]) -> BTreeSet<usize> {
        problems.iter().filter(|p| p.is_error()).map(|p| self.at(&p.place)).collect()
    }
}

/// Spells the names that are in capitals as usual.
fn fix_case(rows: &mut [Signatory]) {
    let name_of = |row: &Signatory| row.name.first().map(|name| name.value.clone());
    let names: Vec<EcoString> = rows.iter().filter_map(name_of).collect();
    let acronyms = names::acronyms(names.iter().map(EcoString::as_str));
    for row in rows {
        if let Localized::Same(name) = &mut row.name
            && let Some(spelled) = names::without_capitals(&name.value, row.kind, &acronyms)
        {
            name.value = spelled.into();
        }
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
            key: self.key.as_deref().map(text),
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
    changed: Vec<Changed>,
    /// Rows with `withdrawn`, which are not added, by name and line.
    withdrawn: Vec<(String, usize)>,
    /// Entries of the letter that no row is about.
    gone: Vec<String>,
    /// Rows that are not added because an entry of the same name has another key: the name, its line, and
    /// the entry.
    other_key: Vec<(String, usize, String)>,
    /// Where the entries are that get their key, and the keys.
    keyed: Vec<(Place, String)>,
    /// Rows that were added although they look like an existing one.
    near: Vec<(String, String)>,
    /// How many rows `--where` leaves out.
    left_out: usize,
    /// How many lines are left out because of their errors.
    wrong: usize,
}

/// A row about an entry of the letter that says something else.
#[derive(Debug)]
struct Changed {
    name: String,
    line: usize,
    /// Each key, with what the letter says and what the row says.
    keys: Vec<(&'static str, String, String)>,
}

/// The entries of a letter, and where they are.
struct Listed {
    entries: Vec<Entry>,
    places: Vec<Place>,
    /// How many sign. Behind them are those that have withdrawn.
    signing: usize,
}

impl Listed {
    fn of(letter: &Letter, withdrawn: impl Iterator<Item = Signatory>) -> Self {
        let groups = letter.groups.iter().flat_map(|group| &group.signatories);
        let all = groups.chain(&letter.anonymous);
        let mut places: Vec<Place> = all.map(|signatory| signatory.place.clone()).collect();
        let mut entries = list::List::of(letter).signatories;
        let signing = entries.len();
        for one in withdrawn {
            entries.push(entry_of(&one));
            places.push(one.place);
        }
        Self { entries, places, signing }
    }

    /// Gives an entry of the letter without a key that of a row about it, and says where the entry is.
    fn learn(
        &self,
        keys: &mut [Option<String>],
        entry: usize,
        row: usize,
    ) -> Option<(Place, String)> {
        let (place, key) = (self.places.get(entry)?, keys[row].clone()?);
        let is_new = keys[entry].is_none();
        keys[entry].get_or_insert_with(|| key.clone());
        is_new.then(|| (place.clone(), key))
    }
}

/// Compares an export with the signatories of a letter.
fn compare(rows: &[Signatory], letter: &Listed, lines: &Lines) -> Import {
    let mut import = Import::default();
    for row in rows.iter().filter(|row| row.withdrawn.is_some()) {
        import.withdrawn.push((entry_of(row).name, lines.of(row)));
    }
    let line_of: Vec<usize> = signing(rows).map(|row| lines.of(row)).collect();
    let mut entries = letter.entries.clone();
    let listed = entries.len();
    entries.extend(signing(rows).map(entry_of));
    let mut keys: Vec<Option<String>> = entries.iter_mut().map(|entry| entry.key.take()).collect();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for (index, key) in keys.iter().enumerate().take(listed) {
        if let Some(key) = key {
            by_key.entry(key.clone()).or_insert(index);
        }
    }
    let names: Vec<Name> = entries.iter().map(comparable).collect();
    let mut alike: HashMap<usize, Vec<usize>> = HashMap::new();
    for (first, second, _) in Names::of(&names).pairs() {
        alike.entry(second).or_default().push(first);
    }
    // The entries that are in the letter, or will be: by all that they say, and by name.
    let mut there = vec![false; entries.len()];
    let mut met = vec![false; listed];
    let mut new = Vec::new();
    let (mut by_entry, mut by_name) = (HashMap::new(), HashMap::new());
    for (index, (entry, name)) in entries.iter().zip(&names).enumerate() {
        if index >= listed {
            let line = line_of[index - listed];
            let of_key = keys[index].as_deref().and_then(|key| by_key.get(key).copied());
            let same = name.identity().and_then(|identity| by_name.get(&identity).copied());
            let same = same.filter(|same: &usize| !name.is_relative_of(&names[*same]));
            let same = by_entry.get(entry).copied().into_iter().chain(same).min();
            let Some(same) = of_key.or(same) else {
                new.push(index);
                there[index] = true;
                by_entry.entry(entry).or_insert(index);
                if let Some(identity) = name.identity() {
                    by_name.entry(identity).or_insert(index);
                }
                continue;
            };
            if let Some(met) = met.get_mut(same) {
                *met = true;
            }
            if (letter.signing..listed).contains(&same) {
                import.withdrawn.push((entry.name.clone(), line));
                continue;
            }
            if of_key.is_none() && keys[same].is_some() && keys[index].is_some() {
                let other = entries[same].name.clone();
                import.other_key.push((entry.name.clone(), line, other));
                continue;
            }
            import.keyed.extend(letter.learn(&mut keys, same, index));
            let renamed = of_key.is_some() && name.words != names[same].words;
            if let Some(identity) = name.identity() {
                by_name.entry(identity).or_insert(same);
            }
            import.note_listed(entry, &entries[same], renamed, line);
            continue;
        }
        there[index] = true;
        by_entry.entry(entry).or_insert(index);
        if let Some(identity) = name.identity() {
            by_name.entry(identity).or_insert(index);
        }
    }
    // If one person of a name is new, and one of the same name and organization is gone, the title changed.
    let same_name =
        |index: usize| (names[index].person, &names[index].words, names[index].generation);
    let mut came: HashMap<_, usize> = HashMap::new();
    new.iter().for_each(|index| *came.entry(same_name(*index)).or_default() += 1);
    let mut went: HashMap<_, Vec<usize>> = HashMap::new();
    for index in (0..letter.signing).filter(|index| !met[*index]) {
        went.entry(same_name(index)).or_default().push(index);
    }
    for index in new {
        let entry = &entries[index];
        if let Some([gone]) = went.get(&same_name(index)).map(Vec::as_slice)
            && came.get(&same_name(index)) == Some(&1)
            && names[index].identity().is_some()
            && entries[*gone].organization == entry.organization
        {
            met[*gone] = true;
            import.keyed.extend(letter.learn(&mut keys, *gone, index));
            import.note_listed(entry, &entries[*gone], false, line_of[index - listed]);
            continue;
        }
        let near = alike.get(&index).into_iter().flatten().find(|other| there[**other]);
        if let Some(near) = near {
            // It may be the same, so it is not told as gone as well.
            if let Some(met) = met.get_mut(*near) {
                *met = true;
            }
            import.near.push((entry.name.clone(), entries[*near].name.clone()));
        }
        import.added.push(Entry { key: keys[index].clone(), ..entry.clone() });
    }
    let gone = entries.iter().zip(&met).take(letter.signing).filter(|(_, met)| !**met);
    import.gone = gone.map(|(entry, _)| entry.name.clone()).collect();
    import
}

/// The text of a letter whose entries at some places have their keys. Only the places that got one are kept.
fn with_keys(source: &str, keyed: &mut Vec<(Place, String)>) -> String {
    let mut text = source.to_owned();
    keyed.sort_by_key(|(place, _)| std::cmp::Reverse(place.range.start));
    keyed.retain(|(place, key)| {
        let key = list::quoted(key);
        let written = text.get(place.range.clone()).unwrap_or_default();
        let inside = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let new = match inside {
            Some(inside) if !inside.contains('\n') => {
                let inside = inside.trim().trim_end_matches(',').trim_end();
                format!("{{ {inside}, key = {key} }}")
            }
            // Behind the last key of several lines may be a comment; before the first one is a free place.
            Some(inside) => {
                let space = &inside[..inside.len() - inside.trim_start().len()];
                let space = if space.contains('\n') { space } else { " " };
                format!("{{{space}key = {key},{inside}}}")
            }
            None if written.starts_with(['"', '\'']) => {
                format!("{{ name = {written}, key = {key} }}")
            }
            None => return false,
        };
        text.replace_range(place.range.clone(), &new);
        true
    });
    text
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
        key: plain(&signatory.key),
        members: signatory.members.iter().map(entry_of).collect(),
    }
}

impl Import {
    /// Notes a row whose signatory is listed, with the same details or with others. What only the letter
    /// says, such as how a name is sorted, is no difference.
    /// A name is one only if its row is known by its key and it was `renamed`.
    fn note_listed(&mut self, entry: &Entry, there: &Entry, renamed: bool, line: usize) {
        let own = ["print-as", "sort-as", "family-name", "group"];
        let is_compared = |key: &&str| !own.contains(key) && (*key != "name" || renamed);
        let keys = COLUMN_KEYS.iter().copied().filter(is_compared);
        let differs = |key| {
            let (old, new) = (there.value(key), entry.value(key));
            (old != new).then_some((key, old, new))
        };
        let keys: Vec<_> = keys.filter_map(differs).collect();
        if keys.is_empty() && entry.members == there.members {
            self.there.push((entry.name.clone(), there.name.clone()));
        } else {
            self.changed.push(Changed { name: entry.name.clone(), line, keys });
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
        if self.wrong > 0 {
            tell(true, say!("left out because of errors: {count}", count = self.wrong));
        }
        if self.left_out > 0 {
            tell(false, say!("left out by --where: {count}", count = self.left_out));
        }
        text
    }
}
