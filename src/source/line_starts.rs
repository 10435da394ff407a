//! Where the lines of a text begin.

/// The offsets at which the lines of a text begin. Lines end with a line feed, as in editors.
pub struct LineStarts(Vec<usize>);

impl LineStarts {
    /// The line starts of a text, which has at least one line.
    pub fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The line that an offset is in, counted from zero.
    pub fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The offset at which a line begins, if there is such a line.
    pub fn start(&self, line: usize) -> Option<usize> {
        self.0.get(line).copied()
    }
}
