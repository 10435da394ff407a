//! Tables that lay a letter out: labels beside what they are about, and those who sign in rows or columns.

use crate::documents::model::{Block, Run, Table, is_blank, lines, plain};
use crate::documents::people;
use crate::documents::recognize::pieces::{Piece, without_number};
use crate::documents::recognize::tail::{is_place_to_sign, left_below};
use crate::documents::recognize::{Parts, Recognizer};
use crate::documents::signatories::{self, Entry, NameLine, only_url};
use crate::documents::vocabulary::Part;

/// The rows of a table with their cells.
type Rows = [Vec<Vec<Run>>];

/// The most rows of a table that labels the head of a letter.
const MAX_LABELS: usize = 12;

impl Recognizer {
    /// Makes lines of the tables above the text whose cells are labels and what belongs to them: "Oficio
    /// núm.:" beside its number, or "Ihr Zeichen" above it.
    pub(super) fn join_labels(&self, pieces: &mut Vec<Piece>) {
        let text = pieces.iter().position(|piece| piece.block.is_none() && piece.is_prose());
        for at in (0..text.unwrap_or(pieces.len()).min(MAX_LABELS)).rev() {
            let Some(Block::Table(table)) = &pieces[at].block else { continue };
            let Some(lines) = self.labelled_rows(&table.rows) else { continue };
            let line = |runs: Vec<Run>| {
                let (text, block) = (plain(&runs), None);
                Piece { runs, text, block, ..pieces[at].clone() }
            };
            let lines: Vec<Piece> = lines.into_iter().map(line).collect();
            pieces.splice(at..=at, lines);
        }
    }

    /// The lines of a table of labels.
    fn labelled_rows(&self, rows: &Rows) -> Option<Vec<Vec<Run>>> {
        let is_label = |cell: &Vec<Run>| {
            let text = plain(cell);
            let bare = text.trim_end_matches([':', '.', ' ']);
            text.ends_with(':') || LABELS.iter().any(|part| self.vocabulary.is(*part, bare))
        };
        let count = |cells: &[&Vec<Run>]| cells.iter().filter(|cell| is_label(cell)).count();
        let join = |label: &Vec<Run>, rest: &[Vec<Run>]| -> Vec<Run> {
            let mut runs =
                vec![Run::plain(plain(label).trim_end_matches([':', ' ']).to_owned() + ": ")];
            runs.extend(rest.join(&Run::plain(" ")));
            runs
        };
        let firsts: Vec<&Vec<Run>> = rows.iter().filter_map(|row| row.first()).collect();
        if rows.len() <= MAX_LABELS
            && rows.iter().all(|row| row.len() == 2)
            && count(&firsts) * 2 > rows.len()
        {
            return Some(rows.iter().map(|row| join(&row[0], &row[1..])).collect());
        }
        let [labels, values] = rows else { return None };
        let all: Vec<&Vec<Run>> = labels.iter().collect();
        if labels.len() != values.len() || count(&all) * 2 < labels.len() {
            return None;
        }
        let column =
            |(label, value): (&Vec<Run>, &Vec<Run>)| join(label, std::slice::from_ref(value));
        Some(labels.iter().zip(values).map(column).collect())
    }

    /// What the columns of a table hold in which people sign, if its first row says so.
    pub(super) fn columns(&self, rows: &Rows) -> Option<Vec<Option<Part>>> {
        let kinds =
            [Part::NameColumn, Part::TitleColumn, Part::OrganizationColumn, Part::OtherColumn];
        let kind = |cell: &Vec<Run>| {
            let text = plain(cell);
            kinds.into_iter().find(|kind| self.vocabulary.is(*kind, &text))
        };
        let columns: Vec<Option<Part>> = rows.first()?.iter().map(kind).collect();
        let has_name = columns.contains(&Some(Part::NameColumn));
        let known = columns.iter().flatten().count();
        (rows.len() > 1 && has_name && known > 1 && known * 2 >= columns.len()).then_some(columns)
    }

    /// Those who sign in a table.
    pub(super) fn signers(
        &self,
        rows: &Rows,
        group: &str,
        kind: Option<Part>,
        parts: &mut Parts,
    ) -> Vec<NameLine> {
        if let Some(columns) = self.columns(rows) {
            return self.registered(rows, &columns, group, parts);
        }
        let line = |runs: &[Run]| self.name_line(runs, group, kind);
        let titles = kind != Some(Part::Organizations);
        let is_title = |text: &str| titles && signatories::is_title(&self.vocabulary, text);
        let is_title_cell = |cell: &Vec<Run>| is_title(&plain(cell));
        let titled = rows.iter().filter(|row| row.get(1).is_some_and(is_title_cell)).count();
        let mut names: Vec<NameLine> = Vec::new();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let is_above = rows.len() > 1 && rows[0].iter().all(is_title_cell);
        if columns > 1 && titled * 2 > rows.len() && !is_above && !self.has_titles_below(rows) {
            // Each row is a person: name, title, organization.
            for row in rows {
                let cells = row.iter().map(|cell| texts(cell).join(&Run::plain(" ")));
                let cells: Vec<Vec<Run>> = cells.filter(|cell| !plain(cell).is_empty()).collect();
                names.push(line(&cells.join(&Run::plain(", "))));
            }
            return names;
        }
        // The cells are names, column by column, perhaps with what they are below them: in the same cell, or in
        // the next ones if the name or the first of these is that of a person.
        for column in 0..columns {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let start = names.len();
            let (mut has_name, mut is_person) = (false, false);
            for cell in cells {
                for (at, runs) in texts(cell).iter().enumerate() {
                    let text = plain(runs);
                    let names_somebody = self.is_somebody(&text);
                    let belongs = !names_somebody && self.goes_on(&text);
                    let is_below = has_name && belongs && (at > 0 || is_person || is_title(&text));
                    is_person = match names_somebody {
                        true => {
                            kind == Some(Part::Persons)
                                || people::is_marked(&self.vocabulary, &text)
                        }
                        false => is_below && (is_person || is_title(&text)),
                    };
                    has_name = names_somebody || is_below;
                    if is_below && let Some(above) = names[start..].last_mut() {
                        above.is_whole = false;
                    }
                    names.push(NameLine {
                        gap: !is_below,
                        is_whole: !is_below,
                        belongs: is_below && at > 0,
                        ..line(runs)
                    });
                }
            }
        }
        names
    }

    /// Whether the second row has the titles of the names in the first.
    fn has_titles_below(&self, rows: &Rows) -> bool {
        let is_filled = |row: &&Vec<Vec<Run>>| row.iter().any(|cell| !texts(cell).is_empty());
        let mut filled = rows.iter().filter(is_filled);
        let (Some(names), Some(titles)) = (filled.next(), filled.next()) else { return false };
        let is_name = |cell: &Vec<Run>| self.is_somebody(&plain(cell));
        names.len() > 1
            && names.iter().all(is_name)
            && titles.iter().all(|cell| signatories::is_title(&self.vocabulary, &plain(cell)))
    }

    /// The rows of a table whose header says what its columns hold.
    fn registered(
        &self,
        rows: &Rows,
        columns: &[Option<Part>],
        group: &str,
        parts: &mut Parts,
    ) -> Vec<NameLine> {
        parts.used.extend(rows[0].iter().map(|cell| plain(cell)));
        let mut names = Vec::new();
        for row in &rows[1..] {
            let mut entry = Entry { group: group.to_owned(), ..Entry::default() };
            let mut number = String::new();
            for (at, cell) in row.iter().enumerate() {
                let text = texts(cell).iter().map(|line| plain(line)).collect::<Vec<_>>().join(" ");
                let place = match columns.get(at).copied().flatten() {
                    Some(Part::NameColumn) => {
                        entry.url = only_url(cell);
                        &mut entry.name
                    }
                    Some(Part::TitleColumn) => &mut entry.title,
                    Some(Part::OrganizationColumn) => &mut entry.organization,
                    Some(_) => &mut number,
                    None => &mut entry.note,
                };
                let before = std::mem::take(place);
                let joined = [before.as_str(), &text].join(", ");
                joined.trim_matches([',', ' ']).clone_into(place);
            }
            if entry.name.is_empty() {
                let others = [&entry.title, &entry.organization, &entry.note];
                parts.told.extend(others.into_iter().filter_map(|text| left_below(text)));
            }
            // The number of a row is none of the letter; a date of a signature is told.
            match number.chars().any(|c| !c.is_ascii_digit() && c != '.') {
                true => parts.told.extend(left_below(&number)),
                false => parts.used.push(number),
            }
            if entry.name.is_empty() {
                continue;
            }
            entry.is_person = !self.vocabulary.contains(Part::Body, &entry.name);
            let group = group.to_owned();
            names.push(NameLine { entry: Some(entry), group, ..NameLine::default() });
        }
        names
    }

    pub(super) fn name_line(&self, runs: &[Run], group: &str, kind: Option<Part>) -> NameLine {
        let text = plain(runs);
        let name = if self.is_office(&text) { text.as_str() } else { without_number(&text) };
        NameLine {
            text: name.to_owned(),
            url: only_url(runs),
            gap: true,
            is_whole: true,
            group: group.to_owned(),
            kind,
            ..NameLine::default()
        }
    }
}

/// The parts that a table at the head labels.
const LABELS: [Part; 9] = [
    Part::To,
    Part::Attention,
    Part::Cc,
    Part::Subject,
    Part::Reference,
    Part::YourReference,
    Part::LetterNumber,
    Part::FileNumber,
    Part::Date,
];

/// The lines of a cell that are not empty, and no places to sign.
fn texts(cell: &[Run]) -> Vec<Vec<Run>> {
    let mut lines = lines(cell, |c| c == '\n');
    lines.retain(|line| {
        !is_blank(line) && !plain(line).is_empty() && !is_place_to_sign(&plain(line))
    });
    lines
}

/// Makes tables of lines whose columns are parted by tabs or by several spaces: two names beside each other,
/// and below them what each is.
pub(super) fn tabbed(pieces: &[Piece]) -> Vec<Piece> {
    let columns = |piece: &Piece| -> Vec<Vec<Run>> {
        if piece.block.is_some() || piece.heading.is_some() || piece.runs.iter().any(Run::is_mark) {
            return Vec::new();
        }
        let text: String = piece.runs.iter().map(|run| run.text.as_str()).collect();
        let text = text.replace("    ", "\t");
        let cells = text.split('\t').map(str::trim).filter(|cell| !cell.is_empty());
        cells.map(|cell| vec![Run::plain(cell)]).collect()
    };
    let mut joined = Vec::new();
    let mut rest = pieces;
    while let Some(first) = rest.first() {
        let width = columns(first).len();
        let count = rest.iter().take_while(|piece| columns(piece).len() == width).count();
        if width > 1 && count > 1 {
            let rows = rest[..count].iter().map(columns).collect();
            let (block, text) =
                (Some(Block::Table(Table { rows, alignments: Vec::new() })), String::new());
            joined.push(Piece { block, text, runs: Vec::new(), ..first.clone() });
            rest = &rest[count..];
        } else {
            joined.push(first.clone());
            rest = &rest[1..];
        }
    }
    joined
}

/// Whether a line is nothing but the initials of those who wrote and typed a letter: "JPL/mgr*".
pub(super) fn is_initials(text: &str) -> bool {
    let parts: Vec<&str> = text.trim_end_matches(['*', '.']).split(['/', ':']).collect();
    let is_short = |part: &&str| {
        (1..=6).contains(&part.chars().count())
            && part.chars().all(|c| c.is_alphabetic() || c == '.')
    };
    // The author's are in capitals.
    let is_author = !parts[0].contains(char::is_lowercase);
    let is_typist = parts[1..].iter().any(|part| part.contains(char::is_lowercase));
    (is_author && is_typist || text.ends_with('*'))
        && parts.len() <= 5
        && parts.iter().all(is_short)
}
