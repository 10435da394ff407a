//! A written list reads back unchanged.

use std::path::Path;

use proptest::prelude::*;

use crate::command::signatories::list::{Entry, List};
use crate::fonts::Fonts;
use crate::problems::Problems;
use crate::project::Project;

const HEAD: &str = "languages = [\"es-MX\"]\ndate = 2021-08-24\ntitle = \"Carta\"\n\
body = \"{{signatory-count}} {{organization-count}} {{person-count}} {{member-count}}\"\n";

/// A list in TOML, as a letter would hold it.
fn letter_with(list: &str) -> List {
    let source = format!("{HEAD}{list}");
    let project = Project::from_bytes(source.into_bytes(), Path::new("/tmp"), None);
    let problems = Problems::default();
    let fonts = std::sync::Arc::new(Fonts::default());
    let letters = project.expect("a letter").check(&fonts, |_| true, &problems);
    List::of(letters.first().unwrap_or_else(|| panic!("{:?}", problems.into_sorted())))
}

fn name() -> impl Strategy<Value = String> {
    // Letters of several scripts, characters with a meaning in TOML and CSV, and spaces inside.
    "[A-Za-zÑñáéÜß\"'`,.&/#$@*<>{}\\[\\]()=+-]([ A-Za-zÑñ\"',;:\\\\.&=+@0-9-]{0,20}[A-Za-zÑñá0-9.)])?"
        .prop_filter("placeholders are filled in", |name| !name.contains("{{"))
}

fn entry() -> impl Strategy<Value = Entry> {
    let optional = || proptest::option::of(name());
    (
        name(),
        proptest::bool::ANY,
        optional(),
        optional(),
        optional(),
        proptest::collection::vec(name(), 0..3),
        proptest::collection::vec(name(), 0..3),
    )
        .prop_map(|(name, person, title, organization, note, places, members)| Entry {
            name,
            kind: person.then(|| "person".to_owned()),
            title,
            organization,
            note,
            places,
            members: members.into_iter().map(|name| Entry { name, ..Entry::default() }).collect(),
            ..Entry::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A list in TOML reads back unchanged.
    #[test]
    fn a_listed_letter_reads_back_the_same(signatories in proptest::collection::vec(entry(), 1..8)) {
        let list = List { signatories };
        let again = letter_with(&list.toml());
        prop_assert_eq!(&again.signatories, &list.signatories);
    }

    /// So does a CSV file, if CSV can represent everything in it.
    #[test]
    fn a_listed_csv_reads_back_the_same(signatories in proptest::collection::vec(entry(), 1..8)) {
        let list = List { signatories };
        let Ok(csv) = list.csv(false) else { return Ok(()) };
        let again = letter_naming("a.csv", &csv);
        prop_assert_eq!(&again.signatories, &list.signatories);
    }
}

/// The list of a letter that names a file with a list.
fn letter_naming(name: &str, list: &[u8]) -> List {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let letter = format!("{HEAD}signatories = {{ file = \"{name}\" }}\n");
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a file");
    std::fs::write(folder.path().join(name), list).expect("a file");
    let project = Project::open(&folder.path().join("letter.toml"), None).expect("a letter");
    let problems = Problems::default();
    let fonts = std::sync::Arc::new(Fonts::default());
    let letters = project.check(&fonts, |_| true, &problems);
    List::of(letters.first().unwrap_or_else(|| panic!("{:?}", problems.into_sorted())))
}

/// Every field of an entry is in every format of a list.
#[test]
fn every_field_is_in_every_format() {
    let text = |text: &str| Some(text.to_owned());
    let named = |name: &str| Entry { name: name.into(), ..Entry::default() };
    // Without `..`, so that a new field is not forgotten here.
    let all = Entry {
        name: "王小明".into(),
        print_as: text("Wang Xiaoming"),
        kind: text("person"),
        title: text("Chair"),
        organization: text("Red del Agua"),
        country: text("MX"),
        url: text("https://example.org/"),
        note: text("Tijuana"),
        group: text("g"),
        sort_as: text("Wang"),
        family_name: text("Wang"),
        places: vec!["Lima".into(), "Cusco".into()],
        key: text("00123"),
        members: vec![named("Uno"), named("Dos")],
    };
    let other = Entry { key: text("R_2tL9x"), ..named("Red Sur") };
    let list = List { signatories: vec![all, other, named("Red Norte")] };
    let json = list.json().expect("JSON");
    let csv = list.csv(false).expect("CSV");
    let toml = list.toml();
    for (name, written) in
        [("a.csv", &*csv), ("a.json", json.as_bytes()), ("a.toml", toml.as_bytes())]
    {
        assert_eq!(letter_naming(name, written).signatories, list.signatories, "{name}");
    }
    assert_eq!(letter_with(&toml).signatories, list.signatories);
}

/// A case found once by random lists.
#[test]
fn spaces_inside_a_title_are_kept() {
    let entry = Entry { name: "&".into(), title: Some("Ñ  A".into()), ..Entry::default() };
    let list = List { signatories: vec![entry] };
    assert_eq!(letter_with(&list.toml()).signatories, list.signatories);
}
