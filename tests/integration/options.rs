//! Every option of every command has an effect or is refused.
//!
//! The options are read from the help, which clap generates from their definitions. For each of them,
//! and for each of the values that it lists, the table below has two command lines that differ only in
//! that option and whose outcomes must differ as well: the exit status, the output, or the files. So an
//! option that is added but has no effect fails here, and so does one that is not in the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde_json::Value;

use super::{SMALL, program, stdout, write};

/// A line for each option, under its command: the option, a command line without it, and one with it,
/// which may be `+` and the arguments to add. `&&` separates commands, of which the last is compared.
///
/// The sign between the two says how they compare: `/=` their outcomes differ; `==` they are the same,
/// because there is no message that could be silenced; `>>` the first still runs when the second has
/// ended; `||` the second does many things at once, and the first does not. Nothing is measured: how fast
/// a machine is, and what else it does, must not matter.
const TABLE: &str = "
build
  LETTER build x /= build y
  --root build rooted /= + --root .
  --out-dir build x /= + --out-dir elsewhere
  --format=pdf build x --format png /= + --format pdf
  --format=png build x /= + --format png
  --format=svg build x /= + --format svg
  --format=txt build x /= + --format txt
  --format=md build x /= + --format md
  --format=html build x /= + --format html
  --format=eml build x /= + --format eml
  --format=docx build x /= + --format docx
  --locked build x /= + --locked
  --deps build x /= + --deps d.json
  --deps-format=make build x --deps d.json /= + --deps-format make
  --deps-format=json build x --deps d.mk /= + --deps-format json
  --ppi build x --format png /= + --ppi 20
  --pages build long --format png --ppi 20 /= + --pages 2
  --show-window build x /= + --show-window
  --lang build x /= + --lang es
  --pdf-standard build x /= + --pdf-standard a-2b
  --draft build x /= + --draft
  --font-path build mono /= + --font-path fonts
  --system-fonts build mono /= + --system-fonts
  --deny build x /= + --deny placeholder-link
  --allow build x /= + --allow placeholder-link
  --jobs build crowd --timeout 600 --jobs 1 || build crowd --timeout 600 --jobs 24
  --timeout build slow --timeout 600 >> build slow --timeout 1
  --max-memory build heavy --max-memory 256 --timeout 600 /= build heavy --max-memory 192 --timeout 600
  --creation-timestamp build x /= + --creation-timestamp 5
  --message-format=human build x --message-format short /= build x --message-format human
  --message-format=short build x /= + --message-format short
  --message-format=json build x /= + --message-format json
  --message-format=github build x /= + --message-format github
  --message-format=sarif build x /= + --message-format sarif
  --all build many /= + --all
  --sarif build x /= + --sarif log.sarif
  --quiet build x /= + --quiet
  --ui-lang=en build bad --ui-lang es /= build bad --ui-lang en
  --ui-lang=es build bad /= + --ui-lang es
  --help build x /= + --help
  --version build x /= + --version

check
  LETTER check x /= check y
  --root check rooted /= + --root .
  --lang check x /= + --lang en
  --pdf-standard check see-through /= + --pdf-standard a-1b
  --draft check unmarked /= + --draft
  --font-path check mono /= + --font-path fonts
  --system-fonts check mono /= + --system-fonts
  --deny check x /= + --deny placeholder-link
  --allow check x /= + --allow placeholder-link
  --jobs check crowd --timeout 600 --jobs 1 || check crowd --timeout 600 --jobs 24
  --timeout check slow --timeout 600 >> check slow --timeout 1
  --max-memory check heavy --max-memory 256 --timeout 600 /= check heavy --max-memory 192 --timeout 600
  --message-format=human check x --message-format short /= check x --message-format human
  --message-format=short check x /= + --message-format short
  --message-format=json check x /= + --message-format json
  --message-format=github check x /= + --message-format github
  --message-format=sarif check x /= + --message-format sarif
  --all check many /= + --all
  --sarif check x /= + --sarif log.sarif
  --quiet check x /= + --quiet
  --ui-lang=en check bad --ui-lang es /= check bad --ui-lang en
  --ui-lang=es check bad /= + --ui-lang es
  --help check x /= + --help
  --version check x /= + --version

watch
  LETTER watch x /= watch y
  --root watch rooted /= + --root .
  --open watch x /= + --open
  --port watch x /= + --port FREE
  --show-window watch x /= + --show-window
  --lang watch x /= + --lang es
  --pdf-standard watch see-through /= + --pdf-standard a-1b
  --draft watch x /= + --draft
  --font-path watch mono /= + --font-path fonts
  --system-fonts watch mono /= + --system-fonts
  --deny watch x /= + --deny placeholder-link
  --allow watch x /= + --allow placeholder-link
  --jobs watch crowd --timeout 600 --jobs 1 || watch crowd --timeout 600 --jobs 24
  --timeout watch slow --timeout 600 >> watch slow --timeout 1
  --max-memory watch heavy --max-memory 256 --timeout 600 /= watch heavy --max-memory 192 --timeout 600
  --creation-timestamp watch x --draft /= + --creation-timestamp 5
  --message-format=human watch x --message-format short /= watch x --message-format human
  --message-format=short watch x /= + --message-format short
  --message-format=json watch x /= + --message-format json
  --message-format=github watch x /= + --message-format github
  --message-format=sarif watch x /= + --message-format sarif
  --quiet watch bad --message-format short /= + --quiet
  --ui-lang=en watch bad --ui-lang es /= watch bad --ui-lang en
  --ui-lang=es watch bad /= + --ui-lang es
  --help watch x /= + --help
  --version watch x /= + --version

new
  NAME new agua /= new water
  --lang new agua /= + --lang es
  --from new agua /= + --from d.md
  --kind=open-letter new agua --kind formal /= new agua --kind open-letter
  --kind=formal new agua /= + --kind formal
  --kind=oficio new agua --kind formal /= new agua --kind oficio
  --kind=business-us new agua --kind formal /= new agua --kind business-us
  --kind=business-din new agua --kind formal /= new agua --kind business-din
  --kind=petition new agua /= + --kind petition
  --kind=press new agua /= + --kind press
  --template=open-letter new agua --kind formal /= + --template open-letter
  --template=formal new agua /= + --template formal
  --timeout new agua --from long.md --timeout 600 >> new agua --from long.md --timeout 1
  --max-memory new agua --from long.md --max-memory 256 --timeout 600 /= new agua --from long.md --max-memory 192 --timeout 600
  --quiet new agua /= + --quiet
  --ui-lang=en new agua --ui-lang es /= new agua --ui-lang en
  --ui-lang=es new agua /= + --ui-lang es
  --help new agua /= + --help
  --version new agua /= + --version

signatories
  LETTER signatories x /= signatories y
  --lang signatories x /= + --lang es
  --format=table signatories x --format csv /= signatories x --format table
  --format=csv signatories x /= + --format csv
  --format=json signatories x /= + --format json
  --format=toml signatories x /= + --format toml
  --keep-formulas signatories z --format csv /= + --keep-formulas
  --all signatories twins /= + --all
  --timeout signatories endless --timeout 600 >> signatories endless --timeout 1
  --max-memory signatories endless --max-memory 256 --timeout 600 /= signatories endless --max-memory 192 --timeout 600
  --quiet signatories x == + --quiet
  --ui-lang=en signatories x --ui-lang es /= signatories x --ui-lang en
  --ui-lang=es signatories x /= + --ui-lang es
  --help signatories x /= + --help
  --version signatories x /= + --version

signatories import
  EXPORT signatories import r.csv --into y /= signatories import more.csv --into y
  --into signatories import r.csv --into y /= signatories import r.csv --into z
  --column signatories import spanish.csv --into y /= + --column name=Nombre
  --kind signatories import r.csv --into y /= + --kind person
  --fix-case signatories import loud.csv --into y /= + --fix-case
  --keep-going signatories import wrong-url.csv --into y /= + --keep-going
  --key signatories import r.csv --into y /= + --key name
  --where signatories import r.csv --into y /= + --where name=Nobody
  --delimiter signatories import r.csv --into y /= + --delimiter ;
  --encoding signatories import windows.csv --into y /= + --encoding windows-1252
  --dry-run signatories import r.csv --into y /= + --dry-run
  --all signatories import many.csv --into y /= + --all
  --timeout signatories import r.csv --into endless --timeout 600 >> signatories import r.csv --into endless --timeout 1
  --max-memory signatories import r.csv --into endless --max-memory 256 --timeout 600 /= signatories import r.csv --into endless --max-memory 192 --timeout 600
  --quiet signatories import r.csv --into y /= + --quiet
  --ui-lang=en signatories import r.csv --into y --ui-lang es /= signatories import r.csv --into y --ui-lang en
  --ui-lang=es signatories import r.csv --into y /= + --ui-lang es
  --help signatories import r.csv --into y /= + --help
  --version signatories import r.csv --into y /= + --version

merge
  LETTER merge y --recipients r.csv /= merge z --recipients r.csv
  --root merge rooted --recipients r.csv /= + --root .
  --recipients merge y --recipients r.csv /= merge y --recipients more.csv
  --out-dir merge y --recipients r.csv /= + --out-dir elsewhere
  --format=pdf merge y --recipients r.csv --format txt /= + --format pdf
  --format=txt merge y --recipients r.csv /= + --format txt
  --format=md merge y --recipients r.csv /= + --format md
  --format=html merge y --recipients r.csv /= + --format html
  --format=eml merge y --recipients r.csv /= + --format eml
  --format=docx merge y --recipients r.csv /= + --format docx
  --name merge y --recipients r.csv /= + --name {recipient.name}
  --column merge named --recipients spanish.csv /= + --column name=Nombre
  --delimiter merge named --recipients r.csv /= + --delimiter ;
  --encoding merge y --recipients windows.csv /= + --encoding windows-1252
  --keep-going merge y --recipients wrong.csv /= + --keep-going
  --dry-run merge y --recipients r.csv /= + --dry-run
  --shard merge y --recipients r.csv /= + --shard 1/2
  --combined merge y --recipients r.csv /= + --combined all.pdf
  --duplex merge y --recipients r.csv --combined all.pdf /= + --duplex
  --chunk merge y --recipients r.csv --combined all.pdf /= + --chunk 1
  --join merge y --recipients r.csv --shard 1/1 --out-dir a /= + && merge --join a
  --lang merge x --recipients r.csv /= + --lang es
  --pdf-standard merge y --recipients r.csv /= + --pdf-standard a-2b
  --draft merge y --recipients r.csv /= + --draft
  --font-path merge mono --recipients r.csv /= + --font-path fonts
  --system-fonts merge mono --recipients r.csv /= + --system-fonts
  --deny merge linked --recipients r.csv /= + --deny placeholder-link
  --allow merge linked --recipients r.csv /= + --allow placeholder-link
  --jobs merge titled --recipients crowd.csv --timeout 600 --jobs 1 || merge titled --recipients crowd.csv --timeout 600 --jobs 24
  --timeout merge slow --recipients r.csv --timeout 600 >> merge slow --recipients r.csv --timeout 1
  --timeout merge titled --recipients heavy.csv --timeout 600 >> merge titled --recipients heavy.csv --timeout 1
  --max-memory merge titled --recipients heavy.csv --max-memory 256 --timeout 600 /= merge titled --recipients heavy.csv --max-memory 192 --timeout 600
  --creation-timestamp merge y --recipients r.csv /= + --creation-timestamp 5
  --message-format=human merge linked --recipients r.csv --message-format short /= merge linked --recipients r.csv --message-format human
  --message-format=short merge linked --recipients r.csv /= + --message-format short
  --message-format=json merge linked --recipients r.csv /= + --message-format json
  --message-format=github merge linked --recipients r.csv /= + --message-format github
  --message-format=sarif merge linked --recipients r.csv /= + --message-format sarif
  --all merge many --recipients r.csv /= + --all
  --sarif merge linked --recipients r.csv /= + --sarif log.sarif
  --quiet merge y --recipients r.csv /= + --quiet
  --ui-lang=en merge y --recipients r.csv --ui-lang es /= merge y --recipients r.csv --ui-lang en
  --ui-lang=es merge y --recipients r.csv /= + --ui-lang es
  --help merge y --recipients r.csv /= + --help
  --version merge y --recipients r.csv /= + --version

translate
  LETTER translate x --lang fr /= translate pair --lang fr
  --lang translate pair --lang fr /= translate pair --lang de
  --from translate pair --lang fr /= + --from d.md
  --timeout translate endless --lang fr --timeout 600 >> translate endless --lang fr --timeout 1
  --max-memory translate endless --lang fr --max-memory 256 --timeout 600 /= translate endless --lang fr --max-memory 192 --timeout 600
  --quiet translate pair --lang fr /= + --quiet
  --ui-lang=en translate pair --lang fr --ui-lang es /= translate pair --lang fr --ui-lang en
  --ui-lang=es translate pair --lang fr /= + --ui-lang es
  --help translate pair --lang fr /= + --help
  --version translate pair --lang fr /= + --version

revise
  LETTER revise pair --lang es --from back.md /= revise x --lang es --from back.md
  --lang revise pair --lang es --from back.md /= revise pair --lang en --from back.md
  --from revise pair --lang es --from back.md /= revise pair --lang es --from d.md
  --yes revise pair --lang es --from back.md /= + --yes
  --timeout revise endless --lang es --from back.md --timeout 600 >> revise endless --lang es --from back.md --timeout 1
  --max-memory revise endless --lang es --from back.md --max-memory 256 --timeout 600 /= revise endless --lang es --from back.md --max-memory 192 --timeout 600
  --quiet revise pair --lang es --from back.md --yes /= + --quiet
  --ui-lang=en revise pair --lang es --from back.md --ui-lang es /= revise pair --lang es --from back.md --ui-lang en
  --ui-lang=es revise pair --lang es --from back.md /= + --ui-lang es
  --help revise pair --lang es --from back.md /= + --help
  --version revise pair --lang es --from back.md /= + --version

review
  LETTER review x --lang es --by Ana --date 2026-03-09 /= review pair --lang es --by Ana --date 2026-03-09
  --lang review pair --lang es --by Ana --date 2026-03-09 /= review pair --lang en --by Ana --date 2026-03-09
  --by review pair --lang es --by Ana --date 2026-03-09 /= review pair --lang es --by Eva --date 2026-03-09
  --anyway review differing --lang es --by Ana --date 2026-03-09 /= + --anyway
  --date review pair --lang es --by Ana --date 2026-03-09 /= review pair --lang es --by Ana --date 2026-03-10
  --timeout review endless --lang es --by Ana --timeout 600 >> review endless --lang es --by Ana --timeout 1
  --max-memory review endless --lang es --by Ana --max-memory 256 --timeout 600 /= review endless --lang es --by Ana --max-memory 192 --timeout 600
  --quiet review pair --lang es --by Ana --date 2026-03-09 /= + --quiet
  --ui-lang=en review y --lang es --by Ana --ui-lang es /= review y --lang es --by Ana --ui-lang en
  --ui-lang=es review y --lang es --by Ana /= + --ui-lang es
  --help review y --lang es --by Ana /= + --help
  --version review y --lang es --by Ana /= + --version

status
  LETTER status x /= status y
  --root status rooted /= + --root .
  --out-dir build x && status x /= + --out-dir elsewhere
  --message-format=human status x --message-format json /= status x --message-format human
  --message-format=json status x /= + --message-format json
  --lang status x /= + --lang es
  --pdf-standard build x && status x /= + --pdf-standard a-2b
  --draft build x && status x /= + --draft
  --font-path status mono /= + --font-path fonts
  --system-fonts status mono /= + --system-fonts
  --deny status x /= + --deny placeholder-link
  --allow status x /= + --allow placeholder-link
  --jobs status crowd --timeout 600 --jobs 1 || status crowd --timeout 600 --jobs 24
  --timeout status slow --timeout 600 >> status slow --timeout 1
  --max-memory status heavy --timeout 600 >> + --max-memory 192
  --creation-timestamp build x && status x /= + --creation-timestamp 5
  --quiet status x == + --quiet
  --ui-lang=en status x --ui-lang es /= status x --ui-lang en
  --ui-lang=es status x /= + --ui-lang es
  --help status x /= + --help
  --version status x /= + --version

fonts
  LETTER fonts /= + own
  --font-path fonts /= + --font-path fonts
  --system-fonts fonts /= + --system-fonts
  --variants fonts /= + --variants
  --for fonts /= + --for ar
  --quiet fonts == + --quiet
  --ui-lang=en fonts --font-path none --ui-lang es /= fonts --font-path none --ui-lang en
  --ui-lang=es fonts --font-path none /= + --ui-lang es
  --help fonts /= + --help
  --version fonts /= + --version

template
  TEMPLATE=open-letter template formal /= template open-letter
  TEMPLATE=formal template open-letter /= template formal
  --out template formal /= + --out ours
  --quiet template formal /= + --quiet
  --ui-lang=en template formal --out taken --ui-lang es /= template formal --out taken --ui-lang en
  --ui-lang=es template formal --out taken /= + --ui-lang es
  --help template formal /= + --help
  --version template formal /= + --version

schema
  WHAT=letter schema repository /= schema letter
  WHAT=repository schema letter /= schema repository
  --quiet schema == + --quiet
  --ui-lang=en schema --ui-lang es /= schema --ui-lang en
  --ui-lang=es schema /= + --ui-lang es
  --help schema /= + --help
  --version schema /= + --version

completions
  SHELL=bash completions zsh /= completions bash
  SHELL=elvish completions bash /= completions elvish
  SHELL=fish completions bash /= completions fish
  SHELL=powershell completions bash /= completions powershell
  SHELL=zsh completions bash /= completions zsh
  --quiet completions bash == + --quiet
  --ui-lang=en completions zsh --ui-lang es /= completions zsh --ui-lang en
  --ui-lang=es completions zsh /= + --ui-lang es
  --help completions bash /= + --help
  --version completions bash /= + --version
";

/// Command lines that are refused although the command, or another command, has the option.
const REFUSED: &[&str] = &[
    "build -o - --lang en --locked x",
    "build -o - --lang en --deps d.json x",
    "build x --deps-format make",
    "build x --pages 1",
    "build x --ppi 20",
    "build x --format svg --ppi 20",
    "build x --format txt --show-window",
    "build x --format eml --show-window",
    "check x --out-dir o",
    "check x --format png",
    "check x --locked",
    "check x --show-window",
    "check x --creation-timestamp 5",
    "watch x --sarif log.sarif",
    "watch x --format png",
    "signatories x --keep-formulas",
    "signatories x --keep-formulas --format json",
    "status x --sarif log.sarif",
    "status x --message-format short",
    "status x --message-format sarif",
    "merge y --recipients r.csv --format png",
    "merge y --recipients r.csv --duplex",
    "merge y --recipients r.csv --chunk 1",
    "merge y --recipients r.toml --column name=Nombre",
    "merge y --recipients r.toml --delimiter ;",
];

/// A row of the table: an option, or an option and one of its values.
struct Row {
    option: &'static str,
    without: String,
    with: String,
    comparison: Comparison,
}

#[derive(Copy, Clone, Eq, PartialEq)]
enum Comparison {
    Differs,
    HasNoMessages,
    Outlasts,
    DoesLessAtOnce,
}

/// The rows of a command.
fn rows(command: &str) -> Vec<Row> {
    let of_command = TABLE.split("\n\n").find_map(|part| {
        let (name, rows) = part.trim_start().split_once('\n')?;
        (name == command).then_some(rows)
    });
    of_command.unwrap_or_default().lines().map(row).collect()
}

fn row(line: &'static str) -> Row {
    use Comparison::{Differs, DoesLessAtOnce, HasNoMessages, Outlasts};
    let (option, lines) = line.trim().split_once(' ').expect("an option and two lines");
    let signs =
        [(" /= ", Differs), (" == ", HasNoMessages), (" >> ", Outlasts), (" || ", DoesLessAtOnce)];
    let parts = signs.into_iter().find_map(|(sign, comparison)| {
        lines.split_once(sign).map(|(without, with)| (without, with, comparison))
    });
    let (without, with, comparison) = parts.expect("two lines");
    let with = match with.strip_prefix("+ ") {
        Some(more) => format!("{without} {more}"),
        None => with.to_owned(),
    };
    Row { option, without: without.to_owned(), with, comparison }
}

/// The options and arguments of a command, each with the values that it lists.
fn options(command: &str) -> BTreeMap<String, Vec<String>> {
    let entry = Regex::new(r"^ {2,6}(?:-\w, )?(--[a-z-]+|\[[A-Z]+\]|<[A-Z]+>)").expect("a pattern");
    let values = Regex::new(r"\[possible values: ([^\]]+)\]").expect("a pattern");
    let mut texts: Vec<(String, String)> = Vec::new();
    for line in help(command).lines() {
        if let Some(found) = entry.captures(line) {
            let name = found[1].trim_matches(['[', ']', '<', '>']).to_owned();
            texts.push((name, line.to_owned()));
        } else if line.starts_with(' ')
            && let Some((_, text)) = texts.last_mut()
        {
            text.push(' ');
            text.push_str(line.trim());
        }
    }
    let listed = |text: &str| -> Vec<String> {
        let list = values.captures(text).map(|found| found[1].to_owned()).unwrap_or_default();
        list.split(", ").filter(|value| !value.is_empty()).map(str::to_owned).collect()
    };
    texts.into_iter().map(|(name, text)| (name, listed(&text))).collect()
}

/// The commands of the program, or the subcommands of a command.
fn commands(of: &str) -> Vec<String> {
    let help = help(of);
    let list = help.split_once("Commands:\n").map(|(_, rest)| rest).unwrap_or_default();
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn help(command: &str) -> String {
    let mut program = program(Path::new("."));
    stdout(
        &program
            .args(command.split(' ').filter(|word| !word.is_empty()))
            .arg("-h")
            .output()
            .expect("help"),
    )
}

#[test]
fn every_command_is_in_the_table() {
    let mut all = commands("");
    assert!(all.len() > 10, "{all:?}");
    for command in all.clone() {
        all.extend(commands(&command).into_iter().map(|inner| format!("{command} {inner}")));
    }
    let all: BTreeSet<String> = all.into_iter().collect();
    let table = TABLE.trim().split("\n\n").filter_map(|part| part.lines().next());
    assert_eq!(all, table.map(str::to_owned).collect());
}

/// Checks that the rows of a command match its options and have the outcomes they claim.
fn hold(command: &str) {
    let rows = rows(command);
    let mut wanted = BTreeSet::new();
    for (option, values) in options(command) {
        match values.as_slice() {
            [] => drop(wanted.insert(option)),
            values => wanted.extend(values.iter().map(|value| format!("{option}={value}"))),
        }
    }
    let held: BTreeSet<String> = rows.iter().map(|row| row.option.to_owned()).collect();
    assert_eq!(wanted, held, "the options of {command}, and those in the table");
    let mut outcomes = Outcomes::default();
    let failures: Vec<String> = rows.iter().filter_map(|row| outcomes.failure(row)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

macro_rules! commands {
    ($($test:ident: $command:literal;)*) => {
        $(
            #[test]
            fn $test() {
                hold($command);
            }
        )*
    };
}

commands! {
    options_of_build: "build";
    options_of_check: "check";
    options_of_watch: "watch";
    options_of_new: "new";
    options_of_signatories: "signatories";
    options_of_import: "signatories import";
    options_of_merge: "merge";
    options_of_review: "review";
    options_of_revise: "revise";
    options_of_translate: "translate";
    options_of_status: "status";
    options_of_fonts: "fonts";
    options_of_template: "template";
    options_of_schema: "schema";
    options_of_completions: "completions";
}

/// A refused command line is a usage error, and writes nothing.
fn assert_refused(line: &str, outcome: &Outcome, before: &Files) {
    assert_eq!(outcome.status, Some(2), "{line}: {}", outcome.stderr);
    assert_eq!(&outcome.files, before, "{line} writes");
}

#[test]
fn options_without_effect_are_refused() {
    let before = files(fixture().path());
    for line in REFUSED {
        assert_refused(line, &outcome(line), &before);
    }
}

/// One file for the printer and joined shares are different kinds of merge, for which some options are
/// useless.
#[test]
fn kinds_of_merge_refuse_options_that_they_cannot_use() {
    let mut outcomes = Outcomes::default();
    let before = files(fixture().path());
    let mut failures = Vec::new();
    for row in rows("merge") {
        if matches!(row.option, "--combined" | "--join" | "--duplex" | "--chunk") {
            continue;
        }
        let combined = |line: &str| format!("{line} --combined all.pdf --chunk 1");
        let with = combined(&row.with);
        let is_compared = row.comparison == Comparison::Differs;
        if is_compared && outcomes.of(&with).status == Some(2) {
            assert_refused(&with, outcomes.of(&with), &before);
        } else {
            let row = Row { without: combined(&row.without), with, ..row };
            failures.extend(outcomes.failure(&row));
        }
    }
    let join = "merge y --recipients r.csv --shard 1/1 --out-dir a && merge --join a";
    let joined = outcomes.of(join).clone();
    for row in rows("merge") {
        let name = row.option.split('=').next().unwrap_or_default();
        let Some((_, value)) = row.with.split_once(name) else { continue };
        if matches!(name, "--join" | "--ui-lang" | "--quiet") {
            continue;
        }
        let value = value.trim_start().split(" --").next().unwrap_or_default();
        let with = format!("{join} {name} {value}");
        let outcome = outcomes.of(&with);
        if outcome.status == Some(2) {
            assert!(!outcome.files.contains_key("out/manifest.jsonl"), "{with} writes");
        } else if *outcome == joined && name != "--keep-going" {
            failures.push(format!("{with} has no effect"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The outcomes of command lines, each run once.
#[derive(Default)]
struct Outcomes(BTreeMap<String, Outcome>);

impl Outcomes {
    fn of(&mut self, line: &str) -> &Outcome {
        self.0.entry(line.to_owned()).or_insert_with(|| {
            let first = outcome(line);
            // Otherwise any two lines would differ.
            let second = outcome(line);
            assert!(
                first == second,
                "{line} has two outcomes:\n{}{}\n{}{}",
                first.stdout,
                first.stderr,
                second.stdout,
                second.stderr
            );
            first
        })
    }

    /// Describes the failure of a row, if any.
    fn failure(&mut self, row: &Row) -> Option<String> {
        let Row { without, with, .. } = row;
        // On systems other than Linux, a browser would open.
        if row.option == "--open" && !cfg!(target_os = "linux") {
            return None;
        }
        let is_so = match row.comparison {
            Comparison::Differs => self.of(without).clone() != outcome(with),
            Comparison::Outlasts => outlasts(without, with),
            Comparison::DoesLessAtOnce => does_less_at_once(without, with),
            Comparison::HasNoMessages => {
                let outcome = self.of(without).clone();
                outcome.stderr.is_empty() && outcome == *self.of(with)
            }
        };
        (!is_so).then(|| format!("{with}: {} has no effect", row.option))
    }
}

/// Whether a command still runs when another has ended; if both are `watch`, whether it has still not
/// built the letter.
fn outlasts(long: &str, short: &str) -> bool {
    let mut long = Running::start(long);
    outcome(short);
    long.is_busy()
}

/// Whether a command has fewer than [`CROWD`] threads at work when another has as many. Where the system
/// does not tell, it counts as so.
fn does_less_at_once(few: &str, many: &str) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let (few, mut many) = (Running::start(few), Running::start(many));
    // It takes milliseconds, or seconds on a busy machine.
    for _ in 0..12_000 {
        if many.threads() >= CROWD {
            return few.threads() < CROWD;
        }
        if !many.is_busy() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A command that runs in a folder of its own, and is ended when it is dropped.
struct Running {
    folder: tempfile::TempDir,
    child: Child,
}

impl Running {
    fn start(line: &str) -> Self {
        let folder = fixture();
        let errors = std::fs::File::create(folder.path().join("errors")).expect("a file");
        let child = command(folder.path(), line)
            // Typst's own threads are not to be counted.
            .env("RAYON_NUM_THREADS", "1")
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .expect("it starts");
        Self { folder, child }
    }

    /// Whether it has neither ended nor built anything.
    fn is_busy(&mut self) -> bool {
        let errors = std::fs::read_to_string(self.folder.path().join("errors"));
        let has_built = errors.expect("a file").contains(" ms: ");
        !has_built && self.child.try_wait().expect("its status").is_none()
    }

    /// How many threads the process has that does the work.
    fn threads(&self) -> usize {
        let tasks = format!("/proc/{0}/task/{0}/children", self.child.id());
        let worker = std::fs::read_to_string(tasks).unwrap_or_default();
        let threads = std::fs::read_dir(format!("/proc/{}/task", worker.trim()));
        threads.map_or(0, Iterator::count)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
        let _status = self.child.wait();
    }
}

/// The files of a folder, by their relative paths.
type Files = BTreeMap<String, Vec<u8>>;

/// The result of a command line.
#[derive(Debug, Clone, Eq, PartialEq)]
struct Outcome {
    status: Option<i32>,
    stdout: String,
    stderr: String,
    /// What the preview shows in a browser.
    shown: Vec<String>,
    files: Files,
}

/// Runs commands in a folder of their own, made by [`fixture`], and returns the outcome of the last.
fn outcome(line: &str) -> Outcome {
    let folder = fixture();
    let at = folder.path().canonicalize().expect("a folder");
    let run = |line: &str| command(&at, line);
    let mut lines: Vec<&str> = line.split(" && ").collect();
    let last = lines.pop().expect("a line").replace("FREE", &free_port());
    for line in lines {
        let output = run(line).output().expect("the program starts");
        assert!(output.status.success(), "{line}: {}", super::stderr(&output));
    }
    let (output, shown) = match last.starts_with("watch ") {
        true => watch(&mut run(&last), last.ends_with("--quiet")),
        false => (run(&last).output().expect("the program starts"), Vec::new()),
    };
    let port = last.split_once("--port ").map_or("", |(_, port)| port);
    let normal = |text: Vec<u8>| normal(&String::from_utf8_lossy(&text), &at, port);
    Outcome {
        status: output.status.code(),
        stdout: normal(output.stdout),
        stderr: normal(output.stderr),
        shown: shown.iter().map(|text| normal(text.clone().into_bytes())).collect(),
        files: files(&at),
    }
}

/// The program with the arguments of a line, in a folder made by [`fixture`].
fn command(folder: &Path, line: &str) -> Command {
    let (mut program, home) = (program(folder), folder.join("home"));
    program.env("HOME", &home).env("USERPROFILE", &home).env("PATH", &home);
    program.args(line.split_whitespace());
    program
}

/// A text without anything that varies between runs: the folder, durations, the port that `watch` finds
/// unless it was told one, and the number that it gives a file.
fn normal(text: &str, folder: &Path, port: &str) -> String {
    static VARYING: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"\d+ ms: |[\d.]+ s(, \d+ (letters|cartas)/s)?|127\.0\.0\.1:\d+/|signatory/\d+/";
        Regex::new(pattern).expect("a pattern")
    });
    let text = text.replace(&*folder.to_string_lossy(), "FOLDER");
    let text = text.replace(&format!("127.0.0.1:{port}/"), "THE PORT/");
    VARYING.replace_all(&text, "…").into_owned()
}

/// A port that is free now.
fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port().to_string()
}

/// The output of `watch` for the first build, and its preview. The program is stopped afterwards.
fn watch(command: &mut Command, is_quiet: bool) -> (Output, Vec<String>) {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
    let mut stderr = BufReader::new(child.stderr.take().expect("standard error"));
    let (mut url, mut errors, mut shown) = (String::new(), String::new(), Vec::new());
    stdout.read_line(&mut url).expect("a line");
    if let Some(host) = url.trim().strip_prefix("http://") {
        // Text that belongs to the last line was written at the same time.
        while !errors.contains(" ms: ") && (!is_quiet || errors.is_empty()) {
            let read = stderr.read_line(&mut errors).expect("a line");
            assert_ne!(read, 0, "the program ended: {errors}");
        }
        shown = preview(host.trim_end_matches('/'));
        end(&mut child);
    }
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).expect("the end");
    let stdout = [url.into_bytes(), rest].concat();
    let mut rest = Vec::new();
    stderr.read_to_end(&mut rest).expect("the end");
    let stderr = [errors.into_bytes(), rest].concat();
    let status = child.wait().expect("the program ends");
    (Output { status, stdout, stderr }, shown)
}

fn end(child: &mut Child) {
    // It may have ended on its own.
    let _ended = child.kill();
}

/// The preview as a browser receives it, and the drawings of its pages.
fn preview(host: &str) -> Vec<String> {
    let get = |path: &str| {
        let mut stream = TcpStream::connect(host).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a time limit");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("a request");
        BufReader::new(stream)
    };
    let mut lines = get("/events").lines().map(|line| line.expect("a line"));
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let data = data.expect("a preview");
    let preview: Value = serde_json::from_str(&data).expect("JSON");
    let mut shown = vec![data];
    let languages = preview["languages"].as_array().expect("languages").iter();
    for page in languages.flat_map(|language| language["pages"].as_array().expect("pages")) {
        let name = page["drawing"].as_str().expect("a name");
        let mut drawing = String::new();
        get(&format!("/pages/{name}.svg")).read_to_string(&mut drawing).expect("a drawing");
        shown.push(drawing);
    }
    shown
}

fn files(folder: &Path) -> Files {
    fn look(folder: &Path, root: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                look(&path, root, files);
            } else {
                let name = path.strip_prefix(root).expect("a file of the folder");
                let data = std::fs::read(&path).expect("a file");
                files.insert(name.to_string_lossy().replace('\\', "/"), data);
            }
        }
    }
    let mut all = Files::new();
    look(folder, folder, &mut all);
    all
}

/// A font under a name that no other font has.
static FONT: LazyLock<Vec<u8>> = LazyLock::new(super::renamed_font);

/// How many jobs `crowd` and `crowd.csv` make.
const CROWD: usize = 24;

/// The languages of `crowd` after the first, which alone is done at once: the preview begins with it, and
/// then has the others made at once.
const TAGS: [&str; CROWD] = [
    "ca", "de", "de-AT", "de-CH", "el", "es", "es-AR", "es-CL", "es-CO", "es-MX", "es-PE", "eu",
    "fr", "fr-CA", "gl", "ht", "it", "nl", "pl", "pt", "pt-PT", "tr", "uk", "vi",
];

/// A template that takes as much time, or memory, as the title says.
const SLOW: &str = "#let letter(letter) = {
  let title = repr(letter.title)
  let text = if title.contains(\"heavy\") { \"x\" * 1000 * 400000 } else { \"\" }
  if title.contains(\"heavy\") or title.contains(\"endless\") {
    for i in range(9000) { for j in range(9000) { for k in range(9000) { let x = i + j } } }
  }
  [#letter.title #text.len()]
}
";

/// A template that PDF/A-1 forbids.
const SEE_THROUGH: &str = "#let letter(letter) = {
  place(rect(width: 1cm, height: 1cm, fill: rgb(0, 0, 0, 50%)))
  letter.body
}
";

/// The Spanish of `pair`, as Markdown, with a change.
const BACK: &str = "# Agua\n\n24 de agosto de 2021\n\nPedimos agua limpia.\n";

/// The letters and lists of the table.
fn fixture() -> tempfile::TempDir {
    let both = "languages = [\"en\", \"es\"]\ndate = 2021-08-24\ntitle.en = \"Water\"\ntitle.es = \"Agua\"\n\
                body.en = \"We ask for water.\"\nbody.es = \"Pedimos agua.\"\n";
    let slow = format!("template = \"slow.typ\"\n{SMALL}");
    let endless = slow.replace("A title", "endless");
    let title = "title = \"A title\"";
    let twins =
        ["Río", "Valle", "Cerro", "Puente", "Mercado", "Faro", "Jardín", "Molino", "Taller"];
    let twins = twins.iter().chain(&["Huerto", "Camino", "Bosque"]);
    let twins: Vec<String> = twins.map(|name| format!("\"{name}\", \"{name}\"")).collect();
    let many_wrong: String = (0..12).map(|n| format!(",x{n}\n")).collect();
    let many_wrong = format!("name,url\n{many_wrong}");
    let crowd = || TAGS.iter().map(|tag| format!("title.{tag} = \"endless {tag}\"\n"));
    let letters = [
        (
            "x",
            both.replace("agua.", "agua. Vea [esto]().")
                + "signatories = [{ name = \"Ana\", title = { en = \"Chair\", es = \"Presidenta\" } }]\n\
                   [page]\nenvelope = \"us-10\"\n[[to]]\nname = \"Eva\"\naddress = [\"1 Main Street\"]\n",
        ),
        ("y", format!("signatories = []\n{SMALL}")),
        (
            "z",
            format!("signatories = [\"Ana\", \"=1+1\"]\n{SMALL}").replace("Text.", "Other text."),
        ),
        ("pair", both.to_owned()),
        ("differing", both.replace("agua.", "agua 12 veces.")),
        ("bad", SMALL.replace("title =", "titel =")),
        ("linked", SMALL.replace("Text.", "See [this]().")),
        ("twins", format!("signatories = [{}]\n{SMALL}", twins.join(", "))),
        (
            "many",
            format!(
                "{SMALL}[links]\n{}",
                (0..12).map(|n| format!("l{n} = \"#\"\n")).collect::<String>()
            ),
        ),
        ("named", SMALL.replace("Text.", "Dear {{recipient.name}}")),
        ("long", SMALL.replace("Text.", &"We ask for water. ".repeat(400))),
        ("rooted", SMALL.replace("\"Text.\"", "{ file = \"../shared.md\" }")),
        ("mono", format!("{SMALL}[page]\nfont = \"DejaVu Sans Momo\"\n")),
        ("see-through", format!("template = \"ours.typ\"\n{SMALL}")),
        // A mark that prints nothing cannot be typeset.
        ("unmarked", format!("{SMALL}[labels]\ndraft = \"\\u2060\"\n")),
        (
            "crowd",
            slow.replace("[\"en\"]", &format!("[\"en\", \"{}\"]", TAGS.join("\", \""))).replace(
                title,
                &format!("title.en = \"A title\"\n{}", crowd().collect::<String>()),
            ),
        ),
        ("slow", endless),
        ("heavy", slow.replace("A title", "heavy")),
        // It takes minutes and gigabytes to read.
        (
            "endless",
            format!("signatories = [{}]\n{both}", "{ file = \"list.csv\" }, ".repeat(2000)),
        ),
        ("titled", slow.replace(title, "title = \"{{recipient.name}}\"")),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for (name, letter) in letters {
        write(&at(name).join("letter.toml"), &letter);
    }
    for (name, text) in [
        ("shared.md", "Text."),
        ("slow/slow.typ", SLOW),
        ("crowd/slow.typ", SLOW),
        ("heavy/slow.typ", SLOW),
        ("titled/slow.typ", SLOW),
        ("see-through/ours.typ", SEE_THROUGH),
        ("taken/parts.typ", ""),
        ("own/letter.toml", OWN_FONTS),
        ("r.csv", "name,email\nRosa,r@example.org\nLuis,l@example.org\n"),
        ("more.csv", "name\nRosa\nLuis\nInés\n"),
        ("back.md", BACK),
        ("d.md", "# Water for all\n\nWe ask for water.\n"),
        ("spanish.csv", "Nombre\nRosa\n"),
        ("loud.csv", "name\nRED DEL AGUA\n"),
        ("wrong-url.csv", "name,url\nRosa,\nLuis,ftp://x\n"),
        ("many.csv", &many_wrong),
        ("wrong.csv", "name,lang\nRosa,en\nLuis,fr\n"),
        (
            "crowd.csv",
            &format!("name\nRosa\n{}", TAGS.map(|tag| format!("endless {tag}\n")).concat()),
        ),
        ("heavy.csv", "name\nRosa\nheavy\n"),
        ("r.toml", "[[recipient]]\nname = \"Rosa\"\n"),
    ] {
        write(&at(name), text);
    }
    let list: String = (0..40_000).map(|number| format!("Organization {number}\n")).collect();
    // It takes minutes and gigabytes to read.
    write(&at("long.md"), &"- x\n".repeat(1_000_000));
    write(&at("endless/list.csv"), &format!("name\n{list}"));
    std::fs::write(at("windows.csv"), b"name\nIn\xE9s\n").expect("a file");
    // Where each system looks for a user's fonts.
    for fonts in
        ["fonts", "own/fonts", "home/.local/share/fonts", "home/Library/Fonts", WINDOWS_FONTS]
    {
        std::fs::create_dir_all(at(fonts)).expect("a folder");
        std::fs::write(at(fonts).join("mine.ttf"), &*FONT).expect("a font");
    }
    folder
}

const OWN_FONTS: &str = "languages = [\"en\"]\ndate = 2021-08-24\ntitle = \"A title\"\nbody = \"Text.\"\n\
                         [page]\nfonts = [\"fonts\"]\n";

const WINDOWS_FONTS: &str = "home/AppData/Local/Microsoft/Windows/Fonts";
