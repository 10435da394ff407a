//! Letters that services print and post: each built-in service takes a letter that keeps its rules, and refuses
//! one that breaks them.

use super::{folder, run, stderr};

/// The built-in services, and the most pages of those that take few.
const SERVICES: &[(&str, Option<usize>)] = &[
    ("digipost", Some(14)),
    ("epost", None),
    ("lob", None),
    ("notify", Some(10)),
    ("pingen", None),
    ("pingen-registered", None),
    ("postalmethods", None),
    ("swiss-post", None),
    ("swiss-post-right", None),
];

/// A letter with as many lines of an address, and these lines in `[page]`.
fn letter(lines: usize, body: &str, page: &str) -> String {
    let all = ["Department of Culture", "2 Market Street", "Second Floor", "Kassel", "Hesse"];
    let address: Vec<String> = all[..lines - 1].iter().map(|line| format!("{line:?}")).collect();
    format!(
        "template = \"formal\"\nlanguages = [\"en-GB\"]\ndate = 2026-11-29\nplace = \"Kassel\"\n\
         title = \"Renewal\"\nbody = {body:?}\nclosing = \"Yours sincerely,\"\nsignatories = [\"House\"]\n\
         [from]\norganization = \"House e. V.\"\naddress = [\"2 Mill Lane\", \"34117 Kassel\"]\n\
         [[to]]\nname = \"Ms. Ute Brandt\"\naddress = [{}]\n[page]\n{page}\n",
        address.join(", ")
    )
}

/// The codes of a check, and its exit status.
fn check(files: &[(&str, &str)]) -> (Vec<String>, Option<i32>) {
    let folder = folder(files);
    let output = run(folder.path(), "check x --message-format json");
    let text = stderr(&output);
    let codes = text.lines().filter_map(|line| {
        let problem: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(problem["code"].as_str()?.to_owned())
    });
    (codes.collect(), output.status.code())
}

#[test]
fn each_service_takes_what_keeps_its_rules() {
    for (service, _) in SERVICES {
        let page = format!("print-service = \"{service}\"");
        for lines in [1, 3, 5] {
            let letter = letter(lines, "We ask to keep the room.", &page);
            let found = check(&[("x/letter.toml", &letter)]);
            assert_eq!(found, (Vec::new(), Some(0)), "{service}, {lines} lines");
        }
        // The heads of the other pages too.
        let body = "We ask to keep the room on Thursdays, from six to nine.\n\n".repeat(60);
        let found = check(&[("x/letter.toml", &letter(4, &body, &page))]);
        assert_eq!(found, (Vec::new(), Some(0)), "{service}, pages");
    }
}

#[test]
fn each_service_refuses_what_breaks_its_rules() {
    for (service, most) in SERVICES {
        let named = format!("print-service = \"{service}\"");
        let body = "We ask to keep the room.";
        let edges = letter(3, body, &format!("{named}\nmargin = \"0.5mm\""));
        let (codes, status) = check(&[("x/letter.toml", &edges)]);
        assert!(codes.contains(&"print-zone".to_owned()), "{service}: {codes:?}");
        assert_eq!(status, Some(1));

        let paper = letter(3, body, &format!("{named}\npaper = \"a5\""));
        let (codes, _) = check(&[("x/letter.toml", &paper)]);
        assert!(codes.contains(&"invalid-value".to_owned()), "{service}: {codes:?}");

        if let Some(most) = most {
            let body =
                "# A page\n\n".to_owned() + &"We ask to keep the room.\n\n".repeat(most * 40);
            let (codes, _) = check(&[("x/letter.toml", &letter(3, &body, &named))]);
            assert_eq!(codes, ["print-zone"], "{service}");
        }
        // A letterhead that reaches into the postage.
        if ["pingen", "pingen-registered", "notify", "epost"].contains(service) {
            let high = letter(3, body, &named).replace(
                "organization = \"House e. V.\"",
                &format!("organization = \"House{}\"", "\\nof many names".repeat(12)),
            );
            let (codes, _) = check(&[("x/letter.toml", &high)]);
            assert!(codes.contains(&"print-zone".to_owned()), "{service}: {codes:?}");
        }
        let address = "address = [\"A\", \"B\", \"C\", \"D\", \"E\", \"F\", \"G\", \"H\", \"I\", \"J\", \"K\", \"L\"]";
        if !["digipost", "lob"].contains(service) {
            let long = letter(1, body, &named).replace("address = []", address);
            let (codes, _) = check(&[("x/letter.toml", &long)]);
            assert!(codes.contains(&"address-overflow".to_owned()), "{service}: {codes:?}");
        }
        if ["lob", "swiss-post", "swiss-post-right"].contains(service) {
            let standard = letter(3, body, &named) + "[pdf]\nstandard = [\"a-2b\"]\n";
            let (codes, _) = check(&[("x/letter.toml", &standard)]);
            assert_eq!(codes, ["pdf-standard"], "{service}");
        }
    }
}

/// What stands where a service prints is shown in pages that draw its zones.
#[test]
fn zones_are_drawn_even_if_they_are_broken() {
    let ours = "paper = \"a4\"\nempty = [{ x = \"0mm\", y = \"0mm\", width = \"210mm\", height = \"90mm\" }]\n";
    let letter = letter(3, "We ask to keep the room.", "print-service = \"ours.toml\"");
    let folder = folder(&[("x/letter.toml", &letter), ("x/ours.toml", ours)]);
    let output = run(folder.path(), "build x -f png");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error[print-zone]"), "{}", stderr(&output));
    let output = run(folder.path(), "build x -f png --show-window");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("warning[print-zone]"), "{}", stderr(&output));
}

/// The limits of a file, and where the address is for a service and an envelope together.
#[test]
fn a_service_may_be_a_file() {
    let body = "We ask to keep the room.";
    let with = |rules: &str, page: &str| {
        let letter = letter(4, body, &format!("print-service = \"ours.toml\"\n{page}"));
        check(&[("x/letter.toml", &letter), ("x/ours.toml", rules)])
    };
    assert_eq!(with("paper = \"a4\"\n", ""), (Vec::new(), Some(0)));
    assert_eq!(with("paper = \"a4\"\nbytes = 100\n", ""), (vec!["print-zone".into()], Some(1)));
    let low = "paper = \"a4\"\nwindow = { x = \"20mm\", y = \"200mm\", width = \"85mm\", height = \"40mm\" }\n";
    assert_eq!(with(low, "envelope = \"din-5008-b\"").0, ["invalid-value"]);
    assert_eq!(with("paper = \"us-letter\"\n", "envelope = \"din-5008-b\"").0, ["invalid-value"]);
}
