//! Shows problems to people and to programs: one file for each format.

mod github;
mod human;
pub(crate) mod json;
mod sarif;
mod short;
mod shown;
pub(crate) mod step_summary;
pub(crate) mod streams;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use typst::syntax::FileId;

use crate::files::Files;
use crate::problems::{Diagnostic, Severity};
use crate::project::Project;
use crate::report::json::JsonDiagnostic;
use crate::report::shown::Shown;
use crate::report::streams::{Content, printable, printable_json};
use crate::source::Place;
use crate::words::{Message, UiLanguage, say};

/// How problems are shown.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// With the lines that they are in
    #[default]
    Human,
    /// One line per problem
    Short,
    /// One JSON object per line
    Json,
    /// One GitHub workflow command per line, which shows the problem on its line of a pull request
    Github,
    /// One SARIF 2.1.0 log, for code hosts
    Sarif,
}

/// How problems are shown.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    /// Whether people are shown all problems, and not only some of each kind.
    pub all: bool,
    /// The format.
    pub format: MessageFormat,
    /// The language of the messages.
    pub language: UiLanguage,
    /// Whether the output can show colours.
    pub colour: bool,
    /// The width of the terminal in columns, or `None` if there is none.
    pub width: Option<usize>,
    /// The folder that paths are shown relative to.
    pub folder: PathBuf,
    /// The folder that paths are relative to for a service that shows problems on their lines.
    pub checkout: PathBuf,
    /// The file that the problems of a whole run are also written to, as SARIF.
    pub sarif: Option<PathBuf>,
}

/// The problems of one letter.
pub(crate) type LetterProblems<'o> = (&'o Project, &'o [Diagnostic]);

impl Reporter {
    /// Shows the problems of some letters on standard error, and a last line.
    pub(crate) fn report(
        &self,
        letters: &[LetterProblems<'_>],
        last: Option<&str>,
    ) -> io::Result<()> {
        let mut output = streams::stderr(self.content());
        self.write(letters, &mut output)?;
        if let Some(last) = last {
            writeln!(output, "{}", printable(last))?;
        }
        output.flush()
    }

    /// What the lines may contain.
    pub(crate) fn content(&self) -> Content {
        match self.format {
            MessageFormat::Human if self.colour => Content::Coloured,
            MessageFormat::Human | MessageFormat::Short => Content::Text,
            MessageFormat::Json | MessageFormat::Sarif => Content::Json,
            MessageFormat::Github => Content::Annotations,
        }
    }

    /// Writes the problems of some letters.
    pub(crate) fn write(
        &self,
        letters: &[LetterProblems<'_>],
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let folder = match self.format {
            MessageFormat::Sarif => return output.write_all(self.sarif(letters).as_bytes()),
            MessageFormat::Github => &self.checkout,
            MessageFormat::Human | MessageFormat::Short | MessageFormat::Json => &self.folder,
        };
        if self.format == MessageFormat::Human {
            return human::write(self, letters, output);
        }
        for (project, diagnostics) in letters {
            let mut shown = Shown::new(self, project, folder);
            for diagnostic in *diagnostics {
                match self.format {
                    MessageFormat::Short => short::write(&mut shown, diagnostic, output)?,
                    MessageFormat::Json => json::write(&mut shown, diagnostic, output)?,
                    MessageFormat::Github => github::write(&mut shown, diagnostic, output)?,
                    MessageFormat::Human | MessageFormat::Sarif => {}
                }
            }
        }
        Ok(())
    }

    /// The problems of some letters as a SARIF log.
    pub(crate) fn sarif(&self, letters: &[LetterProblems<'_>]) -> String {
        let mut log = sarif::Results::new(self.language);
        for (project, diagnostics) in letters {
            let mut shown = Shown::new(self, project, &self.checkout);
            for diagnostic in *diagnostics {
                log.add(&mut shown, diagnostic);
            }
        }
        printable_json(&log.into_json())
    }

    /// The problems of a letter as the values that `--message-format json` writes.
    pub(crate) fn json(
        &self,
        project: &Project,
        diagnostics: &[Diagnostic],
    ) -> Vec<JsonDiagnostic> {
        let mut shown = Shown::new(self, project, &self.folder);
        diagnostics.iter().map(|diagnostic| JsonDiagnostic::new(&mut shown, diagnostic)).collect()
    }

    /// The file, line and column of a place, as they are shown to people.
    pub(crate) fn position(&self, project: &Project, place: &Place) -> (String, usize, usize) {
        let mut shown = Shown::new(self, project, &self.folder);
        let file = shown.file(place.file);
        let (start, _) = file.positions(&place.range);
        (file.name.clone(), start.line, start.column)
    }

    /// A path relative to the current folder, if it is below it or below its parent folder.
    pub(crate) fn relative(&self, path: &Path) -> String {
        shown::relative(&self.folder, path)
    }

    /// The path of a file as it is shown to people, relative to the current folder.
    pub(crate) fn path(&self, files: &Files, file: FileId) -> String {
        shown::path_from(&self.folder, files, file)
    }
}

/// The word for a severity.
fn severity_word(severity: Severity) -> Message {
    match severity {
        Severity::Error => say!("error"),
        Severity::Warning => say!("warning"),
    }
}
