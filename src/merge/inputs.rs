//! Fingerprints of the inputs of letters: with these, a merge that resumes knows what has changed.

use crate::merge::Plan;
use crate::merge::jobs::MergeJob;
use crate::merge::manifest::Head;
use crate::source::digest;

/// The head of the manifest of a merge of `letters`, `here` of them in this share.
pub(super) fn head(plan: &Plan, letters: usize, here: usize) -> Head {
    Head {
        undersigned: env!("CARGO_PKG_VERSION").into(),
        letter: plan.project.name.clone(),
        letters,
        shard: plan.shard,
        here,
        ids: plan.recipients.have_ids(),
        inputs: of_all(plan),
    }
}

/// The SHA-256 of the inputs that all letters share.
fn of_all(plan: &Plan) -> String {
    let mut parts: Vec<Vec<u8>> = vec![env!("CARGO_PKG_VERSION").into()];
    for (path, digest) in plan.project.files.digests() {
        parts.push(format!("{path}\n{digest}").into_bytes());
    }
    let options = &plan.options;
    parts.push(
        format!(
            "{:?} {:?} {:?} {} {}",
            options.formats, options.standards, options.time, options.show_window, options.draft
        )
        .into(),
    );
    let families: Vec<&str> = plan.fonts.book().families().map(|(name, _)| name).collect();
    parts.push(families.join("\n").into());
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    digest::sha256_of(&parts)
}

/// The SHA-256 of the inputs of one letter: `all` is that of the inputs that all letters share.
pub(super) fn of_one(plan: &Plan, job: &MergeJob, all: &str) -> String {
    let recipient = &plan.recipients.rows[job.recipient];
    let mut parts = vec![all.to_owned(), job.tag.to_string(), job.stem.clone()];
    for (name, text) in plan.recipients.columns.iter().zip(recipient.texts()) {
        parts.extend([name.clone(), text]);
    }
    let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    digest::sha256_of(&parts)
}
