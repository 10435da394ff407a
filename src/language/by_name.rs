//! The language that people mean who write its name.

use crate::language::{NotATag, Tag, fold, language_name};

/// The languages among `tags` that a text means: by a tag, by the parent of one, or by the name of the
/// language in English, in Spanish or in itself. Case and accents do not matter, and neither does what
/// follows in brackets: "es", "Spanish", "Español (México)". People who fill in a list write names.
pub(crate) fn meant<'t>(text: &str, tags: &[&'t Tag]) -> Vec<&'t Tag> {
    let is_meant: Box<dyn Fn(&Tag) -> bool> = match text.trim().parse::<Tag>() {
        Ok(asked) => Box::new(move |tag| tag.is_in(&asked)),
        Err(NotATag) => {
            let name = fold(text.split('(').next().unwrap_or_default());
            Box::new(move |tag| !name.is_empty() && names(tag).contains(&name))
        }
    };
    tags.iter().copied().filter(|tag| is_meant(tag)).collect()
}

/// The names of a language, folded.
pub(super) fn names(tag: &Tag) -> Vec<String> {
    let readers = ["en", "es"].into_iter().filter_map(|tag| tag.parse().ok());
    readers.chain([tag.clone()]).map(|within| fold(&language_name(tag, &within))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_may_be_named_in_another() {
        let tags: Vec<Tag> = ["en", "es-MX", "fr"].map(|tag| tag.parse().expect("a tag")).into();
        let tags: Vec<&Tag> = tags.iter().collect();
        let meant = |text: &str| match meant(text, &tags).as_slice() {
            [] => "none".to_owned(),
            found => found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        };
        for spanish in ["es", "ES-mx", "Spanish", "español", "ESPANOL ", "Español (México)"] {
            assert_eq!(meant(spanish), "es-MX", "{spanish}");
        }
        assert_eq!(meant("inglés"), "en");
        assert_eq!(meant("français"), "fr");
        for nothing in ["", "(Mexico)", "es-AR", "Klingon", "de", "German"] {
            assert_eq!(meant(nothing), "none", "{nothing}");
        }
    }
}
