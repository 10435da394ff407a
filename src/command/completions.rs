//! `completions`: prints a script with which a shell completes the commands.

use clap::{Args, CommandFactory};

use crate::command::terminal::{Terminal, print};
use crate::command::{Arguments, Stop, spanish};
use crate::words::message::UiLanguage;

/// Options of `completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    shell: clap_complete::Shell,
}

/// Does it.
pub(super) fn run(terminal: Terminal, arguments: &CompletionsArguments) -> Result<u8, Stop> {
    let mut script = Vec::new();
    let mut command = match terminal.language {
        UiLanguage::En => Arguments::command(),
        UiLanguage::Es => spanish::for_completions(Arguments::command()),
    };
    clap_complete::generate(arguments.shell, &mut command, "undersigned", &mut script);
    print(&script)
}
