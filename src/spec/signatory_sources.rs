//! Gathers the signatories from wherever they are written: the letter itself, CSV files, and folders
//! with one file per signatory.

use encoding_rs::Encoding;
use schemars::JsonSchema;
use typst::syntax::FileId;

use crate::files::Files;
use crate::language::day;
use crate::problems::{Code, Diagnostic, Problems, characters};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::column_pattern::{self, ColumnPattern};
use crate::spec::country::Country;
use crate::spec::links::Address;
use crate::spec::spec_reader::{SpecReader, TOP_LEVEL_KEYS};
use crate::spec::table_file::{Row, TableFile};
use crate::spec::{Kind, Localized, Signatory, SignatorySource, schema};
use crate::toml::reader::{self, Context, Table};
use crate::words::{Message, say};

/// A CSV file with signatories.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["file"]))]
pub(crate) struct SignatoryFile {
    /// Its path.
    #[schemars(rename = "file")]
    pub path: Text,
    /// The header for each key of a signatory: a header, or a pattern of several, such as
    /// "{NameGiven} {NameFamily}".
    #[schemars(schema_with = "schema::columns")]
    pub columns: Vec<(&'static str, Text)>,
    /// The delimiter of the cells. By default, it is detected.
    #[schemars(schema_with = "schema::delimiter")]
    pub delimiter: Option<u8>,
    /// The encoding of the file, if it is neither UTF-8 nor UTF-16 with a byte order mark.
    #[schemars(schema_with = "schema::encoding", extend("default" = "utf-8"))]
    pub encoding: Option<&'static Encoding>,
    /// The group of all its signatories.
    pub group: Option<Text>,
}

/// A folder with one TOML file per signatory, so that people who add some do not cause conflicts.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["dir"]))]
pub(crate) struct SignatoryFolder {
    /// Its path.
    #[schemars(rename = "dir")]
    pub path: Text,
    /// The group of all its signatories.
    pub group: Option<Text>,
}

/// The keys of a signatory that a column can provide.
pub(crate) const COLUMN_KEYS: &[&str] = &[
    "name",
    "print-as",
    "kind",
    "title",
    "organization",
    "country",
    "url",
    "note",
    "places",
    "members",
    "group",
    "sort-as",
    "family-name",
    "withdrawn",
    "not-duplicate-of",
];

/// Reads all sources, in the order in which they are written, and says whether each could be read.
pub(crate) fn load(
    sources: &[SignatorySource],
    files: &Files,
    problems: &Problems,
) -> (Vec<Signatory>, bool) {
    let (mut all, mut complete) = (Vec::new(), true);
    for source in sources {
        let list = match source {
            SignatorySource::Entry(signatory) => {
                all.push((**signatory).clone());
                continue;
            }
            SignatorySource::File(file) => read_file(file, files, problems),
            SignatorySource::Folder(folder) => read_folder(folder, files, problems),
        };
        complete &= list.is_some();
        all.extend(list.into_iter().flatten());
    }
    (all, complete)
}

fn read_folder(
    folder: &SignatoryFolder,
    files: &Files,
    problems: &Problems,
) -> Option<Vec<Signatory>> {
    let entries = problems.take(files.folder(&folder.path))?;
    let mut signatories = Vec::new();
    for file in entries {
        let Some(source) = problems.take(files.text(file)) else { continue };
        let context = Context { file, problems, top_level: TOP_LEVEL_KEYS };
        let document = reader::parse(&source, context);
        let table = Table::new("signatories", document.get_ref(), 0..source.len());
        let reader = SpecReader { context, languages: &[] };
        if let Some(mut signatory) = reader.signatory_table(table, 0) {
            signatory.group = signatory.group.or_else(|| folder.group.clone());
            signatories.push(signatory);
        }
        reader::forget_after_syntax_error(&source, file, problems);
    }
    report_if_empty(&signatories, &folder.path, problems);
    Some(signatories)
}

fn read_file(wanted: &SignatoryFile, files: &Files, problems: &Problems) -> Option<Vec<Signatory>> {
    let file = problems.take(files.follow_text(&wanted.path))?;
    let say_which = |there: &str| {
        say!("say which it is with columns = {{ name = \"…\" }}; its columns are {there}", there)
    };
    read_table(file, wanted, say_which, files, problems)
}

/// Reads the signatories of a CSV file as `wanted` says, wherever the file is. `say_which` makes the
/// hint for a missing column from the columns that exist. `None` if the file is not the list that is
/// wanted; the reason is in `problems`.
pub(crate) fn read_table(
    file: FileId,
    wanted: &SignatoryFile,
    say_which: impl Fn(&str) -> Message,
    files: &Files,
    problems: &Problems,
) -> Option<Vec<Signatory>> {
    if let Some(encoding) = wanted.encoding {
        files.declare_encoding(file, encoding);
    }
    let source = problems.take(files.text(file))?;
    let table = TableFile::read(&source, file, wanted.delimiter, problems)?;
    let columns = Columns::find(wanted, &table, say_which, problems)?;
    let mut signatories = Vec::new();
    for row in &table.rows {
        if let Some(mut signatory) = columns.signatory(row, problems) {
            signatory.group = signatory.group.or_else(|| wanted.group.clone());
            signatories.push(signatory);
        }
    }
    if table.rows.is_empty() {
        report_if_empty(&signatories, &wanted.path, problems);
    }
    Some(signatories)
}

fn report_if_empty(signatories: &[Signatory], path: &Text, problems: &Problems) {
    if signatories.is_empty() {
        let written = &path.value;
        problems.push(Diagnostic::new(
            Code::UnusedKey,
            path.place.clone(),
            say!("there are no signatories in `{written}`", written),
        ));
    }
}

/// Where each key is in a row.
struct Columns(Vec<(&'static str, ColumnPattern)>);

impl Columns {
    /// Finds the columns in a header. A requested column that does not exist is an error.
    fn find(
        wanted: &SignatoryFile,
        table: &TableFile,
        say_which: impl Fn(&str) -> Message,
        problems: &Problems,
    ) -> Option<Self> {
        let mut columns = Vec::new();
        for (key, pattern) in &wanted.columns {
            let found = ColumnPattern::find(&pattern.value, &pattern.place, table, problems);
            columns.extend(found.map(|found| (*key, found)));
        }
        let complete = columns.len() == wanted.columns.len();
        for key in COLUMN_KEYS {
            if columns.iter().all(|(known, _)| known != key)
                && let Some(index) = table.column(key)
            {
                columns.push((key, ColumnPattern::column(index)));
            }
        }
        if complete && columns.iter().all(|(key, _)| *key != "name") {
            let there = column_pattern::names(table);
            problems.push(
                Diagnostic::new(
                    Code::InvalidCsv,
                    wanted.path.place.clone(),
                    say!("the file has no column `name`"),
                )
                .hint(say_which(&there)),
            );
            return None;
        }
        complete.then_some(Self(columns))
    }

    /// The value of a key in a row. Characters that cannot be printed are reported.
    fn get(&self, row: &Row, key: &str, problems: &Problems) -> Option<Text> {
        let (_, pattern) = self.0.iter().find(|(known, _)| *known == key)?;
        Some(characters::checked(pattern.get(row)?, problems))
    }

    fn signatory(&self, row: &Row, problems: &Problems) -> Option<Signatory> {
        let Some(name) = self.get(row, "name", problems) else {
            problems.push(
                Diagnostic::new(Code::InvalidCsv, row.place.clone(), say!("this row has no name"))
                    .hint(say!("fill it in, or remove the row")),
            );
            return None;
        };
        let mut signatory = Signatory::named(name);
        let localized = |key| self.get(row, key, problems).map(Localized::Same);
        signatory.print_as = localized("print-as");
        signatory.places = self.parts(row, "places", problems).map(Localized::Same).collect();
        signatory.title = localized("title");
        signatory.organization = localized("organization");
        signatory.note = localized("note");
        signatory.url = self.get(row, "url", problems).map(Address::of_form);
        signatory.group = self.get(row, "group", problems);
        signatory.sort_as = self.get(row, "sort-as", problems);
        signatory.family_name = self.get(row, "family-name", problems);
        signatory.country = self.get(row, "country", problems).map(Country::of);
        signatory.members = self.parts(row, "members", problems).map(Signatory::named).collect();
        signatory.not_duplicate_of = self.parts(row, "not-duplicate-of", problems).collect();
        if let Some(kind) = self.get(row, "kind", problems) {
            match parse_kind(&kind.value) {
                Some(kind) => signatory.kind = kind,
                None => invalid(&kind, "kind", "`organization`, `person`", problems),
            }
        }
        if let Some(date) = self.get(row, "withdrawn", problems) {
            match day::parse_date(&date.value) {
                Some(day) => signatory.withdrawn = Some(day),
                None => invalid(&date, "withdrawn", "2021-08-24", problems),
            }
        }
        Some(signatory)
    }

    /// The parts of a cell that are separated by semicolons.
    fn parts(&self, row: &Row, key: &str, problems: &Problems) -> impl Iterator<Item = Text> {
        let whole = self.get(row, key, problems);
        let parts: Vec<Text> = whole
            .iter()
            .flat_map(|whole| {
                whole.value.split(';').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
                    Text { value: part.into(), place: whole.place.clone(), written: whole.written }
                })
            })
            .collect();
        parts.into_iter()
    }
}

/// A kind as written by people who fill in a form.
fn parse_kind(text: &str) -> Option<Kind> {
    match text.to_lowercase().as_str() {
        "organización" | "organizacion" | "organisation" | "coalición" | "coalicion"
        | "coalition" => Some(Kind::Organization),
        "persona" | "individual" | "individuo" => Some(Kind::Person),
        other => Kind::parse(other),
    }
}

fn invalid(cell: &Text, key: &str, takes: &str, problems: &Problems) {
    let found = &cell.value;
    problems.push(
        Diagnostic::new(
            Code::InvalidValue,
            cell.place.clone(),
            say!("`{key}` does not take `{found}`", key, found),
        )
        .hint(say!("it takes {takes}", takes)),
    );
}

/// The place of a signatory's name.
pub(crate) fn name_place(signatory: &Signatory) -> &Place {
    signatory.name.first().map_or(&signatory.place, |name| &name.place)
}
