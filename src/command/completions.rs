//! `completions`: prints a script with which a shell completes the commands.

use clap::{Args, CommandFactory};

use crate::command::terminal::{Terminal, print_data};
use crate::command::{Arguments, Stop, help};
use crate::words::UiLanguage;

/// Options of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &CompletionsArguments) -> Result<u8, Stop> {
    let mut script = Vec::new();
    let mut command = match terminal.language {
        UiLanguage::ENGLISH => Arguments::command(),
        language => help::for_completions(Arguments::command(), language),
    };
    clap_complete::generate(arguments.shell, &mut command, "undersigned", &mut script);
    print_data(&script)
}
