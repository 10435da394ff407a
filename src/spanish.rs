//! The help and the usage errors of the command line in Spanish.
//!
//! clap has no translations of its own, so each text is replaced by its Spanish one before the command
//! line is read. A test holds that none is forgotten.

use clap::builder::Str;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::message::Message;

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
        "Hace todo lo que hace `build`, menos escribir: lo que aquí pasa se puede construir.",
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
    ("fonts", "Lista las fuentes que pueden usar las cartas", ""),
    (
        "template",
        "Escribe en una carpeta una plantilla incluida, para hacer de ella una propia",
        "Escribe la plantilla y las partes de que está hecha. Una carta que la nombra, como en template = \
         \"open-letter.typ\", se compone como antes mientras no cambie nada.",
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
        "Qué escribir: pdf para entregar (si no se dice otra cosa), png y svg (un archivo por página) para mirar",
    ),
    (
        "show_window",
        "Dibuja la ventana del sobre en la primera página, para ver que la dirección asoma; el archivo \
         se llama NOMBRE.IDIOMA.window.pdf",
    ),
    ("ppi", "La resolución de png, en pixeles por pulgada (si no, 144)"),
    ("pdf_standard", "Las normas que cumple el PDF, en lugar de las de la carta, como ua-1,a-2a"),
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
         muestra en la línea de una solicitud de cambios",
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
    ("name", "La carpeta que crear; su nombre será el del PDF"),
    ("languages", "Solo este idioma de cada carta"),
    ("new languages", "Los idiomas, el original primero (si no, en y es)"),
    ("letter", "La carta: un archivo, o una carpeta con un letter.toml; si no, la carpeta actual"),
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
    ("template", "La plantilla: open-letter"),
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
    ("TAG", "IDIOMA"),
    ("LIST", "LISTA"),
    ("CODE", "CÓDIGO"),
    ("SECONDS", "SEGUNDOS"),
    ("LANGUAGE", "IDIOMA"),
    ("NAME", "NOMBRE"),
    ("EXPORT", "ARCHIVO"),
    ("SHELL", "INTÉRPRETE"),
    ("TEMPLATE", "PLANTILLA"),
    ("KEY=HEADER", "CLAVE=ENCABEZADO"),
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
    usage
}

/// A usage error as it is said in Spanish. What clap says of a kind that is not foreseen here stays
/// English.
pub fn error(error: &Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
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
            .map(context)
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
                    let same = ["N", "PPI", "UNIX", "MIB"].contains(&name.as_str());
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
        look(&crate::args::Arguments::command(), "undersigned");
        translate(crate::args::Arguments::command()).debug_assert();
    }
}
