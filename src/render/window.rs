//! Whether exactly the address on a laid-out page shows through the window of its envelope.

use typst::layout::{Abs, Point, Transform};
use typst::syntax::Span;
use typst::text::TextItem;
use typst_layout::PagedDocument;

use crate::letter::{Envelope, Letter, Person, Printed, Sender};
use crate::problems::{Code, Diagnostic};
use crate::render::frames::{place_of, walk_placed};
use crate::render::world::LetterWorld;
use crate::source::Place;
use crate::spec::envelopes::{MM, Rectangle};
use crate::words::say;

/// How far ink may extend beyond the edge of a field, in points: less than a sheet moves in an
/// envelope.
const TOLERANCE: f64 = 1.0;

/// The problems of the window on the first page: for each addressee the first line that is not
/// visible, and each other text that is.
pub(crate) fn problems(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let (Some(envelope), Some(page)) = (&letter.page.envelope, document.pages().first()) else {
        return Vec::new();
    };
    let geometry = &envelope.geometry;
    let addresses: Vec<Vec<&Place>> = letter.to.iter().map(lines).collect();
    let mut shown: Vec<Place> = Vec::new();
    let mut hidden: Vec<Place> = Vec::new();
    let mut intruders: Vec<Place> = Vec::new();
    let sender: Vec<&Place> = letter.from.iter().flat_map(sender_line).collect();
    let mut wide_sender = None;
    walk_placed(&page.frame, Transform::identity(), &mut |text, transform| {
        let bounds = bounds(text, transform);
        // Text without a file is the program's own: a page number, a fold mark.
        for place in spans(text).into_iter().filter_map(|span| place_of(span, world)) {
            if addresses.iter().flatten().any(|line| **line == place) {
                let inside = geometry.address().contains(&bounds, TOLERANCE);
                if inside { &mut shown } else { &mut hidden }.push(place);
            } else if geometry.window.overlaps(&bounds, TOLERANCE)
                && !geometry.return_line().contains(&bounds, TOLERANCE)
                && !intruders.contains(&place)
            {
                // Above the window, the letterhead has larger type.
                let small = geometry.return_address > 0.0 && text.size < Abs::pt(7.0);
                if small && sender.contains(&&place) {
                    wide_sender.get_or_insert(place);
                } else {
                    intruders.push(place);
                }
            }
        }
    });
    // What is written nowhere, such as the text of a pattern whose cells are all empty, cannot be found.
    let is_written = |line: &Place| !line.range.is_empty();
    let unseen =
        |line: &&&Place| hidden.contains(line) || is_written(line) && !shown.contains(line);
    let outside = addresses.iter().filter_map(|address| address.iter().find(unseen));
    let outside = outside.map(|line| outside_window(envelope, (*line).clone()));
    let intruders = intruders.into_iter().map(|place| intruding(envelope, place));
    let wide_sender = wide_sender.map(|place| too_wide(envelope, place));
    outside
        .chain(wide_sender)
        .chain(intruders)
        .map(|problem| problem.in_language(&letter.tag))
        .collect()
}

/// Where the printed texts of an addressee are written, in the order they are printed.
fn lines(person: &Person) -> Vec<&Place> {
    let Person { office, organization, address, email, note, country, delivery, .. } = person;
    let (names, _) = person.full_name();
    let rest = [email, note, country].into_iter().flatten();
    let all = delivery.iter().chain(names).chain(office).chain(organization).chain(address);
    all.chain(rest).map(|line: &Printed| &line.source.place).collect()
}

/// Where the texts of the line above the address are written.
fn sender_line(from: &Sender) -> impl Iterator<Item = &Place> {
    let names = [from.organization.as_ref(), from.name.as_ref()].into_iter().flatten();
    names.chain(&from.address).map(|part| &part.source.place)
}

/// Where the visible letters of a text are written. A run of text may come from several values: "Dra."
/// and the name.
pub(super) fn spans(text: &TextItem) -> Vec<Span> {
    let seen = text.glyphs.iter().filter(|glyph| {
        text.text.get(glyph.range()).is_some_and(|letters| !letters.trim().is_empty())
    });
    let mut spans: Vec<Span> = seen.map(|glyph| glyph.span.0).collect();
    spans.dedup();
    spans
}

/// Approximately where the ink of a text is: accented letters rise three quarters of the type size
/// above the baseline, and descend a quarter below it.
pub(super) fn bounds(text: &TextItem, transform: Transform) -> Rectangle {
    let corner = |x: Abs, y: Abs| Point::new(x, y).transform(transform);
    let start = corner(Abs::zero(), text.size * -0.75);
    let end = corner(text.width(), text.size * 0.25);
    Rectangle {
        x: start.x.min(end.x).to_pt(),
        y: start.y.min(end.y).to_pt(),
        width: (end.x - start.x).abs().to_pt(),
        height: (end.y - start.y).abs().to_pt(),
    }
}

fn outside_window(envelope: &Envelope, place: Place) -> Diagnostic {
    let name = &envelope.name;
    let (width, height) = envelope.geometry.room();
    let (width, height) = (width / MM, height / MM);
    let message = say!("this does not show through the address window of `{name}`", name);
    Diagnostic::new(Code::AddressOverflow, place, message).hint(say!(
        "an address has {width} × {height} mm there: shorten its lines, or remove some",
        width = format_args!("{width:.0}"),
        height = format_args!("{height:.0}")
    ))
}

fn intruding(envelope: &Envelope, place: Place) -> Diagnostic {
    let name = &envelope.name;
    let message = say!(
        "this shows through the address window of `{name}`, where only the address should be seen",
        name
    );
    Diagnostic::new(Code::AddressOverflow, place, message)
        .hint(say!("shorten what is above or beside the address"))
}

fn too_wide(envelope: &Envelope, place: Place) -> Diagnostic {
    let name = &envelope.name;
    let message = say!(
        "the sender takes more than two lines above the address in the window of `{name}`",
        name
    );
    Diagnostic::new(Code::AddressOverflow, place, message)
        .hint(say!("shorten the sender's name or address"))
}
