//! The first sheet of a workbook of Excel or LibreOffice, as the text of a table: one line for each row of
//! the sheet, with tabs between the cells. So a place in it is a row and a column of the sheet.
//!
//! A workbook is a ZIP archive of XML files (ECMA-376; OpenDocument 1.3, part 3). Nothing in it is run, and
//! nothing outside of it is opened: macros, formulas, links and entities are not even read.

use std::collections::HashMap;

use icu_calendar::types::RataDie;
use icu_calendar::{Date, Iso};
use roxmltree::{Document, Node};

use crate::files::archive::{Archive, MAX_ENTRIES, MAX_RATIO, Unpacked};
use crate::words::{Message, say};

/// The maximum size in bytes of an XML file in a workbook: a list of 100,000 people has less.
pub(crate) const MAX_XML_BYTES: u64 = 32 << 20;

/// The maximum size of the text, in bytes.
const MAX_TEXT_BYTES: usize = super::decode::MAX_TEXT_BYTES;

/// A sheet as text.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub text: String,
}

/// Reads the first visible sheet of a workbook that is not empty. `None` if the file is no archive that
/// could hold one.
pub(super) fn read(data: &[u8]) -> Option<Result<Sheet, Message>> {
    let archive = match Archive::open(data) {
        Ok(archive) => archive,
        Err(Unpacked::TooMany) => {
            let most = MAX_ENTRIES;
            return Some(Err(say!("this workbook has more than {most} parts", most)));
        }
        Err(_) => return None,
    };
    Some(if archive.has("xl/workbook.bin") {
        Err(say!("this workbook is in Excel's binary format: save it as .xlsx"))
    } else if archive.has("xl/workbook.xml") {
        excel(&archive)
    } else {
        open_document(&archive)
    })
}

fn damaged() -> Message {
    say!("this workbook is damaged")
}

/// The text of a file in the archive. `None` if it is not there.
fn part(archive: &Archive<'_>, path: &str) -> Result<Option<String>, Message> {
    match archive.read(path, MAX_XML_BYTES) {
        None => Ok(None),
        Some(Ok(bytes)) => String::from_utf8(bytes).map(Some).map_err(|_| damaged()),
        Some(Err(Unpacked::Damaged | Unpacked::Locked | Unpacked::TooMany)) => Err(damaged()),
        Some(Err(Unpacked::TooDense)) => Err(say!(
            "a part of this workbook is packed to less than a {ratio}th, as none is that holds a list",
            ratio = MAX_RATIO
        )),
        Some(Err(Unpacked::TooLarge)) => Err(say!(
            "a part of this workbook has more than {limit} MiB, which is the maximum",
            limit = MAX_XML_BYTES >> 20
        )),
    }
}

/// Parses XML. Entities are refused, which could make it grow without bound.
fn parse(xml: &str) -> Result<Document<'_>, Message> {
    Document::parse(xml).map_err(|_| damaged())
}

/// The children of a node with a name, in any namespace: strict and transitional workbooks differ in it.
fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// An attribute without its namespace.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|found| found.value())
}

/// What separates the lines of a cell: a line feed would end the row.
pub(crate) const LINE_SEPARATOR: char = '\u{2028}';

/// The lines of a cell that are not empty, without superfluous space.
pub(crate) fn lines(cell: &str) -> Vec<String> {
    let lines = cell.split(['\n', '\r', LINE_SEPARATOR]);
    let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// Collects the cells of a sheet in order.
#[derive(Default)]
struct Writer {
    text: String,
    row: usize,
    column: usize,
    is_empty: bool,
}

impl Writer {
    fn new() -> Self {
        Self { is_empty: true, ..Self::default() }
    }

    /// Writes a cell of a row and a column, counted from zero, which is behind all earlier ones.
    fn write(&mut self, row: usize, column: usize, cell: &str) -> Result<(), Message> {
        let words: Vec<&str> = cell.split_whitespace().collect();
        if words.is_empty() {
            return Ok(());
        }
        let cell = match cell.contains(['\t', '\n', '\r']) {
            true => lines(cell).join(&LINE_SEPARATOR.to_string()),
            false => cell.trim().to_owned(),
        };
        let gap = row.saturating_sub(self.row).max(column);
        if self.text.len() + gap + cell.len() > MAX_TEXT_BYTES {
            let most = MAX_TEXT_BYTES;
            return Err(say!(
                "this sheet has more than {most} bytes of text, which is the maximum",
                most
            ));
        }
        while self.row < row {
            self.text.push('\n');
            (self.row, self.column) = (self.row + 1, 0);
        }
        while self.column < column {
            self.text.push('\t');
            self.column += 1;
        }
        if cell.starts_with('"') {
            self.text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            self.text.push_str(&cell);
        }
        self.is_empty = false;
        Ok(())
    }
}

/// A workbook of Excel, ECMA-376, part 1, section 18.
fn excel(archive: &Archive<'_>) -> Result<Sheet, Message> {
    let workbook = part(archive, "xl/workbook.xml")?.ok_or_else(damaged)?;
    let workbook = parse(&workbook)?;
    let targets = part(archive, "xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let targets = relationships(&targets)?;
    let of_kind = |kind: &str| targets.values().find(|(found, _)| found.ends_with(kind));
    let strings = match of_kind("/sharedStrings") {
        Some((_, path)) => shared_strings(&part(archive, path)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let formats = match of_kind("/styles") {
        Some((_, path)) => formats(&part(archive, path)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let root = workbook.root_element();
    let since_1904 = children(root, "workbookPr")
        .any(|found| matches!(attribute(found, "date1904"), Some("1" | "true")));
    let sheets = children(root, "sheets").flat_map(|sheets| children(sheets, "sheet"));
    let mut first = None;
    for sheet in sheets.filter(|sheet| matches!(attribute(*sheet, "state"), None | Some("visible")))
    {
        let name = attribute(sheet, "name").unwrap_or_default().to_owned();
        // The identifier of the sheet is in the namespace of relationships.
        let id =
            sheet.attributes().find(|found| found.name() == "id" && found.namespace().is_some());
        let Some((_, path)) = id.and_then(|id| targets.get(id.value())) else { continue };
        let Some(xml) = part(archive, path)? else { continue };
        let xml = parse(&xml)?;
        let text = excel_sheet(xml.root_element(), &strings, &formats, since_1904)?;
        if !text.is_empty() {
            return Ok(Sheet { name, text });
        }
        first.get_or_insert(Sheet { name, text });
    }
    first.ok_or_else(damaged)
}

/// The kinds and paths of the files that a workbook refers to, by their identifiers.
fn relationships(xml: &str) -> Result<HashMap<String, (String, String)>, Message> {
    let xml = parse(xml)?;
    let relationship = |node: Node<'_, '_>| {
        let target = attribute(node, "Target")?;
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("xl/{target}"),
        };
        Some((attribute(node, "Id")?.to_owned(), (attribute(node, "Type")?.to_owned(), path)))
    };
    Ok(children(xml.root_element(), "Relationship").filter_map(relationship).collect())
}

/// The text of a string with runs, without what says how it is pronounced.
fn text_of(node: Node<'_, '_>) -> String {
    let is_said = |node: &Node<'_, '_>| {
        node.tag_name().name() == "t"
            && !node.ancestors().any(|above| above.tag_name().name() == "rPh")
    };
    let texts = node.descendants().filter(is_said).filter_map(|node| node.text());
    // ST_Xstring, section 22.9.2.19.
    texts.collect::<String>().replace("_x000D_", " ").replace("_x000A_", " ")
}

fn shared_strings(xml: &str) -> Result<Vec<String>, Message> {
    let xml = parse(xml)?;
    Ok(children(xml.root_element(), "si").map(text_of).collect())
}

/// How a cell shows its number.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Format {
    /// As a day, perhaps with a time.
    Date,
    /// With so many digits at least, 1 if nothing is said of it.
    Digits(usize),
}

/// How each cell format shows numbers.
fn formats(xml: &str) -> Result<Vec<Format>, Message> {
    let xml = parse(xml)?;
    let root = xml.root_element();
    let formats = children(root, "numFmts").flat_map(|formats| children(formats, "numFmt"));
    let own: HashMap<&str, &str> = formats
        .filter_map(|format| {
            Some((attribute(format, "numFmtId")?, attribute(format, "formatCode")?))
        })
        .collect();
    let format = |format: Node<'_, '_>| {
        let id = attribute(format, "numFmtId").unwrap_or("0");
        let is_date = match own.get(id) {
            Some(code) => shows_date(code),
            // The formats that every workbook has, section 18.8.30.
            None => matches!(id.parse(), Ok(14..=17 | 22 | 27..=36 | 50..=58)),
        };
        if is_date {
            Format::Date
        } else {
            Format::Digits(own.get(id).map_or(1, |code| digits(code)))
        }
    };
    Ok(children(root, "cellXfs").flat_map(|all| children(all, "xf")).map(format).collect())
}

/// How many digits a number format shows at least: "00123" is the number 123 with the format "00000".
fn digits(code: &str) -> usize {
    /// What Excel takes for a format. More than 65,535 digits would make the program panic.
    const LONGEST: usize = 255;
    let is_zeros = code.len() <= LONGEST && code.bytes().all(|byte| byte == b'0');
    if is_zeros { code.len().max(1) } else { 1 }
}

/// Whether a number format shows a year or a day, outside of quotes and brackets.
fn shows_date(code: &str) -> bool {
    let mut end = None;
    let mut is_escaped = false;
    code.chars().any(|c| {
        if std::mem::take(&mut is_escaped) {
            return false;
        }
        match (end, c) {
            (Some(close), c) => {
                if c == close {
                    end = None;
                }
                false
            }
            (None, '"') => {
                end = Some('"');
                false
            }
            (None, '[') => {
                end = Some(']');
                false
            }
            (None, '\\' | '_' | '*') => {
                is_escaped = true;
                false
            }
            (None, c) => matches!(c, 'y' | 'Y' | 'd' | 'D'),
        }
    })
}

fn excel_sheet(
    root: Node<'_, '_>,
    strings: &[String],
    formats: &[Format],
    since_1904: bool,
) -> Result<String, Message> {
    let mut writer = Writer::new();
    let rows = children(root, "sheetData").flat_map(|data| children(data, "row"));
    let mut next_row = 0;
    for row in rows {
        // Rows are numbered from one, and the number may be left out.
        let written = attribute(row, "r").and_then(|number| number.parse::<usize>().ok());
        let number = written.map_or(next_row, |number| number.saturating_sub(1)).max(next_row);
        next_row = number + 1;
        let mut next_column = 0;
        for cell in children(row, "c") {
            let written = attribute(cell, "r").and_then(column_of);
            let column = written.unwrap_or(next_column).max(next_column);
            next_column = column + 1;
            let value = children(cell, "v").next().and_then(|value| value.text());
            let style = attribute(cell, "s").and_then(|style| style.parse::<usize>().ok());
            let format = style.and_then(|style| formats.get(style)).copied();
            let text = match (attribute(cell, "t").unwrap_or("n"), value) {
                ("inlineStr", _) => children(cell, "is").map(text_of).collect(),
                ("s", Some(index)) => {
                    let index = index.trim().parse::<usize>().ok();
                    index.and_then(|index| strings.get(index)).cloned().unwrap_or_default()
                }
                ("b", Some(value)) => if value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
                ("n", Some(value)) => match format.unwrap_or(Format::Digits(1)) {
                    Format::Date => date(value.trim(), since_1904),
                    Format::Digits(digits) => as_shown(value.trim(), digits),
                },
                (_, Some(value)) => value.replace("_x000D_", " "),
                (_, None) => continue,
            };
            writer.write(number, column, &text)?;
        }
    }
    Ok(writer.text)
}

/// The column of a reference such as "AB12", counted from zero. A sheet has 16,384.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(3).fold(0, |number, letter| {
        number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    number.checked_sub(1)
}

/// A whole number as a cell shows it, with so many digits at least: some programs write 123 as "123.0", and
/// large ones as "1.14219184857E11". Other numbers stay as they are.
fn as_shown(written: &str, digits: usize) -> String {
    match written.parse::<f64>() {
        // What is larger has more digits than a cell keeps.
        Ok(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{:0digits$}", number as i64)
        }
        _ => written.to_owned(),
    }
}

/// The day of a serial number: days since the end of 1899, in which Excel counts a 29 February 1900 that
/// never was, or since the beginning of 1904 (ECMA-376, part 1, section 18.17.4.1). What is no such number
/// stays as it is.
fn date(serial: &str, since_1904: bool) -> String {
    let Some(days) = serial.parse::<f64>().ok().filter(|days| (1.0..2_958_466.0).contains(days))
    else {
        return serial.to_owned();
    };
    let first = match since_1904 {
        true => Date::try_new_iso(1904, 1, 1),
        false => Date::try_new_iso(1899, 12, 30),
    };
    let Ok(first) = first else { return serial.to_owned() };
    // To a whole second, of which a number of days is only near.
    let seconds = (days * 86_400.0).round() as i64;
    let day = first.to_rata_die().to_i64_date() + seconds / 86_400;
    let day: Date<Iso> = Date::from_rata_die(RataDie::new(day), Iso);
    let (year, month, day) =
        (day.year().extended_year(), day.month().number(), day.day_of_month().0);
    let time = seconds % 86_400;
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    without_zeros(&format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
}

/// A day and a time without the seconds or the whole time if they are zero, so that a moment is one text in
/// every format of workbooks. Fractions of seconds are dropped.
fn without_zeros(moment: &str) -> String {
    let moment = match moment.split_once('.') {
        Some((whole, _)) => whole,
        None => moment,
    };
    match moment.strip_suffix(":00") {
        Some(minutes) if moment.matches(':').count() == 2 => {
            minutes.strip_suffix(" 00:00").unwrap_or(minutes).to_owned()
        }
        _ => moment.to_owned(),
    }
}

/// A spreadsheet of LibreOffice, OpenDocument 1.3, part 3, section 9.
fn open_document(archive: &Archive<'_>) -> Result<Sheet, Message> {
    let manifest = part(archive, "META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(say!("this workbook has a password: save it without one"));
    }
    let content = part(archive, "content.xml")?.ok_or_else(damaged)?;
    let content = parse(&content)?;
    let tables =
        content.root_element().descendants().filter(|node| node.tag_name().name() == "table");
    let tables = tables.filter(|table| {
        table.parent().is_some_and(|parent| parent.tag_name().name() == "spreadsheet")
    });
    let mut first = None;
    for table in tables {
        let name = attribute(table, "name").unwrap_or_default().to_owned();
        let text = open_sheet(table)?;
        if !text.is_empty() {
            return Ok(Sheet { name, text });
        }
        first.get_or_insert(Sheet { name, text });
    }
    first.ok_or_else(damaged)
}

fn open_sheet(table: Node<'_, '_>) -> Result<String, Message> {
    let mut writer = Writer::new();
    let mut row_number = 0;
    let repeated = |node: Node<'_, '_>, name: &str| {
        attribute(node, name).and_then(|times| times.parse::<usize>().ok()).unwrap_or(1)
    };
    for row in table.descendants().filter(|node| node.tag_name().name() == "table-row") {
        let times = repeated(row, "number-rows-repeated");
        let mut cells = Vec::new();
        let mut column = 0;
        let is_cell = |node: &Node<'_, '_>| {
            matches!(node.tag_name().name(), "table-cell" | "covered-table-cell")
        };
        for cell in row.children().filter(is_cell) {
            let width = repeated(cell, "number-columns-repeated");
            let text = open_cell(cell);
            if !text.trim().is_empty() {
                // Rows of equal cells to the end of the sheet are no list.
                let shown = width.min(1024);
                cells.extend((column..column + shown).map(|column| (column, text.clone())));
            }
            column = column.saturating_add(width);
        }
        if !cells.is_empty() {
            for time in 0..times {
                for (column, text) in &cells {
                    writer.write(row_number + time, *column, text)?;
                }
            }
        }
        row_number = row_number.saturating_add(times);
    }
    Ok(writer.text)
}

/// The text of a cell as it is shown, but dates as they are everywhere.
fn open_cell(cell: Node<'_, '_>) -> String {
    if let Some(date) = attribute(cell, "date-value") {
        return without_zeros(&date.replace('T', " "));
    }
    let mut text = String::new();
    for paragraph in children(cell, "p") {
        if !text.is_empty() {
            text.push(' ');
        }
        let is_noted = |node: Node<'_, '_>| {
            node.ancestors().any(|above| matches!(above.tag_name().name(), "annotation" | "note"))
        };
        for node in paragraph.descendants() {
            match node.tag_name().name() {
                "s" | "tab" | "line-break" => text.push(' '),
                _ if node.is_text() && !is_noted(node) => {
                    text.push_str(node.text().unwrap_or_default());
                }
                _ => {}
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_excel_counts_them() {
        assert_eq!(date("44432", false), "2021-08-24");
        assert_eq!(date("44432.5", false), "2021-08-24 12:00");
        assert_eq!(date("42970", true), "2021-08-24");
        // Two people who sign in one minute are two.
        assert_eq!(date("46309.383715278", false), "2026-10-14 09:12:33");
        assert_eq!(date("46309.383726852", false), "2026-10-14 09:12:34");
        assert_eq!(date("46309.999999999", false), "2026-10-15");
        assert_eq!(date("x", false), "x");
        assert_eq!(date("-1e300", false), "-1e300");
    }

    #[test]
    fn whole_numbers_are_written_as_they_are_shown() {
        for (written, digits, text) in [
            ("123.0", 1, "123"),
            ("1.14219184857E11", 1, "114219184857"),
            ("123", 5, "00123"),
            ("0.5", 1, "0.5"),
            ("1E300", 1, "1E300"),
            ("NaN", 1, "NaN"),
            ("", 1, ""),
        ] {
            assert_eq!(as_shown(written, digits), text);
        }
        let styles = "<s><numFmts><numFmt numFmtId='164' formatCode='00000'/></numFmts>\
                      <cellXfs><xf numFmtId='164'/><xf numFmtId='22'/><xf numFmtId='0'/></cellXfs></s>";
        let found = formats(styles).expect("styles");
        assert_eq!(found, [Format::Digits(5), Format::Date, Format::Digits(1)]);
    }

    /// A format that no program writes does not decide how long a cell gets.
    #[test]
    fn a_format_of_many_zeros_is_none() {
        for (count, shown) in [(0, 1), (255, 255), (256, 1), (70_000, 1)] {
            let zeros = "0".repeat(count);
            let styles = format!(
                "<s><numFmts><numFmt numFmtId='164' formatCode='{zeros}'/></numFmts>\
                 <cellXfs><xf numFmtId='164'/></cellXfs></s>"
            );
            let formats = formats(&styles).expect("styles");
            let cells = "<s><sheetData><row><c s='0'><v>7</v></c></row></sheetData></s>";
            let cells = parse(cells).expect("cells");
            let text = excel_sheet(cells.root_element(), &[], &formats, false).expect("a sheet");
            assert_eq!(text.trim().len(), shown, "{count}");
        }
    }

    #[test]
    fn moments_are_one_text_in_every_format() {
        for (written, text) in [
            ("2026-10-14T09:12:33", "2026-10-14 09:12:33"),
            ("2026-10-14T09:12:33.250000000", "2026-10-14 09:12:33"),
            ("2026-10-14T09:12:00", "2026-10-14 09:12"),
            ("2026-10-14T10:00:00", "2026-10-14 10:00"),
            ("2026-10-14T00:00:33", "2026-10-14 00:00:33"),
            ("2026-10-14T00:00:00", "2026-10-14"),
            ("2026-10-14", "2026-10-14"),
        ] {
            let xml = format!("<cell date-value='{written}'/>");
            let xml = parse(&xml).expect("XML");
            assert_eq!(open_cell(xml.root_element()), text);
        }
    }

    #[test]
    fn formats_of_dates_are_known() {
        for (code, is_date) in [
            ("yyyy\\-mm\\-dd", true),
            ("[$-409]d/m/yyyy;@", true),
            ("0.00\"d\"", false),
            ("[Red]0", false),
            ("hh:mm", false),
        ] {
            assert_eq!(shows_date(code), is_date, "{code}");
        }
    }

    #[test]
    fn columns_have_letters() {
        assert_eq!(
            ["A1", "Z9", "AA1", "XFD1", "1"].map(column_of),
            [Some(0), Some(25), Some(26), Some(16383), None]
        );
    }

    proptest::proptest! {
        /// No archive makes the program panic.
        #[test]
        fn anything_can_be_read(xml in "(<(row|c|v|si|t)( r=\"[A-Z0-9]{1,3}\")?>|</(row|c|v|si|t)>|[0-9a]){0,20}") {
            let _damaged = parse(&xml).map(|xml| excel_sheet(xml.root_element(), &[], &[], false));
        }
    }
}
