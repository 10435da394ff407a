//! Checks that picture files are pictures, complete, and small enough to send.

use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use crate::letter::Picture;
use crate::letter::embedded;
use crate::letter::resolve::Resolver;
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::words::{Message, say};

/// The size in MiB above which a picture is reported: two of them exceed the limit of many mailboxes.
const LARGE_PICTURE: usize = 4;

impl Resolver<'_> {
    /// A picture, if it can be printed.
    pub(super) fn picture(&self, path: &Text) -> Option<Picture> {
        let file = self.problems.take(self.files.follow_text(path))?;
        let data = self.files.file(file).ok()?;
        let bytes = data.as_slice();
        let starts: [&[u8]; 5] = [b"\x89PNG", b"\xFF\xD8\xFF", b"<svg", b"<?xml", b"RIFF"];
        let is_picture = starts.iter().any(|start| bytes.starts_with(start));
        if bytes.starts_with(b"<") && bytes.windows(14).any(|part| part == b"<foreignObject") {
            let written = &path.value;
            let problem =
                say!("the picture `{written}` contains HTML, which cannot be printed", written);
            let problem = Diagnostic::new(Code::InvalidImage, path.place.clone(), problem);
            self.problems
                .push(problem.hint(say!("save it with its texts as SVG text or as paths")));
            return None;
        }
        if is_picture && let Some(wrong) = embedded::picture_problem(bytes) {
            self.report_size(path, wrong);
            return None;
        }
        let mut wrong = None;
        let mut is_whole = || match ExchangeFormat::detect(bytes) {
            Some(format) => RasterImage::plain(data.clone(), format).is_ok(),
            None => match SvgImage::new(data.clone()) {
                Ok(drawing) => {
                    wrong = embedded::wrong_size(drawing.width(), drawing.height(), false);
                    true
                }
                Err(_) => false,
            },
        };
        let written = &path.value;
        let is_right = is_picture && is_whole();
        if let Some(wrong) = wrong {
            self.report_size(path, wrong);
            return None;
        }
        if is_right {
            let mebibytes = bytes.len() >> 20;
            if mebibytes >= LARGE_PICTURE {
                let message = say!(
                    "the picture `{written}` is {mebibytes} MiB, and all of it goes into the PDF",
                    written,
                    mebibytes
                );
                let problem = Diagnostic::new(Code::LargePicture, path.place.clone(), message);
                self.problems.push(problem.hint(say!(
                    "make it smaller: a width of 2600 pixels is enough for any paper, and photos \
                     should be JPEG"
                )));
            }
            return Some(Picture { file, place: path.place.clone() });
        }
        let (problem, hint) = if is_picture {
            (
                say!("the picture `{written}` is damaged", written),
                say!("open it in an image editor and save it again"),
            )
        } else {
            (
                say!("`{written}` is not a picture", written),
                say!("a picture is a PNG, JPEG, WebP or SVG file"),
            )
        };
        let problem = Diagnostic::new(Code::InvalidImage, path.place.clone(), problem);
        self.problems.push(problem.hint(hint));
        None
    }

    fn report_size(&self, path: &Text, wrong: Message) {
        let written = &path.value;
        let message = say!("the picture `{written}` is too large: {wrong}", written, wrong);
        self.problems.push(Diagnostic::new(Code::InvalidImage, path.place.clone(), message));
    }
}
