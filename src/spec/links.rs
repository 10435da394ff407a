//! The addresses in a letter, and their problems.

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::Text;
use crate::source::url::{NotUrl, Url};
use crate::words::say;
use crate::words::suggest;

/// An address as written in the letter.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// The text as written.
    pub text: Text,
    /// The parsed address.
    pub url: Result<Url, NotUrl>,
}

impl Address {
    /// Parses the address in a text.
    pub(crate) fn of(text: Text) -> Self {
        Self { url: Url::parse(&text.value), text }
    }

    /// The same for forms, where people write "www.example.org".
    pub(crate) fn of_form(mut text: Text) -> Self {
        if let Err(NotUrl::Other(Some(meant))) = Url::parse(&text.value) {
            text.value = meant.into();
        }
        Self::of(text)
    }

    /// Its problem, if any.
    pub(crate) fn problem(&self) -> Option<Diagnostic> {
        let wrong = self.url.as_ref().err()?;
        Some(problem(wrong, &self.text.value, self.text.place.clone()))
    }
}

/// The problem of a link target: a warning if it has not been filled in, an error if it is not a URL.
pub(crate) fn problem(wrong: &NotUrl, target: &str, place: Place) -> Diagnostic {
    match wrong {
        NotUrl::Empty => Diagnostic::new(
            Code::PlaceholderLink,
            place,
            say!("this link has no target, so it is printed as plain text"),
        )
        .hint(say!("write the address that it leads to")),
        NotUrl::Other(meant) => {
            let diagnostic = Diagnostic::new(
                Code::InvalidUrl,
                place,
                say!("`{target}` is not a complete URL", target),
            );
            diagnostic.hint(match meant {
                Some(meant) => suggest::did_you_mean(meant),
                None => {
                    say!("write an address that starts with https://, http://, mailto: or tel:")
                }
            })
        }
    }
}
