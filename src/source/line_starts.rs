//! Where the lines of a text begin.

/// A place as people count it.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Position {
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one, in characters.
    pub column: usize,
}

/// The offsets at which the lines of a text begin. Lines end with a line feed, as in editors.
pub(crate) struct LineStarts(Vec<usize>);

impl LineStarts {
    /// The line starts of a text, which has at least one line.
    pub(crate) fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The line that an offset is in, counted from zero.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The offset at which a line begins, if there is such a line.
    pub(crate) fn start(&self, line: usize) -> Option<usize> {
        self.0.get(line).copied()
    }

    /// The line and column of an offset in the text that these are the lines of. An offset inside a
    /// character is where the character begins.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self.line(offset);
        let start = self.start(line).unwrap_or_default();
        Position { line: line + 1, column: text[start..offset].chars().count() + 1 }
    }
}
