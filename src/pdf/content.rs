//! What a page, a form or a pattern consists of: operators, each after what it is about.

use crate::pdf::value::Value;

/// Calls a function with each operator of a content stream and its operands.
pub(super) fn operations(stream: &[u8], mut each: impl FnMut(&[u8], &[Value])) {
    let mut rest = stream;
    let mut operands: Vec<Value> = Vec::new();
    while let Some(value) = Value::read(&mut rest) {
        match value.as_operator() {
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
