//! Pages as pictures, to look at: PNG and SVG.

use typst_layout::Page;

use crate::formats::format::Document;
use crate::problems::{Code, Diagnostic, Problems};
use crate::render::Rendered;
use crate::render::page_ranges::PageRanges;
use crate::source::Place;
use crate::words::say;

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
