//! How well the parts of translations are told as split, merged, swapped, missing and added, measured on letters
//! whose translations are changed.
//!
//! The letters are those of `tests/parity`, the founding letter in its five languages, and the letter of the
//! gallery. The rules were made on those in `TUNED`; the others are only counted. `CHANGES=all` makes every change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::checks::measuring::{Random, Score};
use crate::fonts::Fonts;
use crate::language::sample_letters::Sample;
use crate::problems::{Code, Problems};
use crate::project::Project;

/// The letters on which the rules were made.
const TUNED: &[&str] = &[
    "air-quality",
    "cyclists",
    "dam-on-the-river",
    "domestic-workers",
    "languages",
    "library-hours",
    "mangroves",
    "remain-in-mexico-2021",
    "vaccines-and-debt",
];

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::default()));

impl Sample {
    /// The pairs of its languages that are compared: all of a letter in few languages, and those of one in many
    /// with its first one.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let many = self.bodies.len() > 6;
        let english = self.bodies.iter().position(|(tag, _)| tag == "en").unwrap_or(0);
        let all = 0..self.bodies.len();
        let pairs = all.clone().flat_map(|one| all.clone().map(move |other| (one, other)));
        pairs.filter(|(one, other)| one != other && (!many || *one == english)).collect()
    }
}

#[derive(Debug, Copy, Clone, Eq, Ord, PartialEq, PartialOrd)]
enum Kind {
    Untouched,
    Split,
    Merged,
    Swapped,
    Exchanged,
    Missing,
    Added,
}

impl Kind {
    /// What a message about it says.
    fn says(self) -> &'static [&'static str] {
        match self {
            Self::Untouched => &[],
            Self::Split => &["is split into 2 here"],
            Self::Merged => &["2 blocks of the original are merged"],
            // Of two neighbours that changed places, one has moved.
            Self::Swapped => &["has swapped places", "is elsewhere in the original"],
            Self::Exchanged => &["has swapped places"],
            Self::Missing => &["of the original is missing here"],
            Self::Added => &["the original does not have this"],
        }
    }
}

/// A change, and the blocks at which it may be told. Something that is missing is between two.
#[derive(Debug, Clone)]
struct Change {
    kind: Kind,
    at: Vec<usize>,
}

fn is_paragraph(block: &str) -> bool {
    let is_number = block.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
    let marked = block.starts_with(['#', '>', '|', '[']) || block.starts_with("- ");
    !marked && !is_number
}

/// Where a paragraph may be split: after its sentences.
fn ends(paragraph: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    for (at, stop) in paragraph.match_indices([' ', '。']) {
        let (before, after) = (&paragraph[..at], &paragraph[at + stop.len()..]);
        let last = before.trim_end_matches(['"', '”', '»', '’', '*', ')']);
        let word = last.rsplit(' ').next().unwrap_or_default();
        let is_end = match stop {
            "。" => !after.starts_with('」'),
            _ => last.ends_with(['.', '!', '?', '؟']) && word.chars().count() > 4,
        };
        if is_end && after.chars().count() > 10 && !after.starts_with(char::is_lowercase) {
            ends.push(at + if stop == " " { 0 } else { stop.len() });
        }
    }
    ends
}

/// Makes one change to the blocks of a body, at a block or, for some kinds, near it.
fn change(
    blocks: &mut Vec<String>,
    (kind, at): (Kind, usize),
    other: &str,
    random: &mut Random,
) -> Option<Change> {
    let paragraph = |at: usize| blocks.get(at).is_some_and(|block| is_paragraph(block));
    if !paragraph(at) {
        return None;
    }
    let places = match kind {
        Kind::Untouched => Vec::new(),
        Kind::Split => {
            let ends = ends(&blocks[at]);
            let end = *ends.get(random.below(ends.len()))?;
            let rest = blocks[at].split_off(end);
            blocks.insert(at + 1, rest.trim_start().to_owned());
            vec![at]
        }
        Kind::Merged => {
            let is_text = paragraph(at + 1) && !blocks[at].ends_with([':', '：', ',', '，']);
            let next = is_text.then(|| blocks.remove(at + 1))?;
            let space = if blocks[at].ends_with('。') { "" } else { " " };
            blocks[at] = format!("{}{space}{next}", blocks[at]);
            vec![at]
        }
        Kind::Swapped | Kind::Exchanged => {
            let all = (at + 2..blocks.len()).filter(|other| paragraph(*other));
            let far: Vec<usize> = all.collect();
            let with = match kind {
                Kind::Swapped => Some(at + 1).filter(|with| paragraph(*with)),
                _ => far.get(random.below(far.len())).copied(),
            }?;
            blocks.swap(at, with);
            vec![at, with]
        }
        Kind::Missing => {
            // A footnote would have no reference.
            if blocks.remove(at).contains("[^") {
                return None;
            }
            vec![at]
        }
        Kind::Added => {
            blocks.insert(at, other.to_owned());
            vec![at]
        }
    };
    Some(Change { kind, at: places })
}

/// A letter with a changed translation.
struct Case {
    name: String,
    source: String,
    /// Where each block of the translation is in the source.
    starts: Vec<usize>,
    changes: Vec<Change>,
}

impl Case {
    fn new(
        sample: &Sample,
        (one, other): (usize, usize),
        changed: &[String],
        changes: Vec<Change>,
    ) -> Self {
        let (original, tag) = (&sample.bodies[one].0, &sample.bodies[other].0);
        let body = |blocks: &[String]| {
            assert!(!blocks.iter().any(|block| block.contains("'''")));
            blocks.join("\n\n")
        };
        let mut source = format!(
            "languages = [\"{original}\", \"{tag}\"]\ndate = 2026-03-09\ntitle = \"T\"\n\
             signatories = [\"A B\", \"C D\"]\n\
             body.{original} = '''\n{}\n'''\nbody.{tag} = '''\n",
            body(&sample.bodies[one].1),
        );
        let mut at = source.len();
        let starts = changed.iter().map(|block| {
            at += block.len() + 2;
            at - block.len() - 2
        });
        let starts = starts.collect();
        source += &body(changed);
        source += "\n'''\n";
        if let Some(links) = &sample.links {
            let mut table = toml::Table::new();
            table.insert("links".to_owned(), links.clone());
            source += &table.to_string();
        }
        let name = format!("{}/{original}-{tag}", sample.name);
        Self { name, source, starts, changes }
    }

    /// What is told of the structure: the block that a message is at or after, whether
    /// it is after it, and its text.
    fn messages(&self) -> Vec<(usize, bool, String)> {
        let letter = self.source.clone().into_bytes();
        let project = Project::from_bytes(letter, Path::new("."), None).expect("a letter");
        let problems = Problems::default();
        project.check(&FONTS, |_| true, &problems);
        let mut messages = Vec::new();
        for problem in problems.into_sorted() {
            let glyph = problem.code == Code::MissingGlyph;
            assert!(glyph || !problem.is_error(), "{}: {problem:?}\n{}", self.name, self.source);
            if problem.code != Code::ParityStructure {
                continue;
            }
            let start = problem.place.range.start;
            let block = self.starts.partition_point(|block| *block <= start).saturating_sub(1);
            // Markup such as "- " is before the text of a block.
            let after = start > self.starts[block] + 4;
            messages.push((block, after, problem.message.english()));
        }
        messages
    }
}

/// How many of a letter's changes its messages tell.
fn score(case: &Case) -> Score {
    let mut messages = case.messages();
    let mut score = Score { found: messages.len(), ..Score::default() };
    for change in &case.changes {
        let is_it = |(block, after, text): &(usize, bool, String)| {
            let place = match change.kind {
                Kind::Missing => *block + usize::from(*after),
                _ => *block,
            };
            change.at.contains(&place) && change.kind.says().iter().any(|says| text.contains(says))
        };
        score.there += 1;
        if let Some(at) = messages.iter().position(is_it) {
            messages.remove(at);
            score.right += 1;
        }
    }
    score
}

const KINDS: [Kind; 6] =
    [Kind::Split, Kind::Merged, Kind::Swapped, Kind::Exchanged, Kind::Missing, Kind::Added];

/// All changes to the translations of a letter, one by one, two at a time, and none.
fn cases(samples: &[Sample], sample: &Sample) -> Vec<Case> {
    let mut cases = Vec::new();
    for (one, other) in sample.pairs() {
        let (tag, blocks) = &sample.bodies[other];
        // Each has its own numbers, so that one more letter changes nothing for the others.
        let seed = format!("{}{}{tag}", sample.name, sample.bodies[one].0);
        let mut random = Random(seed.bytes().fold(7, |sum, b| sum * 31 % 1_000_003 + u64::from(b)));
        let language = |tag: &str| tag.split('-').next().unwrap_or_default().to_owned();
        let others: Vec<&String> = (samples.iter())
            .filter(|letter| letter.name != sample.name)
            .flat_map(|letter| &letter.bodies)
            .filter(|(known, _)| language(known) == language(tag))
            .flat_map(|(_, blocks)| blocks)
            .filter(|block| is_paragraph(block) && !block.contains('[') && block.len() > 40)
            .collect();
        let added = |random: &mut Random| match others.get(random.below(others.len())) {
            Some(other) => (*other).clone(),
            None => String::new(),
        };
        let mut case = |edits: &[(Kind, usize)], random: &mut Random| {
            let mut changed = blocks.clone();
            let mut changes: Vec<Change> = Vec::new();
            // From the end, so that what is before stays in its place.
            for (kind, at) in edits.iter().rev() {
                let text = added(random);
                if *kind == Kind::Added && text.is_empty() {
                    return;
                }
                let before = changed.len();
                let Some(one) = change(&mut changed, (*kind, *at), &text, random) else { return };
                for place in changes.iter_mut().flat_map(|change| &mut change.at) {
                    *place = *place + changed.len() - before;
                }
                changes.push(one);
            }
            let named = Case::new(sample, (one, other), &changed, changes);
            cases.push(named);
        };
        case(&[], &mut random);
        for kind in KINDS {
            for at in 0..blocks.len() {
                case(&[(kind, at)], &mut random);
            }
        }
        // Two, far enough from one another that neither is part of the other.
        for at in 0..blocks.len() {
            let second = at + 3 + random.below(blocks.len());
            let near = [Kind::Split, Kind::Merged, Kind::Swapped, Kind::Missing, Kind::Added];
            let kinds = [near[random.below(near.len())], near[random.below(near.len())]];
            case(&[(kinds[0], at), (kinds[1], second)], &mut random);
        }
    }
    cases
}

#[test]
fn few_changes_are_missed_and_few_messages_are_false() {
    let all = std::env::var("CHANGES").is_ok_and(|value| value == "all");
    let samples = Sample::all();
    let mut halves: BTreeMap<bool, (usize, BTreeMap<Kind, Score>, Score)> = BTreeMap::new();
    for sample in &samples {
        let tuned = TUNED.contains(&sample.name.as_str());
        let (letters, kinds, total) = halves.entry(tuned).or_default();
        for case in cases(&samples, sample).iter().step_by(if all { 1 } else { 17 }) {
            let found = score(case);
            total.add(found);
            *letters += 1;
            let kind = match &case.changes[..] {
                [] => Some(Kind::Untouched),
                [one] => Some(one.kind),
                _ => None,
            };
            if let Some(kind) = kind {
                kinds.entry(kind).or_default().add(found);
            }
            // Wrong ones are shown only of those that are tuned on.
            if tuned && found.right < found.found.max(found.there) {
                println!("{}: {:?}: {:?}", case.name, case.changes, case.messages());
            }
        }
    }
    for (tuned, (letters, kinds, total)) in &halves {
        let half = if *tuned { "tuned" } else { "counted" };
        for (kind, score) in kinds {
            println!("{half}, {kind:?}: {} of {}, {score:?}", score.right, score.there);
        }
        let (precision, recall) = (total.precision(), total.recall());
        println!("{half}, {letters} letters: precision {precision:.1} %, recall {recall:.1} %");
    }
    // Few of the changes say less.
    let least = if all { (97.0, 97.0) } else { (90.0, 90.0) };
    for (_, _, total) in halves.values() {
        assert!(total.precision() >= least.0 && total.recall() >= least.1, "{total:?}");
    }
}
