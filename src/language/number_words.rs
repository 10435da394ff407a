//! Whole numbers in words: "seventy-three", "setenta y tres". ICU4X does not spell numbers out yet.

/// The gender that a number agrees with in Spanish.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Gender {
    /// "treinta y un firmantes".
    Masculine,
    /// "treinta y una organizaciones".
    Feminine,
}

/// A number below a million as it is written before a noun. `None` for larger numbers and for
/// languages other than English and Spanish.
pub(crate) fn spelled(number: usize, language: &str, gender: Gender) -> Option<String> {
    if number >= 1_000_000 {
        return None;
    }
    match language {
        "en" => Some(english(number)),
        "es" => Some(spanish(number, gender)),
        _ => None,
    }
}

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// American usage: "one hundred one", with a hyphen from twenty-one to ninety-nine.
fn english(number: usize) -> String {
    match number {
        0..20 => ENGLISH[number].to_owned(),
        20..100 => match number % 10 {
            0 => ENGLISH_TENS[number / 10].to_owned(),
            rest => format!("{}-{}", ENGLISH_TENS[number / 10], ENGLISH[rest]),
        },
        100..1000 => joined(format!("{} hundred", ENGLISH[number / 100]), english, number % 100),
        _ => joined(format!("{} thousand", english(number / 1000)), english, number % 1000),
    }
}

fn joined(head: String, spell: impl Fn(usize) -> String, rest: usize) -> String {
    if rest == 0 { head } else { format!("{head} {}", spell(rest)) }
}

const SPANISH: [&str; 30] = [
    "cero",
    "un",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiún",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const SPANISH_TENS: [&str; 10] =
    ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const SPANISH_HUNDREDS: [&str; 10] = [
    "",
    "ciento",
    "doscient",
    "trescient",
    "cuatrocient",
    "quinient",
    "seiscient",
    "setecient",
    "ochocient",
    "novecient",
];

/// According to the Diccionario panhispánico de dudas (RAE, s. v. «cardinales»): before a noun "un"
/// and "veintiún"; in the feminine "una", "veintiuna", "doscientas".
fn spanish(number: usize, gender: Gender) -> String {
    let feminine = gender == Gender::Feminine;
    let spell = |number| spanish(number, gender);
    match number {
        1 if feminine => "una".to_owned(),
        21 if feminine => "veintiuna".to_owned(),
        0..30 => SPANISH[number].to_owned(),
        30..100 => match number % 10 {
            0 => SPANISH_TENS[number / 10].to_owned(),
            rest => format!("{} y {}", SPANISH_TENS[number / 10], spell(rest)),
        },
        100 => "cien".to_owned(),
        101..200 => joined("ciento".to_owned(), spell, number % 100),
        200..1000 => {
            let ending = if feminine { "as" } else { "os" };
            let head = format!("{}{ending}", SPANISH_HUNDREDS[number / 100]);
            joined(head, spell, number % 100)
        }
        1000..2000 => joined("mil".to_owned(), spell, number % 1000),
        _ => joined(format!("{} mil", spell(number / 1000)), spell, number % 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_and_spanish_are_spelled() {
        let en = |n| spelled(n, "en", Gender::Masculine).expect("English");
        assert_eq!(en(73), "seventy-three");
        assert_eq!(en(40), "forty");
        assert_eq!(en(1_101), "one thousand one hundred one");
        assert_eq!(en(700_000), "seven hundred thousand");
        let un = |n| spelled(n, "es", Gender::Masculine).expect("Spanish");
        let una = |n| spelled(n, "es", Gender::Feminine).expect("Spanish");
        assert_eq!(un(73), "setenta y tres");
        assert_eq!((un(31), una(31)), ("treinta y un".into(), "treinta y una".into()));
        assert_eq!((un(21), una(21)), ("veintiún".into(), "veintiuna".into()));
        assert_eq!(una(1_231), "mil doscientas treinta y una");
        assert_eq!(un(21_100), "veintiún mil cien");
        assert_eq!(una(500), "quinientas");
        assert_eq!(spelled(1_000_000, "en", Gender::Masculine), None);
        assert_eq!(spelled(3, "fr", Gender::Masculine), None);
    }
}
