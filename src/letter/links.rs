//! The names and targets of links.

use ecow::EcoString;
use url::Url;

use crate::diagnostics::message::say;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::letter::text::name_key;
use crate::spec::reader;

/// CommonMark compares the names of links without regard to case and runs of white space.
pub fn link_name(name: &str) -> String {
    name_key(&name.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A link of a body as it is written.
#[derive(Debug, Clone, Eq, PartialEq)]
pub struct LinkUse {
    /// The name in the letter's `[links]`, as [`link_name`] has it, where the link has no target of its
    /// own.
    pub name: Option<String>,
    /// The target, which is empty while nobody knows it.
    pub target: EcoString,
    /// Where the link stands.
    pub place: Place,
}

/// What a link target is.
#[derive(Debug, Clone, Eq, PartialEq)]
pub enum UrlCheck {
    /// A URL that can be printed and followed, in ASCII.
    Good(EcoString),
    /// Nothing, or `#`: a target that nobody has filled in.
    Empty,
    /// Something else, with what was probably meant.
    Bad(Option<String>),
}

/// Checks a link target. It must be an absolute URL of the web, an e-mail address or a telephone
/// number: a letter on paper has no other place to be relative to.
pub fn check_url(target: &str) -> UrlCheck {
    let target = target.trim();
    if target.is_empty() || target == "#" {
        return UrlCheck::Empty;
    }
    match Url::parse(target) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            UrlCheck::Good(url.as_str().into())
        }
        Ok(url) if url.scheme() == "mailto" && url.path().contains('@') => {
            UrlCheck::Good(url.as_str().into())
        }
        Ok(url) if url.scheme() == "tel" && url.path().bytes().any(|b| b.is_ascii_digit()) => {
            let number: String = url.path().chars().filter(|c| *c != ' ').collect();
            UrlCheck::Good(ecow::eco_format!("tel:{}", number.replace("%20", "")))
        }
        _ => {
            let meant = if target.contains('@') && !target.contains([':', '/', ' ']) {
                Some(format!("mailto:{target}"))
            } else {
                let host = target.split('/').next().unwrap_or_default();
                let looks_like_host = host.contains('.')
                    && host.starts_with(char::is_alphanumeric)
                    && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
                looks_like_host.then(|| format!("https://{target}"))
            };
            UrlCheck::Bad(meant)
        }
    }
}

/// The warning for a link without a target.
pub fn placeholder_link(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::PlaceholderLink,
        place,
        say!(
            "this link has no target, so it is printed as plain text",
            "este enlace no tiene destino, así que se imprime como texto"
        ),
    )
    .hint(say!("write the address that it leads to", "escriba la dirección a la que lleva"))
}

/// The error for a link target that is no URL.
pub fn invalid_url(target: &str, meant: Option<String>, place: Place) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::InvalidUrl,
        place,
        say!("`{target}` is no complete URL", "`{target}` no es una URL completa"),
    );
    diagnostic.hint(match meant {
        Some(meant) => reader::did_you_mean(&meant),
        None => say!(
            "write an address that starts with https://, http://, mailto: or tel:",
            "escriba una dirección que empiece con https://, http://, mailto: o tel:"
        ),
    })
}
