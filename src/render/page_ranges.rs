//! Which pages are meant: "1", "1-2,4", "3-".

use std::ops::RangeInclusive;

use crate::words::message::{Message, say};

/// Pages of a document, counted from one.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct PageRanges(Vec<RangeInclusive<usize>>);

impl PageRanges {
    /// Reads pages and ranges of pages that are parted by commas. A range without an end goes on to
    /// the last page, and one without a start begins at the first.
    pub fn parse(list: &str) -> Result<Self, Message> {
        let ranges: Option<_> = list.split(',').map(|part| range(part.trim())).collect();
        ranges.map(Self).ok_or_else(|| {
            say!(
                "pages are written as 1 or 1-2,4 or 3-, counted from 1",
                "las páginas se escriben como 1 o 1-2,4 o 3-, contadas desde 1"
            )
        })
    }

    /// Whether a page is one of them.
    pub fn contain(&self, page: usize) -> bool {
        self.0.iter().any(|range| range.contains(&page))
    }
}

fn range(text: &str) -> Option<RangeInclusive<usize>> {
    let number = |text: &str| text.trim().parse().ok().filter(|page| *page > 0);
    let range = match text.split_once('-') {
        None => number(text)?..=number(text)?,
        Some((first, "")) => number(first)?..=usize::MAX,
        Some(("", last)) => 1..=number(last)?,
        Some((first, last)) => number(first)?..=number(last)?,
    };
    (!range.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let pages = |list: &str| -> Vec<usize> {
            let ranges = PageRanges::parse(list).expect("pages");
            (1..=9).filter(|page| ranges.contain(*page)).collect()
        };
        assert_eq!(pages("1"), [1]);
        assert_eq!(pages("1-2, 4"), [1, 2, 4]);
        assert_eq!(pages("-2,8-"), [1, 2, 8, 9]);
        for wrong in ["", "0", "2-1", "a", "1,,2", "-", "1-2-3", "+1-x"] {
            assert!(PageRanges::parse(wrong).is_err(), "{wrong}");
        }
    }
}
