//! Lists over several pages, in columns or in rows: functions for templates.
//!
//! Typst fills its own columns one after the other. A template that balances them must ask where on the page
//! they begin, which Typst answers in its next pass: a list would need one pass more for each of its groups.
//! The functions know the space left on each page, so every pass gives the same layout.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use typst::comemo::{self, Tracked};
use typst::diag::SourceResult;
use typst::engine::Engine;
use typst::foundations::{
    Args, Array, Content, Context, IntoValue, Label, NativeElement, NativeFuncData, NativeFuncPtr,
    Packed, Resolve, Smart, StyleChain, Value,
};
use typst::introspection::{Locator, MetadataElem, SplitLocator};
use typst::layout::{
    Abs, Axes, BlockElem, Dir, Fragment, Frame, Length, Point, Region, Regions, Rel, Size, Spacing,
};
use typst::pdf::PdfMarkerTag;
use typst::text::TextElem;
use typst::utils::{Numeric, PicoStr};
use typst_layout::{layout_fragment, layout_frame};

use crate::render::functions::function;

/// `undersigned-columns(entries, count:, gap:, spacing:, below:)`: entries in columns that are as even as
/// possible on every page.
pub(super) static COLUMNS: NativeFuncData = function::<Content>(
    NativeFuncPtr(&columns),
    "undersigned-columns",
    "List",
    "A list in columns.",
);

/// `undersigned-rows(entries, count:, gap:, spacing:, below:)`: entries in rows, none of which is broken.
pub(super) static ROWS: NativeFuncData =
    function::<Content>(NativeFuncPtr(&rows), "undersigned-rows", "List", "A list in rows.");

/// The label of an entry that continues the one before it: a screen reader takes both for one.
const PART: &str = "undersigned-entry-part";

/// The number of entries from which on a list is long, and how many of it are laid out before the compiler
/// forgets how. It keeps two more copies of each entry until the program ends, for a list that may be laid
/// out again in other columns; but the list as a whole is kept too, and used in the next pass.
const LONG: usize = 4000;
const FORGOTTEN: usize = 1000;

/// What two heights may differ by without a consequence.
const TOLERANCE: Abs = Abs::raw(0.5);

fn columns(_: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let (entries, captured) = captured(arguments)?;
    Ok(listed(entries, BlockElem::multi_layouter(captured, layout_columns)))
}

fn rows(_: &mut Engine, _: Tracked<Context>, arguments: &mut Args) -> SourceResult<Value> {
    let (entries, captured) = captured(arguments)?;
    Ok(listed(entries, BlockElem::multi_layouter(captured, layout_rows)))
}

/// The number of entries, and all arguments as an element of Typst, which a layouter needs.
fn captured(arguments: &mut Args) -> SourceResult<(usize, Packed<MetadataElem>)> {
    let span = arguments.span;
    let entries: Vec<Content> = arguments.expect("entries")?;
    let count: NonZeroUsize = arguments.named("count")?.unwrap_or(NonZeroUsize::MIN);
    let mut length = |name| -> SourceResult<Value> {
        Ok(arguments.named::<Length>(name)?.unwrap_or_default().into_value())
    };
    let values = [
        i64::try_from(count.get()).unwrap_or(1).into_value(),
        length("gap")?,
        length("spacing")?,
        length("below")?,
    ];
    let number = entries.len();
    let part = Label::new(PicoStr::intern(PART));
    let entry = |entry: Content| {
        let alone = number == 1 || entry.label().is_some() && entry.label() == part;
        if alone { entry } else { PdfMarkerTag::ListItemBody(entry) }.into_value()
    };
    let values: Array = values.into_iter().chain(entries.into_iter().map(entry)).collect();
    Ok((number, Packed::new(MetadataElem::new(Value::Array(values))).spanned(span)))
}

/// A block without space around it. Several entries are a list for a screen reader.
fn listed(entries: usize, block: BlockElem) -> Value {
    let none = Smart::Custom(Spacing::Rel(Rel::zero()));
    let block = block.with_above(none).with_below(none).pack();
    if entries > 1 { PdfMarkerTag::Bibliography(false, block) } else { block }.into_value()
}

fn layout_columns(
    captured: &Packed<MetadataElem>,
    engine: &mut Engine,
    locator: Locator,
    styles: StyleChain,
    regions: Regions,
) -> SourceResult<Fragment> {
    let list = List::new(captured, engine, locator, styles, regions)?;
    let four_lines = styles.resolve(TextElem::size) * 4.0;
    Ok(list.in_columns(regions, four_lines))
}

fn layout_rows(
    captured: &Packed<MetadataElem>,
    engine: &mut Engine,
    locator: Locator,
    styles: StyleChain,
    regions: Regions,
) -> SourceResult<Fragment> {
    Ok(List::new(captured, engine, locator, styles, regions)?.in_rows(regions))
}

/// Entries that are laid out, but not yet on a page.
struct List {
    entries: Vec<Frame>,
    /// Which of them go on with the one before, which is higher than a page.
    continued: HashSet<usize>,
    /// The height of all entries before each one, including the space after each.
    sums: Vec<Abs>,
    /// The number of columns.
    count: usize,
    /// The width of a column, and of a column with the gap after it.
    width: Abs,
    step: Abs,
    /// The space between two entries.
    spacing: Abs,
    /// The height of what should be on the page of the last entries.
    below: Abs,
    right_to_left: bool,
}

impl List {
    fn new(
        captured: &Packed<MetadataElem>,
        engine: &mut Engine,
        locator: Locator,
        styles: StyleChain,
        regions: Regions,
    ) -> SourceResult<Self> {
        let values = match &captured.value {
            Value::Array(values) => values.as_slice(),
            _ => &[],
        };
        let (settings, entries) = values.split_at(values.len().min(4));
        let count = match settings.first() {
            Some(Value::Int(count)) => usize::try_from(*count).unwrap_or(1).max(1),
            _ => 1,
        };
        let length = |at: usize| match settings.get(at) {
            Some(Value::Length(length)) => length.resolve(styles),
            _ => Abs::zero(),
        };
        let (gap, spacing, below) = (length(1), length(2), length(3));
        let width = (regions.size.x - gap * (count as f64 - 1.0)) / count as f64;
        let highest = regions.last.unwrap_or(regions.size.y);
        let mut locator = locator.split();
        let mut frames = Vec::with_capacity(entries.len());
        let mut continued = HashSet::new();
        for (at, entry) in entries.iter().enumerate() {
            let Value::Content(entry) = entry else { continue };
            if entries.len() > LONG && at % FORGOTTEN == 0 {
                comemo::evict(0);
            }
            let start = frames.len();
            lay_out(entry, engine, &mut locator, styles, Size::new(width, highest), &mut frames)?;
            continued.extend(start + 1..frames.len());
        }
        if entries.len() > LONG {
            comemo::evict(0);
        }
        let mut sums = vec![Abs::zero()];
        let mut sum = Abs::zero();
        sums.extend(frames.iter().map(|frame| {
            sum += frame.height() + spacing;
            sum
        }));
        let right_to_left = styles.resolve(TextElem::dir) == Dir::RTL;
        Ok(Self {
            entries: frames,
            continued,
            sums,
            count,
            width,
            step: width + gap,
            spacing,
            below,
            right_to_left,
        })
    }

    /// The height of entries below each other.
    fn height(&self, start: usize, end: usize) -> Abs {
        (self.sums[end] - self.sums[start] - self.spacing).max(Abs::zero())
    }

    /// Where each column ends that begins with an entry or after the column before it, none higher than
    /// this. A column has at least one entry.
    fn fill(&self, start: usize, limit: usize, height: Abs) -> Vec<usize> {
        let mut at = start;
        let column = |_| {
            if at < limit {
                let most = self.sums[at] + height + self.spacing;
                let fit = self.sums[at + 1..=limit].partition_point(|sum| *sum <= most);
                at += fit.max(1);
            }
            at
        };
        (0..self.count).map(column).collect()
    }

    /// Columns of minimum height, but not higher than this, for the entries up to a limit.
    fn balance(&self, start: usize, limit: usize, height: Abs) -> Vec<usize> {
        // What the height would be if entries could be broken.
        let mut attempt = (self.sums[limit] - self.sums[start]) / self.count as f64 - self.spacing;
        while attempt < height {
            let ends = self.fill(start, limit, attempt);
            if ends.last().is_none_or(|end| *end >= limit) {
                return ends;
            }
            // The minimum that lets one of the columns take one more entry.
            let starts = std::iter::once(start).chain(ends.iter().copied());
            let more = starts.zip(&ends).filter(|(_, end)| **end < limit);
            let more = more.map(|(start, end)| self.height(start, end + 1)).min();
            attempt = (attempt + Abs::pt(0.1)).max(more.unwrap_or(height));
        }
        self.fill(start, limit, height)
    }

    /// The height of the first entries in columns.
    fn first_rows(&self, rows: usize) -> Abs {
        let first = self.entries.len().min(rows * self.count);
        let column = first.div_ceil(self.count).max(1);
        let columns = (0..first).step_by(column);
        let heights = columns.map(|at| self.height(at, (at + column).min(first)));
        heights.max().unwrap_or_default()
    }

    /// How many of the last entries are never alone on a page: two rows, and four lines.
    fn last_rows(&self, four_lines: Abs) -> usize {
        let all = self.entries.len();
        let mut last = all.min(2 * self.count);
        let height = |last: usize| (self.sums[all] - self.sums[all - last]) / self.count as f64;
        while last < all && height(last) < four_lines {
            last = all.min(last + self.count);
        }
        last
    }

    fn in_columns(mut self, mut regions: Regions, four_lines: Abs) -> Fragment {
        let all = self.entries.len();
        let mut pages = Vec::new();
        if regions.may_progress() {
            let mut next = regions;
            next.next();
            let least = self.first_rows(2).min(next.size.y / 2.0).max(self.first_rows(1));
            if regions.size.y < least {
                pages.push(Frame::soft(Size::zero()));
                regions = next;
            }
        }
        let last_rows = self.last_rows(four_lines);
        let mut start = 0;
        while start < all {
            let height = regions.size.y + TOLERANCE;
            let mut end = if regions.may_break() {
                let fits = |height| self.fill(start, all, height).last().copied().unwrap_or(all);
                match fits(height) {
                    end if end == all && self.below > Abs::zero() => fits(height - self.below),
                    end => end,
                }
            } else {
                all
            };
            if end < all {
                end = end.min(all - last_rows).max(start + self.count).min(all);
            }
            let ends = self.balance(start, end, height);
            let starts = std::iter::once(start).chain(ends.iter().copied());
            let columns = starts.zip(ends.iter().copied()).enumerate();
            let placed = columns.flat_map(|(column, (start, end))| {
                let sums = &self.sums;
                (start..end).map(move |at| (at, column, sums[at] - sums[start]))
            });
            let placed: Vec<_> = placed.collect();
            pages.push(self.page(regions.size.x, placed));
            start = ends.last().copied().unwrap_or(all).max(start + 1);
            regions.next();
        }
        fragment(pages)
    }

    fn in_rows(mut self, mut regions: Regions) -> Fragment {
        let rows = self.rows();
        let height = |row: &Vec<(usize, usize)>| {
            let heights = row.iter().map(|(at, _)| self.entries[*at].height());
            heights.max().unwrap_or_default()
        };
        let heights: Vec<Abs> = rows.iter().map(height).collect();
        let mut pages = Vec::new();
        let (mut placed, mut y) = (Vec::new(), Abs::zero());
        for (row, entries) in rows.iter().enumerate() {
            // The last row is not alone on a page.
            let with_next = row > 0 && row + 2 == rows.len();
            let mut needed = heights[row];
            if with_next {
                needed += self.spacing + heights[row + 1];
            }
            if with_next || row + 1 == rows.len() {
                needed += self.below;
            }
            let breaks =
                if placed.is_empty() { regions.may_progress() } else { regions.may_break() };
            if breaks && y + needed > regions.size.y + TOLERANCE {
                pages.push(self.page(regions.size.x, std::mem::take(&mut placed)));
                regions.next();
                y = Abs::zero();
            }
            placed.extend(entries.iter().map(|(at, column)| (*at, *column, y)));
            y += heights[row] + self.spacing;
        }
        pages.push(self.page(regions.size.x, placed));
        fragment(pages)
    }

    /// The entries of each row, with their columns. What goes on with an entry has a row of its own.
    fn rows(&self) -> Vec<Vec<(usize, usize)>> {
        let mut rows: Vec<Vec<(usize, usize)>> = Vec::new();
        let mut row = Vec::new();
        let mut column = 0;
        for at in 0..self.entries.len() {
            if self.continued.contains(&at) {
                rows.extend([std::mem::take(&mut row), vec![(at, column)]]);
                continue;
            }
            if row.len() == self.count {
                rows.push(std::mem::take(&mut row));
            }
            column = row.len();
            row.push((at, column));
        }
        rows.push(row);
        rows.retain(|row| !row.is_empty());
        rows
    }

    /// A page with these entries, each with its column and its place below the top. They are moved to it.
    fn page(&mut self, width: Abs, entries: Vec<(usize, usize, Abs)>) -> Frame {
        let mut page = Frame::soft(Size::zero());
        let mut height = Abs::zero();
        for (at, column, y) in entries {
            let x = self.step * column as f64;
            let x = if self.right_to_left { width - self.width - x } else { x };
            let entry = std::mem::take(&mut self.entries[at]);
            height.set_max(y + entry.height());
            page.push_frame(Point::new(x, y), entry);
        }
        if height > Abs::zero() {
            let right = (self.step * (self.count as f64 - 1.0) + self.width).min(width);
            page.set_size(Size::new(right, height));
        }
        page
    }
}

/// Lays out an entry in a column. It is only broken if it is higher than a page.
fn lay_out(
    entry: &Content,
    engine: &mut Engine,
    locator: &mut SplitLocator,
    styles: StyleChain,
    page: Size,
    frames: &mut Vec<Frame>,
) -> SourceResult<()> {
    let locator = locator.next(&entry.span());
    let expand = Axes::new(page.x.is_finite(), false);
    let whole = Region::new(Size::new(page.x, Abs::inf()), expand);
    let frame = layout_frame(engine, entry, locator.relayout(), styles, whole)?;
    if frame.height() <= page.y {
        frames.push(frame);
    } else {
        frames.extend(layout_fragment(
            engine,
            entry,
            locator,
            styles,
            Regions::repeat(page, expand),
        )?);
    }
    Ok(())
}

fn fragment(pages: Vec<Frame>) -> Fragment {
    if pages.is_empty() {
        Fragment::frame(Frame::soft(Size::zero()))
    } else {
        Fragment::frames(pages)
    }
}
