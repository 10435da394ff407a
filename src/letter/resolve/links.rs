//! The letter's `[links]`: their targets, missing targets, and links that no body uses.

use std::collections::HashSet;

use crate::language::Tag;
use crate::letter::resolve::Resolver;
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::link_name;
use crate::source::url::{NotUrl, Url};
use crate::spec;
use crate::spec::links::Address;
use crate::spec::spec_reader::TOP_LEVEL_KEYS;
use crate::toml::reader;
use crate::words::say;

/// Which of the letter's `[links]` the bodies use.
#[derive(Debug, Default)]
pub(super) struct UsedLinks {
    pub(super) names: HashSet<String>,
    /// Whether the links of a body are unknown: the body is missing, or it is Typst markup.
    pub(super) unknown: bool,
}

impl Resolver<'_> {
    /// The targets of the letter's `[links]` in a language. Invalid ones are reported.
    pub(super) fn links(&self, tag: &Tag) -> Vec<(String, Option<Url>)> {
        let target = |link: &spec::LinkTarget| {
            let name = link_name(&link.name);
            let Some(target) = link.target.get(tag) else { return (name, None) };
            if let Err(NotUrl::Other(_)) = target.url {
                let misplaced = TOP_LEVEL_KEYS.contains(&link.name.as_str());
                let hint = misplaced.then(|| reader::above_the_tables(&link.name));
                let problem = target.problem().map(|problem| problem.hint_if(hint));
                problem.into_iter().for_each(|problem| self.problems.push(problem));
            }
            (name, target.url.clone().ok())
        };
        self.written.spec.links.iter().map(target).collect()
    }

    /// Where the targets in a language are written, by the names of their links.
    pub(super) fn link_targets(&self, tag: &Tag) -> Vec<(String, Place)> {
        let place = |link: &spec::LinkTarget| {
            let target = link.target.get(tag)?;
            Some((link_name(&link.name), target.text.place.clone()))
        };
        self.written.spec.links.iter().filter_map(place).collect()
    }

    /// Reports the links used by a body that have no target in its language.
    pub(super) fn report_missing_targets(&self, used: &HashSet<String>, tag: &Tag) {
        for link in &self.written.spec.links {
            if link.target.get(tag).is_none() && used.contains(&link_name(&link.name)) {
                let key = format!("links.{}", link.name);
                self.missing_translation(&key, tag, &link.target, &link.key);
            }
        }
    }

    /// Reports the problems of the letter's `[links]` once all bodies have been read: links without a
    /// target are printed as plain text, and links that no body uses are superfluous.
    pub(super) fn report_links(&self, used: &UsedLinks) {
        for link in &self.written.spec.links {
            if !used.names.contains(&link_name(&link.name)) {
                if !used.unknown {
                    let name = &link.name;
                    self.problems.push(Diagnostic::new(
                        Code::UnusedKey,
                        link.key.clone(),
                        say!("no body uses the link `{name}`", name),
                    ));
                }
                continue;
            }
            let is_empty = |target: &&Address| target.url == Err(NotUrl::Empty);
            let problems = link.target.values().filter(is_empty).filter_map(Address::problem);
            problems.for_each(|problem| self.problems.push(problem));
        }
    }
}
