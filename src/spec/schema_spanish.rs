//! What the schemas say of each key, in Spanish. The English is the documentation of the types in
//! [`spec`](crate::spec) and of their fields; a test holds that none of it is forgotten here.

use serde_json::{Map, Value};

/// Puts what a schema says into Spanish.
pub fn translate(schema: &mut Map<String, Value>) {
    for (key, value) in schema.iter_mut() {
        match value {
            Value::String(text) if matches!(key.as_str(), "title" | "description") => {
                if let Some(spanish) = spanish(text) {
                    *text = spanish.to_owned();
                }
            }
            Value::Object(object) => translate(object),
            Value::Array(items) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(translate);
            }
            _ => {}
        }
    }
}

fn spanish(english: &str) -> Option<&'static str> {
    DESCRIPTIONS.iter().find(|(known, _)| *known == english).map(|(_, spanish)| *spanish)
}

const DESCRIPTIONS: &[(&str, &str)] = &[
    ("A letter of undersigned", "Una carta de undersigned"),
    (
        "The settings of undersigned for a repository",
        "Los ajustes de undersigned para un repositorio",
    ),
    ("A whole letter.", "Una carta completa."),
    ("The text.", "El texto."),
    ("Who gets a copy.", "Con copia para quién."),
    (
        "The line below the text, such as \"Sincerely,\".",
        "La línea después del texto, como \"Atentamente,\".",
    ),
    ("The day of the letter, such as 2021-08-24.", "El día de la carta, como 2021-08-24."),
    (
        "The edition that holds several of the languages, if there is one, and where it is asked for.",
        "La edición con varios de los idiomas en un solo PDF.",
    ),
    ("What is sent along.", "Lo que se anexa."),
    ("Who sends the letter: what its head says.", "Quién manda la carta: lo que dice el membrete."),
    (
        "Words of the letter's own in place of those that it prints by itself, such as \"CC:\".",
        "Palabras propias de la carta en lugar de las que imprime por sí misma, como \"C.c.p.\".",
    ),
    ("In place of \"Back to the text\".", "En lugar de \"Volver al texto\"."),
    ("In place of \"CC:\".", "En lugar de \"C.c.p.\"."),
    ("In place of \"{place}, {date}\".", "En lugar de \"{place}, a {date}\"."),
    ("In place of \"DRAFT\".", "En lugar de \"BORRADOR\"."),
    ("In place of \"Enclosure {number}:\".", "En lugar de \"Anexo {number}:\"."),
    ("In place of \"Enclosures:\".", "En lugar de \"Anexos:\"."),
    ("In place of \"Notes\".", "En lugar de \"Notas\"."),
    ("In place of \"Organizations\".", "En lugar de \"Organizaciones\"."),
    ("In place of \"Page {page} of {pages}\".", "En lugar de \"Página {page} de {pages}\"."),
    ("In place of \"People\".", "En lugar de \"Personas\"."),
    (
        "In place of \"In case of any discrepancy, the {language} version prevails.\".",
        "En lugar de \"En caso de discrepancia, prevalece la versión en {language}.\".",
    ),
    ("In place of \"Acknowledgement of receipt\".", "En lugar de \"Acuse de recibo\"."),
    ("In place of \"Time:\".", "En lugar de \"Hora:\"."),
    (
        "In place of \"Received by (name and signature):\".",
        "En lugar de \"Recibió (nombre y firma):\".",
    ),
    ("In place of \"Date:\".", "En lugar de \"Fecha:\"."),
    ("In place of \"Our reference:\".", "En lugar de \"Nuestra referencia:\"."),
    ("In place of \"Stamp\".", "En lugar de \"Sello\"."),
    ("In place of \"Re:\".", "En lugar de \"Asunto:\"."),
    ("In place of \"To:\".", "En lugar de \"Para:\"."),
    ("In place of \"Your reference:\".", "En lugar de \"Su referencia:\"."),
    (
        "The languages, the original first, such as `[\"en\", \"es-MX\"]`. Each has its place.",
        "Los idiomas, primero el original, como `[\"es-MX\", \"en\"]`.",
    ),
    ("Link targets that the bodies share.", "Direcciones de enlaces que comparten los cuerpos."),
    (
        "Which warnings are allowed and denied in this letter.",
        "Qué advertencias se permiten y se deniegan en esta carta.",
    ),
    ("How the page is set.", "Cómo se compone la página."),
    ("What the PDF says of itself.", "Lo que el PDF dice de sí."),
    (
        "Where the letter is from, such as \"Ciudad de México\".",
        "De dónde es la carta, como \"Ciudad de México\".",
    ),
    ("What follows the signatures.", "Lo que sigue a las firmas."),
    (
        "The language whose text counts where two languages of an edition differ.",
        "El idioma que cuenta si dos de una edición difieren.",
    ),
    (
        "Whether there is room for the stamp of who receives the letter.",
        "Si hay lugar para el sello de quien recibe la carta.",
    ),
    ("The sender's file number.", "El número de expediente de quien manda la carta."),
    (
        "The line above the text, such as \"Dear President López Obrador:\".",
        "La línea antes del texto, como \"Estimada secretaria:\".",
    ),
    ("Who signs, or where it is written.", "Quién firma, o dónde está escrito."),
    ("How the signatories are set.", "Cómo se ponen las firmas."),
    ("What a formal letter is about.", "De qué trata una carta formal."),
    ("What gives the letter its looks.", "Lo que le da su aspecto a la carta."),
    ("The headline, and the title of the PDF.", "El titular, y el título del PDF."),
    ("Whom the letter is to.", "A quién va la carta."),
    ("What was reviewed of its translations.", "Lo que se revisó de sus traducciones."),
    ("The addressee's file number.", "El número de expediente del destinatario."),
    ("The text itself, in Markdown.", "El texto mismo, en Markdown."),
    ("The path of a file with the text.", "La ruta de un archivo con el texto."),
    (
        "A Markdown (`.md`) or Typst (`.typ`) file.",
        "Un archivo de Markdown (`.md`) o de Typst (`.typ`).",
    ),
    ("What is sent along with a letter.", "Lo que se anexa a una carta."),
    (
        "Whether the file is attached as it is, rather than its pages printed.",
        "Si el archivo se adjunta tal como está, en vez de imprimir sus páginas.",
    ),
    ("The path of a file that goes into the PDF.", "La ruta de un archivo que va en el PDF."),
    ("\"A map of the wells\".", "\"Un mapa de los pozos\"."),
    ("What a list of signatories is parted by.", "En qué grupos se divide la lista de firmantes."),
    ("One list.", "Una sola lista."),
    ("Organizations, then people.", "Organizaciones y luego personas."),
    ("Countries, in the order of their names.", "Países, por orden de sus nombres."),
    (
        "The author's own groups, in the order they are first named.",
        "Los grupos propios, en el orden en que se nombran por primera vez.",
    ),
    ("What a signatory is.", "Qué es un firmante."),
    ("An organization or a coalition.", "Una organización o una coalición."),
    ("A human being.", "Una persona."),
    (
        "Which warnings are allowed and which are denied. An error cannot be allowed.",
        "Qué advertencias se permiten y cuáles se deniegan. Un error no se puede permitir.",
    ),
    (
        "Codes of warnings that are not shown, such as `[\"placeholder-link\"]`.",
        "Códigos de advertencias que no se muestran, como `[\"placeholder-link\"]`.",
    ),
    (
        "Codes of warnings that count as errors. `\"warnings\"` stands for all that are shown.",
        "Códigos de advertencias que cuentan como errores. `\"warnings\"` son todas las que se muestran.",
    ),
    ("One for each language.", "Uno para cada idioma."),
    (
        "The same in every language, and always in the one named.",
        "El mismo en todos los idiomas, y siempre en el que se nombra.",
    ),
    (
        "The colour of headings and of the letterhead.",
        "El color de los encabezados y del membrete.",
    ),
    (
        "The path of a picture behind the first page: printed stationery.",
        "La ruta de una imagen detrás de la primera página: papel membretado.",
    ),
    (
        "How far a picture behind the first page runs over its edges, to be cut off.",
        "Cuánto sobresale de las orillas una imagen detrás de la primera página, para cortarse.",
    ),
    (
        "The envelope whose window shows the address, and where it is named.",
        "El sobre por cuya ventana asoma la dirección.",
    ),
    (
        "Whether the edge of the page shows where to fold it and where its middle is.",
        "Si la orilla de la página muestra dónde doblarla y dónde está su mitad.",
    ),
    (
        "The family of the text, such as \"Libertinus Serif\".",
        "La familia de la fuente del texto, como \"Libertinus Serif\".",
    ),
    ("The size of the text, such as \"11pt\".", "El tamaño del texto, como \"11pt\"."),
    (
        "The margins, such as \"2.5cm\" for all sides.",
        "Los márgenes, como \"2.5cm\" por los cuatro lados.",
    ),
    (
        "The size of the paper, such as \"us-letter\" or \"a4\". Without it, what the region uses.",
        "El tamaño del papel, como \"us-letter\" o \"a4\". Si falta, el que se usa en la región.",
    ),
    ("What parts two paragraphs.", "Qué separa dos párrafos."),
    ("A space between them.", "Un espacio entre ellos."),
    ("An indented first line.", "Una sangría en la primera línea."),
    ("Who wrote it.", "Quién lo escribió."),
    ("Words to find it by.", "Palabras para encontrarlo."),
    ("The standards it keeps.", "Las normas que cumple."),
    ("An addressee, or somebody who gets a copy.", "Un destinatario, o alguien que recibe copia."),
    ("The lines of the postal address.", "Las líneas del domicilio."),
    (
        "The electronic mail address, such as \"oficialia@example.org\".",
        "El correo electrónico, como \"oficialia@example.org\".",
    ),
    (
        "What is set before the name, such as \"Lic.\".",
        "Lo que va antes del nombre, como \"Lic.\".",
    ),
    (
        "The name, such as \"Andrés Manuel López Obrador\", or an office where no person is meant.",
        "El nombre, como \"Juana Pérez\", o un cargo si no se piensa en una persona.",
    ),
    (
        "A line below all that, such as \"P r e s e n t e.\".",
        "Una línea debajo de todo eso, como \"P r e s e n t e.\".",
    ),
    ("The office, such as \"President of Mexico\".", "El cargo, como \"Secretaria de Salud\"."),
    (
        "The organization, such as \"Secretariat of the Interior\".",
        "La dependencia u organización, como \"Secretaría de Gobernación\".",
    ),
    ("Who sends a letter: what its head says.", "Quién manda una carta: lo que dice el membrete."),
    ("\"office@example.org\".", "\"contacto@example.org\"."),
    ("The path of a picture.", "La ruta de una imagen."),
    (
        "What the picture shows, for who cannot see it.",
        "Lo que muestra la imagen, para quien no puede verla.",
    ),
    ("\"Jane Doe\".", "\"Juana Pérez\"."),
    ("\"Example Institute\".", "\"Red del Agua\"."),
    ("\"+52 664 123 4567\".", "\"+52 664 123 4567\"."),
    ("\"example.org\".", "\"example.org\"."),
    ("Who signs.", "Quién firma."),
    (
        "The country, by its two letters in ISO 3166-1, such as \"MX\".",
        "El país, por sus dos letras en ISO 3166-1, como \"MX\".",
    ),
    (
        "The part of a person's name to sort by, such as \"Doe\".",
        "La parte del nombre de una persona por la que se ordena, como \"Pérez\".",
    ),
    (
        "A name of the author's own for a part of the list.",
        "Un nombre propio para una parte de la lista.",
    ),
    ("An organization or a person.", "Una organización o una persona."),
    ("The members of a coalition.", "Los miembros de una coalición."),
    ("The name, such as \"Al Otro Lado TJ AC\".", "El nombre, como \"Al Otro Lado TJ AC\"."),
    (
        "The names that somebody has looked at and that are somebody else.",
        "Los nombres que alguien ya revisó y que son de otro firmante.",
    ),
    (
        "Anything else that is printed with the name.",
        "Cualquier otra cosa que se imprime con el nombre.",
    ),
    ("What a person belongs to.", "A qué organización pertenece una persona."),
    ("The path of a picture of the signature.", "La ruta de una imagen de la firma."),
    ("What to sort by instead of the name.", "Por qué se ordena, en lugar del nombre."),
    (
        "The title of a person, such as \"Director\".",
        "El cargo de una persona, como \"Directora\".",
    ),
    ("The web address that the name links to.", "La dirección web a la que lleva el nombre."),
    (
        "The day the signature was taken back. Then it is neither printed nor counted.",
        "El día en que se retiró la firma. Entonces no se imprime ni se cuenta.",
    ),
    (
        "A CSV file with signatories, as the letter names it.",
        "Un archivo CSV con firmantes, como lo nombra la carta.",
    ),
    (
        "Which header holds what: a key of a signatory, and the header or a pattern of headers, such\nas \"{NameGiven} {NameFamily}\".",
        "Qué encabezado contiene qué: una clave de un firmante, y el encabezado o un patrón de varios, como\n\"{Nombre} {Apellido}\".",
    ),
    (
        "What parts the cells, where that is not to be found out.",
        "Qué separa las celdas, si no debe averiguarse.",
    ),
    (
        "The encoding of the file, where it is neither UTF-8 nor UTF-16 with a byte order mark.",
        "La codificación del archivo, si no es UTF-8 ni UTF-16 con marca de orden de bytes.",
    ),
    ("Its path.", "Su ruta."),
    ("The group of all its signatories.", "El grupo de todos sus firmantes."),
    (
        "A folder with a TOML file for each signatory, so that two people who add one do not get in each\nother's way.",
        "Una carpeta con un archivo TOML para cada firmante, para que dos personas que agregan uno no se\nestorben.",
    ),
    ("Where signatories are written.", "Dónde están escritos los firmantes."),
    ("In the letter itself.", "En la carta misma."),
    (
        "In a CSV file: `{ file = \"signatories.csv\" }`.",
        "En un archivo CSV: `{ file = \"firmantes.csv\" }`.",
    ),
    (
        "In a folder with a TOML file for each: `{ dir = \"signatories\" }`.",
        "En una carpeta con un archivo TOML para cada uno: `{ dir = \"firmantes\" }`.",
    ),
    ("The number of columns, or automatic.", "El número de columnas, o automático."),
    (
        "Whether the heading of a group says how many it holds.",
        "Si el encabezado de un grupo dice cuántos firmantes tiene.",
    ),
    ("What the list is parted by.", "En qué grupos se divide la lista."),
    (
        "What the author's own groups are called in print.",
        "Cómo se imprimen los nombres de los grupos propios.",
    ),
    ("A heading above the list.", "Un encabezado arriba de la lista."),
    ("The order.", "El orden."),
    ("What a signatory looks like.", "Cómo se ve un firmante."),
    ("The order of the signatories.", "El orden de los firmantes."),
    ("As they are listed.", "Como están en la lista."),
    ("As the letter's language sorts names.", "Como ordena los nombres el idioma de la carta."),
    ("The name alone.", "Solo el nombre."),
    (
        "A line to sign on by hand, with the name below it.",
        "Un renglón para firmar a mano, con el nombre debajo.",
    ),
    (
        "The picture of a signature, with the name below it.",
        "La imagen de una firma, con el nombre debajo.",
    ),
    (
        "What was reviewed of a translation: `[translation.es]`.",
        "Lo que se revisó de una traducción: `[translation.es]`.",
    ),
    (
        "The fingerprints of the original's segments at that time, in their order.",
        "Las huellas de las partes del original en ese momento, en su orden.",
    ),
    ("Who reviewed it.", "Quién la revisó."),
    ("The day.", "El día."),
    (
        "Those of its printed values, by their keys, such as \"title\".",
        "Las de sus otros textos, por sus claves, como \"title\".",
    ),
    (
        "What holds for all letters below a root.",
        "Lo que vale para todas las cartas debajo de una raíz.",
    ),
    (
        "Which warnings are allowed and denied in all letters.",
        "Qué advertencias se permiten y se deniegan en todas las cartas.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::spec::schema;
    use crate::words::message::UiLanguage;

    fn descriptions(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(object) => {
                for (key, value) in object {
                    match value {
                        Value::String(text) if matches!(key.as_str(), "title" | "description") => {
                            found.insert(text.clone());
                        }
                        value => descriptions(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| descriptions(item, found)),
            _ => {}
        }
    }

    #[test]
    fn no_description_is_forgotten_and_none_is_left_over() {
        let mut found = BTreeSet::new();
        for text in [schema::letter(UiLanguage::En), schema::repository(UiLanguage::En)] {
            descriptions(&serde_json::from_str(&text).expect("JSON"), &mut found);
        }
        let known: BTreeSet<String> = DESCRIPTIONS.iter().map(|(en, _)| (*en).to_owned()).collect();
        let missing: Vec<&String> = found.difference(&known).collect();
        assert!(missing.is_empty(), "these have no Spanish: {missing:#?}");
        let left_over: Vec<&String> = known.difference(&found).collect();
        assert!(left_over.is_empty(), "the schemas do not say this any more: {left_over:#?}");
    }

    /// The keys and all that an editor judges by are the same; only the words differ.
    #[test]
    fn the_languages_differ_in_words_alone() {
        fn without_words(schema: &mut Value) {
            match schema {
                Value::Object(object) => {
                    object.retain(|key, value| {
                        !(value.is_string() && matches!(key.as_str(), "title" | "description"))
                    });
                    object.values_mut().for_each(without_words);
                }
                Value::Array(items) => items.iter_mut().for_each(without_words),
                _ => {}
            }
        }
        let [english, spanish] = [UiLanguage::En, UiLanguage::Es].map(|language| {
            let mut schema = serde_json::from_str(&schema::letter(language)).expect("JSON");
            without_words(&mut schema);
            schema
        });
        assert_eq!(english, spanish);
        assert!(schema::letter(UiLanguage::Es).contains("El titular, y el título del PDF."));
    }
}
