//! Doors for the fuzz targets in `fuzz/`, beside the face of the library. Only `--cfg fuzzing` compiles
//! them.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use typst::comemo;

use crate::checks::parity::counterparts::counterparts;
use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::Variant;
use crate::checks::review::Review;
use crate::documents::{self, Source};
use crate::engine::options::Options;
use crate::fonts::Fonts;
use crate::letter::embedded;
use crate::merge::manifest::Manifest;
use crate::merge::recipients::{Reading, Recipients};
use crate::merge::{self, Plan, join};
use crate::problems::{Diagnostic, Problems};
use crate::project::{Given, Project};
use crate::report::streams::Lines;
use crate::report::{MessageFormat, Reporter};
use crate::source::Place;
use crate::watch::server;
use crate::words::UiLanguage;

/// Shows problems, and checks that each is in its file and that nothing printed commands anybody.
pub fn show(project: &Project, diagnostics: &[Diagnostic]) {
    use MessageFormat::{Github, Human, Json, Sarif, Short};

    for Diagnostic { place: Place { file, range }, .. } in diagnostics {
        // A file that is too large has no text to show.
        let text = project.files.text_to_show(*file);
        let is_inside = range.start <= range.end && range.end <= text.len();
        assert!(text.is_empty() || is_inside, "{range:?} of {}", text.len());
    }
    // One format and language for each input, because they take longer than what they show.
    let some = diagnostics.iter().map(|diagnostic| diagnostic.place.range.start).sum::<usize>();
    let format = [Human, Short, Json, Github, Sarif][some % 5];
    let languages: Vec<UiLanguage> = UiLanguage::all().collect();
    let root = project.files.root().to_path_buf();
    let reporter = Reporter {
        format,
        language: languages[some % languages.len()],
        colour: false,
        width: Some(80),
        folder: root.clone(),
        checkout: root,
        sarif: None,
        all: some % 2 == 0,
    };
    let mut printed = Vec::new();
    let mut lines = Lines::new(&mut printed, reporter.content());
    reporter.write(&[(project, diagnostics)], &mut lines).expect("memory takes all");
    lines.flush().expect("memory takes all");
    drop(lines);
    for line in String::from_utf8(printed).expect("text").lines() {
        let is_annotation = line.starts_with("::error ") || line.starts_with("::warning ");
        let is_meant = format == Github && is_annotation;
        assert!(is_meant || !is_command(line), "a command: {line:?}");
        assert!(!line.contains("##["), "a command: {line:?}");
        assert!(!line.chars().any(char::is_control), "a control character: {line:?}");
    }
}

/// Whether GitHub Actions takes a line for a command: `::name`, whatever follows up to the next space, and
/// `::` (actions/runner, `ActionCommand.TryParseV2`).
fn is_command(line: &str) -> bool {
    let information = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::"));
    let name = information.and_then(|(information, _)| information.split(' ').next());
    name.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Checks a letter to the recipients of a file, without writing anything.
pub fn merge(letter: &Path, recipients: &Path, fonts: &Arc<Fonts>, options: &Arc<Options>) {
    let data = std::fs::read(recipients).expect("a file");
    let given = Given { path: recipients.to_path_buf(), data };
    let (project, file) = Project::open_with(letter, None, Some(given)).expect("a letter");
    let file = file.expect("the recipients were given");
    let problems = Problems::default();
    let source = problems.take(project.files.text(file));
    let read = source.and_then(|s| Recipients::read(&s, file, &Reading::default(), &problems));
    let mut diagnostics = problems.into_sorted();
    if let Some(recipients) = read.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) {
        let plan = Plan {
            project: project.clone(),
            recipients,
            recipients_place: Place::start_of(file),
            out_dir: "out".into(),
            name: "{recipient.id}-{recipient.name}".into(),
            shard: None,
            keep_going: true,
            dry_run: true,
            combined: None,
            options: options.clone(),
            fonts: fonts.clone(),
        };
        let merged = merge::merge(plan, |_, _| {}).expect("nothing is written");
        diagnostics.extend(merged.diagnostics);
    }
    show(&project, &diagnostics);
}

/// Joins the shares in a folder. A manifest that was read is written so that it reads back the same.
pub fn join(folder: &Path) {
    match join::join(&[folder.to_path_buf()], folder, true) {
        Ok(joint) => {
            let again = folder.join("joint.jsonl");
            std::fs::write(&again, joint.text()).expect("a file");
            let read = Manifest::read(&again).expect("what was written can be read");
            assert_eq!(read.text(), joint.text());
            std::fs::remove_file(again).expect("it is there");
        }
        Err(problems) => problems.iter().for_each(|problem| {
            let _shown = problem.message().english();
        }),
    }
}

/// The answer of the preview to a request.
pub fn answer(request: &[u8]) -> Vec<u8> {
    /// A browser that closes the connection once it has read the first event.
    struct Browser<'r> {
        request: &'r [u8],
        answer: Vec<u8>,
    }
    impl Read for Browser<'_> {
        fn read(&mut self, part: &mut [u8]) -> io::Result<usize> {
            self.request.read(part)
        }
    }
    impl Write for Browser<'_> {
        fn write(&mut self, data: &[u8]) -> io::Result<usize> {
            if self.answer.ends_with(b"\n\n") {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.answer.write(data)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut browser = Browser { request, answer: Vec::new() };
    let _closed = server::answer_alone(&mut browser);
    browser.answer
}

/// The text of a letter without errors in which the review of its first translation is recorded.
pub fn review(project: &Project, fonts: &Arc<Fonts>) -> Option<String> {
    let problems = Problems::default();
    let letters = project.check(fonts, |_| true, &problems);
    let ([original, letter, ..], false) = (letters.as_slice(), problems.has_errors()) else {
        return None;
    };
    let source = project.files.texts();
    let (first, second) = (Variant::of(original, &source), Variant::of(letter, &source));
    let found = counterparts(&first, &second, &Targets::new(&[], std::iter::empty()));
    let review = Review::of(&first, &second, found.as_ref());
    let text = source(project.file);
    review.record(&text, &letter.tag.to_string(), ("Ana", "2026-03-09"), &[]).ok()
}

/// The files of the letter that a document makes, with their names, if it can be read. The first is the
/// letter.
pub fn document(name: &str, data: &[u8]) -> Option<Vec<(String, String)>> {
    let source =
        Source { name: name.to_owned(), data: data.to_vec(), language: None, folder: None };
    match documents::letter(&[source], "Draft", "2026-03-09", None, UiLanguage::default()) {
        Ok(made) => {
            let letter = [("letter.toml".to_owned(), made.letter)];
            Some(letter.into_iter().chain(made.bodies).collect())
        }
        Err(problem) => {
            let _shown = problem.english();
            None
        }
    }
}

/// Lets a panic that is caught be none: libFuzzer takes each for a fault.
pub fn allow_caught_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !embedded::is_panic_caught() {
            usual(panic);
        }
    }));
}

/// Frees what the compiler keeps of earlier documents.
pub fn forget() {
    comemo::evict(0);
}
