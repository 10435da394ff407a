//! Tests of the whole program. They are one binary, so that Typst is linked once; `tests/cases.rs`,
//! which only runs the program, is another.

mod ci;
mod command;
#[path = "../common/mod.rs"]
mod common;
mod documentation;
mod documents;
mod draft;
mod edition;
mod enclosures;
mod examples;
#[cfg(unix)]
mod files;
mod floors;
mod formats;
mod guards;
mod kills;
mod kinds;
mod languages;
mod limits;
mod machine;
mod merge;
mod options;
mod pages;
mod parity;
mod pdf;
mod portability;
mod post;
mod press;
mod printing;
mod reproducible;
mod review;
mod schema;
mod signatories;
#[cfg(unix)]
mod supervision;
mod translate;
mod watch;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use common::{folder, program, repository, run, stderr, write};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

/// Waits until something is so, which takes no time unless the machine is busy or it never is.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_mins(5), "never so: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process catches interrupts, as the program does soon after it has begun. Where the system
/// does not tell, it counts as so.
#[cfg(unix)]
fn minds_interrupts(process: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) else {
        return true;
    };
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = u64::from_str_radix(caught.unwrap_or_default().trim(), 16);
    // The lowest bit is SIGHUP, which it catches last.
    caught.is_ok_and(|signals| signals & 1 != 0)
}

/// A built-in font as "DejaVu Sans Momo", a name that no other font has.
fn renamed_font() -> Vec<u8> {
    let (old, new) = ("DejaVu Sans Mono", "DejaVu Sans Momo");
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    let path = repository().join("fonts/dejavu-sans-mono/DejaVuSansMono.ttf");
    let mut font = std::fs::read(path).expect("a font");
    // The name table contains it in UTF-16 and in the Macintosh encoding.
    for (old, new) in [(utf_16(old), utf_16(new)), (old.into(), new.into())] {
        while let Some(at) = font.windows(old.len()).position(|window| window == old) {
            font[at..at + old.len()].copy_from_slice(&new);
        }
    }
    font
}

/// Copies a folder with its contents.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder exists") {
        let path = entry.expect("an entry").path();
        let copied = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            std::fs::copy(&path, &copied).expect("a copy");
        }
    }
}

/// The folder of the founding letter.
fn founding_letter() -> PathBuf {
    repository().join("letters/remain-in-mexico-2021")
}

/// The letter with every possible key, with each template on each paper, each in its own folder.
fn anatomy() -> TempDir {
    let source = repository().join("tests/anatomy");
    let read = |name: &str| std::fs::read_to_string(source.join(name)).expect("a file");
    let (letter, logo) = (read("letter.toml"), read("logo.svg"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    for template in ["open-letter", "formal"] {
        for paper in ["us-letter", "a4"] {
            let with = |key: &str, from: &str, to: &str, text: &str| {
                let line = format!("{key} = \"{from}\"\n");
                assert!(text.contains(&line), "tests/anatomy has no {line}");
                text.replace(&line, &format!("{key} = \"{to}\"\n"))
            };
            let letter = with("template", "formal", template, &letter);
            let letter = with("paper", "us-letter", paper, &letter);
            let to = folder.path().join(format!("{template}-{paper}"));
            write(&to.join("letter.toml"), &letter);
            write(&to.join("logo.svg"), &logo);
        }
    }
    folder
}

/// The smallest possible letter.
const SMALL: &str =
    "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\nbody = \"Text.\"\n";

/// A grey PNG of this size. Its pixels are there only if they are few.
fn grey_picture(width: u32, height: u32) -> Vec<u8> {
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("a header");
    if u64::from(width) * u64::from(height) <= 100_000_000 {
        let rows = vec![0; (width as usize).div_ceil(8) * height as usize];
        writer.write_image_data(&rows).expect("pixels");
        writer.finish().expect("an end");
    } else {
        writer.write_chunk(png::chunk::IDAT, b"").expect("a chunk");
        drop(writer);
    }
    data
}
