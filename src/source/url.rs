//! The targets of links.

use ecow::EcoString;
use url::Url;

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
