//! The signatories, in the order and the groups that the letter asks for.

use ecow::EcoString;

use crate::language::anonymous::is_anonymous;
use crate::language::{CountryNames, fold};
use crate::letter::resolve::LanguageResolver;
use crate::letter::resolve::texts::MAX_TITLE;
use crate::letter::signatories::{self, Order};
use crate::letter::{Body, Group, Heading, Printed, Signatory};
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::spec::country::Country;
use crate::spec::links::Address;
use crate::spec::loaded::Loaded;
use crate::spec::{self, Anonymous, GroupBy, Kind, Template};
use crate::words::say;

impl LanguageResolver<'_> {
    /// The signatories in order, in the groups that the letter asks for, and those whose number alone is
    /// printed: they give no name, and nothing else that is printed.
    pub(super) fn groups(&self) -> (Vec<Group>, Vec<Signatory>) {
        let all = self.signatories(&self.all.written.signatories);
        match self.all.written.spec.signature_block.anonymous {
            Anonymous::List => (self.grouped(all), Vec::new()),
            Anonymous::Count => {
                let bare = |signatory: &Signatory| self.is_bare_anonymous(signatory);
                let (anonymous, named) = all.into_iter().partition(bare);
                (self.grouped(named), anonymous)
            }
        }
    }

    fn grouped(&self, all: Vec<Signatory>) -> Vec<Group> {
        let block = &self.all.written.spec.signature_block;
        let ordered = |list| signatories::ordered(list, block.sort, self.tag, self.words);
        if block.group_by == GroupBy::None {
            return vec![Group { heading: None, signatories: ordered(all) }];
        }
        let parts = parts(all, block.group_by);
        if self.all.written.complete {
            self.report_unused_groups(&parts);
        }
        if parts.is_empty() {
            return vec![Group { heading: None, signatories: Vec::new() }];
        }
        let countries = CountryNames::of(self.names);
        let group = |(key, part): (EcoString, Vec<Signatory>)| {
            let heading = self.group_heading(&key, countries.as_ref());
            (key, Group { heading, signatories: ordered(part) })
        };
        let mut groups: Vec<(EcoString, Group)> = parts.into_iter().map(group).collect();
        match block.group_by {
            GroupBy::Kind => groups.sort_by(|(a, _), (b, _)| a.cmp(b)),
            GroupBy::Country => {
                let order = Order::of(self.tag);
                groups.sort_by_cached_key(|(key, group)| {
                    let name = match &group.heading {
                        Some(Heading::Words(name, _)) => name.as_str(),
                        _ => "",
                    };
                    // Those without a country come last.
                    (key.is_empty(), order.as_ref().map(|order| order.key_of(name, &[])))
                });
            }
            GroupBy::Group | GroupBy::None => groups.sort_by_key(|(key, _)| key.is_empty()),
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    /// Reports what is no country, if countries are printed or counted; otherwise they do not matter.
    pub(super) fn report_countries(&self, body: Option<&Body>) {
        let Loaded { spec, signatories, .. } = self.all.written;
        let matter = spec.signature_block.group_by == GroupBy::Country
            || self.placeholders.counted_countries()
            || matches!(spec.template, Template::File(_))
            || matches!(body, Some(Body::Typst(_)));
        if matter {
            let countries = signatories::signing(signatories).filter_map(|s| s.country.as_ref());
            countries.filter_map(Country::problem).for_each(|problem| self.problem(problem));
        }
    }

    /// Warns about named groups without signatories.
    fn report_unused_groups(&self, parts: &[(EcoString, Vec<Signatory>)]) {
        let block = &self.all.written.spec.signature_block;
        for (name, text) in &block.groups {
            let unused = block.group_by != GroupBy::Group
                || parts.iter().all(|(key, _)| key.as_str() != name.as_str());
            if let Some(text) = text.values().next().filter(|_| unused) {
                self.problem(Diagnostic::new(
                    Code::UnusedKey,
                    text.place.clone(),
                    say!("no signatory is in the group `{name}`", name),
                ));
            }
        }
    }

    /// The heading of the group with a key.
    fn group_heading(&self, key: &EcoString, countries: Option<&CountryNames>) -> Option<Heading> {
        let block = &self.all.written.spec.signature_block;
        if key.is_empty() {
            return None;
        }
        match block.group_by {
            GroupBy::Kind => {
                let lang = self.borrowed.filter(|borrowed| borrowed.labels.contains(key.as_str()));
                let lang = lang.map(|borrowed| borrowed.from.clone());
                let words = self.words.labels.get(key.as_str());
                words.map(|words| Heading::Words(words.into(), lang))
            }
            GroupBy::Country => {
                let own = self.words.countries.get(key.as_str()).map(String::as_str);
                let lang = (own.is_none() && self.names != self.tag).then(|| self.names.clone());
                let name = own.or_else(|| countries?.get(key)).unwrap_or(key);
                Some(Heading::Words(name.into(), lang))
            }
            GroupBy::Group | GroupBy::None => {
                match block.groups.iter().find(|(name, _)| name == key.as_str()) {
                    Some((_, text)) => {
                        self.optional(Some(text), &format!("groups.{key}")).map(Heading::Printed)
                    }
                    None => Some(Heading::Words(key.clone(), None)),
                }
            }
        }
    }

    fn signatories(&self, signatories: &[spec::Signatory]) -> Vec<Signatory> {
        let signing = signatories::signing(signatories);
        signing.filter_map(|signatory| self.signatory(signatory)).collect()
    }

    fn signatory(&self, signatory: &spec::Signatory) -> Option<Signatory> {
        let name = self.required(&signatory.name, "name", MAX_TITLE);
        let print_as = self.optional(signatory.print_as.as_ref(), "print-as");
        let places = self.all(&signatory.places, "places");
        let places: Vec<_> = places.into_iter().map(|place| place.text).collect();
        let called = name.as_ref().map(|name| name.text.clone());
        let printed_as = print_as.as_ref().map(|name| name.text.clone());
        let title = self.optional(signatory.title.as_ref(), "title");
        let organization = self.optional(signatory.organization.as_ref(), "organization");
        let note = self.optional(signatory.note.as_ref(), "note");
        let members = self.signatories(&signatory.members);
        let (url, country) = (signatory.url.as_ref(), signatory.country.as_ref());
        url.and_then(Address::problem).into_iter().for_each(|problem| self.problem(problem));
        let signature = signatory.signature.as_ref().and_then(|path| self.all.picture(path));
        let plain = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
        Some(Signatory {
            place: signatory.place.clone(),
            name: self.with_places(print_as.or(name)?, &places),
            called: called?,
            print_as: printed_as,
            places,
            kind: signatory.kind,
            title,
            organization,
            note,
            url: url.and_then(|address| address.url.clone().ok()),
            sort_as: plain(&signatory.sort_as),
            family_name: plain(&signatory.family_name),
            country: country.and_then(|country| country.code.clone()),
            group: plain(&signatory.group),
            signature,
            key: plain(&signatory.key),
            members,
        })
    }

    /// Whether a signatory gives no name and nothing else that would be lost if it were only counted.
    fn is_bare_anonymous(&self, signatory: &Signatory) -> bool {
        let Signatory { name, title, organization, note, url, signature, members, .. } = signatory;
        let folded = fold(&name.text);
        let is_own = || self.words.anonymous.iter().any(|own| fold(own) == folded);
        (is_anonymous(&name.text) || is_own())
            && [title, organization, note].into_iter().all(Option::is_none)
            && url.is_none()
            && signature.is_none()
            && members.is_empty()
    }

    /// "Friends of the River: Leeds, York and Hull".
    fn with_places(&self, name: Printed, places: &[EcoString]) -> Printed {
        if places.is_empty() {
            return name;
        }
        let text = format!("{}: {}", name.text, self.conventions.list(places)).into();
        Printed { text, ..name }
    }
}

/// The signatories by the key that a group shares, in the order in which the keys first appear.
fn parts(all: Vec<Signatory>, group_by: GroupBy) -> Vec<(EcoString, Vec<Signatory>)> {
    let mut parts: Vec<(EcoString, Vec<Signatory>)> = Vec::new();
    for signatory in all {
        let key = match group_by {
            GroupBy::Kind => match signatory.kind {
                Kind::Organization => "organizations".into(),
                Kind::Person => "persons".into(),
            },
            GroupBy::Country => signatory.country.clone().unwrap_or_default(),
            GroupBy::Group | GroupBy::None => signatory.group.clone().unwrap_or_default(),
        };
        match parts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, part)) => part.push(signatory),
            None => parts.push((key, vec![signatory])),
        }
    }
    parts
}
