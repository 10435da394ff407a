//! Divides a letter in one language into segments, which is how languages are compared: each paragraph,
//! heading, item, row and footnote of the body, and each printed value.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use typst::syntax::FileId;

use crate::language::Tag;
use crate::language::number_reader::{Figure, NumberReader};
use crate::letter::body::{Block, BlockKind, Inline, InlineKind, LinkUse};
use crate::letter::texts::{Key, PersonPart};
use crate::letter::{Body, Heading, Letter, Printed};
use crate::source::Place;
use crate::source::text::OffsetMap;
use crate::words::{Message, say};
use unicode_normalization::UnicodeNormalization;

/// A letter in one language, divided into segments.
pub(crate) struct Variant<'l> {
    /// The language.
    pub tag: &'l Tag,
    /// The segments of the body, in reading order. A footnote follows its reference.
    pub segments: Vec<Segment>,
    /// The top-level blocks of the body, each with its kind as a whole.
    pub blocks: Vec<(SegmentKind, Place)>,
    /// The printed values outside the body, such as the title.
    pub values: Vec<Value>,
    /// Texts of which few letters have one for each language: those of signatories, headings of groups, labels,
    /// the place, and what a logo shows.
    pub others: Vec<Value>,
    /// Reads its numbers.
    pub reader: NumberReader<'l>,
}

/// A printed value outside the body.
pub(crate) struct Value {
    /// The key, such as "title" or "to.1.office". It is the same in all languages.
    pub key: String,
    /// What a review calls it: the key, or one that stays the same if signatories are added.
    pub recorded: String,
    /// Its text.
    pub segment: Segment,
}

/// The smallest part of a letter that has a counterpart in another language.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// Its kind.
    pub kind: SegmentKind,
    /// Where it is.
    pub place: Place,
    /// The index of the top-level block of the body that contains it.
    pub block: usize,
    /// The index of the segment that a footnote belongs to.
    pub host: Option<usize>,
    /// Its printed text, without marks.
    pub text: String,
    /// The links in it.
    pub links: Vec<LinkUse>,
    /// The numbers in it, which those of values are not before they are compared.
    pub figures: Vec<Figure>,
    /// The names of its placeholders, without `:words`, and where they are.
    pub placeholders: Vec<(String, Place)>,
    /// The parts of the text that are not to be judged as the letter's language: code, and passages
    /// marked as being in another language.
    pub foreign: Vec<Range<usize>>,
    /// The source of the segment, with each run of white space as one space.
    pub source: String,
    /// Where each piece of the text is, and whether it is the same there letter by letter.
    pieces: Vec<(Range<usize>, Place, bool)>,
}

/// The kind of a segment.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum SegmentKind {
    /// Running text.
    Paragraph,
    /// A heading of this level.
    Heading(usize),
    /// An item of a list, which is numbered or not.
    Item(bool),
    /// A paragraph of a quotation.
    Quote,
    /// A row of a table with this many columns.
    Row(usize),
    /// A footnote.
    Footnote,
    /// A block of code.
    Code,
    /// A rule between two parts.
    Rule,
    /// A picture: what it shows, and its caption.
    Figure,
    /// A whole list.
    List,
    /// A whole table.
    Table,
    /// A printed value outside the body.
    Value,
}

impl SegmentKind {
    /// The kind with its article, as in "a paragraph".
    pub(crate) fn noun(self) -> Message {
        match self {
            Self::Paragraph => say!("a paragraph"),
            Self::Heading(_) => say!("a heading"),
            Self::Item(false) => say!("an item of a list"),
            Self::Item(true) => {
                say!("an item of a numbered list")
            }
            Self::Quote => say!("a quotation"),
            Self::Row(_) => say!("a row of a table"),
            Self::Footnote => say!("a footnote"),
            Self::Code => say!("a block of code"),
            Self::Rule => say!("a rule"),
            Self::Figure => say!("a picture"),
            Self::List => say!("a list"),
            Self::Table => say!("a table"),
            Self::Value => say!("a text"),
        }
    }
}

impl Segment {
    /// Where a part of the text is. If it is written differently from how it is printed, that is the
    /// whole piece.
    pub(crate) fn locate(&self, range: Range<usize>) -> Place {
        let piece = |at: usize| {
            self.pieces.iter().find(|(piece, ..)| piece.contains(&at)).map(
                |(piece, place, verbatim)| match verbatim {
                    true => {
                        let start = place.range.start + (at - piece.start);
                        (place.file, start, start + 1)
                    }
                    false => (place.file, place.range.start, place.range.end),
                },
            )
        };
        let ends = (piece(range.start), piece(range.end.saturating_sub(1)));
        match ends {
            (Some((file, start, _)), Some((other, _, end))) if file == other && start < end => {
                Place::new(file, start..end)
            }
            _ => self.place.clone(),
        }
    }

    /// Several segments as one, in the order given.
    pub(crate) fn joined(segments: &[Segment], indices: &[usize]) -> Option<Self> {
        let mut parts = indices.iter().filter_map(|index| segments.get(*index));
        let mut all = parts.next().cloned()?;
        for part in parts {
            all.text.push('\n');
            let start = all.text.len();
            let moved = |range: &Range<usize>| range.start + start..range.end + start;
            all.text.push_str(&part.text);
            all.source = format!("{} {}", all.source, part.source);
            all.place.range.end = all.place.range.end.max(part.place.range.end);
            all.links.extend(part.links.iter().cloned());
            all.placeholders.extend(part.placeholders.iter().cloned());
            all.foreign.extend(part.foreign.iter().map(moved));
            let figures = part.figures.iter().cloned();
            all.figures.extend(figures.map(|f| Figure { range: moved(&f.range), ..f }));
            let pieces = part.pieces.iter().cloned();
            all.pieces.extend(pieces.map(|(range, place, same)| (moved(&range), place, same)));
        }
        Some(all)
    }

    /// The point before the segment.
    pub(crate) fn start(&self) -> Place {
        Place::new(self.place.file, self.place.range.start..self.place.range.start)
    }

    /// The point after the segment.
    pub(crate) fn end(&self) -> Place {
        Place::new(self.place.file, self.place.range.end..self.place.range.end)
    }
}

impl<'l> Variant<'l> {
    /// Divides a letter into segments. `source` returns the text of a file. A body in Typst has no
    /// segments, because it is not parsed.
    pub(crate) fn of(letter: &'l Letter, source: &dyn Fn(FileId) -> Rc<str>) -> Self {
        let body = match &letter.body {
            Body::Markdown(body) => body.as_slice(),
            Body::Typst(_) => &[],
        };
        let text = body.first().map(|first| source(first.place.file));
        let mut variant =
            Self::of_body(&letter.tag, body, &letter.links, text.as_deref().unwrap_or_default());
        let compared = |(key, printed)| Some((compared_as(key)?, printed));
        let values = letter.texts().into_iter().filter_map(compared);
        let values = values.map(|(key, printed): (String, &Printed)| {
            let text = source(printed.source.place.file);
            Value { recorded: key.clone(), key, segment: value_segment(printed, &text) }
        });
        variant.values = values.collect();
        variant.others = others(letter, source);
        variant
    }

    /// Divides a body alone. `source` is the text of its file.
    pub(crate) fn of_body(
        tag: &'l Tag,
        body: &[Block],
        links: &'l [LinkUse],
        source: &str,
    ) -> Self {
        let mut collector = Collector { segments: Vec::new(), block: 0, links, source };
        let mut blocks = Vec::new();
        for (index, block) in body.iter().enumerate() {
            collector.block = index;
            collector.block(block, None);
            let kind = match &block.kind {
                BlockKind::Paragraph(_) => SegmentKind::Paragraph,
                BlockKind::Heading(level, _) => SegmentKind::Heading(*level),
                BlockKind::List { .. } => SegmentKind::List,
                BlockKind::Quote(_) => SegmentKind::Quote,
                BlockKind::Table { .. } => SegmentKind::Table,
                BlockKind::Code(_) => SegmentKind::Code,
                BlockKind::ThematicBreak => SegmentKind::Rule,
                BlockKind::Figure(_) => SegmentKind::Figure,
            };
            blocks.push((kind, block.place.clone()));
        }
        let mut segments = collector.segments;
        let reader = NumberReader::new(tag);
        for segment in &mut segments {
            segment.figures = reader.figures(&segment.text);
        }
        let (values, others) = (Vec::new(), Vec::new());
        Self { tag, segments, blocks, values, others, reader }
    }
}

impl Variant<'_> {
    /// A value with its numbers.
    pub(crate) fn read(&self, value: &Value) -> Segment {
        let segment = value.segment.clone();
        Segment { figures: self.reader.figures(&segment.text), ..segment }
    }
}

/// The values of two languages for which a translation has a text of its own.
pub(crate) fn translated<'v>(
    original: &'v Variant<'_>,
    translation: &'v Variant<'_>,
) -> Vec<(&'v Value, &'v Value)> {
    let all = |variant: &'v Variant<'_>| variant.values.iter().chain(&variant.others);
    let own: HashMap<&str, &Value> =
        all(translation).map(|value| (value.key.as_str(), value)).collect();
    let pair = |value: &'v Value| {
        let other = own.get(value.key.as_str())?;
        // A text shared by all languages is the same in each of them.
        (other.segment.place != value.segment.place).then_some((value, *other))
    };
    all(original).filter_map(pair).collect()
}

/// See [`Variant::others`].
fn others(letter: &Letter, source: &dyn Fn(FileId) -> Rc<str>) -> Vec<Value> {
    let value = |key: String, recorded: String, printed: &Printed| {
        let text = source(printed.source.place.file);
        Value { key, recorded, segment: value_segment(printed, &text) }
    };
    let keyed = |key: String, printed: &Printed| value(key.clone(), key, printed);
    let mut others: Vec<Value> = Vec::new();
    others.extend(letter.place.iter().map(|place| keyed("place".into(), place)));
    if let Some(from) = &letter.from {
        // A logo often shows nothing but the name.
        let mut names = [&from.organization, &from.name].into_iter().flatten();
        if let Some(logo) = &from.logo
            && names.all(|name| name.text != logo.alt.text)
        {
            others.push(keyed("from.logo-alt".into(), &logo.alt));
        }
    }
    for group in &letter.groups {
        let name = group.signatories.first().and_then(|one| one.group.as_ref());
        if let (Some(Heading::Printed(heading)), Some(name)) = (&group.heading, name) {
            others.push(keyed(format!("signature-block.groups.{name}"), heading));
        }
    }
    others.extend(letter.labels.iter().map(|(name, label)| keyed(format!("labels.{name}"), label)));
    let groups = letter.groups.iter().flat_map(|group| &group.signatories);
    let mut known: HashMap<&str, usize> = HashMap::new();
    for signatory in groups.flat_map(|one| one.members.iter().chain([one])) {
        let parts = [
            ("name", Some(&signatory.name)),
            ("title", signatory.title.as_ref()),
            ("organization", signatory.organization.as_ref()),
            ("note", signatory.note.as_ref()),
        ];
        let count = known.entry(&signatory.called).or_insert(0);
        *count += 1;
        // The second of a name is called so.
        let number = if *count > 1 { format!(" {count}") } else { String::new() };
        let (name, place) = (&signatory.called, signatory.place.range.start);
        let file = signatory.place.file.vpath().get_with_slash();
        others.extend(parts.into_iter().filter_map(|(part, printed)| {
            let key = format!("signatories.{file}:{place}.{part}");
            let recorded = format!("signatories.{name}{number}.{part}");
            Some(value(key, recorded, printed?))
        }));
    }
    others
}

/// The key under which a printed value is compared, if it is one that is translated.
fn compared_as(key: Key<'_>) -> Option<String> {
    let of_person = |list: &str, index: usize, part: PersonPart| {
        let part = match part {
            PersonPart::Office => "office",
            PersonPart::Organization => "organization",
            PersonPart::Note => "note",
            PersonPart::Delivery => "delivery",
            // Names and addresses are the same in all languages.
            PersonPart::Name | PersonPart::Address | PersonPart::Email => return None,
            PersonPart::Honorific | PersonPart::Country => return None,
        };
        Some(format!("{list}.{}.{part}", index + 1))
    };
    let name = match key {
        Key::Title => "title",
        Key::Subject => "subject",
        Key::Salutation => "salutation",
        Key::Closing => "closing",
        Key::Postscript => "postscript",
        Key::SignatureHeading => "signature-block.heading",
        Key::SignatureNote => "signature-block.note",
        Key::Enclosure(index) => return Some(format!("enclosures.{}", index + 1)),
        Key::To(index, part) => return of_person("to", index, part),
        Key::Cc(index, part) => return of_person("cc", index, part),
        Key::Place | Key::Reference | Key::YourReference | Key::From | Key::LogoAlt => return None,
        Key::GroupHeading | Key::Signatory(_) | Key::Label => return None,
        Key::Author | Key::Keyword | Key::Enclosed => return None,
    };
    Some(name.to_owned())
}

fn value_segment(printed: &Printed, source: &str) -> Segment {
    let text = printed.text.to_string();
    let place = printed.source.place.clone();
    let verbatim = printed.text == printed.source.value;
    // TOML escapes split the text into pieces; one piece per character is right in every case.
    let map = OffsetMap::new(&printed.source, source);
    let pieces = match verbatim {
        true => text
            .char_indices()
            .map(|(at, c)| at..at + c.len_utf8())
            .map(|range| {
                let there = map.range(range.clone());
                let same = there.len() == range.len();
                (range, Place::new(place.file, there), same)
            })
            .collect(),
        false => vec![(0..text.len(), place.clone(), false)],
    };
    let written = &printed.source.value;
    let names = written.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    let placeholders =
        names.map(|(name, _)| (placeholder_name(name), place.clone())).collect::<Vec<_>>();
    let foreign = printed.lang.iter().map(|_| 0..text.len()).collect();
    Segment {
        kind: SegmentKind::Value,
        source: one_line(written),
        place,
        block: 0,
        host: None,
        text,
        links: Vec::new(),
        figures: Vec::new(),
        placeholders,
        foreign,
        pieces,
    }
}

/// The name of a placeholder: `signatory-count` for `signatory-count:words`.
fn placeholder_name(written: &str) -> String {
    written.trim().trim_end_matches(":words").nfc().collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Collects the segments of a body.
struct Collector<'l> {
    segments: Vec<Segment>,
    block: usize,
    links: &'l [LinkUse],
    source: &'l str,
}

impl Collector<'_> {
    /// Adds the segments of a block. `inside` is the kind of its paragraphs if they are part of
    /// something larger, and the segment to which they belong.
    fn block(&mut self, block: &Block, inside: Option<(SegmentKind, Option<usize>)>) {
        let (outer, host) = inside.unzip();
        let host = host.flatten();
        match &block.kind {
            BlockKind::Paragraph(inlines) => {
                let kind = outer.unwrap_or(SegmentKind::Paragraph);
                self.text(kind, host, block.place.clone(), inlines);
            }
            BlockKind::Heading(level, inlines) => {
                self.text(SegmentKind::Heading(*level), host, block.place.clone(), inlines);
            }
            BlockKind::List { start, items, .. } => {
                for block in items.iter().flatten() {
                    self.block(block, Some((SegmentKind::Item(start.is_some()), host)));
                }
            }
            BlockKind::Quote(blocks) => {
                blocks.iter().for_each(|b| self.block(b, Some((SegmentKind::Quote, host))));
            }
            BlockKind::Table { rows, .. } => {
                for row in rows {
                    self.row(row, host, &block.place);
                }
            }
            BlockKind::Code(code) => {
                let mut segment = self.segment(SegmentKind::Code, host, block.place.clone());
                segment.text = code.to_string();
                segment.foreign.push(0..code.len());
                self.segments.push(segment);
            }
            BlockKind::Figure(figure) => {
                let space = Inline { kind: InlineKind::Space, place: block.place.clone() };
                let between = (!figure.caption.is_empty()).then_some(space);
                let texts = figure.alt.iter().chain(&between).chain(&figure.caption);
                let texts: Vec<Inline> = texts.cloned().collect();
                self.text(SegmentKind::Figure, host, block.place.clone(), &texts);
            }
            BlockKind::ThematicBreak => {
                let segment = self.segment(SegmentKind::Rule, host, block.place.clone());
                self.segments.push(segment);
            }
        }
    }

    fn segment(&self, kind: SegmentKind, host: Option<usize>, mut place: Place) -> Segment {
        let source = self.source.get(place.range.clone()).unwrap_or_default().trim_end();
        // The parser includes the line break in a block.
        place.range.end = place.range.end.min(place.range.start + source.len());
        let within = |link: &&LinkUse| {
            link.place.file == place.file
                && place.range.start <= link.place.range.start
                && link.place.range.end <= place.range.end
        };
        Segment {
            kind,
            block: self.block,
            host,
            text: String::new(),
            links: self.links.iter().filter(within).cloned().collect(),
            figures: Vec::new(),
            placeholders: Vec::new(),
            foreign: Vec::new(),
            source: one_line(source),
            pieces: Vec::new(),
            place,
        }
    }

    fn row(&mut self, row: &[Vec<Inline>], host: Option<usize>, table: &Place) {
        let mut places = row.iter().flatten().map(|inline| &inline.place.range);
        let place = match places.next() {
            Some(first) => {
                let end = places.next_back().unwrap_or(first).end;
                Place::new(table.file, first.start..end.max(first.end))
            }
            None => table.clone(),
        };
        let mut inlines: Vec<Inline> = Vec::new();
        for cell in row {
            inlines.extend(cell.iter().cloned());
            // Text in two cells is not one word.
            let place = Place::new(place.file, place.range.end..place.range.end);
            inlines.push(Inline { kind: InlineKind::LineBreak, place });
        }
        self.text(SegmentKind::Row(row.len()), host, place, &inlines);
    }

    fn text(&mut self, kind: SegmentKind, host: Option<usize>, place: Place, inlines: &[Inline]) {
        let mut segment = self.segment(kind, host, place);
        let mut footnotes = Vec::new();
        self.inlines(inlines, &mut segment, &mut footnotes);
        let index = self.segments.len();
        self.segments.push(segment);
        for blocks in footnotes {
            for block in blocks {
                self.block(block, Some((SegmentKind::Footnote, Some(index))));
            }
        }
    }

    fn inlines<'b>(
        &self,
        inlines: &'b [Inline],
        segment: &mut Segment,
        footnotes: &mut Vec<&'b [Block]>,
    ) {
        for inline in inlines {
            let start = segment.text.len();
            match &inline.kind {
                InlineKind::Text(text) | InlineKind::Code(text) => {
                    segment.text.push_str(text);
                    let range = start..segment.text.len();
                    let source = self.source.get(inline.place.range.clone()).unwrap_or_default();
                    let name = source.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
                    if let Some(name) = name.filter(|_| source != text.as_str()) {
                        let name = placeholder_name(name);
                        segment.placeholders.push((name, inline.place.clone()));
                    }
                    let verbatim = source == text.as_str();
                    if matches!(inline.kind, InlineKind::Code(_)) {
                        segment.foreign.push(range.clone());
                    }
                    segment.pieces.push((range, inline.place.clone(), verbatim));
                }
                InlineKind::Space => segment.text.push(' '),
                InlineKind::LineBreak => segment.text.push('\n'),
                InlineKind::Emphasis(body)
                | InlineKind::Strong(body)
                | InlineKind::Strike(body)
                | InlineKind::Link(_, body) => self.inlines(body, segment, footnotes),
                InlineKind::Passage(_, body) => {
                    self.inlines(body, segment, footnotes);
                    segment.foreign.push(start..segment.text.len());
                }
                InlineKind::Footnote(_, _, blocks) => {
                    if !blocks.is_empty() {
                        footnotes.push(blocks);
                    }
                }
            }
        }
    }
}
