//! The text of the letter that `new` makes, and what of it is left in a letter.

use crate::letter::body::{Block, BlockKind, Inline, InlineKind};
use crate::letter::{Body, Letter};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::{Message, UiLanguage, say};

/// The title.
pub(crate) fn title() -> Message {
    say!("The headline of your letter")
}

/// The signatories.
pub(crate) fn signatories() -> [Message; 2] {
    [say!("First Organization"), say!("Second Organization")]
}

/// The body, in Markdown.
pub(crate) fn body() -> Message {
    say!(
        "We, the {{{{organization-count}}}} undersigned organizations, write to you about …\n\n\
         A second paragraph, with *emphasis*, **strong emphasis** and \
         [a link](https://example.org/).\n"
    )
}

/// Reports what of it is in a letter, in any language of the program.
pub(crate) fn report(letter: &Letter, problems: &Problems) {
    let is = |text: &str, sample: &Message| UiLanguage::all().any(|ui| sample.get(ui) == text);
    let tell = |what: &str, place: &Place| {
        let text = what.trim();
        let problem = say!("`{text}` is the text of a sample", text);
        let problem = Diagnostic::new(Code::SampleText, place.clone(), problem);
        problems.push(problem.hint(say!("write your own")).in_language(&letter.tag));
    };
    if is(&letter.title.text, &title()) {
        tell(&letter.title.text, &letter.title.source.place);
    }
    let samples = signatories();
    for signatory in letter.groups.iter().flat_map(|group| &group.signatories) {
        if samples.iter().any(|sample| is(&signatory.name.text, sample)) {
            tell(&signatory.name.text, &signatory.name.source.place);
        }
    }
    let Body::Markdown(blocks) = &letter.body else { return };
    let samples: Vec<String> = UiLanguage::all().map(|ui| body().get(ui)).collect();
    // The paragraphs, without what a placeholder or Markdown makes of them.
    let parts = samples.iter().filter_map(|sample| {
        let (first, second) = sample.split_once("\n\n")?;
        Some((first.rsplit("}}").next()?.trim(), second.split('*').next()?.trim()))
    });
    let parts: Vec<(&str, &str)> = parts.collect();
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
