//! What is wrong with the target of a link.

use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::words::message::say;
use crate::words::suggest;

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
        Some(meant) => suggest::did_you_mean(&meant),
        None => say!(
            "write an address that starts with https://, http://, mailto: or tel:",
            "escriba una dirección que empiece con https://, http://, mailto: o tel:"
        ),
    })
}
