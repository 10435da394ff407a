//! The signatories below a letter: names that were broken over lines, coalitions with their members,
//! people with their titles.

use crate::checks::names::SMALL;
use crate::documents::model::Run;
use crate::documents::people::{
    has_form, is_marked, is_name, is_somebody, is_suffix, parts, split_outside, without_honorific,
};
use crate::documents::vocabulary::{Part, Vocabulary};
use crate::language::fold;
use crate::source::url::Url;

/// Somebody who signs.
#[derive(Debug, Default, Clone, Eq, PartialEq)]
pub(super) struct Entry {
    pub name: String,
    pub is_person: bool,
    pub title: String,
    /// Whether a line below the name may be of this one as well as somebody who signs.
    pub is_guess: bool,
    pub organization: String,
    pub url: String,
    pub note: String,
    pub members: Vec<Entry>,
    pub group: String,
}

impl Entry {
    /// All that is known of it.
    pub(super) fn words(&self) -> String {
        let texts = [&self.name, &self.title, &self.organization, &self.note].into_iter().cloned();
        let all = texts.chain(self.members.iter().map(Self::words));
        all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// A line with a name, or a part of one.
#[derive(Debug, Default, Clone)]
pub(super) struct NameLine {
    pub text: String,
    /// The only address that the line leads to.
    pub url: String,
    /// Whether it is parted from the line before.
    pub gap: bool,
    /// Whether it is a whole entry in itself, such as the item of a list.
    pub is_whole: bool,
    /// The heading above it.
    pub group: String,
    /// Whether that heading says that these are organizations, or people.
    pub kind: Option<Part>,
    /// Whether the document shows that it belongs to the name above, as a line in the same cell does.
    pub belongs: bool,
    /// The items of the list in it.
    pub members: Vec<String>,
    /// What is known of it from a table, instead of the text.
    pub entry: Option<Entry>,
}

/// The longest name. A line that is longer holds something else.
pub(super) const MAX_NAME: usize = 300;

/// The address of the only link in a line.
pub(super) fn only_url(runs: &[Run]) -> String {
    let mut links: Vec<&str> = runs.iter().filter_map(|run| run.link.as_deref()).collect();
    links.dedup();
    match links[..] {
        [link] => Url::parse(link).map(|url| url.as_str().to_owned()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The entries of some lines.
pub(super) fn entries(vocabulary: &Vocabulary, lines: Vec<NameLine>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut blocks = with_offices(vocabulary, blocks_of_lines(lines));
    parted_blocks(vocabulary, &mut blocks);
    for group in blocks {
        if let Some(entry) = signed(vocabulary, &group) {
            entries.push(entry);
            continue;
        }
        // A name above an organization may be that of a person of it.
        let is_guess =
            matches!(&group[..], [first, rest @ ..] if has_below(vocabulary, first, rest));
        let start = entries.len();
        for line in group {
            entries.extend(read(vocabulary, &line));
        }
        entries[start..].iter_mut().take(1).for_each(|entry| entry.is_guess = is_guess);
    }
    people_among_people(vocabulary, &mut entries);
    entries
}

/// Joins the lines of names that were broken, and parts the rest where the author left a gap.
fn blocks_of_lines(lines: Vec<NameLine>) -> Vec<Vec<NameLine>> {
    let mut blocks: Vec<Vec<NameLine>> = Vec::new();
    // The lengths of the lines that the last entry was joined of.
    let mut lengths: Vec<usize> = Vec::new();
    for line in lines {
        let length = line.text.chars().count();
        if let Some(last) = blocks.last_mut().and_then(|block| block.last_mut())
            && goes_on(last, &lengths, &line)
        {
            last.text = format!("{} {}", last.text, line.text);
            if last.url != line.url {
                last.url = if last.url.is_empty() { line.url } else { String::new() };
            }
            lengths.push(length);
            continue;
        }
        lengths = vec![length];
        match blocks.last_mut() {
            Some(block) if !line.gap && !line.is_whole => block.push(line),
            _ => blocks.push(vec![line]),
        }
    }
    blocks
}

/// Joins a person and the office that stands below the name as a paragraph of its own, if everybody of the
/// group has one. Where only some do, it may be an organization with a name such as "Representative Council".
fn with_offices(vocabulary: &Vocabulary, blocks: Vec<Vec<NameLine>>) -> Vec<Vec<NameLine>> {
    let is_person = |line: &NameLine| !line.is_whole && is_somebody(vocabulary, &line.text);
    let is_office = |line: &NameLine| {
        !line.is_whole
            && line.members.is_empty()
            && line.kind != Some(Part::Organizations)
            && is_title(vocabulary, &line.text)
    };
    let lacks_office = |at: usize| {
        let next = blocks.get(at + 1);
        matches!(&blocks[at][..], [only] if is_person(only))
            && !next.is_some_and(|next| {
                next[0].group == blocks[at][0].group && next.iter().all(is_office)
            })
    };
    let lacking = (0..blocks.len()).filter(|at| lacks_office(*at));
    let unsure: Vec<String> = lacking.map(|at| blocks[at][0].group.clone()).collect();
    let mut joined: Vec<Vec<NameLine>> = Vec::new();
    for block in blocks {
        match joined.last_mut().map(Vec::as_mut_slice) {
            Some([last])
                if is_person(last)
                    && last.group == block[0].group
                    && !unsure.contains(&last.group)
                    && block.iter().all(is_office) =>
            {
                let last = joined.last_mut().expect("there is one");
                last.extend(block);
            }
            _ => joined.push(block),
        }
    }
    joined
}

/// Whether lines below a name may say who that is.
fn has_below(vocabulary: &Vocabulary, first: &NameLine, rest: &[NameLine]) -> bool {
    (1..=3).contains(&rest.len())
        && is_somebody(vocabulary, &first.text)
        && (first.kind != Some(Part::Organizations) || is_marked(vocabulary, &first.text))
        && rest
            .iter()
            .all(|line| is_title(vocabulary, &line.text) || is_body(vocabulary, &line.text))
}

/// Where names with lines below them are parted by gaps, all of a heading in the same way, what stands below
/// a name belongs to it.
fn parted_blocks(vocabulary: &Vocabulary, blocks: &mut [Vec<NameLine>]) {
    let has_lines = |block: &Vec<NameLine>| has_below(vocabulary, &block[0], &block[1..]);
    for group in blocks.chunk_by_mut(|a, b| a[0].group == b[0].group) {
        if group.len() > 1 && group.iter().all(has_lines) {
            group.iter_mut().flat_map(|block| &mut block[1..]).for_each(|line| line.belongs = true);
        }
    }
}

/// Whether a line is an office, and no organization whose name begins as one.
pub(super) fn is_title(vocabulary: &Vocabulary, text: &str) -> bool {
    let first = parts(text).into_iter().next().unwrap_or_default();
    vocabulary.is_office(text) && !is_organization(vocabulary, &first)
}

/// Whether a line is the name of an organization.
fn is_body(vocabulary: &Vocabulary, text: &str) -> bool {
    let is_named = vocabulary.contains(Part::Body, text)
        || has_form(text)
        || vocabulary.is_office(text) && !is_title(vocabulary, text);
    is_named && !is_name(vocabulary, text)
}

/// What is many, so that one who is "of" it without an article is no person: "Coordinadora de Organizaciones".
const MANY: &[&str] = &[
    "organizaciones",
    "colectivos",
    "colectivas",
    "comites",
    "redes",
    "asociaciones",
    "sindicatos",
    "movimientos",
    "grupos",
    "comunidades",
    "pueblos",
    "organizations",
    "collectives",
    "associations",
    "unions",
    "groups",
    "communities",
    "tribes",
];

/// Words of the names of bodies that are no bodies by themselves: "National Director of the Union".
const ADJECTIVES: &[&str] =
    &["nacional", "federal", "internacional", "national", "international", "rights", "derechos"];

/// Whether a line that begins with an office is the name of an organization: "Representative Council of
/// Tribes", "Rectoría", "Vecinos de la Sierra A.C." An office is that of a body, which follows an article,
/// a preposition or a comma: "Directora de la Red del Agua".
pub(super) fn is_organization(vocabulary: &Vocabulary, text: &str) -> bool {
    let bare = |word: &str| word.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
    // "COORDINADORA DE LA CLÍNICA"
    let lower = text.to_lowercase();
    let text = if text.contains(char::is_lowercase) { text } else { &lower };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [first, .., last] = words[..] else { return false };
    let first = bare(first);
    let is_plain = |word: &str| {
        vocabulary.contains(Part::Body, word)
            && !vocabulary.is_office(word)
            && !ADJECTIVES.contains(&&*fold(word))
    };
    // "Maestros", "Rectoría", "Secretariado", "Directorio", "Jefatura".
    if ["s", "ía", "riado", "torio", "tura"].iter().any(|end| first.ends_with(end))
        || is_suffix(&bare(last))
    {
        return true;
    }
    (1..words.len()).any(|at| {
        let (word, before) = (bare(words[at]), &words[..at]);
        let joins = |word: &&str| word.ends_with(',') || SMALL.contains(word);
        let Some(joint) = before.iter().rposition(joins) else { return is_plain(&word) };
        let is_next = joint + 1 == at;
        let is_of = matches!(words[joint], "de" | "of");
        let is_preposition = is_of || matches!(words[joint], "for" | "para" | "in" | "en");
        is_next && is_of && MANY.contains(&&*fold(&word))
            || !is_next && is_preposition && is_plain(&word) && !is_plain(&bare(words[joint + 1]))
    })
}

/// Whether a line continues the entry before it.
fn goes_on(last: &NameLine, lengths: &[usize], line: &NameLine) -> bool {
    if last.is_whole
        || line.is_whole
        || line.entry.is_some()
        || last.entry.is_some()
        || last.group != line.group
    {
        return false;
    }
    let word = line.text.split(' ').next().unwrap_or_default();
    if SMALL.contains(&word) || line.text.starts_with(['(', ')', '&']) {
        return true;
    }
    let ending = last.text.rsplit(' ').next().unwrap_or_default();
    let is_open = last.text.matches('(').count() > last.text.matches(')').count();
    if SMALL.contains(&ending) || is_open && !line.gap || last.text.ends_with(['—', '–', '&']) {
        return true;
    }
    if line.gap {
        return false;
    }
    // A coalition goes on as long as its lines are full, or name further members.
    let is_coalition = last.text.contains(';') && last.text.contains([':', '—', '–', '(']);
    if last.text.ends_with(';') || is_coalition && line.text.contains(';') {
        return true;
    }
    let widest = lengths.iter().copied().max().unwrap_or(0);
    let end = lengths.last().copied().unwrap_or(0);
    is_coalition && end + 1 + word.chars().count() >= widest * 17 / 20
}

/// Whether the only line below a person is a title in words that no list has: "Water Stewardship Lead".
fn is_odd_title(vocabulary: &Vocabulary, first: &NameLine, line: &NameLine) -> bool {
    const MOST: usize = 8;
    let text = &line.text;
    let is_plain =
        |c: char| c.is_alphabetic() || matches!(c, ' ' | ',' | '-' | '&' | '/' | '’' | '\'');
    is_somebody(vocabulary, &first.text)
        && is_marked(vocabulary, &first.text)
        && first.kind != Some(Part::Organizations)
        && line.members.is_empty()
        && text.chars().all(is_plain)
        && text.split(' ').count() <= MOST
        && !is_somebody(vocabulary, text)
        && !is_title(vocabulary, text)
        && !is_body(vocabulary, text)
}

/// A person with their position on lines of its own.
fn signed(vocabulary: &Vocabulary, lines: &[NameLine]) -> Option<Entry> {
    let [first, rest @ ..] = lines else { return None };
    let is_odd = matches!(rest, [line] if is_odd_title(vocabulary, first, line));
    if !is_odd && !has_below(vocabulary, first, rest) {
        return None;
    }
    let is_office = |line: &&NameLine| is_odd || is_title(vocabulary, &line.text);
    // "Agua Para Todas" above "Red Sur" may be two organizations: something must say that it is a person.
    let is_person = is_marked(vocabulary, &first.text)
        || first.kind == Some(Part::Persons)
        || rest.iter().any(|line| is_office(&line));
    if !is_person && !rest.iter().all(|line| line.belongs) {
        return None;
    }
    let title = rest.iter().filter(is_office).map(|line| line.text.as_str());
    let body = rest.iter().filter(|line| !is_office(line)).map(|line| line.text.as_str());
    Some(Entry {
        name: first.text.clone(),
        is_person: true,
        title: title.collect::<Vec<_>>().join(", "),
        is_guess: is_odd || !is_person || rest.iter().any(|line| line.gap),
        organization: body.collect::<Vec<_>>().join(", "),
        url: first.url.clone(),
        group: first.group.clone(),
        ..Entry::default()
    })
}

/// The entries of a line: usually one, but several if names follow one another.
fn read(vocabulary: &Vocabulary, line: &NameLine) -> Vec<Entry> {
    if let Some(entry) = &line.entry {
        return vec![entry.clone()];
    }
    let text = line.text.trim_end_matches([';', ',']).trim();
    if text.is_empty() {
        return Vec::new();
    }
    let of_line = |entry: Entry| Entry {
        group: line.group.clone(),
        is_person: entry.is_person || line.kind == Some(Part::Persons) && entry.members.is_empty(),
        url: if entry.url.is_empty() { line.url.clone() } else { entry.url },
        ..entry
    };
    if !line.members.is_empty() {
        let members = line.members.iter().map(|member| single(vocabulary, member)).collect();
        return vec![of_line(Entry { members, ..single(vocabulary, text.trim_end_matches(':')) })];
    }
    if let Some(entry) = coalition(vocabulary, text) {
        return vec![of_line(entry)];
    }
    let pieces = split_outside(text, ';');
    if pieces.len() > 2 {
        return pieces.iter().map(|piece| of_line(single(vocabulary, piece))).collect();
    }
    vec![of_line(single(vocabulary, text))]
}

/// A coalition, if a text is one: its name, a sign, and its members between semicolons or commas.
fn coalition(vocabulary: &Vocabulary, text: &str) -> Option<Entry> {
    if person_beside_dash(vocabulary, text).is_some() {
        return None;
    }
    let (head, rest) = coalition_head(text)?;
    let by_semicolon = split_outside(rest, ';');
    let mut pieces = if by_semicolon.len() > 1 { by_semicolon } else { parts(rest) };
    // With commas, two pieces may be a title and a place.
    let is_certain = rest.contains(';') || pieces.len() > 2;
    if head.is_empty() || !is_certain || head.chars().count() > MAX_NAME {
        return None;
    }
    let mut note = String::new();
    if let Some(last) = pieces.last_mut()
        && let Some((member, sentence)) = sentence_after(last)
    {
        sentence.clone_into(&mut note);
        *last = member.to_owned();
    }
    let mut members: Vec<Entry> = pieces.iter().map(|piece| single(vocabulary, piece)).collect();
    people_among_people(vocabulary, &mut members);
    Some(Entry { name: head.to_owned(), note, members, ..Entry::default() })
}

/// The name of a coalition and the text with its members.
fn coalition_head(text: &str) -> Option<(&str, &str)> {
    if let Some((head, rest)) = text.split_once(": ")
        && !head.contains(';')
    {
        return Some((head.trim(), rest));
    }
    if let Some((head, rest)) =
        [" — ", " – ", " --- "].iter().find_map(|dash| text.split_once(dash))
    {
        return Some((head.trim(), rest));
    }
    let (head, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    let is_list = inner.contains(';') && !inner.contains('(') && !head.contains(';');
    is_list.then(|| (head.trim(), inner))
}

/// The sentence that follows the last member of a coalition, which a full stop ends.
fn sentence_after(last: &str) -> Option<(&str, &str)> {
    let text = last.strip_suffix('.')?;
    let ends_word = |at: &usize| {
        let before = &text[..*at];
        let word = before.rsplit([' ', '.']).next().unwrap_or_default();
        before.ends_with(')') || word.chars().count() > 3 && before.ends_with(char::is_lowercase)
    };
    let at = text.match_indices(". ").map(|(at, _)| at).find(ends_word)?;
    let sentence = last[at + 2..].trim();
    sentence.starts_with(char::is_uppercase).then(|| (last[..at].trim(), sentence))
}

/// A person and what that one is behind a dash: "Jane Doe – Director of Casa Abierta".
fn person_beside_dash<'t>(vocabulary: &Vocabulary, text: &'t str) -> Option<(&'t str, &'t str)> {
    let (name, rest) =
        [" — ", " – ", " --- ", " - "].iter().find_map(|dash| text.split_once(dash))?;
    let (honorific, bare) = without_honorific(vocabulary, name);
    let is_person = !honorific.is_empty() || is_office_held(vocabulary, rest);
    (is_name(vocabulary, bare) && is_person && !rest.contains(';')).then_some((name, rest))
}

/// Whether a text is an office that somebody has or had.
fn is_office_held(vocabulary: &Vocabulary, text: &str) -> bool {
    let before = ["ex ", "ex-", "Ex ", "Ex-", "former ", "Former "];
    let held = before.iter().find_map(|word| text.strip_prefix(word));
    vocabulary.is_office(held.unwrap_or(text))
}

/// Whether a text behind a name says what somebody is, as it begins in lower case and with no organization.
fn is_description(vocabulary: &Vocabulary, text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    word.starts_with(char::is_lowercase)
        && !SMALL.contains(&word)
        && !vocabulary.contains(Part::Body, word)
}

/// An entry without members.
fn single(vocabulary: &Vocabulary, text: &str) -> Entry {
    let whole = |name: &str| Entry { name: name.to_owned(), ..Entry::default() };
    let parts = match person_beside_dash(vocabulary, text) {
        Some((name, rest)) => [vec![name.to_owned()], parts(rest)].concat(),
        None => parts(text),
    };
    let [first, rest @ ..] = &parts[..] else { return whole(text) };
    let (honorific, bare) = without_honorific(vocabulary, first);
    let has_office = rest.first().is_some_and(|part| {
        is_office_held(vocabulary, part)
            || !honorific.is_empty() && is_description(vocabulary, part)
    });
    if !is_name(vocabulary, bare) || !has_office && honorific.is_empty() {
        return whole(text);
    }
    let (title, organization) = match (has_office, rest) {
        (true, [title, organization @ ..]) => (title.clone(), organization.join(", ")),
        _ => (String::new(), rest.join(", ")),
    };
    Entry { is_person: true, title, organization, ..whole(first) }
}

/// A name between people is that of a person, too.
fn people_among_people(vocabulary: &Vocabulary, entries: &mut [Entry]) {
    let is_sure: Vec<bool> = entries.iter().map(|entry| entry.is_person).collect();
    let mut at = 0;
    while at < entries.len() {
        let is_plain = |entry: &Entry| entry.members.is_empty() && is_name(vocabulary, &entry.name);
        let end = at
            + entries[at..].iter().take_while(|entry| !entry.is_person && is_plain(entry)).count();
        let before = at.checked_sub(1).filter(|before| is_sure[*before]);
        let after = is_sure.get(end).copied().unwrap_or(false);
        if let Some(before) = before
            && after
            && entries[before].group == entries[end].group
        {
            entries[at..end].iter_mut().for_each(|entry| entry.is_person = true);
        }
        at = end.max(at) + 1;
    }
}
