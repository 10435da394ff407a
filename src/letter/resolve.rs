//! Turns a letter as written into a letter in one language, and reports every problem on the way.

mod body;
mod enclosures;
mod links;
mod page;
mod people;
mod pictures;
mod signatories;
mod texts;
mod words;

use std::sync::Arc;

use typst::syntax::FileId;

use crate::files::{Files, carried};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::language::conventions::Conventions;
use crate::language::words::Words;
use crate::letter::placeholders::Placeholders;
pub(crate) use crate::letter::resolve::body::MAX_BODY;
use crate::letter::resolve::links::UsedLinks;
pub(crate) use crate::letter::resolve::texts::MAX_TITLE;
use crate::letter::resolve::words::{LanguageWords, Printing};
use crate::letter::signatories::Counts;
use crate::letter::{Body, Borrowed, Group, Letter};
use crate::problems::{Diagnostic, Problems};
use crate::source::Place;
use crate::spec::Template;
use crate::spec::loaded::Loaded;
use crate::toml::reader;

/// Turns a letter as written into the letter in each language, with everything the languages have in
/// common.
#[derive(Copy, Clone)]
pub(crate) struct Resolver<'r> {
    /// The letter as written.
    pub written: &'r Loaded,
    /// The files it may see.
    pub files: &'r Files,
    /// The fonts it may use.
    pub fonts: &'r Arc<Fonts>,
    /// Receives the problems.
    pub problems: &'r Problems,
    /// Whom the letter is for, if it is part of a mail merge.
    pub recipient: Recipient<'r>,
}

/// Whom a letter is for, with the values of the placeholders of a mail merge, by name.
#[derive(Debug, Copy, Clone)]
pub(crate) enum Recipient<'r> {
    /// It is no part of a mail merge.
    Nobody,
    /// Whoever is in the list: the values are marks.
    Anybody(&'r [(String, String)]),
    /// One recipient.
    One(&'r [(String, String)]),
}

impl<'r> Recipient<'r> {
    fn values(self) -> &'r [(String, String)] {
        match self {
            Self::Nobody => &[],
            Self::Anybody(values) | Self::One(values) => values,
        }
    }
}

/// A letter in the requested languages.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// The letter in each language in which it is complete.
    pub letters: Vec<Letter>,
    /// Its available parts in the other languages.
    pub incomplete: Vec<Incomplete>,
    used_links: UsedLinks,
}

/// The available parts of a letter in a language in which its title, body or template is missing. They
/// can still be checked.
#[derive(Debug)]
pub(crate) struct Incomplete {
    /// The language.
    pub tag: Tag,
    /// The words that templates print by themselves.
    pub words: Words,
    /// The numbers of signatories.
    pub counts: Counts,
    /// The text, if there is one.
    pub body: Option<Body>,
    /// The signatories, in print order.
    pub groups: Vec<Group>,
}

impl<'r> Resolver<'r> {
    /// The same as part of a mail merge.
    pub(crate) fn for_recipient(self, recipient: Recipient<'r>) -> Self {
        Self { recipient, ..self }
    }

    /// The letter in those of its languages that `wanted` accepts. Whatever is missing or wrong is
    /// reported to `problems`.
    pub(crate) fn resolve(&self, wanted: impl Fn(&Tag) -> bool) -> Resolved {
        let mut resolved = Resolved::default();
        for (tag, place) in self.written.spec.languages.iter().filter(|(tag, _)| wanted(tag)) {
            self.resolve_in(tag, place, &mut resolved);
        }
        self.report_links(&resolved.used_links);
        let Loaded { source, spec, .. } = self.written;
        reader::forget_after_syntax_error(source, spec.file, self.problems);
        resolved
    }

    /// The letter in its first language, if it is complete in it. Its problems are not reported.
    pub(crate) fn original(&self) -> Option<Letter> {
        let (tag, place) = self.written.spec.languages.first()?;
        let mut resolved = Resolved::default();
        Resolver { problems: &Problems::default(), ..*self }.resolve_in(tag, place, &mut resolved);
        resolved.letters.pop()
    }

    /// Adds the letter in one of its languages.
    fn resolve_in(&self, tag: &Tag, tag_place: &Place, resolved: &mut Resolved) {
        let own = self.words(tag);
        let LanguageWords { words, conventions, names, .. } = &own;
        let Loaded { spec, signatories, .. } = self.written;
        let borrowed = own.borrowed(&spec.labels);
        let date_text = conventions.date(spec.date);
        let counts = Counts::of(signatories);
        let placeholders =
            counts.placeholders(tag, conventions, &date_text).with(self.recipient.values());
        let r = LanguageResolver {
            all: self,
            tag,
            placeholders: &placeholders,
            words,
            conventions,
            names,
            borrowed: borrowed.as_ref(),
        };

        let title = r.required(&spec.title, "title", MAX_TITLE);
        let template = self.template();
        let place = r.optional(spec.place.as_ref(), "place");
        let body = r.body(&mut resolved.used_links);
        let (groups, anonymous) = r.groups();
        let subject = r.optional(spec.subject.as_ref(), "subject");
        let reference = r.optional(spec.reference.as_ref(), "reference");
        let your_reference = r.optional(spec.your_reference.as_ref(), "your-reference");
        let from = spec.from.as_ref().map(|from| r.sender(from));
        let (to, cc) = (r.people(&spec.to, "to"), r.people(&spec.cc, "cc"));
        let salutation = r.optional(spec.salutation.as_ref(), "salutation");
        let closing = r.optional(spec.closing.as_ref(), "closing");
        let postscript = r.optional(spec.postscript.as_ref(), "postscript");
        let (enclosures, enclosed) = r.enclosures(&spec.enclosures);
        let has_own_files = r.encloses_files_of_recipients(&spec.enclosures);
        let (labels, own_labels) = r.labels();
        let signature_heading = r.optional(spec.signature_block.heading.as_ref(), "heading");
        let signature_note = r.optional(spec.signature_block.note.as_ref(), "note");
        let author = r.all(&spec.pdf.author, "author");
        let keywords = r.all(&spec.pdf.keywords, "keywords");
        let page = self.page(tag, &words.layout);
        let text = body.as_ref().map(|(body, ..)| body);
        let printing = Printing { body: text, groups: &groups, anonymous: &anonymous };
        self.report_missing_words((tag, tag_place), &own, &printing);
        r.report_countries(text);

        let LanguageWords { words, conventions, .. } = own;
        // Checked only now, so that one missing text does not keep the others from being checked.
        let (template, title, (body, links, conditions)) = match (template, title, body) {
            (Some(template), Some(title), Some(body)) => (template, title, body),
            (_, _, body) => {
                let body = body.map(|(body, ..)| body);
                let tag = tag.clone();
                resolved.incomplete.push(Incomplete { tag, words, counts, body, groups });
                return;
            }
        };
        resolved.letters.push(Letter {
            tag: tag.clone(),
            courtesy: spec.prevails_over(tag).cloned(),
            prevails: spec.prevails.clone(),
            edition: spec.edition.as_ref().map(|(edition, _)| edition.clone()),
            edition_place: (spec.edition.as_ref())
                .map_or_else(|| Place::start_of(spec.file), |(_, place)| place.clone()),
            misfits: Vec::new(),
            untranslated: Vec::new(),
            template,
            template_place: match &spec.template {
                Template::File(path) => path.place.clone(),
                Template::BuiltIn(_) => Place::start_of(spec.file),
            },
            tag_place: tag_place.clone(),
            date: spec.date,
            place,
            date_text,
            title,
            subject,
            reference,
            your_reference,
            from,
            to,
            cc,
            salutation,
            body,
            links,
            link_targets: self.link_targets(tag),
            conditions,
            body_lang: spec.body.own_language().cloned(),
            closing,
            postscript,
            enclosures,
            enclosed,
            has_own_files,
            receipt: spec.receipt,
            groups,
            anonymous,
            group_counts: spec.signature_block.counts,
            signature_style: spec.signature_block.style,
            list_layout: spec.signature_block.layout,
            list_size: spec.signature_block.size,
            counts,
            conventions: Arc::new(conventions),
            signature_columns: spec.signature_block.columns,
            signature_heading,
            signature_note,
            standards: match &page.service {
                Some(service)
                    if spec.pdf.standard_place.is_none() && !service.rules.standard.is_empty() =>
                {
                    service.rules.standard.clone()
                }
                _ => spec.pdf.standard.clone(),
            },
            page,
            standards_place: (spec.pdf.standard_place.clone())
                .unwrap_or_else(|| Place::start_of(spec.file)),
            output_intent: self.output_intent(),
            author,
            keywords,
            words: Words { labels, ..words },
            borrowed,
            labels: own_labels,
        });
    }

    fn template(&self) -> Option<FileId> {
        match &self.written.spec.template {
            Template::BuiltIn(name) => Some(carried::built_in(&format!("{name}.typ"))),
            Template::File(path) => self.problems.take(self.files.follow_text(path)),
        }
    }
}

/// Resolves the values of one language.
struct LanguageResolver<'r> {
    all: &'r Resolver<'r>,
    tag: &'r Tag,
    placeholders: &'r Placeholders,
    words: &'r Words,
    conventions: &'r Conventions,
    /// The language that countries have their names in.
    names: &'r Tag,
    /// What of the words is in another language.
    borrowed: Option<&'r Borrowed>,
}

impl LanguageResolver<'_> {
    fn problem(&self, diagnostic: Diagnostic) {
        self.all.problems.push(diagnostic);
    }
}
