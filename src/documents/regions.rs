//! Where a letter was written: its region decides the paper and the words of its labels.

use crate::documents::recognize::Parts;
use crate::language::{Tag, countries, fold};

/// The states of Mexico and their usual abbreviations, without accents: ISO 3166-2:MX, and the Secretariat of
/// the Interior.
const MEXICO: &[&str] = &[
    "aguascalientes",
    "ags",
    "bajacalifornia",
    "bc",
    "bajacaliforniasur",
    "bcs",
    "campeche",
    "camp",
    "chiapas",
    "chis",
    "chihuahua",
    "chih",
    "ciudaddemexico",
    "cdmx",
    "mexicodf",
    "df",
    "coahuila",
    "coahuiladezaragoza",
    "coah",
    "colima",
    "col",
    "durango",
    "dgo",
    "estadodemexico",
    "edomex",
    "edodemex",
    "guanajuato",
    "gto",
    "guerrero",
    "gro",
    "hidalgo",
    "hgo",
    "jalisco",
    "jal",
    "michoacan",
    "michoacandeocampo",
    "mich",
    "morelos",
    "mor",
    "nayarit",
    "nay",
    "nuevoleon",
    "nl",
    "oaxaca",
    "oax",
    "puebla",
    "pue",
    "queretaro",
    "qro",
    "quintanaroo",
    "qroo",
    "sanluispotosi",
    "slp",
    "sinaloa",
    "sin",
    "sonora",
    "son",
    "tabasco",
    "tab",
    "tamaulipas",
    "tamps",
    "tlaxcala",
    "tlax",
    "veracruz",
    "ver",
    "yucatan",
    "yuc",
    "zacatecas",
    "zac",
];

/// The regions of a language that have a paper or words of their own.
const REGIONS: &[(&str, &[&str])] = &[
    (
        "es",
        &[
            "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GT", "HN", "MX", "NI", "PA",
            "PE", "PR", "PY", "SV", "US", "UY", "VE",
        ],
    ),
    ("en", &["AU", "CA", "GB", "IE", "IN", "NG", "NZ", "PH", "US", "ZA"]),
    ("fr", &["BE", "CA", "CH", "FR", "HT"]),
    ("pt", &["AO", "BR", "MZ", "PT"]),
    ("de", &["AT", "CH", "DE"]),
];

/// The language of a letter with the region in which it was written, if the letter says it. What a word
/// processor declares is the region of its user.
pub(super) fn placed(tag: Tag, parts: &Parts) -> Tag {
    let region = region(&tag, parts);
    let placed = region.and_then(|region| format!("{}-{region}", tag.language()).parse().ok());
    placed.unwrap_or(tag)
}

fn region(tag: &Tag, parts: &Parts) -> Option<String> {
    let (_, regions) = REGIONS.iter().find(|(language, _)| *language == tag.language())?;
    let place = parts.place.as_ref().map(|place| place.text.as_str()).unwrap_or_default();
    let last = place.rsplit(',').next().unwrap_or_default().trim();
    if tag.language() == "es" {
        // Only in Mexico does "c.c.p." announce who gets a copy.
        let has_copies = parts.used.iter().any(|label| fold(label) == "ccp");
        if has_copies || MEXICO.contains(&&*fold(last)) {
            return Some("MX".to_owned());
        }
    }
    let country = countries::code(last, std::slice::from_ref(tag))?;
    let is_of = place.contains(',') && regions.contains(&&*country);
    is_of.then(|| country.to_string())
}
