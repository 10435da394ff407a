//! The pages of the founding letter, of the letters in `tests/letters`, and of `tests/anatomy` with each
//! template on each paper, look as they did when somebody last reviewed them.
//!
//! `tests/pages` contains a small picture of each. `UPDATE_PAGES=1` rewrites them: look at them, and at
//! the pages at full size.

use std::path::Path;

/// The resolution of the pictures: high enough to show a line that moved, too low to show a renderer's
/// rounding.
const PPI: u32 = 36;

/// How much a grey value may differ before a pixel counts as different, out of 255.
const TOLERANCE: u8 = 48;

/// How many pixels per thousand may differ.
const DIFFERENT_PER_MILLE: usize = 1;

/// The width and the grey values of a picture.
pub(super) fn grey(path: &Path) -> (u32, Vec<u8>) {
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("a picture"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a picture that fits memory")];
    let frame = reader.next_frame(&mut pixels).expect("a PNG");
    let channels = frame.color_type.samples();
    let grey = pixels[..frame.buffer_size()].chunks(channels).map(|pixel| {
        let colours = &pixel[..channels.min(3)];
        let sum: u32 = colours.iter().map(|value| u32::from(*value)).sum();
        (sum / colours.len() as u32) as u8
    });
    (frame.width, grey.collect())
}

/// How two pictures differ, if they do not look the same.
pub(super) fn differing(found: &(u32, Vec<u8>), expected: &(u32, Vec<u8>)) -> Option<String> {
    if (found.0, found.1.len()) != (expected.0, expected.1.len()) {
        return Some("they are not of the same size".into());
    }
    let pairs = found.1.iter().zip(&expected.1);
    let different = pairs.filter(|(a, b)| a.abs_diff(**b) > TOLERANCE).count();
    let all = found.1.len();
    (different * 1000 > all * DIFFERENT_PER_MILLE)
        .then(|| format!("{different} of {all} pixels differ"))
}

#[test]
fn pages_look_the_same() {
    let out = tempfile::tempdir().expect("a folder");
    let anatomy = super::anatomy();
    let letters = super::repository().join("tests/letters");
    for letters in [super::founding_letter(), letters, anatomy.path().to_path_buf()] {
        let arguments = format!("build --format png --ppi {PPI} -o {} -q", out.path().display());
        let output = super::run(&letters, &arguments);
        assert!(output.status.success(), "{}", super::stderr(&output));
    }
    let expected = super::repository().join("tests/pages");
    let names = |folder: &Path| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    if std::env::var_os("UPDATE_PAGES").is_some() {
        for name in names(&expected) {
            std::fs::remove_file(expected.join(name)).expect("an old picture");
        }
        for name in names(out.path()) {
            std::fs::copy(out.path().join(&name), expected.join(&name)).expect("a copy");
        }
    }
    assert_eq!(names(out.path()), names(&expected));
    for name in names(&expected) {
        let (found, expected) = (grey(&out.path().join(&name)), grey(&expected.join(&name)));
        assert_eq!(differing(&found, &expected), None, "{name:?}");
    }
}
