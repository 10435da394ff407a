//! Page ranges: "1", "1-2,4", "3-".

use std::num::NonZeroUsize;

use typst::layout::PageRange;

use crate::words::{Message, say};

/// Pages of a document, counted from one.
#[derive(Debug, Clone)]
pub struct PageRanges(typst::layout::PageRanges);

impl PageRanges {
    /// Parses pages and ranges of pages, separated by commas. A range without an end extends to the
    /// last page, and one without a start begins at the first.
    pub fn parse(list: &str) -> Result<Self, Message> {
        let ranges: Option<_> = list.split(',').map(|part| range(part.trim())).collect();
        ranges
            .map(|ranges| Self(typst::layout::PageRanges::new(ranges)))
            .ok_or_else(|| say!("write pages as 1, 1-2,4 or 3-, counted from 1"))
    }

    /// Whether a page, counted from zero, is one of them.
    pub(crate) fn contain_index(&self, page: usize) -> bool {
        self.0.includes_page_index(page)
    }
}

fn range(text: &str) -> Option<PageRange> {
    let number = |text: &str| text.trim().parse::<NonZeroUsize>().ok();
    match text.split_once('-') {
        None => number(text).map(|page| Some(page)..=Some(page)),
        Some((first, "")) => Some(Some(number(first)?)..=None),
        Some(("", last)) => Some(None..=Some(number(last)?)),
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Some(first)..=Some(last))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let pages = |list: &str| -> Vec<usize> {
            let ranges = PageRanges::parse(list).expect("pages");
            (1..=9).filter(|page| ranges.contain_index(page - 1)).collect()
        };
        assert_eq!(pages("1"), [1]);
        assert_eq!(pages("1-2, 4"), [1, 2, 4]);
        assert_eq!(pages("-2,8-"), [1, 2, 8, 9]);
        for wrong in ["", "0", "2-1", "a", "1,,2", "-", "1-2-3", "+1-x"] {
            assert!(PageRanges::parse(wrong).is_err(), "{wrong}");
        }
    }
}
