//! Invented lists of signatories in the shapes of real ones, of which it is known who is whom.
//!
//! Whoever signs is drawn with the frequencies of a real population: few names are common, most are rare.
//! Some sign twice, as people do who are not sure whether it worked: with a slip, another link, a
//! nickname, without a second family name. Others only look like it: namesakes, siblings, colleagues who
//! link to the same page, chapters of one organization.

use std::collections::HashSet;

use crate::checks::duplicates::name::Name;
use crate::checks::measuring::Random;

/// A list, and for each entry who it is.
pub(super) struct Invented {
    pub names: Vec<Name>,
    pub who: Vec<usize>,
}

impl Random {
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A name: a common one, or a rare one, which is put together from two of them. More than a third of
    /// a population has a family name that no list of the most common ones has.
    fn name(&mut self, all: &[String], rare_in_hundred: usize) -> String {
        let name = self.common(all);
        if self.below(100) >= rare_in_hundred {
            return name;
        }
        let other: Vec<char> = self.common(all).chars().collect();
        let head: String = name.chars().take(4).collect();
        head.chars().chain(other.into_iter().skip(3)).collect()
    }

    /// One of some words, the first ones more often: the n-th as often as one in n (Zipf's law).
    fn common(&mut self, all: &[String]) -> String {
        const BEND: f64 = 8.0;
        let at = self.below(1 << 30) as f64 / f64::from(1 << 30);
        let rank = BEND * ((all.len() as f64 / BEND + 1.0).powf(at) - 1.0);
        let below = (1..all.len()).take_while(|below| *below as f64 <= rank).count();
        all[below].clone()
    }
}

/// The first and family names of a country.
struct Country {
    code: String,
    given: Vec<String>,
    family: Vec<String>,
}

/// Of which names a list is made.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub(super) enum Set {
    /// The even ones of `names.tsv`.
    Tuned,
    /// The odd ones.
    Held,
    /// Those of other countries, whose bearers and organizations also sign in more ways.
    Unread,
}

/// Reads the names of each country.
fn countries(set: Set) -> Vec<Country> {
    let mut all: Vec<Country> = Vec::new();
    let (file, step, skipped) = match set {
        Set::Tuned => (include_str!("../../../../tests/duplicates/names.tsv"), 2, 0),
        Set::Held => (include_str!("../../../../tests/duplicates/names.tsv"), 2, 1),
        Set::Unread => (include_str!("../../../../tests/duplicates/names-unread.tsv"), 1, 0),
    };
    for row in file.lines().filter(|row| !row.starts_with('#')) {
        let cells: Vec<&str> = row.split('\t').collect();
        let names = cells[2].split(';').skip(skipped).step_by(step).map(str::to_owned);
        match cells[1] {
            "given" => all.push(Country {
                code: cells[0].into(),
                given: names.collect(),
                family: Vec::new(),
            }),
            _ => all.last_mut().expect("first names come first").family.extend(names),
        }
    }
    all
}

/// How an entry is written.
#[derive(Clone, Default)]
struct Entry {
    person: bool,
    given: Vec<String>,
    family: Vec<String>,
    /// A name that is written as it is: that of an organization, or a handle.
    whole: String,
    about: String,
    link: String,
    bare: bool,
}

impl Entry {
    fn text(&self) -> String {
        if !self.whole.is_empty() {
            return self.whole.clone();
        }
        [&self.given[..], &self.family[..]].concat().join(" ")
    }
}

const PLACES: &[&str] = &[
    "Puebla", "Oaxaca", "Leeds", "York", "Tijuana", "Quito", "Rosario", "Bristol", "Austin",
    "Lima", "Dayton", "Tucson", "Mérida", "Sonora", "Chiapas", "Bogotá", "Cali", "Denver",
    "Utrecht", "Lyon", "Sevilla", "Bilbao", "Recife", "Porto", "Graz", "Kiel", "Cuenca", "Piura",
    "Tacna", "Loja",
];
const THINGS: &[&str] = &[
    "Agua",
    "River",
    "Migrantes",
    "Derechos Humanos",
    "Water",
    "Forest",
    "Bosque",
    "Mujeres",
    "Women",
    "Jóvenes",
    "Youth",
    "Tierra",
    "Land",
    "Vecinos",
    "Neighbours",
    "Niñez",
    "Children",
    "Salud",
    "Health",
    "Cultura",
    "Vivienda",
    "Housing",
    "Memoria",
    "Paz",
    "Peace",
    "Maíz",
    "Seeds",
    "Refugio",
];
const JOBS: &[&str] = &[
    "developer",
    "former member",
    "teacher",
    "profesora",
    "directora",
    "coordinator",
    "investigador",
    "student",
    "board member",
    "abogada",
];

/// Makes a list with about as many entries.
pub(super) fn list(size: usize, seed: u64, set: Set) -> Invented {
    let mut random = Random(seed);
    let countries = countries(set);
    // Most people of a list are of one or two countries.
    let home = [random.below(countries.len()), random.below(countries.len())];
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    let mut family_before: Vec<String> = Vec::new();
    let mut organizations: HashSet<String> = HashSet::new();
    let mut who = 0;
    while entries.len() < size {
        let mut entry = if random.one_in(6) {
            organization(&mut random, who)
        } else {
            let abroad = random.one_in(3);
            let at = if abroad { random.below(countries.len()) } else { home[random.below(2)] };
            person(&mut random, &countries[at], who)
        };
        // No two organizations have the same name.
        if !entry.person && !organizations.insert(entry.whole.clone()) {
            continue;
        }
        // Families sign together, with other first names.
        if entry.person && !entry.family.is_empty() && random.one_in(12) {
            if !family_before.is_empty() {
                entry.family.clone_from(&family_before);
            }
        } else if !entry.family.is_empty() {
            family_before.clone_from(&entry.family);
        }
        entries.push((who, entry.clone()));
        // Many more sign twice where a form does not say that it worked.
        let times = if random.one_in(25) { 1 + usize::from(random.one_in(8)) } else { 0 };
        for _ in 0..times {
            if !entry.bare || !entry.link.is_empty() {
                let again = match set {
                    Set::Unread if random.one_in(3) => again_in_other_ways(&mut random, &entry),
                    _ => again(&mut random, &entry),
                };
                entries.push((who, again));
            }
        }
        who += 1;
    }
    // In any order: Fisher and Yates.
    for at in (1..entries.len()).rev() {
        entries.swap(at, random.below(at + 1));
    }
    let name = |entry: &Entry| {
        let name = entry.text();
        let name = if entry.person { Name::person(&name) } else { Name::organization(&name) };
        name.with(&entry.about).linked(&entry.link)
    };
    Invented {
        who: entries.iter().map(|(who, _)| *who).collect(),
        names: entries.iter().map(|(_, entry)| name(entry)).collect(),
    }
}

fn person(random: &mut Random, country: &Country, who: usize) -> Entry {
    let two = country.code.starts_with("es") || country.code.starts_with("pt");
    let mut given = vec![random.name(&country.given, 12)];
    if random.one_in(if two { 4 } else { 9 }) {
        given.push(random.name(&country.given, 12));
    }
    let mut family = vec![random.name(&country.family, 40)];
    if two && !random.one_in(3) {
        family.push(random.name(&country.family, 40));
    }
    let mut entry = Entry { person: true, given, family, ..Entry::default() };
    match random.below(30) {
        // "Tim", "Tim E.", "arno_k": how many sign who do not wish to say more.
        0 | 1 => (entry.family, entry.bare) = (Vec::new(), true),
        2 => {
            let initial = entry.family[0].chars().take(1).collect::<String>();
            (entry.family, entry.bare) = (vec![format!("{initial}.")], true);
        }
        3 => {
            entry.whole = handle(random, &entry);
        }
        4 | 5 if entry.given.len() > 1 => {
            let initial = entry.given[1].chars().take(1).collect::<String>();
            entry.given[1] = format!("{initial}.");
        }
        6 => entry.given.insert(0, random.of(&["Dr.", "Prof.", "Dra.", "Rev."]).into()),
        _ => {}
    }
    if random.one_in(3) {
        entry.about = about(random);
    }
    if random.one_in(4) {
        entry.link = format!("https://example.org/{}{who}", fold_handle(&entry.given[0]));
    } else if !entry.about.is_empty() && random.one_in(8) {
        // Colleagues link to the page of their organization.
        entry.link = format!("https://example.net/{}", random.of(PLACES));
    }
    entry
}

fn about(random: &mut Random) -> String {
    let (job, thing, place) = (random.of(JOBS), random.of(THINGS), random.of(PLACES));
    match random.below(3) {
        0 => format!("{thing} {place}"),
        1 => format!("{job}, {thing} {place}"),
        _ => format!("Universidad de {place}"),
    }
}

fn handle(random: &mut Random, entry: &Entry) -> String {
    let (given, family) = (fold_handle(&entry.given[0]), fold_handle(&entry.family[0]));
    match random.below(4) {
        0 => format!("{given}_{}", &family[..1]),
        1 => format!("{given}{family}"),
        2 => format!("{}{family}{}", &given[..1], random.below(100)),
        _ => format!("{family}{}", random.below(2000)),
    }
}

fn fold_handle(name: &str) -> String {
    let folded = crate::language::fold(name);
    if folded.is_ascii() && !folded.is_empty() { folded } else { "x".into() }
}

fn organization(random: &mut Random, who: usize) -> Entry {
    let (thing, other, place) = (random.of(THINGS), random.of(THINGS), random.of(PLACES));
    let whole = match random.below(9) {
        0 => format!("Centro de {thing} de {place}"),
        1 => format!("Friends of the {thing}, {place}"),
        2 => format!("Red {thing} {place}"),
        3 => format!("{place} {thing} and {other} Coalition"),
        4 => format!("Asociación {thing} y {other}, {place}"),
        5 => format!("Colectivo {thing} {place}"),
        6 => format!("Amnistía Internacional {place}"),
        7 => format!("{thing} sin Fronteras {place}"),
        _ => format!("{place} Institute for {thing} {other}"),
    };
    // A name of its own, so that most organizations are told apart.
    let own = ["Xo", "Ka", "Lu", "Te", "Mi", "Za", "Bre", "Tlo", "Ñu", "Cua"];
    let own = format!("{}{}{}", random.of(&own), random.of(&own), random.of(&own)).to_lowercase();
    let own: String =
        own.chars().take(1).flat_map(char::to_uppercase).chain(own.chars().skip(1)).collect();
    let whole = if random.one_in(2) { format!("{own} {whole}") } else { whole };
    let link = if random.one_in(2) { format!("https://example.com/{who}") } else { String::new() };
    Entry { whole, link, ..Entry::default() }
}

/// The same signatory once more, as people write their name a second time.
fn again(random: &mut Random, entry: &Entry) -> Entry {
    let mut other = entry.clone();
    if random.one_in(5) {
        other.link = String::new();
    }
    let kind = random.below(100);
    if !entry.person {
        other.whole = match kind {
            0..35 => other.whole,
            35..50 => other.whole.to_uppercase(),
            50..65 => format!("{}, A.C.", other.whole),
            65..75 => other.whole.replace(" de ", " ").replace(" the ", " "),
            75..90 => slip(random, &other.whole),
            90..96 => format!("{} (XQZ)", other.whole),
            _ => {
                other.person = true;
                other.whole
            }
        };
        return other;
    }
    if !other.whole.is_empty() {
        // A handle: written the same, or in full with the same link.
        if kind < 15 && !other.link.is_empty() {
            other.whole = String::new();
        }
        return other;
    }
    match kind {
        0..36 => {}
        36..42 => other = written(&other, str::to_uppercase),
        42..48 => other = written(&other, str::to_lowercase),
        48..54 => other = written(&other, without_accents),
        54..66 => {
            let text = slip(random, &other.text());
            other = written(&other, |_| text.clone());
        }
        66..76 => match (other.given.len() > 1, other.family.len() > 1) {
            (true, _) if random.one_in(2) => {
                let initial = other.given[1].chars().take(1).collect::<String>();
                other.given[1] = format!("{initial}.");
            }
            (true, _) => drop(other.given.pop()),
            (_, true) => drop(other.family.pop()),
            _ => {}
        },
        76..80 if !other.family.is_empty() => {
            let text = format!("{}, {}", other.family.join(" "), other.given.join(" "));
            other = written(&other, |_| text.clone());
        }
        80..84 => other.given.insert(0, "Dr.".into()),
        84..97 => match other.about.is_empty() {
            true => other.about = about(random),
            false => other.about = String::new(),
        },
        _ => {
            let short: String = other.given[0].chars().take(4).collect();
            if other.given[0].chars().count() > 5 {
                other.given[0] = short;
            }
        }
    }
    other
}

/// The same signatory once more, in ways that no rule was made for: each third one of the lists that are
/// only counted.
fn again_in_other_ways(random: &mut Random, entry: &Entry) -> Entry {
    let mut other = entry.clone();
    let first = |word: &str| word.chars().take(1).collect::<String>();
    let kind = random.below(100);
    if !entry.person {
        let words = other.whole.split([' ', ',']).filter(|word| !word.is_empty());
        let long = words.filter(|word| word.chars().count() > 3 && *word != "para");
        let acronym: String = long.map(|word| first(word).to_uppercase()).collect();
        other.whole = match kind {
            0..25 => format!("{} ({acronym})", other.whole),
            25..45 => format!("{acronym} - {}", other.whole),
            45..60 => format!("{acronym}, {}", other.whole),
            60..70 => other.whole.replace(" y ", " & ").replace(" and ", " & "),
            70..80 => format!("The {}", other.whole),
            80..90 => {
                // Those who sign for it name themselves a person.
                other.person = true;
                other.whole
            }
            _ => format!("{} e.V.", other.whole),
        };
        return other;
    }
    if !other.whole.is_empty() || other.family.is_empty() {
        return other;
    }
    match kind {
        // "MAGYAR Ilona", "Ilona MAGYAR".
        0..10 => other.family.iter_mut().for_each(|name| *name = name.to_uppercase()),
        10..18 => {
            let text = [&other.family[..], &other.given[..]].concat().join(" ");
            other = written(&other, |_| text.clone());
        }
        // A compound family name with a hyphen or in one word.
        18..30 if other.family.len() > 1 => other.family = vec![other.family.join("-")],
        30..34 if other.family.len() > 1 => other.family = vec![other.family.concat()],
        // "Müller", "Mueller".
        18..48 => {
            const PLAIN: &[(&str, &str)] = &[
                ("ä", "ae"),
                ("ö", "oe"),
                ("ü", "ue"),
                ("ø", "oe"),
                ("å", "aa"),
                ("đ", "dj"),
                ("ç", "s"),
                ("š", "s"),
                ("č", "c"),
                ("ő", "o"),
                ("ñ", "n"),
                ("y", "i"),
                ("z", "s"),
                ("v", "b"),
                ("k", "c"),
            ];
            let text = other.text();
            let mut fit = PLAIN.iter().filter(|(letter, _)| text.contains(letter));
            let plain = fit.next().map_or(text.clone(), |(from, to)| text.replacen(from, to, 1));
            other = written(&other, |_| plain.clone());
        }
        48..62 if !other.about.is_empty() => {
            let text = format!("{} ({})", other.text(), other.about);
            other = Entry { whole: text, about: String::new(), ..other };
        }
        48..70 => {
            let text = format!("{}, {}", other.text(), random.of(&["PhD", "MD", "M.Sc.", "Dr."]));
            other = written(&other, |_| text.clone());
        }
        // An initial for the first of two names, or of all where the link says who it is.
        70..80 if other.given.len() > 1 || !other.link.is_empty() => {
            other.given[0] = format!("{}.", first(&other.given[0]));
        }
        // A maiden name, or that of a spouse.
        80..86 if !other.about.is_empty() => {
            other.family.push(first(&other.given[0]) + "andersen");
        }
        86..92 if !other.link.is_empty() => {
            other.whole = handle(random, entry);
        }
        // The place where they are, in the field for the organization.
        _ if other.about.is_empty() => other.about = random.of(PLACES).to_owned(),
        _ => {}
    }
    other
}

fn written(entry: &Entry, change: impl Fn(&str) -> String) -> Entry {
    Entry { whole: change(&entry.text()), ..entry.clone() }
}

fn without_accents(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

/// A text with one slip of the fingers, in one of its longer words.
fn slip(random: &mut Random, text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| words[*at].chars().count() > 5).collect();
    let Some(at) = long.get(random.below(long.len())) else { return text.to_owned() };
    let mut letters: Vec<char> = words[*at].chars().collect();
    let inside = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 => drop(letters.remove(inside)),
        1 => letters.insert(inside, letters[inside]),
        2 => letters.swap(inside, inside.max(2) - 1),
        _ => {
            letters[inside] = ['a', 'e', 'k', 'n', 's', 'z'][random.below(6)];
        }
    }
    words[*at] = letters.into_iter().collect();
    words.join(" ")
}
