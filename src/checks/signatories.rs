//! Finds signatories that are listed twice, and those out of order in a list that is nearly sorted.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::checks::duplicates::name::Name;
use crate::checks::duplicates::{self, Likeness, List};
use crate::language::Tag;
use crate::language::words::Words;
use crate::letter;
use crate::letter::signatories::{Order, signing};
use crate::problems::{Code, Diagnostic, Problems};
use crate::sequences::ascending::longest_ascending;
use crate::source::Place;
use crate::spec::signatory_sources::name_place;
use crate::spec::{self, Distinct, Kind, Localized};
use crate::words::{Number, say};

/// Reports signatories that are out of order, if a list to be printed as listed is nearly sorted. A list
/// in an order of its own is not a mistake.
pub(crate) fn report_order(
    signatories: &[letter::Signatory],
    tag: &Tag,
    words: &Words,
    problems: &Problems,
) {
    /// One in this many signatories may be out of place in a list that was meant to be sorted.
    const ONE_IN: usize = 10;
    let Some(order) = Order::of(tag) else { return };
    let keys: Vec<Vec<u8>> = signatories.iter().map(|s| order.key(s, words)).collect();
    let in_place = longest_ascending(&keys);
    let misplaced = signatories.len() - in_place.len();
    if misplaced == 0 || signatories.len() < 5 || misplaced * ONE_IN > signatories.len() {
        return;
    }
    for (index, signatory) in signatories.iter().enumerate() {
        if in_place.binary_search(&index).is_ok() {
            continue;
        }
        // The first signatory in its right place that follows it by name.
        let next = in_place.partition_point(|other| keys[*other] <= keys[index]);
        let next = in_place.get(next);
        let name = &signatory.name.text;
        let mut diagnostic = Diagnostic::new(
            Code::UnsortedSignatories,
            signatory.name.source.place.clone(),
            say!("`{name}` is out of order", name),
        );
        diagnostic = match next.map(|next| &signatories[*next]) {
            Some(next) => {
                let before = &next.name.text;
                diagnostic.relate(
                    next.name.source.place.clone(),
                    say!("it belongs before `{before}`", before),
                )
            }
            None => diagnostic,
        };
        problems.push(diagnostic.hint(say!(
            "move it, or use sort = \"name\" in [signature-block] to sort all of them"
        )));
    }
}

/// Reports signatories that are listed several times, at any level: one problem for each signatory. If
/// the list is `complete`, also names in `distinct` that nobody has.
pub(crate) fn report_duplicates(
    signatories: &[spec::Signatory],
    distinct: &[Distinct],
    complete: bool,
    problems: &Problems,
) {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    flatten(signatories, 0, &mut entries);
    if complete {
        report_unknown(&entries, distinct, problems);
    }
    if entries.len() < 2 {
        return;
    }
    let mut distinct_as: HashMap<&str, Vec<usize>> = HashMap::new();
    for (group, Distinct { names }) in distinct.iter().enumerate() {
        for name in names {
            distinct_as.entry(name.value.trim()).or_default().push(group);
        }
    }
    let were_judged = |a: &Entry<'_>, b: &Entry<'_>| {
        let groups =
            |entry: &Entry<'_>| distinct_as.get(entry.name()).map_or(&[][..], Vec::as_slice);
        a.is_not(b) || b.is_not(a) || groups(a).iter().any(|group| groups(b).contains(group))
    };
    let names: Vec<Name> = entries.iter().map(Entry::comparable).collect();
    let mut pairs = List::of(&names).pairs();
    pairs.retain(|(a, b, _)| !were_judged(&entries[*a], &entries[*b]));
    for (members, likeness) in clusters(entries.len(), &pairs) {
        let mut lists: BTreeMap<usize, Vec<&Entry<'_>>> = BTreeMap::new();
        for entry in members.iter().map(|member| &entries[*member]) {
            lists.entry(entry.list).or_default().push(entry);
        }
        let several = lists.values().filter(|same_list| same_list.len() > 1);
        problems.extend(several.map(|same_list| duplicate(same_list, likeness)));
        if let [first, second, ..] = *lists.values().map(|list| list[0]).collect::<Vec<_>>() {
            problems.push(also_signs(first, second, likeness));
        }
    }
}

/// A signatory, at any level.
struct Entry<'s> {
    signatory: &'s spec::Signatory,
    /// The list that it is in: that of the letter, or the members of a coalition.
    list: usize,
}

impl<'s> Entry<'s> {
    fn name(&self) -> &'s str {
        self.signatory.name.first().map_or("", |name| name.value.trim())
    }

    fn place(&self) -> Place {
        name_place(self.signatory).clone()
    }

    /// Whether somebody has checked this entry and found that it is not the other.
    fn is_not(&self, other: &Self) -> bool {
        let mut judged = self.signatory.not_duplicate_of.iter();
        judged.any(|name| name.value.trim() == other.name())
    }

    fn comparable(&self) -> Name {
        let Self { signatory, .. } = self;
        let name = match signatory.kind {
            Kind::Organization => Name::organization(self.name()),
            Kind::Person => Name::person(self.name()),
        };
        let about = [&signatory.organization, &signatory.title, &signatory.note];
        let about = about.into_iter().flatten().filter_map(Localized::first);
        let name = about.fold(name, |name, about| name.with(&about.value));
        let country = signatory.country.as_ref().and_then(|country| country.code.as_deref());
        let link = signatory.url.as_ref().map(|address| &*address.text.value);
        name.of_country(country.unwrap_or_default()).linked(link.unwrap_or_default())
    }
}

fn flatten<'s>(signatories: &'s [spec::Signatory], list: usize, all: &mut Vec<Entry<'s>>) {
    for signatory in signing(signatories) {
        all.push(Entry { signatory, list });
        flatten(&signatory.members, all.len(), all);
    }
}

/// The entries that pairs join, each cluster in order, and whether they are all the same.
fn clusters(entries: usize, pairs: &[duplicates::Pair]) -> Vec<(Vec<usize>, Likeness)> {
    // The first entry of the cluster that each entry is in, found along a chain of earlier ones.
    let mut before: Vec<usize> = (0..entries).collect();
    let first = |before: &mut Vec<usize>, mut entry: usize| {
        while before[entry] != entry {
            before[entry] = before[before[entry]];
            entry = before[entry];
        }
        entry
    };
    for (a, b, _) in pairs {
        let (a, b) = (first(&mut before, *a), first(&mut before, *b));
        before[a.max(b)] = a.min(b);
    }
    let mut clusters: BTreeMap<usize, (BTreeSet<usize>, Likeness)> = BTreeMap::new();
    for (a, b, likeness) in pairs {
        let cluster = clusters.entry(first(&mut before, *a));
        let (members, least) = cluster.or_insert((BTreeSet::new(), *likeness));
        members.extend([*a, *b]);
        *least = *likeness.max(least);
    }
    clusters.into_values().map(|(members, likeness)| (Vec::from_iter(members), likeness)).collect()
}

/// The problem of entries in one list that are probably one signatory.
fn duplicate(entries: &[&Entry<'_>], likeness: Likeness) -> Diagnostic {
    let (first, second) = (entries[0], entries[1]);
    let (a, b) = (first.name(), second.name());
    let names: BTreeSet<&str> = entries.iter().map(|entry| entry.name()).collect();
    let code = match likeness {
        Likeness::Same => Code::DuplicateSignatory,
        Likeness::Near => Code::NearDuplicateSignatory,
    };
    let message = match (entries.len(), likeness) {
        (2, Likeness::Same) if names.len() == 1 => say!("`{b}` is listed twice", b),
        (2, Likeness::Same) => say!("`{b}` is already listed as `{a}`", b, a),
        (2, Likeness::Near) => say!("`{b}` may be the same as `{a}`", b, a),
        (count, Likeness::Same) => say!("`{b}` is listed {count} times", b, count = Number(count)),
        (count, Likeness::Near) => {
            say!("`{b}` may be the same as {count} others", b, count = Number(count - 1))
        }
    };
    let names = names.into_iter().map(|name| toml::Value::from(name).to_string());
    let names = names.collect::<Vec<_>>().join(", ");
    let problem = Diagnostic::new(code, second.place(), message).hint(say!(
        "remove one; if they are different, add this to the end of the letter:\n[[distinct]]\nnames = [{names}]",
        names
    ));
    let others = entries.iter().filter(|entry| !std::ptr::eq(**entry, second));
    others.fold(problem, |problem, other| {
        problem.relate(other.place(), say!("`{name}` is here", name = other.name()))
    })
}

/// The problem of a signatory in two lists, of which at least one is that of a coalition's members.
fn also_signs(first: &Entry<'_>, second: &Entry<'_>, likeness: Likeness) -> Diagnostic {
    let (a, b) = (first.name(), second.name());
    let message = match likeness {
        Likeness::Same => say!("`{b}` is a member of a coalition and signs elsewhere too", b),
        Likeness::Near => say!("`{b}` may be a member of a coalition and sign elsewhere too", b),
    };
    Diagnostic::new(Code::MemberAlsoSigns, second.place(), message)
        .relate(first.place(), say!("`{name}` is here", name = a))
        .hint(say!("remove one, if it should sign once"))
}

/// Warns about names in `[[distinct]]` that nobody has: they were misspelled, or have changed since.
fn report_unknown(entries: &[Entry<'_>], distinct: &[Distinct], problems: &Problems) {
    if distinct.is_empty() {
        return;
    }
    let known: HashSet<&str> = entries.iter().map(Entry::name).collect();
    for name in distinct.iter().flat_map(|distinct| &distinct.names) {
        let written = name.value.trim();
        if !known.contains(written) {
            let message = say!("no signatory is called `{written}`", written);
            problems.push(Diagnostic::new(Code::UnusedKey, name.place.clone(), message));
        }
    }
}
