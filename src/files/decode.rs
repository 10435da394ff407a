//! Files as text: their encodings, and errors in the text of a file.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::{Encoding, UTF_8};
use typst::syntax::FileId;

use crate::files::Files;
use crate::files::workbook::{self, Sheet};
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::file_kind::FileKind;
use crate::words::{Message, say};

/// The maximum size of a text, in bytes. Typst packs the two ends of a range into 23 bits each
/// (`typst_syntax::Span`), so it cannot represent places beyond 8 MiB.
pub(super) const MAX_TEXT_BYTES: usize = (1 << 23) - 1;

impl Files {
    /// The text of a file, without a byte order mark.
    ///
    /// It must be valid in its encoding, which is UTF-8 unless declared otherwise. If it is not, or is no
    /// text at all but a document of Word or the like, the error is the problem to report.
    pub(crate) fn text(&self, file: FileId) -> Result<String, Box<Diagnostic>> {
        let bytes = self.bytes(file).map_err(|reason| {
            let problem = reason.message(file.vpath().get_without_slash());
            Box::new(Diagnostic::new(reason.code(), Place::start_of(file), problem))
        })?;
        if let Some(kind) = self.kind(file, &bytes) {
            if let Some(sheet) = self.sheet_in(file, kind, &bytes) {
                return sheet.map(|sheet| sheet.text).map_err(|message| {
                    let problem = Diagnostic::new(Code::Syntax, Place::start_of(file), message);
                    Box::new(
                        problem.hint(say!("save the sheet as CSV in UTF-8, and name that file")),
                    )
                });
            }
            let name = file.vpath().file_name().unwrap_or_default();
            let message = match kind {
                FileKind::Binary => say!("this is not a text file"),
                kind => say!("this is {kind}, not text", kind = kind.name()),
            };
            let problem = Diagnostic::new(Code::Syntax, Place::start_of(file), message);
            return Err(Box::new(problem.hint(kind.advice(name))));
        }
        if bytes.len() > MAX_TEXT_BYTES {
            let size = bytes.len();
            return Err(Box::new(Diagnostic::new(
                Code::InvalidValue,
                Place::start_of(file),
                say!(
                    "this file has {size} bytes; the maximum is {most}",
                    size,
                    most = MAX_TEXT_BYTES
                ),
            )));
        }
        let bytes = bytes.as_slice();
        let encoding = self.encoding(file, bytes);
        let (text, damaged) = decode(bytes, encoding);
        match damaged {
            None => Ok(text.into_owned()),
            Some(at) => {
                let name = encoding.name();
                let problem = Diagnostic::new(
                    Code::Syntax,
                    Place::new(file, at..at),
                    say!("this file is not {name}", name),
                )
                .hint(say!(
                    "save it again as UTF-8; for a CSV file, you can name its encoding instead, as \
                     in encoding = \"windows-1252\", or --encoding windows-1252 on the command line"
                ));
                Err(Box::new(problem))
            }
        }
    }

    /// The texts of files, each decoded once; empty for what is no text.
    pub(crate) fn texts(&self) -> impl Fn(FileId) -> Rc<str> {
        let known: RefCell<HashMap<FileId, Rc<str>>> = RefCell::default();
        move |file| {
            let read = || self.text(file).unwrap_or_default().into();
            known.borrow_mut().entry(file).or_insert_with(read).clone()
        }
    }

    /// The text of a file for excerpts, with � for invalid bytes. Empty if it is too large or no text.
    pub(crate) fn text_to_show(&self, file: FileId) -> String {
        if let Some(sheet) = self.sheet(file) {
            return sheet.text;
        }
        match self.file(file) {
            Ok(bytes) if bytes.len() <= MAX_TEXT_BYTES && self.kind(file, &bytes).is_none() => {
                let bytes = bytes.as_slice();
                decode(bytes, self.encoding(file, bytes)).0.into_owned()
            }
            _ => String::new(),
        }
    }

    /// The sheet of a list that is a workbook, if it can be read.
    pub(crate) fn sheet(&self, file: FileId) -> Option<Sheet> {
        let bytes = self.file(file).ok().filter(|_| self.is_list(file))?;
        let kind = self.kind(file, &bytes)?;
        self.sheet_in(file, kind, &bytes)?.ok()
    }

    /// The same for a file whose bytes and kind are known.
    fn sheet_in(
        &self,
        file: FileId,
        kind: FileKind,
        bytes: &[u8],
    ) -> Option<Result<Sheet, Message>> {
        (self.is_list(file) && kind.is_workbook()).then(|| workbook::read(bytes)).flatten()
    }

    /// Declares the encoding of a file without a byte order mark.
    pub(crate) fn declare_encoding(&self, file: FileId, encoding: &'static Encoding) {
        self.encodings.lock().insert(file, encoding);
    }

    /// What a file is, if it is no text.
    fn kind(&self, file: FileId, bytes: &[u8]) -> Option<FileKind> {
        let name = file.vpath().file_name().unwrap_or_default();
        // In UTF-16, bytes of zero are text.
        let is_wide =
            |kind| kind == FileKind::Binary && !self.encoding(file, bytes).is_ascii_compatible();
        FileKind::of(bytes, name).filter(|kind| !is_wide(*kind))
    }

    /// The encoding of the byte order mark, or the declared one, or UTF-8.
    fn encoding(&self, file: FileId, bytes: &[u8]) -> &'static Encoding {
        let declared = || self.encodings.lock().get(&file).copied();
        let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
        marked.or_else(declared).unwrap_or(UTF_8)
    }
}

/// The text of a file without its byte order mark, and the position of the first invalid bytes.
fn decode<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> (Cow<'b, str>, Option<usize>) {
    if encoding == UTF_8 {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        return match str::from_utf8(bytes) {
            Ok(text) => (text.into(), None),
            Err(error) => (String::from_utf8_lossy(bytes), Some(error.valid_up_to())),
        };
    }
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    let at = damaged.then(|| text.find('\u{FFFD}').unwrap_or(0));
    (text, at)
}
