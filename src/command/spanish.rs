//! The help and the usage errors of the command line in Spanish.
//!
//! clap has no translations of its own, so each text is replaced by its Spanish one before the command
//! line is read. A test holds that none is forgotten.

use std::ffi::OsString;

use clap::builder::Str;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::diagnostics::message::Message;

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

const EXIT_STATUS: &str = "Estado de salida: 0, hecho; 1, una carta tiene un error o una advertencia \
                           denegada; 2, uso incorrecto; 130, interrumpido";

/// The command line with Spanish help.
pub fn translate(command: Command) -> Command {
    let name = command.get_name().to_owned();
    level(command, &name, "")
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

/// A usage error as it is said in Spanish. What clap says of a kind that is not foreseen here stays
/// English.
pub fn error(error: &Error) -> Option<String> {
    let joined = |kind, between: &str| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(between),
        _ => String::new(),
    };
    let context = |kind| joined(kind, ", ");
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("no existe el argumento '{argument}'"),
        ErrorKind::InvalidSubcommand => {
            format!("no existe la orden '{}'", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("a '{argument}' le falta un valor")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let source = std::error::Error::source(error).map(|source| {
                let ours = source.downcast_ref::<Message>().map(|message| message.es.to_string());
                format!(": {}", ours.unwrap_or_else(|| source.to_string()))
            });
            let valid = context(ContextKind::ValidValue);
            let valid = match valid.is_empty() {
                true => String::new(),
                false => format!("; admite {valid}"),
            };
            format!("'{argument}' no admite '{value}'{}{valid}", source.unwrap_or_default())
        }
        ErrorKind::MissingRequiredArgument => format!("falta {argument}"),
        ErrorKind::MissingSubcommand => "falta la orden".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!("'{argument}' no va con '{}'", context(ContextKind::PriorArg))
        }
        _ => return None,
    };
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .map(|kind| joined(kind, "' o '"))
            .find(|text| !text.is_empty());
    let suggested = suggested.map(|text| format!("\n\n  sugerencia: ¿quiso decir '{text}'?"));
    Some(format!(
        "error: {message}{}\n\nPara más información, use '--help'.\n",
        suggested.unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
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
        look(&crate::command::args::Arguments::command(), "undersigned");
        translate(crate::command::args::Arguments::command()).debug_assert();
    }
}
