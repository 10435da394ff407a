//! Finds signatories that are listed twice, and those out of order in a list that is nearly sorted.

use crate::checks::ascending::longest_ascending;
use crate::checks::duplicates::{self, Likeness, Name};
use crate::language::Tag;
use crate::language::words::Words;
use crate::letter;
use crate::letter::signatories::{Order, signing};
use crate::problems::{Code, Diagnostic, Problems};
use crate::source::text::Text;
use crate::spec::signatory_sources::name_place;
use crate::spec::{self, Localized};
use crate::words::say;

/// Reports signatories that are out of order, if a list to be printed as listed is nearly sorted. A list
/// in an order of its own is not a mistake.
pub(crate) fn report_order(
    signatories: &[letter::Signatory],
    tag: &Tag,
    words: &Words,
    problems: &Problems,
) {
    /// One in this many signatories may be out of place in a list that was meant to be sorted.
    const ONE_IN: usize = 10;
    let Some(order) = Order::of(tag) else { return };
    let keys: Vec<Vec<u8>> = signatories.iter().map(|s| order.key(s, words)).collect();
    let in_place = longest_ascending(&keys);
    let misplaced = signatories.len() - in_place.len();
    if misplaced == 0 || signatories.len() < 5 || misplaced * ONE_IN > signatories.len() {
        return;
    }
    for (index, signatory) in signatories.iter().enumerate() {
        if in_place.binary_search(&index).is_ok() {
            continue;
        }
        // The first signatory in its right place that follows it by name.
        let next = in_place.iter().find(|other| keys[**other] > keys[index]);
        let name = &signatory.name.text;
        let mut diagnostic = Diagnostic::new(
            Code::UnsortedSignatories,
            signatory.name.source.place.clone(),
            say!("`{name}` is out of order", name),
        );
        diagnostic = match next.map(|next| &signatories[*next]) {
            Some(next) => {
                let before = &next.name.text;
                diagnostic.relate(
                    next.name.source.place.clone(),
                    say!("it belongs before `{before}`", before),
                )
            }
            None => diagnostic,
        };
        problems.push(diagnostic.hint(say!(
            "move it, or use sort = \"name\" in [signature-block] to sort all of them"
        )));
    }
}

/// Reports signatories that are listed twice, at any level.
pub(crate) fn report_duplicates(signatories: &[spec::Signatory], problems: &Problems) {
    let mut all: Vec<&spec::Signatory> = Vec::new();
    flatten(signatories, &mut all);
    let names: Vec<Name> = all.iter().map(|signatory| comparable(signatory)).collect();
    for (first, second, likeness) in duplicates::find(&names) {
        let (first, second) = (all[first], all[second]);
        if was_judged(first, second) || was_judged(second, first) {
            continue;
        }
        let (a, b) = (shown_name(first), shown_name(second));
        let (code, message) = match likeness {
            Likeness::Same if a == b => {
                (Code::DuplicateSignatory, say!("`{b}` is listed twice", b))
            }
            Likeness::Same => {
                (Code::DuplicateSignatory, say!("`{b}` is already listed as `{a}`", b, a))
            }
            Likeness::Near => {
                (Code::NearDuplicateSignatory, say!("`{b}` may be the same as `{a}`", b, a))
            }
        };
        problems.push(
            Diagnostic::new(code, name_place(second).clone(), message)
                .relate(name_place(first).clone(), say!("`{a}` is here", a))
                .hint(if a == b {
                    say!(
                        "remove one; if they are different, distinguish them by title, \
                         organization or place"
                    )
                } else {
                    say!("remove one, or add not-duplicate-of = \"{a}\" if they are different", a)
                }),
        );
    }
}

fn flatten<'s>(signatories: &'s [spec::Signatory], all: &mut Vec<&'s spec::Signatory>) {
    for signatory in signing(signatories) {
        all.push(signatory);
        flatten(&signatory.members, all);
    }
}

fn shown_name(signatory: &spec::Signatory) -> &str {
    signatory.name.first().map_or("", |name| &name.value)
}

fn comparable(signatory: &spec::Signatory) -> Name {
    fn text(value: &Option<Localized<Text>>) -> &str {
        value.as_ref().and_then(|value| value.first()).map_or("", |text| &text.value)
    }
    let (organization, title) = (text(&signatory.organization), text(&signatory.title));
    Name::of_signatory(signatory.kind, shown_name(signatory), organization, title)
}

/// Whether somebody has checked these two and found that they are different.
fn was_judged(signatory: &spec::Signatory, other: &spec::Signatory) -> bool {
    let other = shown_name(other).trim();
    signatory.not_duplicate_of.iter().any(|name| name.value.trim() == other)
}
