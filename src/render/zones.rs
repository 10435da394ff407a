//! Whether laid-out pages are as the print service of a letter wants them.

use std::collections::HashSet;

use typst::layout::{Frame, FrameItem, Point, Size, Transform};
use typst::syntax::Span;
use typst_layout::PagedDocument;

use crate::letter::{Letter, Service};
use crate::problems::{Code, Diagnostic, Severity};
use crate::render::frames::place_of;
use crate::render::window;
use crate::render::world::LetterWorld;
use crate::source::Place;
use crate::spec::envelopes::{self, MM, Rectangle};
use crate::spec::print_services::Zone;
use crate::words::say;

/// How far ink may extend into a zone, in points. What is printed is measured a little generously.
const TOLERANCE: f64 = 1.0;

/// How much a page may differ from its paper, in points: two millimetres.
const PAPER_TOLERANCE: f64 = 2.0 * MM;

/// What the print service would not take: too many pages, a page of another size, and whatever is printed
/// where nothing may be, each once.
pub(super) fn problems(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let Some(service) = &letter.page.service else { return Vec::new() };
    let mut found = Vec::new();
    let pages = document.pages();
    let name = &service.name;
    if let Some(most) = service.rules.pages.filter(|most| pages.len() > *most) {
        let message = say!(
            "this letter has {pages} pages, but `{name}` takes at most {most}",
            name,
            most,
            pages = pages.len()
        );
        found.push(Diagnostic::new(Code::PrintZone, service.place.clone(), message));
    }
    let zones = service.rules.zones();
    let mut seen = HashSet::new();
    // What the template prints around a text is told only where no text is.
    let (mut around, mut told) = (Vec::new(), Vec::new());
    for (index, page) in pages.iter().enumerate() {
        if let Some(problem) = other_size(service, index, page.frame.size()) {
            found.push(problem);
            continue;
        }
        let zones: Vec<&Zone> = zones.iter().filter(|zone| zone.pages.contain(index)).collect();
        visit(&page.frame, Transform::identity(), &mut |spans, bounds| {
            // A picture that fills the page is stationery: what is printed of it is not known.
            if bounds.contains(&page_of(page.frame.size()), TOLERANCE) {
                return;
            }
            let Some(zone) = zones.iter().find(|zone| zone.area.overlaps(&bounds, TOLERANCE))
            else {
                return;
            };
            let on_page = (index, zone.area.x.to_bits(), zone.area.y.to_bits());
            for span in spans {
                let place = place_of(*span, world);
                // The zones are drawn for inspection.
                if place.is_none() && letter.page.show_window {
                    continue;
                }
                match place {
                    Some(place) => {
                        told.push(on_page);
                        if seen.insert(place.clone()) {
                            found.push(in_zone(service, zone, place, false));
                        }
                    }
                    None => around.push((on_page, **zone)),
                }
            }
        });
    }
    let alone = around.into_iter().find(|(on_page, _)| !told.contains(on_page));
    found.extend(alone.map(|(_, zone)| in_zone(service, &zone, service.place.clone(), true)));
    // Pages that show the zones are made to see what is wrong with them.
    let severity = if letter.page.show_window { Severity::Warning } else { Severity::Error };
    let found = found.into_iter().map(|problem| Diagnostic { severity, ..problem });
    found.map(|problem| problem.in_language(&letter.tag)).collect()
}

fn page_of(size: Size) -> Rectangle {
    Rectangle { x: 0.0, y: 0.0, width: size.x.to_pt(), height: size.y.to_pt() }
}

/// The problem of a page that is not of the service's paper.
fn other_size(service: &Service, index: usize, size: Size) -> Option<Diagnostic> {
    let paper = service.rules.paper;
    let wanted = envelopes::page(paper)?;
    let found = page_of(size);
    let same = |a: f64, b: f64| (a - b).abs() <= PAPER_TOLERANCE;
    if same(found.width, wanted.width) && same(found.height, wanted.height) {
        return None;
    }
    let (name, page) = (&service.name, index + 1);
    let message = say!(
        "page {page} has {width} × {height} mm, but `{name}` takes only `{paper}`",
        page,
        width = format_args!("{:.0}", found.width / MM),
        height = format_args!("{:.0}", found.height / MM),
        name,
        paper
    );
    Some(Diagnostic::new(Code::PrintZone, service.place.clone(), message))
}

fn in_zone(service: &Service, zone: &Zone, place: Place, is_own: bool) -> Diagnostic {
    let name = &service.name;
    let millimetres = |points: f64| format!("{:.0}", points / MM);
    let Rectangle { x, y, width, height } = zone.area;
    let (left, right) = (millimetres(x), millimetres(x + width));
    let (top, bottom) = (millimetres(y), millimetres(y + height));
    let message = if is_own {
        say!(
            "the template prints something where `{name}` wants nothing: {left} to {right} mm from the \
             left and {top} to {bottom} mm from the top",
            name,
            left,
            right,
            top,
            bottom
        )
    } else {
        say!(
            "this is printed where `{name}` wants nothing: {left} to {right} mm from the left and {top} \
             to {bottom} mm from the top",
            name,
            left,
            right,
            top,
            bottom
        )
    };
    Diagnostic::new(Code::PrintZone, place, message).hint(say!(
        "shorten or move it; `undersigned build --show-window` draws these zones on the pages"
    ))
}

/// A line as thick as what may not extend into a zone, so that it is noticed in the middle of one.
fn thick(line: Rectangle) -> Rectangle {
    let least = 2.0 * TOLERANCE;
    let (wider, higher) = ((least - line.width).max(0.0), (least - line.height).max(0.0));
    Rectangle {
        x: line.x - wider / 2.0,
        y: line.y - higher / 2.0,
        width: line.width + wider,
        height: line.height + higher,
    }
}

/// Visits everything that is printed: where it is written, and where it is on the page.
fn visit(frame: &Frame, transform: Transform, found: &mut impl FnMut(&[Span], Rectangle)) {
    for (at, item) in frame.items() {
        let transform = transform.pre_concat(Transform::translate(at.x, at.y));
        let bounds = |from: Point, to: Point| {
            let (from, to) = (from.transform(transform), to.transform(transform));
            Rectangle {
                x: from.x.min(to.x).to_pt(),
                y: from.y.min(to.y).to_pt(),
                width: (to.x - from.x).abs().to_pt(),
                height: (to.y - from.y).abs().to_pt(),
            }
        };
        match item {
            FrameItem::Text(text) => {
                let spans = window::spans(text);
                if !spans.is_empty() {
                    found(&spans, window::bounds(text, transform));
                }
            }
            FrameItem::Group(group) => {
                visit(&group.frame, transform.pre_concat(group.transform), found);
            }
            FrameItem::Shape(shape, span) => {
                let area = shape.bbox(true);
                found(&[*span], thick(bounds(area.min, area.max)));
            }
            FrameItem::Image(_, size, span) => {
                found(&[*span], bounds(Point::zero(), size.to_point()));
            }
            _ => {}
        }
    }
}
