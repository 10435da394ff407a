//! The help and the usage errors of the command line in Spanish.
//!
//! clap has no translations of its own, so each text is replaced by its Spanish one before the command
//! line is read. A test holds that none is forgotten.

use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

use clap::builder::{PossibleValue, PossibleValuesParser, Str, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::words::message::Message;

/// The Spanish of commands, by their names from the program's own on.
const COMMANDS: &[(&str, &str, &str)] = &[
    (
        "undersigned",
        "Compone cartas abiertas: PDF listos para imprimir, accesibles y reproducibles en cada idioma de una carta",
        "",
    ),
    (
        "build",
        "Revisa, compone y escribe cartas",
        "Escribe cada carta en cada uno de sus idiomas en SALIDA/NOMBRE.IDIOMA.pdf, donde NOMBRE es la \
         carpeta de la carta, o su archivo si no es letter.toml. Una carta con un error no se escribe. \
         Las rutas escritas van a la salida estándar; los mensajes, a la de errores.",
    ),
    (
        "check",
        "Revisa cartas sin escribir nada",
        "Hace todo lo que hace `build`, menos escribir: lo que aquí pasa se puede construir. También compara \
         los idiomas de cada carta: una traducción que omite o cambia algo se muestra junto a su original.",
    ),
    (
        "watch",
        "Muestra una carta en el navegador mientras la escribe",
        "Compone la carta de nuevo cada vez que cambia uno de sus archivos, y muestra las páginas de \
         todos sus idiomas lado a lado, con los problemas junto a ellas. Un clic en un texto muestra \
         dónde está escrito. No escribe nada en el disco, y solo este equipo puede ver las páginas. \
         Termina con Ctrl-C.",
    ),
    (
        "new",
        "Empieza una carta nueva",
        "Crea una carpeta con una carta que se construye de inmediato: un letter.toml con comentarios y \
         un cuerpo para cada idioma.",
    ),
    (
        "signatories",
        "Lista a quienes firman una carta, o agrega firmantes desde un formulario",
        "Lista a los firmantes como se imprimen, con sus cuentas; lo que hay que revisar, como los \
         duplicados, va a la salida de errores.",
    ),
    (
        "signatories import",
        "Agrega a una carta las filas nuevas de un CSV; nada se cambia ni se quita",
        "Dice qué filas son nuevas, cuáles ya estaban y cuáles aparecen con otros datos además del \
         nombre. Hacerlo dos veces no agrega nada.",
    ),
    (
        "merge",
        "Hace una carta para cada destinatario de una lista",
        "Las columnas `name`, `honorific`, `office`, `organization`, `address`, `email`, `note` y \
         `salutation` forman el destinatario; {{recipient.COLUMNA}} está en lugar de cualquier columna en \
         cualquier parte del texto. Todas las filas se revisan antes de componer la primera carta. Lo que se \
         interrumpió sigue donde iba al empezar de nuevo.",
    ),
    (
        "review",
        "Deja constancia de que alguien revisó una traducción",
        "Escribe en la carta quién la revisó, qué día y contra qué; lo que el original dice ahora va a un \
         archivo junto a ella. Si el original cambia después, `check` muestra qué cambió.",
    ),
    (
        "status",
        "Muestra cómo va cada carta: qué está completo, revisado, por revisar y construido",
        "Compone las cartas y las compara con los PDF de la carpeta de salida. No escribe nada.",
    ),
    ("fonts", "Lista las fuentes que pueden usar las cartas", ""),
    (
        "template",
        "Escribe en una carpeta una plantilla incluida, para hacer de ella una propia",
        "Escribe la plantilla y las partes de que está hecha. Una carta que la nombra, como en template = \
         \"open-letter.typ\", se compone como antes mientras no cambie nada.",
    ),
    (
        "schema",
        "Imprime un JSON Schema, con el que un editor completa las claves y subraya los errores",
        "",
    ),
    (
        "completions",
        "Imprime un guion que completa las órdenes de este programa en un intérprete",
        "",
    ),
];

/// The Spanish of arguments, by their names in the code.
const ARGUMENTS: &[(&str, &str)] = &[
    ("quiet", "No imprimir más que los problemas"),
    (
        "ui_lang",
        "Idioma de los mensajes: en o es; si no, el del entorno (LC_ALL, LC_MESSAGES, LANG)",
    ),
    (
        "letters",
        "Las cartas: un archivo, una carpeta con un letter.toml, una carpeta en que buscar, o - para la \
         entrada estándar; si no hay, la carpeta actual",
    ),
    (
        "out_dir",
        "La carpeta en que escribir (si no, out); - escribe un documento en la salida estándar",
    ),
    (
        "formats",
        "Qué escribir: pdf, para entregar (si no se dice otra cosa); png y svg, un archivo por página, \
         para mirar; txt, para el cuerpo de un correo: texto simple en líneas de 72 columnas, enlaces \
         como notas numeradas; md, para editores y sitios que admiten Markdown; html, para la web: una \
         página accesible que no necesita otro archivo ni lleva programas",
    ),
    (
        "show_window",
        "Dibuja la ventana del sobre en la primera página, para ver que la dirección asoma; el archivo \
         se llama NOMBRE.IDIOMA.window.pdf",
    ),
    ("pages", "De qué páginas se escribe png y svg, como 1 o 1-2,4 o 3-; si no, de todas"),
    ("ppi", "La resolución de png, en pixeles por pulgada (si no, 144)"),
    ("pdf_standard", "Las normas que cumple el PDF, en lugar de las de la carta, como ua-1,a-2a"),
    (
        "draft",
        "Marcar cada página como borrador; los archivos se llaman NOMBRE.IDIOMA.draft.pdf. Imprime \
         BORRADOR, y el día de --creation-timestamp si se indica. Los archivos de una entrega quedan como \
         están",
    ),
    ("font_paths", "Usar también las fuentes de esta carpeta"),
    ("system_fonts", "Usar también las fuentes de este equipo; en otro, la página puede ser otra"),
    (
        "root",
        "La carpeta de la que no puede salir ninguna ruta de una carta; si no, la de git, o la de la carta",
    ),
    ("deny", "Tratar como errores las advertencias con este código, o todas con `warnings`"),
    ("allow", "No mostrar las advertencias con este código"),
    (
        "message_format",
        "Cómo se muestran los problemas: human, con sus líneas (si no se dice otra cosa); short, una \
         línea cada uno; json, un objeto JSON por línea; github, una orden de GitHub por línea, que lo \
         muestra en la línea de una solicitud de cambios; sarif, un registro SARIF 2.1.0, para servicios \
         que alojan código",
    ),
    ("sarif", "Escribir también los problemas en este archivo, como SARIF"),
    ("locked", "No escribir nada, y fallar si un archivo del disco no es lo que su carta da ahora"),
    ("deps", "Escribir también de qué se hizo cada archivo, para Make (.d) o como JSON (.json)"),
    ("deps_format", "El formato de ese archivo, si su nombre no lo dice: make o json"),
    (
        "kind",
        "Para qué es: letter, una carta (si no se dice otra cosa); repository, el undersigned.toml",
    ),
    ("jobs", "Cuántas cartas componer a la vez; si no, una por procesador"),
    ("timeout", "Abandonar una carta que tarde más en componerse, en segundos (si no, 120)"),
    (
        "max_memory",
        "Abandonar lo que esté en curso cuando el programa ocupe más memoria, en MiB (si no, 4096)",
    ),
    (
        "creation_timestamp",
        "Cuándo dice el PDF que se hizo, en segundos desde 1970, también con SOURCE_DATE_EPOCH; si no, \
         la fecha de la carta",
    ),
    ("new name", "La carpeta que crear; su nombre será el del PDF"),
    (
        "name",
        "Cómo se llaman los archivos: se sustituyen {recipient.COLUMNA}, {number} y {letter} (si no, \
         {letter}-{number})",
    ),
    ("recipients", "Los destinatarios: un archivo .csv, .toml o .jsonl"),
    ("merge out_dir", "La carpeta en que escribir (si no, out)"),
    (
        "merge columns",
        "Qué encabezado contiene qué, como name=\"Nombre completo\"; un patrón como address=\"{Calle}; \
         {CP} {Ciudad}\" une varios",
    ),
    ("merge delimiter", "Qué separa las celdas de un CSV: , ; o \\t"),
    (
        "keep_going",
        "Hacer las cartas de las filas correctas y listar las demás; con --join, unir sin estas",
    ),
    ("merge dry_run", "Revisar la carta y todas las filas, y no escribir nada"),
    (
        "shard",
        "Hacer la parte K de las N en que se divide a los destinatarios, para que varias computadoras \
         hagan una cada una",
    ),
    (
        "combined",
        "Escribir en su lugar un solo archivo para la imprenta, en que las cartas van una tras otra, cada \
         una con su marcador y sus propias páginas",
    ),
    ("duplex", "Empezar cada carta en una página derecha, para imprimir por los dos lados"),
    (
        "chunk",
        "Escribir varios archivos de tantas cartas cada uno: ARCHIVO-1.pdf, ARCHIVO-2.pdf, …",
    ),
    (
        "join",
        "Revisar las partes que están en estas carpetas y escribir un manifiesto de todas; no se compone \
         nada",
    ),
    ("languages", "Solo este idioma de cada carta, o solo la edición en estos, como en+es-MX"),
    ("new languages", "Los idiomas, el original primero (si no, en y es)"),
    ("letter", "La carta: un archivo, o una carpeta con un letter.toml; si no, la carpeta actual"),
    ("review lang", "El idioma de la traducción"),
    ("by", "Quién la revisó"),
    ("date", "El día de la revisión, como 2026-03-09; si no, hoy en UTC"),
    ("status out_dir", "La carpeta en que se construyen las cartas (si no, out)"),
    ("lang", "El idioma en que listarlos; si no, el primero de la carta"),
    (
        "format",
        "Cómo se listan: table, para personas (si no se dice otra cosa); csv, un archivo que una carta \
         puede nombrar; json, para programas; toml, los firmantes de una carta",
    ),
    ("export", "El archivo CSV"),
    ("into", "La carta"),
    (
        "columns",
        "Qué encabezado contiene qué, como name=\"Nombre de la organización\"; un patrón como \
         name=\"{Nombre} {Apellido}\" une varios",
    ),
    ("delimiter", "Qué separa las celdas del archivo: , ; o \\t"),
    ("encoding", "La codificación del archivo, si no es UTF-8"),
    ("dry_run", "Decir qué se agregaría y no agregar nada"),
    ("template", "La plantilla: open-letter o formal"),
    ("out", "La carpeta en que escribir (si no, la actual)"),
    ("open", "Abrir la vista previa en el navegador"),
    (
        "port",
        "El puerto de la vista previa en este equipo; si no, el primero libre a partir de 3000",
    ),
    ("watch show_window", "Dibuja la ventana del sobre en la primera página"),
    ("variants", "Listar también los estilos de cada familia, y de dónde vienen"),
    ("shell", "El intérprete: bash, elvish, fish, powershell o zsh"),
];

/// The Spanish of the names of values in usage lines.
const VALUES: &[(&str, &str)] = &[
    ("LETTER", "CARTA"),
    ("DIR", "CARPETA"),
    ("FORMAT", "FORMATO"),
    ("FILE", "ARCHIVO"),
    ("WHAT", "COSA"),
    ("TAG", "IDIOMA"),
    ("LIST", "LISTA"),
    ("CODE", "CÓDIGO"),
    ("PAGES", "PÁGINAS"),
    ("SECONDS", "SEGUNDOS"),
    ("LANGUAGE", "IDIOMA"),
    ("NAME", "NOMBRE"),
    ("DATE", "FECHA"),
    ("EXPORT", "ARCHIVO"),
    ("SHELL", "INTÉRPRETE"),
    ("TEMPLATE", "PLANTILLA"),
    ("KEY=HEADER", "CLAVE=ENCABEZADO"),
    ("COLUMN=HEADER", "COLUMNA=ENCABEZADO"),
    ("FILE", "ARCHIVO"),
    ("PATTERN", "PATRÓN"),
    ("CHARACTER", "SIGNO"),
    ("COLUMNS", "CLAVE=ENCABEZADO"),
    ("COMMAND", "ORDEN"),
    ("OPTIONS", "OPCIONES"),
];

/// The Spanish of what is said of a value that an option takes, which shells show beside it.
const POSSIBLE_VALUES: &[(&str, &str)] = &[
    (
        "For delivery, on paper and as a file: the letter as it is meant to be",
        "Para entregar, en papel y como archivo",
    ),
    ("For looking at: a picture of each page", "Para mirar: una imagen de cada página"),
    (
        "For looking at in any size: a drawing of each page",
        "Para mirar en cualquier tamaño: un dibujo de cada página",
    ),
    (
        "For the body of an e-mail: plain text in lines of 72 columns, links as numbered notes",
        "Para el cuerpo de un correo: texto simple en líneas de 72 columnas, enlaces como notas numeradas",
    ),
    (
        "For editors and websites that take Markdown: tables and footnotes included",
        "Para editores y sitios que admiten Markdown, con tablas y notas al pie",
    ),
    (
        "For the web: one accessible page that needs no other file, with no script in it",
        "Para la web: una página accesible que no necesita otro archivo ni lleva programas",
    ),
    ("With the lines they are in", "Con sus líneas"),
    ("A line each", "Una línea cada uno"),
    ("A JSON object a line each", "Un objeto JSON por línea"),
    (
        "A GitHub workflow command a line each, which shows it on the line of a pull request",
        "Una orden de GitHub por línea, que lo muestra en la línea de una solicitud de cambios",
    ),
    (
        "One SARIF 2.1.0 log, for code hosts",
        "Un registro SARIF 2.1.0, para servicios que alojan código",
    ),
    ("Rules for Make, which Ninja reads as well", "Reglas para Make, que Ninja también lee"),
    ("One JSON object", "Un objeto JSON"),
    ("For people", "Para personas"),
    ("A file that a letter can name", "Un archivo que una carta puede nombrar"),
    ("For programs", "Para programas"),
    ("The signatories of a letter", "Los firmantes de una carta"),
    ("A letter", "Una carta"),
    ("The undersigned.toml of a repository", "El undersigned.toml de un repositorio"),
    ("English", "Inglés"),
    ("Spanish", "Español"),
];

const EXIT_STATUS: &str = "Estado de salida: 0, hecho; 1, una carta tiene un error o una advertencia \
                           denegada; 2, uso incorrecto; 130, interrumpido";

/// The command line with Spanish help.
pub fn translate(command: Command) -> Command {
    let name = command.get_name().to_owned();
    level(command, &name, "")
}

/// The command line with all that scripts for shells show in Spanish. It is not for reading arguments: the
/// values of its options are texts.
pub fn for_completions(command: Command) -> Command {
    fn with_values(command: Command) -> Command {
        let command = command.mut_args(|argument| {
            let values: Vec<PossibleValue> = argument.get_possible_values();
            if values.is_empty() || !argument.get_action().takes_values() {
                return argument;
            }
            let values =
                values.into_iter().map(|value| match value.get_help().and_then(value_in_spanish) {
                    Some(help) => value.help(help),
                    None => value,
                });
            argument.value_parser(PossibleValuesParser::new(values))
        });
        command.mut_subcommands(with_values)
    }
    with_values(translate(command))
}

fn value_in_spanish(help: &StyledStr) -> Option<&'static str> {
    let help = help.to_string();
    let known = POSSIBLE_VALUES.iter().find(|(english, _)| *english == help.trim_end_matches('.'));
    known.map(|(_, spanish)| *spanish)
}

/// The arguments with `help COMMAND` written as `COMMAND --help`: clap's own command `help` speaks
/// English alone, so the Spanish command line goes without it.
pub fn without_help_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let mut words = arguments.iter().enumerate().skip(1);
    let mut command = None;
    while let Some((at, word)) = words.next() {
        match word.to_str() {
            Some("--ui-lang") => drop(words.next()),
            Some(option) if option.starts_with('-') => {}
            word => {
                command = (word == Some("help")).then_some(at);
                break;
            }
        }
    }
    if let Some(at) = command {
        arguments.remove(at);
        arguments.push("--help".into());
    }
    arguments
}

fn level(command: Command, shown: &str, path: &str) -> Command {
    let key = if path.is_empty() { shown } else { path };
    let (about, long) = COMMANDS
        .iter()
        .find(|(name, ..)| *name == key)
        .map(|(_, about, long)| (*about, *long))
        .unwrap_or_default();
    let usage = usage(&command, shown, path);
    let had_after = command.get_after_help().is_some();
    let arguments: Vec<String> =
        command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let mut command = command
        .about(about)
        .override_usage(usage)
        .help_template("{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Órdenes")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(
            Arg::new("ayuda")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help_heading("Opciones")
                .help("Mostrar esta ayuda"),
        )
        .arg(
            Arg::new("versión")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading("Opciones")
                .help("Mostrar la versión"),
        );
    if !long.is_empty() {
        command = command.long_about(format!("{about}\n\n{long}"));
    }
    if had_after {
        command = command.after_help(EXIT_STATUS);
    }
    for id in arguments {
        let Some(help) = help_of(path, &id) else { continue };
        command = command.mut_arg(id, |argument| argument_in_spanish(argument, help));
    }
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        let shown = format!("{shown} {name}");
        command = command.mut_subcommand(name, |command| level(command, &shown, &path));
    }
    command
}

/// The help of an argument: that of this command, else that of all.
fn help_of(path: &str, id: &str) -> Option<&'static str> {
    let own = format!("{path} {id}");
    let find = |key: &str| ARGUMENTS.iter().find(|(name, _)| *name == key);
    find(&own).or_else(|| find(id)).map(|(_, help)| *help)
}

fn argument_in_spanish(argument: Arg, help: &'static str) -> Arg {
    let heading = if argument.is_positional() { "Argumentos" } else { "Opciones" };
    let names: Vec<Str> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| {
            let spanish = VALUES.iter().find(|(english, _)| *english == name.as_str());
            spanish.map_or_else(|| name.clone(), |(_, spanish)| Str::from(*spanish))
        })
        .collect();
    let argument = if names.is_empty() { argument } else { argument.value_names(names) };
    argument
        .help(help)
        .long_help(help)
        .help_heading(heading)
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

fn in_spanish(name: &str) -> &str {
    VALUES.iter().find(|(english, _)| *english == name).map_or(name, |(_, spanish)| spanish)
}

/// "undersigned build [OPCIONES] [CARTA]..."
fn usage(command: &Command, shown: &str, path: &str) -> String {
    let mut usage = format!("{shown} [OPCIONES]");
    for argument in command.get_positionals() {
        let names = argument.get_value_names().unwrap_or_default();
        let name = names.first().map_or("", |name| in_spanish(name));
        let many = if matches!(argument.get_action(), ArgAction::Append) { "..." } else { "" };
        let text = match argument.is_required_set() {
            true => format!(" <{name}>{many}"),
            false => format!(" [{name}]{many}"),
        };
        usage.push_str(&text);
    }
    if path.is_empty() {
        usage.push_str(" <ORDEN>");
    }
    if path == "signatories import" {
        usage.push_str(" --into <CARTA>");
    }
    if path == "review" {
        usage.push_str(" --lang <IDIOMA> --by <NOMBRE>");
    }
    usage
}

/// A usage error as it is said in Spanish. `None` for the help and the version, which clap prints.
pub fn error(error: &Error) -> Option<String> {
    let message = what_is_wrong(error)?;
    let suggestions: String =
        suggestions(error).iter().map(|text| format!("\n\n  sugerencia: {text}")).collect();
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let usage = usage.to_string();
            format!("\n\nUso: {}", usage.strip_prefix("Usage: ").unwrap_or(&usage).trim_end())
        }
        _ => String::new(),
    };
    Some(format!("error: {message}{suggestions}{usage}\n\nPara más información, use '--help'.\n"))
}

/// What clap says in English of each kind of error, after its `RichFormatter`.
fn what_is_wrong(error: &Error) -> Option<String> {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let number = |kind| match error.get(kind) {
        Some(ContextValue::Number(number)) => *number,
        _ => 0,
    };
    let actual = number(ContextKind::ActualNumValues);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("no existe el argumento '{argument}'"),
        ErrorKind::InvalidSubcommand => {
            format!("no existe la orden '{}'", context(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = list(error, ContextKind::ValidValue).join(", ");
            let valid = if valid.is_empty() { valid } else { format!("; admite {valid}") };
            match (value.is_empty(), reason(error)) {
                (true, _) => format!("a '{argument}' le falta un valor{valid}"),
                (false, None) => format!("'{argument}' no admite '{value}'{valid}"),
                (false, Some(reason)) => format!("'{argument}' no admite '{value}': {reason}"),
            }
        }
        ErrorKind::NoEquals => format!("el valor de '{argument}' va después de un signo ="),
        ErrorKind::TooManyValues => format!("a '{argument}' le sobra el valor '{value}'"),
        ErrorKind::TooFewValues => {
            let least = number(ContextKind::MinValues);
            format!("'{argument}' necesita al menos {least} valores, y aquí hay {actual}")
        }
        ErrorKind::WrongNumberOfValues => {
            let expected = number(ContextKind::ExpectedNumValues);
            format!("'{argument}' necesita {expected} valores, y aquí hay {actual}")
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = list(error, ContextKind::InvalidArg);
            let all: String = missing.iter().map(|name| format!("\n  {name}")).collect();
            match missing.as_slice() {
                [one] => format!("falta el argumento '{one}'"),
                _ => format!("faltan estos argumentos:{all}"),
            }
        }
        ErrorKind::MissingSubcommand => {
            let valid = list(error, ContextKind::ValidSubcommand).join(", ");
            format!("falta la orden; existen: {valid}")
        }
        ErrorKind::ArgumentConflict => conflict(error, &argument),
        ErrorKind::InvalidUtf8 => "un argumento no está en UTF-8".to_owned(),
        _ if !error.use_stderr() || is_help(error.kind()) => return None,
        // A kind that clap does not have yet: better its English than nothing.
        kind => format!("uso incorrecto; en inglés: {kind}"),
    };
    Some(message)
}

fn is_help(kind: ErrorKind) -> bool {
    kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

fn conflict(error: &Error, argument: &str) -> String {
    let others = list(error, ContextKind::PriorArg);
    let first = match argument {
        "" => format!("la orden '{}'", context(error, ContextKind::InvalidSubcommand)),
        argument => format!("'{argument}'"),
    };
    match others.as_slice() {
        [same] if same == argument => format!("{first} solo se puede dar una vez"),
        [] => format!("{first} no se puede usar junto con otros de los argumentos dados"),
        others => format!("{first} no se puede usar junto con '{}'", others.join("' ni con '")),
    }
}

/// Why a value is not taken, where something is known of it: in the words of this program, or of what
/// reads numbers for clap and for the standard library.
fn reason(error: &Error) -> Option<String> {
    let source = std::error::Error::source(error)?;
    if let Some(message) = source.downcast_ref::<Message>() {
        return Some(message.es.to_string());
    }
    if let Some(error) = source.downcast_ref::<ParseIntError>() {
        return Some(not_a_number(error.kind()).to_owned());
    }
    let text = source.to_string();
    // "0 is not in 1..=65535"
    let bounds = text.split_once(" is not in ").and_then(|(_, bounds)| bounds.split_once("..="));
    Some(match bounds {
        Some((least, most)) if most == u32::MAX.to_string() => {
            format!("lleva un número a partir de {least}")
        }
        Some((least, most)) => format!("lleva un número del {least} al {most}"),
        None => text,
    })
}

fn not_a_number(kind: &IntErrorKind) -> &'static str {
    match kind {
        IntErrorKind::PosOverflow => "el número es demasiado grande",
        IntErrorKind::NegOverflow => "el número es demasiado pequeño",
        _ => "lleva un número entero, en cifras",
    }
}

/// What clap offers in place of what was typed.
fn suggestions(error: &Error) -> Vec<String> {
    let similar =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .map(|kind| list(error, kind))
            .filter(|names| !names.is_empty())
            .map(|names| format!("¿quiso decir '{}'?", names.join("' o '")));
    let others = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(texts)) => texts.as_slice(),
        _ => &[],
    };
    similar.chain(others.iter().map(|text| suggestion(&text.to_string()))).collect()
}

/// One of the two suggestions that clap makes as a whole sentence: "to pass '-x' as a value, use '-- -x'"
/// and "'build --jobs' exists".
fn suggestion(text: &str) -> String {
    let quoted: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [value, instead] => format!("si '{value}' es un valor, escriba '{instead}'"),
        [elsewhere] => format!("existe '{elsewhere}'"),
        _ => text.to_owned(),
    }
}

/// The texts that clap tells of an error.
fn list(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn context(error: &Error, kind: ContextKind) -> String {
    list(error, kind).join(", ")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use clap::CommandFactory;

    use super::*;

    /// Every command and every argument has its Spanish.
    #[test]
    fn nothing_is_left_in_english() {
        fn look(command: &Command, path: &str) {
            assert!(COMMANDS.iter().any(|(name, ..)| *name == path), "{path}");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(help_of(path, id).is_some(), "{path} {id}");
                if !argument.get_action().takes_values() {
                    continue;
                }
                for value in argument.get_possible_values() {
                    let help = value.get_help();
                    assert!(help.is_none_or(|help| value_in_spanish(help).is_some()), "{help:?}");
                }
                for name in argument.get_value_names().unwrap_or_default() {
                    let same = ["N", "K/N", "PPI", "UNIX", "MIB"].contains(&name.as_str());
                    assert!(same || in_spanish(name) != name.as_str(), "{path} {id} {name}");
                }
            }
            for command in command.get_subcommands() {
                let name = command.get_name();
                let path =
                    if path == "undersigned" { name.to_owned() } else { format!("{path} {name}") };
                look(command, &path);
            }
        }
        look(&crate::command::Arguments::command(), "undersigned");
        for_completions(crate::command::Arguments::command()).debug_assert();
        translate(crate::command::Arguments::command()).debug_assert();
    }

    /// What is said of a command line that is wrong: the kind of the error, and its text.
    fn said(arguments: &[&OsStr]) -> (ErrorKind, String) {
        let arguments = [OsStr::new("undersigned")].into_iter().chain(arguments.iter().copied());
        let error = translate(crate::command::Arguments::command())
            .try_get_matches_from(arguments)
            .expect_err("these are wrong");
        assert_eq!(error.exit_code(), 2);
        (error.kind(), super::error(&error).unwrap_or_default())
    }

    /// Each kind of error that some command line can give, with all that it can say.
    const WRONG: &[(ErrorKind, &str, &str)] = &[
        (ErrorKind::UnknownArgument, "build --ouput x", "no existe el argumento '--ouput'"),
        (ErrorKind::UnknownArgument, "build --forma pdf", "sugerencia: ¿quiso decir '--format'?"),
        (ErrorKind::UnknownArgument, "build -x", "si '-x' es un valor, escriba '-- -x'"),
        (ErrorKind::UnknownArgument, "fonts --draft", "no existe el argumento '--draft'"),
        (ErrorKind::UnknownArgument, "new a b", "no existe el argumento 'b'"),
        (ErrorKind::InvalidSubcommand, "chek", "no existe la orden 'chek'"),
        (ErrorKind::InvalidSubcommand, "chek", "¿quiso decir 'schema' o 'check'?"),
        (ErrorKind::InvalidSubcommand, "zzz", "Uso: undersigned [OPCIONES] <ORDEN>"),
        (
            ErrorKind::InvalidValue,
            "build -f",
            "a '--format <FORMATO>' le falta un valor; admite pdf, png",
        ),
        (
            ErrorKind::InvalidValue,
            "build -f pfd",
            "'--format <FORMATO>' no admite 'pfd'; admite pdf, png",
        ),
        (ErrorKind::InvalidValue, "build -f pdff", "¿quiso decir 'pdf'?"),
        (
            ErrorKind::InvalidValue,
            "template x",
            "'<PLANTILLA>' no admite 'x'; admite open-letter, formal",
        ),
        (ErrorKind::InvalidValue, "completions x", "'<INTÉRPRETE>' no admite 'x'; admite bash"),
        (ErrorKind::InvalidValue, "merge --join", "a '--join <CARPETA>...' le falta un valor"),
        (
            ErrorKind::InvalidValue,
            "--ui-lang fr",
            "'--ui-lang <IDIOMA>' no admite 'fr'; admite en, es",
        ),
        (ErrorKind::InvalidValue, "review --lang es --by=", "a '--by <NOMBRE>' le falta un valor"),
        (
            ErrorKind::ValueValidation,
            "check --jobs x",
            "'--jobs <N>' no admite 'x': lleva un número entero, en cifras",
        ),
        (ErrorKind::ValueValidation, "check --jobs 0", "'0': lleva un número del 1 al 65535"),
        (ErrorKind::ValueValidation, "check --timeout 0", "'0': lleva un número a partir de 1"),
        (
            ErrorKind::ValueValidation,
            "check --timeout 99999999999999999999",
            "el número es demasiado grande",
        ),
        (
            ErrorKind::ValueValidation,
            "check --timeout=-99999999999999999999",
            "el número es demasiado pequeño",
        ),
        (ErrorKind::ValueValidation, "build --ppi 5", "'5': lleva un número del 10 al 1200"),
        (ErrorKind::ValueValidation, "build --lang x_y", "no es una etiqueta BCP 47 de idioma"),
        (ErrorKind::ValueValidation, "check --allow zzz", "las advertencias son"),
        (ErrorKind::ValueValidation, "check --pdf-standard a-9", "las normas son"),
        (ErrorKind::ValueValidation, "check --pdf-standard ua-1,a-4", "no puede cumplir a la vez"),
        (ErrorKind::ValueValidation, "build --pages x", "las páginas se escriben como"),
        (ErrorKind::ValueValidation, "merge --shard 9/4", "escriba qué parte de cuántas"),
        (ErrorKind::TooManyValues, "--quiet=x", "a '--quiet' le sobra el valor 'x'"),
        (
            ErrorKind::ArgumentConflict,
            "build -o a -o b",
            "'--out-dir <CARPETA>' solo se puede dar una vez",
        ),
        (
            ErrorKind::ArgumentConflict,
            "merge --recipients r --join b",
            "'--recipients <ARCHIVO>' no se puede usar junto con '--join <CARPETA>...'",
        ),
        (ErrorKind::ArgumentConflict, "merge a --join b", "no se puede usar junto con"),
        (
            ErrorKind::ArgumentConflict,
            "signatories --lang es import a --into b",
            "no se puede usar junto con '--lang <IDIOMA>' ni con '[CARTA]'",
        ),
        (ErrorKind::MissingRequiredArgument, "new", "falta el argumento '<NOMBRE>'"),
        (
            ErrorKind::MissingRequiredArgument,
            "review",
            "faltan estos argumentos:\n  --lang <IDIOMA>\n  --by <NOMBRE>",
        ),
        (ErrorKind::MissingRequiredArgument, "build --deps-format make", "--deps <ARCHIVO>"),
        (ErrorKind::MissingSubcommand, "--quiet", "falta la orden; existen: build, check"),
    ];

    #[test]
    fn every_error_is_told_in_spanish() {
        let english = [
            " the ",
            " is ",
            " for ",
            " with",
            "value",
            "found",
            "required",
            "argument ",
            "arguments",
            "tip",
            "Usage",
            "OPTIONS",
            "For more",
            "cannot",
            "exists",
            "in English",
            "en inglés",
        ];
        let mut failures = Vec::new();
        for (kind, line, part) in WRONG {
            let arguments: Vec<&OsStr> = line.split(' ').map(OsStr::new).collect();
            let (found, text) = said(&arguments);
            let ends = "\n\nPara más información, use '--help'.\n";
            if found != *kind
                || !text.starts_with("error: ")
                || !text.contains(part)
                || !text.ends_with(ends)
                || english.iter().any(|word| text.contains(word))
            {
                failures.push(format!("{line}, which gives {found:?}, has no {part}: {text}"));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    /// What is typed need not be text.
    #[cfg(unix)]
    #[test]
    fn an_argument_that_is_no_text_is_told_in_spanish() {
        use std::os::unix::ffi::OsStrExt;
        let (kind, text) = said(&[OsStr::new("fonts"), OsStr::from_bytes(b"--lang=\xFF")]);
        assert_ne!(kind, ErrorKind::DisplayHelp, "{text}");
        let name = OsStr::from_bytes(b"--name=\xFF");
        let (kind, text) = said(
            &["merge", "a", "--recipients=r"]
                .map(OsStr::new)
                .iter()
                .copied()
                .chain([name])
                .collect::<Vec<_>>(),
        );
        assert_eq!(kind, ErrorKind::InvalidUtf8);
        assert!(text.starts_with("error: un argumento no está en UTF-8"), "{text}");
    }

    /// The kinds above are all that the commands can give: those that are not among them have no way to
    /// happen, for no option asks for `=` or for a number of values.
    #[test]
    fn no_kind_of_error_is_forgotten() {
        fn look(command: &Command) {
            for argument in command.get_arguments() {
                assert!(!argument.is_require_equals_set(), "{argument}: add NoEquals to WRONG");
                let most = argument.get_num_args().map_or(1, |range| range.max_values());
                let least = argument.get_num_args().map_or(1, |range| range.min_values());
                assert!(least <= 1, "{argument}: add TooFewValues to WRONG");
                assert!([0, 1, usize::MAX].contains(&most), "{argument}: add WrongNumberOfValues");
            }
            command.get_subcommands().for_each(look);
        }
        let mut command = crate::command::Arguments::command();
        command.build();
        look(&command);
    }

    #[test]
    fn help_and_version_are_for_clap_to_print() {
        for line in ["--help", "build --help", "--version", "check -h", ""] {
            let arguments = ["undersigned"].into_iter().chain(line.split_whitespace());
            let error = translate(crate::command::Arguments::command())
                .try_get_matches_from(arguments)
                .expect_err("they print something");
            assert_eq!(super::error(&error), None, "{line}");
        }
    }
}
