//! Which font is used for a script that the font of the text lacks, and which letters a language has.

use std::cmp::Reverse;

use ecow::EcoString;
use icu_locale::exemplar_chars::ExemplarCharacters;
use icu_locale::subtags::Script;
use icu_locale::{LanguageIdentifier, LocaleExpander};
use typst::text::{FontFlags, FontInfo};

use crate::fonts::{CODE_FAMILY, DEFAULT_FAMILY, Fonts, Origin};
use crate::language::Tag;

/// The scripts for which a font is chosen, by their codes in ISO 15924, with some letters of each. One that
/// is not here is set in the font that Typst chooses.
///
/// The letters are those of the Unicode CLDR; to take them from there for each letter would take longer than
/// to choose the fonts.
const SCRIPTS: &[(&str, &str)] = &[
    ("Latn", "acegikmoqsuwy"),
    ("Grek", "ΐήαδηκνπσφωό"),
    ("Cyrl", "агжймптхшыю"),
    ("Hebr", "אגהזטךלמנעפצרת"),
    ("Arab", "ءؤاتحذسضعقمو\u{64b}\u{64e}\u{651}"),
    ("Hans", "一佩加哀奖巡恶插极济理究聪裕辈阻"),
    ("Hant", "一備又均容彞披星歷煙盼素芳談速雙"),
    ("Jpan", "々ボ値卓塗尽怨換柳淑界筆能覧載限"),
    ("Kore", "가꺻녶됱뛬릧뱢뼝쇘쒓읎쨉쳄콿툺퓵"),
    ("Deva", "\u{901}इऌओघझढधभळह\u{940}\u{947}\u{94d}"),
    ("Beng", "\u{981}ইঌকচটতপযস\u{9bf}\u{9c4}\u{9cd}\u{9e2}"),
    ("Guru", "\u{a02}ਈਐਖਚਞਢਦਫਯਸ\u{a3f}\u{a47}\u{a4d}ੲ"),
    ("Gujr", "\u{a81}ઇઍઔઙઞણનમવ\u{abc}\u{ac1}\u{ac7}\u{acd}"),
    ("Orya", "\u{b01}ଆଊଓଗଛଟଣଧବରଶ\u{b3c}\u{b41}\u{b48}ୟ"),
    ("Taml", "ஃஇஊஐஔசடநமறழஸ\u{bbf}\u{bc2}\u{bc8}\u{bcc}"),
    ("Telu", "\u{c01}ఇఌఓఘఝఢధభలస\u{c41}\u{c47}\u{c4d}"),
    ("Knda", "\u{c82}ಈಎಔಙಞಣನಮಳಹ\u{cc0}\u{cc6}\u{ccc}ೡ"),
    ("Mlym", "\u{d02}ഇഋഒഖചഞഢദഫയളഷ"),
    ("Sinh", "\u{d82}ඈඍඕඝජඨතඳමවළ\u{dd1}\u{dd8}\u{ddd}"),
    ("Thai", "กฆซฐตบฟฤษฮำ\u{e38}โ\u{e47}\u{e4c}"),
    ("Laoo", "ກຈຕບພຣຫະ\u{eb4}\u{eb8}ຽໃ\u{ec9}\u{ecd}"),
    ("Mymr", "ကငဈဌတနဘလဠဥဪ\u{102e}\u{1032}\u{1039}\u{103d}"),
    ("Khmr", "កចដតបយហឧឭឲ\u{17b9}\u{17be}\u{17c3}\u{17c8}\u{17d0}"),
    ("Geor", "ადზკნჟტქშძხ"),
    ("Armn", "ադէժխհճնչռտւօ"),
    ("Ethi", "ሀሓሥሷቋቯኁኗኩወዜዮጉጧጹፌ"),
    ("Cher", "ᏸꭱꭷꭽꮃꮉꮏꮕꮛꮡꮧꮭꮳꮹꮿ"),
    ("Mong", "агжймптхшыюү"),
    ("Syrc", "܀܅܊\u{711}ܖܛܠܥܪ\u{732}\u{737}\u{73c}\u{741}\u{746}"),
];

/// The scripts whose texts a font for European languages sets.
const EUROPEAN: &[&str] = &["Latn", "Grek", "Cyrl"];

/// A family to try for a text.
#[derive(Debug, Clone, Eq, PartialEq)]
pub(crate) struct Family {
    /// Its name.
    pub name: EcoString,
    /// What it is used for.
    pub only: Only,
}

/// What a family is used for.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(crate) enum Only {
    /// Everything that it has.
    All,
    /// European letters in a text of another script, whose signs come from the font of that script.
    Letters,
    /// Everything but the signs that look different in Chinese and Japanese.
    NotEastAsianSigns,
}

impl Fonts {
    /// The families for a text in a language, in the order in which they are tried: the font of the text,
    /// the built-in one, and for every script that they lack the family that suits best. Where Typst
    /// would choose among all, it would take the typewriter font for its width, or one for a few
    /// characters that it has.
    pub(crate) fn families(&self, font: &str, tag: &Tag) -> Vec<Family> {
        let all = |name: &str| Family { name: name.into(), only: Only::All };
        let mut list: Vec<Family> = Vec::new();
        let own = script_of(tag);
        let sample = sample_of(&own);
        let lacks = |list: &[Family], sample: &[char]| {
            !list.iter().any(|family| self.family_covers(&family.name, sample))
        };
        if !EUROPEAN.contains(&own.as_str())
            && lacks(&[all(font), all(DEFAULT_FAMILY)], &sample)
            && let Some(best) = self.best(&own, tag, &sample, font)
        {
            let only = match own.as_str() {
                "Hans" | "Hant" | "Jpan" => Only::NotEastAsianSigns,
                _ => Only::Letters,
            };
            list.extend([Family { name: font.into(), only }, all(&best)]);
        }
        list.push(all(font));
        if !font.eq_ignore_ascii_case(DEFAULT_FAMILY) {
            list.push(all(DEFAULT_FAMILY));
        }
        for (script, sample) in SCRIPTS.iter().filter(|(script, _)| *script != own) {
            let sample: Vec<char> = sample.chars().collect();
            if lacks(&list, &sample)
                && let Some(best) = self.best(script, &script_tag(script), &sample, font)
            {
                list.push(all(&best));
            }
        }
        list
    }

    /// The families that have all letters of a language, and those that have nearly all, with the ones
    /// that they lack. `None` if no letters of the language are known.
    pub(crate) fn families_for(&self, tag: &Tag) -> Option<Vec<(&str, Vec<char>)>> {
        let letters = letters_of(tag);
        let most = letters.len() / 10;
        let lacking = |family: &str| {
            let missing = letters.iter().filter(|c| !self.family_covers(family, &[**c]));
            missing.copied().collect::<Vec<_>>()
        };
        let names = self.book().families().map(|(name, _)| name);
        let families = names.map(|name| (name, lacking(name)));
        let families = families.filter(|(_, missing)| missing.len() <= most);
        (!letters.is_empty()).then(|| families.collect())
    }

    /// Whether the faces of a family have most of these characters.
    fn family_covers(&self, family: &str, letters: &[char]) -> bool {
        let faces = self.book().select_family(&family.to_lowercase()).collect::<Vec<_>>();
        let has = |c: &&char| {
            let mut infos = faces.iter().filter_map(|face| self.book().info(*face));
            infos.any(|info| info.coverage.contains(u32::from(**c)))
        };
        // A first look at one of them is enough for most families.
        let first = letters.get(letters.len() / 2);
        first.is_none_or(|c| has(&c)) && covers(letters.iter().filter(has).count(), letters.len())
    }

    /// The family that suits a script best beside the font of the text: from a folder of the letter, then
    /// of the command line, then a built-in one; for the language; with or without serifs as the text.
    fn best(&self, script: &str, tag: &Tag, sample: &[char], beside: &str) -> Option<EcoString> {
        if sample.is_empty() {
            return None;
        }
        let look_of = |family: &str| {
            let face = self.book().select_family(&family.to_lowercase()).next()?;
            self.book().info(face).and_then(has_serifs)
        };
        let look = look_of(beside);
        let score = |name: &str| {
            let face = self.book().select_family(&name.to_lowercase()).next()?;
            let info = self.book().info(face)?;
            if is_typewriter(info) || !self.family_covers(name, sample) {
                return None;
            }
            let rank = match self.origin(face)? {
                Origin::Letter(_) => 3,
                Origin::Folder(_) => 2,
                Origin::Carried(_) => 1,
                Origin::System(_) => 0,
            };
            let alike = look.is_some() && has_serifs(info) == look;
            let words = name.split(' ').zip(beside.split(' ')).take_while(|(a, b)| a == b).count();
            Some((rank, variant_rank(name, script, tag), alike, words, Reverse(name.len())))
        };
        let names = self.book().families().map(|(name, _)| name);
        let scored = names.filter_map(|name| Some((score(name)?, Reverse(name))));
        scored.max().map(|(_, Reverse(name))| name.into())
    }
}

/// Whether so many of a number of characters are enough for a font to be one for their script.
fn covers(there: usize, all: usize) -> bool {
    there > 0 && 10 * there >= 9 * all
}

/// How well the name of a font for Chinese, Japanese or Korean says that it is for a script or region:
/// the same character looks different in each.
fn variant_rank(name: &str, script: &str, tag: &Tag) -> usize {
    let region = tag.region().unwrap_or_default();
    let endings: &[&str] = match (script, region) {
        ("Hant", "HK" | "MO") => &["HK", "TC", "HC"],
        ("Hant", _) => &["TC", "TW", "HK"],
        ("Hans", _) => &["SC", "CN", "GB"],
        ("Jpan", _) => &["JP", "J"],
        ("Kore", _) => &["KR", "K"],
        _ => return 0,
    };
    let last = name.rsplit(' ').next().unwrap_or_default();
    endings.iter().rev().position(|ending| *ending == last).map_or(0, |at| at + 1)
}

/// Whether a font has serifs, or what corresponds to them in its script, as far as it says.
fn has_serifs(info: &FontInfo) -> Option<bool> {
    let name = info.family.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["sans", "gothic", "kufi", "hei"]) {
        Some(false)
    } else if says(&["serif", "naskh", "amiri", "mincho", "ming", "song", "batang", "myeongjo"])
        || info.flags.contains(FontFlags::SERIF)
    {
        Some(true)
    } else {
        None
    }
}

fn is_typewriter(info: &FontInfo) -> bool {
    info.flags.contains(FontFlags::MONOSPACE)
        || info.family == CODE_FAMILY
        || info.family.split(' ').any(|word| word == "Mono")
}

/// The script of a language, as a code of ISO 15924.
pub(crate) fn script_of(tag: &Tag) -> String {
    let mut id = tag.locale().id;
    LocaleExpander::new_extended().maximize(&mut id);
    id.script.map_or_else(|| "Latn".into(), |script| script.as_str().to_owned())
}

/// Whether the script of a language has italics. Others stress words by their weight.
pub(crate) fn has_italics(tag: &Tag) -> bool {
    EUROPEAN.contains(&script_of(tag).as_str())
}

/// Whether letters of the script of a language are joined, or stand in squares, so that no space is put
/// between them to fill a line.
pub(crate) fn joins_letters(tag: &Tag) -> bool {
    !["Latn", "Grek", "Cyrl", "Hebr", "Armn", "Geor"].contains(&script_of(tag).as_str())
}

/// What separates a name from an office, in a language.
pub(crate) fn comma(tag: &Tag) -> &'static str {
    match script_of(tag).as_str() {
        "Arab" => "، ",
        "Hans" | "Hant" => "，",
        "Jpan" => "、",
        _ => ", ",
    }
}

/// The language in which a script is written most.
pub(crate) fn script_tag(script: &str) -> Tag {
    let mut id = LanguageIdentifier::UNKNOWN;
    id.script = Script::try_from_str(script).ok();
    LocaleExpander::new_extended().maximize(&mut id);
    (id.script, id.region) = (None, None);
    let tag = Tag::from(id.clone());
    if script_of(&tag) == script {
        return tag;
    }
    id.script = Script::try_from_str(script).ok();
    Tag::from(id)
}

/// Some letters of a script, from the first to the last.
fn sample_of(script: &str) -> Vec<char> {
    match SCRIPTS.iter().find(|(known, _)| *known == script) {
        Some((_, sample)) => sample.chars().collect(),
        None => sample_from_cldr(script),
    }
}

/// The same from the Unicode CLDR.
fn sample_from_cldr(script: &str) -> Vec<char> {
    let letters = exemplars(&script_tag(script));
    let step = letters.len().div_ceil(16).max(1);
    letters.into_iter().step_by(step).collect()
}

/// The letters in which a language is written, small and capital: the main exemplar characters of the
/// Unicode CLDR, or those of its script's language with the most speakers.
pub(crate) fn letters_of(tag: &Tag) -> Vec<char> {
    let mut letters = exemplars(tag);
    if letters.is_empty() {
        letters = exemplars(&script_tag(&script_of(tag)));
    }
    let capitals: Vec<char> = letters.iter().flat_map(|c| c.to_uppercase()).collect();
    letters.extend(capitals);
    letters.sort_unstable();
    letters.dedup();
    letters
}

fn exemplars(tag: &Tag) -> Vec<char> {
    for tag in tag.with_parents() {
        let Ok(main) = ExemplarCharacters::try_new_main(&tag.locale().into()) else { continue };
        let mut letters: Vec<char> = main.code_points().iter_chars().collect();
        letters.extend(main.strings().iter().flat_map(str::chars));
        if !letters.is_empty() {
            letters.sort_unstable();
            letters.dedup();
            return letters;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Tag {
        text.parse().expect("a tag")
    }

    #[test]
    fn every_script_has_letters() {
        for (script, sample) in SCRIPTS {
            let letters = sample_from_cldr(script);
            assert!(letters.len() >= 9, "{script}");
            assert_eq!(*sample, letters.iter().collect::<String>(), "{script}");
        }
        assert_eq!(script_of(&tag("zh-TW")), "Hant");
        assert_eq!(script_of(&tag("sr")), "Cyrl");
        assert_eq!(script_of(&tag("nah")), "Latn");
    }

    #[test]
    fn the_font_of_the_text_comes_first_and_the_typewriter_is_not_among_them() {
        let fonts = Fonts::default();
        for language in ["en", "ar", "he", "el", "zh"] {
            let families = fonts.families("Libertinus Sans", &tag(language));
            assert_eq!(families[0].name, "Libertinus Sans", "{language}");
            assert!(families.iter().all(|family| family.name != CODE_FAMILY), "{language}");
        }
    }
}
