//! Compares the rows of an export with the signatories of a letter.

use std::collections::{BTreeMap, HashMap};

use crate::checks::duplicates::List as Names;
use crate::checks::duplicates::name::Name;
use crate::command::signatories::import::Lines;
use crate::command::signatories::list::{self, Entry};
use crate::letter::Letter;
use crate::letter::signatories::signing;
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::key_column;
use crate::spec::signatory_sources::{Answers, COLUMN_KEYS};
use crate::spec::{Kind, Localized, Signatory};

/// What happened to the rows of an export.
#[derive(Debug, Default)]
pub(super) struct Import {
    /// Rows that were added.
    pub added: Vec<Entry>,
    /// Rows that already exist, word for word or in another spelling.
    pub there: Vec<(String, String)>,
    /// Rows that exist with the same name but other details: somebody must look at them.
    pub changed: Vec<Changed>,
    /// Rows with `withdrawn`, which are not added, by name and line.
    pub withdrawn: Vec<(String, usize)>,
    /// Entries of the letter that only a row is about which `--where` leaves out, by name and line.
    pub not_any_more: Vec<(String, usize)>,
    /// Entries of the letter that no row is about.
    pub gone: Vec<String>,
    /// The keys that entries have and the file has no column for, by how many have them.
    pub not_compared: BTreeMap<&'static str, usize>,
    /// Rows that are not added because an entry that says the same has another key.
    pub other_key: Vec<OtherKey>,
    /// Where the entries are that get their key, and the keys.
    pub keyed: Vec<(Place, String)>,
    /// Rows that were added although they look like an existing one.
    pub near: Vec<(String, String)>,
    /// How many rows were added as organizations, because nothing says their kind, but look like people.
    pub people_as_organizations: usize,
    /// How many rows were added that are in capitals or in small letters.
    pub in_capitals: usize,
    /// How many entries are of another kind than all rows, which can say nothing about them.
    pub of_other_kind: usize,
    /// How many rows `--where` leaves out.
    pub left_out: usize,
    /// What these say in the columns of the conditions.
    pub refused: Vec<(String, Answers)>,
    /// How many lines are left out because of their errors.
    pub wrong: usize,
}

/// A row that says the same as an entry with another key.
#[derive(Debug)]
pub(super) struct OtherKey {
    pub name: String,
    pub line: usize,
    /// The name of the entry.
    pub other: String,
    /// The key of the row.
    pub key: String,
}

/// A row about an entry of the letter that says something else.
#[derive(Debug)]
pub(super) struct Changed {
    pub name: String,
    pub line: usize,
    /// Each key, with what the letter says and what the row says.
    pub keys: Vec<(&'static str, String, String)>,
}

/// The entries of a letter, and where they are.
pub(super) struct Listed {
    entries: Vec<Entry>,
    places: Vec<Place>,
    /// How many sign. Behind them are those that have withdrawn.
    signing: usize,
}

impl Listed {
    pub(super) fn of(letter: &Letter, withdrawn: impl Iterator<Item = Signatory>) -> Self {
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

/// What an export says.
pub(super) struct Read<'r> {
    /// Those who sign.
    pub rows: &'r [Signatory],
    /// Those whom `--where` leaves out.
    pub others: &'r [Signatory],
    /// The keys that it has a column for.
    pub keys: &'r [&'static str],
    /// The kind of all rows, if it is known: organizations and people may sign in one form and be imported one
    /// after the other.
    pub kind: Option<Kind>,
}

/// What only the letter says, such as how a name is sorted.
const OWN: [&str; 4] = ["print-as", "sort-as", "family-name", "group"];

impl Read<'_> {
    /// Whether a row says the same about somebody as an entry, as far as the file says anything.
    fn says_same(&self, row: &Entry, entry: &Entry) -> bool {
        let keys = self.keys.iter().filter(|key| !OWN.contains(key));
        let mut keys = keys.filter(|key| !matches!(**key, "name" | "key"));
        keys.all(|key| row.value(key) == entry.value(key))
    }

    /// An entry of the letter as the file could say it. Without a column for it, nothing is known of an
    /// organization or a title, by which namesakes are told apart.
    fn without_unknown(&self, entry: &Entry) -> Entry {
        let known =
            |key, value: &Option<String>| value.clone().filter(|_| self.keys.contains(&key));
        Entry {
            title: known("title", &entry.title),
            organization: known("organization", &entry.organization),
            url: known("url", &entry.url),
            ..entry.clone()
        }
    }
}

/// The entries of a letter by the keys of a form.
#[derive(Default)]
struct ByKey<'k> {
    as_written: HashMap<&'k str, usize>,
    /// By the keys as they can be compared between files. `None` if several entries have the same.
    comparable: HashMap<String, Option<usize>>,
}

impl<'k> ByKey<'k> {
    fn of(keys: impl Iterator<Item = Option<&'k String>>) -> Self {
        let mut all = Self::default();
        for (index, key) in keys.enumerate().filter_map(|(index, key)| Some((index, key?))) {
            all.as_written.entry(key).or_insert(index);
            if let Some(key) = key_column::comparable(key) {
                let one = all.comparable.entry(key);
                one.and_modify(|one| *one = None).or_insert(Some(index));
            }
        }
        all
    }

    /// The entry with the key of a row, which may be written otherwise in another file of the same form, if
    /// only one of these `rows` has it.
    fn find(&self, key: &str, rows: &ByKey<'_>) -> Option<usize> {
        let otherwise = || {
            let key = key_column::comparable(key)?;
            rows.comparable.get(&key).copied().flatten()?;
            self.comparable.get(&key).copied().flatten()
        };
        self.as_written.get(key).copied().or_else(otherwise)
    }
}

/// Compares an export with the signatories of a letter.
pub(super) fn compare(file: &Read<'_>, letter: &Listed, lines: &Lines) -> Import {
    let rows = file.rows;
    let mut import = Import::default();
    for row in rows.iter().filter(|row| row.withdrawn.is_some()) {
        import.withdrawn.push((entry_of(row).name, lines.of(row)));
    }
    let line_of: Vec<usize> = signing(rows).map(|row| lines.of(row)).collect();
    let mut entries = letter.entries.clone();
    let listed = entries.len();
    entries.extend(signing(rows).map(entry_of));
    let mut keys: Vec<Option<String>> = entries.iter_mut().map(|entry| entry.key.take()).collect();
    let written = keys.clone();
    let of_letter = ByKey::of(written[..listed].iter().map(Option::as_ref));
    let of_rows = ByKey::of(written[listed..].iter().map(Option::as_ref));
    let as_in_file: Vec<Entry> =
        entries[..listed].iter().map(|entry| file.without_unknown(entry)).collect();
    let names: Vec<Name> = as_in_file.iter().chain(&entries[listed..]).map(comparable).collect();
    let names_otherwise: Vec<Name> =
        entries[listed..].iter().map(|entry| comparable(&of_other_kind(entry))).collect();
    let mut alike: HashMap<usize, Vec<usize>> = HashMap::new();
    for (first, second, _) in Names::of(&names).pairs() {
        alike.entry(second).or_default().push(first);
    }
    // The entries that are in the letter, or will be: by all that they say, and by name.
    let mut there = vec![false; entries.len()];
    let mut met = vec![false; listed];
    let mut new = Vec::new();
    // The newest that is said about each: by the letter, or by a row.
    let mut said_by: Vec<usize> = (0..entries.len()).collect();
    let mut by_entry = HashMap::new();
    let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, (entry, name)) in entries.iter().zip(&names).enumerate() {
        if index >= listed {
            let line = line_of[index - listed];
            let of_key = keys[index].as_deref().and_then(|key| of_letter.find(key, &of_rows));
            // Whoever has another key is somebody else. Of other namesakes whom the file does not tell apart, the
            // first one that no row is about yet.
            let is_other = |other: &usize| have_other_keys(&keys, index, *other);
            let first = |all: &Vec<usize>| {
                let may_be = || all.iter().filter(|other| !is_other(other));
                let not_met = |index: &&usize| met.get(**index) == Some(&false);
                may_be().find(not_met).or(may_be().next()).copied()
            };
            let same = name.identity().and_then(|identity| first(by_name.get(&identity)?));
            let same = same.filter(|same: &usize| !name.is_relative_of(&names[*same]));
            let equal = by_entry.get(entry).copied();
            let same = equal.filter(|equal| !is_other(equal)).into_iter().chain(same).min();
            let of_other_kind = match of_key.or(same) {
                Some(_) => None,
                None => names_otherwise[index - listed].identity(),
            };
            let of_other_kind = of_other_kind.and_then(|identity| by_name.get(&identity).cloned());
            let of_other_kind = of_other_kind.filter(|all| all.iter().all(|at| *at < listed));
            let other_kind = of_other_kind.as_ref().and_then(first);
            let Some(same) = of_key.or(same).or(other_kind) else {
                // Who says the very same twice has probably signed twice.
                let namesakes = name.identity().and_then(|identity| by_name.get(&identity));
                let mut namesakes = namesakes.into_iter().flatten().copied().chain(equal);
                let says_same = |other: &usize| file.says_same(entry, &entries[said_by[*other]]);
                if let Some(twin) = namesakes.find(|other| is_other(other) && says_same(other)) {
                    let key = keys[index].clone().unwrap_or_default();
                    let other = entries[twin].name.clone();
                    import.other_key.push(OtherKey { name: entry.name.clone(), line, other, key });
                    continue;
                }
                new.push(index);
                there[index] = true;
                by_entry.entry(entry).or_insert(index);
                if let Some(identity) = name.identity() {
                    by_name.entry(identity).or_default().push(index);
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
            import.keyed.extend(letter.learn(&mut keys, same, index));
            said_by[same] = index;
            let renamed = of_key.is_some() && name.words != names[same].words;
            if let Some(identity) = name.identity() {
                let all = || of_other_kind.unwrap_or_else(|| vec![same]);
                by_name.entry(identity).or_insert_with(all);
            }
            import.note_listed(entry, &entries[same], file.keys, renamed, line);
            continue;
        }
        there[index] = true;
        by_entry.entry(entry).or_insert(index);
        if let Some(identity) = name.identity() {
            by_name.entry(identity).or_default().push(index);
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
            && as_in_file[*gone].organization == entry.organization
            && !have_other_keys(&keys, index, *gone)
        {
            met[*gone] = true;
            import.keyed.extend(letter.learn(&mut keys, *gone, index));
            let line = line_of[index - listed];
            import.note_listed(entry, &entries[*gone], file.keys, false, line);
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
    if !file.keys.contains(&"kind") {
        let is_person = |entry: &&Entry| entry.title.is_some() || entry.organization.is_some();
        import.people_as_organizations = import.added.iter().filter(is_person).count();
    }
    let left_out: Vec<Entry> = file.others.iter().map(entry_of).collect();
    let of_left_out = ByKey::of(left_out.iter().map(|entry| entry.key.as_ref()));
    let their_names: Vec<[Name; 2]> =
        left_out.iter().map(|one| [comparable(one), comparable(&of_other_kind(one))]).collect();
    let mut left_out_by_name: HashMap<_, usize> = HashMap::new();
    for (row, names) in their_names.iter().enumerate() {
        for identity in names.iter().filter_map(Name::identity) {
            left_out_by_name.entry(identity).or_insert(row);
        }
    }
    for index in (0..letter.signing).filter(|index| !met[*index]) {
        let (name, key) = (entries[index].name.clone(), written[index].as_deref());
        let is_of_other_kind = file.kind.is_some_and(|kind| kind != entries[index].kind());
        let of_key = key.and_then(|key| of_left_out.find(key, &of_letter));
        let of_key = of_key.filter(|_| !is_of_other_kind);
        let is_other = |row: &usize| key.is_some() && left_out[*row].key.is_some();
        let of_name = || {
            let row = left_out_by_name.get(&names[index].identity()?).copied();
            row.filter(|row| !is_other(row))
        };
        match of_key.or_else(of_name) {
            Some(row) => import.not_any_more.push((name, lines.of(&file.others[row]))),
            None if is_of_other_kind => import.of_other_kind += 1,
            None => import.gone.push(name),
        }
    }
    import
}

/// Whether the form knows two entries as different responses.
fn have_other_keys(keys: &[Option<String>], one: usize, other: usize) -> bool {
    keys[one].is_some() && keys[other].is_some() && keys[one] != keys[other]
}

/// An entry as if it were a person instead of an organization, or the other way round.
fn of_other_kind(entry: &Entry) -> Entry {
    let kind = entry.kind.is_none().then(|| Kind::Person.as_str().to_owned());
    Entry { kind, ..entry.clone() }
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
    /// says, such as how a name is sorted, is no difference, and neither is what the file has no column for.
    /// A name is one only if its row is known by its key and it was `renamed`.
    fn note_listed(
        &mut self,
        entry: &Entry,
        there: &Entry,
        in_file: &[&str],
        renamed: bool,
        line: usize,
    ) {
        let is_compared = |key: &&str| !OWN.contains(key) && (*key != "name" || renamed);
        let keys = COLUMN_KEYS.iter().copied().filter(is_compared);
        let (keys, unknown): (Vec<_>, Vec<_>) = keys.partition(|key| in_file.contains(key));
        for key in unknown.into_iter().filter(|key| *key != "kind" && !there.value(key).is_empty())
        {
            *self.not_compared.entry(key).or_default() += 1;
        }
        let differs = |key| {
            let (old, new) = (there.value(key), entry.value(key));
            // The letter knows countries by their two letters, and nothing of what is none.
            let is_unknown = key == "country" && old.is_empty() && new.chars().count() > 2;
            (old != new && !is_unknown).then_some((key, old, new))
        };
        let changed: Vec<_> = keys.iter().copied().filter_map(differs).collect();
        if changed.is_empty() && (entry.members == there.members || !keys.contains(&"members")) {
            self.there.push((entry.name.clone(), there.name.clone()));
        } else {
            self.changed.push(Changed { name: entry.name.clone(), line, keys: changed });
        }
    }
}
