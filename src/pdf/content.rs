//! What a page, a form or a pattern consists of: operators, each after what it is about.

use crate::pdf::value::{self, Value};

/// Calls a function with each operator of a content stream and its operands. Returns whether all of the
/// stream could be read. A picture in the stream itself cannot: it is no value.
pub(super) fn operations(stream: &[u8], mut each: impl FnMut(&[u8], &[Value])) -> bool {
    let mut rest = stream;
    let mut operands: Vec<Value> = Vec::new();
    loop {
        value::skip_spaces(&mut rest);
        if rest.is_empty() {
            return true;
        }
        let Some(value) = Value::read(&mut rest) else { return false };
        match value.as_operator() {
            Some(b"BI") => return false,
            Some(operator) => {
                each(operator, &operands);
                operands.clear();
            }
            None => operands.push(value),
        }
    }
}

/// Writes an operator after its operands.
pub(super) fn write(to: &mut Vec<u8>, operands: &[Value], operator: &[u8]) {
    operands.iter().for_each(|operand| operand.write(to));
    Value::raw(operator).write(to);
    to.push(b'\n');
}

/// A linear map of the plane, and a move (ISO 32000-1, 8.3.3).
#[derive(Debug, Copy, Clone)]
pub(super) struct Matrix([f64; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    pub(super) fn of(numbers: &[f64]) -> Option<Self> {
        numbers.try_into().ok().map(Self)
    }

    /// This map, and then another one.
    pub(super) fn then(self, outer: Self) -> Self {
        let (one, two) = (self.0, outer.0);
        let x = |x: f64, y: f64| x * two[0] + y * two[2];
        let y = |x: f64, y: f64| x * two[1] + y * two[3];
        Self([
            x(one[0], one[1]),
            y(one[0], one[1]),
            x(one[2], one[3]),
            y(one[2], one[3]),
            x(one[4], one[5]) + two[4],
            y(one[4], one[5]) + two[5],
        ])
    }

    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let map = self.0;
        (map[0] * x + map[2] * y + map[4], map[1] * x + map[3] * y + map[5])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_reported() {
        let read = |stream: &[u8]| {
            let mut operators = 0;
            (operations(stream, |_, _| operators += 1), operators)
        };
        assert_eq!(read(b""), (true, 0));
        assert_eq!(read(b"q 1 0 0 rg (a) Tj Q % end\n"), (true, 4));
        assert_eq!(read(b"q ) Q"), (false, 1));
        assert_eq!(read(b"q (a Q"), (false, 1));
        assert_eq!(read(b"q /a\xff"), (false, 1));
        assert_eq!(read(b"q BI /W 1 /H 1 /BPC 8 /CS /G ID a EI Q"), (false, 1));
    }
}
