//! Plain text, and what the ends of its lines mean.

use crate::documents::model::{Block, Document, Run, SOFT_BREAK, is_blank, lines, plain, push};
use crate::documents::vocabulary::bare;
use crate::source::url;

/// The longest line that a program or a person breaks text at. A longer one is a paragraph.
const MAX_WIDTH: usize = 120;

/// Reads plain text. Empty lines part paragraphs.
pub(crate) fn read(text: &str) -> Document {
    Document { blocks: blocks(text), ..Document::default() }
}

/// The paragraphs of a plain text, with the ends of their lines.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{0B}'], "\n").replace('\u{0C}', "\n\n");
    for line in text.split('\n').chain([""]) {
        let line = line.trim();
        if !line.is_empty() {
            paragraph.push(line);
            continue;
        }
        if !paragraph.is_empty() {
            blocks.push(heading(&paragraph).or_else(|| list(&paragraph)).unwrap_or_else(|| {
                Block::Paragraph(with_links(&paragraph.join(&SOFT_BREAK.to_string())))
            }));
            paragraph.clear();
        }
        if !matches!(blocks.last(), None | Some(Block::Blank)) {
            blocks.push(Block::Blank);
        }
    }
    blocks
}

/// The heading that some lines are, if the last underlines the others, as in `-f txt`.
fn heading(lines: &[&str]) -> Option<Block> {
    let (line, lines) = lines.split_last()?;
    let level = [(1, '='), (2, '-')].into_iter().find_map(|(level, sign)| {
        (line.len() > 2 && line.chars().all(|c| c == sign)).then_some(level)
    });
    let is_short = (1..=4).contains(&lines.len());
    is_short.then(|| Some(Block::Heading(level?, with_links(&lines.join(" "))))).flatten()
}

/// The list that some lines are, if the first begins with a bullet or with the number 1. A line without
/// either continues the item before.
fn list(lines: &[&str]) -> Option<Block> {
    let bullet = |line: &&str| bullet(line).map(|rest| (None, rest.to_owned()));
    let number = |line: &&str| {
        let (digits, rest) = line.split_once(['.', ')'])?;
        let digits: String = digits.chars().filter_map(bare).collect();
        let number: u64 = digits.parse().ok().filter(|_| digits.len() < 4)?;
        rest.strip_prefix(' ').map(|rest| (Some(number), rest.trim().to_owned()))
    };
    let item = |line: &&str| bullet(line).or_else(|| number(line));
    let (start, _) = lines.first().and_then(item)?;
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match item(line) {
            Some((found, text)) if found == start.map(|start| start + items.len() as u64) => {
                items.push(text);
            }
            _ => {
                let last = items.last_mut()?;
                last.extend([" ", line]);
            }
        }
    }
    let is_list = start.is_none() || items.len() > 1;
    let items = items.iter().map(|text| vec![Block::Paragraph(with_links(text))]).collect();
    is_list.then_some(Block::List { start, items })
}

/// A line without the bullet that it begins with.
pub(super) fn bullet(line: &str) -> Option<&str> {
    const BULLETS: &[char] =
        &['•', '◦', '‣', '▪', '●', '○', '■', '·', '–', '—', '-', '*', '\u{F0B7}', '\u{F0A7}'];
    let rest = line.strip_prefix(BULLETS)?;
    let bare = rest.trim_start();
    (bare.len() < rest.len() && !bare.is_empty()).then_some(bare)
}

/// Text with the links that people write into plain text: `[text](address)`, and addresses of the web
/// as they are.
pub(crate) fn with_links(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['[', 'h']).map(|found| found + at) {
        let (link, label, target) = match markdown_link(&text[found..]) {
            Some((label, target)) => (label.len() + target.len() + 4, label, target.to_owned()),
            None => match url::bare(text, found) {
                Some(address) => (address.len(), address, address.to_owned()),
                None => {
                    at = found + 1;
                    continue;
                }
            },
        };
        push(&mut runs, Run::plain(&text[plain..found]));
        push(&mut runs, Run { link: Some(target), ..Run::plain(label) });
        at = found + link;
        plain = at;
    }
    push(&mut runs, Run::plain(&text[plain..]));
    runs
}

/// The text and the target of a link such as `[the report](https://…)`, at the beginning of a text.
fn markdown_link(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (target, _) = rest.split_once(')')?;
    let is_target = target == "#"
        || ["https://", "http://", "mailto:", "tel:"].iter().any(|start| target.starts_with(start));
    let is_plain = !label.contains(['[', ']', '\n']) && !target.contains(char::is_whitespace);
    (is_target && is_plain && !label.trim().is_empty()).then_some((label, target))
}

/// Decides what each soft break is: where a line was full, it is a space; otherwise the author ended
/// the line, which parts paragraphs if they are long, and lines if they are short.
pub(crate) fn settle(blocks: Vec<Block>) -> Vec<Block> {
    let Some(width) = width(&blocks) else { return blocks };
    // Who can write a line break does so where one is meant: pandoc, Google Docs.
    let has_breaks = |block: &Block| match block {
        Block::Paragraph(runs) => runs.iter().any(|run| run.text.contains('\n')),
        _ => false,
    };
    if blocks.iter().any(has_breaks) {
        return joined(blocks);
    }
    let mut settled = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(runs) => settled.extend(paragraphs(&runs, width)),
            Block::Quote(inner) => settled.push(Block::Quote(settle(inner))),
            Block::List { start, items } => {
                let items = items.into_iter().map(joined).collect();
                settled.push(Block::List { start, items });
            }
            other => settled.push(other),
        }
    }
    settled
}

/// Blocks whose lines go on.
fn joined(blocks: Vec<Block>) -> Vec<Block> {
    let block = |block| match block {
        Block::Paragraph(mut runs) => {
            runs.iter_mut().for_each(|run| run.text = run.text.replace(SOFT_BREAK, " "));
            Block::Paragraph(runs)
        }
        Block::List { start, items } => {
            Block::List { start, items: items.into_iter().map(joined).collect() }
        }
        Block::Quote(inner) => Block::Quote(joined(inner)),
        other => other,
    };
    blocks.into_iter().map(block).collect()
}

/// The number of characters of the longest line that soft breaks end. `None` if there are none.
fn width(blocks: &[Block]) -> Option<usize> {
    let mut widest = None;
    for block in blocks {
        match block {
            Block::Paragraph(runs) if runs.iter().any(|run| run.text.contains(SOFT_BREAK)) => {
                let lines = lines(runs, |c| c == SOFT_BREAK || c == '\n');
                let lengths =
                    lines.iter().map(|line| plain(line)).filter(|line| line.contains(' '));
                let lengths = lengths.map(|line| line.chars().count());
                let longest = lengths.filter(|length| *length <= MAX_WIDTH).max().unwrap_or(0);
                widest = widest.max(Some(longest));
            }
            Block::Quote(inner) => widest = widest.max(width(inner)),
            Block::List { items, .. } => {
                let soft = items.iter().any(|item| width(item).is_some());
                widest = widest.max(soft.then_some(0));
            }
            _ => {}
        }
    }
    widest
}

/// A paragraph with its soft breaks settled.
fn paragraphs(runs: &[Run], width: usize) -> Vec<Block> {
    let lines = lines(runs, |c| c == SOFT_BREAK);
    if lines.len() < 2 {
        return vec![Block::Paragraph(runs.to_vec())];
    }
    let texts: Vec<String> = lines.iter().map(|line| plain(line)).collect();
    let length = |text: &String| text.chars().count();
    let first_word = |text: &String| text.split(' ').next().map_or(0, |word| word.chars().count());
    let is_full = |pair: &[String]| {
        length(&pair[0]) <= MAX_WIDTH && length(&pair[0]) + 1 + first_word(&pair[1]) > width
    };
    let goes_on = texts.windows(2).any(|pair| {
        pair[1].starts_with(|c: char| c.is_lowercase()) && !pair[0].ends_with(['.', ':', ';'])
    });
    let join = |separator: &str| {
        let mut joined = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                push(&mut joined, Run::plain(separator));
            }
            line.iter().for_each(|run| push(&mut joined, run.clone()));
        }
        Block::Paragraph(joined)
    };
    if goes_on && texts.windows(2).all(is_full) {
        return vec![join(" ")];
    }
    let longs = texts.iter().filter(|text| length(text) > MAX_WIDTH).count();
    if longs * 2 > texts.len() {
        return lines.into_iter().filter(|line| !is_blank(line)).map(Block::Paragraph).collect();
    }
    vec![join("\n")]
}
