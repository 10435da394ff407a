//! The page: its paper, margins and fonts.

use std::str::FromStr;
use std::sync::Arc;

use ecow::EcoString;
use typst::layout::Paper;

use crate::fonts;
use crate::language::Tag;
use crate::letter::Page;
use crate::letter::resolve::Resolver;
use crate::pdf::Profile;
use crate::problems::{Code, Diagnostic};
use crate::spec::{Length, Margins};
use crate::words::say;
use crate::words::suggest;

/// The minimum width and height of the text, in points: an inch.
const MIN_ROOM: f64 = 72.0;

impl Resolver<'_> {
    pub(super) fn page(&self, tag: &Tag) -> Page {
        let page = &self.written.spec.page;
        if let Some(font) = &page.font
            && !self.fonts.has_family(&font.value)
        {
            let name = &font.value;
            let families: Vec<&str> = self.fonts.book().families().map(|(name, _)| name).collect();
            let list = families.iter().take(12).map(|f| format!("`{f}`")).collect::<Vec<_>>();
            let list = list.join(", ");
            self.problems.push(
                Diagnostic::new(
                    Code::UnknownFont,
                    font.place.clone(),
                    say!("there is no font `{name}`", name),
                )
                .hint(match suggest::nearest(name, families.iter().copied()) {
                    Some(near) => suggest::did_you_mean(near),
                    None => say!("these exist: {list}", list),
                })
                .hint(say!(
                    "--font-path adds the fonts of a folder, --system-fonts those of this computer"
                )),
            );
        }
        let paper = self.paper(tag);
        let margin = if self.leave_room(&paper) { page.margin } else { Margins::default() };
        let background = page.background.as_ref().and_then(|path| self.picture(path));
        Page {
            paper,
            margin,
            font: match &page.font {
                // A missing font has been reported already; another one is used instead.
                Some(font) if self.fonts.has_family(&font.value) => font.value.clone(),
                _ => fonts::DEFAULT_FAMILY.into(),
            },
            font_size: page.font_size.unwrap_or(Length(11.0)),
            accent: page.accent.clone(),
            paragraphs: page.paragraphs,
            bleed: page.bleed.unwrap_or(Length(0.0)),
            background,
            envelope: page.envelope.as_ref().map(|(envelope, _)| *envelope),
            fold_marks: page.fold_marks.unwrap_or(page.envelope.is_some()),
            crop_marks: page.crop_marks,
            show_window: false,
        }
    }

    /// The press that the letter names, if there is one and its profile can be used.
    pub(super) fn output_intent(&self) -> Option<Arc<Profile>> {
        let path = self.written.spec.pdf.output_intent.as_ref()?;
        let file = self.problems.take(self.files.follow_text(path))?;
        let data = self.files.file(file).ok()?;
        let profile = Profile::read(data.to_vec());
        if profile.is_none() {
            let written = &path.value;
            let message = say!(
                "`{written}` is not an ICC profile of version 2 for printing with four inks",
                written
            );
            let problem = Diagnostic::new(Code::InvalidValue, path.place.clone(), message);
            self.problems.push(problem.hint(say!(
                "ask the print shop for the profile of its press, or leave `output-intent` out, \
                 which is then offset on coated paper"
            )));
        }
        profile.map(Arc::new)
    }

    /// Whether the margins leave room on the paper. If not, that is reported.
    fn leave_room(&self, paper: &str) -> bool {
        let page = &self.written.spec.page;
        let (Some(place), Ok(paper)) = (&page.margin_place, Paper::from_str(paper)) else {
            return true;
        };
        let length = |side: Option<Length>| side.map_or(0.0, |length| length.0);
        let across = length(page.margin.left) + length(page.margin.right);
        let down = length(page.margin.top) + length(page.margin.bottom);
        let (width, height) = (paper.width().to_pt(), paper.height().to_pt());
        if across + MIN_ROOM > width || down + MIN_ROOM > height {
            let (width, height) = (width.round(), height.round());
            let message = say!(
                "these margins leave less than {least} pt of the paper, which has {width} × {height} pt",
                least = MIN_ROOM,
                width,
                height
            );
            self.problems.push(Diagnostic::new(Code::InvalidValue, place.clone(), message));
            return false;
        }
        true
    }

    /// The paper that the letter names, otherwise that of its envelope, otherwise that of its language.
    fn paper(&self, tag: &Tag) -> EcoString {
        let page = &self.written.spec.page;
        let Some((envelope, place)) = &page.envelope else {
            return match &page.paper {
                Some(paper) => paper.value.clone(),
                None => default_paper(tag).into(),
            };
        };
        let needed = envelope.geometry().paper;
        if let Some(paper) = &page.paper
            && paper.value != needed
        {
            let (name, written) = (envelope.name(), &paper.value);
            self.problems.push(
                Diagnostic::new(
                    Code::InvalidValue,
                    place.clone(),
                    say!(
                        "the envelope `{name}` is for the paper `{needed}`, not `{written}`",
                        name,
                        needed,
                        written
                    ),
                )
                .relate(paper.place.clone(), say!("the paper"))
                .hint(say!("remove `paper`, or choose another envelope")),
            );
        }
        needed.into()
    }
}

/// The regions where US letter is the usual paper: CLDR 48, `supplementalData.xml`, `paperSize`.
const US_LETTER_REGIONS: &[&str] =
    &["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

/// The paper of a language's region. If there is no region, it is the one where most speakers live
/// according to CLDR: the United States for `en`, Spain for `es`.
fn default_paper(tag: &Tag) -> &'static str {
    let mut locale = tag.locale();
    icu_locale::LocaleExpander::new_common().maximize(&mut locale.id);
    let region =
        tag.country().or(locale.id.region.as_ref().map(icu_locale::subtags::Region::as_str));
    let letter = region.is_some_and(|region| US_LETTER_REGIONS.contains(&region));
    if letter { "us-letter" } else { "a4" }
}
