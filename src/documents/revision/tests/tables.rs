//! Tables that come back.

use super::older::older;
use super::*;

const TABLE: &str = "We ask for water in these towns, as the table says.\n\n\
    | Town | Litres | *Note* |\n|:-----|--:|:-:|\n| Tecate | 500 | `a\\|b` |\n| Ensenada   | 700 | [site](https://example.org/) |\n\
    | Tijuana | 900 | |\n\nThank you for all you do.\n";

/// What comes of a change of the cells of a Markdown export.
fn changed(change: impl Fn(String) -> String) -> String {
    revised_body(Format::Md, TABLE, change)
}

#[test]
fn a_changed_cell_is_changed_alone() {
    let made = changed(|text| {
        text.replace("500", "1,500")
            .replace("Tijuana", "Tijuana | Playas")
            .replace("| Playas", "\\| Playas")
    });
    insta::assert_snapshot!(made, @r#"
    -| Tecate | 500 | `a\|b` |
    +| Tecate | 1,500 | `a\|b` |
    -| Tijuana | 900 | |
    +| Tijuana \| Playas | 900 | |

    SHOWN
    Tecate | {+1,+}500
    Tijuana {+| Playas+}

    UNTAKEN
    "#);
    // Every word of a row is another one, and an empty cell is filled.
    let made = changed(|text| {
        text.replace("Ensenada | 700", "Mexicali | 800").replace("900 |  |", "900 | **dry** |")
    });
    insta::assert_snapshot!(made, @"
    -| Ensenada   | 700 | [site](https://example.org/) |
    -| Tijuana | 900 | |
    +| Mexicali   | 800 | [site](https://example.org/) |
    +| Tijuana | 900 | **dry** |

    SHOWN
    [-Ensenada-]{+Mexicali+}
    Ensenada | [-700-]{+800+}
    {+dry+}

    UNTAKEN
    ");
    // A cell is emptied.
    let made = changed(|text| text.replace("| 500 |", "| |"));
    insta::assert_snapshot!(made, @r#"
    -| Tecate | 500 | `a\|b` |
    +| Tecate |  | `a\|b` |

    SHOWN
    Tecate | [-500-]

    UNTAKEN
    "#);
}

#[test]
fn rows_and_columns_are_added_and_taken_out() {
    let made = changed(|text| {
        let row = "| Tijuana | 900 |  |\n";
        assert!(text.contains(row));
        text.replace(
            row,
            "| Rosarito | 300 | new |\n| Tijuana | 950 |  |\n| Tecate Sur | 1 | **b** |\n",
        )
        .lines()
        .filter(|line| !line.starts_with("| Ensenada"))
        .map(|line| format!("{line}\n"))
        .collect()
    });
    insta::assert_snapshot!(made, @"
    -| Ensenada   | 700 | [site](https://example.org/) |
    -| Tijuana | 900 | |
    +| Rosarito | 300 | new |
    +| Tijuana | 950 | |
    +| Tecate Sur | 1 | **b** |

    SHOWN
    {+Rosarito | 300 | new+}
    [-Ensenada | 700 | site-]
    Tijuana | [-900-]{+950+}
    {+Tecate Sur | 1 | b+}

    UNTAKEN
    ");
    // A column in the middle, and one less.
    let made = changed(|text| {
        let in_table = |line: &str| match line.split('|').collect::<Vec<_>>()[..] {
            [_, town, litres, ..] if line.starts_with('|') => {
                let more = match town.trim() {
                    "Town" => "People",
                    "---" | ":--" => "---",
                    _ => "5",
                };
                format!("|{town}| {more} |{litres}|\n")
            }
            _ => format!("{line}\n"),
        };
        text.lines().map(in_table).collect()
    });
    insta::assert_snapshot!(made, @r#"
    -| Town | Litres | *Note* |
    -|:-----|--:|:-:|
    -| Tecate | 500 | `a\|b` |
    -| Ensenada   | 700 | [site](https://example.org/) |
    -| Tijuana | 900 | |
    +| Town | People | Litres |
    +|:-----| --- |--:|
    +| Tecate | 5 | 500 |
    +| Ensenada   | 5 | 700 |
    +| Tijuana | 5 | 900 |

    SHOWN
    [-Note | a|b | site-]
    {+People | 5 | 5 | 5+}

    UNTAKEN
    "#);
    // The last row, and the table is as it is in the letter's own file.
    let made = changed(|text| text.replace("| Tijuana | 900 |  |\n", ""));
    insta::assert_snapshot!(made, @"
    -| Tijuana | 900 | |

    SHOWN
    [-Tijuana | 900-]

    UNTAKEN
    ");
}

/// Bars at the ends of lines may be missing.
#[test]
fn a_table_without_bars_at_its_ends_is_changed() {
    let body = "We ask for water in these towns, as the table says.\n\n\
        Town | Litres\n---|---\nTecate | 500\nEnsenada | 700\n\nThank you for all you do.\n";
    let made = revised_body(Format::Md, body, |text| {
        let lines =
            text.lines().map(|line| match line.split('|').map(str::trim).collect::<Vec<_>>()[..] {
                [_, "Tecate", litres, ""] => {
                    format!("| Tecate | x | {litres} |\n| Rosarito | y | 3 |\n")
                }
                [_, town, litres, ""] => {
                    format!("| {town} | {} | {litres} |\n", if town == "---" { "---" } else { "z" })
                }
                _ => format!("{line}\n"),
            });
        lines.collect()
    });
    insta::assert_snapshot!(made, @"
    -Town | Litres
    ----|---
    -Tecate | 500
    -Ensenada | 700
    +Town | z | Litres
    +---| --- |---
    +Tecate | x | 500
    +| Rosarito | y | 3 |
    +Ensenada | z | 700

    SHOWN
    {+z | x | y | z+}
    {+Rosarito | y | 3+}

    UNTAKEN
    ");
    let made = revised_body(Format::Md, body, |text| {
        let lines =
            text.lines().map(|line| match line.split('|').map(str::trim).collect::<Vec<_>>()[..] {
                [_, _, litres, ""] => format!("| {litres} |\n"),
                _ => format!("{line}\n"),
            });
        lines.collect()
    });
    insta::assert_snapshot!(made, @"

    SHOWN


    UNTAKEN
    body.en.md:3: a change that cannot be written in its place: [-Town | Tecate | Ensenada-]
    ");
}

/// In Word, where the header is bold by its style, and in a letter that has its text itself.
#[test]
fn a_table_of_a_word_document_is_changed() {
    let old = "We ask for water in these towns, as the table says.\n\n\
        | Town | Litres |\n|:--|--:|\n| Tecate | 500 |\n| Ensenada | 700 |\n\nThank you for all you do.\n";
    let new = old.replace("Tecate | 500", "Tecate | 550");
    let row = |town: &str, litres: &str| {
        let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
        format!("<w:tr>{}{}</w:tr>", cell(town), cell(litres))
    };
    let with_row = |text: String| {
        let end = text.find("</w:tbl>").unwrap_or(text.len());
        format!(
            "{}{}{}",
            &text[..end],
            if end < text.len() { row("Rosarito", "300") } else { String::new() },
            &text[end..]
        )
    };
    // What is newer in the letter stays, and the rest of the table is taken over.
    let made = older(old, &new, |text| {
        with_row(text.replace(">700<", ">750<").replace(">Litres<", ">Litres a day<"))
    });
    assert_eq!(
        made,
        ["Town | Litres {+a day+}", "Ensenada | [-700-]{+750+}", "{+Rosarito | 300+}"]
    );
    // Both have changed the cell.
    let made = older(old, &new, |text| text.replace(">500<", ">501<"));
    assert_eq!(
        made,
        ["a text that was changed in the letter as well: letter (550), document (501)"]
    );
}

proptest::proptest! {
    /// Whatever rows and columns a document has, its cells are then in the letter, and each cell that was kept
    /// is written as it was.
    #[test]
    fn any_table_is_written(rows in proptest::collection::vec(0..6_usize, 1..7), columns in proptest::collection::vec(0..4_usize, 1..5)) {
        let word = |row: usize, column: usize| format!("r{row}c{column}");
        let table = |rows: &[usize], columns: &[usize]| {
            let line = |row: &usize| {
                let cells: Vec<String> = columns.iter().map(|column| word(*row, *column)).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            let mut lines: Vec<String> = rows.iter().map(line).collect();
            lines.insert(1.min(lines.len()), format!("|{}\n", "---|".repeat(columns.len())));
            lines.concat()
        };
        let (start, end) = ("We ask for water in these towns.\n\n", "\nThank you for all you do.\n");
        let whole: Vec<usize> = (0..6).collect();
        let old = table(&whole, &whole[..4]);
        let body = format!("{start}{old}{end}");
        let mut news = rows.clone();
        news.retain(|row| *row != 0);
        news.insert(0, 0);
        let new = table(&news, &columns);
        let made = rewritten(&body, |text| {
            let from = text.find("| r0c0").expect("a table");
            let to = text.find("Thank you for").expect("an end") - 1;
            format!("{}{new}{}", &text[..from], &text[to..])
        });
        let cells = |text: &str| -> Vec<Vec<String>> {
            let lines = text.lines().filter(|line| line.starts_with('|') && !line.contains("---"));
            lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
        };
        proptest::prop_assert_eq!(cells(&made), cells(&new), "{}", made);
    }
}

/// The body after the revision by a changed Markdown export.
fn rewritten(body: &str, change: impl Fn(String) -> String) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let letter = "languages = [\"en\"]\ndate = 2026-03-09\ntitle = \"Water\"\nbody = { file = \"body.md\" }\n\
        signatories = [\"Red\"]\n";
    std::fs::write(folder.path().join("letter.toml"), letter).expect("a letter");
    std::fs::write(folder.path().join("body.md"), body).expect("a body");
    let (project, written, letters) = opened(&folder.path().join("letter.toml"));
    let original = original(&project, &written, &letters);
    let source = export(original.letter, &project.files, Format::Md);
    let data = change(String::from_utf8(source.data).expect("text")).into_bytes();
    let source = Source { name: source.name, data, language: None, folder: None };
    let found = revision(&source, &original).map_err(|e| e.english()).expect("compared");
    assert_eq!(found.untaken, []);
    edited(body, &found.edits.iter().collect::<Vec<_>>()).expect("edits")
}
