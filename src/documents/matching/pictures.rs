//! Which pictures of a document are those of a letter.

use crate::documents::matching::Against;
use crate::documents::model::{LeftOut, Shown};
use crate::documents::pictures::{Picture, retain};
use crate::documents::write::Recognized;
use crate::letter::Body;
use crate::letter::body;
use crate::words::say;

/// Names the pictures of the text as the letter does, and prints them as wide: those of the same file, and if there are as many others as
/// the letter has, those in their order. The rest is taken out, and returned.
pub(super) fn rename(
    document: &mut Recognized,
    pictures: &[Picture],
    against: &Against<'_>,
) -> Vec<LeftOut> {
    let Body::Markdown(own) = &against.letter.body else { return Vec::new() };
    let mut left: Vec<_> = body::figures(own)
        .into_iter()
        .map(|figure| {
            let width = figure.width.as_ref().map(|width| width.written.to_string());
            let named = (path_of(figure, against), width);
            (named, against.files.file(figure.picture.file).ok())
        })
        .collect();
    let mut shown: Vec<String> = Vec::new();
    let mut see = |picture: &mut Shown| {
        shown.push(picture.path.clone());
        true
    };
    retain(&mut document.parts.body, &mut see, None);
    let data = |name: &String| pictures.iter().find(|one| one.name == *name).map(|one| &one.data);
    let mut names: Vec<Option<(String, Option<String>)>> = shown
        .iter()
        .map(|name| {
            let same = left.iter().position(|(_, own)| own.is_some() && own.as_ref() == data(name));
            same.map(|at| left.remove(at).0)
        })
        .collect();
    if names.iter().filter(|name| name.is_none()).count() == left.len() {
        let mut others = left.into_iter().map(|(named, _)| named);
        names.iter_mut().filter(|name| name.is_none()).for_each(|name| *name = others.next());
    }
    let mut names = names.into_iter();
    let mut unknown: Vec<LeftOut> = Vec::new();
    let mut found: Vec<String> = shown;
    let mut named = |picture: &mut Shown| match names.next().flatten() {
        Some((path, width)) => {
            (picture.path, picture.width) = (path, width);
            true
        }
        None => {
            let what = say!("a picture that the letter does not have");
            unknown.push(LeftOut { what, text: picture.alt.clone() });
            false
        }
    };
    let mut captions: Vec<LeftOut> = Vec::new();
    retain(&mut document.parts.body, &mut named, Some(&mut captions));
    unknown.append(&mut captions);
    for Shown { path, alt, .. } in &document.pictures {
        match found.iter().position(|name| name == path) {
            Some(at) => drop(found.swap_remove(at)),
            None => {
                let what = say!("a picture outside of the text");
                unknown.push(LeftOut { what, text: alt.clone() });
            }
        }
    }
    unknown
}

/// The path of a picture of the letter, for a text beside its `letter.toml`.
fn path_of(figure: &body::Figure, against: &Against<'_>) -> String {
    let letter = against.written.spec.file.vpath().parent();
    let Some(letter) =
        letter.filter(|own| figure.picture.place.file.vpath().parent().as_ref() != Some(own))
    else {
        return figure.path.to_string();
    };
    figure.picture.file.vpath().relative_from(&letter).to_string()
}
