//! The sender, the addressees, and the recipients of copies.

use crate::language::{CountryNames, upper_case};
use crate::letter::resolve::LanguageResolver;
use crate::letter::resolve::texts::MAX_TITLE;
use crate::letter::{Logo, Person, Printed, Sender};
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::spec::country::Country;
use crate::spec::{self, Localized};
use crate::words::say;

impl LanguageResolver<'_> {
    pub(super) fn people(&self, people: &[spec::Person], key: &str) -> Vec<Person> {
        people.iter().filter_map(|person| self.person(person, key)).collect()
    }

    fn person(&self, person: &spec::Person, list: &str) -> Option<Person> {
        let part = |value: &Option<Localized<Text>>, key: &str| {
            self.optional(value.as_ref(), &format!("{list}.{key}"))
        };
        let name = self.required(&person.name, "name", MAX_TITLE);
        let (honorific, office) =
            (part(&person.honorific, "honorific"), part(&person.office, "office"));
        let organization = part(&person.organization, "organization");
        let address = self.all(&person.address, &format!("{list}.address"));
        let (email, note) = (part(&person.email, "email"), part(&person.note, "note"));
        let country = person.country.as_ref().and_then(|country| self.abroad(country));
        let delivery = part(&person.delivery, "delivery");
        Some(Person {
            name: name?,
            honorific,
            office,
            organization,
            address,
            email,
            note,
            country,
            delivery,
        })
    }

    /// The country of an address as the post wants it, if it is not the sender's: in capitals and in the
    /// language of the country that the letter is posted in (UPU S42 and DIN 5008). That is the letter's
    /// language of that country, if it has one, and otherwise its original language.
    fn abroad(&self, country: &Country) -> Option<Printed> {
        let spec = &self.all.written.spec;
        if let Some(problem) = country.problem() {
            self.problem(problem);
            return None;
        }
        let Some(home) = spec.from.as_ref().and_then(|from| from.country.as_ref()) else {
            let problem = say!("whether this is abroad is not known: `[from]` has no `country`");
            let place = country.text.place.clone();
            self.problem(Diagnostic::new(Code::InvalidValue, place, problem).hint(say!(
                "add the country that the letter is posted in to [from], such as country = \"MX\""
            )));
            return None;
        };
        let (code, home) = (country.code.as_ref()?, home.code.as_ref()?);
        if code == home {
            return None;
        }
        let tags = || spec.languages.iter().map(|(tag, _)| tag);
        let tag = tags().find(|tag| tag.country() == Some(&**home)).or_else(|| tags().next())?;
        let name = CountryNames::of(tag)?.get(code)?.to_owned();
        Some(Printed {
            text: upper_case(&name, tag).into(),
            source: country.text.clone(),
            lang: (tag != self.tag).then(|| tag.clone()),
            left_to_right: false,
        })
    }

    pub(super) fn sender(&self, sender: &spec::Sender) -> Sender {
        if let Some(problem) = sender.country.as_ref().and_then(Country::problem) {
            self.problem(problem);
        }
        let part = |value: &Option<Localized<Text>>, key: &str| {
            self.optional(value.as_ref(), &format!("from.{key}"))
        };
        Sender {
            name: part(&sender.name, "name"),
            organization: part(&sender.organization, "organization"),
            address: self.all(&sender.address, "from.address"),
            email: part(&sender.email, "email"),
            phone: part(&sender.phone, "phone"),
            web: part(&sender.web, "web"),
            logo: self.logo(part(&sender.logo, "logo"), part(&sender.logo_alt, "logo-alt")),
            footer: self.footer(&sender.footer),
        }
    }

    /// The entries at the foot of the first page, each short enough for a column.
    fn footer(&self, entries: &[Localized<Text>]) -> Vec<Printed> {
        const MOST: usize = 300;
        let mut footer = self.all(entries, "from.footer");
        footer.retain(|entry| {
            let length = entry.text.chars().count();
            if length > MOST {
                let place = entry.source.place.clone();
                let message = say!(
                    "`{key}` has {length} characters; the maximum is {most}",
                    key = "footer",
                    length,
                    most = MOST
                );
                self.problem(Diagnostic::new(Code::InvalidValue, place, message));
            }
            length <= MOST
        });
        footer
    }

    /// A logo and its description, which the PDF must contain (PDF/UA-1, section 7.3).
    fn logo(&self, path: Option<Printed>, alt: Option<Printed>) -> Option<Logo> {
        let (path, alt) = match (path, alt) {
            (Some(path), Some(alt)) => (path.source, alt),
            (Some(path), None) => {
                let problem = say!("`logo` has no `logo-alt`");
                self.problem(Diagnostic::new(Code::MissingKey, path.source.place, problem).hint(
                    say!(
                        "say what it shows, for people who cannot see it: logo-alt = \"Red del \
                         Agua\""
                    ),
                ));
                return None;
            }
            (None, Some(alt)) => {
                let problem = say!("this key needs `logo`");
                self.problem(Diagnostic::new(Code::UnusedKey, alt.source.place, problem));
                return None;
            }
            (None, None) => return None,
        };
        let picture = self.all.picture(&path)?;
        Some(Logo { picture, alt })
    }
}
