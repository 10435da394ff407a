//! `check`: does what `build` does, but writes nothing.

use std::sync::Arc;

use clap::Args;

use crate::command::Stop;
use crate::command::finish::{Files, Sum};
use crate::command::options::{
    LetterArguments, ReportArguments, TypesetArguments, unwritten_draft,
};
use crate::command::terminal::Terminal;
use crate::command::typeset::typeset;
use crate::engine::batch::Outcome;
use crate::report::step_summary::Row;

/// Options of `check`: those of `build` that can change what is found.
#[derive(Debug, Args)]
#[command(mut_arg("draft", unwritten_draft))]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub letters: LetterArguments,

    #[command(flatten)]
    typeset: TypesetArguments,

    #[command(flatten)]
    report: ReportArguments,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &CheckArguments) -> Result<u8, Stop> {
    let fonts = arguments.typeset.fonts.options()?;
    let options = Arc::new(arguments.typeset.options(None));
    let forget = |_, outcome: &mut Outcome| outcome.forget_documents();
    let outcomes = typeset(terminal, &arguments.letters, &fonts, &options, forget)?;
    let rows: Vec<Row<'_>> = outcomes.iter().map(Row::from).collect();
    let reporter = arguments.report.reporter(terminal);
    Ok(terminal.finish(&reporter, &rows, Sum::Counted(Files::default())))
}
