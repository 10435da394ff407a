//! Lists the languages of the program and those of letters, and turns the tables of words from TOML, which
//! people edit, into JSON, which is read at every start in a fraction of the time, or into hash tables, which
//! need not be read at all.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What a letter in any language is compared with, of each language of letters.
const OF_ALL: [&str; 5] = ["anonymous", "honorifics", "honorifics-after", "kinds", "samples"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    // The compiler does not notice a template or a language that is added.
    println!("cargo::rerun-if-changed=templates");
    languages(&root.join("src/words"), &out, "LANGUAGES")?;
    let letters = languages(&root.join("templates/lang"), &out, "LETTER_LANGUAGES")?;
    let of_all = letters.into_iter().map(|mut words| {
        let parts = words.get("parts").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        words.extend(parts);
        words.retain(|key, _| OF_ALL.contains(&key));
        words
    });
    let of_all: Vec<toml::Table> = of_all.collect();
    std::fs::write(out.join("of-all.json"), serde_json::to_string(&of_all)?)?;
    let countries = json(&root.join("src/language/countries.toml"))?.1;
    std::fs::write(out.join("countries.json"), countries)?;
    let (names, _) = json(&root.join("src/checks/duplicates/words.toml"))?;
    std::fs::write(out.join("words_of_names.rs"), words_of_names(&names)?)?;
    Ok(())
}

/// The tables of the files in a folder, by the names of the files. Writes a list of them as a Rust constant.
fn languages(
    folder: &Path,
    out: &Path,
    constant: &str,
) -> Result<Vec<toml::Table>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = folder.read_dir()?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<Result<Vec<PathBuf>, Box<dyn Error>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    // "de" before "de-CH", which the ends of their names would turn round.
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let mut tables = Vec::new();
    let mut list = format!(
        "/// The words of each language in JSON, by its tag.\nconst {constant}: &[(&str, &str)] = &[\n"
    );
    for path in &files {
        let tag = path.file_stem().unwrap_or_default();
        let (table, json) = json(path)?;
        writeln!(list, "    ({tag:?}, {json:?}),")?;
        tables.push(table);
    }
    list.push_str("];\n");
    std::fs::write(out.join(constant.to_lowercase()).with_extension("rs"), list)?;
    Ok(tables)
}

/// A file of words, and the same in JSON.
fn json(path: &Path) -> Result<(toml::Table, String), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    let table: toml::Table = std::fs::read_to_string(path)?.parse()?;
    let json = serde_json::to_string(&table)?;
    Ok((table, json))
}

/// The words in the names of signatories as Rust code: a list of words as a set, a list of phrases as a slice, and
/// a table as a map, with what can be looked up the other way round.
fn words_of_names(names: &toml::Table) -> Result<String, Box<dyn Error>> {
    let mut code = "/// The words of `words.toml`.\n#[allow(clippy::unreadable_literal)] // a seed\nstatic WORDS: Words = Words {\n".to_owned();
    for (key, value) in names {
        let value = match value.as_array() {
            Some(phrases) if phrases.iter().any(toml::Value::is_array) => {
                let phrases: Vec<Vec<String>> = value.clone().try_into()?;
                format!(
                    "&[{}]",
                    phrases.iter().map(|phrase| format!("&{phrase:?},")).collect::<String>()
                )
            }
            Some(_) => {
                let mut set = phf_codegen::Set::new();
                let words: Vec<String> = value.clone().try_into()?;
                words.into_iter().for_each(|word| _ = set.entry(word));
                set.build().to_string()
            }
            None => map(value.clone().try_into()?),
        };
        writeln!(code, "    {}: {value},", key.replace('-', "_"))?;
    }
    let nicknames: BTreeMap<String, Vec<String>> = names["nicknames"].clone().try_into()?;
    let mut meant = BTreeMap::<String, Vec<String>>::new();
    for (name, nicknames) in nicknames {
        nicknames
            .into_iter()
            .for_each(|nickname| meant.entry(nickname).or_default().push(name.clone()));
    }
    let translations: BTreeMap<String, Vec<String>> = names["translations"].clone().try_into()?;
    writeln!(
        code,
        "    meant: {},\n    spellings: {},\n}};",
        map(meant),
        map(spellings(&translations))
    )?;
    Ok(code)
}

/// The words of other languages that a word of several languages stands for, in the singular and in the plural.
fn spellings(translations: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for (word, meant) in translations {
        let other = word.strip_suffix('s').map_or_else(|| format!("{word}s"), str::to_owned);
        let words = [word.clone(), other].into_iter().filter(|form| form.len() >= 4);
        for spelling in words.filter(|form| form == word || !translations.contains_key(form)) {
            meant
                .iter()
                .for_each(|meant| all.entry(meant.clone()).or_default().push(spelling.clone()));
        }
    }
    all
}

/// A table of words as Rust code.
fn map(table: BTreeMap<String, Vec<String>>) -> String {
    let mut map = phf_codegen::Map::new();
    for (word, others) in table {
        map.entry(word, format!("&{others:?}"));
    }
    map.build().to_string()
}
