//! The formats that a letter can be written in.

/// What to write.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For delivery, on paper or as a file
    Pdf,
    /// For viewing on screen: a picture of each page
    Png,
    /// For viewing at any size: a drawing of each page
    Svg,
    /// For the body of an e-mail: plain text in lines of 72 columns, with links as numbered notes
    Txt,
    /// For editors and websites that accept Markdown, with tables and footnotes
    Md,
    /// For the web: one accessible page that needs no other files and runs no scripts
    Html,
    /// For e-mail: a draft with text, HTML and the PDF attached, which a mail program opens and sends
    Eml,
    /// For people who must approve or change it: a Word document
    Docx,
}

impl Format {
    /// Whether it needs the pages of the letter, not only its text.
    pub fn has_pages(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Svg | Self::Eml)
    }

    /// Whether several languages can be together in it.
    pub(crate) fn holds_editions(self) -> bool {
        self.has_pages() && self != Self::Eml
    }

    /// How the names of its files end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Txt => "txt",
            Self::Md => "md",
            Self::Html => "html",
            Self::Eml => "eml",
            Self::Docx => "docx",
        }
    }

    /// Whether it contains the PDF of the letter.
    pub(crate) fn has_pdf(self) -> bool {
        matches!(self, Self::Pdf | Self::Eml)
    }

    /// Whether there is a file for each page.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Svg)
    }
}

/// A file that was made from a letter.
pub struct Document {
    /// The file's name, such as "remain-in-mexico-2021.en.pdf".
    pub name: String,
    /// The content.
    pub data: Vec<u8>,
}
