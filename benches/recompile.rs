//! Measures how long `watch` takes to typeset the founding letter after an edit: one process keeps its
//! fonts, its drawings and the compiler's cache.
//!
//!     cargo bench --bench recompile
//!
//! The program says its own time in whole milliseconds, so means are shown.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

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

    println!("| the founding letter after an edit of | mean | least | mean with its edition |");
    println!("| --- | --- | --- | --- |");
    let edits = [
        ("its first paragraph", "body.en.md", &body, all[0]),
        ("a paragraph in the middle", "body.en.md", &body, all[all.len() / 2]),
        ("its last paragraph", "body.en.md", &body, all[all.len() - 1]),
        ("its title", "letter.toml", &spec, spec.find(" Call on").expect("a title")),
    ];
    for (what, name, text, at) in edits {
        let measured = |languages: &[&str]| {
            let mut watch = Watch::start(folder.path(), languages);
            watch.measure(&path(name), text, at)
        };
        let both = ["--lang", "en", "--lang", "es"];
        let edition = [&both[..], &["--lang", "en+es"]].concat();
        let (alone, with_edition) = (measured(&both), measured(&edition));
        let mean = |times: &[u32]| f64::from(times.iter().sum::<u32>()) / times.len() as f64;
        let least = alone.iter().min().expect("an edit");
        println!(
            "| {what} | {:.1} ms | {least} ms | {:.1} ms |",
            mean(&alone),
            mean(&with_edition)
        );
    }
}

/// The program, watching the letter.
struct Watch {
    program: Child,
    lines: Lines<BufReader<ChildStderr>>,
}

impl Watch {
    /// Starts the program and waits for the first pages.
    fn start(folder: &Path, languages: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_undersigned"))
            .args(["watch", "--ui-lang", "en"])
            .args(languages)
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = BufReader::new(program.stderr.take().expect("a pipe")).lines();
        let mut watch = Self { program, lines };
        watch.time();
        watch
    }

    /// How long the program says that the next pages took, in milliseconds.
    fn time(&mut self) -> u32 {
        loop {
            let line = self.lines.next().expect("the program runs").expect("a line");
            let Some((time, rest)) = line.split_once(" ms: ") else { continue };
            if let Ok(time) = time.parse() {
                assert!(rest.contains("no errors"), "{line}");
                return time;
            }
        }
    }

    /// How long the letter took after each edit of a text, in milliseconds.
    fn measure(&mut self, file: &Path, text: &str, at: usize) -> Vec<u32> {
        let times = (0..ROUNDS).map(|round| {
            let mut edited = text.to_owned();
            // Of another length each time, so that everything after it moves.
            edited.insert_str(at, &format!(" {}{round}", "x".repeat(round % 7)));
            std::fs::write(file, edited).expect("an edit");
            self.time()
        });
        let times: Vec<u32> = times.skip(WARM_UP).collect();
        std::fs::write(file, text).expect("the text as it was");
        times
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ended = self.program.kill();
        let _reaped = self.program.wait();
    }
}
