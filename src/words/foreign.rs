//! What the libraries under this program say, in Spanish: they speak English alone.
//!
//! A table for each has their sentences, in which `{}` is what varies. What is not in the table is shown
//! as it is, and said to be English. The tests of `spec/syntax.rs` provoke what the TOML parser says.

use crate::words::message::{Message, say};

/// A sentence of a library, and its Spanish.
type Sentence = (&'static str, &'static str);

/// What the parser of TOML says is wrong (crates `toml_parser` and `toml`).
const TOML: &[Sentence] = &[
    ("duplicate key", "la clave aparece dos veces"),
    (
        "cannot extend value of type {} with a dotted key",
        "esta clave ya tiene un valor, que no puede llevar otras claves",
    ),
    ("invalid literal string", "este texto entre comillas simples no es válido"),
    ("invalid basic string", "este texto entre comillas no es válido"),
    ("invalid multi-line literal string", "este texto entre ''' no es válido"),
    ("invalid multi-line basic string", "este texto entre \"\"\" no es válido"),
    ("invalid boolean", "esto no es `true` ni `false`"),
    ("invalid datetime", "esto no es una fecha ni una hora"),
    ("invalid date-time", "esto no es una fecha con hora"),
    ("invalid date", "esto no es una fecha"),
    ("invalid time", "esto no es una hora"),
    ("invalid offset", "esta diferencia horaria no es válida"),
    ("invalid float", "esto no es un número"),
    ("invalid {} number", "este número no es válido"),
    ("invalid mantissa", "a este número le falta la parte entera"),
    ("invalid fraction", "a este número le falta la parte decimal"),
    ("invalid exponent", "a este número le falta el exponente"),
    ("redundant numeric sign", "sobra un signo del número"),
    ("redundant integer number prefix", "sobra un prefijo del número"),
    ("integers with a radix cannot be signed", "un número con prefijo no lleva signo"),
    ("radix must be lowercase", "el prefijo del número va en minúscula"),
    ("unexpected sign", "sobra un signo"),
    ("unexpected leading zero", "sobra el cero al principio del número"),
    ("`_` may only go between digits", "`_` solo puede ir entre dígitos"),
    ("missing opening quote", "falta la comilla que abre"),
    ("string values must be quoted", "los textos van entre comillas"),
    ("invalid comment character", "este carácter no puede ir en un comentario"),
    (
        "carriage return must be followed by newline",
        "a un retorno de carro le debe seguir un salto de línea",
    ),
    ("missing escaped value", "falta el signo que va con la diagonal invertida"),
    ("too few unicode value digits", "al código del carácter le faltan dígitos"),
    ("invalid value", "ningún carácter tiene este código"),
    ("unquoted keys cannot be empty", "falta la clave"),
    ("invalid unquoted key", "esta clave no es válida"),
    ("keys cannot be multi-line {} strings", "una clave no puede ocupar varias líneas"),
    ("unclosed table", "falta cerrar el nombre de la tabla"),
    ("unclosed array table", "falta cerrar el nombre de la tabla"),
    ("missing table open", "falta abrir el nombre de la tabla"),
    ("key with no value", "la clave no tiene valor"),
    ("missing value for key", "la clave no tiene valor"),
    ("extra `=`", "sobra un `=`"),
    ("missing inline table opening", "falta la llave que abre la tabla"),
    ("missing array opening", "falta el corchete que abre la lista"),
    ("extra comma in array", "sobra una coma en la lista"),
    ("unexpected `=` in array", "en una lista no va ningún `=`"),
    ("missing comma between array elements", "falta una coma entre dos elementos de la lista"),
    ("unclosed array", "falta cerrar la lista"),
    ("extra comma in inline table", "sobra una coma en la tabla"),
    ("extra assignment between key-value pairs", "sobra un `=` en la tabla"),
    ("missing key for inline table element", "falta la clave de este valor"),
    ("missing assignment between key-value pairs", "falta el `=` entre la clave y su valor"),
    ("invalid inline table element", "esto no puede ir en una tabla entre llaves"),
    ("missing comma between key-value pairs", "falta una coma entre dos entradas de la tabla"),
    ("unclosed inline table", "falta cerrar la tabla"),
    ("unexpected key or value", "sobra texto después del valor"),
    ("invalid key-value pair", "esto no es una clave con su valor"),
    (
        "cannot recurse further; max recursion depth met",
        "hay demasiadas listas y tablas unas dentro de otras",
    ),
    ("recursion limit", "hay demasiadas claves unas dentro de otras"),
];

/// What the parser of TOML would take in the place of what it found.
const TOML_EXPECTED: &[Sentence] = &[
    ("newline", "un salto de línea"),
    ("key", "una clave"),
    ("value", "un valor"),
    ("letters", "letras"),
    ("numbers", "dígitos"),
    ("digits", "dígitos"),
    ("basic string", "un texto entre comillas"),
    ("literal string", "un texto entre comillas"),
    ("characters", "caracteres"),
    ("printable characters", "caracteres que se puedan imprimir"),
    ("unicode hexadecimal value", "un código hexadecimal"),
    ("non-single-quote visible characters", "caracteres visibles que no sean `'`"),
    ("non-single-quote characters", "caracteres que no sean `'`"),
    ("non-double-quote visible characters", "caracteres visibles que no sean `\"`"),
    ("`{}`", "`{}`"),
];

/// What `serde_json` says is wrong, without the line and column that follow.
const JSON: &[Sentence] = &[
    ("EOF while parsing a list", "falta cerrar la lista"),
    ("EOF while parsing an object", "falta cerrar el objeto"),
    ("EOF while parsing a string", "falta la comilla que cierra"),
    ("EOF while parsing a value", "falta el valor"),
    ("expected `:`", "se esperaba `:`"),
    ("expected `,` or `]`", "se esperaba `,` o `]`"),
    ("expected `,` or `}`", "se esperaba `,` o `}`"),
    ("expected ident", "se esperaba `true`, `false` o `null`"),
    ("expected value", "se esperaba un valor"),
    ("invalid escape", "falta el signo que va con la diagonal invertida"),
    ("invalid number", "esto no es un número"),
    ("number out of range", "el número es demasiado grande"),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "este carácter no puede ir en un texto",
    ),
    ("key must be a string", "una clave va entre comillas"),
    ("lone leading surrogate in hex escape", "al código del carácter le falta su otra mitad"),
    ("unexpected end of hex escape", "al código del carácter le faltan dígitos"),
    ("trailing comma", "sobra una coma"),
    ("trailing characters", "sobra texto después del objeto"),
    ("recursion limit exceeded", "hay demasiadas listas y objetos unos dentro de otros"),
];

/// What Typst says of standards and of what they forbid, which needs no template of the user's own to be
/// met with.
const TYPST: &[Sentence] = &[
    (
        "PDF cannot conform to {} and {} at the same time",
        "un PDF no puede cumplir a la vez {} y {}",
    ),
    ("choose at most one PDF/A standard", "elija una sola norma PDF/A"),
    ("choose at most one PDF/UA standard", "elija una sola norma PDF/UA"),
    (
        "{} are mutually incompatible because they do not have any overlapping PDF versions",
        "un PDF no puede cumplir a la vez {}: no hay una versión de PDF que sirva para todas",
    ),
    ("{} is not compatible with {}", "{} no es compatible con {}"),
    ("{} requires a version between {} and {}", "{} necesita una versión entre {} y {}"),
    ("{} requires version {} or higher", "{} necesita la versión {} o una posterior"),
    ("{} requires version {} or lower", "{} necesita la versión {} o una anterior"),
    ("{} requires version {}", "{} necesita la versión {}"),
    (
        "{} error: the first heading must be of level 1",
        "{}: el primer encabezado debe ser de nivel 1",
    ),
    (
        "{} error: skipped from heading level {} to {}",
        "{}: al nivel de encabezado {} le sigue el {}",
    ),
    ("heading levels must be consecutive", "no se puede saltar ningún nivel"),
    ("{} error: missing alt text", "{}: falta un texto alternativo"),
    (
        "make sure your images and equations have alt text",
        "cada imagen y cada fórmula lleva uno, como image(\"logo.png\", alt: \"Red del Agua\")",
    ),
    ("{} error: the image contains transparency", "{}: la imagen tiene transparencia"),
    (
        "{} error: the used fill or stroke has transparency",
        "{}: el color de un relleno o un trazo tiene transparencia",
    ),
    ("{} error: the PDF contains transparency", "{}: el PDF tiene transparencia"),
    (
        "try exporting with a different standard that supports transparency",
        "elija una norma que admita transparencia, como a-2a",
    ),
    (
        "or convert the image to a non-transparent one",
        "o convierta la imagen en una sin transparencia",
    ),
    (
        "you might have to convert SVGs into non-transparent bitmap images",
        "un SVG quizá tenga que convertirse en una imagen de pixeles sin transparencia",
    ),
    (
        "or don't use colors with transparency in this export mode",
        "o no use colores con transparencia",
    ),
    (
        "{} error: license of {} is too restrictive",
        "{}: la licencia de la fuente {} no permite incluirla",
    ),
    (
        "{} error: links and other annotations cannot be navigated accessibly in {} files",
        "{}: en un archivo {} no se puede ir de enlace en enlace de manera accesible",
    ),
    (
        "{} error: headers and footers cannot be made accessible in {} files",
        "{}: en un archivo {} las cabezas y los pies de página no pueden ser accesibles",
    ),
    (
        "{} error: table header cell cannot be accessibly tagged in {} files",
        "{}: en un archivo {} el encabezado de una tabla no puede ser accesible",
    ),
    ("select a version between {} and {}", "elija una versión entre {} y {}"),
    ("set the version to {}", "elija la versión {}"),
    ("PDF version must be at least {} to satisfy {}", "se necesita al menos {} para cumplir {}"),
    (
        "remove or replace the {} standard, as it prevents PDF versions beyond {}",
        "quite o cambie la norma {}, que no admite versiones posteriores a {}",
    ),
    (
        "16 bit images are not supported in this export mode",
        "esta norma no admite imágenes de 16 bits",
    ),
    ("convert the image to 8 bit instead", "convierta la imagen a 8 bits"),
    (
        "{} error: the text was not mapped to a code point",
        "{}: no se sabe qué caracteres son los de este texto",
    ),
    (
        "{} error: the PDF contains text with missing codepoints",
        "{}: de una parte del texto no se sabe qué caracteres son",
    ),
    (
        "for complex scripts like Arabic, it might not be possible to produce a compliant document",
        "con escrituras complejas, como la árabe, quizá no se pueda cumplir la norma",
    ),
    ("while calling `{}`", "al llamar a `{}`"),
    ("while calling function", "al llamar a la función"),
    ("while showing {} element", "al mostrar un elemento {}"),
    ("while importing `{}`", "al importar `{}`"),
    ("while including `{}`", "al incluir `{}`"),
    ("unclosed delimiter", "nada cierra lo que se abre aquí"),
    ("loop seems to be infinite", "este ciclo parece no tener fin"),
    ("value of `{}` did not converge", "el valor de `{}` cambia en cada intento"),
    ("the following values were observed:{}", "estos valores tuvo:{}"),
    ("see {} additional warning for more details", "los detalles están en la advertencia"),
    ("see {} additional warnings for more details", "los detalles están en las {} advertencias"),
    ("see {} for help", "la ayuda, en inglés, está en {}"),
    ("unknown variable: {}", "no existe la variable `{}`"),
    ("unknown font family: {}", "no existe la familia de fuentes `{}`"),
    ("file not found (searched at {})", "no existe el archivo {}"),
    ("dictionary does not contain key {}", "el diccionario no tiene la clave {}"),
    (
        "failed to load file (letters may not use Typst packages)",
        "una carta no puede usar paquetes de Typst",
    ),
    (
        "failed to load file (access denied)",
        "no se puede leer el archivo: está oculto o fuera de la raíz",
    ),
    (
        "document did not converge within five attempts",
        "la página nunca queda igual dos veces, en cinco intentos",
    ),
    (
        "layout did not converge within five attempts",
        "la página nunca queda igual dos veces, en cinco intentos",
    ),
];

/// What the parser of TOML says, in both languages.
pub fn toml(text: &str) -> Message {
    let (what, expected) = text.split_once(", expected ").unwrap_or((text, ""));
    let Some(mut es) = translated(TOML, what) else { return left_in_english(text) };
    // Of a date it is enough to say that it is none, and what is missing is said already.
    let complete = ["invalid date", "invalid time", "invalid offset", "missing", "unclosed"];
    if expected != "nothing" && !complete.iter().any(|start| what.starts_with(start)) {
        let expected: Option<Vec<String>> = expected
            .split(", ")
            .filter(|part| !part.is_empty())
            .map(|part| translated(TOML_EXPECTED, part))
            .collect();
        let Some(mut expected) = expected else { return left_in_english(text) };
        expected.dedup();
        if let Some(last) = expected.pop() {
            let all = match expected.is_empty() {
                true => last,
                false => format!("{} o {last}", expected.join(", ")),
            };
            es.push_str(&format!("; se esperaba {all}"));
        }
    }
    let en = text.strip_suffix(", expected nothing").unwrap_or(text);
    Message { en: en.into(), es: es.into() }
}

/// What is wrong with a line of JSON, in both languages. Where, the place of the problem says.
pub fn json(error: &serde_json::Error) -> Message {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    match translated(JSON, text) {
        Some(es) => Message { en: text.into(), es: es.into() },
        None => left_in_english(text),
    }
}

/// What Typst says, in both languages. Most of it, such as of somebody's own template, stays in English.
pub fn typst(text: &str) -> Message {
    match translated(TYPST, text) {
        Some(es) => Message { en: text.into(), es: es.replace(" and PDF", " y PDF").into() },
        None => say!("{text}", "Typst, que compone las páginas, dice en inglés: {text}"),
    }
}

/// What Typst advises, in both languages. It stands below what Typst says.
pub fn typst_hint(text: &str) -> Message {
    match translated(TYPST, text) {
        Some(_) => typst(text),
        None => Message::same(text),
    }
}

/// A text that has no Spanish, and says so there.
fn left_in_english(text: &str) -> Message {
    say!("{text}", "{text} (en inglés)")
}

/// The Spanish of a sentence, with what varies in it.
fn translated(table: &[Sentence], text: &str) -> Option<String> {
    table.iter().find_map(|(english, spanish)| {
        let parts = parts(english, text)?;
        let mut parts = parts.into_iter();
        let mut pieces = spanish.split("{}");
        let mut es = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            es.push_str(parts.next().unwrap_or_default());
            es.push_str(piece);
        }
        Some(es)
    })
}

/// What stands in a text for each `{}` of a pattern, if the text is of that pattern.
fn parts<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let pieces: Vec<&str> = pieces.collect();
    for (index, piece) in pieces.iter().enumerate() {
        let is_last = index + 1 == pieces.len();
        let at = if is_last { rest.len().checked_sub(piece.len())? } else { rest.find(piece)? };
        if !rest.get(at..)?.starts_with(piece) {
            return None;
        }
        parts.push(rest.get(..at)?);
        rest = rest.get(at + piece.len()..)?;
    }
    rest.is_empty().then_some(parts)
}

/// The sentences of the parser of TOML, for the test that makes it say each of them.
#[cfg(test)]
pub fn toml_sentences() -> impl Iterator<Item = &'static str> {
    TOML.iter().chain(TOML_EXPECTED).map(|(english, _)| *english)
}

/// Whether a text is of a pattern, or has a part that is.
#[cfg(test)]
pub fn is_of(pattern: &str, text: &str) -> bool {
    text.split(", expected ")
        .flat_map(|half| half.split(", "))
        .any(|part| parts(pattern, part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_of_json_is_left_in_english() {
        let broken = [
            "[",
            "{",
            "\"",
            "{\"a\"",
            "{\"a\":",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\": 1 \"b\"}",
            "trux",
            "x",
            "\"\\q\"",
            "-x",
            "1e999",
            "\"\n\"",
            "{1: 2}",
            "\"\\uD800\\u0041\"",
            "\"\\uD800x\"",
            "{\"a\": 1,}",
            "{} x",
            &"[".repeat(200),
        ];
        let mut said = Vec::new();
        for text in broken {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let Message { en, es } = json(&error);
            assert!(en != es && !es.contains("en inglés"), "{text}: {es}");
            said.push(en);
        }
        for (english, _) in JSON {
            assert!(
                said.iter().any(|text| text == english),
                "nothing here is said to be {english:?}"
            );
        }
    }

    #[test]
    fn what_varies_stands_where_it_belongs() {
        let standards = "PDF/A-4 and PDF/UA-1 are mutually incompatible because they do not have any \
                         overlapping PDF versions";
        assert!(
            typst(standards).es.starts_with("un PDF no puede cumplir a la vez PDF/A-4 y PDF/UA-1:")
        );
        let skipped = typst("PDF/UA-1 error: skipped from heading level 1 to 3");
        assert_eq!(skipped.es, "PDF/UA-1: al nivel de encabezado 1 le sigue el 3");
        assert_eq!(typst("unknown variable: é").es, "no existe la variable `é`");
        let other = typst("cannot add integer and string");
        assert_eq!(
            other.es,
            "Typst, que compone las páginas, dice en inglés: cannot add integer and string"
        );
        assert_eq!(parts("a{}b{}c", "a1b2c"), Some(vec!["1", "2"]));
        assert_eq!(parts("a{}b", "ab"), Some(vec![""]));
        assert_eq!(parts("a{}bb", "ab"), None);
        assert_eq!(parts("ab", "abc"), None);
        assert_eq!(parts("{}ñ", "ñ"), Some(vec![""]));
        assert_eq!(parts("{}xx", "ñ"), None);
    }
}
