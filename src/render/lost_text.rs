//! Text that is lost on laid-out pages: characters that no font has, and text outside the page.

use std::collections::{HashMap, HashSet};

use ecow::EcoString;
use typst::foundations::{Element, NativeElement, Selector};
use typst::introspection::Introspector;
use typst::layout::{Abs, Frame, FrameItem, Point, Transform};
use typst::model::{Destination, FootnoteElem, FootnoteEntry, LinkElem, LinkTarget};
use typst::syntax::{FileId, Span};
use typst_layout::PagedDocument;
use unicode_script::{Script, UnicodeScript};

use crate::fonts::{CODE_FAMILY, scripts};
use crate::language::Tag;
use crate::letter::Letter;
use crate::problems::{Code, Diagnostic};
use crate::render::frames::{place_of, walk, walk_placed};
use crate::render::world::LetterWorld;
use crate::source::Place;
use crate::source::url::{NotUrl, Url};
use crate::spec::links;
use crate::words::{Message, count, say};

/// The characters that no font has: one problem for each script, and one for all signs that belong to
/// none, with the first of the texts that have some.
pub(super) fn missing_glyphs(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let mut known: HashMap<Option<Script>, usize> = HashMap::new();
    let mut groups: Vec<Missing> = Vec::new();
    for page in document.pages() {
        walk(&page.frame, &mut |text| {
            for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                let span = glyph.span.0;
                let Some(c) = text.text.get(glyph.range()).and_then(|s| s.chars().next()) else {
                    continue;
                };
                let at = *known.entry(script_of(c)).or_insert_with(|| {
                    groups.push(Missing::default());
                    groups.len() - 1
                });
                groups[at].add(c, span);
            }
        });
    }
    let names: HashSet<&Place> = letter
        .groups
        .iter()
        .flat_map(|group| &group.signatories)
        .map(|signatory| &signatory.name.source.place)
        .collect();
    let mut sources = HashMap::new();
    let problem = |Missing { characters, spans, .. }: Missing| {
        let is_name = |span: &&Span| place_of(**span, world).is_some_and(|at| names.contains(&at));
        let named = spans.iter().filter(is_name).count();
        let hint = (named > 0)
            .then(|| say!("or print the name of a signatory in other letters: print-as = \"…\""));
        let found = Found { names: named, texts: spans.len() - named };
        let mut place = |span| place_among(span, &characters, world, letter, &mut sources);
        let mut places = spans.into_iter().take(NAMED_PLACES).map(&mut place);
        let first = places.next().unwrap_or_else(|| letter.tag_place.clone());
        let problem = missing_glyph(&characters, &found, first, &letter.tag).hint_if(hint);
        places.fold(problem, |problem, place| problem.relate(place, say!("and here")))
    };
    groups.into_iter().map(problem).collect()
}

/// Characters that no font has, and the texts that have them.
#[derive(Default)]
struct Missing {
    characters: Vec<char>,
    spans: Vec<Span>,
    known: HashSet<Span>,
}

impl Missing {
    fn add(&mut self, c: char, span: Span) {
        if !self.characters.contains(&c) {
            self.characters.push(c);
        }
        if self.known.insert(span) {
            self.spans.push(span);
        }
    }
}

/// Where a text has the first of these characters. A span is that of a whole text. The sources that were
/// read are kept.
fn place_among(
    span: Span,
    characters: &[char],
    world: &LetterWorld,
    letter: &Letter,
    sources: &mut HashMap<FileId, String>,
) -> Place {
    // A text that is in no file is one of the program in the language, such as the date.
    let Some(place) = place_of(span, world) else { return letter.tag_place.clone() };
    let source =
        sources.entry(place.file).or_insert_with(|| world.files().text_to_show(place.file));
    let text = source.get(place.range.clone()).unwrap_or_default();
    match text.char_indices().find(|(_, c)| characters.contains(c)) {
        Some((at, c)) => {
            let start = place.range.start + at;
            Place::new(place.file, start..start + c.len_utf8())
        }
        None => place,
    }
}

/// The characters of running text that only the font for code has, reported at the first of them.
pub(super) fn typewritten(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Option<Diagnostic> {
    if letter.page.font == CODE_FAMILY {
        return None;
    }
    let mut characters: Vec<char> = Vec::new();
    let mut first = None;
    for page in document.pages() {
        walk(&page.frame, &mut |text| {
            // Code is in no language.
            if text.font.info().family != CODE_FAMILY || text.lang.as_str() == "zxx" {
                return;
            }
            for c in text.text.chars().filter(|c| !c.is_whitespace()) {
                if !characters.contains(&c) && world.fonts().only_code_has(c) {
                    first.get_or_insert(text.glyphs.first().map_or(Span::detached(), |g| g.span.0));
                    characters.push(c);
                }
            }
        });
    }
    let place = place_among(first?, &characters, world, letter, &mut HashMap::new());
    let list = listed(&characters);
    let message = match characters.as_slice() {
        [_] => say!("only the typewriter font has the character {list}", list),
        _ => say!("only the typewriter font has the characters {list}", list),
    };
    let [hint, which] = font_hints(&characters, &letter.tag);
    Some(Diagnostic::new(Code::CodeFont, place, message).hint_if(hint).hint_if(which))
}

/// The texts outside their page, where nobody can read them, each reported once.
pub(super) fn overflows(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    // Ink may extend a little beyond the nominal bounds of a line.
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
                say!("this text does not fit the page"),
            )
            .hint(say!("shorten it, or split long words and addresses with spaces"))
        })
        .collect()
}

/// The links of a template to an address that a letter cannot lead to, such as `javascript:`.
pub(super) fn wrong_links(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let mut wrong: Vec<(EcoString, NotUrl)> = Vec::new();
    let mut look = |url: &EcoString| {
        if let Err(error @ NotUrl::Other(_)) = Url::parse(url)
            && wrong.iter().all(|(known, _)| known != url)
        {
            wrong.push((url.clone(), error));
        }
    };
    for page in document.pages() {
        walk_links(&page.frame, &mut look);
    }
    if wrong.is_empty() {
        return Vec::new();
    }
    let links = document.introspector().query(&Selector::Elem(LinkElem::ELEM, None));
    let links = links.iter().filter_map(|link| link.to_packed::<LinkElem>());
    let span_of = |url: &EcoString| {
        let mut links = links.clone();
        let link = links.find(|link| match &link.dest {
            LinkTarget::Dest(Destination::Url(target)) => target.as_str() == url,
            _ => false,
        });
        link.map_or(Span::detached(), typst::foundations::Packed::span)
    };
    let problem = |(url, error): (EcoString, NotUrl)| {
        let place = place_of(span_of(&url), world);
        links::problem(&error, &url, place.unwrap_or_else(|| letter.template_place.clone()))
    };
    wrong.into_iter().map(problem).collect()
}

/// Visits the addresses of all links.
fn walk_links(frame: &Frame, visit: &mut impl FnMut(&EcoString)) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Link(Destination::Url(url), _) => visit(&url.clone().into_inner()),
            FrameItem::Group(group) => walk_links(&group.frame, visit),
            _ => {}
        }
    }
}

/// The footnotes whose text is on no page: Typst loses some of those that a template puts into others.
pub(super) fn lost_notes(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let introspector = document.introspector();
    let query = |element: Element| introspector.query(&Selector::Elem(element, None));
    let entries = query(FootnoteEntry::ELEM);
    let entries = entries.iter().filter_map(|entry| entry.to_packed::<FootnoteEntry>());
    let printed: HashSet<_> = entries.filter_map(|entry| entry.note.location()).collect();
    let notes = query(FootnoteElem::ELEM);
    let notes = notes.iter().filter_map(|note| note.to_packed::<FootnoteElem>());
    let lost = notes.filter(|note| !note.is_ref());
    let lost = lost.filter(|note| note.location().is_some_and(|place| !printed.contains(&place)));
    lost.map(|note| {
        let place = place_of(note.span(), world).unwrap_or_else(|| letter.template_place.clone());
        Diagnostic::new(Code::TextOverflow, place, say!("this footnote is on no page"))
            .hint(say!("refer to it from the text instead of from another footnote"))
    })
    .collect()
}

/// The maximum number of missing characters named for one script.
const NAMED_CHARACTERS: usize = 6;

/// The maximum number of places named for one script.
const NAMED_PLACES: usize = 4;

/// How many names of signatories, and how many other texts, have characters that no font has.
pub(crate) struct Found {
    /// The names.
    pub names: usize,
    /// The other texts.
    pub texts: usize,
}

/// The problem for characters that no font has, in a text in a language.
pub(crate) fn missing_glyph(
    characters: &[char],
    found: &Found,
    place: Place,
    tag: &Tag,
) -> Diagnostic {
    let list = listed(characters);
    let names = || count!(found.names, one = "1 name", other = "{count} names");
    let texts = || count!(found.texts, one = "1 text", other = "{count} texts");
    let all = match (found.names, found.texts) {
        (0 | 1, 0) | (0, 1) => None,
        (_, 0) => Some(names()),
        (0, _) => Some(texts()),
        _ => Some(say!("{names} and {texts}", names = names(), texts = texts())),
    };
    let message = match (characters, all) {
        ([_], None) => say!("no font has the character {list}", list),
        ([_], Some(all)) => say!("no font has the character {list}, in {all}", list, all),
        (_, None) => say!("no font has the characters {list}", list),
        (_, Some(all)) => say!("no font has the characters {list}, in {all}", list, all),
    };
    let [hint, which] = font_hints(characters, tag);
    Diagnostic::new(Code::MissingGlyph, place, message).hint_if(hint).hint_if(which)
}

fn listed(characters: &[char]) -> String {
    let named = |c: &char| format!("`{c}` (U+{:04X})", *c as u32);
    let mut list =
        characters.iter().take(NAMED_CHARACTERS).map(named).collect::<Vec<_>>().join(", ");
    if characters.len() > NAMED_CHARACTERS {
        list.push_str(", …");
    }
    list
}

/// How to get a font with these characters, and how to find one.
fn font_hints(characters: &[char], tag: &Tag) -> [Option<Message>; 2] {
    let Some(script) = characters.iter().find_map(|c| script_of(*c)) else {
        let hint = say!(
            "put a font that has it in a folder beside the letter, and name that in [page]: \
             fonts = [\"fonts\"]; or write it another way"
        );
        return [Some(hint), None];
    };
    let name = script.full_name();
    let hint = say!(
        "put a font for the script {name} in a folder beside the letter, and name that in [page]: \
         fonts = [\"fonts\"]",
        name
    );
    let language = language_of(script, tag);
    let which = language.map(|language| {
        say!(
            "`undersigned fonts --for {language} --system-fonts` lists those of this computer",
            language
        )
    });
    [Some(hint), which]
}

/// The script that a character belongs to in Unicode Standard Annex #24. `None` for characters that many
/// scripts share.
fn script_of(c: char) -> Option<Script> {
    match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        script => Some(script),
    }
}

/// A language that is written in a script: that of the text if it is, for one that several share.
fn language_of(script: Script, tag: &Tag) -> Option<String> {
    let code = match script {
        Script::Han if matches!(tag.language(), "zh" | "ja" | "ko") => {
            return Some(tag.to_string());
        }
        Script::Han => "Hans",
        Script::Hangul => "Kore",
        Script::Hiragana | Script::Katakana => "Jpan",
        script => script.short_name(),
    };
    let language = scripts::script_tag(code);
    (language.language() != "und").then(|| language.to_string())
}
