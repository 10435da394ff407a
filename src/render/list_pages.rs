//! Lists of signatories on pages: whatever their shape, every list settles, and nothing of it is lost.

use std::fmt::Write;

use typst::comemo;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::text::TextItem;
use typst_layout::PagedDocument;

use crate::render::frames::walk_placed;
use crate::render::pagination::{pages, typeset};

/// A generator of numbers that only depend on the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit as u64)).unwrap_or_default()
    }

    fn words(&mut self, least: usize, most: usize) -> String {
        const SYLLABLES: [&str; 8] = ["ma", "ru", "len", "sil", "por", "ti", "ne", "ka"];
        let mut words = String::new();
        for word in 0..least + self.below(most - least + 1) {
            words.push_str(if word > 0 { " Q" } else { "Q" });
            for _ in 0..=self.below(4) {
                words.push_str(SYLLABLES[self.below(SYLLABLES.len())]);
            }
        }
        words
    }
}

/// A letter with groups of signatories of any number and size, and how many there are in all.
fn shape(seed: u64) -> (String, usize) {
    let mut random = Random((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    for _ in 0..4 {
        random.below(2);
    }
    let groups = [1, 2, 3, 8, 12, 30, 48][random.below(7)];
    let size = [1, 3, 7, 20, 40, 120][random.below(6)].min(700 / groups);
    let even = random.below(2) == 0;
    let detailed = random.below(2) == 0;
    let mut signatories = String::new();
    let mut all = 0;
    for group in 0..groups {
        let size = if even { size } else { 1 + random.below(2 * size) };
        for _ in 0..size {
            all += 1;
            let name = random.words(1, 3);
            let title = if detailed { random.words(0, 9) } else { String::new() };
            let title = if title.is_empty() { title } else { format!(", title = \"{title}\"") };
            let _ = writeln!(
                signatories,
                "  {{ name = \"S{all}e {name}\", kind = \"person\", group = \"Group {group}e\"{title} }},"
            );
        }
    }
    let columns = ["\"auto\"", "1", "2", "3", "4"][random.below(5)];
    let paper = ["a4", "us-letter", "a5"][random.below(3)];
    let template = ["open-letter", "formal"][usize::from(random.below(6) == 0)];
    let style = ["list", "list", "list", "lines"][random.below(4)];
    let text = "Line.\\\\\n".repeat(1 + random.below(50));
    let letter = format!(
        "template = \"{template}\"\nlanguages = [\"en\"]\ndate = 2026-03-09\ntitle = \"A title\"\n\
         body = \"\"\"\n{text}End.\n\"\"\"\nclosing = \"Sincerely,\"\nsignatories = [\n{signatories}]\n\
         [page]\npaper = \"{paper}\"\n[signature-block]\ngroup-by = \"group\"\ncolumns = {columns}\n\
         style = \"{style}\"\n"
    );
    (letter, all)
}

/// Each text of a page with its place and its width.
fn texts(frame: &Frame) -> Vec<(f64, f64, f64, String)> {
    let mut texts = Vec::new();
    walk_placed(frame, Transform::identity(), &mut |text: &TextItem, transform| {
        let at = Point::zero().transform(transform);
        let end = Point::new(text.width(), Abs::zero()).transform(transform);
        texts.push((at.y.to_pt(), at.x.to_pt(), end.x.to_pt(), text.text.to_string()));
    });
    texts.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).expect("numbers"));
    texts
}

/// An event of Typst's timer.
#[derive(serde::Deserialize)]
struct Event {
    name: String,
    tid: u64,
}

/// What `work` returns, and the most passes that Typst made over a document meanwhile, by its own timer.
fn with_passes<T>(work: impl FnOnce() -> T) -> (T, usize) {
    typst_timing::enable();
    let own = typst_timing::TimingScope::new("own");
    let result = work();
    drop(own);
    typst_timing::disable();
    let mut json = Vec::new();
    typst_timing::export_json(&mut json, |_| Default::default()).expect("events");
    let events: Vec<Event> = serde_json::from_slice(&json).expect("an array");
    // Other tests have threads of their own.
    let own = events.iter().rfind(|event| event.name == "own").expect("the scope").tid;
    let passes = events
        .iter()
        .filter(|event| event.tid == own)
        .filter_map(|event| event.name.strip_prefix("iter (")?.strip_suffix(')')?.parse().ok());
    (result, passes.max().unwrap_or_default())
}

/// Any number of groups of any sizes, in all columns, on all papers. `SHAPES=2000` tries more, and
/// `FIRST=500` those from that one on.
#[test]
fn any_groups_settle() {
    let number = |name| std::env::var(name).ok().and_then(|number| number.parse().ok());
    let first = number("FIRST").unwrap_or(0);
    let mut most = [0; 6];
    for seed in first..first + number("SHAPES").unwrap_or(16) {
        let (letter, all) = shape(seed);
        let (document, passes) = with_passes(|| typeset(&letter));
        // The shapes share next to nothing, and two thousand of them do not fit into the memory.
        comemo::evict(0);
        assert!((1..=3).contains(&passes), "shape {seed}: {passes} passes\n{letter}");
        most[passes] += 1;
        let context = |page: usize| format!("shape {seed}, page {page}\n{letter}");
        let mut seen = 0;
        for (number, page) in document.pages().iter().enumerate() {
            let texts = texts(&page.frame);
            let names = |text: &str| {
                let mut names = text.split([' ', '\u{a0}']);
                names.next().is_some_and(|first| first.starts_with('S') && first.ends_with('e'))
            };
            seen += texts.iter().filter(|(.., text)| names(text)).count();
            for (index, one) in texts.iter().enumerate() {
                let line = texts[index + 1..].iter().take_while(|other| other.0 - one.0 < 1.0);
                for other in line {
                    let apart = one.2 <= other.1 + 0.5 || other.2 <= one.1 + 0.5;
                    assert!(apart, "{one:?} and {other:?} overlap: {}", context(number));
                }
            }
            // A heading has at least one name below it.
            let last = texts.iter().rfind(|(.., text)| !text.starts_with("Page"));
            let heading = last.is_some_and(|(.., text)| text.starts_with("Group"));
            assert!(!heading, "a heading at the foot: {}", context(number));
        }
        assert_eq!(seen, all, "{}", context(0));
    }
    println!("shapes by passes: {most:?}");
}

/// The lines drawn on the pages.
fn drawn(document: &PagedDocument) -> usize {
    fn count(frame: &Frame) -> usize {
        let items = frame.items().map(|(_, item)| match item {
            FrameItem::Group(group) => count(&group.frame),
            FrameItem::Shape(..) => 1,
            _ => 0,
        });
        items.sum()
    }
    document.pages().iter().map(|page| count(&page.frame)).sum()
}

fn letter_of(signatories: &str, block: &str) -> String {
    format!(
        "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Names\"\nbody = \"Text.\"\n\
         signatories = [{signatories}]\n[signature-block]\n{block}\n"
    )
}

#[test]
fn a_name_with_a_link_looks_like_the_others() {
    let names = "{ name = \"Ana\", url = \"https://example.org/\" }, \"Berta\"";
    assert_eq!(drawn(&typeset(&letter_of(names, ""))), 0);
}

/// Something of the texts in which these words are.
fn of_words<T: Copy + Default>(
    document: &PagedDocument,
    words: &[&str],
    get: impl Fn(&TextItem) -> T,
) -> Vec<T> {
    let mut found = vec![T::default(); words.len()];
    for page in document.pages() {
        walk_placed(&page.frame, Transform::identity(), &mut |text: &TextItem, _| {
            for (word, found) in words.iter().zip(&mut found) {
                if text.text.contains(word) {
                    *found = get(text);
                }
            }
        });
    }
    found
}

fn weights(document: &PagedDocument, words: &[&str]) -> Vec<u16> {
    of_words(document, words, |text| text.font.info().variant.weight.to_number())
}

fn sizes(document: &PagedDocument, words: &[&str]) -> Vec<f64> {
    of_words(document, words, |text| (text.size.to_pt() * 100.0).round() / 100.0)
}

/// In running text, a line ends between names, and never within one.
#[test]
fn names_in_running_text_are_whole() {
    let name = |at: usize| format!("Ana{at} de{at} la{at} Luna{at}");
    let names: Vec<String> = (0..400).map(|at| format!("\"{}\"", name(at))).collect();
    let pages = pages(&letter_of(&names.join(", "), "layout = \"run-in\""));
    assert!(pages.len() > 1);
    let lines: Vec<String> =
        pages.concat().into_iter().filter(|line| line.contains("Ana")).collect();
    for line in &lines {
        assert!(
            line.starts_with("Ana") && (line.trim_end().ends_with('·') || line.contains("Luna399")),
            "{line}"
        );
    }
    let all = lines.join(" ");
    for at in 0..400 {
        assert_eq!(all.matches(&name(at)).count(), 1, "{at}");
    }
}

/// Those who give no name are one line below the list, whatever its layout.
#[test]
fn those_without_a_name_are_one_line() {
    let names: Vec<String> = (0..60).map(|at| format!("\"Ana{at}\", \"Anonymous\"")).collect();
    let wanted = "and 60 people who prefer not to give their names";
    for layout in [
        "",
        "layout = \"run-in\"",
        "style = \"lines\"",
        "style = \"images\"",
        "group-by = \"kind\"",
    ] {
        let block = format!("anonymous = \"count\"\n{layout}");
        let lines = pages(&letter_of(&names.join(", "), &block)).concat();
        let at = lines.iter().position(|line| line == wanted).expect("the line");
        assert!(lines[at..].iter().all(|line| !line.contains("Ana")), "{layout}");
        assert!(lines[..at].concat().contains("Ana59"), "{layout}");
        assert!(!lines.concat().contains("Anonymous"), "{layout}");
    }
    let formal = format!(
        "template = \"formal\"\n{}",
        letter_of(&names[..2].join(", "), "anonymous = \"count\"")
    );
    let lines = pages(&formal).concat();
    assert_eq!(
        lines.last().map(String::as_str),
        Some("and 2 people who prefer not to give their names")
    );
    let alone = pages(&letter_of("\"Anonymous\"", "anonymous = \"count\"")).concat();
    assert_eq!(
        alone.last().map(String::as_str),
        Some("and one person who prefers not to give their name")
    );
}

#[test]
fn the_day_of_a_date_line_is_whole() {
    let letter = "template = \"formal\"\nlanguages = [\"es-MX\"]\ndate = 2026-03-09\n\
        place = \"Oaxaca de Juárez\"\ntitle = \"Agua\"\nbody = \"Texto.\"\n[[to]]\nname = \"Juana\"\n\
        [page]\nenvelope = \"us-10\"\n";
    let lines = pages(letter).concat();
    assert!(lines.iter().any(|line| line == "a 9 de marzo de 2026"), "{lines:?}");
}

#[test]
fn a_name_is_told_from_what_follows_it() {
    let ana = "{ name = \"Ana Luna\", title = \"Chair\", organization = \"House\" }, \"Red\"";
    let names = format!("{ana}, {{ name = \"Eva\", title = \"Member\" }}");
    let words = ["Ana", "Chair", "House", "Red"];
    assert_eq!(weights(&typeset(&letter_of(&names, "")), &words), [600, 400, 400, 600]);
    assert_eq!(sizes(&typeset(&letter_of(&names, "")), &words), [9.9, 8.8, 8.8, 9.9]);
    // Where something follows few names, its size is enough.
    assert_eq!(weights(&typeset(&letter_of(ana, "")), &words), [400; 4]);
    assert_eq!(sizes(&typeset(&letter_of(ana, "")), &words), [9.9, 8.8, 8.8, 9.9]);
    assert_eq!(sizes(&typeset(&letter_of(ana, "size = \"9pt\"")), &words), [9.0, 8.0, 8.0, 9.0]);
}

/// How many columns a list of this many entries of these lengths has.
fn columns(number: usize, name: impl Fn(usize) -> String) -> usize {
    let names: Vec<String> = (0..number).map(|at| format!("\"{}\"", name(at))).collect();
    let document = typeset(&letter_of(&names.join(", "), ""));
    let mut left: Vec<i64> = Vec::new();
    let page = document.pages().first().expect("a page");
    for (_, x, _, text) in texts(&page.frame) {
        if text.starts_with('N') && !text.starts_with("Names") {
            left.push(x.round() as i64);
        }
    }
    left.sort_unstable();
    left.dedup();
    left.len()
}

#[test]
fn automatic_columns_suit_the_widths_of_the_entries() {
    let long = |length: usize| move |_: usize| format!("N{}", " abcdefg".repeat(length / 8));
    assert_eq!(columns(3, long(8)), 1);
    assert_eq!(columns(12, long(16)), 2);
    assert_eq!(columns(60, long(16)), 3);
    assert_eq!(columns(200, long(16)), 4);
    // Affiliations of one and a half lines of a column.
    assert_eq!(columns(200, long(64)), 2);
    // Every eighth would break in four columns.
    assert_eq!(columns(200, |at| if at % 8 == 0 { long(32)(at) } else { long(16)(at) }), 3);
    // One long name changes nothing.
    assert_eq!(columns(200, |at| if at == 7 { long(160)(at) } else { long(16)(at) }), 4);
}

/// What goes on with a signature stays below its beginning, and leaves the others in their columns.
#[test]
fn a_signature_that_is_higher_than_a_page_stays_in_its_column() {
    let members: Vec<String> =
        (0..300).map(|at| format!("\"Member{at} of the coalition\"")).collect();
    let members = members.join(", ");
    let names = format!(
        "\"Ana\", {{ name = \"Long\", members = [{members}] }}, \"Berta\", \"Carla\", \"Diana\""
    );
    let document = typeset(&letter_of(&names, "style = \"lines\"\ncolumns = 2"));
    assert!(document.pages().len() > 2);
    let left = |name: &str| {
        let all = document.pages().iter().flat_map(|page| texts(&page.frame));
        let mut left: Vec<i64> = all
            .filter(|(.., text)| text.starts_with(name))
            .map(|(_, x, ..)| x.round() as i64)
            .collect();
        left.dedup();
        left
    };
    assert_eq!(left("Berta"), left("Ana"));
    assert_eq!(left("Diana"), left("Ana"));
    assert_eq!(left("Carla"), left("Long"));
    assert!(left("Member").iter().all(|x| *x >= left("Long")[0]), "{:?}", left("Member"));
}

/// The number of columns that a letter asks for is the number it gets.
#[test]
fn a_word_wider_than_its_column_is_broken() {
    let first_rows = |name: &str| {
        let names = format!("\"{name}\", \"B\", \"C\", \"D\", \"E\", \"F\", \"G\"");
        let all = pages(&letter_of(&names, "columns = 3")).concat();
        all.into_iter().skip_while(|line| !line.starts_with(&name[..1])).take(2).collect::<Vec<_>>()
    };
    let beside = |name: &str| {
        let rows = first_rows(name);
        assert!(rows[0].ends_with(" C F"), "{rows:?}");
        rows
    };
    assert!(beside("Donaudampfschifffahrtselektrizitäten")[0].contains("\u{ad}"));
    beside("Donaudampfschifffahrts-Elektrizitäten-Hauptwerk");
    beside("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
    let address = beside("buzon.de.la.comite@casa-de-la-brisa.example.org");
    assert!(address[0].starts_with("buzon.de.la.comite@"), "{address:?}");
}
