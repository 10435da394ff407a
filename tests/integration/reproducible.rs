//! The same input gives the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

/// All files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect()
}

const FORMATS: [&str; 7] = ["pdf", "png", "svg", "txt", "md", "html", "docx"];

#[test]
fn folder_time_zone_locale_and_jobs_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = Vec::new();
    for (index, (zone, locale, jobs)) in [
        ("UTC", "C", "1"),
        ("America/Mexico_City", "es_MX.UTF-8", "2"),
        ("Asia/Tokyo", "tr_TR", "8"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = folder.path().join("deep/".repeat(index)).join("remain-in-mexico-2021");
        super::copy(&super::founding_letter(), &place);
        let out = folder.path().join(format!("out-{index}"));
        let status = super::program(&place)
            .args(["build", "--jobs", jobs, "--pages", "1"])
            .args(FORMATS.iter().flat_map(|format| ["--format", format]))
            .arg("--out-dir")
            .arg(&out)
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .output()
            .expect("the program starts")
            .status;
        assert!(status.success());
        all.push(files(&out));
    }
    // Five languages in each format, and the edition in the three formats with pages.
    assert_eq!(all[0].len(), 5 * FORMATS.len() + 3);
    assert!(all[0] == all[1] && all[1] == all[2]);
}

#[test]
fn the_creation_date_can_be_given() {
    let folder = super::folder(&[("x/letter.toml", super::SMALL)]);
    let build = |epoch: Option<&str>, arguments: &str| {
        let mut program = super::program(folder.path());
        program.args(["build", "x", "-o", "-"]).args(arguments.split_whitespace());
        if let Some(epoch) = epoch {
            program.env("SOURCE_DATE_EPOCH", epoch);
        }
        program.output().expect("the program starts").stdout
    };
    let date = |pdf: &[u8]| {
        let document = lopdf::Document::load_mem(pdf).expect("a PDF");
        let info = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference);
        let info = document.get_dictionary(info.expect("a reference")).expect("a dictionary");
        let date = info.get(b"CreationDate").and_then(|date| date.as_str()).expect("a date");
        String::from_utf8_lossy(date).into_owned()
    };
    assert!(date(&build(None, "")).starts_with("D:20210824000000"));
    assert!(date(&build(Some("86400"), "")).starts_with("D:19700102000000"));
    assert!(date(&build(Some("0"), "--creation-timestamp 86461")).starts_with("D:19700102000101"));
}
