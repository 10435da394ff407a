//! What a file is that was expected to be text, by its first bytes and by what is inside: people name
//! files as they like.

use memchr::memmem;

use crate::words::{Message, say};

/// A kind of file that people have in place of a text.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum FileKind {
    /// A Word document, since 2007.
    Word,
    /// A text document of LibreOffice.
    OpenText,
    /// An Excel workbook, since 2007.
    Excel,
    /// A spreadsheet of LibreOffice.
    OpenSpreadsheet,
    /// Slides of PowerPoint or LibreOffice.
    Slides,
    /// A Word document from before 2007.
    OldWord,
    /// An Excel workbook from before 2007.
    OldExcel,
    /// A document of Office with a password.
    Locked,
    /// A document in the Rich Text Format.
    RichText,
    /// A PDF.
    Pdf,
    /// A document of Pages.
    Pages,
    /// A spreadsheet of Numbers.
    Numbers,
    /// A file that only leads to a document or a spreadsheet of Google.
    GoogleShortcut,
    /// Any other ZIP archive.
    Zip,
    /// A picture.
    Picture,
    /// Something else that is no text: it has bytes of zero.
    Binary,
}

use FileKind::{
    Binary, Excel, GoogleShortcut, Locked, Numbers, OldExcel, OldWord, OpenSpreadsheet, OpenText,
    Pages, Pdf, Picture, RichText, Slides, Word, Zip,
};

/// How many bytes of a text are looked at.
const HEAD: usize = 4096;

impl FileKind {
    /// The kind of a file. `None` for text, whatever its encoding. `name` only tells documents of Pages
    /// from those of Numbers, whose bytes do not.
    pub(crate) fn of(data: &[u8], name: &str) -> Option<Self> {
        let head = &data[..data.len().min(HEAD)];
        let name = name.to_lowercase();
        let begins = |signature: &[u8]| head.starts_with(signature);
        if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
            return Some(in_zip(data, &name));
        }
        // [MS-CFB], section 2.2.
        if begins(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Some(in_compound_file(data, &name));
        }
        if begins(b"{\\rtf") {
            return Some(RichText);
        }
        if begins(b"%PDF-") {
            return Some(Pdf);
        }
        let is_web_picture = begins(b"RIFF") && data.get(8..12) == Some(b"WEBP");
        let pictures: [&[u8]; 4] = [b"\x89PNG\r\n\x1A\n", b"\xFF\xD8\xFF", b"GIF87a", b"GIF89a"];
        if is_web_picture || pictures.into_iter().any(begins) {
            return Some(Picture);
        }
        if head.trim_ascii_start().starts_with(b"{")
            && ["\"doc_id\"", "docs.google.com/"].iter().any(|part| contains(head, part.as_bytes()))
            && data.len() < HEAD
        {
            return Some(GoogleShortcut);
        }
        let is_utf_16 = begins(b"\xFF\xFE") || begins(b"\xFE\xFF");
        (!is_utf_16 && head.contains(&0)).then_some(Binary)
    }

    /// Whether it is a workbook whose first sheet can be read as a list.
    pub(crate) fn is_workbook(self) -> bool {
        matches!(self, Excel | OpenSpreadsheet)
    }

    /// What the file is, as the end of a sentence.
    pub(crate) fn name(self) -> Message {
        match self {
            Word => say!("a Word document"),
            OpenText => say!("an OpenDocument text, as LibreOffice saves it"),
            Excel => say!("an Excel workbook"),
            OpenSpreadsheet => say!("an OpenDocument spreadsheet, as LibreOffice saves it"),
            Slides => say!("a presentation"),
            OldWord => say!("a Word document in the format of before 2007"),
            OldExcel => say!("an Excel workbook in the format of before 2007"),
            Locked => say!("an Office document with a password"),
            RichText => say!("a document in the Rich Text Format"),
            Pdf => say!("a PDF"),
            Pages => say!("a Pages document"),
            Numbers => say!("a Numbers spreadsheet"),
            GoogleShortcut => say!("only a link to a document at Google"),
            Zip => say!("a ZIP archive"),
            Picture => say!("a picture"),
            Binary => say!("not a text file"),
        }
    }

    /// What to do to get the text of the file.
    pub(crate) fn advice(self, name: &str) -> Message {
        match self {
            Word | OpenText => {
                say!("to make a letter of it: undersigned new NAME --from {name}", name)
            }
            Excel | OpenSpreadsheet => say!(
                "a workbook can be a list: signatories = {{ file = \"{name}\" }} in a letter, or merge \
                 --recipients {name}",
                name
            ),
            OldWord | RichText => {
                say!("open it in Word or LibreOffice, and save it as a Word document (.docx)")
            }
            OldExcel => {
                say!("open it in Excel or LibreOffice, and save it as a workbook of today (.xlsx)")
            }
            Pdf => {
                say!("a PDF has no paragraphs to take over: ask for the document it was made from")
            }
            Pages => say!("in Pages, choose File, Export To, Word, and use the file that it makes"),
            Numbers => {
                say!("in Numbers, choose File, Export To, CSV, and use the file that it makes")
            }
            GoogleShortcut => say!(
                "open it in the browser, choose File, Download: a document as Microsoft Word \
                 (.docx), a spreadsheet as comma-separated values (.csv)"
            ),
            Locked => say!("open it with its password, and save it without one"),
            Slides | Zip | Picture | Binary => {
                say!("look whether `{name}` is the file you mean", name)
            }
        }
    }
}

fn contains(data: &[u8], part: &[u8]) -> bool {
    memmem::find(data, part).is_some()
}

/// What a ZIP archive holds. The names of its entries are written as they are, in each entry and again
/// at the end of the file (APPNOTE.TXT, sections 4.3.7 and 4.3.12).
fn in_zip(data: &[u8], name: &str) -> FileKind {
    let holds = |part: &str| contains(data, part.as_bytes());
    // OpenDocument begins with its type, not compressed (OpenDocument 1.3, part 2, section 3.3).
    let is_open = |kind: &str| {
        let head = &data[..data.len().min(200)];
        contains(head, format!("mimetypeapplication/vnd.oasis.opendocument.{kind}").as_bytes())
    };
    if is_open("text") {
        return OpenText;
    }
    if is_open("spreadsheet") {
        return OpenSpreadsheet;
    }
    if is_open("presentation") {
        return Slides;
    }
    if holds("Index/Document.iwa") || holds("index.apxl") || holds("Index.zip") {
        return if name.ends_with(".numbers") { Numbers } else { Pages };
    }
    match () {
        () if holds("word/document.xml") => Word,
        () if holds("xl/workbook.") => Excel,
        () if holds("ppt/presentation.xml") => Slides,
        () => Zip,
    }
}

/// What a file of an Office before 2007 holds, or of a later one with a password ([MS-OFFCRYPTO],
/// section 2.3): the names of its streams are in UTF-16.
fn in_compound_file(data: &[u8], name: &str) -> FileKind {
    let holds = |stream: &str| {
        let wide: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(data, &wide)
    };
    match () {
        () if holds("EncryptedPackage") => Locked,
        () if holds("WordDocument") => OldWord,
        () if holds("Workbook") || holds("Book") => OldExcel,
        () if holds("PowerPoint Document") => Slides,
        () if name.ends_with(".xls") => OldExcel,
        () => OldWord,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_kind() {
        let utf_16 = b"\xFF\xFEa\0b\0";
        for text in
            [&b""[..], b"languages = [\"en\"]", b"a\xE1b;c\r\n", utf_16, b"{\"name\": \"A\"}"]
        {
            assert_eq!(FileKind::of(text, "letter.toml"), None, "{text:?}");
        }
    }

    #[test]
    fn the_content_decides() {
        let zip = |entry: &str| [&b"PK\x03\x04\x14\0\0\0\0\0"[..], entry.as_bytes()].concat();
        let wide = |stream: &str| -> Vec<u8> {
            let name = stream.encode_utf16().flat_map(u16::to_le_bytes);
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".iter().copied().chain(name).collect()
        };
        let open =
            |kind: &str| zip(&format!("mimetypeapplication/vnd.oasis.opendocument.{kind}PK"));
        let cases = [
            (zip("word/document.xml"), "letter.toml", Word),
            (zip("xl/workbook.xml"), "signers.csv", Excel),
            (zip("xl/workbook.bin"), "signers.xlsb", Excel),
            (zip("ppt/presentation.xml"), "x", Slides),
            (zip("Index/Document.iwa"), "draft.pages", Pages),
            (zip("Index/Document.iwa"), "list.NUMBERS", Numbers),
            (zip("readme.txt"), "x.docx", Zip),
            (open("text"), "x", OpenText),
            (open("spreadsheet"), "x", OpenSpreadsheet),
            (wide("WordDocument"), "x", OldWord),
            (wide("Workbook"), "x", OldExcel),
            (wide("EncryptedPackage"), "x.docx", Locked),
            (b"{\\rtf1\\ansi".to_vec(), "x", RichText),
            (b"%PDF-1.7\n".to_vec(), "x", Pdf),
            (
                b"{\"url\":\"https://docs.google.com/open?id=1\",\"doc_id\":\"1\"}".to_vec(),
                "x",
                GoogleShortcut,
            ),
            (b"\x89PNG\r\n\x1A\n".to_vec(), "x", Picture),
            (b"a\0b".to_vec(), "x", Binary),
        ];
        for (data, name, kind) in cases {
            assert_eq!(FileKind::of(&data, name), Some(kind), "{name}");
        }
    }
}
