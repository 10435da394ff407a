//! Words the program says, in both of its languages.

use std::fmt::{self, Display, Formatter};

use ecow::EcoString;

/// The language that messages and help are shown in. It has nothing to do with the languages of a
/// letter: a Spanish speaker may build an English letter.
#[derive(Debug, Default, Copy, Clone, Eq, PartialEq, Hash, clap::ValueEnum)]
pub enum UiLanguage {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl UiLanguage {
    /// The language that the environment asks for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG`
    /// that is set, as POSIX.1-2017, section 8.2, orders them. Where none is, as is usual on Windows, the
    /// language of the computer.
    pub fn from_environment() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty())
            .or_else(sys_locale::get_locale)
            .unwrap_or_default();
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("es") { Self::Es } else { Self::En }
    }
}

/// A text of the program in both languages, made with `say!`.
#[derive(Debug, Clone, Eq, PartialEq, Hash)]
pub struct Message {
    /// The English text, such as "unknown key `titel`".
    pub en: EcoString,
    /// The Spanish text, such as "clave desconocida: `titel`".
    pub es: EcoString,
}

impl Message {
    /// A text that has no translation, such as an error of the Typst compiler.
    pub fn same(text: impl Into<EcoString>) -> Self {
        let en = text.into();
        Self { es: en.clone(), en }
    }

    /// The text in a language.
    pub fn get(&self, language: UiLanguage) -> &str {
        match language {
            UiLanguage::En => &self.en,
            UiLanguage::Es => &self.es,
        }
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Message {}

/// A number with what it counts: "no errors", "1 error" or "2 errors".
pub fn counted(number: usize, one: &str, many: &str, none: &str) -> String {
    match number {
        0 => none.to_owned(),
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// "1 error, no warnings"
pub fn counted_problems(errors: usize, warnings: usize) -> Message {
    let errors_en = counted(errors, "error", "errors", "no errors");
    let errors_es = counted(errors, "error", "errores", "ningún error");
    let warnings_en = counted(warnings, "warning", "warnings", "no warnings");
    let warnings_es = counted(warnings, "advertencia", "advertencias", "ninguna advertencia");
    say!("{errors_en}, {warnings_en}", "{errors_es}, {warnings_es}")
}

/// Makes a [`Message`] from an English and a Spanish format string that capture the same variables.
macro_rules! say {
    ($en:literal, $es:literal $(,)?) => {
        $crate::words::message::Message { en: ecow::eco_format!($en), es: ecow::eco_format!($es) }
    };
}
pub(crate) use say;
