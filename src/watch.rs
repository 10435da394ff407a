//! Typesets a letter whenever one of its files changes, shows it in the browser, and prints one line
//! about each build.

pub(crate) mod changes;
pub(crate) mod download;
pub(crate) mod drawing;
pub(crate) mod file_texts;
pub(crate) mod marks;
mod parts;
pub(crate) mod preview;
pub(crate) mod server;
pub(crate) mod session;
pub(crate) mod spots;

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::Duration;

use typst::syntax::FileId;

use crate::engine::supervisor;
use crate::fonts::FontOptions;
use crate::problems::{Code, Diagnostic, Severity};
use crate::report::Reporter;
use crate::watch::changes::{Changes, WatchError};
use crate::watch::preview::{LanguagePages, Preview};
use crate::watch::server::PreviewServer;
use crate::watch::session::{Build, Session};
use crate::words::{self, Message, count, say};

/// How long the other languages wait for a browser to fetch the first page. One that is open takes less.
const FIRST_LOOK: Duration = Duration::from_millis(200);

/// Shows a letter until the program is interrupted, or its files can no longer be watched.
pub(crate) fn watch(
    mut session: Session,
    mut changes: Changes,
    server: &PreviewServer,
    reporter: &Reporter,
    fonts: &FontOptions,
    quiet: bool,
) -> Result<Infallible, WatchError> {
    let mut reported = HashSet::new();
    let mut shown: Option<Preview> = None;
    let mut is_change = true;
    if let Some(build) = session.first(reporter) {
        show(server, &session, &build, reporter, &mut shown);
        if build.is_followed() {
            // The other languages would take the processors away from a browser that is drawing it.
            server.wait_for_a_look(FIRST_LOOK);
        }
    }
    loop {
        let mut build = session.build(reporter);
        let mut news = show(server, &session, &build, reporter, &mut shown);
        if session.check_pdf(&mut build) {
            news |= show(server, &session, &build, reporter, &mut shown);
        }
        if is_change || news {
            tell(&session, &build, reporter, quiet, &mut reported);
        }
        // Files that were not yet watched while they were read may have changed since, so the letter
        // is read once more.
        is_change = !changes.follow(session.paths())?;
        if is_change {
            if changes.wait().trees {
                session.reload_fonts(fonts);
            }
            supervisor::pardon();
        }
    }
}

/// Shows a build. Returns whether it differs from what is shown already.
fn show(
    server: &PreviewServer,
    session: &Session,
    build: &Build,
    reporter: &Reporter,
    shown: &mut Option<Preview>,
) -> bool {
    let preview = session.preview(build, reporter);
    let differs = shown.as_ref() != Some(&preview);
    // The same pages may have other properties, such as keywords, and then their PDF is another.
    server.offer(session.downloads(build, reporter));
    if differs {
        server.show(&preview, session.drawings());
        *shown = Some(preview);
    }
    differs
}

/// A problem without its place in the file, which moves with every line that is added above it.
type Known = (Code, FileId, Message);

/// Reports a build: the errors, the warnings that are new since the last build, and one line.
fn tell(
    session: &Session,
    build: &Build,
    reporter: &Reporter,
    quiet: bool,
    reported: &mut HashSet<Known>,
) {
    let known = |d: &Diagnostic| (d.code, d.place.file, d.message.clone());
    let new = build.diagnostics.iter();
    let new = new.filter(|d| d.is_error() || !reported.contains(&known(d)));
    let new: Vec<Diagnostic> = new.cloned().collect();
    *reported = build.diagnostics.iter().map(known).collect();
    let line = (!quiet).then(|| summary(build, session.languages()).get(reporter.language));
    // If standard error is closed, there is no way to report it, and the browser shows everything.
    let _unheard = reporter.report(&[(&session.project, &new)], line.as_deref());
}

/// "12 ms: en 3 pages, es-MX 3 pages; no errors, 4 warnings"
fn summary(build: &Build, languages: &[LanguagePages]) -> Message {
    let count = |number| count!(number, none = "no pages", one = "1 page", other = "{count} pages");
    let each = languages.iter().map(|language| {
        let (languages, pages) = (&language.languages, count(language.pages.len()));
        match language {
            LanguagePages { current: true, .. } => say!("{languages} {pages}", languages, pages),
            LanguagePages { faulty: true, .. } => {
                say!("{languages} {pages} with an error", languages, pages)
            }
            _ => say!("{languages} {pages} from before", languages, pages),
        }
    });
    let pages = Message::list(each).unwrap_or_else(|| count(0));
    let milliseconds = build.time.as_millis();
    let (errors, warnings) = (build.count(Severity::Error), build.count(Severity::Warning));
    let problems = words::errors_and_warnings(errors, warnings);
    say!("{milliseconds} ms: {pages}; {problems}", milliseconds, pages, problems)
}
