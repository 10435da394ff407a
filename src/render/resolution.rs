//! Whether the pictures of a letter have enough pixels for their size on paper.

use typst::layout::{Abs, Frame, FrameItem, Size, Transform};
use typst::visualize::{Image, ImageKind};
use typst_layout::PagedDocument;

use crate::letter::{Body, Letter, Picture, body};
use crate::problems::{Code, Diagnostic};
use crate::render::world::LetterWorld;
use crate::words::say;

/// The pixels per inch that print shops ask for.
const PHOTO: f64 = 300.0;

/// The same for signatures, whose lines are thick.
const SIGNATURE: f64 = 200.0;

/// One problem for each picture that would be blurred on paper. Pictures of the same file are one.
pub(super) fn problems(
    document: &PagedDocument,
    world: &LetterWorld,
    letter: &Letter,
) -> Vec<Diagnostic> {
    let logo = letter.from.iter().filter_map(|from| from.logo.as_ref()).map(|logo| &logo.picture);
    let figures = match &letter.body {
        Body::Markdown(blocks) => body::figures(blocks),
        Body::Typst(_) => Vec::new(),
    };
    let figures = figures.into_iter().map(|figure| &figure.picture);
    let photos = logo.chain(&letter.page.background).chain(figures).map(|picture| (picture, PHOTO));
    let signatories = letter.groups.iter().flat_map(|group| &group.signatories);
    let signatures = signatories.filter_map(|signatory| signatory.signature.as_ref());
    let pictures: Vec<(&Picture, f64)> =
        photos.chain(signatures.map(|picture| (picture, SIGNATURE))).collect();
    if pictures.is_empty() {
        return Vec::new();
    }

    let mut printed = Vec::new();
    for page in document.pages() {
        walk(&page.frame, Transform::identity(), &mut printed);
    }
    let mut problems = Vec::new();
    let mut seen = Vec::new();
    for (picture, least) in pictures {
        let Ok(data) = world.files().file(picture.file) else { continue };
        let same = printed.iter().filter(|(image, _)| match image.kind() {
            ImageKind::Raster(raster) => *raster.data() == data,
            ImageKind::Svg(_) | ImageKind::Pdf(_) => false,
        });
        let dense = same.map(|(image, size)| (density(image, *size), image, size));
        let Some((found, image, size)) = dense.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        // A pixel more or less does not matter.
        if found >= least - 1.0 || seen.contains(&picture.file) {
            continue;
        }
        seen.push(picture.file);
        let (width, height) = (size.x.to_mm().round(), size.y.to_mm().round());
        let (has, needs) = (image.width(), (image.width() * least / found).ceil());
        problems.push(
            Diagnostic::new(
                Code::LowResolutionPicture,
                picture.place.clone(),
                say!(
                    "this picture is {has} pixels wide and needs {needs} where it is printed, {width} × {height} \
                     mm: it will look blurred",
                    has,
                    needs,
                    width,
                    height
                ),
            )
            .hint(say!(
                "use a file with {needs} pixels or more, which is {least} per inch, as from the camera or the \
                 scanner, or an SVG; enlarging this one does not help",
                needs,
                least
            ))
            .in_language(&letter.tag),
        );
    }
    problems
}

/// The pixels per inch of a picture that is printed at a size.
fn density(image: &Image, size: Size) -> f64 {
    (image.width() / size.x.to_inches()).min(image.height() / size.y.to_inches())
}

/// All pictures of a page with their sizes on paper.
fn walk<'f>(frame: &'f Frame, transform: Transform, images: &mut Vec<(&'f Image, Size)>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Image(image, size, _) => {
                let scaled = |length: Abs, x: f64, y: f64| length * x.hypot(y);
                let Transform { sx, ky, kx, sy, .. } = transform;
                let width = scaled(size.x, sx.get(), ky.get());
                let height = scaled(size.y, kx.get(), sy.get());
                images.push((image, Size::new(width, height)));
            }
            FrameItem::Group(group) => {
                walk(&group.frame, transform.pre_concat(group.transform), images);
            }
            _ => {}
        }
    }
}
