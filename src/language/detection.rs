//! Detects the language of a text.

use std::collections::BTreeSet;
use std::ops::Range;

use whatlang::{Detector, Lang};

use crate::language::Tag;
use crate::language::small_words::is_clearly;

/// Guesses the language of texts, among those of a letter and the most common others.
///
/// whatlang uses the frequency of trigrams. Its tables are compiled into the program; nothing is
/// loaded.
pub(crate) struct LanguageDetector {
    detector: Detector,
    known: Vec<(Tag, Lang)>,
}

/// The minimum number of letters of a text. Below that, no answer is better than a guess.
const MIN_LETTERS: usize = 40;
/// The minimum number of words.
const MIN_WORDS: usize = 7;

/// Languages with their codes in ISO 639-1 and whatlang's name for them.
const LANGUAGES: &[(&str, Lang)] = &[
    ("en", Lang::Eng),
    ("es", Lang::Spa),
    ("fr", Lang::Fra),
    ("pt", Lang::Por),
    ("it", Lang::Ita),
    ("de", Lang::Deu),
    ("ca", Lang::Cat),
    ("nl", Lang::Nld),
    ("ar", Lang::Ara),
    ("ru", Lang::Rus),
    ("uk", Lang::Ukr),
    ("pl", Lang::Pol),
    ("tr", Lang::Tur),
    ("zh", Lang::Cmn),
    ("ja", Lang::Jpn),
    ("ko", Lang::Kor),
    ("hi", Lang::Hin),
    ("vi", Lang::Vie),
    ("el", Lang::Ell),
    ("he", Lang::Heb),
    ("fa", Lang::Pes),
    ("ro", Lang::Ron),
    ("sv", Lang::Swe),
    ("cs", Lang::Ces),
    ("hu", Lang::Hun),
    ("id", Lang::Ind),
    ("fa", Lang::Pes),
];

/// How many of [`LANGUAGES`] are always considered.
const USUAL: usize = 6;

impl LanguageDetector {
    /// A detector for a letter in these languages.
    pub(crate) fn new<'t>(tags: impl Iterator<Item = &'t Tag>) -> Self {
        let of = |tag: &Tag| LANGUAGES.iter().find(|(code, _)| *code == tag.language());
        let known: Vec<(Tag, Lang)> =
            tags.filter_map(|tag| of(tag).map(|(_, lang)| (tag.clone(), *lang))).collect();
        let mut wanted: Vec<Lang> = known.iter().map(|(_, lang)| *lang).collect();
        wanted.extend(LANGUAGES.iter().take(USUAL).map(|(_, lang)| *lang));
        wanted.sort_by_key(whatlang::Lang::code);
        wanted.dedup();
        Self { detector: Detector::with_allowlist(wanted), known }
    }

    /// Whether a language can be detected.
    pub(crate) fn knows(tag: &Tag) -> bool {
        LANGUAGES.iter().any(|(code, _)| *code == tag.language())
    }

    /// Whether a text is long enough to be judged.
    pub(crate) fn is_long_enough(text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        letters >= MIN_LETTERS && text.split_whitespace().count() >= MIN_WORDS
    }

    /// The code of the language of a text, if it is clearly different from `tag`. Quotes, names and
    /// the `foreign` parts do not count.
    pub(crate) fn other_language(
        &self,
        text: &str,
        foreign: &[Range<usize>],
        tag: &Tag,
    ) -> Option<&'static str> {
        let own =
            self.known.iter().find(|(known, _)| known.language() == tag.language())?.0.language();
        let text = judged(text, foreign);
        // Counting words takes a fraction of the time of counting trigrams.
        if is_clearly(&text, own) {
            return None;
        }
        self.language(&text).filter(|found| *found != own)
    }

    /// The code of the language of a text, if it is long enough to be judged.
    pub(crate) fn language(&self, text: &str) -> Option<&'static str> {
        if !Self::is_long_enough(text) {
            return None;
        }
        let found = self.detector.detect(text).filter(whatlang::Info::is_reliable)?.lang();
        LANGUAGES.iter().find(|(_, lang)| *lang == found).map(|(code, _)| *code)
    }
}

/// A language that whatlang does not know, by its most common words that its neighbours do not have.
struct Own {
    code: &'static str,
    /// The least share of these words in a text.
    share: f64,
    /// The least number of different words.
    distinct: usize,
    words: &'static [&'static str],
}

/// The words and shares were chosen on the first half of the Universal Declaration of Human Rights and measured
/// on the second: of its pieces of 150 words all are found, of those of sixty words nine in ten, and none of 18
/// other languages is taken for one of these.
const OWN: &[Own] = &[
    Own {
        code: "gl",
        share: 0.025,
        distinct: 3,
        words: &[
            "agás", "algunha", "algunhas", "ata", "aínda", "calquera", "cando", "coa", "coas",
            "dende", "dun", "dunha", "dunhas", "dunna", "estea", "facer", "grazas", "lle", "lles",
            "moi", "moita", "moitas", "moito", "moitos", "máis", "ningunha", "ninguén", "nosa",
            "nosas", "noso", "nosos", "nunha", "sexa", "sexan", "súa", "súas", "tamén", "teña",
            "teñan", "teñen", "tódalas", "tódolos", "túa", "unha", "unhas", "xa", "xente", "xunta",
            "xunto", "xustiza", "ó", "ós",
        ],
    },
    Own {
        code: "eu",
        share: 0.07,
        distinct: 3,
        words: &[
            "arabera", "artean", "aurka", "bai", "baina", "baita", "baten", "behar", "bere",
            "beste", "bezala", "bidez", "buruz", "dago", "daude", "dela", "dezagun", "dezan",
            "dira", "direla", "ditu", "dituen", "dituzte", "duen", "dugu", "dugun", "dute",
            "duten", "edo", "egin", "egiteko", "ere", "eta", "ez", "ezin", "gabe", "gure",
            "guztiak", "guztiek", "guztien", "hau", "honek", "hori", "horiek", "izan", "izango",
            "zituen", "zuen",
        ],
    },
    Own {
        code: "ht",
        share: 0.18,
        distinct: 5,
        words: &[
            "ak", "anpil", "ansanm", "ap", "avèk", "chak", "dwe", "epi", "fè", "gen", "genyen",
            "jan", "ka", "ki", "konsa", "kote", "kòm", "li", "lè", "lòt", "menm", "moun", "nan",
            "nou", "pa", "pandan", "paske", "pou", "sa", "san", "si", "sou", "tankou", "te", "tou",
            "yo", "yon",
        ],
    },
];

impl Own {
    fn is_of(&self, text: &str) -> bool {
        let (mut all, mut found) = (0_u32, 0_u32);
        let mut distinct = BTreeSet::new();
        for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
            all += 1;
            let word = word.to_lowercase();
            // Spanish has -ciones, and Portuguese -ções.
            let is_plural =
                self.code == "gl" && (word.ends_with("cións") || word.ends_with("sións"));
            if is_plural || self.words.contains(&&*word) {
                found += 1;
                distinct.insert(word);
            }
        }
        distinct.len() >= self.distinct && f64::from(found) >= self.share * f64::from(all)
    }
}

/// The code of the language that most of a text is in.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    if let Some(own) = OWN.iter().find(|own| own.is_of(text)) {
        return Some(own.code);
    }
    let detector = Detector::with_allowlist(LANGUAGES.iter().map(|(_, lang)| *lang).collect());
    let found = detector.detect_lang(text)?;
    LANGUAGES.iter().find(|(_, lang)| *lang == found).map(|(code, _)| *code)
}

/// Whether a text is rather in the first language than in the second. Where neither is known, it is not.
pub(crate) fn is_rather(text: &str, tag: &Tag, than: &Tag) -> bool {
    let of = |tag: &Tag| {
        let found = LANGUAGES.iter().find(|(code, _)| *code == tag.language());
        found.map(|(_, lang)| *lang)
    };
    let all = || LANGUAGES.iter().map(|(_, lang)| *lang).collect();
    match (of(tag), of(than)) {
        (Some(lang), Some(other)) => {
            Detector::with_allowlist(vec![lang, other]).detect_lang(text) == Some(lang)
        }
        (Some(lang), None) => Detector::with_allowlist(all()).detect_lang(text) == Some(lang),
        (None, Some(other)) => Detector::with_allowlist(all()).detect_lang(text) != Some(other),
        (None, None) => false,
    }
}

/// The author's own words in a text: no quotes, no names, no numbers, nothing foreign.
pub(crate) fn judged(text: &str, foreign: &[Range<usize>]) -> String {
    let mut own = String::with_capacity(text.len());
    let mut closing: Option<char> = None;
    let mut sentence = true;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let (start, end) = (at, at + word.trim_end().len());
        at += word.len();
        if foreign.iter().any(|range| range.start < end && start < range.end) {
            continue;
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let name = bare.starts_with(char::is_uppercase) && !sentence
            || bare.chars().any(char::is_numeric)
            || word.contains("://");
        let was_quoted = closing.is_some();
        for c in word.chars() {
            closing = match (closing, c) {
                (None, '“') => Some('”'),
                (None, '«') => Some('»'),
                (None, '"') => Some('"'),
                (Some(end), c) if c == end => None,
                (open, _) => open,
            };
        }
        let quoted = was_quoted || closing.is_some() || word.contains(['"', '“', '«']);
        if !name && !quoted {
            own.push_str(word);
        }
        sentence = word.trim_end().ends_with(['.', '!', '?', ':']) || (sentence && bare.is_empty());
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::sample_letters::Sample;
    use crate::language::words;

    /// Every sample that `new` writes is known, but those that are too short to tell.
    #[test]
    fn samples_are_in_their_languages() {
        for (code, text) in [
            (
                "gl",
                "Escribimos porque moitas persoas non teñen auga na súa casa, e pedimos que a xente sexa escoitada.",
            ),
            (
                "eu",
                "Auzoko etxe guztiek ez dute urik, eta gure eskaera hori da: konponketa hasi behar dela lehenbailehen.",
            ),
            (
                "ht",
                "Nou ekri ou paske anpil moun pa gen dlo nan kay yo, epi nou mande pou yo repare ponp lan.",
            ),
            (
                "pt",
                "Escrevemos porque muitas pessoas não têm água em casa, e pedimos que a gente seja ouvida pelos seus.",
            ),
            (
                "es",
                "Yo escribo porque muchas personas no tienen agua en su casa, y pedimos que la gente sea escuchada.",
            ),
            (
                "fr",
                "Nous écrivons parce que tout le monde ici manque d'eau, et moi aussi, pour que les gens soient entendus.",
            ),
            (
                "ca",
                "Escrivim perquè moltes persones no tenen aigua a casa, i demanem que la gent sigui escoltada aviat.",
            ),
            (
                "it",
                "Scriviamo perché molte persone non hanno acqua in casa, e chiediamo che la gente sia ascoltata.",
            ),
        ] {
            assert_eq!(language_of(text), Some(code), "{text}");
        }
        for sample in words::all_samples() {
            let found = OWN.iter().find(|own| own.is_of(&sample.body)).map(|own| own.code);
            let is_own =
                |code| words::samples(&tag(code)).is_some_and(|own| own.body == sample.body);
            assert!(found.is_none_or(is_own), "{}", sample.body);
        }
    }

    fn tag(text: &str) -> Tag {
        text.parse().expect("a tag")
    }

    fn other(text: &str, language: &str) -> Option<&'static str> {
        let tags = [tag("en"), tag("es-MX")];
        LanguageDetector::new(tags.iter()).other_language(text, &[], &tag(language))
    }

    #[test]
    fn a_paragraph_in_another_language_is_known() {
        let english =
            "We urge your government to keep its promise and to protect all who ask for it.";
        let spanish =
            "Instamos a su gobierno a cumplir su promesa y a proteger a quienes lo piden.";
        assert_eq!((other(english, "en"), other(english, "es-MX")), (None, Some("en")));
        assert_eq!((other(spanish, "es-MX"), other(spanish, "en")), (None, Some("es")));
    }

    /// The paragraphs of the letters of the tests in many languages.
    fn paragraphs() -> Vec<(String, String)> {
        let bodies = Sample::all().into_iter().flat_map(|letter| letter.bodies);
        let paragraphs = bodies
            .flat_map(|(tag, blocks)| blocks.into_iter().map(move |text| (tag.clone(), text)));
        paragraphs.collect()
    }

    /// Counting words says nothing else than the trigrams do.
    #[test]
    fn small_words_find_no_other_language() {
        let paragraphs = paragraphs();
        assert!(paragraphs.len() > 300, "{}", paragraphs.len());
        let own = ["en", "es", "pt", "fr", "it", "de", "ca"].map(tag);
        let (mut counted, mut all) = (0, 0);
        for (written, text) in &paragraphs {
            for own in &own {
                let text = judged(text, &[]);
                let is_own = own.language() == tag(written).language();
                all += usize::from(is_own && LanguageDetector::is_long_enough(&text));
                if !is_clearly(&text, own.language()) {
                    continue;
                }
                counted += usize::from(LanguageDetector::is_long_enough(&text));
                let letter = [own.clone(), tag(written)];
                let found = LanguageDetector::new(letter.iter()).language(&text);
                let agrees = found.is_none_or(|found| found == own.language());
                assert!(is_own && agrees, "{written}, {own}, {found:?}: {text}");
            }
        }
        assert!(counted * 2 > all, "{counted} of {all}");
    }

    #[test]
    fn quotes_and_names_are_left_alone() {
        let quote =
            "Dijo: \"We urge your government to keep its promise and to protect all who ask.\"";
        assert_eq!(other(quote, "es-MX"), None);
        assert_eq!(
            other(
                "Washington Office on Latin America, Human Rights First, Witness at the Border",
                "es-MX"
            ),
            None
        );
        assert_eq!(other("Thank you.", "es-MX"), None);
    }
}
