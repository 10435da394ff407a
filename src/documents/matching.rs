//! Which parts of a document are which parts of a letter: the blocks of its text by the alignment that
//! compares languages, everything else by its kind, by names and by order.

mod pictures;

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::rc::Rc;

use crate::checks::parity::blocks::Partners;
use crate::checks::parity::counterparts::{Counterparts, counterparts};
use crate::checks::parity::links::Targets;
use crate::checks::parity::segments::Variant;
use crate::documents::keys::{Path, Step};
use crate::documents::model::{Block, LeftOut, Run, caption, plain};
use crate::documents::people::{self, Person};
use crate::documents::recognize::{self, Certainty, Contact, Found, Parts};
use crate::documents::signatories::Entry;
use crate::documents::vocabulary::Vocabulary;
use crate::documents::write::{Recognized, lost_links, lost_words, words_of};
use crate::documents::{self, Source, body as bodies, with_pictures};
use crate::files::{Files, carried};
use crate::language::{Tag, fold, in_words};
use crate::letter::body;
use crate::letter::markdown::{self, References};
use crate::letter::placeholders::Placeholders;
use crate::letter::{self, Body, Letter};
use crate::problems::Problems;
use crate::sequences::alignment::{Step as Aligned, align};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::loaded::Loaded;
use crate::spec::{self, Localized, SignatorySource};
use crate::words::{Message, say};

/// A letter to which a document is compared, in one language.
pub(crate) struct Against<'l> {
    /// The letter as it is written.
    pub written: &'l Loaded,
    /// The letter in that language.
    pub letter: &'l Letter,
    /// The text of the file with the body.
    pub body: &'l str,
    /// The files of the letter.
    pub files: &'l Files,
}

/// What a document says for the parts of a letter.
pub(crate) struct Matched {
    /// The texts outside the body that differ from those of the letter, in the order of its keys.
    pub texts: Vec<MatchedText>,
    /// The text of the document in Markdown.
    pub body: String,
    /// The blocks of that text, in order. Footnotes are behind them.
    pub blocks: Vec<MatchedBlock>,
    /// The blocks of the letter's body that the document does not have, by their indices.
    pub missing: Vec<usize>,
    /// The signatories of the letter that the document does not name, if it names any.
    pub absent: Vec<String>,
    /// What has no place in the letter.
    left_out: Vec<LeftOut>,
    document: Recognized,
}

/// A text of a document for a key of the letter.
pub(crate) struct MatchedText {
    /// The key.
    pub path: Path,
    /// The text.
    pub text: String,
    /// How sure it is that it belongs there.
    pub certainty: Certainty,
    /// Where the letter has its own text.
    pub place: Option<Place>,
}

/// A block of a document's text.
pub(crate) struct MatchedBlock {
    /// Where it is in the Markdown, in bytes.
    pub range: Range<usize>,
    /// The blocks of the letter's body that say the same, by their indices.
    pub letter: Vec<usize>,
    /// How sure that is.
    pub certainty: Certainty,
}

/// Reads a document and finds which parts of a letter its parts are.
pub(crate) fn matched(source: &Source, against: &Against<'_>) -> Result<Matched, Message> {
    let mut pictures = Vec::new();
    let mut document = with_pictures(source, "", Some(&mut pictures))?;
    let tag = document.tag.clone();
    documents::refuse_another_language(source, &document.prose, &document.text, &tag)?;
    by_names(&mut document, 0, against);
    let unknown = pictures::rename(&mut document, &pictures, against);
    let (body, blocks, missing, mut left_out) = loop {
        let mut lost = Vec::new();
        let parts = &document.parts;
        let body = bodies::write(&parts.body, &parts.notes, &tag, &mut lost, &mut Vec::new());
        let (blocks, missing) = match_blocks(&body, &tag, against);
        let text = within(&mut document, &blocks);
        if !text.is_some_and(|text| take_ends(&mut document, text, against)) {
            break (body, blocks, missing, lost);
        }
    };
    left_out.append(&mut document.parts.told);
    left_out.extend(unknown);
    let Matcher { texts, left_out, absent, .. } = Matcher::of(&document, left_out, against);
    Ok(Matched { texts, body, blocks, missing, absent, left_out, document })
}

/// What the parts of a document in the language of a letter say, which is laid out in a way of its own.
pub(super) struct Compared {
    /// Its text.
    pub body: Vec<Block>,
    /// The texts outside of it that differ from those of the letter.
    pub texts: Vec<MatchedText>,
    /// The texts outside of it that only the letter has, with their places.
    pub lacking: Vec<(String, Place)>,
    /// The signatories of the letter that the document does not name, if it names any.
    pub absent: Vec<String>,
    /// What has no place in the letter.
    pub left_out: Vec<LeftOut>,
}

/// Finds the ends of a document's text by the names that the letter has, and by what its text has between the
/// first and the last block that are known to be in it.
pub(super) fn take_known_ends(document: &mut Recognized, text: [&Block; 2], against: &Against<'_>) {
    let [first, last] = text.map(said);
    let body = &document.parts.body;
    let end = body.iter().rposition(|block| said(block) == last).map_or(0, |at| at + 1);
    by_names(document, end, against);
    let body = &document.parts.body;
    let start = body.iter().position(|block| said(block) == first).unwrap_or(0);
    if end > start {
        // The closing first: without what is below it, the places of the others are the same.
        if take_ends(document, (start, end), against) && document.parts.closing.is_some() {
            take_ends(document, (start, end), against);
        }
    }
}

/// The words of a text, with nothing but a space before and behind each.
fn spelled(text: &str) -> String {
    words_of(text).fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
}

/// The text of a block.
fn said(block: &Block) -> String {
    let lines = recognize::lines_of(std::slice::from_ref(block));
    lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join(" ")
}

/// Compares the parts of a document in the language of the letter with those of that. `letter` is everything that
/// the letter prints outside of its body.
pub(super) fn compared(mut document: Recognized, letter: &str, against: &Against<'_>) -> Compared {
    let spec = &against.written.spec;
    // A subject is the title of a letter that has no other.
    let own = spec.title.get(&against.letter.tag).map_or("", |title| title.value.as_str());
    let Parts { title, subject, .. } = &mut document.parts;
    if let (Some(found), Some(same)) = (&title, &subject)
        && found.text == same.text
    {
        match spec.subject.is_none() && common(own, &found.text) >= 0.5 {
            true => *subject = None,
            false => *title = None,
        }
    }
    let told = std::mem::take(&mut document.parts.told);
    let mut found = Matcher::of(&document, told, against);
    // What one of the two says elsewhere is not new.
    let (printed, whole) = (spelled(letter), spelled(&document.text));
    found.left_out.retain(|left| !printed.contains(&spelled(&left.text)));
    found.lacking.retain(|(text, _)| !whole.contains(&spelled(text)));
    let Recognized { parts, text, .. } = document;
    let mut texts: String = found.texts.iter().map(|text| text.text.clone() + "\n").collect();
    texts.push_str(letter);
    let body: String = parts.body.iter().map(|block| said(block) + "\n").collect();
    let notes: String = parts.notes.iter().flatten().map(|block| said(block) + "\n").collect();
    let (_, lost) = lost_words(&text, &texts, &(body + &notes), &parts, &found.left_out);
    if !lost.is_empty() {
        let what = say!("words that found no place");
        found.left_out.push(LeftOut { what, text: lost.join(" ") });
    }
    let Matcher { texts, lacking, absent, left_out, .. } = found;
    Compared { body: parts.body, texts, lacking, absent, left_out }
}

impl Matched {
    /// The number of words in the document.
    pub(crate) fn words(&self) -> usize {
        words_of(&self.document.text).count()
    }

    /// Everything of the document that is not in the letter, and why. `letter` is everything that the letter
    /// says outside the body.
    pub(crate) fn left_out(&self, letter: &str, body: &str) -> Vec<LeftOut> {
        let Recognized { tag, parts, text, links, .. } = &self.document;
        let (_, lost) = lost_words(text, letter, body, parts, &self.left_out);
        let what =
            say!("words of the text in {language} that found no place", language = in_words(tag));
        let lost = (!lost.is_empty()).then(|| LeftOut { what, text: lost.join(" ") });
        let mut all: Vec<LeftOut> = parts.left_out.iter().chain(&self.left_out).cloned().collect();
        let links = lost_links(links, letter, body, &all);
        all.extend(lost);
        all.extend(links);
        all
    }
}

/// Finds the signatories by the names that the letter has: what begins with most of them is below the text,
/// and the short paragraph before them is the closing if nothing else is. The first blocks of the text, as many
/// as `known`, are in the letter's own.
fn by_names(document: &mut Recognized, known: usize, against: &Against<'_>) {
    let Recognized { parts, tag, .. } = document;
    let names: HashSet<String> = names_of(against.written).iter().map(|name| fold(name)).collect();
    let is_name = |line: &Vec<Run>| names.contains(&fold(&plain(line)));
    let has_names = |block: &Block| {
        let lines = recognize::lines_of(std::slice::from_ref(block));
        let known = lines.iter().filter(|line| is_name(line)).count();
        known > 0 && known * 2 >= lines.len()
    };
    let is_closed = against.letter.closing.is_none() || parts.closing.is_some();
    let below = parts.body.get(known..).unwrap_or_default();
    if let Some(at) = below.iter().position(has_names).map(|at| known + at) {
        let tail = parts.body.split_off(at);
        if !is_closed
            && at > known
            && let Some(text) = parts.body.last().and_then(short)
        {
            parts.body.pop();
            parts.closing = Some(Found { text, certainty: Certainty::Weak });
        }
        recognize::read_ends(Vec::new(), tail, tag, parts);
        return;
    }
    let is_known = |entry: &Entry| names.contains(&fold(&entry.name));
    if let [first, second, ..] = &parts.signatories[..]
        && !is_closed
        && !is_known(first)
        && is_known(second)
        && first.members.is_empty()
        && !first.is_person
    {
        let text = parts.signatories.remove(0).name;
        parts.closing = Some(Found { text, certainty: Certainty::Weak });
    }
}

/// The text of a short paragraph without notes.
fn short(block: &Block) -> Option<String> {
    const SHORT: usize = 16;
    let Block::Paragraph(runs) = block else { return None };
    let text = plain(runs);
    let is_short = text.split(' ').count() <= SHORT && runs.iter().all(|run| run.note.is_none());
    (is_short && !text.is_empty()).then_some(text)
}

/// The first block of a document's text with a counterpart in the letter's, and the one after the last.
fn within(document: &mut Recognized, blocks: &[MatchedBlock]) -> Option<(usize, usize)> {
    let parts = &mut document.parts;
    parts.body.retain(|block| !matches!(block, Block::Blank));
    let first = blocks.iter().position(|block| !block.letter.is_empty())?;
    let last = blocks.iter().rposition(|block| !block.letter.is_empty())?;
    // The blocks of the document are those of its Markdown, where a caption is a part of its picture, unless it
    // has some that cannot be written.
    let is_caption =
        |block: &Block| matches!(block, Block::Paragraph(runs) if caption(runs).is_some());
    let own: Vec<usize> =
        (0..parts.body.len()).filter(|at| !is_caption(&parts.body[*at])).collect();
    let next = own.get(last + 1).copied().unwrap_or(parts.body.len());
    (own.len() == blocks.len()).then(|| (own[first], next))
}

/// Takes what stands before the first block with a counterpart in the letter's text, or after the last, for
/// what the letter has there and the document seems to lack: a short paragraph beside the text for the
/// salutation or the closing, and the rest for what is above and below them. Returns whether there is
/// something.
fn take_ends(
    document: &mut Recognized,
    (first, next): (usize, usize),
    against: &Against<'_>,
) -> bool {
    let Recognized { parts, tag, .. } = document;
    let weak = |text: String| Some(Found { text, certainty: Certainty::Weak });
    if parts.closing.is_none()
        && against.letter.closing.is_some()
        && let Some(text) = parts.body.get(next).and_then(short)
    {
        let tail = parts.body.split_off(next);
        parts.closing = weak(text);
        recognize::read_ends(Vec::new(), tail[1..].to_vec(), tag, parts);
        return true;
    }
    if parts.salutation.is_none()
        && against.letter.salutation.is_some()
        && let Some(at) = first.checked_sub(1)
        && let Some(text) = parts.body.get(at).and_then(short)
    {
        let rest = parts.body.split_off(first);
        let head = std::mem::replace(&mut parts.body, rest);
        parts.salutation = weak(text);
        recognize::read_ends(head[..at].to_vec(), Vec::new(), tag, parts);
        return true;
    }
    false
}

/// The blocks of a document's Markdown with those of the letter's body that say the same, and the letter's
/// blocks that have none.
fn match_blocks(
    markdown: &str,
    tag: &Tag,
    against: &Against<'_>,
) -> (Vec<MatchedBlock>, Vec<usize>) {
    let file = carried::main();
    let pictures = |path: &Text| Some(letter::Picture { file, place: path.place.clone() });
    let references =
        References { links: &[], placeholders: &Placeholders::default(), tag, pictures: &pictures };
    let whole = Text::whole(file, markdown);
    let read = markdown::read(&whole, markdown, &references, &Problems::default());
    let read = read.unwrap_or_default();
    let mut blocks: Vec<MatchedBlock> = (read.blocks.iter())
        .map(|body::Block { place, .. }| MatchedBlock {
            range: place.range.clone(),
            letter: Vec::new(),
            certainty: Certainty::Weak,
        })
        .collect();
    let Body::Markdown(own) = &against.letter.body else { return (blocks, Vec::new()) };
    let source = |_| Rc::from(against.body);
    let first = Variant::of(against.letter, &source);
    let second = Variant::of_body(tag, &read.blocks, &read.links, markdown);
    let spec = &against.written.spec;
    let targets = Targets::new(&spec.links, spec.languages.iter().map(|(tag, _)| tag));
    let Some(found) = counterparts(&first, &second, &targets) else {
        return (blocks, Vec::new());
    };
    let partners = Partners::of((&first, own), (&second, &read.blocks), &found);
    let mut doubtful: HashSet<usize> = HashSet::new();
    for (segment, (others, score)) in
        first.segments.iter().zip(found.of_original.iter().zip(&found.scores))
    {
        let is_clear = others.len() == 1 && *score >= Counterparts::CLEAR;
        if segment.host.is_none() && !others.is_empty() && !is_clear {
            doubtful.insert(segment.block);
        }
    }
    for (block, letter) in blocks.iter_mut().zip(&partners.second) {
        let is_sure = matches!(letter[..], [one] if !doubtful.contains(&one));
        block.certainty = if is_sure { Certainty::Likely } else { Certainty::Weak };
        block.letter.clone_from(letter);
    }
    let missing = partners.first.iter().enumerate().filter(|(_, there)| there.is_empty());
    let missing = missing.map(|(at, _)| at).collect();
    (blocks, missing)
}

/// The names of all who sign a letter, members included.
pub(crate) fn names_of(written: &Loaded) -> Vec<String> {
    let signing = written.signatories.iter();
    let all = signing.flat_map(|signatory| std::iter::once(signatory).chain(&signatory.members));
    let names = all.flat_map(|signatory| signatory.name.values());
    names.map(|name| name.value.to_string()).collect()
}

/// How many words two texts have in common, from 0 to 1.
pub(super) fn common(one: &str, other: &str) -> f64 {
    let words = |text: &str| -> HashSet<String> {
        words_of(text).map(fold).filter(|w| w.chars().count() > 1).collect()
    };
    let (one, other) = (words(one), words(other));
    let all = one.len() + other.len();
    if all == 0 { 0.0 } else { 2.0 * one.intersection(&other).count() as f64 / all as f64 }
}

/// The pairs of two lists in their order, each with whether it is clear. The first text of an entry is its
/// name. If the lists are of one length, what stands in the same place belongs together unless something says
/// otherwise.
fn pairs<const N: usize>(
    first: &[[String; N]],
    second: &[[String; N]],
) -> Vec<(usize, usize, Certainty)> {
    const CLEAR: f64 = 0.3;
    let base = if first.len() == second.len() { 0.2 } else { -0.3 };
    let alike = |i: usize, j: usize| {
        let names = common(&first[i][0], &second[j][0]);
        names.max(common(&first[i].join(" "), &second[j].join(" ")))
    };
    let score = |i: Range<usize>, j: Range<usize>| base + alike(i.start, j.start);
    let both = |step| match step {
        Aligned::Both(i, j) => {
            let is_clear = alike(i.start, j.start) >= CLEAR;
            let certainty = if is_clear { Certainty::Likely } else { Certainty::Weak };
            Some((i.start, j.start, certainty))
        }
        Aligned::First(_) | Aligned::Second(_) => None,
    };
    align(first.len(), second.len(), 1, 0.0, score).into_iter().filter_map(both).collect()
}

/// What is known of somebody, in the lines of an address.
fn in_lines(person: &Person) -> Vec<String> {
    let name = format!("{} {}", person.honorific, person.name).trim().to_owned();
    let Person { office, organization, address, email, note, delivery, .. } = person;
    let mut lines = vec![delivery.clone(), name, office.clone(), organization.clone()];
    lines.extend(address.iter().cloned());
    lines.extend([email.clone(), note.clone()]);
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whether two texts say the same, apart from spaces.
fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

struct Matcher<'m> {
    vocabulary: Vocabulary,
    spec: &'m spec::Spec,
    /// The language that the document is compared with.
    tag: &'m Tag,
    texts: Vec<MatchedText>,
    lacking: Vec<(String, Place)>,
    left_out: Vec<LeftOut>,
    absent: Vec<String>,
}

impl<'m> Matcher<'m> {
    /// Finds where the parts of a document belong. `left_out` is what has no place already.
    fn of(document: &Recognized, left_out: Vec<LeftOut>, against: &Against<'m>) -> Self {
        let mut matcher = Self {
            vocabulary: Vocabulary::of(&document.tag),
            spec: &against.written.spec,
            tag: &against.letter.tag,
            texts: Vec::new(),
            lacking: Vec::new(),
            left_out,
            absent: Vec::new(),
        };
        matcher.parts(&document.parts, against);
        matcher
    }

    /// What the letter says at a key.
    fn own<'l>(&self, value: Option<&'l Localized<Text>>) -> Option<&'l str> {
        Some(value?.get(self.tag)?.value.as_str()).filter(|text| !text.trim().is_empty())
    }

    /// Notes a text of the letter that the document does not have.
    fn lacks(&mut self, own: Option<&Localized<Text>>) {
        let text = own.and_then(|own| own.get(self.tag));
        self.lacking.extend(text.map(|text| (text.value.to_string(), text.place.clone())));
    }

    fn tell(&mut self, what: Message, text: &str) {
        if !text.trim().is_empty() {
            self.left_out.push(LeftOut { what, text: text.to_owned() });
        }
    }

    /// Notes the text of a document for a key of the letter.
    fn text(
        &mut self,
        path: Path,
        own: Option<&Localized<Text>>,
        text: &str,
        certainty: Certainty,
    ) {
        if text.trim().is_empty() {
            self.lacks(own);
            return;
        }
        let key = path.to_string();
        match self.own(own) {
            Some(said) if is_same(said, text) => {}
            Some(_) if own.is_some_and(|own| own.own_language().is_some()) => {
                let what =
                    say!("another text for `{key}`, which is the same in all languages", key);
                self.tell(what, text);
            }
            Some(_) => {
                let place = own.and_then(|own| own.get(self.tag)).map(|own| own.place.clone());
                self.texts.push(MatchedText { path, text: text.to_owned(), certainty, place });
            }
            None => self.tell(say!("a part that the letter does not have, `{key}`", key), text),
        }
    }

    fn parts(&mut self, parts: &Parts, against: &Against<'_>) {
        let spec = self.spec;
        let heading = Path(vec![Step::Key("signature-block"), Step::Key("heading")]);
        let mut found =
            |path: Path, own: Option<&Localized<Text>>, found: &Option<Found>| match found {
                Some(Found { text, certainty }) => self.text(path, own, text, *certainty),
                None => self.lacks(own),
            };
        found(Path::key("place"), spec.place.as_ref(), &parts.place);
        found(Path::key("title"), Some(&spec.title), &parts.title);
        found(Path::key("subject"), spec.subject.as_ref(), &parts.subject);
        found(Path::key("reference"), spec.reference.as_ref(), &parts.reference);
        found(Path::key("your-reference"), spec.your_reference.as_ref(), &parts.your_reference);
        found(Path::key("salutation"), spec.salutation.as_ref(), &parts.salutation);
        found(Path::key("closing"), spec.closing.as_ref(), &parts.closing);
        found(Path::key("postscript"), spec.postscript.as_ref(), &parts.postscript);
        found(heading, spec.signature_block.heading.as_ref(), &parts.heading);
        self.enclosures(&parts.enclosures);
        self.signatories(&parts.signatories, against);
        self.people(parts);
        if let Some(date) = &parts.date {
            let date = &date.text;
            let own = against.letter.date;
            let day = (own.year().extended_year(), own.month().ordinal, own.day_of_month().0);
            let own = format!("{:04}-{:02}-{:02}", day.0, day.1, day.2);
            if *date != own {
                self.tell(say!("another day than that of the letter, {own}", own), date);
            }
        }
        let source = &against.written.source;
        let said: HashSet<String> = words_of(source).map(fold).collect();
        let Contact { phone, email, web } = &parts.contact;
        for line in parts.from.iter().chain([phone, email, web]) {
            if !words_of(line).map(fold).all(|word| said.contains(&word)) {
                self.tell(say!("a line of the letterhead"), line);
            }
        }
    }

    fn enclosures(&mut self, titles: &[String]) {
        let own: Vec<[String; 1]> = (self.spec.enclosures.iter())
            .map(|enclosure| [self.own(Some(&enclosure.title)).unwrap_or_default().to_owned()])
            .collect();
        let found: Vec<[String; 1]> = titles.iter().map(|title| [title.clone()]).collect();
        let mut rest: Vec<bool> = vec![true; titles.len()];
        let pairs = pairs(&own, &found);
        for (at, enclosure) in self.spec.enclosures.iter().enumerate() {
            if !pairs.iter().any(|(own, ..)| *own == at) {
                self.lacks(Some(&enclosure.title));
            }
        }
        for (at, other, certainty) in pairs {
            rest[other] = false;
            let path = Path::entry("enclosures", at, "title");
            let title = &self.spec.enclosures[at].title;
            self.text(path, Some(title), &titles[other], certainty);
        }
        for (title, _) in titles.iter().zip(rest).filter(|(_, rest)| *rest) {
            self.tell(say!("an enclosure that the letter does not have"), title);
        }
    }

    /// The addressees and those who get a copy together: a document may not say which are which.
    fn people(&mut self, parts: &Parts) {
        let all = |list, own: &[spec::Person]| -> Vec<(&'static str, usize)> {
            (0..own.len()).map(|at| (list, at)).collect()
        };
        let spec = self.spec;
        let places = [all("to", &spec.to), all("cc", &spec.cc)].concat();
        let own: Vec<&spec::Person> = spec.to.iter().chain(&spec.cc).collect();
        let found: Vec<(bool, &Person)> = (parts.to.iter().map(|person| (true, person)))
            .chain(parts.cc.iter().map(|person| (false, person)))
            .collect();
        let said = own.iter().map(|person| {
            let texts = [Some(&person.name), person.office.as_ref(), person.organization.as_ref()];
            texts.map(|text| self.own(text).unwrap_or_default()).map(str::to_owned)
        });
        let said: Vec<[String; 3]> = said.collect();
        let names: Vec<[String; 3]> = (found.iter())
            .map(|(_, p)| [p.name.clone(), p.office.clone(), p.organization.clone()])
            .collect();
        let pairs = pairs(&said, &names);
        for (at, person) in own.iter().enumerate() {
            if !pairs.iter().any(|(own, ..)| *own == at) {
                self.lacks(Some(&person.name));
            }
        }
        // What follows somebody, and is nobody the letter knows, goes on with them.
        let mut lines: Vec<Vec<String>> = vec![Vec::new(); pairs.len()];
        let mut at = 0;
        for (index, (is_to, person)) in found.iter().enumerate() {
            if pairs.get(at).is_some_and(|(_, other, _)| *other == index) {
                at += 1;
                continue;
            }
            let texts = in_lines(person);
            match at.checked_sub(1) {
                Some(before) => lines[before].extend(texts),
                None => {
                    let what = match is_to {
                        true => say!("an addressee that the letter does not have"),
                        false => say!("somebody who gets no copy of the letter"),
                    };
                    self.tell(what, &texts.join(", "));
                }
            }
        }
        for ((at, other, certainty), lines) in pairs.into_iter().zip(lines) {
            let person = found[other].1;
            let certainty = if person.is_sure { certainty } else { Certainty::Weak };
            self.person(places[at], own[at], (person, lines), certainty);
        }
    }

    fn person(
        &mut self,
        (list, at): (&'static str, usize),
        own: &spec::Person,
        (found, more): (&Person, Vec<String>),
        certainty: Certainty,
    ) {
        let path = |key| Path::entry(list, at, key);
        let name = self.own(Some(&own.name)).unwrap_or_default();
        let (own_before, own_bare) = people::without_honorific(&self.vocabulary, name);
        // Names of people are the same in all languages; an office in place of one is translated.
        if fold(own_bare) != fold(&found.name) {
            match people::is_name(&self.vocabulary, &found.name) {
                false => self.text(path("name"), Some(&own.name), &found.name, Certainty::Weak),
                true => self.tell(say!("another name than {name}", name), &found.name),
            }
        }
        if own.honorific.is_some() {
            self.text(path("honorific"), own.honorific.as_ref(), &found.honorific, certainty);
        } else if fold(own_before) != fold(&found.honorific) {
            self.honorific(own_bare, &found.honorific);
        }
        let said: Vec<&str> = own.address.iter().filter_map(|line| self.own(Some(line))).collect();
        let is_new = |line: &&String| !said.iter().any(|own| is_same(own, line));
        let lines = found.address.iter().chain(&more).filter(is_new);
        let mut lines: VecDeque<String> = lines.cloned().collect();
        // What is an office for one language may look like an organization in another, or like a line of an
        // address.
        let (mut office, mut body) = (found.office.clone(), found.organization.clone());
        let mut weak = certainty;
        match (own.office.is_some(), own.organization.is_some()) {
            (true, false) if !body.is_empty() => {
                office = if office.is_empty() { body } else { format!("{office}, {body}") };
                (body, weak) = (String::new(), Certainty::Weak);
            }
            (false, true) if body.is_empty() && !office.is_empty() => {
                body = std::mem::take(&mut office);
                weak = Certainty::Weak;
            }
            // The comma was one of the office if there is another line.
            (true, true) if !office.is_empty() && !body.is_empty() && !lines.is_empty() => {
                office = format!("{office}, {body}");
                (body, weak) = (String::new(), Certainty::Weak);
            }
            (true, true) if body.is_empty() && lines.is_empty() => {
                if let Some((first, last)) = office.rsplit_once(", ") {
                    (office, body) = (first.to_owned(), last.to_owned());
                    weak = Certainty::Weak;
                }
            }
            _ => {}
        }
        for (text, is_there) in
            [(&mut office, own.office.is_some()), (&mut body, own.organization.is_some())]
        {
            if text.is_empty()
                && is_there
                && let Some(line) = lines.pop_front()
            {
                *text = line;
                weak = Certainty::Weak;
            }
        }
        self.text(path("office"), own.office.as_ref(), &office, weak);
        self.text(path("organization"), own.organization.as_ref(), &body, weak);
        if own.note.is_some() || !found.note.is_empty() {
            self.text(path("note"), own.note.as_ref(), &found.note, certainty);
        }
        for line in lines {
            self.tell(say!("a line of an address that the letter does not have"), &line);
        }
    }

    /// Tells an honorific that the letter does not give somebody, which is no other name.
    fn honorific(&mut self, name: &str, honorific: &str) {
        self.tell(say!("an honorific that the letter does not give {name}", name), honorific);
    }

    fn signatories(&mut self, found: &[Entry], against: &Against<'_>) {
        /// The most pairs of names that are compared word by word.
        const MOST: usize = 250_000;
        /// How many words two names of one signatory have in common.
        const ALIKE: f64 = 0.6;
        let listed: Vec<(usize, &spec::Signatory)> = (self.spec.signatories.iter().enumerate())
            .filter_map(|(at, source)| match source {
                SignatorySource::Entry(entry) => Some((at, &**entry)),
                SignatorySource::File(_) | SignatorySource::Folder(_) => None,
            })
            .collect();
        let names = names_of(against.written);
        let known: HashSet<String> = names.iter().map(|name| fold(name)).collect();
        let name_of = |entry: &spec::Signatory| self.own(Some(&entry.name)).map(str::to_owned);
        let by_name: HashMap<String, usize> = (listed.iter().enumerate())
            .filter_map(|(at, (_, entry))| Some((fold(&name_of(entry)?), at)))
            .collect();
        let few = found.len().saturating_mul(names.len()) <= MOST;
        let near = |name: &str| {
            if !few {
                return None;
            }
            // What stands behind a name may have been taken for a part of it.
            let folded = fold(name);
            let begins = |other: &&String| {
                let other = fold(other);
                other.chars().count() > 7 && folded.starts_with(&other)
            };
            if let Some(begun) = names.iter().filter(begins).max_by_key(|n| n.len()) {
                return Some(fold(begun));
            }
            let alike = names.iter().map(|other| (common(name, other), other));
            let best = alike.filter(|(alike, _)| *alike >= ALIKE);
            best.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, name)| fold(name))
        };
        let mut met: HashSet<String> = HashSet::new();
        let mut notes: Vec<(Path, Option<&Localized<Text>>, String)> = Vec::new();
        for entry in found {
            let name = fold(&entry.name);
            let same = if known.contains(&name) { Some(name) } else { near(&entry.name) };
            let (honorific, bare) = people::without_honorific(&self.vocabulary, &entry.name);
            match &same {
                None => {
                    let alone = Entry { members: Vec::new(), ..entry.clone() };
                    self.tell(say!("a signatory that the letter does not have"), &alone.words());
                }
                Some(same) if *same == fold(bare) => self.honorific(bare, honorific),
                Some(_) => {}
            }
            let own = same.as_ref().and_then(|same| by_name.get(same)).map(|at| listed[*at]);
            if let Some((at, own)) = own {
                // "Director, Red Sur" on one line.
                let (title, organization) = match entry.title.split_once(", ") {
                    Some(parts) if entry.organization.is_empty() && own.organization.is_some() => {
                        parts
                    }
                    _ => (entry.title.as_str(), entry.organization.as_str()),
                };
                for (key, value, text) in [
                    ("title", &own.title, title),
                    ("organization", &own.organization, organization),
                    ("note", &own.note, entry.note.as_str()),
                ] {
                    if value.is_some() {
                        let path = Path::entry("signatories", at, key);
                        notes.push((path, value.as_ref(), text.to_owned()));
                    }
                }
            }
            met.extend(same);
            for member in &entry.members {
                let name = fold(&member.name);
                match known.contains(&name).then_some(name).or_else(|| near(&member.name)) {
                    Some(same) => drop(met.insert(same)),
                    None => self.tell(say!("a member that the letter does not have"), &member.name),
                }
            }
        }
        for (path, own, text) in notes {
            self.text(path, own, &text, Certainty::Likely);
        }
        if !found.is_empty() {
            self.absent = names.into_iter().filter(|name| !met.contains(&fold(name))).collect();
        }
    }
}
