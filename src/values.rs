//! What a template is given: the contract of `docs/templates.md`.

use ecow::EcoString;
use typst::foundations::{Array, Content, Dict, IntoValue, Str, Value, dict};
use typst::layout::Abs;
use typst::text::TextElem;

use crate::content;
use crate::envelopes::Rectangle;
use crate::language::Tag;
use crate::letter::{Body, Group, Heading, Letter, Page, Person, Printed, Sender, Signatory};
use crate::spec::{Kind, Length, Margins, Paragraphs, Style};
use crate::text::{PatternPart, pattern_parts};

/// The inputs of the Typst program for a letter: `letter` with all finished values, `template` with
/// the template's file, and `body` with the body's file where it is Typst markup.
pub fn inputs(letter: &Letter) -> Dict {
    let mut values = self::letter(letter);
    let mut body_file = Value::None;
    match &letter.body {
        Body::Markdown(blocks) => {
            let body = marked(content::letter_body(blocks), &letter.body_lang);
            values.insert("body".into(), body.into_value());
        }
        Body::Typst(file) => body_file = file.get().clone().into_value(),
    }
    dict! {
        "letter" => values,
        "template" => letter.template.get().clone(),
        "body" => body_file,
    }
}

fn letter(letter: &Letter) -> Dict {
    // The list as a whole and its groups hold the same values.
    let signatories: Vec<Array> = letter
        .groups
        .iter()
        .map(|group| group.signatories.iter().map(signatory).collect())
        .collect();
    let groups: Array = letter
        .groups
        .iter()
        .zip(&signatories)
        .map(|(group, signatories)| self::group(letter, group, signatories.clone()))
        .collect();
    let labels: Dict =
        letter.words.labels.iter().map(|(name, label)| (key(name), text(label))).collect();
    dict! {
        "lang" => letter.tag.language(),
        "region" => optional(letter.tag.country()),
        "tag" => letter.tag.to_string(),
        "labels" => labels,
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
        "from" => optional(letter.from.as_ref().map(sender)),
        "to" => people(&letter.to),
        "cc" => people(&letter.cc),
        "salutation" => maybe(&letter.salutation),
        "closing" => maybe(&letter.closing),
        "postscript" => maybe(&letter.postscript),
        "enclosures" => list(&letter.enclosures),
        "receipt" => letter.receipt,
        "signatories" => signatories.into_iter().flatten().collect::<Array>(),
        "groups" => groups,
        "counts" => dict! {
            "signatories" => count(letter.counts.signatories),
            "organizations" => count(letter.counts.organizations),
            "persons" => count(letter.counts.persons),
            "members" => count(letter.counts.members),
            "countries" => count(letter.counts.countries),
        },
        "signature-block" => dict! {
            "columns" => count(columns(letter)),
            "heading" => maybe(&letter.signature_heading),
            "per-row" => count(per_row(letter)),
            "style" => match letter.signature_style {
                Style::List => "list",
                Style::Lines => "lines",
                Style::Images => "images",
            },
        },
        "page" => page(&letter.page),
        "envelope" => envelope(&letter.page),
    }
}

fn page(page: &Page) -> Dict {
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
        "font-size" => Abs::pt(page.font_size.0),
        "accent" => optional(page.accent.clone()),
        "paragraphs" => match page.paragraphs {
            Paragraphs::Spaced => "spaced",
            Paragraphs::Indented => "indented",
        },
        "bleed" => Abs::pt(page.bleed.0),
        "background" => optional(page.background.map(|file| file.get().clone())),
        "fold-marks" => page.fold_marks,
    }
}

/// The envelope with its measures from the upper left corner of the page.
fn envelope(page: &Page) -> Value {
    let Some(envelope) = page.envelope else { return Value::None };
    let geometry = envelope.geometry();
    let rectangle = |r: Rectangle| {
        dict! {
            "x" => Abs::pt(r.x),
            "y" => Abs::pt(r.y),
            "width" => Abs::pt(r.width),
            "height" => Abs::pt(r.height),
        }
    };
    let values = dict! {
        "name" => envelope.name(),
        "window" => rectangle(geometry.window),
        "field" => rectangle(geometry.field),
        "indent" => Abs::pt(geometry.indent),
        "return-address" => Abs::pt(geometry.return_address),
        "text" => Abs::pt(geometry.text),
        "folds" => geometry.folds.into_iter().map(|fold| Abs::pt(fold).into_value()).collect::<Array>(),
        "hole" => optional(geometry.hole.map(Abs::pt)),
        "show" => page.show_window,
    };
    values.into_value()
}

fn sender(sender: &Sender) -> Dict {
    dict! {
        "name" => maybe(&sender.name),
        "organization" => maybe(&sender.organization),
        "address" => list(&sender.address),
        "email" => maybe(&sender.email),
        "phone" => maybe(&sender.phone),
        "web" => maybe(&sender.web),
        "logo" => optional(sender.logo.as_ref().map(|logo| logo.file.get().clone())),
        "logo-alt" => optional(sender.logo.as_ref().map(|logo| logo.alt.clone())),
    }
}

/// The day, with the place where there is one, as the language puts them together.
fn dateline(letter: &Letter) -> Content {
    let Some(place) = &letter.place else { return plain(&letter.date_text) };
    let pattern = letter.words.labels.get("dateline").map_or("{place}, {date}", String::as_str);
    let part = |part| match part {
        PatternPart::Name("place") => printed(place),
        PatternPart::Name("date") => plain(&letter.date_text),
        PatternPart::Name(other) => plain(other),
        PatternPart::Plain(text) => plain(text),
    };
    Content::sequence(pattern_parts(pattern).into_iter().map(part))
}

/// A text of the program's own, which stands in no file.
fn plain(text: &str) -> Content {
    TextElem::packed(text)
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

/// Content marked with its language where that is not the letter's.
fn marked(content: Content, lang: &Option<Tag>) -> Content {
    match lang {
        Some(tag) => content::in_language(content, tag),
        None => content,
    }
}

fn printed(printed: &Printed) -> Content {
    marked(content::text(&printed.text, &printed.source.place), &printed.lang)
}

fn maybe(value: &Option<Printed>) -> Value {
    optional(value.as_ref().map(printed))
}

fn list(values: &[Printed]) -> Value {
    Value::Array(values.iter().map(|value| printed(value).into_value()).collect())
}

fn people(people: &[Person]) -> Value {
    let person = |person: &Person| {
        dict! {
            "name" => printed(&person.name),
            "honorific" => maybe(&person.honorific),
            "office" => maybe(&person.office),
            "organization" => maybe(&person.organization),
            "address" => list(&person.address),
            "email" => maybe(&person.email),
            "note" => maybe(&person.note),
        }
    };
    Value::Array(people.iter().map(|one| person(one).into_value()).collect())
}

fn group(letter: &Letter, group: &Group, signatories: Array) -> Value {
    let heading = group.heading.as_ref().map(|heading| match heading {
        Heading::Words(words) => plain(words),
        Heading::Printed(text) => printed(text),
    });
    let number = letter.conventions.number(group.signatories.len());
    let heading = match heading {
        Some(heading) if letter.group_counts => {
            Some(Content::sequence([heading, plain(&format!(" ({number})"))]))
        }
        heading => heading,
    };
    let values = dict! {
        "heading" => optional(heading),
        "count" => count(group.signatories.len()),
        "signatories" => signatories,
    };
    values.into_value()
}

fn signatory(signatory: &Signatory) -> Value {
    let members = signatory.members.iter().map(self::signatory).collect();
    let values = dict! {
        "name" => printed(&signatory.name),
        "kind" => match signatory.kind {
            Kind::Organization => "organization",
            Kind::Person => "person",
        },
        "title" => maybe(&signatory.title),
        "organization" => maybe(&signatory.organization),
        "country" => optional(signatory.country.clone()),
        "note" => maybe(&signatory.note),
        "url" => optional(signatory.url.clone()),
        "signature" => optional(signatory.signature.map(|file| file.get().clone())),
        "alt" => signatory.name.text.clone(),
        "members" => Value::Array(members),
    };
    values.into_value()
}

/// The number of columns that the letter names, or one that fits the length of the names: so many that
/// four of five names take one line.
fn columns(letter: &Letter) -> usize {
    if let Some(columns) = letter.signature_columns {
        return columns;
    }
    let all = letter.groups.iter().flat_map(|group| &group.signatories);
    let mut lengths: Vec<usize> = all.map(printed_length).collect();
    lengths.sort_unstable();
    let Some(usual) = lengths.get(lengths.len() * 4 / 5) else { return 1 };
    match (letter.signature_style, lengths.len(), usual) {
        (Style::Lines | Style::Images, ..) => per_row(letter),
        (_, 0..6, _) => 1,
        (_, 80.., 0..=17) => 4,
        (_, 24.., 0..=26) => 3,
        (_, _, 0..=70) => 2,
        _ => 1,
    }
}

/// The number of signatures in a row: what the letter says, else so that the last row is as full as it
/// can be.
fn per_row(letter: &Letter) -> usize {
    if let Some(columns) = letter.signature_columns {
        return columns;
    }
    match letter.groups.iter().map(|group| group.signatories.len()).sum() {
        0..=1 => 1,
        3 | 5 | 6 => 3,
        _ => 2,
    }
}

/// How long a signatory's line is, in characters.
fn printed_length(signatory: &Signatory) -> usize {
    let parts = [Some(&signatory.name), signatory.title.as_ref(), signatory.organization.as_ref()];
    let lengths = parts.into_iter().flatten().map(|part| part.text.chars().count() + 2);
    lengths.sum::<usize>().saturating_sub(2)
}
