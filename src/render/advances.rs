//! How wide and how high texts are: functions for templates.

use std::collections::{HashMap, HashSet};

use ecow::EcoString;
use typst::World;
use typst::comemo::Tracked;
use typst::diag::{At, SourceResult};
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, Content, Context, Dict, IntoValue, NativeFuncData, NativeFuncPtr, Resolve,
    StyleChain, Value, dict,
};
use typst::introspection::Locator;
use typst::layout::{Abs, Axes, Em, Length, Region, Size};
use typst::text::{FontInstance, TextElem, families, variant};
use typst_layout::layout_frame;

use crate::render::functions::function;

/// `undersigned-wider(words, most)`: those of these words whose letters may reach further than so many em. It
/// needs `context`.
pub(super) static WIDER: NativeFuncData = function::<Array>(
    NativeFuncPtr(&wider),
    "undersigned-wider",
    "Wider",
    "The words that may be wider.",
);

fn wider(
    engine: &mut Engine,
    context: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    let styles = context.styles().at(arguments.span)?;
    let words: Vec<EcoString> = arguments.expect("words")?;
    let most: f64 = arguments.expect("most")?;
    let mut reaches = Reaches::new(engine, styles);
    let mut all = HashSet::new();
    let open = words.into_iter().filter(|word| {
        let fits = reaches.of(word).is_some_and(|(_, greatest)| greatest <= most);
        !fits && all.insert(word.clone())
    });
    Ok(open.map(IntoValue::into_value).collect::<Array>().into_value())
}

/// `undersigned-suitable-columns(entries, width, gap:, size:)`: how many columns suit entries in a text of a width:
/// four or three if almost every entry takes one line. Two take fewer pages than one also where entries are
/// longer. With the size of entries that are nothing but text in one or two lines, those whose letters tell
/// whether they fit are not measured. It needs `context`.
pub(super) static SUITABLE_COLUMNS: NativeFuncData = function::<i64>(
    NativeFuncPtr(&suitable_columns),
    "undersigned-suitable-columns",
    "Columns",
    "How many columns suit entries.",
);

fn suitable_columns(
    engine: &mut Engine,
    context: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    /// A number of columns, from how many entries on they are considered, and the share of the entries that
    /// must take no more than so many lines.
    const WAYS: [(i64, usize, f64, f64); 3] =
        [(4, 80, 0.95, 1.0), (3, 24, 0.85, 1.0), (2, 6, 0.8, 3.0)];
    let styles = context.styles().at(arguments.span)?;
    let entries: Vec<Content> = arguments.expect("entries")?;
    let width = arguments.expect::<Length>("width")?.resolve(styles);
    let gap = arguments.named::<Length>("gap")?.unwrap_or_default().resolve(styles);
    let size = arguments.named::<Option<Length>>("size")?.flatten();
    let size = size.map(|size| size.resolve(styles));
    let indent = styles.resolve(TextElem::size);
    // Some hundreds tell how long the entries are.
    let sample: Vec<&Content> = entries.iter().step_by(entries.len() / 300 + 1).collect();
    // How wide each is at least and at most.
    let mut reaches = Reaches::new(engine, styles);
    let mut bounds: Vec<(Abs, Abs)> = Vec::with_capacity(sample.len());
    for entry in &sample {
        let reach = size.and_then(|size| Some((size, reaches.of(&entry.plain_text())?)));
        bounds.push(match reach {
            Some((size, (least, greatest))) => (size * least, size * greatest + indent * 2.0),
            None => (Abs::zero(), Abs::inf()),
        });
    }
    for (count, from, share, lines) in WAYS {
        if entries.len() < from {
            continue;
        }
        let column = (width - gap * (count - 1) as f64) / count as f64;
        let most = column + (column - indent) * (lines - 1.0) * 0.9;
        let needed = share * sample.len() as f64;
        let mut fitting = bounds.iter().filter(|(_, greatest)| *greatest <= most).count();
        let open = |(least, greatest): &(Abs, Abs)| *greatest > most && *least <= most;
        let open: Vec<usize> = (0..sample.len()).filter(|at| open(&bounds[*at])).collect();
        for (measured, at) in open.iter().enumerate() {
            let at_most = fitting + open.len() - measured;
            if fitting as f64 >= needed || (at_most as f64) < needed {
                break;
            }
            let width = natural(engine, sample[*at], styles, Abs::inf())?.x;
            bounds[*at] = (width, width);
            fitting += usize::from(width <= most);
        }
        if fitting as f64 >= needed {
            return Ok(count.into_value());
        }
    }
    Ok(1.into_value())
}

/// How far the letters of texts reach in the font of the surroundings.
struct Reaches {
    font: Option<FontInstance>,
    /// The advances of the first characters, which most are, and of the others, in em: infinite if the font
    /// lacks a character, and not a number if it has not been looked up.
    first: [f64; 384],
    others: HashMap<char, f64>,
}

impl Reaches {
    fn new(engine: &Engine, styles: StyleChain) -> Self {
        let (world, variant) = (engine.world, variant(styles));
        let (size, variations) =
            (styles.resolve(TextElem::size), styles.get_cloned(TextElem::variations));
        let font = families(styles).find_map(|family| {
            let font = world.font(world.book().select(family.as_str(), variant)?)?;
            Some(font.instantiate(variant, size, &variations))
        });
        Self { font, first: [f64::NAN; 384], others: HashMap::new() }
    }

    /// How far the letters of a text reach at least and at most, in em, whatever the looks and sizes within it.
    /// `None` if the font lacks one of them.
    fn of(&mut self, text: &str) -> Option<(f64, f64)> {
        let sum: f64 = text.chars().map(|letter| self.advance(letter)).sum();
        // Letters that are joined may be much narrower than each is alone.
        let least = if text.chars().all(stands_alone) { 0.8 } else { 0.4 };
        sum.is_finite().then_some((sum * least, sum * 1.25))
    }

    fn advance(&mut self, letter: char) -> f64 {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        let font = self.font.as_ref();
        let look_up = || {
            let advance = font.and_then(|f| f.x_advance(f.ttf().glyph_index(letter)?.0));
            advance.map_or(f64::INFINITY, Em::get)
        };
        match self.first.get_mut(letter as usize) {
            Some(known) if known.is_nan() => {
                *known = look_up();
                *known
            }
            Some(known) => *known,
            None => *self.others.entry(letter).or_insert_with(look_up),
        }
    }
}

/// Whether a character is Latin, Greek or Cyrillic, or stands between those.
fn stands_alone(letter: char) -> bool {
    matches!(letter, '\0'..='\u{52f}' | '\u{1e00}'..='\u{206f}' | '\u{20a0}'..='\u{20cf}')
}

/// `undersigned-size(body, width:)`: how wide and high a body is that contains neither notes nor numbers of
/// pages. Typst's `measure` looks each of its paragraphs up in the pages, to number such notes, and measures
/// all again when the pages are there. It needs `context`.
pub(super) static SIZE: NativeFuncData = function::<Dict>(
    NativeFuncPtr(&size),
    "undersigned-size",
    "Size",
    "How wide and high a body is.",
);

fn size(
    engine: &mut Engine,
    context: Tracked<Context>,
    arguments: &mut Args,
) -> SourceResult<Value> {
    let styles = context.styles().at(arguments.span)?;
    let width: Option<Length> = arguments.named("width")?;
    let body: Content = arguments.expect("body")?;
    let width = width.map_or(Abs::inf(), |width| width.resolve(styles));
    let size = natural(engine, &body, styles, width)?;
    Ok(dict! { "width" => size.x, "height" => size.y }.into_value())
}

/// The size of a body that may be so wide.
fn natural(
    engine: &mut Engine,
    body: &Content,
    styles: StyleChain,
    width: Abs,
) -> SourceResult<Size> {
    let region = Region::new(Size::new(width, Abs::inf()), Axes::splat(false));
    Ok(layout_frame(engine, body, Locator::root(), styles, region)?.size())
}
