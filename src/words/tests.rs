//! Tests the files of languages: Spanish has all the English texts, in the same style.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::words::translation::{Translation, Words};
use crate::words::{UiLanguage, foreign, pattern, system_errors};

/// The tables without patterns. The modules that use their texts test them.
const PLAIN: &[&str] = &["help", "schema"];

/// The tables of messages of libraries. Their translations may leave out values.
const FOREIGN: &[&str] = &["toml", "json", "typst"];

/// The tables whose texts are not messages: they are shown alone, as titles and sentences.
const NO_MESSAGES: &[&str] =
    &["help", "schema", "preview", "usage", "sample", "json", "toml", "typst"];

/// Words that begin with an upper-case letter in any sentence, and the title of something.
const NAMES: &[&str] = &["CSV", "HTML", "PDF", "Problemas", "Problems", "Typst"];

fn files() -> impl Iterator<Item = (UiLanguage, &'static Words)> {
    UiLanguage::all().filter_map(|language| Some((language, language.words()?)))
}

/// The strings that follow a text in a source, except in comments.
fn strings_after(source: &str, before: &str) -> Vec<String> {
    let code: Vec<&str> =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let literals = code.match_indices(before).filter_map(|(at, _)| {
        let literal = code[at + before.len()..].trim_start().strip_prefix('"')?;
        let mut text = String::new();
        let mut rest = literal.chars().peekable();
        while let Some(c) = rest.next().filter(|c| *c != '"') {
            match (c, rest.peek()) {
                ('\\', Some('\n')) => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                ('\\', Some('n')) => text.push(rest.next().map_or('\n', |_| '\n')),
                ('\\', _) => text.extend(rest.next()),
                _ => text.push(c),
            }
        }
        Some(text)
    });
    literals.collect()
}

/// All files in a folder, and in the folders below it, whose names end with this.
fn sources(folder: &Path, end: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("a folder").flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => found.extend(sources(&path, end)),
            false if path.to_string_lossy().ends_with(end) => {
                found.push(std::fs::read_to_string(&path).expect("a source"));
            }
            false => {}
        }
    }
    found
}

/// The patterns in the page of the preview.
fn preview() -> BTreeSet<String> {
    let page = include_str!("../../templates/preview/preview.js");
    [strings_after(page, "say("), strings_after(page, "other: ")].concat().into_iter().collect()
}

/// Every pattern in the program.
fn said() -> BTreeSet<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut said = preview();
    for source in sources(&src, ".rs") {
        said.extend(strings_after(&source, &format!("{}!(", "say")));
        // Only `count!` has a value with this name.
        said.extend(
            strings_after(&source, "other = ").into_iter().filter(|t| t.contains("{count}")),
        );
    }
    said.extend(foreign::sentences().chain(system_errors::sentences()).map(str::to_owned));
    // A pattern that consists only of values is the same in all languages.
    said.retain(|pattern| {
        let is_word = |piece: &pattern::Piece<'_>| match piece {
            pattern::Piece::Text(text) => text.chars().any(char::is_alphabetic),
            pattern::Piece::Value(_) => false,
        };
        pattern::pieces(pattern).iter().any(is_word)
    });
    said
}

/// The patterns of a language with the names of their tables.
fn patterns(words: &Words) -> BTreeMap<&str, (&str, Vec<&str>)> {
    let tables = words.tables().iter().filter(|(name, _)| !PLAIN.contains(&name.as_str()));
    let entries = tables.flat_map(|(name, table)| {
        table.iter().map(move |(english, translation)| {
            let texts = match translation {
                Translation::Text(text) => vec![text.as_str()],
                Translation::Counted(forms) => forms.values().map(String::as_str).collect(),
            };
            (english.as_str(), (name.as_str(), texts))
        })
    });
    entries.collect()
}

#[test]
fn spanish_has_every_pattern() {
    let known = patterns(UiLanguage::spanish().words().expect("a file"));
    let missing: Vec<String> =
        said().into_iter().filter(|english| !known.contains_key(english.as_str())).collect();
    assert!(missing.is_empty(), "es.toml has no words for these: {missing:#?}");
}

#[test]
fn no_language_has_what_is_not_said() {
    let said = said();
    for (language, words) in files() {
        let known = patterns(words);
        let stale: Vec<&&str> = known.keys().filter(|english| !said.contains(**english)).collect();
        assert!(stale.is_empty(), "{language:?}: the program does not say these: {stale:#?}");
    }
}

#[test]
fn translations_have_the_values_of_the_english() {
    for (language, words) in files() {
        for (english, (table, texts)) in patterns(words) {
            let names = |text| -> BTreeSet<&str> { pattern::names(text).into_iter().collect() };
            let is_one_of_several = texts.len() > 1;
            let expected = names(english);
            for name in &expected {
                let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                assert!(is_name, "{english:?}: {name:?} is not the name of a value");
            }
            for text in texts {
                let found = names(text);
                let is_right = match is_one_of_several || FOREIGN.contains(&table) {
                    true => found.is_subset(&expected),
                    false => found == expected,
                };
                assert!(is_right, "{language:?}: {text:?} has not the values of {english:?}");
            }
        }
    }
}

#[test]
fn the_preview_is_sent_all_that_it_says() {
    let table = UiLanguage::spanish().table("preview").expect("a table");
    let missing: Vec<String> =
        preview().into_iter().filter(|english| !table.contains_key(english)).collect();
    assert!(missing.is_empty(), "[preview] has no words for these: {missing:#?}");
}

/// Anyone who looks for a text finds it once, in its alphabetical place.
#[test]
fn texts_are_there_once_and_in_order() {
    for (language, words) in files() {
        let mut seen = BTreeSet::new();
        for english in words.tables().values().flat_map(BTreeMap::keys) {
            assert!(seen.insert(english), "{language:?}: {english:?} is there twice");
        }
        let mut last = String::new();
        for line in language.file().lines() {
            match line.chars().next() {
                Some('[') => last.clear(),
                Some('"' | '\'') => {
                    let entry: BTreeMap<String, Translation> = toml::from_str(line).expect("TOML");
                    let (english, _) = entry.into_iter().next().expect("an entry");
                    assert!(last < english, "{language:?}: {english:?} stands below {last:?}");
                    last = english;
                }
                _ => {}
            }
        }
    }
}

/// Messages begin in lower case, end without a full stop, and say what is "not a picture", not "no
/// picture".
#[test]
fn messages_are_in_one_style() {
    let mut faults = Vec::new();
    let tables = UiLanguage::spanish().words().expect("a file").tables();
    for (_, table) in tables.iter().filter(|(name, _)| !NO_MESSAGES.contains(&name.as_str())) {
        for (english, translation) in table {
            let texts = match translation {
                Translation::Text(text) => vec![text],
                Translation::Counted(forms) => forms.values().collect(),
            };
            for text in texts.into_iter().chain([english]) {
                let capital = text.starts_with(char::is_uppercase)
                    && !NAMES.iter().any(|name| text.starts_with(name));
                let stop = text.ends_with('.') && !text.ends_with("..");
                if capital || stop {
                    faults.push(text);
                }
            }
            let denies = english.replace("is no longer", "");
            if denies.contains(" is no ") && !denies.contains("there is no ") {
                faults.push(english);
            }
        }
    }
    assert!(faults.is_empty(), "these are not in the style of messages: {faults:#?}");
}
