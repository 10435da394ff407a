//! The formats that a letter can be written in.

/// What to write.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For delivery, on paper and as a file: the letter as it is meant to be
    Pdf,
    /// For looking at: a picture of each page
    Png,
    /// For looking at in any size: a drawing of each page
    Svg,
    /// For the body of an e-mail: plain text in lines of 72 columns, links as numbered notes
    Txt,
    /// For editors and websites that take Markdown: tables and footnotes included
    Md,
    /// For the web: one accessible page that needs no other file, with no script in it
    Html,
}

impl Format {
    /// Whether it shows the pages of the letter, not only its text.
    pub fn has_pages(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Svg)
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
