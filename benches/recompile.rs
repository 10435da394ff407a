//! Measures how long the founding letter takes after an edit, as `watch` sets it: in one process that
//! keeps its fonts, its drawings and what the compiler remembers.
//!
//!     cargo bench --bench recompile

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use undersigned::batch::Options;
use undersigned::diagnostics::Severity;
use undersigned::fonts::FontOptions;
use undersigned::lint::Lint;
use undersigned::message::UiLanguage;
use undersigned::project::Project;
use undersigned::report::Reporter;
use undersigned::session::Session;
use undersigned::workers::Limits;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many edits are measured. The first ones warm up.
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

    println!("| the founding letter after an edit of | median | least |\n| --- | --- | --- |");
    let edits = [
        ("its first paragraph", "body.en.md", &body, all[0]),
        ("a paragraph in the middle", "body.en.md", &body, all[all.len() / 2]),
        ("its last paragraph", "body.en.md", &body, all[all.len() - 1]),
        ("its title", "letter.toml", &spec, spec.find(" Call on").expect("a title")),
    ];
    for (what, name, text, at) in edits {
        let mut session = session(path("letter.toml"));
        let reporter = Reporter {
            format: Default::default(),
            language: UiLanguage::En,
            colour: false,
            width: Some(100),
            folder: PathBuf::new(),
            checkout: PathBuf::new(),
            sarif: None,
        };
        let mut times: Vec<Duration> = Vec::new();
        for round in 0..ROUNDS {
            let mut edited = text.clone();
            // Of another length each time, so that all that follows stands elsewhere.
            edited.insert_str(at, &format!(" {}{round}", "x".repeat(round % 7)));
            std::fs::write(path(name), edited).expect("an edit");
            let build = session.build(&reporter);
            assert_eq!(build.count(Severity::Error), 0);
            if round >= WARM_UP {
                times.push(build.time);
            }
        }
        std::fs::write(path(name), text).expect("the text as it was");
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!("| {what} | {:.1} ms | {:.1} ms |", ms(times[times.len() / 2]), ms(times[0]));
    }
}

fn session(letter: PathBuf) -> Session {
    let options = Options {
        languages: Vec::new(),
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
