//! Compares the links and placeholders of two languages.

use std::cell::OnceCell;

use crate::checks::parity::Pair;
use crate::checks::parity::segments::Segment;
use crate::language::{Tag, fold, language_name};
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
    tags: Vec<&'l Tag>,
    /// What the languages are called in addresses. Few letters need it.
    languages: OnceCell<Vec<String>>,
}

impl<'l> Targets<'l> {
    /// The targets of a letter with these `[links]` in these languages.
    pub(crate) fn new(links: &'l [LinkTarget], tags: impl Iterator<Item = &'l Tag>) -> Self {
        Self { links, tags: tags.collect(), languages: OnceCell::new() }
    }

    /// The target of a link, the same in all languages: its name in `[links]`, or its address without
    /// what differs by language, such as the `/es/` of `https://example.org/es/report`.
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
        self.without_language(url.as_str())
    }

    /// An address without what differs by language or says nothing: `http` or `https`, `www.`, the
    /// `es` in `/es/`, `es.` or `.es`, `index.html`, and a slash at the end.
    fn without_language(&self, url: &str) -> String {
        let url = url.trim();
        let web = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let Some(rest) = web else { return url.to_lowercase() };
        let (mut key, mut separator, mut host) = (String::new(), "", true);
        for (index, piece) in rest.split_inclusive(SEPARATORS).enumerate() {
            let word = piece.trim_end_matches(SEPARATORS);
            let (before, after) = (separator, &piece[word.len()..]);
            separator = after;
            // The end of a host's name, as in "example.es", is a country's.
            let local = match host {
                true if index == 0 && word.eq_ignore_ascii_case("www") => true,
                true => after == "." && self.is_local(word),
                false => self.is_local(word) || PAGES.contains(&word),
            };
            if !local {
                key.push_str(if key.is_empty() { "" } else { before });
                key.push_str(&if host { word.to_lowercase() } else { word.to_owned() });
            }
            host &= matches!(after, "." | "_" | "=" | "&");
        }
        key
    }

    fn is_local(&self, word: &str) -> bool {
        let english = Tag::english();
        let named = |tag: &&Tag| {
            let names = [language_name(tag, tag), language_name(tag, &english)];
            [tag.to_string().to_lowercase(), tag.language().to_owned()]
                .into_iter()
                .chain(names.map(|name| fold(&name)))
        };
        let languages = self.languages.get_or_init(|| self.tags.iter().flat_map(named).collect());
        languages.contains(&word.to_lowercase())
    }

    /// Whether two addresses are pages of one site for two languages, which may have other names there:
    /// `en.example.org/wiki/Water` and `es.example.org/wiki/Agua`.
    fn are_own(&self, original: &LinkUse, translation: &LinkUse, tags: (&Tag, &Tag)) -> bool {
        let (LinkUseTarget::Url(one), LinkUseTarget::Url(other)) =
            (&original.target, &translation.target)
        else {
            return false;
        };
        let host = |url: &str| {
            let key = self.without_language(url);
            key.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
        };
        let says = |url: &str, tag: &Tag| {
            let known = [tag.language().to_owned(), tag.to_string().to_lowercase()];
            let known = |word: &str| known.contains(&word.to_lowercase());
            let path = url.split("://").nth(1).unwrap_or_default();
            path.split(SEPARATORS).any(known)
        };
        let (one, other) = (one.as_str(), other.as_str());
        let marked =
            says(other, tags.1) && !says(one, tags.1) || says(one, tags.0) && !says(other, tags.0);
        marked && host(one) == host(other)
    }
}

/// Words of an address that say nothing about what it leads to.
const PAGES: &[&str] = &["", "index", "html", "htm", "php", "aspx"];

/// What separates the words of an address. A hyphen does not: `es-mx` is one.
const SEPARATORS: [char; 7] = ['/', '.', '?', '=', '&', '#', '_'];

/// Reports the links that one of two segments has and the other lacks. A link that only stands in
/// another place is one mistake.
pub(crate) fn compare(
    pairs: &[Pair<'_>],
    targets: &Targets<'_>,
    tags: (&Tag, &Tag),
    problems: &Problems,
) {
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    for (index, pair) in pairs.iter().enumerate() {
        let mut own: Vec<&LinkUse> = pair.translation.links.iter().collect();
        let mut lacking: Vec<&LinkUse> = Vec::new();
        for link in &pair.original.links {
            let key = targets.key(link, tags.0);
            match own.iter().position(|other| targets.key(other, tags.1) == key) {
                Some(at) => drop(own.remove(at)),
                None => lacking.push(link),
            }
        }
        lacking.retain(|link| match own.iter().position(|o| targets.are_own(link, o, tags)) {
            Some(at) => {
                own.remove(at);
                false
            }
            None => true,
        });
        missing.extend(lacking.into_iter().map(|link| (index, link)));
        extra.extend(own.into_iter().map(|link| (index, link)));
    }
    let elsewhere = |link: &LinkUse, extra: &[(usize, &LinkUse)]| {
        let key = targets.key(link, tags.0);
        extra.iter().position(|(_, other)| targets.key(other, tags.1) == key)
    };
    missing.retain(|(_, link)| {
        let Some(at) = elsewhere(link, &extra) else { return true };
        let (_, other) = extra.remove(at);
        let shown = shown(link);
        let diagnostic = Diagnostic::new(
            Code::ParityLinks,
            other.place.clone(),
            say!("the link to {shown} is elsewhere in the original", shown),
        );
        problems.push(
            diagnostic
                .relate(link.place.clone(), say!("in the original"))
                .hint(say!("move it to the corresponding words")),
        );
        false
    });
    for (index, link) in missing {
        let shown = shown(link);
        let related = say!("in the original");
        // A link with a different target is one mistake, not two.
        let other = extra.iter().position(|(other, _)| *other == index);
        let diagnostic = match other.map(|at| extra.remove(at)) {
            Some((_, other)) => {
                let found = self::shown(other);
                Diagnostic::new(
                    Code::ParityLinks,
                    other.place.clone(),
                    say!("this leads to {found}, but to {shown} in the original", found, shown),
                )
                .hint(say!("if a target differs by language, give both in `[links]`"))
            }
            None => Diagnostic::new(
                Code::ParityLinks,
                pairs[index].translation.place.clone(),
                say!("the link to {shown} is missing here", shown),
            )
            .hint(say!("add it to the corresponding words")),
        };
        problems.push(diagnostic.relate(link.place.clone(), related));
    }
    for (index, link) in extra {
        let shown = shown(link);
        let message = say!("the original has no link to {shown} here", shown);
        let original = pairs[index].original;
        let problem = absent_in_original(Code::ParityLinks, link.place.clone(), message, original);
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
