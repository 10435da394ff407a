//! Source texts, as bytes with places.

pub(crate) mod digest;
pub(crate) mod file_kind;
pub(crate) mod line_starts;
pub(crate) mod paths;
pub(crate) mod text;
pub(crate) mod url;

use std::ops::Range;

use typst::syntax::FileId;

/// A range of bytes in a file of the letter.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Place {
    /// The file, as a path below the letter's root.
    pub file: FileId,
    /// The range of bytes in the file. If it is empty, it is a point.
    pub range: Range<usize>,
}

impl Place {
    /// The range `range` of `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, range }
    }

    /// The first byte of `file`, for problems of a file as a whole.
    pub fn start_of(file: FileId) -> Self {
        Self { file, range: 0..0 }
    }
}
