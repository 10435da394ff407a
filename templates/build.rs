//! Lists the languages of the program, and rebuilds the crate when one of them, a template or a language of
//! letters is added, which the compiler does not notice.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=src/words");
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("src/words");
    let files = folder.read_dir()?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<Result<Vec<PathBuf>, Box<dyn Error>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut list = String::from("/// The files of the languages, by their tags.\n");
    list.push_str("const FILES: &[(&str, &str)] = &[\n");
    for path in &files {
        let tag = path.file_stem().unwrap_or_default();
        writeln!(list, "    ({tag:?}, include_str!({path:?})),")?;
    }
    list.push_str("];\n");
    let out = Path::new(&std::env::var("OUT_DIR")?).join("languages.rs");
    Ok(std::fs::write(out, list)?)
}
