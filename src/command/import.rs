//! Adds the signatories of a form's export to a letter. Nothing that is there is changed or taken out.

use toml_edit::{Array, DocumentMut, Item, TomlError, Value};

use crate::checks::duplicates::{Likeness, Name};
use crate::command::signatory_list::{Entry, List, quoted, toml_entry};
use crate::letter::Letter;
use crate::letter::signatories::signing;
use crate::report::printable;
use crate::source::text::Text;
use crate::spec::{Kind, Localized, Signatory};
use crate::words::foreign;
use crate::words::message::{Message, UiLanguage, say};

/// What became of the rows of an export.
#[derive(Debug, Default)]
pub struct Import {
    /// Rows that were added.
    pub added: Vec<Entry>,
    /// Rows that are there already, word for word or in another spelling.
    pub there: Vec<(String, String)>,
    /// Rows that are there with other words besides the name: somebody must look at them.
    pub changed: Vec<String>,
    /// Rows that were added although they look like one that is there.
    pub near: Vec<(String, String)>,
}

/// Compares an export with the signatories of a letter.
pub fn compare(rows: &[Signatory], letter: &Letter) -> Import {
    let mut import = Import::default();
    let mut known: Vec<(Name, Entry)> = Vec::new();
    for entry in List::of(letter).signatories {
        known.push((comparable(&entry), entry));
    }
    for row in signing(rows) {
        let entry = entry_of(row);
        let name = comparable(&entry);
        let same = known
            .iter()
            .find(|(other, known)| *known == entry || name.likeness(other) == Some(Likeness::Same));
        if let Some((_, there)) = same {
            let differs = Entry { name: there.name.clone(), ..entry.clone() }
                != Entry {
                    sort_as: entry.sort_as.clone(),
                    family_name: entry.family_name.clone(),
                    group: entry.group.clone(),
                    ..there.clone()
                };
            if differs {
                import.changed.push(entry.name);
            } else {
                import.there.push((entry.name, there.name.clone()));
            }
            continue;
        }
        if let Some((_, near)) = known.iter().find(|(other, _)| name.likeness(other).is_some()) {
            import.near.push((entry.name.clone(), near.name.clone()));
        }
        known.push((name, entry.clone()));
        import.added.push(entry);
    }
    import
}

/// The text of a letter with more signatories at the end of its list. All else, comments among it,
/// stays as it is.
pub fn add(source: &str, entries: &[Entry]) -> Result<String, Message> {
    let mut document: DocumentMut =
        source.parse().map_err(|error: TomlError| foreign::toml(error.message()))?;
    let item = document.entry("signatories").or_insert(Item::Value(Value::Array(Array::new())));
    let Some(list) = item.as_array_mut() else {
        return Err(say!(
            "the signatories of this letter are in a file of their own: add them there",
            "los firmantes de esta carta están en un archivo propio: agréguelos ahí"
        ));
    };
    // A comment behind the last entry stays where it is: before the first new one.
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
    let kind = if entry.kind.is_some() { Kind::Person } else { Kind::Organization };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Name::of_signatory(kind, &entry.name, &text(&entry.organization), &text(&entry.title))
}

fn entry_of(signatory: &Signatory) -> Entry {
    let text = |value: &Option<Localized<Text>>| {
        let first = value.as_ref().and_then(|value| value.first());
        first.map(|text| text.value.to_string())
    };
    let plain = |value: &Option<Text>| value.as_ref().map(|text| text.value.to_string());
    Entry {
        name: signatory.name.first().map(|n| n.value.to_string()).unwrap_or_default(),
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
        members: signatory.members.iter().map(entry_of).collect(),
    }
}

/// A letter that does nothing but name an export as its signatories, to read it as letters do.
pub fn reading_letter(
    export: &str,
    columns: &[(String, String)],
    delimiter: Option<String>,
    encoding: Option<String>,
) -> String {
    let mut source = format!("file = {}", quoted(export));
    if !columns.is_empty() {
        let columns: Vec<String> =
            columns.iter().map(|(key, header)| format!("{key} = {}", quoted(header))).collect();
        source.push_str(&format!(", columns = {{ {} }}", columns.join(", ")));
    }
    for (key, value) in [("delimiter", delimiter), ("encoding", encoding)] {
        if let Some(value) = value {
            source.push_str(&format!(", {key} = {}", quoted(&value.replace("\\t", "\t"))));
        }
    }
    format!(
        "languages = [\"en\"]\ndate = 2000-01-01\ntitle = \"-\"\nbody = \"-\"\nsignatories = {{ {source} }}\n"
    )
}

impl Import {
    /// What happened, a line for each row that somebody should know of, and the sum.
    pub fn report(&self, language: UiLanguage) -> String {
        let mut text = String::new();
        let mut tell = |message: Message| {
            text.push_str(&printable(message.get(language)));
            text.push('\n');
        };
        for entry in &self.added {
            let name = &entry.name;
            tell(say!("new: {name}", "nuevo: {name}"));
        }
        for (name, other) in &self.near {
            tell(say!(
                "look: {name} is new, but looks like {other}",
                "revise: {name} es nuevo, pero se parece a {other}"
            ));
        }
        for name in &self.changed {
            tell(say!(
                "changed: {name} is there with other words; nothing was changed",
                "cambiado: {name} aparece con otros datos; no se cambió nada"
            ));
        }
        for (name, there) in self.there.iter().filter(|(name, there)| name != there) {
            tell(say!("there: {name}, as {there}", "ya está: {name}, como {there}"));
        }
        let (added, same, changed) = (self.added.len(), self.there.len(), self.changed.len());
        tell(say!(
            "new: {added}, there already: {same}, changed: {changed}",
            "nuevos: {added}, ya estaban: {same}, cambiados: {changed}"
        ));
        text
    }
}
