//! The country of a signatory or of an address.

use ecow::EcoString;

use crate::language::{Tag, countries};
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::words::say;

/// A country as written in the letter.
#[derive(Debug, Clone)]
pub(crate) struct Country {
    /// The text as written: a code of ISO 3166-1, or a name that people use.
    pub text: Text,
    /// The two letters. `None` if there is no such country.
    pub code: Option<EcoString>,
}

impl Country {
    /// The country that a text names in English, in Spanish or in one of these languages.
    pub(crate) fn of(text: Text, languages: &[Tag]) -> Self {
        Self { code: countries::code(&text.value, languages), text }
    }

    /// Its problem, if any.
    pub(crate) fn problem(&self) -> Option<Diagnostic> {
        if self.code.is_some() {
            return None;
        }
        let found = &self.text.value;
        let problem = Diagnostic::new(
            Code::InvalidValue,
            self.text.place.clone(),
            say!("`{found}` is not a country", found),
        );
        Some(
            problem
                .hint(say!("write its usual name, or the two letters of ISO 3166-1, such as MX")),
        )
    }
}
