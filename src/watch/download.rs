//! The PDF of what the preview shows, made when somebody asks for it.

use std::sync::Arc;

use crate::engine::options::Options;
use crate::engine::set::Typesetter;
use crate::engine::workers;
use crate::problems::Problems;
use crate::project::Project;
use crate::report::Reporter;
use crate::watch::session::Pages;

/// A document that can be downloaded: the same bytes that `build` writes.
pub(crate) struct Download {
    pub(super) pages: Arc<Pages>,
    pub(super) project: Project,
    pub(super) options: Arc<Options>,
    pub(super) reporter: Reporter,
}

impl Download {
    /// The PDF, or that of the draft. `None` if it cannot be made; the reason is then on standard error,
    /// because a browser says of a file only that there is none.
    pub(crate) fn pdf(&self, draft: bool) -> Option<Vec<u8>> {
        let Self { pages, project, options, reporter } = self;
        let name = format!("download {} {draft}", pages.job.languages());
        let (limits, place) = (options.limits, pages.job.place());
        let options = Options { draft: draft || options.draft, ..(**options).clone() };
        let lint = options.lint.clone();
        let problems = Arc::new(Problems::default());
        let (pages, files, found) = (pages.clone(), project.files.clone(), problems.clone());
        let make = move || {
            let manuscript = pages.job.set_manuscript()?;
            let typesetter = Typesetter { files: &files, options: &options };
            if !typesetter.allows(&manuscript, &found) {
                return None;
            }
            let marked = match options.draft {
                true => Some(typesetter.pages(&manuscript, &found)?),
                false => None,
            };
            let rendered = marked.as_ref().unwrap_or(&pages.rendered);
            Some(typesetter.pdf(rendered, &manuscript, &found)?.data)
        };
        let pdf = workers::one(limits, &name, place, make).unwrap_or_else(|failure| {
            problems.extend(failure);
            None
        });
        if pdf.is_none() {
            // If standard error is closed, there is no way to tell it.
            let _unheard = reporter.report(&[(project, &problems.judged(&lint))], None);
        }
        pdf
    }
}
