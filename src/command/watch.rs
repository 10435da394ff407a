//! `watch`: shows a letter in the browser until the program is interrupted.

use std::path::Path;
use std::sync::Arc;

use clap::Args;

use crate::command::Stop;
use crate::command::options::{
    LetterArguments, TimeArguments, TypesetArguments, one_letter, unwritten_draft,
};
use crate::command::terminal::{Terminal, print};
use crate::command::typeset;
use crate::engine::options::Options;
use crate::engine::supervisor;
use crate::report::MessageFormat;
use crate::watch;
use crate::watch::changes::{Changes, WatchError};
use crate::watch::server::PreviewServer;
use crate::watch::session::Session;
use crate::words::say;
use crate::words::system_errors;

/// Options of `watch`.
#[derive(Debug, Args)]
#[command(mut_arg("letters", one_letter))]
#[command(mut_arg("draft", unwritten_draft))]
pub(super) struct WatchArguments {
    #[command(flatten)]
    letters: LetterArguments,

    /// Open the preview in the browser
    #[arg(long)]
    open: bool,

    /// The port of the preview on this computer; by default, the first free one starting at 3000
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,

    /// Draw the window of the envelope on the first page
    #[arg(long)]
    show_window: bool,

    /// How problems are shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,

    #[command(flatten)]
    typeset: TypesetArguments,

    #[command(flatten)]
    time: TimeArguments,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &WatchArguments) -> Result<u8, Stop> {
    let fonts = arguments.typeset.fonts.options()?;
    let mut projects = typeset::open(&arguments.letters)?;
    let (Some(project), []) = (projects.pop(), projects.as_slice()) else {
        let count = projects.len() + 1;
        return Err(Stop::Usage(say!(
            "this command takes one letter, but there are {count}: name one",
            count
        )));
    };
    if arguments.letters.letters.iter().any(|letter| letter == Path::new("-")) {
        return Err(Stop::Usage(say!("standard input cannot be watched: name a letter")));
    }
    let options = arguments.typeset.options(arguments.time.time()?);
    let options = Options { show_window: arguments.show_window, ..options };
    let unwatched = |error: WatchError| Stop::Usage(error.message());
    let changes = Changes::new(&fonts.paths).map_err(unwatched)?;
    let server = serve(terminal, arguments)?;
    let session = Session::new(project, &fonts, Arc::new(options));
    let reporter = terminal.reporter(arguments.message_format);
    match watch::watch(session, changes, &server, &reporter, &fonts, terminal.quiet) {
        Ok(never) => match never {},
        Err(error) => Err(unwatched(error)),
    }
}

/// Starts the server, prints its address, and opens it in the browser if requested.
///
/// If the program was started again, the browser finds it where it was.
fn serve(terminal: Terminal, arguments: &WatchArguments) -> Result<PreviewServer, Stop> {
    const NOTE: &str = "port";
    let earlier = supervisor::noted(NOTE).and_then(|port| port.parse().ok());
    let port = earlier.or(arguments.port);
    let server = PreviewServer::start(port, terminal.language).map_err(|error| {
        let port = port.map(|port| format!(" {port}")).unwrap_or_default();
        let reason = system_errors::reason(&error);
        Stop::Usage(say!("cannot show the preview on port{port}: {reason}", port, reason))
    })?;
    if earlier.is_some() {
        return Ok(server);
    }
    supervisor::note(NOTE, || server.port().to_string());
    let url = server.url();
    print(&format!("{url}\n"))?;
    if arguments.open && open::that_detached(&url).is_err() {
        terminal.say(&say!("cannot open the browser: open {url} yourself", url));
    }
    Ok(server)
}
