//! The letters that `new` writes: one for each kind, in the words of each language.

use std::fmt::Write as _;

use clap::ValueEnum;
use toml::Value;

use crate::checks::sample_text::{ADDRESSES, EMAIL, REFERENCE, YOUR_REFERENCE};
use crate::documents::key_of;
use crate::language::Tag;
use crate::language::day::today;
use crate::language::words::{self, Samples, Words};
use crate::spec::schema::SCHEMA_FILE;
use crate::words::{Message, UiLanguage, say};

/// A kind of letter.
#[derive(Debug, Copy, Clone, Eq, PartialEq, ValueEnum)]
pub(super) enum Kind {
    /// A letter in public, signed by many
    OpenLetter,
    /// A letter to an authority, with a letterhead
    Formal,
    /// A formal letter with file numbers and a frame for the stamp of the office that receives it
    Oficio,
    /// A formal letter for the window of an American envelope
    BusinessUs,
    /// A formal letter for the window of an envelope of DIN 5008
    BusinessDin,
    /// A demand with the numbers of the organizations and people who sign
    Petition,
    /// A statement to the press
    Press,
}

/// The addresses of a kind of letter, and the page that they are for.
struct Post {
    /// The sender's, and the addressee's.
    addresses: [[&'static str; 2]; 2],
    page: &'static str,
}

impl Kind {
    fn template(self) -> &'static str {
        match self {
            Self::OpenLetter | Self::Petition | Self::Press => "open-letter",
            Self::Formal | Self::Oficio | Self::BusinessUs | Self::BusinessDin => "formal",
        }
    }

    fn post(self) -> Option<Post> {
        match self {
            Self::BusinessUs => Some(Post {
                addresses: ADDRESSES[0],
                page: "paper = \"us-letter\"\nenvelope = \"us-10\"\n",
            }),
            Self::BusinessDin => Some(Post {
                addresses: ADDRESSES[1],
                page: "paper = \"a4\"\nenvelope = \"din-5008-b\"\n",
            }),
            _ => None,
        }
    }
}

/// The sample letter in a language. That of a language without one is in the first of the others that has
/// one, or in English: its author will know which.
pub(super) fn sample(tag: &Tag, languages: &[Tag]) -> Option<&'static Samples> {
    let english = Tag::english();
    [tag].into_iter().chain(languages).chain([&english]).find_map(words::samples)
}

/// The text of a letter's file, which builds at once, with comments in a language.
pub(super) fn letter_toml(
    languages: &[Tag],
    kind: Kind,
    template: Option<&str>,
    comments: UiLanguage,
) -> String {
    let first = languages.first();
    let comment = |words: Message| words.get(comments);
    let quoted = |text: &str| Value::from(text).to_string();
    let list = |texts: &[&str]| -> String {
        texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
    };
    let each = |key: &str, text: &dyn Fn(&Tag, &'static Samples) -> String| -> String {
        let line = |tag: &Tag| {
            let text = sample(tag, languages).map_or_else(String::new, |own| text(tag, own));
            format!("{key}.{} = {}\n", key_of(tag, languages), quoted(&text))
        };
        languages.iter().map(line).collect()
    };
    let original = first.and_then(|tag| sample(tag, languages));
    let name = original.map_or("", |sample| sample.name.as_str());
    let organizations: &[String] = original.map_or(&[], |sample| &sample.organizations);
    let has_oficio = |tag: &&Tag| sample(tag, languages).is_some_and(|own| !own.oficio.is_empty());
    let oficio = kind == Kind::Oficio && languages.iter().any(|tag| has_oficio(&tag));

    let mut text = format!("#:schema ./{SCHEMA_FILE}\n\n");
    let template = template.unwrap_or(kind.template());
    if template != "open-letter" {
        let _infallible = writeln!(text, "template = {}", quoted(template));
    }
    let tags: Vec<String> = languages.iter().map(|tag| quoted(&tag.to_string())).collect();
    let _infallible = write!(
        text,
        "languages = [{}] # {}\ndate = {} # {}\n\n{}",
        tags.join(", "),
        comment(say!("the first is the original")),
        today(),
        comment(say!("printed as each language writes it")),
        each("title", &|_, sample| sample.title.clone()),
    );
    if kind == Kind::Oficio {
        let (own, theirs) = (quoted(REFERENCE), quoted(YOUR_REFERENCE));
        let _infallible = write!(text, "\nreference = {own}\nyour-reference = {theirs}\n");
    }
    if kind != Kind::Press {
        text.push_str(&("\n".to_owned() + &each("salutation", &|_, own| own.salutation.clone())));
    }
    text.push('\n');
    for key in languages.iter().map(|tag| key_of(tag, languages)) {
        let _infallible = writeln!(text, "body.{key} = {{ file = \"body.{key}.md\" }}");
    }
    if kind != Kind::Press {
        text.push_str(&("\n".to_owned() + &each("closing", &|_, own| own.closing.clone())));
    }
    if kind == Kind::Oficio {
        text.push_str("receipt = true\n");
    }
    let _infallible = write!(
        text,
        "\n# {}\nsignatories = [\n",
        comment(say!(
            "one per line: a name, or {{ name = \"…\", kind = \"person\", title = \"…\" }}"
        ))
    );
    for organization in organizations {
        let _infallible = writeln!(text, "  {},", quoted(organization));
    }
    if kind == Kind::Petition {
        let _infallible = writeln!(text, "  {{ name = {}, kind = \"person\" }},", quoted(name));
    }
    text.push_str("]\n");
    if let Some(first) = organizations.first()
        && !matches!(kind, Kind::OpenLetter | Kind::Petition)
    {
        let _infallible = write!(text, "\n[from]\norganization = {}\n", quoted(first));
        if let Some(Post { addresses: [from, _], .. }) = kind.post() {
            let _infallible = writeln!(text, "address = [{}]", list(&from));
        }
        if kind == Kind::Press {
            let _infallible = writeln!(text, "email = {}", quoted(EMAIL));
        }
    }
    if kind != Kind::Press {
        let _infallible =
            write!(text, "\n# {}\n[[to]]\n", comment(say!("the addressee; repeat for each one")));
        if kind == Kind::Petition {
            text.push_str(&each("name", &|_, sample| sample.office.clone()));
        } else {
            let _infallible = writeln!(text, "name = {}", quoted(name));
            text.push_str(&each("office", &|_, sample| sample.office.clone()));
        }
        if let Some(Post { addresses: [_, to], .. }) = kind.post() {
            let _infallible = writeln!(text, "address = [{}]", list(&to));
        }
        if oficio {
            text.push_str(&each("note", &|_, own| {
                own.oficio.get("note").cloned().unwrap_or_default()
            }));
        }
    }
    if kind == Kind::Petition {
        text.push_str("\n[signature-block]\ngroup-by = \"kind\"\ncounts = true\n");
    }
    if let Some(Post { page, .. }) = kind.post() {
        text.push_str(&("\n[page]\n".to_owned() + page));
    }
    if oficio {
        text.push_str("\n[labels]\n");
        for label in ["reference", "your-reference"] {
            text.push_str(&each(label, &|tag, own| {
                let usual = || Words::of(tag).labels.get(label).cloned().unwrap_or_default();
                own.oficio.get(label).cloned().unwrap_or_else(usual)
            }));
        }
    }
    text
}
