//! Enclosures with a file: PDFs whose pages follow the letter, and files of any kind that are attached.

use std::sync::Arc;

use hayro_syntax::{LoadPdfError, Pdf, PdfVersion};
use typst::foundations::Bytes;
use typst::syntax::FileId;

use crate::letter::manuscript::Manuscript;
use crate::letter::{Enclosed, Letter, embedded};
use crate::pdf::PdfStandard;
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
use crate::words::{Message, say};

/// The maximum number of pages of an enclosure.
const MAX_PAGES: usize = 500;

/// The minimum and maximum side length of a page, in points (ISO 32000-1, annex C.2).
const PAGE_SIDES: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// The size of a page in points.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(crate) struct PageSize {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// The properties of a PDF that has been read.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    /// The pages, in their order.
    pub sizes: Vec<PageSize>,
    /// The version of the format, such as (1, 7).
    pub version: (u8, u8),
}

/// Reads the pages of the PDF at a path of the letter. The error is the problem that keeps them from
/// being printed.
pub(crate) fn pages(path: &Text, data: Bytes) -> Result<Pages, Box<Diagnostic>> {
    let written = &path.value;
    let problem =
        |message| Box::new(Diagnostic::new(Code::InvalidPdf, path.place.clone(), message));
    if let Some(wrong) = embedded::pdf_problem(&data) {
        let message = say!("`{written}` cannot be read: {wrong}", written, wrong);
        return Err(Box::new(problem(message).hint(say!("attach it: attach = true"))));
    }
    let damaged = || {
        Box::new(
            problem(say!("`{written}` is not a PDF, or is damaged", written))
                .hint(say!("export it to PDF again, or attach it as it is: attach = true")),
        )
    };
    let read = embedded::caught(|| {
        let pdf = Pdf::new(Arc::new(data))?;
        let pages = pdf.pages().iter().take(MAX_PAGES + 1);
        let sizes = pages.map(hayro_syntax::page::Page::render_dimensions).collect();
        Ok((sizes, pdf))
    });
    let (sizes, pdf): (Vec<(f32, f32)>, Pdf) = match read {
        Some(Ok(read)) => read,
        Some(Err(LoadPdfError::Decryption(_))) => {
            return Err(Box::new(
                problem(say!("`{written}` is locked with a password", written))
                    .hint(say!("save it without a password, or attach it: attach = true")),
            ));
        }
        Some(Err(LoadPdfError::Invalid)) | None => return Err(damaged()),
    };
    if sizes.is_empty() {
        return Err(problem(say!("`{written}` has no pages", written)));
    }
    if sizes.len() > MAX_PAGES {
        return Err(Box::new(
            problem(say!("`{written}` has more than {most} pages", written, most = MAX_PAGES))
                .hint(say!("attach it: attach = true")),
        ));
    }
    let odd =
        |(width, height): &(f32, f32)| !PAGE_SIDES.contains(width) || !PAGE_SIDES.contains(height);
    if let Some(index) = sizes.iter().position(odd) {
        let number = index + 1;
        return Err(problem(say!(
            "page {number} of `{written}` has an invalid size",
            number,
            written
        )));
    }
    // Typst copies the pages on another thread, where a panic ends the program: here, it is caught.
    let all: Vec<usize> = (0..sizes.len()).collect();
    let copied = || hayro_write::extract_pages_as_xobject_to_pdf(&pdf, &all).len();
    embedded::caught(copied).ok_or_else(damaged)?;
    let size = |(width, height): (f32, f32)| PageSize {
        width: f64::from(width),
        height: f64::from(height),
    };
    Ok(Pages { sizes: sizes.into_iter().map(size).collect(), version: version(pdf.version()) })
}

fn version(version: PdfVersion) -> (u8, u8) {
    match version {
        PdfVersion::Pdf10 => (1, 0),
        PdfVersion::Pdf11 => (1, 1),
        PdfVersion::Pdf12 => (1, 2),
        PdfVersion::Pdf13 => (1, 3),
        PdfVersion::Pdf14 => (1, 4),
        PdfVersion::Pdf15 => (1, 5),
        PdfVersion::Pdf16 => (1, 6),
        PdfVersion::Pdf17 => (1, 7),
        PdfVersion::Pdf20 => (2, 0),
    }
}

/// The enclosures of letters that have a file: each file once, even if several languages enclose it.
pub(crate) fn with_files<'l>(letters: &[&'l Letter]) -> Vec<&'l Enclosed> {
    let mut all: Vec<&Enclosed> = Vec::new();
    for enclosed in letters.iter().flat_map(|letter| &letter.enclosed) {
        let known =
            |other: &&Enclosed| other.file == enclosed.file && other.attach == enclosed.attach;
        if !all.iter().any(known) {
            all.push(enclosed);
        }
    }
    all
}

/// Whether a PDF of these standards can contain the enclosures. If it cannot, the problem names the
/// standards to choose instead.
pub(crate) fn allowed(
    manuscript: &Manuscript<'_>,
    standards: &[PdfStandard],
    problems: &Problems,
) -> bool {
    let mut allowed = true;
    for enclosed in with_files(manuscript.letters()) {
        if let Some(problem) = forbidden(enclosed, standards) {
            problems.push(problem);
            allowed = false;
        }
    }
    allowed
}

fn forbidden(enclosed: &Enclosed, standards: &[PdfStandard]) -> Option<Diagnostic> {
    let place = || enclosed.place.clone();
    let Some(pages) = &enclosed.pages else {
        // Files may be attached only in PDF/A-3 (ISO 19005-3, section 6.8) and PDF/A-4f. PDF/A-2 and
        // PDF/A-4 accept files that are PDF/A themselves, which is not checked here.
        let strict = names(standards, |name| {
            (name.starts_with("a-") && !name.starts_with("a-3") && !matches!(name, "a-4f" | "a-4e"))
                || name == "x-1a"
        });
        if strict.is_empty() {
            return None;
        }
        let strict = strict.join(", ");
        let problem = say!("a PDF that conforms to {strict} cannot have attached files", strict);
        return Some(Diagnostic::new(Code::PdfStandard, place(), problem).hint(say!(
            "choose PDF/A-3, which allows them: standard = [\"ua-1\", \"a-3a\"] in [pdf]"
        )));
    };
    // Nobody can vouch for the pages made by another program: neither for their fonts nor for their
    // tags nor for their colours.
    let strict =
        names(standards, |name| ["a-", "ua-", "x-"].iter().any(|kind| name.starts_with(kind)));
    if !strict.is_empty() {
        let strict = strict.join(", ");
        let problem =
            say!("a PDF that conforms to {strict} cannot include pages of another PDF", strict);
        return Some(Diagnostic::new(Code::PdfStandard, place(), problem).hint(attach()).hint(
            say!(
                "or have the PDF conform to no standard: standard = [\"1.7\"] in [pdf], or \
                 --pdf-standard 1.7"
            ),
        ));
    }
    let own = names(standards, |_| true).first().and_then(|name| name.split_once('.'));
    let own = own.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?))).unwrap_or((1, 7));
    if pages.version > own {
        let ((major, minor), (own_major, own_minor)) = (pages.version, own);
        let problem = say!(
            "these pages are PDF {major}.{minor}, which a PDF {own_major}.{own_minor} cannot \
             include",
            major,
            minor,
            own_major,
            own_minor
        );
        return Some(Diagnostic::new(Code::PdfStandard, place(), problem).hint(say!(
            "write standard = [\"{major}.{minor}\"] in [pdf], or --pdf-standard {major}.{minor}",
            major,
            minor
        )));
    }
    None
}

fn attach() -> Message {
    say!(
        "attach the file, which PDF/A-3 allows: attach = true, and standard = [\"ua-1\", \"a-3a\"] in [pdf]"
    )
}

/// The names of the standards for which `meant` is true.
fn names(standards: &[PdfStandard], meant: impl Fn(&str) -> bool) -> Vec<&'static str> {
    standards.iter().map(|standard| standard.name()).filter(|name| meant(name)).collect()
}

/// The media type of a file (IANA's registry of media types), by the extension of its name.
pub(crate) fn media_type(file: FileId) -> &'static str {
    let name = file.vpath().get_without_slash().to_lowercase();
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("pdf") => "application/pdf",
        Some("csv") => "text/csv",
        Some("txt") => "text/plain",
        Some("md") => "text/markdown",
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        Some("zip") => "application/zip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("svg") => "image/svg+xml",
        Some("odt") => "application/vnd.oasis.opendocument.text",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
