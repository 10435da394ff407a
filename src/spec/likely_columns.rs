//! Proposes which columns of a form's export are which, and which rows, from what the form asks. People decide:
//! a proposal is only ever shown. `tests/lists/headers.txt` has the forms by which it is measured.

use crate::language::fold;
use crate::spec::Kind;
use crate::spec::kind_answers::kind_said;
use crate::spec::signatory_sources::answers;
use crate::spec::table_file::{Row, TableFile};

/// A way to read a list: which column is which key, which rows, and their kind.
#[derive(Debug, Clone, Default, Eq, PartialEq)]
pub(crate) struct Reading {
    /// The kind of all rows, if it is known.
    pub kind: Option<Kind>,
    /// What the cells of some columns must say.
    pub filter: Vec<(String, String)>,
    /// The header, or a pattern of headers, for each key.
    pub columns: Vec<(&'static str, String)>,
}

/// The ways to read a list: one, or, if people and organizations sign with one form, one for each. None if no
/// column seems to have names.
pub(crate) fn readings(table: &TableFile) -> Vec<Reading> {
    let kinds = kinds(table);
    let asked = Asked::of(table, kinds.as_ref().map(|kinds| kinds.column));
    let header = |column: usize| table.header[column].value.to_string();
    let known = |key, column: Option<usize>| Some((key, header(column?)));
    let of = |kind, name: String, more: [Option<(&'static str, String)>; 3]| {
        let columns = [("name", name)].into_iter().chain(more.into_iter().flatten()).collect();
        Reading { kind: Some(kind), filter: Vec::new(), columns }
    };
    let (title, organization) =
        (known("title", asked.title), known("organization", asked.organization));
    let country = || known("country", asked.country);
    let people =
        asked.name(table).map(|name| of(Kind::Person, name, [title, organization, country()]));
    let organizations = asked
        .organization
        .map(|name| of(Kind::Organization, header(name), [country(), None, None]));
    let mut readings = match (people, organizations, kinds) {
        (Some(mut people), Some(mut organizations), Some(kinds)) => {
            people.filter.push((header(kinds.column), kinds.person));
            organizations.filter.push((header(kinds.column), kinds.organization));
            vec![people, organizations]
        }
        (Some(mut one), None, Some(kinds)) => {
            one.kind = None;
            one.columns.push(("kind", header(kinds.column)));
            vec![one]
        }
        (Some(one), ..) | (None, Some(one), _) => vec![one],
        (None, None, _) => Vec::new(),
    };
    let consent = asked.consent.and_then(|column| Some((header(column), consent(column, table)?)));
    readings.iter_mut().for_each(|reading| reading.filter.extend(consent.clone()));
    readings
}

/// The column in which some refuse consent, and what those say who give it. `None` if no such column is there, or
/// it is not clear.
pub(crate) fn refused_consent(table: &TableFile) -> Option<(usize, String)> {
    let column = Asked::of(table, None).consent?;
    Some((column, consent(column, table)?))
}

/// What those say who consent, if it is one thing and others refuse.
fn consent(column: usize, table: &TableFile) -> Option<String> {
    let said = answers(column, table, &table.rows.iter().collect::<Vec<_>>())?;
    let (refusals, mut others): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|(answer, _)| is_refusal(answer));
    let (answer, _) = others.pop().filter(|_| others.is_empty() && !refusals.is_empty())?;
    // Microsoft Forms ends each of several answers with a semicolon.
    Some(answer.trim_end_matches(';').to_owned())
}

/// Whether an answer says no, as a box does that is not ticked.
fn is_refusal(answer: &str) -> bool {
    let first = answer.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    first.is_none_or(|first| {
        ["no", "nao", "non", "nein", "false", "falso", "faux", "0"].contains(&&*fold(first))
    })
}

/// A column that says who is a person and who an organization, in one answer each.
struct Kinds {
    column: usize,
    person: String,
    organization: String,
}

fn kinds(table: &TableFile) -> Option<Kinds> {
    let rows: Vec<&Row> = table.rows.iter().collect();
    let named = table.header.iter().enumerate().filter(|(_, header)| !header.value.is_empty());
    named.map(|(column, _)| column).find_map(|column| {
        let said = answers(column, table, &rows)?;
        let one = |kind| {
            let mut of_kind = said.iter().filter(|(answer, _)| kind_said(answer) == Some(kind));
            let (answer, _) = of_kind.next()?;
            of_kind.next().is_none().then(|| answer.clone())
        };
        Some(Kinds { column, person: one(Kind::Person)?, organization: one(Kind::Organization)? })
    })
}

/// The columns of a form by what they ask.
#[derive(Debug, Default)]
struct Asked {
    /// The whole name of a person.
    full_name: Option<usize>,
    given: Option<usize>,
    family: Vec<usize>,
    /// A name, of whatever it is.
    any_name: Option<usize>,
    organization: Option<usize>,
    title: Option<usize>,
    country: Option<usize>,
    consent: Option<usize>,
}

impl Asked {
    /// Looks at all columns that say something, but the one with the `kind`.
    fn of(table: &TableFile, kind: Option<usize>) -> Self {
        let mut asked = Self::default();
        let all = table.header.iter().enumerate();
        for (column, cell) in all.filter(|(column, _)| Some(*column) != kind) {
            if !table.is_empty_column(column) {
                asked.note(column, &Words::of(&cell.value));
            }
        }
        asked
    }

    /// Notes what the header of a column asks. A long question may ask several things, so the order decides.
    fn note(&mut self, column: usize, words: &Words) {
        let says_name = words.has(&NAME);
        let given = words.has(&GIVEN) || says_name && words.has(&["first", "given", "primeiro"]);
        let family = words.has(&FAMILY) || says_name && words.has(&["last", "family", "ultimo"]);
        let is_full = says_name && words.has(&FULL)
            || family && given
            || words.has(&FAMILY) && words.has(&["nombre", "nombres", "nome"])
            || given && words.has(&["nom"]);
        let known = if words.has(&REACHES) || words.has(&NEWS) {
            return;
        } else if words.has(&CONSENT) || words.has(&AGREES) && words.has(&PUBLISHES) {
            &mut self.consent
        } else if words.has(&COUNTRY) {
            &mut self.country
        } else if words.has(&TITLE) {
            &mut self.title
        } else if words.has(&ORGANIZATION) {
            match words.has(&OTHER_THAN_NAME) {
                true => return,
                false => &mut self.organization,
            }
        } else if words.asks_on_whose_behalf() || words.has(&WHO_FILLS_IN) {
            return;
        } else if is_full {
            &mut self.full_name
        } else if family {
            return self.family.push(column);
        } else if given {
            &mut self.given
        } else if says_name {
            &mut self.any_name
        } else {
            return;
        };
        known.get_or_insert(column);
    }

    /// The column with the names of people, or a pattern of several.
    fn name(&self, table: &TableFile) -> Option<String> {
        let header = |column: usize| table.header[column].value.as_str();
        if let Some(full) = self.full_name {
            return Some(header(full).to_owned());
        }
        // "Nombre" and "Apellidos"; "Prénom" and "Nom".
        let (given, family) = match (self.given, &self.family[..]) {
            (Some(given), []) => (Some(given), Vec::from_iter(self.any_name)),
            (given, family) => (given.or(self.any_name), family.to_vec()),
        };
        let parts: Vec<usize> = given.into_iter().chain(family).collect();
        match parts[..] {
            [] => None,
            [one] => Some(header(one).to_owned()),
            _ => {
                let parts = parts.iter().map(|column| format!("{{{}}}", header(*column)));
                Some(parts.collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// The words of a header.
struct Words(Vec<String>);

impl Words {
    fn of(header: &str) -> Self {
        let words = header.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        Self(words.map(fold).collect())
    }

    /// Whether one of its words is one of these. Those that end in `*` are beginnings.
    fn has(&self, wanted: &[&str]) -> bool {
        let is = |word: &String, wanted: &&str| match wanted.strip_suffix('*') {
            Some(begin) => word.starts_with(begin),
            None => word == wanted,
        };
        self.0.iter().any(|word| wanted.iter().any(|wanted| is(word, wanted)))
    }

    fn asks_on_whose_behalf(&self) -> bool {
        let phrases = [["en", "nombre", "de"], ["em", "nome", "de"], ["au", "nom", "de"]];
        let says = |phrase: &[&str; 3]| self.0.windows(3).any(|words| words == phrase);
        self.has(&["behalf"]) || phrases.iter().any(says)
    }
}

// What headers say in Spanish, English, Portuguese and French, without accents.

const CONSENT: [&str; 4] = ["consent*", "consien*", "autoriz*", "autoris*"];
const AGREES: [&str; 7] =
    ["acept*", "accept*", "aceit*", "acuerdo", "concord*", "agree*", "permi*"];
/// What one agrees to who agrees to be printed.
const PUBLISHES: [&str; 12] = [
    "publi*", "name", "nombre", "nom", "nome", "sign*", "firm*", "adhe*", "print*", "appear*",
    "aparec*", "assin*",
];
/// Asks for consent to something else than to be printed.
const NEWS: [&str; 8] =
    ["recib*", "receb*", "recev*", "receiv*", "newsletter", "boletin*", "noticias", "updates"];
/// Asks how to reach somebody, or whom.
const REACHES: [&str; 15] = [
    "email",
    "mail",
    "correo",
    "courriel",
    "telefono",
    "telefone",
    "telephone",
    "phone",
    "celular",
    "whatsapp",
    "direccion",
    "endereco",
    "adresse",
    "address",
    "contact*",
];
const COUNTRY: [&str; 3] = ["country", "pais", "pays"];
const TITLE: [&str; 12] = [
    "title",
    "position",
    "role",
    "cargo",
    "puesto",
    "funcion",
    "funcao",
    "fonction",
    "qualite",
    "ocupacion",
    "ocupacao",
    "occupation",
];
const ORGANIZATION: [&str; 13] = [
    "organiz*",
    "organis*",
    "colectiv*",
    "coletiv*",
    "collectif",
    "institu*",
    "entidad*",
    "asociacion*",
    "associa*",
    "affiliation",
    "afiliacion",
    "company",
    "empresa",
];
/// Asks something else about an organization, or whether one signs.
const OTHER_THAN_NAME: [&str; 11] = [
    "tipo",
    "type",
    "personal",
    "personally",
    "personnel",
    "pessoal",
    "individu*",
    "miembros",
    "members",
    "number",
    "numero",
];
/// Asks whose account it is, or who speaks for an organization.
const WHO_FILLS_IN: [&str; 6] =
    ["user", "username", "usuario", "utilisateur", "submitted", "represent*"];
const FULL: [&str; 8] = [
    "full",
    "complet*",
    "firmante*",
    "signer*",
    "signator*",
    "signataire*",
    "signatario*",
    "persona",
];
const NAME: [&str; 9] =
    ["name", "names", "fullname", "nombre", "nombres", "nom", "noms", "nome", "nomes"];
const GIVEN: [&str; 2] = ["firstname", "prenom*"];
const FAMILY: [&str; 5] = ["lastname", "surname", "apellido*", "sobrenome*", "apelido*"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::carried;
    use crate::problems::Problems;

    fn table(cells: &str) -> TableFile {
        let (file, problems) = (carried::main(), Problems::default());
        TableFile::read(cells, file, Some(b'|'), &[], &problems).expect("a table")
    }

    type Proposal = Vec<(&'static str, String)>;

    /// The forms of `tests/lists/headers.txt`, with the columns that are proposed and those that are right.
    fn forms() -> Vec<(&'static str, Proposal, Proposal)> {
        let text = include_str!("../../tests/lists/headers.txt");
        let forms = text.split("\n\n").filter(|form| !form.starts_with('#'));
        let keys = ["name", "title", "organization", "country"];
        let form = |form: &'static str| {
            let mut lines = form.lines();
            let (what, header) = (lines.next()?, lines.next()?);
            let right: Vec<(&str, &str)> =
                lines.filter_map(|line| line.split_once(" = ")).collect();
            let right = keys.iter().filter_map(|key| {
                let (_, right) = right.iter().find(|(known, _)| known == key)?;
                Some((*key, (*right).to_owned()))
            });
            let proposed = readings(&table(&header.replace(" | ", "|"))).into_iter().next();
            Some((what, proposed.unwrap_or_default().columns, right.collect()))
        };
        forms.filter_map(form).collect()
    }

    /// How many forms have all columns right: of those that the words were chosen by, and of the others.
    #[test]
    fn columns_of_real_forms_are_proposed() {
        let (mut right, mut all, mut wrong) = ([0, 0], [0, 0], Vec::new());
        for (at, (what, proposed, expected)) in forms().into_iter().enumerate() {
            all[at % 2] += 1;
            right[at % 2] += usize::from(proposed == expected);
            if proposed != expected {
                wrong.push((what, proposed, expected));
            }
        }
        assert_eq!((all, right), ([11, 11], [11, 11]), "{wrong:#?}");
    }

    #[test]
    fn people_and_organizations_of_one_form_are_read_one_after_the_other() {
        let cells = "Nombre completo|¿Cómo firma?|Organización|¿Autoriza la publicación?\n\
                     Ana Prueba|A título personal||Sí\nLuis Muestra|En nombre de mi organización|Red Sur|Sí\n\
                     Eva Modelo|A título personal||No\n";
        let reading = |kind, answer: &str, columns: &[(&'static str, &str)]| Reading {
            kind: Some(kind),
            filter: vec![
                ("¿Cómo firma?".into(), answer.into()),
                ("¿Autoriza la publicación?".into(), "Sí".into()),
            ],
            columns: columns.iter().map(|(key, header)| (*key, (*header).to_owned())).collect(),
        };
        let people = [("name", "Nombre completo"), ("organization", "Organización")];
        let expected = [
            reading(Kind::Person, "A título personal", &people),
            reading(
                Kind::Organization,
                "En nombre de mi organización",
                &[("name", "Organización")],
            ),
        ];
        assert_eq!(readings(&table(cells)), expected);
    }

    #[test]
    fn first_and_last_names_are_one_name() {
        for (header, expected) in [
            ("Primeiro nome|Último nome", "{Primeiro nome} {Último nome}"),
            ("First and last name|Email", "First and last name"),
            ("Nombre|Apellidos", "{Nombre} {Apellidos}"),
            ("Nom de famille|Prénom", "{Prénom} {Nom de famille}"),
        ] {
            let proposed = readings(&table(header));
            assert_eq!(proposed[0].columns, [("name", expected.to_owned())], "{header}");
        }
    }

    #[test]
    fn consent_is_what_one_answer_gives_and_others_refuse() {
        for (cells, expected) in [
            ("Consent\nYes\nNo\n", Some("Yes")),
            ("Consent\nTRUE\nFALSE\n", Some("TRUE")),
            ("Acepto que se publique mi nombre|a\nAcepto|x\n|y\n", Some("Acepto")),
            ("J'accepte la publication\nOui\nNon, merci\n", Some("Oui")),
            ("Consent\nYes\n", None),
            ("Consent\nYes\nAnonymously\nNo\n", None),
            ("I agree to receive the newsletter\nYes\nNo\n", None),
            ("¿Acepta que lo contactemos?\nSí\nNo\n", None),
            ("¿Es una institución pública?\nSí\nNo\n", None),
            ("Name\nYes\nNo\n", None),
        ] {
            let found = refused_consent(&table(cells)).map(|(_, answer)| answer);
            assert_eq!(found.as_deref(), expected, "{cells}");
        }
    }
}
