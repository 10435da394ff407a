//! Spaces at which no line may end: in dates, between a number and what it counts, after titles and
//! abbreviations, inside initials.
//!
//! The words below are those of all languages at once, because a letter names people, places and laws of
//! others. Sources: Real Academia Española, *Ortografía de la lengua española* (2010), and The Chicago
//! Manual of Style, 17th edition, 6.121 and 7.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use crate::render::recipient_marks;

/// The maximum length of a text that is kept on one line, in characters.
pub(super) const MAX_TIE: usize = 24;

/// Months, in full and abbreviated.
const MONTHS: &str = "
    January February March April May June July August September October November December
    Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec.
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
    gener febrer març maig juny juliol agost setembre desembre
    Januar Februar März Mai Juni Juli Oktober Dezember";

/// What stands before a name.
const TITLES: &str = "
    Mr. Mrs. Ms. Mx. Dr. Drs. Prof. Rev. Hon. Sen. Rep. Gov. Gen. Col. Capt. Lt. Sgt. St. Fr. Msgr.
    Sr. Sra. Srta. Sres. Sras. Dra. Dres. D. D.ª Dña. Don Doña Lic. Licda. Lcda. Lcdo. Ing. Arq. Mtro. Mtra.
    Profr. Profa. C. Dip. Pbro. Mons. Gral. Cap. Cnel. Tte. Abg. Abog. Psic. Biól. Quím. Antrop. Ph.D.
    M. MM. Mme Mlle Me Herr Frau Sig. Sig.ra Dott. Dott.ssa";

/// What stands before a number.
const NUMBERED: &str = "
    § §§ ¶ # No. Nos. no. nos. Art. Arts. art. arts. Sec. Secs. sec. secs. Ch. ch. chap. p. pp. para. paras.
    vol. vols. fig. figs. Fig. ed. Article article Articles articles Section section Sections sections
    Chapter chapter Page page pages Annex Appendix Exhibit Enclosure Figure Table Room Suite Apt. Act
    n.º n.os N.º n.° nº Nº N° n° núm. núms. Núm. Núms. pág. págs. Pág. párr. párrs. cap. caps. t. frac. fracc.
    inc. exp. Exp. transitorio artículo artículos Artículo Artículos fracción fracciones Fracción inciso incisos
    párrafo párrafos numeral numerales capítulo capítulos título libro tomo página páginas Anexo anexo Anexos
    cuadro tabla figura siglo siglos expediente folio acuerdo oficio Calle calle Avenida avenida Av. Carretera
    Km km Lote Mz. Lt. Piso piso Despacho Depto. Int. Ext. C.P. CP apartado";

/// What stands after a number.
const UNITS: &str = "
    % ‰ ° °C °F mm cm m km m² m³ km² km/h ha hectáreas hectares mg g kg t l L ml mL W kW MW GW kWh MWh GWh V A
    Hz kHz MHz GHz dB µg ppm ppb s min h hrs hours horas am pm a.m. p.m. in ft mi lb oz acres miles kilometers
    kilómetros metros meters toneladas tonnes tons litros liters pesos dólares dollars euros centavos cents
    USD MXN EUR GTQ mil thousand million millions billion millón millones billones mdp mdd por percent
    años years meses months días days";

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

static MONTH_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| words(MONTHS));
static TITLE_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(TITLES));
static NUMBERED_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(NUMBERED));
static UNIT_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(UNITS));

/// Makes the spaces of a text hold that no line may end at, unless what they hold together is too long.
///
/// A dash between two spaces does not start a line either, and a hyphen does not end one.
pub(super) fn tie(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut tied = String::with_capacity(text.len());
    let mut held = 0;
    for (index, word) in words.iter().enumerate() {
        let length = recipient_marks::length(word);
        let fits = held + 1 + length <= MAX_TIE;
        held += 1 + length;
        if index > 0 {
            let tie = is_dash(word) || fits && holds(&words, index);
            tied.push(if tie { '\u{a0}' } else { ' ' });
            if !tie {
                held = length;
            }
        } else {
            held = length;
        }
        tied.push_str(word);
    }
    tied
}

/// Ties the last two words of a name, and a small word to what it leads to, so that no line of a list ends in
/// "de" or "and", nor has an acronym alone. In a column that is too narrow for what is tied, a template makes
/// these spaces breakable again.
pub(super) fn tie_name(text: &str) -> String {
    const SMALL: &[&str] = &[
        "a", "al", "and", "da", "das", "de", "del", "di", "do", "dos", "e", "el", "en", "for",
        "la", "las", "los", "of", "para", "por", "the", "van", "von", "y", "&",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    // From the end: what a small word leads to may be tied itself.
    let mut tied: Vec<&str> = Vec::new();
    let mut held = 0;
    for (index, word) in words.iter().enumerate().rev() {
        let length = recipient_marks::length(word);
        let last = index + 2 == words.len() && words.len() > 2;
        let holds = (last || SMALL.contains(word)) && length + 1 + held <= MAX_TIE;
        if index + 1 < words.len() {
            tied.push(if holds { "\u{a0}" } else { " " });
        }
        held = if holds { length + 1 + held } else { length };
        tied.push(word);
    }
    tied.into_iter().rev().collect()
}

/// Ties a short last word to the one before it, so that it is not alone on the last line of a paragraph.
pub(super) fn tie_end(text: &str) -> Cow<'_, str> {
    match text.rsplit_once(' ') {
        Some((before, last)) if !before.ends_with(' ') && is_short_end(last) => {
            Cow::Owned(format!("{before}\u{a0}{last}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Whether the end of a paragraph is a short word.
pub(super) fn is_short_end(text: &str) -> bool {
    /// In characters, with the full stop.
    const SHORT: usize = 5;
    !text.contains(' ') && matches!(text.chars().count(), 1..=SHORT)
}

/// Whether a line must not end between two texts.
pub(super) fn tied(before: &str, after: &str) -> bool {
    let mut words: Vec<&str> = before.rsplit(' ').take(2).collect();
    words.reverse();
    let index = words.len();
    words.extend(after.split(' ').take(2));
    words.get(index).is_some_and(|word| is_dash(word)) || holds(&words, index)
}

fn is_dash(word: &str) -> bool {
    matches!(word, "-" | "–" | "—")
}

/// Whether the space before a word holds.
fn holds(words: &[&str], index: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied().unwrap_or("");
    let (before, after) = (opened(word(index.checked_sub(1))), word(Some(index)));
    // Nothing below holds two small words together but a day and a month, and "a. m.".
    let is_small = |word: &str| word.starts_with(char::is_lowercase);
    if is_small(before) && is_small(after) && !matches!(before, "de" | "a." | "p.") {
        return false;
    }
    let earlier = opened(word(index.checked_sub(2)));
    let (bare, next) = (closed(after), closed(word(Some(index + 1))));
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let number = is_number(before);
    let month = |word: &str| MONTH_NAMES.contains(word);
    // Words are looked up last: most of them are neither numbers nor capitalized, and stand beside none.
    // August 24, 24 August, 24 de agosto
    let date = is_day(bare) && month(before)
        || is_day(before) && (month(bare) || month(after) || bare == "de" && month(next))
        || before == "de" && is_day(earlier) && month(bare);
    // 25 km, 10 %, 5 000, 10 a. m.
    let counted = number
        && (UNIT_WORDS.contains(bare) || UNIT_WORDS.contains(after) || is_group(before, bare))
        || number && matches!(after, "a." | "p.") && next == "m"
        || matches!(before, "a." | "p.") && bare == "m";
    // $ 500, art. 8, siglo XXI
    let numbered = matches!(before, "$" | "US$" | "MX$" | "Q" | "€" | "£") && is_number(bare)
        || (bare.starts_with(|c: char| c.is_ascii_digit()) || is_roman(bare))
            && NUMBERED_WORDS.contains(before);
    // Lic. Ana, J. R. Smith, A. C., S. A. de C. V., EE. UU.
    let capital = starts_with_capital(after);
    let abbreviated = capital && (is_initial(before) || TITLE_WORDS.contains(before))
        || before == "A." && after == "de" && next == "C"
        || before == "de" && earlier == "A." && after == "C."
        || is_plural(before) && is_plural(&format!("{bare}."));
    // Felipe VI
    let regnal = starts_with_capital(before) && bare.len() > 1 && is_roman(bare);
    // Red del Agua (RDA), Red del Agua A.C.
    let acronym = !is_dash(next)
        && starts_with_capital(before)
        && (bare
            .strip_prefix('(')
            .is_some_and(|word| word.chars().all(char::is_uppercase) && word.len() > 1)
            || matches!(bare, "A.C" | "S.C" | "I.A.P" | "A.B.P" | "S.A")
            || is_initial(after) && is_initial(&format!("{next}.")) && next.len() == 1);
    // A hyphen between two spaces.
    let hyphen = before == "-" && !earlier.is_empty();
    date || counted || numbered || abbreviated || regnal || acronym || hyphen
}

/// A word without the marks before it.
fn opened(word: &str) -> &str {
    word.trim_start_matches(['(', '[', '"', '\'', '“', '‘', '«', '¿', '¡', '—', '–'])
}

/// A word without the marks after it.
fn closed(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '”', '’', '»', '…'])
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || ".,:/-–ºª°½¼¾%".contains(c))
}

fn is_day(word: &str) -> bool {
    let digits = word.trim_end_matches(['º', '°', ',']);
    let digits = ["st", "nd", "rd", "th", "er"]
        .iter()
        .find_map(|end| digits.strip_suffix(end))
        .unwrap_or(digits);
    matches!(digits.len(), 1 | 2) && digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether a number goes on in groups of three digits, as in "5 000".
fn is_group(before: &str, after: &str) -> bool {
    let digits = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let group = after.split(['.', ',']).next().unwrap_or(after);
    matches!(before.len(), 1..=3) && digits(before) && group.len() == 3 && digits(group)
}

/// A Roman numeral below 4000.
fn is_roman(word: &str) -> bool {
    static ROMAN: LazyLock<regex::Regex> = LazyLock::new(|| {
        regex::Regex::new("^M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
            .expect("a pattern")
    });
    let is_digit = |c: char| matches!(c, 'M' | 'D' | 'C' | 'L' | 'X' | 'V' | 'I');
    !word.is_empty() && word.chars().all(is_digit) && ROMAN.is_match(word)
}

/// A capital letter with a full stop.
fn is_initial(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.next() == Some('.')
        && letters.next().is_none()
}

/// The abbreviation of a plural in Spanish: "EE.", "UU.", "DD.", "HH."
fn is_plural(word: &str) -> bool {
    let mut letters = word.chars();
    let four = [letters.next(), letters.next(), letters.next(), letters.next()];
    matches!(four, [Some(a), Some(b), Some('.'), None] if a == b && a.is_uppercase())
}

fn starts_with_capital(word: &str) -> bool {
    opened(word).starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Phrases that no line may end in, in English and in Spanish. A `_` is a space that holds.
    const HELD: &[&str] = &[
        "on August_24, 2021",
        "on 24_August 2021",
        "since Sept._1",
        "the 3rd_May",
        "by March_31.",
        "Art._8",
        "Arts._8 and 9",
        "Article_14",
        "Section_230",
        "section_4(b)",
        "§_39",
        "§§_39–41",
        "Sec._5",
        "No._12",
        "no._7",
        "p._12",
        "pp._12–15",
        "para._3",
        "vol._2",
        "Fig._4",
        "Chapter_IV",
        "Annex_II",
        "Exhibit_3",
        "Room_5",
        "25_km",
        "10_%",
        "3.5_kg",
        "40_°C",
        "5_000 people",
        "12_500,50_pesos",
        "$_500",
        "US$_20",
        "50_million dollars",
        "7_p.m.",
        "9:30_a.m.",
        "9:30_am",
        "100_years",
        "Mr._Smith",
        "Mrs._Jones",
        "Ms._Doe",
        "Dr._Ruiz",
        "Prof._Lee",
        "Rev._King",
        "Sen._Warren",
        "Hon._Jane",
        "J._R._Smith",
        "(J._R. Smith",
        "Henry_VIII",
        "Elizabeth_II",
        "el 24_de_agosto de 2021",
        "1º_de_mayo",
        "el 20_de_diciembre",
        "(12_de_marzo)",
        "art._8",
        "artículo_27",
        "arts._1",
        "fracción_IV",
        "inciso_3",
        "numeral_5",
        "párrafo_2",
        "§_39",
        "n.º_5",
        "núm._5",
        "núms._5 y 6",
        "p._12",
        "pág._7",
        "págs._7",
        "cap._2",
        "t._I",
        "exp._44/2026",
        "oficio_12",
        "folio_381",
        "siglo_XXI",
        "tomo_II",
        "Felipe_VI",
        "Juan_XXIII",
        "Calle_5",
        "Av._16",
        "Km_12",
        "C.P._68000",
        "Lic._Ana",
        "Licda._Ruiz",
        "Dra._Luna",
        "Dr._Ruiz",
        "Ing._Cruz",
        "Mtra._Sosa",
        "Sr._Paz",
        "Sra._Paz",
        "C._Ana",
        "Dip._Mora",
        "Gral._Soto",
        "Pbro._Gil",
        "Red del Agua_A._C.",
        "Casa_A.C.",
        "S._A._de_C._V.",
        "EE._UU.",
        "DD._HH.",
        "B._C.",
        "P._D.",
        "10_a._m.",
        "8:30_p._m.",
        "25_km",
        "10_%",
        "50_millones de pesos",
        "3_mil",
        "$_1,500",
        "5_000 firmas",
        "20_hectáreas",
        "Agua_(RDA)",
        "25_años",
        "Don_José",
        "D._Juan",
    ];

    #[test]
    fn spaces_hold() {
        for phrase in HELD {
            let spoken = phrase.replace('_', " ");
            let tied = tie(&spoken);
            for (position, wanted) in phrase.char_indices().filter(|(_, c)| *c == '_') {
                let index = phrase[..position].chars().count();
                assert_eq!(
                    tied.chars().nth(index),
                    Some('\u{a0}'),
                    "{wanted} of {phrase:?}: {tied:?}"
                );
            }
            let held = tied.chars().filter(|c| *c == '\u{a0}').count();
            if !phrase.starts_with("(J.") {
                assert_eq!(held, phrase.matches('_').count(), "{phrase:?}: {tied:?}");
            }
        }
    }

    #[test]
    fn other_spaces_do_not_hold() {
        for text in [
            "May the council act",
            "In 2026 we wrote",
            "the articles of the law",
            "He and I agree",
            "of the Dr",
            "grupo a. Otros",
            "Marta y C vimos",
            "24 people in August",
            "20 de las firmas",
            "no 5th column",
            "de 2026 a 2027",
            "page after page",
            "the sections below",
            "CIVIL rights",
            "5 00 12",
        ] {
            assert_eq!(tie(text), text);
        }
    }

    #[test]
    fn dashes_do_not_start_a_line() {
        assert_eq!(tie("A (B) - C D"), "A (B)\u{a0}-\u{a0}C D");
        assert_eq!(tie("A — B"), "A\u{a0}— B");
        let long = "Supercalifragilístico - Espialidoso";
        assert_eq!(tie(long), "Supercalifragilístico\u{a0}- Espialidoso");
        assert_eq!(tie("a-b c"), "a-b c");
        let acronym = "Service Committee (AFSC)\u{a0}-\u{a0}Oficina";
        assert_eq!(tie(&acronym.replace('\u{a0}', " ")), acronym);
    }

    #[test]
    fn what_is_too_long_is_not_held() {
        let long = tie("Mr. Supercalifragilisticoespialidoso");
        assert!(!long.contains('\u{a0}'));
        for part in tie("J. R. R. A. B. C. D. E. F. G. H. I. K. Smith").split(' ') {
            assert!(part.chars().count() <= MAX_TIE, "{part:?}");
        }
    }

    #[test]
    fn names_hold_at_small_words_and_at_their_end() {
        let tied = |name: &str| tie_name(name).replace('\u{a0}', "_");
        assert_eq!(tied("Red de Mujeres del Norte"), "Red de_Mujeres del_Norte");
        assert_eq!(
            tied("Center for the Study of Water A.C."),
            "Center for_the_Study of_Water_A.C."
        );
        assert_eq!(
            tied("Comunidad y Desarrollo Interinstitucional"),
            "Comunidad y_Desarrollo Interinstitucional"
        );
        assert_eq!(tied("Ana Luna"), "Ana Luna");
        assert_eq!(
            tied("Ayuda humanitaria al migrante, A.B.P."),
            "Ayuda humanitaria al_migrante,_A.B.P."
        );
        assert_eq!(
            tied("Organización México Americana para el Desarrollo, A.C."),
            "Organización México Americana para_el_Desarrollo,_A.C."
        );
        assert_eq!(tied("Promoción de los Derechos Humanos"), "Promoción de_los_Derechos_Humanos");
    }

    #[test]
    fn a_short_last_word_is_not_alone() {
        assert_eq!(tie_end("lets you do so."), "lets you do\u{a0}so.");
        assert_eq!(tie_end("the reinstatement"), "the reinstatement");
        assert_eq!(tie_end("so."), "so.");
    }

    #[test]
    fn a_line_break_of_the_source_holds_like_a_space() {
        assert!(tied("muchas firmas, el 20", "de diciembre de 2018"));
        assert!(tied("of August", "24, 2021"));
        assert!(!tied("of the", "24 people"));
    }
}
