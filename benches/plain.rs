//! Compiles a Typst file with Typst as a library, as `typst compile` does: what letters are measured beside.
//!
//!     cargo bench --bench plain -- benches/plain-letter.typ letter.pdf

use std::path::{Path, PathBuf};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    // `cargo bench` adds an argument.
    let [file, output, ..] = paths.as_slice() else { return };
    let text = std::fs::read_to_string(file).expect("a Typst file");
    let world = Plain::new(text);
    let document = typst::compile::<PagedDocument>(&world).output.expect("pages");
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]);
    let options =
        PdfOptions { standards: standards.expect("they go together"), ..PdfOptions::default() };
    std::fs::write(output, typst_pdf::pdf(&document, &options).expect("a PDF")).expect("a file");
}

/// One file, and the usual font.
struct Plain {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
}

impl Plain {
    fn new(text: String) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts/libertinus-serif");
        let faces = ["Regular", "Italic", "Semibold", "Bold", "BoldItalic"];
        let face = |name: &str| {
            let data =
                std::fs::read(folder.join(format!("LibertinusSerif-{name}.otf"))).expect("a font");
            Font::new(Bytes::new(data), 0).expect("a font")
        };
        let fonts: Vec<Font> = faces.into_iter().map(face).collect();
        let path = VirtualPath::new("main.typ").expect("a path");
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            source: Source::new(RootedPath::new(VirtualRoot::Project, path).intern(), text),
        }
    }
}

impl World for Plain {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
