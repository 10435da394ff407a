//! Fuzz targets: each gives the program what a stranger may send. README.md says how to run them.
#![no_main]

mod mutator;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use tempfile::TempDir;
use undersigned::{Fonts, Format, Options, Project, fuzzing, render};

/// What is done with an input.
type Run = fn(&Lab, &[u8]);

/// The targets by name.
const TARGETS: &[(&str, Run)] = &[
    ("letter", letter),
    ("body", body),
    ("document", document),
    ("list", list),
    ("enclosure", enclosure),
    ("picture", picture),
    ("manifest", manifest),
    ("request", request),
    ("review", review),
];

/// The targets whose inputs are TOML.
const TOML: &[&str] = &["letter", "review"];

/// What begins every letter here.
const HEAD: &str = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"T\"\n";

/// A folder for the files of an input, and what all inputs share.
struct Lab {
    folder: TempDir,
    fonts: Arc<Fonts>,
    run: Run,
    is_toml: bool,
    /// Where each variation of an input is written before it is run, and how many there are.
    variations: Option<(PathBuf, u32)>,
}

static LAB: LazyLock<Lab> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let Some((name, run)) = TARGETS.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        eprintln!("set FUZZ_TARGET to one of {}", names.join(", "));
        std::process::exit(2);
    };
    fuzzing::allow_caught_panics();
    let folder = TempDir::with_prefix("undersigned-fuzz-").expect("a temporary folder");
    // The root of the letters, or a repository around the temporary folder would be.
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    let count = std::env::var("FUZZ_VARIATIONS").ok().map(|count| count.parse().expect("a number"));
    let variations = count.map(|count| {
        (std::env::var_os("FUZZ_VARIATION").expect("the path of a file").into(), count)
    });
    let is_toml = TOML.contains(name);
    let lab = Lab { folder, fonts: Arc::default(), run: *run, is_toml, variations };
    lab.write("body.md", b"One *paragraph*.[^1]\n\n- An item\n\n[^1]: A note.\n");
    lab.write("list.csv", b"name,organization\nAna,Red\nEva,\n");
    lab.write("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    lab
});

fuzz_target!(|data: &[u8]| {
    LAB.run(data);
    let Some((path, count)) = &LAB.variations else { return };
    for number in 0..*count {
        let variation = LAB.vary(data, number);
        // What fails is there afterwards.
        fs::write(path, &variation).expect("a file");
        LAB.run(&variation);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    LAB.mutate(data, size, max_size, seed)
});

impl Lab {
    fn run(&self, data: &[u8]) {
        (self.run)(self, data);
        fuzzing::forget();
    }

    fn mutate(&self, data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
        if self.is_toml {
            mutator::mutate(data, size, max_size, seed)
        } else {
            fuzzer_mutate(data, size, max_size)
        }
    }

    /// A variation of an input, mutated one to eight times.
    fn vary(&self, data: &[u8], number: u32) -> Vec<u8> {
        let mut varied = data.to_vec();
        for step in 0..=number % 8 {
            let size = varied.len();
            // What libFuzzer inserts at once is up to 128 bytes.
            varied.resize(size + 256, 0);
            let seed = number.wrapping_mul(8) + step + 1;
            let size = self.mutate(&mut varied, size, size + 256, seed.wrapping_mul(0x9E37_79B9));
            varied.truncate(size);
        }
        varied
    }

    fn write(&self, name: &str, data: &[u8]) {
        fs::write(self.folder.path().join(name), data).expect("a file");
    }

    /// Reads a letter and makes it in these formats.
    fn make(&self, letter: &[u8], formats: &[Format]) {
        let project = Project::from_bytes(letter.to_vec(), self.folder.path(), None);
        let mut options = Options::default();
        options.formats = formats.to_vec();
        options.jobs = 1;
        options.ppi = 20;
        let outcome = render(project.expect("the folder is there"), &self.fonts, &options);
        fuzzing::show(&outcome.project, &outcome.diagnostics);
    }
}

/// Pages are slow, and most code that reads strangers' bytes comes before them.
fn formats(data: &[u8]) -> &'static [Format] {
    let sum = data.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte));
    match sum % 16 {
        0 => &[Format::Txt, Format::Md, Format::Html, Format::Docx, Format::Pdf],
        _ => &[Format::Txt, Format::Md, Format::Html, Format::Docx],
    }
}

/// A letter. Its folder has a body, a list and a logo.
fn letter(lab: &Lab, data: &[u8]) {
    lab.make(data, formats(data));
}

/// A body in Markdown.
fn body(lab: &Lab, data: &[u8]) {
    lab.write("fuzzed.md", data);
    let letter = format!("{HEAD}body = {{ file = \"fuzzed.md\" }}\n");
    lab.make(letter.as_bytes(), formats(data));
}

/// A document that a letter is made of. The first line is the name that the file has. What comes of it is
/// a letter that can be read.
fn document(lab: &Lab, data: &[u8]) {
    let (name, data) = split_line(data);
    let name = String::from_utf8_lossy(name);
    let Some(files) = fuzzing::document(&name, data) else { return };
    for (name, text) in &files {
        lab.write(name, text.as_bytes());
    }
    let letter = &files[0].1;
    assert!(letter.parse::<toml::Table>().is_ok(), "no TOML: {letter}");
    lab.make(letter.as_bytes(), formats(data));
}

/// A list of signatories or of recipients. The first line is the name that the file has.
fn list(lab: &Lab, data: &[u8]) {
    let (name, data) = split_line(data);
    match name {
        b"signatories.csv" => {
            lab.write("signatories.csv", data);
            let letter = format!(
                "{HEAD}body = \"{{{{signatory-count}}}}\"\nsignatories = {{ file = \"signatories.csv\" }}\n"
            );
            lab.make(letter.as_bytes(), formats(data));
        }
        b"recipients.csv" | b"recipients.toml" | b"recipients.jsonl" => {
            let name = String::from_utf8_lossy(name);
            lab.write(&name, data);
            let letter = format!("{HEAD}salutation = \"{{{{recipient.name}}}}\"\nbody = \"B\"\n");
            lab.write("letter.toml", letter.as_bytes());
            let path = |name: &str| lab.folder.path().join(name);
            let mut options = Options::default();
            options.jobs = 1;
            fuzzing::merge(&path("letter.toml"), &path(&name), &lab.fonts, &Arc::new(options));
        }
        _ => {}
    }
}

/// A PDF whose pages are enclosed.
fn enclosure(lab: &Lab, data: &[u8]) {
    lab.write("fuzzed.pdf", data);
    let letter = format!(
        "{HEAD}body = \"B\"\nenclosures = [{{ title = \"E\", file = \"fuzzed.pdf\" }}]\n\
         [pdf]\nstandard = [\"1.7\"]\n"
    );
    lab.make(letter.as_bytes(), &[Format::Pdf]);
}

/// A picture as a logo and as the background of the page, whatever its format.
fn picture(lab: &Lab, data: &[u8]) {
    lab.write("fuzzed.png", data);
    let letter = format!(
        "{HEAD}body = \"B\"\n[from]\nname = \"A\"\nlogo = \"fuzzed.png\"\nlogo-alt = \"L\"\n\
         [page]\nbackground = \"fuzzed.png\"\n"
    );
    lab.make(letter.as_bytes(), &[Format::Html, Format::Pdf, Format::Png]);
}

/// The manifest of a share of a merge.
fn manifest(lab: &Lab, data: &[u8]) {
    let folder = lab.folder.path().join("share");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("manifest.1-of-1.jsonl"), data).expect("a file");
    fuzzing::join(&folder);
}

/// A request to the preview.
fn request(_lab: &Lab, data: &[u8]) {
    let answer = fuzzing::answer(data);
    assert!(answer.starts_with(b"HTTP/1.1 "), "no answer");
}

/// A letter, a line `%%`, and what its original said when its translation was reviewed. A review can
/// be recorded in every letter that is right, which then is right still.
fn review(lab: &Lab, data: &[u8]) {
    let separator = b"\n%%\n";
    let at = data.windows(separator.len()).position(|window| window == separator);
    let (letter, texts) = at.map_or((data, &b""[..]), |at| (&data[..at], &data[at + 4..]));
    lab.write("letter.toml", letter);
    lab.write("letter.reviewed.es.toml", texts);
    let open = || Project::open(&lab.folder.path().join("letter.toml"), None).expect("a letter");
    let mut options = Options::default();
    options.formats = vec![Format::Txt];
    options.jobs = 1;
    let outcome = render(open(), &lab.fonts, &options);
    fuzzing::show(&outcome.project, &outcome.diagnostics);
    if let Some(recorded) = fuzzing::review(&open(), &lab.fonts) {
        lab.write("letter.toml", recorded.as_bytes());
        // The program replaces these too.
        lab.write("letter.reviewed.es.toml", b"");
        let again = fuzzing::review(&open(), &lab.fonts);
        assert_eq!(again.as_deref(), Some(&*recorded), "from {}", String::from_utf8_lossy(letter));
    }
}

/// The first line, and the rest.
fn split_line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    (&data[..end], data.get(end + 1..).unwrap_or_default())
}
