//! Addresses that a letter can lead to.

use std::ops::Deref;

use ecow::{EcoString, eco_format};

/// An address that can be printed and followed, in ASCII: an absolute URL of the web, an e-mail
/// address or a telephone number. A letter on paper has no base that an address could be relative to.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Url(EcoString);

/// Why a text is not such an address.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) enum NotUrl {
    /// It is empty, or `#`: it has not been filled in yet.
    Empty,
    /// It is something else. The suggestion is what was probably meant.
    Other(Option<String>),
}

impl Url {
    /// Parses a text as an address.
    pub(crate) fn parse(text: &str) -> Result<Self, NotUrl> {
        let text = text.trim();
        if text.is_empty() || text == "#" {
            return Err(NotUrl::Empty);
        }
        // The parser drops some of what nobody sees, and escapes the rest, so that an address would lead
        // elsewhere than it says.
        if text.contains(is_unseen) {
            return Err(NotUrl::Other(None));
        }
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(Self(url.as_str().into()))
            }
            Ok(url) if url.scheme() == "mailto" && url.path().contains('@') => {
                Ok(Self(url.as_str().into()))
            }
            Ok(url) if url.scheme() == "tel" && url.path().bytes().any(|b| b.is_ascii_digit()) => {
                let number: String = url.path().chars().filter(|c| *c != ' ').collect();
                Ok(Self(eco_format!("tel:{}", number.replace("%20", ""))))
            }
            _ => Err(NotUrl::Other(meant(text))),
        }
    }

    /// The address of an electronic mailbox, such as "office@example.org".
    pub(crate) fn of_mailbox(text: &str) -> Option<Self> {
        Self::parse(&format!("mailto:{text}")).ok()
    }

    /// The address of a web page as people write it, who may leave out `https://`.
    pub(crate) fn of_page(text: &str) -> Option<Self> {
        match Self::parse(text) {
            Err(NotUrl::Other(Some(meant))) => Self::parse(&meant).ok(),
            parsed => parsed.ok(),
        }
    }

    /// The target of a link that nobody has filled in yet. It is only written, never read.
    pub(crate) fn unknown() -> Self {
        Self("#".into())
    }

    /// The address as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Url {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// An address of the web that begins at an offset, without the punctuation of the sentence after it.
pub(crate) fn bare(text: &str, start: usize) -> Option<&str> {
    let rest = &text[start..];
    let is_start = !text[..start].ends_with(|c: char| c.is_alphanumeric());
    if !is_start || !(rest.starts_with("https://") || rest.starts_with("http://")) {
        return None;
    }
    let end = rest.find(|c: char| c.is_whitespace() || "<>\"”»)]}".contains(c));
    let address = rest[..end.unwrap_or(rest.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
    (address.len() > "https://".len()).then_some(address)
}

/// Whether a character cannot be part of an address that people read: a control character, one for
/// private use, or a noncharacter.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FEFF}')
        || matches!(c, '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
}

/// A guess at what was meant by a text that is not an address.
fn meant(text: &str) -> Option<String> {
    if text.contains('@') && !text.contains([':', '/', ' ']) {
        return Some(format!("mailto:{text}"));
    }
    if let Some(mailbox) = text.strip_prefix("mailto://") {
        return mailbox.contains('@').then(|| format!("mailto:{mailbox}"));
    }
    let host = text.split('/').next().unwrap_or_default();
    let looks_like_host = host.contains('.')
        && host.starts_with(char::is_alphanumeric)
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    looks_like_host.then(|| format!("https://{text}"))
}
