//! Pages as pictures, to look at: PNG and SVG.

use typst::layout::{Frame, FrameItem, Transform};
use typst_layout::Page;

use crate::formats::format::Document;
use crate::problems::{Code, Diagnostic, Problems};
use crate::render::Rendered;
use crate::render::page_ranges::PageRanges;
use crate::source::Place;
use crate::words::say;

/// The maximum number of pixels of a page, and of a picture on it: a page of the largest paper at the
/// highest resolution, which takes 1 GB.
const MAX_PIXELS: f64 = 250e6;

/// A PNG of each requested page, at a resolution in pixels per inch. A page that cannot be written as
/// PNG is a problem at `place`.
pub(crate) fn png(
    rendered: &Rendered,
    stem: &str,
    wanted: Option<&PageRanges>,
    ppi: u16,
    place: &Place,
    problems: &Problems,
) -> Vec<Document> {
    let scale = f64::from(ppi) / 72.0;
    let options = typst_render::RenderOptions { pixel_per_pt: scale.into(), ..Default::default() };
    pages(rendered, stem, "png", wanted, |number, page| {
        let pixels = pixels(&page.frame, scale);
        if pixels > MAX_PIXELS {
            let (pixels, most) = (format!("{:.0}", pixels / 1e6), MAX_PIXELS / 1e6);
            let message = say!(
                "page {number} cannot be written as PNG: it takes a picture of {pixels} million \
                 pixels; the maximum is {most} million",
                number,
                pixels,
                most
            );
            problems.push(Diagnostic::new(Code::Write, place.clone(), message).hint(say!(
                "choose a lower --ppi, a smaller page, or a picture whose sides differ less"
            )));
            return None;
        }
        match typst_render::render(page, &options).encode_png() {
            Ok(data) => Some(data),
            Err(error) => {
                let message =
                    say!("page {number} cannot be written as PNG: {error}", number, error);
                problems.push(Diagnostic::new(Code::Write, place.clone(), message));
                None
            }
        }
    })
}

/// The number of pixels of a page, or of the largest picture on it.
fn pixels(page: &Frame, scale: f64) -> f64 {
    let size = page.size();
    let own = size.x.to_pt() * size.y.to_pt() * scale * scale;
    own.max(pixels_of_pictures(page, scale))
}

/// The number of pixels of the largest picture in a frame. `typst_render::render` scales a picture until
/// it covers its place.
fn pixels_of_pictures(frame: &Frame, scale: f64) -> f64 {
    let pixels = frame.items().map(|(_, item)| match item {
        FrameItem::Group(group) => {
            let Transform { sx, ky, kx, sy, .. } = group.transform;
            let (x, y) = (sx.get().hypot(ky.get()), kx.get().hypot(sy.get()));
            pixels_of_pictures(&group.frame, scale * x.max(y))
        }
        FrameItem::Image(image, size, _) => {
            let aspect = image.width() / image.height();
            let width = scale * size.x.to_pt().max(aspect * size.y.to_pt());
            width * width / aspect
        }
        _ => 0.0,
    });
    pixels.fold(0.0, f64::max)
}

/// An SVG of each requested page.
pub(crate) fn svg(rendered: &Rendered, stem: &str, wanted: Option<&PageRanges>) -> Vec<Document> {
    let options = typst_svg::SvgOptions::default();
    pages(rendered, stem, "svg", wanted, |_, page| {
        Some(typst_svg::svg(page, &options).into_bytes())
    })
}

/// One file for each requested page, numbered so that they sort.
fn pages(
    rendered: &Rendered,
    stem: &str,
    extension: &str,
    wanted: Option<&PageRanges>,
    picture: impl Fn(usize, &Page) -> Option<Vec<u8>>,
) -> Vec<Document> {
    let pages = rendered.document.pages();
    let digits = pages.len().to_string().len();
    let numbered = (1..).zip(pages);
    numbered
        .filter(|(number, _)| wanted.is_none_or(|wanted| wanted.contain_index(number - 1)))
        .filter_map(|(number, page)| {
            let name = format!("{stem}.{number:0digits$}.{extension}");
            picture(number, page).map(|data| Document { name, data })
        })
        .collect()
}
