//! Checks a letter that is not on the disk, as an editor or a website would, and shows its problems in
//! English and Spanish:
//!
//!     cargo run --release --example problems < letters/records-request/letter.toml

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use undersigned::{Fonts, Options, Project, UiLanguage, check};

fn main() -> io::Result<()> {
    let mut letter = Vec::new();
    io::stdin().read_to_end(&mut letter)?;
    // Files that the letter names are looked for in this folder and nowhere else.
    let folder = Path::new(".");
    let project = Project::from_bytes(letter, folder, Some(folder))?;

    for outcome in check(vec![project], &Arc::new(Fonts::default()), &Options::default()) {
        println!("{} problems", outcome.diagnostics.len());
        for problem in &outcome.diagnostics {
            let place = outcome.locate(&problem.place);
            println!("{}:{} {}", place.line, place.column, problem.code);
            for language in UiLanguage::all() {
                println!("  {}: {}", language.tag(), problem.message.get(language));
            }
        }
    }
    Ok(())
}
