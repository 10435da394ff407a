//! Writes the letter that was found: `letter.toml`, with a comment beside what is only a guess, and the
//! text of each language.

use std::collections::{BTreeMap, HashMap};

use crate::documents::body::{self, count_words};
use crate::documents::model::{Block, LeftOut, Run, Shown, plain};
use crate::documents::people::Person;
use crate::documents::pictures::Picture;
use crate::documents::recognize::{Certainty, Contact, Found, Parts, lines_of};
use crate::documents::signatories::Entry;
use crate::language::{Tag, fold, in_words, paper};
use crate::source::url::Url;
use crate::words::{Message, UiLanguage, count, say};

/// A letter that was made from documents.
pub(crate) struct Made {
    /// Its languages, the original first.
    pub languages: Vec<Tag>,
    /// The text of `letter.toml`, without the line of the schema.
    pub letter: String,
    /// The names and texts of the bodies.
    pub bodies: Vec<(String, String)>,
    /// The pictures of the bodies.
    pub pictures: Vec<Picture>,
    /// What was guessed, surest first.
    pub guesses: Vec<Guess>,
    /// What is not in the letter, and why.
    pub left_out: Vec<LeftOut>,
    /// How many words the documents have.
    pub words: usize,
}

/// A part of the letter that was found in a document.
pub(crate) struct Guess {
    /// Its line in `letter.toml`, counted from 1.
    pub line: usize,
    /// Its key.
    pub key: String,
    /// The beginning of its value.
    pub value: Message,
    /// How sure it is.
    pub certainty: Certainty,
}

/// What was found in a document.
pub(super) struct Recognized {
    /// Its language.
    pub tag: Tag,
    /// The parts of the letter.
    pub parts: Parts,
    /// Its whole text.
    pub text: String,
    /// Its long paragraphs.
    pub prose: String,
    /// What its links lead to, and how many lead there.
    pub links: BTreeMap<String, usize>,
    /// Its pictures, each as often as it stands there.
    pub pictures: Vec<Shown>,
    /// The size of its paper.
    pub paper: Option<&'static str>,
}

/// Writes a letter of documents, one for each language.
pub(super) fn write(
    mut letters: Vec<Recognized>,
    mut pictures: Vec<Picture>,
    today: &str,
    template: Option<&str>,
    comments: UiLanguage,
) -> Made {
    /// The most signatories that the template for few is made for.
    const FEW: usize = 6;
    let tags: Vec<Tag> = letters.iter().map(|letter| letter.tag.clone()).collect();
    let keys: Vec<String> = tags.iter().map(|tag| key_of(tag, &tags)).collect();
    let mut left_out: Vec<LeftOut> =
        letters.iter_mut().flat_map(|letter| std::mem::take(&mut letter.parts.left_out)).collect();
    let mut bodies: Vec<String> = Vec::new();
    let mut lost: Vec<Shown> = Vec::new();
    let mut figures: Vec<Shown> = Vec::new();
    for Recognized { tag, parts, pictures, .. } in &mut letters {
        let rest = body::fit(&mut parts.body, &parts.notes, tag);
        if let Some(title) = parts.title.as_ref().filter(|_| parts.body.is_empty()) {
            parts.body.push(Block::Paragraph(vec![Run::plain(title.text.as_str())]));
        }
        let what = say!("what is beyond the length that the text of a letter may have");
        parts.told.extend(
            lines_of(&rest).iter().map(|line| LeftOut { what: what.clone(), text: plain(line) }),
        );
        let mut there = Vec::new();
        bodies.push(body::write(&parts.body, &parts.notes, tag, &mut left_out, &mut there));
        let mut counts: HashMap<&Shown, usize> = HashMap::new();
        there.iter().for_each(|written| *counts.entry(written).or_default() += 1);
        let missing = pictures.iter().filter(|picture| match counts.get_mut(*picture) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        lost.extend(missing.cloned());
        figures.extend(there);
    }
    left_out.extend(lost.into_iter().map(|Shown { alt, .. }| LeftOut {
        what: say!("a picture outside of the text"),
        text: alt,
    }));
    pictures.retain(|picture| {
        let is_shown = figures.iter().any(|figure| figure.path == picture.name);
        let is_described =
            !bodies.iter().any(|body| body.contains(&format!("![](<{}>", picture.name)));
        if !is_described {
            let what = say!("no description of a picture, which its brackets in the text need");
            left_out.push(LeftOut { what, text: picture.name.clone() });
        }
        is_shown
    });
    let mut toml = Toml { text: String::new(), guesses: Vec::new(), keys, comments };
    let signing = letters.first().map(|letter| letter.parts.signatories.as_slice());
    let is_bare = |entry: &Entry| entry.members.is_empty() && entry.group.is_empty();
    let few = signing.is_some_and(|all| (1..=FEW).contains(&all.len()) && all.iter().all(is_bare));
    let template = template.unwrap_or(if few { "formal" } else { "open-letter" });
    if template != "open-letter" {
        toml.text.push_str(&format!("template = {}\n", quoted(template)));
    }
    let list: Vec<String> = tags.iter().map(|tag| quoted(&tag.to_string())).collect();
    toml.text.push_str(&format!("languages = [{}]\n", list.join(", ")));
    let all: Vec<&Parts> = letters.iter().map(|letter| &letter.parts).collect();
    toml.head(&all, today);
    let names: Vec<String> = toml.keys.iter().map(|key| format!("body.{key}.md")).collect();
    for (key, name) in toml.keys.clone().iter().zip(&names) {
        let key = if names.len() == 1 { "body".to_owned() } else { format!("body.{key}") };
        toml.text.push_str(&format!("{key} = {{ file = {} }}\n", quoted(name)));
    }
    let mut apart = Vec::new();
    toml.tail(&all, &mut apart);
    // The paper of the document, if the letter would be on another.
    let paper = letters.iter().find_map(|letter| letter.paper);
    if let Some(paper) = paper.filter(|own| tags.iter().any(|tag| paper::usual(tag) != Some(*own)))
    {
        toml.text.push_str("\n[page]\n");
        toml.guess("paper", paper, Certainty::Sure);
        toml.text.push_str(&format!("paper = {}\n", quoted(paper)));
    }
    let mut words = 0;
    for (Recognized { tag, parts, text, links, .. }, markdown) in letters.iter().zip(&bodies) {
        let (count, lost) = lost_words(text, &toml.text, markdown, parts, &apart);
        words += count;
        if !lost.is_empty() {
            let what = say!(
                "words of the text in {language} that found no place",
                language = in_words(tag)
            );
            left_out.push(LeftOut { what, text: lost.join(" ") });
        }
        let lost = lost_links(links, &toml.text, markdown, &left_out);
        left_out.extend(lost);
    }
    left_out.extend(letters.iter_mut().flat_map(|letter| std::mem::take(&mut letter.parts.told)));
    left_out.extend(apart);
    let mut guesses = toml.guesses;
    guesses.sort_by_key(|guess| guess.certainty);
    let bodies = names.into_iter().zip(bodies).collect();
    Made { languages: tags, letter: toml.text, bodies, pictures, guesses, left_out, words }
}

/// The key of a language's texts: the language alone, unless the letter is in two variants of it.
pub(crate) fn key_of(tag: &Tag, all: &[Tag]) -> String {
    let same = all.iter().filter(|other| other.language() == tag.language()).count();
    if same > 1 { tag.to_string() } else { tag.language().to_owned() }
}

/// The addresses of a document's links that are nowhere in the letter, and were not told yet.
pub(super) fn lost_links(
    links: &BTreeMap<String, usize>,
    letter: &str,
    body: &str,
    told: &[LeftOut],
) -> Vec<LeftOut> {
    let body = body.replace("&amp;", "&");
    let count = |link: &str| {
        let written = Url::parse(link).map(|url| url.as_str().to_owned());
        let written = written.unwrap_or_else(|_| link.to_owned());
        let address = written.strip_prefix("mailto:").unwrap_or(&written);
        // That of a letterhead is written as it is printed.
        let bare = written.split_once("://").map_or(&*written, |(_, bare)| bare);
        let printed = format!("\"{}\"", bare.trim_end_matches('/'));
        body.matches(address).count()
            + letter.matches(address).count()
            + letter.matches(&printed).count()
    };
    let mut lost = Vec::new();
    for (link, all) in links.iter().filter(|(link, _)| !link.starts_with('#')) {
        let told = told.iter().filter(|left| left.text == *link).count();
        for _ in (count(link) + told)..*all {
            let what = say!("an address that a text led to");
            lost.push(LeftOut { what, text: link.clone() });
        }
    }
    lost
}

/// The words of a text: letters and digits between other signs.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The number of words in a document, and those that are nowhere in the letter.
pub(super) fn lost_words(
    source: &str,
    letter: &str,
    body: &str,
    parts: &Parts,
    apart: &[LeftOut],
) -> (usize, Vec<String>) {
    let mut there = BTreeMap::new();
    // What TOML and Markdown escape are signs, and no letters.
    let letter = letter.replace("\\n", "\n").replace("\\t", "\t");
    for text in [&letter, body].into_iter().chain(parts.used.iter().map(String::as_str)) {
        count_words(text, &mut there);
    }
    for left in parts.told.iter().chain(apart) {
        count_words(&left.text, &mut there);
    }
    let mut lost = Vec::new();
    let mut count = 0;
    for word in words_of(source) {
        count += 1;
        match there.get_mut(&word.to_lowercase()) {
            Some(left) if *left > 0 => *left -= 1,
            _ => lost.push(word.to_owned()),
        }
    }
    (count, lost)
}

struct Toml {
    text: String,
    guesses: Vec<Guess>,
    /// The key of each language.
    keys: Vec<String>,
    /// The language of comments.
    comments: UiLanguage,
}

/// Which part of a letter a text is.
type Get = fn(&Parts) -> Option<&Found>;

impl Toml {
    fn line(&self) -> usize {
        // The schema's line and an empty one are above.
        self.text.matches('\n').count() + 3
    }

    fn guess(&mut self, key: &str, value: &str, certainty: Certainty) {
        self.told(key, Message::verbatim(excerpt(value)), certainty);
    }

    /// The same, of a value that the program puts into words.
    fn told(&mut self, key: &str, value: Message, certainty: Certainty) {
        let line = self.line();
        self.guesses.push(Guess { line, key: key.to_owned(), value, certainty });
    }

    fn comment(&self, message: &Message) -> String {
        format!(" # {}", message.get(self.comments))
    }

    fn weak(&self, certainty: Certainty) -> String {
        match certainty {
            Certainty::Weak => self.comment(&say!("a guess: look whether it is right")),
            _ => String::new(),
        }
    }

    /// Writes a text that each language may have.
    fn found(&mut self, key: &str, all: &[&Parts], get: Get) {
        self.found_in("", key, all, get);
    }

    /// The same in a table.
    fn found_in(&mut self, table: &str, key: &str, all: &[&Parts], get: Get) {
        let values: Vec<Option<&Found>> = all.iter().map(|parts| get(parts)).collect();
        let Some(first) = values.iter().flatten().next() else { return };
        let texts: Vec<&str> =
            values.iter().map(|value| value.map_or("", |value| value.text.as_str())).collect();
        if texts.iter().all(|text| *text == texts[0]) {
            let value = format!("{key} = {}{}\n", quoted(texts[0]), self.weak(first.certainty));
            self.guess(&format!("{table}{key}"), texts[0], first.certainty);
            self.text.push_str(&value);
            return;
        }
        for (index, value) in values.iter().enumerate() {
            let key = format!("{key}.{}", self.keys[index]);
            let line = match value {
                Some(found) => {
                    self.guess(&format!("{table}{key}"), &found.text, found.certainty);
                    format!("{key} = {}{}\n", quoted(&found.text), self.weak(found.certainty))
                }
                None => {
                    let comment = self.comment(&say!("this document has none"));
                    format!("{key} = \"\"{comment}\n")
                }
            };
            self.text.push_str(&line);
        }
    }

    fn head(&mut self, all: &[&Parts], today: &str) {
        let dates: Vec<&Found> = all.iter().filter_map(|parts| parts.date.as_ref()).collect();
        let line = match dates.first() {
            Some(found) => {
                self.guess("date", &found.text, found.certainty);
                let differs = dates.iter().any(|date| date.text != found.text);
                let comment = match differs {
                    true => self.comment(&say!("the documents have different dates")),
                    false => self.weak(found.certainty),
                };
                format!("date = {}{comment}\n", found.text)
            }
            None => {
                self.guess("date", today, Certainty::Weak);
                let comment = self.comment(&say!("no date was found; this is today"));
                format!("date = {today}{comment}\n")
            }
        };
        self.text.push_str(&line);
        self.found("place", all, |parts| parts.place.as_ref());
        self.text.push('\n');
        self.found("title", all, |parts| parts.title.as_ref());
        self.found("subject", all, |parts| parts.subject.as_ref());
        self.found("reference", all, |parts| parts.reference.as_ref());
        self.found("your-reference", all, |parts| parts.your_reference.as_ref());
        self.found("salutation", all, |parts| parts.salutation.as_ref());
    }

    fn tail(&mut self, all: &[&Parts], left_out: &mut Vec<LeftOut>) {
        self.found("closing", all, |parts| parts.closing.as_ref());
        self.found("postscript", all, |parts| parts.postscript.as_ref());
        self.enclosures(all, left_out);
        self.signatories(all, left_out);
        self.sender(all[0]);
        self.people("to", all, |parts| &parts.to, left_out);
        self.people("cc", all, |parts| &parts.cc, left_out);
        let labels: [(&str, Get); 2] = [
            ("reference", |parts| parts.reference_label.as_ref()),
            ("your-reference", |parts| parts.your_reference_label.as_ref()),
        ];
        if all.iter().any(|parts| labels.iter().any(|(_, get)| get(parts).is_some())) {
            self.text.push_str("\n[labels]\n");
            labels.iter().for_each(|(key, get)| self.found_in("labels.", key, all, *get));
        }
        let heading = all.iter().any(|parts| parts.heading.is_some());
        let groups = all.first().is_some_and(|p| p.signatories.iter().any(|e| !e.group.is_empty()));
        if heading || groups {
            self.text.push_str("\n[signature-block]\n");
            self.found_in("signature-block.", "heading", all, |parts| parts.heading.as_ref());
            if groups {
                self.text.push_str("group-by = \"group\"\n");
            }
        }
    }

    /// The letterhead.
    fn sender(&mut self, parts: &Parts) {
        let Some((organization, lines)) = parts.from.split_first() else { return };
        self.text.push_str("\n[from]\n");
        self.guess("[from]", &parts.from.join(", "), Certainty::Weak);
        let comment = self.weak(Certainty::Weak);
        self.text.push_str(&format!("organization = {}{comment}\n", quoted(organization)));
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|line| quoted(line)).collect();
            self.text.push_str(&format!("address = [{}]\n", lines.join(", ")));
        }
        let Contact { phone, email, web } = &parts.contact;
        for (key, value) in [("phone", phone), ("email", email), ("web", web)] {
            if !value.is_empty() {
                self.text.push_str(&format!("{key} = {}\n", quoted(value)));
            }
        }
    }

    fn enclosures(&mut self, all: &[&Parts], left_out: &mut Vec<LeftOut>) {
        let lists: Vec<Vec<&str>> =
            all.iter().map(|p| p.enclosures.iter().map(String::as_str).collect()).collect();
        let Some(rows) = self.rows(&lists, left_out) else { return };
        let shown = lists.iter().flatten().copied().collect::<Vec<_>>().join(", ");
        self.guess("enclosures", &shown, Certainty::Sure);
        let rows: Vec<String> =
            rows.iter().map(|texts| format!("  {},\n", self.value(texts))).collect();
        self.text.push_str(&format!("enclosures = [\n{}]\n", rows.concat()));
    }

    /// The texts of lists in several languages, one beside the other. If one has more or fewer, only
    /// those of the first are taken.
    fn rows<'p>(
        &self,
        lists: &[Vec<&'p str>],
        left_out: &mut Vec<LeftOut>,
    ) -> Option<Vec<Vec<&'p str>>> {
        let first = lists.iter().find(|list| !list.is_empty())?;
        let fits = |list: &&Vec<&str>| list.len() == first.len();
        for (list, key) in lists.iter().zip(&self.keys).filter(|(list, _)| !fits(list)) {
            left_out.extend(list.iter().map(|text| not_beside(key, text)));
        }
        let fitting: Vec<&Vec<&str>> = lists.iter().filter(fits).collect();
        let is_whole = fitting.len() == lists.len();
        let row = |at: usize| match is_whole {
            true => fitting.iter().map(|list| list[at]).collect(),
            false => vec![first[at]],
        };
        Some((0..first.len()).map(row).collect())
    }

    /// A text as a value: a string, or a table by language.
    fn value(&self, texts: &[&str]) -> String {
        match texts {
            [text, others @ ..] if others.iter().any(|other| other != text) => {
                let pairs = self.keys.iter().zip(texts);
                let pairs = pairs.map(|(key, text)| format!("{} = {}", key, quoted(text)));
                format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
            }
            [text, ..] => quoted(text),
            [] => quoted(""),
        }
    }

    fn people(
        &mut self,
        key: &str,
        all: &[&Parts],
        get: fn(&Parts) -> &Vec<Person>,
        left_out: &mut Vec<LeftOut>,
    ) {
        let Some(count) = all.iter().map(|parts| get(parts).len()).find(|count| *count > 0) else {
            return;
        };
        for (parts, key) in all.iter().zip(&self.keys).filter(|(p, _)| get(p).len() != count) {
            left_out.extend(get(parts).iter().map(|person| not_beside(key, &in_one_line(person))));
        }
        let lists: Vec<&Vec<Person>> =
            all.iter().map(|parts| get(parts)).filter(|list| list.len() == count).collect();
        // If a language has others, the rest is the same in all.
        let lists = if lists.len() == all.len() { lists } else { lists[..1].to_vec() };
        for at in 0..count {
            let people: Vec<&Person> = lists.iter().map(|list| &list[at]).collect();
            self.text.push_str(&format!("\n[[{key}]]\n"));
            let is_sure = people.iter().all(|person| person.is_sure);
            let certainty = if is_sure { Certainty::Likely } else { Certainty::Weak };
            self.guess(&format!("[[{key}]]"), &in_one_line(people[0]), certainty);
            let comment = self.weak(certainty);
            self.person_text("honorific", &people, |person| &person.honorific, "");
            self.person_text("name", &people, |person| &person.name, &comment);
            self.person_text("office", &people, |person| &person.office, "");
            self.person_text("organization", &people, |person| &person.organization, "");
            if !people[0].address.is_empty() {
                let lines: Vec<String> =
                    people[0].address.iter().map(|line| quoted(line)).collect();
                self.text.push_str(&format!("address = [{}]\n", lines.join(", ")));
            }
            self.person_text("email", &people, |person| &person.email, "");
            self.person_text("note", &people, |person| &person.note, "");
            self.person_text("delivery", &people, |person| &person.delivery, "");
        }
    }

    fn person_text(
        &mut self,
        key: &str,
        people: &[&Person],
        get: fn(&Person) -> &String,
        comment: &str,
    ) {
        let texts: Vec<&str> = people.iter().map(|person| get(person).as_str()).collect();
        if texts.iter().all(|text| text.is_empty()) {
            return;
        }
        if texts.iter().all(|text| *text == texts[0]) {
            self.text.push_str(&format!("{key} = {}{comment}\n", quoted(texts[0])));
            return;
        }
        for (language, text) in self.keys.iter().zip(texts) {
            let line = format!("{key}.{language} = {}{comment}\n", quoted(text));
            self.text.push_str(&line);
        }
    }

    fn signatories(&mut self, all: &[&Parts], left_out: &mut Vec<LeftOut>) {
        let Some(first) = all.iter().find(|parts| !parts.signatories.is_empty()) else { return };
        let lists: Vec<&Vec<Entry>> = all.iter().map(|parts| &parts.signatories).collect();
        let count = first.signatories.len();
        let members: usize = first.signatories.iter().map(|entry| entry.members.len()).sum();
        let coalitions = first.signatories.iter().filter(|entry| !entry.members.is_empty()).count();
        let shown = match coalitions {
            0 => count!(count, one = "1 entry", other = "{count} entries"),
            _ => say!(
                "{entries}, {some} with {members}",
                entries = count!(count, one = "1 entry", other = "{count} entries"),
                some = count!(coalitions, one = "1 of them", other = "{count} of them"),
                members = count!(members, one = "1 member", other = "{count} members")
            ),
        };
        let guesses = first.signatories.iter().filter(|entry| entry.is_guess).count();
        let (shown, certainty) = match guesses {
            0 => (shown, first.signatories_are),
            _ => (
                say!(
                    "{entries}; names with a line below that may be theirs or sign itself: {count}",
                    entries = shown,
                    count = guesses
                ),
                Certainty::Weak,
            ),
        };
        self.text.push('\n');
        self.told("signatories", shown, certainty);
        let comment = self.weak(certainty);
        self.text.push_str(&format!("signatories = [{comment}\n"));
        let fits = |list: &&&Vec<Entry>| list.len() == count;
        let beside: Vec<&Vec<Entry>> = lists.iter().filter(fits).copied().collect();
        for (list, key) in lists.iter().zip(&self.keys).filter(|(list, _)| !fits(list)) {
            // The names that the original has as well are not lost.
            let known: Vec<String> = names(&first.signatories).map(fold).collect();
            let new = names(list).filter(|name| !known.contains(&fold(name)));
            left_out.extend(new.map(|name| not_beside(key, name)));
        }
        let beside = if beside.len() == all.len() { beside } else { vec![&first.signatories] };
        for at in 0..count {
            let entries: Vec<&Entry> = beside.iter().map(|list| &list[at]).collect();
            let entry = self.entry(&entries, "  ", left_out);
            self.text.push_str(&format!("  {entry},\n"));
        }
        self.text.push_str("]\n");
    }

    /// An entry in all languages.
    fn entry(&self, entries: &[&Entry], indent: &str, left_out: &mut Vec<LeftOut>) -> String {
        let entry = entries[0];
        let text = |get: fn(&Entry) -> &String| {
            let texts: Vec<&str> = entries.iter().map(|entry| get(entry).as_str()).collect();
            let is_there = texts.iter().any(|text| !text.is_empty());
            is_there.then(|| self.value(&texts))
        };
        let name = text(|entry| &entry.name).unwrap_or_else(|| quoted(""));
        let mut keys = vec![format!("name = {name}")];
        if entry.is_person {
            keys.push("kind = \"person\"".into());
        }
        let texts: [(&str, Option<String>); 2] = [
            ("title", text(|entry| &entry.title)),
            ("organization", text(|entry| &entry.organization)),
        ];
        for (key, value) in texts {
            keys.extend(value.map(|value| format!("{key} = {value}")));
        }
        if !entry.url.is_empty() {
            keys.push(format!("url = {}", quoted(&entry.url)));
        }
        keys.extend(text(|entry| &entry.note).map(|value| format!("note = {value}")));
        if !entry.group.is_empty() {
            keys.push(format!("group = {}", quoted(&entry.group)));
        }
        let count = entry.members.len();
        if count > 0 {
            let lists: Vec<&Vec<Entry>> = entries.iter().map(|entry| &entry.members).collect();
            let is_even = lists.iter().all(|list| list.len() == count);
            if !is_even {
                for (list, key) in lists.iter().zip(&self.keys).skip(1) {
                    left_out.extend(names(list).map(|name| not_beside(key, name)));
                }
            }
            let lists = if is_even { lists } else { lists[..1].to_vec() };
            let inner = format!("{indent}  ");
            let member = |at: usize| {
                let members: Vec<&Entry> = lists.iter().map(|list| &list[at]).collect();
                format!("{inner}{},\n", self.entry(&members, &inner, &mut Vec::new()))
            };
            let members: String = (0..count).map(member).collect();
            keys.push(format!("members = [\n{members}{indent}]"));
        }
        match &keys[..] {
            [_] if !name.starts_with('{') => name,
            _ => format!("{{ {} }}", keys.join(", ")),
        }
    }
}

fn names(entries: &[Entry]) -> impl Iterator<Item = &str> {
    entries.iter().map(|entry| entry.name.as_str())
}

/// What a translation has and the original does not.
fn not_beside(key: &str, text: &str) -> LeftOut {
    let what = say!("only in the document in {key}, and not in the original", key);
    LeftOut { what, text: text.to_owned() }
}

pub(super) fn in_one_line(person: &Person) -> String {
    let Person { honorific, name, office, organization, email, note, delivery, .. } = person;
    let named = [honorific.as_str(), name].join(" ");
    let all = [named.trim(), office, organization].into_iter();
    let all = all.chain(person.address.iter().map(String::as_str)).chain([
        email.as_str(),
        note,
        delivery,
    ]);
    all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The beginning of a text, for a report.
fn excerpt(text: &str) -> String {
    const LENGTH: usize = 60;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}

/// A text as a string of TOML. Two braces, which would begin a placeholder, are escaped.
fn quoted(text: &str) -> String {
    let text = text.replace("{{", "\\{{");
    let is_literal =
        text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(char::is_control);
    if is_literal {
        return format!("'{text}'");
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
