//! Builds a letter and writes its documents:
//!
//!     cargo run --release --example build -- letters/records-request/letter.toml out

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use undersigned::{Fonts, Format, Options, Project, UiLanguage, render};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let letter = arguments.next().ok_or("name a letter")?;
    let folder = arguments.next().ok_or("name a folder to write to")?;

    let project = Project::open(&letter, None)?;
    let mut options = Options::default();
    options.formats = vec![Format::Pdf, Format::Txt];
    let outcome = render(project, &Arc::new(Fonts::default()), &options);

    for problem in &outcome.diagnostics {
        let place = outcome.locate(&problem.place);
        let message = problem.message.get(UiLanguage::ENGLISH);
        eprintln!("{place}: {}[{}]: {message}", problem.severity.as_str(), problem.code);
    }
    if outcome.has_errors() {
        return Err("the letter has errors".into());
    }
    std::fs::create_dir_all(&folder)?;
    for document in &outcome.documents {
        std::fs::write(folder.join(&document.name), &document.data)?;
        println!("{}", document.name);
    }
    Ok(())
}
