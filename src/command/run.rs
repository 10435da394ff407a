//! From arguments to files: reads letters, writes what was made of them, and says what happened.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{CommandFactory, FromArgMatches, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::checks;
use crate::checks::parity::segments::Variant;
use crate::checks::review::{self, Review};
use crate::command::args::{
    Arguments, BuildArguments, CheckArguments, Command, DependencyFormat, FontArguments,
    ListFormat, MergeArguments, ReviewArguments, SchemaKind, SignatoriesArguments,
    SignatoriesCommand, StatusArguments, WatchArguments,
};
use crate::command::dependencies::{self, Dependencies};
use crate::command::signatory_list::{self, List};
use crate::command::status::{self, LetterStatus};
use crate::command::{discover, import, new, spanish};
use crate::engine::batch::{self, Outcome};
use crate::engine::options::Options;
use crate::engine::output::{self, Written};
use crate::engine::workers::Limits;
use crate::files::{REPOSITORY_FILE, carried};
use crate::fonts::{FontOptions, Fonts, Origin};
use crate::formats::format::Format;
use crate::language::Tag;
use crate::language::day::{self, CreationTime};
use crate::language::languages::Languages;
use crate::merge::recipients::{Reading, Recipients};
use crate::merge::{self, Combined, Plan, join, manifest};
use crate::problems::lint::Lint;
use crate::problems::{Code, Diagnostic, Problems, Severity};
use crate::project::Project;
use crate::render::page_ranges::PageRanges;
use crate::report::{LetterProblems, MessageFormat, Reporter, printable, step_summary};
use crate::source::{Place, paths};
use crate::spec::{Localized, Signatory, schema};
use crate::watch;
use crate::watch::changes::{Changes, WatchError};
use crate::watch::server::PreviewServer;
use crate::watch::session::Session;
use crate::words::message::{Message, UiLanguage, counted, counted_problems, say};
use crate::words::system_errors;

/// Exit status where all went well.
const DONE: u8 = 0;
/// Exit status where a letter has an error.
const FAILED: u8 = 1;
/// Exit status where the command line makes no sense.
const USAGE: u8 = 2;

/// Runs the program and returns its exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let language = message_language(&arguments);
    let (command, arguments) = match language {
        UiLanguage::En => (Arguments::command(), arguments),
        UiLanguage::Es => {
            (spanish::translate(Arguments::command()), spanish::without_help_command(arguments))
        }
    };
    let parsed = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            let spanish = match language {
                UiLanguage::En => None,
                UiLanguage::Es => spanish::error(&error),
            };
            // Where the message cannot be printed there is nobody to tell.
            let _unheard = match spanish {
                Some(text) => io::stderr().write_all(text.as_bytes()),
                None => error.print(),
            };
            return if error.use_stderr() { USAGE } else { DONE };
        }
    };
    exit_on_interrupt();
    let ui = Ui { language, quiet: arguments.quiet };
    let result = match arguments.command {
        Command::Build(build) => ui.build(build),
        Command::Check(check) => ui.check(check),
        Command::Merge(merge) => ui.merge(merge),
        Command::Watch(watch) => ui.watch(watch),
        Command::New { name, languages } => ui.new_letter(&name, &languages),
        Command::Signatories { command: None, list } => ui.list_signatories(&list),
        Command::Signatories { command: Some(import), .. } => ui.import_signatories(import),
        Command::Review(arguments) => ui.review(&arguments),
        Command::Status(arguments) => ui.status(&arguments),
        Command::Fonts { fonts, variants } => list_fonts(&fonts, variants),
        Command::Template { template, out } => ui.write_template(&template, &out),
        Command::Schema { kind } => {
            let schema = match kind {
                SchemaKind::Letter => schema::letter(language),
                SchemaKind::Repository => schema::repository(language),
            };
            print(schema.as_bytes())
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = match language {
                UiLanguage::En => Arguments::command(),
                UiLanguage::Es => spanish::for_completions(Arguments::command()),
            };
            clap_complete::generate(shell, &mut command, "undersigned", &mut script);
            print(&script)
        }
    };
    match result {
        Ok(status) => status,
        Err(Stop::Usage(message)) => {
            ui.say(&message);
            USAGE
        }
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => DONE,
        Err(Stop::Output(error)) => {
            let Message { en, es } = system_errors::reason(&error);
            ui.say(&say!("cannot write the output: {en}", "no se puede escribir la salida: {es}"));
            FAILED
        }
    }
}

/// The language of the help and of usage errors, which must be known before the arguments are.
fn message_language(arguments: &[OsString]) -> UiLanguage {
    let texts: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let asked =
        texts.iter().enumerate().find_map(|(at, text)| match text.strip_prefix("--ui-lang") {
            Some("") => texts.get(at + 1).map(|next| next.to_string()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
    let asked = asked.and_then(|name| UiLanguage::from_str(&name, true).ok());
    asked.unwrap_or_else(UiLanguage::from_environment)
}

/// Why the program stops before it is done.
enum Stop {
    /// It was asked for something that makes no sense.
    Usage(Message),
    /// Standard output or standard error is gone.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Stop {
    let path = paths::shown(path);
    let Message { en, es } = system_errors::reason(error);
    Stop::Usage(say!("cannot open {path}: {en}", "no se puede abrir {path}: {es}"))
}

/// Refuses a list in what is no file. A pipe that nobody writes to would be waited for without end.
fn regular_file(path: &Path) -> Result<(), Stop> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let path = paths::shown(path);
    match metadata.is_file() {
        true => Ok(()),
        false if metadata.is_dir() => Err(Stop::Usage(say!(
            "{path} is a folder, not a file",
            "{path} es una carpeta, no un archivo"
        ))),
        false => Err(Stop::Usage(say!(
            "{path} is no file, but a pipe or a device: save the list to a file first",
            "{path} no es un archivo, sino una tubería o un dispositivo: guarde antes la lista en un archivo"
        ))),
    }
}

/// What to say where no letter is in the languages of `--lang`.
fn no_such_language(languages: &[Languages]) -> Stop {
    let tags: Vec<String> = languages.iter().map(ToString::to_string).collect();
    let tags = tags.join(", ");
    Stop::Usage(say!(
        "no letter here is in the language {tags}",
        "ninguna carta aquí está en el idioma {tags}"
    ))
}

fn print(data: &[u8]) -> Result<u8, Stop> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(data)?;
    stdout.flush()?;
    Ok(DONE)
}

fn font_options(arguments: &FontArguments) -> Result<FontOptions, Stop> {
    for path in &arguments.font_paths {
        if !path.is_dir() {
            let path = paths::shown(path);
            return Err(Stop::Usage(say!(
                "there is no folder {path} to look for fonts in",
                "no existe la carpeta {path} en que buscar fuentes"
            )));
        }
    }
    Ok(FontOptions { paths: arguments.font_paths.clone(), system: arguments.system_fonts })
}

/// What is made of each letter, and how.
struct Outputs {
    formats: Vec<Format>,
    ppi: u16,
    pages: Option<PageRanges>,
    show_window: bool,
}

impl Outputs {
    /// What is delivered.
    fn pdf() -> Self {
        Self { formats: vec![Format::Pdf], ppi: 144, pages: None, show_window: false }
    }

    fn of(arguments: &BuildArguments) -> Self {
        Self {
            formats: arguments.formats.clone(),
            ppi: arguments.ppi,
            pages: arguments.pages.clone(),
            show_window: arguments.show_window,
        }
    }
}

/// Ends the program with exit status 130 when it is interrupted, once no file is being written.
fn exit_on_interrupt() {
    let handler = || output::between_files(|| std::process::exit(130));
    // Without a handler an interrupt still ends the program; only a temporary file may stay.
    let _fallback = ctrlc::set_handler(handler);
}

fn options(arguments: &CheckArguments, outputs: Outputs) -> Options {
    let Outputs { formats, ppi, pages, show_window } = outputs;
    let processors = || std::thread::available_parallelism().map_or(1, |count| count.get());
    Options {
        languages: arguments.languages.clone(),
        standards: arguments.pdf_standard.clone().map(|standards| standards.0),
        formats,
        ppi,
        pages,
        show_window,
        draft: arguments.draft,
        time: arguments.creation_timestamp.and_then(|time| time.0).map(CreationTime),
        lint: Lint { allow: arguments.allow.clone(), deny: arguments.deny.clone() },
        jobs: arguments.jobs.map_or_else(processors, usize::from),
        limits: Limits {
            time: Duration::from_secs(arguments.timeout.into()),
            memory: u64::from(arguments.max_memory) << 20,
        },
    }
}

fn list_fonts(arguments: &FontArguments, variants: bool) -> Result<u8, Stop> {
    let fonts = Fonts::new(&font_options(arguments)?);
    let mut list = Vec::new();
    for (family, indices) in fonts.book().families() {
        writeln!(list, "{family}")?;
        for index in indices.filter(|_| variants) {
            let Some(info) = fonts.book().info(index) else { continue };
            let origin = match fonts.origin(index) {
                Some(Origin::Carried(path)) => format!("fonts/{path}"),
                Some(Origin::File(path)) => paths::shown(path),
                None => continue,
            };
            let style = serde_json::to_string(&info.variant.style).unwrap_or_default();
            let (style, weight) = (style.trim_matches('"'), info.variant.weight.to_number());
            writeln!(list, "  {style} {weight}  {origin}")?;
        }
    }
    print(&list)
}

/// How the program speaks to its user.
#[derive(Debug, Copy, Clone)]
struct Ui {
    language: UiLanguage,
    quiet: bool,
}

impl Ui {
    fn say(self, message: &Message) {
        // Where standard error is gone there is nobody to tell.
        let _unheard = writeln!(io::stderr(), "undersigned: {}", message.get(self.language));
    }

    fn build(self, arguments: BuildArguments) -> Result<u8, Stop> {
        let to_stdout = arguments.out_dir == Path::new("-");
        if to_stdout && (arguments.locked || arguments.deps.is_some()) {
            return Err(Stop::Usage(say!(
                "-o - has no files for --locked or --deps to look at",
                "con -o - no hay archivos para --locked ni para --deps"
            )));
        }
        let deps_format = dependency_format(&arguments)?;
        let pictures = arguments.formats.iter().any(|format| format.is_picture());
        if arguments.pages.is_some() && !pictures {
            return Err(Stop::Usage(say!(
                "--pages is for png and svg; the other formats hold the whole letter",
                "--pages es para png y svg; los demás formatos llevan la carta entera"
            )));
        }
        let (reporter, mut outcomes) = self.typeset(&arguments.check, Outputs::of(&arguments))?;
        if to_stdout {
            return self.write_one(&reporter, outcomes);
        }

        report_collisions(&mut outcomes);
        let mut summary = Summary::default();
        let mut made = Vec::new();
        let mut stdout = io::stdout().lock();
        for outcome in &mut outcomes {
            let mut unwritten = Vec::new();
            let mut outputs = Vec::new();
            for document in &outcome.documents {
                let path = arguments.out_dir.join(&document.name);
                let written = match arguments.locked {
                    true if output::is_there(&path, &document.data) => Ok(Written::Unchanged),
                    true => Err(stale_output(outcome, &path)),
                    false => output::write(&path, &document.data)
                        .map_err(|error| write_problem(outcome, &path, &error)),
                };
                match written {
                    Ok(written) => {
                        summary.count(written);
                        if !self.quiet {
                            // Who does not listen to the paths still wants the files.
                            let _unheard = writeln!(stdout, "{}", printable(&paths::shown(&path)));
                        }
                        outputs.push(path);
                    }
                    Err(problem) => unwritten.push(problem),
                }
            }
            outcome.diagnostics.extend(unwritten);
            made.push(outputs);
        }
        let status = self.finish(&reporter, &outcomes, summary);
        if let Some((path, format)) = deps_format {
            let made = outcomes.iter().zip(made);
            let letters: Vec<Dependencies> =
                made.map(|(outcome, files)| Dependencies::of(outcome, files, &reporter)).collect();
            let text = dependencies::write(&letters, format).map_err(Stop::Usage)?;
            if let Err(error) = output::write_beside(path, text.as_bytes(), files_of(&outcomes)) {
                self.say(&output::unwritable(path, &error));
                return Ok(FAILED);
            }
        }
        Ok(status)
    }

    fn check(self, arguments: CheckArguments) -> Result<u8, Stop> {
        let (reporter, mut outcomes) = self.typeset(&arguments, Outputs::pdf())?;
        report_collisions(&mut outcomes);
        Ok(self.finish(&reporter, &outcomes, Summary::default()))
    }

    /// Shows a letter in the browser until the program is interrupted.
    fn watch(self, arguments: WatchArguments) -> Result<u8, Stop> {
        let fonts = font_options(&arguments.check.fonts)?;
        let mut projects = self.projects(&arguments.check)?;
        let (Some(project), []) = (projects.pop(), projects.as_slice()) else {
            let count = projects.len() + 1;
            return Err(Stop::Usage(say!(
                "this takes one letter, but there are {count}: name one",
                "esto lleva una carta, pero hay {count}: indique una"
            )));
        };
        if arguments.check.letters.iter().any(|letter| letter == Path::new("-")) {
            return Err(Stop::Usage(say!(
                "standard input does not change: name a letter",
                "la entrada estándar no cambia: indique una carta"
            )));
        }
        let outputs = Outputs { show_window: arguments.show_window, ..Outputs::pdf() };
        let options = options(&arguments.check, outputs);
        let unwatched = |error: WatchError| Stop::Usage(error.message());
        let changes = Changes::new(&fonts.paths).map_err(unwatched)?;
        let server = PreviewServer::start(arguments.port, self.language).map_err(|error| {
            let port = arguments.port.map(|port| format!(" {port}")).unwrap_or_default();
            let Message { en, es } = system_errors::reason(&error);
            Stop::Usage(say!(
                "cannot show the preview at port{port}: {en}",
                "no se puede mostrar la vista previa en el puerto{port}: {es}"
            ))
        })?;
        let url = server.url();
        print(format!("{url}\n").as_bytes())?;
        if arguments.open && open::that_detached(&url).is_err() {
            self.say(&say!(
                "cannot open the browser: open {url} in it yourself",
                "no se puede abrir el navegador: abra usted {url} en él"
            ));
        }
        let session = Session::new(project, &fonts, Arc::new(options));
        let reporter = self.reporter(arguments.check.message_format);
        match watch::watch(session, changes, &server, &reporter, &fonts, self.quiet) {
            Ok(never) => match never {},
            Err(error) => Err(unwatched(error)),
        }
    }

    /// Writes the one document there is to standard output.
    fn write_one(self, reporter: &Reporter, outcomes: Vec<Outcome>) -> Result<u8, Stop> {
        let status = self.finish(reporter, &outcomes, Summary::default());
        if status != DONE {
            return Ok(status);
        }
        let documents: Vec<_> = outcomes.iter().flat_map(|o| &o.documents).collect();
        match documents.as_slice() {
            [document] => print(&document.data),
            documents => {
                let count = documents.len();
                Err(Stop::Usage(say!(
                    "standard output takes one document, but there are {count}: choose one with --lang",
                    "la salida estándar admite un documento, pero hay {count}: elija uno con --lang"
                )))
            }
        }
    }

    fn typeset(
        self,
        arguments: &CheckArguments,
        outputs: Outputs,
    ) -> Result<(Reporter, Vec<Outcome>), Stop> {
        let fonts = Arc::new(Fonts::new(&font_options(&arguments.fonts)?));
        let projects = self.projects(arguments)?;
        let options = Arc::new(options(arguments, outputs));
        let mut bar = Progress::new(!self.quiet && io::stderr().is_terminal());
        let mut outcomes =
            batch::typeset(projects, &fonts, &options, |done, all| bar.show(done, all));
        bar.clear();
        let wrong = outcomes.iter().any(Outcome::has_errors);
        let is_picture = |name: &str| name.ends_with(".png") || name.ends_with(".svg");
        let mut documents = outcomes.iter().flat_map(|outcome| &outcome.documents);
        if options.pages.is_some() && !wrong && !documents.any(|d| is_picture(&d.name)) {
            return Err(Stop::Usage(say!(
                "no letter here has the pages of --pages, in a language that was asked for",
                "ninguna carta aquí tiene las páginas de --pages en un idioma de los pedidos"
            )));
        }
        tell_once(&mut outcomes);
        if !options.languages.is_empty()
            && outcomes.iter().all(|outcome| outcome.documents.is_empty() && !outcome.has_errors())
        {
            return Err(no_such_language(&options.languages));
        }
        let reporter = self.reporter(arguments.message_format);
        Ok((Reporter { sarif: arguments.sarif.clone(), ..reporter }, outcomes))
    }

    fn projects(self, arguments: &CheckArguments) -> Result<Vec<Project>, Stop> {
        let root = arguments.root.as_deref();
        let here = [PathBuf::from(".")];
        let given = if arguments.letters.is_empty() { &here[..] } else { &arguments.letters };
        let mut projects = Vec::new();
        let mut seen = HashSet::new();
        for argument in given {
            let shown = paths::shown(argument);
            let unreadable = |error| unreadable(argument, &error);
            if argument == Path::new("-") {
                let mut data = Vec::new();
                io::stdin().lock().read_to_end(&mut data).map_err(unreadable)?;
                projects.push(Project::from_bytes(data, Path::new("."), root).map_err(unreadable)?);
                continue;
            }
            let letters = discover::letters(argument).map_err(unreadable)?;
            if letters.is_empty() {
                return Err(Stop::Usage(say!(
                    "there is no letter.toml in {shown}; `undersigned new NAME` starts a letter",
                    "no hay ningún letter.toml en {shown}; `undersigned new NOMBRE` empieza una carta"
                )));
            }
            for path in letters {
                let project = Project::open(&path, root).map_err(unreadable)?;
                // A letter that two arguments mean is built once.
                let key = (project.files.root().to_path_buf(), project.file);
                if seen.insert(key) {
                    projects.push(project);
                }
            }
        }
        Ok(projects)
    }

    fn merge(self, arguments: MergeArguments) -> Result<u8, Stop> {
        let check = &arguments.check;
        let Some(path) = &arguments.recipients else {
            return self.join(&arguments.join, &arguments.out_dir, arguments.keep_going);
        };
        let [letter] = check.letters.as_slice() else {
            return Err(Stop::Usage(say!(
                "name the one letter that goes to the recipients",
                "diga cuál es la carta que va a los destinatarios"
            )));
        };
        let letters = discover::letters(letter).map_err(|error| unreadable(letter, &error))?;
        let [letter] = letters.as_slice() else {
            let (shown, count) = (paths::shown(letter), letters.len());
            return Err(Stop::Usage(say!(
                "there are {count} letters in {shown}: name one",
                "hay {count} cartas en {shown}: diga cuál"
            )));
        };
        regular_file(path)?;
        let opened = Project::open_with(letter, check.root.as_deref(), Some(path));
        let (project, file) = opened.map_err(|error| unreadable(path, &error))?;
        let file = file.unwrap_or(project.file);
        if let Some(encoding) = arguments.encoding {
            project.files.declare_encoding(file, encoding);
        }
        let problems = Problems::default();
        let reading =
            Reading { columns: arguments.columns.clone(), delimiter: arguments.delimiter };
        let source = problems.take(project.files.text(file));
        let recipients = source.and_then(|s| Recipients::read(&s, file, &reading, &problems));
        let reporter = self.reporter(check.message_format);
        let Some(recipients) = recipients.filter(|_| !problems.has_errors()) else {
            let diagnostics = problems.into_sorted();
            let (typeset, documents) = (Vec::new(), Vec::new());
            let outcome = Outcome { project, diagnostics, typeset, documents };
            return Ok(self.finish(&reporter, &[outcome], Summary::default()));
        };

        let options = Arc::new(options(check, Outputs::pdf()));
        let plan = Plan {
            project: project.clone(),
            recipients,
            recipients_place: Place::start_of(file),
            out_dir: arguments.out_dir.clone(),
            name: arguments.name,
            shard: arguments.shard,
            keep_going: arguments.keep_going,
            dry_run: arguments.dry_run,
            combined: arguments.combined.map(|path| Combined {
                path,
                duplex: arguments.duplex,
                chunk: arguments.chunk.and_then(|chunk| usize::try_from(chunk).ok()),
            }),
            options: options.clone(),
            fonts: Arc::new(Fonts::new(&font_options(&check.fonts)?)),
        };
        let mut bar = Progress::new(!self.quiet && io::stderr().is_terminal());
        let begun = Instant::now();
        let merged = merge::merge(plan, |done, all| bar.show(done, all))
            .map_err(|error| Stop::Usage(output::unwritable_folder(&arguments.out_dir, &error)))?;
        bar.clear();
        let diagnostics = merged.diagnostics;
        let outcome = Outcome { project, diagnostics, typeset: Vec::new(), documents: Vec::new() };
        let status = match merged.made + merged.kept {
            0 => self.finish(&reporter, &[outcome], Summary::default()),
            _ => self.finish_quietly(&reporter, &[outcome]),
        };
        let wrote = merged.made + merged.kept > 0;
        if !self.quiet && wrote && reporter.format == MessageFormat::Human {
            let (made, kept, pages) = (merged.made, merged.kept, merged.pages);
            let seconds = begun.elapsed().as_secs_f64();
            let rate = made as f64 / seconds;
            self.say(&say!(
                "letters made: {made}, kept: {kept}, pages: {pages}; {seconds:.1} s, {rate:.0} letters/s",
                "cartas hechas: {made}, conservadas: {kept}, páginas: {pages}; {seconds:.1} s, {rate:.0} cartas/s"
            ));
        }
        Ok(status)
    }

    /// Joins the shares of a merge that were made apart.
    fn join(self, folders: &[PathBuf], out: &Path, keep_going: bool) -> Result<u8, Stop> {
        let unwritable = |error| Stop::Usage(output::unwritable_folder(out, &error));
        std::fs::create_dir_all(out).map_err(unwritable)?;
        match join::join(folders, out, keep_going) {
            Ok(joint) => {
                let path = out.join(manifest::name(None, false));
                output::write(&path, joint.text().as_bytes()).map_err(unwritable)?;
                // No share takes away what another may be writing. Now all are done.
                for folder in folders {
                    output::remove_leftovers(folder).map_err(unwritable)?;
                }
                if !self.quiet {
                    print(format!("{}\n", printable(&paths::shown(&path))).as_bytes())?;
                }
                if !joint.left_out.is_empty() {
                    let list = join::left_out_list(&joint.left_out);
                    self.say(&say!(
                        "joined without these letters:{list}",
                        "unidas sin estas cartas:{list}"
                    ));
                }
                Ok(DONE)
            }
            Err(problems) => {
                for problem in &problems {
                    self.say(&problem.message());
                }
                Ok(FAILED)
            }
        }
    }

    fn new_letter(self, name: &Path, languages: &[Tag]) -> Result<u8, Stop> {
        let files = new::letter(name, languages, self.language).map_err(Stop::Usage)?;
        if !self.quiet {
            let list: String =
                files.iter().map(|path| format!("{}\n", paths::shown(path))).collect();
            print(list.as_bytes())?;
            let name = paths::shown(name);
            let name = if name.contains(' ') { format!("\"{name}\"") } else { name };
            self.say(&say!(
                "now write the letter, then: undersigned build {name}",
                "ahora escriba la carta y luego: undersigned build {name}"
            ));
        }
        Ok(DONE)
    }

    /// Writes a built-in template with its parts. Nothing that is there is overwritten.
    fn write_template(self, name: &str, folder: &Path) -> Result<u8, Stop> {
        let template = format!("{name}.typ");
        let files: Vec<(PathBuf, &str)> = carried::TEMPLATES
            .iter()
            .filter(|(file, _)| *file == template || *file == "parts.typ")
            .map(|(file, text)| (folder.join(file), *text))
            .collect();
        if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
            let path = paths::shown(path);
            return Err(Stop::Usage(say!("{path} is there already", "{path} ya existe")));
        }
        let mut written = String::new();
        for (path, text) in &files {
            let shown = paths::shown(path);
            output::write(path, text.as_bytes())
                .map_err(|error| Stop::Usage(output::unwritable(path, &error)))?;
            written.push_str(&format!("{shown}\n"));
        }
        if self.quiet { Ok(DONE) } else { print(written.as_bytes()) }
    }

    /// Opens the one letter that an argument means.
    fn one_letter(self, argument: &Path) -> Result<Project, Stop> {
        let shown = paths::shown(argument);
        let unreadable = |error| unreadable(argument, &error);
        let letters = discover::letters(argument).map_err(unreadable)?;
        match letters.as_slice() {
            [letter] => Project::open(letter, None).map_err(unreadable),
            letters => {
                let count = letters.len();
                Err(Stop::Usage(say!(
                    "this takes one letter, but there are {count} in {shown}",
                    "esto lleva una carta, pero hay {count} en {shown}"
                )))
            }
        }
    }

    fn list_signatories(self, arguments: &SignatoriesArguments) -> Result<u8, Stop> {
        let project = self.one_letter(arguments.letter.as_deref().unwrap_or(Path::new(".")))?;
        let fonts = Fonts::new(&FontOptions::default());
        let problems = Problems::default();
        let wanted = |tag: &Tag| arguments.lang.as_ref().is_none_or(|lang| tag.is_in(lang));
        let letters = project.check(&fonts, wanted, &problems);
        let mut diagnostics = problems.judged(&Lint::default());
        let Some(letter) = letters.first() else {
            self.report_all(&project, &diagnostics);
            return Ok(FAILED);
        };
        let text = match arguments.format {
            ListFormat::Table => signatory_list::table(letter, self.language).into_bytes(),
            ListFormat::Csv => List::of(letter).csv().map_err(Stop::Usage)?,
            ListFormat::Json => List::of(letter).json().map_err(Stop::Usage)?.into_bytes(),
            ListFormat::Toml => List::of(letter).toml().into_bytes(),
        };
        print(&text)?;
        // Warnings of what else is in the letter are for `check` to say.
        diagnostics.retain(|diagnostic| {
            diagnostic.severity == Severity::Error
                || matches!(
                    diagnostic.code,
                    Code::DuplicateSignatory
                        | Code::NearDuplicateSignatory
                        | Code::UnsortedSignatories
                )
        });
        Ok(if self.report_all(&project, &diagnostics) > 0 { FAILED } else { DONE })
    }

    fn import_signatories(self, command: SignatoriesCommand) -> Result<u8, Stop> {
        let SignatoriesCommand::Import { export, into, columns, delimiter, encoding, dry_run } =
            command;
        let shown = paths::shown(&export);
        let project = self.one_letter(&into)?;
        let name = export.file_name().unwrap_or_default().to_string_lossy();
        let reading = import::reading_letter(&name, &columns, delimiter, encoding);
        let Some((listed, rows)) = self.read_export(&export, reading)? else { return Ok(FAILED) };

        let fonts = Fonts::new(&FontOptions::default());
        let problems = Problems::default();
        let letters = project.check(&fonts, |_| true, &problems);
        let diagnostics = problems.into_sorted();
        let Some(letter) = letters.first() else {
            self.report_all(&project, &diagnostics);
            return Ok(FAILED);
        };
        let result = import::compare(&rows, letter);
        let path = project.files.path(project.file).unwrap_or(into);
        let old = std::fs::read_to_string(&path)?;
        let new = import::add(&old, &result.added).map_err(Stop::Usage)?;
        let new = output::with_line_ends_of(&old, new);

        // A letter that was right stays right: what would be wrong with it is told, and not written.
        let folder = path.parent().unwrap_or(Path::new("."));
        let changed =
            Project::from_bytes(new.clone().into_bytes(), folder, Some(project.files.root()))?;
        let problems = Problems::default();
        changed.check(&fonts, |_| true, &problems);
        let errors = only_errors(problems.into_sorted());
        if errors.len() > only_errors(diagnostics).len() {
            // Most of it is wrong in the rows as they are, where people can mend it.
            let problems = Problems::default();
            listed.check(&fonts, |_| true, &problems);
            let in_rows = only_errors(problems.into_sorted());
            match in_rows.is_empty() {
                true => self.report_all(&changed, &errors),
                false => self.report_all(&listed, &in_rows),
            };
            return Err(Stop::Usage(say!(
                "nothing was added: mend these rows of {shown} first",
                "no se agregó nada: corrija primero estas filas de {shown}"
            )));
        }
        if !dry_run && !result.added.is_empty() {
            output::write(&path, new.as_bytes())
                .map_err(|error| Stop::Usage(output::unwritable(&path, &error)))?;
        }
        print(result.report(self.language).as_bytes())
    }

    /// Records that a translation was reviewed. What the languages differ in is told all the same.
    fn review(self, arguments: &ReviewArguments) -> Result<u8, Stop> {
        let argument = arguments.letter.as_deref().unwrap_or(Path::new("."));
        let project = self.one_letter(argument)?;
        let problems = Problems::default();
        let written = project.read(&problems);
        let fonts = Fonts::new(&FontOptions::default());
        let letters = written.as_ref().map(|written| {
            let resolver = project.resolver(written, &fonts, &problems);
            let resolved = resolver.resolve(|_| true);
            checks::report(&resolver, &resolved);
            resolved.letters
        });
        let letters = letters.unwrap_or_default();
        let mut diagnostics = problems.into_sorted();
        let lang = &arguments.lang;
        let spec = written.map(|written| written.spec);
        let original = spec.iter().flat_map(|spec| &spec.languages).map(|(tag, _)| tag).next();
        let (first, wanted): (Vec<_>, Vec<_>) =
            letters.iter().partition(|letter| Some(&letter.tag) == original);
        let wanted = wanted.into_iter().find(|letter| letter.tag.is_in(lang));
        let failed = diagnostics.iter().any(|d| d.severity == Severity::Error);
        let (Some(spec), Some(first), Some(letter), false) = (&spec, first.first(), wanted, failed)
        else {
            if self.report_all(&project, &only_errors(diagnostics)) > 0 {
                return Ok(FAILED);
            }
            if original.is_some_and(|original| original.is_in(lang)) {
                return Err(Stop::Usage(say!(
                    "`{lang}` is the original: translations are reviewed against it",
                    "`{lang}` es el original: las traducciones se revisan contra él"
                )));
            }
            return Err(Stop::Usage(say!(
                "this letter has no translation to {lang}",
                "esta carta no tiene traducción a {lang}"
            )));
        };

        // Under the tag that the body is under, which may serve several countries.
        let body = match &spec.body {
            Localized::Each(variants, _) => variants.iter().find(|v| letter.tag.is_in(&v.tag)),
            Localized::Same(_) | Localized::In(..) | Localized::Unknown(_) => None,
        };
        let known = spec.translation(&letter.tag).map(|translation| &translation.tag);
        let key = known.or(body.map(|v| &v.tag)).unwrap_or(&letter.tag).to_string();
        let source = |file| project.files.text(file).unwrap_or_default();
        let review = Review::of(&Variant::of(first, &source), &Variant::of(letter, &source));
        let day = arguments.date.map_or_else(day::today, review::day);
        let path = project.files.path(project.file).unwrap_or_else(|| argument.to_path_buf());
        let old = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
        let text = review.record(&old, &key, &arguments.by, &day).map_err(Stop::Usage)?;
        let text = output::with_line_ends_of(&old, text);
        let texts = review::texts_path(&path, &key);
        // The texts first: without them the fingerprints say less, but nothing wrong.
        let reporter = self.reporter(MessageFormat::Human);
        let mut written = String::new();
        for (path, data) in [(&texts, review.texts_file(&key)), (&path, text)] {
            output::write(path, data.as_bytes())
                .map_err(|error| Stop::Usage(output::unwritable(path, &error)))?;
            written.push_str(&format!("{}\n", printable(&reporter.relative(path))));
        }
        diagnostics.retain(|problem| {
            problem.lang == Some(Languages::one(&letter.tag))
                && problem.code != Code::StaleTranslation
        });
        self.report_all(&project, &diagnostics);
        if self.quiet { Ok(DONE) } else { print(written.as_bytes()) }
    }

    fn status(self, arguments: &StatusArguments) -> Result<u8, Stop> {
        let (reporter, outcomes) = self.typeset(&arguments.check, Outputs::pdf())?;
        let options = options(&arguments.check, Outputs::pdf());
        let letters: Vec<LetterStatus> = outcomes
            .iter()
            .filter_map(|outcome| {
                let path = reporter.path(&outcome.project.files, outcome.project.file);
                LetterStatus::of(outcome, path, &arguments.out_dir, &options)
            })
            .collect();
        if letters.is_empty() {
            return Err(no_such_language(&options.languages));
        }
        if arguments.check.message_format != MessageFormat::Json {
            return print(status::table(&letters, self.language).as_bytes());
        }
        let mut lines = Vec::new();
        for letter in &letters {
            serde_json::to_writer(&mut lines, letter).map_err(io::Error::from)?;
            lines.push(b'\n');
        }
        print(&lines)
    }

    /// Reads an export as a letter beside it would, whose text is `reading`. `None` if it cannot be
    /// read, which was told.
    fn read_export(
        self,
        export: &Path,
        reading: String,
    ) -> Result<Option<(Project, Vec<Signatory>)>, Stop> {
        let unreadable = |error| unreadable(export, &error);
        regular_file(export)?;
        let real = export.canonicalize().map_err(unreadable)?;
        let folder = real.parent().unwrap_or(Path::new("/"));
        let reading = Project::from_bytes(reading.into_bytes(), folder, Some(folder));
        let reading = reading.map_err(unreadable)?;
        let problems = Problems::default();
        let rows = reading.read(&problems).map(|read| read.signatories).unwrap_or_default();
        let mut diagnostics = problems.into_sorted();
        // What is wrong with the columns is for the command line to mend: nobody wrote that letter.
        let csv = reading.files.id(&real).unwrap_or(reading.file);
        for diagnostic in diagnostics.iter_mut().filter(|d| d.place.file == reading.file) {
            diagnostic.place = Place::start_of(csv);
            diagnostic.hints.push(say!(
                "say which column is which with --column, as in --column name=\"Organization\"",
                "diga qué columna es cuál con --column, como en --column name=\"Organización\""
            ));
        }
        let is_right = self.report_all(&reading, &diagnostics) == 0;
        Ok(is_right.then_some((reading, rows)))
    }

    /// Shows problems as people read them, and says how many are errors.
    fn report_all(self, project: &Project, diagnostics: &[Diagnostic]) -> usize {
        let reporter = self.reporter(MessageFormat::Human);
        let mut stderr = io::BufWriter::new(io::stderr().lock());
        // Where standard error is gone there is nobody to tell.
        let _unheard = reporter.report(&[(project, diagnostics)], &mut stderr);
        diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    fn reporter(self, format: MessageFormat) -> Reporter {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let folder = std::env::current_dir().and_then(|f| f.canonicalize()).unwrap_or_default();
        let checkout = named_by("GITHUB_WORKSPACE").and_then(|path| path.canonicalize().ok());
        Reporter {
            format,
            language: self.language,
            colour: io::stderr().is_terminal() && !no_colour && shows_colours(),
            width: terminal_width(),
            checkout: checkout.unwrap_or_else(|| folder.clone()),
            folder,
            sarif: None,
        }
    }

    /// Shows all problems and the sum, and says how it went.
    fn finish_quietly(self, reporter: &Reporter, outcomes: &[Outcome]) -> u8 {
        Self { quiet: true, ..self }.finish(reporter, outcomes, Summary::default())
    }

    fn finish(self, reporter: &Reporter, outcomes: &[Outcome], summary: Summary) -> u8 {
        let count = |severity| {
            let all = outcomes.iter().flat_map(|outcome| &outcome.diagnostics);
            all.filter(|diagnostic| diagnostic.severity == severity).count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let mut stderr = io::BufWriter::new(io::stderr().lock());
        let letters: Vec<LetterProblems<'_>> =
            outcomes.iter().map(|outcome| (&outcome.project, &*outcome.diagnostics)).collect();
        let line = summary.line(outcomes.len(), errors, warnings);
        let mut show = || -> io::Result<()> {
            reporter.report(&letters, &mut stderr)?;
            if !self.quiet && reporter.format == MessageFormat::Human {
                writeln!(stderr, "{}", line.get(self.language))?;
            }
            stderr.flush()
        };
        // Where standard error is gone there is nobody to tell, but the exit status still says it.
        let _unheard = show();
        drop(stderr);
        let mut complete = true;
        let mut told = |path: &Path, result: io::Result<()>| {
            if let Err(error) = result {
                complete = false;
                self.say(&output::unwritable(path, &error));
            }
        };
        if let Some(path) = &reporter.sarif {
            let log = format!("{}\n", reporter.sarif(&letters));
            let written = output::write_beside(path, log.as_bytes(), files_of(outcomes));
            told(path, written.map(|_| ()));
        }
        if let Some(path) = named_by("GITHUB_STEP_SUMMARY") {
            told(&path, step_summary::append(&path, outcomes, reporter, &line));
        }
        if errors > 0 || !complete { FAILED } else { DONE }
    }
}

/// The files that letters are made of.
fn files_of(outcomes: &[Outcome]) -> impl Iterator<Item = PathBuf> {
    outcomes.iter().flat_map(|outcome| outcome.project.files.read())
}

/// A bar on a terminal for work that takes more than a second.
struct Progress {
    wanted: bool,
    begun: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new(wanted: bool) -> Self {
        Self { wanted, begun: Instant::now(), bar: None }
    }

    fn show(&mut self, done: usize, all: usize) {
        if !self.wanted || self.begun.elapsed() < Duration::from_secs(1) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
            let bar = ProgressBar::new(all as u64);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        bar.set_position(done as u64);
    }

    fn clear(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What was written.
#[derive(Debug, Default, Copy, Clone)]
struct Summary {
    written: usize,
    unchanged: usize,
}

impl Summary {
    fn count(&mut self, written: Written) {
        match written {
            Written::Changed => self.written += 1,
            Written::Unchanged => self.unchanged += 1,
        }
    }

    /// "2 letters: 3 files written, 1 unchanged; no errors, 4 warnings"
    fn line(self, letters: usize, errors: usize, warnings: usize) -> Message {
        let part = counted;
        let letters_en = part(letters, "letter", "letters", "no letters");
        let letters_es = part(letters, "carta", "cartas", "ninguna carta");
        let mut files_en = String::new();
        let mut files_es = String::new();
        if self.written + self.unchanged > 0 {
            files_en = format!(
                " {} written, {} unchanged;",
                part(self.written, "file", "files", "no file"),
                self.unchanged
            );
            files_es = format!(
                " {}, {} sin cambios;",
                part(
                    self.written,
                    "archivo escrito",
                    "archivos escritos",
                    "ningún archivo escrito"
                ),
                self.unchanged,
            );
        }
        let Message { en, es } = counted_problems(errors, warnings);
        say!("{letters_en}:{files_en} {en}", "{letters_es}:{files_es} {es}")
    }
}

fn only_errors(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    diagnostics
}

/// Two letters whose folders have the same name would overwrite each other.
fn report_collisions(outcomes: &mut [Outcome]) {
    // Some file systems know no letter case, and a repository is checked out on several.
    let mut taken: HashSet<String> = HashSet::new();
    for outcome in outcomes {
        let names: Vec<String> = outcome.documents.iter().map(|d| d.name.clone()).collect();
        match names.iter().find(|name| taken.contains(&name.to_lowercase())) {
            Some(name) => {
                let problem = Diagnostic::new(
                    Code::Write,
                    Place::start_of(outcome.project.file),
                    say!(
                        "another letter is called {name} too",
                        "otra carta también se llama {name}"
                    ),
                )
                .hint(say!(
                    "rename the folder of one of them, or build them with different -o",
                    "cambie el nombre de la carpeta de una, o constrúyalas con -o distintos"
                ));
                outcome.diagnostics.push(problem);
                outcome.documents.clear();
            }
            None => taken.extend(names.iter().map(|name| name.to_lowercase())),
        }
    }
}

/// What is wrong with the file of a repository is found by each of its letters, and told with the
/// first. The others are not written either.
fn tell_once(outcomes: &mut [Outcome]) {
    let mut told = HashSet::new();
    for outcome in outcomes {
        let files = &outcome.project.files;
        outcome.diagnostics.retain(|diagnostic| {
            diagnostic.place.file.vpath().file_name() != Some(REPOSITORY_FILE)
                || told.insert((files.root().to_path_buf(), diagnostic.clone()))
        });
    }
}

/// The file and the format of the dependencies, if they are asked for.
fn dependency_format(
    arguments: &BuildArguments,
) -> Result<Option<(&Path, DependencyFormat)>, Stop> {
    let Some(path) = arguments.deps.as_deref() else { return Ok(None) };
    match arguments.deps_format.or_else(|| dependencies::format_of(path)) {
        Some(format) => Ok(Some((path, format))),
        None => Err(Stop::Usage(say!(
            "end the name of the --deps file in .d or .json, or add --deps-format",
            "termine el nombre del archivo de --deps en .d o .json, o agregue --deps-format"
        ))),
    }
}

/// The path that a variable of the environment holds, if it is set to anything.
fn named_by(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The error for an output on the disk that is not what its letter gives.
fn stale_output(outcome: &Outcome, path: &Path) -> Diagnostic {
    let (version, shown) = (env!("CARGO_PKG_VERSION"), paths::shown(path));
    let message = match path.exists() {
        true => say!(
            "`{shown}` is not what this letter gives now",
            "`{shown}` no es lo que esta carta da ahora"
        ),
        false => say!("`{shown}` is not there", "`{shown}` no existe"),
    };
    Diagnostic::new(Code::StaleOutput, Place::start_of(outcome.project.file), message).hint(say!(
        "build the letter with version {version} of undersigned, and keep the file",
        "construya la carta con la versión {version} de undersigned y conserve el archivo"
    ))
}

fn write_problem(outcome: &Outcome, path: &Path, error: &io::Error) -> Diagnostic {
    let place = Place::start_of(outcome.project.file);
    let problem = Diagnostic::new(Code::Write, place, output::unwritable(path, error));
    match path.is_file() && error.kind() == io::ErrorKind::PermissionDenied {
        true => problem.hint(say!(
            "close it where it is open, such as in a PDF reader, and see that it may be written",
            "ciérrelo donde esté abierto, como en un lector de PDF, y vea que se permita escribirlo"
        )),
        false => problem.hint(say!(
            "choose another folder with -o, or see that there is room and that it may be written to",
            "elija otra carpeta con -o, o vea que haya espacio y que se permita escribir en ella"
        )),
    }
}

/// Whether the terminal takes colours. That of Windows has to be told that they are coming.
fn shows_colours() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// The width of the terminal, which `COLUMNS` may say.
fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stderr());
    columns.or_else(|| terminal().map(|(width, _)| usize::from(width.0)))
}
