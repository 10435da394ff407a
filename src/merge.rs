//! A mail merge: one letter for each recipient and language.
//!
//! The letter is read, checked and laid out once. What differs from recipient to recipient is marked in
//! its texts (see [`recipient_marks`]), and only what stands there is laid out
//! anew for each. A letter whose title or signatories differ is the exception: it is read anew.

pub mod manifest;
pub mod recipients;

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::engine::batch::{self, Options};
use crate::engine::output;
use crate::engine::workers::{self, Limits};
use crate::fonts::Fonts;
use crate::language::Tag;
use crate::language::day::CreationTime;
use crate::letter::manuscript::Manuscript;
use crate::letter::placeholders::RECIPIENT;
use crate::letter::{Body, Letter, Person, Printed, enclosures};
use crate::merge::manifest::{Entry, Head, LeftOut, Log, Manifest, Shard};
use crate::merge::recipients::{ADDRESS, ID, LANG, Recipient, Recipients};
use crate::problems::{Code, Diagnostic, Problems, Severity};
use crate::project::Project;
use crate::render::draft::Mark;
use crate::render::recipient_marks;
use crate::render::world::Given;
use crate::render::{self, Rendered, content, values};
use crate::source::digest;
use crate::source::line_starts::LineStarts;
use crate::source::text::{PatternPart, Text, Written, name_key, pattern_parts};
use crate::source::{Place, paths};
use crate::words::message::say;
use crate::words::suggest;

/// How a merge is done.
pub struct Plan {
    /// The letter.
    pub project: Project,
    /// Whom it goes to.
    pub recipients: Recipients,
    /// The file with the recipients, for messages.
    pub recipients_place: Place,
    /// The folder to write to.
    pub out_dir: PathBuf,
    /// What files are called, such as "{recipient.id}-{recipient.name}".
    pub name: String,
    /// The share of the recipients to do, or all.
    pub shard: Option<Shard>,
    /// Whether letters without an error are made though others have one.
    pub keep_going: bool,
    /// Whether rows are checked and nothing is written.
    pub dry_run: bool,
    /// The file that all letters go into, if they do.
    pub combined: Option<Combined>,
    /// How letters are typeset.
    pub options: Arc<Options>,
    /// The fonts.
    pub fonts: Arc<Fonts>,
}

/// One file for a printer, or several.
#[derive(Debug, Clone)]
pub struct Combined {
    /// The file. Where there are several, each has its number in its name.
    pub path: PathBuf,
    /// Whether each letter begins on a right-hand page.
    pub duplex: bool,
    /// How many letters go into one file, or all.
    pub chunk: Option<usize>,
}

/// What became of a merge.
#[derive(Debug, Default)]
pub struct Merged {
    /// What is wrong with the letter and with the recipients.
    pub diagnostics: Vec<Diagnostic>,
    /// The letters that were made.
    pub made: usize,
    /// The letters that were there already.
    pub kept: usize,
    /// The pages of all of them.
    pub pages: usize,
}

/// One letter to make.
#[derive(Debug, Clone)]
struct Job {
    /// Its number among all letters, from 1.
    number: usize,
    /// The recipient's index.
    recipient: usize,
    /// The language.
    tag: Tag,
    /// The name of the file.
    file: String,
}

/// A letter that a row asks for in a language that the letter is not in. It has a number all the same,
/// so that it is not lost sight of.
#[derive(Debug)]
struct Absent {
    number: usize,
    recipient: usize,
    /// What the row has for a language.
    lang: String,
}

impl Job {
    /// The number, the recipient and the language of the letter.
    fn wanted(&self) -> (usize, usize, String) {
        (self.number, self.recipient, self.tag.to_string())
    }
}

impl Absent {
    /// The same of a letter that there is none of.
    fn wanted(self) -> (usize, usize, String) {
        (self.number, self.recipient, self.lang)
    }
}

/// The letter in one language, for recipients of whom the same is known.
struct Mould {
    letter: Letter,
    given: Given,
    /// The columns that the letter prints.
    used: Vec<usize>,
    /// Whether something differs that must be known before the layout begins.
    whole: bool,
}

/// Makes the letters. `progress` is told now and then how many are done, and of how many.
pub fn merge(plan: Plan, progress: impl FnMut(usize, usize)) -> io::Result<Merged> {
    // What is wrong with the letter, or with the list as a whole, is wrong with every letter.
    let problems = Problems::default();
    let base = base_letters(&plan, &problems);
    check_name(&plan, &problems);
    recipients::report_columns(&plan.recipients, plan.recipients_place.file, &problems);
    let mut of_rows = RowProblems::default();
    let (jobs, absent) = jobs(&plan, &base, &mut of_rows);
    let (plan, moulds) = (Arc::new(plan), Arc::new(Moulds::new(base)));
    check(&plan, &moulds, &jobs, &mut of_rows);
    let mut broken = of_rows.codes();
    let all_right = broken.is_empty();
    if !problems.has_errors() && (all_right || plan.keep_going) {
        let mut right = jobs.iter().filter(|job| !broken.contains_key(&job.recipient));
        // A letter that fails for its first recipient, such as by its template, fails for all, unless
        // it is made for the last.
        let last = if plan.keep_going { right.next_back() } else { None };
        let mut tried = right.next().into_iter().chain(last);
        let found = Problems::default();
        let works = tried.any(|job| set(&plan, &moulds, job, &found).is_some());
        if !works || plan.dry_run {
            found.into_sorted().into_iter().for_each(|problem| problems.push(problem));
        }
    }
    let mut diagnostics = problems.judged(&plan.options.lint);
    let fails = diagnostics.iter().any(|problem| problem.severity == Severity::Error);
    diagnostics.extend(of_rows.into_sorted());
    let stops = fails || moulds.is_empty() || !(all_right || plan.keep_going);
    if stops || plan.dry_run {
        return Ok(Merged { diagnostics, ..Merged::default() });
    }

    if let Some(combined) = &plan.combined {
        let right = jobs.into_iter().filter(|job| !broken.contains_key(&job.recipient)).collect();
        return Ok(combine(&plan, combined, right, diagnostics, progress));
    }
    let all = jobs.len() + absent.len();
    let here = |recipient: usize| plan.shard.is_none_or(|shard| shard.holds(recipient));
    let jobs: Vec<Job> = jobs.into_iter().filter(|job| here(job.recipient)).collect();
    let absent: Vec<Absent> = absent.into_iter().filter(|row| here(row.recipient)).collect();
    let inputs = base_inputs(&plan);
    let head = Head {
        undersigned: env!("CARGO_PKG_VERSION").into(),
        letter: plan.project.name.clone(),
        letters: all,
        shard: plan.shard,
        here: jobs.len() + absent.len(),
        inputs: inputs.clone(),
    };
    let path = plan.out_dir.join(manifest::name(plan.shard, plan.options.draft));
    let earlier = Manifest::read(&path);
    let files: HashSet<String> = match &earlier {
        Some(_) => jobs.iter().map(|job| job.file.clone()).collect(),
        None => HashSet::new(),
    };
    let (left_out, jobs): (Vec<Job>, Vec<Job>) =
        jobs.into_iter().partition(|job| broken.contains_key(&job.recipient));
    // By the file, for the number of a letter changes with the rows before it.
    let done = earlier.iter().flat_map(|manifest| manifest.done(&plan.out_dir, &head));
    let mut done: HashMap<String, Entry> = done.map(|entry| (entry.file.clone(), entry)).collect();
    let (mut kept, mut missing) = (Vec::new(), Vec::new());
    for job in jobs {
        let is_made_of = |entry: &Entry| entry.inputs == job_inputs(&plan, &job, &inputs);
        match done.remove(&job.file).filter(is_made_of) {
            Some(entry) => {
                let (number, recipient) = (job.number, recipient_name(&plan, job.recipient));
                kept.push(Entry { number, recipient, ..entry });
            }
            None => missing.push(job),
        }
    }
    let left_out = left_out.iter().map(Job::wanted).chain(absent.into_iter().map(Absent::wanted));
    let left_out = self::left_out(&plan, left_out, &broken);
    // Other shares may be writing to the same folder now.
    if plan.shard.is_none() {
        output::remove_leftovers(&plan.out_dir)?;
    }
    let mut manifest = Manifest { head, entries: kept, left_out };
    let log = Arc::new(Log::begin(&path, &manifest)?);

    let missing = Arc::new(missing);
    let made = {
        let (plan, missing) = (plan.clone(), missing.clone());
        let (jobs, limits) = (plan.options.jobs, plan.options.limits);
        let is_full = AtomicBool::new(false);
        let indices = (0..missing.len()).collect();
        workers::map(indices, jobs, limits, progress, move |index: usize| {
            let (job, problems) = (&missing[index], Problems::default());
            if is_full.load(Ordering::Relaxed) {
                return (None, Vec::new());
            }
            let made = make(&plan, &moulds, job, &inputs, &problems);
            forget_old_layouts();
            let entry = match made.map(|made| made.and_then(|entry| log.add(entry))) {
                Some(Err(error)) => {
                    is_full.fetch_or(output::is_full(&error), Ordering::Relaxed);
                    problems.push(unwritten(&plan, job, &error));
                    None
                }
                made => made.and_then(Result::ok),
            };
            (entry, problems.into_sorted())
        })
    };
    let kept = manifest.entries.len();
    manifest.entries.reserve_exact(missing.len());
    let problems = Problems::default();
    let mut failed: Vec<&Job> = Vec::new();
    for (job, result) in missing.iter().zip(made) {
        let (entry, found) = result.unwrap_or_else(|failure| {
            let place = plan.recipients.rows[job.recipient].place.clone();
            (None, vec![batch::failed(failure, &plan.options, place)])
        });
        if entry.is_none() {
            let codes = broken.entry(job.recipient).or_default();
            codes.extend(found.iter().map(|problem| problem.code.as_str()));
            if found.is_empty() {
                // It was not tried any more, since the disk is full, which was told of another.
                codes.insert(Code::Write.as_str());
            }
            failed.push(job);
        }
        found.into_iter().for_each(|problem| problems.push(problem));
        manifest.entries.extend(entry);
    }
    if plan.keep_going {
        let failed = failed.into_iter().map(Job::wanted);
        manifest.left_out.extend(self::left_out(&plan, failed, &broken));
    }
    let current: HashSet<&str> = manifest.entries.iter().map(|entry| &*entry.file).collect();
    let earlier = earlier.iter().flat_map(|manifest| &manifest.entries);
    for entry in earlier.filter(|entry| !current.contains(&*entry.file)) {
        let file = plan.out_dir.join(&entry.file);
        if file.exists() {
            problems.push(left_over(&plan, &file, files.contains(&entry.file)));
        }
    }
    diagnostics.extend(problems.judged(&plan.options.lint));
    let made = manifest.entries.len() - kept;
    let pages = manifest.entries.iter().map(|entry| entry.pages).sum();
    // The manifest that was begun stays where this one has no room, and what is wrong is told all the
    // same.
    if let Err(error) = output::write(&path, manifest.text().as_bytes()) {
        let message = output::unwritable(&path, &error);
        diagnostics.push(Diagnostic::new(Code::Write, plan.recipients_place.clone(), message));
    }
    Ok(Merged { diagnostics, made, kept, pages })
}

/// The id of a letter's recipient, or the number of the row.
fn recipient_name(plan: &Plan, index: usize) -> String {
    let id = plan.recipients.cell(&plan.recipients.rows[index], ID);
    id.map_or_else(|| (index + 1).to_string(), |cell| cell.value.to_string())
}

/// What is wrong with rows, each with the recipient's index.
#[derive(Debug, Default)]
struct RowProblems(Vec<(usize, Diagnostic)>);

/// The codes of what is wrong with the recipients of these indices.
type Broken = HashMap<usize, BTreeSet<&'static str>>;

impl RowProblems {
    fn push(&mut self, recipient: usize, problem: Diagnostic) {
        self.0.push((recipient, problem));
    }

    fn codes(&self) -> Broken {
        let mut broken = Broken::new();
        for (recipient, problem) in &self.0 {
            broken.entry(*recipient).or_default().insert(problem.code.as_str());
        }
        broken
    }

    fn into_sorted(self) -> Vec<Diagnostic> {
        let problems = Problems::default();
        self.0.into_iter().for_each(|(_, problem)| problems.push(problem));
        problems.into_sorted()
    }
}

/// What the manifest says of letters that are not made: their numbers, recipients and languages are
/// `wanted`.
fn left_out(
    plan: &Plan,
    wanted: impl Iterator<Item = (usize, usize, String)>,
    broken: &Broken,
) -> Vec<LeftOut> {
    let list = plan.recipients_place.file;
    let lines = LineStarts::of(&plan.project.files.text_to_show(list));
    let file = list.vpath().file_name().unwrap_or_default();
    let left_out = |(number, recipient, lang): (usize, usize, String)| {
        let line = lines.line(plan.recipients.rows[recipient].place.range.start) + 1;
        let codes: Vec<&str> = broken.get(&recipient).into_iter().flatten().copied().collect();
        LeftOut {
            number,
            recipient: recipient_name(plan, recipient),
            lang,
            reason: format!("{file}:{line}: {}", codes.join(", ")),
        }
    };
    wanted.map(left_out).collect()
}

/// The letter in each of its languages, with marks for what the recipients' columns fill in.
fn base_letters(plan: &Plan, problems: &Problems) -> Vec<Letter> {
    let wanted = &plan.options.languages;
    let wanted =
        |tag: &Tag| wanted.is_empty() || wanted.iter().any(|wanted| wanted.means_letter(tag));
    let marks = placeholders(&plan.recipients, recipient_marks::mark);
    let letters = plan.project.resolve_for(&marks, &plan.fonts, wanted, problems);
    if letters.is_empty() && !problems.has_errors() {
        let message = say!(
            "this letter is in none of the languages of --lang",
            "esta carta no está en ninguno de los idiomas de --lang"
        );
        let place = Place::start_of(plan.project.file);
        let problem = Diagnostic::new(Code::InvalidLanguage, place, message);
        problems.push(problem.hint(say!(
            "name each language by itself: a merge makes no editions",
            "indique cada idioma por separado: una combinación no hace ediciones"
        )));
    }
    for letter in &letters {
        let standards = plan.options.standards.as_deref().unwrap_or(&letter.standards);
        // What is not allowed is told once, and then nothing is made.
        enclosures::allowed(&Manuscript::of(letter), standards, problems);
    }
    letters
}

/// The placeholders of the columns, with what `text` gives for each.
fn placeholders(recipients: &Recipients, text: impl Fn(usize) -> String) -> Vec<(String, String)> {
    let columns = recipients.columns.iter().enumerate();
    columns.map(|(index, name)| (format!("{RECIPIENT}{name}"), text(index))).collect()
}

/// Reports what a pattern of file names asks for and the recipients do not have.
fn check_name(plan: &Plan, problems: &Problems) {
    let columns = plan.recipients.columns.iter().map(|column| format!("{RECIPIENT}{column}"));
    let in_list = |name: &str| {
        name.strip_prefix(RECIPIENT).is_some_and(|name| plan.recipients.column(name).is_some())
    };
    let known: Vec<String> =
        ["number", "letter"].map(str::to_owned).into_iter().chain(columns).collect();
    for part in pattern_parts(&plan.name) {
        let PatternPart::Name(name) = part else { continue };
        if known.iter().any(|known| known == name) || in_list(name) {
            continue;
        }
        let list = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
        let problem = say!(
            "--name asks for {{{name}}}, which there is none of",
            "--name pide {{{name}}}, que no existe"
        );
        let hint = match suggest::nearest(name, known.iter().map(String::as_str)) {
            Some(near) => suggest::did_you_mean(&format!("{{{near}}}")),
            None => say!("there are {list}", "existen {list}"),
        };
        let place = plan.recipients_place.clone();
        problems.push(Diagnostic::new(Code::UnknownPlaceholder, place, problem).hint(hint));
    }
}

/// The letters to make, in the order of the recipients, and those that cannot be. What is wrong with
/// names and languages is told.
fn jobs(plan: &Plan, letters: &[Letter], of_rows: &mut RowProblems) -> (Vec<Job>, Vec<Absent>) {
    let recipients = &plan.recipients;
    // What is wrong with the letter was told.
    let spec = plan.project.spec(&Problems::default());
    let tags: Vec<&Tag> =
        spec.iter().flat_map(|spec| &spec.languages).map(|(tag, _)| tag).collect();
    let (mut jobs, mut absent) = (Vec::new(), Vec::new());
    // The recipient that has a file first, and whether that was told.
    let mut names: HashMap<String, (usize, bool)> = HashMap::new();
    for (index, recipient) in recipients.rows.iter().enumerate() {
        let asked = recipients.cell(recipient, LANG);
        let tag = asked.and_then(|cell| cell.value.parse::<Tag>().ok());
        let is_known = tag.as_ref().is_some_and(|tag| tags.iter().any(|own| own.is_in(tag)));
        if let Some(cell) = asked
            && !is_known
            && !tags.is_empty()
        {
            let (found, list) = (&cell.value, tags.iter().map(ToString::to_string));
            let list = list.collect::<Vec<_>>().join("`, `");
            let problem = say!(
                "the letter is not in the language `{found}`",
                "la carta no está en el idioma `{found}`"
            );
            of_rows.push(
                index,
                Diagnostic::new(Code::InvalidLanguage, cell.place.clone(), problem)
                    .hint(say!("it is in `{list}`", "está en `{list}`")),
            );
            let number = jobs.len() + absent.len() + 1;
            absent.push(Absent { number, recipient: index, lang: found.to_string() });
            continue;
        }
        let is_wanted = |letter: &&Letter| tag.as_ref().is_none_or(|tag| letter.tag.is_in(tag));
        for letter in letters.iter().filter(is_wanted) {
            let stem = file_stem(plan, recipient, index);
            let draft = if plan.options.draft { ".draft" } else { "" };
            let file = format!("{stem}.{}{draft}.pdf", letter.tag);
            // Some file systems know no letter case, and one way alone to write an accent.
            match names.entry(name_key(&file)) {
                Vacant(name) => {
                    name.insert((index, false));
                }
                Occupied(mut name) => {
                    let (first, told) = *name.get();
                    // Who opens the file could not tell whose it is, so neither is made.
                    if !told {
                        of_rows.push(first, same_file(plan, &file, first, index));
                        name.insert((first, true));
                    }
                    of_rows.push(index, same_file(plan, &file, index, first));
                }
            }
            jobs.push(Job {
                number: jobs.len() + absent.len() + 1,
                recipient: index,
                tag: letter.tag.clone(),
                file,
            });
        }
    }
    (jobs, absent)
}

/// The error for a recipient whose file is that of another.
fn same_file(plan: &Plan, file: &str, recipient: usize, other: usize) -> Diagnostic {
    let place = |index: usize| plan.recipients.rows[index].place.clone();
    let message = say!(
        "the file `{file}` is that of another recipient too",
        "el archivo `{file}` es también el de otro destinatario"
    );
    Diagnostic::new(Code::InvalidValue, place(recipient), message)
        .relate(place(other), say!("this one", "este"))
        .hint(say!(
            "name files by something that differs, such as --name '{{number}}-{{recipient.name}}'",
            "nombre los archivos con algo que cambie, como --name '{{number}}-{{recipient.name}}'"
        ))
}

/// The longest name of a file, in bytes, without the language and the extension. File systems take 255.
const LONGEST_STEM: usize = 200;

/// The name of a recipient's file, without signs that a file system or a shell gives a meaning.
fn file_stem(plan: &Plan, recipient: &Recipient, index: usize) -> String {
    let digits = plan.recipients.rows.len().to_string().len();
    let number = format!("{:0digits$}", index + 1);
    let part = |part| match part {
        PatternPart::Plain(text) => text.to_owned(),
        PatternPart::Name("number") => number.clone(),
        PatternPart::Name("letter") => plan.project.name.clone(),
        PatternPart::Name(name) => {
            let cell = name.strip_prefix(RECIPIENT);
            let cell = cell.and_then(|name| plan.recipients.cell(recipient, name));
            cell.map(|cell| cell.value.to_string()).unwrap_or_default()
        }
    };
    let text: String = pattern_parts(&plan.name).into_iter().map(part).collect();
    let is_kept = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "-_.,()+".contains(c);
    // An accent is a part of its letter, so that the name is the same on all computers.
    let text: String = text.nfc().map(|c| if is_kept(c) { c } else { ' ' }).collect();
    let mut stem = text.split_whitespace().collect::<Vec<_>>().join("-");
    while stem.len() > LONGEST_STEM {
        stem.pop();
    }
    // A name that begins with a dot is hidden.
    let stem = stem.trim_matches(['.', '-']);
    if stem.is_empty() { number } else { stem.to_owned() }
}

/// What a recipient's row says of the addressee, which decides what the template prints.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
struct Shape {
    tag: String,
    /// The columns that hold anything.
    there: Vec<bool>,
    /// The lines of the address.
    lines: usize,
}

/// The letter in each language, and in it for each shape.
struct Moulds {
    base: Vec<Letter>,
    shapes: Mutex<HashMap<Shape, Arc<Mould>>>,
}

impl Moulds {
    fn new(base: Vec<Letter>) -> Self {
        Self { base, shapes: Mutex::default() }
    }

    fn is_empty(&self) -> bool {
        self.base.is_empty()
    }
}

impl Moulds {
    /// The letter for recipients of a shape.
    fn get(&self, plan: &Plan, job: &Job) -> Option<Arc<Mould>> {
        let recipient = &plan.recipients.rows[job.recipient];
        let there = recipient.cells.iter().map(|cell| !cell.value.is_empty()).collect();
        let lines = address_lines(plan, recipient);
        let shape = Shape { tag: job.tag.to_string(), there, lines };
        let mut shapes = self.shapes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(mould) = shapes.get(&shape) {
            return Some(mould.clone());
        }
        let mut letter = self.base.iter().find(|letter| letter.tag == job.tag)?.clone();
        let place = &plan.recipients_place;
        address(&mut letter, |name| {
            let column = plan.recipients.column(name).filter(|column| shape.there[*column])?;
            Some(Text {
                value: recipient_marks::mark(column).into(),
                place: place.clone(),
                written: Written::Plain,
            })
        });
        // The lines of an address are columns of their own, behind those of the file.
        if let Some(person) = letter.to.first_mut().filter(|_| shape.lines > 0) {
            let first = plan.recipients.columns.len();
            let line = |line| Text {
                value: recipient_marks::mark(first + line).into(),
                place: place.clone(),
                written: Written::Plain,
            };
            person.address = (0..shape.lines).map(|index| printed(line(index))).collect();
        }
        let inputs = values::inputs(&Manuscript::of(&letter));
        let used = content::recipient_columns(&inputs);
        let marked = |text: &str| recipient_marks::has_mark(text);
        let signatories = letter.groups.iter().flat_map(|group| &group.signatories);
        let whole = marked(&letter.title.text)
            || letter.words.labels.values().any(|label| marked(label))
            || letter.author.iter().chain(&letter.keywords).any(|text| marked(text))
            || letter.enclosed.iter().any(|enclosed| marked(&enclosed.title.text))
            || signatories.into_iter().any(|signatory| marked(&signatory.name.text));
        let mould = Arc::new(Mould { letter, given: Given::new(inputs), used, whole });
        shapes.insert(shape, mould.clone());
        Some(mould)
    }
}

/// Makes a recipient the addressee of a letter, of whom `text` gives what is known. Where nothing is,
/// the letter's own addressees stay.
fn address(letter: &mut Letter, text: impl Fn(&str) -> Option<Text>) {
    let part = |name: &str| text(name).map(printed);
    if let Some(salutation) = part("salutation") {
        letter.salutation = Some(salutation);
    }
    let (office, organization) = (part("office"), part("organization"));
    // Somebody must be named: the person, else the office, else the organization.
    let (name, office, organization) = match (part("name"), office, organization) {
        (Some(name), office, organization) => (name, office, organization),
        (None, Some(office), organization) => (office, None, organization),
        (None, None, Some(organization)) => (organization, None, None),
        (None, None, None) => return,
    };
    letter.to = vec![Person {
        name,
        honorific: part("honorific"),
        office,
        organization,
        address: Vec::new(),
        email: part("email"),
        note: part("note"),
    }];
}

fn printed(source: Text) -> Printed {
    Printed { text: source.value.clone(), source, lang: None }
}

/// The lines of a recipient's address.
fn address_texts(plan: &Plan, recipient: &Recipient) -> Vec<Text> {
    let Some(cell) = plan.recipients.cell(recipient, ADDRESS) else { return Vec::new() };
    let lines = cell.value.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| Text { value: line.trim().into(), ..cell.clone() }).collect()
}

fn address_lines(plan: &Plan, recipient: &Recipient) -> usize {
    address_texts(plan, recipient).len()
}

/// What a recipient has in each column, and then each line of the address.
fn texts(plan: &Plan, recipient: &Recipient) -> Vec<String> {
    let lines = address_texts(plan, recipient);
    let cells = recipient.cells.iter().chain(&lines);
    cells.map(|cell| cell.value.to_string()).collect()
}

/// Checks every row before the first letter is set.
fn check(plan: &Arc<Plan>, moulds: &Arc<Moulds>, jobs: &[Job], of_rows: &mut RowProblems) {
    recipients::report(&plan.recipients, |row, problem| of_rows.push(row, problem));
    let found = {
        let (plan, moulds) = (plan.clone(), moulds.clone());
        let (count, limits) = (plan.options.jobs, plan.options.limits);
        let work = move |job: Job| {
            let problems = Problems::default();
            check_row(&plan, &moulds, &job, &problems);
            problems.into_sorted()
        };
        workers::map(jobs.to_vec(), count, limits, |_, _| {}, work)
    };
    for (job, found) in jobs.iter().zip(found) {
        let place = &plan.recipients.rows[job.recipient].place;
        let failed = |failure| vec![batch::failed(failure, &plan.options, place.clone())];
        for problem in found.unwrap_or_else(failed) {
            of_rows.push(job.recipient, problem);
        }
    }
}

/// Checks what a letter prints of its recipient.
fn check_row(plan: &Plan, moulds: &Moulds, job: &Job, problems: &Problems) {
    let recipient = &plan.recipients.rows[job.recipient];
    let Some(mould) = moulds.get(plan, job) else { return };
    for column in &mould.used {
        // Behind the columns of the file are the lines of the address, which is one of them.
        let Some(name) = plan.recipients.columns.get(*column) else { continue };
        let cell = &recipient.cells[*column];
        // That nobody is named was told.
        let named = plan.recipients.names_somebody(recipient);
        if cell.value.is_empty() && (named || name != "name") {
            let problem = say!(
                "this recipient has no `{name}`, which the letter prints",
                "este destinatario no tiene `{name}`, que la carta imprime"
            );
            problems.push(Diagnostic::new(Code::MissingKey, recipient.place.clone(), problem));
        }
        missing_glyphs(plan, cell, problems);
    }
    if let Some(address) = plan.recipients.cell(recipient, ADDRESS) {
        missing_glyphs(plan, address, problems);
    }
    if mould.letter.page.envelope.is_some() {
        shows_through(plan, &mould, recipient, problems);
    }
}

/// Reports the characters of a cell that no font has.
fn missing_glyphs(plan: &Plan, cell: &Text, problems: &Problems) {
    let mut missing: Vec<char> =
        cell.value.chars().filter(|c| !c.is_control() && !plan.fonts.has_glyph(*c)).collect();
    missing.dedup();
    if !missing.is_empty() {
        problems.push(render::lost_text::missing_glyph(&missing, cell.place.clone()));
    }
}

/// Reports an address that does not show through the window of the envelope: a page is set with nothing
/// else on it.
fn shows_through(plan: &Plan, mould: &Mould, recipient: &Recipient, problems: &Problems) {
    let mut letter = Letter {
        body: Body::Markdown(Vec::new()),
        groups: Vec::new(),
        cc: Vec::new(),
        enclosures: Vec::new(),
        enclosed: Vec::new(),
        salutation: None,
        closing: None,
        postscript: None,
        subject: None,
        reference: None,
        your_reference: None,
        ..mould.letter.clone()
    };
    fill_in(plan, recipient, &mut letter);
    let found = Problems::default();
    render::render(&Manuscript::of(&letter), &plan.project.files, &plan.fonts, &found);
    let hidden = |problem: &Diagnostic| problem.code == Code::AddressOverflow;
    found.into_sorted().into_iter().filter(hidden).for_each(|problem| problems.push(problem));
}

/// Makes a recipient the addressee of a letter, with its own texts and their places.
fn fill_in(plan: &Plan, recipient: &Recipient, letter: &mut Letter) {
    let recipients = &plan.recipients;
    address(letter, |name| recipients.cell(recipient, name).cloned());
    let lines = address_texts(plan, recipient);
    if let Some(person) = letter.to.first_mut().filter(|_| !lines.is_empty()) {
        person.address = lines.into_iter().map(printed).collect();
    }
}

/// Makes a letter and writes it. `None` if it cannot be set, and then the reason is among the problems.
fn make(
    plan: &Plan,
    moulds: &Moulds,
    job: &Job,
    inputs: &str,
    problems: &Problems,
) -> Option<io::Result<Entry>> {
    let (pages, data) = set(plan, moulds, job, problems)?;
    let written = output::write(&plan.out_dir.join(&job.file), &data);
    Some(written.map(|_| Entry {
        number: job.number,
        recipient: recipient_name(plan, job.recipient),
        lang: job.tag.to_string(),
        file: job.file.clone(),
        pages,
        sha256: digest::sha256(&data),
        inputs: job_inputs(plan, job, inputs),
    }))
}

/// The letter to a recipient, read anew with all its texts.
fn own_letter(plan: &Plan, job: &Job, problems: &Problems) -> Option<Letter> {
    let recipient = &plan.recipients.rows[job.recipient];
    let texts = recipient.texts();
    let own = placeholders(&plan.recipients, |column| texts[column].clone());
    let same = |tag: &Tag| *tag == job.tag;
    let letters = plan.project.resolve_for(&own, &plan.fonts, same, problems);
    let mut letter = letters.into_iter().next()?;
    fill_in(plan, recipient, &mut letter);
    Some(letter)
}

/// Makes one file of all letters, or several.
fn combine(
    plan: &Arc<Plan>,
    combined: &Combined,
    jobs: Vec<Job>,
    mut diagnostics: Vec<Diagnostic>,
    progress: impl FnMut(usize, usize),
) -> Merged {
    let chunk = combined.chunk.unwrap_or(jobs.len()).max(1);
    let chunks: Vec<(usize, Vec<Job>)> =
        jobs.chunks(chunk).map(<[Job]>::to_vec).enumerate().collect();
    let digits = chunks.len().to_string().len();
    let count = chunks.len();
    let path = combined.path.clone();
    let file = move |index: usize| match count {
        1 => path.clone(),
        _ => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!("{stem}-{:0digits$}.pdf", index + 1))
        }
    };
    let problems = Arc::new(Problems::default());
    let made = {
        let (plan, found) = (plan.clone(), problems.clone());
        let (duplex, limits, threads) = (combined.duplex, plan.options.limits, plan.options.jobs);
        // The time is that of one letter.
        let limits = Limits {
            time: limits.time.saturating_mul(u32::try_from(chunk).unwrap_or(u32::MAX)),
            ..limits
        };
        let work = move |(index, jobs): (usize, Vec<Job>)| {
            let (letters, pages, data) = set_together(&plan, &jobs, duplex, &found)?;
            let path = file(index);
            let list = plan.project.files.path(plan.recipients_place.file);
            let made_of = plan.project.files.read().into_iter().chain(list);
            if let Err(error) = output::write_beside(&path, &data, made_of) {
                let place = plan.recipients_place.clone();
                let message = output::unwritable(&path, &error);
                found.push(Diagnostic::new(Code::Write, place, message));
                return None;
            }
            forget_old_layouts();
            Some((letters, pages))
        };
        workers::map(chunks, threads, limits, progress, work)
    };
    let mut merged = Merged::default();
    for result in made {
        match result {
            Ok(Some((letters, pages))) => {
                merged.made += letters;
                merged.pages += pages;
            }
            Ok(None) => {}
            Err(failure) => {
                let place = plan.recipients_place.clone();
                problems.push(batch::failed(failure, &plan.options, place));
            }
        }
    }
    diagnostics.extend(problems.take_sorted());
    Merged { diagnostics, ..merged }
}

/// Sets letters one after the other: how many there are, the number of all pages, and the PDF.
fn set_together(
    plan: &Plan,
    jobs: &[Job],
    duplex: bool,
    problems: &Problems,
) -> Option<(usize, usize, Vec<u8>)> {
    let found = Problems::default();
    let letters: Vec<Letter> =
        jobs.iter().filter_map(|job| own_letter(plan, job, &found)).collect();
    let name = |job: &Job| {
        let recipient = &plan.recipients.rows[job.recipient];
        let named = ["name", "office", "organization"];
        let cell = named.iter().find_map(|column| plan.recipients.cell(recipient, column));
        cell.map_or_else(|| job.number.to_string(), |cell| cell.value.to_string())
    };
    let bookmarks = jobs.iter().map(name).collect();
    let all = letters.len() == jobs.len();
    let made = all.then_some(()).and_then(|()| {
        let manuscript = Manuscript::for_printer(letters.iter().collect(), bookmarks, duplex)?;
        let letter = manuscript.original();
        let (files, fonts) = (&plan.project.files, &plan.fonts);
        let standards = plan.options.standards.as_deref().unwrap_or(&letter.standards);
        let time = plan.options.time.unwrap_or_else(|| CreationTime::of_day(letter.date));
        let rendered = render::render(&manuscript, files, fonts, &found)?;
        let data = rendered.pdf(&manuscript, standards, time, &found)?;
        Some((letters.len(), rendered.document.pages().len(), data))
    });
    // Warnings are those of the letter, which were told.
    let errors = found.into_sorted().into_iter();
    errors.filter(|p| p.severity == Severity::Error).for_each(|problem| problems.push(problem));
    made
}

/// Sets a letter: the number of its pages, and the PDF.
fn set(plan: &Plan, moulds: &Moulds, job: &Job, problems: &Problems) -> Option<(usize, Vec<u8>)> {
    let recipient = &plan.recipients.rows[job.recipient];
    let mould = moulds.get(plan, job)?;
    let found = Problems::default();
    let pdf = |rendered: Option<Rendered>, letter: &Letter| {
        let mut rendered = rendered?;
        if plan.options.draft {
            let mark = Mark::of(&[letter], plan.options.time.map(CreationTime::date));
            rendered =
                rendered.as_draft(&mark, letter, &plan.project.files, &plan.fonts, &found)?;
        }
        let standards = plan.options.standards.as_deref().unwrap_or(&letter.standards);
        let time = plan.options.time.unwrap_or_else(|| CreationTime::of_day(letter.date));
        let data = rendered.pdf(&Manuscript::of(letter), standards, time, &found)?;
        Some((rendered.document.pages().len(), data))
    };
    let texts = texts(plan, recipient);
    let (files, fonts) = (&plan.project.files, &plan.fonts);
    let made = if mould.whole {
        own_letter(plan, job, &found).and_then(|letter| {
            pdf(render::render(&Manuscript::of(&letter), files, fonts, &found), &letter)
        })
    } else {
        let (letter, given) = (&mould.letter, &mould.given);
        pdf(render::render_for(&texts, letter, given, files, fonts, &found), letter)
    };
    // Nothing is made of a letter with an error, such as one whose layout never settled.
    let made = made.filter(|_| !found.has_errors());
    // Warnings are those of the letter, which were told.
    let errors = found.into_sorted().into_iter();
    for problem in errors.filter(|problem| problem.severity == Severity::Error) {
        let whom = say!("for this recipient", "para este destinatario");
        problems.push(problem.relate(recipient.place.clone(), whom));
    }
    made
}

/// The warning for a letter of an earlier merge whose recipient is not in the list any more, or is there
/// and could not be written to anew.
fn left_over(plan: &Plan, file: &Path, is_listed: bool) -> Diagnostic {
    let file = paths::shown(file);
    let (message, hint) = match is_listed {
        false => (
            say!(
                "{file} is of an earlier merge and goes to nobody in this list",
                "{file} es de una combinación anterior y no va a nadie de esta lista"
            ),
            say!("delete it before the letters are sent", "bórrelo antes de mandar las cartas"),
        ),
        true => (
            say!(
                "{file} is of an earlier merge and was not made anew",
                "{file} es de una combinación anterior y no se hizo de nuevo"
            ),
            say!(
                "mend what is wrong with its recipient, or delete it before the letters are sent",
                "corrija lo que está mal con su destinatario, o bórrelo antes de mandar las cartas"
            ),
        ),
    };
    Diagnostic::new(Code::LeftOver, plan.recipients_place.clone(), message).hint(hint)
}

fn unwritten(plan: &Plan, job: &Job, error: &io::Error) -> Diagnostic {
    let place = plan.recipients.rows[job.recipient].place.clone();
    let message = output::unwritable(&plan.out_dir.join(&job.file), error);
    let problem = Diagnostic::new(Code::Write, place, message);
    problem.hint_if(output::is_full(error).then(|| {
        say!(
            "make room and start the merge again: it goes on where it was",
            "haga espacio y empiece de nuevo la combinación: sigue donde estaba"
        )
    }))
}

/// How many letters are made before layouts that none of them used are forgotten.
const FORGET_EVERY: usize = 32;

/// Lets go of what was laid out for recipients who are done, so that memory does not grow.
fn forget_old_layouts() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    if MADE.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
        typst::comemo::evict(2);
    }
}

/// The SHA-256 of what all letters are made of.
fn base_inputs(plan: &Plan) -> String {
    let mut parts: Vec<Vec<u8>> = vec![env!("CARGO_PKG_VERSION").into()];
    for (path, digest) in plan.project.files.digests() {
        parts.push(format!("{path}\n{digest}").into_bytes());
    }
    let options = &plan.options;
    parts.push(
        format!(
            "{:?} {:?} {} {}",
            options.standards, options.time, options.show_window, options.draft
        )
        .into(),
    );
    let families: Vec<&str> = plan.fonts.book().families().map(|(name, _)| name).collect();
    parts.push(families.join("\n").into());
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    digest::sha256_of(&parts)
}

/// The SHA-256 of what one letter is made of.
fn job_inputs(plan: &Plan, job: &Job, base: &str) -> String {
    let recipient = &plan.recipients.rows[job.recipient];
    let mut parts = vec![base.to_owned(), job.tag.to_string(), job.file.clone()];
    for (name, text) in plan.recipients.columns.iter().zip(recipient.texts()) {
        parts.extend([name.clone(), text]);
    }
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    digest::sha256_of(&parts)
}
