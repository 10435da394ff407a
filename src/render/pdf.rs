//! From laid-out pages to the bytes of a PDF.

use ecow::EcoString;
use typst::foundations::{Datetime, NativeElement, Packed, Smart, StyleChain};
use typst::introspection::Introspector;
use typst::model::{HeadingElem, Supplement};
use typst_pdf::{PdfOptions, Timestamp};

use crate::language::day::CreationTime;
use crate::language::{Tag, language_name_with};
use crate::letter::body::{InlineKind, inlines};
use crate::letter::manuscript::Manuscript;
use crate::letter::{Body, Letter};
use crate::pdf::{self, Bookmarks, Details, Finding, PdfStandard, Plan};
use crate::problems::{Code, Diagnostic, Problems};
use crate::render::Rendered;
use crate::render::typst_problems::{from_typst, out_of_carried};
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::words::say;

impl Rendered {
    /// The document as a PDF. `None` if the standards forbid something in it; the reason is then
    /// among the problems.
    pub(crate) fn pdf(
        &self,
        manuscript: &Manuscript<'_>,
        standards: &[PdfStandard],
        time: CreationTime,
        problems: &Problems,
    ) -> Option<Vec<u8>> {
        let letter = manuscript.original();
        let place = &letter.standards_place;
        let service = letter.page.service.as_ref();
        let wanted = service.and_then(|service| {
            let missing =
                service.rules.standard.iter().find(|wanted| !standards.contains(wanted))?;
            Some((&service.name, missing.name()))
        });
        if let Some((name, standard)) = wanted {
            let message =
                say!("`{name}` takes only PDFs that conform to {standard}", name, standard);
            problems.push(
                Diagnostic::new(Code::PdfStandard, place.clone(), message).hint(say!(
                    "leave `standard` and --pdf-standard out: the print service sets it"
                )),
            );
            return None;
        }
        let plan = match Plan::of(standards) {
            Ok(plan) => plan,
            Err(conflict) => {
                let diagnostic =
                    Diagnostic::new(Code::PdfStandard, place.clone(), conflict.problem);
                problems.push(conflict.hints.into_iter().fold(diagnostic, Diagnostic::hint));
                return None;
            }
        };
        let options = PdfOptions {
            // Two letters may share title and author, and the two languages of one letter share the
            // rest. A stable identifier of each is its title, language and date.
            ident: Smart::Custom(self.identity.clone()),
            creator: Smart::Custom(Some(format!("undersigned {}", env!("CARGO_PKG_VERSION")))),
            timestamp: datetime(time).map(Timestamp::new_utc),
            standards: plan.typst.clone(),
            ..PdfOptions::default()
        };
        match typst_pdf::pdf(&self.document, &options) {
            Ok(bytes) => {
                let back = letter.words.labels.get("back-to-text");
                let details = Details {
                    back_to_text: back.map_or("", String::as_str),
                    languages: shortened(manuscript),
                    bookmarks: self.bookmarks(manuscript),
                    parts: match manuscript.layout() {
                        Layout::Parallel => Vec::new(),
                        _ if manuscript.letters().len() < 2 => Vec::new(),
                        _ => self.next_parts(),
                    },
                    profile: letter.output_intent.clone(),
                    crop_marks: letter.page.crop_marks,
                };
                let report = |finding| {
                    let diagnostic = on_press(finding, place);
                    problems.push(diagnostic.in_languages(&manuscript.languages()));
                };
                let finished = pdf::finish(bytes, &plan, &details).map_err(report).ok()?;
                finished.1.into_iter().for_each(report);
                let bytes = finished.0.len();
                if let Some(service) = service
                    && let Some(most) = service.rules.bytes.filter(|most| bytes > *most)
                    && !manuscript.is_for_printer()
                {
                    let name = &service.name;
                    let message = say!(
                        "`{name}` takes files of at most {most} bytes, but this PDF has {bytes}",
                        name,
                        most,
                        bytes
                    );
                    let problem = Diagnostic::new(Code::PrintZone, service.place.clone(), message);
                    problems.push(problem.in_languages(&manuscript.languages()));
                    return None;
                }
                Some(finished.0)
            }
            Err(errors) => {
                for error in &errors {
                    let diagnostic = from_typst(&self.world, Code::PdfStandard, error, place);
                    let diagnostic = out_of_carried(diagnostic, place);
                    let cmyk = error.message.contains("CMYK").then(|| {
                        say!(
                            "a picture uses CMYK, the colours of printing presses: save it in RGB, or \
                             choose x-4 alone, which keeps it"
                        )
                    });
                    let diagnostic = diagnostic.hint_if(cmyk);
                    problems.push(diagnostic.in_languages(&manuscript.languages()));
                }
                None
            }
        }
    }
}

/// The languages of a document whose tags Typst shortens, each as it writes it and as a whole. Of two with the
/// same short form, that is the first: the letter's before that of a passage.
fn shortened(manuscript: &Manuscript<'_>) -> Vec<(String, String)> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut add = |tag: &Tag| {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    };
    manuscript.letters().iter().for_each(|letter| add(&letter.tag));
    for letter in manuscript.letters() {
        letter.body_lang.iter().for_each(&mut add);
        letter.texts().iter().filter_map(|(_, text)| text.lang.as_ref()).for_each(&mut add);
        if let Body::Markdown(blocks) = &letter.body {
            for inline in inlines(blocks) {
                if let InlineKind::Passage(tag, _) = &inline.kind {
                    add(tag);
                }
            }
        }
    }
    let written = |tag: &Tag| match tag.country() {
        Some(country) => format!("{}-{country}", tag.language()),
        None => tag.language().to_owned(),
    };
    let mut taken: Vec<String> = Vec::new();
    let mut shortened = Vec::new();
    for (short, whole) in tags.iter().map(|tag| (written(tag), tag.to_string())) {
        if !taken.contains(&short) {
            taken.push(short.clone());
            if short != whole {
                shortened.push((short, whole));
            }
        }
    }
    shortened
}

impl Rendered {
    /// The bookmarks of languages side by side. Templates write the language of a heading into its
    /// supplement, which is printed only by references, unless the heading is in all languages.
    fn bookmarks(&self, manuscript: &Manuscript<'_>) -> Option<Bookmarks> {
        if manuscript.layout() != Layout::Parallel {
            return None;
        }
        let tags: Vec<String> =
            manuscript.letters().iter().map(|letter| letter.tag.to_string()).collect();
        let headings = self.document.introspector().query(&HeadingElem::ELEM.select());
        let headings = headings.iter().filter_map(|heading| heading.to_packed::<HeadingElem>());
        let none = StyleChain::default();
        let bookmarked = headings.filter(|heading| {
            heading.bookmarked.get(none).unwrap_or_else(|| heading.outlined.get(none))
        });
        let entry = |heading: &Packed<HeadingElem>| {
            let language = match heading.supplement.get_ref(none) {
                Smart::Custom(Some(Supplement::Content(content))) => content.plain_text(),
                _ => EcoString::new(),
            };
            let language = tags.iter().position(|tag| *tag == language);
            (language, heading.resolve_level(none).get())
        };
        let name = |letter: &&Letter| {
            let name = letter.words.name.as_ref();
            capitalized(&language_name_with(&letter.tag, name, &letter.tag, &letter.words))
        };
        Some(Bookmarks {
            languages: manuscript.letters().iter().map(name).collect(),
            entries: bookmarked.map(entry).collect(),
        })
    }
}

/// What a press operator would complain about, as a problem of the standards.
fn on_press(finding: Finding, place: &Place) -> Diagnostic {
    let new = |code, message| Diagnostic::new(code, place.clone(), message);
    match finding {
        Finding::Links => new(
            Code::PdfStandard,
            say!("x-4 allows no links on a page, and ua-1 asks for the links of this letter"),
        )
        .hint(say!("make a PDF for the press and another one for the screen: --pdf-standard x-4")),
        Finding::Transparent => new(
            Code::PdfStandard,
            say!("x-1a allows nothing transparent, and something here cannot be made opaque"),
        )
        .hint(say!("choose x-4, which allows it, or replace the picture or the gradient")),
        Finding::Unconverted => new(
            Code::PdfStandard,
            say!("a picture, a gradient or an enclosed page cannot be converted into the inks of a press"),
        )
        .hint(say!("save it as a PNG or JPEG file in RGB, or draw it with simpler gradients")),
        Finding::Flattened => new(
            Code::FlattenedTransparency,
            say!("x-1a allows nothing transparent: what is transparent here is printed on white"),
        )
        .hint(say!("save the picture without transparency, or choose x-4, which allows it")),
        Finding::Ink(percent) => new(
            Code::TooMuchInk,
            say!(
                "a picture or a colour takes {percent} % of ink: what presses can dry is {most} %",
                percent,
                most = 300
            ),
        )
        .hint(say!(
            "save the picture in RGB, which is converted with less ink, or for the press of \
             `output-intent`"
        )),
    }
}

/// A name as it stands alone.
fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The moment as Typst has it.
fn datetime(time: CreationTime) -> Option<Datetime> {
    let seconds = u32::try_from(time.0.rem_euclid(86_400)).ok()?;
    let date = time.date();
    Datetime::from_ymd_hms(
        date.year().extended_year(),
        date.month().ordinal,
        date.day_of_month().0,
        u8::try_from(seconds / 3600).ok()?,
        u8::try_from(seconds / 60 % 60).ok()?,
        u8::try_from(seconds % 60).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use icu_calendar::Date;

    use super::*;

    #[test]
    fn a_day_begins_at_midnight_utc() {
        let day = |y, m, d| Date::try_new_iso(y, m, d).expect("a day");
        assert_eq!(CreationTime::of_day(day(1970, 1, 1)), CreationTime(0));
        // `date -u -d 2021-08-24 +%s`
        assert_eq!(CreationTime::of_day(day(2021, 8, 24)), CreationTime(1_629_763_200));
        assert_eq!(
            datetime(CreationTime(1_629_763_200 + 3_661)),
            Datetime::from_ymd_hms(2021, 8, 24, 1, 1, 1),
        );
    }
}
