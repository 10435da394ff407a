//! `template`: writes a built-in template with its parts. Existing files are not overwritten.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::command::terminal::{Terminal, print};
use crate::command::{DONE, Stop};
use crate::engine::output;
use crate::files::carried;
use crate::report::streams::printable;
use crate::source::paths;
use crate::spec::BUILT_IN_TEMPLATES;
use crate::words::say;

/// Options of `template`.
#[derive(Debug, Args)]
pub(super) struct TemplateArguments {
    /// The template
    #[arg(value_parser = PossibleValuesParser::new(BUILT_IN_TEMPLATES))]
    template: String,

    /// The folder to write to; by default, the current folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &TemplateArguments) -> Result<u8, Stop> {
    let template = format!("{}.typ", arguments.template);
    let template = carried::TEMPLATES.iter().filter(|(file, _)| *file == template);
    let files: Vec<(PathBuf, &str)> = template
        .chain(carried::PARTS)
        .map(|(file, text)| (arguments.out.join(file), *text))
        .collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let path = paths::shown(path);
        return Err(Stop::Usage(say!("`{path}` already exists", path)));
    }
    let mut written = String::new();
    for (path, text) in &files {
        output::write(path, text.as_bytes()).map_err(|error| Stop::unwritable(path, &error))?;
        written.push_str(&format!("{}\n", printable(&paths::shown(path))));
    }
    if terminal.quiet { Ok(DONE) } else { print(&written) }
}
