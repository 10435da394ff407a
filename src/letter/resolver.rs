//! From a letter as written to a letter in one language, with all that is wrong on the way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use ecow::EcoString;
use typst::syntax::FileId;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use crate::checks::stale_counts;
use crate::files::{Files, carried};
use crate::fonts::{self, Fonts};
use crate::language::words::Words;
use crate::language::{Conventions, CountryNames, Tag, country_code};
use crate::letter::body::{Block, LinkUse};
use crate::letter::markdown::{self, References};
use crate::letter::placeholders::Placeholders;
use crate::letter::signatories::{self, Counts, Order};
use crate::letter::{
    Body, Enclosed, Group, Heading, Letter, Logo, Page, Person, Printed, Sender, Signatory,
    enclosures,
};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{PatternPart, Text, link_name, pattern_parts};
use crate::source::url::{UrlCheck, check_url};
use crate::spec::links::{invalid_url, placeholder_link};
use crate::spec::spec_reader::TOP_LEVEL_KEYS;
use crate::spec::{self, BodySource, GroupBy, Kind, Length, Localized, Sort, Spec, Template};
use crate::toml::reader;
use crate::words::message::say;
use crate::words::suggest;

/// The longest title, in characters. It must fit a title bar, a bookmark and the top of a page.
const MAX_TITLE: usize = 500;

/// The longest body, in bytes: some two hundred pages. Typst's time and memory for one paragraph grow
/// faster than its length.
const MAX_BODY: usize = 512 << 10;

/// What the languages of a letter have in common while it is checked.
pub struct Resolver<'r> {
    /// The letter as written.
    pub spec: &'r Spec,
    /// Its signatories, from wherever they are written.
    pub signatories: &'r [spec::Signatory],
    /// The text of the letter's file.
    pub source: &'r str,
    /// The files it may see.
    pub files: &'r Files,
    /// The fonts it may use.
    pub fonts: &'r Fonts,
    /// Collects what is wrong.
    pub problems: &'r Problems,
    /// What the placeholders of a mail merge stand for, by their names.
    pub recipient: &'r [(String, String)],
    /// The links that the bodies use, of all languages.
    pub used_links: Mutex<UsedLinks>,
}

/// Which of the letter's `[links]` the bodies use.
#[derive(Debug, Default)]
pub struct UsedLinks {
    names: Vec<String>,
    /// Whether a body cannot be read for links: it is missing, or Typst markup.
    unknown: bool,
}

/// How many MiB of a picture are told: two of them are more than many mailboxes take.
const LARGE_PICTURE: usize = 4;

impl Resolver<'_> {
    /// The letter in one of its languages. `None` if something is missing or wrong, which is then
    /// among the problems.
    pub fn resolve(&self, tag: &Tag, tag_place: &Place) -> Option<Letter> {
        let (Some(words), Some(conventions)) = (Words::of(tag), Conventions::of(tag)) else {
            let known = Words::languages().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ");
            self.problems.push(
                Diagnostic::new(
                    Code::InvalidLanguage,
                    tag_place.clone(),
                    say!(
                        "there are no words for the language `{tag}` yet",
                        "todavía no hay palabras para el idioma `{tag}`"
                    ),
                )
                .hint(say!("there are words for {known}", "hay palabras para {known}")),
            );
            return None;
        };
        let spec = self.spec;
        let date_text = conventions.date(spec.date);
        let counts = Counts::of(self.signatories);
        let placeholders = counts.placeholders(tag, &conventions, &date_text).with(self.recipient);
        let r = LanguageResolver {
            all: self,
            tag,
            counts: &counts,
            placeholders: &placeholders,
            words: &words,
        };

        let title = r.required(&spec.title, "title", MAX_TITLE);
        let template = self.template();
        let place = r.optional(spec.place.as_ref(), "place");
        let (body, links) = r.body().unzip();
        let groups = r.groups();
        let subject = r.optional(spec.subject.as_ref(), "subject");
        let reference = r.optional(spec.reference.as_ref(), "reference");
        let your_reference = r.optional(spec.your_reference.as_ref(), "your-reference");
        let from = spec.from.as_ref().map(|from| r.sender(from));
        let (to, cc) = (r.people(&spec.to, "to"), r.people(&spec.cc, "cc"));
        let salutation = r.optional(spec.salutation.as_ref(), "salutation");
        let closing = r.optional(spec.closing.as_ref(), "closing");
        let postscript = r.optional(spec.postscript.as_ref(), "postscript");
        let (enclosures, enclosed) = r.enclosures(&spec.enclosures);
        let labels = r.labels();
        let signature_heading = r.optional(spec.signature_block.heading.as_ref(), "heading");
        let author = r.all(&spec.pdf.author, "author").into_iter().map(|p| p.text).collect();
        let keywords = r.all(&spec.pdf.keywords, "keywords").into_iter().map(|p| p.text).collect();
        let page = self.page(tag);

        // Only now: what one text lacks must not keep the others from being looked at.
        Some(Letter {
            tag: tag.clone(),
            edition: spec.edition.as_ref().map(|(edition, _)| edition.clone()),
            edition_place: (spec.edition.as_ref())
                .map_or_else(|| Place::start_of(spec.file), |(_, place)| place.clone()),
            template: template?,
            template_place: match &spec.template {
                Template::File(path) => path.place.clone(),
                Template::BuiltIn(_) => Place::start_of(spec.file),
            },
            date: spec.date,
            place,
            date_text,
            title: title?,
            subject,
            reference,
            your_reference,
            from,
            to,
            cc,
            salutation,
            body: body?,
            links: links.unwrap_or_default(),
            body_lang: spec.body.own_language().cloned(),
            closing,
            postscript,
            enclosures,
            enclosed,
            receipt: spec.receipt,
            groups,
            group_counts: spec.signature_block.counts,
            signature_style: spec.signature_block.style,
            counts,
            conventions: Arc::new(conventions),
            signature_columns: spec.signature_block.columns,
            signature_heading,
            page,
            standards: spec.pdf.standard.clone(),
            standards_place: (spec.pdf.standard_place.clone())
                .unwrap_or_else(|| Place::start_of(spec.file)),
            author,
            keywords,
            words: Words { labels, ..words },
        })
    }

    fn template(&self) -> Option<FileId> {
        match &self.spec.template {
            Template::BuiltIn(name) => Some(carried::built_in(&format!("{name}.typ"))),
            Template::File(path) => self.problems.take(self.files.follow_text(path)),
        }
    }

    fn page(&self, tag: &Tag) -> Page {
        let page = &self.spec.page;
        if let Some(font) = &page.font
            && !self.fonts.has_family(&font.value)
        {
            let name = &font.value;
            let families: Vec<&str> = self.fonts.book().families().map(|(name, _)| name).collect();
            let list = families.iter().take(12).map(|f| format!("`{f}`")).collect::<Vec<_>>();
            let list = list.join(", ");
            self.problems.push(
                Diagnostic::new(
                    Code::UnknownFont,
                    font.place.clone(),
                    say!("there is no font `{name}`", "no existe la fuente `{name}`"),
                )
                .hint(match suggest::nearest(name, families.iter().copied()) {
                    Some(near) => suggest::did_you_mean(near),
                    None => say!("there are {list}", "existen {list}"),
                })
                .hint(say!(
                    "--font-path adds the fonts of a folder, --system-fonts those of this computer",
                    "--font-path agrega las fuentes de una carpeta, --system-fonts las de este equipo"
                )),
            );
        }
        let background = page.background.as_ref().and_then(|path| self.picture(path));
        Page {
            paper: self.paper(tag),
            margin: page.margin,
            font: match &page.font {
                // A font that is not there was told already; another stands in for it.
                Some(font) if self.fonts.has_family(&font.value) => font.value.clone(),
                _ => fonts::DEFAULT_FAMILY.into(),
            },
            font_size: page.font_size.unwrap_or(Length(11.0)),
            accent: page.accent.clone(),
            paragraphs: page.paragraphs,
            bleed: page.bleed.unwrap_or(Length(0.0)),
            background,
            envelope: page.envelope.as_ref().map(|(envelope, _)| *envelope),
            fold_marks: page.fold_marks.unwrap_or(page.envelope.is_some()),
            show_window: false,
        }
    }

    /// The paper that the letter names, else that of its envelope, else that of its language.
    fn paper(&self, tag: &Tag) -> EcoString {
        let page = &self.spec.page;
        let Some((envelope, place)) = &page.envelope else {
            return match &page.paper {
                Some(paper) => paper.value.clone(),
                None => default_paper(tag).into(),
            };
        };
        let needed = envelope.geometry().paper;
        if let Some(paper) = &page.paper
            && paper.value != needed
        {
            let (name, written) = (envelope.name(), &paper.value);
            self.problems.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    place.clone(),
                    say!(
                        "the envelope `{name}` is for the paper `{needed}`, not `{written}`",
                        "el sobre `{name}` es para el papel `{needed}`, no `{written}`"
                    ),
                )
                .relate(paper.place.clone(), say!("the paper", "el papel"))
                .hint(say!(
                    "leave out `paper`, or choose another envelope",
                    "quite `paper`, o elija otro sobre"
                )),
            );
        }
        needed.into()
    }

    /// The file of a picture that can be printed.
    fn picture(&self, path: &Text) -> Option<FileId> {
        let file = self.problems.take(self.files.follow_text(path))?;
        let data = self.files.file(file).ok()?;
        let bytes = data.as_slice();
        let starts: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"<svg", b"<?xml", b"RIFF"];
        let is_picture = starts.iter().any(|start| bytes.starts_with(start));
        let is_whole = || match ExchangeFormat::detect(bytes) {
            Some(format) => RasterImage::plain(data.clone(), format).is_ok(),
            None => SvgImage::new(data.clone()).is_ok(),
        };
        let written = &path.value;
        if is_picture && is_whole() {
            let mebibytes = bytes.len() >> 20;
            if mebibytes >= LARGE_PICTURE {
                let message = say!(
                    "the picture `{written}` has {mebibytes} MiB, and all of it goes into the PDF",
                    "la imagen `{written}` pesa {mebibytes} MiB, y todo va al PDF"
                );
                let problem = Diagnostic::new(Code::LargePicture, path.place.clone(), message);
                self.problems.push(problem.hint(say!(
                    "make it smaller: 2000 pixels in width are enough for any paper, and a photo as a JPEG",
                    "hágala más chica: 2000 píxeles de ancho bastan en papel, y una foto como JPEG"
                )));
            }
            return Some(file);
        }
        let (problem, hint) = if is_picture {
            (
                say!("the picture `{written}` is damaged", "la imagen `{written}` está dañada"),
                say!(
                    "open it with a program for pictures and save it again",
                    "ábrala con un programa de imágenes y guárdela de nuevo"
                ),
            )
        } else {
            (
                say!("`{written}` is no picture", "`{written}` no es una imagen"),
                say!(
                    "a picture is a PNG, JPEG, WebP or SVG file",
                    "una imagen es un archivo PNG, JPEG, WebP o SVG"
                ),
            )
        };
        let problem = Diagnostic::new(Code::InvalidImage, path.place.clone(), problem);
        self.problems.push(problem.hint(hint));
        None
    }

    /// The targets of the letter's `[links]` in a language, and what is wrong with them. One that is
    /// missing is empty.
    fn links(&self, tag: &Tag) -> Vec<(String, EcoString)> {
        let target = |link: &spec::LinkTarget| {
            let name = link_name(&link.name);
            let Some(target) = link.target.get(tag) else { return (name, EcoString::new()) };
            if let UrlCheck::Bad(meant) = check_url(&target.value) {
                let problem = invalid_url(&target.value, meant, target.place.clone());
                let misplaced = TOP_LEVEL_KEYS.contains(&link.name.as_str());
                let hint = misplaced.then(|| reader::above_the_tables(&link.name));
                self.problems.push(problem.hint_if(hint));
            }
            (name, target.value.clone())
        };
        self.spec.links.iter().map(target).collect()
    }

    /// Reports the links that a body uses and that have no target in its language.
    fn report_missing_targets(&self, used: &[String], tag: &Tag) {
        for link in &self.spec.links {
            if link.target.get(tag).is_none() && used.contains(&link_name(&link.name)) {
                let key = format!("links.{}", link.name);
                self.missing_translation(&key, tag, &link.target, &link.key);
            }
        }
    }

    /// What is to be said of the letter's `[links]` once all bodies are read: those without a target
    /// are printed as plain text, and those that no body uses are left over.
    pub fn report_links(&self) {
        let used = self.used_links.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        for link in &self.spec.links {
            if !used.names.contains(&link_name(&link.name)) {
                if !used.unknown {
                    let name = &link.name;
                    self.problems.push(Diagnostic::new(
                        Code::UnusedKey,
                        link.key.clone(),
                        say!(
                            "no body uses the link `{name}`",
                            "ningún cuerpo usa el enlace `{name}`"
                        ),
                    ));
                }
                continue;
            }
            for target in link.target.values() {
                if check_url(&target.value) == UrlCheck::Empty {
                    self.problems.push(placeholder_link(target.place.clone()));
                }
            }
        }
    }

    fn missing_translation<T>(&self, key: &str, tag: &Tag, value: &Localized<T>, fallback: &Place) {
        let place = match value {
            Localized::Each(_, place) if !place.range.is_empty() => place.clone(),
            Localized::Unknown(_) => return,
            _ => fallback.clone(),
        };
        let written = match value {
            Localized::Each(variants, _) => variants.as_slice(),
            Localized::Same(_) | Localized::In(..) | Localized::Unknown(_) => &[],
        };
        // A text for Mexico does not serve Spanish at large; the author may have meant it to.
        let related = written.iter().find(|v| v.tag.language() == tag.language());
        let mut diagnostic = Diagnostic::new(
            Code::MissingTranslation,
            place,
            say!("`{key}` has no text in `{tag}`", "`{key}` no tiene texto en `{tag}`"),
        )
        .in_language(tag);
        if let Some(first) = written.first() {
            let there = &first.tag;
            diagnostic = diagnostic.relate(
                first.key.clone(),
                say!("it has one in `{there}`", "lo tiene en `{there}`"),
            );
        }
        let language = tag.language();
        diagnostic = diagnostic.hint(match related {
            Some(variant) => {
                let narrow = &variant.tag;
                say!(
                    "`{narrow}` does not serve `{tag}`: name it `{language}` if it may",
                    "`{narrow}` no sirve para `{tag}`: nómbrelo `{language}` si puede servir"
                )
            }
            None => say!(
                "add `{key}.{language}`, or leave it empty with \"\" where the key is optional",
                "agregue `{key}.{language}`, o déjelo vacío con \"\" si la clave es opcional"
            ),
        });
        self.problems.push(diagnostic);
    }
}

/// Where US letter is the usual paper: CLDR 48, `supplementalData.xml`, `paperSize`.
const US_LETTER_REGIONS: &[&str] =
    &["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

/// The paper of a language's region. Without a region it is the one where most speakers live, as
/// CLDR has it: the United States for `en`, Spain for `es`.
fn default_paper(tag: &Tag) -> &'static str {
    let mut locale = tag.locale();
    icu_locale::LocaleExpander::new_common().maximize(&mut locale.id);
    let region = locale.id.region;
    let letter = region.is_some_and(|region| US_LETTER_REGIONS.contains(&region.as_str()));
    if letter { "us-letter" } else { "a4" }
}

fn empty_body(place: Place) -> Diagnostic {
    let message = say!("the body is empty", "el cuerpo está vacío");
    Diagnostic::new(Code::InvalidValue, place, message)
}

/// A text without white space at its ends, whose tabs and carriage returns are spaces: a name that
/// was pasted from a spreadsheet has tabs. Line breaks stay.
fn tidy(text: &str) -> EcoString {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}');
    let text = text.replace("\r\n", "\n").replace(['\t', '\r'], " ");
    text.trim_matches(blank).into()
}

/// Resolves the values of one language.
struct LanguageResolver<'r> {
    all: &'r Resolver<'r>,
    tag: &'r Tag,
    counts: &'r Counts,
    placeholders: &'r Placeholders,
    words: &'r Words,
}

impl LanguageResolver<'_> {
    fn problem(&self, diagnostic: Diagnostic) {
        self.all.problems.push(diagnostic);
    }

    /// The text of a value, whatever it holds.
    fn find(&self, value: &Localized<Text>, key: &str) -> Option<Printed> {
        let Some(source) = value.get(self.tag) else {
            let start = Place::start_of(self.all.spec.file);
            self.all.missing_translation(key, self.tag, value, &start);
            return None;
        };
        let (pieces, unknown) = self.placeholders.fill(&source.value, 0);
        for unknown in unknown {
            let place = source.locate(self.all.source, unknown.range.clone());
            self.problem(self.placeholders.problem(&unknown, place));
        }
        Some(Printed {
            text: tidy(&pieces.into_iter().map(|piece| piece.text).collect::<String>()),
            source: source.clone(),
            lang: value.own_language().cloned(),
        })
    }

    /// A text that may be absent, or empty in this language.
    fn optional(&self, value: Option<&Localized<Text>>, key: &str) -> Option<Printed> {
        self.find(value?, key).filter(|printed| !printed.text.is_empty())
    }

    /// A text that must be there, of a length that can be printed.
    fn required(&self, value: &Localized<Text>, key: &str, most: usize) -> Option<Printed> {
        let printed = self.find(value, key)?;
        let place = printed.source.place.clone();
        let length = printed.text.chars().count();
        let problem = if length == 0 {
            say!("`{key}` is empty", "`{key}` está vacío")
        } else if length > most {
            say!(
                "`{key}` has {length} characters, more than the {most} that can be printed",
                "`{key}` tiene {length} caracteres, más de los {most} que se pueden imprimir"
            )
        } else {
            return Some(printed);
        };
        self.problem(Diagnostic::new(Code::InvalidValue, place, problem));
        None
    }

    fn all(&self, values: &[Localized<Text>], key: &str) -> Vec<Printed> {
        values.iter().filter_map(|value| self.optional(Some(value), key)).collect()
    }

    /// What is sent along, and those of it whose file goes into the PDF.
    fn enclosures(&self, enclosures: &[spec::Enclosure]) -> (Vec<Printed>, Vec<Enclosed>) {
        let (mut titles, mut enclosed) = (Vec::new(), Vec::new());
        for enclosure in enclosures {
            let title = self.optional(Some(&enclosure.title), "enclosures");
            let path = self.optional(enclosure.file.as_ref(), "enclosures.file");
            let Some(title) = title else { continue };
            titles.push(title.clone());
            if let Some(path) = path {
                let number = titles.len();
                enclosed.extend(self.enclosed(title, number, &path.source, enclosure.attach));
            }
        }
        (titles, enclosed)
    }

    fn enclosed(
        &self,
        title: Printed,
        number: usize,
        path: &Text,
        attach: bool,
    ) -> Option<Enclosed> {
        let file = self.all.problems.take(self.all.files.follow_text(path))?;
        let data = self.all.files.file(file).ok()?;
        let place = path.place.clone();
        let pages = match attach {
            true => None,
            false => Some(self.all.problems.take(enclosures::pages(path, data))?),
        };
        Some(Enclosed { title, number, file, place, attach, pages })
    }

    fn people(&self, people: &[spec::Person], key: &str) -> Vec<Person> {
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

    fn sender(&self, sender: &spec::Sender) -> Sender {
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

    /// A logo and what it shows, which the PDF must say (PDF/UA-1, section 7.3).
    fn logo(&self, path: Option<Printed>, alt: Option<Printed>) -> Option<Logo> {
        let (path, alt) = match (path, alt) {
            (Some(path), Some(alt)) => (path.source, alt.text),
            (Some(path), None) => {
                let problem = say!("`logo` has no `logo-alt`", "a `logo` le falta `logo-alt`");
                self.problem(Diagnostic::new(Code::MissingKey, path.source.place, problem).hint(
                    say!(
                        "say what it shows, for who cannot see it: logo-alt = \"Red del Agua\"",
                        "diga qué muestra, para quien no lo ve: logo-alt = \"Red del Agua\""
                    ),
                ));
                return None;
            }
            (None, Some(alt)) => {
                let problem = say!("there is no `logo` for this", "no hay un `logo` para esto");
                self.problem(Diagnostic::new(Code::UnusedKey, alt.source.place, problem));
                return None;
            }
            (None, None) => return None,
        };
        let file = self.all.picture(&path)?;
        Some(Logo { file, place: path.place, alt })
    }

    /// The labels, with the letter's own in place of the language's. An empty one prints nothing.
    fn labels(&self) -> BTreeMap<String, String> {
        let mut labels = self.words.labels.clone();
        for label in &self.all.spec.labels {
            let Some(own) = self.find(&label.text, &format!("labels.{}", label.name)) else {
                continue;
            };
            let parts = |text: &str| -> Vec<String> {
                let names = pattern_parts(text).into_iter().filter_map(|part| match part {
                    PatternPart::Name(name) => Some(format!("{{{name}}}")),
                    PatternPart::Plain(_) => None,
                });
                names.collect()
            };
            let known = labels.get(&label.name).map(|text| parts(text)).unwrap_or_default();
            if let Some(unknown) = parts(&own.text).into_iter().find(|part| !known.contains(part)) {
                let list =
                    known.iter().map(|part| format!("`{part}`")).collect::<Vec<_>>().join(", ");
                let problem = say!(
                    "nothing is filled in for `{unknown}` here",
                    "aquí no se sustituye nada por `{unknown}`"
                );
                let hint = say!("this label knows {list}", "esta etiqueta conoce {list}");
                self.problem(
                    Diagnostic::new(Code::UnknownPlaceholder, own.source.place, problem)
                        .hint_if((!known.is_empty()).then_some(hint)),
                );
                continue;
            }
            labels.insert(label.name.clone(), own.text.into());
        }
        labels
    }

    fn signatories(&self, signatories: &[spec::Signatory]) -> Vec<Signatory> {
        let signing = signatories::signing(signatories);
        signing.filter_map(|signatory| self.signatory(signatory)).collect()
    }

    /// The signatories in order, in the groups that the letter asks for.
    fn groups(&self) -> Vec<Group> {
        let words = self.words;
        let block = &self.all.spec.signature_block;
        let all = self.signatories(self.all.signatories);
        // A list stands in the order of one language, the original.
        let original = self.all.spec.languages.first().is_some_and(|(tag, _)| tag == self.tag);
        if original && block.sort == Sort::Listed && block.group_by == GroupBy::None {
            signatories::report_order(&all, self.tag, words, self.all.problems);
        }
        let ordered = |list| signatories::ordered(list, block.sort, self.tag, words);
        if block.group_by == GroupBy::None {
            return vec![Group { heading: None, signatories: ordered(all) }];
        }

        // Each group by the key that its members share, in the order that the keys first come.
        let mut parts: Vec<(EcoString, Vec<Signatory>)> = Vec::new();
        for signatory in all {
            let key = match block.group_by {
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
        for (name, text) in &block.groups {
            let unused = block.group_by != GroupBy::Group
                || parts.iter().all(|(key, _)| key.as_str() != name.as_str());
            if let Some(text) = text.values().next().filter(|_| unused) {
                self.problem(Diagnostic::new(
                    Code::UnusedKey,
                    text.place.clone(),
                    say!(
                        "no signatory is in the group `{name}`",
                        "ningún firmante está en el grupo `{name}`"
                    ),
                ));
            }
        }
        let countries = CountryNames::of(self.tag);
        let heading = |key: &EcoString| match block.group_by {
            _ if key.is_empty() => None,
            GroupBy::Kind => words.labels.get(key.as_str()).map(|w| Heading::Words(w.into())),
            GroupBy::Country => {
                countries.as_ref().and_then(|c| c.get(key)).map(|n| Heading::Words(n.into()))
            }
            GroupBy::Group | GroupBy::None => {
                let named = block.groups.iter().find(|(name, _)| name == key.as_str());
                match named {
                    Some((_, text)) => {
                        self.optional(Some(text), &format!("groups.{key}")).map(Heading::Printed)
                    }
                    None => Some(Heading::Words(key.clone())),
                }
            }
        };
        if parts.is_empty() {
            return vec![Group { heading: None, signatories: Vec::new() }];
        }
        let mut groups: Vec<(EcoString, Group)> = parts
            .into_iter()
            .map(|(key, part)| {
                let group = Group { heading: heading(&key), signatories: ordered(part) };
                (key, group)
            })
            .collect();
        match block.group_by {
            GroupBy::Kind => groups.sort_by(|(a, _), (b, _)| a.cmp(b)),
            GroupBy::Country => {
                let order = Order::of(self.tag);
                groups.sort_by_cached_key(|(key, group)| {
                    let name = match &group.heading {
                        Some(Heading::Words(name)) => name.as_str(),
                        _ => "",
                    };
                    // Those of no country come last.
                    (key.is_empty(), order.as_ref().map(|order| order.key_of(name, &[])))
                });
            }
            GroupBy::Group | GroupBy::None => groups.sort_by_key(|(key, _)| key.is_empty()),
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn signatory(&self, signatory: &spec::Signatory) -> Option<Signatory> {
        let name = self.required(&signatory.name, "name", MAX_TITLE);
        let title = self.optional(signatory.title.as_ref(), "title");
        let organization = self.optional(signatory.organization.as_ref(), "organization");
        let note = self.optional(signatory.note.as_ref(), "note");
        let members = self.signatories(&signatory.members);
        let url = signatory.url.as_ref().and_then(|url| match check_url(&url.value) {
            UrlCheck::Good(good) => Some(good),
            UrlCheck::Empty => {
                self.problem(placeholder_link(url.place.clone()));
                None
            }
            UrlCheck::Bad(meant) => {
                self.problem(invalid_url(&url.value, meant, url.place.clone()));
                None
            }
        });
        let country = signatory.country.as_ref().and_then(|code| self.country(code));
        let signature = signatory.signature.as_ref().and_then(|path| self.all.picture(path));
        let plain = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
        Some(Signatory {
            place: signatory.place.clone(),
            name: name?,
            kind: signatory.kind,
            title,
            organization,
            note,
            url,
            sort_as: plain(&signatory.sort_as),
            family_name: plain(&signatory.family_name),
            country,
            group: plain(&signatory.group),
            signature,
            members,
        })
    }

    /// The code of a country that there is.
    fn country(&self, code: &Text) -> Option<EcoString> {
        if let Some(code) = country_code(&code.value) {
            return Some(code.into());
        }
        let found = &code.value;
        self.problem(
            Diagnostic::new(
                Code::InvalidValue,
                code.place.clone(),
                say!("`{found}` is no country", "`{found}` no es un país"),
            )
            .hint(say!(
                "write the two letters of ISO 3166-1, such as MX, or its name in English or Spanish",
                "escriba las dos letras de ISO 3166-1, como MX, o su nombre en español o inglés"
            )),
        );
        None
    }

    fn use_links(&self, change: impl FnOnce(&mut UsedLinks)) {
        change(&mut self.all.used_links.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    }

    /// The text with its links.
    fn body(&self) -> Option<(Body, Vec<LinkUse>)> {
        let body = self.read_body();
        if !matches!(body, Some((Body::Markdown(_), _))) {
            self.use_links(|used| used.unknown = true);
        }
        body
    }

    fn read_body(&self) -> Option<(Body, Vec<LinkUse>)> {
        let Some(source) = self.all.spec.body.get(self.tag) else {
            let start = Place::start_of(self.all.spec.file);
            self.all.missing_translation("body", self.tag, &self.all.spec.body, &start);
            return None;
        };
        let (text, whole) = match source {
            BodySource::Inline(text) => (text.clone(), self.all.source.to_owned()),
            BodySource::File(path) => {
                let file = self.all.problems.take(self.all.files.follow_text(path))?;
                if path.value.ends_with(".typ") {
                    return Some((Body::Typst(file), Vec::new()));
                }
                let whole = self.all.problems.take(self.all.files.text(file))?;
                (Text::whole(file, &whole), whole)
            }
        };
        if text.value.trim().is_empty() {
            self.problem(empty_body(text.place));
            return None;
        }
        if text.value.len() > MAX_BODY {
            let length = text.value.len();
            self.problem(Diagnostic::new(
                Code::InvalidValue,
                text.place,
                say!(
                    "the body has {length} bytes, more than the {MAX_BODY} that a letter can have",
                    "el cuerpo tiene {length} bytes, más de los {MAX_BODY} que puede tener una carta"
                ),
            ));
            return None;
        }
        let links = self.all.links(self.tag);
        let references = References {
            links: &links,
            placeholders: self.placeholders,
            tag: self.all.spec.body.own_language().unwrap_or(self.tag),
        };
        let place = text.place.clone();
        // What is wrong with the body of one language is of that language.
        let problems = Problems::default();
        let body = markdown::read(&text, &whole, &references, &problems);
        let language = self.tag.language();
        stale_counts::report(&body.blocks, self.counts, language, self.words, &problems);
        for problem in problems.into_sorted() {
            self.problem(problem.in_language(self.tag));
        }
        self.all.report_missing_targets(&body.used_links, self.tag);
        if body.blocks.iter().all(Block::is_blank) {
            self.problem(empty_body(place));
            return None;
        }
        self.use_links(|used| used.names.extend(body.used_links));
        Some((Body::Markdown(body.blocks), body.links))
    }
}
