//! From a checked letter to a document, and from a document to the bytes of a file.

pub mod content;
pub mod draft;
pub mod page_pictures;
pub mod page_ranges;
pub mod recipient_marks;
pub mod typst_problems;
pub mod values;
pub mod window;
pub mod world;

use std::sync::Arc;

use typst::WorldExt;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Label, Selector, Smart};
use typst::introspection::Introspector;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::syntax::{FileId, Span};
use typst::text::TextItem;
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::files::{Files, carried};
use crate::fonts::Fonts;
use crate::language::day::CreationTime;
use crate::letter::Letter;
use crate::letter::manuscript::Manuscript;
use crate::problems::{Code, Diagnostic, Problems, Severity};
use crate::render::draft::Mark;
use crate::render::typst_problems::from_typst;
use crate::render::world::{Given, LetterWorld};
use crate::source::Place;
use crate::spec::edition::Layout;
use crate::words::foreign;
use crate::words::message::say;

/// A letter that was laid out on pages.
pub struct Rendered {
    /// The pages.
    pub document: PagedDocument,
    world: LetterWorld,
    /// What tells this PDF from others.
    identity: String,
}

/// Lays a letter out. `None` if that failed, and then the reason is among the problems.
pub fn render(
    manuscript: &Manuscript<'_>,
    files: &Arc<Files>,
    fonts: &Arc<Fonts>,
    problems: &Problems,
) -> Option<Rendered> {
    let given = Given::new(values::inputs(manuscript));
    let world = LetterWorld::new(given, carried::main(), files.clone(), fonts.clone());
    let identity = identity(manuscript);
    let rendered = lay_out(manuscript, world, &|text| text.to_owned(), identity, problems)?;
    // Languages side by side share the window, which shows the address of the original.
    let hidden = window::problems(&rendered.document, &rendered.world, manuscript.original());
    let seen = hidden.is_empty();
    hidden.into_iter().for_each(|diagnostic| problems.push(diagnostic));
    seen.then_some(rendered)
}

/// Lays out the letter to one recipient of a mail merge. `None` if that failed.
///
/// Its texts hold marks in place of the recipient's columns, which are given as plain text. Whether the
/// address shows through a window is not looked at: what is marked stands in no file.
pub fn render_for(
    columns: &[String],
    letter: &Letter,
    given: &Given,
    files: &Arc<Files>,
    fonts: &Arc<Fonts>,
    problems: &Problems,
) -> Option<Rendered> {
    let pieces: Vec<_> = columns.iter().map(|column| content::pieces(column)).collect();
    let json = serde_json::to_vec(&pieces).expect("texts and numbers are always JSON");
    let world = LetterWorld::new(given.clone(), carried::main(), files.clone(), fonts.clone());
    let fill = |text: &str| {
        recipient_marks::fill(text, |column| columns.get(column).map_or("", String::as_str))
    };
    let manuscript = Manuscript::of(letter);
    let identity = format!("{}/{columns:?}", fill(&identity(&manuscript)));
    lay_out(&manuscript, world.with_recipient(json), &fill, identity, problems)
}

/// Lays out the pages, and looks for what is lost on them. `fill` makes of a text of the letter what is
/// printed.
fn lay_out(
    manuscript: &Manuscript<'_>,
    world: LetterWorld,
    fill: &dyn Fn(&str) -> String,
    identity: String,
    problems: &Problems,
) -> Option<Rendered> {
    let (letter, languages) = (manuscript.original(), manuscript.languages());
    let compiled = typst::compile::<PagedDocument>(&world);
    let report = |problem: &SourceDiagnostic| {
        let layout = manuscript.layout();
        let problem = template_problem(&world, letter, layout, problem);
        problems.push(problem.in_languages(&languages));
    };
    compiled.warnings.iter().for_each(report);
    let mut document = match compiled.output {
        Ok(document) => document,
        Err(errors) => {
            errors.iter().for_each(report);
            return None;
        }
    };

    // What the PDF says of itself does not depend on the template.
    let info = document.info_mut();
    let title = manuscript.joined(|letter| Some(&letter.title.text));
    info.title = title.map(|title| fill(&title).replace('\n', " ").into());
    info.author = manuscript.merged(|letter| &letter.author);
    info.keywords = manuscript.merged(|letter| &letter.keywords);
    let subject = manuscript.joined(|letter| Some(&letter.subject.as_ref()?.text));
    info.description = subject.map(|subject| fill(&subject).into());
    info.date = Smart::Auto;

    let missing = missing_glyphs(&document, &world, letter);
    let lost = overflows(&document, &world, letter);
    let whole = missing.is_empty() && lost.is_empty();
    let problem = |diagnostic: Diagnostic| problems.push(diagnostic.in_languages(&languages));
    missing.into_iter().chain(lost).for_each(problem);
    whole.then_some(Rendered { document, world, identity })
}

/// A problem that Typst found in a template or in a body of Typst markup.
fn template_problem(
    world: &LetterWorld,
    letter: &Letter,
    layout: Layout,
    problem: &SourceDiagnostic,
) -> Diagnostic {
    let mut diagnostic = from_typst(world, Code::Template, problem, &letter.template_place);
    // The few lines that call the template are not the author's; its name in the letter is.
    if is_ours(diagnostic.place.file) {
        diagnostic.place = letter.template_place.clone();
        if problem.message.contains("unresolved import") {
            diagnostic.message = say!(
                "this template defines no function `letter`",
                "esta plantilla no define ninguna función `letter`"
            );
            diagnostic.hints = vec![say!(
                "write #let letter(letter) = {{ … }}",
                "escriba #let letter(letter) = {{ … }}"
            )];
        } else if layout == Layout::Parallel && is_wrong_call(&problem.message) {
            diagnostic.message = say!(
                "`parallel-letter` of this template is no function of `letters` and `shared`",
                "`parallel-letter` de esta plantilla no es una función de `letters` y `shared`"
            );
            diagnostic.hints = vec![say!(
                "write #let parallel-letter(letters, shared) = {{ … }}, or choose edition = \"consecutive\"",
                "escriba #let parallel-letter(letters, shared) = {{ … }}, o elija edition = \"consecutive\""
            )];
        }
    }
    diagnostic.related.retain(|(place, _)| !is_ours(place.file));
    let asked = &letter.template_place;
    if diagnostic.place.file != asked.file && !asked.range.is_empty() {
        let message = say!("this letter asks for the template", "esta carta pide la plantilla");
        diagnostic = diagnostic.relate(asked.clone(), message);
    }
    // A page whose layout never settled is not the page that was meant.
    if problem.message.starts_with("layout did not converge")
        || problem.message.starts_with("document did not converge")
    {
        diagnostic.severity = Severity::Error;
    }
    diagnostic
}

/// Whether Typst says that what was called is no function, or one of other arguments.
fn is_wrong_call(message: &str) -> bool {
    ["unexpected argument", "missing argument", "expected function"]
        .iter()
        .any(|start| message.starts_with(start))
}

/// Whether a file is one of the few lines that call the template, which are nobody's text.
fn is_ours(file: FileId) -> bool {
    [carried::main(), carried::merge_main()].contains(&file)
}

/// Where a text on a page is written, if that is known.
pub(crate) fn place_of(span: Span, world: &LetterWorld) -> Option<Place> {
    let file = span.id().filter(|file| !is_ours(*file))?;
    Some(Place::new(file, world.range(span)?))
}

/// The characters that no font has: those of one text together, at the first of them.
fn missing_glyphs(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let mut texts: Vec<(Span, Vec<char>)> = Vec::new();
    for page in document.pages() {
        walk(&page.frame, &mut |text| {
            for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                let span = glyph.span.0;
                let Some(c) = text.text.get(glyph.range()).and_then(|s| s.chars().next()) else {
                    continue;
                };
                match texts.iter_mut().find(|(known, _)| *known == span) {
                    Some((_, characters)) if characters.contains(&c) => {}
                    Some((_, characters)) => characters.push(c),
                    None => texts.push((span, vec![c])),
                }
            }
        });
    }
    texts
        .into_iter()
        .map(|(span, characters)| {
            let place = place_of(span, world).map(|place| {
                // The span is that of the whole text; the character is somewhere in it.
                let source = world.files().text_to_show(place.file);
                let text = source.get(place.range.clone()).unwrap_or_default();
                match text.char_indices().find(|(_, c)| characters.contains(c)) {
                    Some((at, c)) => {
                        let start = place.range.start + at;
                        Place::new(place.file, start..start + c.len_utf8())
                    }
                    None => place,
                }
            });
            let place = place.unwrap_or_else(|| letter.template_place.clone());
            missing_glyph(&characters, place)
        })
        .collect()
}

/// The texts that stand outside their page, where nobody can read them. They are told once each.
fn overflows(document: &PagedDocument, world: &LetterWorld, letter: &Letter) -> Vec<Diagnostic> {
    // Ink may reach a little over the edge of what a line is said to be.
    let tolerance = Abs::pt(1.0);
    let mut lost: Vec<Span> = Vec::new();
    for page in document.pages() {
        let size = page.frame.size();
        walk_placed(&page.frame, Transform::identity(), &mut |text, transform| {
            let outside = |x: Abs| {
                let at = Point::new(x, Abs::zero()).transform(transform);
                at.x < -tolerance
                    || at.x > size.x + tolerance
                    || at.y < Abs::zero()
                    || at.y > size.y + tolerance
            };
            let span = text.glyphs.first().map_or(Span::detached(), |glyph| glyph.span.0);
            let visible = !text.text.trim().is_empty();
            if visible && (outside(Abs::zero()) || outside(text.width())) && !lost.contains(&span) {
                lost.push(span);
            }
        });
    }
    lost.into_iter()
        .map(|span| {
            Diagnostic::new(
                Code::TextOverflow,
                place_of(span, world).unwrap_or_else(|| letter.template_place.clone()),
                say!("this text does not fit the page", "este texto no cabe en la página"),
            )
            .hint(say!(
                "shorten it, or part long words and addresses with spaces",
                "acórtelo, o divida con espacios las palabras y direcciones largas"
            ))
        })
        .collect()
}

/// How many missing characters of one text are named.
const NAMED_CHARACTERS: usize = 6;

pub(crate) fn missing_glyph(characters: &[char], place: Place) -> Diagnostic {
    let named = |c: &char| format!("`{c}` (U+{:04X})", *c as u32);
    let mut list =
        characters.iter().take(NAMED_CHARACTERS).map(named).collect::<Vec<_>>().join(", ");
    if characters.len() > NAMED_CHARACTERS {
        list.push_str(", …");
    }
    let message = match characters {
        [_] => say!("no font has the character {list}", "ninguna fuente tiene el carácter {list}"),
        _ => {
            say!("no font has the characters {list}", "ninguna fuente tiene los caracteres {list}")
        }
    };
    let script = characters.iter().find_map(|c| script_name(*c));
    Diagnostic::new(Code::MissingGlyph, place, message).hint(match script {
        Some(script) => say!(
            "add a font for the script {script} with --font-path or --system-fonts",
            "agregue una fuente para la escritura {script} con --font-path o --system-fonts"
        ),
        None => say!(
            "add a font that has it with --font-path or --system-fonts, or write it another way",
            "agregue una fuente que lo tenga con --font-path o --system-fonts, o escríbalo de otro modo"
        ),
    })
}

/// The script that a character belongs to, by its name in Unicode Standard Annex #24. `None` for
/// signs that many scripts share.
fn script_name(c: char) -> Option<&'static str> {
    use unicode_script::{Script, UnicodeScript};
    match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        script => Some(script.full_name()),
    }
}

fn walk(frame: &Frame, visit: &mut impl FnMut(&TextItem)) {
    walk_placed(frame, Transform::identity(), &mut |text, _| visit(text));
}

/// Visits all text with what takes its own coordinates to those of the outermost frame.
pub(crate) fn walk_placed(
    frame: &Frame,
    transform: Transform,
    visit: &mut impl FnMut(&TextItem, Transform),
) {
    for (at, item) in frame.items() {
        let transform = transform.pre_concat(Transform::translate(at.x, at.y));
        match item {
            FrameItem::Text(text) => visit(text, transform),
            FrameItem::Group(group) => {
                walk_placed(&group.frame, transform.pre_concat(group.transform), visit);
            }
            _ => {}
        }
    }
}

impl Rendered {
    /// Where a text on a page is written, if that is known.
    pub fn place_of(&self, span: Span) -> Option<Place> {
        place_of(span, &self.world)
    }

    /// The pages that the letters after the first begin on, counted from zero, where letters follow
    /// one another. Enclosures begin such a part of the document too.
    pub fn next_parts(&self) -> Vec<usize> {
        let Some(label) = Label::new(PicoStr::intern("undersigned-next-part")) else {
            return Vec::new();
        };
        let introspector = self.document.introspector();
        let parts = introspector.query(&Selector::Label(label));
        let pages = parts.iter().filter_map(|part| introspector.page(part.location()?));
        pages.map(|page| page.get() - 1).collect()
    }

    /// The document as a PDF. `None` if the standards forbid something in it, which is then among
    /// the problems.
    pub fn pdf(
        &self,
        manuscript: &Manuscript<'_>,
        standards: &[PdfStandard],
        time: CreationTime,
        problems: &Problems,
    ) -> Option<Vec<u8>> {
        let letter = manuscript.original();
        let place = &letter.standards_place;
        let standards = match PdfStandards::new(standards) {
            Ok(standards) => standards,
            Err(error) => {
                let mut diagnostic = Diagnostic::new(
                    Code::PdfStandard,
                    place.clone(),
                    foreign::typst(error.message()),
                );
                for hint in error.hints() {
                    diagnostic = diagnostic.hint(foreign::typst_hint(hint));
                }
                problems.push(diagnostic);
                return None;
            }
        };
        let options = PdfOptions {
            // Two letters may share title and author, and the two languages of one letter share the
            // rest. A stable name for each is its title, language and date.
            ident: Smart::Custom(self.identity.clone()),
            creator: Smart::Custom(Some(format!("undersigned {}", env!("CARGO_PKG_VERSION")))),
            timestamp: datetime(time).map(Timestamp::new_utc),
            standards,
            ..PdfOptions::default()
        };
        match typst_pdf::pdf(&self.document, &options) {
            Ok(bytes) => Some(bytes),
            Err(errors) => {
                for error in &errors {
                    let diagnostic = from_typst(&self.world, Code::PdfStandard, error, place);
                    let cmyk = diagnostic.message.en.contains("CMYK").then(|| {
                        say!(
                            "a picture is in the colours of printing presses, CMYK: save it in RGB",
                            "una imagen está en los colores de imprenta, CMYK: guárdela en RGB"
                        )
                    });
                    let diagnostic = diagnostic.hint_if(cmyk);
                    problems.push(diagnostic.in_languages(&manuscript.languages()));
                }
                None
            }
        }
    }

    /// The same as a draft, with its mark. `None` if the mark cannot be set.
    pub fn as_draft(
        self,
        mark: &Mark,
        letter: &Letter,
        files: &Arc<Files>,
        fonts: &Arc<Fonts>,
        problems: &Problems,
    ) -> Option<Self> {
        let place = &letter.template_place;
        let document = mark.put_on(&self.document, files, fonts, place, problems)?;
        Some(Self { document, identity: format!("{}/draft", self.identity), ..self })
    }
}

fn identity(manuscript: &Manuscript<'_>) -> String {
    let title = manuscript.joined(|letter| Some(&letter.title.text)).unwrap_or_default();
    format!("{title}/{}/{:?}", manuscript.languages(), manuscript.original().date)
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
