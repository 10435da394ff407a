//! One short letter in every built-in language: `tests/languages/letter.toml`. The first page in each
//! language is in `docs/languages`. `UPDATE_PAGES=1` makes the pictures anew: look at them. How the fonts for
//! Chinese, Japanese and Korean are made is in the letter.

use std::path::{Path, PathBuf};

use super::pages::{differing, grey};
use super::pdf::Pdf;
use super::{repository, run, stderr};

/// The resolution of the pictures: the text can be read.
const PPI: u32 = 80;

/// The folder of the letter.
fn letter() -> PathBuf {
    repository().join("tests/languages")
}

/// The names of the files in a folder without their extension, sorted.
fn stems(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let stem = |path: PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut stems: Vec<String> = files.map(|file| stem(file.expect("a file").path())).collect();
    stems.sort();
    stems
}

/// The tags of the built-in languages, sorted.
fn built_in() -> Vec<String> {
    stems(&repository().join("templates/lang"))
}

/// Every built-in language is in the letter, and nothing is wrong with any: not a word is missing, and its
/// text says what the original says.
#[test]
fn every_language_has_a_letter_without_a_fault() {
    let text = std::fs::read_to_string(letter().join("letter.toml")).expect("a letter");
    let written: toml::Table = toml::from_str(&text).expect("TOML");
    let languages = written["languages"].as_array().expect("a list");
    let mut tags: Vec<&str> = languages.iter().filter_map(toml::Value::as_str).collect();
    tags.sort_unstable();
    assert_eq!(tags, built_in());
    assert_eq!(stderr(&run(&letter(), "check -q --message-format short")), "");
}

/// What `new` writes is a letter without a fault in every language, but that it is a sample.
#[test]
fn a_new_letter_has_no_fault() {
    let (folder, fonts) = (super::folder(&[]), letter().join("fonts"));
    for tag in &built_in() {
        let check = format!("check {tag} -q --allow sample-text --font-path {}", fonts.display());
        for arguments in [format!("new {tag} --lang {tag} -q"), check] {
            let output = run(folder.path(), &arguments);
            assert_eq!((output.status.code(), stderr(&output)), (Some(0), String::new()), "{tag}");
        }
    }
}

/// The pictures in the docs are of today's pages, and both pages of the docs show all of them.
#[test]
fn the_gallery_shows_every_language() {
    let (gallery, out) =
        (repository().join("docs/languages"), tempfile::tempdir().expect("a folder"));
    let build = format!("build -f png --pages 1 --ppi {PPI} -q -o {}", out.path().display());
    let output = run(&letter(), &build);
    assert!(output.status.success(), "{}", stderr(&output));
    let shown = built_in();
    let update = std::env::var_os("UPDATE_PAGES").is_some();
    for tag in &shown {
        let page = grey(&out.path().join(format!("languages.{tag}.1.png")));
        let picture = gallery.join(format!("{tag}.png"));
        if update {
            write_grey(&picture, &page);
        }
        assert_eq!(differing(&page, &grey(&picture)), None, "{tag}: UPDATE_PAGES=1 makes it anew");
    }
    assert_eq!(stems(&gallery), shown);
    let number = built_in().len();
    for (docs, counted) in [
        ("docs/letter-format.md", format!("[{number} languages and variants]")),
        ("docs/es/formato-de-la-carta.md", format!("[{number} idiomas y variantes]")),
    ] {
        let text = std::fs::read_to_string(repository().join(docs)).expect("a page of the docs");
        assert!(text.contains(&counted), "{docs} does not say {counted}");
    }
    for docs in ["docs/languages.md", "docs/es/idiomas.md"] {
        let text = std::fs::read_to_string(repository().join(docs)).expect("a page of the docs");
        for tag in &shown {
            assert!(text.contains(&format!("`{tag}`")), "{docs}: {tag}");
            assert!(text.contains(&format!("languages/{tag}.png)")), "{docs}: {tag}");
        }
    }
}

/// Writes a picture in sixteen shades of grey, which makes it half as large.
fn write_grey(path: &Path, (width, values): &(u32, Vec<u8>)) {
    let file = std::fs::File::create(path).expect("a picture");
    let mut encoder = png::Encoder::new(file, *width, values.len() as u32 / width);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let shades: Vec<u8> = values.iter().map(|value| value / 17 * 17).collect();
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&shades)).expect("a PNG");
}

/// Whatever a tag has, PDF and web page are in the language as it is written.
#[test]
fn tags_are_as_they_are_written() {
    let tags = [
        "zh-Hant",
        "zh-Hant-HK",
        "es-419",
        "ca-ES-valencia",
        "nah-x-tepoz",
        "sr-Latn-RS",
        "de-CH-1901",
        "iw",
        "az-Arab-IR",
        "en-a-bbb-x-a-ccc",
        "qaa-Qaaa-QM-x-southern",
        "mis",
        "en-GB",
    ];
    let listed = tags.map(|tag| format!("\"{tag}\"")).join(", ");
    // Digits and Latin letters alone, which every font has.
    let words: String = ["zh", "zh-Hant", "zh-Hant-HK"]
        .map(|tag| {
            format!(
                "[words.{tag}.date]\npattern = \"{{day}} {{month}} {{year}}\"\nmonths = [{}]\n",
                "\"m\", ".repeat(12)
            )
        })
        .concat();
    let letter = format!(
        "languages = [{listed}]\ndate = 2026-03-09\ntitle = \"Water\"\nbody = \"Water and [agua](lang:pt-AO-abl1943).\"\n{words}"
    );
    let folder = super::folder(&[("x/letter.toml", &letter)]);
    let output = run(
        folder.path(),
        "build x -f pdf -f html -q -o . --allow missing-words --allow untranslated",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    for tag in tags {
        let pdf =
            Pdf(lopdf::Document::load(folder.path().join(format!("x.{tag}.pdf"))).expect("a PDF"));
        assert_eq!(pdf.string(pdf.catalog(), "Lang"), tag);
        assert!(pdf.has_passage_in("pt-AO-abl1943"), "{tag}");
        let web =
            std::fs::read_to_string(folder.path().join(format!("x.{tag}.html"))).expect("a page");
        let rtl = if ["iw", "az-Arab-IR"].contains(&tag) { " dir=\"rtl\"" } else { "" };
        assert!(web.contains(&format!("<html lang=\"{tag}\"{rtl}>")), "{tag}");
    }
}

/// Words that a language has from another are marked with that one, and its own are not.
#[test]
fn borrowed_words_say_their_language() {
    let letter = "languages = [\"es\", \"nhe\"]\ndate = 2026-03-09\nplace = \"Huejutla\"\nprevails = \"es\"\n\
                  title.es = \"Agua\"\ntitle.nhe = \"Atl\"\nbody.es = \"Pedimos agua.[^n]\\n\\n[^n]: Limpia.\"\n\
                  body.nhe = \"Tiktlajtlanij atl.[^n]\\n\\n[^n]: Chipauak.\"\nreceipt = true\n\
                  signatories = [{ name = \"Red\", country = \"MX\" }]\n\
                  [signature-block]\ngroup-by = \"country\"\n[[to]]\nname = \"Ana\"\n[[cc]]\nname = \"Luz\"\n\
                  [translation.nhe]\ncourtesy = true\n[words.nhe.labels]\nto = \"Itech:\"\nstamp = \"Machiyotl\"\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    let build = "build x -f pdf -f html -f txt -q -o . --lang nhe --allow missing-words";
    let output = run(folder.path(), build);
    assert!(output.status.success(), "{}", stderr(&output));
    let web = std::fs::read_to_string(folder.path().join("x.nhe.html")).expect("a page");
    for text in [
        "Con copia:",
        "9 de marzo de 2026",
        "México",
        "Acuse de recibo",
        "Recibió (nombre y firma):",
        "Traducción de cortesía. Prevalece la versión en español.",
    ] {
        assert!(web.contains(&format!("<span lang=\"es\">{text}</span>")), "{text}: {web}");
    }
    assert!(web.contains("<h2 id=\"notes\" lang=\"es\">Notas</h2>"), "{web}");
    for own in ["Itech:", "Machiyotl", "Huejutla", "Atl"] {
        assert!(web.contains(own) && !web.contains(&format!("<span lang=\"es\">{own}")), "{own}");
    }
    let pdf = Pdf(lopdf::Document::load(folder.path().join("x.nhe.pdf")).expect("a PDF"));
    assert_eq!(pdf.string(pdf.catalog(), "Lang"), "nhe");
    assert!(pdf.has_passage_in("es"));
    let text = std::fs::read_to_string(folder.path().join("x.nhe.txt")).expect("a text");
    assert!(
        text.contains("\nCon copia:\n") && text.contains("Huejutla, a 9 de marzo de 2026"),
        "{text}"
    );
}

/// A place in Latin letters does not draw the day to its side of a line that runs from right to left.
#[test]
fn a_place_in_latin_letters_leaves_the_date_whole() {
    let letter = "languages = [\"ar\", \"en\"]\ndate = 2026-03-09\nplace = \"Tijuana\"\ntitle.ar = \"الماء\"\n\
                  title.en = \"Water\"\nbody.ar = \"نطلب الماء.\"\nbody.en = \"We ask for water.\"\n\
                  signatories = [\"Red\"]\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    let output = run(folder.path(), "build x -f txt -q");
    assert!(output.status.success(), "{}", stderr(&output));
    let text = |tag: &str| {
        let path = folder.path().join(format!("out/x.{tag}.txt"));
        std::fs::read_to_string(path).expect("a text")
    };
    assert!(text("ar").contains("Tijuana\u{200f}، 9 مارس 2026"), "{}", text("ar"));
    assert!(text("en").contains("Tijuana, March 9, 2026"), "{}", text("en"));
}

/// The calendar and the digits of a tag are those of the date, of lists and notes, in every format.
#[test]
fn calendars_and_digits_are_those_of_the_tag() {
    let letter = "languages = [\"fa-u-ca-persian\", \"fa-u-nu-latn\"]\ndate = 2026-03-09\nplace = \"تهران\"\n\
                  title = \"آب\"\nbody = \"آب می‌خواهیم.[^n]\\n\\n1. آب\\n2. نان\\n\\n[^n]: آب پاک.\"\n\
                  enclosures = [\"عکس\"]\n";
    let folder = super::folder(&[("x/letter.toml", letter)]);
    let output =
        run(folder.path(), "build x -f pdf -f html -f txt -f md -q -o . --allow untranslated");
    assert!(output.status.success(), "{}", stderr(&output));
    let read = |tag: &str, format: &str| {
        let path = folder.path().join(format!("x.{tag}.{format}"));
        std::fs::read_to_string(path).expect("a file")
    };
    let (persian, latin) = ("fa-u-ca-persian", "fa-u-nu-latn");
    for format in ["html", "txt", "md"] {
        assert!(read(persian, format).contains("۱۸ اسفند ۱۴۰۴"), "{}", read(persian, format));
        assert!(read(latin, format).contains("9 مارس 2026"), "{}", read(latin, format));
    }
    for (tag, marks) in [(persian, ["[۱]", "۱. آب", "۲. نان"]), (latin, ["[1]", "1. آب", "2. نان"])]
    {
        let text = read(tag, "txt");
        assert!(marks.iter().all(|mark| text.contains(mark)), "{text}");
        let web = read(tag, "html");
        assert!(web.contains(&format!("<html lang=\"{tag}\" dir=\"rtl\">")), "{web}");
        assert_eq!(web.contains("symbols: \"۰\" \"۱\""), tag == persian, "{web}");
        let pdf = lopdf::Document::load(folder.path().join(format!("x.{tag}.pdf")));
        let pdf = Pdf(pdf.expect("a PDF"));
        assert_eq!(pdf.string(pdf.catalog(), "Lang"), tag);
    }
    // Markdown has only European numbers.
    assert!(read(persian, "md").contains("1. آب"), "{}", read(persian, "md"));
    // A letter that is made of one of them is dated in the same way.
    for (name, tag) in [("a", "fa-u-ca-persian"), ("b", "fa")] {
        let output = run(folder.path(), &format!("new {name} --from {tag}=x.{persian}.txt -q"));
        assert!(output.status.success(), "{}", stderr(&output));
        let made = std::fs::read_to_string(folder.path().join(name).join("letter.toml"));
        let made = made.expect("a letter");
        assert!(made.contains("languages = [\"fa-u-ca-persian\"]"), "{made}");
        assert!(made.contains("\ndate = 2026-03-09\n"), "{made}");
    }
}

/// A colon as wide as a character of East Asia has its space in itself.
#[test]
fn no_space_follows_a_wide_colon() {
    for (tag, line) in [("ja", "件名：三か所"), ("zh", "事由：三处"), ("zh-Hant", "主旨：三處")]
    {
        let out = tempfile::tempdir().expect("a folder");
        let build =
            format!("build -f txt -f md -f html -q --lang {tag} -o {}", out.path().display());
        let output = run(&letter(), &build);
        assert!(output.status.success(), "{}", stderr(&output));
        for (format, colon) in [("txt", "："), ("md", "**："), ("html", "：</strong>")] {
            let path = out.path().join(format!("languages.{tag}.{format}"));
            let text = std::fs::read_to_string(path).expect("a file");
            let line = line.replace('：', colon);
            assert!(text.contains(&line), "{line}: {text}");
            assert!(!text.contains("： "), "{text}");
        }
    }
}
