//! Reads a letter's TOML into a [`Spec`].

mod signatories;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use icu_calendar::Date;
use toml::de::DeValue;
use typst::syntax::FileId;

use crate::language::{Tag, words};
use crate::pdf::DEFAULT_STANDARDS;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::{Text, link_name};
use crate::spec::country::Country;
use crate::spec::envelopes;
use crate::spec::links::Address;
use crate::spec::lint::LintTable;
use crate::spec::misplaced_keys::MisplacedKeys;
use crate::spec::own_words::{self, WordsSource};
use crate::spec::print_services;
use crate::spec::tags::{parse_tag, read_languages};
use crate::spec::values::{PAPERS, read_accent, read_length, read_margins, read_standard};
use crate::spec::{
    BUILT_IN_TEMPLATES, BodySource, Enclosure, Label, LinkTarget, Localized, MailProfile, Page,
    Paragraphs, Pdf, Person, Sender, Spec, Template, Translation, Variant,
};
use crate::toml::reader::{self, Context, Table, Value};
use crate::words::say;

/// The keys of the letter itself.
pub(crate) const TOP_LEVEL_KEYS: &[&str] = &[
    "template",
    "languages",
    "edition",
    "prevails",
    "date",
    "place",
    "title",
    "subject",
    "reference",
    "your-reference",
    "salutation",
    "body",
    "closing",
    "postscript",
    "enclosures",
    "receipt",
    "signatories",
];

/// The keys that every letter must have.
pub(crate) const REQUIRED_KEYS: [&str; 4] = ["languages", "date", "title", "body"];

impl Spec {
    /// Reads a letter. `None` if a required key is missing; the reason is in `problems`.
    pub(crate) fn read(source: &str, file: FileId, problems: &Problems) -> Option<Self> {
        let context = Context { file, problems, top_level: TOP_LEVEL_KEYS };
        let document = reader::parse(source, context);
        // A missing key may be in the part that could not be parsed.
        let broken = problems.has_errors();
        if document.get_ref().is_empty() && !broken {
            let message = say!("this letter is empty");
            let problem = Diagnostic::new(Code::MissingKey, Place::start_of(file), message);
            problems.push(problem.hint(say!(
                "`undersigned new NAME` creates a folder NAME with a letter to start from"
            )));
            return None;
        }
        let mut table = Table::new("", document.get_ref(), 0..0);
        let misplaced = MisplacedKeys::find(document.get_ref(), context);
        let is_elsewhere = |key| misplaced.iter().any(|keys| keys.has(key));
        let require = |table: &mut Table<'_>, key| match broken || is_elsewhere(key) {
            true => table.take(key).is_some(),
            false => table.require(context, key).is_some(),
        };
        // Every key is checked, so that all missing keys are reported.
        let complete = REQUIRED_KEYS.map(|key| require(&mut table, key)).iter().all(|there| *there);

        let languages = table.take("languages").map(|v| read_languages(v, context));
        let listed: Vec<Tag> = languages.iter().flatten().map(|(tag, _)| tag.clone()).collect();
        let r = SpecReader { context, languages: &listed };

        let asked_for_edition = document.get_ref().keys().any(|key| key.get_ref() == "edition");
        let edition = r.edition(&mut table);
        let prevails = table.take("prevails");
        let template = match table.take("template") {
            Some(value) => r.template(value),
            None => Some(Template::BuiltIn(BUILT_IN_TEMPLATES[0])),
        };
        let date = table.take("date").and_then(|v| v.date(context));
        let title = table.take("title").and_then(|v| r.text(v));
        let body = table.take("body").and_then(|v| r.body(v));
        let place = r.optional(&mut table, "place");
        let subject = r.optional(&mut table, "subject");
        let reference = r.optional(&mut table, "reference");
        let your_reference = r.optional(&mut table, "your-reference");
        let from = table.take("from").and_then(|v| r.sender(v));
        let to = r.people(&mut table, "to");
        let cc = r.people(&mut table, "cc");
        let salutation = r.optional(&mut table, "salutation");
        let closing = r.optional(&mut table, "closing");
        let postscript = r.optional(&mut table, "postscript");
        let enclosures = r.enclosures(&mut table);
        let receipt = table.take("receipt").and_then(|v| v.boolean(context));
        let labels = table.take("labels").map(|v| r.labels(v)).unwrap_or_default();
        let words = table.take("words").map(|v| r.words(v)).unwrap_or_default();
        let links = table.take("links").map(|v| r.links(v)).unwrap_or_default();
        let signatories = table.take("signatories").map(|v| r.sources(v)).unwrap_or_default();
        let distinct = r.distinct(&mut table);
        let signature_block =
            table.take("signature-block").map(|v| r.signature_block(v)).unwrap_or_default();
        let page = table.take("page").map(|v| r.page(v)).unwrap_or_default();
        let pdf = table.take("pdf").map(|v| r.pdf(v)).unwrap_or_default();
        let lint = table.take("lint").map(|v| LintTable::read(v, context)).unwrap_or_default();
        let translations = table.take("translation").map(|v| r.translations(v)).unwrap_or_default();
        let courtesy = translations.iter().any(|translation| translation.courtesy);
        let together = edition.as_ref().filter(|_| !courtesy).map(|(edition, _)| edition);
        let prevails = prevails.and_then(|v| {
            if !asked_for_edition && !courtesy {
                r.report_unused_prevails(v);
            }
            r.one_of_the_languages(v, together.map_or(&listed, |edition| &edition.languages))
        });
        r.report_needless_courtesy(&translations, prevails.as_ref());
        table.finish(context);
        misplaced.into_iter().for_each(|keys| keys.report(context));
        reader::forget_after_syntax_error(source, file, problems);

        if !complete {
            return None;
        }
        // An invalid value is replaced by another, so that everything else is still checked. No output
        // is produced from a letter with an error.
        Some(Self {
            file,
            template: template.unwrap_or(Template::BuiltIn(BUILT_IN_TEMPLATES[0])),
            languages: languages.filter(|languages| !languages.is_empty())?,
            edition,
            prevails,
            date: date.or_else(|| Date::try_new_iso(1970, 1, 1).ok())?,
            place,
            title: title.unwrap_or(Localized::Unknown),
            subject,
            reference,
            your_reference,
            from,
            to,
            cc,
            salutation,
            body: body.unwrap_or(Localized::Unknown),
            closing,
            postscript,
            enclosures,
            receipt: receipt.unwrap_or_default(),
            labels,
            words,
            links,
            signatories,
            distinct,
            signature_block,
            page,
            pdf,
            lint,
            translations,
        })
    }
}

/// The error for two keys with the same meaning, such as `en` and `EN`.
fn same_key(key: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::InvalidValue, place, say!("`{key}` appears twice", key))
        .relate(first, say!("it appears here first"))
}

/// Reads the values of a letter.
pub(crate) struct SpecReader<'r> {
    /// The file, and where its problems are reported.
    pub context: Context<'r>,
    /// The languages of the letter. Texts in other languages are unused, unless the languages are not
    /// known.
    pub languages: &'r [Tag],
}

impl SpecReader<'_> {
    /// A localizable value whose individual values are read by `leaf`.
    fn localized<'t, T>(
        &self,
        value: Value<'t>,
        leaf: impl Fn(Value<'t>) -> Option<T>,
    ) -> Option<Localized<T>> {
        let context = self.context;
        let Some(table) = value.if_table() else { return leaf(value).map(Localized::Same) };
        if table.keys().any(|key| key.get_ref() == "text") {
            let mut table = value.table(context)?;
            let text = table.require(context, "text").and_then(leaf);
            let tag = table.require(context, "lang").and_then(|v| v.text(context));
            table.finish(context);
            let tag = tag.and_then(|tag| parse_tag(&tag.value, &tag.place, context))?;
            return Some(Localized::In(tag, text?));
        }
        let place = value.place(context);
        let mut variants: Vec<Variant<T>> = Vec::new();
        let mut broken = false;
        for (key, value) in table {
            let key_place = Place::new(context.file, key.span());
            let Some(tag) = parse_tag(key.get_ref(), &key_place, context) else { continue };
            if let Some(same) = variants.iter().find(|variant| variant.tag == tag) {
                context.problems.push(same_key(&tag.to_string(), key_place, same.key.clone()));
                continue;
            }
            self.report_unused(&tag, &key_place);
            match leaf(Value { key: key.get_ref(), value }) {
                Some(value) => variants.push(Variant { tag, key: key_place, value }),
                None => broken = true,
            }
        }
        // A text that is present but invalid is not missing.
        Some(if broken { Localized::Unknown } else { Localized::Each(variants, place) })
    }

    fn text(&self, value: Value<'_>) -> Option<Localized<Text>> {
        self.localized(value, |leaf| leaf.text(self.context))
    }

    fn optional(&self, table: &mut Table<'_>, key: &'static str) -> Option<Localized<Text>> {
        table.take(key).and_then(|value| self.text(value))
    }

    /// A list of localizable texts. A single text is a list of one.
    fn texts(&self, table: &mut Table<'_>, key: &'static str) -> Vec<Localized<Text>> {
        let Some(value) = table.take(key) else { return Vec::new() };
        if value.if_text(self.context).is_some() || value.if_table().is_some() {
            return self.text(value).into_iter().collect();
        }
        let Some(items) = value.items(self.context) else { return Vec::new() };
        items.filter_map(|item| self.text(item)).collect()
    }

    /// A list of enclosures. A single enclosure is a list of one.
    fn enclosures(&self, table: &mut Table<'_>) -> Vec<Enclosure> {
        let Some(value) = table.take("enclosures") else { return Vec::new() };
        if value.if_text(self.context).is_some() || value.if_table().is_some() {
            return self.enclosure(value).into_iter().collect();
        }
        let Some(items) = value.items(self.context) else { return Vec::new() };
        items.filter_map(|item| self.enclosure(item)).collect()
    }

    /// A title, or a table with a title and a file.
    fn enclosure(&self, value: Value<'_>) -> Option<Enclosure> {
        let context = self.context;
        let has =
            |name| value.if_table().is_some_and(|t| t.keys().any(|key| key.get_ref() == name));
        if !["title", "file", "attach"].into_iter().any(has) {
            let title = self.text(value)?;
            return Some(Enclosure { title, file: None, attach: false });
        }
        let mut table = value.table(context)?;
        let title = table.require(context, "title").and_then(|v| self.text(v));
        let file = self.optional(&mut table, "file");
        let attach = table.take("attach");
        if let (Some(attach), None) = (attach, &file) {
            let place = attach.place(context);
            let problem = say!("there is no `file` to attach");
            context.problems.push(Diagnostic::new(Code::UnusedKey, place, problem));
        }
        // If the value is invalid, the file need not be a PDF.
        let attach = attach.is_some_and(|v| v.boolean(context).unwrap_or(true));
        table.finish(context);
        Some(Enclosure { title: title?, file, attach })
    }

    fn template(&self, value: Value<'_>) -> Option<Template> {
        let text = value.text(self.context)?;
        if text.value.ends_with(".typ") {
            return Some(Template::File(text));
        }
        value
            .choice(self.context, BUILT_IN_TEMPLATES, |name| {
                BUILT_IN_TEMPLATES.iter().copied().find(|known| *known == name)
            })
            .map(Template::BuiltIn)
    }

    fn body(&self, value: Value<'_>) -> Option<Localized<BodySource>> {
        let source = |value: Value<'_>| {
            if value.if_table().is_none() {
                let text = value.unchecked_text(self.context)?;
                let name = &text.value;
                if !name.contains(char::is_whitespace)
                    && [".md", ".typ", ".txt"].iter().any(|end| name.ends_with(end))
                {
                    self.context.problems.push(
                        Diagnostic::new(
                            Code::InvalidValue,
                            text.place.clone(),
                            say!("this would print the name of the file, not its contents"),
                        )
                        .hint(say!("write {{ file = \"{name}\" }}", name)),
                    );
                }
                return Some(BodySource::Inline(text));
            }
            let mut table = value.table(self.context)?;
            let file = table.require(self.context, "file").and_then(|v| v.text(self.context));
            table.finish(self.context);
            file.map(BodySource::File)
        };
        match value.if_table() {
            Some(table) if table.keys().any(|key| key.get_ref() == "file") => {
                source(value).map(Localized::Same)
            }
            _ => self.localized(value, source),
        }
    }

    fn people(&self, table: &mut Table<'_>, key: &'static str) -> Vec<Person> {
        let Some(items) = table.take(key).and_then(|value| value.items(self.context)) else {
            return Vec::new();
        };
        items.filter_map(|item| self.person(item)).collect()
    }

    fn person(&self, value: Value<'_>) -> Option<Person> {
        let mut table = value.table(self.context)?;
        let name = table.require(self.context, "name").and_then(|v| self.text(v));
        let honorific = self.optional(&mut table, "honorific");
        let office = self.optional(&mut table, "office");
        let organization = self.optional(&mut table, "organization");
        let address = self.texts(&mut table, "address");
        let email = self.optional(&mut table, "email");
        let note = self.optional(&mut table, "note");
        let country = self.country(&mut table);
        let delivery = self.optional(&mut table, "delivery");
        table.finish(self.context);
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

    fn country(&self, table: &mut Table<'_>) -> Option<Country> {
        let text = table.take("country").and_then(|v| v.text(self.context))?;
        Some(Country::of(text, self.languages))
    }

    fn sender(&self, value: Value<'_>) -> Option<Sender> {
        let mut table = value.table(self.context)?;
        let sender = Sender {
            name: self.optional(&mut table, "name"),
            organization: self.optional(&mut table, "organization"),
            address: self.texts(&mut table, "address"),
            email: self.optional(&mut table, "email"),
            phone: self.optional(&mut table, "phone"),
            web: self.optional(&mut table, "web"),
            logo: self.optional(&mut table, "logo"),
            logo_alt: self.optional(&mut table, "logo-alt"),
            footer: self.footer(&mut table),
            country: self.country(&mut table),
        };
        table.finish(self.context);
        Some(sender)
    }

    /// The entries at the foot of the first page. More would leave no room for the letter.
    fn footer(&self, table: &mut Table<'_>) -> Vec<Localized<Text>> {
        const MOST: usize = 12;
        let place = table.take("footer").map(|value| value.place(self.context));
        let footer = self.texts(table, "footer");
        if let Some(place) = place.filter(|_| footer.len() > MOST) {
            let found = footer.len();
            let message =
                say!("`footer` has {found} entries; the maximum is {most}", found, most = MOST);
            self.context.problems.push(Diagnostic::new(Code::InvalidValue, place, message));
        }
        footer
    }

    /// The labels, by the names in `templates/lang`.
    fn labels(&self, value: Value<'_>) -> Vec<Label> {
        let Some(mut table) = value.table(self.context) else { return Vec::new() };
        let mut labels = Vec::new();
        for (name, _) in words::labels() {
            if let Some(text) = table.take(name).and_then(|value| self.text(value)) {
                labels.push(Label { name: name.into(), text });
            }
        }
        table.finish(self.context);
        labels
    }

    /// The words of languages. Those of a language that the letter does not have are unused.
    fn words(&self, value: Value<'_>) -> Vec<WordsSource> {
        let words = own_words::read(value, self.context);
        for WordsSource { tag, key, .. } in &words {
            let served = |listed: &Tag| listed.with_relatives().contains(tag);
            if !self.languages.iter().any(served) {
                self.report_unused(tag, key);
            }
        }
        words
    }

    fn links(&self, value: Value<'_>) -> Vec<LinkTarget> {
        let Some(table) = value.if_table() else {
            return value.wrong_type(self.context, say!("a table")).unwrap_or_default();
        };
        let mut links: Vec<LinkTarget> = Vec::new();
        let mut first: HashMap<String, Place> = HashMap::new();
        for (name, value) in table {
            let key = Place::new(self.context.file, name.span());
            let known = TOP_LEVEL_KEYS.contains(&name.get_ref().as_ref());
            if known && !matches!(value.get_ref(), DeValue::String(_) | DeValue::Table(_)) {
                let name = name.get_ref();
                self.context.problems.push(
                    Diagnostic::new(Code::UnknownKey, key, say!("`{name}` is not a link", name))
                        .hint(reader::above_the_tables(name)),
                );
                continue;
            }
            let target = self.localized(Value { key: name.get_ref(), value }, |leaf| {
                leaf.text(self.context).map(Address::of)
            });
            let Some(target) = target else { continue };
            let name = name.get_ref().to_string();
            match first.entry(link_name(&name)) {
                Entry::Occupied(same) => {
                    self.context.problems.push(same_key(&name, key, same.get().clone()));
                }
                Entry::Vacant(entry) => {
                    entry.insert(key.clone());
                    links.push(LinkTarget { name, key, target });
                }
            }
        }
        links
    }

    fn page(&self, value: Value<'_>) -> Page {
        let context = self.context;
        let Some(mut table) = value.table(context) else { return Page::default() };
        let paper = table.take("paper").and_then(|v| {
            v.choice(context, PAPERS, |name| PAPERS.contains(&name).then_some(()))?;
            v.text(context)
        });
        let margin = table.take("margin");
        let margin_place = margin.map(|v| v.place(context));
        let margin = margin.map(|v| read_margins(v, context)).unwrap_or_default();
        let font = table.take("font").and_then(|v| v.text(context));
        let fonts = read_fonts(&mut table, context);
        let font_size = table.take("font-size").and_then(|v| read_length(v, context, 6.0..=24.0));
        let accent = table.take("accent").and_then(|v| read_accent(v, context));
        let paragraphs = table.take("paragraphs").and_then(|v| {
            let values = [("spaced", Paragraphs::Spaced), ("indented", Paragraphs::Indented)];
            v.one_of(context, &values)
        });
        let bleed = table.take("bleed").and_then(|v| read_length(v, context, 0.0..=72.0));
        let background = table.take("background").and_then(|v| v.text(context));
        let envelope = table.take("envelope").and_then(|v| self.profile(v, envelopes::names()));
        let print_service =
            table.take("print-service").and_then(|v| self.profile(v, print_services::names()));
        let fold_marks = table.take("fold-marks").and_then(|v| v.boolean(context));
        let crop_marks = table.take("crop-marks").and_then(|v| v.boolean(context));
        table.finish(context);
        Page {
            paper,
            margin,
            margin_place,
            font,
            fonts,
            font_size,
            accent,
            paragraphs,
            bleed,
            background,
            envelope,
            print_service,
            fold_marks,
            crop_marks: crop_marks.unwrap_or_default(),
        }
    }

    /// "none", one of the names, or the path of a TOML file.
    fn profile(
        &self,
        value: Value<'_>,
        names: impl Iterator<Item = &'static str>,
    ) -> Option<(MailProfile, Place)> {
        let text = value.text(self.context)?;
        let place = text.place.clone();
        if text.value.ends_with(".toml") {
            return Some((MailProfile::File(text), place));
        }
        let names: Vec<&'static str> = ["none"].into_iter().chain(names).collect();
        let known = |name: &str| names.iter().copied().find(|known| *known == name);
        let name = value.choice(self.context, &names, known)?;
        (name != "none").then_some((MailProfile::BuiltIn(name), place))
    }

    fn translations(&self, value: Value<'_>) -> Vec<Translation> {
        let context = self.context;
        let Some(table) = value.if_table() else {
            return value.wrong_type(context, say!("a table")).unwrap_or_default();
        };
        let mut translations = Vec::new();
        for (name, value) in table {
            let key = Place::new(context.file, name.span());
            let Some(tag) = parse_tag(name.get_ref(), &key, context) else { continue };
            self.report_unused(&tag, &key);
            let Some(mut table) = (Value { key: name.get_ref(), value }).table(context) else {
                continue;
            };
            let courtesy = table.take("courtesy").and_then(|v| v.boolean(context));
            let reviewed_by = table.take("reviewed-by").and_then(|v| v.text(context));
            let reviewed_on = table.take("reviewed-on").and_then(|v| v.date(context));
            let text = |v: Value<'_>| v.text(context).map(|text| text.value.to_string());
            let anyway = table
                .take("anyway")
                .and_then(|v| Some(v.items(context)?.filter_map(text).collect()))
                .unwrap_or_default();
            let blocks = table
                .take("blocks")
                .and_then(|v| Some(v.items(context)?.filter_map(text).collect()));
            let mut values = Vec::new();
            if let Some(value) = table.take("values") {
                match value.if_table() {
                    Some(table) => values.extend(table.iter().filter_map(|(key, value)| {
                        let value = text(Value { key: key.get_ref(), value })?;
                        Some((key.get_ref().to_string(), value))
                    })),
                    None => value.wrong_type(context, say!("a table")).unwrap_or_default(),
                }
            }
            table.finish(context);
            translations.push(Translation {
                tag,
                key,
                courtesy: courtesy.unwrap_or_default(),
                reviewed_by,
                reviewed_on,
                anyway,
                blocks,
                values,
            });
        }
        translations
    }

    /// Warns about a courtesy translation that prevails itself.
    fn report_needless_courtesy(&self, translations: &[Translation], prevails: Option<&Tag>) {
        let Some(prevails) = prevails.or_else(|| self.languages.first()) else { return };
        for translation in translations.iter().filter(|t| t.courtesy && prevails.is_in(&t.tag)) {
            let message =
                say!("`{prevails}` prevails, so this is not a courtesy translation", prevails);
            let problem = Diagnostic::new(Code::UnusedKey, translation.key.clone(), message);
            self.context
                .problems
                .push(problem.hint(say!(
                    "take `courtesy` out, or name another language: prevails = \"es\""
                )));
        }
    }

    /// Warns about a text in a language that no language of the letter uses.
    fn report_unused(&self, tag: &Tag, place: &Place) {
        let served = |listed: &Tag| listed.with_parents().any(|parent| parent == *tag);
        if self.languages.is_empty() || self.languages.iter().any(served) {
            return;
        }
        self.context.problems.push(
            Diagnostic::new(
                Code::UnusedKey,
                place.clone(),
                say!("no language of this letter uses `{tag}`", tag),
            )
            .hint(say!("add `{tag}` to `languages`, or remove the text", tag)),
        );
    }

    fn pdf(&self, value: Value<'_>) -> Pdf {
        let context = self.context;
        let Some(mut table) = value.table(context) else { return Pdf::default() };
        let standard = table.take("standard");
        let standard_place = standard.map(|v| v.place(context));
        let standard = standard.and_then(|v| {
            let items = v.items(context)?;
            Some(items.filter_map(|item| read_standard(item, context)).collect::<Vec<_>>())
        });
        let output_intent = table.take("output-intent").and_then(|v| v.text(context));
        let author = self.texts(&mut table, "author");
        let keywords = self.texts(&mut table, "keywords");
        table.finish(context);
        Pdf {
            standard: standard.unwrap_or_else(|| DEFAULT_STANDARDS.to_vec()),
            standard_place,
            output_intent,
            author,
            keywords,
        }
    }
}

/// The folders of fonts in `[page]` of a letter or a repository.
pub(super) fn read_fonts(table: &mut Table<'_>, context: Context<'_>) -> Vec<Text> {
    let items = table.take("fonts").and_then(|value| value.items(context));
    items.into_iter().flatten().filter_map(|item| item.text(context)).collect()
}
