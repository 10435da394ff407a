//! What the live preview shows: the pages as drawings, where each text on them is written, and what is
//! wrong.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::syntax::{FileId, Span};
use typst::text::TextItem;
use typst::utils::hash128;
use typst_layout::Page;

use crate::language::languages::Languages;
use crate::letter::{Body, Heading, Letter, Printed, Signatory};
use crate::problems::Diagnostic;
use crate::project::Project;
use crate::render::Rendered;
use crate::render::frames::walk_placed;
use crate::report::Reporter;
use crate::report::json::JsonDiagnostic;
use crate::source::Place;
use crate::source::line_starts::LineStarts;
use crate::spec::edition::Layout;

/// All that the preview shows, as it is sent to the browser.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// The letter's name, such as "remain-in-mexico-2021".
    pub name: String,
    /// The folder that the paths of files start from.
    pub folder: String,
    /// The letter in each of its languages, in the order that the letter names them, and its edition.
    pub languages: Vec<LanguagePages>,
    /// What is wrong.
    pub problems: Vec<ShownProblem>,
}

/// A problem, with the fields that `--message-format json` has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownProblem {
    /// The problem.
    #[serde(flatten)]
    pub problem: JsonDiagnostic,
    /// The line it is in, or its beginning.
    pub excerpt: String,
}

/// A letter in one language, or its edition in several, as it could last be set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LanguagePages {
    /// The language, such as "es-MX", or those of an edition, such as "en+es-MX".
    #[serde(rename = "tag")]
    pub languages: Languages,
    /// Whether the pages are those of the files as they are, and not of files that were right before.
    pub current: bool,
    /// Whether the pages have an error, for there were none without one yet.
    pub faulty: bool,
    /// The pages.
    pub pages: Vec<PageDrawing>,
    /// Where on the pages there is text that stands in a file.
    pub spots: Vec<Spot>,
    /// The places that spots come from.
    pub sources: Vec<Source>,
    /// Where the parts of the letter begin, in the order of the pages: by these the languages are
    /// scrolled together.
    pub marks: Vec<Mark>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageDrawing {
    /// The name of the drawing, which is another when the page looks another way.
    pub drawing: String,
    /// The width in points.
    pub width: f64,
    /// The height in points.
    pub height: f64,
}

/// A text on a page: a rectangle in points from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spot {
    /// The page, counted from zero.
    pub page: usize,
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
    /// Where it is written, as an index.
    pub source: usize,
    /// The part of the letter it belongs to, which has the same name in all languages.
    pub part: Option<String>,
    /// In an edition, the language that the part is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A place in a file, for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// The file, from the current folder.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one in characters.
    pub column: usize,
    /// What is written there, or its beginning.
    pub text: String,
}

/// Where a part of the letter begins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// The part.
    pub part: String,
    /// The page, counted from zero.
    pub page: usize,
    /// How far down the page it is, in points.
    pub y: f64,
    /// Where languages follow one another, the one that it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// A page as SVG.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// What it is called: a hash of what is in it.
    pub name: String,
    /// The SVG.
    pub svg: Vec<u8>,
}

impl Drawing {
    /// Draws a page.
    pub fn of(page: &Page) -> Self {
        let svg = typst_svg::svg(page, &typst_svg::SvgOptions::default()).into_bytes();
        Self { name: format!("{:032x}", hash128(&svg)), svg }
    }

    /// A hash that two pages share if they look alike, wherever what is on them is written.
    pub fn hash(page: &Page) -> u128 {
        hash128(&(without_places(&page.frame), &page.bleed, &page.fill))
    }
}

/// What can be seen of a frame.
fn without_places(frame: &Frame) -> Frame {
    let mut seen = Frame::new(frame.size(), frame.kind());
    for (at, item) in frame.items() {
        let mut item = item.clone();
        match &mut item {
            FrameItem::Group(group) => {
                group.frame = without_places(&group.frame);
                group.parent = None;
            }
            FrameItem::Text(text) => {
                text.glyphs.iter_mut().for_each(|glyph| glyph.span = (Span::detached(), 0));
            }
            FrameItem::Shape(_, span) | FrameItem::Image(_, _, span) => *span = Span::detached(),
            FrameItem::Link(..) => {}
            FrameItem::Tag(_) => continue,
        }
        seen.push(*at, item);
    }
    seen
}

/// The most of a text that is shown with its place, in characters.
const LONGEST_EXCERPT: usize = 160;

/// The part that the first signatory begins.
const SIGNATORIES: &str = "signatories";

impl LanguagePages {
    /// What is on the pages of a letter, or of the letters of an edition, with the names of their
    /// drawings.
    pub fn of(
        letters: &[&Letter],
        layout: Layout,
        rendered: &Rendered,
        drawings: &[String],
        files: &mut FileTexts,
    ) -> Self {
        let pages = rendered.document.pages().iter().zip(drawings);
        let pages = pages.map(|(page, drawing)| PageDrawing {
            drawing: drawing.clone(),
            width: page.frame.width().to_pt(),
            height: page.frame.height().to_pt(),
        });
        let mut found = Spots {
            files,
            letters: letters
                .iter()
                .map(|letter| (letter.tag.to_string(), Parts::of(letter)))
                .collect(),
            spots: Vec::new(),
            sources: Vec::new(),
            known: HashMap::new(),
        };
        let follow = layout == Layout::Consecutive && letters.len() > 1;
        let next_parts = if follow { rendered.next_parts() } else { Vec::new() };
        for (number, page) in rendered.document.pages().iter().enumerate() {
            // Of letters that follow one another, each has pages of its own.
            let before = next_parts.iter().filter(|first| **first <= number).count();
            let letter = before.min(letters.len().saturating_sub(1));
            let on_page = if follow { letter..letter + 1 } else { 0..letters.len() };
            walk_placed(&page.frame, Transform::identity(), &mut |text, transform| {
                found.add(number, &on_page, text, transform, rendered);
            });
        }
        let marks = marks(&found.spots, follow);
        Self {
            languages: Languages(letters.iter().map(|letter| letter.tag.clone()).collect()),
            current: true,
            faulty: false,
            pages: pages.collect(),
            spots: found.spots,
            sources: found.sources,
            marks,
        }
    }
}

/// The problems of a letter as the preview shows them.
pub fn problems(
    project: &Project,
    diagnostics: &[Diagnostic],
    reporter: &Reporter,
    files: &mut FileTexts,
) -> Vec<ShownProblem> {
    let problems = reporter.json(project, diagnostics).into_iter().zip(diagnostics);
    let with_excerpt = |(problem, diagnostic): (JsonDiagnostic, &Diagnostic)| {
        let excerpt = files.get(diagnostic.place.file).line_at(diagnostic.place.range.start);
        ShownProblem { problem, excerpt: shortened(excerpt) }
    };
    problems.map(with_excerpt).collect()
}

/// The texts of a letter's files, read once.
pub struct FileTexts<'f> {
    project: &'f Project,
    reporter: &'f Reporter,
    texts: HashMap<FileId, FileText>,
}

/// A file's text and where its lines begin.
struct FileText {
    /// The path as people know it. `None` for what the program carries.
    path: Option<String>,
    text: String,
    lines: LineStarts,
}

impl<'f> FileTexts<'f> {
    /// The texts of a letter's files, none of which is read yet.
    pub fn new(project: &'f Project, reporter: &'f Reporter) -> Self {
        Self { project, reporter, texts: HashMap::new() }
    }

    fn get(&mut self, file: FileId) -> &FileText {
        let files = &self.project.files;
        self.texts.entry(file).or_insert_with(|| {
            let on_disk = files.path(file).is_some_and(|path| path.exists());
            let text = files.text_to_show(file);
            FileText {
                path: on_disk.then(|| self.reporter.path(files, file)),
                lines: LineStarts::of(&text),
                text,
            }
        })
    }
}

impl FileText {
    fn line_at(&self, offset: usize) -> &str {
        let start = self.lines.start(self.lines.line(offset)).unwrap_or_default();
        self.text[start..].lines().next().unwrap_or_default()
    }

    fn source(&self, range: &Range<usize>) -> Option<Source> {
        let line = self.lines.line(range.start);
        let before = self.text.get(self.lines.start(line)?..range.start)?;
        Some(Source {
            file: self.path.clone()?,
            line: line + 1,
            column: before.chars().count() + 1,
            text: shortened(self.text.get(range.clone())?),
        })
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Finds the spots of a letter, or of the letters of an edition.
struct Spots<'s, 'f> {
    files: &'s mut FileTexts<'f>,
    /// The language and the parts of each letter.
    letters: Vec<(String, Parts)>,
    spots: Vec<Spot>,
    sources: Vec<Source>,
    /// What spans lead to, for a text has many glyphs and a span many texts. What letters that follow
    /// one another share, such as a name, leads to each of them: so the first that may be meant
    /// belongs to the key.
    known: HashMap<(Span, usize), Option<Origin>>,
}

/// Where a text comes from.
#[derive(Clone)]
struct Origin {
    /// Where it is written, as an index.
    source: usize,
    /// The part of the letter, and in an edition the language.
    part: Option<String>,
    lang: Option<String>,
}

impl Spots<'_, '_> {
    /// Adds the spots of a text, which may come from several places of the letters that are on the
    /// page.
    fn add(
        &mut self,
        page: usize,
        on_page: &Range<usize>,
        text: &TextItem,
        transform: Transform,
        rendered: &Rendered,
    ) {
        let metrics = text.font.metrics();
        let (above, below) = (metrics.ascender.at(text.size), metrics.descender.at(text.size));
        let mut x = Abs::zero();
        let mut glyphs = text.glyphs.as_slice();
        while let Some(first) = glyphs.first() {
            let span = first.span.0;
            let count = glyphs.iter().take_while(|glyph| glyph.span.0 == span).count();
            let (run, rest) = glyphs.split_at(count);
            let start = x;
            x += run.iter().map(|glyph| glyph.x_advance.at(text.size)).sum::<Abs>();
            glyphs = rest;
            let Some(Origin { source, part, lang }) = self.origin(span, on_page, rendered) else {
                continue;
            };
            let a = Point::new(start, -above).transform(transform);
            let b = Point::new(x, -below).transform(transform);
            let spot = Spot {
                page,
                x: rounded(a.x.min(b.x)),
                y: rounded(a.y.min(b.y)),
                width: rounded((b.x - a.x).abs()),
                height: rounded((b.y - a.y).abs()),
                source,
                part,
                lang,
            };
            self.push(spot);
        }
    }

    /// Adds a spot, or widens the last one where it goes on.
    fn push(&mut self, spot: Spot) {
        if let Some(last) = self.spots.last_mut()
            && (last.page, last.source) == (spot.page, spot.source)
            && (last.y - spot.y).abs() < 0.1
            && (spot.x - last.x - last.width).abs() < spot.height
        {
            last.width = rounded(Abs::pt(spot.x + spot.width - last.x));
            return;
        }
        self.spots.push(spot);
    }

    fn origin(
        &mut self,
        span: Span,
        on_page: &Range<usize>,
        rendered: &Rendered,
    ) -> Option<Origin> {
        let key = (span, on_page.start);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = rendered.place_of(span).and_then(|place| {
            let source = self.files.get(place.file).source(&place.range)?;
            self.sources.push(source);
            let mut letters = self.letters.iter().skip(on_page.start).take(on_page.len());
            let (part, lang) = letters
                .find_map(|(lang, parts)| Some((parts.at(&place)?.to_owned(), lang.clone())))
                .unzip();
            let lang = lang.filter(|_| self.letters.len() > 1);
            Some(Origin { source: self.sources.len() - 1, part, lang })
        });
        self.known.insert(key, found.clone());
        found
    }
}

/// Hundredths of a point are finer than any screen.
fn rounded(length: Abs) -> f64 {
    (length.to_pt() * 100.0).round() / 100.0
}

/// Where the parts begin, and in letters that follow one another, in each of them. The signatories are
/// one, for each language has an order of its own.
fn marks(spots: &[Spot], follow: bool) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for spot in spots {
        let Some(part) = &spot.part else { continue };
        let part = if part.starts_with("signatory/") { SIGNATORIES } else { part };
        let lang = spot.lang.as_ref().filter(|_| follow);
        if !marks.iter().any(|mark| mark.part == part && mark.lang.as_ref() == lang) {
            let (part, lang) = (part.to_owned(), lang.cloned());
            marks.push(Mark { part, page: spot.page, y: spot.y, lang });
        }
    }
    marks
}

/// The parts of a letter by where they are written, sorted.
struct Parts(Vec<(u16, Range<usize>, String)>);

impl Parts {
    fn of(letter: &Letter) -> Self {
        let mut parts = Self(Vec::new());
        parts.printed("title", Some(&letter.title));
        parts.printed("place", letter.place.as_ref());
        parts.printed("subject", letter.subject.as_ref());
        parts.printed("reference", letter.reference.as_ref());
        parts.printed("your-reference", letter.your_reference.as_ref());
        if let Some(from) = &letter.from {
            let fields = [&from.name, &from.organization, &from.email, &from.phone, &from.web];
            for field in fields.into_iter().flatten().chain(&from.address) {
                parts.printed("from", Some(field));
            }
        }
        for (name, people) in [("to", &letter.to), ("cc", &letter.cc)] {
            for (index, person) in people.iter().enumerate() {
                let fields = [
                    Some(&person.name),
                    person.honorific.as_ref(),
                    person.office.as_ref(),
                    person.organization.as_ref(),
                    person.email.as_ref(),
                    person.note.as_ref(),
                ];
                for field in fields.into_iter().flatten().chain(&person.address) {
                    parts.printed(&format!("{name}/{index}"), Some(field));
                }
            }
        }
        parts.printed("salutation", letter.salutation.as_ref());
        if let Body::Markdown(blocks) = &letter.body {
            for (index, block) in blocks.iter().enumerate() {
                parts.add(format!("body/{index}"), &block.place);
            }
        }
        parts.printed("closing", letter.closing.as_ref());
        parts.printed("signature-heading", letter.signature_heading.as_ref());
        for group in &letter.groups {
            if let Some(Heading::Printed(heading)) = &group.heading {
                parts.printed(&format!("group/{}", heading.source.value), Some(heading));
            }
            group.signatories.iter().for_each(|signatory| parts.signatory(signatory));
        }
        parts.printed("postscript", letter.postscript.as_ref());
        for (index, enclosure) in letter.enclosures.iter().enumerate() {
            parts.printed(&format!("enclosures/{index}"), Some(enclosure));
        }
        parts.0.sort_by_key(|(file, range, _)| (*file, range.start));
        parts
    }

    fn printed(&mut self, name: &str, text: Option<&Printed>) {
        if let Some(text) = text {
            self.add(name.to_owned(), &text.source.place);
        }
    }

    /// All languages share the list, so where an entry stands is its name.
    fn signatory(&mut self, signatory: &Signatory) {
        let place = &signatory.place;
        let name = format!("signatory/{}/{}", place.file.into_raw(), place.range.start);
        self.add(name.clone(), place);
        // In a CSV file the place may be less than the entry.
        let fields = [&signatory.title, &signatory.organization, &signatory.note];
        self.printed(&name, Some(&signatory.name));
        fields.into_iter().for_each(|field| self.printed(&name, field.as_ref()));
        signatory.members.iter().for_each(|member| self.signatory(member));
    }

    fn add(&mut self, name: String, place: &Place) {
        self.0.push((place.file.into_raw().get(), place.range.clone(), name));
    }

    /// The smallest part that a place is in: of those that begin before it, the last that reaches it.
    fn at(&self, place: &Place) -> Option<&str> {
        /// How many parts one may be inside of: a member of a member of a coalition, and their fields.
        const DEPTH: usize = 16;
        let file = place.file.into_raw().get();
        let after = self.0.partition_point(|(other, range, _)| {
            (*other, range.start) <= (file, place.range.start)
        });
        let before = self.0[..after].iter().rev().take(DEPTH);
        let mut around =
            before.filter(|(other, range, _)| *other == file && place.range.end <= range.end);
        around.next().map(|(.., name)| name.as_str())
    }
}
