//! Lists of people in JSON, YAML and Markdown, and with one name a line, as tables with places.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag as Mark, TagEnd};
use saphyr_parser::{Event as Yaml, Parser as YamlParser, ScalarStyle, Span};
use typst::syntax::FileId;

use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{Text, Written, name_key};
use crate::spec::table_file::{Row, TableFile, join_lines, text_of};
use crate::words::foreign;
use crate::words::say;

/// How deeply values may be nested.
const MAX_DEPTH: usize = 32;

/// A value of JSON or YAML.
#[derive(Debug)]
pub(crate) enum Value {
    /// A text, a number, a truth value.
    Text(Text),
    /// A list, and where it begins.
    List(Place, Vec<Value>),
    /// Values by name, and where they begin.
    Table(Place, Vec<(Text, Value)>),
}

/// The people of a JSON file: a list of texts or objects, or an object that holds one list.
pub(super) fn json(source: &str, file: FileId, problems: &Problems) -> Option<TableFile> {
    json_value(source, 0..source.len(), file, problems)
        .and_then(|value| list(value, file, problems))
}

/// The people of JSON Lines: an object or a text in each line.
pub(super) fn json_lines(source: &str, file: FileId, problems: &Problems) -> Option<TableFile> {
    let mut values = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        if !line.trim().is_empty() {
            values.push(json_value(source, range, file, problems)?);
        }
    }
    Some(table(values, problems))
}

/// The people of a YAML file: a list of texts or mappings, or a mapping that holds one list.
pub(super) fn yaml(source: &str, file: FileId, problems: &Problems) -> Option<TableFile> {
    let mut values = yaml_values(source, 0..source.len(), file, problems)?;
    if values.len() == 1 {
        return list(values.remove(0), file, problems);
    }
    Some(table(values, problems))
}

/// The person that a file of a folder is about: a JSON or YAML file, or the front matter of a Markdown
/// file. A file may also be a list. `None` if it is about nobody; what is wrong is in `problems`.
pub(crate) fn of_one_file(source: &str, file: FileId, problems: &Problems) -> Vec<Value> {
    let values = match extension(file).as_deref() {
        Some("json") => {
            json_value(source, 0..source.len(), file, problems).map(|value| vec![value])
        }
        Some("yaml" | "yml") => yaml_values(source, 0..source.len(), file, problems),
        _ => front_matter(source).and_then(|range| yaml_values(source, range, file, problems)),
    };
    let mut all = Vec::new();
    for value in values.into_iter().flatten() {
        match value {
            Value::List(_, items) => all.extend(items),
            value => all.push(value),
        }
    }
    all
}

/// The ending of a file's name, in lower case.
pub(crate) fn extension(file: FileId) -> Option<String> {
    let name = file.vpath().file_name()?;
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
}

/// The lines between the two lines `---` that a file begins with.
fn front_matter(source: &str) -> Option<Range<usize>> {
    let first = source.split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let start = first.len();
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some(start..at);
        }
        at += line.len();
    }
    None
}

/// A text as [`text_of()`] reads it, and its place without the quotes around it.
fn text(value: &str, source: &str, range: Range<usize>, file: FileId) -> Text {
    let written = source.get(range.clone()).unwrap_or_default();
    let inside = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
    let is_quoted = written.starts_with(['"', '\'']) && source.get(inside.clone()) == Some(value);
    let value = text_of(value);
    let place = Place::new(file, if is_quoted { inside } else { range });
    Text { value, place, written: Written::Plain }
}

fn start(file: FileId, at: usize) -> Place {
    Place::new(file, at..at)
}

/// The rows of a value that is a list, or holds one.
fn list(value: Value, file: FileId, problems: &Problems) -> Option<TableFile> {
    let rows = match value {
        Value::List(_, items) => Some(items),
        Value::Table(_, entries) => {
            let lists = entries.into_iter().filter_map(|(_, value)| match value {
                Value::List(_, items) => Some(items),
                _ => None,
            });
            let (tables, others): (Vec<_>, Vec<_>) =
                lists.partition(|items| items.iter().any(|item| matches!(item, Value::Table(..))));
            let mut lists = if tables.is_empty() { others } else { tables };
            (lists.len() == 1).then(|| lists.remove(0))
        }
        Value::Text(_) => None,
    };
    let Some(rows) = rows else {
        let problem = say!("there is no list in this file");
        problems.push(Diagnostic::new(Code::WrongType, start(file, 0), problem).hint(say!(
            "it is a list of names, or of entries with keys such as `name`, or holds one such list"
        )));
        return None;
    };
    Some(table(rows, problems))
}

/// A table of values, with a column for each key that one of them has. A text is a name.
pub(crate) fn table(values: Vec<Value>, problems: &Problems) -> TableFile {
    let mut header: Vec<Text> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::new();
    for value in values {
        let (place, mut found) = match value {
            Value::Text(name) => {
                let place = start(name.place.file, name.place.range.start);
                let key =
                    Text { value: "name".into(), place: place.clone(), written: Written::Plain };
                (place, vec![(key, name)])
            }
            Value::Table(place, entries) => {
                let mut found = Vec::new();
                flatten(entries, "", &mut found, problems);
                (place, found)
            }
            Value::List(place, _) => {
                problems.push(Diagnostic::new(
                    Code::WrongType,
                    place,
                    say!("this entry of the list is a list"),
                ));
                continue;
            }
        };
        found.retain(|(key, _)| !key.value.is_empty());
        let absent = Text { value: "".into(), place: place.clone(), written: Written::Plain };
        let mut cells = vec![absent.clone(); header.len()];
        for (mut key, cell) in found {
            join_lines(&mut key);
            let column = *known.entry(name_key(&key.value)).or_insert_with(|| {
                header.push(key);
                header.len() - 1
            });
            cells.resize(cells.len().max(column + 1), absent.clone());
            cells[column] = cell;
        }
        if cells.iter().any(|cell| !cell.value.is_empty()) {
            rows.push(Row::new(cells, place));
        }
    }
    TableFile { header, rows }
}

/// The texts of a table: those of tables in it have both names with a point between them, and those of
/// a list are separated by semicolons.
fn flatten(
    entries: Vec<(Text, Value)>,
    prefix: &str,
    found: &mut Vec<(Text, Text)>,
    problems: &Problems,
) {
    for (mut key, value) in entries {
        key.value = format!("{prefix}{}", key.value).into();
        match value {
            Value::Text(text) => found.push((key, text)),
            Value::Table(_, entries) => {
                let prefix = format!("{}.", key.value);
                flatten(entries, &prefix, found, problems);
            }
            Value::List(place, items) => {
                let mut texts: Vec<Text> = Vec::new();
                for item in items {
                    match item {
                        Value::Text(text) => texts.push(text),
                        Value::Table(place, mut entries) => {
                            let at = entries.iter().position(|(key, _)| key.value == "name");
                            let name = at.map(|at| entries.remove(at));
                            if let Some((_, Value::Text(name))) = name {
                                texts.push(name);
                            }
                            if key.value == "members" && !entries.is_empty() {
                                problems.push(Diagnostic::new(
                                    Code::WrongType,
                                    place,
                                    say!("a member in a file has a name, and nothing else"),
                                ));
                            }
                        }
                        Value::List(..) => {}
                    }
                }
                let value = texts.iter().map(|text| text.value.as_str()).collect::<Vec<_>>();
                let value = value.join("; ").into();
                let place = texts.first().map_or(place, |first| first.place.clone());
                found.push((key, Text { value, place, written: Written::Plain }));
            }
        }
    }
}

/// The value of a JSON text.
fn json_value(
    source: &str,
    range: Range<usize>,
    file: FileId,
    problems: &Problems,
) -> Option<Value> {
    let text = source.get(range.clone())?;
    // serde_json finds what is wrong; what follows reads valid JSON.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let line: usize = lines.map(str::len).sum();
        let at = range.start + (line + error.column().saturating_sub(1)).min(text.len());
        let reason = foreign::json(&error);
        let problem = say!("this is not JSON: {reason}", reason);
        problems.push(Diagnostic::new(Code::Syntax, start(file, at), problem));
        return None;
    }
    let mut reader = Json { source, at: range.start, file };
    let value = reader.value(0);
    if value.is_none() {
        too_deep(start(file, reader.at), problems);
    }
    value
}

fn too_deep(place: Place, problems: &Problems) {
    let levels = MAX_DEPTH;
    let problem = say!("values are nested more than {levels} levels deep here", levels);
    problems.push(Diagnostic::new(Code::InvalidValue, place, problem));
}

/// Reads JSON that is valid.
struct Json<'s> {
    source: &'s str,
    at: usize,
    file: FileId,
}

impl Json<'_> {
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.source.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.source.as_bytes().get(self.at).copied()
    }

    /// Goes past a comma or a colon, if there is one.
    fn skip(&mut self) {
        if matches!(self.peek(), Some(b',' | b':')) {
            self.at += 1;
        }
    }

    /// A value. `None` if it is nested too deeply.
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let first = self.peek()?;
        let place = start(self.file, self.at);
        match first {
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while self.peek()? != b']' {
                    items.push(self.value(depth + 1)?);
                    self.skip();
                }
                self.at += 1;
                Some(Value::List(place, items))
            }
            b'{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek()? != b'}' {
                    let key = self.string();
                    self.skip();
                    entries.push((key, self.value(depth + 1)?));
                    self.skip();
                }
                self.at += 1;
                Some(Value::Table(place, entries))
            }
            b'"' => Some(Value::Text(self.string())),
            _ => {
                let rest = &self.source[self.at..];
                let end = rest.find([',', ']', '}', ' ', '\n', '\r', '\t']).unwrap_or(rest.len());
                let range = self.at..self.at + end;
                self.at = range.end;
                let value = if &self.source[range.clone()] == "null" { "" } else { &rest[..end] };
                Some(Value::Text(text(value, self.source, range, self.file)))
            }
        }
    }

    fn string(&mut self) -> Text {
        let bytes = self.source.as_bytes();
        let begin = self.at;
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            self.at += match byte {
                b'\\' => 2,
                b'"' => break,
                _ => 1,
            };
        }
        self.at = (self.at + 1).min(bytes.len());
        let written = self.source.get(begin..self.at).unwrap_or_default();
        let value: String = serde_json::from_str(written).unwrap_or_default();
        text(&value, self.source, begin..self.at, self.file)
    }
}

/// The values of the documents in a part of a file. All scalars are texts: `no` is the country, and a
/// date is what is written.
fn yaml_values(
    source: &str,
    range: Range<usize>,
    file: FileId,
    problems: &Problems,
) -> Option<Vec<Value>> {
    let part = source.get(range.clone())?;
    // The parser counts characters.
    let offsets: Vec<usize> = match part.is_ascii() {
        true => Vec::new(),
        false => part.char_indices().map(|(at, _)| at).collect(),
    };
    let offset = |index: usize| {
        let at =
            if part.is_ascii() { index } else { offsets.get(index).copied().unwrap_or(part.len()) };
        range.start + at.min(part.len())
    };
    let mut events = Vec::new();
    for event in YamlParser::new_from_str(part) {
        match event {
            Ok(event) => events.push(event),
            Err(error) => {
                let problem = say!("this is not YAML");
                let place = start(file, offset(error.marker().index()));
                problems.push(Diagnostic::new(Code::Syntax, place, problem).hint(say!(
                    "look at the indentation, and put a text with a colon or a quote in quotes"
                )));
                return None;
            }
        }
    }
    let mut reader =
        YamlReader { events: events.into_iter(), source, file, offset: &offset, problems };
    let mut values = Vec::new();
    while let Some((event, span)) = reader.events.next() {
        if !matches!(
            event,
            Yaml::StreamStart
                | Yaml::StreamEnd
                | Yaml::DocumentStart(_)
                | Yaml::DocumentEnd
                | Yaml::Nothing
        ) {
            values.push(reader.value(event, span, 0)?);
        }
    }
    Some(values)
}

struct YamlReader<'y, 's> {
    events: std::vec::IntoIter<(Yaml<'s>, Span)>,
    source: &'y str,
    file: FileId,
    /// The byte of the file at which a character is.
    offset: &'y dyn Fn(usize) -> usize,
    problems: &'y Problems,
}

impl YamlReader<'_, '_> {
    fn value(&mut self, event: Yaml<'_>, span: Span, depth: usize) -> Option<Value> {
        let range = (self.offset)(span.start.index())..(self.offset)(span.end.index());
        let place = start(self.file, range.start);
        if depth >= MAX_DEPTH {
            too_deep(place, self.problems);
            return None;
        }
        match event {
            Yaml::Scalar(value, style, ..) => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(&*value, "~" | "null" | "Null");
                let value = if is_null { "" } else { &*value };
                Some(Value::Text(text(value, self.source, range, self.file)))
            }
            Yaml::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.events.next()? {
                        (Yaml::SequenceEnd, _) => return Some(Value::List(place, items)),
                        (event, span) => items.push(self.value(event, span, depth + 1)?),
                    }
                }
            }
            Yaml::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    let (event, span) = self.events.next()?;
                    if event == Yaml::MappingEnd {
                        return Some(Value::Table(place, entries));
                    }
                    let key = self.value(event, span, depth + 1)?;
                    let (event, span) = self.events.next()?;
                    let value = self.value(event, span, depth + 1)?;
                    if let Value::Text(key) = key {
                        entries.push((key, value));
                    }
                }
            }
            // A few aliases of aliases could stand for more than any memory holds.
            _ => {
                let problem = say!("an alias of YAML is not read here: write the text itself");
                self.problems.push(Diagnostic::new(Code::InvalidValue, place, problem));
                None
            }
        }
    }
}

/// The names in the lists of a Markdown file, with the address that each leads to and, as members, those
/// in a list below it.
pub(super) fn markdown(source: &str, file: FileId, problems: &Problems) -> Option<TableFile> {
    struct Item {
        range: Range<usize>,
        name: String,
        url: Option<Text>,
        members: Vec<(Range<usize>, String)>,
    }
    let from = front_matter(source).map_or(0, |range| range.end);
    let markdown = &source[from..];
    let mut items: Vec<Item> = Vec::new();
    let mut depth = 0_usize;
    let grow = |range: &mut Range<usize>, more: &Range<usize>| {
        *range = if range.start == range.end {
            more.clone()
        } else {
            range.start..more.end.max(range.end)
        };
    };
    for (event, range) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        let range = from + range.start..from + range.end;
        match event {
            Event::Start(Mark::Item) => {
                depth += 1;
                match depth {
                    1 => items.push(Item {
                        range: range.start..range.start,
                        name: String::new(),
                        url: None,
                        members: Vec::new(),
                    }),
                    _ => {
                        if let Some(item) = items.last_mut() {
                            item.members.push((range.start..range.start, String::new()));
                        }
                    }
                }
            }
            Event::End(TagEnd::Item) => {
                depth = depth.saturating_sub(1);
            }
            Event::Start(Mark::Link { dest_url, .. }) if depth == 1 => {
                if let Some(item) = items.last_mut().filter(|item| item.url.is_none()) {
                    item.url = Some(text(&dest_url, source, range, file));
                }
            }
            Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak if depth > 0 => {
                let said = match &event {
                    Event::Text(said) | Event::Code(said) => said.to_string(),
                    _ => " ".to_owned(),
                };
                let Some(item) = items.last_mut() else { continue };
                match (depth, item.members.last_mut()) {
                    (1, _) => {
                        item.name.push_str(&said);
                        grow(&mut item.range, &range);
                    }
                    (_, Some((place, name))) => {
                        name.push_str(&said);
                        grow(place, &range);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if items.is_empty() {
        let problem = say!("there is no list in this file");
        problems.push(
            Diagnostic::new(Code::WrongType, start(file, 0), problem)
                .hint(say!("begin each name with a hyphen and a space")),
        );
        return None;
    }
    let key = |name: &str, at: usize| Text {
        value: name.into(),
        place: start(file, at),
        written: Written::Plain,
    };
    let rows = items.into_iter().map(|item| {
        let at = item.range.start;
        let mut entries =
            vec![(key("name", at), Value::Text(text(&item.name, source, item.range, file)))];
        entries.extend(item.url.map(|url| (key("url", at), Value::Text(url))));
        if !item.members.is_empty() {
            let members = item.members.into_iter();
            let members =
                members.map(|(range, name)| Value::Text(text(&name, source, range, file)));
            entries.push((key("members", at), Value::List(start(file, at), members.collect())));
        }
        Value::Table(start(file, at), entries)
    });
    Some(table(rows.collect(), problems))
}

/// The names of a file with one in each line, which may begin with a bullet.
pub(super) fn lines(source: &str, file: FileId, problems: &Problems) -> TableFile {
    let mut names = Vec::new();
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let bare = line.trim();
        let name =
            ["- ", "* ", "• ", "– ", "· "].iter().find_map(|bullet| bare.strip_prefix(bullet));
        let name = name.unwrap_or(bare).trim();
        if !name.is_empty() {
            let begin = at + line.find(name).unwrap_or_default();
            names.push(Value::Text(text(name, source, begin..begin + name.len(), file)));
        }
        at += line.len();
    }
    table(names, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: Option<TableFile>, source: &str) -> Vec<Vec<(String, String)>> {
        let table = table.expect("a table");
        let cell =
            |cell: &Text| (cell.value.to_string(), source[cell.place.range.clone()].to_owned());
        let row = |row: &Row| row.cells.iter().map(cell).collect();
        table.rows.iter().map(row).collect()
    }

    fn read(
        source: &str,
        of: fn(&str, FileId, &Problems) -> Option<TableFile>,
    ) -> Vec<Vec<(String, String)>> {
        cells(of(source, crate::files::carried::main(), &Problems::default()), source)
    }

    #[test]
    fn every_cell_has_its_place() {
        let yaml_source = "- name: \"Ñandú: A.C.\"\n  url: a.example\n  tags: [x, 'ý']\n- {name: 'José', n: null}\n- Plain ñ\n";
        let rows = read(yaml_source, yaml);
        assert_eq!(rows[0][0], ("Ñandú: A.C.".into(), "Ñandú: A.C.".into()));
        assert_eq!(rows[0][1], ("a.example".into(), "a.example".into()));
        assert_eq!(rows[0][2], ("x; ý".into(), "x".into()));
        assert_eq!(rows[1][0], ("José".into(), "José".into()));
        assert_eq!(rows[2][0], ("Plain ñ".into(), "Plain ñ".into()));
        let json_source = "{\"n\": 2, \"people\": [{\"name\": \"Ñ \\ud83d\\ude00\", \"a\": {\"b\": 1.5}}, \"José\", {\"name\": null, \"x\": true}]}";
        let rows = read(json_source, json);
        assert_eq!(rows[0][0].0, "Ñ 😀");
        assert_eq!(rows[0][1], ("1.5".into(), "1.5".into()));
        assert_eq!(rows[1][0], ("José".into(), "José".into()));
        assert_eq!(rows[2][2], ("true".into(), "true".into()));
        let list = "# Who\n\n- [Ana Ñáñez](https://a.example), Red\n- **Red**\n  - Uno\n  - Dos\n";
        let rows = read(list, markdown);
        assert_eq!(
            rows[0][0],
            ("Ana Ñáñez, Red".into(), "Ana Ñáñez](https://a.example), Red".into())
        );
        assert_eq!(rows[0][1].0, "https://a.example");
        assert_eq!(rows[1][0].0, "Red");
        assert_eq!(rows[1][2].0, "Uno; Dos");
    }

    /// A line break is one of the text, not of the file: YAML may write one line on several.
    #[test]
    fn line_breaks_are_those_of_the_text() {
        let (file, problems) = (crate::files::carried::main(), Problems::default());
        let with_breaks = |table: Option<TableFile>| {
            let rows = table.expect("a table").rows;
            let all = rows.iter().map(|row| row.with_line_breaks().cells[0].value.to_string());
            let one_line = rows.iter().all(|row| !row.cells[0].value.contains(';'));
            assert!(one_line, "{rows:?}");
            all.collect::<Vec<_>>()
        };
        let source = "- a: |\n    Calle 1\n    Centro\n- a: >\n    Calle 2\n    Centro\n\
                      - a: \"Calle 3\\nCentro\"\n- a: Calle 4\n    Centro\n- a: \"'Calle' \\\"5\\\"\"\n";
        assert_eq!(
            with_breaks(yaml(source, file, &problems)),
            [
                "Calle 1; Centro",
                "Calle 2 Centro",
                "Calle 3; Centro",
                "Calle 4 Centro",
                "'Calle' \"5\""
            ]
        );
        let source = r#"[{"a\nb": "Calle 1\r\n  \"Centro\""}, {"a\nb": "Calle\t2"}]"#;
        let table = json(source, file, &problems);
        assert_eq!(table.as_ref().map(|table| table.header[0].value.as_str()), Some("a b"));
        assert_eq!(with_breaks(table), ["Calle 1; \"Centro\"", "Calle 2"]);
    }

    proptest::proptest! {
        /// No file makes the program panic, and every place is in it.
        #[test]
        fn anything_can_be_read(source in "([a-bñ]|[\"'\\[\\]{}:,&*>|#-]|\n|  |- |: |---\n|\\\\u00f1){0,40}") {
            let (file, problems) = (crate::files::carried::main(), Problems::default());
            for of in [yaml, json, json_lines, markdown] {
                let table = of(&source, file, &problems);
                for cell in table.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells) {
                    proptest::prop_assert!(source.get(cell.place.range.clone()).is_some(), "{source:?}");
                }
            }
        }
    }
}
