//! The PDF of what the preview shows, made when somebody asks for it.

use std::sync::Arc;

use crate::engine::options::Options;
use crate::engine::set::Typesetter;
use crate::engine::workers;
use crate::files::Files;
use crate::problems::Problems;
use crate::watch::session::Pages;

/// A document that can be downloaded: the same bytes that `build` writes.
pub(crate) struct Download {
    pub(super) pages: Arc<Pages>,
    pub(super) files: Arc<Files>,
    pub(super) options: Arc<Options>,
}

impl Download {
    /// The PDF, or that of the draft. `None` if it cannot be made; the reason is among the problems.
    pub(crate) fn pdf(&self, draft: bool) -> Option<Vec<u8>> {
        let Self { pages, files, options } = self;
        let name = format!("download {} {draft}", pages.job.languages());
        let (limits, place) = (options.limits, pages.job.place());
        let options = Options { draft: draft || options.draft, ..(**options).clone() };
        let (pages, files) = (pages.clone(), files.clone());
        let make = move || {
            let problems = Problems::default();
            let manuscript = pages.job.set_manuscript()?;
            let typesetter = Typesetter { files: &files, options: &options };
            if !typesetter.allows(&manuscript, &problems) {
                return None;
            }
            let marked = match options.draft {
                true => Some(typesetter.pages(&manuscript, &problems)?),
                false => None,
            };
            let rendered = marked.as_ref().unwrap_or(&pages.rendered);
            Some(typesetter.pdf(rendered, &manuscript, &problems)?.data)
        };
        workers::one(limits, &name, place, make).ok().flatten()
    }
}
