//! What each code means, and what to do about it.
//!
//! The table of codes in `docs/commands.md` says the same: a test holds the two together.

use crate::problems::Code;
use crate::words::message::{Message, say};

impl Code {
    /// What it means, such as "a link without an address".
    pub fn meaning(self) -> Message {
        self.explanation().0
    }

    /// What to do about it, such as "write the address".
    pub fn remedy(self) -> Message {
        self.explanation().1
    }

    fn explanation(self) -> (Message, Message) {
        match self {
            Self::Syntax => (
                say!(
                    "the file is not TOML, or not UTF-8",
                    "el archivo no es TOML, o no está en UTF-8"
                ),
                say!(
                    "see the hint, or look for a missing quote or bracket",
                    "vea la sugerencia, o busque la comilla o el corchete que falta"
                ),
            ),
            Self::UnknownKey => (
                say!("the format has no such key", "el formato no tiene esa clave"),
                say!("see the hint; the keys", "vea la sugerencia o las claves"),
            ),
            Self::MissingKey => (
                say!("a required key is absent", "falta una clave obligatoria"),
                say!("add it", "agréguela"),
            ),
            Self::WrongType => (
                say!(
                    "a value of the wrong type, such as a list instead of a text",
                    "el tipo del valor no es el esperado, como una lista en lugar de un texto"
                ),
                say!("see the hint or the tables", "vea las claves"),
            ),
            Self::InvalidValue => (
                say!("a value that the key does not take", "un valor que la clave no admite"),
                say!("the message says what is wrong", "el mensaje explica qué está mal"),
            ),
            Self::InvalidLanguage => (
                say!(
                    "not a language tag, or a language without words",
                    "no es una etiqueta de idioma, o el programa no maneja ese idioma"
                ),
                say!("write `en` or `es-MX`", "escriba `es`, `es-MX` o `en`"),
            ),
            Self::MissingTranslation => (
                say!("a language has no text", "falta un texto en uno de los idiomas"),
                say!(
                    "add it, or `\"\"` if it is optional",
                    "agréguelo, o escriba `\"\"` si es opcional"
                ),
            ),
            Self::MissingFile => (
                say!(
                    "a file does not exist or cannot be read",
                    "un archivo no existe o no se puede leer"
                ),
                say!("check the path and the spelling", "revise la ruta y cómo está escrita"),
            ),
            Self::OutsideRoot => (
                say!("a path that the letter may not read", "una ruta que la carta no puede leer"),
                say!("move the file, or use `--root`", "mueva el archivo, o use `--root`"),
            ),
            Self::InvalidUrl => (
                say!(
                    "a link that is not a complete address",
                    "la dirección de un enlace está incompleta"
                ),
                say!("begin it with `https://`", "empiécela con `https://`"),
            ),
            Self::InvalidImage => (
                say!(
                    "a picture in a body, or a file that is not a picture",
                    "una imagen en el cuerpo, o un archivo que no es una imagen"
                ),
                say!("see the hint", "vea la sugerencia"),
            ),
            Self::InvalidPdf => (
                say!(
                    "a PDF that cannot be enclosed: locked, broken, too long",
                    "un PDF que no se puede anexar: protegido, dañado o demasiado largo"
                ),
                say!("see the hint", "vea la sugerencia"),
            ),
            Self::InvalidCsv => (
                say!(
                    "not CSV, a column or a name is missing, or a row has too many cells",
                    "no es un CSV, falta una columna o un nombre, o sobra una celda"
                ),
                say!("see the hint", "vea la sugerencia"),
            ),
            Self::RawHtml => (
                say!("HTML in a body", "HTML en el cuerpo"),
                say!("write it in Markdown, or `\\<`", "escríbalo en Markdown, o como `\\<`"),
            ),
            Self::UnknownPlaceholder => (
                say!("a `{{{{…}}}}` that does not exist", "un campo `{{{{…}}}}` que no existe"),
                say!("see the hint, or write `\\{{{{`", "vea la sugerencia, o escriba `\\{{{{`"),
            ),
            Self::UnknownLink => (
                say!(
                    "a link or a footnote without its target",
                    "un enlace o una nota al pie sin destino"
                ),
                say!("add it where the hint says", "agréguelo donde indica la sugerencia"),
            ),
            Self::MissingGlyph => (
                say!("a character that no font has", "un carácter que ninguna fuente tiene"),
                say!("`--font-path`, or other characters", "use `--font-path`, u otro carácter"),
            ),
            Self::UnknownFont => (
                say!("a font that does not exist", "una fuente que no está disponible"),
                say!(
                    "`undersigned fonts`, or `--font-path`",
                    "consulte `undersigned fonts`, o use `--font-path`"
                ),
            ),
            Self::TextOverflow => (
                say!(
                    "a text that is cut off by the edge of the page",
                    "un texto que se sale de la página"
                ),
                say!("shorten it, or break long words", "acórtelo, o divida las palabras largas"),
            ),
            Self::AddressOverflow => (
                say!(
                    "an address that does not show through the window, or other text that does",
                    "un domicilio que no se ve por la ventanilla, u otro texto que sí se ve"
                ),
                say!("shorten it", "acórtelo"),
            ),
            Self::MisalignedEdition => (
                say!(
                    "bodies that cannot stand side by side",
                    "textos que no pueden ir lado a lado"
                ),
                say!(
                    "add or remove a block, or use `\"consecutive\"`",
                    "agregue o quite un bloque, o use `\"consecutive\"`"
                ),
            ),
            Self::Template => (
                say!("a problem in a Typst file", "un problema en un archivo de Typst"),
                say!("correct that file", "corrija ese archivo"),
            ),
            Self::PdfStandard => (
                say!("something that the standard forbids", "algo que la norma prohíbe"),
                say!("see templates", "vea plantillas"),
            ),
            Self::Write => (
                say!("a file cannot be written", "no se puede escribir un archivo"),
                say!("check the folder, or use another `-o`", "revise la carpeta, o use otro `-o`"),
            ),
            Self::StaleOutput => (
                say!(
                    "with `--locked`: a file is missing, or is not what its letter gives now",
                    "con `--locked`: un archivo no corresponde a lo que genera su carta, o no existe"
                ),
                say!(
                    "build the letter, and commit the file",
                    "genere la carta y guarde el archivo en git"
                ),
            ),
            Self::PlaceholderLink => (
                say!("a link without an address", "un enlace sin dirección"),
                say!("write the address", "escriba la dirección"),
            ),
            Self::DuplicateSignatory => (
                say!("a signatory is listed twice", "un firmante está repetido"),
                say!("remove one", "quite uno"),
            ),
            Self::NearDuplicateSignatory => (
                say!("two that look alike", "dos firmantes se parecen"),
                say!(
                    "remove one, or use `not-duplicate-of`",
                    "quite uno, o use `not-duplicate-of`"
                ),
            ),
            Self::UnsortedSignatories => (
                say!("one is out of order", "un firmante está fuera de orden"),
                say!("move it, or use `sort = \"name\"`", "muévalo, o use `sort = \"name\"`"),
            ),
            Self::StaleCount => (
                say!("a body says 72 and 73 sign", "el texto dice 72, pero firman 73"),
                say!("write the placeholder from the hint", "escriba el campo de la sugerencia"),
            ),
            Self::ParityStructure => (
                say!(
                    "a part of the letter is missing in one language",
                    "a un idioma le falta una parte de la carta"
                ),
                say!("translate it, or move it", "tradúzcala o muévala"),
            ),
            Self::ParityLinks => (
                say!("a link is missing in one language", "a un idioma le falta un enlace"),
                say!("add it, or see `[links]`", "agréguelo, o vea `[links]`"),
            ),
            Self::ParityNumbers => (
                say!(
                    "the languages give different numbers",
                    "los números no coinciden entre los idiomas"
                ),
                say!("correct one of them", "corrija uno de los dos"),
            ),
            Self::ParityNames => (
                say!("a name or an acronym differs", "un nombre o una sigla no coincide"),
                say!("correct one of them", "corrija uno de los dos"),
            ),
            Self::ParityPlaceholders => (
                say!("a placeholder in one language only", "un campo está en un solo idioma"),
                say!("write it in both", "escríbalo en los dos"),
            ),
            Self::WrongLanguage => (
                say!(
                    "a text in another language than its key says",
                    "un texto no está en el idioma que indica su clave"
                ),
                say!("translate it, or mark it `lang:`", "tradúzcalo, o márquelo con `lang:`"),
            ),
            Self::Untranslated => (
                say!(
                    "the translation is the original's text",
                    "la traducción es idéntica al original"
                ),
                say!("translate it, or mark it `lang:`", "tradúzcala, o márquela con `lang:`"),
            ),
            Self::StaleTranslation => (
                say!(
                    "the original has changed since the review",
                    "el original cambió después de la revisión"
                ),
                say!(
                    "compare the two, then review",
                    "compare los dos y vuelva a registrar la revisión"
                ),
            ),
            Self::PastedList => (
                say!(
                    "items with the bullets of a word processor, which are not a list",
                    "elementos con viñetas de un procesador de textos, que no forman una lista"
                ),
                say!("begin each with `- `", "empiece cada uno con `- `"),
            ),
            Self::LargePicture => (
                say!(
                    "a picture of 4 MiB or more, which makes the PDF too large for many mailboxes",
                    "una imagen de 4 MiB o más, con la que el PDF no cabe en muchos buzones de correo"
                ),
                say!("make it smaller", "reduzca su tamaño"),
            ),
            Self::LeftOver => (
                say!(
                    "a letter of an earlier merge whose recipient is no longer in the list, or was left out",
                    "una carta de una combinación anterior cuyo destinatario ya no está en la lista o quedó fuera"
                ),
                say!("delete it before you send the letters", "bórrela antes de enviar las cartas"),
            ),
            Self::UnusedKey => (
                say!(
                    "a text, link or option that nothing uses, or a file that is empty or not read",
                    "un texto, enlace u opción que no se usa, o un archivo vacío o que no se lee"
                ),
                say!("see the hint, or remove it", "vea la sugerencia, o quítelo"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use pulldown_cmark::{BrokenLink, Event, Options, Parser};

    use super::*;

    /// The rows of the table `| code | severity | what it means | what to do |` as plain text.
    fn rows(page: &str) -> HashMap<Code, [String; 2]> {
        let row = |line: &str| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split(" | ").map(str::trim).collect();
            let [code, _, meaning, remedy] = cells.as_slice() else { return None };
            let code = Code::parse(code.trim_matches('`'))?;
            let remedy = remedy.trim_end_matches('|').trim();
            Some((code, [meaning, remedy].map(plain)))
        };
        page.lines().filter_map(row).collect()
    }

    /// Markdown as plain text.
    fn plain(markdown: &str) -> String {
        // The page defines the targets of its links elsewhere.
        let no_target = |_: BrokenLink<'_>| Some(("".into(), "".into()));
        Parser::new_with_broken_link_callback(markdown, Options::empty(), Some(no_target))
            .filter_map(|event| match event {
                Event::Text(text) => Some(text),
                // What stands between backticks keeps them: messages use them as well.
                Event::Code(code) => Some(format!("`{code}`").into()),
                _ => None,
            })
            .collect::<Vec<_>>()
            .concat()
    }

    #[test]
    fn the_docs_explain_each_code_in_the_same_words() {
        let english = rows(include_str!("../../docs/commands.md"));
        let spanish = rows(include_str!("../../docs/es/comandos.md"));
        for code in Code::ALL {
            let said = [code.meaning(), code.remedy()];
            assert_eq!(english.get(code), Some(&said.clone().map(|text| text.en.into())), "{code}");
            assert_eq!(spanish.get(code), Some(&said.map(|text| text.es.into())), "{code}");
        }
    }
}
