//! `signatories import`: adds the signatories of a form's export to a letter. Existing entries are
//! neither changed nor removed.

mod compare;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ecow::EcoString;
use encoding_rs::Encoding;
use toml_edit::{Array, DocumentMut, Item, TomlError, Value};
use typst::syntax::FileId;

use crate::checks::names;
use crate::command::new::{in_shell_quotes, shell_word};
use crate::command::options::{
    AllArgument, LimitArguments, parse_delimiter, parse_encoding, read_list,
};
use crate::command::signatories::import::compare::{Import, Listed, Read, compare};
use crate::command::signatories::list::{self, Entry, toml_entry};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::engine::output;
use crate::engine::workers;
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::problems::{Diagnostic, Problems};
use crate::project::Project;
use crate::source::line_starts::LineStarts;
use crate::source::text::{Text, Written};
use crate::source::{Place, paths};
use crate::spec::kind_answers::KindOfRows;
use crate::spec::likely_columns::Reading;
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

    /// The kind of all rows that do not say it: organization or person; or what an answer in the column with
    /// the kind means, such as person="A título personal"
    #[arg(long = "kind", value_name = "KIND[=ANSWER]", value_parser = parse_kind)]
    kinds: Vec<(Kind, Option<String>)>,

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

    /// Spell what is in capitals as usual, and keep acronyms; and names of people in small letters
    #[arg(long)]
    fix_case: bool,

    /// Leave out the rows that have errors, instead of adding nothing
    #[arg(long)]
    keep_going: bool,

    /// Show what would be added, without adding anything
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    all: AllArgument,

    #[command(flatten)]
    limits: LimitArguments,
}

fn parse_column(text: &str) -> Result<(&'static str, String), Message> {
    let (key, header) = text.split_once('=').unwrap_or_default();
    match COLUMN_KEYS.iter().find(|known| **known == key) {
        Some(&"key") if !header.is_empty() => {
            Err(say!("name the column that says who is the same with --key"))
        }
        Some(key) => Ok((key, header.to_owned())),
        None => {
            let keys = COLUMN_KEYS.join(", ");
            Err(say!("write KEY=HEADER; the keys are {keys}", keys))
        }
    }
}

fn parse_kind(text: &str) -> Result<(Kind, Option<String>), Message> {
    let (kind, answer) = match text.split_once('=') {
        Some((kind, answer)) => (kind, Some(answer.to_owned())),
        None => (text, None),
    };
    let kind = Kind::parse(kind).ok_or_else(|| say!("write organization or person"))?;
    Ok((kind, answer))
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
            terminal.report_some(&project, &problems, arguments.all);
            Ok(FAILED)
        }
        Prepared::WrongCells(problems) => {
            terminal.report_some(&export.project, &problems, arguments.all);
            let shown = paths::shown(&arguments.export);
            terminal.say(&say!(
                "nothing was added: fix these rows of {shown}, or leave them out with --keep-going",
                shown
            ));
            Ok(FAILED)
        }
        Prepared::WrongRows(project, problems) => {
            terminal.report_some(&project, &problems, arguments.all);
            let shown = paths::shown(&arguments.export);
            Err(Stop::Usage(say!("nothing was added: fix these rows of {shown} first", shown)))
        }
        Prepared::Right(import, (path, text), problems) => {
            let wrong = terminal.report_some(&export.project, &problems, arguments.all);
            let changes = !import.added.is_empty() || !import.keyed.is_empty();
            if changes && !arguments.dry_run {
                output::write(&path, text.as_bytes())
                    .map_err(|error| Stop::unwritable(&path, &error))?;
            }
            print(&import.report(terminal, arguments.all.all))?;
            if let Some(next) = arguments.next_step(&import).filter(|_| !terminal.quiet) {
                terminal.say(&next);
            }
            Ok(if wrong > 0 { FAILED } else { DONE })
        }
    }
}

/// What an import comes to.
enum Prepared {
    /// The letter or the export cannot be read.
    Wrong(Project, Vec<Diagnostic>),
    /// Cells of the export cannot be read.
    WrongCells(Vec<Diagnostic>),
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
    let wanted = arguments.reading(export.file)?;
    let spec = project.read(&Problems::default()).map(|written| written.spec);
    let languages = spec.iter().flat_map(|spec| &spec.languages).map(|(tag, _)| tag.clone());
    // A form is answered in more languages than the letter is in, and the letter keeps the code.
    let of_forms = ["pt", "fr", "de", "it"].into_iter().filter_map(|tag| tag.parse().ok());
    let languages: Vec<Tag> = languages.chain(of_forms).collect();
    let list = signatory_sources::read_table(
        export.file,
        &wanted,
        &languages,
        as_options,
        &project.files,
        &problems,
    );
    let mut of_export = problems.into_sorted();
    let Some(List { signatories: mut rows, left_out, refused, others, keys, kind }) = list else {
        return Ok(Prepared::Wrong(project.clone(), of_export));
    };
    if !arguments.keep_going && of_export.iter().any(Diagnostic::is_error) {
        of_export.extend(export.wrong_rows(&rows, &Arc::new(Fonts::default())));
        return Ok(Prepared::WrongCells(of_export));
    }
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
    let mut spelled = rows.clone();
    let in_capitals = fix_case(&mut spelled);
    if arguments.fix_case {
        rows = spelled;
    }
    let wrong = wrong.len();
    let withdrawn = project.read(&Problems::default()).map(|written| written.signatories);
    let withdrawn = withdrawn.into_iter().flatten().filter(|one| one.withdrawn.is_some());
    let listed = Listed::of(letter, withdrawn);
    let file = Read { rows: &rows, others: &others, keys: &keys, kind };
    let mut import = Import { left_out, refused, wrong, ..compare(&file, &listed, &lines) };
    if !arguments.fix_case {
        let added = import.added.iter();
        import.in_capitals = added.filter(|entry| in_capitals.contains(&*entry.name)).count();
    }
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

/// Spells names, titles and organizations in capitals as usual, and names of people in small letters. Returns the
/// names of the rows that it changes, as they were.
fn fix_case(rows: &mut [Signatory]) -> BTreeSet<EcoString> {
    let text = |text: &Localized<Text>| text.first().map(|text| text.value.clone());
    let name_of = |row: &Signatory| [text(&row.name), row.organization.as_ref().and_then(text)];
    let names: Vec<EcoString> = rows.iter().flat_map(name_of).flatten().collect();
    let acronyms = names::acronyms(names.iter().map(EcoString::as_str));
    let mut changed = BTreeSet::new();
    for row in rows {
        let name = text(&row.name).unwrap_or_default();
        let mut spell = |text: &mut Localized<Text>, kind| {
            let Localized::Same(text) = text else { return };
            let spelled = names::without_capitals(&text.value, kind, &acronyms);
            let spelled = spelled.or_else(|| names::without_small_letters(&text.value, kind));
            if let Some(spelled) = spelled {
                text.value = spelled.into();
                changed.insert(name.clone());
            }
        };
        spell(&mut row.name, row.kind);
        let about = [&mut row.organization, &mut row.title].into_iter().flatten();
        about.for_each(|text| spell(text, Kind::Organization));
    }
    changed
}

impl ImportArguments {
    /// What to do after rows were added, or would have been.
    fn next_step(&self, import: &Import) -> Option<Message> {
        let letter = shell_word(&self.into);
        let next = match self.dry_run {
            true => say!("nothing was written; run it without --dry-run to add the rows"),
            false => say!("see what deserves a second look: undersigned check {letter}", letter),
        };
        (!import.added.is_empty()).then_some(next)
    }

    /// The options for reading the export: those of a letter that names it.
    fn reading(&self, export: FileId) -> Result<SignatoryFile, Stop> {
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
        let mut kind = KindOfRows::default();
        for (one, answer) in &self.kinds {
            match answer {
                Some(answer) => kind.answers.push((*one, text(answer))),
                None if kind.all.is_none() => kind.all = Some(*one),
                None => {
                    return Err(Stop::Usage(say!(
                        "--kind without an answer is the kind of all rows: give it once"
                    )));
                }
            }
        }
        Ok(SignatoryFile {
            path: text(&self.export.file_name().unwrap_or_default().to_string_lossy()),
            columns: columns.map(|(key, header)| (*key, text(header))).collect(),
            kind,
            filter,
            delimiter: self.delimiter,
            encoding: self.encoding,
            group: None,
            key: self.key.as_deref().map(text),
        })
    }
}

/// A way to read an export, as options of the command line.
fn as_options(reading: &Reading) -> String {
    let kind = reading.kind.map(|kind| format!("--kind {}", kind.as_str()));
    let filter = reading.filter.iter();
    let filter = filter.map(|(header, value)| {
        format!("--where {}", in_shell_quotes(&format!("{header}={value}")))
    });
    let columns = reading.columns.iter();
    let columns =
        columns.map(|(key, header)| format!("--column {key}={}", in_shell_quotes(header)));
    kind.into_iter().chain(filter).chain(columns).collect::<Vec<_>>().join(" ")
}

/// The text of a letter whose entries at some places have their keys. Only the places that got one are kept.
fn with_keys(source: &str, keyed: &mut Vec<(Place, String)>) -> String {
    let (mut text, mut at) = (String::with_capacity(source.len()), 0);
    keyed.sort_by_key(|(place, _)| place.range.start);
    keyed.retain(|(place, key)| {
        let (Some(before), Some(written)) =
            (source.get(at..place.range.start), source.get(place.range.clone()))
        else {
            return false;
        };
        let key = list::quoted(key);
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
        text.push_str(before);
        text.push_str(&new);
        at = place.range.end;
        true
    });
    text.push_str(&source[at..]);
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
