//! Checks what deserves a second look in a letter that could be sent as it is.

mod conditions;
pub(crate) mod duplicates;
#[cfg(test)]
mod measuring;
pub(crate) mod names;
pub(crate) mod parity;
pub(crate) mod pasted_paragraphs;
pub(crate) mod review;
pub(crate) mod sample_text;
pub(crate) mod signatories;
pub(crate) mod stale_counts;
pub(crate) mod stray_markup;

use serde::Serialize;

use crate::checks::parity::blocks;
use crate::checks::parity::counterparts::{Counterparts, counterparts};
use crate::checks::parity::links::Targets;
use crate::checks::parity::names::Names;
use crate::checks::parity::segments::{Segment, Variant, translated};
use crate::checks::parity::structure;
use crate::language::Tag;
use crate::language::languages::Languages;
use crate::language::words::Words;
use crate::letter::resolve::{Recipient, Resolved, Resolver};
use crate::letter::signatories::Counts;
use crate::letter::{Body, Group, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::spec::loaded::Loaded;
use crate::spec::{GroupBy, Sort};
use crate::toml::reader;
use crate::words::say;

/// Reports what deserves a second look in a letter, in the languages for which it was resolved:
/// signatories listed twice, out of order or with odd names, markup that is printed, paragraphs
/// that no empty line parts, the text of a sample, stale counts, and differences between a translation and the original.
pub(crate) fn report(resolver: &Resolver<'_>, resolved: &mut Resolved) {
    let Loaded { source, spec, signatories, complete, .. } = resolver.written;
    signatories::report_duplicates(signatories, &spec.distinct, *complete, resolver.problems);
    names::report(signatories, resolver.problems);
    for letter in &resolved.letters {
        stray_markup::report(letter, source, resolver.problems);
        pasted_paragraphs::report(letter, resolver.problems);
        sample_text::report(letter, resolver.problems);
    }
    let whole = resolved.letters.iter().map(|letter| Parts {
        tag: &letter.tag,
        words: &letter.words,
        counts: &letter.counts,
        body: Some(&letter.body),
        groups: &letter.groups,
    });
    let incomplete = resolved.incomplete.iter().map(|letter| Parts {
        tag: &letter.tag,
        words: &letter.words,
        counts: &letter.counts,
        body: letter.body.as_ref(),
        groups: &letter.groups,
    });
    whole.chain(incomplete).for_each(|parts| one_language(resolver, &parts));
    // In a mail merge, the list has the addressees.
    let named = spec.page.envelope.as_ref().or(spec.page.print_service.as_ref());
    if let Some((_, place)) = named
        && resolved.letters.iter().any(|letter| letter.page.envelope.is_some())
        && spec.to.is_empty()
        && matches!(resolver.recipient, Recipient::Nobody)
    {
        resolver.problems.push(no_addressee(place.clone()));
    }
    compare_languages(resolver, resolved);
    reader::forget_after_syntax_error(source, spec.file, resolver.problems);
}

fn no_addressee(envelope: Place) -> Diagnostic {
    let message = say!("this letter has no addressee to show through the window of its envelope");
    Diagnostic::new(Code::NoAddressee, envelope, message)
        .hint(say!("add one as [[to]], or take `envelope` out; a mail merge has them in its list"))
}

/// The parts checked in one language on its own.
struct Parts<'l> {
    tag: &'l Tag,
    words: &'l Words,
    counts: &'l Counts,
    body: Option<&'l Body>,
    groups: &'l [Group],
}

fn one_language(resolver: &Resolver<'_>, parts: &Parts<'_>) {
    let (spec, problems) = (&resolver.written.spec, resolver.problems);
    let Parts { tag, words, counts, body, groups } = *parts;
    if let Some(Body::Markdown(blocks)) = body {
        let year = spec.date.year().extended_year();
        stale_counts::report(blocks, counts, year, (tag, words), problems);
    }
    // A list follows the order of one language, the original.
    let is_original = spec.languages.first().is_some_and(|(original, _)| original == tag);
    let block = &spec.signature_block;
    if is_original && block.sort == Sort::Listed && block.group_by == GroupBy::None {
        for group in groups {
            signatories::report_order(&group.signatories, tag, words, problems);
        }
    }
}

/// Compares each language with the original, which need not be one of those resolved, and the languages
/// of a parallel edition block by block.
fn compare_languages(resolver: &Resolver<'_>, resolved: &mut Resolved) {
    let (spec, problems) = (&resolver.written.spec, resolver.problems);
    let Some((tag, _)) = spec.languages.first() else { return };
    if resolved.letters.iter().all(|letter| letter.tag == *tag) {
        return;
    }
    let unasked = resolved.letters.iter().all(|letter| letter.tag != *tag);
    let unasked = unasked.then(|| resolver.original()).flatten();
    let source = resolver.files.texts();
    let targets = Targets::new(&spec.links, spec.languages.iter().map(|(tag, _)| tag));
    let letters = resolved.letters.iter().chain(&unasked);
    let variants: Vec<(&Letter, Variant<'_>)> =
        letters.map(|letter| (letter, Variant::of(letter, &source))).collect();
    let of = |tag: &Tag| variants.iter().find(|(letter, _)| letter.tag == *tag);
    let mut alignments: Vec<(&Tag, Option<Counterparts>)> = Vec::new();
    let mut untranslated: Vec<(Tag, Vec<Place>)> = Vec::new();
    if let Some((original, first)) = of(tag) {
        for (letter, second) in variants.iter().filter(|(letter, _)| letter.tag != *tag) {
            let names = Names::of(original, letter);
            conditions::report(original, letter, problems);
            let aligned = parity::report(first, second, &targets, &names, problems);
            if let Some(reviewed) = spec.review(&letter.tag) {
                let texts = review::load_texts(resolver.files, spec.file, reviewed, problems);
                review::report(first, second, aligned.as_ref(), reviewed, &texts, problems);
            }
            let missing = aligned.as_ref().map(|found| structure::untranslated(first, found));
            untranslated.push((letter.tag.clone(), missing.unwrap_or_default()));
            alignments.push((&letter.tag, aligned));
        }
    }
    let edition = spec.edition.as_ref().map(|(edition, _)| edition);
    let mut misfits: Vec<(Tag, Vec<Diagnostic>)> = Vec::new();
    if let Some(edition) = edition.filter(|edition| edition.layout == Layout::Parallel)
        && let Some((leading, first)) = edition.languages.first().and_then(of)
    {
        for (letter, second) in edition.languages[1..].iter().filter_map(of) {
            let (Body::Markdown(blocks), Body::Markdown(others)) = (&leading.body, &letter.body)
            else {
                continue;
            };
            let known = alignments.iter().find(|(tag, _)| **tag == letter.tag);
            let known = known.filter(|_| leading.tag == *tag).and_then(|(_, found)| found.as_ref());
            let own = known.is_none().then(|| counterparts(first, second, &targets)).flatten();
            let found = match known.or(own.as_ref()) {
                Some(found) => blocks::misfits((first, blocks), (second, others), found),
                None => vec![blocks::too_long(first, second, letter.edition_place.clone())],
            };
            misfits.push((letter.tag.clone(), found));
        }
    }
    for (tag, missing) in untranslated {
        let letter = resolved.letters.iter_mut().find(|letter| letter.tag == tag);
        letter.into_iter().for_each(|letter| letter.untranslated.clone_from(&missing));
    }
    for (tag, found) in misfits {
        let letter = resolved.letters.iter_mut().find(|letter| letter.tag == tag);
        letter.into_iter().for_each(|letter| letter.misfits.clone_from(&found));
    }
}

/// How far a translation is, and how much of it was reviewed as it is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Progress {
    /// The language.
    #[serde(skip)]
    pub tag: Tag,
    /// The paragraphs, headings, items, rows and footnotes of the original.
    pub paragraphs: Share,
    /// Its other texts that differ by language, such as titles, offices, enclosures and labels.
    pub texts: Share,
    /// What is not compared, because it cannot be read in both languages.
    pub not_compared: Vec<NotCompared>,
}

/// How many of some texts are translated and reviewed.
#[derive(Debug, Copy, Clone, Default, Serialize)]
pub(crate) struct Share {
    /// How many there are.
    pub total: usize,
    /// How many are translated.
    pub translated: usize,
    /// How many were reviewed as they and their translations are now.
    pub reviewed: usize,
}

/// What is not compared between two languages.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NotCompared {
    /// Numbers in words.
    NumbersInWords,
    /// The names of months.
    Months,
    /// Percentages and currencies in words.
    Units,
    /// Names, which are written in different scripts.
    Names,
    /// Whether a text is in the language of its key.
    Language,
}

/// How far each translation of a letter is.
pub(crate) fn progress(resolver: &Resolver<'_>, resolved: &Resolved) -> Vec<Progress> {
    let spec = &resolver.written.spec;
    let Some((tag, _)) = spec.languages.first() else { return Vec::new() };
    let Some(original) = resolved.letters.iter().find(|letter| letter.tag == *tag) else {
        return Vec::new();
    };
    let source = resolver.files.texts();
    let targets = Targets::new(&spec.links, spec.languages.iter().map(|(tag, _)| tag));
    let first = Variant::of(original, &source);
    let translations = resolved.letters.iter().filter(|letter| letter.tag != *tag);
    let of = |letter: &Letter| {
        let second = Variant::of(letter, &source);
        let found = Problems::default();
        let names = Names::of(original, letter);
        let aligned = parity::report(&first, &second, &targets, &names, &found);
        let own = Languages::one(&letter.tag);
        let mut other = found.into_sorted();
        other.retain(|problem| {
            matches!(problem.code, Code::Untranslated | Code::WrongLanguage)
                && problem.lang.as_ref() == Some(&own)
        });
        let is_translated = |segment: &Segment| {
            let (file, range) = (segment.place.file, &segment.place.range);
            !other.iter().any(|problem| {
                let place = &problem.place;
                place.file == file && place.range.start < range.end && range.start < place.range.end
            })
        };
        let reviewed = spec.translation(&letter.tag).map_or((0, 0), |reviewed| {
            review::reviewed(&first, &second, aligned.as_ref(), reviewed)
        });
        let mut paragraphs = Share { reviewed: reviewed.0, ..Share::default() };
        // Bodies that are too long to be compared are not counted.
        if aligned.is_some() || !other.is_empty() || second.segments.is_empty() {
            let there = |at: usize| {
                let found = aligned.as_ref().map(|found| found.of_original[at].as_slice());
                let found = found.unwrap_or_default();
                !found.is_empty() && found.iter().all(|at| is_translated(&second.segments[*at]))
            };
            paragraphs.total = review::compared(&first).count();
            paragraphs.translated = review::compared(&first).filter(|(at, _)| there(*at)).count();
        }
        let mut texts = Share { reviewed: reviewed.1, ..Share::default() };
        for (_, own) in translated(&first, &second) {
            texts.total += 1;
            texts.translated += usize::from(is_translated(&own.segment));
        }
        Progress {
            tag: letter.tag.clone(),
            paragraphs,
            texts,
            not_compared: parity::not_compared(&first, &second),
        }
    };
    translations.map(of).collect()
}

impl Progress {
    /// Whether everything is translated.
    pub(crate) fn is_complete(&self) -> bool {
        [self.paragraphs, self.texts].iter().all(|share| share.translated == share.total)
    }
}
