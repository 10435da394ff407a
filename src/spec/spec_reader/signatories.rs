//! Reads the signatories, and how they are laid out.

use encoding_rs::Encoding;
use toml::de::DeValue;

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::{Text, Written};
use crate::spec::kind_answers::KindOfRows;
use crate::spec::links::Address;
use crate::spec::signatory_sources::{COLUMN_KEYS, SignatoryFile, SignatoryFolder};
use crate::spec::spec_reader::SpecReader;
use crate::spec::values::read_length;
use crate::spec::{
    Anonymous, Distinct, GroupBy, Kind, ListLayout, Signatory, SignatorySource, SignatureBlock,
    Sort, Style,
};
use crate::toml::reader::{Table, Value};
use crate::words::say;

/// How deeply coalitions may be nested.
const MAX_COALITION_DEPTH: usize = 6;

impl SpecReader<'_> {
    /// A list of signatories nested `depth` levels deep in coalitions.
    fn signatories(&self, value: Value<'_>, depth: usize) -> Vec<Signatory> {
        if depth > MAX_COALITION_DEPTH {
            let message = say!(
                "coalitions are nested more than {levels} levels deep here",
                levels = MAX_COALITION_DEPTH
            );
            return value.invalid(self.context, message).unwrap_or_default();
        }
        let Some(items) = value.items(self.context) else { return Vec::new() };
        items.filter_map(|item| self.signatory(item, depth)).collect()
    }

    /// The entries of a file in TOML, with the kind and the group that the letter gives to those without
    /// one.
    pub(in crate::spec) fn entries(
        &self,
        value: Value<'_>,
        wanted: &SignatoryFile,
    ) -> Vec<Signatory> {
        let Some(items) = value.items(self.context) else { return Vec::new() };
        let entry = |item: Value<'_>| {
            let has_kind = item.if_table().is_some_and(|table| table.contains_key("kind"));
            let mut signatory = self.signatory(item, 0)?;
            signatory.group = signatory.group.or_else(|| wanted.group.clone());
            if let Some(kind) = wanted.kind.all.filter(|_| !has_kind) {
                signatory.kind = kind;
            }
            Some(signatory)
        };
        items.filter_map(entry).collect()
    }

    /// The signatories of a letter and the other places that contain them: a list that may mix both, or
    /// a single file or folder.
    pub(super) fn sources(&self, value: Value<'_>) -> Vec<SignatorySource> {
        if value.if_table().is_some() {
            return self.source(value).into_iter().collect();
        }
        let Some(items) = value.items(self.context) else { return Vec::new() };
        items.filter_map(|item| self.source(item)).collect()
    }

    fn source(&self, value: Value<'_>) -> Option<SignatorySource> {
        let has = |key: &str| {
            value.if_table().is_some_and(|table| table.keys().any(|known| known.get_ref() == key))
        };
        if has("file") {
            return self.signatory_file(value).map(SignatorySource::File);
        }
        if has("dir") {
            let mut table = value.table(self.context)?;
            let path = table.take("dir").and_then(|v| v.text(self.context));
            let group = table.take("group").and_then(|v| v.text(self.context));
            let columns = self.columns(&mut table);
            let (kind, filter) = (self.kind_of_rows(&mut table), self.filter(&mut table));
            table.finish(self.context);
            let folder = SignatoryFolder { path: path?, columns, kind, filter, group };
            return Some(SignatorySource::Folder(folder));
        }
        self.signatory(value, 0).map(|entry| SignatorySource::Entry(Box::new(entry)))
    }

    fn signatory_file(&self, value: Value<'_>) -> Option<SignatoryFile> {
        let context = self.context;
        let mut table = value.table(context)?;
        let path = table.take("file").and_then(|v| v.text(context));
        let group = table.take("group").and_then(|v| v.text(context));
        let delimiter = table
            .take("delimiter")
            .and_then(|v| v.one_of(context, &[(",", b','), (";", b';'), ("\t", b'\t')]));
        let encoding = table.take("encoding").and_then(|v| {
            // The labels of the WHATWG Encoding Standard.
            v.choice(context, &["utf-8", "utf-16le", "utf-16be", "windows-1252"], |name| {
                Encoding::for_label(name.as_bytes())
            })
        });
        let columns = self.columns(&mut table);
        let kind = self.kind_of_rows(&mut table);
        let filter = self.filter(&mut table);
        table.finish(context);
        Some(SignatoryFile {
            path: path?,
            columns,
            kind,
            filter,
            delimiter,
            encoding,
            group,
            key: None,
        })
    }

    /// Which column contains which key.
    fn columns(&self, table: &mut Table<'_>) -> Vec<(&'static str, Text)> {
        let mut columns = Vec::new();
        if let Some(value) = table.take("columns")
            && let Some(mut table) = value.table(self.context)
        {
            for key in COLUMN_KEYS {
                if let Some(text) = table.take(key).and_then(|v| v.text(self.context)) {
                    columns.push((*key, text));
                }
            }
            table.finish(self.context);
        }
        columns
    }

    fn kind(&self, table: &mut Table<'_>) -> Option<Kind> {
        self.one_kind(table.take("kind")?)
    }

    fn one_kind(&self, value: Value<'_>) -> Option<Kind> {
        value.choice(self.context, &["organization", "person"], Kind::parse)
    }

    /// The kind of the rows of a list, or what their answers mean.
    fn kind_of_rows(&self, table: &mut Table<'_>) -> KindOfRows {
        let Some(value) = table.take("kind") else { return KindOfRows::default() };
        let Some(mut table) = value.if_table().and_then(|_| value.table(self.context)) else {
            return KindOfRows { all: self.one_kind(value), ..KindOfRows::default() };
        };
        let mut answers = Vec::new();
        for kind in [Kind::Organization, Kind::Person] {
            let named = self.names(table.take(kind.as_str()));
            answers.extend(named.into_iter().map(|answer| (kind, answer)));
        }
        table.finish(self.context);
        KindOfRows { all: None, answers }
    }

    /// What the cells of some columns must say.
    fn filter(&self, table: &mut Table<'_>) -> Vec<(Text, Vec<Text>)> {
        let Some(value) = table.take("where") else { return Vec::new() };
        let Some(conditions) = value.if_table() else {
            return value.wrong_type(self.context, say!("a table")).unwrap_or_default();
        };
        let mut filter = Vec::new();
        for (header, value) in conditions {
            let (name, place) = (header.get_ref(), Place::new(self.context.file, header.span()));
            let values = self.names(Some(Value { key: name, value }));
            let header = Text { value: name.as_ref().into(), place, written: Written::Toml };
            filter.push((header, values));
        }
        filter
    }

    fn signatory(&self, value: Value<'_>, depth: usize) -> Option<Signatory> {
        let context = self.context;
        if let Some(text) = value.if_text(context) {
            return Some(Signatory::named(text));
        }
        let DeValue::Table(_) = value.value.get_ref() else {
            return value.wrong_type(context, say!("a name or a table"));
        };
        self.signatory_table(value.table(context)?, depth)
    }

    /// A signatory written as a table.
    pub(crate) fn signatory_table(&self, mut table: Table<'_>, depth: usize) -> Option<Signatory> {
        let context = self.context;
        let place = table.place(context);
        let name = table.require(context, "name").and_then(|v| self.text(v));
        let print_as = self.optional(&mut table, "print-as");
        let places = self.texts(&mut table, "places");
        let kind = self.kind(&mut table);
        let title = self.optional(&mut table, "title");
        let organization = self.optional(&mut table, "organization");
        let url = table.take("url").and_then(|v| v.text(context)).map(Address::of);
        let note = self.optional(&mut table, "note");
        let members = table.take("members").map(|v| self.signatories(v, depth + 1));
        let sort_as = table.take("sort-as").and_then(|v| v.text(context));
        let family_name = table.take("family-name").and_then(|v| v.text(context));
        let country = self.country(&mut table);
        let group = table.take("group").and_then(|v| v.text(context));
        let signature = table.take("signature").and_then(|v| v.text(context));
        let key = table.take("key").and_then(|v| v.text(context));
        let not_duplicate_of = self.names(table.take("not-duplicate-of"));
        let withdrawn = table.take("withdrawn").and_then(|v| v.date(context));
        table.finish(context);
        Some(Signatory {
            place,
            name: name?,
            print_as,
            places,
            kind: kind.unwrap_or_default(),
            title,
            organization,
            url,
            note,
            members: members.unwrap_or_default(),
            sort_as,
            family_name,
            country,
            group,
            signature,
            key,
            not_duplicate_of,
            withdrawn,
        })
    }

    /// The signatories who were checked and are different.
    pub(super) fn distinct(&self, table: &mut Table<'_>) -> Vec<Distinct> {
        let items = table.take("distinct").and_then(|value| value.items(self.context));
        let distinct = |item: Value<'_>| {
            let mut table = item.table(self.context)?;
            let names = table.require(self.context, "names");
            table.finish(self.context);
            names.map(|names| Distinct { names: self.names(Some(names)) })
        };
        items.into_iter().flatten().filter_map(distinct).collect()
    }

    /// A list of names. A single name is a list of one.
    fn names(&self, value: Option<Value<'_>>) -> Vec<Text> {
        let Some(value) = value else { return Vec::new() };
        match value.if_text(self.context) {
            Some(name) => vec![name],
            None => {
                let items = value.items(self.context).into_iter().flatten();
                items.filter_map(|item| item.text(self.context)).collect()
            }
        }
    }

    pub(super) fn signature_block(&self, value: Value<'_>) -> SignatureBlock {
        let context = self.context;
        let Some(mut table) = value.table(context) else { return SignatureBlock::default() };
        let sort = table
            .take("sort")
            .and_then(|v| v.one_of(context, &[("listed", Sort::Listed), ("name", Sort::Name)]));
        let mut columns_place = None;
        let columns = table.take("columns").and_then(|v| {
            columns_place = Some(v.place(context));
            match v.if_text(context) {
                Some(text) if text.value == "auto" => None,
                Some(_) => v.wrong_type(context, say!("a number or \"auto\"")),
                None => v.integer(context, 1..5),
            }
        });
        let heading = self.optional(&mut table, "heading");
        let note = self.optional(&mut table, "note");
        let group_by = table.take("group-by").and_then(|v| {
            let values = [
                ("none", GroupBy::None),
                ("kind", GroupBy::Kind),
                ("country", GroupBy::Country),
                ("group", GroupBy::Group),
            ];
            v.one_of(context, &values)
        });
        let mut groups = Vec::new();
        if let Some(value) = table.take("groups") {
            match value.if_table() {
                Some(names) => {
                    for (name, value) in names {
                        let value = Value { key: name.get_ref(), value };
                        if let Some(text) = self.text(value) {
                            groups.push((name.get_ref().to_string(), text));
                        }
                    }
                }
                None => value.wrong_type(context, say!("a table")).unwrap_or_default(),
            }
        }
        let counts = table.take("counts").and_then(|v| v.boolean(context));
        let style = table.take("style").and_then(|v| {
            let values =
                [("list", Style::List), ("lines", Style::Lines), ("images", Style::Images)];
            v.one_of(context, &values)
        });
        let mut list_keys = Vec::new();
        let layout = table.take("layout").and_then(|v| {
            list_keys.push(("layout", v.place(context)));
            v.one_of(context, &[("columns", ListLayout::Columns), ("run-in", ListLayout::RunIn)])
        });
        let size = table.take("size").and_then(|v| {
            list_keys.push(("size", v.place(context)));
            read_length(v, context, 5.0..=24.0)
        });
        let anonymous = table.take("anonymous").and_then(|v| {
            v.one_of(context, &[("list", Anonymous::List), ("count", Anonymous::Count)])
        });
        let unused = |place: Place, message| {
            context.problems.push(Diagnostic::new(Code::UnusedKey, place, message));
        };
        if style.is_some_and(|style| style != Style::List) {
            for (key, place) in list_keys {
                unused(place, say!("only a list takes `{key}`", key));
            }
        } else if let (Some(ListLayout::RunIn), Some(place)) = (layout, columns_place) {
            unused(place, say!("names in running text have no columns"));
        }
        table.finish(context);
        SignatureBlock {
            sort: sort.unwrap_or_default(),
            columns: columns.and_then(|columns| usize::try_from(columns).ok()),
            heading,
            group_by: group_by.unwrap_or_default(),
            groups,
            counts: counts.unwrap_or_default(),
            style: style.unwrap_or_default(),
            layout: layout.unwrap_or_default(),
            size,
            anonymous: anonymous.unwrap_or_default(),
            note,
        }
    }
}
