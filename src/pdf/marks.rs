//! Where a page is trimmed.
//!
//! Upstream: <https://github.com/typst/typst/issues/3131>.

use crate::pdf::objects::Objects;
use crate::pdf::value::{Dictionary, Stream, Value};

/// How far crop marks are from the page at least, and how long they are, in points: 3 mm and 5 mm.
const DISTANCE: f64 = 8.504;
const LENGTH: f64 = 14.173;

/// Says of each page where it is trimmed and how far it is printed beyond that (ISO 32000-1, 14.11.2). With
/// crop marks, the sheet becomes larger by them.
pub(super) fn say_where_to_trim(objects: &mut Objects<'_>, crop_marks: bool) -> Option<()> {
    for number in objects.pages() {
        let mut page = objects.dictionary(number)?;
        let sheet = rectangle(page.get("MediaBox")?)?;
        let trim = page.get("TrimBox").and_then(rectangle).unwrap_or(sheet);
        page.set("TrimBox", written(trim));
        page.set("BleedBox", written(sheet));
        if crop_marks {
            mark(objects, &mut page, sheet, trim)?;
        }
        objects.put_dictionary(number, &page);
    }
    Some(())
}

fn mark(
    objects: &mut Objects<'_>,
    page: &mut Dictionary,
    sheet: [f64; 4],
    trim: [f64; 4],
) -> Option<()> {
    let bleed = trim[0] - sheet[0];
    let (near, far) = (bleed.max(DISTANCE), bleed.max(DISTANCE) + LENGTH);
    let [left, bottom, right, top] = trim;
    page.set("MediaBox", written([left - far, bottom - far, right + far, top + far]));

    // All inks of a press print the marks, so that it sees whether they are printed on one another.
    let tint = Dictionary::new([
        ("FunctionType", Value::raw("2")),
        ("Domain", Value::Array(vec![Value::raw("0"), Value::raw("1")])),
        ("C0", Value::Array(vec![Value::raw("1")])),
        ("C1", Value::Array(vec![Value::raw("0")])),
        ("N", Value::raw("1")),
    ]);
    let all = Value::Array(vec![
        Value::name("Separation"),
        Value::name("All"),
        Value::name("DeviceGray"),
        Value::Dictionary(tint),
    ]);
    let mut resources = objects.resolved(page.get("Resources")?)?.as_dictionary()?.clone();
    let spaces = resources.get("ColorSpace").and_then(|spaces| objects.resolved(spaces));
    let mut spaces = spaces.and_then(|spaces| spaces.as_dictionary().cloned()).unwrap_or_default();
    spaces.set("All", all);
    resources.set("ColorSpace", Value::Dictionary(spaces));
    page.set("Resources", Value::Dictionary(resources));

    let mut lines = String::from("/Artifact BMC q/All CS 1 SCN 0.25 w\n");
    for x in [left, right] {
        for (from, to) in [(bottom - near, bottom - far), (top + near, top + far)] {
            lines.push_str(&format!("{x:.3} {from:.3} m {x:.3} {to:.3} l S\n"));
        }
    }
    for y in [bottom, top] {
        for (from, to) in [(left - near, left - far), (right + near, right + far)] {
            lines.push_str(&format!("{from:.3} {y:.3} m {to:.3} {y:.3} l S\n"));
        }
    }
    lines.push_str("Q EMC\n");
    let marks = objects.add();
    objects.put_stream(marks, &Stream::new(Dictionary::default(), lines.as_bytes()));
    let mut contents = vec![Value::Reference(marks)];
    match page.remove("Contents") {
        Some(Value::Array(parts)) => contents.extend(parts),
        other => contents.extend(other),
    }
    page.set("Contents", Value::Array(contents));
    Some(())
}

fn rectangle(value: &Value) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_number).collect();
    numbers.try_into().ok()
}

fn written(rectangle: [f64; 4]) -> Value {
    Value::Array(rectangle.map(Value::number).to_vec())
}
