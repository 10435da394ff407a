//! The sender, the addressees, and the recipients of copies.

use crate::letter::resolve::LanguageResolver;
use crate::letter::resolve::texts::MAX_TITLE;
use crate::letter::{Logo, Person, Printed, Sender};
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
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
        Some(Person { name: name?, honorific, office, organization, address, email, note })
    }

    pub(super) fn sender(&self, sender: &spec::Sender) -> Sender {
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
        }
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
