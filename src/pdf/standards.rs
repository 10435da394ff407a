//! The standards that a PDF can conform to, and which of them it can conform to at once.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use typst_pdf::PdfStandards;

use crate::words::{Message, foreign, say};

/// A standard that a PDF can conform to, such as "ua-1", "a-2a" or "x-4".
#[derive(Debug, Clone, Copy, Eq, PartialEq, Hash)]
pub struct PdfStandard(&'static str);

/// The names of all standards.
pub(crate) const STANDARDS: &[&str] = &[
    "ua-1", "ua-2", "a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a", "a-4", "a-4f",
    "a-4e", "x-1a", "x-4", "1.4", "1.5", "1.6", "1.7", "2.0",
];

/// The standards of a PDF unless the letter or the command line names others: PDF/UA-1 for screen
/// readers and PDF/A-2a for archiving. One file can conform to both.
pub(crate) const DEFAULT_STANDARDS: &[PdfStandard] = &[PdfStandard("ua-1"), PdfStandard("a-2a")];

/// There is no standard of this name.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub struct UnknownStandard;

impl PdfStandard {
    /// The name of the standard, as letters write it.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// The version of PDF that it is about.
    fn version(self) -> &'static str {
        match self.0 {
            "ua-2" | "a-4" | "a-4f" | "a-4e" => "2.0",
            "a-1b" | "a-1a" | "x-1a" => "1.4",
            "x-4" => "1.6",
            "ua-1" | "a-2b" | "a-2u" | "a-2a" | "a-3b" | "a-3u" | "a-3a" => "1.7",
            version => version,
        }
    }

    fn typst(self) -> Option<typst_pdf::PdfStandard> {
        let deserializer: StrDeserializer<'_, Error> = self.0.into_deserializer();
        typst_pdf::PdfStandard::deserialize(deserializer).ok()
    }
}

impl FromStr for PdfStandard {
    type Err = UnknownStandard;

    fn from_str(name: &str) -> Result<Self, UnknownStandard> {
        STANDARDS.iter().find(|known| **known == name).map(|name| Self(name)).ok_or(UnknownStandard)
    }
}

/// How a PDF is made that conforms to several standards: what Typst does, and what is done after it.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// What Typst conforms to.
    pub typst: PdfStandards,
    /// Whether the PDF becomes PDF/UA-2, which Typst does not know. It is made of PDF/UA-1.
    pub(super) ua_2: bool,
    /// The level of PDF/A-4 that the PDF becomes with PDF/UA-2, such as "F".
    pub(super) archive: Option<&'static str>,
    /// The standard for the press that the PDF becomes.
    pub(super) press: Option<Press>,
    /// Whether the PDF must also be accessible.
    pub(super) accessible: bool,
}

/// A standard for the press.
#[derive(Debug, Clone, Copy, Eq, PartialEq)]
pub(crate) enum Press {
    /// PDF/X-1a:2003 (ISO 15930-4): no colours but those of the press, and no transparency.
    X1a,
    /// PDF/X-4 (ISO 15930-7).
    X4,
}

/// Why a PDF cannot conform to several standards at once.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Conflict {
    pub problem: Message,
    pub hints: Vec<Message>,
}

impl Plan {
    /// How a PDF can conform to all of these.
    pub(crate) fn of(standards: &[PdfStandard]) -> Result<Self, Conflict> {
        let has = |name: &str| standards.iter().any(|standard| standard.0 == name);
        // Those that Typst does not know go together with these only.
        for own in ["ua-2", "x-4", "x-1a"].into_iter().filter(|own| has(own)) {
            let together: &[&str] = match own {
                "ua-2" => &["a-4", "a-4f", "a-4e", "2.0"],
                "x-4" => &[
                    "ua-1", "a-1b", "a-1a", "a-2b", "a-2u", "a-2a", "a-3b", "a-3u", "a-3a", "1.4",
                    "1.5", "1.6",
                ],
                _ => &["a-1b", "a-1a", "1.4"],
            };
            let other =
                standards.iter().find(|other| other.0 != own && !together.contains(&other.0));
            if let Some(other) = other {
                return Err(conflict(PdfStandard(own), *other));
            }
        }
        let press = if has("x-4") {
            Some(Press::X4)
        } else if has("x-1a") {
            Some(Press::X1a)
        } else {
            None
        };
        let ua_2 = has("ua-2");
        let mut typst: Vec<_> = standards.to_vec();
        if ua_2 {
            // Typst checks what it knows of PDF 1.7: the same texts for pictures, links and languages.
            typst = [
                Some("ua-1"),
                typst.iter().find_map(|standard| match standard.0 {
                    "a-4" => Some("a-2a"),
                    "a-4f" | "a-4e" => Some("a-3a"),
                    _ => None,
                }),
            ]
            .into_iter()
            .flatten()
            .map(PdfStandard)
            .collect();
        }
        if let Some(press) = press
            && standards.iter().all(|standard| standard.typst().is_none())
        {
            typst.push(PdfStandard(if press == Press::X4 { "1.6" } else { "1.4" }));
        }
        let typst: Vec<_> = typst.into_iter().filter_map(PdfStandard::typst).collect();
        let typst = PdfStandards::new(&typst).map_err(|error| Conflict {
            problem: foreign::typst(error.message()),
            hints: error.hints().iter().map(|hint| foreign::typst_hint(hint)).collect(),
        })?;
        let level = [("a-4", ""), ("a-4f", "F"), ("a-4e", "E")];
        let archive = level.into_iter().find(|(name, _)| ua_2 && has(name)).map(|(_, level)| level);
        Ok(Self { typst, ua_2, archive, press, accessible: has("ua-1") })
    }
}

fn conflict(own: PdfStandard, other: PdfStandard) -> Conflict {
    let (first, second) = (own.0, other.0);
    let (version, other_version) = (own.version(), other.version());
    Conflict {
        problem: say!("a PDF cannot conform to {first} and {second} at once", first, second),
        hints: vec![say!(
            "{first} is PDF {version}, {second} is PDF {other_version}: make a PDF for each",
            first,
            version,
            second,
            other_version
        )],
    }
}
