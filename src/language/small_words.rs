//! The small words by which a text shows its language.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The language of two in which a short text is, if a word of it belongs to one and not to the other: `of` to
/// English and not to Spanish. `None` for names and for what may be both.
pub(crate) fn language_of(text: &str, languages: [&str; 2]) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    // A word with a capital may be part of a name; the first of "Dear Secretary" and "Sincerely" has one.
    let first = words.first().map(|word| word.to_lowercase());
    let small: Vec<&str> =
        words.iter().skip(1).copied().filter(|word| word.starts_with(char::is_lowercase)).collect();
    let of = |language: &str| WORDS.iter().find(|(code, ..)| *code == language);
    let [one, other] = languages;
    let own = |language: &str, foreign: &str| {
        let (code, usual, first_words) = of(language)?;
        let theirs = |word: &str| of(foreign).is_some_and(|(_, words, _)| has(words, word));
        let begins = first.as_deref().is_some_and(|word| has(first_words, word));
        let says = begins || small.iter().any(|word| has(usual, word) && !theirs(word));
        says.then_some(*code)
    };
    if one == other { None } else { own(one, other).or_else(|| own(other, one)) }
}

/// Whether small words leave no doubt that a text is in a language: a fifth of its words are small words of that
/// language, and a fifteenth are such as each other one lacks, beside five of which stands at most one that only the
/// other one has, as Italian has the "lo" of Spanish. Spanish and Catalan share "de la" and "el", but not "y" and "los".
pub(crate) fn is_clearly(text: &str, language: &str) -> bool {
    /// The languages that have a word, as the bits of their places in [`WORDS`].
    static LANGUAGES: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
        let mut languages = HashMap::new();
        for (at, (_, words, _)) in WORDS.iter().enumerate() {
            words.split(' ').for_each(|word| *languages.entry(word).or_default() |= 1 << at);
        }
        languages
    });
    let Some(own) = WORDS.iter().position(|(code, ..)| *code == language) else { return false };
    let (mut all, mut small) = (0, 0);
    // How many of its words each language lacks, and how many of theirs it lacks.
    let (mut ours, mut theirs) = ([0; WORDS.len()], [0; WORDS.len()]);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        all += 1;
        let Some(of) = LANGUAGES.get(word) else { continue };
        let has = |language: usize| of & (1_u32 << language) != 0;
        small += usize::from(has(own));
        for other in 0..WORDS.len() {
            ours[other] += usize::from(has(own) && !has(other));
            theirs[other] += usize::from(has(other) && !has(own));
        }
    }
    let mut others = (0..WORDS.len()).filter(|other| *other != own);
    small > 0
        && small * 5 >= all
        && others.all(|other| ours[other] * 15 >= all && theirs[other] * 5 <= ours[other])
}

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// Language, articles, prepositions and conjunctions, and words that begin salutations and closings.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "en",
        "of the and for to with from by on at an in our your we is are all against",
        "dear sincerely yours respectfully faithfully kind best",
    ),
    (
        "es",
        "de la el los las del y con por para en que una un su sus nuestro nuestra nuestros nuestras al sobre contra sin \
         hasta más pero también",
        "estimado estimada estimados estimadas atentamente cordialmente respetuosamente muy",
    ),
    (
        "pt",
        "de da do das dos e com por para em que uma um ao à sobre contra nosso nossa",
        "prezado prezada prezados prezadas atenciosamente cordialmente respeitosamente",
    ),
    (
        "fr",
        "de la le les des du et avec par pour en que une un au aux sur contre notre votre",
        "madame monsieur mesdames messieurs cordialement respectueusement cher chère",
    ),
    (
        "it",
        "di il la lo gli le del della dei e con per in che una un al alla sul contro nostro",
        "gentile egregio egregia cordiali distinti cordialmente",
    ),
    (
        "de",
        "der die das den dem des und von für mit zu im in auf an über gegen unser unsere",
        "sehr liebe lieber hochachtungsvoll",
    ),
    (
        "ca",
        "de la el els les del i amb per en que una un al sobre contra",
        "benvolgut benvolguda atentament",
    ),
    ("ht", "nan ak pou ki yo yon sou kont", "chè onorab"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_leave_no_doubt() {
        let english =
            "We urge your government to keep its promise and to protect all who ask for it.";
        let spanish =
            "Instamos a su gobierno a cumplir con su promesa y a proteger a los que lo piden.";
        let portuguese =
            "Pedimos que o governo cumpra a promessa que fez e proteja a todos os que pedem.";
        assert!(is_clearly(english, "en") && is_clearly(spanish, "es"));
        assert!(!is_clearly(english, "es") && !is_clearly(spanish, "en"));
        assert!(!is_clearly(portuguese, "es") && !is_clearly(spanish, "pt"));
        assert!(!is_clearly(&format!("{english} {spanish}"), "en"));
        assert!(!is_clearly("", "en") && !is_clearly("Red del Agua", "fi"));
        let catalan = "El govern de la ciutat va dir que la construcció de la presa del riu era una bona notícia \
            en una comarca que fa anys que demana el retorn del tren.";
        assert!(!is_clearly(catalan, "es"));
    }

    #[test]
    fn small_words_tell_the_language() {
        let known = |text| language_of(text, ["en", "es"]);
        assert_eq!(known("Director of Communications"), Some("en"));
        assert_eq!(known("Sincerely,"), Some("en"));
        assert_eq!(known("Estimada secretaria:"), Some("es"));
        assert_eq!(known("Mapa de los pozos"), Some("es"));
        for text in ["Director", "Red TDT", "Of Mice", "", "A title"] {
            assert_eq!(known(text), None, "{text}");
        }
        // French has it too.
        assert_eq!(language_of("Mapa de Tijuana", ["es", "fr"]), None);
    }
}
