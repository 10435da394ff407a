//! The pictures of a Word document: PNG, JPEG and GIF as they are, others as PNG.

use std::collections::HashMap;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, RgbaImage};
use maud::{Markup, html};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg;
use typst::syntax::FileId;

use crate::files::Files;
use crate::letter::{Letter, embedded};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::Place;
use crate::words::say;

/// English Metric Units for a twentieth of a point: 914,400 for an inch.
const EMU: i64 = 635;

/// Twentieths of a point for a pixel of 1/96 inch.
const PIXEL: f64 = 15.0;

/// The pixels of the longer side of a drawing that becomes a picture: 10 cm at 300 dpi.
const DRAWN: f32 = 1200.0;

/// The pictures of a document.
pub(super) struct Media<'l> {
    letter: &'l Letter,
    source: &'l Files,
    problems: &'l Problems,
    known: HashMap<FileId, Option<Stored>>,
    /// How many pictures there are on the pages.
    count: usize,
    /// The paths and the bytes of the pictures in the package.
    pub files: Vec<(String, Vec<u8>)>,
    /// Whether every picture is there.
    pub whole: bool,
}

/// A picture in the package.
#[derive(Debug, Clone)]
struct Stored {
    name: String,
    /// The size in twentieths of a point.
    width: f64,
    height: f64,
}

/// A picture on the page.
#[derive(Debug)]
pub(super) struct Added {
    /// Its file in the folder of pictures.
    pub name: String,
    /// Its number among those of the document.
    number: usize,
    /// Its size in twentieths of a point.
    width: i64,
    height: i64,
}

impl<'l> Media<'l> {
    pub(super) fn new(letter: &'l Letter, source: &'l Files, problems: &'l Problems) -> Self {
        Self {
            letter,
            source,
            problems,
            known: HashMap::new(),
            count: 0,
            files: Vec::new(),
            whole: true,
        }
    }

    /// The extensions of the pictures, and what they are.
    pub(super) fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let all = [("gif", "image/gif"), ("jpeg", "image/jpeg"), ("png", "image/png")];
        let has = |end: &str| self.files.iter().any(|(path, _)| path.ends_with(end));
        all.into_iter().filter(|(end, _)| has(end)).collect()
    }

    /// Adds a picture, no larger than this in twentieths of a point, and as wide as it is `wanted` if it is.
    pub(super) fn add(
        &mut self,
        file: FileId,
        (width, height): (i64, i64),
        wanted: Option<f64>,
    ) -> Option<Added> {
        if !self.known.contains_key(&file) {
            let stored = self.store(file);
            if stored.is_none() {
                let message = say!("a Word document cannot contain this picture");
                let hint = say!("save it as PNG or JPEG");
                let place = Place::start_of(file);
                self.problems.push(Diagnostic::new(Code::InvalidImage, place, message).hint(hint));
                self.whole = false;
            }
            self.known.insert(file, stored);
        }
        let stored = self.known.get(&file)?.as_ref()?;
        let wanted = wanted.map_or(1.0, |wanted| wanted / stored.width);
        let scale = (width as f64 / stored.width).min(height as f64 / stored.height).min(wanted);
        let scaled = |length: f64| ((length * scale).round() as i64).max(1);
        self.count += 1;
        Some(Added {
            name: stored.name.clone(),
            number: self.count,
            width: scaled(stored.width),
            height: scaled(stored.height),
        })
    }

    fn store(&mut self, file: FileId) -> Option<Stored> {
        let data = self.source.file(file).ok()?;
        let data = data.as_slice();
        let (end, data, (width, height)) = match image::guess_format(data) {
            Ok(ImageFormat::Png) => ("png", data.to_vec(), size(data)?),
            Ok(ImageFormat::Jpeg) => ("jpeg", data.to_vec(), size(data)?),
            Ok(ImageFormat::Gif) => ("gif", data.to_vec(), size(data)?),
            Ok(ImageFormat::WebP) => {
                ("png", png(&image::load_from_memory(data).ok()?)?, size(data)?)
            }
            _ => {
                let (data, size) = embedded::caught(|| self.drawn(data)).flatten()?;
                ("png", data, size)
            }
        };
        let name = format!("image{}.{end}", self.files.len() + 1);
        self.files.push((format!("word/media/{name}"), data));
        Some(Stored { name, width: width * PIXEL, height: height * PIXEL })
    }

    /// An SVG as a picture, with its size in pixels. What it refers to outside of itself is not there.
    fn drawn(&self, data: &[u8]) -> Option<(Vec<u8>, (f64, f64))> {
        let mut options = usvg::Options::default();
        options.image_href_resolver.resolve_string = Box::new(|_, _| None);
        if data.windows(5).any(|part| part == b"<text") {
            let fonts = &self.letter.page.fonts;
            let all = (0..).map_while(|index| fonts.font(index));
            all.for_each(|font| options.fontdb_mut().load_font_data(font.data().to_vec()));
        }
        let tree = usvg::Tree::from_data(data, &options).ok()?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = DRAWN / width.max(height);
        #[expect(clippy::cast_sign_loss, reason = "a size is positive")]
        let pixels = |length: f32| ((length * scale).round() as u32).max(1);
        let mut drawn = Pixmap::new(pixels(width), pixels(height))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut drawn.as_mut());
        let (columns, rows) = (drawn.width(), drawn.height());
        let colours: Vec<u8> = drawn
            .pixels()
            .iter()
            .map(PremultipliedColorU8::demultiply)
            .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()])
            .collect();
        let picture = RgbaImage::from_raw(columns, rows, colours)?;
        Some((png(&DynamicImage::ImageRgba8(picture))?, (width.into(), height.into())))
    }
}

/// The size of a picture in pixels.
fn size(data: &[u8]) -> Option<(f64, f64)> {
    let reader = ImageReader::new(Cursor::new(data)).with_guessed_format().ok()?;
    let (width, height) = reader.into_dimensions().ok()?;
    (width > 0 && height > 0).then_some((width.into(), height.into()))
}

fn png(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut data = Cursor::new(Vec::new());
    picture.write_to(&mut data, ImageFormat::Png).ok()?;
    Some(data.into_inner())
}

/// A picture in a line of text (ECMA-376, part 1, section 20.4.2.8).
pub(super) fn drawing(picture: &Added, relation: &str, alt: &str) -> Markup {
    const MAIN: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
    const PICTURE: &str = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    let Added { name, number, width, height } = picture;
    let (width, height) = (width * EMU, height * EMU);
    html! {
        w:r {
            w:drawing {
                wp:inline distT="0" distB="0" distL="0" distR="0" {
                    wp:extent cx=(width) cy=(height) {}
                    wp:docPr id=(number) name=(name) descr=(alt) {}
                    wp:cNvGraphicFramePr {
                        a:graphicFrameLocks xmlns:a=(MAIN) noChangeAspect="1" {}
                    }
                    a:graphic xmlns:a=(MAIN) {
                        a:graphicData uri=(PICTURE) {
                            pic:pic xmlns:pic=(PICTURE) {
                                pic:nvPicPr {
                                    pic:cNvPr id=(number) name=(name) descr=(alt) {}
                                    pic:cNvPicPr {}
                                }
                                pic:blipFill {
                                    a:blip r:embed=(relation) {}
                                    a:stretch { a:fillRect {} }
                                }
                                pic:spPr {
                                    a:xfrm {
                                        a:off x="0" y="0" {}
                                        a:ext cx=(width) cy=(height) {}
                                    }
                                    a:prstGeom prst="rect" { a:avLst {} }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
