//! The language that people mean who write its name.

use crate::language::{Tag, fold, language_name};

/// The languages among `tags` that a text means: by a tag, by the parent of one, or by the name of the
/// language in English, in Spanish or in itself. Case and accents do not matter, and neither does what
/// follows in brackets: "es", "Spanish", "Español (México)". People who fill in a list write names, or begin
/// them: "Esp.".
pub(crate) fn meant<'t>(text: &str, tags: &[&'t Tag]) -> Vec<&'t Tag> {
    let those = |is_meant: &dyn Fn(&Tag) -> bool| -> Vec<&'t Tag> {
        tags.iter().copied().filter(|tag| is_meant(tag)).collect()
    };
    let by_tag = text.trim().parse::<Tag>().ok();
    let by_tag = by_tag.map(|asked| those(&|tag| tag.is_in(&asked))).unwrap_or_default();
    let name = fold(text.split('(').next().unwrap_or_default());
    if !by_tag.is_empty() || name.is_empty() {
        return by_tag;
    }
    let by_name = those(&|tag| names(tag).contains(&name));
    if !by_name.is_empty() || name.chars().count() < LEAST {
        return by_name;
    }
    let is_begun = |full: &String| full.starts_with(&name);
    let begun = those(&|tag| names(tag).iter().any(is_begun));
    let is_one = begun.windows(2).all(|pair| pair[0].language() == pair[1].language());
    if is_one { begun } else { Vec::new() }
}

/// With fewer letters, the beginning of a name may be that of many.
const LEAST: usize = 3;

/// The names of a language, folded.
pub(super) fn names(tag: &Tag) -> Vec<String> {
    let readers = ["en", "es"].into_iter().filter_map(|tag| tag.parse().ok());
    let names = readers.chain([tag.clone()]).map(|within| fold(&language_name(tag, &within)));
    // The CLDR has one name for each.
    let other = (tag.language() == "es").then(|| "castellano".to_owned());
    names.chain(other).collect()
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
        for spanish in [
            "es",
            "ES-mx",
            "Spanish",
            "español",
            "ESPANOL ",
            "Español (México)",
            "esp",
            "Esp.",
            "Castellano",
        ] {
            assert_eq!(meant(spanish), "es-MX", "{spanish}");
        }
        for english in ["inglés", "ING", "eng"] {
            assert_eq!(meant(english), "en", "{english}");
        }
        assert_eq!(meant("français"), "fr");
        for nothing in ["", "(Mexico)", "es-AR", "Klingon", "de", "German", "e", "en de"] {
            assert_eq!(meant(nothing), "none", "{nothing}");
        }
    }
}
