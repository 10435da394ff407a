//! Where the lines of a text begin.

/// A place as people count it.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) struct Position {
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one, in characters.
    pub column: usize,
}

/// The number of bytes after which the characters are counted anew, so that a column far into a long line
/// is found in the same time as any other.
const STRETCH: usize = 1 << 12;

/// The offsets at which the lines of a text begin. Lines end with a line feed, as in editors.
pub(crate) struct LineStarts {
    starts: Vec<usize>,
    /// The number of characters before each stretch of the text.
    counts: Vec<usize>,
}

impl LineStarts {
    /// The line starts of a text, which has at least one line.
    pub(crate) fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut counts = vec![0];
        for stretch in text.as_bytes().chunks(STRETCH) {
            counts.push(counts.last().copied().unwrap_or_default() + characters(stretch));
        }
        Self { starts: std::iter::once(0).chain(ends).collect(), counts }
    }

    /// The line that an offset is in, counted from zero.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The offset at which a line begins, if there is such a line.
    pub(crate) fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line).copied()
    }

    /// The line and column of an offset in the text that these are the lines of. An offset inside a
    /// character is where the character begins.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let line = self.line(offset);
        let start = self.start(line).unwrap_or_default();
        Position {
            line: line + 1,
            column: self.before(text, offset) - self.before(text, start) + 1,
        }
    }

    /// The number of characters before an offset.
    fn before(&self, text: &str, offset: usize) -> usize {
        let stretch = offset / STRETCH;
        let rest = text.as_bytes().get(stretch * STRETCH..offset).unwrap_or_default();
        self.counts.get(stretch).copied().unwrap_or_default() + characters(rest)
    }
}

/// The number of characters that begin in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_counted_in_characters_however_long_the_line_is() {
        let text = format!("ñ\n{}é x\ny", "añ日".repeat(5_000));
        let lines = LineStarts::of(&text);
        let mut start = 0;
        for (number, line) in (1..).zip(text.split('\n')) {
            for (count, (at, _)) in line.char_indices().enumerate().step_by(997) {
                let expected = Position { line: number, column: count + 1 };
                assert_eq!(lines.position(&text, start + at), expected);
            }
            start += line.len() + 1;
        }
    }
}
