//! Passages in another language. Word processors mark every run with a language, mostly with that of their
//! user: a mark counts where the words agree with it.

use crate::documents::model::{Block, Document, Run, plain, push};
use crate::language::Tag;
use crate::language::detection::is_rather;

/// Keeps the marks of passages that are in another language than the document, which is in `tag`. Without one,
/// none is kept.
pub(super) fn settle(document: &mut Document, tag: Option<&Tag>) {
    blocks(&mut document.blocks, tag);
    document.notes.iter_mut().for_each(|note| blocks(note, tag));
}

fn blocks(all: &mut [Block], tag: Option<&Tag>) {
    for block in all {
        match block {
            Block::Paragraph(text) | Block::Heading(_, text) => runs(text, tag),
            Block::List { items, .. } => items.iter_mut().for_each(|item| blocks(item, tag)),
            Block::Quote(inner) => blocks(inner, tag),
            Block::Table(table) => table.rows.iter_mut().flatten().for_each(|cell| runs(cell, tag)),
            Block::Blank | Block::Code(_) | Block::Rule => {}
        }
    }
}

fn runs(all: &mut Vec<Run>, tag: Option<&Tag>) {
    if all.iter().all(|run| run.lang.is_none()) {
        return;
    }
    let mut at = 0;
    while at < all.len() {
        let count = passage(&all[at..]);
        let same = &mut all[at..at + count];
        let lang = same[0].lang.clone();
        let lang = lang.filter(|lang| tag.is_some_and(|tag| is_meant(same, lang, tag)));
        // The region is that of whoever wrote the document.
        let lang = lang.map(|lang| match lang.language() {
            "zh" => lang,
            _ => lang.with_parents().last().unwrap_or(lang),
        });
        same.iter_mut().for_each(|run| run.lang.clone_from(&lang));
        at += count;
    }
    std::mem::take(all).into_iter().for_each(|run| push(all, run));
}

/// How many runs are one passage, which begins with the first.
pub(super) fn passage(runs: &[Run]) -> usize {
    let Some(first) = runs.first() else { return 0 };
    let is_space = |run: &Run| !run.is_mark() && run.text.trim().is_empty();
    let is_same = |run: &&Run| {
        !run.is_mark()
            && run.link == first.link
            && (run.lang == first.lang || first.lang.is_some() && is_space(run))
    };
    let mut count = runs.iter().take_while(is_same).count();
    while count > 1 && runs[count - 1].lang != first.lang {
        count -= 1;
    }
    count.max(1)
}

/// Whether the words of a passage are in the language that it is marked with.
fn is_meant(passage: &[Run], lang: &Tag, tag: &Tag) -> bool {
    /// A shorter passage says too little.
    const MIN_WORDS: usize = 3;
    let text = plain(passage);
    let words = text.split(' ').filter(|word| word.contains(char::is_alphabetic)).count();
    lang.language() != tag.language() && words >= MIN_WORDS && is_rather(&text, lang, tag)
}
