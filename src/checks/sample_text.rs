//! The text of the letter that `new` makes, and what of it is left in a letter.

use crate::language::words;
use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// The file number of the sender in a sample.
pub(crate) const REFERENCE: &str = "ABC/001";

/// The file number of the addressee in a sample.
pub(crate) const YOUR_REFERENCE: &str = "XYZ/002";

/// The lines of the addresses in samples of business letters: the sender's, then the addressee's, for an
/// American envelope and for one of DIN 5008.
pub(crate) const ADDRESSES: [[[&str; 2]; 2]; 2] = [
    [["1 Example Street", "Springfield, IL 62701"], ["2 Example Avenue", "Springfield, IL 62701"]],
    [["Musterstraße 1", "12345 Musterstadt"], ["Musterplatz 2", "12345 Musterstadt"]],
];

/// The electronic mail address in a sample.
pub(crate) const EMAIL: &str = "press@example.org";

/// Reports what of it is in a letter, in any language that the program has.
pub(crate) fn report(letter: &Letter, problems: &Problems) {
    let tell = |what: &str, place: &Place| {
        let text = what.trim();
        let problem = say!("`{text}` is the text of a sample", text);
        let problem = Diagnostic::new(Code::SampleText, place.clone(), problem);
        problems.push(problem.hint(say!("write your own")).in_language(&letter.tag));
    };
    if words::all_samples().any(|sample| letter.title.text == sample.title) {
        tell(&letter.title.text, &letter.title.source.place);
    }
    for (found, sample) in
        [(&letter.reference, REFERENCE), (&letter.your_reference, YOUR_REFERENCE)]
    {
        if let Some(found) = found.as_ref().filter(|found| found.text == sample) {
            tell(&found.text, &found.source.place);
        }
    }
    for to in &letter.to {
        // Somebody may be called so, but has another office.
        let office = to.office.as_ref().map(|office| &office.text);
        let is_sample = |sample: &words::Samples| {
            to.name.text == sample.name && office.is_some_and(|office| *office == sample.office)
        };
        if words::all_samples().any(is_sample) {
            tell(&to.name.text, &to.name.source.place);
        }
    }
    let names: Vec<&String> =
        words::all_samples().flat_map(|sample| &sample.organizations).collect();
    let from = letter.from.iter();
    let sender = from.clone().flat_map(|from| from.organization.iter().chain(&from.email));
    let lines = from.flat_map(|from| &from.address);
    let lines = lines.chain(letter.to.iter().flat_map(|to| &to.address));
    for line in sender.chain(lines) {
        let is_address = ADDRESSES.iter().flatten().flatten().any(|sample| line.text == *sample);
        if is_address || line.text == EMAIL || names.iter().any(|name| line.text == name.as_str()) {
            tell(&line.text, &line.source.place);
        }
    }
    for signatory in letter.groups.iter().flat_map(|group| &group.signatories) {
        if names.iter().any(|name| signatory.name.text == name.as_str()) {
            tell(&signatory.name.text, &signatory.name.source.place);
        }
    }
    let Body::Markdown(blocks) = &letter.body else { return };
    // The paragraphs, without what a placeholder or Markdown makes of them.
    let parts = words::all_samples().filter_map(|sample| {
        let (first, second) = sample.body.split_once("\n\n")?;
        Some((first.rsplit("}}").next()?.trim(), second.split('*').next()?.trim()))
    });
    let has_text = |(end, start): &(&str, &str)| !end.is_empty() && !start.is_empty();
    let parts: Vec<(&str, &str)> = parts.filter(has_text).collect();
    for Block { kind, place } in blocks {
        let BlockKind::Paragraph(inlines) = kind else { continue };
        let text = plain(inlines);
        let is_sample =
            parts.iter().any(|(end, start)| text.ends_with(end) || text.starts_with(start));
        if is_sample {
            tell(&text, place);
        }
    }
}

fn plain(inlines: &[Inline]) -> String {
    let text = |inline: &Inline| match &inline.kind {
        InlineKind::Text(text) => text.to_string(),
        InlineKind::Emphasis(inside) | InlineKind::Strong(inside) | InlineKind::Link(_, inside) => {
            plain(inside)
        }
        _ => " ".to_owned(),
    };
    inlines.iter().map(text).collect()
}
