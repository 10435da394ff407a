//! The country of a signatory.

use ecow::EcoString;

use crate::language::country_code;
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::words::say;

/// A country as written in the letter.
#[derive(Debug, Clone)]
pub(crate) struct Country {
    /// The text as written: the two letters of ISO 3166-1, or the name in English or Spanish.
    pub text: Text,
    /// The two letters. `None` if there is no such country.
    pub code: Option<EcoString>,
}

impl Country {
    /// The country that a text names.
    pub(crate) fn of(text: Text) -> Self {
        Self { code: country_code(&text.value).map(EcoString::from), text }
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
        Some(problem.hint(say!(
            "write the two letters of ISO 3166-1, such as MX, or its name in English or Spanish"
        )))
    }
}
