//! `fonts`: lists the fonts that letters can use.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::command::options::{FontArguments, tags};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{FAILED, Stop, typeset};
use crate::fonts::{Fonts, Origin};
use crate::language::Tag;
use crate::problems::Problems;
use crate::project::Project;
use crate::report::streams::printable;
use crate::source::paths;
use crate::words::say;

/// Options of `fonts`.
#[derive(Debug, Args)]
pub(super) struct FontsArguments {
    /// Also list the fonts in the folders that this letter and its repository name
    #[arg(value_name = "LETTER")]
    pub letter: Option<PathBuf>,

    #[command(flatten)]
    fonts: FontArguments,

    /// Only list the families that have the letters of this language, such as ar or zh-Hant
    #[arg(long = "for", value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    language: Option<Tag>,

    /// Also list the styles of each family, and where they come from
    #[arg(long)]
    variants: bool,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &FontsArguments) -> Result<u8, Stop> {
    let mut fonts = Arc::new(Fonts::new(&arguments.fonts.options()?));
    if let Some(letter) = &arguments.letter {
        let path = typeset::one_letter(letter)?;
        let project =
            Project::open(&path, None).map_err(|error| Stop::unreadable(&path, &error))?;
        let problems = Problems::default();
        let written = project.read(&problems);
        fonts = written.as_ref().map_or(fonts.clone(), |w| project.fonts(w, &fonts, &problems));
        let errors = only_errors(problems.into_sorted());
        if terminal.report(&project, &errors) > 0 {
            return Ok(FAILED);
        }
    }
    let suitable = match &arguments.language {
        None => None,
        Some(tag) => match fonts.families_for(tag) {
            None => return Err(Stop::Usage(say!("the letters of `{tag}` are not known", tag))),
            Some(families) if families.is_empty() => {
                terminal.say(&say!("none of these fonts has the letters of `{tag}`", tag));
                return Ok(FAILED);
            }
            suitable => suitable,
        },
    };
    let mut list = String::new();
    for (family, indices) in fonts.book().families() {
        let name = printable(family);
        let _infallible = match suitable.as_ref().map(|all| all.iter().find(|(f, _)| *f == family))
        {
            Some(None) => continue,
            Some(Some((_, missing))) if !missing.is_empty() => {
                let missing = missing.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>();
                let missing = missing.join(", ");
                let line = say!("{name}, without {missing}", name, missing);
                writeln!(list, "{}", line.get(terminal.language))
            }
            _ => writeln!(list, "{name}"),
        };
        for index in indices.filter(|_| arguments.variants) {
            let (Some(info), Some(origin)) = (fonts.book().info(index), fonts.origin(index)) else {
                continue;
            };
            let origin = match origin {
                Origin::Carried(path) => format!("fonts/{path}"),
                Origin::Letter(path) | Origin::Folder(path) | Origin::System(path) => {
                    printable(&paths::shown(path))
                }
            };
            let style = serde_json::to_string(&info.variant.style).unwrap_or_default();
            let (style, weight) = (style.trim_matches('"'), info.variant.weight.to_number());
            let _infallible = writeln!(list, "  {style} {weight}  {origin}");
        }
    }
    print(&list)
}
