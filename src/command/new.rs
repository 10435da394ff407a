//! `new`: starts a letter.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::command::options::parse_tag;
use crate::command::terminal::{Terminal, print};
use crate::command::{DONE, Stop};
use crate::engine::output;
use crate::language::Tag;
use crate::language::day::today;
use crate::language::words::Words;
use crate::project::LETTER_FILE;
use crate::report::streams::printable;
use crate::source::paths;
use crate::spec::schema::{self, SCHEMA_FILE};
use crate::words::{Message, UiLanguage, say};

/// Options of `new`.
#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// The folder to create; its name becomes the name of the PDF
    name: PathBuf,

    /// The languages, the original first
    #[arg(long = "lang", value_name = "TAG", default_values = ["en", "es"], value_parser = parse_tag)]
    languages: Vec<Tag>,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &NewArguments) -> Result<u8, Stop> {
    let files = write_letter(&arguments.name, &arguments.languages, terminal.language)?;
    if !terminal.quiet {
        let shown = |path: &PathBuf| printable(&paths::shown(path)) + "\n";
        print(&files.iter().map(shown).collect::<String>())?;
        let name = paths::shown(&arguments.name);
        let name = if name.contains(' ') { format!("\"{name}\"") } else { name };
        terminal.say(&say!("now write the letter, then: undersigned build {name}", name));
    }
    Ok(DONE)
}

/// Makes a folder with a letter in some languages that builds at once, and returns its files. The
/// schema's descriptions, which editors show for the keys, are in the language of the messages.
fn write_letter(folder: &Path, languages: &[Tag], ui: UiLanguage) -> Result<Vec<PathBuf>, Stop> {
    for (index, tag) in languages.iter().enumerate() {
        if languages[..index].contains(tag) {
            return Err(Stop::Usage(say!("`{tag}` appears twice", tag)));
        }
        if Words::of(tag).is_none() {
            let known = Words::languages().collect::<Vec<_>>().join(", ");
            return Err(Stop::Usage(say!(
                "the language `{tag}` is not supported yet; the supported ones are {known}",
                tag,
                known
            )));
        }
    }
    let mut files = vec![(folder.join(LETTER_FILE), letter_toml(languages))];
    for tag in languages {
        let key = key(tag, languages);
        files.push((folder.join(format!("body.{key}.md")), body(tag)));
    }
    files.push((folder.join(SCHEMA_FILE), schema::letter(ui)));
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let path = paths::shown(path);
        return Err(Stop::Usage(say!("`{path}` already exists", path)));
    }
    for (path, text) in &files {
        output::write(path, text.as_bytes())
            .map_err(|error| Stop::Unwritable(output::unwritable_folder(folder, &error)))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The key of a language's texts: the language without its region, which serves all countries, unless
/// the letter is in two variants of it.
fn key(tag: &Tag, languages: &[Tag]) -> String {
    let same = languages.iter().filter(|other| other.language() == tag.language()).count();
    if same > 1 { tag.to_string() } else { tag.language().to_owned() }
}

/// Words of the sample letter in its language, or in English.
fn sample(tag: &Tag, words: &Message) -> String {
    words.get(UiLanguage::of_locale(&tag.to_string()).unwrap_or_default())
}

fn letter_toml(languages: &[Tag]) -> String {
    let first = languages.first();
    let comment = |words: Message| match first {
        Some(tag) => sample(tag, &words),
        None => words.english(),
    };
    let each = |key: &str, words: Message| -> String {
        let line = |tag: &Tag| {
            format!("{key}.{} = {:?}\n", self::key(tag, languages), sample(tag, &words))
        };
        languages.iter().map(line).collect()
    };
    let tags: Vec<String> = languages.iter().map(|tag| format!("{:?}", tag.to_string())).collect();
    let bodies: String = languages
        .iter()
        .map(|tag| self::key(tag, languages))
        .map(|key| format!("body.{key} = {{ file = \"body.{key}.md\" }}\n"))
        .collect();
    let offices = each("office", say!("Secretary of Health"));
    format!(
        "#:schema ./{SCHEMA_FILE}\n\nlanguages = [{}] # {}\ndate = {} # {}\n\n{}\n{}\n{}\n{}\n# {}\nsignatories = [\n  {:?},\n  \
         {:?},\n]\n\n# {}\n[[to]]\nname = {:?}\n{offices}",
        tags.join(", "),
        comment(say!("the first is the original")),
        today(),
        comment(say!("printed as each language writes it")),
        each("title", say!("The headline of your letter")),
        each("salutation", say!("Dear Secretary:")),
        bodies,
        each("closing", say!("Sincerely,")),
        comment(say!(
            "one per line: a name, or {{ name = \"…\", kind = \"person\", title = \"…\" }}"
        )),
        comment(say!("First Organization")),
        comment(say!("Second Organization")),
        comment(say!("the addressee; repeat for each one")),
        comment(say!("Jane Doe")),
    )
}

fn body(tag: &Tag) -> String {
    let text = say!(
        "We, the {{{{organization-count}}}} undersigned organizations, write to you about …\n\n\
         A second paragraph, with *emphasis*, **strong emphasis** and \
         [a link](https://example.org/).\n"
    );
    sample(tag, &text)
}
