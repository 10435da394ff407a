//! Makes a recipient the addressee of a letter.

use crate::letter::conditions::Test;
use crate::letter::placeholders::RECIPIENT;
use crate::letter::{Letter, Person, Printed};
use crate::merge::Plan;
use crate::merge::recipients::{ADDRESS, Recipient, Recipients};
use crate::source::text::Text;

/// Makes a recipient the addressee of a letter, with its own texts and their places, and leaves out the
/// parts that are not for the recipient.
pub(super) fn fill_in(plan: &Plan, recipient: &Recipient, letter: &mut Letter) {
    let recipients = &plan.recipients;
    let lines = address_lines(plan, recipient);
    address(letter, lines, |name| recipients.cell(recipient, name).cloned());
    letter.keep_parts(|test| holds(recipients, recipient, test));
}

/// Whether the test of a part of the text holds for a recipient.
pub(super) fn holds(recipients: &Recipients, recipient: &Recipient, test: &Test) -> bool {
    test.holds(recipients.cell(recipient, &test.column).map_or("", |cell| &cell.value))
}

/// Makes a recipient the addressee of a letter: `cell` returns the value of a column, and `lines` is
/// the address. If the row names nobody, the letter's own addressees stay.
pub(super) fn address(letter: &mut Letter, lines: Vec<Text>, cell: impl Fn(&str) -> Option<Text>) {
    let part = |name: &str| cell(name).map(printed);
    if let Some(mut salutation) = part("salutation") {
        // The window of an envelope knows the lines of an address by their places, and a salutation may
        // be made of the same cells.
        let own = letter.salutation.as_ref().unwrap_or(&letter.title);
        salutation.source.place = own.source.place.clone();
        letter.salutation = Some(salutation);
    }
    let (office, organization) = (part("office"), part("organization"));
    // Somebody must be named: the person, or the office, or the organization.
    let named = match (part("name"), office, organization) {
        (Some(name), office, organization) => Some((name, office, organization)),
        (None, Some(office), organization) => Some((office, None, organization)),
        (None, None, Some(organization)) => Some((organization, None, None)),
        (None, None, None) => None,
    };
    if let Some((name, office, organization)) = named {
        // All letters go the same way, unless a row says another.
        let delivery = letter.to.first_mut().and_then(|person| person.delivery.take());
        letter.to = vec![Person {
            name,
            honorific: part("honorific"),
            office,
            organization,
            address: Vec::new(),
            email: part("email"),
            note: part("note"),
            country: None,
            delivery: part("delivery").or(delivery),
        }];
    }
    if let Some(person) = letter.to.first_mut().filter(|_| !lines.is_empty()) {
        person.address = lines.into_iter().map(printed).collect();
    }
}

fn printed(source: Text) -> Printed {
    Printed { text: source.value.clone(), source, lang: None, left_to_right: false }
}

/// The lines of a recipient's address.
pub(super) fn address_lines(plan: &Plan, recipient: &Recipient) -> Vec<Text> {
    let Some(cell) = plan.recipients.cell(recipient, ADDRESS) else { return Vec::new() };
    let lines = cell.value.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| Text { value: line.trim().into(), ..cell.clone() }).collect()
}

/// The recipient's value in each column, followed by each line of the address.
pub(super) fn texts(plan: &Plan, recipient: &Recipient) -> Vec<String> {
    let lines = address_lines(plan, recipient);
    let cells = recipient.cells.iter().chain(&lines);
    cells.map(|cell| cell.value.to_string()).collect()
}

/// The placeholders of the columns, each with what `text` returns for it.
pub(super) fn placeholders(
    recipients: &Recipients,
    text: impl Fn(usize) -> String,
) -> Vec<(String, String)> {
    let columns = recipients.columns.iter().enumerate();
    columns.map(|(index, name)| (format!("{RECIPIENT}{name}"), text(index))).collect()
}
