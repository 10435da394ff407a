//! The text of a letter.

use crate::letter::Body;
use crate::letter::body::{Block, LinkUse};
use crate::letter::conditions::Condition;
use crate::letter::markdown::{self, References};
use crate::letter::resolve::LanguageResolver;
use crate::letter::resolve::links::UsedLinks;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::BodySource;
use crate::words::say;

/// The maximum size of a body, in bytes: some two hundred pages. The time and memory that Typst needs
/// for one paragraph grow faster than its length.
pub(crate) const MAX_BODY: usize = 512 << 10;

/// The maximum number of problems of a body that is typeset all the same, to find more.
const MAX_PROBLEMS: usize = 1_000;

/// A text, its links, and its parts that only some recipients get.
type Read = (Body, Vec<LinkUse>, Vec<Condition>);

impl LanguageResolver<'_> {
    /// The text with its links and its parts for some recipients.
    pub(super) fn body(&self, used: &mut UsedLinks) -> Option<Read> {
        let body = self.read_body(used);
        if !matches!(body, Some((Body::Markdown(_), ..))) {
            used.unknown = true;
        }
        body
    }

    fn read_body(&self, used: &mut UsedLinks) -> Option<Read> {
        let spec = &self.all.written.spec;
        let Some(source) = spec.body.get(self.tag) else {
            let start = Place::start_of(spec.file);
            self.all.missing_translation("body", self.tag, &spec.body, &start);
            return None;
        };
        let (text, whole) = match source {
            BodySource::Inline(text) => (text.clone(), self.all.written.source.clone()),
            BodySource::File(path) => {
                let file = self.all.problems.take(self.all.files.follow_text(path))?;
                if path.value.ends_with(".typ") {
                    return Some((Body::Typst(file), Vec::new(), Vec::new()));
                }
                let whole = self.all.problems.take(self.all.files.text(file))?;
                (Text::whole(file, &whole), whole)
            }
        };
        if text.value.trim().is_empty() {
            self.problem(empty_body(text.place).in_language(self.tag));
            return None;
        }
        if text.value.len() > MAX_BODY {
            let length = text.value.len();
            self.problem(Diagnostic::new(
                Code::InvalidValue,
                text.place,
                say!("the body has {length} bytes; the maximum is {most}", length, most = MAX_BODY),
            ));
            return None;
        }
        let links = self.all.links(self.tag);
        let references = References {
            links: &links,
            placeholders: self.placeholders,
            tag: spec.body.own_language().unwrap_or(self.tag),
            pictures: &|path| self.all.picture(path),
        };
        let place = text.place.clone();
        // Problems of the body of one language belong to that language.
        let problems = Problems::default();
        let body = markdown::read(&text, &whole, &references, &problems);
        let problems = problems.into_sorted();
        let found = problems.len();
        for problem in problems {
            self.problem(problem.in_language(self.tag));
        }
        // A body of thousands of mistakes takes long to typeset, and says no more.
        let body = body.filter(|_| found <= MAX_PROBLEMS)?;
        self.all.report_missing_targets(&body.used_links, self.tag);
        if body.blocks.iter().all(Block::is_blank) {
            self.problem(empty_body(place).in_language(self.tag));
            return None;
        }
        used.names.extend(body.used_links);
        Some((Body::Markdown(body.blocks), body.links, body.conditions))
    }
}

fn empty_body(place: Place) -> Diagnostic {
    let message = say!("the body is empty");
    Diagnostic::new(Code::InvalidValue, place, message)
}
