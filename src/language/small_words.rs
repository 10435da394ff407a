//! The small words by which a short text shows its language.

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
        "de la el los las del y con por para en que una un su nuestro nuestra al sobre contra",
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
