//! Values with a syntax of their own: papers, lengths, colours and PDF standards.

use typst::visualize::Color;

use crate::pdf::{PdfStandard, STANDARDS};
use crate::problems::{Code, Diagnostic};
use crate::spec::{Length, Margins, contrast};
use crate::toml::reader::{Context, Value};
use crate::words::say;

/// The paper sizes that letters are written on, by their names in Typst.
pub(crate) const PAPERS: &[&str] =
    &["us-letter", "a4", "us-legal", "a5", "us-executive", "us-statement", "jis-b5", "iso-b5"];

/// One margin for all sides, or a table with some of them.
pub(super) fn read_margins(value: Value<'_>, context: Context<'_>) -> Margins {
    let length = |value| read_length(value, context, 0.0..=600.0);
    if value.if_table().is_none() {
        let all = length(value);
        return Margins { top: all, right: all, bottom: all, left: all };
    }
    let Some(mut table) = value.table(context) else { return Margins::default() };
    let mut side = |name| table.take(name).and_then(length);
    let margins = Margins {
        top: side("top"),
        right: side("right"),
        bottom: side("bottom"),
        left: side("left"),
    };
    table.finish(context);
    margins
}

/// The minimum contrast between text and paper (WCAG 2.2, success criterion 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// A colour such as "#7a1f3d" that is legible on white paper.
pub(super) fn read_accent(value: Value<'_>, context: Context<'_>) -> Option<Color> {
    let text = value.text(context)?;
    let found = &text.value;
    let Some(channels) = contrast::parse(found) else {
        let message = say!(
            "`{found}` is not a colour: write red, green and blue in hexadecimal, such as \
             \"#7a1f3d\"",
            found
        );
        return value.invalid(context, message);
    };
    let ratio = contrast::with_white(channels);
    if ratio >= LEAST_CONTRAST {
        return Some(contrast::color(channels));
    }
    let darker = contrast::darkened(channels, LEAST_CONTRAST);
    context.problems.push(
        Diagnostic::new(
            Code::InvalidValue,
            text.place,
            say!(
                "`{found}` has a contrast of {ratio} : 1 with white, less than the {least} : 1 \
                 that text needs to be legible",
                found,
                ratio = format_args!("{ratio:.1}"),
                least = LEAST_CONTRAST
            ),
        )
        .hint(say!("a darker shade: {darker}", darker)),
    );
    None
}

/// A length with its unit, such as "11pt", "2.5cm", "1in" or "25mm".
pub(super) fn read_length(
    value: Value<'_>,
    context: Context<'_>,
    bounds: std::ops::RangeInclusive<f64>,
) -> Option<Length> {
    let text = value.text(context)?;
    let (key, found) = (value.key, &text.value);
    match Length::parse(found) {
        Some(Length(points)) if bounds.contains(&points) => Some(Length(points)),
        Some(_) => {
            let (least, most) = (bounds.start(), bounds.end());
            value.invalid(
                context,
                say!("`{key}` must be between {least} and {most} points", key, least, most),
            )
        }
        None => value.invalid(
            context,
            say!("`{found}` is not a length: write a number and `pt`, `mm`, `cm` or `in`", found),
        ),
    }
}

pub(super) fn read_standard(value: Value<'_>, context: Context<'_>) -> Option<PdfStandard> {
    value.choice(context, STANDARDS, |name| name.parse().ok())
}
