//! Colours, and their contrast with white paper.

use typst::visualize::{Color, ProcessColor};

/// Red, green and blue, in sRGB.
pub(crate) type Channels = [u8; 3];

/// A colour in web notation: "#7a1f3d", or "#a13" for short. There is no transparency: a letter is
/// printed on paper.
pub(crate) fn parse(text: &str) -> Option<Channels> {
    let digits = text.strip_prefix('#').filter(|digits| matches!(digits.len(), 3 | 6))?;
    let [red, green, blue, _] = digits.parse::<ProcessColor>().ok()?.to_vec4_u8();
    Some([red, green, blue])
}

/// The colour as a Typst value.
pub(crate) fn color([red, green, blue]: Channels) -> Color {
    Color::from(ProcessColor::from_u8(red, green, blue, u8::MAX))
}

/// The contrast with white, from 1 to 21 (WCAG 2.2, "contrast ratio").
pub(crate) fn with_white(channels: Channels) -> f64 {
    1.05 / (luminance(channels) + 0.05)
}

/// The relative luminance, from 0 to 1 (WCAG 2.2, "relative luminance").
fn luminance(channels: Channels) -> f64 {
    let [red, green, blue] = channels.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The same hue, darkened until it has the given contrast with white, in web notation.
pub(crate) fn darkened(channels: Channels, contrast: f64) -> String {
    let shade =
        |per_mille: u32| channels.map(|channel| (u32::from(channel) * per_mille / 1000) as u8);
    let lightest = (0..=1000).rev().map(shade).find(|shade| with_white(*shade) >= contrast);
    let [red, green, blue] = lightest.unwrap_or_default();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(text: &str) -> f64 {
        with_white(parse(text).expect("a colour"))
    }

    /// The values given by WebAIM's contrast checker.
    #[test]
    fn contrasts_are_those_of_wcag() {
        assert!((contrast("#000000") - 21.0).abs() < 0.01);
        assert!((contrast("#ffffff") - 1.0).abs() < 0.01);
        assert!((contrast("#767676") - 4.54).abs() < 0.01);
        assert!((contrast("#777777") - 4.48).abs() < 0.01);
        assert!((contrast("#f00") - 4.0).abs() < 0.01);
    }

    #[test]
    fn a_darkened_colour_can_be_read() {
        for text in ["#ff0000", "#ffff00", "#ffffff", "#e08a00", "#12ab9f"] {
            let darker = darkened(parse(text).expect("a colour"), 4.5);
            assert!((4.5..5.0).contains(&contrast(&darker)), "{text} → {darker}");
        }
    }

    #[test]
    fn other_texts_are_not_colours() {
        for text in ["red", "7a1f3d", "#7a1f3", "#7a1f3dcc", "#gggggg", ""] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
