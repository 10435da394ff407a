//! What was seen when a translation was reviewed, so that later changes of it or of the original are
//! noticed.
//!
//! The letter keeps a fingerprint of each segment of the original and of its translation, under
//! `[translation.TAG]`. Reviews by earlier versions have only the first. A fingerprint shows that a text changed, but not what it said; the text is kept in a file beside the
//! letter, because git's history may not be available: letters are sent by mail, and
//! `git clone --depth 1` has none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use icu_calendar::{Date, Iso};
use toml_edit::{Array, DocumentMut, Item, Table, TomlError, Value};
use typst::syntax::FileId;

use crate::checks::parity::counterparts::Counterparts;
use crate::checks::parity::segments::{Segment, SegmentKind, Variant, translated};
use crate::files::Files;
use crate::language::Tag;
use crate::problems::{Code, Diagnostic, Problems};
use crate::sequences::alignment::{Step, align};
use crate::source::Place;
use crate::source::digest::start_of_sha256;
use crate::spec::Translation;
use crate::words::foreign;
use crate::words::{Message, say};

/// The texts of an original by their fingerprints.
pub(crate) type Texts = BTreeMap<String, String>;

/// What was seen in a review: the fingerprints of a text and of its translation, separated by a space, or
/// [`NONE`] for the one that there was not.
pub(crate) struct Review {
    /// Those of the original's segments, in their order, and then those of the segments that only the
    /// translation has.
    pub blocks: Vec<String>,
    /// Those of the printed values, by their keys.
    pub values: Vec<(String, String)>,
    /// The texts of the fingerprints, in the order of the letter.
    pub texts: Vec<(String, String)>,
}

impl Review {
    /// The current state, limited to what a translation has a text of its own for. Without counterparts,
    /// only the original is recorded.
    pub(crate) fn of(
        original: &Variant<'_>,
        translation: &Variant<'_>,
        counterparts: Option<&Counterparts>,
    ) -> Self {
        let mut texts: Vec<(String, String)> = Vec::new();
        let mut keep = |text: &str| {
            let fingerprint = fingerprint(text);
            if texts.iter().all(|(known, _)| *known != fingerprint) {
                texts.push((fingerprint.clone(), text.to_owned()));
            }
            fingerprint
        };
        let values: Vec<(String, String)> = (translated(original, translation).into_iter())
            .map(|(value, own)| {
                let (first, second) = (keep(&value.segment.source), keep(&own.segment.source));
                (value.recorded.clone(), format!("{first} {second}"))
            })
            .collect();
        let mut blocks = Vec::new();
        for (at, segment) in compared(original) {
            let first = keep(&segment.source);
            blocks.push(match counterparts {
                None => first,
                Some(found) => match source_of(translation, &found.of_original[at]) {
                    Some(own) => format!("{first} {}", keep(&own)),
                    None => format!("{first} {NONE}"),
                },
            });
        }
        for (at, segment) in compared(translation) {
            if counterparts.is_some_and(|found| found.of_translation[at].is_empty()) {
                blocks.push(format!("{NONE} {}", keep(&segment.source)));
            }
        }
        Self { blocks, values, texts }
    }

    /// The text of a letter with the review recorded. Everything else, including comments, is unchanged.
    pub(crate) fn record(
        &self,
        source: &str,
        key: &str,
        (by, on): (&str, &str),
        anyway: &[&str],
    ) -> Result<String, Message> {
        let mut document: DocumentMut =
            source.parse().map_err(|error: TomlError| foreign::toml(error.message()))?;
        let not_a_table = || say!("`translation` is not a table in this letter");
        let all = document.entry("translation").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let all = all.as_table_like_mut().ok_or_else(not_a_table)?;
        let own = all.entry(key).or_insert_with(|| Item::Table(Table::new()));
        let own = own.as_table_like_mut().ok_or_else(not_a_table)?;
        let date = on.parse().map_err(|error| say!("{error}", error))?;
        set(own, "reviewed-by", Value::from(by));
        set(own, "reviewed-on", Value::Datetime(toml_edit::Formatted::new(date)));
        own.remove("anyway");
        if !anyway.is_empty() {
            own.insert("anyway", toml_edit::value(anyway.iter().copied().collect::<Array>()));
        }
        let mut blocks = Array::new();
        for block in &self.blocks {
            // One per line, so that a changed one is a one-line change in git.
            blocks.push_formatted(Value::from(block.as_str()).decorated("\n  ", ""));
        }
        blocks.set_trailing("\n");
        blocks.set_trailing_comma(true);
        set(own, "blocks", Value::Array(blocks));
        let mut values = Table::new();
        for (key, value) in &self.values {
            values.insert(key, toml_edit::value(value.as_str()));
        }
        own.insert("values", Item::Table(values));
        Ok(document.to_string())
    }

    /// The contents of the file of texts.
    pub(crate) fn texts_file(&self, key: &str) -> String {
        let mut document = DocumentMut::new();
        for (fingerprint, text) in &self.texts {
            document.insert(fingerprint, Item::Value(Value::from(text.as_str())));
        }
        format!(
            "# What the original and its translation to `{key}` said when it was reviewed, by fingerprint.\n\
             # `undersigned review` writes this file; `undersigned check` shows from it what has changed.\n\
             {document}"
        )
    }
}

/// Sets a value and keeps the comments around it.
fn set(table: &mut dyn toml_edit::TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

/// The file of texts beside a letter: `letter.reviewed.es.toml` for `letter.toml`.
pub(crate) fn texts_path(letter: &Path, key: &str) -> PathBuf {
    let stem = letter.file_stem().unwrap_or_default().to_string_lossy();
    letter.with_file_name(format!("{stem}.reviewed.{key}.toml"))
}

/// What the original said when a translation was reviewed, if known. `letter` is the letter's file.
pub(crate) fn load_texts(
    files: &Files,
    letter: FileId,
    reviewed: &Translation,
    problems: &Problems,
) -> Texts {
    let path = files.path(letter).map(|letter| texts_path(&letter, &reviewed.tag.to_string()));
    let file = path.and_then(|path| files.id(&path).ok());
    let Some(source) = file.and_then(|file| problems.take(files.text(file))) else {
        return Texts::new();
    };
    read_texts(&source).unwrap_or_else(|| {
        let place = file.map_or(reviewed.key.clone(), Place::start_of);
        let message = say!("this is not what `undersigned review` writes");
        problems.push(
            Diagnostic::new(Code::Syntax, place, message)
                .hint(say!("delete the file, or restore a complete copy of it")),
        );
        Texts::new()
    })
}

/// The texts in such a file. A text that does not match its fingerprint was changed by hand, and is
/// ignored. `None` if the file cannot be read.
fn read_texts(source: &str) -> Option<Texts> {
    let texts: Texts = toml::from_str(source).ok()?;
    Some(texts.into_iter().filter(|(key, text)| fingerprint(text) == *key).collect())
}

/// The first twelve hexadecimal digits of the SHA-256 of a text: enough to distinguish the paragraphs of
/// a letter (2⁴⁸ values).
pub(crate) fn fingerprint(text: &str) -> String {
    start_of_sha256(text, 6)
}

/// What stands for the fingerprint of a text that there is not.
const NONE: &str = "-";

/// The fingerprints of a text and of its translation. That of the translation is not known from reviews by
/// earlier versions.
fn parts(entry: &str) -> (&str, Option<&str>) {
    match entry.split_once(' ') {
        Some((original, translation)) => (original, Some(translation)),
        None => (entry, None),
    }
}

/// The source of several segments as one.
fn source_of(variant: &Variant<'_>, indices: &[usize]) -> Option<String> {
    let sources = indices.iter().map(|index| variant.segments[*index].source.as_str());
    (!indices.is_empty()).then(|| sources.collect::<Vec<_>>().join(" "))
}

/// How many texts of the original were reviewed as they and their translations are now: paragraphs, and
/// printed values.
pub(crate) fn reviewed(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    counterparts: Option<&Counterparts>,
    reviewed: &Translation,
) -> (usize, usize) {
    let now = Review::of(original, translation, counterparts);
    let blocks = reviewed.blocks.as_deref().unwrap_or_default();
    let known: BTreeSet<&str> = blocks.iter().map(String::as_str).collect();
    let seen = |entry: &&String| {
        let (original, translation) = parts(entry);
        original != NONE
            && translation.is_some_and(|own| own != NONE)
            && known.contains(entry.as_str())
    };
    let values = now.values.iter().filter(|value| reviewed.values.contains(value));
    (now.blocks.iter().filter(seen).count(), values.count())
}

/// The segments that have a fingerprint: all except rules, which contain no text.
pub(crate) fn compared<'v>(variant: &'v Variant<'_>) -> impl Iterator<Item = (usize, &'v Segment)> {
    variant.segments.iter().enumerate().filter(|(_, segment)| segment.kind != SegmentKind::Rule)
}

/// A segment of the original that has changed since the review.
struct Change {
    /// Its fingerprint at the review, if it existed.
    old: Option<String>,
    /// Its index now, if it exists.
    new: Option<usize>,
}

/// Reports which parts of the original and of its translation have changed since the review.
pub(crate) fn report(
    original: &Variant<'_>,
    translation: &Variant<'_>,
    counterparts: Option<&Counterparts>,
    reviewed: &Translation,
    texts: &Texts,
    problems: &Problems,
) {
    let r = Report { reviewed, texts, tag: translation.tag, problems };
    let entries = reviewed.blocks.as_deref().unwrap_or_default();
    let entries: Vec<(&str, Option<&str>)> = entries.iter().map(|entry| parts(entry)).collect();
    // Without fingerprints nothing was reviewed; a body in Typst has none.
    if reviewed.blocks.is_some() {
        let old: Vec<String> = (entries.iter().map(|(first, _)| (*first).to_owned()))
            .filter(|first| first != NONE)
            .collect();
        let changes = changes(original, &old, texts);
        let changed: BTreeSet<usize> = changes.iter().filter_map(|change| change.new).collect();
        for change in changes {
            let now = change.new.map(|at| &original.segments[at]);
            let there = counterparts.zip(change.new).and_then(|(c, at)| c.of_original[at].first());
            let there = there.map(|at| translation.segments[*at].place.clone());
            r.report_text(change.old.as_deref(), now, there);
        }
        if let Some(found) = counterparts {
            r.report_translation((original, translation), &entries, found, &changed);
        }
    }
    let values = translated(original, translation);
    for (value, there) in &values {
        let (now, there) = (&value.segment, &there.segment);
        let old = reviewed.values.iter().find(|(known, _)| *known == value.recorded);
        let old = old.map(|(_, entry)| parts(entry));
        match old {
            Some((first, own)) if first == fingerprint(&now.source) => {
                if let Some(own) = own.filter(|own| *own != fingerprint(&there.source)) {
                    r.report_own(Some(own), there.place.clone(), &there.source, Some(now));
                }
            }
            _ => r.report_text(old.map(|(first, _)| first), Some(now), Some(there.place.clone())),
        }
    }
    for (key, old) in &reviewed.values {
        if values.iter().all(|(value, _)| value.recorded != *key) {
            r.report_text(Some(parts(old).0), None, None);
        }
    }
    let mut own = entries.iter().map(|(_, own)| own);
    let mut values = reviewed.values.iter().map(|(_, entry)| parts(entry).1);
    if own.any(Option::is_none) || values.any(|own| own.is_none()) {
        r.report_old();
    }
}

/// The segments of the original that have changed. Those that only moved are not included.
fn changes(original: &Variant<'_>, old: &[String], texts: &Texts) -> Vec<Change> {
    let now: Vec<(usize, String)> =
        compared(original).map(|(at, segment)| (at, fingerprint(&segment.source))).collect();
    let same = |i: Range<usize>, j: Range<usize>| {
        if old[i.start] == now[j.start].1 { 1.0 } else { -1.0 }
    };
    let mut changes = Vec::new();
    let (mut gone, mut come): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut flush = |gone: &mut Vec<usize>, come: &mut Vec<usize>| {
        gone.retain(|i| !now.iter().any(|(_, fingerprint)| *fingerprint == old[*i]));
        come.retain(|j| !old.contains(&now[*j].1));
        // A segment in the position of another is that one changed. If there are several, it is the one
        // that shares most words; if the old words are not known, it is the next one.
        let alone = gone.len() == 1 && come.len() == 1;
        let score = |i: Range<usize>, j: Range<usize>| match texts.get(&old[gone[i.start]]) {
            Some(was) if !alone => {
                words_in_common(was, &original.segments[now[come[j.start]].0].source) - 0.3
            }
            _ => 1.0,
        };
        for step in align(gone.len(), come.len(), 1, 0.0, score) {
            let (i, j) = match step {
                Step::Both(i, j) => (Some(i.start), Some(j.start)),
                Step::First(i) => (Some(i), None),
                Step::Second(j) => (None, Some(j)),
            };
            let old = i.map(|i| old[gone[i]].clone());
            changes.push(Change { old, new: j.map(|j| now[come[j]].0) });
        }
        gone.clear();
        come.clear();
    };
    for step in align(old.len(), now.len(), 1, 0.0, same) {
        match step {
            Step::First(i) => gone.push(i),
            Step::Second(j) => come.push(j),
            Step::Both(..) => flush(&mut gone, &mut come),
        }
    }
    flush(&mut gone, &mut come);
    changes
}

/// The share of words that two texts have in common, from 0 to 1.
fn words_in_common(one: &str, other: &str) -> f64 {
    let words = |text: &str| text.split(' ').map(str::to_lowercase).collect::<BTreeSet<_>>();
    let (a, b) = (words(one), words(other));
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()) as f64
}

struct Report<'r> {
    reviewed: &'r Translation,
    texts: &'r Texts,
    tag: &'r Tag,
    problems: &'r Problems,
}

impl Report<'_> {
    /// Reports the paragraphs of the translation that have changed, unless those of the original did too.
    fn report_translation(
        &self,
        (original, translation): (&Variant<'_>, &Variant<'_>),
        entries: &[(&str, Option<&str>)],
        found: &Counterparts,
        changed: &BTreeSet<usize>,
    ) {
        let mut reported: BTreeSet<&[usize]> = BTreeSet::new();
        for (at, segment) in compared(original).filter(|(at, _)| !changed.contains(at)) {
            let first = fingerprint(&segment.source);
            let seen = || entries.iter().filter(|(known, _)| *known == first);
            let indices = found.of_original[at].as_slice();
            let source = source_of(translation, indices);
            let own = source.as_deref().map_or_else(|| NONE.to_owned(), fingerprint);
            let known = seen().any(|(_, known)| known.is_none_or(|known| known == own));
            let Some((_, Some(old))) = seen().next().filter(|_| !known) else { continue };
            let old = Some(*old).filter(|old| *old != NONE);
            match indices.first() {
                Some(index) if reported.insert(indices) => {
                    let place = translation.segments[*index].place.clone();
                    self.report_own(
                        old,
                        place,
                        source.as_deref().unwrap_or_default(),
                        Some(segment),
                    );
                }
                Some(_) => {}
                // That it is missing is a difference between the languages.
                None => {}
            }
        }
        for (at, segment) in compared(translation) {
            let own = fingerprint(&segment.source);
            let known = entries.iter().any(|(_, known)| known.is_none_or(|known| known == own));
            if found.of_translation[at].is_empty() && !known {
                self.report_own(None, segment.place.clone(), &segment.source, None);
            }
        }
    }

    /// Reports a text of the translation that has changed, or is new.
    fn report_own(&self, old: Option<&str>, place: Place, now: &str, original: Option<&Segment>) {
        let message = match old {
            Some(_) => say!("this has changed since its review"),
            None => say!("this was added after the review"),
        };
        let mut diagnostic = Diagnostic::new(Code::StaleTranslation, place, message);
        if let Some(original) = original {
            let there = say!("this is the original");
            diagnostic = diagnostic.relate(original.place.clone(), there);
        }
        match old.map(|old| self.texts.get(old)) {
            Some(Some(was)) => {
                let (was, is) = excerpts(was, now);
                diagnostic =
                    diagnostic.hint(say!("it said: {was}", was)).hint(say!("it says: {is}", is));
            }
            Some(None) => diagnostic = diagnostic.hint(lost()),
            None => {}
        }
        self.push(diagnostic);
    }

    /// Reports that a review by an earlier version does not say what the translation said.
    fn report_old(&self) {
        let message = say!(
            "this review records only the original, so that a change of the translation goes unnoticed"
        );
        self.push(Diagnostic::new(Code::StaleTranslation, self.reviewed.key.clone(), message));
    }

    fn push(&self, diagnostic: Diagnostic) {
        let tag = self.tag;
        self.problems.push(diagnostic.in_language(tag).hint(say!(
            "once the translation says the same, run undersigned review LETTER --lang {tag} --by \
             NAME",
            tag
        )));
    }

    /// Reports a text of the original that has changed, is new or is gone, at the translation's text if
    /// there is one.
    fn report_text(&self, old: Option<&str>, now: Option<&Segment>, there: Option<Place>) {
        let message = match (old, now) {
            (Some(_), Some(_)) => say!("the original of this has changed since the review"),
            (None, Some(_)) => say!("the original of this was added after the review"),
            _ => say!("a text of the original was removed after the review"),
        };
        let place = there.unwrap_or_else(|| self.reviewed.key.clone());
        let mut diagnostic = Diagnostic::new(Code::StaleTranslation, place, message);
        if let Some(now) = now {
            diagnostic = diagnostic.relate(now.place.clone(), say!("this is the original"));
        }
        let was = old.map(|old| self.texts.get(old));
        let (was, is) = match (was, now) {
            (Some(Some(was)), Some(now)) => {
                let (was, is) = excerpts(was, &now.source);
                (Some(was), Some(is))
            }
            (Some(was), now) => (was.cloned(), now.map(|now| now.source.clone())),
            (None, now) => (None, now.map(|now| now.source.clone())),
        };
        if old.is_some() && was.is_none() {
            diagnostic = diagnostic.hint(lost());
        }
        if let Some(was) = was {
            diagnostic = diagnostic.hint(say!("it said: {was}", was));
        }
        if let Some(is) = is {
            diagnostic = diagnostic.hint(say!("it says: {is}", is));
        }
        self.push(diagnostic);
    }
}

fn lost() -> Message {
    say!(
        "what it said then is not known, because the file that `undersigned review` writes is missing"
    )
}

/// Two texts without the words that they have in common at the beginning and the end, except for a few
/// around the difference.
fn excerpts(old: &str, new: &str) -> (String, String) {
    const AROUND: usize = 4;
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let alike = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - alike;
    let behind = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let cut = |words: &[&str]| {
        let start = alike.saturating_sub(AROUND);
        let end = (words.len() - behind + AROUND).min(words.len());
        let before = if start > 0 { "… " } else { "" };
        let after = if end < words.len() { " …" } else { "" };
        format!("{before}{}{after}", words[start..end].join(" "))
    };
    (cut(&a), cut(&b))
}

/// The day of a review in TOML notation.
pub(crate) fn day(date: Date<Iso>) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year().extended_year(),
        date.month().ordinal,
        date.day_of_month().0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_difference_with_its_context() {
        let (old, new) = excerpts("a b c d e f g h i j k", "a b c d e X Y g h i j k");
        assert_eq!(
            (old.as_str(), new.as_str()),
            ("… b c d e f g h i j …", "… b c d e X Y g h i j …")
        );
        assert_eq!(excerpts("a", "b"), ("a".into(), "b".into()));
        assert_eq!(excerpts("a a", "a a a"), ("a a".into(), "a a a".into()));
    }

    #[test]
    fn a_fingerprint_is_the_same_everywhere() {
        // printf '' | sha256sum
        assert_eq!(fingerprint(""), "e3b0c44298fc");
        assert_eq!(
            read_texts("e3b0c44298fc = \"\"\nabc = \"by hand\""),
            Some(Texts::from([("e3b0c44298fc".into(), String::new())]))
        );
        assert_eq!(read_texts("no TOML"), None);
    }

    #[test]
    fn a_recorded_review_keeps_everything_else() {
        let review = Review {
            blocks: vec!["aa".into(), "bb".into()],
            values: vec![("to.1.office".into(), "cc".into())],
            texts: Vec::new(),
        };
        let source = "title = \"T\" # a note\n\n# whom it is to\n[[to]]\nname = \"A\"\n";
        let once = review.record(source, "es", ("Ana", "2026-03-01"), &[]).expect("a letter");
        assert_eq!(
            once,
            "title = \"T\" # a note\n\n# whom it is to\n[[to]]\nname = \"A\"\n\n[translation.es]\n\
             reviewed-by = \"Ana\"\nreviewed-on = 2026-03-01\nblocks = [\n  \"aa\",\n  \"bb\",\n]\n\
             \n[translation.es.values]\n\"to.1.office\" = \"cc\"\n"
        );
        let noted = once.replace("2026-03-01\n", "2026-03-01 # by telephone\n");
        assert_eq!(
            review.record(&noted, "es", ("Ana", "2026-03-01"), &[]).expect("a letter"),
            noted
        );
    }
}
