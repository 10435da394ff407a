//! The styles, the lists and the settings of a Word document.

use maud::{Markup, html};

use super::{List, MAX_LEVEL, Page, TWIPS, in_root, signed};
use crate::fonts::scripts;
use crate::language::Tag;
use crate::letter::Letter;
use crate::spec::Paragraphs;

/// How far a level of a list is indented, in twentieths of a point.
pub(super) const INDENT: i64 = 360;

/// Where the names of those who get a copy begin, behind the label.
const COPY: i64 = 1000;

/// The attributes of a language: Word keeps those of East Asia and those written from right to left apart.
pub(super) fn lang(tag: &Tag) -> Markup {
    let is_rtl = tag.direction().is_some();
    let script = scripts::script_of(tag);
    let is_east_asian = ["Hans", "Hant", "Hani", "Jpan", "Kore"].contains(&script.as_str());
    html! {
        w:lang w:val=[(!is_rtl).then_some(tag)] w:eastAsia=[is_east_asian.then_some(tag)]
            w:bidi=[is_rtl.then_some(tag)] {}
    }
}

/// A style of paragraphs.
#[derive(Copy, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each property stands on its own")]
struct Style {
    /// The id, by which paragraphs name it.
    id: &'static str,
    /// The name; those of Word's own styles are translated where it is shown.
    name: &'static str,
    /// The style of the next paragraph.
    next: &'static str,
    /// Spaces before and after, in twentieths of a point.
    space: (i64, i64),
    /// The size as a share of that of the text.
    size: f64,
    is_strong: bool,
    is_emphasis: bool,
    /// Whether it stays on the page of the next paragraph.
    keeps: bool,
    /// The level in the outline, from 0.
    level: Option<u8>,
    /// Left and right, and how much the first line is farther left.
    indent: (i64, i64, i64),
    rule: Rule,
    side: &'static str,
    /// Whether it has the letter's colour.
    is_coloured: bool,
    /// Whether paragraphs of this style follow without space.
    is_close: bool,
}

/// A line at the edge of a paragraph.
#[derive(Copy, Clone, Eq, PartialEq)]
enum Rule {
    None,
    Above,
    Below,
}

const PLAIN: Style = Style {
    id: "",
    name: "",
    next: "BodyText",
    space: (0, 120),
    size: 1.0,
    is_strong: false,
    is_emphasis: false,
    keeps: false,
    level: None,
    indent: (0, 0, 0),
    rule: Rule::None,
    side: "left",
    is_coloured: false,
    is_close: false,
};

const HEADING: Style =
    Style { space: (240, 120), is_emphasis: true, keeps: true, is_coloured: true, ..PLAIN };

const STYLES: &[Style] = &[
    Style {
        id: "Letterhead",
        name: "Letterhead",
        space: (0, 480),
        size: 0.82,
        rule: Rule::Below,
        ..PLAIN
    },
    Style { id: "Logo", name: "Logo", keeps: true, ..PLAIN },
    Style {
        id: "Title",
        name: "Title",
        space: (240, 240),
        size: 1.4,
        is_strong: true,
        keeps: true,
        is_coloured: true,
        ..PLAIN
    },
    Style {
        id: "Heading1",
        name: "heading 1",
        space: (320, 160),
        is_strong: true,
        is_emphasis: false,
        level: Some(0),
        ..HEADING
    },
    Style { id: "Heading2", name: "heading 2", level: Some(1), ..HEADING },
    Style { id: "Heading3", name: "heading 3", level: Some(2), ..HEADING },
    Style { id: "Heading4", name: "heading 4", level: Some(3), ..HEADING },
    Style { id: "Heading5", name: "heading 5", level: Some(4), ..HEADING },
    Style { id: "Heading6", name: "heading 6", level: Some(5), ..HEADING },
    Style { id: "Label", name: "Label", space: (120, 60), is_strong: true, keeps: true, ..PLAIN },
    Style { id: "Address", name: "Address", ..PLAIN },
    Style { id: "References", name: "References", space: (0, 240), ..PLAIN },
    Style {
        id: "Copy",
        name: "Copy",
        next: "Copy",
        space: (0, 60),
        size: 0.9,
        indent: (COPY, 0, COPY),
        ..PLAIN
    },
    Style { id: "Date", name: "Date", space: (120, 240), ..PLAIN },
    Style { id: "Salutation", name: "Salutation", space: (120, 120), ..PLAIN },
    Style { id: "Closing", name: "Closing", space: (240, 240), keeps: true, ..PLAIN },
    Style { id: "Signature", name: "Signature", space: (0, 60), size: 0.9, ..PLAIN },
    // Both are as high: with the space below, the room for a signature.
    Style {
        id: "SignaturePicture",
        name: "Signature Picture",
        space: (0, 60),
        keeps: true,
        ..PLAIN
    },
    Style {
        id: "SignatureLine",
        name: "Signature Line",
        space: (960, 60),
        size: 0.9,
        rule: Rule::Above,
        ..PLAIN
    },
    Style {
        id: "Member",
        name: "Member",
        next: "Member",
        space: (0, 30),
        size: 0.82,
        indent: (INDENT, 0, INDENT),
        ..PLAIN
    },
    Style { id: "SignatureNote", name: "Signature Note", space: (120, 60), size: 0.9, ..PLAIN },
    Style {
        id: "ListBullet",
        name: "List Bullet",
        next: "ListBullet",
        indent: (INDENT, 0, INDENT),
        is_close: true,
        ..PLAIN
    },
    Style {
        id: "ListNumber",
        name: "List Number",
        next: "ListNumber",
        indent: (INDENT, 0, INDENT),
        is_close: true,
        ..PLAIN
    },
    Style { id: "ListContinue", name: "List Continue", indent: (INDENT, 0, 0), ..PLAIN },
    Style { id: "Quote", name: "Quote", indent: (INDENT, INDENT, 0), ..PLAIN },
    Style { id: "HTMLPreformatted", name: "HTML Preformatted", size: 0.85, ..PLAIN },
    Style { id: "TableText", name: "Table Text", next: "TableText", space: (40, 40), ..PLAIN },
    Style { id: "Figure", name: "Figure", space: (120, 60), keeps: true, side: "center", ..PLAIN },
    Style { id: "Caption", name: "caption", space: (0, 240), size: 0.9, side: "center", ..PLAIN },
    Style { id: "Rule", name: "Rule", space: (0, 240), rule: Rule::Below, ..PLAIN },
    Style { id: "Blank", name: "Blank", space: (120, 60), ..PLAIN },
    Style { id: "Gap", name: "Gap", space: (0, 0), size: 0.2, ..PLAIN },
    Style {
        id: "FootnoteText",
        name: "footnote text",
        next: "FootnoteText",
        space: (0, 40),
        size: 0.82,
        ..PLAIN
    },
    Style { id: "Header", name: "header", next: "Header", size: 0.9, rule: Rule::Below, ..PLAIN },
    Style { id: "Footer", name: "footer", next: "Footer", size: 0.82, ..PLAIN },
];

/// A style as a formal letter has it: its subject is as large as its text, and its date and references are at the
/// end of their lines, close to each other.
fn formal(style: &Style, has_references: bool) -> Style {
    match style.id {
        "Title" => Style { space: (200, 200), size: 1.0, is_coloured: false, ..*style },
        "Date" if has_references => Style { side: "right", space: (120, 0), ..*style },
        "Date" | "References" => Style { side: "right", ..*style },
        _ => *style,
    }
}

/// The styles of a letter.
pub(super) fn styles(letter: &Letter, page: &Page, is_formal: bool) -> Markup {
    // Word measures sizes in half points.
    let half_points = |share: f64| (letter.page.font_size.0 * 2.0 * share).round().max(2.0) as i64;
    let font = &letter.page.font;
    let colour = letter.page.accent.as_ref().map(|accent| {
        let [red, green, blue, _] = accent.to_vec4_u8();
        format!("{red:02X}{green:02X}{blue:02X}")
    });
    let indented = letter.page.paragraphs == Paragraphs::Indented;
    let wide = match letter.words.layout.indent {
        0 => 1.4,
        wide => f64::from(wide),
    };
    let first_line = (letter.page.font_size.0 * wide * TWIPS).round() as i64;
    let is_rtl = letter.tag.direction().is_some();
    let size = half_points(1.0);
    let has_references = letter.reference.is_some() || letter.your_reference.is_some();
    let content = html! {
        w:docDefaults {
            w:rPrDefault {
                w:rPr {
                    w:rFonts w:ascii=(font) w:hAnsi=(font) {}
                    w:sz w:val=(size) {}
                    w:szCs w:val=(size) {}
                    (lang(&letter.tag))
                }
            }
            w:pPrDefault { w:pPr { w:spacing w:after="0" w:line="264" w:lineRule="auto" {} } }
        }
        w:style w:type="paragraph" w:default="1" w:styleId="Normal" {
            w:name w:val="Normal" {}
            w:qFormat {}
            @if is_rtl { w:pPr { w:bidi {} } }
        }
        w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont" {
            w:name w:val="Default Paragraph Font" {}
            w:uiPriority w:val="1" {}
            w:semiHidden {}
        }
        w:style w:type="table" w:default="1" w:styleId="TableNormal" {
            w:name w:val="Normal Table" {}
            w:uiPriority w:val="99" {}
            w:semiHidden {}
            w:tblPr {
                w:tblInd w:w="0" w:type="dxa" {}
                (cell_margins(108, 108))
            }
        }
        w:style w:type="paragraph" w:styleId="BodyText" {
            w:name w:val="Body Text" {}
            w:basedOn w:val="Normal" {}
            w:qFormat {}
            w:pPr {
                @if indented { w:ind w:firstLine=(first_line) {} }
                @else { w:spacing w:after="160" {} }
            }
        }
        @for style in STYLES {
            @let style = if is_formal { formal(style, has_references) } else { *style };
            @let Style { id, name, next, space: (before, after), indent: (left, right, hanging), .. } = &style;
            w:style w:type="paragraph" w:styleId=(id) {
                w:name w:val=(name) {}
                w:basedOn w:val="Normal" {}
                w:next w:val=(next) {}
                w:qFormat {}
                w:pPr {
                    @if style.keeps { w:keepNext {} w:keepLines {} }
                    @let line_colour = colour.as_deref().unwrap_or("auto");
                    @match style.rule {
                        Rule::None => {},
                        Rule::Above => w:pBdr {
                            w:top w:val="single" w:sz="4" w:space="4" w:color="auto" {}
                        },
                        Rule::Below => w:pBdr {
                            w:bottom w:val="single" w:sz="4" w:space="4" w:color=(line_colour) {}
                        },
                    }
                    @if ["Header", "Letterhead"].contains(id) {
                        w:tabs { w:tab w:val="right" w:pos=(page.text_width()) {} }
                    }
                    @if *id == "Copy" {
                        w:tabs { w:tab w:val="left" w:pos=(COPY) {} }
                    }
                    @if *id == "Blank" {
                        w:tabs { w:tab w:val="right" w:leader="underscore" w:pos=(page.text_width()) {} }
                    }
                    // A signature is as high as the room for one by hand.
                    @let least = (*id == "SignaturePicture").then_some("900");
                    w:spacing w:before=(before) w:after=(after) w:line=[least]
                        w:lineRule=[least.map(|_| "atLeast")] {}
                    @if (*left, *right, *hanging) != (0, 0, 0) {
                        w:ind w:left=(left) w:right=(right) w:hanging=(hanging) {}
                    }
                    @if style.is_close { w:contextualSpacing {} }
                    @let at_end = match *id {
                        "Date" => letter.is_at_end("date"),
                        "Closing" => letter.is_at_end("closing"),
                        _ => false,
                    };
                    @if at_end { w:jc w:val="right" {} }
                    @else if style.side != "left" { w:jc w:val=(style.side) {} }
                    @if let Some(level) = style.level { w:outlineLvl w:val=(level) {} }
                }
                w:rPr {
                    @if *id == "HTMLPreformatted" { (typewriter()) }
                    @if style.is_strong { w:b {} w:bCs {} }
                    @if style.is_emphasis { w:i {} w:iCs {} }
                    @if let Some(colour) = colour.as_ref().filter(|_| style.is_coloured) {
                        w:color w:val=(colour) {}
                    }
                    @if style.size != 1.0 {
                        w:sz w:val=(half_points(style.size)) {}
                        w:szCs w:val=(half_points(style.size)) {}
                    }
                }
            }
        }
        w:style w:type="character" w:styleId="FootnoteReference" {
            w:name w:val="footnote reference" {}
            w:rPr { w:vertAlign w:val="superscript" {} }
        }
        w:style w:type="character" w:styleId="Hyperlink" {
            w:name w:val="Hyperlink" {}
            w:rPr { w:u w:val="single" {} }
        }
        w:style w:type="character" w:styleId="LetterheadName" {
            w:name w:val="Letterhead Name" {}
            w:rPr {
                w:b {}
                w:bCs {}
                @if let Some(colour) = &colour { w:color w:val=(colour) {} }
                w:sz w:val=(half_points(1.25)) {}
                w:szCs w:val=(half_points(1.25)) {}
            }
        }
        w:style w:type="character" w:styleId="VerbatimChar" {
            w:name w:val="Verbatim Char" {}
            w:rPr { (typewriter()) }
        }
        w:style w:type="table" w:styleId="TableGrid" {
            w:name w:val="Table Grid" {}
            w:basedOn w:val="TableNormal" {}
            w:tblPr {
                w:tblBorders {
                    w:top w:val="single" w:sz="4" w:space="0" w:color="auto" {}
                    w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto" {}
                    w:insideH w:val="single" w:sz="2" w:space="0" w:color="auto" {}
                }
            }
        }
        w:style w:type="table" w:styleId="Signatories" {
            w:name w:val="Signatories" {}
            w:basedOn w:val="TableNormal" {}
            w:tblPr { (cell_margins(0, 144)) }
        }
    };
    in_root("styles", &content)
}

fn typewriter() -> Markup {
    html! { w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New" {} }
}

fn cell_margins(left: i64, right: i64) -> Markup {
    html! {
        w:tblCellMar {
            w:top w:w="0" w:type="dxa" {}
            w:left w:w=(left) w:type="dxa" {}
            w:bottom w:w="0" w:type="dxa" {}
            w:right w:w=(right) w:type="dxa" {}
        }
    }
}

/// The font of the letter, and the one that most people have in its place.
pub(super) fn fonts(letter: &Letter) -> Markup {
    let font = &letter.page.font;
    let (instead, family) = match font.contains("Sans") {
        true => ("Arial", "swiss"),
        false => ("Times New Roman", "roman"),
    };
    let content = html! {
        w:font w:name=(font) {
            w:altName w:val=(instead) {}
            w:family w:val=(family) {}
            w:pitch w:val="variable" {}
        }
    };
    in_root("fonts", &content)
}

/// The lists: each begins where it says, whatever the one before counted.
pub(super) fn numbering(lists: &[List], digits: Option<&[char; 10]>) -> Markup {
    let levels = |kind: &'static str| {
        html! {
            @for level in 0..=MAX_LEVEL {
                w:lvl w:ilvl=(level) {
                    w:start w:val="1" {}
                    w:numFmt w:val=(kind) {}
                    w:lvlText w:val={ @if kind == "bullet" { "•" } @else { "%" (level + 1) "." } } {}
                    w:lvlJc w:val="left" {}
                    w:pPr { w:ind w:left=(INDENT * (signed(level) + 1)) w:hanging=(INDENT) {} }
                }
            }
        }
    };
    let content = html! {
        @for (id, kind) in [(0, "bullet"), (1, number_format(digits))] {
            w:abstractNum w:abstractNumId=(id) {
                w:multiLevelType w:val="hybridMultilevel" {}
                (levels(kind))
            }
        }
        @for (number, List { start, level }) in (1..).zip(lists) {
            w:num w:numId=(number) {
                w:abstractNumId w:val=(u8::from(start.is_some())) {}
                @if let Some(start) = start {
                    w:lvlOverride w:ilvl=(level) {
                        // The highest number that Word counts from.
                        w:startOverride w:val=((*start).min(32_767)) {}
                    }
                }
            }
        }
    };
    in_root("numbering", &content)
}

/// The numbers of lists in these digits, if Word has a name for them (ECMA-376, 17.18.59). It writes those of
/// Arabic and Persian by its own settings.
fn number_format(digits: Option<&[char; 10]>) -> &'static str {
    match digits.map(|[zero, ..]| zero) {
        Some('०') => "hindiNumbers",
        Some('๐') => "thaiNumbers",
        Some('〇') => "ideographDigital",
        _ => "decimal",
    }
}

/// The settings: Word need not treat it as a document of an older version.
pub(super) fn settings(letter: &Letter) -> Markup {
    let compatible = "http://schemas.microsoft.com/office/word";
    let content = html! {
        w:defaultTabStop w:val="720" {}
        w:characterSpacingControl w:val="doNotCompress" {}
        w:footnotePr { w:footnote w:id="-1" {} w:footnote w:id="0" {} }
        w:compat {
            w:compatSetting w:name="compatibilityMode" w:uri=(compatible) w:val="15" {}
        }
        @let tag = &letter.tag;
        @let is_rtl = tag.direction().is_some();
        w:themeFontLang w:val=[(!is_rtl).then_some(tag)] w:bidi=[is_rtl.then_some(tag)] {}
        w:decimalSymbol w:val="." {}
        w:listSeparator w:val="," {}
    };
    in_root("settings", &content)
}
