//! The help and the usage errors of the command line in languages other than English.
//!
//! clap has no translations. The help that it generates from the options of the commands is translated
//! before the command line is parsed, and its usage errors are rebuilt from their context. A test
//! ensures that Spanish has all of it.

use std::error::Error as _;
use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

use clap::builder::{PossibleValue, PossibleValuesParser, Resettable, Str, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

use crate::words::{Message, UiLanguage, say};

/// The command line with its help in a language.
pub(super) fn translate(command: Command, language: UiLanguage) -> Command {
    let name = command.get_name().to_owned();
    level(command, &name, true, language)
}

/// The command line with every text that shell scripts show in a language. Do not parse arguments
/// with it: the values of its options are plain texts.
pub(super) fn for_completions(command: Command, language: UiLanguage) -> Command {
    fn with_values(command: Command, language: UiLanguage) -> Command {
        let command = command.mut_args(|argument| {
            let values: Vec<PossibleValue> = argument.get_possible_values();
            if values.is_empty() || !argument.get_action().takes_values() {
                return argument;
            }
            let values = values.into_iter().map(|value| {
                let help = translated(value.get_help(), language);
                value.help(help)
            });
            argument.value_parser(PossibleValuesParser::new(values))
        });
        command.mut_subcommands(|command| with_values(command, language))
    }
    with_values(translate(command, language), language)
}

/// The arguments with `help COMMAND` written as `COMMAND --help`: clap's own command `help` speaks
/// only English, so other languages do without it.
pub(super) fn without_help_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
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

/// A text of the help in a language, paragraph by paragraph.
fn translated(text: Option<&StyledStr>, language: UiLanguage) -> Resettable<StyledStr> {
    let translation = text.map(|text| {
        let text = text.to_string();
        let parts: Vec<&str> = text.split("\n\n").map(|part| language.text(part)).collect();
        StyledStr::from(parts.join("\n\n"))
    });
    translation.into()
}

fn level(command: Command, shown: &str, is_top: bool, language: UiLanguage) -> Command {
    let [about, long_about, after_help] =
        [command.get_about(), command.get_long_about(), command.get_after_help()]
            .map(|text| translated(text, language));
    let usage = usage(&command, shown, is_top, language);
    // clap fills in the text in braces.
    let usage_line = say!("Usage: {usage}", usage = "{usage}").get(language);
    let flag = |id: &'static str, short, long: &'static str, action, help: &'static str| {
        let heading = language.text("Options");
        let help = language.text(help);
        let flag = Arg::new(id).short(short).long(long).action(action);
        // At last, as clap has its own.
        flag.help_heading(heading).help(help).display_order(902)
    };
    let mut command = command
        .about(about)
        .long_about(long_about)
        .after_help(after_help)
        .override_usage(usage)
        .help_template(format!(
            "{{about-with-newline}}\n{usage_line}\n\n{{all-args}}{{after-help}}"
        ))
        .subcommand_help_heading(language.text("Commands"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|argument| translate_argument(argument, language))
        .arg(flag("translated-help", 'h', "help", ArgAction::Help, "Print help"))
        .arg(flag("translated-version", 'V', "version", ArgAction::Version, "Print version"));
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    for name in names {
        let shown = format!("{shown} {name}");
        command = command.mut_subcommand(name, |command| level(command, &shown, false, language));
    }
    command
}

fn translate_argument(argument: Arg, language: UiLanguage) -> Arg {
    let heading = if argument.is_positional() { "Arguments" } else { "Options" };
    let names: Vec<Str> = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| language.known(name).map_or_else(|| name.clone(), Str::from))
        .collect();
    let [help, long_help] =
        [argument.get_help(), argument.get_long_help()].map(|text| translated(text, language));
    let argument = if names.is_empty() { argument } else { argument.value_names(names) };
    argument
        .help(help)
        .long_help(long_help)
        .help_heading(language.text(heading))
        .hide_possible_values(true)
        .hide_default_value(true)
        .hide_env(true)
}

/// "undersigned build [OPTIONS] [LETTER]..."
fn usage(command: &Command, shown: &str, is_top: bool, language: UiLanguage) -> String {
    let name_of = |argument: &Arg| {
        let names = argument.get_value_names().unwrap_or_default();
        names.first().map_or("", |name| language.text(name)).to_owned()
    };
    let mut usage = format!("{shown} [{}]", language.text("OPTIONS"));
    for argument in command.get_positionals() {
        let name = name_of(argument);
        let many = if matches!(argument.get_action(), ArgAction::Append) { "..." } else { "" };
        let text = match argument.is_required_set() {
            true => format!(" <{name}>{many}"),
            false => format!(" [{name}]{many}"),
        };
        usage.push_str(&text);
    }
    for option in command.get_opts().filter(|option| option.is_required_set()) {
        let long = option.get_long().unwrap_or_default();
        usage.push_str(&format!(" --{long} <{}>", name_of(option)));
    }
    if is_top {
        usage.push_str(&format!(" <{}>", language.text("COMMAND")));
    }
    usage
}

/// A usage error in a language. `None` for the help and the version, which clap prints.
pub(super) fn error(error: &Error, language: UiLanguage) -> Option<String> {
    let problem = what_is_wrong(error)?.get(language);
    let suggestions: String = suggestions(error)
        .iter()
        .map(|suggestion| {
            let hint = say!("hint").get(language);
            format!("\n\n  {hint}: {}", suggestion.get(language))
        })
        .collect();
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let usage = usage.to_string();
            let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).trim_end();
            format!("\n\n{}", say!("Usage: {usage}", usage).get(language))
        }
        _ => String::new(),
    };
    let word = say!("error").get(language);
    let more = say!("For more information, try '--help'.").get(language);
    Some(format!("{word}: {problem}{suggestions}{usage}\n\n{more}\n"))
}

/// clap's message for each kind of error, after its `RichFormatter`.
fn what_is_wrong(error: &Error) -> Option<Message> {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let number = |kind| match error.get(kind) {
        Some(ContextValue::Number(number)) => *number,
        _ => 0,
    };
    let actual = number(ContextKind::ActualNumValues);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => say!("unexpected argument '{argument}' found", argument),
        ErrorKind::InvalidSubcommand => {
            let command = context(error, ContextKind::InvalidSubcommand);
            say!("unrecognized subcommand '{command}'", command)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            wrong_value(error, &argument, &value)
        }
        ErrorKind::NoEquals => {
            say!("equal sign is needed when assigning values to '{argument}'", argument)
        }
        ErrorKind::TooManyValues => {
            say!("unexpected value '{value}' for '{argument}' found", value, argument)
        }
        ErrorKind::TooFewValues => {
            let least = number(ContextKind::MinValues);
            say!(
                "{least} values required by '{argument}'; only {actual} were provided",
                least,
                argument,
                actual
            )
        }
        ErrorKind::WrongNumberOfValues => {
            let expected = number(ContextKind::ExpectedNumValues);
            say!(
                "{expected} values required for '{argument}', but {actual} were provided",
                expected,
                argument,
                actual
            )
        }
        ErrorKind::MissingRequiredArgument => match list(error, ContextKind::InvalidArg).as_slice()
        {
            [argument] => say!("the argument '{argument}' was not provided", argument),
            missing => {
                let list: String = missing.iter().map(|name| format!("\n  {name}")).collect();
                say!("the following arguments were not provided:{list}", list)
            }
        },
        ErrorKind::MissingSubcommand => {
            let commands = list(error, ContextKind::ValidSubcommand).join(", ");
            say!("a subcommand is required: {commands}", commands)
        }
        ErrorKind::ArgumentConflict => conflict(error, &argument),
        ErrorKind::InvalidUtf8 => say!("invalid UTF-8 was detected in an argument"),
        _ if !error.use_stderr() || is_help(error.kind()) => return None,
        // A kind that clap added later: English is better than nothing.
        kind => say!("wrong usage, said in English: {kind}", kind),
    };
    Some(message)
}

fn is_help(kind: ErrorKind) -> bool {
    kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

fn wrong_value(error: &Error, argument: &str, value: &str) -> Message {
    let problem = match (value.is_empty(), reason(error)) {
        (true, _) => say!("'{argument}' needs a value", argument),
        (false, None) => say!("invalid value '{value}' for '{argument}'", value, argument),
        (false, Some(reason)) => {
            return say!(
                "invalid value '{value}' for '{argument}': {reason}",
                value,
                argument,
                reason
            );
        }
    };
    let values = list(error, ContextKind::ValidValue).join(", ");
    match values.is_empty() {
        true => problem,
        false => say!("{problem}; possible values: {values}", problem, values),
    }
}

fn conflict(error: &Error, argument: &str) -> Message {
    let others = list(error, ContextKind::PriorArg);
    let first = match argument {
        "" => {
            let command = context(error, ContextKind::InvalidSubcommand);
            say!("the subcommand '{command}'", command)
        }
        argument => Message::verbatim(format!("'{argument}'")),
    };
    match others.as_slice() {
        [same] if same == argument => say!("{first} cannot be used multiple times", first),
        others => {
            let others = others.iter().map(|name| Message::verbatim(format!("'{name}'")));
            match others.reduce(|list, name| say!("{list} or with {name}", list, name)) {
                Some(others) => say!("{first} cannot be used with {others}", first, others),
                None => say!("{first} cannot be used with some of the other arguments", first),
            }
        }
    }
}

/// Why a value is refused, if known: in the words of this program, or of what parses numbers for clap
/// and for the standard library.
fn reason(error: &Error) -> Option<Message> {
    let source = error.source()?;
    if let Some(message) = Message::of(source) {
        return Some(message.clone());
    }
    if let Some(error) = source.downcast_ref::<ParseIntError>() {
        return Some(not_a_number(error.kind()));
    }
    let text = source.to_string();
    // "0 is not in 1..=65535"
    let bounds = text.split_once(" is not in ").and_then(|(_, bounds)| bounds.split_once("..="));
    Some(match bounds {
        Some((least, most)) if most == u32::MAX.to_string() => {
            say!("it takes a number of at least {least}", least)
        }
        Some((least, most)) => say!("it takes a number from {least} to {most}", least, most),
        None => Message::verbatim(text),
    })
}

fn not_a_number(kind: &IntErrorKind) -> Message {
    match kind {
        IntErrorKind::PosOverflow => say!("the number is too large"),
        IntErrorKind::NegOverflow => say!("the number is too small"),
        _ => say!("it takes a whole number, in digits"),
    }
}

/// What clap suggests instead of what was typed.
fn suggestions(error: &Error) -> Vec<Message> {
    let similar =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .into_iter()
            .filter_map(|kind| {
                let names = list(error, kind).into_iter();
                let names = names.map(|name| Message::verbatim(format!("'{name}'")));
                let names = names.reduce(|list, last| say!("{list} or {last}", list, last))?;
                Some(say!("did you mean {names}?", names))
            });
    let others = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(texts)) => texts.as_slice(),
        _ => &[],
    };
    similar.chain(others.iter().map(|text| suggestion(&text.to_string()))).collect()
}

/// One of the two suggestions that clap gives as a whole sentence: "to pass '-x' as a value, use '--
/// -x'" and "'build --jobs' exists".
fn suggestion(text: &str) -> Message {
    let quoted: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [value, instead] => {
            say!("to pass '{value}' as a value, use '{instead}'", value, instead)
        }
        [elsewhere] => say!("'{elsewhere}' exists", elsewhere),
        _ => Message::verbatim(text),
    }
}

/// The texts that clap attaches to an error.
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
    use std::collections::BTreeSet;
    use std::ffi::OsStr;

    use clap::CommandFactory;

    use super::*;

    /// Every text of the help, and every value name.
    fn texts(command: &Command, found: &mut BTreeSet<String>) {
        // These are the same in each language.
        const SAME: &[&str] = &["N", "K/N", "MIB", "SHELL", "UNIX"];
        let mut add = |text: Option<&StyledStr>| {
            let text = text.map(ToString::to_string).unwrap_or_default();
            found.extend(text.split("\n\n").filter(|part| !part.is_empty()).map(str::to_owned));
        };
        for text in [command.get_about(), command.get_long_about(), command.get_after_help()] {
            add(text);
        }
        for argument in command.get_arguments() {
            add(argument.get_help());
            add(argument.get_long_help());
            if !argument.get_action().takes_values() {
                continue;
            }
            argument.get_possible_values().iter().for_each(|value| add(value.get_help()));
            let names = argument.get_value_names().unwrap_or_default().iter();
            let names = names.filter(|name| !SAME.contains(&name.as_str()));
            names.for_each(|name| add(Some(&name.to_string().into())));
        }
        command.get_subcommands().for_each(|command| texts(command, found));
    }

    /// Spanish has exactly the texts of the help.
    #[test]
    fn nothing_is_left_in_english_and_nothing_left_over() {
        let of_clap = [
            "OPTIONS",
            "COMMAND",
            "Options",
            "Commands",
            "Arguments",
            "Print help",
            "Print version",
        ];
        let mut found: BTreeSet<String> = of_clap.map(str::to_owned).into();
        texts(&crate::command::Arguments::command(), &mut found);
        let known: BTreeSet<String> = UiLanguage::spanish()
            .table("help")
            .into_iter()
            .flatten()
            .map(|(english, _)| english.clone())
            .collect();
        let missing: Vec<&String> = found.difference(&known).collect();
        assert!(missing.is_empty(), "these have no Spanish: {missing:#?}");
        let left_over: Vec<&String> = known.difference(&found).collect();
        assert!(left_over.is_empty(), "the help does not say this any more: {left_over:#?}");
        for_completions(crate::command::Arguments::command(), UiLanguage::spanish()).debug_assert();
        translate(crate::command::Arguments::command(), UiLanguage::spanish()).debug_assert();
    }

    /// What is reported for a wrong command line: the kind of the error, and its text.
    fn said(arguments: &[&OsStr]) -> (ErrorKind, String) {
        let arguments = [OsStr::new("undersigned")].into_iter().chain(arguments.iter().copied());
        let error = translate(crate::command::Arguments::command(), UiLanguage::spanish())
            .try_get_matches_from(arguments)
            .expect_err("these are wrong");
        assert_eq!(error.exit_code(), 2);
        (error.kind(), super::error(&error, UiLanguage::spanish()).unwrap_or_default())
    }

    /// Each kind of error that some command line can give, with every variant of its text.
    const WRONG: &[(ErrorKind, &str, &str)] = &[
        (ErrorKind::UnknownArgument, "build --ouput x", "no existe el argumento '--ouput'"),
        (ErrorKind::UnknownArgument, "build --forma pdf", "sugerencia: ¿quiso decir '--format'?"),
        (ErrorKind::UnknownArgument, "build -x", "si '-x' es un valor, escriba '-- -x'"),
        (ErrorKind::UnknownArgument, "fonts --draft", "no existe el argumento '--draft'"),
        (ErrorKind::UnknownArgument, "new a b", "no existe el argumento 'b'"),
        (ErrorKind::InvalidSubcommand, "chek", "no existe el comando 'chek'"),
        (ErrorKind::InvalidSubcommand, "chek", "¿quiso decir 'schema' o 'check'?"),
        (ErrorKind::InvalidSubcommand, "zzz", "Uso: undersigned [OPCIONES] <COMANDO>"),
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
        (ErrorKind::InvalidValue, "completions x", "'<SHELL>' no admite 'x'; admite bash"),
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
            "'--jobs <N>' no admite 'x': debe ser un número entero, en cifras",
        ),
        (ErrorKind::ValueValidation, "check --jobs 0", "'0': debe ser un número del 1 al 65535"),
        (ErrorKind::ValueValidation, "check --timeout 0", "'0': debe ser un número a partir de 1"),
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
        (ErrorKind::ValueValidation, "build --ppi 5", "'5': debe ser un número del 10 al 1200"),
        (ErrorKind::ValueValidation, "build --lang x_y", "no es una etiqueta BCP 47 de idioma"),
        (ErrorKind::ValueValidation, "check --allow zzz", "las advertencias son"),
        (ErrorKind::ValueValidation, "check --pdf-standard a-9", "las normas son"),
        (ErrorKind::ValueValidation, "check --pdf-standard ua-1,a-4", "no puede cumplir a la vez"),
        (ErrorKind::ValueValidation, "build --pages x", "las páginas se indican como"),
        (ErrorKind::ValueValidation, "merge --shard 9/4", "indique qué parte de cuántas"),
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
        (ErrorKind::MissingSubcommand, "--quiet", "falta el comando; existen: build, check"),
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

    /// Arguments need not be valid UTF-8.
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

    /// The kinds above are all that the commands can give: the others cannot happen, because no
    /// option requires `=` or a number of values.
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
            let error = translate(crate::command::Arguments::command(), UiLanguage::spanish())
                .try_get_matches_from(arguments)
                .expect_err("they print something");
            assert_eq!(super::error(&error, UiLanguage::spanish()), None, "{line}");
        }
    }
}
