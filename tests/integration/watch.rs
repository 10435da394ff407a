//! `watch`, as seen by a browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{SMALL, folder, program, run, stderr, until, write};

/// A machine may be busy, but not this long.
const PATIENCE: Duration = Duration::from_mins(5);

/// A running `watch`, which is stopped when it is dropped.
struct Watch {
    child: Child,
    host: String,
    errors: Option<BufReader<std::process::ChildStderr>>,
}

impl Watch {
    fn start(folder: &Path, arguments: &str) -> Self {
        Self::spawn(program(folder).arg("watch").args(arguments.split_whitespace()))
    }

    fn spawn(command: &mut Command) -> Self {
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut url = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
        stdout.read_line(&mut url).expect("a line");
        let host = url.trim().strip_prefix("http://").and_then(|url| url.strip_suffix('/'));
        let host = host.unwrap_or_else(|| panic!("no address: {url:?}")).to_owned();
        let errors = child.stderr.take().map(BufReader::new);
        Self { child, host, errors }
    }

    /// The response to a request with additional headers, one per line.
    fn get(&self, path: &str, host: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n")
            .expect("a request");
        stream
    }

    fn status(&self, path: &str, host: &str, headers: &str) -> String {
        let mut line = String::new();
        BufReader::new(self.get(path, host, headers)).read_line(&mut line).expect("an answer");
        line.split(' ').nth(1).unwrap_or_default().to_owned()
    }

    fn body(&self, path: &str) -> String {
        let mut answer = String::new();
        self.get(path, &self.host, "").read_to_string(&mut answer).expect("an answer");
        answer.split_once("\r\n\r\n").expect("a head and a body").1.to_owned()
    }

    fn events(&self) -> Events {
        Events(BufReader::new(self.get("/events", &self.host, "")))
    }

    /// The next line on standard error that summarizes a build.
    fn summary(&mut self) -> String {
        let errors = self.errors.as_mut().expect("standard error");
        let mut line = String::new();
        while !line.contains(" ms: ") {
            line.clear();
            assert_ne!(errors.read_line(&mut line).expect("a line"), 0, "the program ended");
        }
        line
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It may have ended on its own.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The events sent to a browser.
struct Events(BufReader<TcpStream>);

impl Events {
    /// The next preview that satisfies the condition. Earlier ones may be of a half-written file.
    fn until(&mut self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = String::new();
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line);
            assert!(read.is_ok_and(|count| count > 0), "never {what}; the last was {last}");
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let preview: Value = serde_json::from_str(data).expect("JSON");
            if is_so(&preview) {
                return preview;
            }
            last = line;
        }
    }

    fn until_text(&mut self, text: &str) -> Value {
        self.until(text, |preview| texts(preview, 0).iter().any(|source| source.contains(text)))
    }
}

/// Replaces a file at once. The program may see the moment in which a file that is written in place is
/// empty.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    write(&new, text);
    std::fs::rename(new, path).expect("renamed");
}

fn texts(preview: &Value, language: usize) -> Vec<String> {
    let sources = preview["languages"][language]["sources"].as_array();
    let text = |source: &Value| source["text"].as_str().unwrap_or_default().to_owned();
    sources.map(|sources| sources.iter().map(text).collect()).unwrap_or_default()
}

fn is_current(preview: &Value) -> bool {
    let languages = preview["languages"].as_array().expect("languages");
    let current = languages.iter().all(|language| language["current"] == true);
    !languages.is_empty() && current && preview["pending"] == false
}

/// A letter in two languages, with a file of each kind that a letter can use.
fn letter() -> tempfile::TempDir {
    folder(&[
        (
            "x/letter.toml",
            "template = \"ours.typ\"\nlanguages = [\"en\", \"es\"]\ndate = 2021-08-24\ntitle.en = \"Water\"\n\
             title.es = \"Agua\"\nbody.en = { file = \"body.en.md\" }\nbody.es = { file = \"body.es.md\" }\n\
             signatories = [{ file = \"form.csv\" }]\n",
        ),
        ("x/body.en.md", "We ask for water.\n\nWe ask again.\n"),
        ("x/body.es.md", "Pedimos agua.\n\nPedimos otra vez.\n"),
        ("x/form.csv", "name\nRed del Agua\n"),
        (
            "x/ours.typ",
            "#import \"parts.typ\": *\n#let letter(letter) = { letter.body; signature-block(letter) }\n",
        ),
    ])
}

#[test]
fn a_draft_is_shown_with_its_mark() {
    let folder = letter();
    let shown = |arguments: &str| {
        let watch = Watch::start(folder.path(), arguments);
        watch.events().until("set", is_current)
    };
    let (delivery, draft) = (shown("x"), shown("x --draft"));
    let drawing = |preview: &Value| preview["languages"][0]["pages"][0]["drawing"].to_string();
    assert_ne!(drawing(&delivery), drawing(&draft));
    // The mark is not a text of the letter that a click could lead to.
    assert_eq!(texts(&delivery, 0), texts(&draft, 0));
}

#[test]
fn every_change_of_a_file_is_shown() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let watch = Watch::start(folder.path(), "x");
    let mut events = watch.events();
    let first = events.until("set", is_current);
    assert_eq!(first["languages"][0]["tag"], "en");
    assert_eq!(first["languages"][1]["tag"], "es");
    assert_eq!(first["problems"], Value::Array(Vec::new()));
    let drawing = |preview: &Value| preview["languages"][0]["pages"][0]["drawing"].to_string();
    let name = drawing(&first).trim_matches('"').to_owned();
    assert!(watch.body(&format!("/pages/{name}.svg")).starts_with("<svg"));

    // A file edited in place, and one replaced by an editor.
    write(&at("body.en.md"), "We ask for water.\n\nWe insist.\n");
    let edited = events.until_text("We insist.");
    assert_ne!(drawing(&edited), drawing(&first));
    assert_eq!(edited["languages"][1], first["languages"][1], "the other language stays as it was");
    write(&at(".body.en.md.swp"), "We ask for water.\n\nWe demand.\n");
    std::fs::rename(at(".body.en.md.swp"), at("body.en.md")).expect("renamed");
    let edited = events.until_text("We demand.");
    let sources = edited["languages"][0]["sources"].as_array().expect("sources");
    let source = sources.iter().find(|source| source["text"] == "We demand.").expect("a source");
    assert_eq!(source["file"], "x/body.en.md");
    assert_eq!((&source["line"], &source["column"]), (&3.into(), &1.into()));

    write(&at("form.csv"), "name\nRed del Agua\nCasa Arcoíris\n");
    let edited = events.until_text("Casa Arcoíris");
    // The same part of the letter has the same name in both languages.
    let parts = |language: usize| {
        let spots = edited["languages"][language]["spots"].as_array().expect("spots");
        let parts = spots.iter().map(|spot| spot["part"].as_str().unwrap_or_default().to_owned());
        parts.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(parts(0), parts(1));
    let marks = edited["languages"][0]["marks"].as_array().expect("marks");
    let marks: Vec<_> =
        marks.iter().map(|mark| mark["part"].as_str().unwrap_or_default()).collect();
    assert_eq!(marks, ["body/0", "body/1", "signatories"]);

    // A template, and the parts that were built in until now.
    let template = std::fs::read_to_string(at("ours.typ")).expect("a template");
    write(&at("ours.typ"), &template.replace("letter.body", "[Printed by ours.]; letter.body"));
    events.until_text("Printed by ours.");
    write(&at("parts.typ"), "#let signature-block(letter) = [Our own parts.]\n");
    events.until_text("Our own parts.");
}

#[test]
fn a_failed_build_keeps_the_last_good_pages() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let watch = Watch::start(folder.path(), "x");
    let mut events = watch.events();
    let good = events.until("set", is_current);

    // An error in one language does not affect the other.
    replace(&at("body.es.md"), "Pedimos agua.\n\n<b>Pedimos</b> otra vez.\n");
    let failed = events.until("wrong", |preview| preview["problems"][0]["code"] == "raw-html");
    let problem = &failed["problems"][0];
    assert_eq!(problem["file"], "x/body.es.md");
    assert_eq!((&problem["line"], &problem["column"]), (&3.into(), &1.into()));
    let line = serde_json::json!(
        [{ "line": 3, "before": "", "marked": "<b>", "after": "Pedimos</b> otra vez." }]
    );
    assert_eq!(problem["excerpt"], line);
    // The pages are from before, where these words are not.
    assert_eq!(problem["marks"], Value::Array(Vec::new()));
    assert_eq!(failed["languages"][0]["current"], true);
    assert_eq!(failed["languages"][1]["current"], false);
    assert_eq!(failed["languages"][1]["pages"], good["languages"][1]["pages"]);
    let kept = failed["languages"][1]["pages"][0]["drawing"].as_str().expect("a drawing");
    assert_eq!(watch.status(&format!("/pages/{kept}.svg"), &watch.host, ""), "200");

    // Pages without an error stay; those with an error are not updated, whatever the edit.
    replace(&at("body.es.md"), "Pedimos más.\n\n<b>Pedimos</b> otra vez.\n");
    replace(&at("body.en.md"), "We ask for more.\n\nWe ask again.\n");
    let failed = events.until_text("We ask for more.");
    assert_eq!(failed["languages"][1]["pages"], good["languages"][1]["pages"]);

    // The letter itself is deleted, and restored.
    let spec = std::fs::read_to_string(at("letter.toml")).expect("a letter");
    std::fs::remove_file(at("letter.toml")).expect("removed");
    let gone = events.until("gone", |preview| preview["problems"][0]["code"] == "missing-file");
    assert_eq!(gone["languages"].as_array().map(Vec::len), Some(2));
    replace(&at("body.es.md"), "Pedimos agua.\n\nPedimos siempre.\n");
    replace(&at("letter.toml"), &spec);
    let mended = events.until("mended", is_current);
    assert_eq!(mended["problems"], Value::Array(Vec::new()));
    assert!(texts(&mended, 1).contains(&"Pedimos siempre.".to_owned()));
}

/// The rectangle of a mark or a spot: its left, upper, right and lower edge.
fn edges(rectangle: &Value) -> [f64; 4] {
    let [x, y, width, height] =
        ["x", "y", "width", "height"].map(|edge| rectangle[edge].as_f64().expect("a number"));
    [x, y, x + width, y + height]
}

/// The rectangles of the texts of a language whose source contains a text.
fn spots(preview: &Value, language: usize, text: &str) -> Vec<[f64; 4]> {
    let language = &preview["languages"][language];
    let spots = language["spots"].as_array().expect("spots").iter();
    let is = |spot: &&Value| {
        let source = spot["source"].as_u64().expect("a number") as usize;
        language["sources"][source]["text"].as_str().is_some_and(|source| source.contains(text))
    };
    spots.filter(is).map(edges).collect()
}

#[test]
fn the_words_of_a_problem_are_marked_and_not_its_paragraph() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let long = "Many of us have written to you about this before, and nobody has replied. ";
    write(&at("body.en.md"), &format!("{long}There are **500** of us.\n\nWe ask [again]().\n"));
    let long = "Muchas de nosotras le hemos escrito antes sobre esto, y nadie ha respondido. ";
    write(&at("body.es.md"), &format!("{long}Somos **600** personas.\n\nPedimos otra vez.\n"));
    let watch = Watch::start(folder.path(), "x");
    let preview = watch.events().until("set", is_current);
    let problem = |code: &str| {
        let problems = preview["problems"].as_array().expect("problems");
        let found = problems.iter().find(|problem| problem["code"] == code);
        found.unwrap_or_else(|| panic!("no {code}: {problems:?}"))
    };
    // "600" in Spanish, and "500" in the original, which it is compared with.
    let numbers = problem("parity-numbers");
    let line = &numbers["excerpt"][0];
    assert_eq!((&line["line"], &line["marked"]), (&1.into(), &"600".into()), "{line}");
    assert!(line["before"].as_str().is_some_and(|text| text.starts_with('…')), "{line}");
    for (marks, language, tag, number) in
        [(&numbers["marks"], 1, "es", "600"), (&numbers["related_marks"][0], 0, "en", "500")]
    {
        assert_eq!(marks.as_array().map(Vec::len), Some(1), "{marks}");
        assert_eq!(marks[0]["tag"], tag);
        let [spot] = spots(&preview, language, number)[..] else { panic!("one text: {number}") };
        let mark = edges(&marks[0]);
        let near = mark.iter().zip(spot).all(|(one, other)| (one - other).abs() < 0.1);
        assert!(near, "{mark:?} is not {spot:?}");
    }
    // Words inside a text: less than all of it, and on the same line.
    let link = problem("placeholder-link");
    let mark = edges(&link["marks"][0]);
    let line = spots(&preview, 0, "again");
    assert!(
        line.iter().any(|[left, upper, right, lower]| {
            mark[0] >= left - 0.1
                && mark[2] <= right + 0.1
                && mark[1] >= upper - 0.1
                && mark[3] <= lower + 0.1
        }),
        "{mark:?} is in none of {line:?}"
    );
    assert!(mark[2] - mark[0] < 40.0, "{mark:?} is more than a word");
    assert!(link["meaning"].as_str().is_some_and(|text| !text.is_empty()));
}

/// An address is not printed, but the words that lead to it are.
#[test]
fn the_words_of_a_link_are_marked_for_its_address() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let spec = std::fs::read_to_string(at("letter.toml")).expect("a letter");
    write(&at("letter.toml"), &format!("{spec}[links]\nlake = \"\"\n"));
    write(&at("body.en.md"), "We ask for [water][lake].\n\nWe ask again.\n");
    write(&at("body.es.md"), "Pedimos [agua][lake].\n\nPedimos otra vez.\n");
    let watch = Watch::start(folder.path(), "x");
    let preview = watch.events().until("set", is_current);
    let problem = &preview["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["file"]),
        (&"placeholder-link".into(), &"x/letter.toml".into())
    );
    let marks = problem["marks"].as_array().expect("marks");
    let tags: Vec<&str> = marks.iter().filter_map(|mark| mark["tag"].as_str()).collect();
    assert_eq!(tags, ["en", "es"]);
    for (language, word) in [(0, "water"), (1, "agua")] {
        let [spot] = spots(&preview, language, word)[..] else { panic!("one text: {word}") };
        let mark = edges(&marks[language]);
        let near = mark.iter().zip(spot).all(|(one, other)| (one - other).abs() < 0.1);
        assert!(near, "{mark:?} is not {spot:?}");
    }
}

#[test]
fn what_is_not_translated_is_marked_in_the_original() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let replies = "Nobody has replied to what 41 of our organizations wrote on 3 May 2020.";
    write(&at("body.en.md"), &format!("We ask for water.\n\n{replies}\n\nWe ask again.\n"));
    write(&at("body.es.md"), "Pedimos agua.\n\nPedimos otra vez.\n");
    let missing = |arguments: &str| {
        let watch = Watch::start(folder.path(), arguments);
        watch.events().until("set", is_current)
    };
    let preview = missing("x");
    let untranslated = preview["untranslated"].as_array().expect("a list");
    assert_eq!(untranslated.len(), 1, "{untranslated:?}");
    assert_eq!(untranslated[0]["langs"], serde_json::json!(["es"]));
    let marks = untranslated[0]["marks"].as_array().expect("marks");
    assert_eq!(marks.len(), 1);
    assert_eq!(marks[0]["tag"], "en");
    let [text] = spots(&preview, 0, "Nobody has replied")[..] else { panic!("one text") };
    assert_eq!(edges(&marks[0]), text);
    // Whoever does not want to know is not told.
    assert_eq!(missing("x --allow parity-structure")["untranslated"], Value::Array(Vec::new()));
}

#[test]
fn the_pdf_and_its_draft_can_be_downloaded() {
    let folder = letter();
    assert!(run(folder.path(), "build x -o out").status.success());
    assert!(run(folder.path(), "build x -o out --draft").status.success());
    let watch = Watch::start(folder.path(), "x");
    let mut events = watch.events();
    events.until("set", is_current);
    let get = |path: &str| {
        let mut answer = Vec::new();
        watch.get(path, &watch.host, "").read_to_end(&mut answer).expect("an answer");
        let end = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("a head");
        (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
    };
    for (path, file) in [("/pdf/es.pdf", "x.es.pdf"), ("/draft/es.pdf", "x.es.draft.pdf")] {
        let (head, data) = get(path);
        assert!(head.contains("Content-Type: application/pdf"), "{head}");
        assert!(head.contains("Content-Disposition: attachment"), "{head}");
        let built = std::fs::read(folder.path().join("out").join(file)).expect("a PDF");
        assert!(data == built, "{path} is not what `build` makes");
        let foreign = watch.status(path, &watch.host, "Sec-Fetch-Site: cross-site\r\n");
        assert_eq!(foreign, "403", "{path}");
    }
    assert_eq!(watch.status("/pdf/fr.pdf", &watch.host, ""), "404");
    // With an error, there is none; the other language has its own.
    replace(&folder.path().join("x/body.es.md"), "Pedimos agua.\n\n<b>Pedimos</b> otra vez.\n");
    events.until("wrong", |preview| preview["problems"][0]["code"] == "raw-html");
    assert_eq!(watch.status("/pdf/es.pdf", &watch.host, ""), "404");
    assert_eq!(watch.status("/pdf/en.pdf", &watch.host, ""), "200");
}

/// Of a draft that cannot be made, a browser says nothing but that. The terminal says why.
#[test]
fn it_is_told_why_a_draft_cannot_be_downloaded() {
    // A mark that prints nothing cannot be typeset.
    let letter = format!("{SMALL}[labels]\ndraft = \"\\u2060\"\n");
    let folder = folder(&[("x/letter.toml", &letter)]);
    let mut watch = Watch::start(folder.path(), "x --message-format short");
    watch.events().until("set", is_current);
    assert_eq!(watch.status("/pdf/en.pdf", &watch.host, ""), "200");
    watch.summary();
    assert_eq!(watch.status("/draft/en.pdf", &watch.host, ""), "404");
    let mut line = String::new();
    watch.errors.as_mut().expect("standard error").read_line(&mut line).expect("a line");
    assert!(line.contains("error[template]: the draft mark cannot be printed"), "{line}");
}

/// The tags of the languages and editions shown, in order.
fn tags(preview: &Value) -> Vec<&str> {
    let languages = preview["languages"].as_array().expect("languages");
    languages.iter().map(|language| language["tag"].as_str().expect("a tag")).collect()
}

/// The parts that begin on the pages of a language, each with its language, if any.
fn marks(preview: &Value, language: usize) -> Vec<(&str, Option<&str>)> {
    let marks = preview["languages"][language]["marks"].as_array().expect("marks");
    marks
        .iter()
        .map(|mark| (mark["part"].as_str().expect("a part"), mark["lang"].as_str()))
        .collect()
}

#[test]
fn an_edition_is_shown_beside_its_languages() {
    let folder = letter();
    let at = |name: &str| folder.path().join("x").join(name);
    let spec = std::fs::read_to_string(at("letter.toml")).expect("a letter");
    let spec = spec.replace("template = \"ours.typ\"\n", "");
    let edition = |layout: &str| {
        replace(&at("letter.toml"), &format!("edition = \"{layout}\"\n{spec}"));
    };
    edition("parallel");
    let mut watch = Watch::start(folder.path(), "x");
    let mut events = watch.events();
    let good = events.until("set", is_current);
    assert_eq!(tags(&good), ["en", "es", "en+es"]);
    assert_eq!(good["problems"], Value::Array(Vec::new()));
    let summary = watch.summary();
    assert!(summary.contains(" ms: en 1 page, es 1 page, en+es 1 page; no errors"), "{summary}");

    // Each paragraph leads to its own source, and has the same name as in its own language.
    let language = &good["languages"][2];
    let spots = language["spots"].as_array().expect("spots");
    let paragraph = |part: &str| -> Vec<(String, String)> {
        let spots = spots.iter().filter(|spot| spot["part"] == part);
        let source = |spot: &Value| {
            let source = &language["sources"][spot["source"].as_u64().expect("a number") as usize];
            (format!("{} {}", source["file"], source["line"]), spot["lang"].to_string())
        };
        spots.map(source).collect()
    };
    let source = |file: &str, line: usize| format!("\"x/{file}\" {line}");
    for (part, line) in [("body/0", 1), ("body/1", 3)] {
        let expected = [("body.en.md", "\"en\""), ("body.es.md", "\"es\"")]
            .map(|(file, lang)| (source(file, line), lang.to_owned()));
        assert_eq!(paragraph(part), expected);
    }
    // Rows contain both languages, so the parts of both begin at the same place.
    let rows = ["title", "body/0", "body/1", "signatories"].map(|part| (part, None));
    assert_eq!(marks(&good, 2), rows);

    // An error in one language does not affect the other, but it does affect the edition.
    replace(&at("body.es.md"), "Pedimos agua.\n\n<b>Pedimos</b> otra vez.\n");
    let current = |preview: &Value| -> Vec<bool> {
        let languages = preview["languages"].as_array().expect("languages");
        languages.iter().map(|language| language["current"] == true).collect()
    };
    let failed = events.until("wrong", |preview| preview["problems"][0]["code"] == "raw-html");
    assert_eq!(tags(&failed), ["en", "es", "en+es"]);
    assert_eq!(current(&failed), [true, false, false]);
    assert_eq!(failed["languages"][2]["pages"], good["languages"][2]["pages"]);

    // If two bodies do not fit side by side, the problem belongs to neither of them alone.
    replace(&at("body.es.md"), "Pedimos agua.\n");
    let failed = events
        .until("misaligned", |preview| preview["problems"][0]["code"] == "misaligned-edition");
    assert_eq!(failed["problems"].as_array().map(Vec::len), Some(1), "{}", failed["problems"]);
    assert_eq!(failed["problems"][0]["lang"], "en+es");
    assert_eq!(current(&failed), [true, true, false]);
    assert_eq!(failed["languages"][2]["pages"], good["languages"][2]["pages"]);

    // One after the other, each language is a separate letter with its own names.
    edition("consecutive");
    let followed = events.until("consecutive", is_current);
    assert_eq!(followed["languages"][2]["pages"].as_array().map(Vec::len), Some(2));
    let one = |lang| ["title", "body/0", "body/1", "signatories"].map(|part| (part, Some(lang)));
    let (en, mut es) = (one("en").to_vec(), one("es").to_vec());
    es.remove(2);
    assert_eq!(marks(&followed, 2), [en, es].concat());

    // Without an edition, none is shown.
    replace(&at("letter.toml"), &spec);
    assert_eq!(tags(&events.until("gone", |preview| tags(preview).len() < 3)), ["en", "es"]);
}

#[test]
fn only_the_edition_is_shown_if_requested() {
    let folder = letter();
    let path = folder.path().join("x/letter.toml");
    let spec = std::fs::read_to_string(&path).expect("a letter");
    write(&path, &format!("edition = \"consecutive\"\n{spec}"));
    for (asked, shown) in [("en+es", "en+es"), ("es", "es")] {
        let watch = Watch::start(folder.path(), &format!("x --lang {asked}"));
        assert_eq!(tags(&watch.events().until("set", is_current)), [shown]);
    }
}

#[test]
fn what_is_missing_is_shown_when_it_comes() {
    let letter = SMALL.replace("\"Text.\"", "{ file = \"later/body.md\" }");
    let folder = folder(&[("x/letter.toml", &letter)]);
    let watch = Watch::start(folder.path(), "x");
    let mut events = watch.events();
    let missing =
        events.until("missing", |preview| preview["problems"][0]["code"] == "missing-file");
    assert_eq!(missing["languages"], Value::Array(Vec::new()));
    write(&folder.path().join("x/later/body.md"), "Here at last.");
    events.until_text("Here at last.");
}

#[test]
fn folders_of_signatories_and_fonts_are_watched() {
    let letter = format!("signatories = [{{ dir = \"signers\" }}]\n{SMALL}");
    let folder =
        folder(&[("x/letter.toml", &letter), ("x/signers/a.toml", "name = \"Red del Agua\"\n")]);
    std::fs::create_dir(folder.path().join("fonts")).expect("a folder");
    let mut watch = Watch::start(folder.path(), "x --font-path fonts");
    let mut events = watch.events();
    events.until("set", is_current);
    write(&folder.path().join("x/signers/b.toml"), "name = \"Casa Arcoíris\"\n");
    events.until_text("\"Casa Arcoíris\"");
    watch.summary();
    watch.summary();
    // A font that changes nothing on the page still triggers a build.
    let font = super::repository().join("fonts/dejavu-sans-mono/DejaVuSansMono.ttf");
    std::fs::copy(font, folder.path().join("fonts/mono.ttf")).expect("a font");
    watch.summary();
}

/// Violations of the PDF standards are reported too: a preview without errors can be built.
#[test]
fn pdf_standards_are_checked() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let bare = "#let letter(letter) = { set document(title: none); letter.body }\n";
    write(&folder.path().join("x/ours.typ"), bare);
    write(&folder.path().join("x/letter.toml"), &format!("template = \"ours.typ\"\n{SMALL}"));
    let check = run(folder.path(), "check x --message-format short");
    let watch = Watch::start(folder.path(), "x");
    let expected = stderr(&check);
    let preview = watch.events().until("checked", |preview| {
        let problems = preview["problems"].as_array().expect("problems");
        problems.len() == expected.lines().count()
    });
    for (problem, line) in
        preview["problems"].as_array().expect("problems").iter().zip(expected.lines())
    {
        assert!(line.contains(problem["message"].as_str().expect("a message")), "{line}");
    }
}

#[test]
fn only_the_preview_is_served_and_only_here() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let watch = Watch::start(folder.path(), "x");
    let (host, port) = (watch.host.as_str(), watch.host.split(':').nth(1).expect("a port"));
    assert!(host.starts_with("127.0.0.1:"), "{host}");
    for path in ["/", "/preview.js", "/preview.css", "/icon.svg"] {
        assert_eq!(watch.status(path, host, ""), "200", "{path}");
        assert_eq!(watch.status(path, &format!("localhost:{port}"), ""), "200", "{path}");
    }
    for path in ["/letter.toml", "/x/letter.toml", "/../x/letter.toml", "/pages/0.svg"] {
        assert_eq!(watch.status(path, host, ""), "404", "{path}");
    }
    for path in ["/", "/events", "/preview.js"] {
        assert_eq!(watch.status(path, &format!("evil.example:{port}"), ""), "421", "{path}");
        assert_eq!(watch.status(path, host, "Origin: http://evil.example\r\n"), "403", "{path}");
        assert_eq!(watch.status(path, host, "Sec-Fetch-Site: cross-site\r\n"), "403", "{path}");
    }
    let page = {
        let mut answer = String::new();
        watch.get("/", host, "").read_to_string(&mut answer).expect("an answer");
        answer
    };
    assert!(
        page.contains("Content-Security-Policy: default-src 'none'; script-src 'self'"),
        "{page}"
    );
}

#[test]
fn a_line_summarizes_each_build() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let mut watch = Watch::start(folder.path(), "x");
    let first = watch.summary();
    assert!(first.ends_with(" ms: en 1 page; no errors, no warnings\n"), "{first}");
    replace(&folder.path().join("x/letter.toml"), &SMALL.replace("Text.", "Text <b>."));
    let failed = watch.summary();
    assert!(failed.ends_with(" ms: en 1 page from before; 1 error, no warnings\n"), "{failed}");
    drop(watch);
    let mut watch = Watch::start(folder.path(), "x --ui-lang es");
    let spanish = watch.summary();
    assert!(
        spanish.ends_with(" ms: en 1 página con un error; 1 error, sin advertencias\n"),
        "{spanish}"
    );
    assert!(watch.body("/").contains("<html lang=\"es\">"));
}

#[test]
fn it_takes_one_letter() {
    let folder = folder(&[("a/letter.toml", SMALL), ("b/letter.toml", SMALL)]);
    for arguments in ["watch", "watch a b", "watch -", "watch nowhere", "watch a --port 0"] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(2), "{arguments}");
    }
    let watch = Watch::start(folder.path(), "a");
    let port = watch.host.split(':').nth(1).expect("a port");
    let taken = run(folder.path(), &format!("watch b --port {port}"));
    assert_eq!(taken.status.code(), Some(2));
    assert!(stderr(&taken).contains(&format!("on port {port}")), "{}", stderr(&taken));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it() {
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let mut watch = Watch::start(folder.path(), "x");
    watch.summary();
    until("interrupts are caught", || super::minds_interrupts(watch.child.id()));
    let interrupt = Command::new("kill").args(["-INT", &watch.child.id().to_string()]).status();
    assert!(interrupt.expect("kill").success());
    assert_eq!(watch.child.wait().expect("it ends").code(), Some(130));
}

/// `--open` passes the address to the program that opens addresses on a Linux desktop.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("x/letter.toml", SMALL)]);
    let opener = folder.path().join("bin/xdg-open");
    let opened = folder.path().join("opened");
    write(
        &opener,
        &format!("#!/bin/sh\necho \"$1\" > '{0}.part' && mv '{0}.part' '{0}'\n", opened.display()),
    );
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).expect("a program");
    let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
    let mut command = program(folder.path());
    let watch = Watch::spawn(command.args(["watch", "x", "--open"]).env("PATH", path));
    until("the address is opened", || opened.exists());
    let url = std::fs::read_to_string(&opened).expect("an address");
    assert_eq!(url.trim(), format!("http://{}/", watch.host));
}

/// What a browser may send has limits, as `docs/limits.md` says.
#[test]
fn requests_and_connections_are_limited() {
    let page = std::fs::read_to_string(super::repository().join("docs/limits.md")).expect("a page");
    assert!(page.contains("answers 64 connections") && page.contains("at most 16,384 bytes"));
    let folder = folder(&[("a/letter.toml", SMALL)]);
    let watch = Watch::start(folder.path(), "a");
    let padded = |size: usize| {
        let without =
            format!("GET / HTTP/1.1\r\nHost: {}\r\nX: \r\nConnection: close\r\n\r\n", watch.host);
        format!("X: {}\r\n", "x".repeat(size - without.len()))
    };
    assert_eq!(watch.status("/", &watch.host, &padded(16_384)), "200");
    assert_eq!(watch.status("/", &watch.host, &padded(16_385)), "400");

    // Connections that nobody closes, and one more. Those before may not have ended.
    let watch = Watch::start(folder.path(), "a");
    let mut open: Vec<Events> = (0..64).map(|_| watch.events()).collect();
    open.iter_mut().for_each(|events| drop(events.until("shown", |_| true)));
    let mut one_more = TcpStream::connect(&watch.host).expect("a connection");
    one_more.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    assert_eq!(one_more.read(&mut [0]).expect("it is closed"), 0);
}
