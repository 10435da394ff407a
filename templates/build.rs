//! Lists the languages of the program and those of letters, and turns the tables of words from TOML, which
//! people edit, into JSON, which is read at every start in a fraction of the time.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What a letter in any language is compared with, of each language of letters.
const OF_ALL: [&str; 4] = ["anonymous", "honorifics", "kinds", "samples"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    // The compiler does not notice a template or a language that is added.
    println!("cargo::rerun-if-changed=templates");
    languages(&root.join("src/words"), &out, "LANGUAGES")?;
    let letters = languages(&root.join("templates/lang"), &out, "LETTER_LANGUAGES")?;
    let of_all = letters.into_iter().map(|mut words| {
        let honorifics = words.get("parts").and_then(|parts| parts.get("honorifics")).cloned();
        words.extend(honorifics.map(|honorifics| ("honorifics".to_owned(), honorifics)));
        words.retain(|key, _| OF_ALL.contains(&key));
        words
    });
    let of_all: Vec<toml::Table> = of_all.collect();
    std::fs::write(out.join("of-all.json"), serde_json::to_string(&of_all)?)?;
    for file in ["src/checks/duplicates/words.toml", "src/language/countries.toml"] {
        let path = root.join(file);
        let name = path.file_stem().unwrap_or_default();
        std::fs::write(out.join(name).with_extension("json"), json(&path)?.1)?;
    }
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
