//! Lists whose items say themselves how deep they are.

use crate::documents::model::{Block, Run};

/// An item with its level, which counts from 0.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub level: usize,
    /// Its number, if it has one.
    pub number: Option<u64>,
    pub runs: Vec<Run>,
}

/// Nests items: those that are deeper than the one before belong to it.
pub(super) fn nested(items: Vec<Item>) -> Vec<Block> {
    let mut lists: Vec<Block> = Vec::new();
    let Some(base) = items.first().map(|item| item.level) else { return lists };
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        let mut deeper = Vec::new();
        while let Some(next) = items.next_if(|next| next.level > item.level.max(base)) {
            deeper.push(next);
        }
        let mut blocks = vec![Block::Paragraph(item.runs)];
        blocks.extend(nested(deeper));
        match lists.last_mut() {
            Some(Block::List { start, items }) if start.is_some() == item.number.is_some() => {
                items.push(blocks);
            }
            _ => lists.push(Block::List { start: item.number, items: vec![blocks] }),
        }
    }
    lists
}
