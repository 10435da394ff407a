//! Checks that picture files are pictures, complete, and small enough to send.

use crate::letter::Picture;
use crate::letter::embedded::{self, Unprintable};
use crate::letter::resolve::Resolver;
use crate::problems::{Code, Diagnostic};
use crate::source::text::Text;
use crate::words::say;

/// The size in MiB above which a picture is reported: two of them exceed the limit of many mailboxes.
const LARGE_PICTURE: usize = 4;

impl Resolver<'_> {
    /// A picture, if it can be printed.
    pub(super) fn picture(&self, path: &Text) -> Option<Picture> {
        let file = self.problems.take(self.files.follow_text(path))?;
        let data = self.files.file(file).ok()?;
        let written = &path.value;
        let (problem, hint) = match embedded::unprintable(&data) {
            None => {
                let mebibytes = data.as_slice().len() >> 20;
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
            Some(Unprintable::Html) => (
                say!("the picture `{written}` contains HTML, which cannot be printed", written),
                Some(say!("save it with its texts as SVG text or as paths")),
            ),
            Some(Unprintable::Size(wrong)) => {
                (say!("the picture `{written}` is too large: {wrong}", written, wrong), None)
            }
            Some(Unprintable::Damaged) => (
                say!("the picture `{written}` is damaged", written),
                Some(say!("open it in an image editor and save it again")),
            ),
            Some(Unprintable::NoPicture) => (
                say!("`{written}` is not a picture", written),
                Some(say!("a picture is a PNG, JPEG, WebP or SVG file")),
            ),
        };
        let problem = Diagnostic::new(Code::InvalidImage, path.place.clone(), problem);
        self.problems.push(problem.hint_if(hint));
        None
    }
}
