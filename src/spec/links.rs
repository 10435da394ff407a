//! The addresses that a letter gives, and what is wrong with them.

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::Text;
use crate::source::url::{NotUrl, Url};
use crate::words::say;
use crate::words::suggest;

/// An address as the letter gives it.
#[derive(Debug, Clone)]
pub struct Address {
    /// What is written.
    pub text: Text,
    /// The address that it is.
    pub url: Result<Url, NotUrl>,
}

impl Address {
    /// The address that a text is.
    pub fn of(text: Text) -> Self {
        Self { url: Url::parse(&text.value), text }
    }

    /// The same where people fill in a form, who write "www.example.org".
    pub fn of_form(mut text: Text) -> Self {
        if let Err(NotUrl::Other(Some(meant))) = Url::parse(&text.value) {
            text.value = meant.into();
        }
        Self::of(text)
    }

    /// What is wrong with it, if anything.
    pub fn problem(&self) -> Option<Diagnostic> {
        let wrong = self.url.as_ref().err()?;
        Some(problem(wrong, &self.text.value, self.text.place.clone()))
    }
}

/// What is wrong with the target of a link: a warning where nobody has filled it in, an error where it is
/// not a URL.
pub fn problem(wrong: &NotUrl, target: &str, place: Place) -> Diagnostic {
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
