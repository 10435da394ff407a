//! Compares the links and placeholders of two languages.

use crate::checks::parity::Pair;
use crate::checks::parity::segments::Segment;
use crate::language::Tag;
use crate::letter::body::{LinkUse, LinkUseTarget};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::link_name;
use crate::spec::LinkTarget;
use crate::spec::links::Address;
use crate::words::{Message, say};

/// The targets of the links of a letter, independent of language.
pub(crate) struct Targets<'l> {
    links: &'l [LinkTarget],
    languages: Vec<String>,
}

impl<'l> Targets<'l> {
    /// The targets of a letter with these `[links]` in these languages.
    pub(crate) fn new<'t>(links: &'l [LinkTarget], tags: impl Iterator<Item = &'t Tag>) -> Self {
        let mut languages: Vec<String> = Vec::new();
        for tag in tags {
            languages.push(tag.to_string().to_lowercase());
            languages.push(tag.language().to_owned());
        }
        Self { links, languages }
    }

    /// The target of a link, the same in all languages: its name in `[links]`, or its address without
    /// the parts that differ by language, such as the `/es/` of `https://example.org/es/report`.
    pub(crate) fn key(&self, link: &LinkUse, tag: &Tag) -> String {
        let url = match &link.target {
            LinkUseTarget::Named(name) => return name.clone(),
            LinkUseTarget::Url(url) => url,
        };
        let is_target = |target: &Address| target.text.value.trim() == url.as_str();
        let named = self.links.iter().find(|known| known.target.get(tag).is_some_and(is_target));
        if let Some(named) = named {
            return link_name(&named.name);
        }
        let (mut key, mut word) = (String::new(), String::new());
        for c in url.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '-' {
                word.push(c);
                continue;
            }
            let local = self.languages.contains(&word.to_lowercase());
            key.push_str(if local { "*" } else { &word });
            word.clear();
            key.push(c);
        }
        key.trim_end().to_owned()
    }
}

/// Reports the links that one of two segments has and the other lacks.
pub(crate) fn compare(
    pair: Pair<'_>,
    targets: &Targets<'_>,
    tags: (&Tag, &Tag),
    problems: &Problems,
) {
    let (original, translation) = (pair.original, pair.translation);
    let keyed = |segment: &Segment, tag: &Tag| -> Vec<(String, LinkUse)> {
        segment.links.iter().map(|link| (targets.key(link, tag), link.clone())).collect()
    };
    let mut extra = keyed(translation, tags.1);
    let mut missing = Vec::new();
    for (key, link) in keyed(original, tags.0) {
        match extra.iter().position(|(other, _)| *other == key) {
            Some(at) => drop(extra.remove(at)),
            None => missing.push(link),
        }
    }
    // A link with a different target is one mistake, not two.
    let mut extra = extra.into_iter();
    for link in missing {
        let shown = shown(&link);
        let related = say!("in the original");
        let diagnostic = match extra.next() {
            Some((_, other)) => {
                let found = self::shown(&other);
                Diagnostic::new(
                    Code::ParityLinks,
                    other.place,
                    say!("this leads to {found}, but to {shown} in the original", found, shown),
                )
                .hint(say!("if a target differs by language, give both in `[links]`"))
            }
            None => Diagnostic::new(
                Code::ParityLinks,
                translation.place.clone(),
                say!("the link to {shown} is missing here", shown),
            )
            .hint(say!("add it to the corresponding words")),
        };
        problems.push(diagnostic.relate(link.place, related));
    }
    for (_, link) in extra {
        let shown = shown(&link);
        let message = say!("the original has no link to {shown} here", shown);
        let problem = absent_in_original(Code::ParityLinks, link.place, message, original);
        problems.push(problem.hint(say!("add it to the original, or remove it")));
    }
}

/// The warning for something in a translation that the segment of the original lacks.
fn absent_in_original(
    code: Code,
    place: Place,
    message: Message,
    original: &Segment,
) -> Diagnostic {
    let there = say!("it belongs in this");
    Diagnostic::new(code, place, message).relate(original.place.clone(), there)
}

/// A link as its author knows it.
fn shown(link: &LinkUse) -> String {
    match &link.target {
        LinkUseTarget::Named(name) => format!("`{name}`"),
        LinkUseTarget::Url(url) => format!("`{}`", url.as_str()),
    }
}

/// Reports the placeholders that only one of two segments has.
pub(crate) fn compare_placeholders(pair: Pair<'_>, problems: &Problems) {
    let (original, translation) = (pair.original, pair.translation);
    let has = |segment: &Segment, name: &str| segment.placeholders.iter().any(|(n, _)| n == name);
    let mut reported: Vec<&str> = Vec::new();
    for (name, place) in &original.placeholders {
        if has(translation, name) || reported.contains(&name.as_str()) {
            continue;
        }
        reported.push(name);
        let diagnostic = Diagnostic::new(
            Code::ParityPlaceholders,
            translation.place.clone(),
            say!("the placeholder `{name}` of the original is missing here", name),
        );
        problems.push(
            diagnostic
                .relate(place.clone(), say!("it is here"))
                .hint(say!("use {{{{{name}}}}} for what changes with the letter", name)),
        );
    }
    for (name, place) in &translation.placeholders {
        if has(original, name) || reported.contains(&name.as_str()) {
            continue;
        }
        reported.push(name);
        let message = say!("the original does not use the placeholder `{name}` here", name);
        let code = Code::ParityPlaceholders;
        let problem = absent_in_original(code, place.clone(), message, original);
        problems
            .push(problem.hint(say!("write it in the original too, so that neither goes stale")));
    }
}
