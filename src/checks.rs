//! Checks what deserves a second look in a letter that could be sent as it is.

pub(crate) mod ascending;
pub(crate) mod duplicates;
pub(crate) mod parity;
pub(crate) mod review;
pub(crate) mod signatories;
pub(crate) mod stale_counts;

use crate::checks::parity::links::Targets;
use crate::checks::parity::names::Names;
use crate::checks::parity::segments::Variant;
use crate::language::Tag;
use crate::language::words::Words;
use crate::letter::resolve::{Resolved, Resolver};
use crate::letter::signatories::Counts;
use crate::letter::{Body, Group};
use crate::spec::loaded::Loaded;
use crate::spec::{GroupBy, Sort};
use crate::toml::reader;

/// Reports what deserves a second look in a letter, in the languages for which it was resolved:
/// signatories listed twice or out of order, stale counts, and differences between a translation and the
/// original.
pub(crate) fn report(resolver: &Resolver<'_>, resolved: &Resolved) {
    let Loaded { source, spec, signatories, complete } = resolver.written;
    signatories::report_duplicates(signatories, &spec.distinct, *complete, resolver.problems);
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
    compare_languages(resolver, resolved);
    reader::forget_after_syntax_error(source, spec.file, resolver.problems);
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

/// Compares each language with the original, which need not be one of those resolved.
fn compare_languages(resolver: &Resolver<'_>, resolved: &Resolved) {
    let (spec, problems) = (&resolver.written.spec, resolver.problems);
    let Some((tag, _)) = spec.languages.first() else { return };
    let translations = || resolved.letters.iter().filter(|letter| letter.tag != *tag);
    if translations().next().is_none() {
        return;
    }
    let asked_for = resolved.letters.iter().find(|letter| letter.tag == *tag);
    let unasked = asked_for.is_none().then(|| resolver.original()).flatten();
    let Some(original) = asked_for.or(unasked.as_ref()) else { return };
    let source = |file| resolver.files.text(file).unwrap_or_default();
    let targets = Targets::new(&spec.links, spec.languages.iter().map(|(tag, _)| tag));
    let first = Variant::of(original, &source);
    for letter in translations() {
        let second = Variant::of(letter, &source);
        let names = Names::of(original, letter);
        let aligned = parity::report(&first, &second, &targets, &names, problems);
        if let Some(reviewed) = spec.translation(&letter.tag) {
            let texts = review::load_texts(resolver.files, spec.file, reviewed, problems);
            review::report(&first, &second, aligned.as_ref(), reviewed, &texts, problems);
        }
    }
}
