//! Gathers the signatories from wherever they are written: the letter itself, files of many kinds, and
//! folders with one file per signatory.

use std::collections::{BTreeMap, HashSet};

use encoding_rs::Encoding;
use schemars::JsonSchema;
use typst::syntax::FileId;

use crate::files::Files;
use crate::language::{Tag, day, fold};
use crate::problems::{Code, Diagnostic, Problems, characters};
use crate::source::Place;
use crate::source::text::{Text, value_key};
use crate::spec::column_pattern::{self, ColumnPattern};
use crate::spec::country::Country;
use crate::spec::key_column;
use crate::spec::kind_answers::{KindOfRows, kind_named};
use crate::spec::likely_columns::{self, Reading};
use crate::spec::links::Address;
use crate::spec::records;
use crate::spec::spec_reader::{SpecReader, TOP_LEVEL_KEYS};
use crate::spec::table_file::{Row, TableFile};
use crate::spec::{Kind, Localized, Signatory, SignatorySource, schema};
use crate::toml::reader::{self, Context, Table};
use crate::words::{Message, say};

/// A file with signatories: CSV, a workbook, JSON, YAML, TOML, a list in Markdown, or one name a line.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["file"]))]
pub(crate) struct SignatoryFile {
    /// Its path.
    #[schemars(rename = "file")]
    pub path: Text,
    /// The header for each key of a signatory: a header, or a pattern of several, such as
    /// "{NameGiven} {NameFamily}" or "{Organization|Full name}"; "" leaves a column out.
    #[schemars(schema_with = "schema::columns")]
    pub columns: Vec<(&'static str, Text)>,
    /// The kind of all its signatories; or what some answers in the column with the kind mean.
    #[schemars(schema_with = "schema::kind_of_rows")]
    pub kind: KindOfRows,
    /// Which rows are read: for each of these headers, what the cell says, or several things that it may
    /// say.
    #[schemars(rename = "where", schema_with = "schema::filter")]
    pub filter: Vec<(Text, Vec<Text>)>,
    /// The delimiter of the cells. By default, it is detected.
    #[schemars(schema_with = "schema::delimiter")]
    pub delimiter: Option<u8>,
    /// The encoding of the file, if it is neither UTF-8 nor UTF-16 with a byte order mark.
    #[schemars(schema_with = "schema::encoding", extend("default" = "utf-8"))]
    pub encoding: Option<&'static Encoding>,
    /// The group of all its signatories.
    pub group: Option<Text>,
    /// The column that says who is the same in the next export, which every row has to say. Only an import
    /// has one.
    #[schemars(skip)]
    pub key: Option<Text>,
}

/// A folder with one file per signatory, so that people who add some do not cause conflicts: TOML, YAML,
/// JSON, or Markdown with front matter.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields, extend("required" = ["dir"]))]
pub(crate) struct SignatoryFolder {
    /// Its path.
    #[schemars(rename = "dir")]
    pub path: Text,
    /// What the files call each key of a signatory.
    #[schemars(schema_with = "schema::columns")]
    pub columns: Vec<(&'static str, Text)>,
    /// The kind of all its signatories; or what some answers in the column with the kind mean.
    #[schemars(schema_with = "schema::kind_of_rows")]
    pub kind: KindOfRows,
    /// Which signatories are read: what they say under each of these keys, or several things that they may
    /// say.
    #[schemars(rename = "where", schema_with = "schema::filter")]
    pub filter: Vec<(Text, Vec<Text>)>,
    /// The group of all its signatories.
    pub group: Option<Text>,
}

/// How the names of the files end that a folder of signatories is read from.
const FOLDER_ENDINGS: &[&str] = &["toml", "yaml", "yml", "json", "md"];

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
    "key",
    "withdrawn",
    "not-duplicate-of",
];

/// Reads all sources, in the order in which they are written, and says whether each could be read.
/// Countries may be named in the `languages` of the letter.
pub(crate) fn load(
    sources: &[SignatorySource],
    languages: &[Tag],
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
            SignatorySource::File(file) => read_file(file, languages, files, problems),
            SignatorySource::Folder(folder) => read_folder(folder, languages, files, problems),
        };
        complete &= list.is_some();
        all.extend(list.into_iter().flatten());
    }
    (all, complete)
}

fn read_folder(
    folder: &SignatoryFolder,
    languages: &[Tag],
    files: &Files,
    problems: &Problems,
) -> Option<Vec<Signatory>> {
    let entries = problems.take(files.folder(&folder.path, FOLDER_ENDINGS))?;
    let mut signatories = Vec::new();
    let mut values = Vec::new();
    for file in entries.iter().copied() {
        let is_toml = records::extension(file).as_deref() == Some("toml");
        if !is_toml {
            files.declare_list(file);
        }
        let Some(source) = problems.take(files.text(file)) else { continue };
        if !is_toml {
            values.extend(records::of_one_file(&source, file, problems));
            continue;
        }
        let context = Context { file, problems, top_level: TOP_LEVEL_KEYS };
        let document = reader::parse(&source, context);
        let table = Table::new("signatories", document.get_ref(), 0..source.len());
        let reader = SpecReader { context, languages };
        if let Some(mut signatory) = reader.signatory_table(table, 0) {
            signatory.group = signatory.group.or_else(|| folder.group.clone());
            if let Some(kind) = folder.kind.all.filter(|_| !document.get_ref().contains_key("kind"))
            {
                signatory.kind = kind;
            }
            signatories.push(signatory);
        }
        reader::forget_after_syntax_error(&source, file, problems);
    }
    if !values.is_empty() {
        let table = records::table(values, problems);
        let wanted = SignatoryFile {
            path: folder.path.clone(),
            columns: folder.columns.clone(),
            kind: folder.kind.clone(),
            filter: folder.filter.clone(),
            delimiter: None,
            encoding: None,
            group: folder.group.clone(),
            key: None,
        };
        let list = rows(&table, &wanted, languages, as_keys, problems)?;
        signatories.extend(list.signatories);
        let order = |signatory: &Signatory| {
            entries.iter().position(|file| *file == name_place(signatory).file)
        };
        signatories.sort_by_key(order);
    } else if !signatories.is_empty() {
        report_columns_of_toml(&folder.columns, &folder.filter, &folder.kind, problems);
    }
    report_if_empty(&signatories, &folder.path, problems);
    Some(signatories)
}

fn read_file(
    wanted: &SignatoryFile,
    languages: &[Tag],
    files: &Files,
    problems: &Problems,
) -> Option<Vec<Signatory>> {
    let file = problems.take(files.follow_text(&wanted.path))?;
    if records::extension(file).as_deref() == Some("toml") {
        return read_toml(file, wanted, languages, files, problems);
    }
    let list = read_table(file, wanted, languages, as_keys, files, problems)?;
    Some(list.signatories)
}

/// Reads `signatories` of a TOML file, whose entries are those of a letter.
fn read_toml(
    file: FileId,
    wanted: &SignatoryFile,
    languages: &[Tag],
    files: &Files,
    problems: &Problems,
) -> Option<Vec<Signatory>> {
    if report_columns_of_toml(&wanted.columns, &wanted.filter, &wanted.kind, problems) {
        return None;
    }
    let source = problems.take(files.text(file))?;
    let context = Context { file, problems, top_level: &[] };
    let document = reader::parse(&source, context);
    let mut table = Table::new("", document.get_ref(), 0..0);
    let reader = SpecReader { context, languages };
    let value = table.take("signatories");
    if value.is_none() {
        let problem = say!("this list has no `signatories`");
        problems.push(Diagnostic::new(Code::MissingKey, Place::start_of(file), problem));
    }
    let list = value.map(|value| reader.entries(value, wanted));
    table.finish(context);
    reader::forget_after_syntax_error(&source, file, problems);
    let list = list?;
    report_if_empty(&list, &wanted.path, problems);
    Some(list)
}

/// Reports what says how to read columns, of lists that have none.
fn report_columns_of_toml(
    columns: &[(&'static str, Text)],
    filter: &[(Text, Vec<Text>)],
    kind: &KindOfRows,
    problems: &Problems,
) -> bool {
    let columns = columns.iter().map(|(_, text)| text);
    let filter = filter.iter().map(|(header, _)| header);
    let answers = kind.answers.iter().map(|(_, text)| text);
    let found = columns.chain(filter).chain(answers).next();
    if let Some(text) = found {
        let problem = say!("a list in TOML has no columns");
        problems.push(Diagnostic::new(Code::InvalidValue, text.place.clone(), problem).hint(say!(
            "its entries have the keys of a signatory: take out `columns`, `where`, and what answers mean for `kind`"
        )));
    }
    found.is_some()
}

/// The signatories of a table.
#[derive(Debug)]
pub(crate) struct List {
    /// Those that are read.
    pub signatories: Vec<Signatory>,
    /// How many rows `where` leaves out.
    pub left_out: usize,
    /// What these say in the columns of the conditions that they do not meet, if they say few things: the
    /// header, and each answer with the number of its rows.
    pub refused: Vec<(String, Answers)>,
    /// Who is in these rows, whatever is wrong with them.
    pub others: Vec<Signatory>,
    /// The keys that the file says something about.
    pub keys: Vec<&'static str>,
    /// The kind of all rows, if the author says it and no column does.
    pub kind: Option<Kind>,
}

/// Reads the signatories of a CSV file as `wanted` says, wherever the file is. `write` says how somebody
/// writes a way to read the file, for the hints. `None` if the file is not the list that is wanted; the reason is in
/// `problems`.
pub(crate) fn read_table(
    file: FileId,
    wanted: &SignatoryFile,
    languages: &[Tag],
    write: impl Fn(&Reading) -> String,
    files: &Files,
    problems: &Problems,
) -> Option<List> {
    files.declare_list(file);
    if let Some(encoding) = wanted.encoding {
        files.declare_encoding(file, encoding);
    }
    let source = problems.take(files.text(file))?;
    // The cells of a sheet have tabs between them.
    let delimiter = files.sheet(file).map_or(wanted.delimiter, |_| Some(b'\t'));
    let patterns = wanted.columns.iter().map(|(_, pattern)| pattern.value.as_str());
    let named: Vec<&str> = patterns.flat_map(column_pattern::names_in).collect();
    let table = TableFile::read(&source, file, delimiter, &named, problems)?;
    let list = rows(&table, wanted, languages, write, problems)?;
    if table.rows.is_empty() {
        report_if_empty(&list.signatories, &wanted.path, problems);
    }
    Some(list)
}

/// A way to read a list, as the keys beside `file` in a letter.
fn as_keys(reading: &Reading) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let table = |pairs: Vec<String>| (!pairs.is_empty()).then(|| pairs.join(", "));
    let kind = reading.kind.map(|kind| format!("kind = \"{}\"", kind.as_str()));
    let filter = reading.filter.iter();
    let filter = filter.map(|(header, value)| format!("{} = {}", quoted(header), quoted(value)));
    let filter = table(filter.collect()).map(|filter| format!("where = {{ {filter} }}"));
    let columns = reading.columns.iter();
    let columns = columns.map(|(key, header)| format!("{key} = {}", quoted(header)));
    let columns = table(columns.collect()).map(|columns| format!("columns = {{ {columns} }}"));
    [kind, filter, columns].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The signatories in the rows of a table.
fn rows(
    table: &TableFile,
    wanted: &SignatoryFile,
    languages: &[Tag],
    write: impl Fn(&Reading) -> String,
    problems: &Problems,
) -> Option<List> {
    let columns = Columns::find(wanted, table, &write, problems);
    let filters = Filter::find(wanted, table, problems);
    let (columns, filters) = (columns?, filters?);
    let rows: Vec<&Row> = table.rows.iter().collect();
    report_answers(wanted, &columns, table, &rows, problems)?;
    report_unasked_consent(&filters, table, write, problems);
    let is_read = |row: &&Row| filters.iter().all(|filter| filter.accepts(row));
    let (read, left_out): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(is_read);
    if read.is_empty() && !left_out.is_empty() {
        report_all_left_out(wanted, &filters, table, &left_out, problems);
    }
    if let Some(column) = columns.pattern("key").and_then(ColumnPattern::only_column) {
        let is_required = wanted.key.is_some();
        let used = |index| columns.use_column(index);
        key_column::check(column, is_required, table, &read, used, problems)?;
    }
    let signatory = |row: &&Row, problems: &Problems| {
        let mut signatory = columns.signatory(row, languages, problems)?;
        signatory.group = signatory.group.or_else(|| wanted.group.clone());
        Some(signatory)
    };
    let mut keys: Vec<&str> = columns.patterns.iter().map(|(key, _)| *key).collect();
    keys.extend(wanted.kind.all.map(|_| "kind"));
    keys.extend(wanted.group.as_ref().map(|_| "group"));
    let unheard = Problems::default();
    Some(List {
        signatories: read.iter().filter_map(|row| signatory(row, problems)).collect(),
        left_out: left_out.len(),
        refused: filters.iter().filter_map(|filter| filter.refused(table, &left_out)).collect(),
        others: left_out.iter().filter_map(|row| signatory(row, &unheard)).collect(),
        keys,
        kind: wanted.kind.all.filter(|_| columns.pattern("kind").is_none()),
    })
}

/// What the cells of a column say, with the number of rows that say it.
pub(crate) type Answers = Vec<(String, usize)>;

/// The answers in a column, if they are few, as answers to choose are, and tell nobody's address. Those that differ in
/// case or accents alone are one.
pub(super) fn answers(column: usize, table: &TableFile, rows: &[&Row]) -> Option<Answers> {
    /// The maximum number of answers that are named.
    const MOST: usize = 6;
    let mut said: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for row in rows {
        let cell = row.cells.get(column).map_or("", |cell| cell.value.as_str());
        said.entry(value_key(cell)).or_insert_with(|| (cell.to_owned(), 0)).1 += 1;
        if said.len() > MOST {
            return None;
        }
    }
    key_column::is_no_contact(column, table, rows).then(|| said.into_values().collect())
}

/// The hint that names the answers in a column.
fn what_it_says(column: usize, table: &TableFile, rows: &[&Row]) -> Option<Message> {
    let name = &table.header[column].value;
    let said = answers(column, table, rows)?.into_iter().filter(|(answer, _)| !answer.is_empty());
    let said: Vec<String> = said.map(|(answer, _)| format!("`{answer}`")).collect();
    let said = said.join(", ");
    (!said.is_empty()).then(|| say!("the column `{name}` says {said}", name, said))
}

/// Reports conditions that leave out every row, with what their columns say.
fn report_all_left_out(
    wanted: &SignatoryFile,
    filters: &[Filter<'_>],
    table: &TableFile,
    rows: &[&Row],
    problems: &Problems,
) {
    let Some((header, _)) = wanted.filter.first() else { return };
    let problem = say!("`where` leaves out every row of the file");
    let problem = Diagnostic::new(Code::UnusedKey, header.place.clone(), problem);
    let refuses = |filter: &&Filter<'_>| !rows.iter().any(|row| filter.accepts(row));
    let refusing = filters.iter().filter(refuses);
    let problem = refusing
        .fold(problem, |problem, filter| problem.hint_if(what_it_says(filter.column, table, rows)));
    problems.push(problem);
}

/// Reports that no column has the answers of which the author says what they mean, and answers that no row gives.
fn report_answers(
    wanted: &SignatoryFile,
    columns: &Columns<'_>,
    table: &TableFile,
    rows: &[&Row],
    problems: &Problems,
) -> Option<()> {
    let Some((_, first)) = wanted.kind.answers.first() else { return Some(()) };
    let Some(pattern) = columns.pattern("kind") else {
        let problem = say!("no column of the file is the one with the kind");
        problems.push(Diagnostic::new(Code::InvalidCsv, first.place.clone(), problem).hint(say!(
            "name it: columns = {{ kind = \"…\" }} beside `file`, or --column kind=\"…\" on the command line"
        )));
        return None;
    };
    let cells = rows.iter().filter_map(|row| pattern.get(row));
    let given: HashSet<String> = cells.map(|cell| value_key(&cell.value)).collect();
    let is_given = |answer: &Text| given.contains(&value_key(&answer.value));
    for (_, answer) in wanted.kind.answers.iter().filter(|(_, answer)| !is_given(answer)) {
        let said = &answer.value;
        let problem = say!("no row gives the answer `{said}`", said);
        let says = pattern.only_column().and_then(|column| what_it_says(column, table, rows));
        problems
            .push(Diagnostic::new(Code::UnusedKey, answer.place.clone(), problem).hint_if(says));
    }
    Some(())
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

/// Whether somebody wrote into a cell that there is nothing to write, because the form wanted an answer.
fn says_nothing(cell: &str) -> bool {
    /// What is also no name, in the languages in which forms are usual.
    const NOTHING: [&str; 14] = [
        "na",
        "none",
        "notapplicable",
        "ninguna",
        "ninguno",
        "noaplica",
        "nenhuma",
        "nenhum",
        "naoseaplica",
        "naoaplicavel",
        "aucune",
        "aucun",
        "nonapplicable",
        "sansobjet",
    ];
    // Somebody may be called Na, but nobody N/A.
    let is_letters = || cell.chars().all(char::is_alphanumeric);
    !cell.contains(char::is_alphanumeric) && cell.is_ascii()
        || cell == "—"
        || cell.len() <= 20 && NOTHING.contains(&&*fold(cell)) && !(cell.len() == 2 && is_letters())
}

/// A condition for the rows that are read.
struct Filter<'w> {
    column: usize,
    wanted: Vec<&'w str>,
}

impl<'w> Filter<'w> {
    /// Finds the columns of all conditions. One that does not exist is an error.
    fn find(
        wanted: &'w SignatoryFile,
        table: &TableFile,
        problems: &Problems,
    ) -> Option<Vec<Self>> {
        let find = |(header, values): &'w (Text, Vec<Text>)| {
            let found = column_pattern::column(&header.value, &header.place, table, problems);
            let wanted = values.iter().map(|value| value.value.trim()).collect();
            found.map(|column| Self { column, wanted })
        };
        let found: Vec<Self> = wanted.filter.iter().filter_map(find).collect();
        (found.len() == wanted.filter.len()).then_some(found)
    }

    /// Whether a row is read. Upper and lower case, accents and spaces around a value do not matter. Of several
    /// answers, which Microsoft Forms ends with semicolons, one is enough.
    fn accepts(&self, row: &Row) -> bool {
        let cell = row.cells.get(self.column).map_or("", |cell| cell.value.as_str());
        let is_wanted =
            |said: &str| self.wanted.iter().any(|wanted| value_key(wanted) == value_key(said));
        is_wanted(cell) || cell.ends_with(';') && cell.split_terminator(';').any(is_wanted)
    }

    /// The header of its column, and the answers for which it leaves out some of these rows.
    fn refused(&self, table: &TableFile, rows: &[&Row]) -> Option<(String, Answers)> {
        let refused: Vec<&Row> = rows.iter().copied().filter(|row| !self.accepts(row)).collect();
        let said = answers(self.column, table, &refused).filter(|said| !said.is_empty())?;
        Some((table.header[self.column].value.to_string(), said))
    }
}

/// Where each key is in a row.
struct Columns<'w> {
    patterns: Vec<(&'static str, ColumnPattern)>,
    kind: &'w KindOfRows,
    /// Whether people filled in the rows: the author says which columns are which. A list that has the keys of
    /// signatories for its columns is read as it is.
    is_form: bool,
}

impl<'w> Columns<'w> {
    /// Finds the columns in a header. A requested column that does not exist is an error.
    fn find(
        wanted: &'w SignatoryFile,
        table: &TableFile,
        write: impl Fn(&Reading) -> String,
        problems: &Problems,
    ) -> Option<Self> {
        let mut columns = Vec::new();
        let mut complete = true;
        if let Some(key) = &wanted.key {
            let found = column_pattern::column(&key.value, &key.place, table, problems)?;
            columns.push(("key", ColumnPattern::column(found)));
        }
        for (key, pattern) in &wanted.columns {
            if pattern.value.is_empty() {
                continue;
            }
            if *key == "kind" && report_constant(pattern, table, problems) {
                complete = false;
                continue;
            }
            match ColumnPattern::find(&pattern.value, &pattern.place, table, problems) {
                Some(found) => columns.push((*key, found)),
                None => complete = false,
            }
        }
        for key in COLUMN_KEYS {
            if wanted.columns.iter().all(|(known, _)| known != key)
                && columns.iter().all(|(known, _)| known != key)
                && let Some(index) = table.column(key)
                // Where nobody has to sign in, the column with the names of accounts is empty.
                && (*key != "name"
                    || !table.is_empty_column(index)
                    || likely_columns::readings(table).is_empty())
            {
                columns.push((key, ColumnPattern::column(index)));
            }
        }
        if complete && columns.iter().all(|(key, _)| *key != "name") {
            report_no_name(&wanted.path.place, table, write, problems);
            return None;
        }
        let is_form = !wanted.columns.is_empty();
        complete.then_some(Self { patterns: columns, kind: &wanted.kind, is_form })
    }

    /// Whether the letter uses a column.
    fn use_column(&self, index: usize) -> bool {
        self.patterns.iter().any(|(_, pattern)| pattern.uses(index))
    }

    /// The value of a key in a row. Characters that cannot be printed are reported.
    fn get(&self, row: &Row, key: &str, problems: &Problems) -> Option<Text> {
        let pattern = self.pattern(key)?;
        if !self.is_form || key == "key" {
            return Some(characters::checked(pattern.get(row)?, problems));
        }
        let mut value = pattern.get_but(row, says_nothing)?;
        // What people write in a form often ends with a sign that parts it from nothing.
        let whole = value.value.trim_end_matches([',', ';', ' ']);
        if !whole.is_empty() && whole.len() < value.value.len() {
            value.value = whole.into();
        }
        Some(characters::checked(value, problems))
    }

    fn pattern(&self, key: &str) -> Option<&ColumnPattern> {
        self.patterns.iter().find(|(known, _)| *known == key).map(|(_, pattern)| pattern)
    }

    fn signatory(&self, row: &Row, languages: &[Tag], problems: &Problems) -> Option<Signatory> {
        let Some(name) = self.get(row, "name", problems) else {
            let place = self.pattern("name").map_or(&row.place, |name| name.place(row));
            problems.push(
                Diagnostic::new(Code::InvalidCsv, place.clone(), say!("this row has no name"))
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
        signatory.key = self.get(row, "key", problems);
        let country = self.get(row, "country", problems);
        signatory.country = country.map(|text| Country::of(text, languages));
        signatory.members = self.parts(row, "members", problems).map(Signatory::named).collect();
        signatory.not_duplicate_of = self.parts(row, "not-duplicate-of", problems).collect();
        signatory.kind = self.kind.all.unwrap_or_default();
        if let Some(answer) = self.get(row, "kind", problems) {
            match self.kind.said(&answer.value) {
                Some(kind) => signatory.kind = kind,
                None => report_unclear_kind(&answer, problems),
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

/// Reports that no column is known to have the names, and proposes how to read the list.
fn report_no_name(
    place: &Place,
    table: &TableFile,
    write: impl Fn(&Reading) -> String,
    problems: &Problems,
) {
    let problem = match table.column("name") {
        Some(_) => say!("the column `name` of the file is empty"),
        None => say!("the file has no column `name`"),
    };
    let problem = Diagnostic::new(Code::InvalidCsv, place.clone(), problem);
    let problem = match &likely_columns::readings(table)[..] {
        [people, organizations] => {
            let (people, organizations) = (write(people), write(organizations));
            problem
                .hint(say!(
                    "people and organizations sign with this form; to read the people, use {people}",
                    people
                ))
                .hint(say!("to read the organizations, use {organizations}", organizations))
        }
        others => {
            let unknown = Reading { columns: vec![("name", "…".into())], ..Reading::default() };
            let reading = write(others.first().unwrap_or(&unknown));
            problem.hint(say!("say which column is which, as in {reading}", reading))
        }
    };
    let there = column_pattern::names(table);
    problems.push(problem.hint(say!("its columns are {there}", there)));
}

/// Warns if some refuse in a column that seems to ask for consent, and no condition is about it.
fn report_unasked_consent(
    filters: &[Filter<'_>],
    table: &TableFile,
    write: impl Fn(&Reading) -> String,
    problems: &Problems,
) {
    let Some((column, answer)) = likely_columns::refused_consent(table) else { return };
    if filters.iter().any(|filter| filter.column == column) {
        return;
    }
    let header = &table.header[column];
    let name = &header.value;
    let filter = vec![(name.to_string(), answer)];
    let reading = write(&Reading { filter, ..Reading::default() });
    let problem = say!("some rows say no in the column `{name}`, and are still read", name);
    problems.push(
        Diagnostic::new(Code::IgnoredConsent, header.place.clone(), problem).hint(say!(
            "if it asks for consent, read only the rows that say yes: {reading}",
            reading
        )),
    );
}

/// Reports a kind that stands where the column with the kind is to be named.
fn report_constant(pattern: &Text, table: &TableFile, problems: &Problems) -> bool {
    let name = &pattern.value;
    let Some(kind) = kind_named(name) else { return false };
    let kind = kind.as_str();
    // A column that happens to be called so holds something else.
    let message = match table.column(name) {
        None => say!("the file has no column `{name}`", name),
        Some(column) => {
            let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
            let first = cells.map(|cell| &cell.value).find(|cell| !cell.is_empty());
            if first.is_none_or(|first| kind_named(first).is_some()) {
                return false;
            }
            say!("the column `{name}` does not say which rows are people", name)
        }
    };
    problems.push(
        Diagnostic::new(Code::InvalidCsv, pattern.place.clone(), message)
        .hint(say!(
            "if every row is one, write kind = \"{kind}\" beside `file`, or --kind {kind} on the command line",
            kind
        )),
    );
    true
}

/// Reports an answer that does not tell whether a person or an organization signs.
fn report_unclear_kind(cell: &Text, problems: &Problems) {
    let answer = &cell.value;
    let message =
        say!("`{answer}` does not say whether this is a person or an organization", answer);
    let quoted = toml::Value::from(answer.as_str()).to_string();
    problems.push(Diagnostic::new(Code::InvalidValue, cell.place.clone(), message).hint(say!(
        "if it is a person, write kind = {{ person = {quoted} }} beside `file`, or --kind person={quoted} \
         on the command line; if it is an organization, the same with organization",
        quoted
    )));
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
