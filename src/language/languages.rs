//! Lists of languages.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::language::{NotATag, Tag};

/// Some languages of a letter, as in `--lang` and in file names: one, such as "en", or those of an
/// edition, such as "en+es-MX".
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Languages(pub Vec<Tag>);

impl Languages {
    /// One language.
    pub(crate) fn one(tag: &Tag) -> Self {
        Self(vec![tag.clone()])
    }

    /// Whether all of these are among others: a problem in a language is also a problem in the
    /// edition that contains it.
    pub(crate) fn are_among(&self, others: &[Tag]) -> bool {
        self.0.iter().all(|tag| others.contains(tag))
    }

    /// Whether this names a letter in the language.
    pub(crate) fn means_letter(&self, tag: &Tag) -> bool {
        matches!(&self.0[..], [wanted] if tag.is_in(wanted))
    }

    /// Whether this names an edition in the languages.
    pub(crate) fn means_edition(&self, tags: &[Tag]) -> bool {
        self.0.len() == tags.len() && tags.iter().zip(&self.0).all(|(tag, of)| tag.is_in(of))
    }

    /// Whether the language is needed for the named documents.
    pub(crate) fn need(&self, tag: &Tag) -> bool {
        self.0.iter().any(|wanted| tag.is_in(wanted))
    }
}

impl FromStr for Languages {
    type Err = NotATag;

    fn from_str(text: &str) -> Result<Self, NotATag> {
        text.split('+').map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Display for Languages {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, tag) in self.0.iter().enumerate() {
            write!(f, "{}{tag}", if index > 0 { "+" } else { "" })?;
        }
        Ok(())
    }
}

impl Serialize for Languages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
