//! Sets a letter whenever one of its files changes, shows it in the browser, and says in a line how it
//! went.

pub mod changes;
pub mod drawing;
pub mod file_texts;
mod parts;
pub mod preview;
pub mod server;
pub mod session;
pub mod spots;

use std::collections::HashSet;
use std::convert::Infallible;
use std::io::{self, Write};

use typst::syntax::FileId;

use crate::fonts::FontOptions;
use crate::problems::{Code, Diagnostic, Severity};
use crate::report::Reporter;
use crate::watch::changes::{Changes, WatchError};
use crate::watch::preview::{LanguagePages, Preview};
use crate::watch::server::PreviewServer;
use crate::watch::session::{Build, Session};
use crate::words::message::{Message, counted, counted_problems, say};

/// Shows a letter until the program is interrupted, or files cannot be watched any more.
pub fn watch(
    mut session: Session,
    mut changes: Changes,
    server: &PreviewServer,
    reporter: &Reporter,
    fonts: &FontOptions,
    quiet: bool,
) -> Result<Infallible, WatchError> {
    let mut told = HashSet::new();
    let mut shown: Option<Preview> = None;
    let mut is_change = true;
    loop {
        let mut build = session.build(reporter);
        let mut preview = session.preview(&build, reporter);
        let mut news = show(server, &session, &preview, &mut shown);
        if session.check_pdf(&mut build) {
            preview = session.preview(&build, reporter);
            news |= show(server, &session, &preview, &mut shown);
        }
        if is_change || news {
            tell(&session, &build, reporter, quiet, &mut told);
        }
        // What was not watched while it was read may have changed since: it is read once more.
        is_change = !changes.follow(session.paths())?;
        if is_change && changes.wait().trees {
            session.reload_fonts(fonts);
        }
    }
}

/// Shows a preview, unless it is shown already. Says whether it was not.
fn show(
    server: &PreviewServer,
    session: &Session,
    preview: &Preview,
    shown: &mut Option<Preview>,
) -> bool {
    if shown.as_ref() == Some(preview) {
        return false;
    }
    server.show(preview, session.drawings());
    *shown = Some(preview.clone());
    true
}

/// A problem, wherever in its file it is: that moves with every line that is added above it.
type Known = (Code, FileId, Message);

/// Says how a build went: a line, and before it the errors, and the warnings that were not there the
/// last time.
fn tell(
    session: &Session,
    build: &Build,
    reporter: &Reporter,
    quiet: bool,
    told: &mut HashSet<Known>,
) {
    let known = |d: &Diagnostic| (d.code, d.place.file, d.message.clone());
    let new = build.diagnostics.iter();
    let new = new.filter(|d| d.is_error() || !told.contains(&known(d)));
    let new: Vec<Diagnostic> = new.cloned().collect();
    *told = build.diagnostics.iter().map(known).collect();
    let mut stderr = io::BufWriter::new(io::stderr().lock());
    let mut write = || -> io::Result<()> {
        reporter.report(&[(&session.project, &new)], &mut stderr)?;
        if !quiet {
            let line = summary(build, session.languages());
            writeln!(stderr, "{}", line.get(reporter.language))?;
        }
        stderr.flush()
    };
    // Where standard error is gone there is nobody to tell, and the browser shows it all.
    let _unheard = write();
}

/// "12 ms: en 3 pages, es-MX 3 pages; no errors, 4 warnings"
fn summary(build: &Build, languages: &[LanguagePages]) -> Message {
    let join = |pages: &dyn Fn(&LanguagePages) -> String| {
        let each = |language: &LanguagePages| format!("{} {}", language.languages, pages(language));
        languages.iter().map(each).collect::<Vec<_>>().join(", ")
    };
    let pages_en = join(&|language| {
        let pages = counted(language.pages.len(), "page", "pages", "no pages");
        let state = match language {
            LanguagePages { current: true, .. } => "",
            LanguagePages { faulty: true, .. } => " with an error",
            _ => " from before",
        };
        format!("{pages}{state}")
    });
    let pages_es = join(&|language| {
        let pages = counted(language.pages.len(), "página", "páginas", "ninguna página");
        let state = match language {
            LanguagePages { current: true, .. } => "",
            LanguagePages { faulty: true, .. } => " con un error",
            _ => " de antes",
        };
        format!("{pages}{state}")
    });
    let (pages_en, pages_es) = match languages {
        [] => ("no pages".to_owned(), "ninguna página".to_owned()),
        _ => (pages_en, pages_es),
    };
    let milliseconds = build.time.as_millis();
    let (errors, warnings) = (build.count(Severity::Error), build.count(Severity::Warning));
    let Message { en, es } = counted_problems(errors, warnings);
    say!("{milliseconds} ms: {pages_en}; {en}", "{milliseconds} ms: {pages_es}; {es}")
}
