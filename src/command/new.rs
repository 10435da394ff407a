//! `new`: starts a letter.

mod kinds;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::command::new::kinds::{Kind, letter_toml, sample};
use crate::command::options::{LimitArguments, tags};
use crate::command::terminal::{Terminal, print};
use crate::command::typeset::standard_input;
use crate::command::{DONE, Stop};
use crate::documents::{self, Certainty, Guess, Made, Source, key_of};
use crate::engine::{output, workers};
use crate::files::MAX_FILE_BYTES;
use crate::files::regular::{self, Links};
use crate::files::unreadable::Unreadable;
use crate::fonts::Fonts;
use crate::language::day::today;
use crate::language::{Tag, in_words};
use crate::project::{LETTER_FILE, STANDARD_INPUT};
use crate::report::streams::printable;
use crate::source::file_kind::FileKind;
use crate::source::paths;
use crate::spec::BUILT_IN_TEMPLATES;
use crate::spec::schema::{self, SCHEMA_FILE};
use crate::words::{Message, Number, UiLanguage, say};

/// Options of `new`.
#[derive(Debug, Args)]
#[command(mut_arg("timeout", |limit| limit.requires("from")))]
#[command(mut_arg("max_memory", |limit| limit.requires("from")))]
pub(super) struct NewArguments {
    /// The folder to create; its name becomes the name of the PDF
    name: PathBuf,

    /// The languages, the original first; by default, en and es
    #[arg(long = "lang", value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    languages: Vec<Tag>,

    /// What kind of letter it is
    #[arg(long, value_name = "KIND", default_value = "open-letter", conflicts_with = "from")]
    kind: Kind,

    /// The template, if not that of the kind
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(BUILT_IN_TEMPLATES))]
    template: Option<String>,

    /// A document to make the letter of: Word, LibreOffice, HTML, Markdown or plain text, - for
    /// standard input; with its language, as in es=FILE, for each further one
    #[arg(long, value_name = "FILE")]
    from: Vec<PathBuf>,

    #[command(flatten)]
    limits: LimitArguments,
}

impl NewArguments {
    /// The languages of a letter that is not made of documents.
    fn languages(&self) -> Vec<Tag> {
        let usual = || ["en", "es"].into_iter().filter_map(|tag| tag.parse().ok()).collect();
        if self.languages.is_empty() { usual() } else { self.languages.clone() }
    }

    /// Whether a letter is made of documents, which may be a stranger's.
    pub(super) fn reads_documents(&self) -> bool {
        !self.from.is_empty()
    }

    /// Whether one of them is on standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        self.from.iter().any(|from| named(from).1 == Path::new("-"))
    }
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &NewArguments) -> Result<u8, Stop> {
    if !arguments.from.is_empty() {
        return from_documents(terminal, arguments);
    }
    let files = write_letter(arguments, terminal.language)?;
    if !terminal.quiet {
        let shown = |path: &PathBuf| printable(&paths::shown(path)) + "\n";
        print(&files.iter().map(shown).collect::<String>())?;
        let name = shell_word(&arguments.name);
        say_fonts(terminal, &arguments.languages());
        terminal.say(&say!("now write the letter, then: undersigned build {name}", name));
    }
    Ok(DONE)
}

/// Makes a letter of documents.
fn from_documents(terminal: Terminal, arguments: &NewArguments) -> Result<u8, Stop> {
    let folder = &arguments.name;
    if let Some(tag) = arguments.languages.first() {
        let file = arguments.from.iter().map(|from| named(from).1).next();
        let file = file.map(shell_word).unwrap_or_default();
        return Err(Stop::Usage(say!(
            "--lang is for a new letter; the language of a document stands before its name: --from \
             {tag}={file}",
            tag,
            file
        )));
    }
    output::remove_leftovers(folder);
    let exists = |path: &Path| {
        let path = paths::shown(path);
        Stop::Usage(say!("`{path}` already exists", path))
    };
    let is_there = folder.symlink_metadata().is_ok();
    if folder.join(LETTER_FILE).symlink_metadata().is_ok() || is_there && !folder.is_dir() {
        return Err(exists(folder));
    }
    let sources: Vec<Source> =
        arguments.from.iter().map(|from| source(from)).collect::<Result<_, _>>()?;
    let title = title_of(folder);
    let names = sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(", ");
    let template = arguments.template.clone();
    let made = {
        let ui = terminal.language;
        let read = move || documents::letter(&sources, &title, &today(), template.as_deref(), ui);
        workers::alone(arguments.limits.limits(), "read the documents", read)
    };
    let made = made.unwrap_or_else(|failure| {
        let problem = failure.message(arguments.limits.limits());
        Err(say!("{names}: {problem}", names, problem))
    });
    let made = made.map_err(Stop::Usage)?;
    let letter = format!("#:schema ./{SCHEMA_FILE}\n\n{}", made.letter);
    let schema = schema::letter(terminal.language);
    let bodies = made.bodies.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
    let pictures =
        made.pictures.iter().map(|picture| (picture.name.as_str(), picture.data.as_slice()));
    let files = [(LETTER_FILE, letter.as_bytes())].into_iter();
    let files = files.chain(bodies).chain(pictures).chain([(SCHEMA_FILE, schema.as_bytes())]);
    let files: Vec<(PathBuf, &[u8])> =
        files.map(|(name, data)| (folder.join(name), data)).collect();
    // What is there is what a run left that was ended before it wrote the letter, or somebody else's.
    let is_ours =
        |path: &Path| files.iter().any(|(own, data)| own == path && output::is_there(path, data));
    let there = fs::read_dir(folder).into_iter().flatten();
    if there.flatten().any(|entry| !is_ours(&entry.path())) {
        return Err(exists(folder));
    }
    write_all(folder, files.iter().map(|(path, data)| (path.as_path(), *data)))?;
    let shown = files.iter().map(|(path, _)| printable(&paths::shown(path)) + "\n");
    let paths: String = shown.collect();
    if !terminal.quiet {
        print(&paths)?;
    }
    report(terminal, folder, &made);
    Ok(DONE)
}

/// Writes the files of a letter, of which the first is the letter itself: it comes last, so that a letter that
/// is there is whole.
fn write_all<'f>(
    folder: &Path,
    files: impl DoubleEndedIterator<Item = (&'f Path, &'f [u8])>,
) -> Result<(), Stop> {
    for (path, data) in files.rev() {
        output::write(path, data)
            .map_err(|error| Stop::Unwritable(output::unwritable_folder(folder, &error)))?;
    }
    Ok(())
}

/// A document as the user names it: its language, if they say it, and its path.
fn named(from: &Path) -> (Option<Tag>, &Path) {
    let given = from.to_str().and_then(|text| text.split_once('='));
    let given = given.and_then(|(tag, path)| Some((tag.parse().ok()?, Path::new(path))));
    given.map_or((None, from), |(tag, path)| (Some(tag), path))
}

/// Reads a document that the user names, with its language if they say it.
fn source(from: &Path) -> Result<Source, Stop> {
    let (language, path) = named(from);
    document(path, language)
}

/// Reads a document in a language.
pub(super) fn document(path: &Path, language: Option<Tag>) -> Result<Source, Stop> {
    if path == Path::new("-") {
        let data = standard_input().map_err(|error| Stop::unreadable(path, &error))?.to_vec();
        if data.len() as u64 > MAX_FILE_BYTES {
            let reason = Unreadable::TooLarge(MAX_FILE_BYTES);
            return Err(Stop::Usage(reason.message(STANDARD_INPUT)));
        }
        return Ok(Source { name: STANDARD_INPUT.into(), data, language, folder: None });
    }
    if path.is_dir() && path.extension().is_some_and(|extension| extension == "pages") {
        let name = paths::shown(path);
        let (is, advice) = (FileKind::Pages.name(), FileKind::Pages.advice(&name));
        return Err(Stop::Usage(say!("`{name}` is {is}: {advice}", name, is, advice)));
    }
    let data = regular::read(path, Links::Followed, MAX_FILE_BYTES);
    let data = data.map_err(|reason| Stop::Usage(reason.message(&paths::shown(path))))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().map(Path::to_path_buf);
    Ok(Source { name, data, language, folder })
}

/// The name of a folder as a title.
fn title_of(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    let title = first + letters.as_str();
    if title.is_empty() { LETTER_FILE.to_owned() } else { title }
}

/// Says what was found where and how sure it is, and what is not in the letter.
fn report(terminal: Terminal, folder: &Path, made: &Made) {
    let letter = paths::shown(&folder.join(LETTER_FILE));
    let lines = |certainty: Certainty| -> Vec<String> {
        let guesses = made.guesses.iter().filter(|guess| guess.certainty == certainty);
        let line = |guess: &Guess| {
            let value = guess.value.get(terminal.language);
            format!("{letter}:{}: {}: {value}", guess.line, guess.key)
        };
        guesses.map(line).collect()
    };
    if !terminal.quiet {
        let languages = Message::list(made.languages.iter().map(in_words));
        let languages = languages.unwrap_or_else(|| Message::verbatim(""));
        let found = [lines(Certainty::Sure), lines(Certainty::Likely)].concat();
        let words = Number(made.words);
        terminal.say_list(
            &say!(
                "read {words} words in {languages}, and found, the surest first:",
                words,
                languages
            ),
            &found,
        );
        let weak = lines(Certainty::Weak);
        if !weak.is_empty() {
            terminal
                .say_list(&say!("these are guesses; the letter has a comment beside them:"), &weak);
        }
    }
    if !made.left_out.is_empty() {
        terminal.say_left_out(&say!("this of the text is not in the letter:"), &made.left_out);
    }
    if !terminal.quiet {
        if !made.guesses.iter().any(|guess| guess.key == "[[to]]") {
            terminal.say(&say!(
                "no addressee was found; if the letter goes to somebody, add [[to]] to {letter}",
                letter
            ));
        }
        say_fonts(terminal, &made.languages);
        terminal.say(&say!(
            "now look through the letter, then: undersigned build {name}",
            name = shell_word(folder)
        ));
    }
}

/// Says which languages need a font that is not in the program.
fn say_fonts(terminal: Terminal, languages: &[Tag]) {
    let fonts = Fonts::default();
    let lacks = |tag: &&Tag| fonts.families_for(tag).is_some_and(|families| families.is_empty());
    for tag in languages.iter().filter(lacks) {
        terminal.say(&say!(
            "{language} needs a font that is not in the program: put one into a folder beside the letter, and name \
             that in [page]: fonts = [\"fonts\"]; `undersigned fonts --for {tag} --system-fonts` lists those of this \
             computer",
            language = in_words(tag),
            tag
        ));
    }
}

/// A path as it is typed.
pub(super) fn shell_word(path: &Path) -> String {
    let name = paths::shown(path);
    let is_plain = |c: char| c.is_alphanumeric() || "/\\._-+,:@%".contains(c);
    if name.chars().all(is_plain) { name } else { in_shell_quotes(&name) }
}

/// A text as an argument that every shell takes as it is; with a sign that means something in double quotes, every
/// one but that of Windows.
pub(super) fn in_shell_quotes(text: &str) -> String {
    match text.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => format!("\"{text}\""),
    }
}

/// Makes a folder with a letter in some languages that builds at once, and returns its files. Its comments and
/// the schema's descriptions, which editors show for the keys, are in the language of the messages.
fn write_letter(arguments: &NewArguments, ui: UiLanguage) -> Result<Vec<PathBuf>, Stop> {
    let NewArguments { name: folder, kind, template, .. } = arguments;
    let languages = &arguments.languages();
    for (index, tag) in languages.iter().enumerate() {
        if languages[..index].contains(tag) {
            return Err(Stop::Usage(say!("`{tag}` appears twice", tag)));
        }
    }
    let mut files =
        vec![(folder.join(LETTER_FILE), letter_toml(languages, *kind, template.as_deref(), ui))];
    for tag in languages {
        let key = key_of(tag, languages);
        let body = sample(tag, languages).map(|sample| sample.body.clone()).unwrap_or_default();
        files.push((folder.join(format!("body.{key}.md")), body));
    }
    files.push((folder.join(SCHEMA_FILE), schema::letter(ui)));
    // Without the letter, the same files are what a run left that was ended before it wrote the letter.
    let is_letter = files.iter().take(1).any(|(path, _)| path.exists());
    let is_in_the_way = |(path, text): &&(PathBuf, String)| {
        path.exists() && (is_letter || !output::is_there(path, text.as_bytes()))
    };
    if let Some((path, _)) = files.iter().find(is_in_the_way) {
        let path = paths::shown(path);
        return Err(Stop::Usage(say!("`{path}` already exists", path)));
    }
    write_all(folder, files.iter().map(|(path, text)| (path.as_path(), text.as_bytes())))?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}
