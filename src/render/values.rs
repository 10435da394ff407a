//! The values that a template receives: the contract of `docs/templates.md`.

use std::sync::LazyLock;

use ecow::EcoString;
use typst::foundations::{Array, Content, Dict, IntoValue, Regex, Str, Value, dict};
use typst::layout::{Abs, Em};
use typst::text::Covers;

use crate::files::carried;
use crate::fonts::scripts::{Family, Only, comma, has_italics, joins_letters};
use crate::language::{Tag, space_after};
use crate::letter::body::{self, Block, BlockKind, Inline, InlineKind};
use crate::letter::manuscript::Manuscript;
use crate::letter::{
    Body, Enclosed, Group, Heading, Letter, Page, Person, Printed, Sender, Signatory, enclosures,
};
use crate::render::columns::{long_words, per_row};
use crate::render::content::{self, Ending, marked, plain, printed, words};
use crate::render::in_languages::{
    InLanguages, entries, joined, maybe_together, name_together, part, together,
};
use crate::source::text::{PatternPart, pattern_parts};
use crate::source::url::Url;
use crate::spec::edition::Layout;
use crate::spec::envelopes::Rectangle;
use crate::spec::print_services::Zone;
use crate::spec::{Kind, Length, ListLayout, Margins, Paragraphs, Style};

/// The inputs of the Typst program: `template` with the template's file; `letters` with all finished
/// values of the letter in each of its languages, and with `body-file` if a body is Typst markup;
/// and, if languages are set side by side, `shared` with what they have in common.
pub(crate) fn inputs(manuscript: &Manuscript<'_>) -> Dict {
    let parallel = manuscript.layout() == Layout::Parallel;
    let texts = manuscript.letters().iter().filter_map(|letter| match &letter.body {
        Body::Markdown(blocks) => Some(&blocks[..]),
        Body::Typst(_) => None,
    });
    let ending = Ending::of(&texts.collect::<Vec<_>>());
    let letters: Array = manuscript
        .letters()
        .iter()
        .enumerate()
        .map(|(index, letter)| {
            let mut values = self::letter(letter);
            let bookmark = manuscript.bookmarks().get(index).map(|name| text(name));
            values.insert("bookmark".into(), optional(bookmark));
            let mut body_file = Value::None;
            match &letter.body {
                Body::Markdown(blocks) if parallel => {
                    values.insert("blocks".into(), self::blocks(letter, blocks, ending));
                }
                Body::Markdown(blocks) => {
                    let body = content::letter_body(blocks, |line| letter.indent_of(line));
                    let body = marked(body, &letter.body_lang);
                    values.insert("body".into(), body.into_value());
                }
                Body::Typst(file) => body_file = file.get().clone().into_value(),
            }
            // A document is printed on one paper size.
            if let Ok(Value::Dict(page)) = values.at_mut("page") {
                let paper = manuscript.original().page.paper.clone();
                page.insert("paper".into(), paper.into_value());
            }
            values.insert("plain".into(), (!parallel && is_plain(letter)).into_value());
            let prevails = manuscript.prevailing(letter);
            let prevails = prevails.map(|(text, lang)| words(&text, lang));
            values.insert("prevails".into(), optional(prevails));
            values.insert("body-file".into(), body_file);
            // The usual template sets them by their groups, and Typst hashes all that is passed to a function.
            if !parallel && letter.template == carried::built_in("open-letter.typ") {
                values.insert("signatories".into(), Array::new().into_value());
            }
            values.into_value()
        })
        .collect();
    let shared = parallel.then(|| shared(manuscript.letters()));
    // Whoever puts letters into envelopes needs the pages that go with each behind it.
    let each = manuscript.letters().iter().filter(|_| manuscript.is_for_printer());
    let with_each = each.map(|letter| enclosed(&[letter], |one| one.pages.is_some()).into_value());
    let with_each: Array = with_each.collect();
    dict! {
        "letters" => letters,
        "shared" => optional(shared),
        "enclosed-with-each" => with_each,
        "enclosed" => enclosed(manuscript.letters(), |enclosed| {
            enclosed.pages.is_none() || !manuscript.is_for_printer()
        }),
        "duplex" => manuscript.duplex(),
        "template" => manuscript.original().template.get().clone(),
    }
}

/// The enclosures of letters whose files go into the document, each file once.
fn enclosed(letters: &[&Letter], is_wanted: impl Fn(&Enclosed) -> bool) -> Array {
    let mut names: Vec<String> = Vec::new();
    let files = enclosures::with_files(letters).into_iter().filter(|enclosed| is_wanted(enclosed));
    let values = files.map(|enclosed| {
        let all: Vec<(&Letter, &Enclosed)> = letters
            .iter()
            .flat_map(|letter| letter.enclosed.iter().map(|other| (*letter, other)))
            .filter(|(_, other)| other.file == enclosed.file && other.attach == enclosed.attach)
            .collect();
        let titles: InLanguages<'_, Printed> =
            all.iter().map(|(letter, other)| (&letter.tag, &other.title)).collect();
        let headings = all.iter().filter_map(|(letter, other)| {
            let label = letter.words.labels.get("enclosure")?;
            let number = letter.conventions.in_digits(enclosed.number);
            let label = label.replace("{number}", &number);
            let named = words(&label, letter.label_lang("enclosure"));
            let gap = plain(space_after(&label));
            let heading = Content::sequence([named, gap, printed(&other.title)]);
            // A file may be in a single language, which need not be the document's.
            Some((label, &letter.tag, content::in_language(heading, &letter.tag)))
        });
        let headings: Vec<(String, &Tag, Content)> = headings.collect();
        let heading = joined(headings.iter().map(|(w, tag, c)| (w.as_str(), *tag, c.clone())));
        // Each file needs a name of its own.
        let mut name = enclosed.file.vpath().file_name().unwrap_or("file").to_owned();
        if names.contains(&name) {
            name = format!("{}-{name}", enclosed.number);
        }
        names.push(name.clone());
        let pages = enclosed.pages.iter().flat_map(|pages| &pages.sizes);
        let values = dict! {
            "title" => together(&titles),
            "heading" => heading,
            "alt" => enclosed.title.text.clone(),
            "path" => enclosed.file.get().clone(),
            "name" => name,
            "media-type" => enclosures::media_type(enclosed.file),
            "pages" => pages
                .map(|size| dict! {
                    "width" => Abs::pt(size.width),
                    "height" => Abs::pt(size.height),
                }.into_value())
                .collect::<Array>(),
        };
        values.into_value()
    });
    values.collect()
}

/// The blocks of a body one by one, which of them are headings, and which stay with what follows them.
fn blocks(letter: &Letter, blocks: &[Block], ending: Ending) -> Value {
    let contents =
        content::letter_blocks(blocks, ending, |_| None).into_iter().zip(blocks).enumerate();
    let block = |(at, (content, block)): (usize, (Content, &Block))| {
        let heading = matches!(block.kind, BlockKind::Heading(..));
        let values = dict! {
            "content" => marked(content, &letter.body_lang),
            "heading" => heading,
            "kept" => heading || ending == Ending::Other && at + 1 == blocks.len(),
            "gap" => optional(ending.gap_after(at, blocks.len()).map(content::mark)),
        };
        values.into_value()
    };
    Value::Array(contents.map(block).collect())
}

/// What languages set side by side have in common: the values of the original, except that texts
/// printed once are merged: a single text if all languages say the same, otherwise all of them,
/// separated by slashes.
fn shared(letters: &[&Letter]) -> Dict {
    let Some((original, others)) = letters.split_first() else { return Dict::new() };
    let mut values = letter(original);
    let groups: Vec<InLanguages<'_, Group>> = original
        .groups
        .iter()
        .map(|group| {
            let first = group.signatories.first().map(|signatory| &signatory.place);
            // The groups have the same signatories, but each language may sort them differently.
            let holds = |other: &&Group| other.signatories.iter().any(|s| Some(&s.place) == first);
            let mut all = vec![(&original.tag, group)];
            for other in others {
                all.extend(other.groups.iter().find(holds).map(|group| (&other.tag, group)));
            }
            all
        })
        .collect();
    let (signatories, groups) = self::groups(original, &groups);
    values.insert("signatories".into(), signatories.into_value());
    values.insert("groups".into(), groups.into_value());

    let each: InLanguages<'_, Letter> =
        letters.iter().map(|letter| (&letter.tag, *letter)).collect();
    let heading = maybe_together(&each, |letter| letter.signature_heading.as_ref());
    let lines: Vec<(String, &Tag, Content)> = (letters.iter())
        .filter_map(|letter| {
            let (line, lang) = letter.anonymous_line()?;
            let content = words(&line, lang);
            Some((line, &letter.tag, content))
        })
        .collect();
    let lines = (!lines.is_empty()).then(|| {
        joined(lines.iter().map(|(line, tag, content)| (line.as_str(), *tag, content.clone())))
    });
    if let Ok(Value::Dict(block)) = values.at_mut("signature-block") {
        block.insert("anonymous".into(), optional(lines));
        block.insert("heading".into(), heading);
        let note = maybe_together(&each, |letter| letter.signature_note.as_ref());
        block.insert("note".into(), note);
    }
    let senders = part(&each, |letter| letter.from.as_ref());
    values.insert("from".into(), optional(sender(&senders)));
    let labels: Dict = original
        .words
        .labels
        .keys()
        .map(|name| {
            let texts = letters.iter().filter_map(|letter| {
                let text = letter.words.labels.get(name)?;
                Some((text.as_str(), &letter.tag, words(text, letter.label_lang(name))))
            });
            (key(name), joined(texts).into_value())
        })
        .collect();
    values.insert("labels".into(), labels.into_value());
    values.insert("borrowed".into(), Dict::new().into_value());
    if letters.len() > 2
        && let Ok(Value::Dict(page)) = values.at_mut("page")
    {
        page.insert("flipped".into(), true.into_value());
    }
    values
}

/// Whether a letter has nothing but paragraphs below its title, and no template of its own that may set more.
fn is_plain(letter: &Letter) -> bool {
    let Body::Markdown(blocks) = &letter.body else { return false };
    let heads = letter.groups.iter().any(|group| group.heading.is_some());
    let notes =
        |inline: &&Inline| matches!(inline.kind, InlineKind::Code(_) | InlineKind::Footnote(..));
    carried::is_carried(letter.template)
        && blocks.iter().all(|block| matches!(block.kind, BlockKind::Paragraph(_)))
        && !body::inlines(blocks).iter().any(notes)
        && letter.enclosures.is_empty()
        && letter.signature_heading.is_none()
        && !heads
}

fn letter(letter: &Letter) -> Dict {
    let alone: Vec<InLanguages<'_, Group>> =
        letter.groups.iter().map(|group| vec![(&letter.tag, group)]).collect();
    let (signatories, groups) = self::groups(letter, &alone);
    let labels: Dict =
        letter.words.labels.iter().map(|(name, label)| (key(name), text(label))).collect();
    let borrowed = letter.borrowed.iter().flat_map(|borrowed| &borrowed.labels);
    let borrowed: Dict = borrowed
        .filter_map(|name| {
            let label = letter.words.labels.get(name).filter(|label| !label.is_empty())?;
            Some((key(name), words(label, letter.label_lang(name)).into_value()))
        })
        .collect();
    dict! {
        "lang" => letter.tag.language(),
        "region" => optional(letter.tag.country()),
        "tag" => letter.tag.to_string(),
        "quotes" => content::quotation_marks(letter.words.quotes.as_ref()),
        "rtl" => letter.tag.direction().is_some(),
        "dir" => content::direction(&letter.tag).into_value(),
        "joined" => joins_letters(&letter.tag),
        "italics" => has_italics(&letter.tag),
        "digits" => digits(letter),
        "at-end" => letter.words.layout.at_end.iter().map(|part| text(part)).collect::<Array>(),
        "plain" => false,
        "comma" => text(comma(&letter.tag)),
        "labels" => labels,
        "borrowed" => borrowed,
        "title" => printed(&letter.title),
        "subject" => maybe(&letter.subject),
        "reference" => maybe(&letter.reference),
        "your-reference" => maybe(&letter.your_reference),
        "date" => dict! {
            "text" => text(&letter.date_text),
            "year" => i64::from(letter.date.year().extended_year()),
            "month" => i64::from(letter.date.month().ordinal),
            "day" => i64::from(letter.date.day_of_month().0),
        },
        "dateline" => dateline(letter),
        "from" => optional(sender(&letter.from.iter().map(|from| (&letter.tag, from)).collect())),
        "to" => people(letter, &letter.to),
        "cc" => people(letter, &letter.cc),
        "salutation" => maybe(&letter.salutation),
        "closing" => maybe(&letter.closing),
        "postscript" => maybe(&letter.postscript),
        "enclosures" => list(&letter.enclosures),
        "receipt" => letter.receipt,
        "signatories" => signatories,
        "groups" => groups,
        "counts" => dict! {
            "signatories" => count(letter.counts.signatories),
            "organizations" => count(letter.counts.organizations),
            "persons" => count(letter.counts.persons),
            "members" => count(letter.counts.members),
            "countries" => count(letter.counts.countries),
        },
        "signature-block" => dict! {
            "anonymous" => optional(letter.anonymous_line().map(|(line, lang)| words(&line, lang))),
            "columns" => columns(letter),
            "heading" => maybe(&letter.signature_heading),
            "note" => maybe(&letter.signature_note),
            "layout" => match letter.list_layout {
                ListLayout::Columns => "columns",
                ListLayout::RunIn => "run-in",
            },
            "size" => optional(letter.list_size.map(|size| Abs::pt(size.0))),
            "per-row" => count(per_row(letter)),
            "style" => match letter.signature_style {
                Style::List => "list",
                Style::Lines => "lines",
                Style::Images => "images",
            },
        },
        "page" => page(letter),
        "envelope" => envelope(&letter.page),
    }
}

/// The number of signatories side by side, or automatic in a list.
fn columns(letter: &Letter) -> Value {
    match letter.signature_style {
        Style::List => {
            letter.signature_columns.map_or(Value::Auto, |asked| count(asked).into_value())
        }
        Style::Lines | Style::Images => count(per_row(letter)).into_value(),
    }
}

/// The families for the texts of a letter, for `text(font: ..)`.
pub(super) fn families(letter: &Letter, font: &str) -> Array {
    static LETTERS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{Latin}\p{Greek}\p{Cyrillic}]").expect("a pattern"));
    let value = |family: Family| {
        let covers = match family.only {
            Only::All => return family.name.into_value(),
            Only::NotEastAsianSigns => Covers::LatinInCjk.into_value(),
            Only::Letters => Covers::Regex(LETTERS.clone()).into_value(),
        };
        dict! { "name" => family.name, "covers" => covers }.into_value()
    };
    letter.page.fonts.families(font, &letter.tag).into_iter().map(value).collect()
}

fn page(letter: &Letter) -> Dict {
    let page = &letter.page;
    let Margins { top, right, bottom, left } = page.margin;
    let margin = |length: Option<Length>| optional(length.map(|length| Abs::pt(length.0)));
    dict! {
        "paper" => page.paper.clone(),
        "margin" => dict! {
            "top" => margin(top),
            "right" => margin(right),
            "bottom" => margin(bottom),
            "left" => margin(left),
        },
        "font" => page.font.clone(),
        "fonts" => families(letter, &page.font),
        // Three languages side by side need the longer side.
        "flipped" => false,
        "font-size" => Abs::pt(page.font_size.0),
        "accent" => optional(page.accent.clone()),
        "paragraphs" => match page.paragraphs {
            Paragraphs::Spaced => "spaced",
            Paragraphs::Indented => "indented",
        },
        "indent" => match letter.words.layout.indent {
            0 => Em::new(1.4),
            wide => Em::new(wide.into()),
        },
        "bleed" => Abs::pt(page.bleed.0),
        "background" => optional(page.background.as_ref().map(|picture| picture.file.get().clone())),
        "fold-marks" => page.fold_marks,
        "top" => optional(page.service.as_ref().and_then(|s| s.rules.top).map(Abs::pt)),
        "edges" => edges(page),
        "zones" => zones(page),
    }
}

fn rectangle(area: Rectangle) -> Dict {
    dict! {
        "x" => Abs::pt(area.x),
        "y" => Abs::pt(area.y),
        "width" => Abs::pt(area.width),
        "height" => Abs::pt(area.height),
    }
}

/// The edges where the print service wants nothing.
fn edges(page: &Page) -> Dict {
    let Margins { top, right, bottom, left } =
        page.service.as_ref().map(|service| service.rules.margin).unwrap_or_default();
    let edge = |length: Option<Length>| Abs::pt(length.map_or(0.0, |length| length.0));
    dict! {
        "top" => edge(top),
        "right" => edge(right),
        "bottom" => edge(bottom),
        "left" => edge(left),
    }
}

/// The zones that the print service wants empty, if they are to be drawn.
fn zones(page: &Page) -> Array {
    let service = page.service.as_ref().filter(|_| page.show_window);
    let zone = |zone: Zone| {
        dict! { "area" => rectangle(zone.area), "pages" => zone.pages.name() }.into_value()
    };
    service.into_iter().flat_map(|service| service.rules.zones()).map(zone).collect()
}

/// The envelope with its measures from the upper left corner of the page.
fn envelope(page: &Page) -> Value {
    let Some(envelope) = &page.envelope else { return Value::None };
    let geometry = &envelope.geometry;
    let values = dict! {
        "name" => envelope.name.clone(),
        "window" => rectangle(geometry.window),
        "field" => rectangle(geometry.field),
        "indent" => Abs::pt(geometry.indent),
        "return-address" => Abs::pt(geometry.return_address),
        "notes" => Abs::pt(geometry.notes),
        "reserved" => geometry.reserved,
        "head" => Abs::pt(geometry.head),
        "text" => Abs::pt(geometry.text),
        "folds" => geometry.folds.iter().map(|fold| Abs::pt(*fold).into_value()).collect::<Array>(),
        "hole" => optional(geometry.hole.map(Abs::pt)),
        "show" => page.show_window,
    };
    values.into_value()
}

fn sender(senders: &InLanguages<'_, Sender>) -> Option<Dict> {
    let (_, first) = senders.first()?;
    let get = |part: fn(&Sender) -> Option<&Printed>| maybe_together(senders, part);
    let list = |get: fn(&Sender) -> &Vec<Printed>| {
        let lines = entries(&part(senders, |sender| Some(get(sender))));
        lines.iter().map(|line| together(line).into_value()).collect::<Array>()
    };
    let url = |printed: &Option<Printed>, of: fn(&str) -> Option<Url>| {
        optional(printed.as_ref().and_then(|printed| of(&printed.text)).map(|url| text(&url)))
    };
    let (tag, _) = senders.first()?;
    Some(dict! {
        "comma" => text(comma(tag)),
        "name" => get(|sender| sender.name.as_ref()),
        "organization" => get(|sender| sender.organization.as_ref()),
        "address" => list(|sender| &sender.address),
        "footer" => list(|sender| &sender.footer),
        "email" => get(|sender| sender.email.as_ref()),
        "email-url" => url(&first.email, Url::of_mailbox),
        "phone" => get(|sender| sender.phone.as_ref()),
        "web" => get(|sender| sender.web.as_ref()),
        "web-url" => url(&first.web, Url::of_page),
        "logo" => optional(first.logo.as_ref().map(|logo| logo.picture.file.get().clone())),
        "logo-alt" => optional(first.logo.as_ref().map(|logo| logo.alt.text.clone())),
    })
}

/// The day, with the place if there is one, combined as the language does it. If that takes two lines, the
/// day is on the second.
fn dateline(letter: &Letter) -> Content {
    let Some(place) = &letter.place else { return words(&letter.date_text, letter.date_lang()) };
    let lang = letter.label_lang("dateline");
    let pattern = letter.words.labels.get("dateline").map_or("{place}, {date}", String::as_str);
    let part = |part| match part {
        PatternPart::Name("place") => {
            let end = letter.tag.end_of_foreign().map(plain);
            Content::sequence([printed(place)].into_iter().chain(end))
        }
        PatternPart::Name("date") => {
            words(&letter.date_text.replace(' ', "\u{a0}"), letter.date_lang())
        }
        PatternPart::Name(other) => words(other, lang),
        // "a 9 de marzo": the word stays with the day.
        PatternPart::Plain(text) => match text.strip_suffix(' ') {
            Some(word) if word.ends_with(char::is_alphabetic) => {
                words(&format!("{word}\u{a0}"), lang)
            }
            _ => plain(text),
        },
    };
    Content::sequence(pattern_parts(pattern).into_iter().map(part))
}

/// The digits of a language, from zero to nine, if they are not the European ones.
fn digits(letter: &Letter) -> Value {
    let digits = letter.conventions.digits();
    optional(digits.map(|digits| {
        digits.iter().map(|digit| text(digit.encode_utf8(&mut [0; 4]))).collect::<Array>()
    }))
}

fn key(name: &str) -> Str {
    name.into()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn text(text: &str) -> Value {
    EcoString::from(text).into_value()
}

fn optional(value: Option<impl IntoValue>) -> Value {
    value.map_or(Value::None, IntoValue::into_value)
}

fn maybe(value: &Option<Printed>) -> Value {
    optional(value.as_ref().map(printed))
}

fn list(values: &[Printed]) -> Value {
    Value::Array(values.iter().map(|value| printed(value).into_value()).collect())
}

/// A person's name with the honorific, where the language has it.
fn full_name(person: &Person) -> Content {
    let (names, gap) = person.full_name();
    let mut parts = Vec::new();
    for name in names {
        if !parts.is_empty() && !gap.is_empty() {
            parts.push(plain(gap));
        }
        parts.push(printed(name));
    }
    Content::sequence(parts)
}

fn people(letter: &Letter, people: &[Person]) -> Value {
    let person = |person: &Person| {
        dict! {
            "comma" => text(comma(&letter.tag)),
            "italics" => has_italics(&letter.tag),
            "name" => printed(&person.name),
            "honorific" => maybe(&person.honorific),
            "full-name" => full_name(person),
            "office" => maybe(&person.office),
            "organization" => maybe(&person.organization),
            "address" => list(&person.address),
            "email" => maybe(&person.email),
            "note" => maybe(&person.note),
            "country" => maybe(&person.country),
            "delivery" => maybe(&person.delivery),
        }
    };
    Value::Array(people.iter().map(|one| person(one).into_value()).collect())
}

/// All signatories, and their groups. Both contain the same values.
fn groups(letter: &Letter, groups: &[InLanguages<'_, Group>]) -> (Array, Array) {
    let (mut all, mut grouped) = (Array::new(), Array::new());
    for group in groups {
        let signatories = group_signatories(letter, group);
        all.extend(signatories.iter().cloned());
        grouped.push(self::group(letter, group, signatories));
    }
    (all, grouped)
}

/// The signatories of a group, each in all languages.
fn group_signatories(letter: &Letter, groups: &InLanguages<'_, Group>) -> Array {
    let Some(((tag, first), others)) = groups.split_first() else { return Array::new() };
    let in_all = |one: &Signatory| {
        let others = others.iter().filter_map(|(tag, group)| {
            let same = group.signatories.iter().find(|other| other.place == one.place)?;
            Some((*tag, same))
        });
        let all: Vec<(&Tag, &Signatory)> = std::iter::once((*tag, one)).chain(others).collect();
        signatory(letter, &all)
    };
    first.signatories.iter().map(in_all).collect()
}

fn group(letter: &Letter, groups: &InLanguages<'_, Group>, signatories: Array) -> Value {
    let headings: Vec<(&Tag, &Heading)> = part(groups, |group| group.heading.as_ref());
    // The words of a heading are those of its signatories: a group, or a country.
    let place = groups.first().and_then(|(_, group)| Some(&group.signatories.first()?.place));
    let set = |text: &str, lang: &Option<Tag>| match place {
        Some(place) => marked(plain(text).spanned(content::span(place)), lang),
        None => words(text, lang.as_ref()),
    };
    let heading = (!headings.is_empty()).then(|| {
        joined(headings.into_iter().map(|(tag, heading)| match heading {
            Heading::Words(text, lang) => (text.as_str(), tag, set(text, lang)),
            Heading::Printed(text) => (text.text.as_str(), tag, printed(text)),
        }))
    });
    let signing = groups.first().map_or(0, |(_, group)| group.count());
    let number = letter.conventions.number(signing);
    let heading = match heading {
        Some(heading) if letter.group_counts => {
            Some(Content::sequence([heading, plain(&format!(" ({number})"))]))
        }
        heading => heading,
    };
    let values = dict! {
        "heading" => optional(heading),
        "count" => count(signing),
        "signatories" => signatories,
    };
    values.into_value()
}

fn signatory(letter: &Letter, all: &InLanguages<'_, Signatory>) -> Value {
    let Some((_, first)) = all.first() else { return Value::None };
    let name = |part: fn(&Signatory) -> Option<&Printed>| name_together(all, part);
    // Names that differ only in the word before the last place are printed once.
    let same = |one: &Signatory| {
        (&one.called, &one.print_as, &one.places) == (&first.called, &first.print_as, &first.places)
    };
    let names = if all.iter().all(|(_, one)| same(one)) { all.get(..1) } else { None };
    let members = entries(&part(all, |signatory| Some(&signatory.members)));
    let values = dict! {
        "name" => match names {
            Some(names) => name_together(&names.to_vec(), |signatory| Some(&signatory.name)),
            None => name(|signatory| Some(&signatory.name)),
        },
        "kind" => match first.kind {
            Kind::Organization => "organization",
            Kind::Person => "person",
        },
        "comma" => text(comma(&letter.tag)),
        "title" => name(|signatory| signatory.title.as_ref()),
        "organization" => name(|signatory| signatory.organization.as_ref()),
        "country" => optional(first.country.clone()),
        "note" => maybe_together(all, |signatory| signatory.note.as_ref()),
        "url" => optional(first.url.as_ref().map(|url| text(url))),
        "signature" => optional(first.signature.as_ref().map(|picture| picture.file.get().clone())),
        "alt" => first.name.text.clone(),
        "signature-alt" => match letter.words.labels.get("signature") {
            Some(pattern) if !pattern.is_empty() => pattern.replace("{name}", &first.name.text),
            _ => first.name.text.to_string(),
        },
        "long-words" => long_words(all.iter().map(|(_, signatory)| *signatory)).iter().map(|word| text(word)).collect::<Array>(),
        "members" => members.iter().map(|member| signatory(letter, member)).collect::<Array>(),
    };
    values.into_value()
}
