//! `translate`: adds a language to a letter.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use pulldown_cmark::{Event, Options, Parser};
use toml_edit::{DocumentMut, InlineTable, TomlError, Value};

use crate::command::new::{document, shell_word};
use crate::command::options::{LimitArguments, tags};
use crate::command::terminal::{Terminal, only_errors, print};
use crate::command::{DONE, FAILED, Stop, typeset};
use crate::documents::keys::{self, Addition, Path as Key, Step};
use crate::documents::matching::{self, Against, Matched};
use crate::documents::{Certainty, LeftOut, Source, key_of};
use crate::engine::{output, workers};
use crate::fonts::Fonts;
use crate::language::{Tag, in_words};
use crate::letter::{Body, Letter, markdown};
use crate::problems::{Code, Diagnostic, Problems};
use crate::project::{LETTER_FILE, Project};
use crate::report::MessageFormat;
use crate::report::streams::printable;
use crate::source::line_starts::LineStarts;
use crate::source::{Place, paths};
use crate::spec::loaded::Loaded;
use crate::spec::{BodySource, Localized, SignatorySource, Spec};
use crate::words::{Message, Number, UiLanguage, count, foreign, say};

/// Options of `translate`.
#[derive(Debug, Clone, Args)]
pub(super) struct TranslateArguments {
    /// The letter: a file, or a folder that contains a letter.toml; by default, the current folder
    #[arg(value_name = "LETTER")]
    letter: Option<PathBuf>,

    /// The language to add
    #[arg(long, value_name = "TAG", value_parser = tags(), hide_possible_values = true)]
    lang: Tag,

    /// A document with the translation: Word, LibreOffice, HTML, Markdown or plain text, - for standard
    /// input
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the command.
pub(super) fn run(terminal: Terminal, arguments: &TranslateArguments) -> Result<u8, Stop> {
    let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
    let path = typeset::one_letter(argument)?;
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let lang = arguments.lang.clone();
    let source = match &arguments.from {
        Some(from) => Some(Arc::new(document(from, Some(lang.clone()))?)),
        None => None,
    };
    let limits = arguments.limits.limits();
    let prepare = {
        let (project, lang) = (project.clone(), lang.clone());
        move || prepare(&project, &lang, source.as_deref(), terminal.language)
    };
    let place = Place::start_of(project.file);
    let wrong = |problems| Ok(Prepared::Wrong(problems));
    let prepared = workers::one(limits, "translate", place, prepare).unwrap_or_else(wrong)?;
    let translation = match prepared {
        Prepared::Wrong(problems) => {
            terminal.report(&project, &only_errors(problems));
            return Ok(FAILED);
        }
        Prepared::Right(translation) => *translation,
    };
    let Translation { letter: (letter, text), body: (body, markdown), .. } = &translation;
    output::write(body, markdown.as_bytes()).map_err(|error| Stop::unwritable(body, &error))?;
    if let Err(error) = output::write(letter, text.as_bytes()) {
        // Without the letter the text belongs to nothing, and would be in the way of the next try.
        let _left_behind = fs::remove_file(body);
        return Err(Stop::unwritable(letter, &error));
    }
    let reporter = terminal.reporter(MessageFormat::Human);
    let shown = |path: &Path| printable(&reporter.relative(path)) + "\n";
    if !terminal.quiet {
        print(&[shown(body), shown(letter)].concat())?;
    }
    translation.tell(terminal, &reporter.relative(letter));
    let project = Project::open(&path, None).map_err(|error| Stop::unreadable(argument, &error))?;
    let missing = {
        let (project, lang) = (project.clone(), lang.clone());
        move || missing(&project, &lang)
    };
    let place = Place::start_of(project.file);
    let missing = workers::one(limits, "look what is missing", place, missing).unwrap_or_default();
    if !missing.is_empty() {
        let line = |(line, what): &(usize, Message)| {
            format!("{}:{line}: {}", reporter.relative(letter), what.get(terminal.language))
        };
        let lines: Vec<String> = missing.iter().map(line).collect();
        terminal.say_list(&say!("this is still to be translated:"), &lines);
    }
    if !terminal.quiet {
        let name = shell_word(argument);
        terminal.say(&match translation.matched {
            Some(_) => {
                say!("now look through the translation, then: undersigned check {name}", name)
            }
            None => say!("now write the translation, then: undersigned check {name}", name),
        });
    }
    Ok(DONE)
}

/// What is to be written.
enum Prepared {
    /// The letter has an error.
    Wrong(Vec<Diagnostic>),
    /// The files, and what was found.
    Right(Box<Translation>),
}

/// A letter with one more language.
struct Translation {
    /// The letter's file with its new text.
    letter: (PathBuf, String),
    /// The file with the text in the new language.
    body: (PathBuf, String),
    /// What was found in a document.
    matched: Option<Matched>,
    /// The language of the document.
    lang: Tag,
    /// The key of its texts.
    key: String,
    /// What of the document is not in the letter.
    left_out: Vec<LeftOut>,
    /// How many blocks of the original are in the text as comments.
    guides: usize,
}

fn prepare(
    project: &Project,
    lang: &Tag,
    source: Option<&Source>,
    comments: UiLanguage,
) -> Result<Prepared, Stop> {
    let problems = Problems::default();
    let fonts = Arc::new(Fonts::default());
    let Some(written) = project.read(&problems) else {
        return Ok(Prepared::Wrong(problems.into_sorted()));
    };
    let spec = &written.spec;
    let tags: Vec<Tag> = spec.languages.iter().map(|(tag, _)| tag.clone()).collect();
    let letters =
        project.check_written(&written, &fonts, |tag| tags.first() == Some(tag), &problems);
    let problems = problems.into_sorted();
    let (Some(original), Some(letter)) = (tags.first(), letters.first()) else {
        return Ok(Prepared::Wrong(problems));
    };
    if problems.iter().any(Diagnostic::is_error) {
        return Ok(Prepared::Wrong(problems));
    }
    if tags.contains(lang) {
        return Err(Stop::Usage(say!("this letter is in {lang} already", lang)));
    }
    let all = [&tags[..], std::slice::from_ref(lang)].concat();
    let key = key_of(lang, &all);
    let original_key = match &spec.body {
        Localized::Each(variants, _) => {
            if variants.iter().any(|variant| variant.tag.to_string() == key) {
                return Err(Stop::Usage(say!("this letter has a text in {key} already", key)));
            }
            original.with_parents().find(|tag| variants.iter().any(|v| v.tag == *tag))
        }
        Localized::In(tag, _) => {
            let lang = tag;
            return Err(Stop::Usage(say!(
                "the text of this letter is in {lang} in all languages",
                lang
            )));
        }
        Localized::Same(_) | Localized::Unknown => None,
    };
    let original_key = original_key.map_or_else(|| key_of(original, &all), |tag| tag.to_string());
    let path = project.files.path(project.file).unwrap_or_default();
    let name = match path.file_name().is_some_and(|name| name == LETTER_FILE) {
        true => format!("body.{key}.md"),
        false => format!("{}.{key}.md", path.file_stem().unwrap_or_default().to_string_lossy()),
    };
    let body_path = path.with_file_name(&name);
    let old = project.source();
    let mut document: DocumentMut =
        old.parse().map_err(|error: TomlError| Stop::Usage(foreign::toml(error.message())))?;
    keys::add_language(&mut document, &lang.to_string());
    let mut file = InlineTable::new();
    file.insert("file", name.into());
    let addition = |value: Value, comment| Addition {
        original: &original_key,
        language: &key,
        value: Some(value),
        comment,
    };
    if !keys::add(&mut document, &Key::key("body"), &addition(Value::InlineTable(file), None)) {
        return Err(Stop::Usage(say!("`body` is in one language for all the letter's languages")));
    }
    let mut translation = Translation {
        letter: (path, String::new()),
        body: (body_path, String::new()),
        matched: None,
        lang: lang.clone(),
        key: key.clone(),
        left_out: Vec::new(),
        guides: 0,
    };
    match source {
        None => {
            let Some(markdown) = text_of(project, &written, letter) else {
                return Err(Stop::Usage(say!(
                    "the text of this letter is in Typst markup, of which no guide can be made"
                )));
            };
            let guides: Vec<String> = parts(&markdown).into_iter().map(markdown::guide).collect();
            translation.guides = guides.len();
            translation.body.1 = guides.join("\n\n") + "\n";
            for key in translated(spec) {
                keys::divide(&mut document, &key, &original_key);
            }
        }
        Some(source) => {
            let body = match &letter.body {
                Body::Markdown(blocks) => blocks.first().map(|block| block.place.file),
                Body::Typst(_) => None,
            };
            let body = body.and_then(|file| project.files.text(file).ok()).unwrap_or_default();
            let files = &project.files;
            let against = Against { written: &written, letter, body: &body, files };
            let matched = matching::matched(source, &against).map_err(Stop::Usage)?;
            let guess = say!("a guess: look whether it is right").get(comments);
            let mut left_out = Vec::new();
            for text in &matched.texts {
                let comment = (text.certainty == Certainty::Weak).then_some(guess.as_str());
                let value = Value::from(text.text.as_str());
                if !keys::add(&mut document, &text.path, &addition(value, comment)) {
                    let key = text.path.to_string();
                    let what = say!("another text for `{key}` than the letter has", key);
                    left_out.push(LeftOut { what, text: text.text.clone() });
                }
            }
            (translation.body.1, translation.guides) = with_guides(&matched, letter, &body);
            let names: Vec<String> = matching::names_of(&written);
            let said = [&document.to_string(), "\n", &names.join("\n")].concat();
            let told: Vec<&str> = left_out.iter().map(|left| left.text.as_str()).collect();
            let said = [said, told.join("\n")].join("\n");
            left_out.extend(matched.left_out(&said, &translation.body.1));
            translation.left_out = left_out;
            translation.matched = Some(matched);
        }
    }
    // A run that was ended before it wrote the letter leaves the same text behind.
    let (body, text) = &translation.body;
    if body.symlink_metadata().is_ok() && !output::is_there(body, text.as_bytes()) {
        let path = paths::shown(Path::new(body.file_name().unwrap_or_default()));
        return Err(Stop::Usage(say!("`{path}` already exists", path)));
    }
    translation.letter.1 = output::with_line_ends_of(&old, document.to_string());
    Ok(Prepared::Right(Box::new(translation)))
}

/// The text of the original in Markdown.
fn text_of(project: &Project, written: &Loaded, letter: &Letter) -> Option<String> {
    match written.spec.body.get(&letter.tag)? {
        BodySource::Inline(text) => Some(text.value.to_string()),
        BodySource::File(path) if path.value.ends_with(".typ") => None,
        BodySource::File(path) => {
            let file = project.files.follow_text(path).ok()?;
            project.files.text(file).ok()
        }
    }
}

/// The blocks and footnotes of a text as they are written. What is between them goes with the one before.
fn parts(markdown: &str) -> Vec<&str> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut starts = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(_) => {
                if depth == 0 {
                    starts.push(range.start);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ if depth == 0 => starts.push(range.start),
            _ => {}
        }
    }
    let first = starts.first_mut();
    first.into_iter().for_each(|first| *first = 0);
    let ends = starts.iter().skip(1).copied().chain([markdown.len()]);
    let parts = starts.iter().zip(ends).filter_map(|(start, end)| markdown.get(*start..end));
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The text of a document, with the blocks of the original as comments where they are missing or where it
/// is doubtful that they are the right ones; and how many there are.
fn with_guides(matched: &Matched, letter: &Letter, source: &str) -> (String, usize) {
    let Body::Markdown(original) = &letter.body else { return (matched.body.clone(), 0) };
    let guide = |index: &usize| {
        let place = original.get(*index).map(|block| block.place.range.clone());
        place.and_then(|range| source.get(range)).map(markdown::guide)
    };
    // Before which block of the document each comes.
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); matched.blocks.len() + 1];
    for index in &matched.missing {
        let after = |block: &matching::MatchedBlock| block.letter.iter().any(|own| own > index);
        let at = matched.blocks.iter().position(after).unwrap_or(matched.blocks.len());
        before[at].push(*index);
    }
    for (block, before) in matched.blocks.iter().zip(&mut before) {
        if block.certainty == Certainty::Weak {
            before.extend(&block.letter);
        }
    }
    let mut text = String::new();
    let mut count = 0;
    let mut at = 0;
    for (block, indices) in matched.blocks.iter().zip(&before) {
        text.push_str(matched.body.get(at..block.range.start).unwrap_or_default());
        for guide in indices.iter().filter_map(guide) {
            text.push_str(&(guide + "\n\n"));
            count += 1;
        }
        at = block.range.start;
    }
    let end = matched.blocks.last().map_or(0, |block| block.range.end);
    let (last, notes) = matched.body.get(at..).unwrap_or_default().split_at(end.saturating_sub(at));
    text.push_str(last.trim_end());
    for guide in before.last().into_iter().flatten().filter_map(guide) {
        text.push_str(&("\n\n".to_owned() + &guide));
        count += 1;
    }
    let notes = notes.trim();
    text.push_str(&if notes.is_empty() { "\n".to_owned() } else { format!("\n\n{notes}\n") });
    (text, count)
}

/// The keys whose texts are translated if they are the same in all languages.
fn translated(spec: &Spec) -> Vec<Key> {
    let mut all: Vec<Key> = ["title", "subject", "salutation", "closing", "postscript"]
        .into_iter()
        .map(Key::key)
        .collect();
    all.extend((0..spec.enclosures.len()).map(|at| Key::entry("enclosures", at, "title")));
    for (at, source) in spec.signatories.iter().enumerate() {
        if let SignatorySource::Entry(entry) = source {
            let texts = [("title", &entry.title), ("note", &entry.note)];
            let there = texts.into_iter().filter(|(_, text)| text.is_some());
            all.extend(there.map(|(key, _)| Key::entry("signatories", at, key)));
        }
    }
    for (list, people) in [("to", &spec.to), ("cc", &spec.cc)] {
        for at in 0..people.len() {
            all.extend(["office", "note"].map(|key| Key::entry(list, at, key)));
        }
    }
    all.extend(
        ["heading", "note"].map(|key| Key(vec![Step::Key("signature-block"), Step::Key(key)])),
    );
    all
}

/// What a letter has no text for in a language, with its line.
fn missing(project: &Project, lang: &Tag) -> Vec<(usize, Message)> {
    let problems = Problems::default();
    project.check(&Arc::new(Fonts::default()), |tag| tag == lang, &problems);
    let text = project.source();
    let starts = LineStarts::of(&text);
    let line = |problem: Diagnostic| {
        let line = starts.position(&text, problem.place.range.start).line;
        let here = problem.place.file == project.file;
        (problem.code == Code::MissingTranslation && here).then_some((line, problem.message))
    };
    problems.into_sorted().into_iter().filter_map(line).collect()
}

impl Translation {
    /// Says what was found where and how sure it is, and what is not in the letter.
    fn tell(&self, terminal: Terminal, letter: &str) {
        let Some(matched) = &self.matched else { return };
        let (_, text) = &self.letter;
        let starts = LineStarts::of(text);
        let lines = |weak: bool| -> Vec<String> {
            let mut texts: Vec<_> = matched.texts.iter().collect();
            texts.sort_by_key(|text| text.certainty);
            texts.retain(|text| (text.certainty == Certainty::Weak) == weak);
            let line = |found: &&matching::MatchedText| {
                let place = keys::find(text, &found.path, &self.key)?;
                let line = starts.position(text, place.start).line;
                let said = found.text.split_whitespace().collect::<Vec<_>>().join(" ");
                Some(format!("{letter}:{line}: {}: {said}", found.path))
            };
            texts.iter().filter_map(line).collect()
        };
        if !terminal.quiet {
            let (words, languages) = (Number(matched.words()), in_words(&self.lang));
            let found = say!(
                "read {words} words in {languages}, and found, the surest first:",
                words,
                languages
            );
            terminal.say_list(&found, &lines(false));
            let weak = lines(true);
            if !weak.is_empty() {
                terminal.say_list(&say!("these are guesses: look whether they are right:"), &weak);
            }
        }
        let count = self.guides;
        if count > 0 {
            terminal.say(&count!(
                count,
                one = "1 block of the original is missing in the document, or it is doubtful which one it is: it is in the text as a comment",
                other = "{count} blocks of the original are missing in the document, or it is doubtful which ones they are: they are in the text as comments"
            ));
        }
        if !matched.absent.is_empty() {
            terminal.say_list(
                &say!("these signatories of the letter are not in the document, and stay:"),
                &matched.absent,
            );
        }
        if !self.left_out.is_empty() {
            terminal.say_left_out(&say!("this of the text is not in the letter:"), &self.left_out);
        }
    }
}
