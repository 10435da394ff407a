//! Mutates TOML so that it stays TOML: otherwise nearly every mutated letter is a mistake of syntax.

use libfuzzer_sys::fuzzer_mutate;
use toml::{Table, Value};

/// Mutates a value of the document, or its bytes if it is no TOML or one time in four.
pub(crate) fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) | 1);
    let text = str::from_utf8(&data[..size]).unwrap_or_default();
    // What follows the letter, as in the target `review`, is kept.
    let (letter, rest) = text.find("\n%%\n").map_or((text, ""), |at| text.split_at(at));
    let mutated = match letter.parse::<Table>() {
        Ok(table) if random.below(4) != 0 => {
            let mut document = Value::Table(table);
            change(&mut document, &mut random);
            toml::to_string(&document).map(|text| format!("{}{rest}", text.trim_end()))
        }
        _ => return fuzzer_mutate(data, size, max_size),
    };
    match mutated {
        Ok(text) if !text.is_empty() && text.len() <= max_size => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

/// Changes one value somewhere in a document.
fn change(document: &mut Value, random: &mut Random) {
    let target = random.below(count(document));
    let other = nth(document, &mut random.below(count(document))).cloned();
    let (Some(value), Some(other)) = (nth(document, &mut { target }), other) else { return };
    match (random.below(8), &mut *value) {
        (0, _) => *value = other,
        (1, _) => *value = Value::Array(vec![value.clone(); 1 + random.below(3)]),
        (2, Value::Table(table)) => {
            let keys: Vec<String> = table.keys().cloned().collect();
            if let Some(key) = keys.get(random.below(keys.len())) {
                table.remove(key);
            }
        }
        (3, Value::Table(table)) => {
            table.insert(text(&other), Value::from(i64::from(random.0 as u8)));
        }
        (_, Value::Array(items)) => {
            let at = random.below(items.len() + 1);
            items.insert(at, other);
        }
        (_, Value::String(text)) => *text = mutated(text),
        (_, value) => *value = Value::String(mutated(&text(value))),
    }
}

/// A text with some bytes changed.
fn mutated(text: &str) -> String {
    let mut data = text.as_bytes().to_vec();
    let size = data.len();
    data.resize(size + 64, 0);
    let size = fuzzer_mutate(&mut data, size, size + 64);
    String::from_utf8_lossy(&data[..size]).into_owned()
}

/// A value as text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many values a value has inside, with itself.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Table(table) => table.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The value with a number, in the order of the document.
fn nth<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Table(table) => table.iter_mut().find_map(|(_, item)| nth(item, left)),
        _ => None,
    }
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize % bound.max(1)
    }
}
