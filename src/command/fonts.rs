//! `fonts`: lists the fonts that letters can use.

use std::fmt::Write;

use clap::Args;

use crate::command::Stop;
use crate::command::options::FontArguments;
use crate::command::terminal::print;
use crate::fonts::{Fonts, Origin};
use crate::report::streams::printable;
use crate::source::paths;

/// Options of `fonts`.
#[derive(Debug, Args)]
pub(super) struct FontsArguments {
    #[command(flatten)]
    fonts: FontArguments,

    /// Also list the styles of each family, and where they come from
    #[arg(long)]
    variants: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &FontsArguments) -> Result<u8, Stop> {
    let fonts = Fonts::new(&arguments.fonts.options()?);
    let mut list = String::new();
    for (family, indices) in fonts.book().families() {
        let _infallible = writeln!(list, "{}", printable(family));
        for index in indices.filter(|_| arguments.variants) {
            let Some(info) = fonts.book().info(index) else { continue };
            let origin = match fonts.origin(index) {
                Some(Origin::Carried(path)) => format!("fonts/{path}"),
                Some(Origin::File(path)) => printable(&paths::shown(path)),
                None => continue,
            };
            let style = serde_json::to_string(&info.variant.style).unwrap_or_default();
            let (style, weight) = (style.trim_matches('"'), info.variant.weight.to_number());
            let _infallible = writeln!(list, "  {style} {weight}  {origin}");
        }
    }
    print(&list)
}
