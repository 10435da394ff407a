//! The page: its paper, margins and fonts.

use std::str::FromStr;
use std::sync::Arc;

use ecow::EcoString;
use typst::layout::Paper;
use typst::syntax::FileId;

use crate::fonts;
use crate::language::words::Layout;
use crate::language::{Tag, paper};
use crate::letter::resolve::Resolver;
use crate::letter::{Envelope, Page, Service};
use crate::pdf::Profile;
use crate::problems::{Code, Diagnostic};
use crate::source::Place;
use crate::source::text::Text;
use crate::spec::envelopes::{self, Geometry};
use crate::spec::print_services::{self, PrintService};
use crate::spec::{Length, MailProfile, Margins, Paragraphs};
use crate::words::say;
use crate::words::suggest;

/// The minimum width and height of the text, in points: an inch.
const MIN_ROOM: f64 = 72.0;

impl Resolver<'_> {
    pub(super) fn page(&self, tag: &Tag, layout: &Layout) -> Page {
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
                    "put its files in a folder beside the letter, and name that in [page]: fonts = [\"fonts\"]"
                )),
            );
        }
        let service = self.service();
        let envelope = self.window(service.as_ref());
        let paper = self.paper(tag, envelope.as_ref(), service.as_ref());
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
            fonts: self.fonts.clone(),
            font_size: page.font_size.unwrap_or(Length(11.0)),
            accent: page.accent.clone(),
            paragraphs: page.paragraphs.unwrap_or(match layout.indent {
                0 => Paragraphs::Spaced,
                _ => Paragraphs::Indented,
            }),
            bleed: page.bleed.unwrap_or(Length(0.0)),
            background,
            // A print service folds letters itself, and wants its edges empty.
            fold_marks: page.fold_marks.unwrap_or(page.envelope.is_some() && service.is_none()),
            envelope,
            service,
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

    /// The service that prints and posts the letter, if its rules can be read.
    fn service(&self) -> Option<Service> {
        let (profile, place) = self.written.spec.page.print_service.as_ref()?;
        let rules = match profile {
            MailProfile::BuiltIn(name) => print_services::service(name)?.clone(),
            MailProfile::File(path) => {
                let (source, file) = self.profile(path)?;
                PrintService::read(&source, file, &path.value, self.problems)?
            }
        };
        Some(Service { name: profile.name().into(), place: place.clone(), rules })
    }

    /// The envelope that the letter names, if its measures can be read.
    fn envelope(&self) -> Option<(Envelope, &Place)> {
        let (profile, place) = self.written.spec.page.envelope.as_ref()?;
        if let Some((edition, _)) = &self.written.spec.edition
            && edition.is_landscape()
        {
            let problem = Diagnostic::new(
                Code::InvalidValue,
                place.clone(),
                say!(
                    "three languages side by side are on landscape paper, which goes into no \
                     envelope with a window"
                ),
            );
            self.problems.push(problem.hint(say!(
                "remove `envelope`, or choose two languages or edition = \"consecutive\""
            )));
            return None;
        }
        let geometry = match profile {
            MailProfile::BuiltIn(name) => envelopes::geometry(name)?.clone(),
            MailProfile::File(path) => {
                let (source, file) = self.profile(path)?;
                Geometry::read(&source, file, &path.value, self.problems)?
            }
        };
        Some((Envelope { name: profile.name().into(), geometry }, place))
    }

    fn profile(&self, path: &Text) -> Option<(String, FileId)> {
        let file = self.problems.take(self.files.follow_text(path))?;
        Some((self.problems.take(self.files.text(file))?, file))
    }

    /// The window that shows the address: that of the envelope, as far as the print service allows.
    fn window(&self, service: Option<&Service>) -> Option<Envelope> {
        let wanted = service.and_then(|service| Some((service, service.rules.address.as_ref()?)));
        match (self.envelope(), wanted) {
            (Some((envelope, place)), Some((service, address))) => {
                let Some(geometry) = envelope.geometry.within(address) else {
                    let (name, envelope) = (&service.name, &envelope.name);
                    let message = say!(
                        "`{name}` wants the address where the window of the envelope `{envelope}` does \
                         not show it",
                        name,
                        envelope
                    );
                    let problem =
                        Diagnostic::new(Code::InvalidValue, service.place.clone(), message);
                    self.problems.push(
                        problem
                            .relate(place.clone(), say!("the envelope"))
                            .hint(say!("remove `envelope`: the print service has its own")),
                    );
                    return None;
                };
                Some(Envelope { geometry, ..envelope })
            }
            (Some((envelope, _)), None) => Some(envelope),
            (None, Some((service, address))) => {
                Some(Envelope { name: service.name.clone(), geometry: address.clone() })
            }
            (None, None) => None,
        }
    }

    /// The paper of a language, otherwise that of the letter's other languages.
    fn default_paper(&self, tag: &Tag) -> &'static str {
        let others = self.written.spec.languages.iter().map(|(tag, _)| tag);
        [tag].into_iter().chain(others).find_map(paper::usual).unwrap_or("a4")
    }

    /// The paper of the print service or of the envelope, otherwise that which the letter names, otherwise
    /// that of its language.
    fn paper(
        &self,
        tag: &Tag,
        envelope: Option<&Envelope>,
        service: Option<&Service>,
    ) -> EcoString {
        let page = &self.written.spec.page;
        let own = page.paper.as_ref();
        if let Some(service) = service {
            let (name, needed) = (&service.name, service.rules.paper);
            let other = match (own, &page.envelope) {
                (Some(paper), _) if paper.value != needed => {
                    Some((paper.value.as_str(), &paper.place, say!("the paper")))
                }
                (_, Some((_, place))) => envelope
                    .map(|envelope| envelope.geometry.paper)
                    .filter(|paper| *paper != needed)
                    .map(|paper| (paper, place, say!("the envelope"))),
                _ => None,
            };
            if let Some((written, place, related)) = other {
                let message = say!(
                    "`{name}` takes the paper `{needed}`, not `{written}`",
                    name,
                    needed,
                    written
                );
                let problem = Diagnostic::new(Code::InvalidValue, service.place.clone(), message);
                self.problems.push(
                    problem
                        .relate(place.clone(), related)
                        .hint(say!("remove it, or choose another print service")),
                );
            }
            return needed.into();
        }
        let Some((envelope, (_, place))) = envelope.zip(page.envelope.as_ref()) else {
            return own.map_or_else(|| self.default_paper(tag).into(), |paper| paper.value.clone());
        };
        let needed = envelope.geometry.paper;
        if let Some(paper) = own.filter(|paper| paper.value != needed) {
            let (name, written) = (&envelope.name, &paper.value);
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
