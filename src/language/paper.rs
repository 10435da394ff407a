//! The paper that is usual where a language is written.

use icu_locale::LocaleExpander;
use icu_locale::subtags::Region;

use crate::language::Tag;

/// The regions where US letter is the usual paper: CLDR 48, `supplementalData.xml`, `paperSize`.
const US_LETTER_REGIONS: &[&str] =
    &["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

/// The paper of a language's region. If there is no region, it is the one where most speakers live
/// according to CLDR: the United States for `en`, Spain for `es`. `None` if the CLDR does not know it.
pub(crate) fn usual(tag: &Tag) -> Option<&'static str> {
    let mut locale = tag.locale();
    LocaleExpander::new_extended().maximize(&mut locale.id);
    let region = tag.country().or(locale.id.region.as_ref().map(Region::as_str));
    region.map(|region| if US_LETTER_REGIONS.contains(&region) { "us-letter" } else { "a4" })
}

/// The name of the paper that is so wide and so high, in points, give or take what programs round.
pub(crate) fn of_size(width: f64, height: f64) -> Option<&'static str> {
    /// Width and height in points: ISO 216, ANSI/ASME Y14.1.
    const SIZES: &[(&str, f64, f64)] = &[
        ("us-letter", 612.0, 792.0),
        ("a4", 595.28, 841.89),
        ("us-legal", 612.0, 1008.0),
        ("a5", 419.53, 595.28),
    ];
    let is_near = |one: f64, other: f64| (one - other).abs() < 3.0;
    let found = SIZES.iter().find(|(_, w, h)| is_near(*w, width) && is_near(*h, height));
    found.map(|(name, ..)| *name)
}
