//! Measures how long `watch` takes to typeset the founding letter after an edit: in one process that keeps
//! its fonts, its drawings and the compiler's cache.
//!
//!     cargo bench --bench recompile

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use undersigned::engine::options::Options;
use undersigned::engine::workers::Limits;
use undersigned::fonts::FontOptions;
use undersigned::problems::Severity;
use undersigned::problems::lint::Lint;
use undersigned::project::Project;
use undersigned::report::Reporter;
use undersigned::watch::session::Session;
use undersigned::words::UiLanguage;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many edits are measured, including the first ones, which warm up.
const ROUNDS: usize = 110;
const WARM_UP: usize = 10;

fn main() {
    let letter = Path::new(env!("CARGO_MANIFEST_DIR")).join("letters/remain-in-mexico-2021");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    for name in ["letter.toml", "body.en.md", "body.es.md"] {
        std::fs::copy(letter.join(name), path(name)).expect("a copy");
    }
    let body = std::fs::read_to_string(path("body.en.md")).expect("a body");
    let spec = std::fs::read_to_string(path("letter.toml")).expect("a letter");
    let all: Vec<usize> = body.match_indices(" the ").map(|(at, _)| at).collect();

    println!("| the founding letter after an edit of | median | least | median with its edition |");
    println!("| --- | --- | --- | --- |");
    let edits = [
        ("its first paragraph", "body.en.md", &body, all[0]),
        ("a paragraph in the middle", "body.en.md", &body, all[all.len() / 2]),
        ("its last paragraph", "body.en.md", &body, all[all.len() - 1]),
        ("its title", "letter.toml", &spec, spec.find(" Call on").expect("a title")),
    ];
    for (what, name, text, at) in edits {
        let measured = |languages: &[&str]| {
            measure(session(path("letter.toml"), languages), &path(name), text, at)
        };
        let (alone, with_edition) = (measured(&["en", "es"]), measured(&[]));
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "| {what} | {:.1} ms | {:.1} ms | {:.1} ms |",
            ms(alone[alone.len() / 2]),
            ms(alone[0]),
            ms(with_edition[with_edition.len() / 2])
        );
    }
}

/// The time that the letter took after each edit of a text, in ascending order.
fn measure(mut session: Session, file: &Path, text: &str, at: usize) -> Vec<Duration> {
    let reporter = Reporter {
        format: Default::default(),
        language: UiLanguage::ENGLISH,
        colour: false,
        width: Some(100),
        folder: PathBuf::new(),
        checkout: PathBuf::new(),
        sarif: None,
    };
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..ROUNDS {
        let mut edited = text.to_owned();
        // The length differs each time, so that everything that follows moves.
        edited.insert_str(at, &format!(" {}{round}", "x".repeat(round % 7)));
        std::fs::write(file, edited).expect("an edit");
        let build = session.build(&reporter);
        assert_eq!(build.count(Severity::Error), 0);
        if round >= WARM_UP {
            times.push(build.time);
        }
    }
    std::fs::write(file, text).expect("the text as it was");
    times.sort();
    times
}

/// The letter in some languages, or in all of them with its edition.
fn session(letter: PathBuf, languages: &[&str]) -> Session {
    let languages = languages.iter().map(|tag| tag.parse().expect("a language"));
    let options = Options {
        languages: languages.collect(),
        standards: None,
        formats: Vec::new(),
        show_window: false,
        ppi: 144,
        time: None,
        lint: Lint::default(),
        draft: false,
        pages: None,
        jobs: 2,
        limits: Limits { time: Duration::from_secs(60), memory: u64::MAX },
    };
    let project = Project::open(&letter, None).expect("a letter");
    Session::new(project, &FontOptions::default(), Arc::new(options))
}
